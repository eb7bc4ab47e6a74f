//! The course gate: anyone may reserve a kit whose type asks for a course, and it is handed out only to a unit that has
//! completed it.

use crate::courses::actions::{self as certificates, NoteCertificates};
use crate::courses::queries::{self as courses, Need};
use crate::courses::rules::asked_on;
use crate::kits::views::CourseName;
use crate::loans::actions::{self, Context};
use crate::loans::store::Loan;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{CourseId, LoanId, PersonId};
use chrono::NaiveDate;
use std::collections::HashMap;

/// The courses that are missing for each of these loans that still waits for its kit; those that lack nothing are not in
/// the map.
///
/// # Errors
/// When the database fails.
pub fn missing<'l>(
    conn: &mut Conn,
    loans: impl Iterator<Item = &'l Loan>,
    today: NaiveDate,
) -> Result<HashMap<LoanId, Vec<CourseName>>, Error> {
    let waiting: Vec<&Loan> = loans.filter(|loan| loan.status.is_before_hand_out()).collect();
    let need =
        |loan: &&Loan| Need { unit: loan.unit_id, kit_type: loan.kit_type_id, day: asked_on(loan.first_day, today) };
    let needs: Vec<Need> = waiting.iter().map(need).collect();
    let missing = courses::missing(conn, &needs)?;
    let lacking = waiting.iter().zip(missing).filter(|(_, courses)| !courses.is_empty());
    Ok(lacking.map(|(loan, courses)| (loan.id, courses)).collect())
}

/// A kit is not handed out to a unit that lacks a course.
///
/// # Errors
/// `loan.course_missing` with the courses.
pub fn refuse_without(conn: &mut Conn, context: &Context, loan: &Loan) -> Result<(), Error> {
    let Some(lacking) = missing(conn, std::iter::once(loan), context.today())?.remove(&loan.id) else { return Ok(()) };
    Err(Error::refused("loan.course_missing")
        .arg("courses", names(&lacking))
        .arg("unit", actions::unit_name(conn, context, loan)?)
        .with("courses", &lacking)
        .with("loan_id", loan.id))
}

/// The names of courses, one after the other.
pub fn names(courses: &[CourseName]) -> String {
    courses.iter().map(|course| course.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// Notes that the unit of a loan, or one of its people, has completed these courses: what the warehouse does when somebody
/// who comes for a kit shows that they have.
///
/// # Errors
/// `loan.not_found`, and those of noting certificates.
pub fn note_completed(
    tx: &mut Tx<'_>,
    context: &Context,
    loan: LoanId,
    completed: &[CourseId],
    person: Option<PersonId>,
) -> Result<(), Error> {
    let unit = actions::locked_loan(tx, context, loan)?.unit_id;
    for course in completed {
        let note = NoteCertificates {
            course_id: *course,
            completed_on: context.today(),
            expires_on: None,
            people: person.into_iter().collect(),
            units: if person.is_none() { vec![unit] } else { Vec::new() },
        };
        certificates::note(tx, context.by, &note)?;
    }
    Ok(())
}
