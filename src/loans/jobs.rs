//! What happens to loans by itself: reminders, reservations that nobody fetched, and claims that are over.

use crate::accounts::store::{self as accounts, Organisation};
use crate::courses::rules as courses;
use crate::kits::store::lock_kit_type;
use crate::loans::actions::{self, Context};
use crate::loans::course_gate;
use crate::loans::mails::{self, Kind};
use crate::loans::policies;
use crate::loans::queue::actions as queue;
use crate::loans::risk;
use crate::loans::rules::Status;
use crate::loans::store::{self, Loan};
use crate::mail::outbox;
use crate::opening::store as opening;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::events::By;
use crate::platform::ids::{KitTypeId, LoanId, OrganisationId};
use crate::platform::jobs;
use crate::platform::state::AppState;
use crate::schema::loans;
use chrono::{Datelike, NaiveDate, TimeDelta, Timelike, Weekday};
use diesel::prelude::*;
use std::collections::HashSet;

/// Days late on which a reminder goes out; after the last, a person takes over.
const REMINDER_DAYS: [i64; 3] = [1, 7, 14];
/// So many days before a loan ends its unit is told so. A kit that has been there for no longer needs no such mail.
const SOON_DAYS: i64 = 3;
/// Nobody is reminded of what is later than this, in days: a server that was away for long keeps still about it.
const OLDEST_DAYS: i64 = 60;
/// The hours of the day, in the organisation's time zone, in which reminders go out.
const DAYTIME: std::ops::Range<u32> = 7..19;
/// Loans looked at together.
const TOGETHER: i64 = 500;

/// Does the day's work in every organisation. Doing it twice changes nothing. What fails in one keeps nothing from being
/// done in the others.
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
        let parts = [
            end_uncollected(&app, &context).await,
            remind(&app, &context).await,
            remind_of_courses(&app, &context).await,
            tidy(&app, &context).await,
            tell_risks(&app, &context).await,
        ];
        for error in parts.into_iter().filter_map(Result::err) {
            if let Err(earlier) = std::mem::replace(&mut result, Err(error)) {
                jobs::log(&earlier, "loans");
            }
        }
    }
    result
}

/// Reservations that nobody collected end.
async fn end_uncollected(app: &AppState, context: &Context) -> Result<(), Error> {
    let scene = context.clone();
    for id in app.db.read(move |conn| uncollected(conn, &scene)).await? {
        let context = context.clone();
        app.db.write(move |tx| actions::not_collected(tx, &context, id)).await?;
    }
    Ok(())
}

/// Reservations that have begun, and whose last day went by, or the days for which an uncollected kit is kept.
fn uncollected(conn: &mut Conn, context: &Context) -> Result<Vec<LoanId>, Error> {
    let (organisation, today) = (context.organisation.id, context.today());
    let begun: Vec<(LoanId, KitTypeId, NaiveDate, NaiveDate)> = loans::table
        .filter(loans::organisation_id.eq(organisation))
        .filter(loans::status.eq_any([Status::Reserved, Status::Ready]).and(loans::first_day.lt(today)))
        .select((loans::id, loans::kit_type_id, loans::first_day, loans::last_day))
        .load(conn)?;
    let Some(earliest) = begun.iter().map(|(_, _, first, _)| *first).min() else { return Ok(Vec::new()) };
    let types: Vec<KitTypeId> = begun.iter().map(|(_, kit_type, _, _)| *kit_type).collect();
    let policies = policies::in_force(conn, organisation, &types)?;
    let opening = opening::opening(conn, organisation, earliest)?;
    let over = begun.into_iter().filter(|(_, kit_type, first, last)| {
        let kept = policies.get(kit_type).and_then(|policy| policy.kept_until(&opening, *first));
        *last < today || kept.is_some_and(|day| day < today)
    });
    Ok(over.map(|(id, ..)| id).collect())
}

/// The reminder that is due for something this many days late: the latest step reached, so that a server that was
/// down for a week sends one mail and not three.
fn step(days_late: i64) -> Option<i64> {
    REMINDER_DAYS.into_iter().filter(|step| *step <= days_late).max()
}

