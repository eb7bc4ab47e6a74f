//! Finding evaluations: by their words in any Swedish form, and by what they are about. Both databases find the same.

mod forms;
pub mod index;
pub mod query;
pub mod words;
