//! The exact search behind [`allocation`](super::allocation): which claims fill the gaps before pins that lie ahead.
//!
//! A kit with no pin ahead takes any claim, so for such kits it is enough to count. A kit with a pin ahead has a *gap*,
//! to be filled by claims that end before the pin, and on each day no more gaps may stand idle than there are kits to
//! spare. That is a flow through time: one unit per gap, over claims and idle days. It is quick to find, and without it
//! there is no arrangement. What the flow does not see is whose gap a unit ends in. So the search fills gap after gap,
//! the one that ends first before the others, follows the flow as long as it leads to the right end, and otherwise tries
//! another way and asks for a new flow.

use std::collections::{HashSet, VecDeque};
use std::vec;

use chrono::NaiveDate;

use super::allocation::{Span, Wish, load};

/// The kit, as an index into `pins`, of each wish that fills a gap before a pin; the others have none, and go on kits
/// after their last pin. `None` exactly when there is no way. No wish is empty; the pins of each kit are in order and do
/// not touch.
pub(super) fn fill_gaps(pins: &[Vec<Span>], wishes: &[Wish]) -> Option<Vec<Option<usize>>> {
    let mut search = Search::new(pins, wishes);
    search.run()?;
    Some(search.kit_of)
}

/// Days between two pins of a kit, or before its first, as nodes of the network.
struct Gap {
    kit: usize,
    first: usize,
    end: usize,
}

struct Search<'a> {
    wishes: &'a [Wish],
    /// Ordered by end.
    gaps: Vec<Gap>,
    /// All days on which something begins or ends: the nodes. From each an idle arc leads to the next, and an arc leads
    /// from the first day to the end of every wish.
    days: Vec<NaiveDate>,
    arcs: Vec<(usize, usize)>,
    leaving: Vec<Vec<usize>>,
    arriving: Vec<Vec<usize>>,
    /// How many more gaps may stand idle from each node to the next.
    spare: Vec<usize>,
    kit_of: Vec<Option<usize>>,
}

/// How far the search has come: gaps before `gap` are filled, and this one up to the node `at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Place {
    gap: usize,
    at: usize,
}

/// What the gaps that are left do according to the flow.
#[derive(Clone)]
struct Flow {
    used: Vec<bool>,
    idle: Vec<usize>,
}

impl Flow {
    /// What is left of the flow when one gap has made a choice that agrees with it.
    fn without(mut self, choice: Choice, at: usize) -> Option<Flow> {
        match choice {
            Choice::Idle => self.idle[at] = self.idle[at].checked_sub(1)?,
            Choice::Take(wish) => self.used[wish] = self.used[wish].then_some(false)?,
        }
        Some(self)
    }
}

#[derive(Clone, Copy)]
enum Choice {
    Idle,
    Take(usize),
}

enum Outcome {
    Found,
    Impossible,
    GaveUp { hardest: usize },
}

struct Step {
    place: Place,
    flow: Option<Flow>,
    options: vec::IntoIter<Choice>,
    tried: Option<Choice>,
}

/// How a path came to a node.
#[derive(Clone, Copy)]
enum Via {
    Source,
    Idle,
    IdleBack,
    Wish(usize),
    WishBack(usize),
}

