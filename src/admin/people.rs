//! People: list, add, change, remove.

use crate::accounts::actions::{self, SavePerson};
use crate::accounts::queries;
use crate::accounts::rules::Role;
use crate::accounts::session::{Admin, Person};
use crate::accounts::store;
use crate::admin::{App, Search};
use crate::platform::error::{Error, FieldError as WrongField};
use crate::platform::ids::{PersonId, UnitId};
use crate::platform::text::{Lang, Texts};
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent, choices, refused, summary};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::paging::Paging;
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;
use std::collections::HashMap;

/// The fields of the form, and their labels.
const LABELS: [(&str, &str); 5] = [
    ("name", "admin-person-name"),
    ("email", "admin-person-email"),
    ("roles", "admin-person-roles"),
    ("units", "admin-person-units"),
    ("language", "admin-person-lang"),
];

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/admin/personer", web::get().to(list))
        .route("/admin/personer/ny", web::get().to(begin))
        .route("/admin/personer/ny", web::post().to(add))
        .route("/admin/personer/{id}", web::get().to(show))
        .route("/admin/personer/{id}", web::post().to(change))
        .route("/admin/personer/{id}/ta-bort", web::post().to(remove));
}

struct Row {
    id: PersonId,
    name: String,
    email: String,
    roles: String,
    units: String,
}

#[derive(Template)]
#[template(path = "admin/people.html")]
struct PeoplePage {
    t: Texts,
    page: Page,
    q: Field,
    items: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/person_form.html")]
struct PersonPage {
    t: Texts,
    page: Page,
    id: Option<PersonId>,
    version: i32,
    errors: Vec<FieldError>,
    name: Field,
    email: Field,
    role_choices: Vec<Choice>,
    roles: Field,
    unit_choices: Vec<Choice>,
    units: Field,
    languages: Vec<Choice>,
    language: Field,
}

async fn list(
    request: HttpRequest,
    app: App,
    who: Admin,
    search: web::Query<Search>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let (t, organisation, q, cursor) =
        (texts(&request), who.organisation_id(), search.into_inner().q, paging.cursor.clone());
    let wanted = q.clone();
    let (people, names) = app
        .db
        .read(move |conn| {
            let people = queries::find_people(conn, organisation, &wanted, &paging)?;
            Ok((people, queries::unit_names(conn, organisation, None)?))
        })
        .await?;
    let names: HashMap<UnitId, String> = names.into_iter().collect();
    let path = format!("/admin/personer?q={}", page::query_value(&q));
    let (first, next) = page::list_pages(&path, cursor.as_deref(), people.next.as_deref());
    let rows = people.items.into_iter().map(|person| {
        let roles: Vec<String> = person.roles.iter().map(|role| t.s(&format!("role-{role}"))).collect();
        let units: Vec<&str> = person.units.iter().filter_map(|unit| names.get(unit).map(String::as_str)).collect();
        Row { id: person.id, name: person.name, email: person.email, roles: roles.join(", "), units: units.join(", ") }
    });
    let page = Page::new(&request, &t.s("admin-people"));
    let items = rows.collect();
    Ok(page::ok(&PeoplePage { t, page, q: Field { value: q, error: None }, items, first, next }))
}

/// The form: of a new person, or of one who has an account, with their version now.
async fn form(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    person: Option<(PersonId, i32)>,
    sent: &Sent,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(request), who.organisation_id());
    let mut units = app.db.read(move |conn| queries::unit_names(conn, organisation, None)).await?;
    // Theirs first, so that a long list shows them.
    units.sort_by_key(|(id, _)| !sent.has("units", &id.to_string()));
    let names: HashMap<UnitId, String> = units.iter().cloned().collect();
    let ids: Vec<UnitId> = units.into_iter().map(|(id, _)| id).collect();
    let title = t.s(if person.is_some() { "admin-person-change" } else { "admin-person-new" });
    let form = PersonPage {
        t,
        page: Page::new(request, &title),
        id: person.map(|(id, _)| id),
        version: person.map_or(0, |(_, version)| version),
        name: errors.field("name", sent.text("name")),
        email: errors.field("email", sent.text("email")),
        role_choices: choices(
            Role::ALL,
            |role| t.s(&format!("admin-role-{role}")),
            |role| sent.has("roles", role.as_str()),
        ),
        roles: errors.field("roles", ""),
        unit_choices: choices(
            &ids,
            |id| names.get(&id).cloned().unwrap_or_default(),
            |id| sent.has("units", &id.to_string()),
        ),
        units: errors.field("units", ""),
        languages: choices(Lang::ALL, |lang| lang.name().to_owned(), |lang| sent.has("language", lang.as_str())),
        language: errors.field("language", ""),
        errors: summary(errors, t, &LABELS),
    };
    Ok(page::html(builder, &form))
}

