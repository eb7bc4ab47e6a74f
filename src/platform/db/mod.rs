//! The database: chosen by URL, read from a pool, written through one kind of transaction.
//!
//! On SQLite all writes go through one thread that commits several waiting ones together, each in its own savepoint:
//! more durable writes in a second, and no writer starves. On PostgreSQL each write is a transaction of its own, and
//! is tried again when PostgreSQL asks for that.

pub mod connection;
mod group_commit;
pub mod migrate;
pub mod one_of;
mod postgres;
pub mod types;

use crate::platform::error::{Error, Fault};
use connection::{Conn, DatabaseUrl, Manager, Use};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use group_commit::Writer;
use rand::RngExt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a request waits for its turn, and then for a connection, when one has to be made.
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(10);
/// How often a write is begun anew when PostgreSQL gave it up for another one.
const TRIES: u32 = 6;

/// The database, shared by all who use it.
#[derive(Clone)]
pub struct Db {
    readers: diesel::r2d2::Pool<Manager>,
    /// One for each connection of the pool, given out in the order in which they are asked for: who comes last waits longest,
    /// and nobody much longer than the others.
    turns: Arc<Semaphore>,
    writer: Writers,
}

#[derive(Clone)]
enum Writers {
    Sqlite(Writer),
    Postgres(diesel::r2d2::Pool<Manager>),
}

/// An open write transaction. Only this module makes one, so that whoever holds it knows that what they add stands
/// or falls together with the rest.
pub struct Tx<'c>(&'c mut Conn);

impl Deref for Tx<'_> {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        self.0
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Conn {
        self.0
    }
}

impl Db {
    /// Opens the database, which must have been migrated.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub fn open(url: &DatabaseUrl, connections: u32) -> Result<Self, Fault> {
        let readers = pool(url, Use::Read, connections)?;
        let writer = match url {
            DatabaseUrl::Sqlite(_) => Writers::Sqlite(Writer::start(url.clone())?),
            DatabaseUrl::Postgres(_) => Writers::Postgres(readers.clone()),
        };
        Ok(Self { readers, turns: Arc::new(Semaphore::new(connections as usize)), writer })
    }

    /// Runs a read on a thread for blocking work.
    ///
    /// # Errors
    /// What the closure returns, or a fault when no connection is free.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Conn) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (pool, turn) = (self.readers.clone(), self.turn().await?);
        blocking(turn, move || read(&mut *checkout(&pool)?)).await
    }

    /// Runs a write in a transaction of its own: all of it happens, or nothing. The closure may run more than once.
    /// It must not do anything but database work, since other writers wait for it.
    ///
    /// # Errors
    /// What the closure returns (and then nothing is written), or a fault when the write cannot be made durable.
    pub async fn write<T: Send + 'static>(
        &self,
        write: impl Fn(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        match &self.writer {
            Writers::Sqlite(writer) => writer.run(write).await,
            Writers::Postgres(pool) => self.write_postgres(pool, write).await,
        }
    }

    async fn write_postgres<T: Send + 'static>(
        &self,
        pool: &diesel::r2d2::Pool<Manager>,
        mut write: impl Fn(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let mut tried = 1;
        loop {
            let pool = pool.clone();
            let once = move || Ok((checkout(&pool).and_then(|mut conn| transaction(&mut conn, &write)), write));
            // Others use the connection during the wait.
            let (done, again) = blocking(self.turn().await?, once).await?;
            write = again;
            match done {
                Err(Error::Fault(fault)) if fault.busy && tried < TRIES => {
                    tracing::debug!(tried, fault = fault.chain(), "write begun anew");
                    tried += 1;
                }
                done => return done,
            }
            let wait = Duration::from_millis(rand::rng().random_range(1..20 * u64::from(tried)));
            tokio::time::sleep(wait).await;
        }
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, Error> {
        let turn = tokio::time::timeout(WAIT_FOR_CONNECTION, self.turns.clone().acquire_owned()).await;
        turn.map_err(|_| Fault::busy("no free database connection in time"))?.map_err(|_| stopping())
    }
}

/// Does the work on a thread for blocking work. The turn is over when the work is, also when nobody waits for it any more.
async fn blocking<T: Send + 'static>(
    turn: OwnedSemaphorePermit,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let taking_turn = move || {
        let done = work();
        drop(turn);
        done
    };
    actix_web::web::block(taking_turn).await.map_err(|_| panicked())?
}

fn pool(url: &DatabaseUrl, usage: Use, size: u32) -> Result<diesel::r2d2::Pool<Manager>, Fault> {
    diesel::r2d2::Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        .connection_timeout(WAIT_FOR_CONNECTION)
        .test_on_check_out(url.is_postgres())
        .build(Manager { url: url.clone(), usage })
        .map_err(Fault::from_error)
}

fn checkout(pool: &diesel::r2d2::Pool<Manager>) -> Result<diesel::r2d2::PooledConnection<Manager>, Error> {
    pool.get().map_err(|error| Fault::busy(format!("no free database connection: {error}")).into())
}

fn stopping() -> Error {
    Fault::busy("the program is stopping").into()
}

/// Another try would end the same way.
fn panicked() -> Error {
    Fault::new("the work on the database panicked").into()
}

/// Runs the work in a transaction of this connection: all of it happens, or nothing.
pub(crate) fn transaction<T>(
    connection: &mut Conn,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut cause = None;
    let done = connection.transaction(|c| {
        work(&mut Tx(c)).map_err(|error| {
            cause = Some(error);
            DieselError::RollbackTransaction
        })
    });
    done.map_err(|error| cause.unwrap_or_else(|| error.into()))
}

/// True when the same statement may well succeed in a moment: a deadlock was broken in favour of another, or a lock
/// was not free in time.
pub fn is_busy(error: &DieselError) -> bool {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        DieselError::DatabaseError(_, info) => {
            let message = info.message();
            message.contains("deadlock detected")
                || message.contains("lock timeout")
                || message.contains("database is locked")
        }
        _ => false,
    }
}

/// True when the database refused the statement by this constraint or trigger. SQLite names unique constraints by
/// their columns, so those are asked for with [`is_duplicate`].
pub fn violates(error: &DieselError, name: &str) -> bool {
    match error {
        DieselError::DatabaseError(_, info) => {
            info.constraint_name().is_some_and(|n| n == name) || info.message().contains(name)
        }
        _ => false,
    }
}

/// True when a unique constraint refused the statement.
pub fn is_duplicate(error: &DieselError) -> bool {
    matches!(error, DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _))
}
