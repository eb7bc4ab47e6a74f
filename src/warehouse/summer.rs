//! The summer list page: what is done with which kit before the summer, and which kits are to be made ready after it.

use crate::accounts::session::{Person, Warehouse};
use crate::kits::code::Code;
use crate::loans::summer::queries::SummerKit;
use crate::loans::summer::{actions, queries};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Kind};
use crate::platform::events::By;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::page::{self, Flash, Page, see_other};
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

type App = web::Data<AppState>;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/lager/sommar", web::get().to(show)).route("/lager/sommar", web::post().to(note));
}

#[derive(Template)]
#[template(path = "warehouse/summer.html")]
struct SummerPage {
    t: Texts,
    page: Page,
    words: String,
    to_do: Vec<Row>,
    lent: Vec<Row>,
    done: Vec<Row>,
}

/// A kit on the list.
struct Row {
    code: String,
    printed: String,
    kit: String,
    shelf: String,
    care: String,
    power: String,
    note: String,
}

async fn show(request: HttpRequest, app: App, who: Warehouse) -> Result<HttpResponse, Error> {
    Ok(page::ok(&summer_page(&request, &app, &who).await?))
}

async fn summer_page(request: &HttpRequest, app: &App, who: &Person) -> Result<SummerPage, Error> {
    let (t, organisation) = (texts(request), who.organisation.clone());
    let kits = app.db.read(move |conn| queries::list(conn, &organisation)).await?;
    let done = kits.iter().filter(|kit| kit.put_away_at.is_some()).count();
    let mut page = SummerPage {
        t,
        page: Page::new(request, &t.s("summer-title")),
        words: t.a("summer-done", &[("done", done.into()), ("count", kits.len().into())]),
        to_do: Vec::new(),
        lent: Vec::new(),
        done: Vec::new(),
    };
    for kit in kits {
        let list = match (&kit.put_away_at, &kit.lent_to) {
            (Some(_), _) => &mut page.done,
            (None, Some(_)) => &mut page.lent,
            (None, None) => &mut page.to_do,
        };
        list.push(row(t, who, kit));
    }
    Ok(page)
}

fn row(t: Texts, who: &Person, kit: SummerKit) -> Row {
    let note = match (kit.put_away_at, &kit.lent_to, kit.due) {
        (Some(at), ..) => t.v("summer-since", "day", who.organisation.today(at)),
        (None, Some(unit), Some(due)) => {
            t.a("summer-lent", &[("unit", unit.name.as_str().into()), ("day", due.into())])
        }
        _ => String::new(),
    };
    Row {
        code: kit.code.as_str().to_owned(),
        printed: kit.code.to_string(),
        kit: format!("{} {}", kit.kit_type, kit.copy),
        shelf: kit.shelf,
        care: t.s(&format!("summer-{}", kit.care)),
        power: kit.power,
        note,
    }
}

/// What is noted about which kit.
#[derive(Deserialize)]
struct Noted {
    code: Code,
    /// `yes` when it is put away, else it is taken into use.
    away: String,
}

async fn note(request: HttpRequest, app: App, who: Warehouse, noted: web::Form<Noted>) -> Result<HttpResponse, Error> {
    let (by, code, away) = (who.by(app.clock.now()), noted.code, noted.away == "yes");
    let action: fn(&mut Tx<'_>, By, &Code) -> Result<(), Error> =
        if away { actions::put_away } else { actions::take_out };
    match app.db.write(move |tx| action(tx, by, &code)).await {
        Ok(()) => Ok(see_other(if away { "/lager/sommar?klart=put_away" } else { "/lager/sommar?klart=taken_out" })),
        Err(Error::Problem(problem)) if problem.kind == Kind::Refused => {
            let mut page = summer_page(&request, &app, &who).await?;
            page.page.flash = Some(Flash { kind: "warning", text: page.t.problem(&problem) });
            Ok(page::html(HttpResponse::Conflict(), &page))
        }
        Err(error) => Err(error),
    }
}
