//! The exact search behind [`allocation`](super::allocation): which claims fill the gaps before pins that lie ahead.
//!
//! A kit with no pin ahead takes any claim, so for such kits it is enough to count. A kit with a pin ahead has a *gap*,
//! to be filled by claims that end before the pin, and on each day no more gaps may stand idle than there are kits to
//! spare. That is a flow through time: one unit per gap, over claims and idle days. It is quick to find, and without it
//! there is no arrangement. What the flow does not see is in whose gap a unit ends. So the search fills gap after gap,
//! follows the flow as long as it leads to the right end, and otherwise tries another way and asks for a new flow.
//!
//! The problem is NP-complete (colouring an interval graph of which some colours are given), so there are inputs that no
//! search gets through. When patience ends the search gives up and says so: this can refuse what could have been served,
//! and never accepts what cannot. It takes dozens of pins ahead and nearly every kit taken nearly every day to get there.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::vec;

use chrono::NaiveDate;

use super::allocation::{Span, Unserved, Wish, load};

/// Dead ends that a search may meet when the answer decides something: a tenth of a second at worst.
pub(super) const LONG_PATIENCE: usize = 1_500;
/// The same when the question is asked many times over: some milliseconds at worst.
pub(super) const SHORT_PATIENCE: usize = 200;

/// Dead ends in the first attempt; each attempt after it may meet twice as many.
const FIRST_ATTEMPT: usize = 100;

/// The kit, as an index into `pins`, of each wish that fills a gap before a pin; the others have none, and go on kits
/// after their last pin. No wish is empty; the pins of each kit are in order and do not
/// touch; on no day are there more pins and wishes than kits.
pub(super) fn fill_gaps(pins: &[Vec<Span>], wishes: &[Wish], patience: usize) -> Result<Vec<Option<usize>>, Unserved> {
    let mut search = Search::new(pins, wishes);
    let mut filled = search.run(patience)?;
    // Among equal wishes, those that lie on the kit already come first.
    let mut kit_of = vec![None; wishes.len()];
    for stays in [true, false] {
        for (wish, kit) in wishes.iter().zip(&mut kit_of).filter(|(_, kit)| kit.is_none()) {
            let fits = |(gap, span): &(usize, Span)| *span == wish.span && (!stays || wish.kit == Some(*gap));
            if let Some(at) = filled.iter().position(fits) {
                *kit = Some(filled.swap_remove(at).0);
            }
        }
    }
    Ok(kit_of)
}

/// The network: a node for each day on which something begins or ends, an idle arc from each node to the next, and an
/// arc for each sort of wishes.
struct Search {
    days: Vec<NaiveDate>,
    gaps: Vec<Gap>,
    /// From which node on each kit has no pin ahead.
    open: Vec<usize>,
    /// Wishes with the same days are of one sort. In order of first day.
    sorts: Vec<Sort>,
    /// The sorts that fit in a gap, by their first and by their last node.
    leaving: Vec<Vec<usize>>,
    arriving: Vec<Vec<usize>>,
    left: Left,
}

/// The days before a pin of a kit, after its last one, as nodes.
struct Gap {
    kit: usize,
    first: usize,
    end: usize,
}

struct Sort {
    first: usize,
    end: usize,
}

/// What is not used up.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Left {
    /// How many wishes of each sort.
    wishes: Vec<usize>,
    /// How many gaps may stand idle from each node to the next.
    spare: Vec<usize>,
}

/// How far the search has come: gaps before `gap` are filled, and this one up to the node `at`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Place {
    gap: usize,
    at: usize,
}

#[derive(Clone, Copy)]
enum Choice {
    Idle,
    Take(usize),
}

struct Step {
    place: Place,
    flow: Option<Flow>,
    options: vec::IntoIter<Choice>,
    tried: Option<Choice>,
}

enum Outcome {
    Found(Vec<(usize, Span)>),
    Impossible,
    GaveUp { hardest: usize },
}

