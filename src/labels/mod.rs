//! The labels on kits: what they say, what stands where, and as SVG, PNG, PDF and ZPL.

pub mod actions;
pub mod api;
mod layout;
pub mod pdf;
mod qr;
pub mod queries;
pub mod render;
pub mod sheets;
