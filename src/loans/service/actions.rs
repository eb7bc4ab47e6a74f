//! What is done with service jobs: make them, move them, do them, call them off.

use crate::accounts::rules::line;
use crate::kits::rules::ServiceKind;
use crate::kits::store::{Kit, find_kit_type, lock_kit_type};
use crate::loans::actions::{self, Context};
use crate::loans::allocation::Span;
use crate::loans::checks::actions as check_actions;
use crate::loans::checks::store as checks;
use crate::loans::planning::Plan;
use crate::loans::rules::{self as loan_rules, Status as LoanStatus};
use crate::loans::scan::the_kit;
use crate::loans::service::rules::{self, Cause, Status};
use crate::loans::service::store::{self, ServiceJob};
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::error::{Error, all_fields};
use crate::platform::events;
use crate::platform::ids::{KitId, ServiceJobId};
use crate::schema::kits;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

/// How a job is refused when a reservation would lose its kit.
pub const RESERVED: [&str; 2] = ["service.reserved", "service.reserved_other"];

/// A service job that somebody makes.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddJob {
    /// The kit: its code, or the address on its label.
    pub code: String,
    /// What is to be done.
    pub kind: ServiceKind,
    /// The first day; today if left out.
    #[serde(default)]
    pub first_day: Option<NaiveDate>,
    /// The last day; if left out, the kit is kept until the job is done.
    #[serde(default)]
    pub last_day: Option<NaiveDate>,
    /// What those who do it should know.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub note: String,
    /// Why it is made although a reservation loses its kit; the reason is kept.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000)]
    pub override_reason: Option<String>,
}

/// Other days for a service job.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveJob {
    /// The new first day.
    pub first_day: NaiveDate,
    /// The new last day; none until the job is done.
    #[serde(default)]
    pub last_day: Option<NaiveDate>,
    /// Why it is moved although a reservation loses its kit; the reason is kept.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000)]
    pub override_reason: Option<String>,
}

/// What a job is to be.
#[derive(Debug, Clone)]
pub struct Work {
    /// What is to be done.
    pub kind: ServiceKind,
    /// What asks for it.
    pub cause: Cause,
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day; none until it is done.
    pub last_day: Option<NaiveDate>,
    /// What those who do it should know.
    pub note: String,
}

/// What happens to reservations that would lose their kit to a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Harm {
    /// None may: the job is refused.
    Refuse,
    /// They lose it, and their units are told, for this reason.
    Accept(String),
}

impl Harm {
    fn said(reason: Option<&str>) -> Result<Self, Error> {
        Ok(match reason {
            Some(reason) => Self::Accept(actions::written("override_reason", reason)?),
            None => Self::Refuse,
        })
    }
}

/// Makes a job that somebody asks for.
///
/// # Errors
/// Those of [`the_kit`], `request.invalid` (the days, the note, the reason), `service.reserved` when a reservation would
/// lose its kit.
pub fn add(tx: &mut Tx<'_>, context: &Context, add: &AddJob) -> Result<ServiceJob, Error> {
    let kit = the_kit(tx, context, &add.code)?;
    lock_kit_type(tx, kit.kit_type_id)?;
    let first_day = add.first_day.unwrap_or(context.today());
    rules::check_days(first_day, add.last_day, context.today())?;
    all_fields! { note = line("note", &add.note), }
    let harm = Harm::said(add.override_reason.as_deref())?;
    let work = Work { kind: add.kind, cause: Cause::ByHand, first_day, last_day: add.last_day, note };
    make(tx, context, &kit, work, &harm)
}

/// Makes a job on a kit whose type is locked.
///
/// # Errors
/// `service.reserved` when a reservation would lose its kit and may not.
pub fn make(tx: &mut Tx<'_>, context: &Context, kit: &Kit, work: Work, harm: &Harm) -> Result<ServiceJob, Error> {
    let job = ServiceJob {
        id: ServiceJobId::new(),
        organisation_id: context.organisation.id,
        kit_id: kit.id,
        kind: work.kind,
        cause: work.cause,
        note: work.note,
        first_day: work.first_day,
        last_day: work.last_day,
        status: Status::Open,
        made_by: context.by.person,
        made_at: context.by.now,
        ended_by: None,
        ended_at: None,
        version: 1,
    };
    let plan = actions::plan(tx, context, kit.kit_type_id)?;
    make_room(tx, context, &plan, kit, job.span(context.today()), harm)?;
    store::insert(tx, &job)?;
    let mut change = json!({ "to": { "kit": kit.id, "kind": job.kind, "cause": job.cause,
                                     "first_day": job.first_day, "last_day": job.last_day } });
    note_reason(&mut change, harm);
    events::append(tx, context.by, job.id, "service.added", change)?;
    store::hold(tx, kit.id)?;
    actions::settle(tx, context, kit.kit_type_id)?;
    Ok(job)
}

