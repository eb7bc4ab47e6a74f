//! A year report as PDF on A4: what it says is set in rows, and rows fill pages. A table's head stands on each of its pages.

use crate::evaluations::wording::{Distribution, Tip};
use crate::labels::layout::POINT;
use crate::labels::pdf::{finished, paper};
use crate::labels::render::RenderError;
use crate::platform::text::Texts;
use crate::reports::year::blocks::{Block, Field, Number, Report, Table};
use crate::reports::year::typesetting::{Line, Side, Typesetter};
use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Rect};
use krilla::metadata::Metadata;
use krilla::paint::Fill;
use krilla::surface::Surface;
use std::rc::Rc;

/// A4 upright, in millimetres.
const PAGE: (f32, f32) = (210.0, 297.0);
const MARGIN: f32 = 18.0;
const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;
/// Where the text of a page ends.
const BOTTOM: f32 = PAGE.1 - 20.0;
/// Type sizes: title, heading, number, text, and what stands under or beside.
const TITLE: f32 = 9.0;
const HEADING: f32 = 4.8;
const NUMBER: f32 = 6.4;
const TEXT: f32 = 3.3;
const SMALL: f32 = 2.8;
/// What lies between baselines, as a part of the size.
const LINE: f32 = 1.4;
/// Between columns.
const GUTTER: f32 = 6.0;
/// Numbers beside each other.
const NUMBERS: usize = 4;
/// How wide the first column of a table is, as a part of the whole.
const FIRST: f32 = 0.22;

/// A colour.
type Shade = (u8, u8, u8);
const BLACK: Shade = (26, 26, 26);
const QUIET: Shade = (92, 92, 92);
const RULE: Shade = (205, 203, 198);
const BACK: Shade = (245, 243, 239);
const BAR: Shade = (20, 108, 117);

/// Something drawn, its place told from the row's upper left corner, at the left margin.
enum Mark {
    Words { line: Line, shade: Shade, x: f32, baseline: f32 },
    Area { x: f32, y: f32, width: f32, height: f32, shade: Shade },
}

/// What is not parted between pages.
struct Row {
    height: f32,
    marks: Vec<Mark>,
    /// It stands on the page of what follows.
    leads: bool,
    /// The head that stands above it, too, where a page begins with it.
    head: Option<Rc<Row>>,
}

/// The file.
///
/// # Errors
/// When it cannot be written.
pub(super) fn pdf(report: &Report, t: Texts) -> Result<Vec<u8>, RenderError> {
    let setter = Setter { typesetter: Typesetter::new()?, t };
    let rows = setter.rows(report);
    let pages = pages(&rows);
    let mut document = Document::new();
    let metadata = Metadata::new().title(format!("{} – {}", report.title, report.lead)).language(t.lang.to_string());
    document.set_metadata(metadata);
    for (number, rows) in pages.iter().enumerate() {
        let mut page = document.start_page_with(paper(PAGE)?);
        let mut surface = page.surface();
        let mut y = MARGIN;
        for row in rows {
            for mark in &row.marks {
                setter.draw(&mut surface, mark, y);
            }
            y += row.height;
        }
        let foot = format!("{} · {} · {} ({})", report.title, report.lead, number + 1, pages.len());
        for line in setter.typesetter.lines(&foot, (false, SMALL), WIDTH, Side::Start).into_iter().take(1) {
            setter.draw(&mut surface, &Mark::Words { line, shade: QUIET, x: 0.0, baseline: 0.0 }, PAGE.1 - 10.0);
        }
        surface.finish();
        page.finish();
    }
    finished(document, false)
}

/// Rows on their pages.
fn pages(rows: &[Row]) -> Vec<Vec<&Row>> {
    let mut pages: Vec<Vec<&Row>> = vec![Vec::new()];
    let mut y = MARGIN;
    for (place, row) in rows.iter().enumerate() {
        // What leads needs room for what it leads to.
        let mut needed = 0.0;
        for row in rows.iter().skip(place) {
            needed += row.height;
            if !row.leads {
                break;
            }
        }
        let begun = pages.last().is_some_and(|page| !page.is_empty());
        if begun && y + needed > BOTTOM {
            pages.push(Vec::new());
            y = MARGIN;
            if let (Some(head), Some(page)) = (&row.head, pages.last_mut()) {
                page.push(head);
                y += head.height;
            }
        }
        if let Some(page) = pages.last_mut() {
            page.push(row);
        }
        y += row.height;
    }
    pages
}

