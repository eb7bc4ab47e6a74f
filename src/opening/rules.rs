//! When the warehouse is open. A loan begins and ends on such a day; what lies between does not matter.

use crate::opening::holidays::{Country, Holiday, holiday};
use crate::platform::error::FieldError;
use chrono::{Datelike, Days, NaiveDate, Weekday};

/// How much earlier than its longest a loan is offered to end, in days, so that it ends on an open day.
pub const EARLIER_DAYS: u64 = 6;
/// How far ahead an open day is looked for, in days.
const LOOK_AHEAD_DAYS: usize = 400;

/// The days of a week.
pub const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// Some days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekdays(u8);

impl Weekdays {
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);

    /// These days.
    pub fn of(days: impl IntoIterator<Item = Weekday>) -> Self {
        Self(days.into_iter().fold(0, |set, day| set | Self::bit(day)))
    }

    /// True when the day is among them.
    pub fn has(self, day: Weekday) -> bool {
        self.0 & Self::bit(day) != 0
    }

    /// As it stands in the database: one bit for each day, Monday the lowest.
    pub fn bits(self) -> i32 {
        self.0.into()
    }

    /// Reads what [`Weekdays::bits`] wrote; bits beyond Sunday are ignored.
    pub fn from_bits(bits: i32) -> Self {
        Self(u8::try_from(bits & 0b111_1111).unwrap_or(0))
    }

    /// The days, from Monday.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        WEEK.into_iter().filter(move |day| self.has(*day))
    }

    fn bit(day: Weekday) -> u8 {
        1 << day.num_days_from_monday()
    }
}

/// Days on which the warehouse is closed, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closure {
    /// The first closed day.
    pub first_day: NaiveDate,
    /// The last closed day.
    pub last_day: NaiveDate,
    /// Why, in the organisation's words.
    pub reason: String,
}

/// Why the warehouse is closed on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed<'o> {
    /// For a reason of its own.
    Closure(&'o Closure),
    /// It is a holiday.
    Holiday(Holiday),
    /// It is closed on this day of every week.
    Weekday(Weekday),
}

/// When the warehouse is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The days of the week.
    pub weekdays: Weekdays,
    /// Whose holidays it keeps.
    pub holidays: Country,
    /// When it is closed besides.
    pub closures: Vec<Closure>,
}

impl Opening {
    /// Open every day: what holds until the organisation says otherwise.
    pub fn always() -> Self {
        Self { weekdays: Weekdays::ALL, holidays: Country::None, closures: Vec::new() }
    }

