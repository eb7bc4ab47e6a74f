//! What every handler shares: reading requests, writing answers and pages, and the guards around both.

pub mod answers;
pub mod assets;
pub mod command;
pub mod download;
pub mod forms;
pub mod guards;
pub mod heavy;
pub mod import;
pub mod metrics;
pub mod page;
pub mod paging;
pub mod upload;

use crate::platform::text::{Lang, Texts};
use actix_web::HttpRequest;
use actix_web::http::header;
use std::net::{IpAddr, Ipv6Addr};

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

/// The token that a request brings in `Authorization: Bearer`.
pub fn bearer(request: &HttpRequest) -> Option<&str> {
    let (scheme, token) = header_text(request, header::AUTHORIZATION).split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The network that a request comes from; behind a proxy, the address that the proxy names last. Of an IPv6 address the
/// first half: the rest is its owner's to choose.
pub fn peer(request: &HttpRequest, behind_proxy: bool) -> String {
    // A proxy may add a line of its own after those that the client sent.
    let lines = request.headers().get_all(header::X_FORWARDED_FOR);
    let named = lines.last().and_then(|line| line.to_str().ok()?.rsplit(',').next()).map(str::trim).unwrap_or_default();
    if behind_proxy && !named.is_empty() {
        return named.parse().map_or_else(|_| named.to_owned(), network);
    }
    request.peer_addr().map(|address| network(address.ip())).unwrap_or_default()
}

fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn the_proxy_s_own_word_counts() {
        let peer = |lines: &[&str]| {
            let request =
                lines.iter().fold(TestRequest::default(), |r, line| r.append_header(("x-forwarded-for", *line)));
            peer(&request.to_http_request(), true)
        };
        assert_eq!(peer(&["192.0.2.1, 192.0.2.2"]), "192.0.2.2");
        assert_eq!(peer(&["192.0.2.1", "192.0.2.2"]), "192.0.2.2");
        assert_eq!(peer(&["2001:db8:1:2:3:4:5:6"]), peer(&["2001:db8:1:2:ffff::"]));
        assert_ne!(peer(&["2001:db8:1:2::"]), peer(&["2001:db8:1:3::"]));
    }
}
