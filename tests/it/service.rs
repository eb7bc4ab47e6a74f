//! Service: jobs keep their kits from being lent, and cost nobody their reservation unless somebody says so.

use crate::loans::{day, evaluate, kit, kit_type, loan, reserve, scan};
use crate::support::{Reply, TestApp, both};
use chrono::TimeDelta;
use serde_json::{Value, json};

async fn add(app: &TestApp, code: &Value, body: Value) -> Reply {
    let mut job = json!({ "code": code, "kind": "repair" });
    job.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    app.warehouse().post("/service-jobs", job).await
}

async fn due(app: &TestApp) {
    digilador::loans::service::jobs::daily(app.state.clone()).await.unwrap();
}

async fn jobs(app: &TestApp) -> Vec<Value> {
    app.developer().get("/service-jobs?status=open").await.ok()["items"].as_array().unwrap().clone()
}

both! {
    async fn a_kit_in_service_is_not_lent_until_it_is_done(app: &TestApp) {
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let reserved = reserve(&borrower, &kit_type, &unit, 14, 21).await;
        let code = &reserved["kit_code"];
        // It would cost the reservation its kit.
        add(app, code, json!({})).await.refused(409, "service.reserved");
        add(app, code, json!({ "first_day": day(20), "last_day": day(30) })).await.refused(409, "service.reserved");
        add(app, code, json!({ "first_day": day(3), "last_day": day(2) })).await.wrong(&["last_day: loan.last_before_first"]);
        let job = add(app, code, json!({ "last_day": day(7), "note": "Hjulet" })).await;
        assert_eq!((job.status, &job.json["begun"], &job.json["cause"]), (201, &json!(true), &json!("by_hand")), "{}", job.text());
        assert_eq!(kit(app, code).await["status"], "in_service");
        app.warehouse().post("/scans", json!({ "code": code, "loan_id": reserved["id"], "action": "hand_out" })).await
            .refused(409, "kit.in_service");
        // Its days are promised to nobody.
        let wish = json!({ "kit_type_id": kit_type, "unit_id": unit, "first_day": day(2), "last_day": day(6) });
        borrower.post("/loans", wish.clone()).await.refused(409, "loan.no_kit_free");
        let path = format!("/service-jobs/{}", job.json["id"].as_str().unwrap());
        app.warehouse().put(&path, json!({ "first_day": day(1), "last_day": day(8) })).await.refused(409, "service.begun");
        app.warehouse().put(&path, json!({ "first_day": day(0), "last_day": day(30) })).await.refused(409, "service.reserved");
        let moved = app.warehouse().with("if-match", "\"1\"").put(&path, json!({ "first_day": day(0), "last_day": day(1) })).await.ok();
        assert_eq!((&moved["last_day"], &moved["version"]), (&json!(day(1)), &json!(2)));
        let loan = borrower.post("/loans", wish).await;
        assert_eq!(loan.status, 201, "{}", loan.text());
        app.developer().post(&format!("{path}/done"), json!({})).await.refused(403, "auth.forbidden");
        assert_eq!(app.warehouse().post(&format!("{path}/done"), json!({})).await.ok()["status"], "done");
        app.warehouse().post(&format!("{path}/cancel"), json!({})).await.refused(409, "service.over");
        assert_eq!(kit(app, code).await["lendable"], true);
        scan(app, code, "hand_out").await;
        let events = app.warehouse().get(&format!("/events?subject={}", job.json["id"].as_str().unwrap())).await.ok();
        let actions: Vec<&str> = events["items"].as_array().unwrap().iter().map(|one| one["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["service.added", "service.moved", "service.completed"]);
    }

    async fn reservations_move_out_of_the_way_or_are_at_risk_for_a_reason(app: &TestApp) {
        let kit_type = kit_type(app, "Bee-Bot", 2).await;
        let unit = app.admin().post("/units", json!({ "name": "Lyktan", "email": "lyktan@lindvalla.example" })).await.created();
        let borrower = app.borrower(&unit).await;
        let one = reserve(&borrower, &kit_type, &unit, 3, 10).await;
        let job = add(app, &one["kit_code"], json!({})).await;
        assert_eq!(job.status, 201, "{}", job.text());
        let moved = loan(app, &one["id"]).await;
        assert_ne!(moved["kit_code"], one["kit_code"]);
        // The other kit is all there is.
        add(app, &moved["kit_code"], json!({ "kind": "clean" })).await.refused(409, "service.reserved");
        let reason = json!({ "kind": "clean", "override_reason": "Möss i lådan" });
        let forced = add(app, &moved["kit_code"], reason).await;
        assert_eq!(forced.status, 201, "{}", forced.text());
        assert_eq!(loan(app, &one["id"]).await["at_risk"], true);
        let mails = app.send_mails().await;
        assert!(mails.iter().any(|mail| mail.to == "lyktan@lindvalla.example" && mail.subject.contains("kert")), "{:?}",
            mails.iter().map(|mail| &mail.subject).collect::<Vec<_>>());
        // Nothing more is promised, and when a kit is done it goes to who waits.
        borrower.post("/loans", json!({ "kit_type_id": kit_type, "unit_id": unit, "first_day": day(30), "last_day": day(33) })).await
            .refused(409, "loan.never_free");
        app.warehouse().post(&format!("/service-jobs/{}/done", job.json["id"].as_str().unwrap()), json!({})).await.ok();
        let safe = loan(app, &one["id"]).await;
        assert_eq!((&safe["at_risk"], &safe["kit_code"]), (&json!(false), &one["kit_code"]));
        let later = reserve(&borrower, &kit_type, &unit, 30, 33).await;
        assert_eq!(later["kit_code"], one["kit_code"]);
    }

    async fn a_job_begins_while_the_kit_is_away_and_keeps_it_when_it_is_back(app: &TestApp) {
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let lent = reserve(&borrower, &kit_type, &unit, 0, 14).await;
        scan(app, &lent["kit_code"], "hand_out").await;
        add(app, &lent["kit_code"], json!({})).await.created();
        let claims = "SELECT count(*) FROM occupancies";
        assert_eq!(app.count(claims), 2);
        app.advance(TimeDelta::days(2));
        scan(app, &lent["kit_code"], "receive").await;
        evaluate(&borrower, &lent["id"]).await;
        assert_eq!(kit(app, &lent["kit_code"]).await["status"], "in_service");
        borrower.post("/loans", json!({ "kit_type_id": kit_type, "unit_id": unit, "first_day": day(8), "last_day": day(11) })).await
            .refused(409, "loan.never_free");
        let overlapping = "SELECT count(*) FROM occupancies a JOIN occupancies b ON b.kit_id = a.kit_id AND b.id <> a.id
            AND b.end_day > a.first_day AND b.first_day < a.end_day";
        assert_eq!(app.count(overlapping), 0);
        // A kit that is taken out of use needs nothing more.
        app.admin().delete(&format!("/kits/{}", lent["kit_code"].as_str().unwrap())).await;
        assert_eq!(jobs(app).await.len(), 0);
    }

    async fn service_after_each_loan_and_every_so_many_days(app: &TestApp) {
        let contents = json!([{ "name": "Robot", "quantity": 1, "kind": "essential" }]);
        let wrong = json!({ "name": "Fel", "service_every": "clean" });
        app.admin().post("/kit-types", wrong).await.wrong(&["service_every_days: field.missing"]);
        let kit_type = json!({ "name": "Blue-Bot", "contents": contents, "turnaround_days": 2, "service_after_loan": "charge",
                               "service_every": "clean", "service_every_days": 30 });
        let kit_type = app.admin().post("/kit-types", kit_type).await.created();
        let code = app.warehouse().post("/kits", json!({ "kit_type_id": kit_type })).await.json["code"].clone();
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let lent = reserve(&borrower, &kit_type, &unit, 0, 7).await;
        scan(app, &code, "hand_out").await;
        evaluate(&borrower, &lent["id"]).await;
        app.advance(TimeDelta::days(7));
        scan(app, &code, "receive").await;
        let charging = jobs(app).await.pop().unwrap();
        assert_eq!((&charging["kind"], &charging["cause"], &charging["last_day"]), (&json!("charge"), &json!("after_loan"), &json!(day(8))));
        app.warehouse().post(&format!("/service-jobs/{}/done", charging["id"].as_str().unwrap()), json!({})).await.ok();
        // What is due every so many days is put where the kit is idle, a while ahead, and once.
        due(app).await;
        assert_eq!(jobs(app).await.len(), 0);
        let taken = reserve(&borrower, &kit_type, &unit, 28, 35).await;
        app.advance(TimeDelta::days(10));
        due(app).await;
        due(app).await;
        let clean = jobs(app).await;
        assert_eq!(clean.len(), 1);
        assert_eq!((&clean[0]["cause"], &clean[0]["first_day"]), (&json!("interval"), &json!(day(38))));
        assert_eq!(loan(app, &taken["id"]).await["at_risk"], false);
        // Done, it is due again as long after.
        app.advance(TimeDelta::days(21));
        app.warehouse().post(&format!("/service-jobs/{}/done", clean[0]["id"].as_str().unwrap()), json!({})).await.ok();
        due(app).await;
        assert_eq!(jobs(app).await.len(), 0);
        // Called off, it is left out once.
        app.advance(TimeDelta::days(25));
        due(app).await;
        let next = jobs(app).await;
        app.warehouse().post(&format!("/service-jobs/{}/cancel", next[0]["id"].as_str().unwrap()), json!({})).await.ok();
        app.advance(TimeDelta::days(1));
        due(app).await;
        assert_eq!(jobs(app).await.len(), 0);
    }

    async fn service_has_its_pages(app: &TestApp) {
        let kit_type = kit_type(app, "Bee-Bot", 1).await;
        let unit = app.unit("Lyktan").await;
        let reserved = reserve(&app.borrower(&unit).await, &kit_type, &unit, 3, 10).await;
        let code = reserved["kit_code"].as_str().unwrap();
        let leif = app.browser_of(&app.warehouse());
        assert!(leif.get("/lager/vard").await.text().contains("Ingen låda är på vård"));
        assert!(leif.get(&format!("/lager/vard?kod={code}")).await.text().contains(code));
        let first = day(0);
        let key = uuid::Uuid::now_v7().to_string();
        let wrong = leif.post("/lager/vard", &[("code", "FEL"), ("first_day", &first), ("key", &key)]).await;
        assert_eq!(wrong.status, 422);
        let form = [("code", code), ("kind", "repair"), ("first_day", first.as_str()), ("note", "Hjulet"), ("key", &key)];
        let refused = leif.post("/lager/vard", &form).await;
        assert_eq!(refused.status, 409);
        assert!(refused.text().contains("Varför ändå?") && refused.text().contains("Lyktan"), "{}", refused.text());
        let forced: Vec<_> = form.into_iter().chain([("override_reason", "Den ryker")]).collect();
        // An impatient thumb makes one job.
        for _ in 0..2 {
            assert_eq!(leif.post("/lager/vard", &forced).await.location(), "/lager/vard?klart=service-made");
        }
        assert_eq!(jobs(app).await.len(), 1);
        let page = leif.get("/lager/vard").await.text();
        assert!(page.contains("Hjulet") && page.contains("Pågår"), "{page}");
        let id = jobs(app).await[0]["id"].as_str().unwrap().to_owned();
        assert!(leif.get(&format!("/lager/vard/{id}/flytta")).await.text().contains("Andra dagar"));
        let last = day(1);
        let days = [("first_day", first.as_str()), ("last_day", last.as_str()), ("version", "1"), ("key", &key)];
        assert_eq!(leif.post(&format!("/lager/vard/{id}/flytta"), &days).await.location(), "/lager/vard?klart=service-moved");
        // Somebody else still sees it as it was.
        let (further, other) = (day(2), uuid::Uuid::now_v7().to_string());
        let late = [("first_day", first.as_str()), ("last_day", further.as_str()), ("version", "1"), ("key", &other)];
        let late = leif.post(&format!("/lager/vard/{id}/flytta"), &late).await;
        assert_eq!((late.status, jobs(app).await[0]["last_day"].clone()), (412, json!(last)), "{}", late.text());
        assert_eq!(loan(app, &reserved["id"]).await["at_risk"], false);
        let plan = leif.get("/lager/arsplan").await.text();
        assert!(plan.contains("På vård"), "{plan}");
        for _ in 0..2 {
            let done = leif.post(&format!("/lager/vard/{id}/klar"), &[("back", "/lager/vard"), ("key", &key)]).await;
            assert_eq!(done.location(), "/lager/vard?klart=service-done");
        }
        assert!(leif.get("/lager/vard").await.text().contains("Ingen låda är på vård"));
    }
}
