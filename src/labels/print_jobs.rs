//! What printers are to print by themselves. A job is kept until it is printed or called off, whatever the printer says.

use crate::accounts::store::{self as accounts, Organisation};
use crate::labels::address::Address;
use crate::labels::ipp::{self, Abilities, Feed, IppError, Progress, Takes};
use crate::labels::printers::{self, Printer};
use crate::labels::prints::{self, Order};
use crate::labels::stock::Stock;
use crate::labels::{files, test_page};
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::{Instant, Json, text_enum};
use crate::platform::error::{Error, Fault, FieldError};
use crate::platform::events::{self, By};
use crate::platform::ids::{OrganisationId, PersonId, PrintJobId, PrinterId};
use crate::platform::jobs;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::paging::{Listing, Paging};
use crate::schema::{people, print_jobs, printers as printer_table};
use chrono::TimeDelta;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use tokio::task::JoinSet;

/// How long one who works on a job keeps others from it, in minutes.
const LEASE: i64 = 5;
/// A job that could not be handed over is tried again after so many minutes; then somebody has to see to it.
const TRIES: [i64; 4] = [1, 2, 5, 15];
/// How long jobs are looked at after one was ordered, in seconds from look to look; later looks are the periodic job's.
const LOOKS: [u64; 8] = [0, 1, 2, 3, 5, 8, 13, 30];
/// How long a page waits for a printer to tell what it can.
const SOON: Duration = Duration::from_secs(2);
/// Jobs of a printer looked at in one run.
const TOGETHER: i64 = 50;
/// Why a job is where it is: its printer does not answer, or cannot be told from one that does not.
const UNREACHABLE: &str = "unreachable";
/// What is wrong when a job is for other labels than lie in the printer.
const OTHER_STOCK: &str = "printer.other_stock";
/// Jobs that wait for the printer to do something.
const OPEN: [JobStatus; 3] = [JobStatus::Waiting, JobStatus::Sent, JobStatus::Cancelling];

text_enum! {
    /// Where a job is.
    pub enum JobStatus {
        /// It has not been handed to the printer.
        Waiting = "waiting",
        /// The printer has it.
        Sent = "sent",
        /// It was called off, and the printer may have it: it is to be told.
        Cancelling = "cancelling",
        /// It lies in the tray.
        Printed = "printed",
        /// It did not work; somebody decides whether to try again.
        Failed = "failed",
        /// It was called off.
        Cancelled = "cancelled",
    }
}

/// What is to be printed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Labels.
    Labels(Order),
    /// The page that shows whether all is in its place.
    TestPage,
}

/// A job.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = print_jobs)]
pub struct PrintJob {
    /// The job.
    pub id: PrintJobId,
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// The printer.
    pub printer_id: PrinterId,
    /// What is printed.
    pub what: Json,
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub status: JobStatus,
    /// What it waits for, or why it failed; empty when all is as it should be.
    pub reason: String,
    /// The printer's number for it.
    pub remote_id: Option<i32>,
    /// How often it was tried to hand it over.
    pub attempts: i32,
    /// When to look at it next.
    pub next_try_at: Instant,
    /// When it was ordered.
    pub created_at: Instant,
    /// By whom.
    pub created_by: Option<PersonId>,
    /// When it was printed or called off.
    pub ended_at: Option<Instant>,
}

impl PrintJob {
    fn can_be_cancelled(&self) -> bool {
        self.ended_at.is_none() && self.status != JobStatus::Cancelling
    }

    /// Its printer had it, and does not say what became of it.
    fn may_have_come_out(&self) -> bool {
        let silent = self.status == JobStatus::Sent && self.reason == UNREACHABLE;
        self.remote_id.is_some() && (silent || self.status == JobStatus::Failed)
    }
}

