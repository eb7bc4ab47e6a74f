//! Scans that are remembered: done once however often they are sent, undone for some minutes, and sorted out by a person
//! when they came too late to be done.

pub mod api;
pub mod sorting_out;
pub mod store;
pub mod undo;
