//! Which kit serves which reservation: arithmetic over half-open day ranges, without I/O.
//!
//! The kits of one type are alike, so a reservation that is not yet ready may move between them. The question is always
//! the same: can every claim be given a kit so that nothing on one kit overlaps? Three steps answer it, cheapest first:
//! a count per day that refuses what cannot work, a sweep that leaves claims where they are as far as it can, and an
//! exact search for the rare cases where something pinned later on (a service job, a kit already packed) makes the
//! choice of kit matter.

use std::collections::{BTreeMap, HashSet};

use chrono::{Days, NaiveDate};

use super::exact::{self, LONG_PATIENCE, SHORT_PATIENCE};

/// Days that something is occupied, from `first` up to but not including `end`; turnaround days are already in it.
/// A span whose end is not after its first day is empty and overlaps nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub first: NaiveDate,
    pub end: NaiveDate,
}

impl Span {
    /// Whether the two have a day in common.
    pub fn overlaps(self, other: Span) -> bool {
        self.first.max(other.first) < self.end.min(other.end)
    }

    /// Whether `day` is one of the span's days.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.first <= day && day < self.end
    }

    fn is_empty(self) -> bool {
        self.end <= self.first
    }
}

/// A kit and what cannot be moved off it: ready, out and received loans, and service jobs, in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KitPlan<K> {
    pub kit: K,
    pub pinned: Vec<Span>,
}

/// An accepted reservation that is not yet ready, and may therefore be moved to another kit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim<L, K> {
    pub loan: L,
    pub span: Span,
    /// The kit it lies on now; none for a new request.
    pub kit: Option<K>,
}

/// Why there is no arrangement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unserved {
    /// There is none.
    Impossible,
    /// The search would not end in reasonable time; there may be one. See the module `exact`.
    GaveUp,
}

/// A kit for every claim so that nothing overlaps, in the order of `claims`. A claim stays on its kit as far as the sweep
/// finds a way.
///
/// # Errors
/// When there is no such arrangement, or none was found.
pub fn arrange<K: Copy + Ord, L: Copy + Ord>(
    kits: &[KitPlan<K>],
    claims: &[Claim<L, K>],
) -> Result<Vec<(L, K)>, Unserved> {
    let kit_of = solve(&pins(kits), &wishes(kits, claims), LONG_PATIENCE)?;
    Ok(claims.iter().zip(kit_of).map(|(claim, kit)| (claim.loan, kits[kit].kit)).collect())
}

/// The claims that cannot be served when [`arrange`] finds no way, because a loan holds its kit longer than agreed or a
/// kit has gone. Those who come first keep theirs: claims are admitted by first day, then loan, and one that no longer
/// fits with those before it is at risk. Empty when all can be served.
pub fn at_risk<K: Copy + Ord, L: Copy + Ord>(kits: &[KitPlan<K>], claims: &[Claim<L, K>]) -> Vec<L> {
    let queue = in_line(claims);
    refused(&pins(kits), &wishes(kits, &queue)).into_iter().map(|at| queue[at].loan).collect()
}

/// Decides a new request beside the accepted `claims`, and returns the arrangement to write when it is accepted.
///
/// `planned` holds the pins as agreed (an overdue loan ends when it should have ended), `expected` the pins as they look
/// today (an overdue or received loan holds its kit longer). Both must have room:
/// - `planned`, with every claim counted that has a place there, so that nobody is promised the days of a claim that is
///   only at risk: it will be served after all if the late kit comes back in time;
/// - `expected`, with the claims at risk left out since no kit is there for them, so that nobody is promised a kit that is
///   known to be late.
///
/// The arrangement is the one under `expected`: it has the new request and all claims but those at risk. These have no
/// kit as things look, and the caller frees whatever they hold before it writes the rest. Claims must not contain the
/// new request itself.
///
/// # Errors
/// When the request cannot be accepted, or the search gave up.
pub fn accepts<K: Copy + Ord, L: Copy + Ord>(
    planned: &[KitPlan<K>],
    expected: &[KitPlan<K>],
    claims: &[Claim<L, K>],
    new: &Claim<L, K>,
) -> Result<Vec<(L, K)>, Unserved> {
    let queue = in_line(claims);
    room_beside(planned, &queue, &[*new])?;
    let lost: HashSet<usize> = refused(&pins(expected), &wishes(expected, &queue)).into_iter().collect();
    let mut served: Vec<_> =
        queue.iter().enumerate().filter(|(at, _)| !lost.contains(at)).map(|(_, claim)| *claim).collect();
    served.push(*new);
    arrange(expected, &served)
}

