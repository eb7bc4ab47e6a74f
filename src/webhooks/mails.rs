//! The mail to administrators when an address is sent to no more.

use crate::accounts::rules::Role;
use crate::accounts::store::Organisation;
use crate::mail::message::Message;
use crate::mail::outbox;
use crate::platform::db::Tx;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::PersonId;
use crate::platform::text::{Lang, Texts};
use crate::schema::{people, person_roles};
use crate::webhooks::store::Webhook;
use diesel::prelude::*;

/// Tells every administrator, each in their language, that messages to an address were given up.
///
/// # Errors
/// When the database fails.
pub(super) fn stopped(
    tx: &mut Tx<'_>,
    organisation: &Organisation,
    webhook: &Webhook,
    why: &str,
    site: &str,
    now: Instant,
) -> Result<(), Error> {
    let admins: Vec<(PersonId, Option<String>, Lang)> = people::table
        .inner_join(person_roles::table)
        .filter(people::organisation_id.eq(organisation.id).and(person_roles::role.eq(Role::Admin)))
        .select((people::id, people::email, people::language))
        .load(&mut **tx)?;
    for (person, address, language) in admins {
        let Some(recipient) = address else { continue };
        let t = Texts::new(language);
        let args = [
            ("name", webhook.name.as_str().into()),
            ("why", why.into()),
            ("link", format!("{site}/admin/program/{}", webhook.id).into()),
            ("organisation", organisation.name.as_str().into()),
        ];
        let message = Message {
            organisation: organisation.id,
            kind: "webhook.stopped",
            // It can be stopped again after it has gone on.
            cause: format!("{}:webhook.stopped:{}:{person}", webhook.id, now.utc().timestamp_micros()),
            subject: t.a("mail-webhook-stopped-subject", &args),
            body: format!("{}\n", t.a("mail-webhook-stopped-body", &args)),
            recipient,
        };
        outbox::enqueue(tx, &message, now)?;
    }
    Ok(())
}
