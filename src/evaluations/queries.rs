//! Evaluations for those who write them and those who read them.

use crate::accounts::rules::Role;
use crate::accounts::session::Person;
use crate::accounts::store::Organisation;
use crate::evaluations::answers::{Answers, AsStored, Told};
use crate::evaluations::contents;
use crate::evaluations::form::{Form, Kind};
use crate::evaluations::merge;
use crate::evaluations::names::{self, Known};
use crate::evaluations::reading::store::Reading;
use crate::evaluations::rules::Share;
use crate::evaluations::search::index::{self, Towards};
use crate::evaluations::search::query::{Search, UNREAD, Wanted};
use crate::evaluations::store;
use crate::evaluations::views::{
    EvaluationDetails, EvaluationView, FormView, LoanEvaluationView, PossibleNames, ReadingView, ThemeView, Written,
};
use crate::evaluations::wording;
use crate::kits::views::KitTypeName;
use crate::loans::queries::visible_loan;
use crate::loans::rules::EvaluationState;
use crate::loans::store as loans_store;
use crate::loans::views::{LoanView, UnitRef};
use crate::platform::db::connection::Conn;
use crate::platform::db::one_of::OneOfMethod;
use crate::platform::db::types::Instant;
use crate::platform::error::{Error, Fault};
use crate::platform::events::{self, Change};
use crate::platform::ids::{EvaluationId, KitTypeId, LoanId, OrganisationId, ThemeId, UnitId};
use crate::platform::text::Lang;
use crate::platform::web::paging::{Listing, Paging};
use crate::schema::{evaluation_themes, evaluations, kit_types, loans, readings, themes, units};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// Submitted evaluations, newest first.
///
/// # Errors
/// `field.range` for what is out of it, `request.cursor`.
pub fn list<A: Told>(
    conn: &mut Conn,
    organisation: &Organisation,
    search: &Search,
    paging: &Paging,
) -> Result<Listing<EvaluationView<A>>, Error> {
    let mut wanted = search.wanted(conn, organisation)?;
    if let Some(after) = paging.after()? {
        let number = index::number(conn, &[organisation.id], after)?.ok_or_else(Paging::no_cursor)?;
        wanted.numbers.end = wanted.numbers.end.min(number);
    }
    let found = index::find(conn, &wanted, Towards::Older, paging.rows())?;
    Ok(Listing::cut(views(conn, &found)?, paging, |evaluation: &EvaluationView<A>| evaluation.id))
}

/// Submitted evaluations that have changed since a moment, the oldest change first, as they are now: submitted, masked, read,
/// marked, shared.
///
/// # Errors
/// `field.range` for what is out of it, `request.cursor`.
pub fn changed(
    conn: &mut Conn,
    organisation: &Organisation,
    search: &Search,
    since: Instant,
    paging: &Paging,
) -> Result<Listing<EvaluationView<AsStored>>, Error> {
    let changes = events::changed(conn, organisation.id, "evaluation", since, paging.after()?, paging.rows())?;
    let Listing { items, next } = Listing::cut(changes, paging, |change: &Change| change.id);
    let mut ids: Vec<EvaluationId> = items.iter().map(|change| change.subject_id.uuid().into()).collect();
    let wanted = search.wanted(conn, organisation)?;
    if *search != Search::default() {
        let mut found = Vec::new();
        for id in ids {
            let Some(number) = index::number(conn, &[organisation.id], id)? else { continue };
            let mut this = wanted.clone();
            this.numbers = this.numbers.start.max(number)..this.numbers.end.min(number.saturating_add(1));
            found.extend(index::find(conn, &this, Towards::Older, 1)?);
        }
        ids = found;
    }
    Ok(Listing { items: views(conn, &ids)?, next })
}

/// These evaluations, in this order.
pub(super) fn views<A: Told>(conn: &mut Conn, ids: &[EvaluationId]) -> Result<Vec<EvaluationView<A>>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Written<A>, Option<Reading>)> = evaluations::table
        .inner_join(kit_types::table)
        .inner_join(units::table)
        .inner_join(loans::table)
        .left_join(readings::table.on(readings::evaluation_id.eq(evaluations::id)))
        .select((
            (
                evaluations::id,
                loans::id,
                loans::first_day,
                loans::last_day,
                kit_types::id,
                kit_types::name,
                units::id,
                units::name,
                evaluations::form_version_id,
                evaluations::answers,
                evaluations::used,
                evaluations::children,
                evaluations::share,
                evaluations::submitted_at,
                evaluations::submitted_on,
            ),
            readings::all_columns.nullable(),
        ))
        .filter(evaluations::id.one_of(ids))
        .load(conn)?;
    // An evaluation that has a theme has a reading, too: the others need not be asked for.
    let read: Vec<EvaluationId> = rows.iter().filter_map(|(row, reading)| reading.as_ref().map(|_| row.id)).collect();
    let mut themes = themes_of(conn, &read)?;
    let mut views = Vec::with_capacity(rows.len());
    for (row, reading) in rows {
        let reading = reading.map(ReadingView::of).unwrap_or_default();
        let themes = themes.remove(&row.id).unwrap_or_default();
        let version = store::version_number(conn, row.form_version_id)?;
        views.extend(EvaluationView::new(row, version, ReadingView { themes, ..reading }));
    }
    views.sort_by_key(|view| ids.iter().position(|id| *id == view.id));
    Ok(views)
}

