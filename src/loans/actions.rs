//! What is done with loans: reserve, cancel, extend, pack, release; and what their evaluation's progress makes of them.
//! Handing out and receiving stand in `scan`.

use crate::accounts::session::Person;
use crate::accounts::store::{self as accounts, Organisation};
use crate::kits::actions as kits;
use crate::kits::code::Code;
use crate::kits::store::{Kit, lock_kit_type};
use crate::loans::allocation::Span;
use crate::loans::mails::{self, Kind};
use crate::loans::planning::Plan;
use crate::loans::queue::actions as queue;
use crate::loans::rules::{self, EvaluationState, READY_DAYS, Status};
use crate::loans::store::{self, Holder, Loan};
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::events::{self, By};
use crate::platform::ids::{KitId, KitTypeId, LoanId, UnitId};
use crate::platform::state::App;
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;

/// The longest reason for a release, in characters.
const LONGEST_REASON: usize = 1000;

/// Where an action happens: who acts and when, in which organisation, and at which address the program is found.
#[derive(Debug, Clone)]
pub struct Context {
    /// Who acts, and when.
    pub by: By,
    /// Where they act.
    pub organisation: Organisation,
    /// The program's address, for links in mails.
    pub site: String,
}

impl Context {
    /// This person, acting now.
    pub fn of(person: &Person, app: &App) -> Self {
        Self {
            by: person.by(app.clock.now()),
            organisation: person.organisation.clone(),
            site: app.config.public_url.clone(),
        }
    }

    /// The day it is in the organisation.
    pub fn today(&self) -> NaiveDate {
        self.organisation.today(self.by.now)
    }
}

/// A borrower acts for their own units only. Another organisation's unit is unknown rather than forbidden.
///
/// # Errors
/// `unit.not_yours`.
pub fn may_act_for(who: &Person, unit: UnitId) -> Result<(), Error> {
    if who.acts_for(unit) { Ok(()) } else { Err(Error::forbidden("unit.not_yours")) }
}

/// A wish for a kit.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    /// The type wished for; the kit is the program's to choose.
    pub kit_type_id: KitTypeId,
    /// The unit that borrows.
    pub unit_id: UnitId,
    /// The first day of the loan.
    pub first_day: NaiveDate,
    /// The last day of the loan.
    pub last_day: NaiveDate,
}

/// Reserves a kit of a type: takes it, or says why not and when it works.
///
/// # Errors
/// `kit_type.not_found`, `unit.not_found`, `kit_type.retired`, `request.invalid` (the period),
/// `unit.evaluation_overdue`, and `loan.no_kit_free` with `next_free`.
pub fn reserve(tx: &mut Tx<'_>, context: &Context, wish: &Reserve) -> Result<Loan, Error> {
    let today = context.today();
    let organisation = &context.organisation;
    lock_kit_type(tx, wish.kit_type_id)?;
    let kit_type = store::find_type(tx, organisation.id, wish.kit_type_id)?
        .ok_or_else(|| Error::not_found("kit_type.not_found"))?;
    if kit_type.retired_at.is_some() {
        return Err(Error::refused("kit_type.retired"));
    }
    accounts::find_unit(tx, organisation.id, wish.unit_id)?.ok_or_else(|| Error::not_found("unit.not_found"))?;
    // Who waits has the right to what is free.
    queue::serve(tx, context, &kit_type)?;
    let plan = Plan::load(tx, organisation, kit_type, today)?;
    rules::check_period(wish.first_day, wish.last_day, plan.kit_type.loan_days, &plan.opening, today)
        .map_err(|wrong| with_next_free(wrong.into(), &plan, wish.first_day, wish.last_day))?;
    refuse_if_owing(tx, wish.unit_id, today)?;
    let span = plan.span(wish.first_day, wish.last_day);
    let place =
        plan.accept(LoanId::new(), span, None).ok_or_else(|| no_kit_free(&plan, wish.first_day, wish.last_day))?;
    let (unit_id, first_day, last_day) = (wish.unit_id, wish.first_day, wish.last_day);
    let promise = Promise { loan: place.loan, unit_id, first_day, last_day };
    let loan = reservation(context, wish.kit_type_id, place.kit, &promise);
    store::insert(tx, &loan)?;
    plan.place(tx, context.by, &place)?;
    tell_reserved(tx, context, &loan)?;
    mails::send(tx, organisation, &context.site, &loan, Kind::Reserved, context.by.now)?;
    Ok(loan)
}

