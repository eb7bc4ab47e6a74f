//! Stocktakes for screens and lists.

use crate::accounts::queries::{person_names, unit_names};
use crate::accounts::store::Organisation;
use crate::kits::code::Code;
use crate::kits::rules::{same_shelf, shelf_order};
use crate::kits::search::alphabetical;
use crate::kits::views::KitTypeName;
use crate::loans::rules::Status as LoanStatus;
use crate::loans::views::UnitRef;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{KitId, KitTypeId, OrganisationId, PersonId, StocktakeId, UnitId};
use crate::platform::web::paging::{Listing, Paging};
use crate::schema::{content_checks, kit_types, kits, loans, stocktake_lines, stocktakes, units};
use crate::stocktakes::rules::{Finding, Scope, Standing, Status, Whereabouts, possible};
use crate::stocktakes::store::{self, Line, Stocktake};
use crate::stocktakes::views::{
    Counts, KitLeft, ShelfProgress, ShelfView, StocktakeDetail, StocktakeLine, StocktakeView,
};
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A stocktake of an organisation, with the shelves that it is of.
///
/// # Errors
/// `stocktake.not_found`.
pub fn the_stocktake(
    conn: &mut Conn,
    organisation: OrganisationId,
    id: StocktakeId,
) -> Result<(Stocktake, Vec<String>), Error> {
    let found = store::find(conn, organisation, id)?.ok_or_else(|| Error::not_found("stocktake.not_found"))?;
    let shelves = store::shelves(conn, &[id])?.remove(&id).unwrap_or_default();
    Ok((found, shelves))
}

