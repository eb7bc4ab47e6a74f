//! Rows of drafts of forms.

use crate::evaluations::form::Form;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::{Instant, Json};
use crate::platform::error::Error;
use crate::platform::ids::{FormVersionId, OrganisationId, PersonId};
use crate::schema::form_drafts;
use diesel::prelude::*;

/// The next version of an organisation's form, while it is being made. There is one at most.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = form_drafts)]
pub struct Draft {
    /// Whose form it is.
    pub organisation_id: OrganisationId,
    /// The version that it follows.
    pub form_version_id: FormVersionId,
    /// The form.
    pub form: Json<Form>,
    /// Counts the changes.
    pub version: i32,
    /// When it was last changed.
    pub changed_at: Instant,
    /// By whom.
    pub changed_by: Option<PersonId>,
}

/// An organisation's draft.
///
/// # Errors
/// When the database fails.
pub fn draft(conn: &mut Conn, organisation: OrganisationId) -> Result<Option<Draft>, Error> {
    Ok(form_drafts::table.find(organisation).get_result(conn).optional()?)
}
