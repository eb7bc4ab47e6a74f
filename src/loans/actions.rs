//! What is done with loans: reserve, cancel, extend, pack, release; and what their evaluation's progress makes of them.
//! Handing out and receiving stand in `scan`.

use crate::accounts::session::Person;
use crate::accounts::store::{self as accounts, Organisation};
use crate::kits::actions as kits;
use crate::kits::code::Code;
use crate::kits::store::{Kit, lock_kit_type};
use crate::loans::allocation::Span;
use crate::loans::checks::actions as checks;
use crate::loans::checks::store as to_check;
use crate::loans::mails::{self, Kind};
use crate::loans::planning::{Placement, Plan};
use crate::loans::policy::{self, Broken, Held};
use crate::loans::queue::actions as queue;
use crate::loans::queue::store::others_waiting;
use crate::loans::risk;
use crate::loans::rules::{self, EvaluationState, READY_DAYS, Status};
use crate::loans::service::actions as service;
use crate::loans::service::store as jobs;
use crate::loans::store::{self, Holder, Loan};
use crate::loans::summer::actions as summer;
use crate::opening::store as opening;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::error::{Error, FieldError};
use crate::platform::events::{self, By};
use crate::platform::ids::{BundleId, KitId, KitTypeId, LoanId, UnitId};
use crate::platform::state::App;
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;

/// The longest reason for a release or for going past a rule, in characters.
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
    /// Why staff go past a rule of the lender that the wish breaks; the reason is kept.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000)]
    pub override_reason: Option<String>,
}

/// Who works for the lender may go past its rules, with a reason.
///
/// # Errors
/// `loan.may_not_override` for others who give one.
pub fn may_override(who: &Person, reason: Option<&str>) -> Result<(), Error> {
    if reason.is_none() || who.is_staff() { Ok(()) } else { Err(Error::forbidden("loan.may_not_override")) }
}

/// A written reason as it is kept.
///
/// # Errors
/// `field.missing`, `field.too_long`.
pub(super) fn written(field: &str, reason: &str) -> Result<String, FieldError> {
    let reason = reason.trim();
    if reason.is_empty() {
        Err(FieldError::new(field, "field.missing"))
    } else if reason.chars().count() > LONGEST_REASON {
        Err(FieldError::new(field, "field.too_long").arg("most", LONGEST_REASON))
    } else {
        Ok(reason.to_owned())
    }
}

/// Reserves a kit of a type: takes it, or says why not and when it works.
///
/// # Errors
/// `kit_type.not_found`, `unit.not_found`, `kit_type.retired`, `request.invalid` (the period, the reason),
/// `unit.evaluation_overdue`, the lender's rules (see [`policy`](crate::loans::policy)), and `loan.no_kit_free`; with
/// `next_free` where another period would work.
pub fn reserve(tx: &mut Tx<'_>, context: &Context, wish: &Reserve) -> Result<Loan, Error> {
    lock_kit_type(tx, wish.kit_type_id)?;
    let loan = reserve_one(tx, context, wish, None)?;
    mails::send(tx, &context.organisation, &context.site, &loan, Kind::Reserved, context.by.now)?;
    Ok(loan)
}

