//! Labels: what an independent reader makes of them, and who may print them.

use crate::support::{Reply, TestApp, both};
use digilador::kits::code::Code;
use digilador::labels::pdf;
use digilador::labels::render::Label;
use digilador::labels::sheets::Sheets;
use digilador::labels::stock::{self, Fits, Form, Stock, USUAL};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A kit's code.
pub async fn kit(app: &TestApp) -> String {
    let types = app.developer().get("/kit-types").await.ok();
    let id = match types["items"][0]["id"].as_str() {
        Some(id) => id.to_owned(),
        None => app.admin().post("/kit-types", json!({ "name": "Bee-Bot" })).await.created(),
    };
    let added = app.warehouse().post("/kits", json!({ "kit_type_id": id })).await;
    added.json["code"].as_str().unwrap().to_owned()
}

/// What zbarimg reads in a picture, sorted.
pub fn decoded(picture: &std::path::Path) -> Vec<String> {
    let output =
        Command::new("zbarimg").args(["--quiet", "--raw"]).arg(picture).output().expect("zbarimg, see tests/run");
    let mut codes: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    codes.sort();
    codes
}

/// What zbarimg reads on the pages of a PDF, sorted. Looking at a whole page at once, it overlooks a label now and then,
/// another one at each resolution; so it looks at several, as a hand moves a phone.
pub fn decoded_pdf(pdf: &[u8]) -> Vec<String> {
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

pub fn payload(code: &str) -> String {
    format!("HTTPS://LADA.LINDVALLA.SE/K/{code}")
}

#[track_caller]
fn file(reply: Reply, media_type: &str) -> Vec<u8> {
    assert_eq!((reply.status, reply.header("content-type")), (200, media_type), "{}", reply.text());
    reply.bytes
}

/// A label for a code, as long as the payload of an ordinary municipality.
fn label(number: usize) -> Label {
    let first = 7_000_000 + u32::try_from(number).unwrap() * 4_711;
    let code = (first..).find_map(Code::from_value).unwrap();
    Label {
        payload: code.payload("https://lada.lindvalla.se"),
        code: code.to_string(),
        title: "Bee-Bot".to_owned(),
        copy: number.to_string(),
        owner: "Lindvalla kommun, 021-00 00 00".to_owned(),
        note: "Skanna: innehåll, tips och utvärdering".to_owned(),
    }
}

/// A page of a PDF as dots.
fn rendered(pdf: &[u8], dots_per_inch: u32, folder: &Path, name: &str) -> PathBuf {
    let file = folder.join(format!("{name}.pdf"));
    std::fs::write(&file, pdf).unwrap();
    let picture = folder.join(format!("{name}-{dots_per_inch}"));
    let made = Command::new("pdftoppm")
        .args(["-r", &dots_per_inch.to_string(), "-gray", "-png", "-singlefile"])
        .arg(&file)
        .arg(&picture)
        .status();
    assert!(made.expect("pdftoppm, see tests/run").success());
    picture.with_extension("png")
}

/// What two decoders read in pictures, after what is done to them; see read_labels.py.
fn read(jobs: &[Value]) -> Vec<(String, Vec<String>, Vec<String>)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/support/read_labels.py");
    let mut reader =
        Command::new("/usr/bin/python3").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let lines: String = jobs.iter().map(|job| format!("{job}\n")).collect();
    let mut input = reader.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()).unwrap());
    let output = reader.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "the decoders did not run; tests/run installs what they need");
    let texts = |value: &Value| -> Vec<String> { serde_json::from_value(value.clone()).unwrap() };
    let line = |line: &str| {
        let read: Value = serde_json::from_str(line).unwrap();
        (read["as"].as_str().unwrap().to_owned(), texts(&read["zbar"]), texts(&read["zxing"]))
    };
    String::from_utf8(output.stdout).unwrap().lines().map(line).collect()
}

/// The part of a page where a label lies, in dots.
fn place(stock: &Stock, place: u32, dots_per_inch: u32) -> [u32; 4] {
    let dots = |mm: f32| (mm / 25.4 * dots_per_inch as f32).round().max(0.0) as u32;
    let (x, y) = stock.corner(place);
    [dots(x), dots(y), dots(x + stock.width), dots(y + stock.height)]
}

