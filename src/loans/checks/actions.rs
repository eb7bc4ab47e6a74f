//! What is done with contents checks and what they find: check a kit, report from the unit that has it, resolve.

use crate::accounts::rules::{in_range, line, name};
use crate::accounts::session::Person;
use crate::kits::actions::live_kit;
use crate::kits::code::Code;
use crate::kits::rules::{ContentKind, ServiceKind};
use crate::kits::store::{Kit, contents, lock_kit_type};
use crate::loans::actions::{self, Context};
use crate::loans::checks::rules::{self, Occasion, Resolution, is_lacking};
use crate::loans::checks::store::{self, Check, Deviation};
use crate::loans::rules::{DeviationKind, Status, days_after};
use crate::loans::service::actions::{self as service, Harm, Work};
use crate::loans::service::rules::{Cause, Status as JobStatus};
use crate::loans::service::store as jobs;
use crate::loans::store as loans;
use crate::loans::store::Loan;
use crate::platform::db::Tx;
use crate::platform::error::{Error, FieldError, all_fields};
use crate::platform::events;
use crate::platform::ids::{CheckId, ContentLineId, DeviationId, LoanId};
use crate::schema::kits;
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;

/// The longest note on a deviation, in characters.
const LONGEST_NOTE: usize = 500;
/// The longest note on a job that follows from what a kit lacks, in characters.
const LONGEST_WORK: usize = 120;
/// The most deviations that one check reports.
const MOST_DEVIATIONS: usize = 500;

/// A part that differs from the contents list.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportDeviation {
    /// The line of the contents list. Only what is there and stands on no line (`extra`) has none.
    #[serde(default)]
    pub content_line_id: Option<ContentLineId>,
    /// What it is, if it stands on no line.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub name: String,
    /// How it differs.
    pub kind: DeviationKind,
    /// How many.
    #[schema(minimum = 1, maximum = 10_000)]
    pub quantity: i32,
    /// What the next person should know.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub note: String,
}

/// That something reported before is there again.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FoundAgain {
    /// The deviation that it was reported with.
    pub deviation_id: DeviationId,
    /// How many are there again.
    #[schema(minimum = 1, maximum = 10_000)]
    pub quantity: i32,
    /// What is worth knowing about it.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub note: String,
}

/// A contents check by the warehouse. With nothing in it, all is there that should be.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveCheck {
    /// When it is made: `return`, `stocktake` or `other`. If left out, after a loan if the kit has come back since it was
    /// last checked.
    #[serde(default)]
    pub occasion: Option<Occasion>,
    /// What differs from the contents list and has not been reported before.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub deviations: Vec<ReportDeviation>,
    /// What was reported before and is there again.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub found: Vec<FoundAgain>,
    /// What is to be done with the kit before it is lent again.
    #[serde(default)]
    pub needs: Vec<ServiceKind>,
}

/// A contents check by the unit that has the kit. With nothing in it, all is there that should be.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportContents {
    /// What differs from the contents list and has not been reported before.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub deviations: Vec<ReportDeviation>,
    /// What was reported before and is there again.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub found: Vec<FoundAgain>,
}

/// What becomes of a deviation.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resolve {
    /// What became of it.
    pub resolution: Resolution,
    /// Of how many; of all, if left out.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 10_000)]
    pub quantity: Option<i32>,
    /// What is worth knowing about it.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub note: String,
}

/// Notes a contents check by the warehouse.
///
/// # Errors
/// Those of [`live_kit`], `request.invalid` (the occasion, what differs).
pub fn check_kit(tx: &mut Tx<'_>, context: &Context, code: &Code, save: &SaveCheck) -> Result<Check, Error> {
    let kit = live_kit(tx, context.by, code)?.1;
    let waits = store::waits_since(tx, kit.id)?;
    let usual = if waits.is_some() { Occasion::Return } else { Occasion::Other };
    let occasion = save.occasion.unwrap_or(usual);
    let loan = match occasion {
        Occasion::Arrival | Occasion::BeforeReturn => {
            return Err(Error::invalid("occasion", "check.occasion_of_borrower"));
        }
        Occasion::Return if waits.is_none() => loans::last_received(tx, kit.id)?.map(|loan| loan.id),
        Occasion::Return => waits,
        Occasion::Stocktake | Occasion::Other => None,
    };
    record(tx, context, &kit, (occasion, loan), save)
}

