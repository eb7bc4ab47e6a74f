//! Rows of service jobs, and the claims that they have on kits.

use crate::kits::rules::ServiceKind;
use crate::loans::allocation::Span;
use crate::loans::service::rules::{self, Cause, Status};
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{KitId, KitTypeId, LoanId, OrganisationId, PersonId, QueueEntryId, ServiceJobId};
use crate::schema::{kits, occupancies, service_jobs};
use chrono::NaiveDate;
use diesel::prelude::*;

/// A service job.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = service_jobs, treat_none_as_null = true)]
pub struct ServiceJob {
    /// The job.
    pub id: ServiceJobId,
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// The kit.
    pub kit_id: KitId,
    /// What is done.
    pub kind: ServiceKind,
    /// What asked for it.
    pub cause: Cause,
    /// What those who do it should know; empty when nothing was said.
    pub note: String,
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day; none when it lasts until it is done.
    pub last_day: Option<NaiveDate>,
    /// Where it is.
    pub status: Status,
    /// Who made it; none when the program did.
    pub made_by: Option<PersonId>,
    /// When it was made.
    pub made_at: Instant,
    /// Who did it, or called it off.
    pub ended_by: Option<PersonId>,
    /// When it was done, or called off.
    pub ended_at: Option<Instant>,
    /// Counts the changes.
    pub version: i32,
}

impl ServiceJob {
    /// The days that it keeps its kit, as things look today.
    pub fn span(&self, today: NaiveDate) -> Span {
        rules::span(self.first_day, self.last_day, today)
    }
}

/// A job of an organisation.
///
/// # Errors
/// When the database fails.
pub fn find(conn: &mut Conn, organisation: OrganisationId, id: ServiceJobId) -> Result<Option<ServiceJob>, Error> {
    Ok(service_jobs::table
        .filter(service_jobs::id.eq(id).and(service_jobs::organisation_id.eq(organisation)))
        .get_result(conn)
        .optional()?)
}

/// The days that open jobs keep these kits, as things look today.
///
/// # Errors
/// When the database fails.
pub fn spans(conn: &mut Conn, kits: &[KitId], today: NaiveDate) -> Result<Vec<(KitId, Span)>, Error> {
    if kits.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(KitId, NaiveDate, Option<NaiveDate>)> = service_jobs::table
        .filter(service_jobs::kit_id.eq_any(kits).and(service_jobs::status.eq(Status::Open)))
        .select((service_jobs::kit_id, service_jobs::first_day, service_jobs::last_day))
        .load(conn)?;
    Ok(rows.into_iter().map(|(kit, first, last)| (kit, rules::span(first, last, today))).collect())
}

/// The open jobs of a kit, the earliest first.
///
/// # Errors
/// When the database fails.
pub fn open(conn: &mut Conn, kit: KitId) -> Result<Vec<ServiceJob>, Error> {
    Ok(service_jobs::table
        .filter(service_jobs::kit_id.eq(kit).and(service_jobs::status.eq(Status::Open)))
        .order((service_jobs::first_day.asc(), service_jobs::id.asc()))
        .load(conn)?)
}

/// The job that keeps a kit today: of several, one that follows from a missing part before others.
///
/// # Errors
/// When the database fails.
pub fn keeping(conn: &mut Conn, kit: KitId, today: NaiveDate) -> Result<Option<ServiceJob>, Error> {
    let begun = open(conn, kit)?.into_iter().filter(|job| rules::has_begun(job.first_day, today));
    Ok(begun.min_by_key(|job| (job.cause != Cause::Shortage, job.first_day, job.id)))
}

/// When work of a kind was last done on a kit, or called off when it was due by itself: then it waits for the next time.
///
/// # Errors
/// When the database fails.
pub fn last_done(conn: &mut Conn, kit: KitId, kind: ServiceKind) -> Result<Option<Instant>, Error> {
    let skipped = service_jobs::status.eq(Status::Cancelled).and(service_jobs::cause.eq(Cause::Interval));
    let ended: Option<Option<Instant>> = service_jobs::table
        .filter(service_jobs::kit_id.eq(kit).and(service_jobs::kind.eq(kind)))
        .filter(service_jobs::status.eq(Status::Done).or(skipped))
        .order(service_jobs::ended_at.desc())
        .limit(1)
        .select(service_jobs::ended_at)
        .get_result(conn)
        .optional()?;
    Ok(ended.flatten())
}

