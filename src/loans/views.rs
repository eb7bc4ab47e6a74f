//! Loans and kits as the API tells them, and as templates read them.

use crate::kits::code::Code;
use crate::kits::views::{CourseName, KitTypeName, KitTypeView};
use crate::loans::policies::Said;
use crate::loans::policy::LoanRules;
use crate::loans::rules::{self, EvaluationState, Status};
use crate::loans::store::Loan;
use crate::platform::db::types::{Instant, text_enum};
use crate::platform::ids::{BundleId, LoanId, UnitId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A unit's id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct UnitRef {
    /// The unit.
    pub id: UnitId,
    /// Its name.
    pub name: String,
}

/// A loan.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct LoanView {
    /// The loan.
    pub id: LoanId,
    /// Where it is.
    pub status: Status,
    /// The code of the kit that serves it; until it is packed, another kit of the type may take its place.
    pub kit_code: Code,
    /// The kit's letter.
    pub kit_copy: String,
    /// Where the kit stands.
    pub shelf: String,
    /// What was asked for.
    pub kit_type: KitTypeName,
    /// The borrower.
    pub unit: UnitRef,
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day.
    pub last_day: NaiveDate,
    /// The bundle that it was reserved in, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle_id: Option<BundleId>,
    /// The kit is out after the last day.
    pub overdue: bool,
    /// Reserved, and no kit is in sight for it as things look today: one is late.
    pub at_risk: bool,
    /// Courses that the unit must complete before it is handed the kit; told while it waits for it.
    pub missing_courses: Vec<CourseName>,
    /// Where the evaluation is.
    pub evaluation: EvaluationState,
    /// The last day for the evaluation; known once the kit is received.
    pub evaluation_due: Option<NaiveDate>,
    /// The evaluation should have been in.
    pub evaluation_overdue: bool,
    /// When it was reserved.
    pub reserved_at: Instant,
    /// When the kit was packed.
    pub ready_at: Option<Instant>,
    /// When the kit was handed out.
    pub handed_out_at: Option<Instant>,
    /// When the kit came back.
    pub received_at: Option<Instant>,
    /// When kit and evaluation were in.
    pub returned_at: Option<Instant>,
    /// Why it was released from its evaluation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_reason: Option<String>,
    /// Counts the changes.
    pub version: i32,
}

impl LoanView {
    /// A loan with the names around it, as things are on this day, and no course missing.
    pub fn new(loan: Loan, names: Names, at_risk: bool, today: NaiveDate) -> Self {
        Self {
            id: loan.id,
            status: loan.status,
            kit_code: names.kit_code,
            kit_copy: names.kit_copy,
            shelf: names.shelf,
            kit_type: KitTypeName { id: loan.kit_type_id, name: names.kit_type },
            unit: UnitRef { id: loan.unit_id, name: names.unit },
            first_day: loan.first_day,
            last_day: loan.last_day,
            bundle_id: loan.bundle_id,
            overdue: rules::is_overdue(loan.status, loan.last_day, today),
            at_risk,
            missing_courses: Vec::new(),
            evaluation: loan.evaluation,
            evaluation_due: loan.evaluation_due,
            evaluation_overdue: rules::evaluation_is_overdue(loan.status, loan.evaluation, loan.evaluation_due, today),
            reserved_at: loan.reserved_at,
            ready_at: loan.ready_at,
            handed_out_at: loan.handed_out_at,
            received_at: loan.received_at,
            returned_at: loan.returned_at,
            release_reason: loan.release_reason,
            version: loan.version,
        }
    }

    /// What is borrowed, as people call it: the type, and the kit once it is sure which one it is, "Bee-Bot B".
    pub fn what(&self) -> String {
        if self.status == Status::Reserved { self.kit_type.name.clone() } else { self.kit_name() }
    }

    /// The kit as people call it: "Bee-Bot B".
    pub fn kit_name(&self) -> String {
        format!("{} {}", self.kit_type.name, self.kit_copy)
    }
}

/// Loans that were reserved together.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct BundleView {
    /// The bundle.
    pub bundle_id: BundleId,
    /// Its loans.
    pub loans: Vec<LoanView>,
}

/// The names around a loan.
#[derive(Debug, Clone)]
pub struct Names {
    /// The kit's code.
    pub kit_code: Code,
    /// The kit's letter.
    pub kit_copy: String,
    /// The kit's shelf.
    pub shelf: String,
    /// The type's name.
    pub kit_type: String,
    /// The unit's name.
    pub unit: String,
}

text_enum! {
    /// What a kit is doing.
    pub enum KitStatus {
        /// On its shelf.
        Available = "available",
        /// Packed for a loan.
        Ready = "ready",
        /// Handed out.
        Out = "out",
        /// Back, and waiting for the evaluation.
        Received = "received",
        /// Being put in order between two loans.
        InTurnaround = "in_turnaround",
        /// In service, or without something that it cannot be lent without.
        InService = "in_service",
        /// Taken out of use.
        Retired = "retired",
    }
}

/// A kit and what it is doing.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct KitStatusView {
    /// Its code.
    pub code: Code,
    /// The code as it is printed.
    pub printed_code: String,
    /// Its type.
    pub kit_type: KitTypeName,
    /// Its letter.
    pub copy: String,
    /// Where it stands.
    pub shelf: String,
    /// What it is doing.
    pub status: KitStatus,
    /// It could be handed out now.
    pub lendable: bool,
    /// The loan that has it; told to those who may see the loan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_loan: Option<LoanView>,
    /// Counts the changes; send it as `If-Match`.
    pub version: i32,
}

/// What is asked of those who reserve, as somebody said it.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
pub struct LoanRulesView {
    /// The rules; what nobody said is null.
    #[serde(flatten)]
    pub rules: LoanRules,
    /// Counts the changes; send it as `If-Match`.
    pub version: i32,
}

impl From<Said> for LoanRulesView {
    fn from(said: Said) -> Self {
        Self { rules: said.rules, version: said.version }
    }
}

/// What is asked of those who reserve a kit type.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
pub struct TypeRulesView {
    /// What the type says itself.
    pub own: LoanRules,
    /// What holds: the type's own rules, and the organisation's where it has none.
    pub in_force: LoanRules,
    /// Counts the changes of its own; send it as `If-Match`.
    pub version: i32,
}

/// How many kits of a type are left on one day.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct DayView {
    /// The day.
    pub day: NaiveDate,
    /// Kits that nothing claims.
    pub free: usize,
    /// Kits in use.
    pub total: usize,
    /// Why nothing can be lent on the day, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_reason: Option<String>,
}

/// A period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PeriodView {
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day.
    pub last_day: NaiveDate,
}

/// When a type can be had.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct AvailabilityView {
    /// The days asked for.
    pub days: Vec<DayView>,
    /// The next period of the type's full loan length that works; none within a year.
    pub next_free: Option<PeriodView>,
}

/// A kit type in the catalogue, with when it can be had.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CatalogueView {
    /// The type.
    #[serde(flatten)]
    pub kit_type: KitTypeView,
    /// Kits that could be had for the period asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_kits: Option<usize>,
    /// The days that `free_kits` is about, as this type is lent.
    #[serde(skip)]
    pub wanted: Option<PeriodView>,
    /// The next period of the type's full loan length that works; none within a year.
    pub next_free: Option<PeriodView>,
}
