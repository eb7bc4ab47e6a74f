//! The worker that sends messages: each address has its own turn, so that a slow one keeps no other waiting. No transaction is
//! open while it sends.

use crate::accounts::store as accounts;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::events::{self, By};
use crate::platform::ids::{AnyId, DeliveryId, OrganisationId, WebhookId};
use crate::platform::jobs;
use crate::platform::state::AppState;
use crate::webhooks::mails;
use crate::webhooks::send::{self, Message, NotTaken};
use crate::webhooks::store::{self, WebhookState};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::{Id, JoinSet};

/// How often it is looked for messages.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many addresses are sent to at a time, and how many messages each gets in its turn.
const TOGETHER: usize = 16;
const IN_A_TURN: i64 = 20;

/// What a message says of a thing: none when there is nothing to say any more. `site`: the address that people use.
pub type Describe = fn(&mut Conn, OrganisationId, AnyId, &str) -> Result<Option<Value>, Error>;

/// Sends messages until `stop` says so; one in hand is finished.
pub async fn work(app: AppState, describe: Describe, mut stop: watch::Receiver<bool>) {
    let mut turns: JoinSet<()> = JoinSet::new();
    let mut whose: HashMap<Id, WebhookId> = HashMap::new();
    while !*stop.borrow() {
        let now = app.clock.now();
        match app.db.read(move |conn| store::waiting(conn, now)).await {
            Err(error) => jobs::log(&error, "webhooks"),
            Ok(waiting) => {
                for id in waiting {
                    if whose.len() < TOGETHER && !whose.values().any(|busy| *busy == id) {
                        let app = app.clone();
                        let turn = turns.spawn(async move { turn(&app, describe, id).await });
                        whose.insert(turn.id(), id);
                    }
                }
            }
        }
        tokio::select! {
            _ = stop.changed() => (),
            Some(done) = turns.join_next_with_id() => {
                whose.remove(&done.map_or_else(|error| error.id(), |(id, ())| id));
            }
            () = tokio::time::sleep(LOOK_EVERY) => (),
        }
    }
    while turns.join_next().await.is_some() {}
}

/// Sends what is due to each address, once; says whether there was anything.
///
/// # Errors
/// When the database fails.
pub async fn round(app: &AppState, describe: Describe) -> Result<bool, Error> {
    let now = app.clock.now();
    let waiting = app.db.read(move |conn| store::waiting(conn, now)).await?;
    let any = !waiting.is_empty();
    let mut turns = JoinSet::new();
    for id in waiting {
        let app = app.clone();
        turns.spawn(async move { turn(&app, describe, id).await });
    }
    while turns.join_next().await.is_some() {}
    Ok(any)
}

/// Sends what is due to an address, one message after another.
async fn turn(app: &AppState, describe: Describe, webhook: WebhookId) {
    let now = app.clock.now();
    let sent = async {
        for id in app.db.read(move |conn| store::due(conn, webhook, now, IN_A_TURN)).await? {
            deliver(app, describe, id).await?;
        }
        Ok::<_, Error>(())
    };
    if let Err(error) = sent.await {
        jobs::log(&error, "webhooks");
    }
}

async fn deliver(app: &AppState, describe: Describe, id: DeliveryId) -> Result<(), Error> {
    let now = app.clock.now();
    let Some((delivery, webhook)) = app.db.write(move |tx| store::claim(tx, id, now)).await? else { return Ok(()) };
    let (organisation, subject, site) = (delivery.organisation_id, delivery.subject_id, app.config.public_url.clone());
    let data = app.db.read(move |conn| describe(conn, organisation, subject, &site)).await?;
    let result = match data {
        // What it was about is no more: there is nothing to tell.
        None => Ok(()),
        Some(data) => {
            let body = json!({ "type": delivery.kind, "timestamp": delivery.created_at, "data": data }).to_string();
            let message = Message { id: delivery.id.to_string(), at: now, body };
            send::send(&webhook.url, &webhook.secret, message, app.config.webhooks_to_private).await
        }
    };
    let (now, site) = (app.clock.now(), app.config.public_url.clone());
    app.db
        .write(move |tx| {
            let error = match &result {
                Ok(()) => return store::settle_sent(tx, &delivery, now),
                Err(error) => error,
            };
            let gone = matches!(error, NotTaken::Gone);
            let why: String = error.to_string().chars().take(300).collect();
            tracing::warn!(delivery = %delivery.id, why, "a message to another program was not taken");
            if store::settle_failed(tx, &delivery, &why, gone, now)? {
                return Ok(());
            }
            let current = store::find(tx, webhook.organisation_id, webhook.id)?;
            if current.state != WebhookState::Active {
                return Ok(());
            }
            let state = if gone { WebhookState::Gone } else { WebhookState::Failing };
            store::set_state(tx, webhook.id, state, now)?;
            let by = By { organisation: webhook.organisation_id, person: None, now };
            let change = json!({ "from": { "state": current.state }, "to": { "state": state } });
            events::append(tx, by, webhook.id, "webhook.stopped", change)?;
            let organisation = accounts::organisation(tx, webhook.organisation_id)?;
            mails::stopped(tx, &organisation, &webhook, &why, &site, now)
        })
        .await
}
