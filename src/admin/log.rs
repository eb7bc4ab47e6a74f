//! The event log in plain words.

use crate::accounts::session::Admin;
use crate::accounts::store::Organisation;
use crate::admin::App;
use crate::admin::queries::{self, Subject};
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::events::{self, Event};
use crate::platform::ids::{AnyId, EventId, PersonId};
use crate::platform::text::Texts;
use crate::platform::web::page::{self, Page};
use crate::platform::web::paging::{Listing, Paging};
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/admin/handelser", web::get().to(list));
}

/// An event in words.
pub struct Happening {
    /// What happened.
    pub what: String,
    /// To what.
    pub about: Option<Subject>,
    /// Who did it.
    pub who: String,
    /// When.
    pub when: String,
}

#[derive(Template)]
#[template(path = "admin/log.html")]
struct LogPage {
    t: Texts,
    page: Page,
    items: Vec<Happening>,
    newer: Option<String>,
    older: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Wanted {
    /// Only what happened to this thing.
    om: Option<AnyId>,
}

async fn list(
    request: HttpRequest,
    app: App,
    who: Admin,
    wanted: web::Query<Wanted>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let (t, organisation, cursor) = (texts(&request), who.organisation.clone(), paging.cursor.clone());
    let about = wanted.om;
    let (items, next) = app
        .db
        .read(move |conn| {
            let before = paging.after::<EventId>()?;
            let rows = events::newest(conn, organisation.id, about, before, paging.rows())?;
            let Listing { items, next } = Listing::cut(rows, &paging, |event| event.id);
            Ok((told(conn, &organisation, items, t)?, next))
        })
        .await?;
    let path = match about {
        Some(id) => format!("/admin/handelser?om={id}"),
        None => "/admin/handelser".to_owned(),
    };
    let (newer, older) = page::list_pages(&path, cursor.as_deref(), next.as_deref());
    let page = Page::new(&request, &t.s("admin-log"));
    Ok(page::ok(&LogPage { t, page, items, newer, older }))
}

/// Events in words, with the names that people and things have now.
///
/// # Errors
/// When the database fails.
pub fn told(
    conn: &mut Conn,
    organisation: &Organisation,
    events: Vec<Event>,
    t: Texts,
) -> Result<Vec<Happening>, Error> {
    let actors: Vec<PersonId> = events.iter().filter_map(|event| event.actor_id).collect();
    let actors = queries::names_of(conn, actors)?;
    let mut subjects = queries::subjects(conn, &events)?;
    let own = Subject { name: organisation.name.clone(), href: "/admin/organisation".to_owned() };
    subjects.insert(organisation.id.uuid().into(), own);
    let happening = |event: Event| Happening {
        what: t.find(&format!("event-{}", event.action.replace('.', "-"))).unwrap_or_else(|| t.s("event-other")),
        about: subjects.get(&event.subject_id).cloned(),
        who: match event.actor_id {
            None => t.s("admin-log-program"),
            Some(id) => match actors.get(&id) {
                Some(name) if !name.is_empty() => name.clone(),
                _ => t.s("admin-log-removed"),
            },
        },
        when: t.moment(event.at, organisation.zone()),
    };
    Ok(events.into_iter().map(happening).collect())
}
