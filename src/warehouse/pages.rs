//! Pages of the warehouse. They decide nothing: loans and scans do.

use crate::accounts::session::{Person, Warehouse};
use crate::courses::queries::{self as courses, Member};
use crate::loans::actions::{self, Context};
use crate::loans::course_gate;
use crate::loans::queries::{self, Work};
use crate::loans::rules::Status;
use crate::loans::scan::and_tell;
use crate::loans::scan::{Outcome, Scan, ScanAction};
use crate::loans::views::LoanView;
use crate::loans::wording;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::error::{Error, Kind, Problem};
use crate::platform::idempotency::Key;
use crate::platform::ids::{CourseId, LoanId, PersonId, UnitId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Field, Tag};
use crate::platform::web::page::{self, Flash, Page, see_other};
use crate::platform::web::{command, texts};
use crate::warehouse::year_plan;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

type App = web::Data<AppState>;

/// The most loans in each list of the day.
const MOST_JOBS: i64 = 100;
/// How many scans the page remembers.
const MOST_SCANS: usize = 20;

/// The routes of this feature.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .configure(super::at_risk::routes)
        .route("/lager", web::get().to(today))
        .route("/lager/arsplan", web::get().to(year_plan::show))
        .route("/lager/lan/{id}/framplockad", web::post().to(packed))
        .route("/lager/skanna", web::get().to(ask))
        .route("/lager/skanna", web::post().to(scanned));
}

#[derive(Template)]
#[template(path = "warehouse/today.html")]
struct TodayPage {
    t: Texts,
    page: Page,
    key: Uuid,
    day: String,
    tiles: Vec<Tile>,
    lists: Vec<JobList>,
}

impl TodayPage {
    fn is_quiet(&self) -> bool {
        self.lists.iter().all(|list| list.jobs.is_empty())
    }
}

/// A number that leads to its list.
struct Tile {
    href: String,
    count: i64,
    label: String,
    color: Option<&'static str>,
}

/// Loans that wait for the same thing.
struct JobList {
    id: &'static str,
    title: String,
    jobs: Vec<Job>,
    more: Option<String>,
}

struct Job {
    href: String,
    kit: String,
    code: String,
    shelf: Option<String>,
    unit: String,
    note: String,
    status: Tag,
    pack: Option<String>,
}

/// What the day brings: how much, and the most urgent of it.
struct Day {
    out: (i64, Vec<LoanView>),
    back: (i64, Vec<LoanView>),
    late: (i64, Vec<LoanView>),
    waiting: (i64, Vec<LoanView>),
    owing: Vec<UnitId>,
}

impl Day {
    fn read(conn: &mut Conn, who: &Person, today: NaiveDate) -> Result<Self, Error> {
        let organisation = &who.organisation;
        let mut of = |statuses: &[Status], from, until| -> Result<(i64, Vec<LoanView>), Error> {
            let work = Work { statuses, from, until };
            Ok((work.count(conn, organisation.id)?, work.list(conn, organisation, today, MOST_JOBS)?))
        };
        let mut out = of(&[Status::Reserved, Status::Ready], None, Some(today))?;
        let back = of(&[Status::Out], Some(today), Some(today))?;
        let late = of(&[Status::Out], None, today.pred_opt())?;
        let waiting = of(&[Status::Received], None, None)?;
        // One walk along the shelves.
        out.1.sort_by(|a, b| (a.status == Status::Ready, &a.shelf).cmp(&(b.status == Status::Ready, &b.shelf)));
        let units: Vec<UnitId> = out.1.iter().map(|loan| loan.unit.id).collect();
        let owing = queries::owing_units(conn, &units, today)?;
        Ok(Self { out, back, late, waiting, owing })
    }
}

async fn today(request: HttpRequest, app: App, who: Warehouse) -> Result<HttpResponse, Error> {
    Ok(page::ok(&today_page(&request, &app, &who).await?))
}

