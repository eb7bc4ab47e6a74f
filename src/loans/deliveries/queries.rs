//! Reads what a delivery round has to do.

use crate::accounts::store::{Organisation, Unit};
use crate::kits::rules::shelf_order;
use crate::loans::deliveries::rules::{self, Errand};
use crate::loans::deliveries::views::{DeliveryRound, Stop};
use crate::loans::queries::Work;
use crate::loans::rules::Status;
use crate::loans::views::UnitRef;
use crate::opening::store::opening;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{OrganisationId, UnitId};
use crate::schema::units;
use chrono::NaiveDate;
use diesel::prelude::*;

/// The most kits that a round brings, and the most that it fetches: more than any van holds.
const MOST: i64 = 500;

/// The days of the week on which some unit is visited, from 1 for Monday.
///
/// # Errors
/// When the database fails.
pub fn weekdays(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<i32>, Error> {
    let days: Vec<Option<i32>> = units::table
        .filter(units::organisation_id.eq(organisation).and(units::delivery_weekday.is_not_null()))
        .select(units::delivery_weekday)
        .distinct()
        .load(conn)?;
    Ok(days.into_iter().flatten().collect())
}

/// What the round of a day has to do, as things are today: nothing when none is driven.
///
/// # Errors
/// When the database fails.
pub fn round(
    conn: &mut Conn,
    organisation: &Organisation,
    day: NaiveDate,
    today: NaiveDate,
) -> Result<DeliveryRound, Error> {
    let opening = opening(conn, organisation.id, today)?;
    let round = rules::round(day, today, &opening);
    if !rules::is_driven(day, &opening) {
        return Ok(DeliveryRound { day, driven: false, sees_to: round.sees_to, stops: Vec::new() });
    }
    let visited = units::organisation_id.eq(organisation.id).and(units::delivery_weekday.eq(rules::weekday(day)));
    let visited: Vec<Unit> = units::table.filter(visited).order((units::area.asc(), units::name.asc())).load(conn)?;
    let ids: Vec<UnitId> = visited.iter().map(|unit| unit.id).collect();
    let mut loans = Vec::new();
    for statuses in [&[Status::Reserved, Status::Ready][..], &[Status::Out]] {
        let work = Work { statuses, units: Some(&ids), from: None, until: Some(round.sees_to) };
        loans.extend(work.list(conn, organisation, today, MOST)?);
    }
    loans.sort_by_cached_key(|loan| shelf_order(&loan.shelf));
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    let mut stops = Vec::new();
    for unit in visited {
        let of = |errand| {
            let here = loans.iter().filter(|loan| loan.unit.id == unit.id);
            here.filter(|loan| round.errand(loan.status, loan.first_day, loan.last_day) == Some(errand))
                .cloned()
                .collect::<Vec<_>>()
        };
        let (deliver, collect, collect_if_done) = (of(Errand::Deliver), of(Errand::Collect), of(Errand::CollectIfDone));
        if deliver.is_empty() && collect.is_empty() && collect_if_done.is_empty() {
            continue;
        }
        stops.push(Stop {
            unit: UnitRef { id: unit.id, name: unit.name },
            street_address: some(unit.street_address),
            area: some(unit.area),
            deliver,
            collect,
            collect_if_done,
        });
    }
    Ok(DeliveryRound { day, driven: true, sees_to: round.sees_to, stops })
}
