//! The answers of one evaluation, as they arrive: from JSON, or from the fields of a page.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::form::{Form, Kind};

/// Answers by question id.
pub type Answers = BTreeMap<String, Answer>;

/// Answers that are only passed on, as they are stored: PostgreSQL has spaces and another order in its JSON than SQLite.
pub type AsStored = Box<RawValue>;

/// How answers are told: read, or as they are stored.
pub trait Told: DeserializeOwned + fmt::Debug + Send + 'static {}

impl Told for Answers {}

impl Told for AsStored {}

/// One answer. Any JSON value can be read into it, so that a wrong one is refused by the rules, which name its field,
/// and not by the parser, which cannot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, from = "Value")]
pub enum Answer {
    /// A number, or a step of a scale.
    Number(i64),
    /// A text, the value of an option, or [`DONT_KNOW`](super::form::DONT_KNOW).
    Text(String),
    /// Values of options.
    List(Vec<String>),
    /// `null`, which is no answer, or something that answers no kind of question.
    Other(Value),
}

impl From<Value> for Answer {
    fn from(value: Value) -> Self {
        match value {
            Value::Number(number) => number.as_i64().map_or(Self::Other(Value::Number(number)), Self::Number),
            Value::String(text) => Self::Text(text),
            Value::Array(values) if values.iter().all(Value::is_string) => {
                let texts = values.into_iter().filter_map(|value| match value {
                    Value::String(text) => Some(text),
                    _ => None,
                });
                Self::List(texts.collect())
            }
            other => Self::Other(other),
        }
    }
}

impl Answer {
    /// No answer.
    pub const NONE: Self = Self::Other(Value::Null);

    /// Whether this is no answer.
    pub fn is_none(&self) -> bool {
        *self == Self::NONE
    }

    /// Whether this is, or contains, the value: for marking the options that were chosen.
    pub fn includes(&self, value: &str) -> bool {
        match self {
            Self::Number(number) => number.to_string() == value,
            Self::Text(text) => text == value,
            Self::List(values) => values.iter().any(|one| one == value),
            Self::Other(_) => false,
        }
    }
}

/// The answer as a form field's value; a list is joined with commas.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
            Self::List(values) => f.write_str(&values.join(", ")),
            Self::Other(_) => Ok(()),
        }
    }
}

/// Reads the fields of a submitted page. A repeated field is a list where the question takes several choices, and
/// otherwise its last value counts. Blank fields, and fields that are no question of the form, are left out.
pub fn from_form(form: &Form, pairs: &[(String, String)]) -> Answers {
    let mut answers = Answers::new();
    for (name, value) in pairs {
        let Some(question) = form.question(name) else {
            continue;
        };
        if value.trim().is_empty() {
            continue;
        }
        if question.kind == Kind::Choices {
            let list = answers.entry(name.clone()).or_insert_with(|| Answer::List(Vec::new()));
            if let Answer::List(values) = list {
                values.push(value.clone());
            }
        } else {
            answers.insert(name.clone(), Answer::Text(value.clone()));
        }
    }
    answers
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
    }

    #[test]
    fn reads_every_kind_of_json() {
        let answers: Answers = serde_json::from_str(
            r#"{"a": 4, "b": "yes", "c": ["x", "y"], "d": null, "e": 1.5, "f": [1, "x"], "g": {"h": true}}"#,
        )
        .unwrap();
        assert_eq!(answers["a"], Answer::Number(4));
        assert_eq!(answers["b"], Answer::Text("yes".into()));
        assert_eq!(answers["c"], Answer::List(vec!["x".into(), "y".into()]));
        for other in ["d", "e", "f", "g"] {
            assert!(matches!(answers[other], Answer::Other(_)), "{other}");
        }
    }

    #[test]
    fn reads_the_fields_of_a_page() {
        let form = Form::default_form().unwrap();
        let answers = from_form(
            &form,
            &pairs(&[
                ("csrf", "secret"),
                ("used", "no"),
                ("used", "once"),
                ("ages", "age_3"),
                ("ages", "age_4"),
                ("children", "14"),
                ("how", "  "),
                ("fun", "5"),
            ]),
        );
        let expected: Answers =
            serde_json::from_str(r#"{"used": "once", "ages": ["age_3", "age_4"], "children": "14", "fun": "5"}"#)
                .unwrap();
        assert_eq!(answers, expected);
    }

    #[test]
    fn knows_what_it_includes() {
        assert!(Answer::Number(4).includes("4"));
        assert!(Answer::Text("yes".into()).includes("yes"));
        assert!(Answer::List(vec!["age_3".into(), "age_4".into()]).includes("age_4"));
        assert!(!Answer::Other(Value::Null).includes(""));
    }
}
