//! Pages for those who look after courses: a course with its dates and those who have completed it.

use crate::accounts::queries as accounts;
use crate::accounts::rules::Role;
use crate::accounts::session::{CourseKeeper, Person, Staff};
use crate::courses::actions::{self, NoteCertificates, Revoke};
use crate::courses::queries::{self, Filter, Member};
use crate::courses::rules::{SaveCourse, SaveDate};
use crate::courses::views::{CertificateView, CourseView};
use crate::courses::wording;
use crate::kits::queries as kits;
use crate::platform::error::{Error, FieldError as WrongField, all_fields};
use crate::platform::ids::{CertificateId, CourseDateId, CourseId, KitTypeId, PersonId, UnitId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent, Tag, refused, summary};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::paging::{Listing, Paging};
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::HashMap;

type App = web::Data<AppState>;

/// The most units offered at once to note a course for; a search finds the others.
const MOST_UNITS: usize = 60;

/// The fields of the forms, and their labels.
const LABELS: [(&str, &str); 12] = [
    ("name", "courses-name"),
    ("about", "courses-about"),
    ("booking", "courses-booking"),
    ("valid_months", "courses-valid-months"),
    ("kit_type_ids", "courses-kit-types"),
    ("day", "courses-day"),
    ("hours", "courses-hours"),
    ("place", "courses-place"),
    ("seats", "courses-seats-label"),
    ("note", "courses-date-note"),
    ("completed_on", "courses-completed-on"),
    ("expires_on", "courses-expires-on"),
];

/// The routes of this feature.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/kurser/ny", web::get().to(begin))
        .route("/kurser/ny", web::post().to(add))
        .route("/kurser/{id}", web::get().to(show))
        .route("/kurser/{id}/andra", web::get().to(edit))
        .route("/kurser/{id}/andra", web::post().to(change))
        .route("/kurser/{id}/notera", web::get().to(ask_who))
        .route("/kurser/{id}/notera", web::post().to(note))
        .route("/kurser/{id}/datum", web::post().to(add_date))
        .route("/kurser/{id}/ur-bruk", web::post().to(retire))
        .route("/kurser/datum/{id}/ta-bort", web::post().to(remove_date))
        .route("/kurser/bevis/{id}/aterkalla", web::post().to(revoke));
}

fn keeps_courses(who: &Person) -> bool {
    who.is(Role::Developer) || who.is(Role::Admin)
}

#[derive(Template)]
#[template(path = "courses/course.html")]
struct CoursePage {
    t: Texts,
    page: Page,
    course: CourseView,
    valid: String,
    booking_address: Option<String>,
    kit_types: String,
    may_change: bool,
    dates: Vec<DateRow>,
    ending: Vec<Row>,
    items: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
    errors: Vec<FieldError>,
    day: Field,
    hours: Field,
    place: Field,
    seats: Field,
    note: Field,
    date_wrong: bool,
}

struct DateRow {
    id: CourseDateId,
    text: String,
}

/// A certificate in a list.
struct Row {
    id: CertificateId,
    holder: String,
    of: String,
    days: String,
    tag: Tag,
    reason: Option<String>,
    revocable: bool,
}

impl Row {
    fn new(t: Texts, certificate: CertificateView, units: &HashMap<PersonId, Vec<String>>, today: NaiveDate) -> Self {
        let completed = t.date(certificate.completed_on);
        let days = match certificate.expires_on {
            Some(last) => t.a("courses-row-until", &[("completed", completed.into()), ("last", t.date(last).into())]),
            None => t.v("courses-row-always", "completed", completed),
        };
        let over = certificate.expires_on.is_some_and(|last| last < today);
        let tag = match (certificate.revoked_at.is_some(), over) {
            (true, _) => Tag { color: "neutral", icon: "cross", text: t.s("courses-revoked") },
            (_, true) => Tag { color: "warning", icon: "clock", text: t.s("courses-run-out") },
            _ => Tag { color: "success", icon: "check", text: t.s("courses-counts") },
        };
        let of = match &certificate.person {
            Some(person) => units.get(&person.id).map(|units| units.join(", ")).unwrap_or_default(),
            None => t.s("courses-whole-unit"),
        };
        let person = certificate.person.map(|person| person.name);
        Self {
            id: certificate.id,
            holder: person.or(certificate.unit.map(|unit| unit.name)).unwrap_or_default(),
            of,
            days,
            tag,
            revocable: certificate.revoked_at.is_none(),
            reason: certificate.revoke_reason,
        }
    }
}

/// What the page of a course tells.
struct Known {
    course: CourseView,
    ending: Vec<CertificateView>,
    certificates: Listing<CertificateView>,
    units: HashMap<PersonId, Vec<String>>,
}

