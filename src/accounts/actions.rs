//! What is done with organisations, units, people and tokens.

use crate::accounts::rules::{self, EvaluationGate, Role, in_range};
use crate::accounts::secrets;
use crate::accounts::sign_in;
use crate::accounts::store::{self, Organisation, PersonRow, Unit};
use crate::accounts::views::{OrganisationView, TokenView};
use crate::mail::outbox;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::db::{Tx, is_duplicate};
use crate::platform::error::{Error, FieldError, all_fields};
use crate::platform::events::{self, By};
use crate::platform::ids::{OrganisationId, PersonId, TokenId, UnitId};
use crate::platform::text::Lang;
use crate::schema::{api_tokens, organisations, people, person_roles, person_units, sessions, units};
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

/// A new unit, or what a unit is changed to.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveUnit {
    /// Its name, unique in the organisation.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// The area it lies in.
    #[serde(default)]
    pub area: Option<String>,
    /// The address that gets mails about its loans.
    #[serde(default)]
    pub email: Option<String>,
    /// Enrolled children.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100_000)]
    pub children: Option<i32>,
    /// Where it lies: street and number.
    #[serde(default)]
    pub street_address: Option<String>,
    /// The day of the week on which the warehouse's van comes by, from 1 for Monday; none when it fetches its kits itself.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 7)]
    pub delivery_weekday: Option<i32>,
}

/// A new person, or what a person is changed to.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SavePerson {
    /// Their name.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// Their address in the service.
    pub email: String,
    /// The language of their mails; the organisation's unless said.
    #[serde(default)]
    pub language: Option<Lang>,
    /// What they may do; at least one role.
    pub roles: Vec<Role>,
    /// The units they borrow for; a borrower has at least one.
    #[serde(default)]
    pub units: Vec<UnitId>,
}

/// What an organisation's rules are changed to.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveOrganisation {
    /// Its name.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// Its language.
    pub language: Lang,
    /// An IANA time zone, as in Europe/Stockholm.
    pub time_zone: String,
    /// What a missing evaluation holds back.
    pub evaluation_gate: EvaluationGate,
    /// Days from receipt until an evaluation is overdue.
    #[schema(minimum = 0, maximum = 90)]
    pub evaluation_due_days: i32,
    /// Whom to ask.
    #[serde(default)]
    pub contact_name: String,
    /// Where to ask.
    #[serde(default)]
    pub contact_email: String,
    /// Where to ask.
    #[serde(default)]
    pub contact_phone: String,
}

impl SaveUnit {
    /// The unit as it is stored: trimmed, and within bounds.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn checked(&self) -> Result<Self, Vec<FieldError>> {
        all_fields! {
            name = rules::name("name", &self.name),
            area = rules::line("area", self.area.as_deref().unwrap_or_default()),
            email = email_or_none("email", self.email.as_deref()),
            children = self.children.map(|children| in_range("children", children, 0, 100_000)).transpose(),
            street_address = rules::line("street_address", self.street_address.as_deref().unwrap_or_default()),
            delivery_weekday = self.delivery_weekday.map(|day| in_range("delivery_weekday", day, 1, 7)).transpose(),
        }
        let (area, email, street_address) = (Some(area), Some(email), Some(street_address));
        Ok(Self { name, area, email, children, street_address, delivery_weekday })
    }
}

impl SavePerson {
    /// The person as they are stored. Whether the units exist is not known here.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn checked(&self) -> Result<Self, Vec<FieldError>> {
        let (mut roles, mut units) = (self.roles.clone(), self.units.clone());
        roles.sort_unstable();
        roles.dedup();
        units.sort_unstable();
        units.dedup();
        all_fields! {
            name = rules::name("name", &self.name),
            email = rules::email("email", &self.email),
            roles = if roles.is_empty() { Err(FieldError::new("roles", "person.no_role")) } else { Ok(roles) },
            units = if units.is_empty() && self.roles.contains(&Role::Borrower) {
                Err(FieldError::new("units", "person.no_unit"))
            } else {
                Ok(units)
            },
        }
        Ok(Self { name, email, language: self.language, roles, units })
    }
}

