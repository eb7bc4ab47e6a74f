//! Service jobs over JSON.

use crate::accounts::session::{Staff, Warehouse};
use crate::kits::api::known_code;
use crate::loans::actions::Context;
use crate::loans::checks::queries::the_kit;
use crate::loans::service::actions::{self, AddJob, MoveJob};
use crate::loans::service::queries;
use crate::loans::service::rules::Status;
use crate::loans::service::store::ServiceJob;
use crate::loans::service::views::ServiceJobView;
use crate::platform::db::Tx;
use crate::platform::error::Error;
use crate::platform::ids::ServiceJobId;
use crate::platform::state::AppState;
use crate::platform::web::command::{self, Body};
use crate::platform::web::paging::{Listing, Paging};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, put, web};
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(add).service(change).service(done).service(cancel);
}

/// Which jobs are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Only those that are open, done or cancelled.
    #[param(inline)]
    status: Option<Status>,
    /// Only those on this kit.
    kit_code: Option<String>,
}

/// Service jobs, newest first.
#[utoipa::path(tag = "service", security(("token" = ["warehouse", "developer", "admin"])), params(Which, Paging),
    responses((status = 200, body = Listing<ServiceJobView>)))]
#[get("/service-jobs")]
async fn list(
    app: App,
    who: Staff,
    which: web::Query<Which>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let (organisation, now) = (who.organisation.clone(), app.clock.now());
    let code = which.kit_code.as_deref().map(known_code).transpose()?;
    let found = app.db.read(move |conn| {
        let kit = code.map(|code| the_kit(conn, &organisation, &code)).transpose()?.map(|(kit, _)| kit.id);
        queries::list(conn, organisation.id, which.status, kit, &paging, organisation.today(now))
    });
    Ok(HttpResponse::Ok().json(found.await?))
}

/// Runs a command on a job, and tells the job.
async fn run(
    app: &App,
    context: Context,
    key: Option<crate::platform::idempotency::Key>,
    status: StatusCode,
    command: impl Fn(&mut Tx<'_>, &Context) -> Result<ServiceJob, Error> + Send + 'static,
) -> Result<HttpResponse, Error> {
    command::run(app, context.by, key, status, move |tx| {
        let job = command(tx, &context)?;
        queries::view(tx, context.organisation.id, job.id, context.today())
    })
    .await
}

/// Makes a service job: the kit is kept from being lent on its days, or until it is done. Refused when a reservation would
/// lose its kit, unless a reason is given.
#[utoipa::path(tag = "service", security(("token" = ["warehouse"])), request_body = AddJob,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = ServiceJobView)))]
#[post("/service-jobs")]
async fn add(app: App, who: Warehouse, body: Body<AddJob>) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    run(&app, context, body.key, StatusCode::CREATED, move |tx, context| actions::add(tx, context, &body.value)).await
}

/// Gives a service job other days. One that has begun keeps its first day.
#[utoipa::path(tag = "service", security(("token" = ["warehouse"])), request_body = MoveJob,
    params(("id" = ServiceJobId, Path), ("Idempotency-Key" = Option<String>, Header),
        ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = ServiceJobView)))]
#[put("/service-jobs/{id}")]
async fn change(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    id: web::Path<ServiceJobId>,
    body: Body<MoveJob>,
) -> Result<HttpResponse, Error> {
    let (context, seen) = (Context::of(&who, &app), command::if_match(&request)?);
    let moved = move |tx: &mut Tx<'_>, context: &Context| actions::change(tx, context, *id, &body.value, seen);
    run(&app, context, body.key, StatusCode::OK, moved).await
}

/// Notes that a service job is done.
#[utoipa::path(tag = "service", security(("token" = ["warehouse"])),
    params(("id" = ServiceJobId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = ServiceJobView)))]
#[post("/service-jobs/{id}/done")]
async fn done(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    id: web::Path<ServiceJobId>,
) -> Result<HttpResponse, Error> {
    let (context, key) = (Context::of(&who, &app), command::key(&request, b"")?);
    run(&app, context, key, StatusCode::OK, move |tx, context| actions::done(tx, context, *id)).await
}

/// Calls a service job off.
#[utoipa::path(tag = "service", security(("token" = ["warehouse"])),
    params(("id" = ServiceJobId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = ServiceJobView)))]
#[post("/service-jobs/{id}/cancel")]
async fn cancel(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    id: web::Path<ServiceJobId>,
) -> Result<HttpResponse, Error> {
    let (context, key) = (Context::of(&who, &app), command::key(&request, b"")?);
    run(&app, context, key, StatusCode::OK, move |tx, context| actions::cancel(tx, context, *id)).await
}
