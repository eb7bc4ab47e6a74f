//! Rows of organisations, units, people, sessions and tokens.

use crate::accounts::rules::{EvaluationGate, Role};
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{OrganisationId, PersonId, TokenId, UnitId};
use crate::platform::text::Lang;
use crate::schema::{api_tokens, organisations, people, person_roles, person_units, sessions, units};
use diesel::prelude::*;

/// An organisation and its rules.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = organisations)]
pub struct Organisation {
    /// The organisation.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its IANA time zone, which says what day it is.
    pub time_zone: String,
    /// Its language, for mails to units.
    pub language: Lang,
    /// What a missing evaluation holds back.
    pub evaluation_gate: EvaluationGate,
    /// Days from receipt until an evaluation is overdue.
    pub evaluation_due_days: i32,
    /// Whom to ask.
    pub contact_name: String,
    /// Where to ask.
    pub contact_email: String,
    /// Where to ask.
    pub contact_phone: String,
    /// Counts the changes.
    pub version: i32,
    /// When it was added.
    pub created_at: Instant,
}

impl Organisation {
    /// Its time zone; Stockholm's if the stored name is unknown to this version.
    pub fn zone(&self) -> chrono_tz::Tz {
        self.time_zone.parse().unwrap_or(chrono_tz::Europe::Stockholm)
    }

    /// The day it is there.
    pub fn today(&self, now: Instant) -> chrono::NaiveDate {
        crate::platform::clock::day_in(self.zone(), now)
    }
}

/// A unit: the preschool that borrows.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = units)]
pub struct Unit {
    /// The unit.
    pub id: UnitId,
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// Its name.
    pub name: String,
    /// The area it lies in; empty when not said.
    pub area: String,
    /// Its own address, which gets the mails about its loans; empty when it has none.
    pub email: String,
    /// Enrolled children.
    pub children: Option<i32>,
    /// Where it lies: street and number; empty when not said.
    pub street_address: String,
    /// The day of the week on which the warehouse's van comes by, from 1 for Monday; none when it fetches its kits itself.
    pub delivery_weekday: Option<i32>,
    /// Counts the changes.
    pub version: i32,
    /// When it was added.
    pub created_at: Instant,
}

/// A person. One who was removed has neither name nor address.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = people)]
pub struct PersonRow {
    /// The person.
    pub id: PersonId,
    /// Where they belong.
    pub organisation_id: OrganisationId,
    /// Their address in the service.
    pub email: Option<String>,
    /// Their name.
    pub name: String,
    /// The language of their mails.
    pub language: Lang,
    /// Counts the changes.
    pub version: i32,
    /// When they were added.
    pub created_at: Instant,
    /// When they were removed.
    pub removed_at: Option<Instant>,
}

/// One organisation.
///
/// # Errors
/// When there is none, which is a fault: ids of organisations never come from outside.
pub fn organisation(conn: &mut Conn, id: OrganisationId) -> Result<Organisation, Error> {
    Ok(organisations::table.find(id).get_result(conn)?)
}

/// Makes every other write that locks this organisation wait until the transaction ends; on SQLite there is one writer
/// anyway.
///
/// # Errors
/// When the database fails.
pub fn lock_organisation(tx: &mut Tx<'_>, id: OrganisationId) -> Result<(), Error> {
    if let Conn::Pg(pg) = &mut **tx {
        organisations::table.find(id).select(organisations::id).for_no_key_update().get_result::<OrganisationId>(pg)?;
    }
    Ok(())
}

/// Every organisation, by name.
///
/// # Errors
/// When the database fails.
pub fn organisations(conn: &mut Conn) -> Result<Vec<Organisation>, Error> {
    Ok(organisations::table.order(organisations::name.asc()).load(conn)?)
}

/// A unit of an organisation.
///
/// # Errors
/// When the database fails.
pub fn find_unit(conn: &mut Conn, organisation: OrganisationId, id: UnitId) -> Result<Option<Unit>, Error> {
    Ok(units::table
        .filter(units::id.eq(id).and(units::organisation_id.eq(organisation)))
        .get_result(conn)
        .optional()?)
}

