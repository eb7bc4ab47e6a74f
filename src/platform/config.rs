//! Settings: from `digilador.toml` and from `DIGILADOR_*`, where the environment wins. Nothing else reads them.

use crate::platform::db::connection::DatabaseUrl;
use serde::Deserialize;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

/// The settings as they are written; every one may be left out.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    database_url: Option<String>,
    database_connections: Option<u32>,
    listen: Option<String>,
    public_url: Option<String>,
    label_url: Option<String>,
    smtp_url: Option<String>,
    mail_from: Option<String>,
    data_dir: Option<PathBuf>,
    log: Option<String>,
    log_format: Option<String>,
    behind_proxy: Option<bool>,
    metrics_token: Option<String>,
}

/// Characters of the shortest token that is not soon guessed.
const SHORTEST_TOKEN: usize = 16;

/// What the command line says over the settings.
#[derive(Debug, Default, Clone)]
pub struct Overrides {
    /// `--listen`
    pub listen: Option<String>,
    /// `--database`
    pub database: Option<String>,
    /// `--demo`
    pub demo: bool,
}

/// The settings, checked.
#[derive(Clone)]
pub struct Config {
    /// Where the data lies.
    pub database: DatabaseUrl,
    /// Connections to the database, for reads (and for writes on PostgreSQL).
    pub database_connections: u32,
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The address that people use, without a slash at the end.
    pub public_url: String,
    /// The address printed on labels, without a slash at the end. It must outlive the server's own address.
    pub label_url: String,
    /// The mail server, as `smtps://user:password@host`. Without it, mail is written as files.
    pub smtp_url: Option<Secret>,
    /// The sender of every mail.
    pub mail_from: String,
    /// Where files lie: the SQLite database unless set otherwise, and mail that is not sent.
    pub data_dir: PathBuf,
    /// What to log, as in `info,digilador=debug`.
    pub log: String,
    /// Log lines as JSON instead of text.
    pub log_json: bool,
    /// Requests come through a proxy that sets `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// What opens `/metrics`. Without it, only the machine itself may read them.
    pub metrics_token: Option<Secret>,
    /// An invented municipality; no mail leaves.
    pub demo: bool,
}

/// A setting that must not be shown.
#[derive(Clone)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// A setting that cannot be used. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum BadConfig {
    /// The file or the environment could not be read.
    #[error("the settings could not be read: {0}")]
    Unreadable(#[from] config::ConfigError),
    /// One setting is wrong.
    #[error("{name}: {problem}")]
    Setting {
        /// The setting as it stands in the environment.
        name: &'static str,
        /// What is wrong, and what to do.
        problem: String,
    },
}

fn bad(name: &'static str, problem: impl Into<String>) -> BadConfig {
    BadConfig::Setting { name, problem: problem.into() }
}

impl Config {
    /// Reads the settings.
    ///
    /// # Errors
    /// When a setting is unknown, unreadable, would lose data or would open a hole.
    pub fn load(overrides: &Overrides) -> Result<Self, BadConfig> {
        let written = config::Config::builder()
            .add_source(config::File::with_name("digilador").required(false))
            .add_source(config::Environment::with_prefix("DIGILADOR").try_parsing(true))
            .build()?
            .try_deserialize()?;
        Self::check(written, overrides)
    }