/// The themes that these evaluations have, by name.
fn themes_of(conn: &mut Conn, ids: &[EvaluationId]) -> Result<HashMap<EvaluationId, Vec<ThemeView>>, Error> {
    let mut found: HashMap<EvaluationId, Vec<ThemeView>> = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let themes: Vec<(EvaluationId, ThemeId, String)> = evaluation_themes::table
        .inner_join(themes::table)
        .filter(evaluation_themes::evaluation_id.one_of(ids))
        .order(themes::name.asc())
        .select((evaluation_themes::evaluation_id, themes::id, themes::name))
        .load(conn)?;
    for (evaluation, id, name) in themes {
        found.entry(evaluation).or_default().push(ThemeView { id, name });
    }
    Ok(found)
}

/// One submitted evaluation, with the form it was written on.
///
/// # Errors
/// `evaluation.not_found`, also when it is still a draft.
pub fn one(
    conn: &mut Conn,
    organisation: OrganisationId,
    id: EvaluationId,
    lang: Lang,
) -> Result<EvaluationDetails, Error> {
    let not_found = || Error::not_found("evaluation.not_found");
    let row = store::submitted(conn, organisation, id)?.ok_or_else(not_found)?;
    let form = FormView::of(&store::form_version(conn, row.form_version_id)?, lang);
    let evaluation = views(conn, &[id])?.pop().ok_or_else(not_found)?;
    Ok(EvaluationDetails { evaluation, form })
}

/// Of the evaluations that are asked for, those submitted just after and just before this one. Going back, nothing is left
/// out that has been read meanwhile.
///
/// # Errors
/// `field.range` for what is out of it, or when the database fails.
pub fn neighbours(
    conn: &mut Conn,
    organisation: &Organisation,
    search: &Search,
    of: EvaluationId,
) -> Result<(Option<EvaluationId>, Option<EvaluationId>), Error> {
    let Some(number) = index::number(conn, &[organisation.id], of)? else { return Ok((None, None)) };
    let mut older = search.wanted(conn, organisation)?;
    older.numbers.end = older.numbers.end.min(number);
    let back = Search { unread: None, ..search.clone() };
    let mut newer = back.wanted(conn, organisation)?;
    newer.numbers.start = newer.numbers.start.max(number.saturating_add(1));
    let newer = index::find(conn, &newer, Towards::Newer, 1)?.pop();
    Ok((newer, index::find(conn, &older, Towards::Older, 1)?.pop()))
}

/// A loan whose evaluation this person writes: one of their unit's.
///
/// # Errors
/// `loan.not_found`, and `evaluation.not_yours` when they may only look at the loan.
pub fn own_loan(conn: &mut Conn, who: &Person, id: LoanId, today: NaiveDate) -> Result<LoanView, Error> {
    let loan = visible_loan(conn, who, id, today)?;
    if who.writes_for(loan.unit.id) { Ok(loan) } else { Err(Error::forbidden("evaluation.not_yours")) }
}

/// A loan to whose evaluation this person may give out links: one of their unit's, or, for those who may release it, any.
///
/// # Errors
/// `loan.not_found`, and `evaluation.not_yours` when they may only look at the loan.
pub fn linkable_loan(conn: &mut Conn, who: &Person, id: LoanId, today: NaiveDate) -> Result<LoanView, Error> {
    let loan = visible_loan(conn, who, id, today)?;
    let may = who.writes_for(loan.unit.id) || who.is(Role::Developer) || who.is(Role::Admin);
    if may { Ok(loan) } else { Err(Error::forbidden("evaluation.not_yours")) }
}

/// A loan whose evaluation this person may read: one of their unit's, or, for a developer, any that is submitted.
///
/// # Errors
/// `loan.not_found`, `evaluation.not_found`.
pub fn readable_loan(conn: &mut Conn, who: &Person, id: LoanId, today: NaiveDate) -> Result<LoanView, Error> {
    let loan = visible_loan(conn, who, id, today)?;
    let submitted = loan.evaluation == EvaluationState::Submitted;
    if who.writes_for(loan.unit.id) || (submitted && who.is(Role::Developer)) {
        Ok(loan)
    } else {
        Err(Error::not_found("evaluation.not_found"))
    }
}

