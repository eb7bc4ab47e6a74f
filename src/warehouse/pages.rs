//! Pages of the warehouse. They decide nothing: loans and scans do.

use crate::accounts::session::{Person, Warehouse};
use crate::kits::rules::shelf_order;
use crate::loans::actions::{self, Context};
use crate::loans::checks::queries as checks;
use crate::loans::course_gate;
use crate::loans::queries::{self, Work};
use crate::loans::rules::{READY_DAYS, Status, days_after, days_before};
use crate::loans::scans::store as scans;
use crate::loans::views::LoanView;
use crate::loans::wording;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::error::{Error, Kind};
use crate::platform::idempotency::Key;
use crate::platform::ids::{LoanId, UnitId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::Tag;
use crate::platform::web::page::{self, Flash, Page, see_other};
use crate::platform::web::{command, texts};
use crate::warehouse::{picking, year_plan};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

type App = web::Data<AppState>;

/// The most loans in each list of the day.
const MOST_JOBS: i64 = 100;

/// The routes of this feature.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .configure(super::at_risk::routes)
        .route("/lager", web::get().to(today))
        .route("/lager/arsplan", web::get().to(year_plan::show))
        .route("/lager/lan/{id}/framplockad", web::post().to(packed));
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

/// A loan that somebody has to see to.
pub(super) struct Job {
    pub(super) href: String,
    pub(super) kit: String,
    pub(super) code: String,
    pub(super) shelf: Option<String>,
    pub(super) unit: String,
    pub(super) note: String,
    pub(super) status: Tag,
    pub(super) pack: Option<String>,
}

/// What the day brings: how much, and the most urgent of it.
struct Day {
    out: (i64, Vec<LoanView>),
    back: (i64, Vec<LoanView>),
    late: (i64, Vec<LoanView>),
    waiting: (i64, Vec<LoanView>),
    owing: Vec<UnitId>,
    /// Scans that came too late.
    late_scans: i64,
    /// How many kits came back and have not been checked since.
    to_check: i64,
}

impl Day {
    fn read(conn: &mut Conn, who: &Person, today: NaiveDate) -> Result<Self, Error> {
        let organisation = &who.organisation;
        let mut of = |statuses: &[Status], from, until| -> Result<(i64, Vec<LoanView>), Error> {
            let work = Work { statuses, units: None, from, until };
            Ok((work.count(conn, organisation.id)?, work.list(conn, organisation, today, MOST_JOBS)?))
        };
        let mut out = of(&[Status::Reserved, Status::Ready], None, Some(today))?;
        let back = of(&[Status::Out], Some(today), Some(today))?;
        let late = of(&[Status::Out], None, today.pred_opt())?;
        let waiting = of(&[Status::Received], None, None)?;
        // One walk along the shelves.
        out.1.sort_by_cached_key(|loan| (loan.status == Status::Ready, shelf_order(&loan.shelf)));
        let units: Vec<UnitId> = out.1.iter().map(|loan| loan.unit.id).collect();
        let owing = queries::owing_units(conn, &units, today)?;
        let late_scans = scans::count_open(conn, organisation.id)?;
        let to_check = checks::count_to_check(conn, organisation.id)?;
        Ok(Self { out, back, late, waiting, owing, late_scans, to_check })
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
        Tile { href: "/lager/kontroll".to_owned(), count: day.to_check, label: t.s("contents-to-check"), color: None },
        Tile {
            href: "/lager/reda-ut".to_owned(),
            count: day.late_scans,
            label: t.s("warehouse-sort-out"),
            color: Some("warning").filter(|_| day.late_scans > 0),
        },
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

/// What is to be done about a loan.
pub(super) fn job(t: Texts, who: &Person, loan: LoanView, owing: &[UnitId], today: NaiveDate) -> Job {
    let waits = loan.status.is_before_hand_out();
    let owes = waits && owing.contains(&loan.unit.id);
    let too_early = loan.first_day > days_after(today, READY_DAYS);
    let note = match loan.status {
        _ if owes => t.s("warehouse-note-owes"),
        _ if !loan.missing_courses.is_empty() => {
            t.v("warehouse-note-course", "courses", course_gate::names(&loan.missing_courses))
        }
        _ if loan.at_risk => t.v("warehouse-note-at_risk", "day", loan.first_day),
        Status::Reserved if too_early => t.v("warehouse-note-later", "day", days_before(loan.first_day, READY_DAYS)),
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
        pack: (loan.status == Status::Reserved && !owes && !loan.at_risk && !too_early)
            .then(|| format!("/lager/lan/{}/framplockad", loan.id)),
        shelf: Some(loan.shelf).filter(|shelf| waits && !loan.at_risk && !shelf.is_empty()),
    }
}

#[derive(Deserialize)]
struct PackedForm {
    key: Uuid,
    /// The pick list that it was told on; the day's page unless said.
    till: Option<NaiveDate>,
    tur: Option<NaiveDate>,
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
    let list = picking::Asked::of(form.till, form.tur).stretch();
    let back = list.map_or_else(|| "/lager?".to_owned(), |list| format!("{}&", list.address()));
    let packed = move |tx: &mut Tx<'_>| {
        let meant = actions::locked_loan(tx, &context, id)?.kit_id;
        Ok(actions::ready(tx, &context, id)?.kit_id == meant)
    };
    match command::once(&app, by, key, packed).await {
        Ok(true) => Ok(see_other(&format!("{back}klart=packed"))),
        Ok(false) => Ok(see_other(&format!("{back}klart=packed_other"))),
        Err(Error::Problem(problem)) if problem.kind == Kind::Refused => {
            // Where whoever tapped stands, with word of why it was not done.
            let flash = Some(Flash { kind: "warning", text: texts(&request).problem(&problem) });
            let answer = HttpResponse::Conflict();
            if let Some(list) = list {
                let mut page = picking::list(&request, &app, &who, list).await?;
                page.page.flash = flash;
                return Ok(page::html(answer, &page));
            }
            let mut page = today_page(&request, &app, &who).await?;
            page.page.flash = flash;
            Ok(page::html(answer, &page))
        }
        Err(error) => Err(error),
    }
}
