//! Printers: where they are, which labels lie in them, and how far beside the place they print.

use crate::accounts::rules::line;
use crate::labels::files::stock_named;
use crate::labels::layout;
use crate::labels::printer_address::PrinterAddress;
use crate::labels::stock::USUAL;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::{Error, FieldError, all_fields};
use crate::platform::events::{self, By};
use crate::platform::ids::{OrganisationId, PrinterId};
use crate::schema::printers;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The farthest that a print is moved, in millimetres.
const FARTHEST: f32 = 10.0;
/// The longest address.
const LONGEST_ADDRESS: usize = 300;

/// A printer.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = printers)]
pub struct Printer {
    /// The printer.
    pub id: PrinterId,
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// What people call it.
    pub name: String,
    /// Where it prints by itself, as `ipp://printer.example/ipp/print`; empty for one that a computer prints on.
    pub address: String,
    /// The label stock that lies in it.
    pub stock: String,
    /// How far its print is moved to the right, in tenths of a millimetre.
    pub offset_x: i32,
    /// How far its print is moved down, in tenths of a millimetre.
    pub offset_y: i32,
    /// The tray in which the labels lie, as the printer names it; empty when the printer decides.
    pub tray: String,
    /// What kind of paper the printer is told that they are; empty for labels where it knows them.
    pub media_type: String,
    /// Counts the changes.
    pub version: i32,
    /// When it was added.
    pub created_at: Instant,
    /// When it was removed.
    pub removed_at: Option<Instant>,
}

impl Printer {
    /// How far its print is moved to the right and down, in millimetres.
    pub fn offset(&self) -> (f32, f32) {
        (self.offset_x as f32 / 10.0, self.offset_y as f32 / 10.0)
    }
}

/// What a printer is to be.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SavePrinter {
    /// What people call it.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// Where it prints by itself, as `ipp://printer.example/ipp/print`; empty for one that a computer prints on.
    #[serde(default)]
    #[schema(max_length = 300)]
    pub address: String,
    /// The label stock that lies in it.
    #[serde(default = "usual_stock")]
    pub stock: String,
    /// How far its print is moved to the right, in millimetres.
    #[serde(default)]
    #[schema(minimum = -10, maximum = 10)]
    pub offset_x: f32,
    /// How far its print is moved down, in millimetres.
    #[serde(default)]
    #[schema(minimum = -10, maximum = 10)]
    pub offset_y: f32,
    /// The tray in which the labels lie, one of the printer's `media-source-supported`; the printer decides unless said.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub tray: String,
    /// What kind of paper the printer is told that they are, one of its `media-type-supported`; `labels` unless said, where
    /// it knows them.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub media_type: String,
}

impl SavePrinter {
    /// A printer that prints in its place, from the tray that it chooses.
    pub fn new(name: String, address: String, stock: String) -> Self {
        Self { name, address, stock, offset_x: 0.0, offset_y: 0.0, tray: String::new(), media_type: String::new() }
    }
}

fn usual_stock() -> String {
    USUAL.to_owned()
}

/// A printer as the API tells it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PrinterView {
    /// The printer.
    pub id: PrinterId,
    /// What it is.
    #[serde(flatten)]
    pub printer: SavePrinter,
    /// Counts the changes; send it as `If-Match`.
    pub version: i32,
}

impl From<Printer> for PrinterView {
    fn from(row: Printer) -> Self {
        let (offset_x, offset_y) = row.offset();
        let Printer { id, name, address, stock, tray, media_type, version, .. } = row;
        Self { id, printer: SavePrinter { name, address, stock, offset_x, offset_y, tray, media_type }, version }
    }
}

