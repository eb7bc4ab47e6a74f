//! The report of a stocktake: what is missing, what stands elsewhere, what ought not to be there, each put right with one
//! tap; to print, and as a file.

use crate::accounts::session::{Person, Warehouse};
use crate::platform::db::types::Instant;
use crate::platform::error::{Error, Kind};
use crate::platform::ids::StocktakeId;
use crate::platform::state::AppState;
use crate::platform::tables;
use crate::platform::text::Texts;
use crate::platform::web::forms::Tag;
use crate::platform::web::page::{self, Flash, Page};
use crate::platform::web::paging::{MOST, Paging};
use crate::platform::web::texts;
use crate::stocktakes::queries::{self, Snapshot};
use crate::stocktakes::rules::{Finding, Status};
use crate::stocktakes::views::StocktakeLine;
use crate::warehouse::stocktake::{Button, Left, buttons, left, tag};
use crate::warehouse::stocktakes::{address, status, what, when};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use askama::Template;
use uuid::Uuid;

type App = web::Data<AppState>;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/lager/inventering/{id}/rapport", web::get().to(show))
        .route("/lager/inventering/{id}/rapport.csv", web::get().to(file));
}

#[derive(Template)]
#[template(path = "warehouse/stocktake_report.html")]
struct ReportPage {
    t: Texts,
    page: Page,
    path: String,
    key: Uuid,
    what: String,
    when: String,
    status: Tag,
    open: bool,
    tiles: Vec<Tile>,
    left: Vec<Left>,
    lists: Vec<List>,
    more: bool,
}

/// A number that leads to its list.
struct Tile {
    href: String,
    count: i64,
    label: String,
    color: Option<&'static str>,
}

/// Kits of which the same was found.
struct List {
    id: &'static str,
    title: String,
    rows: Vec<Row>,
}

/// A kit.
struct Row {
    href: String,
    kit: String,
    code: String,
    about: Vec<String>,
    status: Tag,
    buttons: Vec<Button>,
}

async fn show(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    id: web::Path<StocktakeId>,
) -> Result<HttpResponse, Error> {
    Ok(page::ok(&report(&request, &app, &who, *id).await?))
}

/// The report again, with word of why something was not done.
pub async fn with_warning(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    id: StocktakeId,
    error: Error,
) -> Result<HttpResponse, Error> {
    let code = error.status_code();
    let Error::Problem(problem) = error else { return Err(error) };
    if problem.kind != Kind::Refused {
        return Err(Error::Problem(problem));
    }
    let mut page = report(request, app, who, id).await?;
    page.page.flash = Some(Flash { kind: "warning", text: page.t.problem(&problem) });
    Ok(page::html(HttpResponse::build(code), &page))
}

async fn report(request: &HttpRequest, app: &App, who: &Person, id: StocktakeId) -> Result<ReportPage, Error> {
    let (t, organisation) = (texts(request), who.organisation_id());
    let paging = Paging { limit: Some(MOST), cursor: None };
    let (detail, lines, kits) = app
        .db
        .read(move |conn| {
            let snapshot = Snapshot::read(conn, organisation, id)?;
            Ok((
                snapshot.detail(conn)?,
                queries::to_put_right(conn, &snapshot.stocktake)?,
                snapshot.left(conn, None, &paging)?,
            ))
        })
        .await?;
    let (stocktake, counts) = (&detail.stocktake, detail.stocktake.counts);
    let open = stocktake.status == Status::Open;
    let tile = |id: &str, count: i64, color: &'static str| Tile {
        href: format!("#{id}"),
        count,
        label: t.s(&format!("stocktake-list-{id}")),
        color: Some(color).filter(|_| count > 0),
    };
    let missing = if open { tile("left", counts.left, "info") } else { tile("missing", counts.missing, "danger") };
    let mut lists = [("missing", Vec::new()), ("other", Vec::new()), ("unexpected", Vec::new())];
    let shown = lines.len();
    for line in lines {
        let place = match line.finding {
            Finding::Missing => 0,
            Finding::OtherShelf | Finding::Found => 1,
            Finding::Out | Finding::Lost | Finding::Retired => 2,
        };
        if let Some((_, rows)) = lists.get_mut(place) {
            rows.push(row(t, who, line));
        }
    }
    let all = counts.missing + counts.other_shelf + counts.unexpected;
    Ok(ReportPage {
        t,
        page: Page::new(request, &t.s("stocktake-report")),
        path: address(id),
        key: Uuid::now_v7(),
        what: what(t, stocktake),
        when: when(t, who, stocktake),
        status: status(t, stocktake.status),
        open,
        tiles: vec![
            tile("found", counts.found, "success"),
            missing,
            tile("other", counts.other_shelf, "warning"),
            tile("unexpected", counts.unexpected, "warning"),
        ],
        more: i64::try_from(shown).is_ok_and(|shown| shown < all) || kits.next.is_some(),
        left: kits.items.into_iter().map(|kit| left(t, kit)).collect(),
        lists: lists
            .into_iter()
            .filter(|(_, rows)| !rows.is_empty())
            .map(|(id, rows)| List { id, title: t.s(&format!("stocktake-list-{id}")), rows })
            .collect(),
    })
}

