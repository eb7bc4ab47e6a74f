//! What a kit that was scanned is to its shelf, which of its scans counts, and what can be put right.

use crate::kits::rules::{same_shelf, shelf_key};
use crate::platform::db::types::{Instant, text_enum};
use std::collections::BTreeSet;

text_enum! {
    /// Where a stocktake is.
    #[schema(as = StocktakeStatus)]
    pub enum Status {
        /// Kits are being counted.
        Open = "open",
        /// Counted; its report stays.
        Closed = "closed",
        /// Called off.
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// What a stocktake found of a kit.
    #[schema(as = StocktakeFinding)]
    pub enum Finding {
        /// It stands where it ought to.
        Found = "found",
        /// It ought to stand on another shelf, or on none that is known.
        OtherShelf = "other_shelf",
        /// It is there, and a unit is said to have it.
        Out = "out",
        /// It is there, and was noted as lost.
        Lost = "lost",
        /// It is there, and out of use.
        Retired = "retired",
        /// It ought to be there, and nobody has seen it.
        Missing = "missing",
    }
}

text_enum! {
    /// What a scan came to.
    #[schema(as = StocktakeOutcome)]
    pub enum Outcome {
        /// The kit stands where it ought to.
        Found = "found",
        /// The kit was counted before; nothing has changed.
        AlreadyCounted = "already_counted",
        /// The kit ought to stand on another shelf.
        OtherShelf = "other_shelf",
        /// A unit is said to have the kit.
        Out = "out",
        /// The kit was noted as lost.
        Lost = "lost",
        /// The kit is out of use.
        Retired = "retired",
    }
}

text_enum! {
    /// How something that a stocktake found is put right.
    #[schema(as = StocktakeCorrection)]
    pub enum Correction {
        /// The kit lives where it was found.
        SetShelf = "set_shelf",
        /// Somebody carries the kit back to its shelf.
        MoveBack = "move_back",
        /// The kit is received from the unit that is said to have it.
        Receive = "receive",
        /// The kit that was lost is taken into use again.
        BringBack = "bring_back",
        /// The kit is noted as lost.
        MarkLost = "mark_lost",
    }
}

text_enum! {
    /// How a kit was last seen.
    pub enum SeenAs {
        /// It was added.
        Added = "added",
        /// It left for a loan.
        HandedOut = "handed_out",
        /// It came back from a loan.
        Received = "received",
        /// Its contents were checked.
        Checked = "checked",
        /// It was counted in another stocktake.
        Counted = "counted",
    }
}

/// Where a kit is, as far as the system knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabouts {
    /// In the house.
    InHouse,
    /// With a unit.
    Out,
    /// Nobody knows.
    Lost,
    /// Out of use.
    Retired,
}

/// Where a kit is: one that was noted as lost is out of use, too, and that it is lost says more.
pub fn whereabouts(lost: bool, retired: bool, out: bool) -> Whereabouts {
    match (lost, retired, out) {
        (true, ..) => Whereabouts::Lost,
        (_, true, _) => Whereabouts::Retired,
        (_, _, true) => Whereabouts::Out,
        _ => Whereabouts::InHouse,
    }
}

/// The shelves that a stocktake is of; without any it is of the whole warehouse.
#[derive(Debug, Clone, Default)]
pub struct Scope(BTreeSet<String>);

impl Scope {
    /// The stocktake of these shelves.
    pub fn of(shelves: &[String]) -> Self {
        Self(shelves.iter().map(|shelf| shelf_key(shelf)).collect())
    }

    /// It is of the whole warehouse.
    pub fn is_whole(&self) -> bool {
        self.0.is_empty()
    }

    /// A kit of this shelf is to be counted.
    pub fn has(&self, shelf: &str) -> bool {
        self.is_whole() || self.0.contains(&shelf_key(shelf))
    }
}

/// What it means that a kit was scanned: `home` is the shelf that it is said to live on, `standing` the one where whoever
/// scanned it stands, if they have said so; empty where the kits without a shelf are.
pub fn classify(home: &str, at: Whereabouts, standing: Option<&str>, scope: &Scope) -> Finding {
    match at {
        Whereabouts::Retired => Finding::Retired,
        Whereabouts::Lost => Finding::Lost,
        Whereabouts::Out => Finding::Out,
        Whereabouts::InHouse => match standing {
            Some(shelf) if same_shelf(shelf, home) => Finding::Found,
            None if scope.has(home) => Finding::Found,
            _ => Finding::OtherShelf,
        },
    }
}

