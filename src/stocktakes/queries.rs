//! Stocktakes for screens and lists.

use crate::accounts::queries::{person_names, unit_names};
use crate::kits::code::Code;
use crate::kits::rules::{ShelfPlace, same_shelf, shelf_order};
use crate::kits::search::alphabetical;
use crate::kits::views::KitTypeName;
use crate::loans::rules::Status as LoanStatus;
use crate::loans::views::UnitRef;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{KitId, KitTypeId, OrganisationId, PersonId, StocktakeId, UnitId};
use crate::platform::web::paging::{Listing, Paging};
use crate::schema::{kit_types, kits, loans, stocktake_lines, stocktakes, units};
use crate::stocktakes::rules::{Finding, Scope, Standing, Status, possible, whereabouts};
use crate::stocktakes::store::{self, Line, Stocktake};
use crate::stocktakes::views::{
    Counts, KitLeft, ShelfProgress, ShelfView, StocktakeDetail, StocktakeLine, StocktakeView,
};
use diesel::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// How many kits are read together.
const TOGETHER: usize = 500;

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

/// The same, a page of them.
///
/// # Errors
/// `field.range`, `request.cursor`, or when the database fails.
pub fn shelf_page(conn: &mut Conn, organisation: OrganisationId, paging: &Paging) -> Result<Listing<ShelfView>, Error> {
    let after = paging.after::<String>()?.map(|shelf| shelf_order(&shelf));
    let mut rows = shelves(conn, organisation)?;
    rows.retain(|one| after.as_ref().is_none_or(|after| shelf_order(&one.shelf) > *after));
    Ok(Listing::cut(rows, paging, |one| one.shelf.clone()))
}

/// A stocktake as it stands: read once, and told in several ways.
#[derive(Debug)]
pub struct Snapshot {
    /// The stocktake.
    pub stocktake: Stocktake,
    /// The shelves that it is of; none when it is of the whole warehouse.
    pub shelves: Vec<String>,
    /// The kits that are left to count, with their shelves, in the order in which one walks. None when it is over.
    left: Vec<(KitId, String)>,
}

impl Snapshot {
    /// Reads a stocktake.
    ///
    /// # Errors
    /// `stocktake.not_found`.
    pub fn read(conn: &mut Conn, organisation: OrganisationId, id: StocktakeId) -> Result<Self, Error> {
        let (stocktake, shelves) = the_stocktake(conn, organisation, id)?;
        Self::of(conn, stocktake, shelves)
    }

    fn of(conn: &mut Conn, stocktake: Stocktake, shelves: Vec<String>) -> Result<Self, Error> {
        let mut left = Vec::new();
        if stocktake.status == Status::Open {
            left = store::left(conn, &stocktake, &Scope::of(&shelves))?;
            left.sort_by_cached_key(|(kit, shelf)| (shelf_order(shelf), *kit));
        }
        Ok(Self { stocktake, shelves, left })
    }

    /// How far it is.
    ///
    /// # Errors
    /// When the database fails.
    pub fn detail(&self, conn: &mut Conn) -> Result<StocktakeDetail, Error> {
        let (counts, progress) = progress(conn, self)?;
        let row = self.stocktake.clone();
        let names = person_names(conn, [row.started_by, row.ended_by].into_iter().flatten().collect())?;
        Ok(StocktakeDetail { stocktake: view(row, self.shelves.clone(), counts, &names), progress })
    }

    /// The kits that are left to count, by shelf: on all its shelves or on one.
    ///
    /// # Errors
    /// `field.range`, `request.cursor`.
    pub fn left(&self, conn: &mut Conn, shelf: Option<&str>, paging: &Paging) -> Result<Listing<KitLeft>, Error> {
        let after = paging.after::<ShelfPlace>()?.map(|place| place.order());
        let here = self.left.iter().map(|(kit, shelf)| ShelfPlace { kit: *kit, shelf: shelf.clone() });
        let rows: Vec<ShelfPlace> = here
            .filter(|place| shelf.is_none_or(|shelf| same_shelf(shelf, &place.shelf)))
            .filter(|place| after.as_ref().is_none_or(|after| place.order() > *after))
            .take(paging.limit() + 1)
            .collect();
        let page = Listing::cut(rows, paging, ShelfPlace::clone);
        let ids: Vec<KitId> = page.items.iter().map(|place| place.kit).collect();
        Ok(Listing { items: kits_left(conn, &ids)?, next: page.next })
    }

