//! The event log over JSON.

use crate::accounts::session::Staff;
use crate::admin::App;
use crate::platform::error::Error;
use crate::platform::events::{self, Event};
use crate::platform::ids::{AnyId, EventId};
use crate::platform::web::paging::{Listing, Paging};
use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_events);
}

/// Which events are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Only those of the thing with this id.
    subject: Option<AnyId>,
    /// Only those after this event; the same as `cursor`.
    after: Option<EventId>,
}

/// Events, oldest first.
#[utoipa::path(tag = "events", security(("token" = ["warehouse", "developer", "admin"])), params(Wanted, Paging),
    responses((status = 200, body = Listing<Event>)))]
#[get("/events")]
async fn list_events(
    app: App,
    who: Staff,
    wanted: web::Query<Wanted>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let events = app
        .db
        .read(move |conn| {
            let after = paging.after()?.or(wanted.after);
            let rows = events::list(conn, organisation, wanted.subject, after, paging.rows())?;
            Ok(Listing::cut(rows, &paging, |event| event.id))
        })
        .await?;
    Ok(HttpResponse::Ok().json(events))
}
