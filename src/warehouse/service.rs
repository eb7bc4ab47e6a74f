//! Service: what is to be done with which kit and when, and a form to have something done.

use crate::accounts::session::Warehouse;
use crate::kits::rules::ServiceKind;
use crate::loans::actions::Context;
use crate::loans::service::actions::{self, AddJob, MoveJob, RESERVED};
use crate::loans::service::queries;
use crate::loans::service::rules::{Cause, Status};
use crate::loans::service::views::ServiceJobView;
use crate::platform::error::{Error, Kind};
use crate::platform::idempotency::Key;
use crate::platform::ids::ServiceJobId;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent, Tag, choices, refused, summary};
use crate::platform::web::page::{self, Page, local_path, see_other};
use crate::platform::web::{command, texts};
use crate::warehouse::more;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

type App = web::Data<AppState>;

/// The fields of the form, and their labels.
const LABELS: [(&str, &str); 6] = [
    ("code", "service-kit"),
    ("kind", "service-kind"),
    ("first_day", "service-first-day"),
    ("last_day", "service-last-day"),
    ("note", "service-note"),
    ("override_reason", "service-override"),
];

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/lager/vard", web::get().to(show))
        .route("/lager/vard", web::post().to(add))
        .route("/lager/vard/{id}/flytta", web::get().to(ask_days))
        .route("/lager/vard/{id}/flytta", web::post().to(change))
        .route("/lager/vard/{id}/klar", web::post().to(done))
        .route("/lager/vard/{id}/avbryt", web::post().to(cancel));
}

/// A job, as pages show it.
pub struct Job {
    pub id: ServiceJobId,
    pub key: Uuid,
    pub href: String,
    pub kit: String,
    pub code: String,
    pub shelf: String,
    pub what: String,
    pub days: String,
    pub note: String,
    pub status: Tag,
    /// It lasts until the kit has what it cannot do without.
    pub until_complete: bool,
}

/// A job in words.
pub fn job(t: Texts, job: ServiceJobView) -> Job {
    let kit = job.kit_name();
    let days = match job.last_day {
        Some(last) => t.dates(job.first_day, last),
        None => t.v("service-from", "day", job.first_day),
    };
    let (color, icon, word) = match job.status {
        Status::Done => ("success", "check", "done"),
        Status::Cancelled => ("neutral", "cross", "cancelled"),
        Status::Open if job.late => ("danger", "alert", "late"),
        Status::Open if job.begun => ("warning", "wrench", "begun"),
        Status::Open => ("info", "calendar", "planned"),
    };
    let what = t.s(&format!("service-kind-{}", job.kind));
    let cause = (job.cause != Cause::ByHand).then(|| t.s(&format!("service-cause-{}", job.cause)));
    let note = [cause.unwrap_or_default(), job.note].into_iter().filter(|part| !part.is_empty());
    Job {
        id: job.id,
        key: Uuid::now_v7(),
        href: format!("/lager/lada/{}", job.kit_code.as_str()),
        kit,
        code: job.kit_code.to_string(),
        shelf: job.shelf,
        what,
        days,
        note: note.collect::<Vec<_>>().join(": "),
        status: Tag { color, icon, text: t.s(&format!("service-is-{word}")) },
        until_complete: job.cause == Cause::Shortage,
    }
}

#[derive(Template)]
#[template(path = "contents/service.html")]
struct ServicePage {
    t: Texts,
    page: Page,
    key: Uuid,
    jobs: Vec<Job>,
    more: Option<String>,
    errors: Vec<FieldError>,
    code: Field,
    kinds: Vec<Choice>,
    kind: Field,
    first_day: Field,
    last_day: Field,
    note: Field,
    /// Why it is made although a reservation loses its kit; asked for when one would.
    reason: Option<Field>,
}

async fn service_page(
    request: &HttpRequest,
    app: &App,
    who: &Warehouse,
    sent: &Sent,
    harms: bool,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let (t, organisation, now) = (texts(request), who.organisation.clone(), app.clock.now());
    let open = app.db.read(move |conn| queries::open(conn, organisation.id, organisation.today(now)));
    let (jobs, count) = open.await?;
    let field = |name| errors.field(name, sent.text(name));
    let page = ServicePage {
        t,
        page: Page::new(request, &t.s("service-title")),
        key: Uuid::now_v7(),
        jobs: jobs.into_iter().map(|one| job(t, one)).collect(),
        more: more(t, count, queries::MOST),
        code: field("code"),
        kinds: kinds(t, sent),
        kind: field("kind"),
        first_day: field("first_day"),
        last_day: field("last_day"),
        note: field("note"),
        reason: (harms || !sent.text("override_reason").is_empty()).then(|| field("override_reason")),
        errors: summary(errors, t, &LABELS),
    };
    Ok(page::html(builder, &page))
}

fn kinds(t: Texts, sent: &Sent) -> Vec<Choice> {
    choices(ServiceKind::ALL, |kind| t.s(&format!("service-kind-{kind}")), |kind| sent.has("kind", kind.as_str()))
}

/// The kit that the form is to be filled with.
#[derive(Deserialize)]
struct About {
    #[serde(default)]
    kod: String,
}

async fn show(request: HttpRequest, app: App, who: Warehouse, about: web::Query<About>) -> Result<HttpResponse, Error> {
    let today = who.organisation.today(app.clock.now());
    let sent = Sent::default().with("code", &about.kod).with("first_day", today);
    service_page(&request, &app, &who, &sent, false, (Errors::default(), HttpResponse::Ok())).await
}

fn day(sent: &Sent, name: &'static str) -> Result<Option<NaiveDate>, Error> {
    match sent.text(name).trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Error::invalid(name, "request.field_type")),
    }
}

