//! Where a printer is, and which addresses a printer may not have: what people type here, the program connects to.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use url::{Host, Url};

/// The port that `ipp` and `ipps` mean unless another is told.
const PORT: u16 = 631;

/// A printer's address, as `ipp://printer.example/ipp/print`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterAddress {
    /// Where it is asked: IPP travels over HTTP.
    pub url: Url,
    /// What it is called in what is asked.
    pub uri: String,
}

impl PrinterAddress {
    /// Reads an address. None for what is none of a printer's.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if !text.chars().all(|c| c.is_ascii_graphic()) {
            return None;
        }
        let read = Url::parse(text).ok()?;
        let scheme = match read.scheme() {
            "ipp" => "http",
            "ipps" => "https",
            _ => return None,
        };
        let bare = read.username().is_empty() && read.password().is_none();
        if !bare || read.query().is_some() || read.fragment().is_some() {
            return None;
        }
        let (port, path) = (read.port().unwrap_or(PORT), if read.path().is_empty() { "/" } else { read.path() });
        let url = Url::parse(&format!("{scheme}://{}:{port}{path}", read.host_str()?)).ok()?;
        let uri = format!("{}://{}:{port}{path}", read.scheme(), url.host_str()?);
        let number = match url.host()? {
            Host::Ipv4(number) => Some(IpAddr::V4(number)),
            Host::Ipv6(number) => Some(IpAddr::V6(number)),
            Host::Domain(_) => None,
        };
        (!number.is_some_and(never)).then_some(Self { url, uri })
    }

    /// Where its name leads now, but for what no printer may be; `own` is where this program listens.
    ///
    /// # Errors
    /// When the name leads nowhere, or nowhere else.
    pub async fn resolve(&self, own: SocketAddr) -> Result<Vec<SocketAddr>, String> {
        let (Some(host), Some(port)) = (self.url.host_str(), self.url.port_or_known_default()) else {
            return Err("no host".to_owned());
        };
        let found = tokio::net::lookup_host((host.trim_matches(['[', ']']), port)).await;
        let mut found: Vec<SocketAddr> = found.map_err(|error| error.to_string())?.collect();
        found.retain(|address| !(never(address.ip()) || port == own.port() && is_this_machine(address.ip())));
        if found.is_empty() { Err("no printer may be there".to_owned()) } else { Ok(found) }
    }
}

/// Addresses at which no printer is: those of one cable, where clouds keep their secrets, and those of many or of none.
fn never(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(ip) => ip.is_link_local() || ip.is_multicast() || ip.is_broadcast() || ip.is_unspecified(),
        IpAddr::V6(ip) => ip.is_unicast_link_local() || ip.is_multicast() || ip.is_unspecified(),
    }
}

/// What is sent to one's own address leaves from it.
fn is_this_machine(address: IpAddr) -> bool {
    let any = if address.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    // Connecting such a socket sends nothing.
    let from = UdpSocket::bind(any).and_then(|socket| {
        socket.connect((address, PORT))?;
        socket.local_addr()
    });
    address.is_loopback() || from.is_ok_and(|from| from.ip() == address)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn printers_are_asked_over_http() {
        for (written, url, uri) in [
            (
                "ipp://printer.example/ipp/print",
                "http://printer.example:631/ipp/print",
                "ipp://printer.example:631/ipp/print",
            ),
            (" IPP://Printer.example ", "http://printer.example:631/", "ipp://printer.example:631/"),
            ("ipps://printer.example:8443/", "https://printer.example:8443/", "ipps://printer.example:8443/"),
            ("ipp://printer.example:80/ipp", "http://printer.example/ipp", "ipp://printer.example:80/ipp"),
            ("ipp://[::1]:8631/ipp", "http://[::1]:8631/ipp", "ipp://[::1]:8631/ipp"),
            ("ipp://127.0.0.1/", "http://127.0.0.1:631/", "ipp://127.0.0.1:631/"),
            ("ipp://10.0.0.7/", "http://10.0.0.7:631/", "ipp://10.0.0.7:631/"),
        ] {
            let read = PrinterAddress::read(written).unwrap();
            assert_eq!((read.url.as_str(), read.uri.as_str()), (url, uri), "{written}");
        }
    }

    #[test]
    fn what_is_no_printers_address_is_none() {
        for none in [
            "",
            "printer",
            "http://printer/",
            "ipp://",
            "ipp:///x",
            "ipp://a b/",
            "ipp://me:pw@x/",
            "file:///x",
            "ipp://h:99999/",
            "ipp://[::1/",
            "ipp://h/a\u{7}b",
            "ipp://h/a\nb",
            "ipp://å.example/",
            "ipp://h/?a",
            "ipp://h/#a",
        ] {
            assert_eq!(PrinterAddress::read(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_never_a_printer_is_refused_however_it_is_written() {
        for none in [
            "ipp://169.254.169.254/",
            "ipp://0xa9fea9fe/",
            "ipp://[fe80::1]/",
            "ipp://[::ffff:169.254.169.254]/",
            "ipp://0.0.0.0/",
            "ipp://[::]/",
            "ipp://224.0.0.1/",
        ] {
            assert_eq!(PrinterAddress::read(none), None, "{none}");
        }
    }

    #[tokio::test]
    async fn the_program_does_not_print_on_itself() {
        let leads = async |text: &str, own: &str| {
            PrinterAddress::read(text).unwrap().resolve(own.parse().unwrap()).await.is_ok()
        };
        assert!(leads("ipp://127.0.0.1:8631/", "127.0.0.1:8080").await);
        assert!(leads("ipp://localhost:8631/", "0.0.0.0:8080").await);
        for own in ["127.0.0.1:8080", "0.0.0.0:8080", "[::]:8080"] {
            assert!(!leads("ipp://127.0.0.1:8080/", own).await, "{own}");
            assert!(!leads("ipp://localhost:8080/", own).await, "{own}");
        }
    }
}
