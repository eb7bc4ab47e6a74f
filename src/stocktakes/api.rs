//! Stocktakes over JSON.

use crate::accounts::session::Warehouse;
use crate::loans::actions::Context;
use crate::platform::error::Error;
use crate::platform::ids::{ScanId, StocktakeId};
use crate::platform::state::AppState;
use crate::platform::web::command::{self, Body, Nothing};
use crate::platform::web::paging::{Listing, Paging};
use crate::platform::web::texts;
use crate::stocktakes::actions::{self, CorrectLine, StartStocktake, StocktakeScan};
use crate::stocktakes::queries;
use crate::stocktakes::rules::{Finding, Status};
use crate::stocktakes::views::{
    KitLeft, ShelfView, StocktakeDetail, StocktakeLine, StocktakeScanResult, StocktakeScanUndone, StocktakeView,
};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(shelves)
        .service(start)
        .service(list)
        .service(show)
        .service(lines)
        .service(left)
        .service(scan)
        .service(undo)
        .service(correct)
        .service(close)
        .service(cancel);
}

/// Which stocktakes are wanted.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Only of this status.
    #[param(inline)]
    status: Option<Status>,
}

/// Which lines are wanted.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct WhichLines {
    /// Only of this finding.
    #[param(inline)]
    finding: Option<Finding>,
}

/// Which kits are wanted.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct WhichShelf {
    /// Only those of this shelf; empty for kits without one.
    shelf: Option<String>,
}

/// The shelves of the warehouse, with how many kits in use live on each, in the order in which one walks.
#[utoipa::path(tag = "stocktakes", security(("token" = ["warehouse"])), params(Paging),
    responses((status = 200, body = Listing<ShelfView>)))]
#[get("/shelves")]
async fn shelves(app: App, who: Warehouse, paging: web::Query<Paging>) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let found = app.db.read(move |conn| queries::shelf_page(conn, organisation, &paging)).await?;
    Ok(HttpResponse::Ok().json(found))
}

/// Starts a stocktake of some shelves, or of the whole warehouse. What ought to stand there follows what happens meanwhile:
/// a kit that is handed out is not missing, and one that comes in is not unexpected.
#[utoipa::path(tag = "stocktakes", security(("token" = ["warehouse"])), request_body = StartStocktake,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = StocktakeDetail)))]
#[post("/stocktakes")]
async fn start(app: App, who: Warehouse, body: Body<StartStocktake>) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    command::run(&app, context.by, body.key, StatusCode::CREATED, move |tx| actions::start(tx, &context, &body.value))
        .await
}

/// Stocktakes, newest first.
#[utoipa::path(tag = "stocktakes", security(("token" = ["warehouse"])), params(Which, Paging),
    responses((status = 200, body = Listing<StocktakeView>)))]
#[get("/stocktakes")]
async fn list(
    app: App,
    who: Warehouse,
    which: web::Query<Which>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let found = app.db.read(move |conn| queries::list(conn, organisation, which.status, &paging)).await?;
    Ok(HttpResponse::Ok().json(found))
}

/// One stocktake, with how far each shelf is counted.
#[utoipa::path(tag = "stocktakes", security(("token" = ["warehouse"])), params(("id" = StocktakeId, Path)),
    responses((status = 200, body = StocktakeDetail)))]
#[get("/stocktakes/{id}")]
async fn show(app: App, who: Warehouse, id: web::Path<StocktakeId>) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let found = app.db.read(move |conn| queries::detail(conn, organisation, *id)).await?;
    Ok(HttpResponse::Ok().json(found))
}

/// What a stocktake found, kit by kit.
#[utoipa::path(tag = "stocktakes", security(("token" = ["warehouse"])),
    params(("id" = StocktakeId, Path), WhichLines, Paging), responses((status = 200, body = Listing<StocktakeLine>)))]
#[get("/stocktakes/{id}/lines")]
async fn lines(
    app: App,
    who: Warehouse,
    id: web::Path<StocktakeId>,
    which: web::Query<WhichLines>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let found = app.db.read(move |conn| queries::lines(conn, organisation, *id, which.finding, &paging)).await?;
    Ok(HttpResponse::Ok().json(found))
}

