//! Periodic work, shared by however many processes run: each run is leased, so that one of them does it.

use crate::platform::db::connection::{Conn, each};
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::state::AppState;
use crate::schema::jobs::dsl;
use chrono::TimeDelta;
use diesel::prelude::*;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use tokio::sync::watch;

/// How often the table is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long a run may take before another process may begin it anew.
const LEASE_MINUTES: i64 = 10;

/// What a job does: a future, so that it can use the database and the mail server.
pub type Run = fn(AppState) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// A piece of periodic work.
#[derive(Clone, Copy)]
pub struct Job {
    /// Its name in the table.
    pub name: &'static str,
    /// Minutes from one run to the next.
    pub every_minutes: i64,
    /// The work.
    pub run: Run,
}

/// Runs the jobs until `stop` says so; a job that has begun is finished.
pub async fn work(app: AppState, jobs: &'static [Job], mut stop: watch::Receiver<bool>) {
    let mut entered = false;
    while !*stop.borrow() {
        if !entered {
            match enter(&app, jobs).await {
                Ok(()) => entered = true,
                Err(error) => log(&error, "jobs"),
            }
        }
        for job in jobs {
            if let Err(error) = run_if_due(&app, job).await {
                log(&error, job.name);
            }
        }
        tokio::select! {
            _ = stop.changed() => (),
            () = tokio::time::sleep(LOOK_EVERY) => (),
        }
    }
}

/// A job as it stands in the table.
#[derive(Queryable, Selectable)]
#[diesel(table_name = crate::schema::jobs)]
pub struct JobRow {
    /// Its name.
    pub name: String,
    /// When it is to run.
    pub next_run_at: Instant,
    /// Why the last run failed, if it did.
    pub last_error: Option<String>,
}

/// All jobs.
///
/// # Errors
/// When the database fails.
pub fn list(conn: &mut Conn) -> Result<Vec<JobRow>, Error> {
    Ok(dsl::jobs.select(JobRow::as_select()).load(conn)?)
}

/// Notes in the log why a job, or a part of one, failed.
pub fn log(error: &Error, job: &str) {
    match error {
        Error::Fault(fault) => tracing::error!(job, error = fault.chain(), "a job failed"),
        Error::Problem(_) => tracing::error!(job, %error, "a job failed"),
    }
}

/// Notes jobs that are not known yet, as due at once.
///
/// # Errors
/// When the database fails.
pub async fn enter(app: &AppState, jobs: &'static [Job]) -> Result<(), Error> {
    let now = app.clock.now();
    app.db
        .write(move |tx| {
            for job in jobs {
                each!(&mut **tx, c => diesel::insert_into(dsl::jobs)
                    .values((dsl::name.eq(job.name), dsl::next_run_at.eq(now), dsl::leased_until.eq(now)))
                    .on_conflict(dsl::name)
                    .do_nothing()
                    .execute(c))?;
            }
            Ok(())
        })
        .await
}

async fn run_if_due(app: &AppState, job: &'static Job) -> Result<(), Error> {
    let now = app.clock.now();
    if !due(app, job, now).await? {
        return Ok(());
    }
    let Some(lease) = claim(app, job, now).await? else { return Ok(()) };
    let result = (job.run)(app.clone()).await;
    let problem = result.as_ref().err().map(|error| match error {
        Error::Fault(fault) => fault.chain(),
        Error::Problem(_) => error.to_string(),
    });
    let done = app.clock.now();
    app.db
        .write(move |tx| {
            // A run that took longer than its lease may have been begun anew: then that one's note counts.
            diesel::update(dsl::jobs.filter(dsl::name.eq(job.name).and(dsl::leased_until.eq(lease))))
                .set((
                    dsl::next_run_at.eq(done + TimeDelta::minutes(job.every_minutes)),
                    dsl::leased_until.eq(done),
                    dsl::last_run_at.eq(done),
                    dsl::last_error.eq(&problem),
                ))
                .execute(&mut **tx)?;
            Ok(())
        })
        .await?;
    result
}

async fn due(app: &AppState, job: &'static Job, now: Instant) -> Result<bool, Error> {
    app.db
        .read(move |conn| {
            let times: Option<(Instant, Instant)> =
                dsl::jobs.find(job.name).select((dsl::next_run_at, dsl::leased_until)).get_result(conn).optional()?;
            Ok(times.is_some_and(|(next, leased)| next <= now && leased <= now))
        })
        .await
}

/// Takes the job in hand, until when it says; None when somebody was faster.
async fn claim(app: &AppState, job: &'static Job, now: Instant) -> Result<Option<Instant>, Error> {
    let lease = now + TimeDelta::minutes(LEASE_MINUTES);
    app.db
        .write(move |tx| {
            let claimed = diesel::update(
                dsl::jobs.filter(dsl::name.eq(job.name).and(dsl::next_run_at.le(now)).and(dsl::leased_until.le(now))),
            )
            .set(dsl::leased_until.eq(lease))
            .execute(&mut **tx)?;
            Ok((claimed == 1).then_some(lease))
        })
        .await
}
