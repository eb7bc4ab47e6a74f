//! Opening days over JSON.

use crate::accounts::session::{Keeper, SignedIn};
use crate::opening::actions::{self, SaveWeek};
use crate::opening::store;
use crate::opening::views::OpeningView;
use crate::platform::error::Error;
use crate::platform::ids::ClosureId;
use crate::platform::state::AppState;
use crate::platform::web::command::{self, Body};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, get, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(show).service(change_week).service(remove_closure);
}

/// When the warehouse is open: loans begin and end on such a day.
#[utoipa::path(tag = "opening", security(("token" = [])), responses((status = 200, body = OpeningView)))]
#[get("/opening")]
async fn show(app: App, who: SignedIn) -> Result<HttpResponse, Error> {
    let (organisation, today) = (who.organisation_id(), who.organisation.today(app.clock.now()));
    let read = move |conn: &mut _| {
        Ok(OpeningView::new(store::week(conn, organisation)?, store::closures(conn, organisation, today)?))
    };
    Ok(HttpResponse::Ok().json(app.db.read(read).await?))
}

/// Changes the days of the week on which the warehouse is open, and the holidays it keeps.
#[utoipa::path(tag = "opening", security(("token" = ["warehouse", "admin"])), request_body = SaveWeek,
    params(("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = OpeningView)))]
#[put("/opening")]
async fn change_week(request: HttpRequest, app: App, who: Keeper, body: Body<SaveWeek>) -> Result<HttpResponse, Error> {
    let (by, seen) = (who.by(app.clock.now()), command::if_match(&request)?);
    let today = who.organisation.today(by.now);
    command::run(&app, by, body.key, StatusCode::OK, move |tx| {
        let week = actions::change_week(tx, by, &body.value, seen)?;
        Ok(OpeningView::new(week, store::closures(tx, by.organisation, today)?))
    })
    .await
}

/// Opens the warehouse again on the days of a closure.
#[utoipa::path(tag = "opening", security(("token" = ["warehouse", "admin"])), params(("id" = ClosureId, Path)),
    responses((status = 204, description = "The warehouse is open again on those days.")))]
#[delete("/closures/{id}")]
async fn remove_closure(app: App, who: Keeper, id: web::Path<ClosureId>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    app.db.write(move |tx| actions::remove_closure(tx, by, *id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
