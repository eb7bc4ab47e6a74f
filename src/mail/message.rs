//! A mail as a value, before it is queued.

use crate::platform::ids::OrganisationId;

/// A mail to one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The organisation it is sent for.
    pub organisation: OrganisationId,
    /// What kind of mail it is, as in `loan.reserved`.
    pub kind: &'static str,
    /// What caused it; a second mail of the same cause is never queued. Unique over all mails.
    pub cause: String,
    /// The address.
    pub recipient: String,
    /// The subject line.
    pub subject: String,
    /// The text, plain.
    pub body: String,
}
