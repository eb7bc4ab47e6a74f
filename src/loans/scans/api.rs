//! Scans over JSON.

use crate::accounts::session::Warehouse;
use crate::loans::actions::Context;
use crate::loans::queries;
use crate::loans::scan::{self, Scan, ScanResult};
use crate::loans::scans::known::{self, KnownKit};
use crate::loans::scans::series::{self, ScanSeries, SeriesScan};
use crate::loans::scans::sorting_out::{self, LateScan, SortOut};
use crate::loans::scans::undo;
use crate::loans::views::LoanView;
use crate::platform::error::Error;
use crate::platform::ids::ScanId;
use crate::platform::state::AppState;
use crate::platform::web::command::{self, Body, Nothing};
use crate::platform::web::paging::{Listing, Paging};
use crate::platform::web::texts;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use serde::Serialize;
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(scans)
        .service(take_back)
        .service(known_kits)
        .service(the_series)
        .service(go_on)
        .service(end_series)
        .service(late)
        .service(sort_out);
}

/// Hands a kit out or receives it, by the code on its label. A scan that waited on a phone, with `id` and `scanned_at`,
/// and that can no longer be done is kept to be sorted out: the refusal then says `kept`.
#[utoipa::path(tag = "scans", security(("token" = ["warehouse"])), request_body = Scan,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 200, body = ScanResult)))]
#[post("/scans")]
async fn scans(request: HttpRequest, app: App, who: Warehouse, body: Body<Scan>) -> Result<HttpResponse, Error> {
    let (context, t, wish) = (Context::of(&who, &app), texts(&request), body.value);
    let (told, scan) = (context.clone(), wish.clone());
    let done = command::run(&app, context.by, body.key, StatusCode::OK, move |tx| scan::and_tell(tx, &told, &scan, t));
    match done.await {
        Err(Error::Problem(problem)) if sorting_out::is_kept(&wish, &problem) => {
            let (refusal, said) = sorting_out::in_words(&problem, t);
            let kept = app.db.write(move |tx| sorting_out::keep(tx, &context, &wish, refusal, &said)).await?;
            Err(Error::Problem(problem).with("kept", kept))
        }
        answer => answer,
    }
}

/// Undoes a scan of one's own, as long as it is of just now and nothing has been built on it.
#[utoipa::path(tag = "scans", security(("token" = ["warehouse"])), request_body = Nothing,
    params(("id" = ScanId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = LoanView)))]
#[post("/scans/{id}/undo")]
async fn take_back(
    app: App,
    who: Warehouse,
    id: web::Path<ScanId>,
    body: Body<Nothing>,
) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    command::run(&app, context.by, body.key, StatusCode::OK, move |tx| {
        let loan = undo::undo(tx, &context, *id)?;
        queries::loan_view(tx, &context.organisation, &loan, context.today())
    })
    .await
}

/// The kits of the organisation by name.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct KnownKits {
    /// All that are in use, by name.
    items: Vec<KnownKit>,
}

/// The kits in use by name, all of them at once: what a phone keeps to know codes without network.
#[utoipa::path(tag = "scans", security(("token" = ["warehouse"])), responses((status = 200, body = KnownKits)))]
#[get("/known-kits")]
async fn known_kits(app: App, who: Warehouse) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let items = app.db.read(move |conn| known::kits(conn, organisation)).await?;
    Ok(HttpResponse::Ok().json(KnownKits { items }))
}

/// The series of scans that somebody is in the middle of.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TheSeries {
    /// None when no label has been scanned for an hour.
    series: Option<ScanSeries>,
    /// Its last scans that were done, on whatever phone or page; the latest first. Those of a stocktake are told there.
    scans: Vec<SeriesScan>,
}

/// The series of scans that the caller is in the middle of.
#[utoipa::path(tag = "scans", security(("token" = ["warehouse"])), responses((status = 200, body = TheSeries)))]
#[get("/scan-series")]
async fn the_series(request: HttpRequest, app: App, who: Warehouse) -> Result<HttpResponse, Error> {
    let (context, t, person) = (Context::of(&who, &app), texts(&request), who.id);
    let found = app.db.read(move |conn| {
        let series = series::of(conn, context.organisation.id, person, context.by.now)?;
        Ok(TheSeries { series, scans: series::scans(conn, &context, t)? })
    });
    Ok(HttpResponse::Ok().json(found.await?))
}

/// Begins the caller's series of scans, or goes on with it for an hour more: a label that they open with the phone's own
/// camera joins it.
#[utoipa::path(tag = "scans", security(("token" = ["warehouse"])), request_body = ScanSeries,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 200, body = ScanSeries)))]
#[put("/scan-series")]
async fn go_on(app: App, who: Warehouse, body: Body<ScanSeries>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    command::run(&app, by, body.key, StatusCode::OK, move |tx| {
        series::go_on(tx, by, &body.value)?;
        Ok(body.value.clone())
    })
    .await
}

/// Ends the caller's series of scans.
#[utoipa::path(tag = "scans", security(("token" = ["warehouse"])), responses((status = 204)))]
#[delete("/scan-series")]
async fn end_series(app: App, who: Warehouse) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    app.db.write(move |tx| series::end(tx, by)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Scans that waited on a phone and could not be done when they came, oldest first, until somebody has decided.
#[utoipa::path(tag = "scans", security(("token" = ["warehouse"])), params(Paging),
    responses((status = 200, body = Listing<LateScan>)))]
#[get("/late-scans")]
async fn late(app: App, who: Warehouse, paging: web::Query<Paging>) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    let found = app.db.read(move |conn| sorting_out::open(conn, &context, &paging)).await?;
    Ok(HttpResponse::Ok().json(found))
}

/// Decides about a scan that could not be done when it came: it is done now, or everything is left as it is.
#[utoipa::path(tag = "scans", security(("token" = ["warehouse"])), request_body = SortOut,
    params(("id" = ScanId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = LateScan)))]
#[post("/late-scans/{id}/sort-out")]
async fn sort_out(app: App, who: Warehouse, id: web::Path<ScanId>, body: Body<SortOut>) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    command::run(&app, context.by, body.key, StatusCode::OK, move |tx| {
        sorting_out::sort_out(tx, &context, *id, &body.value)
    })
    .await
}
