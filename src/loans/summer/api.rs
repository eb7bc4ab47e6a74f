//! The summer list over JSON.

use crate::accounts::session::Warehouse;
use crate::kits::api::known_code;
use crate::kits::code::Code;
use crate::loans::summer::queries::SummerKit;
use crate::loans::summer::{actions, queries};
use crate::platform::db::Tx;
use crate::platform::error::Error;
use crate::platform::events::By;
use crate::platform::state::AppState;
use crate::platform::web::paging::{Listing, Paging};
use actix_web::{HttpResponse, delete, get, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(put_away).service(take_out);
}

/// The summer list: every kit with batteries, what is done with it before it stands for months, and whether that is done; by
/// shelf.
#[utoipa::path(tag = "service", security(("token" = ["warehouse"])), params(Paging),
    responses((status = 200, body = Listing<SummerKit>)))]
#[get("/summer-list")]
async fn list(app: App, who: Warehouse, paging: web::Query<Paging>) -> Result<HttpResponse, Error> {
    let organisation = who.organisation.clone();
    let found = app.db.read(move |conn| queries::list(conn, &organisation, &paging)).await?;
    Ok(HttpResponse::Ok().json(found.page))
}

async fn note(
    app: &App,
    who: &Warehouse,
    code: &str,
    action: fn(&mut Tx<'_>, By, &Code) -> Result<(), Error>,
) -> Result<HttpResponse, Error> {
    let (by, code) = (who.by(app.clock.now()), known_code(code)?);
    app.db.write(move |tx| action(tx, by, &code)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Notes that a kit is ready to stand for months: its batteries are out, or it is charged and put by.
#[utoipa::path(tag = "service", security(("token" = ["warehouse"])), params(("code" = String, Path)),
    responses((status = 204)))]
#[put("/kits/{code}/put-away")]
async fn put_away(app: App, who: Warehouse, code: web::Path<String>) -> Result<HttpResponse, Error> {
    note(&app, &who, &code, actions::put_away).await
}

/// Notes that a kit is ready to be used again. So is one that is packed or handed out.
#[utoipa::path(tag = "service", security(("token" = ["warehouse"])), params(("code" = String, Path)),
    responses((status = 204)))]
#[delete("/kits/{code}/put-away")]
async fn take_out(app: App, who: Warehouse, code: web::Path<String>) -> Result<HttpResponse, Error> {
    note(&app, &who, &code, actions::take_out).await
}
