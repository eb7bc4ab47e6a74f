//! A label as black dots, as a label printer sets them: modules are a whole number of dots, so that the code is sharp.

use super::layout::{Fonts, Layout, Line, Square};
use super::render::{Label, RenderError};
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

/// A label as dots, upright.
///
/// # Errors
/// When the payload is too long.
pub fn dots(label: &Label, stock: &Stock, dots_per_inch: u32) -> Result<GrayImage, RenderError> {
    let fonts = Fonts::new()?;
    let layout = Layout::new(&fonts, label, stock)?;
    let scale = dots_per_inch as f32 / INCH;
    let (width, height) = ((layout.width * scale).round() as u32, (layout.height * scale).round() as u32);
    let mut picture = GrayImage::from_pixel(width, height, WHITE);
    if let Some(square) = &layout.square {
        set_square(&mut picture, square, scale);
    }
    let mut mask = Mask::new(width, height).ok_or_else(|| RenderError::Write("size in dots".to_owned()))?;
    for line in &layout.lines {
        if let Some(path) = outline(&fonts, line, scale) {
            mask.fill_path(&path, FillRule::Winding, true, Transform::identity());
        }
    }
    for (dot, covered) in picture.pixels_mut().zip(mask.data()) {
        if *covered >= HALF {
            *dot = BLACK;
        }
    }
    Ok(picture)
}

/// A label as PNG, at the printer's own dots and as it leaves the printer.
///
/// # Errors
/// When the payload is too long.
pub fn png(label: &Label, stock: &Stock, dots_per_inch: u32) -> Result<Vec<u8>, RenderError> {
    let mut picture = dots(label, stock, dots_per_inch)?;
    if stock.turned {
        picture = imageops::rotate90(&picture);
    }
    // Dots beside the head are white: they lie in the label's margin.
    if let Some(head) = stock.head_dots.filter(|head| dots_per_inch == stock.dots_per_inch && *head < picture.width()) {
        let (beside, height) = ((picture.width() - head) / 2, picture.height());
        picture = imageops::crop_imm(&picture, beside, 0, head, height).to_image();
    }
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).map_err(|error| RenderError::Write(error.to_string()))?;
    Ok(bytes.into_inner())
}

/// What a module loses by being whole dots goes to the quiet zone, evenly.
fn set_square(picture: &mut GrayImage, square: &Square, scale: f32) {
    let module = ((square.module * scale) as u32).max(1);
    let side = module * u32::try_from(square.qr.size).unwrap_or(0);
    let middle = square.module * square.qr.size as f32 / 2.0;
    let corner = |start: f32| ((start + middle) * scale).round() as u32 - side / 2;
    let (left, top) = (corner(square.x), corner(square.y));
    let dots = |modules: usize| u32::try_from(modules).unwrap_or(0) * module;
    for run in &square.qr.runs {
        for y in top + dots(run.y)..top + dots(run.y + 1) {
            for x in left + dots(run.x)..left + dots(run.x + run.length) {
                if let Some(dot) = picture.get_pixel_mut_checked(x, y) {
                    *dot = BLACK;
                }
            }
        }
    }
}

/// The outline of a line of words, in dots.
fn outline(fonts: &Fonts, line: &Line, scale: f32) -> Option<Path> {
    let size = line.size * scale;
    let mut pen = Pen { path: PathBuilder::new(), x: line.x * scale, y: line.baseline * scale };
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
                let picture = dots(&label(), stock, inch).unwrap();
                let mm = |dots: u32| dots as f32 * INCH / inch as f32;
                assert!((mm(picture.width()) - stock.width).abs() < 0.13, "{}", stock.name);
                assert!((mm(picture.height()) - stock.height).abs() < 0.13, "{}", stock.name);
                let black = picture.pixels().filter(|dot| **dot == BLACK).count();
                assert!(black > 500, "{} is nearly white", stock.name);
            }
        }
    }

    #[test]
    fn a_picture_is_as_wide_as_the_printers_head() {
        let stock = Stock::named("DK-22205").unwrap();
        let black = |picture: &GrayImage| picture.pixels().filter(|dot| **dot == BLACK).count();
        let whole = dots(&label(), &stock, 300).unwrap();
        let picture = image::load_from_memory(&png(&label(), &stock, 300).unwrap()).unwrap().into_luma8();
        assert_eq!((whole.width(), picture.width()), (732, 696));
        assert_eq!(black(&whole), black(&picture), "nothing is cut off");
    }

    #[test]
    fn what_leaves_the_printer_short_side_first_is_turned() {
        let stock = Stock::named("99012").unwrap();
        let picture = image::load_from_memory(&png(&label(), &stock, 300).unwrap()).unwrap();
        assert!(picture.width() < picture.height());
        assert_eq!(picture.width(), (36.0_f32 / INCH * 300.0).round() as u32);
    }
}
