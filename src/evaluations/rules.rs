//! The rules of an evaluation: what is asked, what is an answer, when it can be submitted, and how scales add up.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{Datelike, Months, NaiveDate};
use serde::Serialize;

use super::answers::{Answer, Answers};
use super::form::{DONT_KNOW, Form, Kind, Question};
use crate::platform::db::types::text_enum;
use crate::platform::error::FieldError;

// Questions and answers of the default form that the product itself understands.
const USED: &str = "used";
const NOT_USED: &str = "no";
const CHILDREN: &str = "children";
/// The question of how far the answers may go.
pub const SHARE: &str = "share";

/// A required question has no answer.
pub const ANSWER_MISSING: &str = "evaluation.answer_missing";
/// The form has no such question.
pub const UNKNOWN_QUESTION: &str = "evaluation.unknown_question";
/// The answer is none of the question's options.
pub const NOT_A_CHOICE: &str = "evaluation.not_a_choice";
/// The question takes a list of options.
pub const NOT_A_LIST: &str = "evaluation.not_a_list";
/// The question takes a whole number.
pub const NOT_A_NUMBER: &str = "evaluation.not_a_number";
/// The question takes a text.
pub const NOT_A_TEXT: &str = "evaluation.not_a_text";
/// The number is smaller than `min`.
pub const TOO_SMALL: &str = "evaluation.too_small";
/// The number is larger than `max`.
pub const TOO_LARGE: &str = "evaluation.too_large";
/// More than `max` options are chosen.
pub const TOO_MANY_CHOICES: &str = "evaluation.too_many_choices";
/// The text has more than `max` characters.
pub const TOO_LONG: &str = "evaluation.too_long";

/// Characters in a text whose question sets no limit of its own.
const TEXT_LIMIT: u32 = 2000;

text_enum! {
    /// How far a preschool lets its answers go; the words are also the options of the form's question.
    pub enum Share {
        /// To other preschools, with its own name.
        Named = "named",
        /// To other preschools, without its name.
        Anonymous = "anonymous",
        /// To the developers only; also when nothing was said.
        No = "no",
    }
}

/// An evaluation that may be submitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Submission {
    /// The answers, cleaned, without those that do not belong.
    pub answers: Answers,
    /// Each answered scale question: its step 1 to 5, or `None` for "don't know".
    pub scales: Vec<(String, Option<i16>)>,
    /// Each answer that can be counted, with its question: options, one by one, and steps.
    pub counted: Vec<(String, String)>,
    /// Whether the kit was used at all.
    pub used: bool,
    /// About how many children tried it.
    pub children: Option<i32>,
    /// How far the answers may go.
    pub share: Share,
}

/// The questions to ask, given the answers so far (cleaned), in the form's order.
pub fn shown<'a>(form: &'a Form, answers: &Answers) -> Vec<&'a Question> {
    let mut asked = Asked::default();
    form.questions.iter().filter(|question| asked.decide(question, answers) == Asking::Yes).collect()
}

/// True for a question that an answer given rules out.
pub fn is_ruled_out(form: &Form, answers: &Answers, id: &str) -> bool {
    let mut asked = Asked::default();
    form.questions.iter().any(|question| asked.decide(question, answers) == Asking::No && question.id == id)
}

/// Puts a draft's answers in order: texts trimmed, numbers as numbers, options in the form's order; empty answers are
/// dropped. An answer stays while another one rules its question out: a thumb that slips to "no" takes no text away.
///
/// Every answer that cannot be taken is named, unless its question is ruled out.
pub fn clean(form: &Form, answers: &Answers) -> Result<Answers, Vec<FieldError>> {
    let (cleaned, errors) = examine(form, answers);
    if errors.is_empty() { Ok(cleaned) } else { Err(errors) }
}

