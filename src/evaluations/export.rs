//! Evaluations as files to keep: one row each, one column for each question. What the office notes for itself stays there,
//! and who wrote or read is nowhere in it; what was masked is masked.

use crate::accounts::store::Organisation;
use crate::evaluations::answers::{Answer, Answers};
use crate::evaluations::form::{Form, Kind};
use crate::evaluations::queries;
use crate::evaluations::rules::Share;
use crate::evaluations::search::query::Search;
use crate::evaluations::store;
use crate::evaluations::views::EvaluationView;
use crate::kits::views::KitTypeName;
use crate::loans::views::UnitRef;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::{Error, Fault};
use crate::platform::ids::{EvaluationId, LoanId, OrganisationId, UnitId};
use crate::platform::state::AppState;
use crate::platform::tables::{self, Cell, FileFormat, Xlsx};
use crate::platform::text::Texts;
use crate::platform::web::download::Parts;
use crate::platform::web::heavy;
use crate::platform::web::paging::{MOST, Paging};
use crate::schema::units;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;

/// The most evaluations in an XLSX file, which is made as a whole; the others have no end.
pub const MOST_IN_XLSX: usize = 20_000;

/// Evaluations as a file for programs.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct EvaluationExport {
    /// The questions of all versions of the form.
    pub questions: Vec<ExportedQuestion>,
    /// The evaluations, newest first.
    pub items: Vec<ExportedEvaluation>,
    /// How many there are. It stands last: a file without it has been broken off.
    pub count: usize,
}

/// A question.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ExportedQuestion {
    /// Its stable id, the key of the answers.
    pub id: String,
    /// What answers it takes.
    pub kind: Kind,
    /// Its words in the newest form that has it.
    pub label: String,
}

/// A submitted evaluation in a file.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ExportedEvaluation {
    /// The evaluation.
    pub id: EvaluationId,
    /// The loan it is about.
    pub loan_id: LoanId,
    /// When it was submitted.
    pub submitted_at: Instant,
    /// The day of that in the organisation.
    pub submitted_on: NaiveDate,
    /// The type of the kit.
    pub kit_type: KitTypeName,
    /// The unit that wrote it.
    pub unit: UnitRef,
    /// The unit's area; empty for none.
    pub area: String,
    /// The first day of the loan.
    pub first_day: NaiveDate,
    /// The last day of the loan.
    pub last_day: NaiveDate,
    /// Whether the kit was used.
    pub used: bool,
    /// How far the answers may go.
    pub share: Share,
    /// It is in the idea bank.
    pub shared: bool,
    /// What it is about, by name.
    pub themes: Vec<String>,
    /// The version of the form it was written on.
    pub form_version: i32,
    /// The answers, by question id.
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    pub answers: Answers,
}

/// What is needed to write evaluations down.
struct Sheet {
    t: Texts,
    /// The versions of the form, the newest first.
    forms: Vec<Arc<Form>>,
    questions: Vec<ExportedQuestion>,
    areas: HashMap<UnitId, String>,
}

impl Sheet {
    fn load(conn: &mut Conn, organisation: OrganisationId, t: Texts) -> Result<Self, Error> {
        let forms = store::forms(conn, organisation)?;
        let mut questions: Vec<ExportedQuestion> = Vec::new();
        for question in forms.iter().flat_map(|form| &form.questions) {
            if !questions.iter().any(|known| known.id == question.id) {
                let label = question.label.in_language(t.lang).to_owned();
                questions.push(ExportedQuestion { id: question.id.clone(), kind: question.kind, label });
            }
        }
        let areas = units::table
            .filter(units::organisation_id.eq(organisation).and(units::area.ne("")))
            .select((units::id, units::area))
            .load::<(UnitId, String)>(conn)?;
        Ok(Self { t, forms, questions, areas: areas.into_iter().collect() })
    }

    fn heads(&self) -> Vec<String> {
        let facts = [
            "export-id",
            "export-submitted",
            "export-kit-type",
            "export-unit",
            "export-area",
            "export-first-day",
            "export-last-day",
            "export-share",
            "export-shared",
            "export-themes",
            "export-form-version",
        ];
        let asked = self.questions.iter().map(|question| format!("{} [{}]", question.label, question.id));
        facts.iter().map(|key| self.t.s(key)).chain(asked).collect()
    }

    fn row(&self, one: &ExportedEvaluation) -> Vec<Cell> {
        let t = self.t;
        let facts = [
            one.id.to_string().into(),
            one.submitted_on.into(),
            one.kit_type.name.as_str().into(),
            one.unit.name.as_str().into(),
            one.area.as_str().into(),
            one.first_day.into(),
            one.last_day.into(),
            t.s(&format!("evaluations-share-{}", one.share)).into(),
            t.s(if one.shared { "export-yes" } else { "export-no" }).into(),
            one.themes.join(", ").into(),
            i64::from(one.form_version).into(),
        ];
        let answers = self.questions.iter().map(|question| self.answer(question, one.answers.get(&question.id)));
        facts.into_iter().chain(answers).collect()
    }

