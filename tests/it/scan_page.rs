//! What makes scanning easy: whose kits go out, kits by name, the series that any browser joins, where a kit goes next, and
//! what a kit's history tells of swaps and of what was undone.

use crate::loans::{change_rules, day, evaluate, kit, kit_type, loan, reserve, scan};
use crate::support::{TestApp, both};
use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

async fn undo(app: &TestApp, scan: &Value) {
    app.warehouse().post(&format!("/scans/{}/undo", scan["scan_id"].as_str().unwrap()), json!({})).await.ok();
}

/// What the label's page says to whoever comes by the phone's own camera.
async fn label(app: &TestApp, code: &Value) -> String {
    app.browser_of(&app.warehouse()).get(&format!("/K/{}", code.as_str().unwrap())).await.text()
}

/// What a kit's history calls what happened, the latest first.
async fn history(app: &TestApp, code: &Value) -> Vec<String> {
    let history = app.warehouse().get(&format!("/kits/{}/history", code.as_str().unwrap())).await.ok();
    let what = |entry: &Value| entry["what"].as_object().unwrap().keys().next().unwrap().clone();
    history["items"].as_array().unwrap().iter().map(what).collect()
}

both! {
    async fn kits_go_out_to_one_unit_at_a_time(app: &TestApp) {
        let (lyktan, kometen) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let (bee_bot, dash) = (kit_type(app, "Bee-Bot", 2).await, kit_type(app, "Dash", 1).await);
        let theirs = reserve(&app.developer(), &bee_bot, &kometen, 0, 7).await;
        let ours = reserve(&app.developer(), &bee_bot, &lyktan, 0, 7).await;
        let other = reserve(&app.developer(), &dash, &kometen, 0, 7).await;
        let page = app.browser_of(&app.warehouse()).get("/lager/skanna").await.text();
        let (k, l) = (page.find("<b>Kometen</b>").unwrap(), page.find("<b>Lyktan</b>").unwrap());
        assert!(k < l && page.contains("2 kvar") && page.contains("1 kvar"), "{page}");

        // No loan of the unit is for such a kit.
        let wish = |code: &Value| json!({ "code": code, "action": "hand_out", "unit_id": lyktan });
        let refused = app.warehouse().post("/scans", wish(&other["kit_code"])).await;
        refused.refused(409, "scan.not_for_unit");
        let detail = refused.json["detail"].as_str().unwrap();
        assert!(detail.contains("inte till Lyktan") && detail.contains("bokad till Kometen") && detail.contains("Ta Bee-Bot"), "{detail}");
        // Any of two alike will do, also the one that was meant for somebody else.
        let out = app.warehouse().post("/scans", wish(&theirs["kit_code"])).await.ok();
        assert_eq!((&out["outcome"], &out["loan"]["id"]), (&json!("handed_out_swapped"), &ours["id"]));
        let message = out["message"].as_str().unwrap();
        assert!(message.starts_with("Bee-Bot") && message.contains("i stället för") && message.contains("det går bra"), "{message}");
        assert_eq!(loan(app, &theirs["id"]).await["kit_code"], ours["kit_code"]);
        // Whatever comes in is received from whoever has it.
        app.clock.advance(TimeDelta::days(1));
        let back = json!({ "code": theirs["kit_code"], "action": "auto", "unit_id": kometen });
        assert_eq!(app.warehouse().post("/scans", back).await.ok()["outcome"], "received");
        let nobody = json!({ "code": other["kit_code"], "action": "hand_out", "unit_id": Uuid::now_v7() });
        app.warehouse().post("/scans", nobody).await.refused(404, "unit.not_found");

        // Both kits remember the swap, and what was undone.
        let packed = json!({ "code": other["kit_code"], "action": "pack", "unit_id": kometen });
        let packed = app.warehouse().post("/scans", packed).await.ok();
        undo(app, &packed).await;
        assert_eq!(history(app, &ours["kit_code"]).await, ["swapped", "added"]);
        assert_eq!(history(app, &theirs["kit_code"]).await[..1], ["received"]);
        assert!(history(app, &theirs["kit_code"]).await.contains(&"swapped".to_owned()));
        assert_eq!(history(app, &other["kit_code"]).await, ["undone", "added"]);
        let page = app.browser_of(&app.warehouse()).get(&format!("/lager/lada/{}", ours["kit_code"].as_str().unwrap())).await.text();
        assert!(page.contains("gick i stället, till Lyktan"), "{page}");
    }

    async fn kits_are_known_by_name(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let kind = kit_type(app, "Bee-Bot", 2).await;
        let reserved = reserve(&app.developer(), &kind, &unit, 0, 7).await;
        let known = app.warehouse().get("/known-kits").await.ok();
        let names: Vec<&str> = known["items"].as_array().unwrap().iter().map(|kit| kit["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Bee-Bot A", "Bee-Bot B"]);
        let own = known["items"].as_array().unwrap().iter().find(|kit| kit["code"] == reserved["kit_code"]).unwrap();
        assert_eq!(own["unit"], "Lyktan");
        assert_eq!(app.stranger().get("/known-kits").await.ok()["items"], json!([]));
        app.developer().get("/known-kits").await.refused(403, "auth.forbidden");
        // A kit without label is found by its name and who has it, and chosen as if it were scanned.
        let leif = app.browser_of(&app.warehouse());
        let page = leif.get("/lager/skanna?sok=bee-bot+lyktan").await.text();
        let code = reserved["kit_code"].as_str().unwrap();
        let choice = format!(r#"name="code" value="{}-{}""#, &code[..3], &code[3..]);
        assert!(page.contains(&choice) && page.matches(r#"name="code" value=""#).count() <= 3, "{page}");
        assert!(leif.get("/lager/skanna?sok=kometen").await.text().contains("Ingen låda passar"));
    }

    async fn a_series_of_scans_is_kept_for_an_hour_whichever_browser_asks(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let kind = kit_type(app, "Bee-Bot", 1).await;
        let reserved = reserve(&app.developer(), &kind, &unit, 0, 7).await;
        let code = &reserved["kit_code"];
        assert!(!label(app, code).await.contains("data-joins"));
        let series = json!({ "action": "hand_out", "unit_id": unit });
        let kept = app.warehouse().put("/scan-series", series).await.ok();
        assert_eq!((&kept["action"], &kept["unit_id"], &kept["stocktake_id"]), (&json!("hand_out"), &json!(unit), &Value::Null));
        let page = label(app, code).await;
        assert!(page.contains(r#"data-action="hand_out""#) && page.contains(&format!(r#"data-unit="{unit}""#)), "{page}");
        let out = scan(app, code, "hand_out").await;
        let now = app.warehouse().get("/scan-series").await.ok();
        assert_eq!((&now["series"]["action"], &now["scans"][0]["scan_id"]), (&json!("hand_out"), &out["scan_id"]));
        undo(app, &out).await;
        assert_eq!(app.warehouse().get("/scan-series").await.ok()["scans"], json!([]));
        // The scan page opens in it, too, on any phone; nobody else is in it.
        let page = app.browser_of(&app.warehouse()).get("/lager/skanna").await.text();
        assert!(page.contains(r#"value="hand_out" checked"#), "{page}");
        assert_eq!(app.stranger().get("/scan-series").await.ok()["series"], Value::Null);
        app.clock.advance(TimeDelta::minutes(61));
        assert_eq!(app.warehouse().get("/scan-series").await.ok(), json!({ "series": null, "scans": [] }));
        assert!(!label(app, code).await.contains("data-joins"));
        app.warehouse().put("/scan-series", json!({ "action": "receive" })).await.ok();
        assert_eq!(app.warehouse().delete("/scan-series").await.status, 204);
        assert!(!label(app, code).await.contains("data-joins"));
    }

    async fn a_label_joins_the_stocktake_of_whoever_reads_it_while_it_is_open(app: &TestApp) {
        let kind = kit_type(app, "Bee-Bot", 0).await;
        let code = app.warehouse().post("/kits", json!({ "kit_type_id": kind, "shelf": "A 1" })).await.json["code"].clone();
        let stocktake = app.warehouse().post("/stocktakes", json!({ "shelves": ["A 1"] })).await.created();
        let series = json!({ "action": "auto", "stocktake_id": stocktake, "shelf": "A 1" });
        app.stranger().put("/scan-series", series.clone()).await.wrong(&["stocktake_id: stocktake.not_found"]);
        app.warehouse().put("/scan-series", series).await.ok();
        let page = label(app, &code).await;
        assert!(page.contains(&format!(r#"data-stocktake="{stocktake}""#)) && page.contains(r#"data-shelf="A 1""#), "{page}");
        assert!(page.contains(&format!("/lager/inventering/{stocktake}?hylla=A%201")), "{page}");
        app.warehouse().post(&format!("/stocktakes/{stocktake}/close"), json!({})).await.ok();
        assert!(!label(app, &code).await.contains("data-joins"));
        let wrong = json!({ "action": "auto", "unit_id": Uuid::now_v7(), "shelf": "x".repeat(121) });
        app.warehouse().put("/scan-series", wrong).await.wrong(&["unit_id: unit.not_found", "shelf: field.too_long"]);
    }

    async fn a_receipt_says_where_the_kit_goes_and_who_waits_for_it(app: &TestApp) {
        let (lyktan, kometen) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let kind = kit_type(app, "Bee-Bot", 0).await;
        app.warehouse().post("/kits", json!({ "kit_type_id": kind, "shelf": "B2" })).await.created();
        let first = reserve(&app.developer(), &kind, &lyktan, 0, 4).await;
        reserve(&app.developer(), &kind, &kometen, 14, 18).await;
        let code = &first["kit_code"];
        assert_eq!(scan(app, code, "hand_out").await.get("afterwards"), None);
        app.clock.advance(TimeDelta::days(1));
        let back = scan(app, code, "receive").await;
        assert_eq!(back["afterwards"], "Ställ den på hylla B2. Kometen väntar på den från mån 16 nov.");
        undo(app, &back).await;
        let job = json!({ "code": code, "kind": "repair", "override_reason": "Hjulet" });
        let job = app.warehouse().post("/service-jobs", job).await.created();
        let told = scan(app, code, "receive").await["afterwards"].clone();
        assert!(told.as_str().unwrap().starts_with("Ställ den på vård."), "{told}");
        // When it is done, the kit's history says so, and who did it.
        app.clock.advance(TimeDelta::minutes(1));
        app.warehouse().post(&format!("/service-jobs/{job}/done"), json!({})).await.ok();
        let history = app.warehouse().get(&format!("/kits/{}/history", code.as_str().unwrap())).await.ok();
        let last = &history["items"][0];
        assert_eq!((&last["person"], &last["what"]["service_ended"]["status"]), (&json!("warehouse"), &json!("done")), "{last}");
    }

    async fn turnaround_days_come_back_when_a_hand_out_is_undone(app: &TestApp) {
        let (lyktan, kometen) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let kind = json!({ "name": "Bee-Bot", "turnaround_days": 5, "contents": [{ "name": "Robot", "quantity": 1, "kind": "essential" }] });
        let kind = app.admin().post("/kit-types", kind).await.created();
        app.warehouse().post("/kits", json!({ "kit_type_id": kind })).await.created();
        let first = reserve(&app.developer(), &kind, &lyktan, 0, 4).await;
        let code = &first["kit_code"];
        scan(app, code, "hand_out").await;
        evaluate(&app.borrower(&lyktan).await, &first["id"]).await;
        app.clock.advance(TimeDelta::days(1));
        scan(app, code, "receive").await;
        app.clock.advance(TimeDelta::days(1));
        let next = reserve(&app.developer(), &kind, &kometen, 8, 14).await;
        assert_eq!(kit(app, code).await["status"], "in_turnaround");
        for action in ["hand_out", "pack"] {
            let wish = json!({ "code": code, "action": action, "loan_id": next["id"] });
            let done = app.warehouse().post("/scans", wish).await.ok();
            undo(app, &done).await;
            assert_eq!(kit(app, code).await["status"], "in_turnaround", "after {action}");
        }
    }

    async fn with_the_gate_at_the_unit_a_kit_leaves_only_when_it_is_checked(app: &TestApp) {
        change_rules(app, "unit").await;
        let (lyktan, kometen) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let kind = kit_type(app, "Bee-Bot", 1).await;
        let first = reserve(&app.developer(), &kind, &lyktan, 0, 4).await;
        let code = &first["kit_code"];
        scan(app, code, "hand_out").await;
        app.clock.advance(TimeDelta::days(1));
        scan(app, code, "receive").await;
        assert_eq!(kit(app, code).await["lendable"], false);
        app.clock.advance(TimeDelta::days(7));
        let next = reserve(&app.developer(), &kind, &kometen, 8, 12).await;
        for action in ["hand_out", "pack"] {
            app.warehouse().post("/scans", json!({ "code": code, "action": action })).await.refused(409, "kit.unchecked");
        }
        app.warehouse().post(&format!("/loans/{}/ready", next["id"].as_str().unwrap()), json!({})).await.refused(409, "kit.unchecked");
        app.warehouse().post(&format!("/kits/{}/checks", code.as_str().unwrap()), json!({})).await.created();
        assert_eq!(kit(app, code).await["lendable"], true);
        assert_eq!(scan(app, code, "hand_out").await["loan"]["unit"]["name"], "Kometen");
    }

    async fn nothing_is_offered_to_pack_that_is_too_far_ahead(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let (near, far) = (kit_type(app, "Bee-Bot", 1).await, kit_type(app, "Dash", 1).await);
        let near = reserve(&app.developer(), &near, &unit, 14, 18).await;
        reserve(&app.developer(), &far, &unit, 15, 18).await;
        let page = app.browser_of(&app.warehouse()).get(&format!("/lager/packa?till={}", day(40))).await.text();
        assert!(page.contains("Dash A") && page.contains("Kan plockas fram från tis 3 nov"), "{page}");
        assert_eq!(page.matches("/framplockad\"").count(), 1, "{page}");
        app.warehouse().post(&format!("/loans/{}/ready", near["id"].as_str().unwrap()), json!({})).await.ok();
    }
}
