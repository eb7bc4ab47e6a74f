//! Labels as files to print. This takes a while for many, so it is done outside of every transaction.

use crate::labels::pdf;
use crate::labels::render::{self, Label, RenderError};
use crate::labels::sheets::Sheets;
use crate::labels::stock::{self, Stock, USUAL};
use crate::labels::{raster, zpl};
use crate::platform::db::types::text_enum;
use crate::platform::error::{Error, Fault, FieldError};

text_enum! {
    /// What a label can be had as.
    pub enum Format {
        /// The square code as a picture.
        Png = "png",
        /// The label as a drawing.
        Svg = "svg",
        /// The label as a page.
        Pdf = "pdf",
        /// The label in the language of label printers.
        Zpl = "zpl",
    }
}

impl Format {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Svg => "image/svg+xml",
            Self::Pdf => "application/pdf",
            Self::Zpl => "application/zpl",
        }
    }
}

/// The sides a picture of a code may have, in pixels.
const PIXELS: std::ops::RangeInclusive<u32> = 50..=2000;
/// The side unless asked for.
const USUAL_PIXELS: u32 = 400;

/// The most dots of a label that is set dot by dot: the largest that is known, on the finest printer.
const MOST_DOTS: f32 = 10_000_000.0;

/// What one label is wanted as.
#[derive(Debug, Clone, Default)]
pub struct Size {
    /// Of a picture of the code alone, its side in pixels, 50 to 2000; else the name of a stock, or a label's size in
    /// millimetres, as `62x38`.
    pub size: Option<String>,
    /// The dots of the label's printer in an inch, 100 to 600. A PNG is then the whole label as the printer sets it.
    pub dpi: Option<u32>,
    /// How far what a label printer sets is moved to the right and down, in millimetres.
    pub offset: (f32, f32),
}

/// One label.
///
/// # Errors
/// `label.pixels`, `label.unknown_sheet` or `label.too_large` on the field `size`, `label.dots` on the field `dpi`.
pub fn one(label: &Label, format: Format, wanted: &Size) -> Result<Vec<u8>, Error> {
    let Size { size, dpi, offset } = wanted;
    if let Some(dots) = dpi
        && !raster::DOTS_PER_INCH.contains(dots)
    {
        let (least, most) = (i64::from(*raster::DOTS_PER_INCH.start()), i64::from(*raster::DOTS_PER_INCH.end()));
        return Err(FieldError::new("dpi", "label.dots").arg("least", least).arg("most", most).into());
    }
    if format == Format::Png && dpi.is_none() {
        let side = match size {
            None => Some(USUAL_PIXELS),
            Some(size) => size.parse().ok().filter(|side| PIXELS.contains(side)),
        };
        let outside = || {
            let (least, most) = (i64::from(*PIXELS.start()), i64::from(*PIXELS.end()));
            FieldError::new("size", "label.pixels").arg("least", least).arg("most", most)
        };
        return render::png(label, side.ok_or_else(outside)?).map_err(told);
    }
    let stock = stock_named("size", size.as_deref().unwrap_or(USUAL))?;
    let dots = dpi.unwrap_or(stock.dots_per_inch);
    let in_dots = |mm: f32| mm / raster::INCH * dots as f32;
    let drawn = matches!(format, Format::Png | Format::Zpl);
    if drawn && in_dots(stock.width) * in_dots(stock.height) > MOST_DOTS {
        return Err(Error::invalid("size", "label.too_large"));
    }
    match format {
        Format::Svg => render::svg(label, &stock).map(String::into_bytes),
        Format::Png => raster::png(label, &stock, dots, *offset),
        Format::Zpl => zpl::zpl(label, &stock, dots, *offset).map(String::into_bytes),
        Format::Pdf => pdf::pdf(std::slice::from_ref(label), &Sheets::of(&stock.single())),
    }
    .map_err(told)
}

/// The stock of that name, or a label's size.
///
/// # Errors
/// `label.unknown_sheet` on that field.
pub fn stock_named(field: &str, name: &str) -> Result<Stock, FieldError> {
    Stock::named(name).ok_or_else(|| {
        let known: Vec<&str> = stock::all().iter().map(|stock| stock.name.as_str()).collect();
        FieldError::new(field, "label.unknown_sheet").arg("known", known.join(", "))
    })
}

/// What is wrong, as it is told.
pub fn told(error: RenderError) -> Error {
    match error {
        RenderError::NoLabels => Error::invalid("codes", "label.none"),
        RenderError::NoSuchPlace { places } => {
            FieldError::new("start", "label.no_such_place").arg("places", i64::from(places)).into()
        }
        RenderError::PayloadTooLong | RenderError::Font | RenderError::Write(_) => Fault::from_error(error).into(),
    }
}
