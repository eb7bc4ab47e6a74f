//! The administrators' pages, as a browser without JavaScript uses them, and the event log.

use crate::support::{Browser, Reply, TestApp, both};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use digilador::kits::code::Code;
use reqwest::Method;
use reqwest::header::ORIGIN;
use reqwest::multipart::{Form, Part};
use serde_json::json;

both! {
    async fn a_unit_is_added_and_changed(app: &TestApp) {
        let admin = app.browser_of(&app.admin());
        let wrong = admin.post("/admin/enheter/ny", &[("name", " "), ("email", "lyktan"), ("children", "många")]).await;
        assert_eq!(wrong.status, 422);
        for text in ["href=\"#name\">Namn – Fyll i det här.", "href=\"#email\">E-post – ", "href=\"#children\">Antal barn – ", "value=\"lyktan\""] {
            assert!(wrong.text().contains(text), "{text}");
        }
        let lyktan = [("name", "Lyktan"), ("area", "Norr"), ("email", "lyktan@lindvalla.example"), ("children", "54")];
        assert_eq!(admin.post("/admin/enheter/ny", &lyktan).await.location(), "/admin/enheter?klart=added");
        let units = app.admin().get("/units").await.ok();
        assert_eq!(units["items"][0]["children"], 54);
        let address = format!("/admin/enheter/{}", units["items"][0]["id"].as_str().unwrap());
        assert!(admin.get("/admin/enheter?q=LYKT").await.text().contains(&address));
        assert!(!admin.get("/admin/enheter?q=prov").await.text().contains(&address));

        // Two have the form open; the one who is slower keeps what they wrote, and decides.
        let (first, second) = ([("version", "1"), ("name", "Lyktan A")], [("version", "1"), ("name", "Lyktan B")]);
        admin.post(&address, &first).await.location();
        let slower = admin.post(&address, &second).await;
        assert_eq!(slower.status, 412);
        assert!(slower.text().contains("value=\"Lyktan B\"") && slower.text().contains("name=\"version\" value=\"2\""));
        admin.post(&address, &[("version", "2"), ("name", "Lyktan B")]).await.location();
        assert!(app.admin().get("/units").await.text().contains("Lyktan B"));
        let history = admin.get(&format!("/admin/handelser?om={}", &address["/admin/enheter/".len()..])).await.text();
        assert_eq!(history.matches("Enheten ändrades").count(), 2);
    }

    async fn a_person_is_invited_changed_and_removed(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let admin = app.browser_of(&app.admin());
        let samira = [("name", "Samira"), ("email", "samira@lindvalla.example"), ("roles", "borrower"), ("language", "sv")];
        let wrong = admin.post("/admin/personer/ny", &samira).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains("href=\"#units\""));
        let odd = admin.post("/admin/personer/ny", &[&samira[..], &[("units", "x")]].concat()).await;
        assert!(odd.status == 422 && odd.text().contains("value=\"Samira\""), "{}", odd.text());
        let two_roles = [&samira[..], &[("roles", "warehouse"), ("units", &unit)]].concat();
        assert_eq!(admin.post("/admin/personer/ny", &two_roles).await.location(), "/admin/personer?klart=added");
        let people = app.admin().get("/people").await.ok();
        let person = people["items"].as_array().unwrap().iter().find(|p| p["name"] == "Samira").unwrap().clone();
        assert_eq!((person["roles"].clone(), person["units"].clone()), (json!(["borrower", "warehouse"]), json!([unit])));

        let address = format!("/admin/personer/{}", person["id"].as_str().unwrap());
        let page = admin.get(&address).await.text();
        assert_eq!(page.matches(" checked").count(), 3, "two roles and a unit");
        let warehouse = [("version", "1"), ("name", "Samira H"), ("email", "samira@lindvalla.example"), ("roles", "warehouse")];
        admin.post(&address, &warehouse).await.location();
        assert!(admin.get("/admin/personer?q=samira%20h").await.text().contains(&address));
        assert_eq!(admin.post(&format!("{address}/ta-bort"), &[]).await.location(), "/admin/personer?klart=person-removed");
        assert_eq!(admin.get(&address).await.status, 404);

        let me = app.admin().get("/me").await.ok()["id"].as_str().unwrap().to_owned();
        let last = admin.post(&format!("/admin/personer/{me}/ta-bort"), &[]).await;
        assert_eq!(last.status, 409);
        assert!(last.text().contains("administratör först"));
    }

    async fn the_organisation_s_rules_are_changed(app: &TestApp) {
        let admin = app.browser_of(&app.admin());
        let version = app.admin().get("/me").await.ok()["organisation"]["version"].to_string();
        let rules = |days: &'static str, zone: &'static str| [
            ("name", "Lindvalla"), ("language", "sv"), ("time_zone", zone), ("evaluation_gate", "unit"),
            ("evaluation_due_days", days), ("contact_email", "lador@lindvalla.example"),
        ];
        let version = [("version", version.as_str())];
        let wrong = admin.post("/admin/organisation", &[&version[..], &rules("91", "Stockholm")].concat()).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains("href=\"#evaluation_due_days\"") && wrong.text().contains("href=\"#time_zone\""));
        let right = [&version[..], &rules("10", "Europe/Stockholm")].concat();
        assert_eq!(admin.post("/admin/organisation", &right).await.location(), "/admin?klart=saved");
        let organisation = app.admin().get("/me").await.ok()["organisation"].clone();
        assert_eq!((&organisation["evaluation_gate"], &organisation["evaluation_due_days"]), (&json!("unit"), &json!(10)));
    }

    async fn a_type_with_contents_gets_kits(app: &TestApp) {
        let admin = app.browser_of(&app.admin());
        let type_form = |quantity: &'static str| vec![
            ("name", "Bee-Bot"), ("description", ""), ("get_started", "Slå på."), ("age_from", "3"), ("age_to", ""),
            ("screen", "none"), ("power", ""), ("loan_days", "21"), ("turnaround_days", "2"),
            ("line_id", ""), ("line_name", "Bee-Bot"), ("line_quantity", "6"), ("line_kind", "essential"),
            ("line_id", ""), ("line_name", ""), ("line_quantity", ""), ("line_kind", "essential"),
            ("line_id", ""), ("line_name", "Karta"), ("line_quantity", quantity), ("line_kind", "replaceable"),
        ];
        // The empty line is left out, so the map is the second.
        let wrong = admin.post("/admin/typer/ny", &type_form("noll")).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains("href=\"#contents[1].quantity\">Rad 2, Antal – "), "{}", wrong.text());
        let more = admin.post("/admin/typer/ny", &[type_form("1"), vec![("more", "yes")]].concat()).await;
        assert_eq!((more.status, more.text().matches("name=\"line_name\"").count()), (200, 5));
        let added = admin.post("/admin/typer/ny", &type_form("1")).await;
        let id = added.location().split(['=', '&']).nth(1).unwrap().to_owned();
        let kind = app.admin().get(&format!("/kit-types/{id}")).await.ok();
        let map = &kind["contents"][1];
        assert_eq!((&map["name"], &map["quantity"], &map["kind"]), (&json!("Karta"), &json!(1), &json!("replaceable")));
        let form = admin.get(&format!("/admin/typer/{id}")).await.text();
        assert!(form.contains(&format!("name=\"line_id\" value=\"{}\"", map["id"].as_str().unwrap())), "{form}");
        assert_eq!(admin.post("/admin/typer/ny", &type_form("1")).await.status, 422, "the name is taken");

        let too_many = admin.post("/admin/lador/ny", &[("kit_type_id", &id), ("count", "101")]).await;
        assert_eq!(too_many.status, 422);
        admin.post("/admin/lador/ny", &[("kit_type_id", &id), ("count", "3"), ("shelf", "B3")]).await.location();
        let kits = app.admin().get(&format!("/kits?kit_type_id={id}")).await.ok();
        let copies: Vec<&str> = kits["items"].as_array().unwrap().iter().map(|k| k["copy"].as_str().unwrap()).collect();
        assert_eq!(copies, ["A", "B", "C"]);
        let code = Code::parse(kits["items"][1]["code"].as_str().unwrap()).unwrap().to_string();
        let code = code.as_str();
        let address = format!("/admin/lador/{code}");
        assert!(admin.get(&address).await.text().contains("Lådan lades till"));
        assert_eq!(admin.post(&address, &[("version", "1"), ("copy", "A"), ("shelf", "")]).await.status, 422);
        admin.post(&address, &[("version", "1"), ("copy", "D"), ("shelf", "C1")]).await.location();
        assert!(admin.get(&format!("/admin/lador?q={}", code.to_lowercase())).await.location().starts_with("/admin/lador/"));
        assert!(admin.get("/admin/lador?q=7K3-XXXX").await.text().contains("7K3-XXXX finns inte"));

        let none = admin.post("/lager/etiketter", &[("kit_type_id", &id), ("sheet", "L7163"), ("start", "1"), ("copies", "1")]).await;
        assert_eq!(none.status, 422);
        assert!(none.text().contains("Ingen låda är vald"));
        // A place that the sheet does not have: the ticks stand, and so does all else.
        let sheet = [("code", code), ("kit_type_id", &id), ("sheet", "L7163"), ("start", "15"), ("copies", "1")];
        let no_place = admin.post("/lager/etiketter", &sheet).await;
        assert_eq!(no_place.status, 422);
        let ticked = format!("value=\"{code}\" checked");
        for text in [&ticked, "href=\"#start\">Börja på etikett nummer – ", "value=\"15\"", "value=\"L7163\" selected"] {
            assert!(no_place.text().contains(text), "{text}: {}", no_place.text());
        }
        let some = admin.post("/lager/etiketter", &[("code", code), ("sheet", "L7163"), ("start", "3"), ("copies", "1")]).await;
        assert_eq!((some.status, some.header("content-type")), (200, "application/pdf"));
        let all = admin.post("/lager/etiketter", &[("all", "yes"), ("kit_type_id", &id), ("sheet", "single"), ("start", "1"), ("copies", "1")]).await;
        assert!(all.status == 200 && all.bytes.starts_with(b"%PDF"));
        let others = app.browser_of(&app.stranger()).post("/lager/etiketter", &[("code", code), ("sheet", "L7163"), ("start", "1"), ("copies", "1")]).await;
        assert_eq!(others.status, 422);

        let retire_type = format!("/admin/typer/{id}/ur-bruk");
        assert_eq!(admin.post(&retire_type, &[]).await.status, 409, "it has kits");
        for kit in kits["items"].as_array().unwrap() {
            admin.post(&format!("/admin/lador/{}/ur-bruk", kit["code"].as_str().unwrap()), &[]).await.location();
        }
        assert!(admin.get(&address).await.text().contains("Lådan togs ur bruk"));
        admin.post(&retire_type, &[]).await.location();
        assert!(!admin.get("/admin/typer").await.text().contains("Bee-Bot"));
    }

    async fn a_file_is_shown_before_it_is_imported(app: &TestApp) {
        let admin = app.browser_of(&app.admin());
        let none = upload(app, &admin, "units", "").await;
        assert!(none.status == 422 && none.text().contains("href=\"#file\""));
        let bad = upload(app, &admin, "units", "Namn;E-post\nLyktan;lyktan\nKometen;\n;x@y.example\n").await;
        assert_eq!(bad.status, 422);
        assert!(bad.text().contains("Rad 2") && bad.text().contains("Rad 4") && !bad.text().contains("name=\"content\""));
        let good = upload(app, &admin, "units", "Namn;Antal barn\nLyktan;54\nKometen;\n").await;
        assert_eq!(good.status, 200);
        assert_eq!(app.count("SELECT count(*) FROM units WHERE name IN ('Lyktan', 'Kometen')"), 0, "nothing is saved yet");

        let text = good.text();
        let content = text.split("name=\"content\" value=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#43;", "+");
        let confirm = || Form::new().text("kind", "units").text("name", "enheter.csv").text("content", content.clone());
        assert_eq!(send(app, &admin, "/admin/import/gor", confirm()).await.location(), "/admin/enheter?klart=imported");
        assert_eq!(app.count("SELECT count(*) FROM units WHERE name IN ('Lyktan', 'Kometen')"), 2);
        send(app, &admin, "/admin/import/gor", confirm()).await.location();
        assert_eq!(app.count("SELECT count(*) FROM units WHERE name IN ('Lyktan', 'Kometen')"), 2, "a second time is harmless");
        // The largest file that can be looked at can be imported, too.
        let row = "Namn;Antal barn;Annat\nStjärnan;7;";
        let padded = |size: usize| format!("{row}{}", "x".repeat(size - row.len()));
        let large = padded(3 << 20);
        assert_eq!((large.len(), upload(app, &admin, "units", &large).await.status), (3 << 20, 200));
        let again = Form::new().text("kind", "units").text("name", "enheter.csv").text("content", STANDARD.encode(&large));
        send(app, &admin, "/admin/import/gor", again).await.location();
        assert_eq!(upload(app, &admin, "units", &padded((3 << 20) + 4096)).await.status, 413);
        let clerk = app.browser_of(&app.warehouse());
        assert_eq!(send(app, &clerk, "/admin/import/gor", confirm()).await.status, 403);
    }

    async fn mails_that_became_files_are_read_and_others_keep_their_secret(app: &mut TestApp) {
        app.browser().post("/logga-in", &[("email", "admin@lindvalla.example")]).await;
        app.send_mails().await;
        let admin = app.browser_of(&app.admin());
        let list = admin.get("/admin/mejl").await.text();
        let id = list.split("href=\"/admin/mejl/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let address = format!("/admin/mejl/{id}");
        assert!(admin.get(&address).await.text().contains("/logga-in/"), "it is to be read where no mail leaves");
        assert_eq!(app.browser_of(&app.stranger()).get(&address).await.status, 404);
        assert_eq!(admin.post(&format!("{address}/igen"), &[]).await.status, 404, "it was sent");

        app.restart(|config| config.smtp_url = Some(digilador::platform::config::Secret("smtp://127.0.0.1:9".into()))).await;
        let admin = app.browser_of(&app.admin());
        let page = admin.get(&address).await;
        assert!(page.status == 200 && !page.text().contains("/logga-in/") && page.text().contains("Texten visas inte"));
        for page in [page, admin.get("/admin/mejl").await] {
            assert!(!page.text().contains("är din kod") && page.text().contains("Kod för att logga in"));
        }
    }

    async fn events_are_told_oldest_first_and_to_those_who_work_for_the_lender(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        borrower.get("/events").await.refused(403, "auth.forbidden");
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = app.warehouse().get(&format!("/events?limit=2{after}")).await.ok();
            seen.extend(page["items"].as_array().unwrap().clone());
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        let all = app.developer().get("/events?limit=200").await.ok();
        assert_eq!(json!(seen), all["items"]);
        let of_unit = app.admin().get(&format!("/events?subject={unit}")).await.ok();
        assert_eq!(of_unit["items"].as_array().unwrap().len(), 1);
        assert_eq!(of_unit["items"][0]["action"], "unit.added");
        assert_eq!(app.stranger().get(&format!("/events?subject={unit}")).await.ok()["items"], json!([]));
    }
}

async fn send(app: &TestApp, browser: &Browser, path: &str, form: Form) -> Reply {
    Reply::of(browser.request(Method::POST, path).header(ORIGIN, &app.base).multipart(form)).await
}

async fn upload(app: &TestApp, browser: &Browser, kind: &'static str, text: &str) -> Reply {
    let file = Part::text(text.to_owned()).file_name("lista.csv");
    send(app, browser, "/admin/import", Form::new().text("kind", kind).part("file", file)).await
}