/// Those of these types that have a job which should have been done.
///
/// # Errors
/// When the database fails.
pub fn types_late(
    conn: &mut Conn,
    organisation: Option<OrganisationId>,
    types: Option<&[KitTypeId]>,
    today: NaiveDate,
) -> Result<Vec<KitTypeId>, Error> {
    let mut query = kits::table
        .inner_join(service_jobs::table)
        .filter(service_jobs::status.eq(Status::Open).and(service_jobs::last_day.lt(today)))
        .select(kits::kit_type_id)
        .into_boxed();
    if let Some(organisation) = organisation {
        query = query.filter(service_jobs::organisation_id.eq(organisation));
    }
    if let Some(types) = types {
        query = query.filter(kits::kit_type_id.eq_any(types.to_vec()));
    }
    Ok(query.load(conn)?)
}

/// Adds a job.
///
/// # Errors
/// When the database fails.
pub fn insert(tx: &mut Tx<'_>, job: &ServiceJob) -> Result<(), Error> {
    diesel::insert_into(service_jobs::table).values(job).execute(&mut **tx)?;
    Ok(())
}

/// Saves a job that was read before, if it has not changed since; counts its version up.
///
/// # Errors
/// `request.changed_meanwhile`, or when the database fails.
pub fn save(tx: &mut Tx<'_>, job: &mut ServiceJob) -> Result<(), Error> {
    let read = job.version;
    job.version += 1;
    let saved =
        diesel::update(service_jobs::table.filter(service_jobs::id.eq(job.id).and(service_jobs::version.eq(read))))
            .set(&*job)
            .execute(&mut **tx)?;
    if saved == 1 { Ok(()) } else { Err(Error::changed_meanwhile()) }
}

/// Gives up the claim of a job, if it has one.
///
/// # Errors
/// When the database fails.
pub fn unclaim(tx: &mut Tx<'_>, job: ServiceJobId) -> Result<(), Error> {
    diesel::delete(occupancies::table.find(job)).execute(&mut **tx)?;
    Ok(())
}

/// Gives up what the jobs of a kit claim of it.
///
/// # Errors
/// When the database fails.
pub fn release(tx: &mut Tx<'_>, kit: KitId) -> Result<(), Error> {
    let of_jobs = occupancies::table.filter(occupancies::kit_id.eq(kit).and(occupancies::service_job_id.is_not_null()));
    diesel::delete(of_jobs).execute(&mut **tx)?;
    Ok(())
}

/// Claims for the open jobs of a kit what they can: their days on which nothing else has it. Called when something else
/// has let go of the kit, or a job has changed.
///
/// # Errors
/// When the database fails.
pub fn hold(tx: &mut Tx<'_>, kit: KitId) -> Result<(), Error> {
    release(tx, kit)?;
    let jobs = open(tx, kit)?;
    if jobs.is_empty() {
        return Ok(());
    }
    let rows: Vec<(NaiveDate, NaiveDate)> = occupancies::table
        .filter(occupancies::kit_id.eq(kit))
        .select((occupancies::first_day, occupancies::end_day))
        .load(&mut **tx)?;
    let mut others: Vec<Span> = rows.into_iter().map(|(first, end)| Span { first, end }).collect();
    for job in jobs {
        // As it was agreed: what is late claims no more than it was given.
        let agreed = rules::span(job.first_day, job.last_day, NaiveDate::MIN);
        let Some(span) = rules::claimable(agreed, &others) else { continue };
        diesel::insert_into(occupancies::table)
            .values((
                occupancies::id.eq(job.id),
                occupancies::loan_id.eq(None::<LoanId>),
                occupancies::queue_entry_id.eq(None::<QueueEntryId>),
                occupancies::service_job_id.eq(Some(job.id)),
                occupancies::kit_id.eq(kit),
                occupancies::first_day.eq(span.first),
                occupancies::end_day.eq(span.end),
            ))
            .execute(&mut **tx)?;
        others.push(span);
    }
    Ok(())
}
