//! The server under test: the program itself, started in this process, with two organisations whose people are known.

use super::actors::{Actor, Browser};
use super::database::{Database, Kind};
use super::plans;
use actix_web::dev::ServerHandle;
use chrono::TimeDelta;
use diesel::RunQueryDsl;
use diesel::sql_types::{BigInt, Text};
use digilador::accounts::actions::{self, SavePerson};
use digilador::accounts::rules::Role;
use digilador::accounts::{secrets, store};
use digilador::app::{self, Running};
use digilador::labels::print_jobs;
use digilador::mail::transport::Transport;
use digilador::mail::worker;
use digilador::platform::clock::Clock;
use digilador::platform::config::Config;
use digilador::platform::db::connection::Conn;
use digilador::platform::db::types::Instant;
use digilador::platform::db::{Db, Tx};
use digilador::platform::events::By;
use digilador::platform::ids::{PersonId, TokenId, UnitId};
use digilador::platform::state::AppState;
use mailparse::MailHeaderMap;
use serde_json::json;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// When every test begins: a Monday morning in ISO week 45.
pub const START: &str = "2026-11-02T08:00:00Z";
/// The organisation that the tests are about.
pub const ORGANISATION: &str = "Lindvalla kommun";
/// The other one, where strangers come from.
pub const OTHER_ORGANISATION: &str = "Mosevang Kommune";

/// A running server on a database of its own.
pub struct TestApp {
    /// The server's address, without a slash at the end.
    pub base: String,
    /// What the server shares, for tests that call an action or a job by itself.
    pub state: AppState,
    /// The server's clock, which stands still until it is moved.
    pub clock: Clock,
    transport: Arc<Transport>,
    database: Arc<Database>,
    server: ServerHandle,
    running: JoinHandle<()>,
}

/// Runs a test on a fresh database, and looks at the plans of the queries that it made.
pub fn run(kind: Kind, body: impl AsyncFnOnce(&mut TestApp)) {
    plans::watch();
    let database = Arc::new(Database::seeded(kind));
    let tested = catch_unwind(AssertUnwindSafe(|| {
        actix_web::rt::System::new().block_on(async {
            let mut app = TestApp::start(database.clone(), clock(), |_| ()).await;
            body(&mut app).await;
            app.stop().await;
        });
        database.directly(plans::check);
    }));
    if let Err(failure) = tested {
        resume_unwind(failure);
    }
}

/// A clock that stands at [`START`].
pub fn clock() -> Clock {
    Clock::fixed(Instant::new(START.parse().unwrap()))
}

impl TestApp {
    /// Starts a server on a database that may have others; `change` its settings.
    pub async fn start(database: Arc<Database>, clock: Clock, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::for_test(database.url.clone(), database.folder.path().to_owned(), None).unwrap();
        config.listen = "127.0.0.1:0".parse().unwrap();
        change(&mut config);
        let running = app::start(config, clock.clone(), 1).await.unwrap();
        let Running { state, transport, address, .. } = &running;
        Self {
            base: format!("http://{address}"),
            state: state.clone(),
            clock,
            transport: transport.clone(),
            database,
            server: running.handle(),
            running: actix_web::rt::spawn(async move { running.run().await.unwrap() }),
        }
    }

    /// Starts a second server on the same database, with the same clock.
    pub async fn another(&self, change: impl FnOnce(&mut Config)) -> Self {
        Self::start(self.database.clone(), self.clock.clone(), change).await
    }

    /// Stops the server, and starts it again with other settings.
    pub async fn restart(&mut self, change: impl FnOnce(&mut Config)) {
        let fresh = Self::start(self.database.clone(), self.clock.clone(), change).await;
        std::mem::replace(self, fresh).stop().await;
    }

    /// Stops as a signal would stop it.
    pub async fn stop(self) {
        self.server.stop(true).await;
        self.running.await.unwrap();
    }

    /// Nobody.
    pub fn signed_out(&self) -> Actor {
        Actor::new(&self.base, None)
    }

    /// The administrator of [`ORGANISATION`].
    pub fn admin(&self) -> Actor {
        Actor::new(&self.base, Some("admin"))
    }

    /// Somebody who works in the warehouse.
    pub fn warehouse(&self) -> Actor {
        Actor::new(&self.base, Some("warehouse"))
    }

    /// A preschool developer.
    pub fn developer(&self) -> Actor {
        Actor::new(&self.base, Some("developer"))
    }

    /// Somebody with every role in [`OTHER_ORGANISATION`].
    pub fn stranger(&self) -> Actor {
        Actor::new(&self.base, Some("stranger"))
    }

    /// A new person who borrows for the unit.
    pub async fn borrower(&self, unit: &str) -> Actor {
        self.borrower_of(&[unit]).await
    }

