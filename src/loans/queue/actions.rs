//! What is done with the queue: join and leave it, make offers, take and decline them.

use crate::accounts::rules::in_range;
use crate::accounts::session::Person;
use crate::accounts::store as accounts;
use crate::kits::store::lock_kit_type;
use crate::loans::actions::{Context, Promise, refuse_if_owing, reservation, tell_reserved};
use crate::loans::fairness;
use crate::loans::mails as loan_mails;
use crate::loans::planning::Plan;
use crate::loans::queries::owing_units;
use crate::loans::queue::mails::{self, Kind};
use crate::loans::queue::queries;
use crate::loans::queue::rules::{Status, Wish, answer_by, unhurried};
use crate::loans::queue::serving::{self, Served};
use crate::loans::queue::store::{self, Entry, Offer};
use crate::loans::rules::check_first_day;
use crate::loans::store::{self as loans, Loan, TypeRules};
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::error::{Arg, Error, FieldError, all_fields};
use crate::platform::events;
use crate::platform::ids::{KitTypeId, LoanId, QueueEntryId, UnitId};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeSet;

/// A wish for a kit within some weeks.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// The type wished for.
    pub kit_type_id: KitTypeId,
    /// The unit that wants to borrow.
    pub unit_id: UnitId,
    /// The day on which the loan may begin at the earliest.
    pub earliest_day: NaiveDate,
    /// The day by which the kit is to be back.
    pub latest_day: NaiveDate,
    /// Days from the first to the last that are wished for: as many as the type is lent for, if left out.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub days: Option<i32>,
}

/// Puts a unit in the queue. If a kit can be had and nobody else has a better right to it, it is offered at once.
///
/// # Errors
/// `kit_type.not_found`, `unit.not_found`, `kit_type.retired`, `loan.no_kits`, `request.invalid` (the days),
/// `queue.already_waiting`.
pub fn join(tx: &mut Tx<'_>, context: &Context, join: &Join) -> Result<Entry, Error> {
    let today = context.today();
    let organisation = &context.organisation;
    lock_kit_type(tx, join.kit_type_id)?;
    let kit_type = loans::find_type(tx, organisation.id, join.kit_type_id)?
        .ok_or_else(|| Error::not_found("kit_type.not_found"))?;
    if kit_type.retired_at.is_some() {
        return Err(Error::refused("kit_type.retired"));
    }
    accounts::find_unit(tx, organisation.id, join.unit_id)?.ok_or_else(|| Error::not_found("unit.not_found"))?;
    // An offer whose time is up is no place any more.
    serve(tx, context, &kit_type)?;
    let plan = Plan::load(tx, organisation, kit_type, today)?;
    if plan.kits.is_empty() {
        return Err(Error::refused("loan.no_kits").arg("type", plan.kit_type.name.as_str()));
    }
    let wish = wish(join, &plan, today)?;
    let entry = Entry {
        id: QueueEntryId::new(),
        organisation_id: organisation.id,
        unit_id: join.unit_id,
        kit_type_id: join.kit_type_id,
        earliest_day: wish.earliest_day,
        latest_day: wish.latest_day,
        days: wish.days,
        status: Status::Waiting,
        asked_by: context.by.person,
        asked_at: context.by.now,
        loan_id: None,
        first_day: None,
        last_day: None,
        offered_at: None,
        answer_by: None,
        ended_at: None,
        version: 1,
    };
    store::insert(tx, &entry)?;
    let to = json!({ "status": entry.status, "unit": entry.unit_id, "kit_type": entry.kit_type_id,
                     "earliest_day": entry.earliest_day, "latest_day": entry.latest_day, "days": entry.days });
    events::append(tx, context.by, entry.id, "queue.joined", json!({ "to": to }))?;
    serve(tx, context, &plan.kit_type)?;
    the_entry(tx, context, entry.id)
}

/// Puts a unit in the queue again whose place has ended, for what is left of its days, behind who asked meanwhile.
///
/// # Errors
/// Those of [`join`], `queue.still_there` when the place has not ended, and `queue.was_taken` when it became a loan.
pub fn join_again(tx: &mut Tx<'_>, context: &Context, entry: &Entry) -> Result<Entry, Error> {
    if let Some(kit_type) = loans::find_type(tx, context.organisation.id, entry.kit_type_id)? {
        serve(tx, context, &kit_type)?;
    }
    let entry = the_entry(tx, context, entry.id)?;
    if entry.status.is_open() {
        return Err(Error::refused("queue.still_there"));
    }
    if entry.status == Status::Taken {
        return Err(Error::refused("queue.was_taken"));
    }
    let wish = Join {
        kit_type_id: entry.kit_type_id,
        unit_id: entry.unit_id,
        earliest_day: entry.earliest_day.max(context.today()),
        latest_day: entry.latest_day,
        days: Some(entry.days),
    };
    join(tx, context, &wish)
}

