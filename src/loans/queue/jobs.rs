//! What comes round in the queue: offers whose time is up, and kits that became free without anybody's doing.

use crate::accounts::store as accounts;
use crate::kits::store::lock_kit_type;
use crate::loans::actions::Context;
use crate::loans::queue::actions;
use crate::loans::queue::store;
use crate::platform::error::Error;
use crate::platform::events::By;
use crate::platform::jobs;
use crate::platform::state::AppState;

/// Sees to every type that somebody waits for. What fails for one keeps nothing from being done for the others.
///
/// # Errors
/// When something failed, after all the rest is done.
pub async fn serve(app: AppState) -> Result<(), Error> {
    let mut result = Ok(());
    for organisation in app.db.read(accounts::organisations).await? {
        let context = Context {
            by: By { organisation: organisation.id, person: None, now: app.clock.now() },
            organisation,
            site: app.config.public_url.clone(),
        };
        let id = context.organisation.id;
        for kit_type in app.db.read(move |conn| store::types_waited_for(conn, id)).await? {
            let context = context.clone();
            let served = app.db.write(move |tx| {
                lock_kit_type(tx, kit_type)?;
                actions::settle(tx, &context, kit_type)
            });
            if let Err(error) = served.await
                && let Err(earlier) = std::mem::replace(&mut result, Err(error))
            {
                jobs::log(&earlier, "queue");
            }
        }
    }
    result
}
