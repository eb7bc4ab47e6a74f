//! What the scan of a label does: pack and hand out what is reserved, receive what is out, and always say what it found.

use crate::accounts::store as accounts;
use crate::kits::code::{Code, CodeError};
use crate::kits::codes;
use crate::kits::queries as kits_queries;
use crate::kits::store::Kit;
use crate::kits::store::lock_kit_type;
use crate::loans::actions::{self, Context};
use crate::loans::allocation::Span;
use crate::loans::checks::actions::{self as check_actions, ReportDeviation, SaveCheck};
use crate::loans::checks::rules::Occasion;
use crate::loans::checks::store as checks;
use crate::loans::course_gate;
use crate::loans::mails::{self, Kind};
use crate::loans::planning::Plan;
use crate::loans::queries::{self, Work};
use crate::loans::rules::{self, EARLY_DAYS, EvaluationState, READY_DAYS, Status};
use crate::loans::scans::store::{self as scans, ScanRow};
use crate::loans::service::actions as service;
use crate::loans::service::store as jobs;
use crate::loans::store::{self, Loan};
use crate::loans::summer::actions as summer;
use crate::loans::views::{KitStatusView, LoanView};
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::{Instant, text_enum};
use crate::platform::error::Error;
use crate::platform::events;
use crate::platform::ids::{KitId, LoanId, ScanId, UnitId};
use crate::platform::text::Texts;
use crate::schema::kits;
use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How long a phone may keep a scan before it sends it, in days.
const OLDEST_SCAN_DAYS: i64 = 14;
/// How far a phone's clock may be ahead, in minutes.
const CLOCK_AHEAD_MINUTES: i64 = 10;
/// How many kits are named that a unit waits for.
const MOST_NAMED: i64 = 5;
/// How long after a kit has changed hands a scan of it is taken for the same one, in minutes: a reader reads twice, two
/// people scan the same kit, and a client sends again what was answered and lost.
const JUST_DONE_MINUTES: i64 = 10;
/// How long after that a scan that does not say what it is to do turns nothing round, in hours. Only a kit that its own
/// loan waits for goes out again the same day.
const SAME_DAY_HOURS: i64 = 12;

text_enum! {
    /// What a scan is meant to do.
    pub enum ScanAction {
        /// Whatever the kit's state calls for.
        Auto = "auto",
        /// Hand it out.
        HandOut = "hand_out",
        /// Receive it.
        Receive = "receive",
        /// Put it aside for who is to have it.
        Pack = "pack",
    }
}

text_enum! {
    /// What a scan did.
    pub enum Outcome {
        /// The kit is out.
        HandedOut = "handed_out",
        /// The kit is out; it took the place of the one that was meant.
        HandedOutSwapped = "handed_out_swapped",
        /// The kit is back; the evaluation is missing.
        Received = "received",
        /// The kit is back, and the loan is over.
        Returned = "returned",
        /// The kit is packed.
        Packed = "packed",
    }
}

impl Outcome {
    /// The kit came in.
    pub fn is_receipt(self) -> bool {
        matches!(self, Self::Received | Self::Returned)
    }
}

/// A scan.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    /// The scan's own id, drawn by its sender: sent again, it does nothing more, and is told what it did. With
    /// `scanned_at`, a scan that cannot be done is kept to be sorted out.
    #[serde(default)]
    pub id: Option<ScanId>,
    /// What was read or typed: a code, or the address on a label.
    pub code: String,
    /// What to do.
    #[serde(default = "auto")]
    pub action: ScanAction,
    /// When it was scanned, if the phone kept it for a while.
    #[serde(default)]
    pub scanned_at: Option<Instant>,
    /// The loan it is meant for, when the kit alone does not tell.
    #[serde(default)]
    pub loan_id: Option<LoanId>,
    /// The unit whose kits are being handed out or packed: a kit that none of its loans is for is refused. A kit that is
    /// out is received from whoever has it.
    #[serde(default)]
    pub unit_id: Option<UnitId>,
    /// What differs from the contents list, when a kit is received.
    #[serde(default)]
    pub deviations: Vec<ReportDeviation>,
}

fn auto() -> ScanAction {
    ScanAction::Auto
}

impl Scan {
    /// A scan made here and now.
    pub fn now(code: impl Into<String>, action: ScanAction, loan_id: Option<LoanId>) -> Self {
        Self { id: None, code: code.into(), action, scanned_at: None, loan_id, unit_id: None, deviations: Vec::new() }
    }

