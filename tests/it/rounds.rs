//! Season rounds: units wish, kits are allocated, and what was allocated is reserved at once or not at all.

use crate::support::{Actor, TestApp, both};
use chrono::TimeDelta;
use digilador::platform::ids::UnitId;
use digilador::rounds::jobs;
use digilador::rounds::rules::lot;
use reqwest::Method;
use serde_json::{Value, json};

/// Three units that borrow, a type of one kit and one of two, and a round of five weeks whose wishes are open for a week.
struct Scene {
    units: Vec<String>,
    borrowers: Vec<Actor>,
    bee: String,
    blue: String,
    round: String,
}

const TERM: [&str; 2] = ["2027-01-11", "2027-02-14"];

fn a_round() -> Value {
    json!({ "name": "Våren 2027", "first_day": TERM[0], "last_day": TERM[1],
            "opens_on": "2026-11-02", "closes_on": "2026-11-08", "most_wishes": 3 })
}

async fn kit_type(app: &TestApp, name: &str, kits: usize) -> String {
    let body = json!({ "name": name, "loan_days": 14, "turnaround_days": 0, "contents": [] });
    let id = app.admin().post("/kit-types", body).await.created();
    for _ in 0..kits {
        app.warehouse().post("/kits", json!({ "kit_type_id": id })).await.created();
    }
    id
}

impl Scene {
    async fn new(app: &TestApp) -> Self {
        let (mut units, mut borrowers) = (Vec::new(), Vec::new());
        for name in ["Asken", "Björken", "Cypressen"] {
            let body = json!({ "name": name, "email": format!("{}@lindvalla.example", &name[..1]) });
            let unit = app.admin().post("/units", body).await.created();
            borrowers.push(app.borrower(&unit).await);
            units.push(unit);
        }
        let (bee, blue) = (kit_type(app, "Bee-Bot", 1).await, kit_type(app, "Blue-Bot", 2).await);
        let round = app.developer().post("/rounds", a_round()).await.created();
        Self { units, borrowers, bee, blue, round }
    }

    fn wishes_of(&self, unit: usize) -> String {
        format!("/rounds/{}/units/{}/wishes", self.round, self.units[unit])
    }

    fn path(&self, end: &str) -> String {
        format!("/rounds/{}{end}", self.round)
    }

    async fn wish(&self, unit: usize, wishes: Value) -> Value {
        self.borrowers[unit].put(&self.wishes_of(unit), json!({ "wishes": wishes })).await.ok()
    }

    /// Everybody wishes for the one kit first, and it has room for two loans.
    async fn all_wish(&self) {
        for unit in 0..3 {
            self.wish(unit, json!([{ "kit_type_id": self.bee }, { "kit_type_id": self.blue, "days": 7 }])).await;
        }
    }

    async fn allocate(&self, app: &TestApp, how: Value) -> Value {
        app.developer().post(&self.path("/allocate"), how).await.ok();
        app.developer().get(&self.path("/allocation")).await.ok()
    }

    /// The units in the order of the round's lot.
    async fn by_lot(&self, app: &TestApp) -> Vec<String> {
        let number = app.developer().get(&self.path("")).await.ok()["lot"].as_i64().unwrap();
        let mut units = self.units.clone();
        units.sort_by_key(|unit| lot(number as i32, unit.parse::<UnitId>().unwrap()));
        units
    }
}

/// What a unit gets: the type's name and the first day, or the reason.
fn got(allocation: &Value, unit: &str) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let items = allocation["items"].as_array().unwrap();
    let own = items.iter().filter(|item| item["unit"]["id"] == unit);
    own.map(|item| {
        let answer = if item["reason"].is_null() { text(&item["first_day"]) } else { text(&item["reason"]) };
        (text(&item["kit_type"]["name"]), answer)
    })
    .collect()
}

fn pair(kit_type: &str, answer: &str) -> (String, String) {
    (kit_type.to_owned(), answer.to_owned())
}

async fn patch(who: &Actor, path: &str, body: Value) -> crate::support::Reply {
    crate::support::Reply::of(who.request(Method::PATCH, path).json(&body)).await
}

