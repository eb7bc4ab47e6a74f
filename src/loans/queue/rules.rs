//! The life of a place in the queue: which period fits a wish, and until when an offer waits for its answer.

use crate::loans::rules::{LOOK_AHEAD_DAYS, days_after};
use crate::opening::rules::{EARLIER_DAYS, Opening};
use crate::platform::clock::{day_in, start_of_day};
use crate::platform::db::types::{Instant, text_enum};
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;

text_enum! {
    /// Where a place in the queue is.
    #[schema(as = QueueStatus)]
    pub enum Status {
        /// No kit has been free yet.
        Waiting = "waiting",
        /// A kit is held for the unit until it answers.
        Offered = "offered",
        /// The unit said yes: it has a loan.
        Taken = "taken",
        /// The unit said no.
        Declined = "declined",
        /// The unit did not answer in time.
        Lapsed = "lapsed",
        /// The unit left the queue.
        Withdrawn = "withdrawn",
        /// The days went by, and no kit became free.
        Passed = "passed",
    }
}

impl Status {
    /// The place is still in the queue, or an offer waits for its answer.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Offered)
    }
}

/// How long an offer waits for its answer, in hours of open days.
pub const ANSWER_HOURS: i64 = 48;

/// A wish for a kit: some days of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// The day on which the loan may begin at the earliest.
    pub earliest_day: NaiveDate,
    /// The day by which the kit is to be back.
    pub latest_day: NaiveDate,
    /// Days from the first to the last.
    pub days: i32,
}

impl Wish {
    /// The last day of a loan that begins on `first`: as many days later as are wished for, or up to a week fewer so that
    /// it ends on an open day of the span. None when no such loan begins then.
    pub fn last_day(&self, opening: &Opening, first: NaiveDate) -> Option<NaiveDate> {
        let days = u64::try_from(self.days).unwrap_or(0);
        if first < self.earliest_day {
            return None;
        }
        opening.last_day_by(first, days, self.latest_day)
    }

    /// The days on which a loan may begin, from the day after `today` on: an offer is answered before its loan begins.
    pub fn first_days(&self, today: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        let from = self.earliest_day.max(days_after(today, 1));
        from.iter_days().take_while(move |day| *day <= self.latest_day)
    }

    /// True when the warehouse is open so that some loan fits in the span.
    pub fn fits(&self, opening: &Opening, today: NaiveDate) -> bool {
        self.first_days(today).any(|first| self.last_day(opening, first).is_some())
    }

    /// True when time alone has brought it so far that no loan fits in the span any more.
    pub fn is_over(&self, today: NaiveDate) -> bool {
        let shortest = u64::try_from(self.days).unwrap_or(0).saturating_sub(EARLIER_DAYS);
        !self.first_days(today).any(|first| days_after(first, shortest) <= self.latest_day)
    }

    /// True when the two have a day in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.earliest_day <= other.latest_day && other.earliest_day <= self.latest_day
    }
}

/// Until when an offer waits for its answer: [`ANSWER_HOURS`] of open days, of which only the days that the warehouse is
/// open count, each from midnight to midnight; and no longer than until its loan begins.
pub fn answer_by(now: Instant, first_day: NaiveDate, opening: &Opening, zone: Tz) -> Instant {
    let begins = start_of_day(zone, first_day);
    let (mut at, mut day) = (now, day_in(zone, now));
    let mut left = TimeDelta::hours(ANSWER_HOURS);
    while at < begins {
        let tomorrow = days_after(day, 1);
        let midnight = start_of_day(zone, tomorrow);
        if opening.is_open(day) {
            let rest = midnight.utc() - at.utc();
            if left <= rest {
                return (at + left).min(begins);
            }
            left -= rest;
        }
        (at, day) = (midnight, tomorrow);
    }
    begins
}

