//! Delivery rounds and delivery notes over JSON and as PDF.

use crate::accounts::session::Warehouse;
use crate::loans::deliveries::views::DeliveryRound;
use crate::loans::deliveries::{notes, queries};
use crate::platform::error::Error;
use crate::platform::ids::LoanId;
use crate::platform::state::AppState;
use crate::platform::web::page;
use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(round).service(note).service(round_notes);
}

/// Which round.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// The day on which it is driven; today unless said.
    day: Option<NaiveDate>,
}

/// A delivery round: what the van brings to the units that it visits on that day of the week, and what it fetches there. It
/// sees to what cannot wait until it comes by again, a week later unless that day is closed, and leaves out what the round
/// before it does if that is still to come. The first 500 of each kind are told.
#[utoipa::path(tag = "deliveries", security(("token" = ["warehouse"])), params(Which),
    responses((status = 200, body = DeliveryRound)))]
#[get("/delivery-round")]
async fn round(app: App, who: Warehouse, which: web::Query<Which>) -> Result<HttpResponse, Error> {
    let (organisation, today) = (who.organisation.clone(), who.organisation.today(app.clock.now()));
    let day = which.day.unwrap_or(today);
    let found = app.db.read(move |conn| queries::round(conn, &organisation, day, today));
    Ok(HttpResponse::Ok().json(found.await?))
}

/// The delivery note of a loan, for the kit that serves it. A5.
#[utoipa::path(tag = "deliveries", security(("token" = ["warehouse"])), params(("id" = LoanId, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
#[get("/loans/{id}/delivery-note.pdf")]
async fn note(app: App, who: Warehouse, id: web::Path<LoanId>) -> Result<HttpResponse, Error> {
    Ok(page::pdf(notes::of_loan(&app, &who, *id).await?, "foljesedel.pdf"))
}

/// The delivery notes of a round, in the order of its stops; a loan at risk has none. A5, a page for each kit, or several
/// when much lies in it.
#[utoipa::path(tag = "deliveries", security(("token" = ["warehouse"])), params(Which),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
#[get("/delivery-round/notes.pdf")]
async fn round_notes(app: App, who: Warehouse, which: web::Query<Which>) -> Result<HttpResponse, Error> {
    let day = which.day.unwrap_or_else(|| who.organisation.today(app.clock.now()));
    Ok(page::pdf(notes::of_round(&app, &who, day).await?, "foljesedlar.pdf"))
}
