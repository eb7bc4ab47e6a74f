//! Evaluations as developers read them: the list, one evaluation, and the summary.

use crate::accounts::session::Developer;
use crate::accounts::store::Organisation;
use crate::evaluations::answers::Answer;
use crate::evaluations::queries::{self, Filter};
use crate::evaluations::rules::Share;
use crate::evaluations::views::{EvaluationView, FormView, SummaryView, TypeTotals};
use crate::evaluations::wording::{
    Answered, FEWEST_ANSWERS, Tip, answered, in_words, opinion, percent, quote, share_of, shown_mean, words,
};
use crate::platform::error::{Error, FieldError as WrongField};
use crate::platform::ids::EvaluationId;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Tag};
use crate::platform::web::page::{self, Page, query_value};
use crate::platform::web::paging::Paging;
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

type App = web::Data<AppState>;

/// How many words of others are shown at once.
const QUOTES: usize = 5;
/// How many characters of an answer a list shows.
const BEGINNING: usize = 180;
/// The texts that show best what an evaluation is about, best first.
const TELLING: [&str; 5] = ["how", "reaction", "tips", "hard", "condition_note"];
/// The question that tells best why a kit was not used.
const WHY_NOT_USED: &str = "notused_why";

/// The routes of this feature. What is written out goes before what stands for an id.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/utvarderingar", web::get().to(list))
        .route("/utvarderingar/sammanfattning", web::get().to(summary))
        .route("/utvarderingar/{id}", web::get().to(one));
}

#[derive(Template)]
#[template(path = "evaluations/list.html")]
struct ListPage {
    t: Texts,
    page: Page,
    kit_types: Vec<Choice>,
    units: Vec<Choice>,
    errors: Vec<FieldError>,
    from: Field,
    to: Field,
    narrowed: bool,
    items: Vec<EvaluationRow>,
    newer: Option<String>,
    older: Option<String>,
}

struct EvaluationRow {
    href: String,
    kit: String,
    unit: String,
    day: String,
    used: bool,
    text: String,
    scores: String,
    shared: Option<Tag>,
}

#[derive(Template)]
#[template(path = "evaluations/one.html")]
struct OnePage {
    t: Texts,
    page: Page,
    kit: String,
    kit_href: String,
    unit: String,
    weeks: String,
    submitted: String,
    loan_href: String,
    form_version: i32,
    shared: Tag,
    answers: Vec<Answered>,
    newer: Option<String>,
    older: Option<String>,
}

#[derive(Template)]
#[template(path = "evaluations/summary.html")]
struct SummaryPage {
    t: Texts,
    page: Page,
    kit_types: Vec<Choice>,
    errors: Vec<FieldError>,
    from: Field,
    to: Field,
    period: String,
    none: bool,
    narrowed: bool,
    numbers: Vec<Number>,
    rows: Vec<TypeRow>,
    questions: Vec<Distribution>,
    quotes: Vec<Tip>,
}

struct Number {
    value: String,
    label: String,
}

struct TypeRow {
    href: String,
    name: String,
    evaluations: i64,
    used: String,
    children: i64,
    fun: String,
    easy: String,
    again: String,
}

struct Distribution {
    label: String,
    answers: i64,
    mean: Option<String>,
    too_few: bool,
    unknown: i64,
    bars: Vec<Bar>,
}

struct Bar {
    label: String,
    count: i64,
    percent: i64,
}

/// A filter as a page's form sends it: an empty field narrows nothing, nor does a wrong one, which says so.
#[derive(Debug, Clone, Default, Deserialize)]
struct Wanted {
    #[serde(default)]
    kit_type_id: String,
    #[serde(default)]
    unit_id: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    cursor: Option<String>,
}

