//! Rows of stocktakes, of their scans, and of what they found.

use crate::kits::rules::shelf_order;
use crate::loans::rules::Status as LoanStatus;
use crate::platform::db::Tx;
use crate::platform::db::connection::{Conn, each};
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::events::By;
use crate::platform::ids::{KitId, OrganisationId, PersonId, ScanId, StocktakeId, UnitId};
use crate::schema::{content_checks, kits, loans, stocktake_lines, stocktake_scans, stocktake_shelves, stocktakes};
use crate::stocktakes::rules::{Correction, Finding, Outcome, Scope, SeenAs, Status, holds};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use std::collections::HashMap;

/// A stocktake.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = stocktakes)]
pub struct Stocktake {
    /// The stocktake.
    pub id: StocktakeId,
    /// Whose kits are counted.
    pub organisation_id: OrganisationId,
    /// Where it is.
    pub status: Status,
    /// Who started it.
    pub started_by: Option<PersonId>,
    /// When.
    pub started_at: Instant,
    /// Who closed it, or called it off.
    pub ended_by: Option<PersonId>,
    /// When.
    pub ended_at: Option<Instant>,
}

/// A scan of a kit in a stocktake.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = stocktake_scans)]
pub struct ScanRow {
    /// The scan; its sender's to choose.
    pub id: ScanId,
    /// Whose kit it is.
    pub organisation_id: OrganisationId,
    /// The stocktake.
    pub stocktake_id: StocktakeId,
    /// The kit.
    pub kit_id: KitId,
    /// Where whoever scanned it stood.
    pub shelf: Option<String>,
    /// The shelf that the kit was said to live on.
    pub home: String,
    /// What the scan found.
    pub finding: Finding,
    /// What it came to.
    pub outcome: Outcome,
    /// The unit that was said to have the kit.
    pub unit_id: Option<UnitId>,
    /// Who scanned it.
    pub scanned_by: Option<PersonId>,
    /// When, by the phone's clock if the scan waited there.
    pub scanned_at: Instant,
    /// When the scan came.
    pub sent_at: Instant,
    /// When it was undone.
    pub undone_at: Option<Instant>,
}

/// What a stocktake found of a kit.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = stocktake_lines, treat_none_as_null = true)]
pub struct Line {
    /// The stocktake.
    pub stocktake_id: StocktakeId,
    /// The kit.
    pub kit_id: KitId,
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// What was found.
    pub finding: Finding,
    /// The shelf that the kit was said to live on.
    pub home: String,
    /// The shelf that it was found on, if whoever scanned it said so.
    pub shelf: Option<String>,
    /// The scan that counts; none for a kit that is missing.
    pub scan_id: Option<ScanId>,
    /// Who made it.
    pub counted_by: Option<PersonId>,
    /// When.
    pub counted_at: Option<Instant>,
    /// The unit that was said to have the kit; of one that is missing, the unit that had it last.
    pub unit_id: Option<UnitId>,
    /// How a missing kit was last seen.
    pub last_seen_as: Option<SeenAs>,
    /// When.
    pub last_seen_at: Option<Instant>,
    /// What was put right.
    pub correction: Option<Correction>,
    /// Who did that.
    pub corrected_by: Option<PersonId>,
    /// When.
    pub corrected_at: Option<Instant>,
}

/// The unit that had a kit last, and when and how the kit was last seen.
#[derive(Debug, Clone, Copy, Default)]
pub struct LastSeen {
    /// The unit.
    pub unit: Option<UnitId>,
    /// When and how.
    pub sighting: Option<(Instant, SeenAs)>,
}

impl Line {
    /// The line of a kit that was left to count when a stocktake was closed.
    pub fn missing(stocktake: &Stocktake, kit: KitId, home: String, last: LastSeen) -> Self {
        Self {
            stocktake_id: stocktake.id,
            kit_id: kit,
            organisation_id: stocktake.organisation_id,
            finding: Finding::Missing,
            home,
            shelf: None,
            scan_id: None,
            counted_by: None,
            counted_at: None,
            unit_id: last.unit,
            last_seen_as: last.sighting.map(|(_, how)| how),
            last_seen_at: last.sighting.map(|(at, _)| at),
            correction: None,
            corrected_by: None,
            corrected_at: None,
        }
    }

