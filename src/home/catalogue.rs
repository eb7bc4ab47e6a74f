//! The catalogue, and a kit type with the weeks in which it can be had.

use crate::accounts::session::SignedIn;
use crate::evaluations::queries as evaluations;
use crate::evaluations::wording::{Tip, quote};
use crate::kits::queries::{self as kits, Filter};
use crate::kits::rules::{ContentKind, ContentLine, Screen};
use crate::kits::views::KitTypeView;
use crate::loans::planning::Plan;
use crate::loans::queries::{self, Wanted};
use crate::loans::rules::{check_first_day, days_after};
use crate::loans::views::CatalogueView;
use crate::loans::wording::{self, Period};
use crate::opening::rules::Opening;
use crate::opening::views::reason;
use crate::platform::error::Error;
use crate::platform::ids::KitTypeId;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Field, Tag};
use crate::platform::web::page::{self, Page, query_value};
use crate::platform::web::paging::Paging;
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

type App = web::Data<AppState>;

/// Kit types on one page.
const SHOWN: u32 = 24;
/// How many pages are looked through for types that are free, at most, before the rest is left to the next page.
const LOOKED_THROUGH: usize = 4;
/// The longest that a summary on a card may be, in characters.
const SUMMARY: usize = 140;
/// Days from the first to the last that a wish in the catalogue is about, of a type that is lent for so long.
const WISHED_DAYS: u64 = 20;
/// Weeks to choose from.
const WEEKS: i64 = 12;
/// The most weeks shown: a school year and a bit.
const MOST_WEEKS: i64 = 56;
/// Tips from others on a kit type's page.
const TIPS: usize = 3;
/// Ages to choose from, in years.
const AGES: std::ops::RangeInclusive<i32> = 1..=6;

/// A kit type in a list.
pub(super) struct KitCard {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) summary: String,
    pub(super) age: String,
    pub(super) screen: Screen,
    pub(super) words: Tag,
}

impl KitCard {
    /// A kit type; with days that are wanted, how many can be had then, else when the next one can.
    pub(super) fn new(t: Texts, view: &CatalogueView) -> Self {
        let kit_type = &view.kit_type;
        let words = match (view.wanted, view.free_kits, view.next_free) {
            (Some(days), Some(free), _) if free > 0 => {
                let weeks = t.weeks(days.first_day, days.last_day);
                Some(t.a("kits-period-count", &[("count", free.into()), ("weeks", weeks.into())]))
            }
            (_, None, Some(next)) => Some(t.v("kits-period-free", "weeks", t.weeks(next.first_day, next.last_day))),
            _ => None,
        };
        Self {
            href: format!("/lador/{}", kit_type.id),
            name: kit_type.name.clone(),
            summary: summary(&kit_type.description),
            age: age(t, kit_type),
            screen: kit_type.screen,
            words: match words {
                Some(text) => Tag { color: "success", icon: "calendar", text },
                None if kit_type.kits == 0 => Tag { color: "neutral", icon: "clock", text: t.s("kits-period-no-kits") },
                None => Tag { color: "neutral", icon: "clock", text: t.s("kits-period-none") },
            },
        }
    }
}

/// The first line of a text, shortened between two words.
fn summary(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let Some((end, _)) = line.char_indices().nth(SUMMARY) else { return line.to_owned() };
    let start = line.get(..end).unwrap_or_default();
    let words = start.rsplit_once(' ').map_or(start, |(words, _)| words);
    format!("{}…", words.trim_end_matches([' ', ',', '.', ';', ':']))
}

fn age(t: Texts, kit_type: &KitTypeView) -> String {
    match (kit_type.age_from, kit_type.age_to) {
        (Some(from), Some(to)) => t.a("kits-age-between", &[("from", from.into()), ("to", to.into())]),
        (Some(from), None) => t.v("kits-age-from", "from", from),
        (None, Some(to)) => t.v("kits-age-to", "to", to),
        (None, None) => t.s("kits-age-any"),
    }
}

/// The Monday of a day's week.
fn monday(day: NaiveDate) -> NaiveDate {
    day.week(chrono::Weekday::Mon).checked_first_day().unwrap_or(day)
}

