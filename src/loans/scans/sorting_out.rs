//! Scans that came too late to be done: what the phone says, what the system says, and what somebody decides.

use crate::accounts::queries::person_names;
use crate::kits::code::Code;
use crate::loans::actions::Context;
use crate::loans::queries;
use crate::loans::scan::{self, Scan, ScanAction};
use crate::loans::scans::store::{self, Decision, ScanRow};
use crate::loans::views::KitStatusView;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::{Error, Kind, Problem};
use crate::platform::events;
use crate::platform::ids::{LoanId, PersonId, ScanId};
use crate::platform::text::Texts;
use crate::platform::web::paging::{Listing, Paging};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The longest note, in characters.
const LONGEST_NOTE: usize = 500;

/// A scan that could not be done when it came.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct LateScan {
    /// The scan.
    pub id: ScanId,
    /// What was read or typed.
    pub code: String,
    /// What it was meant to do.
    pub action: ScanAction,
    /// When it was made, by the phone's clock.
    pub scanned_at: Instant,
    /// When it came.
    pub sent_at: Instant,
    /// Who made it.
    pub scanned_by: Option<String>,
    /// Why it could not be done.
    pub refusal: String,
    /// The same in words.
    pub said: String,
    /// The kit as it is now; none when the code is no kit's of this organisation.
    pub kit: Option<KitStatusView>,
    /// What was decided.
    pub decision: Option<Decision>,
    /// What whoever decided wants others to know.
    pub note: String,
    /// When it was decided.
    pub decided_at: Option<Instant>,
    /// Who decided.
    pub decided_by: Option<String>,
}

/// What is decided about a scan.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SortOut {
    /// What is done now, if anything.
    pub decision: Decision,
    /// The loan to hand the kit out for, when the kit alone does not tell.
    #[serde(default)]
    pub loan_id: Option<LoanId>,
    /// What others should know.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub note: String,
}

/// True when a scan that waited on a phone is to be kept for a person to decide about: whatever was wrong, it has happened.
/// Under the id of another scan it cannot be.
pub fn is_kept(scan: &Scan, problem: &Problem) -> bool {
    let refused = matches!(problem.kind, Kind::Refused | Kind::NotFound | Kind::Invalid);
    scan.waited().is_some() && refused && problem.code != "scan.id_reused"
}

/// Keeps a scan that waited on a phone and could not be done, once; false when nobody has to decide about it any more.
///
/// # Errors
/// When the database fails.
pub fn keep(tx: &mut Tx<'_>, context: &Context, scan: &Scan, refusal: &str, said: &str) -> Result<bool, Error> {
    let Some(id) = scan.waited() else { return Ok(false) };
    let row = ScanRow::of_refused(context.by, id, scan, refusal, said.to_owned());
    if !store::insert(tx, &row)? {
        return Ok(store::find(tx, context.organisation.id, id)?.is_some_and(|row| row.is_open()));
    }
    let change = json!({ "code": row.code, "action": row.action, "refusal": refusal });
    events::append(tx, context.by, id, "scan.kept", change)?;
    Ok(true)
}

/// The code and the words of a refusal, as they are kept: of a wrong field, the field's.
pub fn in_words(problem: &Problem, t: Texts) -> (&'static str, String) {
    problem.fields.first().map_or_else(|| (problem.code, t.problem(problem)), |field| (field.code, t.field(field)))
}