/// A loan that somebody who allocates kits among units has chosen.
#[derive(Debug, Clone, Copy)]
pub struct Promise {
    /// The loan to be.
    pub loan: LoanId,
    /// The unit that borrows.
    pub unit_id: UnitId,
    /// The first day of the loan.
    pub first_day: NaiveDate,
    /// The last day of the loan.
    pub last_day: NaiveDate,
}

/// Reserves kits of a type for several units at once, or none of them: the answer are those that cannot be had, since
/// nothing can begin or end on their days, or no kit is free. What a unit may take for itself and what it owes is not
/// asked, and no mails are sent: both are for whoever allocates. The type must be locked.
///
/// # Errors
/// When the database fails.
pub fn reserve_all(
    tx: &mut Tx<'_>,
    context: &Context,
    plan: &Plan,
    promises: &[Promise],
) -> Result<Vec<LoanId>, Error> {
    let (today, kit_type) = (context.today(), &plan.kit_type);
    let suits = |promise: &&Promise| {
        let (first, last) = (promise.first_day, promise.last_day);
        let period = rules::check_period(first, last, kit_type.loan_days, &plan.opening, today);
        kit_type.retired_at.is_none() && period.is_ok()
    };
    let (suiting, wrong): (Vec<&Promise>, Vec<&Promise>) = promises.iter().partition(suits);
    let span = |promise: &&Promise| (promise.loan, plan.span(promise.first_day, promise.last_day));
    let places = match plan.accept_all(&suiting.iter().map(span).collect::<Vec<_>>()) {
        Ok(places) if wrong.is_empty() => places,
        refused => {
            let full = refused.err().unwrap_or_default();
            return Ok(wrong.into_iter().map(|promise| promise.loan).chain(full).collect());
        }
    };
    let kit_of: HashMap<LoanId, KitId> = places.loans.iter().map(|(loan, kit, _)| (*loan, *kit)).collect();
    for promise in promises {
        let Some(kit) = kit_of.get(&promise.loan) else { continue };
        let loan = reservation(context, kit_type.id, *kit, promise);
        store::insert(tx, &loan)?;
        tell_reserved(tx, context, &loan)?;
    }
    plan.place_all(tx, context.by, &places)?;
    Ok(Vec::new())
}

/// A new reservation.
pub(super) fn reservation(context: &Context, kit_type_id: KitTypeId, kit_id: KitId, promise: &Promise) -> Loan {
    Loan {
        id: promise.loan,
        organisation_id: context.organisation.id,
        unit_id: promise.unit_id,
        kit_type_id,
        kit_id,
        first_day: promise.first_day,
        last_day: promise.last_day,
        status: Status::Reserved,
        evaluation: EvaluationState::NotStarted,
        evaluation_due: None,
        form_version_id: None,
        reserved_by: context.by.person,
        reserved_at: context.by.now,
        ready_at: None,
        handed_out_at: None,
        received_at: None,
        returned_at: None,
        ended_at: None,
        released_at: None,
        released_by: None,
        release_reason: None,
        version: 1,
    }
}

/// Notes that a loan is reserved.
///
/// # Errors
/// When the database fails.
pub(super) fn tell_reserved(tx: &mut Tx<'_>, context: &Context, loan: &Loan) -> Result<(), Error> {
    let to = json!({ "status": loan.status, "unit": loan.unit_id, "kit": loan.kit_id,
                     "first_day": loan.first_day, "last_day": loan.last_day });
    events::append(tx, context.by, loan.id, "loan.reserved", json!({ "to": to }))
}

