//! The life of a place in the queue.

use crate::platform::db::types::text_enum;

text_enum! {
    /// Where a place in the queue is.
    pub enum Status {
        /// No kit has been free yet.
        Waiting = "waiting",
        /// A kit is held for the unit until it answers.
        Offered = "offered",
        /// The unit said yes: it has a loan.
        Taken = "taken",
        /// The unit said no.
        Declined = "declined",
        /// The unit did not answer in time.
        Lapsed = "lapsed",
        /// The unit left the queue.
        Withdrawn = "withdrawn",
        /// The days went by, and no kit became free.
        Passed = "passed",
    }
}
