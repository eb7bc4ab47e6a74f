//! Courses and certificates for screens and lists, and what a unit lacks.

use crate::accounts::queries as accounts;
use crate::accounts::session::Person;
use crate::courses::rules::{self, Certificate, Until};
use crate::courses::store::{self, CertificateRow, Course, CourseDate};
use crate::courses::views::{CertificateView, CourseView, DateView, PersonName, UnitName};
use crate::kits::queries::courses_of;
use crate::kits::views::{CourseName, KitTypeName};
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{CertificateId, CourseId, KitTypeId, OrganisationId, PersonId, UnitId};
use crate::platform::web::paging::{Listing, Paging};
use crate::schema::{certificates, course_dates, courses, kit_type_courses, kit_types, people, person_units, units};
use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};

/// Days ahead that count as soon, for a certificate that runs out.
const SOON_DAYS: u64 = 90;
/// Days for which a certificate that has run out is still worth a look.
const LATELY_DAYS: u64 = 60;
/// The most certificates told that run out soon.
const MOST_ENDING: i64 = 100;

/// A kit that a unit wants on a day.
#[derive(Debug, Clone, Copy)]
pub struct Need {
    /// The unit.
    pub unit: UnitId,
    /// The kit type.
    pub kit_type: KitTypeId,
    /// The day on which the courses must be held.
    pub day: NaiveDate,
}

/// The courses that each unit lacks for what it wants, in the order of the needs; by name.
///
/// # Errors
/// When the database fails.
pub fn missing(conn: &mut Conn, needs: &[Need]) -> Result<Vec<Vec<CourseName>>, Error> {
    let nothing = || Ok(needs.iter().map(|_| Vec::new()).collect());
    let mut types: Vec<KitTypeId> = needs.iter().map(|need| need.kit_type).collect();
    types.sort_unstable();
    types.dedup();
    if types.is_empty() {
        return nothing();
    }
    let asked = courses_of(conn, &types)?;
    if asked.is_empty() {
        return nothing();
    }
    let mut units: Vec<UnitId> =
        needs.iter().filter(|need| asked.contains_key(&need.kit_type)).map(|need| need.unit).collect();
    units.sort_unstable();
    units.dedup();
    let courses: Vec<CourseId> = asked.values().flatten().map(|course| course.id).collect();
    let held = certificates_of(conn, &units, &courses)?;
    let lacks = |need: &Need| -> Vec<CourseName> {
        let Some(asked) = asked.get(&need.kit_type) else { return Vec::new() };
        let ids: Vec<CourseId> = asked.iter().map(|course| course.id).collect();
        let own = held.get(&need.unit).map(Vec::as_slice).unwrap_or_default();
        let missing = rules::missing(&ids, own, need.day);
        asked.iter().filter(|course| missing.contains(&course.id)).cloned().collect()
    };
    Ok(needs.iter().map(lacks).collect())
}

/// The certificates of these courses that count for each unit: its own, and those of the people who belong to it.
///
/// # Errors
/// When the database fails.
pub fn certificates_of(
    conn: &mut Conn,
    units: &[UnitId],
    courses: &[CourseId],
) -> Result<HashMap<UnitId, Vec<Certificate>>, Error> {
    type Days = (CourseId, NaiveDate, Option<NaiveDate>);
    if units.is_empty() || courses.is_empty() {
        return Ok(HashMap::new());
    }
    let valid = || certificates::course_id.eq_any(courses.to_vec()).and(certificates::revoked_at.is_null());
    let days = (certificates::course_id, certificates::completed_on, certificates::expires_on);
    let own: Vec<(UnitId, Days)> = certificates::table
        .filter(certificates::unit_id.eq_any(units).and(valid()))
        .select((certificates::unit_id.assume_not_null(), days))
        .load(conn)?;
    let people: Vec<(UnitId, Days)> = person_units::table
        .inner_join(certificates::table.on(certificates::person_id.eq(person_units::person_id.nullable())))
        .filter(person_units::unit_id.eq_any(units).and(valid()))
        .select((person_units::unit_id, days))
        .load(conn)?;
    let mut held: HashMap<UnitId, Vec<Certificate>> = HashMap::new();
    for (unit, (course, completed_on, expires_on)) in own.into_iter().chain(people) {
        held.entry(unit).or_default().push(Certificate { course, completed_on, expires_on });
    }
    Ok(held)
}

