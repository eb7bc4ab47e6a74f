//! Collections: evaluations that developers gather for an occasion, as the yearly fair, with those who want to tell more.

pub mod actions;
pub mod api;
pub mod pages;
pub mod queries;
pub mod views;