/// Reserves a kit of a type that is locked, by itself or in a bundle, and tells nobody yet.
///
/// # Errors
/// Those of [`reserve`].
pub(super) fn reserve_one(
    tx: &mut Tx<'_>,
    context: &Context,
    wish: &Reserve,
    bundle: Option<BundleId>,
) -> Result<Loan, Error> {
    let organisation = &context.organisation;
    let kit_type = store::find_type(tx, organisation.id, wish.kit_type_id)?
        .ok_or_else(|| Error::not_found("kit_type.not_found"))?;
    if kit_type.retired_at.is_some() {
        return Err(Error::refused("kit_type.retired"));
    }
    accounts::find_unit(tx, organisation.id, wish.unit_id)?.ok_or_else(|| Error::not_found("unit.not_found"))?;
    // Who waits has the right to what is free.
    queue::serve(tx, context, &kit_type)?;
    let plan = Plan::load(tx, organisation, kit_type, context.today())?;
    let held = held(tx, context, &plan, wish.unit_id)?;
    let (first_day, last_day) = (wish.first_day, wish.last_day);
    if plan.kits.is_empty() {
        return Err(no_kit_free(&plan, &held, first_day, last_day));
    }
    rules::check_days(first_day, last_day, &plan.opening, context.today())
        .map_err(|wrong| with_next_free(wrong.into(), &plan, &held, first_day, last_day))?;
    refuse_if_owing(tx, wish.unit_id, context.today())?;
    let mut broken = broken_count(&plan, &held, first_day, last_day);
    broken.extend(plan.check_first_day(first_day).err());
    broken.extend(broken_length(&plan, first_day, last_day));
    broken.extend(repeated(tx, &plan, wish.unit_id, (first_day, last_day), None)?);
    // No reason goes past this one, so it is told first.
    let place = plan
        .accept(LoanId::new(), plan.span(first_day, last_day), None)
        .ok_or_else(|| no_kit_free(&plan, &held, first_day, last_day))?;
    let waived = waived(&broken, wish.override_reason.as_deref())
        .map_err(|refusal| with_next_free(refusal, &plan, &held, first_day, last_day))?;
    let unit_id = wish.unit_id;
    let promise = Promise { loan: place.loan, unit_id, first_day, last_day };
    let loan = Loan { bundle_id: bundle, ..reservation(context, wish.kit_type_id, place.kit, &promise) };
    store::insert(tx, &loan)?;
    plan.place(tx, context.by, &place)?;
    tell_reserved(tx, context, &loan)?;
    note_waived(tx, context, loan.id, waived)?;
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
        bundle_id: None,
    }
}

/// Notes that a loan is reserved.
///
/// # Errors
/// When the database fails.
pub(super) fn tell_reserved(tx: &mut Tx<'_>, context: &Context, loan: &Loan) -> Result<(), Error> {
    let to = json!({ "status": loan.status, "unit": loan.unit_id, "kit": loan.kit_id, "bundle": loan.bundle_id,
                     "first_day": loan.first_day, "last_day": loan.last_day });
    events::append(tx, context.by, loan.id, "loan.reserved", json!({ "to": to }))
}

/// Other days for a reservation.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeDays {
    /// The new first day.
    pub first_day: NaiveDate,
    /// The new last day.
    pub last_day: NaiveDate,
    /// Why staff go past a rule of the lender that the new days break; the reason is kept.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000)]
    pub override_reason: Option<String>,
}

