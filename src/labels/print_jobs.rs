//! What printers are to print by themselves. A job is kept until it is printed or called off, whatever the printer says.

use crate::accounts::store::{self as accounts, Organisation};
use crate::labels::address::Address;
use crate::labels::ipp::{self, IppError, Progress};
use crate::labels::printers::{self, Printer};
use crate::labels::prints::{self, Order};
use crate::labels::stock::{Form, Stock};
use crate::labels::{files, test_page};
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::{Instant, Json, text_enum};
use crate::platform::error::{Error, Fault};
use crate::platform::events::{self, By};
use crate::platform::ids::{OrganisationId, PersonId, PrintJobId, PrinterId};
use crate::platform::jobs;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::paging::{Listing, Paging};
use crate::schema::{print_jobs, printers as printer_table};
use chrono::TimeDelta;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;

/// How long one who works on a job keeps others from it, in minutes.
const LEASE: i64 = 5;
/// A job that could not be handed over is tried again after so many minutes; then somebody has to see to it.
const TRIES: [i64; 4] = [1, 2, 5, 15];
/// How long jobs are looked at after one was ordered, in seconds from look to look; later looks are the periodic job's.
const LOOKS: [u64; 8] = [0, 1, 2, 3, 5, 8, 13, 30];
/// Jobs looked at in one run.
const TOGETHER: i64 = 50;

