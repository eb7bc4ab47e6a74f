//! A page that shows whether a printer prints true to size: a ruler, a code to scan, and the first label's outline.

use super::layout::{Line, POINT, Square, module};
use super::pdf::{Ink, begin, end, finished, page_settings};
use super::qr::Qr;
use super::render::{READABLE, RenderError};
use super::stock::{Form, Stock};
use crate::platform::text::Texts;
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
/// How high the ruler is with its figures.
const SCALE: f32 = 10.0;
/// The sizes of the words, in millimetres, the best first; and from baseline to baseline, as a part of the size.
const SIZES: [f32; 7] = [3.2, 2.8, 2.4, 2.1, 1.8, 1.6, 1.4];
const LINE: f32 = 1.35;
/// Between code and words.
const BESIDE: f32 = 2.0;

/// A test page for a printer with that stock, whose print is moved by `offset` millimetres to the right and down. `as_fed`
/// turns the page as it lies in the printer.
///
/// # Errors
/// When the address is too long for a code.
pub fn pdf(t: Texts, label_url: &str, stock: &Stock, offset: (f32, f32), as_fed: bool) -> Result<Vec<u8>, RenderError> {
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
    surface.set_stroke(None);
    surface.set_fill(Some(Fill::default()));
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
        ruler(&mut surface, &ink, ((width - 2.0 * margin) / 10.0, (left + margin, top + margin)));
    }
    let side = wanted.min(height - code_top - margin).min(width / 2.0 - margin).max(modules * 0.1);
    let module = side / modules;
    white(&mut surface, (left + margin, top + code_top, side, side));
    let (x, y) = (left + margin, top + code_top);
    ink.square(&mut surface, &Square { qr, x: module * 4.0, y: module * 4.0, module }, (x, y));

    let hold = if stock.form == Form::Sheet { "labels-test-hold" } else { "labels-test-hold-roll" };
    let said = ["labels-test-title", "labels-test-scan", "labels-test-measure", hold];
    let said: Vec<String> =
        said.iter().filter(|key| ruled || **key != "labels-test-measure").map(|key| t.s(key)).collect();
    let room = (width - 2.0 * margin - side - BESIDE, height - code_top - margin);
    let set = |size: f32| {
        let lines: Vec<String> = said.iter().flat_map(|text| ink.fonts.wrapped(text, false, size, room.0).0).collect();
        (lines.len() as f32 * size * LINE <= room.1).then_some((lines, size))
    };
    if let Some((lines, size)) = SIZES.into_iter().find_map(set) {
        let x = x + side + BESIDE;
        white(&mut surface, (x, y, room.0, lines.len() as f32 * size * LINE + size));
        for (place, text) in lines.iter().enumerate() {
            ink.line(&mut surface, &line(&ink, text, size), (x, y + (place as f32 + 1.0) * size * LINE));
        }
    }
    end(surface, stock, as_fed);
    page.finish();
    finished(document, true)
}

/// A ruler of so many centimetres at most, from there.
fn ruler(surface: &mut Surface<'_>, ink: &Ink, (centimetres, (left, top)): (f32, (f32, f32))) {
    let length = (centimetres.floor() * 10.0).clamp(10.0, RULER) as u32;
    for millimetre in 0..=length {
        let long = match millimetre % 10 {
            0 => 5.0,
            5 => 3.5,
            _ => 2.0,
        };
        let x = left + millimetre as f32;
        rectangle(surface, (x - 0.1, top, 0.2, long));
        if millimetre % 10 == 0 {
            ink.line(surface, &line(ink, &millimetre.to_string(), 2.6), (x - 0.8, top + 8.0));
        }
    }
}

/// Room for what is drawn next: no outline runs through it.
fn white(surface: &mut Surface<'_>, place: (f32, f32, f32, f32)) {
    surface.set_fill(Some(Fill { paint: rgb::Color::white().into(), opacity: NormalizedF32::ONE, ..Fill::default() }));
    rectangle(surface, place);
    surface.set_fill(Some(Fill::default()));
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
    use crate::platform::text::Lang;

    #[test]
    fn every_stock_has_its_page() {
        for stock in stock::all() {
            let t = Texts::new(Lang::Sv);
            assert!(pdf(t, "https://lada.lindvalla.se", stock, (0.5, -0.5), true).unwrap().starts_with(b"%PDF-"));
        }
    }
}
