//! What is done with evaluations: a draft is saved, and it is submitted.

use crate::evaluations::answers::{Answer, Answers};
use crate::evaluations::contents;
use crate::evaluations::form::Form;
use crate::evaluations::merge::{Merged, Versions, merge};
use crate::evaluations::queries;
use crate::evaluations::rules::{self, Share, Submission};
use crate::evaluations::search::index;
use crate::evaluations::store::{self, Evaluation, FormVersion};
use crate::evaluations::views::PossibleNames;
use crate::evaluations::webhook::SUBMITTED;
use crate::kits::store::lock_kit_type;
use crate::loans::actions::{Context, evaluation_begun, evaluation_submitted, the_loan};
use crate::loans::evaluation_links::{self, EvaluationLinkView};
use crate::loans::rules::{EvaluationState, Status};
use crate::loans::store::Loan;
use crate::platform::db::Tx;
use crate::platform::db::types::{Instant, Json};
use crate::platform::error::{Error, Fault, FieldError};
use crate::platform::events::{self, By};
use crate::platform::ids::{EvaluationId, FormVersionId, LoanId, OrganisationId};
use crate::platform::term::Term;
use crate::webhooks::store as webhooks;
use serde::Deserialize;
use serde_json::json;

/// A draft.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveDraft {
    /// Every answer so far, by question id; those left out are gone from the draft.
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    pub answers: Answers,
    /// The versions of the answers that these are made from. With them an answer stays that somebody else has changed
    /// since, and one that both have changed is refused.
    #[serde(default)]
    pub seen: Option<Versions>,
}

/// What is submitted.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Submit {
    /// Answers that are added to the draft's, or take their place; `null` takes one away.
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    pub answers: Answers,
}

/// The organisation's newest form. An organisation that has none gets the default form as its first.
///
/// # Errors
/// When the database fails.
pub fn ensure_form(tx: &mut Tx<'_>, organisation: OrganisationId, now: Instant) -> Result<FormVersion, Error> {
    if let Some(newest) = store::newest_form(tx, organisation)? {
        return Ok(newest);
    }
    let form = Form::default_form().map_err(Fault::from_error)?;
    let first = FormVersion {
        id: FormVersionId::new(),
        organisation_id: organisation,
        version: 1,
        form: Json(form),
        created_at: now,
        published_by: None,
    };
    store::insert_form(tx, &first)?;
    let by = By { organisation, person: None, now };
    events::append(tx, by, first.id, "form.added", json!({ "to": { "version": first.version } }))?;
    Ok(first)
}

/// The loan, with every other write on it kept waiting, so that what is decided about it still holds when it is
/// written. An evaluation belongs to a loan whose kit has left.
///
/// # Errors
/// `loan.not_found`, `evaluation.too_early`, `evaluation.loan_over`, `evaluation.already_submitted`.
fn open_loan(tx: &mut Tx<'_>, context: &Context, id: LoanId) -> Result<Loan, Error> {
    let kit_type = the_loan(tx, context, id)?.kit_type_id;
    lock_kit_type(tx, kit_type)?;
    let loan = the_loan(tx, context, id)?;
    refuse_if_closed(loan.status, loan.evaluation)?;
    // Who is not signed in writes by a link; a loan's release ends that.
    if context.by.person.is_none() && loan.evaluation == EvaluationState::Released {
        return Err(Error::refused("evaluation.link_released"));
    }
    Ok(loan)
}

/// Makes a link by which anyone writes the evaluation of a loan, for the caller to pass on.
///
/// # Errors
/// `loan.not_found`, `evaluation.too_early`, `evaluation.loan_over`, `evaluation.already_submitted`,
/// `evaluation.link_released`, `evaluation.too_many_links`.
pub fn add_link(tx: &mut Tx<'_>, context: &Context, loan: LoanId) -> Result<EvaluationLinkView, Error> {
    let loan = open_loan(tx, context, loan)?;
    if loan.evaluation == EvaluationState::Released {
        return Err(Error::refused("evaluation.link_released"));
    }
    evaluation_links::add(tx, context, &loan)
}

/// Says why a loan's evaluation cannot be written, if so. A loan that was released from it may still give one.
///
/// # Errors
/// `evaluation.too_early`, `evaluation.loan_over`, `evaluation.already_submitted`.
pub fn refuse_if_closed(status: Status, evaluation: EvaluationState) -> Result<(), Error> {
    match (status, evaluation) {
        (_, EvaluationState::Submitted) => Err(Error::refused("evaluation.already_submitted")),
        (Status::Reserved | Status::Ready, _) => Err(Error::refused("evaluation.too_early")),
        (Status::Cancelled | Status::NotCollected | Status::Lost, _) => Err(Error::refused("evaluation.loan_over")),
        (Status::Out | Status::Received | Status::Returned, _) => Ok(()),
    }
}

