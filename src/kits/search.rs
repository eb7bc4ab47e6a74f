//! A search that forgives case, accents, hyphens, word endings and small misspellings, and says which find is best.
//!
//! Å, ä and ö are letters of their own: `bat` never finds `båt`. Danish æ and ø are the same letters as ä and ö.

use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The most words of a search that count, and the most letters of each: a longer one is no search.
const MOST_WORDS: usize = 8;
const MOST_LETTERS: usize = 40;
/// The shortest beginning, and the shortest part inside a word, that finds it.
const SHORTEST_BEGINNING: usize = 2;
const SHORTEST_PART: usize = 3;
/// The marks that make letters of their own of `a` and `o`.
const RING: char = '\u{30a}';
const DIAERESIS: char = '\u{308}';
/// How alike a name must be to be called near, from 0 to 1.
const NEAR: f64 = 0.7;
/// Endings that make other forms of the same word, in Swedish and Danish; longer ones first.
const ENDINGS: [&str; 18] = [
    "ningarna", "ningar", "ning", "arna", "erna", "orna", "erne", "ene", "an", "ar", "en", "er", "et", "or", "na",
    "ne", "a", "e",
];

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Search {
    words: Vec<Wanted>,
    /// Each word and the next written together: `bee bot` also looks for `beebot`.
    pairs: Vec<Wanted>,
    /// What is known of words that have been looked at already.
    seen: HashMap<String, Vec<Likeness>>,
}

/// How well a text answers to a search: first by how many of its words it has, then by how and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Find {
    /// How many of the words were found.
    pub words: usize,
    /// How well: more is better.
    pub score: u32,
}

/// How a word is found in another, the best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    None,
    Misspelt,
    Part,
    Beginning,
    Same,
}

#[derive(Debug, Clone)]
struct Wanted {
    word: String,
    stem: String,
}

impl Search {
    /// Reads what was typed; none when there is no word in it.
    pub fn new(typed: &str) -> Option<Self> {
        let words: Vec<String> =
            words(typed).take(MOST_WORDS).map(|word| word.chars().take(MOST_LETTERS).collect()).collect();
        let pairs = words.windows(2).map(|pair| Wanted::new(pair.concat())).collect();
        let words: Vec<Wanted> = words.into_iter().map(Wanted::new).collect();
        (!words.is_empty()).then(|| Self { words, pairs, seen: HashMap::new() })
    }

    /// How many words are looked for.
    pub fn words(&self) -> usize {
        self.words.len()
    }

    /// Looks in texts, each with what it weighs to be found there; none when no word is in any of them.
    pub fn look<'a>(&mut self, texts: impl IntoIterator<Item = (u32, &'a str)>) -> Option<Find> {
        let mut best = vec![0; self.words.len()];
        for (weight, text) in texts {
            let mut before: Option<String> = None;
            for word in words(text) {
                let together = before.map(|before| format!("{before}{word}"));
                for word in together.into_iter().chain([word.clone()]) {
                    for (best, likeness) in best.iter_mut().zip(self.likeness(word)) {
                        *best = (*best).max(weight * likeness.points());
                    }
                }
                before = Some(word);
            }
        }
        let find = Find { words: best.iter().filter(|points| **points > 0).count(), score: best.iter().sum() };
        (find.words > 0).then_some(find)
    }

    /// How each word that is looked for is found in this one.
    fn likeness(&mut self, word: String) -> &[Likeness] {
        let (words, pairs) = (&self.words, &self.pairs);
        self.seen.entry(word).or_insert_with_key(|word| {
            let other = Wanted::new(word.clone());
            let mut found: Vec<Likeness> = words.iter().map(|wanted| wanted.likeness(&other)).collect();
            for (place, pair) in pairs.iter().enumerate() {
                let likeness = pair.likeness(&other);
                for word in found.iter_mut().skip(place).take(2) {
                    *word = likeness.max(*word);
                }
            }
            found
        })
    }
}

impl Likeness {
    fn points(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Misspelt => 5,
            Self::Part => 6,
            Self::Beginning => 8,
            Self::Same => 10,
        }
    }
}

impl Wanted {
    fn new(word: String) -> Self {
        let ending = ENDINGS.iter().find_map(|ending| word.strip_suffix(ending).filter(|stem| is_stem(stem)));
        Self { stem: ending.unwrap_or(&word).to_owned(), word }
    }

