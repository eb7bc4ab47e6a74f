//! Figures of kit types: all of them compared, and one in full.

use crate::accounts::store::Organisation;
use crate::evaluations::form::Kind;
use crate::evaluations::store as evaluations;
use crate::kits::views::KitTypeName;
use crate::loans::checks::rules::Resolution;
use crate::loans::queue::rules::Status as QueueStatus;
use crate::loans::rules::DeviationKind;
use crate::platform::clock::start_of_day;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::KitTypeId;
use crate::platform::text::{Lang, Texts};
use crate::reports::rules::{self, Mean, Part, Terms};
use crate::reports::views::{KitTypeFigures, KitTypeReport, OptionCount, QuestionCount, TermFigures};
use crate::reports::wishes;
use crate::schema::{
    answer_totals, content_lines, deviations, evaluation_totals, kit_types, kits, loan_totals, queue_entries,
};
use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use std::collections::{BTreeMap, HashMap};

/// The evaluations' totals, added up.
#[derive(Debug, Clone, Copy, Default, Queryable)]
struct Totals {
    evaluations: i64,
    used: i64,
    children: i64,
    again: i64,
    asked_again: i64,
    fun: i64,
    fun_sum: i64,
    easy: i64,
    easy_sum: i64,
    worth: i64,
    worth_sum: i64,
}

macro_rules! totals {
    () => {
        (
            sql::<BigInt>("CAST(SUM(evaluations) AS BIGINT)"),
            sql::<BigInt>("CAST(SUM(used) AS BIGINT)"),
            sql::<BigInt>("CAST(SUM(children) AS BIGINT)"),
            sql::<BigInt>("CAST(SUM(again) AS BIGINT)"),
            sql::<BigInt>("CAST(SUM(asked_again) AS BIGINT)"),
            sql::<BigInt>("CAST(SUM(fun) AS BIGINT)"),
            sql::<BigInt>("CAST(SUM(fun_sum) AS BIGINT)"),
            sql::<BigInt>("CAST(SUM(easy) AS BIGINT)"),
            sql::<BigInt>("CAST(SUM(easy_sum) AS BIGINT)"),
            sql::<BigInt>("CAST(SUM(worth) AS BIGINT)"),
            sql::<BigInt>("CAST(SUM(worth_sum) AS BIGINT)"),
        )
    };
}

/// Figures of every kit type, by name: those in use, and retired ones that the terms tell of.
///
/// # Errors
/// When the database fails.
pub fn compared(conn: &mut Conn, organisation: &Organisation, terms: Terms) -> Result<Vec<KitTypeFigures>, Error> {
    let mut figures = figures(conn, organisation, terms, None)?;
    figures.retain(|one| !one.retired || one.loans + one.evaluations + one.waiting > 0);
    Ok(figures)
}

/// Figures of every kit type or of only one. What is suggested for one depends on how much all of them are wanted.
fn figures(
    conn: &mut Conn,
    organisation: &Organisation,
    terms: Terms,
    only: Option<KitTypeId>,
) -> Result<Vec<KitTypeFigures>, Error> {
    let types: Vec<(KitTypeId, String, bool)> = kit_types::table
        .filter(kit_types::organisation_id.eq(organisation.id))
        .order((kit_types::name.asc(), kit_types::id.asc()))
        .select((kit_types::id, kit_types::name, kit_types::retired_at.is_not_null()))
        .load(conn)?;
    let own: HashMap<KitTypeId, i64> = kits::table
        .filter(kits::organisation_id.eq(organisation.id))
        .filter(kits::retired_at.is_null().and(kits::lost_at.is_null()))
        .group_by(kits::kit_type_id)
        .select((kits::kit_type_id, count_star()))
        .load::<(KitTypeId, i64)>(conn)?
        .into_iter()
        .collect();
    let lent: HashMap<KitTypeId, i64> = loan_totals::table
        .filter(loan_totals::organisation_id.eq(organisation.id))
        .filter(loan_totals::term.between(terms.from.to_string(), terms.to.to_string()))
        .group_by(loan_totals::kit_type_id)
        .select((loan_totals::kit_type_id, sql::<BigInt>("CAST(SUM(loans) AS BIGINT)")))
        .load::<(KitTypeId, i64)>(conn)?
        .into_iter()
        .collect();
    let mut wishes: HashMap<KitTypeId, Vec<wishes::Wish>> = HashMap::new();
    for wish in wishes::decided(conn, organisation, terms)? {
        wishes.entry(wish.kit_type).or_default().push(wish);
    }
    let refused = |id: KitTypeId| wishes.get(&id).into_iter().flatten().filter(|wish| !wish.won);
    let of = |counted: &HashMap<KitTypeId, i64>, id| counted.get(&id).copied().unwrap_or_default();
    let demand = |id| rules::demand(of(&lent, id) + refused(id).count() as i64, of(&own, id));
    let demands = types.iter().filter(|(.., retired)| !retired).map(|(id, ..)| demand(*id)).collect();
    let middle = rules::median(demands).unwrap_or_default();
    let totals = totals(conn, organisation, terms, only)?;
    let waiting = waiting(conn, organisation, only)?;
    let broken = broken(conn, organisation, terms, only)?;
    let asked_for = types.into_iter().filter(|(id, ..)| only.is_none_or(|only| only == *id));
    let figures = asked_for.map(|(id, name, retired)| {
        let totals = totals.get(&id).copied().unwrap_or_default();
        let (lost_parts, cost) = broken.get(&id).copied().unwrap_or_default();
        let worth = Mean::of(totals.worth, totals.worth_sum);
        KitTypeFigures {
            kit_type: KitTypeName { id, name },
            retired,
            kits: of(&own, id),
            loans: of(&lent, id),
            evaluations: totals.evaluations,
            used: totals.used,
            children: totals.children,
            again: Part { count: totals.again, of: totals.asked_again },
            fun: Mean::of(totals.fun, totals.fun_sum),
            easy: Mean::of(totals.easy, totals.easy_sum),
            worth,
            waiting: of(&waiting, id),
            median_wait_days: rules::median_days(wishes.get(&id).into_iter().flatten().filter_map(|wish| wish.waited)),
            refused: refused(id).count() as i64,
            refused_weeks: refused(id).map(|wish| rules::weeks(wish.days)).sum(),
            lost_parts,
            cost,
            demand: demand(id),
            advice: worth.mean.filter(|_| !retired).map(|worth| rules::advice(demand(id), middle, worth)),
        }
    });
    Ok(figures.collect())
}