impl<'a> Search<'a> {
    fn new(pins: &[Vec<Span>], wishes: &'a [Wish]) -> Self {
        // Pins before the first wish or after the last make no difference.
        let begin = wishes.iter().map(|wish| wish.span.first).min().unwrap_or(NaiveDate::MAX);
        let over = wishes.iter().map(|wish| wish.span.end).max().unwrap_or(NaiveDate::MIN);
        let between = |pin: &&Span| begin < pin.end && pin.first < over;
        let pins: Vec<Vec<Span>> = pins.iter().map(|pins| pins.iter().filter(between).copied().collect()).collect();

        let spans = pins.iter().flatten().copied().chain(wishes.iter().map(|wish| wish.span));
        let mut days: Vec<NaiveDate> = spans.flat_map(|span| [span.first, span.end]).collect();
        days.sort_unstable();
        days.dedup();
        let node = |day: NaiveDate| days.partition_point(|other| *other < day);

        let mut gaps = Vec::new();
        for (kit, pins) in pins.iter().enumerate() {
            let mut first = begin;
            for pin in pins {
                if first < pin.first {
                    gaps.push(Gap { kit, first: node(first), end: node(pin.first) });
                }
                first = pin.end;
            }
        }
        gaps.sort_by_key(|gap| (gap.end, gap.first));

        let mut spare = vec![0; days.len()];
        for (day, busy) in load(&pins, wishes) {
            spare[node(day)] = pins.len().saturating_sub(busy);
        }
        if let Some(last) = spare.last_mut() {
            *last = 0;
        }
        let arcs: Vec<(usize, usize)> =
            wishes.iter().map(|wish| (node(wish.span.first), node(wish.span.end))).collect();
        let mut leaving = vec![Vec::new(); days.len()];
        let mut arriving = vec![Vec::new(); days.len()];
        for (wish, (first, end)) in arcs.iter().enumerate() {
            if gaps.iter().any(|gap| gap.first <= *first && *end <= gap.end) {
                leaving[*first].push(wish);
                arriving[*end].push(wish);
            }
        }
        Search { wishes, gaps, days, arcs, leaving, arriving, spare, kit_of: vec![None; wishes.len()] }
    }

    /// Tries with growing patience. When it runs out, the gap where most attempts ended goes first the next time.
    fn run(&mut self) -> Option<()> {
        let mut patience = 200;
        loop {
            let spare = self.spare.clone();
            match self.attempt(patience) {
                Outcome::Found => return Some(()),
                Outcome::Impossible => return None,
                Outcome::GaveUp { hardest } => {
                    self.gaps[..=hardest].rotate_right(1);
                    self.spare = spare;
                    self.kit_of.fill(None);
                    patience *= 2;
                }
            }
        }
    }

    fn attempt(&mut self, patience: usize) -> Outcome {
        let mut failed: HashSet<(Place, Vec<bool>)> = HashSet::new();
        let mut dead_ends = vec![0; self.gaps.len()];
        let mut steps: Vec<Step> = Vec::new();
        let mut place = self.place(0, 0);
        let mut flow = None;
        while place.gap < self.gaps.len() {
            if failed.contains(&(place, self.taken())) {
                flow = None;
            } else if flow.is_none() {
                flow = self.flow(place);
            }
            let options = flow.as_ref().map_or(Vec::new(), |flow| self.options(place, flow));
            steps.push(Step { place, flow, options: options.into_iter(), tried: None });
            loop {
                let Some(step) = steps.last_mut() else { return Outcome::Impossible };
                let from = step.place;
                match step.tried.take() {
                    Some(Choice::Idle) => self.spare[from.at] += 1,
                    Some(Choice::Take(wish)) => self.kit_of[wish] = None,
                    None => {}
                }
                step.tried = step.options.next();
                if let Some(choice) = step.tried {
                    // As long as a choice follows the flow, what is left of the flow holds.
                    flow = step.flow.clone().and_then(|flow| flow.without(choice, from.at));
                    place = match choice {
                        Choice::Idle => {
                            self.spare[from.at] -= 1;
                            self.place(from.gap, from.at + 1)
                        }
                        Choice::Take(wish) => {
                            self.kit_of[wish] = Some(self.gaps[from.gap].kit);
                            self.place(from.gap, self.arcs[wish].1)
                        }
                    };
                    break;
                }
                dead_ends[from.gap] += 1;
                failed.insert((from, self.taken()));
                steps.pop();
                if failed.len() > patience {
                    let hardest = (0..dead_ends.len()).max_by_key(|gap| dead_ends[*gap]).unwrap_or(0);
                    return Outcome::GaveUp { hardest };
                }
            }
        }
        Outcome::Found
    }

    fn taken(&self) -> Vec<bool> {
        self.kit_of.iter().map(Option::is_some).collect()
    }

