//! Commands under an `Idempotency-Key` take effect once.

use crate::support::{TestApp, both};
use chrono::TimeDelta;
use serde_json::json;

const UNITS: &str = "SELECT count(*) FROM units WHERE name LIKE 'Lyktan%'";

both! {
    async fn a_repeat_gets_the_first_answer(app: &TestApp) {
        let admin = app.admin().with("idempotency-key", "first");
        let first = admin.post("/units", json!({ "name": "Lyktan" })).await;
        let again = admin.post("/units", json!({ "name": "Lyktan" })).await;
        assert_eq!((first.status, &first.bytes), (201, &again.bytes));
        assert_eq!((again.status, app.count(UNITS)), (201, 1));
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action = 'unit.added' AND actor_id IS NOT NULL"), 1);
    }

    async fn two_at_the_same_instant_are_one(app: &TestApp) {
        let admin = app.admin().with("idempotency-key", "race");
        let replies = futures(8, || {
            let admin = admin.clone();
            async move { admin.post("/units", json!({ "name": "Lyktan" })).await }
        }).await;
        for reply in &replies {
            assert_eq!((reply.status, &reply.bytes), (201, &replies[0].bytes), "{}", reply.text());
        }
        assert_eq!(app.count(UNITS), 1);
    }

    async fn the_same_key_for_something_else_is_refused(app: &TestApp) {
        let admin = app.admin().with("idempotency-key", "mine");
        let id = admin.post("/units", json!({ "name": "Lyktan" })).await.created();
        admin.post("/units", json!({ "name": "Lyktan 2" })).await.wrong(&["Idempotency-Key: idempotency.key_reused"]);
        admin.put(&format!("/units/{id}"), json!({ "name": "Lyktan" })).await
            .wrong(&["Idempotency-Key: idempotency.key_reused"]);
        assert_eq!(app.count(UNITS), 1);
    }

    async fn a_key_is_its_owner_s(app: &TestApp) {
        app.admin().with("idempotency-key", "k").post("/units", json!({ "name": "Lyktan" })).await.created();
        let theirs = app.stranger().with("idempotency-key", "k").post("/units", json!({ "name": "Lyktan" })).await;
        assert_eq!(theirs.status, 201, "{}", theirs.text());
        assert_eq!(app.count(UNITS), 2);
    }

    async fn a_command_that_failed_leaves_its_key_free(app: &TestApp) {
        let admin = app.admin().with("idempotency-key", "k");
        admin.post("/units", json!({ "name": "Provskolan" })).await.wrong(&["name: unit.name_taken"]);
        admin.post("/units", json!({ "name": "Lyktan" })).await.created();
    }

    async fn keys_have_a_length_and_an_end(app: &TestApp) {
        for bad in ["".to_owned(), "x".repeat(201)] {
            app.admin().with("idempotency-key", &bad).post("/units", json!({ "name": "Lyktan" })).await
                .wrong(&["Idempotency-Key: idempotency.key_length"]);
        }
        let admin = app.admin().with("idempotency-key", &"x".repeat(200));
        admin.post("/units", json!({ "name": "Lyktan" })).await.created();
        let before = app.clock.now() + TimeDelta::seconds(1);
        app.state.db.write(move |tx| digilador::platform::idempotency::forget_before(tx, before)).await.unwrap();
        admin.post("/units", json!({ "name": "Lyktan 2" })).await.created();
    }
}

/// Runs the same future many times at once.
async fn futures<F>(times: usize, make: impl Fn() -> F) -> Vec<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    let running: Vec<_> = (0..times).map(|_| actix_web::rt::spawn(make())).collect();
    let mut done = Vec::new();
    for task in running {
        done.push(task.await.unwrap());
    }
    done
}
