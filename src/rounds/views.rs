//! Rounds, wishes and what became of them, as the API tells them and as templates read them.

use crate::kits::views::KitTypeName;
use crate::loans::views::UnitRef;
use crate::platform::db::types::Instant;
use crate::platform::ids::{AllocationId, LoanId, RoundId, WishId};
use crate::rounds::rules::{Reason, Status};
use crate::rounds::store::Round;
use chrono::NaiveDate;
use serde::Serialize;

/// A season round.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct RoundView {
    /// The round.
    pub id: RoundId,
    /// What it is called.
    pub name: String,
    /// Where it stands.
    pub status: Status,
    /// The first day of the term.
    pub first_day: NaiveDate,
    /// The last day of the term.
    pub last_day: NaiveDate,
    /// The first day for wishes.
    pub opens_on: NaiveDate,
    /// The last day for wishes.
    pub closes_on: NaiveDate,
    /// When the wishes were closed by hand, if they were.
    pub closed_at: Option<Instant>,
    /// The most wishes of a unit.
    pub most_wishes: i32,
    /// The number that ties are decided by.
    pub lot: i32,
    /// When the preview was made.
    pub allocated_at: Option<Instant>,
    /// When its loans were made.
    pub published_at: Option<Instant>,
    /// Counts the changes.
    pub version: i32,
}

impl RoundView {
    /// A round as it stands on a day.
    pub fn new(round: Round, today: NaiveDate) -> Self {
        Self {
            id: round.id,
            status: round.status(today),
            name: round.name,
            first_day: round.first_day,
            last_day: round.last_day,
            opens_on: round.opens_on,
            closes_on: round.closes_on,
            closed_at: round.closed_at,
            most_wishes: round.most_wishes,
            lot: round.lot,
            allocated_at: round.allocated_at,
            published_at: round.published_at,
            version: round.version,
        }
    }
}

/// A wish.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct WishView {
    /// The wish.
    pub id: WishId,
    /// How dear it is; 1 is the dearest.
    pub rank: i32,
    /// What is wished for.
    pub kit_type: KitTypeName,
    /// The first day of the weeks that suit; the term's when it is not said.
    pub earliest: Option<NaiveDate>,
    /// The last day of the weeks that suit; the term's when it is not said.
    pub latest: Option<NaiveDate>,
    /// How long, in days from the first to the last.
    pub days: i32,
}

/// A unit's wishes in a round, and, once it is published, what became of them.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct WishesView {
    /// The round.
    pub round: RoundView,
    /// The unit.
    pub unit: UnitRef,
    /// Its wishes, by rank.
    pub items: Vec<WishView>,
    /// What it gets, once the round is published.
    pub results: Vec<AllocationView>,
}

/// What a unit gets in a round: days, or the reason why it does not.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct AllocationView {
    /// The allocation.
    pub id: AllocationId,
    /// Whose it is.
    pub unit: UnitRef,
    /// What the unit gets.
    pub kit_type: KitTypeName,
    /// The wish that it answers; none when it was added by hand.
    pub wish_id: Option<WishId>,
    /// The rank of that wish.
    pub rank: Option<i32>,
    /// The first day of the loan.
    pub first_day: Option<NaiveDate>,
    /// The last day of the loan.
    pub last_day: Option<NaiveDate>,
    /// Why there is no loan.
    pub reason: Option<Reason>,
    /// Somebody chose it by hand.
    pub by_hand: bool,
    /// Something has come in between since the preview was made: it cannot be had any more.
    pub misfit: bool,
    /// The unit owes an evaluation; until that is in it gets nothing handed out.
    pub owes: bool,
    /// The loan, once it is made.
    pub loan_id: Option<LoanId>,
}

impl AllocationView {
    /// The first and the last day, when there is a loan.
    pub fn period(&self) -> Option<(NaiveDate, NaiveDate)> {
        self.first_day.zip(self.last_day)
    }
}

/// How a round turned out as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FiguresView {
    /// Units with wishes.
    pub units: usize,
    /// Units that get what they ranked first, second, …: the best of what each gets counts.
    pub best_rank: Vec<usize>,
    /// Units that get nothing.
    pub without: usize,
    /// Wishes.
    pub wishes: usize,
    /// Wishes that are served.
    pub served: usize,
    /// Loans in all, those added by hand included.
    pub loans: usize,
}

/// How a kit type is asked for in a round.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct DemandView {
    /// The type.
    pub kit_type: KitTypeName,
    /// Its kits in use.
    pub kits: usize,
    /// How many loans of the usual length its kits have room for in the term, one after the other, when nobody has
    /// reserved any.
    pub room: usize,
    /// Units that wish for it.
    pub wishes: usize,
    /// Units that wish for it first of all.
    pub first_wishes: usize,
    /// Units that get it.
    pub served: usize,
}

/// What everybody gets.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct RoundAllocationView {
    /// The round.
    pub round: RoundView,
    /// How it turned out as a whole.
    pub figures: FiguresView,
    /// How each kit type is asked for.
    pub kit_types: Vec<DemandView>,
    /// What each unit gets, by unit and rank.
    pub items: Vec<AllocationView>,
}
