//! The catalogue, and lists of kits.

use crate::kits::code::Code;
use crate::kits::codes;
use crate::kits::pictures::store as pictures;
use crate::kits::pictures::views::PictureView;
use crate::kits::rules::{ContentLine, Screen};
use crate::kits::search::{self, Find, Search, alphabetical};
use crate::kits::store::{self, Kit, KitType};
use crate::kits::views::{CourseName, KitTypeName, KitTypeView, KitView};
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{CourseId, KitId, KitTypeId, OrganisationId};
use crate::platform::web::paging::{Listing, Paging};
use crate::schema::{content_lines, courses, kit_type_courses, kit_types, kits};
use diesel::dsl::count_star;
use diesel::prelude::*;
use serde::Deserialize;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

/// Only the kit types of an organisation that have not been retired.
macro_rules! in_catalogue {
    ($query:expr, $organisation:expr) => {
        $query.filter(kit_types::organisation_id.eq($organisation).and(kit_types::retired_at.is_null()))
    };
}

/// What the catalogue is searched for.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// Words of the name, the contents list, the description or how to get started. Case, accents, word endings and small
    /// misspellings are forgiven; the best come first.
    pub q: Option<String>,
    /// An age, in years, that the kit type suits.
    pub age: Option<i32>,
    /// How much it is used in front of a screen.
    #[param(inline)]
    pub screen: Option<Screen>,
}

/// How much it weighs to be found in the name, the contents list, the description, and how to get started.
const WEIGHTS: [u32; 4] = [100, 10, 8, 6];

/// Kit types that were looked for, the best first, and then by name.
pub struct Matches {
    /// None of them has all the words that were looked for: these have most of them.
    pub partly: bool,
    sorted: Vec<(Place, KitTypeId)>,
}

/// Where a kit type stands among those found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    score: Reverse<u32>,
    alphabetical: String,
    name: String,
}

impl Place {
    fn new(score: u32, name: String) -> Self {
        Self { score: Reverse(score), alphabetical: alphabetical(&name), name }
    }
}

/// As it stands in a cursor.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.score.0, self.name)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(cursor: &str) -> Result<Self, ()> {
        let (score, name) = cursor.split_once(' ').ok_or(())?;
        Ok(Self::new(score.parse().map_err(|_| ())?, name.to_owned()))
    }
}

impl Matches {
    /// Those of some texts that have most of the words that are looked for; all when none are.
    fn of(texts: Vec<TypeTexts>, search: Option<Search>) -> Self {
        let Some(mut search) = search else {
            let sorted = texts.into_iter().map(|texts| (Place::new(0, texts.name), texts.id)).collect();
            return Self::sorted(false, sorted);
        };
        let look = |texts: TypeTexts| {
            let contents = texts.contents.iter().map(String::as_str);
            let [name, part, description, start] = WEIGHTS;
            let weighed = [(name, texts.name.as_str()), (description, &texts.description), (start, &texts.get_started)];
            let find = search.look(weighed.into_iter().chain(contents.map(|line| (part, line))))?;
            Some((find, texts.id, texts.name))
        };
        let found: Vec<(Find, KitTypeId, String)> = texts.into_iter().filter_map(look).collect();
        let most = found.iter().map(|(find, ..)| find.words).max().unwrap_or(0);
        let best = found.into_iter().filter(|(find, ..)| find.words == most);
        let sorted = best.map(|(find, id, name)| (Place::new(find.score, name), id)).collect();
        Self::sorted(most > 0 && most < search.words(), sorted)
    }

    fn sorted(partly: bool, mut sorted: Vec<(Place, KitTypeId)>) -> Self {
        sorted.sort_unstable();
        Self { partly, sorted }
    }

    fn page(&self, paging: &Paging) -> Result<Listing<KitTypeId>, Error> {
        let after = paging.after::<Place>()?;
        let from = after.map_or(0, |after| self.sorted.partition_point(|(place, _)| *place <= after));
        let rows = self.sorted.iter().skip(from).take(paging.limit() + 1).collect();
        Ok(Listing::cut(rows, paging, |(place, _)| place).map(|(_, id)| *id))
    }
}

