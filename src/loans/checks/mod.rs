//! Contents checks: what is in a kit, what differs from its contents list, between which checks that came about, and what
//! becomes of it.
//!
//! A check reports what is new; what was reported before stays open until it is found, replaced or written off. The
//! warehouse checks what comes back; a borrower can say what was missing on arrival, and before the kit goes back.

pub mod actions;
pub mod api;
pub mod history;
pub mod photos;
pub mod queries;
pub mod refill;
pub mod rules;
pub mod store;
pub mod views;
