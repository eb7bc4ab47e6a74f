//! What a service job is, the days it takes, and when the next one is due.

use crate::loans::allocation::Span;
use crate::loans::rules::days_after;
use crate::platform::db::types::text_enum;
use crate::platform::error::FieldError;
use chrono::NaiveDate;

text_enum! {
    /// What asked for a service job.
    #[schema(as = ServiceCause)]
    pub enum Cause {
        /// Somebody.
        ByHand = "by_hand",
        /// A contents check.
        Check = "check",
        /// A part without which the kit cannot be lent.
        Shortage = "shortage",
        /// A loan that is over.
        AfterLoan = "after_loan",
        /// The calendar.
        Interval = "interval",
    }
}

text_enum! {
    /// Where a service job is.
    #[schema(as = ServiceStatus)]
    pub enum Status {
        /// To be done, or being done.
        Open = "open",
        /// Done.
        Done = "done",
        /// Called off.
        Cancelled = "cancelled",
    }
}

/// The end of a job that lasts until it is done: a day that no plan reaches.
pub const OPEN_END: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// The days that a job keeps its kit, as things look today. One that has begun and is not done keeps it today, however
/// long it was meant to take.
pub fn span(first_day: NaiveDate, last_day: Option<NaiveDate>, today: NaiveDate) -> Span {
    let end = last_day.map_or(OPEN_END, |last| days_after(last, 1));
    let begun = first_day <= today;
    Span { first: first_day, end: if begun { end.max(days_after(today, 1)) } else { end } }
}

/// The job has begun, or should have.
pub fn has_begun(first_day: NaiveDate, today: NaiveDate) -> bool {
    first_day <= today
}

/// The job should have been done.
pub fn is_late(last_day: Option<NaiveDate>, today: NaiveDate) -> bool {
    last_day.is_some_and(|last| last < today)
}

/// The part of a job's days that it can claim: from where the last of the other claims on its kit ends. None when these
/// take all of it.
pub fn claimable(span: Span, others: &[Span]) -> Option<Span> {
    let first =
        others.iter().filter(|other| other.overlaps(span)).map(|other| other.end).fold(span.first, NaiveDate::max);
    (first < span.end).then_some(Span { first, end: span.end })
}

/// The day on which a job that is done every `days` days is due again.
pub fn due(last_done: NaiveDate, days: i32) -> NaiveDate {
    days_after(last_done, u64::try_from(days).unwrap_or(0))
}

/// Checks the days of a job: not in the past, not backwards.
///
/// # Errors
/// `loan.in_the_past`, `loan.too_far_ahead`, `loan.last_before_first`.
pub fn check_days(first_day: NaiveDate, last_day: Option<NaiveDate>, today: NaiveDate) -> Result<(), Vec<FieldError>> {
    use crate::loans::rules::check_first_day;
    let mut wrong: Vec<FieldError> = check_first_day("first_day", first_day, today).err().into_iter().collect();
    if let Some(last) = last_day {
        if last < first_day {
            wrong.push(FieldError::new("last_day", "loan.last_before_first").arg("first_day", first_day));
        } else {
            wrong.extend(check_first_day("last_day", last, today).err());
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(number: u64) -> NaiveDate {
        days_after("2026-11-02".parse().unwrap(), number)
    }

    #[test]
    fn a_job_keeps_its_kit_until_it_is_done() {
        assert_eq!(span(day(3), Some(day(5)), day(0)), Span { first: day(3), end: day(6) });
        assert_eq!(span(day(3), Some(day(5)), day(9)).end, day(10), "late, and still going on");
        assert_eq!(span(day(3), None, day(9)).end, OPEN_END);
        assert!(is_late(Some(day(5)), day(6)) && !is_late(Some(day(5)), day(5)) && !is_late(None, day(9)));
        assert_eq!(due(day(0), 30), day(30));
    }

    #[test]
    fn the_days_of_a_job_are_checked() {
        let codes = |first, last| {
            let wrong = check_days(first, last, day(5)).err().unwrap_or_default();
            wrong.into_iter().map(|wrong| wrong.code).collect::<Vec<_>>()
        };
        assert!(codes(day(5), None).is_empty() && codes(day(5), Some(day(5))).is_empty());
        assert_eq!(codes(day(4), None), ["loan.in_the_past"]);
        assert_eq!(codes(day(7), Some(day(6))), ["loan.last_before_first"]);
        assert_eq!(codes(day(7), Some(day(7000))), ["loan.too_far_ahead"]);
    }

    proptest! {
        #[test]
        fn a_job_claims_days_that_nobody_else_has(
            first in 0..30_u64, length in 1..20_u64, others in prop::collection::vec((0..40_u64, 1..9_u64), 0..5),
        ) {
            let job = Span { first: day(first), end: day(first + length) };
            let others: Vec<Span> = others.iter().map(|(at, long)| Span { first: day(*at), end: day(at + long) }).collect();
            let claimed = claimable(job, &others);
            if let Some(claimed) = claimed {
                prop_assert!(claimed.first >= job.first && claimed.end == job.end);
                prop_assert!(!others.iter().any(|other| other.overlaps(claimed)));
            }
            let last = Span { first: day(first + length - 1), end: job.end };
            prop_assert_eq!(claimed.is_some(), !others.iter().any(|other| other.overlaps(last)));
        }
    }
}