/// The refusal that says when it works.
fn no_kit_free(plan: &Plan, first_day: NaiveDate, last_day: NaiveDate) -> Error {
    let days = i32::try_from((last_day - first_day).num_days()).unwrap_or(0);
    if plan.kits.is_empty() {
        return Error::refused("loan.no_kits").arg("type", plan.kit_type.name.as_str());
    }
    match plan.next_free(first_day, days) {
        Some((first, last)) => Error::refused("loan.no_kit_free")
            .arg("type", plan.kit_type.name.as_str())
            .arg("first", first)
            .arg("last", last)
            .with("next_free", json!({ "first_day": first, "last_day": last })),
        None => Error::refused("loan.never_free").arg("type", plan.kit_type.name.as_str()).with("next_free", ()),
    }
}

/// What is wrong with a period, with the next one of that length that works.
fn with_next_free(wrong: Error, plan: &Plan, first_day: NaiveDate, last_day: NaiveDate) -> Error {
    let days = i32::try_from((last_day - first_day).num_days()).unwrap_or(0).clamp(0, plan.kit_type.loan_days);
    match plan.next_free(first_day, days) {
        Some((first, last)) => wrong.with("next_free", json!({ "first_day": first, "last_day": last })),
        None => wrong,
    }
}

/// A unit that owes an evaluation gets nothing new until it is in.
///
/// # Errors
/// `unit.evaluation_overdue` with the loans that wait.
pub fn refuse_if_owing(conn: &mut Conn, unit: UnitId, today: NaiveDate) -> Result<(), Error> {
    let owed = store::owed_evaluations(conn, unit, today)?;
    match owed.first() {
        None => Ok(()),
        Some(first) => Err(Error::refused("unit.evaluation_overdue")
            .arg("count", owed.len())
            .arg("due", first.evaluation_due.unwrap_or(today))
            .with("loans", owed.iter().map(|loan| loan.id).collect::<Vec<_>>())),
    }
}

/// A loan of the organisation that the caller has checked they may touch.
///
/// # Errors
/// `loan.not_found`.
pub fn the_loan(conn: &mut Conn, context: &Context, id: LoanId) -> Result<Loan, Error> {
    store::find(conn, context.organisation.id, id)?.ok_or_else(|| Error::not_found("loan.not_found"))
}

/// A loan of the organisation, with every other write on its kit type kept waiting, so that what is decided about it
/// still holds when it is written.
///
/// # Errors
/// `loan.not_found`.
pub fn locked_loan(tx: &mut Tx<'_>, context: &Context, id: LoanId) -> Result<Loan, Error> {
    let kit_type = the_loan(tx, context, id)?.kit_type_id;
    lock_kit_type(tx, kit_type)?;
    the_loan(tx, context, id)
}

/// The same, of a loan that this person may touch.
///
/// # Errors
/// `loan.not_found`, also when it is another unit's.
pub fn own_loan(tx: &mut Tx<'_>, context: &Context, who: &Person, id: LoanId) -> Result<Loan, Error> {
    let loan = locked_loan(tx, context, id)?;
    if who.acts_for(loan.unit_id) { Ok(loan) } else { Err(Error::not_found("loan.not_found")) }
}

/// The plan of a kit type of the organisation, as it is today.
fn plan(tx: &mut Tx<'_>, context: &Context, kit_type: KitTypeId) -> Result<Plan, Error> {
    let kit_type = store::find_type(tx, context.organisation.id, kit_type)?
        .ok_or_else(|| Error::not_found("kit_type.not_found"))?;
    Plan::load(tx, &context.organisation, kit_type, context.today())
}

/// Calls a reservation off.
///
/// # Errors
/// `loan.not_found`, `loan.not_cancellable`.
pub fn cancel(tx: &mut Tx<'_>, context: &Context, id: LoanId) -> Result<Loan, Error> {
    let mut loan = locked_loan(tx, context, id)?;
    if !loan.status.is_before_hand_out() {
        return Err(refused(&loan, "loan.not_cancellable"));
    }
    end(tx, context, &mut loan, Status::Cancelled, "loan.cancelled")?;
    mails::send(tx, &context.organisation, &context.site, &loan, Kind::Cancelled, context.by.now)?;
    Ok(loan)
}

/// Ends a reservation whose days went by.
///
/// # Errors
/// When the database fails.
pub fn not_collected(tx: &mut Tx<'_>, context: &Context, id: LoanId) -> Result<(), Error> {
    let mut loan = locked_loan(tx, context, id)?;
    if loan.status.is_before_hand_out() && loan.last_day < context.today() {
        end(tx, context, &mut loan, Status::NotCollected, "loan.not_collected")?;
    }
    Ok(())
}

