//! Lists of units, people and kits from a file: shown first, then imported, all or nothing.

use crate::accounts::import::{People, Units};
use crate::accounts::session::Admin;
use crate::admin::App;
use crate::kits::import::Kits;
use crate::platform::db::Db;
use crate::platform::db::types::text_enum;
use crate::platform::error::{Error, Kind as ProblemKind};
use crate::platform::events::By;
use crate::platform::import::{self, Import, Report};
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, choices, refused, summary};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::texts;
use crate::platform::web::upload::limits;
use actix_multipart::form::MultipartForm;
use actix_multipart::form::bytes::Bytes;
use actix_multipart::form::text::Text;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

/// The largest file read, in bytes. Larger ones go over the API or the command line.
const LARGEST_FILE: usize = 3 << 20;
pub(super) fn routes(config: &mut web::ServiceConfig) {
    // The second time the file comes as text: a third longer.
    let as_text = LARGEST_FILE.div_ceil(3) * 4;
    let [file, text] = [LARGEST_FILE, as_text].map(|largest| limits(largest, "request.too_large"));
    config
        .service(web::resource("/admin/import").app_data(file).get(choose).post(preview))
        .service(web::resource("/admin/import/gor").app_data(text).post(run));
}

text_enum! {
    /// What a file is a list of.
    enum Kind {
        /// Units.
        Units = "units",
        /// People.
        People = "people",
        /// Kits.
        Kits = "kits",
    }
}

impl Kind {
    /// The keys of the columns that its files may have; those that they must have, with a star.
    fn columns(self, t: Texts) -> String {
        fn of<I: Import>(t: Texts) -> String {
            let named = I::COLUMNS.iter().map(|column| {
                let star = if I::NEEDED.contains(&column.key) { "*" } else { "" };
                format!("{}{star}", column_name(t, column.key))
            });
            named.collect::<Vec<_>>().join(", ")
        }
        match self {
            Self::Units => of::<Units>(t),
            Self::People => of::<People>(t),
            Self::Kits => of::<Kits>(t),
        }
    }

    async fn plan(self, db: &Db, by: By, bytes: Vec<u8>) -> Result<Report, Error> {
        match self {
            Self::Units => import::run::<Units>(db, by, bytes, true).await,
            Self::People => import::run::<People>(db, by, bytes, true).await,
            Self::Kits => import::run::<Kits>(db, by, bytes, true).await,
        }
    }

    async fn run(self, db: &Db, by: By, bytes: Vec<u8>) -> Result<Report, Error> {
        match self {
            Self::Units => import::run::<Units>(db, by, bytes, false).await,
            Self::People => import::run::<People>(db, by, bytes, false).await,
            Self::Kits => import::run::<Kits>(db, by, bytes, false).await,
        }
    }

    /// Where what was imported is seen.
    fn list(self) -> &'static str {
        match self {
            Self::Units => "/admin/enheter?klart=imported",
            Self::People => "/admin/personer?klart=imported",
            Self::Kits => "/admin/lador?klart=imported",
        }
    }
}

fn column_name(t: Texts, key: &str) -> String {
    t.s(&format!("import-column-{key}"))
}

#[derive(Template)]
#[template(path = "admin/import.html")]
struct ImportPage {
    t: Texts,
    page: Page,
    errors: Vec<FieldError>,
    kinds: Vec<Choice>,
    kind: Field,
    file: Field,
    columns: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "admin/import_preview.html")]
struct PreviewPage {
    t: Texts,
    page: Page,
    name: String,
    kind: Kind,
    content: String,
    good: String,
    unchanged: Option<String>,
    save: Option<String>,
    bad: Vec<BadRow>,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    unknown: String,
}

struct BadRow {
    line: u32,
    column: String,
    value: String,
    problem: String,
}

#[derive(Deserialize)]
struct Wanted {
    kind: Option<Kind>,
}

