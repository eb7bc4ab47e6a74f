//! Labels: what an independent reader makes of them, and who may print them.

use crate::support::{Reply, TestApp, both};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::Command;

/// A kit's code.
async fn kit(app: &TestApp) -> String {
    let types = app.developer().get("/kit-types").await.ok();
    let id = match types["items"][0]["id"].as_str() {
        Some(id) => id.to_owned(),
        None => app.admin().post("/kit-types", json!({ "name": "Bee-Bot" })).await.created(),
    };
    let added = app.warehouse().post("/kits", json!({ "kit_type_id": id })).await;
    added.json["code"].as_str().unwrap().to_owned()
}

/// What zbarimg reads in a picture, sorted.
fn decoded(picture: &std::path::Path) -> Vec<String> {
    let output =
        Command::new("zbarimg").args(["--quiet", "--raw"]).arg(picture).output().expect("zbarimg, see tests/run");
    let mut codes: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    codes.sort();
    codes
}

/// What zbarimg reads on the pages of a PDF, sorted. Looking at a whole page at once, it overlooks a label now and then,
/// another one at each resolution; so it looks at several, as a hand moves a phone.
fn decoded_pdf(pdf: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("labels.pdf");
    std::fs::write(&file, pdf).unwrap();
    let mut codes = BTreeSet::new();
    for resolution in ["150", "203", "300", "600"] {
        let page = folder.path().join(format!("page-{resolution}"));
        let made = Command::new("pdftoppm").args(["-r", resolution, "-gray", "-png"]).arg(&file).arg(&page).status();
        assert!(made.expect("pdftoppm, see tests/run").success());
    }
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "png") {
            codes.extend(decoded(&path));
        }
    }
    codes.into_iter().collect()
}

fn payload(code: &str) -> String {
    format!("HTTPS://LADA.LINDVALLA.EXAMPLE/K/{code}")
}

#[track_caller]
fn file(reply: Reply, media_type: &str) -> Vec<u8> {
    assert_eq!((reply.status, reply.header("content-type")), (200, media_type), "{}", reply.text());
    reply.bytes
}

both! {
    async fn an_independent_reader_reads_the_label_in_every_format(app: &TestApp) {
        let code = kit(app).await;
        let warehouse = app.warehouse();
        let folder = tempfile::tempdir().unwrap();
        let picture = folder.path().join("label.png");
        for size in ["", "?size=150", "?size=2000"] {
            let png = file(warehouse.get(&format!("/kits/{code}/label.png{size}")).await, "image/png");
            std::fs::write(&picture, png).unwrap();
            assert_eq!(decoded(&picture), [payload(&code)], "{size}");
        }
        for size in ["", "?size=62x38", "?size=L7160"] {
            let pdf = file(warehouse.get(&format!("/kits/{code}/label.pdf{size}")).await, "application/pdf");
            assert_eq!(decoded_pdf(&pdf), [payload(&code)], "{size}");
        }
        let svg = file(warehouse.get(&format!("/kits/{}/label.svg", code.to_lowercase())).await, "image/svg+xml");
        let svg = String::from_utf8(svg).unwrap();
        assert!(svg.starts_with("<svg") && svg.contains("Bee-Bot A") && svg.contains("Lindvalla kommun"), "{svg}");
        let zpl = file(warehouse.get(&format!("/kits/{code}/label.zpl")).await, "application/zpl");
        assert!(String::from_utf8(zpl).unwrap().contains(&payload(&code)));
    }

    async fn a_sheet_has_every_label_once(app: &TestApp) {
        let mut codes = Vec::new();
        for _ in 0..20 {
            codes.push(kit(app).await);
        }
        let body = json!({ "codes": codes, "sheet": "L7163", "start": 3 });
        let pdf = file(app.warehouse().post("/labels", body).await, "application/pdf");
        let mut expected: Vec<String> = codes.iter().map(|code| payload(code)).collect();
        expected.sort();
        assert_eq!(decoded_pdf(&pdf), expected);
    }

    async fn what_cannot_be_printed_is_told(app: &TestApp) {
        let (code, gone) = (kit(app).await, kit(app).await);
        let warehouse = app.warehouse();
        assert_eq!(warehouse.delete(&format!("/kits/{gone}")).await.status, 204);
        let print = async |body: Value| warehouse.post("/labels", body).await;
        print(json!({ "codes": [] })).await.wrong(&["codes: label.none"]);
        print(json!({ "codes": [code, "7K3M9QZ", gone, ""] })).await
            .wrong(&["codes[1]: kit.unknown_code", "codes[2]: kit.retired", "codes[3]: kit.unknown_code"]);
        print(json!({ "codes": [code], "sheet": "L0" })).await.wrong(&["sheet: label.unknown_sheet"]);
        print(json!({ "codes": [code], "start": 15 })).await.wrong(&["start: label.no_such_place"]);
        print(json!({ "codes": vec![code.clone(); 2001] })).await.wrong(&["codes: label.too_many"]);
        warehouse.get(&format!("/kits/{gone}/label.png")).await.refused(409, "kit.retired");
        warehouse.get("/kits/7K3M9QZ/label.png").await.refused(404, "kit.unknown_code");
        for size in ["49", "2001", "-1", "L7163"] {
            warehouse.get(&format!("/kits/{code}/label.png?size={size}")).await.wrong(&["size: label.pixels"]);
        }
        warehouse.get(&format!("/kits/{code}/label.svg?size=5x5")).await.wrong(&["size: label.unknown_sheet"]);
        warehouse.get(&format!("/kits/{code}/label.gif")).await.refused(404, "request.no_such_page");
    }

    async fn labels_are_the_lender_s_own(app: &TestApp) {
        let code = kit(app).await;
        let unit = app.unit("Lyktans förskola").await;
        let path = format!("/kits/{code}/label.png");
        app.borrower(&unit).await.get(&path).await.refused(403, "auth.forbidden");
        app.signed_out().get(&path).await.refused(401, "auth.signed_out");
        app.stranger().get(&path).await.refused(404, "kit.unknown_code");
        app.stranger().post("/labels", json!({ "codes": [code] })).await.wrong(&["codes[0]: kit.unknown_code"]);
        app.developer().post("/labels", json!({ "codes": [code] })).await.refused(403, "auth.forbidden");
        assert_eq!(app.developer().get(&path).await.status, 200);
    }
}
