//! Tables that leave the program, as files: CSV as the reader's Excel opens it, or XLSX. A text never becomes a formula.

use crate::platform::db::types::text_enum;
use crate::platform::error::Fault;
use crate::platform::text::Lang;
use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::borrow::Cow;

/// The mark by which Excel knows UTF-8.
const UTF8_MARK: &str = "\u{feff}";
/// The most characters of a cell in XLSX.
const LONGEST_CELL: usize = 32_767;
/// How wide a column of XLSX is, in digits.
const WIDTH: f64 = 18.0;

text_enum! {
    /// What a file is written as.
    pub enum FileFormat {
        /// A table that Excel opens by a double click.
        Csv = "csv",
        /// A table of Excel's own.
        Xlsx = "xlsx",
        /// For programs.
        Json = "json",
    }
}

impl FileFormat {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Json => "application/json",
        }
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number; it is told with at most four decimals.
    Number(f64),
    /// A day.
    Day(NaiveDate),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl From<Option<f64>> for Cell {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Empty, Self::Number)
    }
}

impl From<NaiveDate> for Cell {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

/// How a language's Excel reads CSV: what stands between cells, and before decimals.
fn marks(lang: Lang) -> (u8, char) {
    match lang {
        Lang::Sv | Lang::Da => (b';', ','),
        Lang::En => (b',', '.'),
    }
}

/// A table of texts as a CSV file, as Excel in Sweden opens it.
///
/// # Errors
/// When a row has another number of cells than the first.
pub fn csv(rows: &[Vec<String>]) -> Result<Vec<u8>, Fault> {
    let cells = |row: &Vec<String>| row.iter().map(|text| Cell::from(text.as_str())).collect();
    let rows: Vec<Vec<Cell>> = rows.iter().map(cells).collect();
    csv_begin(&[], Lang::Sv).and_then(|mut file| {
        file.extend(csv_rows(&rows, Lang::Sv)?);
        Ok(file)
    })
}

/// The beginning of a CSV file: the mark of UTF-8, and the heads of the columns.
///
/// # Errors
/// When it cannot be written.
pub fn csv_begin(heads: &[String], lang: Lang) -> Result<Vec<u8>, Fault> {
    let mut file = UTF8_MARK.as_bytes().to_vec();
    if !heads.is_empty() {
        file.extend(csv_rows(&[heads.iter().map(|head| Cell::from(head.as_str())).collect()], lang)?);
    }
    Ok(file)
}

/// Rows of a CSV file.
///
/// # Errors
/// When a row has another number of cells than the first.
pub fn csv_rows(rows: &[Vec<Cell>], lang: Lang) -> Result<Vec<u8>, Fault> {
    let (between, decimal) = marks(lang);
    let mut writer = csv::WriterBuilder::new()
        .delimiter(between)
        .terminator(csv::Terminator::CRLF)
        .has_headers(false)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(|cell| written(cell, decimal).into_owned())).map_err(Fault::from_error)?;
    }
    writer.into_inner().map_err(|error| Fault::new(error.to_string()))
}

fn written(cell: &Cell, decimal: char) -> Cow<'_, str> {
    match cell {
        Cell::Empty => "".into(),
        Cell::Text(text) => harmless(text),
        Cell::Whole(number) => number.to_string().into(),
        Cell::Number(number) => ((number * 1e4).round() / 1e4).to_string().replace('.', &decimal.to_string()).into(),
        Cell::Day(day) => day.to_string().into(),
    }
}

/// A text that begins as a formula does stands after an apostrophe. Excel takes the wide forms of the signs, too.
fn harmless(text: &str) -> Cow<'_, str> {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if formula { format!("'{text}").into() } else { text.into() }
}

/// An XLSX file that grows row by row; the rows wait on disk.
pub struct Xlsx {
    book: Workbook,
    rows: u32,
    day: Format,
}

