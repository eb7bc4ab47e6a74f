//! How evenly loans reach units: area by area, and those that have not lent for long.

use crate::accounts::store::Organisation;
use crate::loans::views::UnitRef;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::UnitId;
use crate::reports::rules::{self, Part, Terms};
use crate::reports::views::{AreaFigures, EquityReport, UnitFigures};
use crate::reports::wishes::{self, Wish};
use crate::schema::{loans, unit_totals, units};
use chrono::{Months, NaiveDate};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use std::collections::{BTreeMap, HashMap};

/// A unit that has had no loan for so many months is one to call.
const MONTHS_WITHOUT: u32 = 12;

/// What some terms gave each area and unit.
///
/// # Errors
/// When the database fails.
pub fn report(
    conn: &mut Conn,
    organisation: &Organisation,
    terms: Terms,
    today: NaiveDate,
) -> Result<EquityReport, Error> {
    let lent: HashMap<UnitId, i64> = unit_totals::table
        .filter(unit_totals::organisation_id.eq(organisation.id))
        .filter(unit_totals::term.between(terms.from.to_string(), terms.to.to_string()))
        .group_by(unit_totals::unit_id)
        .select((unit_totals::unit_id, sql::<BigInt>("CAST(SUM(loans) AS BIGINT)")))
        .load::<(UnitId, i64)>(conn)?
        .into_iter()
        .collect();
    let since = today.checked_sub_months(Months::new(MONTHS_WITHOUT)).unwrap_or(today);
    // An index has each unit's newest loan at hand.
    let newest = loans::table
        .filter(loans::unit_id.eq(units::id).and(loans::handed_out_at.is_not_null()))
        .order(loans::first_day.desc())
        .limit(1)
        .select(loans::first_day)
        .single_value();
    type Row = (UnitId, String, String, String, Option<i32>, Option<NaiveDate>);
    let rows: Vec<Row> = units::table
        .filter(units::organisation_id.eq(organisation.id))
        .order((units::name.asc(), units::id.asc()))
        .select((units::id, units::name, units::area, units::email, units::children, newest))
        .load(conn)?;
    let mut figures = Vec::with_capacity(rows.len());
    for (id, name, area, email, children, newest_loan) in rows {
        figures.push(UnitFigures {
            unit: UnitRef { id, name },
            area,
            email,
            children,
            loans: lent.get(&id).copied().unwrap_or_default(),
            newest_loan,
            without_loan: newest_loan.is_none_or(|newest| newest <= since),
        });
    }
    let wishes = wishes::decided(conn, organisation, terms)?;
    let areas = areas(&figures, &wishes);
    // Those that have never been reached come first.
    figures.sort_by_key(|unit| (unit.loans, unit.newest_loan));
    Ok(EquityReport { areas, units: figures })
}

fn areas(figures: &[UnitFigures], wishes: &[Wish]) -> Vec<AreaFigures> {
    let mut areas: BTreeMap<&str, Vec<&UnitFigures>> = BTreeMap::new();
    for unit in figures {
        areas.entry(&unit.area).or_default().push(unit);
    }
    let area_of: HashMap<UnitId, &str> = figures.iter().map(|unit| (unit.unit.id, unit.area.as_str())).collect();
    let figures = areas.into_iter().map(|(area, units)| {
        let wishes = || wishes.iter().filter(|wish| area_of.get(&wish.unit) == Some(&area));
        // A unit that has not said how many children it has counts in neither.
        let told = || units.iter().filter_map(|unit| Some((i64::from(unit.children?), unit.loans)));
        let (children, lent): (i64, i64) =
            told().fold((0, 0), |sum, (children, loans)| (sum.0 + children, sum.1 + loans));
        AreaFigures {
            area: area.to_owned(),
            units: units.len() as i64,
            children,
            loans: units.iter().map(|unit| unit.loans).sum(),
            loans_per_100_children: (children > 0).then(|| lent as f64 * 100.0 / children as f64),
            without_loan: units.iter().filter(|unit| unit.without_loan).count() as i64,
            wishes_won: Part { count: wishes().filter(|wish| wish.won).count() as i64, of: wishes().count() as i64 },
            median_wait_days: rules::median_days(wishes().filter_map(|wish| wish.waited)),
        }
    });
    figures.collect()
}
