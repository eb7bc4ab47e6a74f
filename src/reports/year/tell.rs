//! What a year report says.

use crate::accounts::store::Organisation;
use crate::evaluations::queries as evaluations;
use crate::evaluations::search::query::Search;
use crate::evaluations::wording::{Reader, Tip, decimal, quote, share_of};
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{KitTypeId, UnitId};
use crate::platform::term::Term;
use crate::platform::text::Texts;
use crate::platform::web::paging::Paging;
use crate::reports::rules::{self, Advice, Terms};
use crate::reports::views::{AreaFigures, KitTypeFigures, QuestionCount, TermFigures};
use crate::reports::wording::{days, distribution, mean, part, per_10_loans};
use crate::reports::year::blocks::{Block, Field, Number, Part, Report, Table};
use crate::reports::{equity, kit_types};
use crate::schema::loans;
use chrono::NaiveDate;
use diesel::prelude::*;

/// How many years the trend looks back on, the report's own with them.
const TREND_YEARS: i32 = 3;
/// How many words of units are told.
const QUOTES: usize = 6;
/// How many kit types are named in a field.
const NAMED: usize = 15;

/// The two terms of a year.
fn terms_of(year: i32) -> Terms {
    let autumn = Term::of(NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default());
    Terms { from: autumn.before(1), to: autumn }
}

fn trend_until(year: i32) -> Terms {
    let to = terms_of(year).to;
    Terms { from: to.before(TREND_YEARS * 2 - 1), to }
}

/// The year of an organisation.
///
/// # Errors
/// When the database fails.
pub(super) fn of_all(
    conn: &mut Conn,
    organisation: &Organisation,
    year: i32,
    today: NaiveDate,
    t: Texts,
) -> Result<Report, Error> {
    let terms = terms_of(year);
    let figures = kit_types::compared(conn, organisation, terms)?;
    let before = kit_types::compared(conn, organisation, terms_of(year - 1))?;
    let ids: Vec<KitTypeId> = figures.iter().map(|one| one.kit_type.id).collect();
    let questions = kit_types::questions(conn, organisation, &ids, terms, t.lang)?;
    let trend = kit_types::by_term(conn, organisation, None, trend_until(year))?;
    let equity = equity::report(conn, organisation, terms, today)?;
    let reached = equity.units.iter().filter(|unit| unit.loans > 0).count();
    let sum = |part: fn(&KitTypeFigures) -> i64| figures.iter().map(part).sum::<i64>();
    let (lent, lost) = (sum(|one| one.loans), sum(|one| one.lost_parts));
    let again = rules::Part { count: sum(|one| one.again.count), of: sum(|one| one.again.of) };
    let lent_before = before.iter().map(|one| one.loans).sum();
    let numbers = vec![
        number(lent, loans_label(lent_before, year, t)),
        number(
            t.a("year-reached", &[("count", reached.into()), ("of", equity.units.len().into())]),
            t.s("year-reached-label"),
        ),
        number(sum(|one| one.children), t.s("reports-sum-children")),
        number(sum(|one| one.evaluations), t.s("reports-sum-evaluations")),
        number(share_of(sum(|one| one.used), sum(|one| one.evaluations), t), t.s("reports-sum-used")),
        number(part(again, t), t.v("reports-sum-again", "count", again.of)),
        number(per_10_loans(lost, lent, t), t.v("reports-sum-lost", "count", lost)),
        number(t.money(sum(|one| one.cost)), t.s("reports-sum-cost")),
    ];
    let mut parts = vec![Part { heading: t.s("year-in-short"), block: Block::Numbers(numbers), note: String::new() }];
    parts.extend(thought(&questions, sum(|one| one.evaluations), t));
    parts.push(Part {
        heading: t.s("reports-plot"),
        block: Block::Fields(fields(&figures, t)),
        note: t.s("year-fields-note"),
    });
    parts.push(Part {
        heading: t.s("year-by-type"),
        block: Block::Table(by_type(&figures, t)),
        note: t.s("year-by-type-note"),
    });
    parts.push(trend_part(&trend, t));
    parts.push(Part {
        heading: t.s("reports-areas"),
        block: Block::Table(by_area(&equity.areas, t)),
        note: t.s("year-areas-note"),
    });
    parts.extend(quotes(conn, organisation, None, terms, t)?);
    Ok(Report { title: t.s("year-title"), lead: lead(year, organisation, t), parts })
}