/// A job as the API tells it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PrintJobView {
    /// The job.
    pub id: PrintJobId,
    /// The printer's id.
    pub printer_id: PrinterId,
    /// The printer's name.
    pub printer: String,
    /// What it is called.
    pub title: String,
    /// The label stock that it is for.
    pub sheet: String,
    /// Where it is.
    pub status: JobStatus,
    /// What it waits for, or why it failed: `unreachable`, `stopped`, `busy`, `refused`, `forgotten` by the printer,
    /// `no_pdf` when it takes neither PDF nor PWG Raster, `no_media`, `not_a_printer`; `other_stock` when other labels lie in the printer by now, or `order` when the
    /// labels cannot be made any more.
    pub reason: String,
    /// How many labels it has; none is a test page.
    pub labels: usize,
    /// It may be tried again.
    pub can_retry: bool,
    /// Its printer had it and does not tell what became of it; whoever sees it lie in the tray may say so.
    pub can_confirm: bool,
    /// It may be called off.
    pub can_cancel: bool,
    /// How often it was tried to hand it over.
    pub attempts: i32,
    /// When it was ordered.
    pub created_at: Instant,
    /// The name of who ordered it.
    pub ordered_by: Option<String>,
    /// When it was printed or called off.
    pub ended_at: Option<Instant>,
}

impl PrintJobView {
    fn new(job: PrintJob, printer: &Printer, ordered_by: Option<String>) -> Self {
        let can_retry = job.status == JobStatus::Failed && printer.removed_at.is_none();
        let can_cancel = job.can_be_cancelled();
        let can_confirm = job.may_have_come_out();
        let PrintJob { id, printer_id, title, status, reason, attempts, created_at, ended_at, what, .. } = job;
        let (sheet, labels) = match serde_json::from_value(what.0) {
            Ok(What::Labels(order)) => (order.sheet, order.codes.len() * order.copies as usize),
            _ => (None, 0),
        };
        Self {
            id,
            printer_id,
            printer: printer.name.clone(),
            title,
            sheet: sheet.unwrap_or_else(|| printer.stock.clone()),
            status,
            reason,
            labels,
            can_retry,
            can_confirm,
            can_cancel,
            attempts,
            created_at,
            ordered_by,
            ended_at,
        }
    }
}

/// Jobs of an organisation, newest first.
///
/// # Errors
/// When the database fails.
pub fn list(conn: &mut Conn, organisation: OrganisationId, paging: &Paging) -> Result<Listing<PrintJobView>, Error> {
    let mut query = print_jobs::table
        .inner_join(printer_table::table)
        .filter(print_jobs::organisation_id.eq(organisation))
        .select((print_jobs::all_columns, printer_table::all_columns))
        .into_boxed();
    if let Some(after) = paging.after::<PrintJobId>()? {
        query = query.filter(print_jobs::id.lt(after));
    }
    let rows: Vec<(PrintJob, Printer)> = query.order(print_jobs::id.desc()).limit(paging.rows()).load(conn)?;
    let names = names(conn, rows.iter().map(|(job, _)| job))?;
    let view = |(job, printer): (PrintJob, Printer)| {
        let by = job.created_by.and_then(|id| names.get(&id).cloned());
        PrintJobView::new(job, &printer, by)
    };
    Ok(Listing::cut(rows, paging, |(job, _)| job.id).map(view))
}

/// The names of those who ordered these jobs.
fn names<'a>(conn: &mut Conn, jobs: impl Iterator<Item = &'a PrintJob>) -> Result<HashMap<PersonId, String>, Error> {
    let ids: HashSet<PersonId> = jobs.filter_map(|job| job.created_by).collect();
    let rows: Vec<(PersonId, String)> =
        people::table.filter(people::id.eq_any(ids)).select((people::id, people::name)).load(conn)?;
    Ok(rows.into_iter().collect())
}

