//! The whole program put together: routes, API document, jobs, and the server's life from start to graceful stop.

use crate::accounts;
use crate::admin;
use crate::api;
use crate::calendars;
use crate::courses;
use crate::demo;
use crate::evaluations;
use crate::evaluations::search::index;
use crate::home;
use crate::kits;
use crate::labels::print_jobs;
use crate::loans;
use crate::loans::evaluation_links;
use crate::loans::scans::store as scans;
use crate::mail::outbox;
use crate::mail::transport::Transport;
use crate::mail::worker;
use crate::monitoring;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::{Db, migrate};
use crate::platform::error::{Error, Fault, Kind};
use crate::platform::idempotency;
use crate::platform::jobs::{self, Job};
use crate::platform::state::{App, AppState, Limits};
use crate::platform::web::metrics::{self, Metrics};
use crate::platform::web::{answers, assets, guards};
use crate::reports;
use crate::rounds;
use crate::warehouse;
use crate::webhooks;
use actix_web::dev::{Server, ServiceFactory, ServiceRequest};
use actix_web::http::header::ContentType;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{HttpResponse, HttpServer, web};
use chrono::TimeDelta;
use std::net::TcpListener;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The largest body read, in bytes; an import may be larger, and says so at its route.
const LARGEST_BODY: usize = 1 << 20;
/// How long the server waits for requests in hand when it stops, in seconds.
const LAST_REQUESTS_SECONDS: u64 = 10;

/// Work that comes round.
pub const JOBS: &[Job] = &[
    Job { name: "forget", every_minutes: 60, run: |app| Box::pin(forget(app)) },
    Job { name: "loans", every_minutes: 30, run: |app| Box::pin(loans::jobs::daily(app)) },
    Job { name: "rounds", every_minutes: 30, run: |app| Box::pin(rounds::jobs::announce(app)) },
    Job { name: "queue", every_minutes: 5, run: |app| Box::pin(loans::queue::jobs::serve(app)) },
    Job { name: "service", every_minutes: 60, run: |app| Box::pin(loans::service::jobs::daily(app)) },
];

/// Printing has a loop of its own: printers may take their time.
const PRINTING: &[Job] =
    &[Job { name: "printing", every_minutes: 1, run: |app| Box::pin(async { print_jobs::work(app).await.map(drop) }) }];

/// Forgets what has run out: sessions, sign-ins, mails, messages to other programs, links to evaluations, answers kept for repeats.
async fn forget(app: AppState) -> Result<(), Error> {
    let now = app.clock.now();
    app.db
        .write(move |tx| {
            accounts::sign_in::forget_old(tx, now)?;
            outbox::forget_before(tx, now - TimeDelta::days(outbox::KEPT_DAYS))?;
            let links_before = now - TimeDelta::days(evaluation_links::REMEMBERED_DAYS);
            evaluation_links::forget_before(tx, links_before)?;
            webhooks::store::forget_before(tx, now - TimeDelta::days(webhooks::KEPT_DAYS))?;
            scans::forget_before(tx, now - TimeDelta::days(scans::KEPT_DAYS))?;
            idempotency::forget_before(tx, now - TimeDelta::days(idempotency::KEPT_DAYS))
        })
        .await
}

fn pages(config: &mut web::ServiceConfig) {
    config
        .configure(accounts::pages::routes)
        .configure(kits::pictures::pages::routes)
        .configure(courses::pages::routes)
        .configure(loans::pages::routes)
        .configure(loans::queue::pages::routes)
        .configure(rounds::pages::routes)
        .configure(calendars::pages::routes)
        .configure(evaluations::forms::pages::routes)
        .configure(evaluations::reading::pages::routes)
        .configure(evaluations::ideas::pages::routes)
        .configure(evaluations::collections::pages::routes)
        .configure(evaluations::writing::pages::routes)
        .configure(reports::pages::routes)
        .configure(reports::year::pages::routes)
        .configure(reports::exchange::pages::routes)
        .configure(home::routes)
        .configure(warehouse::routes)
        .configure(webhooks::pages::routes)
        .configure(admin::pages);
}

