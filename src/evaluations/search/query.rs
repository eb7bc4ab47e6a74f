//! What is asked of the evaluations, and what that means in words and marks.

use crate::accounts::store::Organisation;
use crate::evaluations::search::words::{mark, stems_of_any_form, step_mark};
use crate::platform::clock::start_of_day;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::{Error, FieldError};
use crate::platform::ids::{KitTypeId, OrganisationId, ThemeId, UnitId};
use crate::schema::units;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Deserialize;
use std::ops::Range;

/// The question whose options are the ages of the children.
pub const AGES: &str = "ages";
/// The question whose options are the goals of the curriculum.
pub const GOALS: &str = "goals";
/// The mark of what nobody in the office has read.
pub const UNREAD: &str = "_unread";
/// The mark of what somebody has starred.
pub const STARRED: &str = "_starred";
/// The mark of what may be shared, and is not yet.
pub const OFFERED: &str = "_offered";
/// The mark of what is shared.
pub const SHARED: &str = "_shared";

/// Letters before a star, at least.
const LEAST_BEGINNING: usize = 3;
/// More words than this are not looked for.
const MOST_WORDS: usize = 16;

/// Which submitted evaluations are asked for: those that answer to all of it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// Only with all of these words, in any form. A word that ends with `*` stands for every word that begins so.
    pub q: Option<String>,
    /// Only about kits of this type.
    pub kit_type_id: Option<KitTypeId>,
    /// Only by this unit.
    pub unit_id: Option<UnitId>,
    /// Only by units of this area.
    pub area: Option<String>,
    /// Only about children of this age: an option of the question `ages`, as `age_4`.
    pub age: Option<String>,
    /// Only about this goal: an option of the question `goals`.
    pub goal: Option<String>,
    /// Only with an answer to this scale question.
    pub scale: Option<String>,
    /// The lowest step of that answer, 1 to 5.
    #[param(minimum = 1, maximum = 5)]
    pub least: Option<i64>,
    /// The highest step of that answer, 1 to 5.
    #[param(minimum = 1, maximum = 5)]
    pub most: Option<i64>,
    /// Only with this theme.
    pub theme_id: Option<ThemeId>,
    /// Only with a star.
    pub starred: Option<bool>,
    /// Only what nobody in the office has read.
    pub unread: Option<bool>,
    /// Only what the unit lets others read, and is not in the idea bank.
    pub offered: Option<bool>,
    /// Only what is in the idea bank.
    pub shared: Option<bool>,
    /// Only submitted on this day or later.
    pub from: Option<NaiveDate>,
    /// Only submitted on this day or earlier.
    pub to: Option<NaiveDate>,
}

/// A word or a mark that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The stem, or the mark.
    pub word: String,
    /// Whatever begins so.
    pub begins: bool,
}

impl From<String> for Term {
    fn from(word: String) -> Self {
        Self { word, begins: false }
    }
}

/// What the index is asked: every group must be answered, by any one of its terms; and the numbers to look among.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Whose evaluations.
    pub organisations: Vec<OrganisationId>,
    /// All of these, each by any one of its terms.
    pub groups: Vec<Vec<Term>>,
    /// Only evaluations whose numbers are in here.
    pub numbers: Range<i64>,
}

impl Wanted {
    /// What organisations have, and nothing in particular.
    pub fn of(organisations: impl IntoIterator<Item = OrganisationId>) -> Self {
        Self { organisations: organisations.into_iter().collect(), groups: Vec::new(), numbers: i64::MIN..i64::MAX }
    }

    /// Asks for this, too.
    pub fn and(&mut self, mark: impl Into<String>) {
        self.groups.push(vec![mark.into().into()]);
    }
}

/// A text as a database can be asked for it: PostgreSQL takes no NUL, and nothing that is stored has one.
pub fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// The mark of a thing with an id.
pub fn id_mark(kind: &str, id: impl Into<uuid::Uuid>) -> String {
    mark(kind, id.into().simple())
}

impl Search {
    /// True when it asks for all that nobody in the office has read, and for nothing else.
    pub fn is_for_unread(&self) -> bool {
        *self == Self { unread: Some(true), ..Self::default() }
    }