async fn known(app: &App, who: &Person, id: CourseId, paging: Paging) -> Result<Known, Error> {
    let (organisation, today) = (who.organisation_id(), who.organisation.today(app.clock.now()));
    app.db
        .read(move |conn| {
            let course = queries::course(conn, organisation, id, today)?;
            let ending = queries::ending(conn, id, today)?;
            let of_course = Filter { course_id: Some(id), ..Filter::default() };
            let certificates = queries::certificates(conn, organisation, &of_course, &paging)?;
            let all = ending.iter().chain(&certificates.items);
            let people: Vec<PersonId> = all.filter_map(|one| Some(one.person.as_ref()?.id)).collect();
            let units = queries::units_of(conn, &people)?;
            Ok(Known { course, ending, certificates, units })
        })
        .await
}

async fn course_page(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    id: CourseId,
    paging: Paging,
    sent: &Sent,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let (t, today, cursor) = (texts(request), who.organisation.today(app.clock.now()), paging.cursor.clone());
    let Known { course, ending, certificates, units } = known(app, who, id, paging).await?;
    let (first, next) = page::list_pages(&format!("/kurser/{id}"), cursor.as_deref(), certificates.next.as_deref());
    let row = |certificate| Row::new(t, certificate, &units, today);
    let field = |name| errors.field(name, sent.text(name));
    let names: Vec<&str> = course.kit_types.iter().map(|kit_type| kit_type.name.as_str()).collect();
    let page = CoursePage {
        t,
        page: Page::new(request, &course.name),
        valid: valid(t, course.valid_months),
        booking_address: wording::booking_address(&course.booking),
        kit_types: names.join(", "),
        may_change: keeps_courses(who) && !course.retired,
        dates: course.dates.iter().map(|date| DateRow { id: date.id, text: wording::date(t, date) }).collect(),
        ending: ending.into_iter().map(row).collect(),
        items: certificates.items.into_iter().map(row).collect(),
        first,
        next,
        day: field("day"),
        hours: field("hours"),
        place: field("place"),
        seats: field("seats"),
        note: field("note"),
        date_wrong: !errors.0.is_empty(),
        errors: summary(errors, t, &LABELS),
        course,
    };
    Ok(page::html(builder, &page))
}

/// How long a certificate is valid, in words.
fn valid(t: Texts, months: Option<i32>) -> String {
    match months {
        Some(months) => t.v("courses-months", "count", months),
        None => t.s("courses-for-ever"),
    }
}

async fn show(
    request: HttpRequest,
    app: App,
    who: Staff,
    id: web::Path<CourseId>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let at_first = (Errors::default(), HttpResponse::Ok());
    course_page(&request, &app, &who, *id, paging.into_inner(), &Sent::default(), at_first).await
}

async fn add_date(
    request: HttpRequest,
    app: App,
    who: CourseKeeper,
    id: web::Path<CourseId>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (by, id) = (who.by(app.clock.now()), *id);
    let done = async {
        let save = read_date(&sent)?;
        app.db.write(move |tx| actions::add_date(tx, by, id, &save)).await
    };
    match done.await {
        Ok(_) => Ok(see_other(&format!("/kurser/{id}?klart=date-added"))),
        Err(error) => {
            let refused = refused(error, texts(&request))?;
            course_page(&request, &app, &who, id, Paging::default(), &sent, refused).await
        }
    }
}

fn read_date(sent: &Sent) -> Result<SaveDate, Error> {
    all_fields! {
        day = sent.text("day").parse().map_err(|_| WrongField::new("day", "field.day")),
    }
    Ok(SaveDate {
        day,
        hours: sent.text("hours").to_owned(),
        place: sent.text("place").to_owned(),
        seats: sent.number("seats"),
        note: sent.text("note").to_owned(),
    })
}

async fn remove_date(app: App, who: CourseKeeper, id: web::Path<CourseDateId>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let course = app.db.write(move |tx| actions::remove_date(tx, by, *id)).await?;
    Ok(see_other(&format!("/kurser/{course}?klart=date-removed")))
}

async fn revoke(
    request: HttpRequest,
    app: App,
    who: CourseKeeper,
    id: web::Path<CertificateId>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (by, id, organisation) = (who.by(app.clock.now()), *id, who.organisation_id());
    let why = Revoke { reason: sent.text("reason").to_owned() };
    let course = app.db.read(move |conn| Ok(queries::certificate(conn, organisation, id)?.course.id)).await?;
    match app.db.write(move |tx| actions::revoke(tx, by, id, &why)).await {
        Ok(_) => Ok(see_other(&format!("/kurser/{course}?klart=certificate-revoked"))),
        Err(error) => {
            let refused = refused(error, texts(&request))?;
            course_page(&request, &app, &who, course, Paging::default(), &Sent::default(), refused).await
        }
    }
}

