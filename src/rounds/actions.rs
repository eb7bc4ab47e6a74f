//! What is done with rounds: make one, wish, allocate, adjust by hand, publish, call off.

use crate::accounts::rules::{self as accounts_rules, Role};
use crate::accounts::session::Person;
use crate::accounts::store as accounts;
use crate::kits::store::lock_kit_type;
use crate::loans::actions::{self as loans, Context, Promise};
use crate::loans::planning::Plan;
use crate::loans::queue::actions as queue;
use crate::loans::rules::check_period;
use crate::loans::store as loans_store;
use crate::platform::db::connection::Conn;
use crate::platform::db::{Db, Tx};
use crate::platform::error::{Error, FieldError, all_fields};
use crate::platform::events;
use crate::platform::ids::{AllocationId, KitTypeId, LoanId, RoundId, UnitId, WishId};
use crate::rounds::mails;
use crate::rounds::queries::{self, Snapshot};
use crate::rounds::rules::{self, Dates, LARGEST_LOT, MOST_WISHES, Outcome, Reason, Status};
use crate::rounds::store::{self, Allocation, Round, WishRow};
use chrono::NaiveDate;
use rand::RngExt;
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The most wishes of a unit when nothing else is said.
pub const USUAL_WISHES: i32 = 5;

/// A round to be made or changed.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveRound {
    /// What it is called.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// The first day of the term.
    pub first_day: NaiveDate,
    /// The last day of the term.
    pub last_day: NaiveDate,
    /// The first day for wishes.
    pub opens_on: NaiveDate,
    /// The last day for wishes.
    pub closes_on: NaiveDate,
    /// The most wishes of a unit; 5 unless said.
    #[schema(minimum = 1, maximum = 10)]
    pub most_wishes: Option<i32>,
}

/// A wish.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveWish {
    /// What is wished for.
    pub kit_type_id: KitTypeId,
    /// The first day of the weeks that suit; the term's unless said.
    pub earliest: Option<NaiveDate>,
    /// The last day of the weeks that suit; the term's unless said.
    pub latest: Option<NaiveDate>,
    /// How long, in days from the first to the last; the type's longest loan unless said.
    #[schema(minimum = 1)]
    pub days: Option<i32>,
}

/// The wishes of a unit, the dearest first.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveWishes {
    /// The wishes.
    #[schema(max_items = 10)]
    pub wishes: Vec<SaveWish>,
}

/// How a round is to be allocated.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Allocate {
    /// Close the wishes first, if they are still open.
    pub close: bool,
    /// Keep the preview but for what cannot be had any more.
    pub only_misfits: bool,
}

/// A loan chosen by hand.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choose {
    /// The type.
    pub kit_type_id: KitTypeId,
    /// The first day of the loan.
    pub first_day: NaiveDate,
    /// The last day of the loan.
    pub last_day: NaiveDate,
}

/// A loan added by hand, for a unit that may not have wished for it.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddByHand {
    /// The unit.
    pub unit_id: UnitId,
    /// The type.
    pub kit_type_id: KitTypeId,
    /// The first day of the loan.
    pub first_day: NaiveDate,
    /// The last day of the loan.
    pub last_day: NaiveDate,
}

/// Who makes rounds sees all of them, and every unit's wishes.
pub fn may_plan(who: &Person) -> bool {
    who.is(Role::Developer) || who.is(Role::Admin)
}

/// Who may see and change the wishes of a unit: whoever borrows for it, and who makes the rounds.
///
/// # Errors
/// `unit.not_found`.
pub fn may_wish_for(who: &Person, unit: UnitId) -> Result<(), Error> {
    if who.units.contains(&unit) || may_plan(who) { Ok(()) } else { Err(Error::not_found("unit.not_found")) }
}

/// Makes a round. Its lot number is drawn now, before anybody has wished for anything, and never again.
///
/// # Errors
/// `request.invalid` with every wrong field.
pub fn add(tx: &mut Tx<'_>, context: &Context, save: &SaveRound) -> Result<Round, Error> {
    let (name, most_wishes) = checked(save, context.today())?;
    if save.closes_on < context.today() {
        return Err(Error::invalid("closes_on", "round.closes_past"));
    }
    let round = Round {
        id: RoundId::new(),
        organisation_id: context.organisation.id,
        name,
        first_day: save.first_day,
        last_day: save.last_day,
        opens_on: save.opens_on,
        closes_on: save.closes_on,
        most_wishes,
        lot: rand::rng().random_range(1..=LARGEST_LOT),
        announced_at: None,
        closed_at: None,
        allocated_at: None,
        published_at: None,
        cancelled_at: None,
        version: 1,
        created_at: context.by.now,
    };
    store::insert(tx, &round)?;
    events::append(tx, context.by, round.id, "round.added", json!({ "to": told(&round) }))?;
    Ok(round)
}

