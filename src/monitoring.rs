//! What tells those who watch the program how it is: `/healthz`, `/readyz` and `/metrics`.

use crate::mail::outbox;
use crate::platform::db::connection::Conn;
use crate::platform::error::{Error, Kind};
use crate::platform::jobs;
use crate::platform::state::AppState;
use crate::platform::web::bearer;
use actix_web::{HttpRequest, HttpResponse, get, web};
use diesel::prelude::*;
use subtle::ConstantTimeEq;

/// The routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(health).service(ready).service(metrics);
}

/// The program runs.
#[get("/healthz")]
async fn health() -> HttpResponse {
    HttpResponse::Ok().body("ok")
}

/// Its database answers, and takes a write.
#[get("/readyz")]
async fn ready(app: web::Data<AppState>) -> Result<HttpResponse, Error> {
    app.db.read(select_one).await?;
    app.db.write(|tx| select_one(tx)).await?;
    Ok(HttpResponse::Ok().body("ready"))
}

fn select_one(conn: &mut Conn) -> Result<(), Error> {
    diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>("1")).get_result::<i32>(conn)?;
    Ok(())
}

/// Requests, mails and jobs in figures, in Prometheus's text format.
#[get("/metrics")]
async fn metrics(app: web::Data<AppState>, request: HttpRequest) -> Result<HttpResponse, Error> {
    if !may_watch(&app, &request) {
        return Err(Error::new(Kind::SignedOut, "metrics.token_needed"));
    }
    let now = app.clock.now();
    let (mails, jobs) = app.db.read(|conn| Ok((outbox::count_unsent(conn)?, jobs::list(conn)?))).await?;
    for (state, count) in mails {
        app.metrics.mails.with_label_values(&[state.as_str()]).set(count);
    }
    for job in jobs {
        let late = (now.utc() - job.next_run_at.utc()).num_seconds().max(0);
        app.metrics.jobs_late.with_label_values(&[&*job.name]).set(late);
        app.metrics.jobs_failed.with_label_values(&[&*job.name]).set(job.last_error.is_some().into());
    }
    let text = app.metrics.text()?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
}

/// With a token in the settings, whoever has it; without, the machine itself, and nobody who comes through a proxy.
fn may_watch(app: &AppState, request: &HttpRequest) -> bool {
    match &app.config.metrics_token {
        Some(token) => bearer(request).is_some_and(|given| given.as_bytes().ct_eq(token.0.as_bytes()).into()),
        None => {
            let passed_on =
                ["forwarded", "x-forwarded-for", "via"].iter().any(|name| request.headers().contains_key(*name));
            !passed_on && request.peer_addr().is_some_and(|address| address.ip().to_canonical().is_loopback())
        }
    }
}
