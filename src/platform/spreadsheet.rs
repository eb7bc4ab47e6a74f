//! Reads a table from the files people have, CSV as Excel in Sweden writes it, or XLSX.
//!
//! Files come from outside: whatever is in one, reading it ends in a table or an error, within the limits below.

use calamine::{Data, DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// The largest file that is read, in bytes.
pub const FILE_MAX: usize = 10 * 1024 * 1024;
/// The most rows below the heading that are read; empty ones do not count.
pub const ROWS_MAX: usize = 20_000;
/// The heading is looked for in this many rows from the top; empty ones do not count.
const HEADING_WITHIN: usize = 20;
/// Columns further to the right are not read.
const COLUMNS_MAX: usize = 200;
/// Sheets further to the right are not read.
const SHEETS_MAX: usize = 20;
/// The most bytes an XLSX file may hold when unpacked, and the most text a sheet may hold.
const UNPACKED_MAX: usize = 64 * 1024 * 1024;
/// The most texts an XLSX file may claim to share between cells.
const SHARED_TEXTS_MAX: usize = 1_000_000;

/// A column that the reader of the table knows.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name in the program.
    pub key: &'static str,
    /// The headings it may have. Upper and lower case, spaces and punctuation make no difference.
    pub names: &'static [&'static str],
}

/// What a file holds below its heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Keys of the known columns that it has, from left to right.
    pub columns: Vec<&'static str>,
    /// Headings that are not known, or that stand there a second time; their columns are not read.
    pub unknown: Vec<String>,
    /// The rows with something in a known column.
    pub rows: Vec<Row>,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it stands in the file: the row number Excel shows, or the line a CSV record begins on; from 1.
    pub line: u32,
    values: Vec<(&'static str, String)>,
}

impl Row {
    /// What stands in a column, trimmed; empty if there is nothing, or no such column.
    ///
    /// Numbers from XLSX have a decimal point and no needless decimals, days are `YYYY-MM-DD`. Of merged cells the
    /// first has the text and the others are empty.
    pub fn get(&self, key: &str) -> &str {
        self.values.iter().find(|(column, _)| *column == key).map_or("", |(_, value)| value)
    }
}

/// Why no table could be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpreadsheetError {
    /// The file, packed or unpacked, is larger than is read.
    #[error("the file is too large")]
    TooLarge,
    /// There are more than `ROWS_MAX` rows.
    #[error("the table has too many rows")]
    TooManyRows,
    /// No row near the top has enough known headings.
    #[error("no heading was found; known are {}", known.join(", "))]
    NoHeading {
        /// The first name of each known column.
        known: Vec<&'static str>,
    },
    /// A quotation mark opens a text that never ends.
    #[error("a quotation mark on line {line} is never closed")]
    OpenQuote {
        /// The line of the record with the quotation mark; from 1.
        line: u32,
    },
    /// A broken or password-protected XLSX file, or a file of another kind.
    #[error("the file is neither CSV nor XLSX that can be read")]
    Unreadable,
}

/// Reads the table with the known columns.
///
/// The heading is the row with the most known names among the first 20; it needs two, or one if only one is known.
/// Text above it is skipped. CSV may be UTF-8, UTF-16 with a byte order mark or Windows-1252, and be divided by
/// semicolon, tab or comma. In XLSX it is the first visible sheet with a heading.
///
/// # Errors
/// See [`SpreadsheetError`]. What the cells say is not checked here.
pub fn read(bytes: &[u8], known: &[Column]) -> Result<Table, SpreadsheetError> {
    if bytes.len() > FILE_MAX {
        Err(SpreadsheetError::TooLarge)
    } else if bytes.starts_with(b"PK\x03\x04") {
        check_unpacked_size(bytes)?;
        // The library that reads XLSX counts on sane cell references and sizes. A file that makes it panic is broken.
        std::panic::catch_unwind(|| read_xlsx(bytes, known)).unwrap_or(Err(SpreadsheetError::Unreadable))
    } else {
        read_csv(bytes, known)
    }
}