fn checked(save: &SaveRound, today: NaiveDate) -> Result<(String, i32), Error> {
    let SaveRound { first_day, last_day, opens_on, closes_on, .. } = *save;
    all_fields! {
        name = accounts_rules::name("name", &save.name),
        dates = rules::check_dates(Dates { first_day, last_day, opens_on, closes_on }, today),
        most_wishes = accounts_rules::in_range(
            "most_wishes", save.most_wishes.unwrap_or(USUAL_WISHES), 1, MOST_WISHES),
    }
    let () = dates;
    Ok((name, most_wishes))
}

fn told(round: &Round) -> serde_json::Value {
    json!({ "name": round.name, "first_day": round.first_day, "last_day": round.last_day,
            "opens_on": round.opens_on, "closes_on": round.closes_on, "most_wishes": round.most_wishes,
            "lot": round.lot })
}

/// Changes a round that is not published. When its days change, a preview is forgotten; when its wishes get a later last
/// day, they are open again until then.
///
/// # Errors
/// `round.not_found`, `request.invalid`, `request.changed_meanwhile`, `round.already_published`, `round.is_cancelled`.
pub fn change(
    tx: &mut Tx<'_>,
    context: &Context,
    id: RoundId,
    save: &SaveRound,
    seen: Option<i32>,
) -> Result<Round, Error> {
    let mut round = unpublished(tx, context, id)?;
    if seen.is_some_and(|seen| seen != round.version) {
        return Err(Error::changed_meanwhile());
    }
    let (name, most_wishes) = checked(save, context.today())?;
    let old = round.clone();
    round = Round {
        name,
        first_day: save.first_day,
        last_day: save.last_day,
        opens_on: save.opens_on,
        closes_on: save.closes_on,
        most_wishes,
        ..round
    };
    if round.dates() != old.dates() {
        round.allocated_at = None;
        store::forget_allocations(tx, id)?;
        if round.closes_on > old.closes_on || round.closes_on >= context.today() && old.closes_on < context.today() {
            round.closed_at = None;
        }
    }
    store::save(tx, &mut round)?;
    let change = json!({ "from": told(&old), "to": told(&round) });
    events::append(tx, context.by, id, "round.changed", change)?;
    Ok(round)
}

/// A round that is neither published nor called off, and that nobody else changes meanwhile.
fn unpublished(tx: &mut Tx<'_>, context: &Context, id: RoundId) -> Result<Round, Error> {
    let round = store::locked_round(tx, context.organisation.id, id)?;
    match round.status(context.today()) {
        Status::Published => Err(Error::refused("round.already_published")),
        Status::Cancelled => Err(Error::refused("round.is_cancelled")),
        _ => Ok(round),
    }
}

/// A round whose preview may be changed.
fn previewed(tx: &mut Tx<'_>, context: &Context, id: RoundId) -> Result<Round, Error> {
    let round = unpublished(tx, context, id)?;
    if round.allocated_at.is_none() { Err(Error::refused("round.no_preview")) } else { Ok(round) }
}

/// Calls a round off.
///
/// # Errors
/// `round.not_found`, `round.already_published`, `round.is_cancelled`.
pub fn cancel(tx: &mut Tx<'_>, context: &Context, id: RoundId) -> Result<Round, Error> {
    let mut round = unpublished(tx, context, id)?;
    round.cancelled_at = Some(context.by.now);
    store::save(tx, &mut round)?;
    events::append(tx, context.by, id, "round.cancelled", json!({}))?;
    Ok(round)
}

