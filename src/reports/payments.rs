//! How loans were paid with their evaluation: how soon, how many in time, and who let a loan off.

use crate::accounts::store::Organisation;
use crate::loans::rules::{EvaluationState, Status};
use crate::platform::clock::{day_in, start_of_day};
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{LoanId, PersonId};
use crate::reports::rules::{self, Part, Terms};
use crate::reports::views::{PaymentReport, Release, Releases};
use crate::schema::{evaluations, kit_types, loans, people, units};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

/// Loans that took longer than this are counted together, in days.
const DAYS_TOLD: usize = 28;
/// How many of somebody's releases are told.
const RELEASES_TOLD: usize = 20;

/// How the loans that ended in some terms were paid.
///
/// # Errors
/// When the database fails.
pub fn report(
    conn: &mut Conn,
    organisation: &Organisation,
    terms: Terms,
    today: NaiveDate,
) -> Result<PaymentReport, Error> {
    let zone = organisation.zone();
    let (from, before) = (start_of_day(zone, terms.first_day()), start_of_day(zone, terms.day_after()));
    type Row = (Option<Instant>, Option<Instant>, Option<Instant>, EvaluationState, Option<NaiveDate>, Option<Instant>);
    let ended: Vec<Row> = loans::table
        .left_join(evaluations::table)
        .filter(loans::organisation_id.eq(organisation.id))
        .filter(loans::returned_at.ge(from).and(loans::returned_at.lt(before)))
        .select((
            loans::returned_at,
            loans::received_at,
            loans::released_at,
            loans::evaluation,
            loans::evaluation_due,
            evaluations::submitted_at.nullable(),
        ))
        .load(conn)?;
    let (mut days, mut released, mut on_time) = (Vec::new(), 0, Part::default());
    let mut spread = vec![0; DAYS_TOLD + 2];
    for (returned, received, let_off, evaluation, due, submitted) in ended {
        if evaluation == EvaluationState::Released {
            released += 1;
            continue;
        }
        // A loan has come back when both its kit and its evaluation are in; one that was let off had come back before it
        // was paid after all.
        let returned = if let_off.is_some() { submitted } else { returned };
        let (Some(returned), Some(received)) = (returned, received) else { continue };
        let (paid, back) = (day_in(zone, returned), day_in(zone, received));
        let took = (paid - back).num_days().max(0);
        days.push(took);
        let place = usize::try_from(took).unwrap_or(usize::MAX).min(DAYS_TOLD + 1);
        if let Some(count) = spread.get_mut(place) {
            *count += 1;
        }
        // An evaluation that came before its kit never had a day by which it was due.
        on_time.of += 1;
        on_time.count += i64::from(due.is_none_or(|due| paid <= due));
    }
    let overdue: i64 = loans::table
        .filter(loans::organisation_id.eq(organisation.id).and(loans::status.eq(Status::Received)))
        .filter(loans::evaluation_due.lt(today))
        .count()
        .get_result(conn)?;
    Ok(PaymentReport {
        evaluated: days.len() as i64,
        median_days: rules::median_days(days.into_iter()),
        on_time,
        days: spread,
        released,
        overdue,
        releases: releases(conn, organisation, (from, before))?,
    })
}

fn releases(
    conn: &mut Conn,
    organisation: &Organisation,
    (from, before): (Instant, Instant),
) -> Result<Vec<Releases>, Error> {
    type Row = (Option<PersonId>, Option<String>, LoanId, String, String, Option<String>, Option<Instant>);
    let rows: Vec<Row> = loans::table
        .inner_join(units::table)
        .inner_join(kit_types::table)
        .left_join(people::table.on(people::id.nullable().eq(loans::released_by)))
        .filter(loans::organisation_id.eq(organisation.id))
        .filter(loans::released_at.ge(from).and(loans::released_at.lt(before)))
        .order((loans::released_at.desc(), loans::id.desc()))
        .select((
            loans::released_by,
            people::name.nullable(),
            loans::id,
            units::name,
            kit_types::name,
            loans::release_reason,
            loans::released_at,
        ))
        .load(conn)?;
    let mut by_person: HashMap<Option<PersonId>, Releases> = HashMap::new();
    for (person, name, loan_id, unit, kit_type, reason, at) in rows {
        let Some(at) = at else { continue };
        let theirs = by_person.entry(person).or_insert_with(|| Releases { name, count: 0, loans: Vec::new() });
        theirs.count += 1;
        if theirs.loans.len() < RELEASES_TOLD {
            let (reason, day) = (reason.unwrap_or_default(), day_in(organisation.zone(), at));
            theirs.loans.push(Release { loan_id, unit, kit_type, reason, day });
        }
    }
    let mut releases: Vec<Releases> = by_person.into_values().collect();
    releases.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.name.cmp(&other.name)));
    Ok(releases)
}
