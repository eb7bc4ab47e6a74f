//! A label for the screen: whole as SVG, its code alone as PNG. What is printed is in `pdf`, `raster` and `zpl`.

use super::layout::{self, Fonts, Layout};
use super::qr::{QUIET, Qr};
use super::sheets::Sheets;
use super::stock::{Fits, Stock};
use image::{GrayImage, ImageFormat, Luma};
use std::fmt::Write;
use std::io::Cursor;

/// What a label says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// What the square code says: [`Code::payload`](crate::kits::code::Code::payload).
    pub payload: String,
    /// The code as it is printed.
    pub code: String,
    /// The name of the kit's type; empty for a code that is on no kit yet.
    pub title: String,
    /// Which of its type it is, as `B`. However long the name is, this stands on the label.
    pub copy: String,
    /// Whose it is, and how to reach them.
    pub owner: String,
    /// What scanning gives.
    pub note: String,
}

impl Label {
    /// The kit's name and letter.
    pub fn name(&self) -> String {
        format!("{} {}", self.title, self.copy).trim().to_owned()
    }
}

/// Why a label could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The address of the labels is so long that no QR code holds it.
    #[error("the payload is too long for a QR code")]
    PayloadTooLong,
    /// No label was asked for.
    #[error("there are no labels to print")]
    NoLabels,
    /// The first label's place is not on the sheet.
    #[error("the first label must be on place 1 to {places}")]
    NoSuchPlace {
        /// The places on the sheet.
        places: u32,
    },
    /// The fonts in the program are damaged.
    #[error("the label font cannot be read")]
    Font,
    /// The PDF or PNG could not be written.
    #[error("the label cannot be written: {0}")]
    Write(String),
}

/// A module is never more pixels than this, whatever is asked for.
const PIXELS_MAX: u32 = 40;

/// The smallest side of a module that phones read well at arm's length, in millimetres.
pub const READABLE: f32 = 0.4;

/// Whether codes come out so small on that stock that phones may not read them: a long address makes many modules.
pub fn is_small(label_url: &str, stock: &Stock) -> bool {
    if stock.fits == Fits::Text {
        return false;
    }
    let payload = format!("{}/K/0000000", label_url.to_uppercase());
    Qr::new(&payload).is_ok_and(|qr| layout::module(&qr, stock) < READABLE)
}

/// Those of these names that have signs which labels leave out.
///
/// # Errors
/// When the embedded fonts cannot be read.
pub fn lacking<'a>(names: impl Iterator<Item = &'a str>) -> Result<Vec<&'a str>, RenderError> {
    let fonts = Fonts::new()?;
    Ok(names.filter(|name| fonts.lacks(name)).collect())
}

/// The whole label, as large as one of that stock.
///
/// # Errors
/// When the payload is too long.
pub fn svg(label: &Label, stock: &Stock) -> Result<String, RenderError> {
    let layout = Layout::new(&Fonts::new()?, label, stock)?;
    let (width, height) = (layout.width, layout.height);
    let name = escape_xml(&format!("{} {}", label.code, label.name()));
    let drawn = drawing(layout);
    Ok(format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}" role="img" aria-label="{name}"><rect width="{width}" height="{height}" fill="white"/>{drawn}</svg>"#
    ))
}

/// The first page of these labels as it will come out of the printer, with the places of that stock. Labels for which
/// there is no place on it are left out.
///
/// # Errors
/// When a payload is too long.
pub fn page_svg(labels: &[Label], sheets: &Sheets<'_>) -> Result<String, RenderError> {
    let Sheets { stock, start, copies, .. } = *sheets;
    let fonts = Fonts::new()?;
    let (width, height) = stock.page();
    let mut drawn = String::new();
    for place in 0..stock.per_page() {
        let (x, y) = stock.corner(place);
        let (w, h) = (stock.width, stock.height);
        let _ = write!(
            drawn,
            r##"<rect x="{x:.2}" y="{y:.2}" width="{w}" height="{h}" rx="1.5" fill="none" stroke="#8a8f98" stroke-width=".3"/>"##
        );
    }
    let labels = labels.iter().flat_map(|label| std::iter::repeat_n(label, copies as usize));
    for (place, label) in (start.saturating_sub(1)..stock.per_page()).zip(labels) {
        let (x, y) = sheets.corner(place);
        let label = drawing(Layout::new(&fonts, label, stock)?);
        let _ = write!(drawn, r#"<g transform="translate({x:.2} {y:.2})">{label}</g>"#);
    }
    Ok(format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><rect width="{width}" height="{height}" fill="white"/>{drawn}</svg>"#
    ))
}

