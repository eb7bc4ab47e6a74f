//! The queue over JSON.

use crate::accounts::session::SignedIn;
use crate::loans::actions::{Context, may_act_for};
use crate::loans::queries as loans;
use crate::loans::queue::actions::{self, Join};
use crate::loans::queue::queries::{self, Filter};
use crate::loans::queue::rules::Status;
use crate::loans::queue::store::Entry;
use crate::loans::queue::views::{EntryDetails, EntryView};
use crate::loans::views::LoanView;
use crate::platform::db::Tx;
use crate::platform::error::Error;
use crate::platform::idempotency::Key;
use crate::platform::ids::{KitTypeId, QueueEntryId, UnitId};
use crate::platform::state::AppState;
use crate::platform::web::command::{self, Body, Nothing};
use crate::platform::web::paging::{Listing, Paging};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(join).service(show).service(withdraw).service(take).service(decline);
}

/// Which places are wanted.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct QueueQuery {
    /// Only of this status.
    #[param(inline)]
    status: Option<Status>,
    /// Only of this unit.
    unit_id: Option<UnitId>,
    /// Only for this type.
    kit_type_id: Option<KitTypeId>,
}

/// Places in the queue, newest first. A borrower sees those of their own units.
#[utoipa::path(tag = "queue", security(("token" = [])), params(QueueQuery, Paging),
    responses((status = 200, body = Listing<EntryView>)))]
#[get("/queue")]
async fn list(
    app: App,
    who: SignedIn,
    query: web::Query<QueueQuery>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let units = match query.unit_id {
        Some(unit) if who.acts_for(unit) => Some(vec![unit]),
        Some(_) => Some(Vec::new()),
        None if who.is_staff() => None,
        None => Some(who.units.clone()),
    };
    let filter = Filter { status: query.status, units, kit_type: query.kit_type_id };
    let (organisation, now) = (who.organisation.clone(), app.clock.now());
    let entries = app
        .db
        .read(move |conn| queries::entries(conn, &organisation, &filter, &paging, organisation.today(now)))
        .await?;
    Ok(HttpResponse::Ok().json(entries))
}

/// Puts a unit in the queue for a kit of a type.
#[utoipa::path(tag = "queue", security(("token" = [])), request_body = Join,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = EntryDetails)))]
#[post("/queue")]
async fn join(app: App, who: SignedIn, body: Body<Join>) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    command::run(&app, context.by, body.key, StatusCode::CREATED, move |tx| {
        may_act_for(&who, body.value.unit_id)?;
        let entry = actions::join(tx, &context, &body.value)?;
        queries::entry(tx, &context.organisation, entry.id, context.today())
    })
    .await
}

/// One place in the queue, and how things look for it.
#[utoipa::path(tag = "queue", security(("token" = [])), params(("id" = QueueEntryId, Path)),
    responses((status = 200, body = EntryDetails)))]
#[get("/queue/{id}")]
async fn show(app: App, who: SignedIn, id: web::Path<QueueEntryId>) -> Result<HttpResponse, Error> {
    let now = app.clock.now();
    let details = app.db.read(move |conn| queries::visible_entry(conn, &who, *id, who.organisation.today(now))).await?;
    Ok(HttpResponse::Ok().insert_header(("ETag", format!("\"{}\"", details.entry.version))).json(details))
}

/// Runs a command on a place that the person may touch.
async fn on_entry<T: Serialize>(
    app: &App,
    who: SignedIn,
    request: &HttpRequest,
    key: Option<Key>,
    id: QueueEntryId,
    command: impl Fn(&mut Tx<'_>, &Context, Entry) -> Result<T, Error> + Send + 'static,
) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, app);
    let seen = command::if_match(request)?;
    command::run(app, context.by, key, StatusCode::OK, move |tx| {
        let entry = actions::own_entry(tx, &context, &who, id)?;
        if seen.is_some_and(|seen| seen != entry.version) {
            return Err(Error::changed_meanwhile());
        }
        command(tx, &context, entry)
    })
    .await
}

/// Leaves the queue.
#[utoipa::path(tag = "queue", security(("token" = [])), request_body = Nothing,
    params(("id" = QueueEntryId, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = EntryDetails)))]
#[post("/queue/{id}/withdraw")]
async fn withdraw(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<QueueEntryId>,
    body: Body<Nothing>,
) -> Result<HttpResponse, Error> {
    on_entry(&app, who, &request, body.key, *id, |tx, context, entry| {
        let entry = actions::withdraw(tx, context, entry)?;
        queries::entry(tx, &context.organisation, entry.id, context.today())
    })
    .await
}

/// Takes an offer: it becomes a loan.
#[utoipa::path(tag = "queue", security(("token" = [])), request_body = Nothing,
    params(("id" = QueueEntryId, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = LoanView)))]
#[post("/queue/{id}/take")]
async fn take(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<QueueEntryId>,
    body: Body<Nothing>,
) -> Result<HttpResponse, Error> {
    on_entry(&app, who, &request, body.key, *id, |tx, context, entry| {
        let loan = actions::take(tx, context, entry)?;
        loans::loan_view(tx, &context.organisation, &loan, context.today())
    })
    .await
}

/// Declines an offer: it goes to the next in line.
#[utoipa::path(tag = "queue", security(("token" = [])), request_body = Nothing,
    params(("id" = QueueEntryId, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = EntryDetails)))]
#[post("/queue/{id}/decline")]
async fn decline(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<QueueEntryId>,
    body: Body<Nothing>,
) -> Result<HttpResponse, Error> {
    on_entry(&app, who, &request, body.key, *id, |tx, context, entry| {
        let entry = actions::decline(tx, context, entry)?;
        queries::entry(tx, &context.organisation, entry.id, context.today())
    })
    .await
}
