//! SQLite's one writer: a thread that runs waiting writes in one transaction, each in a savepoint of its own.

use super::connection::{Conn, DatabaseUrl, Use, open};
use super::{Rollback, Tx, stopping};
use crate::platform::error::{Error, Fault};
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::{Connection, QueryResult};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use tokio::sync::oneshot;

/// How many writes one commit may carry; bounds how long the first of them waits for its answer.
const MOST_TOGETHER: usize = 64;

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
        let result = connection.transaction(|c| (self.write)(&mut Tx(c)).map_err(Rollback));
        self.result = Some(result.map_err(|Rollback(error)| error));
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
        // A panic in one write must not take the writer with it: the batch is undone and the connection made anew.
        match catch_unwind(AssertUnwindSafe(|| commit_together(&mut connection, &mut batch))) {
            Ok(Ok(())) => batch.into_iter().for_each(Job::committed),
            Ok(Err(error)) => {
                tracing::error!(%error, "a commit failed");
                batch.into_iter().for_each(|job| job.failed(&error.to_string()));
            }
            Err(_) => {
                tracing::error!("a write panicked; its batch was undone");
                batch.into_iter().for_each(|job| job.failed("another write failed badly"));
                match open(url, Use::Write) {
                    Ok(fresh) => connection = fresh,
                    Err(error) => {
                        tracing::error!(%error, "the writing connection could not be opened anew; writing stops");
                        return;
                    }
                }
            }
        }
    }
}

fn commit_together(connection: &mut Conn, batch: &mut [Box<dyn Job>]) -> QueryResult<()> {
    begin(connection)?;
    for job in batch.iter_mut() {
        job.run(connection);
    }
    match <Conn as Connection>::TransactionManager::commit_transaction(connection) {
        Ok(()) => Ok(()),
        Err(error) => {
            // The commit may have left the transaction open; if it did not, there is nothing to undo.
            let _ = <Conn as Connection>::TransactionManager::rollback_transaction(connection);
            Err(error)
        }
    }
}

/// Takes the write lock at once: a transaction that reads first and asks for the lock later can be refused.
fn begin(connection: &mut Conn) -> QueryResult<()> {
    match connection {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
        Conn::Pg(_) => <Conn as Connection>::TransactionManager::begin_transaction(connection),
    }
}