    /// What the index is asked for this.
    ///
    /// # Errors
    /// `field.range` for a step that is none, or when the database fails.
    pub fn wanted(&self, conn: &mut Conn, organisation: &Organisation) -> Result<Wanted, Error> {
        let mut wanted = Wanted::of([organisation.id]);
        let said =
            |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        if let Some(q) = said(&self.q) {
            wanted.groups.extend(terms(&q));
        }
        let marks = [
            self.kit_type_id.map(|id| id_mark("type", id)),
            self.unit_id.map(|id| id_mark("unit", id)),
            said(&self.age).map(|age| mark(AGES, age)),
            said(&self.goal).map(|goal| mark(GOALS, goal)),
            self.theme_id.map(|id| id_mark("theme", id)),
            self.starred.filter(|only| *only).map(|_| STARRED.to_owned()),
            self.unread.filter(|only| *only).map(|_| UNREAD.to_owned()),
            self.offered.filter(|only| *only).map(|_| OFFERED.to_owned()),
            self.shared.filter(|only| *only).map(|_| SHARED.to_owned()),
        ];
        marks.into_iter().flatten().for_each(|mark| wanted.and(mark));
        if let Some(area) = said(&self.area) {
            let there: Vec<UnitId> = units::table
                .filter(units::organisation_id.eq(organisation.id).and(units::area.eq(storable(&area))))
                .select(units::id)
                .load(conn)?;
            wanted.groups.push(there.into_iter().map(|unit| id_mark("unit", unit).into()).collect());
        }
        let (least, most) = (self.step("least", self.least, 1)?, self.step("most", self.most, 5)?);
        if let Some(question) = said(&self.scale) {
            wanted.groups.push((least..=most).map(|step| step_mark(&question, step).into()).collect());
        }
        let micros = |day| start_of_day(organisation.zone(), day).utc().timestamp_micros();
        let (from, before) = days(self.from, self.to);
        wanted.numbers = from.map_or(i64::MIN, micros)..before.map_or(i64::MAX, micros);
        Ok(wanted)
    }

    fn step(&self, field: &'static str, step: Option<i64>, usual: i64) -> Result<i64, Error> {
        match step {
            Some(step) if !(1..=5).contains(&step) => {
                Err(FieldError::new(field, "field.range").arg("least", 1).arg("most", 5).into())
            }
            step => Ok(step.unwrap_or(usual)),
        }
    }
}

/// The words of a question, each of which must be there in some form. One without a letter or a digit finds nothing. A star after fewer
/// letters than [`LEAST_BEGINNING`] says nothing: too many words begin so.
fn terms(q: &str) -> Vec<Vec<Term>> {
    let mut groups: Vec<Vec<Term>> = Vec::new();
    for word in q.split_whitespace() {
        let begins = word.ends_with('*') && word.chars().count() > LEAST_BEGINNING;
        let words = stems_of_any_form(word);
        let last = words.len();
        groups.extend((1..).zip(words).map(|(place, mut forms)| {
            let begins = begins && place == last;
            // What begins as the stem is more than its forms.
            forms.truncate(if begins { 1 } else { forms.len() });
            forms.into_iter().map(|word| Term { word, begins }).collect()
        }));
    }
    groups.truncate(MOST_WORDS);
    if groups.is_empty() {
        groups.push(Vec::new());
    }
    groups
}

/// The first and the day after the last day asked for. Days outside the calendar that the databases share are brought
/// inside it; there are no evaluations out there.
pub fn days(from: Option<NaiveDate>, to: Option<NaiveDate>) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let within = |day: NaiveDate| {
        let first = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or(NaiveDate::MIN);
        let last = NaiveDate::from_ymd_opt(9999, 12, 30).unwrap_or(NaiveDate::MAX);
        day.clamp(first, last)
    };
    (from.map(within), to.map(within).and_then(|day| day.succ_opt()))
}

/// The number of a moment, if no other evaluation was submitted just then.
pub fn number_of(at: Instant) -> i64 {
    at.utc().timestamp_micros()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_becomes_stems_and_beginnings() {
        let words = |q: &str| -> Vec<String> {
            let all = terms(q).into_iter().filter_map(|group| group.into_iter().next());
            all.map(|term| if term.begins { format!("{}*", term.word) } else { term.word }).collect()
        };
        assert_eq!(words("Robotarna räknade"), ["robot", "räkn"]);
        assert_eq!(words("bee-bot*"), ["bee", "bot*"]);
        assert_eq!(words("ro* rob*"), ["ro", "rob*"]);
        assert_eq!(words("\"OR\" NEAR( a*b"), ["or", "near", "a", "b"]);
        assert_eq!(terms("😀 *"), [Vec::new()], "finds nothing");
        assert_eq!(terms(&"ord ".repeat(99)).len(), MOST_WORDS);
    }
}