/// The first days on which a loan can begin: today, then Mondays.
fn first_days(today: NaiveDate, weeks: i64) -> impl Iterator<Item = NaiveDate> {
    let monday = monday(today);
    (0..u64::try_from(weeks).unwrap_or(0)).map(move |week| days_after(monday, 7 * week).max(today))
}

#[derive(Template)]
#[template(path = "kits/catalogue.html")]
struct CataloguePage {
    t: Texts,
    page: Page,
    q: Field,
    ages: Vec<Choice>,
    screens: Vec<Choice>,
    weeks: Vec<Choice>,
    kits: Vec<KitCard>,
    filtered: bool,
    more: Option<String>,
}

/// What the catalogue is searched for, as the form sends it: fields left empty ask for nothing.
#[derive(Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    age: String,
    #[serde(default)]
    screen: String,
    #[serde(default)]
    week: String,
    cursor: Option<String>,
}

pub(super) async fn catalogue(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    search: web::Query<Search>,
) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let organisation = who.organisation.clone();
    let today = organisation.today(app.clock.now());
    let filter = Filter { q: Some(search.q.clone()), age: search.age.parse().ok(), screen: search.screen.parse().ok() };
    // A week that has passed, or none that is ever shown, asks for nothing.
    let first = search.week.parse().ok().filter(|first| check_first_day("week", *first, today).is_ok());
    let wanted = first.map(|first_day| Wanted { first_day, last_day: days_after(first_day, WISHED_DAYS), about: true });
    let mut cursor = search.cursor.clone();
    let (found, next) = app
        .db
        .read(move |conn| {
            let mut found: Vec<CatalogueView> = Vec::new();
            for _ in 0..LOOKED_THROUGH {
                let paging = Paging { limit: Some(SHOWN), cursor };
                let page = queries::catalogue(conn, &organisation, &filter, wanted, &paging, today)?;
                found.extend(page.items.into_iter().filter(|view| view.free_kits != Some(0)));
                cursor = page.next;
                if cursor.is_none() || found.len() >= SHOWN as usize {
                    break;
                }
            }
            Ok((found, cursor))
        })
        .await?;
    let choice = |value: String, label: String, chosen: &str| Choice { checked: value == chosen, value, label };
    let any = |label: &str| Choice { value: String::new(), label: t.s(label), checked: false };
    let filtered = [&search.q, &search.age, &search.screen, &search.week].into_iter().any(|text| !text.is_empty());
    let more = next.map(|cursor| {
        let fields = [
            ("q", &search.q),
            ("age", &search.age),
            ("screen", &search.screen),
            ("week", &search.week),
            ("cursor", &cursor),
        ];
        let filled = fields.iter().filter(|(_, value)| !value.is_empty());
        let query: Vec<String> = filled.map(|(name, value)| format!("{name}={}", query_value(value))).collect();
        format!("/lador?{}", query.join("&"))
    });
    let years = AGES.map(|age| choice(age.to_string(), t.v("kits-age-years", "age", age), &search.age));
    let screens = Screen::ALL.iter().map(|one| (one.to_string(), t.s(&format!("kits-screen-{one}"))));
    let weeks = first_days(today, WEEKS).map(|day| (day.to_string(), format!("{} · {}", t.week(day), t.day(day))));
    Ok(page::ok(&CataloguePage {
        t,
        page: Page::new(&request, &t.s("kits-catalogue")),
        q: Field { value: search.q.clone(), error: None },
        ages: std::iter::once(any("kits-filter-any")).chain(years).collect(),
        screens: std::iter::once(any("kits-filter-any"))
            .chain(screens.map(|(value, label)| choice(value, label, &search.screen)))
            .collect(),
        weeks: std::iter::once(any("kits-filter-any"))
            .chain(weeks.map(|(value, label)| choice(value, label, &search.week)))
            .collect(),
        kits: found.iter().map(|view| KitCard::new(t, view)).collect(),
        filtered,
        more,
    }))
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
    no_next: (String, String),
    weeks: Vec<Week>,
    more_weeks: Option<String>,
    tips: Vec<Tip>,
}

/// A line of the contents list.
pub(super) struct Piece {
    pub(super) name: String,
    pub(super) quantity: i32,
    pub(super) note: Option<String>,
}

impl Piece {
    pub(super) fn new(t: Texts, line: &ContentLine) -> Self {
        let note = (line.kind == ContentKind::Consumable).then(|| t.s("kits-consumable"));
        Self { name: line.name.clone(), quantity: line.quantity, note }
    }
}