/// A whole number as people write it: `4`, `4,0`, `1 200`. None for anything else, and for `1.200` and `1,200`, where
/// the mark may stand before thousands or before decimals.
pub fn whole_number(text: &str) -> Option<i64> {
    let text = text.trim();
    let (negative, text) = text.strip_prefix(['-', '−']).map_or((false, text), |rest| (true, rest));
    let (whole, decimals) = text.split_once([',', '.']).unwrap_or((text, "0"));
    if !matches!(decimals, "0" | "00") {
        return None;
    }
    // Besides ordinary spaces, people and programs part thousands with various no-break spaces.
    let groups: Vec<&str> = whole.split(char::is_whitespace).collect();
    let thousands_stand_in_threes = groups.iter().skip(1).all(|group| group.len() == 3)
        && (groups.len() == 1 || groups.first().is_some_and(|first| first.len() <= 3));
    let digits = groups.concat();
    if !thousands_stand_in_threes || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = digits.parse().ok()?;
    Some(if negative { -number } else { number })
}

/// A row of the file with something in it, all cells trimmed.
struct Record {
    line: u32,
    cells: Vec<String>,
}

/// The heading row, once found.
struct Heading {
    /// Its place among the records.
    index: usize,
    /// Which cell has which known column.
    columns: Vec<(usize, &'static str)>,
    unknown: Vec<String>,
}

impl Heading {
    /// The row with the most known names near the top; the upper of two equals.
    fn find(records: &[Record], known: &[Column]) -> Option<Self> {
        let mut best: Option<Self> = None;
        for (index, record) in records.iter().take(HEADING_WITHIN).enumerate() {
            let heading = Self::of(index, record, known);
            if heading.columns.len() > best.as_ref().map_or(0, |best| best.columns.len()) {
                best = Some(heading);
            }
        }
        best.filter(|best| best.columns.len() >= known.len().min(2))
    }

    fn of(index: usize, record: &Record, known: &[Column]) -> Self {
        let mut heading = Self { index, columns: Vec::new(), unknown: Vec::new() };
        for (place, cell) in record.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let name = letters(cell);
            let column = known.iter().find(|column| column.names.iter().any(|known| letters(known) == name));
            match column {
                Some(column) if heading.columns.iter().all(|(_, key)| *key != column.key) => {
                    heading.columns.push((place, column.key));
                }
                _ => heading.unknown.push(cell.clone()),
            }
        }
        heading
    }
}

/// What of a heading is compared.
fn letters(heading: &str) -> String {
    heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The rows below the heading, by their columns.
fn table(heading: Heading, records: Vec<Record>) -> Result<Table, SpreadsheetError> {
    let rows: Vec<Row> = records
        .into_iter()
        .skip(heading.index + 1)
        .map(|mut record| {
            let mut value = |place: usize| record.cells.get_mut(place).map(std::mem::take).unwrap_or_default();
            let values = heading.columns.iter().map(|(place, key)| (*key, value(*place))).collect();
            Row { line: record.line, values }
        })
        .filter(|row| row.values.iter().any(|(_, value)| !value.is_empty()))
        .collect();
    if rows.len() > ROWS_MAX {
        return Err(SpreadsheetError::TooManyRows);
    }
    let columns = heading.columns.into_iter().map(|(_, key)| key).collect();
    Ok(Table { columns, unknown: heading.unknown, rows })
}

fn no_heading(known: &[Column]) -> SpreadsheetError {
    SpreadsheetError::NoHeading { known: known.iter().filter_map(|column| column.names.first().copied()).collect() }
}

fn read_csv(bytes: &[u8], known: &[Column]) -> Result<Table, SpreadsheetError> {
    let text = decode(bytes);
    if text.contains('\0') {
        return Err(SpreadsheetError::Unreadable);
    }
    // One kind of line end, so that lines can be counted; Excel for Mac has written lone carriage returns.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut best: Option<(u8, usize)> = None;
    for delimiter in *b";\t," {
        let top = csv_records(&text, delimiter, HEADING_WITHIN)?;
        let names = Heading::find(&top, known).map_or(0, |heading| heading.columns.len());
        if names > best.map_or(0, |(_, most)| most) {
            best = Some((delimiter, names));
        }
    }
    let (delimiter, _) = best.ok_or_else(|| no_heading(known))?;
    let records = csv_records(&text, delimiter, usize::MAX)?;
    let heading = Heading::find(&records, known).ok_or_else(|| no_heading(known))?;
    table(heading, records)
}

/// UTF-16 tells itself by its byte order mark; what is not UTF-8 either is Windows-1252.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding.decode(bytes).0,
        None => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0,
        },
    }
}

