//! Pages for whoever borrows: reserve, see one's loans, change them.

use crate::accounts::queries as accounts;
use crate::accounts::rules::Role;
use crate::accounts::session::{Person, Releaser, SignedIn};
use crate::accounts::store::find_unit;
use crate::courses::queries as courses;
use crate::courses::wording::{Notice, notices};
use crate::kits::queries as kits;
use crate::loans::actions::may_act_for;
use crate::loans::actions::{self, ChangeDays, Context, Extend, Reserve};
use crate::loans::bundle::{self, ReserveBundle};
use crate::loans::course_gate;
use crate::loans::deliveries::rules::visits;
use crate::loans::evaluation_links;
use crate::loans::policies;
use crate::loans::policy;
use crate::loans::queries::{self, Wanted, visible_loan};
use crate::loans::queue::queries as queue;
use crate::loans::queue::views::EntryView;
use crate::loans::queue::wording::EntryWords;
use crate::loans::rules::{self, EXTENSION_DAYS, EvaluationState, Status};
use crate::loans::store::{self, Loan};
use crate::loans::views::{LoanView, PeriodView};
use crate::loans::wording::{self, Period};
use crate::opening::rules::Opening;
use crate::opening::store as opening;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::error::{Error, Fault};
use crate::platform::events::{self, Event};
use crate::platform::idempotency::Key;
use crate::platform::ids::{KitTypeId, LoanId, UnitId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent, Tag};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::paging::{Listing, Paging};
use crate::platform::web::{command, texts};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

type App = web::Data<AppState>;

/// The most units in a list to choose from; more are searched for by name.
const MOST_LISTED: usize = 12;
/// Loans that are over, on one page.
const PAST_LOANS: u32 = 10;
/// Events read for the history of a loan.
const EVENTS: i64 = 100;
/// The events that concern those who borrow.
const TOLD: [&str; 14] = [
    "reserved",
    "rules_waived",
    "changed",
    "ready",
    "pack_undone",
    "handed_out",
    "hand_out_undone",
    "extended",
    "received",
    "receipt_undone",
    "evaluated",
    "released",
    "cancelled",
    "not_collected",
];

/// The routes of this feature.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/lador/{id}/boka", web::get().to(ask))
        .route("/lador/{id}/boka", web::post().to(reserve))
        .route("/lador/{id}/fler", web::get().to(more_types))
        .route("/vara-lan", web::get().to(mine))
        .route("/lan/{id}", web::get().to(show))
        .route("/lan/{id}/avboka", web::post().to(cancel))
        .route("/lan/{id}/andra", web::get().to(ask_change))
        .route("/lan/{id}/andra", web::post().to(change))
        .route("/lan/{id}/forlang", web::post().to(extend))
        .route("/lan/{id}/efterskank", web::post().to(release))
        .route("/lan/{id}/lankar-slut", web::post().to(end_links));
}

#[derive(Template)]
#[template(path = "loans/reserve.html")]
struct ReservePage {
    t: Texts,
    page: Page,
    kit_name: String,
    kit_href: String,
    weeks: String,
    hand_out: String,
    hand_back: String,
    evaluation_due: String,
    action: String,
    first_day: NaiveDate,
    last_day: NaiveDate,
    key: Uuid,
    units: Vec<Choice>,
    unit: Field,
    rules: Vec<String>,
    override_reason: Option<Field>,
    /// The other types that are reserved with it.
    with: Vec<Companion>,
    more_href: String,
    errors: Vec<FieldError>,
    refusal: Option<Refusal>,
    courses: Vec<Notice>,
}

/// A type that is reserved together with another.
struct Companion {
    id: KitTypeId,
    name: String,
    /// The same reservation without it.
    without_href: String,
}

impl ReservePage {
    /// So many units are searched for by name.
    fn searches_units(&self) -> bool {
        self.units.len() > MOST_LISTED
    }
}

/// Why a kit cannot be reserved, and when it can.
struct Refusal {
    reason: String,
    queue_href: Option<String>,
    next: Option<Period>,
    /// The loans that count, when a unit has as many as it may.
    loans: Vec<Link>,
}

/// Words that lead somewhere.
struct Link {
    href: String,
    words: String,
}

/// What stands in the form of a reservation besides its days.
#[derive(Default)]
struct Typed {
    unit: String,
    override_reason: String,
    with: Vec<KitTypeId>,
}

#[derive(Deserialize)]
struct Wish {
    fran: Option<String>,
    till: Option<String>,
}

async fn ask(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<KitTypeId>,
    wish: web::Query<Sent>,
) -> Result<HttpResponse, Error> {
    let (organisation, now, id) = (who.organisation.clone(), app.clock.now(), *id);
    let read = |name: &str| wish.text(name).parse::<NaiveDate>().ok();
    let (first, last) = (read("fran"), read("till"));
    let typed = Typed { with: companions(&wish, id), ..Typed::default() };
    let days = app
        .db
        .read(move |conn| {
            let today = organisation.today(now);
            let plan = queries::plan(conn, &organisation, id, today)?;
            if plan.kit_type.retired_at.is_some() || plan.kits.is_empty() {
                return Ok(None);
            }
            let longest = plan.kit_type.loan_days;
            let free = plan.next_free(today, longest);
            let first = first.or(free.map(|(first, _)| first)).unwrap_or(today);
            let last = last.filter(|last| *last >= first);
            let days = u64::try_from(longest).unwrap_or(0);
            let latest = || plan.opening.last_day(first, days).unwrap_or_else(|| rules::days_after(first, days));
            Ok(Some((first, last.unwrap_or_else(latest))))
        })
        .await?;
    // The type's own page says why there is nothing to reserve.
    let Some((first, last)) = days else { return Ok(see_other(&format!("/lador/{id}"))) };
    reserve_page(&request, &app, &who, id, (first, last), &typed, None, HttpResponse::Ok()).await
}