async fn retire(app: App, who: CourseKeeper, id: web::Path<CourseId>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    app.db.write(move |tx| actions::retire_course(tx, by, *id)).await?;
    Ok(see_other("/kurser?klart=course-retired"))
}

#[derive(Template)]
#[template(path = "courses/form.html")]
struct FormPage {
    t: Texts,
    page: Page,
    id: Option<CourseId>,
    version: i32,
    errors: Vec<FieldError>,
    name: Field,
    about: Field,
    booking: Field,
    valid_months: Field,
    kit_types: Vec<Choice>,
    kit_type_ids: Field,
}

/// The form: of a new course, or of one that is there, with its version now.
async fn form(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    course: Option<(CourseId, i32)>,
    sent: &Sent,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(request), who.organisation_id());
    let mut types: Vec<(KitTypeId, String)> = app.db.read(move |conn| kits::names(conn, organisation)).await?;
    // Those chosen first, so that a long list shows them.
    types.sort_by_key(|(id, _)| !sent.has("kit_type_ids", &id.to_string()));
    let choice = |(id, label): (KitTypeId, String)| {
        let value = id.to_string();
        Choice { checked: sent.has("kit_type_ids", &value), value, label }
    };
    let field = |name| errors.field(name, sent.text(name));
    let title = t.s(if course.is_some() { "courses-change" } else { "courses-new" });
    let form = FormPage {
        t,
        page: Page::new(request, &title),
        id: course.map(|(id, _)| id),
        version: course.map_or(0, |(_, version)| version),
        name: field("name"),
        about: field("about"),
        booking: field("booking"),
        valid_months: field("valid_months"),
        kit_types: types.into_iter().map(choice).collect(),
        kit_type_ids: errors.field("kit_type_ids", ""),
        errors: summary(errors, t, &LABELS),
    };
    Ok(page::html(builder, &form))
}

fn read(sent: &Sent) -> Result<SaveCourse, Error> {
    let types: Result<Vec<KitTypeId>, _> = sent.all("kit_type_ids").map(str::parse).collect();
    Ok(SaveCourse {
        name: sent.text("name").to_owned(),
        about: sent.text("about").to_owned(),
        booking: sent.text("booking").to_owned(),
        valid_months: sent.number("valid_months"),
        kit_type_ids: types.map_err(|_| Error::invalid("kit_type_ids", "kit_type.not_found"))?,
    })
}

async fn begin(request: HttpRequest, app: App, who: CourseKeeper) -> Result<HttpResponse, Error> {
    form(&request, &app, &who, None, &Sent::default(), (Errors::default(), HttpResponse::Ok())).await
}

async fn add(request: HttpRequest, app: App, who: CourseKeeper, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let done = async {
        let save = read(&sent)?;
        app.db.write(move |tx| actions::add_course(tx, by, &save)).await
    };
    match done.await {
        Ok(course) => Ok(see_other(&format!("/kurser/{}?klart=course-added", course.id))),
        Err(error) => form(&request, &app, &who, None, &sent, refused(error, texts(&request))?).await,
    }
}

async fn find(app: &App, who: &Person, id: CourseId) -> Result<CourseView, Error> {
    let (organisation, today) = (who.organisation_id(), who.organisation.today(app.clock.now()));
    app.db.read(move |conn| queries::course(conn, organisation, id, today)).await
}

async fn edit(
    request: HttpRequest,
    app: App,
    who: CourseKeeper,
    id: web::Path<CourseId>,
) -> Result<HttpResponse, Error> {
    let course = find(&app, &who, *id).await?;
    let months = course.valid_months.map(|months| months.to_string()).unwrap_or_default();
    let filled = Sent::default()
        .with("name", &course.name)
        .with("about", &course.about)
        .with("booking", &course.booking)
        .with("valid_months", months);
    let filled = course.kit_types.iter().fold(filled, |filled, kit_type| filled.with("kit_type_ids", kit_type.id));
    let at_first = (Errors::default(), HttpResponse::Ok());
    form(&request, &app, &who, Some((course.id, course.version)), &filled, at_first).await
}

async fn change(
    request: HttpRequest,
    app: App,
    who: CourseKeeper,
    id: web::Path<CourseId>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (id, by) = (*id, who.by(app.clock.now()));
    let done = async {
        let (save, seen) = (read(&sent)?, sent.version()?);
        app.db.write(move |tx| actions::change_course(tx, by, id, &save, seen)).await
    };
    match done.await {
        Ok(_) => Ok(see_other(&format!("/kurser/{id}?klart=saved"))),
        Err(error) => {
            let refused = refused(error, texts(&request))?;
            let version = find(&app, &who, id).await?.version;
            form(&request, &app, &who, Some((id, version)), &sent, refused).await
        }
    }
}

