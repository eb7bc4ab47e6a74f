//! Labels as files to print. This takes a while for many, so it is done outside of every transaction.

use crate::labels::pdf;
use crate::labels::render::{self, Label, RenderError};
use crate::labels::sheets::{DEFAULT, SHEETS, Sheet};
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

/// One label. `size` is the picture's side in pixels for PNG, 50 to 2000; for the others the name of a sheet, or a
/// label's size in millimetres, as `62x38`.
///
/// # Errors
/// `label.pixels` or `label.unknown_sheet` on the field `size`.
pub fn one(label: &Label, format: Format, size: Option<&str>) -> Result<Vec<u8>, Error> {
    if format == Format::Png {
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
    let sheet = size.map_or(Ok(DEFAULT), |size| sheet_named("size", size))?;
    match format {
        Format::Svg => render::svg(label, &sheet).map(String::into_bytes),
        Format::Zpl => render::zpl(label, &sheet).map(String::into_bytes),
        Format::Png | Format::Pdf => pdf::pdf(std::slice::from_ref(label), &sheet.single(), 1),
    }
    .map_err(told)
}

/// Sheets of labels as PDF. The first label stands on place `start` of the first sheet, from 1.
///
/// # Errors
/// `label.unknown_sheet` on the field `sheet`, `label.no_such_place` on the field `start`, `label.none`.
pub fn sheets(labels: &[Label], sheet: &str, start: u32) -> Result<Vec<u8>, Error> {
    pdf::pdf(labels, &sheet_named("sheet", sheet)?, start).map_err(told)
}

fn sheet_named(field: &str, name: &str) -> Result<Sheet, FieldError> {
    Sheet::named(name).ok_or_else(|| {
        let known = SHEETS.map(|sheet| sheet.name).join(", ");
        FieldError::new(field, "label.unknown_sheet").arg("known", known)
    })
}

fn told(error: RenderError) -> Error {
    match error {
        RenderError::NoLabels => Error::invalid("codes", "label.none"),
        RenderError::NoSuchPlace { places } => {
            FieldError::new("start", "label.no_such_place").arg("places", i64::from(places)).into()
        }
        RenderError::PayloadTooLong | RenderError::Font | RenderError::Write(_) => Fault::from_error(error).into(),
    }
}