/// Makes these the wishes of a unit.
///
/// # Errors
/// `round.not_found`, `unit.not_found`, `round.not_open_yet`, `round.wishes_closed`, `round.is_cancelled`,
/// `round.already_published`, and `request.invalid` with every wrong field.
pub fn set_wishes(
    tx: &mut Tx<'_>,
    context: &Context,
    id: RoundId,
    unit: UnitId,
    save: &SaveWishes,
) -> Result<(), Error> {
    let round = open(tx, context, id)?;
    let old = of_unit(tx, context, &round, unit)?;
    let mut rows = Vec::new();
    for (save, rank) in save.wishes.iter().zip(1..) {
        let known = old.iter().find(|old| old.kit_type_id == save.kit_type_id);
        rows.push(row(tx, context, &round, unit, save, rank, known)?);
    }
    write(tx, context, &round, unit, &old, rows)
}

/// A round whose wishes are open, locked.
fn open(tx: &mut Tx<'_>, context: &Context, id: RoundId) -> Result<Round, Error> {
    let round = unpublished(tx, context, id)?;
    match round.status(context.today()) {
        Status::Open => Ok(round),
        Status::Coming => Err(Error::refused("round.not_open_yet").arg("day", round.opens_on)),
        _ => Err(Error::refused("round.wishes_closed")),
    }
}

fn of_unit(tx: &mut Tx<'_>, context: &Context, round: &Round, unit: UnitId) -> Result<Vec<WishRow>, Error> {
    accounts::find_unit(tx, context.organisation.id, unit)?.ok_or_else(|| Error::not_found("unit.not_found"))?;
    store::wishes(tx, round.id, Some(unit))
}

fn row(
    conn: &mut Conn,
    context: &Context,
    round: &Round,
    unit: UnitId,
    save: &SaveWish,
    rank: i32,
    known: Option<&WishRow>,
) -> Result<WishRow, Error> {
    let kit_type = loans_store::find_type(conn, context.organisation.id, save.kit_type_id)?
        .ok_or_else(|| Error::not_found("kit_type.not_found"))?;
    if kit_type.retired_at.is_some() {
        return Err(Error::refused("kit_type.retired"));
    }
    let days = save.days.unwrap_or(kit_type.loan_days);
    let weeks = (save.earliest.unwrap_or(round.first_day), save.latest.unwrap_or(round.last_day));
    rules::check_wish(weeks, days, kit_type.loan_days, (round.first_day, round.last_day))?;
    Ok(WishRow {
        id: known.map_or_else(WishId::new, |known| known.id),
        round_id: round.id,
        unit_id: unit,
        rank,
        kit_type_id: save.kit_type_id,
        earliest: save.earliest,
        latest: save.latest,
        days,
    })
}

/// Writes the wishes of a unit, the dearest first.
fn write(
    tx: &mut Tx<'_>,
    context: &Context,
    round: &Round,
    unit: UnitId,
    old: &[WishRow],
    mut rows: Vec<WishRow>,
) -> Result<(), Error> {
    let most = usize::try_from(round.most_wishes).unwrap_or(0);
    if rows.len() > most {
        return Err(FieldError::new("wishes", "round.too_many_wishes").arg("most", most).into());
    }
    let mut types = HashSet::new();
    if !rows.iter().all(|row| types.insert(row.kit_type_id)) {
        return Err(Error::invalid("kit_type_id", "round.wished_twice"));
    }
    for (row, rank) in rows.iter_mut().zip(1..) {
        row.rank = rank;
    }
    if rows == old {
        return Ok(());
    }
    store::replace_wishes(tx, round.id, unit, &rows)?;
    let told = |rows: &[WishRow]| -> Vec<serde_json::Value> {
        let one = |row: &WishRow| json!({ "kit_type": row.kit_type_id, "earliest": row.earliest, "latest": row.latest, "days": row.days });
        rows.iter().map(one).collect()
    };
    let change = json!({ "unit": unit, "from": told(old), "to": told(&rows) });
    events::append(tx, context.by, round.id, "round.wishes_changed", change)
}

/// Adds a wish of a unit, as its last.
///
/// # Errors
/// As [`set_wishes`].
pub fn add_wish(tx: &mut Tx<'_>, context: &Context, id: RoundId, unit: UnitId, save: &SaveWish) -> Result<(), Error> {
    let round = open(tx, context, id)?;
    let old = of_unit(tx, context, &round, unit)?;
    let new = row(tx, context, &round, unit, save, 0, None)?;
    let rows = [old.clone(), vec![new]].concat();
    write(tx, context, &round, unit, &old, rows)
}