/// The other types that a form or an address names.
fn companions(sent: &Sent, id: KitTypeId) -> Vec<KitTypeId> {
    let mut with: Vec<KitTypeId> = Vec::new();
    for other in sent.all("med").filter_map(|other| other.parse().ok()) {
        if other != id && !with.contains(&other) {
            with.push(other);
        }
    }
    with.truncate(bundle::MOST_TYPES - 1);
    with
}

/// Where several types are reserved together, or more of them chosen.
fn address(id: KitTypeId, page: &str, (first, last): (NaiveDate, NaiveDate), with: &[KitTypeId]) -> String {
    let with: String = with.iter().map(|other| format!("&med={other}")).collect();
    format!("/lador/{id}/{page}?fran={first}&till={last}{with}")
}

/// The last look before a reservation is made, or the same with why it was not.
#[expect(clippy::too_many_arguments, reason = "a form and all that stands in it")]
async fn reserve_page(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    id: KitTypeId,
    (first, last): (NaiveDate, NaiveDate),
    typed: &Typed,
    error: Option<Error>,
    builder: HttpResponseBuilder,
) -> Result<HttpResponse, Error> {
    let t = texts(request);
    let fields = ["unit", "override_reason"];
    let refused = RefusedForm::of(error, t, &fields, typed.override_reason.as_str(), who)?;
    let counted = refused.counted.clone();
    let (organisation, person) = (who.organisation.clone(), who.clone());
    let today = organisation.today(app.clock.now());
    let with = typed.with.clone();
    let (kit_type, units, policy, held, counted, names, courses) = app
        .db
        .read(move |conn| {
            let kit_type =
                store::find_type(conn, organisation.id, id)?.ok_or_else(|| Error::not_found("kit_type.not_found"))?;
            let own = if person.is_staff() { None } else { Some(person.units.as_slice()) };
            let units = accounts::unit_names(conn, organisation.id, own)?;
            let policy = policies::of_type(conn, organisation.id, id)?;
            let held = match units.as_slice() {
                [(unit, _)] => Some(store::held(conn, *unit, today)?),
                _ => None,
            };
            let counted = links_to(conn, &person, t, &counted, today)?;
            let names = store::types(conn, &with)?.into_iter().filter(|other| other.organisation_id == organisation.id);
            let names: Vec<(KitTypeId, String)> = names.map(|other| (other.id, other.name)).collect();
            let mut asked = Vec::new();
            for asking in std::iter::once(id).chain(names.iter().map(|(other, _)| *other)) {
                asked.extend(notices(t, &courses::asked(conn, &person, asking, first, today)?));
            }
            Ok((kit_type, units, policy, held, counted, names, asked))
        })
        .await?;
    let with: Vec<KitTypeId> = names.iter().map(|(other, _)| *other).collect();
    let period = |next: PeriodView| Period {
        href: address(id, "boka", (next.first_day, next.last_day), &with),
        ..Period::new(t, id, next.first_day, next.last_day)
    };
    let refusal = refused.refusal(period, counted);
    let queue_href = Some(format!("/lador/{id}/ko?fran={first}"));
    let companion = |(other, name): (KitTypeId, String)| {
        let rest: Vec<KitTypeId> = with.iter().copied().filter(|one| *one != other).collect();
        Companion { id: other, name, without_href: address(id, "boka", (first, last), &rest) }
    };
    let chosen = |id: &UnitId| id.to_string() == typed.unit || (typed.unit.is_empty() && who.units.as_slice() == [*id]);
    let units: Vec<Choice> = units
        .iter()
        .map(|(id, name)| Choice { value: id.to_string(), label: name.clone(), checked: chosen(id) })
        .collect();
    let due = u64::try_from(who.organisation.evaluation_due_days).unwrap_or(0);
    Ok(page::html(
        builder,
        &ReservePage {
            t,
            page: Page::new(request, &kit_type.name),
            kit_href: format!("/lador/{id}"),
            weeks: t.weeks(first, last),
            hand_out: t.day(first),
            hand_back: t.day(last),
            evaluation_due: t.day(rules::days_after(last, due)),
            action: format!("/lador/{id}/boka"),
            rules: wording::rules(t, &policy, held.map(|held| policy::count(id, first, last, &held))),
            kit_name: kit_type.name,
            first_day: first,
            last_day: last,
            key: Uuid::now_v7(),
            units,
            unit: refused.errors.field("unit", typed.unit.as_str()),
            override_reason: refused.override_reason,
            more_href: address(id, "fler", (first, last), &with),
            with: names.into_iter().map(companion).collect(),
            refusal: refusal.map(|refusal| Refusal { queue_href: queue_href.filter(|_| refused.full), ..refusal }),
            errors: refused.errors.0,
            courses,
        },
    ))
}

/// The refusals that a place in the queue helps against.
const FULL: [&str; 3] = ["loan.no_kit_free", "loan.never_free", "loan.repeat"];

