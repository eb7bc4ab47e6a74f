//! Lending system for digilådor.

pub mod demo;
pub mod evaluations;
pub mod platform;
pub mod schema;
