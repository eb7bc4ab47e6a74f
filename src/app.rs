//! The whole program put together: routes, API document, jobs, and the server's life from start to graceful stop.

use crate::accounts;
use crate::admin;
use crate::demo;
use crate::evaluations;
use crate::home;
use crate::kits;
use crate::labels;
use crate::loans;
use crate::mail::transport::Transport;
use crate::mail::worker;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::{Db, migrate};
use crate::platform::error::{Error, Fault, Kind};
use crate::platform::idempotency;
use crate::platform::jobs::{self, Job};
use crate::platform::state::{App, AppState, Limits};
use crate::platform::web::{answers, assets, guards};
use crate::warehouse;
use actix_web::dev::{ResourceDef, Server, ServiceFactory, ServiceRequest};
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{HttpRequest, HttpResponse, HttpServer, web};
use chrono::TimeDelta;
use std::net::TcpListener;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use utoipa::OpenApi;
use utoipa_actix_web::AppExt;

/// The largest body read, in bytes; an import may be larger, and says so at its route.
const LARGEST_BODY: usize = 1 << 20;
/// How long the server waits for requests in hand when it stops, in seconds.
const LAST_REQUESTS_SECONDS: u64 = 10;

/// Work that comes round.
pub const JOBS: &[Job] = &[
    Job { name: "forget", every_minutes: 60, run: |app| Box::pin(forget(app)) },
    Job { name: "loans", every_minutes: 30, run: |app| Box::pin(loans::jobs::daily(app)) },
];

/// Forgets what has run out: sessions, sign-ins, answers kept for repeats.
async fn forget(app: AppState) -> Result<(), Error> {
    let now = app.clock.now();
    app.db
        .write(move |tx| {
            accounts::sign_in::forget_old(tx, now)?;
            idempotency::forget_before(tx, now - TimeDelta::days(idempotency::KEPT_DAYS))
        })
        .await
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Digilador",
        description = "Lending of digilådor: kits of small robots and programming games, lent by a municipality to \
                       its preschools. Errors are RFC 9457 problems with a stable `code`. Writes take an \
                       `Idempotency-Key`; changes of a shown object take `If-Match`.",
        license(name = "EUPL-1.2", identifier = "EUPL-1.2"),
    ),
    servers((url = "/", description = "This server")),
    modifiers(&TokenScheme),
)]
struct ApiDocument;

struct TokenScheme;

impl utoipa::Modify for TokenScheme {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A token from `digilador token create`, or a session's cookie."))
            .build();
        document.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

fn api(config: &mut utoipa_actix_web::service_config::ServiceConfig<'_>) {
    config
        .configure(accounts::api::routes)
        .configure(kits::api::routes)
        .configure(labels::api::routes)
        .configure(loans::api::routes)
        .configure(evaluations::api::routes)
        .configure(admin::api::routes);
}

fn pages(config: &mut web::ServiceConfig) {
    config
        .configure(accounts::pages::routes)
        .configure(loans::pages::routes)
        .configure(evaluations::pages::routes)
        .configure(home::routes)
        .configure(warehouse::pages::routes)
        .configure(admin::pages);
}

/// The API's document, made from the code.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let app = actix_web::App::new().into_utoipa_app().openapi(ApiDocument::openapi());
    describe_problems(app.service(utoipa_actix_web::scope("/api/v1").configure(api)).split_for_parts().1)
}

/// Adds to every operation the answers that any of them can give, so that none has to repeat them.
fn describe_problems(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder};
    let problem = |text: &str| {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemView"))).build();
        RefOr::T(ResponseBuilder::new().description(text).content("application/problem+json", content).build())
    };
    for path in document.paths.paths.values_mut() {
        let operations = [&mut path.get, &mut path.post, &mut path.put, &mut path.patch, &mut path.delete];
        for operation in operations.into_iter().flatten() {
            let writes = operation.request_body.is_some();
            let answers = &mut operation.responses.responses;
            let mut add = |status: &str, text: &str| {
                answers.entry(status.to_owned()).or_insert_with(|| problem(text));
            };
            add("400", "The request cannot be read.");
            add("401", "Nobody is signed in.");
            add("403", "The caller may not do this.");
            add("404", "It does not exist, or belongs to somebody else.");
            add("409", "The rules, or the state of things, say no; `code` says which.");
            add("412", "It has changed since the caller saw it.");
            add("422", "Fields are wrong; each is named.");
            add("503", "Busy; try again in a moment.");
            if writes {
                add("413", "The body is too large.");
                add("415", "The body is not JSON.");
            }
        }
    }
    document
}

