//! A kit type: what it is and what others say of it, with the weeks in which it can be had.

use crate::accounts::session::SignedIn;
use crate::courses::queries as courses;
use crate::courses::wording::{Notice, notices};
use crate::evaluations::opinions;
use crate::evaluations::queries as evaluations;
use crate::evaluations::views::SummaryView;
use crate::evaluations::wording::{FEWEST_ANSWERS, Reader, Tip, opinion, percent, quote, shown_mean};
use crate::home::card::age;
use crate::kits::pictures::views::PictureView;
use crate::kits::queries as kits;
use crate::kits::rules::{ContentKind, ContentLine};
use crate::kits::views::KitTypeView;
use crate::loans::planning::Plan;
use crate::loans::queries;
use crate::loans::rules::{check_first_day, days_after};
use crate::loans::wording::{self, Period};
use crate::opening::rules::Opening;
use crate::opening::views::reason;
use crate::platform::error::Error;
use crate::platform::ids::KitTypeId;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::page::{self, Page};
use crate::platform::web::paging::Paging;
use crate::platform::web::texts;
use crate::platform::week::Week as IsoWeek;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

type App = web::Data<AppState>;

/// Weeks to choose from.
const WEEKS: u64 = 12;
/// The most weeks shown: a school year and a bit.
const MOST_WEEKS: u64 = 56;
/// Tips from others.
pub(super) const TIPS: u32 = 3;

/// The first days on which a loan can begin: today, then Mondays.
fn first_days(today: NaiveDate, weeks: u64) -> impl Iterator<Item = NaiveDate> {
    (0..weeks).map(move |later| IsoWeek::of(today).later(later).monday().max(today))
}

#[derive(Template)]
#[template(path = "kits/type.html")]
struct KitTypePage {
    t: Texts,
    page: Page,
    kit_type: KitTypeView,
    age: String,
    pieces: Vec<Piece>,
    next: Option<Period>,
    wished: bool,
    no_next: (String, String),
    months: Vec<Month>,
    more_weeks: Option<String>,
    said: Option<Said>,
    tips: Vec<Tip>,
    courses: Vec<Notice>,
    rules: Vec<String>,
}

/// What those who borrowed it think, once enough have said.
struct Said {
    count: String,
    again: Option<String>,
    scores: Vec<Score>,
}

/// The answers to a scale question.
struct Score {
    label: String,
    words: String,
    percent: i64,
}

impl Said {
    fn new(t: Texts, totals: opinions::Totals, scales: &[SummaryView]) -> Option<Self> {
        let score = |scale: &SummaryView| {
            let mean = shown_mean(scale, t.lang)?;
            let sum = (1..).zip(&scale.distribution).map(|(step, count)| step * count).sum();
            Some(Score {
                label: scale.label.clone(),
                words: t.v("kits-opinion-of-five", "mean", mean),
                percent: percent(sum, 5 * scale.n),
            })
        };
        let again = (totals.asked_again >= FEWEST_ANSWERS)
            .then(|| t.v("kits-opinion-again", "share", opinion(totals.again, totals.asked_again, t)));
        let count = t.v("kits-said-count", "count", totals.evaluations);
        let said = Self { count, again, scores: scales.iter().filter_map(score).collect() };
        (said.again.is_some() || !said.scores.is_empty()).then_some(said)
    }
}

/// A line of the contents list.
pub(super) struct Piece {
    pub(super) name: String,
    pub(super) quantity: i32,
    pub(super) note: Option<String>,
    pub(super) picture: Option<PictureView>,
}

impl Piece {
    pub(super) fn new(t: Texts, kit_type: &KitTypeView, line: &ContentLine) -> Self {
        let note = (line.kind == ContentKind::Consumable).then(|| t.s("kits-consumable"));
        let picture = kit_type.picture_of(line).cloned();
        Self { name: line.name.clone(), quantity: line.quantity, note, picture }
    }
}

/// The weeks of a month: those that have most of their days in it.
struct Month {
    name: String,
    weeks: Vec<Week>,
}

/// A loan that is offered because a longer one cannot end has at least so many days after its first.
const SHORTEST: u64 = 4;

/// A week in which a loan may begin.
struct Week {
    name: String,
    days: String,
    /// `free`, `full` or `closed`.
    state: &'static str,
    words: String,
    href: Option<String>,
}

/// The weeks in which loans may begin on these days, month for month.
fn months(t: Texts, plan: &Plan, first_days: impl Iterator<Item = NaiveDate>) -> Vec<Month> {
    let mut months: Vec<(NaiveDate, Month)> = Vec::new();
    for first in first_days {
        let thursday = days_after(IsoWeek::of(first).monday(), 3);
        let week = week(t, plan, first);
        match months.last_mut().filter(|(day, _)| (day.year(), day.month()) == (thursday.year(), thursday.month())) {
            Some((_, month)) => month.weeks.push(week),
            None => months.push((thursday, Month { name: t.month(thursday), weeks: vec![week] })),
        }
    }
    months.into_iter().map(|(_, month)| month).collect()
}

