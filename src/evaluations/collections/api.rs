//! Collections over JSON.

use crate::accounts::session::Developer;
use crate::evaluations::collections::actions::{self, Gather, SaveCollection};
use crate::evaluations::collections::queries;
use crate::evaluations::collections::views::{CollectionDetails, CollectionView};
use crate::platform::error::Error;
use crate::platform::ids::{CollectionId, EvaluationId};
use crate::platform::state::AppState;
use crate::platform::web::command::{self, Body};
use crate::platform::web::paging::Listing;
use crate::platform::web::texts;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this part.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(add).service(gather).service(take_out).service(show).service(rename).service(remove);
}

/// The collections, newest first.
#[utoipa::path(tag = "collections", security(("token" = ["developer"])),
    responses((status = 200, body = Listing<CollectionView>)))]
#[get("/collections")]
async fn list(app: App, who: Developer) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let items = app.db.read(move |conn| queries::list(conn, organisation)).await?;
    Ok(HttpResponse::Ok().json(Listing { items, next: None }))
}

/// Adds a collection.
#[utoipa::path(tag = "collections", security(("token" = ["developer"])), request_body = SaveCollection,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = CollectionDetails)))]
#[post("/collections")]
async fn add(
    request: HttpRequest,
    app: App,
    who: Developer,
    body: Body<SaveCollection>,
) -> Result<HttpResponse, Error> {
    let (by, lang) = (who.by(app.clock.now()), texts(&request).lang);
    command::run(&app, by, body.key, StatusCode::CREATED, move |tx| {
        let id = actions::add(tx, by, &body.value)?;
        queries::one(tx, by.organisation, id, lang)
    })
    .await
}

/// A collection: what is in it, and the units that want to tell more.
#[utoipa::path(tag = "collections", security(("token" = ["developer"])), params(("id" = CollectionId, Path)),
    responses((status = 200, body = CollectionDetails)))]
#[get("/collections/{id}")]
async fn show(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<CollectionId>,
) -> Result<HttpResponse, Error> {
    let (organisation, lang) = (who.organisation_id(), texts(&request).lang);
    let collection = app.db.read(move |conn| queries::one(conn, organisation, *id, lang)).await?;
    Ok(HttpResponse::Ok().json(collection))
}

/// Gives a collection another name.
#[utoipa::path(tag = "collections", security(("token" = ["developer"])), request_body = SaveCollection,
    params(("id" = CollectionId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = CollectionDetails)))]
#[put("/collections/{id}")]
async fn rename(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<CollectionId>,
    body: Body<SaveCollection>,
) -> Result<HttpResponse, Error> {
    let (by, lang) = (who.by(app.clock.now()), texts(&request).lang);
    command::run(&app, by, body.key, StatusCode::OK, move |tx| {
        actions::rename(tx, by, *id, &body.value)?;
        queries::one(tx, by.organisation, *id, lang)
    })
    .await
}

/// Removes a collection; what was in it stays.
#[utoipa::path(tag = "collections", security(("token" = ["developer"])),
    params(("id" = CollectionId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204, description = "The collection is gone.")))]
#[delete("/collections/{id}")]
async fn remove(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<CollectionId>,
) -> Result<HttpResponse, Error> {
    let (by, key) = (who.by(app.clock.now()), command::key(&request, &[])?);
    command::run(&app, by, key, StatusCode::NO_CONTENT, move |tx| actions::remove(tx, by, *id)).await
}

/// Puts an evaluation into a collection.
#[utoipa::path(tag = "collections", security(("token" = ["developer"])), request_body = Gather,
    params(("id" = CollectionId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = CollectionDetails)))]
#[post("/collections/{id}/evaluations")]
async fn gather(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<CollectionId>,
    body: Body<Gather>,
) -> Result<HttpResponse, Error> {
    let (by, lang) = (who.by(app.clock.now()), texts(&request).lang);
    command::run(&app, by, body.key, StatusCode::OK, move |tx| {
        actions::gather(tx, by, *id, body.value.evaluation_id)?;
        queries::one(tx, by.organisation, *id, lang)
    })
    .await
}

/// Takes an evaluation out of a collection.
#[utoipa::path(tag = "collections", security(("token" = ["developer"])),
    params(("id" = CollectionId, Path), ("evaluation_id" = EvaluationId, Path),
        ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204, description = "It is not in the collection any more.")))]
#[delete("/collections/{id}/evaluations/{evaluation_id}")]
async fn take_out(
    request: HttpRequest,
    app: App,
    who: Developer,
    path: web::Path<(CollectionId, EvaluationId)>,
) -> Result<HttpResponse, Error> {
    let (by, key) = (who.by(app.clock.now()), command::key(&request, &[])?);
    let (id, evaluation) = path.into_inner();
    command::run(&app, by, key, StatusCode::NO_CONTENT, move |tx| actions::take_out(tx, by, id, evaluation)).await
}
