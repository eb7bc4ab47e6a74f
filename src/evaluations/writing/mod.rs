//! Writing an evaluation: by those of the unit who are signed in, and by anyone with the link that was mailed to it.

pub mod pages;
