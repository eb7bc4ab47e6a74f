//! Where everything stands on a label, in millimetres: the square code to the left, words to the right of it; on a label
//! that is too low for a square code, words alone.
//!
//! Words are measured in the font that is printed with, and shrunk, wrapped and at last cut, so that they never run out
//! of the label.

use super::qr::{QUIET, Qr};
use super::render::{Label, RenderError};
use super::stock::{Fits, Form, Stock};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::outline::{DrawSettings, OutlineGlyphCollection, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// The fonts that labels are printed in, under `assets/fonts`.
pub const REGULAR: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");
pub const SEMI_BOLD: &[u8] = include_bytes!("../../assets/fonts/Inter-SemiBold.otf");

/// Millimetres in a typographic point.
pub const POINT: f32 = 25.4 / 72.0;
/// Kept free around the code, for a printer that does not feed straight. The code brings its own quiet zone besides.
const EDGE: f32 = 0.5;
/// Where an office printer begins to print, from the page's edge.
const UNPRINTED: f32 = 4.5;
/// Kept free to the right of the words.
const RIGHT: f32 = 1.5;
/// The code takes at most this much of a label's width, and millimetres of its height.
const CODE_SHARE: f32 = 0.5;
const CODE_MAX: f32 = 46.0;
/// The modules on the side of a code with a long address, with its quiet zone.
const MANY_MODULES: f32 = 45.0;
/// A space at which no line ends.
const NO_BREAK: char = '\u{a0}';
/// Between baselines, and from the top of a line to its baseline, as parts of the type size.
const LINE: f32 = 1.25;
const ASCENT: f32 = 0.97;
/// The height of a capital, as a part of the type size.
const CAPITAL: f32 = 0.727;
/// To what part of its size type is shrunk before words are cut, in steps. A name may be shrunk more than the rest.
const SHRINK: [f32; 7] = [1.0, 0.93, 0.86, 0.8, 0.73, 0.66, 0.6];
const SMALLEST: f32 = 0.6;

/// A label's parts in their places. Lengths in millimetres from its upper left corner.
pub struct Layout {
    pub width: f32,
    pub height: f32,
    /// The square code, where there is room for one.
    pub square: Option<Square>,
    pub lines: Vec<Line>,
}

/// A square code in its place.
pub struct Square {
    pub qr: Qr,
    /// Its upper left dark corner.
    pub x: f32,
    pub y: f32,
    /// The side of a module.
    pub module: f32,
}

/// A line of words.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub text: String,
    pub bold: bool,
    pub x: f32,
    pub baseline: f32,
    /// Type size.
    pub size: f32,
    /// From the first glyph to the end of the last.
    pub width: f32,
}

/// From the left and from the top of the page, width and height, in millimetres.
pub type Place = (f32, f32, f32, f32);

/// Something in its place on a page that is more than labels. What comes later lies above.
pub enum Mark {
    /// The edge of a rectangle, and how thick it is.
    Outline(Place, f32),
    Black(Place),
    White(Place),
    /// With the corner that its place is told from.
    Square(Square, (f32, f32)),
    /// With the corner that its place is told from.
    Words(Line, (f32, f32)),
}

/// The two fonts, ready to measure with.
pub struct Fonts {
    regular: Face,
    bold: Face,
}

/// A glyph of a text.
pub struct PlacedGlyph {
    pub id: u32,
    /// As a part of the type size.
    pub advance: f32,
    /// The bytes of the text that it shows.
    pub bytes: Range<usize>,
}

struct Face {
    characters: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    outlines: OutlineGlyphCollection<'static>,
    /// Glyph and advance of the characters met so far.
    known: RefCell<HashMap<char, Option<(u32, f32)>>>,
}

/// What a paragraph says, and how.
struct Paragraph<'a> {
    text: &'a str,
    /// Its end, which is never cut.
    end: &'a str,
    bold: bool,
    /// Type size in points, when there is room.
    size: f32,
    /// It may take so many.
    lines: usize,
    /// May be shrunk more than the others.
    name: bool,
    below: bool,
}

