//! Wishes for kits, in the queue and in rounds, and what came of them: what both demand and equity are made of.

use crate::accounts::store::Organisation;
use crate::loans::queue::rules::Status;
use crate::platform::clock::{day_in, start_of_day};
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{KitTypeId, UnitId};
use crate::reports::rules::Terms;
use crate::schema::{queue_entries, round_allocations, round_wishes, rounds};
use chrono::NaiveDate;
use diesel::prelude::*;

/// A wish that is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// Whose.
    pub unit: UnitId,
    /// For what.
    pub kit_type: KitTypeId,
    /// For how many days.
    pub days: i64,
    /// A kit was found.
    pub won: bool,
    /// How long it waited in the queue for its kit, in days.
    pub waited: Option<i64>,
}

/// The wishes of some terms that are decided: places in the queue since then that got a kit, or whose time passed, and
/// what was wished for in published rounds that begin in these terms. Who left the queue or said no wished for nothing
/// any more.
///
/// # Errors
/// When the database fails.
pub fn decided(conn: &mut Conn, organisation: &Organisation, terms: Terms) -> Result<Vec<Wish>, Error> {
    let mut wishes = queued(conn, organisation, terms)?;
    type Row = (UnitId, KitTypeId, i32, Option<NaiveDate>, Option<String>);
    let rows: Vec<Row> = rounds::table
        .inner_join(round_wishes::table.on(round_wishes::round_id.eq(rounds::id)))
        .inner_join(round_allocations::table.on(round_allocations::wish_id.eq(round_wishes::id.nullable())))
        .filter(rounds::organisation_id.eq(organisation.id).and(rounds::published_at.is_not_null()))
        .filter(rounds::first_day.between(terms.first_day(), terms.last_day()))
        .select((
            round_wishes::unit_id,
            round_wishes::kit_type_id,
            round_wishes::days,
            round_allocations::first_day,
            round_allocations::reason,
        ))
        .load(conn)?;
    // A wish that another one of the same unit stood in the way of was not refused for want of kits.
    let for_want_of_kits = |reason: &Option<String>| matches!(reason.as_deref(), Some("full" | "no_kits"));
    let told = rows.into_iter().filter(|(.., first, reason)| first.is_some() || for_want_of_kits(reason));
    wishes.extend(told.map(|(unit, kit_type, days, first, _)| Wish {
        unit,
        kit_type,
        days: i64::from(days),
        won: first.is_some(),
        waited: None,
    }));
    Ok(wishes)
}

fn queued(conn: &mut Conn, organisation: &Organisation, terms: Terms) -> Result<Vec<Wish>, Error> {
    let zone = organisation.zone();
    let (from, before) = (start_of_day(zone, terms.first_day()), start_of_day(zone, terms.day_after()));
    type Row = (UnitId, KitTypeId, i32, Status, Instant, Option<NaiveDate>);
    let rows: Vec<Row> = queue_entries::table
        .filter(queue_entries::organisation_id.eq(organisation.id))
        .filter(queue_entries::asked_at.ge(from).and(queue_entries::asked_at.lt(before)))
        .filter(queue_entries::status.eq_any([Status::Taken, Status::Passed]))
        .select((
            queue_entries::unit_id,
            queue_entries::kit_type_id,
            queue_entries::days,
            queue_entries::status,
            queue_entries::asked_at,
            queue_entries::first_day,
        ))
        .load(conn)?;
    let wishes = rows.into_iter().map(|(unit, kit_type, days, status, asked_at, first_day)| Wish {
        unit,
        kit_type,
        days: i64::from(days),
        won: status == Status::Taken,
        waited: first_day.map(|first| (first - day_in(zone, asked_at)).num_days().max(0)),
    });
    Ok(wishes.collect())
}