/// Everyone who has this address, in any organisation.
///
/// # Errors
/// When the database fails.
pub fn people_with_email(conn: &mut Conn, email: &str) -> Result<Vec<PersonRow>, Error> {
    Ok(people::table.filter(people::email.eq(email)).order(people::created_at.asc()).load(conn)?)
}

/// True when somebody has an address that ends otherwise.
///
/// # Errors
/// When the database fails.
pub fn somebody_outside(conn: &mut Conn, ending: &str) -> Result<bool, Error> {
    let outside = people::table.filter(people::email.not_like(format!("%{ending}")));
    Ok(diesel::select(diesel::dsl::exists(outside)).get_result(conn)?)
}

/// The accounts that an address has: the person, and the organisation's name, by that name.
///
/// # Errors
/// When the database fails.
pub fn accounts_with_email(conn: &mut Conn, email: &str) -> Result<Vec<(PersonId, String)>, Error> {
    Ok(people::table
        .inner_join(organisations::table)
        .filter(people::email.eq(email))
        .order(organisations::name.asc())
        .select((people::id, organisations::name))
        .load(conn)?)
}

/// A person of an organisation who has not been removed.
///
/// # Errors
/// When the database fails.
pub fn find_person(conn: &mut Conn, organisation: OrganisationId, id: PersonId) -> Result<Option<PersonRow>, Error> {
    Ok(people::table
        .filter(people::id.eq(id).and(people::organisation_id.eq(organisation)).and(people::removed_at.is_null()))
        .get_result(conn)
        .optional()?)
}

/// Anyone who has not been removed, in any organisation.
///
/// # Errors
/// When the database fails.
pub fn find_anyone(conn: &mut Conn, id: PersonId) -> Result<Option<PersonRow>, Error> {
    Ok(people::table.filter(people::id.eq(id).and(people::removed_at.is_null())).get_result(conn).optional()?)
}

/// A person's roles.
///
/// # Errors
/// When the database fails.
pub fn roles(conn: &mut Conn, person: PersonId) -> Result<Vec<Role>, Error> {
    Ok(person_roles::table.filter(person_roles::person_id.eq(person)).select(person_roles::role).load(conn)?)
}

/// The units a person borrows for.
///
/// # Errors
/// When the database fails.
pub fn unit_ids(conn: &mut Conn, person: PersonId) -> Result<Vec<UnitId>, Error> {
    Ok(person_units::table.filter(person_units::person_id.eq(person)).select(person_units::unit_id).load(conn)?)
}

/// True for a person who borrows for the unit, or works for the lender; not for one who was removed, or has left the unit.
///
/// # Errors
/// When the database fails.
pub fn acts_for(conn: &mut Conn, person: PersonId, unit: UnitId) -> Result<bool, Error> {
    let at_unit = unit_ids(conn, person)?.contains(&unit);
    Ok(at_unit || roles(conn, person)?.iter().any(|role| *role != Role::Borrower))
}

/// A person with all that says what they may do.
#[derive(Debug, Clone)]
pub struct Account {
    /// The person.
    pub row: PersonRow,
    /// Their organisation.
    pub organisation: Organisation,
    /// Their roles.
    pub roles: Vec<Role>,
    /// The units they borrow for.
    pub units: Vec<UnitId>,
}

/// A person's account.
///
/// # Errors
/// When the database fails.
pub fn account(conn: &mut Conn, row: PersonRow) -> Result<Account, Error> {
    Ok(Account {
        organisation: organisation(conn, row.organisation_id)?,
        roles: roles(conn, row.id)?,
        units: unit_ids(conn, row.id)?,
        row,
    })
}

