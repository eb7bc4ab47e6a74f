//! The warehouse's day: what is to go out and come in, the pick list, delivery rounds, scanning, checks, service, the year
//! plan, labels and printers.

mod at_risk;
mod contents;
mod deliveries;
mod kit;
mod labels;
mod pages;
mod picking;
mod printers;
mod refill;
mod scan;
mod scanner;
mod service;
mod sorting_out;
mod stocktake;
mod stocktake_report;
mod stocktakes;
mod summer;
mod year_plan;

use crate::platform::text::Texts;

/// That a list goes on past the most that it shows; nothing when it shows all.
fn more(t: Texts, count: usize, most: usize) -> Option<String> {
    count.checked_sub(most).filter(|more| *more > 0).map(|more| t.v("warehouse-more", "count", more))
}

/// The routes of all its pages.
pub fn routes(config: &mut actix_web::web::ServiceConfig) {
    config
        .configure(pages::routes)
        .configure(picking::routes)
        .configure(deliveries::routes)
        .configure(scan::routes)
        .configure(sorting_out::routes)
        .configure(stocktakes::routes)
        .configure(stocktake::routes)
        .configure(stocktake_report::routes)
        .configure(labels::routes)
        .configure(printers::routes)
        .configure(contents::routes)
        .configure(kit::routes)
        .configure(refill::routes)
        .configure(service::routes)
        .configure(summer::routes);
}