/// True for a loan that ends soon, given how many days are left, and for how many it has been out.
fn ends_soon(left: i64, out: i64) -> bool {
    (0..=SOON_DAYS).contains(&left) && out > SOON_DAYS
}

/// What a loan is to be reminded of today, if of anything: the kit, or the evaluation.
fn reminder(organisation: &Organisation, loan: &Loan, today: NaiveDate) -> Option<Kind> {
    let late = |day: NaiveDate| Some((today - day).num_days()).filter(|days| *days <= OLDEST_DAYS).and_then(step);
    let out = loan.handed_out_at.map_or(0, |at| (today - organisation.today(at)).num_days());
    match loan.status {
        Status::Out if ends_soon((loan.last_day - today).num_days(), out) => {
            Some(Kind::EndsSoon(loan.last_day)).filter(|_| !loan.evaluation.is_settled())
        }
        Status::Out => late(loan.last_day).map(Kind::Overdue),
        Status::Received => loan.evaluation_due.and_then(late).map(Kind::EvaluationOverdue),
        _ => None,
    }
}

fn is_time_for_mail(context: &Context) -> bool {
    let hour = context.by.now.utc().with_timezone(&context.organisation.zone()).hour();
    DAYTIME.contains(&hour) && !matches!(context.today().weekday(), Weekday::Sat | Weekday::Sun)
}

/// Reminders of kits that are to come back soon, and of kits and evaluations that are late: in the daytime, and none on
/// weekends.
async fn remind(app: &AppState, context: &Context) -> Result<(), Error> {
    let (organisation, today) = (context.organisation.id, context.today());
    if !is_time_for_mail(context) {
        return Ok(());
    }
    for status in [Status::Out, Status::Received] {
        let mut after = None;
        loop {
            let late = app.db.read(move |conn| late(conn, organisation, status, after, today)).await?;
            after = late.last().map(|loan| loan.id);
            if after.is_none() {
                break;
            }
            let scene = context.clone();
            for id in app.db.read(move |conn| unreminded(conn, &scene.organisation, &late, today)).await? {
                let context = context.clone();
                app.db
                    .write(move |tx| {
                        // Read anew: what has come in or was extended since must not be asked for.
                        let Some(loan) = store::find(tx, organisation, id)? else { return Ok(()) };
                        let Some(kind) = reminder(&context.organisation, &loan, today) else { return Ok(()) };
                        mails::send(tx, &context.organisation, &context.site, &loan, kind, context.by.now)
                    })
                    .await?;
            }
        }
    }
    Ok(())
}

/// The next loans of a status that are late, or end soon, by id.
fn late(
    conn: &mut Conn,
    organisation: OrganisationId,
    status: Status,
    after: Option<LoanId>,
    today: NaiveDate,
) -> Result<Vec<Loan>, Error> {
    let oldest = today - TimeDelta::days(OLDEST_DAYS);
    let mut query =
        loans::table.filter(loans::organisation_id.eq(organisation).and(loans::status.eq(status))).into_boxed();
    query = match status {
        Status::Out => {
            let soon = today + TimeDelta::days(SOON_DAYS);
            query.filter(loans::last_day.le(soon).and(loans::last_day.ge(oldest)))
        }
        _ => query.filter(loans::evaluation_due.lt(today).and(loans::evaluation_due.ge(oldest))),
    };
    if let Some(after) = after {
        query = query.filter(loans::id.gt(after));
    }
    Ok(query.order(loans::id.asc()).limit(TOGETHER).load(conn)?)
}

/// Those of these loans whose reminder of today has not been written yet.
fn unreminded(
    conn: &mut Conn,
    organisation: &Organisation,
    late: &[Loan],
    today: NaiveDate,
) -> Result<Vec<LoanId>, Error> {
    let causes = |loan: &Loan| Some(mails::causes(loan.id, reminder(organisation, loan, today)?));
    let due: Vec<(LoanId, [String; 2])> = late.iter().filter_map(|loan| Some((loan.id, causes(loan)?))).collect();
    let causes: Vec<String> = due.iter().flat_map(|(_, causes)| causes).cloned().collect();
    let known: HashSet<String> = outbox::known(conn, &causes)?.into_iter().collect();
    let unknown = due.into_iter().filter(|(_, causes)| causes.iter().all(|cause| !known.contains(cause)));
    Ok(unknown.map(|(id, _)| id).collect())
}

