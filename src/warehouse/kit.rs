//! All that is known of one kit: where it is, what it lacks, what is done with it, and what has happened to it.

use crate::accounts::rules::Role;
use crate::accounts::session::{Person, Staff, Warehouse};
use crate::kits::api::known_code;
use crate::kits::store::Kit;
use crate::loans::actions::{self as loan_actions, Context};
use crate::loans::checks::actions::{self, Resolve};
use crate::loans::checks::history::{self, Entry, Happening, PastLoan};
use crate::loans::checks::queries;
use crate::loans::checks::rules::{Occasion, Resolution, is_lacking};
use crate::loans::checks::store;
use crate::loans::checks::views::{DeviationView, KitToCheck, OpenDeviationView};
use crate::loans::queries as loans;
use crate::loans::service::queries as service;
use crate::loans::views::KitStatus;
use crate::loans::wording;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::idempotency::Key;
use crate::platform::ids::DeviationId;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Tag, whole_number};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::paging::Paging;
use crate::platform::web::{command, texts};
use crate::warehouse::service::{Job, job};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

type App = web::Data<AppState>;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/lager/lada/{kit}", web::get().to(show))
        .route("/lager/lada/{kit}/hittad", web::post().to(bring_back))
        .route("/lager/avvikelser/{id}", web::post().to(resolve));
}

#[derive(Template)]
#[template(path = "contents/kit.html")]
struct KitPage {
    t: Texts,
    page: Page,
    kit: String,
    code: String,
    path: String,
    status: Tag,
    put: String,
    next: Option<String>,
    may_act: bool,
    may_bring_back: bool,
    to_check: bool,
    kept: bool,
    /// The kit to check next, just after one was checked.
    next_check: Option<NextCheck>,
    open: Vec<Found>,
    written_off: Vec<Gone>,
    jobs: Vec<Job>,
    timeline: Vec<Moment>,
    first: Option<String>,
    older: Option<String>,
}

/// The kit that waits longest for its check.
struct NextCheck {
    href: String,
    kit: String,
}

/// An open deviation.
pub struct Found {
    pub id: DeviationId,
    /// What keeps its form from taking effect twice.
    pub key: Uuid,
    pub what: String,
    pub note: String,
    /// Between which checks it came about.
    pub between: String,
    pub quantity: i32,
    pub kept: bool,
    pub photos: Vec<String>,
}

/// Something that a kit goes on without.
struct Gone {
    id: DeviationId,
    key: Uuid,
    what: String,
    quantity: i32,
}

/// An entry of the timeline.
struct Moment {
    when: String,
    icon: &'static str,
    what: String,
    href: Option<String>,
    details: Vec<String>,
    photos: Vec<String>,
    by: Option<String>,
}

/// A deviation in words: "2 Bee-Bot saknas".
fn words(t: Texts, kind: &str, name: &str, quantity: i32) -> String {
    t.a(&format!("contents-is-{kind}"), &[("count", quantity.into()), ("name", name.into())])
}

/// An open deviation as pages show it.
pub fn found(t: Texts, who: &Person, one: OpenDeviationView) -> Found {
    let day = |at| t.date(who.organisation.today(at));
    let loans: Vec<String> = one
        .loans
        .iter()
        .map(|loan| format!("{} ({})", loan.unit.name, t.dates(loan.first_day, loan.last_day)))
        .collect();
    let between = match one.since {
        None => t.v("contents-since-unknown", "until", day(one.until)),
        Some(since) if loans.is_empty() => {
            t.a("contents-between", &[("since", day(since).into()), ("until", day(one.until).into())])
        }
        Some(since) => t.a(
            "contents-between-loans",
            &[("since", day(since).into()), ("until", day(one.until).into()), ("loans", loans.join(", ").into())],
        ),
    };
    let deviation = one.deviation;
    let said_by_unit = matches!(deviation.occasion, Occasion::Arrival | Occasion::BeforeReturn);
    let said = said_by_unit.then(|| t.s(&format!("contents-said-{}", deviation.occasion)));
    let note = [said.unwrap_or_default(), deviation.note].into_iter().filter(|part| !part.is_empty());
    Found {
        id: deviation.id,
        key: Uuid::now_v7(),
        what: words(t, deviation.kind.as_str(), &deviation.name, deviation.quantity),
        note: note.collect::<Vec<_>>().join(" "),
        between,
        quantity: deviation.quantity,
        kept: one.keeps_kit,
        photos: deviation.photos,
    }
}

