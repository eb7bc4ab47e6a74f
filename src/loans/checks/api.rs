//! Contents checks over JSON: check a kit, report from the unit that has it, what is open, what to buy, what has happened.

use crate::accounts::session::{Borrower, SignedIn, Staff, Warehouse};
use crate::kits::api::known_code;
use crate::kits::pictures::encode::{LARGEST_FILE, encode};
use crate::loans::actions::Context;
use crate::loans::checks::actions::{self, ReportContents, Resolve, SaveCheck};
use crate::loans::checks::history::{self, Entry};
use crate::loans::checks::queries;
use crate::loans::checks::refill::{self, RefillList};
use crate::loans::checks::views::{CheckView, DeviationView, KitContentsView, KitToCheck};
use crate::loans::checks::{photos, store};
use crate::platform::error::{Arg, Error, Kind};
use crate::platform::ids::{DeviationId, LoanId};
use crate::platform::state::AppState;
use crate::platform::web::command::{self, Body};
use crate::platform::web::heavy;
use crate::platform::web::paging::{Listing, Paging};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Serialize;
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(note_check)
        .service(checks)
        .service(contents)
        .service(to_check)
        .service(report)
        .service(resolve)
        .service(add_photo)
        .service(refill_list)
        .service(kit_history);
}

/// Notes a contents check of a kit. An empty one says that all is there that should be.
#[utoipa::path(tag = "contents", security(("token" = ["warehouse"])), request_body = SaveCheck,
    params(("code" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = CheckView)))]
#[post("/kits/{code}/checks")]
async fn note_check(
    app: App,
    who: Warehouse,
    code: web::Path<String>,
    body: Body<SaveCheck>,
) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    let code = known_code(&code)?;
    command::run(&app, context.by, body.key, StatusCode::CREATED, move |tx| {
        let check = actions::check_kit(tx, &context, &code, &body.value)?;
        queries::check(tx, check)
    })
    .await
}

/// The contents checks of a kit, newest first.
#[utoipa::path(tag = "contents", security(("token" = ["warehouse", "developer", "admin"])),
    params(("code" = String, Path), Paging), responses((status = 200, body = Listing<CheckView>)))]
#[get("/kits/{code}/checks")]
async fn checks(
    app: App,
    who: Staff,
    code: web::Path<String>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let (organisation, code) = (who.organisation.clone(), known_code(&code)?);
    let found = app.db.read(move |conn| {
        let kit = queries::the_kit(conn, &organisation, &code)?.0;
        queries::of_kit(conn, kit.id, &paging)
    });
    Ok(HttpResponse::Ok().json(found.await?))
}

/// What is known of a kit's contents: what is open, and between which checks it came about.
#[utoipa::path(tag = "contents", security(("token" = ["warehouse", "developer", "admin"])),
    params(("code" = String, Path)), responses((status = 200, body = KitContentsView)))]
#[get("/kits/{code}/contents")]
async fn contents(app: App, who: Staff, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let (organisation, code) = (who.organisation.clone(), known_code(&code)?);
    let found = app.db.read(move |conn| {
        let kit = queries::the_kit(conn, &organisation, &code)?.0;
        queries::contents(conn, &kit)
    });
    Ok(HttpResponse::Ok().json(found.await?))
}

/// Kits that came back and have not been checked since.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct KitsToCheck {
    /// The kits, those first that wait longest; 500 at most.
    items: Vec<KitToCheck>,
    /// How many there are in all.
    count: i64,
}

/// Kits that came back and have not been checked since.
#[utoipa::path(tag = "contents", security(("token" = ["warehouse", "developer", "admin"])),
    responses((status = 200, body = KitsToCheck)))]
#[get("/kits-to-check")]
async fn to_check(app: App, who: Staff) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let found = app.db.read(move |conn| {
        let (items, count) = (queries::to_check(conn, organisation)?, queries::count_to_check(conn, organisation)?);
        Ok(KitsToCheck { items, count })
    });
    Ok(HttpResponse::Ok().json(found.await?))
}

/// Notes what the unit that has a kit says of its contents: on arrival, or later, before it goes back.
#[utoipa::path(tag = "contents", security(("token" = ["borrower"])), request_body = ReportContents,
    params(("id" = LoanId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = CheckView)))]
