//! The loans behind a figure.

use crate::accounts::store::Organisation;
use crate::evaluations::search::query::storable;
use crate::kits::code::Code;
use crate::kits::views::KitTypeName;
use crate::loans::rules::{EvaluationState, Status};
use crate::loans::views::UnitRef;
use crate::platform::clock::start_of_day;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::{Instant, text_enum};
use crate::platform::error::Error;
use crate::platform::ids::{KitTypeId, LoanId, OrganisationId, UnitId};
use crate::platform::web::paging::{Listing, Paging};
use crate::reports::rules::Terms;
use crate::reports::views::LentLoan;
use crate::schema::{kit_types, kits, loans, units};
use chrono::NaiveDate;
use diesel::prelude::*;

text_enum! {
    /// Which loans a figure counts.
    pub enum Which {
        /// Those that began in the terms, and whose kit was handed out.
        Began = "began",
        /// Those that ended in the terms, paid with an evaluation.
        Paid = "paid",
        /// Those that ended in the terms, let off their evaluation.
        Released = "released",
        /// Those whose kit is back and whose evaluation is late today, whatever the terms.
        Overdue = "overdue",
    }
}

/// Which loans, whose, and of what.
#[derive(Debug, Clone)]
pub struct Of {
    /// Only these.
    pub which: Which,
    /// Only of this kit type.
    pub kit_type: Option<KitTypeId>,
    /// Only of this unit.
    pub unit: Option<UnitId>,
    /// Only of units in this area.
    pub area: Option<String>,
}

/// What the kit type and the unit are called whose loans are asked for.
///
/// # Errors
/// When the database fails.
pub fn names(conn: &mut Conn, organisation: OrganisationId, of: &Of) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    if let Some(id) = of.kit_type {
        let kit_type = kit_types::table.filter(kit_types::id.eq(id).and(kit_types::organisation_id.eq(organisation)));
        names.extend(kit_type.select(kit_types::name).get_result::<String>(conn).optional()?);
    }
    if let Some(id) = of.unit {
        let unit = units::table.filter(units::id.eq(id).and(units::organisation_id.eq(organisation)));
        names.extend(unit.select(units::name).get_result::<String>(conn).optional()?);
    }
    Ok(names)
}

/// The loans that a figure counts: those that ended by when they did, the others by their first day; newest first.
///
/// # Errors
/// `request.cursor`.
pub fn behind(
    conn: &mut Conn,
    organisation: &Organisation,
    of: &Of,
    (terms, today): (Terms, NaiveDate),
    paging: &Paging,
) -> Result<Listing<LentLoan>, Error> {
    let mut query = loans::table
        .inner_join(kits::table)
        .inner_join(kit_types::table.on(kit_types::id.eq(loans::kit_type_id)))
        .inner_join(units::table)
        .filter(loans::organisation_id.eq(organisation.id))
        .into_boxed();
    let ended = |evaluation| {
        let zone = organisation.zone();
        let (from, before) = (start_of_day(zone, terms.first_day()), start_of_day(zone, terms.day_after()));
        let within = loans::returned_at.ge(from).and(loans::returned_at.lt(before));
        within.and(loans::received_at.is_not_null()).and(loans::evaluation.eq(evaluation))
    };
    query = match of.which {
        Which::Began => query
            .filter(loans::handed_out_at.is_not_null())
            .filter(loans::first_day.between(terms.first_day(), terms.last_day())),
        Which::Paid => query.filter(ended(EvaluationState::Submitted)),
        Which::Released => query.filter(ended(EvaluationState::Released)),
        Which::Overdue => query.filter(loans::status.eq(Status::Received)).filter(loans::evaluation_due.lt(today)),
    };
    if let Some(kit_type) = of.kit_type {
        query = query.filter(loans::kit_type_id.eq(kit_type));
    }
    if let Some(unit) = of.unit {
        query = query.filter(loans::unit_id.eq(unit));
    }
    if let Some(area) = &of.area {
        query = query.filter(units::area.eq(storable(area)));
    }
    let by_end = matches!(of.which, Which::Paid | Which::Released);
    if let Some(after) = paging.after::<LoanId>()? {
        let place: Option<(NaiveDate, Option<Instant>)> = loans::table
            .filter(loans::id.eq(after).and(loans::organisation_id.eq(organisation.id)))
            .select((loans::first_day, loans::returned_at))
            .get_result(conn)
            .optional()?;
        let (first, returned) = place.ok_or_else(Paging::no_cursor)?;
        query = match by_end {
            true => query
                .filter(loans::returned_at.le(returned))
                .filter(loans::returned_at.lt(returned).or(loans::id.lt(after))),
            false => {
                query.filter(loans::first_day.le(first)).filter(loans::first_day.lt(first).or(loans::id.lt(after)))
            }
        };
    }
    query = match by_end {
        true => query.order((loans::returned_at.desc(), loans::id.desc())),
        false => query.order((loans::first_day.desc(), loans::id.desc())),
    };
    type Row =
        (LoanId, (Code, String), (KitTypeId, String), (UnitId, String), NaiveDate, NaiveDate, Status, EvaluationState);
    let rows: Vec<Row> = query
        .limit(paging.rows())
        .select((
            loans::id,
            (kits::code, kits::copy),
            (kit_types::id, kit_types::name),
            (units::id, units::name),
            loans::first_day,
            loans::last_day,
            loans::status,
            loans::evaluation,
        ))
        .load(conn)?;
    let views = rows.into_iter().map(|(id, kit, kit_type, unit, first_day, last_day, status, evaluation)| LentLoan {
        id,
        kit_code: kit.0,
        kit_copy: kit.1,
        kit_type: KitTypeName { id: kit_type.0, name: kit_type.1 },
        unit: UnitRef { id: unit.0, name: unit.1 },
        first_day,
        last_day,
        status,
        evaluation,
    });
    Ok(Listing::cut(views.collect(), paging, |loan: &LentLoan| loan.id))
}
