//! Kit types and kits over JSON. What depends on loans (what is free, who has a kit, whether one can be retired) is in `loans`.

use crate::accounts::session::{Admin, Keeper, SignedIn};
use crate::kits::actions::{self, AddKit, SaveKit};
use crate::kits::code::Code;
use crate::kits::codes;
use crate::kits::import::Kits;
use crate::kits::queries;
use crate::kits::rules::SaveKitType;
use crate::kits::views::{CodeView, KitTypeView, KitView};
use crate::platform::error::Error;
use crate::platform::ids::KitTypeId;
use crate::platform::state::AppState;
use crate::platform::web::answers::ProblemView;
use crate::platform::web::command::{self, Body};
use crate::platform::web::import::{self, DryRun, ImportView};
use crate::platform::web::paging::{Listing, Paging};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(add_kit_type)
        .service(get_kit_type)
        .service(change_kit_type)
        .service(retire_kit_type)
        .service(list_kits)
        .service(add_kit)
        .service(change_kit)
        .service(draw_codes)
        .service(blank_codes)
        .service(kit_codes)
        .service(bind_code)
        .service(replace_code)
        .service(import_kits);
    crate::kits::pictures::api::routes(config);
}

/// Adds a kit type.
#[utoipa::path(tag = "kits", security(("token" = ["admin"])), request_body = SaveKitType,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = KitTypeView)))]
#[post("/kit-types")]
async fn add_kit_type(app: App, who: Admin, body: Body<SaveKitType>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    command::run(&app, by, body.key, StatusCode::CREATED, move |tx| actions::add_kit_type(tx, by, &body.value)).await
}

/// One kit type, also when it has been taken out of the catalogue.
#[utoipa::path(tag = "kits", security(("token" = [])), params(("id" = KitTypeId, Path)),
    responses((status = 200, body = KitTypeView)))]
#[get("/kit-types/{id}")]
async fn get_kit_type(app: App, who: SignedIn, id: web::Path<KitTypeId>) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let found = app.db.read(move |conn| queries::find_kit_type(conn, organisation, *id)).await?;
    Ok(HttpResponse::Ok().json(found.ok_or_else(|| Error::not_found("kit_type.not_found"))?))
}

/// Changes a kit type.
#[utoipa::path(tag = "kits", security(("token" = ["admin"])), request_body = SaveKitType,
    params(("id" = KitTypeId, Path), ("Idempotency-Key" = Option<String>, Header),
        ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = KitTypeView)))]
#[put("/kit-types/{id}")]
async fn change_kit_type(
    request: HttpRequest,
    app: App,
    who: Admin,
    id: web::Path<KitTypeId>,
    body: Body<SaveKitType>,
) -> Result<HttpResponse, Error> {
    let (by, seen) = (who.by(app.clock.now()), command::if_match(&request)?);
    command::run(&app, by, body.key, StatusCode::OK, move |tx| actions::change_kit_type(tx, by, *id, &body.value, seen))
        .await
}

/// Takes a kit type out of the catalogue. Its loans and evaluations stay.
#[utoipa::path(tag = "kits", security(("token" = ["admin"])),
    params(("id" = KitTypeId, Path), ("Idempotency-Key" = Option<String>, Header)), responses((status = 204)))]
#[delete("/kit-types/{id}")]
async fn retire_kit_type(
    request: HttpRequest,
    app: App,
    who: Admin,
    id: web::Path<KitTypeId>,
) -> Result<HttpResponse, Error> {
    let (by, key) = (who.by(app.clock.now()), command::key(&request, b"")?);
    command::run(&app, by, key, StatusCode::NO_CONTENT, move |tx| actions::retire_kit_type(tx, by, *id)).await
}

/// Which kits are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct OfType {
    /// Only kits of this type.
    kit_type_id: Option<KitTypeId>,
}

/// Kits that are not retired, in the order in which they were added.
#[utoipa::path(tag = "kits", security(("token" = [])), params(OfType, Paging),
    responses((status = 200, body = Listing<KitView>)))]
#[get("/kits")]
async fn list_kits(
    app: App,
    who: SignedIn,
    of: web::Query<OfType>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let kits = app.db.read(move |conn| queries::kits(conn, organisation, of.kit_type_id, &paging)).await?;
    Ok(HttpResponse::Ok().json(kits))
}

/// Adds a kit. The answer has the code for its label.
#[utoipa::path(tag = "kits", security(("token" = ["warehouse", "admin"])), request_body = AddKit,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = KitView)))]
#[post("/kits")]
async fn add_kit(app: App, who: Keeper, body: Body<AddKit>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    command::run(&app, by, body.key, StatusCode::CREATED, move |tx| actions::add_kit(tx, by, &body.value)).await
}

/// Changes which copy a kit is, and where it stands.
#[utoipa::path(tag = "kits", security(("token" = ["warehouse", "admin"])), request_body = SaveKit,
    params(("code" = String, Path), ("Idempotency-Key" = Option<String>, Header),
        ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = KitView)))]
