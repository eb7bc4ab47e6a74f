//! What is done with calendar addresses: make one, which ends the one before, or end it.

use crate::accounts::rules::Role;
use crate::accounts::session::Person;
use crate::accounts::{secrets, store as accounts};
use crate::calendars::store::{self, CalendarRow};
use crate::loans::actions::may_act_for;
use crate::platform::db::Tx;
use crate::platform::error::Error;
use crate::platform::events::{self, By};
use crate::platform::ids::{CalendarId, UnitId};
use crate::platform::text::Lang;
use crate::schema::calendars;
use diesel::prelude::*;
use serde_json::json;

/// A borrower has the calendars of their units; the warehouse its own; who works for the lender those of all units.
///
/// # Errors
/// `unit.not_yours`, `auth.forbidden`.
pub fn may_have(who: &Person, unit: Option<UnitId>) -> Result<(), Error> {
    match unit {
        Some(unit) => may_act_for(who, unit),
        None if who.is(Role::Warehouse) => Ok(()),
        None => Err(Error::forbidden("auth.forbidden")),
    }
}

/// The address of a calendar.
pub fn address(site: &str, token: &str) -> String {
    format!("{site}/kalender/{token}.ics")
}

/// Makes a calendar for a unit, or for the warehouse without one, and tells its secret, once. The address before, if
/// there is one, shows nothing any more: that is how one that went astray is ended.
///
/// # Errors
/// `unit.not_found`.
pub fn make(tx: &mut Tx<'_>, by: By, unit: Option<UnitId>, language: Lang) -> Result<(CalendarRow, String), Error> {
    if let Some(unit) = unit {
        accounts::find_unit(tx, by.organisation, unit)?.ok_or_else(|| Error::not_found("unit.not_found"))?;
    }
    if let Some(old) = store::of(tx, by.organisation, unit)? {
        end(tx, by, &old)?;
    }
    let token = secrets::token();
    let row = CalendarRow {
        id: CalendarId::new(),
        organisation_id: by.organisation,
        unit_id: unit,
        token_hash: secrets::hash(&token),
        language,
        created_at: by.now,
    };
    diesel::insert_into(calendars::table).values(&row).execute(&mut **tx)?;
    events::append(tx, by, row.id, "calendar.added", json!({ "to": { "unit": unit } }))?;
    Ok((row, token))
}

/// Ends the calendar of a unit, or of the warehouse without one: its address shows nothing any more.
///
/// # Errors
/// `calendar.not_found`.
pub fn remove(tx: &mut Tx<'_>, by: By, unit: Option<UnitId>) -> Result<(), Error> {
    let row = store::of(tx, by.organisation, unit)?.ok_or_else(|| Error::not_found("calendar.not_found"))?;
    end(tx, by, &row)
}

fn end(tx: &mut Tx<'_>, by: By, row: &CalendarRow) -> Result<(), Error> {
    diesel::delete(calendars::table.find(row.id)).execute(&mut **tx)?;
    events::append(tx, by, row.id, "calendar.ended", json!({ "from": { "unit": row.unit_id } }))
}
