//! A5 pages about a kit: the contents card for the inside of its lid, with what to count, how to charge, whom to ring, and
//! the kit's code; and the delivery note that goes with it. The margins are wide enough to be laminated.

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
/// The size of the title.
const TITLE: f32 = 8.5;
/// The most that the picture of the kit is high.
const PICTURE: f32 = 36.0;
/// Size of a heading, as a part of the text's.
const HEADING: f32 = 1.2;
/// What lies between baselines, as a part of the size.
const LINE: f32 = 1.35;
/// What lies between two columns.
const GUTTER: f32 = 5.0;
/// Ways to set a card, the most readable first: columns of pieces, and the size of the text. A card is set in the first
/// way in which it fits on one page; if it fits in none, it goes on over the page in [`LONG`].
const WAYS: [(usize, f32); 8] = [(1, 4.2), (1, 3.8), (1, 3.4), (2, 3.8), (2, 3.4), (2, 3.0), (3, 3.0), (3, 2.6)];
const LONG: (usize, f32) = (2, 3.0);
/// The least size of what stands before the contents, and of the foot of each page when there are several.
const SMALL: f32 = 3.4;
/// From the lower edge of the page to its foot.
const FOOT: f32 = 7.0;

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
    /// What stands before the contents, headings with texts: where the kit goes.
    pub about: Vec<(String, String)>,
    /// "Räkna så här", and each line of the contents list.
    pub count: (String, Vec<Piece>),
    /// Headings with texts: charging, getting started.
    pub advice: Vec<(String, String)>,
    /// What is written by hand: "Packad av", each with a line to write on.
    pub signatures: Vec<String>,
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
    /// A picture of it, as JPEG.
    pub picture: Option<Vec<u8>>,
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
        let top = head(&ink, card)?.1;
        let pages = pages(fitting(&ink, card, top), top);
        let count = pages.len();
        for (number, rows) in pages.into_iter().enumerate() {
            let mut page = document.start_page_with(paper(PAGE)?);
            let mut surface = page.surface();
            let mut y = MARGIN;
            if number == 0 {
                draw_head(&mut surface, &ink, card)?;
                y = top;
            }
            for row in rows {
                for mark in &row.marks {
                    draw(&mut surface, &ink, mark, y)?;
                }
                y += row.height;
            }
            // A loose page tells where it belongs.
            if count > 1 {
                let foot = format!("{} ({count}) · {} · {}", number + 1, card.code, card.title);
                for text in ink.fonts.wrapped(&foot, false, SMALL, PAGE.0 - 2.0 * MARGIN).0.iter().take(1) {
                    ink.line(&mut surface, &line(&ink, text, false, SMALL), (MARGIN, PAGE.1 - FOOT));
                }
            }
            surface.finish();
            page.finish();
        }
    }
    finished(document, false)
}

/// The lines of the title, their size, and where what comes under the head begins.
type Head = ((Vec<String>, f32), f32);

/// How wide title and picture may be, beside the code.
const BESIDE: f32 = PAGE.0 - 2.0 * MARGIN - CODE - 4.0;

fn head(ink: &Ink, card: &Card) -> Result<Head, RenderError> {
    let mut size = TITLE;
    let mut title = ink.fonts.wrapped(&card.title, true, size, BESIDE).0;
    while title.len() > 2 && size > TITLE / 2.0 {
        size *= 0.9;
        title = ink.fonts.wrapped(&card.title, true, size, BESIDE).0;
    }
    let under = MARGIN + 1.0 + title.len() as f32 * size * LINE;
    let beside = MARGIN + CODE + 8.0;
    let end = match &card.picture {
        None => under,
        Some(picture) => under + 4.0 + photo(picture, (BESIDE, PICTURE))?.1.1,
    };
    Ok(((title, size), end.max(beside)))
}