    /// The id of a scan that waited on a phone, where whoever made it no longer hears the answer.
    pub fn waited(&self) -> Option<ScanId> {
        self.id.filter(|_| self.scanned_at.is_some())
    }
}

/// What a scan has changed: the loan as it is now, and as far as the scan can be undone, as it was.
#[derive(Debug, Clone)]
pub struct Done {
    /// What was done.
    pub outcome: Outcome,
    /// The loan as it is now.
    pub loan: Loan,
    /// Where the loan was before.
    pub from: Status,
    /// The kit that it was to have.
    pub meant: KitId,
    /// When the kit changed hands.
    pub at: Instant,
}

/// What came of a scan.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ScanResult {
    /// The scan, by which it can be undone for some minutes.
    pub scan_id: ScanId,
    /// What was done.
    pub outcome: Outcome,
    /// The kit, as it is now.
    pub kit: KitStatusView,
    /// The loan, as it is now.
    pub loan: LoanView,
    /// What was done, in the caller's language.
    pub message: String,
    /// Where a kit that came in goes now, and who waits for it, in the caller's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub afterwards: Option<String>,
}

/// Does what a scan asks for.
///
/// # Errors
/// `request.invalid` (the code, the time, the deviations), `kit.unknown_code`, `kit.other_organisation`,
/// `kit.retired`, `scan.just_done`, `scan.stale`, and every refusal of packing, handing out and receiving.
pub fn scan(tx: &mut Tx<'_>, context: &Context, scan: &Scan) -> Result<Done, Error> {
    let kit = the_kit(tx, context, &scan.code)?;
    lock_kit_type(tx, kit.kit_type_id)?;
    scan_kit(tx, context, kit, scan)
}

/// The same, of a kit whose type is locked.
fn scan_kit(tx: &mut Tx<'_>, context: &Context, kit: Kit, scan: &Scan) -> Result<Done, Error> {
    let at = moment(context.by.now, scan.scanned_at)?;
    let out = store::holding(tx, kit.id, Status::Out)?;
    match (scan.action, out) {
        (ScanAction::Auto | ScanAction::Receive, Some(loan)) => {
            refuse_if_overtaken(tx, context, scan, at, Some(&loan))?;
            receive(tx, context, kit, loan, scan, at)
        }
        (ScanAction::Receive, None) => Err(not_out(tx, context, &kit)?),
        (ScanAction::HandOut, Some(loan)) => {
            refuse_if_overtaken(tx, context, scan, at, Some(&loan))?;
            Err(actions::kept(tx, context, &loan)?)
        }
        (ScanAction::Pack, Some(loan)) => Err(actions::kept(tx, context, &loan)?),
        (ScanAction::Pack, None) => {
            let last = store::last_received(tx, kit.id)?;
            refuse_if_overtaken(tx, context, scan, at, last.as_ref())?;
            pack(tx, context, &kit, scan, at)
        }
        (ScanAction::Auto | ScanAction::HandOut, None) => {
            let last = store::last_received(tx, kit.id)?;
            refuse_if_overtaken(tx, context, scan, at, last.as_ref())?;
            hand_out(tx, context, kit, scan, at)
        }
    }
}

/// Scans, remembers the scan, and tells what came of it. A scan that was done before under the same id is not done again.
///
/// # Errors
/// Those of [`scan`]; for one whose id came before `scan.undone`, `scan.kept`, `scan.sorted_out` when that was undone or
/// could not be done, and `scan.id_reused` when it was another scan.
pub fn and_tell(tx: &mut Tx<'_>, context: &Context, wish: &Scan, t: Texts) -> Result<ScanResult, Error> {
    let kit = the_kit(tx, context, &wish.code)?;
    lock_kit_type(tx, kit.kit_type_id)?;
    let id = wish.id.unwrap_or_else(ScanId::new);
    if let Some(before) = scans::find(tx, context.organisation.id, id)? {
        if !before.is_of(wish) {
            return Err(Error::refused("scan.id_reused"));
        }
        return told(tx, context, &before, t);
    }
    let scan = and_remember(tx, context, id, kit, wish)?;
    told(tx, context, &scan, t)
}

