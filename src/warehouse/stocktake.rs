//! The page on which one stocktake is counted. It works by itself, one form for each scan; its script makes of it a page
//! that stays open, with a camera, and that shows what others count meanwhile.

use crate::accounts::session::{Person, Warehouse};
use crate::kits::rules::same_shelf;
use crate::loans::actions::Context;
use crate::platform::error::{Error, Kind};
use crate::platform::idempotency::Key;
use crate::platform::ids::{ScanId, StocktakeId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::Tag;
use crate::platform::web::page::{self, Flash, Page, query_value, see_other};
use crate::platform::web::paging::{Listing, Paging};
use crate::platform::web::{command, texts};
use crate::stocktakes::actions::{self, CorrectLine, StocktakeScan};
use crate::stocktakes::queries::{self, Snapshot};
use crate::stocktakes::rules::{Correction, Finding, Outcome, Status};
use crate::stocktakes::views::{KitLeft, StocktakeDetail, StocktakeLine, StocktakeScanResult};
use crate::warehouse::stocktakes::{address, figures, shelf_name, what};
use crate::warehouse::{scanner, stocktake_report};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use askama::Template;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

type App = web::Data<AppState>;

/// How many kits that were counted last are shown.
const MOST_COUNTED: i64 = 8;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/lager/inventering/{id}", web::get().to(show))
        .route("/lager/inventering/{id}/skanna", web::post().to(scan))
        .route("/lager/inventering/{id}/angra", web::post().to(undo))
        .route("/lager/inventering/{id}/ratta", web::post().to(correct))
        .route("/lager/inventering/{id}/avsluta", web::post().to(close))
        .route("/lager/inventering/{id}/avbryt", web::post().to(cancel));
}

#[derive(Template)]
#[template(path = "warehouse/stocktake.html")]
struct CountPage {
    t: Texts,
    page: Page,
    path: String,
    key: Uuid,
    id: StocktakeId,
    what: String,
    /// The shelf where whoever counts stands, as it is sent: none when not said, empty where the kits without a shelf are.
    shelf: Option<String>,
    /// The same as it is read.
    standing: String,
    result: Option<Panel>,
    progress: String,
    shelves: Vec<Shelf>,
    left_title: String,
    left: Vec<Left>,
    more: bool,
    counted: Vec<Counted>,
    close: String,
    words: String,
}

impl CountPage {
    /// The page must stop whoever scans.
    fn is_stopped(&self) -> bool {
        self.result.as_ref().is_some_and(|result| result.color == "danger")
    }
}

/// What came of the last scan, large enough to be seen at arm's length.
struct Panel {
    color: &'static str,
    icon: &'static str,
    title: String,
    text: String,
    code: String,
    choices: Vec<Button>,
}

/// Something that can be put right with one tap.
pub struct Button {
    pub value: Correction,
    pub label: String,
}

/// How far a shelf is counted.
struct Shelf {
    href: String,
    name: String,
    shelf: String,
    figures: String,
    done: bool,
    here: bool,
}

/// A kit that is left to count.
pub struct Left {
    pub kit: String,
    pub code: String,
    pub shelf: String,
    pub note: String,
}

/// A kit that was counted.
struct Counted {
    scan: Option<ScanId>,
    kit: String,
    code: String,
    by: String,
    status: Tag,
    buttons: Vec<Button>,
}

/// What is found, as pages show it.
pub fn tag(t: Texts, finding: Finding) -> Tag {
    let (color, icon) = match finding {
        Finding::Found => ("success", "check"),
        Finding::OtherShelf => ("warning", "arrow"),
        Finding::Out | Finding::Lost | Finding::Retired | Finding::Missing => ("danger", "alert"),
    };
    Tag { color, icon, text: t.s(&format!("stocktake-is-{finding}")) }
}

/// What can be put right of a line.
pub fn buttons(t: Texts, line: &StocktakeLine) -> Vec<Button> {
    let shelf = line.shelf.clone().unwrap_or_default();
    let button = |value: &Correction| Button {
        value: *value,
        label: t.v(&format!("stocktake-do-{value}"), "shelf", shelf.as_str()),
    };
    line.possible.iter().map(button).collect()
}