/// Cleans the answers, drops those to questions that are not asked, and demands one for every required question that is.
/// Every answer that is missing or cannot be taken is named, in the form's order.
pub fn submit(form: &Form, answers: &Answers) -> Result<Submission, Vec<FieldError>> {
    let (mut answers, mut errors) = examine(form, answers);
    let asked = shown(form, &answers);
    answers.retain(|id, _| asked.iter().any(|question| question.id == *id));
    for question in asked {
        let refused = errors.iter().any(|error| error.field == question.id);
        if question.required && !refused && !answers.contains_key(&question.id) {
            errors.push(FieldError::new(&question.id, ANSWER_MISSING));
        }
    }
    if !errors.is_empty() {
        errors.sort_by_key(|error| form.questions.iter().position(|question| question.id == error.field));
        return Err(errors);
    }
    let scales = form
        .questions
        .iter()
        .filter(|question| question.kind == Kind::Scale)
        .filter_map(|question| Some((question.id.clone(), step(answers.get(&question.id)?))))
        .collect();
    let share = text(&answers, SHARE).and_then(|word| word.parse().ok()).unwrap_or(Share::No);
    let children = match answers.get(CHILDREN) {
        Some(Answer::Number(number)) => i32::try_from(*number).ok(),
        _ => None,
    };
    let counted = counted(form, &answers);
    Ok(Submission { scales, counted, used: text(&answers, USED) != Some(NOT_USED), children, share, answers })
}

/// The answers that can be counted, each with its question.
fn counted(form: &Form, answers: &Answers) -> Vec<(String, String)> {
    let questions = form.questions.iter().filter(|question| !matches!(question.kind, Kind::Number | Kind::Text));
    let given = questions.filter_map(|question| Some((question, answers.get(&question.id)?)));
    let each = given.flat_map(|(question, answer)| {
        let chosen = match answer {
            Answer::List(values) => values.clone(),
            one => vec![one.to_string()],
        };
        chosen.into_iter().map(|value| (question.id.clone(), value))
    });
    each.collect()
}

/// Whether a question is asked.
#[derive(Clone, Copy, PartialEq)]
enum Asking {
    Yes,
    /// The answer that decides it is not there yet.
    Open,
    No,
}

/// What is decided about the questions so far. A condition looks at a question further up only, so one pass in the
/// form's order is enough, and a form whose conditions point in a circle does no harm.
#[derive(Default)]
struct Asked<'a>(BTreeMap<&'a str, Asking>);

impl<'a> Asked<'a> {
    fn decide(&mut self, question: &'a Question, answers: &Answers) -> Asking {
        let asking = match &question.when {
            None => Asking::Yes,
            Some(when) => match (self.0.get(when.question.as_str()), answers.get(&when.question)) {
                (Some(Asking::No), _) => Asking::No,
                (Some(Asking::Yes), Some(answer)) => {
                    if when.is.iter().any(|value| answer.includes(value)) {
                        Asking::Yes
                    } else {
                        Asking::No
                    }
                }
                _ => Asking::Open,
            },
        };
        self.0.insert(&question.id, asking);
        asking
    }
}

/// The answers that can be taken, and what is wrong with the others.
fn examine(form: &Form, answers: &Answers) -> (Answers, Vec<FieldError>) {
    let mut cleaned = Answers::new();
    let mut errors = Vec::new();
    let mut asked = Asked::default();
    for question in &form.questions {
        let asking = asked.decide(question, &cleaned);
        let Some(answer) = answers.get(&question.id) else {
            continue;
        };
        match take(question, answer) {
            Ok(Some(answer)) => {
                cleaned.insert(question.id.clone(), answer);
            }
            Err(error) if asking != Asking::No => errors.push(error),
            _ => {}
        }
    }
    for key in answers.keys() {
        if form.question(key).is_none() {
            errors.push(FieldError::new(key, UNKNOWN_QUESTION));
        }
    }
    (cleaned, errors)
}