#[derive(Template)]
#[template(path = "courses/note.html")]
struct NotePage {
    t: Texts,
    page: Page,
    id: CourseId,
    course: String,
    valid: String,
    q: Field,
    units: Vec<Group>,
    more: bool,
    errors: Vec<FieldError>,
    completed_on: Field,
    expires_on: Field,
    people: Field,
}

/// A unit and those who belong to it.
struct Group {
    unit: Choice,
    people: Vec<Choice>,
}

#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
}

/// Units whose name has these letters in it, or that of somebody there, each with the people to choose from.
fn groups(units: Vec<(UnitId, String)>, members: Vec<Member>, q: &str, sent: &Sent) -> Vec<Group> {
    let wanted = q.trim().to_lowercase();
    let has = |name: &str| name.to_lowercase().contains(&wanted);
    let mut of_unit: HashMap<UnitId, Vec<Member>> = HashMap::new();
    for member in members {
        of_unit.entry(member.unit).or_default().push(member);
    }
    let choice = |name: &str, id: String, label: String| Choice { checked: sent.has(name, &id), value: id, label };
    let group = |(id, name): (UnitId, String)| {
        let people = of_unit.remove(&id).unwrap_or_default();
        let shown = has(&name) || people.iter().any(|member| has(&member.name));
        let people = people.into_iter().map(|member| choice("people", member.person.to_string(), member.name));
        shown.then(|| Group { people: people.collect(), unit: choice("units", id.to_string(), name) })
    };
    units.into_iter().filter_map(group).collect()
}

async fn note_page(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    id: CourseId,
    q: &str,
    sent: &Sent,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(request), who.organisation_id());
    let course = find(app, who, id).await?;
    let (units, members) = app
        .db
        .read(move |conn| {
            Ok((accounts::unit_names(conn, organisation, None)?, queries::members(conn, organisation, None)?))
        })
        .await?;
    let mut units = groups(units, members, q, sent);
    let more = units.len() > MOST_UNITS;
    units.truncate(MOST_UNITS);
    let page = NotePage {
        t,
        page: Page::new(request, &t.s("courses-note")),
        id,
        valid: valid(t, course.valid_months),
        course: course.name,
        q: Field { value: q.to_owned(), error: None },
        units,
        more,
        completed_on: errors.field("completed_on", sent.text("completed_on")),
        expires_on: errors.field("expires_on", sent.text("expires_on")),
        people: errors.field("people", ""),
        errors: summary(errors, t, &LABELS),
    };
    Ok(page::html(builder, &page))
}

async fn ask_who(
    request: HttpRequest,
    app: App,
    who: Staff,
    id: web::Path<CourseId>,
    search: web::Query<Search>,
) -> Result<HttpResponse, Error> {
    let filled = Sent::default().with("completed_on", who.organisation.today(app.clock.now()));
    note_page(&request, &app, &who, *id, &search.q, &filled, (Errors::default(), HttpResponse::Ok())).await
}

fn read_note(course_id: CourseId, sent: &Sent) -> Result<NoteCertificates, Error> {
    let day = |name: &str| sent.text(name).parse::<NaiveDate>().map_err(|_| WrongField::new(name, "field.day"));
    let people: Result<Vec<PersonId>, _> = sent.all("people").map(str::parse).collect();
    let units: Result<Vec<UnitId>, _> = sent.all("units").map(str::parse).collect();
    all_fields! {
        completed_on = day("completed_on"),
        expires_on = if sent.text("expires_on").is_empty() { Ok(None) } else { day("expires_on").map(Some) },
        people = people.map_err(|_| WrongField::new("people", "person.not_found")),
        units = units.map_err(|_| WrongField::new("units", "unit.not_found")),
    }
    Ok(NoteCertificates { course_id, completed_on, expires_on, people, units })
}

async fn note(
    request: HttpRequest,
    app: App,
    who: Staff,
    id: web::Path<CourseId>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (by, id) = (who.by(app.clock.now()), *id);
    let done = async {
        let note = read_note(id, &sent)?;
        app.db.write(move |tx| actions::note(tx, by, &note)).await
    };
    match done.await {
        Ok(_) => Ok(see_other(&format!("/kurser/{id}?klart=certificates-noted"))),
        Err(error) => {
            let refused = refused(error, texts(&request))?;
            note_page(&request, &app, &who, id, sent.text("q"), &sent, refused).await
        }
    }
}
