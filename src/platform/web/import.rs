//! Files that are imported over the API: the body as it is, and the report as JSON.

use crate::platform::error::{Error, Kind};
use crate::platform::events::By;
use crate::platform::import::{self, Import, Report};
use crate::platform::spreadsheet::FILE_MAX;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::{command, header_text, texts};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

/// The types a file may be sent as. Browsers on Windows call a CSV file by Excel's old name.
const TYPES: &[&str] = &[
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel",
    "application/octet-stream",
];

/// Whether to import, or only to tell what importing would do.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DryRun {
    /// Only tell what would happen.
    #[serde(default)]
    #[param(required = false)]
    pub dry_run: bool,
}

/// What an import did, or would do.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ImportView {
    /// It has happened.
    pub done: bool,
    /// How many things are new.
    pub added: usize,
    /// How many rows were there already, just so.
    pub unchanged: usize,
    /// All that is wrong, from the top. With anything here nothing happens.
    pub errors: Vec<RowErrorView>,
    /// Headings that are not known, and were not read.
    pub unknown_columns: Vec<String>,
}

/// What is wrong with a row.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RowErrorView {
    /// Where it stands in the file, as Excel shows it; from 1.
    pub line: u32,
    /// The column's name in the program.
    pub column: String,
    /// What stands in the wrong cell.
    pub value: String,
    /// Stable name of what is wrong.
    pub code: String,
    /// What is wrong and what to do, in the caller's language.
    pub detail: String,
}

impl ImportView {
    /// Tells a report in a language.
    pub fn new(report: Report, t: Texts) -> Self {
        let errors = report.errors.into_iter().map(|error| RowErrorView {
            line: error.line,
            detail: t.field(&error.wrong),
            column: error.wrong.field,
            value: error.value,
            code: error.wrong.code.to_owned(),
        });
        Self {
            done: report.done,
            added: report.added,
            unchanged: report.unchanged,
            errors: errors.collect(),
            unknown_columns: report.unknown,
        }
    }
}

/// Answers an upload: imports it, or tells what importing it would do.
///
/// # Errors
/// `import.content_type`, `request.too_large`, `request.invalid` with every bad row.
pub async fn answer<I: Import>(
    request: &HttpRequest,
    app: &AppState,
    by: By,
    payload: web::Payload,
    dry_run: bool,
) -> Result<HttpResponse, Error> {
    let content_type = header_text(request, header::CONTENT_TYPE).split(';').next().unwrap_or_default().trim();
    if !TYPES.iter().any(|known| content_type.eq_ignore_ascii_case(known)) {
        return Err(Error::new(Kind::UnsupportedType, "import.content_type"));
    }
    let bytes = payload
        .to_bytes_limited(FILE_MAX)
        .await
        .map_err(|_| Error::new(Kind::TooLarge, "request.too_large"))?
        .map_err(|_| Error::new(Kind::Malformed, "request.malformed"))?;
    let key = command::key(request, &bytes)?;
    let (table, report) = import::prepare::<I>(&app.db, by.organisation, bytes.to_vec()).await?;
    let t = texts(request);
    if dry_run {
        return Ok(HttpResponse::Ok().json(ImportView::new(report, t)));
    }
    // A repeated command gets its first answer, whatever has changed since; others are refused without a transaction.
    if key.is_none() {
        report.without_errors()?;
    }
    command::run(app, by, key, StatusCode::OK, move |tx| Ok(ImportView::new(import::apply::<I>(tx, by, &table)?, t)))
        .await
}
