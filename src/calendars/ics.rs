//! Loans as iCalendar (RFC 5545), as Outlook, Google and Apple read it. Days are days, without a time of day: they are
//! the same wherever the calendar is read, on both sides of a change of clocks.

use crate::loans::rules::{Status, days_after};
use crate::loans::views::LoanView;
use crate::platform::db::types::Instant;
use crate::platform::error::Fault;
use crate::platform::text::Texts;
use chrono::{Duration, NaiveDate};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};

/// How often a program that subscribes is asked to look again, in hours.
const LOOK_AGAIN_HOURS: i64 = 4;

/// Whose calendar it is: each has its own view of a loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The unit's: a loan is a period.
    Unit,
    /// The warehouse's: a loan is a hand-out on one day, and a receipt on another.
    Warehouse,
}

/// What the calendar is written with besides its loans.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The reader's texts.
    pub t: Texts,
    /// The program's address, for links.
    pub site: &'a str,
    /// When it is written.
    pub now: Instant,
}

/// A calendar with these loans.
///
/// # Errors
/// When it cannot be written.
pub fn calendar(frame: Frame<'_>, name: &str, loans: &[LoanView], view: View) -> Result<String, Fault> {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(Property::new("VERSION", "2.0"))
        .append_property(Property::new("PRODID", "-//Digilador//Digilador//SV"))
        .append_property(Property::new("CALSCALE", "GREGORIAN"))
        .append_property(Property::new("METHOD", "PUBLISH"))
        .name(name)
        .ttl(&Duration::hours(LOOK_AGAIN_HOURS));
    for loan in loans {
        match view {
            View::Unit => {
                calendar.push(event(frame, loan, "", "calendar-loan", (loan.first_day, loan.last_day)));
            }
            View::Warehouse if loan.status.is_before_hand_out() => {
                calendar.push(event(frame, loan, "out-", "calendar-out", (loan.first_day, loan.first_day)));
            }
            View::Warehouse => {
                calendar.push(event(frame, loan, "in-", "calendar-in", (loan.last_day, loan.last_day)));
            }
        }
    }
    let mut text = String::new();
    std::fmt::Write::write_fmt(&mut text, format_args!("{calendar}")).map_err(Fault::from_error)?;
    Ok(text)
}

/// A loan from the first to the last day. The end of an event in days is the day after its last.
fn event(frame: Frame<'_>, loan: &LoanView, kind: &str, key: &str, (first, last): (NaiveDate, NaiveDate)) -> Event {
    let Frame { t, site, now } = frame;
    let host = site.split_once("://").map_or(site, |(_, host)| host);
    let about = [("kit", loan.what().into()), ("unit", loan.unit.name.as_str().into())];
    let days = [("first", loan.first_day.into()), ("last", loan.last_day.into())];
    Event::new()
        .uid(&format!("{kind}{}@{host}", loan.id))
        .summary(&t.a(key, &about))
        .description(&t.a("calendar-about", &days))
        .url(&format!("{site}/lan/{}", loan.id))
        .starts(first)
        .ends(days_after(last, 1))
        .timestamp(now.utc())
        .sequence(u32::try_from(loan.version).unwrap_or(0))
        .status(if loan.status == Status::Cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed })
        // A loan does not make anybody busy.
        .add_property("TRANSP", "TRANSPARENT")
        .done()
}
