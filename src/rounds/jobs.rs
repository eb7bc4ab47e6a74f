//! What happens to rounds by itself: the units are told when their wishes are asked for.

use crate::accounts::store as accounts;
use crate::loans::actions::Context;
use crate::platform::error::Error;
use crate::platform::events::{self, By};
use crate::platform::state::AppState;
use crate::rounds::rules::Status;
use crate::rounds::{mails, store};
use chrono::Timelike;
use serde_json::json;

/// The hours of the day, in the organisation's time zone, in which mails go out by themselves.
const DAYTIME: std::ops::Range<u32> = 7..19;

/// Tells the units of every round whose wishes have opened, once.
///
/// # Errors
/// When the database fails.
pub async fn announce(app: AppState) -> Result<(), Error> {
    for organisation in app.db.read(accounts::organisations).await? {
        let by = By { organisation: organisation.id, person: None, now: app.clock.now() };
        if !DAYTIME.contains(&by.now.utc().with_timezone(&organisation.zone()).hour()) {
            continue;
        }
        let context = Context { by, organisation, site: app.config.public_url.clone() };
        let (id, today) = (context.organisation.id, context.today());
        let rounds = app.db.read(move |conn| store::rounds(conn, id)).await?;
        let new =
            rounds.into_iter().filter(|round| round.announced_at.is_none() && round.status(today) == Status::Open);
        for round in new {
            let scene = context.clone();
            app.db
                .write(move |tx| {
                    let mut round = store::locked_round(tx, scene.organisation.id, round.id)?;
                    if round.announced_at.is_some() || round.status(scene.today()) != Status::Open {
                        return Ok(());
                    }
                    round.announced_at = Some(scene.by.now);
                    store::save(tx, &mut round)?;
                    events::append(tx, scene.by, round.id, "round.opened", json!({}))?;
                    mails::opened(tx, &scene, &round)
                })
                .await?;
        }
    }
    Ok(())
}