    /// All kits that are left to count, by shelf.
    ///
    /// # Errors
    /// When the database fails.
    pub fn all_left(&self, conn: &mut Conn) -> Result<Vec<KitLeft>, Error> {
        let mut all = Vec::new();
        for some in self.left.chunks(TOGETHER) {
            all.extend(kits_left(conn, &some.iter().map(|(kit, _)| *kit).collect::<Vec<_>>())?);
        }
        Ok(all)
    }
}

/// What has been counted of a stocktake, and how far each shelf is.
fn progress(conn: &mut Conn, snapshot: &Snapshot) -> Result<(Counts, Vec<ShelfProgress>), Error> {
    let Snapshot { stocktake, shelves, left } = snapshot;
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
    for (_, shelf) in left {
        add(shelf, 0, 1, 0);
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
    Snapshot::read(conn, organisation, id)?.detail(conn)
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
        let snapshot = Snapshot::of(conn, row, shelves)?;
        let counts = progress(conn, &snapshot)?.0;
        items.push(view(snapshot.stocktake, snapshot.shelves, counts, &names));
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
    lines_of(conn, &stocktake, finding, paging)
}

fn lines_of(
    conn: &mut Conn,
    stocktake: &Stocktake,
    finding: Option<Finding>,
    paging: &Paging,
) -> Result<Listing<StocktakeLine>, Error> {
    let mut query = stocktake_lines::table
        .inner_join(kits::table.inner_join(kit_types::table))
        .filter(stocktake_lines::stocktake_id.eq(stocktake.id))
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
    Ok(Listing { items: line_views(conn, stocktake, page.items)?, next: page.next })
}

/// All that a stocktake found but for what stands where it ought to, so many of each finding at most: by shelf and name.
///
/// # Errors
/// When the database fails.
pub fn to_put_right(conn: &mut Conn, stocktake: &Stocktake) -> Result<Vec<StocktakeLine>, Error> {
    let paging = Paging { limit: Some(crate::platform::web::paging::MOST), cursor: None };
    let mut found = Vec::new();
    for finding in Finding::ALL.iter().filter(|finding| **finding != Finding::Found) {
        found.extend(lines_of(conn, stocktake, Some(*finding), &paging)?.items);
    }
    sort(&mut found);
    Ok(found)
}

/// Every line of a stocktake, by shelf and name.
///
/// # Errors
/// When the database fails.
pub fn all_lines(conn: &mut Conn, stocktake: &Stocktake) -> Result<Vec<StocktakeLine>, Error> {
    let mut paging = Paging { limit: Some(crate::platform::web::paging::MOST), cursor: None };
    let mut found = Vec::new();
    loop {
        let page = lines_of(conn, stocktake, None, &paging)?;
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
    let out: Vec<(KitId, UnitId)> = loans::table
        .filter(loans::kit_id.eq_any(&ids).and(loans::status.eq(LoanStatus::Out)))
        .select((loans::kit_id, loans::unit_id))
        .load(conn)?;
    let out: HashMap<KitId, UnitId> = out.into_iter().collect();
    let seen = store::last_seen(conn, &ids)?;
    let name = |id: Option<PersonId>| id.and_then(|id| names.get(&id).cloned());
    let line_view = |(line, kit): LineRow| {
        let (code, copy, shelf, retired_at, lost_at, type_id, type_name) = kit;
        let has_it = out.get(&line.kit_id).copied();
        let at = whereabouts(lost_at.is_some(), retired_at.is_some(), has_it.is_some());
        // The last that the line itself tells of the kit.
        let told_at = line.corrected_at.max(line.counted_at.or(stocktake.ended_at));
        let last = seen.get(&line.kit_id).and_then(|seen| seen.sighting).map(|(at, _)| at);
        let seen_since = last.filter(|at| told_at.is_some_and(|told| *at > told));
        let other_unit = line.finding == Finding::Out && has_it.is_some() && has_it != line.unit_id;
        let standing = Standing {
            finding: line.finding,
            correction: line.correction,
            shelf: line.shelf.as_deref(),
            home: &shelf,
            at,
            overtaken: seen_since.is_some() || other_unit,
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
            seen_since: seen_since.filter(|_| line.finding == Finding::Missing),
            correction: line.correction,
            corrected_by: name(line.corrected_by),
            corrected_at: line.corrected_at,
        }
    };
    Ok(rows.into_iter().map(line_view).collect())
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
