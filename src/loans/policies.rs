//! Rows of loan rules: an organisation's, and those of its kit types that differ.

use crate::accounts::rules::in_range;
use crate::loans::policy::{LoanRules, Policy};
use crate::loans::rules::LOOK_AHEAD_DAYS;
use crate::loans::store;
use crate::opening::rules::Opening;
use crate::opening::store as opening;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::error::{Error, FieldError, all_fields};
use crate::platform::events::{self, By};
use crate::platform::ids::{AnyId, KitTypeId, OrganisationId};
use crate::schema::{kit_types, loan_rules};
use diesel::prelude::*;
use serde_json::json;
use std::collections::HashMap;

/// What one row says.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = loan_rules, treat_none_as_null = true)]
struct Row {
    subject_id: AnyId,
    organisation_id: OrganisationId,
    kit_type_id: Option<KitTypeId>,
    earliest_days: Option<i32>,
    lead_days: Option<i32>,
    kits_at_once: Option<i32>,
    kits_of_type: Option<i32>,
    no_repeat: Option<bool>,
    collect_days: Option<i32>,
    version: i32,
}

/// Rules as somebody said them. Version 0: nobody has said anything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Said {
    /// The rules.
    pub rules: LoanRules,
    /// Counts the changes.
    pub version: i32,
}

impl From<Row> for Said {
    fn from(row: Row) -> Self {
        let rules = LoanRules {
            earliest_days: row.earliest_days,
            lead_days: row.lead_days,
            kits_at_once: row.kits_at_once,
            kits_of_type: row.kits_of_type,
            no_repeat: row.no_repeat,
            collect_days: row.collect_days,
        };
        Self { rules, version: row.version }
    }
}

/// What the organisation says, or one of its kit types.
///
/// # Errors
/// When the database fails.
pub fn said(conn: &mut Conn, organisation: OrganisationId, kit_type: Option<KitTypeId>) -> Result<Said, Error> {
    let row: Option<Row> = loan_rules::table.find(subject(organisation, kit_type)).get_result(conn).optional()?;
    Ok(row.map(Said::from).unwrap_or_default())
}

/// The kit types that say something of their own, by name.
///
/// # Errors
/// When the database fails.
pub fn types_with_own(
    conn: &mut Conn,
    organisation: OrganisationId,
) -> Result<Vec<(KitTypeId, String, LoanRules)>, Error> {
    let rows: Vec<(Row, String)> = loan_rules::table
        .inner_join(kit_types::table)
        .filter(loan_rules::organisation_id.eq(organisation))
        .order(kit_types::name.asc())
        .select((loan_rules::all_columns, kit_types::name))
        .load(conn)?;
    let own = rows.into_iter().filter_map(|(row, name)| Some((row.kit_type_id?, name, Said::from(row).rules)));
    Ok(own.filter(|(_, _, rules)| *rules != LoanRules::default()).collect())
}

/// The rules that hold for each of these types.
///
/// # Errors
/// When the database fails.
pub fn in_force(
    conn: &mut Conn,
    organisation: OrganisationId,
    kit_types: &[KitTypeId],
) -> Result<HashMap<KitTypeId, Policy>, Error> {
    let subjects: Vec<AnyId> =
        kit_types.iter().map(|id| subject(organisation, Some(*id))).chain([subject(organisation, None)]).collect();
    let rows: Vec<Row> = loan_rules::table.filter(loan_rules::subject_id.eq_any(subjects)).load(conn)?;
    let mut said: HashMap<Option<KitTypeId>, LoanRules> =
        rows.into_iter().map(|row| (row.kit_type_id, Said::from(row).rules)).collect();
    let organisation = said.remove(&None).unwrap_or_default();
    let own = |id: &KitTypeId| said.get(&Some(*id)).copied().unwrap_or_default();
    let of = |id: &KitTypeId| (*id, Policy::of(&organisation.but(&own(id))));
    Ok(kit_types.iter().map(of).collect())
}

/// The rules that hold for one type.
///
/// # Errors
/// When the database fails.
pub fn of_type(conn: &mut Conn, organisation: OrganisationId, id: KitTypeId) -> Result<Policy, Error> {
    let own = said(conn, organisation, Some(id))?.rules;
    Ok(Policy::of(&said(conn, organisation, None)?.rules.but(&own)))
}

