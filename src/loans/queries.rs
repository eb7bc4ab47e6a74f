//! Loans and kits for screens and lists.

use crate::accounts::session::Person;
use crate::accounts::store::Organisation;
use crate::kits::code::Code;
use crate::kits::queries as kits_queries;
use crate::kits::store::Kit;
use crate::kits::views::KitTypeName;
use crate::loans::allocation::Span;
use crate::loans::checks::store::must_be_checked;
use crate::loans::course_gate;
use crate::loans::planning::Plan;
use crate::loans::policies;
use crate::loans::rules::Status;
use crate::loans::service::store as service;
use crate::loans::store::{self, Loan};
use crate::loans::views::{
    AvailabilityView, CatalogueView, DayView, KitStatus, KitStatusView, LoanView, Names, PeriodView, TypeRulesView,
};
use crate::opening::rules::Opening;
use crate::opening::views::reason;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::events::{self, Change};
use crate::platform::ids::{BundleId, KitId, KitTypeId, LoanId, OrganisationId, UnitId};
use crate::platform::text::Texts;
use crate::platform::web::paging::{Listing, Paging};
use crate::schema::{kit_types, kits, loans, units};
use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use std::collections::BTreeSet;

/// The most open loans shown for somebody's units.
const MOST_OPEN: usize = 200;

/// Which loans are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only of this status.
    pub status: Option<Status>,
    /// Only of these units; none means every unit.
    pub units: Option<Vec<UnitId>>,
    /// Only of the kit with this code.
    pub kit_code: Option<Code>,
    /// Only overdue ones, or only others.
    pub overdue: Option<bool>,
    /// Only reservations at risk, or only others.
    pub at_risk: Option<bool>,
    /// Only those of this bundle.
    pub bundle: Option<BundleId>,
}

impl Filter {
    fn takes(&self, loan: &LoanView) -> bool {
        self.status.is_none_or(|status| status == loan.status)
            && self.units.as_ref().is_none_or(|units| units.contains(&loan.unit.id))
            && self.kit_code.as_ref().is_none_or(|code| *code == loan.kit_code)
            && self.overdue.is_none_or(|overdue| overdue == loan.overdue)
            && self.at_risk.is_none_or(|at_risk| at_risk == loan.at_risk)
            && self.bundle.is_none_or(|bundle| Some(bundle) == loan.bundle_id)
    }
}

type NameColumns = (Code, String, String, String, String);

/// The loans of some rows, those marked that no kit is in sight for, or that a course is missing for.
fn views(
    conn: &mut Conn,
    organisation: &Organisation,
    rows: Vec<(Loan, NameColumns)>,
    today: NaiveDate,
) -> Result<Vec<LoanView>, Error> {
    let reserved = rows.iter().filter(|(loan, _)| loan.status == Status::Reserved);
    let types: BTreeSet<KitTypeId> = reserved.map(|(loan, _)| loan.kit_type_id).collect();
    let off_plan = store::types_off_plan(conn, &types.into_iter().collect::<Vec<_>>(), today)?;
    let types = store::types(conn, &off_plan)?;
    let plans = Plan::load_all(conn, organisation, types, today)?;
    let at_risk: BTreeSet<LoanId> = plans.iter().flat_map(Plan::at_risk).collect();
    let mut missing = course_gate::missing(conn, rows.iter().map(|(loan, _)| loan), today)?;
    let view = |(loan, names): (Loan, NameColumns)| {
        let (kit_code, kit_copy, shelf, kit_type, unit) = names;
        let at_risk = at_risk.contains(&loan.id);
        let missing_courses = missing.remove(&loan.id).unwrap_or_default();
        let names = Names { kit_code, kit_copy, shelf, kit_type, unit };
        LoanView { missing_courses, ..LoanView::new(loan, names, at_risk, today) }
    };
    Ok(rows.into_iter().map(view).collect())
}

macro_rules! with_names {
    ($query:expr) => {
        $query.select((loans::all_columns, (kits::code, kits::copy, kits::shelf, kit_types::name, units::name)))
    };
}

