//! Imports: a table from a file becomes a plan and a list of rows to mend. With none to mend, all of the plan happens in
//! one transaction; otherwise nothing does.

use crate::platform::db::connection::Conn;
use crate::platform::db::{Db, Tx};
use crate::platform::error::{Error, FieldError, Kind};
use crate::platform::events::By;
use crate::platform::ids::OrganisationId;
use crate::platform::spreadsheet::{self, Column, ROWS_MAX, Row, SpreadsheetError, Table};
use std::collections::HashMap;
use std::sync::Arc;

/// How many good rows a report shows.
const SHOWN: usize = 20;
/// How much alike a known name must be to be the one that was probably meant, 0 to 1 (Jaro and Winkler).
const ALIKE: f64 = 0.85;

/// A kind of thing that can be imported.
pub trait Import: 'static {
    /// What may stand in the file.
    const COLUMNS: &'static [Column];
    /// Keys of the columns that the file must have.
    const NEEDED: &'static [&'static str];
    /// What the rows are compared with.
    type Existing;
    /// What becomes of a good row.
    type Add;

    /// What is there already.
    ///
    /// # Errors
    /// When the database fails.
    fn existing(conn: &mut Conn, organisation: OrganisationId) -> Result<Self::Existing, Error>;

    /// What importing the table would do. Pure.
    fn plan(existing: &Self::Existing, table: &Table) -> Plan<Self::Add>;

    /// Does what was planned for one row.
    ///
    /// # Errors
    /// What the action returns.
    fn add(tx: &mut Tx<'_>, by: By, add: &Self::Add) -> Result<(), Error>;
}

/// What importing a table would do.
#[derive(Debug)]
pub struct Plan<A> {
    /// What to add, in this order.
    pub add: Vec<A>,
    /// How many things that is.
    pub added: usize,
    /// Rows that are there already, just so.
    pub unchanged: usize,
    /// All that is wrong, from the top.
    pub errors: Vec<RowError>,
}

impl<A> Default for Plan<A> {
    fn default() -> Self {
        Self { add: Vec::new(), added: 0, unchanged: 0, errors: Vec::new() }
    }
}

impl<A> Plan<A> {
    /// Takes up what became of a row: what to add and how many things that is, or none when it is there already.
    pub fn take(&mut self, row: &Row, outcome: Result<Option<(A, usize)>, Vec<FieldError>>) {
        match outcome {
            Ok(Some((add, count))) => {
                self.add.push(add);
                self.added += count;
            }
            Ok(None) => self.unchanged += 1,
            Err(wrong) => self.errors.extend(wrong.into_iter().map(|wrong| RowError {
                line: row.line,
                value: row.get(&wrong.field).to_owned(),
                wrong,
            })),
        }
    }
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowError {
    /// Where it stands in the file, as Excel shows it.
    pub line: u32,
    /// What stands in the wrong cell.
    pub value: String,
    /// What is wrong; its field is the key of the column.
    pub wrong: FieldError,
}

/// What an import did, or would do.
#[derive(Debug)]
pub struct Report {
    /// It has happened.
    pub done: bool,
    /// How many things are new.
    pub added: usize,
    /// How many rows were there already, just so.
    pub unchanged: usize,
    /// All that is wrong, from the top. With anything here nothing happens.
    pub errors: Vec<RowError>,
    /// Keys of the columns that were read.
    pub columns: Vec<&'static str>,
    /// The first rows, by these columns.
    pub rows: Vec<Vec<String>>,
    /// Headings that are not known, and were not read.
    pub unknown: Vec<String>,
}

impl Report {
    fn new<A>(plan: &Plan<A>, table: &Table, done: bool) -> Self {
        let cells = |row: &Row| table.columns.iter().map(|key| row.get(key).to_owned()).collect();
        Self {
            done,
            added: plan.added,
            unchanged: plan.unchanged,
            errors: plan.errors.clone(),
            columns: table.columns.clone(),
            rows: table.rows.iter().take(SHOWN).map(cells).collect(),
            unknown: table.unknown.clone(),
        }
    }

