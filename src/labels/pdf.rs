//! Sheets of labels as PDF, true to the millimetre.

use super::layout::{Fonts, Layout, POINT, REGULAR, SEMI_BOLD};
use super::qr::Qr;
use super::render::{Label, RenderError};
use super::sheets::Sheet;
use krilla::Document;
use krilla::geom::{Path, PathBuilder, Point, Rect, Transform};
use krilla::page::PageSettings;
use krilla::text::{Font, GlyphId, KrillaGlyph};

/// Labels row by row, from place `start` (1 is the upper left one) of the first page.
///
/// # Errors
/// When there are no labels, no such place, or a payload is too long.
pub fn pdf(labels: &[Label], sheet: &Sheet, start: u32) -> Result<Vec<u8>, RenderError> {
    let places = sheet.per_page();
    if labels.is_empty() {
        return Err(RenderError::NoLabels);
    }
    if !(1..=places).contains(&start) {
        return Err(RenderError::NoSuchPlace { places });
    }
    let fonts = Fonts::new()?;
    let face = |bytes: &'static [u8]| Font::new(bytes.into(), 0).ok_or(RenderError::Font);
    let (regular, bold) = (face(REGULAR)?, face(SEMI_BOLD)?);
    let unwritable = || RenderError::Write("page size".to_owned());
    let size = || PageSettings::from_wh(sheet.page_width / POINT, sheet.page_height / POINT).ok_or_else(unwritable);

    let mut document = Document::new();
    let on_first = places - (start - 1);
    let (first, rest) = labels.split_at(labels.len().min(on_first as usize));
    let pages = std::iter::once((start - 1, first)).chain(rest.chunks(places as usize).map(|labels| (0, labels)));
    for (skipped, labels) in pages {
        let mut page = document.start_page_with(size()?);
        let mut surface = page.surface();
        for (place, label) in (skipped..).zip(labels) {
            let (left, top) = sheet.corner(place);
            let qr = Qr::new(&label.payload)?;
            let layout = Layout::new(&fonts, label, &qr, sheet.width, sheet.height);
            if let Some(path) = path(&qr) {
                let module = layout.module / POINT;
                let (x, y) = ((left + layout.qr_x) / POINT, (top + layout.qr_y) / POINT);
                surface.push_transform(&Transform::from_row(module, 0.0, 0.0, module, x, y));
                surface.draw_path(&path);
                surface.pop();
            }
            for line in &layout.lines {
                let font = if line.bold { &bold } else { &regular };
                let glyphs: Vec<KrillaGlyph> = fonts
                    .glyphs(&line.text, line.bold)
                    .into_iter()
                    .map(|glyph| {
                        KrillaGlyph::new(GlyphId::new(glyph.id), glyph.advance, 0.0, 0.0, 0.0, glyph.bytes, None)
                    })
                    .collect();
                let at = Point::from_xy((left + line.x) / POINT, (top + line.baseline) / POINT);
                surface.draw_glyphs(at, &glyphs, font.clone(), &line.text, line.size / POINT, false);
            }
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|error| RenderError::Write(error.to_string()))
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
    use crate::labels::sheets::DEFAULT;

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
            let pdf = pdf(&labels(count), &DEFAULT, start).unwrap();
            assert!(pdf.starts_with(b"%PDF-"));
            assert_eq!(pages(&pdf), expected, "{count} labels from place {start}");
        }
    }

    #[test]
    fn what_cannot_be_printed_is_told() {
        assert!(matches!(pdf(&[], &DEFAULT, 1), Err(RenderError::NoLabels)));
        for start in [0, 15, u32::MAX] {
            assert!(matches!(pdf(&labels(1), &DEFAULT, start), Err(RenderError::NoSuchPlace { places: 14 })));
        }
    }
}
