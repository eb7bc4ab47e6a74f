//! Courses: a kit may be reserved without the course its type asks for, and is handed out only with it.

use crate::loans::{day, kit_type, reserve, wish};
use crate::support::{Actor, TestApp, both};
use chrono::TimeDelta;
use serde_json::{Value, json};

/// A course that this kit type asks for; its id.
async fn course(app: &TestApp, name: &str, kit_type: &str, valid_months: Option<i32>) -> String {
    let course = json!({ "name": name, "valid_months": valid_months, "kit_type_ids": [kit_type] });
    app.developer().post("/courses", course).await.created()
}

/// Notes that these have completed the course on a day, counted from the first day of the test.
async fn note(app: &TestApp, course: &str, on: i64, who: Value) -> Value {
    let mut note = json!({ "course_id": course, "completed_on": days(on) });
    note.as_object_mut().unwrap().extend(who.as_object().unwrap().clone());
    let reply = app.warehouse().post("/certificates", note).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json["items"].clone()
}

fn days(offset: i64) -> String {
    let start: chrono::NaiveDate = day(0).parse().unwrap();
    (start + TimeDelta::days(offset)).to_string()
}

async fn hand_out(app: &TestApp, code: &Value) -> crate::support::Reply {
    app.warehouse().post("/scans", json!({ "code": code, "action": "hand_out" })).await
}

async fn person_id(who: &Actor) -> String {
    who.get("/me").await.ok()["id"].as_str().unwrap().to_owned()
}

/// A unit, who borrows for it, a kit type with one kit, and the course that it asks for.
async fn gate(app: &TestApp) -> (String, Actor, String, String) {
    let unit = app.unit("Lyktan").await;
    let borrower = app.borrower(&unit).await;
    let kit_type = kit_type(app, "Spike", 2).await;
    let course = course(app, "Robotkörkort", &kit_type, Some(12)).await;
    (unit, borrower, kit_type, course)
}