/// The first records that are not empty.
fn csv_records(text: &str, delimiter: u8, most: usize) -> Result<Vec<Record>, SpreadsheetError> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut raw = csv::StringRecord::new();
    let mut records = Vec::new();
    while records.len() < most {
        let before = reader.position().clone();
        if !reader.read_record(&mut raw).map_err(|_| SpreadsheetError::Unreadable)? {
            break;
        }
        // The reader skips empty lines without telling, and then begins the record.
        let source = text.get(offset(&before)..offset(reader.position())).unwrap_or_default();
        let record = source.trim_start_matches('\n');
        let line = before.line() + (source.len() - record.len()) as u64;
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let is_last = offset(reader.position()) >= text.len();
        if is_last && record.trim_end().contains('\n') && record.matches('"').count() % 2 == 1 {
            return Err(SpreadsheetError::OpenQuote { line });
        }
        let cells: Vec<String> = raw.iter().take(COLUMNS_MAX).map(|cell| cell.trim().to_owned()).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            if records.len() == ROWS_MAX + HEADING_WITHIN {
                return Err(SpreadsheetError::TooManyRows);
            }
            records.push(Record { line, cells });
        }
    }
    Ok(records)
}

fn offset(position: &csv::Position) -> usize {
    usize::try_from(position.byte()).unwrap_or(usize::MAX)
}

/// Refuses a file that is small packed and huge unpacked. Unpacks it to know: what the file says of its own size may
/// be a lie.
fn check_unpacked_size(bytes: &[u8]) -> Result<(), SpreadsheetError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| SpreadsheetError::Unreadable)?;
    let mut total = 0;
    let mut part = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|_| SpreadsheetError::Unreadable)?;
        let name = file.name().map_err(|_| SpreadsheetError::Unreadable)?;
        let shares_texts = name.to_ascii_lowercase().ends_with("sharedstrings.xml");
        part.clear();
        let left = (UNPACKED_MAX - total) as u64;
        file.take(left + 1).read_to_end(&mut part).map_err(|_| SpreadsheetError::Unreadable)?;
        total += part.len();
        if total > UNPACKED_MAX || (shares_texts && claims_too_many_texts(&part)) {
            return Err(SpreadsheetError::TooLarge);
        }
    }
    Ok(())
}

/// The library that reads XLSX sets aside memory for as many shared texts as the file says it has.
fn claims_too_many_texts(xml: &[u8]) -> bool {
    // Without zeros UTF-16 reads like ASCII here.
    let xml: String = xml.iter().filter(|byte| **byte != 0).map(|byte| char::from(*byte)).collect();
    xml.split("uniqueCount").skip(1).any(|after| {
        let number = after.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '<' && c != '>');
        let digits = number.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        !digits.is_empty() && !digits.parse::<usize>().is_ok_and(|count| count <= SHARED_TEXTS_MAX)
    })
}

fn read_xlsx(bytes: &[u8], known: &[Column]) -> Result<Table, SpreadsheetError> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_: XlsxError| SpreadsheetError::Unreadable)?;
    let sheets: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .take(SHEETS_MAX)
        .collect();
    for sheet in sheets {
        let records = sheet_records(&mut book, &sheet)?;
        if let Some(heading) = Heading::find(&records, known) {
            return table(heading, records);
        }
    }
    Err(no_heading(known))
}

