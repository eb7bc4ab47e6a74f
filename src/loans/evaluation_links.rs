//! Links by which anyone at a unit writes the evaluation of one loan, without an account.
//!
//! A mail carries the link to the unit; its secret is made at random, kept only as a hash, and good for that one loan and
//! for a time. What somebody was mailed or has made themselves ends when they no longer act for the unit. The label on the
//! box is no such link: anybody can photograph it. Who scans it can have a link mailed to the unit, and sees nothing of it.

use crate::accounts::{secrets, store as accounts};
use crate::kits::store::lock_kit_type;
use crate::loans::actions::Context;
use crate::loans::mails::{self, Kind};
use crate::loans::rules::Status;
use crate::loans::store::{self, Loan};
use crate::platform::clock::start_of_day;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::events;
use crate::platform::ids::{EvaluationLinkId, KitId, LoanId, OrganisationId, PersonId, UnitId};
use crate::schema::{evaluation_links, loans};
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz as Zone;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How long a link opens the form, in days from when it was made, or from the loan's last day if that is later.
const DAYS: i64 = 60;
/// How long one that has run out is remembered, in days, so that who comes with it can be told so.
pub const REMEMBERED_DAYS: i64 = 365;
/// The most links that a loan has.
const MOST: i64 = 100;
/// Only so many links can be asked for in a day, and only one in some minutes: nobody fills a preschool's mailbox.
const ASKED_A_DAY: i64 = 4;
const MINUTES_BETWEEN: i64 = 10;

/// The secret of a link, with the loan that it was made for: `<secret>.<loan>`.
#[derive(Debug, Clone)]
pub struct Token {
    /// The loan.
    pub loan: LoanId,
    hash: Vec<u8>,
}

impl Token {
    /// Reads a token from an address.
    ///
    /// # Errors
    /// `evaluation.link_unknown` when it is none.
    pub fn read(text: &str) -> Result<Self, Error> {
        let parts = text.split_once('.').and_then(|(secret, loan)| Some((secret, loan.parse().ok()?)));
        let (secret, loan) = parts.ok_or_else(unknown)?;
        Ok(Self { loan, hash: secrets::hash(secret) })
    }
}

fn unknown() -> Error {
    Error::not_found("evaluation.link_unknown")
}

/// The last moment of a link that is made now.
fn expiry(zone: Zone, last_day: NaiveDate, now: Instant) -> Instant {
    start_of_day(zone, last_day).max(now) + TimeDelta::days(DAYS)
}

/// What a link is made for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Purpose {
    /// Whose link it is; the unit's own, without.
    pub person: Option<PersonId>,
    /// Somebody wanted one just then.
    pub asked_for: bool,
}

/// A link to a loan's evaluation.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct EvaluationLinkView {
    /// The link.
    pub id: EvaluationLinkId,
    /// When it was made.
    pub created_at: Instant,
    /// The moment from which it opens the form no more.
    pub expires_at: Instant,
    /// It belongs to one person, and ends when they leave the unit.
    pub personal: bool,
    /// Where it leads. It is told once, when the link is made: of its secret only a hash is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// Makes a link to the form of a loan, and tells its address, once.
///
/// # Errors
/// When the database fails.
pub fn make(
    tx: &mut Tx<'_>,
    (zone, site): (Zone, &str),
    loan: &Loan,
    purpose: Purpose,
    now: Instant,
) -> Result<EvaluationLinkView, Error> {
    let (id, secret, expires_at) = (EvaluationLinkId::new(), secrets::token(), expiry(zone, loan.last_day, now));
    diesel::insert_into(evaluation_links::table)
        .values((
            evaluation_links::secret_hash.eq(secrets::hash(&secret)),
            evaluation_links::loan_id.eq(loan.id),
            evaluation_links::asked_for.eq(purpose.asked_for),
            evaluation_links::created_at.eq(now),
            evaluation_links::expires_at.eq(expires_at),
            evaluation_links::id.eq(id),
            evaluation_links::person_id.eq(purpose.person),
        ))
        .execute(&mut **tx)?;
    let address = Some(format!("{site}/utvardering/{secret}.{}", loan.id));
    Ok(EvaluationLinkView { id, created_at: now, expires_at, personal: purpose.person.is_some(), address })
}

/// The newest links of a loan, without their addresses.
///
/// # Errors
/// When the database fails.
pub fn list(conn: &mut Conn, loan: LoanId) -> Result<Vec<EvaluationLinkView>, Error> {
    type Row = (EvaluationLinkId, Instant, Instant, Option<PersonId>);
    let rows: Vec<Row> = evaluation_links::table
        .filter(evaluation_links::loan_id.eq(loan))
        .order((evaluation_links::created_at.desc(), evaluation_links::id.desc()))
        .limit(MOST)
        .select((
            evaluation_links::id,
            evaluation_links::created_at,
            evaluation_links::expires_at,
            evaluation_links::person_id,
        ))
        .load(conn)?;
    let views = rows.into_iter().map(|(id, created_at, expires_at, person)| EvaluationLinkView {
        id,
        created_at,
        expires_at,
        personal: person.is_some(),
        address: None,
    });
    Ok(views.collect())
}

/// Makes a link for somebody to pass on; it is theirs.
///
/// # Errors
/// `evaluation.too_many_links`.
pub fn add(tx: &mut Tx<'_>, context: &Context, loan: &Loan) -> Result<EvaluationLinkView, Error> {
    if list(tx, loan.id)?.len() as i64 >= MOST {
        return Err(Error::refused("evaluation.too_many_links").arg("most", MOST));
    }
    let purpose = Purpose { person: context.by.person, asked_for: false };
    let made = make(tx, (context.organisation.zone(), &context.site), loan, purpose, context.by.now)?;
    events::append(tx, context.by, loan.id, "loan.evaluation_link_added", json!({ "to": { "link": made.id } }))?;
    Ok(made)
}