/// Every label of every sheet, cut out as a phone would see it, is read by both decoders, at the dots of an office printer
/// and of a label printer. What else was tried with one label is told in a table, which `tests/run` prints.
#[test]
fn every_label_is_read_by_two_decoders() {
    let folder = tempfile::tempdir().unwrap();
    let (mut jobs, mut expected) = (Vec::new(), Vec::new());
    for stock in stock::all().iter().filter(|stock| stock.fits != Fits::Text) {
        let count = stock.per_page();
        let labels: Vec<Label> = (0..count as usize).map(label).collect();
        let pdf = pdf::pdf(&labels, &Sheets::of(stock)).unwrap();
        for dots in [203, 300] {
            let page = rendered(&pdf, dots, folder.path(), &stock.name);
            for (at, label) in (0..count).zip(&labels) {
                jobs.push(json!({ "picture": page, "as": format!("{} {dots} {at}", stock.name), "crop": place(stock, at, dots) }));
                expected.push(label.payload.clone());
            }
        }
    }
    let found = read(&jobs);
    let wrong: Vec<_> = found
        .iter()
        .zip(&expected)
        .filter(|((_, zbar, zxing), payload)| zbar != &[(*payload).clone()] || zxing != &[(*payload).clone()])
        .collect();
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), found.len());
    let mut table = format!(
        "{} labels on {} kinds of stock, at 203 and 300 dots per inch: all read by ZBar and by ZXing\n",
        found.len() / 2,
        stock::all().len() - 1
    );

    // The usual label and the smallest one, as labels are met: turned, at a slant, blurred, pale, scratched.
    for name in [USUAL, "L4732"] {
        let stock = Stock::named(name).unwrap();
        let label = label(3);
        let page = rendered(
            &pdf::pdf(std::slice::from_ref(&label), &Sheets::of(&stock)).unwrap(),
            300,
            folder.path(),
            &format!("{name}-one"),
        );
        let module = (stock.height - 1.0) / 37.0 / 25.4 * 300.0;
        let (start, side) = (0.5 / 25.4 * 300.0 + 4.0 * module, 29.0 * module);
        let tries: [(&str, &str, &[f64], f64); 7] = [
            ("turned by", "turn", &[5.0, 15.0, 30.0, 45.0, 60.0, 90.0, 180.0], 180.0),
            ("at a slant of", "tilt", &[0.02, 0.05, 0.08, 0.12], 0.08),
            ("blurred by", "blur", &[0.5, 1.0, 1.5, 2.0, 2.5, 3.0], if name == USUAL { 2.5 } else { 1.0 }),
            ("at a contrast of", "contrast", &[0.6, 0.4, 0.3, 0.2, 0.1], 0.3),
            ("smaller, by", "scale", &[0.75, 0.5, 0.35], if name == USUAL { 0.5 } else { 0.75 }),
            ("covered in the middle", "cover", &[0.02, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2], 0.08),
            // Level Q mends 18 of the 70 codewords of such a code, 26 %; what is torn off the corner are so many.
            ("torn off, codewords", "lost", &[6.0, 12.0, 16.0, 18.0, 20.0, 22.0, 26.0], 18.0),
        ];
        for (words, change, amounts, must) in tries {
            let jobs: Vec<Value> = amounts
                .iter()
                .map(|amount| {
                    let code = [start, start, start + side, start + side];
                    json!({ "picture": page, "as": amount.to_string(), "crop": place(&stock, 0, 300), change: amount, "code": code })
                })
                .collect();
            table.push_str(&format!("{name:<6} {words:<21}"));
            for ((amount, zbar, zxing), value) in read(&jobs).into_iter().zip(amounts) {
                let by = |read: &[String]| if read == [label.payload.clone()] { "yes" } else { "no" };
                table.push_str(&format!(" {amount}: {}/{}", by(&zbar), by(&zxing)));
                let easy = if matches!(change, "contrast" | "scale") { *value >= must } else { *value <= must };
                let (zbar, zxing) = (zbar == [label.payload.clone()], zxing == [label.payload.clone()]);
                let held = if change == "lost" { zbar && zxing } else { zbar || zxing };
                assert!(!easy || held, "{name} {words} {amount}");
            }
            table.push('\n');
        }
    }
    table.push_str("(ZBar/ZXing)\n");
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("labels-read.txt"), table).unwrap();
}

