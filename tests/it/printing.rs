//! Printers that print by themselves, over IPP, with a real one on loopback.

use crate::labels::{decoded, decoded_pdf, kit, payload};
use crate::support::printer::{BadLine, Printer, dots};
use crate::support::{Actor, TestApp, both};
use chrono::TimeDelta;
use digilador::labels::ipp;
use digilador::labels::printer_address::PrinterAddress;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

async fn added(app: &TestApp, printer: &Printer) -> String {
    let save = json!({ "name": "Lagrets skrivare", "address": printer.address(), "stock": "L7160", "offset_x": 1.5 });
    app.warehouse().post("/printers", save).await.created()
}

/// The codes on a page, looked at from near and from farther away: a whole page at once, some are overlooked.
fn read_page(picture: &Path) -> BTreeSet<String> {
    let (near, farther) = (image::open(picture).unwrap(), picture.with_extension("small.png"));
    near.thumbnail(near.width() / 2, near.height() / 2).save(&farther).unwrap();
    [picture, &farther].into_iter().flat_map(decoded).collect()
}

/// Where what is dark begins and ends: left, top, right, bottom, in dots.
fn edges(picture: &Path) -> [u32; 4] {
    let picture = image::open(picture).unwrap().into_luma8();
    let dark = || picture.enumerate_pixels().filter(|(.., dot)| dot.0[0] < 128);
    let (x, y) = (|| dark().map(|(x, ..)| x), || dark().map(|(_, y, _)| y));
    [x().min().unwrap(), y().min().unwrap(), x().max().unwrap(), y().max().unwrap()]
}

