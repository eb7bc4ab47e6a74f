//! What has happened to a kit: loans, checks, what they found and what became of it, service, labels; the latest first.

use crate::accounts::queries::person_names;
use crate::kits::codes;
use crate::kits::store::Kit;
use crate::loans::checks::queries;
use crate::loans::checks::rules::Occasion;
use crate::loans::checks::store::{Check, Deviation};
use crate::loans::checks::views::{CheckView, DeviationView};
use crate::loans::rules::Status;
use crate::loans::scan::Outcome;
use crate::loans::service::store::ServiceJob;
use crate::loans::service::views::ServiceJobView;
use crate::loans::views::UnitRef;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::events::Event;
use crate::platform::ids::{AnyId, KitId, LoanId, PersonId, UnitId};
use crate::platform::web::paging::{Listing, Paging};
use crate::schema::{content_checks, deviations, events, kits, label_prints, loans, service_jobs, units};
use chrono::{DateTime, NaiveDate};
use diesel::prelude::*;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

/// A loan in the history of its kit.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PastLoan {
    /// The loan.
    pub id: LoanId,
    /// The unit that had the kit.
    pub unit: UnitRef,
    /// Where the loan is.
    pub status: Status,
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day.
    pub last_day: NaiveDate,
    /// When the kit came back.
    pub received_at: Option<Instant>,
}

/// Labels that were printed for a kit.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PastPrint {
    /// The code on them.
    pub code: String,
    /// What they are stuck on: `box`, `lid` or `part`; `card` for the contents card.
    pub kind: String,
    /// How many of each.
    pub copies: i32,
}

/// That a kit went out, or was packed, in place of another one like it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PastSwap {
    /// This kit is the one that went.
    pub went: bool,
    /// The letter of the other one.
    pub other: String,
    /// The unit that it was for.
    pub unit: UnitRef,
}

/// A scan that was undone.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PastUndo {
    /// What it had done.
    pub outcome: Outcome,
    /// The unit that it was about.
    pub unit: UnitRef,
}

/// What happened.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    /// It was handed out.
    Loan(PastLoan),
    /// It came back.
    Received(PastLoan),
    /// Its contents were checked.
    Check(CheckView),
    /// Something that had differed was seen to.
    Resolved(DeviationView),
    /// A service job was made.
    Service(Box<ServiceJobView>),
    /// A service job was done, or called off.
    ServiceEnded(Box<ServiceJobView>),
    /// It took another kit's place, or another took its.
    Swapped(PastSwap),
    /// A scan of it was undone.
    Undone(PastUndo),
    /// Labels were printed.
    Print(PastPrint),
    /// It was added.
    Added {},
}

/// Something that happened to a kit.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = KitHistoryEntry)]
pub struct Entry {
    /// When.
    pub at: Instant,
    /// Who did it, as they are called now; none when the program did, or they have been removed.
    pub person: Option<String>,
    /// What.
    pub what: Happening,
    #[serde(skip)]
    by: Option<PersonId>,
}

impl Entry {
    fn new(at: Instant, by: Option<PersonId>, what: Happening) -> Self {
        Self { at, person: None, what, by }
    }
}

/// A moment as it stands in a cursor: microseconds since 1970.
fn cursor(at: Instant) -> i64 {
    at.utc().timestamp_micros()
}

/// What has happened to a kit, the latest first. A page goes on to the end of a moment, so that it may have some more.
///
/// # Errors
/// When the database fails.
pub fn of_kit(
    conn: &mut Conn,
    kit: &Kit,
    type_name: &str,
    paging: &Paging,
    today: NaiveDate,
) -> Result<Listing<Entry>, Error> {
    let before = match paging.after::<i64>()? {
        Some(micros) => Instant::new(DateTime::from_timestamp_micros(micros).ok_or_else(Paging::no_cursor)?),
        None => Instant::new(DateTime::from_timestamp_micros(i64::MAX / 64).ok_or_else(Paging::no_cursor)?),
    };
    let limit = paging.rows();
    let mut entries = loans(conn, kit, before, limit, false)?;
    entries.extend(loans(conn, kit, before, limit, true)?);
    entries.extend(checks(conn, kit, before, limit)?);
    entries.extend(resolved(conn, kit, before, limit)?);
    for ended in [false, true] {
        let jobs = service(conn, kit, before, limit, ended)?;
        entries.extend(jobs.into_iter().filter_map(|job| service_entry(job, kit, type_name, today, ended)));
    }
    entries.extend(scans(conn, kit, before, limit)?);
    entries.extend(prints(conn, kit, before, limit)?);
    if kit.created_at < before {
        entries.push(Entry::new(kit.created_at, None, Happening::Added {}));
    }
    let mut listing = page(entries, paging.limit());
    name_people(conn, &mut listing.items)?;
    Ok(listing)
}