/// Does what a scan of a kit whose type is locked asks for, and remembers it under an id, so that it can be undone.
///
/// # Errors
/// Those of [`scan`].
pub fn and_remember(tx: &mut Tx<'_>, context: &Context, id: ScanId, kit: Kit, scan: &Scan) -> Result<ScanRow, Error> {
    let away_since = summer::away_since(tx, kit.id)?;
    let done = scan_kit(tx, context, kit, scan)?;
    let row = ScanRow { away_since, ..ScanRow::of_done(context.by, id, scan, &done) };
    scans::insert(tx, &row)?;
    Ok(row)
}

/// What came of a scan that was done.
///
/// # Errors
/// `scan.undone` and what else [`ScanRow::done`] says, or when the database fails.
pub fn told(conn: &mut Conn, context: &Context, scan: &ScanRow, t: Texts) -> Result<ScanResult, Error> {
    let ((outcome, loan), today) = (scan.done()?, context.today());
    let loan = queries::find_loan(conn, &context.organisation, loan, today)?
        .ok_or_else(|| Error::not_found("loan.not_found"))?;
    let kit = queries::kit_status(conn, &context.organisation, &loan.kit_code, today)?
        .ok_or_else(|| Error::not_found("kit.unknown_code"))?;
    let key = match outcome {
        Outcome::Returned if loan.evaluation == EvaluationState::Released => "scan-returned_released".to_owned(),
        _ => format!("scan-{outcome}"),
    };
    let meant = scan.from_kit_id.filter(|_| outcome == Outcome::HandedOutSwapped);
    let meant: Option<String> = match meant {
        Some(meant) => kits::table.find(meant).select(kits::copy).get_result(conn).optional()?,
        None => None,
    };
    let mut message = t.a(
        &key,
        &[
            ("kit", loan.kit_name().into()),
            ("unit", loan.unit.name.as_str().into()),
            ("last", loan.last_day.into()),
            ("meant", meant.unwrap_or_default().into()),
        ],
    );
    if scan.away_since.is_some() {
        message = format!("{message} {}", t.s("summer-wake"));
    }
    let afterwards = if outcome.is_receipt() { afterwards(conn, context, &kit.code, t)? } else { None };
    Ok(ScanResult { scan_id: scan.id, outcome, kit, loan, message, afterwards })
}

/// Where a kit that came in goes now, and who waits for it; nothing when neither is known.
///
/// # Errors
/// When the database fails.
pub fn afterwards(conn: &mut Conn, context: &Context, code: &Code, t: Texts) -> Result<Option<String>, Error> {
    let Some(kit) = kits_queries::kit(conn, context.organisation.id, code)? else { return Ok(None) };
    let today = context.today();
    let place = if jobs::keeping(conn, kit.id, today)?.is_some() {
        Some(t.s("scan-goes-to-service"))
    } else {
        Some(kit.shelf).filter(|shelf| !shelf.is_empty()).map(|shelf| t.v("scan-goes-to-shelf", "shelf", shelf))
    };
    let next = queries::next_of_kit(conn, &context.organisation, kit.id, today)?
        .map(|loan| t.a("scan-is-awaited", &[("unit", loan.unit.name.into()), ("first", loan.first_day.into())]));
    let said: Vec<String> = place.into_iter().chain(next).collect();
    Ok(Some(said.join(" ")).filter(|said| !said.is_empty()))
}

/// When the kit changed hands: now, or earlier if the scan waited on a phone. Everything else about a scan is decided by
/// how things stand now.
///
/// # Errors
/// `scan.time` for `scanned_at` when that is too long ago, or ahead of any clock that is nearly right.
pub fn moment(now: Instant, scanned_at: Option<Instant>) -> Result<Instant, Error> {
    let Some(at) = scanned_at else { return Ok(now) };
    if at < now - TimeDelta::days(OLDEST_SCAN_DAYS) || at > now + TimeDelta::minutes(CLOCK_AHEAD_MINUTES) {
        return Err(Error::invalid("scanned_at", "scan.time"));
    }
    Ok(at.min(now))
}