    /// The place where the next choice is to be made, when `gap` is filled up to `at`.
    fn place(&self, gap: usize, at: usize) -> Place {
        match self.gaps.get(gap) {
            Some(this) if at >= this.end => {
                Place { gap: gap + 1, at: self.gaps.get(gap + 1).map_or(0, |next| next.first) }
            }
            Some(this) => Place { gap, at: at.max(this.first) },
            None => Place { gap, at },
        }
    }

    /// What can come next in the gap: first what the flow does, then the gap's own kit, then long claims before short.
    fn options(&self, place: Place, flow: &Flow) -> Vec<Choice> {
        let Gap { kit, end, .. } = self.gaps[place.gap];
        let free = |wish: &&usize| self.kit_of[**wish].is_none() && self.arcs[**wish].1 <= end;
        let mut wishes: Vec<usize> = self.leaving[place.at].iter().filter(free).copied().collect();
        let rank =
            |wish: &usize| (!flow.used[*wish], self.wishes[*wish].kit != Some(kit), usize::MAX - self.arcs[*wish].1);
        wishes.sort_by_key(rank);
        let (follow, other): (Vec<usize>, Vec<usize>) = wishes.into_iter().partition(|wish| flow.used[*wish]);
        let mut options: Vec<Choice> = follow.into_iter().map(Choice::Take).collect();
        let other = other.into_iter().map(Choice::Take);
        if flow.idle[place.at] > 0 {
            options.push(Choice::Idle);
            options.extend(other);
        } else {
            options.extend(other);
            if self.spare[place.at] > 0 {
                options.push(Choice::Idle);
            }
        }
        options
    }

    /// A flow for the gaps that are left, or `None` when there is none.
    fn flow(&self, place: Place) -> Option<Flow> {
        let mut flow = Flow { used: vec![false; self.arcs.len()], idle: vec![0; self.days.len()] };
        let mut wanted = vec![0; self.days.len()];
        for gap in &self.gaps[place.gap..] {
            wanted[gap.end] += 1;
        }
        for (at, gap) in self.gaps.iter().enumerate().skip(place.gap) {
            let source = if at == place.gap { place.at } else { gap.first };
            let end = self.add_unit(source, &wanted, &mut flow)?;
            wanted[end] -= 1;
        }
        Some(flow)
    }

    /// Leads one more unit from `source` to a node that wants one, where there is room, or where another unit can be led
    /// round. Returns the node.
    fn add_unit(&self, source: usize, wanted: &[usize], flow: &mut Flow) -> Option<usize> {
        let mut via: Vec<Option<Via>> = vec![None; self.days.len()];
        let mut queue = VecDeque::from([source]);
        via[source] = Some(Via::Source);
        while let Some(at) = queue.pop_front() {
            if wanted[at] > 0 {
                self.shift(at, &via, flow)?;
                return Some(at);
            }
            let mut go = |to: usize, how: Via| {
                if via[to].is_none() {
                    via[to] = Some(how);
                    queue.push_back(to);
                }
            };
            for wish in self.leaving[at].iter().filter(|wish| self.kit_of[**wish].is_none() && !flow.used[**wish]) {
                go(self.arcs[*wish].1, Via::Wish(*wish));
            }
            if flow.idle[at] < self.spare[at] {
                go(at + 1, Via::Idle);
            }
            for wish in self.arriving[at].iter().filter(|wish| flow.used[**wish]) {
                go(self.arcs[*wish].0, Via::WishBack(*wish));
            }
            if at > 0 && flow.idle[at - 1] > 0 {
                go(at - 1, Via::IdleBack);
            }
        }
        None
    }

    /// Changes the flow along the path that led to `end`.
    fn shift(&self, end: usize, via: &[Option<Via>], flow: &mut Flow) -> Option<()> {
        let mut at = end;
        loop {
            match via[at]? {
                Via::Source => return Some(()),
                Via::Idle => {
                    at -= 1;
                    flow.idle[at] += 1;
                }
                Via::IdleBack => {
                    flow.idle[at] -= 1;
                    at += 1;
                }
                Via::Wish(wish) => {
                    flow.used[wish] = true;
                    at = self.arcs[wish].0;
                }
                Via::WishBack(wish) => {
                    flow.used[wish] = false;
                    at = self.arcs[wish].1;
                }
            }
        }
    }
}