/// A kit that is left to count, as pages show it.
pub fn left(t: Texts, kit: KitLeft) -> Left {
    Left {
        kit: kit.kit_name(),
        code: kit.printed_code,
        shelf: kit.shelf,
        note: kit.packed_for.map(|unit| t.v("stocktake-packed", "unit", unit.name)).unwrap_or_default(),
    }
}

/// The shelf that somebody stands at, if they have said so.
#[derive(Debug, Default, Deserialize)]
struct At {
    hylla: Option<String>,
}

/// All that is read for the page.
struct Known {
    detail: StocktakeDetail,
    left: Listing<KitLeft>,
    counted: Vec<StocktakeLine>,
}

async fn know(app: &App, who: &Person, id: StocktakeId, shelf: Option<String>) -> Result<Known, Error> {
    let organisation = who.organisation_id();
    app.db
        .read(move |conn| {
            let snapshot = Snapshot::read(conn, organisation, id)?;
            let here = standing_at(&snapshot.shelves, shelf.as_deref());
            Ok(Known {
                detail: snapshot.detail(conn)?,
                left: snapshot.left(conn, here, &Paging::default())?,
                counted: queries::counted_last(conn, &snapshot.stocktake, MOST_COUNTED)?,
            })
        })
        .await
}

/// The shelf that is said, or else the only one that is counted.
fn standing_at<'a>(shelves: &'a [String], said: Option<&'a str>) -> Option<&'a str> {
    said.or(shelves.first().filter(|_| shelves.len() == 1).map(String::as_str))
}

async fn show(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    id: web::Path<StocktakeId>,
    at: web::Query<At>,
) -> Result<HttpResponse, Error> {
    let known = know(&app, &who, *id, at.hylla.clone()).await?;
    if known.detail.stocktake.status != Status::Open {
        return Ok(see_other(&format!("{}/rapport", address(*id))));
    }
    Ok(page::ok(&count_page(&request, &who, known, at.hylla.as_deref())))
}

fn count_page(request: &HttpRequest, who: &Person, known: Known, at: Option<&str>) -> CountPage {
    let t = texts(request);
    let Known { detail, left: kits, counted } = known;
    let stocktake = detail.stocktake;
    let path = address(stocktake.id);
    let wanted = standing_at(&stocktake.shelves, at);
    let mut all = detail.progress.iter().map(|one| &one.shelf);
    let here = all.find(|shelf| wanted.is_some_and(|wanted| same_shelf(shelf, wanted))).cloned();
    let shelves = detail.progress.iter().map(|one| Shelf {
        href: format!("{path}?hylla={}", query_value(&one.shelf)),
        name: shelf_name(t, &one.shelf),
        figures: t.a("stocktake-of", &[("counted", one.counted.into()), ("expected", one.expected.into())]),
        done: one.left == 0,
        here: here.as_ref() == Some(&one.shelf),
        shelf: one.shelf.clone(),
    });
    let corrections = Correction::ALL.iter().flat_map(|one| {
        [
            (format!("do-{one}"), t.v(&format!("stocktake-do-{one}"), "shelf", "#")),
            (format!("did-{one}"), t.s(&format!("stocktake-did-{one}"))),
        ]
    });
    let outcomes = Outcome::ALL.iter().map(|one| (one.to_string(), t.s(&format!("stocktake-is-{one}"))));
    let own = [
        ("standing".to_owned(), t.v("stocktake-standing", "shelf", "#")),
        ("standing-homeless".to_owned(), t.s("stocktake-standing-homeless")),
    ];
    CountPage {
        t,
        page: Page::new(request, &t.s("stocktake-title")),
        key: Uuid::now_v7(),
        id: stocktake.id,
        what: what(t, &stocktake),
        standing: match here.as_deref() {
            None => t.s("stocktake-standing-nowhere"),
            Some("") => t.s("stocktake-standing-homeless"),
            Some(shelf) => t.v("stocktake-standing", "shelf", shelf),
        },
        result: None,
        progress: figures(t, &stocktake),
        left_title: match here.as_deref() {
            None => t.s("stocktake-left"),
            Some("") => t.s("stocktake-left-homeless"),
            Some(shelf) => t.v("stocktake-left-on", "shelf", shelf),
        },
        shelves: shelves.collect(),
        left: kits.items.into_iter().map(|kit| left(t, kit)).collect(),
        more: kits.next.is_some(),
        counted: counted.into_iter().map(|line| counted_row(t, who, line)).collect(),
        close: t.v("stocktake-close-text", "count", stocktake.counts.left),
        words: scanner::words(t, corrections.chain(outcomes).chain(own)),
        shelf: here,
        path,
    }
}

