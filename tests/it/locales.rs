//! The texts: the same in three languages, and none missing that the code asks for.

use crate::support::source::{self, File};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};

const LANGUAGES: [&str; 3] = ["sv", "en", "da"];

/// The messages of a language: their keys, and the values that each mentions.
fn messages(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let key = Regex::new(r"^([a-zA-Z][\w-]*) *=(.*)$").unwrap();
    let value = Regex::new(r"\$(\w+)").unwrap();
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in source::files_ending(&format!("assets/locales/{language}"), ".ftl") {
        let mut current = String::new();
        for line in file.text.lines().filter(|line| !line.starts_with('#')) {
            if let Some(found) = key.captures(line) {
                current = found[1].to_owned();
                assert!(!messages.contains_key(&current), "{current} stands twice in {language} ({})", file.path);
                messages.insert(current.clone(), BTreeSet::new());
            }
            let values = value.captures_iter(line).map(|found| found[1].to_owned());
            if let Some(message) = messages.get_mut(&current) {
                message.extend(values);
            }
        }
    }
    assert!(messages.len() > 20);
    messages
}

#[test]
fn the_three_languages_say_the_same() {
    let swedish = messages("sv");
    for language in LANGUAGES {
        let other = messages(language);
        let keys = |of: &BTreeMap<String, BTreeSet<String>>| of.keys().cloned().collect::<BTreeSet<_>>();
        let missing: Vec<_> = keys(&swedish).difference(&keys(&other)).cloned().collect();
        let extra: Vec<_> = keys(&other).difference(&keys(&swedish)).cloned().collect();
        assert!(missing.is_empty() && extra.is_empty(), "{language} lacks {missing:?}, and alone has {extra:?}");
        for (key, values) in &swedish {
            assert_eq!(values, &other[key], "{key} mentions other values in {language}");
        }
    }
}

#[test]
fn files_have_the_same_names() {
    let names = |language: &str| {
        let folder = format!("assets/locales/{language}");
        source::files(&folder).into_iter().map(|file| file.path.replacen(&folder, "", 1)).collect::<Vec<_>>()
    };
    for language in LANGUAGES {
        assert_eq!(names("sv"), names(language), "{language}");
    }
}

/// Sources and templates, with where they stand.
fn askers() -> Vec<File> {
    let mut files = source::files_ending("src", ".rs");
    files.iter_mut().for_each(|file| file.text = file.code());
    files.extend(source::files_ending("assets/templates", ".html"));
    files
}

#[test]
fn every_text_asked_for_is_there() {
    let known = messages("sv");
    let whole = Regex::new(r#"\.(?:s|v|a|find)\(\s*"([^"{}]+)""#).unwrap();
    let begun = Regex::new(r#"\.(?:s|v|a)\(\s*&format!\(\s*"([a-z_-]+)\{"#).unwrap();
    let word = Regex::new(r"^[a-z][\w]*(-[\w]+)+$").unwrap();
    let mut missing = BTreeSet::new();
    for file in askers() {
        for found in whole.captures_iter(&file.text) {
            if word.is_match(&found[1]) && !known.contains_key(&found[1]) {
                missing.insert(format!("{} ({})", &found[1], file.path));
            }
        }
        for found in begun.captures_iter(&file.text) {
            if !known.keys().any(|key| key.starts_with(&found[1])) {
                missing.insert(format!("{}… ({})", &found[1], file.path));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_error_code_has_a_text() {
    let known = messages("sv");
    let code = Regex::new(r#""([a-z]+(?:_[a-z]+)*)\.([a-z]+(?:_[a-z]+)*)""#).unwrap();
    let files = [
        "webmanifest",
        "html",
        "toml",
        "xml",
        "db",
        "json",
        "css",
        "js",
        "svg",
        "png",
        "pdf",
        "zpl",
        "eml",
        "csv",
        "xlsx",
    ];
    let mut missing = BTreeSet::new();
    for file in source::files_ending("src", ".rs") {
        let text = file.code();
        for found in code.captures_iter(&text) {
            // What happened is named in the past; those are events and mails, which have their own words.
            let past = ["ed", "undone", "lost", "out", "begun", "ready", "taken", "drawn", "sent", "away"]
                .iter()
                .any(|end| found[2].ends_with(end));
            let key = format!("error-{}-{}", &found[1], &found[2]);
            if !known.contains_key(&key)
                && !past
                && !file.path.ends_with("/mails.rs")
                && !file.path.ends_with("/outbox.rs")
                && !files.contains(&&found[2])
            {
                missing.insert(format!("{key} ({})", file.path));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_error_text_is_of_a_code() {
    let text: String = source::files_ending("src", ".rs").into_iter().map(|file| file.text).collect();
    let text = text + &askers().into_iter().map(|file| file.text).collect::<String>();
    let idle: Vec<String> = messages("sv")
        .into_keys()
        .filter(|key| key.starts_with("error-") && !key.starts_with("error-title-"))
        .filter(|key| {
            let code = key["error-".len()..].replacen('-', ".", 1);
            !text.contains(&format!("\"{code}\"")) && !text.contains(&format!("\"{key}\""))
        })
        .collect();
    assert!(idle.is_empty(), "nothing says {idle:#?}");
}

/// A key is asked for by its whole name, or put together, as in `format!("kits-status-{status}")` with `"available"`.
#[test]
fn every_text_is_asked_for() {
    let text: String = askers().into_iter().map(|file| file.text).collect();
    let begun = Regex::new(r#""([a-z_-]+-)\{"#).unwrap();
    let ended = Regex::new(r#"\}(-[a-z]+)""#).unwrap();
    let ends: BTreeSet<&str> = ended.captures_iter(&text).map(|found| found.get(1).unwrap().as_str()).collect();
    let beginnings: BTreeSet<&str> = begun.captures_iter(&text).map(|found| found.get(1).unwrap().as_str()).collect();
    let said = |word: &str| text.contains(&format!("\"{word}\"")) || text.contains(&format!("klart={word}"));
    let idle: Vec<String> = messages("sv")
        .into_keys()
        .filter(|key| !key.starts_with("error-") && !said(key))
        .filter(|key| {
            let key = ends.iter().find_map(|end| key.strip_suffix(end)).unwrap_or(key);
            let mut rests = beginnings.iter().filter_map(|begun| key.strip_prefix(begun));
            let found = |rest: &str| rest.parse::<u32>().is_ok() || said(rest) || said(&rest.replacen('-', ".", 1));
            !said(key) && !rests.any(found)
        })
        .collect();
    assert!(idle.is_empty(), "nobody asks for {idle:#?}");
}
