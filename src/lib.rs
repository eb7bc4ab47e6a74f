//! Lending system for digilådor.

pub mod accounts;
pub mod app;
pub mod cli;
pub mod mail;
pub mod platform;
pub mod schema;
