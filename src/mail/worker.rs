//! The worker that empties the outbox: take in hand, send, note how it went. No transaction is open while it sends.

use crate::mail::outbox;
use crate::mail::transport::Transport;
use crate::platform::error::{Error, Fault};
use crate::platform::ids::MailId;
use crate::platform::state::AppState;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How often the outbox is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Mails taken in one round, sent side by side: most of the time goes to waiting for the mail server.
const TOGETHER: i64 = 8;

/// Sends mails until `stop` says so; a mail in hand is finished.
pub async fn work(app: AppState, transport: Arc<Transport>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match round(&app, &transport).await {
            Ok(true) => continue,
            Ok(false) => (),
            Err(Error::Fault(fault)) => tracing::error!(error = fault.chain(), "the outbox could not be worked on"),
            Err(error) => tracing::error!(%error, "the outbox could not be worked on"),
        }
        tokio::select! {
            _ = stop.changed() => (),
            () = tokio::time::sleep(LOOK_EVERY) => (),
        }
    }
}

/// Sends what is due; says whether there was anything.
///
/// # Errors
/// When the database fails.
pub async fn round(app: &AppState, transport: &Arc<Transport>) -> Result<bool, Error> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| outbox::due(conn, now, TOGETHER)).await?;
    let any = !due.is_empty();
    let mut sending = tokio::task::JoinSet::new();
    for id in due {
        let (app, transport) = (app.clone(), transport.clone());
        sending.spawn(async move { send(&app, &transport, id).await });
    }
    // All of them to their end: one that is dropped may have been sent without a note of it.
    let mut all = Ok(any);
    while let Some(sent) = sending.join_next().await {
        if let Err(error) = sent.map_err(|error| Fault::from_error(error).into()).flatten() {
            all = Err(error);
        }
    }
    all
}

async fn send(app: &AppState, transport: &Transport, id: MailId) -> Result<(), Error> {
    let now = app.clock.now();
    let Some(mail) = app.db.write(move |tx| outbox::claim(tx, id, now)).await? else { return Ok(()) };
    let result = transport.send(&mail).await;
    let (now, by_server) = (app.clock.now(), app.config.smtp_url.is_some());
    app.db
        .write(move |tx| match &result {
            Ok(()) => outbox::settle_sent(tx, &mail, by_server, now),
            Err(error) => {
                tracing::warn!(mail = %mail.id, %error, "a mail was not sent");
                outbox::settle_failed(tx, &mail, &error.why, error.for_good, now)
            }
        })
        .await
}
