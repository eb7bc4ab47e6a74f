//! What evaluations add up to: the answers to scales, of all time or of a period, and what those who borrowed a kit type
//! thought of it.

use crate::evaluations::form::{Form, Kind};
use crate::evaluations::rules::{ScaleSummary, by_months};
use crate::evaluations::search::query::days;
use crate::evaluations::store;
use crate::evaluations::views::SummaryView;
use crate::kits::views::KitTypeName;
use crate::platform::db::connection::{Conn, MultiBackend};
use crate::platform::db::one_of::OneOfMethod;
use crate::platform::db::types::IdSql;
use crate::platform::error::Error;
use crate::platform::ids::{KitTypeId, OrganisationId, UnitId};
use crate::platform::text::Lang;
use crate::platform::web::paging::{Listing, Paging};
use crate::schema::{evaluation_scales, evaluation_totals, kit_types, scale_months, scale_totals, units};
use chrono::NaiveDate;
use diesel::dsl::{exists, select, sql};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

/// Which submitted evaluations are asked for.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// Only about kits of this type.
    pub kit_type_id: Option<KitTypeId>,
    /// Only by this unit.
    pub unit_id: Option<UnitId>,
    /// Only submitted on this day or later.
    pub from: Option<NaiveDate>,
    /// Only submitted on this day or earlier.
    pub to: Option<NaiveDate>,
}

impl Filter {
    /// The first day that counts, and the one after the last; on an open side one that no evaluation lies beyond.
    fn days(&self) -> Range<NaiveDate> {
        let (from, before) = days(self.from, self.to);
        let from = from.or_else(|| NaiveDate::from_ymd_opt(1, 1, 1)).unwrap_or(NaiveDate::MIN);
        let before = before.or_else(|| NaiveDate::from_ymd_opt(9999, 12, 1)).unwrap_or(NaiveDate::MAX);
        from..before.max(from)
    }

    /// True when every evaluation counts, of all kit types or of one: what the totals tell.
    fn is_for_all_time(&self) -> bool {
        self.unit_id.is_none() && self.from.is_none() && self.to.is_none()
    }
}

/// What the answers to scale questions add up to by today: by kit type's name, then in the form's order. A page is so many kit
/// types, also those that nobody has answered about, which have no item.
///
/// # Errors
/// `field.range` for the limit, `request.cursor`.
pub fn summary(
    conn: &mut Conn,
    organisation: OrganisationId,
    filter: &Filter,
    paging: &Paging,
    today: NaiveDate,
    lang: Lang,
) -> Result<Listing<SummaryView>, Error> {
    let mut types = page_of_types(conn, organisation, filter.kit_type_id, paging)?;
    if let Some(id) = filter.unit_id {
        let unit = units::table.filter(units::id.eq(id).and(units::organisation_id.eq(organisation)));
        if !select(exists(unit)).get_result(conn)? {
            types.clear();
        }
    }
    let Listing { items: types, next } = Listing::cut(types, paging, |kit_type: &KitTypeName| kit_type.id);
    let ids: Vec<KitTypeId> = types.iter().map(|kit_type| kit_type.id).collect();
    let forms = store::forms(conn, organisation)?;
    let counted = match filter.is_for_all_time() {
        true => count_all(conn, organisation, &ids)?,
        false => count_period(conn, filter, today, &ids, &scales(&forms))?,
    };
    let mut summaries = counted.summaries();
    let mut asked: HashMap<String, Asked> = HashMap::new();
    for ScaleSummary { question_id, .. } in summaries.values().flatten() {
        if !asked.contains_key(question_id) {
            asked.insert(question_id.clone(), Asked::of(&forms, question_id, lang));
        }
    }
    let mut items = Vec::new();
    for kit_type in types {
        let mut theirs = summaries.remove(&kit_type.id).unwrap_or_default();
        let asked = |summary: &ScaleSummary| asked.get(&summary.question_id);
        let place = |summary: &ScaleSummary| asked(summary).and_then(|asked| asked.place);
        theirs.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.question_id.cmp(&b.question_id)));
        items.extend(theirs.into_iter().map(|summary| {
            let label = asked(&summary).map(|asked| asked.label.clone()).unwrap_or_default();
            SummaryView::new(kit_type.clone(), label, summary)
        }));
    }
    Ok(Listing { items, next })
}

