//! The invented municipality of the demo, read from a file whose days are relative to today.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use rust_embed::RustEmbed;
use serde::Deserialize;

use crate::evaluations::answers::Answers;

/// Everything that the demo is filled with.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Municipality {
    /// The organisation's name.
    pub name: String,
    /// What every e-mail address ends with.
    pub domain: String,
    /// Names of areas.
    pub areas: Vec<String>,
    /// Preschools.
    pub units: Vec<Unit>,
    /// Everyone who can sign in.
    pub people: Vec<Person>,
    /// Kit types, each with its kits.
    pub kit_types: Vec<KitType>,
    /// Courses that kit types ask for.
    pub courses: Vec<Course>,
    /// Loans: first the finished ones, oldest first, then those of today, then those to come.
    pub loans: Vec<Loan>,
    /// Work that is going on.
    pub service: Vec<Service>,
    /// Wishes that nothing was free for, or has become free for just now, in the order in which they were made.
    pub queue: Vec<Wish>,
    /// What units wish for in the season round of the next term.
    pub round: Vec<RoundWishes>,
}

/// A unit's wishes in the round.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundWishes {
    /// The key of the unit.
    pub unit: String,
    /// Its wishes, the dearest first.
    pub wishes: Vec<RoundWish>,
}

/// A wish in the round.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundWish {
    /// The key of the kit type.
    pub kit_type: String,
    /// The first and the last week that suit, counted from the term's first; any when not said.
    pub weeks: Option<(u64, u64)>,
    /// How long, in days; as long as it can be when not said.
    pub days: Option<i32>,
}

/// A place in the queue.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// The key of the kit type.
    pub kit_type: String,
    /// The key of the unit that waits.
    pub unit: String,
    /// The e-mail address of the person who asked.
    pub borrower: String,
    /// The earliest day on which the loan may begin.
    pub earliest: Day,
    /// The day by which it is to be over.
    pub latest: Day,
    /// Days from the first to the last.
    pub days: i32,
}

/// A preschool.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// What people and loans refer to.
    pub key: String,
    /// Its name.
    pub name: String,
    /// One of the municipality's areas.
    pub area: String,
    /// Enrolled children.
    pub children: i32,
    /// Whether someone else than the municipality runs it.
    pub independent: bool,
    /// Its function mailbox.
    pub email: String,
    /// Street and number.
    pub street_address: String,
    /// The day of the week on which the van comes by, from 1 for Monday.
    pub delivery_weekday: Option<i32>,
}

/// Someone who can sign in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Full name.
    pub name: String,
    /// E-mail address; loans refer to it.
    pub email: String,
    /// Role codes.
    pub roles: Vec<String>,
    /// The key of the borrower's unit.
    pub unit: Option<String>,
}

/// A kit type and its kits.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KitType {
    /// What loans refer to.
    pub key: String,

    /// Its name.
    pub name: String,
    /// What can be seen on its picture.
    pub picture: String,
    /// Two or three plain sentences.
    pub description: String,
    /// Youngest age, in years.
    pub age_from: i32,
    /// Oldest age, in years.
    pub age_to: i32,
    /// `none`, `partly` or `screen`.
    pub screen: String,
    /// Batteries and charging, in words.
    pub power: String,
    /// What its parts run on.
    pub power_source: String,
    /// Usual days from the first to the last day of a loan.
    pub loan_days: i32,
    /// Days between two loans of a kit.
    pub turnaround_days: i32,
    /// Five steps to get going.
    pub getting_started: Vec<String>,
    /// What is in the box.
    pub contents: Vec<ContentLine>,
    /// The kits.
    pub kits: Vec<Kit>,
}

/// A line of the contents list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContentLine {
    /// What one costs, in crowns.
    #[serde(default)]
    pub price: Option<i32>,
    /// The part.
    pub name: String,
    /// How many.
    pub quantity: i32,
    /// `essential`, `replaceable` or `consumable`.
    pub kind: String,
}

/// One kit of a type.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kit {
    /// `A`, `B`, …
    pub copy: String,
    /// Where it stands.
    pub shelf: String,
}

/// A course.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Course {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub about: String,
    /// How a place is booked.
    pub booking: String,
    /// How long a certificate is valid, in months.
    pub valid_months: Option<i32>,
    /// The keys of the kit types that ask for it.
    pub kit_types: Vec<String>,
    /// When it is given.
    pub dates: Vec<CourseDate>,
    /// Who has completed it.
    pub completed: Vec<Completed>,
}

