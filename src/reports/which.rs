//! Which terms a report is asked about, over JSON.

use crate::platform::error::{Error, FieldError};
use crate::platform::term::Term;
use crate::reports::rules::Terms;
use chrono::NaiveDate;
use serde::Deserialize;

/// Which terms a report is about.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WhichTerms {
    /// The first term: a year and its half, `2026-1` for January to July, `2026-2` for August to December. The one before
    /// the last unless said.
    from_term: Option<String>,
    /// The last term; this one unless said. At most twenty terms are told of, the last ones.
    to_term: Option<String>,
}

impl WhichTerms {
    /// The terms.
    ///
    /// # Errors
    /// `field.term`.
    pub fn terms(&self, today: NaiveDate) -> Result<Terms, Error> {
        let read = |field: &str, text: &Option<String>| -> Result<Option<Term>, Error> {
            let term = text.as_deref().map(str::parse).transpose();
            term.map_err(|()| FieldError::new(field, "field.term").into())
        };
        let (from, to) = (read("from_term", &self.from_term)?, read("to_term", &self.to_term)?);
        let to = to.unwrap_or_else(|| Term::of(today));
        Ok(Terms::between(from.unwrap_or_else(|| to.before(1)), to))
    }
}
