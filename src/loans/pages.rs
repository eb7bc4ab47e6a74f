//! Pages for whoever borrows: reserve, see one's loans, change them.

use crate::accounts::queries as accounts;
use crate::accounts::rules::Role;
use crate::accounts::session::{Person, Releaser, SignedIn};
use crate::courses::queries as courses;
use crate::courses::wording::{Notice, notices};
use crate::loans::actions::may_act_for;
use crate::loans::actions::{self, Context, Reserve};
use crate::loans::course_gate;
use crate::loans::queries;
use crate::loans::queries::visible_loan;
use crate::loans::queue::queries as queue;
use crate::loans::queue::views::EntryView;
use crate::loans::queue::wording::EntryWords;
use crate::loans::rules::{self, EXTENSION_DAYS, Status};
use crate::loans::store::{self, Loan, TypeRules};
use crate::loans::views::{LoanView, PeriodView};
use crate::loans::wording::{self, Period};
use crate::opening::rules::Opening;
use crate::opening::store as opening;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::events::{self, Event};
use crate::platform::idempotency::Key;
use crate::platform::ids::{KitTypeId, LoanId, UnitId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Tag};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::paging::{Listing, Paging};
use crate::platform::web::{command, texts};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

type App = web::Data<AppState>;

/// Loans that are over, on one page.
const PAST_LOANS: u32 = 10;
/// Events read for the history of a loan.
const EVENTS: i64 = 100;
/// The events that concern those who borrow.
const TOLD: [&str; 9] =
    ["reserved", "ready", "handed_out", "extended", "received", "evaluated", "released", "cancelled", "not_collected"];

/// The routes of this feature.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/lador/{id}/boka", web::get().to(ask))
        .route("/lador/{id}/boka", web::post().to(reserve))
        .route("/vara-lan", web::get().to(mine))
        .route("/lan/{id}", web::get().to(show))
        .route("/lan/{id}/avboka", web::post().to(cancel))
        .route("/lan/{id}/forlang", web::post().to(extend))
        .route("/lan/{id}/efterskank", web::post().to(release));
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
    errors: Vec<FieldError>,
    refusal: Option<Refusal>,
    courses: Vec<Notice>,
}

/// Why a kit cannot be reserved, and when it can.
struct Refusal {
    reason: String,
    queue_href: String,
    next: Option<Period>,
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
    wish: web::Query<Wish>,
) -> Result<HttpResponse, Error> {
    let (organisation, now, id) = (who.organisation.clone(), app.clock.now(), *id);
    let read = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<NaiveDate>().ok());
    let (first, last) = (read(&wish.fran), read(&wish.till));
    let (first, last) = app
        .db
        .read(move |conn| {
            let today = organisation.today(now);
            let plan = queries::plan(conn, &organisation, id, today)?;
            let longest = plan.kit_type.loan_days;
            let free = plan.next_free(today, longest);
            let first = first.or(free.map(|(first, _)| first)).unwrap_or(today);
            let last = last.filter(|last| *last >= first);
            let days = u64::try_from(longest).unwrap_or(0);
            let latest = || plan.opening.last_day(first, days).unwrap_or_else(|| rules::days_after(first, days));
            Ok((first, last.unwrap_or_else(latest)))
        })
        .await?;
    reserve_page(&request, &app, &who, id, (first, last), "", None, HttpResponse::Ok()).await
}