/// Refuses a scan that comes too close upon the kit's last hand-out or receipt to be another one, and a scan that waited
/// on a phone while the kit moved on. `last` is the loan that the kit changed hands for.
///
/// # Errors
/// `scan.just_done`, with what the kit is now (`state`: `out` or `in`); `scan.stale`; each with the loan.
fn refuse_if_overtaken(
    tx: &mut Tx<'_>,
    context: &Context,
    scan: &Scan,
    at: Instant,
    last: Option<&Loan>,
) -> Result<(), Error> {
    let Some(loan) = last else { return Ok(()) };
    let is_out = loan.status == Status::Out;
    let Some(moved) = (if is_out { loan.handed_out_at } else { loan.received_at }) else { return Ok(()) };
    // The kit is to go to this loan; it is there already if it is the same.
    let repeats = is_out && scan.loan_id.is_none_or(|id| id == loan.id);
    let due = !is_out && scan.action == ScanAction::Auto && store::is_due(tx, loan.kit_id, context.today())?;
    match overtaken(scan, (at, moved), repeats, due) {
        None => Ok(()),
        Some("scan.just_done") => {
            let state = if is_out { "out" } else { "in" };
            let unit = actions::unit_name(tx, context, loan)?;
            let refusal = Error::refused("scan.just_done").arg("state", state).arg("unit", unit);
            Err(refusal.with("state", state).with("loan_id", loan.id))
        }
        Some(code) => Err(Error::refused(code).with("loan_id", loan.id)),
    }
}

/// Why a scan made `at` a moment does nothing to a kit that `moved` at another: it is a repeat, or came too late. `repeats`
/// says that the kit is out for what the scan may hand it out for, `due` that its own loan waits for it.
fn overtaken(scan: &Scan, (at, moved): (Instant, Instant), repeats: bool, due: bool) -> Option<&'static str> {
    let minutes = TimeDelta::minutes(JUST_DONE_MINUTES);
    let hours = TimeDelta::hours(SAME_DAY_HOURS);
    let close = match scan.action {
        ScanAction::Auto if due && scan.waited().is_none() => Some(minutes),
        ScanAction::Auto => Some(hours),
        ScanAction::HandOut if repeats => Some(if scan.waited().is_some() { hours } else { minutes }),
        ScanAction::HandOut | ScanAction::Receive | ScanAction::Pack => None,
    };
    if close.is_some_and(|close| at < moved + close && at > moved - close) {
        Some("scan.just_done")
    } else if scan.scanned_at.is_some() && at < moved {
        Some("scan.stale")
    } else {
        None
    }
}

/// The kit that a code, or the address on a label, belongs to.
///
/// # Errors
/// `code.wrong_check`, `code.not_a_code` (on the field `code`), `kit.unknown_code`, `kit.other_organisation`,
/// `code.blank`, `code.replaced`, `kit.lost`, `kit.retired`.
pub fn the_kit(tx: &mut Tx<'_>, context: &Context, text: &str) -> Result<Kit, Error> {
    let kit = any_kit(tx, context, text)?;
    match (kit.retired_at, kit.lost_at) {
        (None, _) => Ok(kit),
        (Some(_), Some(_)) => {
            Err(Error::refused("kit.lost").arg("code", kit.code.to_string()).with("kit_code", kit.code))
        }
        (Some(_), None) => Err(Error::refused("kit.retired").arg("code", kit.code.to_string())),
    }
}

/// The same, also of a kit that is out of use.
///
/// # Errors
/// Those of [`the_kit`] but `kit.lost` and `kit.retired`.
pub fn any_kit(conn: &mut Conn, context: &Context, text: &str) -> Result<Kit, Error> {
    let code = Code::parse(text).map_err(|error| match error {
        CodeError::WrongCheck => Error::invalid("code", "code.wrong_check"),
        CodeError::Empty => Error::invalid("code", "field.missing"),
        CodeError::NotACode => Error::invalid("code", "code.not_a_code"),
    })?;
    let lead =
        codes::lead(conn, &code)?.ok_or_else(|| Error::not_found("kit.unknown_code").arg("code", code.to_string()))?;
    if lead.organisation() != context.organisation.id {
        let owner = accounts::organisation(conn, lead.organisation())?.name;
        return Err(Error::refused("kit.other_organisation").arg("code", code.to_string()).arg("owner", owner));
    }
    lead.kit(&code)
}

/// Why a kit that is not out cannot be received.
fn not_out(tx: &mut Tx<'_>, context: &Context, kit: &Kit) -> Result<Error, Error> {
    if let Some(loan) = store::last_received(tx, kit.id)?.filter(|loan| loan.status == Status::Received) {
        let day = loan.received_at.map_or(context.today(), |at| context.organisation.today(at));
        return Ok(Error::refused("loan.already_received").arg("day", day).with("loan_id", loan.id));
    }
    Ok(Error::refused("kit.not_out").arg("code", kit.code.to_string()))
}

