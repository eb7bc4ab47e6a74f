//! Rows of contents checks, of what they found, and of kits that wait for one.

use crate::accounts::rules::EvaluationGate;
use crate::kits::rules::ContentKind;
use crate::loans::checks::rules::{Occasion, Resolution, is_lacking};
use crate::loans::rules::DeviationKind;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{CheckId, ContentLineId, DeviationId, KitId, KitTypeId, LoanId, OrganisationId, PersonId};
use crate::schema::{content_checks, content_lines, deviations, kits_to_check};
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

/// A contents check.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = content_checks)]
pub struct Check {
    /// The check.
    pub id: CheckId,
    /// Whose kit it was.
    pub organisation_id: OrganisationId,
    /// The kit.
    pub kit_id: KitId,
    /// The loan that it was made on, or after.
    pub loan_id: Option<LoanId>,
    /// When it was made.
    pub occasion: Occasion,
    /// Who made it.
    pub checked_by: Option<PersonId>,
    /// At which moment.
    pub checked_at: Instant,
}

/// Something that differed from the contents list, and what became of it.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = deviations, treat_none_as_null = true)]
pub struct Deviation {
    /// The deviation.
    pub id: DeviationId,
    /// Whose kit it is.
    pub organisation_id: OrganisationId,
    /// The check that found it.
    pub check_id: CheckId,
    /// The loan that the check was made on, or after.
    pub loan_id: Option<LoanId>,
    /// The kit.
    pub kit_id: KitId,
    /// The line of the contents list; none for what stands on no line.
    pub content_line_id: Option<ContentLineId>,
    /// What it is, as it was called then.
    pub name: String,
    /// How it differs.
    pub kind: DeviationKind,
    /// How many.
    pub quantity: i32,
    /// What was noted.
    pub note: String,
    /// While it is open, the kit cannot be lent.
    pub keeps_kit: bool,
    /// Who reported it.
    pub reported_by: Option<PersonId>,
    /// When.
    pub reported_at: Instant,
    /// What became of it; none while it is open.
    pub resolution: Option<Resolution>,
    /// Who saw to it.
    pub resolved_by: Option<PersonId>,
    /// When.
    pub resolved_at: Option<Instant>,
    /// What was noted about that.
    pub resolution_note: String,
}

/// Adds a check.
///
/// # Errors
/// When the database fails.
pub fn insert(tx: &mut Tx<'_>, check: &Check) -> Result<(), Error> {
    diesel::insert_into(content_checks::table).values(check).execute(&mut **tx)?;
    Ok(())
}

/// Adds a deviation.
///
/// # Errors
/// When the database fails.
pub fn insert_deviation(tx: &mut Tx<'_>, deviation: &Deviation) -> Result<(), Error> {
    diesel::insert_into(deviations::table).values(deviation).execute(&mut **tx)?;
    Ok(())
}

/// Saves what became of a deviation.
///
/// # Errors
/// When the database fails.
pub fn save(tx: &mut Tx<'_>, deviation: &Deviation) -> Result<(), Error> {
    diesel::update(deviations::table.find(deviation.id)).set(deviation).execute(&mut **tx)?;
    Ok(())
}

/// A deviation of an organisation.
///
/// # Errors
/// When the database fails.
pub fn find(conn: &mut Conn, organisation: OrganisationId, id: DeviationId) -> Result<Option<Deviation>, Error> {
    Ok(deviations::table
        .filter(deviations::id.eq(id).and(deviations::organisation_id.eq(organisation)))
        .get_result(conn)
        .optional()?)
}

/// A check of an organisation.
///
/// # Errors
/// When the database fails.
pub fn find_check(conn: &mut Conn, organisation: OrganisationId, id: CheckId) -> Result<Option<Check>, Error> {
    Ok(content_checks::table
        .filter(content_checks::id.eq(id).and(content_checks::organisation_id.eq(organisation)))
        .get_result(conn)
        .optional()?)
}

/// What a check found.
///
/// # Errors
/// When the database fails.
pub fn of_check(conn: &mut Conn, check: CheckId) -> Result<Vec<Deviation>, Error> {
    Ok(deviations::table.filter(deviations::check_id.eq(check)).order(deviations::id.asc()).load(conn)?)
}

/// The lines of the contents list of which something was reported on a loan after a moment.
///
/// # Errors
/// When the database fails.
pub fn lines_told_since(conn: &mut Conn, loan: LoanId, since: Instant) -> Result<HashSet<ContentLineId>, Error> {
    let told: Vec<Option<ContentLineId>> = deviations::table
        .inner_join(content_checks::table)
        .filter(deviations::loan_id.eq(loan).and(content_checks::checked_at.gt(since)))
        .select(deviations::content_line_id)
        .load(conn)?;
    Ok(told.into_iter().flatten().collect())
}