/// The shelves of a warehouse, in the order in which one walks. Names that differ only in case or spaces are one shelf.
///
/// # Errors
/// When the database fails.
pub fn shelves(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<ShelfView>, Error> {
    let mut shelves: BTreeMap<_, ShelfView> = BTreeMap::new();
    let mut all = store::all_shelves(conn, organisation)?;
    all.sort();
    for (shelf, kits) in all {
        let one = shelves.entry(shelf_order(&shelf)).or_insert(ShelfView { shelf, kits: 0 });
        one.kits += kits;
    }
    Ok(shelves.into_values().collect())
}

/// What has been counted of a stocktake, and how far each shelf is.
fn progress(conn: &mut Conn, stocktake: &Stocktake, shelves: &[String]) -> Result<(Counts, Vec<ShelfProgress>), Error> {
    let scope = Scope::of(shelves);
    let mut counts = Counts::default();
    let mut of: BTreeMap<_, ShelfProgress> = BTreeMap::new();
    let mut add = |shelf: &str, counted: i64, left: i64, missing: i64| {
        let new = ShelfProgress { shelf: shelf.to_owned(), expected: 0, counted: 0, left: 0 };
        let one = of.entry(shelf_order(shelf)).or_insert(new);
        one.counted += counted;
        one.left += left;
        one.expected += counted + left + missing;
    };
    for shelf in shelves {
        add(shelf, 0, 0, 0);
    }
    for (home, finding, number) in store::counted(conn, stocktake.id)? {
        match finding {
            Finding::Found => counts.found += number,
            Finding::OtherShelf => counts.other_shelf += number,
            Finding::Missing => counts.missing += number,
            Finding::Out | Finding::Lost | Finding::Retired => counts.unexpected += number,
        }
        match finding {
            Finding::Found | Finding::OtherShelf if scope.has(&home) => add(&home, number, 0, 0),
            Finding::Missing => add(&home, 0, 0, number),
            _ => (),
        }
    }
    if stocktake.status == Status::Open {
        let names = store::names_in(conn, stocktake.organisation_id, &scope)?;
        for (_, shelf) in store::left(conn, stocktake, names.as_deref())? {
            add(&shelf, 0, 1, 0);
        }
    }
    for shelf in of.values() {
        counts.expected += shelf.expected;
        counts.counted += shelf.counted;
        counts.left += shelf.left;
    }
    Ok((counts, of.into_values().collect()))
}

fn view(row: Stocktake, shelves: Vec<String>, counts: Counts, names: &HashMap<PersonId, String>) -> StocktakeView {
    let name = |id: Option<PersonId>| id.and_then(|id| names.get(&id).cloned());
    StocktakeView {
        id: row.id,
        status: row.status,
        shelves,
        started_at: row.started_at,
        started_by: name(row.started_by),
        ended_at: row.ended_at,
        ended_by: name(row.ended_by),
        counts,
    }
}

/// A stocktake with how far it is.
///
/// # Errors
/// `stocktake.not_found`.
pub fn detail(conn: &mut Conn, organisation: OrganisationId, id: StocktakeId) -> Result<StocktakeDetail, Error> {
    let (row, shelves) = the_stocktake(conn, organisation, id)?;
    let (counts, progress) = progress(conn, &row, &shelves)?;
    let names = person_names(conn, [row.started_by, row.ended_by].into_iter().flatten().collect())?;
    Ok(StocktakeDetail { stocktake: view(row, shelves, counts, &names), progress })
}

/// The stocktakes of an organisation, newest first.
///
/// # Errors
/// `field.range`, `request.cursor`, or when the database fails.
pub fn list(
    conn: &mut Conn,
    organisation: OrganisationId,
    status: Option<Status>,
    paging: &Paging,
) -> Result<Listing<StocktakeView>, Error> {
    let mut query = stocktakes::table.filter(stocktakes::organisation_id.eq(organisation)).into_boxed();
    if let Some(status) = status {
        query = query.filter(stocktakes::status.eq(status));
    }
    if let Some(before) = paging.after::<StocktakeId>()? {
        query = query.filter(stocktakes::id.lt(before));
    }
    let rows: Vec<Stocktake> = query.order(stocktakes::id.desc()).limit(paging.rows()).load(conn)?;
    let page = Listing::cut(rows, paging, |row| row.id);
    let ids: Vec<StocktakeId> = page.items.iter().map(|row| row.id).collect();
    let mut shelves = store::shelves(conn, &ids)?;
    let people = page.items.iter().flat_map(|row| [row.started_by, row.ended_by]).flatten().collect();
    let names = person_names(conn, people)?;
    let mut items = Vec::new();
    for row in page.items {
        let shelves = shelves.remove(&row.id).unwrap_or_default();
        let counts = progress(conn, &row, &shelves)?.0;
        items.push(view(row, shelves, counts, &names));
    }
    Ok(Listing { items, next: page.next })
}

/// The columns that tell which kit a line is of, and where it is now.
type KitColumns =
    (kits::code, kits::copy, kits::shelf, kits::retired_at, kits::lost_at, kit_types::id, kit_types::name);
const KIT_COLUMNS: KitColumns =
    (kits::code, kits::copy, kits::shelf, kits::retired_at, kits::lost_at, kit_types::id, kit_types::name);
/// A line with its kit.
pub type LineRow = (Line, (Code, String, String, Option<Instant>, Option<Instant>, KitTypeId, String));

/// What a stocktake found, kit by kit: all of it, or one finding.
///
/// # Errors
/// `stocktake.not_found`, `field.range`, `request.cursor`.
pub fn lines(
    conn: &mut Conn,
    organisation: OrganisationId,
    id: StocktakeId,
    finding: Option<Finding>,
    paging: &Paging,
) -> Result<Listing<StocktakeLine>, Error> {
    let (stocktake, _) = the_stocktake(conn, organisation, id)?;
    let mut query = stocktake_lines::table
        .inner_join(kits::table.inner_join(kit_types::table))
        .filter(stocktake_lines::stocktake_id.eq(id))
        .into_boxed();
    if let Some(finding) = finding {
        query = query.filter(stocktake_lines::finding.eq(finding));
    }
    if let Some(after) = paging.after::<KitId>()? {
        query = query.filter(stocktake_lines::kit_id.gt(after));
    }
    let rows: Vec<LineRow> = query
        .order(stocktake_lines::kit_id.asc())
        .limit(paging.rows())
        .select((stocktake_lines::all_columns, KIT_COLUMNS))
        .load(conn)?;
    let page = Listing::cut(rows, paging, |(line, _)| line.kit_id);
    Ok(Listing { items: line_views(conn, &stocktake, page.items)?, next: page.next })
}

/// All that a stocktake found but for what stands where it ought to, so many of each finding at most: by shelf and name.
///
/// # Errors
/// `stocktake.not_found`.
pub fn to_put_right(
    conn: &mut Conn,
    organisation: OrganisationId,
    id: StocktakeId,
) -> Result<Vec<StocktakeLine>, Error> {
    let paging = Paging { limit: Some(crate::platform::web::paging::MOST), cursor: None };
    let mut found = Vec::new();
    for finding in Finding::ALL.iter().filter(|finding| **finding != Finding::Found) {
        found.extend(lines(conn, organisation, id, Some(*finding), &paging)?.items);
    }
    sort(&mut found);
    Ok(found)
}

/// Every line of a stocktake, by shelf and name.
///
/// # Errors
/// `stocktake.not_found`.
pub fn all_lines(conn: &mut Conn, organisation: OrganisationId, id: StocktakeId) -> Result<Vec<StocktakeLine>, Error> {
    let mut paging = Paging { limit: Some(crate::platform::web::paging::MOST), cursor: None };
    let mut found = Vec::new();
    loop {
        let page = lines(conn, organisation, id, None, &paging)?;
        found.extend(page.items);
        paging.cursor = page.next;
        if paging.cursor.is_none() {
            break;
        }
    }
    sort(&mut found);
    Ok(found)
}

fn sort(lines: &mut [StocktakeLine]) {
    lines.sort_by_cached_key(|line| {
        let shelf = line.shelf.as_deref().unwrap_or(&line.home);
        (line.finding, shelf_order(shelf), alphabetical(&line.kit_type.name), line.kit_copy.clone())
    });
}

/// The kits that were counted last, newest first.
///
/// # Errors
/// When the database fails.
pub fn counted_last(conn: &mut Conn, stocktake: &Stocktake, most: i64) -> Result<Vec<StocktakeLine>, Error> {
    let rows: Vec<LineRow> = stocktake_lines::table
        .inner_join(kits::table.inner_join(kit_types::table))
        .filter(stocktake_lines::stocktake_id.eq(stocktake.id).and(stocktake_lines::scan_id.is_not_null()))
        .order((stocktake_lines::counted_at.desc(), stocktake_lines::kit_id.desc()))
        .limit(most)
        .select((stocktake_lines::all_columns, KIT_COLUMNS))
        .load(conn)?;
    line_views(conn, stocktake, rows)
}

/// The line of a kit.
///
/// # Errors
/// When the database fails.
pub fn line(conn: &mut Conn, stocktake: &Stocktake, kit: KitId) -> Result<Option<StocktakeLine>, Error> {
    let row: Option<LineRow> = stocktake_lines::table
        .inner_join(kits::table.inner_join(kit_types::table))
        .filter(stocktake_lines::stocktake_id.eq(stocktake.id).and(stocktake_lines::kit_id.eq(kit)))
        .select((stocktake_lines::all_columns, KIT_COLUMNS))
        .get_result(conn)
        .optional()?;
    Ok(line_views(conn, stocktake, row.into_iter().collect())?.pop())
}

fn line_views(conn: &mut Conn, stocktake: &Stocktake, rows: Vec<LineRow>) -> Result<Vec<StocktakeLine>, Error> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let people = rows.iter().flat_map(|(line, _)| [line.counted_by, line.corrected_by]).flatten().collect();
    let names = person_names(conn, people)?;
    let units: Vec<UnitId> = rows.iter().filter_map(|(line, _)| line.unit_id).collect();
    let units: HashMap<UnitId, String> =
        unit_names(conn, stocktake.organisation_id, Some(&units))?.into_iter().collect();
    let ids: Vec<KitId> = rows.iter().map(|(line, _)| line.kit_id).collect();
    let out: Vec<KitId> = loans::table
        .filter(loans::kit_id.eq_any(&ids).and(loans::status.eq(LoanStatus::Out)))
        .select(loans::kit_id)
        .load(conn)?;
    let out: BTreeSet<KitId> = out.into_iter().collect();
    let missing = rows.iter().filter(|(line, _)| line.finding == Finding::Missing).map(|(line, _)| line.kit_id);
    let seen = match stocktake.ended_at {
        Some(ended) => seen_since(conn, missing.collect(), ended)?,
        None => HashMap::new(),
    };
    let name = |id: Option<PersonId>| id.and_then(|id| names.get(&id).cloned());
    let line_view = |(line, kit): LineRow| {
        let (code, copy, shelf, retired_at, lost_at, type_id, type_name) = kit;
        let at = match (retired_at, lost_at) {
            (_, Some(_)) => Whereabouts::Lost,
            (Some(_), None) => Whereabouts::Retired,
            _ if out.contains(&line.kit_id) => Whereabouts::Out,
            _ => Whereabouts::InHouse,
        };
        let standing = Standing {
            finding: line.finding,
            correction: line.correction,
            shelf: line.shelf.as_deref(),
            home: &shelf,
            at,
        };
        let possible = if stocktake.status == Status::Cancelled { Vec::new() } else { possible(standing) };
        StocktakeLine {
            printed_code: code.to_string(),
            kit_code: code,
            kit_type: KitTypeName { id: type_id, name: type_name },
            kit_copy: copy,
            finding: line.finding,
            home: line.home,
            possible,
            shelf: line.shelf,
            scan_id: line.scan_id,
            counted_by: name(line.counted_by),
            counted_at: line.counted_at,
            unit: line.unit_id.and_then(|id| Some(UnitRef { id, name: units.get(&id)?.clone() })),
            last_seen_as: line.last_seen_as,
            last_seen_at: line.last_seen_at,
            seen_since: seen.get(&line.kit_id).copied(),
            correction: line.correction,
            corrected_by: name(line.corrected_by),
            corrected_at: line.corrected_at,
        }
    };
    Ok(rows.into_iter().map(line_view).collect())
}

