//! The versions of an organisation's form, and the draft of the next one.

use crate::evaluations::form::Form;
use crate::evaluations::forms::rules::untranslated;
use crate::evaluations::forms::store;
use crate::evaluations::forms::views::{FormDraftView, FormVersionDetails, FormVersionView};
use crate::evaluations::store as versions;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{FormVersionId, OrganisationId, PersonId};
use crate::schema::{form_totals, form_versions, people};
use diesel::prelude::*;

/// A row of what a version is, without its form.
type Row = (FormVersionId, i32, Instant, Option<String>, Option<i64>);

/// The versions, newest first.
///
/// # Errors
/// When the database fails.
pub fn list(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<FormVersionView>, Error> {
    let rows: Vec<Row> = form_versions::table
        .left_join(people::table.on(people::id.nullable().eq(form_versions::published_by)))
        .left_join(form_totals::table.on(form_totals::form_version_id.eq(form_versions::id)))
        .filter(form_versions::organisation_id.eq(organisation))
        .order(form_versions::version.desc())
        .select((
            form_versions::id,
            form_versions::version,
            form_versions::created_at,
            people::name.nullable(),
            form_totals::evaluations.nullable(),
        ))
        .load(conn)?;
    let newest = rows.first().map(|row| row.1);
    let view = |(id, version, published_at, published_by, evaluations): Row| FormVersionView {
        id,
        version,
        published_at,
        published_by: published_by.filter(|name| !name.is_empty()),
        evaluations: evaluations.unwrap_or_default(),
        newest: newest == Some(version),
    };
    Ok(rows.into_iter().map(view).collect())
}

/// One version with its form.
///
/// # Errors
/// `form.not_found`.
pub fn one(conn: &mut Conn, organisation: OrganisationId, id: FormVersionId) -> Result<FormVersionDetails, Error> {
    details(conn, organisation, |view| view.id == id)
}

/// One version with its form, by its number.
///
/// # Errors
/// `form.not_found`.
pub fn numbered(conn: &mut Conn, organisation: OrganisationId, number: i32) -> Result<FormVersionDetails, Error> {
    details(conn, organisation, |view| view.version == number)
}

fn details(
    conn: &mut Conn,
    organisation: OrganisationId,
    wanted: impl Fn(&FormVersionView) -> bool,
) -> Result<FormVersionDetails, Error> {
    let found = list(conn, organisation)?.into_iter().find(wanted);
    let version = found.ok_or_else(|| Error::not_found("form.not_found"))?;
    let form = versions::form_version(conn, version.id)?.form.0;
    Ok(FormVersionDetails { version, form })
}

/// The draft.
///
/// # Errors
/// `form.no_draft`.
pub fn draft(conn: &mut Conn, organisation: OrganisationId) -> Result<FormDraftView, Error> {
    Ok(draft_and_published(conn, organisation)?.0)
}

/// The draft, and the form that it follows.
///
/// # Errors
/// `form.no_draft`.
pub fn draft_and_published(conn: &mut Conn, organisation: OrganisationId) -> Result<(FormDraftView, Form), Error> {
    let draft = store::draft(conn, organisation)?.ok_or_else(|| Error::not_found("form.no_draft"))?;
    let before = versions::form_version(conn, draft.form_version_id)?;
    let form = draft.form.0;
    let changed_by = match draft.changed_by {
        Some(id) => name(conn, id)?,
        None => None,
    };
    let view = FormDraftView {
        version: draft.version,
        follows: before.version,
        changed_at: draft.changed_at,
        changed_by,
        untranslated: untranslated(&form).into_iter().map(Into::into).collect(),
        form,
    };
    Ok((view, before.form.0))
}

fn name(conn: &mut Conn, person: PersonId) -> Result<Option<String>, Error> {
    let name: Option<String> = people::table.find(person).select(people::name).get_result(conn).optional()?;
    Ok(name.filter(|name| !name.is_empty()))
}
