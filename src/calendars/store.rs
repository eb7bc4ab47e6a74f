//! Rows of calendar addresses.

use crate::accounts::secrets;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{CalendarId, OrganisationId, UnitId};
use crate::platform::text::Lang;
use crate::schema::calendars;
use diesel::prelude::*;

/// A calendar that other programs subscribe to.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = calendars)]
pub struct CalendarRow {
    /// The calendar.
    pub id: CalendarId,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Whose loans it shows; the warehouse's work without one.
    pub unit_id: Option<UnitId>,
    /// The address's secret, hashed.
    pub token_hash: Vec<u8>,
    /// Its language.
    pub language: Lang,
    /// When it was made.
    pub created_at: Instant,
}

/// The calendar at an address.
///
/// # Errors
/// When the database fails.
pub fn find(conn: &mut Conn, token: &str) -> Result<Option<CalendarRow>, Error> {
    Ok(calendars::table.filter(calendars::token_hash.eq(secrets::hash(token))).get_result(conn).optional()?)
}

/// True when the unit, or the warehouse without one, has a calendar.
///
/// # Errors
/// When the database fails.
pub fn exists(conn: &mut Conn, organisation: OrganisationId, unit: Option<UnitId>) -> Result<bool, Error> {
    Ok(of(conn, organisation, unit)?.is_some())
}

/// The calendar of a unit, or of the warehouse without one.
///
/// # Errors
/// When the database fails.
pub fn of(conn: &mut Conn, organisation: OrganisationId, unit: Option<UnitId>) -> Result<Option<CalendarRow>, Error> {
    let own = calendars::table.filter(calendars::organisation_id.eq(organisation)).into_boxed();
    let own = match unit {
        Some(unit) => own.filter(calendars::unit_id.eq(unit)),
        None => own.filter(calendars::unit_id.is_null()),
    };
    Ok(own.get_result(conn).optional()?)
}
