//! Loans in other programs' calendars: one loan as a file, and private addresses to subscribe to.

pub mod actions;
pub mod api;
pub mod ics;
pub mod pages;
pub mod queries;
pub mod store;
