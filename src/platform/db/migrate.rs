//! The migrations, embedded in the binary: same names for both databases.

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{Conn, DatabaseUrl, Use, each, open};
use super::postgres::PgConn;
use crate::platform::error::Fault;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Processes that start together migrate one after the other; the lock ends with the connection. A migration takes the
/// time that it takes.
const ONE_AT_A_TIME: &str = "SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock(7236837)";

/// Brings the database up to this version of the program; says how many migrations ran.
///
/// # Errors
/// When the database cannot be opened, is newer than the program, or a migration fails. A failed migration leaves
/// nothing of itself behind.
pub fn run(url: &DatabaseUrl) -> Result<usize, Fault> {
    if let DatabaseUrl::Sqlite(path) = url
        && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(Fault::from_error)?;
    }
    let mut connection = open(url, Use::Write).map_err(Fault::from_error)?;
    if let Conn::Pg(pg) = &mut connection {
        pg.batch_execute(ONE_AT_A_TIME).map_err(Fault::from)?;
        refuse_foreign_messages(pg)?;
    }
    refuse_newer(&applied(&mut connection)?, &known_versions()?)?;
    let ran = match &mut connection {
        Conn::Sqlite(c) => c.run_pending_migrations(SQLITE).map(|done| done.len()),
        Conn::Pg(c) => c.run_pending_migrations(POSTGRES).map(|done| done.len()),
    };
    ran.map_err(Fault::from_boxed)
}

/// Says what to do when the database is missing, or not of this version of the program. Only those who are asked to
/// make or upgrade a database do so; all others could be looking at the wrong one.
///
/// # Errors
/// When it cannot be used as it is.
pub fn require_current(url: &DatabaseUrl) -> Result<(), Fault> {
    if let DatabaseUrl::Sqlite(path) = url
        && !path.is_file()
    {
        return Err(Fault::new(format!(
            "there is no database {url:?}; name another, or make it with `digilador init`"
        )));
    }
    let mut connection = open(url, Use::Write).map_err(Fault::from_error)?;
    let (applied, known) = (applied(&mut connection)?, known_versions()?);
    refuse_newer(&applied, &known)?;
    if applied.len() < known.len() {
        return Err(Fault::new(format!("{url:?} is older than this program; run `digilador migrate` first")));
    }
    Ok(())
}

/// Some conflicts that end by trying again are known by PostgreSQL's message alone.
fn refuse_foreign_messages(connection: &mut PgConn) -> Result<(), Fault> {
    #[derive(diesel::QueryableByName)]
    struct Setting {
        #[diesel(sql_type = diesel::sql_types::Text)]
        lc_messages: String,
    }
    let language = diesel::sql_query("SELECT current_setting('lc_messages') AS lc_messages");
    let Setting { lc_messages } = language.get_result(connection).map_err(Fault::from)?;
    if speaks_english(&lc_messages) {
        return Ok(());
    }
    Err(Fault::new(format!(
        "PostgreSQL tells its errors in another language (lc_messages is {lc_messages}), and Digilador would not \
         understand them; let a superuser run: ALTER DATABASE … SET lc_messages = 'C'"
    )))
}

fn speaks_english(lc_messages: &str) -> bool {
    // Empty means the server's environment, which is English unless it says otherwise.
    matches!(lc_messages, "" | "POSIX") || lc_messages.starts_with("en") || lc_messages.split('.').next() == Some("C")
}

/// An older program must not write to a newer database: it would not know what the new columns promise.
fn refuse_newer(applied: &[String], known: &[String]) -> Result<(), Fault> {
    match applied.iter().find(|version| !known.contains(version)) {
        Some(version) => Err(Fault::new(format!(
            "the database holds migration {version}, which this version of Digilador does not know; \
             start the newer version, or restore a backup from before the upgrade"
        ))),
        None => Ok(()),
    }
}

fn applied(connection: &mut Conn) -> Result<Vec<String>, Fault> {
    let applied = each!(connection, c => c.applied_migrations()).map_err(Fault::from_boxed)?;
    Ok(applied.iter().map(ToString::to_string).collect())
}

fn known_versions() -> Result<Vec<String>, Fault> {
    use diesel::migration::{Migration, MigrationSource};
    let migrations: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>> = SQLITE.migrations().map_err(Fault::from_boxed)?;
    Ok(migrations.iter().map(|migration| migration.name().version().to_string()).collect())
}

/// Takes back every migration, newest first; for the test that proves they can be taken back.
#[doc(hidden)]
pub fn revert_all(url: &DatabaseUrl) -> Result<usize, Fault> {
    let mut connection = open(url, Use::Write).map_err(Fault::from_error)?;
    match &mut connection {
        Conn::Sqlite(c) => c.revert_all_migrations(SQLITE).map(|done| done.len()),
        Conn::Pg(c) => c.revert_all_migrations(POSTGRES).map(|done| done.len()),
    }
    .map_err(Fault::from_boxed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_must_be_english() {
        for english in ["", "C", "C.UTF-8", "POSIX", "en_US.UTF-8", "en_GB"] {
            assert!(speaks_english(english), "{english}");
        }
        for other in ["sv_SE.UTF-8", "da_DK.UTF-8", "Cymraeg"] {
            assert!(!speaks_english(other), "{other}");
        }
    }
}