/// [`accepts`] for several new requests at once: the arrangement that has them all.
///
/// # Errors
/// The requests that cannot be accepted beside the ones before them.
pub fn accepts_all<K: Copy + Ord, L: Copy + Ord>(
    planned: &[KitPlan<K>],
    expected: &[KitPlan<K>],
    claims: &[Claim<L, K>],
    new: &[Claim<L, K>],
) -> Result<Vec<(L, K)>, Vec<L>> {
    let queue = in_line(claims);
    let lost: HashSet<usize> = refused(&pins(expected), &wishes(expected, &queue)).into_iter().collect();
    let served = queue.iter().enumerate().filter(|(at, _)| !lost.contains(at)).map(|(_, claim)| claim);
    let served: Vec<_> = served.chain(new).copied().collect();
    if room_beside(planned, &queue, new).is_ok()
        && let Ok(arrangement) = arrange(expected, &served)
    {
        return Ok(arrangement);
    }
    let (mut taken, mut left, mut last) = (claims.to_vec(), Vec::new(), Vec::new());
    for one in new {
        match accepts(planned, expected, &taken, one) {
            Ok(arrangement) => {
                taken.push(*one);
                last = arrangement;
            }
            Err(_) => left.push(one.loan),
        }
    }
    if left.is_empty() { Ok(last) } else { Err(left) }
}

/// The earliest period, with its first day from `from` up to and including `until`, for which [`accepts`] says yes to a
/// new request that also needs `turnaround` days after it. `period` tells where a period that begins on a day would end,
/// or that none begins there. The answer is without the turnaround days.
pub fn next_free<K: Copy + Ord, L: Copy + Ord>(
    planned: &[KitPlan<K>],
    expected: &[KitPlan<K>],
    claims: &[Claim<L, K>],
    period: impl Fn(NaiveDate) -> Option<Span>,
    turnaround: u32,
    from: NaiveDate,
    until: NaiveDate,
) -> Option<Span> {
    let queue = in_line(claims);
    let planned_pins = pins(planned);
    let expected_pins = pins(expected);

    // Start from arrangements that hold, so that each trial below only has to find room for one more.
    let all = match settled(&planned_pins, wishes(planned, &queue)) {
        Some(all) => all,
        None => settled(&planned_pins, wishes(planned, &with_a_place(planned, &queue)))?,
    };
    let lost: HashSet<usize> = refused(&expected_pins, &wishes(expected, &queue)).into_iter().collect();
    let served = wishes(expected, &queue).into_iter().enumerate().filter(|(at, _)| !lost.contains(at));
    let served = settled(&expected_pins, served.map(|(_, wish)| wish).collect())?;

    let mut full = full_days(&planned_pins, &all);
    full.extend(full_days(&expected_pins, &served));
    let full = merged(full);

    let mut first = from;
    while first <= until {
        let busy = full.get(full.partition_point(|busy| busy.end <= first));
        if let Some(busy) = busy.filter(|busy| busy.contains(first)) {
            first = busy.end;
            continue;
        }
        if let Some(days) = period(first) {
            let span = Span { first, end: days.end.checked_add_days(Days::new(u64::from(turnaround)))? };
            let full = busy.is_some_and(|busy| busy.overlaps(span));
            if !full && room_for(&planned_pins, &all, span) && room_for(&expected_pins, &served, span) {
                return Some(days);
            }
        }
        first = first.succ_opt()?;
    }
    None
}

/// Whether `new` has room beside the claims in line, those of them left out that have no place whatever happens: a service
/// job or a retired kit took it.
fn room_beside<K: Copy + Ord, L: Copy + Ord>(
    kits: &[KitPlan<K>],
    queue: &[Claim<L, K>],
    new: &[Claim<L, K>],
) -> Result<(), Unserved> {
    let pins = pins(kits);
    let all = [queue, new].concat();
    let Err(why) = solve(&pins, &wishes(kits, &all), LONG_PATIENCE) else { return Ok(()) };
    let placed = with_a_place(kits, queue);
    if placed.len() == queue.len() {
        return Err(why);
    }
    solve(&pins, &wishes(kits, &[placed.as_slice(), new].concat()), LONG_PATIENCE).map(|_| ())
}

/// The claims in line without those that have no place.
fn with_a_place<K: Copy + Ord, L: Copy + Ord>(kits: &[KitPlan<K>], queue: &[Claim<L, K>]) -> Vec<Claim<L, K>> {
    let lost: HashSet<usize> = refused(&pins(kits), &wishes(kits, queue)).into_iter().collect();
    queue.iter().enumerate().filter(|(at, _)| !lost.contains(at)).map(|(_, claim)| *claim).collect()
}

