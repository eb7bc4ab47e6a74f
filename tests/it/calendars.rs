//! Loans in other programs' calendars, read by a reader that is not ours.

use crate::support::{Actor, Reply, TestApp, both};
use reqwest::Method;
use serde_json::json;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// What the independent reader finds: the calendar's name, then each event.
fn events(reply: &Reply) -> Vec<String> {
    assert_eq!((reply.status, reply.header("content-type")), (200, "text/calendar; charset=utf-8"), "{}", reply.text());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/support/read_calendar.py");
    let mut python = Command::new("/usr/bin/python3");
    let mut reader = python.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    reader.stdin.take().unwrap().write_all(reply.text().as_bytes()).unwrap();
    let read = reader.wait_with_output().unwrap();
    assert!(read.status.success(), "tests/run installs python3-icalendar");
    String::from_utf8(read.stdout).unwrap().lines().map(str::to_owned).collect()
}

async fn reserve(who: &Actor, kit_type: &str, unit: &str, first: &str, last: &str) -> String {
    let wish = json!({ "kit_type_id": kit_type, "unit_id": unit, "first_day": first, "last_day": last });
    who.post("/loans", wish).await.created()
}

/// The path of a new calendar.
async fn subscribe(who: &Actor, unit: Option<&str>) -> String {
    let whose = unit.map(|unit| format!("?unit_id={unit}")).unwrap_or_default();
    let made = who.post(&format!("/calendars{whose}"), json!({})).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let address = made.json["address"].as_str().unwrap().to_owned();
    let path = address.splitn(4, '/').nth(3).unwrap();
    format!("/{path}")
}

both! {
    async fn a_unit_s_loans_are_whole_days_on_both_sides_of_a_change_of_clocks(app: &TestApp) {
        let unit = app.unit("Lyktan, Örnsköldsvik; öst").await;
        let borrower = app.borrower(&unit).await;
        let kit_type = app.admin().post("/kit-types", json!({ "name": "Blue-Bot", "contents": [] })).await.created();
        app.warehouse().post("/kits", json!({ "kit_type_id": kit_type })).await.created();
        // The clocks change on 28 March and on 31 October 2027.
        let spring = reserve(&borrower, &kit_type, &unit, "2027-03-22", "2027-04-05").await;
        let autumn = reserve(&borrower, &kit_type, &unit, "2027-10-25", "2027-11-05").await;

        let path = subscribe(&borrower, Some(&unit)).await;
        let found = events(&app.browser().get(&path).await);
        assert_eq!(found, [
            "2.0 Digilådor: Lyktan, Örnsköldsvik; öst",
            "2027-03-22 2027-04-06 CONFIRMED Blue-Bot hos oss",
            "2027-10-25 2027-11-06 CONFIRMED Blue-Bot hos oss",
        ]);
        let one = app.browser_of(&borrower).get(&format!("/lan/{spring}/kalender.ics")).await;
        assert_eq!(events(&one)[1..], ["2027-03-22 2027-04-06 CONFIRMED Blue-Bot hos oss"]);
        assert_eq!(app.browser_of(&app.stranger()).get(&format!("/lan/{spring}/kalender.ics")).await.status, 404);

        borrower.post(&format!("/loans/{autumn}/cancel"), json!({})).await.ok();
        assert_eq!(events(&app.browser().get(&path).await).len(), 2, "what is called off leaves the calendar");
    }

    async fn the_warehouse_sees_what_leaves_and_what_comes_back(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let kit_type = app.admin().post("/kit-types", json!({ "name": "Blue-Bot", "contents": [] })).await.created();
        for _ in 0..2 {
            app.warehouse().post("/kits", json!({ "kit_type_id": kit_type })).await.created();
        }
        let staff = app.warehouse();
        let out = reserve(&staff, &kit_type, &unit, "2026-11-02", "2026-11-16").await;
        reserve(&staff, &kit_type, &unit, "2026-11-09", "2026-11-23").await;
        let code = staff.get(&format!("/loans/{out}")).await.ok()["kit_code"].clone();
        staff.post("/scans", json!({ "code": code, "action": "hand_out" })).await.ok();
        let path = subscribe(&staff, None).await;
        assert_eq!(events(&app.browser().get(&path).await)[1..], [
            "2026-11-09 2026-11-10 CONFIRMED Ut: Blue-Bot till Lyktan",
            "2026-11-16 2026-11-17 CONFIRMED In: Blue-Bot A från Lyktan",
        ]);
    }

    async fn an_address_is_its_owner_s_and_can_be_ended(app: &TestApp) {
        let (unit, other) = (app.unit("Lyktan").await, app.unit("Björken").await);
        let borrower = app.borrower(&unit).await;
        borrower.post(&format!("/calendars?unit_id={other}"), json!({})).await.refused(403, "unit.not_yours");
        borrower.post("/calendars", json!({})).await.refused(403, "auth.forbidden");
        app.stranger().post(&format!("/calendars?unit_id={unit}"), json!({})).await.refused(404, "unit.not_found");

        let first = subscribe(&borrower, Some(&unit)).await;
        let second = subscribe(&borrower, Some(&unit)).await;
        assert_eq!(app.browser().get(&first).await.status, 404, "a new address ends the one before");
        assert_eq!(app.browser().get(&second).await.status, 200);
        let token = second.trim_start_matches("/kalender/").trim_end_matches(".ics").to_owned();
        assert_eq!(app.count(&format!("SELECT count(*) FROM events WHERE CAST(change AS TEXT) LIKE '%{token}%'")), 0);
        let ended = Reply::of(borrower.request(Method::DELETE, &format!("/calendars?unit_id={unit}"))).await;
        assert_eq!(ended.status, 204);
        assert_eq!(app.browser().get(&second).await.status, 404);

        let browser = app.browser_of(&borrower);
        let page = format!("/kalender?enhet={unit}");
        assert!(browser.get(&page).await.text().contains("Skapa en adress"));
        let made = browser.post(&page, &[]).await.text();
        let address = made.split("readonly value=\"").nth(1).unwrap().split('"').next().unwrap();
        let path = format!("/{}", address.splitn(4, '/').nth(3).unwrap());
        assert_eq!(app.browser().get(&path).await.status, 200);
        assert!(!browser.get(&page).await.text().contains(address), "it is shown once");
        assert_eq!(browser.get(&format!("/kalender?enhet={other}")).await.status, 403);
    }
}
