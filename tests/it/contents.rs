//! Contents checks: what is counted, what the unit says, where a part was lost, what keeps a kit from being lent, refilling.

use crate::loans::{day, evaluate, kit, reserve, scan};
use crate::support::{Actor, Browser, Reply, TestApp, both};
use chrono::TimeDelta;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

/// A kit type with an essential line, a replaceable and a consumable, and this many kits: its id, and its lines' ids.
async fn bee_bot(app: &TestApp, kits: usize) -> (String, Vec<String>) {
    let contents = json!([
        { "name": "Bee-Bot", "quantity": 6, "kind": "essential", "price": 89_500 },
        { "name": "Matta", "quantity": 2, "kind": "replaceable", "price": 24_950 },
        { "name": "Pennor", "quantity": 24, "kind": "consumable" },
    ]);
    let made = app.admin().post("/kit-types", json!({ "name": "Bee-Bot", "contents": contents })).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let lines = made.json["contents"].as_array().unwrap().iter().map(|line| line["id"].as_str().unwrap().to_owned());
    let (lines, id) = (lines.collect(), made.json["id"].as_str().unwrap().to_owned());
    for shelf in ["B2", "A1", "C3"].iter().take(kits) {
        app.warehouse().post("/kits", json!({ "kit_type_id": id, "shelf": shelf })).await.created();
    }
    (id, lines)
}

fn differs(line: &str, kind: &str, quantity: i32) -> Value {
    json!({ "content_line_id": line, "kind": kind, "quantity": quantity })
}

async fn check(app: &TestApp, code: &Value, body: Value) -> Reply {
    app.warehouse().post(&format!("/kits/{}/checks", code.as_str().unwrap()), body).await
}

async fn contents(app: &TestApp, code: &Value) -> Value {
    app.developer().get(&format!("/kits/{}/contents", code.as_str().unwrap())).await.ok()
}

/// A loan out from today, of a unit.
async fn lent(app: &TestApp, borrower: &Actor, kit_type: &str, unit: &str, days: (u64, u64)) -> Value {
    let loan = reserve(borrower, kit_type, unit, days.0, days.1).await;
    scan(app, &loan["kit_code"], "hand_out").await;
    loan
}

/// What a loan's evaluation asks about the parts of its kit: the questions' ids, with the most of each.
fn asked_about_parts(evaluation: &Value) -> Vec<(String, i64)> {
    let questions = evaluation["form"]["questions"].as_array().unwrap().iter();
    let about = questions.filter(|question| question["part"].is_object());
    about.map(|question| (question["id"].as_str().unwrap().to_owned(), question["max"].as_i64().unwrap())).collect()
}

