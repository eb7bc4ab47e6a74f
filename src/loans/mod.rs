//! Loans, from reservation to return, and which kit serves which.
//!
//! A reservation asks for a kit type. It is accepted exactly when all accepted loans of the type can be served, where
//! those that are not packed yet may be moved between its kits (`allocation`, `planning`). The warehouse hands out and
//! receives by scanning the kit's label (`scan`). A loan is returned when the kit is back and the evaluation is in, or
//! the loan was released from it.

pub mod actions;
pub mod allocation;
pub mod api;
pub mod bundle;
pub mod checks;
pub mod course_gate;
pub mod deliveries;
pub mod evaluation_links;
mod exact;
pub mod fairness;
pub mod jobs;
pub mod mails;
pub mod pages;
pub mod planning;
pub mod policies;
pub mod policy;
pub mod queries;
pub mod queue;
pub mod risk;
pub mod rules;
pub mod scan;
pub mod scans;
pub mod service;
pub mod store;
pub mod summer;
pub mod views;
pub mod wording;
pub mod year_plan;
