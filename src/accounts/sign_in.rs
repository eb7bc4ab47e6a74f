//! Signing in by mail: a link and a code, either of which proves that the address is one's own.

use crate::accounts::{secrets, store};
use crate::mail::message::Message;
use crate::mail::outbox;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{PersonId, SignInId};
use crate::platform::text::Texts;
use crate::schema::{sessions, sign_ins};
use chrono::TimeDelta;
use diesel::prelude::*;

/// How long a link or a code can be used.
pub const MINUTES: i64 = 30;
/// How often a code may be guessed.
const GUESSES: i32 = 5;
/// How long a session lasts.
pub const SESSION_DAYS: i64 = 7;

#[derive(Debug, Queryable, Insertable)]
#[diesel(table_name = sign_ins)]
struct SignIn {
    id: SignInId,
    email: Option<String>,
    person_id: Option<PersonId>,
    token_hash: Vec<u8>,
    code_hash: Vec<u8>,
    attempts: i32,
    created_at: Instant,
    expires_at: Instant,
    used_at: Option<Instant>,
}

/// Begins: queues a mail with a link and a code if somebody has the address. The answer is the same if nobody has,
/// so that nobody can find out who is here.
///
/// # Errors
/// When the database fails.
pub fn begin(tx: &mut Tx<'_>, email: &str, public_url: &str, now: Instant) -> Result<SignInId, Error> {
    let id = SignInId::new();
    let people = store::people_with_email(tx, email)?;
    let Some(person) = people.first() else { return Ok(id) };
    let (token, code) = (secrets::token(), secrets::code());
    diesel::insert_into(sign_ins::table)
        .values(SignIn {
            id,
            email: Some(email.to_owned()),
            person_id: None,
            token_hash: secrets::hash(&token),
            code_hash: secrets::hash(&coded(id, &code)),
            attempts: 0,
            created_at: now,
            expires_at: now + TimeDelta::minutes(MINUTES),
            used_at: None,
        })
        .execute(&mut **tx)?;
    let t = Texts::new(person.language);
    let link = format!("{public_url}/logga-in/{token}");
    let message = Message {
        organisation: person.organisation_id,
        kind: "sign_in",
        cause: format!("sign_in:{id}"),
        recipient: email.to_owned(),
        subject: t.v("mail-sign_in-subject", "code", code.as_str()),
        body: t.a(
            "mail-sign_in-body",
            &[("code", code.as_str().into()), ("link", link.into()), ("minutes", MINUTES.into())],
        ),
    };
    outbox::enqueue(tx, &message, now)?;
    Ok(id)
}

/// A link for somebody who has just been added, printed by the command line. It opens their account and no other: it
/// proves nothing about their address.
///
/// # Errors
/// When the database fails.
pub fn link(tx: &mut Tx<'_>, person: PersonId, public_url: &str, hours: i64, now: Instant) -> Result<String, Error> {
    let token = secrets::token();
    diesel::insert_into(sign_ins::table)
        .values(SignIn {
            id: SignInId::new(),
            email: None,
            person_id: Some(person),
            token_hash: secrets::hash(&token),
            // No code goes with it; this one is known to nobody.
            code_hash: secrets::hash(&secrets::token()),
            attempts: 0,
            created_at: now,
            expires_at: now + TimeDelta::hours(hours),
            used_at: None,
        })
        .execute(&mut **tx)?;
    Ok(format!("{public_url}/logga-in/{token}"))
}

/// True when the link still opens the door; asking does not use it up, since mail filters follow links.
///
/// # Errors
/// When the database fails.
pub fn link_is_good(conn: &mut Conn, token: &str, now: Instant) -> Result<bool, Error> {
    Ok(by_token(conn, token)?.is_some_and(|sign_in| usable(&sign_in, now)))
}

/// A session that has just begun.
pub struct Session {
    /// Whose it is.
    pub person: PersonId,
    /// Its secret.
    pub token: String,
    /// The address has accounts in several organisations, of which this is the oldest.
    pub several: bool,
}

/// Completes with the link's token.
///
/// # Errors
/// `auth.link_used_up`, or when the database fails.
pub fn complete_by_link(tx: &mut Tx<'_>, token: &str, now: Instant) -> Result<Session, Error> {
    match by_token(tx, token)? {
        Some(sign_in) if usable(&sign_in, now) => start_session(tx, &sign_in, now),
        _ => Err(Error::refused("auth.link_used_up")),
    }
}

/// What came of a typed code.
pub enum Typed {
    /// The code was right.
    Right(Session),
    /// It was wrong, or too old, or guessed too often. The guess is counted, so this is no error: an error would be
    /// rolled back, and the count with it.
    Wrong,
}

