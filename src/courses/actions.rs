//! What is done with courses: add them and their dates, say which kit types ask for them, note who has completed them.

use crate::accounts::store as accounts;
use crate::courses::queries;
use crate::courses::rules::{self, SaveCourse, SaveDate};
use crate::courses::store::{self, CertificateRow, Course, CourseDate, Holder};
use crate::courses::views::{CertificateView, CourseView, DateView};
use crate::kits::rules::text;
use crate::platform::db::{Tx, is_duplicate};
use crate::platform::error::{Error, FieldError, all_fields};
use crate::platform::events::{self, By};
use crate::platform::ids::{CertificateId, CourseDateId, CourseId, KitTypeId, PersonId, UnitId};
use crate::platform::web::paging::Listing;
use crate::schema::{certificates, course_dates, courses, kit_types, people, units};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

/// The most who can be noted at once.
const MOST_HOLDERS: usize = 500;

/// That people, or units, have completed a course.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteCertificates {
    /// The course.
    pub course_id: CourseId,
    /// The day on which they completed it; not one that is still to come.
    pub completed_on: NaiveDate,
    /// The last day on which it counts; by the course's own rule when not said.
    #[serde(default)]
    pub expires_on: Option<NaiveDate>,
    /// People who completed it; each brings it along to their units.
    #[serde(default)]
    pub people: Vec<PersonId>,
    /// Units that completed it as a whole.
    #[serde(default)]
    pub units: Vec<UnitId>,
}

/// Why a certificate no longer counts.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Revoke {
    /// The reason.
    #[schema(min_length = 1)]
    pub reason: String,
}

/// Adds a course.
///
/// # Errors
/// `request.invalid` with every wrong field, also `course.name_taken`.
pub fn add_course(tx: &mut Tx<'_>, by: By, save: &SaveCourse) -> Result<CourseView, Error> {
    let save = checked(tx, by, save)?;
    let row = Course {
        id: CourseId::new(),
        organisation_id: by.organisation,
        name: save.name.clone(),
        about: save.about.clone(),
        booking: save.booking.clone(),
        valid_months: save.valid_months,
        version: 1,
        created_at: by.now,
        retired_at: None,
    };
    diesel::insert_into(courses::table).values(&row).execute(&mut **tx).map_err(name_taken)?;
    store::save_kit_types(tx, row.id, &save.kit_type_ids)?;
    events::append(tx, by, row.id, "course.added", json!({ "to": save }))?;
    told(tx, by, row.id)
}

/// Changes a course. Certificates there are keep the days they have.
///
/// # Errors
/// `course.not_found`, `course.retired`, `request.changed_meanwhile`, `request.invalid` with every wrong field.
pub fn change_course(
    tx: &mut Tx<'_>,
    by: By,
    id: CourseId,
    save: &SaveCourse,
    seen: Option<i32>,
) -> Result<CourseView, Error> {
    let old = live_course(tx, by, id)?;
    if seen.is_some_and(|seen| seen != old.version) {
        return Err(Error::changed_meanwhile());
    }
    let save = checked(tx, by, save)?;
    let from = SaveCourse {
        name: old.name,
        about: old.about,
        booking: old.booking,
        valid_months: old.valid_months,
        kit_type_ids: store::kit_types(tx, id)?,
    };
    let changed = diesel::update(courses::table.filter(courses::id.eq(id).and(courses::version.eq(old.version))))
        .set((
            courses::name.eq(&save.name),
            courses::about.eq(&save.about),
            courses::booking.eq(&save.booking),
            courses::valid_months.eq(save.valid_months),
            courses::version.eq(old.version + 1),
        ))
        .execute(&mut **tx)
        .map_err(name_taken)?;
    if changed == 0 {
        return Err(Error::changed_meanwhile());
    }
    store::save_kit_types(tx, id, &save.kit_type_ids)?;
    events::append(tx, by, id, "course.changed", json!({ "from": from, "to": save }))?;
    told(tx, by, id)
}

/// Takes a course out of use: nothing asks for it any more. Its certificates stay.
///
/// # Errors
/// `course.not_found`, `course.retired`.
pub fn retire_course(tx: &mut Tx<'_>, by: By, id: CourseId) -> Result<(), Error> {
    let old = live_course(tx, by, id)?;
    diesel::update(courses::table.find(id))
        .set((courses::retired_at.eq(by.now), courses::version.eq(old.version + 1)))
        .execute(&mut **tx)?;
    events::append(tx, by, id, "course.retired", json!({}))
}

/// A course in use.
fn live_course(tx: &mut Tx<'_>, by: By, id: CourseId) -> Result<Course, Error> {
    let course = store::find(tx, by.organisation, id)?.ok_or_else(|| Error::not_found("course.not_found"))?;
    if course.retired_at.is_some() { Err(Error::refused("course.retired")) } else { Ok(course) }
}

