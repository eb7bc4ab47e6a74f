//! Settings: from `digilador.toml` and from `DIGILADOR_*`, where the environment wins. Nothing else reads them.

use crate::platform::db::connection::DatabaseUrl;
use serde::Deserialize;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

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
    webhooks_to_private: Option<bool>,
}

/// The file of settings, looked for where the program is started.
const FILE: &str = "digilador.toml";
/// The sender of mail that stays on this machine.
const LOCAL_SENDER: &str = "Digilådor <digilador@localhost>";
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
    /// Somebody chose it; else it is the address of the server.
    pub label_url_is_set: bool,
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
    /// Messages to other programs may go to this machine and into its own network.
    pub webhooks_to_private: bool,
    /// An invented municipality; no mail leaves.
    pub demo: bool,
    /// Mail is sent and periodic work done without being asked for; not in tests, which ask for what they are about.
    pub background: bool,
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

/// SQLite's readers keep a processor busy each, and more of them at once only get in each other's way: one more than there
/// are processors, for when one waits for the disk. PostgreSQL's wait for the server, which needs the processors, too.
fn usual_connections(database: &DatabaseUrl) -> u32 {
    let processors = std::thread::available_parallelism().map_or(2, usize::from);
    let (usual, least) = if database.is_postgres() { (2 * processors, 4) } else { (processors + 1, 3) };
    u32::try_from(usual).unwrap_or(MOST_USUAL_CONNECTIONS).clamp(least, MOST_USUAL_CONNECTIONS)
}

/// PostgreSQL as it comes has a hundred connections for all of its programs.
const MOST_USUAL_CONNECTIONS: u32 = 16;

