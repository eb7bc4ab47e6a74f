//! The organisation's own settings.

use crate::accounts::actions::{self, SaveOrganisation};
use crate::accounts::rules::EvaluationGate;
use crate::accounts::session::Admin;
use crate::accounts::store;
use crate::admin::App;
use crate::platform::error::{Error, FieldError as WrongField, all_fields};
use crate::platform::text::{Lang, Texts};
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent, choices, refused, summary};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;

/// The fields of the form, and their labels.
const LABELS: [(&str, &str); 8] = [
    ("name", "admin-organisation-name"),
    ("language", "admin-organisation-language"),
    ("time_zone", "admin-organisation-zone"),
    ("evaluation_gate", "admin-organisation-gate"),
    ("evaluation_due_days", "admin-organisation-due"),
    ("contact_name", "admin-organisation-contact"),
    ("contact_email", "admin-organisation-email"),
    ("contact_phone", "admin-organisation-phone"),
];

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/admin/organisation", web::get().to(show)).route("/admin/organisation", web::post().to(change));
}

#[derive(Template)]
#[template(path = "admin/organisation.html")]
struct OrganisationPage {
    t: Texts,
    page: Page,
    version: i32,
    errors: Vec<FieldError>,
    name: Field,
    languages: Vec<Choice>,
    language: Field,
    time_zone: Field,
    gates: Vec<Choice>,
    evaluation_gate: Field,
    evaluation_due_days: Field,
    contact_name: Field,
    contact_email: Field,
    contact_phone: Field,
}

fn form(
    request: &HttpRequest,
    version: i32,
    sent: &Sent,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> HttpResponse {
    let t = texts(request);
    let field = |name| errors.field(name, sent.text(name));
    let form = OrganisationPage {
        t,
        page: Page::new(request, &t.s("admin-organisation")),
        version,
        name: field("name"),
        languages: choices(Lang::ALL, |lang| lang.name().to_owned(), |lang| sent.has("language", lang.as_str())),
        language: field("language"),
        time_zone: field("time_zone"),
        gates: choices(
            EvaluationGate::ALL,
            |gate| t.s(&format!("admin-gate-{gate}")),
            |gate| sent.has("evaluation_gate", gate.as_str()),
        ),
        evaluation_gate: field("evaluation_gate"),
        evaluation_due_days: field("evaluation_due_days"),
        contact_name: field("contact_name"),
        contact_email: field("contact_email"),
        contact_phone: field("contact_phone"),
        errors: summary(errors, t, &LABELS),
    };
    page::html(builder, &form)
}

fn read(sent: &Sent) -> Result<SaveOrganisation, Error> {
    let missing = |field: &str| WrongField::new(field, "field.missing");
    all_fields! {
        language = sent.text("language").parse().map_err(|_| missing("language")),
        evaluation_gate = sent.text("evaluation_gate").parse().map_err(|_| missing("evaluation_gate")),
        evaluation_due_days = sent.number("evaluation_due_days").ok_or_else(|| missing("evaluation_due_days")),
    }
    Ok(SaveOrganisation {
        name: sent.text("name").to_owned(),
        language,
        time_zone: sent.text("time_zone").trim().to_owned(),
        evaluation_gate,
        evaluation_due_days,
        contact_name: sent.text("contact_name").to_owned(),
        contact_email: sent.text("contact_email").to_owned(),
        contact_phone: sent.text("contact_phone").to_owned(),
    })
}

async fn show(request: HttpRequest, who: Admin) -> HttpResponse {
    let organisation = &who.organisation;
    let filled = Sent::default()
        .with("name", &organisation.name)
        .with("language", organisation.language)
        .with("time_zone", &organisation.time_zone)
        .with("evaluation_gate", organisation.evaluation_gate)
        .with("evaluation_due_days", organisation.evaluation_due_days)
        .with("contact_name", &organisation.contact_name)
        .with("contact_email", &organisation.contact_email)
        .with("contact_phone", &organisation.contact_phone);
    form(&request, organisation.version, &filled, (Errors::default(), HttpResponse::Ok()))
}

async fn change(request: HttpRequest, app: App, who: Admin, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let done = async {
        let (save, seen) = (read(&sent)?, sent.version()?);
        app.db.write(move |tx| actions::change_organisation(tx, by, &save, seen)).await
    };
    match done.await {
        Ok(_) => Ok(see_other("/admin?klart=saved")),
        Err(error) => {
            let refused = refused(error, texts(&request))?;
            let now = app.db.read(move |conn| store::organisation(conn, by.organisation)).await?;
            Ok(form(&request, now.version, &sent, refused))
        }
    }
}