/// The rows of a sheet that are not empty. Cell by cell: a range as large as the sheet says it is might not fit in memory.
fn sheet_records(book: &mut Xlsx<Cursor<&[u8]>>, sheet: &str) -> Result<Vec<Record>, SpreadsheetError> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|_| SpreadsheetError::Unreadable)?;
    let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut text_size = 0;
    while let Some(cell) = cells.next_cell().map_err(|_| SpreadsheetError::Unreadable)? {
        let (row, column) = cell.get_position();
        let column = column as usize;
        let value = cell_text(cell.get_value());
        if value.is_empty() || column >= COLUMNS_MAX {
            continue;
        }
        text_size += value.len();
        if text_size > UNPACKED_MAX {
            return Err(SpreadsheetError::TooLarge);
        }
        let cells = rows.entry(row).or_default();
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        if let Some(cell) = cells.get_mut(column) {
            *cell = value.into_owned();
        }
        if rows.len() > ROWS_MAX + HEADING_WITHIN {
            return Err(SpreadsheetError::TooManyRows);
        }
    }
    Ok(rows.into_iter().map(|(row, cells)| Record { line: row.saturating_add(1), cells }).collect())
}

fn cell_text<'a>(value: &'a DataRef<'_>) -> Cow<'a, str> {
    match value {
        DataRef::String(text) => Cow::Borrowed(text.trim()),
        DataRef::SharedString(text) => Cow::Borrowed(text.trim()),
        DataRef::Float(number) => Cow::Owned(number_text(*number)),
        DataRef::DateTime(time) => Cow::Owned(time_text(time)),
        DataRef::DateTimeIso(time) => Cow::Borrowed(time.split('T').next().unwrap_or_default().trim()),
        other => Cow::Owned(Data::from(other.clone()).to_string()),
    }
}

/// The number with 15 digits, as Excel shows it: what is calculated may differ from it far behind the decimal point.
fn number_text(number: f64) -> String {
    format!("{number:.14e}").parse().unwrap_or(number).to_string()
}