/// How often "don't know" and each step, 1 to 5, was answered to questions about kit types.
#[derive(Default)]
struct Counts(HashMap<(KitTypeId, String), [i64; 6]>);

/// A kit type, a question, how many chose each step, and how many answered.
type Counted = (KitTypeId, String, (i64, i64, i64, i64, i64, i64));

impl Counts {
    /// Adds these; some may be less than nothing.
    fn add(&mut self, counted: Vec<Counted>) {
        for (kit_type, question, (one, two, three, four, five, answers)) in counted {
            let steps = self.0.entry((kit_type, question)).or_default();
            let dont_know = answers - (one + two + three + four + five);
            for (step, count) in steps.iter_mut().zip([dont_know, one, two, three, four, five]) {
                *step += count;
            }
        }
    }

    /// What they say of each kit type, about the questions that somebody has answered.
    fn summaries(self) -> HashMap<KitTypeId, Vec<ScaleSummary>> {
        let mut summaries: HashMap<KitTypeId, Vec<ScaleSummary>> = HashMap::new();
        for ((kit_type, question), steps) in self.0 {
            if steps != [0; 6] {
                let [dont_know, distribution @ ..] = steps;
                summaries.entry(kit_type).or_default().push(ScaleSummary::new(question, dont_know, distribution));
            }
        }
        summaries
    }
}

/// What every evaluation says, which is counted already: steps 1 to 5, and 0 for "don't know".
fn count_all(conn: &mut Conn, organisation: OrganisationId, kit_types: &[KitTypeId]) -> Result<Counts, Error> {
    let rows: Vec<(KitTypeId, String, i32, i64)> = scale_totals::table
        .filter(scale_totals::organisation_id.eq(organisation).and(scale_totals::kit_type_id.one_of(kit_types)))
        .filter(scale_totals::answers.gt(0))
        .select((scale_totals::kit_type_id, scale_totals::question_id, scale_totals::value, scale_totals::answers))
        .load(conn)?;
    let mut counts = Counts::default();
    for (kit_type, question, value, count) in rows {
        let steps = counts.0.entry((kit_type, question)).or_default();
        if let Some(step) = usize::try_from(value).ok().and_then(|value| steps.get_mut(value)) {
            *step += count;
        }
    }
    Ok(counts)
}

/// What the evaluations of a period say, all of it as it was at one moment. Whole months are counted already, but not for each
/// unit.
fn count_period(
    conn: &mut Conn,
    filter: &Filter,
    today: NaiveDate,
    kit_types: &[KitTypeId],
    questions: &[&str],
) -> Result<Counts, Error> {
    // SQLite's indexes have a kit type's questions before the days, so that it need not sort; PostgreSQL's have the days first.
    let about = About { kit_types, questions: matches!(conn, Conn::Sqlite(_)).then_some(questions) };
    let mut parts = Vec::new();
    if let Some(unit) = filter.unit_id {
        let mut days = about.days(1, filter.days());
        days.conditions.push(Box::new(evaluation_scales::unit_id.eq(unit)));
        parts.push(days);
    } else {
        let (months, ends) = by_months(filter.days(), today);
        parts.extend((!months.is_empty()).then(|| about.months(months)));
        let ends = ends.into_iter().filter(|(_, days)| !days.is_empty());
        parts.extend(ends.map(|(times, days)| about.days(times, days)));
    }
    let mut counts = Counts::default();
    if !parts.is_empty() {
        counts.add(Sum(parts).load(conn)?);
    }
    Ok(counts)
}

/// Kit types, and on SQLite the questions about them.
struct About<'a> {
    kit_types: &'a [KitTypeId],
    questions: Option<&'a [&'a str]>,
}

/// What is counted together: the table, the counts, and which rows.
struct Part<'a> {
    table: &'static str,
    counts: String,
    conditions: Conditions<'a>,
}

