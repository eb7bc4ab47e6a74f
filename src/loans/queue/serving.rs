//! Who in the queue gets a kit, and on which days: in fair order, each the earliest days of its span that can be had.

use crate::loans::fairness::{Shares, Turn};
use crate::loans::planning::Plan;
use crate::loans::policy::Held;
use crate::loans::queue::rules::Wish;
use crate::loans::queue::store::Entry;
use crate::platform::db::types::Instant;
use crate::platform::ids::{LoanId, QueueEntryId, UnitId};
use chrono::NaiveDate;
use std::collections::HashMap;

/// A place in the queue, waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// The place.
    pub id: QueueEntryId,
    /// Who waits.
    pub unit: UnitId,
    /// Since when.
    pub asked_at: Instant,
    /// What they wish for.
    pub wish: Wish,
    /// They have just had the type, and the lender lets others go first.
    pub again: bool,
}

impl Waiting {
    /// That place in the queue, of a unit that has not just had the type.
    pub fn new(entry: &Entry) -> Self {
        Self { id: entry.id, unit: entry.unit_id, asked_at: entry.asked_at, wish: entry.wish(), again: false }
    }
}

/// A place whose turn it is, with days on which a kit can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Served {
    /// The place.
    pub id: QueueEntryId,
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day.
    pub last_day: NaiveDate,
}

/// When it is somebody's turn, by how much each unit has had.
pub fn turn(waiting: &Waiting, had: &HashMap<UnitId, u32>) -> Turn<QueueEntryId> {
    let had = had.get(&waiting.unit).copied().unwrap_or(0);
    Turn { again: waiting.again, had, asked_at: waiting.asked_at, id: waiting.id }
}

/// Those who can be served, in the order in which they are. What one is given counts as had from then on: a unit that
/// waits twice does not get both before another gets one. Nobody is served more than the lender's rules let a unit have.
/// Loans that begin from `unhurried` on leave the full time to answer, and go before earlier ones that are no longer.
pub fn serve(mut plan: Plan, mut waiting: Vec<Waiting>, mut shares: Shares, unhurried: NaiveDate) -> Vec<Served> {
    let mut served = Vec::new();
    // Who cannot be served now cannot be later either: every offer leaves less.
    while let Some(next) = (0..waiting.len()).min_by_key(|at| waiting.get(*at).map(|one| turn(one, &shares.had))) {
        let one = waiting.swap_remove(next);
        let held = shares.held.entry(one.unit).or_default();
        let Some((first_day, last_day)) = place(&plan, &one.wish, held, unhurried) else { continue };
        let loan = LoanId::new();
        plan.hold(loan, first_day, last_day);
        held.push(Held { loan, offer: true, kit_type: plan.kit_type.id, first_day, last_day });
        *shares.had.entry(one.unit).or_default() += 1;
        served.push(Served { id: one.id, first_day, last_day });
    }
    served
}

/// The first days of the span that a unit can have a kit on, which has all that is `held` already; those from `unhurried`
/// on before earlier ones, unless they are fewer.
pub fn place(plan: &Plan, wish: &Wish, held: &[Held], unhurried: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let from = wish.first_days(plan.today).next()?.max(plan.policy.first_possible(&plan.opening, plan.today)?);
    let until = wish.latest_day.min(plan.policy.last_possible(plan.today));
    let last_day = |first| {
        let last = wish.last_day(&plan.opening, first)?;
        plan.policy.check_count(plan.kit_type.id, first, last, held).is_ok().then_some(last)
    };
    let free = |from| plan.first_free(from, until, last_day);
    let soon = free(from)?;
    let days = |(first, last): (NaiveDate, NaiveDate)| (last - first).num_days();
    let late = if soon.0 < unhurried { free(unhurried).filter(|late| days(*late) >= days(soon)) } else { None };
    Some(late.unwrap_or(soon))
}

