//! Collections as pages, with the list of those who want to tell more as a file.

use crate::accounts::session::Developer;
use crate::evaluations::collections::actions::{self, SaveCollection};
use crate::evaluations::collections::queries;
use crate::evaluations::collections::views::{CollectionView, ContactView};
use crate::platform::error::Error;
use crate::platform::ids::{CollectionId, EvaluationId};
use crate::platform::state::AppState;
use crate::platform::tables;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Errors, Field, FieldError, Sent, refused, summary};
use crate::platform::web::page::{self, Page, local_path, see_other};
use crate::platform::web::texts;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;

type App = web::Data<AppState>;

/// The routes of this part.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/samlingar", web::get().to(list))
        .route("/samlingar", web::post().to(add))
        .route("/samlingar/{id}", web::get().to(one))
        .route("/samlingar/{id}", web::post().to(rename))
        .route("/samlingar/{id}/kontakter.csv", web::get().to(contacts))
        .route("/samlingar/{id}/ta-ur", web::post().to(take_out))
        .route("/samlingar/{id}/ta-bort", web::post().to(remove))
        .route("/utvarderingar/{id}/samling", web::post().to(gather));
}

#[derive(Template)]
#[template(path = "collections/list.html")]
struct ListPage {
    t: Texts,
    page: Page,
    errors: Vec<FieldError>,
    collections: Vec<Row>,
    name: Field,
}

/// A collection in the list.
struct Row {
    href: String,
    name: String,
    count: String,
}

/// An evaluation in a collection.
struct Inside {
    id: EvaluationId,
    kit: String,
    from: String,
}

#[derive(Template)]
#[template(path = "collections/one.html")]
struct OnePage {
    t: Texts,
    page: Page,
    errors: Vec<FieldError>,
    id: CollectionId,
    inside: Vec<Inside>,
    contacts: Vec<ContactView>,
    file: String,
    name: Field,
}

const LABELS: [(&str, &str); 1] = [("name", "collections-name")];

async fn list(request: HttpRequest, app: App, who: Developer) -> Result<HttpResponse, Error> {
    show_all(&request, &app, &who, (Errors::default(), ""), HttpResponse::Ok()).await
}

async fn show_all(
    request: &HttpRequest,
    app: &App,
    who: &Developer,
    (errors, typed): (Errors, &str),
    builder: HttpResponseBuilder,
) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(request), who.organisation_id());
    let collections = app.db.read(move |conn| queries::list(conn, organisation)).await?;
    let collections = collections.into_iter().map(|one: CollectionView| Row {
        href: format!("/samlingar/{}", one.id),
        name: one.name,
        count: t.v("collections-count", "count", one.evaluations),
    });
    let (collections, name) = (collections.collect(), errors.field("name", typed));
    let page = Page::new(request, &t.s("collections"));
    Ok(page::html(builder, &ListPage { t, page, collections, name, errors: summary(errors, t, &LABELS) }))
}

async fn add(request: HttpRequest, app: App, who: Developer, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let (by, save) = (who.by(app.clock.now()), SaveCollection { name: sent.text("name").to_owned() });
    match app.db.write(move |tx| actions::add(tx, by, &save)).await {
        Ok(id) => Ok(see_other(&format!("/samlingar/{id}"))),
        Err(error) => {
            let (errors, builder) = refused(error, texts(&request))?;
            show_all(&request, &app, &who, (errors, sent.text("name")), builder).await
        }
    }
}

async fn one(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<CollectionId>,
) -> Result<HttpResponse, Error> {
    show(&request, &app, &who, *id, (Errors::default(), None), HttpResponse::Ok()).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Developer,
    id: CollectionId,
    (errors, typed): (Errors, Option<&str>),
    builder: HttpResponseBuilder,
) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(request), who.organisation_id());
    let collection = app.db.read(move |conn| queries::one(conn, organisation, id, t.lang)).await?;
    let name = errors.field("name", typed.unwrap_or(&collection.name));
    let page = Page::new(request, &collection.name);
    let inside = collection.items.into_iter().map(|item| Inside {
        id: item.id,
        kit: item.kit_type.name,
        from: format!("{} · {}", item.unit.name, t.date(item.submitted_on)),
    });
    let shown = OnePage {
        t,
        page,
        id,
        inside: inside.collect(),
        contacts: collection.contacts,
        file: format!("/samlingar/{id}/kontakter.csv"),
        name,
        errors: summary(errors, t, &LABELS),
    };
    Ok(page::html(builder, &shown))
}

async fn rename(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<CollectionId>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (id, by, save) = (*id, who.by(app.clock.now()), SaveCollection { name: sent.text("name").to_owned() });
    match app.db.write(move |tx| actions::rename(tx, by, id, &save)).await {
        Ok(()) => Ok(see_other(&format!("/samlingar/{id}"))),
        Err(error) => {
            let (errors, builder) = refused(error, texts(&request))?;
            show(&request, &app, &who, id, (errors, Some(sent.text("name"))), builder).await
        }
    }
}

async fn take_out(
    app: App,
    who: Developer,
    id: web::Path<CollectionId>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (id, by) = (*id, who.by(app.clock.now()));
    let evaluation: EvaluationId =
        sent.text("evaluation").parse().map_err(|_| Error::not_found("evaluation.not_found"))?;
    app.db.write(move |tx| actions::take_out(tx, by, id, evaluation)).await?;
    Ok(see_other(&format!("/samlingar/{id}")))
}

async fn remove(app: App, who: Developer, id: web::Path<CollectionId>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    app.db.write(move |tx| actions::remove(tx, by, *id)).await?;
    Ok(see_other("/samlingar?klart=collection-removed"))
}

/// Puts an evaluation into a collection, from its own page.
async fn gather(
    app: App,
    who: Developer,
    id: web::Path<EvaluationId>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let collection: CollectionId =
        sent.text("collection").parse().map_err(|_| Error::not_found("collection.not_found"))?;
    let id = *id;
    app.db.write(move |tx| actions::gather(tx, by, collection, id)).await?;
    let to = local_path(sent.text("to"));
    match to.starts_with(&format!("/utvarderingar/{id}")) {
        true => Ok(see_other(&format!("{}#gather", page::and_done(to, "evaluation-gathered")))),
        false => Ok(see_other(to)),
    }
}

/// Those who want to tell more, as a file.
async fn contacts(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<CollectionId>,
) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(&request), who.organisation_id());
    let collection = app.db.read(move |conn| queries::one(conn, organisation, *id, t.lang)).await?;
    let head = ["evaluations-unit", "reading-area", "collections-email", "evaluations-kit-type", "collections-offers"];
    let rows = collection
        .contacts
        .into_iter()
        .map(|contact| vec![contact.unit, contact.area, contact.email, contact.kit_type, contact.offers.join(", ")]);
    let rows: Vec<Vec<String>> = std::iter::once(head.map(|key| t.s(key)).to_vec()).chain(rows).collect();
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"kontakter.csv\""))
        .body(tables::csv(&rows)?))
}
