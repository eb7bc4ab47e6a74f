//! Kits, units and people from files.

use super::say;
use super::set_up::the_organisation;
use crate::accounts::import::{People, Units};
use crate::kits::import::Kits;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::Db;
use crate::platform::error::{Error, Fault};
use crate::platform::events::By;
use crate::platform::import;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    Kits,
    Units,
    People,
}

#[derive(Debug, Clone, Args)]
pub struct ImportFile {
    /// What is in the file.
    what: What,
    /// A CSV or XLSX file.
    file: PathBuf,
    /// Only tell what would happen.
    #[arg(long)]
    dry_run: bool,
    /// The organisation, by name, when there are several.
    #[arg(long)]
    organisation: Option<String>,
}

/// Imports a file: all of it, or nothing.
pub async fn import(db: Db, _config: Config, args: ImportFile) -> Result<(), Error> {
    let bytes = std::fs::read(&args.file).map_err(|error| Fault::new(format!("{}: {error}", args.file.display())))?;
    let organisation = db.read(move |conn| the_organisation(conn, args.organisation.as_deref())).await?;
    let by = By { organisation: organisation.id, person: None, now: Clock::system().now() };
    let report = match args.what {
        What::Kits => import::run::<Kits>(&db, by, bytes, args.dry_run).await?,
        What::Units => import::run::<Units>(&db, by, bytes, args.dry_run).await?,
        What::People => import::run::<People>(&db, by, bytes, args.dry_run).await?,
    }
    .without_errors()?;
    let (added, unchanged) = (report.added, report.unchanged);
    say(&if report.done {
        format!("{added} added, {unchanged} were there already.")
    } else {
        format!("{added} would be added, {unchanged} are there already. Nothing has been saved.")
    });
    if !report.unknown.is_empty() {
        say(&format!("Columns that are not known were not read: {}.", report.unknown.join(", ")));
    }
    Ok(())
}