fn subject(organisation: OrganisationId, kit_type: Option<KitTypeId>) -> AnyId {
    AnyId::from(kit_type.map_or_else(|| organisation.uuid(), KitTypeId::uuid))
}

/// Says the rules of the organisation, or of one of its kit types. Loans there are stay as they are.
///
/// # Errors
/// `request.invalid` with every wrong field, `kit_type.not_found`, `request.changed_meanwhile`.
pub fn save(
    tx: &mut Tx<'_>,
    by: By,
    kit_type: Option<KitTypeId>,
    rules: &LoanRules,
    seen: Option<i32>,
) -> Result<Said, Error> {
    if let Some(id) = kit_type {
        store::find_type(tx, by.organisation, id)?.ok_or_else(|| Error::not_found("kit_type.not_found"))?;
    }
    check(rules, kit_type.is_some())?;
    leaves_days(tx, by, kit_type, rules)?;
    let old = said(tx, by.organisation, kit_type)?;
    if seen.is_some_and(|seen| seen != old.version) {
        return Err(Error::changed_meanwhile());
    }
    let row = Row {
        subject_id: subject(by.organisation, kit_type),
        organisation_id: by.organisation,
        kit_type_id: kit_type,
        earliest_days: rules.earliest_days,
        lead_days: rules.lead_days,
        kits_at_once: rules.kits_at_once,
        kits_of_type: rules.kits_of_type,
        no_repeat: rules.no_repeat,
        collect_days: rules.collect_days,
        version: old.version + 1,
    };
    if old.version == 0 {
        diesel::insert_into(loan_rules::table).values(&row).execute(&mut **tx)?;
    } else {
        let here = loan_rules::table.find(row.subject_id).filter(loan_rules::version.eq(old.version));
        if diesel::update(here).set(&row).execute(&mut **tx)? == 0 {
            return Err(Error::changed_meanwhile());
        }
    }
    let change = json!({ "from": old.rules, "to": rules });
    match kit_type {
        Some(id) => events::append(tx, by, id, "kit_type.rules_changed", change)?,
        None => events::append(tx, by, by.organisation, "organisation.loan_rules_changed", change)?,
    }
    Ok(row.into())
}

/// Checks that a day is left to reserve, by these rules together with those that hold beside them.
fn leaves_days(tx: &mut Tx<'_>, by: By, kit_type: Option<KitTypeId>, rules: &LoanRules) -> Result<(), Error> {
    let merged = match kit_type {
        Some(_) => vec![said(tx, by.organisation, None)?.rules.but(rules)],
        None => {
            let own = types_with_own(tx, by.organisation)?;
            std::iter::once(*rules).chain(own.iter().map(|(_, _, own)| rules.but(own))).collect()
        }
    };
    // Closures come and go; which weekdays are open stays.
    let today = by.now.utc().date_naive();
    let opening = Opening { closures: Vec::new(), ..opening::opening(tx, by.organisation, today)? };
    let leaves = |rules: &LoanRules| {
        let policy = Policy::of(rules);
        policy.first_possible(&opening, today).is_some_and(|first| first <= policy.last_possible(today))
    };
    if merged.iter().all(leaves) { Ok(()) } else { Err(Error::invalid("earliest_days", "loan_rules.no_day_left")) }
}

fn check(rules: &LoanRules, of_type: bool) -> Result<(), Vec<FieldError>> {
    let within = |field: &'static str, value: Option<i32>, least, most| {
        value.map(|value| in_range(field, value, least, most)).transpose()
    };
    all_fields! {
        _earliest = within("earliest_days", rules.earliest_days, 1, i32::try_from(LOOK_AHEAD_DAYS).unwrap_or(i32::MAX)),
        _lead = within("lead_days", rules.lead_days, 0, 30),
        _at_once = match rules.kits_at_once {
            Some(_) if of_type => Err(FieldError::new("kits_at_once", "loan_rules.of_organisation")),
            most => within("kits_at_once", most, 1, 1000),
        },
        _of_type = within("kits_of_type", rules.kits_of_type, 1, 1000),
        _collect = within("collect_days", rules.collect_days, 0, 60),
    }
    Ok(())
}
