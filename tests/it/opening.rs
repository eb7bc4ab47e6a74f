//! When the warehouse is open.

use crate::support::{TestApp, both};
use serde_json::json;

both! {
    async fn a_closure_is_shorter_than_a_year(app: &TestApp) {
        let closure = |last: &str| json!({ "first_day": "2026-12-01", "last_day": last, "reason": "Ombyggnad" });
        app.warehouse().post("/closures", closure("2027-12-02")).await.wrong(&["last_day: closure.too_long"]);
        app.warehouse().post("/closures", closure("2027-11-30")).await.created();
    }

    async fn before_a_long_closure_a_shorter_loan_is_offered(app: &TestApp) {
        let kit_type = crate::loans::kit_type(app, "Bee-Bot", 1).await;
        let closure = json!({ "first_day": "2026-11-16", "last_day": "2027-01-10", "reason": "Ombyggnad" });
        app.warehouse().post("/closures", closure).await.created();
        let page = app.browser_of(&app.developer()).get(&format!("/lador/{kit_type}")).await.text();
        assert!(page.contains("Ledig till sön 15 nov. Sedan är det stängt."), "{page}");
    }

    async fn it_is_open_every_day_until_the_organisation_says_otherwise(app: &TestApp) {
        let borrower = app.borrower(&app.unit("Lyktan").await).await;
        let opening = borrower.get("/opening").await.ok();
        assert_eq!(opening, json!({ "weekdays": [1, 2, 3, 4, 5, 6, 7], "holidays": "none", "closures": [], "version": 0 }));
        let week = json!({ "weekdays": [2, 1, 2], "holidays": "sweden" });
        app.warehouse().put("/opening", week.clone()).await.ok();
        let opening = app.admin().put("/opening", week.clone()).await.ok();
        assert_eq!(opening["weekdays"], json!([1, 2]));
        assert_eq!((&opening["holidays"], &opening["version"]), (&json!("sweden"), &json!(2)));
        app.admin().put("/opening", json!({ "weekdays": [], "holidays": "none" })).await.wrong(&["weekdays: opening.no_weekday"]);
        app.admin().put("/opening", json!({ "weekdays": [0], "holidays": "none" })).await.wrong(&["weekdays: field.range"]);
        app.admin().put("/opening", json!({ "weekdays": [8], "holidays": "none" })).await.wrong(&["weekdays: field.range"]);
        borrower.put("/opening", week).await.refused(403, "auth.forbidden");
        assert_eq!(app.stranger().get("/opening").await.ok()["version"], 0, "another organisation has its own");
    }

    async fn closed_days_come_and_go(app: &TestApp) {
        let summer = json!({ "first_day": "2027-07-12", "last_day": "2027-08-08", "reason": " Sommarstängt " });
        let closure = app.warehouse().post("/closures", summer).await.created();
        let past = json!({ "first_day": "2026-10-01", "last_day": "2026-10-02", "reason": "Flytt" });
        app.warehouse().post("/closures", past).await.created();
        let closures = app.admin().get("/opening").await.ok()["closures"].clone();
        assert_eq!(closures.as_array().unwrap().len(), 1, "what is over is not told");
        assert_eq!(closures[0]["reason"], "Sommarstängt");
        let wrong = json!({ "first_day": "2027-07-12", "last_day": "2027-07-11", "reason": " " });
        app.warehouse().post("/closures", wrong).await.wrong(&["reason: field.missing", "last_day: closure.last_before_first"]);
        let path = format!("/closures/{closure}");
        app.stranger().delete(&path).await.refused(404, "closure.not_found");
        assert_eq!(app.warehouse().delete(&path).await.status, 204);
        app.warehouse().delete(&path).await.refused(404, "closure.not_found");
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action LIKE 'closure.%'"), 3);
    }

    async fn loans_begin_and_end_on_open_days(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let kit_type = app.admin().post("/kit-types", json!({ "name": "Blue-Bot", "contents": [] })).await.created();
        app.warehouse().post("/kits", json!({ "kit_type_id": kit_type })).await.created();
        app.warehouse().put("/opening", json!({ "weekdays": [1, 2, 3, 4, 5], "holidays": "sweden" })).await.ok();
        let summer = json!({ "first_day": "2026-12-14", "last_day": "2026-12-21", "reason": "Inventering" });
        app.warehouse().post("/closures", summer).await.created();
        let wish = |first: &str, last: &str| json!({ "kit_type_id": kit_type, "unit_id": unit, "first_day": first, "last_day": last });

        let refused = borrower.post("/loans", wish("2026-12-05", "2026-12-24")).await;
        refused.wrong(&["first_day: day.closed_weekday", "last_day: day.holiday"]);
        assert_eq!(refused.json["next_free"], json!({ "first_day": "2026-12-07", "last_day": "2026-12-23" }));
        let told = refused.json["errors"][1]["detail"].as_str().unwrap();
        assert!(told.contains("julafton") && told.contains("mån 28 dec"), "{told}");
        borrower.post("/loans", wish("2026-11-30", "2026-12-15")).await.wrong(&["last_day: day.closed"]);

        let days = borrower.get(&format!("/kit-types/{kit_type}/availability?from=2026-12-11&to=2026-12-14")).await.ok();
        let reasons: Vec<_> = days["days"].as_array().unwrap().iter().map(|day| day["closed_reason"].clone()).collect();
        assert_eq!(json!(reasons), json!([null, "lördag", "söndag", "Inventering"]));
        let free = |from: &str, to: &str| format!("/kit-types?free_from={from}&free_to={to}");
        assert_eq!(borrower.get(&free("2026-12-05", "2026-12-08")).await.ok()["items"][0]["free_kits"], 0);
        assert_eq!(borrower.get(&free("2026-12-07", "2026-12-08")).await.ok()["items"][0]["free_kits"], 1);

        // What lies between the ends does not matter, and a week in which nothing can begin or end says why.
        let loan = borrower.post("/loans", wish("2026-12-10", "2026-12-22")).await.created();
        borrower.post(&format!("/loans/{loan}/extend"), json!({ "last_day": "2026-12-25" })).await.wrong(&["last_day: day.holiday"]);
        let offered = app.browser_of(&borrower).get(&format!("/lan/{loan}")).await.text();
        assert!(offered.contains("Förläng till tis 29 dec"), "{offered}");
        let page = app.browser_of(&borrower).get(&format!("/lador/{kit_type}")).await.text();
        assert!(page.contains("Stängt: Inventering"), "{page}");
        assert!(page.contains("Slutar mån 21 dec. Stängt: Inventering"), "{page}");
    }

    async fn a_closure_tells_which_loans_it_touches(app: &TestApp) {
        let unit = json!({ "name": "Lyktan", "email": "lyktan@lindvalla.example" });
        let unit = app.admin().post("/units", unit).await.created();
        let kit_type = crate::loans::kit_type(app, "Blue-Bot", 3).await;
        let reserve = async |first: u64, last: u64| crate::loans::reserve(&app.developer(), &kit_type, &unit, first, last).await;
        let (begins, ends, around) = (reserve(10, 20).await, reserve(1, 11).await, reserve(5, 25).await);
        let day = crate::loans::day;
        let preview = app.warehouse().get(&format!("/closures/preview?first_day={}&last_day={}", day(10), day(12))).await.ok();
        let ids: Vec<_> = preview.as_array().unwrap().iter().map(|loan| loan["id"].clone()).collect();
        assert!(ids.contains(&begins["id"]) && ids.contains(&ends["id"]) && !ids.contains(&around["id"]), "{ids:?}");
        let browser = app.browser_of(&app.admin());
        let (first, last) = (day(10), day(12));
        let form = [("first_day", first.as_str()), ("last_day", &last), ("reason", "Inventering")];
        let page = browser.post("/admin/oppet/stangt", &form).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("2 lån börjar eller slutar då") && page.text().contains("value=\"Inventering\""), "{}", page.text());
        assert_eq!(app.count("SELECT count(*) FROM closures"), 0);
        let form = [&form[..], &[("seen", "yes")]].concat();
        browser.post("/admin/oppet/stangt", &form).await.location();
        let told = async || app.send_mails().await.iter().filter(|mail| mail.to == "lyktan@lindvalla.example" && mail.subject.starts_with("Lagret är stängt")).count();
        assert_eq!(told().await, 0, "nobody asked for it");
        let closure = json!({ "first_day": day(10), "last_day": day(10), "reason": "Flytt" });
        let closed = app.admin().post("/closures?tell_units=true", closure).await;
        assert_eq!((closed.status, closed.json["loans"][0]["id"].clone()), (201, begins["id"].clone()));
        assert_eq!(told().await, 1);
        app.developer().get(&format!("/closures/preview?first_day={first}&last_day={last}")).await.refused(403, "auth.forbidden");
    }

    async fn the_page_says_both(app: &TestApp) {
        let browser = app.browser_of(&app.admin());
        let page = browser.get("/admin/oppet").await.text();
        assert!(page.contains("måndag") && page.contains("Inga stängda dagar"), "{page}");
        let sent = browser.post("/admin/oppet", &[("form", "week"), ("version", "0"), ("holidays", "denmark")]).await;
        assert_eq!(sent.status, 422);
        assert!(sent.text().contains("Välj minst en dag"), "{}", sent.text());
        let week = [("form", "week"), ("version", "0"), ("weekdays", "2"), ("weekdays", "4"), ("holidays", "denmark")];
        assert!(browser.post("/admin/oppet", &week).await.location().starts_with("/admin/oppet"));
        assert_eq!(browser.post("/admin/oppet", &week).await.status, 412, "somebody else was faster");
        let closure = [("first_day", "2027-07-12"), ("last_day", ""), ("reason", "Inventering")];
        assert!(browser.post("/admin/oppet/stangt", &closure).await.location().contains("klart=closed"));
        let page = browser.get("/admin/oppet").await.text();
        assert!(page.contains("Inventering") && page.contains("12 juli 2027"), "{page}");
        let id = page.split("/admin/oppet/stangt/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        assert!(browser.post(&format!("/admin/oppet/stangt/{id}/ta-bort"), &[]).await.location().contains("klart=opened"));
        assert!(browser.get("/admin/oppet").await.text().contains("Inga stängda dagar"));
    }
}