/// What is done with a wish that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// It changes places with the one before it.
    Up,
    /// It changes places with the one after it.
    Down,
    /// It goes.
    Remove,
}

/// Moves a wish of a unit up or down, or takes it away. A wish that a colleague has taken away meanwhile stays away.
///
/// # Errors
/// As [`set_wishes`].
pub fn edit_wish(
    tx: &mut Tx<'_>,
    context: &Context,
    id: RoundId,
    unit: UnitId,
    wish: WishId,
    edit: Edit,
) -> Result<(), Error> {
    let round = open(tx, context, id)?;
    let old = of_unit(tx, context, &round, unit)?;
    let mut rows = old.clone();
    if let Some(at) = rows.iter().position(|row| row.id == wish) {
        match edit {
            Edit::Up if at > 0 => rows.swap(at, at - 1),
            Edit::Down if at + 1 < rows.len() => rows.swap(at, at + 1),
            Edit::Up | Edit::Down => (),
            Edit::Remove => {
                rows.remove(at);
            }
        }
    }
    write(tx, context, &round, unit, &old, rows)
}

/// A preview that is worked out and not saved yet.
#[derive(Debug, Clone)]
pub struct Preview {
    round: RoundId,
    version: i32,
    outcomes: Vec<Outcome>,
    anew: Option<Vec<Allocation>>,
}

/// Works out a preview on a snapshot, outside of any transaction: it may take some seconds. Save it by [`save_preview`].
///
/// # Errors
/// `round.not_found`, `round.still_open` unless they are to be closed, `round.not_open_yet`, `round.no_wishes`,
/// `round.already_published`, `round.is_cancelled`, `round.no_preview` when there is none to keep.
pub async fn work_out(db: &Db, context: &Context, id: RoundId, how: Allocate) -> Result<Preview, Error> {
    let scene = context.clone();
    db.write(move |tx| make_ready(tx, &scene, id, how)).await?;
    let scene = context.clone();
    db.read(move |conn| {
        let found = queries::snapshot(conn, &scene.organisation, id, how.only_misfits, scene.today())?;
        let Snapshot { round, stocks, wishes, shares, anew } = found;
        let outcomes = rules::allocate(stocks, &wishes, &shares, round.lot);
        Ok(Preview { round: id, version: round.version, outcomes, anew })
    })
    .await
}

fn make_ready(tx: &mut Tx<'_>, context: &Context, id: RoundId, how: Allocate) -> Result<(), Error> {
    let mut round = if how.only_misfits { previewed(tx, context, id)? } else { unpublished(tx, context, id)? };
    match round.status(context.today()) {
        Status::Coming => Err(Error::refused("round.not_open_yet").arg("day", round.opens_on)),
        _ if !how.only_misfits && store::wishes(tx, id, None)?.is_empty() => Err(Error::refused("round.no_wishes")),
        Status::Open if !how.close => Err(Error::refused("round.still_open").arg("day", round.closes_on)),
        Status::Open => {
            round.closed_at = Some(context.by.now);
            store::save(tx, &mut round)?;
            events::append(tx, context.by, id, "round.closed", json!({}))
        }
        _ => Ok(()),
    }
}

