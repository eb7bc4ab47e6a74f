//! Rows of addresses, and of messages on their way to them.

use crate::platform::db::Tx;
use crate::platform::db::connection::{Conn, each};
use crate::platform::db::types::{Instant, text_enum};
use crate::platform::error::Error;
use crate::platform::ids::{AnyId, DeliveryId, OrganisationId, WebhookId};
use crate::schema::{webhook_deliveries, webhooks};
use chrono::TimeDelta;
use diesel::prelude::*;

/// How long a message may be in the hands of one worker.
const LEASE_MINUTES: i64 = 2;
/// The waits after each try that fails, in seconds: some three days in all, after which a message is given up.
const WAITS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

text_enum! {
    /// Whether an address is sent to.
    pub enum WebhookState {
        /// It is.
        Active = "active",
        /// Somebody paused it; its messages wait.
        Paused = "paused",
        /// A message was given up; the others wait.
        Failing = "failing",
        /// It answered that it is no more.
        Gone = "gone",
    }
}

text_enum! {
    /// Where a message is on its way.
    pub enum DeliveryState {
        /// To be sent, now or later.
        Queued = "queued",
        /// Taken by the other side.
        Sent = "sent",
        /// Given up; a person must look.
        Failed = "failed",
    }
}

/// An address that is told of what happens.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = webhooks)]
pub struct Webhook {
    /// The address.
    pub id: WebhookId,
    /// Whose.
    pub organisation_id: OrganisationId,
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// What its messages are signed with.
    pub secret: Vec<u8>,
    /// Whether it is sent to.
    pub state: WebhookState,
    /// Since when.
    pub state_since: Instant,
    /// When it was added.
    pub created_at: Instant,
}

/// A message on its way.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = webhook_deliveries)]
pub struct Delivery {
    /// The message; its id is the same at every try.
    pub id: DeliveryId,
    /// Whose.
    pub organisation_id: OrganisationId,
    /// To where.
    pub webhook_id: WebhookId,
    /// What happened, as in `evaluation.submitted`.
    pub kind: String,
    /// To what.
    pub subject_id: AnyId,
    /// Where it is on its way.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i32,
    /// When it is to be tried.
    pub due_at: Instant,
    /// Until when it is in somebody's hands.
    pub leased_until: Instant,
    /// When it happened.
    pub created_at: Instant,
    /// When it was taken.
    pub sent_at: Option<Instant>,
    /// Why the last try failed.
    pub last_error: Option<String>,
}

