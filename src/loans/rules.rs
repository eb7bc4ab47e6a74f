//! The life of a loan: its states, when it is overdue, and what a receipt or an evaluation makes of it.

use crate::loans::allocation::Span;
use crate::opening::rules::Opening;
use crate::platform::db::types::text_enum;
use crate::platform::error::FieldError;
use chrono::{Days, NaiveDate};

text_enum! {
    /// Where a loan is.
    pub enum Status {
        /// Made, neither packed nor handed out.
        Reserved = "reserved",
        /// Packed, waiting for pick-up or the van.
        Ready = "ready",
        /// Handed out.
        Out = "out",
        /// The box is back, the evaluation is not in.
        Received = "received",
        /// Received, and the evaluation submitted or released.
        Returned = "returned",
        /// Called off.
        Cancelled = "cancelled",
        /// Its days went by and nobody fetched the kit.
        NotCollected = "not_collected",
        /// The kit never came back.
        Lost = "lost",
    }
}

impl Status {
    /// The loan may still be called off.
    pub fn is_before_hand_out(self) -> bool {
        matches!(self, Self::Reserved | Self::Ready)
    }

    /// The kit is claimed, or the evaluation owed.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Reserved | Self::Ready | Self::Out | Self::Received)
    }
}

text_enum! {
    /// Where a loan's evaluation stands, whatever happens to the kit.
    pub enum EvaluationState {
        /// Nothing is written.
        NotStarted = "not_started",
        /// Answers are saved, and not sent.
        Draft = "draft",
        /// The answers are sent.
        Submitted = "submitted",
        /// The loan needs no evaluation any more, for a written reason.
        Released = "released",
    }
}

impl EvaluationState {
    /// The loan owes no evaluation.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Submitted | Self::Released)
    }
}

text_enum! {
    /// How a part differs from the contents list.
    pub enum DeviationKind {
        /// It is not there.
        Missing = "missing",
        /// It is there, and does not work.
        Broken = "broken",
        /// It was there to be used up, and is.
        UsedUp = "used_up",
        /// It is there and not on the list.
        Extra = "extra",
    }
}

/// How many days before its first day a loan may be handed out, if the kit is free: the van may leave early.
pub const EARLY_DAYS: u64 = 7;
/// How many days before its first day a loan may be packed. From then on it keeps its kit, and what keeps a kit far ahead
/// makes it hard to find places for the others.
pub const READY_DAYS: u64 = 14;
/// How many days an extension may go past the type's longest loan.
pub const EXTENSION_DAYS: i64 = 7;
/// How many days from today an overdue kit is expected to stay away. Nobody knows; without a guess it would look free
/// tomorrow, and every loan after it would be promised in vain.
pub const LATE_DAYS: u64 = 14;

/// How far ahead a loan may begin, and the next free period is looked for, in days: a school year and a bit.
pub const LOOK_AHEAD_DAYS: u64 = 400;

/// The days that a loan occupies its kit, turnaround included.
pub fn span(first_day: NaiveDate, last_day: NaiveDate, turnaround_days: i32) -> Span {
    Span { first: first_day, end: days_after(last_day, 1 + u64::try_from(turnaround_days).unwrap_or(0)) }
}

/// A day later; at the end of the calendar, the day itself.
pub fn days_after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

/// A day earlier; at the beginning of the calendar, the day itself.
pub fn days_before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

/// True after the last day of a loan that is out.
pub fn is_overdue(status: Status, last_day: NaiveDate, today: NaiveDate) -> bool {
    status == Status::Out && today > last_day
}

/// True when the evaluation should have been in.
pub fn evaluation_is_overdue(
    status: Status,
    evaluation: EvaluationState,
    due: Option<NaiveDate>,
    today: NaiveDate,
) -> bool {
    status == Status::Received && !evaluation.is_settled() && due.is_some_and(|due| today > due)
}