/// The year of a kit type.
///
/// # Errors
/// `kit_type.not_found`.
pub(super) fn of_type(
    conn: &mut Conn,
    organisation: &Organisation,
    (id, year): (KitTypeId, i32),
    t: Texts,
) -> Result<Report, Error> {
    let terms = terms_of(year);
    let report = kit_types::one(conn, organisation, id, terms, t.lang)?;
    let trend = kit_types::by_term(conn, organisation, Some(id), trend_until(year))?;
    let lent_before: i64 = trend.iter().filter(|term| term.term.year() == year - 1).map(|term| term.loans).sum();
    let reached: Vec<UnitId> = loans::table
        .filter(loans::organisation_id.eq(organisation.id).and(loans::handed_out_at.is_not_null()))
        .filter(loans::first_day.between(terms.first_day(), terms.last_day()))
        .filter(loans::kit_type_id.eq(id))
        .select(loans::unit_id)
        .distinct()
        .load(conn)?;
    let one = &report.figures;
    let numbers = vec![
        number(one.loans, loans_label(lent_before, year, t)),
        number(reached.len(), t.s("year-units")),
        number(one.children, t.s("reports-sum-children")),
        number(one.evaluations, t.s("reports-sum-evaluations")),
        number(share_of(one.used, one.evaluations, t), t.s("reports-sum-used")),
        number(part(one.again, t), t.v("reports-sum-again", "count", one.again.of)),
        number(days(one.median_wait_days, t), t.s("reports-sum-wait")),
        number(one.refused_weeks, t.v("reports-sum-refused", "count", one.refused)),
        number(one.kits, t.s("year-kits")),
        number(per_10_loans(one.lost_parts, one.loans, t), t.v("reports-sum-lost", "count", one.lost_parts)),
        number(t.money(one.cost), t.s("reports-sum-cost")),
    ];
    let mut parts = vec![Part { heading: t.s("year-in-short"), block: Block::Numbers(numbers), note: String::new() }];
    let advice = match one.advice {
        Some(advice) => field(advice, String::new(), t),
        None => Field { name: "–".to_owned(), text: t.s("year-no-advice"), kit_types: String::new() },
    };
    parts.push(Part {
        heading: t.s("reports-plot"),
        block: Block::Fields(vec![advice]),
        note: t
            .a("year-demand", &[("demand", decimal(one.demand, t.lang).into()), ("worth", mean(one.worth, t).into())]),
    });
    parts.extend(thought(&report.questions, one.evaluations, t));
    parts.push(trend_part(&trend, t));
    let choices: Vec<_> = report.questions.iter().filter(|question| !question.scale).collect();
    if !choices.is_empty() {
        let spread = choices.into_iter().map(|question| distribution(question, one.evaluations, t)).collect();
        parts.push(Part { heading: t.s("reports-how"), block: Block::Spread(spread), note: String::new() });
    }
    parts.extend(quotes(conn, organisation, Some(id), terms, t)?);
    Ok(Report { title: one.kit_type.name.clone(), lead: lead(year, organisation, t), parts })
}

fn lead(year: i32, organisation: &Organisation, t: Texts) -> String {
    t.a("year-lead", &[("year", year.to_string().into()), ("organisation", organisation.name.as_str().into())])
}

fn number(value: impl ToString, label: String) -> Number {
    Number { value: value.to_string(), label }
}

fn loans_label(before: i64, year: i32, t: Texts) -> String {
    t.a("year-loans", &[("before", before.into()), ("year", (year - 1).to_string().into())])
}

/// The scales, or that nobody has answered.
fn thought(questions: &[QuestionCount], evaluations: i64, t: Texts) -> Option<Part> {
    let scales = questions.iter().filter(|question| question.scale);
    let scales: Vec<_> = scales.map(|question| distribution(question, evaluations, t)).collect();
    let block = if scales.is_empty() { Block::Text(t.s("year-no-answers")) } else { Block::Spread(scales) };
    Some(Part { heading: t.s("reports-thought"), block, note: String::new() })
}

fn field(advice: Advice, kit_types: String, t: Texts) -> Field {
    Field { name: t.s(&format!("reports-advice-{advice}")), text: t.s(&format!("year-advice-{advice}")), kit_types }
}

