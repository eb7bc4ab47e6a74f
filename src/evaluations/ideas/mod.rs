//! The idea bank: evaluations that units let others read, and that a developer has read through. Who wrote one is told only
//! where the unit wants that.

pub mod actions;
pub mod api;
pub mod pages;
pub mod queries;
pub mod views;
