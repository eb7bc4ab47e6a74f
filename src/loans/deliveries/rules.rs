//! What a delivery round is for: the units that the van visits on that day of the week, and what cannot wait until it
//! comes by again.

use crate::loans::rules::{Status, days_after};
use crate::opening::rules::{Closed, Opening};
use chrono::{Datelike, Days, NaiveDate};

/// Days from one round to a unit to the next.
const WEEK: u64 = 7;
/// How far ahead rounds are told, in days.
const AHEAD_DAYS: u64 = 14;
/// How far the rounds before and after are looked for, in weeks: hardly any closure is longer.
const LOOK_AHEAD_WEEKS: u64 = 60;

/// Something to do at a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    /// Bring the kit.
    Deliver,
    /// Fetch the kit: its loan ends on that day, or has ended.
    Collect,
    /// Fetch the kit if the unit is done with it: its loan ends before the van comes by again.
    CollectIfDone,
}

/// A round: what it is for depends on the rounds of the same day of the week before it and after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Round {
    /// The day on which it is driven.
    pub day: NaiveDate,
    /// The day of the one before it, if that is still to come.
    pub before: Option<NaiveDate>,
    /// The last day that it sees to: the one before the van comes by again.
    pub sees_to: NaiveDate,
}

/// The day of the week on which a round is driven, from 1 for Monday.
pub fn weekday(day: NaiveDate) -> i32 {
    i32::try_from(day.weekday().number_from_monday()).unwrap_or(1)
}

/// The van drives on a day unless that is a holiday or in a closure. That the warehouse is closed on that day of every week
/// does not keep it: it visits the units whose day that is.
pub fn is_driven(day: NaiveDate, opening: &Opening) -> bool {
    !matches!(opening.closed(day), Some(Closed::Closure(_) | Closed::Holiday(_)))
}

/// The round of a day, as seen from today.
pub fn round(day: NaiveDate, today: NaiveDate, opening: &Opening) -> Round {
    let driven = |day: &NaiveDate| is_driven(*day, opening);
    let weeks = (1..=LOOK_AHEAD_WEEKS).map(|week| Days::new(week * WEEK));
    let next = weeks.clone().filter_map(|weeks| day.checked_add_days(weeks)).find(driven);
    let mut earlier = weeks.filter_map(|weeks| day.checked_sub_days(weeks)).take_while(|earlier| *earlier >= today);
    Round {
        day,
        before: earlier.find(driven),
        sees_to: next.and_then(|next| next.pred_opt()).unwrap_or(days_after(day, WEEK - 1)),
    }
}

impl Round {
    /// What is done on it about a loan of a unit that it visits, if the round before it does not see to that: it brings what
    /// begins before this one, and surely fetches what ends by its own day.
    pub fn errand(&self, status: Status, first_day: NaiveDate, last_day: NaiveDate) -> Option<Errand> {
        let waiting = matches!(status, Status::Reserved | Status::Ready) && last_day >= self.day;
        let brought = self.before.is_some() && first_day < self.day;
        let fetched = self.before.is_some_and(|before| last_day <= before);
        match status {
            _ if waiting && first_day <= self.sees_to && !brought => Some(Errand::Deliver),
            Status::Out if fetched => None,
            Status::Out if last_day <= self.day => Some(Errand::Collect),
            Status::Out if last_day <= self.sees_to => Some(Errand::CollectIfDone),
            _ => None,
        }
    }
}

/// When the van that visits a unit on a day of the week brings a kit to it and when it surely fetches it, as seen from today:
/// none when no round does in the days that are looked ahead.
pub fn visits(
    on: i32,
    (first_day, last_day): (NaiveDate, NaiveDate),
    today: NaiveDate,
    opening: &Opening,
) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let until = days_after(last_day, WEEK * LOOK_AHEAD_WEEKS);
    let days = today.iter_days().take_while(|day| *day <= until);
    let days: Vec<NaiveDate> = days.filter(|day| weekday(*day) == on && is_driven(*day, opening)).collect();
    let does = |status, errand| {
        let fits = |day: &&NaiveDate| round(**day, today, opening).errand(status, first_day, last_day) == Some(errand);
        days.iter().find(fits).copied()
    };
    (does(Status::Reserved, Errand::Deliver), does(Status::Out, Errand::Collect))
}