/// The application that each worker runs.
pub fn application(
    state: AppState,
    told: api::Told,
) -> actix_web::App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = actix_web::dev::ServiceResponse<impl actix_web::body::MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let document = told.document;
    actix_web::App::new()
        .app_data(web::Data::new(state))
        .app_data(web::PayloadConfig::new(LARGEST_BODY))
        .app_data(web::FormConfig::default().limit(LARGEST_BODY).error_handler(|error, _| match error {
            actix_web::error::UrlencodedError::Overflow { .. } => {
                Error::new(Kind::TooLarge, "request.too_large").into()
            }
            actix_web::error::UrlencodedError::ContentType => {
                Error::new(Kind::UnsupportedType, "request.form_type").into()
            }
            _ => Error::new(Kind::Malformed, "request.malformed_form").into(),
        }))
        .app_data(web::PathConfig::default().error_handler(|_, _| Error::not_found("request.no_such_page").into()))
        .app_data(
            web::QueryConfig::default()
                .error_handler(|_, _| Error::new(Kind::Malformed, "request.malformed_query").into()),
        )
        .wrap(from_fn(rounds::pages::notices))
        .wrap(from_fn(accounts::session::recognise))
        .wrap(from_fn(guards::same_site))
        .wrap(from_fn(answers::tell_errors))
        .wrap(from_fn(guards::security_headers))
        .wrap(Compress::default())
        .wrap(from_fn(metrics::measure))
        .wrap(from_fn(guards::head_as_get))
        .route("/static/{fingerprint}/{name:.*}", web::get().to(assets::serve))
        .route("/sw.js", web::get().to(assets::service_worker))
        .configure(monitoring::routes)
        .route(
            "/api/v1/openapi.json",
            web::get().to(move || {
                let document = document.clone();
                async move { HttpResponse::Ok().content_type(ContentType::json()).body(document) }
            }),
        )
        .service(
            utoipa_swagger_ui::SwaggerUi::new("/api/docs/{_:.*}")
                .config(utoipa_swagger_ui::Config::from("/api/v1/openapi.json")),
        )
        .route("/api/docs", web::get().to(|| async { crate::platform::web::page::see_other("/api/docs/") }))
        .service(
            web::scope("/api/v1")
                .app_data(told.methods)
                .configure(api::routes)
                .default_service(web::to(api::no_such_operation)),
        )
        .configure(pages)
        .default_service(web::to(|| async { Err::<HttpResponse, _>(Error::not_found("request.no_such_page")) }))
}

/// A running server.
pub struct Running {
    /// What it shares.
    pub state: AppState,
    /// The way mail leaves.
    pub transport: Arc<Transport>,
    /// Where it listens.
    pub address: std::net::SocketAddr,
    server: Server,
    stop: watch::Sender<bool>,
    workers: Vec<JoinHandle<()>>,
}

/// Migrates the database, opens it, and starts to listen; requests are answered once [`Running::run`] is awaited.
///
/// # Errors
/// When the database or the address cannot be used.
pub async fn start(config: Config, clock: Clock, threads: usize) -> Result<Running, Fault> {
    let (database, connections) = (config.database.clone(), config.database_connections);
    // A connection to PostgreSQL waits for its own runtime, which a thread that runs another one may not.
    let (migrations, db) = web::block(move || {
        let ran = migrate::run(&database)?;
        Ok::<_, Fault>((ran, Db::open(&database, connections)?))
    })
    .await
    .map_err(Fault::from_error)??;
    if migrations > 0 {
        db.write(index::add_missing).await.map_err(Fault::from_error)?;
    }
    if config.demo {
        let filled = demo::fill::fill(&db, &config.public_url, clock.now()).await;
        filled.map_err(|error| match error {
            Error::Fault(fault) => fault,
            problem => Fault::new(format!("the demo breaks a rule: {problem}")),
        })?;
    }
    let transport = Arc::new(Transport::new(&config)?);
    let listener = TcpListener::bind(config.listen).map_err(Fault::from_error)?;
    let address = listener.local_addr().map_err(Fault::from_error)?;
    let state: AppState = Arc::new(App { db, clock, config, limits: Limits::default(), metrics: Metrics::new()? });
    let (stop, stopping) = watch::channel(false);
    let mut workers = match state.config.background {
        false => Vec::new(),
        true => vec![
            tokio::spawn(worker::work(state.clone(), transport.clone(), stopping.clone())),
            tokio::spawn(jobs::work(state.clone(), JOBS, stopping.clone())),
            tokio::spawn(jobs::work(state.clone(), PRINTING, stopping.clone())),
        ],
    };
    // Nothing leaves the demo, unless whoever runs it wants to see messages arrive.
    if state.config.background && (!state.config.demo || state.config.webhooks_to_private) {
        let sending = webhooks::worker::work(state.clone(), evaluations::webhook::describe, stopping);
        workers.push(tokio::spawn(sending));
    }
    let shared = state.clone();
    let told = api::Told::new()?;
    let server = HttpServer::new(move || application(shared.clone(), told.clone()))
        .workers(threads)
        .shutdown_timeout(LAST_REQUESTS_SECONDS)
        .listen(listener)
        .map_err(Fault::from_error)?
        .run();
    Ok(Running { state, transport, address, server, stop, workers })
}

impl Running {
    /// Serves until told to stop (SIGINT, SIGTERM), then finishes the requests, mails and jobs in hand.
    ///
    /// # Errors
    /// When the server fails.
    pub async fn run(self) -> Result<(), Fault> {
        let served = self.server.await;
        // Without a receiver the workers have ended already.
        let _ = self.stop.send(true);
        for worker in self.workers {
            worker.await.map_err(Fault::from_error)?;
        }
        served.map_err(Fault::from_error)
    }

    /// Stops the server from outside, for tests.
    pub fn handle(&self) -> actix_web::dev::ServerHandle {
        self.server.handle()
    }
}
