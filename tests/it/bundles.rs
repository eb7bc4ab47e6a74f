//! Several kit types in one reservation.

use crate::loan_rules::ask;
use crate::loans::{day, kit_type, loan, reserve};
use crate::support::{Actor, Reply, TestApp, both};
use serde_json::{Value, json};

async fn bundle(who: &Actor, types: &[&str], unit: &str, first: u64, last: u64) -> Reply {
    let wish = json!({ "kit_type_ids": types, "unit_id": unit, "first_day": day(first), "last_day": day(last) });
    who.post("/loans/bundle", wish).await
}

both! {
    async fn all_are_reserved_or_none(app: &TestApp) {
        let (lyktan, kometen) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let borrower = app.borrower(&lyktan).await;
        let (bee, blue) = (kit_type(app, "Bee-Bot", 1).await, kit_type(app, "Blue-Bot", 1).await);
        reserve(&app.developer(), &blue, &kometen, 5, 12).await;
        let refused = bundle(&borrower, &[&bee, &blue], &lyktan, 3, 10).await;
        refused.refused(409, "bundle.not_free");
        let works: Vec<(Value, Value)> = refused.json["types"].as_array().unwrap().iter()
            .map(|one| (one["name"].clone(), one["works"].clone())).collect();
        assert!(works.contains(&(json!("Bee-Bot"), json!(true))) && works.contains(&(json!("Blue-Bot"), json!(false))), "{works:?}");
        assert_eq!(refused.json["next_free"], json!({ "first_day": day(16), "last_day": day(23) }));
        assert!(refused.text().contains("Blue-Bot"), "{}", refused.text());
        assert_eq!(app.count("SELECT count(*) FROM loans"), 1, "nothing is kept of it");

        let keyed = borrower.with("idempotency-key", "bundle");
        let made = bundle(&keyed, &[&bee, &blue], &lyktan, 16, 23).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(bundle(&keyed, &[&bee, &blue], &lyktan, 16, 23).await.json, made.json);
        let loans = made.json["loans"].as_array().unwrap();
        assert_eq!(loans.len(), 2);
        assert!(loans.iter().all(|loan| loan["bundle_id"] == made.json["bundle_id"]));
        let listed = borrower.get(&format!("/loans?bundle_id={}", made.json["bundle_id"].as_str().unwrap())).await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 2);
        let mails = app.send_mails().await;
        let told: Vec<_> = mails.iter().filter(|mail| mail.subject.starts_with("Bokat: 2 lådor")).collect();
        assert_eq!(told.len(), 1);
        assert!(told[0].text.contains("Bee-Bot, Blue-Bot"), "{}", told[0].text);

        // One by one, or all that is left.
        let path = |at: usize| format!("/loans/{}/cancel", loans[at]["id"].as_str().unwrap());
        app.borrower(&kometen).await.post(&path(0), json!({ "whole_bundle": true })).await.refused(404, "loan.not_found");
        borrower.post(&path(0), json!({})).await.ok();
        assert_eq!(loan(app, &loans[1]["id"]).await["status"], "reserved");
        borrower.post(&path(0), json!({ "whole_bundle": true })).await.refused(409, "loan.not_cancellable");
        borrower.post(&path(1), json!({ "whole_bundle": true })).await.ok();
        assert_eq!(loan(app, &loans[1]["id"]).await["status"], "cancelled");
    }

    async fn a_bundle_keeps_to_the_rules_and_names_what_is_wrong(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let (bee, blue) = (kit_type(app, "Bee-Bot", 1).await, kit_type(app, "Blue-Bot", 1).await);
        bundle(&borrower, &[&bee], &unit, 1, 7).await.wrong(&["kit_type_ids: bundle.too_few"]);
        bundle(&borrower, &[&bee, &bee], &unit, 1, 7).await.wrong(&["kit_type_ids: bundle.too_few"]);
        bundle(&borrower, &[&bee, &blue], &unit, 7, 1).await.wrong(&["last_day: loan.last_before_first"]);
        let many: Vec<String> = (0..11).map(|_| uuid::Uuid::now_v7().to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        bundle(&borrower, &many, &unit, 1, 7).await.wrong(&["kit_type_ids: bundle.too_many"]);
        bundle(&borrower, &[&bee, many[0]], &unit, 1, 7).await.refused(404, "kit_type.not_found");
        bundle(&app.stranger(), &[&bee, &blue], &unit, 1, 7).await.refused(404, "kit_type.not_found");
        ask(app, json!({ "kits_at_once": 1 })).await;
        let refused = bundle(&borrower, &[&bee, &blue], &unit, 1, 7).await;
        refused.refused(409, "bundle.at_once");
        assert_eq!((&refused.json["overridable"], &refused.json["types"][1]["code"]), (&json!(true), &json!("loan.kits_at_once")));
        let wish = json!({ "kit_type_ids": [bee, blue], "unit_id": unit, "first_day": day(1), "last_day": day(7),
                           "override_reason": "Temavecka" });
        borrower.post("/loans/bundle", wish.clone()).await.refused(403, "loan.may_not_override");
        assert_eq!(app.developer().post("/loans/bundle", wish).await.status, 201);
    }

    async fn two_bundles_that_want_each_other_s_types_do_not_lock(app: &TestApp) {
        let (lyktan, kometen) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let (bee, blue) = (kit_type(app, "Bee-Bot", 1).await, kit_type(app, "Blue-Bot", 1).await);
        let mut tries = Vec::new();
        for round in 0..6 {
            let (unit, types) = if round % 2 == 0 {
                (lyktan.clone(), [bee.clone(), blue.clone()])
            } else {
                (kometen.clone(), [blue.clone(), bee.clone()])
            };
            let developer = app.developer();
            tries.push(tokio::spawn(async move { bundle(&developer, &[&types[0], &types[1]], &unit, 1, 7).await }));
        }
        let mut made = 0;
        for reply in tries {
            let reply = reply.await.unwrap();
            match reply.status {
                201 => made += 1,
                _ => reply.refused(409, "bundle.not_free"),
            }
        }
        assert_eq!(made, 1);
        assert_eq!(app.count("SELECT count(*) FROM loans"), 2);
    }

    async fn more_types_are_added_on_pages(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let (bee, blue) = (kit_type(app, "Bee-Bot", 1).await, kit_type(app, "Blue-Bot", 1).await);
        kit_type(app, "Cubetto", 0).await;
        let browser = app.browser_of(&borrower);
        let days = format!("fran={}&till={}", day(1), day(7));
        let more = browser.get(&format!("/lador/{bee}/fler?{days}")).await.text();
        assert!(more.contains("Blue-Bot") && !more.contains("Cubetto") && !more.contains("Bee-Bot"), "{more}");
        assert!(!browser.get(&format!("/lador/{bee}/fler?{days}&q=dash")).await.text().contains("Blue-Bot"));
        let last_look = browser.get(&format!("/lador/{bee}/boka?{days}&med={blue}")).await.text();
        assert!(last_look.contains(&format!("name=\"med\" value=\"{blue}\"")), "{last_look}");
        let (key, from, to) = (uuid::Uuid::now_v7().to_string(), day(1), day(7));
        let form = [("unit", unit.as_str()), ("first_day", &from), ("last_day", &to), ("med", &blue), ("key", &key)];
        let reply = browser.post(&format!("/lador/{bee}/boka"), &form).await;
        let confirmed = browser.get(reply.location()).await.text();
        assert!(confirmed.contains("2 lådor är bokade") && confirmed.contains("<li>Blue-Bot</li>"), "{confirmed}");
        let page = reply.location().split('?').next().unwrap().to_owned();
        assert!(browser.get(&page).await.text().contains("Bokades tillsammans med"));
        let again = [("key", uuid::Uuid::now_v7().to_string()), ("all", "ja".to_owned())];
        let again: Vec<_> = again.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post(&format!("{page}/avboka"), &again).await.location();
        assert_eq!(app.count("SELECT count(*) FROM loans WHERE status = 'cancelled'"), 2);
    }
}
