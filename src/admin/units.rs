//! Units: list, add, change.

use crate::accounts::actions::{self, SaveUnit};
use crate::accounts::queries;
use crate::accounts::session::{Admin, Person};
use crate::accounts::store::{self, Unit};
use crate::admin::{App, Search};
use crate::platform::error::Error;
use crate::platform::ids::UnitId;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent, refused, summary};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::paging::Paging;
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;

/// The fields of the form, and their labels.
const LABELS: [(&str, &str); 5] = [
    ("name", "admin-unit-name"),
    ("area", "admin-unit-area"),
    ("email", "admin-unit-email"),
    ("children", "admin-unit-children"),
    ("street_address", "admin-unit-street_address"),
];

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/admin/enheter", web::get().to(list))
        .route("/admin/enheter/ny", web::get().to(begin))
        .route("/admin/enheter/ny", web::post().to(add))
        .route("/admin/enheter/{id}", web::get().to(show))
        .route("/admin/enheter/{id}", web::post().to(change));
}

#[derive(Template)]
#[template(path = "admin/units.html")]
struct UnitsPage {
    t: Texts,
    page: Page,
    q: Field,
    items: Vec<Unit>,
    first: Option<String>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/unit_form.html")]
struct UnitPage {
    t: Texts,
    page: Page,
    id: Option<UnitId>,
    version: i32,
    errors: Vec<FieldError>,
    name: Field,
    area: Field,
    email: Field,
    children: Field,
    street_address: Field,
    weekdays: Vec<Choice>,
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
    let units = app.db.read(move |conn| queries::find_units(conn, organisation, &wanted, &paging)).await?;
    let path = format!("/admin/enheter?q={}", page::query_value(&q));
    let (first, next) = page::list_pages(&path, cursor.as_deref(), units.next.as_deref());
    let page = Page::new(&request, &t.s("admin-units"));
    Ok(page::ok(&UnitsPage { t, page, q: Field { value: q, error: None }, items: units.items, first, next }))
}

/// The form: of a new unit, or of `unit` as it stands in the database now.
fn form(
    request: &HttpRequest,
    unit: Option<&Unit>,
    sent: &Sent,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> HttpResponse {
    let t = texts(request);
    let title = t.s(if unit.is_some() { "admin-unit-change" } else { "admin-unit-new" });
    let field = |name| errors.field(name, sent.text(name));
    let form = UnitPage {
        t,
        page: Page::new(request, &title),
        id: unit.map(|unit| unit.id),
        version: unit.map_or(0, |unit| unit.version),
        name: field("name"),
        area: field("area"),
        email: field("email"),
        children: field("children"),
        street_address: field("street_address"),
        weekdays: weekdays(t, sent.text("delivery_weekday")),
        errors: summary(errors, t, &LABELS),
    };
    page::html(builder, &form)
}

/// The days on which the van may come by; none for who fetches.
fn weekdays(t: Texts, chosen: &str) -> Vec<Choice> {
    let none = Choice { value: String::new(), label: t.s("admin-unit-fetches"), checked: chosen.is_empty() };
    let day = |day: i32| {
        let value = day.to_string();
        Choice { label: t.s(&format!("weekday-long-{day}")), checked: value == chosen, value }
    };
    std::iter::once(none).chain((1..=7).map(day)).collect()
}

fn read(sent: &Sent) -> SaveUnit {
    SaveUnit {
        name: sent.text("name").to_owned(),
        area: Some(sent.text("area").to_owned()),
        email: Some(sent.text("email").to_owned()),
        children: sent.number("children"),
        street_address: Some(sent.text("street_address").to_owned()),
        delivery_weekday: sent.number("delivery_weekday"),
    }
}

async fn find(app: &App, who: &Person, id: UnitId) -> Result<Unit, Error> {
    let organisation = who.organisation_id();
    let unit = app.db.read(move |conn| store::find_unit(conn, organisation, id)).await?;
    unit.ok_or_else(|| Error::not_found("unit.not_found"))
}

async fn begin(request: HttpRequest, _: Admin) -> HttpResponse {
    form(&request, None, &Sent::default(), (Errors::default(), HttpResponse::Ok()))
}

async fn add(request: HttpRequest, app: App, who: Admin, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let (by, save) = (who.by(app.clock.now()), read(&sent));
    match app.db.write(move |tx| actions::add_unit(tx, by, &save)).await {
        Ok(_) => Ok(see_other("/admin/enheter?klart=added")),
        Err(error) => Ok(form(&request, None, &sent, refused(error, texts(&request))?)),
    }
}

async fn show(request: HttpRequest, app: App, who: Admin, id: web::Path<UnitId>) -> Result<HttpResponse, Error> {
    let unit = find(&app, &who, *id).await?;
    let filled = Sent::default()
        .with("name", &unit.name)
        .with("area", &unit.area)
        .with("email", &unit.email)
        .with("children", unit.children.map(|children| children.to_string()).unwrap_or_default())
        .with("street_address", &unit.street_address)
        .with("delivery_weekday", unit.delivery_weekday.map(|day| day.to_string()).unwrap_or_default());
    Ok(form(&request, Some(&unit), &filled, (Errors::default(), HttpResponse::Ok())))
}

async fn change(
    request: HttpRequest,
    app: App,
    who: Admin,
    id: web::Path<UnitId>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (id, by, save) = (*id, who.by(app.clock.now()), read(&sent));
    let done = async {
        let seen = sent.version()?;
        app.db.write(move |tx| actions::change_unit(tx, by, id, &save, seen)).await
    };
    match done.await {
        Ok(_) => Ok(see_other("/admin/enheter?klart=saved")),
        Err(error) => {
            let refused = refused(error, texts(&request))?;
            let unit = find(&app, &who, id).await?;
            Ok(form(&request, Some(&unit), &sent, refused))
        }
    }
}
