//! What is done with kit types and kits.

use crate::accounts::rules::line;
use crate::kits::code::Code;
use crate::kits::pictures::store as pictures;
use crate::kits::pictures::views::PictureView;
use crate::kits::queries;
use crate::kits::rules::{self, SaveKitType};
use crate::kits::store::{self, Kit, KitType};
use crate::kits::views::{KitTypeView, KitView};
use crate::platform::db::{Tx, is_duplicate};
use crate::platform::error::{Error, Fault, FieldError, all_fields};
use crate::platform::events::{self, By};
use crate::platform::ids::{KitId, KitTypeId};
use crate::schema::{kit_types, kits};
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashSet;

/// How often a code is drawn anew. Of 900 million codes hardly one is taken, so more would mean a fault.
const DRAWS: usize = 20;

/// A new kit.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddKit {
    /// What kind it is.
    pub kit_type_id: KitTypeId,
    /// Which of its kind it is; the next free letter unless said.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 10)]
    pub copy: Option<String>,
    /// Where it stands.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub shelf: Option<String>,
}

/// What a kit is changed to.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveKit {
    /// Which of its kind it is.
    #[schema(min_length = 1, max_length = 10)]
    pub copy: String,
    /// Where it stands.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub shelf: String,
}

/// Adds a kit type.
///
/// # Errors
/// `request.invalid` with every wrong field, also `kit_type.name_taken`.
pub fn add_kit_type(tx: &mut Tx<'_>, by: By, save: &SaveKitType) -> Result<KitTypeView, Error> {
    let mut save = rules::kit_type(save)?;
    let row = row(by, KitTypeId::new(), 1, &save);
    diesel::insert_into(kit_types::table).values(&row).execute(&mut **tx).map_err(name_taken)?;
    save.contents = store::save_contents(tx, row.id, &save.contents)?;
    events::append(tx, by, row.id, "kit_type.added", json!({ "to": save }))?;
    Ok(KitTypeView::new(row, save.contents, Vec::new(), 0))
}

/// Changes a kit type.
///
/// # Errors
/// `kit_type.not_found`, `kit_type.retired`, `request.changed_meanwhile`, `request.invalid` with every wrong field.
pub fn change_kit_type(
    tx: &mut Tx<'_>,
    by: By,
    id: KitTypeId,
    save: &SaveKitType,
    seen: Option<i32>,
) -> Result<KitTypeView, Error> {
    let old = live_kit_type(tx, by, id)?;
    if seen.is_some_and(|seen| seen != old.version) {
        return Err(Error::changed_meanwhile());
    }
    let mut save = rules::kit_type(save)?;
    let new = KitType { created_at: old.created_at, ..row(by, id, old.version + 1, &save) };
    diesel::update(kit_types::table.find(id))
        .set((
            kit_types::name.eq(&new.name),
            kit_types::description.eq(&new.description),
            kit_types::get_started.eq(&new.get_started),
            kit_types::age_from.eq(new.age_from),
            kit_types::age_to.eq(new.age_to),
            kit_types::screen.eq(new.screen),
            kit_types::power.eq(&new.power),
            kit_types::power_source.eq(new.power_source),
            kit_types::loan_days.eq(new.loan_days),
            kit_types::turnaround_days.eq(new.turnaround_days),
            kit_types::service_after_loan.eq(new.service_after_loan),
            kit_types::service_every.eq(new.service_every),
            kit_types::service_every_days.eq(new.service_every_days),
            kit_types::version.eq(new.version),
        ))
        .execute(&mut **tx)
        .map_err(name_taken)?;
    let from = saved(old, store::contents(tx, id)?);
    save.contents = store::save_contents(tx, id, &save.contents)?;
    events::append(tx, by, id, "kit_type.changed", json!({ "from": from, "to": save }))?;
    let kits = store::kits_of_type(tx, id)?.len();
    let pictures = pictures::of_types(tx, &[id])?.into_iter().map(PictureView::from).collect();
    let courses = queries::courses_of(tx, &[id])?.remove(&id).unwrap_or_default();
    let kits = i64::try_from(kits).unwrap_or(i64::MAX);
    Ok(KitTypeView { courses, ..KitTypeView::new(new, save.contents, pictures, kits) })
}

/// Takes a kit type out of the catalogue.
///
/// # Errors
/// `kit_type.not_found`, `kit_type.retired`, and `kit_type.has_kits` while it has kits that are not retired.
pub fn retire_kit_type(tx: &mut Tx<'_>, by: By, id: KitTypeId) -> Result<(), Error> {
    let old = live_kit_type(tx, by, id)?;
    let kits = store::kits_of_type(tx, id)?.len();
    if kits > 0 {
        return Err(Error::refused("kit_type.has_kits").arg("count", kits));
    }
    diesel::update(kit_types::table.find(id))
        .set((kit_types::retired_at.eq(by.now), kit_types::version.eq(old.version + 1)))
        .execute(&mut **tx)?;
    events::append(tx, by, id, "kit_type.retired", json!({}))
}

