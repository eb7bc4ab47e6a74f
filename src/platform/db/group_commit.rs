//! SQLite's one writer: a thread that runs waiting writes in one transaction, each in a savepoint of its own.

use super::connection::{Conn, DatabaseUrl, Use, open};
use super::{Tx, panicked, stopping, transaction};
use crate::platform::error::{Error, Fault};
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::{Connection, QueryResult};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;
use tokio::sync::oneshot;

/// How many writes one commit may carry; bounds how long the first of them waits for its answer.
const MOST_TOGETHER: usize = 64;
/// How long to wait before the connection is opened again after that has failed.
const OPEN_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Hands writes to the thread.
#[derive(Clone)]
pub struct Writer(mpsc::Sender<Box<dyn Job>>);

/// A write that waits for its turn, and then for the commit.
trait Job: Send {
    /// Runs it in a savepoint; keeps its result.
    fn run(&mut self, connection: &mut Conn);
    /// Answers, now that what it wrote is durable.
    fn committed(self: Box<Self>);
    /// Answers that nothing was written.
    fn failed(self: Box<Self>, why: &str);
}

struct Waiting<T, F> {
    write: F,
    result: Option<Result<T, Error>>,
    answer: oneshot::Sender<Result<T, Error>>,
}

impl<T, F> Job for Waiting<T, F>
where
    T: Send,
    F: Fn(&mut Tx<'_>) -> Result<T, Error> + Send,
{
    fn run(&mut self, connection: &mut Conn) {
        let done = catch_unwind(AssertUnwindSafe(|| transaction(connection, &self.write)));
        self.result = Some(done.unwrap_or_else(|_| Err(panicked())));
    }

    fn committed(self: Box<Self>) {
        // A receiver that is gone belongs to a caller that hung up.
        let _ = self.answer.send(self.result.unwrap_or_else(|| Err(stopping())));
    }

    fn failed(self: Box<Self>, why: &str) {
        let _ = self.answer.send(match self.result {
            Some(Err(error)) => Err(error),
            _ => Err(Fault::busy(format!("the write could not be made durable: {why}")).into()),
        });
    }
}

impl Writer {
    /// Opens the writing connection and starts its thread, which ends when the last `Writer` is dropped.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub fn start(url: DatabaseUrl) -> Result<Self, Fault> {
        let connection = open(&url, Use::Write).map_err(Fault::from_error)?;
        let (sender, jobs) = mpsc::channel();
        std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || work(&url, connection, &jobs))
            .map_err(Fault::from_error)?;
        Ok(Self(sender))
    }

    /// Runs the write and waits until it is durable.
    ///
    /// # Errors
    /// What the write returns, or a fault when it cannot be made durable.
    pub async fn run<T: Send + 'static>(
        &self,
        write: impl Fn(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, done) = oneshot::channel();
        self.0.send(Box::new(Waiting { write, result: None, answer })).map_err(|_| stopping())?;
        done.await.map_err(|_| stopping())?
    }
}

fn work(url: &DatabaseUrl, mut connection: Conn, jobs: &mpsc::Receiver<Box<dyn Job>>) {
    while let Ok(first) = jobs.recv() {
        let mut batch = vec![first];
        while batch.len() < MOST_TOGETHER
            && let Ok(next) = jobs.try_recv()
        {
            batch.push(next);
        }
        match commit_together(&mut connection, &mut batch) {
            Ok(()) => batch.into_iter().for_each(Job::committed),
            Err(fault) => {
                // Undoes what is left of the transaction; how much that is depends on what went wrong.
                drop(connection);
                tracing::error!(error = fault.chain(), "writes were undone");
                batch.into_iter().for_each(|job| job.failed(&fault.chain()));
                match open_again(url, jobs) {
                    Some(fresh) => connection = fresh,
                    None => return,
                }
            }
        }
    }
}

/// Opens the connection, however long it takes; who asks for a write meanwhile is told to try again. None when nobody is
/// left who could ask.
fn open_again(url: &DatabaseUrl, jobs: &mpsc::Receiver<Box<dyn Job>>) -> Option<Conn> {
    loop {
        match open(url, Use::Write) {
            Ok(fresh) => return Some(fresh),
            Err(error) => tracing::error!(%error, "the writing connection could not be opened"),
        }
        match jobs.recv_timeout(OPEN_AGAIN_AFTER) {
            Ok(job) => job.failed("the database cannot be opened"),
            Err(RecvTimeoutError::Timeout) => (),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
}

/// Runs the writes and commits them. After an error none of them may be taken to have happened.
fn commit_together(connection: &mut Conn, batch: &mut [Box<dyn Job>]) -> Result<(), Fault> {
    begin(connection)?;
    for job in batch.iter_mut() {
        job.run(connection);
        // When the disk is full or fails SQLite undoes the whole transaction by itself; when a write panics its savepoint
        // stays open. What ran now would be in a transaction of its own, or in that savepoint.
        if !is_between_writes(connection) {
            return Err(Fault::new("a write ended the transaction of all"));
        }
    }
    Ok(<Conn as Connection>::TransactionManager::commit_transaction(connection)?)
}

/// True inside the batch's transaction and outside every savepoint.
fn is_between_writes(connection: &mut Conn) -> bool {
    let status = <Conn as Connection>::TransactionManager::transaction_manager_status_mut(connection);
    status.transaction_depth().is_ok_and(|depth| depth.is_some_and(|depth| depth.get() == 1))
}

/// Takes the write lock at once: a transaction that reads first and asks for the lock later can be refused.
fn begin(connection: &mut Conn) -> QueryResult<()> {
    match connection {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
        Conn::Pg(_) => <Conn as Connection>::TransactionManager::begin_transaction(connection),
    }
}