macro_rules! loans_with_names {
    () => {
        loans::table
            .inner_join(kits::table.on(kits::id.eq(loans::kit_id)))
            .inner_join(kit_types::table.on(kit_types::id.eq(loans::kit_type_id)))
            .inner_join(units::table.on(units::id.eq(loans::unit_id)))
    };
}

/// Loans of an organisation, newest first.
///
/// # Errors
/// When the database fails.
pub fn loans(
    conn: &mut Conn,
    organisation: &Organisation,
    filter: &Filter,
    paging: &Paging,
    today: NaiveDate,
) -> Result<Listing<LoanView>, Error> {
    let kit: Option<KitId> = match &filter.kit_code {
        Some(code) => {
            let Some(kit) = crate::kits::queries::kit(conn, organisation.id, code)? else {
                return Ok(Listing { items: Vec::new(), next: None });
            };
            Some(kit.id)
        }
        None => None,
    };
    let at_risk: Vec<LoanId> = match filter.at_risk {
        Some(_) => risks(conn, organisation, today)?.into_iter().map(|risk| risk.0).collect(),
        None => Vec::new(),
    };
    // One unit at a time, so that the index gives the newest first, and nobody else's loans are gone through.
    let units: Vec<Option<UnitId>> = match &filter.units {
        Some(units) => units.iter().copied().map(Some).collect(),
        None => vec![None],
    };
    let mut rows: Vec<(Loan, NameColumns)> = Vec::new();
    for unit in units {
        let mut query =
            with_names!(loans_with_names!()).filter(loans::organisation_id.eq(organisation.id)).into_boxed();
        if let Some(unit) = unit {
            query = query.filter(loans::unit_id.eq(unit));
        }
        if let Some(kit) = kit {
            query = query.filter(loans::kit_id.eq(kit));
        }
        if let Some(status) = filter.status {
            query = query.filter(loans::status.eq(status));
        }
        match filter.overdue {
            Some(true) => query = query.filter(loans::status.eq(Status::Out).and(loans::last_day.lt(today))),
            Some(false) => query = query.filter(loans::status.ne(Status::Out).or(loans::last_day.ge(today))),
            None => (),
        }
        if let Some(bundle) = filter.bundle {
            query = query.filter(loans::bundle_id.eq(bundle));
        }
        match filter.at_risk {
            Some(true) => query = query.filter(loans::id.eq_any(at_risk.clone())),
            Some(false) => query = query.filter(loans::id.ne_all(at_risk.clone())),
            None => (),
        }
        if let Some(before) = paging.after::<LoanId>()? {
            query = query.filter(loans::id.lt(before));
        }
        rows.extend(query.order(loans::id.desc()).limit(paging.rows()).load::<(Loan, NameColumns)>(conn)?);
    }
    rows.sort_by_key(|(loan, _)| std::cmp::Reverse(loan.id));
    rows.truncate(paging.limit() + 1);
    let views = views(conn, organisation, rows, today)?;
    Ok(Listing::cut(views, paging, |loan: &LoanView| loan.id))
}

/// Loans of an organisation that have changed since a moment, the oldest change first, as they are now.
///
/// # Errors
/// `request.cursor`.
pub fn changed(
    conn: &mut Conn,
    organisation: &Organisation,
    filter: &Filter,
    since: Instant,
    paging: &Paging,
    today: NaiveDate,
) -> Result<Listing<LoanView>, Error> {
    let changes = events::changed(conn, organisation.id, "loan", since, paging.after()?, paging.rows())?;
    let Listing { items, next } = Listing::cut(changes, paging, |change: &Change| change.id);
    let ids: Vec<LoanId> = items.iter().map(|change| change.subject_id.uuid().into()).collect();
    let rows = with_names!(loans_with_names!())
        .filter(loans::id.eq_any(&ids).and(loans::organisation_id.eq(organisation.id)))
        .load::<(Loan, NameColumns)>(conn)?;
    let mut loans = views(conn, organisation, rows, today)?;
    loans.retain(|loan| filter.takes(loan));
    loans.sort_by_key(|loan| ids.iter().position(|id| *id == loan.id));
    Ok(Listing { items: loans, next })
}

