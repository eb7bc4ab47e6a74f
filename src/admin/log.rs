//! The event log in plain words.

use crate::accounts::session::Admin;
use crate::accounts::store::Organisation;
use crate::admin::App;
use crate::kits::code::Code;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::events::{self, Event};
use crate::platform::ids::{AnyId, EventId, KitId, KitTypeId, LoanId, PersonId, UnitId};
use crate::platform::text::Texts;
use crate::platform::web::page::{self, Page};
use crate::platform::web::paging::{Listing, Paging};
use crate::platform::web::texts;
use crate::schema::{kit_types, kits, loans, people, units};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use diesel::prelude::*;
use serde::Deserialize;
use std::collections::HashMap;

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

/// The thing that an event happened to.
#[derive(Clone)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
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
            let before = paging.after::<EventId>();
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
    let page = who.page(&request, &t.s("admin-log"));
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
    let actors = names_of(conn, actors)?;
    let mut subjects = subjects(conn, &events)?;
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

fn names_of(conn: &mut Conn, ids: Vec<PersonId>) -> Result<HashMap<PersonId, String>, Error> {
    let rows: Vec<(PersonId, String)> =
        people::table.filter(people::id.eq_any(ids)).select((people::id, people::name)).load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The things that events happened to, as far as they have a name and a page.
fn subjects(conn: &mut Conn, events: &[Event]) -> Result<HashMap<AnyId, Subject>, Error> {
    fn ids<T: From<uuid::Uuid>>(events: &[Event], kind: &str) -> Vec<T> {
        events.iter().filter(|event| event.subject_kind == kind).map(|event| event.subject_id.uuid().into()).collect()
    }
    let mut found = HashMap::new();
    let mut keep = |id: uuid::Uuid, name: String, href: String| found.insert(AnyId::from(id), Subject { name, href });

    for (id, name) in names_of(conn, ids(events, "person"))? {
        if !name.is_empty() {
            keep(id.uuid(), name, format!("/admin/personer/{id}"));
        }
    }
    let rows: Vec<(UnitId, String)> = units::table
        .filter(units::id.eq_any(ids::<UnitId>(events, "unit")))
        .select((units::id, units::name))
        .load(conn)?;
    for (id, name) in rows {
        keep(id.uuid(), name, format!("/admin/enheter/{id}"));
    }
    let rows: Vec<(KitTypeId, String)> = kit_types::table
        .filter(kit_types::id.eq_any(ids::<KitTypeId>(events, "kit_type")))
        .select((kit_types::id, kit_types::name))
        .load(conn)?;
    for (id, name) in rows {
        keep(id.uuid(), name, format!("/admin/typer/{id}"));
    }
    let rows: Vec<(KitId, Code, String, String)> = kits::table
        .inner_join(kit_types::table)
        .filter(kits::id.eq_any(ids::<KitId>(events, "kit")))
        .select((kits::id, kits::code, kit_types::name, kits::copy))
        .load(conn)?;
    for (id, code, kind, copy) in rows {
        keep(id.uuid(), format!("{kind} {copy}"), format!("/admin/lador/{code}"));
    }
    let rows: Vec<(LoanId, String, String)> = loans::table
        .inner_join(kit_types::table.on(kit_types::id.eq(loans::kit_type_id)))
        .inner_join(units::table.on(units::id.eq(loans::unit_id)))
        .filter(loans::id.eq_any(ids::<LoanId>(events, "loan")))
        .select((loans::id, kit_types::name, units::name))
        .load(conn)?;
    for (id, kind, unit) in rows {
        keep(id.uuid(), format!("{kind}, {unit}"), format!("/lan/{id}"));
    }
    Ok(found)
}
