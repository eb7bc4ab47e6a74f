//! Reservations that no kit is in sight for: those who wait are told early, and again when it is mended; those whose kit
//! or evaluation is late are told that somebody waits.

use crate::loans::actions::Context;
use crate::loans::mails::{self, Kind};
use crate::loans::planning::Plan;
use crate::loans::rules::{self, Status};
use crate::loans::store::{self, Loan};
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{KitTypeId, LoanId, OrganisationId};
use crate::schema::{loan_risks, loans};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// How long before its first day a unit is told that a late kit puts its loan at risk, in days: late kits often come back
/// in a day or two, and other days take a week to find. That a kit is gone for good is told at once.
const TOLD_DAYS: u64 = 7;

/// What a unit has been told of a reservation of theirs.
#[derive(Debug, Clone, Copy, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = loan_risks)]
struct Told {
    loan_id: LoanId,
    organisation_id: OrganisationId,
    /// How often it was told that the loan is at risk.
    times: i32,
    /// That is the last that it was told.
    at_risk: bool,
}

/// What is to be told to those who wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum News {
    AtRisk,
    Safe,
}

/// What the unit is to be told now, when it was told last that its loan is `told_at_risk`. `lasting`: no late kit would
/// mend it by coming back.
fn news(at_risk: bool, lasting: bool, told_at_risk: bool, first_day: NaiveDate, today: NaiveDate) -> Option<News> {
    let soon = first_day <= rules::days_after(today, TOLD_DAYS);
    match (at_risk, told_at_risk) {
        (true, false) if lasting || soon => Some(News::AtRisk),
        (false, true) => Some(News::Safe),
        _ => None,
    }
}

/// Tells those who wait for kits of a type, and those who are late with one, what they do not know yet.
///
/// # Errors
/// When the database fails.
pub fn tell(tx: &mut Tx<'_>, context: &Context, kit_type: KitTypeId) -> Result<(), Error> {
    let (organisation, today) = (&context.organisation, context.today());
    let off_plan = !store::types_off_plan(tx, &[kit_type], today)?.is_empty();
    if !off_plan && !told_types(tx, organisation.id)?.contains(&kit_type) {
        return Ok(());
    }
    let Some(kit_type) = store::find_type(tx, organisation.id, kit_type)? else { return Ok(()) };
    let plan = Plan::load(tx, organisation, kit_type, today)?;
    let (at_risk, lasting) = (plan.at_risk(), plan.at_risk_for_good());
    let waiting: Vec<&Loan> = plan.waiting().into_iter().filter(|loan| loan.status == Status::Reserved).collect();
    let ids: Vec<LoanId> = waiting.iter().map(|loan| loan.id).collect();
    let told: Vec<Told> = loan_risks::table.filter(loan_risks::loan_id.eq_any(&ids)).load(&mut **tx)?;
    let told: HashMap<LoanId, Told> = told.into_iter().map(|told| (told.loan_id, told)).collect();
    for loan in &waiting {
        let before = told.get(&loan.id).copied();
        let known = before.is_some_and(|told| told.at_risk);
        let news = news(at_risk.contains(&loan.id), lasting.contains(&loan.id), known, loan.first_day, today);
        let Some(news) = news else { continue };
        let times = before.map_or(0, |told| told.times) + i32::from(news == News::AtRisk);
        save(tx, Told { loan_id: loan.id, organisation_id: organisation.id, times, at_risk: news == News::AtRisk })?;
        let times = i64::from(times);
        let days = i32::try_from((loan.last_day - loan.first_day).num_days()).unwrap_or(0);
        let kind = match news {
            News::AtRisk => Kind::AtRisk { times, next: plan.without(loan.id).next_free(loan.first_day, days) },
            News::Safe => Kind::Safe(times),
        };
        mails::send(tx, organisation, &context.site, loan, kind, context.by.now)?;
    }
    for (late, first_day) in plan.waited_for() {
        let kind = match late.status {
            Status::Out => Kind::Awaited(first_day),
            _ => Kind::EvaluationAwaited(first_day),
        };
        mails::send(tx, organisation, &context.site, late, kind, context.by.now)?;
    }
    Ok(())
}

fn save(tx: &mut Tx<'_>, told: Told) -> Result<(), Error> {
    let changed = diesel::update(loan_risks::table.find(told.loan_id)).set(&told).execute(&mut **tx)?;
    if changed == 0 {
        diesel::insert_into(loan_risks::table).values(&told).execute(&mut **tx)?;
    }
    Ok(())
}

/// The types of those who were told that their loan is at risk, and nothing since.
///
/// # Errors
/// When the database fails.
pub fn told_types(conn: &mut Conn, organisation: OrganisationId) -> Result<BTreeSet<KitTypeId>, Error> {
    let types: Vec<KitTypeId> = loan_risks::table
        .inner_join(loans::table)
        .filter(loan_risks::organisation_id.eq(organisation).and(loan_risks::at_risk))
        .select(loans::kit_type_id)
        .load(conn)?;
    Ok(types.into_iter().collect())
}

/// Forgets what was told of reservations that are none any more.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &mut Tx<'_>, organisation: OrganisationId) -> Result<(), Error> {
    let over: Vec<LoanId> = loan_risks::table
        .inner_join(loans::table)
        .filter(loan_risks::organisation_id.eq(organisation).and(loans::status.ne(Status::Reserved)))
        .select(loan_risks::loan_id)
        .load(&mut **tx)?;
    diesel::delete(loan_risks::table.filter(loan_risks::loan_id.eq_any(over))).execute(&mut **tx)?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_told_early_once_and_when_it_is_mended() {
        let today: NaiveDate = "2026-11-02".parse().unwrap();
        let (soon, later) = (rules::days_after(today, TOLD_DAYS), rules::days_after(today, TOLD_DAYS + 1));
        assert_eq!(news(true, false, false, soon, today), Some(News::AtRisk));
        assert_eq!(news(true, false, false, later, today), None, "the kit may come back before it matters");
        assert_eq!(news(true, true, false, later, today), Some(News::AtRisk), "the kit is gone");
        assert_eq!(news(true, true, true, soon, today), None);
        assert_eq!(news(false, false, true, later, today), Some(News::Safe));
        assert_eq!(news(false, false, false, soon, today), None);
    }
}
