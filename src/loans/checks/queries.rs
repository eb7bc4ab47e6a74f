//! Lists of contents checks, of what they found, and of kits that wait for one.

use crate::accounts::store::Organisation;
use crate::kits::code::Code;
use crate::kits::store::Kit;
use crate::kits::views::KitTypeName;
use crate::loans::checks::photos;
use crate::loans::checks::rules::{self, Away, LostBetween, Occasion};
use crate::loans::checks::store::{self, Check, Deviation};
use crate::loans::checks::views::{
    CheckView, DeviationView, KitContentsView, KitToCheck, LoanBetween, OpenDeviationView,
};
use crate::loans::views::UnitRef;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{CheckId, DeviationId, KitId, KitTypeId, LoanId, OrganisationId, UnitId};
use crate::platform::web::paging::{Listing, Paging};
use crate::schema::{content_checks, deviations, kit_types, kits, kits_to_check, loans, units};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// How many loans are gone back through at most to find out between which a part was lost.
const MOST_BETWEEN: i64 = 20;
/// The most kits to check that are told together.
pub const MOST_TO_CHECK: usize = 500;

fn view(deviation: Deviation, occasion: Occasion, photos: &HashMap<DeviationId, Vec<String>>) -> DeviationView {
    DeviationView {
        photos: photos.get(&deviation.id).cloned().unwrap_or_default(),
        id: deviation.id,
        check_id: deviation.check_id,
        occasion,
        content_line_id: deviation.content_line_id,
        name: deviation.name,
        kind: deviation.kind,
        quantity: deviation.quantity,
        note: deviation.note,
        reported_at: deviation.reported_at,
        resolution: deviation.resolution,
        resolved_at: deviation.resolved_at,
        resolution_note: deviation.resolution_note,
    }
}

/// Deviations as they are told, with their photos.
///
/// # Errors
/// When the database fails.
pub fn views(conn: &mut Conn, rows: Vec<(Deviation, Occasion)>) -> Result<Vec<DeviationView>, Error> {
    let ids: Vec<DeviationId> = rows.iter().map(|(deviation, _)| deviation.id).collect();
    let mut pictures: HashMap<DeviationId, Vec<String>> = HashMap::new();
    if !ids.is_empty() {
        for (deviation, photo) in photos::of(conn, &ids)? {
            pictures.entry(deviation).or_default().push(photos::address(photo));
        }
    }
    Ok(rows.into_iter().map(|(deviation, occasion)| view(deviation, occasion, &pictures)).collect())
}

/// What the checks on a loan found.
///
/// # Errors
/// When the database fails.
pub fn of_loan(conn: &mut Conn, loan: LoanId) -> Result<Vec<DeviationView>, Error> {
    let rows = deviations::table
        .inner_join(content_checks::table)
        .filter(deviations::loan_id.eq(loan))
        .order(deviations::id.asc())
        .select((deviations::all_columns, content_checks::occasion))
        .load(conn)?;
    views(conn, rows)
}

/// One check.
///
/// # Errors
/// When the database fails.
pub fn check(conn: &mut Conn, check: Check) -> Result<CheckView, Error> {
    let found = store::of_check(conn, check.id)?.into_iter().map(|deviation| (deviation, check.occasion)).collect();
    Ok(told(check, views(conn, found)?))
}

fn told(check: Check, deviations: Vec<DeviationView>) -> CheckView {
    let Check { id, loan_id, occasion, checked_at, .. } = check;
    CheckView { id, loan_id, occasion, checked_at, deviations }
}

