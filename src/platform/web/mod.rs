//! What every handler shares: reading requests, writing answers and pages, and the guards around both.

pub mod answers;
pub mod assets;
pub mod command;
pub mod forms;
pub mod guards;
pub mod import;
pub mod metrics;
pub mod page;
pub mod paging;

use crate::platform::text::{Lang, Texts};
use actix_web::HttpRequest;
use actix_web::http::header;

/// The cookie that remembers a chosen language.
pub const LANGUAGE_COOKIE: &str = "language";

/// The texts for a request: the chosen language, else the browser's, else Swedish.
pub fn texts(request: &HttpRequest) -> Texts {
    let chosen = request.cookie(LANGUAGE_COOKIE).and_then(|cookie| cookie.value().parse().ok());
    Texts::new(chosen.unwrap_or_else(|| Lang::negotiate(header_text(request, header::ACCEPT_LANGUAGE))))
}

/// A header as text; empty when it is missing or not text.
pub fn header_text(request: &HttpRequest, name: header::HeaderName) -> &str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The network address a request comes from; behind a proxy, the one the proxy names last.
pub fn peer(request: &HttpRequest, behind_proxy: bool) -> String {
    let named = header_text(request, header::X_FORWARDED_FOR).rsplit(',').next().unwrap_or_default().trim();
    if behind_proxy && !named.is_empty() {
        return named.to_owned();
    }
    request.peer_addr().map(|address| address.ip().to_string()).unwrap_or_default()
}