    fn likeness(&self, other: &Self) -> Likeness {
        let letters = self.stem.chars().count();
        if self.word == other.word || self.stem == other.stem {
            Likeness::Same
        } else if letters >= SHORTEST_BEGINNING && other.word.starts_with(&self.stem) {
            Likeness::Beginning
        } else if letters >= SHORTEST_PART && other.word.contains(&self.stem) {
            Likeness::Part
        } else if misspelt(&self.word, &other.word) || misspelt(&self.stem, &other.stem) {
            Likeness::Misspelt
        } else {
            Likeness::None
        }
    }
}

/// True when enough is left of a word to know it by.
fn is_stem(stem: &str) -> bool {
    stem.chars().nth(2).is_some()
}

/// True when one word is probably the other, with a letter or two wrong, and every å, ä and ö right.
fn misspelt(wanted: &str, word: &str) -> bool {
    let (wanted_letters, letters) = (wanted.chars().count(), word.chars().count());
    let forgiven = match wanted_letters {
        ..4 => return false,
        4..8 => 1,
        8.. => 2,
    };
    let own = |text: &str| text.chars().filter(|c| matches!(c, 'å' | 'ä' | 'ö')).collect::<Vec<_>>();
    wanted_letters.abs_diff(letters) <= forgiven
        && strsim::osa_distance(wanted, word) <= forgiven
        && own(wanted) == own(word)
}

/// The words of a text, in lower case and without accents.
fn words(text: &str) -> impl Iterator<Item = String> {
    let folded = folded(text);
    let words: Vec<String> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    words.into_iter()
}

/// A text in lower case and without accents; å, ä and ö are letters and no accents.
fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    // Taken apart first, so that a letter with further marks, as in `ǣ` or `ǻ`, is the letter that it is without them.
    for part in text.nfd().flat_map(char::to_lowercase) {
        match (part, out.pop()) {
            (RING, Some('a')) => out.push('å'),
            (DIAERESIS, Some('a')) => out.push('ä'),
            (DIAERESIS, Some('o')) => out.push('ö'),
            (part, before) => {
                out.extend(before);
                match part {
                    'æ' => out.push('ä'),
                    'ø' => out.push('ö'),
                    part if is_combining_mark(part) => {}
                    part => out.push(part),
                }
            }
        }
    }
    out
}

/// What names are sorted by: without regard to case, and å, ä, ö in this order after z.
pub fn alphabetical(name: &str) -> String {
    let place = |letter| match letter {
        'å' => '\u{f0000}',
        'ä' => '\u{f0001}',
        'ö' => '\u{f0002}',
        other => other,
    };
    folded(name).chars().map(place).collect()
}

