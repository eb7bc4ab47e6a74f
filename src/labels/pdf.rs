//! Sheets of labels as PDF, true to the millimetre.

use super::layout::{Fonts, Layout, Line, Mark, POINT, Place, PlacedGlyph, REGULAR, SEMI_BOLD, Square};
use super::qr::Qr;
use super::render::{Label, RenderError};
use super::sheets::{Placed, Sheets};
use super::stock::Stock;
use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point, Rect, Transform};
use krilla::num::NormalizedF32;
use krilla::page::{Page, PageSettings};
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};

/// Labels row by row. Each is laid out once, and one page is in hand at a time.
///
/// # Errors
/// When there are no labels, no such place, or a payload is too long.
pub fn pdf(labels: &[Label], sheets: &Sheets<'_>) -> Result<Vec<u8>, RenderError> {
    let Sheets { stock, as_fed, .. } = *sheets;
    let ink = Ink::new()?;
    let mut document = Document::new();
    let mut current: Option<(usize, Layout)> = None;
    for placed in sheets.pages(labels.len())? {
        let mut page = document.start_page_with(page_settings(stock, as_fed)?);
        let mut surface = begin(&mut page, stock, as_fed);
        for Placed { label, place } in placed {
            let known = current.take().filter(|(known, _)| *known == label);
            let (_, layout) = current.insert(match (known, labels.get(label)) {
                (Some(known), _) => known,
                (None, Some(text)) => (label, Layout::new(&ink.fonts, text, stock)?),
                (None, None) => break,
            });
            ink.label(&mut surface, layout, sheets.corner(place));
        }
        end(surface, stock, as_fed);
        page.finish();
    }
    finished(document, true)
}

/// What is drawn on one page; `as_fed` turns it as it lies in the printer.
///
/// # Errors
/// When it cannot be written.
pub(super) fn page(marks: &[Mark], stock: &Stock, as_fed: bool) -> Result<Vec<u8>, RenderError> {
    let ink = Ink::new()?;
    let mut document = Document::new();
    let mut page = document.start_page_with(page_settings(stock, as_fed)?);
    let mut surface = begin(&mut page, stock, as_fed);
    marks.iter().for_each(|mark| ink.mark(&mut surface, mark));
    end(surface, stock, as_fed);
    page.finish();
    finished(document, true)
}

/// A page of a stock.
///
/// # Errors
/// When that is no size for a page.
fn page_settings(stock: &Stock, as_fed: bool) -> Result<PageSettings, RenderError> {
    paper(if as_fed { stock.fed() } else { stock.page() })
}

/// What is drawn on it, upright; to be ended with [`end`].
fn begin<'a>(page: &'a mut Page<'_>, stock: &Stock, as_fed: bool) -> Surface<'a> {
    let mut surface = page.surface();
    if as_fed && stock.turned {
        surface.push_transform(&Transform::from_row(0.0, 1.0, -1.0, 0.0, stock.height / POINT, 0.0));
    }
    surface
}

/// Ends what was begun with [`begin`].
fn end(mut surface: Surface<'_>, stock: &Stock, as_fed: bool) {
    if as_fed && stock.turned {
        surface.pop();
    }
    surface.finish();
}

/// A page of so many millimetres.
///
/// # Errors
/// When that is no size for a page.
pub(crate) fn paper((width, height): (f32, f32)) -> Result<PageSettings, RenderError> {
    PageSettings::from_wh(width / POINT, height / POINT).ok_or_else(|| RenderError::Write("page size".to_owned()))
}

/// The file. Whoever opens it prints it true to size, unless they choose otherwise; and on one side, if that is told.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn finished(document: Document, one_sided: bool) -> Result<Vec<u8>, RenderError> {
    let mut file = document.finish().map_err(|error| RenderError::Write(error.to_string()))?;
    let sides = if one_sided { "/Duplex/Simplex" } else { "" };
    let wish = format!("/ViewerPreferences<</PrintScaling/None{sides}>>");
    // The catalog is the last thing in the file: what is put in it moves only the table that follows.
    let catalog = after_last(&file, b"/Type/Catalog")?;
    file.splice(catalog..catalog, wish.bytes());
    let from = after_last(&file, b"startxref\n")?;
    let digits = file.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let number =
        file.get(from..from + digits).and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<usize>().ok());
    let table = number.ok_or_else(|| RenderError::Write("the end of the file".to_owned()))? + wish.len();
    file.splice(from..from + digits, table.to_string().bytes());
    Ok(file)
}