/// The kits that are left to count, by shelf.
#[utoipa::path(tag = "stocktakes", security(("token" = ["warehouse"])),
    params(("id" = StocktakeId, Path), WhichShelf, Paging), responses((status = 200, body = Listing<KitLeft>)))]
#[get("/stocktakes/{id}/left")]
async fn left(
    app: App,
    who: Warehouse,
    id: web::Path<StocktakeId>,
    which: web::Query<WhichShelf>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let found = app.db.read(move |conn| {
        queries::Snapshot::read(conn, organisation, *id)?.left(conn, which.shelf.as_deref(), &paging)
    });
    let found = found.await?;
    Ok(HttpResponse::Ok().json(found))
}

/// Counts a kit. Several people may count at once; who scans a kit that was counted is told by whom.
#[utoipa::path(tag = "stocktakes", security(("token" = ["warehouse"])), request_body = StocktakeScan,
    params(("id" = StocktakeId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = StocktakeScanResult)))]
#[post("/stocktakes/{id}/scans")]
async fn scan(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    id: web::Path<StocktakeId>,
    body: Body<StocktakeScan>,
) -> Result<HttpResponse, Error> {
    let (context, t) = (Context::of(&who, &app), texts(&request));
    command::run(&app, context.by, body.key, StatusCode::OK, move |tx| actions::scan(tx, &context, *id, &body.value, t))
        .await
}

/// Undoes a scan, as long as nothing has been put right by it; a receipt is undone with it, under the conditions of undoing
/// that.
#[utoipa::path(tag = "stocktakes", security(("token" = ["warehouse"])), request_body = Nothing,
    params(("id" = StocktakeId, Path), ("scan_id" = ScanId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = StocktakeScanUndone)))]
#[post("/stocktakes/{id}/scans/{scan_id}/undo")]
async fn undo(
    app: App,
    who: Warehouse,
    path: web::Path<(StocktakeId, ScanId)>,
    body: Body<Nothing>,
) -> Result<HttpResponse, Error> {
    let (context, (id, scan_id)) = (Context::of(&who, &app), path.into_inner());
    command::run(&app, context.by, body.key, StatusCode::OK, move |tx| actions::undo(tx, &context, id, scan_id)).await
}

/// Puts right what was found of a kit: gives it the shelf that it was found on, receives it, notes it as lost. `possible`
/// of its line says what can be done.
#[utoipa::path(tag = "stocktakes", security(("token" = ["warehouse"])), request_body = CorrectLine,
    params(("id" = StocktakeId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = StocktakeLine)))]
#[post("/stocktakes/{id}/corrections")]
async fn correct(
    app: App,
    who: Warehouse,
    id: web::Path<StocktakeId>,
    body: Body<CorrectLine>,
) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    command::run(&app, context.by, body.key, StatusCode::OK, move |tx| actions::correct(tx, &context, *id, &body.value))
        .await
}

/// Closes a stocktake: what is left to count is missing.
#[utoipa::path(tag = "stocktakes", security(("token" = ["warehouse"])), request_body = Nothing,
    params(("id" = StocktakeId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = StocktakeDetail)))]
#[post("/stocktakes/{id}/close")]
async fn close(
    app: App,
    who: Warehouse,
    id: web::Path<StocktakeId>,
    body: Body<Nothing>,
) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    command::run(&app, context.by, body.key, StatusCode::OK, move |tx| actions::close(tx, &context, *id)).await
}

/// Calls a stocktake off. What was put right stays so.
#[utoipa::path(tag = "stocktakes", security(("token" = ["warehouse"])), request_body = Nothing,
    params(("id" = StocktakeId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = StocktakeDetail)))]
#[post("/stocktakes/{id}/cancel")]
async fn cancel(
    app: App,
    who: Warehouse,
    id: web::Path<StocktakeId>,
    body: Body<Nothing>,
) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    command::run(&app, context.by, body.key, StatusCode::OK, move |tx| actions::cancel(tx, &context, *id)).await
}
