//! The contents card for the inside of a kit's lid: what to count, how to charge, whom to ring, and the kit's code. A5, with
//! margins wide enough to be laminated.

use super::layout::{Line, POINT, Square};
use super::pdf::{Ink, finished, paper};
use super::qr::Qr;
use super::render::RenderError;
use krilla::Document;
use krilla::geom::{PathBuilder, Rect, Size, Transform};
use krilla::image::Image;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;

/// A5 upright, in millimetres.
const PAGE: (f32, f32) = (148.0, 210.0);
const MARGIN: f32 = 12.0;
/// The code, with its quiet zone.
const CODE: f32 = 36.0;
/// Type sizes and what lies between baselines, as a part of the size.
const TITLE: f32 = 8.5;
/// The most that a picture is high.
const PICTURE: f32 = 36.0;
const HEADING: f32 = 5.0;
const TEXT: f32 = 4.2;
const SMALLEST: f32 = 2.2;
const LINE: f32 = 1.35;

/// What a card says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// What the square code says.
    pub payload: String,
    /// The code as it is printed.
    pub code: String,
    /// The kit's name and letter.
    pub title: String,
    /// A picture of what is in it, as JPEG.
    pub picture: Option<Vec<u8>>,
    /// "Räkna så här", and each line of the contents list.
    pub count: (String, Vec<Piece>),
    /// Headings with texts: charging, getting started.
    pub advice: Vec<(String, String)>,
    /// Whose it is and whom to ring.
    pub owner: String,
}

/// A line of the contents list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// How many.
    pub quantity: i32,
    /// What.
    pub name: String,
}

/// Cards, each on a page of its own.
///
/// # Errors
/// When a payload is too long, or there are none.
pub fn pdf(cards: &[Card]) -> Result<Vec<u8>, RenderError> {
    if cards.is_empty() {
        return Err(RenderError::NoLabels);
    }
    let ink = Ink::new()?;
    let mut document = Document::new();
    for card in cards {
        let mut page = document.start_page_with(paper(PAGE)?);
        let mut surface = page.surface();
        draw(&mut surface, &ink, card)?;
        surface.finish();
        page.finish();
    }
    finished(document)
}

fn draw(surface: &mut Surface<'_>, ink: &Ink, card: &Card) -> Result<(), RenderError> {
    let qr = Qr::new(&card.payload)?;
    let module = CODE / qr.whole() as f32;
    let quiet = module * 4.0;
    let left = PAGE.0 - MARGIN - CODE;
    ink.square(surface, &Square { qr, x: quiet, y: quiet, module }, (left, MARGIN));
    let code = line(ink, &card.code, true, 5.2);
    let middle = left + (CODE - code.width) / 2.0;
    ink.line(surface, &code, (middle, MARGIN + CODE + 4.0));

    let top = show(surface, ink, card)?;
    // All text is made smaller together until it fits on the page.
    let mut scale = 1.0;
    loop {
        let (lines, end) = set(ink, card, top, scale);
        if end <= PAGE.1 - MARGIN || TEXT * scale <= SMALLEST {
            for (line, at) in &lines {
                ink.line(surface, line, *at);
            }
            boxes(surface, &lines, TEXT * scale);
            return Ok(());
        }
        scale *= 0.95;
    }
}

/// Draws title and picture beside the code; gives where the rest begins.
fn show(surface: &mut Surface<'_>, ink: &Ink, card: &Card) -> Result<f32, RenderError> {
    let room = PAGE.0 - 2.0 * MARGIN - CODE - 4.0;
    let mut y = MARGIN + 1.0;
    let mut size = TITLE;
    let mut title = ink.fonts.wrapped(&card.title, true, size, room).0;
    while title.len() > 2 && size > TITLE / 2.0 {
        size *= 0.9;
        title = ink.fonts.wrapped(&card.title, true, size, room).0;
    }
    for text in &title {
        y += size * LINE;
        ink.line(surface, &line(ink, text, true, size), (MARGIN, y));
    }
    let beside = MARGIN + CODE + 8.0;
    let Some(picture) = &card.picture else { return Ok(y.max(beside)) };
    y += 4.0;
    let image = Image::from_jpeg(picture.clone().into(), true).map_err(RenderError::Write)?;
    let (width, height) = image.size();
    let scale = (room / width as f32).min(PICTURE / height as f32);
    let (width, height) = (width as f32 * scale, height as f32 * scale);
    if let Some(size) = Size::from_wh(width / POINT, height / POINT) {
        surface.push_transform(&Transform::from_translate(MARGIN / POINT, y / POINT));
        surface.draw_image(image, size);
        surface.pop();
    }
    Ok((y + height).max(beside))
}