/// One answer as it is kept; `None` if it is empty.
///
/// # Errors
/// What is wrong with it.
pub fn take(question: &Question, answer: &Answer) -> Result<Option<Answer>, FieldError> {
    let answer = match answer {
        Answer::Other(serde_json::Value::Null) => return Ok(None),
        Answer::Text(text) => Answer::Text(tidy(text)),
        other => other.clone(),
    };
    if answer == Answer::Text(String::new()) {
        return Ok(None);
    }
    match question.kind {
        Kind::Choice => take_choice(question, answer).map(Some),
        Kind::Choices => take_choices(question, &answer),
        Kind::Scale => take_step(question, &answer).map(Some),
        Kind::Number => take_number(question, &answer).map(Some),
        Kind::Text => take_text(question, answer).map(Some),
    }
}

fn take_choice(question: &Question, answer: Answer) -> Result<Answer, FieldError> {
    match answer {
        Answer::Text(value) if question.options.iter().any(|option| option.value == value) => Ok(Answer::Text(value)),
        _ => Err(FieldError::new(&question.id, NOT_A_CHOICE)),
    }
}

/// The chosen options, each once, in the form's order.
fn take_choices(question: &Question, answer: &Answer) -> Result<Option<Answer>, FieldError> {
    let Answer::List(values) = answer else {
        return Err(FieldError::new(&question.id, NOT_A_LIST));
    };
    let is_option = |value: &String| question.options.iter().any(|option| option.value == *value);
    if !values.iter().all(is_option) {
        return Err(FieldError::new(&question.id, NOT_A_CHOICE));
    }
    let options = question.options.iter().map(|option| option.value.clone());
    let chosen: Vec<String> = options.filter(|value| values.contains(value)).collect();
    match question.max_choices {
        Some(max) if chosen.len() > max as usize => {
            Err(FieldError::new(&question.id, TOO_MANY_CHOICES).arg("max", i64::from(max)))
        }
        _ => Ok((!chosen.is_empty()).then_some(Answer::List(chosen))),
    }
}

fn take_step(question: &Question, answer: &Answer) -> Result<Answer, FieldError> {
    match number(answer) {
        Some(step) if (1..=5).contains(&step) => Ok(Answer::Number(step)),
        None if *answer == Answer::Text(DONT_KNOW.to_owned()) => Ok(answer.clone()),
        _ => Err(FieldError::new(&question.id, NOT_A_CHOICE)),
    }
}

fn take_number(question: &Question, answer: &Answer) -> Result<Answer, FieldError> {
    let number = number(answer).ok_or_else(|| FieldError::new(&question.id, NOT_A_NUMBER))?;
    if let Some(min) = question.min.filter(|min| number < *min) {
        return Err(FieldError::new(&question.id, TOO_SMALL).arg("min", min));
    }
    if let Some(max) = question.max.filter(|max| number > *max) {
        return Err(FieldError::new(&question.id, TOO_LARGE).arg("max", max));
    }
    Ok(Answer::Number(number))
}

fn take_text(question: &Question, answer: Answer) -> Result<Answer, FieldError> {
    let Answer::Text(text) = answer else {
        return Err(FieldError::new(&question.id, NOT_A_TEXT));
    };
    let max = question.max_length.unwrap_or(TEXT_LIMIT);
    if text.chars().count() > max as usize {
        return Err(FieldError::new(&question.id, TOO_LONG).arg("max", i64::from(max)));
    }
    Ok(Answer::Text(text))
}

/// A text as it is kept: trimmed, lines ending as browsers count them, without control characters, which PostgreSQL
/// and spreadsheets refuse.
fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|character| matches!(character, '\n' | '\t') || !character.is_control())
        .collect::<String>()
        .trim()
        .to_owned()
}

fn number(answer: &Answer) -> Option<i64> {
    match answer {
        Answer::Number(number) => Some(*number),
        Answer::Text(text) => text.parse().ok(),
        _ => None,
    }
}

fn step(answer: &Answer) -> Option<i16> {
    number(answer).and_then(|step| i16::try_from(step).ok())
}

