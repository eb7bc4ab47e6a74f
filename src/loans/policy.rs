//! What the lender asks of those who reserve: how early and how late, how many kits at once, and who comes first. The
//! organisation says it for all kit types; a kit type may say otherwise.

use crate::loans::rules::{LOOK_AHEAD_DAYS, days_after};
use crate::opening::rules::Opening;
use crate::platform::error::{Arg, Error, FieldError};
use crate::platform::ids::{KitTypeId, LoanId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A unit has had a type twice in a row when less than this lies between the two loans, in days.
pub const IN_A_ROW_DAYS: u64 = 28;

/// Rules as they are said, of the organisation or of one kit type. What is not said is left to the organisation, or asked
/// of nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LoanRules {
    /// How many days ahead a loan may begin.
    #[schema(minimum = 1, maximum = 400)]
    pub earliest_days: Option<i32>,
    /// Open days between the day of the reservation and the first day of the loan.
    #[schema(minimum = 0, maximum = 30)]
    pub lead_days: Option<i32>,
    /// Kits of all types that a unit may have on one day. Said by the organisation only.
    #[schema(minimum = 1, maximum = 1000)]
    pub kits_at_once: Option<i32>,
    /// Kits of one type that a unit may have on one day.
    #[schema(minimum = 1, maximum = 1000)]
    pub kits_of_type: Option<i32>,
    /// A unit that has just had the type lets those go first who wait for it.
    pub no_repeat: Option<bool>,
    /// Open days after the first day of a loan for which an uncollected kit is kept.
    #[schema(minimum = 0, maximum = 60)]
    pub collect_days: Option<i32>,
}

impl LoanRules {
    /// These rules of the organisation, where the kit type says nothing else.
    #[must_use]
    pub fn but(&self, kit_type: &Self) -> Self {
        Self {
            earliest_days: kit_type.earliest_days.or(self.earliest_days),
            lead_days: kit_type.lead_days.or(self.lead_days),
            kits_at_once: self.kits_at_once,
            kits_of_type: kit_type.kits_of_type.or(self.kits_of_type),
            no_repeat: kit_type.no_repeat.or(self.no_repeat),
            collect_days: kit_type.collect_days.or(self.collect_days),
        }
    }
}

/// The rules that hold for one kit type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// How many days ahead a loan may begin.
    pub earliest_days: i32,
    /// Open days between the day of the reservation and the first day of the loan.
    pub lead_days: i32,
    /// Kits of all types that a unit may have on one day.
    pub kits_at_once: Option<i32>,
    /// Kits of this type that a unit may have on one day.
    pub kits_of_type: Option<i32>,
    /// A unit that has just had the type lets those go first who wait for it.
    pub no_repeat: bool,
    /// Open days after the first day of a loan for which an uncollected kit is kept.
    pub collect_days: Option<i32>,
}

/// How far ahead a loan may begin unless something is said.
const EARLIEST_DAYS: i32 = LOOK_AHEAD_DAYS as i32;

impl Policy {
    /// What these rules come to.
    pub fn of(rules: &LoanRules) -> Self {
        Self {
            earliest_days: rules.earliest_days.unwrap_or(EARLIEST_DAYS),
            lead_days: rules.lead_days.unwrap_or(0),
            kits_at_once: rules.kits_at_once,
            kits_of_type: rules.kits_of_type,
            no_repeat: rules.no_repeat.unwrap_or(false),
            collect_days: rules.collect_days,
        }
    }

    /// True when a loan may begin less far ahead than anything is planned.
    pub fn limits_ahead(&self) -> bool {
        self.earliest_days < EARLIEST_DAYS
    }

    /// The first day on which a new loan may begin; none when the warehouse is closed for too long.
    pub fn first_possible(&self, opening: &Opening, today: NaiveDate) -> Option<NaiveDate> {
        opening.after_open_days(today, u32::try_from(self.lead_days).unwrap_or(0))
    }

    /// The last day on which a new loan may begin.
    pub fn last_possible(&self, today: NaiveDate) -> NaiveDate {
        days_after(today, u64::try_from(self.earliest_days).unwrap_or(0).min(LOOK_AHEAD_DAYS))
    }

