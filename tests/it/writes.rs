//! Writes that fail: they change nothing, say so, and those that come after them go on.

use crate::support::{Kind, TestApp, both};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use digilador::platform::db::Tx;
use digilador::platform::error::Error;
use digilador::schema::organisations::dsl;

/// Names an organisation anew, in a way that needs `length` bytes.
fn rename(tx: &mut Tx<'_>, from: &str, to: &str, length: usize) -> Result<(), Error> {
    diesel::update(dsl::organisations.filter(dsl::name.eq(from)))
        .set((dsl::name.eq(to), dsl::contact_name.eq("x".repeat(length))))
        .execute(&mut **tx)?;
    Ok(())
}

fn named(app: &TestApp, name: &str) -> bool {
    app.count(&format!("SELECT count(*) FROM organisations WHERE name = '{name}'")) == 1
}

#[test]
fn a_full_disk_undoes_what_was_written_together_and_no_more() {
    crate::support::app::run(Kind::Sqlite, async |app| {
        let db = &app.state.db;
        db.write(|tx| Ok(tx.batch_execute("PRAGMA max_page_count = 1")?)).await.unwrap();
        // The writer waits in the first, so that the others come together.
        let first = db.write(|_| {
            std::thread::sleep(std::time::Duration::from_millis(300));
            Ok(())
        });
        let before = db.write(|tx| rename(tx, "Lindvalla kommun", "Before", 0));
        let full = db.write(|tx| rename(tx, "Mosevang Kommune", "Full", 10_000_000));
        let after = db.write(|tx| rename(tx, "Mosevang Kommune", "After", 0));
        let (_, before, full, after) = tokio::join!(first, before, full, after);
        assert!(full.is_err());
        assert_eq!(
            (before.is_ok(), after.is_ok()),
            (named(app, "Before"), named(app, "After")),
            "what is answered is so"
        );
        assert!(!named(app, "Full"));
        // There is room again.
        db.write(|tx| rename(tx, "Mosevang Kommune", "Later", 0)).await.unwrap();
        assert!(named(app, "Later"));
    });
}

both! {
    async fn a_write_that_panics_is_a_fault_and_the_next_goes_on(app: &TestApp) {
        let failed = app.state.db.write(|_| -> Result<(), Error> { panic!("as it should, in this test") }).await;
        assert_eq!(failed.err().map(|error| error.code()), Some("server.fault"), "not to be tried again");
        app.state.db.write(|tx| rename(tx, "Lindvalla kommun", "Later", 0)).await.unwrap();
        assert!(named(app, "Later"));
        assert_eq!(app.browser().get("/readyz").await.status, 200);
    }
}
