//! Labels as a PDF to print.

use super::say;
use super::set_up::the_organisation;
use crate::labels::address::Address;
use crate::labels::prints::{self, Order};
use crate::labels::queries::{self, Kind};
use crate::labels::stock::USUAL;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::Db;
use crate::platform::error::{Error, Fault};
use crate::platform::events::By;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Clone, Args)]
pub struct PrintLabels {
    /// The PDF file to write.
    #[arg(long)]
    out: PathBuf,
    /// The name of the label stock, as L7163, or a label's size in millimetres, as 62x38.
    #[arg(long, default_value = USUAL)]
    sheet: String,
    /// Where they go: box, lid or part.
    #[arg(long, default_value = "box")]
    kind: Kind,
    /// How many of each.
    #[arg(long, default_value_t = 1)]
    copies: u32,
    /// The place of the first label on the first sheet, from 1.
    #[arg(long, default_value_t = 1)]
    start: u32,
    /// All kits that are not retired.
    #[arg(long, conflicts_with = "codes")]
    all: bool,
    /// The organisation, by name, when there are several.
    #[arg(long)]
    organisation: Option<String>,
    /// The codes of the kits.
    #[arg(required_unless_present = "all", value_name = "CODE")]
    codes: Vec<String>,
}

/// Writes labels to a file, and notes that they were printed.
pub async fn labels(db: Db, config: Config, args: PrintLabels) -> Result<(), Error> {
    let PrintLabels { out, sheet, kind, copies, start, all, organisation, codes } = args;
    let address = Address::of(&config)?;
    let (order, organisation, ready) = db
        .read(move |conn| {
            let organisation = the_organisation(conn, organisation.as_deref())?;
            let codes = if all { queries::all_codes(conn, organisation.id)? } else { codes.clone() };
            let order = Order { codes, kind, sheet: Some(sheet.clone()), start, copies };
            let ready = order.read_any_number(conn, &organisation, &address)?;
            Ok((order, organisation.id, ready))
        })
        .await?;
    let pdf = ready.pdf((0.0, 0.0), false)?;
    std::fs::write(&out, pdf).map_err(|error| Fault::new(format!("{}: {error}", out.display())))?;
    let by = By { organisation, person: None, now: Clock::system().now() };
    let count = order.codes.len() * copies as usize;
    db.write(move |tx| prints::note(tx, by, &order)).await?;
    let labels = if count == 1 { "1 label is".to_owned() } else { format!("{count} labels are") };
    say(&format!("{labels} in {}.", out.display()));
    Ok(())
}