/// Notes a contents check by the unit that has the kit: on arrival, or before it goes back.
///
/// # Errors
/// `loan.not_found`, also when it is another unit's, `check.not_out`, `request.invalid` (what differs).
pub fn check_loan(
    tx: &mut Tx<'_>,
    context: &Context,
    who: &Person,
    id: LoanId,
    report: &ReportContents,
) -> Result<Check, Error> {
    let loan = actions::locked_loan(tx, context, id)?;
    if !who.writes_for(loan.unit_id) {
        return Err(Error::not_found("loan.not_found"));
    }
    let handed_out = loan.handed_out_at.filter(|_| loan.status == Status::Out);
    let handed_out = handed_out.ok_or_else(|| Error::refused("check.not_out"))?;
    let kit: Kit = kits::table.find(loan.kit_id).get_result(&mut **tx)?;
    let organisation = &context.organisation;
    let occasion = rules::occasion_of_borrower(organisation.today(handed_out), loan.first_day, context.today());
    let save = SaveCheck {
        occasion: None,
        deviations: report.deviations.clone(),
        found: report.found.clone(),
        needs: Vec::new(),
    };
    record(tx, context, &kit, (occasion, Some(id)), &save)
}

/// Notes what a unit says of a kit in the evaluation of its loan, whose type is locked: as [`check_loan`] does, and also when
/// the kit is back and waits for its check.
///
/// # Errors
/// `request.invalid` (what differs).
pub fn report_after(
    tx: &mut Tx<'_>,
    context: &Context,
    loan: &Loan,
    deviations: Vec<ReportDeviation>,
) -> Result<(), Error> {
    let kit: Kit = kits::table.find(loan.kit_id).get_result(&mut **tx)?;
    let handed_out = loan.handed_out_at.filter(|_| loan.status == Status::Out);
    let occasion = handed_out.map_or(Occasion::BeforeReturn, |at| {
        rules::occasion_of_borrower(context.organisation.today(at), loan.first_day, context.today())
    });
    let save = SaveCheck { deviations, ..SaveCheck::default() };
    record(tx, context, &kit, (occasion, Some(loan.id)), &save).map(drop)
}

/// Notes a check of a kit whose type is locked.
///
/// # Errors
/// `request.invalid` (what differs).
pub fn record(
    tx: &mut Tx<'_>,
    context: &Context,
    kit: &Kit,
    (occasion, loan_id): (Occasion, Option<LoanId>),
    save: &SaveCheck,
) -> Result<Check, Error> {
    let found = found_again(tx, kit, &save.found)?;
    let parts = parts(tx, kit, &save.deviations, &found)?;
    let check = Check {
        id: CheckId::new(),
        organisation_id: context.organisation.id,
        kit_id: kit.id,
        loan_id,
        occasion,
        checked_by: context.by.person,
        checked_at: context.by.now,
    };
    store::insert(tx, &check)?;
    for (report, part) in save.deviations.iter().zip(parts) {
        store::insert_deviation(tx, &deviation(context, &check, report, part))?;
    }
    for Again { deviation, quantity, note } in found {
        close(tx, context, deviation, quantity, Resolution::Found, &note)?;
    }
    if !matches!(occasion, Occasion::Arrival | Occasion::BeforeReturn) {
        store::needs_no_check(tx, kit.id)?;
    }
    let change = json!({ "to": { "check": check.id, "occasion": occasion, "loan": loan_id,
                                 "deviations": save.deviations.len(), "found": save.found.len(), "needs": save.needs } });
    events::append(tx, context.by, kit.id, "kit.checked", change)?;
    follow(tx, context, kit)?;
    for kind in unique(&save.needs) {
        let today = context.today();
        // What is mended takes as long as it takes; the rest is done tomorrow at the latest.
        let last_day = (kind != ServiceKind::Repair).then(|| days_after(today, 1));
        let work = Work { kind, cause: Cause::Check, first_day: today, last_day, note: String::new() };
        service::make(tx, context, kit, work, &Harm::Accept(Cause::Check.to_string()))?;
    }
    Ok(check)
}

