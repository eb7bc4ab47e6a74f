//! Rows of the queue.

use crate::loans::allocation::Span;
use crate::loans::queries::owing_units;
use crate::loans::queue::rules::{Status, Wish};
use crate::loans::store::{CLAIM_COLUMNS, ClaimRow, claimed};
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::db::{Tx, violates};
use crate::platform::error::Error;
use crate::platform::ids::{KitId, KitTypeId, LoanId, OrganisationId, PersonId, QueueEntryId, UnitId};
use crate::schema::{occupancies, queue_entries};
use chrono::NaiveDate;
use diesel::prelude::*;

/// A place in the queue, and the offer that came of it.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = queue_entries, treat_none_as_null = true)]
pub struct Entry {
    /// The place.
    pub id: QueueEntryId,
    /// The lender.
    pub organisation_id: OrganisationId,
    /// Who waits.
    pub unit_id: UnitId,
    /// For what.
    pub kit_type_id: KitTypeId,
    /// The day on which the loan may begin at the earliest.
    pub earliest_day: NaiveDate,
    /// The day by which the kit is to be back.
    pub latest_day: NaiveDate,
    /// Days from the first to the last that are wished for.
    pub days: i32,
    /// Where it is.
    pub status: Status,
    /// Who asked.
    pub asked_by: Option<PersonId>,
    /// When they asked.
    pub asked_at: Instant,
    /// The loan that the offer becomes, or has become.
    pub loan_id: Option<LoanId>,
    /// The first day that is offered.
    pub first_day: Option<NaiveDate>,
    /// The last day that is offered.
    pub last_day: Option<NaiveDate>,
    /// When the offer was made.
    pub offered_at: Option<Instant>,
    /// Until when it waits for its answer.
    pub answer_by: Option<Instant>,
    /// When the place was no longer in the queue.
    pub ended_at: Option<Instant>,
    /// Counts the changes.
    pub version: i32,
}

/// What is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// The loan that it becomes, or has become.
    pub loan: LoanId,
    /// Its first day.
    pub first_day: NaiveDate,
    /// Its last day.
    pub last_day: NaiveDate,
    /// When the offer was made.
    pub offered_at: Instant,
    /// Until when it waits for its answer.
    pub answer_by: Instant,
}

impl Entry {
    /// What is wished for.
    pub fn wish(&self) -> Wish {
        Wish { earliest_day: self.earliest_day, latest_day: self.latest_day, days: self.days }
    }

    /// The offer, if one was made.
    pub fn offer(&self) -> Option<Offer> {
        Some(Offer {
            loan: self.loan_id?,
            first_day: self.first_day?,
            last_day: self.last_day?,
            offered_at: self.offered_at?,
            answer_by: self.answer_by?,
        })
    }
}

/// An offer that waits for its answer, with what it claims; nothing when it is at risk and holds no kit.
#[derive(Debug, Clone)]
pub struct HeldOffer {
    /// Its place in the queue.
    pub entry: QueueEntryId,
    /// Whom it is made to.
    pub unit: UnitId,
    /// What it offers.
    pub kit_type: KitTypeId,
    /// The loan that it becomes.
    pub loan: LoanId,
    /// The first day of that loan.
    pub first_day: NaiveDate,
    /// The last day of that loan.
    pub last_day: NaiveDate,
    /// The kit and the days it claims there.
    pub claim: Option<(KitId, Span)>,
}

type HeldColumns = (QueueEntryId, UnitId, KitTypeId, LoanId, NaiveDate, NaiveDate);

/// The offers of these types that wait for an answer.
///
/// # Errors
/// When the database fails.
pub fn held(conn: &mut Conn, kit_types: &[KitTypeId]) -> Result<Vec<HeldOffer>, Error> {
    let rows: Vec<(HeldColumns, ClaimRow)> = queue_entries::table
        .left_join(occupancies::table)
        .filter(queue_entries::kit_type_id.eq_any(kit_types).and(queue_entries::status.eq(Status::Offered)))
        .select((
            (
                queue_entries::id,
                queue_entries::unit_id,
                queue_entries::kit_type_id,
                queue_entries::loan_id.assume_not_null(),
                queue_entries::first_day.assume_not_null(),
                queue_entries::last_day.assume_not_null(),
            ),
            CLAIM_COLUMNS.nullable(),
        ))
        .load(conn)?;
    let offer = |((entry, unit, kit_type, loan, first_day, last_day), claim)| HeldOffer {
        entry,
        unit,
        kit_type,
        loan,
        first_day,
        last_day,
        claim: claimed(claim),
    };
    Ok(rows.into_iter().map(offer).collect())
}

