//! The event log over JSON, and closures with the loans that they touch.

use crate::accounts::session::{Keeper, Staff};
use crate::admin::App;
use crate::admin::closures::{self, Closed};
use crate::loans::actions::Context;
use crate::loans::queries as loans;
use crate::loans::views::LoanView;
use crate::opening::actions::AddClosure;
use crate::platform::error::Error;
use crate::platform::events::{self, Event};
use crate::platform::ids::{AnyId, EventId};
use crate::platform::web::command::{self, Body};
use crate::platform::web::paging::{Listing, Paging};
use actix_web::http::StatusCode;
use actix_web::post;
use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_events).service(touched_loans).service(add_closure);
}

/// Which events are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Only those of the thing with this id.
    subject: Option<AnyId>,
    /// Only those after this event; the same as `cursor`.
    after: Option<EventId>,
}

/// Events, oldest first.
#[utoipa::path(tag = "events", security(("token" = ["warehouse", "developer", "admin"])), params(Wanted, Paging),
    responses((status = 200, body = Listing<Event>)))]
#[get("/events")]
async fn list_events(
    app: App,
    who: Staff,
    wanted: web::Query<Wanted>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let events = app
        .db
        .read(move |conn| {
            let after = paging.after()?.or(wanted.after);
            let rows = events::list(conn, organisation, wanted.subject, after, paging.rows())?;
            Ok(Listing::cut(rows, &paging, |event| event.id))
        })
        .await?;
    Ok(HttpResponse::Ok().json(events))
}

/// Days on which the warehouse may be closed.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Days {
    /// The first day.
    first_day: NaiveDate,
    /// The last day.
    last_day: NaiveDate,
}

/// The loans that begin or end on these days: what a closure then would touch.
#[utoipa::path(tag = "opening", security(("token" = ["warehouse", "admin"])), params(Days),
    responses((status = 200, body = Vec<LoanView>)))]
#[get("/closures/preview")]
async fn touched_loans(app: App, who: Keeper, days: web::Query<Days>) -> Result<HttpResponse, Error> {
    let (organisation, now) = (who.organisation.clone(), app.clock.now());
    let (first, last) = (days.first_day, days.last_day);
    let read = move |conn: &mut _| loans::on_days(conn, &organisation, (first, last), organisation.today(now));
    Ok(HttpResponse::Ok().json(app.db.read(read).await?))
}

/// Whom a closure is told.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Telling {
    /// The units whose loans begin or end then get a mail.
    #[serde(default)]
    tell_units: bool,
}

/// Closes the warehouse for some days. Loans that begin or end then stay as they are; they are listed, and their units
/// are told if that is wished for.
#[utoipa::path(tag = "opening", security(("token" = ["warehouse", "admin"])), request_body = AddClosure,
    params(Telling, ("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = Closed)))]
#[post("/closures")]
async fn add_closure(
    app: App,
    who: Keeper,
    telling: web::Query<Telling>,
    body: Body<AddClosure>,
) -> Result<HttpResponse, Error> {
    let (context, tell) = (Context::of(&who, &app), telling.tell_units);
    command::run(&app, context.by, body.key, StatusCode::CREATED, move |tx| {
        closures::close(tx, &context, &body.value, tell)
    })
    .await
}
