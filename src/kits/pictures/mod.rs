//! Pictures of kit types: taken from what people send, kept in the database, shown to those who are signed in.

pub mod actions;
pub mod api;
pub mod encode;
pub mod pages;
pub mod store;
pub mod views;