/// Sets blocks in rows.
struct Setter {
    typesetter: Typesetter,
    t: Texts,
}

impl Setter {
    fn rows(&self, report: &Report) -> Vec<Row> {
        let mut rows = self.text(&report.title, true, TITLE, BLACK);
        rows.extend(self.text(&report.lead, false, 4.2, QUIET));
        for part in &report.parts {
            rows.push(Row { leads: true, ..space(6.0) });
            let mut heading = self.text(&part.heading, true, HEADING, BLACK);
            heading.iter_mut().for_each(|row| row.leads = true);
            rows.extend(heading);
            rows.push(Row { leads: true, ..space(1.6) });
            match &part.block {
                Block::Numbers(numbers) => rows.extend(numbers.chunks(NUMBERS).map(|some| self.numbers(some))),
                Block::Spread(spread) => rows.extend(spread.chunks(2).map(|some| self.spread(some))),
                Block::Fields(fields) => rows.extend(fields.chunks(2).map(|some| self.fields(some))),
                Block::Table(table) => rows.extend(self.table(table)),
                Block::Quotes(quotes) => quotes.iter().for_each(|quote| rows.extend(self.quote(quote))),
                Block::Text(text) => rows.extend(self.text(text, false, TEXT, BLACK)),
            }
            if !part.note.is_empty() {
                rows.push(space(1.2));
                rows.extend(self.text(&part.note, false, SMALL, QUIET));
            }
        }
        if self.typesetter.lacked() {
            rows.push(space(6.0));
            rows.extend(self.text(&self.t.s("reports-signs-lacking"), false, SMALL, QUIET));
        }
        rows
    }

    /// A text over the whole width, a row for each line.
    fn text(&self, text: &str, bold: bool, size: f32, shade: Shade) -> Vec<Row> {
        let lines = self.typesetter.lines(text, (bold, size), WIDTH, Side::Start).into_iter();
        let words = |line| Mark::Words { line, shade, x: 0.0, baseline: size };
        lines.map(|line| Row { marks: vec![words(line)], ..space(size * LINE) }).collect()
    }

    /// A text within a column; where it ends.
    fn column(
        &self,
        marks: &mut Vec<Mark>,
        text: &str,
        style: (bool, f32, Shade),
        (x, y, width): (f32, f32, f32),
    ) -> f32 {
        let (bold, size, shade) = style;
        let mut y = y;
        for line in self.typesetter.lines(text, (bold, size), width, Side::Start) {
            marks.push(Mark::Words { line, shade, x, baseline: y + size });
            y += size * LINE;
        }
        y
    }

    fn numbers(&self, numbers: &[Number]) -> Row {
        const GAP: f32 = 3.0;
        const INSIDE: f32 = 2.6;
        let width = (WIDTH - GAP * (NUMBERS - 1) as f32) / NUMBERS as f32;
        let (mut marks, mut height) = (Vec::new(), 0.0_f32);
        for (place, number) in numbers.iter().enumerate() {
            let at = (width + GAP) * place as f32 + INSIDE;
            let y = self.column(&mut marks, &number.value, (true, NUMBER, BLACK), (at, INSIDE, width - 2.0 * INSIDE));
            let y = self.column(&mut marks, &number.label, (false, SMALL, QUIET), (at, y, width - 2.0 * INSIDE));
            height = height.max(y + INSIDE);
        }
        let backs = (0..numbers.len()).map(|place| Mark::Area {
            x: (width + GAP) * place as f32,
            y: 0.0,
            width,
            height,
            shade: BACK,
        });
        Row { marks: backs.chain(marks).collect(), ..space(height + GAP) }
    }

