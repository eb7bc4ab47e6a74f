//! Statistics as developers look at them: kit types compared, one in full, equity, payments, and the loans behind a figure.

use crate::accounts::session::Developer;
use crate::evaluations::queries as evaluations;
use crate::evaluations::search::query::Search;
use crate::evaluations::wording::{Bar, Distribution, Reader, Tip, decimal, percent, quote, share_of};
use crate::platform::error::Error;
use crate::platform::ids::{KitTypeId, LoanId, UnitId};
use crate::platform::state::AppState;
use crate::platform::term::Term;
use crate::platform::text::Texts;
use crate::platform::web::download::{self, AsFile};
use crate::platform::web::forms::{Choice, Tag};
use crate::platform::web::page::{self, Page, query_value};
use crate::platform::web::paging::Paging;
use crate::platform::web::texts;
use crate::reports::exchange::queries::Beside;
use crate::reports::loans::{self, Of, Which};
use crate::reports::plot::{self, Plot, Point};
use crate::reports::rules::{self, Advice, MOST_TERMS, Terms};
use crate::reports::views::{AreaFigures, KitTypeFigures, PaymentReport, QuestionCount, TermFigures, UnitFigures};
use crate::reports::wording::{days, distribution, mean, part, per_10_loans, period};
use crate::reports::{equity, exchange, export, kit_types, payments};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;
use std::cmp::Ordering;

type App = web::Data<AppState>;

/// How many words of others are shown at once.
const QUOTES: usize = 5;
/// How many units a page lists.
const UNITS_TOLD: usize = 30;
/// How many kit types a page compares.
const TYPES_TOLD: usize = 50;
/// What stands where there is no figure.
const NOTHING: &str = "–";

/// The routes of this feature.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/statistik", web::get().to(compare))
        .route("/statistik/exportera", web::get().to(compare_file))
        .route("/statistik/lador/{id}", web::get().to(one_type))
        .route("/statistik/likvardighet", web::get().to(equity_page))
        .route("/statistik/betalning", web::get().to(payment_page))
        .route("/statistik/lan", web::get().to(lent));
}

/// Which terms are looked at, in the address; what is no term asks for the usual ones.
#[derive(Debug, Clone, Default, Deserialize)]
struct Wanted {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    sort: String,
    cursor: Option<String>,
}

impl Wanted {
    fn terms(&self, today: NaiveDate) -> Terms {
        let usual = Terms::lately(today);
        let to = self.to.parse().unwrap_or(usual.to);
        Terms::between(self.from.parse().unwrap_or_else(|()| to.min(usual.from)), to)
    }

    /// The part of a list that is shown: where it begins. The order of what is counted changes little, and one more or less
    /// at a seam is no loss here. `list` is the id of the list on its page.
    fn part(&self, here: &str, list: &str, all: usize, most: usize) -> ListPart {
        let begins: usize = self.cursor.as_deref().and_then(|cursor| cursor.parse().ok()).unwrap_or_default();
        let end = begins.saturating_add(most);
        let cursor = (begins > 0).then(|| begins.to_string());
        let next = (all > end).then(|| end.to_string());
        let (first, next) = page::list_pages(here, cursor.as_deref(), next.as_deref());
        let at_list = |address: String| format!("{address}#{list}");
        ListPart { begins, first: first.map(at_list), next: next.map(at_list) }
    }
}

/// A part of a list, and the addresses of the first part and the next one.
struct ListPart {
    begins: usize,
    first: Option<String>,
    next: Option<String>,
}

/// What every page of statistics has on top.
struct Frame {
    title: String,
    /// The terms in words.
    period: String,
    /// This page, which the terms are chosen for.
    here: String,
    from: Vec<Choice>,
    to: Vec<Choice>,
    tabs: Vec<Tab>,
}

struct Tab {
    href: String,
    words: String,
    current: bool,
}

