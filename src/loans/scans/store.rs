//! Rows of scans.

use crate::kits::code::Code;
use crate::loans::rules::Status;
use crate::loans::scan::{Done, Outcome, Scan, ScanAction};
use crate::platform::db::Tx;
use crate::platform::db::connection::{Conn, each};
use crate::platform::db::types::{Instant, text_enum};
use crate::platform::error::Error;
use crate::platform::events::By;
use crate::platform::ids::{KitId, LoanId, OrganisationId, PersonId, ScanId};
use crate::schema::{content_checks, scans};
use diesel::prelude::*;

/// How long scans that need nobody any more are kept, in days: longer than a phone may keep one before it sends it.
pub const KEPT_DAYS: i64 = 90;

text_enum! {
    /// What somebody decided about a scan that came too late.
    pub enum Decision {
        /// The kit was received after all.
        Received = "received",
        /// The kit was handed out after all.
        HandedOut = "handed_out",
        /// Everything is left as it is.
        Left = "left",
    }
}

/// A scan, and what came of it: it was done, or it was refused and is to be sorted out.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = scans)]
pub struct ScanRow {
    /// The scan; its sender's to choose.
    pub id: ScanId,
    /// Where it was made.
    pub organisation_id: OrganisationId,
    /// Who made it.
    pub scanned_by: Option<PersonId>,
    /// What was read or typed.
    pub code: String,
    /// What it was meant to do.
    pub action: ScanAction,
    /// When it was made, by the phone's clock if it waited there.
    pub scanned_at: Instant,
    /// When it came.
    pub sent_at: Instant,
    /// What it did.
    pub outcome: Option<Outcome>,
    /// The loan that it did it to.
    pub loan_id: Option<LoanId>,
    /// The loan's version then.
    pub loan_version: Option<i32>,
    /// Where the loan was before.
    pub from_status: Option<Status>,
    /// The kit that the loan was to have before.
    pub from_kit_id: Option<KitId>,
    /// When the kit had been put away for months, if it was until then.
    pub away_since: Option<Instant>,
    /// When it was undone.
    pub undone_at: Option<Instant>,
    /// Why it could not be done: the code of the problem.
    pub refusal: Option<String>,
    /// The same in words.
    pub said: Option<String>,
    /// What was decided about it.
    pub decision: Option<Decision>,
    /// What whoever decided wants others to know.
    pub note: String,
    /// When it was decided.
    pub decided_at: Option<Instant>,
    /// Who decided.
    pub decided_by: Option<PersonId>,
}

/// The most that is kept of what was read, in characters.
const LONGEST_CODE: usize = 200;

impl ScanRow {
    fn new(by: By, id: ScanId, scan: &Scan, at: Instant) -> Self {
        Self {
            id,
            organisation_id: by.organisation,
            scanned_by: by.person,
            code: scan.code.chars().filter(|c| !c.is_control()).take(LONGEST_CODE).collect(),
            action: scan.action,
            scanned_at: at,
            sent_at: by.now,
            outcome: None,
            loan_id: None,
            loan_version: None,
            from_status: None,
            from_kit_id: None,
            away_since: None,
            undone_at: None,
            refusal: None,
            said: None,
            decision: None,
            note: String::new(),
            decided_at: None,
            decided_by: None,
        }
    }

    /// A scan that was done.
    pub fn of_done(by: By, id: ScanId, scan: &Scan, done: &Done) -> Self {
        Self {
            outcome: Some(done.outcome),
            loan_id: Some(done.loan.id),
            loan_version: Some(done.loan.version),
            from_status: Some(done.from),
            from_kit_id: Some(done.meant),
            ..Self::new(by, id, scan, done.at)
        }
    }

    /// A scan that waited on a phone and was refused, for the reason of this code, in these words.
    pub fn of_refused(by: By, id: ScanId, scan: &Scan, refusal: &str, said: String) -> Self {
        let at = scan.scanned_at.unwrap_or(by.now);
        Self { refusal: Some(refusal.to_owned()), said: Some(said), ..Self::new(by, id, scan, at) }
    }

    /// It waits for a decision.
    pub fn is_open(&self) -> bool {
        self.refusal.is_some() && self.decided_at.is_none()
    }

    /// It is the same scan, sent again.
    pub fn is_of(&self, scan: &Scan) -> bool {
        let same_code = match (Code::parse(&self.code), Code::parse(&scan.code)) {
            (Ok(one), Ok(other)) => one == other,
            _ => false,
        };
        let same_loan = self.loan_id.zip(scan.loan_id).is_none_or(|(one, other)| one == other);
        same_code && same_loan && self.action == scan.action
    }