/// Which of a kit's scans counts, of those that were not undone, in the order in which they were made: the last, but that a
/// kit which stands where it ought to does so until something graver is found than that it was seen on another shelf. None
/// when there is none.
pub fn counting(scans: &[Finding]) -> Option<usize> {
    let places = scans.iter().enumerate().reduce(|counts, next| match (counts.1, next.1) {
        (Finding::Found, Finding::Found | Finding::OtherShelf) => counts,
        _ => next,
    });
    places.map(|(place, _)| place)
}

/// What a scan came to.
pub fn outcome(finding: Finding, counted_before: bool) -> Outcome {
    match finding {
        _ if counted_before => Outcome::AlreadyCounted,
        Finding::Found | Finding::Missing => Outcome::Found,
        Finding::OtherShelf => Outcome::OtherShelf,
        Finding::Out => Outcome::Out,
        Finding::Lost => Outcome::Lost,
        Finding::Retired => Outcome::Retired,
    }
}

/// What was put right still is so when a later scan finds this: else the kit's line begins anew.
pub fn holds(correction: Correction, finding: Finding) -> bool {
    match finding {
        Finding::Found => correction != Correction::MarkLost,
        Finding::OtherShelf => matches!(correction, Correction::Receive | Correction::BringBack),
        Finding::Lost => correction == Correction::MarkLost,
        Finding::Out | Finding::Retired | Finding::Missing => false,
    }
}

/// A kit's line in a stocktake beside what is known of the kit now.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// What was found.
    pub finding: Finding,
    /// What was put right.
    pub correction: Option<Correction>,
    /// The shelf that it was found on.
    pub shelf: Option<&'a str>,
    /// The shelf that it lives on now.
    pub home: &'a str,
    /// Where it is now.
    pub at: Whereabouts,
    /// It has been through other hands since it was counted and put right: the line says nothing of it any more.
    pub overtaken: bool,
}

/// What can be put right, the likeliest first. Nothing, when it has been or when things have changed since.
pub fn possible(line: Standing<'_>) -> Vec<Correction> {
    match (line.finding, line.at) {
        _ if line.overtaken => Vec::new(),
        (Finding::Found, _) | (_, Whereabouts::Retired) => Vec::new(),
        (Finding::Lost | Finding::Missing, Whereabouts::Lost) => vec![Correction::BringBack],
        (Finding::Out, Whereabouts::Out) => vec![Correction::Receive],
        (_, Whereabouts::Lost | Whereabouts::Out) => Vec::new(),
        (Finding::Missing, Whereabouts::InHouse) if line.correction.is_none() => vec![Correction::MarkLost],
        (Finding::Missing, Whereabouts::InHouse) => Vec::new(),
        (_, Whereabouts::InHouse) => places(line),
    }
}

/// How a kit in the house that was found on another shelf comes to stand where it lives.
fn places(line: Standing<'_>) -> Vec<Correction> {
    let moved = matches!(line.correction, Some(Correction::SetShelf | Correction::MoveBack));
    let elsewhere = line.shelf.map_or(line.finding == Finding::OtherShelf, |shelf| !same_shelf(shelf, line.home));
    if moved || !elsewhere {
        return Vec::new();
    }
    // No kit lives on no shelf, and nobody carries a kit back to a shelf that it does not have.
    let new_home = line.shelf.is_some_and(|shelf| !shelf.is_empty()).then_some(Correction::SetShelf);
    let old_home = (!line.home.is_empty()).then_some(Correction::MoveBack);
    new_home.into_iter().chain(old_home).collect()
}

