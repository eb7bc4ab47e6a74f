//! Organisations, units, people, tokens, and signing in.

use crate::support::app::{ORGANISATION, OTHER_ORGANISATION};
use crate::support::{Browser, Reply, TestApp, both};
use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use digilador::accounts::sign_in::{self, MINUTES, SESSION_DAYS};
use digilador::platform::db::connection::{Use, open};
use serde_json::json;
use std::time::Duration;

const ADMIN: &str = "admin@lindvalla.example";
const KIM: &str = "kim@region.example";

/// Somebody with an account in both organisations: their ids, here and there.
async fn kim(app: &TestApp) -> (String, String) {
    let both = json!({ "name": "Kim", "email": KIM, "roles": ["admin"] });
    let here = app.admin().post("/people", both.clone()).await.created();
    (here, app.stranger().post("/people", both).await.created())
}

/// Lets writes of a table wait for a moment, so that those that come meanwhile go on at the same time.
fn hold(app: &TestApp, table: &str) {
    let url = app.state.config.database.clone();
    let begin = match url.is_postgres() {
        true => format!("BEGIN; LOCK TABLE {table} IN SHARE MODE"),
        false => "BEGIN IMMEDIATE".to_owned(),
    };
    let (held, wait) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut connection = open(&url, Use::Write).unwrap();
        connection.batch_execute(&begin).unwrap();
        held.send(()).unwrap();
        std::thread::sleep(Duration::from_millis(400));
        connection.batch_execute("COMMIT").unwrap();
    });
    wait.recv().unwrap();
}

