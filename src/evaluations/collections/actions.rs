//! What is done with collections.

use crate::accounts::rules::name;
use crate::evaluations::collections::queries;
use crate::evaluations::store;
use crate::platform::db::Tx;
use crate::platform::db::connection::{Conn, each};
use crate::platform::error::Error;
use crate::platform::events::{self, By};
use crate::platform::ids::{CollectionId, EvaluationId, OrganisationId};
use crate::schema::collection_evaluations::dsl as inside;
use crate::schema::{collection_evaluations, collections};
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

/// A collection.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveCollection {
    /// What it is called.
    pub name: String,
}

/// What is put into a collection.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Gather {
    /// The evaluation.
    pub evaluation_id: EvaluationId,
}

/// Adds a collection.
///
/// # Errors
/// What is wrong with its name.
pub fn add(tx: &mut Tx<'_>, by: By, save: &SaveCollection) -> Result<CollectionId, Error> {
    let (id, name) = (CollectionId::new(), name("name", &save.name)?);
    diesel::insert_into(collections::table)
        .values((
            collections::id.eq(id),
            collections::organisation_id.eq(by.organisation),
            collections::name.eq(&name),
            collections::created_at.eq(by.now),
        ))
        .execute(&mut **tx)?;
    events::append(tx, by, id, "collection.added", json!({ "to": { "name": name } }))?;
    Ok(id)
}

/// The name of a collection, with every other change of it kept waiting; on SQLite there is one writer anyway.
fn locked(tx: &mut Tx<'_>, organisation: OrganisationId, id: CollectionId) -> Result<String, Error> {
    if let Conn::Pg(pg) = &mut **tx {
        collections::table.find(id).select(collections::id).for_update().get_result::<CollectionId>(pg).optional()?;
    }
    queries::name(tx, organisation, id)
}

/// Gives a collection another name.
///
/// # Errors
/// `collection.not_found`, and what is wrong with the name.
pub fn rename(tx: &mut Tx<'_>, by: By, id: CollectionId, save: &SaveCollection) -> Result<(), Error> {
    let (before, name) = (locked(tx, by.organisation, id)?, name("name", &save.name)?);
    diesel::update(collections::table.find(id)).set(collections::name.eq(&name)).execute(&mut **tx)?;
    events::append(tx, by, id, "collection.renamed", json!({ "from": { "name": before }, "to": { "name": name } }))
}

/// Removes a collection; what was in it stays.
///
/// # Errors
/// `collection.not_found`.
pub fn remove(tx: &mut Tx<'_>, by: By, id: CollectionId) -> Result<(), Error> {
    let before = locked(tx, by.organisation, id)?;
    diesel::delete(collection_evaluations::table.filter(collection_evaluations::collection_id.eq(id)))
        .execute(&mut **tx)?;
    diesel::delete(collections::table.find(id)).execute(&mut **tx)?;
    events::append(tx, by, id, "collection.removed", json!({ "from": { "name": before } }))
}

/// Puts an evaluation into a collection, once.
///
/// # Errors
/// `collection.not_found`, `evaluation.not_found`.
pub fn gather(tx: &mut Tx<'_>, by: By, id: CollectionId, evaluation: EvaluationId) -> Result<(), Error> {
    locked(tx, by.organisation, id)?;
    store::submitted(tx, by.organisation, evaluation)?.ok_or_else(|| Error::not_found("evaluation.not_found"))?;
    let added = each!(&mut **tx, c => diesel::insert_into(inside::collection_evaluations)
        .values((inside::collection_id.eq(id), inside::evaluation_id.eq(evaluation)))
        .on_conflict((inside::collection_id, inside::evaluation_id))
        .do_nothing()
        .execute(c))?;
    if added == 0 {
        return Ok(());
    }
    events::append(tx, by, id, "collection.gathered", json!({ "to": { "evaluation": evaluation } }))
}

/// Takes an evaluation out of a collection.
///
/// # Errors
/// `collection.not_found`, `evaluation.not_found` when it is not in it.
pub fn take_out(tx: &mut Tx<'_>, by: By, id: CollectionId, evaluation: EvaluationId) -> Result<(), Error> {
    locked(tx, by.organisation, id)?;
    if diesel::delete(collection_evaluations::table.find((id, evaluation))).execute(&mut **tx)? == 0 {
        return Err(Error::not_found("evaluation.not_found"));
    }
    events::append(tx, by, id, "collection.taken_out", json!({ "from": { "evaluation": evaluation } }))
}
