//! Rows of loans, and of the claims that live loans have on kits.

use crate::accounts::rules::EvaluationGate;
use crate::kits::store::Kit;
use crate::loans::allocation::Span;
use crate::loans::policy::{Held, IN_A_ROW_DAYS};
use crate::loans::queue::rules::Status as QueueStatus;
use crate::loans::rules::{self, EvaluationState, Status};
use crate::loans::service::store as service;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::db::{Tx, violates};
use crate::platform::error::Error;
use crate::platform::ids::{
    BundleId, FormVersionId, KitId, KitTypeId, LoanId, OrganisationId, PersonId, QueueEntryId, ServiceJobId, UnitId,
};
use crate::schema::{form_versions, kit_types, kits, loans, occupancies, queue_entries, units};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::BTreeSet;
use std::collections::HashMap;

/// A loan: its dated facts, and what they add up to.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = loans, treat_none_as_null = true)]
pub struct Loan {
    /// The loan.
    pub id: LoanId,
    /// The lender.
    pub organisation_id: OrganisationId,
    /// The borrower.
    pub unit_id: UnitId,
    /// What was asked for.
    pub kit_type_id: KitTypeId,
    /// The kit that serves it, or is to serve it.
    pub kit_id: KitId,
    /// The first day of the loan.
    pub first_day: NaiveDate,
    /// The last day of the loan.
    pub last_day: NaiveDate,
    /// Where it is.
    pub status: Status,
    /// Where its evaluation is.
    pub evaluation: EvaluationState,
    /// The last day for the evaluation; known once the kit is received.
    pub evaluation_due: Option<NaiveDate>,
    /// The form the evaluation is written on; known once the kit is handed out.
    pub form_version_id: Option<FormVersionId>,
    /// Who reserved it.
    pub reserved_by: Option<PersonId>,
    /// When it was reserved.
    pub reserved_at: Instant,
    /// When the kit was packed.
    pub ready_at: Option<Instant>,
    /// When the kit was handed out.
    pub handed_out_at: Option<Instant>,
    /// When the kit came back.
    pub received_at: Option<Instant>,
    /// When the loan was over: kit and evaluation in.
    pub returned_at: Option<Instant>,
    /// When it ended without a return.
    pub ended_at: Option<Instant>,
    /// When it was released from its evaluation.
    pub released_at: Option<Instant>,
    /// Who released it.
    pub released_by: Option<PersonId>,
    /// Why it was released.
    pub release_reason: Option<String>,
    /// Counts the changes.
    pub version: i32,
    /// The bundle that it was reserved in.
    pub bundle_id: Option<BundleId>,
}

/// What planning and hand-out need to know of a kit type.
#[derive(Debug, Clone, Queryable)]
pub struct TypeRules {
    /// The type.
    pub id: KitTypeId,
    /// The lender.
    pub organisation_id: OrganisationId,
    /// Its name.
    pub name: String,
    /// The longest loan, in days from the first to the last.
    pub loan_days: i32,
    /// Days between two loans.
    pub turnaround_days: i32,
    /// When it was taken out of use.
    pub retired_at: Option<Instant>,
}

/// A live loan with the days it claims on its kit; none when it is at risk and holds no kit.
#[derive(Debug, Clone)]
pub struct LiveLoan {
    /// The loan.
    pub loan: Loan,
    /// The kit and the days it claims there.
    pub claim: Option<(KitId, Span)>,
}

type TypeColumns = (
    kit_types::id,
    kit_types::organisation_id,
    kit_types::name,
    kit_types::loan_days,
    kit_types::turnaround_days,
    kit_types::retired_at,
);
const TYPE_COLUMNS: TypeColumns = (
    kit_types::id,
    kit_types::organisation_id,
    kit_types::name,
    kit_types::loan_days,
    kit_types::turnaround_days,
    kit_types::retired_at,
);

/// The type's rules.
///
/// # Errors
/// When the database fails.
pub fn find_type(conn: &mut Conn, organisation: OrganisationId, id: KitTypeId) -> Result<Option<TypeRules>, Error> {
    Ok(kit_types::table
        .filter(kit_types::id.eq(id).and(kit_types::organisation_id.eq(organisation)))
        .select(TYPE_COLUMNS)
        .get_result(conn)
        .optional()?)
}