text_enum! {
    /// Where a job is.
    pub enum JobStatus {
        /// It has not been handed to the printer.
        Waiting = "waiting",
        /// The printer has it.
        Sent = "sent",
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
    /// Why it is there, as the printer or the network says it.
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
    /// Where it is.
    pub status: JobStatus,
    /// Why it is there: `unreachable`, `refused`, `no_pdf`, `not_a_printer`, `stopped`, and what the printer or the
    /// network said.
    pub reason: String,
    /// How often it was tried to hand it over.
    pub attempts: i32,
    /// When it was ordered.
    pub created_at: Instant,
    /// When it was printed or called off.
    pub ended_at: Option<Instant>,
}

impl PrintJobView {
    fn new(job: PrintJob, printer: String) -> Self {
        let PrintJob { id, printer_id, title, status, reason, attempts, created_at, ended_at, .. } = job;
        Self { id, printer_id, printer, title, status, reason, attempts, created_at, ended_at }
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
        .select((print_jobs::all_columns, printer_table::name))
        .into_boxed();
    if let Some(after) = paging.after::<PrintJobId>()? {
        query = query.filter(print_jobs::id.lt(after));
    }
    let rows: Vec<(PrintJob, String)> = query.order(print_jobs::id.desc()).limit(paging.rows()).load(conn)?;
    Ok(Listing::cut(rows, paging, |(job, _)| job.id).map(|(job, printer)| PrintJobView::new(job, printer)))
}

/// A job of an organisation.
///
/// # Errors
/// `print_job.not_found`.
pub fn find(conn: &mut Conn, organisation: OrganisationId, id: PrintJobId) -> Result<PrintJobView, Error> {
    let (job, printer) = row(conn, organisation, id)?;
    Ok(PrintJobView::new(job, printer.name))
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
/// `printer.not_found`, `printer.no_address`, and what is wrong with the order.
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
    let title = match what {
        What::Labels(order) => {
            order.read(tx, organisation, address)?;
            let labels = order.codes.len() * order.copies as usize;
            prints::note(tx, by, order)?;
            t.v("labels-job-title", "count", labels)
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
    Ok(PrintJobView::new(job, printer.name))
}

/// Tries a job again that has failed.
///
/// # Errors
/// `print_job.not_found`, `print_job.not_failed`.
pub fn retry(tx: &mut Tx<'_>, by: By, id: PrintJobId) -> Result<PrintJobView, Error> {
    let (job, _) = row(tx, by.organisation, id)?;
    if job.status != JobStatus::Failed {
        return Err(Error::refused("print_job.not_failed"));
    }
    let again = PrintJob { status: JobStatus::Waiting, remote_id: None, next_try_at: by.now, attempts: 0, ..job };
    save(tx, &again)?;
    events::append(tx, by, id, "print_job.retried", json!({}))?;
    find(tx, by.organisation, id)
}

/// Calls a job off. What the printer has already, it is asked to drop by whoever looks at the job next.
///
/// # Errors
/// `print_job.not_found`, `print_job.ended`.
pub fn cancel(tx: &mut Tx<'_>, by: By, id: PrintJobId) -> Result<PrintJobView, Error> {
    let (job, _) = row(tx, by.organisation, id)?;
    if job.ended_at.is_some() {
        return Err(Error::refused("print_job.ended"));
    }
    save(tx, &PrintJob { status: JobStatus::Cancelled, ended_at: Some(by.now), ..job })?;
    events::append(tx, by, id, "print_job.cancelled", json!({}))?;
    find(tx, by.organisation, id)
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

/// Hands over what waits, and looks after what printers have. Gives how many jobs there were to look at.
///
/// # Errors
/// When the database fails.
pub async fn work(app: AppState) -> Result<usize, Error> {
    let now = app.clock.now();
    let due: Vec<PrintJobId> = app
        .db
        .read(move |conn| {
            Ok(print_jobs::table
                .filter(print_jobs::status.eq_any([JobStatus::Waiting, JobStatus::Sent]))
                .filter(print_jobs::next_try_at.le(now))
                .order(print_jobs::next_try_at.asc())
                .select(print_jobs::id)
                .limit(TOGETHER)
                .load(conn)?)
        })
        .await?;
    let count = due.len();
    for id in due {
        step(&app, id).await?;
    }
    Ok(count)
}

/// Takes the next step with a job, unless another does, or it is not time.
async fn step(app: &AppState, id: PrintJobId) -> Result<(), Error> {
    let now = app.clock.now();
    let Some((job, printer)) = app.db.write(move |tx| lease(tx, id, now)).await? else { return Ok(()) };
    let result = match (job.status, job.remote_id) {
        (JobStatus::Waiting, _) => hand_over(app, &job, &printer).await,
        (_, Some(remote)) => look(&printer, remote).await,
        _ => return Ok(()),
    };
    let after = after(&job, result?, app.clock.now());
    let dropped = app.db.write(move |tx| conclude(tx, &after)).await?;
    if let (Some(remote), Ok(printer)) = (dropped, ipp::Printer::new(&printer.address)) {
        // It was called off meanwhile. A printer that cannot be told prints it: too many labels do no harm.
        if let Err(error) = printer.cancel(remote).await {
            tracing::warn!(%error, "a print job could not be called off");
        }
    }
    Ok(())
}

/// Keeps others from a job for a while. None when it is not to be looked at now.
fn lease(tx: &mut Tx<'_>, id: PrintJobId, now: Instant) -> Result<Option<(PrintJob, Printer)>, Error> {
    let due = print_jobs::table
        .find(id)
        .filter(print_jobs::next_try_at.le(now))
        .filter(print_jobs::status.eq_any([JobStatus::Waiting, JobStatus::Sent]));
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
    Sent(i32, String),
    Printed,
    /// The printer, or what lies before it, says no. Whether it may be tried again by itself.
    Failed {
        reason: String,
        again: bool,
    },
}

async fn hand_over(app: &AppState, job: &PrintJob, printer: &Printer) -> Result<Came, Error> {
    let what: What = serde_json::from_value(job.what.0.clone()).map_err(Fault::from_error)?;
    let (pdf, stock) = match pages(app, job.organisation_id, what, printer).await {
        Ok(made) => made,
        // A kit may have been retired since.
        Err(Error::Problem(problem)) => {
            return Ok(Came::Failed { reason: format!("refused: {}", problem.code), again: false });
        }
        Err(fault) => return Err(fault),
    };
    let name = format!("Digilador {}", job.id);
    let sent = async {
        let remote = ipp::Printer::new(&printer.address)?;
        if job.attempts > 0
            && let Some(id) = remote.find(&name).await?
        {
            return Ok(id);
        }
        remote.print(&name, pdf, &media(&stock)).await
    };
    Ok(match sent.await {
        Ok(id) => Came::Sent(id, String::new()),
        Err(error) => failed(&error),
    })
}

async fn look(printer: &Printer, remote: i32) -> Result<Came, Error> {
    let progress = async { ipp::Printer::new(&printer.address)?.progress(remote).await };
    Ok(match progress.await {
        Ok(Progress::Done) => Came::Printed,
        Ok(Progress::Going) => Came::Sent(remote, String::new()),
        Ok(Progress::Stopped(reasons)) => Came::Sent(remote, format!("stopped: {reasons}")),
        Ok(Progress::Failed(reasons)) => Came::Failed { reason: format!("refused: {reasons}"), again: false },
        // It has the job; that it does not answer now says nothing about that.
        Err(error) => Came::Sent(remote, reason(&error)),
    })
}

fn failed(error: &IppError) -> Came {
    Came::Failed { reason: reason(error), again: matches!(error, IppError::Unreachable(_) | IppError::Refused(_)) }
}

fn reason(error: &IppError) -> String {
    match error {
        IppError::Unreachable(why) => format!("unreachable: {why}"),
        IppError::Refused(why) => format!("refused: {why}"),
        IppError::NoPdf => "no_pdf".to_owned(),
        IppError::NotAPrinter(why) => format!("not_a_printer: {why}"),
    }
}

/// The job as it is after a step.
fn after(job: &PrintJob, came: Came, now: Instant) -> PrintJob {
    let mut next = job.clone();
    match came {
        Came::Sent(remote, reason) => {
            (next.status, next.remote_id, next.reason) = (JobStatus::Sent, Some(remote), reason);
            next.next_try_at = now;
        }
        Came::Printed => {
            (next.status, next.reason, next.ended_at) = (JobStatus::Printed, String::new(), Some(now));
        }
        Came::Failed { reason, again } => {
            next.reason = reason;
            let wait = usize::try_from(job.attempts).ok().and_then(|tries| TRIES.get(tries)).filter(|_| again);
            match wait {
                Some(minutes) => next.next_try_at = now + TimeDelta::minutes(*minutes),
                None => next.status = JobStatus::Failed,
            }
            next.attempts += 1;
        }
    }
    next
}

/// Writes what came of a step. Gives the printer's number of a job that was called off meanwhile.
fn conclude(tx: &mut Tx<'_>, job: &PrintJob) -> Result<Option<i32>, Error> {
    let status: JobStatus = print_jobs::table.find(job.id).select(print_jobs::status).get_result(&mut **tx)?;
    if status == JobStatus::Cancelled {
        return Ok(job.remote_id);
    }
    save(tx, job)?;
    if status != job.status {
        let by = By { organisation: job.organisation_id, person: None, now: job.ended_at.unwrap_or(job.next_try_at) };
        let action = match job.status {
            JobStatus::Printed => "print_job.printed",
            JobStatus::Failed => "print_job.failed",
            _ => "print_job.sent",
        };
        events::append(
            tx,
            by,
            job.id,
            action,
            json!({ "from": { "status": status }, "to": { "status": job.status } }),
        )?;
    }
    Ok(None)
}

/// The pages of a job, and the stock that they are for.
async fn pages(
    app: &AppState,
    organisation: OrganisationId,
    what: What,
    printer: &Printer,
) -> Result<(Vec<u8>, Stock), Error> {
    let address = Address::of(&app.config)?;
    let offset = printer.offset();
    match what {
        What::Labels(order) => {
            let ready = app
                .db
                .read(move |conn| {
                    let organisation = accounts::organisation(conn, organisation)?;
                    order.read(conn, &organisation, &address)
                })
                .await?;
            let stock = ready.stock().clone();
            Ok((prints::long_work(move || ready.pdf(offset)).await?, stock))
        }
        What::TestPage => {
            let language = app.db.read(move |conn| Ok(accounts::organisation(conn, organisation)?.language)).await?;
            let stock = files::stock_named("stock", &printer.stock)?;
            let words = test_words(Texts::new(language));
            let pdf = test_page::pdf(&address.url, &stock, offset, &words).map_err(files::told)?;
            Ok((pdf, stock))
        }
    }
}

/// What stands on a test page.
pub fn test_words(t: Texts) -> Vec<String> {
    ["labels-test-title", "labels-test-scan", "labels-test-measure", "labels-test-hold"].map(|key| t.s(key)).into()
}

/// The paper, as printers call it (PWG 5101.1).
fn media(stock: &Stock) -> String {
    match stock.form {
        Form::Sheet => "iso_a4_210x297mm".to_owned(),
        Form::Roll => format!("custom_label_{}x{}mm", stock.width, stock.height),
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
        let gone = || Came::Failed { reason: "unreachable: gone".to_owned(), again: true };
        let once = after(&job(0), gone(), now);
        assert_eq!((once.status, once.attempts), (JobStatus::Waiting, 1));
        assert_eq!(once.next_try_at, now + TimeDelta::minutes(1));
        assert_eq!(after(&job(4), gone(), now).status, JobStatus::Failed);
        let no_pdf = after(&job(0), failed(&IppError::NoPdf), now);
        assert_eq!((no_pdf.status, no_pdf.reason.as_str()), (JobStatus::Failed, "no_pdf"));
    }

    #[test]
    fn paper_is_named_as_printers_name_it() {
        assert_eq!(media(&Stock::named("L7163").unwrap()), "iso_a4_210x297mm");
        assert_eq!(media(&Stock::named("62x38.5").unwrap()), "custom_label_62x38.5mm");
    }
}
