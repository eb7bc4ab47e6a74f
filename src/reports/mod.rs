//! What loans and evaluations say together, for those who decide what to buy and whom to call: kit types compared, one
//! type in full, how evenly units are reached, and how loans are paid with evaluations. Reads only; what is asked of some
//! terms costs what those terms hold, however long the history before them is.

pub mod api;
pub mod equity;
pub mod exchange;
pub mod export;
pub mod kit_types;
pub mod loans;
pub mod pages;
pub mod payments;
pub mod plot;
pub mod rules;
pub mod views;
pub mod which;
pub mod wishes;
pub mod wording;
pub mod year;