fn end(tx: &mut Tx<'_>, context: &Context, loan: &mut Loan, status: Status, action: &'static str) -> Result<(), Error> {
    let from = loan.status;
    loan.status = status;
    loan.ended_at = Some(context.by.now);
    store::save(tx, loan)?;
    store::unclaim(tx, loan.id)?;
    events::append(tx, context.by, loan.id, action, json!({ "from": { "status": from }, "to": { "status": status } }))?;
    queue::settle(tx, context, loan.kit_type_id)
}

/// A refusal that tells where the loan is.
fn refused(loan: &Loan, code: &'static str) -> Error {
    Error::refused(code).arg("status", loan.status.as_str()).with("loan_status", loan.status)
}

/// Makes a loan longer.
///
/// # Errors
/// `loan.not_found`, `loan.not_extendable`, `request.invalid`, `loan.extension_taken` when another needs the kit.
pub fn extend(tx: &mut Tx<'_>, context: &Context, id: LoanId, last_day: NaiveDate) -> Result<Loan, Error> {
    let mut loan = locked_loan(tx, context, id)?;
    if !matches!(loan.status, Status::Reserved | Status::Ready | Status::Out) {
        return Err(refused(&loan, "loan.not_extendable"));
    }
    // Who waits has the right to what is free; that may have moved this one.
    queue::settle(tx, context, loan.kit_type_id)?;
    loan = the_loan(tx, context, id)?;
    let plan = plan(tx, context, loan.kit_type_id)?;
    rules::check_extension(loan.first_day, loan.last_day, last_day, plan.kit_type.loan_days, context.today())?;
    plan.opening.check("last_day", last_day)?;
    // A kit that is out has been since it left, be that early or late.
    let left = loan.handed_out_at.map(|at| context.organisation.today(at));
    let span = plan.span(left.unwrap_or(loan.first_day), last_day);
    let place = match loan.status {
        Status::Reserved => plan.without(id).accept(id, span, Some(loan.kit_id)),
        _ => plan.pin(id, loan.kit_id, span).ok(),
    };
    let place = place.ok_or_else(|| Error::refused("loan.extension_taken").arg("last_day", loan.last_day))?;
    plan.place(tx, context.by, &place)?;
    let change = json!({ "from": { "last_day": loan.last_day, "kit": loan.kit_id },
                         "to": { "last_day": last_day, "kit": place.kit } });
    loan.last_day = last_day;
    loan.kit_id = place.kit;
    store::save(tx, &mut loan)?;
    events::append(tx, context.by, id, "loan.extended", change)?;
    Ok(loan)
}

/// Notes that a kit is packed. From now on the reservation keeps it. It is the reservation's own kit if that is in the
/// house, else another one of the type.
///
/// # Errors
/// `loan.not_found`, `loan.not_packable`, `loan.ready_too_early`; and when no kit can be packed for it, what keeps its own:
/// `kit.out`, `kit.awaiting_evaluation`, `kit.packed`, or else `loan.at_risk`.
pub fn ready(tx: &mut Tx<'_>, context: &Context, id: LoanId) -> Result<Loan, Error> {
    let mut loan = locked_loan(tx, context, id)?;
    if loan.status != Status::Reserved {
        return Err(refused(&loan, "loan.not_packable"));
    }
    let opens = rules::days_before(loan.first_day, READY_DAYS);
    if context.today() < opens {
        return Err(Error::refused("loan.ready_too_early").arg("day", opens));
    }
    let plan = plan(tx, context, loan.kit_type_id)?;
    let span = plan.span(loan.first_day, loan.last_day);
    let mut kits: Vec<KitId> = plan.kits.iter().map(|kit| kit.id).filter(|kit| plan.keeper(*kit).is_none()).collect();
    kits.sort_by_key(|kit| *kit != loan.kit_id);
    let place = kits.into_iter().find_map(|kit| plan.with_kit_in_order(kit).pin(id, kit, span).ok());
    let Some(place) = place else {
        return Err(match plan.keeper(loan.kit_id).cloned() {
            Some(keeper) => kept(tx, context, &keeper)?,
            None => Error::refused("loan.at_risk"),
        });
    };
    store::cut_turnaround(tx, place.kit, context.organisation.evaluation_gate, context.today())?;
    plan.place(tx, context.by, &place)?;
    let change = json!({ "from": { "status": loan.status, "kit": loan.kit_id },
                         "to": { "status": Status::Ready, "kit": place.kit } });
    loan.kit_id = place.kit;
    loan.status = Status::Ready;
    loan.ready_at = Some(context.by.now);
    store::save(tx, &mut loan)?;
    events::append(tx, context.by, id, "loan.ready", change)?;
    Ok(loan)
}