async fn today_page(request: &HttpRequest, app: &App, who: &Person) -> Result<TodayPage, Error> {
    let t = texts(request);
    let today = who.organisation.today(app.clock.now());
    let person = who.clone();
    let day = app.db.read(move |conn| Day::read(conn, &person, today)).await?;
    let tile = |id: &str, (count, _): &(i64, Vec<LoanView>), color| Tile {
        href: format!("#{id}"),
        count: *count,
        label: t.s(&format!("warehouse-{id}")),
        color: Some(color).filter(|_| *count > 0).flatten(),
    };
    let tiles = vec![
        tile("out", &day.out, None),
        tile("back", &day.back, None),
        tile("late", &day.late, Some("danger")),
        tile("waiting", &day.waiting, Some("warning")),
    ];
    let list = |id: &'static str, (count, loans): (i64, Vec<LoanView>)| JobList {
        id,
        title: t.s(&format!("warehouse-{id}")),
        more: Some(count - MOST_JOBS).filter(|more| *more > 0).map(|more| t.v("warehouse-more", "count", more)),
        jobs: loans.into_iter().map(|loan| job(t, who, loan, &day.owing, today)).collect(),
    };
    let lists =
        vec![list("out", day.out), list("back", day.back), list("late", day.late), list("waiting", day.waiting)];
    Ok(TodayPage {
        t,
        page: Page::new(request, &t.s("warehouse-today")),
        key: Uuid::now_v7(),
        day: format!("{} · {}", t.day(today), t.week(today)),
        tiles,
        lists,
    })
}

fn job(t: Texts, who: &Person, loan: LoanView, owing: &[UnitId], today: NaiveDate) -> Job {
    let waits = loan.status.is_before_hand_out();
    let owes = waits && owing.contains(&loan.unit.id);
    let note = match loan.status {
        _ if owes => t.s("warehouse-note-owes"),
        _ if !loan.missing_courses.is_empty() => {
            t.v("warehouse-note-course", "courses", course_gate::names(&loan.missing_courses))
        }
        _ if loan.at_risk => t.v("warehouse-note-at_risk", "day", loan.first_day),
        Status::Reserved | Status::Ready if loan.first_day < today => {
            t.v("warehouse-note-since", "day", loan.first_day)
        }
        Status::Reserved | Status::Ready => wording::days(t, loan.first_day, loan.last_day),
        Status::Out if loan.overdue => t.v("warehouse-note-late", "days", (today - loan.last_day).num_days()),
        Status::Received => {
            let since = loan.received_at.map_or(today, |at| who.organisation.today(at));
            t.a(
                "warehouse-note-waiting",
                &[("day", since.into()), ("due", loan.evaluation_due.unwrap_or(today).into())],
            )
        }
        _ => t.v("loans-note-back", "day", loan.last_day),
    };
    let status = if owes || !loan.missing_courses.is_empty() {
        Tag { color: "warning", icon: "alert", text: t.s("warehouse-blocked") }
    } else {
        wording::status(t, &loan)
    };
    Job {
        href: format!("/lan/{}", loan.id),
        kit: loan.kit_name(),
        code: loan.kit_code.to_string(),
        unit: loan.unit.name,
        note,
        status,
        pack: (loan.status == Status::Reserved && !owes && !loan.at_risk)
            .then(|| format!("/lager/lan/{}/framplockad", loan.id)),
        shelf: Some(loan.shelf).filter(|shelf| waits && !loan.at_risk && !shelf.is_empty()),
    }
}

#[derive(Deserialize)]
struct PackedForm {
    key: Uuid,
}

async fn packed(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    id: web::Path<LoanId>,
    form: web::Form<PackedForm>,
) -> Result<HttpResponse, Error> {
    let (context, id) = (Context::of(&who, &app), *id);
    let (by, key) = (context.by, Key::of_form(form.key, &["packed", &id.to_string()]));
    let packed = move |tx: &mut Tx<'_>| {
        let meant = actions::locked_loan(tx, &context, id)?.kit_id;
        Ok(actions::ready(tx, &context, id)?.kit_id == meant)
    };
    match command::once(&app, by, key, packed).await {
        Ok(true) => Ok(see_other("/lager?klart=packed")),
        Ok(false) => Ok(see_other("/lager?klart=packed_other")),
        Err(Error::Problem(problem)) if problem.kind == Kind::Refused => {
            let mut page = today_page(&request, &app, &who).await?;
            page.page.flash = Some(Flash { kind: "warning", text: page.t.problem(&problem) });
            Ok(page::html(HttpResponse::Conflict(), &page))
        }
        Err(error) => Err(error),
    }
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
    course: Option<CourseForm>,
    done: Vec<ScanRow>,
    done_sent: String,
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
    time: String,
    kit: String,
    code: String,
    unit: String,
    status: Tag,
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

/// A scan that the page remembers.
#[derive(Clone, Copy)]
struct Remembered {
    loan: LoanId,
    outcome: Outcome,
}

