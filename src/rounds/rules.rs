//! The rules of a season round: where it stands, what a unit may wish for, and who gets what.
//!
//! # How the kits are allocated
//! It goes in turns. In each turn every unit that has wishes left gets at most one of them. Within a turn the unit that
//! has had least comes first: its loans of the last year and those to come, and what the round has given it in earlier
//! turns. Units that have had as much are ordered by [`lot`]. When it is a unit's turn, its wishes are tried by rank until
//! one can be served; one that cannot is refused for good, since later on there is only less left.
//!
//! A wish gets the earliest period in its weeks that the kit type can be lent for beside all that was promised before. If
//! the unit already has something, a period in which it has nothing else comes first; and it never gets more at once than
//! the lender's rules let a unit have.
//!
//! So nobody gets a second kit before everyone else who could be given one has got their first, and so on: at the time
//! that a unit is refused in turn `n`, no other unit has got more than `n`.

use crate::loans::allocation::{self, Claim, KitPlan, Span};
use crate::loans::fairness::Shares;
use crate::loans::policy::{Held, Policy};
use crate::loans::rules::{self as loans, span};
use crate::opening::rules::Opening;
use crate::platform::db::types::text_enum;
use crate::platform::error::FieldError;
use crate::platform::ids::{KitId, KitTypeId, LoanId, UnitId, WishId};
use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

/// The most wishes that a round can allow each unit.
pub const MOST_WISHES: i32 = 10;
/// The largest lot number; the smallest is 1.
pub const LARGEST_LOT: i32 = 999_999;
/// The longest term, in days.
const LONGEST_TERM: i64 = 366;
/// How much shorter than wished a loan may be, in days, so that it ends on an open day and in the weeks that were wished.
const SHORTER_DAYS: i64 = 6;

text_enum! {
    /// Where a round stands.
    #[schema(as = RoundStatus)]
    pub enum Status {
        /// Its wishes are not open yet.
        Coming = "coming",
        /// Units rank wishes.
        Open = "open",
        /// The wishes are in.
        Closed = "closed",
        /// There is a preview.
        Allocated = "allocated",
        /// The loans are made.
        Published = "published",
        /// There will be none.
        Cancelled = "cancelled",
    }
}

/// What a round's status follows from.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// The first day for wishes.
    pub opens_on: NaiveDate,
    /// The last day for wishes.
    pub closes_on: NaiveDate,
    /// The wishes were closed before their last day.
    pub closed: bool,
    /// There is a preview.
    pub allocated: bool,
    /// The loans are made.
    pub published: bool,
    /// It was called off.
    pub cancelled: bool,
}

impl Facts {
    /// Where the round stands on a day.
    pub fn status(&self, today: NaiveDate) -> Status {
        match self {
            Self { cancelled: true, .. } => Status::Cancelled,
            Self { published: true, .. } => Status::Published,
            Self { allocated: true, .. } => Status::Allocated,
            Self { closed: true, .. } => Status::Closed,
            Self { opens_on, .. } if today < *opens_on => Status::Coming,
            Self { closes_on, .. } if today <= *closes_on => Status::Open,
            _ => Status::Closed,
        }
    }
}

/// The days of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// The first day of the term.
    pub first_day: NaiveDate,
    /// The last day of the term.
    pub last_day: NaiveDate,
    /// The first day for wishes.
    pub opens_on: NaiveDate,
    /// The last day for wishes.
    pub closes_on: NaiveDate,
}

