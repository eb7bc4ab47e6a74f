//! Kits: list by type, add several, change, retire.

use crate::accounts::rules::in_range;
use crate::accounts::session::{Admin, Person};
use crate::admin::App;
use crate::admin::log::{self, Happening};
use crate::kits::actions::{self, AddKit, SaveKit};
use crate::kits::api::known_code;
use crate::kits::code::Code;
use crate::kits::queries;
use crate::kits::views::KitView;
use crate::loans::actions::{self as loans, Context};
use crate::loans::queries::kit_status;
use crate::loans::views::{KitStatus, KitStatusView};
use crate::loans::wording;
use crate::platform::error::{Error, FieldError as WrongField};
use crate::platform::events;
use crate::platform::ids::{KitId, KitTypeId};
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent, Tag, choices, refused, summary};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::paging::Paging;
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;
use std::collections::HashMap;

/// The most kits added at once.
const MOST_AT_ONCE: i32 = 100;
/// The most events shown of a kit.
const EVENTS: i64 = 20;

/// The fields of the forms, and their labels.
const LABELS: [(&str, &str); 4] = [
    ("kit_type_id", "admin-kit-type"),
    ("count", "admin-kit-count"),
    ("copy", "admin-kit-copy"),
    ("shelf", "admin-kit-shelf"),
];

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/admin/lador", web::get().to(list))
        .route("/admin/lador/ny", web::get().to(begin))
        .route("/admin/lador/ny", web::post().to(add))
        .route("/admin/lador/{code}", web::get().to(show))
        .route("/admin/lador/{code}", web::post().to(change))
        .route("/admin/lador/{code}/ur-bruk", web::post().to(retire));
}

#[derive(Template)]
#[template(path = "admin/kits.html")]
struct KitsPage {
    t: Texts,
    page: Page,
    errors: Vec<FieldError>,
    q: Field,
    kit_types: Vec<Choice>,
    chosen: String,
    items: Vec<KitView>,
    first: Option<String>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/kits_form.html")]
struct NewKitsPage {
    t: Texts,
    page: Page,
    errors: Vec<FieldError>,
    kit_types: Vec<Choice>,
    kit_type_id: Field,
    count: Field,
    shelf: Field,
}

#[derive(Template)]
#[template(path = "admin/kit_form.html")]
struct KitPage {
    t: Texts,
    page: Page,
    kit: KitStatusView,
    status: Tag,
    retired: bool,
    errors: Vec<FieldError>,
    copy: Field,
    shelf: Field,
    history: Vec<Happening>,
}

fn type_choices(types: Vec<(KitTypeId, String)>, chosen: &str) -> Vec<Choice> {
    let names: HashMap<KitTypeId, String> = types.iter().cloned().collect();
    let ids: Vec<KitTypeId> = types.into_iter().map(|(id, _)| id).collect();
    choices(&ids, |id| names.get(&id).cloned().unwrap_or_default(), |id| id.to_string() == chosen)
}

async fn list(request: HttpRequest, app: App, who: Admin, wanted: web::Query<Sent>) -> Result<HttpResponse, Error> {
    // A code leads to its kit.
    let (q, organisation) = (wanted.text("q").trim().to_owned(), who.organisation_id());
    let mut errors = Errors::default();
    if !q.is_empty() {
        let found = match Code::parse(&q) {
            Ok(code) => app.db.read(move |conn| queries::find_kit(conn, organisation, &code)).await?,
            Err(_) => None,
        };
        if let Some(kit) = found {
            return Ok(see_other(&format!("/admin/lador/{}", kit.code)));
        }
        let text = texts(&request).v("error-kit-unknown_code", "code", q.as_str());
        errors.0.push(FieldError { field: "q".to_owned(), text });
    }
    list_page(&request, &app, &who, &wanted.into_inner(), (errors, HttpResponse::Ok())).await
}

/// The list, of one type or of all.
async fn list_page(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    sent: &Sent,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(request), who.organisation_id());
    let kit_type: Option<KitTypeId> = sent.text("kit_type_id").parse().ok();
    let cursor = Some(sent.text("cursor").to_owned()).filter(|cursor| !cursor.is_empty());
    let paging = Paging { limit: None, cursor: cursor.clone() };
    let (kits, types) = app
        .db
        .read(move |conn| {
            Ok((queries::kits(conn, organisation, kit_type, &paging)?, queries::type_names(conn, organisation)?))
        })
        .await?;
    let chosen = kit_type.map(|id| id.to_string()).unwrap_or_default();
    let (first, next) =
        page::list_pages(&format!("/admin/lador?kit_type_id={chosen}"), cursor.as_deref(), kits.next.as_deref());
    let mut kit_types = type_choices(types, &chosen);
    kit_types.insert(0, Choice { value: String::new(), label: t.s("admin-all-types"), checked: chosen.is_empty() });
    let list = KitsPage {
        t,
        page: Page::new(request, &t.s("admin-kits")),
        q: errors.field("q", sent.text("q")),
        kit_types,
        chosen,
        items: kits.items,
        first,
        next,
        errors: summary(errors, t, &LABELS),
    };
    Ok(page::html(builder, &list))
}