/// Checks the days of a wish, and that the lender lets a loan begin on some of them.
fn wish(join: &Join, plan: &Plan, today: NaiveDate) -> Result<Wish, Error> {
    let longest = plan.kit_type.loan_days;
    all_fields! {
        earliest_day = check_first_day("earliest_day", join.earliest_day, today).map(|()| join.earliest_day),
        latest_day = if join.latest_day < join.earliest_day {
            Err(FieldError::new("latest_day", "loan.last_before_first").arg("first_day", join.earliest_day))
        } else {
            check_first_day("latest_day", join.latest_day, today).map(|()| join.latest_day)
        },
        days = in_range("days", join.days.unwrap_or(longest), 1, longest.max(1)),
    }
    let wish = Wish { earliest_day, latest_day, days };
    let furthest = plan.policy.last_possible(today);
    if earliest_day > furthest {
        return Err(FieldError::new("earliest_day", "loan.too_far_ahead").arg("latest", Arg::Date(furthest)).into());
    }
    if let Err(too_soon) = plan.check_first_day(latest_day.min(furthest)) {
        let wrong = too_soon.field().map(|wrong| FieldError { field: "latest_day".to_owned(), ..wrong });
        return Err(wrong.map_or_else(|| Error::invalid("latest_day", "queue.span_too_short"), Error::from));
    }
    if wish.fits(&plan.opening, today) { Ok(wish) } else { Err(Error::invalid("latest_day", "queue.span_too_short")) }
}

/// A place in the queue of the organisation, as it is now.
fn the_entry(conn: &mut Conn, context: &Context, id: QueueEntryId) -> Result<Entry, Error> {
    store::find(conn, context.organisation.id, id)?.ok_or_else(|| Error::not_found("queue.not_found"))
}

/// A place in the queue that this person may touch, with every other write on its kit type kept waiting.
///
/// # Errors
/// `queue.not_found`, also when it is another unit's.
pub fn own_entry(tx: &mut Tx<'_>, context: &Context, who: &Person, id: QueueEntryId) -> Result<Entry, Error> {
    let kit_type = the_entry(tx, context, id)?.kit_type_id;
    lock_kit_type(tx, kit_type)?;
    let entry = the_entry(tx, context, id)?;
    if who.acts_for(entry.unit_id) { Ok(entry) } else { Err(Error::not_found("queue.not_found")) }
}

/// Leaves the queue.
///
/// # Errors
/// `queue.not_waiting`, `queue.has_offer`: that is declined instead.
pub fn withdraw(tx: &mut Tx<'_>, context: &Context, mut entry: Entry) -> Result<Entry, Error> {
    if entry.status != Status::Waiting {
        let code = if entry.status == Status::Offered { "queue.has_offer" } else { "queue.not_waiting" };
        return Err(Error::refused(code).with("queue_status", entry.status));
    }
    end(tx, context, &mut entry, Status::Withdrawn, "queue.withdrawn")?;
    Ok(entry)
}

/// The offer that waits for an answer.
fn open_offer(context: &Context, entry: &Entry) -> Result<Offer, Error> {
    let refused = |code| Error::refused(code).with("queue_status", entry.status);
    let offer = entry.offer().filter(|_| entry.status == Status::Offered).ok_or_else(|| {
        refused(if entry.status == Status::Lapsed { "queue.offer_over" } else { "queue.not_offered" })
    })?;
    if offer.answer_by <= context.by.now { Err(refused("queue.offer_over")) } else { Ok(offer) }
}

/// Says no to an offer: it goes to the next in line.
///
/// # Errors
/// `queue.not_offered`, `queue.offer_over`.
pub fn decline(tx: &mut Tx<'_>, context: &Context, mut entry: Entry) -> Result<Entry, Error> {
    let offer = open_offer(context, &entry)?;
    end(tx, context, &mut entry, Status::Declined, "queue.declined")?;
    loans::unclaim(tx, offer.loan)?;
    settle(tx, context, entry.kit_type_id)?;
    Ok(entry)
}

/// Says yes to an offer: it becomes a loan, with the days and the place in the plan that it holds. The lender's rules were
/// asked when it was made; it is a promise.
///
/// # Errors
/// `queue.not_offered`, `queue.offer_over`, `unit.evaluation_overdue`, `queue.no_kit_left` when the last kit was taken out of
/// use meanwhile.
pub fn take(tx: &mut Tx<'_>, context: &Context, mut entry: Entry) -> Result<Loan, Error> {
    let offer = open_offer(context, &entry)?;
    refuse_if_owing(tx, entry.unit_id, context.today())?;
    // An offer at risk holds no kit, and becomes a reservation at risk.
    let kit = match store::claimed_kit(tx, offer.loan)? {
        Some(kit) => kit,
        None => {
            let kits = loans::kits_in_use(tx, &[entry.kit_type_id])?;
            kits.first().ok_or_else(|| Error::refused("queue.no_kit_left"))?.id
        }
    };
    let Offer { loan, first_day, last_day, .. } = offer;
    let promise = Promise { loan, unit_id: entry.unit_id, first_day, last_day };
    let loan = reservation(context, entry.kit_type_id, kit, &promise);
    loans::insert(tx, &loan)?;
    loans::hand_claim_over(tx, loan.id)?;
    tell_reserved(tx, context, &loan)?;
    loan_mails::send(tx, &context.organisation, &context.site, &loan, loan_mails::Kind::Reserved, context.by.now)?;
    end(tx, context, &mut entry, Status::Taken, "queue.taken")?;
    Ok(loan)
}

