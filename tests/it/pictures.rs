//! Pictures of kit types: sent, kept, shown, and refused with a reason.

use crate::support::{Actor, Browser, Reply, TestApp, both};
use digilador::platform::web::page::query_value;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageEncoder, ImageFormat, Rgb, RgbImage};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use std::io::Cursor;

/// A picture, red above and blue below.
fn picture(width: u32, height: u32) -> DynamicImage {
    let color = |y: u32| if y < height / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) };
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |_, y| color(y)))
}

pub fn png() -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture(40, 30).write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

/// A photo as a phone takes it: lying on its side, with the place where it was taken.
fn photo() -> Vec<u8> {
    let mut notes = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    notes.extend(b"GPS 59.6099N 16.5448E");
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut file, 90);
    encoder.set_exif_metadata(notes).unwrap();
    picture(1600, 1200).write_with_encoder(encoder).unwrap();
    file
}

async fn kit_type(app: &TestApp, name: &str) -> String {
    app.admin().post("/kit-types", json!({ "name": name })).await.created()
}

async fn send(who: &Actor, kit_type: &str, alt: &str, file: Vec<u8>) -> Reply {
    let path = format!("/kit-types/{kit_type}/pictures?alt={}", query_value(alt));
    Reply::of(who.request(Method::POST, &path).header("content-type", "image/jpeg").body(file)).await
}

async fn send_form(browser: &Browser, app: &TestApp, kit_type: &str, name: &str, file: Vec<u8>) -> Reply {
    let form = Form::new()
        .text("kit_type", kit_type.to_owned())
        .text("alt", "En låda")
        .part("file", Part::bytes(file).file_name(name.to_owned()));
    Reply::of(browser.request(Method::POST, "/admin/bilder").header("origin", &app.base).multipart(form)).await
}

fn shown(file: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(file, ImageFormat::Jpeg).unwrap().to_rgb8()
}

fn alts(kit_type: &Value) -> Vec<&str> {
    kit_type["pictures"].as_array().unwrap().iter().map(|picture| picture["alt"].as_str().unwrap()).collect()
}