    fn spread(&self, spread: &[Distribution]) -> Row {
        let width = (WIDTH - GUTTER) / 2.0;
        let (mut marks, mut height) = (Vec::new(), 0.0_f32);
        for (place, one) in spread.iter().enumerate() {
            let left = (width + GUTTER) * place as f32;
            let mut y = self.column(&mut marks, &one.label, (true, TEXT, BLACK), (left, 0.0, width));
            let count = match &one.mean {
                Some(mean) => format!("{mean} {} · {}", self.t.s("reports-mean"), one.counted),
                None => one.counted.clone(),
            };
            y = self.column(&mut marks, &count, (false, TEXT, QUIET), (left, y, width)) + 0.8;
            if !one.too_few {
                for bar in &one.bars {
                    let (labels, bars) = (width * 0.46, width * 0.42);
                    let end = self.column(&mut marks, &bar.label, (false, SMALL, BLACK), (left, y, labels - 2.0));
                    let long = bars * bar.percent.clamp(0, 100) as f32 / 100.0;
                    let top = y + 0.5;
                    marks.push(Mark::Area { x: left + labels, y: top, width: bars, height: SMALL * 0.9, shade: BACK });
                    marks.push(Mark::Area { x: left + labels, y: top, width: long, height: SMALL * 0.9, shade: BAR });
                    let (x, room) = (left + labels + bars, width - labels - bars);
                    let count = self.typesetter.lines(&bar.count.to_string(), (false, SMALL), room, Side::Right);
                    let count =
                        count.into_iter().map(|line| Mark::Words { line, shade: BLACK, x, baseline: y + SMALL });
                    marks.extend(count);
                    y = end.max(y + SMALL * LINE);
                }
            }
            if one.unknown > 0 {
                let unknown = self.t.v("reports-unknown", "count", one.unknown);
                y = self.column(&mut marks, &unknown, (false, SMALL, QUIET), (left, y, width));
            }
            height = height.max(y);
        }
        Row { marks, ..space(height + 4.0) }
    }

    fn fields(&self, fields: &[Field]) -> Row {
        const GAP: f32 = 3.0;
        const INSIDE: f32 = 3.0;
        let width = if fields.len() == 1 { WIDTH } else { (WIDTH - GAP) / 2.0 };
        let (mut marks, mut height) = (Vec::new(), 0.0_f32);
        for (place, field) in fields.iter().enumerate() {
            let column = (width + GAP) * place as f32 + INSIDE;
            let room = width - 2.0 * INSIDE;
            let mut y = self.column(&mut marks, &field.name, (true, 4.0, BLACK), (column, INSIDE, room));
            y = self.column(&mut marks, &field.text, (false, SMALL, QUIET), (column, y, room)) + 0.8;
            y = self.column(&mut marks, &field.kit_types, (false, TEXT, BLACK), (column, y, room));
            height = height.max(y + INSIDE);
        }
        let backs = (0..fields.len()).map(|place| Mark::Area {
            x: (width + GAP) * place as f32,
            y: 0.0,
            width,
            height,
            shade: BACK,
        });
        Row { marks: backs.chain(marks).collect(), ..space(height + GAP) }
    }

    fn table(&self, table: &Table) -> Vec<Row> {
        let head = Rc::new(self.cells(&table.heads, true));
        let mut rows = vec![Row { leads: true, ..self.cells(&table.heads, true) }];
        let body = table.rows.iter().map(|cells| Row { head: Some(head.clone()), ..self.cells(cells, false) });
        rows.extend(body);
        rows
    }

    /// A row of a table, with a rule under it.
    fn cells(&self, cells: &[String], is_head: bool) -> Row {
        let first = WIDTH * FIRST;
        let others = (WIDTH - first) / cells.len().saturating_sub(1).max(1) as f32;
        let (bold, size, shade) = if is_head { (true, 2.5, QUIET) } else { (false, SMALL, BLACK) };
        let (mut marks, mut height) = (Vec::new(), 0.0_f32);
        for (place, cell) in cells.iter().enumerate() {
            let (x, width, side) = match place {
                0 => (0.0, first - 1.6, Side::Start),
                place => (first + others * (place - 1) as f32 + 1.6, others - 1.6, Side::Right),
            };
            let mut y = 1.0;
            for line in self.typesetter.lines(cell, (bold, size), width, side) {
                marks.push(Mark::Words { line, shade, x, baseline: y + size });
                y += size * LINE;
            }
            height = height.max(y);
        }
        marks.push(Mark::Area { x: 0.0, y: height, width: WIDTH, height: 0.2, shade: RULE });
        Row { marks, ..space(height + 0.4) }
    }

