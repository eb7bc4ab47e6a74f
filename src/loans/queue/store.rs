//! Rows of the queue.

use crate::loans::allocation::Span;
use crate::loans::queue::rules::Status;
use crate::loans::store::{CLAIM_COLUMNS, ClaimRow, claimed};
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{KitId, KitTypeId, LoanId, QueueEntryId, UnitId};
use crate::schema::{occupancies, queue_entries};
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;

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

/// True when another unit waits for a kit of the type on some of these days.
///
/// # Errors
/// When the database fails.
pub fn others_waiting(conn: &mut Conn, kit_type: KitTypeId, unit: UnitId, span: Span) -> Result<bool, Error> {
    let waiting = queue_entries::table
        .filter(queue_entries::kit_type_id.eq(kit_type).and(queue_entries::status.eq(Status::Waiting)))
        .filter(queue_entries::unit_id.ne(unit))
        .filter(queue_entries::earliest_day.lt(span.end).and(queue_entries::latest_day.ge(span.first)));
    Ok(diesel::select(exists(waiting)).get_result(conn)?)
}
