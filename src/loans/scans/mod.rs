//! Scans that are remembered: done once however often they are sent, undone for some minutes, and sorted out by a person
//! when they came too late to be done. And what a phone needs to make them: the series that goes on, and the kits by name.

pub mod api;
pub mod known;
pub mod series;
pub mod sorting_out;
pub mod store;
pub mod undo;