/// Ends one link of a loan.
///
/// # Errors
/// `evaluation.link_not_found`.
pub fn end_one(tx: &mut Tx<'_>, context: &Context, loan: LoanId, id: EvaluationLinkId) -> Result<(), Error> {
    let link = evaluation_links::table.filter(evaluation_links::id.eq(id).and(evaluation_links::loan_id.eq(loan)));
    if diesel::delete(link).execute(&mut **tx)? == 0 {
        return Err(Error::not_found("evaluation.link_not_found"));
    }
    events::append(tx, context.by, loan, "loan.evaluation_link_ended", json!({ "from": { "link": id } }))
}

/// A link that was made.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    /// Whose loan it is for.
    pub organisation: OrganisationId,
    /// It opens the form no more; who has it may have a new one mailed to the unit.
    pub expired: bool,
    /// It was somebody's who no longer acts for the unit.
    pub revoked: bool,
}

/// The link of a token.
///
/// # Errors
/// `evaluation.link_unknown`, `evaluation.link_other_loan`.
pub fn find(conn: &mut Conn, token: &Token, now: Instant) -> Result<Link, Error> {
    let found: Option<(LoanId, Instant, Option<PersonId>, OrganisationId, UnitId)> = evaluation_links::table
        .inner_join(loans::table)
        .filter(evaluation_links::secret_hash.eq(&token.hash))
        .select((
            evaluation_links::loan_id,
            evaluation_links::expires_at,
            evaluation_links::person_id,
            loans::organisation_id,
            loans::unit_id,
        ))
        .get_result(conn)
        .optional()?;
    let (loan, expires_at, person, organisation, unit) = found.ok_or_else(unknown)?;
    if loan != token.loan {
        return Err(Error::not_found("evaluation.link_other_loan"));
    }
    let revoked = match person {
        Some(person) => !accounts::acts_for(conn, person, unit)?,
        None => false,
    };
    Ok(Link { organisation, expired: expires_at <= now, revoked })
}

/// The loan that somebody who holds the kit in their hands may want to evaluate: the one on which it is out, or came back
/// without an evaluation.
///
/// # Errors
/// When the database fails.
pub fn loan_of_kit(conn: &mut Conn, kit: KitId) -> Result<Option<Loan>, Error> {
    let out = store::holding(conn, kit, Status::Out)?;
    let loan = match out {
        Some(loan) => Some(loan),
        None => store::holding(conn, kit, Status::Received)?,
    };
    Ok(loan.filter(|loan| !loan.evaluation.is_settled()))
}

/// Mails a fresh link to the unit, because somebody asked for one. Whoever asks is told the same whether one was sent or
/// not; none is when the evaluation is in, when the kit has not left, or when enough were asked for lately.
///
/// # Errors
/// When the database fails.
pub fn mail(tx: &mut Tx<'_>, context: &Context, loan: LoanId) -> Result<(), Error> {
    let Some(loan) = store::find(tx, context.organisation.id, loan)? else { return Ok(()) };
    // Of two who ask at once, one waits, and finds that the other has asked.
    lock_kit_type(tx, loan.kit_type_id)?;
    let now = context.by.now;
    let open = matches!(loan.status, Status::Out | Status::Received) && !loan.evaluation.is_settled();
    if !open || !may_ask(tx, loan.id, now)? {
        return Ok(());
    }
    let kind = Kind::EvaluationLink(now.utc().timestamp());
    mails::send(tx, &context.organisation, &context.site, &loan, kind, now)?;
    events::append(tx, context.by, loan.id, "loan.evaluation_link_mailed", json!({}))
}

fn may_ask(conn: &mut Conn, loan: LoanId, now: Instant) -> Result<bool, Error> {
    let asked: Vec<Instant> = evaluation_links::table
        .filter(evaluation_links::loan_id.eq(loan).and(evaluation_links::created_at.gt(now - TimeDelta::days(1))))
        .filter(evaluation_links::asked_for.eq(true))
        .order(evaluation_links::created_at.desc())
        .limit(ASKED_A_DAY)
        .select(evaluation_links::created_at)
        .load(conn)?;
    let just_now = asked.first().is_some_and(|last| *last + TimeDelta::minutes(MINUTES_BETWEEN) > now);
    Ok(!just_now && (asked.len() as i64) < ASKED_A_DAY)
}

/// Ends every link of a loan; mails that went out lead nowhere any more.
///
/// # Errors
/// `loan.not_found`.
pub fn end(tx: &mut Tx<'_>, context: &Context, loan: LoanId) -> Result<(), Error> {
    let loan = store::find(tx, context.organisation.id, loan)?.ok_or_else(|| Error::not_found("loan.not_found"))?;
    let links = evaluation_links::table.filter(evaluation_links::loan_id.eq(loan.id));
    let ended = diesel::delete(links).execute(&mut **tx)?;
    events::append(tx, context.by, loan.id, "loan.evaluation_links_ended", json!({ "from": { "links": ended } }))
}

/// Forgets links that ran out before this.
///
/// # Errors
/// When the database fails.
pub fn forget_before(tx: &mut Tx<'_>, before: Instant) -> Result<(), Error> {
    diesel::delete(evaluation_links::table.filter(evaluation_links::expires_at.lt(before))).execute(&mut **tx)?;
    Ok(())
}