/// The rules of several types.
///
/// # Errors
/// When the database fails.
pub fn types(conn: &mut Conn, ids: &[KitTypeId]) -> Result<Vec<TypeRules>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(kit_types::table.filter(kit_types::id.eq_any(ids)).select(TYPE_COLUMNS).load(conn)?)
}

/// The kits of these types that are in use, by letter.
///
/// # Errors
/// When the database fails.
pub fn kits_in_use(conn: &mut Conn, kit_types: &[KitTypeId]) -> Result<Vec<Kit>, Error> {
    Ok(kits::table
        .filter(kits::kit_type_id.eq_any(kit_types).and(kits::retired_at.is_null()))
        .order(kits::copy.asc())
        .load(conn)?)
}

/// A loan of an organisation.
///
/// # Errors
/// When the database fails.
pub fn find(conn: &mut Conn, organisation: OrganisationId, id: LoanId) -> Result<Option<Loan>, Error> {
    Ok(loans::table
        .filter(loans::id.eq(id).and(loans::organisation_id.eq(organisation)))
        .get_result(conn)
        .optional()?)
}

/// The loans of a bundle, in the order in which they were made.
///
/// # Errors
/// When the database fails.
pub fn bundle(conn: &mut Conn, organisation: OrganisationId, bundle: BundleId) -> Result<Vec<Loan>, Error> {
    Ok(loans::table
        .filter(loans::bundle_id.eq(bundle).and(loans::organisation_id.eq(organisation)))
        .order(loans::id.asc())
        .load(conn)?)
}

/// The statuses of loans that claim a kit or owe an evaluation.
pub const LIVE: [Status; 4] = [Status::Reserved, Status::Ready, Status::Out, Status::Received];

/// The statuses of loans that have let go of their kit: it is claimed only while it is put in order.
pub fn let_go(gate: EvaluationGate) -> &'static [Status] {
    match gate {
        EvaluationGate::Kit => &[Status::Returned],
        EvaluationGate::Unit => &[Status::Received, Status::Returned],
    }
}

/// The columns of a claim.
pub type ClaimColumns = (occupancies::kit_id, occupancies::first_day, occupancies::end_day);
/// The columns of a claim.
pub const CLAIM_COLUMNS: ClaimColumns = (occupancies::kit_id, occupancies::first_day, occupancies::end_day);
/// A claim as it comes out of an outer join.
pub type ClaimRow = Option<(KitId, NaiveDate, NaiveDate)>;

/// The kit and the days that a row claims.
pub fn claimed(row: ClaimRow) -> Option<(KitId, Span)> {
    row.map(|(kit, first, end)| (kit, Span { first, end }))
}

/// The live loans of these types, with their claims.
///
/// # Errors
/// When the database fails.
pub fn live_loans(conn: &mut Conn, kit_types: &[KitTypeId]) -> Result<Vec<LiveLoan>, Error> {
    if kit_types.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Loan, ClaimRow)> = loans::table
        .left_join(occupancies::table)
        .filter(loans::kit_type_id.eq_any(kit_types).and(loans::status.eq_any(LIVE)))
        .select((loans::all_columns, CLAIM_COLUMNS.nullable()))
        .load(conn)?;
    Ok(rows.into_iter().map(|(loan, claim)| LiveLoan { loan, claim: claimed(claim) }).collect())
}

/// Claims of loans that are over, for the days it takes to get their kits in order again.
///
/// # Errors
/// When the database fails.
pub fn turnarounds(
    conn: &mut Conn,
    kits: &[KitId],
    gate: EvaluationGate,
    today: NaiveDate,
) -> Result<Vec<(KitId, Span)>, Error> {
    if kits.is_empty() {
        // Asked for no kit in particular, a database looks at all of them.
        return Ok(Vec::new());
    }
    let rows: Vec<(KitId, NaiveDate, NaiveDate)> = occupancies::table
        .inner_join(loans::table)
        .filter(occupancies::kit_id.eq_any(kits).and(occupancies::end_day.gt(today)))
        .filter(loans::status.eq_any(let_go(gate)))
        .select((occupancies::kit_id, occupancies::first_day, occupancies::end_day))
        .load(conn)?;
    Ok(rows.into_iter().map(|(kit, first, end)| (kit, Span { first, end })).collect())
}