/// Decides about a scan: it is done now, or everything is left as it is.
///
/// # Errors
/// `scan.not_found`, `scan.sorted_out` when somebody was faster, `request.invalid` (the note), and every refusal of
/// handing out and receiving.
pub fn sort_out(tx: &mut Tx<'_>, context: &Context, id: ScanId, wish: &SortOut) -> Result<LateScan, Error> {
    let note = wish.note.trim();
    if note.chars().count() > LONGEST_NOTE {
        return Err(Error::invalid_fields(vec![
            crate::platform::error::FieldError::new("note", "field.too_long").arg("most", LONGEST_NOTE),
        ]));
    }
    let row = store::find(tx, context.organisation.id, id)?
        .filter(|row| row.refusal.is_some())
        .ok_or_else(|| Error::not_found("scan.not_found"))?;
    if !store::decide(tx, context.by, id, wish.decision, note)? {
        return Err(Error::refused("scan.sorted_out"));
    }
    let action = match wish.decision {
        Decision::Received => Some(ScanAction::Receive),
        Decision::HandedOut => Some(ScanAction::HandOut),
        Decision::Left => None,
    };
    if let Some(action) = action {
        do_after_all(tx, context, &row, action, wish.loan_id)?;
    }
    events::append(tx, context.by, id, "scan.sorted_out", json!({ "decision": wish.decision, "note": note }))?;
    let row = store::find(tx, context.organisation.id, id)?;
    let views = views(tx, context, row.into_iter().collect())?;
    views.into_iter().next().ok_or_else(|| Error::not_found("scan.not_found"))
}

/// Why a scan is done as of now after all: it says nothing about the day on which it was made. Each is found out before
/// anything has changed.
const NOT_THEN: [&str; 5] =
    ["scan.stale", "request.invalid", "kit.not_reserved", "kit.not_reserved_yet", "loan.too_early"];

/// Does what was decided: as of when it was scanned, if that is what was scanned and it fits there; else as of now.
fn do_after_all(
    tx: &mut Tx<'_>,
    context: &Context,
    row: &ScanRow,
    action: ScanAction,
    loan: Option<LoanId>,
) -> Result<(), Error> {
    let now = Scan::now(&row.code, action, loan);
    if row.action == action || row.action == ScanAction::Auto {
        let then = Scan { scanned_at: Some(row.scanned_at), ..now.clone() };
        match scan::scan(tx, context, &then) {
            Err(Error::Problem(problem)) if NOT_THEN.contains(&problem.code) => (),
            done => return done.map(|_| ()),
        }
    }
    scan::scan(tx, context, &now).map(|_| ())
}

/// The scans that wait for a decision, oldest first.
///
/// # Errors
/// `field.range`, `request.cursor`, or when the database fails.
pub fn open(conn: &mut Conn, context: &Context, paging: &Paging) -> Result<Listing<LateScan>, Error> {
    let rows = store::open(conn, context.organisation.id, paging.after()?, paging.rows())?;
    let page = Listing::cut(rows, paging, |row| row.id);
    Ok(Listing { items: views(conn, context, page.items)?, next: page.next })
}

/// The scans that were decided about last.
///
/// # Errors
/// When the database fails.
pub fn decided(conn: &mut Conn, context: &Context, limit: i64) -> Result<Vec<LateScan>, Error> {
    let rows = store::decided(conn, context.organisation.id, limit)?;
    views(conn, context, rows)
}

fn views(conn: &mut Conn, context: &Context, rows: Vec<ScanRow>) -> Result<Vec<LateScan>, Error> {
    let people = rows.iter().flat_map(|row| [row.scanned_by, row.decided_by]).flatten().collect();
    let names = person_names(conn, people)?;
    let name = |id: Option<PersonId>| id.and_then(|id| names.get(&id).cloned());
    let mut views = Vec::new();
    for row in rows {
        let kit = match Code::parse(&row.code) {
            Ok(code) => queries::kit_status(conn, &context.organisation, &code, context.today())?,
            Err(_) => None,
        };
        views.push(LateScan {
            id: row.id,
            code: row.code,
            action: row.action,
            scanned_at: row.scanned_at,
            sent_at: row.sent_at,
            scanned_by: name(row.scanned_by),
            refusal: row.refusal.unwrap_or_default(),
            said: row.said.unwrap_or_default(),
            kit,
            decision: row.decision,
            note: row.note,
            decided_at: row.decided_at,
            decided_by: name(row.decided_by),
        });
    }
    Ok(views)
}
