//! The outbox: mails as rows, from queued to sent or given up.

use crate::mail::message::Message;
use crate::platform::db::Tx;
use crate::platform::db::connection::{Conn, each};
use crate::platform::db::types::{Instant, text_enum};
use crate::platform::error::Error;
use crate::platform::ids::{MailId, OrganisationId};
use crate::schema::mails::{self, dsl};
use chrono::TimeDelta;
use diesel::prelude::*;
use serde::Serialize;

/// After this many tries, some four days, a mail waits for a person instead: a mail server may be down over a weekend.
const TRIES: i32 = 100;
/// How long a mail is kept after it was sent or given up, in days; longer than anything goes on asking for the same mail.
pub const KEPT_DAYS: i64 = 180;
/// How long a mail may be in the hands of one worker.
const LEASE_MINUTES: i64 = 5;
/// The first wait after a failure, in minutes; doubled each time, up to the longest.
const FIRST_WAIT_MINUTES: i64 = 1;
const LONGEST_WAIT_MINUTES: i64 = 60;

/// Kinds of mails with a link that opens an evaluation to whoever has it.
pub const OPEN_EVALUATIONS: [&str; 6] = [
    "loan.handed_out",
    "loan.ends_soon",
    "loan.received",
    "loan.evaluation_overdue",
    "loan.evaluation_awaited",
    "loan.evaluation_link",
];

text_enum! {
    /// Where a mail is on its way.
    pub enum MailState {
        /// To be sent, now or later.
        Queued = "queued",
        /// Taken by the mail server.
        Sent = "sent",
        /// Given up; a person must look.
        Failed = "failed",
    }
}

/// A mail in the outbox.
#[derive(Debug, Clone, Queryable, Selectable, Serialize, utoipa::ToSchema)]
#[diesel(table_name = mails)]
pub struct MailRow {
    /// The mail.
    pub id: MailId,
    /// What kind of mail it is.
    pub kind: String,
    /// What caused it.
    #[serde(skip)]
    pub cause: String,
    /// The address.
    pub recipient: String,
    /// The subject line.
    pub subject: String,
    /// The text.
    #[serde(skip)]
    pub body: String,
    /// Where it is on its way.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was queued.
    pub created_at: Instant,
    /// When it was sent.
    pub sent_at: Option<Instant>,
    /// Why the last try failed.
    pub last_error: Option<String>,
}

impl MailRow {
    /// True for a mail with a link and a code to sign in with.
    pub fn signs_in(&self) -> bool {
        self.kind == "sign_in"
    }

    /// True for a mail whose text opens a door to whoever reads it.
    pub fn opens_a_door(&self) -> bool {
        self.signs_in() || OPEN_EVALUATIONS.contains(&&*self.kind)
    }
}

/// Queues a mail in the transaction of its cause. A mail whose cause has had one before is not queued again.
///
/// # Errors
/// When the database fails.
pub fn enqueue(tx: &mut Tx<'_>, message: &Message, now: Instant) -> Result<(), Error> {
    each!(&mut **tx, c => diesel::insert_into(dsl::mails)
        .values((
            dsl::id.eq(MailId::new()),
            dsl::organisation_id.eq(message.organisation),
            dsl::kind.eq(message.kind),
            dsl::cause.eq(&message.cause),
            dsl::recipient.eq(&message.recipient),
            dsl::subject.eq(&message.subject),
            dsl::body.eq(&message.body),
            dsl::state.eq(MailState::Queued),
            dsl::attempts.eq(0),
            dsl::due_at.eq(now),
            dsl::leased_until.eq(now),
            dsl::created_at.eq(now),
        ))
        .on_conflict(dsl::cause)
        .do_nothing()
        .execute(c))?;
    Ok(())
}

/// Forgets mails of these causes that nobody has tried to send.
///
/// # Errors
/// When the database fails.
pub fn withdraw(tx: &mut Tx<'_>, causes: &[String], now: Instant) -> Result<(), Error> {
    let untouched = dsl::state.eq(MailState::Queued).and(dsl::attempts.eq(0)).and(dsl::leased_until.le(now));
    diesel::delete(mails::table.filter(dsl::cause.eq_any(causes).and(untouched))).execute(&mut **tx)?;
    Ok(())
}

/// Those of these causes that have had their mail.
///
/// # Errors
/// When the database fails.
pub fn known(conn: &mut Conn, causes: &[String]) -> Result<Vec<String>, Error> {
    Ok(mails::table.filter(dsl::cause.eq_any(causes)).select(dsl::cause).load(conn)?)
}

/// Mails that wait to be sent now and are in nobody's hands, oldest first.
///
/// # Errors
/// When the database fails.
pub fn due(conn: &mut Conn, now: Instant, limit: i64) -> Result<Vec<MailId>, Error> {
    Ok(mails::table
        .filter(dsl::state.eq(MailState::Queued).and(dsl::due_at.le(now)).and(dsl::leased_until.le(now)))
        .order(dsl::due_at.asc())
        .limit(limit)
        .select(dsl::id)
        .load(conn)?)
}

/// Takes a mail in hand: nobody else sends it while the lease lasts. None when somebody was faster.
///
/// # Errors
/// When the database fails.
pub fn claim(tx: &mut Tx<'_>, id: MailId, now: Instant) -> Result<Option<MailRow>, Error> {
    let claimed = diesel::update(
        mails::table.filter(dsl::id.eq(id).and(dsl::state.eq(MailState::Queued)).and(dsl::leased_until.le(now))),
    )
    .set((dsl::leased_until.eq(now + TimeDelta::minutes(LEASE_MINUTES)), dsl::attempts.eq(dsl::attempts + 1)))
    .execute(&mut **tx)?;
    if claimed == 0 {
        return Ok(None);
    }
    Ok(mails::table.find(id).select(MailRow::as_select()).get_result(&mut **tx).optional()?)
}