    /// Somebody's words, line by line beside a rule.
    fn quote(&self, quote: &Tip) -> Vec<Row> {
        const INSIDE: f32 = 4.0;
        let mut rows = Vec::new();
        let said = quote.text.lines().filter(|line| !line.trim().is_empty()).map(|line| (line, TEXT, BLACK));
        for (text, size, shade) in said.chain([(quote.from.as_str(), SMALL, QUIET)]) {
            for line in self.typesetter.lines(text, (false, size), WIDTH - INSIDE, Side::Start) {
                let height = size * LINE;
                let rule = Mark::Area { x: 0.0, y: 0.0, width: 0.7, height, shade: RULE };
                let words = Mark::Words { line, shade, x: INSIDE, baseline: size };
                rows.push(Row { marks: vec![rule, words], ..space(height) });
            }
        }
        rows.push(space(3.0));
        rows
    }

    fn draw(&self, surface: &mut Surface<'_>, mark: &Mark, top: f32) {
        match mark {
            Mark::Words { line, shade, x, baseline } => {
                surface.set_fill(Some(fill(*shade)));
                line.draw(surface, (MARGIN + x, top + baseline));
            }
            Mark::Area { x, y, width, height, shade } => {
                let area = Rect::from_xywh((MARGIN + x) / POINT, (top + y) / POINT, width / POINT, height / POINT);
                let mut path = PathBuilder::new();
                if let Some(area) = area {
                    path.push_rect(area);
                }
                surface.set_fill(Some(fill(*shade)));
                if let Some(path) = path.finish() {
                    surface.draw_path(&path);
                }
            }
        }
    }
}

fn space(height: f32) -> Row {
    Row { height, marks: Vec::new(), leads: false, head: None }
}

fn fill((red, green, blue): Shade) -> Fill {
    Fill { paint: rgb::Color::new(red, green, blue).into(), ..Fill::default() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::platform::text::Lang;
    use crate::reports::year::blocks::Part;

    fn report(rows: usize, quote: &str) -> Report {
        let part = |block| Part { heading: "Rubrik".to_owned(), block, note: "Så räknades det.".to_owned() };
        let table = Table {
            heads: vec!["Lådtyp".to_owned(), "Lån".to_owned(), "Barn".to_owned()],
            rows: (0..rows).map(|row| vec![format!("Låda {row} med åäö"), row.to_string(), "3".to_owned()]).collect(),
        };
        let tip = Tip { text: quote.to_owned(), from: "Lyktan, 3 nov 2026".to_owned() };
        Report {
            title: "Årsrapport".to_owned(),
            lead: "2026, Lindvalla kommun".to_owned(),
            parts: vec![
                part(Block::Table(table)),
                part(Block::Quotes(vec![tip])),
                part(Block::Text("Slut.".to_owned())),
            ],
        }
    }

    #[test]
    fn rows_fill_pages_and_no_heading_stands_alone() {
        let setter = Setter { typesetter: Typesetter::new().unwrap(), t: Texts::new(Lang::Sv) };
        for count in [0, 1, 30, 43, 44, 45, 46, 47, 48, 300] {
            let rows = setter.rows(&report(count, &"å".repeat(2000)));
            let pages = pages(&rows);
            let told: usize = pages.iter().flatten().filter(|row| row.head.is_some()).count();
            assert_eq!(told, count);
            for (number, page) in pages.iter().enumerate() {
                let height: f32 = page.iter().map(|row| row.height).sum();
                assert!(MARGIN + height <= BOTTOM + 0.1, "{count}: page {number} is {height} high");
                assert!(!page.last().unwrap().leads, "{count}: something that leads ends page {number}");
                let first = page.first().unwrap();
                assert!(first.head.is_none(), "{count}: a row of a table stands on page {number} without its head");
            }
        }
    }

    #[test]
    fn whatever_somebody_wrote_becomes_a_file() {
        for quote in ["", "<b>=1+1</b>", "👩‍👧 \u{202e}שלום", "rad\n\nrad", &"å".repeat(10_000)] {
            assert!(pdf(&report(60, quote), Texts::new(Lang::Sv)).unwrap().starts_with(b"%PDF-"));
        }
    }
}
