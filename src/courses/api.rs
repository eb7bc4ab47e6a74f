//! Courses, their dates and certificates over JSON.

use crate::accounts::session::{CourseKeeper, SignedIn, Staff};
use crate::courses::actions::{self, NoteCertificates, Revoke};
use crate::courses::queries::{self, Filter};
use crate::courses::rules::{SaveCourse, SaveDate};
use crate::courses::views::{CertificateView, CourseView, DateView};
use crate::platform::error::Error;
use crate::platform::ids::{CertificateId, CourseDateId, CourseId};
use crate::platform::state::AppState;
use crate::platform::web::command::{self, Body};
use crate::platform::web::paging::{Listing, Paging};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_courses)
        .service(add_course)
        .service(show_course)
        .service(change_course)
        .service(retire_course)
        .service(add_date)
        .service(change_date)
        .service(remove_date)
        .service(list_certificates)
        .service(note_certificates)
        .service(revoke_certificate);
}

/// Courses in use, by name, with when they are given next.
#[utoipa::path(tag = "courses", security(("token" = [])), params(Paging),
    responses((status = 200, body = Listing<CourseView>)))]
#[get("/courses")]
async fn list_courses(app: App, who: SignedIn, paging: web::Query<Paging>) -> Result<HttpResponse, Error> {
    let (organisation, today) = (who.organisation_id(), who.organisation.today(app.clock.now()));
    let courses = app.db.read(move |conn| queries::courses(conn, organisation, &paging, today)).await?;
    Ok(HttpResponse::Ok().json(courses))
}

/// Adds a course, and says which kit types ask for it: their kits are handed out only to units that have completed it.
#[utoipa::path(tag = "courses", security(("token" = ["developer", "admin"])), request_body = SaveCourse,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = CourseView)))]
#[post("/courses")]
async fn add_course(app: App, who: CourseKeeper, body: Body<SaveCourse>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    command::run(&app, by, body.key, StatusCode::CREATED, move |tx| actions::add_course(tx, by, &body.value)).await
}

/// One course, also when it has been taken out of use.
#[utoipa::path(tag = "courses", security(("token" = [])), params(("id" = CourseId, Path)),
    responses((status = 200, body = CourseView)))]
#[get("/courses/{id}")]
async fn show_course(app: App, who: SignedIn, id: web::Path<CourseId>) -> Result<HttpResponse, Error> {
    let (organisation, today) = (who.organisation_id(), who.organisation.today(app.clock.now()));
    let course = app.db.read(move |conn| queries::course(conn, organisation, *id, today)).await?;
    Ok(HttpResponse::Ok().insert_header(("ETag", format!("\"{}\"", course.version))).json(course))
}

/// Changes a course. Certificates there are keep the days they have.
#[utoipa::path(tag = "courses", security(("token" = ["developer", "admin"])), request_body = SaveCourse,
    params(("id" = CourseId, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = CourseView)))]
#[put("/courses/{id}")]
async fn change_course(
    request: HttpRequest,
    app: App,
    who: CourseKeeper,
    id: web::Path<CourseId>,
    body: Body<SaveCourse>,
) -> Result<HttpResponse, Error> {
    let (by, seen) = (who.by(app.clock.now()), command::if_match(&request)?);
    command::run(&app, by, body.key, StatusCode::OK, move |tx| actions::change_course(tx, by, *id, &body.value, seen))
        .await
}

/// Takes a course out of use: nothing asks for it any more. Its certificates stay.
#[utoipa::path(tag = "courses", security(("token" = ["developer", "admin"])),
    params(("id" = CourseId, Path), ("Idempotency-Key" = Option<String>, Header)), responses((status = 204)))]
