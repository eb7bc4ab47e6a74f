//! The catalogue: looked through by words, age, screen and weeks, each choice part of the address.

use crate::accounts::session::SignedIn;
use crate::evaluations::opinions;
use crate::home::card::{CARD_QUESTION, KitCard};
use crate::kits::queries::{self as kits, Filter};
use crate::kits::rules::Screen;
use crate::kits::views::KitTypeName;
use crate::loans::queries::{self, Wanted};
use crate::loans::rules::{check_first_day, days_after};
use crate::loans::views::CatalogueView;
use crate::platform::error::Error;
use crate::platform::ids::KitTypeId;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Field};
use crate::platform::web::page::{self, Page, query_value};
use crate::platform::web::paging::Paging;
use crate::platform::web::texts;
use crate::platform::week::Week;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

type App = web::Data<AppState>;

/// Kit types on one page.
const SHOWN: u32 = 24;
/// How many pages are looked through for types that are free, at most, before the rest is left to the next page.
const LOOKED_THROUGH: usize = 4;
/// Days from the first to the last that a wish without a last week is about, of a type that is lent for so long.
const WISHED_DAYS: u64 = 20;
/// Weeks to choose from: half a year.
const WEEKS: u64 = 26;
/// Ages to choose from, in years.
const AGES: std::ops::RangeInclusive<i32> = 1..=6;
/// How many names are proposed when nothing is found.
const PROPOSED: usize = 3;

#[derive(Template)]
#[template(path = "kits/catalogue.html")]
struct CataloguePage {
    t: Texts,
    page: Page,
    q: Field,
    ages: Vec<Choice>,
    screens: Vec<Choice>,
    from_weeks: Vec<Choice>,
    to_weeks: Vec<Choice>,
    chosen: Vec<Chosen>,
    kits: Vec<KitCard>,
    partly: bool,
    near: Vec<Near>,
    more: Option<String>,
}

/// A choice that narrows the list.
struct Chosen {
    text: String,
    /// The list without it.
    without: String,
}

/// A kit type that may have been meant.
struct Near {
    name: String,
    href: String,
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
    from_week: String,
    #[serde(default)]
    to_week: String,
    cursor: Option<String>,
}

impl Search {
    /// The address of the list without some of what is asked for, or from a cursor on.
    fn address(&self, without: &[&str], cursor: Option<&str>) -> String {
        let fields = [
            ("q", self.q.as_str()),
            ("age", &self.age),
            ("screen", &self.screen),
            ("from_week", &self.from_week),
            ("to_week", &self.to_week),
            ("cursor", cursor.unwrap_or_default()),
        ];
        let asked = fields.iter().filter(|(name, value)| !value.is_empty() && !without.contains(name));
        let query: Vec<String> = asked.map(|(name, value)| format!("{name}={}", query_value(value))).collect();
        if query.is_empty() { "/lador".to_owned() } else { format!("/lador?{}", query.join("&")) }
    }

    fn filter(&self) -> Filter {
        Filter { q: Some(self.q.clone()), age: self.age.parse().ok(), screen: self.screen.parse().ok() }
    }

    /// The first and the last week that is asked for, and which of them were said. Weeks that have passed, or that lie
    /// too far ahead to reserve, ask for nothing; the other way round they are the same weeks.
    fn weeks(&self, today: NaiveDate) -> Option<(Week, Option<Week>)> {
        let read = |text: &str| -> Option<Week> {
            let week: Week = text.parse().ok()?;
            check_first_day("week", week.monday().max(today), today).ok()?;
            (week.sunday() >= today).then_some(week)
        };
        match (read(&self.from_week), read(&self.to_week)) {
            (Some(from), Some(to)) => Some((from.min(to), Some(to.max(from)))),
            (Some(from), None) => Some((from, None)),
            (None, Some(to)) => Some((Week::of(today), Some(to))),
            (None, None) => None,
        }
    }
}

/// The days that weeks are a wish for.
fn wanted((from, to): (Week, Option<Week>), today: NaiveDate) -> Wanted {
    let first_day = from.monday().max(today);
    let last_day = to.map_or_else(|| days_after(first_day, WISHED_DAYS), Week::sunday);
    Wanted { first_day, last_day, about: true }
}

