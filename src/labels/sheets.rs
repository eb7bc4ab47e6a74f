//! Label stock: how the labels lie on a page, in millimetres.

/// A page of labels in columns and rows. All lengths in millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sheet {
    /// What it is called on the package.
    pub name: &'static str,
    pub columns: u32,
    pub rows: u32,
    /// From the page's edge to the first label.
    pub left: f32,
    pub top: f32,
    /// From one label's edge to the same edge of the next.
    pub pitch_x: f32,
    pub pitch_y: f32,
    /// Of one label.
    pub width: f32,
    pub height: f32,
    pub page_width: f32,
    pub page_height: f32,
}

/// The sheet for those who have not chosen another: wide enough for a name beside a code that a phone reads at arm's
/// length.
pub const DEFAULT: Sheet = SHEETS[1];

/// The stock known by name. Makers tell the labels' size and number; the labels lie in the middle of the page.
pub const SHEETS: [Sheet; 7] = [
    a4("L7160", (3, 7), (63.5, 38.1), (66.0, 38.1)),
    a4("L7163", (2, 7), (99.1, 38.1), (101.6, 38.1)),
    a4("L7162", (2, 8), (99.1, 33.9), (101.6, 33.9)),
    a4("L7165", (2, 4), (99.1, 67.7), (101.6, 67.7)),
    a4("3475", (3, 8), (70.0, 36.0), (70.0, 36.0)),
    a4("4457", (2, 6), (105.0, 48.0), (105.0, 48.0)),
    single("single", 99.1, 38.1),
];

impl Sheet {
    /// The sheet of that name, or for a label printer the size of one label, as `62x38`. None when it is neither.
    pub fn named(name: &str) -> Option<Sheet> {
        let name = name.trim();
        let known = SHEETS.into_iter().find(|sheet| sheet.name.eq_ignore_ascii_case(name));
        known.or_else(|| {
            let (width, height) = name.split_once(['x', 'X', '×'])?;
            let length =
                |text: &str| text.trim().replace(',', ".").parse().ok().filter(|mm| (15.0..=300.0).contains(mm));
            Some(single("", length(width)?, length(height)?))
        })
    }

    /// A page that is one label of this sheet, as label printers have it.
    pub fn single(&self) -> Sheet {
        single(self.name, self.width, self.height)
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

const fn a4(name: &'static str, (columns, rows): (u32, u32), label: (f32, f32), pitch: (f32, f32)) -> Sheet {
    let (page_width, page_height) = (210.0, 297.0);
    let (width, height) = label;
    let (pitch_x, pitch_y) = pitch;
    Sheet {
        name,
        columns,
        rows,
        left: (page_width - (columns - 1) as f32 * pitch_x - width) / 2.0,
        top: (page_height - (rows - 1) as f32 * pitch_y - height) / 2.0,
        pitch_x,
        pitch_y,
        width,
        height,
        page_width,
        page_height,
    }
}

const fn single(name: &'static str, width: f32, height: f32) -> Sheet {
    Sheet {
        name,
        columns: 1,
        rows: 1,
        left: 0.0,
        top: 0.0,
        pitch_x: width,
        pitch_y: height,
        width,
        height,
        page_width: width,
        page_height: height,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn every_label_lies_on_the_page_and_beside_the_others() {
        for sheet in SHEETS {
            let (x, y) = sheet.corner(sheet.per_page() - 1);
            assert!(sheet.left >= 0.0 && sheet.top >= 0.0, "{}", sheet.name);
            assert!(x + sheet.width <= sheet.page_width + 0.01, "{}", sheet.name);
            assert!(y + sheet.height <= sheet.page_height + 0.01, "{}", sheet.name);
            assert!(sheet.pitch_x >= sheet.width && sheet.pitch_y >= sheet.height, "{}", sheet.name);
        }
    }

    #[test]
    fn margins_are_those_on_the_makers_drawing() {
        let near = |one: f32, other: f32| (one - other).abs() < 0.06;
        let sheet = Sheet::named("l7163").unwrap();
        assert_eq!(sheet, DEFAULT);
        assert!(near(sheet.left, 4.65) && near(sheet.top, 15.15));
        let sheet = Sheet::named("L7160").unwrap();
        assert!(near(sheet.left, 7.25) && near(sheet.top, 15.15));
    }

    #[test]
    fn places_go_row_by_row() {
        let sheet = DEFAULT;
        assert_eq!(sheet.corner(0), (sheet.left, sheet.top));
        assert_eq!(sheet.corner(3), (sheet.left + sheet.pitch_x, sheet.top + sheet.pitch_y));
    }

    #[test]
    fn a_size_is_a_sheet_of_one() {
        let sheet = Sheet::named("62 x 38,5").unwrap();
        assert_eq!((sheet.page_width, sheet.page_height, sheet.per_page()), (62.0, 38.5, 1));
        for wrong in ["", "L9999", "62", "62x", "0x0", "5x5", "1000x20", "NaNxNaN", "-62x38"] {
            assert_eq!(Sheet::named(wrong), None, "{wrong}");
        }
    }
}