/// Adds an organisation: what the first set-up does.
///
/// # Errors
/// `request.invalid` when the name is none, `organisation.name_taken`.
pub fn add_organisation(tx: &mut Tx<'_>, name: &str, now: Instant) -> Result<Organisation, Error> {
    let name = rules::name("name", name).map_err(|wrong| Error::invalid_fields(vec![wrong]))?;
    let organisation = Organisation {
        id: OrganisationId::new(),
        name,
        time_zone: "Europe/Stockholm".to_owned(),
        language: Lang::Sv,
        evaluation_gate: EvaluationGate::Kit,
        evaluation_due_days: 7,
        contact_name: String::new(),
        contact_email: String::new(),
        contact_phone: String::new(),
        version: 1,
        created_at: now,
    };
    diesel::insert_into(organisations::table).values(&organisation).execute(&mut **tx).map_err(organisation_taken)?;
    let by = By { organisation: organisation.id, person: None, now };
    events::append(tx, by, organisation.id, "organisation.added", json!({}))?;
    Ok(organisation)
}

fn organisation_taken(error: diesel::result::Error) -> Error {
    if is_duplicate(&error) { Error::invalid("name", "organisation.name_taken") } else { error.into() }
}

/// On PostgreSQL makes other writes of a row wait until the transaction ends, so that what is read of it stays true; on
/// SQLite there is one writer anyway.
macro_rules! lock {
    ($tx:expr, $table:ident, $id:expr) => {
        if let Conn::Pg(pg) = &mut **$tx {
            $table::table.find($id).select($table::version).for_no_key_update().get_result::<i32>(pg).optional()?;
        }
    };
}

/// Changes an organisation's rules.
///
/// # Errors
/// `request.invalid` with every wrong field, also `organisation.name_taken`, `request.changed_meanwhile`.
pub fn change_organisation(
    tx: &mut Tx<'_>,
    by: By,
    change: &SaveOrganisation,
    seen: Option<i32>,
) -> Result<OrganisationView, Error> {
    lock!(tx, organisations, by.organisation);
    let mut organisation = store::organisation(tx, by.organisation)?;
    if seen.is_some_and(|seen| seen != organisation.version) {
        return Err(Error::changed_meanwhile());
    }
    all_fields! {
        name = rules::name("name", &change.name),
        zone = change.time_zone.parse::<chrono_tz::Tz>().map_err(|_| FieldError::new("time_zone", "field.time_zone")),
        days = in_range("evaluation_due_days", change.evaluation_due_days, 0, 90),
        contact_name = rules::line("contact_name", &change.contact_name),
        contact_email = email_or_none("contact_email", Some(&change.contact_email)),
        contact_phone = rules::line("contact_phone", &change.contact_phone),
    }
    let from = organisation.clone();
    organisation = Organisation {
        name,
        time_zone: zone.name().to_owned(),
        language: change.language,
        evaluation_gate: change.evaluation_gate,
        evaluation_due_days: days,
        contact_name,
        contact_email,
        contact_phone,
        version: from.version + 1,
        ..from.clone()
    };
    diesel::update(organisations::table.find(organisation.id))
        .set((
            organisations::name.eq(&organisation.name),
            organisations::time_zone.eq(&organisation.time_zone),
            organisations::language.eq(organisation.language),
            organisations::evaluation_gate.eq(organisation.evaluation_gate),
            organisations::evaluation_due_days.eq(organisation.evaluation_due_days),
            organisations::contact_name.eq(&organisation.contact_name),
            organisations::contact_email.eq(&organisation.contact_email),
            organisations::contact_phone.eq(&organisation.contact_phone),
            organisations::version.eq(organisation.version),
        ))
        .execute(&mut **tx)
        .map_err(organisation_taken)?;
    let contact = |o: &Organisation| [o.contact_name.clone(), o.contact_email.clone(), o.contact_phone.clone()];
    let rules = |o: &Organisation| {
        json!({ "name": o.name, "time_zone": o.time_zone, "language": o.language,
                "evaluation_gate": o.evaluation_gate, "evaluation_due_days": o.evaluation_due_days })
    };
    events::append(
        tx,
        by,
        organisation.id,
        "organisation.changed",
        json!({ "from": rules(&from), "to": rules(&organisation),
                "changed": changed(&[("contact", contact(&from) != contact(&organisation))]) }),
    )?;
    Ok((&organisation).into())
}

