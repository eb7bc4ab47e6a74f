//! Pictures over JSON. A picture is sent as it is, and what it shows in the address.

use crate::accounts::session::Admin;
use crate::kits::pictures::actions::{self, SavePicture, Shows};
use crate::kits::pictures::encode::{LARGEST_FILE, encode};
use crate::kits::pictures::views::PictureView;
use crate::kits::queries as kits;
use crate::platform::error::{Arg, Error, Kind};
use crate::platform::ids::{KitTypeId, PictureId};
use crate::platform::state::AppState;
use crate::platform::web::command::{self, Body};
use crate::platform::web::heavy;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, post, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(add).service(change).service(remove);
}

/// Adds a picture of a kit type, after its others. It is kept smaller, the right way up, and without what the file tells
/// besides.
#[utoipa::path(tag = "kits", security(("token" = ["admin"])),
    params(("id" = KitTypeId, Path), Shows, ("Idempotency-Key" = Option<String>, Header)),
    request_body(description = "JPEG, PNG or WebP, at most 15 MB and 50 million pixels", content(
        (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"), (Vec<u8> = "application/octet-stream"),
    )),
    responses((status = 201, body = PictureView)))]
#[post("/kit-types/{id}/pictures")]
async fn add(
    request: HttpRequest,
    app: App,
    who: Admin,
    id: web::Path<KitTypeId>,
    shows: web::Query<Shows>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let (by, id) = (who.by(app.clock.now()), *id);
    let known = app.db.read(move |conn| kits::find_kit_type(conn, by.organisation, id)).await?;
    known.ok_or_else(|| Error::not_found("kit_type.not_found"))?;
    let bytes = payload
        .to_bytes_limited(LARGEST_FILE)
        .await
        .map_err(|_| Error::new(Kind::TooLarge, "picture.too_large"))?
        .map_err(|_| Error::new(Kind::Malformed, "request.malformed"))?;
    let key = command::key(&request, &[request.query_string().as_bytes(), b"\n", &bytes].concat())?;
    let encoded = heavy::run(move || encode(&bytes)).await?;
    let encoded = encoded.map_err(|unfit| unfit.told("file", Arg::Key("picture-the-file")))?;
    command::run(&app, by, key, StatusCode::CREATED, move |tx| actions::add(tx, by, id, &shows, &encoded)).await
}

/// Changes what a picture is said to show, and its place.
#[utoipa::path(tag = "kits", security(("token" = ["admin"])), request_body = SavePicture,
    params(("id" = PictureId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = PictureView)))]
#[put("/pictures/{id}")]
async fn change(
    app: App,
    who: Admin,
    id: web::Path<PictureId>,
    body: Body<SavePicture>,
) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    command::run(&app, by, body.key, StatusCode::OK, move |tx| actions::change(tx, by, *id, &body.value)).await
}

/// Removes a picture.
#[utoipa::path(tag = "kits", security(("token" = ["admin"])),
    params(("id" = PictureId, Path), ("Idempotency-Key" = Option<String>, Header)), responses((status = 204)))]
#[delete("/pictures/{id}")]
async fn remove(request: HttpRequest, app: App, who: Admin, id: web::Path<PictureId>) -> Result<HttpResponse, Error> {
    let (by, key) = (who.by(app.clock.now()), command::key(&request, b"")?);
    command::run(&app, by, key, StatusCode::NO_CONTENT, move |tx| actions::remove(tx, by, *id)).await
}