/// The dates from `today` on of each of these courses, in order.
///
/// # Errors
/// When the database fails.
pub fn coming_dates(
    conn: &mut Conn,
    courses: &[CourseId],
    today: NaiveDate,
) -> Result<HashMap<CourseId, Vec<DateView>>, Error> {
    let rows: Vec<CourseDate> = course_dates::table
        .filter(course_dates::course_id.eq_any(courses).and(course_dates::day.ge(today)))
        .order((course_dates::day.asc(), course_dates::id.asc()))
        .load(conn)?;
    let mut dates: HashMap<CourseId, Vec<DateView>> = HashMap::new();
    for date in rows {
        dates.entry(date.course_id).or_default().push(date.into());
    }
    Ok(dates)
}

/// Courses in use, by name, with when they are given next.
///
/// # Errors
/// When the database fails.
pub fn courses(
    conn: &mut Conn,
    organisation: OrganisationId,
    paging: &Paging,
    today: NaiveDate,
) -> Result<Listing<CourseView>, Error> {
    let mut query = courses::table
        .filter(courses::organisation_id.eq(organisation).and(courses::retired_at.is_null()))
        .into_boxed();
    if let Some(after) = paging.after::<String>()? {
        query = query.filter(courses::name.gt(after));
    }
    let rows: Vec<Course> = query.order(courses::name.asc()).limit(paging.rows()).load(conn)?;
    let views = views(conn, rows, today)?;
    Ok(Listing::cut(views, paging, |course| course.name.clone()))
}

/// One course of an organisation, also a retired one.
///
/// # Errors
/// `course.not_found`.
pub fn course(
    conn: &mut Conn,
    organisation: OrganisationId,
    id: CourseId,
    today: NaiveDate,
) -> Result<CourseView, Error> {
    let row = store::find(conn, organisation, id)?.into_iter().collect();
    views(conn, row, today)?.pop().ok_or_else(|| Error::not_found("course.not_found"))
}

