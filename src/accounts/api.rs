//! Accounts over JSON.

use crate::accounts::actions::{self, SaveOrganisation, SavePerson, SaveUnit};
use crate::accounts::import::{People, Units};
use crate::accounts::queries;
use crate::accounts::session::{Admin, SignedIn};
use crate::accounts::views::{MeView, OrganisationView, PersonView, TokenView, UnitView};
use crate::platform::db::Tx;
use crate::platform::error::Error;
use crate::platform::ids::{PersonId, TokenId, UnitId};
use crate::platform::state::AppState;
use crate::platform::web::answers::ProblemView;
use crate::platform::web::command::{self, Body};
use crate::platform::web::import::{self, DryRun, ImportView};
use crate::platform::web::paging::{Listing, Paging};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(me)
        .service(change_organisation)
        .service(list_units)
        .service(add_unit)
        .service(change_unit)
        .service(list_people)
        .service(add_person)
        .service(change_person)
        .service(remove_person)
        .service(create_token)
        .service(revoke_token)
        .service(import_units)
        .service(import_people);
}

/// Who is asking, and in which organisation.
#[utoipa::path(tag = "accounts", security(("token" = [])), responses(
    (status = 200, body = MeView), (status = 401, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/me")]
async fn me(who: SignedIn) -> HttpResponse {
    HttpResponse::Ok().json(MeView::from(&*who))
}

/// Changes the organisation's rules.
#[utoipa::path(tag = "accounts", security(("token" = ["admin"])), request_body = SaveOrganisation,
    params(("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = OrganisationView)))]
#[put("/organisation")]
async fn change_organisation(
    request: HttpRequest,
    app: App,
    who: Admin,
    body: Body<SaveOrganisation>,
) -> Result<HttpResponse, Error> {
    let (by, seen) = (who.by(app.clock.now()), command::if_match(&request)?);
    command::run(&app, by, body.key, StatusCode::OK, move |tx| actions::change_organisation(tx, by, &body.value, seen))
        .await
}

/// Units by name. Those who work for the lender see their addresses.
#[utoipa::path(tag = "accounts", security(("token" = [])), params(Paging),
    responses((status = 200, body = Listing<UnitView>)))]
#[get("/units")]
async fn list_units(app: App, who: SignedIn, paging: web::Query<Paging>) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let units = app.db.read(move |conn| queries::units(conn, organisation, &paging)).await?;
    Ok(HttpResponse::Ok().json(units.map(|unit| UnitView::new(unit, &who))))
}

/// Adds a unit.
#[utoipa::path(tag = "accounts", security(("token" = ["admin"])), request_body = SaveUnit,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = UnitView)))]
#[post("/units")]
async fn add_unit(app: App, who: Admin, body: Body<SaveUnit>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    command::run(&app, by, body.key, StatusCode::CREATED, move |tx| {
        Ok(UnitView::new(actions::add_unit(tx, by, &body.value)?, &who))
    })
    .await
}

/// Changes a unit.
#[utoipa::path(tag = "accounts", security(("token" = ["admin"])), request_body = SaveUnit,
    params(("id" = UnitId, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = UnitView)))]
#[put("/units/{id}")]
async fn change_unit(
    request: HttpRequest,
    app: App,
    who: Admin,
    id: web::Path<UnitId>,
    body: Body<SaveUnit>,
) -> Result<HttpResponse, Error> {
    let (by, seen) = (who.by(app.clock.now()), command::if_match(&request)?);
    command::run(&app, by, body.key, StatusCode::OK, move |tx| {
        Ok(UnitView::new(actions::change_unit(tx, by, *id, &body.value, seen)?, &who))
    })
    .await
}

/// People who have an account, by address.
#[utoipa::path(tag = "accounts", security(("token" = ["admin"])), params(Paging),
    responses((status = 200, body = Listing<PersonView>)))]
#[get("/people")]
async fn list_people(app: App, who: Admin, paging: web::Query<Paging>) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let people = app.db.read(move |conn| queries::people(conn, organisation, &paging)).await?;
    Ok(HttpResponse::Ok().json(people))
}

/// What adding or changing a person answers.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct SavedPerson {
    /// The person.
    pub id: PersonId,
    /// Counts the changes; send it as `If-Match`.
    pub version: i32,
}