/// When each of these kits was first seen after a moment: handed out, received, checked or counted.
fn seen_since(conn: &mut Conn, ids: Vec<KitId>, since: Instant) -> Result<HashMap<KitId, Instant>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut rows: Vec<(KitId, Option<Instant>)> = loans::table
        .filter(loans::kit_id.eq_any(&ids).and(loans::handed_out_at.gt(since)))
        .select((loans::kit_id, loans::handed_out_at))
        .load(conn)?;
    rows.extend(
        loans::table
            .filter(loans::kit_id.eq_any(&ids).and(loans::received_at.gt(since)))
            .select((loans::kit_id, loans::received_at))
            .load::<(KitId, Option<Instant>)>(conn)?,
    );
    rows.extend(
        content_checks::table
            .filter(content_checks::kit_id.eq_any(&ids).and(content_checks::checked_at.gt(since)))
            .select((content_checks::kit_id, content_checks::checked_at.nullable()))
            .load::<(KitId, Option<Instant>)>(conn)?,
    );
    rows.extend(
        stocktake_lines::table
            .filter(stocktake_lines::kit_id.eq_any(&ids).and(stocktake_lines::counted_at.gt(since)))
            .select((stocktake_lines::kit_id, stocktake_lines::counted_at))
            .load::<(KitId, Option<Instant>)>(conn)?,
    );
    let mut seen: HashMap<KitId, Instant> = HashMap::new();
    for (kit, at) in rows {
        let Some(at) = at else { continue };
        let first = seen.entry(kit).or_insert(at);
        *first = at.min(*first);
    }
    Ok(seen)
}