impl Frame {
    fn new(request: &HttpRequest, title: String, terms: Terms, today: NaiveDate) -> Self {
        let t = texts(request);
        let here = request.path().to_owned();
        let newest = terms.to.max(Term::of(today));
        let offered: Vec<Term> = (0..MOST_TERMS as i32).map(|back| newest.before(back)).collect();
        let choices = |chosen: Term| {
            let listed = offered.iter().map(|term| Choice {
                value: term.to_string(),
                label: t.term(*term),
                checked: *term == chosen,
            });
            listed.collect()
        };
        let tabs = [
            ("/statistik", "reports-kit-types"),
            ("/statistik/likvardighet", "reports-equity"),
            ("/statistik/betalning", "reports-payments"),
            ("/statistik/utbyte", "exchange"),
        ];
        Self {
            from: choices(terms.from),
            to: choices(terms.to),
            tabs: tabs
                .into_iter()
                .map(|(path, key)| Tab { href: address(path, terms, &[]), words: t.s(key), current: path == here })
                .collect(),
            title,
            period: period(terms, t),
            here,
        }
    }
}

/// An address of some terms.
fn address(path: &str, terms: Terms, more: &[(&str, &str)]) -> String {
    let mut address = format!("{path}?from={}&to={}", terms.from, terms.to);
    for (name, value) in more {
        address.push_str(&format!("&{name}={}", query_value(value)));
    }
    address
}

/// The loans behind a figure.
fn loans_of(terms: Terms, name: &str, value: &str) -> String {
    address("/statistik/lan", terms, &[(name, value)])
}

/// The loans that ended in some terms, or are late.
fn ended_loans(terms: Terms, which: Which) -> String {
    loans_of(terms, "which", which.as_str())
}

/// The evaluations that came in during these terms.
fn evaluations_in(terms: Terms) -> String {
    format!("/utvarderingar?from={}&to={}", terms.first_day(), terms.last_day())
}

/// Those of a kit type.
fn evaluations_of(kit_type: KitTypeId, terms: Terms) -> String {
    format!("{}&kit_type_id={kit_type}", evaluations_in(terms))
}

fn advice_tag(advice: Option<Advice>, t: Texts) -> Option<Tag> {
    let advice = advice?;
    let (color, icon) = match advice {
        Advice::BuyMore => ("success", "check"),
        Advice::Spread => ("info", "info"),
        Advice::Keep => ("neutral", "check"),
        Advice::PhaseOut => ("warning", "alert"),
    };
    Some(Tag { color, icon, text: t.s(&format!("reports-advice-{advice}")) })
}

struct Number {
    value: String,
    label: String,
    href: Option<String>,
}

fn number(value: impl ToString, label: String, href: Option<String>) -> Number {
    Number { value: value.to_string(), label, href }
}

#[derive(Template)]
#[template(path = "reports/kit_types.html")]
struct ComparePage {
    t: Texts,
    page: Page,
    frame: Frame,
    numbers: Vec<Number>,
    plot: Plot,
    /// The same in words, for a screen without room for the plot.
    fields: Vec<PlotField>,
    /// Kit types that too few have said the worth of.
    untold: Vec<String>,
    columns: Vec<Column>,
    rows: Vec<TypeRow>,
    first: Option<String>,
    next: Option<String>,
    download: String,
    year_report: String,
}

impl ComparePage {
    /// A number on an axis.
    fn digits(&self, number: &f64) -> String {
        if number.fract() == 0.0 { format!("{number:.0}") } else { decimal(*number, self.t.lang) }
    }

    /// What a dot shows, in words.
    fn told(&self, dot: &plot::Dot) -> String {
        let number = |number: f64| decimal(number, self.t.lang).into();
        let point = &dot.point;
        let args =
            [("name", point.name.clone().into()), ("demand", number(point.demand)), ("worth", number(point.worth))];
        self.t.a("reports-dot", &args)
    }
}

