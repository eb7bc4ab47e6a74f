//! Forms over JSON.

use crate::accounts::session::FormEditor;
use crate::evaluations::form::ReadySet;
use crate::evaluations::forms::actions::{self, SaveFormDraft};
use crate::evaluations::forms::queries;
use crate::evaluations::forms::views::{FormDraftView, FormVersionDetails, FormVersionView};
use crate::platform::error::{Error, Fault};
use crate::platform::ids::FormVersionId;
use crate::platform::state::AppState;
use crate::platform::web::command::{self, Body, Nothing};
use crate::platform::web::paging::Listing;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this part. What is written out goes before what stands for an id.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(tag_sets)
        .service(draft)
        .service(begin)
        .service(save)
        .service(discard)
        .service(publish)
        .service(show);
}

/// The versions of the evaluation form, newest first. A loan is evaluated on the one that was the newest when its kit was
/// handed out.
#[utoipa::path(tag = "forms", security(("token" = ["developer", "admin"])),
    responses((status = 200, body = Listing<FormVersionView>)))]
#[get("/forms")]
async fn list(app: App, who: FormEditor) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let items = app.db.read(move |conn| queries::list(conn, organisation)).await?;
    Ok(HttpResponse::Ok().json(Listing { items, next: None }))
}

/// Sets of tags that come with the program, such as the goals of a curriculum.
#[utoipa::path(tag = "forms", security(("token" = ["developer", "admin"])),
    responses((status = 200, body = Listing<ReadySet>)))]
#[get("/forms/tag-sets")]
async fn tag_sets(_: FormEditor) -> Result<HttpResponse, Error> {
    let items = ReadySet::all().map_err(Fault::from_error)?;
    Ok(HttpResponse::Ok().json(Listing { items, next: None }))
}

/// The draft of the next version.
#[utoipa::path(tag = "forms", security(("token" = ["developer", "admin"])),
    responses((status = 200, body = FormDraftView)))]
#[get("/forms/draft")]
async fn draft(app: App, who: FormEditor) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let draft = app.db.read(move |conn| queries::draft(conn, organisation)).await?;
    Ok(HttpResponse::Ok().json(draft))
}

/// Begins a draft, of which there is one at most. It is the newest version, until it is changed.
#[utoipa::path(tag = "forms", security(("token" = ["developer", "admin"])), request_body = Nothing,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = FormDraftView)))]
#[post("/forms/draft")]
async fn begin(app: App, who: FormEditor, body: Body<Nothing>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    command::run(&app, by, body.key, StatusCode::CREATED, move |tx| {
        actions::begin(tx, by)?;
        queries::draft(tx, by.organisation)
    })
    .await
}

/// Saves the draft in place of the one before. Questions that have been published keep their ids, kinds and words; at most
/// three local ones are asked, whose ids begin with `local_`. What is wrong is named as `question.part`.
#[utoipa::path(tag = "forms", security(("token" = ["developer", "admin"])), request_body = SaveFormDraft,
    params(("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = FormDraftView)))]
#[put("/forms/draft")]
async fn save(
    request: HttpRequest,
    app: App,
    who: FormEditor,
    body: Body<SaveFormDraft>,
) -> Result<HttpResponse, Error> {
    let (by, seen) = (who.by(app.clock.now()), command::if_match(&request)?);
    command::run(&app, by, body.key, StatusCode::OK, move |tx| {
        actions::save(tx, by, body.value.form.clone(), seen)?;
        queries::draft(tx, by.organisation)
    })
    .await
}

/// Throws the draft away.
#[utoipa::path(tag = "forms", security(("token" = ["developer", "admin"])),
    params(("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "There is no draft any more.")))]
#[delete("/forms/draft")]
async fn discard(request: HttpRequest, app: App, who: FormEditor) -> Result<HttpResponse, Error> {
    let (by, seen, key) = (who.by(app.clock.now()), command::if_match(&request)?, command::key(&request, &[])?);
    command::run(&app, by, key, StatusCode::NO_CONTENT, move |tx| actions::discard(tx, by, seen)).await
}

/// Makes the draft the newest version. Loans whose kits are out keep theirs.
#[utoipa::path(tag = "forms", security(("token" = ["developer", "admin"])), request_body = Nothing,
    params(("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 201, body = FormVersionDetails)))]
#[post("/forms/draft/publish")]
async fn publish(request: HttpRequest, app: App, who: FormEditor, body: Body<Nothing>) -> Result<HttpResponse, Error> {
    let (by, seen) = (who.by(app.clock.now()), command::if_match(&request)?);
    command::run(&app, by, body.key, StatusCode::CREATED, move |tx| {
        let version = actions::publish(tx, by, seen)?;
        queries::one(tx, by.organisation, version.id)
    })
    .await
}

/// One version, with all that it asks in all languages.
#[utoipa::path(tag = "forms", security(("token" = ["developer", "admin"])), params(("id" = FormVersionId, Path)),
    responses((status = 200, body = FormVersionDetails)))]
#[get("/forms/{id}")]
async fn show(app: App, who: FormEditor, id: web::Path<FormVersionId>) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let version = app.db.read(move |conn| queries::one(conn, organisation, *id)).await?;
    Ok(HttpResponse::Ok().json(version))
}
