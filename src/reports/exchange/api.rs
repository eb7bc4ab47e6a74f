//! Figures between municipalities over JSON.

use crate::accounts::session::Developer;
use crate::platform::error::Error;
use crate::platform::ids::ExchangeFileId;
use crate::platform::state::AppState;
use crate::platform::web::command::{self, Body};
use crate::platform::web::paging::Listing;
use crate::reports::exchange::actions;
use crate::reports::exchange::file::ExchangeFile;
use crate::reports::exchange::queries::{self, ExchangeFileView};
use crate::reports::which::WhichTerms;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this part.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(for_others).service(list).service(import).service(remove);
}

/// The figures of some terms as a file for other municipalities, in which nobody can be recognised: no unit, no text, and
/// nothing that fewer than five have answered.
#[utoipa::path(tag = "reports", security(("token" = ["developer"])), params(WhichTerms),
    responses((status = 200, body = ExchangeFile)))]
#[get("/reports/exchange")]
async fn for_others(app: App, who: Developer, which: web::Query<WhichTerms>) -> Result<HttpResponse, Error> {
    let terms = which.terms(who.organisation.today(app.clock.now()))?;
    let file = app.db.read(move |conn| queries::for_others(conn, &who.organisation, terms)).await?;
    Ok(HttpResponse::Ok().json(file))
}

/// Files of other municipalities that were brought in.
#[utoipa::path(tag = "reports", security(("token" = ["developer"])),
    responses((status = 200, body = Listing<ExchangeFileView>)))]
#[get("/exchange-files")]
async fn list(app: App, who: Developer) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let items = app.db.read(move |conn| queries::files(conn, organisation)).await?;
    Ok(HttpResponse::Ok().json(Listing { items, next: None }))
}

/// Brings in the file of another municipality. One of the same municipality and period takes its place.
#[utoipa::path(tag = "reports", security(("token" = ["developer"])), request_body = ExchangeFile,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = ExchangeFileView)))]
#[post("/exchange-files")]
async fn import(app: App, who: Developer, body: Body<ExchangeFile>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    command::run(&app, by, body.key, StatusCode::CREATED, move |tx| actions::import(tx, by, &body.value)).await
}

/// Takes a file out again.
#[utoipa::path(tag = "reports", security(("token" = ["developer"])),
    params(("id" = ExchangeFileId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204, description = "Its figures are shown no more.")))]
#[delete("/exchange-files/{id}")]
async fn remove(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<ExchangeFileId>,
) -> Result<HttpResponse, Error> {
    let (by, key) = (who.by(app.clock.now()), command::key(&request, b"")?);
    command::run(&app, by, key, StatusCode::NO_CONTENT, move |tx| actions::remove(tx, by, *id)).await
}
