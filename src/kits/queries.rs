//! The catalogue, and lists of kits.

use crate::kits::code::Code;
use crate::kits::rules::{ContentKind, ContentLine, Screen};
use crate::kits::store::{self, Kit, KitType};
use crate::kits::views::{KitTypeView, KitView};
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{ContentLineId, KitId, KitTypeId, OrganisationId};
use crate::platform::web::paging::{Listing, Paging};
use crate::schema::{content_lines, kit_types, kits};
use diesel::dsl::count_star;
use diesel::prelude::*;
use serde::Deserialize;
use std::collections::HashMap;

/// What the catalogue is searched for.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// Part of the name, in upper or lower case.
    pub q: Option<String>,
    /// An age, in years, that the kit type suits.
    pub age: Option<i32>,
    /// How much it is used in front of a screen.
    #[param(inline)]
    pub screen: Option<Screen>,
}

/// The catalogue by name: kit types that have not been retired.
///
/// # Errors
/// When the database fails.
pub fn kit_types(
    conn: &mut Conn,
    organisation: OrganisationId,
    filter: &Filter,
    paging: &Paging,
) -> Result<Listing<KitTypeView>, Error> {
    let mut query = kit_types::table
        .filter(kit_types::organisation_id.eq(organisation).and(kit_types::retired_at.is_null()))
        .select((kit_types::id, kit_types::name))
        .into_boxed();
    if let Some(age) = filter.age {
        query = query
            .filter(kit_types::age_from.is_null().or(kit_types::age_from.le(age)))
            .filter(kit_types::age_to.is_null().or(kit_types::age_to.ge(age)));
    }
    if let Some(screen) = filter.screen {
        query = query.filter(kit_types::screen.eq(screen));
    }
    let names: Vec<(KitTypeId, String)> = query.load(conn)?;
    // Names are compared here, since the databases disagree on the case and the order of å, ä and ö.
    let page = page_of_names(names, filter.q.as_deref().unwrap_or_default(), paging)?;
    let ids: Vec<KitTypeId> = page.items.iter().map(|(id, _)| *id).collect();
    let mut found: HashMap<KitTypeId, KitTypeView> = with_contents(conn, &ids)?;
    let items = page.items.iter().filter_map(|(id, _)| found.remove(id)).collect();
    Ok(Listing { items, next: page.next })
}

fn page_of_names(
    names: Vec<(KitTypeId, String)>,
    q: &str,
    paging: &Paging,
) -> Result<Listing<(KitTypeId, String)>, Error> {
    let sorted_by = |name: &str| (name.to_lowercase(), name.to_owned());
    let wanted = q.trim().to_lowercase();
    let after = paging.after::<String>()?.as_deref().map(sorted_by);
    let mut kept: Vec<_> = names
        .into_iter()
        .map(|(id, name)| (sorted_by(&name), id))
        .filter(|(key, _)| key.0.contains(&wanted) && after.as_ref().is_none_or(|after| key > after))
        .collect();
    kept.sort_unstable();
    kept.truncate(paging.limit() + 1);
    let rows = kept.into_iter().map(|((_, name), id)| (id, name)).collect();
    Ok(Listing::cut(rows, paging, |(_, name)| name.clone()))
}

/// A kit type of an organisation, also a retired one.
///
/// # Errors
/// When the database fails.
pub fn find_kit_type(
    conn: &mut Conn,
    organisation: OrganisationId,
    id: KitTypeId,
) -> Result<Option<KitTypeView>, Error> {
    if store::find_kit_type(conn, organisation, id)?.is_none() {
        return Ok(None);
    }
    Ok(with_contents(conn, &[id])?.remove(&id))
}