/// Where what follows the last of these marks begins.
fn after_last(file: &[u8], mark: &[u8]) -> Result<usize, RenderError> {
    let at = file.windows(mark.len()).rposition(|part| part == mark);
    at.map(|at| at + mark.len()).ok_or_else(|| RenderError::Write(String::from_utf8_lossy(mark).into_owned()))
}

/// What words and codes are drawn with.
pub(crate) struct Ink {
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

    fn mark(&self, surface: &mut Surface<'_>, mark: &Mark) {
        match mark {
            Mark::Square(square, corner) => self.square(surface, square, *corner),
            Mark::Words(line, corner) => self.line(surface, line, *corner),
            Mark::Black(place) => rectangle(surface, *place),
            Mark::White(place) => {
                let white = rgb::Color::white().into();
                surface.set_fill(Some(Fill { paint: white, opacity: NormalizedF32::ONE, ..Fill::default() }));
                rectangle(surface, *place);
                surface.set_fill(Some(Fill::default()));
            }
            Mark::Outline(place, thick) => {
                surface.set_fill(None);
                surface.set_stroke(Some(Stroke { width: thick / POINT, ..Stroke::default() }));
                rectangle(surface, *place);
                surface.set_stroke(None);
                surface.set_fill(Some(Fill::default()));
            }
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

fn rectangle(surface: &mut Surface<'_>, (x, y, width, height): Place) {
    let mut path = PathBuilder::new();
    if let Some(rectangle) = Rect::from_xywh(x / POINT, y / POINT, width / POINT, height / POINT) {
        path.push_rect(rectangle);
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
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
        let label = |number: usize| Label {
            payload: format!("HTTPS://LADA.LINDVALLA.SE/K/{number:07}"),
            code: format!("{:03}-{:04}", number / 10_000, number % 10_000),
            title: "Bee-Bot".to_owned(),
            copy: number.to_string(),
            owner: "Lindvalla kommun".to_owned(),
            note: "Skanna: innehåll, tips och utvärdering".to_owned(),
        };
        (1..=count).map(label).collect()
    }

    #[test]
    fn every_page_is_in_the_file() {
        let pdf = pdf(&labels(15), &Sheets::of(&usual())).unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
        assert_eq!(pdf.windows(b"/MediaBox".len()).filter(|part| part == b"/MediaBox").count(), 2);
    }

    #[test]
    fn a_file_asks_to_be_printed_as_it_is() {
        let pdf = pdf(&labels(20), &Sheets::of(&usual())).unwrap();
        let text = String::from_utf8_lossy(&pdf).into_owned();
        assert!(text.contains("/Catalog/ViewerPreferences<</PrintScaling/None/Duplex/Simplex>>/"));
        // The tables still lead to what they tell of.
        let table: usize = text.rsplit("startxref\n").next().unwrap().lines().next().unwrap().parse().unwrap();
        assert!(pdf[table..].starts_with(b"xref"));
        let lines =
            std::str::from_utf8(&pdf[table..]).unwrap().lines().skip(3).map_while(|line| line.split_once(" 00000 n"));
        for (number, (place, _)) in lines.enumerate() {
            let place: usize = place.parse().unwrap();
            assert!(pdf[place..].starts_with(format!("{} 0 obj", number + 1).as_bytes()), "{number} at {place}");
        }
    }

    #[test]
    fn a_page_as_it_is_fed_stands_on_its_short_side() {
        let roll = Stock::named("99012").unwrap();
        let box_of = |as_fed| {
            let pdf = pdf(&labels(1), &Sheets { as_fed, ..Sheets::of(&roll) }).unwrap();
            let text = String::from_utf8_lossy(&pdf).into_owned();
            let at = text.find("/MediaBox").unwrap();
            let sides: Vec<f32> = text[at + 9..]
                .trim_start_matches([' ', '['])
                .split([' ', ']'])
                .take(4)
                .map(|n| n.parse().unwrap())
                .collect();
            (sides[2], sides[3])
        };
        let (upright, fed) = (box_of(false), box_of(true));
        assert!(upright.0 > upright.1 && (fed.1, fed.0) == upright, "{upright:?} {fed:?}");
    }
}
