//! What is done with opening days: say them, add closures, take them away.

use crate::accounts::rules::name;
use crate::opening::holidays::Country;
use crate::opening::rules::{WEEK, Weekdays};
use crate::opening::store::{self, ClosureRow, WeekRow};
use crate::platform::db::Tx;
use crate::platform::error::{Error, FieldError, all_fields};
use crate::platform::events::{self, By};
use crate::platform::ids::ClosureId;
use crate::schema::{closures, opening};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

/// The days on which the warehouse is open in every week.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveWeek {
    /// Days of the week as ISO 8601 counts them: 1 is Monday, 7 is Sunday.
    #[schema(min_items = 1)]
    pub weekdays: Vec<u8>,
    /// Whose holidays are kept.
    pub holidays: Country,
}

/// A closure to be added.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddClosure {
    /// The first closed day.
    pub first_day: NaiveDate,
    /// The last closed day.
    pub last_day: NaiveDate,
    /// Why, in a few words for those who reserve.
    #[schema(min_length = 1, max_length = 120)]
    pub reason: String,
}

/// Says on which days of the week the warehouse is open, and whose holidays it keeps. Loans there are stay as they are.
///
/// # Errors
/// `request.invalid` with every wrong field, `request.changed_meanwhile`.
pub fn change_week(tx: &mut Tx<'_>, by: By, save: &SaveWeek, seen: Option<i32>) -> Result<WeekRow, Error> {
    let old = store::week(tx, by.organisation)?;
    if seen.is_some_and(|seen| seen != old.version) {
        return Err(Error::changed_meanwhile());
    }
    let known: Option<Vec<_>> = save.weekdays.iter().map(|day| WEEK.get(usize::from(*day).checked_sub(1)?)).collect();
    let known = known.ok_or_else(|| FieldError::new("weekdays", "field.range").arg("least", 1).arg("most", 7))?;
    if known.is_empty() {
        return Err(FieldError::new("weekdays", "opening.no_weekday").into());
    }
    let week = WeekRow {
        weekdays: Weekdays::of(known.into_iter().copied()).bits(),
        holidays: save.holidays,
        version: old.version + 1,
        ..old
    };
    if old.version == 0 {
        diesel::insert_into(opening::table).values(&week).execute(&mut **tx)?;
    } else {
        let changed = diesel::update(opening::table.find(by.organisation).filter(opening::version.eq(old.version)))
            .set((
                opening::weekdays.eq(week.weekdays),
                opening::holidays.eq(week.holidays),
                opening::version.eq(week.version),
            ))
            .execute(&mut **tx)?;
        if changed == 0 {
            return Err(Error::changed_meanwhile());
        }
    }
    let told = |week: &WeekRow| {
        let days: Vec<u32> = Weekdays::from_bits(week.weekdays).iter().map(|day| day.number_from_monday()).collect();
        json!({ "weekdays": days, "holidays": week.holidays })
    };
    let change = json!({ "from": told(&old), "to": told(&week) });
    events::append(tx, by, by.organisation, "opening.changed", change)?;
    Ok(week)
}

/// Days that a closure is shorter than: a year is a slip of the pen, or another set of weekdays.
const LONGEST_CLOSURE: i64 = 366;

/// Closes the warehouse for some days. Loans that begin or end then stay as they are.
///
/// # Errors
/// `request.invalid` with every wrong field.
pub fn add_closure(tx: &mut Tx<'_>, by: By, add: &AddClosure) -> Result<ClosureRow, Error> {
    all_fields! {
        reason = name("reason", &add.reason),
        last_day = if add.last_day < add.first_day {
            Err(FieldError::new("last_day", "closure.last_before_first"))
        } else if (add.last_day - add.first_day).num_days() >= LONGEST_CLOSURE {
            Err(FieldError::new("last_day", "closure.too_long"))
        } else {
            Ok(add.last_day)
        },
    }
    let row = ClosureRow {
        id: ClosureId::new(),
        organisation_id: by.organisation,
        first_day: add.first_day,
        last_day,
        reason,
    };
    diesel::insert_into(closures::table).values(&row).execute(&mut **tx)?;
    events::append(tx, by, row.id, "closure.added", json!({ "to": told(&row) }))?;
    Ok(row)
}

/// Opens the warehouse again on the days of a closure.
///
/// # Errors
/// `closure.not_found`.
pub fn remove_closure(tx: &mut Tx<'_>, by: By, id: ClosureId) -> Result<(), Error> {
    let own = closures::table.filter(closures::id.eq(id).and(closures::organisation_id.eq(by.organisation)));
    let row: Option<ClosureRow> = own.get_result(&mut **tx).optional()?;
    let row = row.ok_or_else(|| Error::not_found("closure.not_found"))?;
    diesel::delete(closures::table.find(id)).execute(&mut **tx)?;
    events::append(tx, by, id, "closure.removed", json!({ "from": told(&row) }))
}

fn told(row: &ClosureRow) -> serde_json::Value {
    json!({ "first_day": row.first_day, "last_day": row.last_day, "reason": row.reason })
}
