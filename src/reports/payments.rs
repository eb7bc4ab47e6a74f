//! How loans were paid with their evaluation: how soon, how many in time, and who let a loan off.

use crate::accounts::store::Organisation;
use crate::loans::rules::{EvaluationState, Status};
use crate::platform::clock::{day_in, start_of_day};
use crate::platform::db::connection::Conn;
use crate::platform::db::types::{IdSql, Instant, InstantSql};
use crate::platform::error::Error;
use crate::platform::ids::{LoanId, PersonId};
use crate::reports::rules::{self, Part, Terms};
use crate::reports::views::{PaymentReport, Release, Releases};
use crate::schema::{evaluations, kit_types, loans, people, units};
use chrono::{NaiveDate, Offset, TimeDelta};
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Text};
use std::collections::{BTreeMap, HashMap};

/// Loans that took longer than this are counted together, in days.
const DAYS_TOLD: usize = 28;
/// An evaluation comes within so many days of its kit; a later one may be told an hour wrong.
const LONGEST_DAYS: i64 = 3 * 366;
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
    let mut ended = ended(conn, organisation, (from, before))?;
    ended.extend(paid_after_all(conn, organisation, (from, before))?);
    let (mut days, mut released, mut on_time) = (BTreeMap::new(), 0, Part::default());
    for Ended { evaluation, took, in_time, loans } in ended {
        if evaluation == EvaluationState::Released {
            released += loans;
            continue;
        }
        *days.entry(took.max(0)).or_default() += loans;
        on_time.of += loans;
        on_time.count += if in_time { loans } else { 0 };
    }
    // What was counted as paid on the day of its release is taken out again.
    days.retain(|_, loans| *loans > 0);
    let mut spread = vec![0; DAYS_TOLD + 2];
    for (took, loans) in &days {
        let place = usize::try_from(*took).unwrap_or(usize::MAX).min(DAYS_TOLD + 1);
        if let Some(count) = spread.get_mut(place) {
            *count += loans;
        }
    }
    let overdue: i64 = loans::table
        .filter(loans::organisation_id.eq(organisation.id).and(loans::status.eq(Status::Received)))
        .filter(loans::evaluation_due.lt(today))
        .count()
        .get_result(conn)?;
    Ok(PaymentReport {
        evaluated: days.values().sum(),
        median_days: rules::median_of(&days),
        on_time,
        days: spread,
        released,
        overdue,
        releases: releases(conn, organisation, (from, before))?,
    })
}

/// Loans that have come back, both kit and evaluation, or were let off: how many of a kind there are.
#[derive(Debug, QueryableByName)]
struct Ended {
    #[diesel(sql_type = Text)]
    evaluation: EvaluationState,
    /// How many days lay between the kit and the evaluation.
    #[diesel(sql_type = BigInt)]
    took: i64,
    /// An evaluation that came before its kit never had a day by which it was due.
    #[diesel(sql_type = Bool)]
    in_time: bool,
    #[diesel(sql_type = BigInt)]
    loans: i64,
}

/// The loans that ended between two moments, added up by the database: they are many, and its index has all of it.
fn ended(
    conn: &mut Conn,
    organisation: &Organisation,
    (from, before): (Instant, Instant),
) -> Result<Vec<Ended>, Error> {
    let zone = organisation.zone();
    // Each database is asked in its own words; SQLite's are quoted as only SQLite quotes.
    let (question, due) = match conn {
        Conn::Sqlite(_) => {
            let offsets = offsets(zone, from - TimeDelta::days(LONGEST_DAYS), before);
            let day = |column| day_in_sqlite(column, &offsets);
            let days = format!("{} AS paid, {} AS back", day("returned_at"), day("received_at"));
            let loans = "FROM `loans` WHERE `organisation_id` = ? AND `returned_at` IS NOT NULL AND `returned_at` >= ?
                         AND `returned_at` < ? AND `received_at` IS NOT NULL";
            (
                format!("SELECT `evaluation`, {days}, `evaluation_due` {loans}"),
                "CAST(julianday(evaluation_due) - 2440587.5 AS INTEGER)",
            )
        }
        Conn::Pg(_) => {
            let day = |column| format!("({column} AT TIME ZONE '{zone}')::date");
            let days = format!("{} AS paid, {} AS back", day("returned_at"), day("received_at"));
            let loans = "FROM loans WHERE organisation_id = $1 AND returned_at IS NOT NULL AND returned_at >= $2
                         AND returned_at < $3 AND received_at IS NOT NULL";
            (format!("SELECT evaluation, {days}, evaluation_due {loans}"), "evaluation_due")
        }
    };
    let question = format!(
        "SELECT evaluation, CAST(paid - back AS BIGINT) AS took, coalesce(paid <= {due}, 1 = 1) AS in_time, count(*) AS loans
         FROM ({question}) AS ended GROUP BY 1, 2, 3"
    );
    Ok(sql_query(question)
        .bind::<IdSql, _>(organisation.id)
        .bind::<InstantSql, _>(from)
        .bind::<InstantSql, _>(before)
        .load(conn)?)
}