impl Fonts {
    /// # Errors
    /// When the embedded fonts cannot be read.
    pub fn new() -> Result<Self, RenderError> {
        Ok(Self { regular: Face::new(REGULAR)?, bold: Face::new(SEMI_BOLD)? })
    }

    fn face(&self, bold: bool) -> &Face {
        if bold { &self.bold } else { &self.regular }
    }

    /// The glyphs of a text, one for each character that the font has, none of them moved. Latin script needs no more.
    pub fn glyphs(&self, text: &str, bold: bool) -> Vec<PlacedGlyph> {
        let face = self.face(bold);
        let glyph = |(at, character): (usize, char)| {
            let (id, advance) = face.glyph(character)?;
            Some(PlacedGlyph { id, advance, bytes: at..at + character.len_utf8() })
        };
        text.char_indices().filter_map(glyph).collect()
    }

    /// Draws a glyph's outline, at a type size in whatever the pen measures. A glyph that the font lacks is not drawn.
    pub fn draw(&self, glyph: GlyphId, bold: bool, size: f32, pen: &mut impl OutlinePen) {
        if let Some(outline) = self.face(bold).outlines.get(glyph) {
            // A damaged glyph is left out; the fonts are the program's own, and its tests read them.
            let _ = outline.draw(DrawSettings::unhinted(Size::new(size), LocationRef::default()), pen);
        }
    }

    /// Whether a text has signs that the font does not have, and that a label leaves out.
    pub fn lacks(&self, text: &str) -> bool {
        let shown = |character: &char| !(character.is_whitespace() || character.is_control() || is_format(*character));
        composed(text).chars().filter(shown).any(|character| self.bold.glyph(character).is_none())
    }

    /// A text in lines of that width, and whether all its words are whole: one that is wider than a line is broken. What the
    /// font does not have is left out. Width and type size in the same unit.
    pub fn wrapped(&self, text: &str, bold: bool, size: f32, width: f32) -> (Vec<String>, bool) {
        let room = width + 0.01;
        let space = self.width(" ", bold) * size;
        let mut lines: Vec<String> = Vec::new();
        let mut used = 0.0;
        let mut whole = true;
        for word in words(&composed(text)) {
            let word: String = word.chars().filter(|character| self.face(bold).glyph(*character).is_some()).collect();
            if word.is_empty() {
                continue;
            }
            let needed = self.width(&word, bold) * size;
            if let Some(line) = lines.last_mut()
                && used + space + needed <= room
            {
                line.push(' ');
                line.push_str(&word);
                used += space + needed;
                continue;
            }
            lines.push(String::new());
            used = 0.0;
            for character in word.chars() {
                let needed = self.face(bold).glyph(character).map_or(0.0, |(_, advance)| advance * size);
                if used > 0.0 && used + needed > room {
                    whole = false;
                    lines.push(String::new());
                    used = 0.0;
                }
                if let Some(line) = lines.last_mut() {
                    line.push(character);
                    used += needed;
                }
            }
        }
        (lines, whole)
    }

    /// The width of a text's widest word as a part of the type size.
    fn widest(&self, text: &str, bold: bool) -> f32 {
        words(&composed(text)).map(|word| self.width(word, bold)).fold(0.0, f32::max)
    }

    /// A text's width as a part of the type size.
    fn width(&self, text: &str, bold: bool) -> f32 {
        let face = self.face(bold);
        text.chars().filter_map(|character| face.glyph(character)).map(|(_, advance)| advance).sum()
    }
}

impl Face {
    fn new(bytes: &'static [u8]) -> Result<Self, RenderError> {
        let font = FontRef::new(bytes).map_err(|_| RenderError::Font)?;
        let metrics = font.glyph_metrics(Size::new(1.0), LocationRef::default());
        Ok(Self { characters: font.charmap(), metrics, outlines: font.outline_glyphs(), known: RefCell::default() })
    }

    /// None for what the font does not have, and for what is never seen but turns what is around it.
    fn glyph(&self, character: char) -> Option<(u32, f32)> {
        *self.known.borrow_mut().entry(character).or_insert_with(|| {
            let id = self.characters.map(character).filter(|_| !is_format(character))?;
            Some((id.to_u32(), self.metrics.advance_width(id)?))
        })
    }
}

