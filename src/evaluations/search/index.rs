//! The index of submitted evaluations: what each is found by, kept by the action that changes it.

use crate::evaluations::form::Form;
use crate::evaluations::reading::store::{Reading, reading};
use crate::evaluations::search::query::{OFFERED, SHARED, STARRED, Term, UNREAD, Wanted, id_mark, number_of};
use crate::evaluations::search::words::of_answers;
use crate::evaluations::store::{self, Evaluation};
use crate::platform::db::connection::{Conn, MultiBackend};
use crate::platform::db::types::{IdSql, Instant};
use crate::platform::db::{Tx, is_duplicate};
use crate::platform::error::{Error, Fault};
use crate::platform::ids::{EvaluationId, FormVersionId, OrganisationId, ThemeId};
use crate::schema::{evaluation_search, evaluation_themes, evaluations};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

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
    let mut found = of_answers(form, &evaluation.read()?);
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
    let form = store::form_version(tx, evaluation.form_version_id)?.read()?;
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
    let mut forms: HashMap<FormVersionId, Form> = HashMap::new();
    for some in missing.chunks(TOGETHER) {
        let together: Vec<Evaluation> = evaluations::table
            .filter(evaluations::id.eq_any(some))
            .order((evaluations::submitted_at.asc(), evaluations::id.asc()))
            .select(Evaluation::as_select())
            .load(&mut **tx)?;
        for evaluation in together {
            let form = form(tx, &mut forms, evaluation.form_version_id)?;
            add(tx, &evaluation, form)?;
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
    let mut forms: HashMap<FormVersionId, Form> = HashMap::new();
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
            let form = form(conn, &mut forms, evaluation.form_version_id)?;
            if words(conn, &evaluation, form)? != found_by {
                wrong.push(evaluation.id);
            }
        }
    }
}

/// A form, read once.
fn form<'a>(
    conn: &mut Conn,
    forms: &'a mut HashMap<FormVersionId, Form>,
    version: FormVersionId,
) -> Result<&'a Form, Error> {
    Ok(match forms.entry(version) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(place) => place.insert(store::form_version(conn, version)?.read()?),
    })
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
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
    let order = if towards == Towards::Older { "DESC" } else { "ASC" };
    // Each database is asked in its own words; SQLite's are quoted as only SQLite quotes.
    let question = match conn {
        Conn::Sqlite(_) => format!(
            "SELECT `evaluation_search`.`evaluation_id` FROM `evaluation_index`
             JOIN `evaluation_search` ON `evaluation_search`.`number` = `evaluation_index`.`rowid`
             {AMONG_SQLITE} ORDER BY `evaluation_index`.`rowid` {order} LIMIT ?"
        ),
        Conn::Pg(_) => {
            format!("SELECT evaluation_id FROM evaluation_search {AMONG_POSTGRES} ORDER BY number {order} LIMIT $4")
        }
    };
    let found: Vec<Found> = asked(conn, &question, wanted, most)?;
    Ok(found.into_iter().map(|found| found.evaluation_id).collect())
}

/// How many evaluations are wanted, counted no further than so many.
///
/// # Errors
/// When the database fails.
pub fn count(conn: &mut Conn, wanted: &Wanted, most: i64) -> Result<i64, Error> {
    let question = match conn {
        Conn::Sqlite(_) => format!(
            "SELECT count(*) AS `count` FROM (SELECT `evaluation_index`.`rowid` FROM `evaluation_index`
             {AMONG_SQLITE} ORDER BY `evaluation_index`.`rowid` DESC LIMIT ?)"
        ),
        Conn::Pg(_) => format!(
            "SELECT count(*) AS count FROM (SELECT number FROM evaluation_search
             {AMONG_POSTGRES} ORDER BY number DESC LIMIT $4) AS newest"
        ),
    };
    let counted: Vec<Counted> = asked(conn, &question, wanted, most)?;
    Ok(counted.first().map_or(0, |counted| counted.count))
}

const AMONG_SQLITE: &str = "WHERE `evaluation_index` MATCH ?
    AND `evaluation_index`.`rowid` >= ? AND `evaluation_index`.`rowid` < ?";
const AMONG_POSTGRES: &str = "WHERE lexemes @@ $1::tsquery AND number >= $2 AND number < $3";

fn asked<T: QueryableByName<MultiBackend> + 'static>(
    conn: &mut Conn,
    question: &str,
    wanted: &Wanted,
    most: i64,
) -> Result<Vec<T>, Error> {
    if wanted.groups.iter().any(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let words = match conn {
        Conn::Sqlite(_) => spelled(wanted, "\"", " *", " OR ", " AND "),
        Conn::Pg(_) => spelled(wanted, "'", ":*", " | ", " & "),
    };
    Ok(sql_query(question)
        .bind::<Text, _>(words)
        .bind::<BigInt, _>(wanted.numbers.start)
        .bind::<BigInt, _>(wanted.numbers.end)
        .bind::<BigInt, _>(most)
        .load(conn)?)
}

/// The question as a database reads it. No word has a quote in it.
fn spelled(wanted: &Wanted, quote: &str, begins: &str, or: &str, and: &str) -> String {
    let group = |terms: &Vec<Term>| {
        let terms = terms.iter().map(|term| {
            let begins = if term.begins { begins } else { "" };
            format!("{quote}{}{quote}{begins}", term.word)
        });
        format!("({})", terms.collect::<Vec<_>>().join(or))
    };
    wanted.groups.iter().map(group).collect::<Vec<_>>().join(and)
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
