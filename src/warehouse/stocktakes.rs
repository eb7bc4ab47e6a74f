//! Stocktakes: to start one, those that are going on, and those before.

use crate::accounts::session::{Person, Warehouse};
use crate::loans::actions::Context;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::idempotency::Key;
use crate::platform::ids::StocktakeId;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent, Tag, refused};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::paging::Paging;
use crate::platform::web::{command, texts};
use crate::stocktakes::actions::{self, StartStocktake};
use crate::stocktakes::queries;
use crate::stocktakes::rules::Status;
use crate::stocktakes::views::StocktakeView;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;
use uuid::Uuid;

type App = web::Data<AppState>;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/lager/inventering", web::get().to(show)).route("/lager/inventering", web::post().to(start));
}

#[derive(Template)]
#[template(path = "warehouse/stocktakes.html")]
struct StocktakesPage {
    t: Texts,
    page: Page,
    key: Uuid,
    errors: Vec<FieldError>,
    shelves: Vec<Choice>,
    shelf: Field,
    items: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
}

/// A stocktake.
struct Row {
    href: String,
    what: String,
    status: Tag,
    when: String,
    figures: String,
    open: bool,
}

/// A shelf's name, as pages show it.
pub fn shelf_name(t: Texts, shelf: &str) -> String {
    if shelf.is_empty() { t.s("stocktake-without-shelf") } else { shelf.to_owned() }
}

/// What a stocktake is of: "A1, A2".
pub fn what(t: Texts, stocktake: &StocktakeView) -> String {
    if stocktake.shelves.is_empty() {
        return t.s("stocktake-whole");
    }
    stocktake.shelves.iter().map(|shelf| shelf_name(t, shelf)).collect::<Vec<_>>().join(", ")
}

/// Where a stocktake is.
pub fn status(t: Texts, status: Status) -> Tag {
    let (color, icon) = match status {
        Status::Open => ("info", "clock"),
        Status::Closed => ("success", "check"),
        Status::Cancelled => ("neutral", "cross"),
    };
    Tag { color, icon, text: t.s(&format!("stocktake-status-{status}")) }
}

/// Who started a stocktake and who ended it, and when.
pub fn when(t: Texts, who: &Person, stocktake: &StocktakeView) -> String {
    let zone = who.organisation.zone();
    let told = |key: &str, at: Instant, person: &Option<String>| {
        let person = person.clone().unwrap_or_else(|| t.s("stocktake-nobody"));
        t.a(key, &[("at", t.moment(at, zone).into()), ("person", person.into())])
    };
    let started = told("stocktake-started", stocktake.started_at, &stocktake.started_by);
    match stocktake.ended_at {
        Some(at) => {
            let key = format!("stocktake-ended-{}", stocktake.status);
            format!("{started} {}", told(&key, at, &stocktake.ended_by))
        }
        None => started,
    }
}

/// What a stocktake has counted, in a sentence.
pub fn figures(t: Texts, stocktake: &StocktakeView) -> String {
    let counts = &stocktake.counts;
    if stocktake.status == Status::Open {
        return t.a(
            "stocktake-progress",
            &[("counted", counts.counted.into()), ("expected", counts.expected.into()), ("left", counts.left.into())],
        );
    }
    t.a(
        "stocktake-figures",
        &[
            ("found", counts.found.into()),
            ("other", counts.other_shelf.into()),
            ("unexpected", counts.unexpected.into()),
            ("missing", counts.missing.into()),
        ],
    )
}

fn row(t: Texts, who: &Person, stocktake: StocktakeView) -> Row {
    Row {
        href: address(stocktake.id),
        what: what(t, &stocktake),
        status: status(t, stocktake.status),
        when: when(t, who, &stocktake),
        figures: figures(t, &stocktake),
        open: stocktake.status == Status::Open,
    }
}

/// A stocktake's page.
pub fn address(id: StocktakeId) -> String {
    format!("/lager/inventering/{id}")
}

async fn show(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let (sent, errors) = (Sent::default(), (Errors::default(), HttpResponse::Ok()));
    the_page(&request, &app, &who, &sent, paging.into_inner(), errors).await
}

async fn the_page(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    sent: &Sent,
    paging: Paging,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let (t, organisation, cursor) = (texts(request), who.organisation_id(), paging.cursor.clone());
    let (listing, shelves) = app
        .db
        .read(move |conn| {
            Ok((queries::list(conn, organisation, None, &paging)?, queries::shelves(conn, organisation)?))
        })
        .await?;
    let (first, next) = page::list_pages("/lager/inventering", cursor.as_deref(), listing.next.as_deref());
    let shelf = |one: crate::stocktakes::views::ShelfView| Choice {
        checked: sent.has("shelf", &one.shelf),
        label: t.a("stocktake-shelf-kits", &[("shelf", shelf_name(t, &one.shelf).into()), ("count", one.kits.into())]),
        value: one.shelf,
    };
    let page = StocktakesPage {
        t,
        page: Page::new(request, &t.s("stocktake-title")),
        key: Uuid::now_v7(),
        shelves: shelves.into_iter().map(shelf).collect(),
        shelf: errors.field("shelf", ""),
        errors: errors.named(|_| None),
        items: listing.items.into_iter().map(|one| row(t, who, one)).collect(),
        first,
        next,
    };
    Ok(page::html(builder, &page))
}

async fn start(request: HttpRequest, app: App, who: Warehouse, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    let shelves: Vec<String> = sent.all("shelf").map(str::to_owned).collect();
    let whole = sent.text("of") == "whole";
    let key: Uuid = sent.text("key").parse().map_err(|_| Error::invalid("key", "request.field_type"))?;
    let done = async {
        if !whole && shelves.is_empty() {
            return Err(Error::invalid("shelf", "stocktake.no_shelf_chosen"));
        }
        let key = Key::of_form(key, &["stocktake", sent.text("of"), &shelves.join("\n")]);
        let start = StartStocktake { shelves: if whole { Vec::new() } else { shelves } };
        command::once(&app, context.by, key, move |tx| Ok(actions::start(tx, &context, &start)?.stocktake.id)).await
    };
    match done.await {
        Ok(id) => Ok(see_other(&address(id))),
        Err(error) => {
            let why = refused(error, texts(&request))?;
            the_page(&request, &app, &who, &sent, Paging::default(), why).await
        }
    }
}
