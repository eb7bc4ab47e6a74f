//! Guards around every request: headers that keep browsers strict, and no form from another site.

use crate::platform::error::Error;
use crate::platform::state::AppState;
use crate::platform::web::bearer;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web;

const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";
/// The scan page reads QR codes with a decoder in WebAssembly, in a worker whose script has a policy of its own.
const SCAN_CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
     img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// The preview of a form stands in a frame the size of a phone, on a page of ours.
const FRAMED_CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'self'";
/// The API's reading page brings its own style sheet in the page.
const DOCS_CONTENT_SECURITY_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Adds the security headers to every answer.
pub async fn security_headers(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let policy = match request.path() {
        path if path.starts_with("/api/docs") => DOCS_CONTENT_SECURITY_POLICY,
        path if path.starts_with("/lager/skanna") || path.ends_with("/decoder.js") => SCAN_CONTENT_SECURITY_POLICY,
        "/admin/formular/forhandsvisning/formular" => FRAMED_CONTENT_SECURITY_POLICY,
        _ => CONTENT_SECURITY_POLICY,
    };
    // The address holds the secret of a link: it is told to no other page, not even of this server, and to no search engine.
    let secret = request.path().starts_with("/utvardering/");
    let over_tls = request.app_data::<web::Data<AppState>>().is_some_and(|app| app.config.over_tls());
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_SECURITY_POLICY, policy);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, if secret { "strict-origin" } else { "same-origin" });
    if secret {
        set(HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    }
    set(HeaderName::from_static("permissions-policy"), "camera=(self), microphone=(), geolocation=()");
    if over_tls {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    Ok(response)
}

/// Answers `HEAD` as `GET`; the server leaves the body out.
pub async fn head_as_get(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    next.call(request).await
}

/// Refuses a change that another site made the browser ask for. Browsers say where a request comes from in
/// `Sec-Fetch-Site`, older ones in `Origin`; a request that carries a cookie and says neither is refused too. A
/// request with a token of ours in its own header was not made by a page of another site; other kinds of `Authorization`
/// browsers add by themselves.
pub async fn same_site(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if request.method().is_safe() || bearer(request.request()).is_some() || from_here(&request) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    Ok(request.error_response(Error::forbidden("request.other_site")))
}

fn from_here(request: &ServiceRequest) -> bool {
    let text = |name: &HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(&HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match text(&header::ORIGIN) {
        Some(origin) => {
            let public = request.app_data::<web::Data<AppState>>().map(|app| app.config.public_url.clone());
            let host = origin.split_once("://").map(|(_, host)| host);
            public.as_deref() == Some(origin) || (host.is_some() && host == text(&header::HOST))
        }
        None => !request.headers().contains_key(header::COOKIE),
    }
}
