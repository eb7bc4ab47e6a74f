//! What a preschool "pays" with: the form, its answers, the rules for them, and what the developers read.
//!
//! An evaluation is a draft until it is submitted; from then on it stands. It keeps the version of the form that it
//! was begun on (`store`), so that a later form changes nothing about it.

pub mod actions;
pub mod answers;
pub mod api;
pub mod collections;
pub mod contents;
pub mod export;
pub mod form;
pub mod forms;
pub mod ideas;
pub mod merge;
pub mod names;
pub mod opinions;
pub mod queries;
pub mod reading;
pub mod rules;
pub mod search;
pub mod store;
pub mod views;
pub mod webhook;
pub mod wording;
pub mod writing;
