//! The days on which Sweden and Denmark are closed.
//!
//! Sweden: lagen om allmänna helgdagar (1989:253), and the eves that semesterlagen (1977:480) 3 a § puts on a par with
//! Sundays. Denmark: the holidays of the national church that remain since store bededag went in 2024, and the days on
//! which lukkeloven and custom close offices: 5 June, 24 and 31 December. Compared with PyPI's `holidays` 0.109 by a test.

use crate::platform::db::types::text_enum;
use crate::platform::error::Arg;
use chrono::{Datelike, Days, NaiveDate, Weekday};

text_enum! {
    /// Whose holidays are kept.
    pub enum Country {
        /// Nobody's.
        None = "none",
        /// Sweden's.
        Sweden = "sweden",
        /// Denmark's.
        Denmark = "denmark",
    }
}

/// A holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holiday {
    NewYearsDay,
    Epiphany,
    MaundyThursday,
    GoodFriday,
    EasterSunday,
    EasterMonday,
    MayDay,
    AscensionDay,
    Whitsunday,
    WhitMonday,
    ConstitutionDay,
    NationalDay,
    MidsummerEve,
    MidsummerDay,
    AllSaintsDay,
    ChristmasEve,
    ChristmasDay,
    BoxingDay,
    NewYearsEve,
}

impl Holiday {
    /// Its name, as each language has it.
    pub fn name(self) -> Arg {
        Arg::Key(match self {
            Self::NewYearsDay => "holiday-new-years-day",
            Self::Epiphany => "holiday-epiphany",
            Self::MaundyThursday => "holiday-maundy-thursday",
            Self::GoodFriday => "holiday-good-friday",
            Self::EasterSunday => "holiday-easter-sunday",
            Self::EasterMonday => "holiday-easter-monday",
            Self::MayDay => "holiday-may-day",
            Self::AscensionDay => "holiday-ascension-day",
            Self::Whitsunday => "holiday-whitsunday",
            Self::WhitMonday => "holiday-whit-monday",
            Self::ConstitutionDay => "holiday-constitution-day",
            Self::NationalDay => "holiday-national-day",
            Self::MidsummerEve => "holiday-midsummer-eve",
            Self::MidsummerDay => "holiday-midsummer-day",
            Self::AllSaintsDay => "holiday-all-saints-day",
            Self::ChristmasEve => "holiday-christmas-eve",
            Self::ChristmasDay => "holiday-christmas-day",
            Self::BoxingDay => "holiday-boxing-day",
            Self::NewYearsEve => "holiday-new-years-eve",
        })
    }
}

/// The holiday on a day, if there is one.
pub fn holiday(country: Country, day: NaiveDate) -> Option<Holiday> {
    if country == Country::None {
        return None;
    }
    movable(country, day).or_else(|| fixed(country, day))
}

fn fixed(country: Country, day: NaiveDate) -> Option<Holiday> {
    use Country::{Denmark, Sweden};
    let weekday = day.weekday();
    Some(match (day.month(), day.day()) {
        (1, 1) => Holiday::NewYearsDay,
        (1, 6) if country == Sweden => Holiday::Epiphany,
        (5, 1) if country == Sweden => Holiday::MayDay,
        (6, 5) if country == Denmark => Holiday::ConstitutionDay,
        (6, 6) if country == Sweden => Holiday::NationalDay,
        (6, 19..=25) if country == Sweden && weekday == Weekday::Fri => Holiday::MidsummerEve,
        (6, 20..=26) if country == Sweden && weekday == Weekday::Sat => Holiday::MidsummerDay,
        (10, 31) | (11, 1..=6) if country == Sweden && weekday == Weekday::Sat => Holiday::AllSaintsDay,
        (12, 24) => Holiday::ChristmasEve,
        (12, 25) => Holiday::ChristmasDay,
        (12, 26) => Holiday::BoxingDay,
        (12, 31) => Holiday::NewYearsEve,
        _ => return None,
    })
}

fn movable(country: Country, day: NaiveDate) -> Option<Holiday> {
    Some(match ((day - easter_sunday(day.year())?).num_days(), country) {
        (-3, Country::Denmark) => Holiday::MaundyThursday,
        (-2, _) => Holiday::GoodFriday,
        (0, _) => Holiday::EasterSunday,
        (1, _) => Holiday::EasterMonday,
        (39, _) => Holiday::AscensionDay,
        (49, _) => Holiday::Whitsunday,
        (50, Country::Denmark) => Holiday::WhitMonday,
        _ => return None,
    })
}