fn unique(needs: &[ServiceKind]) -> Vec<ServiceKind> {
    ServiceKind::ALL.iter().copied().filter(|kind| needs.contains(kind)).collect()
}

fn deviation(context: &Context, check: &Check, report: &ReportDeviation, part: Part) -> Deviation {
    let Part { name, line } = part;
    Deviation {
        id: DeviationId::new(),
        organisation_id: check.organisation_id,
        check_id: check.id,
        loan_id: check.loan_id,
        kit_id: check.kit_id,
        content_line_id: report.content_line_id,
        name,
        kind: report.kind,
        quantity: report.quantity,
        note: report.note.trim().to_owned(),
        keeps_kit: line.is_some_and(|line| rules::keeps_kit(line, report.kind)),
        reported_by: context.by.person,
        reported_at: context.by.now,
        resolution: None,
        resolved_by: None,
        resolved_at: None,
        resolution_note: String::new(),
    }
}

/// What a deviation is about.
#[derive(Debug, Clone)]
pub struct Part {
    name: String,
    /// What its line says of it; none for what stands on no line.
    line: Option<ContentKind>,
}

/// What each deviation is about: a line of the kit's own contents list, also one taken off it since the kit was packed; or
/// something that stands on no line, and has a name of its own. No more can be gone than is known to be there, with what
/// was found again.
///
/// # Errors
/// `request.invalid` with every wrong field, as in `deviations[2].quantity`.
pub fn parts(tx: &mut Tx<'_>, kit: &Kit, reported: &[ReportDeviation], found: &[Again]) -> Result<Vec<Part>, Error> {
    if reported.is_empty() {
        return Ok(Vec::new());
    }
    if reported.len() > MOST_DEVIATIONS {
        return Err(FieldError::new("deviations", "check.too_many").arg("most", MOST_DEVIATIONS).into());
    }
    let lines = store::lines(tx, kit.kit_type_id)?;
    let mut there = there(tx, kit, found)?;
    let (mut parts, mut wrong) = (Vec::new(), Vec::new());
    for (index, deviation) in reported.iter().enumerate() {
        match part(index, deviation, &lines) {
            Ok(part) => {
                wrong.extend(more_than(&mut there, index, deviation, &part));
                parts.push(part);
            }
            Err(more) => wrong.extend(more),
        }
    }
    if wrong.is_empty() { Ok(parts) } else { Err(Error::invalid_fields(wrong)) }
}

/// How many of each line are there, as far as is known; lines that are no longer on the list are not counted.
fn there(tx: &mut Tx<'_>, kit: &Kit, found: &[Again]) -> Result<HashMap<ContentLineId, i32>, Error> {
    let lines = contents(tx, kit.kit_type_id)?;
    let mut there: HashMap<ContentLineId, i32> =
        lines.into_iter().filter_map(|line| Some((line.id?, line.quantity))).collect();
    let gone = store::lacking(tx, kit.id)?;
    let gone = gone.iter().map(|deviation| (deviation.content_line_id, -deviation.quantity));
    let back = found.iter().map(|again| (again.deviation.content_line_id, again.quantity));
    for (line, quantity) in gone.chain(back) {
        if let Some(count) = line.and_then(|line| there.get_mut(&line)) {
            *count = count.saturating_add(quantity);
        }
    }
    Ok(there)
}

