//! What undoes a scan: for some minutes, by whoever made it, as long as nothing has been built on it.

use crate::loans::actions::{self, Context};
use crate::loans::checks::store as checks;
use crate::loans::mails::{self, Kind};
use crate::loans::planning::Placement;
use crate::loans::rules::Status;
use crate::loans::scan::Outcome;
use crate::loans::scans::store::{self, ScanRow};
use crate::loans::service::actions as service;
use crate::loans::service::store as jobs;
use crate::loans::store::{self as loans, Loan};
use crate::loans::summer::actions as summer;
use crate::platform::db::Tx;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::events::{self, By};
use crate::platform::ids::{KitId, ScanId};
use chrono::TimeDelta;
use serde_json::json;

/// How long a scan can be undone, in minutes.
pub const UNDO_MINUTES: i64 = 10;

/// The last moment at which a scan that came then can be undone.
pub fn until(sent_at: Instant) -> Instant {
    sent_at + TimeDelta::minutes(UNDO_MINUTES)
}

/// Checks that a scan may be undone: it is this person's own, and of just now, and the loan is as the scan left it.
///
/// # Errors
/// `scan.undone`, `scan.kept` when it did nothing, `scan.not_yours`, `scan.too_old`, `scan.changed_since`.
fn check(scan: &ScanRow, by: By, version: i32) -> Result<(), Error> {
    scan.done()?;
    if scan.scanned_by != by.person {
        Err(Error::refused("scan.not_yours"))
    } else if by.now > until(scan.sent_at) {
        Err(Error::refused("scan.too_old").arg("minutes", UNDO_MINUTES))
    } else if scan.loan_version != Some(version) {
        Err(Error::refused("scan.changed_since"))
    } else {
        Ok(())
    }
}

/// Undoes a scan: the loan is again what it was, on its kit or another that can serve it. Mails about the scan are not
/// sent; those that have left are corrected.
///
/// # Errors
/// `scan.not_found`, those of [`check`], `scan.has_deviations`, and `scan.kit_taken` when something else has the kit by
/// now.
pub fn undo(tx: &mut Tx<'_>, context: &Context, id: ScanId) -> Result<Loan, Error> {
    let not_found = || Error::not_found("scan.not_found");
    let found = store::find(tx, context.organisation.id, id)?.ok_or_else(not_found)?;
    let loan = actions::locked_loan(tx, context, found.done()?.1)?;
    // Somebody may have been faster while the lock was awaited.
    let scan = store::find(tx, context.organisation.id, id)?.ok_or_else(not_found)?;
    check(&scan, context.by, loan.version)?;
    let kit = loan.kit_id;
    let change = json!({ "from": { "outcome": scan.outcome, "loan": loan.id }, "scan": scan.id });
    events::append(tx, context.by, kit, "kit.scan_undone", change)?;
    let loan = match scan.outcome {
        Some(Outcome::Received | Outcome::Returned) => undo_receipt(tx, context, &scan, loan)?,
        Some(Outcome::Packed) => unpack(tx, context, &scan, loan)?,
        _ => undo_hand_out(tx, context, &scan, loan)?,
    };
    if let Some(since) = scan.away_since {
        summer::stands_since(tx, context.by, kit, since)?;
    }
    store::set_undone(tx, context.by, id)?;
    Ok(loan)
}

/// The kit is in the house again, and the loan waits for it, or for the kit that it was to have.
fn undo_hand_out(tx: &mut Tx<'_>, context: &Context, scan: &ScanRow, mut loan: Loan) -> Result<Loan, Error> {
    let wrong = Kind::HandedOut(i64::from(loan.version));
    let (out, meant) = (loan.kit_id, scan.from_kit_id.unwrap_or(loan.kit_id));
    let plan = actions::plan(tx, context, loan.kit_type_id)?;
    let span = plan.span(loan.first_day, loan.last_day);
    let pinned = [meant, out].into_iter().find_map(|kit| plan.pin(loan.id, kit, span).ok());
    let place = pinned.or_else(|| plan.without(loan.id).accept(loan.id, span, None));
    // Service that came up while it was out keeps the kit: the loan waits for that, or for another kit.
    let in_service = place.is_none();
    let place = place.or_else(|| plan.insist(loan.id, out, span));
    let place: Placement = place.ok_or_else(|| Error::refused("scan.kit_taken"))?;
    jobs::release(tx, out)?;
    plan.place(tx, context.by, &place)?;
    actions::claim_turnaround(tx, context, out, &plan)?;
    jobs::hold(tx, out)?;
    loan.kit_id = place.kit;
    // A packed kit is packed for one loan: with another kit the loan is packed anew.
    let packed = scan.from_status == Some(Status::Ready) && place.kit == meant && !in_service;
    loan.status = if packed { Status::Ready } else { Status::Reserved };
    loan.ready_at = loan.ready_at.filter(|_| packed);
    loan.handed_out_at = None;
    loan.form_version_id = None;
    loans::save(tx, &mut loan)?;
    let change = json!({ "from": { "status": Status::Out, "kit": out },
                         "to": { "status": loan.status, "kit": loan.kit_id }, "scan": scan.id });
    events::append(tx, context.by, loan.id, "loan.hand_out_undone", change)?;
    await_check(tx, out)?;
    if in_service {
        service::go_before_reservations(tx, context, out)?;
        loan = actions::the_loan(tx, context, loan.id)?;
    }
    actions::settle(tx, context, loan.kit_type_id)?;
    let correction = Kind::HandOutUndone(i64::from(loan.version));
    mails::take_back(tx, &context.organisation, &context.site, &loan, (wrong, correction), context.by.now)?;
    Ok(loan)
}

