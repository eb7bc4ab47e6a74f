//! ISO weeks, as addresses and lists name them: `2026-W43`.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use std::fmt;
use std::str::FromStr;

/// An ISO week, from Monday to Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Week {
    monday: NaiveDate,
}

impl Week {
    /// The week of a day.
    pub fn of(day: NaiveDate) -> Self {
        Self { monday: day.week(Weekday::Mon).checked_first_day().unwrap_or(day) }
    }

    /// Its first day.
    pub fn monday(self) -> NaiveDate {
        self.monday
    }

    /// Its last day.
    pub fn sunday(self) -> NaiveDate {
        self.after_days(6)
    }

    /// The week so many weeks later.
    #[must_use]
    pub fn later(self, weeks: u64) -> Self {
        Self { monday: self.after_days(weeks.saturating_mul(7)) }
    }

    fn after_days(self, days: u64) -> NaiveDate {
        self.monday.checked_add_days(Days::new(days)).unwrap_or(self.monday)
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let week = self.monday.iso_week();
        write!(f, "{}-W{:02}", week.year(), week.week())
    }
}

impl FromStr for Week {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (year, week) = text.split_once("-W").ok_or(())?;
        let (year, week) = (year.parse().map_err(|_| ())?, week.parse().map_err(|_| ())?);
        NaiveDate::from_isoywd_opt(year, week, Weekday::Mon).map(|monday| Self { monday }).ok_or(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn weeks_go_on_over_the_new_year() {
        let week: Week = "2026-W52".parse().unwrap();
        let names: Vec<String> = (0..4).map(|later| week.later(later).to_string()).collect();
        assert_eq!(names, ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]);
        assert_eq!(Week::of("2027-01-03".parse().unwrap()).to_string(), "2026-W53");
        assert_eq!(week.later(1).sunday().to_string(), "2027-01-03");
    }

    #[test]
    fn what_is_no_week_is_not_read() {
        for odd in ["", "2027-W53", "2026-W00", "2026-43", "W43", "2026-W", "x-W1", "99999999-W01", "2026-W-1"] {
            assert!(odd.parse::<Week>().is_err(), "{odd}");
        }
    }
}