/// The evaluation of the loan as it stands, or an empty one; with its form, as this loan is asked it.
fn begun(tx: &mut Tx<'_>, context: &Context, loan: &Loan) -> Result<(Evaluation, bool, Form), Error> {
    let (mut evaluation, known, form) = draft_of(tx, context, loan)?;
    let mut form = form.for_loan(loan.first_day);
    contents::ask(tx, &mut form, loan)?;
    contents::drop_stale(tx, &form, (loan.id, evaluation.updated_at), &mut evaluation.answers.0)?;
    Ok((evaluation, known, form))
}

fn draft_of(tx: &mut Tx<'_>, context: &Context, loan: &Loan) -> Result<(Evaluation, bool, Form), Error> {
    if let Some(draft) = store::of_loan(tx, loan.id)? {
        let form = store::form_version(tx, draft.form_version_id)?.form.0;
        return Ok((draft, true, form));
    }
    let version = match store::form_of_loan(tx, loan)? {
        Some(version) => version,
        None => ensure_form(tx, loan.organisation_id, context.by.now)?,
    };
    let empty = Evaluation {
        id: EvaluationId::new(),
        organisation_id: loan.organisation_id,
        loan_id: loan.id,
        kit_type_id: loan.kit_type_id,
        unit_id: loan.unit_id,
        form_version_id: version.id,
        answers: Json(Answers::new()),
        used: None,
        children: None,
        share: None,
        written_by: None,
        created_at: context.by.now,
        updated_at: context.by.now,
        submitted_at: None,
        submitted_on: None,
    };
    Ok((empty, false, version.form.0))
}

fn keep(tx: &mut Tx<'_>, evaluation: &Evaluation, known: bool) -> Result<(), Error> {
    if known { store::save(tx, evaluation) } else { store::insert(tx, evaluation) }
}

/// Saves a draft in place of the one before. Who says which answers they have seen takes no newer ones away.
///
/// # Errors
/// `loan.not_found`, `evaluation.too_early`, `evaluation.loan_over`, `evaluation.already_submitted`,
/// `evaluation.answered_meanwhile` with the questions, and `request.invalid` with every answer that cannot be taken.
pub fn save_draft(tx: &mut Tx<'_>, context: &Context, loan: LoanId, save: &SaveDraft) -> Result<Evaluation, Error> {
    let mut loan = open_loan(tx, context, loan)?;
    let (draft, known, form) = begun(tx, context, &loan)?;
    let answers = match &save.seen {
        None => rules::clean(&form, &save.answers).map_err(Error::invalid_fields)?,
        Some(seen) => {
            let mut given: Answers = seen.keys().map(|id| (id.clone(), Answer::NONE)).collect();
            given.extend(save.answers.clone());
            let merged = merge(&form, &draft.answers.0, seen, &given);
            if !merged.wrong.is_empty() {
                return Err(Error::invalid_fields(merged.wrong));
            }
            if !merged.contested.is_empty() {
                return Err(Error::refused("evaluation.answered_meanwhile").with("questions", merged.contested));
            }
            merged.answers
        }
    };
    keep_draft(tx, context, &mut loan, draft, known, &answers)
}

/// What a page sends: its answers, and which answers of the draft it has seen.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// The page's answers; [`Answer::NONE`] for an empty field.
    pub answers: Answers,
    /// The versions of the answers that the page was filled with.
    pub seen: Versions,
}

/// Brings a page into the draft: what it has changed is kept, as far as it can be taken and nobody else has changed it
/// meanwhile. A page that has changed nothing writes nothing.
///
/// # Errors
/// `loan.not_found`, `evaluation.too_early`, `evaluation.loan_over`, `evaluation.already_submitted`.
pub fn write_on(tx: &mut Tx<'_>, context: &Context, loan: LoanId, written: &Written) -> Result<Merged, Error> {
    let mut loan = open_loan(tx, context, loan)?;
    let (draft, known, form) = begun(tx, context, &loan)?;
    let before = &draft.answers.0;
    let merged = merge(&form, before, &written.seen, &written.answers);
    if merged.answers != *before {
        keep_draft(tx, context, &mut loan, draft, known, &merged.answers)?;
    }
    Ok(merged)
}

/// What came of a page that was sent to be submitted.
#[derive(Debug, Clone)]
pub enum Sent {
    /// The evaluation is submitted.
    Submitted,
    /// The draft is kept, and something is to be looked at first: what is wrong or missing, what others have changed, or
    /// else these words that look like names.
    NotYet(Merged, Vec<PossibleNames>),
}