/// One of the four fields of the plot, with the kit types in it.
struct PlotField {
    words: String,
    text: String,
    kit_types: Vec<(String, String)>,
}

/// A column's head, by which the rows can be sorted.
struct Column {
    words: String,
    href: String,
    sorted: Option<&'static str>,
}

struct TypeRow {
    name: String,
    href: String,
    retired: bool,
    advice: Option<Tag>,
    cells: Vec<Cell>,
}

struct Cell {
    label: String,
    text: String,
    href: Option<String>,
}

/// A column: its key, what it sorts by, most first.
type Sorting = (&'static str, fn(&KitTypeFigures) -> f64);

/// The columns with figures, in their order.
const COLUMNS: [Sorting; 12] = [
    ("loans", |one| one.loans as f64),
    ("evaluations", |one| one.evaluations as f64),
    ("used", |one| if one.evaluations > 0 { one.used as f64 / one.evaluations as f64 } else { -1.0 }),
    ("children", |one| one.children as f64),
    ("fun", |one| one.fun.mean.unwrap_or_default()),
    ("easy", |one| one.easy.mean.unwrap_or_default()),
    ("worth", |one| one.worth.mean.unwrap_or_default()),
    ("again", |one| if one.again.of > 0 { one.again.count as f64 / one.again.of as f64 } else { -1.0 }),
    ("waiting", |one| one.waiting as f64),
    ("refused", |one| one.refused_weeks as f64),
    ("lost", |one| if one.loans > 0 { one.lost_parts as f64 / one.loans as f64 } else { -1.0 }),
    ("cost", |one| one.cost as f64),
];

async fn compare(
    request: HttpRequest,
    app: App,
    who: Developer,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let today = who.organisation.today(app.clock.now());
    let terms = wanted.terms(today);
    let mut figures = app.db.read(move |conn| kit_types::compared(conn, &who.organisation, terms)).await?;
    let demands = figures.iter().filter(|one| !one.retired).map(|one| one.demand).collect();
    let middle = rules::median(demands).unwrap_or_default();
    let in_use = || figures.iter().filter(|one| !one.retired);
    let points = in_use().filter_map(|one| {
        Some(Point {
            name: one.kit_type.name.clone(),
            href: address(&format!("/statistik/lador/{}", one.kit_type.id), terms, &[]),
            demand: one.demand,
            worth: one.worth.mean?,
        })
    });
    let plot = plot::plot(points.collect(), middle);
    let fields = Advice::ALL.iter().map(|advice| PlotField {
        words: t.s(&format!("reports-advice-{advice}")),
        text: t.s(&format!("year-advice-{advice}")),
        kit_types: in_use()
            .filter(|one| one.advice == Some(*advice))
            .map(|one| {
                (one.kit_type.name.clone(), address(&format!("/statistik/lador/{}", one.kit_type.id), terms, &[]))
            })
            .collect(),
    });
    let fields = fields.collect();
    let untold = in_use().filter(|one| one.worth.mean.is_none()).map(|one| one.kit_type.name.clone()).collect();
    let sum = |part: fn(&KitTypeFigures) -> i64| figures.iter().map(part).sum::<i64>();
    let answers = (sum(|one| one.evaluations) > 0).then(|| evaluations_in(terms));
    let numbers = vec![
        number(sum(|one| one.loans), t.s("reports-sum-loans"), Some(address("/statistik/lan", terms, &[]))),
        number(sum(|one| one.evaluations), t.s("reports-sum-evaluations"), answers.clone()),
        number(share_of(sum(|one| one.used), sum(|one| one.evaluations), t), t.s("reports-sum-used"), answers.clone()),
        number(sum(|one| one.children), t.s("reports-sum-children"), answers),
        number(sum(|one| one.waiting), t.s("reports-sum-waiting"), None),
    ];
    let sorted = COLUMNS.iter().find(|(key, _)| *key == wanted.sort);
    if let Some((_, by)) = sorted {
        figures.sort_by(|one, other| by(other).partial_cmp(&by(one)).unwrap_or(Ordering::Equal));
    }
    let frame = Frame::new(&request, t.s("reports-title"), terms, today);
    let columns = COLUMNS.iter().map(|(key, _)| Column {
        words: t.s(&format!("reports-col-{key}")),
        href: address("/statistik", terms, &[("sort", key)]),
        sorted: (sorted.is_some_and(|(by, _)| by == key)).then_some("descending"),
    });
    let columns = columns.collect();
    let sorting = sorted.map(|(key, _)| ("sort", *key));
    let here = address("/statistik", terms, sorting.as_slice());
    let part = wanted.part(&here, "compared", figures.len(), TYPES_TOLD);
    let rows = figures.iter().skip(part.begins).take(TYPES_TOLD).map(|one| type_row(one, terms, t)).collect();
    let page = Page::new(&request, &frame.title);
    let download = address("/statistik/exportera", terms, &[]) + "&format";
    let year_report = format!("/statistik/arsrapport?year={}", terms.to.year());
    Ok(page::ok(&ComparePage {
        t,
        page,
        frame,
        numbers,
        plot,
        fields,
        untold,
        columns,
        rows,
        first: part.first,
        next: part.next,
        download,
        year_report,
    }))
}

/// Kit types compared, as a file.
async fn compare_file(
    request: HttpRequest,
    app: App,
    who: Developer,
    wanted: web::Query<Wanted>,
    file: web::Query<AsFile>,
) -> Result<HttpResponse, Error> {
    let terms = wanted.terms(who.organisation.today(app.clock.now()));
    let figures = app.db.read(move |conn| kit_types::compared(conn, &who.organisation, terms)).await?;
    let format = file.format();
    Ok(download::whole("statistik", format, export::file(figures, terms, format, texts(&request)).await?))
}

fn type_row(one: &KitTypeFigures, terms: Terms, t: Texts) -> TypeRow {
    let id = one.kit_type.id;
    let lent = (one.loans > 0).then(|| loans_of(terms, "kit_type_id", &id.to_string()));
    let answers = (one.evaluations > 0).then(|| evaluations_of(id, terms));
    let told = |figure: String| {
        let href = answers.clone().filter(|_| figure != NOTHING);
        (figure, href)
    };
    let texts = [
        (one.loans.to_string(), lent),
        told(one.evaluations.to_string()),
        told(share_of(one.used, one.evaluations, t)),
        told(one.children.to_string()),
        told(mean(one.fun, t)),
        told(mean(one.easy, t)),
        told(mean(one.worth, t)),
        told(part(one.again, t)),
        (one.waiting.to_string(), None),
        (one.refused_weeks.to_string(), None),
        (per_10_loans(one.lost_parts, one.loans, t), None),
        (t.money(one.cost), None),
    ];
    let cells = COLUMNS.iter().zip(texts).map(|((key, _), (text, href))| Cell {
        label: t.s(&format!("reports-col-{key}")),
        text,
        href,
    });
    TypeRow {
        name: one.kit_type.name.clone(),
        href: address(&format!("/statistik/lador/{id}"), terms, &[]),
        retired: one.retired,
        advice: advice_tag(one.advice, t),
        cells: cells.collect(),
    }
}

#[derive(Template)]
#[template(path = "reports/kit_type.html")]
struct TypePage {
    t: Texts,
    page: Page,
    frame: Frame,
    back: String,
    kit_type_href: String,
    advice: Option<Tag>,
    numbers: Vec<Number>,
    trend: Vec<TrendRow>,
    scales: Vec<Distribution>,
    choices: Vec<Distribution>,
    quotes: Vec<Tip>,
    evaluations_href: Option<String>,
    year_report: String,
    /// What other municipalities say, beside our own.
    beside: Vec<BesideRow>,
}

/// What a municipality says of a kit type.
struct BesideRow {
    who: String,
    period: String,
    name: String,
    evaluations: i64,
    used: String,
    again: String,
    fun: String,
    easy: String,
    worth: String,
    lost: String,
}

struct TrendRow {
    term: String,
    loans: i64,
    loans_href: Option<String>,
    percent: i64,
    evaluations: i64,
    evaluations_href: Option<String>,
    children: i64,
    fun: String,
    easy: String,
    worth: String,
}

async fn one_type(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<KitTypeId>,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, Error> {
    let (t, id) = (texts(&request), *id);
    let today = who.organisation.today(app.clock.now());
    let terms = wanted.terms(today);
    let (report, newest, others) = app
        .db
        .read(move |conn| {
            let search = Search {
                kit_type_id: Some(id),
                from: Some(terms.first_day()),
                to: Some(terms.last_day()),
                ..Search::default()
            };
            let report = kit_types::one(conn, &who.organisation, id, terms, t.lang)?;
            let newest = evaluations::list(conn, &who.organisation, &search, &Paging::default())?.items;
            let others = exchange::queries::beside(conn, who.organisation.id, &report.figures.kit_type.name)?;
            Ok((report, newest, others))
        })
        .await?;
    let figures = &report.figures;
    let answers = (figures.evaluations > 0).then(|| evaluations_of(id, terms));
    let lent = (figures.loans > 0).then(|| loans_of(terms, "kit_type_id", &id.to_string()));
    let again = part(figures.again, t);
    let told = answers.clone().filter(|_| again != NOTHING);
    let numbers = vec![
        number(figures.loans, t.s("reports-sum-loans"), lent),
        number(figures.evaluations, t.s("reports-sum-evaluations"), answers.clone()),
        number(share_of(figures.used, figures.evaluations, t), t.s("reports-sum-used"), answers.clone()),
        number(figures.children, t.s("reports-sum-children"), answers.clone()),
        number(again, t.v("reports-sum-again", "count", figures.again.of), told),
        number(figures.waiting, t.s("reports-sum-waiting"), None),
        number(days(figures.median_wait_days, t), t.s("reports-sum-wait"), None),
        number(figures.refused_weeks, t.v("reports-sum-refused", "count", figures.refused), None),
        number(
            per_10_loans(figures.lost_parts, figures.loans, t),
            t.v("reports-sum-lost", "count", figures.lost_parts),
            None,
        ),
        number(t.money(figures.cost), t.s("reports-sum-cost"), None),
    ];
    let beside = match others.is_empty() {
        true => Vec::new(),
        false => {
            std::iter::once(own_row(figures, terms, t)).chain(others.iter().map(|one| beside_row(one, t))).collect()
        }
    };
    let most = report.terms.iter().map(|term| term.loans).max().unwrap_or_default();
    let (scales, choices): (Vec<&QuestionCount>, Vec<&QuestionCount>) =
        report.questions.iter().partition(|question| question.scale);
    let frame = Frame::new(&request, figures.kit_type.name.clone(), terms, today);
    let page = Page::new(&request, &frame.title);
    Ok(page::ok(&TypePage {
        t,
        page,
        frame,
        back: address("/statistik", terms, &[]),
        kit_type_href: format!("/lador/{id}"),
        advice: advice_tag(figures.advice, t),
        numbers,
        trend: report.terms.iter().map(|term| trend_row(id, term, most, t)).collect(),
        scales: scales.into_iter().map(|question| distribution(question, figures.evaluations, t)).collect(),
        choices: choices.into_iter().map(|question| distribution(question, figures.evaluations, t)).collect(),
        quotes: newest.iter().filter_map(|evaluation| quote(evaluation, t, Reader::Developer)).take(QUOTES).collect(),
        evaluations_href: answers,
        year_report: format!("/statistik/lador/{id}/arsrapport?year={}", terms.to.year()),
        beside,
    }))
}

fn own_row(figures: &KitTypeFigures, terms: Terms, t: Texts) -> BesideRow {
    BesideRow {
        who: t.s("exchange-ours"),
        period: period(terms, t),
        name: figures.kit_type.name.clone(),
        evaluations: figures.evaluations,
        used: share_of(figures.used, figures.evaluations, t),
        again: part(figures.again, t),
        fun: mean(figures.fun, t),
        easy: mean(figures.easy, t),
        worth: mean(figures.worth, t),
        lost: per_10_loans(figures.lost_parts, figures.loans, t),
    }
}

fn beside_row(one: &Beside, t: Texts) -> BesideRow {
    let figures = &one.figures;
    let scale = |id: &str| match figures.questions.iter().find(|question| question.id == id) {
        Some(question) => format!("{} ({})", decimal(question.mean(), t.lang), question.n),
        None => "–".to_owned(),
    };
    BesideRow {
        who: one.municipality.clone(),
        period: period(one.terms, t),
        name: figures.name.clone(),
        evaluations: figures.evaluations,
        used: share_of(figures.used.count, figures.used.of, t),
        again: figures.again.map_or_else(|| "–".to_owned(), |again| part(again, t)),
        fun: scale("fun"),
        easy: scale("easy_start"),
        worth: scale("value"),
        lost: figures.lost_per_10_loans.map_or_else(|| "–".to_owned(), |lost| decimal(lost, t.lang)),
    }
}

fn trend_row(kit_type: KitTypeId, term: &TermFigures, most: i64, t: Texts) -> TrendRow {
    let terms = Terms::between(term.term, term.term);
    TrendRow {
        term: t.term(term.term),
        loans: term.loans,
        loans_href: (term.loans > 0).then(|| loans_of(terms, "kit_type_id", &kit_type.to_string())),
        percent: percent(term.loans, most),
        evaluations: term.evaluations,
        evaluations_href: (term.evaluations > 0).then(|| evaluations_of(kit_type, terms)),
        children: term.children,
        fun: mean(term.fun, t),
        easy: mean(term.easy, t),
        worth: mean(term.worth, t),
    }
}

#[derive(Template)]
#[template(path = "reports/equity.html")]
struct EquityPage {
    t: Texts,
    page: Page,
    frame: Frame,
    areas: Vec<AreaRow>,
    to_call: Vec<UnitRow>,
    /// How many there are to call, where that is more than are listed.
    all_to_call: Option<i64>,
    units: Vec<UnitRow>,
    first: Option<String>,
    next: Option<String>,
}

struct AreaRow {
    name: String,
    href: Option<String>,
    units: i64,
    loans: i64,
    per_100: String,
    without: i64,
    won: String,
    wait: String,
}

struct UnitRow {
    name: String,
    area: String,
    email: String,
    children: String,
    loans: i64,
    href: Option<String>,
    newest: String,
}

async fn equity_page(
    request: HttpRequest,
    app: App,
    who: Developer,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let today = who.organisation.today(app.clock.now());
    let terms = wanted.terms(today);
    let report = app.db.read(move |conn| equity::report(conn, &who.organisation, terms, today)).await?;
    let frame = Frame::new(&request, t.s("reports-equity"), terms, today);
    let here = address("/statistik/likvardighet", terms, &[]);
    let part = wanted.part(&here, "units", report.units.len(), UNITS_TOLD);
    let to_call: Vec<&UnitFigures> = report.units.iter().filter(|unit| unit.without_loan).collect();
    let row = |unit: &UnitFigures| unit_row(unit, terms, t);
    Ok(page::ok(&EquityPage {
        t,
        page: Page::new(&request, &frame.title),
        frame,
        areas: report.areas.iter().map(|area| area_row(area, terms, t)).collect(),
        all_to_call: Some(to_call.len() as i64).filter(|_| to_call.len() > UNITS_TOLD),
        to_call: to_call.into_iter().take(UNITS_TOLD).map(row).collect(),
        units: report.units.iter().skip(part.begins).take(UNITS_TOLD).map(row).collect(),
        first: part.first,
        next: part.next,
    }))
}

fn area_row(area: &AreaFigures, terms: Terms, t: Texts) -> AreaRow {
    AreaRow {
        name: if area.area.is_empty() { t.s("reports-no-area") } else { area.area.clone() },
        href: (area.loans > 0).then(|| loans_of(terms, "area", &area.area)),
        units: area.units,
        loans: area.loans,
        per_100: area.loans_per_100_children.map_or_else(|| "–".to_owned(), |loans| decimal(loans, t.lang)),
        without: area.without_loan,
        won: share_of(area.wishes_won.count, area.wishes_won.of, t),
        wait: days(area.median_wait_days, t),
    }
}

fn unit_row(unit: &UnitFigures, terms: Terms, t: Texts) -> UnitRow {
    UnitRow {
        name: unit.unit.name.clone(),
        area: unit.area.clone(),
        email: unit.email.clone(),
        children: unit.children.map(|children| children.to_string()).unwrap_or_else(|| "–".to_owned()),
        loans: unit.loans,
        href: (unit.loans > 0).then(|| loans_of(terms, "unit_id", &unit.unit.id.to_string())),
        newest: unit.newest_loan.map_or_else(|| t.s("reports-never"), |day| t.date(day)),
    }
}

#[derive(Template)]
#[template(path = "reports/payments.html")]
struct PaymentPage {
    t: Texts,
    page: Page,
    frame: Frame,
    numbers: Vec<Number>,
    bars: Vec<Bar>,
    releases: Vec<ReleasesRow>,
}

struct ReleasesRow {
    name: String,
    count: i64,
    more: Option<i64>,
    loans: Vec<ReleaseRow>,
}

struct ReleaseRow {
    href: String,
    words: String,
    reason: String,
    day: String,
}

async fn payment_page(
    request: HttpRequest,
    app: App,
    who: Developer,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let today = who.organisation.today(app.clock.now());
    let terms = wanted.terms(today);
    let report = app.db.read(move |conn| payments::report(conn, &who.organisation, terms, today)).await?;
    let frame = Frame::new(&request, t.s("reports-payments"), terms, today);
    let paid = (report.evaluated > 0).then(|| ended_loans(terms, Which::Paid));
    let numbers = vec![
        number(report.evaluated, t.s("reports-paid"), paid.clone()),
        number(days(report.median_days, t), t.s("reports-paid-days"), paid.clone()),
        number(share_of(report.on_time.count, report.on_time.of, t), t.s("reports-paid-on-time"), paid),
        number(
            report.released,
            t.s("reports-released"),
            (report.released > 0).then(|| ended_loans(terms, Which::Released)),
        ),
        number(
            report.overdue,
            t.s("reports-overdue"),
            (report.overdue > 0).then(|| ended_loans(terms, Which::Overdue)),
        ),
    ];
    Ok(page::ok(&PaymentPage {
        t,
        page: Page::new(&request, &frame.title),
        frame,
        numbers,
        bars: day_bars(&report, t),
        releases: report
            .releases
            .into_iter()
            .map(|theirs| ReleasesRow {
                name: theirs.name.unwrap_or_else(|| t.s("reports-somebody")),
                count: theirs.count,
                more: Some(theirs.count - theirs.loans.len() as i64).filter(|more| *more > 0),
                loans: theirs
                    .loans
                    .into_iter()
                    .map(|loan| ReleaseRow {
                        href: format!("/lan/{}", loan.loan_id),
                        words: format!("{}, {}", loan.kit_type, loan.unit),
                        reason: loan.reason,
                        day: t.date(loan.day),
                    })
                    .collect(),
            })
            .collect(),
    }))
}

/// The days in groups that one can read: at once, within some days, within weeks, later.
fn day_bars(report: &PaymentReport, t: Texts) -> Vec<Bar> {
    let groups =
        [("at-once", 0, 0), ("3", 1, 3), ("7", 4, 7), ("14", 8, 14), ("28", 15, 28), ("later", 29, usize::MAX)];
    let bars = groups.into_iter().map(|(key, from, to)| {
        let days = report.days.iter().enumerate().filter(|(day, _)| (from..=to).contains(day));
        let count = days.map(|(_, count)| *count).sum();
        Bar { label: t.s(&format!("reports-took-{key}")), count, percent: percent(count, report.evaluated) }
    });
    bars.collect()
}

/// Which loans are looked at.
#[derive(Debug, Clone, Default, Deserialize)]
struct Whose {
    #[serde(default)]
    which: String,
    #[serde(default)]
    kit_type_id: String,
    #[serde(default)]
    unit_id: String,
    area: Option<String>,
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "reports/loans.html")]
struct LoansPage {
    t: Texts,
    page: Page,
    frame: Frame,
    note: String,
    rows: Vec<LoanRow>,
    newer: Option<String>,
    older: Option<String>,
}

struct LoanRow {
    href: String,
    kit: String,
    unit: String,
    weeks: String,
    status: String,
    evaluation: String,
}

async fn lent(
    request: HttpRequest,
    app: App,
    who: Developer,
    wanted: web::Query<Wanted>,
    whose: web::Query<Whose>,
) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let today = who.organisation.today(app.clock.now());
    let terms = wanted.terms(today);
    let (kit_type, unit) = (whose.kit_type_id.parse::<KitTypeId>().ok(), whose.unit_id.parse::<UnitId>().ok());
    let which = whose.which.parse().unwrap_or(Which::Began);
    let of = Of { which, kit_type, unit, area: whose.area.clone() };
    let cursor = whose.cursor.clone().filter(|cursor| cursor.parse::<LoanId>().is_ok());
    let paging = Paging { limit: None, cursor: cursor.clone() };
    let (found, mut names) = app
        .db
        .read(move |conn| {
            let found = loans::behind(conn, &who.organisation, &of, (terms, today), &paging)?;
            Ok((found, loans::names(conn, who.organisation.id, &of)?))
        })
        .await?;
    names.extend(whose.area.clone().map(|area| if area.is_empty() { t.s("reports-no-area") } else { area }));
    let mut whose_loans: Vec<(&str, &str)> = Vec::new();
    for (name, value) in [("which", &whose.which), ("kit_type_id", &whose.kit_type_id), ("unit_id", &whose.unit_id)] {
        if !value.is_empty() {
            whose_loans.push((name, value));
        }
    }
    whose_loans.extend(whose.area.as_deref().map(|area| ("area", area)));
    let here = address("/statistik/lan", terms, &whose_loans);
    let (newer, older) = page::list_pages(&here, cursor.as_deref(), found.next.as_deref());
    let title = match names.is_empty() {
        true => t.s("reports-loans"),
        false => t.v("reports-loans-of", "whose", names.join(", ")),
    };
    let frame = Frame::new(&request, title, terms, today);
    let rows = found.items.iter().map(|loan| LoanRow {
        href: format!("/lan/{}", loan.id),
        kit: format!("{} {}", loan.kit_type.name, loan.kit_copy),
        unit: loan.unit.name.clone(),
        weeks: format!("{} {}", t.weeks(loan.first_day, loan.last_day), loan.first_day.format("%Y")),
        status: t.s(&format!("loans-status-{}", loan.status)),
        evaluation: t.s(&format!("loans-evaluation-{}", loan.evaluation)),
    });
    let rows = rows.collect();
    let note = t.s(&format!("reports-loans-{which}"));
    Ok(page::ok(&LoansPage { t, page: Page::new(&request, &frame.title), frame, note, rows, newer, older }))
}
