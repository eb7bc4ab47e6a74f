//! The summer list: what is done with kits before they stand for months, so that batteries neither leak nor die.

pub mod actions;
pub mod api;
pub mod queries;
pub mod rules;