/// The addresses of an organisation, in the order in which they were added.
///
/// # Errors
/// When the database fails.
pub fn all(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<Webhook>, Error> {
    Ok(webhooks::table.filter(webhooks::organisation_id.eq(organisation)).order(webhooks::id.asc()).load(conn)?)
}

/// An address of an organisation.
///
/// # Errors
/// `webhook.not_found`.
pub fn find(conn: &mut Conn, organisation: OrganisationId, id: WebhookId) -> Result<Webhook, Error> {
    let found = webhooks::table.filter(webhooks::id.eq(id).and(webhooks::organisation_id.eq(organisation)));
    found.get_result(conn).optional()?.ok_or_else(|| Error::not_found("webhook.not_found"))
}

/// How many messages of an address are in this state.
///
/// # Errors
/// When the database fails.
pub fn count(conn: &mut Conn, webhook: WebhookId, state: DeliveryState) -> Result<i64, Error> {
    Ok(webhook_deliveries::table
        .filter(webhook_deliveries::webhook_id.eq(webhook).and(webhook_deliveries::state.eq(state)))
        .count()
        .get_result(conn)?)
}

/// Tells every address of an organisation of what happened, in the transaction in which it did. What an address has been told
/// of is not told again.
///
/// # Errors
/// When the database fails.
pub fn enqueue(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    kind: &'static str,
    subject: impl Into<uuid::Uuid>,
    now: Instant,
) -> Result<(), Error> {
    let subject = AnyId::from(subject.into());
    for webhook in all(tx, organisation)? {
        let delivery = Delivery {
            id: DeliveryId::new(),
            organisation_id: organisation,
            webhook_id: webhook.id,
            kind: kind.to_owned(),
            subject_id: subject,
            state: DeliveryState::Queued,
            attempts: 0,
            due_at: now,
            leased_until: now,
            created_at: now,
            sent_at: None,
            last_error: None,
        };
        each!(&mut **tx, c => diesel::insert_into(webhook_deliveries::table)
            .values(&delivery)
            .on_conflict((webhook_deliveries::webhook_id, webhook_deliveries::kind, webhook_deliveries::subject_id))
            .do_nothing()
            .execute(c))?;
    }
    Ok(())
}

/// Addresses that are sent to and have something to be sent now.
///
/// # Errors
/// When the database fails.
pub fn waiting(conn: &mut Conn, now: Instant) -> Result<Vec<WebhookId>, Error> {
    let active: Vec<WebhookId> =
        webhooks::table.filter(webhooks::state.eq(WebhookState::Active)).select(webhooks::id).load(conn)?;
    let mut waiting = Vec::new();
    for id in active {
        if !due(conn, id, now, 1)?.is_empty() {
            waiting.push(id);
        }
    }
    Ok(waiting)
}

/// Messages of an address that are to be sent now and are in nobody's hands, oldest first.
///
/// # Errors
/// When the database fails.
pub fn due(conn: &mut Conn, webhook: WebhookId, now: Instant, most: i64) -> Result<Vec<DeliveryId>, Error> {
    Ok(webhook_deliveries::table
        .filter(webhook_deliveries::webhook_id.eq(webhook).and(webhook_deliveries::state.eq(DeliveryState::Queued)))
        .filter(webhook_deliveries::due_at.le(now).and(webhook_deliveries::leased_until.le(now)))
        .order(webhook_deliveries::due_at.asc())
        .limit(most)
        .select(webhook_deliveries::id)
        .load(conn)?)
}

/// Takes a message in hand: nobody else sends it while the lease lasts. None when somebody was faster, or the address is not
/// sent to any more.
///
/// # Errors
/// When the database fails.
pub fn claim(tx: &mut Tx<'_>, id: DeliveryId, now: Instant) -> Result<Option<(Delivery, Webhook)>, Error> {
    let ours = webhook_deliveries::id.eq(id).and(webhook_deliveries::state.eq(DeliveryState::Queued));
    let claimed = diesel::update(webhook_deliveries::table.filter(ours.and(webhook_deliveries::leased_until.le(now))))
        .set((
            webhook_deliveries::leased_until.eq(now + TimeDelta::minutes(LEASE_MINUTES)),
            webhook_deliveries::attempts.eq(webhook_deliveries::attempts + 1),
        ))
        .execute(&mut **tx)?;
    if claimed == 0 {
        return Ok(None);
    }
    let delivery: Delivery = webhook_deliveries::table.find(id).get_result(&mut **tx)?;
    let webhook: Webhook = webhooks::table.find(delivery.webhook_id).get_result(&mut **tx)?;
    Ok((webhook.state == WebhookState::Active).then_some((delivery, webhook)))
}

/// Notes that a message was taken.
///
/// # Errors
/// When the database fails.
pub fn settle_sent(tx: &mut Tx<'_>, delivery: &Delivery, now: Instant) -> Result<(), Error> {
    diesel::update(webhook_deliveries::table.find(delivery.id))
        .set((
            webhook_deliveries::state.eq(DeliveryState::Sent),
            webhook_deliveries::sent_at.eq(now),
            webhook_deliveries::last_error.eq(None::<String>),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Notes a failure: another try later, longer each time. False when it was the last try, or `for_good`.
///
/// # Errors
/// When the database fails.
pub fn settle_failed(
    tx: &mut Tx<'_>,
    delivery: &Delivery,
    why: &str,
    for_good: bool,
    now: Instant,
) -> Result<bool, Error> {
    let tried = usize::try_from(delivery.attempts).unwrap_or_default();
    let wait = WAITS.get(tried.saturating_sub(1)).filter(|_| !for_good);
    let state = if wait.is_some() { DeliveryState::Queued } else { DeliveryState::Failed };
    // Each claim counts a try: with another count the message has come into other hands meanwhile.
    let ours = webhook_deliveries::id
        .eq(delivery.id)
        .and(webhook_deliveries::state.eq(DeliveryState::Queued))
        .and(webhook_deliveries::attempts.eq(delivery.attempts));
    diesel::update(webhook_deliveries::table.filter(ours))
        .set((
            webhook_deliveries::state.eq(state),
            webhook_deliveries::due_at.eq(now + TimeDelta::seconds(wait.copied().unwrap_or_default())),
            webhook_deliveries::leased_until.eq(now),
            webhook_deliveries::last_error.eq(why),
        ))
        .execute(&mut **tx)?;
    Ok(wait.is_some())
}

/// Lets a message wait from the beginning.
///
/// # Errors
/// `webhook_delivery.not_found`.
pub fn retry(tx: &mut Tx<'_>, organisation: OrganisationId, id: DeliveryId, now: Instant) -> Result<WebhookId, Error> {
    let ours = webhook_deliveries::id.eq(id).and(webhook_deliveries::organisation_id.eq(organisation));
    let webhook: Option<WebhookId> = webhook_deliveries::table
        .filter(ours)
        .select(webhook_deliveries::webhook_id)
        .get_result(&mut **tx)
        .optional()?;
    let webhook = webhook.ok_or_else(|| Error::not_found("webhook_delivery.not_found"))?;
    diesel::update(webhook_deliveries::table.find(id))
        .set((
            webhook_deliveries::state.eq(DeliveryState::Queued),
            webhook_deliveries::attempts.eq(0),
            webhook_deliveries::due_at.eq(now),
        ))
        .execute(&mut **tx)?;
    Ok(webhook)
}

/// Changes whether an address is sent to. Messages that wait for it are then to be sent at once.
///
/// # Errors
/// When the database fails.
pub fn set_state(tx: &mut Tx<'_>, id: WebhookId, state: WebhookState, now: Instant) -> Result<(), Error> {
    diesel::update(webhooks::table.find(id))
        .set((webhooks::state.eq(state), webhooks::state_since.eq(now)))
        .execute(&mut **tx)?;
    if state == WebhookState::Active {
        let theirs = webhook_deliveries::webhook_id.eq(id).and(webhook_deliveries::state.eq(DeliveryState::Queued));
        diesel::update(webhook_deliveries::table.filter(theirs))
            .set((webhook_deliveries::due_at.eq(now), webhook_deliveries::leased_until.eq(now)))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// The messages of an address, newest first.
///
/// # Errors
/// When the database fails.
pub fn deliveries(
    conn: &mut Conn,
    webhook: WebhookId,
    before: Option<DeliveryId>,
    most: i64,
) -> Result<Vec<Delivery>, Error> {
    let mut query = webhook_deliveries::table.filter(webhook_deliveries::webhook_id.eq(webhook)).into_boxed();
    if let Some(before) = before {
        query = query.filter(webhook_deliveries::id.lt(before));
    }
    Ok(query.order(webhook_deliveries::id.desc()).limit(most).load(conn)?)
}

/// Forgets messages of what happened before this.
///
/// # Errors
/// When the database fails.
pub fn forget_before(tx: &mut Tx<'_>, before: Instant) -> Result<(), Error> {
    diesel::delete(webhook_deliveries::table.filter(webhook_deliveries::created_at.lt(before))).execute(&mut **tx)?;
    Ok(())
}
