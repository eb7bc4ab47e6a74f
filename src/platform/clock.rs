//! The time, handed out from one place, so that tests can hold it still.

use crate::platform::db::types::Instant;
use chrono::{NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Where actions get the time from.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    /// Microseconds since 1970.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until it is moved; clones move together.
    pub fn fixed(at: Instant) -> Self {
        Self(Source::Set(Arc::new(AtomicI64::new(at.utc().timestamp_micros()))))
    }

    /// The present moment.
    #[allow(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
    pub fn now(&self) -> Instant {
        match &self.0 {
            Source::System => Instant::new(Utc::now()),
            Source::Set(micros) => {
                Instant::new(chrono::DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst)).unwrap_or_default())
            }
        }
    }

    /// Moves a fixed clock on; the machine's clock stays.
    pub fn advance(&self, by: TimeDelta) {
        if let (Source::Set(micros), Some(by)) = (&self.0, by.num_microseconds()) {
            micros.fetch_add(by, Ordering::SeqCst);
        }
    }
}

/// The day it is at a moment in a time zone. Loans are days there, whatever zone the server stands in.
pub fn day_in(zone: Tz, at: Instant) -> NaiveDate {
    at.utc().with_timezone(&zone).date_naive()
}

/// The moment a day begins in a time zone: midnight, or later where the clocks skip it.
pub fn start_of_day(zone: Tz, day: NaiveDate) -> Instant {
    let hours = (0..24).filter_map(|hour| day.and_hms_opt(hour, 0, 0));
    let first = hours.filter_map(|hour| zone.from_local_datetime(&hour).earliest()).next();
    Instant::new(
        first.map_or_else(|| day.and_time(chrono::NaiveTime::MIN).and_utc(), |first| first.with_timezone(&Utc)),
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_its_first_moment() {
        let start = |zone, day: &str| start_of_day(zone, day.parse().unwrap()).utc().to_rfc3339();
        assert_eq!(start(chrono_tz::Europe::Stockholm, "2026-03-29"), "2026-03-28T23:00:00+00:00");
        assert_eq!(start(chrono_tz::Europe::Stockholm, "2026-10-26"), "2026-10-25T23:00:00+00:00");
        // In Beirut the clocks go from midnight to one.
        assert_eq!(start(chrono_tz::Asia::Beirut, "2024-03-31"), "2024-03-30T22:00:00+00:00");
    }

    #[test]
    fn the_day_changes_at_midnight_in_the_zone_also_on_the_nights_the_clocks_change() {
        let day = |text: &str| day_in(chrono_tz::Europe::Stockholm, Instant::new(text.parse().unwrap())).to_string();
        assert_eq!(day("2026-03-28T22:59:59Z"), "2026-03-28");
        assert_eq!(day("2026-03-28T23:00:00Z"), "2026-03-29");
        assert_eq!(day("2026-03-29T21:59:59Z"), "2026-03-29");
        assert_eq!(day("2026-03-29T22:00:00Z"), "2026-03-30");
        assert_eq!(day("2026-10-25T22:59:59Z"), "2026-10-25");
        assert_eq!(day("2026-10-25T23:00:00Z"), "2026-10-26");
    }
}
