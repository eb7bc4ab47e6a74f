//! Courses, their dates and certificates as the API tells them, and as templates read them.

use crate::courses::store::{Course, CourseDate};
use crate::kits::views::{CourseName, KitTypeName};
use crate::platform::db::types::Instant;
use crate::platform::ids::{CertificateId, CourseDateId, CourseId, PersonId, UnitId};
use chrono::NaiveDate;
use serde::Serialize;

/// A course.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CourseView {
    /// The course.
    pub id: CourseId,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub about: String,
    /// How a place is booked: in words, or an address.
    pub booking: String,
    /// How long a certificate is valid, in months; for ever when not said.
    pub valid_months: Option<i32>,
    /// The kit types that ask for it, by name.
    pub kit_types: Vec<KitTypeName>,
    /// When it is given next, in order.
    pub dates: Vec<DateView>,
    /// It has been taken out of use: nothing asks for it.
    pub retired: bool,
    /// Counts the changes; send it as `If-Match`.
    pub version: i32,
}

impl CourseView {
    /// A course with what belongs to it.
    pub fn new(course: Course, kit_types: Vec<KitTypeName>, dates: Vec<DateView>) -> Self {
        Self {
            id: course.id,
            name: course.name,
            about: course.about,
            booking: course.booking,
            valid_months: course.valid_months,
            kit_types,
            dates,
            retired: course.retired_at.is_some(),
            version: course.version,
        }
    }
}

/// A date on which a course is given.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct DateView {
    /// The date.
    pub id: CourseDateId,
    /// The day.
    pub day: NaiveDate,
    /// The hours, in words.
    pub hours: String,
    /// Where.
    pub place: String,
    /// How many can take part; any number when not said.
    pub seats: Option<i32>,
    /// What else participants should know.
    pub note: String,
    /// Counts the changes; send it as `If-Match`.
    pub version: i32,
}

impl From<CourseDate> for DateView {
    fn from(date: CourseDate) -> Self {
        Self {
            id: date.id,
            day: date.day,
            hours: date.hours,
            place: date.place,
            seats: date.seats,
            note: date.note,
            version: date.version,
        }
    }
}

/// That somebody has completed a course.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CertificateView {
    /// The certificate.
    pub id: CertificateId,
    /// The course.
    pub course: CourseName,
    /// Who completed it, if it was a person, who brings it along to their units.
    pub person: Option<PersonName>,
    /// Who completed it, if it was a unit as a whole.
    pub unit: Option<UnitName>,
    /// The first day on which it counts.
    pub completed_on: NaiveDate,
    /// The last day on which it counts; none when it counts for ever.
    pub expires_on: Option<NaiveDate>,
    /// When it was noted.
    pub noted_at: Instant,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Instant>,
    /// Why it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoke_reason: Option<String>,
}

/// A person, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PersonName {
    /// The person.
    pub id: PersonId,
    /// Their name.
    pub name: String,
}

/// A unit, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct UnitName {
    /// The unit.
    pub id: UnitId,
    /// Its name.
    pub name: String,
}