#[put("/kits/{code}")]
async fn change_kit(
    request: HttpRequest,
    app: App,
    who: Keeper,
    code: web::Path<String>,
    body: Body<SaveKit>,
) -> Result<HttpResponse, Error> {
    let (by, seen) = (who.by(app.clock.now()), command::if_match(&request)?);
    let code = known_code(&code)?;
    command::run(&app, by, body.key, StatusCode::OK, move |tx| actions::change_kit(tx, by, &code, &body.value, seen))
        .await
}

/// How many codes are wanted.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct DrawCodes {
    /// How many.
    #[schema(minimum = 1, maximum = 500)]
    count: i32,
}

/// Codes that were drawn.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct DrawnCodes {
    /// The codes.
    codes: Vec<Code>,
}

/// Draws codes, for labels that are printed now and put on kits later.
#[utoipa::path(tag = "kits", security(("token" = ["warehouse", "admin"])), request_body = DrawCodes,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = DrawnCodes)))]
#[post("/codes")]
async fn draw_codes(app: App, who: Keeper, body: Body<DrawCodes>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    command::run(&app, by, body.key, StatusCode::CREATED, move |tx| {
        Ok(DrawnCodes { codes: codes::draw(tx, by, body.value.count)? })
    })
    .await
}

/// Codes that are on no kit yet.
#[utoipa::path(tag = "kits", security(("token" = ["warehouse", "admin"])), params(Paging),
    responses((status = 200, body = Listing<CodeView>)))]
#[get("/codes")]
async fn blank_codes(app: App, who: Keeper, paging: web::Query<Paging>) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    Ok(HttpResponse::Ok().json(app.db.read(move |conn| codes::blanks(conn, organisation, &paging)).await?))
}

/// A kit's codes besides the one that it goes by, also those that were replaced.
#[utoipa::path(tag = "kits", security(("token" = ["warehouse", "admin"])), params(("code" = String, Path)),
    responses((status = 200, body = Vec<CodeView>)))]
#[get("/kits/{code}/codes")]
async fn kit_codes(app: App, who: Keeper, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let (organisation, code) = (who.organisation_id(), known_code(&code)?);
    let further = app.db.read(move |conn| {
        let kit = queries::kit(conn, organisation, &code)?
            .ok_or_else(|| Error::not_found("kit.unknown_code").arg("code", code.to_string()))?;
        codes::further(conn, &kit)
    });
    Ok(HttpResponse::Ok().json(further.await?))
}

/// A code to put on a kit.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct BindCode {
    /// A code that is on no kit yet.
    code: String,
}

/// Puts a code that was printed in advance on a kit. The kit has both from now on.
#[utoipa::path(tag = "kits", security(("token" = ["warehouse", "admin"])), request_body = BindCode,
    params(("code" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = KitView)))]
#[post("/kits/{code}/codes")]
async fn bind_code(
    app: App,
    who: Keeper,
    code: web::Path<String>,
    body: Body<BindCode>,
) -> Result<HttpResponse, Error> {
    let (by, kit) = (who.by(app.clock.now()), known_code(&code)?);
    let new = Code::parse(&body.value.code).map_err(|_| Error::invalid("code", "code.not_a_code"))?;
    command::run(&app, by, body.key, StatusCode::OK, move |tx| codes::bind(tx, by, &new, &kit, false)).await
}

/// Ends this code of its kit: its label was lost, or is on the wrong box. If the kit goes by it, the kit takes another,
/// which the answer tells; scanning the old one tells it, too.
#[utoipa::path(tag = "kits", security(("token" = ["warehouse", "admin"])),
    params(("code" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = KitView)))]
#[post("/kits/{code}/replace-code")]
async fn replace_code(
    request: HttpRequest,
    app: App,
    who: Keeper,
    code: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let (by, key, code) = (who.by(app.clock.now()), command::key(&request, b"")?, known_code(&code)?);
    command::run(&app, by, key, StatusCode::OK, move |tx| codes::replace(tx, by, &code)).await
}

/// Imports kits: columns for kit type, copy, shelf, how many. All rows, or none.
#[utoipa::path(tag = "kits", security(("token" = ["admin"])), params(DryRun, ("Idempotency-Key" = Option<String>, Header)),
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
#[post("/imports/kits")]
async fn import_kits(
    request: HttpRequest,
    app: App,
    who: Admin,
    query: web::Query<DryRun>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    import::answer::<Kits>(&request, &app, by, payload, query.dry_run).await
}

/// The code in a path. What cannot be a code is no kit's.
///
/// # Errors
/// `kit.unknown_code`.
pub fn known_code(text: &str) -> Result<Code, Error> {
    Code::parse(text).map_err(|_| Error::not_found("kit.unknown_code").arg("code", text))
}
