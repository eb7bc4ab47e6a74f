//! The series of scans that somebody is in the middle of. It is kept here and not on the phone, so that the phone's own
//! camera joins it, whichever browser opens the label.

use crate::loans::actions::Context;
use crate::loans::scan::{self, ScanAction, ScanResult};
use crate::loans::scans::store::ScanRow;
use crate::platform::db::Tx;
use crate::platform::db::connection::{Conn, each};
use crate::platform::db::types::Instant;
use crate::platform::error::{Error, FieldError};
use crate::platform::events::By;
use crate::platform::ids::{OrganisationId, PersonId, StocktakeId, UnitId};
use crate::platform::text::Texts;
use crate::schema::{scan_series, scans, stocktakes, units};
use chrono::TimeDelta;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

/// How long a series goes on after the last scan, in minutes.
pub const SERIES_MINUTES: i64 = 60;
/// The most scans of a series that are told.
const MOST_SCANS: i64 = 20;
/// The longest name of a shelf, in characters.
const LONGEST_SHELF: usize = 120;

/// What the next scan of a label is for: to pack, hand out or receive the kit, or to count it in a stocktake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScanSeries {
    /// What a scan does, when it does not count.
    pub action: ScanAction,
    /// The unit whose kits are being handed out or packed.
    #[serde(default)]
    pub unit_id: Option<UnitId>,
    /// The stocktake that scans are counted in.
    #[serde(default)]
    pub stocktake_id: Option<StocktakeId>,
    /// The shelf that is being counted, if somebody has said; empty where the kits without a shelf are.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub shelf: Option<String>,
}

/// Begins a person's series, or goes on with it as it is now.
///
/// # Errors
/// `request.invalid` when there is no such unit or open stocktake, or the shelf's name is too long.
pub fn go_on(tx: &mut Tx<'_>, by: By, series: &ScanSeries) -> Result<(), Error> {
    let Some(person) = by.person else { return Ok(()) };
    let mut wrong = Vec::new();
    if let Some(unit) = series.unit_id {
        let known = units::table.filter(units::id.eq(unit).and(units::organisation_id.eq(by.organisation)));
        if !diesel::select(diesel::dsl::exists(known)).get_result::<bool>(&mut **tx)? {
            wrong.push(FieldError::new("unit_id", "unit.not_found"));
        }
    }
    if let Some(stocktake) = series.stocktake_id
        && !is_counted(tx, by.organisation, stocktake)?
    {
        wrong.push(FieldError::new("stocktake_id", "stocktake.not_found"));
    }
    if series.shelf.as_ref().is_some_and(|shelf| shelf.chars().count() > LONGEST_SHELF) {
        wrong.push(FieldError::new("shelf", "field.too_long").arg("most", LONGEST_SHELF));
    }
    if !wrong.is_empty() {
        return Err(Error::invalid_fields(wrong));
    }
    let began_at = began(tx, by.organisation, person, by.now)?.unwrap_or(by.now);
    end(tx, by)?;
    let row = (
        scan_series::person_id.eq(person),
        scan_series::organisation_id.eq(by.organisation),
        scan_series::action.eq(series.action),
        scan_series::unit_id.eq(series.unit_id),
        scan_series::stocktake_id.eq(series.stocktake_id),
        scan_series::shelf.eq(series.shelf.as_deref()),
        scan_series::began_at.eq(began_at),
        scan_series::last_at.eq(by.now),
    );
    // Another of this person's pages may do the same at this moment.
    each!(&mut **tx, c => diesel::insert_into(scan_series::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// When a person's series began; none when none goes on.
fn began(
    conn: &mut Conn,
    organisation: OrganisationId,
    person: PersonId,
    now: Instant,
) -> Result<Option<Instant>, Error> {
    Ok(scan_series::table
        .find((organisation, person))
        .filter(scan_series::last_at.gt(now - TimeDelta::minutes(SERIES_MINUTES)))
        .select(scan_series::began_at)
        .get_result(conn)
        .optional()?)
}

/// A scan of the series that goes on.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SeriesScan {
    /// When it came.
    pub sent_at: Instant,
    /// What came of it.
    #[serde(flatten)]
    pub result: ScanResult,
}

/// The last scans of a person's series that were done, on whatever phone or page; the latest first.
///
/// # Errors
/// When the database fails.
pub fn scans(conn: &mut Conn, context: &Context, t: Texts) -> Result<Vec<SeriesScan>, Error> {
    let By { organisation, person: Some(person), now } = context.by else { return Ok(Vec::new()) };
    let Some(since) = began(conn, organisation, person, now)? else { return Ok(Vec::new()) };
    let rows: Vec<ScanRow> = scans::table
        .filter(scans::sent_at.ge(since).and(scans::organisation_id.eq(organisation)))
        .filter(scans::scanned_by.eq(person).and(scans::outcome.is_not_null()).and(scans::undone_at.is_null()))
        .order(scans::sent_at.desc())
        .limit(MOST_SCANS)
        .select(ScanRow::as_select())
        .load(conn)?;
    rows.iter().map(|row| Ok(SeriesScan { sent_at: row.sent_at, result: scan::told(conn, context, row, t)? })).collect()
}

/// Ends a person's series.
///
/// # Errors
/// When the database fails.
pub fn end(tx: &mut Tx<'_>, by: By) -> Result<(), Error> {
    let Some(person) = by.person else { return Ok(()) };
    diesel::delete(scan_series::table.find((by.organisation, person))).execute(&mut **tx)?;
    Ok(())
}

/// The series that a person is in the middle of; none when the last scan is long ago, or its stocktake is over.
///
/// # Errors
/// When the database fails.
pub fn of(
    conn: &mut Conn,
    organisation: OrganisationId,
    person: PersonId,
    now: Instant,
) -> Result<Option<ScanSeries>, Error> {
    type Row = (ScanAction, Option<UnitId>, Option<StocktakeId>, Option<String>);
    let row: Option<Row> = scan_series::table
        .find((organisation, person))
        .filter(scan_series::last_at.gt(now - TimeDelta::minutes(SERIES_MINUTES)))
        .select((scan_series::action, scan_series::unit_id, scan_series::stocktake_id, scan_series::shelf))
        .get_result(conn)
        .optional()?;
    let Some((action, unit_id, stocktake_id, shelf)) = row else { return Ok(None) };
    match stocktake_id {
        Some(stocktake) if !is_counted(conn, organisation, stocktake)? => Ok(None),
        _ => Ok(Some(ScanSeries { action, unit_id, stocktake_id, shelf })),
    }
}

fn is_counted(conn: &mut Conn, organisation: OrganisationId, stocktake: StocktakeId) -> Result<bool, Error> {
    let open = stocktakes::table
        .filter(stocktakes::id.eq(stocktake).and(stocktakes::organisation_id.eq(organisation)))
        .filter(stocktakes::ended_at.is_null());
    Ok(diesel::select(diesel::dsl::exists(open)).get_result(conn)?)
}