both! {
    async fn what_an_evaluation_says_of_the_parts_becomes_deviations(app: &TestApp) {
        let (kit_type, lines) = bee_bot(app, 1).await;
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let loan = lent(app, &borrower, &kit_type, &unit, (0, 7)).await;
        let path = format!("/loans/{}/evaluation", loan["id"].as_str().unwrap());
        let about = |kind: &str, line: usize, most: i64| (format!("{kind}-{}", lines[line]), most);
        let all = [about("missing", 0, 6), about("broken", 0, 6), about("missing", 1, 2), about("broken", 1, 2), about("used_up", 2, 24)];
        assert_eq!(asked_about_parts(&borrower.get(&path).await.ok()), all);
        let ([missing, broken, ..], never) = (&all, json!({ "used": "no", "notused_why": ["other"], "condition": "missing" }));
        let mut draft = never.clone();
        draft[&missing.0] = 1.into();
        draft[&broken.0] = 6.into();
        borrower.put(&path, json!({ "answers": draft })).await.ok();
        let page = app.browser_of(&borrower).get(&format!("/lan/{}/utvardering", loan["id"].as_str().unwrap())).await.text();
        assert!(page.contains(&format!("name=\"{}\" type=\"number\" inputmode=\"numeric\" min=\"0\" max=\"6\" placeholder=\"0\" value=\"1\"", missing.0)), "{page}");
        // Six robots are not seven. What is refused is reported nowhere.
        let submit = format!("{path}/submit");
        borrower.post(&submit, json!({})).await.wrong(&[&format!("{}: deviation.more_than_there", broken.0)]);
        assert_eq!(contents(app, &loan["kit_code"]).await["open"], json!([]));
        // A page that is sent so is told the same, and keeps what else it says.
        let browser = app.browser_of(&borrower);
        let written = [("used", "no"), ("notused_why", "other"), ("condition", "missing"), ("condition_note", "Under soffan."),
            (missing.0.as_str(), "1"), (broken.0.as_str(), "6"), ("save", "send")];
        let told = browser.post(&format!("/lan/{}/utvardering", loan["id"].as_str().unwrap()), &written).await;
        assert_eq!(told.status, 422, "{}", told.text());
        assert!(told.text().contains(&format!("href=\"#{}\"", broken.0)), "{}", told.text());
        assert_eq!(borrower.get(&path).await.ok()["answers"]["condition_note"], "Under soffan.");
        borrower.put(&path, json!({ "answers": draft })).await.ok();
        let sent = borrower.post(&submit, json!({ "answers": { &broken.0: 2 } })).await;
        assert_eq!(sent.status, 201, "{}", sent.text());
        assert_eq!(sent.json["answers"], never);
        let now = contents(app, &loan["kit_code"]).await;
        let open: Vec<(&str, &str, i64)> = now["open"].as_array().unwrap().iter()
            .map(|one| (one["name"].as_str().unwrap(), one["kind"].as_str().unwrap(), one["quantity"].as_i64().unwrap()))
            .collect();
        assert_eq!(open, [("Bee-Bot", "missing", 1), ("Bee-Bot", "broken", 2)]);
        assert_eq!(now["complete_enough"], false);
        let thanks = app.browser_of(&borrower).get(&format!("/lan/{}/utvardering/tack", loan["id"].as_str().unwrap())).await.text();
        assert!(thanks.contains("Bee-Bot: 2 trasiga"), "{thanks}");
        // The warehouse sees it when it counts.
        scan(app, &loan["kit_code"], "receive").await;
        let card = app.browser_of(&app.warehouse()).get(&format!("/lager/kontroll/{}", loan["kit_code"].as_str().unwrap())).await.text();
        assert!(card.contains("1 saknas sedan tidigare"), "{card}");
    }

    async fn a_part_that_was_reported_from_the_label_meanwhile_is_not_counted_twice(app: &TestApp) {
        let (kit_type, lines) = bee_bot(app, 1).await;
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let loan = lent(app, &borrower, &kit_type, &unit, (0, 7)).await;
        let path = format!("/loans/{}/evaluation", loan["id"].as_str().unwrap());
        let mut draft = json!({ "used": "no", "notused_why": ["other"], "condition": "missing" });
        draft[format!("missing-{}", lines[1])] = 1.into();
        draft[format!("missing-{}", lines[0])] = 2.into();
        borrower.put(&path, json!({ "answers": draft })).await.ok();
        app.advance(TimeDelta::minutes(5));
        let report = json!({ "deviations": [{ "content_line_id": lines[1], "kind": "missing", "quantity": 1 }] });
        borrower.post(&format!("/loans/{}/checks", loan["id"].as_str().unwrap()), report).await.created();
        let now = borrower.get(&path).await.ok();
        assert!(now["answers"][format!("missing-{}", lines[1])].is_null(), "{now}");
        borrower.post(&format!("{path}/submit"), json!({})).await.created();
        let open = contents(app, &loan["kit_code"]).await["open"].clone();
        let counted: Vec<i64> = open.as_array().unwrap().iter().map(|one| one["quantity"].as_i64().unwrap()).collect();
        assert_eq!(counted, [1, 2]);
    }

    async fn a_page_that_comes_too_late_shows_what_it_says_of_the_parts(app: &TestApp) {
        let (kit_type, lines) = bee_bot(app, 2).await;
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let loan = lent(app, &borrower, &kit_type, &unit, (0, 7)).await;
        let mut answers = json!({ "used": "no", "notused_why": ["other"], "condition": "missing" });
        answers[format!("missing-{}", lines[1])] = 1.into();
        let submit = format!("/loans/{}/evaluation/submit", loan["id"].as_str().unwrap());
        borrower.post(&submit, json!({ "answers": answers })).await.created();
        let page = format!("/lan/{}/utvardering", loan["id"].as_str().unwrap());
        let (known, lacking) = (format!("missing-{}", lines[1]), format!("missing-{}", lines[0]));
        let broken = format!("broken-{}", lines[0]);
        let fields = [("seen", ""), ("save", "send"), ("used", "no"), (&*known, "1"), (&*lacking, "2"), (&*broken, "x")];
        let late = app.browser_of(&borrower).post(&page, &fields).await;
        assert_eq!(late.status, 409, "{}", late.text());
        let text = late.text();
        assert!(text.contains("En kollega hann skicka in först") && text.contains("Bee-Bot: 2 saknas"), "{text}");
        // What stands on a page as it came is nothing that its writer wrote.
        let mut draft = json!({ "used": "no", "notused_why": ["other"], "condition": "missing" });
        draft[lacking.as_str()] = 2.into();
        let other = lent(app, &borrower, &kit_type, &unit, (0, 7)).await;
        let path = format!("/loans/{}/evaluation", other["id"].as_str().unwrap());
        let versions = borrower.put(&path, json!({ "answers": draft })).await.ok()["versions"].clone();
        let mut corrected = json!({});
        corrected[lacking.as_str()] = 1.into();
        borrower.post(&format!("{path}/submit"), json!({ "answers": corrected })).await.created();
        let seen = format!("{lacking}:{}", versions[lacking.as_str()].as_str().unwrap());
        let fields = [("seen", &*seen), ("save", "send"), ("used", "no"), (&*lacking, "2")];
        let page = format!("/lan/{}/utvardering", other["id"].as_str().unwrap());
        let same = app.browser_of(&borrower).post(&page, &fields).await;
        assert!(same.status == 409 && !same.text().contains("Bee-Bot: 2 saknas"), "{}", same.text());
        // What has been reported is told once, among what was sent.
        assert_eq!(text.matches("Matta: 1 saknas").count(), 1, "{text}");
        assert!(!text.contains("trasiga"), "{text}");
        assert_eq!(contents(app, &loan["kit_code"]).await["open"].as_array().unwrap().len(), 1);
    }

    async fn parts_that_the_warehouse_has_counted_are_asked_about_no_more(app: &TestApp) {
        let (kit_type, lines) = bee_bot(app, 1).await;
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let loan = lent(app, &borrower, &kit_type, &unit, (0, 7)).await;
        let path = format!("/loans/{}/evaluation", loan["id"].as_str().unwrap());
        let mut draft = json!({ "used": "no", "notused_why": ["other"], "condition": "missing" });
        draft[format!("missing-{}", lines[1])] = 1.into();
        borrower.put(&path, json!({ "answers": draft })).await.ok();
        scan(app, &loan["kit_code"], "receive").await;
        // Back, and not counted yet: the unit may still tell.
        assert_eq!(asked_about_parts(&borrower.get(&path).await.ok()).len(), 5);
        assert_eq!(check(app, &loan["kit_code"], json!({})).await.status, 201);
        let now = borrower.get(&path).await.ok();
        assert_eq!((asked_about_parts(&now), &now["answers"]["condition"]), (vec![], &json!("missing")));
        borrower.post(&format!("{path}/submit"), json!({})).await.created();
        assert_eq!(contents(app, &loan["kit_code"]).await["open"], json!([]));
    }

    async fn a_kit_that_comes_back_waits_for_its_check(app: &TestApp) {
        let (kit_type, lines) = bee_bot(app, 1).await;
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let loan = lent(app, &borrower, &kit_type, &unit, (0, 7)).await;
        evaluate(&borrower, &loan["id"]).await;
        app.advance(TimeDelta::days(7));
        let received = scan(app, &loan["kit_code"], "receive").await;
        // The loan is over at the scan, whenever the kit is counted.
        assert_eq!(received["outcome"], "returned");
        let waiting = app.warehouse().get("/kits-to-check").await.ok();
        assert_eq!((&waiting["items"][0]["kit_code"], &waiting["items"][0]["unit"]["name"]), (&loan["kit_code"], &json!("Lyktan")));
        assert_eq!(contents(app, &loan["kit_code"]).await["to_be_checked"], true);
        app.advance(TimeDelta::days(1));
        let checked = check(app, &loan["kit_code"], json!({ "deviations": [differs(&lines[1], "missing", 1)] })).await;
        assert_eq!(checked.status, 201, "{}", checked.text());
        assert_eq!((&checked.json["occasion"], &checked.json["loan_id"]), (&json!("return"), &loan["id"]));
        assert_eq!(checked.json["deviations"][0]["name"], "Matta");
        assert_eq!(app.warehouse().get("/kits-to-check").await.ok()["items"], json!([]));
        // What can be replaced keeps no kit.
        let now = contents(app, &loan["kit_code"]).await;
        assert_eq!((&now["complete_enough"], &now["open"][0]["keeps_kit"]), (&json!(true), &json!(false)));
        assert_eq!(kit(app, &loan["kit_code"]).await["lendable"], true);
        assert_eq!(app.warehouse().get(&format!("/loans/{}", loan["id"].as_str().unwrap())).await.ok()["deviations"][0]["name"], "Matta");
        let again = check(app, &loan["kit_code"], json!({})).await;
        assert_eq!((&again.json["occasion"], &again.json["deviations"]), (&json!("other"), &json!([])));
        let listed = app.developer().get(&format!("/kits/{}/checks?limit=1", loan["kit_code"].as_str().unwrap())).await.ok();
        assert_eq!(listed["items"][0]["id"], again.json["id"]);
        assert!(listed["next"].is_string());
        let events = app.warehouse().get("/events").await.ok();
        let checks = events["items"].as_array().unwrap().iter().filter(|event| event["action"] == "kit.checked").count();
        assert_eq!(checks, 2);
    }

    async fn what_is_wrong_in_a_check_is_told_field_by_field(app: &TestApp) {
        let (kit_type, lines) = bee_bot(app, 1).await;
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let loan = reserve(&borrower, &kit_type, &unit, 0, 7).await;
        let code = &loan["kit_code"];
        let strange = json!({
            "deviations": [
                differs("00000000-0000-7000-8000-000000000000", "missing", 1),
                { "kind": "missing", "quantity": 1 }, differs(&lines[0], "broken", 0), { "kind": "extra", "quantity": 1 },
            ],
        });
        check(app, code, strange).await.wrong(&[
            "deviations[0].content_line_id: deviation.no_such_line", "deviations[1].content_line_id: field.missing",
            "deviations[2].quantity: field.range", "deviations[3].name: field.missing",
        ]);
        let found = json!({ "found": [{ "deviation_id": "00000000-0000-7000-8000-000000000000", "quantity": 1 }] });
        check(app, code, found).await.wrong(&["found[0].deviation_id: deviation.not_open"]);
        check(app, code, json!({ "occasion": "arrival" })).await.wrong(&["occasion: check.occasion_of_borrower"]);
        check(app, &json!("0000000"), json!({})).await.refused(404, "kit.unknown_code");
        let path = format!("/loans/{}/checks", loan["id"].as_str().unwrap());
        borrower.post(&path, json!({})).await.refused(409, "check.not_out");
        let elsewhere = app.unit("Kometen").await;
        app.borrower(&elsewhere).await.post(&path, json!({})).await.refused(404, "loan.not_found");
    }

    async fn the_unit_says_what_was_missing_on_arrival_and_is_not_asked_again(app: &TestApp) {
        let (kit_type, lines) = bee_bot(app, 1).await;
        let (kometen, lyktan) = (app.unit("Kometen").await, app.unit("Lyktan").await);
        let (before, after) = (app.borrower(&kometen).await, app.borrower(&lyktan).await);
        let code = kit_code(app, &kit_type).await;
        check(app, &code, json!({})).await.created();
        let first = lent(app, &before, &kit_type, &kometen, (0, 7)).await;
        evaluate(&before, &first["id"]).await;
        app.advance(TimeDelta::days(7));
        scan(app, &code, "receive").await;
        // Nobody counts it before it leaves again.
        app.advance(TimeDelta::days(7));
        let second = lent(app, &after, &kit_type, &lyktan, (14, 28)).await;
        app.advance(TimeDelta::days(1));
        let path = format!("/loans/{}/checks", second["id"].as_str().unwrap());
        let said = after.post(&path, json!({ "deviations": [differs(&lines[1], "missing", 1)] })).await;
        assert_eq!((said.status, &said.json["occasion"]), (201, &json!("arrival")), "{}", said.text());
        let open = contents(app, &code).await["open"][0].clone();
        let between: Vec<&str> = open["loans"].as_array().unwrap().iter().map(|loan| loan["unit"]["name"].as_str().unwrap()).collect();
        assert_eq!(between, ["Kometen"]);
        // Later it is about what there is before it goes back, and what they lost lies with them or on the way.
        app.advance(TimeDelta::days(9));
        let later = after.post(&path, json!({ "deviations": [differs(&lines[1], "broken", 1)] })).await;
        assert_eq!(later.json["occasion"], "before_return");
        let open = contents(app, &code).await["open"][1].clone();
        assert_eq!(open["loans"][0]["unit"]["name"], "Lyktan");
        // It can say so on its pages, others cannot.
        let page = app.browser_of(&after).get(&format!("/lan/{}/innehall", second["id"].as_str().unwrap())).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("Ska vara 2") && page.text().contains("1 saknas sedan tidigare"), "{}", page.text());
        assert_eq!(app.browser_of(&before).get(&format!("/lan/{}/innehall", second["id"].as_str().unwrap())).await.status, 404);
        let label = app.browser_of(&after).get(&format!("/k/{}", code.as_str().unwrap())).await.text();
        assert!(label.contains("Något saknas eller är trasigt?"), "{label}");
        let of_loan = app.browser_of(&after).get(&format!("/lan/{}", second["id"].as_str().unwrap())).await.text();
        assert!(of_loan.contains("/innehall"), "{of_loan}");
    }

    async fn a_kit_without_an_essential_part_is_not_lent_until_it_is_there(app: &TestApp) {
        let (kit_type, lines) = bee_bot(app, 2).await;
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let loan = lent(app, &borrower, &kit_type, &unit, (0, 7)).await;
        let next = reserve(&borrower, &kit_type, &unit, 0, 7).await;
        let later = reserve(&borrower, &kit_type, &unit, 14, 21).await;
        let (out, other) = (&loan["kit_code"], &next["kit_code"]);
        assert_ne!(out, other);
        app.warehouse().post(&format!("/loans/{}/ready", next["id"].as_str().unwrap()), json!({})).await.ok();
        app.advance(TimeDelta::days(1));
        let short = json!({ "deviations": [differs(&lines[0], "missing", 2), differs(&lines[0], "broken", 1)] });
        check(app, other, short).await.created();
        let kept = kit(app, other).await;
        assert_eq!((&kept["status"], &kept["lendable"]), (&json!("in_service"), &json!(false)));
        // It was packed, and is no longer; no other kit is there for its loan.
        let unpacked = app.warehouse().get(&format!("/loans/{}", next["id"].as_str().unwrap())).await.ok();
        assert_eq!((&unpacked["status"], &unpacked["at_risk"]), (&json!("reserved"), &json!(true)));
        app.warehouse().post("/scans", json!({ "code": other, "action": "hand_out" })).await.refused(409, "kit.incomplete");
        let mails = app.send_mails().await;
        assert!(!mails.is_empty());
        // The catalogue counts with one kit.
        let free = app.developer().get(&format!("/kit-types/{kit_type}/availability?from={}&to={}", day(40), day(40))).await.ok();
        assert_eq!((&free["days"][0]["free"], &free["days"][0]["total"]), (&json!(1), &json!(2)));
        assert_eq!(app.warehouse().get(&format!("/loans/{}", later["id"].as_str().unwrap())).await.ok()["at_risk"], false);
        // The list says what to put in and what to buy.
        let list = app.admin().get("/refill-list").await.ok();
        assert_eq!((&list["kits"][0]["kit_code"], &list["purchases"][0]["quantity"], &list["total"]), (other, &json!(3), &json!(268_500)));

        let job = app.warehouse().get("/service-jobs?status=open").await.ok()["items"][0].clone();
        assert_eq!((&job["cause"], &job["kind"], &job["kit_code"], &job["last_day"]), (&json!("shortage"), &json!("refill"), other, &json!(null)));
        let job = format!("/service-jobs/{}", job["id"].as_str().unwrap());
        app.warehouse().post(&format!("{job}/cancel"), json!({})).await.refused(409, "service.until_complete");
        let open = contents(app, other).await["open"].clone();
        let resolve = async |place: usize, body: Value| {
            let path = format!("/deviations/{}/resolve", open[place]["id"].as_str().unwrap());
            app.warehouse().post(&path, body).await
        };
        resolve(0, json!({ "resolution": "found", "quantity": 3 })).await.wrong(&["quantity: field.range"]);
        let one = resolve(0, json!({ "resolution": "found", "quantity": 1 })).await.ok();
        assert_eq!((&one["quantity"], &one["resolution"]), (&json!(1), &json!("found")));
        resolve(0, json!({ "resolution": "replaced" })).await.ok();
        resolve(0, json!({ "resolution": "replaced" })).await.refused(409, "deviation.resolved");
        assert_eq!(kit(app, other).await["lendable"], false);
        resolve(1, json!({ "resolution": "written_off", "note": "Går inte att laga" })).await.ok();
        assert_eq!(kit(app, other).await["lendable"], true);
        assert_eq!(app.warehouse().get("/service-jobs?status=open").await.ok()["items"], json!([]));
        let safe = app.warehouse().get(&format!("/loans/{}", next["id"].as_str().unwrap())).await.ok();
        assert_eq!((&safe["at_risk"], &safe["kit_code"]), (&json!(false), other));
        scan(app, other, "hand_out").await;
        // It goes on with five; one that comes back after all makes six again.
        let page = app.browser_of(&app.warehouse()).get(&format!("/lager/kontroll/{}", other.as_str().unwrap())).await.text();
        assert!(page.contains("1 avskriven") && page.contains("value=\"5\""), "{page}");
        resolve(1, json!({ "resolution": "found" })).await.ok();
    }

    async fn the_card_counts_what_is_there(app: &TestApp) {
        let (kit_type, lines) = bee_bot(app, 1).await;
        let code = kit_code(app, &kit_type).await;
        let code = code.as_str().unwrap();
        let leif = app.browser_of(&app.warehouse());
        let page = leif.get(&format!("/lager/kontroll/{code}")).await.text();
        for shown in ["Allt med", "Bee-Bot", "Ska vara 24", "value=\"24\"", "Behöver laddas"] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        let send = async |counts: [&str; 3], photo: Option<Vec<u8>>, extra: &[(&'static str, &'static str)]| {
            let mut form = reqwest::multipart::Form::new()
                .text("key", uuid::Uuid::now_v7().to_string()).text("about", code.to_owned());
            for ((line, count), kind) in lines.iter().zip(counts).zip(["missing", "broken", "used_up"]) {
                let file = photo.clone().filter(|_| kind == "broken").unwrap_or_default();
                let file = reqwest::multipart::Part::bytes(file).file_name("foto.png").mime_str("image/png").unwrap();
                form = form.text("line", line.clone()).text("count", count.to_owned()).text("kind", kind)
                    .text("note", if kind == "broken" { "Riven" } else { "" }).part("photo", file);
            }
            for (name, value) in extra {
                form = form.text(*name, *value);
            }
            Reply::of(leif.request(Method::POST, "/lager/kontroll").header("origin", &app.base).multipart(form)).await
        };
        let wrong = send(["-1", "2", "24"], None, &[]).await;
        assert_eq!(wrong.status, 422, "{}", wrong.text());
        assert!(wrong.text().contains("count-0") && wrong.text().contains("value=\"-1\""), "{}", wrong.text());
        let bad = send(["6", "1", "24"], Some(b"inte en bild".to_vec()), &[]).await;
        assert_eq!(bad.status, 422, "{}", bad.text());
        let saved = send(["6", "1", "10"], Some(crate::pictures::png()), &[("extra", "Ozobot"), ("extra_quantity", "1"), ("need", "charge")]).await;
        assert_eq!((saved.status, saved.location()), (303, format!("/lager/lada/{code}?klart=contents-noted").as_str()), "{}", saved.text());
        let open = app.warehouse().get(&format!("/kits/{code}/contents")).await.ok()["open"].clone();
        assert_eq!(open.as_array().unwrap().len(), 2, "{open}");
        assert_eq!((&open[0]["kind"], &open[0]["note"], &open[1]["kind"], &open[1]["quantity"]),
            (&json!("broken"), &json!("Riven"), &json!("used_up"), &json!(14)));
        let photo = open[0]["photos"][0].as_str().unwrap();
        let shown = leif.get(photo).await;
        assert_eq!((shown.status, shown.header("content-type")), (200, "image/jpeg"));
        assert_eq!(app.browser().get(photo).await.status, 303);
        let job = app.warehouse().get("/service-jobs").await.ok()["items"][0].clone();
        assert_eq!((&job["kind"], &job["cause"]), (&json!("charge"), &json!("check")));

        // What is there again closes what was open; all there closes nothing and finds nothing.
        app.advance(TimeDelta::minutes(5));
        let page = leif.get(&format!("/lager/kontroll/{code}")).await.text();
        assert!(page.contains("value=\"10\"") && page.contains("14 slut sedan tidigare"), "{page}");
        assert_eq!(send(["6", "2", "10"], None, &[]).await.status, 303);
        let open = app.warehouse().get(&format!("/kits/{code}/contents")).await.ok()["open"].clone();
        assert_eq!((open.as_array().unwrap().len(), &open[0]["kind"]), (1, &json!("used_up")));
        app.advance(TimeDelta::minutes(5));
        let all = reqwest::multipart::Form::new().text("key", uuid::Uuid::now_v7().to_string())
            .text("about", code.to_owned()).text("all", "yes");
        let all = Reply::of(leif.request(Method::POST, "/lager/kontroll").header("origin", &app.base).multipart(all)).await;
        assert_eq!(all.location(), format!("/lager/lada/{code}?klart=contents-all"));

        // The page of the kit tells it all, and the history too.
        let kit = leif.get(&format!("/lager/lada/{code}")).await.text();
        for shown in ["14 Pennor – slut", "1 Matta – trasig", "1 Ozobot – hör inte till lådan", "Allt var med", "Laddas", photo, "1 Matta är tillbaka", "Lådan lades till"] {
            assert!(kit.contains(shown), "{shown}: {kit}");
        }
        let history = app.developer().get(&format!("/kits/{code}/history?limit=2")).await.ok();
        let next = history["next"].as_str().unwrap();
        let rest = app.developer().get(&format!("/kits/{code}/history?cursor={next}")).await.ok();
        let count = history["items"].as_array().unwrap().len() + rest["items"].as_array().unwrap().len();
        assert_eq!(count, 6, "{history} {rest}");
        app.developer().get(&format!("/kits/{code}/history?cursor=x")).await.wrong(&["cursor: request.cursor"]);
        // A part that was put in is ticked off the list.
        let refill = leif.get("/lager/pafyllning").await.text();
        assert!(refill.contains("14 Pennor – slut") && refill.contains("En sak har inget pris"), "{refill}");
        let file = leif.get("/lager/pafyllning.csv").await;
        assert!(file.text().contains("Bee-Bot;Pennor;14;;"), "{}", file.text());
        let part = open[0]["id"].as_str().unwrap();
        assert_eq!(leif.post("/lager/pafyllning", &[("part", part)]).await.status, 303);
        assert!(leif.get("/lager/pafyllning").await.text().contains("Inget att fylla på"));
    }

    async fn nothing_that_somebody_tells_on_a_card_is_dropped(app: &TestApp) {
        let (kit_type, lines) = bee_bot(app, 1).await;
        let code = kit_code(app, &kit_type).await;
        let code = code.as_str().unwrap();
        let leif = app.browser_of(&app.warehouse());
        let card = Card { app, leif: &leif, code, lines: &lines };
        let key = uuid::Uuid::now_v7().to_string();
        // Six robots lie in the box, and one of them is broken.
        let broken = card.send(&key, [6, 2, 24], ["6", "2", "24"], ("broken", "hjulet är av"), None).await;
        assert_eq!(broken.status, 422, "{}", broken.text());
        assert!(broken.text().contains("Hur många saknas eller är trasiga?") && broken.text().contains("hjulet är av"), "{}", broken.text());
        let photo = card.send(&key, [6, 2, 24], ["6", "2", "24"], ("missing", ""), Some(crate::pictures::png())).await;
        assert_eq!(photo.status, 422, "{}", photo.text());
        // The same form filled in anew is another check; sent twice it is one.
        for _ in 0..2 {
            let saved = card.send(&key, [6, 2, 24], ["5", "2", "24"], ("broken", "hjulet är av"), None).await;
            assert_eq!(saved.location(), format!("/lager/lada/{code}?klart=contents-noted"));
        }
        let open = app.warehouse().get(&format!("/kits/{code}/contents")).await.ok()["open"].clone();
        assert_eq!((open.as_array().unwrap().len(), &open[0]["kind"], &open[0]["note"]), (1, &json!("broken"), &json!("hjulet är av")));
        // The kit goes where it is mended, also while it waits for something else.
        let kit = leif.get(&format!("/lager/lada/{code}")).await.text();
        assert!(kit.contains("Ställ lådan där ni lagar och fyller på."), "{kit}");
        let found = card.send(&key, [5, 2, 24], ["6", "2", "24"], ("missing", "Hjulet satt löst"), None).await;
        assert_eq!(found.status, 303, "{}", found.text());
        // Nor is what was written or counted before somebody said that all is there.
        for (counts, note) in [(["6", "2", "24"], "repan kvar"), (["5", "2", "24"], "")] {
            let form = card.filled(&key, [6, 2, 24], counts, ("missing", note), None).text("all", "yes");
            let asked = card.post(form).await;
            assert_eq!(asked.status, 422, "{}", asked.text());
            assert!(asked.text().contains("Du har ändrat eller skrivit något") && asked.text().contains(note), "{}", asked.text());
        }
        let all = card.filled(&key, [6, 2, 24], ["6", "2", "24"], ("missing", ""), None).text("all", "yes").text("need", "charge");
        assert_eq!(card.post(all).await.location(), format!("/lager/lada/{code}?klart=contents-all"));
        assert_eq!(app.warehouse().get("/service-jobs").await.ok()["items"][0]["kind"], "charge");
        let kit = leif.get(&format!("/lager/lada/{code}")).await.text();
        assert!(kit.contains("Hjulet satt löst"), "{kit}");
    }

    async fn an_old_card_says_nothing_about_what_changed_meanwhile(app: &TestApp) {
        let (kit_type, lines) = bee_bot(app, 1).await;
        let code = kit_code(app, &kit_type).await;
        let leif = app.browser_of(&app.warehouse());
        let card = Card { app, leif: &leif, code: code.as_str().unwrap(), lines: &lines };
        let key = uuid::Uuid::now_v7().to_string();
        check(app, &code, json!({ "deviations": [differs(&lines[0], "missing", 1)] })).await.created();
        // Drawn before that, changed on another line.
        let saved = card.send(&key, [6, 2, 24], ["6", "1", "24"], ("missing", ""), None).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let now = contents(app, &code).await;
        assert_eq!((now["open"].as_array().unwrap().len(), &now["complete_enough"]), (2, &json!(false)), "{now}");
        // Changed on the same line, it is asked for again, with what is known now.
        let asked = card.send(&key, [6, 1, 24], ["5", "1", "24"], ("missing", ""), None).await;
        assert_eq!(asked.status, 422, "{}", asked.text());
        assert!(asked.text().contains("Nu ska det vara 5") && asked.text().contains(r#"name="shown" value="5""#), "{}", asked.text());
        assert_eq!(contents(app, &code).await, now);
    }

    async fn no_more_goes_missing_than_there_is(app: &TestApp) {
        let (kit_type, lines) = bee_bot(app, 1).await;
        let code = kit_code(app, &kit_type).await;
        let missing = |quantity| json!({ "deviations": [differs(&lines[0], "missing", quantity)] });
        check(app, &code, missing(9999)).await.wrong(&["deviations[0].quantity: deviation.more_than_there"]);
        check(app, &code, missing(4)).await.created();
        let more = check(app, &code, missing(4)).await;
        more.wrong(&["deviations[0].quantity: deviation.more_than_there"]);
        assert!(more.text().contains("Högst 2 är kvar"), "{}", more.text());
        let twice = json!({ "deviations": [differs(&lines[0], "missing", 2), differs(&lines[0], "broken", 1)] });
        check(app, &code, twice).await.wrong(&["deviations[1].quantity: deviation.more_than_there"]);
        check(app, &code, missing(2)).await.created();
        assert_eq!(app.admin().get("/refill-list").await.ok()["purchases"][0]["quantity"], 6);
        // A button that is pressed twice takes effect once.
        let open = contents(app, &code).await["open"][0]["id"].as_str().unwrap().to_owned();
        let key = uuid::Uuid::now_v7().to_string();
        let one = [("key", key.as_str()), ("resolution", "found"), ("quantity", "1"), ("note", ""), ("back", "/lager")];
        for _ in 0..2 {
            let sent = app.browser_of(&app.warehouse()).post(&format!("/lager/avvikelser/{open}"), &one).await;
            assert_eq!(sent.location(), "/lager?klart=contents-resolved", "{}", sent.text());
        }
        assert_eq!(app.admin().get("/refill-list").await.ok()["purchases"][0]["quantity"], 5);
    }

    async fn a_retired_kit_waits_for_no_check(app: &TestApp) {
        let (kit_type, _) = bee_bot(app, 2).await;
        let unit = app.unit("Lyktan").await;
        let borrower = app.borrower(&unit).await;
        let mut codes = Vec::new();
        for _ in 0..2 {
            let loan = lent(app, &borrower, &kit_type, &unit, (0, 7)).await;
            codes.push(loan["kit_code"].clone());
            evaluate(&borrower, &loan["id"]).await;
        }
        app.advance(TimeDelta::days(1));
        for code in &codes {
            scan(app, code, "receive").await;
        }
        let leif = app.browser_of(&app.warehouse());
        let card = Card { app, leif: &leif, code: codes[0].as_str().unwrap(), lines: &[] };
        // The history says who handed it out and who took it back, each when that was.
        let history = app.developer().get(&format!("/kits/{}/history", codes[0].as_str().unwrap())).await.ok();
        let told = |place: usize, what: &str| (history["items"][place]["what"][what]["unit"]["name"].clone(), history["items"][place]["person"].clone());
        assert_eq!([told(0, "received"), told(1, "loan")], [(); 2].map(|()| (json!("Lyktan"), json!("warehouse"))), "{history}");
        // From one kit the way leads to the next.
        let page = leif.get(card.all().await.location()).await.text();
        assert!(page.contains(&format!("/lager/kontroll/{}", codes[1].as_str().unwrap())) && page.contains("Nästa: Bee-Bot"), "{page}");
        assert_eq!(app.admin().delete(&format!("/kits/{}", codes[1].as_str().unwrap())).await.status, 204);
        assert_eq!(app.count("SELECT count(*) FROM kits_to_check"), 0);
    }

    async fn photos_are_seen_by_staff_and_by_who_reported(app: &TestApp) {
        let (kit_type, lines) = bee_bot(app, 1).await;
        let (lyktan, kometen) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let (samira, jonas) = (app.borrower(&lyktan).await, app.borrower(&kometen).await);
        let loan = lent(app, &samira, &kit_type, &lyktan, (0, 7)).await;
        let path = format!("/loans/{}/checks", loan["id"].as_str().unwrap());
        let said = samira.post(&path, json!({ "deviations": [differs(&lines[1], "broken", 1)] })).await;
        let deviation = format!("/deviations/{}/photos", said.json["deviations"][0]["id"].as_str().unwrap());
        let send = async |who: &Actor| {
            let request = who.request(Method::POST, &deviation).header("content-type", "image/png");
            Reply::of(request.body(crate::pictures::png())).await
        };
        send(&jonas).await.refused(404, "deviation.not_found");
        send(&app.stranger()).await.refused(404, "deviation.not_found");
        let photo = send(&samira).await;
        assert_eq!(photo.status, 201, "{}", photo.text());
        let address = photo.json["address"].as_str().unwrap();
        for (who, status) in [(&samira, 200), (&app.developer(), 200), (&jonas, 404), (&app.stranger(), 404)] {
            assert_eq!(app.browser_of(who).get(address).await.status, status);
        }
        for _ in 0..3 {
            assert_eq!(send(&samira).await.status, 201);
        }
        send(&samira).await.refused(409, "deviation.too_many_photos");
        // What the warehouse finds is for those who work there.
        scan(app, &loan["kit_code"], "receive").await;
        let found = check(app, &loan["kit_code"], json!({ "deviations": [differs(&lines[2], "used_up", 1)] })).await;
        let theirs = format!("/deviations/{}/photos", found.json["deviations"][0]["id"].as_str().unwrap());
        samira.post(&theirs, json!({})).await.refused(404, "deviation.not_found");
    }
}

/// A card of a kit with the three lines of [`bee_bot`], and who fills it in.
struct Card<'a> {
    app: &'a TestApp,
    leif: &'a Browser,
    code: &'a str,
    lines: &'a [String],
}

