//! What an evaluation is found by: the stems of its words, and marks.
//!
//! Stems are made here and kept as they are, so that both databases find the same; neither of them knows Swedish. An "å" is
//! another letter than an "a".

use crate::evaluations::answers::{Answer, Answers};
use crate::evaluations::form::{Form, Kind};
use crate::evaluations::search::forms;
use crate::evaluations::search::query::{AGES, GOALS};
use snowball_stemmers_rs::{Algorithm, Stemmer};
use std::collections::BTreeSet;
use std::fmt::Display;
use unicode_normalization::UnicodeNormalization;

/// Characters of a word that count. PostgreSQL takes no longer words than some hundred, and nobody means the rest.
const LONGEST: usize = 40;

/// Words that end like the definite form of another, and words that end with them.
const INDEFINITE: [&str; 6] = ["plan", "tulpan", "orkan", "organ", "roman", "ocean"];

/// The words of a text as they are found: in small letters, without their endings.
pub fn stems(text: &str) -> Vec<String> {
    let stemmer = Stemmer::create(Algorithm::Swedish);
    words(text).iter().map(|word| stem(&stemmer, word)).collect()
}

/// For each word of a question, the stems that any form of it may have been written with; its own is the first.
pub fn stems_of_any_form(text: &str) -> Vec<Vec<String>> {
    let stemmer = Stemmer::create(Algorithm::Swedish);
    let of_word = |word: &String| {
        let mut found = vec![stem(&stemmer, word)];
        for form in forms::of(word).into_iter().filter(|form| form.chars().count() <= LONGEST) {
            let once = stem(&stemmer, &form);
            // *Platsen* is cut to *plats*, and *plats* as if it were the genitive of *plat*.
            let twice = if once.ends_with('s') { stem(&stemmer, &once) } else { once.clone() };
            found.extend([once, twice]);
        }
        let mut seen = BTreeSet::new();
        found.retain(|stem| seen.insert(stem.clone()));
        found
    };
    words(text).iter().map(of_word).collect()
}

/// The words of a text in small letters.
fn words(text: &str) -> Vec<String> {
    let text: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word.chars().take(LONGEST).collect()).collect()
}

fn stem(stemmer: &Stemmer, word: &str) -> String {
    stemmer.stem(indefinite(word)).into_owned()
}

/// A word without the `n` of *banan* and *förskolans*: the stemmer knows the definite form of every other declension, but
/// not of the first.
fn indefinite(word: &str) -> &str {
    let definite = ["an", "ans"].iter().find(|ending| word.ends_with(**ending) && word.chars().count() > 4);
    let definite =
        definite.filter(|_| !INDEFINITE.iter().any(|word_with_n| word.trim_end_matches('s').ends_with(word_with_n)));
    definite.map_or(word, |ending| &word[..word.len() - ending.len() + 1])
}

/// A mark: what an evaluation is about, or what has been done with it. No word begins with `_`.
pub fn mark(kind: &str, value: impl Display) -> String {
    let mut mark = format!("_{kind}_");
    for letter in value.to_string().chars() {
        if letter.is_ascii_lowercase() || letter.is_ascii_digit() {
            mark.push(letter);
        } else {
            mark.push_str(&format!("_{:x}_", u32::from(letter)));
        }
    }
    mark
}

/// Everything that the answers of an evaluation are found by.
pub fn of_answers(form: &Form, answers: &Answers) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for question in &form.questions {
        match (question.kind, answers.get(&question.id)) {
            (Kind::Text, Some(Answer::Text(text))) => found.extend(stems(text)),
            (Kind::Scale, Some(Answer::Number(step))) => {
                found.insert(step_mark(&question.id, *step));
            }
            (Kind::Choices, Some(Answer::List(values))) if [AGES, GOALS].contains(&question.id.as_str()) => {
                found.extend(values.iter().map(|value| mark(&question.id, value)));
            }
            _ => {}
        }
    }
    found
}