/// Draws the code, and title and picture beside it.
fn draw_head(surface: &mut Surface<'_>, ink: &Ink, card: &Card) -> Result<(), RenderError> {
    let qr = Qr::new(&card.payload)?;
    let module = CODE / qr.whole() as f32;
    let quiet = module * 4.0;
    let left = PAGE.0 - MARGIN - CODE;
    ink.square(surface, &Square { qr, x: quiet, y: quiet, module }, (left, MARGIN));
    let code = line(ink, &card.code, true, 5.2);
    let middle = left + (CODE - code.width) / 2.0;
    ink.line(surface, &code, (middle, MARGIN + CODE + 4.0));

    let ((title, size), _) = head(ink, card)?;
    let mut y = MARGIN + 1.0;
    for text in &title {
        y += size * LINE;
        ink.line(surface, &line(ink, text, true, size), (MARGIN, y));
    }
    match &card.picture {
        None => Ok(()),
        Some(picture) => draw_photo(surface, picture, (MARGIN, y + 4.0), (BESIDE, PICTURE)),
    }
}

/// A picture, and how wide and high it is within that room, in millimetres.
fn photo(jpeg: &[u8], room: (f32, f32)) -> Result<(Image, (f32, f32)), RenderError> {
    let image = Image::from_jpeg(jpeg.to_vec().into(), true).map_err(RenderError::Write)?;
    let (width, height) = image.size();
    let scale = (room.0 / width as f32).min(room.1 / height as f32);
    Ok((image, (width as f32 * scale, height as f32 * scale)))
}

fn draw_photo(surface: &mut Surface<'_>, jpeg: &[u8], (x, y): (f32, f32), room: (f32, f32)) -> Result<(), RenderError> {
    let (image, (width, height)) = photo(jpeg, room)?;
    if let Some(size) = Size::from_wh(width / POINT, height / POINT) {
        surface.push_transform(&Transform::from_translate(x / POINT, y / POINT));
        surface.draw_image(image, size);
        surface.pop();
    }
    Ok(())
}

/// What stands beside each other and is not parted by the end of a page.
struct Row<'a> {
    height: f32,
    marks: Vec<Mark<'a>>,
}

/// Something drawn in a row, with its distance from the left of the page and from the top of the row.
enum Mark<'a> {
    Words(Line, (f32, f32)),
    /// A box to tick, and the length of its side.
    Box(f32, (f32, f32)),
    /// A picture, and the side of the square that it keeps within.
    Photo(&'a [u8], f32, (f32, f32)),
    /// A line to write on, and how long it is.
    Rule(f32, (f32, f32)),
}

/// What stands under the head, set so that it fits on one page if it can.
fn fitting<'a>(ink: &Ink, card: &'a Card, top: f32) -> Vec<Row<'a>> {
    let one_page = |(columns, size)| {
        let rows = set(ink, card, columns, size);
        (top + height(&rows) <= PAGE.1 - MARGIN).then_some(rows)
    };
    WAYS.into_iter().find_map(one_page).unwrap_or_else(|| set(ink, card, LONG.0, LONG.1))
}

