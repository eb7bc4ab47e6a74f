//! Statistics: what they count, what they leave out, and what they do not tell of too few.

use crate::commands::{address, digilador, done};
use crate::evaluations::{Lent, complete};
use crate::support::{TestApp, both};
use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};

async fn report(app: &TestApp, path: &str) -> Value {
    app.developer().get(&format!("/reports/{path}")).await.ok()
}

fn named<'a>(report: &'a Value, name: &str) -> &'a Value {
    let mut items = report["items"].as_array().unwrap().iter();
    items.find(|item| item["kit_type"]["name"] == name).unwrap()
}

/// The loans behind a figure.
async fn behind(app: &TestApp, which: &str) -> Vec<String> {
    let items = app.developer().get(&format!("/reports/loans?which={which}")).await.ok()["items"].clone();
    items.as_array().unwrap().iter().map(|loan| loan["id"].as_str().unwrap().to_owned()).collect()
}

fn ids<const COUNT: usize>(loans: [&Lent; COUNT]) -> Vec<String> {
    loans.map(|lent| lent.loan.clone()).into()
}

both! {
    async fn kit_types_are_compared_by_what_units_answered(app: &TestApp) {
        let first = Lent::out(app, "Bee-Bot").await;
        let mut answers = complete();
        answers["value"] = json!(4);
        first.submit(answers.clone()).await.created();
        for (fun, value, again) in [(json!(4), json!(5), "yes"), (json!(3), json!("dont_know"), "no"), (json!("dont_know"), json!(5), "maybe")] {
            (answers["fun"], answers["value"], answers["again"]) = (fun, value, json!(again));
            first.another(app).await.submit(answers.clone()).await.created();
        }
        first.another(app).await.submit(json!({ "used": "no", "notused_why": ["no_time", "other"] })).await.created();
        // A reservation that nobody fetches counts nowhere.
        Lent::reserved(app, "Cubetto").await;

        let compared = report(app, "kit-types").await;
        let bee_bot = named(&compared, "Bee-Bot");
        for (figure, counted) in [
            ("kits", 5), ("loans", 5), ("evaluations", 5), ("used", 4), ("children", 56), ("waiting", 0), ("refused", 0),
            ("lost_parts", 0), ("cost", 0),
        ] {
            assert_eq!(bee_bot[figure], counted, "{figure}: {bee_bot}");
        }
        assert_eq!(bee_bot["again"], json!({ "count": 2, "of": 4 }));
        // Three chose a step of fun, and three of worth: too few to tell.
        assert_eq!(bee_bot["fun"], json!({ "n": 3, "mean": null }));
        assert_eq!((&bee_bot["worth"], &bee_bot["advice"]), (&json!({ "n": 3, "mean": null }), &Value::Null));
        let cubetto = named(&compared, "Cubetto");
        assert_eq!((&cubetto["loans"], &cubetto["evaluations"], &cubetto["demand"]), (&json!(0), &json!(0), &json!(0.0)));

        for _ in 0..2 {
            (answers["fun"], answers["value"], answers["again"]) = (json!(1), json!(4), json!("yes"));
            first.another(app).await.submit(answers.clone()).await.created();
        }
        let compared = report(app, "kit-types").await;
        let bee_bot = named(&compared, "Bee-Bot");
        assert_eq!(bee_bot["fun"], json!({ "n": 5, "mean": 2.8 }));
        assert_eq!(bee_bot["worth"], json!({ "n": 5, "mean": 4.4 }));
        assert_eq!((&bee_bot["demand"], &bee_bot["advice"]), (&json!(1.0), &json!("buy_more")));

        let one = report(app, &format!("kit-types/{}?from_term=2025-2", first.kit_type)).await;
        assert_eq!(&one["figures"], bee_bot);
        let question = |id: &str| one["questions"].as_array().unwrap().iter().find(|question| question["id"] == id).unwrap();
        let counts = |id: &str| -> Vec<i64> {
            question(id)["options"].as_array().unwrap().iter().map(|option| option["count"].as_i64().unwrap()).collect()
        };
        assert_eq!(counts("used"), [6, 0, 1]);
        assert_eq!(counts("fun"), [2, 0, 1, 1, 1, 1]);
        assert_eq!((counts("notused_why"), counts("again")), (vec![1, 0, 0, 0, 0, 1], vec![4, 1, 1]));
        assert_eq!(question("fun")["mean"], json!({ "n": 5, "mean": 2.8 }));
        assert_eq!((&question("ages")["label"], &question("ages")["mean"]), (&json!("Hur gamla var barnen?"), &Value::Null));
        assert!(one["questions"].as_array().unwrap().iter().all(|question| question["id"] != "how"), "a text is not counted");
        let terms: Vec<(&str, i64)> =
            one["terms"].as_array().unwrap().iter().map(|term| (term["term"].as_str().unwrap(), term["loans"].as_i64().unwrap())).collect();
        assert_eq!(terms, [("2025-2", 0), ("2026-1", 0), ("2026-2", 7)]);

        // Nothing of it is told of other terms, of a retired type without figures, or to another organisation.
        let before = report(app, "kit-types?from_term=2025-1&to_term=2026-1").await;
        assert_eq!((&named(&before, "Bee-Bot")["loans"], &named(&before, "Bee-Bot")["evaluations"]), (&json!(0), &json!(0)));
        app.developer().get("/reports/kit-types?from_term=2026").await.wrong(&["from_term: field.term"]);
        app.stranger().get(&format!("/reports/kit-types/{}", first.kit_type)).await.refused(404, "kit_type.not_found");

        let browser = app.browser_of(&app.developer());
        let page = browser.get("/statistik?sort=loans").await.text();
        for words in ["Bee-Bot", "Köp fler", "4,4 (5)", "2,8 (5)", "aria-sort=\"descending\"", "<circle", "Färre än fem svar om nytta: Cubetto"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let page = browser.get(&format!("/statistik/lador/{}", first.kit_type)).await.text();
        for words in ["Hösten 2026", "hösten 2026", "Barnen tyckte att det var roligt.", "2,8", "Vet inte: 1", "För få svar för att visas (2)", "Vi tejpade en karta"] {
            assert!(page.to_lowercase().contains(&words.to_lowercase()), "{words}: {page}");
        }
        assert!(!page.contains("Tiden räckte inte"), "what kept one of two from using the kit says more about them: {page}");
        for odd in ["from=x&to=y&sort=z", "from=9999-2&to=0001-1", "sort=cost&from=2026-2&to=2026-2"] {
            assert_eq!(browser.get(&format!("/statistik?{odd}")).await.status, 200, "{odd}");
        }
    }

    async fn a_loan_counts_while_its_kit_counts_as_handed_out(app: &TestApp) {
        let lent = Lent::reserved(app, "Bee-Bot").await;
        let counted = async || {
            let (types, equity) = (report(app, "kit-types").await, report(app, "equity").await);
            let unit = equity["units"].as_array().unwrap().iter().find(|unit| unit["unit"]["id"] == lent.unit.as_str()).unwrap().clone();
            (named(&types, "Bee-Bot")["loans"].as_i64().unwrap(), unit["loans"].as_i64().unwrap(), unit["newest_loan"].clone())
        };
        assert_eq!(counted().await, (0, 0, Value::Null));
        let out = lent.scan(app, "hand_out").await;
        assert_eq!(counted().await, (1, 1, json!("2026-11-02")));
        lent.another(app).await;
        assert_eq!(counted().await, (2, 2, json!("2026-11-02")));
        let undo = format!("/scans/{}/undo", out["scan_id"].as_str().unwrap());
        assert_eq!(app.warehouse().post(&undo, json!({})).await.ok()["status"], "reserved");
        assert_eq!(counted().await, (1, 1, json!("2026-11-02")));
        lent.scan(app, "hand_out").await;
        assert_eq!(counted().await, (2, 2, json!("2026-11-02")));
        let (database, folder) = (address(&app.state.config.database), tempfile::tempdir().unwrap());
        let check = || digilador(folder.path(), &database, &["check"]);
        done(check());
        app.directly(|conn| conn.batch_execute("UPDATE unit_totals SET loans = loans + 1").unwrap());
        let told = check();
        assert!(String::from_utf8_lossy(&told.stdout).contains("a unit counted by term"), "{told:?}");
    }

    async fn many_kit_types_are_compared_page_by_page(app: &TestApp) {
        for number in 0..51 {
            app.admin().post("/kit-types", json!({ "name": format!("Typ {number:02}"), "contents": [] })).await.created();
        }
        let browser = app.browser_of(&app.developer());
        let rows = |page: &str| -> Vec<String> {
            page.split("<th scope=\"row\">").skip(1).map(|row| row[row.find("Typ ").unwrap()..][..6].to_owned()).collect()
        };
        let first = browser.get("/statistik?sort=loans").await.text();
        assert_eq!((rows(&first).len(), rows(&first)[0].as_str()), (50, "Typ 00"));
        let next = "/statistik?from=2026-1&#38;to=2026-2&#38;sort=loans&#38;cursor=50#compared";
        assert!(first.contains(next), "{first}");
        let last = browser.get("/statistik?from=2026-1&to=2026-2&sort=loans&cursor=50").await.text();
        assert_eq!(rows(&last), ["Typ 50"]);
        assert!(last.contains("href=\"/statistik?from=2026-1&#38;to=2026-2&#38;sort=loans#compared\""), "{last}");
        for odd in ["99999999999999999999", "-1", "x", "18446744073709551615"] {
            assert_eq!(browser.get(&format!("/statistik?cursor={odd}")).await.status, 200, "{odd}");
        }
    }

    async fn areas_and_units_are_told_apart(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        let report_of = async || report(app, "equity").await;
        let told = report_of().await;
        let unit = told["units"].as_array().unwrap().iter().find(|unit| unit["unit"]["id"] == lent.unit.as_str()).unwrap();
        assert_eq!((&unit["loans"], &unit["newest_loan"], &unit["without_loan"]), (&json!(1), &json!("2026-11-02"), &json!(false)));
        let never = told["units"].as_array().unwrap().iter().filter(|unit| unit["newest_loan"].is_null()).count() as i64;
        let without: i64 = told["areas"].as_array().unwrap().iter().map(|area| area["without_loan"].as_i64().unwrap()).sum();
        let loans: i64 = told["areas"].as_array().unwrap().iter().map(|area| area["loans"].as_i64().unwrap()).sum();
        assert_eq!((without, loans), (never, 1));

        let loans = report(app, &format!("loans?unit_id={}", lent.unit)).await;
        assert_eq!((loans["items"].as_array().unwrap().len(), &loans["items"][0]["id"]), (1, &json!(lent.loan)));
        assert_eq!(report(app, "loans?area=Ingenstans").await["items"], json!([]));
        let two = [lent.another(app).await.loan, lent.another(app).await.loan];
        let page = report(app, "loans?limit=2").await;
        let rest = report(app, &format!("loans?limit=2&cursor={}", page["next"].as_str().unwrap())).await;
        let ids = |page: &Value| -> Vec<String> {
            page["items"].as_array().unwrap().iter().map(|loan| loan["id"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!((ids(&page), ids(&rest)), (vec![two[1].clone(), two[0].clone()], vec![lent.loan.clone()]));

        // More than a year later it is one to call.
        app.advance(TimeDelta::days(366));
        let told = report_of().await;
        let unit = told["units"].as_array().unwrap().iter().find(|unit| unit["unit"]["id"] == lent.unit.as_str()).unwrap();
        assert_eq!((&unit["loans"], &unit["newest_loan"], &unit["without_loan"]), (&json!(0), &json!("2026-11-02"), &json!(true)));
        let browser = app.browser_of(&app.developer());
        let page = browser.get("/statistik/likvardighet?from=2026-2&to=2026-2").await.text();
        assert!(page.contains("Att ringa") && page.contains("Bee-Bot förskola") && page.contains("2 nov 2026"), "{page}");
        let page = browser.get(&format!("/statistik/lan?from=2026-2&to=2026-2&unit_id={}", lent.unit)).await.text();
        assert_eq!(page.matches("href=\"/lan/0").count(), 3, "{page}");
    }

    async fn payments_are_counted_from_the_kits_return(app: &TestApp) {
        let first = Lent::out(app, "Bee-Bot").await;
        // Paid before the kit came back, three days after, and too late.
        first.submit(complete()).await.created();
        first.scan(app, "receive").await;
        let (second, third, fourth) = (first.another(app).await, first.another(app).await, first.another(app).await);
        for lent in [&second, &third, &fourth] {
            lent.scan(app, "receive").await;
        }
        app.advance(TimeDelta::days(3));
        second.submit(complete()).await.created();
        app.advance(TimeDelta::days(6));
        let told = report(app, "payments").await;
        assert_eq!((&told["evaluated"], &told["median_days"], &told["overdue"]), (&json!(2), &json!(1.5), &json!(2)));
        assert_eq!(behind(app, "overdue").await, ids([&fourth, &third]));
        third.submit(complete()).await.created();
        let release = format!("/loans/{}/release", fourth.loan);
        app.developer().post(&release, json!({ "reason": "Stängt för smitta" })).await;

        let told = report(app, "payments").await;
        for (figure, counted) in [("evaluated", json!(3)), ("median_days", json!(3.0)), ("released", json!(1)), ("overdue", json!(0))] {
            assert_eq!(told[figure], counted, "{figure}: {told}");
        }
        assert_eq!(told["on_time"]["count"], 2, "{told}");
        // The loans behind each figure, the one that ended last first.
        assert_eq!(behind(app, "paid").await, ids([&third, &second, &first]));
        assert_eq!((behind(app, "released").await, behind(app, "overdue").await), (ids([&fourth]), ids([])));
        let page = app.developer().get("/reports/loans?which=paid&limit=1").await.ok();
        let next = app.developer().get(&format!("/reports/loans?which=paid&cursor={}", page["next"].as_str().unwrap())).await.ok();
        assert_eq!(next["items"].as_array().unwrap().len(), 2);
        let days: Vec<usize> = told["days"].as_array().unwrap().iter().enumerate().filter(|(_, count)| **count != json!(0)).map(|(day, _)| day).collect();
        assert_eq!(days, [0, 3, 9]);
        let releases = &told["releases"][0];
        assert_eq!((&releases["count"], &releases["loans"][0]["reason"]), (&json!(1), &json!("Stängt för smitta")));
        let page = app.browser_of(&app.developer()).get("/statistik/betalning").await.text();
        for words in ["Stängt för smitta", "3 dagar", "67\u{a0}%", "which=paid", "which=released"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("which=overdue"), "nothing is late: {page}");
        let page = app.browser_of(&app.developer()).get("/statistik/lan?from=2026-2&to=2026-2&which=released").await.text();
        assert!(page.contains("någon efterskänkte den") && page.contains(&fourth.loan) && !page.contains(&third.loan), "{page}");
        // Half past eleven in the evening, and an hour later: that is the next day, though not in UTC.
        let late = first.another(app).await;
        app.advance(TimeDelta::minutes(14 * 60 + 30));
        late.scan(app, "receive").await;
        let before = report(app, "payments").await["days"][1].as_i64().unwrap();
        app.advance(TimeDelta::hours(1));
        late.submit(complete()).await.created();
        assert_eq!(report(app, "payments").await["days"][1].as_i64().unwrap(), before + 1);
        // Who pays after all is counted as paid, on the day of that.
        app.advance(TimeDelta::days(19));
        fourth.submit(complete()).await.created();
        let after_all = report(app, "payments").await;
        assert_eq!((&after_all["evaluated"], &after_all["released"], &after_all["days"][29]), (&json!(5), &json!(0), &json!(1)));
    }
}