/// Code and words of a label, from its upper left corner.
fn drawing(Layout { square, lines, .. }: Layout) -> String {
    let mut drawn = String::new();
    if let Some(square) = square {
        let (x, y, module) = (square.x, square.y, square.module);
        let _ = write!(
            drawn,
            r#"<path transform="translate({x:.3} {y:.3}) scale({module:.4})" shape-rendering="crispEdges" d=""#
        );
        for run in &square.qr.runs {
            // Writing to a string does not fail.
            let _ = write!(drawn, "M{} {}h{}v1h-{}z", run.x, run.y, run.length, run.length);
        }
        drawn.push_str(r#""/>"#);
    }
    drawn.push_str(r#"<g font-family="Inter, Arial, sans-serif">"#);
    for line in &lines {
        // The width is told, so that the words fit in whatever font the reader has.
        let _ = write!(
            drawn,
            r#"<text x="{:.2}" y="{:.2}" font-size="{:.2}" font-weight="{}" textLength="{:.2}" lengthAdjust="spacingAndGlyphs">{}</text>"#,
            line.x,
            line.baseline,
            line.size,
            if line.bold { 600 } else { 400 },
            line.width,
            escape_xml(&line.text),
        );
    }
    drawn.push_str("</g>");
    drawn
}

/// The square code alone, with its quiet zone; the words are in the other formats. `side` in pixels is the most that the
/// picture measures: a module is a whole number of pixels, at least one and at most 40.
///
/// # Errors
/// When the payload is too long.
pub fn png(label: &Label, side: u32) -> Result<Vec<u8>, RenderError> {
    let qr = Qr::new(&label.payload)?;
    let scale = (side / u32::try_from(qr.whole()).unwrap_or(u32::MAX)).clamp(1, PIXELS_MAX);
    let pixels = |modules: usize| u32::try_from(modules).unwrap_or(u32::MAX) * scale;
    let side = pixels(qr.whole());
    let mut picture = GrayImage::from_pixel(side, side, Luma([255]));
    for run in &qr.runs {
        for y in pixels(run.y + QUIET)..pixels(run.y + QUIET + 1) {
            for x in pixels(run.x + QUIET)..pixels(run.x + QUIET + run.length) {
                picture.put_pixel(x, y, Luma([0]));
            }
        }
    }
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).map_err(|error| RenderError::Write(error.to_string()))?;
    Ok(bytes.into_inner())
}

fn escape_xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML has no place for them.
            '\u{fffe}' | '\u{ffff}' => {}
            control if control.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::labels::stock::USUAL;

    fn usual() -> Stock {
        Stock::named(USUAL).unwrap()
    }

    fn label(title: &str) -> Label {
        Label {
            payload: "HTTPS://LADA.LINDVALLA.SE/K/7K3M9QX".to_owned(),
            code: "7K3-M9QX".to_owned(),
            title: title.to_owned(),
            copy: String::new(),
            owner: "Lindvalla kommun".to_owned(),
            note: "Skanna: innehåll, tips och utvärdering".to_owned(),
        }
    }

    #[test]
    fn svg_is_in_millimetres_with_one_path_and_all_words() {
        let svg = svg(&label("Bee-Bot B"), &usual()).unwrap();
        assert!(svg.starts_with(r#"<svg xmlns="http://www.w3.org/2000/svg" width="99.1mm" height="38.1mm""#));
        assert_eq!(svg.matches("<path").count(), 1);
        for words in ["7K3-M9QX<", "Bee-Bot B<", "Lindvalla kommun<", "innehåll, tips"] {
            assert!(svg.contains(words), "{words}");
        }
        assert!(!svg.contains("style") && svg.len() < 8_000, "{}", svg.len());
    }

    #[test]
    fn a_long_address_makes_codes_too_small_for_small_labels() {
        let part = Stock::named("L4732").unwrap();
        assert!(!is_small("https://lada.lindvalla.se", &part));
        let long = "https://digilador.forskolor.utbildning.lindvallakommun.se";
        assert!(is_small(long, &part) && !is_small(long, &usual()));
        assert!(!is_small(long, &Stock::named("L4731").unwrap()), "it has no code");
    }

    #[test]
    fn a_name_cannot_break_out_of_the_svg() {
        let svg = svg(&label("<script>\"a\" & 'b'\u{0}</script>"), &usual()).unwrap();
        assert!(!svg.contains("<script"));
        assert!(svg.contains("&lt;script&gt;"));
        assert!(!svg.contains('\u{0}'));
    }

    #[test]
    fn png_has_the_code_and_its_quiet_zone() {
        for (asked, scale) in [(0, 1), (37, 1), (150, 4), (184, 4), (10_000, PIXELS_MAX)] {
            let bytes = png(&label("Bee-Bot B"), asked).unwrap();
            let picture = image::load_from_memory(&bytes).unwrap().into_luma8();
            assert_eq!(picture.dimensions(), ((29 + 8) * scale, (29 + 8) * scale));
            let dark = |x: u32, y: u32| picture.get_pixel(x * scale, y * scale).0 == [0];
            assert!(!dark(3, 3) && dark(4, 4) && dark(10, 4) && !dark(5, 5) && dark(32, 4) && !dark(33, 4));
        }
    }
}