/// What claims a kit on some days: a loan, a service job, or an offer when it is neither.
#[derive(Debug, Clone, Copy)]
pub struct ClaimOn {
    /// The kit.
    pub kit: KitId,
    /// The loan.
    pub loan: Option<LoanId>,
    /// The service job.
    pub service: Option<ServiceJobId>,
    /// The days.
    pub span: Span,
}

/// What claims these kits on some days.
///
/// # Errors
/// When the database fails.
pub fn claims_on(conn: &mut Conn, kits: &[KitId], days: Span) -> Result<Vec<ClaimOn>, Error> {
    type Row = (KitId, Option<LoanId>, Option<ServiceJobId>, NaiveDate, NaiveDate);
    let rows: Vec<Row> = occupancies::table
        .filter(occupancies::kit_id.eq_any(kits))
        .filter(occupancies::end_day.gt(days.first).and(occupancies::first_day.lt(days.end)))
        .select((
            occupancies::kit_id,
            occupancies::loan_id,
            occupancies::service_job_id,
            occupancies::first_day,
            occupancies::end_day,
        ))
        .load(conn)?;
    let claim = |(kit, loan, service, first, end)| ClaimOn { kit, loan, service, span: Span { first, end } };
    Ok(rows.into_iter().map(claim).collect())
}

/// The loan that has the kit out, or waits with it for an evaluation.
///
/// # Errors
/// When the database fails.
pub fn holding(conn: &mut Conn, kit: KitId, status: Status) -> Result<Option<Loan>, Error> {
    Ok(loans::table
        .filter(loans::kit_id.eq(kit).and(loans::status.eq(status)))
        .order(loans::id.desc())
        .limit(1)
        .get_result(conn)
        .optional()?)
}

/// The loan that the kit is back from, and whose evaluation it waits for. A loan received while the gate stood at the unit
/// has let go of its kit, whatever the gate is now; so the claim decides.
///
/// # Errors
/// When the database fails.
pub fn awaiting_evaluation(conn: &mut Conn, kit: KitId, gate: EvaluationGate) -> Result<Option<Loan>, Error> {
    if let_go(gate).contains(&Status::Received) {
        return Ok(None);
    }
    Ok(occupancies::table
        .inner_join(loans::table)
        .filter(occupancies::kit_id.eq(kit).and(loans::status.eq(Status::Received)))
        .select(loans::all_columns)
        .limit(1)
        .get_result(conn)
        .optional()?)
}

/// The loan on which the kit came back last.
///
/// # Errors
/// When the database fails.
pub fn last_received(conn: &mut Conn, kit: KitId) -> Result<Option<Loan>, Error> {
    Ok(loans::table
        .filter(loans::kit_id.eq(kit).and(loans::received_at.is_not_null()))
        .order(loans::received_at.desc())
        .limit(1)
        .get_result(conn)
        .optional()?)
}

/// A loan waits for just this kit: it is packed for it, or begins today at the latest.
///
/// # Errors
/// When the database fails.
pub fn is_due(conn: &mut Conn, kit: KitId, today: NaiveDate) -> Result<bool, Error> {
    let waiting = loans::table
        .filter(loans::kit_id.eq(kit).and(loans::status.eq_any([Status::Reserved, Status::Ready])))
        .filter(loans::last_day.ge(today).and(loans::status.eq(Status::Ready).or(loans::first_day.le(today))));
    Ok(diesel::select(diesel::dsl::exists(waiting)).get_result(conn)?)
}

/// What counts when a unit's kits are counted: the loans that it has reserved or has out, and the offers that wait for its
/// answer.
///
/// # Errors
/// When the database fails.
pub fn held(conn: &mut Conn, unit: UnitId, today: NaiveDate) -> Result<Vec<Held>, Error> {
    Ok(held_by(conn, &[unit], today)?.remove(&unit).unwrap_or_default())
}