/// The key of a form, so that what was filled in takes effect once.
///
/// # Errors
/// `request.malformed_form` when the form has none.
fn key(sent: &Sent) -> Result<Key, Error> {
    let form = sent.text("key").parse().map_err(|_| Error::new(Kind::Malformed, "request.malformed_form"))?;
    let filled_in = ["code", "kind", "first_day", "last_day", "note", "override_reason", "version"];
    Ok(Key::of_form(form, &filled_in.map(|name| sent.text(name))))
}

fn reason(sent: &Sent) -> Option<String> {
    Some(sent.text("override_reason").to_owned()).filter(|reason| !reason.trim().is_empty())
}

/// True when the job was refused for the sake of a reservation.
fn is_for_reservation(error: &Error) -> bool {
    RESERVED.contains(&error.code())
}

async fn add(request: HttpRequest, app: App, who: Warehouse, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    let done = async {
        let add = AddJob {
            code: sent.text("code").to_owned(),
            kind: sent.text("kind").parse().map_err(|_| Error::invalid("kind", "field.missing"))?,
            first_day: day(&sent, "first_day")?,
            last_day: day(&sent, "last_day")?,
            note: sent.text("note").to_owned(),
            override_reason: reason(&sent),
        };
        command::once(&app, context.by, key(&sent)?, move |tx| Ok(actions::add(tx, &context, &add)?.id)).await
    };
    match done.await {
        Ok(_) => Ok(see_other("/lager/vard?klart=service-made")),
        Err(Error::Problem(problem)) if problem.kind == Kind::NotFound => {
            let (t, status) = (texts(&request), HttpResponse::UnprocessableEntity());
            let errors = Errors(vec![FieldError { field: "code".to_owned(), text: t.problem(&problem) }]);
            service_page(&request, &app, &who, &sent, false, (errors, status)).await
        }
        Err(error) => {
            let harms = is_for_reservation(&error);
            service_page(&request, &app, &who, &sent, harms, refused(error, texts(&request))?).await
        }
    }
}

#[derive(Template)]
#[template(path = "contents/move_job.html")]
struct MovePage {
    t: Texts,
    page: Page,
    job: Job,
    begun: bool,
    key: Uuid,
    version: i32,
    errors: Vec<FieldError>,
    first_day: Field,
    last_day: Field,
    reason: Option<Field>,
}

async fn move_page(
    request: &HttpRequest,
    app: &App,
    who: &Warehouse,
    id: ServiceJobId,
    sent: Option<&Sent>,
    harms: bool,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let (t, organisation, now) = (texts(request), who.organisation.clone(), app.clock.now());
    let view = app.db.read(move |conn| queries::view(conn, organisation.id, id, organisation.today(now))).await?;
    if view.status != Status::Open {
        return Err(Error::refused("service.over").arg("status", view.status.as_str()));
    }
    let own = Sent::default()
        .with("first_day", view.first_day)
        .with("last_day", view.last_day.map(|day| day.to_string()).unwrap_or_default());
    let sent = sent.unwrap_or(&own);
    let field = |name| errors.field(name, sent.text(name));
    let page = MovePage {
        t,
        page: Page::new(request, &t.s("service-move")),
        begun: view.begun,
        key: Uuid::now_v7(),
        version: view.version,
        first_day: field("first_day"),
        last_day: field("last_day"),
        reason: (harms || !sent.text("override_reason").is_empty()).then(|| field("override_reason")),
        errors: summary(errors, t, &LABELS),
        job: job(t, view),
    };
    Ok(page::html(builder, &page))
}

async fn ask_days(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    id: web::Path<ServiceJobId>,
) -> Result<HttpResponse, Error> {
    move_page(&request, &app, &who, *id, None, false, (Errors::default(), HttpResponse::Ok())).await
}

async fn change(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    id: web::Path<ServiceJobId>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (context, id) = (Context::of(&who, &app), *id);
    let done = async {
        let first_day = day(&sent, "first_day")?.ok_or_else(|| Error::invalid("first_day", "field.missing"))?;
        let days = MoveJob { first_day, last_day: day(&sent, "last_day")?, override_reason: reason(&sent) };
        let (key, seen) = (key(&sent)?, sent.version()?);
        command::once(&app, context.by, key, move |tx| Ok(actions::change(tx, &context, id, &days, seen)?.id)).await
    };
    match done.await {
        Ok(_) => Ok(see_other("/lager/vard?klart=service-moved")),
        Err(error) => {
            let harms = is_for_reservation(&error);
            move_page(&request, &app, &who, id, Some(&sent), harms, refused(error, texts(&request))?).await
        }
    }
}

/// Where to go on after a button.
#[derive(Deserialize)]
struct Back {
    back: String,
    key: Uuid,
}

async fn done(
    app: App,
    who: Warehouse,
    id: web::Path<ServiceJobId>,
    form: web::Form<Back>,
) -> Result<HttpResponse, Error> {
    let (context, key) = (Context::of(&who, &app), Key::of_form(form.key, &["done", &id.to_string()]));
    command::once(&app, context.by, key, move |tx| Ok(actions::done(tx, &context, *id)?.id)).await?;
    Ok(see_other(&format!("{}?klart=service-done", local_path(&form.back))))
}

async fn cancel(
    app: App,
    who: Warehouse,
    id: web::Path<ServiceJobId>,
    form: web::Form<Back>,
) -> Result<HttpResponse, Error> {
    let (context, key) = (Context::of(&who, &app), Key::of_form(form.key, &["cancel", &id.to_string()]));
    command::once(&app, context.by, key, move |tx| Ok(actions::cancel(tx, &context, *id)?.id)).await?;
    Ok(see_other(&format!("{}?klart=service-cancelled", local_path(&form.back))))
}
