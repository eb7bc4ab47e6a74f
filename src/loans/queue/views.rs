//! Places in the queue as the API tells them, and as templates read them.

use crate::kits::views::KitTypeName;
use crate::loans::queue::rules::Status;
use crate::loans::views::{PeriodView, UnitRef};
use crate::platform::db::types::Instant;
use crate::platform::ids::{LoanId, QueueEntryId};
use chrono::NaiveDate;
use serde::Serialize;

/// A place in the queue.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct EntryView {
    /// The place.
    pub id: QueueEntryId,
    /// Where it is.
    pub status: Status,
    /// What the unit waits for.
    pub kit_type: KitTypeName,
    /// Who waits.
    pub unit: UnitRef,
    /// The day on which the loan may begin at the earliest.
    pub earliest_day: NaiveDate,
    /// The day by which the kit is to be back.
    pub latest_day: NaiveDate,
    /// Days from the first to the last that are wished for.
    pub days: i32,
    /// When they asked.
    pub asked_at: Instant,
    /// Their place among those who wait for some of the same days; none when they do not wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<PositionView>,
    /// The offer, if one was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<OfferView>,
    /// The loan that came of it, if the offer was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loan_id: Option<LoanId>,
    /// Counts the changes; send it as `If-Match`.
    pub version: i32,
}

/// A place among those who wait for some of the same days. The unit that has had least goes first, then who asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PositionView {
    /// The place, from 1.
    pub place: usize,
    /// How many wait.
    pub of: usize,
    /// Loans that the unit has had in the last year or has coming, which give it this place.
    pub had: u32,
}

/// An offer.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct OfferView {
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day.
    pub last_day: NaiveDate,
    /// When it was made.
    pub offered_at: Instant,
    /// Until when it waits for its answer.
    pub answer_by: Instant,
    /// It waits for its answer, and no kit is in sight for it as things look today: one is late.
    pub at_risk: bool,
}

/// How things look for a unit that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PrognosisView {
    /// The first days within the span that a kit can be had for, if every kit comes back on the day it should and all who
    /// stand before get theirs; none when no kit will be free unless somebody calls off.
    pub if_on_time: Option<PeriodView>,
    /// The next days that can be reserved at once; none within a year.
    pub instead: Option<PeriodView>,
    /// The unit owes an evaluation, and is offered nothing until it is in.
    pub blocked: bool,
}

/// A place in the queue, and how things look for it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct EntryDetails {
    /// The place.
    #[serde(flatten)]
    pub entry: EntryView,
    /// How things look, while the unit waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prognosis: Option<PrognosisView>,
}
