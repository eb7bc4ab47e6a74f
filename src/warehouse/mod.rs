//! The warehouse's day: what is to go out and come in, and scanning.

mod at_risk;
pub mod pages;
mod year_plan;
