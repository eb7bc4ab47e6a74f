//! Calendar addresses over JSON.

use crate::accounts::session::SignedIn;
use crate::calendars::actions;
use crate::platform::error::Error;
use crate::platform::ids::{CalendarId, UnitId};
use crate::platform::state::AppState;
use crate::platform::text::Lang;
use actix_web::{HttpResponse, delete, post, web};
use serde::{Deserialize, Serialize};
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(make).service(remove);
}

/// Whose calendar it is.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Whose {
    /// The unit; the warehouse when there is none.
    unit_id: Option<UnitId>,
    /// The language of the calendar; the caller's unless said.
    language: Option<Lang>,
}

/// A calendar, and where it is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CalendarView {
    /// The calendar.
    pub id: CalendarId,
    /// Whose loans it shows; the warehouse's work when there is none.
    pub unit_id: Option<UnitId>,
    /// Where programs subscribe. Told once: who has it sees the calendar.
    pub address: String,
}

/// Makes the calendar of a unit, or of the warehouse. The address that it had before shows nothing any more.
#[utoipa::path(tag = "calendars", security(("token" = [])), params(Whose),
    responses((status = 201, body = CalendarView)))]
#[post("/calendars")]
async fn make(app: App, who: SignedIn, whose: web::Query<Whose>) -> Result<HttpResponse, Error> {
    actions::may_have(&who, whose.unit_id)?;
    let (by, unit, language) = (who.by(app.clock.now()), whose.unit_id, whose.language.unwrap_or(who.language));
    // The secret is told to whoever asked, and is in no stored answer.
    let (row, token) = app.db.write(move |tx| actions::make(tx, by, unit, language)).await?;
    let address = actions::address(&app.config.public_url, &token);
    Ok(HttpResponse::Created().json(CalendarView { id: row.id, unit_id: row.unit_id, address }))
}

/// Ends the calendar of a unit, or of the warehouse: its address shows nothing any more.
#[utoipa::path(tag = "calendars", security(("token" = [])), params(Whose),
    responses((status = 204, description = "The address shows nothing any more.")))]
#[delete("/calendars")]
async fn remove(app: App, who: SignedIn, whose: web::Query<Whose>) -> Result<HttpResponse, Error> {
    actions::may_have(&who, whose.unit_id)?;
    let (by, unit) = (who.by(app.clock.now()), whose.unit_id);
    app.db.write(move |tx| actions::remove(tx, by, unit)).await?;
    Ok(HttpResponse::NoContent().finish())
}