/// Notes that the mail was sent. When a mail server took it, what opens a door is forgotten: the text, and of a sign-in
/// mail also the subject. A mail that became a file is still to be read by an administrator.
///
/// # Errors
/// When the database fails.
pub fn settle_sent(tx: &mut Tx<'_>, mail: &MailRow, by_server: bool, now: Instant) -> Result<(), Error> {
    let subject = if by_server && mail.signs_in() { "" } else { &*mail.subject };
    let body = if by_server && mail.opens_a_door() { "" } else { &*mail.body };
    diesel::update(mails::table.find(mail.id))
        .set((dsl::state.eq(MailState::Sent), dsl::sent_at.eq(now), dsl::subject.eq(subject), dsl::body.eq(body)))
        .execute(&mut **tx)?;
    Ok(())
}

/// Notes a failure: another try later, longer each time, or none when the failure is for good or it was the last try.
///
/// # Errors
/// When the database fails.
pub fn settle_failed(tx: &mut Tx<'_>, mail: &MailRow, why: &str, for_good: bool, now: Instant) -> Result<(), Error> {
    let give_up = for_good || mail.attempts >= TRIES;
    let doubled = FIRST_WAIT_MINUTES << mail.attempts.saturating_sub(1).clamp(0, 6);
    let wait = TimeDelta::minutes(doubled.min(LONGEST_WAIT_MINUTES));
    // Each claim counts a try: with another count the mail has come into other hands meanwhile.
    let ours = dsl::id.eq(mail.id).and(dsl::state.eq(MailState::Queued)).and(dsl::attempts.eq(mail.attempts));
    diesel::update(mails::table.filter(ours))
        .set((
            dsl::state.eq(if give_up { MailState::Failed } else { MailState::Queued }),
            dsl::due_at.eq(now + wait),
            dsl::leased_until.eq(now),
            dsl::last_error.eq(why),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Puts a mail that was given up back in the queue.
///
/// # Errors
/// `mail.not_found`; or when the database fails.
pub fn retry(tx: &mut Tx<'_>, organisation: OrganisationId, id: MailId, now: Instant) -> Result<(), Error> {
    let changed = diesel::update(
        mails::table
            .filter(dsl::id.eq(id).and(dsl::organisation_id.eq(organisation)).and(dsl::state.eq(MailState::Failed))),
    )
    .set((dsl::state.eq(MailState::Queued), dsl::attempts.eq(0), dsl::due_at.eq(now)))
    .execute(&mut **tx)?;
    if changed == 0 { Err(Error::not_found("mail.not_found")) } else { Ok(()) }
}

/// Forgets mails that were sent or given up before this.
///
/// # Errors
/// When the database fails.
pub fn forget_before(tx: &mut Tx<'_>, before: Instant) -> Result<(), Error> {
    let done = dsl::state.eq_any([MailState::Sent, MailState::Failed]).and(dsl::due_at.lt(before));
    diesel::delete(mails::table.filter(done)).execute(&mut **tx)?;
    Ok(())
}

/// Forgets an address that nobody in the organisation has any more: mails that wait are not sent, and of those that were
/// sent nothing is left but that they were.
///
/// # Errors
/// When the database fails.
pub fn forget_address(tx: &mut Tx<'_>, organisation: OrganisationId, address: &str) -> Result<(), Error> {
    let theirs = dsl::organisation_id.eq(organisation).and(dsl::recipient.eq(address));
    diesel::delete(mails::table.filter(theirs.and(dsl::state.ne(MailState::Sent)))).execute(&mut **tx)?;
    diesel::update(mails::table.filter(theirs))
        .set((dsl::recipient.eq(""), dsl::subject.eq(""), dsl::body.eq(""), dsl::last_error.eq(None::<String>)))
        .execute(&mut **tx)?;
    Ok(())
}

/// An organisation's mails, newest first.
///
/// # Errors
/// When the database fails.
pub fn list(
    conn: &mut Conn,
    organisation: OrganisationId,
    before: Option<MailId>,
    limit: i64,
) -> Result<Vec<MailRow>, Error> {
    let mut query = mails::table.filter(dsl::organisation_id.eq(organisation)).into_boxed();
    if let Some(before) = before {
        query = query.filter(dsl::id.lt(before));
    }
    Ok(query.order(dsl::id.desc()).limit(limit).select(MailRow::as_select()).load(conn)?)
}

/// One mail of an organisation.
///
/// # Errors
/// When the database fails.
pub fn find(conn: &mut Conn, organisation: OrganisationId, id: MailId) -> Result<Option<MailRow>, Error> {
    Ok(mails::table
        .filter(dsl::id.eq(id).and(dsl::organisation_id.eq(organisation)))
        .select(MailRow::as_select())
        .get_result(conn)
        .optional()?)
}

/// How many mails of all organisations wait to be sent, and how many were given up.
///
/// # Errors
/// When the database fails.
pub fn count_unsent(conn: &mut Conn) -> Result<[(MailState, i64); 2], Error> {
    let mut count = |state| dsl::mails.filter(dsl::state.eq(state)).count().get_result(conn);
    Ok([(MailState::Queued, count(MailState::Queued)?), (MailState::Failed, count(MailState::Failed)?)])
}

/// How many of an organisation's mails were given up.
///
/// # Errors
/// When the database fails.
pub fn failed(conn: &mut Conn, organisation: OrganisationId) -> Result<i64, Error> {
    Ok(mails::table
        .filter(dsl::state.eq(MailState::Failed).and(dsl::organisation_id.eq(organisation)))
        .count()
        .get_result(conn)?)
}