/// The last look before a reservation is made, or the same with why it was not.
#[expect(clippy::too_many_arguments, reason = "a form and all that stands in it")]
async fn reserve_page(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    id: KitTypeId,
    (first, last): (NaiveDate, NaiveDate),
    unit: &str,
    error: Option<Error>,
    builder: HttpResponseBuilder,
) -> Result<HttpResponse, Error> {
    let t = texts(request);
    let refusal = error.map(|error| refused(error, t, id)).transpose()?;
    let (errors, refusal) = refusal.unwrap_or_default();
    let organisation = who.organisation.clone();
    let own = if who.is_staff() { None } else { Some(who.units.clone()) };
    let (person, today) = (who.clone(), organisation.today(app.clock.now()));
    let (kit_type, units, courses): (TypeRules, Vec<(UnitId, String)>, Vec<Notice>) = app
        .db
        .read(move |conn| {
            let kit_type =
                store::find_type(conn, organisation.id, id)?.ok_or_else(|| Error::not_found("kit_type.not_found"))?;
            let courses = notices(t, &courses::asked(conn, &person, id, first, today)?);
            Ok((kit_type, accounts::unit_names(conn, organisation.id, own.as_deref())?, courses))
        })
        .await?;
    let chosen = |id: &UnitId| id.to_string() == unit || (unit.is_empty() && who.units.as_slice() == [*id]);
    let units = units
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
            kit_name: kit_type.name,
            first_day: first,
            last_day: last,
            key: Uuid::now_v7(),
            units,
            unit: errors.field("unit", unit),
            errors: errors.0,
            refusal: refusal.map(|refusal| Refusal { queue_href: format!("/lador/{id}/ko?fran={first}"), ..refusal }),
            courses,
        },
    ))
}

/// Splits an error into what is wrong with the choice of unit, and why the days cannot be had.
fn refused(error: Error, t: Texts, kit_type: KitTypeId) -> Result<(Errors, Option<Refusal>), Error> {
    let next = match &error {
        Error::Problem(problem) => problem.extra.get("next_free").cloned(),
        Error::Fault(_) => None,
    };
    let next = next
        .and_then(|next| serde_json::from_value::<Option<PeriodView>>(next).ok().flatten())
        .map(|next| Period::new(t, kit_type, next.first_day, next.last_day));
    let (about_unit, others): (Vec<_>, Vec<_>) =
        Errors::of(error, t)?.0.into_iter().partition(|error| error.field == "unit");
    let reason: Vec<String> = others.into_iter().map(|error| error.text).collect();
    let refusal = Some(Refusal { reason: reason.join(" "), queue_href: String::new(), next })
        .filter(|refusal| !refusal.reason.is_empty());
    Ok((Errors(about_unit), refusal))
}

#[derive(Deserialize)]
struct ReserveForm {
    #[serde(default)]
    unit: String,
    first_day: NaiveDate,
    last_day: NaiveDate,
    key: Uuid,
}

async fn reserve(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<KitTypeId>,
    form: web::Form<ReserveForm>,
) -> Result<HttpResponse, Error> {
    let (first_day, last_day) = (form.first_day, form.last_day);
    match reserved(&app, &who, *id, &form).await {
        Ok(loan) => Ok(see_other(&format!("/lan/{loan}?bokad=ja"))),
        Err(error) => {
            let builder = HttpResponse::build(error.status_code());
            reserve_page(&request, &app, &who, *id, (first_day, last_day), &form.unit, Some(error), builder).await
        }
    }
}

async fn reserved(app: &App, who: &Person, id: KitTypeId, form: &ReserveForm) -> Result<LoanId, Error> {
    let unit_id: UnitId = form.unit.parse().map_err(|_| Error::invalid("unit", "field.missing"))?;
    let wish = Reserve { kit_type_id: id, unit_id, first_day: form.first_day, last_day: form.last_day };
    may_act_for(who, unit_id)?;
    let key =
        Key::of_form(form.key, &[&id.to_string(), &form.unit, &form.first_day.to_string(), &form.last_day.to_string()]);
    let context = Context::of(who, app);
    command::once(app, context.by, key, move |tx| Ok(actions::reserve(tx, &context, &wish)?.id)).await
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
    release_reason: Option<String>,
    history: Vec<Happening>,
    at_risk: bool,
    missing_courses: String,
    can_cancel: bool,
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
    let known = known(&app, &who, *id).await?;
    if shown.bokad.is_some() && known.loan.status == Status::Reserved {
        return Ok(page::ok(&confirmation(&request, &who, &known.loan)));
    }
    Ok(page::ok(&loan_page(&request, &app, &who, known, Errors::default(), String::new())))
}

