//! Labels as black dots, as a printer sets them: modules are a whole number of dots, so that the code is sharp.

use super::layout::{Fonts, Layout, Line, Mark, Square};
use super::pwg::{Paper, Raster};
use super::render::{Label, RenderError};
use super::sheets::{Placed, Sheets};
use super::stock::Stock;
use image::{GrayImage, ImageFormat, Luma, imageops};
use skrifa::GlyphId;
use skrifa::outline::OutlinePen;
use std::io::Cursor;
use tiny_skia::{FillRule, Mask, Path, PathBuilder, Transform};

/// Millimetres in an inch.
pub const INCH: f32 = 25.4;
/// The dots that a printer may have in an inch.
pub const DOTS_PER_INCH: std::ops::RangeInclusive<u32> = 100..=600;
/// How much of a dot must be covered to be printed, of 255.
const HALF: u8 = 128;
const BLACK: Luma<u8> = Luma([0]);
const WHITE: Luma<u8> = Luma([255]);

/// A label as dots, upright; all on it is moved by `offset` millimetres to the right and down.
///
/// # Errors
/// When the payload is too long.
pub fn dots(label: &Label, stock: &Stock, dots_per_inch: u32, offset: (f32, f32)) -> Result<GrayImage, RenderError> {
    let fonts = Fonts::new()?;
    let layout = Layout::new(&fonts, label, stock)?;
    let mut canvas = Canvas::new((layout.width, layout.height), dots_per_inch)?;
    canvas.label(&fonts, &layout, offset);
    Ok(canvas.finish())
}

/// A label as PNG, at the printer's own dots and as it leaves the printer.
///
/// # Errors
/// When the payload is too long.
pub fn png(label: &Label, stock: &Stock, dots_per_inch: u32, offset: (f32, f32)) -> Result<Vec<u8>, RenderError> {
    let mut picture = fed(dots(label, stock, dots_per_inch, offset)?, stock);
    // Dots beside the head are white: they lie in the label's margin.
    if let Some(head) = stock.head_dots.filter(|head| dots_per_inch == stock.dots_per_inch && *head < picture.width()) {
        let (beside, height) = ((picture.width() - head) / 2, picture.height());
        picture = imageops::crop_imm(&picture, beside, 0, head, height).to_image();
    }
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).map_err(|error| RenderError::Write(error.to_string()))?;
    Ok(bytes.into_inner())
}

/// Labels on their pages as a file of dots, one page in hand at a time.
///
/// # Errors
/// When there are no labels, no such place, or a payload is too long.
pub fn pages(labels: &[Label], sheets: &Sheets<'_>, paper: Paper) -> Result<Vec<u8>, RenderError> {
    let stock = sheets.stock;
    let fonts = Fonts::new()?;
    let dots_per_inch = paper.dots_per_inch;
    let mut raster = Raster::new(paper);
    for placed in sheets.pages(labels.len())? {
        let mut canvas = Canvas::new(stock.page(), dots_per_inch)?;
        for Placed { label, place } in placed {
            if let Some(label) = labels.get(label) {
                canvas.label(&fonts, &Layout::new(&fonts, label, stock)?, sheets.corner(place));
            }
        }
        raster.page(&fed(canvas.finish(), stock));
    }
    Ok(raster.finish())
}

/// What is drawn on one page, as a file of dots.
///
/// # Errors
/// When the page has no size.
pub fn page(marks: &[Mark], stock: &Stock, paper: Paper) -> Result<Vec<u8>, RenderError> {
    let fonts = Fonts::new()?;
    let mut canvas = Canvas::new(stock.page(), paper.dots_per_inch)?;
    marks.iter().for_each(|mark| canvas.mark(&fonts, mark));
    let mut raster = Raster::new(paper);
    raster.page(&fed(canvas.finish(), stock));
    Ok(raster.finish())
}

/// A picture as it lies in the printer.
pub fn fed(picture: GrayImage, stock: &Stock) -> GrayImage {
    if stock.turned { imageops::rotate90(&picture) } else { picture }
}