/// The number of kits that are left on `day` when pins and claims have theirs.
pub fn free_on<K: Copy + Ord, L: Copy + Ord>(kits: &[KitPlan<K>], claims: &[Claim<L, K>], day: NaiveDate) -> usize {
    let unpinned = kits.iter().filter(|plan| !plan.pinned.iter().any(|pin| pin.contains(day))).count();
    unpinned.saturating_sub(claims.iter().filter(|claim| claim.span.contains(day)).count())
}

/// [`free_on`] for every day from `from` up to and including `until`, in one pass.
pub fn free_per_day<K: Copy + Ord, L: Copy + Ord>(
    kits: &[KitPlan<K>],
    claims: &[Claim<L, K>],
    from: NaiveDate,
    until: NaiveDate,
) -> Vec<usize> {
    let steps = load(&pins(kits), &wishes(kits, claims));
    let mut next = 0;
    let mut busy = 0;
    from.iter_days()
        .take_while(|day| *day <= until)
        .map(|day| {
            while let Some((_, count)) = steps.get(next).filter(|(since, _)| *since <= day) {
                busy = *count;
                next += 1;
            }
            kits.len().saturating_sub(busy)
        })
        .collect()
}

/// A claim as the algorithms see it: its days, and the index of the kit it would like to stay on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    pub span: Span,
    pub kit: Option<usize>,
}

/// The claims in the order in which they are admitted when not all can be.
fn in_line<K: Copy + Ord, L: Copy + Ord>(claims: &[Claim<L, K>]) -> Vec<Claim<L, K>> {
    let mut queue = claims.to_vec();
    queue.sort_by_key(|claim| (claim.span.first, claim.loan));
    queue
}

fn wishes<K: Copy + Ord, L: Copy + Ord>(kits: &[KitPlan<K>], claims: &[Claim<L, K>]) -> Vec<Wish> {
    let index: BTreeMap<K, usize> = kits.iter().enumerate().map(|(at, plan)| (plan.kit, at)).collect();
    let kit = |claim: &Claim<L, K>| claim.kit.and_then(|kit| index.get(&kit).copied());
    claims.iter().map(|claim| Wish { span: claim.span, kit: kit(claim) }).collect()
}

/// The pins of each kit, in order, with touching ones made one.
fn pins<K>(kits: &[KitPlan<K>]) -> Vec<Vec<Span>> {
    kits.iter().map(|plan| merged(plan.pinned.clone())).collect()
}

fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| !span.is_empty());
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.first <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

/// How many kits pins and claims need: each entry holds from its day until the next entry's.
pub(super) fn load(pins: &[Vec<Span>], wishes: &[Wish]) -> Vec<(NaiveDate, usize)> {
    let spans = || pins.iter().flatten().copied().chain(wishes.iter().map(|wish| wish.span)).filter(|s| !s.is_empty());
    let mut starts: Vec<NaiveDate> = spans().map(|span| span.first).collect();
    let mut ends: Vec<NaiveDate> = spans().map(|span| span.end).collect();
    starts.sort_unstable();
    ends.sort_unstable();
    let mut days = [starts.as_slice(), ends.as_slice()].concat();
    days.sort_unstable();
    days.dedup();
    let begun = |day| starts.partition_point(|start| *start <= day);
    let ended = |day| ends.partition_point(|end| *end <= day);
    days.into_iter().map(|day| (day, begun(day) - ended(day))).collect()
}

/// The days on which no kit is left.
fn full_days(pins: &[Vec<Span>], wishes: &[Wish]) -> Vec<Span> {
    let steps = load(pins, wishes);
    // The last step is where everything has ended.
    steps
        .windows(2)
        .filter(|pair| pair[0].1 >= pins.len())
        .map(|pair| Span { first: pair[0].0, end: pair[1].0 })
        .collect()
}

fn settled(pins: &[Vec<Span>], mut wishes: Vec<Wish>) -> Option<Vec<Wish>> {
    let kit_of = solve(pins, &wishes, LONG_PATIENCE).ok()?;
    for (wish, kit) in wishes.iter_mut().zip(kit_of) {
        wish.kit = Some(kit);
    }
    Some(wishes)
}

fn room_for(pins: &[Vec<Span>], wishes: &[Wish], span: Span) -> bool {
    let mut more = wishes.to_vec();
    more.push(Wish { span, kit: None });
    solve(pins, &more, SHORT_PATIENCE).is_ok()
}

/// The wishes that do not fit with those before them. What does not fit among few does not fit among more, so each is
/// found by halving instead of one by one.
fn refused(pins: &[Vec<Span>], wishes: &[Wish]) -> Vec<usize> {
    let mut kept: Vec<Wish> = Vec::with_capacity(wishes.len());
    let mut refused = Vec::new();
    let mut tried = 0;
    while tried < wishes.len() {
        let fits = |more: usize| solve(pins, &[&kept, &wishes[tried..tried + more]].concat(), SHORT_PATIENCE).is_ok();
        let rest = wishes.len() - tried;
        if fits(rest) {
            break;
        }
        let (mut good, mut bad) = (0, rest);
        while bad - good > 1 {
            let middle = good + (bad - good) / 2;
            if fits(middle) { good = middle } else { bad = middle }
        }
        kept.extend_from_slice(&wishes[tried..tried + good]);
        refused.push(tried + good);
        tried += bad;
    }
    refused
}