/// Why a form was refused, taken apart.
struct RefusedForm {
    /// What is wrong with a field of the form.
    errors: Errors,
    /// Why the days cannot be had.
    reason: String,
    next: Option<PeriodView>,
    /// It is because others have the kits, so that one may wait for one.
    full: bool,
    counted: Vec<LoanId>,
    /// Staff may go past the rule that says no.
    override_reason: Option<Field>,
}

impl RefusedForm {
    /// `fields` are those that stand in the form to be filled in; what is wrong with others is why the days cannot be had.
    fn of(error: Option<Error>, t: Texts, fields: &[&str], override_reason: &str, who: &Person) -> Result<Self, Error> {
        let extra = |name: &str| match &error {
            Some(Error::Problem(problem)) => problem.extra.get(name).cloned().unwrap_or_default(),
            _ => serde_json::Value::Null,
        };
        let about_the_reason = matches!(&error, Some(Error::Problem(problem))
            if problem.fields.iter().any(|field| field.field == "override_reason"));
        let full = error.as_ref().is_some_and(|error| FULL.contains(&error.code()));
        let overridable = extra("overridable") == true || about_the_reason;
        let counted = serde_json::from_value(extra("loans")).unwrap_or_default();
        let next = serde_json::from_value(extra("next_free")).unwrap_or_default();
        let errors = error.map(|error| Errors::of(error, t)).transpose()?.unwrap_or_default();
        let in_the_form = |error: &FieldError| fields.contains(&error.field.as_str());
        let (errors, others): (Vec<_>, Vec<_>) = errors.0.into_iter().partition(in_the_form);
        let errors = Errors(errors);
        let reason: Vec<String> = others.into_iter().map(|error| error.text).collect();
        let override_reason = (overridable && who.is_staff()).then(|| errors.field("override_reason", override_reason));
        Ok(Self { errors, reason: reason.join(" "), next, full, counted, override_reason })
    }

    /// Why the days cannot be had, if they cannot; `period` leads to the next that can.
    fn refusal(&self, period: impl Fn(PeriodView) -> Period, loans: Vec<Link>) -> Option<Refusal> {
        let reason = Some(self.reason.clone()).filter(|reason| !reason.is_empty())?;
        Some(Refusal { reason, queue_href: None, next: self.next.map(period), loans })
    }
}

/// A loan in one line that leads to its page.
fn link_to(t: Texts, loan: &LoanView) -> Link {
    let weeks = t.weeks(loan.first_day, loan.last_day);
    Link { href: format!("/lan/{}", loan.id), words: format!("{} · {weeks}", loan.kit_type.name) }
}

/// Loans, each in one line that leads to its page.
fn links_to(conn: &mut Conn, who: &Person, t: Texts, loans: &[LoanId], today: NaiveDate) -> Result<Vec<Link>, Error> {
    let mut links = Vec::new();
    for id in loans {
        links.push(link_to(t, &visible_loan(conn, who, *id, today)?));
    }
    Ok(links)
}

/// The most types offered to be reserved together with another.
const OFFERED: u32 = 24;

#[derive(Template)]
#[template(path = "loans/more_types.html")]
struct MoreTypesPage {
    t: Texts,
    page: Page,
    weeks: String,
    first_day: NaiveDate,
    last_day: NaiveDate,
    back_href: String,
    action: String,
    search: String,
    q: Field,
    types: Vec<Choice>,
    chosen: Field,
}

/// Types that are free on the same days, to choose from.
async fn more_types(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<KitTypeId>,
    sent: web::Query<Sent>,
) -> Result<HttpResponse, Error> {
    let (t, id, organisation) = (texts(&request), *id, who.organisation.clone());
    let today = organisation.today(app.clock.now());
    let day = |name: &str| sent.text(name).parse().map_err(|_| Error::not_found("request.no_such_page"));
    let (first, last): (NaiveDate, NaiveDate) = (day("fran")?, day("till")?);
    let with = companions(&sent, id);
    let q = sent.text("q").to_owned();
    let (wished, wanted) = (q.clone(), with.clone());
    let types: Vec<(KitTypeId, String)> = app
        .db
        .read(move |conn| {
            let filter = kits::Filter { q: Some(wished), ..kits::Filter::default() };
            let wish = Wanted { first_day: first, last_day: last, about: false };
            let paging = Paging { limit: Some(OFFERED), cursor: None };
            let found = queries::catalogue(conn, &organisation, &filter, Some(wish), &paging, today)?;
            let mut types: Vec<(KitTypeId, String)> = store::types(conn, &wanted)?
                .into_iter()
                .filter(|other| other.organisation_id == organisation.id)
                .map(|other| (other.id, other.name))
                .collect();
            for view in found.items.into_iter().filter(|view| view.free_kits.is_some_and(|free| free > 0)) {
                let other = view.kit_type.id;
                if other != id && !types.iter().any(|(known, _)| *known == other) {
                    types.push((other, view.kit_type.name));
                }
            }
            Ok(types)
        })
        .await?;
    let choice = |(other, name): (KitTypeId, String)| Choice {
        checked: with.contains(&other),
        value: other.to_string(),
        label: name,
    };
    Ok(page::ok(&MoreTypesPage {
        t,
        page: Page::new(&request, &t.s("loans-more-types")),
        weeks: t.weeks(first, last),
        first_day: first,
        last_day: last,
        back_href: address(id, "boka", (first, last), &with),
        action: format!("/lador/{id}/boka"),
        search: format!("/lador/{id}/fler"),
        q: Field { value: q, error: None },
        types: types.into_iter().map(choice).collect(),
        chosen: Field::default(),
    }))
}

