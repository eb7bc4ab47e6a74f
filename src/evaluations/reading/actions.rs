//! What developers do with an evaluation: they mark it, mask what must not be read, and thank the unit.

use crate::accounts::rules::name;
use crate::accounts::session::Person;
use crate::accounts::store::lock_organisation;
use crate::evaluations::answers::Answer;
use crate::evaluations::form::Kind;
use crate::evaluations::queries;
use crate::evaluations::reading::mails;
use crate::evaluations::reading::rules;
use crate::evaluations::reading::store::{self as readings, Reading};
use crate::evaluations::search::index;
use crate::evaluations::store::{self, Evaluation};
use crate::kits::store::lock_kit_type;
use crate::loans::actions::Context;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::events::{self, By};
use crate::platform::idempotency;
use crate::platform::ids::{EvaluationId, OrganisationId, ThemeId};
use crate::schema::{evaluation_themes, themes};
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

/// How an evaluation is marked. What is left out stays as it is.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// It is read, or to be read again.
    pub read: Option<bool>,
    /// It has a star.
    pub starred: Option<bool>,
    /// It is in the idea bank.
    pub shared: Option<bool>,
    /// What to remember about it; only developers see it.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    /// The version of the note that this one is made from. With it a note stays that a colleague has changed since.
    #[serde(default)]
    pub note_seen: Option<String>,
    /// It is about this, too: a theme by its name, made when it is new.
    pub add_theme: Option<String>,
    /// It is not about this.
    pub remove_theme: Option<ThemeId>,
}

/// A passage that nobody may read.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mask {
    /// The question that is answered with it.
    pub question: String,
    /// The passage, as it stands there; every occurrence is masked.
    pub passage: String,
}

/// A mail of thanks to the unit.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Thank {
    /// Own words; the usual ones, without.
    #[schema(max_length = 1000)]
    pub message: Option<String>,
    /// What looks like a name in them is none of a child.
    #[serde(default)]
    pub no_names: bool,
}

/// A submitted evaluation, with every other change of it kept waiting.
fn open(tx: &mut Tx<'_>, organisation: OrganisationId, id: EvaluationId) -> Result<Evaluation, Error> {
    let not_found = || Error::not_found("evaluation.not_found");
    let found = store::submitted(tx, organisation, id)?.ok_or_else(not_found)?;
    lock_kit_type(tx, found.kit_type_id)?;
    store::submitted(tx, organisation, id)?.ok_or_else(not_found)
}

/// Marks an evaluation.
///
/// # Errors
/// `evaluation.not_found`, `evaluation.not_offered` when the unit does not let others read it, `evaluation.note_changed` with
/// the note that a colleague has written, `theme.not_found`, and what is wrong with a note or a name.
pub fn mark(tx: &mut Tx<'_>, by: By, id: EvaluationId, mark: &Mark) -> Result<(), Error> {
    let evaluation = open(tx, by.organisation, id)?;
    let before = readings::reading(tx, &evaluation)?;
    let mut after = before.clone();
    if let Some(read) = mark.read.filter(|read| *read != before.read_at.is_some()) {
        (after.read_at, after.read_by) = (read.then_some(by.now), by.person.filter(|_| read));
        let what = if read { "evaluation.reviewed" } else { "evaluation.reopened" };
        events::append(tx, by, id, what, json!({}))?;
    }
    if let Some(starred) = mark.starred.filter(|starred| *starred != before.starred) {
        after.starred = starred;
        let what = if starred { "evaluation.starred" } else { "evaluation.unstarred" };
        events::append(tx, by, id, what, json!({}))?;
    }
    if let Some(shared) = mark.shared.filter(|shared| *shared != before.approved_at.is_some()) {
        if shared && !evaluation.may_be_shared() {
            return Err(Error::refused("evaluation.not_offered"));
        }
        after.approve(shared.then_some((by.now, by.person)));
        let what = if shared { "evaluation.shared" } else { "evaluation.unshared" };
        events::append(tx, by, id, what, json!({}))?;
    }
    if let Some(text) = &mark.note {
        after.note = rules::note(text)?;
        if mark.note_seen.as_ref().is_some_and(|seen| rules::is_contested(&before.note, seen, &after.note)) {
            return Err(Error::refused("evaluation.note_changed").with("note", before.note));
        }
        if after.note != before.note {
            events::append(tx, by, id, "evaluation.noted", json!({}))?;
        }
    }
    if mark.add_theme.is_some() || mark.remove_theme.is_some() {
        lock_organisation(tx, by.organisation)?;
    }
    if let Some(theme) = &mark.add_theme {
        add_theme(tx, by, id, &name("add_theme", &theme.nfc().collect::<String>())?)?;
    }
    if let Some(theme) = mark.remove_theme {
        remove_theme(tx, by, id, theme)?;
    }
    save(tx, &evaluation, &after)
}

/// Saves what the office has done with an evaluation, and by what it is found.
fn save(tx: &mut Tx<'_>, evaluation: &Evaluation, reading: &Reading) -> Result<(), Error> {
    readings::save(tx, reading)?;
    index::renew(tx, evaluation)
}