/// The kit of each wish, as an index into `pins`.
fn solve(pins: &[Vec<Span>], wishes: &[Wish], patience: usize) -> Result<Vec<usize>, Unserved> {
    if wishes.is_empty() {
        return Ok(Vec::new());
    }
    if pins.is_empty() || load(pins, wishes).iter().any(|(_, busy)| *busy > pins.len()) {
        return Err(Unserved::Impossible);
    }
    // A wish without days is at home anywhere.
    let mut kit_of: Vec<usize> = wishes.iter().map(|wish| wish.kit.unwrap_or(0)).collect();
    let mut order: Vec<usize> = (0..wishes.len()).filter(|at| !wishes[*at].span.is_empty()).collect();
    order.sort_by_key(|at| (wishes[*at].span.first, wishes[*at].span.end));
    for group in groups(&order, wishes) {
        let members: Vec<Wish> = group.iter().map(|at| wishes[*at]).collect();
        let found = sweep(pins, &members).map_or_else(|| search(pins, &members, patience), Ok)?;
        for (at, kit) in group.iter().zip(found) {
            kit_of[*at] = kit;
        }
    }
    Ok(kit_of)
}

/// Cuts the wishes, ordered by first day, where all that came before have ended: what happens on one side of such a day
/// does not touch the other.
fn groups<'a>(order: &'a [usize], wishes: &[Wish]) -> Vec<&'a [usize]> {
    let mut groups = Vec::new();
    let mut begin = 0;
    let mut end = None;
    for (at, wish) in order.iter().map(|at| &wishes[*at]).enumerate() {
        if end.is_some_and(|end| end <= wish.span.first) {
            groups.push(&order[begin..at]);
            begin = at;
        }
        end = end.max(Some(wish.span.end));
    }
    groups.push(&order[begin..]);
    groups
}

/// The day of the kit's next pin when it is unpinned on `day`; the end of time when there is none.
pub(super) fn unpinned_until(pins: &[Span], day: NaiveDate) -> Option<NaiveDate> {
    match pins.get(pins.partition_point(|pin| pin.end <= day)) {
        Some(pin) if pin.first <= day => None,
        Some(pin) => Some(pin.first),
        None => Some(NaiveDate::MAX),
    }
}

/// Takes the wishes (ordered by first day) once, without looking back. Each stays on its kit if that is free. Otherwise
/// it gets the tightest gap in which it displaces nobody, or else the kit whose next owner comes last. Exact when no pin
/// lies ahead of a claim; with pins ahead it can miss a way, never invent one.
fn sweep(pins: &[Vec<Span>], wishes: &[Wish]) -> Option<Vec<usize>> {
    // First days of those still to come who want to stay on this kit, the nearest at the end.
    let mut owners: Vec<Vec<NaiveDate>> = vec![Vec::new(); pins.len()];
    for wish in wishes.iter().rev() {
        if let Some(kit) = wish.kit {
            owners[kit].push(wish.span.first);
        }
    }
    let mut free_from = vec![NaiveDate::MIN; pins.len()];
    let mut kit_of = Vec::with_capacity(wishes.len());
    for wish in wishes {
        if let Some(kit) = wish.kit {
            owners[kit].pop();
        }
        let Span { first, end } = wish.span;
        let fits =
            |kit: &usize| free_from[*kit] <= first && unpinned_until(&pins[*kit], first).is_some_and(|day| end <= day);
        let strain = |kit: &usize| {
            let owner = owners[*kit].last().copied().unwrap_or(NaiveDate::MAX);
            let gap = owner.min(unpinned_until(&pins[*kit], first).unwrap_or(first));
            if end <= gap { (false, gap.signed_duration_since(end)) } else { (true, end.signed_duration_since(owner)) }
        };
        let kit = match wish.kit.filter(fits) {
            Some(kit) => kit,
            None => (0..pins.len()).filter(fits).min_by_key(strain)?,
        };
        free_from[kit] = end;
        kit_of.push(kit);
    }
    Some(kit_of)
}

