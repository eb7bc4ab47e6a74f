//! Sheets of labels as PDF, true to the millimetre.

use super::layout::{Fonts, Layout, Line, POINT, PlacedGlyph, REGULAR, SEMI_BOLD, Square};
use super::qr::Qr;
use super::render::{Label, RenderError};
use super::stock::Stock;
use krilla::Document;
use krilla::geom::{Path, PathBuilder, Point, Rect, Transform};
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};

/// Labels row by row, from place `start` (1 is the upper left one) of the first page. All is moved by `offset`
/// millimetres to the right and down, for a printer that does not feed straight.
///
/// # Errors
/// When there are no labels, no such place, or a payload is too long.
pub fn pdf(labels: &[Label], stock: &Stock, start: u32, offset: (f32, f32)) -> Result<Vec<u8>, RenderError> {
    let places = stock.per_page();
    if labels.is_empty() {
        return Err(RenderError::NoLabels);
    }
    if !(1..=places).contains(&start) {
        return Err(RenderError::NoSuchPlace { places });
    }
    let ink = Ink::new()?;
    let mut document = Document::new();
    let on_first = places - (start - 1);
    let (first, rest) = labels.split_at(labels.len().min(on_first as usize));
    let pages = std::iter::once((start - 1, first)).chain(rest.chunks(places as usize).map(|labels| (0, labels)));
    for (skipped, labels) in pages {
        let mut page = document.start_page_with(paper(stock.page())?);
        let mut surface = page.surface();
        for (place, label) in (skipped..).zip(labels) {
            let (left, top) = stock.corner(place);
            ink.label(&mut surface, &Layout::new(&ink.fonts, label, stock)?, (left + offset.0, top + offset.1));
        }
        surface.finish();
        page.finish();
    }
    finished(document)
}

/// A page of so many millimetres.
///
/// # Errors
/// When that is no size for a page.
pub(super) fn paper((width, height): (f32, f32)) -> Result<PageSettings, RenderError> {
    PageSettings::from_wh(width / POINT, height / POINT).ok_or_else(|| RenderError::Write("page size".to_owned()))
}

/// The file.
///
/// # Errors
/// When it cannot be written.
pub(super) fn finished(document: Document) -> Result<Vec<u8>, RenderError> {
    document.finish().map_err(|error| RenderError::Write(error.to_string()))
}

/// What words and codes are drawn with.
pub(super) struct Ink {
    pub fonts: Fonts,
    regular: Font,
    bold: Font,
}

impl Ink {
    /// # Errors
    /// When the embedded fonts cannot be read.
    pub fn new() -> Result<Self, RenderError> {
        let face = |bytes: &'static [u8]| Font::new(bytes.into(), 0).ok_or(RenderError::Font);
        Ok(Self { fonts: Fonts::new()?, regular: face(REGULAR)?, bold: face(SEMI_BOLD)? })
    }

    /// A label with its upper left corner there, in millimetres.
    pub fn label(&self, surface: &mut Surface<'_>, layout: &Layout, corner: (f32, f32)) {
        if let Some(square) = &layout.square {
            self.square(surface, square, corner);
        }
        for line in &layout.lines {
            self.line(surface, line, corner);
        }
    }

    /// A square code, with its place told from that corner.
    pub fn square(&self, surface: &mut Surface<'_>, square: &Square, (left, top): (f32, f32)) {
        let Some(path) = path(&square.qr) else { return };
        let module = square.module / POINT;
        let (x, y) = ((left + square.x) / POINT, (top + square.y) / POINT);
        surface.push_transform(&Transform::from_row(module, 0.0, 0.0, module, x, y));
        surface.draw_path(&path);
        surface.pop();
    }

    /// A line of words, with its place told from that corner.
    pub fn line(&self, surface: &mut Surface<'_>, line: &Line, (left, top): (f32, f32)) {
        let font = if line.bold { &self.bold } else { &self.regular };
        let glyph = |glyph: PlacedGlyph| {
            KrillaGlyph::new(GlyphId::new(glyph.id), glyph.advance, 0.0, 0.0, 0.0, glyph.bytes, None)
        };
        let glyphs: Vec<KrillaGlyph> = self.fonts.glyphs(&line.text, line.bold).into_iter().map(glyph).collect();
        let at = Point::from_xy((left + line.x) / POINT, (top + line.baseline) / POINT);
        surface.draw_glyphs(at, &glyphs, font.clone(), &line.text, line.size / POINT, false);
    }
}

/// The code as one path, in modules: whole numbers keep the file small.
fn path(qr: &Qr) -> Option<Path> {
    let mut path = PathBuilder::new();
    for run in &qr.runs {
        path.push_rect(Rect::from_xywh(run.x as f32, run.y as f32, run.length as f32, 1.0)?);
    }
    path.finish()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::labels::stock::USUAL;

    fn usual() -> Stock {
        Stock::named(USUAL).unwrap()
    }

    fn labels(count: usize) -> Vec<Label> {
        let label = |number| Label {
            payload: format!("HTTPS://LADA.LINDVALLA.SE/K/{number:07}"),
            code: format!("{:03}-{:04}", number / 10_000, number % 10_000),
            title: format!("Bee-Bot {number}"),
            owner: "Lindvalla kommun".to_owned(),
            note: "Skanna: innehåll, tips och utvärdering".to_owned(),
        };
        (1..=count).map(label).collect()
    }

    fn pages(pdf: &[u8]) -> usize {
        pdf.windows(b"/MediaBox".len()).filter(|part| part == b"/MediaBox").count()
    }

    #[test]
    fn labels_fill_pages_from_the_place_told() {
        for (count, start, expected) in
            [(1, 1, 1), (14, 1, 1), (15, 1, 2), (14, 2, 2), (1, 14, 1), (2, 14, 2), (28, 1, 2)]
        {
            let pdf = pdf(&labels(count), &usual(), start, (0.0, 0.0)).unwrap();
            assert!(pdf.starts_with(b"%PDF-"));
            assert_eq!(pages(&pdf), expected, "{count} labels from place {start}");
        }
    }

    #[test]
    fn what_cannot_be_printed_is_told() {
        assert!(matches!(pdf(&[], &usual(), 1, (0.0, 0.0)), Err(RenderError::NoLabels)));
        for start in [0, 15, u32::MAX] {
            assert!(matches!(
                pdf(&labels(1), &usual(), start, (0.0, 0.0)),
                Err(RenderError::NoSuchPlace { places: 14 })
            ));
        }
    }
}