async fn reserve(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<KitTypeId>,
    form: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let day = |name: &str| form.text(name).parse().map_err(|_| Error::invalid(name, "field.day"));
    let days: (NaiveDate, NaiveDate) = (day("first_day")?, day("last_day")?);
    let typed = Typed {
        unit: form.text("unit").to_owned(),
        override_reason: form.text("override_reason").to_owned(),
        with: companions(&form, *id),
    };
    let key = form.text("key").parse().map_err(|_| Error::invalid("key", "field.missing"))?;
    match reserved(&app, &who, *id, days, &typed, key).await {
        Ok(loan) => Ok(see_other(&format!("/lan/{loan}?bokad=ja"))),
        Err(error) => {
            let builder = HttpResponse::build(error.status_code());
            reserve_page(&request, &app, &who, *id, days, &typed, Some(error), builder).await
        }
    }
}

async fn reserved(
    app: &App,
    who: &Person,
    id: KitTypeId,
    (first_day, last_day): (NaiveDate, NaiveDate),
    typed: &Typed,
    key: Uuid,
) -> Result<LoanId, Error> {
    let (unit, with) = (typed.unit.clone(), typed.with.clone());
    let override_reason = Some(typed.override_reason.clone()).filter(|reason| !reason.is_empty());
    let others: String = with.iter().map(ToString::to_string).collect();
    let parts = [
        &id.to_string(),
        &unit,
        &first_day.to_string(),
        &last_day.to_string(),
        typed.override_reason.as_str(),
        &others,
    ];
    let key = Key::of_form(key, &parts);
    let (context, who) = (Context::of(who, app), who.clone());
    command::once(app, context.by, key, move |tx| {
        let unit_id = accounts::unit_named(tx, context.organisation.id, &unit)?;
        may_act_for(&who, unit_id)?;
        actions::may_override(&who, override_reason.as_deref())?;
        let override_reason = override_reason.clone();
        if with.is_empty() {
            let wish = Reserve { kit_type_id: id, unit_id, first_day, last_day, override_reason };
            return Ok(actions::reserve(tx, &context, &wish)?.id);
        }
        let kit_type_ids = std::iter::once(id).chain(with.iter().copied()).collect();
        let wish = ReserveBundle { kit_type_ids, unit_id, first_day, last_day, override_reason };
        let loans = bundle::reserve(tx, &context, &wish)?;
        let own = loans.iter().find(|loan| loan.kit_type_id == id);
        Ok(own.ok_or_else(|| Fault::new("a bundle without its first type"))?.id)
    })
    .await
}

#[derive(Template)]
#[template(path = "loans/mine.html")]
struct MinePage {
    t: Texts,
    page: Page,
    unit: String,
    blocked: Vec<String>,
    key: Uuid,
    offers: Vec<EntryWords>,
    queued: Vec<EntryWords>,
    to_pay: Vec<LoanRow>,
    at_home: Vec<LoanRow>,
    coming: Vec<LoanRow>,
    past: Vec<LoanRow>,
    older: Option<String>,
    /// The units that can have a calendar.
    calendars: Vec<(UnitId, String)>,
}

/// A loan in a list.
struct LoanRow {
    href: String,
    kit: String,
    code: Option<String>,
    days: String,
    note: String,
    status: Tag,
    evaluation_href: Option<String>,
}