    /// A new person who borrows for several units.
    pub async fn borrower_of(&self, units: &[&str]) -> Actor {
        let name = format!("borrower-{}", uuid::Uuid::now_v7().simple());
        let save = SavePerson {
            name: name.clone(),
            email: format!("{name}@lindvalla.example"),
            language: None,
            roles: vec![Role::Borrower],
            units: units.iter().map(|unit| unit.parse::<UnitId>().unwrap()).collect(),
        };
        let (now, secret) = (self.clock.now(), name.clone());
        let db = self.state.db.clone();
        db.write(move |tx| {
            let organisation = store::organisations(tx)?.into_iter().find(|o| o.name == ORGANISATION).unwrap();
            let by = By { organisation: organisation.id, person: None, now };
            let person = actions::add_person(tx, by, &save)?;
            open_doors(tx, person.id, &secret, now);
            Ok(())
        })
        .await
        .unwrap();
        Actor::new(&self.base, Some(&name))
    }

    /// A browser in which nobody is signed in.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.base, None)
    }

    /// A browser in which this person is signed in.
    pub fn browser_of(&self, actor: &Actor) -> Browser {
        Browser::new(&self.base, actor.name())
    }

    /// A new unit; its id.
    pub async fn unit(&self, name: &str) -> String {
        self.admin().post("/units", json!({ "name": name })).await.created()
    }

    /// Works on the outbox until nothing is due, as the mail worker does; every mail written so far, oldest first.
    /// Without a mail server mails are files.
    pub async fn send_mails(&self) -> Vec<Mail> {
        while worker::round(&self.state, &self.transport).await.unwrap() {}
        mails_in(&self.database.folder.path().join("mail"))
    }

    /// Works on what printers are to print, as the periodic job does.
    pub async fn print(&self) {
        print_jobs::work(self.state.clone()).await.unwrap();
    }

    /// Works on the database past the server.
    pub fn directly<T: Send>(&self, work: impl FnOnce(&mut Conn) -> T + Send) -> T {
        self.database.directly(work)
    }

    /// What a `SELECT count(*)` says, past the server.
    pub fn count(&self, query: &str) -> i64 {
        self.directly(|conn| count(conn, query))
    }

    /// Moves the clock on.
    pub fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
    }
}

/// What a `SELECT count(*)` says.
pub fn count(connection: &mut Conn, query: &str) -> i64 {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let query = format!("SELECT ({query}) AS count");
    diesel::sql_query(query).get_result::<Count>(connection).unwrap().count
}

/// What a query answers, one text a row; the query names its column `line`.
pub fn lines(connection: &mut Conn, query: &str) -> Vec<String> {
    #[derive(diesel::QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text)]
        line: String,
    }
    diesel::sql_query(query).load::<Line>(connection).unwrap().into_iter().map(|row| row.line).collect()
}

/// A mail as it would have left.
#[derive(Debug)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// The messages in a folder, by name.
pub fn mails_in(folder: &Path) -> Vec<Mail> {
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    // Named by id, and later ids sort after earlier ones.
    files.sort();
    files.iter().map(|file| Mail::read(&std::fs::read(file).unwrap())).collect()
}

impl Mail {
    /// Reads a message as it was sent.
    pub fn read(message: &[u8]) -> Self {
        let parsed = mailparse::parse_mail(message).unwrap();
        let header = |name: &str| parsed.headers.get_first_value(name).unwrap_or_default();
        Self { to: header("To"), subject: header("Subject"), text: parsed.get_body().unwrap() }
    }
}

/// What every template holds: two organisations, a person for each role in the one, and in the other a person who
/// has them all. The token of each is `dgl_<name>`, the session `session-<name>`.
pub async fn seed(db: &Db) {
    let now = clock().now();
    db.write(move |tx| {
        let every = [Role::Borrower, Role::Warehouse, Role::Developer, Role::Admin];
        let here: [(&str, &[Role]); 3] =
            [("admin", &[Role::Admin]), ("warehouse", &[Role::Warehouse]), ("developer", &[Role::Developer])];
        let there: [(&str, &[Role]); 1] = [("stranger", &every)];
        for (organisation, domain, people) in
            [(ORGANISATION, "lindvalla.example", &here[..]), (OTHER_ORGANISATION, "mosevang.example", &there[..])]
        {
            let organisation = actions::add_organisation(tx, organisation, now)?;
            let by = By { organisation: organisation.id, person: None, now };
            let unit = actions::SaveUnit { name: "Provskolan".to_owned(), ..actions::SaveUnit::default() };
            let unit = actions::add_unit(tx, by, &unit)?;
            for (name, roles) in people {
                let person = SavePerson {
                    name: (*name).to_owned(),
                    email: format!("{name}@{domain}"),
                    language: None,
                    roles: roles.to_vec(),
                    units: if roles.contains(&Role::Borrower) { vec![unit.id] } else { Vec::new() },
                };
                let person = actions::add_person(tx, by, &person)?;
                open_doors(tx, person.id, name, now);
            }
        }
        Ok(())
    })
    .await
    .unwrap();
}

/// Gives a person a token and a session whose secrets follow from a name.
pub fn open_doors(tx: &mut Tx<'_>, person: PersonId, name: &str, now: Instant) {
    let token = secrets::hash(&format!("{}{name}", secrets::API_TOKEN_PREFIX));
    store::insert_token(tx, TokenId::new(), person, name, &token, now).unwrap();
    let session = secrets::hash(&format!("session-{name}"));
    store::insert_session(tx, &session, person, None, now, now + TimeDelta::days(3650)).unwrap();
}
