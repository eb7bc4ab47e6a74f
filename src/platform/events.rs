//! The event log: who did what to which thing, and when. Only ever added to, in the transaction of the change itself.

use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::{IdSql, Instant, InstantSql, Json};
use crate::platform::error::Error;
use crate::platform::ids::{AnyId, EventId, OrganisationId, PersonId};
use crate::schema::events;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use serde::Serialize;

/// Who acts, in which organisation, and when: what every action is told besides its command.
#[derive(Debug, Clone, Copy)]
pub struct By {
    /// The organisation acted in.
    pub organisation: OrganisationId,
    /// The person; none when the program acts by itself.
    pub person: Option<PersonId>,
    /// The moment.
    pub now: Instant,
}

/// An event as it is read.
#[derive(Debug, Clone, Queryable, Selectable, Serialize, utoipa::ToSchema)]
#[diesel(table_name = events)]
pub struct Event {
    /// The event.
    pub id: EventId,
    /// When it happened.
    pub at: Instant,
    /// Who did it; none when the program did.
    pub actor_id: Option<PersonId>,
    /// What kind of thing it happened to.
    pub subject_kind: String,
    /// The thing it happened to.
    pub subject_id: AnyId,
    /// What happened, as in `loan.handed_out`.
    pub action: String,
    /// What it changed from and to. Never names or addresses of people.
    #[schema(value_type = Object)]
    pub change: Json,
}

/// Adds an event about the thing `subject`. `action` is its kind and what happened: `kit.moved`.
///
/// # Errors
/// When the database fails.
pub fn append(
    tx: &mut Tx<'_>,
    by: By,
    subject: impl Into<uuid::Uuid>,
    action: &'static str,
    change: serde_json::Value,
) -> Result<(), Error> {
    let kind = action.split_once('.').map_or(action, |(kind, _)| kind);
    diesel::insert_into(events::table)
        .values((
            events::id.eq(EventId::new()),
            events::organisation_id.eq(by.organisation),
            events::at.eq(by.now),
            events::actor_id.eq(by.person),
            events::subject_kind.eq(kind),
            events::subject_id.eq(AnyId::from(subject.into())),
            events::action.eq(action),
            events::change.eq(Json(change)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Events of an organisation, oldest first: those of one thing, or all; `after` an event already seen.
///
/// # Errors
/// When the database fails.
pub fn list(
    conn: &mut Conn,
    organisation: OrganisationId,
    subject: Option<AnyId>,
    after: Option<EventId>,
    limit: i64,
) -> Result<Vec<Event>, Error> {
    let mut query = events::table.filter(events::organisation_id.eq(organisation)).into_boxed();
    if let Some(subject) = subject {
        query = query.filter(events::subject_id.eq(subject));
    }
    if let Some(after) = after {
        query = query.filter(events::id.gt(after));
    }
    Ok(query.order(events::id.asc()).limit(limit).select(Event::as_select()).load(conn)?)
}

/// Events of an organisation, newest first: those of one thing, or all; `before` an event already seen.
///
/// # Errors
/// When the database fails.
pub fn newest(
    conn: &mut Conn,
    organisation: OrganisationId,
    subject: Option<AnyId>,
    before: Option<EventId>,
    limit: i64,
) -> Result<Vec<Event>, Error> {
    let mut query = events::table.filter(events::organisation_id.eq(organisation)).into_boxed();
    if let Some(subject) = subject {
        query = query.filter(events::subject_id.eq(subject));
    }
    if let Some(before) = before {
        query = query.filter(events::id.lt(before));
    }
    Ok(query.order(events::id.desc()).limit(limit).select(Event::as_select()).load(conn)?)
}

/// The last change of a thing.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Change {
    /// The event that tells of it.
    #[diesel(sql_type = IdSql)]
    pub id: EventId,
    /// The thing.
    #[diesel(sql_type = IdSql)]
    pub subject_id: AnyId,
}

/// Things of a kind, as `loan`, that have changed at a moment or since: each once, at its last change, the oldest change
/// first. `after` is a change already seen.
///
/// # Errors
/// `request.cursor` when that is none of the organisation's.
pub fn changed(
    conn: &mut Conn,
    organisation: OrganisationId,
    kind: &'static str,
    since: Instant,
    after: Option<EventId>,
    most: i64,
) -> Result<Vec<Change>, Error> {
    let (at, after) = match after {
        None => (since, EventId::from(uuid::Uuid::nil())),
        Some(after) => {
            let seen = events::table.filter(events::id.eq(after).and(events::organisation_id.eq(organisation)));
            let at: Option<Instant> = seen.select(events::at).get_result(conn).optional()?;
            (at.ok_or_else(|| Error::invalid("cursor", "request.cursor"))?, after)
        }
    };
    // Each database is asked in its own words; SQLite's are quoted as only SQLite quotes.
    let question = match conn {
        Conn::Sqlite(_) => {
            "SELECT `e`.`id`, `e`.`subject_id` FROM `events` AS `e`
             WHERE `e`.`organisation_id` = ? AND `e`.`subject_kind` = ? AND (`e`.`at`, `e`.`id`) > (?, ?)
             AND NOT EXISTS (SELECT 1 FROM `events` AS `l` WHERE `l`.`subject_id` = `e`.`subject_id`
                 AND `l`.`subject_kind` = `e`.`subject_kind` AND (`l`.`at`, `l`.`id`) > (`e`.`at`, `e`.`id`))
             ORDER BY `e`.`at`, `e`.`id` LIMIT ?"
        }
        Conn::Pg(_) => {
            "SELECT e.id, e.subject_id FROM events AS e
             WHERE e.organisation_id = $1 AND e.subject_kind = $2 AND (e.at, e.id) > ($3, $4)
             AND NOT EXISTS (SELECT 1 FROM events AS l WHERE l.subject_id = e.subject_id
                 AND l.subject_kind = e.subject_kind AND (l.at, l.id) > (e.at, e.id))
             ORDER BY e.at, e.id LIMIT $5"
        }
    };
    Ok(sql_query(question)
        .bind::<IdSql, _>(organisation)
        .bind::<Text, _>(kind)
        .bind::<InstantSql, _>(at)
        .bind::<IdSql, _>(after)
        .bind::<BigInt, _>(most)
        .load(conn)?)
}