/// Moves what is in a job's way to other kits, or takes their places.
fn make_room(tx: &mut Tx<'_>, context: &Context, plan: &Plan, kit: &Kit, span: Span, harm: &Harm) -> Result<(), Error> {
    let mut with_job = plan.clone().with_job(kit.id, span);
    // A kit that is packed is unpacked: its loan may have another one.
    let packed = plan.packed_for(kit.id, span).cloned();
    let packed = packed.map(|mut loan| {
        loan.status = LoanStatus::Reserved;
        loan.ready_at = None;
        loan
    });
    if let Some(loan) = &packed {
        with_job = with_job.with_loan(loan);
    }
    let others = match (with_job.make_way(plan), harm) {
        (Ok(others), _) => others,
        (Err(_), Harm::Accept(_)) => with_job.as_many_as_can_be(),
        (Err(harmed), Harm::Refuse) => {
            let refusal = actions::promised(tx, context, plan, kit, harmed, "service.reserved")?;
            let unknown = refusal.code() != "service.reserved";
            return Err(if unknown { Error::refused("service.reserved_other") } else { refusal });
        }
    };
    if let Some(mut loan) = packed {
        actions::unpack(tx, context, &mut loan)?;
        with_job = with_job.with_loan(&loan);
    }
    with_job.place_job(tx, context.by, (kit.id, span), &others)
}

/// Gives the jobs of a kit that is in the house again their days, at the cost of the reservation that has its kit back.
///
/// # Errors
/// When the database fails.
pub fn go_before_reservations(tx: &mut Tx<'_>, context: &Context, kit: KitId) -> Result<(), Error> {
    let (kit, today): (Kit, NaiveDate) = (kits::table.find(kit).get_result(&mut **tx)?, context.today());
    for job in store::open(tx, kit.id)? {
        let plan = actions::plan(tx, context, kit.kit_type_id)?.without_job(kit.id, job.span(today));
        store::unclaim(tx, job.id)?;
        make_room(tx, context, &plan, &kit, job.span(today), &Harm::Accept(job.cause.to_string()))?;
    }
    store::hold(tx, kit.id)
}

fn note_reason(change: &mut serde_json::Value, harm: &Harm) {
    if let (Harm::Accept(reason), Some(change)) = (harm, change.as_object_mut()) {
        change.insert("reason".to_owned(), json!(reason));
    }
}

/// A job that is open, with its kit, whose type is held until the transaction ends.
fn open_job(tx: &mut Tx<'_>, context: &Context, id: ServiceJobId) -> Result<(ServiceJob, Kit), Error> {
    let not_found = || Error::not_found("service.not_found");
    let kit = store::find(tx, context.organisation.id, id)?.ok_or_else(not_found)?.kit_id;
    let kit: Kit = kits::table.find(kit).get_result(&mut **tx)?;
    lock_kit_type(tx, kit.kit_type_id)?;
    // Read again: it may have changed while another transaction held the type.
    let job = store::find(tx, context.organisation.id, id)?.ok_or_else(not_found)?;
    if job.status != Status::Open {
        return Err(Error::refused("service.over").arg("status", job.status.as_str()));
    }
    Ok((job, kit))
}

/// Gives a job other days. One that has begun keeps its first day.
///
/// # Errors
/// `service.not_found`, `service.over`, `service.begun`, `service.until_complete`, `request.changed_meanwhile`,
/// `request.invalid` (the days, the reason), `service.reserved`.
pub fn change(
    tx: &mut Tx<'_>,
    context: &Context,
    id: ServiceJobId,
    days: &MoveJob,
    seen: Option<i32>,
) -> Result<ServiceJob, Error> {
    let (mut job, kit) = open_job(tx, context, id)?;
    let today = context.today();
    if seen.is_some_and(|seen| seen != job.version) {
        return Err(Error::changed_meanwhile());
    }
    if job.cause == Cause::Shortage {
        return Err(Error::refused("service.until_complete"));
    }
    let begun = rules::has_begun(job.first_day, today);
    if begun && days.first_day != job.first_day {
        return Err(Error::refused("service.begun").arg("first_day", job.first_day));
    }
    rules::check_days(if begun { today } else { days.first_day }, days.last_day, today)?;
    let harm = Harm::said(days.override_reason.as_deref())?;
    let plan = actions::plan(tx, context, kit.kit_type_id)?.without_job(kit.id, job.span(today));
    let from = json!({ "first_day": job.first_day, "last_day": job.last_day });
    (job.first_day, job.last_day) = (days.first_day, days.last_day);
    store::save(tx, &mut job)?;
    store::unclaim(tx, job.id)?;
    make_room(tx, context, &plan, &kit, job.span(today), &harm)?;
    let mut change = json!({ "from": from, "to": { "first_day": job.first_day, "last_day": job.last_day } });
    note_reason(&mut change, &harm);
    events::append(tx, context.by, id, "service.moved", change)?;
    store::hold(tx, kit.id)?;
    actions::settle(tx, context, kit.kit_type_id)?;
    Ok(job)
}

