//! What a delivery round is for: the units that the van visits on that day of the week, and what cannot wait until it
//! comes by again.

use crate::loans::rules::{Status, days_after};
use chrono::{Datelike, NaiveDate};

/// Days from one round to a unit to the next.
const WEEK: u64 = 7;
/// How far ahead rounds are told, in days.
const AHEAD_DAYS: u64 = 14;

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

/// The day of the week on which a round is driven, from 1 for Monday.
pub fn weekday(day: NaiveDate) -> i32 {
    i32::try_from(day.weekday().number_from_monday()).unwrap_or(1)
}

/// The last day that a round sees to: the one before the van comes by again.
pub fn sees_to(round: NaiveDate) -> NaiveDate {
    days_after(round, WEEK - 1)
}

/// What is done on a round about a loan of a unit that it visits.
pub fn errand(round: NaiveDate, status: Status, first_day: NaiveDate, last_day: NaiveDate) -> Option<Errand> {
    match status {
        Status::Reserved | Status::Ready if first_day <= sees_to(round) && last_day >= round => Some(Errand::Deliver),
        Status::Out if last_day <= round => Some(Errand::Collect),
        Status::Out if last_day <= sees_to(round) => Some(Errand::CollectIfDone),
        _ => None,
    }
}

/// The rounds of the next two weeks, today's included, when the van drives on these days of the week.
pub fn rounds(today: NaiveDate, weekdays: &[i32]) -> Vec<NaiveDate> {
    let days = today.iter_days().take_while(|day| *day < days_after(today, AHEAD_DAYS));
    days.filter(|day| weekdays.contains(&weekday(*day))).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A day of November 2026; the 2nd is a Monday.
    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    #[test]
    fn what_cannot_wait_for_the_next_round_is_done_on_this_one() {
        let round = day(10);
        let of = |status, first, last| errand(round, status, day(first), day(last));
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
    fn rounds_come_on_their_days_of_the_week() {
        assert_eq!(rounds(day(3), &[2, 4]), [day(3), day(5), day(10), day(12)]);
        assert_eq!(rounds(day(4), &[2, 4]), [day(5), day(10), day(12), day(17)]);
        assert!(rounds(day(3), &[]).is_empty());
    }

    proptest! {
        /// Every loan of a unit that the van visits is brought and fetched by some round: none falls between two.
        #[test]
        fn nothing_falls_between_two_rounds(first in 0_u64..60, days in 0_u64..40, start in 0_u64..7) {
            let (first_day, last_day) = (days_after(day(1), first), days_after(day(1), first + days));
            let all: Vec<NaiveDate> = (0..30).map(|week| days_after(day(1), start + 7 * week)).collect();
            let before: Vec<&NaiveDate> = all.iter().filter(|round| **round <= last_day).collect();
            if let Some(last_chance) = before.last() {
                prop_assert_eq!(errand(**last_chance, Status::Reserved, first_day, last_day).is_some(), first_day <= sees_to(**last_chance));
            }
            let fetched = all.iter().find(|round| errand(**round, Status::Out, first_day, last_day).is_some()).unwrap();
            prop_assert!(*fetched <= last_day + chrono::Days::new(6) && sees_to(*fetched) >= last_day.min(*fetched));
            let surely = all.iter().find(|round| errand(**round, Status::Out, first_day, last_day) == Some(Errand::Collect)).unwrap();
            prop_assert!(*surely >= last_day && *surely < days_after(last_day, 7));
        }
    }
}
