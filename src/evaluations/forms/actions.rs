//! What is done with an organisation's form: a draft of its next version is begun, changed, thrown away or published.

use crate::evaluations::actions::ensure_form;
use crate::evaluations::form::Form;
use crate::evaluations::forms::rules;
use crate::evaluations::forms::store::{self, Draft};
use crate::evaluations::store::{self as versions, FormVersion};
use crate::platform::db::types::Json;
use crate::platform::db::{Tx, is_duplicate};
use crate::platform::error::Error;
use crate::platform::events::{self, By};
use crate::platform::ids::FormVersionId;
use crate::schema::form_drafts;
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

/// A draft as it is to be.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveFormDraft {
    /// The whole form.
    pub form: Form,
}

fn the_draft(tx: &mut Tx<'_>, by: By, seen: Option<i32>) -> Result<Draft, Error> {
    let draft = store::draft(tx, by.organisation)?.ok_or_else(|| Error::not_found("form.no_draft"))?;
    if seen.is_some_and(|seen| seen != draft.version) {
        return Err(Error::changed_meanwhile());
    }
    Ok(draft)
}

/// Begins a draft: at first it is the newest version.
///
/// # Errors
/// `form.draft_exists`.
pub fn begin(tx: &mut Tx<'_>, by: By) -> Result<Draft, Error> {
    let newest = ensure_form(tx, by.organisation, by.now)?;
    let draft = Draft {
        organisation_id: by.organisation,
        form_version_id: newest.id,
        form: Json(rules::tidy(newest.form.0)),
        version: 1,
        changed_at: by.now,
        changed_by: by.person,
    };
    let there = || Error::refused("form.draft_exists");
    if store::draft(tx, by.organisation)?.is_some() {
        return Err(there());
    }
    match diesel::insert_into(form_drafts::table).values(&draft).execute(&mut **tx) {
        Err(error) if is_duplicate(&error) => return Err(there()),
        done => done?,
    };
    events::append(tx, by, newest.id, "form.draft_begun", json!({ "from": { "version": newest.version } }))?;
    Ok(draft)
}

/// Saves a draft in place of the one before.
///
/// # Errors
/// `form.no_draft`, `request.changed_meanwhile`, and `request.invalid` with everything that is wrong.
pub fn save(tx: &mut Tx<'_>, by: By, form: Form, seen: Option<i32>) -> Result<Draft, Error> {
    let before = the_draft(tx, by, seen)?;
    let published = versions::form_version(tx, before.form_version_id)?.form.0;
    let form = rules::tidy(form);
    rules::check(&published, &form)?;
    let draft = Draft {
        form: Json(form),
        version: before.version + 1,
        changed_at: by.now,
        changed_by: by.person,
        ..before.clone()
    };
    let own = form_drafts::table.find(by.organisation).filter(form_drafts::version.eq(before.version));
    let changed = diesel::update(own)
        .set((
            form_drafts::form.eq(&draft.form),
            form_drafts::version.eq(draft.version),
            form_drafts::changed_at.eq(draft.changed_at),
            form_drafts::changed_by.eq(draft.changed_by),
        ))
        .execute(&mut **tx)?;
    if changed == 0 {
        return Err(Error::changed_meanwhile());
    }
    let mut touched: Vec<String> =
        rules::changes(&before.form.0, &draft.form.0).into_iter().map(|(id, _)| id).collect();
    touched.dedup();
    let to = json!({ "draft": draft.version, "questions": touched });
    events::append(tx, by, draft.form_version_id, "form.draft_changed", json!({ "to": to }))?;
    Ok(draft)
}

/// Throws the draft away.
///
/// # Errors
/// `form.no_draft`, `request.changed_meanwhile`.
pub fn discard(tx: &mut Tx<'_>, by: By, seen: Option<i32>) -> Result<(), Error> {
    let draft = the_draft(tx, by, seen)?;
    remove(tx, &draft)?;
    events::append(tx, by, draft.form_version_id, "form.draft_removed", json!({ "from": { "draft": draft.version } }))
}

fn remove(tx: &mut Tx<'_>, draft: &Draft) -> Result<(), Error> {
    let own = form_drafts::table.find(draft.organisation_id).filter(form_drafts::version.eq(draft.version));
    match diesel::delete(own).execute(&mut **tx)? {
        0 => Err(Error::changed_meanwhile()),
        _ => Ok(()),
    }
}

/// Makes the draft the newest version: kits handed out from now on are evaluated on it.
///
/// # Errors
/// `form.no_draft`, `request.changed_meanwhile`, `form.unchanged`.
pub fn publish(tx: &mut Tx<'_>, by: By, seen: Option<i32>) -> Result<FormVersion, Error> {
    let draft = the_draft(tx, by, seen)?;
    let before = versions::form_version(tx, draft.form_version_id)?;
    rules::check(&before.form.0, &draft.form.0)?;
    if rules::tidy(before.form.0) == draft.form.0 {
        return Err(Error::refused("form.unchanged"));
    }
    remove(tx, &draft)?;
    let version = FormVersion {
        id: FormVersionId::new(),
        organisation_id: by.organisation,
        version: before.version + 1,
        form: draft.form,
        created_at: by.now,
        published_by: by.person,
    };
    versions::insert_form(tx, &version)?;
    let change = json!({ "from": { "version": before.version }, "to": { "version": version.version } });
    events::append(tx, by, version.id, "form.published", change)?;
    Ok(version)
}
