//! The idea bank for those who read it.

use crate::evaluations::ideas::views::{IdeaBank, IdeaView};
use crate::evaluations::queries;
use crate::evaluations::search::index::{self, Towards};
use crate::evaluations::search::query::{AGES, SHARED, Wanted, id_mark};
use crate::evaluations::search::words::mark;
use crate::evaluations::store;
use crate::evaluations::views::FormView;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{EvaluationId, FormVersionId, IdeaId, KitTypeId, OrganisationId};
use crate::platform::text::Lang;
use crate::platform::web::paging::{Listing, Paging};
use crate::schema::{evaluations, idea_banks, readings};
use diesel::prelude::*;
use serde::Deserialize;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Which ideas are asked for.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct IdeaFilter {
    /// Only with kits of this type.
    pub kit_type_id: Option<KitTypeId>,
    /// Only with children of this age: an option of the question `ages`, as `age_4`.
    pub age: Option<String>,
}

/// Whether everyone may read an organisation's idea bank.
///
/// # Errors
/// When the database fails.
pub fn bank(conn: &mut Conn, organisation: OrganisationId) -> Result<IdeaBank, Error> {
    let public = idea_banks::table.find(organisation).select(idea_banks::public).get_result(conn).optional()?;
    Ok(IdeaBank { public: public.unwrap_or(false) })
}

/// The organisations whose idea banks everyone may read.
///
/// # Errors
/// When the database fails.
pub fn public_banks(conn: &mut Conn) -> Result<Vec<OrganisationId>, Error> {
    Ok(idea_banks::table.filter(idea_banks::public.eq(true)).select(idea_banks::organisation_id).load(conn)?)
}

/// Ideas of these organisations, newest first.
///
/// # Errors
/// `request.cursor`.
pub fn list(
    conn: &mut Conn,
    organisations: &[OrganisationId],
    filter: &IdeaFilter,
    paging: &Paging,
    lang: Lang,
) -> Result<Listing<IdeaView>, Error> {
    let mut wanted = Wanted::of(organisations.iter().copied());
    wanted.and(SHARED);
    filter.kit_type_id.into_iter().for_each(|id| wanted.and(id_mark("type", id)));
    let age = filter.age.as_deref().filter(|age| !age.is_empty());
    age.into_iter().for_each(|age| wanted.and(mark(AGES, age)));
    if let Some(after) = paging.after()? {
        let after = evaluation_of(conn, after)?.ok_or_else(Paging::no_cursor)?.0;
        wanted.numbers.end = index::number(conn, organisations, after)?.ok_or_else(Paging::no_cursor)?;
    }
    let found = index::find(conn, &wanted, Towards::Older, paging.rows())?;
    Ok(Listing::cut(ideas(conn, &found, lang)?, paging, |idea: &IdeaView| idea.id))
}

/// One idea of these organisations, and whose it is.
///
/// # Errors
/// `idea.not_found`, also when it is not shared any more.
pub fn one(
    conn: &mut Conn,
    organisations: &[OrganisationId],
    id: IdeaId,
    lang: Lang,
) -> Result<(IdeaView, OrganisationId), Error> {
    let not_found = || Error::not_found("idea.not_found");
    let (evaluation, organisation) = evaluation_of(conn, id)?.ok_or_else(not_found)?;
    if !organisations.contains(&organisation) {
        return Err(not_found());
    }
    Ok((ideas(conn, &[evaluation], lang)?.pop().ok_or_else(not_found)?, organisation))
}

/// The evaluation that an idea is, and whose.
fn evaluation_of(conn: &mut Conn, id: IdeaId) -> Result<Option<(EvaluationId, OrganisationId)>, Error> {
    Ok(readings::table
        .filter(readings::idea_id.eq(id))
        .select((readings::evaluation_id, readings::organisation_id))
        .get_result(conn)
        .optional()?)
}

/// The ideas among these evaluations, in their order.
fn ideas(conn: &mut Conn, ids: &[EvaluationId], lang: Lang) -> Result<Vec<IdeaView>, Error> {
    let versions: Vec<(EvaluationId, FormVersionId)> = evaluations::table
        .filter(evaluations::id.eq_any(ids))
        .select((evaluations::id, evaluations::form_version_id))
        .load(conn)?;
    let versions: HashMap<EvaluationId, FormVersionId> = versions.into_iter().collect();
    let mut forms: HashMap<FormVersionId, FormView> = HashMap::new();
    let mut ideas = Vec::new();
    for evaluation in queries::views(conn, ids)? {
        let Some(version) = versions.get(&evaluation.id) else { continue };
        let form = match forms.entry(*version) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(FormView::of(&store::form_version(conn, *version)?, lang)),
        };
        ideas.extend(IdeaView::of(evaluation, form));
    }
    Ok(ideas)
}