fn receive(
    tx: &mut Tx<'_>,
    context: &Context,
    kit: Kit,
    mut loan: Loan,
    scan: &Scan,
    at: Instant,
) -> Result<Done, Error> {
    if scan.loan_id.is_some_and(|id| id != loan.id) {
        return Err(Error::refused("scan.other_loan").with("loan_id", loan.id));
    }
    check_actions::parts(tx, &kit, &scan.deviations, &[])?;
    let today = context.today();
    loan.status = rules::status_when_received(loan.evaluation);
    loan.received_at = Some(at);
    if loan.status == Status::Returned {
        loan.returned_at = Some(context.by.now);
    } else {
        let days = u64::try_from(context.organisation.evaluation_due_days).unwrap_or(0);
        loan.evaluation_due = Some(rules::days_after(today, days));
    }
    store::save(tx, &mut loan)?;
    checks::is_to_be_checked(tx, context.organisation.id, kit.id, loan.id, at)?;
    let change = json!({ "from": { "status": Status::Out }, "to": { "status": loan.status, "kit": kit.id },
                         "deviations": scan.deviations.len() });
    events::append(tx, context.by, loan.id, "loan.received", change)?;
    if store::let_go(context.organisation.evaluation_gate).contains(&loan.status) {
        actions::free_kit(tx, context, &loan)?;
    } else {
        actions::settle(tx, context, loan.kit_type_id)?;
    }
    service::after_loan(tx, context, &kit)?;
    if !scan.deviations.is_empty() {
        let check = SaveCheck { deviations: scan.deviations.clone(), ..SaveCheck::default() };
        check_actions::record(tx, context, &kit, (Occasion::Return, Some(loan.id)), &check)?;
    }
    let outcome = if loan.status == Status::Returned { Outcome::Returned } else { Outcome::Received };
    let mail = Kind::of_receipt(&loan);
    mails::send(tx, &context.organisation, &context.site, &loan, mail, context.by.now)?;
    Ok(Done { outcome, loan, from: Status::Out, meant: kit.id, at })
}

/// The plan of a kit in the house that may leave its shelf.
fn plan_of(tx: &mut Tx<'_>, context: &Context, kit: &Kit) -> Result<Plan, Error> {
    let today = context.today();
    service::refuse_if_in_service(tx, kit, today)?;
    refuse_if_unchecked(tx, context, kit)?;
    let kit_type = store::find_type(tx, context.organisation.id, kit.kit_type_id)?
        .ok_or_else(|| Error::not_found("kit_type.not_found"))?;
    Plan::load(tx, &context.organisation, kit_type, today)
}

/// Refuses a kit that has come in and must be checked before it leaves.
///
/// # Errors
/// `kit.unchecked`.
pub fn refuse_if_unchecked(conn: &mut Conn, context: &Context, kit: &Kit) -> Result<(), Error> {
    if checks::must_be_checked(conn, context.organisation.evaluation_gate, kit.id)? {
        return Err(actions::unchecked_kit(kit));
    }
    Ok(())
}

fn pack(tx: &mut Tx<'_>, context: &Context, kit: &Kit, scan: &Scan, at: Instant) -> Result<Done, Error> {
    let plan = plan_of(tx, context, kit)?;
    if let Some(keeper) = plan.keeper(kit.id) {
        return Err(actions::kept(tx, context, keeper)?);
    }
    let loan = loan_to_pack(tx, context, &plan, kit, scan)?;
    actions::refuse_to_pack(context, &loan)?;
    let span = plan.span(loan.first_day, loan.last_day);
    let plan = plan.with_kit_in_order(kit.id);
    let place = match plan.pin(loan.id, kit.id, span) {
        Ok(place) => place,
        Err(harmed) => {
            let refusal = actions::promised(tx, context, &plan.without(loan.id), kit, harmed, "kit.promised")?;
            return Err(with_another(refusal, &plan, &loan, kit.id, span));
        }
    };
    let (from, meant) = (loan.status, loan.kit_id);
    let loan = actions::pack(tx, context, &plan, &place, loan)?;
    note_swap(tx, context, &loan, meant)?;
    Ok(Done { outcome: Outcome::Packed, loan, from, meant, at })
}

