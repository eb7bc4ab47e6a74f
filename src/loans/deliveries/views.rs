//! Delivery rounds as the API tells them, and as templates read them.

use crate::loans::views::{LoanView, UnitRef};
use chrono::NaiveDate;
use serde::Serialize;

/// A delivery round.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct DeliveryRound {
    /// The day on which it is driven.
    pub day: NaiveDate,
    /// False on a holiday and in a closure: then nothing is brought or fetched.
    pub driven: bool,
    /// The last day that it sees to: the one before the van comes by again.
    pub sees_to: NaiveDate,
    /// Where the van stops, by area and name; units where nothing is to be done are left out.
    pub stops: Vec<Stop>,
}

/// A unit that the van visits.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Stop {
    /// The unit.
    pub unit: UnitRef,
    /// Where it lies: street and number.
    pub street_address: Option<String>,
    /// The area it lies in.
    pub area: Option<String>,
    /// Kits to bring, by shelf. For one at risk no kit is in sight.
    pub deliver: Vec<LoanView>,
    /// Kits to fetch: their loans end on that day, or have ended.
    pub collect: Vec<LoanView>,
    /// Kits to fetch if the unit is done with them: their loans end before the van comes by again.
    pub collect_if_done: Vec<LoanView>,
}