/// The mark of a step that was the answer to a scale question.
pub fn step_mark(question: &str, step: i64) -> String {
    format!("{}_{step}", mark("step", question))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_forms_of_a_word_are_found_as_one() {
        for forms in [
            "robot roboten robotar robotarna robotarnas",
            "förskola förskolan förskolans förskolor förskolorna",
            "robotbana robotbanan robotbanor robotbanorna",
            "barn barnen barnens",
            "läroplan läroplanen läroplaner läroplans",
            "tulpan tulpanen tulpaner",
            "räkna räknade räknar",
            "BYGGER byggde byggd",
        ] {
            let stems: BTreeSet<String> = stems(forms).into_iter().collect();
            assert_eq!(stems.len(), 1, "{forms}: {stems:?}");
        }
        assert_eq!(stems("Robotarna"), ["robot"]);
    }

    #[test]
    fn every_form_of_a_noun_is_asked_for_whichever_is_written() {
        for forms in [
            "barn barnet barnets barnen barnens",
            "golv golvet golven golvens",
            "bord bordet bordets borden",
            "kort kortet korten",
            "torn tornet tornen",
            "år året åren åren",
            "fönster fönstret fönstrets fönstren",
            "vatten vattnet vattnets",
            "papper pappret papperet papperen",
            "nummer numret numren",
            "exempel exemplet exemplen",
            "tecken tecknet tecknen",
            "mönster mönstret mönstren",
            "rum rummet rummen",
            "program programmet programmen",
            "problem problemet problemen",
            "äpple äpplet äpplen äpplena",
            "arbete arbetet arbeten arbetena",
            "bi biet",
            "knä knäet",
            "plats platsen platser platserna platsens",
            "kurs kursen kurser kurserna",
            "dans dansen danser dansernas",
            "hus huset husen husets",
            "bana banan banor banorna banans",
            "robot roboten robotar robotarna",
            "kompis kompisen kompisar",
        ] {
            for (asked, written) in
                forms.split(' ').flat_map(|asked| forms.split(' ').map(move |written| (asked, written)))
            {
                let found = stems_of_any_form(asked).remove(0);
                assert!(found.contains(&stems(written)[0]), "{asked} does not find {written}: {found:?}");
            }
        }
    }

    #[test]
    fn other_words_are_not_asked_for() {
        for (asked, written) in [
            ("barnet", "bara"),
            ("barn", "bar"),
            ("hår", "har"),
            ("plan", "plast"),
            ("matta", "mat"),
            ("ben", "barn"),
            ("läroplan", "läroboken"),
            ("regn", "regel"),
            ("moln", "mål"),
            ("men", "man"),
            ("golv", "gul"),
            ("det", "den"),
        ] {
            let found = stems_of_any_form(asked).remove(0);
            assert!(!found.contains(&stems(written)[0]), "{asked} finds {written}: {found:?}");
        }
    }

    #[test]
    fn letters_are_kept_apart_and_written_one_way() {
        assert_ne!(stems("hår"), stems("har"));
        assert_ne!(stems("öra"), stems("ora"));
        assert_eq!(stems("ha\u{30a}r"), stems("hår"), "a ring may come after its letter");
        assert_eq!(stems("ﬁkade"), stems("fikade"));
        assert_eq!(stems("¿? 😀 <b> =1+1 \u{202e}"), ["b", "1", "1"]);
        assert_eq!(stems(&"å".repeat(2000)), ["å".repeat(LONGEST)]);
    }

    #[test]
    fn a_mark_is_no_word_and_says_all_of_its_value() {
        assert_eq!(mark("age", "age_4"), "_age_age_5f_4");
        assert_ne!(mark("goal", "a-b"), mark("goal", "ab"));
        assert!(stems(&mark("goal", "building")).iter().all(|stem| !stem.starts_with('_')));
    }

    proptest! {
        /// What is written to the index is read back as the same words, by both databases.
        #[test]
        fn any_text_becomes_words_without_spaces_quotes_or_marks(text in any::<String>()) {
            for stem in stems(&text).into_iter().chain(stems_of_any_form(&text).into_iter().flatten()) {
                prop_assert!(!stem.is_empty() && stem.chars().count() <= LONGEST, "{stem:?}");
                prop_assert!(!stem.contains(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric()), "{stem:?}");
            }
        }
    }
}