both! {
    async fn a_picture_is_kept_small_and_upright_and_tells_nothing_besides(app: &TestApp) {
        let id = kit_type(app, "Bee-Bot").await;
        assert!(photo().windows(3).any(|part| part == b"GPS"));
        let sent = send(&app.admin(), &id, "Sex robotar", photo()).await;
        assert_eq!(sent.status, 201, "{}", sent.text());
        assert_eq!((&sent.json["width"], &sent.json["height"]), (&json!(900), &json!(1200)), "it was turned");
        let [small, large] = ["small", "large"].map(|size| sent.json[size].as_str().unwrap().to_owned());

        let unit = app.unit("Lyktan").await;
        let browser = app.browser_of(&app.borrower(&unit).await);
        let file = browser.get(&large).await;
        assert_eq!((file.status, file.header("content-type")), (200, "image/jpeg"));
        assert_eq!(file.header("cache-control"), "private, max-age=31536000, immutable");
        for file in [&file, &browser.get(&small).await] {
            assert!(!file.bytes.windows(3).any(|part| part == b"GPS") && !file.bytes.windows(4).any(|part| part == b"Exif"));
        }
        let seen = shown(&file.bytes);
        assert_eq!(seen.dimensions(), (900, 1200));
        // Orientation 6: what was above is to the right.
        assert!(seen.get_pixel(850, 600).0[0] > 120 && seen.get_pixel(50, 600).0[0] < 120);
        assert_eq!(shown(&browser.get(&small).await.bytes).dimensions(), (360, 480));
        let known = browser.request(Method::GET, &large).header("if-none-match", file.header("etag"));
        assert_eq!(Reply::of(known).await.status, 304);

        // It stands in the catalogue and on the type's page, with its words; strangers see nothing of it.
        assert!(browser.get("/lador").await.text().contains(&small));
        let page = browser.get(&format!("/lador/{id}")).await.text();
        assert!(page.contains(&large) && page.contains("alt=\"Sex robotar\""));
        assert_eq!(app.browser_of(&app.stranger()).get(&large).await.status, 404);
        assert!(app.browser().get(&large).await.location().starts_with("/logga-in"));
        assert!(!app.browser().get("/").await.text().contains("/bilder/"));
        for none in ["480.png", "9999.jpg", "x"] {
            let address = large.replace("1200.jpg", none);
            assert_eq!(browser.get(&address).await.status, 404, "{address}");
        }
    }

    async fn pictures_are_described_moved_and_removed(app: &TestApp) {
        let (admin, id) = (app.admin(), kit_type(app, "Cubetto").await);
        let mut pictures = Vec::new();
        for alt in ["Lådan", "Brädan", "Mattan"] {
            pictures.push(send(&admin, &id, alt, png()).await.created());
        }
        let [first, second, third] = [0, 1, 2].map(|place| format!("/pictures/{}", pictures[place]));
        admin.put(&third, json!({ "alt": "En matta", "position": 0 })).await.ok();
        admin.put(&second, json!({ "alt": "Brädan", "position": 99 })).await.ok();
        let shown = admin.get(&format!("/kit-types/{id}")).await.ok();
        assert_eq!(alts(&shown), ["En matta", "Lådan", "Brädan"]);
        admin.put(&first, json!({ "alt": " " })).await.wrong(&["alt: field.missing"]);
        app.stranger().put(&first, json!({ "alt": "Min" })).await.refused(404, "picture.not_found");
        assert_eq!(admin.delete(&first).await.status, 204);
        admin.delete(&first).await.refused(404, "picture.not_found");
        assert_eq!(alts(&admin.get(&format!("/kit-types/{id}")).await.ok()), ["En matta", "Brädan"]);
        assert_eq!(app.count("SELECT count(*) FROM picture_files"), 4);
        for (what, times) in [("added", 3), ("changed", 2), ("removed", 1)] {
            let events = format!("SELECT count(*) FROM events WHERE action = 'kit_type.picture_{what}'");
            assert_eq!(app.count(&events), times, "{what}");
        }
        for _ in 2..8 {
            send(&admin, &id, "En till", png()).await.created();
        }
        send(&admin, &id, "En för mycket", png()).await.refused(409, "picture.too_many");

        // The same command twice is one picture; another picture under the same key is refused.
        let other = kit_type(app, "KUBO").await;
        let once = admin.with("idempotency-key", "bild-1");
        let [one, two] = [send(&once, &other, "En", png()).await, send(&once, &other, "En", png()).await];
        assert_eq!(one.json, two.json);
        assert_ne!(send(&once, &other, "Två", png()).await.status, 201);
        assert_eq!(alts(&admin.get(&format!("/kit-types/{other}")).await.ok()), ["En"]);
    }

    async fn a_picture_may_show_one_part_and_stands_on_the_contents_card(app: &TestApp) {
        let (admin, id) = (app.admin(), kit_type(app, "Blue-Bot").await);
        let saved = admin.get(&format!("/kit-types/{id}")).await.ok();
        let mut save = saved.clone();
        let version = saved["version"].clone();
        for gone in ["id", "pictures", "courses", "kits", "retired", "version"] {
            save.as_object_mut().unwrap().remove(gone);
        }
        save["contents"] = json!([
            { "name": "Robot", "quantity": 6, "kind": "essential" },
            { "name": "Matta", "quantity": 1, "kind": "replaceable" },
        ]);
        let put = admin.with("if-match", &version.to_string());
        let saved = put.put(&format!("/kit-types/{id}"), save.clone()).await.ok();
        let robot = saved["contents"][0]["id"].as_str().unwrap().to_owned();
        let send_part = async |line: &str| {
            let path = format!("/kit-types/{id}/pictures?alt=Delen&content_line_id={line}");
            Reply::of(admin.request(Method::POST, &path).header("content-type", "image/png").body(png())).await
        };
        let part = send_part(&robot).await.created();
        send_part(&robot).await.refused(409, "picture.part_has_one");
        send_part(&id).await.wrong(&["content_line_id: picture.no_such_line"]);
        let shown = admin.get(&format!("/kit-types/{id}")).await.ok();
        assert_eq!(shown["pictures"][0]["content_line_id"], robot.as_str());
        let page = app.browser_of(&admin).get(&format!("/lador/{id}")).await;
        assert_eq!(page.text().matches("class=\"piece\"").count(), 1);

        send(&admin, &id, "Lådan", photo()).await.created();
        let kit = admin.post("/kits", json!({ "kit_type_id": id, "copy": "A" })).await;
        let code = kit.json["code"].as_str().unwrap().replace('-', "");
        let card = app.warehouse().get(&format!("/kits/{code}/card.pdf")).await;
        // The kit beside the title, and the part beside its line.
        assert_eq!(card.bytes.windows(14).filter(|part| part == b"/Subtype/Image").count(), 2);

        // It can show the kit instead, and does so when the part is taken off the list.
        let picture = format!("/pictures/{part}");
        admin.put(&picture, json!({ "alt": "Delen" })).await.ok();
        admin.put(&picture, json!({ "alt": "Delen", "content_line_id": robot })).await.ok();
        save["contents"] = json!([]);
        admin.with("if-match", &saved["version"].to_string()).put(&format!("/kit-types/{id}"), save).await.ok();
        let shown = admin.get(&format!("/kit-types/{id}")).await.ok();
        assert!(shown["pictures"].as_array().unwrap().iter().all(|picture| picture["content_line_id"].is_null()));
    }

    async fn what_cannot_be_taken_is_told_with_its_name_and_a_way_out(app: &TestApp) {
        let (admin, id) = (app.admin(), kit_type(app, "Osmo").await);
        let browser = app.browser_of(&admin);
        let mut cut = photo();
        cut.truncate(cut.len() / 2);
        let mut bomb = Vec::new();
        image::codecs::png::PngEncoder::new(&mut bomb).write_image(&[0; 4], 2, 2, image::ExtendedColorType::L8).unwrap();
        // It says that it has 60,000 × 60,000 pixels; what follows does not matter.
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        bomb[29..33].copy_from_slice(&[0x9b, 0x3d, 0x5c, 0x0e]);
        let refusals = [
            ("lista.jpg", b"Namn;Antal".to_vec(), "picture.no_picture", "lista.jpg är ingen bild"),
            ("robot.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>".to_vec(), "picture.svg", "robot.svg är en SVG-teckning"),
            ("IMG_1.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), "picture.heic", "Mest kompatibel"),
            ("dans.gif", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), "picture.moving", "dans.gif är en rörlig bild"),
            ("halv.jpg", cut, "picture.damaged", "halv.jpg går inte att läsa"),
            ("tom.png", Vec::new(), "picture.no_file", "Ingen bild är vald"),
        ];
        for (name, file, code, words) in refusals {
            send(&admin, &id, "En låda", file.clone()).await.wrong(&[&format!("file: {code}")]);
            let page = send_form(&browser, app, &id, name, file).await;
            assert_eq!(page.status, 422, "{name}");
            assert!(page.text().contains(words) && page.text().contains("value=\"En låda\""), "{name}: {}", page.text());
        }
        let refused = send(&admin, &id, "En låda", bomb).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
        send(&admin, &id, "En låda", vec![0; 16 << 20]).await.refused(413, "picture.too_large");
        send(&admin, &id, "", png()).await.wrong(&["alt: field.missing"]);
        // The name does not matter, only what the file is.
        assert!(send_form(&browser, app, &id, "bild.txt", png()).await.location().ends_with("klart=picture-added"));
        assert_eq!(app.count("SELECT count(*) FROM pictures"), 1);
        let page = browser.get(&format!("/admin/typer/{id}/bilder")).await.text();
        assert!(page.contains("En låda") && page.contains("/bilder/"));
    }
}
