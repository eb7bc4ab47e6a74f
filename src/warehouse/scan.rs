//! The page on which kits are scanned out and in. It works by itself, one form for each scan; its script makes of it a page
//! that stays open, with a camera, and without network.

use crate::accounts::session::{Person, Warehouse};
use crate::courses::queries::{self as courses, Member};
use crate::kits::rules::shelf_order;
use crate::loans::actions::Context;
use crate::loans::course_gate;
use crate::loans::queries::{self, Work};
use crate::loans::rules::Status;
use crate::loans::scan::{Outcome, Scan, ScanAction, ScanResult, and_tell, told};
use crate::loans::scans::known::{self, KnownKit};
use crate::loans::scans::series;
use crate::loans::scans::store as scans;
use crate::loans::scans::undo::{self, UNDO_MINUTES};
use crate::loans::views::LoanView;
use crate::loans::wording;
use crate::opening::store as opening;
use crate::platform::db::types::Instant;
use crate::platform::error::{Error, Kind, Problem};
use crate::platform::idempotency::Key;
use crate::platform::ids::{CourseId, LoanId, PersonId, ScanId, UnitId};
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
/// How many kits without label are offered to choose from.
const MOST_FOUND: usize = 20;
/// The most kits that are told to go out today.
const MOST_GOING: i64 = 300;

/// What the page's script says besides what all such pages say: the ends of the texts' keys.
const WORDS: &[&str] = &[
    "adopted",
    "all-units",
    "anyway",
    "auto",
    "check-received",
    "done-none",
    "done-one",
    "done-some",
    "end-handed_out",
    "end-kept",
    "end-none",
    "end-packed",
    "end-received",
    "end-refused",
    "end-undone",
    "end-waiting",
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
    "search-empty",
    "search-none",
    "see-kit",
    "sending",
    "stocktake",
    "undoing",
    "unknown",
    "unknown-text",
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
    /// The units that kits go out to today, or on the next open day, to hand out to one at a time.
    whose: Vec<Whose>,
    /// What was looked for, and which kits were found.
    wanted: String,
    found: Vec<KnownKit>,
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

    /// The kits of one unit are handed out.
    fn is_for_one_unit(&self) -> bool {
        self.whose.iter().any(|unit| unit.chosen)
    }
}

/// A unit with the kits that go out to it today.
struct Whose {
    id: UnitId,
    unit: String,
    chosen: bool,
    /// How many are left, in words.
    left: String,
    kits: Vec<ToGo>,
}

/// A kit that is to go out.
struct ToGo {
    loan: LoanId,
    kit: String,
    code: String,
    shelf: String,
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
    /// Where it goes now, and who waits for it.
    afterwards: String,
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
    /// The unit whose kits are handed out; empty for any.
    #[serde(default)]
    unit_id: String,
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
    /// The words by which a kit without label is looked for.
    #[serde(default)]
    sok: String,
}

async fn ask(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    opened: web::Query<Opened>,
) -> Result<HttpResponse, Error> {
    let (organisation, person, now) = (who.organisation_id(), who.id, app.clock.now());
    let wanted = opened.sok.trim().to_owned();
    let words = wanted.clone();
    let (series, found) = app
        .db
        .read(move |conn| {
            let mut found = if words.is_empty() { Vec::new() } else { known::kits(conn, organisation)? };
            found.retain(|kit| kit.matches(&words));
            found.truncate(MOST_FOUND);
            Ok((series::of(conn, organisation, person, now)?, found))
        })
        .await?;
    let series = series.filter(|series| series.stocktake_id.is_none());
    let action = opened.gor.or(series.as_ref().map(|series| series.action)).unwrap_or(ScanAction::Auto);
    let unit = series.filter(|series| series.action == action).and_then(|series| series.unit_id);
    let page = scan_page(&request, &app, &who, (action, unit), Vec::new()).await?;
    Ok(page::ok(&ScanPage { wanted, found, ..page }))
}

/// The page with an empty field, ready for the next kit.
async fn scan_page(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    (action, unit): (ScanAction, Option<UnitId>),
    mut scans: Vec<ScanId>,
) -> Result<ScanPage, Error> {
    let (t, context) = (texts(request), Context::of(who, app));
    scans.truncate(MOST_SCANS);
    let sent: Vec<String> = scans.iter().map(ToString::to_string).collect();
    let now = context.by.now;
    let (done, going) = app
        .db
        .read(move |conn| {
            let (organisation, today) = (&context.organisation, context.today());
            let mut done = Vec::new();
            for id in scans {
                let Some(row) = scans::find(conn, organisation.id, id)? else { continue };
                if row.done().is_ok() {
                    done.push((told(conn, &context, &row, t)?, row.sent_at));
                }
            }
            let statuses = &[Status::Reserved, Status::Ready];
            // Who packs on a day on which nobody comes packs for the next.
            let until = opening::opening(conn, organisation.id, today)?.next_open(today);
            let work = Work { statuses, units: None, from: None, until: until.or(Some(today)) };
            Ok((done, work.list(conn, organisation, today, MOST_GOING)?))
        })
        .await?;
    let own = WORDS.iter().map(|word| ((*word).to_owned(), t.s(&format!("warehouse-scan-{word}"))));
    let own = own.chain([
        ("left".to_owned(), t.v("warehouse-scan-left", "count", "#")),
        ("check".to_owned(), t.s("contents-check-do")),
    ]);
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
        whose: whose(t, going, unit),
        wanted: String::new(),
        found: Vec::new(),
        done: done.into_iter().map(|(result, at)| row(t, who, result, (at, now))).collect(),
        done_sent: sent.join(" "),
        words: scanner::words(t, own),
        undo_minutes: UNDO_MINUTES,
    })
}

