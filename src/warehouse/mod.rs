//! The warehouse's day: what is to go out and come in, scanning, the year plan, labels and printers.

mod at_risk;
mod contents;
mod kit;
mod labels;
mod pages;
mod printers;
mod refill;
mod scan;
mod service;
mod sorting_out;
mod year_plan;

/// The routes of all its pages.
pub fn routes(config: &mut actix_web::web::ServiceConfig) {
    config
        .configure(pages::routes)
        .configure(scan::routes)
        .configure(sorting_out::routes)
        .configure(labels::routes)
        .configure(printers::routes)
        .configure(contents::routes)
        .configure(kit::routes)
        .configure(refill::routes)
        .configure(service::routes);
}
