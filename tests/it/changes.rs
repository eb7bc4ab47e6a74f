//! Changes of what was agreed: other days, longer loans, and what the others are told when a kit is late.

use crate::loan_rules::ask;
use crate::loans::{day, evaluate, kit_type, loan, reserve, scan};
use crate::support::{Actor, Reply, TestApp, both};
use chrono::TimeDelta;
use serde_json::{Value, json};

async fn change(who: &Actor, loan: &Value, first: u64, last: u64) -> Reply {
    let path = format!("/loans/{}/change", loan["id"].as_str().unwrap());
    who.post(&path, json!({ "first_day": day(first), "last_day": day(last) })).await
}

async fn round(app: &TestApp) {
    digilador::loans::jobs::daily(app.state.clone()).await.unwrap();
}

/// The subjects of the mails to this address.
async fn told(app: &TestApp, to: &str) -> Vec<String> {
    app.send_mails().await.into_iter().filter(|mail| mail.to == to).map(|mail| mail.subject).collect()
}

async fn unit(app: &TestApp, name: &str) -> String {
    let email = format!("{}@lindvalla.example", name.to_lowercase());
    app.admin().post("/units", json!({ "name": name, "email": email })).await.created()
}

both! {
    async fn a_reservation_gets_other_days_or_stays_as_it_is(app: &TestApp) {
        let (lyktan, kometen) = (unit(app, "Lyktan").await, unit(app, "Kometen").await);
        let borrower = app.borrower(&lyktan).await;
        let bee = kit_type(app, "Bee-Bot", 1).await;
        let mine = reserve(&borrower, &bee, &lyktan, 5, 12).await;
        reserve(&app.developer(), &bee, &kometen, 20, 27).await;
        // Days that it has itself are no obstacle.
        let moved = change(&borrower, &mine, 7, 14).await.ok();
        assert_eq!((&moved["first_day"], &moved["last_day"]), (&json!(day(7)), &json!(day(14))));
        let refused = change(&borrower, &mine, 15, 22).await;
        refused.refused(409, "loan.no_kit_free");
        assert_eq!(refused.json["next_free"], json!({ "first_day": day(31), "last_day": day(38) }));
        assert_eq!(loan(app, &mine["id"]).await["first_day"], day(7));
        change(&borrower, &mine, 9, 8).await.wrong(&["last_day: loan.last_before_first"]);
        change(&app.borrower(&kometen).await, &mine, 9, 10).await.refused(404, "loan.not_found");
        change(&app.stranger(), &mine, 9, 10).await.refused(404, "loan.not_found");
        // Once with the same key, whatever has happened since.
        let keyed = borrower.with("idempotency-key", "once");
        assert_eq!(change(&keyed, &mine, 0, 6).await.ok()["first_day"], day(0));
        change(&borrower, &mine, 1, 6).await.ok();
        assert_eq!(change(&keyed, &mine, 0, 6).await.ok()["first_day"], day(0), "the stored answer");
        assert_eq!(loan(app, &mine["id"]).await["first_day"], day(1));
        assert_eq!(told(app, "lyktan@lindvalla.example").await.iter().filter(|subject| subject.starts_with("Nya dagar")).count(), 3);
        scan(app, &mine["kit_code"], "hand_out").await;
        change(&borrower, &mine, 5, 12).await.refused(409, "loan.not_changeable");
    }

    async fn rules_hold_for_days_that_change_and_not_for_those_that_stay(app: &TestApp) {
        let lyktan = unit(app, "Lyktan").await;
        let borrower = app.borrower(&lyktan).await;
        let (bee, blue) = (kit_type(app, "Bee-Bot", 1).await, kit_type(app, "Blue-Bot", 1).await);
        let mine = reserve(&borrower, &bee, &lyktan, 1, 12).await;
        reserve(&borrower, &blue, &lyktan, 20, 27).await;
        ask(app, json!({ "lead_days": 3, "kits_at_once": 1 })).await;
        assert_eq!(change(&borrower, &mine, 1, 8).await.ok()["last_day"], day(8), "the first day stays");
        change(&borrower, &mine, 2, 8).await.wrong(&["first_day: loan.too_soon"]);
        change(&borrower, &mine, 15, 22).await.refused(409, "loan.kits_at_once");
        let path = format!("/loans/{}/change", mine["id"].as_str().unwrap());
        let anyway = json!({ "first_day": day(2), "last_day": day(8), "override_reason": "Hämtas ändå" });
        borrower.post(&path, anyway.clone()).await.refused(403, "loan.may_not_override");
        assert_eq!(app.warehouse().post(&path, anyway).await.ok()["first_day"], day(2));
        assert_eq!(change(&borrower, &mine, 4, 11).await.ok()["first_day"], day(4));
    }

    async fn a_packed_kit_stays_with_its_loan(app: &TestApp) {
        let (lyktan, kometen) = (unit(app, "Lyktan").await, unit(app, "Kometen").await);
        let bee = kit_type(app, "Bee-Bot", 1).await;
        let developer = app.developer();
        let mine = reserve(&developer, &bee, &lyktan, 2, 9).await;
        reserve(&developer, &bee, &kometen, 14, 17).await;
        app.warehouse().post(&format!("/loans/{}/ready", mine["id"].as_str().unwrap()), json!({})).await.ok();
        assert_eq!(change(&developer, &mine, 3, 10).await.ok()["status"], "ready");
        change(&developer, &mine, 6, 13).await.refused(409, "loan.packed");
        change(&developer, &mine, 20, 27).await.refused(409, "loan.packed");
        assert_eq!(loan(app, &mine["id"]).await["first_day"], day(3));
    }

    async fn days_are_changed_on_a_page(app: &TestApp) {
        let (lyktan, kometen) = (unit(app, "Lyktan").await, unit(app, "Kometen").await);
        let borrower = app.borrower(&lyktan).await;
        let bee = kit_type(app, "Bee-Bot", 1).await;
        let mine = reserve(&borrower, &bee, &lyktan, 5, 12).await;
        reserve(&app.developer(), &bee, &kometen, 20, 27).await;
        let browser = app.browser_of(&borrower);
        let loan_page = format!("/lan/{}", mine["id"].as_str().unwrap());
        let page = format!("{loan_page}/andra");
        assert!(browser.get(&loan_page).await.text().contains(&page));
        assert!(browser.get(&page).await.text().contains(&format!("value=\"{}\"", day(5))));
        let send = async |first: &str, last: &str| {
            let key = uuid::Uuid::now_v7().to_string();
            browser.post(&page, &[("first_day", first), ("last_day", last), ("key", &key)]).await
        };
        let refused = send(&day(15), &day(22)).await;
        assert_eq!(refused.status, 409);
        let next = format!("{page}?fran={}&#38;till={}", day(31), day(38));
        assert!(refused.text().contains(&next) || refused.text().contains(&next.replace("&#38;", "&amp;")), "{}", refused.text());
        assert_eq!(send("", "").await.status, 422);
        assert_eq!(send(&day(7), &day(14)).await.location(), format!("{loan_page}?klart=changed"));
        assert!(browser.get(&loan_page).await.text().contains("Bytt till mån 9 nov – mån 16 nov"));
    }

    async fn those_who_wait_for_a_late_kit_are_told_early_and_when_it_is_mended(app: &TestApp) {
        let (lyktan, kometen) = (unit(app, "Lyktan").await, unit(app, "Kometen").await);
        let bee = kit_type(app, "Bee-Bot", 1).await;
        let developer = app.developer();
        let late = reserve(&developer, &bee, &lyktan, 0, 3).await;
        scan(app, &late["kit_code"], "hand_out").await;
        let waits = reserve(&developer, &bee, &kometen, 14, 21).await;
        let (late_unit, waiting_unit) = ("lyktan@lindvalla.example", "kometen@lindvalla.example");
        app.advance(TimeDelta::days(4));
        round(app).await;
        let at_risk = app.warehouse().get("/loans?at_risk=true").await.ok();
        assert_eq!(at_risk["items"].as_array().unwrap().len(), 1);
        assert_eq!(at_risk["items"][0]["id"], waits["id"]);
        assert_eq!(app.warehouse().get("/loans?at_risk=false").await.ok()["items"].as_array().unwrap().len(), 1);
        assert!(told(app, late_unit).await.contains(&"En annan förskola väntar på Bee-Bot A".to_owned()));
        assert!(!told(app, waiting_unit).await.iter().any(|subject| subject.starts_with("Osäkert")), "ten days are long");
        let page = app.browser_of(&developer).get("/lager/osakra").await.text();
        assert!(page.contains("Kometen") && page.contains("Väntar på Bee-Bot A hos Lyktan"), "{page}");

        app.advance(TimeDelta::days(3));
        for _ in 0..2 {
            round(app).await;
        }
        let mails = app.send_mails().await;
        let uncertain: Vec<_> = mails.iter().filter(|mail| mail.to == waiting_unit && mail.subject.starts_with("Osäkert")).collect();
        assert_eq!(uncertain.len(), 1);
        assert!(uncertain[0].text.contains("Nästa lediga tid är"), "{}", uncertain[0].text);

        // The box alone is not enough; with the evaluation all is well, at once.
        scan(app, &late["kit_code"], "receive").await;
        evaluate(&app.borrower(&lyktan).await, &late["id"]).await;
        assert_eq!(loan(app, &waits["id"]).await["at_risk"], false);
        let subjects = told(app, waiting_unit).await;
        assert_eq!(subjects.iter().filter(|subject| subject.starts_with("Nu är Bee-Bot säker")).count(), 1, "{subjects:?}");
        round(app).await;
        assert_eq!(told(app, waiting_unit).await.len(), subjects.len());
        assert!(app.browser_of(&app.warehouse()).get("/lager/osakra").await.text().contains("Alla bokningar har en låda"));
        app.stranger().get("/loans?at_risk=true").await.ok();
    }
}