/// The four fields, with what stands in each.
fn fields(figures: &[KitTypeFigures], t: Texts) -> Vec<Field> {
    let fields = [Advice::Spread, Advice::BuyMore, Advice::PhaseOut, Advice::Keep].into_iter().map(|advice| {
        let there: Vec<&str> =
            figures.iter().filter(|one| one.advice == Some(advice)).map(|one| one.kit_type.name.as_str()).collect();
        let mut named = there.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
        if there.len() > NAMED {
            named = t.a("year-and-more", &[("names", named.into()), ("count", (there.len() - NAMED).into())]);
        }
        field(advice, if named.is_empty() { "–".to_owned() } else { named }, t)
    });
    fields.collect()
}

fn by_type(figures: &[KitTypeFigures], t: Texts) -> Table {
    let heads = [
        "reports-kit-type",
        "reports-col-loans",
        "reports-col-children",
        "reports-col-fun",
        "reports-col-easy",
        "reports-col-worth",
        "reports-col-again",
        "reports-col-lost",
        "reports-col-cost",
        "reports-advice",
    ];
    let rows = figures.iter().map(|one| {
        vec![
            one.kit_type.name.clone(),
            one.loans.to_string(),
            one.children.to_string(),
            mean(one.fun, t),
            mean(one.easy, t),
            mean(one.worth, t),
            part(one.again, t),
            per_10_loans(one.lost_parts, one.loans, t),
            t.money(one.cost),
            one.advice.map_or_else(|| "–".to_owned(), |advice| t.s(&format!("reports-advice-{advice}"))),
        ]
    });
    Table { heads: heads.map(|key| t.s(key)).to_vec(), rows: rows.collect() }
}

fn trend_part(trend: &[TermFigures], t: Texts) -> Part {
    let heads = [
        "reports-term",
        "reports-col-loans",
        "reports-col-evaluations",
        "reports-col-children",
        "reports-col-fun",
        "reports-col-easy",
        "reports-col-worth",
    ];
    let rows = trend.iter().map(|term| {
        vec![
            t.term(term.term),
            term.loans.to_string(),
            term.evaluations.to_string(),
            term.children.to_string(),
            mean(term.fun, t),
            mean(term.easy, t),
            mean(term.worth, t),
        ]
    });
    let table = Table { heads: heads.map(|key| t.s(key)).to_vec(), rows: rows.collect() };
    Part { heading: t.s("reports-trend"), block: Block::Table(table), note: t.s("reports-trend-note") }
}

fn by_area(areas: &[AreaFigures], t: Texts) -> Table {
    let heads =
        ["reports-area", "reports-units", "reports-col-loans", "reports-per-100", "reports-without", "reports-won"];
    let rows = areas.iter().map(|area| {
        vec![
            if area.area.is_empty() { t.s("reports-no-area") } else { area.area.clone() },
            area.units.to_string(),
            area.loans.to_string(),
            area.loans_per_100_children.map_or_else(|| "–".to_owned(), |loans| decimal(loans, t.lang)),
            area.without_loan.to_string(),
            share_of(area.wishes_won.count, area.wishes_won.of, t),
        ]
    });
    Table { heads: heads.map(|key| t.s(key)).to_vec(), rows: rows.collect() }
}

/// Words that units let others read, and that the office has taken into the idea bank.
fn quotes(
    conn: &mut Conn,
    organisation: &Organisation,
    kit_type: Option<KitTypeId>,
    terms: Terms,
    t: Texts,
) -> Result<Option<Part>, Error> {
    let search = Search {
        kit_type_id: kit_type,
        shared: Some(true),
        from: Some(terms.first_day()),
        to: Some(terms.last_day()),
        ..Search::default()
    };
    let newest = evaluations::list(conn, organisation, &search, &Paging::default())?.items;
    let told = newest.iter().filter_map(|evaluation| {
        let quote = quote(evaluation, t, Reader::Colleague)?;
        // The year of all is about many kinds of kits.
        let from = match kit_type {
            Some(_) => quote.from,
            None => format!("{} · {}", evaluation.kit_type.name, quote.from),
        };
        Some(Tip { from, ..quote })
    });
    let told: Vec<Tip> = told.take(QUOTES).collect();
    let part = Part { heading: t.s("reports-quotes"), block: Block::Quotes(told), note: t.s("year-quotes-note") };
    Ok(Some(part).filter(|part| !matches!(&part.block, Block::Quotes(told) if told.is_empty())))
}
