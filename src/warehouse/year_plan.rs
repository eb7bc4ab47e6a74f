//! The year plan page: kits and weeks, and what takes which.

use crate::accounts::session::Staff;
use crate::kits::queries as kits;
use crate::kits::views::KitView;
use crate::loans::allocation::Span;
use crate::loans::rules::days_after;
use crate::loans::wording;
use crate::loans::year_plan::{Cell, Taken, YearPlan};
use crate::opening::rules::Opening;
use crate::opening::store as opening;
use crate::platform::error::Error;
use crate::platform::ids::KitTypeId;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Field, Tag};
use crate::platform::web::page::{self, Page, query_value};
use crate::platform::web::texts;
use crate::platform::week::Week;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;
use std::fmt;
use std::str::FromStr;

/// Kits on one page.
const SHOWN: usize = 20;
/// The last week of the spring; the rest of the year is autumn.
const SPRING_ENDS: u32 = 26;
/// How many years back and ahead can be looked at.
const YEARS: i32 = 10;

/// Half a year of ISO weeks, or a whole one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Period {
    year: i32,
    half: Option<Half>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Spring,
    Autumn,
}

impl Period {
    /// The half year that a day lies in.
    fn of(day: NaiveDate) -> Self {
        let week = day.iso_week();
        let half = if week.week() <= SPRING_ENDS { Half::Spring } else { Half::Autumn };
        Self { year: week.year(), half: Some(half) }
    }

    fn later(self) -> Self {
        match self.half {
            Some(Half::Spring) => Self { half: Some(Half::Autumn), ..self },
            Some(Half::Autumn) => Self { year: self.year + 1, half: Some(Half::Spring) },
            None => Self { year: self.year + 1, half: None },
        }
    }

    fn earlier(self) -> Self {
        match self.half {
            Some(Half::Spring) => Self { year: self.year - 1, half: Some(Half::Autumn) },
            Some(Half::Autumn) => Self { half: Some(Half::Spring), ..self },
            None => Self { year: self.year - 1, half: None },
        }
    }

    fn weeks(self) -> Vec<Week> {
        let all = (1..=53).filter_map(|week| NaiveDate::from_isoywd_opt(self.year, week, Weekday::Mon));
        let within = all.filter(|monday| match self.half {
            Some(Half::Spring) => monday.iso_week().week() <= SPRING_ENDS,
            Some(Half::Autumn) => monday.iso_week().week() > SPRING_ENDS,
            None => true,
        });
        within.map(Week::of).collect()
    }

    fn words(self, t: Texts) -> String {
        let year = self.year.to_string();
        match self.half {
            Some(Half::Spring) => t.v("plan-spring", "year", year),
            Some(Half::Autumn) => t.v("plan-autumn", "year", year),
            None => t.v("plan-year", "year", year),
        }
    }
}

/// As it stands in an address: `2026-1`, `2026-2` or `2026`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.half {
            Some(Half::Spring) => write!(f, "{}-1", self.year),
            Some(Half::Autumn) => write!(f, "{}-2", self.year),
            None => write!(f, "{}", self.year),
        }
    }
}

impl FromStr for Period {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (year, half) = match text.split_once('-') {
            Some((year, "1")) => (year, Some(Half::Spring)),
            Some((year, "2")) => (year, Some(Half::Autumn)),
            Some(_) => return Err(()),
            None => (text, None),
        };
        Ok(Self { year: year.parse().map_err(|_| ())?, half })
    }
}

/// What is to be seen.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    kit_type: Option<KitTypeId>,
    #[serde(default)]
    period: String,
    page: Option<usize>,
}

impl Asked {
    fn address(&self, period: Period, page: usize) -> String {
        let mut address = format!("/lager/arsplan?period={period}");
        if !self.q.is_empty() {
            address.push_str(&format!("&q={}", query_value(&self.q)));
        }
        if let Some(kit_type) = self.kit_type {
            address.push_str(&format!("&kit_type={kit_type}"));
        }
        if page > 1 {
            address.push_str(&format!("&page={page}"));
        }
        address
    }
}

#[derive(Template)]
#[template(path = "warehouse/year_plan.html")]
struct YearPlanPage {
    t: Texts,
    page: Page,
    q: Field,
    kit_type: Option<KitTypeId>,
    period: String,
    periods: Vec<Choice>,
    caption: String,
    months: Vec<Month>,
    weeks: Vec<Column>,
    rows: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
}

impl YearPlanPage {
    /// True when this week is among those shown.
    fn shows_now(&self) -> bool {
        !self.rows.is_empty() && self.weeks.iter().any(|week| week.now)
    }
}

/// Another stretch of weeks.
struct Choice {
    href: String,
    words: String,
    current: bool,
}

/// Weeks under the name of their month.
struct Month {
    name: String,
    weeks: usize,
}

/// A week at the head of a column.
struct Column {
    name: String,
    days: String,
    now: bool,
    closed: bool,
}

/// A kit.
struct Row {
    name: String,
    href: String,
    shelf: String,
    cells: Vec<Square>,
}

/// Weeks in which a kit is free, or taken by the same.
struct Square {
    weeks: usize,
    closed: bool,
    taken: Vec<Entry>,
}

/// What takes a kit.
struct Entry {
    name: String,
    href: Option<String>,
    days: String,
    tag: Tag,
}