async fn new_form(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    sent: &Sent,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(request), who.organisation_id());
    let types = app.db.read(move |conn| queries::type_names(conn, organisation)).await?;
    let form = NewKitsPage {
        t,
        page: Page::new(request, &t.s("admin-kit-new")),
        kit_types: type_choices(types, sent.text("kit_type_id")),
        kit_type_id: errors.field("kit_type_id", ""),
        count: errors.field("count", sent.text("count")),
        shelf: errors.field("shelf", sent.text("shelf")),
        errors: summary(errors, t, &LABELS),
    };
    Ok(page::html(builder, &form))
}

async fn begin(request: HttpRequest, app: App, who: Admin, wanted: web::Query<Sent>) -> Result<HttpResponse, Error> {
    let filled = wanted.into_inner().with("count", 1);
    new_form(&request, &app, &who, &filled, (Errors::default(), HttpResponse::Ok())).await
}

/// The kit that is to be added, and how many times.
fn read_new(sent: &Sent) -> Result<(AddKit, i32), Error> {
    crate::platform::error::all_fields! {
        kit_type_id = sent.text("kit_type_id").parse().map_err(|_| WrongField::new("kit_type_id", "field.missing")),
        count = in_range("count", sent.number("count").unwrap_or(i32::MIN), 1, MOST_AT_ONCE),
    }
    Ok((AddKit { kit_type_id, copy: None, shelf: Some(sent.text("shelf").to_owned()) }, count))
}

async fn add(request: HttpRequest, app: App, who: Admin, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let done = async {
        let (add, count) = read_new(&sent)?;
        let kit_type = add.kit_type_id;
        let added = app.db.write(move |tx| {
            for _ in 0..count {
                actions::add_kit(tx, by, &add)?;
            }
            Ok(kit_type)
        });
        added.await
    };
    match done.await {
        Ok(kit_type) => Ok(see_other(&format!("/admin/lador?kit_type_id={kit_type}&klart=kits-added"))),
        Err(error) => new_form(&request, &app, &who, &sent, refused(error, texts(&request))?).await,
    }
}

/// The kit's page, filled with what it is, or with what was sent and not taken.
async fn form(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    code: Code,
    sent: Option<&Sent>,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(request), who.organisation.clone());
    let today = organisation.today(app.clock.now());
    let (kit, history) = app
        .db
        .read(move |conn| {
            let not_found = || Error::not_found("kit.unknown_code").arg("code", code.to_string());
            let kit = kit_status(conn, &organisation, &code, today)?.ok_or_else(not_found)?;
            let id: Option<KitId> = queries::find_kit(conn, organisation.id, &code)?.map(|kit| kit.id);
            let subject = id.map(|id| id.uuid().into());
            let newest = events::newest(conn, organisation.id, subject, None, EVENTS)?;
            Ok((kit, log::told(conn, &organisation, newest, t)?))
        })
        .await?;
    let value = |name: &str, now: &str| sent.map_or(now, |sent| sent.text(name)).to_owned();
    let form = KitPage {
        t,
        page: Page::new(request, &format!("{} {}", kit.kit_type.name, kit.copy)),
        status: wording::kit_status(t, kit.status),
        retired: kit.status == KitStatus::Retired,
        copy: errors.field("copy", value("copy", &kit.copy)),
        shelf: errors.field("shelf", value("shelf", &kit.shelf)),
        errors: summary(errors, t, &LABELS),
        kit,
        history,
    };
    Ok(page::html(builder, &form))
}

async fn show(request: HttpRequest, app: App, who: Admin, code: web::Path<String>) -> Result<HttpResponse, Error> {
    form(&request, &app, &who, known_code(&code)?, None, (Errors::default(), HttpResponse::Ok())).await
}

async fn change(
    request: HttpRequest,
    app: App,
    who: Admin,
    code: web::Path<String>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (code, by) = (known_code(&code)?, who.by(app.clock.now()));
    let save = SaveKit { copy: sent.text("copy").to_owned(), shelf: sent.text("shelf").to_owned() };
    let done = async {
        let seen = sent.version()?;
        app.db.write(move |tx| actions::change_kit(tx, by, &code, &save, seen)).await
    };
    match done.await {
        Ok(kit) => Ok(see_other(&format!("/admin/lador?kit_type_id={}&klart=saved", kit.kit_type.id))),
        Err(error) => form(&request, &app, &who, code, Some(&sent), refused(error, texts(&request))?).await,
    }
}

async fn retire(request: HttpRequest, app: App, who: Admin, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let (code, context) = (known_code(&code)?, Context::of(&who, &app));
    match app.db.write(move |tx| loans::retire_kit(tx, &context, &code)).await {
        Ok(()) => Ok(see_other("/admin/lador?klart=kit-retired")),
        Err(error) => form(&request, &app, &who, code, None, refused(error, texts(&request))?).await,
    }
}
