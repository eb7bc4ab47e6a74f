//! The address that labels carry. They stay on boxes for years, so one that cannot last is not printed.

use crate::platform::config::Config;
use crate::platform::error::Error;
use url::{Host, Url};

/// An address that may be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// What comes before the code.
    pub url: String,
    /// The label belongs to a demo, and says so.
    pub demo: bool,
}

impl Address {
    /// The address of this installation's labels.
    ///
    /// # Errors
    /// `label.address_local`, `label.address_reserved`, `label.address_number`, `label.address_insecure`, `label.address_wrong`: what is wrong with
    /// the setting. The demo prints whatever it is, with a mark.
    pub fn of(config: &Config) -> Result<Self, Error> {
        let url = config.label_url.clone();
        match wrong(&url).filter(|_| !config.demo) {
            Some(code) => Err(Error::refused(code).arg("address", url)),
            None => Ok(Self { url, demo: config.demo }),
        }
    }
}

/// Endings of names that are known on a network of their own only.
const LOCAL: [&str; 9] = ["local", "localhost", "localdomain", "lan", "home", "internal", "intranet", "corp", "arpa"];

/// Endings that lead nowhere on the internet, for ever (RFC 2606, RFC 6761, RFC 7686).
const RESERVED: [&str; 4] = ["example", "test", "invalid", "onion"];

/// Why an address is none for labels.
pub fn wrong(url: &str) -> Option<&'static str> {
    let Ok(read) = Url::parse(url) else { return Some("label.address_wrong") };
    let name = match read.host() {
        Some(Host::Domain(name)) => name.trim_end_matches('.'),
        Some(Host::Ipv4(number)) if number.is_loopback() => return Some("label.address_local"),
        Some(Host::Ipv6(number)) if number.is_loopback() => return Some("label.address_local"),
        Some(_) => return Some("label.address_number"),
        None => return Some("label.address_wrong"),
    };
    let ends_in = |end: &str| name == end || name.strip_suffix(end).is_some_and(|before| before.ends_with('.'));
    if !name.contains('.') || LOCAL.into_iter().any(ends_in) {
        return Some("label.address_local");
    }
    if RESERVED.into_iter().any(ends_in) {
        return Some("label.address_reserved");
    }
    // The code holds capitals, digits and few marks: what is not written so would make it larger, or mean another name.
    let plain =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let written = url.split_once("://").map_or(url, |(_, rest)| rest);
    let written = written.rsplit_once(':').map_or(written, |(host, _)| host);
    if !written.split('.').all(plain) {
        Some("label.address_wrong")
    } else if read.scheme() != "https" {
        Some("label.address_insecure")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::wrong;

    #[test]
    fn only_names_that_last_are_printed() {
        for good in ["https://lada.lindvalla.se", "https://lada.lindvalla.se:8443", "https://Lada-2.Lindvalla.SE"] {
            assert_eq!(wrong(good), None, "{good}");
        }
        for (bad, why) in [
            ("http://localhost:8080", "label.address_local"),
            ("https://localhost", "label.address_local"),
            ("https://[::1]:8080", "label.address_local"),
            ("https://127.0.0.1", "label.address_local"),
            ("https://lada", "label.address_local"),
            ("https://lada.local", "label.address_local"),
            ("https://10.0.0.7", "label.address_number"),
            ("https://10.0.0.7:8443", "label.address_number"),
            ("https://[2001:db8::1]", "label.address_number"),
            ("http://lada.lindvalla.se", "label.address_insecure"),
            ("https://10.0.0.7.", "label.address_number"),
            ("https://10.7", "label.address_number"),
            ("https://0xa.1", "label.address_number"),
            ("https://127.1", "label.address_local"),
            ("https://0x7f.1", "label.address_local"),
            ("https://localhost.", "label.address_local"),
            ("https://LADA.LOCAL", "label.address_local"),
            ("https://lada.local.", "label.address_local"),
            ("https://lada.lan", "label.address_local"),
            ("https://lada.internal", "label.address_local"),
            ("https://lada.localdomain", "label.address_local"),
            ("https://lada.home.arpa", "label.address_local"),
            ("https://lada.lindvalla.example", "label.address_reserved"),
            ("https://lada.test", "label.address_reserved"),
            ("https://lada.invalid", "label.address_reserved"),
            ("https://lada.onion.", "label.address_reserved"),
            ("https://lada.se.", "label.address_wrong"),
            ("https://a..se", "label.address_wrong"),
            ("https://a.se:99999", "label.address_wrong"),
            ("https://å.se", "label.address_wrong"),
            ("https://a_b.se", "label.address_wrong"),
            ("https://", "label.address_wrong"),
        ] {
            assert_eq!(wrong(bad), Some(why), "{bad}");
        }
    }
}
