//! The API: its routes, the OpenAPI document made from them, and the answer to what is none of them.

use crate::accounts;
use crate::admin;
use crate::calendars;
use crate::courses;
use crate::evaluations;
use crate::kits;
use crate::labels;
use crate::loans;
use crate::opening;
use crate::platform::error::{Error, Fault, Kind};
use crate::platform::web::answers;
use crate::reports;
use crate::rounds;
use crate::stocktakes;
use crate::webhooks;
use actix_web::dev::ResourceDef;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::OpenApi;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

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

/// The routes of each part of the API. They stay apart because the schemas of what is configured together are kept, one for
/// each mention, until all of it stands: of the whole API, that is more memory than the server needs for anything else.
const PARTS: &[fn(&mut ServiceConfig<'_>)] = &[
    accounts::api::routes,
    opening::api::routes,
    kits::api::routes,
    courses::api::routes,
    labels::api::routes,
    loans::api::routes,
    loans::scans::api::routes,
    loans::checks::api::routes,
    loans::service::api::routes,
    loans::deliveries::api::routes,
    loans::summer::api::routes,
    stocktakes::api::routes,
    rounds::api::routes,
    loans::queue::api::routes,
    calendars::api::routes,
    evaluations::api::routes,
    evaluations::forms::api::routes,
    evaluations::reading::api::routes,
    evaluations::ideas::api::routes,
    evaluations::collections::api::routes,
    reports::api::routes,
    reports::exchange::api::routes,
    webhooks::api::routes,
    admin::api::routes,
];

/// The routes of the API.
pub fn routes(config: &mut web::ServiceConfig) {
    for routes in PARTS {
        routes(&mut ServiceConfig::new(config));
    }
}

/// The API's document, made from the code.
pub fn document() -> utoipa::openapi::OpenApi {
    let with = |document, routes: &fn(&mut ServiceConfig<'_>)| {
        let app = actix_web::App::new().into_utoipa_app().openapi(document);
        app.service(utoipa_actix_web::scope("/api/v1").configure(routes)).split_for_parts().1
    };
    describe_problems(PARTS.iter().fold(ApiDocument::openapi(), with))
}

/// The API's document as it is served, and what it says of methods. Made once, for all workers.
#[derive(Clone)]
pub struct Told {
    /// As JSON.
    pub document: web::Bytes,
    /// For the answer to what is none of the API's operations.
    pub methods: web::Data<Methods>,
}

impl Told {
    /// # Errors
    /// When the document cannot be written as JSON.
    pub fn new() -> Result<Self, Fault> {
        let document = document();
        let methods = web::Data::new(Methods::of(&document));
        Ok(Self { document: document.to_json().map_err(Fault::from_error)?.into(), methods })
    }
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

/// The methods of each address of the API.
pub struct Methods(Vec<(ResourceDef, String)>);

impl Methods {
    /// Reads them from the document.
    pub fn of(document: &utoipa::openapi::OpenApi) -> Self {
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
pub async fn no_such_operation(request: HttpRequest, methods: web::Data<Methods>) -> Result<HttpResponse, Error> {
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