impl LoanRow {
    fn new(t: Texts, loan: &LoanView, several_units: bool) -> Self {
        let weeks = t.weeks(loan.first_day, loan.last_day);
        let days = if loan.status.is_open() {
            wording::days(t, loan.first_day, loan.last_day)
        } else {
            format!("{} – {}", t.date(loan.first_day), t.date(loan.last_day))
        };
        let note = match (loan.status, loan.evaluation_due) {
            (Status::Received, Some(due)) => t.v("loans-note-due", "day", due),
            (Status::Out, _) => t.v("loans-note-back", "day", loan.last_day),
            _ => String::new(),
        };
        let unit = if several_units { loan.unit.name.as_str() } else { "" };
        let note = [unit, note.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        Self {
            href: format!("/lan/{}", loan.id),
            kit: loan.kit_type.name.clone(),
            code: shown_code(loan),
            days: format!("{weeks} · {days}"),
            note,
            status: wording::status(t, loan),
            evaluation_href: Some(wording::evaluation_page(loan)).filter(|_| wording::can_be_evaluated(loan)),
        }
    }
}

/// The code of the kit, once it is sure which kit it is.
fn shown_code(loan: &LoanView) -> Option<String> {
    let sure = matches!(loan.status, Status::Ready | Status::Out | Status::Received | Status::Returned | Status::Lost);
    sure.then(|| loan.kit_code.to_string())
}

async fn mine(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let (organisation, units, now) = (who.organisation.clone(), who.units.clone(), app.clock.now());
    let paging = Paging { limit: Some(PAST_LOANS), cursor: paging.into_inner().cursor };
    type Known = (Vec<(UnitId, String)>, Vec<EntryView>, Vec<LoanView>, Listing<LoanView>);
    let (names, queue, open, past): Known = app
        .db
        .read(move |conn| {
            let today = organisation.today(now);
            Ok((
                accounts::unit_names(conn, organisation.id, Some(&units))?,
                queue::open_of_units(conn, &organisation, &units, today)?,
                queries::open_loans(conn, &organisation, &units, today)?,
                queries::past_loans(conn, &organisation, &units, &paging, today)?,
            ))
        })
        .await?;
    let several = names.len() > 1;
    let queue = queue.iter().map(|entry| EntryWords::new(t, &who.organisation, entry, now));
    let (offers, queued): (Vec<_>, Vec<_>) = queue.partition(|entry| entry.to_answer);
    let rows = |statuses: &[Status]| -> Vec<LoanRow> {
        let of_these = open.iter().rev().filter(|loan| statuses.contains(&loan.status));
        of_these.map(|loan| LoanRow::new(t, loan, several)).collect()
    };
    Ok(page::ok(&MinePage {
        t,
        page: Page::new(&request, &t.s("nav-loans")),
        unit: match names.as_slice() {
            [(_, name)] => name.clone(),
            _ => who.name.clone(),
        },
        blocked: blocked(t, &names, &open),
        key: Uuid::now_v7(),
        offers,
        queued,
        to_pay: rows(&[Status::Received]),
        at_home: rows(&[Status::Out]),
        coming: rows(&[Status::Reserved, Status::Ready]),
        past: past.items.iter().map(|loan| LoanRow::new(t, loan, several)).collect(),
        older: past.next.map(|cursor| format!("/vara-lan?cursor={cursor}")),
        calendars: names,
    }))
}

/// Why units get nothing new, each that gets nothing with its own reason.
fn blocked(t: Texts, units: &[(UnitId, String)], open: &[LoanView]) -> Vec<String> {
    let reason = |(id, name): &(UnitId, String)| {
        let owed = open.iter().filter(|loan| loan.unit.id == *id && loan.evaluation_overdue);
        let owed: Vec<NaiveDate> = owed.filter_map(|loan| loan.evaluation_due).collect();
        let due = *owed.iter().min()?;
        let text = t.a("error-unit-evaluation_overdue", &[("count", owed.len().into()), ("due", due.into())]);
        Some(if units.len() > 1 { format!("{name}: {text}") } else { text })
    };
    units.iter().filter_map(reason).collect()
}

#[derive(Template)]
#[template(path = "loans/confirmation.html")]
struct ConfirmationPage {
    t: Texts,
    page: Page,
    /// What was reserved together with it.
    together: Vec<String>,
    kit_name: String,
    unit: String,
    weeks: String,
    hand_out: String,
    hand_back: String,
    evaluation_due: String,
    loan_href: String,
    all_href: &'static str,
    mail_to: String,
    missing_courses: String,
    van: Option<String>,
}

impl ConfirmationPage {
    /// What is reserved, in a sentence.
    fn confirmed(&self) -> String {
        let weeks = ("weeks", self.weeks.as_str().into());
        if self.together.is_empty() {
            return self.t.a("loans-confirmed", &[("kit", self.kit_name.as_str().into()), weeks]);
        }
        self.t.a("loans-all-confirmed", &[("count", (self.together.len() + 1).into()), weeks])
    }
}

#[derive(Template)]
#[template(path = "loans/loan.html")]
struct LoanPage {
    t: Texts,
    page: Page,
    id: LoanId,
    key: Uuid,
    kit: String,
    kit_href: String,
    code: Option<String>,
    unit: String,
    weeks: String,
    hand_out: String,
    hand_back: String,
    status: Tag,
    evaluation: Option<Tag>,
    evaluation_due: Option<String>,
    evaluation_href: Option<String>,
    answers_href: Option<String>,
    contents: Option<Link>,
    /// Where its delivery note is, for the warehouse.
    delivery_note: Option<String>,
    release_reason: Option<String>,
    history: Vec<Happening>,
    at_risk: bool,
    missing_courses: String,
    /// When the van brings and fetches the kit.
    van: Option<String>,
    can_cancel: bool,
    /// What was reserved together with it.
    together: Vec<Link>,
    can_cancel_all: bool,
    can_change: bool,
    extension: Option<Extension>,
    can_release: bool,
    reason: Field,
    errors: Vec<FieldError>,
    back_href: &'static str,
}

/// Something that happened to a loan.
struct Happening {
    when: String,
    what: String,
}

/// The extension that is offered.
struct Extension {
    last_day: NaiveDate,
    words: String,
    /// Staff may go past a rule, with a reason.
    may_override: bool,
}

#[derive(Deserialize)]
struct Shown {
    bokad: Option<String>,
}

async fn show(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<LoanId>,
    shown: web::Query<Shown>,
) -> Result<HttpResponse, Error> {
    let known = known(&app, &who, *id, texts(&request)).await?;
    if shown.bokad.is_some() && known.loan.status == Status::Reserved {
        return Ok(page::ok(&confirmation(&request, &who, &known)));
    }
    Ok(page::ok(&loan_page(&request, &app, &who, known, Errors::default(), String::new())))
}

fn confirmation(request: &HttpRequest, who: &Person, known: &Known) -> ConfirmationPage {
    let (t, loan) = (texts(request), &known.loan);
    let due = u64::try_from(who.organisation.evaluation_due_days).unwrap_or(0);
    ConfirmationPage {
        t,
        page: Page::new(request, &loan.kit_type.name),
        together: known.together.iter().map(|other| other.kit_type.name.clone()).collect(),
        kit_name: loan.kit_type.name.clone(),
        unit: loan.unit.name.clone(),
        weeks: t.weeks(loan.first_day, loan.last_day),
        hand_out: t.day(loan.first_day),
        hand_back: t.day(loan.last_day),
        evaluation_due: t.day(rules::days_after(loan.last_day, due)),
        loan_href: format!("/lan/{}", loan.id),
        all_href: list_of(who),
        mail_to: who.email.clone(),
        missing_courses: course_gate::names(&loan.missing_courses),
        van: known.van.clone(),
    }
}

/// When the van brings and fetches the kit of a loan, in words, and that this is later than it should be.
fn van(t: Texts, weekday: Option<i32>, loan: &LoanView, opening: &Opening, today: NaiveDate) -> Option<String> {
    let (brought, fetched) = visits(weekday?, (loan.first_day, loan.last_day), today, opening);
    let brings = brought.map(|day| t.v("loans-van-brings", "day", day));
    let fetches = fetched.map(|day| t.v("loans-van-fetches", "day", day));
    let late = fetched.filter(|day| *day > loan.last_day).map(|_| t.s("loans-van-late"));
    let words = match loan.status {
        Status::Reserved | Status::Ready => [brings, fetches, late],
        Status::Out => [None, fetches, late],
        _ => return None,
    };
    Some(words.into_iter().flatten().collect::<Vec<_>>().join(" ")).filter(|words| !words.is_empty())
}

/// The list from which this person came to a loan.
fn list_of(who: &Person) -> &'static str {
    if who.is(Role::Borrower) {
        "/vara-lan"
    } else if who.is(Role::Warehouse) {
        "/lager"
    } else {
        "/lador"
    }
}