/// The reservations of an organisation that no kit is in sight for, each with the loans of its type that keep their kits
/// too long. Only types in which something is late are looked at.
///
/// # Errors
/// When the database fails.
fn risks(conn: &mut Conn, organisation: &Organisation, today: NaiveDate) -> Result<Vec<(LoanId, Vec<LoanId>)>, Error> {
    let ids: Vec<KitTypeId> = store::types_in_need(conn, organisation.id, today)?.into_iter().collect();
    let types = store::types(conn, &ids)?;
    let mut risks = Vec::new();
    for plan in Plan::load_all(conn, organisation, types, today)? {
        let late: Vec<LoanId> = plan.waited_for().into_iter().map(|(loan, _)| loan.id).collect();
        let at_risk = plan.at_risk().into_iter().filter(|id| plan.loan(*id).is_some());
        risks.extend(at_risk.map(|id| (id, late.clone())));
    }
    Ok(risks)
}

/// Reservations at risk, the earliest first, each with the loans that it waits for.
///
/// # Errors
/// When the database fails.
pub fn at_risk(
    conn: &mut Conn,
    organisation: &Organisation,
    today: NaiveDate,
) -> Result<Vec<(LoanView, Vec<LoanView>)>, Error> {
    let risks = risks(conn, organisation, today)?;
    let ids: Vec<LoanId> =
        risks.iter().flat_map(|(id, late)| std::iter::once(*id).chain(late.iter().copied())).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = with_names!(loans_with_names!()).filter(loans::id.eq_any(ids)).load::<(Loan, NameColumns)>(conn)?;
    let known = views(conn, organisation, rows, today)?;
    let find = |id: LoanId| known.iter().find(|loan| loan.id == id).cloned();
    let mut found: Vec<(LoanView, Vec<LoanView>)> = risks
        .into_iter()
        .filter_map(|(id, late)| Some((find(id)?, late.into_iter().filter_map(find).collect())))
        .collect();
    found.sort_by_key(|(loan, _)| (loan.first_day, loan.id));
    Ok(found)
}

/// One loan.
///
/// # Errors
/// When the database fails.
pub fn find_loan(
    conn: &mut Conn,
    organisation: &Organisation,
    id: LoanId,
    today: NaiveDate,
) -> Result<Option<LoanView>, Error> {
    let row: Option<(Loan, NameColumns)> = with_names!(loans_with_names!())
        .filter(loans::id.eq(id).and(loans::organisation_id.eq(organisation.id)))
        .get_result(conn)
        .optional()?;
    Ok(views(conn, organisation, row.into_iter().collect(), today)?.pop())
}

/// A loan that this person may see.
///
/// # Errors
/// `loan.not_found`, also when it is another unit's.
pub fn visible_loan(conn: &mut Conn, who: &Person, id: LoanId, today: NaiveDate) -> Result<LoanView, Error> {
    find_loan(conn, &who.organisation, id, today)?
        .filter(|loan| who.acts_for(loan.unit.id))
        .ok_or_else(|| Error::not_found("loan.not_found"))
}

/// One loan that an action has just read or written.
///
/// # Errors
/// When the database fails.
pub fn loan_view(
    conn: &mut Conn,
    organisation: &Organisation,
    loan: &Loan,
    today: NaiveDate,
) -> Result<LoanView, Error> {
    find_loan(conn, organisation, loan.id, today)?.ok_or_else(|| Error::not_found("loan.not_found"))
}

/// The loans of a bundle that were reserved together with this one.
///
/// # Errors
/// When the database fails.
pub fn together(
    conn: &mut Conn,
    organisation: &Organisation,
    loan: &LoanView,
    today: NaiveDate,
) -> Result<Vec<LoanView>, Error> {
    let Some(bundle) = loan.bundle_id else { return Ok(Vec::new()) };
    let rows = with_names!(loans_with_names!())
        .filter(loans::bundle_id.eq(bundle).and(loans::id.ne(loan.id)))
        .order(loans::id.asc())
        .load::<(Loan, NameColumns)>(conn)?;
    views(conn, organisation, rows, today)
}