/// The rounds of the next two weeks, today's included, when the van visits units on these days of the week.
pub fn rounds(today: NaiveDate, weekdays: &[i32], opening: &Opening) -> Vec<NaiveDate> {
    let days = today.iter_days().take_while(|day| *day < days_after(today, AHEAD_DAYS));
    days.filter(|day| weekdays.contains(&weekday(*day)) && is_driven(*day, opening)).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::opening::holidays::Country;
    use crate::opening::rules::{Closure, Weekdays};
    use chrono::Weekday;
    use proptest::prelude::*;

    /// A day of November 2026; the 2nd is a Monday.
    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    fn closed(first_day: NaiveDate, last_day: NaiveDate) -> Opening {
        let closures = vec![Closure { first_day, last_day, reason: "Inventering".to_owned() }];
        Opening { closures, ..Opening::always() }
    }

    #[test]
    fn what_cannot_wait_for_the_next_round_is_done_on_this_one() {
        let round = round(day(10), day(10), &Opening::always());
        assert_eq!(round, Round { day: day(10), before: None, sees_to: day(16) });
        let of = |status, first, last| round.errand(status, day(first), day(last));
        assert_eq!(of(Status::Reserved, 16, 30), Some(Errand::Deliver));
        assert_eq!(of(Status::Ready, 3, 10), Some(Errand::Deliver), "late, and still worth bringing");
        assert_eq!(of(Status::Reserved, 17, 30), None, "the next round brings it");
        assert_eq!(of(Status::Reserved, 2, 9), None, "over before the van comes");
        assert_eq!(of(Status::Out, 2, 10), Some(Errand::Collect));
        assert_eq!(of(Status::Out, 2, 5), Some(Errand::Collect));
        assert_eq!(of(Status::Out, 2, 16), Some(Errand::CollectIfDone));
        assert_eq!(of(Status::Out, 2, 17), None);
        assert_eq!(of(Status::Received, 2, 10), None);
    }

    #[test]
    fn what_the_round_before_does_is_not_done_twice() {
        let round = round(day(10), day(2), &Opening::always());
        assert_eq!(round.before, Some(day(3)));
        let of = |status, first, last| round.errand(status, day(first), day(last));
        assert_eq!(of(Status::Reserved, 3, 20), None);
        assert_eq!(of(Status::Ready, 9, 20), None);
        assert_eq!(of(Status::Reserved, 10, 20), Some(Errand::Deliver));
        assert_eq!(of(Status::Out, 1, 3), None);
        assert_eq!(of(Status::Out, 1, 4), Some(Errand::Collect), "the round before fetches it only if they are done");
    }

    #[test]
    fn a_round_that_is_not_driven_is_seen_to_by_the_one_before() {
        let opening = closed(day(9), day(11));
        let of = |round_on, today| round(day(round_on), day(today), &opening);
        assert_eq!(of(3, 2), Round { day: day(3), before: None, sees_to: day(16) });
        assert_eq!(of(17, 2), Round { day: day(17), before: Some(day(3)), sees_to: day(23) });
        assert_eq!(of(17, 4), Round { day: day(17), before: None, sees_to: day(23) });
        assert_eq!(rounds(day(3), &[2, 4], &opening), [day(3), day(5), day(12)]);
        let of_week = Opening { weekdays: Weekdays::of([Weekday::Mon]), ..Opening::always() };
        assert_eq!(rounds(day(3), &[2], &of_week), [day(3), day(10)], "units are visited on a day that is theirs");
        let for_good = closed(day(4), NaiveDate::MAX);
        assert_eq!(round(day(3), day(3), &for_good).sees_to, day(9));
    }

    #[test]
    fn rounds_come_on_their_days_of_the_week() {
        let of = |today, weekdays: &[i32]| rounds(day(today), weekdays, &Opening::always());
        assert_eq!(of(3, &[2, 4]), [day(3), day(5), day(10), day(12)]);
        assert_eq!(of(4, &[2, 4]), [day(5), day(10), day(12), day(17)]);
        assert!(of(3, &[]).is_empty());
    }

    #[test]
    fn a_loan_that_ends_between_two_rounds_is_fetched_late() {
        let of = |first, last, today| visits(2, (day(first), day(last)), day(today), &Opening::always());
        assert_eq!(of(12, 24, 3), (Some(day(10)), Some(day(24))));
        assert_eq!(of(10, 25, 3), (Some(day(10)), Some(days_after(day(25), 6))));
        assert_eq!(of(12, 24, 11), (Some(day(17)), Some(day(24))), "the round before has gone");
        let for_good = closed(day(1), NaiveDate::MAX);
        assert_eq!(visits(2, (day(10), day(24)), day(3), &for_good), (None, None));
    }

    proptest! {
        /// Every loan of a unit that the van visits is brought by just one round and surely fetched by just one, the first
        /// that can: none falls between two, whatever days are closed.
        #[test]
        fn nothing_falls_between_two_rounds(
            first in 0_u64..60, days in 0_u64..40, start in 0_u64..7, closed_on in 0_u64..70, long in 0_u64..30,
            holidays in prop::sample::select(Country::ALL),
        ) {
            let today = days_after(day(1), start);
            let (first_day, last_day) = (days_after(day(1), first), days_after(day(1), first + days));
            let closed_on = days_after(day(1), closed_on);
            let opening = Opening { holidays, ..closed(closed_on, days_after(closed_on, long)) };
            let all: Vec<NaiveDate> =
                (0..40).map(|week| days_after(today, 7 * week)).filter(|day| is_driven(*day, &opening)).collect();
            let doing = |status, errand| -> Vec<NaiveDate> {
                let does = |day: &&NaiveDate| round(**day, today, &opening).errand(status, first_day, last_day) == Some(errand);
                all.iter().filter(does).copied().collect()
            };
            // The last round by its first day; where none is in time, the first of all, if it is in its days.
            let in_time = all.iter().rfind(|day| **day <= first_day);
            let expected = in_time.or(all.first().filter(|day| **day <= last_day));
            prop_assert_eq!(doing(Status::Reserved, Errand::Deliver), expected.copied().into_iter().collect::<Vec<_>>());
            let surely = all.iter().find(|day| **day >= last_day);
            prop_assert_eq!(doing(Status::Out, Errand::Collect), surely.copied().into_iter().collect::<Vec<_>>());
        }
    }
}