/// What a received box makes of its loan.
pub fn status_when_received(evaluation: EvaluationState) -> Status {
    if evaluation.is_settled() { Status::Returned } else { Status::Received }
}

/// What a settled evaluation makes of its loan.
pub fn status_when_settled(status: Status) -> Status {
    if status == Status::Received { Status::Returned } else { status }
}

/// The days that a loan is expected to hold its kit, as things look today. A loan that is out too long holds it for
/// some time yet; a received one, whose kit waits for the evaluation, until that is due at least.
pub fn expected(
    planned: Span,
    status: Status,
    last_day: NaiveDate,
    evaluation_due: Option<NaiveDate>,
    today: NaiveDate,
) -> Span {
    let until = match status {
        Status::Out if is_overdue(status, last_day, today) => days_after(today, 1 + LATE_DAYS),
        Status::Received => days_after(evaluation_due.unwrap_or(today).max(today), 1),
        _ => planned.end,
    };
    Span { first: planned.first, end: planned.end.max(until) }
}

/// Checks the first day of a loan: not in the past, and not so far ahead that nothing is planned there.
///
/// # Errors
/// `loan.in_the_past`, `loan.too_far_ahead`.
pub fn check_first_day(field: &str, day: NaiveDate, today: NaiveDate) -> Result<(), FieldError> {
    let latest = days_after(today, LOOK_AHEAD_DAYS);
    if day < today {
        Err(FieldError::new(field, "loan.in_the_past").arg("today", today))
    } else if day > latest {
        Err(FieldError::new(field, "loan.too_far_ahead").arg("latest", latest))
    } else {
        Ok(())
    }
}

