//! What is printed, and the record of what was printed when.

use crate::accounts::session::Person;
use crate::accounts::store::Organisation;
use crate::kits::code::Code;
use crate::labels::address::Address;
use crate::labels::card;
use crate::labels::files::{self, Format, Size, stock_named};
use crate::labels::ipp::Takes;
use crate::labels::layout;
use crate::labels::pdf;
use crate::labels::printers;
use crate::labels::queries::{self, Kind};
use crate::labels::raster;
use crate::labels::render::Label;
use crate::labels::sheets::Sheets;
use crate::labels::stock::{Fits, Form, Stock, USUAL};
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::{Error, Fault, FieldError};
use crate::platform::events::{self, By};
use crate::platform::ids::{LabelPrintId, OrganisationId, PersonId, PrinterId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::schema::label_prints;
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
    /// The name of the label stock, as `L7163`, or a label's size in millimetres, as `62x38`. The printer's own unless
    /// said, or else `L7163`.
    #[serde(default)]
    pub sheet: Option<String>,
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

fn one() -> u32 {
    1
}

/// The most copies of a label.
pub const MOST_COPIES: u32 = 20;
/// The most labels printed at once, copies and all.
const MOST_PRINTED: usize = 4000;

/// An order with everything read that its pages need: what follows takes a while, and needs no database.
#[derive(Debug, Clone)]
pub struct Ready {
    labels: Vec<Label>,
    stock: Stock,
    start: u32,
    copies: u32,
}

impl Order {
    /// Reads what the labels say, and checks that they can be printed.
    ///
    /// # Errors
    /// `label.none`, `label.too_many`, `kit.unknown_code`, `kit.retired`, `label.unknown_sheet`, `label.no_such_place`,
    /// `field.range` on their fields.
    pub fn read(&self, conn: &mut Conn, organisation: &Organisation, address: &Address) -> Result<Ready, Error> {
        if self.codes.is_empty() {
            return Err(Error::invalid("codes", "label.none"));
        }
        if self.codes.len() > queries::MOST {
            return Err(FieldError::new("codes", "label.too_many").arg("most", queries::MOST).into());
        }
        if self.codes.len() * self.copies as usize > MOST_PRINTED {
            return Err(FieldError::new("copies", "label.too_many").arg("most", MOST_PRINTED).into());
        }
        self.read_any_number(conn, organisation, address)
    }

    /// As [`read`](Self::read), of as many labels as are wanted: for who has the machine to themselves.
    ///
    /// # Errors
    /// As for [`read`](Self::read), but for their number.
    pub fn read_any_number(
        &self,
        conn: &mut Conn,
        organisation: &Organisation,
        address: &Address,
    ) -> Result<Ready, Error> {
        let stock = stock_named("sheet", self.sheet.as_deref().unwrap_or(USUAL))?;
        let places = stock.per_page();
        if !(1..=places).contains(&self.start) {
            return Err(FieldError::new("start", "label.no_such_place").arg("places", i64::from(places)).into());
        }
        if !(1..=MOST_COPIES).contains(&self.copies) {
            let wrong = FieldError::new("copies", "field.range");
            return Err(wrong.arg("least", 1).arg("most", i64::from(MOST_COPIES)).into());
        }
        let mut labels = Vec::new();
        for codes in self.codes.chunks(queries::MOST) {
            labels.extend(queries::labels(conn, organisation, address, self.kind, codes)?);
        }
        Ok(Ready { labels, stock, start: self.start, copies: self.copies })
    }
}

impl Ready {
    /// The pages as a printer takes them, moved by `offset` millimetres to the right and down.
    ///
    /// # Errors
    /// When they cannot be made.
    pub fn pages(&self, takes: Takes, offset: (f32, f32)) -> Result<Vec<u8>, Error> {
        let Self { labels, stock, start, copies } = self;
        match takes {
            Takes::Pdf => self.pdf(offset, true),
            Takes::Raster(paper) => {
                let sheets = Sheets { stock, start: *start, copies: *copies, offset, as_fed: true };
                raster::pages(labels, &sheets, paper).map_err(files::told)
            }
        }
    }

    /// The pages, moved by `offset` millimetres to the right and down; `as_fed` turns them as they lie in the printer.
    ///
    /// # Errors
    /// When they cannot be made.
    pub fn pdf(&self, offset: (f32, f32), as_fed: bool) -> Result<Vec<u8>, Error> {
        let Self { labels, stock, start, copies } = self;
        let sheets = Sheets { stock, start: *start, copies: *copies, offset, as_fed };
        pdf::pdf(labels, &sheets).map_err(files::told)
    }

    /// What is printed, in a few words: "14 etiketter: Bee-Bot A och 13 till".
    pub fn title(&self, t: Texts) -> String {
        let kit = self.labels.first().map(|label| format!("{} {}", label.name(), label.code).trim().to_owned());
        let (kit, more) = (kit.unwrap_or_default(), self.labels.len().saturating_sub(1));
        let count = self.labels.len() * self.copies as usize;
        match more {
            0 => t.a("labels-job-kit", &[("count", count.into()), ("kit", kit.into())]),
            more => t.a("labels-job-kits", &[("count", count.into()), ("kit", kit.into()), ("more", more.into())]),
        }
    }
}

/// Labels that are ready to be made.
#[derive(Debug, Clone)]
pub struct Prepared {
    order: Order,
    ready: Ready,
    offset: (f32, f32),
}

/// Prepares labels that a computer prints. With a printer, on its stock and by its offsets.
///
/// # Errors
/// What is wrong with the order or the printer.
pub fn prepare(
    conn: &mut Conn,
    organisation: &Organisation,
    address: &Address,
    printer: Option<PrinterId>,
    order: &Order,
) -> Result<Prepared, Error> {
    let printer = printer.map(|id| printers::find(conn, organisation.id, id)).transpose()?;
    let mut order = order.clone();
    order.sheet = order.sheet.or_else(|| printer.as_ref().map(|printer| printer.stock.clone()));
    let ready = order.read(conn, organisation, address)?;
    let offset = printer.map_or((0.0, 0.0), |printer| printer.offset());
    if layout::runs_out(&ready.stock, offset) {
        return Err(Error::invalid("printer", "printer.runs_out"));
    }
    Ok(Prepared { order, ready, offset })
}

impl Prepared {
    /// What was ordered, with the stock that it is on.
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// Whether it can be had in that format: what label printers take is for their rolls, and a picture is of one label.
    ///
    /// # Errors
    /// `label.not_a_roll` on the field `sheet`, `label.one_picture` on the field `codes`.
    pub fn check(&self, format: Option<Format>) -> Result<(), Error> {
        if format.is_some() && self.ready.stock.form == Form::Sheet {
            return Err(Error::invalid("sheet", "label.not_a_roll"));
        }
        if format == Some(Format::Png) && self.ready.labels.len() != 1 {
            return Err(Error::invalid("codes", "label.one_picture"));
        }
        Ok(())
    }

    /// The labels as PDF, or as one file in the format that a label printer takes.
    ///
    /// # Errors
    /// When they cannot be made.
    pub fn file(&self, format: Option<Format>) -> Result<Vec<u8>, Error> {
        let Some(format) = format.filter(|format| *format != Format::Pdf) else {
            return self.ready.pdf(self.offset, false);
        };
        let size = Size {
            size: Some(self.ready.stock.name.clone()),
            dpi: Some(self.ready.stock.dots_per_inch),
            offset: self.offset,
        };
        let mut file = Vec::new();
        for label in &self.ready.labels {
            let one = files::one(label, format, &size)?;
            let copies = if format == Format::Zpl { self.ready.copies } else { 1 };
            (0..copies).for_each(|_| file.extend_from_slice(&one));
        }
        Ok(file)
    }
}

/// Makes labels, and notes that they were printed.
///
/// # Errors
/// When they cannot be made.
pub async fn make(app: &AppState, by: By, prepared: Prepared) -> Result<Vec<u8>, Error> {
    let order = prepared.order.clone();
    let file = long_work(move || prepared.file(None)).await?;
    app.db.write(move |tx| note(tx, by, &order)).await?;
    Ok(file)
}

/// Contents cards of kits, as PDF; that they were printed is noted.
///
/// # Errors
/// What is wrong with the codes or the labels' address.
pub async fn cards(app: &AppState, who: &Person, codes: Vec<String>) -> Result<Vec<u8>, Error> {
    let (organisation, address) = (who.organisation.clone(), Address::of(&app.config)?);
    let cards = app.db.read(move |conn| queries::cards(conn, &organisation, &address, &codes)).await?;
    let carded: Vec<Code> = cards.iter().filter_map(|card| Code::parse(&card.code).ok()).collect();
    let file = long_work(move || card::pdf(&cards).map_err(files::told)).await?;
    let by = who.by(app.clock.now());
    app.db.write(move |tx| note_codes(tx, by, &carded, "card", "A5", 1)).await?;
    Ok(file)
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
    code: Code,
    kind: String,
    stock: String,
    copies: i32,
    printed_at: Instant,
    printed_by: Option<PersonId>,
}

/// Notes that labels were printed.
///
/// # Errors
/// When the database fails.
pub fn note(tx: &mut Tx<'_>, by: By, order: &Order) -> Result<(), Error> {
    let codes: Vec<Code> = order.codes.iter().filter_map(|code| Code::parse(code).ok()).collect();
    let sheet = order.sheet.as_deref().unwrap_or(USUAL);
    // Where there is no code to scan, a box has no label yet.
    let words_alone = Stock::named(sheet).is_some_and(|stock| stock.fits == Fits::Text);
    let kind = if words_alone { Kind::Part } else { order.kind };
    note_codes(tx, by, &codes, &kind.to_string(), sheet, order.copies)
}

fn note_codes(tx: &mut Tx<'_>, by: By, codes: &[Code], kind: &str, sheet: &str, copies: u32) -> Result<(), Error> {
    for code in codes {
        let print = Print {
            id: LabelPrintId::new(),
            organisation_id: by.organisation,
            code: *code,
            kind: kind.to_owned(),
            stock: sheet.to_owned(),
            copies: i32::try_from(copies).unwrap_or(i32::MAX),
            printed_at: by.now,
            printed_by: by.person,
        };
        diesel::insert_into(label_prints::table).values(&print).execute(&mut **tx)?;
    }
    let to = json!({ "kind": kind, "sheet": sheet, "copies": copies, "labels": codes.len() });
    events::append(tx, by, by.organisation, "organisation.labels_printed", json!({ "to": to }))
}
