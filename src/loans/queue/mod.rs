//! The queue for a kit type: a unit says in which weeks it wants a kit, and gets an offer when one becomes free.

pub mod rules;
pub mod store;
