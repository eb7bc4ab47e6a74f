//! Terms, the halves of a preschool year: spring is January to July, autumn is August to December. Written `2026-1` and
//! `2026-2`, as the tables that count by term have it, so that they sort by time.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The first month of autumn: preschools begin their year in August.
const AUGUST: u32 = 8;

/// A term, of the years 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Term {
    year: i32,
    autumn: bool,
}

impl Term {
    /// The term of a day. Days outside the calendar that the databases share count with the nearest inside it.
    pub fn of(day: NaiveDate) -> Self {
        Self { year: day.year().clamp(1, 9999), autumn: day.month() >= AUGUST }
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.year
    }

    /// True from August to December.
    pub fn is_autumn(self) -> bool {
        self.autumn
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        let month = if self.autumn { AUGUST } else { 1 };
        NaiveDate::from_ymd_opt(self.year, month, 1).unwrap_or_default()
    }

    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        let month = if self.autumn { 12 } else { AUGUST - 1 };
        NaiveDate::from_ymd_opt(self.year, month, 31).unwrap_or_default()
    }

    /// The term so many terms before.
    #[must_use]
    pub fn before(self, terms: i32) -> Self {
        let at = (self.year * 2 + i32::from(self.autumn)).saturating_sub(terms).clamp(2, 19_999);
        Self { year: at / 2, autumn: at % 2 == 1 }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{}", self.year, if self.autumn { 2 } else { 1 })
    }
}

impl FromStr for Term {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (year, half) = text.split_once('-').ok_or(())?;
        let digits = year.len() == 4 && year.bytes().all(|digit| digit.is_ascii_digit());
        let year = year.parse().ok().filter(|year| digits && *year >= 1).ok_or(())?;
        match half {
            "1" => Ok(Self { year, autumn: false }),
            "2" => Ok(Self { year, autumn: true }),
            _ => Err(()),
        }
    }
}

impl From<Term> for String {
    fn from(term: Term) -> Self {
        term.to_string()
    }
}

impl TryFrom<String> for Term {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map_err(|()| "no term")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_year_has_two_terms() {
        for (first, last, name) in [
            ("2026-01-01", "2026-07-31", "2026-1"),
            ("2026-08-01", "2026-12-31", "2026-2"),
            ("0001-01-01", "0001-07-31", "0001-1"),
        ] {
            let term = Term::of(day(first));
            assert_eq!((term.to_string(), Term::of(day(last))), (name.to_owned(), term));
            assert_eq!((term.first_day(), term.last_day()), (day(first), day(last)));
            assert_eq!(name.parse(), Ok(term));
        }
        let terms: Vec<String> = (0..4).map(|terms| Term::of(day("2026-11-02")).before(terms).to_string()).collect();
        assert_eq!(terms, ["2026-2", "2026-1", "2025-2", "2025-1"]);
        assert_eq!(Term::of(day("0001-02-01")).before(5).to_string(), "0001-1");
    }

    #[test]
    fn what_is_no_term_is_not_read() {
        for odd in ["", "2026", "2026-0", "2026-3", "26-1", "0000-1", "+026-1", "2026-1 ", "99999-1", "2026-01"] {
            assert!(odd.parse::<Term>().is_err(), "{odd}");
        }
    }
}
