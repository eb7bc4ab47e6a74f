//! The first page, the catalogue, courses, and what a scanned label shows: pages composed from several features.

mod blank;
mod card;
mod catalogue;
pub mod check_card;
mod contents;
mod courses;
mod kit_type;
mod label;
mod start;

use actix_web::web;

/// The routes of this feature.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .configure(contents::routes)
        .route("/", web::get().to(start::start))
        .route("/om", web::get().to(start::about))
        .route("/demo", web::get().to(start::choose_person))
        .route("/demo", web::post().to(start::become_person))
        .route("/lador", web::get().to(catalogue::catalogue))
        .route("/lador/{id}", web::get().to(kit_type::kit_type))
        .route("/kurser", web::get().to(courses::list))
        .route("/k/{code}", web::get().to(label::label))
        .route("/k/{code}/utvardering", web::post().to(label::mail_link))
        .route("/k/{code}/", web::get().to(label::label))
        .route("/K/{code}", web::get().to(label::label))
        .route("/K/{code}/", web::get().to(label::label))
        .route("/k/{code}/koppla", web::post().to(blank::bind));
}