/// The place of one among those who wait for some of the same days, counted from 1, and how many they are.
pub fn position(of: &Waiting, waiting: &[Waiting], had: &HashMap<UnitId, u32>) -> (usize, usize) {
    let rivals = waiting.iter().filter(|other| other.wish.overlaps(&of.wish));
    let own = turn(of, had);
    let (mut ahead, mut all) = (0, 0);
    for rival in rivals {
        all += 1;
        ahead += usize::from(turn(rival, had) < own);
    }
    (ahead + 1, all)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::accounts::rules::EvaluationGate;
    use crate::kits::code::Code;
    use crate::kits::store::Kit;
    use crate::loans::allocation::Span;
    use crate::loans::store::TypeRules;
    use crate::opening::holidays::Country;
    use crate::opening::rules::{Opening, Weekdays};
    use crate::platform::ids::{KitId, KitTypeId, OrganisationId};
    use chrono::{Days, TimeDelta};
    use proptest::prelude::*;
    use std::sync::Arc;

    const TURNAROUND: u64 = 2;

    fn today() -> NaiveDate {
        "2026-11-02".parse().unwrap()
    }

    fn day(number: u64) -> NaiveDate {
        today() + Days::new(number)
    }

    fn opening() -> Opening {
        let closed = [chrono::Weekday::Sat, chrono::Weekday::Sun];
        let open = crate::opening::rules::WEEK.into_iter().filter(|day| !closed.contains(day));
        Opening { weekdays: Weekdays::of(open), holidays: Country::Sweden, closures: Vec::new() }
    }

    /// A plan of some kits, each with days on which it cannot be had.
    fn plan(taken: &[Vec<(u64, u64)>]) -> Plan {
        let kit_type = KitTypeId::new();
        let rules = TypeRules {
            id: kit_type,
            organisation_id: OrganisationId::new(),
            name: "Bee-Bot".to_owned(),
            loan_days: 21,
            turnaround_days: i32::try_from(TURNAROUND).unwrap(),
            retired_at: None,
        };
        let (mut kits, mut turnarounds) = (Vec::new(), Vec::new());
        for spans in taken {
            let kit = Kit {
                id: KitId::new(),
                organisation_id: OrganisationId::new(),
                kit_type_id: kit_type,
                code: Code::from_value(1).unwrap_or_else(|| Code::random(&mut rand::rng())),
                copy: "A".to_owned(),
                shelf: String::new(),
                version: 1,
                created_at: moment(0),
                retired_at: None,
                lost_at: None,
            };
            turnarounds.extend(spans.iter().map(|(first, end)| (kit.id, Span { first: day(*first), end: day(*end) })));
            kits.push(kit);
        }
        let (gate, opening) = (EvaluationGate::Kit, Arc::new(opening()));
        Plan::new(gate, opening, rules, kits, Vec::new(), Vec::new(), turnarounds, today())
    }

    fn moment(minutes: i64) -> Instant {
        Instant::new("2026-11-02T08:00:00Z".parse().unwrap()) + TimeDelta::minutes(minutes)
    }

    /// Kits, who waits for them, and how much each unit has had.
    type Case = (Vec<Vec<(u64, u64)>>, Vec<(usize, i64, u64, u64, i32)>, Vec<u32>);

    fn cases() -> impl Strategy<Value = Case> {
        let busy = (0..30_u64, 1..12_u64).prop_map(|(first, length)| (first, first + length));
        let kits = prop::collection::vec(prop::collection::vec(busy, 0..4), 1..4);
        let waiting = prop::collection::vec((0..4_usize, 0..5_i64, 0..25_u64, 3..25_u64, 1..15_i32), 0..9);
        (kits, waiting, prop::collection::vec(0..3_u32, 4))
    }

    proptest! {
        /// Every offer has a kit for its days, and nobody is overtaken: whoever got nothing could not have had a kit even
        /// when their turn came, with no more given than to those before them.
        #[test]
        fn who_goes_first_gets_a_kit_first_and_nobody_is_promised_what_is_not_there(
            (taken, wishes, counts) in cases(), hurry in 0..10_u64,
        ) {
            let units: Vec<UnitId> = counts.iter().map(|_| UnitId::new()).collect();
            let had: HashMap<UnitId, u32> = units.iter().copied().zip(counts).collect();
            let waiting: Vec<Waiting> = wishes.iter().map(|(unit, asked, earliest, length, days)| Waiting {
                id: QueueEntryId::new(),
                unit: units[*unit],
                asked_at: moment(*asked),
                wish: Wish { earliest_day: day(*earliest), latest_day: day(*earliest + *length), days: *days },
                again: false,
            }).collect();
            let plan = plan(&taken);
            let shares = Shares { had: had.clone(), held: HashMap::new() };
            let unhurried = day(hurry);
            let served = serve(plan.clone(), waiting.clone(), shares, unhurried);

            // Day by day: kits that are not taken, less the loans of the offers with their turnaround.
            for offset in 0..60 {
                let on = day(offset);
                let free = taken.iter().filter(|spans| !spans.iter().any(|(first, end)| (day(*first)..day(*end)).contains(&on)));
                let held = served.iter().filter(|one| (one.first_day..one.last_day + Days::new(1 + TURNAROUND)).contains(&on));
                prop_assert!(held.count() <= free.count(), "{on}");
            }
            // The turns replayed one by one, with a plan that counts only what was given before.
            let (mut replay, mut counts, mut rest) = (plan, had, waiting);
            let mut given = served.iter();
            while let Some(at) = (0..rest.len()).min_by_key(|at| {
                (counts[&rest[*at].unit], rest[*at].asked_at, rest[*at].id)
            }) {
                let one = rest.remove(at);
                let opening = opening();
                let free = |from: NaiveDate| {
                    one.wish.first_days(today()).filter(|first| *first >= from).find_map(|first| {
                        let last = one.wish.last_day(&opening, first)?;
                        replay.accept(LoanId::new(), replay.span(first, last), None)?;
                        Some((first, last))
                    })
                };
                let length = |(first, last): (NaiveDate, NaiveDate)| last - first;
                let expected = free(today()).map(|soon| match free(unhurried) {
                    Some(late) if length(late) >= length(soon) => late,
                    _ => soon,
                });
                let Some((first_day, last_day)) = expected else {
                    prop_assert!(served.iter().all(|other| other.id != one.id));
                    continue;
                };
                prop_assert_eq!(given.next(), Some(&Served { id: one.id, first_day, last_day }));
                prop_assert!(first_day > today() && opening.is_open(first_day) && opening.is_open(last_day));
                replay.hold(LoanId::new(), first_day, last_day);
                *counts.get_mut(&one.unit).unwrap() += 1;
            }
            prop_assert_eq!(given.next(), None);
        }
    }

    #[test]
    fn a_place_is_counted_among_those_who_want_the_same_days() {
        let unit = UnitId::new();
        let waiting = |asked, earliest, latest| Waiting {
            id: QueueEntryId::new(),
            unit,
            asked_at: moment(asked),
            wish: Wish { earliest_day: day(earliest), latest_day: day(latest), days: 7 },
            again: false,
        };
        let line = [waiting(0, 7, 20), waiting(1, 20, 40), waiting(2, 41, 60), waiting(3, 15, 41)];
        let places = line.each_ref().map(|one| position(one, &line, &HashMap::new()));
        assert_eq!(places, [(1, 3), (2, 3), (1, 2), (4, 4)]);
    }
}