fn read(sent: &Sent) -> Result<SavePerson, Error> {
    let units: Result<Vec<UnitId>, _> = sent.all("units").map(str::parse).collect();
    Ok(SavePerson {
        name: sent.text("name").to_owned(),
        email: sent.text("email").to_owned(),
        language: sent.text("language").parse().ok(),
        roles: sent.all("roles").filter_map(|role| role.parse().ok()).collect(),
        units: units.map_err(|_| Error::from(vec![WrongField::new("units", "unit.not_found")]))?,
    })
}

/// What stands in the form of a person, and their version.
async fn find(app: &App, who: &Person, id: PersonId) -> Result<(Sent, i32), Error> {
    let organisation = who.organisation_id();
    app.db
        .read(move |conn| {
            let person = store::find_person(conn, organisation, id)?;
            let person = person.ok_or_else(|| Error::not_found("person.not_found"))?;
            let mut filled = Sent::default()
                .with("name", person.name)
                .with("email", person.email.unwrap_or_default())
                .with("language", person.language);
            for role in store::roles(conn, id)? {
                filled = filled.with("roles", role);
            }
            for unit in store::unit_ids(conn, id)? {
                filled = filled.with("units", unit);
            }
            Ok((filled, person.version))
        })
        .await
}

async fn begin(request: HttpRequest, app: App, who: Admin) -> Result<HttpResponse, Error> {
    let filled = Sent::default().with("language", who.organisation.language).with("roles", Role::Borrower);
    form(&request, &app, &who, None, &filled, (Errors::default(), HttpResponse::Ok())).await
}

async fn add(request: HttpRequest, app: App, who: Admin, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let done = async {
        let save = read(&sent)?;
        app.db.write(move |tx| actions::add_person(tx, by, &save)).await
    };
    match done.await {
        Ok(_) => Ok(see_other("/admin/personer?klart=added")),
        Err(error) => form(&request, &app, &who, None, &sent, refused(error, texts(&request))?).await,
    }
}

async fn show(request: HttpRequest, app: App, who: Admin, id: web::Path<PersonId>) -> Result<HttpResponse, Error> {
    let (filled, version) = find(&app, &who, *id).await?;
    form(&request, &app, &who, Some((*id, version)), &filled, (Errors::default(), HttpResponse::Ok())).await
}

async fn change(
    request: HttpRequest,
    app: App,
    who: Admin,
    id: web::Path<PersonId>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (id, by) = (*id, who.by(app.clock.now()));
    let done = async {
        let (save, seen) = (read(&sent)?, sent.version()?);
        app.db.write(move |tx| actions::change_person(tx, by, id, &save, seen)).await
    };
    match done.await {
        Ok(_) => Ok(see_other("/admin/personer?klart=saved")),
        Err(error) => {
            let refused = refused(error, texts(&request))?;
            let (_, version) = find(&app, &who, id).await?;
            form(&request, &app, &who, Some((id, version)), &sent, refused).await
        }
    }
}

async fn remove(request: HttpRequest, app: App, who: Admin, id: web::Path<PersonId>) -> Result<HttpResponse, Error> {
    let (id, by) = (*id, who.by(app.clock.now()));
    match app.db.write(move |tx| actions::remove_person(tx, by, id)).await {
        Ok(()) => Ok(see_other("/admin/personer?klart=person-removed")),
        Err(error) => {
            let refused = refused(error, texts(&request))?;
            let (filled, version) = find(&app, &who, id).await?;
            form(&request, &app, &who, Some((id, version)), &filled, refused).await
        }
    }
}
