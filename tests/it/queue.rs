//! The queue: who gets an offer, how long it holds, and what comes of it.

use crate::loans::{day, evaluate, kit_type, loan, reserve, scan, wish};
use crate::support::{Actor, Reply, TestApp, both};
use chrono::TimeDelta;
use serde_json::{Value, json};

/// A wish for a kit between two days.
fn span(kit_type: &str, unit: &str, earliest: u64, latest: u64, days: u64) -> Value {
    json!({ "kit_type_id": kit_type, "unit_id": unit, "earliest_day": day(earliest), "latest_day": day(latest), "days": days })
}

async fn join(who: &Actor, kit_type: &str, unit: &str, earliest: u64, latest: u64, days: u64) -> Value {
    let reply = who.post("/queue", span(kit_type, unit, earliest, latest, days)).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json
}

fn path(entry: &Value) -> String {
    format!("/queue/{}", entry["id"].as_str().unwrap())
}

async fn now(app: &TestApp, entry: &Value) -> Value {
    app.developer().get(&path(entry)).await.ok()
}

async fn status(app: &TestApp, entry: &Value) -> String {
    now(app, entry).await["status"].as_str().unwrap().to_owned()
}

async fn on(who: &Actor, entry: &Value, command: &str) -> Reply {
    who.post(&format!("{}/{command}", path(entry)), json!({})).await
}

async fn cancel(app: &TestApp, loan: &Value) {
    app.developer().post(&format!("/loans/{}/cancel", loan["id"].as_str().unwrap()), json!({})).await.ok();
}

/// What the job does that comes round.
async fn round(app: &TestApp) {
    digilador::loans::queue::jobs::serve(app.state.clone()).await.unwrap();
}

/// A type with one kit, which a unit has from day 7 to 21.
async fn all_taken(app: &TestApp) -> (String, Value) {
    let owner = app.unit("Tallkotten").await;
    let kit_type = kit_type(app, "Bee-Bot", 1).await;
    let loan = reserve(&app.developer(), &kit_type, &owner, 7, 21).await;
    (kit_type, loan)
}

