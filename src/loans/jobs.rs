//! What happens to loans by itself: reminders, reservations that nobody fetched, and claims that are over.

use crate::accounts::store::{self as accounts, Organisation};
use crate::kits::store::lock_kit_type;
use crate::loans::actions::{self, Context};
use crate::loans::mails::{self, Kind};
use crate::loans::planning;
use crate::loans::rules::Status;
use crate::loans::store;
use crate::platform::error::Error;
use crate::platform::events::By;
use crate::platform::ids::{LoanId, OrganisationId};
use crate::platform::state::AppState;
use crate::schema::loans;
use chrono::{Datelike, NaiveDate, Weekday};
use diesel::prelude::*;

/// Days late on which a reminder goes out; after the last, a person takes over.
const REMINDER_DAYS: [i64; 3] = [1, 7, 14];
/// Loans looked at in one round for each organisation and kind; the next round takes the rest.
const TOGETHER: i64 = 500;

/// Does the day's work in every organisation. Doing it twice changes nothing.
///
/// # Errors
/// The last of those met, once every organisation has had its turn.
pub async fn daily(app: AppState) -> Result<(), Error> {
    let mut failed = None;
    for organisation in app.db.read(accounts::organisations).await? {
        let context = Context {
            by: By { organisation: organisation.id, person: None, now: app.clock.now() },
            organisation,
            site: app.config.public_url.clone(),
        };
        // What fails in one organisation holds up no other.
        if let Err(error) = work(&app, &context).await {
            tracing::error!(organisation = %context.organisation.id, %error, "the day's work was not finished");
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

/// The day's work of one organisation.
async fn work(app: &AppState, context: &Context) -> Result<(), Error> {
    end_uncollected(app, context).await?;
    remind(app, context).await?;
    tidy(app, context).await
}

/// Reservations whose last day went by end as not collected.
async fn end_uncollected(app: &AppState, context: &Context) -> Result<(), Error> {
    let (organisation, today) = (context.organisation.id, context.today());
    let over: Vec<LoanId> = app
        .db
        .read(move |conn| {
            Ok(loans::table
                .filter(loans::organisation_id.eq(organisation))
                .filter(loans::status.eq_any([Status::Reserved, Status::Ready]).and(loans::last_day.lt(today)))
                .select(loans::id)
                .limit(TOGETHER)
                .load(conn)?)
        })
        .await?;
    for id in over {
        let context = context.clone();
        app.db.write(move |tx| actions::not_collected(tx, &context, id)).await?;
    }
    Ok(())
}

/// The reminder that is due for something this many days late: the latest step reached, so that a server that was
/// down for a week sends one mail and not three.
fn step(days_late: i64) -> Option<i64> {
    REMINDER_DAYS.into_iter().filter(|step| *step <= days_late).max()
}

/// Reminders of kits and evaluations that are late. None on weekends.
async fn remind(app: &AppState, context: &Context) -> Result<(), Error> {
    let today = context.today();
    if matches!(today.weekday(), Weekday::Sat | Weekday::Sun) {
        return Ok(());
    }
    let organisation = context.organisation.id;
    let late = app.db.read(move |conn| late(conn, organisation, today)).await?;
    for (id, is_kit, day) in late {
        let Some(step) = step((today - day).num_days()) else { continue };
        let context = context.clone();
        app.db
            .write(move |tx| {
                // Read anew: what has come in since must not be asked for.
                let Some(loan) = store::find(tx, context.organisation.id, id)? else { return Ok(()) };
                let kind = match (is_kit, loan.status) {
                    (true, Status::Out) => Kind::Overdue(step),
                    (false, Status::Received) => Kind::EvaluationOverdue(step),
                    _ => return Ok(()),
                };
                mails::send(tx, &context.organisation, &context.site, &loan, kind, context.by.now)
            })
            .await?;
    }
    Ok(())
}

type Late = (LoanId, bool, NaiveDate);

fn late(
    conn: &mut crate::platform::db::connection::Conn,
    organisation: OrganisationId,
    today: NaiveDate,
) -> Result<Vec<Late>, Error> {
    let oldest = today - chrono::TimeDelta::days(60);
    let kits: Vec<(LoanId, NaiveDate)> = loans::table
        .filter(loans::organisation_id.eq(organisation).and(loans::status.eq(Status::Out)))
        .filter(loans::last_day.lt(today).and(loans::last_day.ge(oldest)))
        .select((loans::id, loans::last_day))
        .limit(TOGETHER)
        .load(conn)?;
    let evaluations: Vec<(LoanId, Option<NaiveDate>)> = loans::table
        .filter(loans::organisation_id.eq(organisation).and(loans::status.eq(Status::Received)))
        .filter(loans::evaluation_due.lt(today).and(loans::evaluation_due.ge(oldest)))
        .select((loans::id, loans::evaluation_due))
        .limit(TOGETHER)
        .load(conn)?;
    let kits = kits.into_iter().map(|(id, day)| (id, true, day));
    let evaluations = evaluations.into_iter().filter_map(|(id, day)| Some((id, false, day?)));
    Ok(kits.chain(evaluations).collect())
}

/// Drops claims that are over, and finds places for reservations whose kit is late, or that have none.
async fn tidy(app: &AppState, context: &Context) -> Result<(), Error> {
    let scene = context.clone();
    app.db
        .write(move |tx| {
            let Organisation { id, evaluation_gate, .. } = scene.organisation;
            store::forget_past_claims(tx, id, evaluation_gate, scene.today())
        })
        .await?;
    let (organisation, today) = (context.organisation.id, context.today());
    for kit_type in app.db.read(move |conn| store::types_in_need(conn, organisation, today)).await? {
        let scene = context.clone();
        app.db
            .write(move |tx| {
                lock_kit_type(tx, kit_type)?;
                planning::settle(tx, scene.by, &scene.organisation, kit_type, scene.today())
            })
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn reminders_come_in_steps() {
        let steps: Vec<Option<i64>> = [0, 1, 6, 7, 13, 14, 40].into_iter().map(step).collect();
        assert_eq!(steps, [None, Some(1), Some(1), Some(7), Some(7), Some(14), Some(14)]);
    }
}
