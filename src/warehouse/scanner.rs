//! What the scripts of all pages that read codes say.

use crate::platform::text::Texts;
use std::collections::BTreeMap;

/// The ends of the texts' keys.
const WORDS: &[&str] = &[
    "again",
    "aim",
    "blocked",
    "camera-none",
    "camera-refused",
    "dropped",
    "duplicate",
    "no-hit",
    "not-a-code",
    "nothing",
    "ok",
    "right",
    "saved",
    "saved-signed-out",
    "saved-text",
    "stop",
    "torch-off",
    "torch-on",
    "trouble",
    "undone",
    "undone-text",
    "working",
    "wrong",
    "wrong-check",
];

/// These words and a page's own, as JSON.
pub fn words(t: Texts, own: impl Iterator<Item = (String, String)>) -> String {
    let all = WORDS.iter().map(|word| ((*word).to_owned(), t.s(&format!("warehouse-scan-{word}"))));
    let words: BTreeMap<String, String> = all.chain(own).collect();
    serde_json::to_string(&words).unwrap_or_default()
}
