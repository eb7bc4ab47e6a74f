//! The loans that a calendar shows.

use crate::accounts::store::{self as accounts, Organisation};
use crate::calendars::ics::View;
use crate::calendars::store;
use crate::loans::queries::{self, Work};
use crate::loans::rules::{Status, days_after};
use crate::loans::views::LoanView;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::text::Lang;
use chrono::Days;

/// How far back, and how far ahead, the warehouse's calendar shows, in days.
const BACK_DAYS: u64 = 14;
const AHEAD_DAYS: u64 = 90;
/// The most that the warehouse's calendar shows of hand-outs, and of receipts.
const MOST: i64 = 1000;

/// What stands at a calendar's address.
pub struct Subscribed {
    /// Its language.
    pub language: Lang,
    /// Whose it is.
    pub view: View,
    /// The organisation.
    pub organisation: Organisation,
    /// The unit's name; none for the warehouse.
    pub unit: Option<String>,
    /// Its loans.
    pub loans: Vec<LoanView>,
}

/// Reads the calendar at an address; none when there is no such address, or no more.
///
/// # Errors
/// When the database fails.
pub fn subscribed(conn: &mut Conn, token: &str, now: Instant) -> Result<Option<Subscribed>, Error> {
    let Some(row) = store::find(conn, token)? else { return Ok(None) };
    let organisation = accounts::organisation(conn, row.organisation_id)?;
    let today = organisation.today(now);
    let (view, unit, loans) = match row.unit_id {
        Some(unit) => {
            let name = accounts::find_unit(conn, row.organisation_id, unit)?.map(|unit| unit.name);
            (View::Unit, name, queries::open_loans(conn, &organisation, &[unit], today)?)
        }
        None => {
            let from = today.checked_sub_days(Days::new(BACK_DAYS));
            let until = Some(days_after(today, AHEAD_DAYS));
            let out = Work { statuses: &[Status::Reserved, Status::Ready], units: None, from, until };
            let back = Work { statuses: &[Status::Out], units: None, from, until };
            let mut loans = out.list(conn, &organisation, today, MOST)?;
            loans.extend(back.list(conn, &organisation, today, MOST)?);
            (View::Warehouse, None, loans)
        }
    };
    Ok(Some(Subscribed { language: row.language, view, organisation, unit, loans }))
}
