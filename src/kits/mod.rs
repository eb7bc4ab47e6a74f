//! Kit types with their contents lists, and the kits themselves: what there is to lend.

pub mod code;