/// The exact way: first the gaps before pins that lie ahead, then the kits after their last pin, where the sweep is exact.
fn search(pins: &[Vec<Span>], wishes: &[Wish], patience: usize) -> Result<Vec<usize>, Unserved> {
    let in_gaps = exact::fill_gaps(pins, wishes, patience)?;
    let over = wishes.iter().map(|wish| wish.span.end).max().unwrap_or(NaiveDate::MIN);
    let closed: Vec<Vec<Span>> = pins
        .iter()
        .map(|pins| {
            let last = pins.iter().rfind(|pin| pin.first < over);
            last.map(|pin| Span { first: NaiveDate::MIN, end: pin.end }).into_iter().collect()
        })
        .collect();
    let rest: Vec<Wish> = wishes.iter().zip(&in_gaps).filter(|(_, kit)| kit.is_none()).map(|(wish, _)| *wish).collect();
    let mut rest = sweep(&closed, &rest).ok_or(Unserved::Impossible)?.into_iter();
    in_gaps.into_iter().map(|kit| kit.or_else(|| rest.next()).ok_or(Unserved::Impossible)).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::Unserved::Impossible;
    use super::*;
    use proptest::prelude::*;

    const DAYS: u32 = 14;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 3, 3).unwrap() + Days::new(u64::from(number))
    }

    fn span(first: u32, end: u32) -> Span {
        Span { first: day(first), end: day(end) }
    }

    /// Every period is this long.
    fn of_days(days: u64) -> impl Fn(NaiveDate) -> Option<Span> {
        move |first| Some(Span { first, end: first.checked_add_days(Days::new(days))? })
    }

    fn kit(kit: char, pinned: &[(u32, u32)]) -> KitPlan<char> {
        KitPlan { kit, pinned: pinned.iter().map(|(first, end)| span(*first, *end)).collect() }
    }

    fn claim(loan: u32, first: u32, end: u32, kit: Option<char>) -> Claim<u32, char> {
        Claim { loan, span: span(first, end), kit }
    }

    #[test]
    fn spans_are_half_open() {
        assert!(span(1, 3).overlaps(span(2, 4)));
        assert!(!span(1, 3).overlaps(span(3, 4)));
        assert!(!span(2, 2).overlaps(span(1, 4)));
        assert!(span(1, 3).contains(day(1)) && !span(1, 3).contains(day(3)));
    }

    #[test]
    fn nothing_to_place_needs_no_kit() {
        assert_eq!(arrange::<char, u32>(&[], &[]), Ok(vec![]));
        assert_eq!(arrange(&[], &[claim(1, 0, 2, None)]), Err(Impossible));
    }

    #[test]
    fn a_claim_that_can_stay_stays() {
        let kits = [kit('A', &[]), kit('B', &[]), kit('C', &[])];
        let claims = [claim(1, 5, 9, Some('C')), claim(2, 1, 6, Some('B')), claim(3, 0, 7, None)];
        assert_eq!(arrange(&kits, &claims), Ok(vec![(1, 'C'), (2, 'B'), (3, 'A')]));
    }

    #[test]
    fn a_new_request_takes_the_tightest_gap() {
        let kits = [kit('A', &[]), kit('B', &[]), kit('C', &[])];
        let claims =
            [claim(1, 0, 3, Some('A')), claim(2, 8, 11, Some('B')), claim(3, 6, 9, Some('C')), claim(4, 3, 7, None)];
        assert_eq!(arrange(&kits, &claims), Ok(vec![(1, 'A'), (2, 'B'), (3, 'C'), (4, 'B')]));
    }

    #[test]
    fn a_swap_makes_room() {
        // Neither kit is free on days 2-6 as they lie, but one is when the later claim moves over.
        let kits = [kit('A', &[]), kit('B', &[])];
        let claims = [claim(1, 0, 2, Some('A')), claim(2, 4, 8, Some('A')), claim(3, 6, 9, Some('B'))];
        let with_new = [claims.as_slice(), &[claim(4, 2, 6, None)]].concat();
        let arrangement = arrange(&kits, &with_new).unwrap();
        assert_valid(&kits, &with_new, &arrangement);
        assert_eq!(arrangement[0], (1, 'A'));
        assert_eq!(arrangement[1], (2, 'A'));
        assert_eq!(arrangement[3], (4, 'B'));

        let crossed = [
            claim(1, 0, 4, Some('A')),
            claim(2, 6, 9, Some('A')),
            claim(3, 0, 2, Some('B')),
            claim(4, 5, 9, Some('B')),
            claim(5, 2, 6, None),
        ];
        let arrangement = arrange(&kits, &crossed).unwrap();
        assert_valid(&kits, &crossed, &arrangement);
        assert_eq!(arrangement[3], (4, 'A'));
    }

    #[test]
    fn a_pin_ahead_forces_a_rearrangement() {
        // The long claim only fits on B, since A goes to service on day 6; the short one must leave B for A.
        let kits = [kit('A', &[(6, 8)]), kit('B', &[])];
        let claims = [claim(1, 1, 4, Some('B')), claim(2, 2, 9, None)];
        assert_eq!(arrange(&kits, &claims), Ok(vec![(1, 'A'), (2, 'B')]));
        let too_long = [claim(1, 1, 7, Some('B')), claim(2, 2, 9, None)];
        assert_eq!(arrange(&kits, &too_long), Err(Impossible));
    }

    #[test]
    fn a_late_kit_puts_its_successor_at_risk() {
        let claims = [claim(1, 3, 6, Some('A')), claim(2, 7, 9, Some('A'))];
        assert_eq!(at_risk(&[kit('A', &[(0, 3)])], &claims), Vec::<u32>::new());
        assert_eq!(at_risk(&[kit('A', &[(0, 5)])], &claims), vec![1]);
        assert_eq!(at_risk(&[kit('A', &[(0, 5)]), kit('B', &[])], &claims), Vec::<u32>::new());
        assert_eq!(at_risk(&[], &claims), vec![1, 2]);
    }

    #[test]
    fn the_days_of_a_claim_at_risk_are_not_given_away() {
        let planned = [kit('A', &[(0, 3)])];
        let expected = [kit('A', &[(0, 5)])];
        let claims = [claim(1, 3, 8, Some('A'))];
        assert_eq!(at_risk(&expected, &claims), vec![1]);
        assert_eq!(accepts(&planned, &expected, &claims, &claim(2, 6, 9, None)), Err(Impossible));
        assert_eq!(accepts(&planned, &expected, &claims, &claim(2, 8, 9, None)), Ok(vec![(2, 'A')]));
    }

    #[test]
    fn a_kit_that_is_late_is_not_promised() {
        let planned = [kit('A', &[(0, 3)])];
        let expected = [kit('A', &[(0, 5)])];
        assert_eq!(accepts::<_, u32>(&planned, &expected, &[], &claim(1, 4, 6, None)), Err(Impossible));
        assert_eq!(next_free::<_, u32>(&planned, &expected, &[], of_days(2), 1, day(0), day(9)), Some(span(5, 7)));
        assert_eq!(next_free::<_, u32>(&planned, &expected, &[], of_days(2), 1, day(0), day(4)), None);
    }

    #[test]
    fn turnaround_counts_as_occupied() {
        let kits = [kit('A', &[(4, 6)])];
        assert_eq!(next_free::<_, u32>(&kits, &kits, &[], of_days(3), 1, day(0), day(9)), Some(span(0, 3)));
        assert_eq!(next_free::<_, u32>(&kits, &kits, &[], of_days(3), 2, day(0), day(9)), Some(span(6, 9)));
    }

    #[test]
    fn a_kit_that_never_comes_back_ends_the_search() {
        let kits = [KitPlan { kit: 'A', pinned: vec![Span { first: day(2), end: NaiveDate::MAX }] }];
        assert_eq!(next_free::<_, u32>(&kits, &kits, &[], of_days(3), 0, day(0), NaiveDate::MAX), None);
        assert_eq!(next_free::<_, u32>(&kits, &kits, &[], of_days(u64::MAX), u32::MAX, day(0), NaiveDate::MAX), None);
    }

    /// Kits whose days are cut into loans, one after the other; now and then one of them is a service job instead, and all
    /// else is forgotten. So there is an arrangement, with hardly a day to spare.
    fn full_house(kits: u32, loans_each: u32, seed: u32) -> (Vec<KitPlan<u32>>, Vec<Claim<u32, u32>>) {
        let mut state = seed;
        let mut any = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below
        };
        let mut plans = Vec::new();
        let mut claims = Vec::new();
        for kit in 0..kits {
            let mut at = any(20);
            let mut pinned = vec![span(0, at)];
            for _ in 0..loans_each {
                let first = at + any(2);
                at = first + 10 + 7 * any(4);
                if any(50) == 0 {
                    pinned.push(span(first, at));
                } else {
                    claims.push(Claim { loan: claims.len() as u32, span: span(first, at), kit: Some(any(kits)) });
                }
            }
            plans.push(KitPlan { kit, pinned });
        }
        (plans, claims)
    }

    #[test]
    fn a_full_house_is_arranged_and_takes_no_more() {
        for seed in 1..=3 {
            let (kits, claims) = full_house(50, 8, seed);
            let arrangement = arrange(&kits, &claims).expect("an arrangement");
            let settled: Vec<_> =
                claims.iter().zip(&arrangement).map(|(claim, (_, kit))| Claim { kit: Some(*kit), ..*claim }).collect();
            for (at, claim) in settled.iter().enumerate() {
                assert!(!settled[..at].iter().any(|other| other.kit == claim.kit && other.span.overlaps(claim.span)));
            }
            assert_eq!(arrange(&kits, &settled), Ok(arrangement));
            assert!(at_risk(&kits, &claims).is_empty());
            let free = free_per_day(&kits, &claims, day(0), day(160));
            assert!(free.contains(&0));
            let whole = Claim { loan: 999, span: span(20, 160), kit: None };
            assert_eq!(accepts(&kits, &kits, &claims, &whole), Err(Impossible));
        }
    }

    #[test]
    fn a_search_that_gives_up_says_so() {
        let gave_up = (1..=9).any(|seed| {
            let (kits, claims) = full_house(20, 8, seed);
            let mut wishes = wishes(&kits, &claims);
            wishes.sort_by_key(|wish| wish.span);
            search(&pins(&kits), &wishes, 0) == Err(Unserved::GaveUp)
        });
        assert!(gave_up);
    }

    /// Every way to give claims a kit, tried.
    fn brute(kits: &[KitPlan<char>], claims: &[Claim<u32, char>]) -> bool {
        fn place(kits: &[KitPlan<char>], claims: &[Claim<u32, char>], used: &mut Vec<(char, Span)>) -> bool {
            let Some((claim, rest)) = claims.split_first() else { return true };
            kits.iter().any(|plan| {
                let clash = plan.pinned.iter().any(|pin| pin.overlaps(claim.span))
                    || used.iter().any(|(kit, span)| *kit == plan.kit && span.overlaps(claim.span));
                if clash {
                    return false;
                }
                used.push((plan.kit, claim.span));
                let placed = place(kits, rest, used);
                used.pop();
                placed
            })
        }
        place(kits, claims, &mut Vec::new())
    }

    fn brute_at_risk(kits: &[KitPlan<char>], claims: &[Claim<u32, char>]) -> Vec<u32> {
        let mut kept = Vec::new();
        let mut lost = Vec::new();
        for claim in in_line(claims) {
            kept.push(claim);
            if !brute(kits, &kept) {
                kept.pop();
                lost.push(claim.loan);
            }
        }
        lost
    }

    fn brute_accepts(
        planned: &[KitPlan<char>],
        expected: &[KitPlan<char>],
        claims: &[Claim<u32, char>],
        new: &Claim<u32, char>,
    ) -> bool {
        [planned, expected].into_iter().all(|kits| {
            let lost = brute_at_risk(kits, claims);
            let mut served: Vec<_> = claims.iter().copied().filter(|claim| !lost.contains(&claim.loan)).collect();
            served.push(*new);
            brute(kits, &served)
        })
    }

    fn assert_valid(kits: &[KitPlan<char>], claims: &[Claim<u32, char>], arrangement: &[(u32, char)]) {
        assert_eq!(claims.len(), arrangement.len());
        for (at, (claim, (loan, kit))) in claims.iter().zip(arrangement).enumerate() {
            assert_eq!(claim.loan, *loan);
            let plan = kits.iter().find(|plan| plan.kit == *kit).unwrap();
            assert!(!plan.pinned.iter().any(|pin| pin.overlaps(claim.span)));
            for (other, (_, other_kit)) in claims.iter().zip(arrangement).take(at) {
                assert!(kit != other_kit || !other.span.overlaps(claim.span));
            }
        }
    }

    fn spans() -> impl Strategy<Value = Span> {
        // Now and then an empty one.
        (0..DAYS, 0..6_u32).prop_map(|(first, length)| span(first, (first + length).min(DAYS)))
    }

    fn plans() -> impl Strategy<Value = Vec<KitPlan<char>>> {
        let pins = prop::collection::vec(spans(), 0..=3);
        prop::collection::vec(pins, 0..=4)
            .prop_map(|all| all.into_iter().zip('A'..).map(|(pinned, kit)| KitPlan { kit, pinned }).collect())
    }

    fn claims() -> impl Strategy<Value = Vec<Claim<u32, char>>> {
        let kit = prop::option::of(prop::char::range('A', 'E'));
        prop::collection::vec((spans(), kit), 0..=6).prop_map(|all| {
            all.into_iter().zip([3, 1, 4, 6, 5, 2]).map(|((span, kit), loan)| Claim { loan, span, kit }).collect()
        })
    }

    /// Pins as agreed, and the same with some of them held longer.
    fn late_plans() -> impl Strategy<Value = (Vec<KitPlan<char>>, Vec<KitPlan<char>>)> {
        (plans(), prop::collection::vec(0..5_u32, 12)).prop_map(|(planned, delays)| {
            let mut expected = planned.clone();
            for (pin, delay) in expected.iter_mut().flat_map(|plan| plan.pinned.iter_mut()).zip(delays) {
                pin.end = pin.end + Days::new(u64::from(delay / 2 * 2));
            }
            (planned, expected)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn arranges_exactly_what_can_be(kits in plans(), claims in claims()) {
            let found = arrange(&kits, &claims);
            prop_assert_ne!(&found, &Err(Unserved::GaveUp));
            prop_assert_eq!(found.is_ok(), brute(&kits, &claims));
            if let Ok(arrangement) = found {
                assert_valid(&kits, &claims, &arrangement);
            }
        }

        #[test]
        fn the_search_alone_is_exact(kits in plans(), claims in claims()) {
            let mut wishes = wishes(&kits, &claims);
            wishes.retain(|wish| !wish.span.is_empty());
            wishes.sort_by_key(|wish| wish.span);
            let pins = pins(&kits);
            if wishes.is_empty() || load(&pins, &wishes).iter().any(|(_, busy)| *busy > pins.len()) {
                return Ok(());
            }
            let found = search(&pins, &wishes, LONG_PATIENCE);
            let claims: Vec<_> = claims.into_iter().filter(|claim| !claim.span.is_empty()).collect();
            prop_assert_eq!(found.is_ok(), brute(&kits, &claims));
        }

        #[test]
        fn an_arrangement_that_holds_is_kept(kits in plans(), claims in claims(), new in spans()) {
            let Ok(arrangement) = arrange(&kits, &claims) else { return Ok(()) };
            let settled: Vec<_> =
                claims.iter().zip(&arrangement).map(|(claim, (_, kit))| Claim { kit: Some(*kit), ..*claim }).collect();
            prop_assert_eq!(arrange(&kits, &settled), Ok(arrangement.clone()));
            // Also when a new request fits into a gap.
            let gap = kits.iter().any(|plan| {
                !plan.pinned.iter().any(|pin| pin.overlaps(new))
                    && !settled.iter().any(|claim| claim.kit == Some(plan.kit) && claim.span.overlaps(new))
            });
            if gap {
                let more = [settled.as_slice(), &[Claim { loan: 9, span: new, kit: None }]].concat();
                let after = arrange(&kits, &more).unwrap();
                prop_assert_eq!(&after[..settled.len()], &arrangement[..]);
            }
        }

        #[test]
        fn those_who_come_first_keep_theirs(kits in plans(), claims in claims()) {
            let lost = at_risk(&kits, &claims);
            prop_assert_eq!(&lost, &brute_at_risk(&kits, &claims));
            let served: Vec<_> = claims.iter().copied().filter(|claim| !lost.contains(&claim.loan)).collect();
            prop_assert!(arrange(&kits, &served).is_ok());
        }

        #[test]
        fn accepts_what_fits_as_agreed_and_as_expected((planned, expected) in late_plans(), claims in claims(), new in spans()) {
            let new = Claim { loan: 9, span: new, kit: None };
            let answer = accepts(&planned, &expected, &claims, &new);
            prop_assert_eq!(answer.is_ok(), brute_accepts(&planned, &expected, &claims, &new));
            if let Ok(arrangement) = answer {
                let lost = brute_at_risk(&expected, &claims);
                let mut served = in_line(&claims);
                served.retain(|claim| !lost.contains(&claim.loan));
                served.push(new);
                assert_valid(&expected, &served, &arrangement);
            }
        }

        #[test]
        fn finds_the_first_period_that_is_accepted(
            (planned, expected) in late_plans(), claims in claims(), turnaround in 0..3_u32,
            // From each day of a week: how long a period that begins then is, or that none does.
            lengths in prop::collection::vec(prop::option::weighted(0.7, 1..5_u32), 7),
        ) {
            let length = |first: u32| lengths[first as usize % 7];
            let number = |day_of: NaiveDate| u32::try_from((day_of - day(0)).num_days()).unwrap();
            let period = |first: NaiveDate| length(number(first)).map(|days| span(number(first), number(first) + days));
            let by_hand = (2..=20).find(|first| {
                let Some(days) = length(*first) else { return false };
                let span = span(*first, first + days + turnaround);
                brute_accepts(&planned, &expected, &claims, &Claim { loan: 9, span, kit: None })
            });
            let found = next_free(&planned, &expected, &claims, period, turnaround, day(2), day(20));
            prop_assert_eq!(found, by_hand.map(|first| span(first, first + length(first).unwrap())));
        }

        #[test]
        fn counts_free_kits_per_day(kits in plans(), claims in claims(), from in 0..DAYS) {
            let counted = free_per_day(&kits, &claims, day(from), day(DAYS + 2));
            let by_hand: Vec<usize> = (from..=DAYS + 2).map(|number| free_on(&kits, &claims, day(number))).collect();
            prop_assert_eq!(counted, by_hand);
        }
    }
}
