//! Pages for administrators, made of several features; no rules of their own. The event log over JSON, too.

pub mod api;
mod closures;
mod import;
mod kits;
mod loan_rules;
mod log;
mod mails;
mod opening;
mod organisation;
mod people;
mod pictures;
mod queries;
mod start;
mod types;
mod units;

use crate::platform::state::AppState;
use actix_web::web;
use serde::Deserialize;

type App = web::Data<AppState>;

/// The pages of this feature.
pub fn pages(config: &mut web::ServiceConfig) {
    config
        .configure(start::routes)
        .configure(organisation::routes)
        .configure(opening::routes)
        .configure(loan_rules::routes)
        .configure(units::routes)
        .configure(people::routes)
        .configure(pictures::routes)
        .configure(types::routes)
        .configure(kits::routes)
        .configure(import::routes)
        .configure(mails::routes)
        .configure(log::routes);
}

/// What a list is searched for.
#[derive(Debug, Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
}