/// Those of some names that are most like what was typed, the nearest first.
pub fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let typed: String = folded(typed).chars().take(MOST_LETTERS).collect();
    let alike = |name: &str| {
        let whole = strsim::jaro_winkler(&typed, &folded(name));
        words(name).map(|word| strsim::jaro_winkler(&typed, &word)).fold(whole, f64::max)
    };
    let mut near: Vec<(f64, &str)> =
        names.into_iter().map(|name| (alike(name), name)).filter(|(alike, _)| *alike >= NEAR).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    near.into_iter().take(most).map(|(_, name)| name).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn find(typed: &str, name: &str, description: &str) -> Option<Find> {
        Search::new(typed).unwrap().look([(100, name), (8, description)])
    }

    fn finds(typed: &str, name: &str) -> bool {
        let mut search = Search::new(typed).unwrap();
        search.look([(1, name)]).is_some_and(|find| find.words == search.words())
    }

    #[test]
    fn case_accents_and_hyphens_are_forgiven() {
        for typed in ["bee-bot", "BEE BOT", "beebot", "Beebot", "bee", "beeb", "bot bee", " bee‑bot! "] {
            assert!(finds(typed, "Bee-Bot, 6 robotar"), "{typed}");
        }
        assert!(finds("bee bot", "BeeBot") && finds("bee-bot", "Beebot"));
        assert!(finds("cafe", "Café") && finds("Café", "cafe") && finds("idé", "Idebok"));
        assert!(finds("ljuslåda", "Ljusla\u{30a}da"), "written with the ring as a mark of its own");
    }

    #[test]
    fn small_misspellings_are_forgiven() {
        for (typed, name) in [
            ("bluebott", "Blue-Bot"),
            ("blubot", "Blue-Bot"),
            ("osmoo", "Osmo"),
            ("qubetto", "Cubetto"),
            ("cubeto", "Cubetto"),
        ] {
            assert!(finds(typed, name), "{typed}");
        }
        assert!(!finds("bot", "bat") && !finds("kubb", "Cubetto") && !finds("1234", "1235x6"));
    }

    #[test]
    fn letters_of_their_own_are_not_forgiven() {
        for (typed, name) in [
            ("bat", "Båt"),
            ("båt", "Bat"),
            ("apple", "Äpple"),
            ("äpple", "Apple"),
            ("lada", "Låda"),
            ("mikroskåp", "Mikroskop"),
            ("robotmoss", "Robotmöss"),
            ("lösenord", "lasenord"),
            ("lådan", "lädan"),
        ] {
            assert!(!finds(typed, name), "{typed} {name}");
        }
        assert!(finds("ØRE", "öre") && finds("lærer", "lärer"));
        // With a stress on it, as in old and learned words, too.
        assert!(finds("Ǣra", "ära") && finds("ǿre", "öre") && finds("bǻt", "båt") && !finds("bǻt", "bat"));
    }

    #[test]
    fn other_forms_and_parts_of_a_word_are_found() {
        for (typed, text) in [
            ("robotar", "robot"),
            ("robot", "robotarna"),
            ("golvrobot", "Golvrobotar"),
            ("robotar", "golvrobot"),
            ("klossar", "Kodkloss"),
            ("kloss", "klossarna"),
            ("mattan", "mattor"),
            ("kodning", "koda"),
            ("kodning", "Kodkort"),
            ("lådor", "lådan"),
            ("skärmar", "skärmen"),
        ] {
            assert!(finds(typed, text), "{typed} {text}");
        }
    }

    #[test]
    fn names_come_before_descriptions_and_better_finds_before_worse() {
        let misspelt_name = find("bluebott", "Blue-Bot", "").unwrap();
        assert!(misspelt_name > find("bluebot", "Annat", "Liknar bluebot").unwrap());
        assert!(find("robot", "Robot", "").unwrap() > find("robot", "Robotmus", "").unwrap());
        assert!(find("robot", "Robotmus", "").unwrap() > find("robot", "Golvrobot", "").unwrap());
        // All words before one of them.
        assert!(find("osmo kloss", "Annat", "osmo kloss").unwrap() > find("osmo kloss", "Osmo", "").unwrap());
        assert_eq!(find("ost", "Bee-Bot", "Ett bi"), None);
    }

    #[test]
    fn what_holds_no_word_is_no_search() {
        assert!(Search::new("  -, % ").is_none() && Search::new("").is_none());
        assert_eq!(Search::new(&"ord ".repeat(99)).unwrap().words(), MOST_WORDS);
    }

    #[test]
    fn names_sort_as_in_swedish() {
        let mut names = ["Öland", "ärta", "Åkbil", "zebra", "Écran", "Bee"];
        names.sort_by_key(|name| alphabetical(name));
        assert_eq!(names, ["Bee", "Écran", "zebra", "Åkbil", "ärta", "Öland"]);
    }

    #[test]
    fn the_nearest_names_come_first() {
        let names = ["Digitalt mikroskop", "Cubetto", "KUBO, 4 robotar", "Osmo"];
        assert_eq!(nearest("mikroskåp", names, 1), ["Digitalt mikroskop"]);
        assert_eq!(nearest("qubo", names, 1), ["KUBO, 4 robotar"]);
        assert!(nearest("xyz", names, 3).is_empty());
    }

    proptest! {
        #[test]
        fn a_text_is_found_by_each_of_its_words(text in "\\PC{0,60}", typed in "\\PC{0,60}") {
            for word in words(&text).filter(|word| word.chars().count() <= MOST_LETTERS) {
                if let Some(mut search) = Search::new(&word) {
                    prop_assert_eq!(search.look([(1, text.as_str())]).map(|find| find.words), Some(search.words()));
                }
            }
            if let Some(mut search) = Search::new(&typed) {
                search.look([(1, text.as_str())]);
            }
            nearest(&typed, [text.as_str()], 3);
        }
    }
}
