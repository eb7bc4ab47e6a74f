//! The summer list: kits with batteries are made ready to stand, and are in use again when they are packed or leave.

use crate::loans::{reserve, scan};
use crate::support::{TestApp, both};
use serde_json::{Value, json};

async fn kit_with(app: &TestApp, name: &str, source: &str) -> (String, Value) {
    let kind = json!({ "name": name, "power": "4 AA", "power_source": source });
    let kind = app.admin().post("/kit-types", kind).await.created();
    let kit = app.warehouse().post("/kits", json!({ "kit_type_id": kind, "shelf": "A1" })).await;
    (kind, kit.json["code"].clone())
}

async fn list(app: &TestApp) -> Vec<Value> {
    app.warehouse().get("/summer-list").await.ok()["items"].as_array().unwrap().clone()
}

fn path(code: &Value) -> String {
    format!("/kits/{}/put-away", code.as_str().unwrap())
}

both! {
    async fn kits_are_put_away_and_taken_into_use(app: &TestApp) {
        let (kind, batteries) = kit_with(app, "Cubetto", "batteries").await;
        let (_, charged) = kit_with(app, "Dash", "rechargeable").await;
        let (_, plain) = kit_with(app, "Kodkort", "none").await;
        let told: Vec<_> = list(app).await.iter().map(|kit| (kit["code"].clone(), kit["care"].clone(), kit["put_away_at"].clone())).collect();
        assert_eq!(told, [(batteries.clone(), json!("batteries_out"), Value::Null), (charged.clone(), json!("charge"), Value::Null)]);

        for _ in 0..2 {
            assert_eq!(app.warehouse().put(&path(&batteries), json!({})).await.status, 204);
        }
        assert_eq!(list(app).await[0]["put_away_at"], "2026-11-02T08:00:00Z");
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action = 'kit.put_away'"), 1);
        app.warehouse().put(&path(&plain), json!({})).await.refused(409, "summer.nothing_to_do");
        app.stranger().put(&path(&batteries), json!({})).await.refused(404, "kit.unknown_code");
        app.developer().put(&path(&batteries), json!({})).await.refused(403, "auth.forbidden");

        // It is used again: whoever packs it is told, and the list knows.
        let unit = app.unit("Lyktan").await;
        let reserved = reserve(&app.developer(), &kind, &unit, 0, 7).await;
        let browser = app.browser_of(&app.warehouse());
        assert!(browser.get("/lager/packa").await.text().contains("sätt i batterier"));
        scan(app, &reserved["kit_code"], "hand_out").await;
        let lent = list(app).await;
        assert_eq!((&lent[0]["put_away_at"], &lent[0]["lent_to"]["name"], &lent[0]["due"]), (&Value::Null, &json!("Lyktan"), &json!("2026-11-09")));
        app.warehouse().put(&path(&batteries), json!({})).await.refused(409, "kit.out");
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action = 'kit.taken_out'"), 1);
    }

    async fn the_page_ticks_them_off(app: &TestApp) {
        let (_, code) = kit_with(app, "Cubetto", "batteries").await;
        let browser = app.browser_of(&app.warehouse());
        let page = browser.get("/lager/sommar").await.text();
        assert!(page.contains("Ta ur batterierna") && page.contains("Klara: 0 av 1") && page.contains("4 AA"), "{page}");
        let away = browser.post("/lager/sommar", &[("code", code.as_str().unwrap()), ("away", "yes")]).await;
        assert_eq!(away.location(), "/lager/sommar?klart=put_away");
        assert!(browser.get(away.location()).await.text().contains("Klara: 1 av 1"));
        let back = browser.post("/lager/sommar", &[("code", code.as_str().unwrap()), ("away", "no")]).await;
        assert_eq!(back.location(), "/lager/sommar?klart=taken_out");
        assert!(list(app).await[0]["put_away_at"].is_null());
    }
}
