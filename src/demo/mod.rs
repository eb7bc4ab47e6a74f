//! The demo: an invented municipality, filled in by the same actions that people use.

pub mod data;
pub mod fill;
mod form;
mod others;
mod reading_room;
