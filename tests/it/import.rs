//! Files as Swedish Excel writes them: looked at first, then all of it or nothing.

use crate::support::{Actor, Reply, TestApp, both};
use reqwest::Method;
use serde_json::{Value, json};

const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const UNITS: &[u8] = include_bytes!("../fixtures/units.csv");
const BAD_UNITS: &[u8] = include_bytes!("../fixtures/units_bad.csv");
const PEOPLE: &[u8] = include_bytes!("../fixtures/people.csv");
const KITS: &[u8] = include_bytes!("../fixtures/kits.xlsx");

async fn send(actor: &Actor, path: &str, content_type: &str, file: &[u8]) -> Reply {
    let request = actor.request(Method::POST, &format!("/imports/{path}"));
    Reply::of(request.header("content-type", content_type).body(file.to_vec())).await
}

fn told(report: &Value) -> (bool, i64, i64) {
    (report["done"].as_bool().unwrap(), report["added"].as_i64().unwrap(), report["unchanged"].as_i64().unwrap())
}

both! {
    async fn units_are_looked_at_then_imported_and_a_second_time_left_alone(app: &TestApp) {
        let admin = app.admin();
        let report = send(&admin, "units?dry_run=true", CSV, UNITS).await.ok();
        assert_eq!(told(&report), (false, 3, 0), "{report}");
        assert_eq!(report["unknown_columns"], json!(["Rektor"]));
        assert_eq!(app.count("SELECT count(*) FROM units WHERE name <> 'Provskolan'"), 0);

        assert_eq!(told(&send(&admin, "units", CSV, UNITS).await.ok()), (true, 3, 0));
        assert_eq!(told(&send(&admin, "units", CSV, UNITS).await.ok()), (true, 0, 3));
        let units = admin.get("/units").await.ok();
        let lyktan = units["items"].as_array().unwrap().iter().find(|unit| unit["name"] == "Lyktans förskola").unwrap();
        assert_eq!((&lyktan["area"], &lyktan["children"]), (&json!("Centrum"), &json!(78)));
        assert_eq!(lyktan["email"], "lyktan@lindvalla.example");
        assert_eq!(app.count("SELECT count(*) FROM units WHERE area = 'Sjösidan; öarna'"), 1);
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action = 'unit.added' AND actor_id IS NOT NULL"), 3);
    }

    async fn every_bad_row_is_named_and_nothing_is_saved(app: &TestApp) {
        let admin = app.admin();
        let report = send(&admin, "units?dry_run=true", CSV, BAD_UNITS).await.ok();
        let errors = report["errors"].as_array().unwrap();
        let lines: Vec<String> = errors.iter().map(|e| format!("{} {} {}", e["line"], e["column"], e["code"])).collect();
        assert_eq!(lines, [
            r#"4 "children" "import.not_a_number""#,
            r#"4 "email" "field.email""#,
            r#"6 "name" "field.missing""#,
            r#"8 "name" "import.duplicate_row""#,
            r#"9 "children" "import.not_a_number""#,
        ]);
        assert_eq!(errors[0]["value"], "sjuttioåtta");
        assert!(errors[3]["detail"].as_str().unwrap().contains("rad 7"), "{}", errors[3]);
        send(&admin, "units", CSV, BAD_UNITS).await.wrong(&[
            "rows[4].children: import.not_a_number",
            "rows[4].email: field.email",
            "rows[6].name: field.missing",
            "rows[8].name: import.duplicate_row",
            "rows[9].children: import.not_a_number",
        ]);
        assert_eq!(app.count("SELECT count(*) FROM units WHERE name <> 'Provskolan'"), 0);
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action = 'unit.added' AND actor_id IS NOT NULL"), 0);
    }

    async fn people_come_with_roles_and_units(app: &TestApp) {
        let admin = app.admin();
        send(&admin, "people", CSV, PEOPLE).await.wrong(&[
            "rows[2].units: import.unknown_unit",
            "rows[3].units: import.unknown_unit",
        ]);
        send(&admin, "units", CSV, UNITS).await.ok();
        assert_eq!(told(&send(&admin, "people", CSV, PEOPLE).await.ok()), (true, 3, 0));
        assert_eq!(told(&send(&admin, "people", CSV, PEOPLE).await.ok()), (true, 0, 3));
        let people = admin.get("/people").await.ok();
        let omar = people["items"].as_array().unwrap().iter().find(|p| p["name"] == "Omar Åkesson").unwrap();
        assert_eq!(omar["roles"].as_array().unwrap().len(), 2);
        assert_eq!(omar["units"].as_array().unwrap().len(), 2);
    }

    async fn kits_come_with_codes(app: &TestApp) {
        let admin = app.admin();
        admin.post("/kit-types", json!({ "name": "Bee-Bot" })).await.created();
        send(&admin, "kits", XLSX, KITS).await.wrong(&["rows[7].kit_type: import.unknown_kit_type"]);
        assert_eq!(app.count("SELECT count(*) FROM kits"), 0);
        admin.post("/kit-types", json!({ "name": "Äppelrobot" })).await.created();
        let keyed = admin.with("idempotency-key", "import-1");
        for _ in 0..2 {
            assert_eq!(told(&send(&keyed, "kits", XLSX, KITS).await.ok()), (true, 5, 0));
        }
        assert_eq!(app.count("SELECT count(*) FROM kits"), 5);
        assert_eq!(app.count("SELECT count(*) FROM kits WHERE shelf = 'C1' AND copy IN ('A', 'B', 'C')"), 3);
        assert_eq!(app.count("SELECT count(*) FROM kits WHERE shelf = 'B3' AND copy IN ('A', 'B')"), 2);
    }

    async fn what_is_no_table_is_refused(app: &TestApp) {
        let admin = app.admin();
        send(&admin, "units", CSV, b"hej").await.wrong(&["file: import.no_heading"]);
        send(&admin, "units", CSV, b"").await.wrong(&["file: import.no_heading"]);
        send(&admin, "units", CSV, b"Namn;Antal barn\n").await.wrong(&["file: import.no_rows"]);
        send(&admin, "units", CSV, "Namn;Område\nA;\"B\nC;D\n".as_bytes()).await.wrong(&["file: import.open_quote"]);
        send(&admin, "people", CSV, b"Namn;Roll\nA;lager\n").await.wrong(&["file: import.column_missing"]);
        send(&admin, "units", XLSX, b"PK\x03\x04 no workbook").await.wrong(&["file: import.unreadable"]);
        send(&admin, "units", "application/json", b"{}").await.refused(415, "import.content_type");
        send(&admin, "units", CSV, &vec![b'a'; 10 * 1024 * 1024 + 1]).await.refused(413, "request.too_large");
        // Larger than other bodies may be.
        let long = format!("Namn;Område\n{}", format!("{};Norra\n", "å".repeat(60)).repeat(12_000));
        assert_eq!(send(&admin, "units?dry_run=true", CSV, long.as_bytes()).await.status, 200);
        for actor in [app.warehouse(), app.developer()] {
            send(&actor, "units", CSV, UNITS).await.refused(403, "auth.forbidden");
        }
        send(&app.signed_out(), "kits", XLSX, KITS).await.refused(401, "auth.signed_out");
        send(&app.stranger(), "units", CSV, UNITS).await.ok();
        assert_eq!(app.count("SELECT count(*) FROM units WHERE name = 'Lyktans förskola'"), 1);
        assert_eq!(admin.get("/units").await.ok()["items"].as_array().unwrap().len(), 1);
    }
}
