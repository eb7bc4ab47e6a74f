//! Printers that announce themselves on the network (DNS-SD, RFC 6763).

use crate::platform::error::{Error, Fault};
use mdns_sd::{ServiceDaemon, ServiceEvent};
use std::collections::BTreeMap;
use std::time::Duration;

/// What printers announce.
const SERVICE: &str = "_ipp._tcp.local.";
/// How long they are waited for.
const PATIENCE: Duration = Duration::from_millis(2500);

/// A printer that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it calls itself.
    pub name: String,
    /// Where it prints, as `ipp://10.0.0.7:631/ipp/print`.
    pub address: String,
}

/// Printers on the network of this computer, by name.
///
/// # Errors
/// When the network cannot be listened to.
pub async fn printers() -> Result<Vec<Found>, Error> {
    let daemon = ServiceDaemon::new().map_err(Fault::from_error)?;
    let events = daemon.browse(SERVICE).map_err(Fault::from_error)?;
    let mut found = BTreeMap::new();
    let listen = async {
        while let Ok(event) = events.recv_async().await {
            if let ServiceEvent::ServiceResolved(printer) = event {
                let name = printer.get_fullname().trim_end_matches(SERVICE).trim_end_matches('.').to_owned();
                let path = printer.get_property_val_str("rp").unwrap_or("ipp/print").trim_start_matches('/').to_owned();
                // A name ending in .local means something only to those who listen for it, as most servers do not.
                let number = printer.get_addresses_v4().into_iter().min();
                let host = printer.get_hostname().trim_end_matches('.');
                let host = number.map_or_else(|| host.to_owned(), |number| number.to_string());
                let address = format!("ipp://{host}:{}/{path}", printer.get_port());
                found.insert(address.clone(), Found { name, address });
            }
        }
    };
    // Printers never end answering; whoever has not in this time is not there.
    let _ = tokio::time::timeout(PATIENCE, listen).await;
    if let Err(error) = daemon.shutdown() {
        tracing::debug!(%error, "the search for printers did not end by itself");
    }
    let mut found: Vec<Found> = found.into_values().collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}