/// The evaluation of a loan, with the form that it is written on or would be, and what in it looks like a name.
///
/// # Errors
/// `loan.not_found`.
pub fn of_loan(
    conn: &mut Conn,
    organisation: &Organisation,
    id: LoanId,
    lang: Lang,
) -> Result<LoanEvaluationView, Error> {
    let (mut view, form) = with_form(conn, organisation.id, id, lang)?;
    view.possible_names = possible_names(conn, organisation, &form, &view.answers, None)?;
    Ok(view)
}

/// Words in the texts of an evaluation that look like somebody's name, number or address; names of kit types, units and
/// areas are none, but for that of a unit that wants to be nameless.
///
/// # Errors
/// When the database fails.
pub fn possible_names(
    conn: &mut Conn,
    organisation: &Organisation,
    form: &Form,
    answers: &Answers,
    nameless: Option<UnitId>,
) -> Result<Vec<PossibleNames>, Error> {
    let texts = form.questions.iter().filter(|question| question.kind == Kind::Text);
    let texts: Vec<(&str, &str)> =
        texts.filter_map(|question| Some((&*question.id, wording::words(answers, &question.id)?))).collect();
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let known = known_but(conn, organisation, nameless)?;
    let found = texts
        .into_iter()
        .map(|(question, text)| PossibleNames { question: question.to_owned(), words: names::suspects(text, &known) });
    Ok(found.filter(|found| !found.words.is_empty()).collect())
}

/// Words in a submitted evaluation that look like names.
///
/// # Errors
/// `evaluation.not_found`.
pub fn suspects(conn: &mut Conn, organisation: &Organisation, id: EvaluationId) -> Result<Vec<PossibleNames>, Error> {
    let found = store::submitted(conn, organisation.id, id)?.ok_or_else(|| Error::not_found("evaluation.not_found"))?;
    let form = store::form(conn, found.form_version_id)?;
    let nameless = (found.share == Some(Share::Anonymous)).then_some(found.unit_id);
    possible_names(conn, organisation, &form, &found.answers.0, nameless)
}

/// Words that are nobody's name: those of kits, units, areas and the organisation.
///
/// # Errors
/// When the database fails.
pub fn no_names(conn: &mut Conn, organisation: &Organisation) -> Result<Known, Error> {
    known_but(conn, organisation, None)
}

fn known_but(conn: &mut Conn, organisation: &Organisation, but: Option<UnitId>) -> Result<Known, Error> {
    let kits: Vec<String> =
        kit_types::table.filter(kit_types::organisation_id.eq(organisation.id)).select(kit_types::name).load(conn)?;
    let places: Vec<(UnitId, String, String)> = units::table
        .filter(units::organisation_id.eq(organisation.id))
        .select((units::id, units::name, units::area))
        .load(conn)?;
    let named = |id: &UnitId| but != Some(*id);
    let places = places.iter().flat_map(|(id, unit, area)| [if named(id) { unit.as_str() } else { "" }, area.as_str()]);
    Ok(Known::of(kits.iter().map(String::as_str).chain(places).chain([organisation.name.as_str()])))
}

/// The evaluation of a loan with its form, and the form itself.
///
/// # Errors
/// `loan.not_found`.
pub fn with_form(
    conn: &mut Conn,
    organisation: OrganisationId,
    id: LoanId,
    lang: Lang,
) -> Result<(LoanEvaluationView, Form), Error> {
    let loan = loans_store::find(conn, organisation, id)?.ok_or_else(|| Error::not_found("loan.not_found"))?;
    let evaluation = store::of_loan(conn, id)?;
    let version = match &evaluation {
        Some(evaluation) => Some(store::form_version(conn, evaluation.form_version_id)?),
        None => store::form_of_loan(conn, &loan)?,
    };
    let (number, form) = match version {
        Some(version) => (version.version, version.form.0),
        None => (1, Form::default_form().map_err(Fault::from_error)?),
    };
    let mut form = form.for_loan(loan.first_day);
    contents::ask(conn, &mut form, &loan)?;
    let mut answers = evaluation.as_ref().map(|evaluation| evaluation.answers.0.clone()).unwrap_or_default();
    if let Some(evaluation) = &evaluation {
        contents::drop_stale(conn, &form, (loan.id, evaluation.updated_at), &mut answers)?;
    }
    let view = LoanEvaluationView {
        id: evaluation.as_ref().map(|evaluation| evaluation.id),
        loan_id: loan.id,
        state: loan.evaluation,
        versions: merge::versions(&answers),
        answers,
        possible_names: Vec::new(),
        form: FormView::new(number, &form, lang),
        updated_at: evaluation.as_ref().map(|evaluation| evaluation.updated_at),
        submitted_at: evaluation.as_ref().and_then(|evaluation| evaluation.submitted_at),
    };
    Ok((view, form))
}