/// Gives a reservation other days, or leaves it as it is and says why. The same is asked as of a new one, but not of a day
/// that stays. A kit that is packed stays with its loan.
///
/// # Errors
/// `loan.not_found`, `loan.not_changeable`, `loan.packed`, and those of [`reserve`].
pub fn change(tx: &mut Tx<'_>, context: &Context, id: LoanId, days: &ChangeDays) -> Result<Loan, Error> {
    let mut loan = locked_loan(tx, context, id)?;
    if !loan.status.is_before_hand_out() {
        return Err(refused(&loan, "loan.not_changeable"));
    }
    let (first_day, last_day) = (days.first_day, days.last_day);
    if (first_day, last_day) == (loan.first_day, loan.last_day) {
        return Ok(loan);
    }
    // Who waits has the right to what is free; that may have moved this one.
    queue::settle(tx, context, loan.kit_type_id)?;
    loan = the_loan(tx, context, id)?;
    let plan = plan(tx, context, loan.kit_type_id)?;
    let others = plan.without(id);
    let mut held = held(tx, context, &plan, loan.unit_id)?;
    held.retain(|other| other.loan != id);
    let stays = |wrong: &FieldError| match wrong.field.as_str() {
        "first_day" => first_day == loan.first_day,
        _ => last_day == loan.last_day && wrong.code.starts_with("day."),
    };
    let mut wrong = rules::check_days(first_day, last_day, &plan.opening, context.today()).err().unwrap_or_default();
    wrong.retain(|wrong| !stays(wrong));
    if !wrong.is_empty() {
        return Err(with_next_free(wrong.into(), &others, &held, first_day, last_day));
    }
    refuse_if_owing(tx, loan.unit_id, context.today())?;
    let mut broken = broken_count(&plan, &held, first_day, last_day);
    broken.extend(plan.check_first_day(first_day).err().filter(|_| first_day != loan.first_day));
    let longer = last_day - first_day > loan.last_day - loan.first_day;
    broken.extend(broken_length(&plan, first_day, last_day).filter(|_| longer));
    broken.extend(repeated(tx, &plan, loan.unit_id, (first_day, last_day), Some(id))?);
    let span = plan.span(first_day, last_day);
    let place = if loan.status == Status::Reserved {
        others.accept(id, span, Some(loan.kit_id)).ok_or_else(|| no_kit_free(&others, &held, first_day, last_day))?
    } else {
        let soon = first_day <= rules::days_after(context.today(), READY_DAYS);
        plan.pin(id, loan.kit_id, span).ok().filter(|_| soon).ok_or_else(|| Error::refused("loan.packed"))?
    };
    let waived = waived(&broken, days.override_reason.as_deref())
        .map_err(|refusal| with_next_free(refusal, &others, &held, first_day, last_day))?;
    plan.place(tx, context.by, &place)?;
    let change = json!({ "from": { "first_day": loan.first_day, "last_day": loan.last_day, "kit": loan.kit_id },
                         "to": { "first_day": first_day, "last_day": last_day, "kit": place.kit } });
    (loan.first_day, loan.last_day, loan.kit_id) = (first_day, last_day, place.kit);
    store::save(tx, &mut loan)?;
    events::append(tx, context.by, id, "loan.changed", change)?;
    note_waived(tx, context, id, waived)?;
    settle(tx, context, loan.kit_type_id)?;
    let kind = Kind::Changed(i64::from(loan.version));
    mails::send(tx, &context.organisation, &context.site, &loan, kind, context.by.now)?;
    Ok(loan)
}

/// The loans that count against the unit's limits, with every other write that counts them kept waiting if there are any.
fn held(tx: &mut Tx<'_>, context: &Context, plan: &Plan, unit: UnitId) -> Result<Vec<Held>, Error> {
    if plan.policy.kits_at_once.is_some() {
        store::lock_unit(tx, unit)?;
    }
    store::held(tx, unit, context.today())
}

/// The rules on how many kits a unit has at once that a wish breaks.
fn broken_count(plan: &Plan, held: &[Held], first_day: NaiveDate, last_day: NaiveDate) -> Vec<Broken> {
    plan.policy.check_count(plan.kit_type.id, first_day, last_day, held).err().unwrap_or_default()
}

/// The longest loan of the type, if the wish is longer.
fn broken_length(plan: &Plan, first_day: NaiveDate, last_day: NaiveDate) -> Option<Broken> {
    let longest = plan.kit_type.loan_days;
    let latest = rules::days_after(first_day, u64::try_from(longest).unwrap_or(0));
    (last_day > latest).then_some(Broken::TooLong { days: longest, latest })
}

/// The rule that a unit does not get a type twice in a row while others wait for it, if the wish breaks it.
fn repeated(
    conn: &mut Conn,
    plan: &Plan,
    unit: UnitId,
    (first_day, last_day): (NaiveDate, NaiveDate),
    except: Option<LoanId>,
) -> Result<Option<Broken>, Error> {
    let kit_type = plan.kit_type.id;
    let repeats = plan.policy.no_repeat
        && store::has_about(conn, unit, kit_type, (first_day, last_day), except)?
        && others_waiting(conn, kit_type, unit, plan.span(first_day, last_day), plan.today)?;
    Ok(repeats.then_some(Broken::Repeat))
}

