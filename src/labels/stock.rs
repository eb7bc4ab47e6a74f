//! Label stock: how labels lie on a sheet or a roll. The table is data, `assets/labels/stock.json`: a new kind of sheet
//! is a line there.
//!
//! Makers tell the size of a label, how many there are, and how far apart; on a sheet they lie in the middle of the page.
//! That decides where collections of templates, measured off sheets, differ from it by up to a millimetre, as for L7160,
//! L4731 and 4457. What is left is for a printer's own offsets to make up.

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// The table, as it lies in the program.
const TABLE: &str = include_str!("../../assets/labels/stock.json");
/// The stock for those who have not chosen another: wide enough for a name beside a code that a phone reads at arm's
/// length.
pub const USUAL: &str = "L7163";
/// The sides that a label of its own size may have, in millimetres.
const SIDES: std::ops::RangeInclusive<f32> = 15.0..=300.0;
/// The dots of the usual label printer, in an inch.
pub const USUAL_DOTS: u32 = 203;
/// A4, in millimetres.
pub const A4: (f32, f32) = (210.0, 297.0);

/// Sheets for a printer, or a roll for a label printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StockForm)]
pub enum Form {
    /// Labels in columns and rows on a page.
    Sheet,
    /// One label after the other.
    Roll,
}

/// What there is room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fits {
    /// The label of a box, with all words.
    Box,
    /// A square code with its text, for what lies in the box.
    Part,
    /// The code in words only: it is too low for a square code that phones read.
    Text,
}

/// A kind of label stock. All lengths in millimetres.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stock {
    /// What it is called on the package.
    pub name: String,
    /// Who makes it.
    pub maker: String,
    /// Sheet or roll.
    pub form: Form,
    /// What a label has room for.
    pub fits: Fits,
    /// Labels beside each other.
    #[serde(default = "one")]
    pub columns: u32,
    /// Labels below each other.
    #[serde(default = "one")]
    pub rows: u32,
    /// Of one label.
    pub width: f32,
    /// Of one label.
    pub height: f32,
    /// Of a sheet; A4 unless said.
    #[serde(default = "a4_width")]
    pub page_width: f32,
    /// Of a sheet; A4 unless said.
    #[serde(default = "a4_height")]
    pub page_height: f32,
    /// From the page's left edge to the first label.
    #[serde(default)]
    pub left: f32,
    /// From the page's upper edge to the first label.
    #[serde(default)]
    pub top: f32,
    /// From one label's left edge to the next one's.
    #[serde(default)]
    pub pitch_x: f32,
    /// From one label's upper edge to the next one's.
    #[serde(default)]
    pub pitch_y: f32,
    /// Along the edges of a label, where a roll's printer cannot print.
    #[serde(default)]
    pub margin: f32,
    /// The dots of a roll's printer, in an inch.
    #[serde(default = "usual_dots")]
    pub dots_per_inch: u32,
    /// The label leaves the printer with its short side first.
    #[serde(default)]
    pub turned: bool,
    /// The dots of the printer's head, where they are fewer than the paper is wide: a picture must not be wider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_dots: Option<u32>,
}

fn one() -> u32 {
    1
}

fn a4_width() -> f32 {
    A4.0
}

fn a4_height() -> f32 {
    A4.1
}

fn usual_dots() -> u32 {
    USUAL_DOTS
}

static STOCK: LazyLock<Vec<Stock>> = LazyLock::new(|| serde_json::from_str(TABLE).unwrap_or_default());

/// All stock known by name.
pub fn all() -> &'static [Stock] {
    &STOCK
}

