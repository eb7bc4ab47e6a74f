//! Addresses of other programs over JSON.

use crate::accounts::session::Admin;
use crate::platform::error::Error;
use crate::platform::ids::{DeliveryId, WebhookId};
use crate::platform::state::AppState;
use crate::platform::web::command::{self, Body, Nothing};
use crate::platform::web::paging::{Listing, Paging};
use crate::webhooks::actions::{self, AddWebhook};
use crate::webhooks::views::{self, DeliveryView, NewWebhookView, WebhookView};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(add)
        .service(pause)
        .service(resume)
        .service(deliveries)
        .service(send_again)
        .service(remove);
}

/// Addresses that are told of each evaluation that comes in.
#[utoipa::path(tag = "webhooks", security(("token" = ["admin"])), responses((status = 200, body = Listing<WebhookView>)))]
#[get("/webhooks")]
async fn list(app: App, who: Admin) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let items = app.db.read(move |conn| views::all(conn, organisation)).await?;
    Ok(HttpResponse::Ok().json(Listing { items, next: None }))
}

/// Adds an address. It gets a `POST` for each evaluation that comes in, signed as Standard Webhooks has it: the header
/// `webhook-signature` is `v1,` and the Base64 of the HMAC-SHA-256, with the secret's 32 bytes, of `webhook-id`,
/// `webhook-timestamp` and the body, with a full stop between them. The body is `{type, timestamp, data}`; `type` is
/// `evaluation.submitted`, and `data` tells `evaluation_id`, `loan_id`, `kit_type`, `unit`, `submitted_at`, `link` and
/// `answers`, in which what looks like somebody's name is masked. Any answer with 2xx within ten seconds takes it; no
/// redirect is followed. Else it is tried again after 5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours, and then
/// given up: the address gets nothing more until it is resumed, and administrators are told by mail. `410` stops it at once.
#[utoipa::path(tag = "webhooks", security(("token" = ["admin"])), request_body = AddWebhook,
    responses((status = 201, body = NewWebhookView)))]
#[post("/webhooks")]
async fn add(app: App, who: Admin, body: Body<AddWebhook>) -> Result<HttpResponse, Error> {
    let (by, private) = (who.by(app.clock.now()), app.config.webhooks_to_private);
    // The secret is told to whoever asked, and is in no stored answer.
    let added = app.db.write(move |tx| actions::add(tx, by, &body.value, private)).await?;
    Ok(HttpResponse::Created().json(added))
}

/// Pauses an address: its messages wait, at most 90 days.
#[utoipa::path(tag = "webhooks", security(("token" = ["admin"])), request_body = Nothing,
    params(("id" = WebhookId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = WebhookView)))]
#[post("/webhooks/{id}/pause")]
async fn pause(app: App, who: Admin, id: web::Path<WebhookId>, body: Body<Nothing>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    command::run(&app, by, body.key, StatusCode::OK, move |tx| actions::pause(tx, by, *id, true)).await
}

/// Lets an address go on that was paused or given up: what has waited is sent now.
#[utoipa::path(tag = "webhooks", security(("token" = ["admin"])), request_body = Nothing,
    params(("id" = WebhookId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = WebhookView)))]
#[post("/webhooks/{id}/resume")]
async fn resume(app: App, who: Admin, id: web::Path<WebhookId>, body: Body<Nothing>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    command::run(&app, by, body.key, StatusCode::OK, move |tx| actions::pause(tx, by, *id, false)).await
}

/// Messages to an address, newest first. They are kept for 90 days.
#[utoipa::path(tag = "webhooks", security(("token" = ["admin"])), params(("id" = WebhookId, Path), Paging),
    responses((status = 200, body = Listing<DeliveryView>)))]
#[get("/webhooks/{id}/deliveries")]
async fn deliveries(
    app: App,
    who: Admin,
    id: web::Path<WebhookId>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let found = app.db.read(move |conn| views::deliveries(conn, organisation, *id, &paging)).await?;
    Ok(HttpResponse::Ok().json(found))
}

/// Sends a message again, with the same `webhook-id`, whether it was taken or given up.
#[utoipa::path(tag = "webhooks", security(("token" = ["admin"])), request_body = Nothing,
    params(("id" = DeliveryId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204, description = "It waits to be sent.")))]
#[post("/webhook-deliveries/{id}/retry")]
async fn send_again(
    app: App,
    who: Admin,
    id: web::Path<DeliveryId>,
    body: Body<Nothing>,
) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    command::run(&app, by, body.key, StatusCode::NO_CONTENT, move |tx| actions::send_again(tx, by, *id)).await
}

/// Removes an address, with its messages.
#[utoipa::path(tag = "webhooks", security(("token" = ["admin"])),
    params(("id" = WebhookId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204, description = "It is told of nothing any more.")))]
#[delete("/webhooks/{id}")]
async fn remove(request: HttpRequest, app: App, who: Admin, id: web::Path<WebhookId>) -> Result<HttpResponse, Error> {
    let (by, key) = (who.by(app.clock.now()), command::key(&request, b"")?);
    command::run(&app, by, key, StatusCode::NO_CONTENT, move |tx| actions::remove(tx, by, *id)).await
}