/// Rules that are gone past, with the reason; none when none is broken.
///
/// # Errors
/// The refusal when no reason is given, `request.invalid` when it is none.
fn waived(broken: &[Broken], reason: Option<&str>) -> Result<Option<serde_json::Value>, Error> {
    let reason = reason.map(|reason| written("override_reason", reason)).transpose()?;
    match reason {
        _ if broken.is_empty() => Ok(None),
        Some(reason) => {
            let rules: Vec<&str> = broken.iter().map(Broken::code).collect();
            Ok(Some(json!({ "rules": rules, "reason": reason })))
        }
        None => Err(policy::refusal(broken)),
    }
}

fn note_waived(
    tx: &mut Tx<'_>,
    context: &Context,
    loan: LoanId,
    waived: Option<serde_json::Value>,
) -> Result<(), Error> {
    match waived {
        Some(change) => events::append(tx, context.by, loan, "loan.rules_waived", change),
        None => Ok(()),
    }
}

/// The next period as long as this one that works, by the unit's limits too.
fn next_free(plan: &Plan, held: &[Held], first_day: NaiveDate, last_day: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let days = i32::try_from((last_day - first_day).num_days()).unwrap_or(0).clamp(0, plan.kit_type.loan_days);
    plan.next_free_if(first_day, days, |first, last| broken_count(plan, held, first, last).is_empty())
}

/// The refusal that says when it works.
fn no_kit_free(plan: &Plan, held: &[Held], first_day: NaiveDate, last_day: NaiveDate) -> Error {
    if plan.kits.is_empty() {
        return Error::refused("loan.no_kits").arg("type", plan.kit_type.name.as_str());
    }
    match next_free(plan, held, first_day, last_day) {
        Some((first, last)) => Error::refused("loan.no_kit_free")
            .arg("type", plan.kit_type.name.as_str())
            .arg("first", first)
            .arg("last", last)
            .with("next_free", json!({ "first_day": first, "last_day": last })),
        None => Error::refused("loan.never_free").arg("type", plan.kit_type.name.as_str()).with("next_free", ()),
    }
}