    /// Itself, or an error that names every bad row, as in `rows[7].email`.
    ///
    /// # Errors
    /// `request.invalid`.
    pub fn without_errors(self) -> Result<Self, Error> {
        if self.errors.is_empty() {
            return Ok(self);
        }
        let field = |error: RowError| FieldError {
            field: format!("rows[{}].{}", error.line, error.wrong.field),
            ..error.wrong
        };
        Err(Error::invalid_fields(self.errors.into_iter().map(field).collect()))
    }
}

/// Reads a file and says what importing it would do.
///
/// # Errors
/// `import.*` on the field `file` when no table can be read.
pub async fn prepare<I: Import>(
    db: &Db,
    organisation: OrganisationId,
    bytes: Vec<u8>,
) -> Result<(Arc<Table>, Report), Error> {
    db.read(move |conn| {
        let table = read::<I>(&bytes)?;
        let plan = I::plan(&I::existing(conn, organisation)?, &table);
        let report = Report::new(&plan, &table, false);
        Ok((Arc::new(table), report))
    })
    .await
}

/// Imports a table: all of it, or nothing.
///
/// # Errors
/// `request.invalid` with every bad row, and what the action returns.
pub fn apply<I: Import>(tx: &mut Tx<'_>, by: By, table: &Table) -> Result<Report, Error> {
    let plan = I::plan(&I::existing(tx, by.organisation)?, table);
    let report = Report::new(&plan, table, true).without_errors()?;
    for add in &plan.add {
        I::add(tx, by, add)?;
    }
    Ok(report)
}

/// Reads a file and imports it, unless this is a dry run or a row is wrong; the report says which.
///
/// # Errors
/// As [`prepare`] and [`apply`].
pub async fn run<I: Import>(db: &Db, by: By, bytes: Vec<u8>, dry_run: bool) -> Result<Report, Error> {
    let (table, report) = prepare::<I>(db, by.organisation, bytes).await?;
    if dry_run || !report.errors.is_empty() {
        return Ok(report);
    }
    db.write(move |tx| apply::<I>(tx, by, &table)).await
}

fn read<I: Import>(bytes: &[u8]) -> Result<Table, Error> {
    let wrong = |code: &'static str| FieldError::new("file", code);
    let table = spreadsheet::read(bytes, I::COLUMNS).map_err(|error| match error {
        SpreadsheetError::TooLarge => Error::new(Kind::TooLarge, "request.too_large"),
        SpreadsheetError::TooManyRows => wrong("import.too_many_rows").arg("most", ROWS_MAX).into(),
        SpreadsheetError::NoHeading { known } => wrong("import.no_heading").arg("known", known.join(", ")).into(),
        SpreadsheetError::OpenQuote { line } => wrong("import.open_quote").arg("line", i64::from(line)).into(),
        SpreadsheetError::Unreadable => wrong("import.unreadable").into(),
    })?;
    let missing: Vec<FieldError> = I::COLUMNS
        .iter()
        .filter(|column| I::NEEDED.contains(&column.key) && !table.columns.contains(&column.key))
        .map(|column| wrong("import.column_missing").arg("column", *column.names.first().unwrap_or(&column.key)))
        .collect();
    if !missing.is_empty() {
        return Err(missing.into());
    }
    if table.rows.is_empty() {
        return Err(wrong("import.no_rows").into());
    }
    Ok(table)
}

/// A name as names are compared: in lower case, with single spaces.
pub fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Things by their names, as files name them.
#[derive(Debug)]
pub struct ByName<T>(HashMap<String, (String, T)>);

impl<T> FromIterator<(String, T)> for ByName<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(things: I) -> Self {
        Self(things.into_iter().map(|(name, thing)| (folded(&name), (name, thing))).collect())
    }
}

impl<T> ByName<T> {
    /// The thing of this name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.get(&folded(name)).map(|(_, thing)| thing)
    }

    /// The thing of this name. If there is none, the error tells the name that was probably meant.
    ///
    /// # Errors
    /// `code`, or `code_like` with the argument `nearest`; both with the argument `name`.
    pub fn find(
        &self,
        column: &'static str,
        name: &str,
        code: &'static str,
        code_like: &'static str,
    ) -> Result<&T, FieldError> {
        self.get(name).ok_or_else(|| match self.nearest(name) {
            Some(nearest) => FieldError::new(column, code_like).arg("name", name).arg("nearest", nearest),
            None => FieldError::new(column, code).arg("name", name),
        })
    }

    fn nearest(&self, name: &str) -> Option<&str> {
        let name = folded(name);
        self.0
            .iter()
            .map(|(known, (written, _))| (strsim::jaro_winkler(known, &name), written))
            .filter(|(alike, _)| *alike >= ALIKE)
            .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
            .map(|(_, written)| written.as_str())
    }
}

/// Notices names that stand in the file a second time.
#[derive(Debug, Default)]
pub struct Seen(HashMap<String, u32>);

impl Seen {
    /// Remembers that a name stands on this row.
    ///
    /// # Errors
    /// `import.duplicate_row`, with the line that it stood on before.
    pub fn once(&mut self, column: &'static str, name: &str, row: &Row) -> Result<(), FieldError> {
        match self.0.insert(folded(name), row.line) {
            Some(line) if !name.is_empty() => {
                Err(FieldError::new(column, "import.duplicate_row").arg("line", i64::from(line)))
            }
            _ => Ok(()),
        }
    }
}

/// A whole number in a cell, if there is anything.
///
/// # Errors
/// `import.not_a_number`.
pub fn number(column: &'static str, row: &Row) -> Result<Option<i32>, FieldError> {
    match row.get(column) {
        "" => Ok(None),
        text => spreadsheet::whole_number(text)
            .and_then(|number| i32::try_from(number).ok())
            .map(Some)
            .ok_or_else(|| FieldError::new(column, "import.not_a_number")),
    }
}

/// What stands in a cell, if there is anything.
pub fn said(column: &str, row: &Row) -> Option<String> {
    Some(row.get(column)).filter(|text| !text.is_empty()).map(str::to_owned)
}