/// Notes that a job is done. The kit can be lent again, unless another job keeps it. When it was for parts that the kit
/// cannot do without, these are there again.
///
/// # Errors
/// `service.not_found`, `service.over`.
pub fn done(tx: &mut Tx<'_>, context: &Context, id: ServiceJobId) -> Result<ServiceJob, Error> {
    let (job, kit) = open_job(tx, context, id)?;
    if job.cause == Cause::Shortage {
        check_actions::replace_essential(tx, context, &kit)?;
        return store::find(tx, context.organisation.id, id)?.ok_or_else(|| Error::not_found("service.not_found"));
    }
    end(tx, context, job, &kit, Status::Done)
}

/// Calls a job off.
///
/// # Errors
/// `service.not_found`, `service.over`, `service.until_complete` when it is for parts that the kit cannot do without.
pub fn cancel(tx: &mut Tx<'_>, context: &Context, id: ServiceJobId) -> Result<ServiceJob, Error> {
    let (job, kit) = open_job(tx, context, id)?;
    if job.cause == Cause::Shortage {
        return Err(Error::refused("service.until_complete"));
    }
    end(tx, context, job, &kit, Status::Cancelled)
}

/// Ends a job on a kit whose type is locked, and gives the kit back to those who wait.
///
/// # Errors
/// When the database fails.
pub fn end(
    tx: &mut Tx<'_>,
    context: &Context,
    mut job: ServiceJob,
    kit: &Kit,
    status: Status,
) -> Result<ServiceJob, Error> {
    close(tx, context, &mut job, status)?;
    store::hold(tx, kit.id)?;
    actions::settle(tx, context, kit.kit_type_id)?;
    Ok(job)
}

fn close(tx: &mut Tx<'_>, context: &Context, job: &mut ServiceJob, status: Status) -> Result<(), Error> {
    job.status = status;
    job.ended_at = Some(context.by.now);
    job.ended_by = context.by.person;
    store::save(tx, job)?;
    let action = if status == Status::Done { "service.completed" } else { "service.cancelled" };
    let change = json!({ "from": { "status": Status::Open }, "to": { "status": status } });
    events::append(tx, context.by, job.id, action, change)
}

/// Calls off all that was to be done with a kit that is taken out of use.
///
/// # Errors
/// When the database fails.
pub fn call_off_all(tx: &mut Tx<'_>, context: &Context, kit: KitId) -> Result<(), Error> {
    for mut job in store::open(tx, kit)? {
        close(tx, context, &mut job, Status::Cancelled)?;
    }
    store::hold(tx, kit)
}

/// Calls off what was to be done after a loan: the kit is not back after all.
///
/// # Errors
/// When the database fails.
pub fn call_off_after_loan(tx: &mut Tx<'_>, context: &Context, kit: KitId) -> Result<(), Error> {
    for mut job in store::open(tx, kit)?.into_iter().filter(|job| job.cause == Cause::AfterLoan) {
        close(tx, context, &mut job, Status::Cancelled)?;
    }
    store::hold(tx, kit)
}

/// What is done with a kit each time it comes back, on its turnaround days, as far as that harms nobody.
///
/// # Errors
/// When the database fails.
pub fn after_loan(tx: &mut Tx<'_>, context: &Context, kit: &Kit) -> Result<(), Error> {
    let kit_type = find_kit_type(tx, context.organisation.id, kit.kit_type_id)?;
    let Some((kind, turnaround)) = kit_type.and_then(|kind| Some((kind.service_after_loan?, kind.turnaround_days)))
    else {
        return Ok(());
    };
    let today = context.today();
    let turnaround = u64::try_from(turnaround).unwrap_or(0).saturating_sub(1);
    for last_day in [loan_rules::days_after(today, turnaround), today] {
        let work =
            Work { kind, cause: Cause::AfterLoan, first_day: today, last_day: Some(last_day), note: String::new() };
        match make(tx, context, kit, work, &Harm::Refuse) {
            Err(Error::Problem(problem)) if RESERVED.contains(&problem.code) => (),
            done => return done.map(|_| ()),
        }
    }
    Ok(())
}

/// Why a kit cannot leave: what is being done with it.
///
/// # Errors
/// When the database fails.
pub fn refuse_if_in_service(conn: &mut Conn, kit: &Kit, today: NaiveDate) -> Result<(), Error> {
    let Some(job) = store::keeping(conn, kit.id, today)? else { return Ok(()) };
    let code = if job.cause == Cause::Shortage { "kit.incomplete" } else { "kit.in_service" };
    let parts = checks::essential_short(conn, kit.id)?.join(", ");
    Err(Error::refused(code)
        .arg("code", kit.code.to_string())
        .arg("kind", job.kind.as_str())
        .arg("parts", parts)
        .with("service_job_id", job.id))
}