/// A job of an organisation.
///
/// # Errors
/// `print_job.not_found`.
pub fn find(conn: &mut Conn, organisation: OrganisationId, id: PrintJobId) -> Result<PrintJobView, Error> {
    let (job, printer) = row(conn, organisation, id)?;
    let by = names(conn, std::iter::once(&job))?.into_values().next();
    Ok(PrintJobView::new(job, &printer, by))
}

fn row(conn: &mut Conn, organisation: OrganisationId, id: PrintJobId) -> Result<(PrintJob, Printer), Error> {
    print_jobs::table
        .inner_join(printer_table::table)
        .filter(print_jobs::id.eq(id).and(print_jobs::organisation_id.eq(organisation)))
        .select((print_jobs::all_columns, printer_table::all_columns))
        .get_result(conn)
        .optional()?
        .ok_or_else(|| Error::not_found("print_job.not_found"))
}

/// Orders a print. That it can be made is tried at once, so that a mistake is told to who makes it.
///
/// # Errors
/// `printer.not_found`, `printer.no_address`, `printer.other_stock` on the field `sheet`, and what is wrong with the order.
pub fn order(
    tx: &mut Tx<'_>,
    by: By,
    organisation: &Organisation,
    address: &Address,
    printer: PrinterId,
    what: &What,
) -> Result<PrintJobView, Error> {
    let printer = printers::find(tx, by.organisation, printer)?;
    if printer.address.is_empty() {
        return Err(Error::refused("printer.no_address").arg("printer", printer.name));
    }
    let t = Texts::new(organisation.language);
    let mut what = what.clone();
    let title = match &mut what {
        What::Labels(order) => {
            let sheet = order.sheet.get_or_insert_with(|| printer.stock.clone());
            // Nobody stands by to change the sheets.
            if !sheet.eq_ignore_ascii_case(&printer.stock) {
                let wrong = FieldError::new("sheet", OTHER_STOCK);
                return Err(wrong.arg("printer", printer.name).arg("stock", printer.stock).into());
            }
            order.read(tx, organisation, address)?.title(t)
        }
        What::TestPage => t.s("labels-test-title"),
    };
    let job = PrintJob {
        id: PrintJobId::new(),
        organisation_id: by.organisation,
        printer_id: printer.id,
        what: Json(serde_json::to_value(what).map_err(Fault::from_error)?),
        title,
        status: JobStatus::Waiting,
        reason: String::new(),
        remote_id: None,
        attempts: 0,
        next_try_at: by.now,
        created_at: by.now,
        created_by: by.person,
        ended_at: None,
    };
    diesel::insert_into(print_jobs::table).values(&job).execute(&mut **tx)?;
    events::append(tx, by, job.id, "print_job.added", json!({ "to": { "printer": printer.id, "title": job.title } }))?;
    find(tx, by.organisation, job.id)
}

/// The labels of a job, and its printer.
///
/// # Errors
/// `print_job.not_found`, also for a test page.
pub fn labels(conn: &mut Conn, organisation: OrganisationId, id: PrintJobId) -> Result<(Order, PrinterId), Error> {
    let (job, printer) = row(conn, organisation, id)?;
    match serde_json::from_value(job.what.0).map_err(Fault::from_error)? {
        What::Labels(order) => Ok((order, printer.id)),
        What::TestPage => Err(Error::not_found("print_job.not_found")),
    }
}

/// Tries a job again that has failed.
///
/// # Errors
/// `print_job.not_found`, `print_job.not_failed`, `printer.not_found` when its printer was removed.
pub fn retry(tx: &mut Tx<'_>, by: By, id: PrintJobId) -> Result<PrintJobView, Error> {
    let (job, printer) = row(tx, by.organisation, id)?;
    if job.status != JobStatus::Failed {
        return Err(Error::refused("print_job.not_failed"));
    }
    if printer.removed_at.is_some() {
        return Err(Error::not_found("printer.not_found"));
    }
    let again = PrintJob {
        status: JobStatus::Waiting,
        reason: String::new(),
        remote_id: None,
        next_try_at: by.now,
        attempts: 0,
        ..job
    };
    save(tx, &again)?;
    events::append(tx, by, id, "print_job.retried", json!({}))?;
    find(tx, by.organisation, id)
}