fn moment(t: Texts, who: &Person, at: Instant) -> String {
    t.moment(at, who.organisation.zone())
}

/// What is told of a kit besides its finding: where, by whom, when it was last seen, and what has become of it.
fn about(t: Texts, who: &Person, line: &StocktakeLine) -> Vec<String> {
    let person = |name: &Option<String>| name.clone().unwrap_or_else(|| t.s("stocktake-nobody"));
    let mut about = Vec::new();
    match line.shelf.as_deref().filter(|_| line.finding == Finding::OtherShelf) {
        None => (),
        Some("") => about.push(t.s("stocktake-stood-homeless")),
        Some(shelf) => about.push(t.v("stocktake-stood", "shelf", shelf)),
    }
    about.push(match line.home.as_str() {
        "" => t.s("stocktake-home-none"),
        home => t.v("stocktake-home", "home", home),
    });
    if let Some(at) = line.counted_at {
        let args = [("at", moment(t, who, at).into()), ("person", person(&line.counted_by).into())];
        about.push(t.a("stocktake-counted", &args));
    }
    if let (Some(how), Some(at)) = (line.last_seen_as, line.last_seen_at) {
        about.push(t.v(&format!("stocktake-last-{how}"), "at", moment(t, who, at)));
    }
    if let Some(unit) = &line.unit {
        let key = if line.finding == Finding::Missing { "stocktake-had-it" } else { "stocktake-has-it" };
        about.push(t.v(key, "unit", unit.name.as_str()));
    }
    if let Some(at) = line.seen_since {
        about.push(t.v("stocktake-seen-since", "at", moment(t, who, at)));
    }
    if let (Some(correction), Some(at)) = (line.correction, line.corrected_at) {
        let did = t.s(&format!("stocktake-did-{correction}"));
        let args =
            [("did", did.into()), ("person", person(&line.corrected_by).into()), ("at", moment(t, who, at).into())];
        about.push(t.a("stocktake-put-right", &args));
    }
    about
}

fn row(t: Texts, who: &Person, line: StocktakeLine) -> Row {
    Row {
        href: format!("/lager/lada/{}", line.kit_code.as_str()),
        kit: line.kit_name(),
        about: about(t, who, &line),
        status: tag(t, line.finding),
        buttons: buttons(t, &line),
        code: line.printed_code,
    }
}

/// What was found of every kit, and those that are left to count, as a file for a spreadsheet.
async fn file(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    id: web::Path<StocktakeId>,
) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(&request), who.organisation_id());
    let (lines, left) = app
        .db
        .read(move |conn| {
            let snapshot = Snapshot::read(conn, organisation, *id)?;
            Ok((queries::all_lines(conn, &snapshot.stocktake)?, snapshot.all_left(conn)?))
        })
        .await?;
    let mut rows = vec![
        [
            "stocktake-file-kit",
            "stocktake-file-code",
            "stocktake-file-finding",
            "stocktake-file-home",
            "stocktake-file-shelf",
            "stocktake-file-by",
            "stocktake-file-at",
            "stocktake-file-unit",
            "stocktake-file-seen",
            "stocktake-file-since",
            "stocktake-file-correction",
        ]
        .map(|key| t.s(key))
        .to_vec(),
    ];
    let columns = rows.first().map_or(0, Vec::len);
    let at = |at: Option<Instant>| at.map(|at| moment(t, &who, at)).unwrap_or_default();
    rows.extend(lines.into_iter().map(|line| {
        vec![
            line.kit_name(),
            line.printed_code.clone(),
            t.s(&format!("stocktake-is-{}", line.finding)),
            line.home.clone(),
            line.shelf.clone().unwrap_or_default(),
            line.counted_by.clone().unwrap_or_default(),
            at(line.counted_at),
            line.unit.as_ref().map(|unit| unit.name.clone()).unwrap_or_default(),
            at(line.last_seen_at),
            at(line.seen_since),
            line.correction.map(|one| t.s(&format!("stocktake-did-{one}"))).unwrap_or_default(),
        ]
    }));
    rows.extend(left.into_iter().map(|kit| {
        let mut row = vec![kit.kit_name(), kit.printed_code, t.s("stocktake-list-left"), kit.shelf];
        row.resize(columns, String::new());
        row
    }));
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"inventering.csv\""))
        .body(tables::csv(&rows)?))
}
