//! Lending system for digilådor: boxes with small robots and programming games that a municipality lends to its
//! preschools. A preschool reserves a kit, the warehouse hands it out and takes it back by scanning its label, and the
//! loan counts as returned only when the preschool's evaluation is in.
//!
//! `ls src` tells what the product does; the modules below stand in the order in which they may use each other:
//! each uses only those above it. Inside a feature the file names show the layer: `rules` decide (pure, with the time
//! passed in), `store` reads and writes rows, `actions` are the use cases, each in one transaction, `queries` read for
//! screens, `views` are what the API tells, `api` and `pages` are thin and call the same actions.

pub mod platform;
pub mod schema;

pub mod mail;

pub mod accounts;

pub mod webhooks;

pub mod opening;

pub mod kits;

pub mod courses;

pub mod labels;

pub mod loans;

pub mod stocktakes;

pub mod rounds;

pub mod calendars;

pub mod evaluations;

pub mod reports;

pub mod admin;
pub mod home;
pub mod warehouse;

pub mod demo;

pub mod api;
pub mod monitoring;

pub mod app;
pub mod cli;
