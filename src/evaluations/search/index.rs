//! The index of submitted evaluations: what each is found by, kept by the action that changes it.

use crate::evaluations::form::Form;
use crate::evaluations::reading::store::{Reading, reading};
use crate::evaluations::search::query::{OFFERED, SHARED, STARRED, Term, UNREAD, Wanted, id_mark, number_of};
use crate::evaluations::search::words::of_answers;
use crate::evaluations::store::{self, Evaluation};
use crate::platform::db::connection::{Conn, MultiBackend};
use crate::platform::db::one_of::{OneOf, OneOfMethod};
use crate::platform::db::types::{IdSql, Instant};
use crate::platform::db::{Tx, is_duplicate};
use crate::platform::error::{Error, Fault};
use crate::platform::ids::{EvaluationId, OrganisationId, ThemeId};
use crate::schema::{evaluation_search, evaluation_themes, evaluations, organisations};
use diesel::dsl::Eq;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use std::ops::Range;

/// Evaluations within so many microseconds of each other may be numbered in any order.
const JUST_THEN: i64 = 1_000_000;
/// How many evaluations that are missing in the index are looked up together.
const TOGETHER: usize = 500;

/// Which way a list goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Towards {
    /// To the older ones: newest first.
    Older,
    /// To the newer ones.
    Newer,
}

/// Everything that an evaluation is found by.
fn words(conn: &mut Conn, evaluation: &Evaluation, form: &Form) -> Result<String, Error> {
    let mut found = of_answers(form, &evaluation.answers.0);
    found.insert(id_mark("organisation", evaluation.organisation_id));
    found.insert(id_mark("type", evaluation.kit_type_id));
    found.insert(id_mark("unit", evaluation.unit_id));
    found.extend(marks(evaluation, &reading(conn, evaluation)?));
    let themes: Vec<ThemeId> = evaluation_themes::table
        .filter(evaluation_themes::evaluation_id.eq(evaluation.id))
        .select(evaluation_themes::theme_id)
        .load(conn)?;
    found.extend(themes.into_iter().map(|theme| id_mark("theme", theme)));
    Ok(found.into_iter().collect::<Vec<_>>().join(" "))
}

/// What has been done with it, and what may be.
fn marks(evaluation: &Evaluation, reading: &Reading) -> impl Iterator<Item = String> {
    let may_be_shared = evaluation.may_be_shared();
    let all = [
        (reading.read_at.is_none(), UNREAD),
        (reading.starred, STARRED),
        (may_be_shared && reading.approved_at.is_none(), OFFERED),
        (may_be_shared && reading.approved_at.is_some(), SHARED),
    ];
    all.into_iter().filter(|(holds, _)| *holds).map(|(_, mark)| mark.to_owned())
}

/// Adds a submitted evaluation.
///
/// # Errors
/// When the database fails.
pub fn add(tx: &mut Tx<'_>, evaluation: &Evaluation, form: &Form) -> Result<(), Error> {
    let Some(at) = evaluation.submitted_at else { return Ok(()) };
    let (number, words) = (free_number(tx, at)?, words(tx, evaluation, form)?);
    let added = diesel::insert_into(evaluation_search::table)
        .values((
            evaluation_search::number.eq(number),
            evaluation_search::evaluation_id.eq(evaluation.id),
            evaluation_search::organisation_id.eq(evaluation.organisation_id),
            evaluation_search::words.eq(words),
        ))
        .execute(&mut **tx);
    match added {
        // Another one was submitted in the same microsecond: this is begun anew.
        Err(error) if is_duplicate(&error) => Err(Fault::busy("two evaluations have one number").into()),
        added => Ok(added.map(|_| ())?),
    }
}

fn free_number(conn: &mut Conn, at: Instant) -> Result<i64, Error> {
    let number = number_of(at);
    let taken = evaluation_search::table.filter(evaluation_search::number.ge(number));
    let first: Option<i64> =
        taken.order(evaluation_search::number.asc()).select(evaluation_search::number).first(conn).optional()?;
    if first != Some(number) {
        return Ok(number);
    }
    let last: Option<i64> = taken
        .filter(evaluation_search::number.lt(number.saturating_add(JUST_THEN)))
        .order(evaluation_search::number.desc())
        .select(evaluation_search::number)
        .first(conn)
        .optional()?;
    Ok(last.unwrap_or(number).saturating_add(1))
}

/// Brings what an evaluation is found by up to date.
///
/// # Errors
/// When the database fails.
pub fn renew(tx: &mut Tx<'_>, evaluation: &Evaluation) -> Result<(), Error> {
    let form = store::form(tx, evaluation.form_version_id)?;
    let words = words(tx, evaluation, &form)?;
    diesel::update(evaluation_search::table.filter(evaluation_search::evaluation_id.eq(evaluation.id)))
        .set(evaluation_search::words.eq(words))
        .execute(&mut **tx)?;
    Ok(())
}

