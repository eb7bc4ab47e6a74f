//! What the administrators' pages read across features: how much there is, and the names of what events are about.

use crate::kits::code::Code;
use crate::mail::outbox;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::events::Event;
use crate::platform::ids::{AnyId, LoanId, OrganisationId, PersonId};
use crate::schema::{certificates, courses, evaluations, kit_types, kits, loans, people, queue_entries, rounds, units};
use diesel::prelude::*;
use std::collections::HashMap;

/// How much there is of each.
pub struct Counts {
    /// Units.
    pub units: i64,
    /// People who have not been removed.
    pub people: i64,
    /// Kit types in the catalogue.
    pub types: i64,
    /// Kits that are not retired.
    pub kits: i64,
    /// Mails that were given up.
    pub failed_mails: i64,
}

/// How much an organisation has of each.
///
/// # Errors
/// When the database fails.
pub fn counts(conn: &mut Conn, organisation: OrganisationId) -> Result<Counts, Error> {
    Ok(Counts {
        units: units::table.filter(units::organisation_id.eq(organisation)).count().get_result(conn)?,
        people: people::table
            .filter(people::organisation_id.eq(organisation).and(people::removed_at.is_null()))
            .count()
            .get_result(conn)?,
        types: kit_types::table
            .filter(kit_types::organisation_id.eq(organisation).and(kit_types::retired_at.is_null()))
            .count()
            .get_result(conn)?,
        kits: kits::table
            .filter(kits::organisation_id.eq(organisation).and(kits::retired_at.is_null()))
            .count()
            .get_result(conn)?,
        failed_mails: outbox::failed(conn, organisation)?,
    })
}

/// The thing that an event happened to.
#[derive(Clone)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
}

/// The names of people; empty for those who were removed.
///
/// # Errors
/// When the database fails.
pub fn names_of(conn: &mut Conn, ids: Vec<PersonId>) -> Result<HashMap<PersonId, String>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(PersonId, String)> =
        people::table.filter(people::id.eq_any(ids)).select((people::id, people::name)).load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The things that events happened to, as far as they have a name and a page.
///
/// # Errors
/// When the database fails.
pub fn subjects(conn: &mut Conn, events: &[Event]) -> Result<HashMap<AnyId, Subject>, Error> {
    let mut kinds: HashMap<&str, Vec<AnyId>> = HashMap::new();
    for event in events {
        kinds.entry(&event.subject_kind).or_default().push(event.subject_id);
    }
    let mut found = HashMap::new();
    for (kind, ids) in kinds {
        found.extend(subjects_of(conn, kind, ids)?);
    }
    Ok(found)
}

fn subjects_of(conn: &mut Conn, kind: &str, ids: Vec<AnyId>) -> Result<HashMap<AnyId, Subject>, Error> {
    let named = |id: AnyId, name: String, folder: &str| (id, Subject { name, href: format!("{folder}/{id}") });
    let lent = |kind: String, unit: String| format!("{kind}, {unit}");
    Ok(match kind {
        "person" => {
            let rows: Vec<(AnyId, String)> = people::table
                .filter(people::id.eq_any(ids).and(people::removed_at.is_null()))
                .select((people::id, people::name))
                .load(conn)?;
            rows.into_iter().map(|(id, name)| named(id, name, "/admin/personer")).collect()
        }
        "unit" => {
            let rows: Vec<(AnyId, String)> =
                units::table.filter(units::id.eq_any(ids)).select((units::id, units::name)).load(conn)?;
            rows.into_iter().map(|(id, name)| named(id, name, "/admin/enheter")).collect()
        }
        "kit_type" => {
            let rows: Vec<(AnyId, String)> = kit_types::table
                .filter(kit_types::id.eq_any(ids))
                .select((kit_types::id, kit_types::name))
                .load(conn)?;
            rows.into_iter().map(|(id, name)| named(id, name, "/admin/typer")).collect()
        }
        "kit" => {
            let rows: Vec<(AnyId, Code, String, String)> = kits::table
                .inner_join(kit_types::table)
                .filter(kits::id.eq_any(ids))
                .select((kits::id, kits::code, kit_types::name, kits::copy))
                .load(conn)?;
            let subject = |(id, code, kind, copy): (AnyId, Code, String, String)| {
                (id, Subject { name: format!("{kind} {copy}"), href: format!("/admin/lador/{code}") })
            };
            rows.into_iter().map(subject).collect()
        }
        "course" => {
            let rows: Vec<(AnyId, String)> =
                courses::table.filter(courses::id.eq_any(ids)).select((courses::id, courses::name)).load(conn)?;
            rows.into_iter().map(|(id, name)| named(id, name, "/kurser")).collect()
        }
        "certificate" => {
            let rows: Vec<(AnyId, AnyId, String)> = certificates::table
                .inner_join(courses::table)
                .filter(certificates::id.eq_any(ids))
                .select((certificates::id, courses::id, courses::name))
                .load(conn)?;
            let subject =
                |(id, course, name): (AnyId, AnyId, String)| (id, Subject { name, href: format!("/kurser/{course}") });
            rows.into_iter().map(subject).collect()
        }
        "loan" => {
            let rows: Vec<(AnyId, String, String)> = loans::table
                .inner_join(kit_types::table.on(kit_types::id.eq(loans::kit_type_id)))
                .inner_join(units::table.on(units::id.eq(loans::unit_id)))
                .filter(loans::id.eq_any(ids))
                .select((loans::id, kit_types::name, units::name))
                .load(conn)?;
            rows.into_iter().map(|(id, kind, unit)| named(id, lent(kind, unit), "/lan")).collect()
        }
        "queue" => {
            let rows: Vec<(AnyId, String, String)> = queue_entries::table
                .inner_join(kit_types::table)
                .inner_join(units::table)
                .filter(queue_entries::id.eq_any(ids))
                .select((queue_entries::id, kit_types::name, units::name))
                .load(conn)?;
            rows.into_iter().map(|(id, kind, unit)| named(id, lent(kind, unit), "/ko")).collect()
        }
        "round" => {
            let rows: Vec<(AnyId, String)> =
                rounds::table.filter(rounds::id.eq_any(ids)).select((rounds::id, rounds::name)).load(conn)?;
            rows.into_iter().map(|(id, name)| named(id, name, "/omgangar")).collect()
        }
        "evaluation" => {
            let rows: Vec<(AnyId, LoanId, String, String)> = evaluations::table
                .inner_join(kit_types::table.on(kit_types::id.eq(evaluations::kit_type_id)))
                .inner_join(units::table.on(units::id.eq(evaluations::unit_id)))
                .filter(evaluations::id.eq_any(ids))
                .select((evaluations::id, evaluations::loan_id, kit_types::name, units::name))
                .load(conn)?;
            let subject = |(id, loan, kind, unit): (AnyId, LoanId, String, String)| {
                (id, Subject { name: lent(kind, unit), href: format!("/lan/{loan}") })
            };
            rows.into_iter().map(subject).collect()
        }
        _ => HashMap::new(),
    })
}
