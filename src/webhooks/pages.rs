//! Addresses of other programs as administrators see them: the list, what is on its way to each, and a new one's secret.

use crate::accounts::session::Admin;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{DeliveryId, WebhookId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Errors, Field, FieldError, Sent, Tag, refused, summary};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::paging::Paging;
use crate::platform::web::texts;
use crate::webhooks::actions::{self, AddWebhook};
use crate::webhooks::store::{self, DeliveryState, WebhookState};
use crate::webhooks::views::{self, DeliveryView, WebhookView};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;

type App = web::Data<AppState>;

/// The fields of the form, and their labels.
const LABELS: [(&str, &str); 2] = [("name", "webhooks-name"), ("url", "webhooks-url")];

/// The routes of this feature.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/admin/program", web::get().to(list))
        .route("/admin/program", web::post().to(add))
        .route("/admin/program/{id}", web::get().to(one))
        .route("/admin/program/{id}/igen", web::post().to(send_again))
        .route("/admin/program/{id}/pausa", web::post().to(pause))
        .route("/admin/program/{id}/fortsatt", web::post().to(resume))
        .route("/admin/program/{id}/ta-bort", web::post().to(remove));
}

#[derive(Template)]
#[template(path = "webhooks/list.html")]
struct ListPage {
    t: Texts,
    page: Page,
    items: Vec<Row>,
    /// The name and the secret of one that has just been added.
    added: Option<(String, String)>,
    errors: Vec<FieldError>,
    name: Field,
    url: Field,
}

struct Row {
    href: String,
    name: String,
    url: String,
    state: Tag,
    waiting: i64,
}

#[derive(Template)]
#[template(path = "webhooks/one.html")]
struct OnePage {
    t: Texts,
    page: Page,
    id: WebhookId,
    webhook: WebhookView,
    state: Tag,
    since: String,
    active: bool,
    deliveries: Vec<DeliveryRow>,
    newer: Option<String>,
    older: Option<String>,
}

struct DeliveryRow {
    id: DeliveryId,
    when: String,
    state: Tag,
    attempts: i64,
    error: String,
    waits: bool,
}

fn state(state: WebhookState, t: Texts) -> Tag {
    let (color, icon) = match state {
        WebhookState::Active => ("success", "check"),
        WebhookState::Paused => ("neutral", "stop"),
        WebhookState::Failing | WebhookState::Gone => ("danger", "alert"),
    };
    Tag { color, icon, text: t.s(&format!("webhooks-state-{state}")) }
}

async fn told(
    request: &HttpRequest,
    app: &App,
    who: &Admin,
    (sent, added): (&Sent, Option<(String, String)>),
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(request), who.organisation_id());
    let webhooks = app.db.read(move |conn| views::all(conn, organisation)).await?;
    let items = webhooks.into_iter().map(|one| Row {
        href: format!("/admin/program/{}", one.id),
        state: state(one.state, t),
        name: one.name,
        url: one.url,
        waiting: one.waiting,
    });
    let page = ListPage {
        t,
        page: Page::new(request, &t.s("webhooks")),
        items: items.collect(),
        added,
        name: errors.field("name", sent.text("name")),
        url: errors.field("url", sent.text("url")),
        errors: summary(errors, t, &LABELS),
    };
    Ok(page::html(builder, &page))
}

async fn list(request: HttpRequest, app: App, who: Admin) -> Result<HttpResponse, Error> {
    told(&request, &app, &who, (&Sent::default(), None), (Errors::default(), HttpResponse::Ok())).await
}

async fn add(request: HttpRequest, app: App, who: Admin, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let (by, private) = (who.by(app.clock.now()), app.config.webhooks_to_private);
    let add = AddWebhook { name: sent.text("name").to_owned(), url: sent.text("url").to_owned() };
    match app.db.write(move |tx| actions::add(tx, by, &add, private)).await {
        // The secret is told once, and stands in no address.
        Ok(added) => {
            let added = Some((added.webhook.name, added.secret));
            told(&request, &app, &who, (&Sent::default(), added), (Errors::default(), HttpResponse::Ok())).await
        }
        Err(error) => told(&request, &app, &who, (&sent, None), refused(error, texts(&request))?).await,
    }
}

async fn one(
    request: HttpRequest,
    app: App,
    who: Admin,
    id: web::Path<WebhookId>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let (t, organisation, id) = (texts(&request), who.organisation_id(), *id);
    let cursor = paging.cursor.clone().filter(|cursor| cursor.parse::<DeliveryId>().is_ok());
    let paging = Paging { limit: None, cursor: cursor.clone() };
    let (webhook, found) = app
        .db
        .read(move |conn| {
            let row = store::find(conn, organisation, id)?;
            Ok((WebhookView::of(conn, row)?, views::deliveries(conn, organisation, id, &paging)?))
        })
        .await?;
    let here = format!("/admin/program/{id}");
    let (newer, older) = page::list_pages(&here, cursor.as_deref(), found.next.as_deref());
    let moment = |at: Instant| t.moment(at, who.organisation.zone());
    let row = |one: DeliveryView| {
        let (color, icon) = match one.state {
            DeliveryState::Queued if one.attempts > 0 => ("warning", "clock"),
            DeliveryState::Queued => ("info", "clock"),
            DeliveryState::Sent => ("success", "check"),
            DeliveryState::Failed => ("danger", "alert"),
        };
        DeliveryRow {
            id: one.id,
            when: moment(one.created_at),
            state: Tag { color, icon, text: t.s(&format!("webhooks-message-{}", one.state)) },
            attempts: one.attempts.into(),
            error: one.last_error.unwrap_or_default(),
            waits: one.state == DeliveryState::Queued,
        }
    };
    Ok(page::ok(&OnePage {
        page: Page::new(&request, &webhook.name),
        id,
        state: state(webhook.state, t),
        since: moment(webhook.state_since),
        active: webhook.state == WebhookState::Active,
        deliveries: found.items.into_iter().map(row).collect(),
        webhook,
        newer,
        older,
        t,
    }))
}

async fn send_again(
    app: App,
    who: Admin,
    id: web::Path<WebhookId>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (by, id) = (who.by(app.clock.now()), *id);
    let delivery = sent.text("delivery").parse::<DeliveryId>();
    let delivery = delivery.map_err(|_| Error::not_found("webhook_delivery.not_found"))?;
    app.db.write(move |tx| actions::send_again(tx, by, delivery)).await?;
    Ok(see_other(&format!("/admin/program/{id}?klart=webhook-queued")))
}

async fn pause(app: App, who: Admin, id: web::Path<WebhookId>) -> Result<HttpResponse, Error> {
    set(&app, &who, *id, true).await
}

async fn resume(app: App, who: Admin, id: web::Path<WebhookId>) -> Result<HttpResponse, Error> {
    set(&app, &who, *id, false).await
}

async fn set(app: &App, who: &Admin, id: WebhookId, paused: bool) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    app.db.write(move |tx| actions::pause(tx, by, id, paused)).await?;
    let done = if paused { "webhook-paused" } else { "webhook-resumed" };
    Ok(see_other(&format!("/admin/program/{id}?klart={done}")))
}

async fn remove(app: App, who: Admin, id: web::Path<WebhookId>) -> Result<HttpResponse, Error> {
    let (by, id) = (who.by(app.clock.now()), *id);
    app.db.write(move |tx| actions::remove(tx, by, id)).await?;
    Ok(see_other("/admin/program?klart=webhook-removed"))
}
