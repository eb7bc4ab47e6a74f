//! The lap: reserved, packed, handed out, received, evaluated or released, and only then returned. And what is refused.

use crate::support::{Actor, TestApp, both};
use chrono::{Days, NaiveDate, TimeDelta};
use diesel::RunQueryDsl;
use digilador::platform::db::connection::Conn;
use serde_json::{Value, json};

/// The day on which every test begins.
fn today() -> NaiveDate {
    "2026-11-02".parse().unwrap()
}

pub fn day(offset: u64) -> String {
    (today() + Days::new(offset)).to_string()
}

/// A kit type with this many kits: its id.
pub async fn kit_type(app: &TestApp, name: &str, kits: usize) -> String {
    let contents = json!([{ "name": name, "quantity": 6, "kind": "essential" }]);
    let kit_type = app.admin().post("/kit-types", json!({ "name": name, "contents": contents })).await.created();
    for _ in 0..kits {
        app.warehouse().post("/kits", json!({ "kit_type_id": kit_type })).await.created();
    }
    kit_type
}

pub fn wish(kit_type: &str, unit: &str, first: u64, last: u64) -> Value {
    json!({ "kit_type_id": kit_type, "unit_id": unit, "first_day": day(first), "last_day": day(last) })
}

pub async fn reserve(who: &Actor, kit_type: &str, unit: &str, first: u64, last: u64) -> Value {
    let reply = who.post("/loans", wish(kit_type, unit, first, last)).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json
}

pub async fn scan(app: &TestApp, code: &Value, action: &str) -> Value {
    app.warehouse().post("/scans", json!({ "code": code, "action": action })).await.ok()
}

pub async fn loan(app: &TestApp, id: &Value) -> Value {
    app.warehouse().get(&format!("/loans/{}", id.as_str().unwrap())).await.ok()
}

pub async fn kit(app: &TestApp, code: &Value) -> Value {
    app.warehouse().get(&format!("/kits/{}", code.as_str().unwrap())).await.ok()
}

/// The shortest evaluation there is.
fn never_used() -> Value {
    json!({ "answers": { "used": "no", "notused_why": ["no_time"] } })
}

pub async fn change_rules(app: &TestApp, gate: &str) {
    let rules = json!({ "name": crate::support::app::ORGANISATION, "language": "sv", "time_zone": "Europe/Stockholm",
                        "evaluation_gate": gate, "evaluation_due_days": 7 });
    app.admin().put("/organisation", rules).await.ok();
}

pub async fn evaluate(who: &Actor, id: &Value) {
    let path = format!("/loans/{}/evaluation/submit", id.as_str().unwrap());
    let reply = who.post(&path, never_used()).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
}

