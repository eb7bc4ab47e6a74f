//! What every feature stands on; knows nothing of kits or loans.

pub mod clock;
pub mod config;
pub mod db;
pub mod error;
pub mod events;
pub mod idempotency;
pub mod ids;
pub mod import;
pub mod jobs;
pub mod spreadsheet;
pub mod state;
pub mod tables;
pub mod term;
pub mod text;
pub mod tls;
pub mod web;
pub mod week;
