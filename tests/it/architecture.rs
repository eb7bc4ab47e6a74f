//! The rules of the architecture, held by reading the sources.

use crate::support::source::{self, File};
use regex::Regex;
use std::collections::HashMap;

fn sources() -> Vec<File> {
    source::files_ending("src", ".rs")
}

/// The rank of each module: the groups of `lib.rs`, from the ground up. Those of a group may use each other.
fn ranks() -> HashMap<String, usize> {
    let lib = source::read("src/lib.rs");
    let groups = lib.split("\n\n").map(|group| {
        group.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect::<Vec<_>>()
    });
    let groups = groups.filter(|group| !group.is_empty()).enumerate();
    groups.flat_map(|(rank, group)| group.into_iter().map(move |name| (name.to_owned(), rank))).collect()
}

#[test]
fn imports_run_downwards() {
    let ranks = ranks();
    let used = Regex::new(r"\bcrate::(\w+)").unwrap();
    let mut wrong = Vec::new();
    for file in sources() {
        let module = file.path["src/".len()..].split(['/', '.']).next().unwrap().to_owned();
        let Some(rank) = ranks.get(&module) else {
            assert!(["lib", "main"].contains(&module.as_str()), "{} is missing in lib.rs", file.path);
            continue;
        };
        for used in used.captures_iter(&file.code()) {
            match ranks.get(&used[1]) {
                Some(other) if other > rank => wrong.push(format!("{} uses {}", file.path, &used[1])),
                Some(_) => (),
                None => wrong.push(format!("{} uses {}, which is missing in lib.rs", file.path, &used[1])),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Fails when a pattern is found outside of the files that may have it. `allowed` are the ends of their paths, or
/// folders.
#[track_caller]
fn only_in(pattern: &str, allowed: &[&str]) {
    let pattern = Regex::new(pattern).unwrap();
    let wrong: Vec<String> = sources()
        .into_iter()
        .filter(|file| !allowed.iter().any(|end| file.path.ends_with(end) || file.path.starts_with(end)))
        .filter(|file| pattern.is_match(&file.code()))
        .map(|file| file.path)
        .collect();
    assert!(wrong.is_empty(), "{pattern} stands in {wrong:?}");
}

#[test]
fn each_library_has_its_place() {
    only_in(
        r"\bactix_web::",
        &[
            "/api.rs",
            "/pages.rs",
            "src/admin/",
            "src/home/",
            "src/warehouse/",
            "accounts/session.rs",
            "src/platform/web/",
            "src/platform/db/",
            "src/app.rs",
            "src/monitoring.rs",
            "src/cli/",
            "mail/transport.rs",
            "labels/prints.rs",
            "labels/print_jobs.rs",
        ],
    );
    only_in(r"\blettre::", &["mail/transport.rs", "accounts/rules.rs", "platform/config.rs"]);
    only_in(r"\b(qrcode|krilla)::", &["src/labels/", "reports/year/paper.rs", "reports/year/typesetting.rs"]);
    only_in(r"\bparley::", &["reports/year/typesetting.rs"]);
    only_in(r"\bimage::", &["src/labels/", "pictures/encode.rs"]);
    only_in(r"\breqwest::", &["labels/ipp.rs", "webhooks/send.rs"]);
    only_in(r"\bmdns_sd::", &["labels/discovery.rs"]);
    only_in(r"\b(calamine|encoding_rs)::", &["platform/spreadsheet.rs"]);
    only_in(r"\bcsv::", &["platform/spreadsheet.rs", "platform/tables.rs"]);
    only_in(r"\brust_xlsxwriter::", &["platform/tables.rs"]);
    only_in(r"\bstd::env::", &["platform/config.rs", "platform/db/postgres.rs", "src/cli/"]);
    only_in(r"\bUtc::now\b", &["platform/clock.rs"]);
    only_in(
        r"\btokio::(spawn|task)\b",
        &["src/app.rs", "mail/worker.rs", "webhooks/worker.rs", "labels/print_jobs.rs"],
    );
    only_in(r"\bprintln!", &["src/cli/"]);
}

#[test]
fn rules_are_pure() {
    let impure = Regex::new(
        r"\b(diesel|actix_web|tokio|crate::schema|std::fs|std::env|Utc::now|platform::db::(Tx|Db|connection)|rand)\b",
    )
    .unwrap();
    for file in sources().iter().filter(|file| file.path.ends_with("/rules.rs")) {
        assert_eq!(impure.find(&file.code()).map(|found| found.as_str().to_owned()), None, "{}", file.path);
    }
}

#[test]
fn handlers_are_thin() {
    let deep = Regex::new(r"\b(crate::schema|diesel)\b").unwrap();
    for file in sources().iter().filter(|file| file.path.ends_with("/api.rs") || file.path.ends_with("/pages.rs")) {
        assert_eq!(deep.find(&file.code()).map(|found| found.as_str().to_owned()), None, "{} reads tables", file.path);
    }
    let other = Regex::new(r"\bcrate::\w+::(api|pages)::").unwrap();
    for file in sources().iter().filter(|file| file.path.ends_with("/api.rs") || file.path.ends_with("/pages.rs")) {
        let feature = file.path.split('/').nth(1).unwrap();
        let found: Vec<String> = other
            .find_iter(&file.code())
            .map(|found| found.as_str().to_owned())
            .filter(|found| found.starts_with(&format!("crate::{feature}::")))
            .collect();
        assert!(found.is_empty(), "{} uses {found:?}: the two flows share actions, not each other", file.path);
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for file in sources() {
        assert!(file.text.starts_with("//! "), "{}", file.path);
    }
    for file in source::files_ending("migrations", "up.sql") {
        assert!(file.text.starts_with("-- "), "{}", file.path);
    }
}

#[test]
fn pages_load_nothing_from_elsewhere_and_run_nothing_inline() {
    let inline = Regex::new(r#"(?i)<script(?: [^>]*)?>\s*[^<\s]|<style|\sstyle=|\son[a-z]+=|javascript:"#).unwrap();
    let elsewhere = Regex::new(r#"(?i)(?:src|action|srcset)="(?:https?:)?//|<link[^>]+href="(?:https?:)?//"#).unwrap();
    for file in source::files_ending("assets/templates", ".html") {
        for pattern in [&inline, &elsewhere] {
            let found = pattern.find(&file.text).map(|found| found.as_str().to_owned());
            assert_eq!(found, None, "{}", file.path);
        }
    }
    let loads = Regex::new(r#"(?i)(url\(\s*["']?|@import\s+["']|import\s+["']|fetch\(["'])(https?:)?//"#).unwrap();
    for file in source::files("assets/static") {
        let code = file.path.ends_with(".css") || file.path.ends_with(".js");
        assert!(!code || !loads.is_match(&file.text), "{} loads from elsewhere", file.path);
    }
}
