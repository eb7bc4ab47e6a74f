//! Lending system for digilådor.

pub mod platform;
pub mod schema;
