//! The labels on kits: what they say, what stands where, and as SVG, PNG, PDF and ZPL.

pub mod address;
pub mod api;
pub mod files;
mod layout;
pub mod pdf;
mod qr;
pub mod queries;
mod raster;
pub mod render;
pub mod stock;
mod zpl;