fn confirmation(request: &HttpRequest, who: &Person, loan: &LoanView) -> ConfirmationPage {
    let t = texts(request);
    let due = u64::try_from(who.organisation.evaluation_due_days).unwrap_or(0);
    ConfirmationPage {
        t,
        page: Page::new(request, &loan.kit_type.name),
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
    }
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
    longest: i32,
    opening: Opening,
    events: Vec<Event>,
}

async fn known(app: &App, who: &Person, id: LoanId) -> Result<Known, Error> {
    let (who, now) = (who.clone(), app.clock.now());
    app.db.read(move |conn| know(conn, &who, id, who.organisation.today(now))).await
}

fn know(conn: &mut Conn, who: &Person, id: LoanId, today: NaiveDate) -> Result<Known, Error> {
    let loan = visible_loan(conn, who, id, today)?;
    let kit_type = store::find_type(conn, who.organisation_id(), loan.kit_type.id)?
        .ok_or_else(|| Error::not_found("kit_type.not_found"))?;
    let events = events::list(conn, who.organisation_id(), Some(id.uuid().into()), None, EVENTS)?;
    let opening = opening::opening(conn, who.organisation_id(), today)?;
    Ok(Known { loan, longest: kit_type.loan_days, opening, events })
}

fn loan_page(request: &HttpRequest, app: &App, who: &Person, known: Known, errors: Errors, reason: String) -> LoanPage {
    let t = texts(request);
    let Known { loan, longest, opening, events } = known;
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
        history: events.iter().filter_map(|event| happening(t, who, event)).collect(),
        at_risk: loan.at_risk,
        missing_courses: course_gate::names(&loan.missing_courses),
        can_cancel: loan.status.is_before_hand_out(),
        extension: extension(t, &loan, longest, &opening, who.organisation.today(app.clock.now())),
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
    Some(Happening {
        what: t.v(&format!("loans-event-{what}"), "day", day),
        when: t.moment(event.at, who.organisation.zone()),
    })
}

/// A week more, or as much of it as the type and the warehouse's open days allow.
fn extension(t: Texts, loan: &LoanView, longest: i32, opening: &Opening, today: NaiveDate) -> Option<Extension> {
    if !matches!(loan.status, Status::Reserved | Status::Ready | Status::Out) {
        return None;
    }
    let most = u64::try_from(i64::from(longest) + EXTENSION_DAYS).unwrap_or(0);
    let latest = rules::days_after(loan.last_day, 7).min(rules::days_after(loan.first_day, most));
    let later = rules::days_after(loan.last_day, 1).max(today).iter_days().take_while(|day| *day <= latest);
    let last_day = later.filter(|day| opening.is_open(*day)).last()?;
    Some(Extension { last_day, words: t.day(last_day) })
}

/// A form on a loan's page that has nothing to fill in.
#[derive(Deserialize)]
struct KeyForm {
    key: Uuid,
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
            let known = known(app, who, id).await?;
            Ok(page::html(builder, &loan_page(request, app, who, known, errors, reason)))
        }
    }
}

async fn cancel(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<LoanId>,
    form: web::Form<KeyForm>,
) -> Result<HttpResponse, Error> {
    let id = *id;
    let key = Key::of_form(form.key, &["cancel", &id.to_string()]);
    on_loan(&request, &app, &who, id, key, "cancelled", String::new(), move |tx, context| {
        actions::cancel(tx, context, id)
    })
    .await
}

#[derive(Deserialize)]
struct ExtendForm {
    last_day: NaiveDate,
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
    let key = Key::of_form(form.key, &["extend", &id.to_string(), &last_day.to_string()]);
    on_loan(&request, &app, &who, id, key, "extended", String::new(), move |tx, context| {
        actions::extend(tx, context, id, last_day)
    })
    .await
}

#[derive(Deserialize)]
struct ReleaseForm {
    reason: String,
    key: Uuid,
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