/// True when a scan that was made then is taken: while the stocktake is open, and later if it waited on a phone and was
/// made before the stocktake was closed.
pub fn takes(status: Status, ended_at: Option<Instant>, waited: bool, at: Instant) -> bool {
    match status {
        Status::Open => true,
        Status::Closed => waited && ended_at.is_some_and(|ended| at <= ended),
        Status::Cancelled => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EVERYWHERE: [Whereabouts; 4] =
        [Whereabouts::InHouse, Whereabouts::Out, Whereabouts::Lost, Whereabouts::Retired];

    fn scope(shelves: &[&str]) -> Scope {
        Scope::of(&shelves.iter().map(|shelf| (*shelf).to_owned()).collect::<Vec<_>>())
    }

    fn in_house(home: &str, standing: Option<&str>, shelves: &[&str]) -> Finding {
        classify(home, Whereabouts::InHouse, standing, &scope(shelves))
    }

    #[test]
    fn a_kit_is_found_where_it_lives() {
        assert_eq!(in_house("A1", Some("a1 "), &["A1"]), Finding::Found);
        assert_eq!(in_house("A1", Some("A2"), &["A1", "A2"]), Finding::OtherShelf);
        assert_eq!(in_house("A1", None, &["A1", "A2"]), Finding::Found);
        assert_eq!(in_house("B1", None, &["A1"]), Finding::OtherShelf);
        assert_eq!(in_house("B1", None, &[]), Finding::Found);
        // A kit without a shelf is somewhere at least, and can be given the shelf that it stands on.
        assert_eq!(in_house("", Some("A1"), &[]), Finding::OtherShelf);
        assert_eq!(in_house("", None, &[]), Finding::Found);
        assert_eq!(classify("A1", Whereabouts::Out, Some("A1"), &scope(&["A1"])), Finding::Out);
        assert_eq!(classify("A1", Whereabouts::Lost, Some("A1"), &scope(&["A1"])), Finding::Lost);
    }

    #[test]
    fn the_scan_that_says_best_where_a_kit_stands_counts() {
        use Finding::{Found, Lost, OtherShelf, Out};
        assert_eq!(counting(&[]), None);
        assert_eq!(counting(&[OtherShelf, Found, OtherShelf]), Some(1));
        assert_eq!(counting(&[Out, OtherShelf]), Some(1));
        // It left, or was given up, after it had been found: that it still stands there is news.
        assert_eq!(counting(&[Found, Found, Out]), Some(2));
        assert_eq!(counting(&[Found, Lost, Found, OtherShelf]), Some(2));
    }

    #[test]
    fn what_was_put_right_holds_as_long_as_it_is_seen_to_be_so() {
        use Correction::{BringBack, MarkLost, MoveBack, Receive, SetShelf};
        let all = [SetShelf, MoveBack, Receive, BringBack, MarkLost];
        let of = |finding| all.into_iter().filter(|one| holds(*one, finding)).collect::<Vec<_>>();
        assert_eq!(of(Finding::Found), [SetShelf, MoveBack, Receive, BringBack]);
        assert_eq!(of(Finding::OtherShelf), [Receive, BringBack], "nobody has carried it anywhere");
        assert_eq!(of(Finding::Lost), [MarkLost]);
        assert_eq!(of(Finding::Out), [], "it has gone out again");
    }

    fn standing(finding: Finding, at: Whereabouts, shelf: Option<&'static str>) -> Standing<'static> {
        Standing { finding, correction: None, shelf, home: "A1", at, overtaken: false }
    }

    #[test]
    fn what_can_be_put_right_follows_what_is_so_now() {
        use Correction::{BringBack, MarkLost, MoveBack, Receive, SetShelf};
        use Whereabouts::{InHouse, Lost, Out, Retired};
        let of = |finding, at, shelf| possible(standing(finding, at, shelf));
        assert_eq!(of(Finding::OtherShelf, InHouse, Some("B1")), [SetShelf, MoveBack]);
        assert_eq!(of(Finding::OtherShelf, InHouse, None), [MoveBack]);
        assert_eq!(of(Finding::OtherShelf, InHouse, Some("a1")), [], "somebody has given it the shelf since");
        assert_eq!(of(Finding::Out, Out, Some("A1")), [Receive]);
        assert_eq!(of(Finding::Out, InHouse, Some("A1")), []);
        assert_eq!(of(Finding::Out, InHouse, Some("B1")), [SetShelf, MoveBack], "received, and on another shelf");
        assert_eq!(of(Finding::Missing, InHouse, None), [MarkLost]);
        assert_eq!(of(Finding::Missing, Lost, None), [BringBack]);
        assert_eq!(of(Finding::Missing, Out, None), []);
        assert_eq!(of(Finding::Retired, Retired, Some("A1")), []);
        let done = Standing { correction: Some(MoveBack), ..standing(Finding::OtherShelf, InHouse, Some("B1")) };
        assert_eq!(possible(done), []);
        let homeless = |shelf| possible(Standing { home: "", ..standing(Finding::OtherShelf, InHouse, shelf) });
        assert_eq!(
            [homeless(Some("B1")), homeless(None)],
            [vec![SetShelf], vec![]],
            "there is no shelf to carry it to"
        );
        assert_eq!(of(Finding::OtherShelf, InHouse, Some("")), [MoveBack], "among those without a shelf");
    }

    #[test]
    fn an_old_line_does_nothing_to_what_has_happened_since() {
        use Whereabouts::{InHouse, Lost, Out};
        for (finding, at) in [
            (Finding::Out, Out),
            (Finding::OtherShelf, InHouse),
            (Finding::Missing, InHouse),
            (Finding::Missing, Lost),
            (Finding::Lost, Lost),
        ] {
            let line = standing(finding, at, Some("B1").filter(|_| finding != Finding::Missing));
            assert!(!possible(line).is_empty(), "{finding}");
            assert_eq!(possible(Standing { overtaken: true, ..line }), [], "{finding}");
        }
        let lost_later = standing(Finding::OtherShelf, Lost, Some("B1"));
        assert_eq!(possible(lost_later), [], "that it stood there once does not say where it is");
    }

    #[test]
    fn a_scan_that_waited_is_taken_when_it_was_made_in_time() {
        let at = |hour: u32| Instant::new(format!("2026-11-02T{hour:02}:00:00Z").parse().unwrap());
        assert!(takes(Status::Open, None, false, at(9)));
        assert!(takes(Status::Closed, Some(at(12)), true, at(9)));
        assert!(!takes(Status::Closed, Some(at(12)), true, at(13)));
        assert!(!takes(Status::Closed, Some(at(12)), false, at(9)));
        assert!(!takes(Status::Cancelled, Some(at(12)), true, at(9)));
    }

    proptest! {
        #[test]
        fn every_kit_has_one_finding_and_is_missing_only_when_nobody_scans_it(
            home in "[ab]?[12]?", standing in prop::option::of("[AB]?[12]?"), at in 0..4_usize,
            shelves in prop::collection::vec("[AaBb][12]", 0..3),
        ) {
            let scope = Scope::of(&shelves);
            let at = EVERYWHERE[at];
            let finding = classify(&home, at, standing.as_deref(), &scope);
            prop_assert_ne!(finding, Finding::Missing);
            prop_assert_eq!(finding == Finding::Found || finding == Finding::OtherShelf, at == Whereabouts::InHouse);
            if finding == Finding::Found {
                prop_assert!(standing.as_deref().map_or(scope.has(&home), |shelf| same_shelf(shelf, &home)));
            }
            // A kit that is found needs nothing, and nothing is offered that does not change where it is or lives.
            let line =
                Standing { finding, correction: None, shelf: standing.as_deref(), home: &home, at, overtaken: false };
            for correction in possible(line) {
                prop_assert_ne!(finding, Finding::Found);
                prop_assert_eq!(correction == Correction::Receive, at == Whereabouts::Out);
                prop_assert_eq!(correction == Correction::BringBack, at == Whereabouts::Lost);
            }
        }

        #[test]
        fn a_scan_counts_as_long_as_one_is_left(scans in prop::collection::vec(0..5_usize, 0..6)) {
            let scans: Vec<Finding> = scans.into_iter().map(|one| Finding::ALL[one]).collect();
            let counts = counting(&scans).map(|place| scans[place]);
            prop_assert_eq!(counts.is_none(), scans.is_empty());
            // Nothing that says more is passed over: the last that is not of a shelf only, and what was found after it.
            let last = scans.iter().rposition(|one| !matches!(one, Finding::Found | Finding::OtherShelf));
            let since = scans.get(last.map_or(0, |place| place + 1)..).unwrap_or_default();
            prop_assert_eq!(counts == Some(Finding::Found), since.contains(&Finding::Found));
            if since.is_empty() {
                prop_assert_eq!(counts, scans.last().copied());
            }
        }
    }
}