/// The open loans of these units, latest first.
///
/// # Errors
/// When the database fails.
pub fn open_loans(
    conn: &mut Conn,
    organisation: &Organisation,
    units: &[UnitId],
    today: NaiveDate,
) -> Result<Vec<LoanView>, Error> {
    if units.is_empty() {
        return Ok(Vec::new());
    }
    // Sorted here: asked for in order, SQLite goes through all that a unit ever had, by the index that has the order.
    let mut rows: Vec<(Loan, NameColumns)> = with_names!(loans_with_names!())
        .filter(loans::unit_id.eq_any(units).and(loans::status.eq_any(store::LIVE)))
        .load(conn)?;
    rows.sort_by_key(|(loan, _)| std::cmp::Reverse(loan.id));
    rows.truncate(MOST_OPEN);
    views(conn, organisation, rows, today)
}

/// The loans of these units that are over, latest first.
///
/// # Errors
/// When the database fails.
pub fn past_loans(
    conn: &mut Conn,
    organisation: &Organisation,
    units: &[UnitId],
    paging: &Paging,
    today: NaiveDate,
) -> Result<Listing<LoanView>, Error> {
    let mut rows: Vec<(Loan, NameColumns)> = Vec::new();
    // One unit at a time, so that the index gives the latest first and no history is sorted.
    for unit in units {
        let mut query = with_names!(loans_with_names!())
            .filter(loans::unit_id.eq(*unit).and(loans::status.ne_all(store::LIVE)))
            .into_boxed();
        if let Some(before) = paging.after::<LoanId>()? {
            query = query.filter(loans::id.lt(before));
        }
        rows.extend(query.order(loans::id.desc()).limit(paging.rows()).load::<(Loan, NameColumns)>(conn)?);
    }
    rows.sort_by_key(|(loan, _)| std::cmp::Reverse(loan.id));
    rows.truncate(paging.limit() + 1);
    let views = views(conn, organisation, rows, today)?;
    Ok(Listing::cut(views, paging, |loan: &LoanView| loan.id))
}

/// How long before some days a loan that reaches into them may have begun; one that is out since earlier is named.
const LONGEST_LOAN_DAYS: u64 = 400;
/// The most loans of some kits that are shown together.
const MOST_OF_KITS: i64 = 3000;

/// Loans of these kits that touch some days, with their kits; also those that are named. Cancelled and not collected
/// ones are left out.
///
/// # Errors
/// When the database fails.
pub fn of_kits(
    conn: &mut Conn,
    organisation: &Organisation,
    kits: &[KitId],
    days: Span,
    named: &[LoanId],
    today: NaiveDate,
) -> Result<Vec<(KitId, LoanView)>, Error> {
    let earliest = days.first.checked_sub_days(Days::new(LONGEST_LOAN_DAYS)).unwrap_or(days.first);
    let mut rows: Vec<(Loan, NameColumns)> = with_names!(loans_with_names!())
        .filter(loans::kit_id.eq_any(kits).and(loans::first_day.ge(earliest)).and(loans::first_day.lt(days.end)))
        .filter(loans::status.ne_all([Status::Cancelled, Status::NotCollected]))
        .filter(loans::last_day.ge(days.first).or(loans::status.eq(Status::Out)))
        .order((loans::first_day.asc(), loans::id.asc()))
        .limit(MOST_OF_KITS)
        .load(conn)?;
    let missing: Vec<LoanId> = named.iter().copied().filter(|id| rows.iter().all(|(loan, _)| loan.id != *id)).collect();
    if !missing.is_empty() {
        rows.extend(
            with_names!(loans_with_names!()).filter(loans::id.eq_any(missing)).load::<(Loan, NameColumns)>(conn)?,
        );
    }
    let kits: Vec<KitId> = rows.iter().map(|(loan, _)| loan.kit_id).collect();
    Ok(kits.into_iter().zip(views(conn, organisation, rows, today)?).collect())
}

/// Loans of some statuses whose day lies between two others: work that is to be done.
#[derive(Debug, Clone, Copy)]
pub struct Work<'a> {
    /// The statuses. Loans to be handed out are looked for by their first day, others by their last.
    pub statuses: &'a [Status],
    /// Whose loans; everybody's unless said.
    pub units: Option<&'a [UnitId]>,
    /// The first day that counts; none for however long ago.
    pub from: Option<NaiveDate>,
    /// The last day that counts; none for however far ahead.
    pub until: Option<NaiveDate>,
}