/// The people behind sessions and tokens, each in one row for every role with every unit, which are few: who asks is found
/// out with every request, and so in one question.
macro_rules! accounts {
    () => {
        people::table.inner_join(organisations::table).left_join(person_roles::table).left_join(person_units::table)
    };
}

macro_rules! account_columns {
    () => {
        (
            (people::all_columns, organisations::all_columns),
            person_roles::role.nullable(),
            person_units::unit_id.nullable(),
        )
    };
}

type AccountRow = ((PersonRow, Organisation), Option<Role>, Option<UnitId>);

/// The account that one person's rows tell of.
fn gathered(rows: impl IntoIterator<Item = AccountRow>) -> Option<Account> {
    let mut account: Option<Account> = None;
    for ((row, organisation), role, unit) in rows {
        let account =
            account.get_or_insert_with(|| Account { row, organisation, roles: Vec::new(), units: Vec::new() });
        account.roles.extend(role.filter(|role| !account.roles.contains(role)));
        account.units.extend(unit.filter(|unit| !account.units.contains(unit)));
    }
    account
}

/// Who a session belongs to, if it has not run out, and the address that was proved when it began.
///
/// # Errors
/// When the database fails.
pub fn person_of_session(
    conn: &mut Conn,
    token_hash: &[u8],
    now: Instant,
) -> Result<Option<(Account, Option<String>)>, Error> {
    let rows: Vec<(AccountRow, Option<String>)> = sessions::table
        .inner_join(accounts!())
        .filter(sessions::token_hash.eq(token_hash).and(sessions::expires_at.gt(now)))
        .select((account_columns!(), sessions::email))
        .load(conn)?;
    let proved = rows.first().and_then(|(_, proved)| proved.clone());
    Ok(gathered(rows.into_iter().map(|(row, _)| row)).map(|account| (account, proved)))
}

/// Who an API token belongs to, if it has not been revoked.
///
/// # Errors
/// When the database fails.
pub fn person_of_token(conn: &mut Conn, token_hash: &[u8]) -> Result<Option<Account>, Error> {
    let rows: Vec<AccountRow> = api_tokens::table
        .inner_join(accounts!())
        .filter(api_tokens::token_hash.eq(token_hash).and(api_tokens::revoked_at.is_null()))
        .select(account_columns!())
        .load(conn)?;
    Ok(gathered(rows))
}

/// Starts a session; `proved` is the address that was proved.
///
/// # Errors
/// When the database fails.
pub fn insert_session(
    tx: &mut Tx<'_>,
    token_hash: &[u8],
    person: PersonId,
    proved: Option<&str>,
    now: Instant,
    expires_at: Instant,
) -> Result<(), Error> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(token_hash),
            sessions::person_id.eq(person),
            sessions::email.eq(proved),
            sessions::created_at.eq(now),
            sessions::expires_at.eq(expires_at),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Makes a session that of another account.
///
/// # Errors
/// When the database fails.
pub fn move_session(tx: &mut Tx<'_>, token_hash: &[u8], to: PersonId) -> Result<(), Error> {
    diesel::update(sessions::table.find(token_hash)).set(sessions::person_id.eq(to)).execute(&mut **tx)?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// When the database fails.
pub fn delete_session(tx: &mut Tx<'_>, token_hash: &[u8]) -> Result<(), Error> {
    diesel::delete(sessions::table.find(token_hash)).execute(&mut **tx)?;
    Ok(())
}

/// Keeps a new API token.
///
/// # Errors
/// When the database fails.
pub fn insert_token(
    tx: &mut Tx<'_>,
    id: TokenId,
    person: PersonId,
    name: &str,
    token_hash: &[u8],
    now: Instant,
) -> Result<(), Error> {
    diesel::insert_into(api_tokens::table)
        .values((
            api_tokens::id.eq(id),
            api_tokens::person_id.eq(person),
            api_tokens::name.eq(name),
            api_tokens::token_hash.eq(token_hash),
            api_tokens::created_at.eq(now),
        ))
        .execute(&mut **tx)?;
    Ok(())
}