/// Reminders to units whose loan begins soon, and that have not completed a course it needs, or no longer: one for each
/// loan, in the daytime, and none on weekends.
async fn remind_of_courses(app: &AppState, context: &Context) -> Result<(), Error> {
    if !is_time_for_mail(context) {
        return Ok(());
    }
    let scene = context.clone();
    for id in app.db.read(move |conn| lacking_courses(conn, &scene)).await? {
        let scene = context.clone();
        app.db
            .write(move |tx| {
                let Some(loan) = store::find(tx, scene.organisation.id, id)? else { return Ok(()) };
                if course_gate::missing(tx, std::iter::once(&loan), scene.today())?.is_empty() {
                    return Ok(());
                }
                mails::send(tx, &scene.organisation, &scene.site, &loan, Kind::CourseMissing, scene.by.now)
            })
            .await?;
    }
    Ok(())
}

/// The loans whose unit is to be reminded of a course today, and has not been.
fn lacking_courses(conn: &mut Conn, context: &Context) -> Result<Vec<LoanId>, Error> {
    let (organisation, today) = (&context.organisation, context.today());
    let coming: Vec<Loan> = loans::table
        .filter(loans::organisation_id.eq(organisation.id))
        .filter(loans::status.eq_any([Status::Reserved, Status::Ready]))
        .filter(loans::first_day.ge(today).and(loans::first_day.le(courses::reminded_until(today))))
        .load(conn)?;
    let due =
        coming.iter().filter(|loan| courses::is_reminded(loan.first_day, organisation.today(loan.reserved_at), today));
    let lacking: Vec<LoanId> = course_gate::missing(conn, due, today)?.into_keys().collect();
    let causes = |id: &LoanId| mails::causes(*id, Kind::CourseMissing);
    let known: HashSet<String> =
        outbox::known(conn, &lacking.iter().flat_map(causes).collect::<Vec<_>>())?.into_iter().collect();
    Ok(lacking.into_iter().filter(|id| causes(id).iter().all(|cause| !known.contains(cause))).collect())
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
                queue::settle(tx, &scene, kit_type)
            })
            .await?;
    }
    Ok(())
}

/// Tells those who wait, and those who are late, of reservations at risk.
async fn tell_risks(app: &AppState, context: &Context) -> Result<(), Error> {
    if !is_time_for_mail(context) {
        return Ok(());
    }
    let (organisation, today) = (context.organisation.id, context.today());
    app.db.write(move |tx| risk::forget(tx, organisation)).await?;
    let types = app
        .db
        .read(move |conn| {
            let mut types = store::types_in_need(conn, organisation, today)?;
            types.extend(risk::told_types(conn, organisation)?);
            Ok(types)
        })
        .await?;
    for kit_type in types {
        let scene = context.clone();
        app.db
            .write(move |tx| {
                lock_kit_type(tx, kit_type)?;
                risk::tell(tx, &scene, kit_type)
            })
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{ends_soon, step};

    #[test]
    fn a_loan_that_ends_soon_is_told_of_unless_it_has_just_begun() {
        let told = |left, out| ends_soon(left, out);
        assert_eq!([told(4, 20), told(3, 20), told(0, 20), told(-1, 20)], [false, true, true, false]);
        assert_eq!([told(3, 3), told(3, 4)], [false, true]);
    }

    #[test]
    fn reminders_come_in_steps() {
        let steps: Vec<Option<i64>> = [0, 1, 6, 7, 13, 14, 40].into_iter().map(step).collect();
        assert_eq!(steps, [None, Some(1), Some(1), Some(7), Some(7), Some(14), Some(14)]);
    }
}