/// The application that each worker runs.
pub fn application(
    state: AppState,
) -> actix_web::App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = actix_web::dev::ServiceResponse<impl actix_web::body::MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let document = openapi();
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
        .wrap(from_fn(accounts::session::recognise))
        .wrap(from_fn(guards::same_site))
        .wrap(from_fn(answers::tell_errors))
        .wrap(from_fn(guards::security_headers))
        .wrap(Compress::default())
        .route("/static/{fingerprint}/{name:.*}", web::get().to(assets::serve))
        .route("/healthz", web::get().to(|| async { HttpResponse::Ok().body("ok") }))
        .route("/readyz", web::get().to(ready))
        .route("/api/v1/openapi.json", {
            let document = document.clone();
            web::get().to(move || {
                let document = document.clone();
                async move { HttpResponse::Ok().json(document) }
            })
        })
        .service(
            utoipa_swagger_ui::SwaggerUi::new("/api/docs/{_:.*}")
                .config(utoipa_swagger_ui::Config::from("/api/v1/openapi.json")),
        )
        .route("/api/docs", web::get().to(|| async { crate::platform::web::page::see_other("/api/docs/") }))
        .service(
            web::scope("/api/v1")
                .app_data(web::Data::new(Methods::of(&document)))
                .configure(|config| api(&mut utoipa_actix_web::service_config::ServiceConfig::new(config)))
                .default_service(web::to(no_such_operation)),
        )
        .configure(pages)
        .default_service(web::to(|| async { Err::<HttpResponse, _>(Error::not_found("request.no_such_page")) }))
}

/// The methods of each address of the API.
struct Methods(Vec<(ResourceDef, String)>);

impl Methods {
    fn of(document: &utoipa::openapi::OpenApi) -> Self {
        let methods = document.paths.paths.iter().map(|(path, item)| {
            let known = [
                ("GET", &item.get),
                ("POST", &item.post),
                ("PUT", &item.put),
                ("PATCH", &item.patch),
                ("DELETE", &item.delete),
            ];
            let known: Vec<&str> =
                known.iter().filter(|(_, there)| there.is_some()).map(|(method, _)| *method).collect();
            (ResourceDef::new(path.as_str()), known.join(", "))
        });
        Self(methods.collect())
    }
}

/// Answers what no route answers: the address does not exist, or not for this method.
async fn no_such_operation(request: HttpRequest, methods: web::Data<Methods>) -> Result<HttpResponse, Error> {
    match methods.0.iter().find(|(address, _)| address.is_match(request.path())) {
        Some((_, known)) => {
            let mut response = answers::tell(&request, &Error::new(Kind::WrongMethod, "request.wrong_method"));
            let known = HeaderValue::from_str(known).map_err(Fault::from_error)?;
            response.headers_mut().insert(header::ALLOW, known);
            Ok(response)
        }
        None => Err(Error::not_found("request.no_such_page")),
    }
}

/// Ready when the database answers.
async fn ready(state: web::Data<AppState>) -> Result<HttpResponse, Error> {
    use diesel::prelude::*;
    state
        .db
        .read(|conn| {
            diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>("1")).get_result::<i32>(conn)?;
            Ok(())
        })
        .await?;
    Ok(HttpResponse::Ok().body("ready"))
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
    let db = web::block(move || migrate::run(&database).and_then(|_| Db::open(&database, connections)))
        .await
        .map_err(Fault::from_error)??;
    if config.demo {
        let filled = demo::fill::fill(&db, &config.public_url, clock.now()).await;
        filled.map_err(|error| Fault::new(format!("the demo could not be filled: {error}")))?;
    }
    let transport = Arc::new(Transport::new(&config)?);
    let listener = TcpListener::bind(config.listen).map_err(Fault::from_error)?;
    let address = listener.local_addr().map_err(Fault::from_error)?;
    let state: AppState = Arc::new(App { db, clock, config, limits: Limits::default() });
    let (stop, stopping) = watch::channel(false);
    let workers = vec![
        tokio::spawn(worker::work(state.clone(), transport.clone(), stopping.clone())),
        tokio::spawn(jobs::work(state.clone(), JOBS, stopping)),
    ];
    let shared = state.clone();
    let server = HttpServer::new(move || application(shared.clone()))
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
