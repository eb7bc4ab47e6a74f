//! Reads the summer list.

use crate::accounts::store::Organisation;
use crate::kits::code::Code;
use crate::kits::rules::{PowerSource, ShelfPlace};
use crate::loans::rules::Status;
use crate::loans::summer::rules::{self, Care};
use crate::loans::views::UnitRef;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{KitId, UnitId};
use crate::platform::web::paging::{Listing, Paging};
use crate::schema::{kit_types, kits, loans, put_away, units};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// A kit on the summer list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SummerKit {
    /// What stands on its label.
    pub code: Code,
    /// What kind it is.
    pub kit_type: String,
    /// Which of its kind it is.
    pub copy: String,
    /// Where it stands; empty when not said.
    pub shelf: String,
    /// What is done with it.
    pub care: Care,
    /// Its batteries and charging, in words.
    pub power: String,
    /// When it was put away; null as long as that is to be done.
    pub put_away_at: Option<Instant>,
    /// Who has it, when it is out.
    pub lent_to: Option<UnitRef>,
    /// When it is due back, when it is out.
    pub due: Option<NaiveDate>,
}

/// A page of the summer list, and how much of all of it is done.
#[derive(Debug)]
pub struct SummerList {
    /// How many kits are put away.
    pub done: usize,
    /// How many kits there are.
    pub count: usize,
    /// Some of them, by shelf.
    pub page: Listing<SummerKit>,
}

/// The kits that need something before they stand for months, by shelf. Retired kits are left out.
///
/// # Errors
/// `field.range`, `request.cursor`, or when the database fails.
pub fn list(conn: &mut Conn, organisation: &Organisation, paging: &Paging) -> Result<SummerList, Error> {
    let after = paging.after::<ShelfPlace>()?.map(|place| place.order());
    let needy: Vec<PowerSource> =
        PowerSource::ALL.iter().copied().filter(|source| rules::care(*source).is_some()).collect();
    type Row = (KitId, Code, String, String, String, String, PowerSource, Option<Instant>);
    let rows: Vec<Row> = kits::table
        .inner_join(kit_types::table)
        .left_join(put_away::table.on(put_away::kit_id.eq(kits::id)))
        .filter(kits::organisation_id.eq(organisation.id).and(kits::retired_at.is_null()))
        .filter(kit_types::power_source.eq_any(needy))
        .select((
            kits::id,
            kits::code,
            kit_types::name,
            kits::copy,
            kits::shelf,
            kit_types::power,
            kit_types::power_source,
            put_away::put_away_at.nullable(),
        ))
        .load(conn)?;
    let out: Vec<(KitId, UnitId, String, NaiveDate)> = loans::table
        .inner_join(units::table)
        .filter(loans::organisation_id.eq(organisation.id).and(loans::status.eq(Status::Out)))
        .select((loans::kit_id, units::id, units::name, loans::last_day))
        .load(conn)?;
    let mut out: HashMap<KitId, (UnitRef, NaiveDate)> =
        out.into_iter().map(|(kit, id, name, last_day)| (kit, (UnitRef { id, name }, last_day))).collect();
    let kit = |(id, code, kit_type, copy, shelf, power, source, put_away_at): Row| {
        let care = rules::care(source)?;
        let (lent_to, due) = out.remove(&id).unzip();
        Some((id, SummerKit { code, kit_type, copy, shelf, care, power, put_away_at, lent_to, due }))
    };
    let mut all: Vec<(KitId, SummerKit)> = rows.into_iter().filter_map(kit).collect();
    let (done, count) = (all.iter().filter(|(_, kit)| kit.put_away_at.is_some()).count(), all.len());
    let place = |(id, kit): &(KitId, SummerKit)| ShelfPlace { kit: *id, shelf: kit.shelf.clone() };
    all.retain(|row| after.as_ref().is_none_or(|after| place(row).order() > *after));
    all.sort_by_cached_key(|row| place(row).order());
    Ok(SummerList { done, count, page: Listing::cut(all, paging, place).map(|(_, kit)| kit) })
}

/// Which of these kits are put away.
///
/// # Errors
/// When the database fails.
pub fn put_away_of(conn: &mut Conn, codes: &[Code]) -> Result<HashSet<Code>, Error> {
    let found: Vec<Code> = kits::table
        .inner_join(put_away::table.on(put_away::kit_id.eq(kits::id)))
        .filter(kits::code.eq_any(codes))
        .select(kits::code)
        .load(conn)?;
    Ok(found.into_iter().collect())
}