both! {
    async fn what_is_called_off_is_offered_and_held_for_who_waits(app: &TestApp) {
        let (kit_type, taken) = all_taken(app).await;
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let entry = join(&borrower, &kit_type, &unit, 5, 25, 14).await;
        assert_eq!((&entry["status"], &entry["position"]), (&json!("waiting"), &json!({ "place": 1, "of": 1, "had": 0 })));
        assert_eq!(entry["prognosis"], json!({ "if_on_time": null, "blocked": false,
            "instead": { "first_day": day(25), "last_day": day(39) } }));
        cancel(app, &taken).await;
        let offered = borrower.get(&path(&entry)).await.ok();
        assert_eq!(offered["status"], "offered");
        let offer = &offered["offer"];
        assert_eq!((&offer["first_day"], &offer["last_day"]), (&json!(day(5)), &json!(day(19))));
        assert_eq!((&offer["answer_by"], &offer["at_risk"]), (&json!("2026-11-04T08:00:00Z"), &json!(false)));

        // It holds a kit: nobody else gets it, whatever they ask.
        let other = app.unit("Kometen").await;
        app.developer().post("/loans", wish(&kit_type, &other, 19, 24)).await.refused(409, "loan.no_kit_free");
        let free = format!("/kit-types?free_from={}&free_to={}", day(10), day(20));
        assert_eq!(borrower.get(&free).await.ok()["items"][0]["free_kits"], 0);
        app.advance(TimeDelta::hours(47));
        round(app).await;
        let mails = app.send_mails().await;
        let told: Vec<_> = mails.iter().filter(|mail| mail.subject.contains("Nu kan ni låna Bee-Bot")).collect();
        assert_eq!(told.len(), 1, "{mails:?}");
        assert!(told[0].text.contains("4 nov 2026 09.00") && told[0].text.contains("/ko/"), "{}", told[0].text);

        let loan = on(&borrower, &entry, "take").await.ok();
        assert_eq!((&loan["status"], &loan["first_day"], &loan["last_day"]), (&json!("reserved"), &json!(day(5)), &json!(day(19))));
        let taken = now(app, &entry).await;
        assert_eq!((&taken["status"], &taken["loan_id"]), (&json!("taken"), &loan["id"]));
        assert_eq!(app.count("SELECT count(*) FROM occupancies WHERE loan_id IS NOT NULL AND queue_entry_id IS NULL"), 1);
        on(&borrower, &entry, "take").await.refused(409, "queue.not_offered");
        on(&borrower, &entry, "decline").await.refused(409, "queue.not_offered");
        on(&borrower, &entry, "withdraw").await.refused(409, "queue.not_waiting");
        let events = app.warehouse().get(&format!("/events?subject={}", entry["id"].as_str().unwrap())).await.ok();
        let actions: Vec<_> = events["items"].as_array().unwrap().iter().map(|event| event["action"].clone()).collect();
        assert_eq!(json!(actions), json!(["queue.joined", "queue.offered", "queue.taken"]));
    }

    async fn the_unit_that_has_had_least_goes_first_then_who_asked_first(app: &TestApp) {
        let (kit_type, taken) = all_taken(app).await;
        let (much, early, late) = (app.unit("Asken").await, app.unit("Björken").await, app.unit("Cedern").await);
        let other_type = self::kit_type(app, "Cubetto", 1).await;
        let had = reserve(&app.developer(), &other_type, &much, 30, 35).await;
        let mut entries = Vec::new();
        for unit in [&much, &early, &late] {
            entries.push(join(&app.developer(), &kit_type, unit, 7, 21, 14).await);
            app.advance(TimeDelta::minutes(1));
        }
        let positions = [json!({ "place": 3, "of": 3, "had": 1 }), json!({ "place": 1, "of": 3, "had": 0 }),
                         json!({ "place": 2, "of": 3, "had": 0 })];
        for (entry, position) in entries.iter().zip(positions) {
            assert_eq!(now(app, entry).await["position"], position);
        }
        // What was called off is not had.
        cancel(app, &had).await;
        assert_eq!(now(app, &entries[0]).await["position"]["place"], 1);
        reserve(&app.developer(), &other_type, &much, 30, 35).await;

        cancel(app, &taken).await;
        for (turn, next) in [(1, 2), (2, 0)] {
            assert_eq!(status(app, &entries[turn]).await, "offered");
            assert_eq!(status(app, &entries[next]).await, "waiting");
            assert_eq!(on(&app.developer(), &entries[turn], "decline").await.ok()["status"], "declined");
        }
        assert_eq!(status(app, &entries[0]).await, "offered");
        on(&app.developer(), &entries[0], "decline").await.ok();
        // Nobody is left, so it is anybody's.
        reserve(&app.developer(), &kit_type, &much, 7, 21).await;
    }

    async fn who_waits_twice_does_not_get_both_before_another_gets_one(app: &TestApp) {
        let (kit_type, taken) = all_taken(app).await;
        let (asken, bjorken) = (app.unit("Asken").await, app.unit("Björken").await);
        let first = join(&app.developer(), &kit_type, &asken, 7, 12, 5).await;
        let second = join(&app.developer(), &kit_type, &asken, 15, 20, 5).await;
        let other = join(&app.developer(), &kit_type, &bjorken, 15, 20, 5).await;
        cancel(app, &taken).await;
        for (entry, then) in [(&first, "offered"), (&second, "waiting"), (&other, "offered")] {
            assert_eq!(status(app, entry).await, then);
        }
    }

    async fn an_offer_keeps_to_the_lender_s_rules(app: &TestApp) {
        let (kit_type, taken) = all_taken(app).await;
        let (asken, bjorken) = (app.unit("Asken").await, app.unit("Björken").await);
        let borrower = app.borrower(&asken).await;
        let blue = self::kit_type(app, "Blue-Bot", 1).await;
        let own = reserve(&borrower, &blue, &asken, 10, 15).await;
        crate::loan_rules::ask(app, json!({ "kits_at_once": 1, "lead_days": 9, "earliest_days": 60 })).await;
        borrower.post("/queue", span(&kit_type, &asken, 61, 80, 5)).await.wrong(&["earliest_day: loan.too_far_ahead"]);
        borrower.post("/queue", span(&kit_type, &asken, 2, 8, 5)).await.wrong(&["latest_day: loan.too_soon"]);
        let first = join(&borrower, &kit_type, &asken, 1, 24, 5).await;
        let second = join(&app.developer(), &kit_type, &bjorken, 10, 15, 5).await;
        cancel(app, &taken).await;
        // Not before the lead time, nor on days when the unit has another kit, and after what the other is offered.
        let offer = now(app, &first).await["offer"].clone();
        assert_eq!((&offer["first_day"], &offer["last_day"]), (&json!(day(19)), &json!(day(24))));
        assert_eq!(now(app, &second).await["offer"]["first_day"], day(10));
        // An offer counts like a loan.
        let third = self::kit_type(app, "Cubetto", 1).await;
        let refused = borrower.post("/loans", wish(&third, &asken, 18, 25)).await;
        refused.refused(409, "loan.kits_at_once");
        assert_eq!((&refused.json["loans"], own["id"].is_string()), (&json!([]), true));
        let waits = join(&borrower, &third, &asken, 19, 24, 5).await;
        assert_eq!((&waits["status"], &waits["prognosis"]["if_on_time"]), (&json!("waiting"), &Value::Null));
        on(&borrower, &first, "withdraw").await.refused(409, "queue.has_offer");
        on(&borrower, &first, "take").await.ok();
        let id = first["id"].as_str().unwrap();
        let page = app.browser_of(&borrower).post(&format!("/ko/{id}/igen"), &[("key", &uuid::Uuid::now_v7().to_string())]).await;
        assert!(page.text().contains("Köplatsen är redan ett lån"), "{}", page.text());
    }

    async fn an_offer_leaves_the_full_time_to_answer_if_it_can(app: &TestApp) {
        let kit_type = kit_type(app, "Bee-Bot", 2).await;
        let (asken, bjorken) = (app.unit("Asken").await, app.unit("Björken").await);
        let relaxed = join(&app.developer(), &kit_type, &asken, 1, 20, 5).await;
        assert_eq!((&relaxed["offer"]["first_day"], &relaxed["offer"]["answer_by"]), (&json!(day(3)), &json!("2026-11-04T08:00:00Z")));
        let hurried = join(&app.developer(), &kit_type, &bjorken, 1, 6, 5).await;
        assert_eq!((&hurried["offer"]["first_day"], &hurried["offer"]["answer_by"]), (&json!(day(1)), &json!("2026-11-02T23:00:00Z")));
    }

    async fn who_has_just_had_a_type_lets_others_go_first(app: &TestApp) {
        let (kit_type, taken) = all_taken(app).await;
        let (asken, bjorken) = (app.unit("Asken").await, app.unit("Björken").await);
        let other = self::kit_type(app, "Cubetto", 1).await;
        reserve(&app.developer(), &other, &bjorken, 30, 35).await;
        reserve(&app.developer(), &other, &bjorken, 40, 45).await;
        reserve(&app.developer(), &kit_type, &asken, 25, 31).await;
        crate::loan_rules::ask(app, json!({ "no_repeat": true })).await;
        let first = join(&app.developer(), &kit_type, &asken, 8, 20, 10).await;
        let second = join(&app.developer(), &kit_type, &bjorken, 8, 20, 10).await;
        assert_eq!(now(app, &second).await["position"], json!({ "place": 1, "of": 2, "had": 2 }));
        cancel(app, &taken).await;
        assert_eq!((status(app, &first).await.as_str(), status(app, &second).await.as_str()), ("waiting", "offered"));
    }

    async fn who_owes_an_evaluation_keeps_nobody_from_a_longer_loan(app: &TestApp) {
        let (kit_type, taken) = all_taken(app).await;
        let asken = app.unit("Asken").await;
        let other = self::kit_type(app, "Cubetto", 1).await;
        let owed = reserve(&app.developer(), &other, &asken, 0, 1).await;
        scan(app, &owed["kit_code"], "hand_out").await;
        scan(app, &owed["kit_code"], "receive").await;
        app.advance(TimeDelta::days(15));
        let entry = join(&app.developer(), &kit_type, &asken, 22, 30, 7).await;
        assert_eq!(entry["status"], "waiting");
        let extend = format!("/loans/{}/extend", taken["id"].as_str().unwrap());
        app.developer().post(&extend, json!({ "last_day": day(23) })).await.ok();
    }

    async fn who_did_not_answer_may_wait_again_at_once(app: &TestApp) {
        let (kit_type, taken) = all_taken(app).await;
        let asken = app.unit("Asken").await;
        let borrower = app.borrower(&asken).await;
        let first = join(&borrower, &kit_type, &asken, 7, 25, 14).await;
        cancel(app, &taken).await;
        app.advance(TimeDelta::hours(48));
        // Before any job has come round.
        assert_eq!(join(&borrower, &kit_type, &asken, 7, 25, 14).await["status"], "offered");
        assert_eq!(status(app, &first).await, "lapsed");
    }

    async fn an_offer_that_is_not_answered_goes_to_the_next(app: &TestApp) {
        let (kit_type, taken) = all_taken(app).await;
        let (asken, bjorken) = (app.unit("Asken").await, app.unit("Björken").await);
        let borrower = app.borrower(&asken).await;
        let first = join(&borrower, &kit_type, &asken, 7, 25, 14).await;
        let next = join(&app.developer(), &kit_type, &bjorken, 7, 25, 14).await;
        cancel(app, &taken).await;
        app.advance(TimeDelta::hours(48));
        on(&borrower, &first, "take").await.refused(409, "queue.offer_over");
        round(app).await;
        assert_eq!((status(app, &first).await, status(app, &next).await), ("lapsed".to_owned(), "offered".to_owned()));
        on(&borrower, &first, "take").await.refused(409, "queue.offer_over");
        let mails = app.send_mails().await;
        assert!(mails.iter().any(|mail| mail.subject == "Erbjudandet om Bee-Bot har gått ut"), "{mails:?}");
        // They may wait again, behind nobody but who asked before.
        let again = join(&borrower, &kit_type, &asken, 7, 25, 14).await;
        assert_eq!(again["status"], "waiting");
        // An offer ends when its loan would begin, at the latest.
        on(&app.developer(), &next, "decline").await.ok();
        app.advance(TimeDelta::days(3));
        round(app).await;
        assert_eq!(status(app, &again).await, "lapsed");
    }

    async fn time_is_counted_on_open_days(app: &TestApp) {
        app.warehouse().put("/opening", json!({ "weekdays": [1, 2, 3, 4, 5], "holidays": "sweden" })).await.ok();
        let closure = json!({ "first_day": day(8), "last_day": day(8), "reason": "Inventering" });
        app.warehouse().post("/closures", closure).await.created();
        let (kit_type, taken) = all_taken_later(app).await;
        let unit = app.unit("Lyktan").await;
        let entry = join(&app.developer(), &kit_type, &unit, 14, 40, 14).await;
        // Friday at three in the afternoon; Tuesday is closed as well.
        app.advance(TimeDelta::days(4) + TimeDelta::hours(6));
        cancel(app, &taken).await;
        assert_eq!(now(app, &entry).await["offer"]["answer_by"], "2026-11-11T14:00:00Z");
    }

    async fn a_reservation_does_not_jump_the_queue(app: &TestApp) {
        let (kit_type, taken) = all_taken(app).await;
        let (asken, bjorken) = (app.unit("Asken").await, app.unit("Björken").await);
        let entry = join(&app.developer(), &kit_type, &asken, 7, 25, 14).await;
        // A new kit is free before the round has come by.
        app.warehouse().post("/kits", json!({ "kit_type_id": kit_type })).await.created();
        app.developer().post("/loans", wish(&kit_type, &bjorken, 10, 20)).await.refused(409, "loan.no_kit_free");
        round(app).await;
        assert_eq!(status(app, &entry).await, "offered");
        // Neither does a longer loan.
        let extend = format!("/loans/{}/extend", taken["id"].as_str().unwrap());
        for unit in [bjorken, app.unit("Cedern").await] {
            assert_eq!(join(&app.developer(), &kit_type, &unit, 25, 35, 10).await["status"], "offered");
        }
        app.developer().post(&extend, json!({ "last_day": day(28) })).await.refused(409, "loan.extension_taken");
    }

    async fn an_offer_moves_between_kits_and_is_not_overtaken(app: &TestApp) {
        let unit = app.unit("Asken").await;
        let kit_type = kit_type(app, "Bee-Bot", 2).await;
        let developer = app.developer();
        let [first, second] = [reserve(&developer, &kit_type, &unit, 7, 14).await, reserve(&developer, &kit_type, &unit, 7, 14).await];
        let entry = join(&developer, &kit_type, &app.unit("Björken").await, 7, 14, 7).await;
        cancel(app, &first).await;
        assert_eq!(status(app, &entry).await, "offered");
        // The kit that the offer lay on leaves for the other loan, and the offer takes that one's.
        let swap = json!({ "code": first["kit_code"], "loan_id": second["id"] });
        assert_eq!(app.warehouse().post("/scans", swap).await.ok()["outcome"], "handed_out_swapped");
        let other = format!("/kits/{}", second["kit_code"].as_str().unwrap());
        app.warehouse().delete(&other).await.refused(409, "kit.offered");
        let loan = on(&developer, &entry, "take").await.ok();
        assert_eq!(loan["kit_code"], second["kit_code"]);
    }

    async fn a_late_kit_puts_an_offer_at_risk(app: &TestApp) {
        let unit = app.unit("Asken").await;
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let out = reserve(&app.developer(), &kit_type, &unit, 0, 7).await;
        scan(app, &out["kit_code"], "hand_out").await;
        let taken = reserve(&app.developer(), &kit_type, &unit, 12, 19).await;
        let entry = join(&app.developer(), &kit_type, &app.unit("Björken").await, 10, 20, 7).await;
        app.advance(TimeDelta::days(7));
        cancel(app, &taken).await;
        let offered = now(app, &entry).await;
        assert_eq!((&offered["status"], &offered["offer"]["at_risk"]), (&json!("offered"), &json!(false)));
        app.advance(TimeDelta::days(1));
        let loan = {
            let at_risk = now(app, &entry).await;
            assert_eq!((&at_risk["status"], &at_risk["offer"]["at_risk"]), (&json!("offered"), &json!(true)));
            on(&app.developer(), &entry, "take").await.ok()
        };
        assert_eq!((&loan["status"], &loan["at_risk"]), (&json!("reserved"), &json!(true)));
        scan(app, &out["kit_code"], "receive").await;
        evaluate(&app.borrower(&unit).await, &out["id"]).await;
        assert_eq!(self::loan(app, &loan["id"]).await["at_risk"], false);
    }

    async fn a_unit_that_owes_an_evaluation_waits_until_it_is_in(app: &TestApp) {
        let (kit_type, taken) = all_taken(app).await;
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let cubetto = self::kit_type(app, "Cubetto", 1).await;
        let owed = reserve(&borrower, &cubetto, &unit, 0, 1).await;
        scan(app, &owed["kit_code"], "hand_out").await;
        scan(app, &owed["kit_code"], "receive").await;
        let entry = join(&borrower, &kit_type, &unit, 14, 28, 14).await;
        app.advance(TimeDelta::days(8));
        assert_eq!(now(app, &entry).await["prognosis"]["blocked"], true);
        cancel(app, &taken).await;
        assert_eq!(status(app, &entry).await, "waiting");
        evaluate(&borrower, &owed["id"]).await;
        round(app).await;
        assert_eq!(status(app, &entry).await, "offered");
    }

    async fn a_span_goes_by(app: &TestApp) {
        let (kit_type, _) = all_taken(app).await;
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let entry = join(&borrower, &kit_type, &unit, 7, 23, 14).await;
        app.advance(TimeDelta::days(15));
        round(app).await;
        assert_eq!(status(app, &entry).await, "passed");
        assert!(app.send_mails().await.iter().any(|mail| mail.subject == "Ingen Bee-Bot blev ledig för er"));
        // A type that is taken out of use has no queue.
        let kit_type = self::kit_type(app, "Cubetto", 1).await;
        let taken = reserve(&app.developer(), &kit_type, &unit, 30, 50).await;
        let entry = join(&borrower, &kit_type, &unit, 30, 50, 14).await;
        cancel(app, &taken).await;
        on(&borrower, &entry, "decline").await.ok();
    }

    async fn if_all_goes_well_is_what_the_plan_says(app: &TestApp) {
        let unit = app.unit("Asken").await;
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let late = reserve(&app.developer(), &kit_type, &unit, 0, 7).await;
        scan(app, &late["kit_code"], "hand_out").await;
        app.advance(TimeDelta::days(12));
        let first = join(&app.developer(), &kit_type, &app.unit("Björken").await, 12, 26, 5).await;
        let second = join(&app.developer(), &kit_type, &app.unit("Cedern").await, 12, 26, 5).await;
        assert_eq!(first["prognosis"]["if_on_time"], json!({ "first_day": day(13), "last_day": day(18) }));
        assert_eq!(second["prognosis"]["if_on_time"], json!({ "first_day": day(19 + 3), "last_day": day(26) }));
        assert_eq!(second["prognosis"]["instead"]["first_day"], json!(day(27)));
    }

    async fn a_place_is_the_unit_s_own(app: &TestApp) {
        let (kit_type, taken) = all_taken(app).await;
        let (asken, bjorken) = (app.unit("Asken").await, app.unit("Björken").await);
        let (own, other) = (app.borrower(&asken).await, app.borrower(&bjorken).await);
        own.post("/queue", span(&kit_type, &bjorken, 7, 21, 14)).await.refused(403, "unit.not_yours");
        let entry = join(&own, &kit_type, &asken, 7, 21, 14).await;
        for who in [&other, &app.stranger()] {
            who.get(&path(&entry)).await.refused(404, "queue.not_found");
            for command in ["withdraw", "take", "decline"] {
                on(who, &entry, command).await.refused(404, "queue.not_found");
            }
            assert_eq!(who.get("/queue").await.ok()["items"], json!([]));
        }
        assert_eq!(own.get("/queue?status=waiting").await.ok()["items"][0]["id"], entry["id"]);
        assert_eq!(app.warehouse().get(&format!("/queue?kit_type_id={kit_type}&unit_id={asken}")).await.ok()["items"][0]["id"], entry["id"]);
        assert_eq!(own.get("/queue?status=offered").await.ok()["items"], json!([]));
        on(&own, &entry, "take").await.refused(409, "queue.not_offered");
        own.with("If-Match", "\"7\"").post(&format!("{}/withdraw", path(&entry)), json!({})).await
            .refused(412, "request.changed_meanwhile");
        assert_eq!(on(&own, &entry, "withdraw").await.ok()["status"], "withdrawn");
        cancel(app, &taken).await;
        assert_eq!(status(app, &entry).await, "withdrawn");
    }

    async fn what_cannot_be_wished_for_is_refused(app: &TestApp) {
        let (kit_type, _) = all_taken(app).await;
        let unit = app.unit("Lyktan").await;
        let who = app.borrower(&unit).await;
        let ask = async |earliest: &str, latest: &str, days: i64| {
            who.post("/queue", json!({ "kit_type_id": kit_type, "unit_id": unit, "earliest_day": earliest,
                                       "latest_day": latest, "days": days })).await
        };
        ask("2026-11-01", "2026-12-01", 22).await.wrong(&["earliest_day: loan.in_the_past", "days: field.range"]);
        ask("2026-11-20", "2026-11-19", 0).await.wrong(&["latest_day: loan.last_before_first", "days: field.range"]);
        ask("2026-11-20", "2028-11-19", 7).await.wrong(&["latest_day: loan.too_far_ahead"]);
        ask("2026-11-20", "2026-11-24", 14).await.wrong(&["latest_day: queue.span_too_short"]);
        who.post("/queue", span(&kit_type, &unit, 7, 21, 14)).await.created();
        who.post("/queue", span(&kit_type, &unit, 21, 40, 14)).await.refused(409, "queue.already_waiting");
        who.post("/queue", span(&kit_type, &unit, 22, 40, 14)).await.created();
        let none = self::kit_type(app, "Cubetto", 0).await;
        who.post("/queue", span(&none, &unit, 7, 21, 14)).await.refused(409, "loan.no_kits");
        app.stranger().post("/queue", span(&kit_type, &unit, 7, 21, 14)).await.refused(404, "kit_type.not_found");
    }

    async fn of_answers_that_race_one_counts(app: &TestApp) {
        let (kit_type, taken) = all_taken(app).await;
        let entry = join(&app.developer(), &kit_type, &app.unit("Asken").await, 7, 25, 14).await;
        let next = join(&app.developer(), &kit_type, &app.unit("Björken").await, 7, 25, 14).await;
        cancel(app, &taken).await;
        let tries = (0..6).map(|at| {
            let (entry, who) = (entry.clone(), app.developer());
            tokio::spawn(async move { on(&who, &entry, if at % 2 == 0 { "take" } else { "decline" }).await })
        });
        let mut done = 0;
        for reply in tries.collect::<Vec<_>>() {
            let reply = reply.await.unwrap();
            match reply.status {
                200 => done += 1,
                _ => reply.refused(409, "queue.not_offered"),
            }
        }
        assert_eq!(done, 1);
        let then = if status(app, &entry).await == "taken" { "waiting" } else { "offered" };
        assert_eq!(status(app, &next).await, then);
        assert_eq!(app.count("SELECT count(*) FROM occupancies"), 1);
    }

    async fn an_answer_races_with_the_end_of_its_time(app: &TestApp) {
        let (kit_type, taken) = all_taken(app).await;
        let entry = join(&app.developer(), &kit_type, &app.unit("Asken").await, 7, 25, 14).await;
        let next = join(&app.developer(), &kit_type, &app.unit("Björken").await, 7, 25, 14).await;
        cancel(app, &taken).await;
        app.advance(TimeDelta::hours(48) - TimeDelta::milliseconds(1));
        let (state, clock) = (app.state.clone(), app.clock.clone());
        let lapse = actix_web::rt::spawn(async move {
            clock.advance(TimeDelta::milliseconds(1));
            digilador::loans::queue::jobs::serve(state).await.unwrap();
        });
        let reply = on(&app.developer(), &entry, "take").await;
        lapse.await.unwrap();
        let (own, other) = (status(app, &entry).await, status(app, &next).await);
        match reply.status {
            200 => assert_eq!((own.as_str(), other.as_str()), ("taken", "waiting")),
            _ => {
                reply.refused(409, "queue.offer_over");
                assert_eq!((own.as_str(), other.as_str()), ("lapsed", "offered"));
            }
        }
        assert_eq!(app.count("SELECT count(*) FROM occupancies"), 1);
    }

    async fn a_command_with_a_key_is_done_once(app: &TestApp) {
        let (kit_type, taken) = all_taken(app).await;
        let unit = app.unit("Lyktan").await;
        let who = app.borrower(&unit).await.with("Idempotency-Key", "ko-1");
        let entry = join(&who, &kit_type, &unit, 7, 25, 14).await;
        assert_eq!(join(&who, &kit_type, &unit, 7, 25, 14).await["id"], entry["id"]);
        cancel(app, &taken).await;
        let who = who.with("Idempotency-Key", "ko-2");
        let loan = on(&who, &entry, "take").await.ok();
        assert_eq!(on(&who, &entry, "take").await.ok()["id"], loan["id"]);
    }

    async fn a_person_who_is_removed_leaves_their_place(app: &TestApp) {
        let (kit_type, taken) = all_taken(app).await;
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let entry = join(&borrower, &kit_type, &unit, 7, 25, 14).await;
        let people = app.admin().get("/people").await.ok()["items"].as_array().unwrap().clone();
        let person = people.iter().find(|person| person["name"] == json!(borrower.name())).unwrap();
        let person = person["id"].as_str().unwrap();
        assert_eq!(app.admin().delete(&format!("/people/{person}")).await.status, 204);
        cancel(app, &taken).await;
        assert_eq!(status(app, &entry).await, "offered");
    }

    async fn from_full_weeks_to_a_loan_with_forms_alone(app: &TestApp) {
        let (kit_type, taken) = all_taken(app).await;
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let browser = app.browser_of(&borrower);
        // A full week leads to the queue; so does a reservation that was refused.
        let weeks = browser.get(&format!("/lador/{kit_type}")).await.text();
        assert!(weeks.contains(&format!("/lador/{kit_type}/ko?fran={}", day(7))), "{weeks}");
        let key = uuid::Uuid::now_v7().to_string();
        let wish = [("unit", unit.as_str()), ("first_day", &day(7)), ("last_day", &day(14)), ("key", &key)];
        let refused = browser.post(&format!("/lador/{kit_type}/boka"), &wish).await;
        assert!(refused.status == 409 && refused.text().contains("Ställ er i kö"), "{}", refused.text());

        let form = format!("/lador/{kit_type}/ko");
        let page = browser.get(&format!("{form}?fran={}", day(7))).await.text();
        assert!(page.contains("v. 46 · mån 9 nov") && !page.contains("Kön just nu"), "{page}");
        let wrong = browser.post(&form, &[("unit", unit.as_str()), ("earliest_day", &day(7)), ("latest_day", &day(9)),
                                          ("days", "14"), ("key", &key)]).await;
        assert!(wrong.status == 422 && wrong.text().contains("Välj fler veckor"), "{}", wrong.text());
        let right = [("unit", unit.as_str()), ("earliest_day", &day(7)), ("latest_day", &day(20)), ("days", "14"), ("key", &key)];
        let first = browser.post(&form, &right).await;
        let place = first.location().strip_suffix("?klart=queued").expect("a place").to_owned();
        assert_eq!(browser.post(&form, &right).await.location(), first.location(), "sent twice, done once");
        let page = browser.get(first.location()).await.text();
        assert!(page.contains("Plats 1 av 1") && page.contains("Ni står i kö") && page.contains("Avbokar någon"), "{page}");
        assert!(browser.get("/vara-lan").await.text().contains(&place));
        let staff = app.browser_of(&app.warehouse()).get(&form).await.text();
        assert!(staff.contains("Kön just nu") && staff.contains("Inga lån det senaste året"), "{staff}");

        cancel(app, &taken).await;
        let mine = browser.get("/vara-lan").await.text();
        assert!(mine.contains("Ta erbjudandet") && mine.contains("Svara senast 4 nov 2026 09.00"), "{mine}");
        let taken = browser.post(&format!("{place}/ta"), &[("key", &key)]).await;
        assert!(taken.location().starts_with("/lan/"), "{}", taken.location());
        assert_eq!(browser.post(&format!("{place}/avsta"), &[("key", &uuid::Uuid::now_v7().to_string())]).await.status, 409);
        assert!(browser.get(&place).await.text().contains("Se lånet"));

        // What was not answered is asked for again with one tap.
        let entry = join(&borrower, &kit_type, &unit, 30, 50, 14).await;
        app.advance(TimeDelta::days(3));
        round(app).await;
        let place = format!("/ko/{}", entry["id"].as_str().unwrap());
        assert!(browser.get(&place).await.text().contains("Ställ er i kö igen"));
        let again = browser.post(&format!("{place}/igen"), &[("key", &uuid::Uuid::now_v7().to_string())]).await;
        assert_ne!(again.location(), place);
    }

    async fn the_database_itself_refuses_what_must_not_be(app: &TestApp) {
        let (kit_type, taken) = all_taken(app).await;
        let unit = app.unit("Lyktan").await;
        join(&app.developer(), &kit_type, &unit, 7, 25, 14).await;
        cancel(app, &taken).await;
        let refused = |statement: &str| {
            app.directly(|conn| diesel::RunQueryDsl::execute(diesel::sql_query(statement), conn).is_err())
        };
        for statement in [
            "UPDATE queue_entries SET status = 'waiting'",
            "UPDATE queue_entries SET status = 'taken'",
            "UPDATE queue_entries SET answer_by = NULL",
            "UPDATE queue_entries SET earliest_day = latest_day",
            "UPDATE occupancies SET queue_entry_id = NULL",
            "UPDATE occupancies SET loan_id = id",
            "DELETE FROM queue_entries",
        ] {
            assert!(refused(statement), "{statement}");
        }
    }
}

/// The same as [`all_taken`], from day 14 to 28: open days in a week that is closed on weekends.
async fn all_taken_later(app: &TestApp) -> (String, Value) {
    let owner = app.unit("Tallkotten").await;
    let kit_type = kit_type(app, "Bee-Bot", 1).await;
    let loan = reserve(&app.developer(), &kit_type, &owner, 14, 28).await;
    (kit_type, loan)
}
