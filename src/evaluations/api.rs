//! Evaluations over JSON.

use crate::accounts::session::{Borrower, Developer, EvaluationReader, LinkKeeper, Releaser, SignedIn};
use crate::evaluations::actions::{self, SaveDraft, Submit};
use crate::evaluations::export::{EvaluationExport, Export};
use crate::evaluations::opinions::{self, Filter};
use crate::evaluations::queries;
use crate::evaluations::search::query::Search;
use crate::evaluations::views::{EvaluationDetails, EvaluationView, FormView, LoanEvaluationView, SummaryView};
use crate::loans::actions::Context;
use crate::loans::evaluation_links::{self, EvaluationLinkView};
use crate::platform::db::Tx;
use crate::platform::error::Error;
use crate::platform::ids::{EvaluationId, EvaluationLinkId, LoanId};
use crate::platform::state::AppState;
use crate::platform::web::command::{self, Body, Nothing};
use crate::platform::web::download::{self, AsFile};
use crate::platform::web::paging::{Listing, Paging, Since};
use crate::platform::web::texts;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature. What is written out goes before what stands for an id.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(form)
        .service(of_loan)
        .service(save_draft)
        .service(submit)
        .service(links)
        .service(add_link)
        .service(end_links)
        .service(end_link)
        .service(list)
        .service(export)
        .service(summary)
        .service(show);
}

/// The newest evaluation form, in the caller's language, as a loan is asked it that begins today.
#[utoipa::path(tag = "evaluations", security(("token" = [])), responses((status = 200, body = FormView)))]
#[get("/form")]
async fn form(request: HttpRequest, app: App, who: SignedIn) -> Result<HttpResponse, Error> {
    let (organisation, lang, now) = (who.organisation_id(), texts(&request).lang, app.clock.now());
    let today = who.organisation.today(now);
    let form = app.db.read(move |conn| queries::form_for_loan(conn, organisation, today, lang)).await?;
    Ok(HttpResponse::Ok().json(form))
}

/// A loan's evaluation as it stands, with the form it is written on. Developers read it once it is submitted.
#[utoipa::path(tag = "evaluations", security(("token" = ["borrower", "developer"])), params(("id" = LoanId, Path)),
    responses((status = 200, body = LoanEvaluationView)))]
#[get("/loans/{id}/evaluation")]
async fn of_loan(
    request: HttpRequest,
    app: App,
    who: EvaluationReader,
    id: web::Path<LoanId>,
) -> Result<HttpResponse, Error> {
    let (now, lang) = (app.clock.now(), texts(&request).lang);
    let evaluation = app
        .db
        .read(move |conn| {
            queries::readable_loan(conn, &who, *id, who.organisation.today(now))?;
            queries::of_loan(conn, &who.organisation, *id, lang)
        })
        .await?;
    Ok(HttpResponse::Ok().json(evaluation))
}

/// Saves a draft of a loan's evaluation in place of the one before. Answers may be missing, but not wrong. Several people
/// can write one draft: who sends the versions `seen` takes nobody's newer answer away.
#[utoipa::path(tag = "evaluations", security(("token" = ["borrower"])), request_body = SaveDraft,
    params(("id" = LoanId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = LoanEvaluationView)))]
#[put("/loans/{id}/evaluation")]
async fn save_draft(
    request: HttpRequest,
    app: App,
    who: Borrower,
    id: web::Path<LoanId>,
    body: Body<SaveDraft>,
) -> Result<HttpResponse, Error> {
    let (context, lang) = (Context::of(&who, &app), texts(&request).lang);
    command::run(&app, context.by, body.key, StatusCode::OK, move |tx| {
        queries::own_loan(tx, &who, *id, context.today())?;
        actions::save_draft(tx, &context, *id, &body.value)?;
        queries::of_loan(tx, &context.organisation, *id, lang)
    })
    .await
}

/// Submits a loan's evaluation: the draft, with these answers on top. Each missing answer is named.
#[utoipa::path(tag = "evaluations", security(("token" = ["borrower"])), request_body = Submit,
    params(("id" = LoanId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = LoanEvaluationView)))]
#[post("/loans/{id}/evaluation/submit")]
async fn submit(
    request: HttpRequest,
    app: App,
    who: Borrower,
    id: web::Path<LoanId>,
    body: Body<Submit>,
) -> Result<HttpResponse, Error> {
    let (context, lang) = (Context::of(&who, &app), texts(&request).lang);
    command::run(&app, context.by, body.key, StatusCode::CREATED, move |tx| {
        queries::own_loan(tx, &who, *id, context.today())?;
        actions::submit(tx, &context, *id, &body.value.answers)?;
        queries::of_loan(tx, &context.organisation, *id, lang)
    })
    .await
}

/// The newest links by which a loan's evaluation is written without an account: those that were mailed, and those that were
/// made here.
#[utoipa::path(tag = "evaluations", security(("token" = ["borrower", "developer", "admin"])),
    params(("id" = LoanId, Path)), responses((status = 200, body = Listing<EvaluationLinkView>)))]
#[get("/loans/{id}/evaluation/links")]
async fn links(app: App, who: LinkKeeper, id: web::Path<LoanId>) -> Result<HttpResponse, Error> {
    let today = who.organisation.today(app.clock.now());
    let items = app
        .db
        .read(move |conn| {
            queries::linkable_loan(conn, &who, *id, today)?;
            evaluation_links::list(conn, *id)
        })
        .await?;
    Ok(HttpResponse::Ok().json(Listing { items, next: None }))
}

