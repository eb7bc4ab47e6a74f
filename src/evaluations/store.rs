//! Rows of form versions, of evaluations, and of their answers to scale questions.

use crate::evaluations::answers::Answers;
use crate::evaluations::form::Form;
use crate::evaluations::rules::Share;
use crate::loans::store::Loan;
use crate::platform::db::Tx;
use crate::platform::db::connection::{Conn, each};
use crate::platform::db::types::{Instant, Json};
use crate::platform::error::Error;
use crate::platform::ids::{EvaluationId, FormVersionId, KitTypeId, LoanId, OrganisationId, PersonId, UnitId};
use crate::platform::term::Term;
use crate::schema::{answer_totals, evaluation_scales, evaluations, form_versions};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// A version of an organisation's form. It never changes; a changed form is a new version.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = form_versions)]
pub struct FormVersion {
    /// The version.
    pub id: FormVersionId,
    /// Whose form it is.
    pub organisation_id: OrganisationId,
    /// Counts from 1.
    pub version: i32,
    /// The form.
    pub form: Json<Form>,
    /// When it was published; kits handed out from then on are evaluated on it, until there is a newer one.
    pub created_at: Instant,
    /// Who published it; nobody the form that an organisation starts with.
    pub published_by: Option<PersonId>,
}

/// An evaluation: a draft until it has been submitted.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = evaluations, treat_none_as_null = true)]
pub struct Evaluation {
    /// The evaluation.
    pub id: EvaluationId,
    /// Whose loan it is about.
    pub organisation_id: OrganisationId,
    /// The loan.
    pub loan_id: LoanId,
    /// The type of the kit.
    pub kit_type_id: KitTypeId,
    /// The unit that writes.
    pub unit_id: UnitId,
    /// The form it is written on.
    pub form_version_id: FormVersionId,
    /// The answers, by question id.
    pub answers: Json<Answers>,
    /// Whether the kit was used; known once submitted, like all that follows from the answers.
    pub used: Option<bool>,
    /// About how many children tried it.
    pub children: Option<i32>,
    /// How far the answers may go.
    pub share: Option<Share>,
    /// Who wrote in it last.
    pub written_by: Option<PersonId>,
    /// When it was begun.
    pub created_at: Instant,
    /// When it was last written in.
    pub updated_at: Instant,
    /// When it was submitted.
    pub submitted_at: Option<Instant>,
    /// The day of that in the organisation.
    pub submitted_on: Option<NaiveDate>,
}

impl Evaluation {
    /// True when the unit lets others read it, and there is something to read.
    pub fn may_be_shared(&self) -> bool {
        self.used == Some(true) && self.share.is_some_and(|share| share != Share::No)
    }
}

/// How many forms are remembered.
const REMEMBERED: usize = 100;

/// The number of a form's version, and the form.
type Numbered = (i32, Arc<Form>);

/// Forms that have been read, with the numbers of their versions. The database sees to it that a version never changes, and
/// reading one takes longer than what else most answers need of it.
static KNOWN: LazyLock<Mutex<HashMap<FormVersionId, Numbered>>> = LazyLock::new(Mutex::default);

/// The form of a version.
///
/// # Errors
/// When there is none, which is a fault: ids of versions come from rows.
pub fn form(conn: &mut Conn, id: FormVersionId) -> Result<Arc<Form>, Error> {
    Ok(known(conn, id)?.1)
}

/// The number of a version.
///
/// # Errors
/// When there is none, which is a fault: ids of versions come from rows.
pub fn version_number(conn: &mut Conn, id: FormVersionId) -> Result<i32, Error> {
    Ok(known(conn, id)?.0)
}

fn known(conn: &mut Conn, id: FormVersionId) -> Result<Numbered, Error> {
    let remembered = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(numbered) = remembered().get(&id) {
        return Ok(numbered.clone());
    }
    let (number, form): (i32, Json<Form>) =
        form_versions::table.find(id).select((form_versions::version, form_versions::form)).get_result(conn)?;
    let numbered = (number, Arc::new(form.0));
    let mut remembered = remembered();
    if remembered.len() >= REMEMBERED {
        remembered.clear();
    }
    remembered.insert(id, numbered.clone());
    Ok(numbered)
}

