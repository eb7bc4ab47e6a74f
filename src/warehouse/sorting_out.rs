//! Scans that came too late to be done: both sides, and what somebody decides.

use crate::accounts::session::{Person, Warehouse};
use crate::loans::actions::Context;
use crate::loans::rules::Status;
use crate::loans::scan::ScanAction;
use crate::loans::scans::sorting_out::{self, LateScan, SortOut};
use crate::loans::scans::store::Decision;
use crate::loans::wording;
use crate::platform::db::types::Instant;
use crate::platform::error::{Error, Kind};
use crate::platform::idempotency::Key;
use crate::platform::ids::{LoanId, ScanId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Tag};
use crate::platform::web::page::{self, Flash, Page, see_other};
use crate::platform::web::paging::Paging;
use crate::platform::web::{command, texts};
use crate::warehouse::scan::loans_to_choose;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

type App = web::Data<AppState>;

/// How many that are sorted out are shown.
const MOST_DECIDED: i64 = 10;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/lager/reda-ut", web::get().to(show)).route("/lager/reda-ut/{id}", web::post().to(decide));
}

#[derive(Template)]
#[template(path = "warehouse/sorting_out.html")]
struct SortingOutPage {
    t: Texts,
    page: Page,
    key: Uuid,
    open: Vec<Row>,
    decided: Vec<DecidedRow>,
    /// Where this page begins, and the next.
    cursor: String,
    next: Option<String>,
}

/// A scan that waits for a decision.
struct Row {
    id: ScanId,
    kit: String,
    code: String,
    status: Option<Tag>,
    /// What the phone says.
    scanned: String,
    /// What the system said when the scan came, and when that was.
    refused: String,
    came: String,
    /// Where the kit is now.
    now: String,
    loan: Option<String>,
    choices: Vec<Choice>,
    /// The loans that the kit can be handed out for, when it does not tell by itself.
    which: Vec<Choice>,
    note: String,
}

/// A scan that somebody has decided about.
struct DecidedRow {
    kit: String,
    code: String,
    decision: String,
    by: String,
    note: String,
}

async fn show(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    Ok(page::ok(&the_page(&request, &app, &who, paging.into_inner()).await?))
}

async fn the_page(request: &HttpRequest, app: &App, who: &Person, paging: Paging) -> Result<SortingOutPage, Error> {
    let (t, context) = (texts(request), Context::of(who, app));
    let cursor = paging.cursor.clone().unwrap_or_default();
    let (open, decided) = app
        .db
        .read(move |conn| {
            Ok((sorting_out::open(conn, &context, &paging)?, sorting_out::decided(conn, &context, MOST_DECIDED)?))
        })
        .await?;
    let next = open.next.map(|next| format!("/lager/reda-ut?cursor={}", page::query_value(&next)));
    Ok(SortingOutPage {
        t,
        page: Page::new(request, &t.s("warehouse-sort-out")),
        key: Uuid::now_v7(),
        open: open.items.into_iter().map(|scan| row(t, who, scan)).collect(),
        decided: decided.into_iter().map(|scan| decided_row(t, who, scan)).collect(),
        cursor,
        next,
    })
}

/// A moment in the organisation's time: "tis 4 nov 10.15".
fn moment(t: Texts, who: &Person, at: Instant) -> String {
    let here = at.utc().with_timezone(&who.organisation.zone());
    format!("{} {}", t.day(here.date_naive()), here.format("%H.%M"))
}

/// The kit's name and code, as far as the code is known.
fn kit_and_code(t: Texts, scan: &LateScan) -> (String, String) {
    match &scan.kit {
        Some(kit) => (format!("{} {}", kit.kit_type.name, kit.copy), kit.printed_code.clone()),
        None => (t.s("warehouse-sort-out-unknown"), scan.code.clone()),
    }
}

/// What can be decided about a scan, the likeliest first: a kit that is out can come in, and one that waits for nothing can
/// go out. What was scanned out twice is best left.
fn possible(action: ScanAction, known: bool, loan: Option<Status>) -> Vec<Decision> {
    let goes_out = matches!(action, ScanAction::HandOut | ScanAction::Pack);
    match (known, loan) {
        (false, _) | (true, Some(Status::Received)) => vec![Decision::Left],
        (true, Some(Status::Out)) if goes_out => vec![Decision::Left, Decision::Received],
        (true, Some(Status::Out)) => vec![Decision::Received, Decision::Left],
        (true, _) if action == ScanAction::Receive => vec![Decision::Left, Decision::HandedOut],
        (true, _) => vec![Decision::HandedOut, Decision::Left],
    }
}