fn checked(tx: &mut Tx<'_>, by: By, save: &SaveCourse) -> Result<SaveCourse, Error> {
    let known: Vec<KitTypeId> = kit_types::table
        .filter(kit_types::organisation_id.eq(by.organisation).and(kit_types::id.eq_any(&save.kit_type_ids)))
        .select(kit_types::id)
        .load(&mut **tx)?;
    let all_known = save.kit_type_ids.iter().all(|kit_type| known.contains(kit_type));
    all_fields! {
        save = save.checked(),
        _kit_types = if all_known { Ok(()) } else { Err(FieldError::new("kit_type_ids", "kit_type.not_found")) },
    }
    Ok(save)
}

fn name_taken(error: diesel::result::Error) -> Error {
    if is_duplicate(&error) { Error::invalid("name", "course.name_taken") } else { error.into() }
}

fn told(tx: &mut Tx<'_>, by: By, id: CourseId) -> Result<CourseView, Error> {
    let today = today(tx, by)?;
    queries::course(tx, by.organisation, id, today)
}

fn today(tx: &mut Tx<'_>, by: By) -> Result<NaiveDate, Error> {
    Ok(accounts::organisation(tx, by.organisation)?.today(by.now))
}

/// Adds a date on which a course is given.
///
/// # Errors
/// `course.not_found`, `course.retired`, `request.invalid` with every wrong field.
pub fn add_date(tx: &mut Tx<'_>, by: By, course: CourseId, save: &SaveDate) -> Result<DateView, Error> {
    live_course(tx, by, course)?;
    let save = save.checked()?;
    let row = CourseDate {
        id: CourseDateId::new(),
        organisation_id: by.organisation,
        course_id: course,
        day: save.day,
        hours: save.hours.clone(),
        place: save.place.clone(),
        seats: save.seats,
        note: save.note.clone(),
        version: 1,
    };
    diesel::insert_into(course_dates::table).values(&row).execute(&mut **tx)?;
    events::append(tx, by, row.id, "course_date.added", json!({ "course": course, "to": save }))?;
    Ok(row.into())
}

/// Changes a date.
///
/// # Errors
/// `course_date.not_found`, `request.changed_meanwhile`, `request.invalid` with every wrong field.
pub fn change_date(
    tx: &mut Tx<'_>,
    by: By,
    id: CourseDateId,
    save: &SaveDate,
    seen: Option<i32>,
) -> Result<DateView, Error> {
    let old = date(tx, by, id)?;
    if seen.is_some_and(|seen| seen != old.version) {
        return Err(Error::changed_meanwhile());
    }
    let save = save.checked()?;
    let from = SaveDate { day: old.day, hours: old.hours, place: old.place, seats: old.seats, note: old.note };
    let new = CourseDate {
        day: save.day,
        hours: save.hours.clone(),
        place: save.place.clone(),
        seats: save.seats,
        note: save.note.clone(),
        version: old.version + 1,
        id,
        organisation_id: by.organisation,
        course_id: old.course_id,
    };
    let same = course_dates::table.filter(course_dates::id.eq(id).and(course_dates::version.eq(old.version)));
    let changed = diesel::update(same)
        .set((
            course_dates::day.eq(new.day),
            course_dates::hours.eq(&new.hours),
            course_dates::place.eq(&new.place),
            course_dates::seats.eq(new.seats),
            course_dates::note.eq(&new.note),
            course_dates::version.eq(new.version),
        ))
        .execute(&mut **tx)?;
    if changed == 0 {
        return Err(Error::changed_meanwhile());
    }
    events::append(tx, by, id, "course_date.changed", json!({ "from": from, "to": save }))?;
    Ok(new.into())
}

/// Takes a date away; the course whose it was.
///
/// # Errors
/// `course_date.not_found`.
pub fn remove_date(tx: &mut Tx<'_>, by: By, id: CourseDateId) -> Result<CourseId, Error> {
    let old = date(tx, by, id)?;
    diesel::delete(course_dates::table.find(id)).execute(&mut **tx)?;
    let change = json!({ "course": old.course_id, "from": { "day": old.day } });
    events::append(tx, by, id, "course_date.removed", change)?;
    Ok(old.course_id)
}

fn date(tx: &mut Tx<'_>, by: By, id: CourseDateId) -> Result<CourseDate, Error> {
    store::find_date(tx, by.organisation, id)?.ok_or_else(|| Error::not_found("course_date.not_found"))
}

