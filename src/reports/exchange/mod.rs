//! Figures between municipalities: a file in which nobody can be recognised, and the figures of others beside one's own.

pub mod actions;
pub mod api;
pub mod file;
pub mod pages;
pub mod queries;
