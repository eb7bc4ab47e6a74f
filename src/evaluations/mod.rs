//! What a preschool "pays" with: the form, its answers, and the rules for them.

pub mod answers;
pub mod form;
pub mod rules;
