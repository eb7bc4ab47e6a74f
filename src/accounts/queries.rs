//! Lists of units and people.

use crate::accounts::rules::Role;
use crate::accounts::store::Unit;
use crate::accounts::views::PersonView;
use crate::platform::db::connection::Conn;
use crate::platform::error::{Error, FieldError};
use crate::platform::ids::{OrganisationId, PersonId, UnitId};
use crate::platform::text::Lang;
use crate::platform::web::paging::{Listing, Paging};
use crate::schema::{people, person_roles, person_units, units};
use diesel::prelude::*;
use std::collections::HashMap;

/// Units by name.
///
/// # Errors
/// When the database fails.
pub fn units(conn: &mut Conn, organisation: OrganisationId, paging: &Paging) -> Result<Listing<Unit>, Error> {
    find_units(conn, organisation, "", paging)
}

/// Units whose name or area has these letters in it, in upper or lower case, by name.
///
/// # Errors
/// When the database fails.
pub fn find_units(
    conn: &mut Conn,
    organisation: OrganisationId,
    q: &str,
    paging: &Paging,
) -> Result<Listing<Unit>, Error> {
    let mut query = units::table.filter(units::organisation_id.eq(organisation)).into_boxed();
    if let Some(after) = paging.after::<String>()? {
        query = query.filter(units::name.gt(after));
    }
    query = query.order(units::name.asc());
    let rows: Vec<Unit> = if q.trim().is_empty() {
        query.limit(paging.rows()).load(conn)?
    } else {
        let all: Vec<Unit> = query.load(conn)?;
        all.into_iter().filter(|unit| has(&[&unit.name, &unit.area], q)).collect()
    };
    Ok(Listing::cut(rows, paging, |unit| unit.name.clone()))
}

/// True when one of the texts has the letters of `q` in it. Compared here, since the databases disagree on the case of
/// å, ä and ö.
fn has(texts: &[&str], q: &str) -> bool {
    let wanted = q.trim().to_lowercase();
    texts.iter().any(|text| text.to_lowercase().contains(&wanted))
}

/// The most units that are named when several are called alike.
const NAMED: usize = 5;
/// The most units that are offered to choose from.
const MOST_CHOICES: i64 = 2000;

/// Names of units to choose from: these, or all of the organisation.
///
/// # Errors
/// When the database fails.
pub fn unit_names(
    conn: &mut Conn,
    organisation: OrganisationId,
    only: Option<&[UnitId]>,
) -> Result<Vec<(UnitId, String)>, Error> {
    let mut query = units::table.filter(units::organisation_id.eq(organisation)).into_boxed();
    if let Some(only) = only {
        query = query.filter(units::id.eq_any(only.to_vec()));
    }
    Ok(query.order(units::name.asc()).limit(MOST_CHOICES).select((units::id, units::name)).load(conn)?)
}

/// The unit that somebody means by its id, by its name, or by a part of its name that no other has; in upper or lower case.
///
/// # Errors
/// `request.invalid` with the field `unit`: nothing is written, no unit is called so, or several are.
pub fn unit_named(conn: &mut Conn, organisation: OrganisationId, text: &str) -> Result<UnitId, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid("unit", "field.missing"));
    }
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let units = unit_names(conn, organisation, None)?;
    let wanted = text.to_lowercase();
    let exact: Vec<_> = units.iter().filter(|(_, name)| name.to_lowercase() == wanted).collect();
    let like: Vec<_> = units.iter().filter(|(_, name)| has(&[name], text)).collect();
    match (exact.as_slice(), like.as_slice()) {
        ([(id, _)], _) | ([], [(id, _)]) => Ok(*id),
        (_, []) => Err(FieldError::new("unit", "unit.none_called").arg("name", text).into()),
        (_, several) => {
            let names: Vec<&str> = several.iter().take(NAMED).map(|(_, name)| name.as_str()).collect();
            let more = if several.len() > NAMED { " …" } else { "" };
            Err(FieldError::new("unit", "unit.several_called").arg("names", names.join(", ") + more).into())
        }
    }
}

/// Whoever was first added with each role, for the demo.
///
/// # Errors
/// When the database fails.
pub fn one_of_each_role(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<(Role, PersonId, String)>, Error> {
    let mut found = Vec::new();
    for role in Role::ALL {
        let first: Option<(PersonId, String)> = people::table
            .inner_join(person_roles::table)
            .filter(people::organisation_id.eq(organisation).and(people::removed_at.is_null()))
            .filter(person_roles::role.eq(*role))
            .order(people::id.asc())
            .select((people::id, people::name))
            .first(conn)
            .optional()?;
        found.extend(first.map(|(id, name)| (*role, id, name)));
    }
    Ok(found)
}

/// People who have not been removed, by address.
///
/// # Errors
/// When the database fails.
pub fn people(conn: &mut Conn, organisation: OrganisationId, paging: &Paging) -> Result<Listing<PersonView>, Error> {
    find_people(conn, organisation, "", paging)
}

/// People who have not been removed and whose name or address has these letters in it, by address.
///
/// # Errors
/// When the database fails.
pub fn find_people(
    conn: &mut Conn,
    organisation: OrganisationId,
    q: &str,
    paging: &Paging,
) -> Result<Listing<PersonView>, Error> {
    type Row = (PersonId, Option<String>, String, Lang, i32);
    let mut query =
        people::table.filter(people::organisation_id.eq(organisation).and(people::removed_at.is_null())).into_boxed();
    if let Some(after) = paging.after::<String>()? {
        query = query.filter(people::email.gt(after));
    }
    let query = query.order(people::email.asc()).select((
        people::id,
        people::email,
        people::name,
        people::language,
        people::version,
    ));
    let mut rows: Vec<Row> = if q.trim().is_empty() {
        query.limit(paging.rows()).load(conn)?
    } else {
        let all: Vec<Row> = query.load(conn)?;
        all.into_iter().filter(|row| has(&[&row.2, row.1.as_deref().unwrap_or_default()], q)).collect()
    };
    rows.truncate(paging.limit() + 1);
    let ids: Vec<PersonId> = rows.iter().map(|row| row.0).collect();
    let roles: Vec<(PersonId, Role)> = person_roles::table.filter(person_roles::person_id.eq_any(&ids)).load(conn)?;
    let members: Vec<(PersonId, UnitId)> =
        person_units::table.filter(person_units::person_id.eq_any(&ids)).load(conn)?;
    let people = rows
        .into_iter()
        .map(|(id, email, name, language, version)| PersonView {
            id,
            name,
            email: email.unwrap_or_default(),
            language,
            roles: roles.iter().filter(|(person, _)| *person == id).map(|(_, role)| *role).collect(),
            units: members.iter().filter(|(person, _)| *person == id).map(|(_, unit)| *unit).collect(),
            version,
        })
        .collect();
    Ok(Listing::cut(people, paging, |person| person.email.clone()))
}

/// The language a person reads.
///
/// # Errors
/// When there is no such person, or the database fails.
pub fn language(conn: &mut Conn, person: PersonId) -> Result<Lang, Error> {
    Ok(people::table.find(person).select(people::language).get_result(conn)?)
}

/// What these people are called; those without a name, and those removed, are left out.
///
/// # Errors
/// When the database fails.
pub fn person_names(conn: &mut Conn, ids: Vec<PersonId>) -> Result<HashMap<PersonId, String>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(PersonId, String)> =
        people::table.filter(people::id.eq_any(ids)).select((people::id, people::name)).load(conn)?;
    Ok(rows.into_iter().filter(|(_, name)| !name.is_empty()).collect())
}