fn hand_out(tx: &mut Tx<'_>, context: &Context, kit: Kit, scan: &Scan, at: Instant) -> Result<Done, Error> {
    let today = context.today();
    let plan = plan_of(tx, context, &kit)?;
    if let Some(keeper) = plan.keeper(kit.id).filter(|keeper| keeper.status == Status::Received) {
        return Err(actions::kept(tx, context, keeper)?);
    }
    // A scan that waited is about the day on which it was made.
    let mut loan = loan_for(tx, context, &plan, &kit, scan, context.organisation.today(at))?;
    if at < loan.reserved_at {
        return Err(Error::refused("scan.stale").with("loan_id", loan.id));
    }
    actions::refuse_if_owing(tx, loan.unit_id, today)?;
    course_gate::refuse_without(tx, context, &loan)?;
    // The days begin today: the box leaves now, whether that is early or late.
    let span = plan.span(today, loan.last_day.max(today));
    let plan = plan.with_kit_in_order(kit.id);
    let place = match plan.pin(loan.id, kit.id, span) {
        Ok(place) => place,
        Err(harmed) => {
            let refusal = actions::promised(tx, context, &plan.without(loan.id), &kit, harmed, "kit.promised")?;
            return Err(with_another(refusal, &plan, &loan, kit.id, span));
        }
    };
    let meant = loan.kit_id;
    store::cut_turnaround(tx, kit.id, context.organisation.evaluation_gate, context.organisation.today(at))?;
    checks::needs_no_check(tx, kit.id)?;
    summer::is_in_use(tx, context.by, kit.id)?;
    plan.place(tx, context.by, &place)?;
    let from = loan.status;
    loan.kit_id = kit.id;
    loan.status = Status::Out;
    loan.handed_out_at = Some(at);
    loan.form_version_id = store::newest_form(tx, context.organisation.id)?;
    store::save(tx, &mut loan)?;
    let change = json!({ "from": { "status": from, "kit": meant }, "to": { "status": loan.status, "kit": kit.id } });
    events::append(tx, context.by, loan.id, "loan.handed_out", change)?;
    note_swap(tx, context, &loan, meant)?;
    let mail = Kind::HandedOut(i64::from(loan.version));
    mails::send(tx, &context.organisation, &context.site, &loan, mail, context.by.now)?;
    let outcome = if meant == kit.id { Outcome::HandedOut } else { Outcome::HandedOutSwapped };
    Ok(Done { outcome, loan, from, meant, at })
}

/// Notes on both kits that one of them took the other's place.
fn note_swap(tx: &mut Tx<'_>, context: &Context, loan: &Loan, meant: KitId) -> Result<(), Error> {
    if loan.kit_id == meant {
        return Ok(());
    }
    for kit in [meant, loan.kit_id] {
        let change = json!({ "from": { "kit": meant }, "to": { "kit": loan.kit_id, "loan": loan.id } });
        events::append(tx, context.by, kit, "kit.swapped", change)?;
    }
    Ok(())
}

/// Names the kit to take instead of one that is promised: the loan's own if that can go, else the first that can.
fn with_another(refusal: Error, plan: &Plan, loan: &Loan, scanned: KitId, span: Span) -> Error {
    let mut others: Vec<&Kit> =
        plan.kits.iter().filter(|kit| kit.id != scanned && plan.keeper(kit.id).is_none()).collect();
    others.sort_by_key(|kit| kit.id != loan.kit_id);
    let can_go = |kit: &&&Kit| plan.with_kit_in_order(kit.id).pin(loan.id, kit.id, span).is_ok();
    let Some(other) = others.iter().find(can_go) else { return refusal.arg("another", "none") };
    let another = if other.shelf.is_empty() { "kit" } else { "shelf" };
    let name = format!("{} {}", plan.kit_type.name, other.copy);
    refusal
        .arg("another", another)
        .arg("kit", &name)
        .arg("shelf", &other.shelf)
        .with("take_instead", json!({ "code": other.code, "kit": name, "shelf": other.shelf }))
}

