//! Service that is due every so many days: found a while ahead, and put where its kit is idle.

use crate::accounts::store as accounts;
use crate::kits::rules::ServiceKind;
use crate::kits::store::{Kit, lock_kit_type};
use crate::loans::actions::{self, Context};
use crate::loans::rules::days_after;
use crate::loans::service::actions::{Harm, Work, make};
use crate::loans::service::rules::{Cause, due};
use crate::loans::service::store;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::events::By;
use crate::platform::ids::{KitId, OrganisationId};
use crate::platform::jobs;
use crate::platform::state::AppState;
use crate::schema::{kit_types, kits};
use diesel::prelude::*;

/// How many days ahead service that will be due is given its day.
const AHEAD_DAYS: u64 = 14;
/// How many days later than due it may be; when there is no idle day, it is looked for again the day after.
const LATER_DAYS: u64 = 60;

/// Gives service that is due its days, in every organisation. Doing it twice changes nothing. What fails in one keeps
/// nothing from being done in the others.
///
/// # Errors
/// When something failed, after all the rest is done.
pub async fn daily(app: AppState) -> Result<(), Error> {
    let mut result = Ok(());
    for organisation in app.db.read(accounts::organisations).await? {
        let context = Context {
            by: By { organisation: organisation.id, person: None, now: app.clock.now() },
            organisation,
            site: app.config.public_url.clone(),
        };
        if let Err(error) = make_due(&app, &context).await
            && let Err(earlier) = std::mem::replace(&mut result, Err(error))
        {
            jobs::log(&earlier, "service");
        }
    }
    result
}

async fn make_due(app: &AppState, context: &Context) -> Result<(), Error> {
    let organisation = context.organisation.id;
    for kit in app.db.read(move |conn| kits_with_interval(conn, organisation)).await? {
        let context = context.clone();
        app.db.write(move |tx| place(tx, &context, kit)).await?;
    }
    Ok(())
}

fn kits_with_interval(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<KitId>, Error> {
    Ok(kits::table
        .inner_join(kit_types::table)
        .filter(kits::organisation_id.eq(organisation).and(kits::retired_at.is_null()))
        .filter(kit_types::service_every.is_not_null())
        .order(kits::id.asc())
        .select(kits::id)
        .load(conn)?)
}

/// Makes the service of a kit that is due soon, on the first days on which the kit is idle.
fn place(tx: &mut Tx<'_>, context: &Context, kit: KitId) -> Result<(), Error> {
    let (kit, every): (Kit, (Option<ServiceKind>, Option<i32>)) = kits::table
        .inner_join(kit_types::table)
        .filter(kits::id.eq(kit))
        .select((kits::all_columns, (kit_types::service_every, kit_types::service_every_days)))
        .get_result(&mut **tx)?;
    let (Some(kind), Some(days)) = every else { return Ok(()) };
    if kit.retired_at.is_some() {
        return Ok(());
    }
    lock_kit_type(tx, kit.kit_type_id)?;
    if store::open(tx, kit.id)?.iter().any(|job| job.kind == kind) {
        return Ok(());
    }
    let (organisation, today) = (&context.organisation, context.today());
    let last = store::last_done(tx, kit.id, kind)?.unwrap_or(kit.created_at);
    let due = due(organisation.today(last), days);
    if due > days_after(today, AHEAD_DAYS) {
        return Ok(());
    }
    let plan = actions::plan(tx, context, kit.kit_type_id)?;
    let from = due.max(today);
    let Some(day) = plan.idle(kit.id, from, days_after(from, LATER_DAYS), 1) else { return Ok(()) };
    let work = Work { kind, cause: Cause::Interval, first_day: day, last_day: Some(day), note: String::new() };
    make(tx, context, &kit, work, &Harm::Refuse).map(|_| ())
}