/// All that is read for the page.
struct Known {
    kit: Kit,
    name: String,
    status: KitStatus,
    next: Option<String>,
    to_check: bool,
    next_check: Option<KitToCheck>,
    open: Vec<OpenDeviationView>,
    written_off: Vec<Gone>,
    jobs: Vec<crate::loans::service::views::ServiceJobView>,
    listing: crate::platform::web::paging::Listing<Entry>,
}

fn know(
    conn: &mut Conn,
    who: &Person,
    code: &str,
    paging: &Paging,
    today: NaiveDate,
    t: Texts,
) -> Result<Known, Error> {
    let organisation = &who.organisation;
    let (kit, name) = queries::the_kit(conn, organisation, &known_code(code)?)?;
    let status = loans::kit_status(conn, organisation, &kit.code, today)?;
    let status = status.ok_or_else(|| Error::not_found("kit.unknown_code"))?;
    let next = loans::next_of_kit(conn, organisation, kit.id, today)?
        .map(|loan| t.a("contents-next-loan", &[("unit", loan.unit.name.into()), ("day", loan.first_day.into())]));
    let gone = store::lacking(conn, kit.id)?
        .into_iter()
        .filter(|deviation| deviation.resolution == Some(Resolution::WrittenOff))
        .map(|deviation| Gone {
            id: deviation.id,
            key: Uuid::now_v7(),
            what: words(t, deviation.kind.as_str(), &deviation.name, deviation.quantity),
            quantity: deviation.quantity,
        })
        .collect();
    Ok(Known {
        status: status.status,
        next,
        to_check: store::waits_since(conn, kit.id)?.is_some(),
        next_check: None,
        open: queries::open(conn, kit.id)?,
        written_off: gone,
        jobs: service::open_on(conn, kit.id, today)?,
        listing: history::of_kit(conn, &kit, &name, paging, today)?,
        kit,
        name,
    })
}

async fn show(
    request: HttpRequest,
    app: App,
    who: Staff,
    code: web::Path<String>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let (t, now, cursor) = (texts(&request), app.clock.now(), paging.cursor.clone());
    let person = (*who).clone();
    let today = who.organisation.today(now);
    let checked = ["klart=contents-all", "klart=contents-noted"].contains(&request.query_string());
    let known = app.db.read(move |conn| {
        let mut known = know(conn, &person, &code, &paging, today, t)?;
        if checked {
            known.next_check = queries::next_to_check(conn, person.organisation.id)?;
        }
        Ok(known)
    });
    let known = known.await?;
    let path = format!("/lager/lada/{}", known.kit.code.as_str());
    let (first, older) = page::list_pages(&path, cursor.as_deref(), known.listing.next.as_deref());
    let name = format!("{} {}", known.name, known.kit.copy);
    let kept = known.open.iter().any(|one| one.keeps_kit);
    // Whatever else the kit waits for: what is to be mended or filled up stands where that is done.
    let put = if kept || known.jobs.iter().any(|job| job.begun) {
        t.s("contents-put-service")
    } else if known.kit.shelf.is_empty() {
        t.s("contents-put")
    } else {
        t.v("contents-put-shelf", "shelf", known.kit.shelf.as_str())
    };
    let page = KitPage {
        t,
        page: Page::new(&request, &name),
        kit: name,
        code: known.kit.code.to_string(),
        status: wording::kit_status(t, known.status),
        put: if matches!(known.status, KitStatus::Out | KitStatus::Retired) { String::new() } else { put },
        next: known.next,
        may_act: who.is(Role::Warehouse) && known.kit.retired_at.is_none(),
        may_bring_back: who.is(Role::Warehouse) && known.kit.lost_at.is_some(),
        to_check: known.to_check,
        kept,
        next_check: known.next_check.map(|next| NextCheck {
            href: format!("/lager/kontroll/{}", next.kit_code.as_str()),
            kit: next.kit_name(),
        }),
        open: known.open.into_iter().map(|one| found(t, &who, one)).collect(),
        written_off: known.written_off,
        jobs: known.jobs.into_iter().map(|one| job(t, one)).collect(),
        timeline: known.listing.items.into_iter().map(|entry| moment(t, &who, entry)).collect(),
        first,
        older,
        path,
    };
    Ok(page::ok(&page))
}