/// A date of a course.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CourseDate {
    /// The day.
    pub day: Day,
    /// The hours, in words.
    pub hours: String,
    /// Where.
    pub place: String,
    /// How many can take part.
    pub seats: Option<i32>,
    /// What else participants should know.
    pub note: String,
}

/// Those who completed a course on one day.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Completed {
    /// The day.
    pub day: Day,
    /// The keys of units that completed it as a whole.
    pub units: Vec<String>,
    /// The e-mail addresses of people who completed it.
    pub people: Vec<String>,
}

/// A loan, as dated facts: it is what its last fact says, and a reservation if it has none.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loan {
    /// The key of its kit type.
    pub kit_type: String,
    /// Which of the type's kits.
    pub copy: String,
    /// The key of the unit that borrows.
    pub unit: String,
    /// The e-mail address of the person who reserved it.
    pub borrower: String,
    /// First day of the loan.
    pub first_day: Day,
    /// Last day of the loan.
    pub last_day: Day,
    /// The day it was made ready.
    pub packed: Option<Day>,
    /// The day it was handed out.
    pub handed_out: Option<Day>,
    /// The day it came back.
    pub received: Option<Day>,
    /// What the unit wrote about it.
    pub evaluation: Option<Evaluation>,
    /// What the unit found to differ when the kit came.
    #[serde(default)]
    pub on_arrival: Vec<Deviation>,
    /// What the warehouse found to differ the day after it came back.
    #[serde(default)]
    pub on_return: Vec<Deviation>,
}

/// A part that differs from the contents list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    /// The line of the contents list, by name.
    pub line: String,
    /// How it differs.
    pub kind: String,
    /// How many.
    pub quantity: i32,
    /// What was noted.
    #[serde(default)]
    pub note: String,
}

/// Work on a kit that is going on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The key of its kit type.
    pub kit_type: String,
    /// Which of the type's kits.
    pub copy: String,
    /// What is done.
    pub kind: String,
    /// What was noted.
    pub note: String,
}

/// An evaluation under the default form.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    /// The day it was submitted; a draft without.
    pub submitted: Option<Day>,
    /// Answers by question id.
    pub answers: Answers,
}

/// A day relative to today.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Day {
    /// A day of another ISO week, or of this one.
    Week {
        /// Weeks from this week; negative in the past.
        week: i16,
        /// 1 is Monday, 7 is Sunday.
        weekday: u8,
    },
    /// Some days from today; a day that falls on a weekend moves towards today, to the nearest weekday.
    Days {
        /// Days from today; negative in the past.
        days: i16,
    },
}

impl Day {
    /// The date, for someone who looks at the demo today.
    pub fn date(self, today: NaiveDate) -> NaiveDate {
        match self {
            Self::Week { week, weekday } => {
                let monday = i64::from(today.weekday().num_days_from_monday());
                plus(today, 7 * i64::from(week) + i64::from(weekday) - 1 - monday)
            }
            Self::Days { days } => {
                let date = plus(today, i64::from(days));
                match (date.weekday(), days.signum()) {
                    (Weekday::Sat, 1) => plus(date, -1).max(today),
                    (Weekday::Sun, 1) => plus(date, -2).max(today),
                    (Weekday::Sat, -1) => plus(date, 2).min(today),
                    (Weekday::Sun, -1) => plus(date, 1).min(today),
                    _ => date,
                }
            }
        }
    }
}

/// The date some days later, or earlier if negative. At the end of the calendar time stands still.
fn plus(date: NaiveDate, days: i64) -> NaiveDate {
    let distance = Days::new(days.unsigned_abs());
    let moved = if days < 0 { date.checked_sub_days(distance) } else { date.checked_add_days(distance) };
    moved.unwrap_or(date)
}

#[derive(RustEmbed)]
#[folder = "assets/demo/pictures/"]
struct Pictures;

impl KitType {
    /// The file of its picture.
    pub fn picture_file(&self) -> Option<Vec<u8>> {
        Pictures::get(&format!("{}.webp", self.key)).map(|file| file.data.into_owned())
    }
}

impl Municipality {
    /// Lindvalla, which does not exist.
    pub fn lindvalla() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../../assets/demo/lindvalla.json"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::evaluations::form::Form;
    use crate::evaluations::rules;

