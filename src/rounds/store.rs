//! Rows of rounds, of the wishes in them, and of what units get.

use crate::platform::db::Tx;
use crate::platform::db::connection::{Conn, each};
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{AllocationId, KitTypeId, LoanId, OrganisationId, RoundId, UnitId, WishId};
use crate::rounds::rules::{Dates, Facts, Reason, Status, Wish};
use crate::schema::{round_allocations, round_wishes, rounds};
use chrono::NaiveDate;
use diesel::prelude::*;

/// Rows written together. SQLite takes at most 32,766 values in a statement.
const TOGETHER: usize = 500;

/// A season round.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = rounds, treat_none_as_null = true)]
pub struct Round {
    /// The round.
    pub id: RoundId,
    /// The lender.
    pub organisation_id: OrganisationId,
    /// What it is called: "Våren 2027".
    pub name: String,
    /// The first day of the term.
    pub first_day: NaiveDate,
    /// The last day of the term.
    pub last_day: NaiveDate,
    /// The first day for wishes.
    pub opens_on: NaiveDate,
    /// The last day for wishes.
    pub closes_on: NaiveDate,
    /// The most wishes of a unit.
    pub most_wishes: i32,
    /// The number that ties are decided by.
    pub lot: i32,
    /// When the units were told that wishes are open.
    pub announced_at: Option<Instant>,
    /// When the wishes were closed before their last day.
    pub closed_at: Option<Instant>,
    /// When the preview was made.
    pub allocated_at: Option<Instant>,
    /// When its loans were made.
    pub published_at: Option<Instant>,
    /// When it was called off.
    pub cancelled_at: Option<Instant>,
    /// Counts the changes.
    pub version: i32,
    /// When it was made.
    pub created_at: Instant,
}

impl Round {
    /// Its days.
    pub fn dates(&self) -> Dates {
        Dates { first_day: self.first_day, last_day: self.last_day, opens_on: self.opens_on, closes_on: self.closes_on }
    }

    /// Where it stands on a day.
    pub fn status(&self, today: NaiveDate) -> Status {
        let facts = Facts {
            opens_on: self.opens_on,
            closes_on: self.closes_on,
            closed: self.closed_at.is_some(),
            allocated: self.allocated_at.is_some(),
            published: self.published_at.is_some(),
            cancelled: self.cancelled_at.is_some(),
        };
        facts.status(today)
    }

    /// A wish in this round, with the weeks that suit as days of the term.
    pub fn wish(&self, row: &WishRow) -> Wish {
        Wish {
            id: row.id,
            unit: row.unit_id,
            rank: row.rank,
            kit_type: row.kit_type_id,
            earliest: row.earliest.unwrap_or(self.first_day).max(self.first_day),
            latest: row.latest.unwrap_or(self.last_day).min(self.last_day),
            days: row.days,
        }
    }
}

/// A unit's wish in a round.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = round_wishes)]
pub struct WishRow {
    /// The wish.
    pub id: WishId,
    /// The round.
    pub round_id: RoundId,
    /// Whose it is.
    pub unit_id: UnitId,
    /// How dear it is; 1 is the dearest.
    pub rank: i32,
    /// What is wished for.
    pub kit_type_id: KitTypeId,
    /// The first day of the weeks that suit; the term's when it is not said.
    pub earliest: Option<NaiveDate>,
    /// The last day of the weeks that suit; the term's when it is not said.
    pub latest: Option<NaiveDate>,
    /// How long, in days from the first to the last.
    pub days: i32,
}

/// What a unit gets in a round: days, or the reason why it does not.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = round_allocations, treat_none_as_null = true)]
pub struct Allocation {
    /// The allocation.
    pub id: AllocationId,
    /// The round.
    pub round_id: RoundId,
    /// Whose it is.
    pub unit_id: UnitId,
    /// The wish that it answers; none when it was added by hand.
    pub wish_id: Option<WishId>,
    /// What the unit gets.
    pub kit_type_id: KitTypeId,
    /// The first day of the loan.
    pub first_day: Option<NaiveDate>,
    /// The last day of the loan.
    pub last_day: Option<NaiveDate>,
    /// Why there is no loan.
    pub reason: Option<Reason>,
    /// Somebody chose it by hand.
    pub by_hand: bool,
    /// The loan, once it is made.
    pub loan_id: Option<LoanId>,
}

impl Allocation {
    /// The first and the last day, when there is a loan.
    pub fn period(&self) -> Option<(NaiveDate, NaiveDate)> {
        self.first_day.zip(self.last_day)
    }
}

/// A round of the organisation.
///
/// # Errors
/// `round.not_found`.
pub fn the_round(conn: &mut Conn, organisation: OrganisationId, id: RoundId) -> Result<Round, Error> {
    let own = rounds::table.filter(rounds::id.eq(id).and(rounds::organisation_id.eq(organisation)));
    own.get_result(conn).optional()?.ok_or_else(|| Error::not_found("round.not_found"))
}