    /// Checks the day on which a new loan is to begin.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn check_first_day(&self, opening: &Opening, first_day: NaiveDate, today: NaiveDate) -> Result<(), Broken> {
        let earliest = self.first_possible(opening, today);
        let latest = self.last_possible(today);
        if earliest.is_none_or(|earliest| first_day < earliest) {
            let earliest = earliest.and_then(|day| opening.next_open(day)).unwrap_or(latest);
            Err(Broken::TooSoon { days: self.lead_days, earliest })
        } else if first_day > latest {
            Err(Broken::TooFarAhead { latest })
        } else {
            Ok(())
        }
    }

    /// Checks how many kits the unit would have at once.
    ///
    /// # Errors
    /// The rules that are broken, each with the loans that count.
    pub fn check_count(
        &self,
        kit_type: KitTypeId,
        first_day: NaiveDate,
        last_day: NaiveDate,
        held: &[Held],
    ) -> Result<(), Vec<Broken>> {
        let over = |most: Option<i32>, held: &[Held]| {
            let most = most?;
            let at_once = at_once(held, first_day, last_day);
            let loans = at_once.iter().filter(|one| !one.offer).map(|one| one.loan).collect();
            let count = at_once.len();
            (count >= usize::try_from(most).unwrap_or(0)).then_some(Count { most, count, loans })
        };
        let all = over(self.kits_at_once, held).map(Broken::KitsAtOnce);
        let same = over(self.kits_of_type, &of_type(held, kit_type)).map(Broken::KitsOfType);
        let broken: Vec<Broken> = all.into_iter().chain(same).collect();
        if broken.is_empty() { Ok(()) } else { Err(broken) }
    }

    /// The last day on which the kit of a reservation is kept for it; none when it is kept until the loan is over.
    pub fn kept_until(&self, opening: &Opening, first_day: NaiveDate) -> Option<NaiveDate> {
        let days = u32::try_from(self.collect_days?).unwrap_or(0);
        opening.after_open_days(first_day.succ_opt()?, days)?.pred_opt()
    }
}

/// What counts when a unit's kits are counted: a loan that is reserved, packed or out, and an offer that waits for an
/// answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The loan, or the one that an offer becomes.
    pub loan: LoanId,
    /// It is an offer.
    pub offer: bool,
    /// Of which type.
    pub kit_type: KitTypeId,
    /// Its first day.
    pub first_day: NaiveDate,
    /// Its last day; today for a kit that should have been back.
    pub last_day: NaiveDate,
}

/// How many loans of all types, and how many of this one, the unit has on one day of these.
pub fn count(kit_type: KitTypeId, first_day: NaiveDate, last_day: NaiveDate, held: &[Held]) -> (usize, usize) {
    (at_once(held, first_day, last_day).len(), at_once(&of_type(held, kit_type), first_day, last_day).len())
}

fn of_type(held: &[Held], kit_type: KitTypeId) -> Vec<Held> {
    held.iter().copied().filter(|loan| loan.kit_type == kit_type).collect()
}

/// The most loans that the unit has on one day from the first to the last.
fn at_once(held: &[Held], first_day: NaiveDate, last_day: NaiveDate) -> Vec<Held> {
    // They are most on the first day, or on one where another loan begins.
    let begin = held.iter().map(|loan| loan.first_day).filter(|day| (first_day..=last_day).contains(day));
    let on = |day: NaiveDate| {
        let loans = held.iter().filter(move |loan| (loan.first_day..=loan.last_day).contains(&day));
        loans.copied().collect::<Vec<Held>>()
    };
    begin.chain([first_day]).map(on).max_by_key(Vec::len).unwrap_or_default()
}

/// A rule that a wish breaks, with the number and what would work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// Reserved too late.
    TooSoon {
        /// The open days that it takes.
        days: i32,
        /// The first day that works.
        earliest: NaiveDate,
    },
    /// Reserved too early.
    TooFarAhead {
        /// The last first day that works.
        latest: NaiveDate,
    },
    /// Longer than the type is lent.
    TooLong {
        /// The longest, in days.
        days: i32,
        /// The last day that works.
        latest: NaiveDate,
    },
    /// The unit has as many kits as it may on those days.
    KitsAtOnce(Count),
    /// The unit has as many kits of this type as it may on those days.
    KitsOfType(Count),
    /// The unit has just had the type, and others wait for it.
    Repeat,
}

