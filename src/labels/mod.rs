//! Codes, and the labels that carry them.

pub mod code;
