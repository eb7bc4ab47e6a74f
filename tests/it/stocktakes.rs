//! Stocktakes: what is found, missing, elsewhere and unexpected; several who count at once; loans that go out and come in
//! meanwhile; what is put right.

use crate::loans::{evaluate, kit, loan, reserve, scan};
use crate::support::{Actor, Reply, TestApp, both};
use chrono::TimeDelta;
use digilador::accounts::actions::{self as accounts, SavePerson};
use digilador::accounts::rules::Role;
use digilador::accounts::store;
use digilador::platform::events::By;
use serde_json::{Value, json};
use uuid::Uuid;

/// Kits of a type on these shelves: the type and the kits' codes.
async fn on_shelves(app: &TestApp, shelves: &[&str]) -> (String, Vec<Value>) {
    let contents = json!([{ "name": "Bee-Bot", "quantity": 6, "kind": "essential" }]);
    let kit_type = app.admin().post("/kit-types", json!({ "name": "Bee-Bot", "contents": contents })).await.created();
    let mut codes = Vec::new();
    for shelf in shelves {
        let kit = app.warehouse().post("/kits", json!({ "kit_type_id": kit_type, "shelf": shelf })).await;
        codes.push(kit.json["code"].clone());
    }
    // What was added before a stocktake began is older than it.
    app.advance(TimeDelta::hours(1));
    (kit_type, codes)
}

/// One more kit of a type.
async fn on_shelves_of(app: &TestApp, kit_type: &str, shelf: &str) -> Value {
    app.warehouse().post("/kits", json!({ "kit_type_id": kit_type, "shelf": shelf })).await.json["code"].clone()
}

async fn start(app: &TestApp, shelves: &[&str]) -> String {
    let started = app.warehouse().post("/stocktakes", json!({ "shelves": shelves })).await;
    assert_eq!(started.status, 201, "{}", started.text());
    started.json["id"].as_str().unwrap().to_owned()
}

async fn count(who: &Actor, stocktake: &str, code: &Value, shelf: &str) -> Reply {
    who.post(&format!("/stocktakes/{stocktake}/scans"), json!({ "code": code, "shelf": shelf })).await
}

async fn outcome(app: &TestApp, stocktake: &str, code: &Value, shelf: &str) -> String {
    let counted = count(&app.warehouse(), stocktake, code, shelf).await.ok();
    counted["outcome"].as_str().unwrap().to_owned()
}

async fn show(app: &TestApp, stocktake: &str) -> Value {
    app.warehouse().get(&format!("/stocktakes/{stocktake}")).await.ok()
}

async fn lines(app: &TestApp, stocktake: &str, finding: &str) -> Vec<Value> {
    let found = app.warehouse().get(&format!("/stocktakes/{stocktake}/lines?finding={finding}")).await.ok();
    found["items"].as_array().unwrap().clone()
}

async fn left(app: &TestApp, stocktake: &str) -> Vec<Value> {
    let found = app.warehouse().get(&format!("/stocktakes/{stocktake}/left")).await.ok();
    found["items"].as_array().unwrap().iter().map(|kit| kit["kit_code"].clone()).collect()
}

async fn correct(app: &TestApp, stocktake: &str, code: &Value, correction: &str) -> Reply {
    let path = format!("/stocktakes/{stocktake}/corrections");
    app.warehouse().post(&path, json!({ "code": code, "correction": correction })).await
}

async fn end(app: &TestApp, stocktake: &str, how: &str) -> Reply {
    app.warehouse().post(&format!("/stocktakes/{stocktake}/{how}"), json!({})).await
}

/// A loan that is out.
async fn lend(app: &TestApp, kit_type: &str) -> Value {
    let unit = app.unit("Lyktan").await;
    let borrower = app.borrower(&unit).await;
    let reserved = reserve(&borrower, kit_type, &unit, 0, 7).await;
    scan(app, &reserved["kit_code"], "hand_out").await;
    evaluate(&borrower, &reserved["id"]).await;
    reserved
}

/// A second person in the warehouse.
async fn colleague(app: &TestApp) -> Actor {
    let now = app.clock.now();
    let save = SavePerson {
        name: "Birgit".to_owned(),
        email: "birgit@lindvalla.example".to_owned(),
        language: None,
        roles: vec![Role::Warehouse],
        units: Vec::new(),
    };
    let db = app.state.db.clone();
    db.write(move |tx| {
        let organisation = store::organisations(tx)?;
        let organisation = organisation.into_iter().find(|one| one.name == crate::support::app::ORGANISATION).unwrap();
        let by = By { organisation: organisation.id, person: None, now };
        let person = accounts::add_person(tx, by, &save)?;
        crate::support::app::open_doors(tx, person.id, "birgit", now);
        Ok(())
    })
    .await
    .unwrap();
    Actor::new(&app.base, Some("birgit"))
}