impl Search {
    fn new(pins: &[Vec<Span>], wishes: &[Wish]) -> Self {
        // Pins before the first wish or after the last make no difference.
        let begin = wishes.iter().map(|wish| wish.span.first).min().unwrap_or(NaiveDate::MAX);
        let over = wishes.iter().map(|wish| wish.span.end).max().unwrap_or(NaiveDate::MIN);
        let between = |pin: &&Span| begin < pin.end && pin.first < over;
        let pins: Vec<Vec<Span>> = pins.iter().map(|pins| pins.iter().filter(between).copied().collect()).collect();

        let mut spans: Vec<Span> = wishes.iter().map(|wish| wish.span).collect();
        spans.sort_unstable();
        let mut days: Vec<NaiveDate> =
            pins.iter().flatten().chain(&spans).flat_map(|span| [span.first, span.end]).collect();
        days.sort_unstable();
        days.dedup();
        let node = |day: NaiveDate| days.partition_point(|other| *other < day);

        let mut gaps = Vec::new();
        let mut open = Vec::new();
        for (kit, pins) in pins.iter().enumerate() {
            let mut first = begin;
            for pin in pins {
                if first < pin.first {
                    gaps.push(Gap { kit, first: node(first), end: node(pin.first) });
                }
                first = pin.end;
            }
            open.push(node(first));
        }
        gaps.sort_by_key(|gap| (gap.end, gap.first));

        let mut spare = vec![0; days.len()];
        for (day, busy) in load(&pins, wishes) {
            spare[node(day)] = pins.len().saturating_sub(busy);
        }
        // Nothing leads on from the last node.
        if let Some(last) = spare.last_mut() {
            *last = 0;
        }

        let mut sorts = Vec::new();
        let mut count = Vec::new();
        let mut leaving = vec![Vec::new(); days.len()];
        let mut arriving = vec![Vec::new(); days.len()];
        for equal in spans.chunk_by(|one, other| one == other) {
            let sort = Sort { first: node(equal[0].first), end: node(equal[0].end) };
            if gaps.iter().any(|gap| gap.first <= sort.first && sort.end <= gap.end) {
                leaving[sort.first].push(sorts.len());
                arriving[sort.end].push(sorts.len());
            }
            sorts.push(sort);
            count.push(equal.len());
        }
        Search { days, gaps, open, sorts, leaving, arriving, left: Left { wishes: count, spare } }
    }

    /// The kit and the days of each wish in a gap. When an attempt gives up, the gap where most dead ends were met is
    /// filled first in the next one.
    fn run(&mut self, mut patience: usize) -> Result<Vec<(usize, Span)>, Unserved> {
        let mut thorough = false;
        let mut limit = FIRST_ATTEMPT;
        loop {
            let left = self.left.clone();
            limit = limit.min(patience);
            let (outcome, dead_ends) = self.attempt(limit, thorough);
            patience = patience.saturating_sub(dead_ends);
            match outcome {
                Outcome::Found(filled) => return Ok(filled),
                Outcome::GaveUp { hardest } if patience > 0 => self.gaps[..=hardest].rotate_right(1),
                Outcome::GaveUp { .. } => return Err(Unserved::GaveUp),
                Outcome::Impossible => return Err(Unserved::Impossible),
            }
            self.left = left;
            thorough = true;
            limit *= 2;
        }
    }