impl Config {
    /// Reads the settings.
    ///
    /// # Errors
    /// When a setting is unknown, unreadable, would lose data or would open a hole.
    pub fn load(overrides: &Overrides) -> Result<Self, BadConfig> {
        let written = config::Config::builder()
            .add_source(config::File::new(FILE, config::FileFormat::Toml).required(Path::new(FILE).exists()))
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
        // The demo lets anyone in, so it never takes the database that the settings name for real use.
        let named = written.database_url.filter(|_| !overrides.demo);
        let database = match overrides.database.clone().or(named) {
            Some(url) => url.parse().map_err(|e| bad("DIGILADOR_DATABASE_URL", format!("{e}")))?,
            None if overrides.demo => DatabaseUrl::Sqlite(data_dir.join("demo.sqlite3")),
            None => DatabaseUrl::Sqlite(data_dir.join("digilador.sqlite3")),
        };
        if !listen.ip().is_loopback() && written.public_url.is_none() && !overrides.demo {
            return Err(bad(
                "DIGILADOR_PUBLIC_URL",
                format!("must be set when others can reach {listen}: the https:// address that people use"),
            ));
        }
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
        let label_url_is_set = written.label_url.is_some();
        let label_url = match written.label_url {
            Some(url) => web_address("DIGILADOR_LABEL_URL", &url)?,
            None => public_url.clone(),
        };
        let smtp_url = written.smtp_url.filter(|url| !url.is_empty() && !overrides.demo);
        if let Some(url) = &smtp_url {
            check_mail_server(url)?;
            if written.mail_from.is_none() {
                return Err(bad(
                    "DIGILADOR_MAIL_FROM",
                    "must be set when mail is sent: an address people can answer to",
                ));
            }
        }
        let mail_from = written.mail_from.unwrap_or_else(|| LOCAL_SENDER.to_owned());
        if mail_from.parse::<lettre::message::Mailbox>().is_err() {
            return Err(bad("DIGILADOR_MAIL_FROM", "must be an address, as in Digilådor <lador@kommun.example>"));
        }
        let database_connections = written.database_connections.unwrap_or_else(|| usual_connections(&database));
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
            label_url_is_set,
            smtp_url: smtp_url.map(Secret),
            mail_from,
            data_dir,
            log: written.log.unwrap_or_else(|| "info".to_owned()),
            log_json,
            behind_proxy: written.behind_proxy.unwrap_or(false),
            metrics_token: written.metrics_token.map(Secret),
            webhooks_to_private: written.webhooks_to_private.unwrap_or(false),
            demo: overrides.demo,
            background: true,
        })
    }

    /// Settings for a test: this database, a port chosen by the system, mail as files.
    #[doc(hidden)]
    pub fn for_test(database: DatabaseUrl, data_dir: PathBuf, smtp_url: Option<String>) -> Result<Self, BadConfig> {
        let written = Written {
            data_dir: Some(data_dir),
            label_url: Some("https://lada.lindvalla.se".to_owned()),
            mail_from: smtp_url.as_ref().map(|_| LOCAL_SENDER.to_owned()),
            smtp_url,
            ..Written::default()
        };
        Ok(Self { database, background: false, ..Self::check(written, &Overrides::default())? })
    }

    /// True when people reach the program over TLS, so that cookies can be kept to TLS.
    pub fn over_tls(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// A password, and the links that people sign in with, do not go over the net in the open.
fn check_mail_server(url: &str) -> Result<(), BadConfig> {
    let name = "DIGILADOR_SMTP_URL";
    if lettre::AsyncSmtpTransport::<lettre::Tokio1Executor>::from_url(url).is_err() {
        return Err(bad(name, "must look like smtps://user:password@mail.example"));
    }
    let address = url.split(['/', '?']).nth(2).unwrap_or_default();
    let host = address.rsplit('@').next().unwrap_or_default();
    let in_the_open = url.starts_with("smtp://") && !url.contains("tls=required");
    if in_the_open && !is_local(&format!("smtp://{host}")) {
        return Err(bad(
            name,
            "would send passwords and sign-in links in the open; use smtps://, or add ?tls=required",
        ));
    }
    Ok(())
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
        assert!(message(check(|w| w.metrics_token = Some("short".into()))).starts_with("DIGILADOR_METRICS_TOKEN"));
        assert!(message(check(|w| w.listen = Some("0.0.0.0:8080".into()))).starts_with("DIGILADOR_PUBLIC_URL"));
    }

    #[test]
    fn mail_is_not_sent_in_the_open() {
        let problem = |url: &str| {
            let set = |w: &mut Written| {
                w.smtp_url = Some(url.to_owned());
                w.mail_from = Some("lador@kommun.example".to_owned());
            };
            check(set).err().map(|e| e.to_string())
        };
        for good in [
            "smtps://u:p@mail.example",
            "smtp://u:p@mail.example:587?tls=required",
            "smtp://127.0.0.1:2525",
            "smtp://localhost",
        ] {
            assert_eq!(problem(good), None, "{good}");
        }
        for bad in ["smtp://u:p@mail.example", "smtp://mail.example:25?tls=opportunistic", "mail.example", "http://x"] {
            assert!(problem(bad).is_some_and(|told| told.starts_with("DIGILADOR_SMTP_URL")), "{bad}");
        }
        let sender = check(|w| w.smtp_url = Some("smtps://mail.example".into())).err().map(|e| e.to_string());
        assert!(sender.is_some_and(|told| told.starts_with("DIGILADOR_MAIL_FROM")));
    }

    #[test]
    fn the_demo_never_takes_the_database_of_the_settings() {
        let database = |demo: bool, named: Option<&str>| {
            let written = Written { database_url: Some("sqlite://real.sqlite3".to_owned()), ..Written::default() };
            let overrides = Overrides { demo, database: named.map(str::to_owned), listen: None };
            format!("{:?}", Config::check(written, &overrides).unwrap().database)
        };
        assert_eq!(database(false, None), "sqlite://real.sqlite3");
        assert_eq!(database(true, None), "sqlite://data/demo.sqlite3");
        assert_eq!(database(true, Some("sqlite://try.sqlite3")), "sqlite://try.sqlite3");
    }
}