/// The same, of several units.
///
/// # Errors
/// When the database fails.
pub fn held_by(conn: &mut Conn, units: &[UnitId], today: NaiveDate) -> Result<HashMap<UnitId, Vec<Held>>, Error> {
    // Sorted here: asked for in order, SQLite goes through all that a unit ever had, by the index that has the order.
    let mut rows: Vec<(UnitId, LoanId, KitTypeId, NaiveDate, NaiveDate, Status)> = loans::table
        .filter(loans::unit_id.eq_any(units))
        .filter(loans::status.eq_any([Status::Reserved, Status::Ready, Status::Out]))
        .select((loans::unit_id, loans::id, loans::kit_type_id, loans::first_day, loans::last_day, loans::status))
        .load(conn)?;
    rows.sort_by_key(|row| row.1);
    let loans = rows.into_iter().map(|(unit, loan, kit_type, first_day, last_day, status)| {
        let last_day = if rules::is_overdue(status, last_day, today) { today } else { last_day };
        (unit, Held { loan, offer: false, kit_type, first_day, last_day })
    });
    let offered: Vec<(UnitId, LoanId, KitTypeId, NaiveDate, NaiveDate)> = queue_entries::table
        .filter(queue_entries::unit_id.eq_any(units).and(queue_entries::status.eq(QueueStatus::Offered)))
        .order(queue_entries::id.asc())
        .select((
            queue_entries::unit_id,
            queue_entries::loan_id.assume_not_null(),
            queue_entries::kit_type_id,
            queue_entries::first_day.assume_not_null(),
            queue_entries::last_day.assume_not_null(),
        ))
        .load(conn)?;
    let offers = offered.into_iter().map(|(unit, loan, kit_type, first_day, last_day)| {
        (unit, Held { loan, offer: true, kit_type, first_day, last_day })
    });
    let mut held: HashMap<UnitId, Vec<Held>> = HashMap::new();
    for (unit, one) in loans.chain(offers) {
        held.entry(unit).or_default().push(one);
    }
    Ok(held)
}

/// True when the unit would have the type twice in a row: it has or had it on days that lie close to these.
///
/// # Errors
/// When the database fails.
pub fn has_about(
    conn: &mut Conn,
    unit: UnitId,
    kit_type: KitTypeId,
    (first_day, last_day): (NaiveDate, NaiveDate),
    except: Option<LoanId>,
) -> Result<bool, Error> {
    // No loan is so long that it began earlier; said so that the unit's history need not be gone through.
    let began = rules::days_before(first_day, IN_A_ROW_DAYS + rules::LOOK_AHEAD_DAYS);
    let loans: Vec<LoanId> = loans::table
        .filter(loans::unit_id.eq(unit).and(loans::first_day.ge(began)))
        .filter(loans::first_day.le(rules::days_after(last_day, IN_A_ROW_DAYS)))
        .filter(loans::last_day.ge(rules::days_before(first_day, IN_A_ROW_DAYS)))
        .filter(loans::kit_type_id.eq(kit_type).and(loans::status.ne_all([Status::Cancelled, Status::NotCollected])))
        .select(loans::id)
        .load(conn)?;
    Ok(loans.into_iter().any(|loan| Some(loan) != except))
}

/// Makes every other write that counts the unit's kits wait until the transaction ends. Taken after the types' locks.
///
/// # Errors
/// When the database fails.
pub fn lock_unit(tx: &mut Tx<'_>, unit: UnitId) -> Result<(), Error> {
    if let Conn::Pg(pg) = &mut **tx {
        units::table.find(unit).select(units::version).for_no_key_update().get_result::<i32>(pg).optional()?;
    }
    Ok(())
}

/// The unit's loans whose evaluation should have been in, oldest first.
///
/// # Errors
/// When the database fails.
pub fn owed_evaluations(conn: &mut Conn, unit: UnitId, today: NaiveDate) -> Result<Vec<Loan>, Error> {
    Ok(loans::table
        .filter(loans::unit_id.eq(unit).and(loans::status.eq(Status::Received)))
        .filter(loans::evaluation_due.lt(today))
        .order(loans::id.asc())
        .load(conn)?)
}

/// The organisation's newest form.
///
/// # Errors
/// When the database fails.
pub fn newest_form(conn: &mut Conn, organisation: OrganisationId) -> Result<Option<FormVersionId>, Error> {
    Ok(form_versions::table
        .filter(form_versions::organisation_id.eq(organisation))
        .order(form_versions::version.desc())
        .limit(1)
        .select(form_versions::id)
        .get_result(conn)
        .optional()?)
}