/// A kit that left unchecked and did not leave after all still waits for its check.
fn await_check(tx: &mut Tx<'_>, kit: KitId) -> Result<(), Error> {
    let Some(last) = loans::last_received(tx, kit)? else { return Ok(()) };
    match last.received_at {
        Some(at) if !store::is_checked(tx, last.id, at)? => {
            checks::is_to_be_checked(tx, last.organisation_id, kit, last.id, at)
        }
        _ => Ok(()),
    }
}

/// The kit may go to another loan again.
fn unpack(tx: &mut Tx<'_>, context: &Context, scan: &ScanRow, mut loan: Loan) -> Result<Loan, Error> {
    let from = loan.status;
    loan.status = Status::Reserved;
    loan.ready_at = None;
    loans::save(tx, &mut loan)?;
    let plan = actions::plan(tx, context, loan.kit_type_id)?;
    actions::claim_turnaround(tx, context, loan.kit_id, &plan)?;
    let change = json!({ "from": { "status": from }, "to": { "status": loan.status }, "scan": scan.id });
    events::append(tx, context.by, loan.id, "loan.pack_undone", change)?;
    actions::settle(tx, context, loan.kit_type_id)?;
    Ok(loan)
}

/// The kit is with the unit as before: whoever was promised it in the meantime gets another one, or is told.
fn undo_receipt(tx: &mut Tx<'_>, context: &Context, scan: &ScanRow, mut loan: Loan) -> Result<Loan, Error> {
    if store::is_checked(tx, loan.id, scan.sent_at)? {
        return Err(Error::refused("scan.has_deviations"));
    }
    checks::needs_no_check(tx, loan.kit_id)?;
    service::call_off_after_loan(tx, context, loan.kit_id)?;
    let wrong = Kind::of_receipt(&loan);
    let plan = actions::plan(tx, context, loan.kit_type_id)?.with_kit_in_order(loan.kit_id);
    let left = loan.handed_out_at.map_or(loan.first_day, |at| context.organisation.today(at));
    let span = plan.span(left, loan.last_day.max(left));
    let place = plan.insist(loan.id, loan.kit_id, span).ok_or_else(|| Error::refused("scan.kit_taken"))?;
    jobs::release(tx, loan.kit_id)?;
    plan.place(tx, context.by, &place)?;
    jobs::hold(tx, loan.kit_id)?;
    let from = loan.status;
    loan.status = Status::Out;
    loan.received_at = None;
    loan.returned_at = None;
    loan.evaluation_due = None;
    loans::save(tx, &mut loan)?;
    let change = json!({ "from": { "status": from }, "to": { "status": loan.status }, "scan": scan.id });
    events::append(tx, context.by, loan.id, "loan.receipt_undone", change)?;
    actions::settle(tx, context, loan.kit_type_id)?;
    let correction = Kind::ReceiptUndone(i64::from(loan.version));
    mails::take_back(tx, &context.organisation, &context.site, &loan, (wrong, correction), context.by.now)?;
    Ok(loan)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::loans::scan::{Scan, ScanAction};
    use crate::platform::ids::{LoanId, OrganisationId, PersonId};

    fn now(minute: i64) -> Instant {
        Instant::new("2026-11-02T08:00:00Z".parse().unwrap()) + TimeDelta::minutes(minute)
    }

    fn row(by: By) -> ScanRow {
        let scan = Scan::now("7K3M9QX", ScanAction::Auto, None);
        let mut row = ScanRow::of_refused(by, ScanId::new(), &scan, "", String::new());
        (row.refusal, row.said) = (None, None);
        (row.outcome, row.loan_id, row.loan_version) = (Some(Outcome::Received), Some(LoanId::new()), Some(3));
        row
    }

    #[test]
    fn only_ones_own_scan_of_just_now_is_undone() {
        let me = By { organisation: OrganisationId::new(), person: Some(PersonId::new()), now: now(0) };
        let scan = row(me);
        let at = |minute| By { now: now(minute), ..me };
        let code = |by: By, version| check(&scan, by, version).err().map(|error| error.code());
        assert_eq!(code(at(10), 3), None);
        assert_eq!(code(at(11), 3), Some("scan.too_old"));
        assert_eq!(code(at(1), 4), Some("scan.changed_since"));
        assert_eq!(code(By { person: Some(PersonId::new()), ..me }, 3), Some("scan.not_yours"));
        let undone = ScanRow { undone_at: Some(now(1)), ..scan };
        assert_eq!(check(&undone, at(2), 3).err().map(|error| error.code()), Some("scan.undone"));
    }
}