/// What a kit lacks, on open deviations and on those that were written off; the oldest first.
///
/// # Errors
/// When the database fails.
pub fn lacking(conn: &mut Conn, kit: KitId) -> Result<Vec<Deviation>, Error> {
    let mut found: Vec<Deviation> =
        deviations::table.filter(deviations::kit_id.eq(kit).and(deviations::resolution.is_null())).load(conn)?;
    found.extend(
        deviations::table
            .filter(deviations::kit_id.eq(kit).and(deviations::resolution.eq(Some(Resolution::WrittenOff))))
            .load::<Deviation>(conn)?,
    );
    found.retain(|deviation| is_lacking(deviation.kind));
    found.sort_by_key(|deviation| deviation.id);
    Ok(found)
}

/// The open deviations of a kit that keep it from being lent.
///
/// # Errors
/// When the database fails.
pub fn keeping(conn: &mut Conn, kit: KitId) -> Result<Vec<Deviation>, Error> {
    Ok(deviations::table
        .filter(deviations::kit_id.eq(kit).and(deviations::resolution.is_null()).and(deviations::keeps_kit))
        .order(deviations::id.asc())
        .load(conn)?)
}

/// The names of the parts for want of which a kit cannot be lent.
///
/// # Errors
/// When the database fails.
pub fn essential_short(conn: &mut Conn, kit: KitId) -> Result<Vec<String>, Error> {
    let mut names: Vec<String> = keeping(conn, kit)?.into_iter().map(|deviation| deviation.name).collect();
    names.dedup();
    Ok(names)
}

/// When a kit was last checked before a moment.
///
/// # Errors
/// When the database fails.
pub fn check_before(conn: &mut Conn, kit: KitId, at: Instant) -> Result<Option<Instant>, Error> {
    Ok(content_checks::table
        .filter(content_checks::kit_id.eq(kit).and(content_checks::checked_at.lt(at)))
        .order(content_checks::checked_at.desc())
        .limit(1)
        .select(content_checks::checked_at)
        .get_result(conn)
        .optional()?)
}

/// The names and kinds of the lines of a type, also of those taken off its list.
///
/// # Errors
/// When the database fails.
pub fn lines(conn: &mut Conn, kit_type: KitTypeId) -> Result<HashMap<ContentLineId, (String, ContentKind)>, Error> {
    let lines: Vec<(ContentLineId, String, ContentKind)> = content_lines::table
        .filter(content_lines::kit_type_id.eq(kit_type))
        .select((content_lines::id, content_lines::name, content_lines::kind))
        .load(conn)?;
    Ok(lines.into_iter().map(|(id, name, kind)| (id, (name, kind))).collect())
}

/// Notes that a kit came back and is to be checked.
///
/// # Errors
/// When the database fails.
pub fn is_to_be_checked(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    kit: KitId,
    loan: LoanId,
    since: Instant,
) -> Result<(), Error> {
    needs_no_check(tx, kit)?;
    diesel::insert_into(kits_to_check::table)
        .values((
            kits_to_check::kit_id.eq(kit),
            kits_to_check::organisation_id.eq(organisation),
            kits_to_check::loan_id.eq(loan),
            kits_to_check::since.eq(since),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Notes that a kit waits for no check: it was checked, or has left again.
///
/// # Errors
/// When the database fails.
pub fn needs_no_check(tx: &mut Tx<'_>, kit: KitId) -> Result<(), Error> {
    diesel::delete(kits_to_check::table.find(kit)).execute(&mut **tx)?;
    Ok(())
}

/// The loan that a kit came back from and has not been checked since.
///
/// # Errors
/// When the database fails.
pub fn waits_since(conn: &mut Conn, kit: KitId) -> Result<Option<LoanId>, Error> {
    Ok(kits_to_check::table.find(kit).select(kits_to_check::loan_id).get_result(conn).optional()?)
}

/// True for a kit that has come in, waits for its check, and is not lent before: where a kit is lent again before its
/// evaluation is in, nobody but the check says that all of it is there.
///
/// # Errors
/// When the database fails.
pub fn must_be_checked(conn: &mut Conn, gate: EvaluationGate, kit: KitId) -> Result<bool, Error> {
    Ok(gate == EvaluationGate::Unit && waits_since(conn, kit)?.is_some())
}