/// All versions of an organisation's form, newest first.
///
/// # Errors
/// When the database fails.
pub fn forms(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<Arc<Form>>, Error> {
    numbered(conn, organisation)?.into_iter().map(|(id, _)| form(conn, id)).collect()
}

/// The number of the newest version of an organisation's form, and the form.
///
/// # Errors
/// When the database fails.
pub fn newest(conn: &mut Conn, organisation: OrganisationId) -> Result<Option<(i32, Arc<Form>)>, Error> {
    let newest = numbered(conn, organisation)?.into_iter().next();
    newest.map(|(id, version)| Ok((version, form(conn, id)?))).transpose()
}

/// The versions of an organisation's form by their numbers, newest first.
fn numbered(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<(FormVersionId, i32)>, Error> {
    Ok(form_versions::table
        .filter(form_versions::organisation_id.eq(organisation))
        .order(form_versions::version.desc())
        .select((form_versions::id, form_versions::version))
        .load(conn)?)
}

/// The newest version of an organisation's form.
///
/// # Errors
/// When the database fails.
pub fn newest_form(conn: &mut Conn, organisation: OrganisationId) -> Result<Option<FormVersion>, Error> {
    Ok(form_versions::table
        .filter(form_versions::organisation_id.eq(organisation))
        .order(form_versions::version.desc())
        .limit(1)
        .get_result(conn)
        .optional()?)
}

/// The form that a loan's evaluation is begun on: the one that was the newest when its kit was handed out. A kit that
/// left before the organisation had a form gets the first one, so that no later form changes what a loan owes.
///
/// # Errors
/// When the database fails.
pub fn form_of_loan(conn: &mut Conn, loan: &Loan) -> Result<Option<FormVersion>, Error> {
    match loan.form_version_id {
        Some(id) => form_version(conn, id).map(Some),
        None if loan.handed_out_at.is_none() => newest_form(conn, loan.organisation_id),
        None => Ok(form_versions::table
            .filter(form_versions::organisation_id.eq(loan.organisation_id))
            .order(form_versions::version.asc())
            .limit(1)
            .get_result(conn)
            .optional()?),
    }
}

/// One version.
///
/// # Errors
/// When there is none, which is a fault: ids of versions come from rows.
pub fn form_version(conn: &mut Conn, id: FormVersionId) -> Result<FormVersion, Error> {
    Ok(form_versions::table.find(id).get_result(conn)?)
}

/// Adds a version.
///
/// # Errors
/// When the database fails, also when the version is there already.
pub fn insert_form(tx: &mut Tx<'_>, version: &FormVersion) -> Result<(), Error> {
    diesel::insert_into(form_versions::table).values(version).execute(&mut **tx)?;
    Ok(())
}

/// The evaluation of a loan, if one has been begun.
///
/// # Errors
/// When the database fails.
pub fn of_loan(conn: &mut Conn, loan: LoanId) -> Result<Option<Evaluation>, Error> {
    Ok(evaluations::table.filter(evaluations::loan_id.eq(loan)).get_result(conn).optional()?)
}

/// A submitted evaluation of an organisation.
///
/// # Errors
/// When the database fails.
pub fn submitted(conn: &mut Conn, organisation: OrganisationId, id: EvaluationId) -> Result<Option<Evaluation>, Error> {
    Ok(evaluations::table
        .find(id)
        .filter(evaluations::organisation_id.eq(organisation).and(evaluations::submitted_at.is_not_null()))
        .get_result(conn)
        .optional()?)
}

/// Adds an evaluation.
///
/// # Errors
/// When the database fails.
pub fn insert(tx: &mut Tx<'_>, evaluation: &Evaluation) -> Result<(), Error> {
    diesel::insert_into(evaluations::table).values(evaluation).execute(&mut **tx)?;
    Ok(())
}

/// Saves an evaluation that is there already.
///
/// # Errors
/// When the database fails.
pub fn save(tx: &mut Tx<'_>, evaluation: &Evaluation) -> Result<(), Error> {
    diesel::update(evaluations::table.find(evaluation.id)).set(evaluation).execute(&mut **tx)?;
    Ok(())
}

/// Adds the answers of a submitted evaluation to scale questions, one row each: what summaries count.
///
/// # Errors
/// When the database fails.
pub fn insert_scales(
    tx: &mut Tx<'_>,
    evaluation: &Evaluation,
    submitted_on: NaiveDate,
    scales: &[(String, Option<i16>)],
) -> Result<(), Error> {
    for (question, step) in scales {
        diesel::insert_into(evaluation_scales::table)
            .values((
                evaluation_scales::evaluation_id.eq(evaluation.id),
                evaluation_scales::question_id.eq(question),
                evaluation_scales::organisation_id.eq(evaluation.organisation_id),
                evaluation_scales::kit_type_id.eq(evaluation.kit_type_id),
                evaluation_scales::unit_id.eq(evaluation.unit_id),
                evaluation_scales::submitted_on.eq(submitted_on),
                evaluation_scales::value.eq(step.map(i32::from)),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// Counts another answer of a submitted evaluation instead of the one that was counted.
///
/// # Errors
/// When the database fails.
pub fn recount_answer(
    tx: &mut Tx<'_>,
    evaluation: &Evaluation,
    question: &str,
    (before, after): (&str, &str),
) -> Result<(), Error> {
    let Some(day) = evaluation.submitted_on else { return Ok(()) };
    let term = Term::of(day);
    diesel::update(answer_totals::table.find((evaluation.kit_type_id, term.to_string(), question, before)))
        .set(answer_totals::answers.eq(answer_totals::answers - 1))
        .execute(&mut **tx)?;
    count_answers(tx, evaluation, term, &[(question.to_owned(), after.to_owned())])
}

/// Counts the answers of a submitted evaluation with those of its term: what statistics add up.
///
/// # Errors
/// When the database fails.
pub fn count_answers(
    tx: &mut Tx<'_>,
    evaluation: &Evaluation,
    term: Term,
    counted: &[(String, String)],
) -> Result<(), Error> {
    for (question, answer) in counted {
        let row = (
            answer_totals::organisation_id.eq(evaluation.organisation_id),
            answer_totals::kit_type_id.eq(evaluation.kit_type_id),
            answer_totals::term.eq(term.to_string()),
            answer_totals::question_id.eq(question),
            answer_totals::answer.eq(answer),
            answer_totals::answers.eq(1_i64),
        );
        let key = (answer_totals::kit_type_id, answer_totals::term, answer_totals::question_id, answer_totals::answer);
        each!(&mut **tx, c => diesel::insert_into(answer_totals::table)
            .values(row)
            .on_conflict(key)
            .do_update()
            .set(answer_totals::answers.eq(answer_totals::answers + 1))
            .execute(c))?;
    }
    Ok(())
}