    /// Why the warehouse is closed on a day; none when it is open.
    pub fn closed(&self, day: NaiveDate) -> Option<Closed<'_>> {
        let closure = self.closures.iter().find(|closure| (closure.first_day..=closure.last_day).contains(&day));
        closure
            .map(Closed::Closure)
            .or_else(|| holiday(self.holidays, day).map(Closed::Holiday))
            .or_else(|| (!self.weekdays.has(day.weekday())).then(|| Closed::Weekday(day.weekday())))
    }

    /// True when the warehouse is open.
    pub fn is_open(&self, day: NaiveDate) -> bool {
        self.closed(day).is_none()
    }

    /// Checks that a loan may begin, or end, on this day.
    ///
    /// # Errors
    /// `day.closed`, `day.holiday` or `day.closed_weekday` for the field, each with the nearest open day after it;
    /// `day.closed_long` when there is none for a year.
    pub fn check(&self, field: &str, day: NaiveDate) -> Result<(), FieldError> {
        let Some(closed) = self.closed(day) else { return Ok(()) };
        let error = match closed {
            Closed::Closure(closure) => FieldError::new(field, "day.closed").arg("reason", &closure.reason),
            Closed::Holiday(holiday) => FieldError::new(field, "day.holiday").arg("holiday", holiday.name()),
            Closed::Weekday(_) => FieldError::new(field, "day.closed_weekday"),
        };
        let error = error.arg("day", day);
        match self.next_open(day) {
            Some(open) => Err(error.arg("open", open)),
            None => Err(FieldError::new(field, "day.closed_long").arg("day", day)),
        }
    }

    /// The first open day from this one on; none when there is none for a year.
    pub fn next_open(&self, from: NaiveDate) -> Option<NaiveDate> {
        from.iter_days().take(LOOK_AHEAD_DAYS).find(|day| self.is_open(*day))
    }

    /// The first day, from this one on, before which so many open days have gone by; none when they never do for a year.
    pub fn after_open_days(&self, from: NaiveDate, days: u32) -> Option<NaiveDate> {
        let mut left = days;
        from.iter_days().take(LOOK_AHEAD_DAYS).find(|day| {
            let gone_by = left == 0;
            left -= u32::from(!gone_by && self.is_open(*day));
            gone_by
        })
    }

    /// The last day to offer for a loan that begins on `first` and may last `days` days from the first to the last: the
    /// latest open one, unless the loan would get shorter by a week. None also when `first` is closed.
    pub fn last_day(&self, first: NaiveDate, days: u64) -> Option<NaiveDate> {
        self.last_day_by(first, days, NaiveDate::MAX)
    }

    /// The same for a loan that is to be over by `latest`.
    pub fn last_day_by(&self, first: NaiveDate, days: u64, latest: NaiveDate) -> Option<NaiveDate> {
        if !self.is_open(first) {
            return None;
        }
        let longest = first.checked_add_days(Days::new(days))?;
        let earlier = (0..=EARLIER_DAYS.min(days)).filter_map(|earlier| longest.checked_sub_days(Days::new(earlier)));
        earlier.into_iter().find(|day| *day <= latest && self.is_open(*day))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn school_days() -> Opening {
        let weekdays = Weekdays::of([Weekday::Mon, Weekday::Tue, Weekday::Thu]);
        let closures = vec![
            Closure { first_day: day("2027-07-12"), last_day: day("2027-08-08"), reason: "Sommarstängt".to_owned() },
            Closure { first_day: day("2027-01-04"), last_day: day("2027-01-04"), reason: "Inventering".to_owned() },
        ];
        Opening { weekdays, holidays: Country::Sweden, closures }
    }

    #[test]
    fn every_closed_day_has_its_reason() {
        let opening = school_days();
        assert_eq!(opening.closed(day("2026-11-24")), None);
        assert_eq!(opening.closed(day("2026-11-25")), Some(Closed::Weekday(Weekday::Wed)));
        assert_eq!(opening.closed(day("2026-12-24")), Some(Closed::Holiday(Holiday::ChristmasEve)));
        assert_eq!(opening.closed(day("2027-01-04")), Some(Closed::Closure(&opening.closures[1])));
        assert_eq!(opening.next_open(day("2026-12-23")), Some(day("2026-12-28")));
        assert_eq!(opening.next_open(day("2027-07-09")), Some(day("2027-08-09")));
    }

    #[test]
    fn a_loan_ends_earlier_rather_than_on_a_closed_day() {
        let opening = school_days();
        assert_eq!(opening.last_day(day("2026-11-24"), 21), Some(day("2026-12-15")));
        assert_eq!(opening.last_day(day("2026-12-03"), 21), Some(day("2026-12-22")), "Christmas Eve is a Thursday");
        assert_eq!(opening.last_day(day("2026-12-14"), 21), Some(day("2026-12-29")), "New Year's Eve and a stocktake");
        assert_eq!(opening.last_day(day("2027-06-28"), 21), None, "it would end in the summer weeks");
        assert_eq!(opening.last_day(day("2026-11-25"), 21), None, "it cannot begin on a Wednesday");
        assert_eq!(opening.last_day(day("2026-11-24"), 0), Some(day("2026-11-24")));
    }

    #[test]
    fn a_warehouse_that_never_opens_is_no_endless_search() {
        let never = Opening { weekdays: Weekdays::of([]), holidays: Country::None, closures: Vec::new() };
        assert_eq!((never.next_open(day("2026-11-24")), never.last_day(day("2026-11-24"), 21)), (None, None));
        assert_eq!(Opening::always().last_day(NaiveDate::MAX, 21), None);
    }

    fn openings() -> impl Strategy<Value = Opening> {
        let closure = (0..120_u64, 0..20_u64).prop_map(|(first, days)| {
            let first_day = day("2026-12-01") + Days::new(first);
            Closure { first_day, last_day: first_day + Days::new(days), reason: "Stängt".to_owned() }
        });
        let countries = prop::sample::select(Country::ALL);
        (0..128_u8, countries, prop::collection::vec(closure, 0..4)).prop_map(|(set, holidays, closures)| Opening {
            weekdays: Weekdays(set),
            holidays,
            closures,
        })
    }

    proptest! {
        #[test]
        fn the_last_day_is_the_latest_open_one_of_a_week(opening in openings(), first in 0..120_u64, days in 0..30_u64) {
            let first = day("2026-12-01") + Days::new(first);
            let by_hand = (days.saturating_sub(6)..=days).rev().map(|days| first + Days::new(days)).find(|day| opening.is_open(*day));
            prop_assert_eq!(opening.last_day(first, days), by_hand.filter(|_| opening.is_open(first)));
        }

        #[test]
        fn the_next_open_day_has_only_closed_ones_before_it(opening in openings(), from in 0..120_u64) {
            let from = day("2026-12-01") + Days::new(from);
            if let Some(next) = opening.next_open(from) {
                prop_assert!(opening.is_open(next) && from.iter_days().take_while(|day| *day < next).all(|day| !opening.is_open(day)));
            } else {
                prop_assert!(opening.weekdays == Weekdays::of([]));
            }
        }
    }
}