/// Adds every submitted evaluation that is missing, as after an upgrade; says how many there were. It looks at all of
/// them, and so belongs to no request.
///
/// # Errors
/// When the database fails.
pub fn add_missing(tx: &mut Tx<'_>) -> Result<usize, Error> {
    let missing: Vec<EvaluationId> = evaluations::table
        .left_join(evaluation_search::table.on(evaluation_search::evaluation_id.eq(evaluations::id)))
        .filter(evaluations::submitted_at.is_not_null().and(evaluation_search::number.is_null()))
        .order((evaluations::submitted_at.asc(), evaluations::id.asc()))
        .select(evaluations::id)
        .load(&mut **tx)?;
    for some in missing.chunks(TOGETHER) {
        let together: Vec<Evaluation> = evaluations::table
            .filter(evaluations::id.eq_any(some))
            .order((evaluations::submitted_at.asc(), evaluations::id.asc()))
            .select(Evaluation::as_select())
            .load(&mut **tx)?;
        for evaluation in together {
            let form = store::form(tx, evaluation.form_version_id)?;
            add(tx, &evaluation, &form)?;
        }
    }
    Ok(missing.len())
}

/// Evaluations that are found by something else than what they say and what has been done with them. It looks at all of
/// them, and so belongs to no request.
///
/// # Errors
/// When the database fails.
pub fn out_of_step(conn: &mut Conn) -> Result<Vec<EvaluationId>, Error> {
    let mut wrong = Vec::new();
    if let Conn::Sqlite(sqlite) = conn {
        // On PostgreSQL the index is made of the words; here triggers fill it.
        let unindexed: Vec<Found> = sql_query(
            "SELECT s.evaluation_id FROM evaluation_search s LEFT JOIN evaluation_index_docsize d ON d.id = s.number
             WHERE d.id IS NULL",
        )
        .load(sqlite)?;
        wrong.extend(unindexed.into_iter().map(|found| found.evaluation_id));
    }
    let mut after = i64::MIN;
    loop {
        let together: Vec<(i64, String, Evaluation)> = evaluation_search::table
            .inner_join(evaluations::table)
            .filter(evaluation_search::number.gt(after))
            .order(evaluation_search::number.asc())
            .limit(TOGETHER as i64)
            .select((evaluation_search::number, evaluation_search::words, Evaluation::as_select()))
            .load(conn)?;
        let Some((last, ..)) = together.last() else { return Ok(wrong) };
        after = *last;
        for (_, found_by, evaluation) in together {
            let form = store::form(conn, evaluation.form_version_id)?;
            if words(conn, &evaluation, &form)? != found_by {
                wrong.push(evaluation.id);
            }
        }
    }
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = IdSql)]
    evaluation_id: EvaluationId,
}

/// The evaluations that are wanted, in their order, at most so many.
///
/// # Errors
/// When the database fails.
pub fn find(conn: &mut Conn, wanted: &Wanted, towards: Towards, most: i64) -> Result<Vec<EvaluationId>, Error> {
    let Some(asked) = Asked::new(conn, wanted, towards, most)? else { return Ok(Vec::new()) };
    Ok(asked.load(conn)?)
}

/// How many evaluations are wanted, counted no further than so many.
///
/// # Errors
/// When the database fails.
pub fn count(conn: &mut Conn, wanted: &Wanted, most: i64) -> Result<i64, Error> {
    let Some(asked) = Asked::new(conn, wanted, Towards::Older, most)? else { return Ok(0) };
    Ok(Counted(asked).get_result(conn)?)
}

/// What is asked of the index. SQLite prepares it once for each of its few texts, as it would not a `sql_query`.
#[derive(Debug)]
struct Asked {
    sqlite: bool,
    organisations: Organisations,
    /// What it is found by; nothing, when all are wanted.
    words: Option<String>,
    numbers: Range<i64>,
    towards: Towards,
    most: i64,
}

/// Whose evaluations. One organisation's stand in an index in their order.
#[derive(Debug)]
enum Organisations {
    One(Eq<evaluation_search::organisation_id, OrganisationId>),
    Some(OneOf<evaluation_search::organisation_id, OrganisationId>),
}

impl Asked {
    /// None when nothing can be found.
    fn new(conn: &mut Conn, wanted: &Wanted, towards: Towards, most: i64) -> Result<Option<Self>, Error> {
        if wanted.organisations.is_empty() || wanted.groups.iter().any(Vec::is_empty) {
            return Ok(None);
        }
        let sqlite = matches!(conn, Conn::Sqlite(_));
        let mut groups: Vec<&[Term]> = wanted.groups.iter().map(Vec::as_slice).collect();
        // SQLite's index knows no columns: without the mark it would go through what others have. Where there are no others
        // the mark is everywhere, and only costs.
        let marks: Vec<Term> = wanted.organisations.iter().map(|id| id_mark("organisation", *id).into()).collect();
        if sqlite && !groups.is_empty() && has_others(conn, wanted)? {
            groups.push(&marks);
        }
        let words = match conn {
            Conn::Sqlite(_) => spelled(&groups, "\"", " *", " OR ", " AND "),
            Conn::Pg(_) => spelled(&groups, "'", ":*", " | ", " & "),
        };
        Ok(Some(Self {
            sqlite,
            organisations: match wanted.organisations.as_slice() {
                [one] => Organisations::One(evaluation_search::organisation_id.eq(*one)),
                some => Organisations::Some(evaluation_search::organisation_id.one_of(some)),
            },
            words: (!groups.is_empty()).then_some(words),
            numbers: wanted.numbers.clone(),
            towards,
            most,
        }))
    }
}