/// A week, from `first` on: a loan begins on its first open day, and a week in which none can begin says why.
fn week(t: Texts, plan: &Plan, first: NaiveDate) -> Week {
    let sunday = IsoWeek::of(first).sunday();
    let longest = u64::try_from(plan.kit_type.loan_days).unwrap_or(0);
    let open = || first.iter_days().take_while(|day| *day <= sunday).filter(|day| plan.opening.is_open(*day));
    let begins = open().find(|day| plan.check_first_day(*day).is_ok());
    let period = begins.map(|begins| (begins, plan.opening.last_day(begins, longest)));
    let (state, words, href) = match period {
        None => {
            let rule = open().find_map(|day| plan.check_first_day(day).err()?.field());
            ("closed", rule.map_or_else(|| closed(t, &plan.opening, first), |rule| t.field(&rule)), None)
        }
        Some((begins, None)) => match shorter(plan, begins) {
            Some(last) => {
                let href = Period::new(t, plan.kit_type.id, begins, last).href;
                ("free", t.v("kits-week-shorter", "day", last), Some(href))
            }
            None => {
                let end = days_after(begins, longest);
                let why = [("day", end.into()), ("why", closed(t, &plan.opening, end).into())];
                ("closed", t.a("kits-week-ends-closed", &why), None)
            }
        },
        Some((begins, Some(last))) => match plan.free_kits(begins, last) {
            0 => {
                let href = format!("/lador/{}/ko?fran={begins}", plan.kit_type.id);
                ("full", t.v("kits-week-full", "count", plan.kits.len()), Some(href))
            }
            free => {
                let href = Period::new(t, plan.kit_type.id, begins, last).href;
                ("free", t.v("kits-week-free", "count", free), Some(href))
            }
        },
    };
    Week { name: t.week(first), days: t.dates(first, sunday), state, words, href }
}

/// The last day of the longest loan that ends before the warehouse closes for long, if a kit is free for it and it is worth
/// fetching.
fn shorter(plan: &Plan, begins: NaiveDate) -> Option<NaiveDate> {
    let longest = u64::try_from(plan.kit_type.loan_days).unwrap_or(0);
    let last = (SHORTEST..longest).rev().map(|days| days_after(begins, days)).find(|day| plan.opening.is_open(*day))?;
    (plan.free_kits(begins, last) > 0).then_some(last)
}

/// Why the warehouse is closed on a day.
fn closed(t: Texts, opening: &Opening, day: NaiveDate) -> String {
    let why = opening.closed(day).map(|closed| reason(t, &closed)).unwrap_or_default();
    t.v("kits-week-closed", "why", why)
}

/// What is asked for: how many weeks, and the days of a wish from the catalogue.
#[derive(Deserialize)]
pub(super) struct Asked {
    veckor: Option<u64>,
    fran: Option<NaiveDate>,
    till: Option<NaiveDate>,
}

impl Asked {
    /// The period that is wished for, if it can be had.
    fn wished(&self, plan: &Plan, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let (first, last) = self.fran.zip(self.till)?;
        check_first_day("fran", first, today).ok()?;
        let fits = (0..=i64::from(plan.kit_type.loan_days)).contains(&(last - first).num_days());
        (fits && plan.free_kits(first, last) > 0).then_some((first, last))
    }
}

pub(super) async fn kit_type(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<KitTypeId>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    let (t, id) = (texts(&request), *id);
    let organisation = who.organisation.clone();
    let today = organisation.today(app.clock.now());
    let shown = asked.veckor.unwrap_or(WEEKS).clamp(1, MOST_WEEKS);
    let person = (*who).clone();
    let (kit_type, plan, tips, said, courses) = app
        .db
        .read(move |conn| {
            let kit_type = kits::find_kit_type(conn, organisation.id, id)?
                .ok_or_else(|| Error::not_found("kit_type.not_found"))?;
            let plan = queries::plan(conn, &organisation, id, today)?;
            let shared = evaluations::shared(conn, &organisation, id, TIPS)?;
            let about = opinions::Filter { kit_type_id: Some(id), ..opinions::Filter::default() };
            let scales = opinions::summary(conn, organisation.id, &about, &Paging::default(), today, t.lang)?.items;
            let said = Said::new(t, opinions::totals(conn, organisation.id, id)?, &scales);
            let tips = shared.iter().filter_map(|evaluation| quote(evaluation, t, Reader::Colleague)).collect();
            let courses = notices(t, &courses::asked(conn, &person, id, today, today)?);
            Ok((kit_type, plan, tips, said, courses))
        })
        .await?;
    let lendable = !kit_type.retired && !plan.kits.is_empty();
    let wished = asked.wished(&plan, today).filter(|_| lendable);
    let next = wished.or_else(|| plan.next_free(today, plan.kit_type.loan_days)).filter(|_| lendable);
    let no_next = match (kit_type.retired, plan.kits.is_empty()) {
        (true, _) => "kits-retired",
        (false, true) => "kits-no-kits",
        (false, false) if plan.first_open_day().is_none() => "kits-no-open-day",
        (false, false) => "kits-no-next",
    };
    let months = months(t, &plan, first_days(today, shown).filter(|_| lendable));
    Ok(page::ok(&KitTypePage {
        t,
        page: Page::new(&request, &kit_type.name),
        age: age(t, &kit_type),
        pieces: kit_type.contents.iter().map(|line| Piece::new(t, &kit_type, line)).collect(),
        next: next.map(|(first, last)| Period::new(t, id, first, last)),
        wished: wished.is_some(),
        no_next: (t.s(no_next), t.s(&format!("{no_next}-text"))),
        rules: wording::rules(t, &plan.policy, None),
        months,
        more_weeks: (lendable && shown < MOST_WEEKS).then(|| format!("/lador/{id}?veckor={}#weeks", shown + WEEKS)),
        said,
        tips,
        courses,
        kit_type,
    }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_loan_begins_today_or_on_a_monday() {
        let days =
            |today: &str| -> Vec<String> { first_days(today.parse().unwrap(), 3).map(|day| day.to_string()).collect() };
        assert_eq!(days("2026-11-22"), ["2026-11-22", "2026-11-23", "2026-11-30"]);
        assert_eq!(days("2026-11-23"), ["2026-11-23", "2026-11-30", "2026-12-07"]);
        assert_eq!(days("2026-12-31"), ["2026-12-31", "2027-01-04", "2027-01-11"]);
    }
}
