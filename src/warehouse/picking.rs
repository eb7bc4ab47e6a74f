//! The pick list: what is to be packed, in the order of one walk along the shelves.

use crate::accounts::session::{Person, Warehouse};
use crate::kits::rules::shelf_order;
use crate::loans::deliveries::{queries as deliveries, rules};
use crate::loans::queries::{self, Work};
use crate::loans::rules::{READY_DAYS, Status, days_after};
use crate::loans::summer::queries as summer;
use crate::loans::views::LoanView;
use crate::opening::store::opening;
use crate::platform::error::Error;
use crate::platform::ids::UnitId;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::page::{self, Page};
use crate::platform::web::texts;
use crate::platform::week::Week;
use crate::warehouse::pages::{Job, job};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{Days, NaiveDate};
use serde::Deserialize;
use uuid::Uuid;

type App = web::Data<AppState>;

/// The most kits on a list.
const MOST: i64 = 300;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/lager/packa", web::get().to(show));
}

/// What is to be packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stretch {
    /// What goes out on that day at the latest.
    Until(NaiveDate),
    /// What the van brings on a round.
    Round(NaiveDate),
}

impl Stretch {
    /// Where its list is.
    pub(super) fn address(self) -> String {
        match self {
            Self::Until(day) => format!("/lager/packa?till={day}"),
            Self::Round(day) => format!("/lager/packa?tur={day}"),
        }
    }
}

/// The stretch that an address or a form names.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub(super) struct Asked {
    /// The last day.
    till: Option<NaiveDate>,
    /// The day of a round.
    tur: Option<NaiveDate>,
}

impl Asked {
    pub(super) fn of(till: Option<NaiveDate>, tur: Option<NaiveDate>) -> Self {
        Self { till, tur }
    }

    pub(super) fn stretch(self) -> Option<Stretch> {
        self.tur.map(Stretch::Round).or(self.till.map(Stretch::Until))
    }
}

#[derive(Template)]
#[template(path = "warehouse/picking.html")]
pub(super) struct PickingPage {
    t: Texts,
    pub(super) page: Page,
    key: Uuid,
    choices: Vec<Choice>,
    lead: String,
    till: Option<NaiveDate>,
    round: Option<NaiveDate>,
    jobs: Vec<Job>,
    packed: usize,
    more: Option<String>,
}

/// Another stretch.
struct Choice {
    href: String,
    words: String,
    current: bool,
}

/// The stretches to choose from: today, tomorrow, this week and the next as far as kits may be packed, and the rounds.
fn stretches(t: Texts, today: NaiveDate, rounds: &[NaiveDate]) -> Vec<(Stretch, String)> {
    let this_week = Week::of(today).sunday();
    let next_week = days_after(this_week, 7).min(days_after(today, READY_DAYS));
    let mut all = vec![
        (Stretch::Until(today), t.s("picking-today")),
        (Stretch::Until(today + Days::new(1)), t.s("picking-tomorrow")),
        (Stretch::Until(this_week), t.s("picking-this-week")),
        (Stretch::Until(next_week), t.s("picking-next-week")),
    ];
    // At the end of a week some of them are the same days.
    let mut seen = Vec::new();
    all.retain(|(stretch, _)| {
        !seen.contains(stretch) && {
            seen.push(*stretch);
            true
        }
    });
    all.extend(rounds.iter().map(|day| (Stretch::Round(*day), t.v("picking-round", "day", *day))));
    all
}

async fn show(request: HttpRequest, app: App, who: Warehouse, asked: web::Query<Asked>) -> Result<HttpResponse, Error> {
    let today = who.organisation.today(app.clock.now());
    let stretch = asked.stretch().unwrap_or(Stretch::Until(today));
    Ok(page::ok(&list(&request, &app, &who, stretch).await?))
}

/// The list of a stretch.
pub(super) async fn list(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    stretch: Stretch,
) -> Result<PickingPage, Error> {
    let (t, organisation) = (texts(request), who.organisation.clone());
    let today = organisation.today(app.clock.now());
    let (rounds, loans, more, owing, away) = app
        .db
        .read(move |conn| {
            let opening = opening(conn, organisation.id, today)?;
            let rounds = rules::rounds(today, &deliveries::weekdays(conn, organisation.id)?, &opening);
            let (mut loans, more): (Vec<LoanView>, i64) = match stretch {
                Stretch::Until(day) => {
                    let statuses = &[Status::Reserved, Status::Ready];
                    let work = Work { statuses, units: None, from: None, until: Some(day) };
                    (work.list(conn, &organisation, today, MOST)?, work.count(conn, organisation.id)? - MOST)
                }
                Stretch::Round(day) => {
                    let round = deliveries::round(conn, &organisation, day, today)?;
                    (round.stops.into_iter().flat_map(|stop| stop.deliver).collect(), 0)
                }
            };
            loans.sort_by_cached_key(|loan| (loan.status, shelf_order(&loan.shelf), loan.first_day));
            let units: Vec<UnitId> = loans.iter().map(|loan| loan.unit.id).collect();
            let owing = queries::owing_units(conn, &units, today)?;
            let codes: Vec<_> = loans.iter().map(|loan| loan.kit_code).collect();
            let away = summer::put_away_of(conn, &codes)?;
            Ok((rounds, loans, more, owing, away))
        })
        .await?;
    let packed = loans.iter().filter(|loan| loan.status == Status::Ready).count();
    let choices = stretches(t, today, &rounds);
    Ok(PickingPage {
        t,
        page: Page::new(request, &t.s("picking-title")),
        key: Uuid::now_v7(),
        choices: choices
            .into_iter()
            .map(|(one, words)| Choice { href: one.address(), words, current: one == stretch })
            .collect(),
        lead: match stretch {
            Stretch::Until(day) => t.v("picking-lead", "day", day),
            Stretch::Round(day) => t.v("picking-lead-round", "day", day),
        },
        till: if let Stretch::Until(day) = stretch { Some(day) } else { None },
        round: if let Stretch::Round(day) = stretch { Some(day) } else { None },
        jobs: loans
            .into_iter()
            .map(|loan| {
                let asleep = away.contains(&loan.kit_code);
                let mut job = job(t, who, loan, &owing, today);
                if asleep {
                    job.note = format!("{} {}", job.note, t.s("summer-wake"));
                }
                job
            })
            .collect(),
        packed,
        more: Some(more).filter(|more| *more > 0).map(|more| t.v("warehouse-more", "count", more)),
    })
}
