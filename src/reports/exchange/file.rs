//! The file that municipalities give each other: for each kit type what many said of it, and nothing that fewer than five did.
//! No unit, no text, no person. What a file is, and what a file may hold, is decided here.

use crate::evaluations::wording::FEWEST_ANSWERS;
use crate::platform::error::FieldError;
use crate::platform::term::Term;
use crate::reports::rules::Part;
use serde::{Deserialize, Serialize};

/// What every file says it is.
pub const FORMAT: &str = "digilador-exchange";
/// The version of the format. One that changes the meaning of what is there is another version.
pub const VERSION: u32 = 1;
/// The most kit types in a file.
const MOST_TYPES: usize = 1000;
/// The most questions of a kit type.
const MOST_QUESTIONS: usize = 50;
/// The longest name.
const LONGEST: usize = 200;
/// The largest number of anything.
const MOST: i64 = 1_000_000_000;

/// Figures of one municipality for others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExchangeFile {
    /// `digilador-exchange`.
    pub format: String,
    /// 1.
    pub version: u32,
    /// Whose figures they are.
    #[schema(min_length = 1, max_length = 200)]
    pub municipality: String,
    /// The first term that they tell of: a year and its half, as `2026-1`.
    #[schema(value_type = String)]
    pub from_term: Term,
    /// The last one.
    #[schema(value_type = String)]
    pub to_term: Term,
    /// Kit types with at least five evaluations.
    #[schema(max_items = 1000)]
    pub kit_types: Vec<ExchangeType>,
}

/// What a municipality says of a kit type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExchangeType {
    /// What the kit type is called.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Evaluations.
    #[schema(minimum = 5, maximum = 1_000_000_000_i64)]
    pub evaluations: i64,
    /// Those that say that the kit was used at all.
    pub used: Part,
    /// Would borrow it again; null when fewer than five said whether they would.
    pub again: Option<Part>,
    /// Parts that were missing or broken for each ten loans; null for fewer than five loans.
    #[schema(minimum = 0)]
    pub lost_per_10_loans: Option<f64>,
    /// Questions with steps that at least five answered.
    #[schema(max_items = 50)]
    pub questions: Vec<ExchangeQuestion>,
}

/// How the answers to a question with steps spread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExchangeQuestion {
    /// The question's id in the form that all begin with, as `fun`.
    #[schema(min_length = 1, max_length = 200)]
    pub id: String,
    /// How many chose a step.
    #[schema(minimum = 5, maximum = 1_000_000_000_i64)]
    pub n: i64,
    /// How many chose each step, from 1 to 5.
    #[schema(min_items = 5, max_items = 5)]
    pub distribution: Vec<i64>,
}

impl ExchangeQuestion {
    /// The mean of the steps, 1 to 5.
    pub fn mean(&self) -> f64 {
        let sum: i64 = (1..).zip(&self.distribution).map(|(step, count)| step * count).sum();
        sum as f64 / self.n.max(1) as f64
    }
}