/// The same, with every other write on the round kept waiting. SQLite has one writer anyway.
///
/// # Errors
/// `round.not_found`.
pub fn locked_round(tx: &mut Tx<'_>, organisation: OrganisationId, id: RoundId) -> Result<Round, Error> {
    if let Conn::Pg(pg) = &mut **tx {
        rounds::table.find(id).select(rounds::version).for_update().get_result::<i32>(pg).optional()?;
    }
    the_round(tx, organisation, id)
}

/// The organisation's rounds, the latest term first.
///
/// # Errors
/// When the database fails.
pub fn rounds(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<Round>, Error> {
    Ok(rounds::table
        .filter(rounds::organisation_id.eq(organisation))
        .order((rounds::first_day.desc(), rounds::id.desc()))
        .load(conn)?)
}

/// Adds a round.
///
/// # Errors
/// When the database fails.
pub fn insert(tx: &mut Tx<'_>, round: &Round) -> Result<(), Error> {
    diesel::insert_into(rounds::table).values(round).execute(&mut **tx)?;
    Ok(())
}

/// Saves a round that was read before, if it has not changed since; counts its version up.
///
/// # Errors
/// `request.changed_meanwhile`, or when the database fails.
pub fn save(tx: &mut Tx<'_>, round: &mut Round) -> Result<(), Error> {
    let read = round.version;
    round.version += 1;
    let saved = diesel::update(rounds::table.filter(rounds::id.eq(round.id).and(rounds::version.eq(read))))
        .set(&*round)
        .execute(&mut **tx)?;
    if saved == 1 { Ok(()) } else { Err(Error::changed_meanwhile()) }
}

/// The wishes of a round, by unit and rank: all, or those of one unit.
///
/// # Errors
/// When the database fails.
pub fn wishes(conn: &mut Conn, round: RoundId, unit: Option<UnitId>) -> Result<Vec<WishRow>, Error> {
    let mut query = round_wishes::table.filter(round_wishes::round_id.eq(round)).into_boxed();
    if let Some(unit) = unit {
        query = query.filter(round_wishes::unit_id.eq(unit));
    }
    Ok(query.order((round_wishes::unit_id.asc(), round_wishes::rank.asc())).load(conn)?)
}

/// Makes these the wishes of a unit.
///
/// # Errors
/// When the database fails.
pub fn replace_wishes(tx: &mut Tx<'_>, round: RoundId, unit: UnitId, wishes: &[WishRow]) -> Result<(), Error> {
    let own = round_wishes::table.filter(round_wishes::round_id.eq(round).and(round_wishes::unit_id.eq(unit)));
    diesel::delete(own).execute(&mut **tx)?;
    each!(&mut **tx, c => diesel::insert_into(round_wishes::table).values(wishes).execute(c))?;
    Ok(())
}

/// What units get in a round: all, or one of them.
///
/// # Errors
/// When the database fails.
pub fn allocations(conn: &mut Conn, round: RoundId, unit: Option<UnitId>) -> Result<Vec<Allocation>, Error> {
    let mut query = round_allocations::table.filter(round_allocations::round_id.eq(round)).into_boxed();
    if let Some(unit) = unit {
        query = query.filter(round_allocations::unit_id.eq(unit));
    }
    Ok(query.order(round_allocations::id.asc()).load(conn)?)
}

/// One allocation, with its round.
///
/// # Errors
/// `round.not_found`.
pub fn the_allocation(
    conn: &mut Conn,
    organisation: OrganisationId,
    id: AllocationId,
) -> Result<(Round, Allocation), Error> {
    let found: Option<Allocation> = round_allocations::table.find(id).get_result(conn).optional()?;
    let allocation = found.ok_or_else(|| Error::not_found("round.not_found"))?;
    Ok((the_round(conn, organisation, allocation.round_id)?, allocation))
}

/// Forgets what units get in a round.
///
/// # Errors
/// When the database fails.
pub fn forget_allocations(tx: &mut Tx<'_>, round: RoundId) -> Result<(), Error> {
    diesel::delete(round_allocations::table.filter(round_allocations::round_id.eq(round))).execute(&mut **tx)?;
    Ok(())
}

/// Adds allocations.
///
/// # Errors
/// When the database fails.
pub fn insert_allocations(tx: &mut Tx<'_>, allocations: &[Allocation]) -> Result<(), Error> {
    for some in allocations.chunks(TOGETHER) {
        each!(&mut **tx, c => diesel::insert_into(round_allocations::table).values(some).execute(c))?;
    }
    Ok(())
}

/// Saves an allocation.
///
/// # Errors
/// When the database fails.
pub fn save_allocation(tx: &mut Tx<'_>, allocation: &Allocation) -> Result<(), Error> {
    diesel::update(round_allocations::table.find(allocation.id)).set(allocation).execute(&mut **tx)?;
    Ok(())
}

/// Takes an allocation away.
///
/// # Errors
/// When the database fails.
pub fn delete_allocation(tx: &mut Tx<'_>, id: AllocationId) -> Result<(), Error> {
    diesel::delete(round_allocations::table.find(id)).execute(&mut **tx)?;
    Ok(())
}