fn with_contents(conn: &mut Conn, ids: &[KitTypeId]) -> Result<HashMap<KitTypeId, KitTypeView>, Error> {
    let types: Vec<KitType> = kit_types::table.filter(kit_types::id.eq_any(ids)).load(conn)?;
    let lines: Vec<(KitTypeId, (ContentLineId, String, i32, ContentKind))> = content_lines::table
        .filter(content_lines::kit_type_id.eq_any(ids).and(content_lines::position.is_not_null()))
        .order((content_lines::kit_type_id.asc(), content_lines::position.asc()))
        .select((content_lines::kit_type_id, store::LINE_COLUMNS))
        .load(conn)?;
    let counts: Vec<(KitTypeId, i64)> = kits::table
        .filter(kits::kit_type_id.eq_any(ids).and(kits::retired_at.is_null()))
        .group_by(kits::kit_type_id)
        .select((kits::kit_type_id, count_star()))
        .load(conn)?;
    let counts: HashMap<KitTypeId, i64> = counts.into_iter().collect();
    let mut contents: HashMap<KitTypeId, Vec<ContentLine>> = HashMap::new();
    for (kit_type, line) in lines {
        contents.entry(kit_type).or_default().push(store::line(line));
    }
    let views = types.into_iter().map(|kit_type| {
        let id = kit_type.id;
        let count = counts.get(&id).copied().unwrap_or_default();
        (id, KitTypeView::new(kit_type, contents.remove(&id).unwrap_or_default(), count))
    });
    Ok(views.collect())
}

/// Kits of an organisation that are not retired, in the order in which they were added: of one type, or all.
///
/// # Errors
/// When the database fails.
pub fn kits(
    conn: &mut Conn,
    organisation: OrganisationId,
    kit_type: Option<KitTypeId>,
    paging: &Paging,
) -> Result<Listing<KitView>, Error> {
    let mut query = kits::table
        .inner_join(kit_types::table)
        .filter(kits::organisation_id.eq(organisation).and(kits::retired_at.is_null()))
        .select((kits::all_columns, kit_types::name))
        .into_boxed();
    if let Some(kit_type) = kit_type {
        query = query.filter(kits::kit_type_id.eq(kit_type));
    }
    if let Some(after) = paging.after::<KitId>()? {
        query = query.filter(kits::id.gt(after));
    }
    let rows: Vec<(Kit, String)> = query.order(kits::id.asc()).limit(paging.rows()).load(conn)?;
    let kits = rows.into_iter().map(|(kit, name)| KitView::new(kit, name)).collect();
    Ok(Listing::cut(kits, paging, |kit| kit.id))
}

/// The kit with this code in an organisation, also a retired one.
///
/// # Errors
/// When the database fails.
pub fn find_kit(conn: &mut Conn, organisation: OrganisationId, code: &Code) -> Result<Option<KitView>, Error> {
    let Some(kit) = store::find_kit_by_code(conn, organisation, code)? else { return Ok(None) };
    let name = kit_types::table.find(kit.kit_type_id).select(kit_types::name).get_result(conn)?;
    Ok(Some(KitView::new(kit, name)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn page(q: &str, limit: u32, cursor: Option<&str>) -> (Vec<String>, Option<String>) {
        let names = ["Ölandsrobot", "bee-bot", "Åkbil", "ÄPPELROBOT", "Blue-Bot"];
        let names = names.map(|name| (KitTypeId::new(), name.to_owned())).to_vec();
        let paging = Paging { limit: Some(limit), cursor: cursor.map(str::to_owned) };
        let page = page_of_names(names, q, &paging).unwrap();
        (page.items.into_iter().map(|(_, name)| name).collect(), page.next)
    }

    #[test]
    fn names_are_found_in_any_case() {
        assert_eq!(page("BOT", 9, None).0, ["bee-bot", "Blue-Bot", "ÄPPELROBOT", "Ölandsrobot"]);
        assert_eq!(page("äpple", 9, None).0.len(), 0);
        assert_eq!(page("äppel", 9, None).0, ["ÄPPELROBOT"]);
        assert_eq!(page(" ÅK ", 9, None).0, ["Åkbil"]);
        assert_eq!(page("%", 9, None).0.len(), 0);
    }

    #[test]
    fn pages_go_on_where_the_last_ended() {
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let (items, next) = page("", 2, cursor.as_deref());
            seen.extend(items);
            cursor = next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["bee-bot", "Blue-Bot", "ÄPPELROBOT", "Åkbil", "Ölandsrobot"]);
    }
}