    /// The same line in the place of an earlier one: with what was put right of that, if it still is.
    pub fn after(self, before: Option<Self>) -> Self {
        let Some(before) = before.filter(|line| line.correction.is_some_and(|one| holds(one, self.finding))) else {
            return self;
        };
        let (correction, corrected_by, corrected_at) = (before.correction, before.corrected_by, before.corrected_at);
        Self { correction, corrected_by, corrected_at, ..self }
    }

    /// The line of a kit whose scan counts.
    pub fn of(scan: ScanRow) -> Self {
        Self {
            stocktake_id: scan.stocktake_id,
            kit_id: scan.kit_id,
            organisation_id: scan.organisation_id,
            finding: scan.finding,
            home: scan.home,
            shelf: scan.shelf,
            scan_id: Some(scan.id),
            counted_by: scan.scanned_by,
            counted_at: Some(scan.scanned_at),
            unit_id: scan.unit_id,
            last_seen_as: None,
            last_seen_at: None,
            correction: None,
            corrected_by: None,
            corrected_at: None,
        }
    }
}

/// Adds a stocktake of some shelves, or of the whole warehouse.
///
/// # Errors
/// When the database fails.
pub fn insert(tx: &mut Tx<'_>, stocktake: &Stocktake, shelves: &[String]) -> Result<(), Error> {
    diesel::insert_into(stocktakes::table).values(stocktake).execute(&mut **tx)?;
    for shelf in shelves {
        diesel::insert_into(stocktake_shelves::table)
            .values((stocktake_shelves::stocktake_id.eq(stocktake.id), stocktake_shelves::shelf.eq(shelf)))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// A stocktake of an organisation.
///
/// # Errors
/// When the database fails.
pub fn find(conn: &mut Conn, organisation: OrganisationId, id: StocktakeId) -> Result<Option<Stocktake>, Error> {
    Ok(stocktakes::table
        .filter(stocktakes::id.eq(id).and(stocktakes::organisation_id.eq(organisation)))
        .get_result(conn)
        .optional()?)
}

/// Makes every other write to this stocktake wait until the transaction ends; on SQLite there is one writer anyway.
///
/// # Errors
/// When the database fails.
pub fn lock(tx: &mut Tx<'_>, id: StocktakeId) -> Result<(), Error> {
    if let Conn::Pg(pg) = &mut **tx {
        stocktakes::table.find(id).select(stocktakes::id).for_update().get_result::<StocktakeId>(pg).optional()?;
    }
    Ok(())
}

/// Notes that a stocktake is closed, or called off.
///
/// # Errors
/// When the database fails.
pub fn end(tx: &mut Tx<'_>, by: By, id: StocktakeId, status: Status) -> Result<(), Error> {
    diesel::update(stocktakes::table.find(id))
        .set((stocktakes::status.eq(status), stocktakes::ended_at.eq(by.now), stocktakes::ended_by.eq(by.person)))
        .execute(&mut **tx)?;
    Ok(())
}

/// The shelves of some stocktakes, in the order of their names.
///
/// # Errors
/// When the database fails.
pub fn shelves(conn: &mut Conn, ids: &[StocktakeId]) -> Result<HashMap<StocktakeId, Vec<String>>, Error> {
    let rows: Vec<(StocktakeId, String)> = stocktake_shelves::table
        .filter(stocktake_shelves::stocktake_id.eq_any(ids))
        .select((stocktake_shelves::stocktake_id, stocktake_shelves::shelf))
        .load(conn)?;
    let mut shelves: HashMap<StocktakeId, Vec<String>> = HashMap::new();
    for (id, shelf) in rows {
        shelves.entry(id).or_default().push(shelf);
    }
    for shelves in shelves.values_mut() {
        shelves.sort_by_cached_key(|shelf| shelf_order(shelf));
    }
    Ok(shelves)
}

/// Remembers a scan.
///
/// # Errors
/// When the database fails.
pub fn insert_scan(tx: &mut Tx<'_>, scan: &ScanRow) -> Result<(), Error> {
    diesel::insert_into(stocktake_scans::table).values(scan).execute(&mut **tx)?;
    Ok(())
}

/// A scan of an organisation.
///
/// # Errors
/// When the database fails.
pub fn find_scan(conn: &mut Conn, organisation: OrganisationId, id: ScanId) -> Result<Option<ScanRow>, Error> {
    Ok(stocktake_scans::table.find((organisation, id)).select(ScanRow::as_select()).get_result(conn).optional()?)
}

/// The scans of a kit in a stocktake that were not undone, in the order in which they were made.
///
/// # Errors
/// When the database fails.
pub fn scans_of(conn: &mut Conn, stocktake: StocktakeId, kit: KitId) -> Result<Vec<ScanRow>, Error> {
    Ok(stocktake_scans::table
        .filter(stocktake_scans::stocktake_id.eq(stocktake).and(stocktake_scans::kit_id.eq(kit)))
        .filter(stocktake_scans::undone_at.is_null())
        .order((stocktake_scans::scanned_at.asc(), stocktake_scans::sent_at.asc(), stocktake_scans::id.asc()))
        .select(ScanRow::as_select())
        .load(conn)?)
}

/// Notes that a scan is undone.
///
/// # Errors
/// When the database fails.
pub fn undo_scan(tx: &mut Tx<'_>, by: By, id: ScanId) -> Result<(), Error> {
    diesel::update(stocktake_scans::table.find((by.organisation, id)))
        .set(stocktake_scans::undone_at.eq(by.now))
        .execute(&mut **tx)?;
    Ok(())
}

/// The line of a kit in a stocktake.
///
/// # Errors
/// When the database fails.
pub fn line(conn: &mut Conn, stocktake: StocktakeId, kit: KitId) -> Result<Option<Line>, Error> {
    Ok(stocktake_lines::table.find((stocktake, kit)).get_result(conn).optional()?)
}

/// Saves a line, new or changed.
///
/// # Errors
/// When the database fails.
pub fn save(tx: &mut Tx<'_>, line: &Line) -> Result<(), Error> {
    let changed =
        diesel::update(stocktake_lines::table.find((line.stocktake_id, line.kit_id))).set(line).execute(&mut **tx)?;
    if changed == 0 {
        each!(&mut **tx, c => diesel::insert_into(stocktake_lines::table).values(line).execute(c))?;
    }
    Ok(())
}

/// Adds lines of kits that have none in the stocktake yet.
///
/// # Errors
/// When the database fails.
pub fn insert_lines(tx: &mut Tx<'_>, lines: &[Line]) -> Result<(), Error> {
    each!(&mut **tx, c => diesel::insert_into(stocktake_lines::table).values(lines).execute(c))?;
    Ok(())
}

/// The newest of something of each kit: found at the end of an index, however much there is.
macro_rules! newest {
    ($table:ident, $at:ident, $what:ident) => {
        $table::table
            .filter($table::kit_id.eq(kits::id).and($table::$at.is_not_null()))
            .order($table::$at.desc())
            .limit(1)
            .select($table::$what)
            .single_value()
    };
}

/// When and how these kits were last seen, and which units had them last.
///
/// # Errors
/// When the database fails.
pub fn last_seen(conn: &mut Conn, ids: &[KitId]) -> Result<HashMap<KitId, LastSeen>, Error> {
    type Row = (KitId, Option<UnitId>, Instant, Option<Instant>, Option<Instant>, Option<Instant>, Option<Instant>);
    let rows: Vec<Row> = kits::table
        .filter(kits::id.eq_any(ids))
        .select((
            kits::id,
            newest!(loans, handed_out_at, unit_id),
            kits::created_at,
            newest!(loans, handed_out_at, handed_out_at),
            newest!(loans, received_at, received_at),
            newest!(content_checks, checked_at, checked_at),
            newest!(stocktake_lines, counted_at, counted_at),
        ))
        .load(conn)?;
    let told = |(kit, unit, added, left, received, checked, counted): Row| {
        let seen = [
            (Some(added), SeenAs::Added),
            (left, SeenAs::HandedOut),
            (received, SeenAs::Received),
            (checked, SeenAs::Checked),
            (counted, SeenAs::Counted),
        ];
        (kit, LastSeen { unit, sighting: seen.into_iter().filter_map(|(at, how)| Some((at?, how))).max() })
    };
    Ok(rows.into_iter().map(told).collect())
}

/// Takes a line away: no scan of the kit is left.
///
/// # Errors
/// When the database fails.
pub fn remove(tx: &mut Tx<'_>, stocktake: StocktakeId, kit: KitId) -> Result<(), Error> {
    diesel::delete(stocktake_lines::table.find((stocktake, kit))).execute(&mut **tx)?;
    Ok(())
}

/// The names of all shelves of an organisation, as they are written, each with how many kits in use live there.
///
/// # Errors
/// When the database fails.
pub fn all_shelves(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<(String, i64)>, Error> {
    Ok(kits::table
        .filter(kits::organisation_id.eq(organisation).and(kits::retired_at.is_null()))
        .group_by(kits::shelf)
        .select((kits::shelf, diesel::dsl::count_star()))
        .load(conn)?)
}

/// The names, as they are written, of the shelves that a stocktake is of; none when it is of all.
///
/// # Errors
/// When the database fails.
fn names_in(conn: &mut Conn, organisation: OrganisationId, scope: &Scope) -> Result<Option<Vec<String>>, Error> {
    if scope.is_whole() {
        return Ok(None);
    }
    let all = all_shelves(conn, organisation)?;
    Ok(Some(all.into_iter().map(|(name, _)| name).filter(|name| scope.has(name)).collect()))
}

/// Only kits that ought to stand in the house, that nobody has counted yet, and that have been through nobody's hands since
/// the stocktake was started: added, received or checked meanwhile.
macro_rules! left {
    ($stocktake:expr, $shelves:expr) => {{
        let (id, organisation, started) = ($stocktake.id, $stocktake.organisation_id, $stocktake.started_at);
        let mut query = kits::table
            .filter(kits::organisation_id.eq(organisation).and(kits::retired_at.is_null()))
            .filter(kits::created_at.le(started))
            .filter(not(exists(loans::table.filter(loans::kit_id.eq(kits::id).and(loans::status.eq(LoanStatus::Out))))))
            .filter(not(exists(
                stocktake_lines::table
                    .filter(stocktake_lines::stocktake_id.eq(id).and(stocktake_lines::kit_id.eq(kits::id))),
            )))
            .filter(not(exists(loans::table.filter(loans::kit_id.eq(kits::id).and(loans::received_at.gt(started))))))
            .filter(not(exists(
                content_checks::table
                    .filter(content_checks::kit_id.eq(kits::id).and(content_checks::checked_at.gt(started))),
            )))
            .into_boxed();
        if let Some(shelves) = $shelves {
            query = query.filter(kits::shelf.eq_any(shelves));
        }
        query
    }};
}

/// The kits that are left to count, with their shelves.
///
/// # Errors
/// When the database fails.
pub fn left(conn: &mut Conn, stocktake: &Stocktake, scope: &Scope) -> Result<Vec<(KitId, String)>, Error> {
    let shelves = names_in(conn, stocktake.organisation_id, scope)?;
    Ok(left!(stocktake, shelves).select((kits::id, kits::shelf)).load(conn)?)
}

/// How many kits were counted, by the shelf that they live on and what was found.
///
/// # Errors
/// When the database fails.
pub fn counted(conn: &mut Conn, stocktake: StocktakeId) -> Result<Vec<(String, Finding, i64)>, Error> {
    Ok(stocktake_lines::table
        .filter(stocktake_lines::stocktake_id.eq(stocktake))
        .group_by((stocktake_lines::home, stocktake_lines::finding))
        .select((stocktake_lines::home, stocktake_lines::finding, diesel::dsl::count_star()))
        .load(conn)?)
}
