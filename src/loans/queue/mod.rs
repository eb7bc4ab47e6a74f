//! The queue for a kit type: a unit says in which weeks it wants a kit, and gets an offer when one becomes free.
//!
//! An offer holds a kit, as a reservation does, until it is answered (`rules`). Whatever frees a kit makes offers in the
//! same transaction (`actions::settle`), in fair order (`serving`, `fairness`); a job sees to what only time changes.

pub mod actions;
pub mod api;
pub mod jobs;
pub mod mails;
pub mod pages;
pub mod queries;
pub mod rules;
pub mod serving;
pub mod store;
pub mod views;
pub mod wording;