/// The loan that the kit leaves for on a day: the one named; else the one it is packed for, or that is its own and due; else,
/// since kits of a type are alike, the only one of the type that is to go out then; else its own, if that begins soon. Of
/// a unit that is named only its own loans count, and those that may leave early, too.
///
/// # Errors
/// Why it leaves for none: `kit.not_reserved`, `kit.not_reserved_yet`, `scan.which_loan`, `scan.not_for_unit`, and those of
/// a named loan.
pub fn loan_for(
    conn: &mut Conn,
    context: &Context,
    plan: &Plan,
    kit: &Kit,
    scan: &Scan,
    today: NaiveDate,
) -> Result<Loan, Error> {
    if let Some(id) = scan.loan_id {
        let loan = actions::the_loan(conn, context, id)?;
        if loan.kit_type_id != kit.kit_type_id {
            return Err(Error::refused("scan.other_type"));
        }
        if !loan.status.is_before_hand_out() {
            return Err(Error::refused("loan.not_waiting").arg("status", loan.status.as_str()));
        }
        return soon(loan, today);
    }
    let waiting: Vec<&Loan> = plan.waiting().into_iter().filter(|loan| loan.last_day >= today).collect();
    let Some(unit) = scan.unit_id else {
        return match likeliest(&waiting, kit, today)? {
            Some(loan) => before_long(loan, today),
            None => Err(Error::refused("kit.not_reserved").arg("code", kit.code.to_string())),
        };
    };
    let latest = rules::days_after(today, EARLY_DAYS);
    match likeliest(&of_unit(&waiting, unit), kit, latest)? {
        Some(loan) => before_long(loan, today),
        None => Err(not_for_unit(conn, context, &waiting, kit, unit)?),
    }
}

fn of_unit<'a>(loans: &[&'a Loan], unit: UnitId) -> Vec<&'a Loan> {
    loans.iter().copied().filter(|loan| loan.unit_id == unit).collect()
}

/// Why a kit does not leave for the unit whose kits are being handed out: no loan of it is for such a kit. Says whom it is
/// for, and what the unit waits for instead.
fn not_for_unit(
    conn: &mut Conn,
    context: &Context,
    waiting: &[&Loan],
    kit: &Kit,
    unit: UnitId,
) -> Result<Error, Error> {
    let today = context.today();
    let chosen =
        accounts::find_unit(conn, context.organisation.id, unit)?.ok_or_else(|| Error::not_found("unit.not_found"))?;
    let work = Work {
        statuses: &[Status::Reserved, Status::Ready],
        units: Some(&[unit]),
        from: None,
        until: Some(rules::days_after(today, EARLY_DAYS)),
    };
    let awaited = work.list(conn, &context.organisation, today, MOST_NAMED)?;
    let awaited: Vec<String> = awaited.iter().map(LoanView::kit_name).collect();
    let instead = if awaited.is_empty() { "none".to_owned() } else { awaited.join(", ") };
    let refusal = Error::refused("scan.not_for_unit").arg("unit", chosen.name).arg("instead", instead);
    let own = waiting.iter().filter(|loan| loan.kit_id == kit.id).min_by_key(|loan| loan.first_day);
    Ok(match own {
        Some(own) => refusal
            .arg("other", actions::unit_name(conn, context, own)?)
            .arg("first", own.first_day)
            .with("loan_id", own.id),
        None => refusal.arg("other", "none").arg("first", today),
    })
}

/// The loan that the kit is packed for: the one named; else its own; else the only one of the type that is to be packed. Of
/// a unit that is named only its own loans count.
///
/// # Errors
/// Why it is packed for none: `kit.nothing_to_pack`, `scan.which_loan`, `scan.not_for_unit`, `scan.other_type`,
/// `loan.not_found`.
fn loan_to_pack(conn: &mut Conn, context: &Context, plan: &Plan, kit: &Kit, scan: &Scan) -> Result<Loan, Error> {
    let today = context.today();
    if let Some(id) = scan.loan_id {
        let loan = actions::the_loan(conn, context, id)?;
        let fits = loan.kit_type_id == kit.kit_type_id;
        return if fits { Ok(loan) } else { Err(Error::refused("scan.other_type")) };
    }
    let latest = rules::days_after(today, READY_DAYS);
    let to_pack = |loan: &&Loan| loan.status == Status::Reserved && loan.last_day >= today && loan.first_day <= latest;
    let waiting: Vec<&Loan> = plan.waiting().into_iter().filter(to_pack).collect();
    let theirs = scan.unit_id.map_or_else(|| waiting.clone(), |unit| of_unit(&waiting, unit));
    match (likeliest(&theirs, kit, latest)?, scan.unit_id) {
        (Some(loan), _) => Ok(loan.clone()),
        (None, Some(unit)) => Err(not_for_unit(conn, context, &waiting, kit, unit)?),
        (None, None) => Err(Error::refused("kit.nothing_to_pack").arg("code", kit.code.to_string())),
    }
}

