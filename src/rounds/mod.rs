//! Season rounds: before a term the units rank wishes, and the kits of the whole term are allocated among them at once.
//!
//! The rule is fair, and can be worked out by anyone who knows the wishes and the round's lot number (`rules`). What it
//! gives is a preview, which may be adjusted by hand and reserves nothing; publishing makes all its loans at once, or
//! none when something has come in between.

pub mod actions;
pub mod api;
pub mod jobs;
pub mod mails;
pub mod pages;
pub mod queries;
pub mod rules;
pub mod store;
pub mod views;