/// How many kits a unit has, and may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// How many it may have.
    pub most: i32,
    /// How many it has, offers that wait for an answer too.
    pub count: usize,
    /// The loans among them.
    pub loans: Vec<LoanId>,
}

impl Broken {
    /// Stable name of the rule, which is also the refusal's code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooSoon { .. } => "loan.too_soon",
            Self::TooFarAhead { .. } => "loan.too_far_ahead",
            Self::TooLong { .. } => "loan.too_long",
            Self::KitsAtOnce(_) => "loan.kits_at_once",
            Self::KitsOfType(_) => "loan.kits_of_type",
            Self::Repeat => "loan.repeat",
        }
    }

    /// The rule as something wrong with a field, if it is about one.
    pub fn field(&self) -> Option<FieldError> {
        Some(match self {
            Self::TooSoon { days, earliest } => {
                FieldError::new("first_day", self.code()).arg("days", *days).arg("earliest", *earliest)
            }
            Self::TooFarAhead { latest } => FieldError::new("first_day", self.code()).arg("latest", Arg::Date(*latest)),
            Self::TooLong { days, latest } => {
                FieldError::new("last_day", self.code()).arg("days", *days).arg("latest", *latest)
            }
            Self::KitsAtOnce(_) | Self::KitsOfType(_) | Self::Repeat => return None,
        })
    }
}