    /// Steps and numbers are told as numbers, choices in the words of the form.
    fn answer(&self, question: &ExportedQuestion, answer: Option<&Answer>) -> Cell {
        let words = |value: &str| {
            let label = self.forms.iter().find_map(|form| form.option_label(&question.id, value));
            label.map_or(value, |label| label.in_language(self.t.lang)).to_owned()
        };
        match answer {
            None | Some(Answer::Other(_)) => Cell::Empty,
            Some(Answer::Number(number)) => Cell::Whole(*number),
            Some(Answer::Text(text)) if matches!(question.kind, Kind::Text | Kind::Number) => text.as_str().into(),
            Some(Answer::Text(value)) => words(value).into(),
            Some(Answer::List(values)) => values.iter().map(|value| words(value)).collect::<Vec<_>>().join(", ").into(),
        }
    }

    fn item(&self, one: EvaluationView) -> ExportedEvaluation {
        ExportedEvaluation {
            id: one.id,
            loan_id: one.loan_id,
            submitted_at: one.submitted_at,
            submitted_on: one.submitted_on,
            area: self.areas.get(&one.unit.id).cloned().unwrap_or_default(),
            kit_type: one.kit_type,
            unit: one.unit,
            first_day: one.first_day,
            last_day: one.last_day,
            used: one.used,
            share: one.share,
            shared: one.reading.shared,
            themes: one.reading.themes.into_iter().map(|theme| theme.name).collect(),
            form_version: one.form_version,
            answers: one.answers,
        }
    }
}

/// A file of evaluations, page by page.
pub struct Export {
    app: AppState,
    organisation: Organisation,
    search: Search,
    format: FileFormat,
    sheet: Arc<Sheet>,
    /// Where it goes on.
    at: At,
    count: usize,
}

enum At {
    Beginning,
    After(String),
    End,
}

impl Export {
    /// Those of an organisation that are searched for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin(
        app: &AppState,
        organisation: &Organisation,
        search: Search,
        format: FileFormat,
        t: Texts,
    ) -> Result<Self, Error> {
        let id = organisation.id;
        let sheet = app.db.read(move |conn| Sheet::load(conn, id, t)).await?;
        Ok(Self {
            app: app.clone(),
            organisation: organisation.clone(),
            search,
            format,
            sheet: Arc::new(sheet),
            at: At::Beginning,
            count: 0,
        })
    }

    /// The next evaluations; none after the last ones.
    async fn page(&mut self) -> Result<Option<Vec<ExportedEvaluation>>, Error> {
        let cursor = match &self.at {
            At::Beginning => None,
            At::After(cursor) => Some(cursor.clone()),
            At::End => return Ok(None),
        };
        let paging = Paging { limit: Some(MOST), cursor };
        let (organisation, search) = (self.organisation.clone(), self.search.clone());
        let found = self.app.db.read(move |conn| queries::list(conn, &organisation, &search, &paging)).await?;
        self.at = found.next.map_or(At::End, At::After);
        self.count += found.items.len();
        Ok(Some(found.items.into_iter().map(|one| self.sheet.item(one)).collect()))
    }

    async fn whole_xlsx(&mut self) -> Result<Vec<u8>, Error> {
        let mut file = Xlsx::begin(&self.sheet.heads())?;
        while let Some(page) = self.page().await? {
            if self.count > MOST_IN_XLSX {
                return Err(Error::refused("export.too_many").arg("most", MOST_IN_XLSX));
            }
            let sheet = self.sheet.clone();
            let added = heavy::run(move || {
                page.iter().try_for_each(|one| file.add(&sheet.row(one)))?;
                Ok::<_, Fault>(file)
            });
            file = added.await??;
        }
        Ok(heavy::run(move || file.finish()).await??)
    }

    fn part(&self, page: &[ExportedEvaluation], first: bool) -> Result<Vec<u8>, Fault> {
        let lang = self.sheet.t.lang;
        if self.format == FileFormat::Csv {
            let mut part = if first { tables::csv_begin(&self.sheet.heads(), lang)? } else { Vec::new() };
            let rows: Vec<Vec<Cell>> = page.iter().map(|one| self.sheet.row(one)).collect();
            part.extend(tables::csv_rows(&rows, lang)?);
            return Ok(part);
        }
        let mut part = Vec::new();
        if first {
            part.extend_from_slice(b"{\"questions\":");
            serde_json::to_writer(&mut part, &self.sheet.questions).map_err(Fault::from_error)?;
            part.extend_from_slice(b",\"items\":[");
        }
        for (place, one) in page.iter().enumerate() {
            part.extend_from_slice(if first && place == 0 { b"\n" } else { b",\n" });
            serde_json::to_writer(&mut part, one).map_err(Fault::from_error)?;
        }
        if matches!(self.at, At::End) {
            part.extend_from_slice(format!("\n],\"count\":{}}}\n", self.count).as_bytes());
        }
        Ok(part)
    }
}

impl Parts for Export {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let first = matches!(self.at, At::Beginning);
        if self.format == FileFormat::Xlsx {
            return if first { self.whole_xlsx().await.map(Some) } else { Ok(None) };
        }
        match self.page().await? {
            None => Ok(None),
            Some(page) => Ok(Some(self.part(&page, first)?)),
        }
    }
}
