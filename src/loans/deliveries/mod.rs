//! Deliveries: the rounds on which the warehouse's van brings kits to units and fetches them, and the note that goes with
//! each kit.

pub mod api;
pub mod notes;
pub mod queries;
pub mod rules;
pub mod views;
