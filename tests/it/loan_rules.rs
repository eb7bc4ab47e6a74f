//! What the lender asks of those who reserve: said, shown, kept, and gone past with a reason.

use crate::loans::{day, kit_type, loan, reserve, scan, wish};
use crate::support::{TestApp, both};
use chrono::TimeDelta;
use serde_json::{Value, json};

/// Says what the organisation asks.
pub async fn ask(app: &TestApp, rules: Value) {
    app.admin().put("/loan-rules", rules).await.ok();
}

/// A wish with a reason for going past the rules.
fn anyway(mut wish: Value, reason: &str) -> Value {
    wish["override_reason"] = json!(reason);
    wish
}

async fn history(app: &TestApp, id: &Value, action: &str) -> Option<Value> {
    let events = app.warehouse().get(&format!("/events?subject={}", id.as_str().unwrap())).await.ok();
    events["items"].as_array().unwrap().iter().find(|event| event["action"] == action).cloned()
}

both! {
    async fn rules_are_said_by_the_organisation_and_a_type_differs(app: &TestApp) {
        let bee = kit_type(app, "Bee-Bot", 1).await;
        let borrower = app.borrower(&app.unit("Lyktan").await).await;
        let none = borrower.get("/loan-rules").await.ok();
        assert_eq!((&none["version"], &none["lead_days"]), (&json!(0), &Value::Null));
        let said = app.admin().put("/loan-rules", json!({ "lead_days": 2, "kits_at_once": 3 })).await.ok();
        assert_eq!(said["version"], 1);
        let own = format!("/kit-types/{bee}/loan-rules");
        app.admin().put(&own, json!({ "lead_days": 5, "collect_days": 1 })).await.ok();
        let of_type = borrower.get(&own).await.ok();
        assert_eq!((&of_type["own"]["lead_days"], &of_type["own"]["kits_at_once"]), (&json!(5), &Value::Null));
        assert_eq!((&of_type["in_force"]["lead_days"], &of_type["in_force"]["kits_at_once"]), (&json!(5), &json!(3)));
        app.admin().put(&own, json!({ "kits_at_once": 1, "lead_days": 31, "earliest_days": 0 })).await
            .wrong(&["earliest_days: field.range", "lead_days: field.range", "kits_at_once: loan_rules.of_organisation"]);
        for who in [app.warehouse(), app.developer(), borrower.clone()] {
            who.put("/loan-rules", json!({})).await.refused(403, "auth.forbidden");
            who.put(&own, json!({})).await.refused(403, "auth.forbidden");
        }
        app.stranger().put(&own, json!({})).await.refused(404, "kit_type.not_found");
        app.stranger().get(&own).await.refused(404, "kit_type.not_found");
        assert_eq!(app.stranger().get("/loan-rules").await.ok()["version"], 0);
        let stale = app.admin().with("if-match", "\"0\"").put("/loan-rules", json!({})).await;
        stale.refused(412, "request.changed_meanwhile");
        app.admin().put("/loan-rules", json!({})).await.ok();
        assert_eq!(borrower.get(&own).await.ok()["in_force"]["kits_at_once"], Value::Null);
    }

    async fn too_soon_and_too_far_ahead_say_which_days_work(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let bee = kit_type(app, "Bee-Bot", 1).await;
        app.warehouse().put("/opening", json!({ "weekdays": [1, 2, 3, 4, 5], "holidays": "none" })).await.ok();
        ask(app, json!({ "lead_days": 3, "earliest_days": 30 })).await;
        let refused = borrower.post("/loans", wish(&bee, &unit, 2, 9)).await;
        refused.wrong(&["first_day: loan.too_soon"]);
        assert_eq!((&refused.json["next_free"]["first_day"], &refused.json["overridable"]), (&json!(day(3)), &json!(true)));
        let told = refused.json["errors"][0]["detail"].as_str().unwrap();
        assert!(told.contains("3 öppna dagar") && told.contains("tors 5 nov"), "{told}");
        borrower.post("/loans", wish(&bee, &unit, 31, 38)).await.wrong(&["first_day: loan.too_far_ahead"]);
        // What is told to be free is what can be reserved.
        let days = borrower.get(&format!("/kit-types/{bee}/availability?from={}&to={}", day(0), day(7))).await.ok();
        assert_eq!(days["next_free"]["first_day"], day(3));
        let free = |first, last| format!("/kit-types?free_from={}&free_to={}", day(first), day(last));
        assert_eq!(borrower.get(&free(2, 9)).await.ok()["items"][0]["free_kits"], 0);
        assert_eq!(borrower.get(&free(3, 9)).await.ok()["items"][0]["free_kits"], 1);
        let browser = app.browser_of(&borrower);
        let page = browser.get(&format!("/lador/{bee}")).await.text();
        assert!(page.contains("Boka senast 3 öppna dagar innan.") && page.contains("Boka tidigast 30 dagar innan."), "{page}");
        let page = browser.get(&format!("/lador/{bee}/boka")).await.text();
        assert!(page.contains("Boka senast 3 öppna dagar innan."), "{page}");
        reserve(&borrower, &bee, &unit, 3, 10).await;
    }

    async fn nobody_has_more_kits_at_once_than_they_may(app: &TestApp) {
        let (unit, other) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let borrower = app.borrower(&unit).await;
        let (bee, blue) = (kit_type(app, "Bee-Bot", 3).await, kit_type(app, "Blue-Bot", 3).await);
        ask(app, json!({ "kits_at_once": 2, "kits_of_type": 1 })).await;
        let first = reserve(&borrower, &bee, &unit, 1, 7).await;
        let same = borrower.post("/loans", wish(&bee, &unit, 5, 12)).await;
        same.refused(409, "loan.kits_of_type");
        assert_eq!(same.json["loans"], json!([first["id"]]));
        assert_eq!(same.json["next_free"], json!({ "first_day": day(8), "last_day": day(15) }), "by their own limit");
        let second = reserve(&borrower, &blue, &unit, 7, 14).await;
        let third = kit_type(app, "Cubetto", 1).await;
        let refused = borrower.post("/loans", wish(&third, &unit, 6, 9)).await;
        refused.refused(409, "loan.kits_at_once");
        assert_eq!(refused.json["loans"], json!([first["id"], second["id"]]));
        assert!(refused.text().contains("högst 2 lådor") && refused.text().contains("ni har 2"), "{}", refused.text());
        reserve(&app.developer(), &third, &other, 6, 9).await;
        // Not on the same day: it counts what they have at once.
        reserve(&borrower, &bee, &unit, 8, 15).await;
        app.admin().put(&format!("/kit-types/{bee}/loan-rules"), json!({ "kits_of_type": 2 })).await.ok();

        let form = format!("/lador/{bee}/boka");
        let key = uuid::Uuid::now_v7().to_string();
        let (from, to) = (day(9), day(12));
        let typed = [("unit", unit.as_str()), ("first_day", &from), ("last_day", &to), ("key", &key)];
        let page = app.browser_of(&borrower).post(&form, &typed).await;
        assert_eq!(page.status, 409);
        let text = page.text();
        assert!(text.contains("De här lånen räknas") && text.contains(&format!("/lan/{}", second["id"].as_str().unwrap())), "{text}");
        assert!(text.contains("Högst 2 lådor samtidigt: ni har 2 de dagarna."), "{text}");
        assert!(!text.contains("override_reason"), "only staff go past a rule");
    }

    async fn two_who_race_for_the_last_kit_they_may_have_do_not_both_get_it(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        ask(app, json!({ "kits_at_once": 1 })).await;
        let mut tries = Vec::new();
        for name in ["Bee-Bot", "Blue-Bot", "Cubetto", "Dash"] {
            let (borrower, body) = (borrower.clone(), wish(&kit_type(app, name, 1).await, &unit, 1, 7));
            tries.push(tokio::spawn(async move { borrower.post("/loans", body).await }));
        }
        let mut made = 0;
        for reply in tries {
            let reply = reply.await.unwrap();
            match reply.status {
                201 => made += 1,
                _ => reply.refused(409, "loan.kits_at_once"),
            }
        }
        assert_eq!(made, 1);
    }

    async fn staff_go_past_a_rule_with_a_reason_that_is_kept(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let bee = kit_type(app, "Bee-Bot", 1).await;
        ask(app, json!({ "lead_days": 3, "kits_at_once": 1 })).await;
        let soon = wish(&bee, &unit, 0, 30);
        borrower.post("/loans", anyway(soon.clone(), "Vi vill")).await.refused(403, "loan.may_not_override");
        app.warehouse().post("/loans", anyway(soon.clone(), " ")).await.wrong(&["override_reason: field.missing"]);
        app.warehouse().post("/loans", soon.clone()).await.wrong(&["first_day: loan.too_soon", "last_day: loan.too_long"]);
        let made = app.warehouse().post("/loans", anyway(soon, "Lådan stod packad")).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let event = history(app, &made.json["id"], "loan.rules_waived").await.expect("an event");
        assert_eq!(event["change"], json!({ "rules": ["loan.too_soon", "loan.too_long"], "reason": "Lådan stod packad" }));
        let page = app.browser_of(&borrower).get(&format!("/lan/{}", made.json["id"].as_str().unwrap())).await.text();
        assert!(page.contains("Undantag från reglerna: Lådan stod packad"), "{page}");
        // What is impossible stays so, and so does what is owed.
        app.warehouse().post("/loans", anyway(wish(&bee, &unit, 5, 9), "Vi vill")).await.refused(409, "loan.no_kit_free");
        // A reason for nothing is not kept.
        let plain = app.warehouse().post("/loans", anyway(wish(&bee, &unit, 40, 45), "För säkerhets skull")).await;
        assert!(history(app, &plain.json["id"], "loan.rules_waived").await.is_none());
    }

    async fn rules_leave_a_day_to_reserve(app: &TestApp) {
        let bee = kit_type(app, "Bee-Bot", 1).await;
        app.admin().put("/loan-rules", json!({ "lead_days": 30, "earliest_days": 1 })).await
            .wrong(&["earliest_days: loan_rules.no_day_left"]);
        ask(app, json!({ "earliest_days": 10 })).await;
        let own = format!("/kit-types/{bee}/loan-rules");
        app.admin().put(&own, json!({ "lead_days": 11 })).await.wrong(&["earliest_days: loan_rules.no_day_left"]);
        app.admin().put(&own, json!({ "lead_days": 9 })).await.ok();
        app.admin().put("/loan-rules", json!({ "earliest_days": 5 })).await
            .wrong(&["earliest_days: loan_rules.no_day_left"]);
    }

    async fn a_longer_loan_keeps_to_the_rules(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let (bee, blue) = (kit_type(app, "Bee-Bot", 1).await, kit_type(app, "Blue-Bot", 1).await);
        let first = reserve(&borrower, &bee, &unit, 1, 7).await;
        reserve(&borrower, &blue, &unit, 9, 14).await;
        ask(app, json!({ "kits_at_once": 1 })).await;
        let extend = format!("/loans/{}/extend", first["id"].as_str().unwrap());
        let longer = |last: u64| json!({ "last_day": day(last) });
        assert_eq!(borrower.post(&extend, longer(8)).await.ok()["last_day"], day(8));
        borrower.post(&extend, longer(9)).await.refused(409, "loan.kits_at_once");
        borrower.post(&extend, anyway(longer(9), "Vi vill")).await.refused(403, "loan.may_not_override");
        app.warehouse().post(&extend, anyway(longer(9), "Utflykten flyttades")).await.ok();
        let event = history(app, &first["id"], "loan.rules_waived").await.expect("an event");
        assert_eq!(event["change"]["reason"], "Utflykten flyttades");
    }

    async fn no_exception_is_offered_where_none_would_help(app: &TestApp) {
        let (unit, other) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let bee = kit_type(app, "Bee-Bot", 1).await;
        ask(app, json!({ "lead_days": 3 })).await;
        reserve(&app.developer(), &bee, &other, 5, 12).await;
        let key = uuid::Uuid::now_v7().to_string();
        let (from, to) = (day(2), day(9));
        let browser = app.browser_of(&app.developer());
        for reason in ["", "Vi vill"] {
            let typed = [("unit", unit.as_str()), ("first_day", &from), ("last_day", &to), ("key", &key), ("override_reason", reason)];
            let page = browser.post(&format!("/lador/{bee}/boka"), &typed).await.text();
            assert!(page.contains("Ingen låda av typen Bee-Bot är ledig") && !page.contains("name=\"override_reason\""), "{page}");
        }
    }

    async fn staff_find_the_unit_by_name_and_are_asked_for_a_reason(app: &TestApp) {
        let units: Vec<String> = (1..=14).map(|number| format!("Förskolan {number}")).collect();
        for name in &units {
            app.admin().post("/units", json!({ "name": name, "email": "enhet@lindvalla.example" })).await.created();
        }
        let bee = kit_type(app, "Bee-Bot", 1).await;
        ask(app, json!({ "lead_days": 3 })).await;
        let browser = app.browser_of(&app.developer());
        let form = format!("/lador/{bee}/boka");
        assert!(browser.get(&form).await.text().contains("<datalist id=\"units\">"));
        let send = async |unit: &str, reason: &str| {
            let (key, from, to) = (uuid::Uuid::now_v7().to_string(), day(0), day(7));
            let typed = [("unit", unit), ("first_day", &from), ("last_day", &to), ("override_reason", reason), ("key", &key)];
            browser.post(&form, &typed).await
        };
        assert!(send("Förskolan", "").await.text().contains("Flera förskolor passar: Förskolan 1, "));
        assert!(send("Lyktan", "").await.text().contains("Ingen förskola heter Lyktan"));
        let refused = send("förskolan 1", "").await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("name=\"override_reason\"") && refused.text().contains("value=\"förskolan 1\""));
        let reply = send("förskolan 1", "Hämtas i eftermiddag").await;
        let made = reply.location();
        assert!(made.starts_with("/lan/") && made.ends_with("bokad=ja"), "{made}");
        assert!(app.send_mails().await.iter().any(|mail| mail.to == "enhet@lindvalla.example"));
    }

    async fn an_uncollected_kit_goes_on_after_some_open_days(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let bee = kit_type(app, "Bee-Bot", 1).await;
        app.warehouse().put("/opening", json!({ "weekdays": [1, 2, 3, 4, 5], "holidays": "none" })).await.ok();
        let kept = reserve(&app.developer(), &bee, &unit, 2, 16).await;
        let round = async || digilador::loans::jobs::daily(app.state.clone()).await.unwrap();
        ask(app, json!({ "collect_days": 2 })).await;
        // Wednesday to Friday it is kept.
        app.advance(TimeDelta::days(4));
        round().await;
        assert_eq!(loan(app, &kept["id"]).await["status"], "reserved");
        app.advance(TimeDelta::days(1));
        round().await;
        assert_eq!(loan(app, &kept["id"]).await["status"], "not_collected");
        assert!(app.send_mails().await.iter().any(|mail| mail.subject == "Bokningen av Bee-Bot är avslutad"));
        reserve(&app.developer(), &bee, &unit, 7, 14).await;
    }

    async fn a_reservation_whose_kit_is_late_is_not_uncollected(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let bee = kit_type(app, "Bee-Bot", 1).await;
        ask(app, json!({ "collect_days": 1 })).await;
        let late = reserve(&app.developer(), &bee, &unit, 0, 3).await;
        scan(app, &late["kit_code"], "hand_out").await;
        let next = reserve(&app.developer(), &bee, &unit, 7, 20).await;
        app.advance(TimeDelta::days(10));
        digilador::loans::jobs::daily(app.state.clone()).await.unwrap();
        assert_eq!(loan(app, &next["id"]).await["status"], "reserved", "there was nothing to collect");
    }

    async fn an_admin_says_the_rules_on_a_page(app: &TestApp) {
        let bee = kit_type(app, "Bee-Bot", 1).await;
        let admin = app.browser_of(&app.admin());
        let wrong = admin.post("/admin/regler", &[("version", "0"), ("lead_days", "många"), ("collect_days", "3")]).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains("href=\"#lead_days\"") && wrong.text().contains("value=\"3\""), "{}", wrong.text());
        let rules = [("version", "0"), ("lead_days", "2"), ("no_repeat", "true")];
        assert_eq!(admin.post("/admin/regler", &rules).await.location(), "/admin/regler?klart=saved");
        assert_eq!(admin.post("/admin/regler", &rules).await.status, 412, "somebody else was faster");
        let page = admin.get(&format!("/admin/regler?typ={bee}")).await.text();
        assert!(page.contains("Regler för Bee-Bot") && page.contains("Boka senast 2 öppna dagar innan."), "{page}");
        let own = [("version", "0"), ("typ", bee.as_str()), ("kits_of_type", "1")];
        admin.post("/admin/regler", &own).await.location();
        assert!(admin.get("/admin/regler").await.text().contains("högst en låda av den här typen"));
        assert_eq!(admin.get("/admin/regler?typ=x").await.status, 404);
        let said = app.admin().get("/loan-rules").await.ok();
        assert_eq!((&said["lead_days"], &said["no_repeat"]), (&json!(2), &json!(true)));
    }
}