/// Checks with what each found.
///
/// # Errors
/// When the database fails.
pub fn with_findings(conn: &mut Conn, checks: Vec<Check>) -> Result<Vec<CheckView>, Error> {
    let ids: Vec<CheckId> = checks.iter().map(|check| check.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Deviation, Occasion)> = deviations::table
        .inner_join(content_checks::table)
        .filter(deviations::check_id.eq_any(&ids))
        .order(deviations::id.asc())
        .select((deviations::all_columns, content_checks::occasion))
        .load(conn)?;
    let mut found: HashMap<CheckId, Vec<DeviationView>> = HashMap::new();
    for deviation in views(conn, rows)? {
        found.entry(deviation.check_id).or_default().push(deviation);
    }
    Ok(checks
        .into_iter()
        .map(|check| {
            let deviations = found.remove(&check.id).unwrap_or_default();
            told(check, deviations)
        })
        .collect())
}

/// The checks of a kit, newest first.
///
/// # Errors
/// When the database fails.
pub fn of_kit(conn: &mut Conn, kit: KitId, paging: &Paging) -> Result<Listing<CheckView>, Error> {
    let mut query = content_checks::table.filter(content_checks::kit_id.eq(kit)).into_boxed();
    if let Some(before) = paging.after::<CheckId>()? {
        query = query.filter(content_checks::id.lt(before));
    }
    let rows: Vec<Check> = query.order(content_checks::id.desc()).limit(paging.rows()).load(conn)?;
    Ok(Listing::cut(with_findings(conn, rows)?, paging, |check| check.id))
}

/// What is known of a kit's contents.
///
/// # Errors
/// When the database fails.
pub fn contents(conn: &mut Conn, kit: &Kit) -> Result<KitContentsView, Error> {
    let open = open(conn, kit.id)?;
    Ok(KitContentsView {
        complete_enough: !open.iter().any(|deviation| deviation.keeps_kit),
        to_be_checked: store::waits_since(conn, kit.id)?.is_some(),
        open,
    })
}

/// The open deviations of a kit, the oldest first, with between which checks each came about.
///
/// # Errors
/// When the database fails.
pub fn open(conn: &mut Conn, kit: KitId) -> Result<Vec<OpenDeviationView>, Error> {
    let rows: Vec<(Deviation, Check)> = deviations::table
        .inner_join(content_checks::table)
        .filter(deviations::kit_id.eq(kit).and(deviations::resolution.is_null()))
        .order(deviations::id.asc())
        .select((deviations::all_columns, content_checks::all_columns))
        .load(conn)?;
    let mut lost: HashMap<CheckId, LostBetween> = HashMap::new();
    for (_, check) in &rows {
        if let Entry::Vacant(unknown) = lost.entry(check.id) {
            unknown.insert(lost_between(conn, check)?);
        }
    }
    let names = loans_between(conn, lost.values().flat_map(|lost| lost.loans.clone()).collect())?;
    let keeping: Vec<bool> = rows.iter().map(|(deviation, _)| deviation.keeps_kit).collect();
    let kept: Vec<(Deviation, Occasion)> =
        rows.into_iter().map(|(deviation, check)| (deviation, check.occasion)).collect();
    let found = views(conn, kept)?.into_iter().zip(keeping);
    Ok(found
        .filter(|(deviation, _)| rules::is_lacking(deviation.kind))
        .map(|(deviation, keeps_kit)| {
            let lost = lost.get(&deviation.check_id);
            let loans = lost.map(|lost| lost.loans.clone()).unwrap_or_default();
            OpenDeviationView {
                keeps_kit,
                since: lost.and_then(|lost| lost.since),
                until: lost.map_or(deviation.reported_at, |lost| lost.until),
                loans: loans.iter().filter_map(|loan| names.get(loan).cloned()).collect(),
                deviation,
            }
        })
        .collect())
}

/// Between which moments that came about which a check found.
fn lost_between(conn: &mut Conn, check: &Check) -> Result<LostBetween, Error> {
    let before = store::check_before(conn, check.kit_id, check.checked_at)?;
    let since = before.unwrap_or(check.checked_at);
    let rows: Vec<(LoanId, Option<Instant>, Option<Instant>)> = loans::table
        .filter(loans::kit_id.eq(check.kit_id).and(loans::handed_out_at.lt(check.checked_at)))
        .filter(loans::received_at.is_null().or(loans::received_at.ge(since)))
        .order(loans::handed_out_at.desc())
        .limit(MOST_BETWEEN)
        .select((loans::id, loans::handed_out_at, loans::received_at))
        .load(conn)?;
    let mut away: Vec<Away> =
        rows.into_iter().filter_map(|(loan, from, until)| Some(Away { loan, from: from?, until })).collect();
    away.reverse();
    Ok(rules::lost_between((check.checked_at, check.occasion, check.loan_id), before, &away))
}