fn height(rows: &[Row<'_>]) -> f32 {
    rows.iter().map(|row| row.height).sum()
}

/// The rows of each page. The first page has its head; a row that is higher than a page has one to itself.
fn pages(rows: Vec<Row<'_>>, top: f32) -> Vec<Vec<Row<'_>>> {
    let (mut pages, mut page, mut y) = (Vec::new(), Vec::new(), top);
    for row in rows {
        if y + row.height > PAGE.1 - MARGIN && !page.is_empty() {
            pages.push(std::mem::take(&mut page));
            y = MARGIN;
        }
        y += row.height;
        page.push(row);
    }
    pages.push(page);
    pages
}

/// Every row, with pieces in so many columns and text of that size.
fn set<'a>(ink: &Ink, card: &'a Card, columns: usize, size: f32) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let text = |rows: &mut Vec<Row<'a>>, text: &str, bold: bool, size: f32| {
        for text in ink.fonts.wrapped(text, bold, size, PAGE.0 - 2.0 * MARGIN).0 {
            let words = Mark::Words(line(ink, &text, bold, size), (MARGIN, size * LINE));
            rows.push(Row { height: size * LINE, marks: vec![words] });
        }
    };
    let space = |rows: &mut Vec<Row<'a>>, height: f32| rows.push(Row { height, marks: Vec::new() });
    let told = |rows: &mut Vec<Row<'a>>, told: &[(String, String)], size: f32| {
        for (heading, words) in told.iter().filter(|(_, words)| !words.trim().is_empty()) {
            space(rows, size * 1.2);
            text(rows, heading, true, size * HEADING);
            for paragraph in words.lines().filter(|paragraph| !paragraph.trim().is_empty()) {
                text(rows, paragraph, false, size);
            }
        }
    };
    told(&mut rows, &card.about, size.max(SMALL));
    let (heading, pieces) = &card.count;
    if !pieces.is_empty() {
        space(&mut rows, size * 0.7);
        text(&mut rows, heading, true, size * HEADING);
        let illustrated = pieces.iter().any(|piece| piece.picture.is_some());
        let width = (PAGE.0 - 2.0 * MARGIN - GUTTER * (columns - 1) as f32) / columns as f32;
        for beside in pieces.chunks(columns) {
            let mut row = Row { height: 0.0, marks: Vec::new() };
            for (column, piece) in beside.iter().enumerate() {
                let left = MARGIN + (width + GUTTER) * column as f32;
                let (height, marks) = cell(ink, piece, (left, width), size, illustrated);
                row.height = row.height.max(height);
                row.marks.extend(marks);
            }
            rows.push(row);
        }
    }
    told(&mut rows, &card.advice, size);
    for words in &card.signatures {
        let words = line(ink, words, false, size);
        let from = MARGIN + words.width + size;
        let rule = Mark::Rule(PAGE.0 - MARGIN - from, (from, size * 3.0));
        rows.push(Row { height: size * 3.2, marks: vec![Mark::Words(words, (MARGIN, size * 3.0)), rule] });
    }
    space(&mut rows, size * 1.2);
    text(&mut rows, &card.owner, true, size);
    rows
}

/// A piece with its box to tick and its picture, in a column that begins at `left`; how high it is, and what is drawn.
fn cell<'a>(
    ink: &Ink,
    piece: &'a Piece,
    (left, width): (f32, f32),
    size: f32,
    illustrated: bool,
) -> (f32, Vec<Mark<'a>>) {
    let side = if illustrated { size * 3.0 } else { 0.0 };
    let words = left + size * 1.8 + if illustrated { side + size * 0.6 } else { 0.0 };
    let name = format!("{}\u{a0}× {}", piece.quantity, piece.name);
    let lines = ink.fonts.wrapped(&name, false, size, left + width - words).0;
    let height = (lines.len() as f32 * size * LINE).max(side) + size * 0.25;
    // Words and box stand in the middle of a picture that is higher than they are.
    let mut y = (height - size * 0.25 - lines.len() as f32 * size * LINE) / 2.0;
    let mut marks = vec![Mark::Box(size * 0.8, (left, y + size * (LINE - 0.8)))];
    if let Some(picture) = &piece.picture {
        marks.push(Mark::Photo(picture, side, (left + size * 1.8, 0.0)));
    }
    for text in &lines {
        y += size * LINE;
        marks.push(Mark::Words(line(ink, text, false, size), (words, y)));
    }
    (height, marks)
}

