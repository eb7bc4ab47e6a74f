//! Scans that are sent twice, late, at once, or by mistake: each is done once, what came too late is sorted out by a person,
//! and a mistake is undone.

use crate::loans::{day, evaluate, kit, kit_type, loan, reserve, scan};
use crate::support::{Reply, TestApp, both};
use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

/// A loan of a kit that is alone of its type, with a borrower who can evaluate it.
async fn reserved(app: &TestApp) -> Value {
    let unit = app.unit("Lyktan").await;
    let kit_type = kit_type(app, "Bee-Bot", 1).await;
    reserve(&app.developer(), &kit_type, &unit, 0, 7).await
}

async fn send(app: &TestApp, id: Uuid, code: &Value, action: &str, scanned_at: Option<&str>) -> Reply {
    let mut scan = json!({ "id": id, "code": code, "action": action });
    if let Some(at) = scanned_at {
        scan["scanned_at"] = json!(at);
    }
    app.warehouse().post("/scans", scan).await
}

async fn undo(app: &TestApp, scan: &Value) -> Reply {
    app.warehouse().post(&format!("/scans/{}/undo", scan["scan_id"].as_str().unwrap()), json!({})).await
}

/// What a loan's events are called, oldest first.
async fn events(app: &TestApp, id: &Value) -> Vec<String> {
    let events = app.warehouse().get(&format!("/events?subject={}", id.as_str().unwrap())).await.ok();
    events["items"].as_array().unwrap().iter().map(|event| event["action"].as_str().unwrap().to_owned()).collect()
}

/// The subjects of the mails about a loan.
async fn subjects(app: &TestApp) -> Vec<String> {
    app.send_mails().await.into_iter().map(|mail| mail.subject).collect()
}

const CLAIMS: &str = "SELECT count(*) FROM occupancies";