macro_rules! only_work {
    ($query:expr, $organisation:expr, $work:expr, $day:expr) => {{
        let mut query = $query
            .filter(loans::organisation_id.eq($organisation).and(loans::status.eq_any($work.statuses.to_vec())))
            .into_boxed();
        if let Some(units) = $work.units {
            query = query.filter(loans::unit_id.eq_any(units.to_vec()));
        }
        if let Some(from) = $work.from {
            query = query.filter($day.ge(from));
        }
        if let Some(until) = $work.until {
            query = query.filter($day.le(until));
        }
        query
    }};
}

impl Work<'_> {
    fn is_before_hand_out(&self) -> bool {
        self.statuses.iter().all(|status| status.is_before_hand_out())
    }

    /// How much work it is.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count(&self, conn: &mut Conn, organisation: OrganisationId) -> Result<i64, Error> {
        Ok(if self.is_before_hand_out() {
            only_work!(loans::table, organisation, self, loans::first_day).count().get_result(conn)?
        } else {
            only_work!(loans::table, organisation, self, loans::last_day).count().get_result(conn)?
        })
    }

    /// The work, most urgent first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn list(
        &self,
        conn: &mut Conn,
        organisation: &Organisation,
        today: NaiveDate,
        limit: i64,
    ) -> Result<Vec<LoanView>, Error> {
        let query = with_names!(loans_with_names!());
        let rows: Vec<(Loan, NameColumns)> = if self.is_before_hand_out() {
            only_work!(query, organisation.id, self, loans::first_day)
                .order((loans::first_day.asc(), loans::id.asc()))
                .limit(limit)
                .load(conn)?
        } else {
            only_work!(query, organisation.id, self, loans::last_day)
                .order((loans::last_day.asc(), loans::id.asc()))
                .limit(limit)
                .load(conn)?
        };
        views(conn, organisation, rows, today)
    }
}

/// The most loans told when days are closed.
const MOST_TOUCHED: i64 = 500;

/// Loans that begin or end on these days, and have not begun or ended yet; by first day.
///
/// # Errors
/// When the database fails.
pub fn on_days(
    conn: &mut Conn,
    organisation: &Organisation,
    (first, last): (NaiveDate, NaiveDate),
    today: NaiveDate,
) -> Result<Vec<LoanView>, Error> {
    let of =
        |statuses: &[Status]| loans::organisation_id.eq(organisation.id).and(loans::status.eq_any(statuses.to_vec()));
    let mut rows: Vec<(Loan, NameColumns)> = with_names!(loans_with_names!())
        .filter(of(&[Status::Reserved, Status::Ready]).and(loans::first_day.between(first, last)))
        .order((loans::first_day.asc(), loans::id.asc()))
        .limit(MOST_TOUCHED)
        .load(conn)?;
    let ending: Vec<(Loan, NameColumns)> = with_names!(loans_with_names!())
        .filter(of(&[Status::Reserved, Status::Ready, Status::Out]).and(loans::last_day.between(first, last)))
        .order((loans::last_day.asc(), loans::id.asc()))
        .limit(MOST_TOUCHED)
        .load(conn)?;
    let begins: BTreeSet<LoanId> = rows.iter().map(|(loan, _)| loan.id).collect();
    rows.extend(ending.into_iter().filter(|(loan, _)| !begins.contains(&loan.id)));
    views(conn, organisation, rows, today)
}

/// Those of these units that owe an evaluation, and get nothing until it is in.
///
/// # Errors
/// When the database fails.
pub fn owing_units(conn: &mut Conn, units: &[UnitId], today: NaiveDate) -> Result<Vec<UnitId>, Error> {
    if units.is_empty() {
        return Ok(Vec::new());
    }
    Ok(loans::table
        .filter(loans::unit_id.eq_any(units).and(loans::status.eq(Status::Received)))
        .filter(loans::evaluation_due.lt(today))
        .select(loans::unit_id)
        .load(conn)?)
}

