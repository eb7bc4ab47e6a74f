//! Where messages may go: what people type here, the program connects to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::{Host, Url};

/// How long messages are kept, in days: those that were sent, and those that a paused address has not got.
pub const KEPT_DAYS: i64 = 90;
/// The longest address.
const LONGEST: usize = 500;

/// Reads an address: `https` to somewhere on the internet. Where the settings allow it, also to this machine and into the
/// own network; on this machine also `http`.
///
/// # Errors
/// The code of what is wrong.
pub fn read(text: &str, private: bool) -> Result<Url, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Err("field.missing");
    }
    if text.len() > LONGEST || !text.chars().all(|c| c.is_ascii_graphic()) {
        return Err("webhook.url");
    }
    let url = Url::parse(text).map_err(|_| "webhook.url")?;
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err("webhook.url");
    }
    let (number, local_name) = match url.host() {
        Some(Host::Ipv4(number)) => (Some(IpAddr::V4(number)), false),
        Some(Host::Ipv6(number)) => (Some(IpAddr::V6(number)), false),
        Some(Host::Domain(name)) => (None, name == "localhost" || name.ends_with(".localhost")),
        None => return Err("webhook.url"),
    };
    let on_this_machine = local_name || number.is_some_and(|number| number.to_canonical().is_loopback());
    match url.scheme() {
        "https" => {}
        "http" if on_this_machine && private => {}
        _ => return Err("webhook.https"),
    }
    if !private && (on_this_machine || number.is_some_and(|number| !on_the_internet(number))) {
        return Err("webhook.private");
    }
    Ok(url)
}

/// Where an address leads now, but for what it may not lead to. The message goes just there: the name is not looked up again.
///
/// # Errors
/// When the name leads nowhere, or only where it may not.
pub async fn resolve(url: &Url, private: bool) -> Result<Vec<SocketAddr>, String> {
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Err("the address has no host".to_owned());
    };
    let found = tokio::net::lookup_host((host.trim_matches(['[', ']']), port)).await;
    let mut found: Vec<SocketAddr> = found.map_err(|error| error.to_string())?.collect();
    found.retain(|address| private && !never(address.ip()) || on_the_internet(address.ip()));
    if found.is_empty() { Err("the address leads into a private network".to_owned()) } else { Ok(found) }
}

/// Where clouds keep their secrets, and what is many or none.
fn never(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(ip) => ip.is_link_local() || ip.is_multicast() || ip.is_broadcast() || ip.is_unspecified(),
        IpAddr::V6(ip) => ip.is_unicast_link_local() || ip.is_multicast() || ip.is_unspecified(),
    }
}

/// True for what anybody on the internet can have (IANA's registers of special addresses leave the others out).
fn on_the_internet(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(ip) => on_the_internet_4(ip),
        IpAddr::V6(ip) => on_the_internet_6(ip),
    }
}

fn on_the_internet_4(ip: Ipv4Addr) -> bool {
    let [first, second, third, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_documentation()
        || ip.is_multicast()
        || first == 0
        || first >= 240
        || (first == 100 && (64..128).contains(&second))
        || (first == 192 && second == 0 && third == 0)
        || (first == 198 && (18..20).contains(&second));
    !special
}

fn on_the_internet_6(ip: Ipv6Addr) -> bool {
    let [first, second, .., seventh, eighth] = ip.segments();
    let inside = || Ipv4Addr::from((u32::from(seventh) << 16) | u32::from(eighth));
    match (first, second) {
        // Leads to an address of the old kind (RFC 6052).
        (0x64, 0xff9b) => on_the_internet_4(inside()),
        // Only what is given out (2000::/3), and there neither documentation nor what leads through others' machines.
        (0x2001, 0 | 0xdb8) | (0x2002, _) | (0x3fff, _) => false,
        _ => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn messages_go_to_the_internet_over_tls() {
        for good in ["https://data.lindvalla.se/in", " https://x.example:8443/a?b=c ", "https://93.184.216.34/"] {
            assert!(read(good, false).is_ok(), "{good}");
        }
        for (bad, code) in [
            ("", "field.missing"),
            ("data.lindvalla.se", "webhook.url"),
            ("https://", "webhook.url"),
            ("https://me:pw@x.example/", "webhook.url"),
            ("https://x.example/#a", "webhook.url"),
            ("https://x.example/\nHost: y", "webhook.url"),
            ("http://x.example/", "webhook.https"),
            ("ftp://x.example/", "webhook.https"),
            ("http://localhost/", "webhook.https"),
            ("https://localhost/", "webhook.private"),
            ("https://127.1/", "webhook.private"),
            ("https://0x7f000001/", "webhook.private"),
            ("https://10.1.2.3/", "webhook.private"),
            ("https://172.16.0.1/", "webhook.private"),
            ("https://192.168.1.1/", "webhook.private"),
            ("https://169.254.169.254/", "webhook.private"),
            ("https://100.64.0.1/", "webhook.private"),
            ("https://0.0.0.0/", "webhook.private"),
            ("https://[::1]/", "webhook.private"),
            ("https://[::ffff:10.0.0.1]/", "webhook.private"),
            ("https://[fd00::1]/", "webhook.private"),
            ("https://[fe80::1]/", "webhook.private"),
            ("https://[64:ff9b::a00:1]/", "webhook.private"),
            ("https://[2002:a00:1::]/", "webhook.private"),
        ] {
            assert_eq!(read(bad, false).unwrap_err(), code, "{bad}");
        }
        for good in ["http://127.0.0.1:8080/in", "http://localhost:1/", "https://10.1.2.3/"] {
            assert!(read(good, true).is_ok(), "{good}");
        }
        assert_eq!(read("http://10.1.2.3/", true).unwrap_err(), "webhook.https");
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_leads_nowhere() {
        let url = |text: &str| Url::parse(text).unwrap();
        assert!(resolve(&url("https://localhost/"), false).await.is_err());
        assert!(resolve(&url("https://10.0.0.1/"), false).await.is_err());
        assert!(resolve(&url("http://localhost:9/"), true).await.is_ok());
        assert!(resolve(&url("https://169.254.169.254/"), true).await.is_err());
    }
}