/// Dots to be set. Words come last: what is white behind them stays so.
struct Canvas {
    picture: GrayImage,
    words: Mask,
    /// Dots in a millimetre.
    scale: f32,
}

impl Canvas {
    /// So many millimetres of white.
    fn new((width, height): (f32, f32), dots_per_inch: u32) -> Result<Self, RenderError> {
        let scale = dots_per_inch as f32 / INCH;
        let (width, height) = ((width * scale).round() as u32, (height * scale).round() as u32);
        let words = Mask::new(width, height).ok_or_else(|| RenderError::Write("size in dots".to_owned()))?;
        Ok(Self { picture: GrayImage::from_pixel(width, height, WHITE), words, scale })
    }

    /// A label with its upper left corner there, in millimetres.
    fn label(&mut self, fonts: &Fonts, layout: &Layout, corner: (f32, f32)) {
        if let Some(square) = &layout.square {
            self.square(square, corner);
        }
        layout.lines.iter().for_each(|line| self.line(fonts, line, corner));
    }

    fn mark(&mut self, fonts: &Fonts, mark: &Mark) {
        match mark {
            Mark::Square(square, corner) => self.square(square, *corner),
            Mark::Words(line, corner) => self.line(fonts, line, *corner),
            Mark::Black(place) => self.fill(*place, BLACK),
            Mark::White(place) => self.fill(*place, WHITE),
            Mark::Outline((x, y, width, height), thick) => {
                let half = thick / 2.0;
                let (x, y, wide, high) = (x - half, y - half, width + thick, height + thick);
                for side in [
                    (x, y, wide, *thick),
                    (x, y + height, wide, *thick),
                    (x, y, *thick, high),
                    (x + width, y, *thick, high),
                ] {
                    self.fill(side, BLACK);
                }
            }
        }
    }

    /// What a module loses by being whole dots goes to the quiet zone, evenly.
    fn square(&mut self, square: &Square, (left, top): (f32, f32)) {
        let module = ((square.module * self.scale) as u32).max(1);
        let side = module * u32::try_from(square.qr.size).unwrap_or(0);
        let middle = square.module * square.qr.size as f32 / 2.0;
        let corner = |start: f32| i64::from(((start + middle) * self.scale).round() as i32) - i64::from(side / 2);
        let (left, top) = (corner(left + square.x), corner(top + square.y));
        let dots = |modules: usize| i64::try_from(modules).unwrap_or(0) * i64::from(module);
        for run in &square.qr.runs {
            let (from, to) = (left + dots(run.x), left + dots(run.x + run.length));
            self.dots((from, to), (top + dots(run.y), top + dots(run.y + 1)), BLACK);
        }
    }

    /// At least one dot thick.
    fn fill(&mut self, (x, y, width, height): (f32, f32, f32, f32), colour: Luma<u8>) {
        let ends = |from: f32, length: f32| {
            let first = (from * self.scale).round() as i64;
            (first, first + ((length * self.scale).round() as i64).max(1))
        };
        self.dots(ends(x, width), ends(y, height), colour);
    }

    /// Sets dots, as far as they are on the page.
    fn dots(&mut self, (left, right): (i64, i64), (top, bottom): (i64, i64), colour: Luma<u8>) {
        let within = |from: i64, to: i64, end: u32| {
            let inside = |at: i64| u32::try_from(at.clamp(0, i64::from(end))).unwrap_or(0);
            inside(from)..inside(to)
        };
        for y in within(top, bottom, self.picture.height()) {
            for x in within(left, right, self.picture.width()) {
                self.picture.put_pixel(x, y, colour);
            }
        }
    }

    fn line(&mut self, fonts: &Fonts, line: &Line, corner: (f32, f32)) {
        if let Some(path) = outline(fonts, line, corner, self.scale) {
            self.words.fill_path(&path, FillRule::Winding, true, Transform::identity());
        }
    }

    fn finish(self) -> GrayImage {
        let mut picture = self.picture;
        for (dot, covered) in picture.pixels_mut().zip(self.words.data()) {
            if *covered >= HALF {
                *dot = BLACK;
            }
        }
        picture
    }
}

