//! Sheets of labels as PDF, true to the millimetre.

use super::layout::{Fonts, Layout, Line, POINT, PlacedGlyph, REGULAR, SEMI_BOLD, Square};
use super::qr::Qr;
use super::render::{Label, RenderError};
use super::stock::Stock;
use krilla::Document;
use krilla::geom::{Path, PathBuilder, Point, Rect, Transform};
use krilla::page::{Page, PageSettings};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};

/// How labels come on their pages.
#[derive(Debug, Clone, Copy)]
pub struct Sheets<'a> {
    /// The stock.
    pub stock: &'a Stock,
    /// The place of the first label on the first page; 1 is the upper left one.
    pub start: u32,
    /// How many of each label, one after the other.
    pub copies: u32,
    /// How far all is moved to the right and down, in millimetres, for a printer that does not feed straight.
    pub offset: (f32, f32),
    /// Pages as they lie in the printer, which may be turned.
    pub as_fed: bool,
}

impl<'a> Sheets<'a> {
    /// One of each, from the first place on.
    pub fn of(stock: &'a Stock) -> Self {
        Self { stock, start: 1, copies: 1, offset: (0.0, 0.0), as_fed: false }
    }
}

/// Labels row by row. Each is laid out once, and one page is in hand at a time.
///
/// # Errors
/// When there are no labels, no such place, or a payload is too long.
pub fn pdf(labels: &[Label], sheets: &Sheets<'_>) -> Result<Vec<u8>, RenderError> {
    let Sheets { stock, start, copies, offset, as_fed } = *sheets;
    let places = stock.per_page();
    if labels.is_empty() || copies == 0 {
        return Err(RenderError::NoLabels);
    }
    if !(1..=places).contains(&start) {
        return Err(RenderError::NoSuchPlace { places });
    }
    let ink = Ink::new()?;
    let mut document = Document::new();
    let mut wanted = labels.iter();
    let mut current: Option<Layout> = None;
    let mut copies_left = 0;
    let mut first = start - 1;
    loop {
        let mut page = document.start_page_with(page_settings(stock, as_fed)?);
        let mut surface = begin(&mut page, stock, as_fed);
        for place in first..places {
            if copies_left == 0 {
                let Some(label) = wanted.next() else { break };
                current = Some(Layout::new(&ink.fonts, label, stock)?);
                copies_left = copies;
            }
            copies_left -= 1;
            let Some(layout) = &current else { break };
            let (left, top) = stock.corner(place);
            ink.label(&mut surface, layout, (left + offset.0, top + offset.1));
        }
        end(surface, stock, as_fed);
        page.finish();
        if copies_left == 0 && wanted.len() == 0 {
            return finished(document, true);
        }
        first = 0;
    }
}

/// A page of a stock.
///
/// # Errors
/// When that is no size for a page.
pub(super) fn page_settings(stock: &Stock, as_fed: bool) -> Result<PageSettings, RenderError> {
    paper(if as_fed { stock.fed() } else { stock.page() })
}

/// What is drawn on it, upright; to be ended with [`end`].
pub(super) fn begin<'a>(page: &'a mut Page<'_>, stock: &Stock, as_fed: bool) -> Surface<'a> {
    let mut surface = page.surface();
    if as_fed && stock.turned {
        surface.push_transform(&Transform::from_row(0.0, 1.0, -1.0, 0.0, stock.height / POINT, 0.0));
    }
    surface
}

/// Ends what was begun with [`begin`].
pub(super) fn end(mut surface: Surface<'_>, stock: &Stock, as_fed: bool) {
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

    fn pages(pdf: &[u8]) -> usize {
        pdf.windows(b"/MediaBox".len()).filter(|part| part == b"/MediaBox").count()
    }

    #[test]
    fn labels_fill_pages_from_the_place_told() {
        for (count, start, expected) in
            [(1, 1, 1), (14, 1, 1), (15, 1, 2), (14, 2, 2), (1, 14, 1), (2, 14, 2), (28, 1, 2)]
        {
            let pdf = pdf(&labels(count), &Sheets { start, ..Sheets::of(&usual()) }).unwrap();
            assert!(pdf.starts_with(b"%PDF-"));
            assert_eq!(pages(&pdf), expected, "{count} labels from place {start}");
        }
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
    fn copies_follow_each_other() {
        for (count, copies, expected) in [(1, 20, 2), (7, 2, 1), (5, 3, 2), (14, 2, 2)] {
            let pdf = pdf(&labels(count), &Sheets { copies, ..Sheets::of(&usual()) }).unwrap();
            assert_eq!(pages(&pdf), expected, "{copies} of {count}");
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

    #[test]
    fn what_cannot_be_printed_is_told() {
        assert!(matches!(pdf(&[], &Sheets::of(&usual())), Err(RenderError::NoLabels)));
        for start in [0, 15, u32::MAX] {
            assert!(matches!(
                pdf(&labels(1), &Sheets { start, ..Sheets::of(&usual()) }),
                Err(RenderError::NoSuchPlace { places: 14 })
            ));
        }
    }
}