fn moment(t: Texts, who: &Person, entry: Entry) -> Moment {
    let mut shown = Moment {
        when: t.moment(entry.at, who.organisation.zone()),
        icon: "info",
        what: String::new(),
        href: None,
        details: Vec::new(),
        photos: Vec::new(),
        by: entry.person,
    };
    let detail = |deviation: &DeviationView| {
        let what = words(t, deviation.kind.as_str(), &deviation.name, deviation.quantity);
        if deviation.note.is_empty() { what } else { format!("{what}: {}", deviation.note) }
    };
    match entry.what {
        Happening::Loan(loan) => {
            shown.icon = "truck";
            shown.what = loan_words(t, who, &loan);
            shown.href = Some(format!("/lan/{}", loan.id));
        }
        Happening::Received(loan) => {
            shown.icon = "box";
            shown.what = t.v("contents-was-received", "unit", loan.unit.name);
            shown.href = Some(format!("/lan/{}", loan.id));
        }
        Happening::Check(check) => {
            shown.icon = if check.deviations.iter().any(|one| is_lacking(one.kind)) { "alert" } else { "check" };
            let all = check.deviations.is_empty().then(|| t.s("contents-all-there"));
            shown.what = t.s(&format!("contents-checked-{}", check.occasion));
            shown.details = all.into_iter().chain(check.deviations.iter().map(detail)).collect();
            shown.photos = check.deviations.into_iter().flat_map(|one| one.photos).collect();
        }
        Happening::Resolved(deviation) => {
            shown.icon = "check";
            let resolution = deviation.resolution.unwrap_or(Resolution::Found);
            let args = [("count", deviation.quantity.into()), ("name", deviation.name.as_str().into())];
            shown.what = t.a(&format!("contents-became-{resolution}"), &args);
            shown.details = Some(deviation.resolution_note).filter(|note| !note.is_empty()).into_iter().collect();
        }
        Happening::Service(one) => {
            shown.icon = "wrench";
            let job = job(t, *one);
            shown.what = t.v("contents-service-made", "what", job.what);
            shown.details = [job.days, job.note].into_iter().filter(|part| !part.is_empty()).collect();
        }
        Happening::ServiceEnded(one) => {
            shown.icon = "wrench";
            let job = job(t, *one);
            shown.what = format!("{} · {}", job.what, job.status.text);
        }
        Happening::Swapped(swap) => {
            shown.icon = "arrow";
            let key = if swap.went { "contents-swapped-went" } else { "contents-swapped-stayed" };
            shown.what = t.a(key, &[("kit", swap.other.into()), ("unit", swap.unit.name.into())]);
        }
        Happening::Undone(undone) => {
            shown.icon = "back";
            shown.what = t.v(&format!("contents-undone-{}", undone.outcome), "unit", undone.unit.name);
        }
        Happening::Print(print) => {
            shown.icon = "print";
            shown.what = t.v("contents-printed", "count", print.copies);
            shown.details = vec![print.code];
        }
        Happening::Added {} => {
            shown.icon = "plus";
            shown.what = t.s("contents-added");
        }
    }
    shown
}

fn loan_words(t: Texts, who: &Person, loan: &PastLoan) -> String {
    let days = t.dates(loan.first_day, loan.last_day);
    let args = [("unit", loan.unit.name.as_str().into()), ("days", days.into())];
    match loan.received_at {
        Some(at) => {
            let back = t.v("contents-was-back", "day", who.organisation.today(at));
            format!("{} · {back}", t.a("contents-was-lent", &args))
        }
        None => t.a("contents-was-lent", &args),
    }
}

/// A kit that was lost is there again.
async fn bring_back(app: App, who: Warehouse, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let (context, code) = (Context::of(&who, &app), known_code(&code)?);
    app.db.write(move |tx| loan_actions::bring_back_kit(tx, &context, &code)).await?;
    Ok(see_other(&format!("/lager/lada/{}?klart=kit-found", code.as_str())))
}

/// What became of a deviation, as the form says it.
#[derive(Deserialize)]
struct Resolved {
    key: Uuid,
    resolution: Resolution,
    #[serde(default)]
    quantity: String,
    #[serde(default)]
    note: String,
    back: String,
}

async fn resolve(
    app: App,
    who: Warehouse,
    id: web::Path<DeviationId>,
    form: web::Form<Resolved>,
) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    let Resolved { key, resolution, quantity, note, back } = form.into_inner();
    let key = Key::of_form(key, &["resolve", &id.to_string(), resolution.as_str(), &quantity, &note]);
    let resolve = Resolve { resolution, quantity: whole_number(&quantity), note };
    command::once(&app, context.by, key, move |tx| Ok(actions::resolve(tx, &context, *id, &resolve)?.id)).await?;
    Ok(see_other(&format!("{}?klart=contents-resolved", page::local_path(&back))))
}