    /// What the scan did.
    ///
    /// # Errors
    /// `scan.kept` when it was refused and waits for a decision, `scan.sorted_out` when that was taken, `scan.undone` when
    /// it was undone since.
    pub fn done(&self) -> Result<(Outcome, LoanId), Error> {
        match (self.outcome, self.loan_id, self.undone_at) {
            (Some(outcome), Some(loan), None) => Ok((outcome, loan)),
            (Some(_), _, _) => Err(Error::refused("scan.undone")),
            _ if self.is_open() => Err(Error::refused("scan.kept").with("kept", true)),
            _ => Err(Error::refused("scan.sorted_out")),
        }
    }
}

/// A scan of an organisation.
///
/// # Errors
/// When the database fails.
pub fn find(conn: &mut Conn, organisation: OrganisationId, id: ScanId) -> Result<Option<ScanRow>, Error> {
    Ok(scans::table.find((organisation, id)).select(ScanRow::as_select()).get_result(conn).optional()?)
}

/// Remembers a scan, unless one under its id is remembered already.
///
/// # Errors
/// When the database fails.
pub fn insert(tx: &mut Tx<'_>, row: &ScanRow) -> Result<bool, Error> {
    let inserted =
        each!(&mut **tx, c => diesel::insert_into(scans::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(inserted == 1)
}

/// Notes that a scan is undone.
///
/// # Errors
/// When the database fails.
pub fn set_undone(tx: &mut Tx<'_>, by: By, id: ScanId) -> Result<(), Error> {
    diesel::update(scans::table.find((by.organisation, id))).set(scans::undone_at.eq(by.now)).execute(&mut **tx)?;
    Ok(())
}

/// Notes what was decided about a scan; false when that has been done.
///
/// # Errors
/// When the database fails.
pub fn decide(tx: &mut Tx<'_>, by: By, id: ScanId, decision: Decision, note: &str) -> Result<bool, Error> {
    let open = scans::refusal.is_not_null().and(scans::decided_at.is_null());
    let decided = diesel::update(scans::table.find((by.organisation, id)).filter(open))
        .set((
            scans::decision.eq(decision),
            scans::note.eq(note),
            scans::decided_at.eq(by.now),
            scans::decided_by.eq(by.person),
        ))
        .execute(&mut **tx)?;
    Ok(decided == 1)
}

/// The scans of an organisation that wait for a decision, oldest first, `after` one already seen.
///
/// # Errors
/// When the database fails.
pub fn open(
    conn: &mut Conn,
    organisation: OrganisationId,
    after: Option<ScanId>,
    limit: i64,
) -> Result<Vec<ScanRow>, Error> {
    let mut query = scans::table
        .filter(scans::organisation_id.eq(organisation))
        .filter(scans::refusal.is_not_null().and(scans::decided_at.is_null()))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(scans::id.gt(after));
    }
    Ok(query.order(scans::id.asc()).limit(limit).select(ScanRow::as_select()).load(conn)?)
}

/// How many scans of an organisation wait for a decision.
///
/// # Errors
/// When the database fails.
pub fn count_open(conn: &mut Conn, organisation: OrganisationId) -> Result<i64, Error> {
    Ok(scans::table
        .filter(scans::organisation_id.eq(organisation))
        .filter(scans::refusal.is_not_null().and(scans::decided_at.is_null()))
        .count()
        .get_result(conn)?)
}

/// The scans of an organisation that were decided about last, newest first.
///
/// # Errors
/// When the database fails.
pub fn decided(conn: &mut Conn, organisation: OrganisationId, limit: i64) -> Result<Vec<ScanRow>, Error> {
    Ok(scans::table
        .filter(scans::organisation_id.eq(organisation).and(scans::decided_at.is_not_null()))
        .order(scans::decided_at.desc())
        .limit(limit)
        .select(ScanRow::as_select())
        .load(conn)?)
}

/// True when the kit was checked after the loan since.
///
/// # Errors
/// When the database fails.
pub fn is_checked(conn: &mut Conn, loan: LoanId, since: Instant) -> Result<bool, Error> {
    let found =
        content_checks::table.filter(content_checks::loan_id.eq(loan).and(content_checks::checked_at.ge(since)));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn)?)
}

/// Forgets scans that came before this and that nobody has to decide about.
///
/// # Errors
/// When the database fails.
pub fn forget_before(tx: &mut Tx<'_>, before: Instant) -> Result<(), Error> {
    let settled = scans::outcome.is_not_null().or(scans::decided_at.is_not_null());
    diesel::delete(scans::table.filter(scans::sent_at.lt(before).and(settled))).execute(&mut **tx)?;
    Ok(())
}