/// The newest form of an organisation, as a loan is asked it that begins on `first_day`.
///
/// # Errors
/// When the database fails.
pub fn form_for_loan(
    conn: &mut Conn,
    organisation: OrganisationId,
    first_day: NaiveDate,
    lang: Lang,
) -> Result<FormView, Error> {
    let (number, form) = newest_or_default(conn, organisation)?;
    Ok(FormView::new(number, &Form::clone(&form).for_loan(first_day), lang))
}

/// The newest form of an organisation in full: also with what is asked no more, which older answers may be to.
///
/// # Errors
/// When the database fails.
pub fn newest_form(conn: &mut Conn, organisation: OrganisationId, lang: Lang) -> Result<FormView, Error> {
    let (number, form) = newest_or_default(conn, organisation)?;
    Ok(FormView::new(number, &form, lang))
}

/// The newest form; the default form for an organisation that has none yet, which will be its first.
fn newest_or_default(conn: &mut Conn, organisation: OrganisationId) -> Result<(i32, Arc<Form>), Error> {
    match store::newest(conn, organisation)? {
        Some(newest) => Ok(newest),
        None => Ok((1, Arc::new(Form::default_form().map_err(Fault::from_error)?))),
    }
}

/// Evaluations of a kit type that are in the idea bank, newest first, at most so many.
///
/// # Errors
/// When the database fails.
pub fn shared(
    conn: &mut Conn,
    organisation: &Organisation,
    kit_type: KitTypeId,
    most: u32,
) -> Result<Vec<EvaluationView>, Error> {
    let search = Search { kit_type_id: Some(kit_type), shared: Some(true), ..Search::default() };
    Ok(list(conn, organisation, &search, &Paging { limit: Some(most), cursor: None })?.items)
}

/// Every kit type of an organisation, by name.
///
/// # Errors
/// When the database fails.
pub fn kit_types(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<KitTypeName>, Error> {
    Ok(kit_types::table
        .filter(kit_types::organisation_id.eq(organisation))
        .order((kit_types::name.asc(), kit_types::id.asc()))
        .select(KitTypeName::as_select())
        .load(conn)?)
}

/// Every unit of an organisation, by name.
///
/// # Errors
/// When the database fails.
pub fn units(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<UnitRef>, Error> {
    let rows: Vec<(UnitId, String)> = units::table
        .filter(units::organisation_id.eq(organisation))
        .order(units::name.asc())
        .select((units::id, units::name))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, name)| UnitRef { id, name }).collect())
}

/// The themes of an organisation, by name.
///
/// # Errors
/// When the database fails.
pub fn themes(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<ThemeView>, Error> {
    let rows: Vec<(ThemeId, String)> = themes::table
        .filter(themes::organisation_id.eq(organisation))
        .order(themes::name.asc())
        .select((themes::id, themes::name))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, name)| ThemeView { id, name }).collect())
}

/// The areas of an organisation's units, by name.
///
/// # Errors
/// When the database fails.
pub fn areas(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<String>, Error> {
    let all = units::table.filter(units::organisation_id.eq(organisation).and(units::area.ne("")));
    Ok(all.select(units::area).distinct().order(units::area.asc()).load(conn)?)
}

/// The newest evaluations that nobody in the office has read, and how many of those there are, as far as they are worth
/// counting: found together.
///
/// # Errors
/// `field.range` for what is out of it, or when the database fails.
pub fn inbox(
    conn: &mut Conn,
    organisation: OrganisationId,
    paging: &Paging,
    most: i64,
) -> Result<(Listing<EvaluationView>, i64), Error> {
    let mut found = index::find(conn, &never_read(organisation), Towards::Older, most.max(paging.rows()))?;
    let unread = i64::try_from(found.len()).map_or(most, |found| found.min(most));
    found.truncate(paging.limit() + 1);
    Ok((Listing::cut(views(conn, &found)?, paging, |evaluation: &EvaluationView| evaluation.id), unread))
}

fn never_read(organisation: OrganisationId) -> Wanted {
    let mut wanted = Wanted::of([organisation]);
    wanted.and(UNREAD);
    wanted
}

/// How many evaluations nobody in the office has read, as far as they are worth counting.
///
/// # Errors
/// When the database fails.
pub fn unread(conn: &mut Conn, organisation: OrganisationId, most: i64) -> Result<i64, Error> {
    index::count(conn, &never_read(organisation), most)
}
