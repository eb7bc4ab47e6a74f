//! Delivery rounds: what the van brings and fetches, unit by unit, and the delivery notes that go with it.

use crate::accounts::session::Warehouse;
use crate::loans::deliveries::rules;
use crate::loans::deliveries::views::{DeliveryRound, Stop};
use crate::loans::deliveries::{notes, queries};
use crate::loans::views::LoanView;
use crate::loans::wording;
use crate::opening::store as opening;
use crate::opening::views::reason;
use crate::platform::error::Error;
use crate::platform::ids::LoanId;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::Tag;
use crate::platform::web::page::{self, Page};
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

type App = web::Data<AppState>;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/lager/turer", web::get().to(show))
        .route("/lager/turer/foljesedlar.pdf", web::get().to(round_notes))
        .route("/lager/lan/{id}/foljesedel.pdf", web::get().to(note));
}

/// Which round.
#[derive(Deserialize)]
struct Asked {
    dag: Option<NaiveDate>,
}

#[derive(Template)]
#[template(path = "warehouse/deliveries.html")]
struct DeliveriesPage {
    t: Texts,
    page: Page,
    rounds: Vec<RoundLink>,
    /// The day of the round that is shown; none when there are no rounds.
    day: Option<NaiveDate>,
    heading: String,
    closed: Option<String>,
    stops: Vec<StopRow>,
    /// How many kits go out.
    going: usize,
}

/// A round to look at.
struct RoundLink {
    href: String,
    words: String,
    current: bool,
}

/// What is done at a unit.
struct StopRow {
    unit: String,
    place: String,
    deliver: Vec<Errand>,
    collect: Vec<Errand>,
}

/// A kit to bring or to fetch.
struct Errand {
    href: String,
    kit: String,
    code: String,
    shelf: String,
    note: String,
    status: Tag,
}

async fn show(request: HttpRequest, app: App, who: Warehouse, asked: web::Query<Asked>) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(&request), who.organisation.clone());
    let today = organisation.today(app.clock.now());
    let wanted = asked.dag;
    let (days, round, closed) = app
        .db
        .read(move |conn| {
            let opening = opening::opening(conn, organisation.id, today)?;
            let days = rules::rounds(today, &queries::weekdays(conn, organisation.id)?, &opening);
            let day = wanted.or_else(|| days.first().copied());
            let round = day.map(|day| queries::round(conn, &organisation, day, today)).transpose()?;
            let closed = day.and_then(|day| opening.closed(day).map(|closed| reason(t, &closed)));
            Ok((days, round, closed))
        })
        .await?;
    let day = round.as_ref().map(|round| round.day);
    let link = |one: NaiveDate| RoundLink {
        href: format!("/lager/turer?dag={one}"),
        words: t.day(one),
        current: Some(one) == day,
    };
    let going =
        round.iter().flat_map(|round| &round.stops).flat_map(|stop| &stop.deliver).filter(|loan| !loan.at_risk).count();
    let page = DeliveriesPage {
        t,
        page: Page::new(&request, &t.s("deliveries-title")),
        rounds: days.into_iter().map(link).collect(),
        day,
        heading: day.map(|day| t.v("deliveries-round", "day", day)).unwrap_or_default(),
        closed: closed.map(|why| t.v("deliveries-closed", "reason", why)),
        stops: round.into_iter().flat_map(|round: DeliveryRound| round.stops).map(|stop| row(t, stop, day)).collect(),
        going,
    };
    Ok(page::ok(&page))
}

fn row(t: Texts, stop: Stop, day: Option<NaiveDate>) -> StopRow {
    let place: Vec<String> = [stop.street_address, stop.area].into_iter().flatten().collect();
    let all = |loans: Vec<LoanView>| loans.into_iter().map(|loan| errand(t, loan, day)).collect::<Vec<_>>();
    let mut collect = all(stop.collect);
    collect.extend(all(stop.collect_if_done));
    StopRow { unit: stop.unit.name, place: place.join(", "), deliver: all(stop.deliver), collect }
}

fn errand(t: Texts, loan: LoanView, round: Option<NaiveDate>) -> Errand {
    let goes_out = loan.status.is_before_hand_out();
    let note = match round {
        _ if goes_out => wording::days(t, loan.first_day, loan.last_day),
        Some(round) if loan.last_day > round => t.v("deliveries-if-done", "day", loan.last_day),
        _ => t.v("loans-note-back", "day", loan.last_day),
    };
    // For a loan at risk no kit is in sight: the one that it was to have is lost, or elsewhere.
    let of_kit = |text: String| Some(text).filter(|_| !loan.at_risk).unwrap_or_default();
    Errand {
        href: format!("/lan/{}", loan.id),
        kit: if loan.at_risk { loan.what() } else { loan.kit_name() },
        code: of_kit(loan.kit_code.to_string()),
        note,
        status: wording::status(t, &loan),
        shelf: if goes_out { of_kit(loan.shelf.clone()) } else { String::new() },
    }
}

async fn round_notes(app: App, who: Warehouse, asked: web::Query<Asked>) -> Result<HttpResponse, Error> {
    let day = asked.dag.unwrap_or_else(|| who.organisation.today(app.clock.now()));
    Ok(page::pdf(notes::of_round(&app, &who, day).await?, "foljesedlar.pdf"))
}

async fn note(app: App, who: Warehouse, id: web::Path<LoanId>) -> Result<HttpResponse, Error> {
    Ok(page::pdf(notes::of_loan(&app, &who, *id).await?, "foljesedel.pdf"))
}