/// What is shown, and what is told about it.
struct Found {
    kits: Vec<CatalogueView>,
    next: Option<String>,
    partly: bool,
    near: Vec<KitTypeName>,
    opinions: std::collections::HashMap<KitTypeId, opinions::Opinion>,
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
    let weeks = search.weeks(today);
    let (filter, wanted) = (search.filter(), weeks.map(|weeks| wanted(weeks, today)));
    let mut cursor = search.cursor.clone();
    let typed = search.q.clone();
    let found = app
        .db
        .read(move |conn| {
            let matches = kits::matches(conn, organisation.id, &filter)?;
            let mut found: Vec<CatalogueView> = Vec::new();
            for _ in 0..LOOKED_THROUGH {
                let paging = Paging { limit: Some(SHOWN), cursor };
                let page = queries::catalogue_page(conn, &organisation, &matches, wanted, &paging, today)?;
                found.extend(page.items.into_iter().filter(|view| view.free_kits != Some(0)));
                cursor = page.next;
                if cursor.is_none() || found.len() >= SHOWN as usize {
                    break;
                }
            }
            let nothing = found.is_empty() && !typed.trim().is_empty();
            let near = if nothing { kits::nearest(conn, organisation.id, &typed, PROPOSED)? } else { Vec::new() };
            let ids: Vec<KitTypeId> = found.iter().map(|view| view.kit_type.id).collect();
            let opinions = opinions::opinions(conn, organisation.id, &ids, CARD_QUESTION)?;
            Ok(Found { kits: found, next: cursor, partly: matches.partly, near, opinions })
        })
        .await?;
    let any = |label: &str| Choice { value: String::new(), label: t.s(label), checked: false };
    let choices = |first: &str, all: &mut dyn Iterator<Item = (String, String)>, chosen: &str| -> Vec<Choice> {
        let choice = |(value, label): (String, String)| Choice { checked: value == chosen, value, label };
        std::iter::once(any(first)).chain(all.map(choice)).collect()
    };
    let mut years = AGES.map(|age| (age.to_string(), t.v("kits-age-years", "age", age)));
    let mut screens = Screen::ALL.iter().map(|one| (one.to_string(), t.s(&format!("kits-screen-{one}"))));
    let names = || (0..WEEKS).map(|later| week_choice(t, Week::of(today).later(later)));
    Ok(page::ok(&CataloguePage {
        t,
        page: Page::new(&request, &t.s("kits-catalogue")),
        q: Field { value: search.q.clone(), error: None },
        ages: choices("kits-filter-any", &mut years, &search.age),
        screens: choices("kits-filter-any", &mut screens, &search.screen),
        from_weeks: choices("kits-week-any", &mut names(), &search.from_week),
        to_weeks: choices("kits-week-loan", &mut names(), &search.to_week),
        chosen: chosen(t, &search, weeks),
        kits: found.kits.iter().map(|view| KitCard::new(t, view, found.opinions.get(&view.kit_type.id))).collect(),
        partly: found.partly,
        near: found
            .near
            .into_iter()
            .map(|near| Near { href: format!("/lador/{}", near.id), name: near.name })
            .collect(),
        more: found.next.map(|cursor| search.address(&[], Some(&cursor))),
    }))
}

/// A week to choose: "v. 43 · 19–25 okt".
fn week_choice(t: Texts, week: Week) -> (String, String) {
    (week.to_string(), format!("{} · {}", t.week(week.monday()), t.dates(week.monday(), week.sunday())))
}

/// What the list is narrowed to, besides the words.
fn chosen(t: Texts, search: &Search, weeks: Option<(Week, Option<Week>)>) -> Vec<Chosen> {
    let filter = search.filter();
    let age = filter.age.map(|age| (t.v("kits-age-years", "age", age), vec!["age"]));
    let screen = filter.screen.map(|screen| (t.s(&format!("kits-screen-{screen}")), vec!["screen"]));
    let weeks = weeks.map(|(from, to)| {
        let words = match to {
            Some(to) => t.weeks(from.monday(), to.sunday()),
            None => t.v("kits-week-from", "week", t.week(from.monday())),
        };
        (t.v("kits-chosen-free", "weeks", words), vec!["from_week", "to_week"])
    });
    let chosen = [age, screen, weeks].into_iter().flatten();
    chosen.map(|(text, fields)| Chosen { text, without: search.address(&fields, None) }).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::platform::text::Lang;

    fn search(q: &str, from_week: &str, to_week: &str) -> Search {
        let [q, from_week, to_week] = [q, from_week, to_week].map(str::to_owned);
        Search { q, age: "4".to_owned(), screen: String::new(), from_week, to_week, cursor: None }
    }

    #[test]
    fn weeks_are_asked_for_over_the_new_year_and_either_way_round() {
        let today: NaiveDate = "2026-11-04".parse().unwrap();
        let days = |from: &str, to: &str| {
            let wanted = wanted(search("", from, to).weeks(today)?, today);
            Some((wanted.first_day.to_string(), wanted.last_day.to_string()))
        };
        let some = |first: &str, last: &str| Some((first.to_owned(), last.to_owned()));
        assert_eq!(days("2026-W52", "2027-W01"), some("2026-12-21", "2027-01-10"));
        assert_eq!(days("2027-W01", "2026-W52"), some("2026-12-21", "2027-01-10"));
        assert_eq!(days("2026-W46", ""), some("2026-11-09", "2026-11-29"));
        assert_eq!(days("", "2026-W46"), some("2026-11-04", "2026-11-15"));
        assert_eq!(days("2026-W44", ""), None, "a week that has passed");
        assert_eq!(days("2027-W53", "9999-W01"), None);
    }

    #[test]
    fn each_choice_can_be_taken_away() {
        let t = Texts::new(Lang::Sv);
        let search = search("bee & bot", "2026-W52", "2027-W01");
        let weeks = search.weeks("2026-11-04".parse().unwrap());
        let chosen: Vec<(String, String)> =
            chosen(t, &search, weeks).into_iter().map(|one| (one.text, one.without)).collect();
        assert_eq!(chosen[0].0, "4 år");
        assert_eq!(chosen[0].1, "/lador?q=bee%20%26%20bot&from_week=2026-W52&to_week=2027-W01");
        assert_eq!(chosen[1], ("ledig v. 52–1".to_owned(), "/lador?q=bee%20%26%20bot&age=4".to_owned()));
    }
}