/// Easter Sunday of the Gregorian calendar: the first Sunday after the full moon of the church that follows 21 March.
/// Formula: J. Meeus, Astronomical Algorithms (1991), chapter 8.
fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let (century, of_century) = (year.div_euclid(100), year.rem_euclid(100));
    let golden = year.rem_euclid(19);
    let correction = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    let moon = (19 * golden + century - century.div_euclid(4) - correction + 15).rem_euclid(30);
    let weekday =
        (32 + 2 * century.rem_euclid(4) + 2 * of_century.div_euclid(4) - moon - of_century.rem_euclid(4)).rem_euclid(7);
    let late = (golden + 11 * moon + 22 * weekday).div_euclid(451);
    let days = u64::try_from(moon + weekday - 7 * late).ok()?;
    // 22 March is the earliest Easter.
    NaiveDate::from_ymd_opt(year, 3, 22)?.checked_add_days(Days::new(days))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// What PyPI's `holidays` 0.109 says of years with early and late Easters, leap days and 53 weeks.
    const SWEDEN: &[(i32, &str)] = &[
        (2026, "01-01 01-06 04-03 04-05 04-06 05-01 05-14 05-24 06-06 06-19 06-20 10-31 12-24 12-25 12-26 12-31"),
        (2027, "01-01 01-06 03-26 03-28 03-29 05-01 05-06 05-16 06-06 06-25 06-26 11-06 12-24 12-25 12-26 12-31"),
        (2028, "01-01 01-06 04-14 04-16 04-17 05-01 05-25 06-04 06-06 06-23 06-24 11-04 12-24 12-25 12-26 12-31"),
        (2032, "01-01 01-06 03-26 03-28 03-29 05-01 05-06 05-16 06-06 06-25 06-26 11-06 12-24 12-25 12-26 12-31"),
        (2035, "01-01 01-06 03-23 03-25 03-26 05-01 05-03 05-13 06-06 06-22 06-23 11-03 12-24 12-25 12-26 12-31"),
        (2038, "01-01 01-06 04-23 04-25 04-26 05-01 06-03 06-06 06-13 06-25 06-26 11-06 12-24 12-25 12-26 12-31"),
    ];
    const DENMARK: &[(i32, &str)] = &[
        (2026, "01-01 04-02 04-03 04-05 04-06 05-14 05-24 05-25 06-05 12-24 12-25 12-26 12-31"),
        (2027, "01-01 03-25 03-26 03-28 03-29 05-06 05-16 05-17 06-05 12-24 12-25 12-26 12-31"),
        (2028, "01-01 04-13 04-14 04-16 04-17 05-25 06-04 06-05 12-24 12-25 12-26 12-31"),
        (2032, "01-01 03-25 03-26 03-28 03-29 05-06 05-16 05-17 06-05 12-24 12-25 12-26 12-31"),
        (2035, "01-01 03-22 03-23 03-25 03-26 05-03 05-13 05-14 06-05 12-24 12-25 12-26 12-31"),
        (2038, "01-01 04-22 04-23 04-25 04-26 06-03 06-05 06-13 06-14 12-24 12-25 12-26 12-31"),
    ];

    #[test]
    fn they_are_those_of_the_calendar() {
        for (country, years) in [(Country::Sweden, SWEDEN), (Country::Denmark, DENMARK)] {
            for (year, days) in years {
                let first = NaiveDate::from_ymd_opt(*year, 1, 1).unwrap();
                let found = first.iter_days().take_while(|day| day.year() == *year);
                let found: Vec<String> = found
                    .filter(|day| holiday(country, *day).is_some())
                    .map(|day| day.format("%m-%d").to_string())
                    .collect();
                assert_eq!(found.join(" "), *days, "{country:?} {year}");
            }
        }
    }

    #[test]
    fn the_ends_of_the_calendar_are_days_too() {
        for country in [Country::Sweden, Country::Denmark] {
            assert_eq!(holiday(country, NaiveDate::MIN), Some(Holiday::NewYearsDay));
            assert_eq!(holiday(country, NaiveDate::MAX), Some(Holiday::NewYearsEve));
        }
        assert_eq!(holiday(Country::None, NaiveDate::MAX), None);
    }
}
