//! Codes, and the labels that carry them.
