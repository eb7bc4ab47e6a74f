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

    async fn a_kit_that_leaves_its_summer_is_told_of_and_sleeps_on_when_that_is_undone(app: &TestApp) {
        let (kind, code) = kit_with(app, "Cubetto", "batteries").await;
        app.warehouse().put(&path(&code), json!({})).await;
        app.advance(chrono::TimeDelta::hours(2));
        let unit = app.unit("Lyktan").await;
        reserve(&app.developer(), &kind, &unit, 0, 7).await;
        for action in ["pack", "hand_out"] {
            let id = uuid::Uuid::now_v7();
            let wish = json!({ "id": id, "code": code, "action": action });
            for _ in 0..2 {
                let told = app.warehouse().post("/scans", wish.clone()).await.ok();
                assert!(told["message"].as_str().unwrap().contains("sätt i batterier"), "{}", told["message"]);
            }
            assert!(list(app).await[0]["put_away_at"].is_null());
            app.warehouse().post(&format!("/scans/{id}/undo"), json!({})).await.ok();
            assert_eq!(list(app).await[0]["put_away_at"], "2026-11-02T08:00:00Z");
        }
        // A kit that is packed is to be used.
        scan(app, &code, "pack").await;
        app.warehouse().put(&path(&code), json!({})).await.refused(409, "summer.packed");
        assert!(list(app).await[0]["put_away_at"].is_null());
        // Nothing is said of a kit that was in use.
        let message = scan(app, &code, "hand_out").await["message"].clone();
        assert!(!message.as_str().unwrap().contains("batterier"), "{message}");
    }

    async fn a_long_list_comes_in_pages(app: &TestApp) {
        for name in ["Cubetto", "Dash", "Ozobot"] {
            kit_with(app, name, "batteries").await;
        }
        let first = app.warehouse().get("/summer-list?limit=2").await.ok();
        let next = first["next"].as_str().unwrap().replace(' ', "%20");
        let rest = app.warehouse().get(&format!("/summer-list?limit=2&cursor={next}")).await.ok();
        assert_eq!((first["items"].as_array().unwrap().len(), rest["items"].as_array().unwrap().len()), (2, 1));
        assert_eq!((&rest["items"][0]["kit_type"], &rest["next"]), (&json!("Ozobot"), &Value::Null));
        app.warehouse().get("/summer-list?limit=0").await.wrong(&["limit: field.range"]);
        let code = rest["items"][0]["code"].as_str().unwrap();
        let browser = app.browser_of(&app.warehouse());
        let page = browser.get(&format!("/lager/sommar?cursor={next}")).await.text();
        assert!(page.contains("Ozobot") && !page.contains("Cubetto") && page.contains("Klara: 0 av 3"), "{page}");
        let cursor = first["next"].as_str().unwrap();
        let away = browser.post("/lager/sommar", &[("code", code), ("away", "yes"), ("cursor", cursor)]).await;
        assert!(away.location().starts_with("/lager/sommar?cursor=") && away.location().ends_with("&klart=put_away"), "{}", away.location());
        assert!(browser.get(away.location()).await.text().contains("Klara: 1 av 3"));
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