/// Adds a kit, with a code of its own.
///
/// # Errors
/// `kit_type.retired`, `request.invalid` with every wrong field, also `kit_type.not_found` and `kit.copy_taken`.
pub fn add_kit(tx: &mut Tx<'_>, by: By, add: &AddKit) -> Result<KitView, Error> {
    let kit_type = live_kit_type(tx, by, add.kit_type_id).map_err(|error| match error.code() {
        "kit_type.not_found" => Error::invalid("kit_type_id", "kit_type.not_found"),
        _ => error,
    })?;
    let taken: Vec<String> =
        kits::table.filter(kits::kit_type_id.eq(kit_type.id)).select(kits::copy).load(&mut **tx)?;
    let taken: HashSet<String> = taken.into_iter().collect();
    all_fields! {
        copy = add.copy.as_deref().map(|copy| rules::copy("copy", copy)).transpose(),
        shelf = line("shelf", add.shelf.as_deref().unwrap_or_default()),
    }
    let kit = Kit {
        id: KitId::new(),
        organisation_id: by.organisation,
        kit_type_id: kit_type.id,
        code: free_code(tx)?,
        copy: copy.unwrap_or_else(|| rules::next_copy(&taken)),
        shelf,
        version: 1,
        created_at: by.now,
        retired_at: None,
        lost_at: None,
    };
    if taken.contains(&kit.copy) {
        return Err(copy_taken(&kit.copy));
    }
    diesel::insert_into(kits::table).values(&kit).execute(&mut **tx)?;
    let to = json!({ "kit_type": kit.kit_type_id, "code": kit.code, "copy": kit.copy, "shelf": kit.shelf });
    events::append(tx, by, kit.id, "kit.added", json!({ "to": to }))?;
    Ok(KitView::new(kit, kit_type.name))
}

/// Changes which copy a kit is, and where it stands.
///
/// # Errors
/// `kit.unknown_code`, `kit.retired`, `request.changed_meanwhile`, `request.invalid` with every wrong field, also
/// `kit.copy_taken`.
pub fn change_kit(tx: &mut Tx<'_>, by: By, code: &Code, save: &SaveKit, seen: Option<i32>) -> Result<KitView, Error> {
    let (kit_type, old) = live_kit(tx, by, code)?;
    if seen.is_some_and(|seen| seen != old.version) {
        return Err(Error::changed_meanwhile());
    }
    all_fields! {
        copy = rules::copy("copy", &save.copy),
        shelf = line("shelf", &save.shelf),
    }
    let new = Kit { copy, shelf, version: old.version + 1, ..old.clone() };
    diesel::update(kits::table.find(new.id))
        .set((kits::copy.eq(&new.copy), kits::shelf.eq(&new.shelf), kits::version.eq(new.version)))
        .execute(&mut **tx)
        .map_err(|error| if is_duplicate(&error) { copy_taken(&new.copy) } else { error.into() })?;
    let told = |kit: &Kit| json!({ "copy": kit.copy, "shelf": kit.shelf });
    events::append(tx, by, new.id, "kit.changed", json!({ "from": told(&old), "to": told(&new) }))?;
    Ok(KitView::new(new, kit_type.name))
}

/// Takes a kit out of use. That no loan needs it any more is for `loans` to see to.
///
/// # Errors
/// When the database fails.
pub fn retire_kit(tx: &mut Tx<'_>, by: By, kit: &Kit) -> Result<(), Error> {
    diesel::update(kits::table.find(kit.id))
        .set((kits::retired_at.eq(by.now), kits::version.eq(kit.version + 1)))
        .execute(&mut **tx)?;
    events::append(tx, by, kit.id, "kit.retired", json!({}))
}

/// Notes that a kit is lost: it is out of use until it turns up. That no loan needs it is for `loans` to see to.
///
/// # Errors
/// When the database fails.
pub fn mark_lost(tx: &mut Tx<'_>, by: By, kit: &Kit) -> Result<(), Error> {
    diesel::update(kits::table.find(kit.id))
        .set((kits::retired_at.eq(by.now), kits::lost_at.eq(by.now), kits::version.eq(kit.version + 1)))
        .execute(&mut **tx)?;
    events::append(tx, by, kit.id, "kit.lost", json!({}))
}