impl Wanted {
    /// What is asked for, and what is wrong with the period.
    fn filter(&self, t: Texts) -> Result<(Filter, Errors), Error> {
        let mut wrong = Vec::new();
        let mut day = |field: &str, text: &str| match text.parse::<NaiveDate>() {
            Ok(day) => Some(day),
            Err(_) => {
                wrong.extend((!text.is_empty()).then(|| WrongField::new(field, "field.day")));
                None
            }
        };
        let (from, mut to) = (day("from", &self.from), day("to", &self.to));
        if let (Some(first), Some(last)) = (from, to)
            && last < first
        {
            wrong.push(WrongField::new("to", "field.before").arg("first", first));
            to = None;
        }
        let (kit_type_id, unit_id) = (self.kit_type_id.parse().ok(), self.unit_id.parse().ok());
        Ok((Filter { kit_type_id, unit_id, from, to }, Errors::of(Error::invalid_fields(wrong), t)?))
    }

    /// The address of the list with the same filters.
    fn address(&self) -> String {
        let narrowed =
            [("kit_type_id", &self.kit_type_id), ("unit_id", &self.unit_id), ("from", &self.from), ("to", &self.to)];
        let narrowed: Vec<String> = narrowed
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", query_value(value)))
            .collect();
        format!("/utvarderingar?{}", narrowed.join("&"))
    }
}

/// What is wrong with a period, with the labels of its fields.
fn summary_of(errors: Errors, t: Texts) -> Vec<FieldError> {
    errors.named(|field| t.find(&format!("evaluations-{field}")))
}

/// A list to choose from, whose first line narrows nothing.
fn narrowing(all: String, names: Vec<(String, String)>, chosen: &str) -> Vec<Choice> {
    let everything = Choice { value: String::new(), label: all, checked: chosen.is_empty() };
    let each = names.into_iter().map(|(value, label)| Choice { checked: value == chosen, value, label });
    std::iter::once(everything).chain(each).collect()
}

async fn list(
    request: HttpRequest,
    app: App,
    who: Developer,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let page = Page::new(&request, &t.s("evaluations-list"));
    let (filter, errors) = wanted.filter(t)?;
    let cursor = wanted.cursor.clone().filter(|cursor| cursor.parse::<EvaluationId>().is_ok());
    let narrowed = filter.narrows();
    let paging = Paging { limit: None, cursor: cursor.clone() };
    let (found, form, kit_types, units) = app
        .db
        .read(move |conn| {
            let organisation = who.organisation_id();
            Ok((
                queries::list(conn, &who.organisation, &filter, &paging)?,
                queries::newest_form(conn, organisation, t.lang)?,
                queries::kit_types(conn, organisation)?,
                queries::units(conn, organisation)?,
            ))
        })
        .await?;
    let (newer, older) = page::list_pages(&wanted.address(), cursor.as_deref(), found.next.as_deref());
    let kit_types = kit_types.into_iter().map(|kit_type| (kit_type.id.to_string(), kit_type.name)).collect();
    let units = units.into_iter().map(|unit| (unit.id.to_string(), unit.name)).collect();
    Ok(page::ok(&ListPage {
        t,
        page,
        kit_types: narrowing(t.s("evaluations-all-types"), kit_types, &wanted.kit_type_id),
        units: narrowing(t.s("evaluations-all-units"), units, &wanted.unit_id),
        from: errors.field("from", &wanted.from),
        to: errors.field("to", &wanted.to),
        errors: summary_of(errors, t),
        narrowed,
        items: found.items.iter().map(|evaluation| row(evaluation, &form, t)).collect(),
        newer,
        older,
    }))
}