/// A loan and what its page tells besides.
struct Known {
    loan: LoanView,
    together: Vec<LoanView>,
    longest: i32,
    opening: Opening,
    events: Vec<Event>,
    van: Option<String>,
}

async fn known(app: &App, who: &Person, id: LoanId, t: Texts) -> Result<Known, Error> {
    let (who, now) = (who.clone(), app.clock.now());
    app.db.read(move |conn| know(conn, &who, id, who.organisation.today(now), t)).await
}

fn know(conn: &mut Conn, who: &Person, id: LoanId, today: NaiveDate, t: Texts) -> Result<Known, Error> {
    let loan = visible_loan(conn, who, id, today)?;
    let kit_type = store::find_type(conn, who.organisation_id(), loan.kit_type.id)?
        .ok_or_else(|| Error::not_found("kit_type.not_found"))?;
    let events = events::list(conn, who.organisation_id(), Some(id.uuid().into()), None, EVENTS)?;
    let opening = opening::opening(conn, who.organisation_id(), today)?;
    let together = queries::together(conn, &who.organisation, &loan, today)?;
    let unit = find_unit(conn, who.organisation_id(), loan.unit.id)?;
    let van = van(t, unit.and_then(|unit| unit.delivery_weekday), &loan, &opening, today);
    Ok(Known { loan, together, longest: kit_type.loan_days, opening, events, van })
}

fn loan_page(request: &HttpRequest, app: &App, who: &Person, known: Known, errors: Errors, reason: String) -> LoanPage {
    let t = texts(request);
    let Known { loan, together, longest, opening, events, van } = known;
    let owes = matches!(loan.status, Status::Out | Status::Received) && !loan.evaluation.is_settled();
    LoanPage {
        t,
        page: Page::new(request, &loan.kit_type.name),
        id: loan.id,
        key: Uuid::now_v7(),
        kit: loan.kit_type.name.clone(),
        kit_href: format!("/lador/{}", loan.kit_type.id),
        code: shown_code(&loan),
        unit: loan.unit.name.clone(),
        weeks: t.weeks(loan.first_day, loan.last_day),
        hand_out: t.day(loan.first_day),
        hand_back: t.day(loan.last_day),
        status: wording::status(t, &loan),
        evaluation: Some(wording::evaluation(t, &loan))
            .filter(|_| loan.status.is_open() || loan.status == Status::Returned),
        evaluation_due: loan.evaluation_due.filter(|_| owes).map(|due| t.day(due)),
        evaluation_href: Some(wording::evaluation_page(&loan))
            .filter(|_| wording::can_be_evaluated(&loan) && who.writes_for(loan.unit.id)),
        answers_href: Some(wording::sent_page(&loan))
            .filter(|_| loan.evaluation == EvaluationState::Submitted && who.writes_for(loan.unit.id)),
        contents: Some(Link { href: format!("/lan/{}/innehall", loan.id), words: t.s("contents-do-before_return") })
            .filter(|_| loan.status == Status::Out && who.writes_for(loan.unit.id)),
        delivery_note: Some(format!("/lager/lan/{}/foljesedel.pdf", loan.id))
            .filter(|_| who.is(Role::Warehouse) && (loan.status.is_before_hand_out() || loan.status == Status::Out)),
        history: events.iter().filter_map(|event| happening(t, who, event)).collect(),
        at_risk: loan.at_risk,
        missing_courses: course_gate::names(&loan.missing_courses),
        van,
        can_cancel: loan.status.is_before_hand_out(),
        can_cancel_all: loan.status.is_before_hand_out()
            && together.iter().any(|other| other.status.is_before_hand_out()),
        together: together.iter().map(|other| link_to(t, other)).collect(),
        can_change: loan.status.is_before_hand_out(),
        extension: extension(t, who, &loan, longest, &opening, who.organisation.today(app.clock.now())),
        can_release: owes && (who.is(Role::Developer) || who.is(Role::Admin)),
        reason: errors.field("reason", reason),
        errors: errors.0,
        back_href: list_of(who),
        release_reason: loan.release_reason,
    }
}