/// The outline of a line of words, in dots.
fn outline(fonts: &Fonts, line: &Line, (left, top): (f32, f32), scale: f32) -> Option<Path> {
    let size = line.size * scale;
    let mut pen = Pen { path: PathBuilder::new(), x: (left + line.x) * scale, y: (top + line.baseline) * scale };
    for glyph in fonts.glyphs(&line.text, line.bold) {
        fonts.draw(GlyphId::new(glyph.id), line.bold, size, &mut pen);
        pen.x += glyph.advance * size;
    }
    pen.path.finish()
}

/// Draws glyphs, whose y grows upwards, on a picture whose y grows downwards.
struct Pen {
    path: PathBuilder,
    x: f32,
    y: f32,
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.x + x, self.y - y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.x + x, self.y - y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.path.quad_to(self.x + x1, self.y - y1, self.x + x, self.y - y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.path.cubic_to(self.x + x1, self.y - y1, self.x + x2, self.y - y2, self.x + x, self.y - y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::labels::stock;

    fn label() -> Label {
        Label {
            payload: "HTTPS://LADA.LINDVALLA.SE/K/7K3M9QX".to_owned(),
            code: "7K3-M9QX".to_owned(),
            title: "Ålens Bee-Bot".to_owned(),
            copy: "B".to_owned(),
            owner: "Lindvalla kommun".to_owned(),
            note: "Skanna: innehåll, tips och utvärdering".to_owned(),
        }
    }

    #[test]
    fn a_label_has_as_many_dots_as_its_size_asks_for() {
        for stock in stock::all() {
            for inch in [203, 300, 600] {
                let picture = dots(&label(), stock, inch, (0.0, 0.0)).unwrap();
                let mm = |dots: u32| dots as f32 * INCH / inch as f32;
                assert!((mm(picture.width()) - stock.width).abs() < 0.13, "{}", stock.name);
                assert!((mm(picture.height()) - stock.height).abs() < 0.13, "{}", stock.name);
                let black = picture.pixels().filter(|dot| **dot == BLACK).count();
                assert!(black > 500, "{} is nearly white", stock.name);
            }
        }
    }

    #[test]
    fn a_printers_offset_moves_all_dots() {
        let stock = Stock::named("99012").unwrap();
        let (usual, moved) =
            (dots(&label(), &stock, 254, (0.0, 0.0)).unwrap(), dots(&label(), &stock, 254, (1.0, 0.5)).unwrap());
        assert_eq!(usual.dimensions(), moved.dimensions());
        let same = usual.enumerate_pixels().filter(|(.., dot)| **dot == BLACK);
        assert!(same.clone().count() > 500);
        // A rounding apart: words are set by how much of a dot they cover.
        let kept = same.clone().filter(|(x, y, _)| *moved.get_pixel(x + 10, y + 5) == BLACK).count();
        assert!(kept * 100 > same.count() * 97, "{kept}");
    }

    #[test]
    fn a_picture_is_as_wide_as_the_printers_head() {
        let stock = Stock::named("DK-22205").unwrap();
        let black = |picture: &GrayImage| picture.pixels().filter(|dot| **dot == BLACK).count();
        let whole = dots(&label(), &stock, 300, (0.0, 0.0)).unwrap();
        let picture = image::load_from_memory(&png(&label(), &stock, 300, (0.0, 0.0)).unwrap()).unwrap().into_luma8();
        assert_eq!((whole.width(), picture.width()), (732, 696));
        assert_eq!(black(&whole), black(&picture), "nothing is cut off");
    }

    #[test]
    fn what_leaves_the_printer_short_side_first_is_turned() {
        let stock = Stock::named("99012").unwrap();
        let picture = image::load_from_memory(&png(&label(), &stock, 300, (0.0, 0.0)).unwrap()).unwrap();
        assert!(picture.width() < picture.height());
        assert_eq!(picture.width(), (36.0_f32 / INCH * 300.0).round() as u32);
    }
}
