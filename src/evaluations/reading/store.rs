//! Rows of what the office has done with evaluations.

use crate::evaluations::store::Evaluation;
use crate::platform::db::Tx;
use crate::platform::db::connection::{Conn, each};
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{EvaluationId, IdeaId, OrganisationId, PersonId};
use crate::schema::readings::{self, dsl};
use diesel::prelude::*;

/// What the office has done with an evaluation. Those who work there read for each other: what one has read, all have.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = readings, treat_none_as_null = true)]
pub struct Reading {
    /// The evaluation.
    pub evaluation_id: EvaluationId,
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// When it was read.
    pub read_at: Option<Instant>,
    /// Who has read it.
    pub read_by: Option<PersonId>,
    /// Somebody wants to find it again.
    pub starred: bool,
    /// What they remember about it; nobody else sees it.
    pub note: String,
    /// When it was taken into the idea bank.
    pub approved_at: Option<Instant>,
    /// Who took it there.
    pub approved_by: Option<PersonId>,
    /// When the unit was thanked.
    pub thanked_at: Option<Instant>,
    /// Who thanked it.
    pub thanked_by: Option<PersonId>,
    /// Its id in the idea bank, while it is there.
    pub idea_id: Option<IdeaId>,
}

impl Reading {
    /// Takes it into the idea bank, under an id that tells nothing; or out of it.
    pub fn approve(&mut self, by: Option<(Instant, Option<PersonId>)>) {
        self.approved_at = by.map(|(at, _)| at);
        self.approved_by = by.and_then(|(_, person)| person);
        self.idea_id = by.map(|_| IdeaId::random());
    }
}

/// What the office has done with an evaluation so far.
///
/// # Errors
/// When the database fails.
pub fn reading(conn: &mut Conn, of: &Evaluation) -> Result<Reading, Error> {
    let found = readings::table.find(of.id).get_result(conn).optional()?;
    Ok(found.unwrap_or_else(|| Reading {
        evaluation_id: of.id,
        organisation_id: of.organisation_id,
        read_at: None,
        read_by: None,
        starred: false,
        note: String::new(),
        approved_at: None,
        approved_by: None,
        thanked_at: None,
        thanked_by: None,
        idea_id: None,
    }))
}

/// Saves what the office has done with an evaluation.
///
/// # Errors
/// When the database fails.
pub fn save(tx: &mut Tx<'_>, reading: &Reading) -> Result<(), Error> {
    each!(&mut **tx, c => diesel::insert_into(dsl::readings)
        .values(reading)
        .on_conflict(dsl::evaluation_id)
        .do_update()
        .set(reading)
        .execute(c))?;
    Ok(())
}