/// Where a job is when it stays there for a moment. A printer that takes its time is asked again some minutes later.
async fn settled(app: &TestApp, who: &Actor, job: &str, until: &[&str]) -> Value {
    for tries in 1..=300 {
        let now = who.get(&format!("/print-jobs/{job}")).await.ok();
        if until.contains(&now["status"].as_str().unwrap()) {
            return now;
        }
        if now["status"] == "sent" && tries % 20 == 0 {
            app.advance(TimeDelta::minutes(5));
            app.print().await;
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
        let done = settled(app, &warehouse, job.json["id"].as_str().unwrap(), &["printed", "failed"]).await;
        assert_eq!(done["status"], "printed", "{done}");
        let files = printer.printed();
        assert_eq!(files.len(), 1);
        assert_eq!(decoded_pdf(&std::fs::read(&files[0]).unwrap()), [payload(&code)]);
        let told = printer.told();
        for way in ["print-scaling (keyword) = none", "sides (keyword) = one-sided", "media-type=labels", "y-dimension=29700"] {
            assert!(told.contains(way), "{way}: {told}");
        }

        // Its trays are offered; and it is told which one was chosen.
        let browser = app.browser_of(&warehouse);
        let page = browser.get(&format!("/lager/skrivare/{id}")).await.text();
        assert!(page.contains("Huvudfacket") && page.contains("Vanligt papper"), "{page}");
        let address = printer.address();
        let form = [("name", "Lagrets skrivare"), ("address", address.as_str()), ("stock", "L7160"), ("offset_x", "1,5"),
            ("offset_y", "0"), ("tray", "main"), ("media_type", "stationery"), ("version", "1")];
        assert_eq!(browser.post(&format!("/lager/skrivare/{id}"), &form).await.status, 303);

        // Its test page, by a tap.
        let tapped = browser.post(&format!("/lager/skrivare/{id}/prov"), &[]).await;
        assert_eq!(tapped.header("location"), "/lager/utskrifter?klart=print-ordered");
        let jobs = warehouse.get("/print-jobs").await.ok();
        let test = jobs["items"][0]["id"].as_str().unwrap().to_owned();
        settled(app, &warehouse, &test, &["printed"]).await;
        assert_eq!(decoded_pdf(&std::fs::read(&printer.printed()[1]).unwrap()), [payload("PROV")]);
        let told = printer.told();
        assert!(told.contains("media-source=main") && told.contains("media-type=stationery"), "{told}");
        assert!(app.browser().get("/k/prov").await.text().contains("OK, koden går att läsa"));
        let page = browser.get("/lager/utskrifter").await.text();
        assert!(page.contains("Provsida") && page.contains("Utskriven"), "{page}");
    }

    async fn a_printer_that_takes_dots_alone_gets_them(app: &TestApp) {
        let printer = Printer::start("Rasterskrivaren", "image/pwg-raster,image/urf");
        let warehouse = app.warehouse();
        let mut codes = Vec::new();
        for _ in 0..3 {
            codes.push(kit(app).await);
        }
        let id = added(app, &printer).await;
        let labels = json!({ "codes": codes, "sheet": "L7160", "start": 20 });
        let job = warehouse.post("/print-jobs", json!({ "printer_id": id, "labels": labels })).await.created();
        assert_eq!(settled(app, &warehouse, &job, &["printed", "failed"]).await["status"], "printed");
        let pages = dots(&printer.printed()[0]);
        assert_eq!(pages.len(), 2, "from place 20 of 21 on");
        let mut read = BTreeSet::new();
        for page in &pages {
            assert_eq!(page.facts, "PwgRaster iso_a4_210x297mm 300 300 2480 3508 8 18");
            read.extend(read_page(&page.picture));
        }
        assert_eq!(read, codes.iter().map(|code| payload(code)).collect());
        // Each stands where it stands in the PDF, moved as the printer's offsets say.
        let pdf = warehouse.post(&format!("/labels?printer_id={id}"), labels).await;
        assert_eq!(pdf.status, 200, "{}", pdf.text());
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("labels.pdf"), &pdf.bytes).unwrap();
        for (number, page) in pages.iter().enumerate() {
            let drawn = folder.path().join(number.to_string());
            let number = (number + 1).to_string();
            let made = Command::new("pdftoppm").args(["-r", "300", "-gray", "-png", "-singlefile", "-f", &number, "-l", &number])
                .arg(folder.path().join("labels.pdf")).arg(&drawn).status();
            assert!(made.unwrap().success());
            let (set, drawn) = (edges(&page.picture), edges(&drawn.with_extension("png")));
            let apart = set.iter().zip(drawn).map(|(one, other)| one.abs_diff(other)).max();
            assert!(apart <= Some(2), "{set:?} and {drawn:?} on page {number}");
        }

        // Where a printer is described, it is told that it has no such paper.
        let roll = json!({ "name": "Rulle", "address": printer.address(), "stock": "300x300" });
        let roll = warehouse.post("/printers", roll).await.created();
        let page = app.browser_of(&warehouse).get(&format!("/lager/skrivare/{roll}")).await.text();
        assert!(page.contains("Skrivaren har inte det pappret"), "{page}");
        // The test page comes as dots, too.
        warehouse.post("/print-jobs", json!({ "printer_id": id })).await.created();
        let jobs = warehouse.get("/print-jobs").await.ok();
        settled(app, &warehouse, jobs["items"][0]["id"].as_str().unwrap(), &["printed"]).await;
        let test = dots(&printer.printed()[1]);
        assert_eq!(read_page(&test[0].picture), BTreeSet::from([payload("PROV")]));
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
                assert_eq!(now["reason"], "unreachable", "what the network says is for the log");
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
        settled(app, &warehouse, &job, &["printed"]).await;
        assert_eq!(printer.printed().len(), 1);
    }

    async fn what_failed_is_kept_until_somebody_decides(app: &TestApp) {
        let printer = Printer::start("Bildskrivaren", "image/jpeg,image/urf");
        let (warehouse, code) = (app.warehouse(), kit(app).await);
        let id = added(app, &printer).await;
        let order = json!({ "printer_id": id, "labels": { "codes": [code] } });
        let job = warehouse.post("/print-jobs", order.clone()).await.created();
        let failed = settled(app, &warehouse, &job, &["failed"]).await;
        assert_eq!(failed["reason"], "no_pdf");
        warehouse.post(&format!("/print-jobs/{job}/retry"), json!({})).await.ok();
        settled(app, &warehouse, &job, &["failed"]).await;
        let called_off = warehouse.post(&format!("/print-jobs/{job}/cancel"), json!({})).await.ok();
        assert_eq!(called_off["status"], "cancelled");
        warehouse.post(&format!("/print-jobs/{job}/cancel"), json!({})).await.refused(409, "print_job.ended");
        warehouse.post(&format!("/print-jobs/{job}/retry"), json!({})).await.refused(409, "print_job.not_failed");
        app.stranger().get(&format!("/print-jobs/{job}")).await.refused(404, "print_job.not_found");
        app.stranger().post("/print-jobs", order).await.refused(404, "printer.not_found");
        assert!(printer.printed().is_empty());
    }

    async fn what_changed_since_it_was_ordered_is_told_and_there_is_a_way_on(app: &TestApp) {
        let mut printer = Printer::start("Ändrade skrivaren", "application/pdf");
        let (warehouse, kept, retired, replaced) = (app.warehouse(), kit(app).await, kit(app).await, kit(app).await);
        let id = added(app, &printer).await;
        printer.switch_off();
        let order = json!({ "printer_id": id, "labels": { "codes": [kept, retired, replaced] } });
        let job = warehouse.post("/print-jobs", order).await.created();
        for _ in 0..100 {
            if warehouse.get(&format!("/print-jobs/{job}")).await.ok()["attempts"] == 1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        warehouse.post(&format!("/print-jobs/{job}/confirm"), json!({})).await.refused(409, "print_job.not_sent");
        let save = |stock: &str| json!({ "name": "Lagrets skrivare", "address": printer.address(), "stock": stock });
        let path = format!("/printers/{id}");
        warehouse.put(&path, save("L4732")).await.ok();
        let (back, other) = (save("L7160"), save("L4732"));
        printer.switch_on();
        app.advance(TimeDelta::minutes(2));
        app.print().await;
        assert_eq!(settled(app, &warehouse, &job, &["failed"]).await["reason"], "other_stock");
        // The labels that are left are chosen anew, on what lies in the printer.
        assert_eq!(warehouse.delete(&format!("/kits/{retired}")).await.status, 204);
        let new = warehouse.post(&format!("/kits/{replaced}/replace-code"), json!({})).await.ok();
        let new = new["code"].as_str().unwrap().to_owned();
        let browser = app.browser_of(&warehouse);
        let anew = format!("/lager/etiketter?utskrift={job}");
        assert!(browser.get("/lager/utskrifter").await.text().contains(&anew));
        let page = browser.get(&anew).await.text();
        let ticked = |code: &str| page.contains(&format!("value=\"{}-{}\" checked", &code[..3], &code[3..]));
        assert!(ticked(&kept) && ticked(&new) && !ticked(&retired), "{page}");
        assert!(page.contains("är tagen ur bruk och får ingen ny etikett") && page.contains("är ersatt"), "{page}");
        assert!(page.contains("value=\"L4732\" selected"), "{page}");
        // With the old labels in the printer again, the kit that is gone is in the way.
        warehouse.put(&path, back).await.ok();
        warehouse.post(&format!("/print-jobs/{job}/retry"), json!({})).await.ok();
        app.print().await;
        assert_eq!(settled(app, &warehouse, &job, &["failed"]).await["reason"], "order");
        // A printer that goes takes along what it has not printed.
        warehouse.put(&path, other).await.ok();
        assert_eq!(warehouse.delete(&path).await.status, 204);
        let gone = warehouse.get(&format!("/print-jobs/{job}")).await.ok();
        assert_eq!((&gone["status"], &gone["can_retry"]), (&json!("cancelled"), &json!(false)));
        warehouse.post(&format!("/print-jobs/{job}/retry"), json!({})).await.refused(409, "print_job.not_failed");
        assert!(printer.printed().is_empty());
    }

    async fn what_a_printer_has_forgotten_somebody_saw(app: &TestApp) {
        let mut printer = Printer::start("Glömska skrivaren", "application/pdf");
        let (warehouse, code) = (app.warehouse(), kit(app).await);
        let id = added(app, &printer).await;
        let order = json!({ "printer_id": id, "labels": { "codes": [code] } });
        let job = warehouse.post("/print-jobs", order).await.created();
        settled(app, &warehouse, &job, &["sent"]).await;
        printer.switch_off();
        printer.switch_on();
        app.advance(TimeDelta::minutes(5));
        app.print().await;
        assert_eq!(settled(app, &warehouse, &job, &["failed"]).await["reason"], "forgotten");
        let browser = app.browser_of(&warehouse);
        let page = browser.get("/lager/utskrifter").await.text();
        assert!(page.contains("Den kom ut") && page.contains("Skriv ut igen"), "{page}");
        let seen = browser.post(&format!("/lager/utskrifter/{job}/kom-ut"), &[]).await;
        assert_eq!(seen.header("location"), "/lager/utskrifter?klart=print-confirmed");
        assert_eq!(warehouse.get(&format!("/print-jobs/{job}")).await.ok()["status"], "printed");
        assert_eq!(app.count("SELECT count(*) FROM label_prints"), 1);
        warehouse.post(&format!("/print-jobs/{job}/confirm"), json!({})).await.refused(409, "print_job.ended");
    }

    async fn what_is_called_off_the_printer_drops(app: &TestApp) {
        let printer = Printer::start("Ångerskrivaren", "application/pdf");
        let (warehouse, code) = (app.warehouse(), kit(app).await);
        let id = added(app, &printer).await;
        let order = json!({ "printer_id": id, "labels": { "codes": [code] } });
        let job = warehouse.post("/print-jobs", order).await.created();
        settled(app, &warehouse, &job, &["sent"]).await;
        let cancelling = warehouse.post(&format!("/print-jobs/{job}/cancel"), json!({})).await.ok();
        assert_eq!(cancelling["status"], "cancelling");
        warehouse.post(&format!("/print-jobs/{job}/cancel"), json!({})).await.refused(409, "print_job.ended");
        settled(app, &warehouse, &job, &["cancelled"]).await;
        let own = "127.0.0.1:1".parse().unwrap();
        for _ in 0..200 {
            let remote = ipp::Printer::find(&printer.address(), own).await.unwrap();
            if remote.job_named(&format!("Digilador {job}")).await.unwrap().is_none() {
                assert_eq!(app.count("SELECT count(*) FROM label_prints"), 0);
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the printer goes on");
    }

    async fn what_somebody_stops_at_the_printer_is_called_off(app: &TestApp) {
        let printer = Printer::start("Stoppade skrivaren", "application/pdf");
        let (warehouse, code) = (app.warehouse(), kit(app).await);
        let id = added(app, &printer).await;
        let order = json!({ "printer_id": id, "labels": { "codes": [code] } });
        let job = warehouse.post("/print-jobs", order).await.created();
        settled(app, &warehouse, &job, &["sent"]).await;
        let panel = ipp::Printer::find(&printer.address(), "127.0.0.1:1".parse().unwrap()).await.unwrap();
        let there = panel.job_named(&format!("Digilador {job}")).await.unwrap().unwrap();
        panel.cancel(there).await.unwrap();
        let ended = settled(app, &warehouse, &job, &["cancelled", "failed", "printed"]).await;
        assert_eq!((&ended["status"], &ended["reason"]), (&json!("cancelled"), &json!("")));
        assert_eq!(app.count("SELECT count(*) FROM label_prints"), 0);
    }

    async fn what_a_printer_has_forgotten_is_asked_about(app: &TestApp) {
        let mut printer = Printer::start("Glömska skrivaren", "application/pdf");
        let (warehouse, code) = (app.warehouse(), kit(app).await);
        let id = added(app, &printer).await;
        let order = json!({ "printer_id": id, "labels": { "codes": [code] } });
        let job = warehouse.post("/print-jobs", order).await.created();
        settled(app, &warehouse, &job, &["sent"]).await;
        printer.switch_off();
        printer.switch_on();
        app.advance(TimeDelta::minutes(2));
        app.print().await;
        let failed = settled(app, &warehouse, &job, &["failed"]).await;
        assert_eq!(failed["reason"], "forgotten");
        assert_eq!(app.count("SELECT count(*) FROM label_prints"), 0, "nobody knows that it came out");
        let page = app.browser_of(&warehouse).get("/lager/utskrifter").await.text();
        assert!(page.contains("kom den ut?") && page.contains("Etikett: Bee-Bot A"), "{page}");
        warehouse.post(&format!("/print-jobs/{job}/retry"), json!({})).await.ok();
        settled(app, &warehouse, &job, &["printed"]).await;
        assert_eq!(app.count("SELECT count(*) FROM label_prints"), 1);
    }

    async fn an_answer_that_is_lost_prints_nothing_twice(app: &TestApp) {
        let printer = Printer::start("Dubbelskrivaren", "application/pdf");
        let line = BadLine::to(&printer).await;
        let (warehouse, code) = (app.warehouse(), kit(app).await);
        let save = json!({ "name": "Långt borta", "address": line.address() });
        let id = warehouse.post("/printers", save).await.created();
        let order = json!({ "printer_id": id, "labels": { "codes": [code] } });
        let job = warehouse.post("/print-jobs", order).await.created();
        for _ in 0..100 {
            if warehouse.get(&format!("/print-jobs/{job}")).await.ok()["attempts"] == 1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(printer.printed().len(), 1, "the printer took it");
        app.advance(TimeDelta::minutes(2));
        for _ in 0..100 {
            app.print().await;
            if warehouse.get(&format!("/print-jobs/{job}")).await.ok()["status"] == "printed" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        settled(app, &warehouse, &job, &["printed"]).await;
        assert_eq!(printer.printed().len(), 1);
    }

    async fn a_silent_printer_holds_up_no_other(app: &TestApp) {
        // It takes the call, and never says a word.
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("ipp://127.0.0.1:{}/ipp", silent.local_addr().unwrap().port());
        let printer = Printer::start("Pratsamma skrivaren", "application/pdf");
        let (warehouse, code) = (app.warehouse(), kit(app).await);
        let quiet = warehouse.post("/printers", json!({ "name": "Tyst", "address": address })).await.created();
        let id = added(app, &printer).await;
        for _ in 0..3 {
            warehouse.post("/print-jobs", json!({ "printer_id": quiet })).await.created();
        }
        let begin = Instant::now();
        let order = json!({ "printer_id": id, "labels": { "codes": [code] } });
        let job = warehouse.post("/print-jobs", order).await.created();
        settled(app, &warehouse, &job, &["sent", "printed"]).await;
        assert!(begin.elapsed() < Duration::from_secs(8), "{:?}", begin.elapsed());
    }

    async fn rolls_are_printed_as_they_lie_in_the_printer(app: &TestApp) {
        let printer = Printer::start("Rullskrivaren", "application/pdf");
        let (warehouse, code) = (app.warehouse(), kit(app).await);
        let save = |stock: &str| json!({ "name": stock, "address": printer.address(), "stock": stock });
        let print = async |stock: &str, what: Value| {
            let id = warehouse.post("/printers", save(stock)).await.created();
            let order = json!({ "printer_id": id, "labels": what });
            let job = warehouse.post("/print-jobs", order).await.created();
            settled(app, &warehouse, &job, &["printed", "failed"]).await
        };
        assert_eq!(print("4x6in", json!({ "codes": [code] })).await["status"], "printed");
        assert_eq!(decoded_pdf(&std::fs::read(&printer.printed()[0]).unwrap()), [payload(&code)]);
        assert_eq!(print("4x6in", Value::Null).await["status"], "printed", "the test page");
        let none = print("99012", json!({ "codes": [code] })).await;
        assert_eq!((&none["status"], &none["reason"]), (&json!("failed"), &json!("no_media")));
        assert_eq!(printer.printed().len(), 2);
    }

    async fn a_mistake_is_told_before_anything_is_ordered(app: &TestApp) {
        let (warehouse, code) = (app.warehouse(), kit(app).await);
        let save = json!({ "name": "Lagrets", "address": "IPP://127.0.0.1:9/ipp", "stock": "L7163" });
        let id = warehouse.post("/printers", save).await.created();
        let order = async |labels: Value| warehouse.post("/print-jobs", json!({ "printer_id": id, "labels": labels })).await;
        order(json!({ "codes": [code], "start": 15 })).await.wrong(&["start: label.no_such_place"]);
        order(json!({ "codes": [code], "start": 0 })).await.wrong(&["start: label.no_such_place"]);
        order(json!({ "codes": [code], "sheet": "L4732" })).await.wrong(&["sheet: printer.other_stock"]);
        let form = [("printer", id.as_str()), ("count", "20"), ("sheet", "L4732")];
        assert_eq!(app.browser_of(&warehouse).post("/lager/etiketter/tomma", &form).await.status, 422);
        assert_eq!(app.count("SELECT (SELECT count(*) FROM print_jobs) + (SELECT count(*) FROM kit_codes)"), 0);
        for address in ["ipp://169.254.169.254/", "ipp://[fe80::1]/", "ipp://h:99999/", "ipp://[::1/", "ipp://å.example/"] {
            let save = json!({ "name": "X", "address": address });
            warehouse.post("/printers", save).await.wrong(&["address: printer.address"]);
        }
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
        // All that is wrong is told at once.
        let form = [("name", ""), ("stock", "L7160"), ("offset_x", "1,2"), ("offset_y", "x"), ("version", "2")];
        let wrong = browser.post(&format!("/lager/skrivare/{id}"), &form).await;
        assert_eq!(wrong.status, 422);
        for field in ["href=\"#name\"", "href=\"#offset_y\""] {
            assert!(wrong.text().contains(field), "{field}: {}", wrong.text());
        }
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
            assert!(PrinterAddress::read(&one.address).is_some(), "{one:?}");
            return;
        }
    }
    panic!("the printer was not found");
}
