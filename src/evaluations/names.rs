//! Words in a text that look like somebody's name, number or address. An evaluation is about a kit and about a group of
//! children, never about one of them; who writes is asked, and decides.

use std::collections::BTreeSet;

/// Words that begin with a capital and are nobody's name, in the product's languages. A longer word that begins with
/// one of them is none either.
const NO_NAMES: &[&str] = &[
    "Sverige",
    "Svensk",
    "Danmark",
    "Dansk",
    "Norge",
    "Norden",
    "Europa",
    "Sweden",
    "Swedish",
    "Danish",
    "Denmark",
    "England",
    "English",
    "Engelsk",
    "Internet",
    "Wifi",
    "Bluetooth",
    "Ipad",
    "Iphone",
    "Android",
    "Google",
    "Apple",
    "Microsoft",
    "Youtube",
    "Teams",
    "Lego",
    "Duplo",
    "Lpfö",
    "Skolverket",
    "Jul",
    "Christmas",
    "Easter",
    "Halloween",
    "Lucia",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "Pippi",
    "Bamse",
    "Babblarna",
    "Alfons",
    "Mumin",
    "Astrid",
    "Unga",
    "Forskare",
];
/// Digits in a row, with the marks people write between them, from which on they may be somebody's number.
const DIGITS: usize = 8;

/// What is nobody's name: [`NO_NAMES`], and the words of kits, preschools and places.
#[derive(Debug, Clone, Default)]
pub struct Known(BTreeSet<String>);

impl Known {
    /// Every word of these names.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let words = names.into_iter().flat_map(|name| name.split(|c: char| !c.is_alphanumeric()));
        let words = words.chain(NO_NAMES.iter().copied()).filter(|word| word.chars().count() > 2);
        Self(words.map(str::to_lowercase).collect())
    }

    /// The same, and the words of this name.
    #[must_use]
    pub fn and(mut self, name: &str) -> Self {
        self.0.extend(Self::of([name]).0);
        self
    }

    fn has(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        let beginnings = word.char_indices().skip(3).map(|(at, _)| at).chain([word.len()]);
        beginnings.filter_map(|end| word.get(..end)).any(|beginning| self.0.contains(beginning))
    }
}

/// The words of a text that look like a person's name, number or address, each once, in their order.
pub fn suspects(text: &str, known: &Known) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |word: String| {
        if !found.contains(&word) {
            found.push(word);
        }
    };
    for line in text.lines() {
        let mut begins = true;
        for word in line.split_whitespace() {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            if looks_like_address(bare) {
                add(bare.to_owned());
            } else if !begins && !opens_speech(word) && looks_like_name(bare) && !known.has(bare) {
                add(possessive_off(bare).to_owned());
            }
            begins = ends_sentence(word) || (begins && bare.is_empty());
        }
        numbers(line).into_iter().for_each(&mut add);
    }
    found
}

/// A capital, and then small letters: neither "STEM" nor "5B".
fn looks_like_name(word: &str) -> bool {
    let mut letters = word.chars();
    let capital = letters.next().is_some_and(char::is_uppercase);
    let rest = letters.as_str();
    capital
        && !rest.is_empty()
        && rest.chars().any(char::is_lowercase)
        && word.chars().all(|c| c.is_alphabetic() || "-'’".contains(c))
}

/// "Alva's" and "Alvas": the English possessive is cut off, the Swedish cannot be told from a name that ends so.
fn possessive_off(word: &str) -> &str {
    word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
}

/// What somebody says begins with a capital, too.
fn opens_speech(word: &str) -> bool {
    word.starts_with(|c: char| "\"'”“’‘»«(–—-".contains(c))
}

fn ends_sentence(word: &str) -> bool {
    let end = word.trim_end_matches(|c: char| "\"'”“’‘»«)".contains(c));
    end.ends_with(['.', '!', '?', ':', '…', '–', '—', '-', '•', '*']) && !is_short_form(end)
}

/// "t.ex." and "bl.a." end no sentence.
fn is_short_form(word: &str) -> bool {
    word.strip_suffix('.').is_some_and(|rest| rest.contains('.') && rest.chars().count() <= 5)
}

fn looks_like_address(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

/// Runs of digits that are long enough for a telephone or a personal number; not "2024-11-02", nor "10 000".
fn numbers(line: &str) -> Vec<String> {
    let runs = line.split(|c: char| !(c.is_ascii_digit() || "+-– ".contains(c)));
    let runs = runs.map(|run| run.trim_matches(|c: char| !c.is_ascii_digit() && c != '+'));
    let digits = |run: &str| run.chars().filter(char::is_ascii_digit).count();
    let day = |run: &str| run.parse::<chrono::NaiveDate>().is_ok();
    runs.filter(|run| digits(run) >= DIGITS && !day(run)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        suspects(text, &Known::of(["Bee-Bot", "Blue-Bot", "Lyktans förskola", "Norra Skogsbygden", "KUBO"]))
    }

    #[test]
    fn a_name_inside_a_sentence_is_found() {
        assert_eq!(found("Det var roligt när Alva styrde roboten."), ["Alva"]);
        assert_eq!(found("Barnen, särskilt Åke och Li-Ann, räknade. Sedan kom Åke igen."), ["Åke", "Li-Ann"]);
        assert_eq!(found("It was Alva's idea, t.ex. Bo."), ["Alva", "Bo"]);
        assert_eq!(found("Det gjorde Søren og Ægir."), ["Søren", "Ægir"]);
    }

    #[test]
    fn what_only_begins_with_a_capital_is_not() {
        for text in [
            "Alla ville se sitt eget hår",
            "De räknade högt och ropade ”Backa!”. Två barn löste banan tillsammans.",
            "Vi började utan robot:\nSedan kom Bee-Boten fram, och Blue-Botarna. Hurra! Igen?",
            "På Lyktans gård i Skogsbygden lånade vi KUBO och en iPad med STEM i fokus.",
            "– Vi byggde. - Sedan ritade vi. • Till sist sjöng vi.",
            "We did it on Monday, and I liked it. I'm glad.",
            "De 14 barnen var 4–5 år, 2026-11-02, v. 41–43, cirka 10 000 steg.",
            "😀 Vi skrattade 😀! \u{202e}abc",
            "",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn numbers_and_addresses_of_people_are_found() {
        assert_eq!(
            found("Ring 070-123 45 67 eller skriv till anna@lyktan.example."),
            ["anna@lyktan.example", "070-123 45 67"]
        );
        assert_eq!(found("Hon är född 20210314-1234"), ["20210314-1234"]);
    }
}
