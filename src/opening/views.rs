//! What the API tells of opening days.

use crate::opening::holidays::Country;
use crate::opening::rules::{Closed, Weekdays};
use crate::opening::store::{ClosureRow, WeekRow};
use crate::platform::error::Arg;
use crate::platform::ids::ClosureId;
use crate::platform::text::Texts;
use chrono::NaiveDate;
use serde::Serialize;

/// When the warehouse is open.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OpeningView {
    /// Open days of the week as ISO 8601 counts them: 1 is Monday, 7 is Sunday.
    pub weekdays: Vec<u32>,
    /// Whose holidays are kept.
    pub holidays: Country,
    /// Closures that are not over, in order.
    pub closures: Vec<ClosureView>,
    /// Counts the changes of the week; send it as `If-Match`.
    pub version: i32,
}

/// Days on which the warehouse is closed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClosureView {
    /// The closure.
    pub id: ClosureId,
    /// The first closed day.
    pub first_day: NaiveDate,
    /// The last closed day.
    pub last_day: NaiveDate,
    /// Why.
    pub reason: String,
}

impl OpeningView {
    /// Tells a week and its closures.
    pub fn new(week: WeekRow, closures: Vec<ClosureRow>) -> Self {
        Self {
            weekdays: Weekdays::from_bits(week.weekdays).iter().map(|day| day.number_from_monday()).collect(),
            holidays: week.holidays,
            closures: closures.into_iter().map(ClosureView::from).collect(),
            version: week.version,
        }
    }
}

impl From<ClosureRow> for ClosureView {
    fn from(row: ClosureRow) -> Self {
        Self { id: row.id, first_day: row.first_day, last_day: row.last_day, reason: row.reason }
    }
}

/// Why the warehouse is closed, in a few words.
pub fn reason(t: Texts, closed: &Closed<'_>) -> String {
    match closed {
        Closed::Closure(closure) => closure.reason.clone(),
        Closed::Holiday(holiday) => match holiday.name() {
            Arg::Key(key) => t.s(key),
            _ => String::new(),
        },
        Closed::Weekday(day) => t.s(&format!("weekday-long-{}", day.number_from_monday())),
    }
}
