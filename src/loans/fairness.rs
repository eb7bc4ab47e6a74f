//! Who goes first when not all can have a kit.
//!
//! The unit that has had least goes first: what counts is its loans that began in the last year or begin later, and the
//! offers held for it. Loans that were called off or never fetched do not count; a kit that was lost does. Between units
//! that have had as much, who asked first goes first. The queue keeps to this order; a season's round draws lots where
//! nobody asked first.

use crate::loans::policy::Held;
use crate::loans::queue::rules::Status as QueueStatus;
use crate::loans::rules::{Status, days_before};
use crate::loans::store;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{OrganisationId, UnitId};
use crate::schema::{loans, queue_entries};
use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;
use std::collections::HashMap;

/// How far back loans count, in days.
pub const COUNTED_DAYS: u64 = 365;

/// Somebody's turn. The least goes first; `id` settles what the rest leaves open, so that the order is always the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn<I> {
    /// It has just had the very type, and the lender lets others go first.
    pub again: bool,
    /// How much the unit has had.
    pub had: u32,
    /// When it asked.
    pub asked_at: Instant,
    /// What it asked for.
    pub id: I,
}

/// What units have of all that there is: loans and open offers.
#[derive(Debug, Clone, Default)]
pub struct Shares {
    /// How many each has had or has coming.
    pub had: HashMap<UnitId, u32>,
    /// Those that count when its kits are counted.
    pub held: HashMap<UnitId, Vec<Held>>,
}

/// What each of these units has.
///
/// # Errors
/// When the database fails.
pub fn shares(
    conn: &mut Conn,
    organisation: OrganisationId,
    units: &[UnitId],
    today: NaiveDate,
) -> Result<Shares, Error> {
    Ok(Shares { had: had(conn, organisation, units, today)?, held: store::held_by(conn, units, today)? })
}

/// How many loans each of these units has had or has coming.
///
/// # Errors
/// When the database fails.
fn had(
    conn: &mut Conn,
    organisation: OrganisationId,
    units: &[UnitId],
    today: NaiveDate,
) -> Result<HashMap<UnitId, u32>, Error> {
    // Every unit is counted by itself in an index: with their organisation asked for too, a database may go through all
    // that it ever lent.
    let lent: Vec<(UnitId, i64)> = loans::table
        .filter(loans::unit_id.eq_any(units).and(loans::first_day.ge(days_before(today, COUNTED_DAYS))))
        .filter(loans::status.ne_all([Status::Cancelled, Status::NotCollected]))
        .group_by(loans::unit_id)
        .select((loans::unit_id, count_star()))
        .load(conn)?;
    let offered: Vec<(UnitId, i64)> = queue_entries::table
        .filter(queue_entries::organisation_id.eq(organisation).and(queue_entries::status.eq(QueueStatus::Offered)))
        .filter(queue_entries::unit_id.eq_any(units))
        .group_by(queue_entries::unit_id)
        .select((queue_entries::unit_id, count_star()))
        .load(conn)?;
    let mut had: HashMap<UnitId, u32> = units.iter().map(|unit| (*unit, 0)).collect();
    for (unit, count) in lent.into_iter().chain(offered) {
        let sum = had.entry(unit).or_default();
        *sum = sum.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
    }
    Ok(had)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn who_has_had_least_goes_first_then_who_asked_first() {
        let turn = |had, asked_at: &str, id| Turn {
            again: id == 5,
            had,
            asked_at: Instant::new(asked_at.parse().unwrap()),
            id,
        };
        let mut turns = [
            turn(2, "2026-11-02T08:00:00Z", 1),
            turn(0, "2026-11-05T08:00:00Z", 2),
            turn(0, "2026-11-04T08:00:00Z", 4),
            turn(0, "2026-11-04T08:00:00Z", 3),
            turn(0, "2026-11-01T08:00:00Z", 5),
        ];
        turns.sort();
        assert_eq!(turns.map(|turn| turn.id), [3, 4, 2, 1, 5]);
    }
}
