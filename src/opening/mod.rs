//! When the warehouse is open: the days on which loans begin and end.

pub mod actions;
pub mod api;
pub mod holidays;
pub mod rules;
pub mod store;
pub mod views;
