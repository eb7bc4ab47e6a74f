//! Figures for others, and those of others.

use crate::accounts::store::Organisation;
use crate::evaluations::form::{Form, Kind};
use crate::evaluations::wording::FEWEST_ANSWERS;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::{Instant, Json};
use crate::platform::error::{Error, Fault};
use crate::platform::ids::{ExchangeFileId, OrganisationId};
use crate::platform::term::Term;
use crate::platform::text::Lang;
use crate::reports::exchange::file::{ExchangeFile, ExchangeQuestion, ExchangeType, FORMAT, VERSION, key};
use crate::reports::kit_types;
use crate::reports::rules::{Part, Terms};
use crate::reports::views::{KitTypeFigures, QuestionCount};
use crate::schema::{exchange_figures, exchange_files};
use diesel::prelude::*;
use serde::Serialize;

/// A file of another municipality that was brought in.
#[derive(Debug, Clone, Serialize, Queryable, utoipa::ToSchema)]
pub struct ExchangeFileView {
    /// The file.
    pub id: ExchangeFileId,
    /// Whose figures they are.
    pub municipality: String,
    /// The first term that they tell of.
    pub from_term: String,
    /// The last one.
    pub to_term: String,
    /// When it was brought in.
    pub imported_at: Instant,
}

/// What another municipality says of a kit type.
#[derive(Debug, Clone)]
pub struct Beside {
    /// Whose figures they are.
    pub municipality: String,
    /// The terms that they tell of.
    pub terms: Terms,
    /// The figures.
    pub figures: ExchangeType,
}

/// The figures of some terms, for others.
///
/// # Errors
/// When the database fails.
pub fn for_others(conn: &mut Conn, organisation: &Organisation, terms: Terms) -> Result<ExchangeFile, Error> {
    let core = Form::default_form().map_err(Fault::from_error)?;
    let mut kit_types = Vec::new();
    for figures in kit_types::compared(conn, organisation, terms)? {
        if figures.evaluations >= FEWEST_ANSWERS {
            let questions = kit_types::questions(conn, organisation, &[figures.kit_type.id], terms, Lang::Sv)?;
            kit_types.push(of_type(figures, &questions, &core));
        }
    }
    Ok(ExchangeFile {
        format: FORMAT.to_owned(),
        version: VERSION,
        municipality: organisation.name.clone(),
        from_term: terms.from,
        to_term: terms.to,
        kit_types,
    })
}

/// What five or more said of a kit type. Questions of one's own are left out: others do not have them.
fn of_type(figures: KitTypeFigures, questions: &[QuestionCount], core: &Form) -> ExchangeType {
    let is_core =
        |question: &&QuestionCount| core.question(&question.id).is_some_and(|known| known.kind == Kind::Scale);
    let spread = questions.iter().filter(is_core).filter_map(|question| {
        let counts = |step: i64| {
            let chosen = question.options.iter().filter(|option| option.value == step.to_string());
            chosen.map(|option| option.count).sum::<i64>()
        };
        let distribution: Vec<i64> = (1..=5).map(counts).collect();
        let n = distribution.iter().sum();
        (n >= FEWEST_ANSWERS).then(|| ExchangeQuestion { id: question.id.clone(), n, distribution })
    });
    ExchangeType {
        questions: spread.collect(),
        name: figures.kit_type.name,
        evaluations: figures.evaluations,
        used: Part { count: figures.used, of: figures.evaluations },
        again: Some(figures.again).filter(|again| again.of >= FEWEST_ANSWERS),
        lost_per_10_loans: (figures.loans >= FEWEST_ANSWERS)
            .then(|| figures.lost_parts as f64 * 10.0 / figures.loans as f64),
    }
}

/// The files that were brought in, by municipality and period.
///
/// # Errors
/// When the database fails.
pub fn files(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<ExchangeFileView>, Error> {
    Ok(exchange_files::table
        .filter(exchange_files::organisation_id.eq(organisation))
        .order((exchange_files::municipality.asc(), exchange_files::from_term.asc(), exchange_files::to_term.asc()))
        .select((
            exchange_files::id,
            exchange_files::municipality,
            exchange_files::from_term,
            exchange_files::to_term,
            exchange_files::imported_at,
        ))
        .load(conn)?)
}

/// What other municipalities say of kit types of this kind, by municipality and period.
///
/// # Errors
/// When the database fails.
pub fn beside(conn: &mut Conn, organisation: OrganisationId, name: &str) -> Result<Vec<Beside>, Error> {
    let rows: Vec<(String, String, String, Json)> = exchange_figures::table
        .inner_join(exchange_files::table)
        .filter(exchange_files::organisation_id.eq(organisation).and(exchange_figures::kind.eq(key(name))))
        .order((exchange_files::municipality.asc(), exchange_files::from_term.asc(), exchange_figures::position.asc()))
        .select((
            exchange_files::municipality,
            exchange_files::from_term,
            exchange_files::to_term,
            exchange_figures::figures,
        ))
        .load(conn)?;
    let told = rows.into_iter().map(|(municipality, from, to, figures)| {
        let term = |text: String| text.parse::<Term>().map_err(|()| Fault::new("a stored term is none"));
        Ok(Beside {
            municipality,
            terms: Terms { from: term(from)?, to: term(to)? },
            figures: serde_json::from_value(figures.0).map_err(Fault::from_error)?,
        })
    });
    told.collect()
}