fn text<'a>(answers: &'a Answers, id: &str) -> Option<&'a str> {
    match answers.get(id) {
        Some(Answer::Text(text)) => Some(text),
        _ => None,
    }
}

/// What many answers to one scale question say together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScaleSummary {
    /// The question.
    pub question_id: String,
    /// How many chose a step.
    pub n: i64,
    /// How many chose "don't know"; they count in neither `n` nor `mean`.
    pub dont_know: i64,
    /// The mean of the chosen steps, 1 to 5; `None` when nobody chose one.
    pub mean: Option<f64>,
    /// How many chose each step, from 1 to 5.
    pub distribution: [i64; 5],
}

impl ScaleSummary {
    /// What so many "don't know" and so many of each step say about a question.
    pub fn new(question_id: String, dont_know: i64, distribution: [i64; 5]) -> Self {
        let n: i64 = distribution.iter().sum();
        let sum: f64 = (1u8..).zip(distribution).map(|(step, count)| f64::from(step) * count as f64).sum();
        Self { question_id, n, dont_know, mean: (n > 0).then(|| sum / n as f64), distribution }
    }
}

/// What adds up to the answers of some days: whole months, and days that are to be counted besides (1) or taken away again
/// (-1), as few as possible. No answer is of a later day than today.
pub fn by_months(days: Range<NaiveDate>, today: NaiveDate) -> (Range<NaiveDate>, [(i64, Range<NaiveDate>); 2]) {
    // What lasts until today may as well last until its month ends.
    let end = next_month(days.end).filter(|_| days.end > today && days.end.day() > 1).unwrap_or(days.end);
    let days = days.start..end;
    let months = nearest_month(days.start)..nearest_month(days.end);
    let difference = |from, to| if from <= to { (1, from..to) } else { (-1, to..from) };
    let ends = [difference(days.start, months.start), difference(months.end, days.end)];
    let length = |days: &Range<NaiveDate>| (days.end - days.start).num_days();
    if ends.iter().map(|(_, end)| length(end)).sum::<i64>() < length(&days) {
        (months, ends)
    } else {
        (end..end, [(1, days), (1, end..end)])
    }
}

/// The first day of a month that is nearest to a day.
fn nearest_month(day: NaiveDate) -> NaiveDate {
    let first = day.with_day(1).unwrap_or(day);
    next_month(day).filter(|_| day.day() > 15).unwrap_or(first)
}

