//! Which kit serves which loan when things go wrong: kits that are late, reservations at risk, commands that race.

use crate::loans::{change_rules, day, evaluate, kit, kit_type, loan, reserve, scan, wish};
use crate::support::{Actor, Reply, TestApp, both};
use chrono::TimeDelta;
use serde_json::{Value, json};

/// A command on a loan.
async fn on(who: &Actor, loan: &Value, command: &str, body: Value) -> Reply {
    who.post(&format!("/loans/{}/{command}", loan["id"].as_str().unwrap()), body).await
}

/// What happened to a loan last, of this kind.
async fn event(app: &TestApp, loan: &Value, action: &str) -> Value {
    let events = app.warehouse().get(&format!("/events?subject={}", loan["id"].as_str().unwrap())).await.ok();
    let events = events["items"].as_array().unwrap().clone();
    events.into_iter().rfind(|event| event["action"] == action).unwrap_or_else(|| panic!("no {action}"))
}

/// Of two kits one is late, the other is kept for `soon`, and `later` was to have the late one. `soon` begins today.
async fn one_is_late(app: &TestApp, unit: &str) -> (String, Value, Value, Value) {
    let kit_type = kit_type(app, "Bee-Bot", 2).await;
    let developer = app.developer();
    let late = reserve(&developer, &kit_type, unit, 0, 7).await;
    scan(app, &late["kit_code"], "hand_out").await;
    let soon = reserve(&developer, &kit_type, unit, 8, 16).await;
    let later = reserve(&developer, &kit_type, unit, 11, 32).await;
    assert_ne!(soon["kit_code"], late["kit_code"]);
    assert_eq!(later["kit_code"], late["kit_code"]);
    app.advance(TimeDelta::days(8));
    (kit_type, late, soon, later)
}