/// Saves a preview in the place of the one before.
///
/// # Errors
/// `request.changed_meanwhile` when the round has changed since, `round.already_published`, `round.is_cancelled`.
pub fn save_preview(tx: &mut Tx<'_>, context: &Context, preview: &Preview) -> Result<Round, Error> {
    let id = preview.round;
    let mut round = unpublished(tx, context, id)?;
    if round.version != preview.version {
        return Err(Error::changed_meanwhile());
    }
    let answers: HashMap<WishId, Result<(NaiveDate, NaiveDate), Reason>> =
        preview.outcomes.iter().map(|outcome| (outcome.wish, outcome.answer)).collect();
    let answered = |allocation: Allocation, wish: WishId| {
        let answer = answers.get(&wish).copied().unwrap_or(Err(Reason::Full));
        Allocation {
            first_day: answer.ok().map(|(first, _)| first),
            last_day: answer.ok().map(|(_, last)| last),
            reason: answer.err(),
            by_hand: false,
            ..allocation
        }
    };
    let wishes = store::wishes(tx, id, None)?;
    match &preview.anew {
        Some(lost) => {
            for allocation in lost {
                let wished = wishes.iter().find(|wish| Some(wish.id) == allocation.wish_id);
                let wish = allocation.wish_id.unwrap_or_else(|| WishId::from(allocation.id.uuid()));
                let kit_type_id = wished.map_or(allocation.kit_type_id, |wish| wish.kit_type_id);
                let anew = answered(Allocation { kit_type_id, ..allocation.clone() }, wish);
                store::save_allocation(tx, &anew)?;
            }
        }
        None => {
            let allocation = |wish: &WishRow| {
                let blank = Allocation {
                    id: AllocationId::new(),
                    round_id: id,
                    unit_id: wish.unit_id,
                    wish_id: Some(wish.id),
                    kit_type_id: wish.kit_type_id,
                    first_day: None,
                    last_day: None,
                    reason: None,
                    by_hand: false,
                    loan_id: None,
                };
                answered(blank, wish.id)
            };
            store::forget_allocations(tx, id)?;
            store::insert_allocations(tx, &wishes.iter().map(allocation).collect::<Vec<_>>())?;
        }
    }
    let change = json!({ "lot": round.lot, "served": preview.outcomes.iter().filter(|outcome| outcome.answer.is_ok()).count(),
                         "only": preview.anew.as_ref().map(Vec::len) });
    round.allocated_at = Some(context.by.now);
    store::save(tx, &mut round)?;
    events::append(tx, context.by, id, "round.allocated", change)?;
    Ok(round)
}

/// Chooses the loan of an allocation by hand, or takes it away. One that answers no wish is gone when it is taken away.
///
/// # Errors
/// `round.not_found`, `round.no_preview`, `round.already_published`, `round.is_cancelled`, `kit_type.not_found`,
/// `request.invalid` (the period), `round.no_room` with `next_free`.
pub fn adjust(tx: &mut Tx<'_>, context: &Context, id: AllocationId, choose: Option<Choose>) -> Result<RoundId, Error> {
    let found = store::the_allocation(tx, context.organisation.id, id)?;
    let round = previewed(tx, context, found.0.id)?;
    // Read once more: now nobody else changes it.
    let (_, old) = store::the_allocation(tx, context.organisation.id, id)?;
    let mut allocation = Allocation { by_hand: true, ..old.clone() };
    match choose {
        Some(choose) => {
            check_room(tx, context, &round, choose, Some(id))?;
            allocation.kit_type_id = choose.kit_type_id;
            (allocation.first_day, allocation.last_day) = (Some(choose.first_day), Some(choose.last_day));
            allocation.reason = None;
            store::save_allocation(tx, &allocation)?;
        }
        None if old.wish_id.is_none() => store::delete_allocation(tx, id)?,
        None => {
            (allocation.first_day, allocation.last_day) = (None, None);
            allocation.reason = Some(Reason::Removed);
            store::save_allocation(tx, &allocation)?;
        }
    }
    note_adjusted(tx, context, round, &old, choose.is_some().then_some(&allocation))
}

/// Adds a loan for a unit by hand.
///
/// # Errors
/// As [`adjust`], and `unit.not_found`.
pub fn add_by_hand(tx: &mut Tx<'_>, context: &Context, id: RoundId, add: AddByHand) -> Result<AllocationId, Error> {
    let round = previewed(tx, context, id)?;
    accounts::find_unit(tx, context.organisation.id, add.unit_id)?.ok_or_else(|| Error::not_found("unit.not_found"))?;
    let AddByHand { unit_id, kit_type_id, first_day, last_day } = add;
    check_room(tx, context, &round, Choose { kit_type_id, first_day, last_day }, None)?;
    let allocation = Allocation {
        id: AllocationId::new(),
        round_id: id,
        unit_id,
        wish_id: None,
        kit_type_id,
        first_day: Some(first_day),
        last_day: Some(last_day),
        reason: None,
        by_hand: true,
        loan_id: None,
    };
    store::insert_allocations(tx, std::slice::from_ref(&allocation))?;
    let nothing = Allocation { first_day: None, last_day: None, ..allocation.clone() };
    note_adjusted(tx, context, round, &nothing, Some(&allocation))?;
    Ok(allocation.id)
}

