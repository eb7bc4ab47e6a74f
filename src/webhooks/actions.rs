//! What administrators do with addresses of other programs: add, pause, let go on, remove, and send again.

use crate::accounts::rules;
use crate::platform::db::Tx;
use crate::platform::error::{Error, FieldError, all_fields};
use crate::platform::events::{self, By};
use crate::platform::ids::{DeliveryId, WebhookId};
use crate::schema::webhooks;
use crate::webhooks::address;
use crate::webhooks::store::{self, Webhook, WebhookState};
use crate::webhooks::views::{NewWebhookView, WebhookView};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::prelude::*;
use rand::RngExt;
use serde::Deserialize;
use serde_json::json;

/// The most addresses of an organisation: each is told of everything.
const MOST: usize = 20;

/// What secrets begin with, as programs that check signatures expect it.
const SECRET_PREFIX: &str = "whsec_";

/// An address to tell of what happens.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddWebhook {
    /// What people call it.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// Where it is: an `https` address on the internet.
    #[schema(min_length = 1, max_length = 500)]
    pub url: String,
}

/// Adds an address; its secret is told only now. `private`: the settings let messages go to this machine and into the own
/// network.
///
/// # Errors
/// `webhook.too_many`, and what is wrong with the name or the address: `webhook.url`, `webhook.https`, `webhook.private`.
pub fn add(tx: &mut Tx<'_>, by: By, add: &AddWebhook, private: bool) -> Result<NewWebhookView, Error> {
    all_fields! {
        name = rules::name("name", &add.name),
        url = address::read(&add.url, private).map_err(|code| FieldError::new("url", code)),
    }
    if store::all(tx, by.organisation)?.len() >= MOST {
        return Err(Error::refused("webhook.too_many").arg("most", MOST));
    }
    let secret = rand::rng().random::<[u8; 32]>();
    let row = Webhook {
        id: WebhookId::new(),
        organisation_id: by.organisation,
        name,
        url: url.to_string(),
        secret: secret.to_vec(),
        state: WebhookState::Active,
        state_since: by.now,
        created_at: by.now,
    };
    diesel::insert_into(webhooks::table).values(&row).execute(&mut **tx)?;
    events::append(tx, by, row.id, "webhook.added", json!({ "to": { "url": row.url } }))?;
    let secret = format!("{SECRET_PREFIX}{}", STANDARD.encode(secret));
    Ok(NewWebhookView { webhook: WebhookView::of(tx, row)?, secret })
}

/// Pauses an address, or lets it go on: then what has waited is sent.
///
/// # Errors
/// `webhook.not_found`.
pub fn pause(tx: &mut Tx<'_>, by: By, id: WebhookId, paused: bool) -> Result<WebhookView, Error> {
    let before = store::find(tx, by.organisation, id)?;
    let after = if paused { WebhookState::Paused } else { WebhookState::Active };
    if before.state != after {
        store::set_state(tx, id, after, by.now)?;
        let action = if paused { "webhook.paused" } else { "webhook.resumed" };
        events::append(tx, by, id, action, json!({ "from": { "state": before.state }, "to": { "state": after } }))?;
    }
    let now = store::find(tx, by.organisation, id)?;
    WebhookView::of(tx, now)
}

/// Removes an address, with its messages.
///
/// # Errors
/// `webhook.not_found`.
pub fn remove(tx: &mut Tx<'_>, by: By, id: WebhookId) -> Result<(), Error> {
    let row = store::find(tx, by.organisation, id)?;
    diesel::delete(webhooks::table.find(id)).execute(&mut **tx)?;
    events::append(tx, by, id, "webhook.removed", json!({ "from": { "url": row.url } }))
}

/// Sends a message again, whether it was taken or given up.
///
/// # Errors
/// `webhook_delivery.not_found`.
pub fn send_again(tx: &mut Tx<'_>, by: By, id: DeliveryId) -> Result<(), Error> {
    let webhook = store::retry(tx, by.organisation, id, by.now)?;
    events::append(tx, by, webhook, "webhook.resent", json!({ "to": { "delivery": id } }))
}