/// Checks the period of a loan for what no rule can allow: not in the past or far ahead, not backwards, and from an open
/// day to an open day.
///
/// # Errors
/// `loan.in_the_past`, `loan.too_far_ahead`, `loan.last_before_first`, and what [`Opening::check`] says, each with its
/// field.
pub fn check_days(
    first_day: NaiveDate,
    last_day: NaiveDate,
    opening: &Opening,
    today: NaiveDate,
) -> Result<(), Vec<FieldError>> {
    // A day that has been needs no other words.
    check_first_day("first_day", first_day, today)?;
    let first = opening.check("first_day", first_day);
    let longest = i64::try_from(LOOK_AHEAD_DAYS).unwrap_or(i64::MAX);
    let last = if last_day < first_day {
        Err(FieldError::new("last_day", "loan.last_before_first").arg("first_day", first_day))
    } else if (last_day - first_day).num_days() > longest {
        let latest = days_after(first_day, LOOK_AHEAD_DAYS);
        Err(FieldError::new("last_day", "loan.too_long").arg("days", longest).arg("latest", latest))
    } else {
        opening.check("last_day", last_day)
    };
    let wrong: Vec<FieldError> = first.err().into_iter().chain(last.err()).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Checks the period of a loan as [`check_days`] does, and that it is not longer than the type allows. `longest` is the
/// number of days from the first day to the last: a loan of 21 days that begins on a Tuesday ends on a Tuesday.
///
/// # Errors
/// Those of [`check_days`], `loan.too_long`.
pub fn check_period(
    first_day: NaiveDate,
    last_day: NaiveDate,
    longest: i32,
    opening: &Opening,
    today: NaiveDate,
) -> Result<(), Vec<FieldError>> {
    let mut wrong = check_days(first_day, last_day, opening, today).err().unwrap_or_default();
    let latest = days_after(first_day, u64::try_from(longest).unwrap_or(0));
    if last_day > latest {
        wrong.retain(|wrong| wrong.field != "last_day");
        wrong.push(FieldError::new("last_day", "loan.too_long").arg("days", longest).arg("latest", latest));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Checks the new last day of an extension.
///
/// # Errors
/// `loan.not_longer`, `loan.in_the_past`, `loan.too_long`.
pub fn check_extension(
    first_day: NaiveDate,
    last_day: NaiveDate,
    new_last_day: NaiveDate,
    longest: i32,
    today: NaiveDate,
) -> Result<(), FieldError> {
    if new_last_day <= last_day {
        return Err(FieldError::new("last_day", "loan.not_longer").arg("last_day", last_day));
    }
    if new_last_day < today {
        return Err(FieldError::new("last_day", "loan.in_the_past").arg("today", today));
    }
    let most = i64::from(longest) + EXTENSION_DAYS;
    if (new_last_day - first_day).num_days() > most {
        let latest = days_after(first_day, u64::try_from(most).unwrap_or(0));
        return Err(FieldError::new("last_day", "loan.too_long").arg("days", most).arg("latest", latest));
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_day_is_not_overdue_and_the_next_is() {
        let last = day("2026-11-24");
        assert!(!is_overdue(Status::Out, last, last));
        assert!(is_overdue(Status::Out, last, day("2026-11-25")));
        assert!(!is_overdue(Status::Received, last, day("2027-01-01")));
    }

    #[test]
    fn a_loan_is_returned_only_with_both_facts() {
        use EvaluationState::{Draft, NotStarted, Released, Submitted};
        for (evaluation, status) in [
            (NotStarted, Status::Received),
            (Draft, Status::Received),
            (Submitted, Status::Returned),
            (Released, Status::Returned),
        ] {
            assert_eq!(status_when_received(evaluation), status);
        }
        assert_eq!(status_when_settled(Status::Received), Status::Returned);
        assert_eq!(status_when_settled(Status::Out), Status::Out);
    }

    #[test]
    fn an_overdue_kit_does_not_look_free_tomorrow() {
        let planned = span(day("2026-11-03"), day("2026-11-24"), 3);
        assert_eq!(planned.end, day("2026-11-28"));
        let seen = |status, today| expected(planned, status, day("2026-11-24"), None, day(today)).end;
        assert_eq!(seen(Status::Out, "2026-11-24"), day("2026-11-28"));
        assert_eq!(seen(Status::Out, "2026-12-01"), day("2026-12-16"));
        assert_eq!(seen(Status::Received, "2026-12-01"), day("2026-12-02"));
        assert_eq!(seen(Status::Ready, "2026-12-01"), day("2026-11-28"));
    }

    #[test]
    fn a_period_is_checked_whole() {
        let today = day("2026-11-22");
        assert!(check_days(today, day("2026-12-14"), &Opening::always(), today).is_ok());
        assert!(check_days(day("2027-12-27"), day("2028-01-10"), &Opening::always(), today).is_ok());
        let period = |last| check_period(today, day(last), 21, &Opening::always(), today).is_ok();
        assert!(period("2026-12-13") && !period("2026-12-14"));
        for (first, last) in [
            ("2026-11-21", "2026-11-30"),
            ("2026-11-24", "2026-11-23"),
            ("2026-11-22", "2028-12-14"),
            ("2027-12-28", "2028-01-10"),
            ("+10000-01-01", "+10000-01-02"),
            ("+262142-12-31", "+262142-12-31"),
        ] {
            assert!(check_days(day(first), day(last), &Opening::always(), today).is_err(), "{first} {last}");
        }
    }

    #[test]
    fn an_extension_makes_a_loan_longer_within_bounds() {
        let (first, last) = (day("2026-11-03"), day("2026-11-24"));
        let code = |new, today| check_extension(first, last, day(new), 21, day(today)).map_err(|wrong| wrong.code);
        assert_eq!(code("2026-12-01", "2026-12-01"), Ok(()));
        assert_eq!(code("2026-11-24", "2026-11-20"), Err("loan.not_longer"));
        assert_eq!(code("2026-11-30", "2026-12-01"), Err("loan.in_the_past"));
        assert_eq!(code("2026-12-02", "2026-11-20"), Err("loan.too_long"));
    }
}