/// The next reservation of a kit, as things stand now.
///
/// # Errors
/// When the database fails.
pub fn next_of_kit(
    conn: &mut Conn,
    organisation: &Organisation,
    kit: KitId,
    today: NaiveDate,
) -> Result<Option<LoanView>, Error> {
    // Sorted here, for the same reason as open loans are.
    let rows: Vec<(Loan, NameColumns)> = with_names!(loans_with_names!())
        .filter(loans::kit_id.eq(kit).and(loans::status.eq_any([Status::Reserved, Status::Ready])))
        .load(conn)?;
    let next = rows.into_iter().min_by_key(|(loan, _)| (loan.first_day, loan.id));
    Ok(views(conn, organisation, next.into_iter().collect(), today)?.pop())
}

/// A kit with this code and what it is doing.
///
/// # Errors
/// When the database fails.
pub fn kit_status(
    conn: &mut Conn,
    organisation: &Organisation,
    code: &Code,
    today: NaiveDate,
) -> Result<Option<KitStatusView>, Error> {
    let Some(kit) = crate::kits::queries::kit(conn, organisation.id, code)? else { return Ok(None) };
    let name = kit_types::table.find(kit.kit_type_id).select(kit_types::name).get_result(conn)?;
    let (status, loan) = what_it_does(conn, organisation, &kit, today)?;
    let current_loan = match loan {
        Some(loan) => Some(loan_view(conn, organisation, &loan, today)?),
        None => None,
    };
    let lendable = matches!(status, KitStatus::Available | KitStatus::InTurnaround | KitStatus::Ready);
    Ok(Some(KitStatusView {
        lendable: lendable && !must_be_checked(conn, organisation.evaluation_gate, kit.id)?,
        printed_code: kit.code.to_string(),
        code: kit.code,
        kit_type: KitTypeName { id: kit.kit_type_id, name },
        copy: kit.copy,
        shelf: kit.shelf,
        status,
        current_loan,
        version: kit.version,
    }))
}

fn what_it_does(
    conn: &mut Conn,
    organisation: &Organisation,
    kit: &Kit,
    today: NaiveDate,
) -> Result<(KitStatus, Option<Loan>), Error> {
    if kit.retired_at.is_some() {
        return Ok((KitStatus::Retired, None));
    }
    if let Some(loan) = store::holding(conn, kit.id, Status::Out)? {
        return Ok((KitStatus::Out, Some(loan)));
    }
    if let Some(loan) = store::awaiting_evaluation(conn, kit.id, organisation.evaluation_gate)? {
        return Ok((KitStatus::Received, Some(loan)));
    }
    if let Some(loan) = store::holding(conn, kit.id, Status::Ready)? {
        return Ok((KitStatus::Ready, Some(loan)));
    }
    if service::keeping(conn, kit.id, today)?.is_some() {
        return Ok((KitStatus::InService, None));
    }
    let turnaround = store::turnarounds(conn, &[kit.id], organisation.evaluation_gate, today)?;
    let in_turnaround = turnaround.iter().any(|(_, span)| span.contains(today));
    Ok((if in_turnaround { KitStatus::InTurnaround } else { KitStatus::Available }, None))
}

/// What is asked of those who reserve a type.
///
/// # Errors
/// `kit_type.not_found`.
pub fn type_rules(conn: &mut Conn, organisation: OrganisationId, id: KitTypeId) -> Result<TypeRulesView, Error> {
    store::find_type(conn, organisation, id)?.ok_or_else(|| Error::not_found("kit_type.not_found"))?;
    let own = policies::said(conn, organisation, Some(id))?;
    let in_force = policies::said(conn, organisation, None)?.rules.but(&own.rules);
    Ok(TypeRulesView { own: own.rules, in_force, version: own.version })
}

/// The longest stretch of days told at once.
pub const MOST_DAYS: i64 = 400;

