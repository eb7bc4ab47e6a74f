//! The page on which kits are scanned out and in. It works by itself, one form for each scan; its script makes of it a page
//! that stays open, with a camera, and without network.

use crate::accounts::session::{Person, Warehouse};
use crate::courses::queries::{self as courses, Member};
use crate::loans::actions::Context;
use crate::loans::course_gate;
use crate::loans::queries;
use crate::loans::scan::{Outcome, Scan, ScanAction, and_tell};
use crate::loans::scans::store as scans;
use crate::loans::scans::undo::{self, UNDO_MINUTES};
use crate::loans::views::LoanView;
use crate::loans::wording;
use crate::platform::db::types::Instant;
use crate::platform::error::{Error, Kind, Problem};
use crate::platform::idempotency::Key;
use crate::platform::ids::{CourseId, LoanId, PersonId, ScanId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Field, Tag};
use crate::platform::web::page::{self, Page};
use crate::platform::web::{command, texts};
use crate::warehouse::scanner;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use askama::Template;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

type App = web::Data<AppState>;

/// How many scans the page remembers.
const MOST_SCANS: usize = 20;

/// What the page's script says besides what all such pages say: the ends of the texts' keys.
const WORDS: &[&str] = &[
    "adopted",
    "anyway",
    "auto",
    "blocked",
    "check-received",
    "done-none",
    "done-one",
    "done-some",
    "finished",
    "hand_out",
    "handed_out",
    "handed_out_swapped",
    "kept",
    "kept-text",
    "pack",
    "packed",
    "ready",
    "receive",
    "received",
    "returned",
    "saved-signed-out",
    "see-kit",
    "sending",
    "shelf",
    "undoing",
    "which",
];

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/lager/skanna", web::get().to(ask))
        .route("/lager/skanna", web::post().to(scanned))
        .route("/lager/skanna/angra", web::post().to(undone));
}

#[derive(Template)]
#[template(path = "warehouse/scan.html")]
struct ScanPage {
    t: Texts,
    page: Page,
    actions: Vec<Choice>,
    code: Field,
    key: Uuid,
    result: Option<ResultPanel>,
    which: Vec<Choice>,
    /// What the next scan is to do.
    action: ScanAction,
    /// What is to be done for the loan that is chosen.
    which_action: ScanAction,
    course: Option<CourseForm>,
    done: Vec<ScanRow>,
    done_sent: String,
    /// What the script says, as JSON.
    words: String,
    /// How long a scan can be undone, in minutes.
    undo_minutes: i64,
}

impl ScanPage {
    /// The page must stop whoever scans.
    fn is_stopped(&self) -> bool {
        self.result.as_ref().is_some_and(|result| result.color == "danger")
    }
}

/// What came of the last scan, large enough to be seen at arm's length.
struct ResultPanel {
    color: &'static str,
    icon: &'static str,
    title: String,
    text: String,
    href: Option<String>,
}

/// The way on when a course was missing: that somebody has completed it.
struct CourseForm {
    code: String,
    loan: LoanId,
    /// The courses, as the form sends them back.
    sent: String,
    names: String,
    holders: Vec<Choice>,
}

/// An earlier scan.
struct ScanRow {
    id: ScanId,
    time: String,
    kit: String,
    code: String,
    unit: String,
    status: Tag,
    /// Where what is in it is counted, when it has come in.
    check: Option<String>,
    /// It can still be undone.
    undo: bool,
}

#[derive(Deserialize)]
struct ScanForm {
    code: String,
    action: ScanAction,
    loan_id: Option<LoanId>,
    key: Uuid,
    /// Courses that are noted as completed before the kit is handed out.
    #[serde(default)]
    courses: String,
    /// Who has completed them; the unit unless it is a person.
    #[serde(default)]
    holder: String,
    /// The scans before this one, which the page remembers.
    #[serde(default)]
    done: String,
}

/// The scans that the page remembers.
fn remembered(text: &str) -> Vec<ScanId> {
    text.split(' ').filter_map(|id| id.parse().ok()).take(MOST_SCANS).collect()
}

/// How the page is opened.
#[derive(Deserialize)]
struct Opened {
    /// What is to be done, when whoever leads here knows.
    gor: Option<ScanAction>,
}

async fn ask(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    opened: web::Query<Opened>,
) -> Result<HttpResponse, Error> {
    let page = scan_page(&request, &app, &who, opened.gor.unwrap_or(ScanAction::Auto), Vec::new()).await?;
    Ok(page::ok(&page))
}

