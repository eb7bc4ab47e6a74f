//! One connection to either database, and how the pool makes them.

use diesel::connection::SimpleConnection;
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::sqlite::SqliteConnection;
use diesel::{Connection, ConnectionError, MultiConnection};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio_postgres::config::Host;

use super::postgres::PgConn;

/// A connection to SQLite or PostgreSQL. Queries are written once, against this.
#[derive(MultiConnection)]
#[expect(clippy::large_enum_variant, reason = "diesel's derive needs the connections themselves, and there are few")]
pub enum Conn {
    /// The embedded database.
    Sqlite(SqliteConnection),
    /// PostgreSQL, without libpq.
    Pg(PgConn),
}

/// Runs a query on the concrete connection, for the few shapes that diesel cannot write for both at once: upserts,
/// inserts of many rows, and unions.
macro_rules! each {
    ($conn:expr, $c:ident => $query:expr) => {
        match $conn {
            $crate::platform::db::connection::Conn::Sqlite($c) => $query,
            $crate::platform::db::connection::Conn::Pg($c) => $query,
        }
    };
}
pub(crate) use each;

/// Where the data lies.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// `sqlite://path`: a file, made when it is missing.
    Sqlite(PathBuf),
    /// `postgres://user:password@host/database`.
    Postgres(String),
}

/// How the names of the files end that a SQLite database consists of.
pub const SQLITE_FILES: [&str; 3] = ["", "-wal", "-shm"];

impl DatabaseUrl {
    /// True for PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }
}

/// The place alone: a password can stand anywhere else in an address.
impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(url) => {
                let config: Option<tokio_postgres::Config> = url.parse().ok();
                let hosts: Vec<String> = config.iter().flat_map(tokio_postgres::Config::get_hosts).map(place).collect();
                let name = config.as_ref().and_then(tokio_postgres::Config::get_dbname).unwrap_or_default();
                write!(f, "postgres://{}/{name}", hosts.join(","))
            }
        }
    }
}

fn place(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(path) => path.display().to_string(),
    }
}

/// A database address that is neither of the two kinds.
#[derive(Debug, thiserror::Error)]
#[error("the database address must begin with sqlite:// or postgres://, as in sqlite://data/digilador.sqlite3")]
pub struct BadDatabaseUrl;

impl std::str::FromStr for DatabaseUrl {
    type Err = BadDatabaseUrl;

    // A bare path is refused: a mistyped address must not quietly start an empty database.
    fn from_str(url: &str) -> Result<Self, BadDatabaseUrl> {
        match url.split_once("://") {
            // Each connection would have a database of its own, which is lost with it.
            Some(("sqlite", path)) if path.starts_with(':') => Err(BadDatabaseUrl),
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            Some(("postgres" | "postgresql", rest)) if !rest.is_empty() => Ok(Self::Postgres(url.to_owned())),
            _ => Err(BadDatabaseUrl),
        }
    }
}

/// What a connection is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Reads only; SQLite refuses a write.
    Read,
    /// Reads and writes.
    Write,
}

/// Opens a connection and sets it up.
///
/// # Errors
/// When the database cannot be reached or opened.
pub fn open(url: &DatabaseUrl, usage: Use) -> Result<Conn, ConnectionError> {
    match url {
        DatabaseUrl::Sqlite(path) => open_sqlite(path, usage).map(Conn::Sqlite),
        DatabaseUrl::Postgres(url) => {
            let mut connection = PgConn::establish(url)?;
            connection.batch_execute(POSTGRES_SETTINGS).map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok(Conn::Pg(connection))
        }
    }
}

/// Questions are short and find their rows by an index. Left to itself PostgreSQL takes random reads to be as dear as on
/// a turning disk, and goes through whole tables instead; helpers and compiled plans cost more than they save.
const POSTGRES_SETTINGS: &str = "SET TIME ZONE 'UTC'; SET lock_timeout = '5s'; SET statement_timeout = '30s';
    SET random_page_cost = 1.1; SET max_parallel_workers_per_gather = 0; SET jit = off";

fn open_sqlite(path: &Path, usage: Use) -> Result<SqliteConnection, ConnectionError> {
    let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
    // The wait comes first: switching to WAL needs a lock. FULL: what was answered survives a power cut.
    let mut pragmas = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384; PRAGMA mmap_size = 268435456;"
        .to_owned();
    if usage == Use::Read {
        pragmas.push_str("PRAGMA query_only = ON;");
    }
    connection.batch_execute(&pragmas).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

/// How long after its last query a connection is taken to be alive. If the server went away within it, the query that
/// follows fails as those do that it was busy with.
const SURELY_ALIVE: Duration = Duration::from_secs(1);

/// Makes the pool's connections.
#[derive(Debug)]
pub struct Manager {
    /// Where to connect.
    pub url: DatabaseUrl,
    /// What for.
    pub usage: Use,
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Conn, Self::Error> {
        open(&self.url, self.usage).map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, connection: &mut Conn) -> Result<(), Self::Error> {
        match connection {
            // Asking the server each time costs as much as a query.
            Conn::Pg(pg) if pg.used_within(SURELY_ALIVE) => Ok(()),
            connection => each!(connection, c => c.ping()).map_err(diesel::r2d2::Error::QueryError),
        }
    }

    fn has_broken(&self, connection: &mut Conn) -> bool {
        std::thread::panicking() || each!(connection, c => c.is_broken())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_the_two_schemes_are_taken() {
        assert_eq!("sqlite://a/b.db".parse::<DatabaseUrl>().unwrap(), DatabaseUrl::Sqlite("a/b.db".into()));
        assert!("postgres://u:p@h/d".parse::<DatabaseUrl>().unwrap().is_postgres());
        for bad in ["", "a.db", "sqlite:", "sqlite://", "sqlite://:memory:", "mysql://x", "postgres://"] {
            assert!(bad.parse::<DatabaseUrl>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        for url in
            ["postgres://u:secret@h/d", "postgres:///d?host=h&user=u&password=secret", "postgres://h/d?password=secret"]
        {
            assert_eq!(format!("{:?}", url.parse::<DatabaseUrl>().unwrap()), "postgres://h/d", "{url}");
        }
    }
}
