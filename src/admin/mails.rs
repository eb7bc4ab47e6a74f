//! The outbox: what was mailed, what was not, and another try.

use crate::accounts::session::{Admin, As, Person, SignedIn};
use crate::admin::App;
use crate::mail::outbox::{self, MailRow, MailState};
use crate::platform::error::Error;
use crate::platform::ids::MailId;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::Tag;
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::paging::{Listing, Paging};
use crate::platform::web::texts;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use askama::Template;
use std::future::Future;
use std::pin::Pin;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/admin/mejl", web::get().to(list))
        .route("/admin/mejl/{id}", web::get().to(show))
        .route("/admin/mejl/{id}/igen", web::post().to(retry));
}

/// Who may read the mails: an administrator; in the demo, where all is invented, everyone who is signed in.
struct Reader(Person);

impl FromRequest for Reader {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let demo = request.app_data::<web::Data<AppState>>().is_some_and(|app| app.config.demo);
        let (signed_in, admin) = (SignedIn::from_request(request, payload), Admin::from_request(request, payload));
        Box::pin(async move { Ok(Self(if demo { person(&signed_in.await?) } else { person(&admin.await?) })) })
    }
}

fn person<R>(who: &As<R>) -> Person {
    Person::clone(who)
}

struct Row {
    id: MailId,
    recipient: String,
    subject: String,
    when: String,
    state: Tag,
}

#[derive(Template)]
#[template(path = "admin/mails.html")]
struct MailsPage {
    t: Texts,
    page: Page,
    lead: String,
    admin: bool,
    items: Vec<Row>,
    newer: Option<String>,
    older: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/mail.html")]
struct MailPage {
    t: Texts,
    page: Page,
    id: MailId,
    subject: String,
    recipient: String,
    from: String,
    when: String,
    sent: Option<String>,
    state: Tag,
    error: Option<String>,
    may_retry: bool,
    body: Option<Vec<Part>>,
}

/// A part of a mail's text: plain, or an address to follow.
#[derive(Debug, PartialEq)]
struct Part {
    text: String,
    link: bool,
}

fn state(t: Texts, mail: &MailRow) -> Tag {
    let (color, icon, key) = match mail.state {
        MailState::Queued if mail.last_error.is_some() => ("warning", "clock", "admin-mail-state-again"),
        MailState::Queued => ("info", "clock", "admin-mail-state-queued"),
        MailState::Sent => ("success", "check", "admin-mail-state-sent"),
        MailState::Failed => ("danger", "alert", "admin-mail-state-failed"),
    };
    Tag { color, icon, text: t.s(key) }
}

/// True for a mail that opens a door, where mail really leaves: whoever read it here could sign in as somebody else, or
/// write a preschool's evaluation.
fn is_secret(app: &App, mail: &MailRow) -> bool {
    mail.opens_a_door() && (app.config.smtp_url.is_some() || mail.body.is_empty())
}

/// The subject, as far as it is for an administrator's eyes: that of a sign-in mail has its code.
fn subject(app: &App, t: Texts, mail: &MailRow) -> String {
    if mail.signs_in() && is_secret(app, mail) { t.s("admin-mail-door") } else { mail.subject.clone() }
}

async fn list(request: HttpRequest, app: App, who: Reader, paging: web::Query<Paging>) -> Result<HttpResponse, Error> {
    let (t, who, cursor) = (texts(&request), who.0, paging.cursor.clone());
    let organisation = who.organisation_id();
    let mails = app
        .db
        .read(move |conn| {
            let rows = outbox::list(conn, organisation, paging.after()?, paging.rows())?;
            Ok(Listing::cut(rows, &paging, |mail| mail.id))
        })
        .await?;
    let (newer, older) = page::list_pages("/admin/mejl", cursor.as_deref(), mails.next.as_deref());
    let rows = mails.items.into_iter().map(|mail| Row {
        id: mail.id,
        when: t.moment(mail.created_at, who.organisation.zone()),
        state: state(t, &mail),
        subject: subject(&app, t, &mail),
        recipient: mail.recipient,
    });
    let lead = match (app.config.demo, &app.config.smtp_url) {
        (true, _) => "admin-mails-lead-demo",
        (false, None) => "admin-mails-lead-files",
        (false, Some(_)) => "admin-mails-lead",
    };
    let page = Page::new(&request, &t.s("admin-mails"));
    let admin = who.is(crate::accounts::rules::Role::Admin);
    Ok(page::ok(&MailsPage { t, page, lead: t.s(lead), admin, items: rows.collect(), newer, older }))
}

async fn show(request: HttpRequest, app: App, who: Reader, id: web::Path<MailId>) -> Result<HttpResponse, Error> {
    let (t, who, id) = (texts(&request), who.0, *id);
    let organisation = who.organisation_id();
    let mail = app.db.read(move |conn| outbox::find(conn, organisation, id)).await?;
    let mail = mail.ok_or_else(|| Error::not_found("mail.not_found"))?;
    let hidden = is_secret(&app, &mail);
    let subject = subject(&app, t, &mail);
    let zone = who.organisation.zone();
    let page = Page::new(&request, &subject);
    Ok(page::ok(&MailPage {
        t,
        page,
        id,
        from: app.config.mail_from.clone(),
        when: t.moment(mail.created_at, zone),
        sent: mail.sent_at.map(|at| t.moment(at, zone)),
        state: state(t, &mail),
        may_retry: mail.state == MailState::Failed && who.is(crate::accounts::rules::Role::Admin),
        body: (!hidden).then(|| parts(&mail.body)),
        error: mail.last_error.filter(|_| mail.state != MailState::Sent),
        subject,
        recipient: mail.recipient,
    }))
}

/// A mail's text, cut at its addresses.
fn parts(body: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut add = |text: &str, link: bool| match parts.last_mut() {
        Some(last) if !last.link && !link => last.text.push_str(text),
        _ => parts.push(Part { text: text.to_owned(), link }),
    };
    for word in body.split_inclusive(char::is_whitespace) {
        let address = word.trim_end();
        if address.starts_with("https://") || address.starts_with("http://") {
            add(address, true);
            add(word.strip_prefix(address).unwrap_or_default(), false);
        } else {
            add(word, false);
        }
    }
    parts
}

async fn retry(app: App, who: Admin, id: web::Path<MailId>) -> Result<HttpResponse, Error> {
    let (now, organisation, id) = (app.clock.now(), who.organisation_id(), *id);
    app.db.write(move |tx| outbox::retry(tx, organisation, id, now)).await?;
    Ok(see_other(&format!("/admin/mejl/{id}?klart=mail-queued")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_a_mail_become_links() {
        let part = |text: &str, link| Part { text: text.to_owned(), link };
        assert_eq!(
            parts("Hej!\n\nLogga in: https://lador.example/logga-in/x\nKod: 1"),
            [
                part("Hej!\n\nLogga in: ", false),
                part("https://lador.example/logga-in/x", true),
                part("\nKod: 1", false)
            ]
        );
        assert_eq!(parts(""), []);
    }
}
