//! Rows of courses, their dates, and certificates.

use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{CertificateId, CourseDateId, CourseId, KitTypeId, OrganisationId, PersonId, UnitId};
use crate::schema::{certificates, course_dates, courses, kit_type_courses};
use chrono::NaiveDate;
use diesel::prelude::*;

/// A course.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = courses)]
pub struct Course {
    /// The course.
    pub id: CourseId,
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub about: String,
    /// How a place is booked.
    pub booking: String,
    /// How long a certificate is valid, in months.
    pub valid_months: Option<i32>,
    /// Counts the changes.
    pub version: i32,
    /// When it was added.
    pub created_at: Instant,
    /// When it was taken out of use: nothing asks for it any more.
    pub retired_at: Option<Instant>,
}

/// A date on which a course is given.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = course_dates)]
pub struct CourseDate {
    /// The date.
    pub id: CourseDateId,
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// The course.
    pub course_id: CourseId,
    /// The day.
    pub day: NaiveDate,
    /// The hours, in words.
    pub hours: String,
    /// Where.
    pub place: String,
    /// How many can take part.
    pub seats: Option<i32>,
    /// What else participants should know.
    pub note: String,
    /// Counts the changes.
    pub version: i32,
}

/// A certificate: of a person, or of a unit.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = certificates)]
pub struct CertificateRow {
    /// The certificate.
    pub id: CertificateId,
    /// Whose records it is in.
    pub organisation_id: OrganisationId,
    /// The course.
    pub course_id: CourseId,
    /// Who completed it, if it was a person.
    pub person_id: Option<PersonId>,
    /// Who completed it, if it was a unit.
    pub unit_id: Option<UnitId>,
    /// The first day on which it counts.
    pub completed_on: NaiveDate,
    /// The last day on which it counts.
    pub expires_on: Option<NaiveDate>,
    /// Who noted it.
    pub noted_by: Option<PersonId>,
    /// When it was noted.
    pub noted_at: Instant,
    /// When it was revoked.
    pub revoked_at: Option<Instant>,
    /// Why.
    pub revoke_reason: Option<String>,
}

/// A course of an organisation, also a retired one.
///
/// # Errors
/// When the database fails.
pub fn find(conn: &mut Conn, organisation: OrganisationId, id: CourseId) -> Result<Option<Course>, Error> {
    Ok(courses::table
        .filter(courses::id.eq(id).and(courses::organisation_id.eq(organisation)))
        .get_result(conn)
        .optional()?)
}

/// A date of an organisation's course.
///
/// # Errors
/// When the database fails.
pub fn find_date(conn: &mut Conn, organisation: OrganisationId, id: CourseDateId) -> Result<Option<CourseDate>, Error> {
    Ok(course_dates::table
        .filter(course_dates::id.eq(id).and(course_dates::organisation_id.eq(organisation)))
        .get_result(conn)
        .optional()?)
}

/// A certificate in an organisation's records.
///
/// # Errors
/// When the database fails.
pub fn find_certificate(
    conn: &mut Conn,
    organisation: OrganisationId,
    id: CertificateId,
) -> Result<Option<CertificateRow>, Error> {
    Ok(certificates::table
        .filter(certificates::id.eq(id).and(certificates::organisation_id.eq(organisation)))
        .get_result(conn)
        .optional()?)
}

/// The kit types that ask for a course.
///
/// # Errors
/// When the database fails.
pub fn kit_types(conn: &mut Conn, course: CourseId) -> Result<Vec<KitTypeId>, Error> {
    Ok(kit_type_courses::table
        .filter(kit_type_courses::course_id.eq(course))
        .order(kit_type_courses::kit_type_id.asc())
        .select(kit_type_courses::kit_type_id)
        .load(conn)?)
}

/// Makes these the kit types that ask for a course.
///
/// # Errors
/// When the database fails.
pub fn save_kit_types(tx: &mut Tx<'_>, course: CourseId, kit_types: &[KitTypeId]) -> Result<(), Error> {
    diesel::delete(kit_type_courses::table.filter(kit_type_courses::course_id.eq(course))).execute(&mut **tx)?;
    for kit_type in kit_types {
        diesel::insert_into(kit_type_courses::table)
            .values((kit_type_courses::kit_type_id.eq(*kit_type), kit_type_courses::course_id.eq(course)))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// The certificate that somebody has of a course completed on this day, if it has not been revoked.
///
/// # Errors
/// When the database fails.
pub fn certificate_of(
    conn: &mut Conn,
    course: CourseId,
    holder: Holder,
    completed_on: NaiveDate,
) -> Result<Option<CertificateRow>, Error> {
    let mut query = certificates::table
        .filter(certificates::course_id.eq(course).and(certificates::completed_on.eq(completed_on)))
        .filter(certificates::revoked_at.is_null())
        .into_boxed();
    query = match holder {
        Holder::Person(person) => query.filter(certificates::person_id.eq(person)),
        Holder::Unit(unit) => query.filter(certificates::unit_id.eq(unit)),
    };
    Ok(query.order(certificates::id.asc()).limit(1).get_result(conn).optional()?)
}

/// Who has completed a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A person, who brings it along to their units.
    Person(PersonId),
    /// A unit as a whole.
    Unit(UnitId),
}
