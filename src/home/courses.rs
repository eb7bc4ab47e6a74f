//! Courses for everyone: what each is for, whether one's units have it, what coming loans need, and when it is given next.

use crate::accounts::queries as accounts;
use crate::accounts::rules::Role;
use crate::accounts::session::{Person, SignedIn};
use crate::courses::queries as courses;
use crate::courses::rules::{Certificate, held};
use crate::courses::views::CourseView;
use crate::courses::wording;
use crate::loans::queries;
use crate::loans::views::LoanView;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{CourseId, UnitId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::Tag;
use crate::platform::web::page::{self, Page};
use crate::platform::web::paging::{Listing, Paging};
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use std::collections::HashMap;

type App = web::Data<AppState>;

#[derive(Template)]
#[template(path = "courses/list.html")]
struct ListPage {
    t: Texts,
    page: Page,
    items: Vec<Item>,
    first: Option<String>,
    next: Option<String>,
    may_change: bool,
}

struct Item {
    id: CourseId,
    name: String,
    about: String,
    href: Option<String>,
    kit_types: String,
    units: Vec<(String, Tag)>,
    needed: Vec<Needed>,
    dates: Vec<String>,
    booking: String,
    booking_address: Option<String>,
}

/// A coming loan that needs the course.
struct Needed {
    href: String,
    text: String,
}

/// What is known of courses, for the units of one person.
struct Known {
    courses: Listing<CourseView>,
    units: Vec<(UnitId, String)>,
    held: HashMap<UnitId, Vec<Certificate>>,
    loans: Vec<LoanView>,
}

fn know(conn: &mut Conn, who: &Person, paging: &Paging, today: NaiveDate) -> Result<Known, Error> {
    let courses = courses::courses(conn, who.organisation_id(), paging, today)?;
    let ids: Vec<CourseId> = courses.items.iter().map(|course| course.id).collect();
    Ok(Known {
        courses,
        units: accounts::unit_names(conn, who.organisation_id(), Some(&who.units))?,
        held: courses::certificates_of(conn, &who.units, &ids)?,
        loans: queries::open_loans(conn, &who.organisation, &who.units, today)?,
    })
}

pub(super) async fn list(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let (t, today) = (texts(&request), who.organisation.today(app.clock.now()));
    let (person, cursor) = ((*who).clone(), paging.cursor.clone());
    let known = app.db.read(move |conn| know(conn, &person, &paging, today)).await?;
    let (first, next) = page::list_pages("/kurser", cursor.as_deref(), known.courses.next.as_deref());
    Ok(page::ok(&ListPage {
        t,
        page: Page::new(&request, &t.s("nav-courses")),
        items: known.courses.items.iter().map(|course| item(t, &who, &known, course, today)).collect(),
        first,
        next,
        may_change: who.is(Role::Developer) || who.is(Role::Admin),
    }))
}

fn item(t: Texts, who: &Person, known: &Known, course: &CourseView, today: NaiveDate) -> Item {
    let several = known.units.len() > 1;
    let unit = |(id, name): &(UnitId, String)| {
        let until = held(course.id, known.held.get(id).map(Vec::as_slice).unwrap_or_default(), today);
        (if several { name.clone() } else { String::new() }, wording::held(t, until))
    };
    let lacking = known.loans.iter().rev().filter(|loan| loan.missing_courses.iter().any(|one| one.id == course.id));
    let needed = |loan: &LoanView| {
        let weeks = t.weeks(loan.first_day, loan.last_day);
        let unit = if several { format!(", {}", loan.unit.name) } else { String::new() };
        Needed { href: format!("/lan/{}", loan.id), text: format!("{}, {weeks}{unit}", loan.kit_type.name) }
    };
    let names: Vec<&str> = course.kit_types.iter().map(|kit_type| kit_type.name.as_str()).collect();
    Item {
        id: course.id,
        name: course.name.clone(),
        about: course.about.clone(),
        href: who.is_staff().then(|| format!("/kurser/{}", course.id)),
        kit_types: names.join(", "),
        units: known.units.iter().map(unit).collect(),
        needed: lacking.map(needed).collect(),
        dates: course.dates.iter().map(|date| wording::date(t, date)).collect(),
        booking: course.booking.clone(),
        booking_address: wording::booking_address(&course.booking),
    }
}