/// The units that kits go out to, by name, each with its kits by shelf.
fn whose(t: Texts, mut loans: Vec<LoanView>, chosen: Option<UnitId>) -> Vec<Whose> {
    loans.sort_by_cached_key(|loan| (loan.unit.name.to_lowercase(), loan.unit.id, shelf_order(&loan.shelf)));
    let mut units: Vec<Whose> = Vec::new();
    for loan in loans {
        let kit = ToGo { loan: loan.id, kit: loan.kit_name(), code: loan.kit_code.to_string(), shelf: loan.shelf };
        match units.last_mut().filter(|unit| unit.id == loan.unit.id) {
            Some(unit) => unit.kits.push(kit),
            None => units.push(Whose {
                id: loan.unit.id,
                unit: loan.unit.name,
                chosen: chosen == Some(loan.unit.id),
                left: String::new(),
                kits: vec![kit],
            }),
        }
    }
    for unit in &mut units {
        unit.left = t.v("warehouse-scan-left", "count", unit.kits.len());
    }
    units
}

fn row(t: Texts, who: &Person, result: ScanResult, (sent_at, now): (Instant, Instant)) -> ScanRow {
    let zone = who.organisation.zone();
    let ScanResult { scan_id: id, outcome, loan, afterwards, .. } = result;
    ScanRow {
        id,
        time: sent_at.utc().with_timezone(&zone).format("%H.%M").to_string(),
        kit: loan.kit_name(),
        code: loan.kit_code.to_string(),
        unit: loan.unit.name.clone(),
        status: Tag { color: "success", icon: icon(outcome), text: t.s(&format!("warehouse-scan-{outcome}")) },
        afterwards: afterwards.unwrap_or_default(),
        check: outcome.is_receipt().then(|| format!("/lager/kontroll/{}", loan.kit_code.as_str())),
        undo: now <= undo::until(sent_at),
    }
}

fn icon(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::HandedOut | Outcome::HandedOutSwapped => "truck",
        Outcome::Received | Outcome::Returned | Outcome::Packed => "box",
    }
}

async fn scanned(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    form: web::Form<ScanForm>,
) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let mut scans = remembered(&form.done);
    let meant = (form.action, form.unit_id.parse().ok());
    match scan(&app, &who, &form, t).await {
        Ok(Scanned { id, outcome, loan, text }) => {
            scans.insert(0, id);
            let mut page = scan_page(&request, &app, &who, meant, scans).await?;
            page.result = Some(ResultPanel {
                color: "success",
                icon: "check",
                title: t.s(&format!("warehouse-scan-{outcome}")),
                text,
                href: Some(format!("/lan/{loan}")),
            });
            Ok(page::ok(&page))
        }
        Err(error) => {
            let status = error.status_code();
            let Error::Problem(problem) = error else { return Err(error) };
            let mut page = scan_page(&request, &app, &who, meant, scans).await?;
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
    let unit_id: Option<UnitId> = form.unit_id.parse().ok();
    let scan = Scan { unit_id, ..Scan::now(form.code.clone(), form.action, form.loan_id) };
    let named = form.loan_id.map(|id| id.to_string()).unwrap_or_default();
    let key =
        Key::of_form(form.key, &[&form.code, form.action.as_str(), &named, &form.unit_id, &form.courses, &form.holder]);
    let completed: Vec<CourseId> = form.courses.split(' ').filter_map(|id| id.parse().ok()).collect();
    let holder: Option<PersonId> = form.holder.parse().ok();
    command::once(app, context.by, key, move |tx| {
        if let Some(loan) = scan.loan_id.filter(|_| !completed.is_empty()) {
            course_gate::note_completed(tx, &context, loan, &completed, holder)?;
        }
        let result = and_tell(tx, &context, &scan, t)?;
        let text = [Some(result.message), result.afterwards].into_iter().flatten().collect::<Vec<_>>().join(" ");
        Ok(Scanned { id: result.scan_id, outcome: result.outcome, loan: result.loan.id, text })
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
    let mut page = scan_page(&request, &app, &who, (form.action, None), remembered(&form.done)).await?;
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
