//! Rounds over JSON.

use crate::accounts::session::{Planner, SignedIn};
use crate::loans::actions::Context;
use crate::platform::db::Tx;
use crate::platform::error::Error;
use crate::platform::ids::{AllocationId, RoundId, UnitId};
use crate::platform::state::AppState;
use crate::platform::web::command::{self, Body};
use crate::rounds::actions::{self, AddByHand, Allocate, Choose, SaveRound, SaveWishes, may_wish_for};
use crate::rounds::queries;
use crate::rounds::store::{self, Round};
use crate::rounds::views::{RoundAllocationView, RoundView, WishesView};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, put, web};
use serde::Serialize;
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(add)
        .service(show)
        .service(change)
        .service(cancel)
        .service(wishes)
        .service(set_wishes)
        .service(allocate)
        .service(allocation)
        .service(add_by_hand)
        .service(choose)
        .service(remove)
        .service(publish);
}

/// Rounds.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Rounds {
    /// The rounds, the latest term first.
    items: Vec<RoundView>,
    /// Always none: there are few.
    next: Option<String>,
}

/// The season rounds: all of them to those who make them, to others those that concern units now.
#[utoipa::path(tag = "rounds", security(("token" = [])), responses((status = 200, body = Rounds)))]
#[get("/rounds")]
async fn list(app: App, who: SignedIn) -> Result<HttpResponse, Error> {
    let (organisation, today) = (who.organisation_id(), who.organisation.today(app.clock.now()));
    let all = actions::may_plan(&who);
    let items = app
        .db
        .read(move |conn| match all {
            true => queries::rounds(conn, organisation, today),
            false => queries::of_concern(conn, organisation, today),
        })
        .await?;
    Ok(HttpResponse::Ok().json(Rounds { items, next: None }))
}

/// Makes a round.
#[utoipa::path(tag = "rounds", security(("token" = ["developer", "admin"])), request_body = SaveRound,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = RoundView)))]
#[post("/rounds")]
async fn add(app: App, who: Planner, body: Body<SaveRound>) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    command::run(&app, context.by, body.key, StatusCode::CREATED, move |tx| {
        Ok(RoundView::new(actions::add(tx, &context, &body.value)?, context.today()))
    })
    .await
}

/// One round.
#[utoipa::path(tag = "rounds", security(("token" = [])), params(("id" = RoundId, Path)),
    responses((status = 200, body = RoundView)))]
#[get("/rounds/{id}")]
async fn show(app: App, who: SignedIn, id: web::Path<RoundId>) -> Result<HttpResponse, Error> {
    let (organisation, today) = (who.organisation_id(), who.organisation.today(app.clock.now()));
    let round = app.db.read(move |conn| store::the_round(conn, organisation, *id)).await?;
    let etag = format!("\"{}\"", round.version);
    Ok(HttpResponse::Ok().insert_header(("ETag", etag)).json(RoundView::new(round, today)))
}

/// Changes a round that is not published. When its days change, a preview is forgotten; when the wishes get a later last
/// day, they are open again until then.
#[utoipa::path(tag = "rounds", security(("token" = ["developer", "admin"])), request_body = SaveRound,
    params(("id" = RoundId, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = RoundView)))]
#[put("/rounds/{id}")]
async fn change(
    request: HttpRequest,
    app: App,
    who: Planner,
    id: web::Path<RoundId>,
    body: Body<SaveRound>,
) -> Result<HttpResponse, Error> {
    let seen = command::if_match(&request)?;
    on_round(&app, &who, body.key, move |tx, context| actions::change(tx, context, *id, &body.value, seen)).await
}

/// Runs a command about a round and tells the round.
async fn on_round(
    app: &App,
    who: &Planner,
    key: Option<crate::platform::idempotency::Key>,
    run: impl Fn(&mut Tx<'_>, &Context) -> Result<Round, Error> + Send + 'static,
) -> Result<HttpResponse, Error> {
    let context = Context::of(who, app);
    command::run(app, context.by, key, StatusCode::OK, move |tx| {
        Ok(RoundView::new(run(tx, &context)?, context.today()))
    })
    .await
}

/// Calls a round off.
#[utoipa::path(tag = "rounds", security(("token" = ["developer", "admin"])),
    params(("id" = RoundId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = RoundView)))]
#[post("/rounds/{id}/cancel")]
async fn cancel(request: HttpRequest, app: App, who: Planner, id: web::Path<RoundId>) -> Result<HttpResponse, Error> {
    let key = command::key(&request, b"")?;
    on_round(&app, &who, key, move |tx, context| actions::cancel(tx, context, *id)).await
}

/// A unit's wishes, and, once the round is published, what became of them. A borrower sees those of their own units.
#[utoipa::path(tag = "rounds", security(("token" = [])),
    params(("id" = RoundId, Path), ("unit_id" = UnitId, Path)), responses((status = 200, body = WishesView)))]