/// What an event says of values that it may not hold, such as addresses: that they are others now.
fn changed(values: &[(&'static str, bool)]) -> Vec<&'static str> {
    values.iter().filter(|(_, differs)| *differs).map(|(name, _)| *name).collect()
}

fn email_or_none(field: &str, text: Option<&str>) -> Result<String, FieldError> {
    match text.map(str::trim).unwrap_or_default() {
        "" => Ok(String::new()),
        text => rules::email(field, text),
    }
}

fn checked_unit(by: By, save: &SaveUnit) -> Result<Unit, Error> {
    let save = save.checked()?;
    Ok(Unit {
        id: UnitId::new(),
        organisation_id: by.organisation,
        name: save.name,
        area: save.area.unwrap_or_default(),
        email: save.email.unwrap_or_default(),
        children: save.children,
        street_address: save.street_address.unwrap_or_default(),
        delivery_weekday: save.delivery_weekday,
        version: 1,
        created_at: by.now,
    })
}

fn name_taken(error: diesel::result::Error) -> Error {
    if is_duplicate(&error) { Error::invalid("name", "unit.name_taken") } else { error.into() }
}

/// Adds a unit.
///
/// # Errors
/// `request.invalid` with every wrong field, also `unit.name_taken`.
pub fn add_unit(tx: &mut Tx<'_>, by: By, save: &SaveUnit) -> Result<Unit, Error> {
    let unit = checked_unit(by, save)?;
    diesel::insert_into(units::table).values(&unit).execute(&mut **tx).map_err(name_taken)?;
    events::append(tx, by, unit.id, "unit.added", json!({ "to": { "name": unit.name, "area": unit.area } }))?;
    Ok(unit)
}

/// Changes a unit.
///
/// # Errors
/// `unit.not_found`, `request.changed_meanwhile`, `request.invalid` with every wrong field.
pub fn change_unit(tx: &mut Tx<'_>, by: By, id: UnitId, save: &SaveUnit, seen: Option<i32>) -> Result<Unit, Error> {
    lock!(tx, units, id);
    let old = store::find_unit(tx, by.organisation, id)?.ok_or_else(|| Error::not_found("unit.not_found"))?;
    if seen.is_some_and(|seen| seen != old.version) {
        return Err(Error::changed_meanwhile());
    }
    let unit = Unit { id, version: old.version + 1, created_at: old.created_at, ..checked_unit(by, save)? };
    diesel::update(units::table.find(id))
        .set((
            units::name.eq(&unit.name),
            units::area.eq(&unit.area),
            units::email.eq(&unit.email),
            units::children.eq(unit.children),
            units::street_address.eq(&unit.street_address),
            units::delivery_weekday.eq(unit.delivery_weekday),
            units::version.eq(unit.version),
        ))
        .execute(&mut **tx)
        .map_err(name_taken)?;
    events::append(
        tx,
        by,
        id,
        "unit.changed",
        json!({ "from": { "name": old.name, "area": old.area, "children": old.children,
                          "street_address": old.street_address, "delivery_weekday": old.delivery_weekday },
                "to": { "name": unit.name, "area": unit.area, "children": unit.children,
                        "street_address": unit.street_address, "delivery_weekday": unit.delivery_weekday },
                "changed": changed(&[("email", old.email != unit.email)]) }),
    )?;
    Ok(unit)
}

fn checked_person(tx: &mut Tx<'_>, by: By, save: &SavePerson) -> Result<SavePerson, Error> {
    let known: Vec<UnitId> = units::table
        .filter(units::organisation_id.eq(by.organisation).and(units::id.eq_any(&save.units)))
        .select(units::id)
        .load(&mut **tx)?;
    let all_known = save.units.iter().all(|unit| known.contains(unit));
    all_fields! {
        save = save.checked(),
        _units = if all_known { Ok(()) } else { Err(FieldError::new("units", "unit.not_found")) },
    }
    Ok(save)
}

fn save_memberships(tx: &mut Tx<'_>, person: PersonId, roles: &[Role], units: &[UnitId]) -> Result<(), Error> {
    diesel::delete(person_roles::table.filter(person_roles::person_id.eq(person))).execute(&mut **tx)?;
    diesel::delete(person_units::table.filter(person_units::person_id.eq(person))).execute(&mut **tx)?;
    for role in roles {
        diesel::insert_into(person_roles::table)
            .values((person_roles::person_id.eq(person), person_roles::role.eq(*role)))
            .execute(&mut **tx)?;
    }
    for unit in units {
        diesel::insert_into(person_units::table)
            .values((person_units::person_id.eq(person), person_units::unit_id.eq(*unit)))
            .execute(&mut **tx)?;
    }
    Ok(())
}

fn email_taken(error: diesel::result::Error) -> Error {
    if is_duplicate(&error) { Error::invalid("email", "person.email_taken") } else { error.into() }
}

/// Adds a person.
///
/// # Errors
/// `request.invalid` with every wrong field, also `person.email_taken`.
pub fn add_person(tx: &mut Tx<'_>, by: By, save: &SavePerson) -> Result<PersonRow, Error> {
    let SavePerson { name, email, language, roles, units } = checked_person(tx, by, save)?;
    let language = match language {
        Some(language) => language,
        None => store::organisation(tx, by.organisation)?.language,
    };
    let person = PersonRow {
        id: PersonId::new(),
        organisation_id: by.organisation,
        email: Some(email),
        name,
        language,
        version: 1,
        created_at: by.now,
        removed_at: None,
    };
    diesel::insert_into(people::table).values(&person).execute(&mut **tx).map_err(email_taken)?;
    save_memberships(tx, person.id, &roles, &units)?;
    events::append(tx, by, person.id, "person.added", json!({ "to": { "roles": roles, "units": units } }))?;
    Ok(person)
}

/// Changes a person. Sessions and tokens go on, with the new rights.
///
/// # Errors
/// `person.not_found`, `request.changed_meanwhile`, `request.invalid` with every wrong field, and
/// `person.last_admin` when nobody would be left to look after the organisation.
pub fn change_person(
    tx: &mut Tx<'_>,
    by: By,
    id: PersonId,
    save: &SavePerson,
    seen: Option<i32>,
) -> Result<PersonRow, Error> {
    lock!(tx, people, id);
    let old = store::find_person(tx, by.organisation, id)?.ok_or_else(|| Error::not_found("person.not_found"))?;
    if seen.is_some_and(|seen| seen != old.version) {
        return Err(Error::changed_meanwhile());
    }
    let SavePerson { name, email, language, roles, units } = checked_person(tx, by, save)?;
    let old_roles = store::roles(tx, id)?;
    if old_roles.contains(&Role::Admin) && !roles.contains(&Role::Admin) {
        keep_an_admin(tx, by, id)?;
    }
    let old_units = store::unit_ids(tx, id)?;
    let before = (old.name.clone(), old.email.clone(), old.language);
    let person = PersonRow {
        email: Some(email),
        name,
        language: language.unwrap_or(old.language),
        version: old.version + 1,
        ..old
    };
    diesel::update(people::table.find(id))
        .set((
            people::email.eq(&person.email),
            people::name.eq(&person.name),
            people::language.eq(person.language),
            people::version.eq(person.version),
        ))
        .execute(&mut **tx)
        .map_err(email_taken)?;
    save_memberships(tx, id, &roles, &units)?;
    events::append(
        tx,
        by,
        id,
        "person.changed",
        json!({ "from": { "roles": old_roles, "units": old_units, "language": before.2 },
                "to": { "roles": roles, "units": units, "language": person.language },
                "changed": changed(&[("name", before.0 != person.name), ("email", before.1 != person.email)]) }),
    )?;
    Ok(person)
}

/// Removes a person: name, address, roles, sessions, tokens and mails go; loans and evaluations stay.
///
/// # Errors
/// `person.not_found`, `person.last_admin`.
pub fn remove_person(tx: &mut Tx<'_>, by: By, id: PersonId) -> Result<(), Error> {
    lock!(tx, people, id);
    let old = store::find_person(tx, by.organisation, id)?.ok_or_else(|| Error::not_found("person.not_found"))?;
    keep_an_admin(tx, by, id)?;
    if let Some(email) = &old.email {
        outbox::forget_address(tx, by.organisation, email)?;
    }
    diesel::update(people::table.find(id))
        .set((
            people::email.eq(None::<String>),
            people::name.eq(""),
            people::version.eq(old.version + 1),
            people::removed_at.eq(by.now),
        ))
        .execute(&mut **tx)?;
    save_memberships(tx, id, &[], &[])?;
    diesel::delete(sessions::table.filter(sessions::person_id.eq(id))).execute(&mut **tx)?;
    diesel::update(api_tokens::table.filter(api_tokens::person_id.eq(id)))
        .set(api_tokens::revoked_at.eq(by.now))
        .execute(&mut **tx)?;
    sign_in::forget_person(tx, id, old.email.as_deref())?;
    events::append(tx, by, id, "person.removed", json!({}))
}

fn keep_an_admin(tx: &mut Tx<'_>, by: By, leaving: PersonId) -> Result<(), Error> {
    // Two who leave at the same time must not both take the other for the one who stays.
    lock!(tx, organisations, by.organisation);
    let admins: Vec<PersonId> = people::table
        .inner_join(person_roles::table)
        .filter(people::organisation_id.eq(by.organisation).and(person_roles::role.eq(Role::Admin)))
        .select(people::id)
        .load(&mut **tx)?;
    if admins == [leaving] { Err(Error::refused("person.last_admin")) } else { Ok(()) }
}

/// Makes an API token for a person; its secret is told only now.
///
/// # Errors
/// `request.invalid` when the name is none.
pub fn create_token(tx: &mut Tx<'_>, by: By, person: PersonId, name: &str) -> Result<TokenView, Error> {
    let name = rules::name("name", name).map_err(|wrong| Error::invalid_fields(vec![wrong]))?;
    let token = format!("{}{}", secrets::API_TOKEN_PREFIX, secrets::token());
    let id = TokenId::new();
    store::insert_token(tx, id, person, &name, &secrets::hash(&token), by.now)?;
    events::append(tx, by, person, "person.token_created", json!({ "token": id }))?;
    Ok(TokenView { id, name, token: Some(token) })
}

/// Revokes one of a person's own tokens.
///
/// # Errors
/// `token.not_found`.
pub fn revoke_token(tx: &mut Tx<'_>, by: By, person: PersonId, id: TokenId) -> Result<(), Error> {
    let revoked = diesel::update(
        api_tokens::table
            .filter(api_tokens::id.eq(id).and(api_tokens::person_id.eq(person)).and(api_tokens::revoked_at.is_null())),
    )
    .set(api_tokens::revoked_at.eq(by.now))
    .execute(&mut **tx)?;
    if revoked == 0 {
        return Err(Error::not_found("token.not_found"));
    }
    events::append(tx, by, person, "person.token_revoked", json!({ "token": id }))
}
