//! What is done in stocktakes: start, scan, undo, put right, close, call off.

use crate::accounts::rules::line;
use crate::kits::actions::{self as kits, SaveKit};
use crate::kits::rules::same_shelf;
use crate::kits::store::{Kit, lock_kit_type};
use crate::loans::actions::{self as loans, Context};
use crate::loans::rules::Status as LoanStatus;
use crate::loans::scan::{Scan, ScanAction, and_remember, any_kit, moment};
use crate::loans::scans::undo::undo as undo_scan;
use crate::loans::store as loan_store;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::{Error, FieldError};
use crate::platform::events;
use crate::platform::ids::{KitId, ScanId, StocktakeId, UnitId};
use crate::platform::text::Texts;
use crate::stocktakes::queries;
use crate::stocktakes::rules::{self, Correction, Finding, Outcome, Scope, Status, Whereabouts};
use crate::stocktakes::store::{self, Line, ScanRow, Stocktake};
use crate::stocktakes::views::{StocktakeDetail, StocktakeLine, StocktakeScanResult, StocktakeScanUndone};
use serde::Deserialize;
use serde_json::json;

/// The most shelves named for one stocktake.
pub const MOST_SHELVES: usize = 500;
/// How many missing kits are noted together.
const TOGETHER: usize = 500;

/// A new stocktake.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartStocktake {
    /// The shelves that are counted; none for the whole warehouse. An empty name is of the kits without a shelf.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub shelves: Vec<String>,
}

/// A kit that was seen on a shelf.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StocktakeScan {
    /// The scan's own id, drawn by its sender: sent again, it does nothing more, and is told what it came to.
    #[serde(default)]
    pub id: Option<ScanId>,
    /// What was read or typed: a code, or the address on a label.
    pub code: String,
    /// The shelf where whoever scans stands; empty where the kits without a shelf are. Left out when it is not said: then
    /// only that the kit is there is looked at.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub shelf: Option<String>,
    /// When it was scanned, if the phone kept it for a while. Such a scan is taken after the stocktake was closed, too, if
    /// it was made before.
    #[serde(default)]
    pub scanned_at: Option<Instant>,
}

/// How a kit's line is put right.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectLine {
    /// The kit: a code, or the address on a label.
    pub code: String,
    /// What is done.
    pub correction: Correction,
}

/// A stocktake, held until the transaction ends, with the shelves that it is of.
fn locked(tx: &mut Tx<'_>, context: &Context, id: StocktakeId) -> Result<(Stocktake, Vec<String>), Error> {
    store::lock(tx, id)?;
    queries::the_stocktake(tx, context.organisation.id, id)
}

fn over(stocktake: &Stocktake) -> Error {
    Error::refused("stocktake.over").arg("status", stocktake.status.as_str())
}

