//! The labels on kits: what they say, what stands where, and as SVG, PNG, PDF, ZPL and PWG Raster.

pub mod address;
pub mod api;
pub mod card;
pub mod discovery;
pub mod files;
pub mod ipp;
pub(crate) mod layout;
mod media;
pub mod pdf;
pub mod print_jobs;
pub mod printer_address;
pub mod printers;
pub mod prints;
mod pwg;
mod qr;
pub mod queries;
mod raster;
pub mod render;
pub mod sheets;
pub mod stock;
pub mod test_page;
mod zpl;