both! {
    async fn a_shelf_is_counted_and_what_nobody_saw_is_missing(app: &TestApp) {
        let (_, codes) = on_shelves(app, &["A1", "A1", "a1 ", "B2"]).await;
        let shelves = app.warehouse().get("/shelves").await.ok();
        assert_eq!(shelves["items"], json!([{ "shelf": "A1", "kits": 3 }, { "shelf": "B2", "kits": 1 }]));
        let stocktake = start(app, &[" a1"]).await;
        let begun = show(app, &stocktake).await;
        assert_eq!((&begun["status"], &begun["shelves"], &begun["started_by"]), (&json!("open"), &json!(["A1"]), &json!("warehouse")));
        assert_eq!(begun["progress"], json!([{ "shelf": "A1", "expected": 3, "counted": 0, "left": 3 }]));
        assert_eq!(outcome(app, &stocktake, &codes[0], "A1").await, "found");
        assert_eq!(outcome(app, &stocktake, &codes[0], "A1").await, "already_counted");
        let elsewhere = count(&app.warehouse(), &stocktake, &codes[3], "A1").await.ok();
        assert_eq!((&elsewhere["outcome"], &elsewhere["line"]["home"]), (&json!("other_shelf"), &json!("B2")));
        assert_eq!(elsewhere["line"]["possible"], json!(["set_shelf", "move_back"]));
        assert!(elsewhere["message"].as_str().unwrap().contains("B2"));
        let now = show(app, &stocktake).await;
        assert_eq!(now["progress"], json!([{ "shelf": "A1", "expected": 3, "counted": 1, "left": 2 }]));
        assert_eq!(left(app, &stocktake).await, [codes[1].clone(), codes[2].clone()]);
        app.advance(TimeDelta::hours(3));
        let closed = end(app, &stocktake, "close").await.ok();
        assert_eq!((&closed["status"], &closed["ended_by"]), (&json!("closed"), &json!("warehouse")));
        let counts = json!({ "expected": 3, "counted": 1, "left": 0, "found": 1, "other_shelf": 1, "unexpected": 0, "missing": 2 });
        assert_eq!(closed["counts"], counts);
        let missing = lines(app, &stocktake, "missing").await;
        assert_eq!((&missing[0]["kit_code"], &missing[0]["last_seen_as"]), (&codes[1], &json!("added")));
        assert_eq!(left(app, &stocktake).await, Vec::<Value>::new());
        // Over is over, and what was found stays to be read.
        count(&app.warehouse(), &stocktake, &codes[1], "A1").await.refused(409, "stocktake.over");
        end(app, &stocktake, "close").await.refused(409, "stocktake.over");
        end(app, &stocktake, "cancel").await.refused(409, "stocktake.over");
        let listed = app.warehouse().get("/stocktakes?status=closed").await.ok();
        assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["counts"]), (&json!(stocktake), &counts));
    }

    async fn what_goes_out_and_comes_in_meanwhile_is_neither_missing_nor_unexpected(app: &TestApp) {
        let (kit_type, codes) = on_shelves(app, &["A1"]).await;
        let out = lend(app, &kit_type).await;
        let more = app.warehouse().post("/kits", json!({ "kit_type_id": kit_type, "shelf": "A1" })).await.json["code"].clone();
        app.advance(TimeDelta::hours(1));
        let stocktake = start(app, &[]).await;
        assert_eq!(left(app, &stocktake).await, std::slice::from_ref(&more), "a kit that is out is not looked for");
        app.advance(TimeDelta::hours(1));
        // One comes in, one leaves, one is added: nobody has counted any of them.
        scan(app, &codes[0], "receive").await;
        let unit = app.unit("Kometen").await;
        let leaving = reserve(&app.developer(), &kit_type, &unit, 0, 7).await;
        scan(app, &leaving["kit_code"], "hand_out").await;
        app.warehouse().post("/kits", json!({ "kit_type_id": kit_type, "shelf": "A1" })).await.created();
        assert_eq!(left(app, &stocktake).await, Vec::<Value>::new());
        // What came in is found when it is counted.
        assert_eq!(out["kit_code"], codes[0]);
        let back = if leaving["kit_code"] == codes[0] { &more } else { &codes[0] };
        assert_eq!(outcome(app, &stocktake, back, "A1").await, "found");
        let closed = end(app, &stocktake, "close").await.ok();
        assert_eq!((&closed["counts"]["missing"], &closed["counts"]["unexpected"]), (&json!(0), &json!(0)));
    }

    async fn a_kit_that_a_unit_is_said_to_have_is_received_with_one_tap(app: &TestApp) {
        let (kit_type, codes) = on_shelves(app, &["A1"]).await;
        let out = lend(app, &kit_type).await;
        app.advance(TimeDelta::days(2));
        let stocktake = start(app, &["A1"]).await;
        let found = count(&app.warehouse(), &stocktake, &codes[0], "B1").await;
        assert_eq!(found.status, 200, "{}", found.text());
        assert_eq!((&found.json["outcome"], &found.json["line"]["unit"]["name"]), (&json!("out"), &json!("Lyktan")));
        assert_eq!(found.json["line"]["possible"], json!(["receive"]));
        correct(app, &stocktake, &codes[0], "bring_back").await.refused(409, "stocktake.not_possible");
        let received = correct(app, &stocktake, &codes[0], "receive").await.ok();
        assert_eq!((&received["correction"], &received["corrected_by"]), (&json!("receive"), &json!("warehouse")));
        assert_eq!(loan(app, &out["id"]).await["status"], "returned");
        correct(app, &stocktake, &codes[0], "receive").await.refused(409, "stocktake.not_possible");
        // It stands on another shelf still.
        assert_eq!(received["possible"], json!(["set_shelf", "move_back"]));
        let moved = correct(app, &stocktake, &codes[0], "set_shelf").await.ok();
        assert_eq!(moved["possible"], json!([]));
        assert_eq!(kit(app, &codes[0]).await["shelf"], "B1");
        // Seen to be so, it stays told that it was put right.
        let right = count(&app.warehouse(), &stocktake, &codes[0], "B1").await.ok();
        assert_eq!((&right["outcome"], &right["line"]["correction"]), (&json!("found"), &json!("set_shelf")));
        assert_eq!((&right["line"]["corrected_by"], &right["line"]["possible"]), (&json!("warehouse"), &json!([])));
        // What was put right cannot be undone by its scan.
        let undo = format!("/stocktakes/{stocktake}/scans/{}/undo", found.json["scan_id"].as_str().unwrap());
        app.warehouse().post(&undo, json!({})).await.ok();
        assert_eq!(lines(app, &stocktake, "found").await.len(), 1);
    }

    async fn a_missing_kit_is_lost_until_it_turns_up(app: &TestApp) {
        let (kit_type, codes) = on_shelves(app, &["A1", "A1"]).await;
        let unit = app.unit("Lyktan").await;
        let waiting = reserve(&app.developer(), &kit_type, &unit, 7, 14).await;
        let also = reserve(&app.developer(), &kit_type, &unit, 7, 14).await;
        let stocktake = start(app, &["A1"]).await;
        let here = codes.iter().find(|code| **code != also["kit_code"]).unwrap().clone();
        let gone = also["kit_code"].clone();
        assert_eq!(outcome(app, &stocktake, &here, "A1").await, "found");
        correct(app, &stocktake, &gone, "mark_lost").await.refused(404, "stocktake.not_counted");
        end(app, &stocktake, "close").await.ok();
        let missing = lines(app, &stocktake, "missing").await;
        assert_eq!((&missing[0]["kit_code"], &missing[0]["possible"]), (&gone, &json!(["mark_lost"])));
        let lost = correct(app, &stocktake, &gone, "mark_lost").await.ok();
        assert_eq!((&lost["correction"], &lost["possible"]), (&json!("mark_lost"), &json!(["bring_back"])));
        assert_eq!(kit(app, &gone).await["status"], "retired");
        // It is promised to nobody, and whoever loses by that is told.
        let risks = [loan(app, &waiting["id"]).await["at_risk"].clone(), loan(app, &also["id"]).await["at_risk"].clone()];
        assert_eq!(risks.iter().filter(|risk| **risk == json!(true)).count(), 1, "{risks:?}");
        app.warehouse().post("/scans", json!({ "code": gone, "action": "auto" })).await.refused(409, "kit.lost");
        // It stands there at the next stocktake.
        app.advance(TimeDelta::days(1));
        let next = start(app, &[]).await;
        assert_eq!(left(app, &next).await, std::slice::from_ref(&here));
        let found = count(&app.warehouse(), &next, &gone, "A1").await.ok();
        assert_eq!((&found["outcome"], &found["line"]["possible"]), (&json!("lost"), &json!(["bring_back"])));
        assert!(lines(app, &stocktake, "missing").await[0]["seen_since"].is_string(), "the earlier report says so");
        correct(app, &next, &gone, "bring_back").await.ok();
        assert_eq!(kit(app, &gone).await["lendable"], true);
        for reserved in [&waiting, &also] {
            assert_eq!(loan(app, &reserved["id"]).await["at_risk"], false);
        }
        app.warehouse().post(&format!("/kits/{}/bring-back", gone.as_str().unwrap()), json!({})).await.refused(409, "kit.not_lost");
    }

    async fn an_old_line_does_nothing_to_what_has_happened_since(app: &TestApp) {
        let (kit_type, codes) = on_shelves(app, &["A1"]).await;
        let other = on_shelves_of(app, &kit_type, "A1").await;
        let first = lend(app, &kit_type).await;
        let (out, here) = if first["kit_code"] == codes[0] { (&codes[0], &other) } else { (&other, &codes[0]) };
        let stocktake = start(app, &["A1"]).await;
        let found = count(&app.warehouse(), &stocktake, out, "B1").await.ok();
        assert_eq!(found["line"]["possible"], json!(["receive"]));
        app.advance(TimeDelta::hours(1));
        end(app, &stocktake, "close").await.ok();
        assert_eq!(lines(app, &stocktake, "missing").await[0]["possible"], json!(["mark_lost"]));
        // Both go through other hands: one comes back and leaves again for another unit, one leaves and comes back.
        app.advance(TimeDelta::days(1));
        scan(app, out, "receive").await;
        let unit = app.unit("Kometen").await;
        let second = json!({ "code": out, "action": "hand_out", "loan_id": reserve(&app.developer(), &kit_type, &unit, 1, 8).await["id"] });
        let second = app.warehouse().post("/scans", second).await.ok()["loan"]["id"].clone();
        let third = reserve(&app.developer(), &kit_type, &unit, 1, 8).await;
        scan(app, here, "hand_out").await;
        scan(app, here, "receive").await;
        assert_eq!(lines(app, &stocktake, "out").await[0]["possible"], json!([]));
        correct(app, &stocktake, out, "receive").await.refused(409, "stocktake.not_possible");
        assert_eq!((&loan(app, &second).await["status"], &loan(app, &third["id"]).await["status"]), (&json!("out"), &json!("received")));
        let missing = lines(app, &stocktake, "missing").await;
        assert_eq!((missing[0]["seen_since"].is_string(), &missing[0]["possible"]), (true, &json!([])));
        correct(app, &stocktake, here, "mark_lost").await.refused(409, "stocktake.not_possible");
        // Back again it stands somewhere, and the old sighting does not say where.
        app.advance(TimeDelta::days(1));
        scan(app, out, "receive").await;
        assert_eq!(lines(app, &stocktake, "out").await[0]["possible"], json!([]));
        correct(app, &stocktake, out, "set_shelf").await.refused(409, "stocktake.not_possible");
    }

    async fn a_receipt_in_a_stocktake_is_undone_with_its_scan(app: &TestApp) {
        let (kit_type, codes) = on_shelves(app, &["A1"]).await;
        let out = lend(app, &kit_type).await;
        app.advance(TimeDelta::days(1));
        let stocktake = start(app, &["A1"]).await;
        for _ in 0..2 {
            let found = count(&app.warehouse(), &stocktake, &codes[0], "A1").await.ok();
            assert_eq!((&found["outcome"], &found["line"]["possible"]), (&json!("out"), &json!(["receive"])));
            correct(app, &stocktake, &codes[0], "receive").await.ok();
            assert_eq!(loan(app, &out["id"]).await["status"], "returned");
            let undo = format!("/stocktakes/{stocktake}/scans/{}/undo", found["scan_id"].as_str().unwrap());
            let undone = app.warehouse().post(&undo, json!({})).await.ok();
            assert_eq!((&undone["line"], &loan(app, &out["id"]).await["status"]), (&Value::Null, &json!("out")));
        }
        // Too late, neither is undone.
        let found = count(&app.warehouse(), &stocktake, &codes[0], "A1").await.ok();
        correct(app, &stocktake, &codes[0], "receive").await.ok();
        app.advance(TimeDelta::minutes(11));
        let undo = format!("/stocktakes/{stocktake}/scans/{}/undo", found["scan_id"].as_str().unwrap());
        app.warehouse().post(&undo, json!({})).await.refused(409, "scan.too_old");
        assert_eq!(lines(app, &stocktake, "out").await[0]["correction"], "receive");
    }

    async fn what_is_found_later_and_is_graver_counts(app: &TestApp) {
        let (kit_type, codes) = on_shelves(app, &["A1"]).await;
        let stocktake = start(app, &["A1"]).await;
        assert_eq!(outcome(app, &stocktake, &codes[0], "A1").await, "found");
        app.advance(TimeDelta::minutes(30));
        let unit = app.unit("Lyktan").await;
        let reserved = reserve(&app.developer(), &kit_type, &unit, 0, 7).await;
        scan(app, &reserved["kit_code"], "hand_out").await;
        app.advance(TimeDelta::minutes(30));
        let seen = count(&app.warehouse(), &stocktake, &codes[0], "A1").await.ok();
        assert_eq!((&seen["outcome"], &seen["line"]["possible"]), (&json!("out"), &json!(["receive"])));
        assert_eq!(seen["line"]["unit"]["name"], "Lyktan");
        // Another day, another box: when it was counted has its day.
        app.advance(TimeDelta::days(1));
        let again = count(&app.warehouse(), &stocktake, &codes[0], "A1").await.ok();
        assert_eq!(again["outcome"], "already_counted");
        assert!(again["message"].as_str().unwrap().contains("2 nov 2026"), "{}", again["message"]);
    }

    async fn a_kit_that_was_not_carried_back_stands_wrong_still(app: &TestApp) {
        let (_, codes) = on_shelves(app, &["A1"]).await;
        let stocktake = start(app, &[]).await;
        outcome(app, &stocktake, &codes[0], "B1").await;
        correct(app, &stocktake, &codes[0], "move_back").await.ok();
        app.advance(TimeDelta::minutes(5));
        let still = count(&app.warehouse(), &stocktake, &codes[0], "B1").await.ok();
        assert_eq!((&still["outcome"], &still["line"]["correction"]), (&json!("other_shelf"), &Value::Null));
        assert_eq!(still["line"]["possible"], json!(["set_shelf", "move_back"]));
        correct(app, &stocktake, &codes[0], "move_back").await.ok();
        app.advance(TimeDelta::minutes(5));
        let back = count(&app.warehouse(), &stocktake, &codes[0], "A1").await.ok();
        assert_eq!((&back["outcome"], &back["line"]["correction"]), (&json!("found"), &json!("move_back")));
    }

    async fn an_id_is_of_one_scan(app: &TestApp) {
        let (_, codes) = on_shelves(app, &["A1", "A1"]).await;
        let (stocktake, other) = (start(app, &[]).await, start(app, &[]).await);
        let (id, path) = (Uuid::now_v7(), |stocktake: &str| format!("/stocktakes/{stocktake}/scans"));
        let wish = |code: &Value, shelf: &str| json!({ "id": id, "code": code, "shelf": shelf });
        let who = app.warehouse();
        who.post(&path(&stocktake), wish(&codes[0], "A1")).await.ok();
        who.post(&path(&stocktake), wish(&codes[0], " A1 ")).await.ok();
        who.post(&path(&stocktake), wish(&codes[1], "A1")).await.refused(409, "scan.id_reused");
        who.post(&path(&stocktake), wish(&codes[0], "B1")).await.refused(409, "scan.id_reused");
        who.post(&path(&other), wish(&codes[0], "A1")).await.refused(409, "scan.id_reused");
        assert_eq!(left(app, &stocktake).await, [codes[1].clone()]);
    }

    async fn kits_without_a_shelf_are_counted_among_themselves(app: &TestApp) {
        let (_, codes) = on_shelves(app, &["", "A1", "B2"]).await;
        let some = start(app, &["A1", "B2"]).await;
        let unsaid = app.warehouse().post(&format!("/stocktakes/{some}/scans"), json!({ "code": codes[0] })).await.ok();
        assert_eq!((&unsaid["outcome"], &unsaid["line"]["possible"]), (&json!("other_shelf"), &json!([])), "no shelf to carry it to");
        let stocktake = start(app, &[]).await;
        assert_eq!(outcome(app, &stocktake, &codes[0], "").await, "found");
        let astray = count(&app.warehouse(), &stocktake, &codes[1], "").await.ok();
        assert_eq!((&astray["outcome"], &astray["line"]["possible"]), (&json!("other_shelf"), &json!(["move_back"])));
        // On the page, that nothing is said is another thing than standing there.
        let browser = app.browser_of(&app.warehouse());
        let report = browser.get(&format!("/lager/inventering/{stocktake}/rapport")).await.text();
        assert!(report.contains("Stod bland lådor utan hyllplats.") && report.contains("Hör hemma på A1."), "{report}");
        let path = format!("/lager/inventering/{some}");
        let of_all = format!("/lager/inventering/{stocktake}");
        assert!(browser.get(&of_all).await.text().contains("Ingen hylla är vald."));
        assert!(browser.get(&format!("{of_all}?hylla=")).await.text().contains("Du räknar lådor utan hyllplats."));
        for (path, code, shelf, words) in [(&path, &codes[2], None, "På plats"), (&of_all, &codes[2], Some(""), "Fel hylla")] {
            let key = Uuid::now_v7().to_string();
            let mut sent = vec![("key", key.as_str()), ("code", code.as_str().unwrap())];
            sent.extend(shelf.map(|shelf| ("shelf", shelf)));
            let answer = browser.post(&format!("{path}/skanna"), &sent).await;
            assert!(answer.text().contains(words), "{words}: {}", answer.text());
        }
    }

    async fn what_is_left_is_gone_through_while_it_is_counted(app: &TestApp) {
        let (_, codes) = on_shelves(app, &["A1", "A1", "A2", "A10"]).await;
        let stocktake = start(app, &[]).await;
        let path = format!("/stocktakes/{stocktake}/left");
        let page = |found: &Value| found["items"].as_array().unwrap().iter().map(|kit| kit["kit_code"].clone()).collect::<Vec<_>>();
        let first = app.warehouse().get(&format!("{path}?limit=2")).await.ok();
        assert_eq!(page(&first), codes[..2]);
        outcome(app, &stocktake, &codes[1], "A1").await;
        let next = first["next"].as_str().unwrap().replace(' ', "%20");
        let rest = app.warehouse().get(&format!("{path}?limit=2&cursor={next}")).await.ok();
        assert_eq!((page(&rest), &rest["next"]), (codes[2..].to_vec(), &Value::Null));
        app.warehouse().get(&format!("{path}?cursor=x")).await.wrong(&["cursor: request.cursor"]);
        let shelves = app.warehouse().get("/shelves?limit=2").await.ok();
        assert_eq!((&shelves["items"][1]["shelf"], &shelves["next"]), (&json!("A2"), &json!("A2")));
        assert_eq!(app.warehouse().get("/shelves?cursor=A2").await.ok()["items"], json!([{ "shelf": "A10", "kits": 1 }]));
        // The file of one that goes on has what is left, too.
        let file = app.browser_of(&app.warehouse()).get(&format!("/lager/inventering/{stocktake}/rapport.csv")).await.text();
        let lines: Vec<&str> = file.lines().collect();
        assert_eq!(lines.len(), 5, "{file}");
        assert_eq!(lines.iter().filter(|line| line.contains("Kvar att räkna")).count(), 3, "{file}");
    }

    async fn each_missing_kit_is_told_when_and_with_whom_it_was_last(app: &TestApp) {
        let (kit_type, codes) = on_shelves(app, &["A1", "A1", "A1"]).await;
        let lent = lend(app, &kit_type).await;
        app.advance(TimeDelta::days(3));
        scan(app, &lent["kit_code"], "receive").await;
        let received = app.clock.now();
        app.advance(TimeDelta::days(1));
        let earlier = start(app, &[]).await;
        let counted = codes.iter().find(|code| **code != lent["kit_code"]).unwrap();
        outcome(app, &earlier, counted, "A1").await;
        end(app, &earlier, "cancel").await.ok();
        let seen = app.clock.now();
        app.advance(TimeDelta::days(1));
        let stocktake = start(app, &[]).await;
        end(app, &stocktake, "close").await.ok();
        let missing = lines(app, &stocktake, "missing").await;
        assert_eq!(missing.len(), 3);
        for line in &missing {
            let told = (line["last_seen_as"].as_str().unwrap(), &line["last_seen_at"], &line["unit"]["name"]);
            if line["kit_code"] == lent["kit_code"] {
                assert_eq!(told, ("received", &json!(received), &json!("Lyktan")));
            } else if line["kit_code"] == *counted {
                assert_eq!(told, ("counted", &json!(seen), &Value::Null));
            } else {
                assert_eq!((told.0, told.2), ("added", &Value::Null));
            }
        }
    }

    async fn several_count_at_once_and_one_line_comes_of_it(app: &TestApp) {
        let (_, codes) = on_shelves(app, &["A1", "A1", "A1", "A1"]).await;
        let stocktake = start(app, &[]).await;
        let (leif, birgit) = (app.warehouse(), colleague(app).await);
        for code in &codes {
            let (one, other) = tokio::join!(count(&leif, &stocktake, code, "A1"), count(&birgit, &stocktake, code, "A1"));
            let mut outcomes = [one.ok(), other.ok()];
            outcomes.sort_by_key(|answer| answer["outcome"].to_string());
            assert_eq!((&outcomes[0]["outcome"], &outcomes[1]["outcome"]), (&json!("already_counted"), &json!("found")));
            // Both are told who was first.
            assert_eq!(outcomes[0]["line"]["counted_by"], outcomes[1]["line"]["counted_by"]);
        }
        assert_eq!(show(app, &stocktake).await["counts"]["found"], 4);
        assert_eq!(app.count("SELECT count(*) FROM stocktake_lines"), 4);
        assert_eq!(app.count("SELECT count(*) FROM stocktake_scans"), 8);
    }

    async fn each_scan_counts_once_and_can_be_undone(app: &TestApp) {
        let (_, codes) = on_shelves(app, &["A1"]).await;
        let stocktake = start(app, &[]).await;
        let (first, path) = (Uuid::now_v7(), format!("/stocktakes/{stocktake}/scans"));
        let wish = json!({ "id": first, "code": codes[0], "shelf": "B1" });
        for _ in 0..3 {
            let told = app.warehouse().post(&path, wish.clone()).await.ok();
            assert_eq!((&told["outcome"], &told["scan_id"]), (&json!("other_shelf"), &json!(first)));
        }
        assert_eq!(app.count("SELECT count(*) FROM stocktake_scans"), 1);
        // Carried to its shelf and scanned there, it is found; without that scan it stands where it was seen first.
        app.advance(TimeDelta::minutes(1));
        let second = count(&app.warehouse(), &stocktake, &codes[0], "A1").await.ok();
        assert_eq!((&second["outcome"], &second["line"]["shelf"]), (&json!("found"), &json!("A1")));
        let undo = |scan: &Value| format!("{path}/{}/undo", scan.as_str().unwrap());
        let undone = app.warehouse().post(&undo(&second["scan_id"]), json!({})).await.ok();
        assert_eq!((&undone["line"]["finding"], &undone["line"]["scan_id"]), (&json!("other_shelf"), &json!(first)));
        app.warehouse().post(&undo(&second["scan_id"]), json!({})).await.refused(409, "scan.undone");
        app.warehouse().post(&path, json!({ "id": second["scan_id"], "code": codes[0], "shelf": "A1" })).await
            .refused(409, "scan.undone");
        correct(app, &stocktake, &codes[0], "move_back").await.ok();
        app.warehouse().post(&undo(&json!(first)), json!({})).await.refused(409, "stocktake.corrected");
        let events = app.warehouse().get(&format!("/events?subject={stocktake}")).await.ok();
        let events: Vec<&str> = events["items"].as_array().unwrap().iter().map(|event| event["action"].as_str().unwrap()).collect();
        let happened = ["started", "scanned", "scanned", "scan_undone", "corrected"].map(|what| format!("stocktake.{what}"));
        assert_eq!(events, happened);
    }

    async fn scans_that_waited_on_a_phone_are_true_of_when_they_were_made(app: &TestApp) {
        let (kit_type, codes) = on_shelves(app, &["A1", "A1"]).await;
        let stocktake = start(app, &["A1"]).await;
        let seen = app.clock.now();
        app.advance(TimeDelta::hours(1));
        let unit = app.unit("Lyktan").await;
        let reserved = reserve(&app.developer(), &kit_type, &unit, 0, 7).await;
        scan(app, &reserved["kit_code"], "hand_out").await;
        let path = format!("/stocktakes/{stocktake}/scans");
        let late = |code: &Value, at| json!({ "id": Uuid::now_v7(), "code": code, "shelf": "A1", "scanned_at": at });
        // It left after it was seen.
        let told = app.warehouse().post(&path, late(&reserved["kit_code"], seen)).await.ok();
        assert_eq!((&told["outcome"], &told["line"]["counted_at"]), (&json!("found"), &json!(seen)));
        end(app, &stocktake, "close").await.ok();
        let missing = lines(app, &stocktake, "missing").await;
        let other = codes.iter().find(|code| **code != reserved["kit_code"]).unwrap();
        assert_eq!((missing.len(), &missing[0]["kit_code"]), (1, other));
        // The phone comes back from the cellar: it had been seen before the stocktake was closed.
        app.advance(TimeDelta::hours(1));
        app.warehouse().post(&path, late(other, app.clock.now())).await.refused(409, "stocktake.over");
        assert_eq!(app.warehouse().post(&path, late(other, seen)).await.ok()["outcome"], "found");
        assert_eq!(show(app, &stocktake).await["counts"]["missing"], 0);
        app.warehouse().post(&path, late(other, app.clock.now() - TimeDelta::days(20))).await.wrong(&["scanned_at: scan.time"]);
    }

    async fn what_is_no_kit_of_ours_is_told(app: &TestApp) {
        let (_, codes) = on_shelves(app, &["A1", "A1", "A1"]).await;
        let stocktake = start(app, &[]).await;
        let who = app.warehouse();
        count(&who, &stocktake, &json!("0000000"), "A1").await.refused(404, "kit.unknown_code");
        count(&who, &stocktake, &json!("00016JE"), "A1").await.wrong(&["code: code.wrong_check"]);
        count(&who, &stocktake, &json!("en låda"), "A1").await.wrong(&["code: code.not_a_code"]);
        count(&who, &stocktake, &codes[0], &"A".repeat(121)).await.wrong(&["shelf: field.too_long"]);
        who.post(&format!("/kits/{}/replace-code", codes[0].as_str().unwrap()), json!({})).await.ok();
        count(&who, &stocktake, &codes[0], "A1").await.refused(409, "code.replaced");
        who.delete(&format!("/kits/{}", codes[1].as_str().unwrap())).await;
        let retired = count(&who, &stocktake, &codes[1], "A1").await.ok();
        assert_eq!((&retired["outcome"], &retired["line"]["possible"]), (&json!("retired"), &json!([])));
        // Nobody else's: neither their kits nor their stocktakes.
        let stranger = app.stranger();
        let kit_type = stranger.post("/kit-types", json!({ "name": "Osmo" })).await.created();
        let foreign = stranger.post("/kits", json!({ "kit_type_id": kit_type, "shelf": "A1" })).await.json["code"].clone();
        count(&who, &stocktake, &foreign, "A1").await.refused(409, "kit.other_organisation");
        count(&stranger, &stocktake, &foreign, "A1").await.refused(404, "stocktake.not_found");
        let theirs = stranger.post("/stocktakes", json!({})).await.created();
        count(&stranger, &theirs, &codes[2], "A1").await.refused(409, "kit.other_organisation");
        assert_eq!(stranger.get("/stocktakes").await.ok()["items"].as_array().unwrap().len(), 1);
        assert_eq!(stranger.get("/shelves").await.ok()["items"], json!([{ "shelf": "A1", "kits": 1 }]));
        stranger.post("/stocktakes", json!({ "shelves": ["A1", "Z9"] })).await.wrong(&["shelves[1]: stocktake.no_such_shelf"]);
        let undo = count(&who, &stocktake, &codes[2], "A1").await.ok()["scan_id"].clone();
        stranger.post(&format!("/stocktakes/{theirs}/scans/{}/undo", undo.as_str().unwrap()), json!({})).await
            .refused(404, "scan.not_found");
    }

    async fn one_that_is_called_off_notes_nothing_as_missing(app: &TestApp) {
        let (_, codes) = on_shelves(app, &["A1", "A1"]).await;
        let stocktake = start(app, &[]).await;
        outcome(app, &stocktake, &codes[0], "B1").await;
        let cancelled = end(app, &stocktake, "cancel").await.ok();
        assert_eq!((&cancelled["status"], &cancelled["counts"]["missing"]), (&json!("cancelled"), &json!(0)));
        correct(app, &stocktake, &codes[0], "set_shelf").await.refused(409, "stocktake.over");
        count(&app.warehouse(), &stocktake, &codes[1], "A1").await.refused(409, "stocktake.over");
    }

    async fn the_pages_count_without_a_script(app: &TestApp) {
        let (kit_type, codes) = on_shelves(app, &["A1", "A1", "B2"]).await;
        let browser = app.browser_of(&app.warehouse());
        let key = || Uuid::now_v7().to_string();
        let none = browser.post("/lager/inventering", &[("key", &key()), ("of", "shelves")]).await;
        assert_eq!(none.status, 422, "{}", none.text());
        let started = browser.post("/lager/inventering", &[("key", &key()), ("of", "shelves"), ("shelf", "A1")]).await;
        let path = started.location().to_owned();
        let page = browser.get(&path).await.text();
        assert!(page.contains("0 av 2") && page.contains("Du står vid A1."), "{page}");
        let scan_of = |code: &Value| [("key", key()), ("shelf", "A1".to_owned()), ("code", code.as_str().unwrap().to_owned())];
        for (code, words) in [(&codes[0], "På plats"), (&codes[0], "Redan räknad"), (&codes[2], "Fel hylla")] {
            let sent = scan_of(code);
            let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = browser.post(&format!("{path}/skanna"), &sent).await;
            assert!(answer.status == 200 && answer.text().contains(words), "{words}: {}", answer.text());
        }
        let sent = [("key", key()), ("code", "0000000".to_owned()), ("shelf", "A1".to_owned())];
        let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(browser.post(&format!("{path}/skanna"), &sent).await.status, 404);
        let code = codes[2].as_str().unwrap();
        let tap = [("key", key()), ("code", code.to_owned()), ("correction", "set_shelf".to_owned()), ("shelf", "A1".to_owned())];
        let tap: Vec<(&str, &str)> = tap.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(browser.post(&format!("{path}/ratta"), &tap).await.status, 303);
        assert_eq!(kit(app, &codes[2]).await["shelf"], "A1");
        let closed = browser.post(&format!("{path}/avsluta"), &[("key", &key())]).await;
        assert_eq!(closed.location(), format!("{path}/rapport?klart=stocktake-closed"));
        let report = browser.get(&format!("{path}/rapport")).await.text();
        assert!(report.contains("Saknas") && report.contains("Notera som förlorad"), "{report}");
        let tap = [("key", key()), ("code", codes[1].as_str().unwrap().to_owned()), ("correction", "mark_lost".to_owned()), ("from", "rapport".to_owned())];
        let tap: Vec<(&str, &str)> = tap.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(browser.post(&format!("{path}/ratta"), &tap).await.location(), format!("{path}/rapport?klart=stocktake-corrected"));
        // A second tap on a page that is no longer true says so.
        assert_eq!(browser.post(&format!("{path}/ratta"), &[("key", key().as_str()), tap[1], tap[2], tap[3]]).await.status, 409);
        assert!(browser.get(&path).await.location().ends_with("/rapport"), "a closed one is read, not counted");
        // The file is for a spreadsheet, and no name in it is a formula.
        app.admin().put(&format!("/kit-types/{kit_type}"), json!({ "name": "=Bee-Bot", "contents": [] })).await.ok();
        let file = browser.get(&format!("{path}/rapport.csv")).await;
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
        assert!(file.text().contains("'=Bee-Bot") && file.text().lines().count() == 4, "{}", file.text());
        assert_eq!(browser.get(&format!("{path}/rapport")).await.text().matches("Ta i bruk igen").count(), 1);
        // The kit's own page takes it into use again.
        let lost = format!("/lager/lada/{}", codes[1].as_str().unwrap());
        assert!(browser.get(&lost).await.text().contains("noterad som förlorad"));
        assert_eq!(browser.post(&format!("{lost}/hittad"), &[]).await.status, 303);
        assert_eq!(kit(app, &codes[1]).await["lendable"], true);
    }
}