/// Loans that were let off and paid after all: each of them once as it was counted, to be taken out, and once as it is. It
/// had come back before it was paid.
fn paid_after_all(
    conn: &mut Conn,
    organisation: &Organisation,
    (from, before): (Instant, Instant),
) -> Result<Vec<Ended>, Error> {
    type Row = (Option<Instant>, Option<Instant>, Option<NaiveDate>, Option<Instant>);
    let rows: Vec<Row> = loans::table
        .inner_join(evaluations::table)
        .filter(loans::organisation_id.eq(organisation.id).and(loans::released_at.is_not_null()))
        .filter(loans::evaluation.eq(EvaluationState::Submitted))
        .filter(loans::returned_at.ge(from).and(loans::returned_at.lt(before)))
        .select((loans::returned_at, loans::received_at, loans::evaluation_due, evaluations::submitted_at))
        .load(conn)?;
    let zone = organisation.zone();
    let mut corrections = Vec::new();
    for (returned, received, due, submitted) in rows {
        let Some(received) = received else { continue };
        for (at, loans) in [(returned, -1), (submitted, 1)] {
            let Some(at) = at else { continue };
            let paid = day_in(zone, at);
            corrections.push(Ended {
                evaluation: EvaluationState::Submitted,
                took: (paid - day_in(zone, received)).num_days(),
                in_time: due.is_none_or(|due| paid <= due),
                loans,
            });
        }
    }
    Ok(corrections)
}

/// How far a zone is from UTC at a moment, in seconds.
fn offset(zone: Tz, at: Instant) -> i64 {
    at.utc().with_timezone(&zone).offset().fix().local_minus_utc().into()
}

/// From which moments on a zone has which offset, the first one at the beginning.
fn offsets(zone: Tz, from: Instant, before: Instant) -> Vec<(Instant, i64)> {
    let mut found = vec![(from, offset(zone, from))];
    let mut day = from;
    while day < before {
        let next = day + TimeDelta::days(1);
        if offset(zone, next) != offset(zone, day) {
            // The clocks are changed within this day: half of what is left lies before.
            let (mut earlier, mut later) = (0, 24 * 3600);
            while later - earlier > 1 {
                let middle = (earlier + later) / 2;
                match offset(zone, day + TimeDelta::seconds(middle)) == offset(zone, day) {
                    true => earlier = middle,
                    false => later = middle,
                }
            }
            found.push((day + TimeDelta::seconds(later), offset(zone, next)));
        }
        day = next;
    }
    found
}

/// The day of a moment in a column, in days since 1970. SQLite knows no zones: their offsets are told to it.
fn day_in_sqlite(column: &str, offsets: &[(Instant, i64)]) -> String {
    let newest_first = offsets.iter().rev().map(|(from, seconds)| {
        format!("WHEN `{column}` >= {} THEN {}", from.utc().timestamp_micros(), seconds * 1_000_000)
    });
    let cases = newest_first.collect::<Vec<_>>().join(" ");
    let first = offsets.first().map_or(0, |(_, seconds)| seconds * 1_000_000);
    format!("(`{column}` + CASE {cases} ELSE {first} END) / 86400000000")
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::new(text.parse().unwrap())
    }

    #[test]
    fn the_clocks_are_changed_twice_a_year() {
        let zone = chrono_tz::Europe::Stockholm;
        let found = offsets(zone, at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
        let expected = [
            (at("2026-01-01T00:00:00Z"), 3600),
            (at("2026-03-29T01:00:00Z"), 7200),
            (at("2026-10-25T01:00:00Z"), 3600),
        ];
        assert_eq!(found, expected);
        assert_eq!(offsets(chrono_tz::UTC, at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")).len(), 1);
    }
}
