//! Accounts as the API tells them, and as templates read them.

use crate::accounts::rules::{EvaluationGate, Role};
use crate::accounts::session::Person;
use crate::accounts::store::Unit;
use crate::platform::ids::{OrganisationId, PersonId, TokenId, UnitId};
use crate::platform::text::Lang;
use serde::{Deserialize, Serialize};

/// A unit.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct UnitView {
    /// The unit.
    pub id: UnitId,
    /// Its name.
    pub name: String,
    /// The area it lies in.
    pub area: Option<String>,
    /// The address that gets mails about its loans. Shown to those who work for the lender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Enrolled children.
    pub children: Option<i32>,
    /// Where it lies: street and number.
    pub street_address: Option<String>,
    /// The day of the week on which the warehouse's van comes by, from 1 for Monday; null when it fetches its kits itself.
    #[schema(minimum = 1, maximum = 7)]
    pub delivery_weekday: Option<i32>,
    /// Counts the changes; send it as `If-Match`.
    pub version: i32,
}

impl UnitView {
    /// The unit as `reader` may see it.
    pub fn new(unit: Unit, reader: &Person) -> Self {
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        Self {
            id: unit.id,
            name: unit.name,
            area: some(unit.area),
            email: some(unit.email).filter(|_| reader.acts_for(unit.id)),
            children: unit.children,
            street_address: some(unit.street_address),
            delivery_weekday: unit.delivery_weekday,
            version: unit.version,
        }
    }
}

/// A person.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PersonView {
    /// The person.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their address in the service.
    pub email: String,
    /// The language of their mails.
    pub language: Lang,
    /// What they may do.
    pub roles: Vec<Role>,
    /// The units they borrow for.
    pub units: Vec<UnitId>,
    /// Counts the changes; send it as `If-Match`.
    pub version: i32,
}

/// Who is asking.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct MeView {
    /// The person.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their language.
    pub language: Lang,
    /// What they may do.
    pub roles: Vec<Role>,
    /// The units they borrow for.
    pub units: Vec<UnitId>,
    /// Their organisation.
    pub organisation: OrganisationView,
}

/// An organisation.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct OrganisationView {
    /// The organisation.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its time zone, which says what day it is.
    pub time_zone: String,
    /// Its language.
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
    /// Counts the changes; send it as `If-Match`.
    pub version: i32,
}

impl From<&crate::accounts::store::Organisation> for OrganisationView {
    fn from(organisation: &crate::accounts::store::Organisation) -> Self {
        let organisation = organisation.clone();
        Self {
            id: organisation.id,
            name: organisation.name,
            time_zone: organisation.time_zone,
            language: organisation.language,
            evaluation_gate: organisation.evaluation_gate,
            evaluation_due_days: organisation.evaluation_due_days,
            contact_name: organisation.contact_name,
            contact_email: organisation.contact_email,
            contact_phone: organisation.contact_phone,
            version: organisation.version,
        }
    }
}

impl From<&Person> for MeView {
    fn from(person: &Person) -> Self {
        Self {
            id: person.id,
            name: person.name.clone(),
            email: person.email.clone(),
            language: person.language,
            roles: person.roles.clone(),
            units: person.units.clone(),
            organisation: (&person.organisation).into(),
        }
    }
}

/// A new API token.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TokenView {
    /// The token's id.
    pub id: TokenId,
    /// Its name.
    pub name: String,
    /// The secret, for `Authorization: Bearer`. It is shown once: the answer to a repeated command is without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}