/// What stands on the page stands where the stock's table says, to a fifth of a millimetre, with four modules of white
/// around each code.
#[test]
fn codes_stand_in_their_places() {
    const DOTS: u32 = 600;
    let folder = tempfile::tempdir().unwrap();
    let mm = |dots: f32| dots / DOTS as f32 * 25.4;
    let with_codes = stock::all().iter().filter(|stock| stock.fits != Fits::Text).map(|stock| (stock, (0.0, 0.0)));
    let usual = Stock::named(USUAL).unwrap();
    for (stock, offset) in with_codes.chain([(&usual, (1.5, -0.7))]) {
        let labels: Vec<Label> = (0..stock.per_page() as usize).map(label).collect();
        let sheets = Sheets { offset, ..Sheets::of(stock) };
        let page = rendered(&pdf::pdf(&labels, &sheets).unwrap(), DOTS, folder.path(), "page");
        let page = image::open(page).unwrap().into_luma8();
        let edge = stock.margin.max(0.5);
        let side = (stock.height - 2.0 * edge).min(stock.width * 0.5).min(46.0);
        let module = side / 37.0;
        for at in 0..u32::try_from(labels.len()).unwrap() {
            let (x, y) = stock.corner(at);
            // No dark begins in the 4.5 mm along a sheet's edge where printers do not print.
            let from = if stock.form == Form::Sheet { stock.left + edge + 4.0 * module } else { 4.5 };
            let (left, top) = (x + edge + 4.0 * module, y + (stock.height - side) / 2.0 + 4.0 * module);
            let (left, top) = (left + (4.5 - from).max(0.0) + offset.0, top + offset.1);
            let dots = |mm: f32| (mm / 25.4 * DOTS as f32).round() as u32;
            // From the edge of the quiet zone inwards: the first dark dot in each direction.
            let (from_x, to_x) = (dots(left - 4.0 * module), dots(left + 33.0 * module));
            let (from_y, to_y) = (dots(top - 4.0 * module), dots(top + 33.0 * module));
            let dark: Vec<(u32, u32)> = (from_y..to_y)
                .flat_map(|y| (from_x..to_x).map(move |x| (x, y)))
                .filter(|(x, y)| page.get_pixel_checked(*x, *y).is_some_and(|dot| dot.0[0] < 128))
                .collect();
            let bounds = [
                (dark.iter().map(|dot| dot.0).min().unwrap(), left),
                (dark.iter().map(|dot| dot.0).max().unwrap() + 1, left + 29.0 * module),
                (dark.iter().map(|dot| dot.1).min().unwrap(), top),
                (dark.iter().map(|dot| dot.1).max().unwrap() + 1, top + 29.0 * module),
            ];
            for (found, told) in bounds {
                assert!(
                    (mm(found as f32) - told).abs() < 0.2,
                    "{} {at}: {} instead of {told}",
                    stock.name,
                    mm(found as f32)
                );
            }
        }
    }
}