impl Xlsx {
    /// A sheet with these heads.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(heads: &[String]) -> Result<Self, Fault> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory().map_err(Fault::from_error)?;
        sheet.set_freeze_panes(1, 0).map_err(Fault::from_error)?;
        let bold = Format::new().set_bold();
        for (column, head) in (0_u16..).zip(heads) {
            sheet.set_column_width(column, WIDTH).map_err(Fault::from_error)?;
            sheet.write_string_with_format(0, column, cut(head), &bold).map_err(Fault::from_error)?;
        }
        Ok(Self { book, rows: 1, day: Format::new().set_num_format("yyyy-mm-dd") })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add(&mut self, row: &[Cell]) -> Result<(), Fault> {
        let sheet = self.book.worksheet_from_index(0).map_err(Fault::from_error)?;
        for (column, cell) in (0_u16..).zip(row) {
            let added = match cell {
                Cell::Empty => continue,
                Cell::Text(text) => sheet.write_string(self.rows, column, cut(text)),
                Cell::Whole(number) => sheet.write_number(self.rows, column, *number as f64),
                Cell::Number(number) => sheet.write_number(self.rows, column, *number),
                Cell::Day(day) => match excel_day(*day) {
                    Some(date) => sheet.write_datetime_with_format(self.rows, column, &date, &self.day),
                    None => sheet.write_string(self.rows, column, day.to_string()),
                },
            };
            added.map_err(Fault::from_error)?;
        }
        self.rows += 1;
        Ok(())
    }

    /// The file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<Vec<u8>, Fault> {
        self.book.save_to_buffer().map_err(Fault::from_error)
    }
}

/// A day as Excel counts it, from 1900 on.
fn excel_day(day: NaiveDate) -> Option<ExcelDateTime> {
    ExcelDateTime::from_ymd(day.year().try_into().ok()?, day.month().try_into().ok()?, day.day().try_into().ok()?).ok()
}

/// As much of a text as a cell of Excel holds.
fn cut(text: &str) -> &str {
    text.char_indices().nth(LONGEST_CELL).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::platform::spreadsheet::{self, Column};

    const COLUMNS: [Column; 2] = [Column { key: "name", names: &["Namn"] }, Column { key: "number", names: &["Tal"] }];

    fn heads() -> Vec<String> {
        vec!["Namn".to_owned(), "Tal".to_owned()]
    }

    #[test]
    fn a_csv_file_is_as_each_language_s_excel_wants_it() {
        let day = "2026-11-02".parse::<NaiveDate>().unwrap();
        let file = |lang| {
            let mut file = csv_begin(&heads(), lang).unwrap();
            let rows = vec![vec!["å; \"ä\"".into(), Some(4.25).into()], vec![day.into(), Some(3.0).into()]];
            file.extend(csv_rows(&rows, lang).unwrap());
            String::from_utf8(file).unwrap()
        };
        assert_eq!(file(Lang::Sv), "\u{feff}Namn;Tal\r\n\"å; \"\"ä\"\"\";4,25\r\n2026-11-02;3\r\n");
        assert_eq!(file(Lang::En), "\u{feff}Namn,Tal\r\n\"å; \"\"ä\"\"\",4.25\r\n2026-11-02,3\r\n");
    }

    #[test]
    fn no_text_is_a_formula() {
        for text in ["=1+1", "+46 21", "-1", "@SUM(A1)", "\tx", "\r=1", "\n=1", "＝1+1", "＠x"] {
            assert_eq!(written(&text.into(), ','), format!("'{text}"));
        }
        for text in ["1=1", "'=1", "a@b.se", "🤖=", "\u{200f}=1"] {
            assert_eq!(written(&text.into(), ','), text);
        }
        assert_eq!(written(&Cell::Whole(-3), ','), "-3");
    }

    #[test]
    fn what_is_written_is_read_again() {
        let long = "å".repeat(40_000);
        let mut file = Xlsx::begin(&heads()).unwrap();
        let odd = "=1+1 <b>&amp;</b> 🤖 \u{202e}שלום \u{7}";
        for (text, number) in [(odd, 4.5), (&long, -1.0)] {
            file.add(&[text.into(), Cell::Number(number)]).unwrap();
        }
        let file = file.finish().unwrap();
        let table = spreadsheet::read(&file, &COLUMNS).unwrap();
        let [first, second] = table.rows.as_slice() else { unreachable!() };
        assert_eq!((first.get("name"), first.get("number")), (odd, "4.5"));
        assert_eq!((second.get("name").chars().count(), second.get("number")), (LONGEST_CELL, "-1"));
    }
}