#[get("/rounds/{id}/units/{unit_id}/wishes")]
async fn wishes(app: App, who: SignedIn, of: web::Path<(RoundId, UnitId)>) -> Result<HttpResponse, Error> {
    let (id, unit) = *of;
    may_wish_for(&who, unit)?;
    let (organisation, today) = (who.organisation.clone(), who.organisation.today(app.clock.now()));
    let view = app.db.read(move |conn| queries::wishes(conn, &organisation, id, unit, today)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Makes these the wishes of a unit, the dearest first, while the wishes are open.
#[utoipa::path(tag = "rounds", security(("token" = [])), request_body = SaveWishes,
    params(("id" = RoundId, Path), ("unit_id" = UnitId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = WishesView)))]
#[put("/rounds/{id}/units/{unit_id}/wishes")]
async fn set_wishes(
    app: App,
    who: SignedIn,
    of: web::Path<(RoundId, UnitId)>,
    body: Body<SaveWishes>,
) -> Result<HttpResponse, Error> {
    let (id, unit) = *of;
    may_wish_for(&who, unit)?;
    let context = Context::of(&who, &app);
    command::run(&app, context.by, body.key, StatusCode::OK, move |tx| {
        actions::set_wishes(tx, &context, id, unit, &body.value)?;
        queries::wishes(tx, &context.organisation, id, unit, context.today())
    })
    .await
}

/// Makes a preview: allocates the kits among the wishes. Nothing is reserved before it is published.
#[utoipa::path(tag = "rounds", security(("token" = ["developer", "admin"])), request_body = Allocate,
    params(("id" = RoundId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = RoundView)))]
#[post("/rounds/{id}/allocate")]
async fn allocate(app: App, who: Planner, id: web::Path<RoundId>, body: Body<Allocate>) -> Result<HttpResponse, Error> {
    let preview = actions::work_out(&app.db, &Context::of(&who, &app), *id, body.value).await?;
    on_round(&app, &who, body.key, move |tx, context| actions::save_preview(tx, context, &preview)).await
}

/// What everybody gets, how it turned out as a whole, and how each kit type is asked for.
#[utoipa::path(tag = "rounds", security(("token" = ["developer", "admin"])), params(("id" = RoundId, Path)),
    responses((status = 200, body = RoundAllocationView)))]
#[get("/rounds/{id}/allocation")]
async fn allocation(app: App, who: Planner, id: web::Path<RoundId>) -> Result<HttpResponse, Error> {
    let (organisation, today) = (who.organisation.clone(), who.organisation.today(app.clock.now()));
    let view = app.db.read(move |conn| queries::allocation(conn, &organisation, *id, today)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// The id of an allocation.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Added {
    /// The allocation.
    id: AllocationId,
}

/// Adds a loan to a preview by hand, for a unit that may not have wished for it.
#[utoipa::path(tag = "rounds", security(("token" = ["developer", "admin"])), request_body = AddByHand,
    params(("id" = RoundId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Added)))]
#[post("/rounds/{id}/allocations")]
async fn add_by_hand(
    app: App,
    who: Planner,
    id: web::Path<RoundId>,
    body: Body<AddByHand>,
) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    command::run(&app, context.by, body.key, StatusCode::CREATED, move |tx| {
        Ok(Added { id: actions::add_by_hand(tx, &context, *id, body.value)? })
    })
    .await
}

/// Chooses other days or another type for an allocation of a preview.
#[utoipa::path(tag = "rounds", security(("token" = ["developer", "admin"])), request_body = Choose,
    params(("id" = AllocationId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = RoundAllocationView)))]
#[patch("/allocations/{id}")]
async fn choose(
    app: App,
    who: Planner,
    id: web::Path<AllocationId>,
    body: Body<Choose>,
) -> Result<HttpResponse, Error> {
    adjust(&app, &who, *id, body.key, Some(body.value)).await
}

/// Takes an allocation of a preview away.
#[utoipa::path(tag = "rounds", security(("token" = ["developer", "admin"])),
    params(("id" = AllocationId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = RoundAllocationView)))]
#[delete("/allocations/{id}")]
async fn remove(
    request: HttpRequest,
    app: App,
    who: Planner,
    id: web::Path<AllocationId>,
) -> Result<HttpResponse, Error> {
    adjust(&app, &who, *id, command::key(&request, b"")?, None).await
}

async fn adjust(
    app: &App,
    who: &Planner,
    id: AllocationId,
    key: Option<crate::platform::idempotency::Key>,
    chosen: Option<Choose>,
) -> Result<HttpResponse, Error> {
    let context = Context::of(who, app);
    command::run(app, context.by, key, StatusCode::OK, move |tx| {
        let round = actions::adjust(tx, &context, id, chosen)?;
        queries::allocation(tx, &context.organisation, round, context.today())
    })
    .await
}

/// Makes all loans of a preview and tells the units, or does nothing when one of them cannot be had any more: then
/// `misfits` names those.
#[utoipa::path(tag = "rounds", security(("token" = ["developer", "admin"])),
    params(("id" = RoundId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = RoundView)))]
#[post("/rounds/{id}/publish")]
async fn publish(request: HttpRequest, app: App, who: Planner, id: web::Path<RoundId>) -> Result<HttpResponse, Error> {
    let key = command::key(&request, b"")?;
    on_round(&app, &who, key, move |tx, context| actions::publish(tx, context, *id)).await
}
