//! TLS to others: whom we trust when we connect to a database or a printer.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::error::Error as StdError;
use std::path::PathBuf;

/// Trusts the machine's authorities, and those in a file besides.
///
/// # Errors
/// When that file cannot be read.
pub fn client(extra: Option<PathBuf>) -> Result<rustls::ClientConfig, Box<dyn StdError + Send + Sync>> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(file) = extra {
        for certificate in CertificateDer::pem_file_iter(file)? {
            roots.add(certificate?)?;
        }
    }
    Ok(rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}
