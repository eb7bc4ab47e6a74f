//! Collections as the API tells them, and as templates read them.

use crate::evaluations::views::EvaluationView;
use crate::platform::ids::CollectionId;
use serde::Serialize;

/// A collection, as a list tells it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CollectionView {
    /// The collection.
    pub id: CollectionId,
    /// What it is called.
    pub name: String,
    /// How many evaluations are in it.
    pub evaluations: i64,
}

/// A collection with what is in it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CollectionDetails {
    /// The collection.
    pub id: CollectionId,
    /// What it is called.
    pub name: String,
    /// What is in it, newest first.
    pub items: Vec<EvaluationView>,
    /// The units that want to tell more.
    pub contacts: Vec<ContactView>,
}

/// A unit that wants to tell more about what it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ContactView {
    /// The unit.
    pub unit: String,
    /// Its area.
    pub area: String,
    /// Where it is reached.
    pub email: String,
    /// What it borrowed.
    pub kit_type: String,
    /// What it offers, in the words of the form.
    pub offers: Vec<String>,
}