/// The loan that a kit is meant for, of those that wait: its own if that is packed or due; else, since kits of a type are
/// alike, the only one that is due; else its own.
///
/// # Errors
/// `scan.which_loan` when there are several.
fn likeliest<'a>(waiting: &[&'a Loan], kit: &Kit, due_until: NaiveDate) -> Result<Option<&'a Loan>, Error> {
    let due: Vec<&Loan> = waiting.iter().copied().filter(|loan| loan.first_day <= due_until).collect();
    let own: Vec<&Loan> = waiting.iter().copied().filter(|loan| loan.kit_id == kit.id).collect();
    let first_choice = own.iter().find(|loan| loan.status == Status::Ready || loan.first_day <= due_until);
    match (first_choice, due.as_slice()) {
        (Some(loan), _) | (None, [loan]) => Ok(Some(loan)),
        (None, []) => Ok(own.first().copied()),
        (None, several) => {
            let loans: Vec<LoanId> = several.iter().map(|loan| loan.id).collect();
            Err(Error::refused("scan.which_loan").arg("count", loans.len()).with("loans", loans))
        }
    }
}

/// The kit's own loan, unless it begins later than a kit may leave.
fn before_long(loan: &Loan, today: NaiveDate) -> Result<Loan, Error> {
    soon(loan.clone(), today).map_err(|_| Error::refused("kit.not_reserved_yet").arg("first", loan.first_day))
}

/// A loan may go out a few days early, and as late as its last day.
fn soon(loan: Loan, today: NaiveDate) -> Result<Loan, Error> {
    if loan.first_day > rules::days_after(today, EARLY_DAYS) {
        return Err(Error::refused("loan.too_early").arg("first", loan.first_day));
    }
    if loan.last_day < today {
        return Err(Error::refused("loan.too_late").arg("last", loan.last_day));
    }
    Ok(loan)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Instant {
        Instant::new("2026-11-02T08:00:00Z".parse().unwrap()) + TimeDelta::minutes(minutes)
    }

    /// What becomes of a scan so many minutes after the kit changed hands.
    fn refusal(action: ScanAction, minutes: i64, waited: bool, (repeats, due): (bool, bool)) -> Option<&'static str> {
        let id = waited.then(ScanId::new);
        let scan = Scan { id, scanned_at: id.map(|_| at(minutes)), ..Scan::now("7K3M9QX", action, None) };
        overtaken(&scan, (at(minutes), at(0)), repeats, due)
    }

    #[test]
    fn a_scan_that_does_not_say_what_it_is_to_do_turns_nothing_round_the_same_day() {
        let auto = |minutes, due| refusal(ScanAction::Auto, minutes, false, (false, due));
        assert_eq!([auto(3, false), auto(11 * 60, false)], [Some("scan.just_done"); 2]);
        assert_eq!(auto(12 * 60, false), None);
        // Its own loan waits for it.
        assert_eq!((auto(9, true), auto(10, true)), (Some("scan.just_done"), None));
    }

    #[test]
    fn a_repeated_hand_out_is_harmless_and_a_receipt_that_is_meant_is_done() {
        let hand_out = |minutes, repeats| refusal(ScanAction::HandOut, minutes, false, (repeats, false));
        assert_eq!((hand_out(9, true), hand_out(10, true)), (Some("scan.just_done"), None));
        assert_eq!(hand_out(0, false), None);
        assert_eq!(refusal(ScanAction::Receive, 0, false, (true, false)), None);
    }

    #[test]
    fn one_that_waited_is_kept_apart_for_half_a_day_and_never_turns_back_time() {
        let waited = |action, minutes, repeats| refusal(action, minutes, true, (repeats, true));
        assert_eq!(waited(ScanAction::Auto, 60, false), Some("scan.just_done"));
        assert_eq!(waited(ScanAction::Auto, 12 * 60, false), None);
        assert_eq!(waited(ScanAction::Receive, 60, false), None);
        assert_eq!(waited(ScanAction::Receive, -1, true), Some("scan.stale"));
        assert_eq!(waited(ScanAction::HandOut, -60, true), Some("scan.just_done"));
        assert_eq!(waited(ScanAction::HandOut, -13 * 60, true), Some("scan.stale"));
    }
}
