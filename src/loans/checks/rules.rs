//! What a contents check finds, what that means for lending, and between which checks a part was lost.

use crate::kits::rules::ContentKind;
use crate::loans::rules::{DeviationKind, days_after};
use crate::platform::db::types::{Instant, text_enum};
use crate::platform::ids::LoanId;
use chrono::NaiveDate;

text_enum! {
    /// When a contents check was made.
    pub enum Occasion {
        /// By the borrower, when the kit arrived.
        Arrival = "arrival",
        /// By the borrower, before the kit goes back.
        BeforeReturn = "before_return",
        /// By the warehouse, when the kit came back.
        Return = "return",
        /// At a stocktake.
        Stocktake = "stocktake",
        /// At any other time.
        Other = "other",
    }
}

text_enum! {
    /// What became of a deviation.
    pub enum Resolution {
        /// It was there after all, or came back.
        Found = "found",
        /// Another one was put in, or it was mended.
        Replaced = "replaced",
        /// The kit goes on without it, and nobody looks for it.
        WrittenOff = "written_off",
    }
}

/// How many days after a kit arrived its borrower can still say that something was missing on arrival.
pub const ARRIVAL_DAYS: u64 = 3;

/// What a borrower's check is about: what was there when the kit came, or what is there before it goes back. A kit that left
/// early arrived for the first day of its loan.
pub fn occasion_of_borrower(handed_out: NaiveDate, first_day: NaiveDate, today: NaiveDate) -> Occasion {
    let latest = days_after(handed_out.max(first_day), ARRIVAL_DAYS);
    if today <= latest { Occasion::Arrival } else { Occasion::BeforeReturn }
}

/// A deviation of this kind means that a part is not there, or not to be used.
pub fn is_lacking(kind: DeviationKind) -> bool {
    kind != DeviationKind::Extra
}

/// An open deviation keeps the kit from being lent.
pub fn keeps_kit(line: ContentKind, kind: DeviationKind) -> bool {
    line == ContentKind::Essential && is_lacking(kind)
}

/// How many of a line are to be there, when some are known to be gone or broken.
pub fn expected(quantity: i32, lacking: i32) -> i32 {
    quantity.saturating_sub(lacking).max(0)
}

/// A loan of a kit, from when to when it was away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Away {
    /// The loan.
    pub loan: LoanId,
    /// When it was handed out.
    pub from: Instant,
    /// When it came back; none while it is out.
    pub until: Option<Instant>,
}

/// Between which moments a part was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostBetween {
    /// The last check in which it was there; none when there was none.
    pub since: Option<Instant>,
    /// The check in which it was not there, or when the kit was handed out to those who saw it on arrival.
    pub until: Instant,
    /// The loans that lay between; none when that cannot be said.
    pub loans: Vec<LoanId>,
}

/// Places a part that was not there between two checks. `check` is the one in which it was missing, with the loan that it was
/// made on, `before` the check before it. What was missing on arrival was lost before that loan began.
pub fn lost_between(
    check: (Instant, Occasion, Option<LoanId>),
    before: Option<Instant>,
    loans: &[Away],
) -> LostBetween {
    let (at, occasion, own) = check;
    let began = loans.iter().find(|away| occasion == Occasion::Arrival && Some(away.loan) == own).map(|away| away.from);
    let until = began.unwrap_or(at);
    let lay_between = |away: &&Away| {
        let since = before.is_some_and(|since| away.until.is_none_or(|until| until > since));
        since && away.from < until
    };
    let loans = loans.iter().filter(lay_between).map(|away| away.loan).collect();
    // A check made after the kit had left says nothing about what was there before.
    let since = before.filter(|since| *since <= until);
    LostBetween { since, until, loans: if since.is_some() { loans } else { Vec::new() } }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn at(day: i64) -> Instant {
        Instant::new("2026-11-02T08:00:00Z".parse().unwrap()) + TimeDelta::days(day)
    }

    fn away(number: u128, from: i64, until: Option<i64>) -> Away {
        Away { loan: loan(number), from: at(from), until: until.map(at) }
    }

    fn loan(number: u128) -> LoanId {
        LoanId::from(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn a_part_is_lost_between_the_check_before_and_the_one_in_which_it_was_missing() {
        let loans = [away(1, 0, Some(10)), away(2, 12, Some(20)), away(3, 22, Some(30))];
        let placed = |check, before: Option<i64>| lost_between(check, before.map(at), &loans);
        // Checked after each loan: it was the last one.
        let one = placed((at(31), Occasion::Return, Some(loan(3))), Some(21));
        assert_eq!((one.since, one.until, one.loans), (Some(at(21)), at(31), vec![loan(3)]));
        // One check was left out: one of two.
        assert_eq!(placed((at(31), Occasion::Return, Some(loan(3))), Some(11)).loans, [loan(2), loan(3)]);
        // Checked twice with nothing between: in the warehouse, or nobody knows.
        assert_eq!(placed((at(33), Occasion::Stocktake, None), Some(31)).loans, []);
        // Never checked before: nobody knows.
        let never = placed((at(31), Occasion::Return, Some(loan(3))), None);
        assert_eq!((never.since, never.loans), (None, vec![]));
    }

    #[test]
    fn who_says_it_on_arrival_did_not_lose_it() {
        let loans = [away(1, 0, Some(10)), away(2, 12, None)];
        let arrival = (at(13), Occasion::Arrival, Some(loan(2)));
        // The warehouse had not checked it after the loan before.
        assert_eq!(lost_between(arrival, Some(at(-1)), &loans).loans, [loan(1)]);
        assert_eq!(lost_between(arrival, Some(at(11)), &loans).loans, []);
        assert_eq!(lost_between(arrival, Some(at(11)), &loans).until, at(12));
        // Their own second check of the day tells nothing of the time before.
        let second = lost_between(arrival, Some(at(12) + TimeDelta::hours(5)), &loans);
        assert_eq!((second.since, second.loans), (None, vec![]));
        // Before it goes back, what was there on arrival was lost while they had it.
        let before_return = (at(25), Occasion::BeforeReturn, Some(loan(2)));
        assert_eq!(lost_between(before_return, Some(at(13)), &loans).loans, [loan(2)]);
    }

    #[test]
    fn arrival_lasts_some_days() {
        let day = |number: u64| days_after("2026-11-02".parse().unwrap(), number);
        assert_eq!(occasion_of_borrower(day(0), day(0), day(3)), Occasion::Arrival);
        assert_eq!(occasion_of_borrower(day(0), day(0), day(4)), Occasion::BeforeReturn);
        assert_eq!(occasion_of_borrower(day(0), day(5), day(8)), Occasion::Arrival, "the van left early");
    }

    #[test]
    fn only_what_a_kit_cannot_do_without_keeps_it() {
        assert!(keeps_kit(ContentKind::Essential, DeviationKind::Broken));
        assert!(!keeps_kit(ContentKind::Essential, DeviationKind::Extra));
        assert!(!keeps_kit(ContentKind::Replaceable, DeviationKind::Missing));
        assert!(!keeps_kit(ContentKind::Consumable, DeviationKind::UsedUp));
        assert_eq!((expected(6, 2), expected(6, 9)), (4, 0));
    }
}