fn row(evaluation: &EvaluationView, form: &FormView, t: Texts) -> EvaluationRow {
    let why = form.questions.iter().find(|question| question.id == WHY_NOT_USED).and_then(|question| {
        let answer = evaluation.answers.get(WHY_NOT_USED)?;
        Some(in_words(question, answer))
    });
    let text = why.as_deref().or_else(|| TELLING.iter().find_map(|id| words(&evaluation.answers, id)));
    let scores: Vec<String> = [("fun", "evaluations-col-fun"), ("easy_start", "evaluations-col-easy")]
        .iter()
        .filter_map(|(id, key)| match evaluation.answers.get(*id) {
            Some(Answer::Number(step)) => Some(format!("{} {step}", t.s(key))),
            _ => None,
        })
        .collect();
    EvaluationRow {
        href: format!("/utvarderingar/{}", evaluation.id),
        kit: evaluation.kit_type.name.clone(),
        unit: evaluation.unit.name.clone(),
        day: t.date(evaluation.submitted_on),
        used: evaluation.used,
        text: beginning(text.unwrap_or_default()),
        scores: scores.join(" · "),
        shared: Some(evaluation.share).filter(|share| *share != Share::No).map(|share| share_tag(share, t)),
    }
}

/// The beginning of a text, cut between two words.
fn beginning(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(BEGINNING) else { return text.to_owned() };
    let cut = text.get(..end).unwrap_or(text);
    let cut = cut.rsplit_once(char::is_whitespace).map_or(cut, |(words, _)| words);
    format!("{cut} …")
}

fn share_tag(share: Share, t: Texts) -> Tag {
    let (color, icon) = match share {
        Share::Named => ("success", "check"),
        Share::Anonymous => ("info", "check"),
        Share::No => ("neutral", "stop"),
    };
    Tag { color, icon, text: t.s(&format!("evaluations-share-{share}")) }
}

async fn one(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<EvaluationId>,
) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let organisation = who.organisation.clone();
    let (details, newer, older) = app
        .db
        .read(move |conn| {
            let details = queries::one(conn, organisation.id, *id, t.lang)?;
            let (newer, older) = queries::neighbours(conn, organisation.id, &details.evaluation)?;
            Ok((details, newer, older))
        })
        .await?;
    let evaluation = details.evaluation;
    let href = |id: EvaluationId| format!("/utvarderingar/{id}");
    Ok(page::ok(&OnePage {
        t,
        page: Page::new(&request, &evaluation.kit_type.name),
        answers: answered(&details.form, &evaluation.answers),
        kit: evaluation.kit_type.name.clone(),
        kit_href: format!("/lador/{}", evaluation.kit_type.id),
        unit: evaluation.unit.name.clone(),
        weeks: t.weeks(evaluation.first_day, evaluation.last_day),
        submitted: t.moment(evaluation.submitted_at, who.organisation.zone()),
        loan_href: format!("/lan/{}", evaluation.loan_id),
        form_version: evaluation.form_version,
        shared: share_tag(evaluation.share, t),
        newer: newer.map(href),
        older: older.map(href),
    }))
}

async fn summary(
    request: HttpRequest,
    app: App,
    who: Developer,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let page = Page::new(&request, &t.s("evaluations-summary"));
    // The page has no field for the unit.
    let (filter, errors) = wanted.filter(t)?;
    let filter = Filter { unit_id: None, ..filter };
    let asked = filter.clone();
    let (kit_types, totals, scales, form, newest) = app
        .db
        .read(move |conn| {
            let organisation: &Organisation = &who.organisation;
            let newest = match asked.kit_type_id {
                Some(_) => queries::list(conn, organisation, &asked, &Paging::default())?.items,
                None => Vec::new(),
            };
            Ok((
                queries::kit_types(conn, organisation.id)?,
                queries::totals(conn, organisation, &asked)?,
                queries::summary(conn, organisation.id, &asked, t.lang)?,
                queries::newest_form(conn, organisation.id, t.lang)?,
                newest,
            ))
        })
        .await?;
    let chosen = filter.kit_type_id.is_some();
    let names = kit_types.into_iter().map(|kit_type| (kit_type.id.to_string(), kit_type.name)).collect();
    Ok(page::ok(&SummaryPage {
        page,
        kit_types: narrowing(t.s("evaluations-all-types"), names, &wanted.kit_type_id),
        from: errors.field("from", &wanted.from),
        to: errors.field("to", &wanted.to),
        errors: summary_of(errors, t),
        period: period(&filter, t),
        none: totals.is_empty(),
        narrowed: filter.narrows(),
        numbers: numbers(&totals, t),
        rows: if chosen {
            Vec::new()
        } else {
            totals.iter().map(|total| type_row(total, &scales, &wanted, t)).collect()
        },
        questions: if chosen { scales.iter().map(|scale| distribution(scale, &form, t)).collect() } else { Vec::new() },
        quotes: newest.iter().filter_map(|evaluation| quote(evaluation, t, true)).take(QUOTES).collect(),
        t,
    }))
}