#[delete("/courses/{id}")]
async fn retire_course(
    request: HttpRequest,
    app: App,
    who: CourseKeeper,
    id: web::Path<CourseId>,
) -> Result<HttpResponse, Error> {
    let (by, key) = (who.by(app.clock.now()), command::key(&request, b"")?);
    command::run(&app, by, key, StatusCode::NO_CONTENT, move |tx| actions::retire_course(tx, by, *id)).await
}

/// Adds a date on which a course is given.
#[utoipa::path(tag = "courses", security(("token" = ["developer", "admin"])), request_body = SaveDate,
    params(("id" = CourseId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = DateView)))]
#[post("/courses/{id}/dates")]
async fn add_date(
    app: App,
    who: CourseKeeper,
    id: web::Path<CourseId>,
    body: Body<SaveDate>,
) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    command::run(&app, by, body.key, StatusCode::CREATED, move |tx| actions::add_date(tx, by, *id, &body.value)).await
}

/// Changes a date.
#[utoipa::path(tag = "courses", security(("token" = ["developer", "admin"])), request_body = SaveDate,
    params(("id" = CourseDateId, Path), ("Idempotency-Key" = Option<String>, Header),
        ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = DateView)))]
#[put("/course-dates/{id}")]
async fn change_date(
    request: HttpRequest,
    app: App,
    who: CourseKeeper,
    id: web::Path<CourseDateId>,
    body: Body<SaveDate>,
) -> Result<HttpResponse, Error> {
    let (by, seen) = (who.by(app.clock.now()), command::if_match(&request)?);
    command::run(&app, by, body.key, StatusCode::OK, move |tx| actions::change_date(tx, by, *id, &body.value, seen))
        .await
}

/// Takes a date away.
#[utoipa::path(tag = "courses", security(("token" = ["developer", "admin"])),
    params(("id" = CourseDateId, Path), ("Idempotency-Key" = Option<String>, Header)), responses((status = 204)))]
#[delete("/course-dates/{id}")]
async fn remove_date(
    request: HttpRequest,
    app: App,
    who: CourseKeeper,
    id: web::Path<CourseDateId>,
) -> Result<HttpResponse, Error> {
    let (by, key) = (who.by(app.clock.now()), command::key(&request, b"")?);
    command::run(&app, by, key, StatusCode::NO_CONTENT, move |tx| {
        actions::remove_date(tx, by, *id)?;
        Ok(())
    })
    .await
}

/// Certificates, newest first, also revoked ones. Those of people who were removed are told no more.
#[utoipa::path(tag = "courses", security(("token" = ["warehouse", "developer", "admin"])), params(Filter, Paging),
    responses((status = 200, body = Listing<CertificateView>)))]
#[get("/certificates")]
async fn list_certificates(
    app: App,
    who: Staff,
    filter: web::Query<Filter>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let found = app.db.read(move |conn| queries::certificates(conn, organisation, &filter, &paging)).await?;
    Ok(HttpResponse::Ok().json(found))
}

/// Notes that people and units have completed a course: all of them, or none. Whoever has a certificate of that course
/// and day already gets no second one.
#[utoipa::path(tag = "courses", security(("token" = ["warehouse", "developer", "admin"])),
    request_body = NoteCertificates, params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Listing<CertificateView>)))]
#[post("/certificates")]
async fn note_certificates(app: App, who: Staff, body: Body<NoteCertificates>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    command::run(&app, by, body.key, StatusCode::CREATED, move |tx| actions::note(tx, by, &body.value)).await
}

/// Revokes a certificate: it counts no longer, and stays in the records with the reason.
#[utoipa::path(tag = "courses", security(("token" = ["developer", "admin"])), request_body = Revoke,
    params(("id" = CertificateId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = CertificateView)))]
#[post("/certificates/{id}/revoke")]
async fn revoke_certificate(
    app: App,
    who: CourseKeeper,
    id: web::Path<CertificateId>,
    body: Body<Revoke>,
) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    command::run(&app, by, body.key, StatusCode::OK, move |tx| actions::revoke(tx, by, *id, &body.value)).await
}