/// Adds a loan.
///
/// # Errors
/// When the database fails.
pub fn insert(tx: &mut Tx<'_>, loan: &Loan) -> Result<(), Error> {
    diesel::insert_into(loans::table).values(loan).execute(&mut **tx)?;
    Ok(())
}

/// Saves a loan that was read before, if it has not changed since; counts its version up.
///
/// # Errors
/// `request.changed_meanwhile`, or when the database fails.
pub fn save(tx: &mut Tx<'_>, loan: &mut Loan) -> Result<(), Error> {
    let read = loan.version;
    loan.version += 1;
    let saved = diesel::update(loans::table.filter(loans::id.eq(loan.id).and(loans::version.eq(read))))
        .set(&*loan)
        .execute(&mut **tx)?;
    if saved == 1 { Ok(()) } else { Err(Error::changed_meanwhile()) }
}

/// Who claims days on a kit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A loan.
    Loan(LoanId),
    /// An offer to a place in the queue, and the loan that it becomes when it is taken.
    Offer(QueueEntryId, LoanId),
}

impl Holder {
    fn columns(self) -> (LoanId, Option<LoanId>, Option<QueueEntryId>) {
        match self {
            Self::Loan(loan) => (loan, Some(loan), None),
            Self::Offer(entry, loan) => (loan, None, Some(entry)),
        }
    }
}

/// Claims days on a kit for a loan or an offer.
///
/// # Errors
/// `loan.overlap` when the database finds another claim there; nothing that the planning accepted should.
pub fn claim(tx: &mut Tx<'_>, holder: Holder, kit: KitId, span: Span) -> Result<(), Error> {
    let (id, loan, entry) = holder.columns();
    diesel::insert_into(occupancies::table)
        .values((
            occupancies::id.eq(id),
            occupancies::loan_id.eq(loan),
            occupancies::queue_entry_id.eq(entry),
            occupancies::kit_id.eq(kit),
            occupancies::first_day.eq(span.first),
            occupancies::end_day.eq(span.end),
        ))
        .execute(&mut **tx)
        .map_err(|error| {
            if violates(&error, "occupancies_no_overlap") { Error::refused("loan.overlap") } else { error.into() }
        })?;
    Ok(())
}

/// Makes the claim of an offer that of the loan that it has become; kit and days stay.
///
/// # Errors
/// When the database fails.
pub fn hand_claim_over(tx: &mut Tx<'_>, loan: LoanId) -> Result<(), Error> {
    diesel::update(occupancies::table.find(loan))
        .set((occupancies::loan_id.eq(loan), occupancies::queue_entry_id.eq(None::<QueueEntryId>)))
        .execute(&mut **tx)?;
    Ok(())
}

/// Gives up the claim of a loan, or of the offer that was to become it, if there is one.
///
/// # Errors
/// When the database fails.
pub fn unclaim(tx: &mut Tx<'_>, loan: LoanId) -> Result<(), Error> {
    diesel::delete(occupancies::table.find(loan)).execute(&mut **tx)?;
    Ok(())
}

/// Ends the claims that loans already over still have on a kit from `day` on.
///
/// # Errors
/// When the database fails.
pub fn cut_turnaround(tx: &mut Tx<'_>, kit: KitId, gate: EvaluationGate, day: NaiveDate) -> Result<(), Error> {
    let over: Vec<LoanId> = occupancies::table
        .inner_join(loans::table)
        .filter(occupancies::kit_id.eq(kit).and(occupancies::end_day.gt(day)))
        .filter(loans::status.eq_any(let_go(gate)))
        .select(occupancies::id)
        .load(&mut **tx)?;
    for loan in over {
        unclaim(tx, loan)?;
    }
    Ok(())
}

/// The first day from `from` on that something else claims on the kit.
///
/// # Errors
/// When the database fails.
pub fn next_claim(tx: &mut Tx<'_>, kit: KitId, except: LoanId, from: NaiveDate) -> Result<Option<NaiveDate>, Error> {
    Ok(occupancies::table
        .filter(occupancies::kit_id.eq(kit).and(occupancies::id.ne(except)).and(occupancies::end_day.gt(from)))
        .order(occupancies::first_day.asc())
        .limit(1)
        .select(occupancies::first_day)
        .get_result(&mut **tx)
        .optional()?)
}

