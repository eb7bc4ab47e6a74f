//! Rows of opening days and closures.

use crate::opening::holidays::Country;
use crate::opening::rules::{Closure, Opening, Weekdays};
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{ClosureId, OrganisationId};
use crate::schema::{closures, opening};
use chrono::NaiveDate;
use diesel::prelude::*;

/// What an organisation has said of its week. Version 0: nothing yet, so the warehouse is open every day.
#[derive(Debug, Clone, Copy, Queryable, Insertable)]
#[diesel(table_name = opening)]
pub struct WeekRow {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// The open days, as [`Weekdays::bits`].
    pub weekdays: i32,
    /// Whose holidays are kept.
    pub holidays: Country,
    /// Counts the changes.
    pub version: i32,
}

/// A closure.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = closures)]
pub struct ClosureRow {
    /// The closure.
    pub id: ClosureId,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// The first closed day.
    pub first_day: NaiveDate,
    /// The last closed day.
    pub last_day: NaiveDate,
    /// Why.
    pub reason: String,
}

/// The week of an organisation.
///
/// # Errors
/// When the database fails.
pub fn week(conn: &mut Conn, organisation: OrganisationId) -> Result<WeekRow, Error> {
    let row = opening::table.find(organisation).get_result(conn).optional()?;
    Ok(row.unwrap_or(WeekRow {
        organisation_id: organisation,
        weekdays: Weekdays::ALL.bits(),
        holidays: Country::None,
        version: 0,
    }))
}

/// The closures that are not over on `today`, in order.
///
/// # Errors
/// When the database fails.
pub fn closures(conn: &mut Conn, organisation: OrganisationId, today: NaiveDate) -> Result<Vec<ClosureRow>, Error> {
    Ok(closures::table
        .filter(closures::organisation_id.eq(organisation).and(closures::last_day.ge(today)))
        .order((closures::first_day.asc(), closures::id.asc()))
        .load(conn)?)
}

/// When the warehouse is open from `today` on.
///
/// # Errors
/// When the database fails.
pub fn opening(conn: &mut Conn, organisation: OrganisationId, today: NaiveDate) -> Result<Opening, Error> {
    let week = week(conn, organisation)?;
    let closures = closures(conn, organisation, today)?;
    Ok(Opening {
        weekdays: Weekdays::from_bits(week.weekdays),
        holidays: week.holidays,
        closures: closures.into_iter().map(Closure::from).collect(),
    })
}

impl From<ClosureRow> for Closure {
    fn from(row: ClosureRow) -> Self {
        Self { first_day: row.first_day, last_day: row.last_day, reason: row.reason }
    }
}