/// The refusal for rules that are broken: wrong fields if any is about a field, else the first rule with the loans that
/// count. Staff may override it.
pub fn refusal(broken: &[Broken]) -> Error {
    let fields: Vec<FieldError> = broken.iter().filter_map(Broken::field).collect();
    let error = match broken.first() {
        Some(rule @ (Broken::KitsAtOnce(have) | Broken::KitsOfType(have))) if fields.is_empty() => {
            Error::refused(rule.code()).arg("most", have.most).arg("count", have.count).with("loans", &have.loans)
        }
        Some(rule) if fields.is_empty() => Error::refused(rule.code()),
        _ => Error::invalid_fields(fields),
    };
    error.with("overridable", true)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::opening::holidays::Country;
    use crate::opening::rules::Weekdays;
    use chrono::{Days, Weekday};
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn weekdays() -> Opening {
        let weekdays = Weekdays::of([Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri]);
        Opening { weekdays, holidays: Country::Sweden, closures: Vec::new() }
    }

    fn policy(rules: LoanRules) -> Policy {
        Policy::of(&rules)
    }

    #[test]
    fn what_a_type_says_wins_and_what_nobody_says_is_asked_of_nobody() {
        let organisation = LoanRules {
            earliest_days: Some(200),
            lead_days: Some(2),
            kits_at_once: Some(3),
            kits_of_type: Some(1),
            no_repeat: Some(true),
            collect_days: Some(4),
        };
        let kit_type = LoanRules { lead_days: Some(0), no_repeat: Some(false), ..LoanRules::default() };
        let holds = policy(organisation.but(&kit_type));
        assert_eq!((holds.earliest_days, holds.lead_days, holds.kits_at_once), (200, 0, Some(3)));
        assert_eq!((holds.kits_of_type, holds.no_repeat, holds.collect_days), (Some(1), false, Some(4)));
        let nothing = policy(LoanRules::default());
        assert!(!nothing.limits_ahead());
        let today = day("2026-11-20");
        assert_eq!(nothing.check_first_day(&weekdays(), today, today), Ok(()));
        assert_eq!(nothing.last_possible(today), today + Days::new(LOOK_AHEAD_DAYS));
        assert_eq!(nothing.kept_until(&weekdays(), today), None);
    }

    #[test]
    fn lead_time_is_counted_in_open_days() {
        let rules = policy(LoanRules { lead_days: Some(2), earliest_days: Some(30), ..LoanRules::default() });
        // A Friday: Friday and Monday lie between.
        let check = |first| rules.check_first_day(&weekdays(), day(first), day("2026-11-20"));
        assert_eq!(check("2026-11-23"), Err(Broken::TooSoon { days: 2, earliest: day("2026-11-24") }));
        assert_eq!(check("2026-11-24"), Ok(()));
        assert_eq!(check("2026-12-20"), Ok(()));
        assert_eq!(check("2026-12-21"), Err(Broken::TooFarAhead { latest: day("2026-12-20") }));
        // A Saturday, and Christmas.
        assert_eq!(rules.first_possible(&weekdays(), day("2026-11-21")), Some(day("2026-11-25")));
        assert_eq!(rules.first_possible(&weekdays(), day("2026-12-23")), Some(day("2026-12-29")));
        let never = Opening { weekdays: Weekdays::of([]), ..weekdays() };
        assert!(matches!(
            rules.check_first_day(&never, day("2026-11-24"), day("2026-11-20")),
            Err(Broken::TooSoon { .. })
        ));
    }

    #[test]
    fn an_uncollected_kit_is_kept_for_open_days() {
        let rules = |days| policy(LoanRules { collect_days: Some(days), ..LoanRules::default() });
        let kept = |days, first| rules(days).kept_until(&weekdays(), day(first));
        assert_eq!(kept(0, "2026-11-19"), Some(day("2026-11-19")));
        assert_eq!(kept(1, "2026-11-19"), Some(day("2026-11-20")));
        assert_eq!(kept(2, "2026-11-19"), Some(day("2026-11-23")), "a weekend lies between");
        assert_eq!(kept(1, "2026-11-20"), Some(day("2026-11-23")));
    }

    #[test]
    fn kits_are_counted_on_the_day_when_they_are_most() {
        let (bee, blue) = (KitTypeId::new(), KitTypeId::new());
        let held = |kit_type, first, last| Held {
            loan: LoanId::new(),
            offer: false,
            kit_type,
            first_day: day(first),
            last_day: day(last),
        };
        let loans = [held(bee, "2026-11-02", "2026-11-10"), held(blue, "2026-11-11", "2026-11-20")];
        let two = policy(LoanRules { kits_at_once: Some(2), kits_of_type: Some(1), ..LoanRules::default() });
        let green = KitTypeId::new();
        assert_eq!(two.check_count(green, day("2026-11-02"), day("2026-11-30"), &loans), Ok(()));
        let over = two.check_count(bee, day("2026-11-09"), day("2026-11-30"), &loans);
        assert_eq!(over, Err(vec![Broken::KitsOfType(Count { most: 1, count: 1, loans: vec![loans[0].loan] })]));
        let more = [loans.as_slice(), &[held(green, "2026-11-10", "2026-11-12")]].concat();
        let code = |first, last| {
            let broken = two.check_count(KitTypeId::new(), day(first), day(last), &more).unwrap_err();
            broken.iter().map(Broken::code).collect::<Vec<_>>()
        };
        assert_eq!(code("2026-11-03", "2026-11-10"), ["loan.kits_at_once"]);
        assert_eq!(code("2026-11-12", "2026-11-30"), ["loan.kits_at_once"]);
        assert_eq!(two.check_count(KitTypeId::new(), day("2026-11-13"), day("2026-11-30"), &more), Ok(()));
    }

    proptest! {
        #[test]
        fn as_many_at_once_as_a_look_at_every_day_finds(
            spans in prop::collection::vec((0..30_u64, 0..12_u64), 0..7), first in 0..30_u64, length in 0..12_u64,
        ) {
            let begin = day("2026-11-02");
            let on = |number| begin + Days::new(number);
            let held: Vec<Held> = spans.iter().map(|(first, length)| Held {
                loan: LoanId::new(), offer: false, kit_type: KitTypeId::new(), first_day: on(*first), last_day: on(first + length),
            }).collect();
            let by_hand = (first..=first + length)
                .map(|number| held.iter().filter(|loan| loan.first_day <= on(number) && on(number) <= loan.last_day).count())
                .max();
            prop_assert_eq!(Some(at_once(&held, on(first), on(first + length)).len()), by_hand);
        }

        #[test]
        fn so_many_open_days_lie_before_the_first_possible_one(today in 0..400_u64, lead in 0..12_i32) {
            let today = day("2026-01-01") + Days::new(today);
            let rules = policy(LoanRules { lead_days: Some(lead), ..LoanRules::default() });
            let first = rules.first_possible(&weekdays(), today).unwrap();
            let between = today.iter_days().take_while(|day| *day < first).filter(|day| weekdays().is_open(*day)).count();
            prop_assert_eq!(i32::try_from(between).unwrap(), lead);
            prop_assert!(first == today || weekdays().is_open(first.pred_opt().unwrap()), "no earlier day has as many");
        }
    }
}