fn form(request: &HttpRequest, chosen: Option<Kind>, (errors, builder): (Errors, HttpResponseBuilder)) -> HttpResponse {
    let t = texts(request);
    let name = |kind: Kind| t.s(&format!("admin-{kind}"));
    let form = ImportPage {
        t,
        page: Page::new(request, &t.s("admin-import")),
        kinds: choices(Kind::ALL, name, |kind| chosen == Some(kind)),
        kind: errors.field("kind", ""),
        file: errors.field("file", ""),
        columns: Kind::ALL.iter().map(|kind| (name(*kind), kind.columns(t))).collect(),
        errors: summary(errors, t, &[("kind", "admin-import-kind"), ("file", "admin-import-file")]),
    };
    page::html(builder, &form)
}

async fn choose(request: HttpRequest, _: Admin, wanted: web::Query<Wanted>) -> HttpResponse {
    form(&request, wanted.kind, (Errors::default(), HttpResponse::Ok()))
}

#[derive(MultipartForm)]
struct Upload {
    kind: Option<Text<String>>,
    file: Bytes,
}

/// What the form of the preview holds: the file again, as text.
#[derive(MultipartForm)]
struct Confirmed {
    kind: Text<String>,
    name: Text<String>,
    content: Bytes,
}

async fn preview(
    request: HttpRequest,
    app: App,
    who: Admin,
    MultipartForm(upload): MultipartForm<Upload>,
) -> Result<HttpResponse, Error> {
    let (t, by) = (texts(&request), who.by(app.clock.now()));
    let kind: Option<Kind> = upload.kind.and_then(|kind| kind.parse().ok());
    let bytes = upload.file.data.to_vec();
    let name = upload.file.file_name.unwrap_or_default();
    let planned = match kind {
        None => Err(Error::invalid("kind", "field.missing")),
        Some(_) if bytes.is_empty() => Err(Error::invalid("file", "import.no_file")),
        Some(kind) => kind.plan(&app.db, by, bytes.clone()).await.map(|report| (kind, report)),
    };
    match planned {
        Ok((kind, report)) => Ok(told(&request, kind, name, &bytes, report)),
        Err(error) => Ok(form(&request, kind, refused(error, t)?)),
    }
}

/// The page that tells what an import would do, and holds the file for the next step.
fn told(request: &HttpRequest, kind: Kind, name: String, bytes: &[u8], report: Report) -> HttpResponse {
    let t = texts(request);
    let status = if report.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let bad = report.errors.into_iter().map(|error| BadRow {
        line: error.line,
        column: column_name(t, &error.wrong.field),
        problem: t.field(&error.wrong),
        value: error.value,
    });
    let preview = PreviewPage {
        t,
        page: Page::new(request, &t.s("admin-preview")),
        name,
        kind,
        content: STANDARD.encode(bytes),
        good: t.v("admin-preview-good", "count", report.added),
        unchanged: (report.unchanged > 0).then(|| t.v("admin-preview-unchanged", "count", report.unchanged)),
        save: (report.added > 0).then(|| t.v("admin-preview-do", "count", report.added)),
        bad: bad.collect(),
        columns: report.columns.into_iter().map(|key| column_name(t, key)).collect(),
        rows: report.rows,
        unknown: report.unknown.join(", "),
    };
    page::html(HttpResponse::build(status), &preview)
}

async fn run(
    request: HttpRequest,
    app: App,
    who: Admin,
    MultipartForm(confirmed): MultipartForm<Confirmed>,
) -> Result<HttpResponse, Error> {
    let malformed = || Error::new(ProblemKind::Malformed, "request.malformed_form");
    let by = who.by(app.clock.now());
    let kind: Kind = confirmed.kind.parse().map_err(|_| malformed())?;
    let bytes = STANDARD.decode(&confirmed.content.data).map_err(|_| malformed())?;
    let report = kind.run(&app.db, by, bytes.clone()).await?;
    if report.done {
        return Ok(see_other(kind.list()));
    }
    // Something has changed since the preview.
    Ok(told(&request, kind, confirmed.name.into_inner(), &bytes, report))
}