fn remembered(text: &str) -> Vec<Remembered> {
    let one = |word: &str| {
        let (loan, outcome) = word.split_once(':')?;
        Some(Remembered { loan: loan.parse().ok()?, outcome: outcome.parse().ok()? })
    };
    text.split(' ').filter_map(one).take(MOST_SCANS).collect()
}

fn written(scans: &[Remembered]) -> String {
    let words: Vec<String> = scans.iter().map(|scan| format!("{}:{}", scan.loan, scan.outcome)).collect();
    words.join(" ")
}

async fn ask(request: HttpRequest, app: App, who: Warehouse) -> Result<HttpResponse, Error> {
    let page = scan_page(&request, &app, &who, ScanAction::Auto, Vec::new()).await?;
    Ok(page::ok(&page))
}

/// The page with an empty field, ready for the next kit.
async fn scan_page(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    action: ScanAction,
    mut scans: Vec<Remembered>,
) -> Result<ScanPage, Error> {
    let t = texts(request);
    scans.truncate(MOST_SCANS);
    let done_sent = written(&scans);
    let (organisation, now) = (who.organisation.clone(), app.clock.now());
    let done: Vec<(Outcome, LoanView)> = app
        .db
        .read(move |conn| {
            let mut done = Vec::new();
            for scan in scans {
                let loan = queries::find_loan(conn, &organisation, scan.loan, organisation.today(now))?;
                done.extend(loan.map(|loan| (scan.outcome, loan)));
            }
            Ok(done)
        })
        .await?;
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
        course: None,
        done: done.into_iter().map(|(outcome, loan)| row(t, who, outcome, &loan)).collect(),
        done_sent,
    })
}

fn row(t: Texts, who: &Person, outcome: Outcome, loan: &LoanView) -> ScanRow {
    let (at, icon) = match outcome {
        Outcome::HandedOut | Outcome::HandedOutSwapped => (loan.handed_out_at, "truck"),
        Outcome::Received | Outcome::Returned => (loan.received_at, "box"),
    };
    let zone = who.organisation.zone();
    ScanRow {
        time: at.map(|at| at.utc().with_timezone(&zone).format("%H.%M").to_string()).unwrap_or_default(),
        kit: loan.kit_name(),
        code: loan.kit_code.to_string(),
        unit: loan.unit.name.clone(),
        status: Tag { color: color(outcome), icon, text: t.s(&format!("warehouse-scan-{outcome}")) },
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
        Ok((outcome, loan, text)) => {
            scans.insert(0, Remembered { loan, outcome });
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

async fn scan(app: &App, who: &Person, form: &ScanForm, t: Texts) -> Result<(Outcome, LoanId, String), Error> {
    let context = Context::of(who, app);
    let scan = Scan {
        code: form.code.clone(),
        action: form.action,
        scanned_at: None,
        loan_id: form.loan_id,
        deviations: Vec::new(),
    };
    let named = form.loan_id.map(|id| id.to_string()).unwrap_or_default();
    let key = Key::of_form(form.key, &[&form.code, form.action.as_str(), &named, &form.courses, &form.holder]);
    let completed: Vec<CourseId> = form.courses.split(' ').filter_map(|id| id.parse().ok()).collect();
    let holder: Option<PersonId> = form.holder.parse().ok();
    command::once(app, context.by, key, move |tx| {
        if let Some(loan) = scan.loan_id.filter(|_| !completed.is_empty()) {
            course_gate::note_completed(tx, &context, loan, &completed, holder)?;
        }
        let result = and_tell(tx, &context, &scan, t)?;
        Ok((result.outcome, result.loan.id, result.message))
    })
    .await
}

/// Tells why a scan did nothing, and offers the loans to choose from if that was why.
async fn explain(app: &App, who: &Person, page: &mut ScanPage, problem: &Problem, typed: &str) -> Result<(), Error> {
    let t = page.t;
    // Nothing is wrong when a kit that is back comes back again; everything else must be stopped.
    let harmless =
        matches!(problem.code, "loan.already_received" | "kit.not_out" | "scan.just_done" | "scan.which_loan");
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
    page.which = loans
        .into_iter()
        .map(|loan| Choice {
            value: loan.id.to_string(),
            label: format!("{} · {}", loan.unit.name, wording::days(t, loan.first_day, loan.last_day)),
            checked: false,
        })
        .collect();
    Ok(())
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