both! {
    async fn the_lap(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let reserved = reserve(&borrower, &kit_type, &unit, 0, 14).await;
        let (id, code) = (&reserved["id"], &reserved["kit_code"]);
        assert_eq!(reserved["status"], "reserved");
        assert_eq!(reserved["evaluation"], "not_started");
        let path = format!("/loans/{}", id.as_str().unwrap());
        assert_eq!(app.warehouse().post(&format!("{path}/ready"), json!({})).await.ok()["status"], "ready");
        assert_eq!(kit(app, code).await["status"], "ready");

        let out = scan(app, code, "auto").await;
        assert_eq!((&out["outcome"], &out["loan"]["status"]), (&json!("handed_out"), &json!("out")));
        assert_eq!(kit(app, code).await["lendable"], false);

        app.clock.advance(TimeDelta::days(10));
        let received = scan(app, code, "auto").await;
        assert_eq!(received["outcome"], "received");
        assert_eq!(received["loan"]["evaluation_due"], day(17));
        let waiting = kit(app, code).await;
        assert_eq!((&waiting["status"], &waiting["lendable"]), (&json!("received"), &json!(false)));
        reserve_is_refused_today(app, &kit_type, &unit).await;

        evaluate(&borrower, id).await;
        assert_eq!(loan(app, id).await["status"], "returned");
        assert_eq!(kit(app, code).await["lendable"], true);
        borrower.post(&format!("{path}/evaluation/submit"), never_used()).await
            .refused(409, "evaluation.already_submitted");

        let events = app.warehouse().get(&format!("/events?subject={}", id.as_str().unwrap())).await.ok();
        let actions: Vec<&str> = events["items"].as_array().unwrap().iter().map(|e| e["action"].as_str().unwrap()).collect();
        for action in ["loan.reserved", "loan.ready", "loan.handed_out", "loan.received", "loan.evaluated"] {
            assert!(actions.contains(&action), "{action} in {actions:?}");
        }
        let mails = app.send_mails().await;
        assert!(mails.iter().any(|mail| mail.subject.contains("mottagen")), "the unit is asked for the evaluation");
    }

    async fn evaluated_first_and_received_then_is_returned_at_the_scan(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let reserved = reserve(&borrower, &kit_type, &unit, 0, 14).await;
        scan(app, &reserved["kit_code"], "hand_out").await;
        evaluate(&borrower, &reserved["id"]).await;
        let out = loan(app, &reserved["id"]).await;
        assert_eq!((&out["status"], &out["evaluation"]), (&json!("out"), &json!("submitted")));
        assert_eq!(scan(app, &reserved["kit_code"], "receive").await["outcome"], "returned");
    }

    async fn released_with_a_reason_is_returned_too(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let reserved = reserve(&app.developer(), &kit_type, &unit, 0, 14).await;
        let release = format!("/loans/{}/release", reserved["id"].as_str().unwrap());
        app.developer().post(&release, json!({ "reason": "Stängt för smitta" })).await
            .refused(409, "loan.not_releasable");
        scan(app, &reserved["kit_code"], "hand_out").await;
        scan(app, &reserved["kit_code"], "receive").await;
        app.developer().post(&release, json!({ "reason": "  " })).await.wrong(&["reason: field.missing"]);
        let released = app.developer().post(&release, json!({ "reason": "Stängt för smitta" })).await.ok();
        // Why is told on the loan's page alone: it may be about a person.
        let mails = app.send_mails().await;
        let told = mails.iter().find(|mail| mail.subject.contains("behöver inte utvärdera")).expect("a mail");
        assert!(!told.text.contains("smitta") && told.text.contains("/lan/"), "{}", told.text);
        assert_eq!((&released["status"], &released["evaluation"]), (&json!("returned"), &json!("released")));
        app.warehouse().post(&release, json!({ "reason": "x" })).await.refused(403, "auth.forbidden");
    }

    async fn with_the_gate_at_the_unit_the_kit_goes_on_and_the_unit_waits(app: &TestApp) {
        change_rules(app, "unit").await;
        let (lyktan, kometen) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let first = reserve(&app.developer(), &kit_type, &lyktan, 0, 7).await;
        scan(app, &first["kit_code"], "hand_out").await;
        assert_eq!(scan(app, &first["kit_code"], "receive").await["outcome"], "received");
        let code = first["kit_code"].as_str().unwrap();
        assert_eq!(kit(app, &first["kit_code"]).await["lendable"], false, "nobody has checked it");
        app.warehouse().post(&format!("/kits/{code}/checks"), json!({})).await.created();
        assert_eq!(kit(app, &first["kit_code"]).await["lendable"], true);
        let second = reserve(&app.developer(), &kit_type, &kometen, 4, 10).await;
        app.clock.advance(TimeDelta::days(4));
        scan(app, &second["kit_code"], "hand_out").await;
        // Due on day 7: on day 8 the unit gets nothing new, neither reserved nor handed out.
        app.clock.advance(TimeDelta::days(4));
        app.developer().post("/loans", wish(&kit_type, &lyktan, 30, 35)).await.refused(409, "unit.evaluation_overdue");
        evaluate(&app.borrower(&lyktan).await, &first["id"]).await;
        assert_eq!(loan(app, &first["id"]).await["status"], "returned");
        reserve(&app.developer(), &kit_type, &lyktan, 30, 35).await;
    }

    async fn a_unit_that_owes_an_evaluation_gets_no_hand_out(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let (bee_bot, cubetto) = (kit_type(app, "Bee-Bot", 1).await, kit_type(app, "Cubetto", 1).await);
        let first = reserve(&app.developer(), &bee_bot, &unit, 0, 7).await;
        let second = reserve(&app.developer(), &cubetto, &unit, 8, 20).await;
        scan(app, &first["kit_code"], "hand_out").await;
        scan(app, &first["kit_code"], "receive").await;
        app.clock.advance(TimeDelta::days(8));
        let scanned = app.warehouse().post("/scans", json!({ "code": second["kit_code"] })).await;
        scanned.refused(409, "unit.evaluation_overdue");
        assert_eq!(scanned.json["loans"], json!([first["id"]]));
        // The warehouse never refuses a box, and a release opens the way.
        let release = format!("/loans/{}/release", first["id"].as_str().unwrap());
        app.admin().post(&release, json!({ "reason": "Lådan gick sönder" })).await.ok();
        assert_eq!(scan(app, &second["kit_code"], "hand_out").await["outcome"], "handed_out");
    }

    async fn the_unit_is_told_what_is_true(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let (evaluated, released) = (kit_type(app, "Bee-Bot", 1).await, kit_type(app, "Cubetto", 1).await);
        let evaluated = reserve(&app.developer(), &evaluated, &unit, 0, 7).await;
        let released = reserve(&app.developer(), &released, &unit, 0, 7).await;
        for loan in [&evaluated, &released] {
            scan(app, &loan["kit_code"], "hand_out").await;
        }
        let kinds = |id: &Value| {
            let id = id.as_str().unwrap().to_owned();
            app.directly(move |conn| crate::support::app::lines(conn, &format!(
                "SELECT kind AS line FROM mails WHERE cause LIKE '{id}:%' AND kind NOT IN ('loan.reserved', 'loan.handed_out') ORDER BY id")))
        };
        evaluate(&app.borrower(&unit).await, &evaluated["id"]).await;
        assert_eq!(kinds(&evaluated["id"]), ["loan.evaluated"]);
        assert!(scan(app, &evaluated["kit_code"], "receive").await["message"].as_str().unwrap().contains("har kommit"));
        assert_eq!(kinds(&evaluated["id"]), ["loan.evaluated", "loan.returned"]);

        let release = format!("/loans/{}/release", released["id"].as_str().unwrap());
        app.developer().post(&release, json!({ "reason": "Stängt för smitta" })).await.ok();
        let received = scan(app, &released["kit_code"], "receive").await;
        assert_eq!(received["outcome"], "returned");
        assert!(received["message"].as_str().unwrap().contains("efterskänkt"), "{received}");
        assert_eq!(kinds(&released["id"]), ["loan.released", "loan.returned_released"]);
        let mails = app.send_mails().await;
        assert!(mails.iter().any(|mail| mail.subject == "Lånet av Cubetto är klart"));
    }

    async fn a_reader_that_reads_twice_undoes_nothing(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let reserved = reserve(&app.developer(), &kit_type, &unit, 0, 7).await;
        let auto = json!({ "code": reserved["kit_code"] });
        for (outcome, status, state) in [("handed_out", "out", "out"), ("received", "received", "in")] {
            assert_eq!(app.warehouse().post("/scans", auto.clone()).await.ok()["outcome"], outcome);
            app.clock.advance(TimeDelta::hours(12) - TimeDelta::seconds(1));
            let again = app.warehouse().post("/scans", auto.clone()).await;
            again.refused(409, "scan.just_done");
            assert_eq!((&again.json["loan_id"], &again.json["state"]), (&reserved["id"], &json!(state)));
            assert!(again.json["detail"].as_str().unwrap().contains("Lyktan"), "{}", again.json);
            assert_eq!(loan(app, &reserved["id"]).await["status"], status);
            app.clock.advance(TimeDelta::seconds(1));
        }
        // Who says what is meant is not held up.
        evaluate(&app.borrower(&unit).await, &reserved["id"]).await;
        let next = reserve(&app.developer(), &kit_type, &unit, 4, 11).await;
        scan(app, &next["kit_code"], "hand_out").await;
        scan(app, &next["kit_code"], "receive").await;
    }

    async fn a_scan_that_waited_on_a_phone_undoes_nothing(app: &TestApp) {
        let (lyktan, kometen) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let first = reserve(&app.developer(), &kit_type, &lyktan, 0, 7).await;
        let second = reserve(&app.developer(), &kit_type, &kometen, 11, 18).await;
        let code = &first["kit_code"];
        let waited = |action: &str, at: &str| json!({ "code": code, "action": action, "scanned_at": at });
        let send = async |action: &str, at: &str| app.warehouse().post("/scans", waited(action, at)).await;
        // The scan at nine waits on a phone while somebody else receives the kit at ten and hands it out at eleven.
        scan(app, code, "hand_out").await;
        app.clock.advance(TimeDelta::days(11) + TimeDelta::hours(2));
        scan(app, code, "receive").await;
        evaluate(&app.borrower(&lyktan).await, &first["id"]).await;
        send("hand_out", "2026-11-13T09:00:00Z").await.refused(409, "scan.stale");
        app.clock.advance(TimeDelta::hours(1));
        scan(app, code, "hand_out").await;
        for (action, code) in [("auto", "scan.just_done"), ("receive", "scan.stale")] {
            let refused = send(action, "2026-11-13T09:00:00Z").await;
            refused.refused(409, code);
            assert_eq!(refused.json["loan_id"], second["id"]);
        }
        send("auto", "2026-11-13T11:01:00Z").await.refused(409, "scan.just_done");
        // One that waited ten days is about then; what the unit has to do counts from now.
        app.clock.advance(TimeDelta::days(13));
        let received = send("receive", "2026-11-16T09:00:00Z").await.ok();
        assert_eq!(received["loan"]["received_at"], "2026-11-16T09:00:00Z");
        assert_eq!(received["loan"]["evaluation_due"], day(31));
    }

    async fn a_unit_that_owes_gets_nothing_by_an_old_scan(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let (bee_bot, cubetto) = (kit_type(app, "Bee-Bot", 1).await, kit_type(app, "Cubetto", 1).await);
        let first = reserve(&app.developer(), &bee_bot, &unit, 0, 7).await;
        let second = reserve(&app.developer(), &cubetto, &unit, 0, 20).await;
        scan(app, &first["kit_code"], "hand_out").await;
        scan(app, &first["kit_code"], "receive").await;
        app.clock.advance(TimeDelta::days(8));
        let old = json!({ "code": second["kit_code"], "action": "hand_out", "scanned_at": "2026-11-08T08:00:00Z" });
        app.warehouse().post("/scans", old).await.refused(409, "unit.evaluation_overdue");
    }

    async fn what_differs_is_reported_and_the_type_can_still_be_changed(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let path = format!("/kit-types/{kit_type}");
        let list = json!([{ "name": "Bee-Bot", "quantity": 6, "kind": "essential" },
                          { "name": "Karta", "quantity": 2, "kind": "replaceable" }]);
        let mut seen = app.admin().put(&path, json!({ "name": "Bee-Bot", "contents": list })).await.ok();
        let (robot, card) = (seen["contents"][0]["id"].clone(), seen["contents"][1]["id"].clone());
        let reserved = reserve(&app.developer(), &kit_type, &unit, 0, 7).await;
        scan(app, &reserved["kit_code"], "hand_out").await;

        let report = async |deviations: Value| {
            let scan = json!({ "code": reserved["kit_code"], "action": "receive", "deviations": deviations });
            app.warehouse().post("/scans", scan).await
        };
        report(json!([{ "kind": "missing", "quantity": 1 }, { "kind": "extra", "quantity": 0 },
                      { "kind": "broken", "quantity": 1, "content_line_id": kit_type }])).await.wrong(&[
            "deviations[0].content_line_id: field.missing", "deviations[1].name: field.missing",
            "deviations[1].quantity: field.range", "deviations[2].content_line_id: deviation.no_such_line",
        ]);
        report(json!([{ "content_line_id": card, "kind": "missing", "quantity": 1, "note": "Den blå" },
                      { "name": "En strumpa", "kind": "extra", "quantity": 1 }])).await.ok();
        let path_of_loan = format!("/loans/{}", reserved["id"].as_str().unwrap());
        let told = app.warehouse().get(&path_of_loan).await.ok()["deviations"].clone();
        let told_of = |name: &str| told[0][name].clone();
        assert_eq!(["content_line_id", "name", "kind", "quantity", "note", "occasion", "resolution"].map(told_of),
            [card.clone(), json!("Karta"), json!("missing"), json!(1), json!("Den blå"), json!("return"), Value::Null]);
        assert_eq!((&told[1]["content_line_id"], &told[1]["name"]), (&Value::Null, &json!("En strumpa")));

        // Renamed it is the same line; taken off the list it is still what was reported.
        seen["contents"][0]["name"] = json!("Bee-Bot röd");
        let renamed = json!({ "name": "Bee-Bot", "contents": [seen["contents"][0]] });
        let changed = app.admin().put(&path, renamed).await.ok();
        assert_eq!(changed["contents"].as_array().unwrap().len(), 1);
        assert_eq!((&changed["contents"][0]["id"], &changed["contents"][0]["name"]), (&robot, &json!("Bee-Bot röd")));
        assert_eq!(app.warehouse().get(&path_of_loan).await.ok()["deviations"], told);
        let again = app.admin().put(&path, json!({ "name": "Bee-Bot", "contents": list })).await.ok();
        assert_eq!(again["contents"][1]["id"], card);
    }

    async fn the_loan_that_is_due_goes_before_the_one_next_week(app: &TestApp) {
        let (lyktan, kometen) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        for (name, packed, goes_to) in [("Bee-Bot", false, "Lyktan"), ("Cubetto", true, "Kometen")] {
            let kit_type = kit_type(app, name, 2).await;
            reserve(&app.developer(), &kit_type, &lyktan, 0, 7).await;
            let later = reserve(&app.developer(), &kit_type, &kometen, 5, 12).await;
            if packed {
                app.warehouse().post(&format!("/loans/{}/ready", later["id"].as_str().unwrap()), json!({})).await.ok();
            }
            assert_eq!(scan(app, &later["kit_code"], "auto").await["loan"]["unit"]["name"], goes_to, "{name}");
        }
    }

    async fn what_is_free_is_what_can_be_reserved(app: &TestApp) {
        let two_weeks = app.admin().post("/kit-types", json!({ "name": "Bee-Bot", "loan_days": 14 })).await.created();
        app.warehouse().post("/kits", json!({ "kit_type_id": two_weeks })).await.created();
        let free = async |from: u64, to: u64| {
            app.developer().get(&format!("/kit-types?free_from={}&free_to={}", day(from), day(to))).await
        };
        assert_eq!(free(0, 14).await.ok()["items"][0]["free_kits"], 1);
        assert_eq!(free(0, 15).await.ok()["items"][0]["free_kits"], 0);
        free(401, 402).await.wrong(&["free_from: loan.too_far_ahead"]);
        app.developer().get(&format!("/kit-types?free_from=2026-11-01&free_to={}", day(5))).await
            .wrong(&["free_from: loan.in_the_past"]);
    }

    async fn the_database_itself_refuses_what_must_not_be(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let kit_type = kit_type(app, "Bee-Bot", 2).await;
        let first = reserve(&app.developer(), &kit_type, &unit, 0, 7).await;
        let second = reserve(&app.developer(), &kit_type, &unit, 0, 7).await;
        scan(app, &first["kit_code"], "hand_out").await;
        scan(app, &first["kit_code"], "receive").await;
        let id = first["id"].as_str().unwrap();
        let loan = if is_postgres(app) { format!("'{id}'") } else { format!("x'{}'", id.replace('-', "")) };
        let time = if is_postgres(app) { "now()" } else { "1" };
        for statement in [
            format!("UPDATE loans SET status = 'returned', returned_at = {time} WHERE id = {loan}"),
            format!("UPDATE loans SET status = 'returned', returned_at = {time}, evaluation = 'submitted' WHERE id = {loan}"),
            format!("UPDATE loans SET status = 'returned', returned_at = {time}, evaluation = 'released' WHERE id = {loan}"),
            format!("UPDATE loans SET evaluation = 'released', released_at = {time}, release_reason = ' ' WHERE id = {loan}"),
            "UPDATE occupancies SET kit_id = (SELECT min(kit_id) FROM occupancies)".to_owned(),
            "UPDATE kits SET code = '00016JD'".to_owned(),
            "DELETE FROM kits".to_owned(),
            "UPDATE events SET action = 'x'".to_owned(),
            "DELETE FROM events".to_owned(),
        ] {
            let statement = statement.replace("min(kit_id)", if is_postgres(app) { "min(kit_id::text)::uuid" } else { "min(kit_id)" });
            let refused = app.directly(|conn| diesel::sql_query(&statement).execute(conn).is_err());
            assert!(refused, "{statement}");
        }
        assert_ne!(second["kit_code"], first["kit_code"]);
    }

    async fn what_cannot_be_reserved_is_refused_with_the_way_out(app: &TestApp) {
        let (lyktan, kometen) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let borrower = app.borrower(&lyktan).await;
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        borrower.post("/loans", wish(&kit_type, &kometen, 0, 7)).await.refused(403, "unit.not_yours");
        let mut past = wish(&kit_type, &lyktan, 0, 7);
        past["first_day"] = json!("2026-11-01");
        borrower.post("/loans", past).await.wrong(&["first_day: loan.in_the_past"]);
        borrower.post("/loans", wish(&kit_type, &lyktan, 401, 407)).await.wrong(&["first_day: loan.too_far_ahead"]);
        borrower.post("/loans", wish(&kit_type, &lyktan, 7, 6)).await.wrong(&["last_day: loan.last_before_first"]);
        borrower.post("/loans", wish(&kit_type, &lyktan, 0, 22)).await.wrong(&["last_day: loan.too_long"]);
        borrower.post("/loans", wish("01900000-0000-7000-8000-000000000000", &lyktan, 0, 7)).await
            .refused(404, "kit_type.not_found");
        borrower.post("/loans", json!({ "kit_type_id": kit_type, "unit_id": lyktan, "first_day": "2026-13-40", "last_day": day(3) })).await
            .wrong(&["first_day: request.field_type"]);

        reserve(&borrower, &kit_type, &lyktan, 0, 7).await;
        let refused = borrower.post("/loans", wish(&kit_type, &lyktan, 5, 9)).await;
        refused.refused(409, "loan.no_kit_free");
        // Seven days of loan and three to put the kit in order: it is free again on the eleventh day after the first.
        assert_eq!(refused.json["next_free"], json!({ "first_day": day(11), "last_day": day(15) }));
        reserve(&borrower, &kit_type, &lyktan, 11, 15).await;
        let none = app.admin().post("/kit-types", json!({ "name": "Cubetto" })).await.created();
        borrower.post("/loans", wish(&none, &lyktan, 0, 7)).await.refused(409, "loan.no_kits");
    }

    async fn reservations_move_between_kits_so_that_all_are_served(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let kit_type = kit_type(app, "Bee-Bot", 2).await;
        let developer = app.developer();
        // Two kits: A has days 0-4, B has days 14-18. A loan over days 6-20 fits only if both come to lie on one kit.
        let a = reserve(&developer, &kit_type, &unit, 0, 4).await;
        let b = reserve(&developer, &kit_type, &unit, 14, 18).await;
        let long = reserve(&developer, &kit_type, &unit, 2, 20).await;
        let (a, b) = (loan(app, &a["id"]).await, loan(app, &b["id"]).await);
        assert_eq!(a["kit_code"], b["kit_code"]);
        assert_ne!(a["kit_code"], long["kit_code"]);
        developer.post("/loans", wish(&kit_type, &unit, 4, 6)).await.refused(409, "loan.no_kit_free");
    }

    async fn scans_say_what_they_found(app: &TestApp) {
        let (lyktan, kometen) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let kit_type = kit_type(app, "Bee-Bot", 2).await;
        let warehouse = app.warehouse();
        let of = |code: &str| json!({ "code": code });
        warehouse.post("/scans", of("")).await.wrong(&["code: field.missing"]);
        warehouse.post("/scans", of("hej")).await.wrong(&["code: code.not_a_code"]);
        warehouse.post("/scans", of("00016JE")).await.wrong(&["code: code.wrong_check"]);
        warehouse.post("/scans", of("00016JD")).await.refused(404, "kit.unknown_code");

        let reserved = reserve(&app.developer(), &kit_type, &lyktan, 0, 7).await;
        let code = reserved["kit_code"].as_str().unwrap();
        let mut theirs = app.stranger().post("/scans", of(code)).await;
        theirs.refused(409, "kit.other_organisation");
        warehouse.post("/scans", json!({ "code": code, "action": "receive" })).await.refused(409, "kit.not_out");
        scan(app, &json!(format!("HTTPS://OLD.EXAMPLE/K/{code}")), "auto").await;
        warehouse.post("/scans", json!({ "code": code, "action": "hand_out" })).await.refused(409, "scan.just_done");
        app.clock.advance(TimeDelta::minutes(10));
        warehouse.post("/scans", json!({ "code": code, "action": "hand_out" })).await.refused(409, "kit.out");
        theirs = warehouse.post("/scans", json!({ "code": code, "action": "receive", "loan_id": "01900000-0000-7000-8000-000000000000" })).await;
        theirs.refused(409, "scan.other_loan");
        scan(app, &json!(code.to_lowercase()), "receive").await;
        warehouse.post("/scans", json!({ "code": code, "action": "receive" })).await.refused(409, "loan.already_received");
        warehouse.post("/scans", json!({ "code": code, "action": "hand_out" })).await.refused(409, "kit.awaiting_evaluation");

        // The other kit is free and nobody waits for one; then somebody does, for a later day.
        let kits = warehouse.get("/kits").await.ok();
        let other = kits["items"].as_array().unwrap().iter().find(|kit| kit["code"] != code).unwrap()["code"].clone();
        warehouse.post("/scans", json!({ "code": other })).await.refused(409, "kit.not_reserved");
        reserve(&app.developer(), &kit_type, &kometen, 20, 27).await;
        let scanned = warehouse.post("/scans", json!({ "code": other })).await;
        assert_eq!(scanned.status, 409, "{}", scanned.text());
        let retired = warehouse.delete(&format!("/kits/{}", code)).await;
        retired.refused(409, "kit.on_loan");
    }

    async fn another_free_kit_of_the_type_takes_the_place_of_the_one_meant(app: &TestApp) {
        let (lyktan, kometen) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let kit_type = kit_type(app, "Bee-Bot", 2).await;
        let now = reserve(&app.developer(), &kit_type, &lyktan, 0, 7).await;
        let later = reserve(&app.developer(), &kit_type, &kometen, 5, 12).await;
        assert_ne!(now["kit_code"], later["kit_code"]);
        let scanned = app.warehouse().post("/scans", json!({ "code": later["kit_code"], "loan_id": now["id"] })).await.ok();
        assert_eq!(scanned["outcome"], "handed_out_swapped");
        assert_eq!(loan(app, &now["id"]).await["kit_code"], later["kit_code"]);
        assert_eq!(loan(app, &later["id"]).await["kit_code"], now["kit_code"]);
    }

    async fn an_overdue_kit_does_not_look_free(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let late = reserve(&app.developer(), &kit_type, &unit, 0, 7).await;
        scan(app, &late["kit_code"], "hand_out").await;
        app.clock.advance(TimeDelta::days(7));
        assert_eq!(loan(app, &late["id"]).await["overdue"], false, "the last day is still the loan's");
        app.clock.advance(TimeDelta::days(13));
        assert_eq!(loan(app, &late["id"]).await["overdue"], true);
        app.developer().post("/loans", wish(&kit_type, &unit, 21, 25)).await.refused(409, "loan.no_kit_free");
        let free = app.developer().get(&format!("/kit-types/{kit_type}/availability?from={}&to={}", day(20), day(21))).await.ok();
        assert_eq!(free["days"][0]["free"], 0);
        let overdue = app.warehouse().get("/loans?overdue=true").await.ok();
        assert_eq!(overdue["items"].as_array().unwrap().len(), 1);
        scan(app, &late["kit_code"], "receive").await;
    }

    async fn a_loan_is_extended_until_somebody_else_needs_the_kit(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let first = reserve(&borrower, &kit_type, &unit, 0, 7).await;
        let extend = format!("/loans/{}/extend", first["id"].as_str().unwrap());
        scan(app, &first["kit_code"], "hand_out").await;
        borrower.post(&extend, json!({ "last_day": day(7) })).await.wrong(&["last_day: loan.not_longer"]);
        borrower.post(&extend, json!({ "last_day": day(29) })).await.wrong(&["last_day: loan.too_long"]);
        app.clock.advance(TimeDelta::days(9));
        borrower.post(&extend, json!({ "last_day": day(8) })).await.wrong(&["last_day: loan.in_the_past"]);
        assert_eq!(borrower.post(&extend, json!({ "last_day": day(9) })).await.ok()["last_day"], day(9));
        reserve(&borrower, &kit_type, &unit, 14, 20).await;
        borrower.post(&extend, json!({ "last_day": day(11) })).await.refused(409, "loan.extension_taken");
        assert_eq!(loan(app, &first["id"]).await["last_day"], day(9));
    }

    async fn a_cancelled_reservation_frees_the_kit(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let first = reserve(&borrower, &kit_type, &unit, 0, 7).await;
        let cancel = format!("/loans/{}/cancel", first["id"].as_str().unwrap());
        borrower.with("if-match", "\"9\"").post(&cancel, json!({})).await.refused(412, "request.changed_meanwhile");
        assert_eq!(borrower.post(&cancel, json!({})).await.ok()["status"], "cancelled");
        borrower.post(&cancel, json!({})).await.refused(409, "loan.not_cancellable");
        reserve(&borrower, &kit_type, &unit, 0, 7).await;
    }

    async fn what_nobody_fetches_ends_and_reminders_come_once(app: &TestApp) {
        let unit = app.admin().post("/units", json!({ "name": "Lyktan", "email": "lyktan@lindvalla.example" })).await.created();
        let (bee_bot, cubetto) = (kit_type(app, "Bee-Bot", 1).await, kit_type(app, "Cubetto", 1).await);
        let unfetched = reserve(&app.developer(), &bee_bot, &unit, 0, 2).await;
        let late = reserve(&app.developer(), &cubetto, &unit, 0, 2).await;
        scan(app, &late["kit_code"], "hand_out").await;
        // One o'clock in the night after the last day: nobody is written to at that hour.
        app.clock.advance(TimeDelta::hours(2 * 24 + 16));
        digilador::loans::jobs::daily(app.state.clone()).await.unwrap();
        assert_eq!(loan(app, &unfetched["id"]).await["status"], "not_collected");
        let reminders = || app.count("SELECT count(*) FROM mails WHERE kind = 'loan.overdue'");
        assert_eq!(reminders(), 0);
        app.clock.advance(TimeDelta::hours(8));
        for _ in 0..2 {
            digilador::loans::jobs::daily(app.state.clone()).await.unwrap();
        }
        assert_eq!(reminders(), 2, "one to the unit, one to the booker, once");
        let mails = app.send_mails().await;
        assert_eq!(mails.iter().filter(|mail| mail.subject.contains("skulle ha varit tillbaka")).count(), 2);
    }

    async fn everyone_late_is_reminded_however_many_they_are(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let late = reserve(&app.developer(), &kit_type, &unit, 0, 2).await;
        scan(app, &late["kit_code"], "hand_out").await;
        scan(app, &late["kit_code"], "receive").await;
        let others = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 510)
            INSERT INTO loans (id, organisation_id, unit_id, kit_type_id, kit_id, first_day, last_day, status, evaluation,
                evaluation_due, reserved_by, reserved_at, handed_out_at, received_at, version)
            SELECT a_new_id, organisation_id, unit_id, kit_type_id, kit_id, first_day, last_day, status, evaluation,
                evaluation_due, reserved_by, reserved_at, handed_out_at, received_at, version FROM loans, n";
        let others = others.replace("a_new_id", if is_postgres(app) { "gen_random_uuid()" } else { "randomblob(16)" });
        app.directly(|conn| diesel::sql_query(&others).execute(conn).unwrap());
        app.clock.advance(TimeDelta::days(8));
        for _ in 0..2 {
            digilador::loans::jobs::daily(app.state.clone()).await.unwrap();
        }
        assert_eq!(app.count("SELECT count(*) FROM mails WHERE kind = 'loan.evaluation_overdue'"), 511);
    }

    async fn of_sixty_four_at_once_one_gets_the_last_kit(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let developer = app.developer();
        let tries = (0..64_u64).map(|n| {
            let (developer, wish) = (developer.clone(), wish(&kit_type, &unit, n % 5, 9 + n % 7));
            tokio::spawn(async move { developer.post("/loans", wish).await })
        });
        let (mut won, mut refused) = (0, 0);
        for reply in tries.collect::<Vec<_>>() {
            let reply = reply.await.unwrap();
            match reply.status {
                201 => won += 1,
                _ => {
                    reply.refused(409, "loan.no_kit_free");
                    assert!(reply.json["next_free"]["first_day"].is_string(), "{}", reply.text());
                    refused += 1;
                }
            }
        }
        assert_eq!((won, refused), (1, 63));
    }
}

fn is_postgres(app: &TestApp) -> bool {
    app.directly(|conn| matches!(conn, Conn::Pg(_)))
}

async fn reserve_is_refused_today(app: &TestApp, kit_type: &str, unit: &str) {
    app.developer().post("/loans", wish(kit_type, unit, 10, 12)).await.refused(409, "loan.no_kit_free");
}