fn draw(surface: &mut Surface<'_>, ink: &Ink, mark: &Mark<'_>, top: f32) -> Result<(), RenderError> {
    match mark {
        Mark::Words(line, (x, y)) => ink.line(surface, line, (*x, top + y)),
        Mark::Photo(jpeg, side, (x, y)) => {
            // In the middle of its square, whichever way it lies: the words beside it stand so, too.
            let (_, (width, height)) = photo(jpeg, (*side, *side))?;
            let corner = (x + (side - width) / 2.0, top + y + (side - height) / 2.0);
            draw_photo(surface, jpeg, corner, (*side, *side))?;
        }
        Mark::Rule(length, (x, y)) => stroke(surface, |path| {
            path.move_to(x / POINT, (top + y) / POINT);
            path.line_to((x + length) / POINT, (top + y) / POINT);
        }),
        Mark::Box(side, (x, y)) => stroke(surface, |path| {
            if let Some(square) = Rect::from_xywh(x / POINT, (top + y) / POINT, side / POINT, side / POINT) {
                path.push_rect(square);
            }
        }),
    }
    Ok(())
}

/// Draws a thin line.
fn stroke(surface: &mut Surface<'_>, along: impl FnOnce(&mut PathBuilder)) {
    let mut path = PathBuilder::new();
    along(&mut path);
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke { width: 0.3 / POINT, ..Stroke::default() }));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
    surface.set_stroke(None);
    surface.set_fill(Some(Fill::default()));
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
        let piece =
            |number| Piece { quantity: 2, name: format!("Pusselbit nummer {number} med åäö"), picture: None };
        Card {
            payload: "HTTPS://LADA.LINDVALLA.SE/K/7K3M9QX".to_owned(),
            code: "7K3-M9QX".to_owned(),
            title: "Programmeringsspel för de yngsta B".to_owned(),
            picture: None,
            about: vec![("Till".to_owned(), "Lyktans förskola\nTorggatan 4".to_owned())],
            count: ("Räkna så här".to_owned(), (0..pieces).map(piece).collect()),
            advice: vec![("Ladda så här".to_owned(), advice.to_owned())],
            signatures: vec!["Packad av".to_owned()],
            owner: "Lindvalla kommun, 021-00 00 00".to_owned(),
        }
    }

    #[test]
    fn what_is_long_is_still_large_enough_to_read() {
        let ink = Ink::new().unwrap();
        for pieces in [1, 60, 200] {
            let card = card(pieces, "Sladden ligger i locket.");
            let rows = fitting(&ink, &card, head(&ink, &card).unwrap().1);
            let words = rows.iter().flat_map(|row| &row.marks).filter_map(|mark| match mark {
                Mark::Words(line, _) => Some(line),
                _ => None,
            });
            for line in words {
                let least = if line.text.contains("Torggatan") { SMALL } else { 2.6 };
                assert!(line.size >= least, "{pieces}: {line:?}");
            }
        }
    }

    #[test]
    fn a_card_has_a_page_and_all_its_words_fit() {
        let ink = Ink::new().unwrap();
        let advice = "Sladden ligger i locket. Lampan lyser grönt när roboten är laddad.";
        for (pieces, expected) in [(0, 1..=1), (1, 1..=1), (6, 1..=1), (20, 1..=1), (40, 1..=2), (200, 3..=6)] {
            let card = card(pieces, advice);
            assert!(pdf(std::slice::from_ref(&card)).unwrap().starts_with(b"%PDF-"));
            let top = head(&ink, &card).unwrap().1;
            let pages = pages(fitting(&ink, &card, top), top);
            assert!(expected.contains(&pages.len()), "{pieces} pieces on {} pages", pages.len());
            let mut words = String::new();
            for (number, rows) in pages.iter().enumerate() {
                let from = if number == 0 { top } else { MARGIN };
                assert!(from + height(rows) <= PAGE.1 - MARGIN, "{pieces} pieces on page {number}");
                for mark in rows.iter().flat_map(|row| &row.marks) {
                    if let Mark::Words(line, (x, _)) = mark {
                        assert!(x + line.width <= PAGE.0 - MARGIN + 0.1, "{line:?} at {x}");
                        words.push_str(&line.text);
                        words.push(' ');
                    }
                }
            }
            for number in 0..pieces {
                assert!(words.contains(&format!("nummer {number} ")), "{number} of {pieces}: {words}");
            }
            assert!(words.contains("grönt") && words.contains(&card.owner), "{words}");
        }
    }
}
