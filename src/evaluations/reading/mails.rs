//! The mail of thanks for an evaluation: no answer of it, and nobody's name.

use crate::accounts::store::Unit;
use crate::evaluations::store::Evaluation;
use crate::loans::actions::Context;
use crate::loans::mails::{contact, recipients};
use crate::mail::message::Message;
use crate::mail::outbox;
use crate::platform::db::Tx;
use crate::platform::error::Error;
use crate::platform::ids::PersonId;
use crate::platform::text::Texts;
use crate::schema::{kit_types, loans, units};
use diesel::prelude::*;

/// Queues the mail to the unit, and to whoever reserved the kit, in these words or in the usual ones; says whether there is
/// anybody to thank.
///
/// # Errors
/// When the database fails.
pub fn thanks(tx: &mut Tx<'_>, context: &Context, evaluation: &Evaluation, own: Option<&str>) -> Result<bool, Error> {
    let organisation = &context.organisation;
    let unit: Unit = units::table.find(evaluation.unit_id).get_result(&mut **tx)?;
    let type_name: String =
        kit_types::table.find(evaluation.kit_type_id).select(kit_types::name).get_result(&mut **tx)?;
    let booker: Option<PersonId> =
        loans::table.find(evaluation.loan_id).select(loans::reserved_by).get_result(&mut **tx)?;
    let recipients = recipients(tx, organisation, &unit, booker)?;
    let anybody = !recipients.is_empty();
    for (recipient, address, language) in recipients {
        let t = Texts::new(language);
        let args = [
            ("type", type_name.as_str().into()),
            ("unit", unit.name.as_str().into()),
            ("organisation", organisation.name.as_str().into()),
            ("contact", contact(organisation).into()),
        ];
        let words = own.map_or_else(|| t.s("mail-evaluation-thanks-usual"), str::to_owned);
        let parts = [t.a("mail-evaluation-thanks-body", &args), words, t.a("mail-signature", &args)];
        let message = Message {
            organisation: organisation.id,
            kind: "evaluation.thanks",
            cause: format!("{}:evaluation.thanks:{recipient}", evaluation.id),
            subject: t.a("mail-evaluation-thanks-subject", &args),
            body: format!("{}\n", parts.join("\n\n")),
            recipient: address,
        };
        outbox::enqueue(tx, &message, context.by.now)?;
    }
    Ok(anybody)
}
