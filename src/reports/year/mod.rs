//! The year on paper, of one kit type or of them all: what was lent, whom it reached, what they thought and what it cost. It is
//! told once, as blocks, and drawn twice: as a page to read and print, and as PDF.

pub mod blocks;
pub mod pages;
mod paper;
mod tell;
mod typesetting;
