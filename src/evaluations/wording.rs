//! What was written in evaluations, as pages quote it, and what they add up to, as pages write it.

use crate::evaluations::answers::{Answer, Answers};
use crate::evaluations::form::Kind;
use crate::evaluations::rules::Share;
use crate::evaluations::views::{EvaluationView, FormView, QuestionView, SummaryView};
use crate::platform::text::{Lang, Texts};
use crate::platform::web::forms::Choice;

/// With fewer answers than this it is not shown what they thought: that would say more about a preschool than about
/// the kit.
pub const FEWEST_ANSWERS: i64 = 5;

/// Words of others.
pub struct Tip {
    /// What they wrote.
    pub text: String,
    /// Who, if they want that told, and when.
    pub from: String,
}

/// How the answers to a question spread, as pages show it.
pub struct Distribution {
    /// The question.
    pub label: String,
    /// How many answered, in words; on a scale, how many chose a step.
    pub counted: String,
    /// The mean of a scale that enough answers stand behind.
    pub mean: Option<String>,
    /// Too few stand behind it for the mean and the bars to be shown.
    pub too_few: bool,
    /// How many chose "don't know".
    pub unknown: i64,
    /// Each option.
    pub bars: Vec<Bar>,
}

/// A bar with its number.
pub struct Bar {
    /// What it is.
    pub label: String,
    /// How many.
    pub count: i64,
    /// Its length, 0 to 100.
    pub percent: i64,
}

/// Who reads what a unit wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Those for whom it was written.
    Developer,
    /// Other preschools, to whom the unit may have given its name.
    Colleague,
    /// Anybody: nobody was asked whether they may know the name.
    Everyone,
}

/// What a unit wrote for its colleagues, or how it did. The unit's name is left out where it was not given to the reader.
pub fn quote(evaluation: &EvaluationView, t: Texts, reader: Reader) -> Option<Tip> {
    let text = ["tips", "how"].iter().find_map(|id| words(&evaluation.answers, id))?;
    let named = match reader {
        Reader::Developer => true,
        Reader::Colleague => evaluation.share == Share::Named,
        Reader::Everyone => false,
    };
    let from = match named {
        true => format!("{}, {}", evaluation.unit.name, t.date(evaluation.submitted_on)),
        // The day would tell who had such a kit just then.
        false => t.month(evaluation.submitted_on),
    };
    Some(Tip { text: text.to_owned(), from })
}

/// What can be chosen, with what is chosen.
pub fn choices(question: &QuestionView, answer: Option<&Answer>) -> Vec<Choice> {
    question
        .options
        .iter()
        .map(|option| {
            let value = option.value.to_string();
            let checked = answer.is_some_and(|answer| answer.includes(&value));
            Choice { value, label: option.label.clone(), checked }
        })
        .collect()
}

/// A question and its answer in words.
pub struct Answered {
    /// The question.
    pub question: String,
    /// The answer.
    pub text: String,
    /// It is written in words of their own.
    pub long: bool,
}

/// Every question that has an answer, in the form's order.
pub fn answered(form: &FormView, answers: &Answers) -> Vec<Answered> {
    let asked = form.questions.iter().filter_map(|question| {
        let text = in_words(question, answers.get(&question.id)?);
        Some(Answered { question: question.label.clone(), text, long: question.kind == Kind::Text })
    });
    asked.collect()
}

/// An answer in the words of the form.
pub fn in_words(question: &QuestionView, answer: &Answer) -> String {
    let chosen: Vec<String> = choices(question, Some(answer))
        .into_iter()
        .filter(|choice| choice.checked)
        .map(|choice| choice.label)
        .collect();
    if chosen.is_empty() { answer.to_string() } else { chosen.join(", ") }
}

/// The answer to a question that is answered in words.
pub fn words<'a>(answers: &'a Answers, question: &str) -> Option<&'a str> {
    match answers.get(question) {
        Some(Answer::Text(text)) => Some(text),
        _ => None,
    }
}

/// A mean that enough answers stand behind.
pub fn shown_mean(scale: &SummaryView, lang: Lang) -> Option<String> {
    scale.mean.filter(|_| scale.n >= FEWEST_ANSWERS).map(|mean| decimal(mean, lang))
}

/// A number with one decimal, as the language writes it.
pub fn decimal(number: f64, lang: Lang) -> String {
    let text = format!("{number:.1}");
    if lang == Lang::En { text } else { text.replace('.', ",") }
}

/// A part in whole percent, rounded; nothing of nothing is 0.
pub fn percent(part: i64, whole: i64) -> i64 {
    if whole <= 0 { 0 } else { part.saturating_mul(100).saturating_add(whole / 2) / whole }
}

/// How many of those who answered think so, once they are enough.
pub fn opinion(part: i64, whole: i64, t: Texts) -> String {
    share_of(part, if whole < FEWEST_ANSWERS { 0 } else { whole }, t)
}

/// A part in percent, as the language writes it; a dash for a part of nothing.
pub fn share_of(part: i64, whole: i64, t: Texts) -> String {
    match (whole, t.lang) {
        (0, _) => "–".to_owned(),
        (_, Lang::En) => format!("{}%", percent(part, whole)),
        _ => format!("{}\u{a0}%", percent(part, whole)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_each_language_does() {
        assert_eq!(decimal(4.25, Lang::Sv), "4,2");
        assert_eq!(decimal(4.0, Lang::En), "4.0");
        assert_eq!(share_of(2, 3, Texts::new(Lang::Sv)), "67\u{a0}%");
        assert_eq!(share_of(1, 8, Texts::new(Lang::En)), "13%");
        assert_eq!(share_of(0, 0, Texts::new(Lang::Da)), "–");
    }
}