/// An event in words; none for those that only concern the program.
fn happening(t: Texts, who: &Person, event: &Event) -> Option<Happening> {
    let what = TOLD.iter().find(|what| event.action.strip_prefix("loan.") == Some(**what))?;
    let last_day = event.change.0.pointer("/to/last_day").and_then(|day| day.as_str()?.parse::<NaiveDate>().ok());
    let day = last_day.map(|day| t.day(day)).unwrap_or_default();
    let first_day = event.change.0.pointer("/to/first_day").and_then(|day| day.as_str()?.parse::<NaiveDate>().ok());
    let first = first_day.map(|day| t.day(day)).unwrap_or_default();
    let reason = event.change.0.get("reason").and_then(|reason| reason.as_str()).unwrap_or_default();
    Some(Happening {
        what: t.a(
            &format!("loans-event-{what}"),
            &[("first", first.into()), ("day", day.into()), ("reason", reason.into())],
        ),
        when: t.moment(event.at, who.organisation.zone()),
    })
}

/// A week more, or as much of it as the type and the warehouse's open days allow.
fn extension(
    t: Texts,
    who: &Person,
    loan: &LoanView,
    longest: i32,
    opening: &Opening,
    today: NaiveDate,
) -> Option<Extension> {
    if !matches!(loan.status, Status::Reserved | Status::Ready | Status::Out) {
        return None;
    }
    let most = u64::try_from(i64::from(longest) + EXTENSION_DAYS).unwrap_or(0);
    let latest = rules::days_after(loan.last_day, 7).min(rules::days_after(loan.first_day, most));
    let later = rules::days_after(loan.last_day, 1).max(today).iter_days().take_while(|day| *day <= latest);
    let last_day = later.filter(|day| opening.is_open(*day)).last()?;
    Some(Extension { last_day, words: t.day(last_day), may_override: who.is_staff() })
}