/// The organisation's themes. They are few: labels that a handful of people made.
fn all_themes(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<(ThemeId, String)>, Error> {
    let all = themes::table.filter(themes::organisation_id.eq(organisation)).select((themes::id, themes::name));
    Ok(all.load(conn)?)
}

fn add_theme(tx: &mut Tx<'_>, by: By, evaluation: EvaluationId, name: &str) -> Result<(), Error> {
    let known = all_themes(tx, by.organisation)?;
    let same = known.iter().find(|(_, known)| known.to_lowercase() == name.to_lowercase());
    let theme = match same {
        Some((theme, _)) => *theme,
        None => {
            let theme = ThemeId::new();
            diesel::insert_into(themes::table)
                .values((themes::id.eq(theme), themes::organisation_id.eq(by.organisation), themes::name.eq(name)))
                .execute(&mut **tx)?;
            theme
        }
    };
    let there = evaluation_themes::table.find((evaluation, theme)).count().get_result::<i64>(&mut **tx)?;
    if there == 0 {
        diesel::insert_into(evaluation_themes::table)
            .values((evaluation_themes::evaluation_id.eq(evaluation), evaluation_themes::theme_id.eq(theme)))
            .execute(&mut **tx)?;
        events::append(tx, by, evaluation, "evaluation.theme_added", json!({ "to": { "theme": theme } }))?;
    }
    Ok(())
}

/// Takes a theme away; one that no evaluation has any more is gone.
fn remove_theme(tx: &mut Tx<'_>, by: By, evaluation: EvaluationId, theme: ThemeId) -> Result<(), Error> {
    if !all_themes(tx, by.organisation)?.iter().any(|(known, _)| *known == theme) {
        return Err(Error::not_found("theme.not_found"));
    }
    if diesel::delete(evaluation_themes::table.find((evaluation, theme))).execute(&mut **tx)? == 1 {
        events::append(tx, by, evaluation, "evaluation.theme_removed", json!({ "from": { "theme": theme } }))?;
    }
    let others = evaluation_themes::table.filter(evaluation_themes::theme_id.eq(theme)).limit(1);
    let others: Vec<(EvaluationId, ThemeId)> = others.load(&mut **tx)?;
    if others.is_empty() {
        diesel::delete(themes::table.find(theme)).execute(&mut **tx)?;
    }
    Ok(())
}

/// Masks a passage of an answer, for good: nobody reads it any more, nor finds the evaluation by it. The log keeps who did
/// it, when, and in which answer.
///
/// # Errors
/// `evaluation.not_found`, `evaluation.no_such_text`, `evaluation.passage_not_found`.
pub fn mask(tx: &mut Tx<'_>, by: By, id: EvaluationId, mask: &Mask) -> Result<(), Error> {
    let mut evaluation = open(tx, by.organisation, id)?;
    let form = store::form(tx, evaluation.form_version_id)?;
    let answers = &mut evaluation.answers.0;
    let is_text = form.question(&mask.question).is_some_and(|question| question.kind == Kind::Text);
    let text = match answers.get(&mask.question) {
        Some(Answer::Text(text)) if is_text => text.clone(),
        _ => return Err(Error::invalid("question", "evaluation.no_such_text")),
    };
    let masked =
        rules::masked(&text, &mask.passage).ok_or_else(|| Error::invalid("passage", "evaluation.passage_not_found"))?;
    answers.insert(mask.question.clone(), Answer::Text(masked));
    store::save(tx, &evaluation)?;
    index::renew(tx, &evaluation)?;
    // Earlier drafts of the answer say it in other surroundings.
    idempotency::rewrite(tx, by.organisation, id.into(), |kept| mask_in(kept, mask, false))?;
    events::append(tx, by, id, "evaluation.masked", json!({ "to": { "question": mask.question } }))
}

/// Masks the passage in what a client was told: in that answer, and in the words that were taken for names.
fn mask_in(told: &mut Value, mask: &Mask, answer: bool) {
    match told {
        Value::String(text) if answer => {
            if let Some(masked) = rules::masked(text, &mask.passage) {
                *text = masked;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mask_in(item, mask, answer)),
        Value::Object(fields) => {
            for (name, field) in fields {
                match name.as_str() {
                    "possible_names" => *field = json!([]),
                    name => mask_in(field, mask, answer || name == mask.question),
                }
            }
        }
        _ => {}
    }
}

/// Thanks the unit by mail, once, in own words or in the usual ones.
///
/// # Errors
/// `evaluation.not_found`, `evaluation.thanked`, `evaluation.nobody_to_thank`, and those of [`rules::thanks`].
pub fn thank(tx: &mut Tx<'_>, context: &Context, who: &Person, id: EvaluationId, thank: &Thank) -> Result<(), Error> {
    let evaluation = open(tx, context.organisation.id, id)?;
    let mut reading = readings::reading(tx, &evaluation)?;
    if reading.thanked_at.is_some() {
        return Err(Error::refused("evaluation.thanked"));
    }
    let own = match &thank.message {
        None => None,
        Some(message) => {
            let written = evaluation.answers.0.values().filter_map(|answer| match answer {
                Answer::Text(text) => Some(text.as_str()),
                _ => None,
            });
            let known = queries::no_names(tx, &context.organisation)?.and(&who.name);
            Some(rules::thanks(message, written, &known, thank.no_names)?)
        }
    };
    if !mails::thanks(tx, context, &evaluation, own.as_deref())? {
        return Err(Error::refused("evaluation.nobody_to_thank"));
    }
    (reading.thanked_at, reading.thanked_by) = (Some(context.by.now), context.by.person);
    save(tx, &evaluation, &reading)?;
    events::append(tx, context.by, id, "evaluation.thanked", json!({ "to": { "own_words": own.is_some() } }))
}
