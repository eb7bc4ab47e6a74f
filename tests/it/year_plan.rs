//! The year plan: which kits are where, week for week.

use crate::support::{TestApp, both};
use serde_json::json;

both! {
    async fn staff_see_where_each_kit_is(app: &TestApp) {
        let kit_type = app.admin().post("/kit-types", json!({ "name": "Blue-Bot" })).await.created();
        let mut codes = Vec::new();
        for shelf in ["A1", "B2"] {
            let kit = app.warehouse().post("/kits", json!({ "kit_type_id": kit_type, "shelf": shelf })).await;
            codes.push(kit.json["code"].as_str().unwrap().to_owned());
        }
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let reserve = async |first: &str, last: &str| {
            let wish = json!({ "kit_type_id": kit_type, "unit_id": unit, "first_day": first, "last_day": last });
            let loan = borrower.post("/loans", wish).await;
            assert_eq!(loan.status, 201, "{}", loan.text());
            (loan.json["id"].as_str().unwrap().to_owned(), loan.json["kit_code"].as_str().unwrap().to_owned())
        };
        let (out, code) = reserve("2026-11-02", "2026-11-13").await;
        app.warehouse().post("/scans", json!({ "code": code, "action": "hand_out" })).await.ok();
        let (over_new_year, _) = reserve("2026-12-21", "2027-01-08").await;
        let (cancelled, _) = reserve("2026-11-30", "2026-12-04").await;
        borrower.post(&format!("/loans/{cancelled}/cancel"), json!({})).await.ok();
        let closure = json!({ "first_day": "2026-12-14", "last_day": "2026-12-20", "reason": "Inventering" });
        app.admin().post("/closures", closure).await.created();

        let leif = app.browser_of(&app.warehouse());
        let page = leif.get("/lager/arsplan").await.text();
        for shown in ["Hösten 2026", "Blue-Bot A", "Blue-Bot B", "A1", "Stängt", "Utlånad", "Bokad", "Görs i ordning", "aria-current=\"date\""] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        assert!(page.contains(&format!("/lan/{out}")) && page.contains(&format!("/lan/{over_new_year}")));
        assert!(!page.contains(&format!("/lan/{cancelled}")));
        // Two weeks out, and two of the loan over the new year in this year's plan.
        assert_eq!(page.matches("colspan=\"2\"").count(), 2, "{page}");
        let spring = leif.get("/lager/arsplan?period=2027-1").await.text();
        assert!(spring.contains("Våren 2027") && spring.contains(&format!("/lan/{over_new_year}")));
        assert!(!spring.contains(&format!("/lan/{out}")));

        // What has been stays where it was, as long as it took.
        app.warehouse().post("/scans", json!({ "code": code, "action": "receive" })).await.ok();
        assert!(leif.get("/lager/arsplan").await.text().contains("utvärdering saknas"));
        let found = leif.get("/lager/arsplan?q=bluebott").await.text();
        assert!(found.contains("Blue-Bot A") && found.contains("Blue-Bot B"));
        let shelf = leif.get("/lager/arsplan?q=b2").await.text();
        assert!(!shelf.contains("Blue-Bot A</a>") && shelf.contains("Blue-Bot B</a>"));
        assert!(leif.get("/lager/arsplan?q=cubetto").await.text().contains("Inga lådor passar"));
        for odd in ["period=x", "period=99999", "page=0", "page=18446744073709551615", "period=1800"] {
            assert_eq!(leif.get(&format!("/lager/arsplan?{odd}")).await.status, 200, "{odd}");
        }
        // Staff from elsewhere see their own kits.
        assert!(!app.browser_of(&app.stranger()).get("/lager/arsplan").await.text().contains("Blue-Bot"));
    }
}
