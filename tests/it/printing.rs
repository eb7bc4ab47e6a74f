//! Printers that print by themselves, over IPP, with a real one on loopback.

use crate::labels::{decoded_pdf, kit, payload};
use crate::support::printer::Printer;
use crate::support::{Actor, TestApp, both};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::time::Duration;

async fn added(app: &TestApp, printer: &Printer) -> String {
    let save = json!({ "name": "Lagrets skrivare", "address": printer.address(), "stock": "L7160", "offset_x": 1.5 });
    app.warehouse().post("/printers", save).await.created()
}

/// Where a job is when it stays there for a moment.
async fn settled(who: &Actor, job: &str, until: &[&str]) -> Value {
    for _ in 0..300 {
        let now = who.get(&format!("/print-jobs/{job}")).await.ok();
        if until.contains(&now["status"].as_str().unwrap()) {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the job did not get to {until:?}: {}", who.get(&format!("/print-jobs/{job}")).await.text());
}

both! {
    async fn labels_come_out_of_the_printer(app: &TestApp) {
        let printer = Printer::start("Provskrivaren", "application/pdf");
        let (warehouse, code) = (app.warehouse(), kit(app).await);
        let id = added(app, &printer).await;
        let order = json!({ "printer_id": id, "labels": { "codes": [code], "sheet": "L7160", "start": 4 } });
        let job = warehouse.post("/print-jobs", order).await;
        assert_eq!((job.status, &job.json["printer"]), (201, &json!("Lagrets skrivare")));
        let done = settled(&warehouse, job.json["id"].as_str().unwrap(), &["printed", "failed"]).await;
        assert_eq!(done["status"], "printed", "{done}");
        let files = printer.printed();
        assert_eq!(files.len(), 1);
        assert_eq!(decoded_pdf(&std::fs::read(&files[0]).unwrap()), [payload(&code)]);

        // Its test page, by a tap.
        let browser = app.browser_of(&warehouse);
        let tapped = browser.post(&format!("/lager/skrivare/{id}/prov"), &[]).await;
        assert_eq!(tapped.header("location"), "/lager/utskrifter?klart=print-ordered");
        let jobs = warehouse.get("/print-jobs").await.ok();
        let test = jobs["items"][0]["id"].as_str().unwrap().to_owned();
        settled(&warehouse, &test, &["printed"]).await;
        assert_eq!(decoded_pdf(&std::fs::read(&printer.printed()[1]).unwrap()), [payload("PROV")]);
        assert!(app.browser().get("/k/prov").await.text().contains("OK, koden går att läsa"));
        let page = browser.get("/lager/utskrifter").await.text();
        assert!(page.contains("Provsida") && page.contains("Utskriven"), "{page}");
    }

    async fn a_printer_that_is_off_gets_it_later_and_once(app: &TestApp) {
        let mut printer = Printer::start("Avstängda skrivaren", "application/pdf");
        let (warehouse, code) = (app.warehouse(), kit(app).await);
        let id = added(app, &printer).await;
        printer.switch_off();
        let order = json!({ "printer_id": id, "labels": { "codes": [code] } });
        let job = warehouse.post("/print-jobs", order).await.created();
        for _ in 0..100 {
            let now = warehouse.get(&format!("/print-jobs/{job}")).await.ok();
            if now["attempts"] == 1 {
                assert_eq!(now["status"], "waiting");
                assert!(now["reason"].as_str().unwrap().starts_with("unreachable"), "{now}");
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let page = app.browser_of(&warehouse).get("/lager/utskrifter").await.text();
        assert!(page.contains("Skrivaren svarar inte"), "{page}");
        printer.switch_on();
        app.advance(TimeDelta::minutes(2));
        for _ in 0..50 {
            app.print().await;
            if warehouse.get(&format!("/print-jobs/{job}")).await.ok()["status"] == "printed" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        settled(&warehouse, &job, &["printed"]).await;
        assert_eq!(printer.printed().len(), 1);
    }

    async fn what_failed_is_kept_until_somebody_decides(app: &TestApp) {
        let printer = Printer::start("Bildskrivaren", "image/jpeg");
        let (warehouse, code) = (app.warehouse(), kit(app).await);
        let id = added(app, &printer).await;
        let order = json!({ "printer_id": id, "labels": { "codes": [code] } });
        let job = warehouse.post("/print-jobs", order.clone()).await.created();
        let failed = settled(&warehouse, &job, &["failed"]).await;
        assert_eq!(failed["reason"], "no_pdf");
        warehouse.post(&format!("/print-jobs/{job}/retry"), json!({})).await.ok();
        settled(&warehouse, &job, &["failed"]).await;
        let called_off = warehouse.post(&format!("/print-jobs/{job}/cancel"), json!({})).await.ok();
        assert_eq!(called_off["status"], "cancelled");
        warehouse.post(&format!("/print-jobs/{job}/cancel"), json!({})).await.refused(409, "print_job.ended");
        warehouse.post(&format!("/print-jobs/{job}/retry"), json!({})).await.refused(409, "print_job.not_failed");
        app.stranger().get(&format!("/print-jobs/{job}")).await.refused(404, "print_job.not_found");
        app.stranger().post("/print-jobs", order).await.refused(404, "printer.not_found");
        assert!(printer.printed().is_empty());
    }

    async fn printers_are_kept_with_how_they_are_adjusted(app: &TestApp) {
        let warehouse = app.warehouse();
        let save = |name: &str, address: &str, x: f64| json!({ "name": name, "address": address, "offset_x": x, "offset_y": -0.5 });
        warehouse.post("/printers", save("", "http://skrivare", 11.0)).await
            .wrong(&["name: field.missing", "address: printer.address", "offset_x: field.range"]);
        let id = warehouse.post("/printers", save("Kontoret", "", 0.3)).await.created();
        let changed = warehouse.put(&format!("/printers/{id}"), save("Kontoret", "", 0.7)).await.ok();
        assert_eq!((&changed["offset_x"], &changed["version"]), (&json!(0.7), &json!(2)));
        let code = kit(app).await;
        let order = json!({ "printer_id": id, "labels": { "codes": [code] } });
        warehouse.post("/print-jobs", order).await.refused(409, "printer.no_address");
        let moved = warehouse.post(&format!("/labels?printer_id={id}"), json!({ "codes": [code] })).await;
        assert_eq!(decoded_pdf(&moved.bytes), [payload(&code)]);
        app.stranger().put(&format!("/printers/{id}"), save("Min", "", 0.0)).await.refused(404, "printer.not_found");
        let browser = app.browser_of(&warehouse);
        let form = [("name", "Kontoret"), ("stock", "L7160"), ("offset_x", "1,2"), ("offset_y", "x"), ("version", "2")];
        assert_eq!(browser.post(&format!("/lager/skrivare/{id}"), &form).await.status, 422);
        let form = [("name", "Kontoret"), ("stock", "L7160"), ("offset_x", "1,2"), ("offset_y", "−0,4"), ("version", "2")];
        assert_eq!(browser.post(&format!("/lager/skrivare/{id}"), &form).await.status, 303);
        let all = warehouse.get("/printers").await.ok();
        assert_eq!((&all[0]["offset_x"], &all[0]["offset_y"]), (&json!(1.2), &json!(-0.4)));
        assert_eq!(warehouse.delete(&format!("/printers/{id}")).await.status, 204);
        assert_eq!(warehouse.get("/printers").await.ok(), json!([]));
    }
}

#[test]
fn a_printer_that_announces_itself_is_found() {
    let printer = Printer::start("Skrivaren i förrådet", "application/pdf");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for _ in 0..5 {
        let found = runtime.block_on(digilador::labels::discovery::printers()).unwrap();
        if let Some(one) = found.iter().find(|found| found.name.contains("Skrivaren i förrådet")) {
            let port = printer.address();
            let port = port.rsplit(':').next().unwrap();
            assert!(one.address.ends_with(port), "{one:?}");
            assert!(digilador::labels::ipp::web_address(&one.address).is_some(), "{one:?}");
            return;
        }
    }
    panic!("the printer was not found");
}