/// The first day of the next month; none after the calendar's last one, December 9999.
fn next_month(day: NaiveDate) -> Option<NaiveDate> {
    let is_last = (day.year(), day.month()) >= (9999, 12);
    day.with_day(1)?.checked_add_months(Months::new(1)).filter(|_| !is_last)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::platform::text::{Lang, Texts, error_key};

    fn form() -> Form {
        Form::default_form().unwrap()
    }

    fn answers(json: Value) -> Answers {
        serde_json::from_value(json).unwrap()
    }

    /// The nine required answers of a kit that was used.
    fn complete() -> Value {
        json!({
            "used": "several", "ages": ["age_4", "age_5"], "children": 14, "how": "Vi tejpade en karta på golvet.",
            "reaction": "De räknade högt.", "fun": 5, "easy_start": 4, "again": "yes", "share": "named"
        })
    }

    fn with(key: &str, value: Value) -> Answers {
        let mut json = complete();
        json[key] = value;
        answers(json)
    }

    fn codes(result: Result<impl std::fmt::Debug, Vec<FieldError>>) -> Vec<(String, &'static str)> {
        let errors = result.expect_err("should be refused");
        errors.into_iter().map(|error| (error.field, error.code)).collect()
    }

    fn ids(form: &Form, json: Value) -> Vec<String> {
        shown(form, &answers(json)).iter().map(|q| q.id.clone()).collect()
    }

    #[test]
    fn nine_answers_are_enough_when_the_kit_was_used() {
        let submission = submit(&form(), &answers(complete())).unwrap();
        assert!(submission.used);
        assert_eq!(submission.children, Some(14));
        assert_eq!(submission.share, Share::Named);
        assert_eq!(submission.scales, [("fun".to_owned(), Some(5)), ("easy_start".to_owned(), Some(4))]);
        let counted: Vec<String> =
            submission.counted.iter().map(|(question, answer)| format!("{question}={answer}")).collect();
        assert_eq!(
            counted,
            ["used=several", "ages=age_4", "ages=age_5", "fun=5", "easy_start=4", "again=yes", "share=named"]
        );
    }

    #[test]
    fn each_of_the_nine_is_demanded_by_name() {
        for key in complete().as_object().unwrap().keys() {
            let mut json = complete();
            json.as_object_mut().unwrap().remove(key);
            assert_eq!(codes(submit(&form(), &answers(json))), [(key.clone(), ANSWER_MISSING)]);
        }
    }

    #[test]
    fn two_answers_are_enough_when_it_was_not_used() {
        let json = json!({"used": "no", "notused_why": ["no_time"]});
        let submission = submit(&form(), &answers(json)).unwrap();
        assert!(!submission.used);
        assert_eq!(submission.children, None);
        assert_eq!(submission.share, Share::No);
        assert!(submission.scales.is_empty());
        assert_eq!(
            codes(submit(&form(), &answers(json!({"used": "no"})))),
            [("notused_why".to_owned(), ANSWER_MISSING)]
        );
    }

    #[test]
    fn an_empty_form_misses_only_what_is_asked() {
        assert_eq!(codes(submit(&form(), &Answers::new())), [("used".to_owned(), ANSWER_MISSING)]);
    }

    #[test]
    fn questions_follow_the_answers() {
        let form = form();
        assert_eq!(ids(&form, json!({})), ["used", "condition"]);
        assert_eq!(
            ids(&form, json!({"used": "no", "condition": "missing"})),
            ["used", "notused_why", "condition", "condition_note"]
        );
        let used = ids(&form, json!({"used": "once", "condition": "complete"}));
        assert!(used.contains(&"how".to_owned()));
        assert!(!used.contains(&"notused_why".to_owned()));
        assert!(!used.contains(&"condition_note".to_owned()));
    }

    #[test]
    fn conditions_chain_and_may_even_point_in_a_circle() {
        let form: Form = serde_json::from_value(json!({
            "name": {"sv": "Prov"}, "sections": [],
            "scale": {"steps": vec![json!({"sv": "steg"}); 5], "dont_know": {"sv": "vet inte"}},
            "questions": [
                {"id": "circle", "section": "", "kind": "text", "required": true, "label": {"sv": ""},
                 "when": {"question": "c", "is": ["x"]}},
                {"id": "a", "section": "", "kind": "text", "required": false, "label": {"sv": ""}},
                {"id": "b", "section": "", "kind": "text", "required": false, "label": {"sv": ""},
                 "when": {"question": "a", "is": ["x"]}},
                {"id": "c", "section": "", "kind": "text", "required": true, "label": {"sv": ""},
                 "when": {"question": "b", "is": ["x"]}},
                {"id": "lost", "section": "", "kind": "text", "required": true, "label": {"sv": ""},
                 "when": {"question": "nowhere", "is": ["x"]}},
            ]
        }))
        .unwrap();
        let all = answers(json!({"a": "x", "b": "x", "c": "x"}));
        assert_eq!(submit(&form, &all).unwrap().answers, all);
        let none = answers(json!({"a": "y", "b": "x", "c": "x"}));
        assert_eq!(submit(&form, &none).unwrap().answers, answers(json!({"a": "y"})));
    }

    #[test]
    fn a_draft_drops_what_is_empty_and_keeps_what_is_ruled_out_until_it_is_submitted() {
        let draft = answers(json!({
            "used": "no", "how": "Vi byggde.", "fun": 9, "notused_why": [], "condition_note": " \u{0} ", "own": null
        }));
        assert_eq!(clean(&form(), &draft).unwrap(), answers(json!({"used": "no", "how": "Vi byggde."})));
        let sent = answers(json!({"used": "no", "how": "Vi byggde.", "fun": 9, "notused_why": ["no_time"]}));
        let sent = submit(&form(), &sent).unwrap();
        assert_eq!(sent.answers, answers(json!({"used": "no", "notused_why": ["no_time"]})));
        assert!(sent.scales.is_empty());
    }

    #[test]
    fn a_draft_keeps_what_is_not_decided_yet() {
        let draft = answers(json!({"how": "Vi byggde.", "condition_note": "En kloss."}));
        assert_eq!(clean(&form(), &draft).unwrap(), draft);
    }

    #[test]
    fn answers_are_kept_in_one_shape() {
        let draft = answers(json!({
            "used": " several ", "children": " 14 ", "fun": "5", "easy_start": "dont_know", "value": 3,
            "ages": ["age_5", "age_3", "age_5"], "how": "  Först\r\nsedan\u{7}  "
        }));
        assert_eq!(
            clean(&form(), &draft).unwrap(),
            answers(json!({
                "used": "several", "children": 14, "fun": 5, "easy_start": "dont_know", "value": 3,
                "ages": ["age_3", "age_5"], "how": "Först\nsedan"
            }))
        );
    }

    #[test]
    fn every_wrong_answer_is_refused_by_name() {
        for (field, value, code) in [
            ("used", json!("maybe"), NOT_A_CHOICE),
            ("used", json!(["no"]), NOT_A_CHOICE),
            ("used", json!(true), NOT_A_CHOICE),
            ("ages", json!("age_3"), NOT_A_LIST),
            ("ages", json!(["age_3", "age_99"]), NOT_A_CHOICE),
            ("ages", json!(["age_3", 4]), NOT_A_LIST),
            ("goals", json!(["building", "concepts", "movement", "language"]), TOO_MANY_CHOICES),
            ("fun", json!(0), NOT_A_CHOICE),
            ("fun", json!("6"), NOT_A_CHOICE),
            ("fun", json!(4.5), NOT_A_CHOICE),
            ("fun", json!("great"), NOT_A_CHOICE),
            ("fun", json!(["dont_know"]), NOT_A_CHOICE),
            ("children", json!("ca 14"), NOT_A_NUMBER),
            ("children", json!(14.5), NOT_A_NUMBER),
            ("children", json!({"about": 14}), NOT_A_NUMBER),
            ("children", json!(0), TOO_SMALL),
            ("children", json!("201"), TOO_LARGE),
            ("how", json!("å".repeat(2001)), TOO_LONG),
            ("how", json!(7), NOT_A_TEXT),
            ("how", json!(["a"]), NOT_A_TEXT),
            ("colour", json!("blue"), UNKNOWN_QUESTION),
        ] {
            let wrong = with(field, value.clone());
            assert_eq!(codes(clean(&form(), &wrong)), [(field.to_owned(), code)], "{value}");
            let refused = codes(submit(&form(), &wrong));
            assert!(refused.contains(&(field.to_owned(), code)), "{value}");
        }
        assert!(clean(&form(), &with("how", json!("å".repeat(2000)))).is_ok());
        assert!(clean(&form(), &with("goals", json!(["building", "building", "concepts", "movement"]))).is_ok());
    }

    #[test]
    fn errors_come_in_the_forms_order() {
        let refused = codes(submit(&form(), &answers(json!({"used": "once", "easy_start": 9, "how": 1}))));
        let fields: Vec<_> = refused.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields.join(" "), "ages children how reaction fun easy_start again share");
    }

    #[test]
    fn a_refused_answer_is_not_also_missing() {
        let refused = codes(submit(&form(), &with("children", json!("många"))));
        assert_eq!(refused, [("children".to_owned(), NOT_A_NUMBER)]);
    }

    #[test]
    fn a_mean_counts_steps_only() {
        let summary = ScaleSummary::new("fun".into(), 2, [0, 1, 0, 0, 3]);
        assert_eq!((summary.n, summary.dont_know, summary.mean), (4, 2, Some(4.25)));
        let nobody = ScaleSummary::new("value".into(), 4, [0; 5]);
        assert_eq!((nobody.n, nobody.dont_know, nobody.mean), (0, 4, None));
    }

    proptest! {
        /// By months, every day of a period is counted once, and no other that there has been.
        #[test]
        fn months_and_their_ends_are_the_period(start in 0i64..2000, length in 0i64..500, today in 0i64..2700, ago in 0i64..2700) {
            let nth = |day| NaiveDate::from_ymd_opt(2019, 12, 1).unwrap() + chrono::TimeDelta::days(day);
            let (days, day) = (nth(start)..nth(start + length), nth(today - ago));
            let (months, ends) = by_months(days.clone(), nth(today));
            prop_assert!(months.start <= months.end);
            prop_assert!(months.is_empty() || months.start.day() == 1 && months.end.day() == 1);
            let at_ends: i64 = ends.iter().filter(|(_, end)| end.contains(&day)).map(|(times, _)| times).sum();
            prop_assert_eq!(i64::from(months.contains(&day)) + at_ends, i64::from(days.contains(&day)));
            let counted: i64 = ends.iter().map(|(_, end)| (end.end - end.start).num_days()).sum();
            prop_assert!(counted <= 32 && (length == 0 || counted <= length + 31));
        }
    }

    #[test]
    fn a_period_is_told_by_the_fewest_days() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        let today = day(11, 23);
        let none = |at| (1, at..at);
        let until_today = by_months(day(8, 25)..day(11, 24), today);
        assert_eq!(until_today, (day(9, 1)..day(12, 1), [(1, day(8, 25)..day(9, 1)), none(day(12, 1))]));
        let before = by_months(day(3, 10)..day(5, 20), today);
        assert_eq!(before, (day(3, 1)..day(6, 1), [(-1, day(3, 1)..day(3, 10)), (-1, day(5, 20)..day(6, 1))]));
        let three_days = by_months(day(1, 10)..day(1, 13), today);
        assert_eq!(three_days, (day(1, 13)..day(1, 13), [(1, day(1, 10)..day(1, 13)), none(day(1, 13))]));
        let december = |day| NaiveDate::from_ymd_opt(9999, 12, day).unwrap();
        let always = by_months(day(1, 1)..december(31), today);
        assert_eq!(always, (day(1, 1)..december(1), [none(day(1, 1)), (1, december(1)..december(31))]));
    }

    #[test]
    fn every_code_has_a_message() {
        let codes = [
            ANSWER_MISSING,
            UNKNOWN_QUESTION,
            NOT_A_CHOICE,
            NOT_A_LIST,
            NOT_A_NUMBER,
            NOT_A_TEXT,
            TOO_SMALL,
            TOO_LARGE,
            TOO_MANY_CHOICES,
            TOO_LONG,
        ];
        for code in codes {
            let error = FieldError::new("how", code).arg("min", 1).arg("max", 9);
            let messages: BTreeSet<String> = Lang::ALL.iter().map(|lang| Texts::new(*lang).field(&error)).collect();
            assert_eq!(messages.len(), 3, "a language without {code} speaks another one");
            assert!(!messages.contains(&error_key(code)), "{code}");
        }
    }

    #[test]
    fn a_message_says_what_the_limit_is() {
        let refused = clean(&form(), &with("how", json!("å".repeat(2001)))).unwrap_err();
        assert!(Texts::new(Lang::Sv).field(&refused[0]).contains("2000"));
        let refused = clean(&form(), &with("children", json!(0))).unwrap_err();
        assert!(Texts::new(Lang::Da).field(&refused[0]).contains('1'));
    }

    #[test]
    fn the_form_offers_every_way_to_share() {
        let form = form();
        let offered: Vec<_> =
            form.question(SHARE).unwrap().options.iter().map(|option| option.value.as_str()).collect();
        let known: Vec<_> = Share::ALL.iter().map(|share| share.as_str()).collect();
        assert_eq!(offered, known);
    }

    /// Any JSON, of some depth.
    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,20}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map(".{0,5}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    /// An answer that the question takes.
    fn right_answer(form: &Form, question: &Question) -> BoxedStrategy<Value> {
        let values: Vec<Value> = form.options(question).into_iter().map(|(value, _)| json!(value)).collect();
        match question.kind {
            Kind::Choice | Kind::Scale => proptest::sample::select(values).boxed(),
            Kind::Choices => proptest::sample::subsequence(values, 1..=3).prop_map(Value::from).boxed(),
            Kind::Number => (1..=200).prop_map(Value::from).boxed(),
            Kind::Text => "[a-zåäö ]{0,20}x".prop_map(Value::from).boxed(),
        }
    }

    /// Mostly right answers to most questions, now and then something else.
    fn likely_answers() -> impl Strategy<Value = Answers> {
        let form = form();
        let mut fields: Vec<BoxedStrategy<Option<(String, Value)>>> = form
            .questions
            .iter()
            .map(|question| {
                let id = question.id.clone();
                prop_oneof![
                    60 => right_answer(&form, question).prop_map(Some),
                    2 => Just(None),
                    1 => any_json().prop_map(Some),
                ]
                .prop_map(move |value| value.map(|value| (id.clone(), value)))
                .boxed()
            })
            .collect();
        fields.push(prop_oneof![20 => Just(None), 1 => (".{0,5}", any_json()).prop_map(Some)].boxed());
        fields.prop_map(|fields| answers(Value::Object(fields.into_iter().flatten().collect())))
    }

    proptest! {
        #[test]
        fn any_json_is_taken_or_refused_by_name(
            map in proptest::collection::btree_map("used|ages|children|how|fun|condition|.{0,4}", any_json(), 0..8)
        ) {
            let form = form();
            let answers = answers(Value::Object(map.into_iter().collect()));
            for errors in [clean(&form, &answers).err(), submit(&form, &answers).err()].into_iter().flatten() {
                prop_assert!(!errors.is_empty());
                for error in errors {
                    prop_assert!(error.code == ANSWER_MISSING || answers.contains_key(&error.field));
                }
            }
        }

        #[test]
        fn what_can_be_submitted_is_a_clean_draft(answers in likely_answers()) {
            let form = form();
            if let Ok(submission) = submit(&form, &answers) {
                let cleaned = clean(&form, &answers).unwrap();
                prop_assert_eq!(submit(&form, &cleaned), Ok(submission.clone()));
                prop_assert_eq!(clean(&form, &submission.answers), Ok(submission.answers));
            }
            if let Ok(cleaned) = clean(&form, &answers) {
                prop_assert_eq!(clean(&form, &cleaned), Ok(cleaned.clone()));
                let known = cleaned.keys().all(|key| form.question(key).is_some());
                prop_assert!(known);
            }
        }

        #[test]
        fn a_mean_is_that_of_the_steps_one_by_one(steps in proptest::collection::vec(1u8..=5, 0..50)) {
            let counted = [1, 2, 3, 4, 5].map(|step| steps.iter().filter(|one| **one == step).count() as i64);
            let summary = ScaleSummary::new("fun".into(), 0, counted);
            prop_assert_eq!(summary.n, steps.len() as i64);
            let mean = steps.iter().map(|step| f64::from(*step)).sum::<f64>() / steps.len() as f64;
            prop_assert_eq!(summary.mean, (!steps.is_empty()).then_some(mean));
        }
    }
}
