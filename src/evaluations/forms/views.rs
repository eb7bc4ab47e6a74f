//! Versions of the form and its draft, as the API tells them and as templates read them.

use crate::evaluations::form::Form;
use crate::evaluations::forms::rules::Untranslated;
use crate::platform::db::types::Instant;
use crate::platform::ids::FormVersionId;
use crate::platform::text::Lang;
use serde::Serialize;

/// A version of the form.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FormVersionView {
    /// The version.
    pub id: FormVersionId,
    /// Counts from 1.
    pub version: i32,
    /// Since when kits that are handed out are evaluated on it, until there is a newer one.
    pub published_at: Instant,
    /// Who published it; none for the first one, and for somebody who is not here any more.
    pub published_by: Option<String>,
    /// How many evaluations have been submitted on it.
    pub evaluations: i64,
    /// It is the newest one.
    pub newest: bool,
}

/// A version of the form with all that it asks, in all languages.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FormVersionDetails {
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub version: FormVersionView,
    /// The form.
    pub form: Form,
}

/// The draft of the next version.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FormDraftView {
    /// Counts the changes; send it as `If-Match`.
    pub version: i32,
    /// The version that it follows.
    pub follows: i32,
    /// When it was last changed.
    pub changed_at: Instant,
    /// By whom; none for somebody who is not here any more.
    pub changed_by: Option<String>,
    /// The form.
    pub form: Form,
    /// Texts without a translation. Where there is none, the Swedish words are shown.
    pub untranslated: Vec<UntranslatedView>,
}

/// A text that lacks a translation.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct UntranslatedView {
    /// The question it belongs to.
    pub question_id: String,
    /// The Swedish words.
    pub words: String,
    /// The language that is missing.
    pub language: Lang,
}

impl From<Untranslated> for UntranslatedView {
    fn from(found: Untranslated) -> Self {
        Self { question_id: found.question, words: found.words, language: found.lang }
    }
}
