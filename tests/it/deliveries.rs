//! Packing and delivery: the pick list, packing by scan, the van's rounds, and the notes that go with the kits.

use crate::labels::{decoded_pdf, payload};
use crate::loans::{day, kit, kit_type, loan, reserve, scan};
use crate::support::{TestApp, both};
use serde_json::{Value, json};
use std::process::Command;

/// A unit that the van visits on Tuesdays, unless another day is said.
async fn visited(app: &TestApp, name: &str, weekday: i32) -> String {
    let unit = json!({ "name": name, "area": "Norr", "street_address": "Åsgatan 4", "delivery_weekday": weekday });
    app.admin().post("/units", unit).await.created()
}

/// The words on the pages of a PDF, as another program reads them.
pub fn words(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("note.pdf");
    std::fs::write(&file, pdf).unwrap();
    let text = Command::new("pdftotext").arg("-layout").arg(&file).arg("-").output().expect("pdftotext, see tests/run");
    String::from_utf8(text.stdout).unwrap()
}

fn ids(loans: &Value) -> Vec<Value> {
    loans.as_array().unwrap().iter().map(|loan| loan["id"].clone()).collect()
}

both! {
    async fn a_round_brings_and_fetches_what_cannot_wait_for_the_next(app: &TestApp) {
        let (tuesday, thursday) = (visited(app, "Lyktan", 2).await, visited(app, "Kometen", 4).await);
        let own_van = app.unit("Hökhult").await;
        let kit_type = kit_type(app, "Bee-Bot", 8).await;
        let developer = app.developer();
        // The 3rd of November is a Tuesday: day 1.
        let soon = reserve(&developer, &kit_type, &tuesday, 3, 10).await;
        let last = reserve(&developer, &kit_type, &tuesday, 7, 14).await;
        reserve(&developer, &kit_type, &tuesday, 8, 15).await;
        let elsewhere = reserve(&developer, &kit_type, &thursday, 3, 10).await;
        reserve(&developer, &kit_type, &own_van, 1, 10).await;
        let (due, later) = (reserve(&developer, &kit_type, &tuesday, 0, 1).await, reserve(&developer, &kit_type, &tuesday, 0, 5).await);
        for out in [&due, &later] {
            scan(app, &out["kit_code"], "hand_out").await;
        }

        let round = app.warehouse().get("/delivery-round?day=2026-11-03").await.ok();
        assert_eq!((&round["day"], &round["sees_to"]), (&json!("2026-11-03"), &json!("2026-11-09")));
        assert_eq!(round["stops"].as_array().unwrap().len(), 1);
        let stop = &round["stops"][0];
        assert_eq!((&stop["unit"]["name"], &stop["street_address"]), (&json!("Lyktan"), &json!("Åsgatan 4")));
        let mut brought = ids(&stop["deliver"]);
        brought.sort_by_key(Value::to_string);
        let mut expected = vec![soon["id"].clone(), last["id"].clone()];
        expected.sort_by_key(Value::to_string);
        assert_eq!(brought, expected);
        assert_eq!((ids(&stop["collect"]), ids(&stop["collect_if_done"])), (vec![due["id"].clone()], vec![later["id"].clone()]));
        let thursdays = app.warehouse().get("/delivery-round?day=2026-11-05").await.ok();
        assert_eq!(ids(&thursdays["stops"][0]["deliver"]), [elsewhere["id"].clone()]);
        assert_eq!(app.warehouse().get("/delivery-round?day=2026-11-04").await.ok()["stops"], json!([]));
        assert_eq!(app.stranger().get("/delivery-round?day=2026-11-03").await.ok()["stops"], json!([]));

        let page = app.browser_of(&app.warehouse()).get("/lager/turer").await.text();
        for words in ["tis 3 nov", "tors 5 nov", "Lyktan", "Åsgatan 4, Norr", "Lämna", "Hämta", "Lånet slutar lör 7 nov"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("Kometen") && !page.contains("Hökhult"), "{page}");
    }

    async fn what_a_round_sees_to_follows_the_rounds_around_it(app: &TestApp) {
        let unit = visited(app, "Lyktan", 2).await;
        let kit_type = kit_type(app, "Bee-Bot", 4).await;
        let round = async |day: &str| app.warehouse().get(&format!("/delivery-round?day={day}")).await.ok();
        let brought = |round: &Value| ids(&round["stops"][0]["deliver"]);
        // Tuesday the 3rd brings what begins before the 10th, and the 10th does not bring it once more.
        let first = reserve(&app.developer(), &kit_type, &unit, 1, 18).await;
        let second = reserve(&app.developer(), &kit_type, &unit, 10, 18).await;
        let out = reserve(&app.developer(), &kit_type, &unit, 0, 1).await;
        scan(app, &out["kit_code"], "hand_out").await;
        let (third, tenth) = (round("2026-11-03").await, round("2026-11-10").await);
        assert_eq!((brought(&third), brought(&tenth)), (vec![first["id"].clone()], vec![second["id"].clone()]));
        assert_eq!((ids(&third["stops"][0]["collect"]), ids(&tenth["stops"][0]["collect"])), (vec![out["id"].clone()], vec![]));
        let picking = app.browser_of(&app.warehouse()).get("/lager/packa?tur=2026-11-10").await.text();
        assert!(picking.contains("av 1") && picking.contains(second["kit_code"].as_str().unwrap().get(..3).unwrap()), "{picking}");
        // Without a round on the 10th the one before sees to all of it.
        let closed = json!({ "first_day": "2026-11-09", "last_day": "2026-11-11", "reason": "Inventering" });
        app.warehouse().post("/closures", closed).await.created();
        let (third, tenth, seventeenth) = (round("2026-11-03").await, round("2026-11-10").await, round("2026-11-17").await);
        assert_eq!((&third["driven"], &third["sees_to"]), (&json!(true), &json!("2026-11-16")));
        let mut both = brought(&third);
        both.sort_by_key(Value::to_string);
        let mut expected = vec![first["id"].clone(), second["id"].clone()];
        expected.sort_by_key(Value::to_string);
        assert_eq!(both, expected);
        assert_eq!((&tenth["driven"], &tenth["stops"], &seventeenth["stops"]), (&json!(false), &json!([]), &json!([])));
        let page = app.browser_of(&app.warehouse()).get("/lager/turer").await.text();
        assert!(page.contains("tis 3 nov") && !page.contains("tis 10 nov"), "{page}");
        let page = app.browser_of(&app.warehouse()).get("/lager/turer?dag=2026-11-10").await.text();
        assert!(page.contains("Lagret är stängt den dagen: Inventering."), "{page}");
    }

    async fn a_loan_that_no_kit_is_in_sight_for_has_no_note(app: &TestApp) {
        let unit = visited(app, "Lyktan", 2).await;
        let mut loans = Vec::new();
        for name in ["Bee-Bot", "Dash"] {
            let kind = kit_type(app, name, 0).await;
            app.warehouse().post("/kits", json!({ "kit_type_id": kind, "shelf": format!("Hylla {name}") })).await.created();
            loans.push(reserve(&app.developer(), &kind, &unit, 1, 8).await);
        }
        // The one's kit is lost.
        let stocktake = app.warehouse().post("/stocktakes", json!({})).await.created();
        app.warehouse().post(&format!("/stocktakes/{stocktake}/scans"), json!({ "code": loans[1]["kit_code"] })).await.ok();
        app.warehouse().post(&format!("/stocktakes/{stocktake}/close"), json!({})).await.ok();
        let lost = json!({ "code": loans[0]["kit_code"], "correction": "mark_lost" });
        app.warehouse().post(&format!("/stocktakes/{stocktake}/corrections"), lost).await.ok();
        let notes = app.warehouse().get("/delivery-round/notes.pdf?day=2026-11-03").await;
        assert_eq!(notes.status, 200, "{}", notes.text());
        assert_eq!(decoded_pdf(&notes.bytes), [payload(loans[1]["kit_code"].as_str().unwrap())]);
        let path = format!("/loans/{}/delivery-note.pdf", loans[0]["id"].as_str().unwrap());
        app.warehouse().get(&path).await.refused(409, "delivery.no_kit");
        let page = app.browser_of(&app.warehouse()).get("/lager/turer?dag=2026-11-03").await.text();
        assert!(page.contains("Bee-Bot") && page.contains("Hylla Dash") && !page.contains("Hylla Bee-Bot"), "{page}");
    }

    async fn what_a_far_round_brings_is_packed_when_its_time_comes(app: &TestApp) {
        let unit = visited(app, "Lyktan", 5).await;
        let kind = kit_type(app, "Bee-Bot", 1).await;
        let later = reserve(&app.developer(), &kind, &unit, 16, 23).await;
        // Friday the 13th brings what begins by the 19th; packed is what begins within two weeks.
        let browser = app.browser_of(&app.warehouse());
        let pack = format!("/lager/lan/{}/framplockad", later["id"].as_str().unwrap());
        let list = browser.get("/lager/packa?tur=2026-11-13").await.text();
        assert!(list.contains("Bee-Bot A") && !list.contains(&pack), "{list}");
        let key = uuid::Uuid::now_v7().to_string();
        let refused = browser.post(&pack, &[("key", &key), ("tur", "2026-11-13")]).await;
        assert!(refused.status == 409 && refused.text().contains("Lådor som ska med på turen"), "{}", refused.text());
        app.advance(chrono::TimeDelta::days(2));
        assert!(browser.get("/lager/packa?tur=2026-11-13").await.text().contains(&pack));
    }

    async fn a_delivery_note_says_where_its_kit_goes_and_what_is_in_it(app: &TestApp) {
        let unit = visited(app, "Blåbärets förskola", 2).await;
        let contents = json!([{ "name": "Robot", "quantity": 6, "kind": "essential" }, { "name": "Laddkabel", "quantity": 2, "kind": "replaceable" }]);
        let kind = app.admin().post("/kit-types", json!({ "name": "Bee-Bot", "contents": contents })).await.created();
        for _ in 0..2 {
            app.warehouse().post("/kits", json!({ "kit_type_id": kind })).await.created();
        }
        app.warehouse().get("/delivery-round/notes.pdf?day=2026-11-03").await.refused(409, "delivery.nothing_to_deliver");
        let (one, other) = (reserve(&app.developer(), &kind, &unit, 1, 8).await, reserve(&app.developer(), &kind, &unit, 2, 9).await);
        let path = format!("/loans/{}/delivery-note.pdf", one["id"].as_str().unwrap());
        let note = app.warehouse().get(&path).await;
        assert_eq!((note.status, note.header("content-type")), (200, "application/pdf"));
        let code = one["kit_code"].as_str().unwrap();
        assert_eq!(decoded_pdf(&note.bytes), [payload(code)]);
        let told = words(&note.bytes).replace('\u{a0}', " ");
        for word in ["Följesedel: Bee-Bot", "Blåbärets förskola", "Åsgatan 4", "6 × Robot", "2 × Laddkabel", "tis 3 nov – tis 10 nov", "Packad av", "Mottagen av"] {
            assert!(told.contains(word), "{word}: {told}");
        }
        let all = app.warehouse().get("/delivery-round/notes.pdf?day=2026-11-03").await;
        let mut expected = vec![payload(code), payload(other["kit_code"].as_str().unwrap())];
        expected.sort();
        assert_eq!(decoded_pdf(&all.bytes), expected);
        let browser = app.browser_of(&app.warehouse());
        assert_eq!(browser.get("/lager/turer/foljesedlar.pdf?dag=2026-11-03").await.header("content-type"), "application/pdf");
        assert_eq!(browser.get("/lager/turer/foljesedlar.pdf?dag=2026-11-04").await.status, 409);
        app.borrower(&unit).await.get(&path).await.refused(403, "auth.forbidden");
        app.stranger().get(&path).await.refused(404, "loan.not_found");
    }

    async fn the_pick_list_goes_along_the_shelves_and_is_ticked_off(app: &TestApp) {
        let (lyktan, kometen) = (visited(app, "Lyktan", 2).await, app.unit("Kometen").await);
        let mut loans = Vec::new();
        for (name, shelf, unit, first) in [("Ozobot", "B2", &lyktan, 2), ("Bee-Bot", "A1", &kometen, 0), ("Dash", "C3", &kometen, 9)] {
            let kind = kit_type(app, name, 0).await;
            app.warehouse().post("/kits", json!({ "kit_type_id": kind, "shelf": shelf })).await.created();
            loans.push(reserve(&app.developer(), &kind, unit, first, first + 7).await);
        }
        let browser = app.browser_of(&app.warehouse());
        let order = |page: &str| ["Bee-Bot A", "Ozobot A", "Dash A"].map(|kit| page.find(kit));
        let [bee, ozobot, dash] = order(&browser.get("/lager/packa?till=2026-11-08").await.text());
        assert!(bee.unwrap() < ozobot.unwrap() && dash.is_none(), "by shelf, and not what is for later");
        let [bee, ozobot, dash] = order(&browser.get("/lager/packa").await.text());
        assert!(bee.is_some() && ozobot.is_none() && dash.is_none(), "today");
        let [bee, ozobot, _] = order(&browser.get("/lager/packa?tur=2026-11-03").await.text());
        assert!(bee.is_none() && ozobot.is_some(), "what goes on the round");

        let key = uuid::Uuid::now_v7().to_string();
        let pack = format!("/lager/lan/{}/framplockad", loans[0]["id"].as_str().unwrap());
        let sent = browser.post(&pack, &[("key", &key), ("tur", "2026-11-03")]).await;
        assert_eq!(sent.location(), "/lager/packa?tur=2026-11-03&klart=packed");
        assert!(browser.get(sent.location()).await.text().contains("Framplockade: 1 av 1"));
        assert_eq!(loan(app, &loans[0]["id"]).await["status"], "ready");
    }

    async fn a_kit_is_packed_by_scan_for_its_own_loan_or_the_only_one(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let kind = kit_type(app, "Bee-Bot", 2).await;
        let reserved = reserve(&app.developer(), &kind, &unit, 3, 10).await;
        let kits = app.warehouse().get(&format!("/kits?kit_type_id={kind}")).await.ok();
        let codes: Vec<&Value> = kits["items"].as_array().unwrap().iter().map(|kit| &kit["code"]).collect();
        let other = codes.into_iter().find(|code| **code != reserved["kit_code"]).unwrap();

        // Kits of a type are alike: the one that was taken from the shelf is packed.
        let packed = scan(app, other, "pack").await;
        assert_eq!((&packed["outcome"], &packed["loan"]["status"], &packed["loan"]["kit_code"]), (&json!("packed"), &json!("ready"), other));
        app.warehouse().post("/scans", json!({ "code": other, "action": "pack" })).await.refused(409, "kit.packed");
        app.warehouse().post("/scans", json!({ "code": reserved["kit_code"], "action": "pack" })).await.refused(409, "kit.nothing_to_pack");

        let undo = format!("/scans/{}/undo", packed["scan_id"].as_str().unwrap());
        app.warehouse().post(&undo, json!({})).await.ok();
        assert_eq!(loan(app, &reserved["id"]).await["status"], "reserved");
        let history = app.warehouse().get(&format!("/events?subject={}", reserved["id"].as_str().unwrap())).await.ok();
        let last = history["items"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["action"], "loan.pack_undone");
        assert_eq!(scan(app, &reserved["kit_code"], "pack").await["outcome"], "packed");
        assert_eq!(scan(app, &reserved["kit_code"], "hand_out").await["outcome"], "handed_out");

        // Several wait for one of the type: whoever packs is asked which.
        let dash = kit_type(app, "Dash", 3).await;
        let mut taken = Vec::new();
        for first in [4, 5] {
            taken.push(reserve(&app.developer(), &dash, &app.unit(&format!("Enhet {first}")).await, first, first + 5).await);
        }
        let kits = app.warehouse().get(&format!("/kits?kit_type_id={dash}")).await.ok();
        let free = kits["items"].as_array().unwrap().iter().map(|kit| &kit["code"]).find(|code| taken.iter().all(|loan| loan["kit_code"] != **code));
        let asked = app.warehouse().post("/scans", json!({ "code": free, "action": "pack" })).await;
        asked.refused(409, "scan.which_loan");
        assert_eq!(asked.json["loans"].as_array().unwrap().len(), 2);
        let chosen = json!({ "code": free, "action": "pack", "loan_id": taken[1]["id"] });
        assert_eq!(app.warehouse().post("/scans", chosen).await.ok()["loan"]["id"], taken[1]["id"]);
    }

    async fn what_is_for_later_or_broken_is_not_packed(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let kind = kit_type(app, "Bee-Bot", 1).await;
        let later = reserve(&app.developer(), &kind, &unit, 20, 27).await;
        let code = &later["kit_code"];
        let pack = |loan: Option<&Value>| {
            let mut scan = json!({ "code": code, "action": "pack" });
            scan.as_object_mut().unwrap().extend(loan.map(|id| ("loan_id".to_owned(), id.clone())));
            scan
        };
        app.warehouse().post("/scans", pack(None)).await.refused(409, "kit.nothing_to_pack");
        app.warehouse().post("/scans", pack(Some(&later["id"]))).await.refused(409, "loan.ready_too_early");
        let job = json!({ "code": code, "kind": "repair", "first_day": day(0), "last_day": day(10) });
        app.warehouse().post("/service-jobs", job).await.created();
        app.advance(chrono::TimeDelta::days(7));
        assert_eq!(app.warehouse().post("/scans", pack(None)).await.status, 409);
        assert_eq!(kit(app, code).await["status"], "in_service");
    }
}
