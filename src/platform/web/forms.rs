//! What form templates are made of: fields with their values and errors, choices, tags.

use crate::platform::error::Error;
use crate::platform::text::Texts;

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
        use crate::platform::error::Kind;
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

    /// A field with what was sent in it, and its error.
    pub fn field(&self, name: &str, value: impl Into<String>) -> Field {
        let error = self.0.iter().find(|error| error.field == name).map(|error| error.text.clone());
        Field { value: value.into(), error }
    }
}
