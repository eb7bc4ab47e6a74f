//! What the administrators' pages read across features: how much there is, and the names of what events are about.

use crate::kits::code::Code;
use crate::mail::outbox;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::events::Event;
use crate::platform::ids::{AnyId, EvaluationId, KitId, KitTypeId, LoanId, OrganisationId, PersonId, UnitId};
use crate::schema::{evaluations, kit_types, kits, loans, people, units};
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
    fn ids<T: From<uuid::Uuid>>(events: &[Event], kind: &str) -> Vec<T> {
        events.iter().filter(|event| event.subject_kind == kind).map(|event| event.subject_id.uuid().into()).collect()
    }
    // Asked for nothing, a database may still go through a whole table.
    macro_rules! rows_of {
        ($wanted:ident, $query:expr) => {
            if $wanted.is_empty() { Vec::new() } else { $query? }
        };
    }
    let mut found = HashMap::new();
    let mut keep = |id: uuid::Uuid, name: String, href: String| found.insert(AnyId::from(id), Subject { name, href });

    for (id, name) in names_of(conn, ids(events, "person"))? {
        if !name.is_empty() {
            keep(id.uuid(), name, format!("/admin/personer/{id}"));
        }
    }
    let wanted: Vec<UnitId> = ids(events, "unit");
    let rows: Vec<(UnitId, String)> = rows_of!(wanted, units::table
        .filter(units::id.eq_any(wanted))
        .select((units::id, units::name))
        .load(conn));
    for (id, name) in rows {
        keep(id.uuid(), name, format!("/admin/enheter/{id}"));
    }
    let wanted: Vec<KitTypeId> = ids(events, "kit_type");
    let rows: Vec<(KitTypeId, String)> = rows_of!(wanted, kit_types::table
        .filter(kit_types::id.eq_any(wanted))
        .select((kit_types::id, kit_types::name))
        .load(conn));
    for (id, name) in rows {
        keep(id.uuid(), name, format!("/admin/typer/{id}"));
    }
    let wanted: Vec<KitId> = ids(events, "kit");
    let rows: Vec<(KitId, Code, String, String)> = rows_of!(wanted, kits::table
        .inner_join(kit_types::table)
        .filter(kits::id.eq_any(wanted))
        .select((kits::id, kits::code, kit_types::name, kits::copy))
        .load(conn));
    for (id, code, kind, copy) in rows {
        keep(id.uuid(), format!("{kind} {copy}"), format!("/admin/lador/{code}"));
    }
    let wanted: Vec<LoanId> = ids(events, "loan");
    let rows: Vec<(LoanId, String, String)> = rows_of!(wanted, loans::table
        .inner_join(kit_types::table.on(kit_types::id.eq(loans::kit_type_id)))
        .inner_join(units::table.on(units::id.eq(loans::unit_id)))
        .filter(loans::id.eq_any(wanted))
        .select((loans::id, kit_types::name, units::name))
        .load(conn));
    for (id, kind, unit) in rows {
        keep(id.uuid(), format!("{kind}, {unit}"), format!("/lan/{id}"));
    }
    let wanted: Vec<EvaluationId> = ids(events, "evaluation");
    let rows: Vec<(EvaluationId, LoanId, String, String)> = rows_of!(wanted, evaluations::table
        .inner_join(kit_types::table.on(kit_types::id.eq(evaluations::kit_type_id)))
        .inner_join(units::table.on(units::id.eq(evaluations::unit_id)))
        .filter(evaluations::id.eq_any(wanted))
        .select((evaluations::id, evaluations::loan_id, kit_types::name, units::name))
        .load(conn));
    for (id, loan, kind, unit) in rows {
        keep(id.uuid(), format!("{kind}, {unit}"), format!("/lan/{loan}"));
    }
    Ok(found)
}
