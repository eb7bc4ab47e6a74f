//! Commands that take effect once, however often a client sends them.

use crate::platform::db::Tx;
use crate::platform::db::connection::each;
use crate::platform::db::types::Instant;
use crate::platform::error::{Error, Fault};
use crate::platform::ids::{OrganisationId, PersonId};
use crate::schema::idempotency_keys::{self, dsl};
use crate::schema::people;
use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How long an answer is kept for a repeat.
pub const KEPT_DAYS: i64 = 3;

/// The key that a client gave a command, and what the command was.
#[derive(Debug, Clone)]
pub struct Key {
    /// Chosen by the client; 1 to 200 characters.
    pub key: String,
    /// SHA-256 of method, path and body.
    pub request_hash: [u8; 32],
}

impl Key {
    /// The key of a form on a page, drawn when the page was made, and of what was filled in: the form takes effect once
    /// however often it is sent, and filled in anew it is another command.
    pub fn of_form(form: Uuid, filled_in: &[&str]) -> Self {
        let request_hash: [u8; 32] = Sha256::digest(filled_in.join("\n")).into();
        let short: String = request_hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Self { key: format!("form:{form}:{short}"), request_hash }
    }
}

/// A command's answer, ready to send, and to keep for a repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// JSON.
    pub body: String,
}

impl Answer {
    /// An answer of this status.
    ///
    /// # Errors
    /// When the value cannot be written as JSON.
    pub fn new(status: u16, value: &impl Serialize) -> Result<Self, Error> {
        Ok(Self { status, body: serde_json::to_string(value).map_err(Fault::from_error)? })
    }
}

/// Runs the command, or gives the answer that it got the first time. The key is taken in the command's own
/// transaction, so a command that fails leaves none, and of two at the same instant the second waits for the first.
///
/// # Errors
/// What the command returns, or `idempotency.key_reused` when the key came with another command before.
pub fn once(
    tx: &mut Tx<'_>,
    person: PersonId,
    key: &Key,
    now: Instant,
    command: impl FnOnce(&mut Tx<'_>) -> Result<Answer, Error>,
) -> Result<Answer, Error> {
    let taken = each!(&mut **tx, c => diesel::insert_into(dsl::idempotency_keys)
        .values((
            dsl::person_id.eq(person),
            dsl::key.eq(&key.key),
            dsl::request_hash.eq(key.request_hash.as_slice()),
            dsl::status.eq(0),
            dsl::answer.eq(""),
            dsl::created_at.eq(now),
        ))
        .on_conflict((dsl::person_id, dsl::key))
        .do_nothing()
        .execute(c))?;
    if taken == 0 {
        let (hash, status, body): (Vec<u8>, i32, String) = idempotency_keys::table
            .find((person, &key.key))
            .select((dsl::request_hash, dsl::status, dsl::answer))
            .get_result(&mut **tx)?;
        return if hash == key.request_hash {
            Ok(Answer { status: u16::try_from(status).map_err(Fault::from_error)?, body })
        } else {
            Err(Error::invalid("Idempotency-Key", "idempotency.key_reused"))
        };
    }
    let answer = command(tx)?;
    diesel::update(idempotency_keys::table.find((person, &key.key)))
        .set((dsl::status.eq(i32::from(answer.status)), dsl::answer.eq(&answer.body)))
        .execute(&mut **tx)?;
    Ok(answer)
}

/// Rewrites the answers that an organisation's clients can ask for again, where they mention this id: what was taken out of
/// a thing must not come back in a repeat.
///
/// # Errors
/// When the database fails.
pub fn rewrite(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    about: Uuid,
    change: impl Fn(&mut Value),
) -> Result<(), Error> {
    let theirs = people::table.filter(people::organisation_id.eq(organisation)).select(people::id);
    let kept: Vec<(PersonId, String, String)> = idempotency_keys::table
        .filter(dsl::person_id.eq_any(theirs).and(dsl::answer.like(format!("%{about}%"))))
        .select((dsl::person_id, dsl::key, dsl::answer))
        .load(&mut **tx)?;
    for (person, key, answer) in kept {
        let mut value: Value = serde_json::from_str(&answer).map_err(Fault::from_error)?;
        change(&mut value);
        diesel::update(idempotency_keys::table.find((person, key)))
            .set(dsl::answer.eq(value.to_string()))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// Forgets answers that no client will ask for again.
///
/// # Errors
/// When the database fails.
pub fn forget_before(tx: &mut Tx<'_>, before: Instant) -> Result<(), Error> {
    diesel::delete(idempotency_keys::table.filter(dsl::created_at.lt(before))).execute(&mut **tx)?;
    Ok(())
}
