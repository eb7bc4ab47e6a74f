//! Where administrators begin: what is left to set up, and how things stand.

use crate::accounts::session::Admin;
use crate::admin::App;
use crate::admin::queries::{self, Counts};
use crate::labels::address;
use crate::platform::error::Error;
use crate::platform::text::{Texts, error_key};
use crate::platform::web::page::{self, Page};
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/admin", web::get().to(start));
}

#[derive(Template)]
#[template(path = "admin/start.html")]
struct StartPage {
    t: Texts,
    page: Page,
    steps: Vec<Step>,
    left: usize,
    counts: Counts,
    notices: Vec<String>,
}

/// Something to set up.
struct Step {
    title: String,
    text: String,
    href: &'static str,
    done: bool,
}

async fn start(request: HttpRequest, app: App, who: Admin) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(&request), who.organisation_id());
    let counts = app.db.read(move |conn| queries::counts(conn, organisation)).await?;
    let step = |name: &str, href, done| Step {
        title: t.s(&format!("admin-step-{name}")),
        text: t.s(&format!("admin-step-{name}-text")),
        href,
        done,
    };
    let address = app.config.label_url.as_str();
    let settled = app.config.label_url_is_set || app.config.demo;
    let unfit = address::wrong(&app.config.label_url).filter(|_| !app.config.demo);
    let steps = vec![
        step("organisation", "/admin/organisation", !who.organisation.contact_email.is_empty()),
        step("units", "/admin/enheter", counts.units > 0),
        step("types", "/admin/typer", counts.types > 0),
        step("kits", "/admin/lador", counts.kits > 0),
        step("people", "/admin/personer", counts.people > 1),
        // Labels stay on the boxes for years, so their address is settled before the first is printed.
        Step {
            title: t.s("admin-step-labels"),
            text: t.v(if settled { "admin-step-labels-text" } else { "admin-step-labels-unset" }, "address", address),
            href: "/lager/etiketter",
            done: unfit.is_none() && settled,
        },
    ];
    let mut notices = Vec::new();
    notices.extend(unfit.map(|code| t.v(&error_key(code), "address", app.config.label_url.as_str())));
    if app.config.smtp_url.is_none() && !app.config.demo {
        notices.push(t.s("admin-notice-mail"));
    }
    if counts.failed_mails > 0 {
        notices.push(t.v("admin-notice-failed", "count", counts.failed_mails));
    }
    let left = steps.iter().filter(|step| !step.done).count();
    let page = Page::new(&request, &t.s("admin-start"));
    Ok(page::ok(&StartPage { t, page, steps, left, counts, notices }))
}
