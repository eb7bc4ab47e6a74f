//! Kit types with their contents lists, and the kits themselves: what there is to lend.

pub mod actions;
pub mod api;
pub mod code;
pub mod codes;
pub mod import;
pub mod pictures;
pub mod queries;
pub mod rules;
pub mod search;
pub mod store;
pub mod views;