fn counted_row(t: Texts, who: &Person, line: StocktakeLine) -> Counted {
    let at = line.counted_at.map(|at| t.moment(at, who.organisation.zone()));
    let by = line.counted_by.clone().unwrap_or_else(|| t.s("stocktake-nobody"));
    let shelf = line.shelf.as_deref().map(|shelf| shelf_name(t, shelf));
    let by = [shelf.unwrap_or_default(), by, at.unwrap_or_default()];
    let undoable = match line.correction {
        None => true,
        Some(correction) => line.finding == Finding::Out && correction == Correction::Receive,
    };
    Counted {
        scan: line.scan_id.filter(|_| undoable),
        kit: line.kit_name(),
        code: line.printed_code.clone(),
        by: by.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        status: match line.correction {
            Some(correction) => {
                Tag { color: "success", icon: "check", text: t.s(&format!("stocktake-did-{correction}")) }
            }
            None => tag(t, line.finding),
        },
        buttons: buttons(t, &line),
    }
}

#[derive(Deserialize)]
struct ScanForm {
    code: String,
    shelf: Option<String>,
    key: Uuid,
}

/// What came of a scan, as far as the page shows it.
#[derive(Serialize, Deserialize)]
struct Scanned {
    outcome: Outcome,
    message: String,
    code: String,
    possible: Vec<Correction>,
    shelf: String,
}

impl From<StocktakeScanResult> for Scanned {
    fn from(result: StocktakeScanResult) -> Self {
        Self {
            outcome: result.outcome,
            message: result.message,
            code: result.line.kit_code.as_str().to_owned(),
            possible: result.line.possible,
            shelf: result.line.shelf.unwrap_or_default(),
        }
    }
}

async fn scan(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    id: web::Path<StocktakeId>,
    form: web::Form<ScanForm>,
) -> Result<HttpResponse, Error> {
    let (t, context, id, form) = (texts(&request), Context::of(&who, &app), *id, form.into_inner());
    let key = Key::of_form(form.key, &[&id.to_string(), &form.code, form.shelf.as_deref().unwrap_or_default()]);
    let wish = StocktakeScan { id: None, code: form.code, shelf: form.shelf.clone(), scanned_at: None };
    let by = context.by;
    let done = command::once(&app, by, key, move |tx| Ok(Scanned::from(actions::scan(tx, &context, id, &wish, t)?)));
    let (panel, status) = match done.await {
        Ok(scanned) => (panel(t, scanned), actix_web::http::StatusCode::OK),
        Err(error) => {
            let status = error.status_code();
            let Error::Problem(problem) = error else { return Err(error) };
            if matches!(problem.code, "stocktake.not_found" | "stocktake.over") {
                return Err(Error::Problem(problem));
            }
            let text = problem.fields.first().map_or_else(|| t.problem(&problem), |field| t.field(field));
            let title = t.s("warehouse-scan-stop");
            let panel = Panel { color: "danger", icon: "stop", title, text, code: String::new(), choices: Vec::new() };
            (panel, status)
        }
    };
    let known = know(&app, &who, id, form.shelf.clone()).await?;
    let mut page = count_page(&request, &who, known, form.shelf.as_deref());
    page.result = Some(panel);
    Ok(page::html(HttpResponse::build(status), &page))
}

fn panel(t: Texts, scanned: Scanned) -> Panel {
    let (color, icon) = match scanned.outcome {
        Outcome::Found => ("success", "check"),
        Outcome::AlreadyCounted | Outcome::OtherShelf => ("warning", "alert"),
        Outcome::Out | Outcome::Lost | Outcome::Retired => ("danger", "stop"),
    };
    let button = |value: Correction| Button {
        label: t.v(&format!("stocktake-do-{value}"), "shelf", scanned.shelf.as_str()),
        value,
    };
    Panel {
        color,
        icon,
        title: t.s(&format!("stocktake-is-{}", scanned.outcome)),
        text: scanned.message,
        code: scanned.code,
        choices: scanned.possible.into_iter().map(button).collect(),
    }
}

