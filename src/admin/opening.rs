//! When the warehouse is open, and the days on which it is closed.

use crate::accounts::session::Admin;
use crate::admin::{App, closures};
use crate::loans::actions::Context;
use crate::loans::queries as loans;
use crate::loans::views::LoanView;
use crate::loans::wording;
use crate::opening::actions::{self, AddClosure, SaveWeek};
use crate::opening::holidays::Country;
use crate::opening::rules::{WEEK, Weekdays};
use crate::opening::store::{self, ClosureRow, WeekRow};
use crate::platform::error::{Error, FieldError as WrongField, all_fields};
use crate::platform::ids::ClosureId;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent, choices, refused, summary};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;

/// The fields of the forms, and their labels.
const LABELS: [(&str, &str); 5] = [
    ("weekdays", "admin-opening-weekdays"),
    ("holidays", "admin-opening-holidays"),
    ("first_day", "admin-closure-first"),
    ("last_day", "admin-closure-last"),
    ("reason", "admin-closure-reason"),
];

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/admin/oppet", web::get().to(show))
        .route("/admin/oppet", web::post().to(change))
        .route("/admin/oppet/stangt", web::post().to(add))
        .route("/admin/oppet/stangt/{id}/ta-bort", web::post().to(remove));
}

#[derive(Template)]
#[template(path = "admin/opening.html")]
struct OpeningPage {
    t: Texts,
    page: Page,
    version: i32,
    errors: Vec<FieldError>,
    days: Vec<Choice>,
    weekdays: Field,
    countries: Vec<Choice>,
    holidays: Field,
    closures: Vec<Row>,
    first_day: Field,
    last_day: Field,
    reason: Field,
    /// The loans that the closure would touch, when it is to be looked at once more.
    touched: Vec<Touched>,
}

/// A loan that begins or ends on a day to be closed.
struct Touched {
    href: String,
    words: String,
}

impl Touched {
    fn new(t: Texts, loan: &LoanView) -> Self {
        let days = wording::days(t, loan.first_day, loan.last_day);
        Self {
            href: format!("/lan/{}", loan.id),
            words: format!("{} · {} · {days}", loan.kit_type.name, loan.unit.name),
        }
    }
}

struct Row {
    id: ClosureId,
    days: String,
    reason: String,
}

impl Row {
    fn new(t: Texts, closure: ClosureRow) -> Self {
        let (first, last) = (t.date(closure.first_day), t.date(closure.last_day));
        let days = if first == last { first } else { format!("{first} – {last}") };
        Self { id: closure.id, days, reason: closure.reason }
    }
}

/// The page, with what was sent by one of its forms. What the other form shows is what holds now.
async fn page(
    request: &HttpRequest,
    app: &App,
    who: &Admin,
    sent: &Sent,
    touched: &[LoanView],
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let t = texts(request);
    let (organisation, today) = (who.organisation_id(), who.organisation.today(app.clock.now()));
    let read = move |conn: &mut _| Ok((store::week(conn, organisation)?, store::closures(conn, organisation, today)?));
    let (week, closures): (WeekRow, Vec<ClosureRow>) = app.db.read(read).await?;
    let (open, of_week) = (Weekdays::from_bits(week.weekdays), sent.has("form", "week"));
    let day = |number: u32| t.s(&format!("weekday-long-{number}"));
    let checked = |number: u32| match of_week {
        true => sent.has("weekdays", &number.to_string()),
        false => open.iter().any(|day| day.number_from_monday() == number),
    };
    let chosen = |country: Country| match of_week {
        true => sent.has("holidays", country.as_str()),
        false => week.holidays == country,
    };
    let numbers = WEEK.map(|day| day.number_from_monday());
    let field = |name| errors.field(name, sent.text(name));
    let page = OpeningPage {
        t,
        page: Page::new(request, &t.s("admin-opening")),
        version: week.version,
        days: choices(&numbers, day, checked),
        weekdays: field("weekdays"),
        countries: choices(Country::ALL, |country| t.s(&format!("opening-country-{country}")), chosen),
        holidays: field("holidays"),
        closures: closures.into_iter().map(|closure| Row::new(t, closure)).collect(),
        first_day: field("first_day"),
        last_day: field("last_day"),
        reason: field("reason"),
        touched: touched.iter().map(|loan| Touched::new(t, loan)).collect(),
        errors: summary(errors, t, &LABELS),
    };
    Ok(page::html(builder, &page))
}

async fn show(request: HttpRequest, app: App, who: Admin) -> Result<HttpResponse, Error> {
    page(&request, &app, &who, &Sent::default(), &[], (Errors::default(), HttpResponse::Ok())).await
}

fn read_week(sent: &Sent) -> Result<SaveWeek, Error> {
    all_fields! {
        holidays = sent.text("holidays").parse().map_err(|_| WrongField::new("holidays", "field.missing")),
    }
    // A number that is none of a week's days is told by the rules.
    let weekdays = sent.all("weekdays").map(|day| day.parse().unwrap_or(0)).collect();
    Ok(SaveWeek { weekdays, holidays })
}

fn read_closure(sent: &Sent) -> Result<AddClosure, Error> {
    let day = |name: &str| sent.text(name).parse().map_err(|_| WrongField::new(name, "field.day"));
    all_fields! {
        first_day = day("first_day"),
        last_day = if sent.text("last_day").is_empty() { day("first_day") } else { day("last_day") },
    }
    Ok(AddClosure { first_day, last_day, reason: sent.text("reason").to_owned() })
}

async fn change(request: HttpRequest, app: App, who: Admin, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let done = async {
        let (save, seen) = (read_week(&sent)?, sent.version()?);
        app.db.write(move |tx| actions::change_week(tx, by, &save, seen)).await
    };
    match done.await {
        Ok(_) => Ok(see_other("/admin/oppet?klart=saved")),
        Err(error) => page(&request, &app, &who, &sent, &[], refused(error, texts(&request))?).await,
    }
}

/// Adds a closure. When loans begin or end then, they are shown first.
async fn add(request: HttpRequest, app: App, who: Admin, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let (context, seen, tell) = (Context::of(&who, &app), sent.has("seen", "yes"), sent.has("tell", "yes"));
    let done = async {
        let closure = read_closure(&sent)?;
        let scene = context.clone();
        let days = (closure.first_day, closure.last_day);
        let touched = app.db.read(move |conn| loans::on_days(conn, &scene.organisation, days, scene.today())).await?;
        if !seen && !touched.is_empty() {
            return Ok(touched);
        }
        app.db.write(move |tx| closures::close(tx, &context, &closure, tell)).await?;
        Ok(Vec::new())
    };
    match done.await {
        Ok(touched) if touched.is_empty() => Ok(see_other("/admin/oppet?klart=closed")),
        Ok(touched) => page(&request, &app, &who, &sent, &touched, (Errors::default(), HttpResponse::Ok())).await,
        Err(error) => page(&request, &app, &who, &sent, &[], refused(error, texts(&request))?).await,
    }
}

async fn remove(app: App, who: Admin, id: web::Path<ClosureId>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    app.db.write(move |tx| actions::remove_closure(tx, by, *id)).await?;
    Ok(see_other("/admin/oppet?klart=opened"))
}
