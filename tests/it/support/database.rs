//! A database for each test: a copy of a template that is migrated and seeded once.
//!
//! PostgreSQL is the server that `DIGILADOR_TEST_POSTGRES` names; when it is not set, `tests/postgres` starts one that
//! ends with this process.

use super::app;
use diesel::Connection;
use diesel::connection::{InstrumentationEvent, SimpleConnection};
use digilador::platform::db::connection::{Conn, DatabaseUrl, Use, open};
use digilador::platform::db::{Db, migrate};
use sha2::{Digest, Sha256};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};
use tempfile::TempDir;

/// The two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// A database that lives as long as this value.
pub struct Database {
    pub url: DatabaseUrl,
    /// Where its server keeps files: the SQLite database itself, mails.
    pub folder: TempDir,
    /// Its name on PostgreSQL.
    name: Option<String>,
}

impl Database {
    /// Migrated, with the two organisations and their people (see [`app::seed`]).
    pub fn seeded(kind: Kind) -> Self {
        static SQLITE: OnceLock<PathBuf> = OnceLock::new();
        static POSTGRES: OnceLock<String> = OnceLock::new();
        match kind {
            Kind::Sqlite => {
                let template = SQLITE.get_or_init(sqlite_template);
                let database = Self::empty(kind);
                std::fs::copy(template, database.folder.path().join("digilador.sqlite3")).unwrap();
                database
            }
            Kind::Postgres => {
                let template = POSTGRES.get_or_init(postgres_template);
                Self::on_postgres(&format!("TEMPLATE {template}"))
            }
        }
    }

    /// Without a table.
    pub fn empty(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let url = DatabaseUrl::Sqlite(folder.path().join("digilador.sqlite3"));
                Self { url, folder, name: None }
            }
            Kind::Postgres => Self::on_postgres("TEMPLATE template0"),
        }
    }

    fn on_postgres(how: &str) -> Self {
        let name = format!("digilador_{}", uuid::Uuid::now_v7().simple());
        on_server(&format!("CREATE DATABASE {name} {how}"));
        Self { url: at(&name), folder: tempfile::tempdir().unwrap(), name: Some(name) }
    }

    /// Works on the database through a connection that the watch over query plans does not see.
    pub fn directly<T: Send>(&self, work: impl FnOnce(&mut Conn) -> T + Send) -> T {
        // A thread of its own: a connection to PostgreSQL cannot be made on one that runs a server.
        let done = std::thread::scope(|scope| scope.spawn(|| work(&mut connect(&self.url))).join());
        done.unwrap_or_else(|failure| std::panic::resume_unwind(failure))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            on_server(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

fn connect(url: &DatabaseUrl) -> Conn {
    let mut connection = open(url, Use::Write).unwrap();
    connection.set_instrumentation(|_: InstrumentationEvent<'_>| ());
    connection
}

fn on_server(statement: &str) {
    let mut connection = connect(&DatabaseUrl::Postgres(server().to_owned()));
    connection.batch_execute(statement).unwrap();
}

/// The address of a database on the test server.
fn at(name: &str) -> DatabaseUrl {
    let (address, query) = server().split_once('?').map_or((server(), None), |(a, q)| (a, Some(q)));
    let (host, _) = address.rsplit_once('/').expect("an address like postgres://user@host/database");
    DatabaseUrl::Postgres(match query {
        Some(query) => format!("{host}/{name}?{query}"),
        None => format!("{host}/{name}"),
    })
}

/// The address of the test server.
fn server() -> &'static str {
    static SERVER: OnceLock<String> = OnceLock::new();
    SERVER.get_or_init(|| match std::env::var_os("DIGILADOR_TEST_POSTGRES") {
        Some(url) => url.into_string().expect("an address"),
        None => start_server(),
    })
}

fn start_server() -> String {
    /// Holds the open end of the server's standard input: it stops when this process is gone.
    static CHILD: Mutex<Option<Child>> = Mutex::new(None);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/postgres");
    let mut child = Command::new(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut address = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
    *CHILD.lock().unwrap() = Some(child);
    assert!(
        address.starts_with("postgres://"),
        "tests/postgres could not start a server; run tests/run, or install PostgreSQL"
    );
    address.trim().to_owned()
}

/// Names a template by what it is made of, so that an old one is never used.
fn fingerprint() -> String {
    let mut hash = Sha256::new();
    hash.update(include_str!("app.rs"));
    for folder in ["migrations/sqlite", "migrations/postgres"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut names: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        for name in names {
            hash.update(std::fs::read(name.join("up.sql")).unwrap());
        }
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn build(url: &DatabaseUrl) {
    migrate::run(url).unwrap();
    let db = Db::open(url, 1).unwrap();
    actix_web::rt::System::new().block_on(app::seed(&db));
}

fn sqlite_template() -> PathBuf {
    let template = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("template-{}.sqlite3", fingerprint()));
    if !template.exists() {
        let database = Database::empty(Kind::Sqlite);
        build(&database.url);
        // Complete under a name of its own first: other processes may be doing the same.
        let complete = template.with_extension(uuid::Uuid::now_v7().simple().to_string());
        database.directly(|conn| conn.batch_execute(&format!("VACUUM INTO '{}'", complete.display())).unwrap());
        std::fs::rename(complete, &template).unwrap();
    }
    template
}

fn postgres_template() -> String {
    let template = format!("template_{}", fingerprint());
    let mut connection = connect(&DatabaseUrl::Postgres(server().to_owned()));
    // Other processes may be about to make the same.
    connection.batch_execute("SET lock_timeout = 0; SET statement_timeout = 0; SELECT pg_advisory_lock(1)").unwrap();
    if super::app::count(&mut connection, &format!("SELECT count(*) FROM pg_database WHERE datname = '{template}'"))
        == 0
    {
        let name = format!("building_{}", uuid::Uuid::now_v7().simple());
        connection.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).unwrap();
        build(&at(&name));
        connection
            .batch_execute(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}';"))
            .unwrap();
        connection.batch_execute(&format!("ALTER DATABASE {name} RENAME TO {template}")).unwrap();
    }
    connection.batch_execute("SELECT pg_advisory_unlock(1)").unwrap();
    template
}