/// What a kit type is found by; only the name unless words are looked for.
struct TypeTexts {
    id: KitTypeId,
    name: String,
    description: String,
    get_started: String,
    contents: Vec<String>,
}

/// The kit types that were looked for: those of the catalogue, which have not been retired. They are looked through
/// here, since the databases disagree on the case and the order of å, ä and ö.
///
/// # Errors
/// When the database fails.
pub fn matches(conn: &mut Conn, organisation: OrganisationId, filter: &Filter) -> Result<Matches, Error> {
    let typed = filter.q.as_deref().unwrap_or_default().trim();
    let search = Search::new(typed);
    if search.is_none() && !typed.is_empty() {
        return Ok(Matches { partly: false, sorted: Vec::new() });
    }
    let mut query = in_catalogue!(kit_types::table, organisation).into_boxed();
    if let Some(age) = filter.age {
        query = query
            .filter(kit_types::age_from.is_null().or(kit_types::age_from.le(age)))
            .filter(kit_types::age_to.is_null().or(kit_types::age_to.ge(age)));
    }
    if let Some(screen) = filter.screen {
        query = query.filter(kit_types::screen.eq(screen));
    }
    let texts = if search.is_some() {
        let columns = (kit_types::id, kit_types::name, kit_types::description, kit_types::get_started);
        let rows: Vec<(KitTypeId, String, String, String)> = query.select(columns).load(conn)?;
        let mut contents: HashMap<KitTypeId, Vec<String>> = HashMap::new();
        let lines: Vec<(KitTypeId, String)> =
            in_catalogue!(content_lines::table.inner_join(kit_types::table), organisation)
                .filter(content_lines::position.is_not_null())
                .select((content_lines::kit_type_id, content_lines::name))
                .load(conn)?;
        for (id, line) in lines {
            contents.entry(id).or_default().push(line);
        }
        let texts = |(id, name, description, get_started)| TypeTexts {
            contents: contents.remove(&id).unwrap_or_default(),
            id,
            name,
            description,
            get_started,
        };
        rows.into_iter().map(texts).collect()
    } else {
        let rows: Vec<(KitTypeId, String)> = query.select((kit_types::id, kit_types::name)).load(conn)?;
        let only_name = |(id, name)| TypeTexts {
            id,
            name,
            description: String::new(),
            get_started: String::new(),
            contents: Vec::new(),
        };
        rows.into_iter().map(only_name).collect()
    };
    Ok(Matches::of(texts, search))
}

/// One page of the kit types that were looked for.
///
/// # Errors
/// When the database fails.
pub fn page_of(conn: &mut Conn, matches: &Matches, paging: &Paging) -> Result<Listing<KitTypeView>, Error> {
    let page = matches.page(paging)?;
    let mut found: HashMap<KitTypeId, KitTypeView> = with_contents(conn, &page.items)?;
    let items = page.items.iter().filter_map(|id| found.remove(id)).collect();
    Ok(Listing { items, next: page.next })
}

/// The catalogue, or what was looked for in it.
///
/// # Errors
/// When the database fails.
pub fn kit_types(
    conn: &mut Conn,
    organisation: OrganisationId,
    filter: &Filter,
    paging: &Paging,
) -> Result<Listing<KitTypeView>, Error> {
    let matches = matches(conn, organisation, filter)?;
    page_of(conn, &matches, paging)
}