/// Why a kit cannot be had: the loan that keeps it.
///
/// # Errors
/// When the database fails.
pub fn kept(conn: &mut Conn, context: &Context, keeper: &Loan) -> Result<Error, Error> {
    let code = match keeper.status {
        Status::Ready => "kit.packed",
        Status::Received => "kit.awaiting_evaluation",
        _ => "kit.out",
    };
    Ok(Error::refused(code).arg("unit", unit_name(conn, context, keeper)?).with("loan_id", keeper.id))
}

/// Why a kit must stay: another loan would be left without one. `code` names the refusal.
///
/// # Errors
/// When the database fails.
pub fn promised(
    conn: &mut Conn,
    context: &Context,
    plan: &Plan,
    kit: &Kit,
    harmed: Option<LoanId>,
    code: &'static str,
) -> Result<Error, Error> {
    let other = harmed
        .and_then(|id| plan.loan(id))
        .or_else(|| plan.waiting().into_iter().filter(|loan| loan.kit_id == kit.id).min_by_key(|loan| loan.first_day));
    let Some(other) = other else {
        if let Some(offer) = harmed.and_then(|id| plan.offer(id)) {
            let unit = accounts::find_unit(conn, context.organisation.id, offer.unit)?;
            let unit = unit.map(|unit| unit.name).unwrap_or_default();
            return Ok(Error::refused(code).arg("unit", unit).arg("first", offer.first_day));
        }
        return Ok(Error::refused("kit.not_free").arg("code", kit.code.to_string()));
    };
    let unit = unit_name(conn, context, other)?;
    Ok(Error::refused(code).arg("unit", unit).arg("first", other.first_day).with("loan_id", other.id))
}

/// The name of the unit that borrows.
///
/// # Errors
/// When the database fails.
pub fn unit_name(conn: &mut Conn, context: &Context, loan: &Loan) -> Result<String, Error> {
    let unit = accounts::find_unit(conn, context.organisation.id, loan.unit_id)?;
    Ok(unit.map(|unit| unit.name).unwrap_or_default())
}

/// Retires a kit: it is never lent again, and its code goes to no other. Its reservations move to other kits of the type.
///
/// # Errors
/// `kit.unknown_code`, `kit.retired`, `kit.on_loan` while a loan keeps it, `kit.reserved` when a reservation has no other.
pub fn retire_kit(tx: &mut Tx<'_>, context: &Context, code: &Code) -> Result<(), Error> {
    let kit = kits::live_kit(tx, context.by, code)?.1;
    let plan = plan(tx, context, kit.kit_type_id)?;
    if let Some(keeper) = plan.keeper(kit.id) {
        let unit = unit_name(tx, context, keeper)?;
        return Err(Error::refused("kit.on_loan").arg("unit", unit).with("loan_id", keeper.id));
    }
    match plan.do_without(kit.id) {
        Ok(others) => plan.vacate(tx, context.by, kit.id, &others)?,
        Err(harmed) => return Err(promised(tx, context, &plan, &kit, harmed, "kit.reserved")?),
    }
    kits::retire_kit(tx, context.by, &kit)
}

