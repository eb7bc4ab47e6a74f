//! Bringing in the figures of another municipality, and taking them out again.

use crate::platform::db::Tx;
use crate::platform::db::types::Json;
use crate::platform::error::{Error, Fault};
use crate::platform::events::{self, By};
use crate::platform::ids::ExchangeFileId;
use crate::reports::exchange::file::{self, ExchangeFile, key};
use crate::reports::exchange::queries::ExchangeFileView;
use crate::schema::{exchange_figures, exchange_files};
use diesel::prelude::*;
use serde_json::json;

/// The most files of an organisation.
const MOST: i64 = 500;

/// Brings in a file. One of the same municipality and period takes its place.
///
/// # Errors
/// What is wrong with the file, see [`file::check`]; `exchange.too_many`.
pub fn import(tx: &mut Tx<'_>, by: By, file: &ExchangeFile) -> Result<ExchangeFileView, Error> {
    file::check(file).map_err(Error::invalid_fields)?;
    let view = ExchangeFileView {
        id: ExchangeFileId::new(),
        municipality: file.municipality.trim().to_owned(),
        from_term: file.from_term.to_string(),
        to_term: file.to_term.to_string(),
        imported_at: by.now,
    };
    let same = exchange_files::table
        .filter(exchange_files::organisation_id.eq(by.organisation))
        .filter(exchange_files::municipality.eq(&view.municipality))
        .filter(exchange_files::from_term.eq(&view.from_term).and(exchange_files::to_term.eq(&view.to_term)));
    let before: Option<ExchangeFileId> = same.select(exchange_files::id).get_result(&mut **tx).optional()?;
    if let Some(before) = before {
        forget(tx, before)?;
    }
    let there = exchange_files::table.filter(exchange_files::organisation_id.eq(by.organisation));
    if there.count().get_result::<i64>(&mut **tx)? >= MOST {
        return Err(Error::refused("exchange.too_many").arg("most", MOST));
    }
    diesel::insert_into(exchange_files::table)
        .values((
            exchange_files::id.eq(view.id),
            exchange_files::organisation_id.eq(by.organisation),
            exchange_files::municipality.eq(&view.municipality),
            exchange_files::from_term.eq(&view.from_term),
            exchange_files::to_term.eq(&view.to_term),
            exchange_files::imported_at.eq(by.now),
        ))
        .execute(&mut **tx)?;
    for (position, one) in (0_i32..).zip(&file.kit_types) {
        diesel::insert_into(exchange_figures::table)
            .values((
                exchange_figures::file_id.eq(view.id),
                exchange_figures::position.eq(position),
                exchange_figures::kind.eq(key(&one.name)),
                exchange_figures::figures.eq(Json(serde_json::to_value(one).map_err(Fault::from_error)?)),
            ))
            .execute(&mut **tx)?;
    }
    let to = json!({ "municipality": view.municipality, "from_term": view.from_term, "to_term": view.to_term });
    events::append(tx, by, view.id, "exchange_file.imported", json!({ "from": { "file": before }, "to": to }))?;
    Ok(view)
}

/// Takes a file out.
///
/// # Errors
/// `exchange_file.not_found`.
pub fn remove(tx: &mut Tx<'_>, by: By, id: ExchangeFileId) -> Result<(), Error> {
    let ours = exchange_files::id.eq(id).and(exchange_files::organisation_id.eq(by.organisation));
    let there: i64 = exchange_files::table.filter(ours).count().get_result(&mut **tx)?;
    if there == 0 {
        return Err(Error::not_found("exchange_file.not_found"));
    }
    forget(tx, id)?;
    events::append(tx, by, id, "exchange_file.removed", json!({}))
}

fn forget(tx: &mut Tx<'_>, id: ExchangeFileId) -> Result<(), Error> {
    diesel::delete(exchange_figures::table.filter(exchange_figures::file_id.eq(id))).execute(&mut **tx)?;
    diesel::delete(exchange_files::table.find(id)).execute(&mut **tx)?;
    Ok(())
}
