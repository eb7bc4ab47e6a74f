//! Collections for those who read them.

use crate::accounts::store::Unit;
use crate::evaluations::answers::Answer;
use crate::evaluations::collections::views::{CollectionDetails, CollectionView, ContactView};
use crate::evaluations::queries;
use crate::evaluations::rules::Share;
use crate::evaluations::views::{EvaluationView, FormView};
use crate::evaluations::wording::choices;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{CollectionId, EvaluationId, OrganisationId, UnitId};
use crate::platform::text::Lang;
use crate::schema::{collection_evaluations, collections, units};
use diesel::prelude::*;

/// The question of what colleagues may ask of the unit.
const CONTACT: &str = "contact";
/// A collection is for one occasion; more than this nobody looks through.
const SHOWN: i64 = 200;

/// The collections of an organisation, newest first.
///
/// # Errors
/// When the database fails.
pub fn list(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<CollectionView>, Error> {
    let rows: Vec<(CollectionId, String)> = collections::table
        .filter(collections::organisation_id.eq(organisation))
        .order(collections::id.desc())
        .select((collections::id, collections::name))
        .load(conn)?;
    let mut views = Vec::new();
    for (id, name) in rows {
        let inside = collection_evaluations::table.filter(collection_evaluations::collection_id.eq(id));
        views.push(CollectionView { id, name, evaluations: inside.count().get_result(conn)? });
    }
    Ok(views)
}

/// The name of a collection.
///
/// # Errors
/// `collection.not_found`.
pub fn name(conn: &mut Conn, organisation: OrganisationId, id: CollectionId) -> Result<String, Error> {
    let name = collections::table.find(id).filter(collections::organisation_id.eq(organisation));
    let name = name.select(collections::name).get_result(conn).optional()?;
    name.ok_or_else(|| Error::not_found("collection.not_found"))
}

/// A collection with what is in it, newest first, and the units that want to tell more.
///
/// # Errors
/// `collection.not_found`.
pub fn one(
    conn: &mut Conn,
    organisation: OrganisationId,
    id: CollectionId,
    lang: Lang,
) -> Result<CollectionDetails, Error> {
    let name = name(conn, organisation, id)?;
    let inside: Vec<EvaluationId> = collection_evaluations::table
        .filter(collection_evaluations::collection_id.eq(id))
        .order(collection_evaluations::evaluation_id.desc())
        .limit(SHOWN)
        .select(collection_evaluations::evaluation_id)
        .load(conn)?;
    let mut items = queries::views(conn, &inside)?;
    items.sort_by_key(|item| std::cmp::Reverse((item.submitted_at, item.id)));
    let contacts = contacts(conn, organisation, &items, lang)?;
    Ok(CollectionDetails { id, name, items, contacts })
}

/// The units among these that want to tell more: one line for each kit type.
fn contacts(
    conn: &mut Conn,
    organisation: OrganisationId,
    items: &[EvaluationView],
    lang: Lang,
) -> Result<Vec<ContactView>, Error> {
    let ids: Vec<UnitId> = items.iter().map(|item| item.unit.id).collect();
    let reached: Vec<Unit> = units::table.filter(units::id.eq_any(ids)).load(conn)?;
    let form: FormView = queries::newest_form(conn, organisation, lang)?;
    let question = form.questions.iter().find(|question| question.id == CONTACT);
    let mut contacts: Vec<ContactView> = Vec::new();
    // Who does not want to be named is not to be rung, either.
    for item in items.iter().filter(|item| item.share == Share::Named) {
        let unit = reached.iter().find(|unit| unit.id == item.unit.id);
        let given = item.answers.get(CONTACT).filter(|answer| matches!(answer, Answer::List(_)));
        let (Some(unit), Some(question), Some(given)) = (unit, question, given) else { continue };
        let offers = choices(question, Some(given)).into_iter().filter(|choice| choice.checked);
        let contact = ContactView {
            unit: unit.name.clone(),
            area: unit.area.clone(),
            email: unit.email.clone(),
            kit_type: item.kit_type.name.clone(),
            offers: offers.map(|choice| choice.label).collect(),
        };
        if !contacts.contains(&contact) {
            contacts.push(contact);
        }
    }
    contacts.sort_by(|a, b| (&a.unit, &a.kit_type).cmp(&(&b.unit, &b.kit_type)));
    Ok(contacts)
}
