//! Kit types and kits as the API tells them, and as templates read them.

use crate::kits::code::Code;
use crate::kits::codes::KitCode;
use crate::kits::pictures::views::PictureView;
use crate::kits::rules::{ContentLine, PowerSource, Screen, ServiceKind};
use crate::kits::store::{Kit, KitType};
use crate::platform::db::types::Instant;
use crate::platform::ids::{CourseId, KitId, KitTypeId};
use diesel::{Queryable, Selectable};
use serde::Serialize;

/// A code besides the one that a kit goes by.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CodeView {
    /// The code.
    pub code: Code,
    /// The code as it is printed.
    pub printed_code: String,
    /// When it was drawn, or given up by its kit.
    pub added_at: Instant,
    /// When it came on its kit; none for one that is on no kit yet.
    pub bound_at: Option<Instant>,
    /// When another took its place.
    pub retired_at: Option<Instant>,
}

impl From<KitCode> for CodeView {
    fn from(row: KitCode) -> Self {
        let KitCode { code, added_at, bound_at, retired_at, .. } = row;
        Self { printed_code: code.to_string(), code, added_at, bound_at, retired_at }
    }
}

/// A kit type.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct KitTypeView {
    /// The kit type.
    pub id: KitTypeId,
    /// Its name.
    pub name: String,
    /// What it is, and what children do with it.
    pub description: String,
    /// How to get started, one step a line.
    pub get_started: String,
    /// Youngest age, in years.
    pub age_from: Option<i32>,
    /// Oldest age, in years.
    pub age_to: Option<i32>,
    /// How much it is used in front of a screen.
    pub screen: Screen,
    /// Batteries and charging, in words.
    pub power: String,
    /// What its parts run on.
    pub power_source: PowerSource,
    /// The longest loan, in days, from its first day to its last: a loan of 21 days that begins on a Tuesday ends on a Tuesday.
    pub loan_days: i32,
    /// Days that a kit needs between two loans.
    pub turnaround_days: i32,
    /// What is done with a kit each time it comes back, on its turnaround days.
    pub service_after_loan: Option<ServiceKind>,
    /// What is done with a kit every so many days.
    pub service_every: Option<ServiceKind>,
    /// Every how many days that is done.
    pub service_every_days: Option<i32>,
    /// What is in the box.
    pub contents: Vec<ContentLine>,
    /// Pictures of it and of its parts, the first of which stands in lists.
    pub pictures: Vec<PictureView>,
    /// Courses that a unit must have completed to be handed one, all of them; by name.
    pub courses: Vec<CourseName>,
    /// How many kits there are of it, retired ones not counted.
    pub kits: i64,
    /// It has been taken out of the catalogue.
    pub retired: bool,
    /// Counts the changes; send it as `If-Match`.
    pub version: i32,
}

impl KitTypeView {
    /// A kit type with its contents list, its pictures and the number of its kits; without the courses it asks for.
    pub fn new(kit_type: KitType, contents: Vec<ContentLine>, pictures: Vec<PictureView>, kits: i64) -> Self {
        Self {
            id: kit_type.id,
            name: kit_type.name,
            description: kit_type.description,
            get_started: kit_type.get_started,
            age_from: kit_type.age_from,
            age_to: kit_type.age_to,
            screen: kit_type.screen,
            power: kit_type.power,
            power_source: kit_type.power_source,
            loan_days: kit_type.loan_days,
            turnaround_days: kit_type.turnaround_days,
            service_after_loan: kit_type.service_after_loan,
            service_every: kit_type.service_every,
            service_every_days: kit_type.service_every_days,
            contents,
            pictures,
            courses: Vec::new(),
            kits,
            retired: kit_type.retired_at.is_some(),
            version: kit_type.version,
        }
    }
}

impl KitTypeView {
    /// The pictures of the whole kit; of its parts, if there are no others.
    pub fn gallery(&self) -> Vec<&PictureView> {
        let whole: Vec<_> = self.pictures.iter().filter(|picture| picture.content_line_id.is_none()).collect();
        if whole.is_empty() { self.pictures.iter().collect() } else { whole }
    }

    /// The picture of a line of the contents list.
    pub fn picture_of(&self, line: &ContentLine) -> Option<&PictureView> {
        line.id.and_then(|id| self.pictures.iter().find(|picture| picture.content_line_id == Some(id)))
    }
}

/// A kit type, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, utoipa::ToSchema)]
#[diesel(table_name = crate::schema::kit_types)]
pub struct KitTypeName {
    /// The kit type.
    pub id: KitTypeId,
    /// Its name.
    pub name: String,
}

/// A course, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CourseName {
    /// The course.
    pub id: CourseId,
    /// Its name.
    pub name: String,
}

/// A kit.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct KitView {
    /// The kit.
    pub id: KitId,
    /// What stands on its label, without the hyphen.
    pub code: Code,
    /// What kind it is.
    pub kit_type: KitTypeName,
    /// Which of its kind it is: A, B, …
    pub copy: String,
    /// Where it stands; empty when not said.
    pub shelf: String,
    /// It has been retired, and is never lent again.
    pub retired: bool,
    /// Counts the changes; send it as `If-Match`.
    pub version: i32,
}

impl KitView {
    /// A kit with the name of its type.
    pub fn new(kit: Kit, type_name: String) -> Self {
        Self {
            id: kit.id,
            code: kit.code,
            kit_type: KitTypeName { id: kit.kit_type_id, name: type_name },
            copy: kit.copy,
            shelf: kit.shelf,
            retired: kit.retired_at.is_some(),
            version: kit.version,
        }
    }
}
