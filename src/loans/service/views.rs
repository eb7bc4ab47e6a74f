//! Service jobs as the API tells them, and as templates read them.

use crate::kits::code::Code;
use crate::kits::rules::ServiceKind;
use crate::kits::store::Kit;
use crate::kits::views::KitTypeName;
use crate::loans::service::rules::{self, Cause, Status};
use crate::loans::service::store::ServiceJob;
use crate::platform::db::types::Instant;
use crate::platform::ids::ServiceJobId;
use chrono::NaiveDate;
use serde::Serialize;

/// A service job.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ServiceJobView {
    /// The job.
    pub id: ServiceJobId,
    /// The code of its kit.
    pub kit_code: Code,
    /// What kind of kit it is.
    pub kit_type: KitTypeName,
    /// Which of its kind the kit is.
    pub kit_copy: String,
    /// Where the kit stands; empty when not said.
    pub shelf: String,
    /// What is done.
    pub kind: ServiceKind,
    /// What asked for it.
    pub cause: Cause,
    /// What those who do it should know.
    pub note: String,
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day; none when it lasts until it is done.
    pub last_day: Option<NaiveDate>,
    /// Where it is.
    pub status: Status,
    /// It has begun, or should have, and keeps its kit from being lent.
    pub begun: bool,
    /// It should have been done.
    pub late: bool,
    /// When it was made.
    pub made_at: Instant,
    /// When it was done, or called off.
    pub ended_at: Option<Instant>,
    /// Counts the changes; send it as `If-Match`.
    pub version: i32,
}

impl ServiceJobView {
    /// A job with its kit, as it is on this day.
    pub fn new(job: ServiceJob, kit: &Kit, type_name: &str, today: NaiveDate) -> Self {
        let open = job.status == Status::Open;
        Self {
            id: job.id,
            kit_code: kit.code,
            kit_type: KitTypeName { id: kit.kit_type_id, name: type_name.to_owned() },
            kit_copy: kit.copy.clone(),
            shelf: kit.shelf.clone(),
            kind: job.kind,
            cause: job.cause,
            begun: open && rules::has_begun(job.first_day, today),
            late: open && rules::is_late(job.last_day, today),
            note: job.note,
            first_day: job.first_day,
            last_day: job.last_day,
            status: job.status,
            made_at: job.made_at,
            ended_at: job.ended_at,
            version: job.version,
        }
    }

    /// The kit as people call it: "Bee-Bot B".
    pub fn kit_name(&self) -> String {
        format!("{} {}", self.kit_type.name, self.kit_copy)
    }
}