both! {
    async fn a_unit_is_added_changed_and_listed(app: &TestApp) {
        let admin = app.admin();
        let lyktan = json!({ "name": " Lyktans förskola ", "area": "Norr", "email": "Lyktan@Lindvalla.example", "children": 54 });
        let added = admin.post("/units", lyktan).await;
        assert_eq!((added.status, added.json["version"].clone()), (201, json!(1)), "{}", added.text());
        let id = added.created();

        let change = json!({ "name": "Lyktan", "area": "Norr" });
        let changed = admin.with("if-match", "\"1\"").put(&format!("/units/{id}"), change.clone()).await.ok();
        assert_eq!(changed["version"], 2);
        admin.with("if-match", "\"1\"").put(&format!("/units/{id}"), change.clone()).await
            .refused(412, "request.changed_meanwhile");

        let units = app.developer().get("/units").await.ok();
        let names: Vec<&str> = units["items"].as_array().unwrap().iter().map(|u| u["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Lyktan", "Provskolan"]);
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action IN ('unit.added', 'unit.changed') AND actor_id IS NOT NULL"), 2);
        let events = admin.get(&format!("/events?subject={id}")).await.ok();
        assert_eq!(events["items"][1]["change"]["changed"], json!(["email"]), "that it is another is told, and not which");
    }

    async fn every_wrong_field_is_named(app: &TestApp) {
        app.unit("Lyktan").await;
        let admin = app.admin();
        admin.post("/units", json!({ "name": " ", "email": "lyktan", "children": -1 })).await
            .wrong(&["name: field.missing", "email: field.email", "children: field.range"]);
        admin.post("/units", json!({ "name": "Lyktan" })).await.wrong(&["name: unit.name_taken"]);
        let person = json!({ "name": "", "email": "x", "roles": [], "units": ["01900000-0000-7000-8000-000000000000"] });
        admin.post("/people", person).await.wrong(&[
            "name: field.missing", "email: field.email", "roles: person.no_role", "units: unit.not_found",
        ]);
        let person = json!({ "name": "Ali", "email": ADMIN, "roles": ["borrower"] });
        admin.post("/people", person).await.wrong(&["units: person.no_unit"]);
        let person = json!({ "name": "Ali", "email": ADMIN.to_uppercase(), "roles": ["warehouse"] });
        admin.post("/people", person).await.wrong(&["email: person.email_taken"]);
    }

    async fn lists_come_in_pages(app: &TestApp) {
        for name in ["A", "B", "C", "D", "E"] {
            app.unit(name).await;
        }
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = app.admin().get(&format!("/units?limit=2{cursor}")).await.ok();
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= 2);
            seen.extend(items.iter().map(|unit| unit["name"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, ["A", "B", "C", "D", "E", "Provskolan"]);
    }

    async fn a_borrower_sees_only_the_address_of_their_own_unit(app: &TestApp) {
        let admin = app.admin();
        let mine = admin.post("/units", json!({ "name": "Min", "email": "min@lindvalla.example" })).await.created();
        admin.post("/units", json!({ "name": "Andras", "email": "andras@lindvalla.example" })).await.created();
        let seen = app.borrower(&mine).await.get("/units").await;
        assert!(seen.text().contains("min@lindvalla.example") && !seen.text().contains("andras@"), "{}", seen.text());
    }

    async fn a_removed_person_is_gone_and_what_they_did_stays(app: &TestApp) {
        let (admin, warehouse) = (app.admin(), app.warehouse());
        let person = json!({ "name": "Bo Ek", "email": "bo@lindvalla.example", "roles": ["admin", "warehouse"] });
        let id = admin.post("/people", person).await.created();
        let browser = sign_in(app, "bo@lindvalla.example").await;
        browser.request(reqwest::Method::POST, "/api/v1/units")
            .header("origin", &app.base).json(&json!({ "name": "Bos" })).send().await.unwrap();
        let did = "SELECT count(*) FROM events JOIN people ON people.id = events.actor_id WHERE action = 'unit.added' AND people.name = ";
        assert_eq!(app.count(&format!("{did}'Bo Ek'")), 1);

        for _ in ["once", "and the same again"] {
            assert_eq!(admin.with("idempotency-key", "gone").delete(&format!("/people/{id}")).await.status, 204);
        }
        assert_eq!(browser.get("/api/v1/me").await.status, 401);
        assert!(!admin.get("/people").await.text().contains("bo@lindvalla"));
        assert_eq!(app.count("SELECT count(*) FROM people WHERE name = 'Bo Ek' OR email = 'bo@lindvalla.example'"), 0);
        assert_eq!(app.count(&format!("{did}''")), 1);
        assert_eq!(app.count("SELECT count(*) FROM mails WHERE recipient LIKE '%bo@%' OR body LIKE '%bo@%' OR cause LIKE '%bo@%'"), 0);
        assert_eq!(app.count("SELECT count(*) FROM sign_ins WHERE email LIKE '%bo@%'"), 0);
        assert_eq!(app.count("SELECT count(*) FROM events WHERE CAST(change AS TEXT) LIKE '%Bo Ek%' OR CAST(change AS TEXT) LIKE '%bo@%'"), 0);
        admin.delete(&format!("/people/{id}")).await.refused(404, "person.not_found");

        // The address is free again, for the same person or another.
        let again = json!({ "name": "Bo Ek", "email": "bo@lindvalla.example", "roles": ["warehouse"] });
        admin.post("/people", again).await.created();
        warehouse.get("/people").await.refused(403, "auth.forbidden");
    }

    async fn the_last_admin_stays(app: &TestApp) {
        let admin = app.admin();
        let id = admin.get("/me").await.ok()["id"].as_str().unwrap().to_owned();
        admin.delete(&format!("/people/{id}")).await.refused(409, "person.last_admin");
        let demoted = json!({ "name": "A", "email": ADMIN, "roles": ["warehouse"] });
        admin.put(&format!("/people/{id}"), demoted.clone()).await.refused(409, "person.last_admin");
        let second = json!({ "name": "B", "email": "b@lindvalla.example", "roles": ["admin"] });
        admin.post("/people", second).await.created();
        admin.put(&format!("/people/{id}"), demoted).await.ok();
        admin.get("/people").await.refused(403, "auth.forbidden");
    }

    async fn of_two_changes_at_the_same_instant_one_is_told_so(app: &TestApp) {
        let id = app.unit("Lyktan").await;
        let seen = app.admin().with("if-match", "\"1\"");
        let (path, to) = (format!("/units/{id}"), |name: &str| json!({ "name": name }));
        hold(app, "units");
        let (a, b) = tokio::join!(seen.put(&path, to("A")), seen.put(&path, to("B")));
        assert_eq!(a.status + b.status, 200 + 412, "{} {}", a.text(), b.text());
    }

    async fn two_admins_cannot_both_leave(app: &TestApp) {
        let me = app.admin().get("/me").await.ok()["id"].as_str().unwrap().to_owned();
        let second = json!({ "name": "B", "email": "b@lindvalla.example", "roles": ["admin"] });
        let other = app.admin().post("/people", second).await.created();
        hold(app, "people");
        let (admin, mine, theirs) = (app.admin(), format!("/people/{me}"), format!("/people/{other}"));
        let (a, b) = tokio::join!(admin.delete(&mine), admin.delete(&theirs));
        assert_eq!(a.status + b.status, 204 + 409, "{} {}", a.text(), b.text());
    }

    async fn the_organisation_s_rules_are_changed_by_its_admin(app: &TestApp) {
        let admin = app.admin();
        let rules = |days: i32, zone: &str| json!({
            "name": "Lindvalla kommun", "language": "sv", "time_zone": zone, "evaluation_gate": "unit",
            "evaluation_due_days": days, "contact_email": "lador@lindvalla.example",
        });
        admin.put("/organisation", rules(91, "Europa/Stockholm")).await
            .wrong(&["time_zone: field.time_zone", "evaluation_due_days: field.range"]);
        assert_eq!(admin.put("/organisation", rules(14, "Europe/Stockholm")).await.ok()["evaluation_due_days"], 14);
        assert_eq!(app.warehouse().get("/me").await.ok()["organisation"]["evaluation_gate"], "unit");
        assert_eq!(app.stranger().get("/me").await.ok()["organisation"]["evaluation_gate"], "kit");
    }

    async fn a_token_opens_until_it_is_revoked(app: &TestApp) {
        let warehouse = app.warehouse();
        let made = warehouse.post("/tokens", json!({ "name": "Handskannern" })).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let (id, secret) = (made.json["id"].as_str().unwrap(), made.json["token"].as_str().unwrap());
        let again = warehouse.with("idempotency-key", "one");
        let first = again.post("/tokens", json!({ "name": "Lucka" })).await;
        let second = again.post("/tokens", json!({ "name": "Lucka" })).await;
        assert_eq!((second.status, &second.json["id"]), (201, &first.json["id"]));
        assert!(first.json["token"].is_string() && second.json["token"].is_null(), "a secret is told once");
        let scanner = app.signed_out().with("authorization", &format!("bearer {secret}"));
        assert_eq!(scanner.get("/me").await.ok()["email"], "warehouse@lindvalla.example");
        assert_eq!(app.count(&format!("SELECT count(*) FROM events WHERE CAST(change AS TEXT) LIKE '%{secret}%'")), 0);

        app.developer().delete(&format!("/tokens/{id}")).await.refused(404, "token.not_found");
        assert_eq!(warehouse.delete(&format!("/tokens/{id}")).await.status, 204);
        scanner.get("/me").await.refused(401, "auth.signed_out");
        warehouse.delete(&format!("/tokens/{id}")).await.refused(404, "token.not_found");
        for token in ["", "dgl_", "dgl_nobody", secret] {
            app.signed_out().with("authorization", &format!("Bearer {token}")).get("/me").await
                .refused(401, "auth.signed_out");
        }
    }
}

/// A browser after signing in by code.
async fn sign_in(app: &TestApp, email: &str) -> Browser {
    let browser = app.browser();
    assert_eq!(browser.post("/logga-in", &[("email", email)]).await.status, 200);
    let (code, _) = last_mail(app, email).await;
    assert_eq!(browser.post("/logga-in/kod", &[("code", &code)]).await.location(), "/");
    browser
}

/// The code and the path of the link in the newest mail to an address.
async fn last_mail(app: &TestApp, email: &str) -> (String, String) {
    let mail = app.send_mails().await.into_iter().rfind(|mail| mail.to == email).expect("a mail");
    let code = mail.subject.split(' ').find(|word| word.len() == 6 && word.parse::<u32>().is_ok()).expect("a code");
    assert!(mail.text.contains(code), "{}", mail.text);
    let link = mail.text.split_whitespace().find(|word| word.starts_with("http")).expect("a link");
    (code.to_owned(), link.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap())
}

both! {
    async fn signing_in_by_code(app: &TestApp) {
        let browser = app.browser();
        let page = browser.post("/logga-in", &[("email", " Admin@Lindvalla.example ")]).await;
        assert_eq!(page.status, 200);
        let (code, _) = last_mail(app, ADMIN).await;
        // A code is typed as people read it aloud.
        let spaced = format!(" {} {} ", &code[..3], &code[3..]);
        assert_eq!(browser.post("/logga-in/kod", &[("code", &spaced)]).await.location(), "/");
        assert_eq!(browser.get("/api/v1/me").await.ok()["email"], ADMIN);

        assert_eq!(browser.post("/logga-ut", &[]).await.location(), "/");
        assert_eq!(browser.get("/api/v1/me").await.status, 401);
        assert_eq!(app.count("SELECT count(*) FROM sessions"), 4, "only those of the template");
    }

    async fn signing_in_by_link_takes_a_press(app: &TestApp) {
        let browser = app.browser();
        browser.post("/logga-in", &[("email", ADMIN)]).await;
        let (_, link) = last_mail(app, ADMIN).await;
        // A mail filter follows the link, and the reader does, on another device.
        for _ in 0..2 {
            assert_eq!(app.browser().get(&link).await.status, 200);
        }
        let phone = app.browser();
        assert_eq!(phone.post(&link, &[]).await.location(), "/");
        assert_eq!(phone.get("/api/v1/me").await.status, 200);
        assert_eq!(app.browser().post(&link, &[]).await.status, 409);
        assert_eq!(app.browser().get(&link).await.status, 409);
    }

    async fn a_link_and_its_code_open_one_door_once(app: &TestApp) {
        let browser = app.browser();
        browser.post("/logga-in", &[("email", ADMIN)]).await;
        let (code, link) = last_mail(app, ADMIN).await;
        assert_eq!(app.browser().post(&link, &[]).await.status, 303);
        assert_eq!(browser.post("/logga-in/kod", &[("code", &code)]).await.status, 422);
    }

    async fn codes_and_links_run_out(app: &TestApp) {
        let browser = app.browser();
        browser.post("/logga-in", &[("email", ADMIN)]).await;
        let (code, link) = last_mail(app, ADMIN).await;
        app.advance(TimeDelta::minutes(MINUTES));
        assert_eq!(browser.post("/logga-in/kod", &[("code", &code)]).await.status, 422);
        assert_eq!(app.browser().post(&link, &[]).await.status, 409);
    }

    async fn a_code_can_be_guessed_five_times(app: &TestApp) {
        let browser = app.browser();
        browser.post("/logga-in", &[("email", ADMIN)]).await;
        let (code, link) = last_mail(app, ADMIN).await;
        let wrong = if code == "000000" { "000001" } else { "000000" };
        for _ in 0..5 {
            let told = browser.post("/logga-in/kod", &[("code", wrong), ("email", ADMIN)]).await;
            assert_eq!(told.status, 422);
            assert!(told.text().contains(ADMIN), "the page still says where the code went");
        }
        assert_eq!(browser.post("/logga-in/kod", &[("code", &code)]).await.status, 422);
        // Guessing does not shut the owner of the address out: the link still works.
        assert_eq!(app.browser().post(&link, &[]).await.status, 303);
    }

    async fn guesses_at_the_same_instant_all_count(app: &TestApp) {
        let browser = app.browser();
        browser.post("/logga-in", &[("email", ADMIN)]).await;
        let (code, _) = last_mail(app, ADMIN).await;
        let wrong = if code == "000000" { "000001" } else { "000000" };
        hold(app, "sign_ins");
        let form = [("code", wrong)];
        let guess = || browser.post("/logga-in/kod", &form);
        tokio::join!(guess(), guess(), guess(), guess(), guess());
        assert_eq!(browser.post("/logga-in/kod", &[("code", &code)]).await.status, 422);
    }

    async fn a_code_works_only_in_the_browser_that_asked(app: &TestApp) {
        app.browser().post("/logga-in", &[("email", ADMIN)]).await;
        let (code, _) = last_mail(app, ADMIN).await;
        let other = app.browser();
        assert_eq!(other.post("/logga-in/kod", &[("code", &code)]).await.status, 422);
        other.post("/logga-in", &[("email", "developer@lindvalla.example")]).await;
        assert_eq!(other.post("/logga-in/kod", &[("code", &code)]).await.status, 422);
    }

    async fn nobody_learns_who_has_an_account(app: &TestApp) {
        let page = |address: &'static str| async move {
            let reply = app.browser().post("/logga-in", &[("email", address)]).await;
            (reply.status, reply.text().replace(address, "ADDRESS"))
        };
        assert_eq!(page("nobody@lindvalla.example").await, page(ADMIN).await);
        assert_eq!(app.send_mails().await.len(), 1);
        assert_eq!(page("not an address").await.0, 422);
    }

    async fn one_address_gets_few_mails(app: &TestApp) {
        for _ in 0..3 {
            assert_eq!(app.browser().post("/logga-in", &[("email", ADMIN)]).await.status, 200);
        }
        let fourth = app.browser().post("/logga-in", &[("email", ADMIN)]).await;
        assert_eq!(fourth.status, 429);
        assert!((1..=300).contains(&fourth.header("retry-after").parse::<u32>().unwrap()));
        assert_eq!(app.browser().post("/logga-in", &[("email", "developer@lindvalla.example")]).await.status, 200);
        assert_eq!(app.send_mails().await.len(), 4);
    }

    async fn after_signing_in_people_come_where_they_wanted(app: &TestApp) {
        for (wanted, reached) in [
            ("/lador?q=a%26b%3B%20c", "/lador?q=a%26b%3B%20c"),
            ("//evil.example", "/"),
            ("/%09/evil.example", "/%09/evil.example"),
        ] {
            let browser = app.browser();
            browser.get(&format!("/logga-in?vidare={}", digilador::platform::web::page::query_value(wanted))).await;
            browser.post("/logga-in", &[("email", ADMIN)]).await;
            let (_, link) = last_mail(app, ADMIN).await;
            assert_eq!(browser.post(&link, &[]).await.location(), reached);
        }
    }

    async fn a_session_lasts_a_week(app: &TestApp) {
        let browser = sign_in(app, ADMIN).await;
        app.advance(TimeDelta::days(SESSION_DAYS) - TimeDelta::seconds(1));
        assert_eq!(browser.get("/api/v1/me").await.status, 200);
        app.advance(TimeDelta::seconds(1));
        assert_eq!(browser.get("/api/v1/me").await.status, 401);
    }

    async fn the_chosen_language_wins_over_the_browser_s(app: &TestApp) {
        let browser = app.browser();
        assert!(browser.get("/logga-in").await.text().contains("lang=\"sv\""));
        let sent = browser.post("/sprak", &[("lang", "da"), ("back", "/logga-in?vidare=/x")]).await;
        assert_eq!(sent.location(), "/logga-in?vidare=/x");
        assert!(browser.get("/logga-in").await.text().contains("lang=\"da\""));
        assert_eq!(browser.post("/sprak", &[("lang", "en"), ("back", "https://evil.example")]).await.location(), "/");
        assert_eq!(browser.post("/sprak", &[("lang", "fi"), ("back", "/")]).await.status, 400);
    }

    async fn one_address_can_have_an_account_in_two_organisations(app: &TestApp) {
        let (_, there) = kim(app).await;
        let browser = app.browser();
        browser.get("/logga-in?vidare=/lador?q=bi").await;
        browser.post("/logga-in", &[("email", KIM)]).await;
        let (_, link) = last_mail(app, KIM).await;
        assert_eq!(browser.post(&link, &[]).await.location(), "/byt-organisation");
        let page = browser.get("/byt-organisation").await.text();
        assert!(page.contains(ORGANISATION) && page.contains(OTHER_ORGANISATION) && page.contains(&there), "{page}");
        let switched = browser.post("/byt-organisation", &[("person", &there)]).await;
        assert_eq!(switched.location(), "/lador?q=bi", "and on to where they wanted");
        let organisation = async || browser.get("/api/v1/me").await.ok()["organisation"]["name"].clone();
        assert_eq!(organisation().await, OTHER_ORGANISATION);
        assert!(browser.get("/lador").await.text().contains("/byt-organisation"));

        // Somebody else's account is out of reach.
        let theirs = app.stranger().get("/me").await.ok()["id"].as_str().unwrap().to_owned();
        assert_eq!(browser.post("/byt-organisation", &[("person", &theirs)]).await.status, 403);
        assert_eq!(organisation().await, OTHER_ORGANISATION);
        assert!(!app.browser_of(&app.admin()).get("/lador").await.text().contains("/byt-organisation"));
        browser.post("/logga-ut", &[]).await;
        assert_eq!(browser.get("/api/v1/me").await.status, 401);
        assert_eq!(app.count("SELECT count(*) FROM sessions"), 4, "signing out leaves none behind");
    }

    async fn an_address_that_was_only_written_down_opens_nothing(app: &TestApp) {
        let stranger = app.stranger().get("/me").await.ok();
        let (victim, address) = (stranger["id"].as_str().unwrap(), stranger["email"].as_str().unwrap());
        let browser = sign_in(app, ADMIN).await;
        let me = browser.get("/api/v1/me").await.ok()["id"].as_str().unwrap().to_owned();
        let mine = json!({ "name": "A", "email": address, "roles": ["admin"] });
        app.admin().put(&format!("/people/{me}"), mine).await.ok();
        let switched = browser.post("/byt-organisation", &[("person", victim)]).await;
        assert_eq!(switched.status, 403, "the session proved another address");
        // Nor does a token open a session.
        let token = app.browser().request(reqwest::Method::POST, "/byt-organisation")
            .header("authorization", "Bearer dgl_admin").form(&[("person", victim)]);
        assert_eq!(Reply::of(token).await.status, 403);
        assert_eq!(browser.get("/api/v1/me").await.ok()["organisation"]["name"], ORGANISATION);
    }

    async fn a_printed_link_opens_the_account_it_was_printed_for(app: &TestApp) {
        let (_, there) = kim(app).await;
        let (now, person) = (app.clock.now(), there.parse().unwrap());
        let link = app.state.db.write(move |tx| sign_in::link(tx, person, "", 24, now)).await.unwrap();
        let browser = app.browser();
        assert_eq!(browser.post(&link, &[]).await.location(), "/");
        assert_eq!(browser.get("/api/v1/me").await.ok()["organisation"]["name"], OTHER_ORGANISATION);
        assert!(!browser.get("/lador").await.text().contains("/byt-organisation"), "it proved no address");
    }
}