fn loans_between(conn: &mut Conn, ids: Vec<LoanId>) -> Result<HashMap<LoanId, LoanBetween>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(LoanId, UnitId, String, NaiveDate, NaiveDate)> = loans::table
        .inner_join(units::table)
        .filter(loans::id.eq_any(ids))
        .select((loans::id, units::id, units::name, loans::first_day, loans::last_day))
        .load(conn)?;
    let between = |(id, unit, name, first_day, last_day)| {
        (id, LoanBetween { id, unit: UnitRef { id: unit, name }, first_day, last_day })
    };
    Ok(rows.into_iter().map(between).collect())
}

/// Kits of an organisation that came back and have not been checked since, those first that wait longest.
///
/// # Errors
/// When the database fails.
pub fn to_check(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<KitToCheck>, Error> {
    first_to_check(conn, organisation, i64::try_from(MOST_TO_CHECK).unwrap_or(i64::MAX))
}

/// The kit of an organisation that has waited longest for its check.
///
/// # Errors
/// When the database fails.
pub fn next_to_check(conn: &mut Conn, organisation: OrganisationId) -> Result<Option<KitToCheck>, Error> {
    Ok(first_to_check(conn, organisation, 1)?.pop())
}

fn first_to_check(conn: &mut Conn, organisation: OrganisationId, limit: i64) -> Result<Vec<KitToCheck>, Error> {
    type Row = (Code, String, String, KitTypeId, String, LoanId, UnitId, String, Instant);
    let rows: Vec<Row> = kits_to_check::table
        .inner_join(kits::table.inner_join(kit_types::table))
        .inner_join(loans::table.on(loans::id.eq(kits_to_check::loan_id)))
        .inner_join(units::table.on(units::id.eq(loans::unit_id)))
        .filter(kits_to_check::organisation_id.eq(organisation).and(kits::retired_at.is_null()))
        .order((kits_to_check::since.asc(), kits_to_check::kit_id.asc()))
        .limit(limit)
        .select((
            kits::code,
            kits::copy,
            kits::shelf,
            kit_types::id,
            kit_types::name,
            loans::id,
            units::id,
            units::name,
            kits_to_check::since,
        ))
        .load(conn)?;
    let kit = |(kit_code, kit_copy, shelf, kit_type, name, loan_id, unit, unit_name, since): Row| KitToCheck {
        kit_code,
        kit_type: KitTypeName { id: kit_type, name },
        kit_copy,
        shelf,
        loan_id,
        unit: UnitRef { id: unit, name: unit_name },
        since,
    };
    Ok(rows.into_iter().map(kit).collect())
}

/// How many kits came back and have not been checked since.
///
/// # Errors
/// When the database fails.
pub fn count_to_check(conn: &mut Conn, organisation: OrganisationId) -> Result<i64, Error> {
    Ok(kits_to_check::table.filter(kits_to_check::organisation_id.eq(organisation)).count().get_result(conn)?)
}

/// A kit by its code, as it is known to the warehouse; retired ones too.
///
/// # Errors
/// `kit.unknown_code`.
pub fn the_kit(conn: &mut Conn, organisation: &Organisation, code: &Code) -> Result<(Kit, String), Error> {
    let not_found = || Error::not_found("kit.unknown_code").arg("code", code.to_string());
    let kit = crate::kits::queries::kit(conn, organisation.id, code)?.ok_or_else(not_found)?;
    let name = kit_types::table.find(kit.kit_type_id).select(kit_types::name).get_result(conn)?;
    Ok((kit, name))
}
