//! Who is around the invented municipality: a neighbour that has sent its figures, and a data platform that is told nothing yet.

use crate::platform::db::Tx;
use crate::platform::error::{Error, Fault};
use crate::platform::events::By;
use crate::platform::term::Term;
use crate::reports::exchange::actions as exchange;
use crate::reports::exchange::file::ExchangeFile;
use crate::webhooks::actions::{self as webhooks, AddWebhook};
use chrono::NaiveDate;

/// Brings in the neighbour's figures of the last terms, and names the platform's address.
///
/// # Errors
/// When the demo breaks a rule, or the database fails.
pub fn fill(tx: &mut Tx<'_>, by: By, today: NaiveDate) -> Result<(), Error> {
    let grannby = include_str!("../../assets/demo/grannby.json");
    let file: ExchangeFile = serde_json::from_str(grannby).map_err(Fault::from_error)?;
    let now = Term::of(today);
    exchange::import(tx, by, &ExchangeFile { from_term: now.before(2), to_term: now.before(1), ..file })?;
    let platform =
        AddWebhook { name: "Dataplattformen".to_owned(), url: "https://data.lindvalla.example/digilador".to_owned() };
    let added = webhooks::add(tx, by, &platform, false)?;
    webhooks::pause(tx, by, added.webhook.id, true)?;
    Ok(())
}