/// Kit types of the catalogue whose names are most like what was typed, the nearest first.
///
/// # Errors
/// When the database fails.
pub fn nearest(
    conn: &mut Conn,
    organisation: OrganisationId,
    typed: &str,
    most: usize,
) -> Result<Vec<KitTypeName>, Error> {
    let rows: Vec<(KitTypeId, String)> =
        in_catalogue!(kit_types::table, organisation).select((kit_types::id, kit_types::name)).load(conn)?;
    let near = search::nearest(typed, rows.iter().map(|(_, name)| name.as_str()), most);
    let named = |name: &str| rows.iter().find(|(_, other)| other == name);
    Ok(near.into_iter().filter_map(named).map(|(id, name)| KitTypeName { id: *id, name: name.clone() }).collect())
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

/// The types in use, by name.
///
/// # Errors
/// When the database fails.
pub fn type_names(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<(KitTypeId, String)>, Error> {
    Ok(kit_types::table
        .filter(kit_types::organisation_id.eq(organisation).and(kit_types::retired_at.is_null()))
        .order(kit_types::name.asc())
        .select((kit_types::id, kit_types::name))
        .load(conn)?)
}

fn with_contents(conn: &mut Conn, ids: &[KitTypeId]) -> Result<HashMap<KitTypeId, KitTypeView>, Error> {
    let types: Vec<KitType> = kit_types::table.filter(kit_types::id.eq_any(ids)).load(conn)?;
    let lines: Vec<(KitTypeId, store::LineRow)> = content_lines::table
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
    let mut courses = courses_of(conn, ids)?;
    let mut shown: HashMap<KitTypeId, Vec<PictureView>> = HashMap::new();
    for picture in pictures::of_types(conn, ids)? {
        shown.entry(picture.kit_type_id).or_default().push(picture.into());
    }
    let views = types.into_iter().map(|kit_type| {
        let id = kit_type.id;
        let count = counts.get(&id).copied().unwrap_or_default();
        let (contents, pictures) = (contents.remove(&id).unwrap_or_default(), shown.remove(&id).unwrap_or_default());
        let courses = courses.remove(&id).unwrap_or_default();
        (id, KitTypeView { courses, ..KitTypeView::new(kit_type, contents, pictures, count) })
    });
    Ok(views.collect())
}

/// The names of the kit types that have not been retired, in order.
///
/// # Errors
/// When the database fails.
pub fn names(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<(KitTypeId, String)>, Error> {
    let mut names: Vec<(KitTypeId, String)> = kit_types::table
        .filter(kit_types::organisation_id.eq(organisation).and(kit_types::retired_at.is_null()))
        .select((kit_types::id, kit_types::name))
        .load(conn)?;
    names.sort_by_cached_key(|(_, name)| alphabetical(name));
    Ok(names)
}

/// The courses that each of these kit types asks for, by name. One without is not in the map.
///
/// # Errors
/// When the database fails.
pub fn courses_of(conn: &mut Conn, kit_types: &[KitTypeId]) -> Result<HashMap<KitTypeId, Vec<CourseName>>, Error> {
    let rows: Vec<(KitTypeId, CourseId, String)> = kit_type_courses::table
        .inner_join(courses::table)
        .filter(kit_type_courses::kit_type_id.eq_any(kit_types).and(courses::retired_at.is_null()))
        .order(courses::name.asc())
        .select((kit_type_courses::kit_type_id, courses::id, courses::name))
        .load(conn)?;
    let mut asked: HashMap<KitTypeId, Vec<CourseName>> = HashMap::new();
    for (kit_type, id, name) in rows {
        asked.entry(kit_type).or_default().push(CourseName { id, name });
    }
    Ok(asked)
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

/// Kits that are not retired, by the name of their type: all, those of a type, or those whose type has the words that were
/// typed in its name, or that stand on a shelf that begins so.
///
/// # Errors
/// When the database fails.
pub fn find_kits(
    conn: &mut Conn,
    organisation: OrganisationId,
    typed: &str,
    kit_type: Option<KitTypeId>,
) -> Result<Vec<KitView>, Error> {
    let mut query = kits::table
        .inner_join(kit_types::table)
        .filter(kits::organisation_id.eq(organisation).and(kits::retired_at.is_null()))
        .select((kits::all_columns, kit_types::name))
        .into_boxed();
    if let Some(kit_type) = kit_type {
        query = query.filter(kits::kit_type_id.eq(kit_type));
    }
    let rows: Vec<(Kit, String)> = query.load(conn)?;
    let shelf = typed.trim().to_lowercase();
    let mut search = Search::new(typed);
    let mut found = |kit: &Kit, name: &str| match &mut search {
        Some(search) => {
            kit.shelf.to_lowercase().starts_with(&shelf)
                || search.look([(1, name)]).is_some_and(|find| find.words == search.words())
        }
        None => shelf.is_empty(),
    };
    let mut kits: Vec<KitView> =
        rows.into_iter().filter(|(kit, name)| found(kit, name)).map(|(kit, name)| KitView::new(kit, name)).collect();
    kits.sort_by_cached_key(|kit| {
        (alphabetical(&kit.kit_type.name), kit.copy.chars().count(), kit.copy.clone(), kit.id)
    });
    Ok(kits)
}

/// The kit that a code leads to in an organisation, also a retired one.
///
/// # Errors
/// `code.blank`, `code.replaced`.
pub fn kit(conn: &mut Conn, organisation: OrganisationId, code: &Code) -> Result<Option<Kit>, Error> {
    let lead = codes::lead(conn, code)?.filter(|lead| lead.organisation() == organisation);
    lead.map(|lead| lead.kit(code)).transpose()
}

/// The kit that a code leads to in an organisation, with the name of its type, also a retired one.
///
/// # Errors
/// `code.blank`, `code.replaced`.
pub fn find_kit(conn: &mut Conn, organisation: OrganisationId, code: &Code) -> Result<Option<KitView>, Error> {
    let Some(kit) = kit(conn, organisation, code)? else { return Ok(None) };
    let name = kit_types::table.find(kit.kit_type_id).select(kit_types::name).get_result(conn)?;
    Ok(Some(KitView::new(kit, name)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn page(q: &str, limit: u32, cursor: Option<&str>) -> (Vec<String>, Option<String>) {
        let names = ["Ölandsrobot", "bee-bot", "Åkbil", "ÄPPELROBOT", "Blue-Bot"].map(|name| TypeTexts {
            id: KitTypeId::new(),
            name: name.to_owned(),
            description: String::new(),
            get_started: String::new(),
            contents: Vec::new(),
        });
        let ids: HashMap<KitTypeId, String> = names.iter().map(|texts| (texts.id, texts.name.clone())).collect();
        let matches = Matches::of(names.into(), Search::new(q));
        let paging = Paging { limit: Some(limit), cursor: cursor.map(str::to_owned) };
        let page = matches.page(&paging).unwrap();
        (page.items.into_iter().map(|id| ids[&id].clone()).collect(), page.next)
    }

    #[test]
    fn names_are_found_in_any_case_and_the_best_come_first() {
        assert_eq!(page("BOT", 9, None).0, ["bee-bot", "Blue-Bot", "ÄPPELROBOT", "Ölandsrobot"]);
        assert_eq!(page("apple", 9, None).0.len(), 0);
        assert_eq!(page("äppel", 9, None).0, ["ÄPPELROBOT"]);
        assert_eq!(page(" ÅK ", 9, None).0, ["Åkbil"]);
    }

    #[test]
    fn pages_go_on_where_the_last_ended() {
        let pages = |q: &str| {
            let (mut seen, mut cursor) = (Vec::new(), None);
            loop {
                let (items, next) = page(q, 2, cursor.as_deref());
                seen.extend(items);
                cursor = next;
                if cursor.is_none() {
                    return seen;
                }
            }
        };
        assert_eq!(pages(""), ["bee-bot", "Blue-Bot", "Åkbil", "ÄPPELROBOT", "Ölandsrobot"]);
        assert_eq!(pages("bot"), ["bee-bot", "Blue-Bot", "ÄPPELROBOT", "Ölandsrobot"]);
    }
}
