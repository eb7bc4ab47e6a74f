//! Lending system for digilådor.

pub mod evaluations;
pub mod platform;
pub mod schema;