/// Takes what a deviation says is gone from what is there; what is wrong if that is too much.
fn more_than(
    there: &mut HashMap<ContentLineId, i32>,
    index: usize,
    deviation: &ReportDeviation,
    part: &Part,
) -> Option<FieldError> {
    let left = deviation.content_line_id.filter(|_| is_lacking(deviation.kind)).and_then(|id| there.get_mut(&id))?;
    let most = (*left).max(0);
    *left = left.saturating_sub(deviation.quantity);
    let error = || {
        FieldError::new(format!("deviations[{index}].quantity"), "deviation.more_than_there")
            .arg("name", part.name.as_str())
            .arg("most", most)
    };
    (deviation.quantity > most).then(error)
}

fn part(
    index: usize,
    deviation: &ReportDeviation,
    lines: &HashMap<ContentLineId, (String, ContentKind)>,
) -> Result<Part, Vec<FieldError>> {
    let field = |name: &str| format!("deviations[{index}].{name}");
    let line = field("content_line_id");
    all_fields! {
        part = match deviation.content_line_id {
            Some(id) => lines
                .get(&id)
                .map(|(name, kind)| Part { name: name.clone(), line: Some(*kind) })
                .ok_or_else(|| FieldError::new(line, "deviation.no_such_line")),
            None if deviation.kind == DeviationKind::Extra => {
                name(&field("name"), &deviation.name).map(|name| Part { name, line: None })
            }
            None => Err(FieldError::new(line, "field.missing")),
        },
        _quantity = in_range(&field("quantity"), deviation.quantity, 1, 10_000),
        _note = if deviation.note.chars().count() > LONGEST_NOTE {
            Err(FieldError::new(field("note"), "field.too_long").arg("most", LONGEST_NOTE))
        } else {
            Ok(())
        },
    }
    Ok(part)
}

/// What of a kit is there again.
#[derive(Debug)]
pub struct Again {
    deviation: Deviation,
    quantity: i32,
    note: String,
}

/// What of a kit is there again, each with how many.
fn found_again(tx: &mut Tx<'_>, kit: &Kit, found: &[FoundAgain]) -> Result<Vec<Again>, Error> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    if found.len() > MOST_DEVIATIONS {
        return Err(FieldError::new("found", "check.too_many").arg("most", MOST_DEVIATIONS).into());
    }
    let mut lacking: HashMap<DeviationId, Deviation> =
        store::lacking(tx, kit.id)?.into_iter().map(|deviation| (deviation.id, deviation)).collect();
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    for (index, again) in found.iter().enumerate() {
        let field = |name: &str| format!("found[{index}].{name}");
        match lacking.remove(&again.deviation_id) {
            Some(_) if again.note.chars().count() > LONGEST_NOTE => {
                wrong.push(FieldError::new(field("note"), "field.too_long").arg("most", LONGEST_NOTE));
            }
            Some(deviation) => match in_range(&field("quantity"), again.quantity, 1, deviation.quantity) {
                Ok(quantity) => good.push(Again { deviation, quantity, note: again.note.trim().to_owned() }),
                Err(error) => wrong.push(error),
            },
            None => wrong.push(FieldError::new(field("deviation_id"), "deviation.not_open")),
        }
    }
    if wrong.is_empty() { Ok(good) } else { Err(Error::invalid_fields(wrong)) }
}

