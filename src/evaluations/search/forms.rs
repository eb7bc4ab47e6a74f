//! The forms that a Swedish noun may have been written in, guessed from any one of them, where the stemmer does not see that
//! they are one word: *golvet*, *fönstret*, *rummet*, *äpplena*. A guess that is no word finds nothing, and harms nothing.

/// Endings of the definite form and of the plural, longest first, and what may stand in their place.
const ENDINGS: [(&str, &[&str]); 3] = [("ena", &["e"]), ("et", &["", "e"]), ("en", &["", "e"])];
/// Words that end so never had an `e` in between: *barn*, *moln*, *namn*.
const WITHOUT_E: [&str; 3] = ["rn", "ln", "mn"];

/// The forms, the word itself among them.
pub fn of(word: &str) -> Vec<String> {
    let mut bases = vec![word.to_owned()];
    // What ends in an `s` may be somebody's: *barnets*.
    let owner = word.strip_suffix('s').filter(|owner| is_word(owner));
    for written in [Some(word), owner].into_iter().flatten() {
        for (ending, instead) in ENDINGS {
            let Some(rest) = written.strip_suffix(ending).filter(|rest| is_word(rest)) else { continue };
            bases.extend(instead.iter().map(|instead| format!("{rest}{instead}")));
            bases.extend(with_e(rest));
            bases.extend(once(rest));
        }
        bases.push(written.to_owned());
    }
    bases.iter().flat_map(|base| inflected(base)).collect()
}

/// A base form and its definite forms and plurals, as far as their stems may differ.
fn inflected(base: &str) -> Vec<String> {
    let mut forms = vec![base.to_owned()];
    if base.ends_with('e') {
        forms.extend(["t", "n", "na"].map(|ending| format!("{base}{ending}")));
        return forms;
    }
    if base.ends_with(is_vowel) {
        forms.extend(["et", "n"].map(|ending| format!("{base}{ending}")));
        return forms;
    }
    for stem in [Some(base.to_owned()), twice(base)].into_iter().flatten().chain(without_e(base)) {
        forms.extend(["et", "en"].map(|ending| format!("{stem}{ending}")));
    }
    forms
}

/// Long enough, and with a vowel, to be a word.
fn is_word(text: &str) -> bool {
    text.chars().count() > 1 && text.chars().any(is_vowel)
}

fn is_vowel(letter: char) -> bool {
    "aeiouyåäöéæø".contains(letter)
}

/// The last two letters.
fn end(text: &str) -> Option<(char, char)> {
    let mut letters = text.chars().rev();
    let last = letters.next()?;
    Some((letters.next()?, last))
}

/// *Fönstr* is *fönster*, and *numr* is *nummer*.
fn with_e(rest: &str) -> Vec<String> {
    match end(rest) {
        Some((before, last @ ('l' | 'n' | 'r')))
            if !is_vowel(before) && before != last && !WITHOUT_E.iter().any(|end| rest.ends_with(end)) =>
        {
            let stem = &rest[..rest.len() - 1];
            let doubled = (before == 'm').then(|| format!("{stem}me{last}"));
            [Some(format!("{stem}e{last}")), doubled].into_iter().flatten().collect()
        }
        _ => Vec::new(),
    }
}

/// *Fönster* is *fönstr* before an ending, and *nummer* is *numr*.
fn without_e(base: &str) -> Vec<String> {
    match end(base) {
        Some(('e', last @ ('l' | 'n' | 'r'))) => {
            let stem = &base[..base.len() - 2];
            if end(stem).is_none_or(|(_, last)| is_vowel(last)) {
                return Vec::new();
            }
            let single = stem.ends_with("mm").then(|| format!("{}{last}", &stem[..stem.len() - 1]));
            [Some(format!("{stem}{last}")), single].into_iter().flatten().collect()
        }
        _ => Vec::new(),
    }
}

/// *Rum* is *rumm* before an ending.
fn twice(base: &str) -> Option<String> {
    let (before, last) = end(base)?;
    (is_vowel(before) && matches!(last, 'm' | 'n')).then(|| format!("{base}{last}"))
}

/// *Rumm* is *rum* without its ending.
fn once(rest: &str) -> Option<String> {
    let (before, last) = end(rest)?;
    (before == last && matches!(last, 'm' | 'n')).then(|| rest[..rest.len() - 1].to_owned())
}