/// A text with each letter and its marks in one, as the font has them: some computers write ä as a and two dots.
fn composed(text: &str) -> Cow<'_, str> {
    if is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// What is not parted at the end of a line; some of it is empty.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| (c.is_whitespace() && c != NO_BREAK) || c.is_control())
}

/// Marks that say how others are to be set: direction, joining, the width of spaces (Unicode's category Cf).
fn is_format(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0001}'..='\u{e007f}')
}

impl Layout {
    /// Places a label on a piece of that stock.
    ///
    /// # Errors
    /// When the payload is too long for a square code.
    pub fn new(fonts: &Fonts, label: &Label, stock: &Stock) -> Result<Self, RenderError> {
        let Stock { width, height, .. } = *stock;
        // The page's edge may be the label's own.
        let right = if stock.form == Form::Sheet { UNPRINTED - stock.left } else { stock.margin }.max(RIGHT);
        if stock.fits == Fits::Text {
            let edge = EDGE.max(stock.margin);
            let room = Room {
                fonts,
                x: edge + RIGHT,
                width: width - right - edge - RIGHT,
                top: edge,
                bottom: height - edge - RIGHT,
            };
            let mut lines = room.words(label);
            if let (Some(first), Some(last)) = (lines.first(), lines.last()) {
                let (top, bottom) = (first.baseline - CAPITAL * first.size, last.baseline);
                let down = (height - bottom - top) / 2.0;
                lines.iter_mut().for_each(|line| line.baseline += down);
            }
            return Ok(Self { width, height, square: None, lines });
        }
        let qr = Qr::new(&label.payload)?;
        let side = side(stock);
        let module = side / qr.whole() as f32;
        let quiet = module * QUIET as f32;
        let edge = left_edge(stock, quiet);
        let y = (height - side) / 2.0 + quiet;
        let bottom = y + module * qr.size as f32;
        let left = edge + side;
        let room = Room { fonts, x: left, width: width - right - left, top: y, bottom };
        // A small label has room for its name in a readable size, or for what scanning gives; it says its name.
        let nameable = Label { note: String::new(), ..label.clone() };
        let lines = room.words(if stock.fits == Fits::Part { &nameable } else { label });
        Ok(Self { width, height, square: Some(Square { qr, x: edge + quiet, y, module }), lines })
    }
}

/// The side of a module on that stock.
pub fn module(qr: &Qr, stock: &Stock) -> f32 {
    side(stock) / qr.whole() as f32
}

/// The side of a code with its quiet zone.
fn side(stock: &Stock) -> f32 {
    let edge = EDGE.max(stock.margin);
    (stock.height - 2.0 * edge).min(stock.width * CODE_SHARE).min(CODE_MAX)
}

/// What is kept free to the left of a code and its quiet zone: what is dark begins where the printer prints.
fn left_edge(stock: &Stock, quiet: f32) -> f32 {
    let unprinted = if stock.form == Form::Sheet { UNPRINTED - stock.left - quiet } else { 0.0 };
    EDGE.max(stock.margin).max(unprinted)
}

/// Whether codes run out of the paper when all is moved by so many millimetres to the right and down.
pub fn runs_out(stock: &Stock, (right, down): (f32, f32)) -> bool {
    let side = side(stock);
    // A long address makes many modules, and so a narrow quiet zone.
    let quiet = side * QUIET as f32 / MANY_MODULES;
    let (width, height) = stock.page();
    let dark = side - 2.0 * quiet;
    let out = |place| {
        let (x, y) = stock.corner(place);
        let (x, y) = (x + left_edge(stock, quiet) + quiet + right, y + (stock.height - dark) / 2.0 + down);
        x < 0.0 || y < 0.0 || x + dark > width || y + dark > height
    };
    stock.fits != Fits::Text && (out(0) || out(stock.per_page() - 1))
}