/// Checks the days of a round: the term is not over nor longer than a year, and begins so soon that its loans could be
/// reserved; the wishes close before it ends.
///
/// # Errors
/// `round.last_before_first`, `round.term_too_long`, `round.term_over`, `round.too_far_ahead`,
/// `round.closes_before_opens` and `round.closes_too_late`, each with its field.
pub fn check_dates(dates: Dates, today: NaiveDate) -> Result<(), Vec<FieldError>> {
    let mut wrong = Vec::new();
    let latest = loans::days_after(today, loans::LOOK_AHEAD_DAYS);
    if dates.last_day < dates.first_day {
        wrong.push(FieldError::new("last_day", "round.last_before_first").arg("first_day", dates.first_day));
    } else if (dates.last_day - dates.first_day).num_days() > LONGEST_TERM {
        wrong.push(FieldError::new("last_day", "round.term_too_long").arg("most", LONGEST_TERM));
    } else if dates.last_day < today {
        wrong.push(FieldError::new("last_day", "round.term_over").arg("today", today));
    }
    if dates.last_day > latest {
        wrong.push(FieldError::new("last_day", "round.too_far_ahead").arg("latest", latest));
    }
    if dates.closes_on < dates.opens_on {
        wrong.push(FieldError::new("closes_on", "round.closes_before_opens").arg("opens_on", dates.opens_on));
    } else if dates.closes_on >= dates.last_day {
        wrong.push(FieldError::new("closes_on", "round.closes_too_late").arg("last_day", dates.last_day));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Checks the weeks of a wish: inside the term, and long enough for the loan.
///
/// # Errors
/// `round.outside_term`, `round.weeks_backwards`, `round.weeks_too_few`, `field.range`, each with its field.
pub fn check_wish(
    (earliest, latest): (NaiveDate, NaiveDate),
    days: i32,
    longest: i32,
    (first_day, last_day): (NaiveDate, NaiveDate),
) -> Result<(), Vec<FieldError>> {
    let mut wrong = Vec::new();
    for (field, day) in [("earliest", earliest), ("latest", latest)] {
        if day < first_day || day > last_day {
            wrong.push(FieldError::new(field, "round.outside_term").arg("first", first_day).arg("last", last_day));
        }
    }
    if days < 1 || days > longest {
        wrong.push(FieldError::new("days", "field.range").arg("least", 1).arg("most", longest));
    }
    if wrong.is_empty() && latest < earliest {
        wrong.push(FieldError::new("latest", "round.weeks_backwards"));
    }
    if wrong.is_empty() && (latest - earliest).num_days() + SHORTER_DAYS < i64::from(days) {
        wrong.push(FieldError::new("latest", "round.weeks_too_few").arg("days", days));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// A loan to be, with its first and last day.
pub type Given = (LoanId, (NaiveDate, NaiveDate));

/// What can be lent of a kit type: its kits, and what they are promised for.
#[derive(Debug, Clone)]
pub struct Stock {
    /// The type.
    pub kit_type: KitTypeId,
    /// The longest loan, in days from the first to the last.
    pub loan_days: i32,
    /// Days between two loans.
    pub turnaround_days: i32,
    /// It is lent no more.
    pub retired: bool,
    /// The kits with what cannot be moved off them, as agreed.
    pub planned: Vec<KitPlan<KitId>>,
    /// The same as it looks today.
    pub expected: Vec<KitPlan<KitId>>,
    /// The reservations that may move between the kits.
    pub claims: Vec<Claim<LoanId, KitId>>,
    /// When the warehouse is open.
    pub opening: Arc<Opening>,
    /// What the lender asks of those who borrow. How early and how late they reserve is not asked in a round.
    pub policy: Policy,
    /// The day it is.
    pub today: NaiveDate,
}

impl Stock {
    /// The days that a loan of this type occupies a kit.
    pub fn span(&self, first_day: NaiveDate, last_day: NaiveDate) -> Span {
        span(first_day, last_day, self.turnaround_days)
    }

    /// True when one more loan can be served on these days.
    pub fn has_room(&self, first_day: NaiveDate, last_day: NaiveDate) -> bool {
        let new = Claim { loan: LoanId::new(), span: self.span(first_day, last_day), kit: None };
        allocation::accepts(&self.planned, &self.expected, &self.claims, &new).is_ok()
    }

    /// True when a loan may begin and end on these days, whoever else has a kit then.
    pub fn suits(&self, first_day: NaiveDate, last_day: NaiveDate) -> bool {
        let period = loans::check_period(first_day, last_day, self.loan_days, &self.opening, self.today);
        !self.retired && period.is_ok()
    }

    /// Promises kits for several loans. The answer are those that cannot be served beside the ones before them, or not on
    /// such days; all others are promised.
    pub fn promise_all(&mut self, new: &[Given]) -> Vec<LoanId> {
        let suits = |(_, (first, last)): &&Given| self.suits(*first, *last);
        let claim = |(loan, (first, last)): &Given| Claim { loan: *loan, span: self.span(*first, *last), kit: None };
        let claims: Vec<_> = new.iter().filter(suits).map(claim).collect();
        let full = allocation::accepts_all(&self.planned, &self.expected, &self.claims, &claims).err();
        let left: HashSet<LoanId> = full.into_iter().flatten().collect();
        self.claims.extend(claims.into_iter().filter(|claim| !left.contains(&claim.loan)));
        let promised: HashSet<LoanId> = self.claims.iter().map(|claim| claim.loan).collect();
        new.iter().map(|(loan, _)| *loan).filter(|loan| !promised.contains(loan)).collect()
    }

    /// The next period as long as this one, from its first day on, that one more loan can be served in.
    pub fn next_free(&self, first_day: NaiveDate, last_day: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let days = (last_day - first_day).num_days().clamp(0, i64::from(self.loan_days));
        let days = u64::try_from(days).unwrap_or(0);
        let period = |first| Some(span(first, self.opening.last_day(first, days)?, 0));
        let turnaround = u32::try_from(self.turnaround_days).unwrap_or(0);
        let (from, until) = (first_day.max(self.today), loans::days_after(self.today, loans::LOOK_AHEAD_DAYS));
        let free = allocation::next_free(&self.planned, &self.expected, &self.claims, period, turnaround, from, until)?;
        Some((free.first, free.end.pred_opt()?))
    }

    /// Promises a kit for these days.
    fn promise(&mut self, loan: LoanId, first_day: NaiveDate, last_day: NaiveDate) {
        self.claims.push(Claim { loan, span: self.span(first_day, last_day), kit: None });
    }

    /// The earliest period for a wish of a unit that has all that is `held`, first one that keeps clear of that.
    fn place(&self, wish: &Wish, held: &[Held]) -> Result<Span, Reason> {
        if self.retired {
            return Err(Reason::Retired);
        }
        if self.planned.is_empty() {
            return Err(Reason::NoKits);
        }
        let from = wish.earliest.max(self.today);
        let within = |period: &Span| {
            let last = period.end.pred_opt().unwrap_or(period.first);
            self.policy.check_count(self.kit_type, period.first, last, held).is_ok()
        };
        let alone = |period: &Span| held.iter().all(|one| !span(one.first_day, one.last_day, 0).overlaps(*period));
        let any = |first: NaiveDate| self.period(wish, first);
        let turnaround = u32::try_from(self.turnaround_days).unwrap_or(0);
        let next = |wanted: &dyn Fn(&Span) -> bool| {
            let (planned, expected, claims) = (&self.planned, &self.expected, &self.claims);
            let period = |first: NaiveDate| any(first).filter(wanted);
            allocation::next_free(planned, expected, claims, period, turnaround, from, wish.latest)
        };
        let apart = if held.is_empty() { None } else { next(&|period| alone(period) && within(period)) };
        apart.or_else(|| next(&within)).ok_or_else(|| {
            let periods = || from.iter_days().take_while(|day| *day <= wish.latest).filter_map(any);
            if periods().any(|period| within(&period)) {
                Reason::Full
            } else if periods().next().is_some() {
                Reason::AtOnce
            } else {
                Reason::Closed
            }
        })
    }

    /// The period of a wish that begins on a day, without turnaround; none when it would not end on an open day in the
    /// wish's weeks, or too soon.
    fn period(&self, wish: &Wish, first: NaiveDate) -> Option<Span> {
        let days = i64::from(wish.days.min(self.loan_days));
        let room = days.min((wish.latest - first).num_days());
        let last = self.opening.last_day(first, u64::try_from(room).ok()?)?;
        ((last - first).num_days() + SHORTER_DAYS >= days).then(|| span(first, last, 0))
    }
}

/// What a unit wishes for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The wish.
    pub id: WishId,
    /// Whose it is.
    pub unit: UnitId,
    /// How dear it is; 1 is the dearest.
    pub rank: i32,
    /// What is wished for.
    pub kit_type: KitTypeId,
    /// The first day of the weeks that suit.
    pub earliest: NaiveDate,
    /// The last day of the weeks that suit.
    pub latest: NaiveDate,
    /// How long, in days from the first to the last.
    pub days: i32,
}

text_enum! {
    /// Why a wish got nothing.
    pub enum Reason {
        /// No kit of the type is free for so long in those weeks.
        Full = "full",
        /// The warehouse has no open days for it in those weeks.
        Closed = "closed",
        /// The type is lent no more.
        Retired = "retired",
        /// There are no kits of the type.
        NoKits = "no_kits",
        /// The unit has as many kits as it may in those weeks.
        AtOnce = "at_once",
        /// It was taken away by hand.
        Removed = "removed",
    }
}

/// What became of a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The wish.
    pub wish: WishId,
    /// The turn in which it was decided; 1 is the first.
    pub turn: u32,
    /// The first and the last day, or why there are none.
    pub answer: Result<(NaiveDate, NaiveDate), Reason>,
}

/// Where a unit stands among those that have had as much: the smaller, the earlier. It is the first eight bytes, the
/// highest first, of the SHA-256 of the text `digilador {lot} {unit}`, the unit's id written in lower case with hyphens.
/// So it is the same on every machine and in every version, and anyone can check it.
pub fn lot(lot: i32, unit: UnitId) -> u64 {
    let hash = Sha256::digest(format!("digilador {lot} {unit}"));
    hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Allocates the kits as the head of this file says. `shares` is what each unit has. The outcomes come in the order in
/// which they were decided.
pub fn allocate(stocks: Vec<Stock>, wishes: &[Wish], shares: &Shares, lot_number: i32) -> Vec<Outcome> {
    let Shares { had, mut held } = shares.clone();
    let mut stocks: HashMap<KitTypeId, Stock> = stocks.into_iter().map(|stock| (stock.kit_type, stock)).collect();
    let mut sorted: Vec<&Wish> = wishes.iter().collect();
    sorted.sort_by_key(|wish| (wish.rank, wish.id));
    let mut lists: BTreeMap<UnitId, VecDeque<&Wish>> = BTreeMap::new();
    for wish in sorted {
        lists.entry(wish.unit).or_default().push_back(wish);
    }
    let mut given: HashMap<UnitId, usize> = HashMap::new();
    let mut outcomes = Vec::with_capacity(wishes.len());
    let mut turn = 0;
    while !lists.is_empty() {
        turn += 1;
        let so_far = |unit: &UnitId| {
            let given = given.get(unit).copied().unwrap_or(0);
            had.get(unit).map_or(0, |had| usize::try_from(*had).unwrap_or(usize::MAX)).saturating_add(given)
        };
        let mut order: Vec<(usize, u64, UnitId)> =
            lists.keys().map(|unit| (so_far(unit), lot(lot_number, *unit), *unit)).collect();
        order.sort_unstable();
        for (_, _, unit) in order {
            let own = held.entry(unit).or_default();
            let Some(list) = lists.get_mut(&unit) else { continue };
            while let Some(wish) = list.pop_front() {
                let stock = stocks.get_mut(&wish.kit_type);
                let found = stock.ok_or(Reason::NoKits).and_then(|stock| {
                    let period = stock.place(wish, own)?;
                    let (first_day, last_day) = (period.first, period.end.pred_opt().ok_or(Reason::Closed)?);
                    let loan = LoanId::from(wish.id.uuid());
                    stock.promise(loan, first_day, last_day);
                    own.push(Held { loan, offer: false, kit_type: wish.kit_type, first_day, last_day });
                    *given.entry(unit).or_default() += 1;
                    Ok((first_day, last_day))
                });
                outcomes.push(Outcome { wish: wish.id, turn, answer: found });
                if found.is_ok() {
                    break;
                }
            }
        }
        lists.retain(|_, list| !list.is_empty());
    }
    outcomes
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::loans::policy::LoanRules;
    use crate::opening::holidays::Country;
    use crate::opening::rules::Weekdays;
    use chrono::{Days, Weekday};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn day(number: u64) -> NaiveDate {
        "2027-01-11".parse::<NaiveDate>().unwrap() + Days::new(number)
    }

    fn id<T: From<Uuid>>(kind: u128, number: u128) -> T {
        T::from(Uuid::from_u128(kind << 64 | number))
    }

    fn unit(number: u128) -> UnitId {
        id(1, number)
    }

    /// A type of so many kits, lent for two weeks at most, that nobody has reserved.
    fn stock(number: u128, kits: u128) -> Stock {
        let plans: Vec<_> =
            (0..kits).map(|kit| KitPlan { kit: id(3, number * 100 + kit), pinned: Vec::new() }).collect();
        Stock {
            kit_type: id(2, number),
            loan_days: 14,
            turnaround_days: 2,
            retired: false,
            planned: plans.clone(),
            expected: plans,
            claims: Vec::new(),
            opening: Arc::new(Opening::always()),
            policy: Policy::of(&LoanRules::default()),
            today: day(0),
        }
    }

    fn wish(of: u128, rank: i32, kit_type: u128, (earliest, latest): (u64, u64), days: i32) -> Wish {
        Wish {
            id: id(4, of * 100 + u128::try_from(rank).unwrap()),
            unit: unit(of),
            rank,
            kit_type: id(2, kit_type),
            earliest: day(earliest),
            latest: day(latest),
            days,
        }
    }

    fn shares(had: &HashMap<UnitId, u32>) -> Shares {
        Shares { had: had.clone(), held: HashMap::new() }
    }

    fn answers(outcomes: &[Outcome], wishes: &[Wish]) -> Vec<(UnitId, i32, bool)> {
        let of = |outcome: &Outcome| wishes.iter().find(|wish| wish.id == outcome.wish).unwrap();
        outcomes.iter().map(|outcome| (of(outcome).unit, of(outcome).rank, outcome.answer.is_ok())).collect()
    }

    #[test]
    fn a_round_goes_from_coming_to_published() {
        let facts = Facts {
            opens_on: day(10),
            closes_on: day(20),
            closed: false,
            allocated: false,
            published: false,
            cancelled: false,
        };
        let on = |number| facts.status(day(number));
        assert_eq!([on(9), on(10), on(20), on(21)], [Status::Coming, Status::Open, Status::Open, Status::Closed]);
        assert_eq!(Facts { closed: true, ..facts }.status(day(15)), Status::Closed);
        assert_eq!(Facts { allocated: true, ..facts }.status(day(21)), Status::Allocated);
        assert_eq!(Facts { allocated: true, published: true, ..facts }.status(day(21)), Status::Published);
        assert_eq!(Facts { cancelled: true, ..facts }.status(day(15)), Status::Cancelled);
    }

    #[test]
    fn the_days_of_a_round_are_checked_whole() {
        let dates = Dates { first_day: day(30), last_day: day(150), opens_on: day(0), closes_on: day(20) };
        let wrong = |dates| {
            let wrong = check_dates(dates, day(0)).err().unwrap_or_default();
            wrong.into_iter().map(|wrong| wrong.code).collect::<Vec<_>>()
        };
        assert_eq!(wrong(dates), Vec::<&str>::new());
        assert_eq!(wrong(Dates { last_day: day(29), ..dates }), ["round.last_before_first"]);
        assert_eq!(wrong(Dates { last_day: day(399), ..dates }), ["round.term_too_long"]);
        assert_eq!(wrong(Dates { first_day: day(300), last_day: day(401), ..dates }), ["round.too_far_ahead"]);
        assert_eq!(wrong(Dates { closes_on: day(150), ..dates }), ["round.closes_too_late"]);
        assert_eq!(wrong(Dates { opens_on: day(21), ..dates }), ["round.closes_before_opens"]);
        let over = Dates { first_day: day(0) - Days::new(9), last_day: day(0) - Days::new(2), ..dates };
        assert_eq!(wrong(over), ["round.term_over", "round.closes_too_late"]);
    }

    #[test]
    fn the_weeks_of_a_wish_have_room_for_it() {
        let check = |weeks: (u64, u64), days| {
            let wrong = check_wish((day(weeks.0), day(weeks.1)), days, 21, (day(0), day(100)));
            wrong.err().unwrap_or_default().into_iter().map(|wrong| (wrong.field, wrong.code)).collect::<Vec<_>>()
        };
        assert_eq!(check((0, 100), 21), []);
        assert_eq!(check((0, 20), 21), [], "three whole weeks are three weeks");
        assert_eq!(check((0, 14), 21), [("latest".to_owned(), "round.weeks_too_few")]);
        assert_eq!(check((9, 8), 1), [("latest".to_owned(), "round.weeks_backwards")]);
        assert_eq!(check((0, 101), 22).len(), 2);
    }

    #[test]
    fn the_lot_is_what_its_formula_says() {
        // printf 'digilador 4711 00000000-0000-0001-0000-000000000007' | sha256sum
        assert_eq!(format!("{:016x}", lot(4711, unit(7))), LOT_OF_SEVEN);
    }
    const LOT_OF_SEVEN: &str = "e699d4b2195075a6";

    #[test]
    fn who_has_had_least_goes_first_and_nobody_gets_two_before_all_got_one() {
        // One kit, room for two loans of two weeks in the term.
        let wishes = [
            wish(1, 1, 1, (0, 32), 14),
            wish(2, 1, 1, (0, 32), 14),
            wish(3, 1, 1, (0, 32), 14),
            wish(3, 2, 2, (0, 32), 14),
        ];
        let had = HashMap::from([(unit(1), 5), (unit(2), 1), (unit(3), 0)]);
        let outcomes = allocate(vec![stock(1, 1), stock(2, 1)], &wishes, &shares(&had), 1);
        let expected = [(unit(3), 1, true), (unit(2), 1, true), (unit(1), 1, false), (unit(3), 2, true)];
        assert_eq!(answers(&outcomes, &wishes), expected);
        assert_eq!(outcomes.iter().map(|outcome| outcome.turn).collect::<Vec<_>>(), [1, 1, 1, 2]);
        assert_eq!(outcomes[0].answer, Ok((day(0), day(14))));
        assert_eq!(outcomes[1].answer, Ok((day(17), day(31))), "two days of turnaround");
        assert_eq!(outcomes[2].answer, Err(Reason::Full));
        assert_eq!(outcomes[3].answer, Ok((day(15), day(29))), "after what the unit has already");
    }

    #[test]
    fn when_the_first_wish_is_refused_the_next_is_tried_in_the_same_turn() {
        let wishes = [wish(1, 1, 1, (0, 16), 14), wish(2, 1, 1, (0, 16), 14), wish(2, 2, 2, (0, 16), 14)];
        let had = HashMap::from([(unit(2), 1)]);
        let outcomes = allocate(vec![stock(1, 1), stock(2, 1)], &wishes, &shares(&had), 1);
        assert_eq!(answers(&outcomes, &wishes), [(unit(1), 1, true), (unit(2), 1, false), (unit(2), 2, true)]);
        assert!(outcomes.iter().all(|outcome| outcome.turn == 1));
    }

    #[test]
    fn two_at_once_are_given_rather_than_none() {
        let wishes = [wish(1, 1, 1, (0, 14), 14), wish(1, 2, 2, (0, 14), 14)];
        let outcomes = allocate(vec![stock(1, 1), stock(2, 1)], &wishes, &Shares::default(), 1);
        assert_eq!(outcomes[1].answer, Ok((day(0), day(14))));
    }

    #[test]
    fn nobody_gets_more_at_once_than_the_lender_allows() {
        let policy = Policy::of(&LoanRules { kits_at_once: Some(1), ..LoanRules::default() });
        let stocks = || [1, 2].map(|number| Stock { policy, ..stock(number, 1) }).to_vec();
        let wishes = [wish(1, 1, 1, (0, 14), 14), wish(1, 2, 2, (0, 14), 14)];
        let outcomes = allocate(stocks(), &wishes, &Shares::default(), 1);
        assert_eq!((outcomes[0].answer, outcomes[1].answer), (Ok((day(0), day(14))), Err(Reason::AtOnce)));
        // Loans that are there already count, too.
        let loan = Held { loan: LoanId::new(), offer: false, kit_type: id(2, 9), first_day: day(0), last_day: day(10) };
        let held = HashMap::from([(unit(1), vec![loan])]);
        let wishes = [wish(1, 1, 1, (0, 14), 14), wish(1, 2, 2, (0, 30), 14)];
        let outcomes = allocate(stocks(), &wishes, &Shares { held, ..Shares::default() }, 1);
        assert_eq!((outcomes[0].answer, outcomes[1].answer), (Err(Reason::AtOnce), Ok((day(11), day(25)))));
    }

    #[test]
    fn a_refused_wish_says_why() {
        let opening =
            Arc::new(Opening { weekdays: Weekdays::of([Weekday::Tue]), holidays: Country::None, closures: Vec::new() });
        let stocks = vec![
            Stock { retired: true, ..stock(1, 1) },
            stock(2, 0),
            Stock { opening: opening.clone(), ..stock(3, 1) },
            Stock { opening, ..stock(4, 1) },
        ];
        let wishes = [
            wish(1, 1, 1, (0, 99), 14),
            wish(1, 2, 2, (0, 99), 14),
            wish(1, 3, 3, (3, 12), 10),
            wish(1, 4, 4, (0, 30), 14),
            wish(1, 5, 9, (0, 30), 14),
        ];
        let outcomes = allocate(stocks, &wishes, &Shares::default(), 1);
        let answers: Vec<_> = outcomes.iter().map(|outcome| outcome.answer).collect();
        let tuesdays = Ok((day(1), day(15)));
        assert_eq!(answers[..4], [Err(Reason::Retired), Err(Reason::NoKits), Err(Reason::Closed), tuesdays]);
        assert_eq!(answers[4], Err(Reason::NoKits), "a type that nobody knows");
    }

    #[test]
    fn another_lot_makes_another_first() {
        let units: Vec<u128> = (1..=5).collect();
        let wishes: Vec<Wish> = units.iter().map(|unit| wish(*unit, 1, 1, (0, 14), 14)).collect();
        let mut won: HashMap<UnitId, u32> = HashMap::new();
        let lots = 2000;
        for lot in 1..=lots {
            let outcomes = allocate(vec![stock(1, 1)], &wishes, &Shares::default(), lot);
            let winner = outcomes.iter().find(|outcome| outcome.answer.is_ok()).unwrap().wish;
            *won.entry(wishes.iter().find(|wish| wish.id == winner).unwrap().unit).or_default() += 1;
        }
        // Each of five wins 400 of 2,000 times; four standard deviations are 72.
        assert!(units.iter().all(|number| won[&unit(*number)].abs_diff(400) < 72), "{won:?}");
    }

    /// A kit for every span, by trying every way.
    fn can_serve(kits: &[Vec<Span>], spans: &[Span]) -> bool {
        let Some((span, rest)) = spans.split_first() else { return true };
        (0..kits.len()).any(|kit| {
            if kits[kit].iter().any(|other| other.overlaps(*span)) {
                return false;
            }
            let mut more = kits.to_vec();
            more[kit].push(*span);
            can_serve(&more, rest)
        })
    }

    fn pins(kits: &[KitPlan<KitId>]) -> Vec<Vec<Span>> {
        kits.iter().map(|plan| plan.pinned.clone()).collect()
    }

    #[derive(Debug, Clone)]
    struct Case {
        stocks: Vec<Stock>,
        wishes: Vec<Wish>,
        had: HashMap<UnitId, u32>,
        lot: i32,
    }

    fn cases() -> impl Strategy<Value = Case> {
        let pin = (0..30_u64, 1..12_u64);
        let kit = prop::collection::vec(pin, 0..2);
        let stocks = prop::collection::vec((prop::collection::vec(kit, 0..3), 0..3_i32, 0..128_u8), 1..3);
        let wished = (0..3_u128, 0..25_u64, 3..20_u64, 1..15_i32);
        let units = prop::collection::vec((prop::collection::vec(wished, 0..4), 0..3_u32), 1..5);
        (stocks, units, 1..50_i32).prop_map(|(stocks, units, lot)| {
            let stocks = stocks.into_iter().enumerate().map(|(number, (kits, turnaround_days, days))| {
                let mut stock = stock(number as u128, kits.len() as u128);
                for (plan, pinned) in stock.planned.iter_mut().zip(&kits) {
                    for (first, days) in pinned {
                        let new = Span { first: day(*first), end: day(first + days) };
                        if !plan.pinned.iter().any(|other| other.overlaps(new)) {
                            plan.pinned.push(new);
                        }
                    }
                }
                // A kit that is late is away for longer than agreed.
                stock.expected = stock.planned.clone();
                if let Some(pin) = stock.expected.first_mut().and_then(|plan| plan.pinned.first_mut())
                    && pin.first == day(0)
                {
                    pin.end = pin.end + Days::new(5);
                }
                let weekdays = WEEK.into_iter().filter(|day| days >> day.num_days_from_monday() & 1 == 1);
                let weekdays = Weekdays::of(weekdays);
                let opening = Arc::new(Opening { weekdays, holidays: Country::None, closures: Vec::new() });
                Stock { turnaround_days, opening, ..stock }
            });
            let had = units.iter().enumerate().map(|(of, (_, had))| (unit(of as u128), *had)).collect();
            let wishes = units.iter().enumerate().flat_map(|(of, (wishes, _))| {
                wishes.iter().enumerate().map(move |(rank, (kit_type, from, weeks, days))| {
                    wish(of as u128, rank as i32 + 1, *kit_type, (*from, from + weeks), *days)
                })
            });
            Case { stocks: stocks.collect(), wishes: wishes.collect(), had, lot }
        })
    }
    use crate::opening::rules::WEEK;

    /// Everything that was given of a type before the outcome `until`, as it occupies kits.
    fn given<'c>(case: &'c Case, outcomes: &'c [Outcome], kit_type: KitTypeId) -> Vec<(&'c Wish, Span)> {
        let stock = case.stocks.iter().find(|stock| stock.kit_type == kit_type);
        let wish = |outcome: &Outcome| case.wishes.iter().find(|wish| wish.id == outcome.wish).unwrap();
        outcomes
            .iter()
            .filter(|outcome| wish(outcome).kit_type == kit_type)
            .filter_map(|outcome| {
                let (first, last) = outcome.answer.ok()?;
                Some((wish(outcome), stock?.span(first, last)))
            })
            .collect()
    }

    proptest! {
        #[test]
        fn the_same_wishes_get_the_same_in_whatever_order_they_come(case in cases(), turned in 0..7_usize) {
            let outcomes = allocate(case.stocks.clone(), &case.wishes, &shares(&case.had), case.lot);
            let (mut stocks, mut wishes) = (case.stocks.clone(), case.wishes.clone());
            stocks.reverse();
            wishes.reverse();
            let middle = turned % (wishes.len() + 1);
            wishes.rotate_left(middle);
            prop_assert_eq!(&allocate(stocks, &wishes, &shares(&case.had), case.lot), &outcomes);
            let mut decided: Vec<WishId> = outcomes.iter().map(|outcome| outcome.wish).collect();
            decided.sort_unstable();
            decided.dedup();
            prop_assert_eq!(decided.len(), case.wishes.len(), "every wish is answered, once");
        }

        #[test]
        fn every_loan_that_is_given_can_be_served(case in cases()) {
            let outcomes = allocate(case.stocks.clone(), &case.wishes, &shares(&case.had), case.lot);
            for stock in &case.stocks {
                let given = given(&case, &outcomes, stock.kit_type);
                let spans: Vec<Span> = given.iter().map(|(_, span)| *span).collect();
                prop_assert!(can_serve(&pins(&stock.planned), &spans) && can_serve(&pins(&stock.expected), &spans));
                for number in 0..60 {
                    let out = |spans: &[Span]| spans.iter().filter(|span| span.contains(day(number))).count();
                    let pinned: usize = stock.planned.iter().map(|plan| out(&plan.pinned)).sum();
                    prop_assert!(out(&spans) + pinned <= stock.planned.len(), "day {number}");
                }
                for (wish, span) in given {
                    let last = span.end - Days::new(1 + u64::try_from(stock.turnaround_days).unwrap());
                    prop_assert!(stock.opening.is_open(span.first) && stock.opening.is_open(last));
                    prop_assert!(wish.earliest <= span.first && last <= wish.latest);
                    let days = (last - span.first).num_days();
                    prop_assert!(days <= i64::from(wish.days) && days + 6 >= i64::from(wish.days.min(14)));
                }
            }
        }

        #[test]
        fn a_wish_is_refused_only_when_no_period_of_its_weeks_could_be_served(case in cases()) {
            let outcomes = allocate(case.stocks.clone(), &case.wishes, &shares(&case.had), case.lot);
            for (at, outcome) in outcomes.iter().enumerate().filter(|(_, outcome)| outcome.answer.is_err()) {
                let wish = case.wishes.iter().find(|wish| wish.id == outcome.wish).unwrap();
                let Some(stock) = case.stocks.iter().find(|stock| stock.kit_type == wish.kit_type) else { continue };
                let before: Vec<Span> = given(&case, &outcomes[..at], wish.kit_type).iter().map(|(_, span)| *span).collect();
                for first in wish.earliest.iter_days().take_while(|first| *first <= wish.latest) {
                    let days = u64::try_from(wish.days.min(14)).unwrap();
                    // As long as it can be on that day: a shorter one would be no more than that.
                    let lasts = (days.saturating_sub(6)..=days).rev().map(|days| first + Days::new(days));
                    let last = lasts.filter(|last| *last <= wish.latest).find(|last| stock.opening.is_open(*last));
                    let Some(last) = last.filter(|_| stock.opening.is_open(first)) else { continue };
                    let more = [before.as_slice(), &[stock.span(first, last)]].concat();
                    let fits = can_serve(&pins(&stock.planned), &more) && can_serve(&pins(&stock.expected), &more);
                    prop_assert!(!fits, "{first} – {last} would have worked for {wish:?}: {:?}", outcome.answer);
                }
            }
        }

        /// At each decision: nobody has got more than the turns that have been, those before in the same turn had had no
        /// more, and whoever had had as much was before by lot.
        #[test]
        fn nobody_is_served_out_of_turn(case in cases()) {
            let outcomes = allocate(case.stocks.clone(), &case.wishes, &shares(&case.had), case.lot);
            let unit_of = |outcome: &Outcome| case.wishes.iter().find(|wish| wish.id == outcome.wish).unwrap().unit;
            let got = |unit: UnitId, until: &dyn Fn(&Outcome) -> bool| {
                outcomes.iter().filter(|outcome| until(outcome) && outcome.answer.is_ok() && unit_of(outcome) == unit).count()
            };
            for pair in outcomes.windows(2) {
                prop_assert!(pair[0].turn <= pair[1].turn);
                let (one, other) = (unit_of(&pair[0]), unit_of(&pair[1]));
                if pair[0].turn == pair[1].turn && one != other {
                    let before = |unit: UnitId| {
                        let had = case.had[&unit] as usize + got(unit, &|outcome| outcome.turn < pair[0].turn);
                        (had, lot(case.lot, unit))
                    };
                    prop_assert!(before(one) < before(other));
                }
            }
            for outcome in &outcomes {
                let turn = outcome.turn;
                prop_assert!(got(unit_of(outcome), &|other| other.turn == turn) <= 1, "one in a turn");
                // A unit with nothing in this turn had all its wishes tried before anybody got one in the next.
                if got(unit_of(outcome), &|other| other.turn == turn) == 0 {
                    let later = outcomes.iter().any(|other| other.turn > turn && unit_of(other) == unit_of(outcome));
                    prop_assert!(!later);
                }
            }
        }

        #[test]
        fn one_more_unit_changes_nothing_for_those_before_it(case in cases(), seed in 0..20_u64) {
            // It has had more than all others, so that it comes last in the first turn: what they get there stays.
            let more = wish(99, 1, 0, (seed, seed + 20), 10);
            let mut had = case.had.clone();
            had.insert(unit(99), 1000);
            let wishes = [case.wishes.as_slice(), &[more]].concat();
            let first_turn = |outcomes: Vec<Outcome>| {
                outcomes.into_iter().filter(|o| o.turn == 1 && o.wish != wishes[wishes.len() - 1].id).collect::<Vec<_>>()
            };
            let without = first_turn(allocate(case.stocks.clone(), &case.wishes, &shares(&case.had), case.lot));
            let with = allocate(case.stocks.clone(), &wishes, &shares(&had), case.lot);
            prop_assert_eq!(&with, &allocate(case.stocks.clone(), &wishes, &shares(&had), case.lot));
            prop_assert_eq!(first_turn(with), without);
        }
    }
}