/// Checks that one more loan can be served beside all else that the round gives.
fn check_room(
    conn: &mut Conn,
    context: &Context,
    round: &Round,
    choose: Choose,
    except: Option<AllocationId>,
) -> Result<(), Error> {
    let Choose { kit_type_id, first_day, last_day } = choose;
    let stock = queries::stock_beside(conn, &context.organisation, round, kit_type_id, except, context.today())?;
    if stock.retired {
        return Err(Error::refused("kit_type.retired"));
    }
    check_period(first_day, last_day, stock.loan_days, &stock.opening, context.today())?;
    if stock.has_room(first_day, last_day) {
        return Ok(());
    }
    Err(match stock.next_free(first_day, last_day) {
        Some((first, last)) => Error::refused("round.no_room")
            .arg("first", first)
            .arg("last", last)
            .with("next_free", json!({ "first_day": first, "last_day": last })),
        None => Error::refused("round.never_room").with("next_free", ()),
    })
}

fn note_adjusted(
    tx: &mut Tx<'_>,
    context: &Context,
    mut round: Round,
    old: &Allocation,
    new: Option<&Allocation>,
) -> Result<RoundId, Error> {
    // Counts the version up, so that a preview that is being worked out does not undo it.
    store::save(tx, &mut round)?;
    let told = |allocation: &Allocation| json!({ "kit_type": allocation.kit_type_id, "first_day": allocation.first_day, "last_day": allocation.last_day });
    let change = json!({ "unit": old.unit_id, "from": told(old), "to": new.map(told) });
    events::append(tx, context.by, round.id, "round.adjusted", change)?;
    Ok(round.id)
}

/// Makes all loans of a preview and tells the units, or does nothing when one of them cannot be had any more. Units that
/// owe an evaluation get theirs too: they are reserved, and not handed out before it is in.
///
/// # Errors
/// `round.not_found`, `round.no_preview`, `round.already_published`, `round.is_cancelled`, and `round.no_longer_fits` with
/// `misfits`, the allocations that cannot be had.
pub fn publish(tx: &mut Tx<'_>, context: &Context, id: RoundId) -> Result<Round, Error> {
    let mut round = previewed(tx, context, id)?;
    let mut of_type: BTreeMap<KitTypeId, Vec<(AllocationId, Promise)>> = BTreeMap::new();
    let mut allocations = store::allocations(tx, id, None)?;
    for allocation in &mut allocations {
        if let Some((first_day, last_day)) = allocation.period() {
            let loan = LoanId::new();
            allocation.loan_id = Some(loan);
            let promise = Promise { loan, unit_id: allocation.unit_id, first_day, last_day };
            of_type.entry(allocation.kit_type_id).or_default().push((allocation.id, promise));
        }
    }
    // Always in the same order, so that no two wait for each other.
    of_type.keys().try_for_each(|kit_type| lock_kit_type(tx, *kit_type))?;
    let types = loans_store::types(tx, &of_type.keys().copied().collect::<Vec<_>>())?;
    // Who waits has the right to what is free.
    types.iter().try_for_each(|kit_type| queue::serve(tx, context, kit_type))?;
    let plans = Plan::load_all(tx, &context.organisation, types, context.today())?;
    let mut misfits: Vec<AllocationId> = Vec::new();
    for plan in &plans {
        let Some(promises) = of_type.get(&plan.kit_type.id) else { continue };
        let loans: Vec<Promise> = promises.iter().map(|(_, promise)| *promise).collect();
        let left = loans::reserve_all(tx, context, plan, &loans)?;
        let lost = promises.iter().filter(|(_, promise)| left.contains(&promise.loan));
        misfits.extend(lost.map(|(allocation, _)| *allocation));
    }
    if !misfits.is_empty() {
        return Err(Error::refused("round.no_longer_fits").arg("count", misfits.len()).with("misfits", misfits));
    }
    let given = allocations.iter().filter(|allocation| allocation.loan_id.is_some());
    given.clone().try_for_each(|allocation| store::save_allocation(tx, allocation))?;
    round.published_at = Some(context.by.now);
    let change =
        json!({ "loans": given.count(), "without": allocations.iter().filter(|a| a.loan_id.is_none()).count() });
    store::save(tx, &mut round)?;
    events::append(tx, context.by, id, "round.published", change)?;
    mails::results(tx, context, &round, &allocations)?;
    Ok(round)
}