/// The latest of some entries, as many as are asked for and those of the same moment as the last of them.
fn page(mut entries: Vec<Entry>, limit: usize) -> Listing<Entry> {
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.at));
    let last = entries.get(limit.saturating_sub(1)).map(|entry| entry.at);
    let all = entries.len();
    if let Some(last) = last {
        entries.retain(|entry| entry.at >= last);
    }
    let next = last.filter(|_| entries.len() < all).map(|last| cursor(last).to_string());
    Listing { items: entries, next }
}

/// The loans of a kit by when it was handed out, or by when it came `back`.
fn loans(conn: &mut Conn, kit: &Kit, before: Instant, limit: i64, back: bool) -> Result<Vec<Entry>, Error> {
    type Row = (LoanId, UnitId, String, Status, NaiveDate, NaiveDate, Option<Instant>, Option<Instant>);
    let query = loans::table.inner_join(units::table).filter(loans::kit_id.eq(kit.id)).limit(limit).into_boxed();
    let query = if back {
        query.filter(loans::received_at.lt(before)).order(loans::received_at.desc())
    } else {
        query.filter(loans::handed_out_at.lt(before)).order(loans::handed_out_at.desc())
    };
    let columns = (
        loans::id,
        units::id,
        units::name,
        loans::status,
        loans::first_day,
        loans::last_day,
        loans::received_at,
        loans::handed_out_at,
    );
    let rows: Vec<Row> = query.select(columns).load(conn)?;
    let who =
        who_did(conn, rows.iter().map(|row| row.0).collect(), if back { "loan.received" } else { "loan.handed_out" })?;
    let entry = |(id, unit, name, status, first_day, last_day, received_at, handed_out_at): Row| {
        let loan = PastLoan { id, unit: UnitRef { id: unit, name }, status, first_day, last_day, received_at };
        let by = who.get(&id).copied().flatten();
        Some(match back {
            true => Entry::new(received_at?, by, Happening::Received(loan)),
            false => Entry::new(handed_out_at?, by, Happening::Loan(loan)),
        })
    };
    Ok(rows.into_iter().filter_map(entry).collect())
}

/// Who did this to each of some loans the last time that it was done.
fn who_did(
    conn: &mut Conn,
    loans: Vec<LoanId>,
    action: &'static str,
) -> Result<HashMap<LoanId, Option<PersonId>>, Error> {
    if loans.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<AnyId> = loans.into_iter().map(|loan| AnyId::from(Uuid::from(loan))).collect();
    let rows: Vec<(AnyId, Option<PersonId>)> = events::table
        .filter(events::subject_id.eq_any(ids).and(events::action.eq(action)))
        .order(events::id.asc())
        .select((events::subject_id, events::actor_id))
        .load(conn)?;
    Ok(rows.into_iter().map(|(loan, person)| (LoanId::from(Uuid::from(loan)), person)).collect())
}

fn checks(conn: &mut Conn, kit: &Kit, before: Instant, limit: i64) -> Result<Vec<Entry>, Error> {
    let rows: Vec<Check> = content_checks::table
        .filter(content_checks::kit_id.eq(kit.id).and(content_checks::checked_at.lt(before)))
        .order(content_checks::checked_at.desc())
        .limit(limit)
        .load(conn)?;
    let by: Vec<Option<PersonId>> = rows.iter().map(|check| check.checked_by).collect();
    let found = queries::with_findings(conn, rows)?;
    Ok(found.into_iter().zip(by).map(|(check, by)| Entry::new(check.checked_at, by, Happening::Check(check))).collect())
}

fn resolved(conn: &mut Conn, kit: &Kit, before: Instant, limit: i64) -> Result<Vec<Entry>, Error> {
    let rows: Vec<(Deviation, Occasion)> = deviations::table
        .inner_join(content_checks::table)
        .filter(deviations::kit_id.eq(kit.id).and(deviations::resolved_at.lt(before)))
        .order(deviations::resolved_at.desc())
        .limit(limit)
        .select((deviations::all_columns, content_checks::occasion))
        .load(conn)?;
    let by: Vec<Option<PersonId>> = rows.iter().map(|(deviation, _)| deviation.resolved_by).collect();
    let views = queries::views(conn, rows)?;
    let entry = |(view, by): (DeviationView, Option<PersonId>)| {
        Some(Entry::new(view.resolved_at?, by, Happening::Resolved(view)))
    };
    Ok(views.into_iter().zip(by).filter_map(entry).collect())
}

/// The service jobs of a kit by when they were made, or by when they `ended`.
fn service(conn: &mut Conn, kit: &Kit, before: Instant, limit: i64, ended: bool) -> Result<Vec<ServiceJob>, Error> {
    let query = service_jobs::table.filter(service_jobs::kit_id.eq(kit.id)).limit(limit).into_boxed();
    let query = if ended {
        query.filter(service_jobs::ended_at.lt(before)).order(service_jobs::ended_at.desc())
    } else {
        query.filter(service_jobs::made_at.lt(before)).order(service_jobs::made_at.desc())
    };
    Ok(query.load(conn)?)
}

