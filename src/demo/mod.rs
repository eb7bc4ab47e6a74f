//! An invented municipality, to look around in.

pub mod data;
