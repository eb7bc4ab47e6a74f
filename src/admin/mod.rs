//! Pages for administrators, made of several features; no rules of their own. The event log over JSON, too.

pub mod api;
mod import;
mod kits;
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

use crate::platform::error::{Error, Kind};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Errors, FieldError};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError, web};
use serde::Deserialize;

type App = web::Data<AppState>;

/// The pages of this feature.
pub fn pages(config: &mut web::ServiceConfig) {
    config
        .configure(start::routes)
        .configure(organisation::routes)
        .configure(opening::routes)
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

/// The summary of what is wrong with a form; `labels` are the keys of its fields' labels, by their names.
fn summary(errors: Errors, t: Texts, labels: &[(&str, &str)]) -> Vec<FieldError> {
    errors.named(|field| labels.iter().find(|(name, _)| *name == field).map(|(_, key)| t.s(key)))
}

/// Why a form was not taken, to be shown in the form itself, and the answer's head. When somebody else was faster, what
/// was typed stays, and saving once more is a choice.
fn refused(error: Error, t: Texts) -> Result<(Errors, HttpResponseBuilder), Error> {
    let builder = HttpResponse::build(error.status_code());
    match error {
        Error::Problem(problem) if problem.kind == Kind::ChangedMeanwhile => {
            let text = t.s("admin-changed-meanwhile");
            Ok((Errors(vec![FieldError { field: "form".to_owned(), text }]), builder))
        }
        error => Ok((Errors::of(error, t)?, builder)),
    }
}
