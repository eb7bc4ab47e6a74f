//! Stocktakes: one shelf, several or the whole warehouse, counted by scanning what stands there.
//!
//! What ought to stand there is not written down when a stocktake starts, but follows what happens meanwhile: a kit that is
//! handed out is not missing, and one that comes in is not unexpected. Each scan is kept under an id of its own, and the
//! line of a kit is what its scans add up to; what nobody has seen is missing when the stocktake is closed.

pub mod actions;
pub mod api;
pub mod queries;
pub mod rules;
pub mod store;
pub mod views;
