//! What a year report is made of, whichever way it is drawn.

use crate::evaluations::wording::{Distribution, Tip};

/// A report.
pub struct Report {
    /// What it is about.
    pub title: String,
    /// The year, and whose it is.
    pub lead: String,
    /// Its parts, in their order.
    pub parts: Vec<Part>,
}

/// A part, with its heading.
pub struct Part {
    /// The heading.
    pub heading: String,
    /// What stands in it.
    pub block: Block,
    /// How it was counted; may be empty.
    pub note: String,
}

/// What stands in a part.
pub enum Block {
    /// Numbers side by side.
    Numbers(Vec<Number>),
    /// How answers spread.
    Spread(Vec<Distribution>),
    /// The four fields of demand and worth.
    Fields(Vec<Field>),
    /// A table; its first column is text, the others are figures.
    Table(Table),
    /// What units wrote and let others read.
    Quotes(Vec<Tip>),
    /// A sentence.
    Text(String),
}

/// A number and what it counts.
pub struct Number {
    /// The number.
    pub value: String,
    /// What it counts.
    pub label: String,
}

/// One of the four fields.
pub struct Field {
    /// What is suggested.
    pub name: String,
    /// When it is.
    pub text: String,
    /// For what.
    pub kit_types: String,
}

/// Rows under heads.
pub struct Table {
    /// The heads.
    pub heads: Vec<String>,
    /// The rows, as wide as the heads.
    pub rows: Vec<Vec<String>>,
}