/// Adds a person.
#[utoipa::path(tag = "accounts", security(("token" = ["admin"])), request_body = SavePerson,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = SavedPerson)))]
#[post("/people")]
async fn add_person(app: App, who: Admin, body: Body<SavePerson>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    command::run(&app, by, body.key, StatusCode::CREATED, move |tx| {
        let person = actions::add_person(tx, by, &body.value)?;
        Ok(SavedPerson { id: person.id, version: person.version })
    })
    .await
}

/// Changes a person.
#[utoipa::path(tag = "accounts", security(("token" = ["admin"])), request_body = SavePerson,
    params(("id" = PersonId, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = SavedPerson)))]
#[put("/people/{id}")]
async fn change_person(
    request: HttpRequest,
    app: App,
    who: Admin,
    id: web::Path<PersonId>,
    body: Body<SavePerson>,
) -> Result<HttpResponse, Error> {
    let (by, seen) = (who.by(app.clock.now()), command::if_match(&request)?);
    command::run(&app, by, body.key, StatusCode::OK, move |tx| {
        let person = actions::change_person(tx, by, *id, &body.value, seen)?;
        Ok(SavedPerson { id: person.id, version: person.version })
    })
    .await
}

/// Removes a person. Their loans and evaluations stay, without their name.
#[utoipa::path(tag = "accounts", security(("token" = ["admin"])),
    params(("id" = PersonId, Path), ("Idempotency-Key" = Option<String>, Header)), responses((status = 204)))]
#[delete("/people/{id}")]
async fn remove_person(
    request: HttpRequest,
    app: App,
    who: Admin,
    id: web::Path<PersonId>,
) -> Result<HttpResponse, Error> {
    let (by, key) = (who.by(app.clock.now()), command::key(&request, b"")?);
    command::run(&app, by, key, StatusCode::NO_CONTENT, move |tx| actions::remove_person(tx, by, *id)).await
}

/// A token's name.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateToken {
    /// What it is for, so that it can be told from others.
    #[schema(min_length = 1, max_length = 120)]
    name: String,
}

/// Makes a token with the caller's own rights. Its secret is shown only in this answer.
#[utoipa::path(tag = "accounts", security(("token" = [])), request_body = CreateToken,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = TokenView)))]
#[post("/tokens")]
async fn create_token(app: App, who: SignedIn, body: Body<CreateToken>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let create = move |tx: &mut Tx<'_>| actions::create_token(tx, by, who.id, &body.value.name);
    let kept = |token: &TokenView| TokenView { token: None, ..token.clone() };
    command::run_secret(&app, by, body.key, StatusCode::CREATED, create, kept).await
}

/// Revokes one of the caller's own tokens.
#[utoipa::path(tag = "accounts", security(("token" = [])),
    params(("id" = TokenId, Path), ("Idempotency-Key" = Option<String>, Header)), responses((status = 204)))]
#[delete("/tokens/{id}")]
async fn revoke_token(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<TokenId>,
) -> Result<HttpResponse, Error> {
    let (by, key) = (who.by(app.clock.now()), command::key(&request, b"")?);
    command::run(&app, by, key, StatusCode::NO_CONTENT, move |tx| actions::revoke_token(tx, by, who.id, *id)).await
}

/// Imports units: columns for name, area, e-mail, number of children. All rows, or none.
#[utoipa::path(tag = "accounts", security(("token" = ["admin"])), params(DryRun, ("Idempotency-Key" = Option<String>, Header)),
    request_body(description = "CSV or XLSX, at most 10 MB", content(
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<u8> = "application/octet-stream"),
    )),
    responses(
        (status = 200, body = ImportView),
        (status = 415, body = ProblemView, content_type = "application/problem+json",
            description = "The file is of a type that is not read."),
    ))]
#[post("/imports/units")]
async fn import_units(
    request: HttpRequest,
    app: App,
    who: Admin,
    query: web::Query<DryRun>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    import::answer::<Units>(&request, &app, by, payload, query.dry_run).await
}

/// Imports people: columns for name, e-mail, roles, units. All rows, or none.
#[utoipa::path(tag = "accounts", security(("token" = ["admin"])), params(DryRun, ("Idempotency-Key" = Option<String>, Header)),
    request_body(description = "CSV or XLSX, at most 10 MB", content(
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<u8> = "application/octet-stream"),
    )),
    responses(
        (status = 200, body = ImportView),
        (status = 415, body = ProblemView, content_type = "application/problem+json",
            description = "The file is of a type that is not read."),
    ))]
#[post("/imports/people")]
async fn import_people(
    request: HttpRequest,
    app: App,
    who: Admin,
    query: web::Query<DryRun>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    import::answer::<People>(&request, &app, by, payload, query.dry_run).await
}
