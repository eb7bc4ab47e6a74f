//! How figures are made of counts: means that enough answers stand behind, medians, and what they suggest.

use crate::evaluations::wording::FEWEST_ANSWERS;
use crate::platform::db::types::text_enum;
use crate::platform::term::Term;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most terms that are looked at together: ten years.
pub const MOST_TERMS: usize = 20;

/// Terms one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The first.
    pub from: Term,
    /// The last; never before the first.
    pub to: Term,
}

impl Terms {
    /// This term and the one before: what one looks at unless something else is asked for.
    pub fn lately(today: NaiveDate) -> Self {
        let to = Term::of(today);
        Self { from: to.before(1), to }
    }

    /// The terms from one to another, in whichever order they are named, the newest ones if they are too many.
    pub fn between(one: Term, other: Term) -> Self {
        let to = one.max(other);
        Self { from: one.min(other).max(to.before(MOST_TERMS as i32 - 1)), to }
    }

    /// Each of them, the first one first.
    pub fn each(self) -> Vec<Term> {
        let mut terms: Vec<Term> =
            (0..MOST_TERMS as i32).map(|back| self.to.before(back)).take_while(|term| *term >= self.from).collect();
        terms.dedup();
        terms.reverse();
        terms
    }

    /// The first day of the first.
    pub fn first_day(self) -> NaiveDate {
        self.from.first_day()
    }

    /// The last day of the last.
    pub fn last_day(self) -> NaiveDate {
        self.to.last_day()
    }

    /// The day after that.
    pub fn day_after(self) -> NaiveDate {
        self.last_day().succ_opt().unwrap_or(self.last_day())
    }
}

/// What those who chose a step on a scale thought, together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Mean {
    /// How many chose a step; "don't know" counts in neither.
    pub n: i64,
    /// The mean of the steps, 1 to 5; null when fewer than five chose one, since that would say more about a preschool
    /// than about the kit.
    pub mean: Option<f64>,
}

impl Mean {
    /// The mean of so many steps with this sum.
    pub fn of(n: i64, sum: i64) -> Self {
        Self { n, mean: (n >= FEWEST_ANSWERS).then(|| sum as f64 / n as f64) }
    }
}

/// How many of those who were asked said yes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Part {
    /// How many did.
    pub count: i64,
    /// Of how many.
    pub of: i64,
}

text_enum! {
    /// What demand and worth together suggest to do about a kit type.
    pub enum Advice {
        /// Wanted, and worth it: buy more.
        BuyMore = "buy_more",
        /// Worth it, and hardly wanted: spread what is known of it.
        Spread = "spread",
        /// Wanted, and worth less: keep it.
        Keep = "keep",
        /// Neither: phase it out.
        PhaseOut = "phase_out",
    }
}

/// A kit type is worth it from this mean on: "mostly agree" on the scale.
pub const WORTH_IT: f64 = 4.0;

/// What is suggested for a kit type, given its wishes for each kit, the middle one of all types', and the mean of what it
/// was worth.
pub fn advice(demand: f64, middle: f64, worth: f64) -> Advice {
    match (demand >= middle, worth >= WORTH_IT) {
        (true, true) => Advice::BuyMore,
        (false, true) => Advice::Spread,
        (true, false) => Advice::Keep,
        (false, false) => Advice::PhaseOut,
    }
}

/// The middle one of some days.
pub fn median_days(days: impl Iterator<Item = i64>) -> Option<f64> {
    median(days.map(|days| days as f64).collect())
}

/// The middle one of days that are counted: how many have each.
pub fn median_of(counts: &BTreeMap<i64, i64>) -> Option<f64> {
    let all: i64 = counts.values().sum();
    let at = |place: i64| {
        let mut before = 0;
        let (days, _) = counts.iter().find(|(_, count)| {
            before += **count;
            before > place
        })?;
        Some(*days as f64)
    };
    let upper = at(all / 2)?;
    match all % 2 {
        1 => Some(upper),
        _ => at(all / 2 - 1).map(|lower| (lower + upper) / 2.0),
    }
}

/// The middle one of some numbers, or the mean of the two in the middle.
pub fn median(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    let upper = *numbers.get(middle)?;
    match numbers.len() % 2 {
        1 => Some(upper),
        _ => numbers.get(middle.checked_sub(1)?).map(|lower| (lower + upper) / 2.0),
    }
}

/// Wishes for each kit of a type: how often it was lent or asked for in vain. Of a type without kits, all wishes.
pub fn demand(wishes: i64, kits: i64) -> f64 {
    wishes as f64 / kits.max(1) as f64
}

/// Whole weeks that so many days take.
pub fn weeks(days: i64) -> i64 {
    days.max(0).saturating_add(6) / 7
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn term(text: &str) -> Term {
        text.parse().unwrap()
    }

    #[test]
    fn terms_are_counted_from_the_newest() {
        let lately = Terms::lately("2026-11-02".parse().unwrap());
        assert_eq!(lately, Terms { from: term("2026-1"), to: term("2026-2") });
        assert_eq!(
            (lately.first_day().to_string(), lately.last_day().to_string()),
            ("2026-01-01".into(), "2026-12-31".into())
        );
        assert_eq!(
            Terms::between(term("2026-2"), term("2025-2")).each(),
            [term("2025-2"), term("2026-1"), term("2026-2")]
        );
        let many = Terms::between(term("0001-1"), term("2026-2")).each();
        assert_eq!((many.len(), many.first()), (MOST_TERMS, Some(&term("2017-1"))));
        assert_eq!(Terms::between(term("0001-1"), term("0001-1")).each(), [term("0001-1")]);
    }

    #[test]
    fn a_mean_needs_five_answers() {
        assert_eq!(Mean::of(4, 20), Mean { n: 4, mean: None });
        assert_eq!(Mean::of(5, 21), Mean { n: 5, mean: Some(4.2) });
    }

    #[test]
    fn demand_and_worth_suggest_what_to_do() {
        assert_eq!(advice(2.0, 1.5, 4.6), Advice::BuyMore);
        assert_eq!(advice(1.0, 1.5, 4.0), Advice::Spread);
        assert_eq!(advice(1.5, 1.5, 3.9), Advice::Keep);
        assert_eq!(advice(0.0, 1.5, 1.0), Advice::PhaseOut);
        assert_eq!((demand(6, 4), demand(3, 0)), (1.5, 3.0));
        assert_eq!((weeks(0), weeks(7), weeks(8), weeks(-3)), (0, 1, 2, 0));
    }

    proptest! {
        #[test]
        fn counted_days_have_the_same_median(days in prop::collection::vec(0..9_i64, 0..30)) {
            let mut counts = BTreeMap::new();
            days.iter().for_each(|day| *counts.entry(*day).or_default() += 1);
            prop_assert_eq!(median_of(&counts), median_days(days.into_iter()));
        }

        #[test]
        fn half_is_on_each_side_of_the_median(numbers in prop::collection::vec(0..50_i32, 0..30)) {
            let numbers: Vec<f64> = numbers.into_iter().map(f64::from).collect();
            match median(numbers.clone()) {
                None => prop_assert!(numbers.is_empty()),
                Some(median) => {
                    let below = numbers.iter().filter(|number| **number < median).count();
                    let above = numbers.iter().filter(|number| **number > median).count();
                    prop_assert!(below * 2 <= numbers.len() && above * 2 <= numbers.len());
                }
            }
        }
    }
}