/// The printers of an organisation, in the order in which they were added.
///
/// # Errors
/// When the database fails.
pub fn all(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<Printer>, Error> {
    Ok(printers::table
        .filter(printers::organisation_id.eq(organisation).and(printers::removed_at.is_null()))
        .order(printers::id.asc())
        .load(conn)?)
}

/// A printer of an organisation.
///
/// # Errors
/// `printer.not_found`.
pub fn find(conn: &mut Conn, organisation: OrganisationId, id: PrinterId) -> Result<Printer, Error> {
    printers::table
        .filter(printers::id.eq(id).and(printers::organisation_id.eq(organisation)))
        .filter(printers::removed_at.is_null())
        .get_result(conn)
        .optional()?
        .ok_or_else(|| Error::not_found("printer.not_found"))
}

/// Tenths of a millimetre.
fn tenths(field: &str, millimetres: f32) -> Result<i32, FieldError> {
    if (-FARTHEST..=FARTHEST).contains(&millimetres) {
        Ok((millimetres * 10.0).round() as i32)
    } else {
        Err(FieldError::new(field, "field.range").arg("least", -FARTHEST as i64).arg("most", FARTHEST as i64))
    }
}

fn address(text: &str) -> Result<String, FieldError> {
    let text = text.trim();
    if text.is_empty() || (text.len() <= LONGEST_ADDRESS && PrinterAddress::read(text).is_some()) {
        Ok(text.to_owned())
    } else {
        Err(FieldError::new("address", "printer.address"))
    }
}

fn name(text: &str) -> Result<String, FieldError> {
    let name = line("name", text)?;
    if name.is_empty() { Err(FieldError::new("name", "field.missing")) } else { Ok(name) }
}

fn checked(by: By, id: PrinterId, version: i32, save: &SavePrinter) -> Result<Printer, Error> {
    all_fields! {
        name = name(&save.name),
        address = address(&save.address),
        stock = stock_named("stock", &save.stock),
        offset_x = tenths("offset_x", save.offset_x),
        offset_y = tenths("offset_y", save.offset_y),
        tray = line("tray", &save.tray),
        media_type = line("media_type", &save.media_type),
    }
    if layout::runs_out(&stock, (save.offset_x, save.offset_y)) {
        return Err(Error::invalid("offset_x", "printer.runs_out"));
    }
    Ok(Printer {
        id,
        organisation_id: by.organisation,
        name,
        address,
        stock: stock.name,
        offset_x,
        offset_y,
        tray,
        media_type,
        version,
        created_at: by.now,
        removed_at: None,
    })
}

/// Adds a printer.
///
/// # Errors
/// `request.invalid` with every wrong field.
pub fn add(tx: &mut Tx<'_>, by: By, save: &SavePrinter) -> Result<PrinterView, Error> {
    let printer = checked(by, PrinterId::new(), 1, save)?;
    diesel::insert_into(printers::table).values(&printer).execute(&mut **tx)?;
    events::append(tx, by, printer.id, "printer.added", json!({ "to": save }))?;
    Ok(printer.into())
}

/// Changes a printer.
///
/// # Errors
/// `printer.not_found`, `request.changed_meanwhile`, `request.invalid` with every wrong field.
pub fn change(
    tx: &mut Tx<'_>,
    by: By,
    id: PrinterId,
    save: &SavePrinter,
    seen: Option<i32>,
) -> Result<PrinterView, Error> {
    let old = find(tx, by.organisation, id)?;
    let new = checked(by, id, old.version + 1, save)?;
    let same = printers::table.filter(printers::id.eq(id).and(printers::version.eq(seen.unwrap_or(old.version))));
    let changed = diesel::update(same)
        .set((
            printers::name.eq(&new.name),
            printers::address.eq(&new.address),
            printers::stock.eq(&new.stock),
            printers::offset_x.eq(new.offset_x),
            printers::offset_y.eq(new.offset_y),
            printers::tray.eq(&new.tray),
            printers::media_type.eq(&new.media_type),
            printers::version.eq(new.version),
        ))
        .execute(&mut **tx)?;
    if changed == 0 {
        return Err(Error::changed_meanwhile());
    }
    let from = PrinterView::from(old).printer;
    events::append(tx, by, id, "printer.changed", json!({ "from": from, "to": save }))?;
    Ok(new.into())
}

/// Removes a printer; what it has to do is called off before. What it has printed stays on record.
///
/// # Errors
/// `printer.not_found`.
pub(super) fn remove(tx: &mut Tx<'_>, by: By, id: PrinterId) -> Result<(), Error> {
    find(tx, by.organisation, id)?;
    diesel::update(printers::table.find(id)).set(printers::removed_at.eq(by.now)).execute(&mut **tx)?;
    events::append(tx, by, id, "printer.removed", json!({}))
}