/// Calls a job off. A printer that may have it is told so by whoever looks at the job next.
///
/// # Errors
/// `print_job.not_found`, `print_job.ended`.
pub fn cancel(tx: &mut Tx<'_>, by: By, id: PrintJobId) -> Result<PrintJobView, Error> {
    let (job, _) = row(tx, by.organisation, id)?;
    if !job.can_be_cancelled() {
        return Err(Error::refused("print_job.ended"));
    }
    // A printer that does not answer may yet have taken it.
    let told = job.status == JobStatus::Sent || job.reason == UNREACHABLE;
    let next = if told {
        PrintJob { status: JobStatus::Cancelling, next_try_at: by.now, attempts: 0, ..job }
    } else {
        PrintJob { status: JobStatus::Cancelled, ended_at: Some(by.now), ..job }
    };
    save(tx, &next)?;
    events::append(tx, by, id, "print_job.cancelled", json!({}))?;
    find(tx, by.organisation, id)
}

/// Notes that a job came out, as somebody saw who stood by the printer: it had the job, and does not tell any more.
///
/// # Errors
/// `print_job.not_found`, `print_job.ended`, `print_job.not_sent`.
pub fn confirm(tx: &mut Tx<'_>, by: By, id: PrintJobId) -> Result<PrintJobView, Error> {
    let (job, _) = row(tx, by.organisation, id)?;
    if !job.can_be_cancelled() {
        return Err(Error::refused("print_job.ended"));
    }
    if !job.may_have_come_out() {
        return Err(Error::refused("print_job.not_sent"));
    }
    let before = job.status;
    let printed = PrintJob { status: JobStatus::Printed, reason: String::new(), ended_at: Some(by.now), ..job };
    save(tx, &printed)?;
    tell(tx, by, before, &printed)?;
    find(tx, by.organisation, id)
}

/// Removes a printer. What it has not printed is called off.
///
/// # Errors
/// `printer.not_found`.
pub fn remove_printer(tx: &mut Tx<'_>, by: By, id: PrinterId) -> Result<(), Error> {
    printers::remove(tx, by, id)?;
    let kept = [JobStatus::Waiting, JobStatus::Sent, JobStatus::Failed];
    let jobs: Vec<PrintJobId> = print_jobs::table
        .filter(print_jobs::printer_id.eq(id).and(print_jobs::status.eq_any(kept)))
        .select(print_jobs::id)
        .load(&mut **tx)?;
    jobs.into_iter().try_for_each(|job| cancel(tx, by, job).map(drop))
}

/// What a printer can. None when it does not answer soon, or is one that a computer prints on.
pub async fn abilities(app: &AppState, printer: &Printer) -> Option<Abilities> {
    if printer.address.is_empty() {
        return None;
    }
    let ask = async { reach(app, printer).await?.abilities().await };
    tokio::time::timeout(SOON, ask).await.ok()?.ok()
}