/// Starts a stocktake.
///
/// # Errors
/// `request.invalid` with each shelf that does not exist.
pub fn start(tx: &mut Tx<'_>, context: &Context, start: &StartStocktake) -> Result<StocktakeDetail, Error> {
    if start.shelves.len() > MOST_SHELVES {
        return Err(FieldError::new("shelves", "stocktake.too_many_shelves").arg("most", MOST_SHELVES).into());
    }
    let known = queries::shelves(tx, context.organisation.id)?;
    let (mut shelves, mut wrong) = (Vec::<String>::new(), Vec::new());
    for (place, shelf) in start.shelves.iter().enumerate() {
        let field = format!("shelves[{place}]");
        match line(&field, shelf) {
            Ok(shelf) => match known.iter().find(|known| same_shelf(&known.shelf, &shelf)) {
                Some(known) if shelves.contains(&known.shelf) => (),
                Some(known) => shelves.push(known.shelf.clone()),
                None => wrong.push(FieldError::new(field, "stocktake.no_such_shelf").arg("shelf", shelf)),
            },
            Err(error) => wrong.push(error),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let stocktake = Stocktake {
        id: StocktakeId::new(),
        organisation_id: context.organisation.id,
        status: Status::Open,
        started_by: context.by.person,
        started_at: context.by.now,
        ended_by: None,
        ended_at: None,
    };
    store::insert(tx, &stocktake, &shelves)?;
    events::append(tx, context.by, stocktake.id, "stocktake.started", json!({ "to": { "shelves": shelves } }))?;
    queries::detail(tx, context.organisation.id, stocktake.id)
}

/// Counts a kit. Sent again under the same id, a scan does nothing more.
///
/// # Errors
/// `stocktake.not_found`, `stocktake.over`, `scan.undone`, `scan.id_reused` when another scan came under its id,
/// `request.invalid` (the code, the shelf, the time), `kit.unknown_code`, `kit.other_organisation`, `code.blank`,
/// `code.replaced`.
pub fn scan(
    tx: &mut Tx<'_>,
    context: &Context,
    id: StocktakeId,
    wish: &StocktakeScan,
    t: Texts,
) -> Result<StocktakeScanResult, Error> {
    let (stocktake, shelves) = locked(tx, context, id)?;
    let scan_id = wish.id.unwrap_or_else(ScanId::new);
    let shelf = wish.shelf.as_deref().map(|shelf| line("shelf", shelf)).transpose()?;
    if let Some(before) = store::find_scan(tx, context.organisation.id, scan_id)? {
        let kit = any_kit(tx, context, &wish.code)?;
        if (before.stocktake_id, before.kit_id, &before.shelf) != (id, kit.id, &shelf) {
            return Err(Error::refused("scan.id_reused"));
        }
        return match before.undone_at {
            None => told(tx, context, &stocktake, &before, t),
            Some(_) => Err(Error::refused("scan.undone")),
        };
    }
    let at = moment(context.by.now, wish.scanned_at)?;
    if !rules::takes(stocktake.status, stocktake.ended_at, wish.scanned_at.is_some(), at) {
        return Err(over(&stocktake));
    }
    let kit = any_kit(tx, context, &wish.code)?;
    let (whereabouts, unit) = whereabouts(tx, &kit, at)?;
    let finding = rules::classify(&kit.shelf, whereabouts, shelf.as_deref(), &Scope::of(&shelves));
    let mut scan = ScanRow {
        id: scan_id,
        organisation_id: context.organisation.id,
        stocktake_id: id,
        kit_id: kit.id,
        shelf,
        home: kit.shelf,
        finding,
        outcome: Outcome::AlreadyCounted,
        unit_id: unit.filter(|_| finding == Finding::Out),
        scanned_by: context.by.person,
        scanned_at: at,
        sent_at: context.by.now,
        undone_at: None,
    };
    let before = store::line(tx, id, kit.id)?;
    let mut scans = store::scans_of(tx, id, kit.id)?;
    scans.push(scan.clone());
    scans.sort_by_key(|scan| (scan.scanned_at, scan.sent_at));
    let counts = counting(&scans).filter(|counts| !before.as_ref().is_some_and(|line| says_the_same(line, counts)));
    scan.outcome = rules::outcome(counts.map_or(finding, |counts| counts.finding), counts.is_none());
    store::insert_scan(tx, &scan)?;
    if let Some(counts) = counts {
        let from = before.as_ref().map(|line| line.finding);
        store::save(tx, &Line::of(counts.clone()).after(before))?;
        let change = json!({ "from": { "finding": from },
                             "to": { "finding": counts.finding, "kit": kit.id, "shelf": counts.shelf } });
        events::append(tx, context.by, id, "stocktake.scanned", change)?;
    }
    told(tx, context, &stocktake, &scan, t)
}

fn counting(scans: &[ScanRow]) -> Option<&ScanRow> {
    let findings: Vec<Finding> = scans.iter().map(|scan| scan.finding).collect();
    scans.get(rules::counting(&findings)?)
}

/// The line says already what the scan says, and what was put right since still is so.
fn says_the_same(line: &Line, scan: &ScanRow) -> bool {
    let same = line.finding == scan.finding && line.shelf == scan.shelf && line.home == scan.home;
    let still_right = line.correction.is_none_or(|correction| rules::holds(correction, scan.finding));
    line.scan_id == Some(scan.id) || (same && line.unit_id == scan.unit_id && still_right)
}

/// Where a kit was at a moment, as far as the system knows now, and the unit that had it.
fn whereabouts(conn: &mut Conn, kit: &Kit, at: Instant) -> Result<(Whereabouts, Option<UnitId>), Error> {
    let out = loan_store::holding(conn, kit.id, LoanStatus::Out)?;
    // A scan that waited on a phone saw the kit before it left.
    let out = out.filter(|loan| loan.handed_out_at.is_none_or(|left| left <= at));
    let whereabouts = rules::whereabouts(kit.lost_at.is_some(), kit.retired_at.is_some(), out.is_some());
    Ok((whereabouts, out.map(|loan| loan.unit_id)))
}

fn told(
    conn: &mut Conn,
    context: &Context,
    stocktake: &Stocktake,
    scan: &ScanRow,
    t: Texts,
) -> Result<StocktakeScanResult, Error> {
    let line = queries::line(conn, stocktake, scan.kit_id)?.ok_or_else(|| Error::refused("scan.undone"))?;
    Ok(StocktakeScanResult {
        scan_id: scan.id,
        outcome: scan.outcome,
        message: in_words(context, &line, scan.outcome, t),
        line,
    })
}

/// What a scan came to, in words.
fn in_words(context: &Context, line: &StocktakeLine, outcome: Outcome, t: Texts) -> String {
    let shelf = |name: &str| if name.is_empty() { t.s("stocktake-no-shelf") } else { name.to_owned() };
    let at = line.counted_at.map(|at| t.moment(at, context.organisation.zone()));
    let by = line.counted_by.clone().unwrap_or_else(|| t.s("stocktake-nobody"));
    let home = match outcome {
        Outcome::OtherShelf if line.home.is_empty() => "homeless",
        _ => outcome.as_str(),
    };
    t.a(
        &format!("stocktake-told-{home}"),
        &[
            ("kit", line.kit_name().into()),
            ("home", shelf(&line.home).into()),
            ("shelf", line.shelf.as_deref().map_or_else(|| t.s("stocktake-shelf-unsaid"), shelf).into()),
            ("unit", line.unit.as_ref().map(|unit| unit.name.clone()).unwrap_or_default().into()),
            ("person", by.into()),
            ("at", at.unwrap_or_default().into()),
        ],
    )
}

/// Undoes a scan: the kit's line is what its other scans add up to. A receipt that it led to is undone with it.
///
/// # Errors
/// `stocktake.not_found`, `stocktake.over`, `scan.not_found`, `scan.undone`, `stocktake.corrected` when something else was
/// put right by it, and why the receipt cannot be undone.
pub fn undo(tx: &mut Tx<'_>, context: &Context, id: StocktakeId, scan: ScanId) -> Result<StocktakeScanUndone, Error> {
    let (stocktake, _) = locked(tx, context, id)?;
    if stocktake.status != Status::Open {
        return Err(over(&stocktake));
    }
    let scan = store::find_scan(tx, context.organisation.id, scan)?
        .filter(|scan| scan.stocktake_id == id)
        .ok_or_else(|| Error::not_found("scan.not_found"))?;
    if scan.undone_at.is_some() {
        return Err(Error::refused("scan.undone"));
    }
    let line = store::line(tx, id, scan.kit_id)?;
    let counted = line.filter(|line| line.scan_id == Some(scan.id));
    match counted.as_ref().and_then(|line| line.correction) {
        Some(Correction::Receive) if scan.finding == Finding::Out => undo_scan(tx, context, scan.id).map(|_| ())?,
        Some(_) => return Err(Error::refused("stocktake.corrected")),
        None => (),
    }
    store::undo_scan(tx, context.by, scan.id)?;
    if counted.is_some() {
        let left = store::scans_of(tx, id, scan.kit_id)?;
        match counting(&left) {
            Some(counts) => store::save(tx, &Line::of(counts.clone()))?,
            None => store::remove(tx, id, scan.kit_id)?,
        }
    }
    let change = json!({ "from": { "finding": scan.finding, "kit": scan.kit_id, "scan": scan.id } });
    events::append(tx, context.by, id, "stocktake.scan_undone", change)?;
    Ok(StocktakeScanUndone { line: queries::line(tx, &stocktake, scan.kit_id)? })
}

/// Puts right what was found of a kit, also after the stocktake was closed.
///
/// # Errors
/// `stocktake.not_found`, `stocktake.over` when it was called off, `stocktake.not_counted`, `stocktake.not_possible` when
/// it has been put right or things have changed, and the refusals of what is done.
pub fn correct(
    tx: &mut Tx<'_>,
    context: &Context,
    id: StocktakeId,
    wish: &CorrectLine,
) -> Result<StocktakeLine, Error> {
    let (stocktake, _) = locked(tx, context, id)?;
    if stocktake.status == Status::Cancelled {
        return Err(over(&stocktake));
    }
    let kit_type = any_kit(tx, context, &wish.code)?.kit_type_id;
    lock_kit_type(tx, kit_type)?;
    // Read again: it may have changed while another transaction held its type.
    let kit = any_kit(tx, context, &wish.code)?;
    let not_counted = || Error::not_found("stocktake.not_counted");
    let mut line = store::line(tx, id, kit.id)?.ok_or_else(not_counted)?;
    let told = queries::line(tx, &stocktake, kit.id)?.ok_or_else(not_counted)?;
    if !told.possible.contains(&wish.correction) {
        return Err(Error::refused("stocktake.not_possible"));
    }
    match wish.correction {
        Correction::SetShelf => {
            let save = SaveKit { copy: kit.copy.clone(), shelf: line.shelf.clone().unwrap_or_default() };
            kits::change_kit(tx, context.by, &kit.code, &save, None)?;
        }
        Correction::MoveBack => (),
        Correction::Receive => {
            // Under the count's own id: whoever undoes the count undoes the receipt.
            let receipt = Scan::now(kit.code.as_str(), ScanAction::Receive, None);
            and_remember(tx, context, line.scan_id.unwrap_or_else(ScanId::new), kit, &receipt)?;
        }
        Correction::BringBack => loans::bring_back_kit(tx, context, &kit.code)?,
        Correction::MarkLost => loans::lose_kit(tx, context, &kit.code)?,
    }
    line.correction = Some(wish.correction);
    line.corrected_by = context.by.person;
    line.corrected_at = Some(context.by.now);
    store::save(tx, &line)?;
    let change =
        json!({ "from": { "finding": line.finding }, "to": { "correction": wish.correction, "kit": line.kit_id } });
    events::append(tx, context.by, id, "stocktake.corrected", change)?;
    queries::line(tx, &stocktake, line.kit_id)?.ok_or_else(not_counted)
}

/// Closes a stocktake: what is left to count is missing.
///
/// # Errors
/// `stocktake.not_found`, `stocktake.over`.
pub fn close(tx: &mut Tx<'_>, context: &Context, id: StocktakeId) -> Result<StocktakeDetail, Error> {
    let (stocktake, shelves) = locked(tx, context, id)?;
    if stocktake.status != Status::Open {
        return Err(over(&stocktake));
    }
    let left = store::left(tx, &stocktake, &Scope::of(&shelves))?;
    let missing = left.len();
    for some in left.chunks(TOGETHER) {
        let kits: Vec<KitId> = some.iter().map(|(kit, _)| *kit).collect();
        let mut seen = store::last_seen(tx, &kits)?;
        let lines: Vec<Line> = some
            .iter()
            .map(|(kit, home)| Line::missing(&stocktake, *kit, home.clone(), seen.remove(kit).unwrap_or_default()))
            .collect();
        store::insert_lines(tx, &lines)?;
    }
    store::end(tx, context.by, id, Status::Closed)?;
    let change = json!({ "from": { "status": Status::Open }, "to": { "status": Status::Closed, "missing": missing } });
    events::append(tx, context.by, id, "stocktake.closed", change)?;
    queries::detail(tx, context.organisation.id, id)
}

/// Calls a stocktake off. What was put right stays so.
///
/// # Errors
/// `stocktake.not_found`, `stocktake.over`.
pub fn cancel(tx: &mut Tx<'_>, context: &Context, id: StocktakeId) -> Result<StocktakeDetail, Error> {
    let (stocktake, _) = locked(tx, context, id)?;
    if stocktake.status != Status::Open {
        return Err(over(&stocktake));
    }
    store::end(tx, context.by, id, Status::Cancelled)?;
    let change = json!({ "from": { "status": Status::Open }, "to": { "status": Status::Cancelled } });
    events::append(tx, context.by, id, "stocktake.cancelled", change)?;
    queries::detail(tx, context.organisation.id, id)
}
