//! Loans, from reservation to return, and which kit serves which.