/// Ends a place in the queue.
fn end(
    tx: &mut Tx<'_>,
    context: &Context,
    entry: &mut Entry,
    status: Status,
    action: &'static str,
) -> Result<(), Error> {
    let from = entry.status;
    entry.status = status;
    entry.ended_at = Some(context.by.now);
    store::save(tx, entry)?;
    events::append(tx, context.by, entry.id, action, json!({ "from": { "status": from }, "to": { "status": status } }))
}

/// Sees to a kit type in which something has changed: reservations and offers that lost their kit get another one if there
/// is any; what then is free is offered to those who wait. The type must be locked.
///
/// # Errors
/// When the database fails.
pub fn settle(tx: &mut Tx<'_>, context: &Context, kit_type: KitTypeId) -> Result<(), Error> {
    let Some(kit_type) = loans::find_type(tx, context.organisation.id, kit_type)? else { return Ok(()) };
    let plan = Plan::load(tx, &context.organisation, kit_type, context.today())?;
    plan.settle(tx, context.by)?;
    serve(tx, context, &plan.kit_type)
}

/// Ends offers whose time is up and places whose days went by, and offers what is free to those who wait. The type must
/// be locked.
///
/// # Errors
/// When the database fails.
pub fn serve(tx: &mut Tx<'_>, context: &Context, kit_type: &TypeRules) -> Result<(), Error> {
    let (today, now) = (context.today(), context.by.now);
    let mut waiting = Vec::new();
    let mut lapsed = false;
    for mut entry in store::open(tx, &[kit_type.id])? {
        match entry.offer() {
            Some(offer) if offer.answer_by <= now => {
                end(tx, context, &mut entry, Status::Lapsed, "queue.lapsed")?;
                loans::unclaim(tx, offer.loan)?;
                mails::send(tx, context, &entry, Kind::Lapsed)?;
                lapsed = true;
            }
            Some(_) => (),
            None if entry.wish().is_over(today) || kit_type.retired_at.is_some() => {
                end(tx, context, &mut entry, Status::Passed, "queue.passed")?;
                mails::send(tx, context, &entry, Kind::Passed)?;
            }
            None => waiting.push(entry),
        }
    }
    if !lapsed && waiting.is_empty() {
        return Ok(());
    }
    let mut plan = Plan::load(tx, &context.organisation, kit_type.clone(), today)?;
    if lapsed {
        plan.settle(tx, context.by)?;
        plan = Plan::load(tx, &context.organisation, kit_type.clone(), today)?;
    }
    let units: BTreeSet<UnitId> = waiting.iter().map(|entry| entry.unit_id).collect();
    if plan.policy.kits_at_once.is_some() {
        units.iter().try_for_each(|unit| loans::lock_unit(tx, *unit))?;
    }
    let units: Vec<UnitId> = units.into_iter().collect();
    let owing = owing_units(tx, &units, today)?;
    let shares = fairness::shares(tx, context.organisation.id, &units, today)?;
    let able: Vec<&Entry> = waiting.iter().filter(|entry| !owing.contains(&entry.unit_id)).collect();
    let able = queries::waiting(tx, &plan.policy, &able)?;
    let unhurried = unhurried(now, &plan.opening, context.organisation.zone());
    for served in serving::serve(plan.clone(), able, shares, unhurried) {
        if let Some(entry) = waiting.iter_mut().find(|entry| entry.id == served.id) {
            plan = offer(tx, context, plan, entry, &served)?;
        }
    }
    Ok(())
}

/// Holds a kit for who waits, and tells them; gives the plan with it.
fn offer(tx: &mut Tx<'_>, context: &Context, plan: Plan, entry: &mut Entry, served: &Served) -> Result<Plan, Error> {
    let loan = LoanId::new();
    let Some(place) = plan.accept(loan, plan.span(served.first_day, served.last_day), None) else {
        // Found by a shorter search than this one, so this does not happen; if it does, the place waits on.
        tracing::warn!(queue_entry = %entry.id, "days that were found for an offer could not be planned");
        return Ok(plan);
    };
    let until = answer_by(context.by.now, served.first_day, &plan.opening, context.organisation.zone());
    entry.status = Status::Offered;
    entry.loan_id = Some(loan);
    entry.first_day = Some(served.first_day);
    entry.last_day = Some(served.last_day);
    entry.offered_at = Some(context.by.now);
    entry.answer_by = Some(until);
    store::save(tx, entry)?;
    plan.place_offer(tx, context.by, &place, entry.id)?;
    let to = json!({ "status": entry.status, "kit": place.kit, "first_day": served.first_day,
                     "last_day": served.last_day, "answer_by": until });
    let change = json!({ "from": { "status": Status::Waiting }, "to": to });
    events::append(tx, context.by, entry.id, "queue.offered", change)?;
    mails::send(tx, context, entry, Kind::Offered)?;
    Plan::load(tx, &context.organisation, plan.kit_type, context.today())
}
