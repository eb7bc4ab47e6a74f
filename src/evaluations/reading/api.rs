//! The reading room over JSON.

use crate::accounts::session::Developer;
use crate::evaluations::queries;
use crate::evaluations::reading::actions::{self, Mark, Mask, Thank};
use crate::evaluations::views::{EvaluationView, ThemeView};
use crate::loans::actions::Context;
use crate::platform::error::Error;
use crate::platform::ids::EvaluationId;
use crate::platform::state::AppState;
use crate::platform::web::command::{self, Body};
use crate::platform::web::paging::Listing;
use crate::platform::web::texts;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this part.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(mark).service(mask).service(thank).service(themes);
}

/// Marks an evaluation: read, starred, in the idea bank, with a note and themes. What is left out stays as it is.
#[utoipa::path(tag = "evaluations", security(("token" = ["developer"])), request_body = Mark,
    params(("id" = EvaluationId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = EvaluationView)))]
#[post("/evaluations/{id}/marks")]
async fn mark(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<EvaluationId>,
    body: Body<Mark>,
) -> Result<HttpResponse, Error> {
    let (context, lang) = (Context::of(&who, &app), texts(&request).lang);
    command::run(&app, context.by, body.key, StatusCode::OK, move |tx| {
        actions::mark(tx, context.by, *id, &body.value)?;
        Ok(queries::one(tx, context.organisation.id, *id, lang)?.evaluation)
    })
    .await
}

/// Masks a passage of an answer, for good: it is kept nowhere.
#[utoipa::path(tag = "evaluations", security(("token" = ["developer"])), request_body = Mask,
    params(("id" = EvaluationId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = EvaluationView)))]
#[post("/evaluations/{id}/masks")]
async fn mask(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<EvaluationId>,
    body: Body<Mask>,
) -> Result<HttpResponse, Error> {
    let (context, lang) = (Context::of(&who, &app), texts(&request).lang);
    command::run(&app, context.by, body.key, StatusCode::OK, move |tx| {
        actions::mask(tx, context.by, *id, &body.value)?;
        Ok(queries::one(tx, context.organisation.id, *id, lang)?.evaluation)
    })
    .await
}

/// Thanks the unit for an evaluation, by mail and once.
#[utoipa::path(tag = "evaluations", security(("token" = ["developer"])), request_body = Thank,
    params(("id" = EvaluationId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = EvaluationView)))]
#[post("/evaluations/{id}/thanks")]
async fn thank(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<EvaluationId>,
    body: Body<Thank>,
) -> Result<HttpResponse, Error> {
    let (context, lang) = (Context::of(&who, &app), texts(&request).lang);
    command::run(&app, context.by, body.key, StatusCode::OK, move |tx| {
        actions::thank(tx, &context, &who, *id, &body.value)?;
        Ok(queries::one(tx, context.organisation.id, *id, lang)?.evaluation)
    })
    .await
}

/// The themes that evaluations have, by name.
#[utoipa::path(tag = "evaluations", security(("token" = ["developer"])),
    responses((status = 200, body = Listing<ThemeView>)))]
#[get("/themes")]
async fn themes(app: App, who: Developer) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let items = app.db.read(move |conn| queries::themes(conn, organisation)).await?;
    Ok(HttpResponse::Ok().json(Listing { items, next: None }))
}
