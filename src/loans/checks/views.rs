//! Contents checks and what they found as the API tells them, and as templates read them.

use crate::kits::code::Code;
use crate::kits::views::KitTypeName;
use crate::loans::checks::rules::{Occasion, Resolution};
use crate::loans::rules::DeviationKind;
use crate::loans::views::UnitRef;
use crate::platform::db::types::Instant;
use crate::platform::ids::{CheckId, ContentLineId, DeviationId, LoanId};
use chrono::NaiveDate;
use serde::Serialize;

/// Something that differed from the contents list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct DeviationView {
    /// The deviation.
    pub id: DeviationId,
    /// The check that found it.
    pub check_id: CheckId,
    /// When that check was made.
    pub occasion: Occasion,
    /// The line of the contents list; none for what stands on no line.
    pub content_line_id: Option<ContentLineId>,
    /// What it is, as it was called then.
    pub name: String,
    /// How it differs.
    pub kind: DeviationKind,
    /// How many.
    pub quantity: i32,
    /// What was noted.
    pub note: String,
    /// When it was reported.
    pub reported_at: Instant,
    /// What became of it; none while it is open.
    pub resolution: Option<Resolution>,
    /// When that was.
    pub resolved_at: Option<Instant>,
    /// What was noted about that.
    pub resolution_note: String,
    /// The addresses of its photos: JPEGs with no edge longer than 1,200 pixels.
    pub photos: Vec<String>,
}

/// A loan that lay between two checks.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct LoanBetween {
    /// The loan.
    pub id: LoanId,
    /// The unit that had the kit.
    pub unit: UnitRef,
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day.
    pub last_day: NaiveDate,
}

/// An open deviation, with between which checks it came about. Nobody is to blame for what lies between them.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct OpenDeviationView {
    /// The deviation.
    #[serde(flatten)]
    pub deviation: DeviationView,
    /// The kit cannot be lent because of it.
    pub keeps_kit: bool,
    /// When the kit was last checked without it; none when nobody knows.
    pub since: Option<Instant>,
    /// When it had come about at the latest.
    pub until: Instant,
    /// The loans that lay between; none when nobody knows, or the kit was in the warehouse.
    pub loans: Vec<LoanBetween>,
}

/// A contents check.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CheckView {
    /// The check.
    pub id: CheckId,
    /// The loan that it was made on, or after.
    pub loan_id: Option<LoanId>,
    /// When it was made.
    pub occasion: Occasion,
    /// At which moment.
    pub checked_at: Instant,
    /// What it found that had not been reported before.
    pub deviations: Vec<DeviationView>,
}

/// What is known of a kit's contents.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct KitContentsView {
    /// The kit can be lent, as far as its contents are concerned.
    pub complete_enough: bool,
    /// It has come back and has not been checked since.
    pub to_be_checked: bool,
    /// What is open, the oldest first.
    pub open: Vec<OpenDeviationView>,
}

/// A kit that came back and has not been checked since.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct KitToCheck {
    /// The code of the kit.
    pub kit_code: Code,
    /// What kind it is.
    pub kit_type: KitTypeName,
    /// Which of its kind it is.
    pub kit_copy: String,
    /// Where it stands.
    pub shelf: String,
    /// The loan that it came back from.
    pub loan_id: LoanId,
    /// The unit that had it.
    pub unit: UnitRef,
    /// When it came back.
    pub since: Instant,
}

impl KitToCheck {
    /// The kit as people call it: "Bee-Bot B".
    pub fn kit_name(&self) -> String {
        format!("{} {}", self.kit_type.name, self.kit_copy)
    }
}