/// What holds of every row that counts.
type Conditions<'a> = Vec<Box<dyn QueryFragment<MultiBackend> + 'a>>;

impl<'a> About<'a> {
    /// The answers of whole months, from the first day of one until before that of another.
    fn months(&self, months: Range<NaiveDate>) -> Part<'a> {
        let mut conditions: Conditions<'a> = vec![
            Box::new(scale_months::kit_type_id.one_of(self.kit_types)),
            Box::new(scale_months::month.ge(months.start)),
            Box::new(scale_months::month.lt(months.end)),
        ];
        if let Some(questions) = self.questions {
            conditions.push(Box::new(scale_months::question_id.one_of(questions)));
        }
        let counts = "SUM(one), SUM(two), SUM(three), SUM(four), SUM(five), SUM(answers)".to_owned();
        Part { table: "scale_months", counts, conditions }
    }

    /// The answers of some days, so many times. The steps stand in the text of the question: compared with bound values,
    /// thousands of answers take noticeably longer.
    fn days(&self, times: i64, days: Range<NaiveDate>) -> Part<'a> {
        let mut conditions: Conditions<'a> = vec![
            Box::new(evaluation_scales::kit_type_id.one_of(self.kit_types)),
            Box::new(evaluation_scales::submitted_on.ge(days.start)),
            Box::new(evaluation_scales::submitted_on.lt(days.end)),
        ];
        if let Some(questions) = self.questions {
            conditions.push(Box::new(evaluation_scales::question_id.one_of(questions)));
        }
        let steps = (1..=5).map(|step| format!("{times} * COUNT(*) FILTER (WHERE value = {step}), "));
        let counts = steps.chain([format!("{times} * COUNT(*)")]).collect();
        Part { table: "evaluation_scales", counts, conditions }
    }
}

/// The sums of some parts, in one question.
struct Sum<'a>(Vec<Part<'a>>);

impl QueryFragment<MultiBackend> for Sum<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        for (place, part) in self.0.iter().enumerate() {
            out.push_sql(if place == 0 { "" } else { " UNION ALL " });
            out.push_sql(&format!("SELECT kit_type_id, question_id, {} FROM {}", part.counts, part.table));
            for (place, condition) in part.conditions.iter().enumerate() {
                out.push_sql(if place == 0 { " WHERE " } else { " AND " });
                condition.walk_ast(out.reborrow())?;
            }
            out.push_sql(" GROUP BY kit_type_id, question_id");
        }
        Ok(())
    }
}

// Known by its text.
impl QueryId for Sum<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Sum<'_> {
    type SqlType = (IdSql, Text, (BigInt, BigInt, BigInt, BigInt, BigInt, BigInt));
}

impl RunQueryDsl<Conn> for Sum<'_> {}

/// The scale questions of these forms.
fn scales(forms: &[Arc<Form>]) -> Vec<&str> {
    let all = forms.iter().flat_map(|form| &form.questions).filter(|question| question.kind == Kind::Scale);
    all.map(|question| question.id.as_str()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// A question as the newest form that has it asks it.
struct Asked {
    /// Its place there; none when no form has it.
    place: Option<usize>,
    label: String,
}

impl Asked {
    fn of(forms: &[Arc<Form>], question: &str, lang: Lang) -> Self {
        let label = forms.iter().find_map(|form| form.question(question));
        Self {
            place: forms.iter().find_map(|form| form.questions.iter().position(|other| other.id == question)),
            label: label.map_or(question, |question| question.label.in_language(lang)).to_owned(),
        }
    }
}

/// What the evaluations of one kit type add up to.
#[derive(Debug, Clone, Copy, Default, Queryable)]
pub struct Totals {
    /// How many evaluations.
    pub evaluations: i64,
    /// How many would borrow it again.
    pub again: i64,
    /// How many said whether they would.
    pub asked_again: i64,
}

/// What all evaluations of a kit type add up to.
///
/// # Errors
/// When the database fails.
pub fn totals(conn: &mut Conn, organisation: OrganisationId, kit_type: KitTypeId) -> Result<Totals, Error> {
    Ok(evaluation_totals::table
        .filter(evaluation_totals::kit_type_id.eq(kit_type).and(evaluation_totals::organisation_id.eq(organisation)))
        .select((
            sql::<BigInt>("CAST(COALESCE(SUM(evaluations), 0) AS BIGINT)"),
            sql::<BigInt>("CAST(COALESCE(SUM(again), 0) AS BIGINT)"),
            sql::<BigInt>("CAST(COALESCE(SUM(asked_again), 0) AS BIGINT)"),
        ))
        .get_result(conn)?)
}

/// What those who borrowed a kit type thought of it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Opinion {
    /// How many chose a step of the question that was asked for.
    pub n: i64,
    /// The steps they chose, added up.
    pub sum: i64,
    /// How many would borrow it again.
    pub again: i64,
    /// How many said whether they would.
    pub asked_again: i64,
}

impl Opinion {
    /// The mean of the chosen steps, 1 to 5; none when nobody chose one.
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| self.sum as f64 / self.n as f64)
    }
}

