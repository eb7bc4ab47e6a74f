//! What was written in evaluations, as pages quote it.

use crate::evaluations::answers::{Answer, Answers};
use crate::evaluations::rules::Share;
use crate::evaluations::views::EvaluationView;
use crate::platform::text::Texts;

/// Words of others.
pub struct Tip {
    /// What they wrote.
    pub text: String,
    /// Who, if they want that told, and when.
    pub from: String,
}

/// What a unit wrote for its colleagues, or how it did. The unit's name is left out where it asked for that, unless
/// the reader is one of those for whom it was written.
pub fn quote(evaluation: &EvaluationView, t: Texts, for_developer: bool) -> Option<Tip> {
    let text = ["tips", "how"].iter().find_map(|id| words(&evaluation.answers, id))?;
    let day = t.date(evaluation.submitted_on);
    let named = for_developer || evaluation.share == Share::Named;
    let from = if named { format!("{}, {day}", evaluation.unit.name) } else { day };
    Some(Tip { text: text.to_owned(), from })
}

/// The answer to a question that is answered in words.
pub fn words<'a>(answers: &'a Answers, question: &str) -> Option<&'a str> {
    match answers.get(question) {
        Some(Answer::Text(text)) => Some(text),
        _ => None,
    }
}
