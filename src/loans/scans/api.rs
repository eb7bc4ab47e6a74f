//! Scans over JSON.

use crate::accounts::session::Warehouse;
use crate::loans::actions::Context;
use crate::loans::queries;
use crate::loans::scan::{self, Scan, ScanResult};
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
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(scans).service(take_back).service(late).service(sort_out);
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
