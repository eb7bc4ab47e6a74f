//! What form templates are made of: fields with their values and errors, choices, tags.

use crate::platform::error::{Error, Kind};
use crate::platform::text::Texts;
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde::Deserialize;

/// A form field's value, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// What stands in the field.
    pub value: String,
    /// What is wrong with it.
    pub error: Option<String>,
}

/// One line of the summary of errors.
#[derive(Debug, Clone)]
pub struct FieldError {
    /// The input's name.
    pub field: String,
    /// What is wrong with it.
    pub text: String,
}

/// One choice of a list, of radio buttons or of check boxes.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// It is chosen.
    pub checked: bool,
}

/// A small coloured label; the words say what the colour says.
#[derive(Debug, Clone)]
pub struct Tag {
    /// `success`, `warning`, `danger`, `info`, `accent` or `neutral`.
    pub color: &'static str,
    /// An icon of `icons.svg`.
    pub icon: &'static str,
    /// The words.
    pub text: String,
}

/// What was wrong with a form that was sent, told in the reader's language. Empty for a form not yet sent.
#[derive(Debug, Clone, Default)]
pub struct Errors(pub Vec<FieldError>);

impl Errors {
    /// The user's mistakes in an error. A problem without fields is told about the form as a whole.
    ///
    /// # Errors
    /// A fault, or a problem that is not about the form, is given back.
    pub fn of(error: Error, t: Texts) -> Result<Self, Error> {
        match error {
            Error::Problem(problem) if problem.kind == Kind::Invalid => Ok(Self(
                problem
                    .fields
                    .iter()
                    .map(|field| FieldError { field: field.field.clone(), text: t.field(field) })
                    .collect(),
            )),
            Error::Problem(problem) if problem.kind == Kind::Refused => {
                Ok(Self(vec![FieldError { field: "form".to_owned(), text: t.problem(&problem) }]))
            }
            other => Err(other),
        }
    }

    /// The lines of the summary, each with the name of its field: several of them may say the same.
    pub fn named(self, label: impl Fn(&str) -> Option<String>) -> Vec<FieldError> {
        let line = |error: FieldError| match label(&error.field) {
            Some(label) => FieldError { text: format!("{label} – {}", error.text), ..error },
            None => error,
        };
        self.0.into_iter().map(line).collect()
    }

    /// A field with what was sent in it, and its error.
    pub fn field(&self, name: &str, value: impl Into<String>) -> Field {
        let error = self.0.iter().find(|error| error.field == name).map(|error| error.text.clone());
        Field { value: value.into(), error }
    }
}

/// The summary of what is wrong with a form; `labels` are the keys of its fields' labels, by their names.
pub fn summary(errors: Errors, t: Texts, labels: &[(&str, &str)]) -> Vec<FieldError> {
    errors.named(|field| labels.iter().find(|(name, _)| *name == field).map(|(_, key)| t.s(key)))
}

/// Why a form was not taken, to be shown in the form itself, and the answer's head. When somebody else was faster, what
/// was typed stays, and saving once more is a choice.
///
/// # Errors
/// A fault, or a problem that is not about the form, is given back.
pub fn refused(error: Error, t: Texts) -> Result<(Errors, HttpResponseBuilder), Error> {
    let builder = HttpResponse::build(error.status_code());
    match error {
        Error::Problem(problem) if problem.kind == Kind::ChangedMeanwhile => {
            let text = t.s("common-changed-meanwhile");
            Ok((Errors(vec![FieldError { field: "form".to_owned(), text }]), builder))
        }
        error => Ok((Errors::of(error, t)?, builder)),
    }
}

/// What stands in a form's fields: as it was sent, or as it is filled before anyone has sent it. A name occurs as often
/// as it was chosen.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Sent(Vec<(String, String)>);

impl Sent {
    /// The same with one more field.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.0.push((name.to_owned(), value.to_string()));
        self
    }

    /// The text of a field; empty when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(sent, _)| sent == name).map_or("", |(_, value)| value)
    }

    /// Every value of a name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(sent, _)| sent == name).map(|(_, value)| value.as_str())
    }

    /// True when this choice of a list was made.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|sent| sent == value)
    }

    /// A whole number; none for an empty field. What is no number becomes one that is out of every range, so that the
    /// rules tell it together with the other fields.
    pub fn number(&self, name: &str) -> Option<i32> {
        whole_number(self.text(name))
    }

    /// The version of the thing that the form was filled from.
    ///
    /// # Errors
    /// `request.changed_meanwhile` when it is none.
    pub fn version(&self) -> Result<Option<i32>, Error> {
        self.text("version").parse().map(Some).map_err(|_| Error::changed_meanwhile())
    }
}

/// A whole number as [`Sent::number`] reads it.
pub fn whole_number(text: &str) -> Option<i32> {
    match text.trim() {
        "" => None,
        text => Some(text.parse().unwrap_or(i32::MIN)),
    }
}

/// The choices of a list.
pub fn choices<T: Copy + ToString>(all: &[T], label: impl Fn(T) -> String, checked: impl Fn(T) -> bool) -> Vec<Choice> {
    let choice = |one: &T| Choice { value: one.to_string(), label: label(*one), checked: checked(*one) };
    all.iter().map(choice).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_by_name() {
        let sent =
            Sent::default().with("name", " Lyktan ").with("roles", "admin").with("roles", "borrower").with("n", "x");
        assert_eq!(sent.text("name"), " Lyktan ");
        assert_eq!(sent.text("area"), "");
        assert!(sent.has("roles", "borrower") && !sent.has("roles", "warehouse"));
        assert_eq!(sent.number("area"), None);
        assert_eq!(sent.number("n"), Some(i32::MIN));
        assert_eq!(whole_number(" 12 "), Some(12));
        assert!(sent.version().is_err());
        assert_eq!(sent.with("version", 3).version().unwrap(), Some(3));
    }
}