    /// The outcome and the number of dead ends, which is hardly more than `limit`. `thorough`: look for a mismatch whenever
    /// the flow is new, which is slower, and finds dead ends earlier.
    fn attempt(&mut self, limit: usize, thorough: bool) -> (Outcome, usize) {
        let mut failed: HashSet<(Place, Left)> = HashSet::new();
        let mut dead_ends = vec![0; self.gaps.len()];
        let mut steps: Vec<Step> = Vec::new();
        let mut place = self.place(0, 0);
        let mut flow = None;
        while place.gap < self.gaps.len() {
            if failed.contains(&(place, self.left.clone())) {
                flow = None;
            } else if flow.is_none() && (!(thorough || steps.is_empty()) || self.each_day_matches(place)) {
                flow = Flow::find(self, place);
            }
            let options = flow.as_ref().map_or(Vec::new(), |flow| self.options(place, flow));
            steps.push(Step { place, flow, options: options.into_iter(), tried: None });
            loop {
                let Some(step) = steps.last_mut() else {
                    return (Outcome::Impossible, failed.len());
                };
                let from = step.place;
                match step.tried {
                    Some(Choice::Idle) => self.left.spare[from.at] += 1,
                    Some(Choice::Take(sort)) => self.left.wishes[sort] += 1,
                    None => {}
                }
                step.tried = step.options.next();
                if let Some(choice) = step.tried {
                    // As long as a choice follows the flow, what is left of the flow holds.
                    flow = step.flow.clone().and_then(|flow| flow.without(choice, from.at));
                    let to = match choice {
                        Choice::Idle => {
                            self.left.spare[from.at] -= 1;
                            from.at + 1
                        }
                        Choice::Take(sort) => {
                            self.left.wishes[sort] -= 1;
                            self.sorts[sort].end
                        }
                    };
                    place = self.place(from.gap, to);
                    break;
                }
                dead_ends[from.gap] += 1;
                failed.insert((from, self.left.clone()));
                steps.pop();
                if failed.len() > limit {
                    let hardest = (0..dead_ends.len()).max_by_key(|gap| dead_ends[*gap]).unwrap_or(0);
                    return (Outcome::GaveUp { hardest }, failed.len());
                }
            }
        }
        let taken = steps.iter().filter_map(|step| match step.tried {
            Some(Choice::Take(sort)) => Some((self.gaps[step.place.gap].kit, self.span(sort))),
            _ => None,
        });
        (Outcome::Found(taken.collect()), failed.len())
    }

    fn span(&self, sort: usize) -> Span {
        Span { first: self.days[self.sorts[sort].first], end: self.days[self.sorts[sort].end] }
    }

    /// The place where the next choice is to be made when `gap` is filled up to `at`.
    fn place(&self, gap: usize, at: usize) -> Place {
        match (self.gaps.get(gap), self.gaps.get(gap + 1)) {
            (Some(this), next) if at >= this.end => Place { gap: gap + 1, at: next.map_or(0, |next| next.first) },
            (Some(this), _) => Place { gap, at: at.max(this.first) },
            (None, _) => Place { gap, at },
        }
    }

    /// What can come next in the gap: first what the flow does, then long wishes before short ones, last nothing.
    fn options(&self, place: Place, flow: &Flow) -> Vec<Choice> {
        let end = self.gaps[place.gap].end;
        let wishes = self.leaving[place.at].iter().rev().copied();
        let mut options: Vec<Choice> = wishes
            .filter(|sort| self.left.wishes[*sort] > 0 && self.sorts[*sort].end <= end)
            .map(Choice::Take)
            .chain((self.left.spare[place.at] > 0).then_some(Choice::Idle))
            .collect();
        options.sort_by_key(|choice| match choice {
            Choice::Idle => flow.idle[place.at] == 0,
            Choice::Take(sort) => flow.taken[*sort] == 0,
        });
        options
    }

    /// The gaps that are left, each with the node it is filled up to and its end.
    fn rest(&self, place: Place) -> impl Iterator<Item = (usize, usize)> {
        let first = move |at: usize, gap: &Gap| if at == place.gap { place.at } else { gap.first };
        self.gaps.iter().enumerate().skip(place.gap).map(move |(at, gap)| (first(at, gap), gap.end))
    }