/// A line, and where it stands.
type Placed = (Line, (f32, f32));

/// Every line below `top` with its place, and where the last one ends.
fn set(ink: &Ink, card: &Card, top: f32, scale: f32) -> (Vec<Placed>, f32) {
    let mut lines = Vec::new();
    let mut y = top;
    let mut add = |y: &mut f32, text: &str, bold: bool, size: f32, left: f32| {
        let room = PAGE.0 - MARGIN - left;
        for text in ink.fonts.wrapped(text, bold, size, room).0 {
            *y += size * LINE;
            lines.push((line(ink, &text, bold, size), (left, *y)));
        }
    };
    if !card.count.1.is_empty() {
        y += 3.0 * scale;
        add(&mut y, &card.count.0, true, HEADING * scale, MARGIN);
        for piece in &card.count.1 {
            y += 0.8 * scale;
            let text = format!("{} {}", piece.quantity, piece.name);
            add(&mut y, &text, false, TEXT * scale, MARGIN + TEXT * scale * 1.8);
        }
    }
    for (heading, text) in card.advice.iter().filter(|(_, text)| !text.trim().is_empty()) {
        y += 5.0 * scale;
        add(&mut y, heading, true, HEADING * scale, MARGIN);
        for paragraph in text.lines().filter(|paragraph| !paragraph.trim().is_empty()) {
            add(&mut y, paragraph, false, TEXT * scale, MARGIN);
        }
    }
    y += 5.0 * scale;
    add(&mut y, &card.owner, true, TEXT * scale, MARGIN);
    (lines, y)
}

/// A box to tick beside each line that begins where a piece's text begins.
fn boxes(surface: &mut Surface<'_>, lines: &[Placed], size: f32) {
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke { width: 0.3 / POINT, ..Stroke::default() }));
    let indent = MARGIN + size * 1.8;
    let first_lines = lines.iter().filter(|(line, (x, _))| (x - indent).abs() < 0.01 && begins(line));
    for (_, (_, y)) in first_lines {
        let side = size * 0.8;
        let points = |mm: f32| mm / POINT;
        let mut path = PathBuilder::new();
        if let Some(square) = Rect::from_xywh(points(MARGIN), points(y - side), points(side), points(side)) {
            path.push_rect(square);
        }
        if let Some(path) = path.finish() {
            surface.draw_path(&path);
        }
    }
    surface.set_stroke(None);
    surface.set_fill(Some(Fill::default()));
}

/// True for the first line of a piece, which begins with how many there are.
fn begins(line: &Line) -> bool {
    line.text.starts_with(|first: char| first.is_ascii_digit())
}

fn line(ink: &Ink, text: &str, bold: bool, size: f32) -> Line {
    let width = ink.fonts.glyphs(text, bold).iter().map(|glyph| glyph.advance * size).sum();
    Line { text: text.to_owned(), bold, x: 0.0, baseline: 0.0, size, width }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn card(pieces: usize, advice: &str) -> Card {
        let piece = |number| Piece { quantity: 2, name: format!("Pusselbit nummer {number} med åäö") };
        Card {
            payload: "HTTPS://LADA.LINDVALLA.SE/K/7K3M9QX".to_owned(),
            code: "7K3-M9QX".to_owned(),
            title: "Programmeringsspel för de yngsta B".to_owned(),
            picture: None,
            count: ("Räkna så här".to_owned(), (0..pieces).map(piece).collect()),
            advice: vec![("Ladda så här".to_owned(), advice.to_owned())],
            owner: "Lindvalla kommun, 021-00 00 00".to_owned(),
        }
    }

    #[test]
    fn a_card_has_a_page_and_all_its_words_fit() {
        let ink = Ink::new().unwrap();
        for pieces in [0, 1, 6, 20, 40] {
            let card = card(pieces, "Sladden ligger i locket. Lampan lyser grönt när roboten är laddad.");
            assert!(pdf(std::slice::from_ref(&card)).unwrap().starts_with(b"%PDF-"));
            let mut scale = 1.0;
            let top = MARGIN + CODE + 8.0;
            while set(&ink, &card, top, scale).1 > PAGE.1 - MARGIN && TEXT * scale > SMALLEST {
                scale *= 0.95;
            }
            let (lines, end) = set(&ink, &card, top, scale);
            assert!(end <= PAGE.1 - MARGIN, "{pieces} pieces end at {end}");
            for (line, (x, _)) in lines {
                assert!(x + line.width <= PAGE.0 - MARGIN + 0.1, "{line:?} at {x}");
            }
        }
    }
}