both! {
    async fn a_late_kit_holds_up_only_the_loan_that_waits_for_it(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let (_, _, soon, later) = one_is_late(app, &unit).await;
        assert_eq!(loan(app, &later["id"]).await["at_risk"], true);
        assert_eq!(loan(app, &soon["id"]).await["at_risk"], false);
        let other = json!({ "code": soon["kit_code"], "loan_id": later["id"] });
        app.warehouse().post("/scans", other).await.refused(409, "kit.promised");
        let out = scan(app, &soon["kit_code"], "auto").await;
        assert_eq!((&out["outcome"], &out["loan"]["id"]), (&json!("handed_out"), &soon["id"]));

        // Those who wait and those who pack see it, and nothing can be packed.
        app.advance(TimeDelta::days(3));
        on(&app.warehouse(), &later, "ready", json!({})).await.refused(409, "kit.out");
        let mine = app.browser_of(&borrower).get("/vara-lan").await.text();
        let day = app.browser_of(&app.warehouse()).get("/lager").await.text();
        for page in [&mine, &day] {
            assert!(page.contains("Osäker: låda saknas"), "{page}");
        }
        assert!(!day.contains("framplockad"), "{day}");
        let listed = app.warehouse().get("/loans?status=reserved").await.ok();
        assert_eq!(listed["items"][0]["at_risk"], true);
    }

    async fn a_reservation_at_risk_gives_way_and_gets_a_kit_again(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let developer = app.developer();
        let (kit_type, late, soon, later) = one_is_late(app, &unit).await;
        let free = format!("/kit-types/{kit_type}/availability?from={}&to={}", day(24), day(24));
        assert_eq!(developer.get(&free).await.ok()["days"][0]["free"], 1);
        let new = reserve(&developer, &kit_type, &unit, 24, 28).await;
        assert_eq!(event(app, &later, "loan.displaced").await["change"]["to"], json!({ "kit": null }));
        assert_eq!(loan(app, &later["id"]).await["at_risk"], true);

        // The box alone does not help: its evaluation is awaited for longer than the reservation can wait.
        app.advance(TimeDelta::days(1));
        scan(app, &late["kit_code"], "receive").await;
        assert_eq!(loan(app, &later["id"]).await["at_risk"], true);
        evaluate(&app.borrower(&unit).await, &late["id"]).await;
        let later = loan(app, &later["id"]).await;
        assert_eq!(later["at_risk"], false);
        for other in [&soon, &new] {
            assert_ne!(loan(app, &other["id"]).await["kit_code"], later["kit_code"]);
        }
        assert_eq!(on(&app.warehouse(), &later, "ready", json!({})).await.ok()["status"], "ready");
        let without = "SELECT count(*) FROM loans l LEFT JOIN occupancies o ON o.loan_id = l.id AND o.kit_id = l.kit_id
                       WHERE l.status IN ('reserved', 'ready') AND o.loan_id IS NULL";
        assert_eq!(app.count(without), 0);
    }

    async fn a_reservation_without_a_kit_gets_one_when_a_day_makes_the_difference(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let (kit_type, late, _, later) = one_is_late(app, &unit).await;
        reserve(&app.developer(), &kit_type, &unit, 24, 28).await;
        let without = "SELECT count(*) FROM loans l LEFT JOIN occupancies o ON o.loan_id = l.id
                       WHERE l.status = 'reserved' AND o.loan_id IS NULL";
        assert_eq!(app.count(without), 1);
        // A kit more, and the round finds the reservation that has none.
        app.warehouse().post("/kits", json!({ "kit_type_id": kit_type })).await.created();
        scan(app, &late["kit_code"], "receive").await;
        app.advance(TimeDelta::hours(1));
        digilador::loans::jobs::daily(app.state.clone()).await.unwrap();
        assert_eq!(app.count(without), 0);
        assert_eq!(loan(app, &later["id"]).await["at_risk"], false);
    }

    async fn only_a_kit_in_the_house_is_packed_and_not_too_early(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let kit_type = kit_type(app, "Bee-Bot", 2).await;
        let (developer, warehouse) = (app.developer(), app.warehouse());
        let far = reserve(&developer, &kit_type, &unit, 25, 30).await;
        let refused = on(&warehouse, &far, "ready", json!({})).await;
        refused.refused(409, "loan.ready_too_early");
        assert!(refused.text().contains("13 nov"), "{}", refused.text());

        let out = reserve(&developer, &kit_type, &unit, 0, 7).await;
        scan(app, &out["kit_code"], "hand_out").await;
        let first = reserve(&developer, &kit_type, &unit, 11, 14).await;
        let second = reserve(&developer, &kit_type, &unit, 11, 14).await;
        // One of the two was meant to have the kit that is out; packed first, it gets the one in the house.
        let (first, second) = if first["kit_code"] == out["kit_code"] { (first, second) } else { (second, first) };
        let packed = on(&warehouse, &first, "ready", json!({})).await.ok();
        assert_ne!(packed["kit_code"], out["kit_code"]);
        assert_ne!(event(app, &first, "loan.ready").await["change"]["to"]["kit"], Value::Null);
        assert_eq!(loan(app, &second["id"]).await["kit_code"], out["kit_code"]);
        on(&warehouse, &second, "ready", json!({})).await.refused(409, "kit.out");
        scan(app, &out["kit_code"], "receive").await;
        on(&warehouse, &second, "ready", json!({})).await.refused(409, "kit.awaiting_evaluation");
        evaluate(&app.borrower(&unit).await, &out["id"]).await;
        assert_eq!(on(&warehouse, &second, "ready", json!({})).await.ok()["kit_code"], out["kit_code"]);
    }

    async fn a_kit_that_was_let_go_is_not_held_when_the_gate_is_moved(app: &TestApp) {
        change_rules(app, "unit").await;
        let (lyktan, kometen) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let developer = app.developer();
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let first = reserve(&developer, &kit_type, &lyktan, 0, 7).await;
        let code = &first["kit_code"];
        scan(app, code, "hand_out").await;
        scan(app, code, "receive").await;
        app.warehouse().post(&format!("/kits/{}/checks", code.as_str().unwrap()), json!({})).await.created();
        app.advance(TimeDelta::days(4));
        let second = reserve(&developer, &kit_type, &kometen, 4, 7).await;
        scan(app, code, "hand_out").await;
        evaluate(&app.borrower(&kometen).await, &second["id"]).await;
        scan(app, code, "receive").await;
        change_rules(app, "kit").await;
        assert_eq!(kit(app, code).await["lendable"], true);
        app.advance(TimeDelta::days(4));
        let third = reserve(&developer, &kit_type, &kometen, 8, 12).await;
        assert_eq!(scan(app, code, "hand_out").await["loan"]["id"], third["id"]);
    }

    async fn a_kit_is_retired_when_no_loan_needs_it(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let (developer, warehouse) = (app.developer(), app.warehouse());
        let kit_type = kit_type(app, "Bee-Bot", 2).await;
        let over = reserve(&developer, &kit_type, &unit, 0, 7).await;
        let path = format!("/kits/{}", over["kit_code"].as_str().unwrap());
        scan(app, &over["kit_code"], "hand_out").await;
        warehouse.delete(&path).await.refused(409, "kit.on_loan");
        evaluate(&app.borrower(&unit).await, &over["id"]).await;
        scan(app, &over["kit_code"], "receive").await;
        let first = reserve(&developer, &kit_type, &unit, 10, 17).await;
        let second = reserve(&developer, &kit_type, &unit, 10, 17).await;
        warehouse.delete(&path).await.refused(409, "kit.reserved");
        let (moves, stays) = if first["kit_code"] == over["kit_code"] { (first, second) } else { (second, first) };
        on(&developer, &stays, "cancel", json!({})).await.ok();
        // It is being put in order, and the reservation it has moves to the other kit.
        assert_eq!(warehouse.delete(&path).await.status, 204);
        assert_eq!(kit(app, &over["kit_code"]).await["status"], "retired");
        assert_eq!(loan(app, &moves["id"]).await["kit_code"], stays["kit_code"]);
        developer.post("/loans", wish(&kit_type, &unit, 0, 7)).await.refused(409, "loan.no_kit_free");
    }

    async fn a_loan_that_left_late_on_another_kit_is_extended(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let developer = app.developer();
        let kit_type = kit_type(app, "Bee-Bot", 2).await;
        let before = reserve(&developer, &kit_type, &unit, 0, 2).await;
        let late = reserve(&developer, &kit_type, &unit, 3, 10).await;
        assert_ne!(before["kit_code"], late["kit_code"]);
        scan(app, &before["kit_code"], "hand_out").await;
        evaluate(&app.borrower(&unit).await, &before["id"]).await;
        app.advance(TimeDelta::days(2));
        scan(app, &before["kit_code"], "receive").await;
        app.advance(TimeDelta::days(4));
        let swap = json!({ "code": before["kit_code"], "loan_id": late["id"] });
        assert_eq!(app.warehouse().post("/scans", swap).await.ok()["outcome"], "handed_out_swapped");
        assert_eq!(on(&developer, &late, "extend", json!({ "last_day": day(12) })).await.ok()["last_day"], day(12));
        let change = event(app, &late, "loan.extended").await["change"].clone();
        assert_eq!((&change["from"]["last_day"], &change["to"]["last_day"]), (&json!(day(10)), &json!(day(12))));
        assert_eq!(change["from"]["kit"], change["to"]["kit"]);
    }

    async fn of_commands_that_race_one_wins_and_the_others_are_told_why(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let kit_type = kit_type(app, "Bee-Bot", 2).await;
        let out = reserve(&app.developer(), &kit_type, &unit, 0, 7).await;
        let reserved = reserve(&app.developer(), &kit_type, &unit, 0, 7).await;
        scan(app, &out["kit_code"], "hand_out").await;
        let receive = json!({ "code": out["kit_code"], "action": "receive" });
        let cancel = format!("/loans/{}/cancel", reserved["id"].as_str().unwrap());
        for (path, body, refusal) in
            [("/scans", receive, "loan.already_received"), (cancel.as_str(), json!({}), "loan.not_cancellable")]
        {
            let (path, body, warehouse) = (path.to_owned(), body, app.warehouse());
            let tries = (0..8).map(|_| {
                let (path, body, warehouse) = (path.clone(), body.clone(), warehouse.clone());
                tokio::spawn(async move { warehouse.post(&path, body).await })
            });
            let mut done = 0;
            for reply in tries.collect::<Vec<_>>() {
                let reply = reply.await.unwrap();
                match reply.status {
                    200 => done += 1,
                    _ => reply.refused(409, refusal),
                }
            }
            assert_eq!(done, 1, "{path}");
        }
    }
}