/// The first day of loans that leave the full time to answer an offer made now.
pub fn unhurried(now: Instant, opening: &Opening, zone: Tz) -> NaiveDate {
    let far = days_after(day_in(zone, now), LOOK_AHEAD_DAYS);
    let until = answer_by(now, far, opening, zone);
    let day = day_in(zone, until);
    if start_of_day(zone, day) == until { day } else { days_after(day, 1) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::opening::holidays::Country;
    use crate::opening::rules::{Closure, Weekdays};
    use chrono::{Days, Weekday};
    use proptest::prelude::*;

    const STOCKHOLM: Tz = chrono_tz::Europe::Stockholm;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Instant {
        Instant::new(text.parse().unwrap())
    }

    fn weekdays() -> Opening {
        let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
        Opening { weekdays: Weekdays::of(days), holidays: Country::Sweden, closures: Vec::new() }
    }

    fn by(now: &str, first_day: &str) -> String {
        answer_by(at(now), day(first_day), &weekdays(), STOCKHOLM).utc().to_rfc3339()
    }

    #[test]
    fn an_offer_waits_two_open_days() {
        assert_eq!(by("2026-11-06T14:00:00Z", "2026-12-01"), "2026-11-10T14:00:00+00:00", "Friday to Tuesday");
        assert_eq!(by("2026-11-03T07:00:00Z", "2026-12-01"), "2026-11-05T07:00:00+00:00", "Tuesday to Thursday");
        assert_eq!(by("2026-11-07T12:00:00Z", "2026-12-01"), "2026-11-10T23:00:00+00:00", "Saturday to Tuesday's end");
        assert_eq!(by("2026-12-22T09:00:00Z", "2027-02-01"), "2026-12-28T09:00:00+00:00", "over Christmas");
        // The clocks change on Sunday 29 March and Sunday 25 October: three o'clock stays three o'clock.
        assert_eq!(by("2026-03-27T14:00:00Z", "2026-05-01"), "2026-03-31T13:00:00+00:00");
        assert_eq!(by("2026-10-23T13:00:00Z", "2026-12-01"), "2026-10-27T14:00:00+00:00");
    }

    #[test]
    fn an_offer_ends_when_its_loan_begins() {
        assert_eq!(by("2026-11-03T07:00:00Z", "2026-11-04"), "2026-11-03T23:00:00+00:00");
        assert_eq!(by("2026-11-06T14:00:00Z", "2026-11-09"), "2026-11-08T23:00:00+00:00");
    }

    #[test]
    fn a_wish_is_met_by_the_days_it_asks_for_or_some_fewer() {
        let wish = Wish { earliest_day: day("2026-11-09"), latest_day: day("2026-11-29"), days: 21 };
        assert_eq!(
            wish.last_day(&weekdays(), day("2026-11-09")),
            Some(day("2026-11-27")),
            "three weeks in three weeks"
        );
        assert_eq!(wish.last_day(&weekdays(), day("2026-11-13")), None, "it would be a week too short");
        assert_eq!(wish.last_day(&weekdays(), day("2026-11-06")), None, "before the span");
        assert!(wish.fits(&weekdays(), day("2026-11-08")));
        assert!(!wish.fits(&weekdays(), day("2026-11-20")), "the span is nearly over");
        let short = Wish { latest_day: day("2026-11-15"), days: 7, ..wish };
        assert_eq!(short.last_day(&weekdays(), day("2026-11-09")), Some(day("2026-11-13")));
    }

    fn openings() -> impl Strategy<Value = Opening> {
        let closure = (0..60_u64, 0..9_u64).prop_map(|(first, days)| {
            let first_day = day("2026-03-01") + Days::new(first);
            Closure { first_day, last_day: first_day + Days::new(days), reason: "Stängt".to_owned() }
        });
        let countries = prop::sample::select(Country::ALL);
        (1..128_i32, countries, prop::collection::vec(closure, 0..3)).prop_map(|(bits, holidays, closures)| Opening {
            weekdays: Weekdays::from_bits(bits),
            holidays,
            closures,
        })
    }

    /// Across the nights when the clocks change in spring (29 March) and in autumn (25 October).
    fn moments() -> impl Strategy<Value = Instant> {
        let starts = prop::sample::select(vec!["2026-03-20T00:00:00Z", "2026-10-16T00:00:00Z"]);
        (starts, 0..14 * 24 * 4_i64).prop_map(|(start, quarters)| at(start) + TimeDelta::minutes(15 * quarters))
    }

    proptest! {
        #[test]
        fn the_hours_are_those_counted_one_by_one(opening in openings(), now in moments(), ahead in 1..40_u64) {
            let first_day = day_in(STOCKHOLM, now) + Days::new(ahead);
            let (mut clock, mut counted) = (now, 0);
            while counted < ANSWER_HOURS * 4 && day_in(STOCKHOLM, clock) < first_day {
                counted += i64::from(opening.is_open(day_in(STOCKHOLM, clock)));
                clock = clock + TimeDelta::minutes(15);
            }
            prop_assert_eq!(answer_by(now, first_day, &opening, STOCKHOLM), clock);
            // A loan leaves the full time exactly when a later one leaves no more.
            let full = answer_by(now, first_day + Days::new(LOOK_AHEAD_DAYS), &opening, STOCKHOLM);
            prop_assert_eq!(full == clock, first_day >= unhurried(now, &opening, STOCKHOLM));
        }

        #[test]
        fn a_period_lies_in_its_span_on_open_days(
            opening in openings(), earliest in 0..40_u64, length in 0..40_u64, days in 1..30_i32
        ) {
            let earliest_day = day("2026-03-10") + Days::new(earliest);
            let wish = Wish { earliest_day, latest_day: earliest_day + Days::new(length), days };
            let today = day("2026-03-15");
            for first in wish.first_days(today) {
                prop_assert!(first > today && first >= wish.earliest_day && first <= wish.latest_day);
                if let Some(last) = wish.last_day(&opening, first) {
                    prop_assert!(opening.is_open(first) && opening.is_open(last) && last <= wish.latest_day);
                    let length = (last - first).num_days();
                    prop_assert!(length <= i64::from(days) && length >= i64::from(days) - 6 && length >= 0);
                }
            }
        }
    }
}