fn entry(t: Texts, plan: &YearPlan, taken: Taken) -> Entry {
    let without_loan = |key: &str, icon| {
        let tag = Tag { color: "neutral", icon, text: t.s(key) };
        Entry { name: String::new(), href: None, days: String::new(), tag }
    };
    match taken {
        Taken::Loan(id) => match plan.loans.get(&id) {
            Some(loan) => Entry {
                name: loan.unit.name.clone(),
                href: Some(format!("/lan/{id}")),
                days: wording::days(t, loan.first_day, loan.last_day),
                tag: wording::status(t, loan),
            },
            None => without_loan("plan-taken", "box"),
        },
        Taken::Turnaround => without_loan("kits-status-in_turnaround", "clock"),
        Taken::Offer => without_loan("plan-offer", "mail"),
        Taken::Service => without_loan("kits-status-in_service", "wrench"),
    }
}

/// True when the warehouse is closed all week.
fn is_closed(opening: &Opening, week: Week) -> bool {
    !week.monday().iter_days().take(7).any(|day| opening.is_open(day))
}

fn columns(t: Texts, weeks: &[Week], opening: &Opening, today: NaiveDate) -> Vec<Column> {
    let column = |week: &Week| Column {
        name: t.week(week.monday()),
        days: t.dates(week.monday(), week.sunday()),
        now: *week == Week::of(today),
        closed: is_closed(opening, *week),
    };
    weeks.iter().map(column).collect()
}

/// Months over their weeks: a week belongs to the month that its Thursday lies in.
fn months(t: Texts, weeks: &[Week]) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    for week in weeks {
        let name = t.month(days_after(week.monday(), 3));
        match months.last_mut().filter(|month| month.name == name) {
            Some(month) => month.weeks += 1,
            None => months.push(Month { name, weeks: 1 }),
        }
    }
    months
}

fn row(t: Texts, plan: &YearPlan, kit: &KitView, weeks: &[Week], columns: &[Column]) -> Row {
    let square = |cell: Cell| Square {
        weeks: cell.weeks,
        closed: columns.get(cell.first).is_some_and(|column| column.closed),
        taken: cell.taken.into_iter().map(|taken| entry(t, plan, taken)).collect(),
    };
    Row {
        name: format!("{} {}", kit.kit_type.name, kit.copy),
        href: format!("/k/{}", kit.code.as_str()),
        shelf: kit.shelf.clone(),
        cells: plan.cells(kit.id, weeks).into_iter().map(square).collect(),
    }
}

pub(super) async fn show(
    request: HttpRequest,
    app: web::Data<AppState>,
    who: Staff,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let organisation = who.organisation.clone();
    let today = organisation.today(app.clock.now());
    let this = Period::of(today);
    let wanted = asked.period.parse::<Period>().ok();
    let period = wanted.filter(|period| (period.year - this.year).abs() <= YEARS).unwrap_or(this);
    let weeks = period.weeks();
    let first = weeks.first().map_or(today, |week| week.monday());
    let days = Span { first, end: weeks.last().map_or(today, |week| days_after(week.sunday(), 1)) };
    let number = asked.page.unwrap_or(1).max(1);
    let (q, kit_type) = (asked.q.clone(), asked.kit_type);
    let (kits, more, plan, opening) = app
        .db
        .read(move |conn| {
            let all = kits::find_kits(conn, organisation.id, &q, kit_type)?;
            let from = (number - 1).saturating_mul(SHOWN);
            let kits: Vec<KitView> = all.iter().skip(from).take(SHOWN).cloned().collect();
            let ids: Vec<_> = kits.iter().map(|kit| kit.id).collect();
            let plan = YearPlan::load(conn, &organisation, &ids, days, today)?;
            let opening = opening::opening(conn, organisation.id, first.min(today))?;
            Ok((kits, all.len() > from.saturating_add(SHOWN), plan, opening))
        })
        .await?;
    let columns = columns(t, &weeks, &opening, today);
    let year = Period { half: None, ..period };
    let choice =
        |other: Period| Choice { href: asked.address(other, 1), words: other.words(t), current: other == period };
    Ok(page::ok(&YearPlanPage {
        t,
        page: Page::new(&request, &t.s("plan-title")),
        q: Field { value: asked.q.clone(), error: None },
        kit_type,
        period: period.to_string(),
        periods: match period.half {
            Some(_) => vec![choice(period.earlier()), choice(period), choice(period.later()), choice(year)],
            None => vec![choice(period.earlier()), choice(period), choice(period.later()), choice(this)],
        },
        caption: t.v("plan-caption", "period", period.words(t)),
        months: months(t, &weeks),
        rows: kits.iter().map(|kit| row(t, &plan, kit, &weeks, &columns)).collect(),
        weeks: columns,
        first: (number > 1).then(|| asked.address(period, 1)),
        next: more.then(|| asked.address(period, number + 1)),
    }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn periods_follow_each_other_over_the_new_year() {
        let autumn = Period::of("2027-01-03".parse().unwrap());
        assert_eq!(autumn.to_string(), "2026-2", "the last days of week 53 of 2026");
        assert_eq!(autumn.later().to_string(), "2027-1");
        assert_eq!(autumn.earlier().later(), autumn);
        assert_eq!((autumn.weeks().len(), autumn.later().weeks().len()), (27, 26));
        assert_eq!("2026".parse::<Period>().unwrap().weeks().len(), 53);
        for odd in ["", "x", "2026-3", "-", "2026-"] {
            assert!(odd.parse::<Period>().is_err(), "{odd}");
        }
    }
}
