//! Mails about the queue, to the unit and to whoever asked: an offer, an offer that lapsed, weeks that went by.

use crate::accounts::store::Unit;
use crate::loans::actions::Context;
use crate::loans::mails::{contact, recipients};
use crate::loans::queue::store::Entry;
use crate::loans::queue::wording::until;
use crate::mail::message::Message;
use crate::mail::outbox;
use crate::platform::db::Tx;
use crate::platform::error::Error;
use crate::platform::text::Texts;
use crate::schema::{kit_types, units};
use diesel::prelude::*;

/// What a mail about the queue is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A kit is held for them.
    Offered,
    /// They did not answer in time.
    Lapsed,
    /// Their days went by, and no kit became free.
    Passed,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Offered => "queue.offered",
            Self::Lapsed => "queue.lapsed",
            Self::Passed => "queue.passed",
        }
    }
}

/// Queues the mail to everyone it concerns, each in their language. A place in the queue has one mail of each kind.
///
/// # Errors
/// When the database fails.
pub fn send(tx: &mut Tx<'_>, context: &Context, entry: &Entry, kind: Kind) -> Result<(), Error> {
    let organisation = &context.organisation;
    let unit: Unit = units::table.find(entry.unit_id).get_result(&mut **tx)?;
    let kit_type: String = kit_types::table.find(entry.kit_type_id).select(kit_types::name).get_result(&mut **tx)?;
    let offer = entry.offer();
    let (first, last) = offer.map_or((entry.earliest_day, entry.latest_day), |offer| (offer.first_day, offer.last_day));
    for (recipient, address, language) in recipients(tx, organisation, &unit, entry.asked_by)? {
        let t = Texts::new(language);
        let until = offer.map(|offer| until(t, organisation, offer.answer_by)).unwrap_or_default();
        let key = format!("mail-{}", kind.name().replace('.', "-"));
        let args = [
            ("type", kit_type.as_str().into()),
            ("unit", unit.name.as_str().into()),
            ("weeks", t.weeks(first, last).into()),
            ("first", first.into()),
            ("last", last.into()),
            ("until", until.into()),
            ("link", format!("{}/ko/{}", context.site, entry.id).into()),
            ("organisation", organisation.name.as_str().into()),
            ("contact", contact(organisation).into()),
        ];
        let message = Message {
            organisation: organisation.id,
            kind: kind.name(),
            cause: format!("{}:{}:{recipient}", entry.id, kind.name()),
            subject: t.a(&format!("{key}-subject"), &args),
            body: format!("{}\n\n{}\n", t.a(&format!("{key}-body"), &args), t.a("mail-signature", &args)),
            recipient: address,
        };
        outbox::enqueue(tx, &message, context.by.now)?;
    }
    Ok(())
}