/// When a type can be had, from one day to another.
///
/// # Errors
/// `kit_type.not_found`, `request.invalid` (the days).
pub fn availability(
    conn: &mut Conn,
    organisation: &Organisation,
    id: KitTypeId,
    from: NaiveDate,
    to: NaiveDate,
    today: NaiveDate,
    t: Texts,
) -> Result<AvailabilityView, Error> {
    if to < from {
        return Err(Error::invalid_fields(vec![
            crate::platform::error::FieldError::new("to", "loan.last_before_first").arg("first_day", from),
        ]));
    }
    if (to - from).num_days() >= MOST_DAYS {
        return Err(Error::invalid_fields(vec![
            crate::platform::error::FieldError::new("to", "request.too_many_days").arg("most", MOST_DAYS),
        ]));
    }
    let plan = plan(conn, organisation, id, today)?;
    let total = plan.kits.len();
    let closed = |opening: &Opening, day| opening.closed(day).map(|closed| reason(t, &closed));
    let days = plan
        .free_per_day(from, to)
        .into_iter()
        .zip(from.iter_days())
        .map(|(free, day)| DayView { day, free, total, closed_reason: closed(&plan.opening, day) })
        .collect();
    let next_free =
        plan.next_free(from, plan.kit_type.loan_days).map(|(first_day, last_day)| PeriodView { first_day, last_day });
    Ok(AvailabilityView { days, next_free })
}

/// The plan of a type.
///
/// # Errors
/// `kit_type.not_found`.
pub fn plan(conn: &mut Conn, organisation: &Organisation, id: KitTypeId, today: NaiveDate) -> Result<Plan, Error> {
    let kit_type =
        store::find_type(conn, organisation.id, id)?.ok_or_else(|| Error::not_found("kit_type.not_found"))?;
    Plan::load(conn, organisation, kit_type, today)
}

/// The days that kits are wanted for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day.
    pub last_day: NaiveDate,
    /// It is a wish for about these days: from the first open day to an open one within them, and of a type that is lent
    /// for fewer for as long as it is lent.
    pub about: bool,
}

impl Wanted {
    /// The days that a type is wanted for, which is lent for this many; none when it is not lent so.
    pub fn of(&self, loan_days: i32, opening: &Opening) -> Option<(NaiveDate, NaiveDate)> {
        let longest = u64::try_from(loan_days).unwrap_or(0);
        let days = |first: NaiveDate| u64::try_from((self.last_day - first).num_days()).ok();
        if self.about {
            let first_day = opening.next_open(self.first_day)?;
            return Some((first_day, opening.last_day(first_day, days(first_day)?.min(longest))?));
        }
        (days(self.first_day)? <= longest).then_some((self.first_day, self.last_day))
    }
}

/// The catalogue, or what was looked for in it: how many could be had on the days that are wanted, and when the next one is free.
///
/// # Errors
/// When the database fails.
pub fn catalogue(
    conn: &mut Conn,
    organisation: &Organisation,
    filter: &kits_queries::Filter,
    wanted: Option<Wanted>,
    paging: &Paging,
    today: NaiveDate,
) -> Result<Listing<CatalogueView>, Error> {
    let matches = kits_queries::matches(conn, organisation.id, filter)?;
    catalogue_page(conn, organisation, &matches, wanted, paging, today)
}

/// One page of the kit types that were looked for, with the same about each.
///
/// # Errors
/// When the database fails.
pub fn catalogue_page(
    conn: &mut Conn,
    organisation: &Organisation,
    matches: &kits_queries::Matches,
    wanted: Option<Wanted>,
    paging: &Paging,
    today: NaiveDate,
) -> Result<Listing<CatalogueView>, Error> {
    let listing = kits_queries::page_of(conn, matches, paging)?;
    let ids: Vec<KitTypeId> = listing.items.iter().map(|kit_type| kit_type.id).collect();
    let types = store::types(conn, &ids)?;
    let plans = Plan::load_all(conn, organisation, types, today)?;
    Ok(listing.map(|kit_type| {
        let plan = plans.iter().find(|plan| plan.kit_type.id == kit_type.id);
        let days = plan.zip(wanted).and_then(|(plan, wanted)| wanted.of(plan.kit_type.loan_days, &plan.opening));
        let free = |plan: &Plan| days.map_or(0, |(first, last)| plan.free_kits(first, last));
        CatalogueView {
            free_kits: plan.filter(|_| wanted.is_some()).map(free),
            wanted: days.map(|(first_day, last_day)| PeriodView { first_day, last_day }),
            next_free: plan
                .and_then(|plan| plan.next_free(today, plan.kit_type.loan_days))
                .map(|(first_day, last_day)| PeriodView { first_day, last_day }),
            kit_type,
        }
    }))
}
