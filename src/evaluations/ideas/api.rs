//! The idea bank over JSON.

use crate::accounts::session::{Borrower, Releaser, SignedIn};
use crate::evaluations::ideas::actions::{self, Consent};
use crate::evaluations::ideas::queries::{self, IdeaFilter};
use crate::evaluations::ideas::views::{IdeaBank, IdeaView};
use crate::evaluations::queries as evaluations;
use crate::evaluations::views::LoanEvaluationView;
use crate::loans::actions::Context;
use crate::platform::error::Error;
use crate::platform::ids::{IdeaId, LoanId};
use crate::platform::state::AppState;
use crate::platform::web::command::{self, Body};
use crate::platform::web::paging::{Listing, Paging};
use crate::platform::web::texts;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this part. What is written out goes before what stands for an id.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(show).service(bank).service(open).service(consent);
}

/// What units let others read and a developer has read through, newest first. Who wrote it is told only where they want
/// that.
#[utoipa::path(tag = "ideas", security(("token" = [])), params(IdeaFilter, Paging),
    responses((status = 200, body = Listing<IdeaView>)))]
#[get("/ideas")]
async fn list(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    filter: web::Query<IdeaFilter>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let (organisation, lang) = (who.organisation_id(), texts(&request).lang);
    let ideas = app.db.read(move |conn| queries::list(conn, &[organisation], &filter, &paging, lang)).await?;
    Ok(HttpResponse::Ok().json(ideas))
}

/// One idea.
#[utoipa::path(tag = "ideas", security(("token" = [])), params(("id" = IdeaId, Path)),
    responses((status = 200, body = IdeaView)))]
#[get("/ideas/{id}")]
async fn show(request: HttpRequest, app: App, who: SignedIn, id: web::Path<IdeaId>) -> Result<HttpResponse, Error> {
    let (organisation, lang) = (who.organisation_id(), texts(&request).lang);
    let (idea, _) = app.db.read(move |conn| queries::one(conn, &[organisation], *id, lang)).await?;
    Ok(HttpResponse::Ok().json(idea))
}

/// Who may read the idea bank.
#[utoipa::path(tag = "ideas", security(("token" = ["developer", "admin"])), responses((status = 200, body = IdeaBank)))]
#[get("/idea-bank")]
async fn bank(app: App, who: Releaser) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    Ok(HttpResponse::Ok().json(app.db.read(move |conn| queries::bank(conn, organisation)).await?))
}

/// Says who may read the idea bank.
#[utoipa::path(tag = "ideas", security(("token" = ["developer", "admin"])), request_body = IdeaBank,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 200, body = IdeaBank)))]
#[put("/idea-bank")]
async fn open(app: App, who: Releaser, body: Body<IdeaBank>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    command::run(&app, by, body.key, StatusCode::OK, move |tx| {
        actions::open(tx, by, body.value)?;
        Ok(body.value)
    })
    .await
}

/// Says anew how far the evaluation of a loan may go, once it is submitted. What is withdrawn is shown nowhere, at once.
#[utoipa::path(tag = "evaluations", security(("token" = ["borrower"])), request_body = Consent,
    params(("id" = LoanId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = LoanEvaluationView)))]
#[put("/loans/{id}/evaluation/share")]
async fn consent(
    request: HttpRequest,
    app: App,
    who: Borrower,
    id: web::Path<LoanId>,
    body: Body<Consent>,
) -> Result<HttpResponse, Error> {
    let (context, lang) = (Context::of(&who, &app), texts(&request).lang);
    command::run(&app, context.by, body.key, StatusCode::OK, move |tx| {
        evaluations::own_loan(tx, &who, *id, context.today())?;
        actions::consent(tx, &context, *id, body.value)?;
        evaluations::of_loan(tx, &context.organisation, *id, lang)
    })
    .await
}
