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
use crate::platform::web::page::{self, Flash, Page, query_value, see_other};
use crate::platform::web::paging::{MOST, Paging};
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
    /// Everything is put away, on the other pages, too.
    finished: bool,
    cursor: Option<String>,
    first: Option<String>,
    next: Option<String>,
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

/// Which page of the list.
#[derive(Deserialize)]
struct Where {
    cursor: Option<String>,
}

async fn show(request: HttpRequest, app: App, who: Warehouse, at: web::Query<Where>) -> Result<HttpResponse, Error> {
    Ok(page::ok(&summer_page(&request, &app, &who, at.into_inner().cursor).await?))
}

async fn summer_page(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    cursor: Option<String>,
) -> Result<SummerPage, Error> {
    let (t, organisation) = (texts(request), who.organisation.clone());
    let paging = Paging { limit: Some(MOST), cursor: cursor.clone() };
    let list = app.db.read(move |conn| queries::list(conn, &organisation, &paging)).await?;
    let (first, next) = page::list_pages("/lager/sommar", cursor.as_deref(), list.page.next.as_deref());
    let mut page = SummerPage {
        t,
        page: Page::new(request, &t.s("summer-title")),
        words: t.a("summer-done", &[("done", list.done.into()), ("count", list.count.into())]),
        finished: list.done == list.count,
        to_do: Vec::new(),
        lent: Vec::new(),
        done: Vec::new(),
        cursor,
        first,
        next,
    };
    for kit in list.page.items {
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
    /// The page of the list on which it stands.
    cursor: Option<String>,
}

async fn note(request: HttpRequest, app: App, who: Warehouse, noted: web::Form<Noted>) -> Result<HttpResponse, Error> {
    let Noted { code, away, cursor } = noted.into_inner();
    let (by, away) = (who.by(app.clock.now()), away == "yes");
    let action: fn(&mut Tx<'_>, By, &Code) -> Result<(), Error> =
        if away { actions::put_away } else { actions::take_out };
    match app.db.write(move |tx| action(tx, by, &code)).await {
        Ok(()) => {
            let at = cursor.map(|cursor| format!("cursor={}&", query_value(&cursor))).unwrap_or_default();
            Ok(see_other(&format!("/lager/sommar?{at}klart={}", if away { "put_away" } else { "taken_out" })))
        }
        Err(Error::Problem(problem)) if problem.kind == Kind::Refused => {
            let mut page = summer_page(&request, &app, &who, cursor).await?;
            page.page.flash = Some(Flash { kind: "warning", text: page.t.problem(&problem) });
            Ok(page::html(HttpResponse::Conflict(), &page))
        }
        Err(error) => Err(error),
    }
}