fn row(t: Texts, who: &Person, scan: LateScan) -> Row {
    let (kit, code) = kit_and_code(t, &scan);
    let by = scan.scanned_by.clone().unwrap_or_else(|| t.s("warehouse-sort-out-nobody"));
    let loan = scan.kit.as_ref().and_then(|kit| kit.current_loan.as_ref());
    let now = match (&scan.kit, loan) {
        (None, _) => t.s("warehouse-sort-out-now-unknown"),
        (Some(_), None) => t.s("warehouse-sort-out-now-in"),
        (Some(_), Some(loan)) => {
            let key = match loan.status {
                Status::Out => "warehouse-sort-out-now-out",
                Status::Received => "warehouse-sort-out-now-received",
                _ => "warehouse-sort-out-now-reserved",
            };
            let at = match loan.status {
                Status::Out => loan.handed_out_at,
                Status::Received => loan.received_at,
                _ => None,
            };
            let at = at.map_or_else(|| t.day(loan.first_day), |at| moment(t, who, at));
            t.a(key, &[("unit", loan.unit.name.as_str().into()), ("at", at.into())])
        }
    };
    let possible = possible(scan.action, scan.kit.is_some(), loan.map(|loan| loan.status));
    let choice = |decision: &Decision| Choice {
        value: decision.to_string(),
        label: t.s(&format!("warehouse-sort-out-do-{decision}")),
        checked: false,
    };
    let args = [
        ("at", moment(t, who, scan.scanned_at).into()),
        ("person", by.into()),
        ("action", t.s(&format!("warehouse-sort-out-action-{}", scan.action)).into()),
    ];
    Row {
        id: scan.id,
        kit,
        code,
        status: scan.kit.as_ref().map(|kit| wording::kit_status(t, kit.status)),
        scanned: t.a("warehouse-sort-out-scanned", &args),
        came: t.v("warehouse-sort-out-came", "at", moment(t, who, scan.sent_at)),
        refused: scan.said,
        now,
        loan: loan.map(|loan| format!("/lan/{}", loan.id)),
        choices: possible.iter().map(choice).collect(),
        which: Vec::new(),
        note: String::new(),
    }
}

fn decided_row(t: Texts, who: &Person, scan: LateScan) -> DecidedRow {
    let (kit, code) = kit_and_code(t, &scan);
    let person = scan.decided_by.unwrap_or_else(|| t.s("warehouse-sort-out-nobody"));
    let at = scan.decided_at.map(|at| moment(t, who, at)).unwrap_or_default();
    let decision = scan.decision.unwrap_or(Decision::Left);
    DecidedRow {
        kit,
        code,
        decision: t.s(&format!("warehouse-sort-out-done-{decision}")),
        by: t.a("warehouse-sort-out-by", &[("person", person.into()), ("at", at.into())]),
        note: scan.note,
    }
}

#[derive(Deserialize)]
struct DecisionForm {
    key: Uuid,
    decision: Decision,
    /// The loan to hand the kit out for, when the kit did not tell.
    loan_id: Option<LoanId>,
    #[serde(default)]
    note: String,
    /// Where the page began.
    #[serde(default)]
    cursor: String,
}

async fn decide(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    id: web::Path<ScanId>,
    form: web::Form<DecisionForm>,
) -> Result<HttpResponse, Error> {
    let (context, id, form) = (Context::of(&who, &app), *id, form.into_inner());
    let decision = form.decision;
    let named = form.loan_id.map(|id| id.to_string()).unwrap_or_default();
    let key = Key::of_form(form.key, &[&id.to_string(), decision.as_str(), &named, &form.note]);
    let wish = SortOut { decision, loan_id: form.loan_id, note: form.note.clone() };
    let by = context.by;
    let done = command::once(&app, by, key, move |tx| {
        sorting_out::sort_out(tx, &context, id, &wish)?;
        Ok(())
    });
    match done.await {
        Ok(()) => Ok(see_other("/lager/reda-ut?klart=sorted-out")),
        Err(error) => {
            let status = error.status_code();
            let Error::Problem(problem) = error else { return Err(error) };
            if !matches!(problem.kind, Kind::Refused | Kind::Invalid) {
                return Err(Error::Problem(problem));
            }
            let paging = Paging { cursor: Some(form.cursor).filter(|cursor| !cursor.is_empty()), ..Paging::default() };
            let mut page = the_page(&request, &app, &who, paging).await?;
            page.page.flash = Some(Flash { kind: "warning", text: sorting_out::in_words(&problem, page.t).1 });
            let which = loans_to_choose(&app, &who, page.t, &problem).await?;
            if let Some(row) = page.open.iter_mut().find(|row| row.id == id) {
                (row.which, row.note) = (which, form.note);
            }
            Ok(page::html(HttpResponse::build(status), &page))
        }
    }
}