    fn lindvalla() -> Municipality {
        Municipality::lindvalla().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// A fortnight of todays, over the turn of a year.
    fn todays() -> impl Iterator<Item = NaiveDate> {
        day("2026-12-24").iter_days().take(14)
    }

    fn submitted(loan: &Loan) -> Option<Day> {
        loan.evaluation.as_ref().and_then(|evaluation| evaluation.submitted)
    }

    fn is_out(loan: &Loan) -> bool {
        loan.handed_out.is_some() && loan.received.is_none()
    }

    fn owes_evaluation(loan: &Loan) -> bool {
        loan.received.is_some() && submitted(loan).is_none()
    }

    #[test]
    fn has_what_it_promises() {
        let lindvalla = lindvalla();
        assert_eq!(lindvalla.units.len(), 14);
        assert_eq!(lindvalla.kit_types.len(), 16);
        assert_eq!(lindvalla.kit_types.iter().map(|t| t.kits.len()).sum::<usize>(), 38);
        let count = |is: &dyn Fn(&Loan) -> bool| lindvalla.loans.iter().filter(|loan| is(loan)).count();
        assert_eq!(count(&|loan| submitted(loan).is_some()), 46);
        assert_eq!(count(&is_out), 9);
        assert_eq!(count(&owes_evaluation), 5);
        assert_eq!(count(&|loan| loan.packed.is_some() && loan.handed_out.is_none()), 2);
        assert_eq!(count(&|loan| loan.packed.is_none() && loan.handed_out.is_none()), 20);
        let borrowed: BTreeSet<_> = lindvalla.loans.iter().map(|loan| &loan.unit).collect();
        assert_eq!(borrowed.len(), 11, "three preschools have never borrowed");
    }

    #[test]
    fn refers_only_to_what_exists() {
        let lindvalla = lindvalla();
        let units: BTreeMap<_, _> = lindvalla.units.iter().map(|unit| (&unit.key, unit)).collect();
        let people: BTreeMap<_, _> = lindvalla.people.iter().map(|person| (&person.email, person)).collect();
        let mut kits = BTreeSet::new();
        for kit_type in &lindvalla.kit_types {
            assert!(kit_type.age_from <= kit_type.age_to, "{}", kit_type.key);
            assert!(["none", "partly", "screen"].contains(&kit_type.screen.as_str()), "{}", kit_type.key);
            assert!((3..=7).contains(&kit_type.turnaround_days), "{}", kit_type.key);
            assert_eq!(kit_type.loan_days, 21, "{}", kit_type.key);
            assert_eq!(kit_type.getting_started.len(), 5, "{}", kit_type.key);
            for line in &kit_type.contents {
                assert!(line.quantity > 0, "{}", line.name);
                assert!(["essential", "replaceable", "consumable"].contains(&line.kind.as_str()), "{}", line.name);
            }
            for kit in &kit_type.kits {
                assert!(kits.insert((&kit_type.key, &kit.copy)), "{} {}", kit_type.key, kit.copy);
            }
        }
        assert_eq!(units.len(), lindvalla.units.len());
        assert_eq!(people.len(), lindvalla.people.len());
        for unit in &lindvalla.units {
            assert!(lindvalla.areas.contains(&unit.area), "{}", unit.name);
            assert!(unit.email.ends_with(&lindvalla.domain), "{}", unit.email);
            assert!(lindvalla.people.iter().any(|person| person.unit.as_ref() == Some(&unit.key)), "{}", unit.name);
        }
        for person in &lindvalla.people {
            assert!(person.email.ends_with(&lindvalla.domain), "{}", person.email);
            assert!(person.unit.as_ref().is_none_or(|unit| units.contains_key(unit)), "{}", person.name);
            for role in &person.roles {
                assert!(["borrower", "warehouse", "developer", "admin"].contains(&role.as_str()), "{role}");
            }
        }
        for wish in &lindvalla.queue {
            assert!(lindvalla.kit_types.iter().any(|kit_type| kit_type.key == wish.kit_type), "{}", wish.kit_type);
            assert_eq!(people[&wish.borrower].unit.as_ref(), Some(&wish.unit));
        }
        for loan in &lindvalla.loans {
            assert!(kits.contains(&(&loan.kit_type, &loan.copy)), "{} {}", loan.kit_type, loan.copy);
            assert!(units.contains_key(&loan.unit), "{}", loan.unit);
            assert_eq!(people[&loan.borrower].unit.as_ref(), Some(&loan.unit));
        }
        for course in &lindvalla.courses {
            let known = |key: &String| lindvalla.kit_types.iter().any(|kit_type| kit_type.key == *key);
            assert!(course.kit_types.iter().all(known), "{}", course.name);
            for completed in &course.completed {
                assert!(completed.units.iter().all(|unit| units.contains_key(unit)), "{}", course.name);
                assert!(completed.people.iter().all(|email| people.contains_key(email)), "{}", course.name);
            }
        }
    }

    #[test]
    fn every_evaluation_follows_the_form() {
        let form = Form::default_form().unwrap();
        let mut unused = 0;
        for loan in lindvalla().loans {
            let Some(evaluation) = loan.evaluation else {
                continue;
            };
            assert_eq!(rules::clean(&form, &evaluation.answers).as_ref(), Ok(&evaluation.answers));
            if evaluation.submitted.is_some() {
                let submission = rules::submit(&form, &evaluation.answers).unwrap();
                assert_eq!(submission.answers, evaluation.answers);
                unused += usize::from(!submission.used);
            }
        }
        assert_eq!(unused, 4);
    }

    #[test]
    fn every_fact_has_its_time_whatever_day_it_is() {
        let lindvalla = lindvalla();
        for today in todays() {
            let mut overdue = 0;
            let mut evaluation_overdue = 0;
            for loan in &lindvalla.loans {
                let name = format!("{} {} {} on {today}", loan.kit_type, loan.copy, loan.unit);
                let [first, last] = [loan.first_day, loan.last_day].map(|day| day.date(today));
                assert!(first < last, "{name}");
                assert!(last <= plus(first, 21), "{name}");
                for date in [first, last] {
                    let weekend = [Weekday::Sat, Weekday::Sun].contains(&date.weekday());
                    assert!(!weekend || date == today, "{name}");
                }
                let facts = [loan.packed, loan.handed_out, loan.received];
                let facts: Vec<_> = facts.into_iter().flatten().map(|day| day.date(today)).collect();
                assert!(facts.is_sorted(), "{name}");
                assert!(facts.iter().all(|fact| *fact <= today), "{name}");
                if let Some(handed_out) = loan.handed_out {
                    assert!(first <= handed_out.date(today), "{name}");
                    assert!(submitted(loan).is_none_or(|day| day.date(today) <= today), "{name}");
                    assert!(submitted(loan).is_none_or(|day| day.date(today) > first), "{name}");
                } else {
                    assert!(today <= first, "{name}");
                }
                if is_out(loan) {
                    overdue += i32::from(last < today);
                }
                if owes_evaluation(loan) {
                    let received = loan.received.unwrap().date(today);
                    evaluation_overdue += i32::from(plus(received, 7) < today);
                }
            }
            assert_eq!(overdue, 2, "{today}");
            assert_eq!(evaluation_overdue, 2, "{today}");
        }
    }

    #[test]
    fn no_kit_is_in_two_places_whatever_day_it_is() {
        let lindvalla = lindvalla();
        let turnaround: BTreeMap<_, _> =
            lindvalla.kit_types.iter().map(|kit_type| (&kit_type.key, i64::from(kit_type.turnaround_days))).collect();
        for today in todays() {
            let mut occupied: BTreeMap<_, Vec<_>> = BTreeMap::new();
            for loan in &lindvalla.loans {
                let mut end = loan.last_day.date(today);
                if let Some(received) = loan.received {
                    end = end.max(received.date(today));
                }
                if is_out(loan) || owes_evaluation(loan) {
                    end = end.max(today);
                }
                let free_again = plus(end, 1 + turnaround[&loan.kit_type]);
                occupied
                    .entry((&loan.kit_type, &loan.copy))
                    .or_default()
                    .push((loan.first_day.date(today), free_again));
            }
            for (kit, mut ranges) in occupied {
                ranges.sort();
                for pair in ranges.windows(2) {
                    assert!(pair[0].1 <= pair[1].0, "{kit:?} on {today}: {pair:?}");
                }
            }
        }
    }

    #[test]
    fn days_are_found_from_today() {
        let thursday = day("2026-01-01");
        let week = |week, weekday| Day::Week { week, weekday }.date(thursday);
        assert_eq!(week(0, 1), day("2025-12-29"));
        assert_eq!(week(-7, 2), day("2025-11-11"));
        assert_eq!(week(1, 7), day("2026-01-11"));
        let days = |days, today: &str| Day::Days { days }.date(day(today));
        assert_eq!(days(0, "2026-01-03"), day("2026-01-03"), "today is today, on a Saturday too");
        assert_eq!(days(1, "2026-01-01"), day("2026-01-02"));
        assert_eq!(days(2, "2026-01-01"), day("2026-01-02"), "Saturday becomes Friday");
        assert_eq!(days(-4, "2026-01-01"), day("2025-12-29"), "Sunday becomes Monday");
        assert_eq!(days(1, "2026-01-03"), day("2026-01-03"), "never past today");
        assert_eq!(Day::Days { days: 9 }.date(NaiveDate::MAX), NaiveDate::MAX);
    }
}
