//! Mail: queued in the transaction that caused it, sent by a worker, at least once and never twice for one cause.

pub mod message;
pub mod outbox;
pub mod transport;
pub mod worker;
