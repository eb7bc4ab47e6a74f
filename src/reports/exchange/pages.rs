//! Figures between municipalities as developers see them: the file for others, and the files of others.

use crate::accounts::session::Developer;
use crate::platform::error::{Error, Fault, FieldError as WrongField};
use crate::platform::ids::ExchangeFileId;
use crate::platform::state::AppState;
use crate::platform::tables::FileFormat;
use crate::platform::term::Term;
use crate::platform::text::Texts;
use crate::platform::web::download;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, refused, summary};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::texts;
use crate::platform::web::upload::limits;
use crate::reports::exchange::file::ExchangeFile;
use crate::reports::exchange::{actions, queries};
use crate::reports::rules::{MOST_TERMS, Terms};
use crate::reports::wording::period;
use actix_multipart::form::MultipartForm;
use actix_multipart::form::bytes::Bytes;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;
use serde::Deserialize;

type App = web::Data<AppState>;

/// The largest file read, in bytes.
const LARGEST_FILE: usize = 1 << 20;

/// The routes of this part.
pub fn routes(config: &mut web::ServiceConfig) {
    let file = limits(LARGEST_FILE, "request.too_large");
    config
        .route("/statistik/utbyte/fil", web::get().to(for_others))
        .route("/statistik/utbyte/{id}/ta-bort", web::post().to(remove))
        .service(web::resource("/statistik/utbyte").app_data(file).get(show).post(import));
}

#[derive(Template)]
#[template(path = "reports/exchange.html")]
struct ExchangePage {
    t: Texts,
    page: Page,
    errors: Vec<FieldError>,
    from: Vec<Choice>,
    to: Vec<Choice>,
    file: Field,
    files: Vec<Row>,
}

struct Row {
    id: ExchangeFileId,
    municipality: String,
    period: String,
    imported: String,
}

/// The terms that the file tells of; what is no term asks for the usual ones.
#[derive(Debug, Clone, Default, Deserialize)]
struct Wanted {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

#[derive(MultipartForm)]
struct Upload {
    file: Bytes,
}

async fn told(
    request: &HttpRequest,
    app: &App,
    who: &Developer,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(request), who.organisation_id());
    let usual = Terms::lately(who.organisation.today(app.clock.now()));
    let found = app.db.read(move |conn| queries::files(conn, organisation)).await?;
    let files = found.into_iter().map(|file| {
        let term = |text: &str| text.parse::<Term>().unwrap_or(usual.to);
        Row {
            period: period(Terms { from: term(&file.from_term), to: term(&file.to_term) }, t),
            imported: t.moment(file.imported_at, who.organisation.zone()),
            municipality: file.municipality,
            id: file.id,
        }
    });
    let offered = |chosen: Term| {
        let terms = (0..MOST_TERMS as i32).map(|back| usual.to.before(back));
        terms.map(|term| Choice { value: term.to_string(), label: t.term(term), checked: term == chosen }).collect()
    };
    let page = ExchangePage {
        t,
        page: Page::new(request, &t.s("exchange")),
        from: offered(usual.from),
        to: offered(usual.to),
        file: errors.field("file", ""),
        errors: summary(errors, t, &[("file", "exchange-file")]),
        files: files.collect(),
    };
    Ok(page::html(builder, &page))
}

async fn show(request: HttpRequest, app: App, who: Developer) -> Result<HttpResponse, Error> {
    told(&request, &app, &who, (Errors::default(), HttpResponse::Ok())).await
}

async fn for_others(app: App, who: Developer, wanted: web::Query<Wanted>) -> Result<HttpResponse, Error> {
    let usual = Terms::lately(who.organisation.today(app.clock.now()));
    let to = wanted.to.parse().unwrap_or(usual.to);
    let terms = Terms::between(wanted.from.parse().unwrap_or(usual.from), to);
    let file = app.db.read(move |conn| queries::for_others(conn, &who.organisation, terms)).await?;
    let file = serde_json::to_vec_pretty(&file).map_err(Fault::from_error)?;
    Ok(download::whole("digilador-utbyte", FileFormat::Json, file))
}

async fn import(
    request: HttpRequest,
    app: App,
    who: Developer,
    MultipartForm(upload): MultipartForm<Upload>,
) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let read = serde_json::from_slice::<ExchangeFile>(&upload.file.data);
    let result = match read {
        Err(_) => Err(WrongField::new("file", "exchange.format").into()),
        Ok(file) => app.db.write(move |tx| actions::import(tx, by, &file)).await.map(drop),
    };
    match result {
        Ok(()) => Ok(see_other("/statistik/utbyte?klart=exchange-imported")),
        Err(error) => {
            // Whatever is wrong in it, it is the file that is.
            let (mut errors, builder) = refused(error, texts(&request))?;
            errors.0.truncate(1);
            errors.0.iter_mut().for_each(|error| error.field = "file".to_owned());
            told(&request, &app, &who, (errors, builder)).await
        }
    }
}

async fn remove(app: App, who: Developer, id: web::Path<ExchangeFileId>) -> Result<HttpResponse, Error> {
    let (by, id) = (who.by(app.clock.now()), *id);
    app.db.write(move |tx| actions::remove(tx, by, id)).await?;
    Ok(see_other("/statistik/utbyte?klart=exchange-removed"))
}