/// Runs a command on a loan that the person may touch, once however often the form is sent; shows the loan again when it
/// cannot be done. `done` names what was done, `reason` stands in the form that releases.
#[expect(clippy::too_many_arguments, reason = "a form and all that stands in it")]
async fn on_loan(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    id: LoanId,
    key: Key,
    done: &str,
    reason: String,
    command: impl Fn(&mut Tx<'_>, &Context) -> Result<Loan, Error> + Send + 'static,
) -> Result<HttpResponse, Error> {
    let (context, person) = (Context::of(who, app), who.clone());
    let changed = command::once(app, context.by, key, move |tx| {
        actions::own_loan(tx, &context, &person, id)?;
        command(tx, &context)?;
        Ok(())
    })
    .await;
    match changed {
        Ok(()) => Ok(see_other(&format!("/lan/{id}?klart={done}"))),
        Err(error) => {
            let builder = HttpResponse::build(error.status_code());
            let errors = Errors::of(error, texts(request))?;
            let known = known(app, who, id, texts(request)).await?;
            Ok(page::html(builder, &loan_page(request, app, who, known, errors, reason)))
        }
    }
}

/// The form that calls a reservation off.
#[derive(Deserialize)]
struct CancelForm {
    /// All that was reserved together with it, too.
    #[serde(default)]
    all: String,
    key: Uuid,
}

async fn cancel(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<LoanId>,
    form: web::Form<CancelForm>,
) -> Result<HttpResponse, Error> {
    let (id, all) = (*id, !form.all.is_empty());
    let key = Key::of_form(form.key, &["cancel", &id.to_string(), &form.all]);
    let person = (*who).clone();
    on_loan(&request, &app, &who, id, key, "cancelled", String::new(), move |tx, context| {
        if all { bundle::cancel(tx, context, &person, id) } else { actions::cancel(tx, context, id) }
    })
    .await
}

#[derive(Template)]
#[template(path = "loans/change.html")]
struct ChangePage {
    t: Texts,
    page: Page,
    kit: String,
    unit: String,
    weeks: String,
    days: String,
    loan_href: String,
    action: String,
    key: Uuid,
    first_day: Field,
    last_day: Field,
    override_reason: Option<Field>,
    rules: Vec<String>,
    errors: Vec<FieldError>,
    refusal: Option<Refusal>,
}

/// What stands in the form with other days.
#[derive(Deserialize)]
struct ChangeForm {
    #[serde(default)]
    first_day: String,
    #[serde(default)]
    last_day: String,
    #[serde(default)]
    override_reason: String,
    key: Uuid,
}

async fn ask_change(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<LoanId>,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, Error> {
    let form = ChangeForm {
        first_day: wish.fran.clone().unwrap_or_default(),
        last_day: wish.till.clone().unwrap_or_default(),
        override_reason: String::new(),
        key: Uuid::now_v7(),
    };
    change_page(&request, &app, &who, *id, &form, None, HttpResponse::Ok()).await
}

async fn change_page(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    id: LoanId,
    form: &ChangeForm,
    error: Option<Error>,
    builder: HttpResponseBuilder,
) -> Result<HttpResponse, Error> {
    let t = texts(request);
    let (person, now) = (who.clone(), app.clock.now());
    let refused = RefusedForm::of(error, t, &["override_reason"], form.override_reason.as_str(), who)?;
    let counted = refused.counted.clone();
    let (loan, policy, counted) = app
        .db
        .read(move |conn| {
            let today = person.organisation.today(now);
            let loan = visible_loan(conn, &person, id, today)?;
            let policy = policies::of_type(conn, person.organisation_id(), loan.kit_type.id)?;
            Ok((loan, policy, links_to(conn, &person, t, &counted, today)?))
        })
        .await?;
    if !loan.status.is_before_hand_out() {
        return Ok(see_other(&format!("/lan/{id}")));
    }
    let typed = |text: &str, day: NaiveDate| if text.is_empty() { day.to_string() } else { text.to_owned() };
    let next = |next: PeriodView| {
        let href = format!("/lan/{id}/andra?fran={}&till={}", next.first_day, next.last_day);
        Period { href, ..Period::new(t, loan.kit_type.id, next.first_day, next.last_day) }
    };
    let refusal = refused.refusal(next, counted);
    let page = ChangePage {
        t,
        page: Page::new(request, &t.s("loans-change")),
        kit: loan.kit_type.name.clone(),
        unit: loan.unit.name.clone(),
        weeks: t.weeks(loan.first_day, loan.last_day),
        days: wording::days(t, loan.first_day, loan.last_day),
        loan_href: format!("/lan/{id}"),
        action: format!("/lan/{id}/andra"),
        key: Uuid::now_v7(),
        first_day: refused.errors.field("first_day", typed(&form.first_day, loan.first_day)),
        last_day: refused.errors.field("last_day", typed(&form.last_day, loan.last_day)),
        rules: wording::rules(t, &policy, None),
        override_reason: refused.override_reason,
        errors: refused.errors.0,
        refusal,
    };
    Ok(page::html(builder, &page))
}

async fn change(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<LoanId>,
    form: web::Form<ChangeForm>,
) -> Result<HttpResponse, Error> {
    match changed(&app, &who, *id, &form).await {
        Ok(()) => Ok(see_other(&format!("/lan/{id}?klart=changed"))),
        Err(error) => {
            let builder = HttpResponse::build(error.status_code());
            change_page(&request, &app, &who, *id, &form, Some(error), builder).await
        }
    }
}

async fn changed(app: &App, who: &Person, id: LoanId, form: &ChangeForm) -> Result<(), Error> {
    let day = |field: &str, text: &str| text.parse().map_err(|_| Error::invalid(field, "field.day"));
    let days = ChangeDays {
        first_day: day("first_day", &form.first_day)?,
        last_day: day("last_day", &form.last_day)?,
        override_reason: Some(form.override_reason.clone()).filter(|reason| !reason.is_empty()),
    };
    actions::may_override(who, days.override_reason.as_deref())?;
    let parts = ["change", &id.to_string(), &form.first_day, &form.last_day, &form.override_reason];
    let key = Key::of_form(form.key, &parts);
    let (context, who) = (Context::of(who, app), who.clone());
    command::once(app, context.by, key, move |tx| {
        actions::own_loan(tx, &context, &who, id)?;
        actions::change(tx, &context, id, &days)?;
        Ok(())
    })
    .await
}

#[derive(Deserialize)]
struct ExtendForm {
    last_day: NaiveDate,
    #[serde(default)]
    override_reason: String,
    key: Uuid,
}

async fn extend(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<LoanId>,
    form: web::Form<ExtendForm>,
) -> Result<HttpResponse, Error> {
    let (id, last_day) = (*id, form.last_day);
    let override_reason = Some(form.override_reason.clone()).filter(|reason| !reason.is_empty());
    actions::may_override(&who, override_reason.as_deref())?;
    let parts = ["extend", &id.to_string(), &last_day.to_string(), &form.override_reason];
    let (key, wish) = (Key::of_form(form.key, &parts), Extend { last_day, override_reason });
    on_loan(&request, &app, &who, id, key, "extended", String::new(), move |tx, context| {
        actions::extend(tx, context, id, &wish)
    })
    .await
}

#[derive(Deserialize)]
struct ReleaseForm {
    reason: String,
    key: Uuid,
}

/// Ends the links to the evaluation that were mailed.
async fn end_links(app: App, who: Releaser, id: web::Path<LoanId>) -> Result<HttpResponse, Error> {
    let (context, id) = (Context::of(&who, &app), *id);
    app.db.write(move |tx| evaluation_links::end(tx, &context, id)).await?;
    Ok(see_other(&format!("/lan/{id}?klart=links-ended")))
}

async fn release(
    request: HttpRequest,
    app: App,
    who: Releaser,
    id: web::Path<LoanId>,
    form: web::Form<ReleaseForm>,
) -> Result<HttpResponse, Error> {
    let (id, reason) = (*id, form.reason.clone());
    let key = Key::of_form(form.key, &["release", &id.to_string(), &reason]);
    on_loan(&request, &app, &who, id, key, "released", form.reason.clone(), move |tx, context| {
        actions::release(tx, context, id, &reason)
    })
    .await
}
