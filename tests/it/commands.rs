//! The command line, as the one who runs the program uses it.

use crate::support::{TestApp, both, count};
use digilador::platform::db::connection::{DatabaseUrl, Use, open};
use serde_json::json;
use std::path::Path;
use std::process::{Command, Output};

/// Runs the program with nothing in its environment but the database, in a folder of its own.
pub fn digilador(folder: &Path, database: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_digilador"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("DIGILADOR_DATABASE_URL", database)
        .output()
        .unwrap()
}

#[track_caller]
pub fn done(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn refused(output: Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

pub fn address(url: &DatabaseUrl) -> String {
    match url {
        DatabaseUrl::Sqlite(path) => format!("sqlite://{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    }
}

#[test]
fn from_nothing_to_a_token() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| digilador(folder.path(), "sqlite://lador.sqlite3", arguments);
    assert!(refused(run(&["token", "create", "--email", "erik@lindvalla.example"])).contains("digilador init"));
    let link = done(run(&["init", "--organisation", "Lindvalla kommun", "--admin", "erik@lindvalla.example"]));
    assert!(link.starts_with("http://localhost:8080/logga-in/"), "{link}");
    std::fs::write(folder.path().join("units.csv"), "Enhet;Område\nLyktan;Norr\n").unwrap();
    done(run(&["import", "units", "units.csv"]));
    let person = ["person", "add", "--email", "fatima@lindvalla.example", "--name", "Fatima", "--role", "borrower"];
    assert!(refused(run(&[&person[..], &["--unit", "Lyktam"]].concat())).contains("unit"));
    done(run(&[&person[..], &["--unit", "Lyktan"]].concat()));
    let token = done(run(&["token", "create", "--email", "fatima@lindvalla.example"]));
    assert!(token.trim().starts_with("dgl_") && token.lines().count() == 1, "{token}");
    done(run(&["check"]));
    let document = done(run(&["openapi"]));
    assert!(document.contains("\"openapi\": \"3.1.0\""), "{}", &document[..80]);
}

#[test]
fn settings_are_read_from_the_file_beside_the_program() {
    let folder = tempfile::tempdir().unwrap();
    // The program itself lies there too, under the name that the file has without its ending.
    std::fs::write(folder.path().join("digilador"), "not settings").unwrap();
    std::fs::write(folder.path().join("digilador.toml"), "listen = \"nowhere\"").unwrap();
    let told = refused(digilador(folder.path(), "sqlite://lador.sqlite3", &["migrate"]));
    assert!(told.contains("DIGILADOR_LISTEN"), "{told}");
}

#[test]
fn a_mistyped_database_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| digilador(folder.path(), "sqlite://mistyped.sqlite3", arguments);
    for command in [
        &["check"][..],
        &["backup", "backup.sqlite3"],
        &["labels", "--all", "--out", "labels.pdf"],
        &["copy", "--from", "sqlite://mistyped.sqlite3", "--to", "sqlite://copy.sqlite3"],
    ] {
        assert!(refused(run(command)).contains("no database"), "{command:?}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_demo_takes_no_database_with_real_people() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| digilador(folder.path(), "sqlite://lador.sqlite3", arguments);
    done(run(&["init", "--organisation", "Lindvalla kommun", "--admin", "erik@lindvalla.se"]));
    let told = refused(run(&["serve", "--demo", "--database", "sqlite://lador.sqlite3", "--listen", "127.0.0.1:0"]));
    assert!(told.contains("real people"), "{told}");
    done(run(&["check"]));
}

both! {
    async fn a_backup_brings_everything_back(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let kit_type = app.admin().post("/kit-types", json!({ "name": "Blue-Bot", "contents": [] })).await.created();
        app.warehouse().post("/kits", json!({ "kit_type_id": kit_type })).await.created();
        let queued = json!({ "kit_type_id": kit_type, "unit_id": unit, "earliest_day": "2026-11-09", "latest_day": "2026-12-31" });
        app.developer().post("/queue", queued).await.created();
        let tables = ["units", "people", "kit_types", "events", "api_tokens", "queue_entries", "occupancies"];
        let rows = |app: &TestApp| tables.map(|table| app.count(&format!("SELECT count(*) FROM {table}")));
        let before = rows(app);
        let folder = tempfile::tempdir().unwrap();
        let database = address(&app.state.config.database);
        let run = |database: &str, arguments: &[&str]| digilador(folder.path(), database, arguments);
        done(run(&database, &["check"]));
        done(run(&database, &["backup", "backup.sqlite3"]));
        assert!(refused(run(&database, &["backup", "backup.sqlite3"])).contains("already"));
        assert!(refused(run(&database, &["restore", "backup.sqlite3"])).contains("already holds data"));

        let backup = std::fs::read(folder.path().join("backup.sqlite3")).unwrap();
        done(run("sqlite://restored.sqlite3", &["restore", "backup.sqlite3"]));
        done(run("sqlite://restored.sqlite3", &["check"]));
        assert_eq!(std::fs::read(folder.path().join("backup.sqlite3")).unwrap(), backup, "the backup stays as it is");
        done(run(&database, &["copy", "--from", "sqlite://restored.sqlite3", "--to", "sqlite://copied.sqlite3"]));
        for copy in ["restored.sqlite3", "copied.sqlite3"] {
            let url = DatabaseUrl::Sqlite(folder.path().join(copy));
            let mut copied = open(&url, Use::Read).unwrap();
            let after = tables.map(|table| count(&mut copied, &format!("SELECT count(*) FROM {table}")));
            assert_eq!(after, before, "{copy}");
        }
    }
}