    /// Another condition without which there is no arrangement: on each day, the wishes of that day and the kits can be
    /// paired off so that each wish fits between the pins around that day. Wishes by first day, each taking the kit with
    /// the nearest pin that comes after the wish, is a best pairing.
    fn each_day_matches(&self, place: Place) -> bool {
        let no_pin = self.days.len();
        let mut rooms: Vec<(usize, usize)> =
            self.rest(place).chain(self.open.iter().map(|first| (*first, no_pin))).collect();
        rooms.sort_unstable();
        let begins = |day: &usize| self.sorts.iter().any(|sort| sort.first == *day);
        (0..self.days.len()).filter(begins).all(|day| {
            let mut rooms = rooms.iter().filter(|(first, end)| *first <= day && day < *end).peekable();
            let mut ends: BTreeMap<usize, usize> = BTreeMap::new();
            let active = self.sorts.iter().zip(&self.left.wishes).take_while(|(sort, _)| sort.first <= day);
            active.filter(|(sort, _)| day < sort.end).all(|(sort, count)| {
                while let Some((_, end)) = rooms.next_if(|(first, _)| *first <= sort.first) {
                    *ends.entry(*end).or_default() += 1;
                }
                let mut wanting = *count;
                while wanting > 0 {
                    let Some((end, rooms)) = ends.range(sort.end..).next().map(|(end, rooms)| (*end, *rooms)) else {
                        return false;
                    };
                    if rooms > wanting {
                        ends.insert(end, rooms - wanting)
                    } else {
                        ends.remove(&end)
                    };
                    wanting = wanting.saturating_sub(rooms);
                }
                true
            })
        })
    }
}

/// What the gaps that are left do: how many take each sort of wishes, and how many stand idle from each node.
#[derive(Clone)]
struct Flow {
    taken: Vec<usize>,
    idle: Vec<usize>,
}

/// How a path came to a node.
#[derive(Clone, Copy)]
enum Via {
    Source,
    Idle,
    IdleBack,
    Take(usize),
    TakeBack(usize),
}

impl Flow {
    fn find(search: &Search, place: Place) -> Option<Flow> {
        let mut flow = Flow { taken: vec![0; search.sorts.len()], idle: vec![0; search.days.len()] };
        let mut wanted = vec![0; search.days.len()];
        for (_, end) in search.rest(place) {
            wanted[end] += 1;
        }
        for (first, _) in search.rest(place) {
            let end = flow.add_unit(search, first, &wanted)?;
            wanted[end] -= 1;
        }
        Some(flow)
    }

    /// What is left when one gap has made a choice that agrees with the flow.
    fn without(mut self, choice: Choice, at: usize) -> Option<Flow> {
        let count = match choice {
            Choice::Idle => &mut self.idle[at],
            Choice::Take(sort) => &mut self.taken[sort],
        };
        *count = count.checked_sub(1)?;
        Some(self)
    }

    /// Leads one more unit from `source` to a node that wants one, where there is room, or where another unit can be led
    /// round. Returns the node.
    fn add_unit(&mut self, search: &Search, source: usize, wanted: &[usize]) -> Option<usize> {
        let mut via: Vec<Option<Via>> = vec![None; search.days.len()];
        let mut queue = VecDeque::from([source]);
        via[source] = Some(Via::Source);
        while let Some(at) = queue.pop_front() {
            if wanted[at] > 0 {
                self.shift(search, at, &via)?;
                return Some(at);
            }
            let mut go = |to: usize, how: Via| {
                if via[to].is_none() {
                    via[to] = Some(how);
                    queue.push_back(to);
                }
            };
            for sort in search.leaving[at].iter().filter(|sort| self.taken[**sort] < search.left.wishes[**sort]) {
                go(search.sorts[*sort].end, Via::Take(*sort));
            }
            if self.idle[at] < search.left.spare[at] {
                go(at + 1, Via::Idle);
            }
            for sort in search.arriving[at].iter().filter(|sort| self.taken[**sort] > 0) {
                go(search.sorts[*sort].first, Via::TakeBack(*sort));
            }
            if at > 0 && self.idle[at - 1] > 0 {
                go(at - 1, Via::IdleBack);
            }
        }
        None
    }

    /// Changes the flow along the path that led to `at`.
    fn shift(&mut self, search: &Search, mut at: usize, via: &[Option<Via>]) -> Option<()> {
        loop {
            match via[at]? {
                Via::Source => return Some(()),
                Via::Idle => {
                    at -= 1;
                    self.idle[at] += 1;
                }
                Via::IdleBack => {
                    self.idle[at] -= 1;
                    at += 1;
                }
                Via::Take(sort) => {
                    self.taken[sort] += 1;
                    at = search.sorts[sort].first;
                }
                Via::TakeBack(sort) => {
                    self.taken[sort] -= 1;
                    at = search.sorts[sort].end;
                }
            }
        }
    }
}
