//! Errors as HTTP: one status for each kind, told as `application/problem+json` to programs, else as a page.

use crate::platform::error::{Error, Kind};
use crate::platform::text::Texts;
use crate::platform::web::page::{Page, html};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError};
use askama::Template;
use serde::Serialize;

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Problem(problem) => match problem.kind {
                Kind::Malformed => StatusCode::BAD_REQUEST,
                Kind::SignedOut => StatusCode::UNAUTHORIZED,
                Kind::Forbidden => StatusCode::FORBIDDEN,
                Kind::NotFound => StatusCode::NOT_FOUND,
                Kind::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
                Kind::Refused => StatusCode::CONFLICT,
                Kind::ChangedMeanwhile => StatusCode::PRECONDITION_FAILED,
                Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
                Kind::UnsupportedType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
                Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
                Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
            },
            Self::Fault(fault) if fault.busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// An error as RFC 9457 has it, with a stable code and the wrong fields.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProblemView {
    /// The HTTP status.
    pub status: u16,
    /// Stable name of the problem, as in `loan.no_kit_free`.
    pub code: String,
    /// The kind of problem in English, for developers.
    pub title: String,
    /// What happened and what to do, in the caller's language.
    pub detail: String,
    /// Every wrong field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldView>,
    /// What else helps, such as the next period that works.
    #[serde(flatten)]
    #[schema(additional_properties)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// A wrong field.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FieldView {
    /// Its name in the request.
    pub field: String,
    /// Stable name of what is wrong.
    pub code: String,
    /// What is wrong and what to do, in the caller's language.
    pub detail: String,
}

impl ProblemView {
    /// Tells an error in a language. Of a fault nothing is told but that it happened.
    pub fn new(error: &Error, t: Texts) -> Self {
        let status = error.status_code();
        let (detail, errors, extra) = match error {
            Error::Problem(problem) => {
                let fields = problem.fields.iter().map(|field| FieldView {
                    field: field.field.clone(),
                    code: field.code.to_owned(),
                    detail: t.field(field),
                });
                (t.problem(problem), fields.collect(), problem.extra.clone())
            }
            Error::Fault(_) => {
                (t.s(&crate::platform::text::error_key(error.code())), Vec::new(), serde_json::Map::new())
            }
        };
        Self {
            status: status.as_u16(),
            code: error.code().to_owned(),
            title: status.canonical_reason().unwrap_or_default().to_owned(),
            detail,
            errors,
            extra,
        }
    }
}

/// The page that tells an error.
#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    t: Texts,
    page: Page,
    problem: ProblemView,
    sign_in: Option<String>,
}

/// Wraps the whole application: writes every error for the one who asked, and logs faults, once, with their causes.
pub async fn tell_errors(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let Some(error) = response.response().error() else { return Ok(response) };
    let unknown;
    let error = match error.as_error::<Error>() {
        Some(error) => error,
        None => {
            unknown = foreign(response.status());
            &unknown
        }
    };
    if let Error::Fault(fault) = error {
        // The route, not the path: a path can hold the secret of a sign-in link.
        let route = response.request().match_pattern().unwrap_or_default();
        tracing::error!(route, error = fault.chain(), "request failed");
    }
    let told = tell(response.request(), error);
    Ok(response.into_response(told))
}

/// Errors that the framework finds before a handler of ours runs.
fn foreign(status: StatusCode) -> Error {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Error::new(Kind::TooLarge, "request.too_large"),
        StatusCode::NOT_FOUND => Error::not_found("request.no_such_page"),
        status if status.is_client_error() => Error::new(Kind::Malformed, "request.malformed"),
        status => Error::Fault(crate::platform::error::Fault::new(format!("answered with {status}"))),
    }
}

/// Tells an error as the one who asked reads it: as JSON to programs, else as a page.
pub fn tell(request: &HttpRequest, error: &Error) -> HttpResponse {
    let t = super::texts(request);
    let mut builder = HttpResponseBuilder::new(error.status_code());
    if error.status_code() == StatusCode::SERVICE_UNAVAILABLE {
        builder.insert_header((header::RETRY_AFTER, "2"));
    }
    if let Error::Problem(problem) = error
        && let Some(seconds) = problem.extra.get("retry_after").and_then(serde_json::Value::as_u64)
    {
        builder.insert_header((header::RETRY_AFTER, seconds));
    }
    if request.path().starts_with("/api/") || request.path() == "/metrics" {
        if error.status_code() == StatusCode::UNAUTHORIZED {
            builder.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        return builder.content_type("application/problem+json").json(ProblemView::new(error, t));
    }
    if error.status_code() == StatusCode::UNAUTHORIZED && request.method() == actix_web::http::Method::GET {
        let from = request.uri().path_and_query().map_or("/", |path| path.as_str());
        return super::page::see_other(&format!("/logga-in?vidare={}", super::page::query_value(from)));
    }
    let problem = ProblemView::new(error, t);
    let sign_in = (error.status_code() == StatusCode::UNAUTHORIZED).then(|| sign_in(request));
    let page = Page::new(request, &t.s(&format!("error-title-{}", problem.status)));
    html(builder, &ErrorPage { t, page, problem, sign_in })
}

/// Where somebody signs in whose form came signed out, to come back to the page that it stands on.
fn sign_in(request: &HttpRequest) -> String {
    let address = super::header_text(request, header::REFERER);
    let path = address.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    format!("/logga-in?vidare={}", super::page::query_value(&format!("/{path}")))
}
