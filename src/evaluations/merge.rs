//! Several colleagues write one draft, each on a page of their own: whose answer counts.
//!
//! A page says which answers it has seen, each by its version. An answer that the page has not changed says nothing, so
//! that an old page takes no newer answer away; one that somebody else has changed meanwhile is given back to be shown.

use crate::evaluations::answers::{Answer, Answers};
use crate::evaluations::form::Form;
use crate::evaluations::rules::{UNKNOWN_QUESTION, is_ruled_out, take};
use crate::platform::error::FieldError;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Versions of answers by question id; a question without one had no answer.
pub type Versions = BTreeMap<String, String>;

/// What tells an answer from another one to the same question: a few letters made from the answer itself.
pub fn version(answer: &Answer) -> String {
    let text = serde_json::to_string(answer).unwrap_or_default();
    Sha256::digest(text.as_bytes()).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// The versions of all answers.
pub fn versions(answers: &Answers) -> Versions {
    answers.iter().map(|(id, answer)| (id.clone(), version(answer))).collect()
}

/// What became of a page's answers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Merged {
    /// The draft with everything that could be taken.
    pub answers: Answers,
    /// Answers that cannot be taken; the draft keeps those before.
    pub wrong: Vec<FieldError>,
    /// Questions that somebody else has answered otherwise since the page saw them; the draft keeps their answers.
    pub contested: Vec<String>,
}

/// Brings the answers of a page into a draft. A question that the page does not send keeps its answer, and
/// [`Answer::NONE`] takes one away.
pub fn merge(form: &Form, draft: &Answers, seen: &Versions, given: &Answers) -> Merged {
    let mut merged = Merged { answers: draft.clone(), ..Merged::default() };
    for (id, answer) in given {
        let taken = match form.question(id) {
            Some(question) => take(question, answer),
            None => Err(FieldError::new(id, UNKNOWN_QUESTION)),
        };
        let answer = match taken {
            Ok(answer) => answer,
            Err(error) => {
                merged.wrong.push(error);
                continue;
            }
        };
        let kept = draft.get(id);
        let known = seen.get(id);
        let version_of = |answer: Option<&Answer>| answer.map(version);
        if version_of(answer.as_ref()).as_ref() == known || answer.as_ref() == kept {
            continue;
        }
        if version_of(kept).as_ref() == known || kept.is_none_or(|kept| goes_on(answer.as_ref(), kept)) {
            match answer {
                Some(answer) => merged.answers.insert(id.clone(), answer),
                None => merged.answers.remove(id),
            };
        } else {
            merged.contested.push(id.clone());
        }
    }
    let answers = &merged.answers;
    merged.wrong.retain(|error| !is_ruled_out(form, answers, &error.field));
    let place = |id: &str| form.questions.iter().position(|question| question.id == id);
    merged.wrong.sort_by_key(|error| place(&error.field));
    merged.contested.sort_by_key(|id| place(id));
    merged
}

/// True for a text that has all of the other one in it, as when a page did not hear that its last words were kept.
fn goes_on(answer: Option<&Answer>, kept: &Answer) -> bool {
    matches!((answer, kept), (Some(Answer::Text(new)), Answer::Text(old)) if new.contains(old.as_str()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn answers(json: Value) -> Answers {
        serde_json::from_value(json).unwrap()
    }

    /// What becomes of a draft when a page that saw `seen` sends `given`.
    fn merged(draft: Value, seen: Value, given: Value) -> (Value, Vec<String>, Vec<String>) {
        let form = Form::default_form().unwrap();
        let merged = merge(&form, &answers(draft), &versions(&answers(seen)), &answers(given));
        let wrong = merged.wrong.into_iter().map(|error| error.field).collect();
        (serde_json::to_value(merged.answers).unwrap(), wrong, merged.contested)
    }

    #[test]
    fn a_page_changes_what_it_has_changed_and_nothing_else() {
        // The page shows the first texts still; a colleague has written on, and answered one more.
        let draft = json!({"how": "Vi byggde en stad.", "used": "once", "tips": "Börja smått."});
        let seen = json!({"how": "Vi byggde.", "used": "once"});
        let given = json!({"how": "Vi byggde.", "used": "several", "tips": null, "children": "9"});
        let (kept, wrong, contested) = merged(draft, seen, given);
        let expected = json!({"how": "Vi byggde en stad.", "used": "several", "tips": "Börja smått.", "children": 9});
        assert_eq!((kept, wrong, contested), (expected, vec![], vec![]));
    }

    #[test]
    fn an_answer_that_another_has_changed_meanwhile_is_contested() {
        let draft = json!({"how": "Vi ritade.", "again": "yes"});
        let seen = json!({"how": "Vi byggde."});
        let given = json!({"again": "no", "how": "Vi sjöng."});
        let (kept, _, contested) = merged(draft.clone(), seen, given);
        assert_eq!((kept, contested), (draft, vec!["how".to_owned(), "again".to_owned()]));
    }

    #[test]
    fn who_has_seen_an_answer_may_change_it_or_take_it_away() {
        let draft = json!({"how": "Vi ritade.", "tips": "Vila."});
        let (kept, _, contested) = merged(draft.clone(), draft, json!({"how": "Vi sjöng.", "tips": " "}));
        assert_eq!((kept, contested), (json!({"how": "Vi sjöng."}), vec![]));
    }

    #[test]
    fn words_that_were_kept_unheard_are_no_other_person_s() {
        let (kept, _, contested) = merged(json!({"how": "Vi byggde"}), json!({}), json!({"how": "Vi byggde en bana"}));
        assert_eq!((kept, contested), (json!({"how": "Vi byggde en bana"}), vec![]));
        // What a colleague took away is no answer that could be lost.
        let (kept, _, contested) = merged(json!({}), json!({"how": "Vi"}), json!({"how": "Vi sjöng"}));
        assert_eq!((kept, contested), (json!({"how": "Vi sjöng"}), vec![]));
    }

    #[test]
    fn wrong_answers_are_named_and_hold_back_no_other() {
        let (kept, wrong, _) = merged(
            json!({"children": 9}),
            json!({"children": 9}),
            json!({"colour": "blue", "children": 900, "fun": "5"}),
        );
        assert_eq!((kept, wrong), (json!({"children": 9, "fun": 5}), vec!["colour".to_owned(), "children".to_owned()]));
    }

    #[test]
    fn a_version_tells_answers_apart() {
        assert_eq!(version(&Answer::Text("å".into())), version(&Answer::Text("å".into())));
        assert_ne!(version(&Answer::Text("5".into())), version(&Answer::Number(5)));
    }
}