    fn check(written: Written, overrides: &Overrides) -> Result<Self, BadConfig> {
        let data_dir = written.data_dir.unwrap_or_else(|| PathBuf::from("data"));
        let listen = overrides.listen.clone().or(written.listen).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
        let listen: SocketAddr = listen
            .parse()
            .map_err(|_| bad("DIGILADOR_LISTEN", format!("{listen:?} is no address; write it as 127.0.0.1:8080")))?;
        let database = match overrides.database.clone().or(written.database_url) {
            Some(url) => url.parse().map_err(|e| bad("DIGILADOR_DATABASE_URL", format!("{e}")))?,
            None if overrides.demo => DatabaseUrl::Sqlite(data_dir.join("demo.sqlite3")),
            None => DatabaseUrl::Sqlite(data_dir.join("digilador.sqlite3")),
        };
        let public_url = web_address(
            "DIGILADOR_PUBLIC_URL",
            &written.public_url.unwrap_or_else(|| format!("http://localhost:{}", listen.port())),
        )?;
        if public_url.starts_with("http://") && !is_local(&public_url) {
            return Err(bad(
                "DIGILADOR_PUBLIC_URL",
                "must begin with https://, since people sign in there; put a proxy with TLS in front",
            ));
        }
        let label_url = match written.label_url {
            Some(url) => web_address("DIGILADOR_LABEL_URL", &url)?,
            None => public_url.clone(),
        };
        let mail_from = written.mail_from.unwrap_or_else(|| "Digilådor <digilador@localhost>".to_owned());
        if mail_from.parse::<lettre::message::Mailbox>().is_err() {
            return Err(bad("DIGILADOR_MAIL_FROM", "must be an address, as in Digilådor <lador@kommun.example>"));
        }
        let database_connections = written.database_connections.unwrap_or(8);
        if !(1..=200).contains(&database_connections) {
            return Err(bad("DIGILADOR_DATABASE_CONNECTIONS", "must be between 1 and 200"));
        }
        if written.metrics_token.as_ref().is_some_and(|token| token.len() < SHORTEST_TOKEN) {
            return Err(bad("DIGILADOR_METRICS_TOKEN", format!("must have at least {SHORTEST_TOKEN} characters")));
        }
        let log_json = match written.log_format.as_deref() {
            None | Some("text") => false,
            Some("json") => true,
            Some(_) => return Err(bad("DIGILADOR_LOG_FORMAT", "must be text or json")),
        };
        Ok(Self {
            database,
            database_connections,
            listen,
            public_url,
            label_url,
            smtp_url: if overrides.demo { None } else { written.smtp_url.filter(|url| !url.is_empty()).map(Secret) },
            mail_from,
            data_dir,
            log: written.log.unwrap_or_else(|| "info".to_owned()),
            log_json,
            behind_proxy: written.behind_proxy.unwrap_or(false),
            metrics_token: written.metrics_token.map(Secret),
            demo: overrides.demo,
        })
    }

    /// Settings for a test: this database, a port chosen by the system, mail as files.
    #[doc(hidden)]
    pub fn for_test(database: DatabaseUrl, data_dir: PathBuf, smtp_url: Option<String>) -> Result<Self, BadConfig> {
        let written = Written {
            data_dir: Some(data_dir),
            label_url: Some("https://lada.lindvalla.example".to_owned()),
            smtp_url: smtp_url.clone(),
            ..Written::default()
        };
        Ok(Self { database, ..Self::check(written, &Overrides::default())? })
    }

    /// True when people reach the program over TLS, so that cookies can be kept to TLS.
    pub fn over_tls(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

fn web_address(name: &'static str, url: &str) -> Result<String, BadConfig> {
    let trimmed = url.trim_end_matches('/');
    let host = trimmed.strip_prefix("https://").or_else(|| trimmed.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', ' ', '@']) => Ok(trimmed.to_owned()),
        _ => {
            Err(bad(name, format!("{url:?} must be a web address without a path, as in https://lador.kommun.example")))
        }
    }
}

/// True for an address on the machine itself.
pub fn is_local(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, host)| host);
    let host = host.rsplit_once(':').map_or(host, |(host, port)| if port.contains(']') { url } else { host });
    host == "localhost"
        || host.ends_with(".localhost")
        || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn check(change: impl FnOnce(&mut Written)) -> Result<Config, BadConfig> {
        let mut written = Written::default();
        change(&mut written);
        Config::check(written, &Overrides::default())
    }

    #[test]
    fn nothing_set_is_a_local_server_on_sqlite() {
        let config = check(|_| ()).unwrap();
        assert_eq!(config.public_url, "http://localhost:8080");
        assert_eq!(format!("{:?}", config.database), "sqlite://data/digilador.sqlite3");
    }

    #[test]
    fn plain_http_is_refused_but_for_the_machine_itself() {
        assert!(check(|w| w.public_url = Some("http://lador.example".into())).is_err());
        assert!(check(|w| w.public_url = Some("https://lador.example/".into())).is_ok());
        assert!(check(|w| w.public_url = Some("http://127.0.0.1:9000".into())).is_ok());
        assert!(check(|w| w.public_url = Some("http://[::1]:9000".into())).is_ok());
    }

    #[test]
    fn a_wrong_setting_is_named() {
        let message = |result: Result<Config, BadConfig>| result.err().map(|e| e.to_string()).unwrap_or_default();
        assert!(message(check(|w| w.listen = Some("8080".into()))).starts_with("DIGILADOR_LISTEN"));
        assert!(message(check(|w| w.mail_from = Some("nobody".into()))).starts_with("DIGILADOR_MAIL_FROM"));
        assert!(message(check(|w| w.label_url = Some("lada".into()))).starts_with("DIGILADOR_LABEL_URL"));
    }
}
