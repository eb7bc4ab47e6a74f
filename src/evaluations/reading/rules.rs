//! The rules of reading: what stands in place of what was masked, and what a note and a mail of thanks may be.

use crate::evaluations::answers::Answer;
use crate::evaluations::merge;
use crate::evaluations::names::{self, Known};
use crate::platform::error::FieldError;
use unicode_normalization::UnicodeNormalization;

/// What stands in place of a masked passage.
pub const MASK: &str = "▮▮▮";
/// Characters in a note.
const LONGEST_NOTE: usize = 2000;
/// Characters in a mail of thanks.
const LONGEST_THANKS: usize = 1000;
/// Somebody's own words that appear in a mail must not be copied from an answer; from so many characters on, they are.
const QUOTED: usize = 40;

/// A text with every occurrence of a passage masked; none when the passage is not in it, or is nothing. Between its words
/// there may be any space: a page shows several as one, and a browser sends the ends of lines otherwise than they are kept.
/// A letter with a mark is the same, written as one character or as two.
pub fn masked(text: &str, passage: &str) -> Option<String> {
    let (text, passage): (String, String) = (text.nfc().collect(), passage.nfc().collect());
    let words: Vec<&str> = passage.split_whitespace().collect();
    let (mut done, mut rest) = (String::new(), text.as_str());
    while let Some((from, to)) = occurrence(rest, &words) {
        done.push_str(rest.get(..from)?);
        done.push_str(MASK);
        rest = rest.get(to..)?;
    }
    (!done.is_empty()).then(|| done + rest)
}

/// Where these words first follow each other in a text.
fn occurrence(text: &str, words: &[&str]) -> Option<(usize, usize)> {
    let (first, others) = words.split_first()?;
    let whole = |(from, _): (usize, char)| {
        let mut rest = text.get(from..)?.strip_prefix(first)?;
        for word in others {
            rest = rest.strip_prefix(char::is_whitespace)?.trim_start().strip_prefix(word)?;
        }
        Some((from, text.len() - rest.len()))
    };
    text.char_indices().find_map(whole)
}

/// What tells a note from any other.
pub fn note_version(note: &str) -> String {
    merge::version(&Answer::Text(note.to_owned()))
}

/// True when a note that is there would be lost: somebody has changed it since it was `seen`, and it is not in the new one.
pub fn is_contested(there: &str, seen: &str, new: &str) -> bool {
    note_version(there) != seen && !new.contains(there)
}

/// A note as it is kept.
///
/// # Errors
/// `field.too_long`.
pub fn note(text: &str) -> Result<String, FieldError> {
    within("note", tidy(text), LONGEST_NOTE)
}

/// The words of a mail of thanks. They name no child, and quote no answer: a mail goes where no one sees to it.
///
/// # Errors
/// `field.missing`, `field.too_long`, `evaluation.thanks_quotes`, and `evaluation.thanks_name` with the words that look
/// like names, unless they are said to be none.
pub fn thanks<'a>(
    text: &str,
    answers: impl IntoIterator<Item = &'a str>,
    known: &Known,
    no_names: bool,
) -> Result<String, FieldError> {
    let text = tidy(text);
    if text.is_empty() {
        return Err(FieldError::new("message", "field.missing"));
    }
    let text = within("message", text, LONGEST_THANKS)?;
    if answers.into_iter().any(|answer| quotes(&text, answer)) {
        return Err(FieldError::new("message", "evaluation.thanks_quotes"));
    }
    let names = names::suspects(&text, known);
    if !names.is_empty() && !no_names {
        return Err(FieldError::new("message", "evaluation.thanks_name").arg("words", names.join(", ")));
    }
    Ok(text)
}

/// True when a long passage of the answer stands in the text.
fn quotes(text: &str, answer: &str) -> bool {
    let letters: Vec<char> = answer.chars().collect();
    letters.windows(QUOTED).any(|passage| text.contains(&passage.iter().collect::<String>()))
}

fn tidy(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept = text.chars().filter(|letter| matches!(letter, '\n' | '\t') || !letter.is_control());
    kept.collect::<String>().trim().to_owned()
}

fn within(field: &'static str, text: String, most: usize) -> Result<String, FieldError> {
    if text.chars().count() > most {
        return Err(FieldError::new(field, "field.too_long").arg("most", most as i64));
    }
    Ok(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_masked_wherever_it_stands() {
        assert_eq!(masked("Alva sa till Bo. Alvas robot!", " Alva ").unwrap(), "▮▮▮ sa till Bo. ▮▮▮s robot!");
        assert_eq!(masked("Vi byggde.", "Alva"), None);
        assert_eq!(masked("Vi byggde.", "  "), None);
        assert_eq!(masked("Då kom\nAlva.", "kom\r\nAlva").unwrap(), "Då ▮▮▮.");
        let name = masked("Maja Ek var glad. Sedan kom Maja\nEk, och Maja  Ek. MajaEk.", "Maja Ek").unwrap();
        assert_eq!(name, "▮▮▮ var glad. Sedan kom ▮▮▮, och ▮▮▮. MajaEk.");
        assert_eq!(masked("Naaa b", "aa b").unwrap(), "Na▮▮▮");
        assert_eq!(masked("Ida och A\u{30a}sa, Åsas syster", "Åsa").unwrap(), "Ida och ▮▮▮, ▮▮▮s syster");
        assert_eq!(masked("Ida och Åsa", "A\u{30a}sa").unwrap(), "Ida och ▮▮▮");
    }

    #[test]
    fn a_note_that_a_colleague_has_changed_is_not_lost() {
        let seen = note_version("Ring.");
        assert!(!is_contested("Ring.", &seen, "Ring i maj."));
        assert!(is_contested("Ring Anna.", &seen, "Ring i maj."));
        assert!(!is_contested("Ring Anna.", &seen, "Ring Anna. I maj."));
        assert!(!is_contested("", &seen, "Ring i maj."));
    }

    #[test]
    fn thanks_name_nobody_and_quote_nothing() {
        let known = Known::of(["Lyktan", "Anna Berg"]);
        let say = |text: &str, no_names| {
            thanks(text, ["Barnen körde roboten över hela golvet och räknade."], &known, no_names)
        };
        assert_eq!(say(" Tack!\r\nHälsningar Anna ", false).unwrap(), "Tack!\nHälsningar Anna");
        assert_eq!(say("Vad roligt att Alva vågade.", false).unwrap_err().code, "evaluation.thanks_name");
        assert!(say("Vad roligt att Bamse var med.", true).is_ok());
        let quoted = "Ni skrev: Barnen körde roboten över hela golvet och räknade.";
        assert_eq!(say(quoted, true).unwrap_err().code, "evaluation.thanks_quotes");
        assert_eq!(say(" ", true).unwrap_err().code, "field.missing");
    }

    proptest! {
        #[test]
        fn what_was_masked_is_not_there(before in ".*", passage in "\\PC{1,12}", after in ".*") {
            let text = format!("{before}{passage}{after}");
            if let Some(masked) = masked(&text, &passage) {
                prop_assert!(!masked.contains(passage.trim()) || passage.contains('▮'), "{masked:?}");
            }
        }
    }
}
