//! A page that shows whether a printer prints true to size: a ruler, a code to scan, and the first label's outline.

use super::ipp::Takes;
use super::layout::{Fonts, Line, Mark, Square, module};
use super::qr::Qr;
use super::render::{READABLE, RenderError};
use super::stock::{Form, Stock};
use super::{pdf, raster};
use crate::platform::text::Texts;

/// The code on the page, in the place of a kit's.
pub const TEST: &str = "PROV";
/// The longest ruler, in millimetres.
const RULER: f32 = 100.0;
/// How high the ruler is with its figures.
const SCALE: f32 = 10.0;
/// The sizes of the words, in millimetres, the best first; and from baseline to baseline, as a part of the size.
const SIZES: [f32; 7] = [3.2, 2.8, 2.4, 2.1, 1.8, 1.6, 1.4];
const LINE: f32 = 1.35;
/// Between code and words.
const BESIDE: f32 = 2.0;
/// How thick lines are.
const HAIRLINE: f32 = 0.2;

/// A test page for a printer with that stock, whose print is moved by `offset` millimetres to the right and down, as PDF.
/// `as_fed` turns the page as it lies in the printer.
///
/// # Errors
/// When the address is too long for a code.
pub fn pdf(t: Texts, label_url: &str, stock: &Stock, offset: (f32, f32), as_fed: bool) -> Result<Vec<u8>, RenderError> {
    pdf::page(&marks(t, label_url, stock, offset)?, stock, as_fed)
}

/// A test page as a printer takes it.
///
/// # Errors
/// When the address is too long for a code.
pub fn page(
    t: Texts,
    label_url: &str,
    stock: &Stock,
    offset: (f32, f32),
    takes: Takes,
) -> Result<Vec<u8>, RenderError> {
    match takes {
        Takes::Pdf => pdf(t, label_url, stock, offset, true),
        Takes::Raster(paper) => raster::page(&marks(t, label_url, stock, offset)?, stock, paper),
    }
}

/// What stands on it.
fn marks(t: Texts, label_url: &str, stock: &Stock, (left, top): (f32, f32)) -> Result<Vec<Mark>, RenderError> {
    let fonts = Fonts::new()?;
    let (width, height) = stock.page();
    // On a sheet the outline of every label, to be held against one of its sheets; on a roll its own.
    let outline = |place| {
        let (x, y) = stock.corner(place);
        Mark::Outline((left + x, top + y, stock.width, stock.height), HAIRLINE)
    };
    let mut marks: Vec<Mark> = (0..stock.per_page()).map(outline).collect();
    let margin = if stock.form == Form::Sheet { 15.0 } else { 3.0 };
    let qr = Qr::new(&format!("{}/K/{TEST}", label_url.trim_end_matches('/').to_uppercase()))?;
    let modules = qr.whole() as f32;
    // What can be read of this code can be read of the labels', so it is no larger than theirs.
    let readable = READABLE * modules;
    let wanted = (module(&qr, stock) * modules).max(readable);
    // A small label has room for the code alone.
    let ruled = height - 2.0 * margin - SCALE >= readable;
    let code_top = if ruled { margin + SCALE } else { margin };
    if ruled {
        ruler(&mut marks, &fonts, ((width - 2.0 * margin) / 10.0, (left + margin, top + margin)));
    }
    let side = wanted.min(height - code_top - margin).min(width / 2.0 - margin).max(modules * 0.1);
    let module = side / modules;
    let (x, y) = (left + margin, top + code_top);
    // No outline runs through what is drawn next.
    marks.push(Mark::White((x, y, side, side)));
    marks.push(Mark::Square(Square { qr, x: module * 4.0, y: module * 4.0, module }, (x, y)));

    let hold = if stock.form == Form::Sheet { "labels-test-hold" } else { "labels-test-hold-roll" };
    let said = ["labels-test-title", "labels-test-scan", "labels-test-measure", hold];
    let said: Vec<String> =
        said.iter().filter(|key| ruled || **key != "labels-test-measure").map(|key| t.s(key)).collect();
    let room = (width - 2.0 * margin - side - BESIDE, height - code_top - margin);
    let set = |size: f32| {
        let lines: Vec<String> = said.iter().flat_map(|text| fonts.wrapped(text, false, size, room.0).0).collect();
        (lines.len() as f32 * size * LINE <= room.1).then_some((lines, size))
    };
    if let Some((lines, size)) = SIZES.into_iter().find_map(set) {
        let x = x + side + BESIDE;
        marks.push(Mark::White((x, y, room.0, lines.len() as f32 * size * LINE + size)));
        for (place, text) in lines.iter().enumerate() {
            marks.push(Mark::Words(line(&fonts, text, size), (x, y + (place as f32 + 1.0) * size * LINE)));
        }
    }
    Ok(marks)
}

/// A ruler of so many centimetres at most, from there.
fn ruler(marks: &mut Vec<Mark>, fonts: &Fonts, (centimetres, (left, top)): (f32, (f32, f32))) {
    let length = (centimetres.floor() * 10.0).clamp(10.0, RULER) as u32;
    for millimetre in 0..=length {
        let long = match millimetre % 10 {
            0 => 5.0,
            5 => 3.5,
            _ => 2.0,
        };
        let x = left + millimetre as f32;
        marks.push(Mark::Black((x - HAIRLINE / 2.0, top, HAIRLINE, long)));
        if millimetre % 10 == 0 {
            marks.push(Mark::Words(line(fonts, &millimetre.to_string(), 2.6), (x - 0.8, top + 8.0)));
        }
    }
}

fn line(fonts: &Fonts, text: &str, size: f32) -> Line {
    let width = fonts.glyphs(text, false).iter().map(|glyph| glyph.advance * size).sum();
    Line { text: text.to_owned(), bold: false, x: 0.0, baseline: 0.0, size, width }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::labels::stock;
    use crate::platform::text::Lang;

    #[test]
    fn every_stock_has_its_page() {
        for stock in stock::all() {
            let t = Texts::new(Lang::Sv);
            assert!(pdf(t, "https://lada.lindvalla.se", stock, (0.5, -0.5), true).unwrap().starts_with(b"%PDF-"));
        }
    }
}