/// A day, or a time of day if there is no day.
fn time_text(time: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, ..) = time.to_ymd_hms_milli();
    if time.is_duration() || time.as_f64() < 1.0 {
        format!("{hour:02}:{minute:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;

    const XLSX: &[u8] = include_bytes!("../../tests/fixtures/spreadsheet.xlsx");

    const KNOWN: &[Column] = &[
        Column { key: "name", names: &["Namn", "Name", "Navn"] },
        Column { key: "quantity", names: &["Antal", "Quantity"] },
        Column { key: "bought", names: &["Inköpt", "Bought", "Købt"] },
        Column { key: "mail", names: &["E-post", "E-mail"] },
    ];

    /// Each row as its line number and its cells.
    fn rows(table: &Table) -> Vec<String> {
        let cells = |row: &Row| table.columns.iter().map(|key| row.get(key).to_owned()).collect::<Vec<_>>().join("|");
        table.rows.iter().map(|row| format!("{} {}", row.line, cells(row))).collect()
    }

    fn read_rows(bytes: &[u8]) -> Vec<String> {
        rows(&read(bytes, KNOWN).unwrap())
    }

    /// A workbook like the fixture, with one part changed.
    fn rezipped(part: &str, change: impl Fn(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
        let mut from = zip::ZipArchive::new(Cursor::new(XLSX)).unwrap();
        let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..from.len() {
            let mut file = from.by_index(index).unwrap();
            let name = file.name().unwrap().to_string();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            let content = if name.ends_with(part) { change(content) } else { content };
            to.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            to.write_all(&content).unwrap();
        }
        to.finish().unwrap().into_inner()
    }

    #[test]
    fn semicolons_and_windows_1252_as_swedish_excel_writes_them() {
        let bytes = b"Namn;Antal;Ink\xf6pt\r\nL\xe5da \xc4lgen;4,0;2024-08-19\r\n";
        assert_eq!(read_rows(bytes), ["2 Låda Älgen|4,0|2024-08-19"]);
    }

    #[test]
    fn utf_8_with_and_without_byte_order_mark_and_utf_16_both_ways() {
        let text = "Namn\tAntal\nLåda Örnen\t1\n";
        assert_eq!(read_rows(text.as_bytes()), ["2 Låda Örnen|1"]);
        assert_eq!(read_rows(format!("\u{feff}{text}").as_bytes()), ["2 Låda Örnen|1"]);
        let marked = format!("\u{feff}{text}");
        let little: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read_rows(&little), ["2 Låda Örnen|1"]);
        assert_eq!(read_rows(&big), ["2 Låda Örnen|1"]);
    }

    #[test]
    fn the_heading_may_stand_below_other_text() {
        let text = "Digilådor i Lindvalla;;;\n;;;\nNamn på förvaltningen: Skola;;;\nFärg;Namn;ANTAL:;namn\nröd;A;2;x\n";
        let table = read(text.as_bytes(), KNOWN).unwrap();
        assert_eq!(table.columns, ["name", "quantity"]);
        assert_eq!(table.unknown, ["Färg", "namn"]);
        assert_eq!(rows(&table), ["5 A|2"]);
        assert_eq!(table.rows.first().unwrap().get("bought"), "");
    }

    #[test]
    fn commas_quotes_and_line_breaks_within_a_cell_keep_the_line_numbers_right() {
        let text = "Name,E-mail,Quantity\n\n\"Box, \"\"the\nred\"\"\",a@x.se,1\n  \n,,\nB,,2\n";
        assert_eq!(read_rows(text.as_bytes()), ["3 Box, \"the\nred\"|a@x.se|1", "7 B||2"]);
    }

    #[test]
    fn old_line_ends_and_excels_own_first_line() {
        assert_eq!(read_rows(b"sep=;\rNavn;E post\rA;b\r"), ["3 A|b"]);
    }

    #[test]
    fn ragged_rows_and_rows_with_nothing_known() {
        assert_eq!(read_rows(b"Namn;Antal;Annat\nA\nB;1;x;y;z\n;;bara annat\n"), ["2 A|", "3 B|1"]);
    }

    #[test]
    fn one_name_is_enough_only_when_one_is_known() {
        let known = vec!["Namn", "Antal", "Inköpt", "E-post"];
        assert_eq!(read(b"Namn\nA\n", KNOWN), Err(SpreadsheetError::NoHeading { known: known.clone() }));
        assert_eq!(rows(&read(b"Namn\nA, B\n", KNOWN.get(..1).unwrap()).unwrap()), ["2 A, B"]);
        assert_eq!(read(b"", KNOWN), Err(SpreadsheetError::NoHeading { known }));
    }

    #[test]
    fn the_heading_is_not_sought_further_down_than_the_twentieth_row() {
        let above = |rows: usize| format!("{}Namn;Antal\nA;1\n", "text\n".repeat(rows));
        assert_eq!(read_rows(above(19).as_bytes()), ["21 A|1"]);
        assert!(matches!(read(above(20).as_bytes(), KNOWN), Err(SpreadsheetError::NoHeading { .. })));
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_is_told_with_its_line() {
        let text = b"Namn;Antal\nA;1\n\n\"B;2\nC;3\n";
        assert_eq!(read(text, KNOWN), Err(SpreadsheetError::OpenQuote { line: 4 }));
        assert_eq!(read_rows(b"Namn;Antal\n5\" sk\xe4rm;1\n"), ["2 5\" skärm|1"]);
    }

    #[test]
    fn what_is_too_large_or_of_another_kind_is_refused() {
        assert_eq!(read(&vec![b'a'; FILE_MAX + 1], KNOWN), Err(SpreadsheetError::TooLarge));
        let rows = |count| format!("Namn;Antal\n{}", "A;1\n".repeat(count));
        assert_eq!(read(rows(ROWS_MAX).as_bytes(), KNOWN).unwrap().rows.len(), ROWS_MAX);
        assert_eq!(read(rows(ROWS_MAX + 1).as_bytes(), KNOWN), Err(SpreadsheetError::TooManyRows));
        assert_eq!(read(rows(ROWS_MAX + 99).as_bytes(), KNOWN), Err(SpreadsheetError::TooManyRows));
        assert_eq!(read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0", KNOWN), Err(SpreadsheetError::Unreadable));
        assert_eq!(read(b"PK\x03\x04 and then nothing", KNOWN), Err(SpreadsheetError::Unreadable));
    }

    #[test]
    fn xlsx_with_merged_text_above_hidden_sheets_days_and_numbers() {
        let table = read(XLSX, KNOWN).unwrap();
        assert_eq!(table.columns, ["name", "quantity", "bought"]);
        assert_eq!(table.unknown, ["Färg"]);
        assert_eq!(
            rows(&table),
            ["5 Låda Älgen|4|2024-08-19", "7 Låda\nÖrnen|2.5|", "8 Låda Ågren|1200|2023-01-09", "10 Låda utan antal||",]
        );
    }

    #[test]
    fn an_xlsx_file_that_unpacks_to_too_much_is_refused() {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let packed = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        writer.start_file("xl/worksheets/sheet1.xml", packed).unwrap();
        writer.write_all(&vec![b' '; UNPACKED_MAX + 1]).unwrap();
        let bomb = writer.finish().unwrap().into_inner();
        assert!(bomb.len() < 1024 * 1024);
        assert_eq!(read(&bomb, KNOWN), Err(SpreadsheetError::TooLarge));

        let liar = rezipped("sharedStrings.xml", |xml| {
            let xml = String::from_utf8(xml).unwrap();
            let at = xml.find("uniqueCount=\"").unwrap() + "uniqueCount=\"".len();
            format!("{}99999999999{}", &xml[..at], &xml[at..]).into_bytes()
        });
        assert_eq!(read(&liar, KNOWN), Err(SpreadsheetError::TooLarge));
    }

    #[test]
    fn a_cell_reference_beyond_all_sheets_is_no_panic() {
        let odd = rezipped("sheet3.xml", |xml| {
            String::from_utf8(xml).unwrap().replace("\"A5\"", "\"ZZZZZZZZZZ99999999999999\"").into_bytes()
        });
        // Builds that check overflow find the file broken, others the cell far away.
        assert_ne!(odd, rezipped("sheet3.xml", |xml| xml));
        let _ = read(&odd, KNOWN);
    }

    #[test]
    fn numbers_as_excel_shows_them() {
        assert_eq!(number_text(4.0), "4");
        assert_eq!(number_text(0.1 + 0.2), "0.3");
        assert_eq!(number_text(-1234.5), "-1234.5");
        assert_eq!(number_text(735_012_345_678.0), "735012345678");
    }

    #[test]
    fn whole_numbers_as_people_write_them() {
        for (text, number) in [("4", 4), ("4,0", 4), ("4.00", 4), (" 1 200 ", 1200), ("1\u{a0}200", 1200), ("-3", -3)] {
            assert_eq!(whole_number(text), Some(number), "{text}");
        }
        for text in ["", "fyra", "4,5", "1.200", "1,200", "4 5", "12 34", "4,", "--4", "99999999999999999999"] {
            assert_eq!(whole_number(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(&bytes, KNOWN);
        }

        #[test]
        fn no_text_makes_it_panic(text in "(Namn|Antal|[;,\t\r\n\"åÄ é1]){0,60}") {
            let _ = read(text.as_bytes(), KNOWN);
            let _ = whole_number(&text);
        }

        #[test]
        fn rows_stand_below_each_other(text in "Namn;Antal\n([a-c;\n\"]){0,40}") {
            if let Ok(table) = read(text.as_bytes(), KNOWN) {
                let last = u32::try_from(text.lines().count()).unwrap();
                prop_assert!(table.rows.iter().all(|row| (2..=last).contains(&row.line)));
                prop_assert!(table.rows.is_sorted_by(|a, b| a.line < b.line));
            }
        }

        #[test]
        fn no_mangled_xlsx_makes_it_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
            let mut bytes = XLSX.to_vec();
            for (at, byte) in &changes {
                *at.get_mut(bytes.as_mut_slice()) = *byte;
            }
            let _ = read(&bytes, KNOWN);
        }

        #[test]
        fn no_mangled_xml_makes_it_panic(
            part in prop::sample::select(vec!["sheet3.xml", "sharedStrings.xml", "workbook.xml", "styles.xml", ".rels"]),
            changes in prop::collection::vec((any::<prop::sample::Index>(), "[ -~]"), 1..4),
        ) {
            let bytes = rezipped(part, |mut xml| {
                for (at, with) in &changes {
                    *at.get_mut(xml.as_mut_slice()) = *with.as_bytes().first().unwrap();
                }
                xml
            });
            let _ = read(&bytes, KNOWN);
        }
    }
}
