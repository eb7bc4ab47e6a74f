//! What is printed, and the record of what was printed when.

use crate::accounts::session::Person;
use crate::accounts::store::Organisation;
use crate::kits::code::Code;
use crate::labels::address::Address;
use crate::labels::card;
use crate::labels::files::{self, copies, stock_named};
use crate::labels::printers;
use crate::labels::queries::{self, Kind};
use crate::labels::render::Label;
use crate::labels::stock::Stock;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::{Error, Fault};
use crate::platform::events::{self, By};
use crate::platform::ids::{KitId, LabelPrintId, OrganisationId, PersonId, PrinterId};
use crate::platform::state::AppState;
use crate::schema::{kits, label_prints};
use actix_web::web;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Labels to print.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The codes of the kits, or codes that are on no kit yet, in the order wanted.
    #[schema(min_items = 1, max_items = 2000)]
    pub codes: Vec<String>,
    /// Where the labels go; on the box unless said.
    #[serde(default = "usual_kind")]
    #[schema(inline)]
    pub kind: Kind,
    /// The name of the label stock, as `L7163`, or a label's size in millimetres, as `62x38`.
    #[serde(default = "usual_sheet")]
    pub sheet: String,
    /// The place of the first label on the first page, from 1.
    #[serde(default = "one")]
    #[schema(minimum = 1)]
    pub start: u32,
    /// How many of each.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 20)]
    pub copies: u32,
}

fn usual_kind() -> Kind {
    Kind::Box
}

fn usual_sheet() -> String {
    crate::labels::stock::USUAL.to_owned()
}

fn one() -> u32 {
    1
}

/// An order with everything read that its pages need: what follows takes a while, and needs no database.
pub struct Ready {
    labels: Vec<Label>,
    stock: Stock,
    start: u32,
}

impl Order {
    /// Reads what the labels say.
    ///
    /// # Errors
    /// `label.none`, `label.too_many`, `kit.unknown_code`, `kit.retired`, `label.unknown_sheet`, `field.range` on their
    /// fields.
    pub fn read(&self, conn: &mut Conn, organisation: &Organisation, address: &Address) -> Result<Ready, Error> {
        let stock = stock_named("sheet", &self.sheet)?;
        let labels = queries::labels(conn, organisation, address, self.kind, &self.codes)?;
        Ok(Ready { labels: copies(labels, self.copies)?, stock, start: self.start })
    }
}

impl Ready {
    /// The pages, moved by `offset` millimetres to the right and down.
    ///
    /// # Errors
    /// `label.no_such_place` on the field `start`.
    pub fn pdf(&self, offset: (f32, f32)) -> Result<Vec<u8>, Error> {
        files::sheets(&self.labels, &self.stock, self.start, offset)
    }

    /// The stock.
    pub fn stock(&self) -> &Stock {
        &self.stock
    }
}

/// Makes labels, and notes that they were printed. With a printer, by its offsets.
///
/// # Errors
/// What is wrong with the order, the printer or the labels' address.
pub async fn printed(app: &AppState, who: &Person, printer: Option<PrinterId>, order: Order) -> Result<Vec<u8>, Error> {
    let (organisation, address) = (who.organisation.clone(), Address::of(&app.config)?);
    let wanted = order.clone();
    let (ready, offset) = app
        .db
        .read(move |conn| {
            let printer = printer.map(|id| printers::find(conn, organisation.id, id)).transpose()?;
            let offset = printer.map_or((0.0, 0.0), |printer| printer.offset());
            Ok((wanted.read(conn, &organisation, &address)?, offset))
        })
        .await?;
    let file = long_work(move || ready.pdf(offset)).await?;
    let by = who.by(app.clock.now());
    app.db.write(move |tx| note(tx, by, &order)).await?;
    Ok(file)
}

/// Contents cards of kits, as PDF.
///
/// # Errors
/// What is wrong with the codes or the labels' address.
pub async fn cards(app: &AppState, who: &Person, codes: Vec<String>) -> Result<Vec<u8>, Error> {
    let (organisation, address) = (who.organisation.clone(), Address::of(&app.config)?);
    let cards = app.db.read(move |conn| queries::cards(conn, &organisation, &address, &codes)).await?;
    long_work(move || card::pdf(&cards).map_err(files::told)).await
}

/// Works on a thread for long work, with no database connection in hand.
///
/// # Errors
/// What went wrong there.
pub async fn long_work<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    web::block(work).await.map_err(Fault::from_error)?
}

/// A label that was printed.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = label_prints)]
struct Print {
    id: LabelPrintId,
    organisation_id: OrganisationId,
    kit_id: KitId,
    code: Code,
    kind: Kind,
    stock: String,
    copies: i32,
    printed_at: Instant,
    printed_by: Option<PersonId>,
}

/// Notes that labels were printed. Codes that are on no kit have nothing to be noted on.
///
/// # Errors
/// When the database fails.
pub fn note(tx: &mut Tx<'_>, by: By, order: &Order) -> Result<(), Error> {
    let codes: Vec<Code> = order.codes.iter().filter_map(|code| Code::parse(code).ok()).collect();
    let kits: Vec<(KitId, Code)> = kits::table
        .filter(kits::organisation_id.eq(by.organisation).and(kits::code.eq_any(&codes)))
        .select((kits::id, kits::code))
        .load(&mut **tx)?;
    for (kit_id, code) in &kits {
        let print = Print {
            id: LabelPrintId::new(),
            organisation_id: by.organisation,
            kit_id: *kit_id,
            code: *code,
            kind: order.kind,
            stock: order.sheet.clone(),
            copies: i32::try_from(order.copies).unwrap_or(i32::MAX),
            printed_at: by.now,
            printed_by: by.person,
        };
        diesel::insert_into(label_prints::table).values(&print).execute(&mut **tx)?;
    }
    let to = json!({ "kind": order.kind, "sheet": order.sheet, "copies": order.copies, "labels": codes.len() });
    events::append(tx, by, by.organisation, "organisation.labels_printed", json!({ "to": to }))
}
