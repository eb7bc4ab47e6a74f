//! Stocktakes as the API tells them, and as templates read them.

use crate::kits::code::Code;
use crate::kits::views::KitTypeName;
use crate::loans::views::UnitRef;
use crate::platform::db::types::Instant;
use crate::platform::ids::{ScanId, StocktakeId};
use crate::stocktakes::rules::{Correction, Finding, Outcome, SeenAs, Status};
use serde::Serialize;

/// How many kits a stocktake is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = StocktakeCounts)]
pub struct Counts {
    /// Kits that ought to be there.
    pub expected: i64,
    /// Those of them that somebody has counted.
    pub counted: i64,
    /// Those of them that are left to count; 0 when it is over.
    pub left: i64,
    /// Kits that stand where they ought to.
    pub found: i64,
    /// Kits that ought to stand on another shelf.
    pub other_shelf: i64,
    /// Kits that are there and ought not to be: out, lost, or out of use.
    pub unexpected: i64,
    /// Kits that nobody had seen when it was closed.
    pub missing: i64,
}

/// How far a shelf is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ShelfProgress {
    /// The shelf; empty for kits without one.
    pub shelf: String,
    /// Kits that ought to be there.
    pub expected: i64,
    /// Those of them that somebody has counted.
    pub counted: i64,
    /// Those of them that are left to count.
    pub left: i64,
}

/// A shelf.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ShelfView {
    /// Its name; empty for kits without one.
    pub shelf: String,
    /// How many kits in use live there, those that are out included.
    pub kits: i64,
}

/// A stocktake.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct StocktakeView {
    /// The stocktake.
    pub id: StocktakeId,
    /// Where it is.
    pub status: Status,
    /// The shelves that it is of; none when it is of the whole warehouse.
    pub shelves: Vec<String>,
    /// When it was started.
    pub started_at: Instant,
    /// Who started it, as they are called now.
    pub started_by: Option<String>,
    /// When it was closed or called off.
    pub ended_at: Option<Instant>,
    /// Who did that.
    pub ended_by: Option<String>,
    /// What has been counted.
    pub counts: Counts,
}

/// A stocktake with how far each shelf is counted.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct StocktakeDetail {
    /// The stocktake.
    #[serde(flatten)]
    pub stocktake: StocktakeView,
    /// Its shelves, in the order in which one walks.
    pub progress: Vec<ShelfProgress>,
}

/// What a stocktake found of a kit.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct StocktakeLine {
    /// The kit's code.
    pub kit_code: Code,
    /// The code as it is printed.
    pub printed_code: String,
    /// Its type.
    pub kit_type: KitTypeName,
    /// Its letter.
    pub kit_copy: String,
    /// What was found.
    pub finding: Finding,
    /// The shelf that the kit was said to live on then.
    pub home: String,
    /// The shelf that it was found on, if whoever scanned it said so; empty where the kits without a shelf are.
    pub shelf: Option<String>,
    /// The scan that counts.
    pub scan_id: Option<ScanId>,
    /// Who made it, as they are called now.
    pub counted_by: Option<String>,
    /// When.
    pub counted_at: Option<Instant>,
    /// The unit that was said to have the kit; of a missing kit, the unit that had it last.
    pub unit: Option<UnitRef>,
    /// How a missing kit was last seen.
    pub last_seen_as: Option<SeenAs>,
    /// When.
    pub last_seen_at: Option<Instant>,
    /// When a missing kit was last seen, if that was after the stocktake was closed and the kit noted as lost.
    pub seen_since: Option<Instant>,
    /// What was put right.
    pub correction: Option<Correction>,
    /// Who did that.
    pub corrected_by: Option<String>,
    /// When.
    pub corrected_at: Option<Instant>,
    /// What can be put right now, the likeliest first.
    pub possible: Vec<Correction>,
}

impl StocktakeLine {
    /// The kit as people call it: "Bee-Bot B".
    pub fn kit_name(&self) -> String {
        format!("{} {}", self.kit_type.name, self.kit_copy)
    }
}

/// A kit that is left to count.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct KitLeft {
    /// The kit's code.
    pub kit_code: Code,
    /// The code as it is printed.
    pub printed_code: String,
    /// Its type.
    pub kit_type: KitTypeName,
    /// Its letter.
    pub kit_copy: String,
    /// The shelf that it lives on.
    pub shelf: String,
    /// The unit that it is packed for: it may stand with what is to leave.
    pub packed_for: Option<UnitRef>,
}

impl KitLeft {
    /// The kit as people call it: "Bee-Bot B".
    pub fn kit_name(&self) -> String {
        format!("{} {}", self.kit_type.name, self.kit_copy)
    }
}

/// What came of a scan.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct StocktakeScanResult {
    /// The scan, by which it can be undone.
    pub scan_id: ScanId,
    /// What it came to.
    pub outcome: Outcome,
    /// The kit's line, as it is now.
    pub line: StocktakeLine,
    /// What it came to, in the caller's language.
    pub message: String,
}

/// What is left after a scan was undone.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct StocktakeScanUndone {
    /// The kit's line by its other scans; none when there are none.
    pub line: Option<StocktakeLine>,
}