fn views(conn: &mut Conn, rows: Vec<Course>, today: NaiveDate) -> Result<Vec<CourseView>, Error> {
    let ids: Vec<CourseId> = rows.iter().map(|course| course.id).collect();
    let asking: Vec<(CourseId, KitTypeId, String)> = kit_type_courses::table
        .inner_join(kit_types::table)
        .filter(kit_type_courses::course_id.eq_any(&ids).and(kit_types::retired_at.is_null()))
        .order(kit_types::name.asc())
        .select((kit_type_courses::course_id, kit_types::id, kit_types::name))
        .load(conn)?;
    let mut dates = coming_dates(conn, &ids, today)?;
    let view = |course: Course| {
        let asking = asking.iter().filter(|(asked, ..)| *asked == course.id);
        let kit_types = asking.map(|(_, id, name)| KitTypeName { id: *id, name: name.clone() }).collect();
        let dates = dates.remove(&course.id).unwrap_or_default();
        CourseView::new(course, kit_types, dates)
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Which certificates are asked for.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// Only of this course.
    pub course_id: Option<CourseId>,
    /// Only those that count for this unit: its own, and those of the people who belong to it.
    pub unit_id: Option<UnitId>,
    /// Only of this person.
    pub person_id: Option<PersonId>,
}

type NameColumns = (String, Option<String>, Option<String>);

macro_rules! with_names {
    () => {
        certificates::table
            .inner_join(courses::table)
            .left_join(people::table.on(people::id.nullable().eq(certificates::person_id)))
            .left_join(units::table.on(units::id.nullable().eq(certificates::unit_id)))
            // A person who was removed takes their certificates along.
            .filter(people::removed_at.nullable().is_null())
            .select((certificates::all_columns, (courses::name, people::name.nullable(), units::name.nullable())))
    };
}

fn view((row, (course, person, unit)): (CertificateRow, NameColumns)) -> CertificateView {
    CertificateView {
        id: row.id,
        course: CourseName { id: row.course_id, name: course },
        person: row.person_id.zip(person).map(|(id, name)| PersonName { id, name }),
        unit: row.unit_id.zip(unit).map(|(id, name)| UnitName { id, name }),
        completed_on: row.completed_on,
        expires_on: row.expires_on,
        noted_at: row.noted_at,
        revoked_at: row.revoked_at,
        revoke_reason: row.revoke_reason,
    }
}

/// Certificates, newest first, also revoked ones.
///
/// # Errors
/// When the database fails.
pub fn certificates(
    conn: &mut Conn,
    organisation: OrganisationId,
    filter: &Filter,
    paging: &Paging,
) -> Result<Listing<CertificateView>, Error> {
    let mut query = with_names!().filter(certificates::organisation_id.eq(organisation)).into_boxed();
    if let Some(course) = filter.course_id {
        query = query.filter(certificates::course_id.eq(course));
    }
    if let Some(unit) = filter.unit_id {
        let people: Vec<PersonId> =
            person_units::table.filter(person_units::unit_id.eq(unit)).select(person_units::person_id).load(conn)?;
        query = query.filter(certificates::unit_id.eq(unit).or(certificates::person_id.eq_any(people)));
    }
    if let Some(person) = filter.person_id {
        query = query.filter(certificates::person_id.eq(person));
    }
    if let Some(before) = paging.after::<CertificateId>()? {
        query = query.filter(certificates::id.lt(before));
    }
    let rows: Vec<(CertificateRow, NameColumns)> =
        query.order(certificates::id.desc()).limit(paging.rows()).load(conn)?;
    Ok(Listing::cut(rows.into_iter().map(view).collect(), paging, |certificate: &CertificateView| certificate.id))
}

/// One certificate.
///
/// # Errors
/// `certificate.not_found`.
pub fn certificate(conn: &mut Conn, organisation: OrganisationId, id: CertificateId) -> Result<CertificateView, Error> {
    let row: Option<(CertificateRow, NameColumns)> = with_names!()
        .filter(certificates::id.eq(id).and(certificates::organisation_id.eq(organisation)))
        .get_result(conn)
        .optional()?;
    row.map(view).ok_or_else(|| Error::not_found("certificate.not_found"))
}

/// The certificates of a course that run out soon or have lately, and that no longer one has taken the place of; the
/// first to run out first.
///
/// # Errors
/// When the database fails.
pub fn ending(conn: &mut Conn, course: CourseId, today: NaiveDate) -> Result<Vec<CertificateView>, Error> {
    let soon = today.checked_add_days(Days::new(SOON_DAYS)).unwrap_or(today);
    let lately = today.checked_sub_days(Days::new(LATELY_DAYS)).unwrap_or(today);
    let rows: Vec<(CertificateRow, NameColumns)> = with_names!()
        .filter(certificates::course_id.eq(course).and(certificates::revoked_at.is_null()))
        .filter(certificates::expires_on.ge(lately).and(certificates::expires_on.le(soon)))
        .order((certificates::expires_on.asc(), certificates::id.asc()))
        .limit(MOST_ENDING)
        .load(conn)?;
    let people: Vec<PersonId> = rows.iter().filter_map(|(row, _)| row.person_id).collect();
    let units: Vec<UnitId> = rows.iter().filter_map(|(row, _)| row.unit_id).collect();
    let renewed: Vec<(Option<PersonId>, Option<UnitId>)> = certificates::table
        .filter(certificates::course_id.eq(course).and(certificates::revoked_at.is_null()))
        .filter(certificates::person_id.eq_any(people).or(certificates::unit_id.eq_any(units)))
        .filter(certificates::expires_on.is_null().or(certificates::expires_on.gt(soon)))
        .select((certificates::person_id, certificates::unit_id))
        .load(conn)?;
    let renewed: HashSet<(Option<PersonId>, Option<UnitId>)> = renewed.into_iter().collect();
    let ending = rows.into_iter().filter(|(row, _)| !renewed.contains(&(row.person_id, row.unit_id)));
    Ok(ending.map(view).collect())
}

/// Somebody who belongs to units.
#[derive(Debug, Clone)]
pub struct Member {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// One of their units.
    pub unit: UnitId,
}

/// Who belongs to a unit, or to any of the organisation: once for each unit they belong to, by name.
///
/// # Errors
/// When the database fails.
pub fn members(conn: &mut Conn, organisation: OrganisationId, unit: Option<UnitId>) -> Result<Vec<Member>, Error> {
    let mut query = person_units::table
        .inner_join(people::table)
        .filter(people::organisation_id.eq(organisation).and(people::removed_at.is_null()))
        .into_boxed();
    if let Some(unit) = unit {
        query = query.filter(person_units::unit_id.eq(unit));
    }
    let rows: Vec<(PersonId, String, UnitId)> = query
        .order((people::name.asc(), people::id.asc()))
        .select((people::id, people::name, person_units::unit_id))
        .load(conn)?;
    Ok(rows.into_iter().map(|(person, name, unit)| Member { person, name, unit }).collect())
}

/// A course that a kit type asks for, and how long each of some units has it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The course.
    pub course: CourseView,
    /// The units by name, and until when they have it; none for those that have it not.
    pub held: Vec<(UnitName, Option<Until>)>,
}

