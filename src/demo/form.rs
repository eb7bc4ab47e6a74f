//! The demo's form: a second version with a question of the municipality's own, and a draft of the third.

use crate::evaluations::form::{Form, Question};
use crate::evaluations::forms::actions;
use crate::platform::db::Tx;
use crate::platform::db::types::Instant;
use crate::platform::error::{Error, Fault};
use crate::platform::events::By;
use chrono::{Days, NaiveDate, TimeDelta};
use serde::Deserialize;

/// The second version is so many days old.
const PUBLISHED_DAYS_AGO: i64 = 2;
/// Loans that begin so many days from now must answer what is voluntary today.
const REQUIRED_IN_DAYS: u64 = 45;

#[derive(Deserialize)]
struct Questions {
    published: Question,
    draft: Question,
}

/// Publishes a version with one question of its own, and begins another.
///
/// # Errors
/// When the database fails, or the demo's data breaks a rule, which a test keeps from happening.
pub(super) fn fill(tx: &mut Tx<'_>, by: By, today: NaiveDate) -> Result<(), Error> {
    let questions: Questions =
        serde_json::from_str(include_str!("../../assets/demo/form.json")).map_err(Fault::from_error)?;
    let earlier = By { now: before(by.now), ..by };
    let mut form = actions::begin(tx, earlier)?.form.0;
    form.questions.push(questions.published);
    actions::save(tx, earlier, form, None)?;
    actions::publish(tx, earlier, None)?;
    let mut form: Form = actions::begin(tx, by)?.form.0;
    form.questions.push(questions.draft);
    for question in form.questions.iter_mut().filter(|question| question.id == "tips") {
        question.required = true;
        question.required_from = today.checked_add_days(Days::new(REQUIRED_IN_DAYS));
    }
    actions::save(tx, by, form, None).map(drop)
}

fn before(now: Instant) -> Instant {
    now - TimeDelta::days(PUBLISHED_DAYS_AGO)
}
