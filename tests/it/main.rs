//! The integration tests: the real server over HTTP, on both databases. `support` has the harness.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails must stop")]

mod support;

mod accounts;
mod admin;
mod architecture;
mod bundles;
mod calendars;
mod changes;
mod commands;
mod contents;
mod courses;
mod deliveries;
mod errors;
mod evaluation_links;
mod evaluations;
mod exports;
mod forms;
mod idempotency;
mod import;
mod jobs;
mod kits;
mod labels;
mod loan_rules;
mod loans;
mod locales;
mod migrations;
mod monitoring;
mod opening;
mod outbox;
mod page_rights;
mod pages;
mod pictures;
mod planning;
mod printing;
mod queue;
mod reading;
mod reports;
mod rights;
mod rounds;
mod scan_page;
mod scans;
mod security;
mod service;
mod stocktakes;
mod summer;
mod webhooks;
mod writes;
mod year_plan;