fn service_entry(job: ServiceJob, kit: &Kit, type_name: &str, today: NaiveDate, ended: bool) -> Option<Entry> {
    let (at, by) = if ended { (job.ended_at?, job.ended_by) } else { (job.made_at, job.made_by) };
    let job = Box::new(ServiceJobView::new(job, kit, type_name, today));
    Some(Entry::new(at, by, if ended { Happening::ServiceEnded(job) } else { Happening::Service(job) }))
}

/// Scans that were undone, and those that swapped two kits: what is known of them by the kit's own events.
fn scans(conn: &mut Conn, kit: &Kit, before: Instant, limit: i64) -> Result<Vec<Entry>, Error> {
    let rows: Vec<Event> = events::table
        .filter(events::subject_id.eq(AnyId::from(Uuid::from(kit.id))).and(events::at.lt(before)))
        .filter(events::action.eq_any(["kit.swapped", "kit.scan_undone"]))
        .order(events::id.desc())
        .limit(limit)
        .select(Event::as_select())
        .load(conn)?;
    let said = |event: &Event, side: &str, name: &str| event.change.0.get(side)?.get(name)?.as_str().map(str::to_owned);
    let loan_of = |event: &Event| said(event, "to", "loan").or_else(|| said(event, "from", "loan"))?.parse().ok();
    let loans: Vec<LoanId> = rows.iter().filter_map(loan_of).collect();
    let units: Vec<(LoanId, UnitId, String)> = if loans.is_empty() {
        Vec::new()
    } else {
        loans::table
            .inner_join(units::table)
            .filter(loans::id.eq_any(loans))
            .select((loans::id, units::id, units::name))
            .load(conn)?
    };
    let mut entries = Vec::new();
    for event in rows {
        let unit = loan_of(&event).and_then(|loan| units.iter().find(|(id, ..)| *id == loan));
        let Some((_, id, name)) = unit.cloned() else { continue };
        let unit = UnitRef { id, name };
        let what = match said(&event, "from", "outcome").and_then(|outcome| outcome.parse().ok()) {
            Some(outcome) => Happening::Undone(PastUndo { outcome, unit }),
            None => {
                let went = said(&event, "to", "kit").and_then(|id| id.parse().ok()) == Some(kit.id);
                let other = said(&event, if went { "from" } else { "to" }, "kit").and_then(|id| id.parse().ok());
                let Some(other) = other else { continue };
                let other = kits::table.find::<KitId>(other).select(kits::copy).get_result(conn)?;
                Happening::Swapped(PastSwap { went, other, unit })
            }
        };
        entries.push(Entry::new(event.at, event.actor_id, what));
    }
    Ok(entries)
}

fn prints(conn: &mut Conn, kit: &Kit, before: Instant, limit: i64) -> Result<Vec<Entry>, Error> {
    type Row = (String, String, i32, Instant, Option<PersonId>);
    let others = codes::further(conn, kit)?.into_iter().map(|other| other.code);
    let codes: Vec<String> = others.chain([kit.code]).map(|code| code.as_str().to_owned()).collect();
    let rows: Vec<Row> = label_prints::table
        .filter(label_prints::code.eq_any(codes).and(label_prints::printed_at.lt(before)))
        .order(label_prints::id.desc())
        .limit(limit)
        .select((
            label_prints::code,
            label_prints::kind,
            label_prints::copies,
            label_prints::printed_at,
            label_prints::printed_by,
        ))
        .load(conn)?;
    let entry =
        |(code, kind, copies, at, by): Row| Entry::new(at, by, Happening::Print(PastPrint { code, kind, copies }));
    Ok(rows.into_iter().map(entry).collect())
}

fn name_people(conn: &mut Conn, entries: &mut [Entry]) -> Result<(), Error> {
    let names = person_names(conn, entries.iter().filter_map(|entry| entry.by).collect())?;
    for entry in entries {
        entry.person = entry.by.and_then(|by| names.get(&by).cloned());
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn a_page_ends_with_a_moment_and_the_next_goes_on_after_it() {
        let start = Instant::new("2026-11-02T08:00:00Z".parse().unwrap());
        let entry = |minutes| Entry::new(start + TimeDelta::minutes(minutes), None, Happening::Added {});
        let all = [5, 4, 4, 4, 3, 1];
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let left =
                all.iter().map(|at| entry(*at)).filter(|entry| before.is_none_or(|before| cursor(entry.at) < before));
            let page = page(left.collect(), 2);
            seen.extend(page.items.iter().map(|entry| (entry.at.utc() - start.utc()).num_minutes()));
            before = page.next.map(|next| next.parse::<i64>().unwrap());
            if before.is_none() {
                break;
            }
        }
        assert_eq!(seen, all);
    }
}