both! {
    async fn a_kit_is_reserved_without_the_course_and_handed_out_with_it(app: &TestApp) {
        let (unit, borrower, kit_type, course) = gate(app).await;
        let asked = borrower.get(&format!("/kit-types/{kit_type}")).await.ok()["courses"].clone();
        assert_eq!(asked, json!([{ "id": course, "name": "Robotkörkort" }]));
        assert_eq!(borrower.get("/kit-types").await.ok()["items"][0]["courses"], asked);
        let loan = reserve(&borrower, &kit_type, &unit, 0, 14).await;
        assert_eq!(loan["missing_courses"], asked);
        let refused = hand_out(app, &loan["kit_code"]).await;
        refused.refused(409, "loan.course_missing");
        assert_eq!((&refused.json["courses"], &refused.json["loan_id"]), (&asked, &loan["id"]));
        let told = refused.json["detail"].as_str().unwrap();
        assert!(told.contains("Lyktan") && told.contains("Robotkörkort"), "{told}");
        assert_eq!(crate::loans::loan(app, &loan["id"]).await["status"], "reserved");

        let noted = note(app, &course, 0, json!({ "units": [unit] })).await;
        assert_eq!(noted[0]["expires_on"], "2027-11-02", "twelve months, as the course says");
        assert_eq!(crate::loans::loan(app, &loan["id"]).await["missing_courses"], json!([]));
        assert_eq!(hand_out(app, &loan["kit_code"]).await.ok()["outcome"], "handed_out");
    }

    async fn one_of_those_who_belong_to_the_unit_is_enough_for_as_long_as_they_do(app: &TestApp) {
        let (unit, borrower, kit_type, course) = gate(app).await;
        let other = app.borrower(&app.unit("Kometen").await).await;
        let loan = reserve(&borrower, &kit_type, &unit, 0, 14).await;
        note(app, &course, 0, json!({ "people": [person_id(&other).await] })).await;
        hand_out(app, &loan["kit_code"]).await.refused(409, "loan.course_missing");
        let colleague = app.borrower(&unit).await;
        let colleague_id = person_id(&colleague).await;
        note(app, &course, -1, json!({ "people": [colleague_id] })).await;
        assert_eq!(crate::loans::loan(app, &loan["id"]).await["missing_courses"], json!([]));
        let held = app.warehouse().get(&format!("/certificates?unit_id={unit}")).await.ok();
        assert_eq!(held["items"][0]["person"]["id"], colleague_id.as_str());

        assert_eq!(app.admin().delete(&format!("/people/{colleague_id}")).await.status, 204);
        hand_out(app, &loan["kit_code"]).await.refused(409, "loan.course_missing");
        let all = app.warehouse().get(&format!("/certificates?course_id={course}")).await.ok();
        assert_eq!(all["items"].as_array().unwrap().len(), 1, "a removed person's is told no more");
    }

    async fn a_certificate_counts_on_its_last_day_and_not_after(app: &TestApp) {
        let (unit, borrower, kit_type, course) = gate(app).await;
        let last = json!({ "units": [unit], "expires_on": day(3) });
        note(app, &course, -30, last).await;
        let on_time = reserve(&borrower, &kit_type, &unit, 3, 10).await;
        let too_late = reserve(&borrower, &kit_type, &unit, 4, 10).await;
        assert_eq!(on_time["missing_courses"], json!([]));
        assert_eq!(too_late["missing_courses"][0]["name"], "Robotkörkort");
        // Fetched a day late, the loan begins a day late, and the course no longer holds.
        app.advance(TimeDelta::days(4));
        hand_out(app, &on_time["kit_code"]).await.refused(409, "loan.course_missing");
        note(app, &course, 4, json!({ "units": [unit] })).await;
        assert_eq!(hand_out(app, &on_time["kit_code"]).await.ok()["outcome"], "handed_out");
    }

    async fn every_course_is_needed_and_one_taken_out_of_use_is_not(app: &TestApp) {
        let (unit, borrower, kit_type, first) = gate(app).await;
        let second = course(app, "Batterikurs", &kit_type, None).await;
        let loan = reserve(&borrower, &kit_type, &unit, 0, 14).await;
        let names = |loan: &Value| -> Vec<Value> {
            loan["missing_courses"].as_array().unwrap().iter().map(|course| course["name"].clone()).collect()
        };
        assert_eq!(names(&loan), ["Batterikurs", "Robotkörkort"]);
        note(app, &first, 0, json!({ "units": [unit] })).await;
        assert_eq!(names(&crate::loans::loan(app, &loan["id"]).await), ["Batterikurs"]);
        assert_eq!(app.developer().delete(&format!("/courses/{second}")).await.status, 204);
        app.developer().delete(&format!("/courses/{second}")).await.refused(409, "course.retired");
        assert!(names(&crate::loans::loan(app, &loan["id"]).await).is_empty());
        assert_eq!(hand_out(app, &loan["kit_code"]).await.ok()["outcome"], "handed_out");
        assert_eq!(borrower.get("/courses").await.ok()["items"].as_array().unwrap().len(), 1);
        assert_eq!(borrower.get(&format!("/courses/{second}")).await.ok()["retired"], true);
    }

    async fn courses_and_their_dates_are_looked_after(app: &TestApp) {
        let kit_type = kit_type(app, "Spike", 1).await;
        let developer = app.developer();
        let save = json!({ "name": " Robotkörkort ", "about": "En förmiddag.", "booking": "https://kurser.example",
                           "valid_months": 24, "kit_type_ids": [kit_type, kit_type] });
        let course = developer.post("/courses", save.clone()).await.created();
        let path = format!("/courses/{course}");
        let shown = app.borrower(&app.unit("Lyktan").await).await.get(&path).await.ok();
        assert_eq!((&shown["name"], &shown["kit_types"][0]["name"]), (&json!("Robotkörkort"), &json!("Spike")));
        developer.post("/courses", save.clone()).await.wrong(&["name: course.name_taken"]);
        let wrong = json!({ "name": " ", "valid_months": 0, "kit_type_ids": [uuid::Uuid::now_v7()] });
        developer.post("/courses", wrong).await
            .wrong(&["name: field.missing", "valid_months: field.range", "kit_type_ids: kit_type.not_found"]);
        let renamed = json!({ "name": "Körkort", "kit_type_ids": [] });
        let changed = developer.with("if-match", "\"1\"").put(&path, renamed.clone()).await.ok();
        assert_eq!((&changed["version"], &changed["kit_types"]), (&json!(2), &json!([])));
        developer.with("if-match", "\"1\"").put(&path, renamed).await.refused(412, "request.changed_meanwhile");

        let dates = format!("{path}/dates");
        let date = json!({ "day": day(20), "hours": "13.00–15.30", "place": "Medioteket", "seats": 12 });
        let date = developer.post(&dates, date).await.created();
        developer.post(&dates, json!({ "day": day(10) })).await.created();
        developer.post(&dates, json!({ "day": days(-1) })).await.created();
        developer.post(&dates, json!({ "day": day(10), "seats": 0 })).await.wrong(&["seats: field.range"]);
        let told = |course: Value| -> Vec<Value> {
            course["dates"].as_array().unwrap().iter().map(|date| date["day"].clone()).collect()
        };
        assert_eq!(told(developer.get(&path).await.ok()), [day(10), day(20)], "what has been is told no more");
        let moved = json!({ "day": day(5), "place": "Lyktan" });
        assert_eq!(developer.put(&format!("/course-dates/{date}"), moved).await.ok()["version"], 2);
        assert_eq!(told(developer.get(&path).await.ok()), [day(5), day(10)]);
        assert_eq!(developer.delete(&format!("/course-dates/{date}")).await.status, 204);
        developer.delete(&format!("/course-dates/{date}")).await.refused(404, "course_date.not_found");
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action LIKE 'course%'"), 7);
    }

    async fn many_are_noted_at_once_or_none(app: &TestApp) {
        let (unit, borrower, _, course) = gate(app).await;
        let person = person_id(&borrower).await;
        let both = json!({ "units": [unit], "people": [person, person] });
        let noted = note(app, &course, -3, both.clone()).await;
        assert_eq!(noted.as_array().unwrap().len(), 2);
        assert_eq!(note(app, &course, -3, both).await, noted, "who has it already gets no second one");
        let certificates = || "SELECT count(*) FROM certificates";
        assert_eq!(app.count(certificates()), 2);
        let strangers = app.stranger().get("/me").await.ok()["id"].clone();
        let wrong = json!({ "course_id": course, "completed_on": day(1), "expires_on": day(0),
                            "units": [unit, uuid::Uuid::now_v7()], "people": [strangers] });
        app.warehouse().post("/certificates", wrong).await.wrong(&[
            "completed_on: certificate.to_come", "expires_on: field.before", "people: person.not_found",
            "units: unit.not_found",
        ]);
        let nobody = json!({ "course_id": course, "completed_on": day(0) });
        app.warehouse().post("/certificates", nobody).await.wrong(&["people: certificate.no_holder"]);
        assert_eq!(app.count(certificates()), 2);
        let first = app.warehouse().get("/certificates?limit=1").await.ok();
        let next = first["next"].as_str().unwrap();
        let second = app.warehouse().get(&format!("/certificates?limit=1&cursor={next}")).await.ok();
        assert_ne!(first["items"][0]["id"], second["items"][0]["id"]);
        assert_eq!(second["next"], Value::Null);
        let of_person = app.warehouse().get(&format!("/certificates?person_id={person}")).await.ok();
        assert_eq!(of_person["items"].as_array().unwrap().len(), 1);
    }

    async fn a_revoked_certificate_counts_no_longer_and_says_why(app: &TestApp) {
        let (unit, borrower, kit_type, course) = gate(app).await;
        let loan = reserve(&borrower, &kit_type, &unit, 0, 14).await;
        let id = note(app, &course, 0, json!({ "units": [unit] })).await[0]["id"].as_str().unwrap().to_owned();
        let path = format!("/certificates/{id}/revoke");
        app.developer().post(&path, json!({ "reason": " " })).await.wrong(&["reason: field.missing"]);
        app.warehouse().post(&path, json!({ "reason": "Fel" })).await.refused(403, "auth.forbidden");
        app.stranger().post(&path, json!({ "reason": "Fel" })).await.refused(404, "certificate.not_found");
        let revoked = app.developer().post(&path, json!({ "reason": "Fel enhet" })).await.ok();
        assert_eq!(revoked["revoke_reason"], "Fel enhet");
        app.developer().post(&path, json!({ "reason": "Igen" })).await.refused(409, "certificate.revoked");
        hand_out(app, &loan["kit_code"]).await.refused(409, "loan.course_missing");
        note(app, &course, 0, json!({ "units": [unit] })).await;
        assert_eq!(hand_out(app, &loan["kit_code"]).await.ok()["outcome"], "handed_out");
    }

    async fn the_unit_is_told_by_mail_when_it_reserves_and_once_before_the_loan(app: &TestApp) {
        let (unit, borrower, kit_type, course) = gate(app).await;
        let loan = reserve(&borrower, &kit_type, &unit, 21, 35).await;
        let mails = app.send_mails().await;
        let reserved = mails.last().unwrap();
        assert!(reserved.text.contains("Robotkörkort") && reserved.text.contains("/kurser"), "{}", reserved.text);
        let daily = || digilador::loans::jobs::daily(app.state.clone());
        daily().await.unwrap();
        assert_eq!(app.send_mails().await.len(), mails.len(), "not yet");
        app.advance(TimeDelta::days(8));
        daily().await.unwrap();
        daily().await.unwrap();
        let later = app.send_mails().await;
        assert_eq!(later.len(), mails.len() + 1, "once");
        let told = later.last().unwrap();
        assert!(told.subject.contains("Kurs saknas för Spike"), "{}", told.subject);
        assert!(told.text.contains("Robotkörkort"), "{}", told.text);

        // Whoever has the course is not told, and whoever loses it again is.
        note(app, &course, 8, json!({ "units": [unit] })).await;
        let other = reserve(&borrower, &kit_type, &unit, 22, 35).await;
        assert_eq!(other["missing_courses"], json!([]));
        app.advance(TimeDelta::days(6));
        let before = app.send_mails().await.len();
        daily().await.unwrap();
        assert_eq!(app.send_mails().await.len(), before);
        let held = app.warehouse().get(&format!("/certificates?course_id={course}")).await.ok();
        let id = held["items"][0]["id"].as_str().unwrap();
        app.developer().post(&format!("/certificates/{id}/revoke"), json!({ "reason": "Fel" })).await.ok();
        daily().await.unwrap();
        assert_eq!(app.send_mails().await.len(), before + 1);
        assert_eq!(loan["missing_courses"].as_array().unwrap().len(), 1);
    }

    async fn a_repeat_notes_once(app: &TestApp) {
        let (unit, _, kit_type, course) = gate(app).await;
        let warehouse = app.warehouse().with("idempotency-key", "kurs");
        let note = json!({ "course_id": course, "completed_on": day(0), "units": [unit] });
        let first = warehouse.post("/certificates", note.clone()).await;
        assert_eq!(warehouse.post("/certificates", note).await.json, first.json);
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action = 'certificate.noted'"), 1);
        assert_eq!(app.warehouse().post("/loans", wish(&kit_type, &unit, 0, 3)).await.json["missing_courses"], json!([]));
    }

    async fn the_pages_say_what_is_asked_for_and_what_to_do(app: &TestApp) {
        let (unit, borrower, kit_type, course) = gate(app).await;
        let date = json!({ "day": day(20), "hours": "13.00–15.30", "place": "Medioteket" });
        app.developer().post(&format!("/courses/{course}/dates"), date).await.created();
        let browser = app.browser_of(&borrower);
        assert!(browser.get("/lador").await.text().contains("Kräver kurs: Robotkörkort"));
        for path in [format!("/lador/{kit_type}"), format!("/lador/{kit_type}/boka")] {
            let page = browser.get(&path).await.text();
            assert!(page.contains("Kräver kurs: Robotkörkort") && page.contains("Ni har inte kursen"), "{page}");
            assert!(page.contains("Nästa tillfälle: sön 22 nov 13.00–15.30 · Medioteket"), "{page}");
        }
        let loan = reserve(&borrower, &kit_type, &unit, 0, 14).await;
        let loan = format!("/lan/{}", loan["id"].as_str().unwrap());
        for path in [format!("{loan}?bokad=ja"), loan.clone()] {
            let page = browser.get(&path).await.text();
            assert!(page.contains("Ni behöver ha gått Robotkörkort"), "{page}");
        }
        let page = browser.get("/kurser").await.text();
        assert!(page.contains("Ni behöver kursen för") && page.contains(&loan), "{page}");
        assert!(!page.contains("/kurser/ny"), "{page}");
        let today = app.browser_of(&app.warehouse()).get("/lager").await.text();
        assert!(today.contains("förskolan saknar Robotkörkort"), "{today}");
        note(app, &course, 0, json!({ "units": [unit] })).await;
        let page = browser.get(&format!("/lador/{kit_type}")).await.text();
        assert!(page.contains("Ni har kursen till och med 2 nov 2027"), "{page}");
        assert!(!browser.get(&loan).await.text().contains("Ni behöver ha gått"));
        assert!(!browser.get("/kurser").await.text().contains("Ni behöver kursen för"));
    }

    async fn the_warehouse_notes_the_course_and_hands_out_in_one_tap(app: &TestApp) {
        let (unit, borrower, kit_type, _) = gate(app).await;
        let loan = reserve(&borrower, &kit_type, &unit, 0, 14).await;
        let code = loan["kit_code"].as_str().unwrap();
        let browser = app.browser_of(&app.warehouse());
        let label = browser.get(&format!("/k/{code}")).await.text();
        assert!(label.contains("Lyktan behöver ha gått Robotkörkort") && label.contains("De har gått kursen"), "{label}");
        let key = uuid::Uuid::now_v7().to_string();
        let refused = browser.post("/lager/skanna", &[("code", code), ("action", "auto"), ("key", &key)]).await;
        assert_eq!(refused.status, 409);
        let page = refused.text();
        assert!(page.contains("Har de gått Robotkörkort?"), "{page}");
        let hidden = |name: &str| {
            let form = page.split("Har de gått Robotkörkort?").nth(1).unwrap();
            form.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned()
        };
        let (loan_id, courses, key) = (hidden("loan_id"), hidden("courses"), hidden("key"));
        assert_eq!((loan_id.as_str(), hidden("code").as_str()), (loan["id"].as_str().unwrap(), code));
        let person = person_id(&borrower).await;
        assert!(page.contains(&person), "{page}");
        let other = person_id(&app.borrower(&app.unit("Kometen").await).await).await;
        let form = |holder: &str| -> Vec<(&'static str, String)> {
            vec![("code", code.to_owned()), ("action", "hand_out".to_owned()), ("loan_id", loan_id.clone()),
                 ("courses", courses.clone()), ("holder", holder.to_owned()), ("key", key.clone())]
        };
        let send = async |holder: &str| {
            let form = form(holder);
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post("/lager/skanna", &form).await
        };
        assert_eq!(send(&other).await.status, 409, "somebody else's course does not help");
        assert_eq!(app.count("SELECT count(*) FROM certificates"), 0);
        let done = send("").await;
        assert_eq!(done.status, 200, "{}", done.text());
        assert!(done.text().contains("Utlämnad"), "{}", done.text());
        assert_eq!(app.count("SELECT count(*) FROM certificates WHERE unit_id IS NOT NULL"), 1);
        assert_eq!(send("").await.status, 200, "sent again, it changes nothing");
        assert_eq!(app.count("SELECT count(*) FROM certificates"), 1);
    }

    async fn developers_look_after_courses_on_their_pages(app: &TestApp) {
        let kit_type = kit_type(app, "Spike", 1).await;
        let unit = app.unit("Lyktan").await;
        let person = person_id(&app.borrower(&unit).await).await;
        let browser = app.browser_of(&app.developer());
        assert!(browser.get("/kurser").await.text().contains("/kurser/ny"));
        let wrong = browser.post("/kurser/ny", &[("name", ""), ("valid_months", "0")]).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains("Namn – Fyll i det här"), "{}", wrong.text());
        let form = [("name", "Robotkörkort"), ("booking", "https://kurser.example"), ("valid_months", "12"), ("kit_type_ids", &kit_type)];
        let made = browser.post("/kurser/ny", &form).await.location().to_owned();
        let path = made.split('?').next().unwrap().to_owned();
        let page = browser.get(&path).await.text();
        assert!(page.contains("Spike") && page.contains("href=\"https://kurser.example\"") && page.contains("12 månader"), "{page}");
        let edit = format!("{path}/andra");
        assert!(browser.get(&edit).await.text().contains(&format!("value=\"{kit_type}\" checked")));
        let change = [("version", "1"), ("name", "Robotkörkort"), ("valid_months", "24"), ("kit_type_ids", &kit_type)];
        assert!(browser.post(&edit, &change).await.location().contains("klart=saved"));
        assert_eq!(browser.post(&edit, &change).await.status, 412);

        assert_eq!(browser.post(&format!("{path}/datum"), &[("day", "")]).await.status, 422);
        let date = [("day", day(20)), ("hours", "13.00".to_owned()), ("seats", "8".to_owned())];
        let date: Vec<(&str, &str)> = date.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert!(browser.post(&format!("{path}/datum"), &date).await.location().contains("klart=date-added"));
        let page = browser.get(&path).await.text();
        assert!(page.contains("sön 22 nov 13.00 · 8 platser"), "{page}");
        let date = page.split("/kurser/datum/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        assert!(browser.post(&format!("/kurser/datum/{date}/ta-bort"), &[]).await.location().contains("klart=date-removed"));

        let who = format!("{path}/notera");
        assert!(browser.get(&format!("{who}?q=lykt")).await.text().contains(&person));
        assert!(!browser.get(&format!("{who}?q=kometen")).await.text().contains(&person));
        let nobody = browser.post(&who, &[("completed_on", "2026-11-02")]).await;
        assert!(nobody.status == 422 && nobody.text().contains("minst en person"), "{}", nobody.text());
        let ticked = [("completed_on", "2024-11-12"), ("people", person.as_str()), ("units", unit.as_str())];
        assert!(browser.post(&who, &ticked).await.location().contains("klart=certificates-noted"));
        let page = browser.get(&path).await.text();
        assert!(page.contains("Går snart ut") && page.contains("gäller till och med 12 nov 2026"), "{page}");
        let certificate = page.split("/kurser/bevis/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let revoke = format!("/kurser/bevis/{certificate}/aterkalla");
        assert_eq!(browser.post(&revoke, &[("reason", "")]).await.status, 422);
        assert!(browser.post(&revoke, &[("reason", "de bytte jobb")]).await.location().contains("certificate-revoked"));
        assert!(browser.get(&path).await.text().contains("Återkallad för att de bytte jobb"));
        assert!(browser.post(&format!("{path}/ur-bruk"), &[]).await.location().contains("course-retired"));
        assert!(browser.get(&path).await.text().contains("tagen ur bruk"));
        assert!(browser.get("/kurser").await.text().contains("Inga kurser"));
    }
}
