//! The loans behind a figure: those that began in some terms, and whose kit was handed out.

use crate::accounts::store::Organisation;
use crate::evaluations::search::query::storable;
use crate::kits::code::Code;
use crate::kits::views::KitTypeName;
use crate::loans::rules::{EvaluationState, Status};
use crate::loans::views::UnitRef;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{KitTypeId, LoanId, OrganisationId, UnitId};
use crate::platform::web::paging::{Listing, Paging};
use crate::reports::rules::Terms;
use crate::reports::views::LentLoan;
use crate::schema::{kit_types, kits, loans, units};
use chrono::NaiveDate;
use diesel::prelude::*;

/// Whose loans, and of what.
#[derive(Debug, Clone, Default)]
pub struct Of {
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

/// The loans that a figure counts, newest first.
///
/// # Errors
/// `request.cursor`.
pub fn behind(
    conn: &mut Conn,
    organisation: &Organisation,
    of: &Of,
    terms: Terms,
    paging: &Paging,
) -> Result<Listing<LentLoan>, Error> {
    let mut query = loans::table
        .inner_join(kits::table)
        .inner_join(kit_types::table.on(kit_types::id.eq(loans::kit_type_id)))
        .inner_join(units::table)
        .filter(loans::organisation_id.eq(organisation.id).and(loans::handed_out_at.is_not_null()))
        .filter(loans::first_day.between(terms.first_day(), terms.last_day()))
        .into_boxed();
    if let Some(kit_type) = of.kit_type {
        query = query.filter(loans::kit_type_id.eq(kit_type));
    }
    if let Some(unit) = of.unit {
        query = query.filter(loans::unit_id.eq(unit));
    }
    if let Some(area) = &of.area {
        query = query.filter(units::area.eq(storable(area)));
    }
    if let Some(after) = paging.after::<LoanId>()? {
        let first: Option<NaiveDate> = loans::table
            .filter(loans::id.eq(after).and(loans::organisation_id.eq(organisation.id)))
            .select(loans::first_day)
            .get_result(conn)
            .optional()?;
        let first = first.ok_or_else(Paging::no_cursor)?;
        query = query.filter(loans::first_day.le(first)).filter(loans::first_day.lt(first).or(loans::id.lt(after)));
    }
    type Row =
        (LoanId, (Code, String), (KitTypeId, String), (UnitId, String), NaiveDate, NaiveDate, Status, EvaluationState);
    let rows: Vec<Row> = query
        .order((loans::first_day.desc(), loans::id.desc()))
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
