//! Work that takes long and much memory: done on a thread that nobody waits for, one at a time, so that several at once
//! do not take several times the memory.

use crate::platform::error::{Error, Fault};
use actix_web::web;
use tokio::sync::Semaphore;

static TURN: Semaphore = Semaphore::const_new(1);

/// Does heavy work when its turn comes.
///
/// # Errors
/// A fault, when the work panics.
pub async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let _turn = TURN.acquire().await.map_err(Fault::from_error)?;
    Ok(web::block(work).await.map_err(Fault::from_error)?)
}