/// The page with an empty field, ready for the next kit.
async fn scan_page(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    action: ScanAction,
    mut scans: Vec<ScanId>,
) -> Result<ScanPage, Error> {
    let t = texts(request);
    scans.truncate(MOST_SCANS);
    let sent: Vec<String> = scans.iter().map(ToString::to_string).collect();
    let (organisation, now) = (who.organisation.clone(), app.clock.now());
    let done = app
        .db
        .read(move |conn| {
            let mut done = Vec::new();
            for id in scans {
                let Some(row) = scans::find(conn, organisation.id, id)? else { continue };
                let Ok((outcome, loan)) = row.done() else { continue };
                let loan = queries::find_loan(conn, &organisation, loan, organisation.today(now))?;
                done.extend(loan.map(|loan| (id, outcome, loan, row.sent_at)));
            }
            Ok(done)
        })
        .await?;
    let own = WORDS.iter().map(|word| ((*word).to_owned(), t.s(&format!("warehouse-scan-{word}"))));
    Ok(ScanPage {
        t,
        page: Page::new(request, &t.s("warehouse-scan-title")),
        actions: ScanAction::ALL
            .iter()
            .map(|one| Choice {
                value: one.to_string(),
                label: t.s(&format!("warehouse-scan-{one}")),
                checked: *one == action,
            })
            .collect(),
        code: Field::default(),
        key: Uuid::now_v7(),
        result: None,
        which: Vec::new(),
        action,
        which_action: if action == ScanAction::Pack { action } else { ScanAction::HandOut },
        course: None,
        done: done.into_iter().map(|(id, outcome, loan, at)| row(t, who, id, outcome, &loan, (at, now))).collect(),
        done_sent: sent.join(" "),
        words: scanner::words(t, own),
        undo_minutes: UNDO_MINUTES,
    })
}

fn row(
    t: Texts,
    who: &Person,
    id: ScanId,
    outcome: Outcome,
    loan: &LoanView,
    (sent_at, now): (Instant, Instant),
) -> ScanRow {
    let zone = who.organisation.zone();
    ScanRow {
        id,
        time: sent_at.utc().with_timezone(&zone).format("%H.%M").to_string(),
        kit: loan.kit_name(),
        code: loan.kit_code.to_string(),
        unit: loan.unit.name.clone(),
        status: Tag { color: color(outcome), icon: icon(outcome), text: t.s(&format!("warehouse-scan-{outcome}")) },
        check: matches!(outcome, Outcome::Received | Outcome::Returned)
            .then(|| format!("/lager/kontroll/{}", loan.kit_code.as_str())),
        undo: now <= undo::until(sent_at),
    }
}

fn icon(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::HandedOut | Outcome::HandedOutSwapped => "truck",
        Outcome::Received | Outcome::Returned | Outcome::Packed => "box",
    }
}

fn color(outcome: Outcome) -> &'static str {
    if outcome == Outcome::HandedOutSwapped { "warning" } else { "success" }
}

async fn scanned(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    form: web::Form<ScanForm>,
) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let mut scans = remembered(&form.done);
    match scan(&app, &who, &form, t).await {
        Ok(Scanned { id, outcome, loan, text }) => {
            scans.insert(0, id);
            let mut page = scan_page(&request, &app, &who, form.action, scans).await?;
            page.result = Some(ResultPanel {
                color: color(outcome),
                icon: if outcome == Outcome::HandedOutSwapped { "alert" } else { "check" },
                title: t.s(&format!("warehouse-scan-{outcome}")),
                text,
                href: Some(format!("/lan/{loan}")),
            });
            Ok(page::ok(&page))
        }
        Err(error) => {
            let status = error.status_code();
            let Error::Problem(problem) = error else { return Err(error) };
            let mut page = scan_page(&request, &app, &who, form.action, scans).await?;
            explain(&app, &who, &mut page, &problem, &form.code).await?;
            Ok(page::html(HttpResponse::build(status), &page))
        }
    }
}

/// What came of a scan, as far as the page shows it.
#[derive(Serialize, Deserialize)]
struct Scanned {
    id: ScanId,
    outcome: Outcome,
    loan: LoanId,
    text: String,
}

async fn scan(app: &App, who: &Person, form: &ScanForm, t: Texts) -> Result<Scanned, Error> {
    let context = Context::of(who, app);
    let scan = Scan::now(form.code.clone(), form.action, form.loan_id);
    let named = form.loan_id.map(|id| id.to_string()).unwrap_or_default();
    let key = Key::of_form(form.key, &[&form.code, form.action.as_str(), &named, &form.courses, &form.holder]);
    let completed: Vec<CourseId> = form.courses.split(' ').filter_map(|id| id.parse().ok()).collect();
    let holder: Option<PersonId> = form.holder.parse().ok();
    command::once(app, context.by, key, move |tx| {
        if let Some(loan) = scan.loan_id.filter(|_| !completed.is_empty()) {
            course_gate::note_completed(tx, &context, loan, &completed, holder)?;
        }
        let result = and_tell(tx, &context, &scan, t)?;
        Ok(Scanned { id: result.scan_id, outcome: result.outcome, loan: result.loan.id, text: result.message })
    })
    .await
}

#[derive(Deserialize)]
struct UndoForm {
    scan: ScanId,
    key: Uuid,
    /// What the next scan is to do.
    action: ScanAction,
    #[serde(default)]
    done: String,
}