/// What is lost when all type is shrunk to one part, and the name again to the other: code and all are read from afar.
fn loss((all, name): (f32, f32)) -> f32 {
    2.0 * (1.0 - all) + (1.0 - name)
}

/// How words fit in their room, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Whole,
    /// A word is wider than the room.
    Broken,
    Cut,
}

/// Where the words go.
struct Room<'a> {
    fonts: &'a Fonts,
    x: f32,
    width: f32,
    top: f32,
    bottom: f32,
}

impl Room<'_> {
    /// What the label says, as large as all of it can be.
    fn words(&self, label: &Label) -> Vec<Line> {
        let small = |text| Paragraph { text, end: "", bold: false, size: 8.0, lines: 3, name: false, below: true };
        let paragraphs = [
            Paragraph { text: &label.code, end: "", bold: true, size: 18.0, lines: 1, name: false, below: false },
            Paragraph {
                text: &label.title,
                end: &label.copy,
                bold: true,
                size: 12.0,
                lines: 3,
                name: true,
                below: false,
            },
            small(&label.owner),
            small(&label.note),
        ];
        // Twice the height carries type half again as large.
        let largest = ((self.bottom - self.top) / 28.0).sqrt().clamp(SMALLEST, 1.5);
        let mut sizes: Vec<(f32, f32)> = SHRINK.into_iter().flat_map(|all| SHRINK.map(|name| (all, name))).collect();
        sizes.sort_by(|one, other| loss(*one).total_cmp(&loss(*other)));
        // What is scanned tells the rest: before words are cut, the note goes, and then the owner. A word that is wider than
        // the label is broken at any size: then nothing else is shrunk for it in vain.
        let (whole, less, least) = (&paragraphs[..], &paragraphs[..3], &paragraphs[..2]);
        let said = [whole, less, least].into_iter().flat_map(|said| [(said, Fit::Whole), (said, Fit::Broken)]);
        let mut tries = said.flat_map(|(said, fit)| sizes.iter().map(move |size| (said, fit, *size)));
        let set = |(said, fit, (all, name)): (&[Paragraph<'_>], Fit, (f32, f32))| {
            let (lines, fits) = self.set(said, (all * largest).max(SMALLEST), name);
            (fits <= fit).then_some(lines)
        };
        tries.find_map(set).unwrap_or_else(|| self.set(least, SMALLEST, SMALLEST).0)
    }

    /// Sets the paragraphs in `all` of their size, the name in `name` of that, some from the top and the others up to the
    /// bottom; and how they fit.
    fn set(&self, paragraphs: &[Paragraph<'_>], all: f32, name: f32) -> (Vec<Line>, Fit) {
        let mut fits = Fit::Whole;
        let mut above = Vec::new();
        let mut below = Vec::new();
        let mut left = self.bottom - self.top;
        for paragraph in paragraphs {
            let mut size = paragraph.size * POINT * all * if paragraph.name { name } else { 1.0 };
            if paragraph.lines == 1 {
                // What may not be cut is shrunk until it fits.
                let width = self.fonts.width(paragraph.text, paragraph.bold) * size;
                size = size.min(left / LINE) * (self.width / width).min(1.0);
            }
            if paragraph.name {
                // One long word makes the name smaller, and nothing else. One that is too long for that is broken.
                let widest = self.fonts.widest(paragraph.text, paragraph.bold);
                let whole = self.width / widest.max(f32::EPSILON);
                if whole >= paragraph.size * POINT * SMALLEST * SMALLEST {
                    size = size.min(whole);
                }
            }
            let fit = (left.max(0.0) / (size * LINE) + 0.001) as usize;
            let (texts, fit) = self.wrap(paragraph, size, fit);
            fits = fits.max(fit);
            left -= texts.len() as f32 * size * LINE;
            let lines = texts.into_iter().map(|text| {
                let width = self.fonts.width(&text, paragraph.bold) * size;
                Line { text, bold: paragraph.bold, x: self.x, baseline: 0.0, size, width }
            });
            if paragraph.below { below.extend(lines) } else { above.extend(lines) }
        }
        // The first capitals begin where the code begins; the last baseline is where it ends.
        let mut y = self.top - above.first().map_or(0.0, |line: &Line| (ASCENT - CAPITAL) * line.size);
        for line in &mut above {
            line.baseline = y + ASCENT * line.size;
            y += LINE * line.size;
        }
        let mut y = self.bottom;
        for line in below.iter_mut().rev() {
            line.baseline = y;
            y -= LINE * line.size;
        }
        above.append(&mut below);
        (above, fits)
    }

    /// The lines of a paragraph, as many as fit, and how it fits. A word that is wider than a line is broken.
    fn wrap(&self, paragraph: &Paragraph<'_>, size: f32, fit: usize) -> (Vec<String>, Fit) {
        let Paragraph { text, end, bold, lines: most, .. } = *paragraph;
        let all = format!("{text} {end}");
        let (mut lines, whole) = self.fonts.wrapped(&all, bold, size, self.width);
        let mut fits = if whole { Fit::Whole } else { Fit::Broken };
        let most = most.min(fit);
        if lines.len() > most {
            fits = Fit::Cut;
            lines.truncate(most);
            if let Some(line) = lines.last_mut() {
                let end = if end.is_empty() { "…".to_owned() } else { format!("… {end}") };
                let width = |text: &str| self.fonts.width(text, bold) * size;
                while !line.is_empty() && width(line) + width(&end) > self.width + 0.01 {
                    line.pop();
                }
                line.truncate(line.trim_end().len());
                line.push_str(&end);
            }
        }
        (lines, fits)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::labels::stock::{self, USUAL};
    use proptest::prelude::*;

    fn label(title: &str, owner: &str, note: &str) -> Label {
        Label {
            payload: "HTTPS://LADA.LINDVALLA.SE/K/7K3M9QX".to_owned(),
            code: "7K3-M9QX".to_owned(),
            title: title.to_owned(),
            copy: String::new(),
            owner: owner.to_owned(),
            note: note.to_owned(),
        }
    }

    fn usual() -> Stock {
        Stock::named(USUAL).unwrap()
    }

    fn place(label: &Label, stock: &Stock) -> Layout {
        Layout::new(&Fonts::new().unwrap(), label, stock).unwrap()
    }

    fn texts(layout: &Layout) -> Vec<&str> {
        layout.lines.iter().map(|line| line.text.as_str()).collect()
    }

    fn assert_within(layout: &Layout) {
        if let Some(Square { qr, x, y, module }) = &layout.square {
            let side = module * qr.size as f32;
            assert!(*x >= module * 4.0 && *y >= module * 4.0);
            assert!(y + side + module * 4.0 <= layout.height);
            for line in &layout.lines {
                assert!(line.x >= x + side + module * 4.0 - 0.01);
            }
        }
        for line in &layout.lines {
            assert!(line.x + line.width <= layout.width - RIGHT + 0.02, "{line:?}");
            assert!(line.baseline - line.size * CAPITAL >= 0.0, "{line:?}");
            assert!(line.baseline + line.size * 0.25 <= layout.height, "{line:?}");
        }
        for pair in layout.lines.windows(2) {
            assert!(pair[1].baseline - pair[0].baseline >= pair[1].size * 0.9, "{pair:?}");
        }
    }

    #[test]
    fn the_usual_label_stands_whole_on_every_sheet() {
        let label = label("Bee-Bot B", "Lindvalla kommun, 021-00 00 00", "Skanna: innehåll, tips och utvärdering");
        for stock in stock::all().iter().filter(|stock| stock.fits == Fits::Box) {
            let layout = place(&label, stock);
            assert_within(&layout);
            let module = layout.square.as_ref().unwrap().module;
            assert!(module >= 0.75, "{}: {module}", stock.name);
            let all = texts(&layout).join(" ");
            assert_eq!(all, "7K3-M9QX Bee-Bot B Lindvalla kommun, 021-00 00 00 Skanna: innehåll, tips och utvärdering");
        }
    }

    #[test]
    fn on_the_default_sheet_a_module_is_a_millimetre_and_the_code_is_large() {
        let layout = place(&label("Bee-Bot B", "Lindvalla", ""), &usual());
        assert!((layout.square.as_ref().unwrap().module - 1.0).abs() < 0.05);
        assert_eq!(texts(&layout), ["7K3-M9QX", "Bee-Bot B", "Lindvalla"]);
        assert!(layout.lines[0].size >= 18.0 * POINT - 0.01);
    }

    #[test]
    fn a_part_has_a_small_code_and_a_text_label_none() {
        let part = place(&label("Bee-Bot B", "", ""), &Stock::named("L4732").unwrap());
        assert_within(&part);
        assert!(part.square.as_ref().unwrap().module >= 0.4, "as small as phones read");
        assert_eq!(texts(&part).join(" "), "7K3-M9QX Bee-Bot B");
        let text = place(&label("Bee-Bot B", "", ""), &Stock::named("L4731").unwrap());
        assert_within(&text);
        assert!(text.square.is_none());
        assert_eq!(texts(&text).join(" "), "7K3-M9QX Bee-Bot B");
        assert!(text.lines[0].size >= 2.0, "{}", text.lines[0].size);
    }

    #[test]
    fn a_long_name_is_shrunk_and_wrapped_before_it_is_cut() {
        let name = "Programmeringsspel för de yngsta: Cubetto med världskartan och äventyrsböckerna";
        let layout = place(&label(name, "Lindvalla", "Skanna"), &usual());
        assert_within(&layout);
        assert_eq!(texts(&layout)[1..].join(" "), format!("{name} Lindvalla Skanna"));
        let layout = place(&label(&name.repeat(4), "Lindvalla", "Skanna"), &usual());
        assert_within(&layout);
        assert!(texts(&layout).iter().any(|line| line.ends_with('…')));
    }

    #[test]
    fn a_long_name_does_not_make_the_code_small() {
        let name = "Programmeringsspel för de yngsta: Cubetto med världskartan";
        let long = place(&label(name, "Lindvalla", "Skanna"), &usual());
        let short = place(&label("Bee-Bot B", "Lindvalla", "Skanna"), &usual());
        assert_eq!(long.lines[0].size, short.lines[0].size);
        assert!(long.lines[1].size <= short.lines[1].size);
    }

    #[test]
    fn a_word_wider_than_the_label_does_not_make_the_code_small() {
        let long = place(&label(&"Programmeringsrobot".repeat(5), "Lindvalla", ""), &usual());
        let short = place(&label("Bee-Bot B", "Lindvalla", ""), &usual());
        assert_within(&long);
        assert_eq!(long.lines[0].size, short.lines[0].size);
    }

    #[test]
    fn letters_with_their_marks_apart_are_put_together() {
        let layout = place(&label("A\u{308}ggro\u{308}ra A\u{30a}ngstro\u{308}m", "", ""), &usual());
        assert_eq!(texts(&layout)[1..].join(" "), "Äggröra Ångström");
        let fonts = Fonts::new().unwrap();
        assert!(!fonts.lacks("A\u{308}ggröra, 021-00 00 00\u{202e}"));
        assert!(fonts.lacks("🤖 Bee-Bot") && fonts.lacks("مرحبا"));
        assert_eq!(fonts.wrapped("Ring 021-00\u{a0}00", false, 3.0, 18.0).0, ["Ring", "021-00\u{a0}00"]);
    }

    #[test]
    fn what_is_dark_begins_where_printers_print() {
        let address = format!("HTTPS://{}.SE/K/7K3M9QX", "DIGILADOR.FORSKOLOR.LINDVALLAKOMMUN");
        for stock in stock::all().iter().filter(|stock| stock.form == Form::Sheet && stock.fits != Fits::Text) {
            let layout = place(&Label { payload: address.clone(), ..label("Bee-Bot B", "", "") }, stock);
            assert_within(&layout);
            let square = layout.square.unwrap();
            assert!(stock.left + square.x >= UNPRINTED - 0.01, "{}: {}", stock.name, stock.left + square.x);
        }
    }

    #[test]
    fn a_print_is_not_moved_out_of_the_paper() {
        for stock in stock::all() {
            assert!(!runs_out(stock, (1.5, -1.5)), "{}", stock.name);
        }
        let usual = usual();
        assert!(runs_out(&usual, (-10.0, 0.0)) && !runs_out(&usual, (10.0, 10.0)));
        assert!(runs_out(&Stock::sized(62.0, 38.0), (0.0, 8.0)));
    }

    #[test]
    fn words_without_spaces_are_broken() {
        let layout = place(&label(&"Å".repeat(60), "", ""), &usual());
        assert_within(&layout);
        assert_eq!(texts(&layout)[1..].concat().trim_end_matches('…').chars().filter(|c| *c != 'Å').count(), 0);
    }

    #[test]
    fn a_long_name_leaves_the_letter_of_the_copy() {
        let name = "Programmeringsspel för de yngsta: Cubetto med världskartan och alla äventyrsböckerna, i ny utgåva från 2026";
        for stock in stock::all() {
            let of_copy = |copy: &str| {
                let label = Label { copy: copy.to_owned(), ..label(name, "Lindvalla kommun, 021-00 00 00", "Skanna") };
                let layout = place(&label, stock);
                assert_within(&layout);
                texts(&layout).join(" ")
            };
            let spike = Label { copy: "B".to_owned(), ..label("LEGO Education SPIKE Essential, 2 satser", "", "") };
            assert!(texts(&place(&spike, stock)).join(" ").ends_with(" B"), "{}", stock.name);
            assert!(of_copy("AB").split(' ').any(|word| word == "AB"), "{}: {}", stock.name, of_copy("AB"));
            assert_ne!(of_copy("A"), of_copy("B"), "{}", stock.name);
        }
    }

    #[test]
    fn what_the_font_does_not_have_is_left_out() {
        let layout = place(&label("\u{202e}🤖 Bee-Bot مرحبا\u{200b} B", "", ""), &usual());
        assert_eq!(texts(&layout)[1..].join(" "), "Bee-Bot B");
        let fonts = Fonts::new().unwrap();
        assert!(fonts.glyphs("🤖\u{202e}", false).is_empty());
        assert_eq!(fonts.glyphs("åäöæøÅÄÖÆØ", true).len(), 10);
    }

    #[test]
    fn one_long_word_makes_the_name_small_and_nothing_else() {
        for name in ["L7160", "DK-22205"] {
            let stock = Stock::named(name).unwrap();
            let sizes = |title| {
                let lines = place(&label(title, "Lindvalla kommun", "Skanna"), &stock).lines;
                (lines[0].size, lines[1].clone(), lines[lines.len() - 1].size)
            };
            let (code, usual, note) = sizes("Robotarna");
            let (small_code, long, small_note) = sizes("Programmeringsrobotarna");
            assert_eq!((code, note), (small_code, small_note), "{name}");
            assert_eq!(long.text, "Programmeringsrobotarna", "{name}");
            assert!(long.size < usual.size, "{name}: {long:?}");
        }
    }

    #[test]
    fn words_alone_stand_in_the_middle() {
        let stock = Stock::named("L4731").unwrap();
        for title in ["Bee-Bot B", "LEGO Education SPIKE Essential, 2 satser"] {
            let lines = place(&label(title, "", ""), &stock).lines;
            let above = lines[0].baseline - CAPITAL * lines[0].size;
            let below = stock.height - lines[lines.len() - 1].baseline;
            assert!((above - below).abs() < 0.01, "{above} above, {below} below");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn nothing_runs_out_of_a_label(title in "\\PC{0,80}", owner in ".{0,60}", note in "[a-zåäö ]{0,200}", at in 0..stock::all().len()) {
            assert_within(&place(&label(&title, &owner, &note), &stock::all()[at]));
        }

        #[test]
        fn nor_out_of_a_small_one(title in "[A-Za-zåäö ]{0,80}", width in 15.0..120.0_f32, height in 15.0..120.0_f32) {
            assert_within(&place(&label(&title, &title, &title), &Stock::sized(width, height)));
        }
    }
}
