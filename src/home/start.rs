//! The first page: what the service is, or, for those who are signed in, where their day begins.

use crate::accounts::pages::session_cookie;
use crate::accounts::queries as accounts;
use crate::accounts::rules::Role;
use crate::accounts::session::{Person, Visitor};
use crate::accounts::sign_in;
use crate::accounts::store::{self, Organisation};
use crate::home::card::KitCard;
use crate::kits::queries::Filter;
use crate::loans::queries;
use crate::loans::views::CatalogueView;
use crate::platform::db::connection::Conn;
use crate::platform::error::{Error, Fault};
use crate::platform::ids::PersonId;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::paging::Paging;
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

type App = web::Data<AppState>;

/// How many kit types the first page shows.
const SOME: u32 = 6;

#[derive(Template)]
#[template(path = "home/start.html")]
struct StartPage {
    t: Texts,
    page: Page,
    kit_types: Vec<KitCard>,
    demo_people: Vec<DemoPerson>,
}

/// Somebody to look around as.
struct DemoPerson {
    id: PersonId,
    name: String,
    role: String,
}

/// Where somebody's day begins.
fn first_page(person: &Person) -> &'static str {
    let of_role = |role: &Role| match role {
        Role::Borrower => "/vara-lan",
        Role::Warehouse => "/lager",
        Role::Developer => "/utvarderingar",
        Role::Admin => "/admin",
    };
    Role::ALL.iter().find(|role| person.is(**role)).map_or("/lador", of_role)
}

pub(super) async fn start(request: HttpRequest, app: App, who: Visitor) -> Result<HttpResponse, Error> {
    match &who.0 {
        Some(person) => Ok(see_other(first_page(person))),
        None => Ok(page::ok(&start_page(&request, &app).await?)),
    }
}

/// What a stranger is shown: the organisation when there is only one, some of its kit types, and the demo's people.
struct Sight {
    organisation: Option<Organisation>,
    kit_types: Vec<CatalogueView>,
    people: Vec<(Role, PersonId, String)>,
}

async fn start_page(request: &HttpRequest, app: &App) -> Result<StartPage, Error> {
    let t = texts(request);
    let (now, demo) = (app.clock.now(), app.config.demo);
    let look = move |conn: &mut Conn| {
        let mut organisations = store::organisations(conn)?;
        let organisation = organisations.pop().filter(|_| organisations.is_empty());
        let (mut kit_types, mut people) = (Vec::new(), Vec::new());
        if let Some(organisation) = &organisation {
            let paging = Paging { limit: Some(SOME), cursor: None };
            let today = organisation.today(now);
            kit_types = queries::catalogue(conn, organisation, &Filter::default(), None, &paging, today)?.items;
            // Pictures are for those who are signed in.
            kit_types.iter_mut().for_each(|view| view.kit_type.pictures.clear());
            if demo {
                people = accounts::one_of_each_role(conn, organisation.id)?;
            }
        }
        Ok(Sight { organisation, kit_types, people })
    };
    let sight = app.db.read(look).await?;
    let mut page = Page::new(request, &t.s("home-title"));
    if let Some(organisation) = sight.organisation {
        page.organisation = Some(organisation.name);
        page.contact = Some(organisation.contact_email).filter(|contact| !contact.is_empty());
    }
    let person =
        |(role, id, name): (Role, PersonId, String)| DemoPerson { id, name, role: t.s(&format!("home-role-{role}")) };
    Ok(StartPage {
        t,
        page,
        kit_types: sight.kit_types.iter().map(|kit_type| KitCard::new(t, kit_type, None)).collect(),
        demo_people: sight.people.into_iter().map(person).collect(),
    })
}

#[derive(Template)]
#[template(path = "home/about.html")]
struct AboutPage {
    t: Texts,
    page: Page,
}

pub(super) async fn about(request: HttpRequest) -> HttpResponse {
    let t = texts(&request);
    page::ok(&AboutPage { t, page: Page::new(&request, &t.s("home-about")) })
}

fn only_in_the_demo(app: &App) -> Result<(), Error> {
    if app.config.demo { Ok(()) } else { Err(Error::not_found("request.no_such_page")) }
}

/// The first page for somebody who wants to become another of the demo's people.
pub(super) async fn choose_person(request: HttpRequest, app: App) -> Result<HttpResponse, Error> {
    only_in_the_demo(&app)?;
    Ok(page::ok(&start_page(&request, &app).await?))
}

#[derive(Deserialize)]
pub(super) struct DemoForm {
    person: PersonId,
}

/// Signs in as one of the demo's people, who are invented.
pub(super) async fn become_person(app: App, form: web::Form<DemoForm>) -> Result<HttpResponse, Error> {
    only_in_the_demo(&app)?;
    let (now, id) = (app.clock.now(), form.person);
    let (person, token) = app
        .db
        .write(move |tx| {
            let row = store::find_anyone(tx, id)?.ok_or_else(|| Error::not_found("person.not_found"))?;
            let person = store::account(tx, row)?.into();
            Ok((person, sign_in::open_session(tx, id, None, now)?))
        })
        .await?;
    let mut response = see_other(first_page(&person));
    response.add_cookie(&session_cookie(&app, &token)).map_err(Fault::from_error)?;
    Ok(response)
}
