//! Calendars as files and as pages: a loan's file, the subscribed calendar, and the page that tells its address.

use crate::accounts::queries as accounts;
use crate::accounts::session::SignedIn;
use crate::calendars::actions::{self, address, may_have};
use crate::calendars::ics::{self, Frame, View};
use crate::calendars::queries;
use crate::calendars::store;
use crate::loans::queries::visible_loan;
use crate::platform::error::Error;
use crate::platform::ids::{LoanId, UnitId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::texts;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/lan/{id}/kalender.ics", web::get().to(loan))
        .route("/kalender/{token}.ics", web::get().to(subscribed))
        .route("/kalender", web::get().to(show))
        .route("/kalender", web::post().to(make))
        .route("/kalender/avsluta", web::post().to(end));
}

fn file(text: String, name: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.ics\"")))
        .body(text)
}

/// One loan, to be put into a calendar once.
async fn loan(request: HttpRequest, app: App, who: SignedIn, id: web::Path<LoanId>) -> Result<HttpResponse, Error> {
    let (t, now) = (texts(&request), app.clock.now());
    let loan = app.db.read(move |conn| visible_loan(conn, &who, *id, who.organisation.today(now))).await?;
    let frame = Frame { t, site: &app.config.public_url, now };
    let text = ics::calendar(frame, &loan.kit_name(), std::slice::from_ref(&loan), View::Unit)?;
    Ok(file(text, "digilador"))
}

/// What a program that subscribes gets. Whoever has the address may see it.
async fn subscribed(app: App, token: web::Path<String>) -> Result<HttpResponse, Error> {
    let now = app.clock.now();
    let found = app.db.read(move |conn| queries::subscribed(conn, &token, now)).await?;
    let found = found.ok_or_else(|| Error::not_found("calendar.not_found"))?;
    let t = Texts::new(found.language);
    let whose = found.unit.unwrap_or(found.organisation.name);
    let name = t.v("calendar-name", "whose", whose.as_str());
    let frame = Frame { t, site: &app.config.public_url, now };
    Ok(file(ics::calendar(frame, &name, &found.loans, found.view)?, "digilador"))
}

#[derive(Template)]
#[template(path = "calendars/calendar.html")]
struct CalendarPage {
    t: Texts,
    page: Page,
    unit: Option<UnitId>,
    whose: String,
    exists: bool,
    address: Option<String>,
}

/// Whose calendar: a unit's, or the warehouse's.
#[derive(Clone, Copy, Deserialize)]
struct Whose {
    enhet: Option<UnitId>,
}

async fn calendar_page(
    request: &HttpRequest,
    app: &App,
    who: &SignedIn,
    unit: Option<UnitId>,
    address: Option<String>,
) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(request), who.organisation.clone());
    let read = move |conn: &mut _| {
        let names = match unit {
            Some(unit) => accounts::unit_names(conn, organisation.id, Some(&[unit]))?,
            None => Vec::new(),
        };
        Ok((names.into_iter().next(), store::exists(conn, organisation.id, unit)?))
    };
    let (name, exists) = app.db.read(read).await?;
    if unit.is_some() && name.is_none() {
        return Err(Error::not_found("unit.not_found"));
    }
    let page = Page::new(request, &t.s("calendar-title"));
    let whose = name.map_or_else(|| t.s("calendar-warehouse"), |(_, name)| name);
    Ok(page::ok(&CalendarPage { t, page, unit, whose, exists, address }))
}

async fn show(request: HttpRequest, app: App, who: SignedIn, whose: web::Query<Whose>) -> Result<HttpResponse, Error> {
    may_have(&who, whose.enhet)?;
    calendar_page(&request, &app, &who, whose.enhet, None).await
}

/// Makes an address and shows it, once.
async fn make(request: HttpRequest, app: App, who: SignedIn, whose: web::Query<Whose>) -> Result<HttpResponse, Error> {
    may_have(&who, whose.enhet)?;
    let (by, unit, language) = (who.by(app.clock.now()), whose.enhet, texts(&request).lang);
    let (_, token) = app.db.write(move |tx| actions::make(tx, by, unit, language)).await?;
    calendar_page(&request, &app, &who, unit, Some(address(&app.config.public_url, &token))).await
}

async fn end(app: App, who: SignedIn, whose: web::Query<Whose>) -> Result<HttpResponse, Error> {
    may_have(&who, whose.enhet)?;
    let (by, unit) = (who.by(app.clock.now()), whose.enhet);
    app.db.write(move |tx| actions::remove(tx, by, unit)).await?;
    let whose = unit.map(|unit| format!("&enhet={unit}")).unwrap_or_default();
    Ok(see_other(&format!("/kalender?klart=calendar-ended{whose}")))
}