both! {
    async fn a_whole_round(app: &TestApp) {
        let scene = Scene::new(app).await;
        scene.all_wish().await;
        let developer = app.developer();
        developer.post(&scene.path("/allocate"), json!({})).await.refused(409, "round.still_open");
        developer.post(&scene.path("/publish"), json!({})).await.refused(409, "round.no_preview");
        app.advance(TimeDelta::days(7));
        assert_eq!(developer.get(&scene.path("")).await.ok()["status"], "closed");

        let allocation = scene.allocate(app, json!({})).await;
        let order = scene.by_lot(app).await;
        assert_eq!(got(&allocation, &order[0]), [pair("Bee-Bot", "2027-01-11"), pair("Blue-Bot", "2027-01-26")]);
        assert_eq!(got(&allocation, &order[1]), [pair("Bee-Bot", "2027-01-26"), pair("Blue-Bot", "2027-01-11")]);
        assert_eq!(got(&allocation, &order[2]), [pair("Bee-Bot", "full"), pair("Blue-Bot", "2027-01-11")]);
        assert_eq!(allocation["figures"], json!({ "units": 3, "best_rank": [2, 1, 0], "without": 0, "wishes": 6, "served": 5, "loans": 5 }));
        let types: Vec<_> = allocation["kit_types"].as_array().unwrap().iter()
            .map(|of| json!([of["kit_type"]["name"], of["kits"], of["room"], of["wishes"], of["first_wishes"], of["served"]])).collect();
        assert_eq!(json!(types), json!([["Bee-Bot", 1, 2, 3, 3, 2], ["Blue-Bot", 2, 4, 3, 0, 3]]));
        let own = scene.borrowers[0].get(&scene.wishes_of(0)).await.ok();
        assert_eq!((own["round"]["status"].as_str(), own["results"].clone()), (Some("allocated"), json!([])), "a preview is nobody's business");
        assert_eq!(app.count("SELECT count(*) FROM loans"), 0, "and reserves nothing");

        // The same again is the same; another lot may be another.
        let again = scene.allocate(app, json!({})).await;
        let answers = |of: &Value| scene.units.iter().map(|unit| got(of, unit)).collect::<Vec<_>>();
        assert_eq!(answers(&again), answers(&allocation));

        developer.post(&scene.path("/publish"), json!({})).await.ok();
        developer.post(&scene.path("/publish"), json!({})).await.refused(409, "round.already_published");
        developer.post(&scene.path("/allocate"), json!({})).await.refused(409, "round.already_published");
        assert_eq!(app.count("SELECT count(*) FROM loans WHERE status = 'reserved'"), 5);
        assert_eq!(app.count("SELECT count(*) FROM occupancies"), 5);
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action = 'loan.reserved'"), 5);
        let last = scene.units.iter().position(|unit| *unit == order[2]).unwrap();
        let own = scene.borrowers[last].get(&scene.wishes_of(last)).await.ok();
        assert_eq!(own["results"][0]["reason"], "full");
        let loan = own["results"][1]["loan_id"].as_str().unwrap();
        assert_eq!(scene.borrowers[last].get(&format!("/loans/{loan}")).await.ok()["first_day"], "2027-01-11");

        // What there was not enough of can be queued for with one tap.
        let browser = app.browser_of(&scene.borrowers[last]);
        let page = browser.get(&format!("/onskemal/{}", scene.round)).await.text();
        let sent = |name: &str| page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned();
        let form: Vec<_> = ["unit", "key", "earliest_day", "latest_day", "days"].into_iter().map(|name| (name, sent(name))).collect();
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert!(browser.post(&format!("/lador/{}/ko", scene.bee), &form).await.location().starts_with("/ko/"), "{page}");

        // One mail for each unit, with all of it.
        let mails = app.send_mails().await;
        let results: Vec<_> = mails.iter().filter(|mail| mail.subject.starts_with("Det här får ni låna")).collect();
        assert_eq!((mails.len(), results.len()), (3, 3), "{mails:?}");
        let refused = results.iter().find(|mail| mail.text.contains("– Bee-Bot: alla lådor är upptagna")).expect("a mail that says no");
        assert!(refused.text.contains("✓ Blue-Bot, v. 2–3: mån 11 jan till mån 18 jan") && refused.text.contains("/onskemal/"), "{}", refused.text);
    }

    async fn units_are_told_once_that_wishes_are_open(app: &TestApp) {
        let scene = Scene::new(app).await;
        let mut later = a_round();
        later["opens_on"] = json!("2026-11-06");
        app.developer().post("/rounds", later).await.created();
        for _ in 0..2 {
            jobs::announce(app.state.clone()).await.unwrap();
        }
        let opened = |mails: Vec<crate::support::app::Mail>| mails.iter().filter(|mail| mail.subject.starts_with("Önska")).count();
        assert_eq!(opened(app.send_mails().await), 3, "Provskolan has nobody to write to");
        app.advance(TimeDelta::days(4));
        jobs::announce(app.state.clone()).await.unwrap();
        assert_eq!(opened(app.send_mails().await), 6);
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action = 'round.opened'"), 2);
        assert_eq!(scene.borrowers[0].get("/rounds").await.ok()["items"].as_array().unwrap().len(), 2);
    }

    async fn wishes_are_taken_in_their_days_and_within_bounds(app: &TestApp) {
        let scene = Scene::new(app).await;
        let (who, path) = (&scene.borrowers[0], scene.wishes_of(0));
        let wish = |more: Value| {
            let mut wish = json!({ "kit_type_id": scene.bee });
            wish.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!({ "wishes": [wish] })
        };
        let weeks = json!({ "earliest": "2027-01-18", "latest": "2027-02-07", "days": 14 });
        let view = who.put(&path, wish(weeks)).await.ok();
        assert_eq!(view["items"][0]["earliest"], "2027-01-18");
        who.put(&path, wish(json!({ "earliest": "2027-01-10", "days": 15 }))).await
            .wrong(&["earliest: round.outside_term", "days: field.range"]);
        who.put(&path, wish(json!({ "earliest": "2027-02-10" }))).await.wrong(&["latest: round.weeks_too_few"]);
        let twice = json!({ "wishes": [{ "kit_type_id": scene.bee }, { "kit_type_id": scene.bee }] });
        who.put(&path, twice).await.wrong(&["kit_type_id: round.wished_twice"]);
        let mut many = vec![json!({ "kit_type_id": scene.bee }), json!({ "kit_type_id": scene.blue })];
        for name in ["Ozobot", "Dash"] {
            many.push(json!({ "kit_type_id": kit_type(app, name, 0).await }));
        }
        who.put(&path, json!({ "wishes": many })).await.wrong(&["wishes: round.too_many_wishes"]);
        assert_eq!(who.get(&path).await.ok()["items"].as_array().unwrap().len(), 1, "what was refused changed nothing");

        app.advance(TimeDelta::hours(6 * 24 + 14));
        who.put(&path, wish(json!({}))).await.ok();
        app.advance(TimeDelta::hours(1));
        who.put(&path, wish(json!({}))).await.refused(409, "round.wishes_closed");
        // A later last day opens them again, until then.
        let mut longer = a_round();
        longer["closes_on"] = json!("2026-11-12");
        app.developer().put(&scene.path(""), longer).await.ok();
        who.put(&path, json!({ "wishes": [] })).await.ok();
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action = 'round.wishes_changed'"), 3);
    }

    async fn a_round_is_for_who_makes_it_and_wishes_for_their_units(app: &TestApp) {
        let scene = Scene::new(app).await;
        let (other, warehouse) = (&scene.borrowers[1], app.warehouse());
        for who in [other, &warehouse] {
            who.get(&scene.wishes_of(0)).await.refused(404, "unit.not_found");
            who.put(&scene.wishes_of(0), json!({ "wishes": [] })).await.refused(404, "unit.not_found");
            who.post("/rounds", a_round()).await.refused(403, "auth.forbidden");
            who.get(&scene.path("/allocation")).await.refused(403, "auth.forbidden");
        }
        app.admin().put(&scene.wishes_of(0), json!({ "wishes": [{ "kit_type_id": scene.bee }] })).await.ok();
        app.stranger().get(&scene.path("")).await.refused(404, "round.not_found");
        app.stranger().get(&scene.wishes_of(0)).await.refused(404, "round.not_found");
        app.stranger().post(&scene.path("/allocate"), json!({ "close": true })).await.refused(404, "round.not_found");
        assert_eq!(app.stranger().get("/rounds").await.ok()["items"], json!([]));
    }

    async fn a_round_s_days_are_checked_and_a_change_forgets_the_preview(app: &TestApp) {
        let scene = Scene::new(app).await;
        let wrong = json!({ "name": " ", "first_day": "2027-02-14", "last_day": "2027-01-11", "opens_on": "2026-11-02",
                            "closes_on": "2026-11-01", "most_wishes": 11 });
        app.developer().post("/rounds", wrong).await.wrong(&["name: field.missing", "last_day: round.last_before_first",
            "closes_on: round.closes_before_opens", "most_wishes: field.range"]);
        app.developer().post(&scene.path("/allocate"), json!({ "close": true })).await.refused(409, "round.no_wishes");
        scene.borrowers[0].put(&scene.wishes_of(0), json!({ "wishes": [] })).await.ok();
        let mut longer = a_round();
        longer["closes_on"] = json!("2026-11-09");
        let seen = app.developer().with("if-match", "\"7\"");
        assert_eq!(seen.put(&scene.path(""), longer.clone()).await.status, 412);
        assert_eq!(app.developer().put(&scene.path(""), longer).await.ok()["status"], "open");
        scene.all_wish().await;
        assert_eq!(scene.allocate(app, json!({ "close": true })).await["round"]["status"], "allocated");
        let mut renamed = a_round();
        renamed["closes_on"] = json!("2026-11-09");
        renamed["name"] = json!("Vårterminen");
        assert_eq!(app.developer().put(&scene.path(""), renamed.clone()).await.ok()["status"], "allocated");
        renamed["last_day"] = json!("2027-02-21");
        assert_eq!(app.developer().put(&scene.path(""), renamed).await.ok()["status"], "closed");
        assert_eq!(app.count("SELECT count(*) FROM round_allocations"), 0);
        app.developer().post(&scene.path("/cancel"), json!({})).await.ok();
        app.developer().post(&scene.path("/cancel"), json!({})).await.refused(409, "round.is_cancelled");
        app.developer().post(&scene.path("/allocate"), json!({})).await.refused(409, "round.is_cancelled");
    }

    async fn who_has_had_least_goes_first(app: &TestApp) {
        let scene = Scene::new(app).await;
        let before = json!({ "kit_type_id": scene.blue, "first_day": "2026-11-16", "last_day": "2026-11-20" });
        for unit in [0, 1] {
            let mut loan = before.clone();
            loan["unit_id"] = json!(scene.units[unit]);
            scene.borrowers[unit].post("/loans", loan).await.created();
        }
        for unit in 0..3 {
            scene.wish(unit, json!([{ "kit_type_id": scene.bee, "latest": "2027-01-24" }])).await;
        }
        for how in [json!({ "close": true }), json!({}), json!({})] {
            let allocation = scene.allocate(app, how).await;
            assert_eq!(got(&allocation, &scene.units[2]), [pair("Bee-Bot", "2027-01-11")]);
        }
    }

    async fn a_preview_is_adjusted_by_hand(app: &TestApp) {
        let scene = Scene::new(app).await;
        scene.all_wish().await;
        let allocation = scene.allocate(app, json!({ "close": true })).await;
        let order = scene.by_lot(app).await;
        let of = |unit: &str, rank: i64| {
            let items = allocation["items"].as_array().unwrap();
            items.iter().find(|item| item["unit"]["id"] == unit && item["rank"] == rank).unwrap()["id"].as_str().unwrap().to_owned()
        };
        let developer = app.developer();
        let choose = |first: &str, last: &str| json!({ "kit_type_id": scene.bee, "first_day": first, "last_day": last });
        let refused = patch(&developer, &format!("/allocations/{}", of(&order[2], 1)), choose("2027-01-20", "2027-01-27")).await;
        refused.refused(409, "round.no_room");
        assert_eq!(refused.json["next_free"], json!({ "first_day": "2027-02-10", "last_day": "2027-02-17" }));
        patch(&developer, &format!("/allocations/{}", of(&order[2], 1)), choose("2026-11-01", "2026-11-20")).await
            .wrong(&["first_day: loan.in_the_past", "last_day: loan.too_long"]);
        // One shorter makes room for another.
        patch(&developer, &format!("/allocations/{}", of(&order[0], 1)), choose("2027-01-11", "2027-01-15")).await.ok();
        let view = patch(&developer, &format!("/allocations/{}", of(&order[2], 1)), choose("2027-01-18", "2027-01-25")).await.ok();
        assert_eq!(got(&view, &order[2])[0], pair("Bee-Bot", "2027-01-18"));
        let view = developer.delete(&format!("/allocations/{}", of(&order[1], 2))).await.ok();
        assert_eq!(got(&view, &order[1])[1], pair("Blue-Bot", "removed"));
        let mut add = choose("2027-02-10", "2027-02-12");
        add["unit_id"] = json!(order[1]);
        let added = developer.post(&scene.path("/allocations"), add.clone()).await.created();
        developer.post(&scene.path("/allocations"), add).await.refused(409, "round.no_room");
        developer.delete(&format!("/allocations/{added}")).await.ok();
        app.stranger().delete(&format!("/allocations/{}", of(&order[0], 1))).await.refused(404, "round.not_found");
        developer.post(&scene.path("/publish"), json!({})).await.ok();
        developer.delete(&format!("/allocations/{}", of(&order[0], 1))).await.refused(409, "round.already_published");
        assert_eq!(app.count("SELECT count(*) FROM loans"), 5);
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action = 'round.adjusted'"), 5);
    }

    async fn when_something_came_in_between_nothing_is_published(app: &TestApp) {
        let scene = Scene::new(app).await;
        scene.all_wish().await;
        let before = scene.allocate(app, json!({ "close": true })).await;
        let order = scene.by_lot(app).await;
        let loan = json!({ "kit_type_id": scene.bee, "unit_id": scene.units[0], "first_day": "2027-01-11", "last_day": "2027-01-15" });
        let loan = app.warehouse().post("/loans", loan).await.created();
        let developer = app.developer();
        let refused = developer.post(&scene.path("/publish"), json!({})).await;
        refused.refused(409, "round.no_longer_fits");
        let misfit = before["items"].as_array().unwrap().iter().find(|item| item["unit"]["id"] == order[0] && item["rank"] == 1).unwrap();
        assert_eq!(refused.json["misfits"], json!([misfit["id"]]));
        assert_eq!(app.count("SELECT count(*) FROM loans"), 1, "nothing was reserved");
        assert_eq!(app.send_mails().await.iter().filter(|mail| mail.subject.starts_with("Det här")).count(), 0);
        let view = developer.get(&scene.path("/allocation")).await.ok();
        let marked: Vec<_> = view["items"].as_array().unwrap().iter().filter(|item| item["misfit"] == true).map(|item| item["id"].clone()).collect();
        assert_eq!(marked, [misfit["id"].clone()]);

        // Only that one is allocated anew; all others keep theirs.
        let anew = scene.allocate(app, json!({ "only_misfits": true })).await;
        assert_eq!(got(&anew, &order[0])[0], pair("Bee-Bot", "full"));
        for unit in &order[1..] {
            assert_eq!(got(&anew, unit), got(&before, unit));
        }
        developer.post(&format!("/loans/{loan}/cancel"), json!({})).await;
        developer.post(&scene.path("/publish"), json!({})).await.ok();
        assert_eq!(app.count("SELECT count(*) FROM loans WHERE status = 'reserved'"), 4);
    }

    async fn two_who_publish_at_once_publish_once(app: &TestApp) {
        let scene = Scene::new(app).await;
        scene.all_wish().await;
        scene.allocate(app, json!({ "close": true })).await;
        let (path, one, other) = (scene.path("/publish"), app.developer(), app.admin());
        let (one, other) = tokio::join!(one.post(&path, json!({})), other.post(&path, json!({})));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{} {}", one.text(), other.text());
        assert_eq!(app.count("SELECT count(*) FROM loans"), 5);
        assert_eq!(app.count("SELECT count(*) FROM mails WHERE kind = 'round.result'"), 3);
    }

    async fn a_unit_that_owes_an_evaluation_is_reserved_for_and_gets_nothing_handed_out(app: &TestApp) {
        let scene = Scene::new(app).await;
        let loan = json!({ "kit_type_id": scene.blue, "unit_id": scene.units[0], "first_day": "2026-11-02", "last_day": "2026-11-06" });
        let loan = scene.borrowers[0].post("/loans", loan).await;
        for action in ["hand_out", "receive"] {
            app.warehouse().post("/scans", json!({ "code": loan.json["kit_code"], "action": action })).await.ok();
        }
        scene.wish(0, json!([{ "kit_type_id": scene.bee }])).await;
        app.advance(TimeDelta::days(9));
        let allocation = scene.allocate(app, json!({})).await;
        assert_eq!((&allocation["items"][0]["owes"], &allocation["items"][0]["first_day"]), (&json!(true), &json!("2027-01-11")));
        app.developer().post(&scene.path("/publish"), json!({})).await.ok();
        app.advance(TimeDelta::days(61));
        let kit = app.warehouse().get("/loans?status=reserved").await.ok()["items"][0]["kit_code"].clone();
        app.warehouse().post("/scans", json!({ "code": kit, "action": "hand_out" })).await.refused(409, "unit.evaluation_overdue");
    }

    async fn a_round_over_its_pages(app: &TestApp) {
        let scene = Scene::new(app).await;
        let developer = app.browser_of(&app.developer());
        let wrong = developer.post("/omgangar/ny", &[("name", ""), ("first_day", "x")]).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains("Terminens första dag – Det här är ingen dag"), "{}", wrong.text());
        let fields = [("name", "Hösten 2027"), ("first_day", "2027-08-16"), ("last_day", "2027-11-30"),
                      ("opens_on", "2026-11-20"), ("closes_on", "2026-12-01"), ("most_wishes", "4")];
        assert!(developer.post("/omgangar/ny", &fields).await.location().ends_with("?klart=round-added"));
        let list = developer.get("/omgangar").await.text();
        assert!(list.contains("Hösten 2027") && list.contains("Våren 2027") && list.contains("Så fördelar vi"), "{list}");

        // The unit is told where its day begins, and ranks its wishes.
        let borrower = app.browser_of(&scene.borrowers[0]);
        let home = borrower.get("/vara-lan").await.text();
        assert!(home.contains("Nu kan ni önska lådor: Våren 2027. Sista dagen är sön 8 nov."), "{home}");
        assert!(!home.contains("Hösten"), "{home}");
        let path = format!("/onskemal/{}", scene.round);
        let list = borrower.get(&path).await.text();
        assert!(list.contains("Ni har inte önskat något än") && list.contains("v. 3 · mån 18 jan"), "{list}");
        for kit_type in [&scene.bee, &scene.blue] {
            let fields = [("kit_type_id", kit_type.as_str()), ("earliest", "2027-02-01"), ("latest", ""), ("days", "7")];
            assert!(borrower.post(&path, &fields).await.location().ends_with("#wishes"));
        }
        let again = borrower.post(&path, &[("kit_type_id", scene.bee.as_str())]).await;
        assert!(again.status == 422 && again.text().contains("finns redan på er lista"), "{}", again.text());
        let own = scene.borrowers[0].get(&scene.wishes_of(0)).await.ok();
        assert_eq!((&own["items"][0]["kit_type"]["id"], &own["items"][0]["earliest"]), (&json!(scene.bee), &json!("2027-02-01")));
        let second = own["items"][1]["id"].as_str().unwrap();
        borrower.post(&path, &[("up", second)]).await.location();
        let own = scene.borrowers[0].get(&scene.wishes_of(0)).await.ok();
        assert_eq!((&own["items"][0]["id"], &own["items"][0]["rank"]), (&json!(second), &json!(1)));
        borrower.post(&path, &[("remove", second)]).await.location();
        borrower.post(&path, &[("down", second)]).await.location();
        let list = borrower.get(&path).await.text();
        assert!(list.contains("Bee-Bot") && list.contains("Från v. 5 · 1 vecka") && !list.contains("name=\"up\""), "{list}");
        assert_eq!(app.browser_of(&scene.borrowers[1]).get(&format!("{path}?enhet={}", scene.units[0])).await.status, 404);
        for unit in [1, 2] {
            scene.wish(unit, json!([{ "kit_type_id": scene.bee, "latest": "2027-01-31" }])).await;
        }

        // It is closed and allocated at once, looked through, changed and published.
        let path = format!("/omgangar/{}", scene.round);
        assert!(developer.get(&path).await.text().contains("3 förskolor har önskat"));
        let refused = developer.post(&format!("{path}/fordela"), &[]).await;
        assert!(refused.status == 409 && refused.text().contains("Stäng dem först"), "{}", refused.text());
        developer.post(&format!("{path}/fordela"), &[("how", "close")]).await.location();
        let page = developer.get(&path).await.text();
        assert!(page.contains("Förslaget ger 2 lån") && page.contains("Asken") && page.contains("alla lådor är upptagna"), "{page}");
        let without = developer.get(&format!("{path}?visa=utan")).await.text();
        assert_eq!(without.matches("href=\"/fordelning/").count(), 1, "{without}");
        let lost = without.split("/fordelning/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let form = developer.get(&format!("/fordelning/{lost}")).await.text();
        assert!(form.contains("Val 1: Bee-Bot"), "{form}");
        let taken = [("kit_type_id", scene.bee.as_str()), ("first_day", "2027-01-12"), ("last_day", "2027-01-13")];
        let taken = developer.post(&format!("/fordelning/{lost}"), &taken).await;
        assert!(taken.status == 409 && taken.text().contains("Nästa lediga tid är"), "{}", taken.text());
        let other = [("kit_type_id", scene.blue.as_str()), ("first_day", "2027-01-12"), ("last_day", "2027-01-19")];
        developer.post(&format!("/fordelning/{lost}"), &other).await.location();
        let more = [("unit", scene.units[0].as_str()), ("kit_type_id", scene.blue.as_str()), ("first_day", "2027-02-01"), ("last_day", "2027-02-05")];
        developer.post(&format!("{path}/lagg-till"), &more).await.location();
        let page = developer.get(&path).await.text();
        assert!(page.contains("Förslaget ger 4 lån") && page.contains("Vald för hand"), "{page}");

        // Somebody is faster: nothing is published before that is mended.
        let loan = json!({ "kit_type_id": scene.bee, "unit_id": scene.units[0], "first_day": "2027-01-18", "last_day": "2027-01-19" });
        app.warehouse().post("/loans", loan).await.created();
        let refused = developer.post(&format!("{path}/publicera"), &[]).await;
        assert!(refused.status == 409 && refused.text().contains("Ingenting är publicerat"), "{}", refused.text());
        assert!(refused.text().contains("Fördela om det som inte går"), "{}", refused.text());
        developer.post(&format!("{path}/fordela"), &[("how", "only_misfits")]).await.location();
        assert!(developer.post(&format!("{path}/publicera"), &[]).await.location().ends_with("?klart=published"));
        assert!(developer.get(&path).await.text().contains("Till lånet"));
        let home = borrower.get("/vara-lan").await.text();
        assert!(home.contains("Lådorna är fördelade: Våren 2027") && home.contains("Se vad ni fick"), "{home}");
        let result = borrower.get(&format!("/onskemal/{}", scene.round)).await.text();
        assert!(result.contains("Det här blev det") && result.contains("Blue-Bot"), "{result}");
    }
}