impl Stock {
    /// The stock of that name, or for a label printer the size of one label, as `62x38`. None when it is neither.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim();
        let known = all().iter().find(|stock| stock.name.eq_ignore_ascii_case(name));
        known.cloned().or_else(|| {
            let (width, height) = name.split_once(['x', 'X', '×'])?;
            let length = |text: &str| text.trim().replace(',', ".").parse().ok().filter(|mm| SIDES.contains(mm));
            Some(Self::sized(length(width)?, length(height)?))
        })
    }

    /// A roll with labels of a size of their own.
    pub fn sized(width: f32, height: f32) -> Self {
        Self {
            name: format!("{width}x{height}"),
            maker: String::new(),
            form: Form::Roll,
            fits: Fits::Box,
            columns: 1,
            rows: 1,
            width,
            height,
            page_width: A4.0,
            page_height: A4.1,
            left: 0.0,
            top: 0.0,
            pitch_x: 0.0,
            pitch_y: 0.0,
            margin: 0.0,
            dots_per_inch: USUAL_DOTS,
            turned: false,
            head_dots: None,
        }
    }

    /// One label as a page of its own.
    pub fn single(&self) -> Self {
        Self { fits: self.fits, margin: self.margin, ..Self::sized(self.width, self.height) }
    }

    /// The width and height of a page.
    pub fn page(&self) -> (f32, f32) {
        match self.form {
            Form::Sheet => (self.page_width, self.page_height),
            Form::Roll => (self.width, self.height),
        }
    }

    /// The width and height of a page as it lies in the printer.
    pub fn fed(&self) -> (f32, f32) {
        let (width, height) = self.page();
        if self.turned { (height, width) } else { (width, height) }
    }

    /// The number of labels on a page.
    pub fn per_page(&self) -> u32 {
        self.columns * self.rows
    }

    /// The upper left corner of a label, by its place on the page from 0, row by row.
    pub fn corner(&self, place: u32) -> (f32, f32) {
        let (row, column) = (place / self.columns.max(1), place % self.columns.max(1));
        (self.left + column as f32 * self.pitch_x, self.top + row as f32 * self.pitch_y)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_read() {
        let read: Vec<Stock> = serde_json::from_str(TABLE).unwrap();
        assert!(read.iter().any(|stock| stock.name == USUAL));
        let names: std::collections::HashSet<String> = read.iter().map(|stock| stock.name.to_lowercase()).collect();
        assert_eq!(names.len(), read.len(), "each name once");
    }

    #[test]
    fn every_label_lies_on_the_page_and_beside_the_others() {
        for stock in all() {
            let (page_width, page_height) = stock.page();
            let (x, y) = stock.corner(stock.per_page() - 1);
            assert!(stock.left >= 0.0 && stock.top >= 0.0, "{}", stock.name);
            assert!(x + stock.width <= page_width + 0.01, "{}", stock.name);
            assert!(y + stock.height <= page_height + 0.01, "{}", stock.name);
            assert!(stock.columns == 1 || stock.pitch_x >= stock.width, "{}", stock.name);
            assert!(stock.rows == 1 || stock.pitch_y >= stock.height, "{}", stock.name);
            assert!(
                (100..=1200).contains(&stock.dots_per_inch) && (0.0..5.0).contains(&stock.margin),
                "{}",
                stock.name
            );
        }
    }

    /// Those whose labels lie in the middle of the page.
    const CENTRED: [&str; 8] = ["L7163", "L7160", "L7162", "L7165", "3475", "4457", "L4732", "L4731"];

    #[test]
    fn a_sheet_need_not_be_a4_nor_lie_in_its_middle() {
        let line = r#"{ "name": "A5", "maker": "X", "form": "sheet", "fits": "box", "rows": 4, "width": 99.1, "height": 38.1,
            "page_width": 148, "page_height": 210, "left": 20, "top": 15.1, "pitch_y": 38.1 }"#;
        let stock: Stock = serde_json::from_str(line).unwrap();
        assert_eq!(stock.page(), (148.0, 210.0));
        assert!(stock.corner(1).0 == 20.0 && (stock.corner(1).1 - 53.2).abs() < 0.01);
    }

    #[test]
    fn sheets_have_as_much_to_the_left_as_to_the_right() {
        for stock in all().iter().filter(|stock| CENTRED.contains(&stock.name.as_str())) {
            let (x, y) = stock.corner(stock.per_page() - 1);
            assert!((A4.0 - x - stock.width - stock.left).abs() < 0.11, "{}", stock.name);
            assert!((A4.1 - y - stock.height - stock.top).abs() < 0.11, "{}", stock.name);
        }
    }

    #[test]
    fn places_go_row_by_row() {
        let stock = Stock::named("l7163").unwrap();
        assert_eq!(stock.corner(0), (stock.left, stock.top));
        assert_eq!(stock.corner(3), (stock.left + stock.pitch_x, stock.top + stock.pitch_y));
    }

    #[test]
    fn a_size_is_a_roll() {
        let stock = Stock::named("62 x 38,5").unwrap();
        assert_eq!((stock.page(), stock.per_page()), ((62.0, 38.5), 1));
        for wrong in ["", "L9999", "62", "62x", "0x0", "5x5", "1000x20", "NaNxNaN", "-62x38"] {
            assert_eq!(Stock::named(wrong), None, "{wrong}");
        }
    }
}