/// Where there is room for words alone, they stand in the middle of their label, and begin beside its edge.
#[test]
fn words_alone_stand_in_their_places() {
    const DOTS: u32 = 600;
    let folder = tempfile::tempdir().unwrap();
    let mm = |dots: u32| dots as f32 / DOTS as f32 * 25.4;
    for stock in stock::all().iter().filter(|stock| stock.fits == Fits::Text) {
        let labels: Vec<Label> = (0..stock.per_page() as usize).map(label).collect();
        let page = rendered(&pdf::pdf(&labels, &Sheets::of(stock)).unwrap(), DOTS, folder.path(), &stock.name);
        let page = image::open(page).unwrap().into_luma8();
        for at in 0..stock.per_page() {
            let [left, top, right, bottom] = place(stock, at, DOTS);
            let dark = || {
                (top..bottom)
                    .flat_map(|y| (left..right).map(move |x| (x, y)))
                    .filter(|(x, y)| page.get_pixel(*x, *y).0[0] < 128)
            };
            let (first, last) = (dark().map(|dot| dot.1).min().unwrap(), dark().map(|dot| dot.1).max().unwrap());
            let apart = (mm(first - top) - mm(bottom - 1 - last)).abs();
            assert!(apart < 0.4, "{} {at}: {} above, {} below", stock.name, mm(first - top), mm(bottom - 1 - last));
            let begins = mm(dark().map(|dot| dot.0).min().unwrap() - left);
            assert!((1.9..2.4).contains(&begins), "{} {at}: {begins} from the edge", stock.name);
        }
    }
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
        for query in ["?dpi=203", "?dpi=300&size=62x38", "?dpi=300&size=99012"] {
            let png = file(warehouse.get(&format!("/kits/{code}/label.png{query}")).await, "image/png");
            std::fs::write(&picture, png).unwrap();
            assert_eq!(decoded(&picture), [payload(&code)], "{query}");
        }
        let zpl = file(warehouse.get(&format!("/kits/{code}/label.zpl")).await, "application/zpl");
        assert!(String::from_utf8(zpl).unwrap().starts_with("^XA\n^PW792\n^LL30"));
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
        print(json!({ "codes": [code], "copies": 21 })).await.wrong(&["copies: field.range"]);
        print(json!({ "codes": vec![code.clone(); 2000], "copies": 3 })).await.wrong(&["copies: label.too_many"]);
        warehouse.get(&format!("/kits/{code}/label.zpl?dpi=99")).await.wrong(&["dpi: label.dots"]);
        for format in ["png", "zpl"] {
            let huge = warehouse.get(&format!("/kits/{code}/label.{format}?size=300x300&dpi=600")).await;
            huge.wrong(&["size: label.too_large"]);
        }
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

    async fn a_label_is_printed_before_there_is_a_kit_for_it(app: &TestApp) {
        let warehouse = app.warehouse();
        let drawn = warehouse.post("/codes", json!({ "count": 3 })).await;
        assert_eq!(drawn.status, 201);
        let blanks: Vec<String> = serde_json::from_value(drawn.json["codes"].clone()).unwrap();
        let pdf = file(warehouse.post("/labels", json!({ "codes": blanks })).await, "application/pdf");
        let mut expected: Vec<String> = blanks.iter().map(|code| payload(code)).collect();
        expected.sort();
        assert_eq!(decoded_pdf(&pdf), expected);
        assert_eq!(warehouse.get("/codes").await.ok()["items"].as_array().unwrap().len(), 3);

        // Nobody can do anything with it yet; whoever finds it is told whose it is.
        let (blank, other) = (&blanks[0], &blanks[1]);
        warehouse.post("/scans", json!({ "code": blank, "action": "auto" })).await.refused(409, "code.blank");
        warehouse.get(&format!("/kits/{blank}")).await.refused(409, "code.blank");
        let page = app.browser().get(&format!("/k/{blank}")).await.text();
        assert!(page.contains("Lindvalla kommun") && page.contains("hör inte till någon låda än"), "{page}");

        // Put on a kit, both codes lead to it.
        let code = kit(app).await;
        let bound = warehouse.post(&format!("/kits/{code}/codes"), json!({ "code": blank })).await;
        assert_eq!((bound.status, &bound.json["code"]), (200, &json!(code)));
        assert_eq!(warehouse.get(&format!("/kits/{blank}")).await.ok()["code"], json!(code));
        let again = warehouse.post(&format!("/kits/{code}/codes"), json!({ "code": blank })).await;
        again.refused(409, "code.taken");
        let unknown = warehouse.post(&format!("/kits/{code}/codes"), json!({ "code": "000-16JD" })).await;
        unknown.refused(404, "code.unknown");
        app.stranger().post(&format!("/kits/{code}/codes"), json!({ "code": other })).await.refused(404, "kit.unknown_code");
        assert_eq!(warehouse.get("/codes").await.ok()["items"].as_array().unwrap().len(), 2);

        // Through the page, as somebody with the box in their arms does it.
        let browser = app.browser_of(&warehouse);
        let form = browser.get(&format!("/k/{other}")).await.text();
        assert!(form.contains(&format!("action=\"/k/{}-{}/koppla\"", &other[..3], &other[3..])), "{form}");
        let wrong = browser.post(&format!("/k/{other}/koppla"), &[("kit", "7K3-M9QZ")]).await;
        assert_eq!(wrong.status, 422);
        let done = browser.post(&format!("/k/{other}/koppla"), &[("kit", code.as_str())]).await;
        assert_eq!(done.status, 303);
        assert!(browser.get(&format!("/k/{other}")).await.text().contains("Bee-Bot A"));
    }

    async fn a_mistake_leaves_no_blank_codes_behind(app: &TestApp) {
        let browser = app.browser_of(&app.warehouse());
        let wrong = browser.post("/lager/etiketter/tomma", &[("count", "20"), ("sheet", "L0")]).await;
        assert_eq!(wrong.status, 422);
        assert_eq!(app.count("SELECT count(*) FROM kit_codes"), 0);
        let printed = browser.post("/lager/etiketter/tomma", &[("count", "3"), ("sheet", "L7163")]).await;
        assert_eq!(decoded_pdf(&printed.bytes).len(), 3);
        let again = browser.post("/lager/etiketter/tomma", &[("again", "yes"), ("sheet", "L7160")]).await;
        assert_eq!(decoded_pdf(&again.bytes), decoded_pdf(&printed.bytes));
        let page = browser.get("/lager/etiketter").await.text();
        assert!(page.contains("Skriv ut de 3 som inte är använda igen") && page.contains("Släng de gamla först"), "{page}");
        // A form that is sent twice draws codes once.
        let form = [("key", "018f3f3e-7b1a-7000-8000-000000000001"), ("count", "2"), ("sheet", "L7163")];
        let (once, twice) = (browser.post("/lager/etiketter/tomma", &form).await, browser.post("/lager/etiketter/tomma", &form).await);
        assert_eq!(decoded_pdf(&once.bytes), decoded_pdf(&twice.bytes));
        assert_eq!(app.count("SELECT count(*) FROM kit_codes"), 5);
        assert_eq!(app.count("SELECT count(*) FROM label_prints"), 3 + 3 + 2);
    }

    async fn what_is_chosen_stays_chosen(app: &TestApp) {
        let (code, other) = (kit(app).await, kit(app).await);
        let warehouse = app.warehouse();
        let save = json!({ "name": "Rullen", "stock": "62x38", "offset_x": 1.0 });
        let printer = warehouse.post("/printers", save).await.created();
        let browser = app.browser_of(&warehouse);
        let printed = |code: &str| format!("{}-{}", &code[..3], &code[3..]);
        // The only printer is chosen, and its own size of labels can be.
        let page = browser.get("/lager/etiketter").await.text();
        assert!(page.contains(&format!("value=\"{printer}\" data-stock=\"62x38\" selected")), "{page}");
        assert!(page.contains("<option value=\"62x38\" selected>62 × 38 mm · en etikett på varje sida"), "{page}");
        // Another filter hides a kit that is chosen; it stays, and so does all else.
        let query = format!("shelf=Z&code={}&codes={}&sheet=L7160&start=3&copies=2&kind=lid&printer=", printed(&code), printed(&other));
        let page = browser.get(&format!("/lager/etiketter?{query}")).await.text();
        assert!(page.contains(&format!("value=\"{}\" checked", printed(&code))), "{page}");
        for kept in [">{}</textarea>".replace("{}", &printed(&other)), "value=\"L7160\" selected".to_owned(), "value=\"lid\" selected".to_owned()] {
            assert!(page.contains(&kept), "{kept}: {page}");
        }
        assert!(page.contains("copies=2") && page.contains("start=3"), "the picture shows it, too: {page}");
        // The picture is as the print: each twice, moved as the printer wants it, and nothing from a place there is none.
        let picture = async |query: &str| browser.get(&format!("/lager/etiketter/sida.svg?codes={code}&kind=box&{query}")).await.text();
        assert_eq!(picture("sheet=L7163&start=3&copies=2").await.matches("<path").count(), 2);
        assert_eq!(picture("sheet=L7163&start=99&copies=2").await.matches("<path").count(), 0);
        assert!(picture(&format!("sheet=62x38&start=1&copies=1&printer={printer}")).await.contains("translate(1.00 0.00)"));
        // Ticked and typed is once; and where it was printed is where the next is.
        let typed = printed(&code);
        let form = [("code", code.as_str()), ("codes", typed.as_str()), ("kind", "box"), ("sheet", "L7163"), ("start", "1"), ("copies", "1"), ("printer", "")];
        browser.post("/lager/etiketter", &form).await;
        assert_eq!(app.count("SELECT count(*) FROM label_prints"), 1);
        assert!(!browser.get("/lager/etiketter").await.text().contains("data-stock=\"62x38\" selected"), "not on the printer");
        // A printer that is gone is a mistake in its field.
        let gone = [&form[..6], &[("printer", "018f3f3e-7b1a-7000-8000-000000000002")][..]].concat();
        let refused = browser.post("/lager/etiketter", &gone).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("Skrivaren finns inte längre"));
        // What label printers take.
        let roll = async |format: &str| {
            let form = [("code", code.as_str()), ("kind", "box"), ("sheet", "62x38"), ("start", "1"), ("copies", "2"), ("as", format)];
            browser.post("/lager/etiketter", &form).await
        };
        let zpl = roll("zpl").await;
        assert_eq!(zpl.header("content-type"), "application/zpl");
        assert_eq!(zpl.text().matches("^XA").count(), 2);
        assert_eq!(roll("png").await.header("content-type"), "image/png");
        let sheet = [&form[..6], &[("as", "zpl")][..]].concat();
        assert!(browser.post("/lager/etiketter", &sheet).await.text().contains("Välj en rulle"));
        // The printer keeps its size when its page is saved.
        let page = browser.get(&format!("/lager/skrivare/{printer}")).await.text();
        assert!(page.contains("<option value=\"62x38\" selected"), "{page}");
        let save = [("name", "Rullen"), ("stock", "62x38"), ("own_size", "50 x 30,5"), ("offset_x", "1"), ("offset_y", "0"), ("version", "1")];
        assert_eq!(browser.post(&format!("/lager/skrivare/{printer}"), &save).await.status, 303);
        assert_eq!(warehouse.get("/printers").await.ok()[0]["stock"], json!("50x30.5"));
        let too_far = json!({ "name": "Rullen", "stock": "L7163", "offset_x": -10.0 });
        warehouse.post("/printers", too_far).await.wrong(&["offset_x: printer.runs_out"]);
    }

    async fn the_page_tells_what_labels_lack(app: &mut TestApp) {
        let kit_type = app.admin().post("/kit-types", json!({ "name": "🤖 Bee-Bot" })).await.created();
        app.warehouse().post("/kits", json!({ "kit_type_id": kit_type })).await;
        let browser = app.browser_of(&app.warehouse());
        let page = browser.get("/lager/etiketter").await.text();
        assert!(page.contains("Etiketterna saknar tecken") && !page.contains("Ingen har bestämt adressen"), "{page}");
        app.restart(|config| config.label_url_is_set = false).await;
        let page = app.browser_of(&app.warehouse()).get("/lager/etiketter").await.text();
        assert!(page.contains("Ingen har bestämt adressen"), "{page}");
        let start = app.browser_of(&app.admin()).get("/admin").await.text();
        assert!(start.contains("Ingen har bestämt adressen på etiketterna"), "{start}");
    }

    async fn a_blank_label_goes_on_a_kit_without_one_or_on_a_new_one(app: &TestApp) {
        let (warehouse, unlabelled) = (app.warehouse(), kit(app).await);
        let drawn = warehouse.post("/codes", json!({ "count": 2 })).await;
        let blanks: Vec<String> = serde_json::from_value(drawn.json["codes"].clone()).unwrap();
        file(warehouse.post("/labels", json!({ "codes": blanks })).await, "application/pdf");
        let browser = app.browser_of(&warehouse);
        let value = format!("value=\"{}-{}\"", &unlabelled[..3], &unlabelled[3..]);
        let page = browser.get(&format!("/k/{}", blanks[0])).await.text();
        assert!(page.contains(&value) && page.contains("utan etikett"), "{page}");
        let none = browser.post(&format!("/k/{}/koppla", blanks[0]), &[]).await;
        assert_eq!(none.status, 422);
        assert!(none.text().contains("Ingen låda är vald"));
        // Its own code is on no label, so it goes by the one that is.
        let chosen = browser.post(&format!("/k/{}/koppla", blanks[0]), &[("chosen", unlabelled.as_str())]).await;
        assert_eq!(chosen.status, 303);
        assert_eq!(warehouse.get(&format!("/kits/{unlabelled}")).await.ok()["code"], json!(blanks[0]));
        let kit_type = warehouse.get("/kit-types").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
        let page = browser.get(&format!("/k/{}", blanks[1])).await.text();
        assert!(!page.contains("Bee-Bot A"), "it has a label now: {page}");
        let page = browser.get(&format!("/k/{}?kit_type_id={kit_type}", blanks[1])).await.text();
        assert!(page.contains("Ny låda av typen Bee-Bot") && page.contains("har en etikett"), "{page}");
        let new = browser.post(&format!("/k/{}/koppla", blanks[1]), &[("kit_type_id", &kit_type), ("new", "yes")]).await;
        assert_eq!(new.status, 303);
        let new = warehouse.get(&format!("/kits/{}", blanks[1])).await.ok();
        assert_eq!((&new["code"], &new["copy"]), (&json!(blanks[1]), &json!("B")));
    }

    async fn a_replaced_code_says_so_and_its_kit_goes_on(app: &TestApp) {
        let warehouse = app.warehouse();
        let old = kit(app).await;
        let replaced = warehouse.post(&format!("/kits/{old}/replace-code"), json!({})).await.ok();
        let new = replaced["code"].as_str().unwrap().to_owned();
        assert_ne!(old, new);
        let refused = warehouse.post("/scans", json!({ "code": old, "action": "auto" })).await;
        assert_eq!(refused.json["code_now"], json!(new));
        refused.refused(409, "code.replaced");
        warehouse.post(&format!("/kits/{old}/replace-code"), json!({})).await.refused(409, "code.replaced");
        assert_eq!(warehouse.get(&format!("/kits/{new}")).await.ok()["code"], json!(new));
        let page = app.browser_of(&warehouse).get(&format!("/k/{old}")).await.text();
        assert!(page.contains("Etiketten är ersatt"), "{page}");
        assert!(app.browser().get(&format!("/k/{old}")).await.text().contains("Lådan har en nyare etikett"));
        let codes = warehouse.get(&format!("/kits/{new}/codes")).await.ok();
        assert_eq!((&codes[0]["code"], codes[0]["retired_at"].is_string()), (&json!(old), true));
        // A label for the old code would lead nowhere.
        warehouse.post("/labels", json!({ "codes": [old] })).await.wrong(&["codes[0]: code.replaced"]);
        warehouse.get(&format!("/kits/{old}/label.pdf")).await.refused(409, "code.replaced");
        let form = [("codes", old.as_str()), ("kind", "box"), ("sheet", "L7163"), ("start", "1"), ("copies", "1")];
        let refused = app.browser_of(&warehouse).post("/lager/etiketter", &form).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains(&format!("Lådan har koden {}-{} nu", &new[..3], &new[3..])), "{}", refused.text());
        assert_eq!(app.browser().get(&format!("/K/{old}/")).await.status, 200, "also as some write it, with a slash");
        app.stranger().get(&format!("/kits/{old}")).await.refused(404, "kit.unknown_code");

        // The database keeps a code with its kit, whoever asks.
        let other = kit(app).await;
        let told = |statement: String| app.directly(|conn| diesel::connection::SimpleConnection::batch_execute(conn, &statement).is_err());
        assert!(told(format!("UPDATE kit_codes SET kit_id = (SELECT id FROM kits WHERE code = '{other}') WHERE code = '{old}'")));
        assert!(told(format!("UPDATE kits SET code = '{old}' WHERE code = '{other}'")));
        assert!(told(format!("DELETE FROM kit_codes WHERE code = '{old}'")));
        assert!(told(format!("INSERT INTO kit_codes (code, organisation_id, added_at) SELECT code, organisation_id, created_at FROM kits WHERE code = '{other}'")));
    }

    async fn what_was_printed_is_noted(app: &TestApp) {
        let (code, other) = (kit(app).await, kit(app).await);
        let browser = app.browser_of(&app.warehouse());
        let list = async || browser.get("/lager/etiketter?unprinted=yes").await.text();
        let box_of = |code: &str| format!("value=\"{}-{}\"", &code[..3], &code[3..]);
        let before = list().await;
        assert!(before.contains(&box_of(&code)) && before.contains(&box_of(&other)), "{before}");
        let odd = [("code", code.as_str()), ("kind", "lid2"), ("sheet", "L7163"), ("start", "1"), ("copies", "1")];
        let odd = browser.post("/lager/etiketter", &odd).await;
        assert!(odd.status == 422 && odd.text().contains("href=\"#kind\""), "{}", odd.text());
        let form = [("code", code.as_str()), ("kind", "box"), ("sheet", "L7163"), ("start", "2"), ("copies", "2")];
        let printed = browser.post("/lager/etiketter", &form).await;
        assert_eq!(printed.header("content-type"), "application/pdf");
        assert_eq!(decoded_pdf(&printed.bytes), [payload(&code)]);
        let after = list().await;
        assert!(!after.contains(&box_of(&code)) && after.contains(&box_of(&other)), "{after}");
        let none = browser.post("/lager/etiketter", &form[1..]).await;
        assert_eq!(none.status, 422);
        assert!(none.text().contains("Ingen låda är vald"));
        // A card is no label, and a new code is on none.
        browser.get(&format!("/api/v1/kits/{other}/card.pdf")).await;
        assert!(list().await.contains(&box_of(&other)));
        let new = app.warehouse().post(&format!("/kits/{code}/replace-code"), json!({})).await.ok();
        let new = new["code"].as_str().unwrap().to_owned();
        assert!(list().await.contains(&box_of(&new)));
        // Any of a kit's codes will do, also one that was printed before it came on the kit.
        let blank = app.warehouse().post("/codes", json!({ "count": 1 })).await.json["codes"][0].as_str().unwrap().to_owned();
        app.warehouse().post("/labels", json!({ "codes": [blank] })).await;
        app.warehouse().post(&format!("/kits/{new}/codes"), json!({ "code": blank })).await.ok();
        assert!(!list().await.contains(&box_of(&new)));
        assert_eq!(app.count("SELECT count(*) FROM label_prints WHERE kind = 'card'"), 1);
        let code = new;
        let picture = browser.get(&format!("/lager/etiketter/sida.svg?codes={code}&sheet=L7160&kind=part&start=3")).await;
        assert_eq!(picture.header("content-type"), "image/svg+xml");
        assert!(picture.text().contains("Bee-Bot A"));
    }

    async fn a_contents_card_says_what_to_count(app: &TestApp) {
        let contents = json!([{ "name": "Blå robot", "quantity": 6, "kind": "essential" }]);
        let kit_type = json!({ "name": "Blue-Bot", "contents": contents, "power": "Sladden ligger i locket.", "get_started": "Slå på." });
        let kit_type = app.admin().post("/kit-types", kit_type).await.created();
        let added = app.warehouse().post("/kits", json!({ "kit_type_id": kit_type })).await;
        let code = added.json["code"].as_str().unwrap().to_owned();
        let pdf = file(app.warehouse().get(&format!("/kits/{code}/card.pdf")).await, "application/pdf");
        assert_eq!(decoded_pdf(&pdf), [payload(&code)]);
        let folder = tempfile::tempdir().unwrap();
        let card = folder.path().join("card.pdf");
        std::fs::write(&card, &pdf).unwrap();
        let words = Command::new("pdftotext").arg(&card).arg("-").output().expect("pdftotext, see tests/run");
        let words = String::from_utf8(words.stdout).unwrap().replace('\u{a0}', " ");
        for said in ["Blue-Bot A", "6 × Blå robot", "Sladden ligger i locket.", "Slå på.", "Lindvalla kommun"] {
            assert!(words.contains(said), "{said}: {words}");
        }
        let form = [("code", code.as_str()), ("cards", "yes"), ("sheet", "L7163"), ("start", "1"), ("copies", "1")];
        let cards = app.browser_of(&app.warehouse()).post("/lager/etiketter", &form).await;
        assert_eq!(decoded_pdf(&cards.bytes), [payload(&code)]);
    }

    async fn addresses_that_do_not_last_are_not_printed(app: &mut TestApp) {
        let code = kit(app).await;
        for (address, why) in [
            ("http://localhost:8080", "label.address_local"),
            ("https://10.0.0.7", "label.address_number"),
            ("http://lada.lindvalla.se", "label.address_insecure"),
            ("https://lada.lindvalla.example", "label.address_reserved"),
        ] {
            app.restart(|config| address.clone_into(&mut config.label_url)).await;
            app.warehouse().post("/labels", json!({ "codes": [code] })).await.refused(409, why);
            let refused = app.warehouse().get(&format!("/kits/{code}/label.pdf")).await;
            assert!(refused.text().contains("DIGILADOR_LABEL_URL"), "{}", refused.text());
            refused.refused(409, why);
            let page = app.browser_of(&app.warehouse()).get("/lager/etiketter").await.text();
            assert!(page.contains("Etiketter kan inte skrivas ut än"), "{page}");
            let picture = format!("/lager/etiketter/sida.svg?codes={code}&sheet=L7163&start=1&copies=1");
            let picture = app.browser_of(&app.warehouse()).get(&picture).await.text();
            assert!(picture.contains("DEMO"), "what may not be printed is marked: {picture}");
        }
    }
}