/// The courses that a kit type asks for, by name, and whether this person's units have them for a loan that begins on
/// a day.
///
/// # Errors
/// When the database fails.
pub fn asked(
    conn: &mut Conn,
    who: &Person,
    kit_type: KitTypeId,
    first_day: NaiveDate,
    today: NaiveDate,
) -> Result<Vec<Asked>, Error> {
    let names = courses_of(conn, &[kit_type])?.remove(&kit_type).unwrap_or_default();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<CourseId> = names.iter().map(|course| course.id).collect();
    let rows: Vec<Course> = courses::table.filter(courses::id.eq_any(&ids)).order(courses::name.asc()).load(conn)?;
    let units = accounts::unit_names(conn, who.organisation_id(), Some(&who.units))?;
    let certificates = certificates_of(conn, &who.units, &ids)?;
    let day = rules::asked_on(first_day, today);
    let held = |(id, name): &(UnitId, String), course: CourseId| {
        let own = certificates.get(id).map(Vec::as_slice).unwrap_or_default();
        (UnitName { id: *id, name: name.clone() }, rules::held(course, own, day))
    };
    let asked = views(conn, rows, today)?
        .into_iter()
        .map(|course| Asked { held: units.iter().map(|unit| held(unit, course.id)).collect(), course });
    Ok(asked.collect())
}

/// The names of the units that each of these people belongs to.
///
/// # Errors
/// When the database fails.
pub fn units_of(conn: &mut Conn, people: &[PersonId]) -> Result<HashMap<PersonId, Vec<String>>, Error> {
    let rows: Vec<(PersonId, String)> = person_units::table
        .inner_join(units::table)
        .filter(person_units::person_id.eq_any(people))
        .order(units::name.asc())
        .select((person_units::person_id, units::name))
        .load(conn)?;
    let mut found: HashMap<PersonId, Vec<String>> = HashMap::new();
    for (person, unit) in rows {
        found.entry(person).or_default().push(unit);
    }
    Ok(found)
}
