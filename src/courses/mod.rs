//! Courses that kit types can ask for: a kit is handed out to a unit only when the unit, or somebody who works there, has
//! completed them. The gate itself stands in `loans`, where kits are handed out.

pub mod actions;
pub mod api;
pub mod pages;
pub mod queries;
pub mod rules;
pub mod store;
pub mod views;
pub mod wording;