fn save(tx: &mut Tx<'_>, job: &PrintJob) -> Result<(), Error> {
    diesel::update(print_jobs::table.find(job.id))
        .set((
            print_jobs::status.eq(job.status),
            print_jobs::reason.eq(&job.reason),
            print_jobs::remote_id.eq(job.remote_id),
            print_jobs::attempts.eq(job.attempts),
            print_jobs::next_try_at.eq(job.next_try_at),
            print_jobs::ended_at.eq(job.ended_at),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Works on what was just ordered for a while, without being waited for.
pub fn hurry(app: AppState) {
    actix_web::rt::spawn(async move {
        for seconds in LOOKS {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            match work(app.clone()).await {
                Ok(0) => return,
                Ok(_) => (),
                Err(error) => return jobs::log(&error, "printing"),
            }
        }
    });
}

/// Hands over what waits, and looks after what printers have: each printer by itself, so that one that is silent holds up
/// no other. Gives how many jobs there were to look at.
///
/// # Errors
/// When the database fails.
pub async fn work(app: AppState) -> Result<usize, Error> {
    let now = app.clock.now();
    let printers: Vec<PrinterId> = app
        .db
        .read(move |conn| {
            Ok(print_jobs::table
                .filter(print_jobs::status.eq_any(OPEN).and(print_jobs::next_try_at.le(now)))
                .select(print_jobs::printer_id)
                .distinct()
                .load(conn)?)
        })
        .await?;
    let mut working = JoinSet::new();
    for printer in printers {
        working.spawn(serve(app.clone(), printer));
    }
    let mut count = 0;
    while let Some(served) = working.join_next().await {
        match served.map_err(Fault::from_error)? {
            Ok(jobs) => count += jobs,
            Err(error) => jobs::log(&error, "printing"),
        }
    }
    Ok(count)
}

/// Works on what a printer has to do, as long as it answers.
async fn serve(app: AppState, printer: PrinterId) -> Result<usize, Error> {
    let now = app.clock.now();
    let due = move || {
        let open = print_jobs::status.eq_any(OPEN).and(print_jobs::next_try_at.le(now));
        print_jobs::table.filter(print_jobs::printer_id.eq(printer).and(open))
    };
    let jobs: Vec<PrintJobId> = app
        .db
        .read(move |conn| {
            Ok(due().order(print_jobs::next_try_at.asc()).select(print_jobs::id).limit(TOGETHER).load(conn)?)
        })
        .await?;
    for id in &jobs {
        match step(&app, *id).await {
            Ok(true) => (),
            Ok(false) => {
                // The others would wait for it in vain.
                let later = now + TimeDelta::minutes(TRIES[0]);
                app.db
                    .write(move |tx| {
                        diesel::update(due()).set(print_jobs::next_try_at.eq(later)).execute(&mut **tx)?;
                        Ok(())
                    })
                    .await?;
                break;
            }
            Err(error) => jobs::log(&error, "printing"),
        }
    }
    Ok(jobs.len())
}

/// Takes the next step with a job, unless another does, or it is not time. Gives whether its printer answers.
async fn step(app: &AppState, id: PrintJobId) -> Result<bool, Error> {
    let now = app.clock.now();
    let Some((job, printer)) = app.db.write(move |tx| lease(tx, id, now)).await? else { return Ok(true) };
    let came = match job.status {
        JobStatus::Waiting => hand_over(app, &job, &printer).await?,
        JobStatus::Cancelling => call_off(app, &job, &printer).await,
        _ => look(app, &job, &printer).await,
    };
    let now = app.clock.now();
    let after = after(&job, came, now);
    let answers = after.reason != UNREACHABLE;
    app.db.write(move |tx| conclude(tx, job.status, &after, now)).await?;
    Ok(answers)
}

/// Keeps others from a job for a while. None when it is not to be looked at now.
fn lease(tx: &mut Tx<'_>, id: PrintJobId, now: Instant) -> Result<Option<(PrintJob, Printer)>, Error> {
    let due =
        print_jobs::table.find(id).filter(print_jobs::next_try_at.le(now)).filter(print_jobs::status.eq_any(OPEN));
    let taken =
        diesel::update(due).set(print_jobs::next_try_at.eq(now + TimeDelta::minutes(LEASE))).execute(&mut **tx)?;
    if taken == 0 {
        return Ok(None);
    }
    let row = print_jobs::table
        .inner_join(printer_table::table)
        .filter(print_jobs::id.eq(id))
        .select((print_jobs::all_columns, printer_table::all_columns))
        .get_result(&mut **tx)?;
    Ok(Some(row))
}

/// What came of a step.
enum Came {
    /// The printer has it, under this number; what it waits for, if it does.
    Sent(i32, &'static str),
    /// It lies in the tray.
    Printed(i32),
    /// It will not be printed.
    CalledOff,
    /// The printer, or what lies before it, says no. Whether it may be tried again by itself.
    Failed { reason: &'static str, again: bool },
}

/// The printer itself. The demo, where anyone is let in, prints nothing.
async fn reach(app: &AppState, printer: &Printer) -> Result<ipp::Printer, IppError> {
    if app.config.demo {
        return Err(IppError::Unreachable("the demo prints nothing".to_owned()));
    }
    ipp::Printer::find(&printer.address, app.config.listen).await
}

/// What a job is called at the printer.
fn name(job: &PrintJob) -> String {
    format!("Digilador {}", job.id)
}

async fn hand_over(app: &AppState, job: &PrintJob, printer: &Printer) -> Result<Came, Error> {
    let remote = match reach(app, printer).await {
        Ok(remote) => remote,
        Err(error) => return Ok(failed(job, &error)),
    };
    match remote.job_named(&name(job)).await {
        Ok(Some(id)) => return Ok(Came::Sent(id, "")),
        // Some do not tell their jobs.
        Ok(None) | Err(IppError::Refused(_)) => (),
        Err(error) => return Ok(failed(job, &error)),
    }
    let what: What = serde_json::from_value(job.what.0.clone()).map_err(Fault::from_error)?;
    let stock = files::stock_named("stock", &printer.stock)?;
    let feed = Feed { tray: &printer.tray, media_type: &printer.media_type };
    let agreed = remote.abilities().await.and_then(|able| Ok((able.takes(&stock)?, able.ways(&stock, feed)?)));
    let (takes, ways) = match agreed {
        Ok(agreed) => agreed,
        Err(error) => return Ok(failed(job, &error)),
    };
    let pages = match pages(app, job.organisation_id, what, printer, stock, takes.clone()).await {
        Ok(made) => made,
        // Others lie in the printer by now, or a kit was retired, or has another code.
        Err(Error::Problem(problem)) => {
            tracing::warn!(job = %job.id, code = problem.code, "a print cannot be made any more");
            let reason = if problem.code == OTHER_STOCK { "other_stock" } else { "order" };
            return Ok(Came::Failed { reason, again: false });
        }
        Err(fault) => return Err(fault),
    };
    Ok(match remote.print(&name(job), pages, &takes, ways).await {
        Ok(id) => Came::Sent(id, ""),
        Err(error) => failed(job, &error),
    })
}

async fn look(app: &AppState, job: &PrintJob, printer: &Printer) -> Came {
    let Some(id) = job.remote_id else { return Came::Failed { reason: "forgotten", again: false } };
    let told = async {
        let remote = reach(app, printer).await?;
        Ok(match remote.progress(id).await? {
            Progress::Done => Came::Printed(id),
            Progress::Going => Came::Sent(id, ""),
            Progress::Stopped(reasons) => {
                tracing::info!(job = %job.id, reasons, "a printer has stopped");
                Came::Sent(id, "stopped")
            }
            Progress::CalledOff => Came::CalledOff,
            Progress::Failed(reasons) => {
                tracing::warn!(job = %job.id, reasons, "a printer gave a print up");
                Came::Failed { reason: "refused", again: false }
            }
            // It may have another number since the printer was switched on.
            Progress::Forgotten => match remote.job_named(&name(job)).await? {
                Some(other) if other != id => Came::Sent(other, ""),
                _ => Came::Failed { reason: "forgotten", again: false },
            },
        })
    };
    match told.await {
        Ok(came) => came,
        // It has the job; that it does not answer now says nothing about that.
        Err(error) => match failed(job, &error) {
            Came::Failed { reason, .. } => Came::Sent(id, reason),
            other => other,
        },
    }
}

/// Tells the printer that a job is not wanted any more.
async fn call_off(app: &AppState, job: &PrintJob, printer: &Printer) -> Came {
    let told = async {
        let remote = reach(app, printer).await?;
        let id = match job.remote_id {
            Some(id) => Some(id),
            None => remote.job_named(&name(job)).await?,
        };
        let Some(id) = id else { return Ok(Came::CalledOff) };
        match remote.cancel(id).await {
            Ok(()) => Ok(Came::CalledOff),
            // It was faster.
            Err(IppError::Refused(_)) if remote.progress(id).await? == Progress::Done => Ok(Came::Printed(id)),
            Err(IppError::Refused(_)) => Ok(Came::CalledOff),
            Err(other) => Err(other),
        }
    };
    told.await.unwrap_or_else(|error| failed(job, &error))
}

/// What a printer, or the way to it, said is for the log: not all who may print may ask around in the network.
fn failed(job: &PrintJob, error: &IppError) -> Came {
    tracing::warn!(job = %job.id, %error, "a printer does not print");
    let (reason, again) = reason(error);
    Came::Failed { reason, again }
}

/// Why a printer does not print, in a word, and whether it may by itself later.
pub fn reason(error: &IppError) -> (&'static str, bool) {
    match error {
        IppError::Unreachable(_) => (UNREACHABLE, true),
        IppError::Busy(_) => ("busy", true),
        IppError::Refused(_) => ("refused", false),
        IppError::NoPdf => ("no_pdf", false),
        IppError::NoMedia(_) => ("no_media", false),
        IppError::NotAPrinter(_) => ("not_a_printer", false),
    }
}

/// The job as it is after a step.
fn after(job: &PrintJob, came: Came, now: Instant) -> PrintJob {
    let mut next = job.clone();
    match came {
        Came::Sent(remote, reason) => {
            (next.status, next.remote_id, next.reason) = (JobStatus::Sent, Some(remote), reason.to_owned());
            let wait = if reason == UNREACHABLE { TRIES[0] } else { 0 };
            next.next_try_at = now + TimeDelta::minutes(wait);
        }
        Came::Printed(remote) => {
            (next.status, next.remote_id) = (JobStatus::Printed, Some(remote));
            (next.reason, next.ended_at) = (String::new(), Some(now));
        }
        Came::CalledOff => {
            (next.status, next.reason, next.ended_at) = (JobStatus::Cancelled, String::new(), Some(now));
        }
        Came::Failed { reason, again } => {
            next.reason = reason.to_owned();
            let wait = usize::try_from(job.attempts).ok().and_then(|tries| TRIES.get(tries)).filter(|_| again);
            match wait {
                Some(minutes) => next.next_try_at = now + TimeDelta::minutes(*minutes),
                // Nobody wants it, and the printer cannot be told so: too many labels do no harm.
                None if job.status == JobStatus::Cancelling => {
                    (next.status, next.ended_at) = (JobStatus::Cancelled, Some(now));
                }
                None => next.status = JobStatus::Failed,
            }
            next.attempts += 1;
        }
    }
    next
}

/// Writes what came of a step with a job that was in that status.
fn conclude(tx: &mut Tx<'_>, before: JobStatus, job: &PrintJob, now: Instant) -> Result<(), Error> {
    let status: JobStatus = print_jobs::table.find(job.id).select(print_jobs::status).get_result(&mut **tx)?;
    if status != before {
        // It was called off meanwhile. What the printer has got by now, it is told to drop.
        if job.remote_id.is_some() && status != JobStatus::Printed {
            let told = PrintJob {
                status: JobStatus::Cancelling,
                reason: String::new(),
                next_try_at: now,
                attempts: 0,
                ended_at: None,
                ..job.clone()
            };
            save(tx, &told)?;
        }
        return Ok(());
    }
    save(tx, job)?;
    if status == job.status {
        return Ok(());
    }
    tell(tx, By { organisation: job.organisation_id, person: None, now }, status, job)
}

/// Puts on record how a job came from one status to the one that it is in, and what was printed.
fn tell(tx: &mut Tx<'_>, by: By, before: JobStatus, job: &PrintJob) -> Result<(), Error> {
    let action = match job.status {
        JobStatus::Printed => "print_job.printed",
        JobStatus::Failed => "print_job.failed",
        JobStatus::Cancelled => "print_job.dropped",
        _ => "print_job.sent",
    };
    let change = json!({ "from": { "status": before }, "to": { "status": job.status } });
    events::append(tx, by, job.id, action, change)?;
    if job.status == JobStatus::Printed
        && let What::Labels(order) = serde_json::from_value(job.what.0.clone()).map_err(Fault::from_error)?
    {
        prints::note(tx, By { person: job.created_by, ..by }, &order)?;
    }
    Ok(())
}

/// The pages of a job, on the stock that lies in its printer.
async fn pages(
    app: &AppState,
    organisation: OrganisationId,
    what: What,
    printer: &Printer,
    stock: Stock,
    takes: Takes,
) -> Result<Vec<u8>, Error> {
    let address = Address::of(&app.config)?;
    let offset = printer.offset();
    match what {
        // Nobody stands by to change the sheets.
        What::Labels(Order { sheet: Some(sheet), .. }) if !sheet.eq_ignore_ascii_case(&printer.stock) => {
            Err(Error::refused(OTHER_STOCK))
        }
        What::Labels(order) => {
            let ready = app
                .db
                .read(move |conn| {
                    let organisation = accounts::organisation(conn, organisation)?;
                    order.read(conn, &organisation, &address)
                })
                .await?;
            prints::long_work(move || ready.pages(takes, offset)).await
        }
        What::TestPage => {
            let language = app.db.read(move |conn| Ok(accounts::organisation(conn, organisation)?.language)).await?;
            prints::long_work(move || {
                test_page::page(Texts::new(language), &address.url, &stock, offset, takes).map_err(files::told)
            })
            .await
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn job(attempts: i32) -> PrintJob {
        let now: Instant = serde_json::from_value(json!("2026-11-23T10:00:00Z")).unwrap();
        PrintJob {
            id: PrintJobId::new(),
            organisation_id: OrganisationId::new(),
            printer_id: PrinterId::new(),
            what: Json(json!("test_page")),
            title: String::new(),
            status: JobStatus::Waiting,
            reason: String::new(),
            remote_id: None,
            attempts,
            next_try_at: now,
            created_at: now,
            created_by: None,
            ended_at: None,
        }
    }

    #[test]
    fn what_may_pass_is_tried_again_and_what_does_not_is_not() {
        let now = job(0).created_at;
        let gone = || Came::Failed { reason: UNREACHABLE, again: true };
        let once = after(&job(0), gone(), now);
        assert_eq!((once.status, once.attempts), (JobStatus::Waiting, 1));
        assert_eq!(once.next_try_at, now + TimeDelta::minutes(1));
        assert_eq!(after(&job(4), gone(), now).status, JobStatus::Failed);
        let no_pdf = after(&job(0), failed(&job(0), &IppError::NoPdf), now);
        assert_eq!((no_pdf.status, no_pdf.reason.as_str()), (JobStatus::Failed, "no_pdf"));
    }

    #[test]
    fn what_was_called_off_is_never_failed() {
        let now = job(0).created_at;
        let called_off = |attempts| PrintJob { status: JobStatus::Cancelling, remote_id: Some(7), ..job(attempts) };
        let gone = || Came::Failed { reason: UNREACHABLE, again: true };
        assert_eq!(after(&called_off(0), gone(), now).status, JobStatus::Cancelling);
        let given_up = after(&called_off(4), gone(), now);
        assert_eq!((given_up.status, given_up.ended_at), (JobStatus::Cancelled, Some(now)));
        assert_eq!(after(&called_off(0), Came::Printed(7), now).status, JobStatus::Printed);
    }
}
