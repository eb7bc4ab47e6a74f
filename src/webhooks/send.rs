//! Sending one message: signed as Standard Webhooks has it, only to where the address may lead, without following it elsewhere.

use crate::platform::db::types::Instant;
use crate::platform::error::Fault;
use crate::platform::tls;
use crate::webhooks::address;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::time::Duration;
use url::Url;

/// How long the other side may take to be found, and to answer.
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(10);

/// A message, ready to be sent.
pub struct Message {
    /// Which one; the same at every try.
    pub id: String,
    /// When it is tried.
    pub at: Instant,
    /// What it says.
    pub body: String,
}

/// Why a message was not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// It may be taken another time.
    #[error("{0}")]
    Now(String),
    /// The address is no more.
    #[error("the address answered 410 Gone")]
    Gone,
}

/// The signature of a message: `v1,` and the HMAC-SHA-256 of its id, its time in seconds and its body, in Base64.
///
/// # Errors
/// Never with a secret of ours.
pub fn signature(secret: &[u8], message: &Message) -> Result<String, Fault> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(Fault::from_error)?;
    mac.update(format!("{}.{}.", message.id, message.at.utc().timestamp()).as_bytes());
    mac.update(message.body.as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// Sends a message.
///
/// # Errors
/// Why it was not taken.
pub async fn send(url: &str, secret: &[u8], message: Message, private: bool) -> Result<(), NotTaken> {
    let now = |error: String| NotTaken::Now(error);
    let told = |error: &dyn std::error::Error| now(chain(error));
    let url = Url::parse(url).map_err(|error| told(&error))?;
    let places = address::resolve(&url, private).await.map_err(now)?;
    let client = reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .timeout(ANSWER)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .resolve_to_addrs(url.host_str().unwrap_or_default(), &places)
        .tls_backend_preconfigured(tls::client(None).map_err(|error| now(error.to_string()))?)
        .build()
        .map_err(|error| told(&error))?;
    let signature = signature(secret, &message).map_err(|fault| now(fault.chain()))?;
    let answer = client
        .post(url)
        .header("content-type", "application/json")
        .header("user-agent", "Digilador")
        .header("webhook-id", &message.id)
        .header("webhook-timestamp", message.at.utc().timestamp().to_string())
        .header("webhook-signature", signature)
        .body(message.body)
        .send()
        .await
        .map_err(|error| told(&error.without_url()))?;
    match answer.status() {
        status if status.is_success() => Ok(()),
        reqwest::StatusCode::GONE => Err(NotTaken::Gone),
        status if status.is_redirection() => {
            Err(now(format!("the address answered {status}, and no redirect is followed")))
        }
        status => Err(now(format!("the address answered {status}"))),
    }
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_signed_as_others_check_them() {
        // The example of the Standard Webhooks libraries.
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let message = Message {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned(),
            at: Instant::new(chrono::DateTime::from_timestamp(1_614_265_330, 0).unwrap()),
            body: "{\"test\": 2432232314}".to_owned(),
        };
        assert_eq!(signature(&secret, &message).unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