both! {
    async fn a_scan_is_done_once_however_often_it_is_sent(app: &TestApp) {
        let reserved = reserved(app).await;
        let code = &reserved["kit_code"];
        let (out, back) = (Uuid::now_v7(), Uuid::now_v7());
        let first = send(app, out, code, "hand_out", None).await.ok();
        assert_eq!((&first["outcome"], &first["scan_id"]), (&json!("handed_out"), &json!(out)));
        app.clock.advance(TimeDelta::days(1));
        assert_eq!(send(app, back, code, "receive", None).await.ok()["outcome"], "received");
        // The answer to the first was lost, so the phone sends it again, now as one that it kept; and then once more.
        app.clock.advance(TimeDelta::days(5));
        for at in [None, Some("2026-11-02T08:00:00Z")] {
            let again = send(app, out, code, "hand_out", at).await.ok();
            assert_eq!((&again["outcome"], &again["loan"]["id"]), (&json!("handed_out"), &reserved["id"]));
        }
        assert_eq!(loan(app, &reserved["id"]).await["status"], "received");
        let done = events(app, &reserved["id"]).await;
        assert_eq!(done, ["loan.reserved", "loan.handed_out", "loan.received"]);
    }

    async fn scans_count_from_when_they_were_made_and_in_that_order(app: &TestApp) {
        let reserved = reserved(app).await;
        app.clock.advance(TimeDelta::days(3));
        let code = &reserved["kit_code"];
        send(app, Uuid::now_v7(), code, "hand_out", Some("2026-11-02T09:00:00Z")).await.ok();
        send(app, Uuid::now_v7(), code, "receive", Some("2026-11-04T10:00:00Z")).await.ok();
        let now = loan(app, &reserved["id"]).await;
        assert_eq!(now["handed_out_at"], "2026-11-02T09:00:00Z");
        assert_eq!(now["received_at"], "2026-11-04T10:00:00Z");
        // One that was made before what has happened since undoes nothing.
        let late = send(app, Uuid::now_v7(), code, "auto", Some("2026-11-03T10:00:00Z")).await;
        late.refused(409, "scan.stale");
        assert_eq!(late.json["kept"], true);
    }

    async fn a_scan_that_waited_never_hands_out_what_came_in_that_day(app: &TestApp) {
        let (lyktan, kometen) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let first = reserve(&app.developer(), &kit_type, &lyktan, 0, 1).await;
        reserve(&app.developer(), &kit_type, &kometen, 7, 10).await;
        let code = &first["kit_code"];
        scan(app, code, "hand_out").await;
        evaluate(&app.borrower(&lyktan).await, &first["id"]).await;
        app.clock.advance(TimeDelta::days(4));
        assert_eq!(scan(app, code, "receive").await["outcome"], "returned");
        app.clock.advance(TimeDelta::hours(3));
        // A colleague without network scanned the same box an hour later, to receive it.
        let late = send(app, Uuid::now_v7(), code, "auto", Some("2026-11-06T09:00:00Z")).await;
        late.refused(409, "scan.just_done");
        assert_eq!(late.json["kept"], true);
        assert_eq!(kit(app, code).await["status"], "in_turnaround");
    }

    async fn a_kit_that_came_in_goes_out_by_itself_only_to_its_own_loan(app: &TestApp) {
        let (lyktan, kometen) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let first = reserve(&app.developer(), &kit_type, &lyktan, 0, 4).await;
        let next = reserve(&app.developer(), &kit_type, &kometen, 8, 11).await;
        let code = &first["kit_code"];
        scan(app, code, "hand_out").await;
        evaluate(&app.borrower(&lyktan).await, &first["id"]).await;
        app.clock.advance(TimeDelta::days(4));
        assert_eq!(scan(app, code, "auto").await["outcome"], "returned");
        app.clock.advance(TimeDelta::seconds(150));
        let again = app.warehouse().post("/scans", json!({ "code": code })).await;
        again.refused(409, "scan.just_done");
        assert_eq!((&again.json["state"], &kit(app, code).await["current_loan"]), (&json!("in"), &Value::Null));
        // Who says what is meant is not held up; and a kit that is packed is to leave.
        let out = scan(app, code, "hand_out").await;
        assert_eq!(out["loan"]["unit"]["name"], "Kometen");
        undo(app, &out).await.ok();
        app.warehouse().post(&format!("/loans/{}/ready", next["id"].as_str().unwrap()), json!({})).await.ok();
        app.clock.advance(TimeDelta::minutes(10));
        assert_eq!(scan(app, code, "auto").await["outcome"], "handed_out");
    }

    async fn a_hand_out_that_is_scanned_twice_is_harmless(app: &TestApp) {
        let reserved = reserved(app).await;
        let code = &reserved["kit_code"];
        let out = |at: Option<&'static str>| send(app, Uuid::now_v7(), code, "hand_out", at);
        let (one, other) = tokio::join!(out(None), out(None));
        let (done, told) = if one.status == 200 { (one, other) } else { (other, one) };
        assert_eq!(done.ok()["outcome"], "handed_out");
        told.refused(409, "scan.just_done");
        assert!(told.json["detail"].as_str().unwrap().contains("redan utlämnad till Lyktan"), "{}", told.json);
        // Later it is no repeat: the kit must come in first.
        app.clock.advance(TimeDelta::hours(2));
        out(None).await.refused(409, "kit.out");
        // What waited on a phone is one for half a day; the page puts first what changes nothing.
        let late = out(Some("2026-11-02T07:30:00Z")).await;
        late.refused(409, "scan.just_done");
        let page = app.browser_of(&app.warehouse()).get("/lager/reda-ut").await.text();
        let (left, received) = (page.find(r#"value="left""#).unwrap(), page.find(r#"value="received""#).unwrap());
        assert!(left < received, "{page}");
    }

    async fn a_late_hand_out_is_about_the_day_on_which_it_was_made(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let kit_type = kit_type(app, "Bee-Bot", 3).await;
        let mut loans = Vec::new();
        for _ in 0..2 {
            loans.push(reserve(&app.developer(), &kit_type, &unit, 0, 4).await);
        }
        let kits = app.warehouse().get("/kits").await.ok();
        let own = |code: &Value| loans.iter().any(|loan| loan["kit_code"] == *code);
        let free = kits["items"].as_array().unwrap().iter().map(|kit| &kit["code"]).find(|code| !own(code)).unwrap().clone();
        // Scanned on the last day, sent three days later, and nobody knows which of two loans it was for.
        app.clock.advance(TimeDelta::days(7));
        let late = Uuid::now_v7();
        send(app, late, &free, "hand_out", Some("2026-11-06T12:00:00Z")).await.refused(409, "scan.which_loan");
        let leif = app.browser_of(&app.warehouse());
        let (path, key) = (format!("/lager/reda-ut/{late}"), Uuid::now_v7().to_string());
        let asked = leif.post(&path, &[("decision", "handed_out"), ("note", "Bilen gick"), ("key", &key)]).await;
        assert_eq!(asked.status, 409, "{}", asked.text());
        let id = loans[1]["id"].as_str().unwrap();
        assert!(asked.text().contains(&format!(r#"value="{id}""#)) && asked.text().contains("Bilen gick"), "{}", asked.text());
        let chosen = [("decision", "handed_out"), ("note", ""), ("loan_id", id), ("key", &key)];
        assert_eq!(leif.post(&path, &chosen).await.location(), "/lager/reda-ut?klart=sorted-out");
        let now = loan(app, &loans[1]["id"]).await;
        assert_eq!((&now["status"], &now["handed_out_at"]), (&json!("out"), &json!("2026-11-06T12:00:00Z")));
        // The other one leaves at once, since the day on which it was scanned counts.
        send(app, Uuid::now_v7(), &loans[0]["kit_code"], "hand_out", Some("2026-11-06T12:05:00Z")).await.ok();
    }

    async fn a_receipt_that_is_sorted_out_counts_from_when_it_was_scanned(app: &TestApp) {
        let reserved = reserved(app).await;
        let code = &reserved["kit_code"];
        scan(app, code, "hand_out").await;
        app.clock.advance(TimeDelta::days(2));
        // Within half a day of the hand-out nobody knows what was meant.
        let late = Uuid::now_v7();
        send(app, late, code, "auto", Some("2026-11-02T15:00:00Z")).await.refused(409, "scan.just_done");
        app.warehouse().post(&format!("/late-scans/{late}/sort-out"), json!({ "decision": "received" })).await.ok();
        assert_eq!(loan(app, &reserved["id"]).await["received_at"], "2026-11-02T15:00:00Z");
        // What was decided lies nowhere any more.
        let again = send(app, late, code, "auto", Some("2026-11-02T15:00:00Z")).await;
        again.refused(409, "scan.sorted_out");
        assert_eq!(again.json["kept"], false);
    }

    async fn an_id_belongs_to_one_scan(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let kit_type = kit_type(app, "Bee-Bot", 2).await;
        let (one, other) = (reserve(&app.developer(), &kit_type, &unit, 0, 7).await, reserve(&app.developer(), &kit_type, &unit, 0, 7).await);
        let id = Uuid::now_v7();
        send(app, id, &one["kit_code"], "hand_out", None).await.ok();
        send(app, id, &other["kit_code"], "hand_out", None).await.refused(409, "scan.id_reused");
        let late = send(app, id, &one["kit_code"], "receive", Some("2026-11-02T08:00:00Z")).await;
        late.refused(409, "scan.id_reused");
        assert_ne!(late.json["kept"], true);
        assert_eq!(loan(app, &other["id"]).await["status"], "reserved");
        // Written in another way it is the same code.
        let code = one["kit_code"].as_str().unwrap();
        send(app, id, &json!(format!("https://lada.example/k/{}", code.to_lowercase())), "hand_out", None).await.ok();
    }

    async fn a_kit_does_not_leave_for_a_loan_before_that_was_made(app: &TestApp) {
        let reserved = reserved(app).await;
        let late = send(app, Uuid::now_v7(), &reserved["kit_code"], "hand_out", Some("2026-10-30T08:00:00Z")).await;
        late.refused(409, "scan.stale");
        assert_eq!((&late.json["kept"], &loan(app, &reserved["id"]).await["status"]), (&json!(true), &json!("reserved")));
    }

    async fn what_is_missing_since_does_not_keep_a_hand_out_from_being_undone(app: &TestApp) {
        let reserved = reserved(app).await;
        let code = reserved["kit_code"].as_str().unwrap();
        let line = app.warehouse().get(&format!("/kit-types/{}", reserved["kit_type"]["id"].as_str().unwrap())).await.ok()["contents"][0]["id"].clone();
        let out = scan(app, &reserved["kit_code"], "hand_out").await;
        let missing = json!({ "deviations": [{ "content_line_id": line, "kind": "missing", "quantity": 1 }], "needs": ["charge"] });
        app.warehouse().post(&format!("/kits/{code}/checks"), missing).await.created();
        assert_eq!(undo(app, &out).await.ok()["status"], "reserved");
        let now = kit(app, &reserved["kit_code"]).await;
        assert_eq!((&now["status"], &now["lendable"]), (&json!("in_service"), &json!(false)));
        assert_eq!(loan(app, &reserved["id"]).await["at_risk"], true);
    }

    async fn a_kit_whose_hand_out_is_undone_still_waits_for_its_check(app: &TestApp) {
        let (lyktan, kometen) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let first = reserve(&app.developer(), &kit_type, &lyktan, 0, 4).await;
        reserve(&app.developer(), &kit_type, &kometen, 8, 11).await;
        let code = &first["kit_code"];
        scan(app, code, "hand_out").await;
        evaluate(&app.borrower(&lyktan).await, &first["id"]).await;
        app.clock.advance(TimeDelta::days(4));
        scan(app, code, "receive").await;
        app.clock.advance(TimeDelta::days(1));
        let before = app.warehouse().get("/kits-to-check").await.ok();
        assert_eq!(before["items"].as_array().unwrap().len(), 1);
        let out = scan(app, code, "hand_out").await;
        assert_eq!(app.warehouse().get("/kits-to-check").await.ok()["items"], json!([]));
        undo(app, &out).await.ok();
        assert_eq!(app.warehouse().get("/kits-to-check").await.ok(), before);
    }

    async fn what_came_too_late_is_sorted_out_once(app: &TestApp) {
        let reserved = reserved(app).await;
        let code = &reserved["kit_code"];
        let late = Uuid::now_v7();
        app.clock.advance(TimeDelta::hours(1));
        // Refused while somebody hears it, it is theirs to mend; refused after it waited, it is kept, once.
        send(app, late, code, "receive", None).await.refused(409, "kit.not_out");
        assert_eq!(app.warehouse().get("/late-scans").await.ok()["items"], json!([]));
        for code_again in ["kit.not_out", "scan.kept"] {
            let refused = send(app, late, code, "receive", Some("2026-11-02T08:30:00Z")).await;
            refused.refused(409, code_again);
            assert_eq!(refused.json["kept"], true);
        }
        let open = app.warehouse().get("/late-scans").await.ok()["items"].clone();
        assert_eq!(open.as_array().unwrap().len(), 1);
        assert_eq!((&open[0]["refusal"], &open[0]["code"], &open[0]["action"]), (&json!("kit.not_out"), code, &json!("receive")));
        assert_eq!((&open[0]["scanned_at"], &open[0]["scanned_by"]), (&json!("2026-11-02T08:30:00Z"), &json!("warehouse")));
        assert_eq!(open[0]["kit"]["status"], "available");
        assert_eq!(app.stranger().get("/late-scans").await.ok()["items"], json!([]));

        let path = format!("/late-scans/{late}/sort-out");
        app.stranger().post(&path, json!({ "decision": "left" })).await.refused(404, "scan.not_found");
        app.warehouse().post(&path, json!({ "decision": "left", "note": "x".repeat(501) })).await.wrong(&["note: field.too_long"]);
        // What cannot be done leaves it open.
        app.warehouse().post(&path, json!({ "decision": "received" })).await.refused(409, "kit.not_out");
        assert_eq!(app.warehouse().get("/late-scans").await.ok()["items"].as_array().unwrap().len(), 1);
        let decided = app.warehouse().post(&path, json!({ "decision": "handed_out", "note": "Bilen gick i morse" })).await.ok();
        assert_eq!((&decided["decision"], &decided["decided_by"]), (&json!("handed_out"), &json!("warehouse")));
        assert_eq!(loan(app, &reserved["id"]).await["status"], "out");
        app.warehouse().post(&path, json!({ "decision": "left" })).await.refused(409, "scan.sorted_out");
        assert_eq!(app.warehouse().get("/late-scans").await.ok()["items"], json!([]));
        assert_eq!(events(app, &json!(late)).await, ["scan.kept", "scan.sorted_out"]);
        assert_eq!(app.count("SELECT count(*) FROM scans"), 1);
    }

    async fn whatever_was_scanned_without_network_is_kept(app: &TestApp) {
        let at = "2026-11-02T07:59:00Z";
        send(app, Uuid::now_v7(), &json!("00016JD"), "auto", Some(at)).await.refused(404, "kit.unknown_code");
        send(app, Uuid::now_v7(), &json!("00016JE"), "auto", Some(at)).await.wrong(&["code: code.wrong_check"]);
        send(app, Uuid::now_v7(), &json!("00016JD"), "auto", Some("2026-01-02T07:59:00Z")).await.refused(404, "kit.unknown_code");
        let open = app.warehouse().get("/late-scans").await.ok()["items"].clone();
        let refusals: Vec<&str> = open.as_array().unwrap().iter().map(|late| late["refusal"].as_str().unwrap()).collect();
        assert_eq!(refusals, ["kit.unknown_code", "code.wrong_check", "kit.unknown_code"]);
        assert_eq!(open[0]["kit"], Value::Null);
        app.warehouse().post("/scans", json!({ "id": "fel", "code": "00016JD", "scanned_at": at })).await.wrong(&["id: request.field_type"]);
        let page = app.browser_of(&app.warehouse()).get("/lager/reda-ut").await.text();
        assert!(page.contains("000-16JE") || page.contains("00016JE"), "{page}");
        let day = app.browser_of(&app.warehouse()).get("/lager").await.text();
        assert!(day.contains(r#"href="/lager/reda-ut""#), "{day}");
    }

    async fn a_hand_out_is_undone(app: &TestApp) {
        let reserved = reserved(app).await;
        let (id, code) = (&reserved["id"], &reserved["kit_code"]);
        app.warehouse().post(&format!("/loans/{}/ready", id.as_str().unwrap()), json!({})).await.ok();
        let before = loan(app, id).await;
        let out = scan(app, code, "auto").await;
        app.clock.advance(TimeDelta::minutes(9));
        let undone = undo(app, &out).await.ok();
        for same in ["status", "kit_code", "first_day", "last_day", "ready_at", "handed_out_at", "evaluation"] {
            assert_eq!(undone[same], before[same], "{same}");
        }
        assert_eq!(kit(app, code).await["status"], "ready");
        undo(app, &out).await.refused(409, "scan.undone");
        send(app, out["scan_id"].as_str().unwrap().parse().unwrap(), code, "auto", None).await.refused(409, "scan.undone");
        assert_eq!(events(app, id).await.last().unwrap(), "loan.hand_out_undone");
        assert_eq!(app.count(CLAIMS), 1);
        assert!(subjects(app).await.iter().all(|subject| !subject.contains("på väg")), "what was undone is not told");
        // It is handed out again, and this time it is told.
        scan(app, code, "hand_out").await;
        assert_eq!(subjects(app).await.iter().filter(|subject| subject.contains("på väg")).count(), 1);
    }

    async fn a_mail_that_has_left_is_corrected(app: &TestApp) {
        let reserved = reserved(app).await;
        let out = scan(app, &reserved["kit_code"], "auto").await;
        assert_eq!(subjects(app).await.iter().filter(|subject| subject.contains("på väg")).count(), 1);
        undo(app, &out).await.ok();
        assert_eq!(subjects(app).await.iter().filter(|subject| subject.starts_with("Rättelse")).count(), 1);
        scan(app, &reserved["kit_code"], "hand_out").await;
        assert_eq!(subjects(app).await.iter().filter(|subject| subject.contains("på väg")).count(), 2);
    }

    async fn a_receipt_is_undone_and_whoever_was_promised_the_kit_is_told(app: &TestApp) {
        let (lyktan, kometen) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let first = reserve(&app.developer(), &kit_type, &lyktan, 0, 4).await;
        let next = reserve(&app.developer(), &kit_type, &kometen, 14, 18).await;
        let code = &first["kit_code"];
        scan(app, code, "hand_out").await;
        evaluate(&app.borrower(&lyktan).await, &first["id"]).await;
        app.clock.advance(TimeDelta::days(12));
        let back = scan(app, code, "receive").await;
        assert_eq!(back["outcome"], "returned");
        assert_eq!(loan(app, &next["id"]).await["at_risk"], false);
        let undone = undo(app, &back).await.ok();
        assert_eq!((&undone["status"], &undone["received_at"], &undone["evaluation"]), (&json!("out"), &Value::Null, &json!("submitted")));
        assert_eq!(kit(app, code).await["status"], "out");
        assert_eq!(loan(app, &next["id"]).await["at_risk"], true);
        assert_eq!(scan(app, code, "receive").await["outcome"], "returned");
    }

    async fn nothing_that_has_been_built_on_is_undone(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let reserved = reserve(&borrower, &kit_type, &unit, 0, 7).await;
        let code = &reserved["kit_code"];
        let out = scan(app, code, "hand_out").await;
        app.clock.advance(TimeDelta::minutes(11));
        undo(app, &out).await.refused(409, "scan.too_old");
        let back = scan(app, code, "receive").await;
        let path = format!("/scans/{}/undo", back["scan_id"].as_str().unwrap());
        app.stranger().post(&path, json!({})).await.refused(404, "scan.not_found");
        evaluate(&borrower, &reserved["id"]).await;
        undo(app, &back).await.refused(409, "scan.changed_since");
        assert_eq!(loan(app, &reserved["id"]).await["status"], "returned");
        app.warehouse().post(&format!("/scans/{}/undo", Uuid::now_v7()), json!({})).await.refused(404, "scan.not_found");
    }

    async fn a_swap_is_undone_with_the_kit_that_was_meant(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let kit_type = kit_type(app, "Bee-Bot", 2).await;
        let reserved = reserve(&app.developer(), &kit_type, &unit, 0, 7).await;
        let kits = app.warehouse().get("/kits").await.ok();
        let other = kits["items"].as_array().unwrap().iter().find(|kit| kit["code"] != reserved["kit_code"]).unwrap().clone();
        let out = scan(app, &other["code"], "auto").await;
        assert_eq!(out["outcome"], "handed_out_swapped");
        let undone = undo(app, &out).await.ok();
        assert_eq!((&undone["status"], &undone["kit_code"]), (&json!("reserved"), &reserved["kit_code"]));
        assert_eq!((kit(app, &other["code"]).await["status"].clone(), app.count(CLAIMS)), (json!("available"), 1));
    }

    async fn two_phones_at_once_make_one_receipt_and_both_are_told_the_truth(app: &TestApp) {
        let reserved = reserved(app).await;
        let code = &reserved["kit_code"];
        send(app, Uuid::now_v7(), code, "hand_out", None).await.ok();
        app.clock.advance(TimeDelta::days(1));
        let scan = |action: &str| json!({ "id": Uuid::now_v7(), "code": code, "action": action });
        let (one, other) = (app.warehouse(), app.warehouse());
        let (one, other) = tokio::join!(one.post("/scans", scan("receive")), other.post("/scans", scan("receive")));
        let (done, told) = if one.status == 200 { (one, other) } else { (other, one) };
        assert_eq!(done.ok()["outcome"], "received");
        told.refused(409, "loan.already_received");
        // The same without saying what is meant: nothing goes out again.
        app.warehouse().post("/scans", scan("auto")).await.refused(409, "scan.just_done");
        assert_eq!(events(app, &reserved["id"]).await.iter().filter(|action| *action == "loan.received").count(), 1);
    }

    async fn one_scan_sent_by_two_ways_at_once_is_done_once(app: &TestApp) {
        let reserved = reserved(app).await;
        let code = &reserved["kit_code"];
        let id = Uuid::now_v7();
        let (one, other) = tokio::join!(send(app, id, code, "auto", None), send(app, id, code, "auto", None));
        assert_eq!((one.ok()["outcome"].clone(), other.ok()["outcome"].clone()), (json!("handed_out"), json!("handed_out")));
        assert_eq!(app.count("SELECT count(*) FROM scans"), 1);
    }

    async fn a_promised_kit_is_refused_with_the_one_to_take(app: &TestApp) {
        let (lyktan, kometen) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let kit_type = kit_type(app, "Bee-Bot", 2).await;
        let mine = reserve(&app.developer(), &kit_type, &lyktan, 0, 7).await;
        let theirs = reserve(&app.developer(), &kit_type, &kometen, 2, 9).await;
        app.warehouse().post(&format!("/loans/{}/ready", theirs["id"].as_str().unwrap()), json!({})).await.ok();
        let wrong = json!({ "code": theirs["kit_code"], "action": "hand_out", "loan_id": mine["id"] });
        let refused = app.warehouse().post("/scans", wrong).await;
        refused.refused(409, "kit.promised");
        let detail = refused.json["detail"].as_str().unwrap();
        assert!(detail.contains("Kometen") && detail.contains("4 nov") && detail.contains("Ta Bee-Bot"), "{detail} {}", day(2));
        assert_eq!(refused.json["take_instead"]["code"], mine["kit_code"]);
    }

    async fn the_page_undoes_and_sorts_out_without_a_script(app: &TestApp) {
        let reserved = reserved(app).await;
        let code = reserved["kit_code"].as_str().unwrap();
        let leif = app.browser_of(&app.warehouse());
        let key = Uuid::now_v7().to_string();
        let page = leif.post("/lager/skanna", &[("code", code), ("action", "auto"), ("key", &key)]).await.text();
        let scan = regex::Regex::new(r#"name="scan" value="([^"]+)""#).unwrap().captures(&page).expect("a way to undo")[1].to_owned();
        let undone = leif.post("/lager/skanna/angra", &[("scan", &scan), ("action", "receive"), ("key", &key)]).await;
        assert!(undone.text().contains(r#"value="receive" checked"#), "what the next scan is to do stays: {}", undone.text());
        assert!(undone.text().contains("Allt är som före skanningen."), "{}", undone.text());
        assert_eq!(loan(app, &reserved["id"]).await["status"], "reserved");

        let late = Uuid::now_v7();
        send(app, late, &reserved["kit_code"], "receive", Some("2026-11-02T07:58:00Z")).await.refused(409, "kit.not_out");
        let page = leif.get("/lager/reda-ut").await.text();
        assert!(page.contains("Mobilen säger") && page.contains("Lämna ut lådan nu"), "{page}");
        let form = [("decision", "handed_out"), ("note", ""), ("key", key.as_str())];
        let decided = leif.post(&format!("/lager/reda-ut/{late}"), &form).await;
        assert_eq!(decided.location(), "/lager/reda-ut?klart=sorted-out");
        assert_eq!(loan(app, &reserved["id"]).await["status"], "out");
    }
}