#[post("/loans/{id}/checks")]
async fn report(
    app: App,
    who: Borrower,
    id: web::Path<LoanId>,
    body: Body<ReportContents>,
) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    command::run(&app, context.by, body.key, StatusCode::CREATED, move |tx| {
        let check = actions::check_loan(tx, &context, &who, *id, &body.value)?;
        queries::check(tx, check)
    })
    .await
}

/// Says what became of something that was missing, broken or used up.
#[utoipa::path(tag = "contents", security(("token" = ["warehouse"])), request_body = Resolve,
    params(("id" = DeviationId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = DeviationView)))]
#[post("/deviations/{id}/resolve")]
async fn resolve(
    app: App,
    who: Warehouse,
    id: web::Path<DeviationId>,
    body: Body<Resolve>,
) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    command::run(&app, context.by, body.key, StatusCode::OK, move |tx| {
        let resolved = actions::resolve(tx, &context, *id, &body.value)?;
        let check = store::find_check(tx, context.organisation.id, resolved.check_id)?;
        let check = check.ok_or_else(|| Error::not_found("deviation.not_found"))?;
        let view = queries::views(tx, vec![(resolved, check.occasion)])?.pop();
        view.ok_or_else(|| Error::not_found("deviation.not_found"))
    })
    .await
}

/// A photo that was added.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AddedPhoto {
    /// Where it is shown, to those who work for the lender and to the unit that reported what it shows.
    address: String,
}

/// Adds a photo of what differs. It is kept smaller, the right way up, and without what the file tells besides.
#[utoipa::path(tag = "contents", security(("token" = [])),
    params(("id" = DeviationId, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body(description = "JPEG, PNG or WebP, at most 15 MB and 50 million pixels", content(
        (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"), (Vec<u8> = "application/octet-stream"),
    )),
    responses((status = 201, body = AddedPhoto)))]
#[post("/deviations/{id}/photos")]
async fn add_photo(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<DeviationId>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let (context, id) = (Context::of(&who, &app), *id);
    let person = (*who).clone();
    app.db.read(move |conn| photos::visible(conn, &person, id)).await?;
    let bytes = payload
        .to_bytes_limited(LARGEST_FILE)
        .await
        .map_err(|_| Error::new(Kind::TooLarge, "picture.too_large"))?
        .map_err(|_| Error::new(Kind::Malformed, "request.malformed"))?;
    let key = command::key(&request, &bytes)?;
    let encoded = heavy::run(move || encode(&bytes)).await?;
    let encoded = encoded.map_err(|unfit| unfit.told("file", Arg::Key("picture-the-file")))?;
    command::run(&app, context.by, key, StatusCode::CREATED, move |tx| {
        let photo = photos::add(tx, &context, &who, id, &encoded)?;
        Ok(AddedPhoto { address: photos::address(photo) })
    })
    .await
}

/// What is to be put in which kit, and what to buy for it in all.
#[utoipa::path(tag = "contents", security(("token" = ["warehouse", "developer", "admin"])),
    responses((status = 200, body = RefillList)))]
#[get("/refill-list")]
async fn refill_list(app: App, who: Staff) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    Ok(HttpResponse::Ok().json(app.db.read(move |conn| refill::list(conn, organisation)).await?))
}

/// What has happened to a kit, the latest first: loans, checks, what became of what they found, service, labels. A page
/// may have some more than were asked for, of the same moment as the last.
#[utoipa::path(tag = "contents", security(("token" = ["warehouse", "developer", "admin"])),
    params(("code" = String, Path), Paging), responses((status = 200, body = Listing<Entry>)))]
#[get("/kits/{code}/history")]
async fn kit_history(
    app: App,
    who: Staff,
    code: web::Path<String>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let (organisation, code, now) = (who.organisation.clone(), known_code(&code)?, app.clock.now());
    let found = app.db.read(move |conn| {
        let (kit, type_name) = queries::the_kit(conn, &organisation, &code)?;
        history::of_kit(conn, &kit, &type_name, &paging, organisation.today(now))
    });
    Ok(HttpResponse::Ok().json(found.await?))
}