fn totals(
    conn: &mut Conn,
    organisation: &Organisation,
    terms: Terms,
    only: Option<KitTypeId>,
) -> Result<HashMap<KitTypeId, Totals>, Error> {
    let mut all = evaluation_totals::table
        .filter(evaluation_totals::organisation_id.eq(organisation.id))
        .filter(evaluation_totals::term.between(terms.from.to_string(), terms.to.to_string()))
        .group_by(evaluation_totals::kit_type_id)
        .select((evaluation_totals::kit_type_id, totals!()))
        .into_boxed();
    if let Some(kit_type) = only {
        all = all.filter(evaluation_totals::kit_type_id.eq(kit_type));
    }
    Ok(all.load::<(KitTypeId, Totals)>(conn)?.into_iter().collect())
}

/// By kit type: how many stand in its queue today.
fn waiting(
    conn: &mut Conn,
    organisation: &Organisation,
    only: Option<KitTypeId>,
) -> Result<HashMap<KitTypeId, i64>, Error> {
    let mut all = queue_entries::table
        .filter(queue_entries::organisation_id.eq(organisation.id))
        .filter(queue_entries::status.eq_any([QueueStatus::Waiting, QueueStatus::Offered]))
        .group_by(queue_entries::kit_type_id)
        .select((queue_entries::kit_type_id, count_star()))
        .into_boxed();
    if let Some(kit_type) = only {
        all = all.filter(queue_entries::kit_type_id.eq(kit_type));
    }
    Ok(all.load::<(KitTypeId, i64)>(conn)?.into_iter().collect())
}

/// By kit type: parts that were reported missing or broken and did not turn up, and what lacking parts cost.
fn broken(
    conn: &mut Conn,
    organisation: &Organisation,
    terms: Terms,
    only: Option<KitTypeId>,
) -> Result<HashMap<KitTypeId, (i64, i64)>, Error> {
    let zone = organisation.zone();
    let mut all = deviations::table
        .inner_join(kits::table)
        .left_join(content_lines::table)
        .filter(deviations::organisation_id.eq(organisation.id).and(deviations::kind.ne(DeviationKind::Extra)))
        .filter(deviations::reported_at.ge(start_of_day(zone, terms.first_day())))
        .filter(deviations::reported_at.lt(start_of_day(zone, terms.day_after())))
        .filter(deviations::resolution.is_null().or(deviations::resolution.ne(Resolution::Found)))
        .select((kits::kit_type_id, deviations::kind, deviations::quantity, content_lines::price.nullable()))
        .into_boxed();
    if let Some(kit_type) = only {
        all = all.filter(kits::kit_type_id.eq(kit_type));
    }
    let mut broken: HashMap<KitTypeId, (i64, i64)> = HashMap::new();
    for (kit_type, kind, quantity, price) in all.load::<(KitTypeId, DeviationKind, i32, Option<i32>)>(conn)? {
        let (parts, cost) = broken.entry(kit_type).or_default();
        if kind != DeviationKind::UsedUp {
            *parts += i64::from(quantity);
        }
        *cost += i64::from(quantity) * i64::from(price.unwrap_or_default());
    }
    Ok(broken)
}