/// Takes a kit that was lost into use again. What it may be lent for is for `loans` to see to.
///
/// # Errors
/// `kit.unknown_code`, `kit.not_lost`, `kit_type.retired`.
pub fn bring_back(tx: &mut Tx<'_>, by: By, code: &Code) -> Result<Kit, Error> {
    let not_found = || Error::not_found("kit.unknown_code").arg("code", code.to_string());
    let kit_type = queries::kit(tx, by.organisation, code)?.ok_or_else(not_found)?.kit_type_id;
    live_kit_type(tx, by, kit_type)?;
    // Read again: it may have changed while another transaction held its type.
    let mut kit = queries::kit(tx, by.organisation, code)?.ok_or_else(not_found)?;
    if kit.lost_at.is_none() {
        return Err(Error::refused("kit.not_lost").arg("code", code.to_string()));
    }
    (kit.retired_at, kit.lost_at, kit.version) = (None, None, kit.version + 1);
    diesel::update(kits::table.find(kit.id))
        .set((kits::retired_at.eq(kit.retired_at), kits::lost_at.eq(kit.lost_at), kits::version.eq(kit.version)))
        .execute(&mut **tx)?;
    events::append(tx, by, kit.id, "kit.recovered", json!({}))?;
    Ok(kit)
}

/// A kit type that is in the catalogue, held until the transaction ends.
pub(crate) fn live_kit_type(tx: &mut Tx<'_>, by: By, id: KitTypeId) -> Result<KitType, Error> {
    store::lock_kit_type(tx, id)?;
    let found = store::find_kit_type(tx, by.organisation, id)?.ok_or_else(|| Error::not_found("kit_type.not_found"))?;
    if found.retired_at.is_some() { Err(Error::refused("kit_type.retired")) } else { Ok(found) }
}

/// A kit that is not retired, with its type, which is held until the transaction ends.
///
/// # Errors
/// `kit.unknown_code`, `kit.retired`, `code.blank`, `code.replaced`.
pub fn live_kit(tx: &mut Tx<'_>, by: By, code: &Code) -> Result<(KitType, Kit), Error> {
    let not_found = || Error::not_found("kit.unknown_code").arg("code", code.to_string());
    let kit_type = queries::kit(tx, by.organisation, code)?.ok_or_else(not_found)?.kit_type_id;
    store::lock_kit_type(tx, kit_type)?;
    let kit_type = store::find_kit_type(tx, by.organisation, kit_type)?.ok_or_else(not_found)?;
    // Read again: it may have changed while another transaction held its type.
    let kit = queries::kit(tx, by.organisation, code)?.ok_or_else(not_found)?;
    if kit.retired_at.is_some() { Err(Error::refused("kit.retired")) } else { Ok((kit_type, kit)) }
}

/// A code that nobody has or has had.
///
/// # Errors
/// When the database fails.
pub fn free_code(tx: &mut Tx<'_>) -> Result<Code, Error> {
    for _ in 0..DRAWS {
        let code = Code::random(&mut rand::rng());
        if !store::code_is_taken(tx, &code)? {
            return Ok(code);
        }
    }
    Err(Fault::new("no free code was found").into())
}

fn name_taken(error: diesel::result::Error) -> Error {
    if is_duplicate(&error) { Error::invalid("name", "kit_type.name_taken") } else { error.into() }
}

fn copy_taken(copy: &str) -> Error {
    FieldError::new("copy", "kit.copy_taken").arg("copy", copy).into()
}

fn row(by: By, id: KitTypeId, version: i32, save: &SaveKitType) -> KitType {
    KitType {
        id,
        organisation_id: by.organisation,
        name: save.name.clone(),
        description: save.description.clone(),
        get_started: save.get_started.clone(),
        age_from: save.age_from,
        age_to: save.age_to,
        screen: save.screen,
        power: save.power.clone(),
        power_source: save.power_source,
        loan_days: save.loan_days,
        turnaround_days: save.turnaround_days,
        service_after_loan: save.service_after_loan,
        service_every: save.service_every,
        service_every_days: save.service_every_days,
        version,
        created_at: by.now,
        retired_at: None,
    }
}

fn saved(row: KitType, contents: Vec<rules::ContentLine>) -> SaveKitType {
    SaveKitType {
        name: row.name,
        description: row.description,
        get_started: row.get_started,
        age_from: row.age_from,
        age_to: row.age_to,
        screen: row.screen,
        power: row.power,
        power_source: row.power_source,
        loan_days: row.loan_days,
        turnaround_days: row.turnaround_days,
        service_after_loan: row.service_after_loan,
        service_every: row.service_every,
        service_every_days: row.service_every_days,
        contents,
    }
}