/// Makes a link by which anyone writes a loan's evaluation without an account. Its address is told only in this answer. The
/// link is the caller's: it ends when they no longer act for the unit.
#[utoipa::path(tag = "evaluations", security(("token" = ["borrower", "developer", "admin"])), request_body = Nothing,
    params(("id" = LoanId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = EvaluationLinkView)))]
#[post("/loans/{id}/evaluation/links")]
async fn add_link(
    app: App,
    who: LinkKeeper,
    id: web::Path<LoanId>,
    body: Body<Nothing>,
) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    let by = context.by;
    let make = move |tx: &mut Tx<'_>| {
        queries::linkable_loan(tx, &who, *id, context.today())?;
        actions::add_link(tx, &context, *id)
    };
    let kept = |link: &EvaluationLinkView| EvaluationLinkView { address: None, ..link.clone() };
    command::run_secret(&app, by, body.key, StatusCode::CREATED, make, kept).await
}

/// Ends one link to a loan's evaluation: it opens nothing any more.
#[utoipa::path(tag = "evaluations", security(("token" = ["borrower", "developer", "admin"])),
    params(("id" = LoanId, Path), ("link_id" = EvaluationLinkId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204, description = "The link opens nothing any more.")))]
#[delete("/loans/{id}/evaluation/links/{link_id}")]
async fn end_link(
    request: HttpRequest,
    app: App,
    who: LinkKeeper,
    path: web::Path<(LoanId, EvaluationLinkId)>,
) -> Result<HttpResponse, Error> {
    let (context, key) = (Context::of(&who, &app), command::key(&request, &[])?);
    let (id, link) = path.into_inner();
    command::run(&app, context.by, key, StatusCode::NO_CONTENT, move |tx| {
        queries::linkable_loan(tx, &who, id, context.today())?;
        evaluation_links::end_one(tx, &context, id, link)
    })
    .await
}

/// Ends the links to a loan's evaluation that were mailed: they open nothing any more. A scan of the kit's label mails the
/// unit a new one.
#[utoipa::path(tag = "evaluations", security(("token" = ["developer", "admin"])),
    params(("id" = LoanId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204, description = "The links open nothing any more.")))]
#[delete("/loans/{id}/evaluation/links")]
async fn end_links(
    request: HttpRequest,
    app: App,
    who: Releaser,
    id: web::Path<LoanId>,
) -> Result<HttpResponse, Error> {
    let (context, key) = (Context::of(&who, &app), command::key(&request, &[])?);
    command::run(&app, context.by, key, StatusCode::NO_CONTENT, move |tx| evaluation_links::end(tx, &context, *id))
        .await
}

/// Submitted evaluations, newest first; with `since`, those that have changed.
#[utoipa::path(tag = "evaluations", security(("token" = ["developer"])), params(Search, Since, Paging),
    responses((status = 200, body = Listing<EvaluationView>)))]
#[get("/evaluations")]
async fn list(
    app: App,
    who: Developer,
    search: web::Query<Search>,
    since: web::Query<Since>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let evaluations = app
        .db
        .read(move |conn| match since.instant() {
            Some(since) => queries::changed(conn, &who.organisation, &search, since, &paging),
            None => queries::list(conn, &who.organisation, &search, &paging),
        })
        .await?;
    Ok(HttpResponse::Ok().json(evaluations))
}

/// All submitted evaluations that are asked for, newest first, as a file: CSV and JSON are sent while they are read, and have
/// no end; XLSX has at most 20,000, else it is refused. In CSV and XLSX each question has a column, with its id behind its
/// words; a text that a spreadsheet would take for a formula stands after an apostrophe in CSV. CSV is UTF-8 with a mark,
/// and has semicolons and decimal commas for Swedish and Danish.
#[utoipa::path(tag = "evaluations", security(("token" = ["developer"])), params(Search, AsFile),
    responses((status = 200, content(
        (String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (EvaluationExport = "application/json"),
    ))))]
#[get("/evaluations/export")]
async fn export(
    request: HttpRequest,
    app: App,
    who: Developer,
    search: web::Query<Search>,
    file: web::Query<AsFile>,
) -> Result<HttpResponse, Error> {
    let (format, t) = (file.format(), texts(&request));
    let export = Export::begin(&app, &who.organisation, search.into_inner(), format, t).await?;
    download::parts("utvarderingar", format, export).await
}

/// What the answers to scale questions add up to, for each kit type and question. The limit counts kit types; a page has no
/// items of those that nobody has answered about, and there are no more when `next` is null.
#[utoipa::path(tag = "evaluations", security(("token" = ["developer"])), params(Filter, Paging),
    responses((status = 200, body = Listing<SummaryView>)))]
#[get("/evaluations/summary")]
async fn summary(
    request: HttpRequest,
    app: App,
    who: Developer,
    filter: web::Query<Filter>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let (organisation, lang) = (who.organisation_id(), texts(&request).lang);
    let today = who.organisation.today(app.clock.now());
    let summary = app.db.read(move |conn| opinions::summary(conn, organisation, &filter, &paging, today, lang)).await?;
    Ok(HttpResponse::Ok().json(summary))
}

/// One submitted evaluation, with the form it was written on.
#[utoipa::path(tag = "evaluations", security(("token" = ["developer"])), params(("id" = EvaluationId, Path)),
    responses((status = 200, body = EvaluationDetails)))]
#[get("/evaluations/{id}")]
async fn show(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<EvaluationId>,
) -> Result<HttpResponse, Error> {
    let (organisation, lang) = (who.organisation_id(), texts(&request).lang);
    let evaluation = app.db.read(move |conn| queries::one(conn, organisation, *id, lang)).await?;
    Ok(HttpResponse::Ok().json(evaluation))
}
