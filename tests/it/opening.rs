//! When the warehouse is open.

use crate::support::{TestApp, both};
use serde_json::json;

both! {
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
        let id = page.split("/admin/oppet/stangt/").nth(2).unwrap().split('/').next().unwrap().to_owned();
        assert!(browser.post(&format!("/admin/oppet/stangt/{id}/ta-bort"), &[]).await.location().contains("klart=opened"));
        assert!(browser.get("/admin/oppet").await.text().contains("Inga stängda dagar"));
    }
}