#[derive(Deserialize)]
struct UndoForm {
    scan: ScanId,
    shelf: Option<String>,
    key: Uuid,
}

async fn undo(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    id: web::Path<StocktakeId>,
    form: web::Form<UndoForm>,
) -> Result<HttpResponse, Error> {
    let (context, id, form) = (Context::of(&who, &app), *id, form.into_inner());
    let (by, scan) = (context.by, form.scan);
    let key = Key::of_form(form.key, &["undo", &scan.to_string()]);
    let done = command::once(&app, by, key, move |tx| actions::undo(tx, &context, id, scan).map(|_| ()));
    match done.await {
        Ok(()) => Ok(see_other(&back(id, form.shelf.as_deref(), "stocktake-undone"))),
        Err(error) => with_warning(&request, &app, &who, id, form.shelf, error).await,
    }
}

/// The page again, at the same shelf, with word of what was done.
fn back(id: StocktakeId, shelf: Option<&str>, done: &str) -> String {
    let at = shelf.map(|shelf| format!("hylla={}&", query_value(shelf))).unwrap_or_default();
    format!("{}?{at}klart={done}", address(id))
}

/// The page again, with word of why something was not done.
async fn with_warning(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    id: StocktakeId,
    shelf: Option<String>,
    error: Error,
) -> Result<HttpResponse, Error> {
    let status = error.status_code();
    let Error::Problem(problem) = error else { return Err(error) };
    if problem.kind != Kind::Refused || problem.code == "stocktake.over" {
        return Err(Error::Problem(problem));
    }
    let known = know(app, who, id, shelf.clone()).await?;
    let mut page = count_page(request, who, known, shelf.as_deref());
    page.page.flash = Some(Flash { kind: "warning", text: page.t.problem(&problem) });
    Ok(page::html(HttpResponse::build(status), &page))
}

#[derive(Deserialize)]
struct CorrectionForm {
    code: String,
    correction: Correction,
    key: Uuid,
    /// The shelf where whoever counts stands.
    shelf: Option<String>,
    /// Where the form stands: `rapport` or the page for counting.
    #[serde(default)]
    from: String,
}

async fn correct(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    id: web::Path<StocktakeId>,
    form: web::Form<CorrectionForm>,
) -> Result<HttpResponse, Error> {
    let (context, id, form) = (Context::of(&who, &app), *id, form.into_inner());
    let (by, correction) = (context.by, form.correction);
    let key = Key::of_form(form.key, &["correct", &id.to_string(), &form.code, correction.as_str()]);
    let wish = CorrectLine { code: form.code, correction };
    let done = command::once(&app, by, key, move |tx| actions::correct(tx, &context, id, &wish).map(|_| ()));
    let in_report = form.from == "rapport";
    match done.await {
        Ok(()) if in_report => Ok(see_other(&format!("{}/rapport?klart=stocktake-corrected", address(id)))),
        Ok(()) => Ok(see_other(&back(id, form.shelf.as_deref(), "stocktake-corrected"))),
        Err(error) if in_report => stocktake_report::with_warning(&request, &app, &who, id, error).await,
        Err(error) => with_warning(&request, &app, &who, id, form.shelf, error).await,
    }
}

#[derive(Deserialize)]
struct EndForm {
    key: Uuid,
}

async fn close(
    app: App,
    who: Warehouse,
    id: web::Path<StocktakeId>,
    form: web::Form<EndForm>,
) -> Result<HttpResponse, Error> {
    let (context, id) = (Context::of(&who, &app), *id);
    let key = Key::of_form(form.key, &["close", &id.to_string()]);
    command::once(&app, context.by, key, move |tx| actions::close(tx, &context, id).map(|_| ())).await?;
    Ok(see_other(&format!("{}/rapport?klart=stocktake-closed", address(id))))
}

async fn cancel(
    app: App,
    who: Warehouse,
    id: web::Path<StocktakeId>,
    form: web::Form<EndForm>,
) -> Result<HttpResponse, Error> {
    let (context, id) = (Context::of(&who, &app), *id);
    let key = Key::of_form(form.key, &["cancel", &id.to_string()]);
    command::once(&app, context.by, key, move |tx| actions::cancel(tx, &context, id).map(|_| ())).await?;
    Ok(see_other("/lager/inventering?klart=stocktake-cancelled"))
}