fn period(filter: &Filter, t: Texts) -> String {
    match (filter.from, filter.to) {
        (None, None) => t.s("evaluations-always"),
        (Some(from), None) => t.v("evaluations-period-from", "from", t.date(from)),
        (None, Some(to)) => t.v("evaluations-period-to", "to", t.date(to)),
        (Some(from), Some(to)) => {
            t.a("evaluations-period", &[("from", t.date(from).into()), ("to", t.date(to).into())])
        }
    }
}

fn numbers(totals: &[TypeTotals], t: Texts) -> Vec<Number> {
    let sum = |part: fn(&TypeTotals) -> i64| totals.iter().map(part).sum::<i64>();
    let evaluations = sum(|total| total.evaluations);
    let number = |value: String, key: &str| Number { value, label: t.s(key) };
    vec![
        number(evaluations.to_string(), "evaluations-col-answers"),
        number(share_of(sum(|total| total.used), evaluations, t), "evaluations-col-used"),
        number(sum(|total| total.children).to_string(), "evaluations-col-children"),
        number(opinion(sum(|total| total.again), sum(|total| total.asked_again), t), "evaluations-col-again"),
    ]
}

fn type_row(total: &TypeTotals, scales: &[SummaryView], wanted: &Wanted, t: Texts) -> TypeRow {
    let mean_of = |question: &str| {
        let scale = scales.iter().find(|scale| scale.kit_type.id == total.kit_type.id && scale.question_id == question);
        scale.and_then(|scale| shown_mean(scale, t.lang)).unwrap_or_else(|| "–".to_owned())
    };
    let mut href = format!("/utvarderingar/sammanfattning?kit_type_id={}", total.kit_type.id);
    for (name, value) in [("from", &wanted.from), ("to", &wanted.to)].into_iter().filter(|(_, value)| !value.is_empty())
    {
        href.push_str(&format!("&{name}={}", query_value(value)));
    }
    TypeRow {
        href,
        name: total.kit_type.name.clone(),
        evaluations: total.evaluations,
        used: share_of(total.used, total.evaluations, t),
        children: total.children,
        fun: mean_of("fun"),
        easy: mean_of("easy_start"),
        again: opinion(total.again, total.asked_again, t),
    }
}

fn distribution(scale: &SummaryView, form: &FormView, t: Texts) -> Distribution {
    let question = form.questions.iter().find(|question| question.id == scale.question_id);
    let words = |step: usize| {
        let option = question.and_then(|question| question.options.get(step));
        option.map_or_else(|| (step + 1).to_string(), |option| option.label.clone())
    };
    Distribution {
        label: scale.label.clone(),
        answers: scale.n,
        mean: shown_mean(scale, t.lang),
        too_few: scale.n < FEWEST_ANSWERS,
        unknown: scale.dont_know,
        bars: scale
            .distribution
            .iter()
            .enumerate()
            .map(|(step, count)| Bar { label: words(step), count: *count, percent: percent(*count, scale.n) })
            .collect(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_words() {
        assert_eq!(beginning("Vi byggde."), "Vi byggde.");
        let long = "åäö ".repeat(100);
        let cut = beginning(long.trim());
        assert!(cut.ends_with("åäö …"), "{cut}");
        assert!(cut.chars().count() <= BEGINNING + 2);
        assert!(beginning(&"å".repeat(500)).chars().count() <= BEGINNING + 2);
    }
}