/// Releases a loan from its evaluation.
///
/// # Errors
/// `loan.not_found`, `request.invalid` (the reason), `loan.not_releasable` when it owes none.
pub fn release(tx: &mut Tx<'_>, context: &Context, id: LoanId, reason: &str) -> Result<Loan, Error> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid("reason", "field.missing"));
    }
    if reason.chars().count() > LONGEST_REASON {
        return Err(Error::invalid_fields(vec![
            crate::platform::error::FieldError::new("reason", "field.too_long").arg("most", LONGEST_REASON),
        ]));
    }
    let mut loan = locked_loan(tx, context, id)?;
    if loan.evaluation.is_settled() || !matches!(loan.status, Status::Out | Status::Received) {
        return Err(refused(&loan, "loan.not_releasable"));
    }
    loan.released_at = Some(context.by.now);
    loan.released_by = context.by.person;
    loan.release_reason = Some(reason.to_owned());
    let from = loan.evaluation;
    settle_evaluation(tx, context, &mut loan, EvaluationState::Released)?;
    let change = json!({ "from": { "evaluation": from }, "to": { "evaluation": loan.evaluation, "status": loan.status },
                         "reason": reason });
    events::append(tx, context.by, id, "loan.released", change)?;
    mails::send(tx, &context.organisation, &context.site, &loan, Kind::Released, context.by.now)?;
    Ok(loan)
}

/// Notes on the loan that an evaluation has been begun.
///
/// # Errors
/// When the database fails.
pub fn evaluation_begun(tx: &mut Tx<'_>, context: &Context, loan: &mut Loan) -> Result<(), Error> {
    if loan.evaluation == EvaluationState::NotStarted {
        loan.evaluation = EvaluationState::Draft;
        store::save(tx, loan)?;
        let change =
            json!({ "from": { "evaluation": EvaluationState::NotStarted }, "to": { "evaluation": loan.evaluation } });
        events::append(tx, context.by, loan.id, "loan.evaluation_begun", change)?;
    }
    Ok(())
}

/// Notes on the loan that its evaluation is submitted; the row must be there already. A received loan is returned.
///
/// # Errors
/// When the database fails.
pub fn evaluation_submitted(tx: &mut Tx<'_>, context: &Context, loan: &mut Loan) -> Result<(), Error> {
    lock_kit_type(tx, loan.kit_type_id)?;
    let from = loan.status;
    settle_evaluation(tx, context, loan, EvaluationState::Submitted)?;
    let change = json!({ "from": { "status": from }, "to": { "status": loan.status, "evaluation": loan.evaluation } });
    events::append(tx, context.by, loan.id, "loan.evaluated", change)?;
    let kind = if loan.status == Status::Returned { Kind::Returned } else { Kind::Evaluated };
    mails::send(tx, &context.organisation, &context.site, loan, kind, context.by.now)
}

fn settle_evaluation(
    tx: &mut Tx<'_>,
    context: &Context,
    loan: &mut Loan,
    evaluation: EvaluationState,
) -> Result<(), Error> {
    let before = loan.status;
    loan.evaluation = evaluation;
    loan.status = rules::status_when_settled(loan.status);
    if loan.status == Status::Returned && before != Status::Returned {
        loan.returned_at = Some(context.by.now);
    }
    store::save(tx, loan)?;
    if loan.status == Status::Returned && before != Status::Returned {
        free_kit(tx, context, loan)?;
    }
    Ok(())
}

/// Gives the kit of a loan that holds it no longer back to the others. Those who wait for it come first; then it is
/// claimed only for the days it takes to get it in order, counted from its receipt, and not past the next loan. What is
/// left is the queue's.
///
/// # Errors
/// When the database fails.
pub fn free_kit(tx: &mut Tx<'_>, context: &Context, loan: &Loan) -> Result<(), Error> {
    let today = context.today();
    store::unclaim(tx, loan.id)?;
    let plan = plan(tx, context, loan.kit_type_id)?;
    plan.settle(tx, context.by)?;
    let received = loan.received_at.map_or(today, |at| context.organisation.today(at));
    let span = plan.span(received, received);
    let next = store::next_claim(tx, loan.kit_id, loan.id, received)?;
    let end = next.map_or(span.end, |next| span.end.min(next));
    if end > today && end > received {
        store::claim(tx, Holder::Loan(loan.id), loan.kit_id, Span { first: received, end })?;
    }
    queue::serve(tx, context, &plan.kit_type)
}