/// What is wrong with a period, with the next one of that length that works.
fn with_next_free(wrong: Error, plan: &Plan, held: &[Held], first_day: NaiveDate, last_day: NaiveDate) -> Error {
    match next_free(plan, held, first_day, last_day) {
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
///
/// # Errors
/// `kit_type.not_found`, or when the database fails.
pub(super) fn plan(tx: &mut Tx<'_>, context: &Context, kit_type: KitTypeId) -> Result<Plan, Error> {
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

/// Tells the units of these loans that the warehouse will be closed, from `closed` on, when a loan of theirs begins or ends.
///
/// # Errors
/// When the database fails.
pub fn tell_closed(tx: &mut Tx<'_>, context: &Context, loans: &[LoanId], closed: NaiveDate) -> Result<(), Error> {
    for id in loans {
        let loan = the_loan(tx, context, *id)?;
        mails::send(tx, &context.organisation, &context.site, &loan, Kind::Closed(closed), context.by.now)?;
    }
    Ok(())
}

/// Ends a reservation that nobody collected: its last day went by, or the days for which its kit is kept. A reservation
/// at risk is kept: there was nothing to collect.
///
/// # Errors
/// When the database fails.
pub fn not_collected(tx: &mut Tx<'_>, context: &Context, id: LoanId) -> Result<(), Error> {
    let mut loan = locked_loan(tx, context, id)?;
    let (plan, today) = (plan(tx, context, loan.kit_type_id)?, context.today());
    // With the closures that were, too: they kept the unit from coming.
    let opening = opening::opening(tx, context.organisation.id, loan.first_day)?;
    let kept = plan.policy.kept_until(&opening, loan.first_day).filter(|_| !plan.at_risk().contains(&id));
    let until = kept.map_or(loan.last_day, |day| day.min(loan.last_day));
    if loan.status.is_before_hand_out() && until < today {
        end(tx, context, &mut loan, Status::NotCollected, "loan.not_collected")?;
        mails::send(tx, &context.organisation, &context.site, &loan, Kind::NotCollected, context.by.now)?;
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
    settle(tx, context, loan.kit_type_id)
}

/// Finds places for the reservations of a type that lost theirs, and tells those whom it concerns what has come of it.
///
/// # Errors
/// When the database fails.
pub fn settle(tx: &mut Tx<'_>, context: &Context, kit_type: KitTypeId) -> Result<(), Error> {
    queue::settle(tx, context, kit_type)?;
    risk::tell(tx, context, kit_type)
}

/// A refusal that tells where the loan is.
fn refused(loan: &Loan, code: &'static str) -> Error {
    Error::refused(code).arg("status", loan.status.as_str()).with("loan_status", loan.status)
}

/// A longer loan.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Extend {
    /// The new last day.
    pub last_day: NaiveDate,
    /// Why staff go past a rule of the lender that the extension breaks; the reason is kept.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000)]
    pub override_reason: Option<String>,
}

/// Makes a loan longer.
///
/// # Errors
/// `loan.not_found`, `loan.not_extendable`, `request.invalid`, `unit.evaluation_overdue`, `loan.extension_taken` when another
/// needs the kit, `loan.others_wait` when another waits for days that it would take, and the rules on how many kits a unit
/// has at once.
pub fn extend(tx: &mut Tx<'_>, context: &Context, id: LoanId, wish: &Extend) -> Result<Loan, Error> {
    let last_day = wish.last_day;
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
    refuse_if_owing(tx, loan.unit_id, context.today())?;
    let more =
        Span { first: plan.span(loan.first_day, loan.last_day).end, end: plan.span(loan.first_day, last_day).end };
    if others_waiting(tx, loan.kit_type_id, loan.unit_id, more, context.today())? {
        return Err(Error::refused("loan.others_wait").arg("last_day", loan.last_day));
    }
    // A kit that is out has been since it left, be that early or late.
    let left = loan.handed_out_at.map(|at| context.organisation.today(at));
    let span = plan.span(left.unwrap_or(loan.first_day), last_day);
    let place = match loan.status {
        Status::Reserved => plan.without(id).accept(id, span, Some(loan.kit_id)),
        _ => plan.pin(id, loan.kit_id, span).ok(),
    };
    let place = place.ok_or_else(|| Error::refused("loan.extension_taken").arg("last_day", loan.last_day))?;
    // Only the days that are added count: what the unit has on the others was let through before.
    let mut held = held(tx, context, &plan, loan.unit_id)?;
    held.retain(|other| other.loan != id);
    let broken = broken_count(&plan, &held, rules::days_after(loan.last_day, 1), last_day);
    let waived = waived(&broken, wish.override_reason.as_deref())?;
    plan.place(tx, context.by, &place)?;
    let change = json!({ "from": { "last_day": loan.last_day, "kit": loan.kit_id },
                         "to": { "last_day": last_day, "kit": place.kit } });
    loan.last_day = last_day;
    loan.kit_id = place.kit;
    store::save(tx, &mut loan)?;
    events::append(tx, context.by, id, "loan.extended", change)?;
    note_waived(tx, context, id, waived)?;
    Ok(loan)
}

/// Notes that a kit is packed. From now on the reservation keeps it. It is the reservation's own kit if that is in the
/// house, else another one of the type.
///
/// # Errors
/// `loan.not_found`, `loan.not_packable`, `loan.ready_too_early`; and when no kit can be packed for it, what keeps its own:
/// `kit.out`, `kit.awaiting_evaluation`, `kit.packed`, `kit.unchecked`, or else `loan.at_risk`.
pub fn ready(tx: &mut Tx<'_>, context: &Context, id: LoanId) -> Result<Loan, Error> {
    let loan = locked_loan(tx, context, id)?;
    refuse_to_pack(context, &loan)?;
    let plan = plan(tx, context, loan.kit_type_id)?;
    let span = plan.span(loan.first_day, loan.last_day);
    let gate = context.organisation.evaluation_gate;
    let mut kits: Vec<&Kit> = Vec::new();
    let mut unchecked = None;
    for kit in plan.kits.iter().filter(|kit| plan.keeper(kit.id).is_none()) {
        if to_check::must_be_checked(tx, gate, kit.id)? {
            unchecked = unchecked.or(Some(kit).filter(|kit| kit.id == loan.kit_id));
        } else {
            kits.push(kit);
        }
    }
    kits.sort_by_key(|kit| kit.id != loan.kit_id);
    let place = kits.into_iter().map(|kit| kit.id).find_map(|kit| plan.with_kit_in_order(kit).pin(id, kit, span).ok());
    let Some(place) = place else {
        return Err(match (plan.keeper(loan.kit_id).cloned(), unchecked) {
            (Some(keeper), _) => kept(tx, context, &keeper)?,
            (None, Some(kit)) => unchecked_kit(kit),
            (None, None) => Error::refused("loan.at_risk"),
        });
    };
    pack(tx, context, &plan, &place, loan)
}

/// Why a kit that came in must be checked before it leaves.
pub fn unchecked_kit(kit: &Kit) -> Error {
    Error::refused("kit.unchecked").arg("code", kit.code.to_string()).with("kit_code", kit.code)
}

/// Refuses to pack what has been packed, or is for later.
///
/// # Errors
/// `loan.not_packable`, `loan.ready_too_early`.
pub fn refuse_to_pack(context: &Context, loan: &Loan) -> Result<(), Error> {
    if loan.status != Status::Reserved {
        return Err(refused(loan, "loan.not_packable"));
    }
    let opens = rules::days_before(loan.first_day, READY_DAYS);
    if context.today() < opens {
        return Err(Error::refused("loan.ready_too_early").arg("day", opens));
    }
    Ok(())
}

/// Packs the kit of a placement for a loan that may be packed.
///
/// # Errors
/// When the database fails.
pub fn pack(tx: &mut Tx<'_>, context: &Context, plan: &Plan, place: &Placement, mut loan: Loan) -> Result<Loan, Error> {
    store::cut_turnaround(tx, place.kit, context.organisation.evaluation_gate, context.today())?;
    summer::is_in_use(tx, context.by, place.kit)?;
    plan.place(tx, context.by, place)?;
    let change = json!({ "from": { "status": loan.status, "kit": loan.kit_id },
                         "to": { "status": Status::Ready, "kit": place.kit } });
    loan.kit_id = place.kit;
    loan.status = Status::Ready;
    loan.ready_at = Some(context.by.now);
    store::save(tx, &mut loan)?;
    events::append(tx, context.by, loan.id, "loan.ready", change)?;
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
            let code = if code == "kit.reserved" { "kit.offered" } else { code };
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
/// `kit.unknown_code`, `kit.retired`, `kit.on_loan` while a loan keeps it, `kit.reserved` when a reservation has no other,
/// `kit.offered` when an offer has none.
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
    service::call_off_all(tx, context, kit.id)?;
    to_check::needs_no_check(tx, kit.id)?;
    kits::retire_kit(tx, context.by, &kit)?;
    risk::tell(tx, context, kit.kit_type_id)
}

/// Takes a loan's kit out of its packing: the loan may have another one.
///
/// # Errors
/// When the database fails.
pub fn unpack(tx: &mut Tx<'_>, context: &Context, loan: &mut Loan) -> Result<(), Error> {
    loan.status = Status::Reserved;
    loan.ready_at = None;
    store::save(tx, loan)?;
    let change = json!({ "from": { "status": Status::Ready }, "to": { "status": loan.status } });
    events::append(tx, context.by, loan.id, "loan.unpacked", change)
}

/// Notes that a kit is lost: it is out of use until it turns up. Its reservations move to other kits of the type; those
/// for which there is none are at risk, since it is gone in any case.
///
/// # Errors
/// `kit.unknown_code`, `kit.retired`, `kit.on_loan` while it is out, or back from a loan that is not over.
pub fn lose_kit(tx: &mut Tx<'_>, context: &Context, code: &Code) -> Result<(), Error> {
    let kit = kits::live_kit(tx, context.by, code)?.1;
    let mut plan = plan(tx, context, kit.kit_type_id)?;
    match plan.keeper(kit.id).cloned() {
        Some(mut loan) if loan.status == Status::Ready => {
            unpack(tx, context, &mut loan)?;
            plan = plan.with_loan(&loan);
        }
        Some(loan) => {
            let unit = unit_name(tx, context, &loan)?;
            return Err(Error::refused("kit.on_loan").arg("unit", unit).with("loan_id", loan.id));
        }
        None => (),
    }
    let others = plan.make_do_without(kit.id);
    plan.vacate(tx, context.by, kit.id, &others)?;
    service::call_off_all(tx, context, kit.id)?;
    kits::mark_lost(tx, context.by, &kit)?;
    risk::tell(tx, context, kit.kit_type_id)
}

/// Takes a kit that was lost into use again, for those who wait for one. What it lacked before, it lacks still.
///
/// # Errors
/// `kit.unknown_code`, `kit.not_lost`, `kit_type.retired`.
pub fn bring_back_kit(tx: &mut Tx<'_>, context: &Context, code: &Code) -> Result<(), Error> {
    let kit = kits::bring_back(tx, context.by, code)?;
    checks::follow(tx, context, &kit)?;
    settle(tx, context, kit.kit_type_id)
}

/// Releases a loan from its evaluation.
///
/// # Errors
/// `loan.not_found`, `request.invalid` (the reason), `loan.not_releasable` when it owes none.
pub fn release(tx: &mut Tx<'_>, context: &Context, id: LoanId, reason: &str) -> Result<Loan, Error> {
    let reason = written("reason", reason)?;
    let mut loan = locked_loan(tx, context, id)?;
    if loan.evaluation.is_settled() || !matches!(loan.status, Status::Out | Status::Received) {
        return Err(refused(&loan, "loan.not_releasable"));
    }
    loan.released_at = Some(context.by.now);
    loan.released_by = context.by.person;
    loan.release_reason = Some(reason.clone());
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
    let returned = Kind::Returned(i64::from(loan.version));
    let kind = if loan.status == Status::Returned { returned } else { Kind::Evaluated };
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
    store::unclaim(tx, loan.id)?;
    let plan = plan(tx, context, loan.kit_type_id)?;
    plan.settle(tx, context.by)?;
    put_in_order(tx, context, loan, &plan)?;
    jobs::hold(tx, loan.kit_id)?;
    queue::serve(tx, context, &plan.kit_type)?;
    risk::tell(tx, context, loan.kit_type_id)
}

/// Claims a kit for the days it takes to get it in order after a loan that has let go of it.
fn put_in_order(tx: &mut Tx<'_>, context: &Context, loan: &Loan, plan: &Plan) -> Result<(), Error> {
    let today = context.today();
    let received = loan.received_at.map_or(today, |at| context.organisation.today(at));
    let span = plan.span(received, received);
    let next = store::next_claim(tx, loan.kit_id, loan.id, received)?;
    let end = next.map_or(span.end, |next| span.end.min(next));
    if end > today && end > received {
        store::claim(tx, Holder::Loan(loan.id), loan.kit_id, Span { first: received, end })?;
    }
    Ok(())
}

/// Gives a kit that did not leave after all the days back that it takes to get it in order, as far as they are left.
///
/// # Errors
/// When the database fails.
pub fn claim_turnaround(tx: &mut Tx<'_>, context: &Context, kit: KitId, plan: &Plan) -> Result<(), Error> {
    match store::last_received(tx, kit)? {
        Some(loan) if store::let_go(context.organisation.evaluation_gate).contains(&loan.status) => {
            put_in_order(tx, context, &loan, plan)
        }
        _ => Ok(()),
    }
}
