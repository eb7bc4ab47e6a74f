//! The migrations, embedded in the binary: same names for both databases.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{Conn, DatabaseUrl, Use, each, open};
use crate::platform::error::Fault;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

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