impl Card<'_> {
    fn form(&self, key: String) -> Form {
        Form::new().text("key", key).text("about", self.code.to_owned())
    }

    async fn post(&self, form: Form) -> Reply {
        let request = self.leif.request(Method::POST, "/lager/kontroll").header("origin", &self.app.base);
        Reply::of(request.multipart(form)).await
    }

    /// Sends what the card showed and what was counted, with more told of the first line.
    async fn send(
        &self,
        key: &str,
        shown: [i32; 3],
        counts: [&'static str; 3],
        told: (&'static str, &'static str),
        photo: Option<Vec<u8>>,
    ) -> Reply {
        self.post(self.filled(key, shown, counts, told, photo)).await
    }

    fn filled(
        &self,
        key: &str,
        shown: [i32; 3],
        counts: [&'static str; 3],
        (kind, note): (&'static str, &'static str),
        photo: Option<Vec<u8>>,
    ) -> Form {
        let mut form = self.form(key.to_owned());
        for (place, line) in self.lines.iter().enumerate() {
            let usual = if place == 2 { "used_up" } else { "missing" };
            let (kind, note, photo) = if place == 0 { (kind, note, photo.clone()) } else { (usual, "", None) };
            let file = Part::bytes(photo.unwrap_or_default()).file_name("foto.png").mime_str("image/png").unwrap();
            form = form
                .text("line", line.clone())
                .text("shown", shown[place].to_string())
                .text("count", counts[place])
                .text("kind", kind)
                .text("note", note)
                .part("photo", file);
        }
        form
    }

    /// Says that all is there.
    async fn all(&self) -> Reply {
        self.post(self.form(uuid::Uuid::now_v7().to_string()).text("all", "yes")).await
    }
}

/// The code of the only kit of a type.
async fn kit_code(app: &TestApp, kit_type: &str) -> Value {
    app.warehouse().get(&format!("/kits?kit_type_id={kit_type}")).await.ok()["items"][0]["code"].clone()
}
