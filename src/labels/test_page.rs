//! A page that shows whether a printer prints true to size: a ruler, a code to scan, and the first label's outline.

use super::layout::{Line, POINT, Square};
use super::pdf::{Ink, begin, end, finished, page_settings};
use super::qr::Qr;
use super::render::RenderError;
use super::stock::{Form, Stock};
use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Rect};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;

/// The code on the page, in the place of a kit's.
pub const TEST: &str = "PROV";
/// The longest ruler, in millimetres.
const RULER: f32 = 100.0;
/// Of the words, in millimetres.
const TYPE: f32 = 3.2;

/// A test page for a printer with that stock, whose print is moved by `offset` millimetres to the right and down.
/// `words` stand below the ruler. `as_fed` turns the page as it lies in the printer.
///
/// # Errors
/// When the address is too long for a code.
pub fn pdf(
    label_url: &str,
    stock: &Stock,
    offset: (f32, f32),
    as_fed: bool,
    words: &[String],
) -> Result<Vec<u8>, RenderError> {
    let ink = Ink::new()?;
    let mut document = Document::new();
    let (width, height) = stock.page();
    let mut page = document.start_page_with(page_settings(stock, as_fed)?);
    let mut surface = begin(&mut page, stock, as_fed);
    let (left, top) = offset;

    // On a sheet the outline of every label, to be held against one of its sheets; on a roll its own.
    surface.set_fill(None);
    surface.set_stroke(Some(hairline()));
    for place in 0..stock.per_page() {
        let (x, y) = stock.corner(place);
        rectangle(&mut surface, (left + x, top + y, stock.width, stock.height));
    }
    // The page itself may be smaller than the ruler.
    let margin = if stock.form == Form::Sheet { 15.0 } else { 3.0 };
    let ruler = ((width - 2.0 * margin) / 10.0).floor() * 10.0;
    let ruler = ruler.clamp(10.0, RULER);
    surface.set_stroke(None);
    surface.set_fill(Some(Fill::default()));
    for millimetre in 0..=ruler as u32 {
        let long = match millimetre % 10 {
            0 => 5.0,
            5 => 3.5,
            _ => 2.0,
        };
        let x = left + margin + millimetre as f32;
        rectangle(&mut surface, (x - 0.1, top + margin, 0.2, long));
        if millimetre % 10 == 0 {
            let text = millimetre.to_string();
            ink.line(&mut surface, &line(&ink, &text, TYPE * 0.8), (x - 0.8, top + margin + 8.0));
        }
    }
    let qr = Qr::new(&format!("{}/K/{TEST}", label_url.trim_end_matches('/').to_uppercase()))?;
    let side = (height - margin - 12.0).min(width / 3.0).min(30.0);
    let module = side / qr.whole() as f32;
    let quiet = module * 4.0;
    let code_top = top + margin + 10.0;
    // White, so that the outlines do not run through the quiet zone.
    surface.set_fill(Some(Fill { paint: rgb::Color::white().into(), opacity: NormalizedF32::ONE, ..Fill::default() }));
    rectangle(&mut surface, (left + margin, code_top, side, side));
    surface.set_fill(Some(Fill::default()));
    ink.square(&mut surface, &Square { qr, x: quiet, y: quiet, module }, (left + margin, code_top));
    let room = width - margin - left - margin - side - 2.0;
    let size = (room / 30.0).clamp(1.4, TYPE);
    for (place, text) in words.iter().enumerate() {
        let y = code_top + quiet + (place as f32 + 1.0) * size * 1.35;
        ink.line(&mut surface, &line(&ink, text, size), (left + margin + side + 2.0, y));
    }
    end(surface, stock, as_fed);
    page.finish();
    finished(document)
}

fn hairline() -> Stroke {
    Stroke { width: 0.2 / POINT, ..Stroke::default() }
}

fn line(ink: &Ink, text: &str, size: f32) -> Line {
    let width = ink.fonts.glyphs(text, false).iter().map(|glyph| glyph.advance * size).sum();
    Line { text: text.to_owned(), bold: false, x: 0.0, baseline: 0.0, size, width }
}

fn rectangle(surface: &mut Surface<'_>, (x, y, width, height): (f32, f32, f32, f32)) {
    let mut path = PathBuilder::new();
    if let Some(rectangle) = Rect::from_xywh(x / POINT, y / POINT, width / POINT, height / POINT) {
        path.push_rect(rectangle);
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::labels::stock;

    #[test]
    fn every_stock_has_its_page() {
        for stock in stock::all() {
            let words = ["Skanna koden.".to_owned()];
            assert!(pdf("https://lada.lindvalla.se", stock, (0.5, -0.5), true, &words).unwrap().starts_with(b"%PDF-"));
        }
    }
}