async fn undone(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    form: web::Form<UndoForm>,
) -> Result<HttpResponse, Error> {
    let (t, context, id) = (texts(&request), Context::of(&who, &app), form.scan);
    let (by, key) = (context.by, Key::of_form(form.key, &["undo", &id.to_string()]));
    let done = command::once(&app, by, key, move |tx| Ok(undo::undo(tx, &context, id)?.id)).await;
    let mut page = scan_page(&request, &app, &who, form.action, remembered(&form.done)).await?;
    match done {
        Ok(loan) => {
            page.result = Some(ResultPanel {
                color: "neutral",
                icon: "back",
                title: t.s("warehouse-scan-undone"),
                text: t.s("warehouse-scan-undone-text"),
                href: Some(format!("/lan/{loan}")),
            });
            Ok(page::ok(&page))
        }
        Err(error) => {
            let status = error.status_code();
            let Error::Problem(problem) = error else { return Err(error) };
            explain(&app, &who, &mut page, &problem, "").await?;
            Ok(page::html(HttpResponse::build(status), &page))
        }
    }
}

/// Tells why a scan did nothing, and offers the loans to choose from if that was why.
async fn explain(app: &App, who: &Person, page: &mut ScanPage, problem: &Problem, typed: &str) -> Result<(), Error> {
    let t = page.t;
    // Nothing is wrong when a kit that is back comes back again; everything else must be stopped.
    let harmless = matches!(
        problem.code,
        "loan.already_received" | "kit.not_out" | "kit.packed" | "scan.just_done" | "scan.which_loan"
    );
    page.result = Some(ResultPanel {
        color: if harmless { "warning" } else { "danger" },
        icon: if harmless { "alert" } else { "stop" },
        title: t.s(if harmless { "warehouse-scan-nothing" } else { "warehouse-scan-stop" }),
        text: problem.fields.first().map_or_else(|| t.problem(problem), |field| t.field(field)),
        href: problem.extra.get("loan_id").and_then(|id| id.as_str()).map(|id| format!("/lan/{id}")),
    });
    if problem.kind == Kind::Invalid {
        page.code.error = page.result.as_ref().map(|result| result.text.clone());
    }
    if problem.code == "loan.course_missing" {
        page.course = course_form(app, who, problem, typed).await?;
    }
    if problem.kind == Kind::Invalid || problem.code == "scan.which_loan" {
        page.code.value = typed.to_owned();
    }
    page.which = loans_to_choose(app, who, t, problem).await?;
    Ok(())
}

/// The loans of which one is to be chosen, when a refusal names several.
///
/// # Errors
/// When the database fails.
pub(super) async fn loans_to_choose(
    app: &App,
    who: &Person,
    t: Texts,
    problem: &Problem,
) -> Result<Vec<Choice>, Error> {
    let loans = problem.extra.get("loans").cloned().unwrap_or_default();
    let ids: Vec<LoanId> = serde_json::from_value(loans).unwrap_or_default();
    let (organisation, now) = (who.organisation.clone(), app.clock.now());
    let loans: Vec<LoanView> = app
        .db
        .read(move |conn| {
            let mut loans = Vec::new();
            for id in ids.into_iter().take(MOST_SCANS) {
                loans.extend(queries::find_loan(conn, &organisation, id, organisation.today(now))?);
            }
            Ok(loans)
        })
        .await?;
    let choice = |loan: LoanView| Choice {
        value: loan.id.to_string(),
        label: format!("{} · {}", loan.unit.name, wording::days(t, loan.first_day, loan.last_day)),
        checked: false,
    };
    Ok(loans.into_iter().map(choice).collect())
}

/// The form with which a course that was missing is noted as completed, by the unit or by somebody who belongs to it.
async fn course_form(app: &App, who: &Person, problem: &Problem, typed: &str) -> Result<Option<CourseForm>, Error> {
    let extra = |name: &str| problem.extra.get(name).cloned().unwrap_or_default();
    let id: Option<LoanId> = serde_json::from_value(extra("loan_id")).ok();
    let missing = extra("courses").as_array().cloned().unwrap_or_default();
    let all = |field: &str| missing.iter().filter_map(|course| course.get(field)?.as_str()).collect::<Vec<_>>();
    let (organisation, now) = (who.organisation.clone(), app.clock.now());
    let found = app
        .db
        .read(move |conn| {
            let Some(id) = id else { return Ok(None) };
            let loan = queries::find_loan(conn, &organisation, id, organisation.today(now))?;
            let Some(loan) = loan else { return Ok(None) };
            let members = courses::members(conn, organisation.id, Some(loan.unit.id))?;
            Ok(Some((loan, members)))
        })
        .await?;
    Ok(found.map(|(loan, members)| {
        let unit = Choice { value: String::new(), label: loan.unit.name.clone(), checked: true };
        let person = |member: Member| Choice { value: member.person.to_string(), label: member.name, checked: false };
        CourseForm {
            code: typed.to_owned(),
            loan: loan.id,
            sent: all("id").join(" "),
            names: all("name").join(", "),
            holders: std::iter::once(unit).chain(members.into_iter().map(person)).collect(),
        }
    }))
}