/// One kit type in full.
///
/// # Errors
/// `kit_type.not_found`.
pub fn one(
    conn: &mut Conn,
    organisation: &Organisation,
    id: KitTypeId,
    terms: Terms,
    lang: Lang,
) -> Result<KitTypeReport, Error> {
    let figures = figures(conn, organisation, terms, Some(id))?.pop();
    let figures = figures.ok_or_else(|| Error::not_found("kit_type.not_found"))?;
    Ok(KitTypeReport {
        figures,
        questions: questions(conn, organisation, &[id], terms, lang)?,
        terms: by_term(conn, organisation, Some(id), terms)?,
    })
}

/// The answers about some kit types to each question with something to choose, as the newest form that has it words it.
///
/// # Errors
/// When the database fails.
pub fn questions(
    conn: &mut Conn,
    organisation: &Organisation,
    kit_types: &[KitTypeId],
    terms: Terms,
    lang: Lang,
) -> Result<Vec<QuestionCount>, Error> {
    let rows: Vec<(String, String, i64)> = answer_totals::table
        .filter(answer_totals::kit_type_id.eq_any(kit_types))
        .filter(answer_totals::term.between(terms.from.to_string(), terms.to.to_string()))
        .group_by((answer_totals::question_id, answer_totals::answer))
        .select((answer_totals::question_id, answer_totals::answer, sql::<BigInt>("CAST(SUM(answers) AS BIGINT)")))
        .load(conn)?;
    let mut given: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    for (question, answer, count) in rows {
        given.entry(question).or_default().insert(answer, count);
    }
    let forms = evaluations::forms(conn, organisation.id)?;
    let mut counts = Vec::new();
    for form in &forms {
        for question in &form.questions {
            let Some(mut given) = given.remove(&question.id) else { continue };
            let mut options: Vec<OptionCount> = form
                .options(question)
                .into_iter()
                .filter_map(|(value, label)| {
                    let value = value.to_string();
                    let count = given.remove(&value).unwrap_or_default();
                    let words = label.in_language(lang).to_owned();
                    let label = match form.is_archived(&question.id, &value) {
                        true if count == 0 => return None,
                        true => Texts::new(lang).v("evaluations-archived", "option", words),
                        false => words,
                    };
                    Some(OptionCount { label, count, value })
                })
                .collect();
            // What an older form offered, and this one does not.
            options.extend(given.into_iter().map(|(value, count)| {
                let label = forms.iter().find_map(|form| form.option_label(&question.id, &value));
                let label = label.map_or_else(|| value.clone(), |label| label.in_language(lang).to_owned());
                OptionCount { value, label, count }
            }));
            counts.push(QuestionCount {
                id: question.id.clone(),
                label: question.label.in_language(lang).to_owned(),
                scale: question.kind == Kind::Scale,
                mean: (question.kind == Kind::Scale).then(|| mean(&options)),
                options,
            });
        }
    }
    Ok(counts)
}

/// The mean of the steps among some options.
fn mean(options: &[OptionCount]) -> Mean {
    let steps = options.iter().filter_map(|option| Some((option.value.parse::<i64>().ok()?, option.count)));
    let (n, sum) = steps.fold((0, 0), |(n, sum), (step, count)| (n + count, sum + step * count));
    Mean::of(n, sum)
}

/// Term by term, of one kit type or of all.
///
/// # Errors
/// When the database fails.
pub fn by_term(
    conn: &mut Conn,
    organisation: &Organisation,
    kit_type: Option<KitTypeId>,
    terms: Terms,
) -> Result<Vec<TermFigures>, Error> {
    let mut answered = evaluation_totals::table
        .filter(evaluation_totals::organisation_id.eq(organisation.id))
        .filter(evaluation_totals::term.between(terms.from.to_string(), terms.to.to_string()))
        .group_by(evaluation_totals::term)
        .select((evaluation_totals::term, totals!()))
        .into_boxed();
    let mut lent = loan_totals::table
        .filter(loan_totals::organisation_id.eq(organisation.id))
        .filter(loan_totals::term.between(terms.from.to_string(), terms.to.to_string()))
        .group_by(loan_totals::term)
        .select((loan_totals::term, sql::<BigInt>("CAST(SUM(loans) AS BIGINT)")))
        .into_boxed();
    if let Some(kit_type) = kit_type {
        answered = answered.filter(evaluation_totals::kit_type_id.eq(kit_type));
        lent = lent.filter(loan_totals::kit_type_id.eq(kit_type));
    }
    let totals: HashMap<String, Totals> = answered.load::<(String, Totals)>(conn)?.into_iter().collect();
    let loans: HashMap<String, i64> = lent.load::<(String, i64)>(conn)?.into_iter().collect();
    let figures = terms.each().into_iter().map(|term| {
        let totals = totals.get(&term.to_string()).copied().unwrap_or_default();
        TermFigures {
            term,
            loans: loans.get(&term.to_string()).copied().unwrap_or_default(),
            evaluations: totals.evaluations,
            children: totals.children,
            fun: Mean::of(totals.fun, totals.fun_sum),
            easy: Mean::of(totals.easy, totals.easy_sum),
            worth: Mean::of(totals.worth, totals.worth_sum),
        }
    });
    Ok(figures.collect())
}