/// Brings a page into the draft, and submits it if nothing is in the way. `no_names` are words that look like names, and
/// of which the writers have said that they are none.
///
/// # Errors
/// `loan.not_found`, `evaluation.too_early`, `evaluation.loan_over`, `evaluation.already_submitted`.
pub fn send(
    tx: &mut Tx<'_>,
    context: &Context,
    loan: LoanId,
    written: &Written,
    no_names: &[String],
) -> Result<Sent, Error> {
    let mut loan = open_loan(tx, context, loan)?;
    let (draft, known, form) = begun(tx, context, &loan)?;
    let before = &draft.answers.0;
    let mut merged = merge(&form, before, &written.seen, &written.answers);
    let mut names = Vec::new();
    match rules::submit(&form, &merged.answers) {
        Ok(submission) if merged.wrong.is_empty() && merged.contested.is_empty() => {
            merged.wrong = contents::too_many(&form, &submission.answers);
            let nameless = (submission.share == Share::Anonymous).then_some(loan.unit_id);
            names = queries::possible_names(tx, &context.organisation, &form, &submission.answers, nameless)?;
            names.retain(|found| found.words.iter().any(|word| !no_names.contains(word)));
            if names.is_empty() && merged.wrong.is_empty() {
                finish(tx, context, &mut loan, (draft, known), (&form, submission))?;
                return Ok(Sent::Submitted);
            }
        }
        Ok(_) => {}
        Err(errors) => {
            let missing = errors.into_iter().filter(|error| {
                let told = merged.wrong.iter().map(|wrong| &wrong.field).chain(&merged.contested);
                !told.into_iter().any(|field| *field == error.field)
            });
            let missing: Vec<FieldError> = missing.collect();
            merged.wrong.extend(missing);
            merged.wrong.sort_by_key(|error| form.questions.iter().position(|question| question.id == error.field));
        }
    }
    if merged.answers != *before {
        keep_draft(tx, context, &mut loan, draft, known, &merged.answers)?;
    }
    Ok(Sent::NotYet(merged, names))
}

fn keep_draft(
    tx: &mut Tx<'_>,
    context: &Context,
    loan: &mut Loan,
    mut draft: Evaluation,
    known: bool,
    answers: &Answers,
) -> Result<Evaluation, Error> {
    let another_writer = !known || draft.written_by != context.by.person;
    draft.answers = Json(answers.clone());
    draft.written_by = context.by.person;
    draft.updated_at = context.by.now;
    keep(tx, &draft, known)?;
    evaluation_begun(tx, context, loan)?;
    // A draft is saved at every few words; the log keeps who took part, not every word's moment.
    if another_writer {
        events::append(tx, context.by, draft.id, "evaluation.drafted", json!({ "to": { "loan": loan.id } }))?;
    }
    Ok(draft)
}

/// Submits the evaluation of a loan: the draft, with these answers on top. A received loan is returned by it.
///
/// # Errors
/// `loan.not_found`, `evaluation.too_early`, `evaluation.loan_over`, `evaluation.already_submitted`, and
/// `request.invalid` with every answer that is missing or cannot be taken.
pub fn submit(tx: &mut Tx<'_>, context: &Context, loan: LoanId, answers: &Answers) -> Result<Evaluation, Error> {
    let mut loan = open_loan(tx, context, loan)?;
    let (draft, known, form) = begun(tx, context, &loan)?;
    let mut all = draft.answers.0.clone();
    all.extend(answers.clone());
    let submission = rules::submit(&form, &all).map_err(Error::invalid_fields)?;
    finish(tx, context, &mut loan, (draft, known), (&form, submission))
}

fn finish(
    tx: &mut Tx<'_>,
    context: &Context,
    loan: &mut Loan,
    (mut evaluation, known): (Evaluation, bool),
    (form, mut submission): (&Form, Submission),
) -> Result<Evaluation, Error> {
    let today = context.today();
    let parts = contents::take(form, &mut submission.answers);
    contents::report(tx, context, loan, parts)?;
    evaluation.answers = Json(submission.answers.clone());
    evaluation.used = Some(submission.used);
    evaluation.children = submission.children;
    evaluation.share = Some(submission.share);
    evaluation.written_by = context.by.person;
    evaluation.updated_at = context.by.now;
    evaluation.submitted_at = Some(context.by.now);
    evaluation.submitted_on = Some(today);
    keep(tx, &evaluation, known)?;
    store::insert_scales(tx, &evaluation, today, &submission.scales)?;
    store::count_answers(tx, &evaluation, Term::of(today), &submission.counted)?;
    index::add(tx, &evaluation, form)?;
    let to = json!({ "loan": loan.id, "used": submission.used, "share": submission.share });
    events::append(tx, context.by, evaluation.id, "evaluation.submitted", json!({ "to": to }))?;
    webhooks::enqueue(tx, evaluation.organisation_id, SUBMITTED, evaluation.id, context.by.now)?;
    // The row comes first: the database lets no loan call itself evaluated without it.
    evaluation_submitted(tx, context, loan)?;
    Ok(evaluation)
}
