//! The form's editor: the versions there are, the draft of the next one, how it looks on a phone, and its publication.
//!
//! A loan keeps the version that was the newest when its kit was handed out; publishing changes no loan that is out.

pub mod actions;
pub mod api;
pub mod pages;
pub mod queries;
pub mod rules;
pub mod store;
pub mod views;
