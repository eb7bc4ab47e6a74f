//! Service jobs: work on a kit that keeps it from being lent, on some days or until it is done.
//!
//! A job's days are pinned in the plan of the kit's type as those of a loan that is out are, so that nobody is promised
//! them. It claims them in the database where no loan has the kit (`store::hold`). A kit without a part that it cannot do
//! without is kept by a job of its own, which ends when the part is there again: there is no other way to be not lendable.

pub mod actions;
pub mod api;
pub mod jobs;
pub mod queries;
pub mod rules;
pub mod store;
pub mod views;