/// True when somebody else has evaluations, too.
fn has_others(conn: &mut Conn, wanted: &Wanted) -> Result<bool, Error> {
    let all: i64 = organisations::table.count().get_result(conn)?;
    Ok(usize::try_from(all).is_ok_and(|all| all > wanted.organisations.len()))
}

impl QueryFragment<MultiBackend> for Asked {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let number = |out: &mut AstPass<'_, 'b, MultiBackend>| -> QueryResult<()> {
            let by_words = self.sqlite && self.words.is_some();
            out.push_identifier(if by_words { "evaluation_index" } else { "evaluation_search" })?;
            out.push_sql(".");
            out.push_identifier(if by_words { "rowid" } else { "number" })
        };
        out.push_sql("SELECT ");
        evaluation_search::evaluation_id.walk_ast(out.reborrow())?;
        out.push_sql(" FROM ");
        if self.sqlite && self.words.is_some() {
            // In this order: what has the words is looked at, the newest first, until there is enough.
            out.push_identifier("evaluation_index")?;
            out.push_sql(" CROSS JOIN ");
            out.push_identifier("evaluation_search")?;
            out.push_sql(" ON ");
            evaluation_search::number.walk_ast(out.reborrow())?;
            out.push_sql(" = ");
            number(&mut out)?;
        } else {
            out.push_identifier("evaluation_search")?;
        }
        out.push_sql(" WHERE ");
        match &self.organisations {
            Organisations::One(one) => one.walk_ast(out.reborrow())?,
            Organisations::Some(some) => some.walk_ast(out.reborrow())?,
        }
        if let Some(words) = &self.words {
            if !self.sqlite {
                // PostgreSQL looks where the words are few, or else at the newest, and must see the words to know which.
                out.unsafe_to_cache_prepared();
            }
            out.push_sql(" AND ");
            out.push_identifier(if self.sqlite { "evaluation_index" } else { "lexemes" })?;
            out.push_sql(if self.sqlite { " MATCH " } else { " @@ " });
            out.push_bind_param::<Text, _>(words)?;
            out.push_sql(if self.sqlite { "" } else { "::tsquery" });
        }
        for (than, end) in [(" >= ", &self.numbers.start), (" < ", &self.numbers.end)] {
            out.push_sql(" AND ");
            number(&mut out)?;
            out.push_sql(than);
            out.push_bind_param::<BigInt, _>(end)?;
        }
        out.push_sql(" ORDER BY ");
        number(&mut out)?;
        out.push_sql(if self.towards == Towards::Older { " DESC LIMIT " } else { " ASC LIMIT " });
        out.push_bind_param::<BigInt, _>(&self.most)
    }
}

// Both are known by their text.
impl QueryId for Asked {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryId for Counted {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Asked {
    type SqlType = IdSql;
}

impl RunQueryDsl<Conn> for Asked {}

/// How many there are.
#[derive(Debug)]
struct Counted(Asked);

impl QueryFragment<MultiBackend> for Counted {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql("SELECT count(*) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") AS newest");
        Ok(())
    }
}

impl Query for Counted {
    type SqlType = BigInt;
}

impl RunQueryDsl<Conn> for Counted {}

/// The question as a database reads it. No word has a quote in it.
fn spelled(groups: &[&[Term]], quote: &str, begins: &str, or: &str, and: &str) -> String {
    let group = |terms: &&[Term]| {
        let terms = terms.iter().map(|term| {
            let begins = if term.begins { begins } else { "" };
            format!("{quote}{}{quote}{begins}", term.word)
        });
        format!("({})", terms.collect::<Vec<_>>().join(or))
    };
    groups.iter().map(group).collect::<Vec<_>>().join(and)
}

/// The number of an evaluation of these organisations.
///
/// # Errors
/// When the database fails.
pub fn number(conn: &mut Conn, organisations: &[OrganisationId], id: EvaluationId) -> Result<Option<i64>, Error> {
    Ok(evaluation_search::table
        .filter(evaluation_search::evaluation_id.eq(id).and(evaluation_search::organisation_id.eq_any(organisations)))
        .select(evaluation_search::number)
        .get_result(conn)
        .optional()?)
}