/// Says what became of a deviation: of all of it, or of some. What was written off can still be found or replaced.
///
/// # Errors
/// `deviation.not_found`, `deviation.resolved`, `deviation.nothing_lacking`, `request.invalid` (how many, the note).
pub fn resolve(tx: &mut Tx<'_>, context: &Context, id: DeviationId, resolve: &Resolve) -> Result<Deviation, Error> {
    let not_found = || Error::not_found("deviation.not_found");
    let kit = store::find(tx, context.organisation.id, id)?.ok_or_else(not_found)?.kit_id;
    let kit: Kit = kits::table.find(kit).get_result(&mut **tx)?;
    lock_kit_type(tx, kit.kit_type_id)?;
    // Read again: it may have been resolved while another transaction held the type.
    let deviation = store::find(tx, context.organisation.id, id)?.ok_or_else(not_found)?;
    if !is_lacking(deviation.kind) {
        return Err(Error::refused("deviation.nothing_lacking"));
    }
    let known = deviation.resolution;
    let written_off = known == Some(Resolution::WrittenOff) && resolve.resolution != Resolution::WrittenOff;
    if known.is_some() && !written_off {
        return Err(Error::refused("deviation.resolved"));
    }
    all_fields! {
        quantity = in_range("quantity", resolve.quantity.unwrap_or(deviation.quantity), 1, deviation.quantity),
        note = line("note", &resolve.note),
    }
    let resolved = close(tx, context, deviation, quantity, resolve.resolution, &note)?;
    follow(tx, context, &kit)?;
    Ok(resolved)
}

/// Writes what became of so many of a deviation; the rest stays as it is, under its old id. The answer is what was
/// resolved.
fn close(
    tx: &mut Tx<'_>,
    context: &Context,
    mut deviation: Deviation,
    quantity: i32,
    resolution: Resolution,
    note: &str,
) -> Result<Deviation, Error> {
    let resolved = |deviation: Deviation| Deviation {
        resolution: Some(resolution),
        resolved_by: context.by.person,
        resolved_at: Some(context.by.now),
        resolution_note: note.to_owned(),
        ..deviation
    };
    let done = if quantity < deviation.quantity {
        let part = resolved(Deviation { id: DeviationId::new(), quantity, ..deviation.clone() });
        deviation.quantity -= quantity;
        store::save(tx, &deviation)?;
        store::insert_deviation(tx, &part)?;
        part
    } else {
        let done = resolved(deviation);
        store::save(tx, &done)?;
        done
    };
    let change = json!({ "to": { "deviation": done.id, "resolution": resolution, "quantity": quantity } });
    events::append(tx, context.by, done.kit_id, "kit.deviation_resolved", change)?;
    Ok(done)
}

/// Notes that all is there again for want of which a kit cannot be lent.
///
/// # Errors
/// When the database fails.
pub fn replace_essential(tx: &mut Tx<'_>, context: &Context, kit: &Kit) -> Result<(), Error> {
    for deviation in store::keeping(tx, kit.id)? {
        let quantity = deviation.quantity;
        close(tx, context, deviation, quantity, Resolution::Replaced, "")?;
    }
    follow(tx, context, kit)
}

/// Keeps a kit from being lent as long as it lacks what it cannot do without, and no longer.
///
/// # Errors
/// When the database fails.
pub fn follow(tx: &mut Tx<'_>, context: &Context, kit: &Kit) -> Result<(), Error> {
    let keeping = if kit.retired_at.is_some() { Vec::new() } else { store::keeping(tx, kit.id)? };
    let job = jobs::open(tx, kit.id)?.into_iter().find(|job| job.cause == Cause::Shortage);
    match job {
        Some(job) if keeping.is_empty() => {
            service::end(tx, context, job, kit, JobStatus::Done)?;
        }
        None if !keeping.is_empty() => {
            let broken = keeping.iter().all(|deviation| deviation.kind == DeviationKind::Broken);
            let names: Vec<&str> = keeping.iter().map(|deviation| deviation.name.as_str()).collect();
            let work = Work {
                kind: if broken { ServiceKind::Repair } else { ServiceKind::Refill },
                cause: Cause::Shortage,
                first_day: context.today(),
                last_day: None,
                note: names.join(", ").chars().take(LONGEST_WORK).collect(),
            };
            service::make(tx, context, kit, work, &Harm::Accept(Cause::Shortage.to_string()))?;
        }
        _ => (),
    }
    Ok(())
}