/// The types some of whose reservations may need another kit: one is late, or waits for its evaluation, or a reservation
/// has none.
///
/// # Errors
/// When the database fails.
pub fn types_in_need(
    conn: &mut Conn,
    organisation: OrganisationId,
    today: NaiveDate,
) -> Result<BTreeSet<KitTypeId>, Error> {
    let late: Vec<KitTypeId> = loans::table
        .filter(loans::organisation_id.eq(organisation).and(loans::status.eq(Status::Out)))
        .filter(loans::last_day.lt(today))
        .select(loans::kit_type_id)
        .load(conn)?;
    let owed: Vec<KitTypeId> = loans::table
        .filter(loans::organisation_id.eq(organisation).and(loans::status.eq(Status::Received)))
        .select(loans::kit_type_id)
        .load(conn)?;
    let without: Vec<KitTypeId> = loans::table
        .left_join(occupancies::table)
        .filter(loans::organisation_id.eq(organisation).and(loans::status.eq(Status::Reserved)))
        .filter(occupancies::id.nullable().is_null())
        .select(loans::kit_type_id)
        .load(conn)?;
    let serviced = service::types_late(conn, Some(organisation), None, today)?;
    Ok([late, owed, without, serviced].concat().into_iter().collect())
}

/// Those of these types in which things are not as they were planned: a kit is late, waits for its evaluation, or a
/// reservation holds none. In all others nobody is at risk.
///
/// # Errors
/// When the database fails.
pub fn types_off_plan(conn: &mut Conn, types: &[KitTypeId], today: NaiveDate) -> Result<Vec<KitTypeId>, Error> {
    if types.is_empty() {
        return Ok(Vec::new());
    }
    let of = |status: Status| loans::kit_type_id.eq_any(types.to_vec()).and(loans::status.eq(status));
    let late = loans::table.filter(of(Status::Out)).filter(loans::last_day.lt(today));
    let mut off: Vec<KitTypeId> = late.select(loans::kit_type_id).load(conn)?;
    off.extend(loans::table.filter(of(Status::Received)).select(loans::kit_type_id).load::<KitTypeId>(conn)?);
    let without = loans::table
        .left_join(occupancies::table)
        .filter(of(Status::Reserved))
        .filter(occupancies::id.nullable().is_null());
    off.extend(without.select(loans::kit_type_id).load::<KitTypeId>(conn)?);
    off.extend(service::types_late(conn, None, Some(types), today)?);
    off.sort_unstable();
    off.dedup();
    Ok(off)
}

/// Forgets claims on these kits of loans that are over, and whose days are.
///
/// # Errors
/// When the database fails.
pub fn forget_past_claims_on(
    tx: &mut Tx<'_>,
    kits: &[KitId],
    gate: EvaluationGate,
    today: NaiveDate,
) -> Result<(), Error> {
    if kits.is_empty() {
        return Ok(());
    }
    let past: Vec<LoanId> = occupancies::table
        .inner_join(loans::table)
        .filter(occupancies::kit_id.eq_any(kits).and(occupancies::end_day.le(today)))
        .filter(loans::status.eq_any(let_go(gate)))
        .select(occupancies::id)
        .load(&mut **tx)?;
    for loan in past {
        unclaim(tx, loan)?;
    }
    Ok(())
}

/// Forgets an organisation's claims of loans that are over, and whose days are.
///
/// # Errors
/// When the database fails.
pub fn forget_past_claims(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    gate: EvaluationGate,
    today: NaiveDate,
) -> Result<(), Error> {
    let past: Vec<LoanId> = occupancies::table
        .inner_join(kits::table)
        .inner_join(loans::table)
        .filter(kits::organisation_id.eq(organisation).and(occupancies::end_day.le(today)))
        .filter(loans::status.eq_any(let_go(gate)))
        .select(occupancies::id)
        .load(&mut **tx)?;
    for loan in past {
        unclaim(tx, loan)?;
    }
    Ok(())
}
