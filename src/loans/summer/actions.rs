//! Putting kits away for the summer, and taking them into use again.

use crate::accounts::store as accounts;
use crate::kits::code::Code;
use crate::kits::queries as kits;
use crate::kits::store::{Kit, find_kit_type, lock_kit_type};
use crate::loans::rules::Status;
use crate::loans::store as loans;
use crate::loans::summer::rules;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::events::{self, By};
use crate::platform::ids::{KitId, OrganisationId, PersonId};
use crate::schema::put_away::{self, dsl};
use diesel::prelude::*;
use serde_json::json;

/// A kit that is ready to stand for months.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = put_away)]
pub struct PutAway {
    /// The kit.
    pub kit_id: KitId,
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// When it was put away.
    pub put_away_at: Instant,
    /// Who did it.
    pub put_away_by: Option<PersonId>,
}

/// When the kit was put away; none when it is in use.
///
/// # Errors
/// When the database fails.
pub fn away_since(conn: &mut Conn, kit: KitId) -> Result<Option<Instant>, Error> {
    Ok(dsl::put_away.find(kit).select(dsl::put_away_at).get_result(conn).optional()?)
}

/// Notes that a kit is ready to stand for months. Nothing happens when it is already.
///
/// # Errors
/// `kit.unknown_code`, `summer.nothing_to_do` for a kit without batteries, `kit.out` for one that is lent,
/// `summer.packed` for one that is to leave.
pub fn put_away(tx: &mut Tx<'_>, by: By, code: &Code) -> Result<(), Error> {
    let (kit, needs_care) = the_kit(tx, by, code)?;
    if !needs_care {
        return Err(Error::refused("summer.nothing_to_do").arg("code", code.to_string()));
    }
    for (status, code) in [(Status::Out, "kit.out"), (Status::Ready, "summer.packed")] {
        if let Some(loan) = loans::holding(tx, kit.id, status)? {
            let unit = accounts::find_unit(tx, by.organisation, loan.unit_id)?;
            return Err(Error::refused(code).arg("unit", unit.map(|unit| unit.name).unwrap_or_default()));
        }
    }
    stands_since(tx, by, kit.id, by.now)
}

/// Notes that a kit stands ready for months since a moment, unless that is noted.
///
/// # Errors
/// When the database fails.
pub fn stands_since(tx: &mut Tx<'_>, by: By, kit: KitId, since: Instant) -> Result<(), Error> {
    if away_since(tx, kit)?.is_some() {
        return Ok(());
    }
    let row = PutAway { kit_id: kit, organisation_id: by.organisation, put_away_at: since, put_away_by: by.person };
    diesel::insert_into(put_away::table).values(&row).execute(&mut **tx)?;
    events::append(tx, by, kit, "kit.put_away", json!({}))
}

/// Notes that a kit is ready to be used. Nothing happens when it is already.
///
/// # Errors
/// `kit.unknown_code`.
pub fn take_out(tx: &mut Tx<'_>, by: By, code: &Code) -> Result<(), Error> {
    let (kit, _) = the_kit(tx, by, code)?;
    is_in_use(tx, by, kit.id)
}

/// Notes that a kit is in use: somebody has taken it out, packed it or handed it out.
///
/// # Errors
/// When the database fails.
pub fn is_in_use(tx: &mut Tx<'_>, by: By, kit: KitId) -> Result<(), Error> {
    if diesel::delete(dsl::put_away.find(kit)).execute(&mut **tx)? == 0 {
        return Ok(());
    }
    events::append(tx, by, kit, "kit.taken_out", json!({}))
}

/// A kit that is not retired, and whether it needs anything before it stands for months.
fn the_kit(tx: &mut Tx<'_>, by: By, code: &Code) -> Result<(Kit, bool), Error> {
    let unknown = || Error::not_found("kit.unknown_code").arg("code", code.to_string());
    let kit = kits::kit(tx, by.organisation, code)?.filter(|kit| kit.retired_at.is_none()).ok_or_else(unknown)?;
    lock_kit_type(tx, kit.kit_type_id)?;
    let kit_type = find_kit_type(tx, by.organisation, kit.kit_type_id)?.ok_or_else(unknown)?;
    Ok((kit, rules::care(kit_type.power_source).is_some()))
}
