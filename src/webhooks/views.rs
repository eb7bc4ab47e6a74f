//! Addresses of other programs, and messages to them, as the API tells them.

use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{AnyId, DeliveryId, OrganisationId, WebhookId};
use crate::platform::web::paging::{Listing, Paging};
use crate::webhooks::store::{self, Delivery, DeliveryState, Webhook, WebhookState};
use serde::Serialize;

/// An address that is told of what happens.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct WebhookView {
    /// The address.
    pub id: WebhookId,
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Whether it is sent to.
    pub state: WebhookState,
    /// Since when.
    pub state_since: Instant,
    /// When it was added.
    pub created_at: Instant,
    /// Messages that wait to be sent.
    pub waiting: i64,
    /// Messages that were given up.
    pub failed: i64,
}

impl WebhookView {
    /// An address, with what is on its way to it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of(conn: &mut Conn, row: Webhook) -> Result<Self, Error> {
        Ok(Self {
            waiting: store::count(conn, row.id, DeliveryState::Queued)?,
            failed: store::count(conn, row.id, DeliveryState::Failed)?,
            id: row.id,
            name: row.name,
            url: row.url,
            state: row.state,
            state_since: row.state_since,
            created_at: row.created_at,
        })
    }
}

/// A new address.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct NewWebhookView {
    /// The address.
    #[serde(flatten)]
    pub webhook: WebhookView,
    /// What its messages are signed with, as `whsec_` and 32 bytes in Base64. Told once.
    pub secret: String,
}

/// A message to an address.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct DeliveryView {
    /// The message: what stands as `webhook-id` at every try.
    pub id: DeliveryId,
    /// What happened.
    pub kind: String,
    /// To what.
    pub subject_id: AnyId,
    /// Where it is on its way.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i32,
    /// When it happened.
    pub created_at: Instant,
    /// When it is tried next; of one that is sent or given up, when it last was to be.
    pub due_at: Instant,
    /// When it was taken.
    pub sent_at: Option<Instant>,
    /// Why the last try failed.
    pub last_error: Option<String>,
}

impl From<Delivery> for DeliveryView {
    fn from(row: Delivery) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            subject_id: row.subject_id,
            state: row.state,
            attempts: row.attempts,
            created_at: row.created_at,
            due_at: row.due_at,
            sent_at: row.sent_at,
            last_error: row.last_error,
        }
    }
}

/// The addresses of an organisation.
///
/// # Errors
/// When the database fails.
pub fn all(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<WebhookView>, Error> {
    let rows = store::all(conn, organisation)?;
    rows.into_iter().map(|row| WebhookView::of(conn, row)).collect()
}

/// The messages of an address, newest first.
///
/// # Errors
/// `webhook.not_found`, `request.cursor`.
pub fn deliveries(
    conn: &mut Conn,
    organisation: OrganisationId,
    webhook: WebhookId,
    paging: &Paging,
) -> Result<Listing<DeliveryView>, Error> {
    let before = paging.after()?;
    store::find(conn, organisation, webhook)?;
    let rows = store::deliveries(conn, webhook, before, paging.rows())?;
    Ok(Listing::cut(rows, paging, |row: &Delivery| row.id).map(DeliveryView::from))
}