/// A week in which a loan may begin.
struct Week {
    name: String,
    days: String,
    /// `free`, `full` or `closed`.
    state: &'static str,
    words: String,
    href: Option<String>,
}

/// A week, from `first` on: a loan begins on its first open day, and a week in which none can begin says why.
fn week(t: Texts, plan: &Plan, first: NaiveDate) -> Week {
    let sunday = days_after(monday(first), 6);
    let longest = u64::try_from(plan.kit_type.loan_days).unwrap_or(0);
    let begins = first.iter_days().take_while(|day| *day <= sunday).find(|day| plan.opening.is_open(*day));
    let period = begins.map(|begins| (begins, plan.opening.last_day(begins, longest)));
    let (state, words, href) = match period {
        None => ("closed", closed(t, &plan.opening, first), None),
        Some((begins, None)) => {
            let end = days_after(begins, longest);
            let why = [("day", end.into()), ("why", closed(t, &plan.opening, end).into())];
            ("closed", t.a("kits-week-ends-closed", &why), None)
        }
        Some((begins, Some(last))) => match plan.free_kits(begins, last) {
            0 => ("full", t.v("kits-week-full", "count", plan.kits.len()), None),
            free => {
                let href = Period::new(t, plan.kit_type.id, begins, last).href;
                ("free", t.v("kits-week-free", "count", free), Some(href))
            }
        },
    };
    Week { name: t.week(first), days: wording::days(t, first, sunday), state, words, href }
}

/// Why the warehouse is closed on a day.
fn closed(t: Texts, opening: &Opening, day: NaiveDate) -> String {
    let why = opening.closed(day).map(|closed| reason(t, &closed)).unwrap_or_default();
    t.v("kits-week-closed", "why", why)
}

#[derive(Deserialize)]
pub(super) struct HowMany {
    veckor: Option<i64>,
}

pub(super) async fn kit_type(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<KitTypeId>,
    how_many: web::Query<HowMany>,
) -> Result<HttpResponse, Error> {
    let (t, id) = (texts(&request), *id);
    let organisation = who.organisation.clone();
    let today = organisation.today(app.clock.now());
    let shown = how_many.veckor.unwrap_or(WEEKS).clamp(1, MOST_WEEKS);
    let (kit_type, plan, shared) = app
        .db
        .read(move |conn| {
            let kit_type = kits::find_kit_type(conn, organisation.id, id)?
                .ok_or_else(|| Error::not_found("kit_type.not_found"))?;
            let plan = queries::plan(conn, &organisation, id, today)?;
            Ok((kit_type, plan, evaluations::shared(conn, &organisation, id)?))
        })
        .await?;
    let lendable = !kit_type.retired && !plan.kits.is_empty();
    let next = plan.next_free(today, plan.kit_type.loan_days).filter(|_| lendable);
    let no_next = match (kit_type.retired, plan.kits.is_empty()) {
        (true, _) => "kits-retired",
        (false, true) => "kits-no-kits",
        (false, false) => "kits-no-next",
    };
    let weeks = first_days(today, shown).filter(|_| lendable).map(|first| week(t, &plan, first)).collect();
    Ok(page::ok(&KitTypePage {
        t,
        page: Page::new(&request, &kit_type.name),
        age: age(t, &kit_type),
        pieces: kit_type.contents.iter().map(|line| Piece::new(t, line)).collect(),
        next: next.map(|(first, last)| Period::new(t, id, first, last)),
        no_next: (t.s(no_next), t.s(&format!("{no_next}-text"))),
        weeks,
        more_weeks: (lendable && shown < MOST_WEEKS).then(|| format!("/lador/{id}?veckor={}#weeks", shown + WEEKS)),
        tips: shared.iter().filter_map(|evaluation| quote(evaluation, t, false)).take(TIPS).collect(),
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

    #[test]
    fn a_summary_is_one_short_line() {
        assert_eq!(summary("Sex små bin.\nDe kör dit barnen pekar."), "Sex små bin.");
        assert_eq!(summary(&"å".repeat(200)).chars().count(), SUMMARY + 1);
        assert_eq!(summary(&"två. ".repeat(40)), format!("{}två…", "två. ".repeat(27)));
        assert_eq!(summary(""), "");
    }
}