/// The kits of a stocktake that are left to count, by shelf: on all its shelves or on one. None when it is over.
///
/// # Errors
/// `stocktake.not_found`, `field.range`, `request.cursor`.
pub fn left(
    conn: &mut Conn,
    organisation: &Organisation,
    id: StocktakeId,
    shelf: Option<&str>,
    paging: &Paging,
) -> Result<Listing<KitLeft>, Error> {
    let (stocktake, shelves) = the_stocktake(conn, organisation.id, id)?;
    let after = paging.after::<KitId>()?;
    if stocktake.status != Status::Open {
        return Ok(Listing { items: Vec::new(), next: None });
    }
    let names = store::names_in(conn, organisation.id, &Scope::of(&shelves))?;
    let mut rows = store::left(conn, &stocktake, names.as_deref())?;
    if let Some(shelf) = shelf {
        rows.retain(|(_, other)| same_shelf(shelf, other));
    }
    rows.sort_by_cached_key(|(kit, shelf)| (shelf_order(shelf), *kit));
    if let Some(after) = after {
        let seen = rows.iter().position(|(kit, _)| *kit == after).map_or(0, |place| place + 1);
        rows.drain(..seen);
    }
    let page = Listing::cut(rows, paging, |(kit, _)| *kit);
    let ids: Vec<KitId> = page.items.iter().map(|(kit, _)| *kit).collect();
    Ok(Listing { items: kits_left(conn, &ids)?, next: page.next })
}

/// What is told of these kits, in their order by shelf.
fn kits_left(conn: &mut Conn, ids: &[KitId]) -> Result<Vec<KitLeft>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    type Row = (KitId, Code, String, String, KitTypeId, String);
    let rows: Vec<Row> = kits::table
        .inner_join(kit_types::table)
        .filter(kits::id.eq_any(ids))
        .select((kits::id, kits::code, kits::copy, kits::shelf, kit_types::id, kit_types::name))
        .load(conn)?;
    let packed: Vec<(KitId, UnitId, String)> = loans::table
        .inner_join(units::table)
        .filter(loans::kit_id.eq_any(ids).and(loans::status.eq(LoanStatus::Ready)))
        .select((loans::kit_id, units::id, units::name))
        .load(conn)?;
    let packed: HashMap<KitId, UnitRef> =
        packed.into_iter().map(|(kit, id, name)| (kit, UnitRef { id, name })).collect();
    let mut left: Vec<(KitId, KitLeft)> = rows
        .into_iter()
        .map(|(id, code, copy, shelf, type_id, name)| {
            let left = KitLeft {
                printed_code: code.to_string(),
                kit_code: code,
                kit_type: KitTypeName { id: type_id, name },
                kit_copy: copy,
                shelf,
                packed_for: packed.get(&id).cloned(),
            };
            (id, left)
        })
        .collect();
    let place: HashMap<KitId, usize> = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    left.sort_by_key(|(id, _)| place.get(id).copied());
    Ok(left.into_iter().map(|(_, kit)| kit).collect())
}

/// How many stocktakes of an organisation are going on.
///
/// # Errors
/// When the database fails.
pub fn count_open(conn: &mut Conn, organisation: OrganisationId) -> Result<i64, Error> {
    Ok(stocktakes::table
        .filter(stocktakes::organisation_id.eq(organisation).and(stocktakes::status.eq(Status::Open)))
        .count()
        .get_result(conn)?)
}
