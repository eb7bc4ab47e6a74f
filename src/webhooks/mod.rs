//! Messages to other programs, signed as Standard Webhooks has it: an address that an administrator names is told of each
//! evaluation that comes in. A message waits as a row that is written with what caused it; it is sent outside of every
//! transaction, again and again until the other side takes it, and given up after some three days.

pub mod actions;
mod address;
pub mod api;
mod mails;
pub mod pages;
mod send;
pub mod store;
pub mod views;
pub mod worker;

pub use address::KEPT_DAYS;
