//! Mails about a round: the wishes are open, and what a unit got. They go to the unit's own address in the organisation's
//! language, or, when it has none, to those who borrow for it, each in theirs.

use crate::accounts::store::Organisation;
use crate::loans::actions::Context;
use crate::mail::message::Message;
use crate::mail::outbox;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::UnitId;
use crate::platform::text::{Lang, Texts};
use crate::rounds::queries::{Names, reason_key};
use crate::rounds::store::{Allocation, Round};
use crate::schema::{people, person_units, units};
use diesel::prelude::*;
use std::collections::BTreeMap;

/// Somebody to write to, for a unit.
struct Recipient {
    unit: UnitId,
    unit_name: String,
    address: String,
    language: Lang,
}

/// Whom to write to for each unit of the organisation that can be reached.
fn recipients(conn: &mut Conn, organisation: &Organisation) -> Result<Vec<Recipient>, Error> {
    let all: Vec<(UnitId, String, String)> = units::table
        .filter(units::organisation_id.eq(organisation.id))
        .select((units::id, units::name, units::email))
        .load(conn)?;
    let borrowers: Vec<(UnitId, String, Option<String>, Lang)> = person_units::table
        .inner_join(units::table)
        .inner_join(people::table)
        .filter(units::organisation_id.eq(organisation.id).and(units::email.eq("")))
        .filter(people::removed_at.is_null())
        .select((units::id, units::name, people::email, people::language))
        .load(conn)?;
    let own = all.into_iter().filter(|(_, _, email)| !email.is_empty()).map(|(unit, unit_name, address)| Recipient {
        unit,
        unit_name,
        address,
        language: organisation.language,
    });
    let theirs = borrowers.into_iter().filter_map(|(unit, unit_name, address, language)| {
        Some(Recipient { unit, unit_name, address: address?, language })
    });
    Ok(own.chain(theirs).collect())
}

/// Tells every unit that its wishes are asked for.
///
/// # Errors
/// When the database fails.
pub fn opened(tx: &mut Tx<'_>, context: &Context, round: &Round) -> Result<(), Error> {
    for recipient in recipients(tx, &context.organisation)? {
        send(tx, context, round, &recipient, "round.opened", "")?;
    }
    Ok(())
}

/// Tells every unit that wished for something, or gets something, what it gets and what not.
///
/// # Errors
/// When the database fails.
pub fn results(tx: &mut Tx<'_>, context: &Context, round: &Round, allocations: &[Allocation]) -> Result<(), Error> {
    let mut of_unit: BTreeMap<UnitId, Vec<&Allocation>> = BTreeMap::new();
    for allocation in allocations {
        of_unit.entry(allocation.unit_id).or_default().push(allocation);
    }
    let names = Names::load(tx, [], allocations.iter().map(|allocation| allocation.kit_type_id))?;
    for recipient in recipients(tx, &context.organisation)? {
        if let Some(own) = of_unit.get(&recipient.unit) {
            let text = told(Texts::new(recipient.language), &names, own);
            send(tx, context, round, &recipient, "round.result", &text)?;
        }
    }
    Ok(())
}

/// What a unit gets, and what not and why, in lines.
fn told(t: Texts, names: &Names, own: &[&Allocation]) -> String {
    let mut given: Vec<&&Allocation> = own.iter().filter(|allocation| allocation.period().is_some()).collect();
    given.sort_by_key(|allocation| allocation.first_day);
    let mut lines = Vec::new();
    for allocation in &given {
        if let Some((first, last)) = allocation.period() {
            let kit_type = names.kit_type(allocation.kit_type_id).name;
            let args = [
                ("type", kit_type.into()),
                ("weeks", t.weeks(first, last).into()),
                ("first", first.into()),
                ("last", last.into()),
            ];
            lines.push(t.a("mail-round-given", &args));
        }
    }
    if given.is_empty() {
        lines.push(t.s("mail-round-nothing"));
    }
    for allocation in own {
        if let Some(reason) = allocation.reason {
            let kit_type = names.kit_type(allocation.kit_type_id).name;
            let args = [("type", kit_type.into()), ("reason", t.s(&reason_key(reason)).into())];
            lines.push(t.a("mail-round-refused", &args));
        }
    }
    lines.join("\n")
}

fn send(
    tx: &mut Tx<'_>,
    context: &Context,
    round: &Round,
    to: &Recipient,
    kind: &'static str,
    result: &str,
) -> Result<(), Error> {
    let (t, organisation) = (Texts::new(to.language), &context.organisation);
    let key = format!("mail-{}", kind.replace('.', "-"));
    let args = [
        ("unit", to.unit_name.as_str().into()),
        ("round", round.name.as_str().into()),
        ("closes", round.closes_on.into()),
        ("most", round.most_wishes.into()),
        ("result", result.into()),
        ("link", format!("{}/onskemal/{}?enhet={}", context.site, round.id, to.unit).into()),
        ("organisation", organisation.name.as_str().into()),
        ("contact", crate::loans::mails::contact(organisation).into()),
    ];
    let message = Message {
        organisation: organisation.id,
        kind,
        cause: format!("{}:{kind}:{}:{}", round.id, to.unit, to.address),
        recipient: to.address.clone(),
        subject: t.a(&format!("{key}-subject"), &args),
        body: format!("{}\n\n{}\n", t.a(&format!("{key}-body"), &args), t.a("mail-signature", &args)),
    };
    outbox::enqueue(tx, &message, context.by.now)
}