/// What those who borrowed these kit types thought of them, with their answers to one scale question.
///
/// # Errors
/// When the database fails.
pub fn opinions(
    conn: &mut Conn,
    organisation: OrganisationId,
    kit_types: &[KitTypeId],
    question: &str,
) -> Result<HashMap<KitTypeId, Opinion>, Error> {
    let mut opinions: HashMap<KitTypeId, Opinion> = HashMap::new();
    let steps: Vec<(KitTypeId, i32, i64)> = scale_totals::table
        .filter(scale_totals::organisation_id.eq(organisation).and(scale_totals::kit_type_id.one_of(kit_types)))
        .filter(scale_totals::question_id.eq(question).and(scale_totals::value.gt(0)))
        .select((scale_totals::kit_type_id, scale_totals::value, scale_totals::answers))
        .load(conn)?;
    for (kit_type, step, count) in steps {
        let opinion = opinions.entry(kit_type).or_default();
        opinion.n += count;
        opinion.sum += i64::from(step) * count;
    }
    let again: Vec<(KitTypeId, i64, i64)> = evaluation_totals::table
        .filter(evaluation_totals::organisation_id.eq(organisation))
        .filter(evaluation_totals::kit_type_id.one_of(kit_types))
        .group_by(evaluation_totals::kit_type_id)
        .select((
            evaluation_totals::kit_type_id,
            sql::<BigInt>("CAST(SUM(again) AS BIGINT)"),
            sql::<BigInt>("CAST(SUM(asked_again) AS BIGINT)"),
        ))
        .load(conn)?;
    for (kit_type, again, asked_again) in again {
        let opinion = opinions.entry(kit_type).or_default();
        (opinion.again, opinion.asked_again) = (again, asked_again);
    }
    Ok(opinions)
}

/// Some kit types of an organisation, by name: those after the cursor, one more than the page shows.
fn page_of_types(
    conn: &mut Conn,
    organisation: OrganisationId,
    only: Option<KitTypeId>,
    paging: &Paging,
) -> Result<Vec<KitTypeName>, Error> {
    let of_organisation = kit_types::table.filter(kit_types::organisation_id.eq(organisation));
    let mut types = of_organisation
        .order((kit_types::name.asc(), kit_types::id.asc()))
        .limit(paging.rows())
        .select(KitTypeName::as_select())
        .into_boxed();
    if let Some(id) = only {
        types = types.filter(kit_types::id.eq(id));
    }
    if let Some(after) = paging.after::<KitTypeId>()? {
        let last: Option<String> =
            of_organisation.filter(kit_types::id.eq(after)).select(kit_types::name).first(conn).optional()?;
        let last = last.ok_or_else(Paging::no_cursor)?;
        types = types.filter(kit_types::name.ge(last.clone()));
        types = types.filter(kit_types::name.gt(last).or(kit_types::id.gt(after)));
    }
    Ok(types.load(conn)?)
}
