//! Commands in JSON: the body, its size and type, and the key that makes a repeat harmless.

use crate::platform::db::Tx;
use crate::platform::error::{Error, Fault, FieldError, Kind};
use crate::platform::events::By;
use crate::platform::idempotency::{self, Answer, Key};
use crate::platform::state::AppState;
use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::future::Future;
use std::pin::Pin;

/// The longest key taken.
const LONGEST_KEY: usize = 200;

/// A command's body, read, with the key that it came under. An empty body reads as `{}`.
pub struct Body<T> {
    /// The body.
    pub value: T,
    /// What makes a repeat recognisable, if the client asked for that.
    pub key: Option<Key>,
}

/// The body of a command that says all in its address.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let bytes = web::Bytes::from_request(&request, payload);
        Box::pin(async move {
            let bytes = bytes.await.map_err(|error| match error.as_response_error().status_code() {
                StatusCode::PAYLOAD_TOO_LARGE => Error::new(Kind::TooLarge, "request.too_large"),
                _ => Error::new(Kind::Malformed, "request.malformed"),
            })?;
            let key = key(&request, &bytes)?;
            Ok(Self { value: read(&request, &bytes)?, key })
        })
    }
}

fn read<T: DeserializeOwned>(request: &HttpRequest, bytes: &[u8]) -> Result<T, Error> {
    let content_type = super::header_text(request, header::CONTENT_TYPE);
    let media = content_type.split(';').next().unwrap_or_default().trim();
    let text = if bytes.is_empty() {
        b"{}"
    } else if media.eq_ignore_ascii_case("application/json") {
        bytes
    } else {
        return Err(Error::new(Kind::UnsupportedType, "request.content_type"));
    };
    // A command is an object; serde would also read one from a list of its fields' values.
    if text.trim_ascii_start().starts_with(b"[") {
        return Err(Error::invalid("body", "request.field_type"));
    }
    let mut json = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| wrong(&error))?;
    json.end().map_err(|_| Error::new(Kind::Malformed, "request.malformed_json"))?;
    Ok(value)
}

/// Unreadable JSON is malformed; readable JSON that does not fit names the field.
fn wrong(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    use serde_json::error::Category;
    match error.inner().classify() {
        Category::Data => {
            let message = error.inner().to_string();
            let named = message.split('`').nth(1).filter(|_| message.contains(" field `")).unwrap_or_default();
            let field = match (error.path().to_string().as_str(), named) {
                ("." | "", "") => "body".to_owned(),
                ("." | "", named) => named.to_owned(),
                (path, named) if named.is_empty() || path == named || path.ends_with(&format!(".{named}")) => {
                    path.to_owned()
                }
                (path, named) => format!("{path}.{named}"),
            };
            let code = if message.starts_with("missing field") {
                "request.field_missing"
            } else if message.starts_with("unknown field") {
                "request.field_unknown"
            } else {
                "request.field_type"
            };
            Error::invalid_fields(vec![FieldError::new(field, code)])
        }
        Category::Syntax | Category::Eof | Category::Io => Error::new(Kind::Malformed, "request.malformed_json"),
    }
}

/// The key that a command came under, with what the command was.
///
/// # Errors
/// `idempotency.key_length`.
pub fn key(request: &HttpRequest, body: &[u8]) -> Result<Option<Key>, Error> {
    let Some(value) = request.headers().get("Idempotency-Key") else { return Ok(None) };
    let key = value.to_str().unwrap_or_default();
    if key.is_empty() || key.len() > LONGEST_KEY {
        return Err(Error::invalid("Idempotency-Key", "idempotency.key_length"));
    }
    let mut hash = Sha256::new();
    for part in [request.method().as_str().as_bytes(), b" ", request.path().as_bytes(), b"\n", body] {
        hash.update(part);
    }
    Ok(Some(Key { key: key.to_owned(), request_hash: hash.finalize().into() }))
}

/// Runs a command in a write transaction and answers with its result: once only, if it came under a key.
///
/// # Errors
/// What the command returns.
pub async fn run<T: Serialize>(
    app: &AppState,
    by: By,
    key: Option<Key>,
    status: StatusCode,
    command: impl Fn(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> Result<HttpResponse, Error> {
    let status = status.as_u16();
    let answer = app
        .db
        .write(move |tx| match (&key, by.person) {
            (Some(key), Some(person)) => {
                idempotency::once(tx, person, key, by.now, |tx| Answer::new(status, &command(tx)?))
            }
            _ => Answer::new(status, &command(tx)?),
        })
        .await?;
    let mut response = HttpResponse::build(StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK));
    Ok(match answer.status {
        204 => response.finish(),
        _ => response.content_type("application/json").body(answer.body),
    })
}

/// Runs a command whose answer holds a secret, as [`run`] does. What is kept for a repeat is the answer as `without` makes it.
///
/// # Errors
/// What the command returns.
pub async fn run_secret<T: Serialize + DeserializeOwned + Send + 'static>(
    app: &AppState,
    by: By,
    key: Option<Key>,
    status: StatusCode,
    command: impl Fn(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    without: fn(&T) -> T,
) -> Result<HttpResponse, Error> {
    let told = app.db.write(move |tx| {
        let (Some(key), Some(person)) = (&key, by.person) else { return command(tx) };
        let mut made = None;
        let kept = idempotency::once(tx, person, key, by.now, |tx| {
            let answer = made.insert(command(tx)?);
            Answer::new(status.as_u16(), &without(answer))
        })?;
        match made {
            Some(answer) => Ok(answer),
            None => Ok(serde_json::from_str(&kept.body).map_err(Fault::from_error)?),
        }
    });
    Ok(HttpResponse::build(status).json(told.await?))
}

/// Runs the command of a form on a page in a write transaction: once only, however often the form is sent.
///
/// # Errors
/// What the command returns.
pub async fn once<T: Serialize + DeserializeOwned + Send + 'static>(
    app: &AppState,
    by: By,
    key: Key,
    command: impl Fn(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let person = by.person.ok_or_else(|| Fault::new("a form without a person"))?;
    let answer = app
        .db
        .write(move |tx| {
            idempotency::once(tx, person, &key, by.now, |tx| Answer::new(StatusCode::OK.as_u16(), &command(tx)?))
        })
        .await?;
    Ok(serde_json::from_str(&answer.body).map_err(Fault::from_error)?)
}

/// The version a client saw, from `If-Match: "3"`.
///
/// # Errors
/// When the header is there and is no version of ours.
pub fn if_match(request: &HttpRequest) -> Result<Option<i32>, Error> {
    match super::header_text(request, header::IF_MATCH) {
        "" | "*" => Ok(None),
        tag => tag.trim_matches('"').parse().map(Some).map_err(|_| Error::changed_meanwhile()),
    }
}
