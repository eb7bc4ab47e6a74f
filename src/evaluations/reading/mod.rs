//! The reading room: developers find evaluations, read them one after another, mark them, take names out of them, and thank
//! those who wrote. What one of the office has done, all have.

pub mod actions;
pub mod api;
mod mails;
pub mod pages;
pub mod rules;
pub mod store;
pub mod view;
