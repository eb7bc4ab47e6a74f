//! Organisations, their units and people, and who may do what.
//!
//! A person signs in by mail: a link and a code, no password. What they may do follows from their roles, and stands
//! in the signature of every handler (`session`).

pub mod actions;
pub mod api;
pub mod import;
pub mod pages;
pub mod queries;
pub mod rules;
pub mod secrets;
pub mod session;
pub mod sign_in;
pub mod store;
pub mod views;
