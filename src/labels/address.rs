//! The address that labels carry. They stay on boxes for years, so one that cannot last is not printed.

use crate::platform::config::{Config, is_local};
use crate::platform::error::Error;
use std::net::IpAddr;

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
    /// `label.address_local`, `label.address_number`, `label.address_insecure`: what is wrong with the setting. The demo
    /// prints whatever it is, with a mark.
    pub fn of(config: &Config) -> Result<Self, Error> {
        let url = config.label_url.clone();
        match wrong(&url).filter(|_| !config.demo) {
            Some(code) => Err(Error::refused(code).arg("address", url)),
            None => Ok(Self { url, demo: config.demo }),
        }
    }
}

/// Why an address is none for labels.
pub fn wrong(url: &str) -> Option<&'static str> {
    let host = url.split_once("://").map_or(url, |(_, host)| host);
    let name = host.rsplit_once(':').filter(|(_, port)| !port.contains(']')).map_or(host, |(name, _)| name);
    if is_local(url) || !(name.contains('.') || name.contains(':')) || name.ends_with(".local") {
        Some("label.address_local")
    } else if name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
        Some("label.address_number")
    } else if !url.starts_with("https://") {
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
        for good in ["https://lada.lindvalla.se", "https://lada.lindvalla.se:8443"] {
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
        ] {
            assert_eq!(wrong(bad), Some(why), "{bad}");
        }
    }
}