/// Notes that people and units have completed a course: all of them, or none. Whoever has a certificate of that course
/// and day already keeps it, and gets no second one.
///
/// # Errors
/// `course.retired`, `request.invalid` with every wrong field, also `course.not_found`.
pub fn note(tx: &mut Tx<'_>, by: By, note: &NoteCertificates) -> Result<Listing<CertificateView>, Error> {
    let course = live_course(tx, by, note.course_id).map_err(|error| match error.code() {
        "course.not_found" => Error::invalid("course_id", "course.not_found"),
        _ => error,
    })?;
    let today = today(tx, by)?;
    let holders = holders(note);
    let (known_people, known_units) = known(tx, by, note)?;
    all_fields! {
        completed_on = if note.completed_on > today {
            Err(FieldError::new("completed_on", "certificate.to_come").arg("today", today))
        } else {
            Ok(note.completed_on)
        },
        expires_on = match note.expires_on {
            Some(last) if last < note.completed_on => {
                Err(FieldError::new("expires_on", "field.before").arg("first", note.completed_on))
            }
            Some(last) => Ok(Some(last)),
            None => Ok(rules::expires_on(note.completed_on, course.valid_months)),
        },
        _people = if known_people { Ok(()) } else { Err(FieldError::new("people", "person.not_found")) },
        _units = if known_units { Ok(()) } else { Err(FieldError::new("units", "unit.not_found")) },
        _some = match holders.len() {
            0 => Err(FieldError::new("people", "certificate.no_holder")),
            1..=MOST_HOLDERS => Ok(()),
            _ => Err(FieldError::new("people", "certificate.too_many").arg("most", MOST_HOLDERS)),
        },
    }
    let mut items = Vec::new();
    for holder in holders {
        let id = match store::certificate_of(tx, course.id, holder, completed_on)? {
            Some(known) => known.id,
            None => note_one(tx, by, course.id, holder, completed_on, expires_on)?,
        };
        items.push(queries::certificate(tx, by.organisation, id)?);
    }
    Ok(Listing { items, next: None })
}

/// Each holder once.
fn holders(note: &NoteCertificates) -> Vec<Holder> {
    let (mut people, mut units) = (note.people.clone(), note.units.clone());
    people.sort_unstable();
    people.dedup();
    units.sort_unstable();
    units.dedup();
    people.into_iter().map(Holder::Person).chain(units.into_iter().map(Holder::Unit)).collect()
}

/// True, for people and for units, when all of them are there.
fn known(tx: &mut Tx<'_>, by: By, note: &NoteCertificates) -> Result<(bool, bool), Error> {
    let here = people::organisation_id.eq(by.organisation).and(people::removed_at.is_null());
    let people: Vec<PersonId> =
        people::table.filter(here.and(people::id.eq_any(&note.people))).select(people::id).load(&mut **tx)?;
    let units: Vec<UnitId> = units::table
        .filter(units::organisation_id.eq(by.organisation).and(units::id.eq_any(&note.units)))
        .select(units::id)
        .load(&mut **tx)?;
    Ok((note.people.iter().all(|id| people.contains(id)), note.units.iter().all(|id| units.contains(id))))
}

fn note_one(
    tx: &mut Tx<'_>,
    by: By,
    course: CourseId,
    holder: Holder,
    completed_on: NaiveDate,
    expires_on: Option<NaiveDate>,
) -> Result<CertificateId, Error> {
    let (person_id, unit_id) = match holder {
        Holder::Person(id) => (Some(id), None),
        Holder::Unit(id) => (None, Some(id)),
    };
    let row = CertificateRow {
        id: CertificateId::new(),
        organisation_id: by.organisation,
        course_id: course,
        person_id,
        unit_id,
        completed_on,
        expires_on,
        noted_by: by.person,
        noted_at: by.now,
        revoked_at: None,
        revoke_reason: None,
    };
    diesel::insert_into(certificates::table).values(&row).execute(&mut **tx)?;
    let to = json!({ "course": course, "person": person_id, "unit": unit_id,
                     "completed_on": completed_on, "expires_on": expires_on });
    events::append(tx, by, row.id, "certificate.noted", json!({ "to": to }))?;
    Ok(row.id)
}

/// Revokes a certificate: it counts no longer, and stays in the records with the reason.
///
/// # Errors
/// `certificate.not_found`, `certificate.revoked`, `request.invalid` (the reason).
pub fn revoke(tx: &mut Tx<'_>, by: By, id: CertificateId, revoke: &Revoke) -> Result<CertificateView, Error> {
    // Also tells those of removed people apart, which nobody sees any more.
    queries::certificate(tx, by.organisation, id)?;
    let reason = match text("reason", &revoke.reason)? {
        reason if reason.is_empty() => return Err(Error::invalid("reason", "field.missing")),
        reason => reason,
    };
    let revoked =
        diesel::update(certificates::table.filter(certificates::id.eq(id).and(certificates::revoked_at.is_null())))
            .set((certificates::revoked_at.eq(by.now), certificates::revoke_reason.eq(&reason)))
            .execute(&mut **tx)?;
    if revoked == 0 {
        return Err(Error::refused("certificate.revoked"));
    }
    events::append(tx, by, id, "certificate.revoked", json!({ "reason": reason }))?;
    queries::certificate(tx, by.organisation, id)
}