/// What kit types are compared by: the words of the name before its first comma or bracket, so that "Bee-Bot, 6 robotar" and
/// "Bee-bot (4 st)" are one.
pub fn key(name: &str) -> String {
    let kind = name.split([',', '(', '[']).find(|part| part.chars().any(char::is_alphanumeric)).unwrap_or(name);
    let words = kind.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

/// Looks through a file from outside: whatever is in it may be told to people afterwards.
///
/// # Errors
/// `exchange.format`, `exchange.version`, `field.missing`, `field.too_long`, and `exchange.figures` for numbers that cannot be,
/// or that tell of fewer than five.
pub fn check(file: &ExchangeFile) -> Result<(), Vec<FieldError>> {
    let mut wrong = Vec::new();
    if file.format != FORMAT {
        wrong.push(FieldError::new("format", "exchange.format"));
    }
    if file.version != VERSION {
        wrong.push(FieldError::new("version", "exchange.version"));
    }
    match file.municipality.trim() {
        "" => wrong.push(FieldError::new("municipality", "field.missing")),
        name if !is_line(name) => wrong.push(FieldError::new("municipality", "exchange.name")),
        _ => {}
    }
    if file.from_term > file.to_term {
        wrong.push(FieldError::new("to_term", "exchange.figures"));
    }
    if file.kit_types.len() > MOST_TYPES {
        wrong.push(FieldError::new("kit_types", "exchange.figures"));
    }
    for (place, one) in file.kit_types.iter().enumerate().take(MOST_TYPES) {
        if !is_line(&one.name) || key(&one.name).is_empty() {
            wrong.push(FieldError::new(format!("kit_types[{place}].name"), "exchange.name"));
        }
        if !is_possible(one) {
            wrong.push(FieldError::new(format!("kit_types[{place}]"), "exchange.figures"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

fn is_line(text: &str) -> bool {
    text.chars().count() <= LONGEST && !text.chars().any(char::is_control)
}

fn is_possible(one: &ExchangeType) -> bool {
    let enough = |n: i64| (FEWEST_ANSWERS..=MOST).contains(&n);
    let part = |part: &Part| enough(part.of) && (0..=part.of).contains(&part.count);
    let question = |question: &ExchangeQuestion| {
        let counts = question.distribution.iter().all(|count| (0..=MOST).contains(count));
        let line = is_line(&question.id) && !question.id.is_empty();
        line && enough(question.n)
            && question.distribution.len() == 5
            && counts
            && question.distribution.iter().sum::<i64>() == question.n
    };
    enough(one.evaluations)
        && part(&one.used)
        && one.again.as_ref().is_none_or(part)
        && one.lost_per_10_loans.is_none_or(|lost| (0.0..=1e6).contains(&lost))
        && one.questions.len() <= MOST_QUESTIONS
        && one.questions.iter().all(question)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn file() -> ExchangeFile {
        serde_json::from_value(serde_json::json!({
            "format": FORMAT, "version": 1, "municipality": "Mosevang Kommune", "from_term": "2026-1", "to_term": "2026-2",
            "kit_types": [{
                "name": "Bee-Bot", "evaluations": 7, "used": { "count": 6, "of": 7 }, "again": null, "lost_per_10_loans": 1.5,
                "questions": [{ "id": "fun", "n": 6, "distribution": [0, 0, 1, 2, 3] }]
            }]
        }))
        .unwrap()
    }

    #[test]
    fn names_are_compared_by_their_kind() {
        for name in ["Bee-Bot, 6 robotar", "bee-bot (4 st)", "BEE BOT", " Bee-Bot "] {
            assert_eq!(key(name), "bee-bot", "{name}");
        }
        assert_eq!(
            (key("Ljusbord och skuggor"), key("(micro:bit)"), key("🤖")),
            ("ljusbord-och-skuggor".into(), "micro-bit".into(), "".into())
        );
        assert_ne!(key("Låda"), key("Lada"));
    }

    #[test]
    fn a_file_tells_of_nobody_and_of_nothing_that_cannot_be() {
        assert_eq!(check(&file()), Ok(()));
        assert!((file().kit_types[0].questions[0].mean() - 26.0 / 6.0).abs() < 1e-9);
        let odd: [fn(&mut ExchangeFile); 12] = [
            |file| file.format = "x".into(),
            |file| file.version = 2,
            |file| file.municipality = " ".into(),
            |file| file.municipality = "a\nb".into(),
            |file| std::mem::swap(&mut file.from_term, &mut file.to_term),
            |file| file.kit_types[0].name = "🤖".into(),
            |file| file.kit_types[0].evaluations = 4,
            |file| file.kit_types[0].used.count = 8,
            |file| file.kit_types[0].again = Some(Part { count: 1, of: 4 }),
            |file| file.kit_types[0].lost_per_10_loans = Some(-1.0),
            |file| file.kit_types[0].questions[0].distribution[4] = 4,
            |file| file.kit_types[0].questions[0].distribution = vec![i64::MAX; 5],
        ];
        for (place, change) in odd.into_iter().enumerate() {
            let mut file = file();
            change(&mut file);
            assert!(check(&file).is_err(), "{place}");
        }
    }
}