/// True when another unit waits for a kit of the type on some of these days, and may be given one: who owes an evaluation
/// is offered none.
///
/// # Errors
/// When the database fails.
pub fn others_waiting(
    conn: &mut Conn,
    kit_type: KitTypeId,
    unit: UnitId,
    span: Span,
    today: NaiveDate,
) -> Result<bool, Error> {
    let waiting: Vec<UnitId> = queue_entries::table
        .filter(queue_entries::kit_type_id.eq(kit_type).and(queue_entries::status.eq(Status::Waiting)))
        .filter(queue_entries::unit_id.ne(unit))
        .filter(queue_entries::earliest_day.lt(span.end).and(queue_entries::latest_day.ge(span.first)))
        .select(queue_entries::unit_id)
        .distinct()
        .load(conn)?;
    let owing = owing_units(conn, &waiting, today)?;
    Ok(waiting.iter().any(|unit| !owing.contains(unit)))
}

/// A place in the queue of an organisation.
///
/// # Errors
/// When the database fails.
pub fn find(conn: &mut Conn, organisation: OrganisationId, id: QueueEntryId) -> Result<Option<Entry>, Error> {
    Ok(queue_entries::table
        .filter(queue_entries::id.eq(id).and(queue_entries::organisation_id.eq(organisation)))
        .get_result(conn)
        .optional()?)
}

/// Those of these types that wait, or have an offer, by age.
///
/// # Errors
/// When the database fails.
pub fn open(conn: &mut Conn, kit_types: &[KitTypeId]) -> Result<Vec<Entry>, Error> {
    Ok(queue_entries::table
        .filter(queue_entries::kit_type_id.eq_any(kit_types))
        .filter(queue_entries::status.eq_any([Status::Waiting, Status::Offered]))
        .order(queue_entries::id.asc())
        .load(conn)?)
}

/// The types of an organisation that somebody waits for or has an offer of.
///
/// # Errors
/// When the database fails.
pub fn types_waited_for(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<KitTypeId>, Error> {
    Ok(queue_entries::table
        .filter(queue_entries::organisation_id.eq(organisation))
        .filter(queue_entries::status.eq_any([Status::Waiting, Status::Offered]))
        .select(queue_entries::kit_type_id)
        .distinct()
        .load(conn)?)
}

/// The kit that an offer claims, by the loan that it becomes.
///
/// # Errors
/// When the database fails.
pub fn claimed_kit(conn: &mut Conn, loan: LoanId) -> Result<Option<KitId>, Error> {
    Ok(occupancies::table.find(loan).select(occupancies::kit_id).get_result(conn).optional()?)
}

/// Adds a place.
///
/// # Errors
/// `queue.already_waiting` when the unit waits for the type on some of the days already.
pub fn insert(tx: &mut Tx<'_>, entry: &Entry) -> Result<(), Error> {
    diesel::insert_into(queue_entries::table).values(entry).execute(&mut **tx).map_err(|error| {
        if violates(&error, "queue_entries_once") { Error::refused("queue.already_waiting") } else { error.into() }
    })?;
    Ok(())
}

/// Saves a place that was read before, if it has not changed since; counts its version up.
///
/// # Errors
/// `request.changed_meanwhile`, or when the database fails.
pub fn save(tx: &mut Tx<'_>, entry: &mut Entry) -> Result<(), Error> {
    let read = entry.version;
    entry.version += 1;
    let own = queue_entries::table.filter(queue_entries::id.eq(entry.id).and(queue_entries::version.eq(read)));
    let saved = diesel::update(own).set(&*entry).execute(&mut **tx)?;
    if saved == 1 { Ok(()) } else { Err(Error::changed_meanwhile()) }
}