/// Completes with a typed code.
///
/// # Errors
/// When the database fails.
pub fn complete_by_code(tx: &mut Tx<'_>, id: SignInId, code: &str, now: Instant) -> Result<Typed, Error> {
    // Counted before it is looked at: of guesses at the same instant each must count.
    let usable = sign_ins::used_at.is_null().and(sign_ins::expires_at.gt(now)).and(sign_ins::attempts.lt(GUESSES));
    let counted = diesel::update(sign_ins::table.filter(sign_ins::id.eq(id).and(usable)))
        .set(sign_ins::attempts.eq(sign_ins::attempts + 1))
        .execute(&mut **tx)?;
    if counted == 0 {
        return Ok(Typed::Wrong);
    }
    let sign_in: SignIn = sign_ins::table.find(id).get_result(&mut **tx)?;
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    if !secrets::matches(&coded(id, &digits), &sign_in.code_hash) {
        return Ok(Typed::Wrong);
    }
    start_session(tx, &sign_in, now).map(Typed::Right)
}

/// The accounts that a session may switch between: the person, and the organisation's name. They are those of the
/// address that was proved when it began, whatever address an account has been given since.
///
/// # Errors
/// When the database fails.
pub fn accounts(conn: &mut Conn, session: &str, now: Instant) -> Result<Vec<(PersonId, String)>, Error> {
    match store::person_of_session(conn, &secrets::hash(session), now)? {
        Some((_, Some(proved))) => store::accounts_with_email(conn, &proved),
        _ => Ok(Vec::new()),
    }
}

/// Makes a session that of another account of the same person, in another organisation.
///
/// # Errors
/// `auth.forbidden` when the account is somebody else's, or when the database fails.
pub fn switch(tx: &mut Tx<'_>, session: &str, to: PersonId, now: Instant) -> Result<(), Error> {
    if !accounts(tx, session, now)?.iter().any(|(person, _)| *person == to) {
        return Err(Error::forbidden("auth.forbidden"));
    }
    store::move_session(tx, &secrets::hash(session), to)
}

/// Starts a session. Without a `proved` address it stays with this one account, as for the demo's invented people.
///
/// # Errors
/// When the database fails.
pub fn open_session(tx: &mut Tx<'_>, person: PersonId, proved: Option<&str>, now: Instant) -> Result<String, Error> {
    let token = secrets::token();
    store::insert_session(tx, &secrets::hash(&token), person, proved, now, now + TimeDelta::days(SESSION_DAYS))?;
    Ok(token)
}

/// Forgets sessions and sign-ins that have run out.
///
/// # Errors
/// When the database fails.
pub fn forget_old(tx: &mut Tx<'_>, now: Instant) -> Result<(), Error> {
    diesel::delete(sessions::table.filter(sessions::expires_at.lt(now))).execute(&mut **tx)?;
    diesel::delete(sign_ins::table.filter(sign_ins::expires_at.lt(now))).execute(&mut **tx)?;
    Ok(())
}

/// Forgets the sign-ins that a removed person has begun, unless their address has another account.
///
/// # Errors
/// When the database fails.
pub fn forget_person(tx: &mut Tx<'_>, person: PersonId, email: Option<&str>) -> Result<(), Error> {
    diesel::delete(sign_ins::table.filter(sign_ins::person_id.eq(person))).execute(&mut **tx)?;
    if let Some(email) = email
        && store::people_with_email(tx, email)?.is_empty()
    {
        diesel::delete(sign_ins::table.filter(sign_ins::email.eq(email))).execute(&mut **tx)?;
    }
    Ok(())
}

/// A code counts only together with the sign-in it was made for.
fn coded(id: SignInId, code: &str) -> String {
    format!("{id}:{code}")
}

fn by_token(conn: &mut Conn, token: &str) -> Result<Option<SignIn>, Error> {
    Ok(sign_ins::table.filter(sign_ins::token_hash.eq(secrets::hash(token))).get_result(conn).optional()?)
}

fn usable(sign_in: &SignIn, now: Instant) -> bool {
    sign_in.used_at.is_none() && sign_in.expires_at > now
}

fn start_session(tx: &mut Tx<'_>, sign_in: &SignIn, now: Instant) -> Result<Session, Error> {
    let used = diesel::update(sign_ins::table.filter(sign_ins::id.eq(sign_in.id).and(sign_ins::used_at.is_null())))
        .set(sign_ins::used_at.eq(now))
        .execute(&mut **tx)?;
    let people = match (&sign_in.email, sign_in.person_id) {
        (Some(email), _) => store::people_with_email(tx, email)?,
        (None, Some(person)) => store::find_anyone(tx, person)?.into_iter().collect(),
        (None, None) => Vec::new(),
    };
    match people.first() {
        Some(person) if used == 1 => {
            let token = open_session(tx, person.id, sign_in.email.as_deref(), now)?;
            Ok(Session { person: person.id, token, several: people.len() > 1 })
        }
        _ => Err(Error::refused("auth.link_used_up")),
    }
}
