//! Evaluations: what a unit pays with, when it counts, and what the answers add up to.

use crate::commands::{address, digilador, done};
use crate::support::{Actor, Reply, TestApp, both};
use chrono::{NaiveDate, TimeDelta};
use diesel::connection::SimpleConnection;
use digilador::accounts::store;
use digilador::evaluations::actions::ensure_form;
use digilador::evaluations::store::{FormVersion, insert_form};
use digilador::platform::db::connection::Conn;
use digilador::platform::db::types::Json;
use digilador::platform::ids::FormVersionId;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The nine answers that are enough when the kit was used.
pub fn complete() -> Value {
    json!({
        "used": "several", "ages": ["age_4", "age_5"], "children": 14, "how": "Vi tejpade en karta på golvet.",
        "reaction": "De räknade högt.", "fun": 5, "easy_start": 4, "again": "yes", "share": "named"
    })
}

/// A unit with a kit on loan from today, and someone who borrows for it.
pub struct Lent {
    pub borrower: Actor,
    pub unit: String,
    pub kit_type: String,
    pub code: String,
    pub loan: String,
}

impl Lent {
    /// Reserved, and not handed out.
    pub async fn reserved(app: &TestApp, name: &str) -> Self {
        let unit = app.unit(&format!("{name} förskola")).await;
        let borrower = app.borrower(&unit).await;
        let kit_type = json!({ "name": name, "loan_days": 28, "contents": [] });
        let kit_type = app.admin().post("/kit-types", kit_type).await.created();
        Self::of(app, kit_type, unit, borrower).await
    }

    /// A kit of the type, reserved for the unit.
    pub async fn of(app: &TestApp, kit_type: String, unit: String, borrower: Actor) -> Self {
        let kit = app.admin().post("/kits", json!({ "kit_type_id": kit_type })).await;
        assert_eq!(kit.status, 201, "{}", kit.text());
        let code = kit.json["code"].as_str().unwrap().to_owned();
        let today = app.clock.now().utc().date_naive();
        let wish = json!({
            "kit_type_id": kit_type, "unit_id": unit, "first_day": today, "last_day": today + TimeDelta::days(18)
        });
        let loan = borrower.post("/loans", wish).await.created();
        Self { borrower, unit, kit_type, code, loan }
    }

    /// Another kit of the same type, handed out to the same unit.
    pub async fn another(&self, app: &TestApp) -> Self {
        let lent = Self::of(app, self.kit_type.clone(), self.unit.clone(), self.borrower.clone()).await;
        lent.scan(app, "hand_out").await;
        lent
    }

    /// Handed out.
    pub async fn out(app: &TestApp, name: &str) -> Self {
        let lent = Self::reserved(app, name).await;
        lent.scan(app, "hand_out").await;
        lent
    }

    pub async fn scan(&self, app: &TestApp, action: &str) -> Value {
        app.warehouse().post("/scans", json!({ "code": self.code, "action": action })).await.ok()
    }

    pub fn path(&self) -> String {
        format!("/loans/{}/evaluation", self.loan)
    }

    pub async fn see(&self) -> Value {
        self.borrower.get(&self.path()).await.ok()
    }

    pub async fn save(&self, answers: Value) -> Reply {
        self.borrower.put(&self.path(), json!({ "answers": answers })).await
    }

    pub async fn submit(&self, answers: Value) -> Reply {
        self.borrower.post(&format!("{}/submit", self.path()), json!({ "answers": answers })).await
    }

    pub async fn loan(&self) -> Value {
        self.borrower.get(&format!("/loans/{}", self.loan)).await.ok()
    }

    /// Where the loan is, and where its evaluation.
    pub async fn stands(&self) -> (String, String) {
        let loan = self.loan().await;
        let text = |key: &str| loan[key].as_str().unwrap().to_owned();
        (text("status"), text("evaluation"))
    }
}

pub fn pair(status: &str, evaluation: &str) -> (String, String) {
    (status.to_owned(), evaluation.to_owned())
}

/// The versions of the answers that a form shows.
pub fn seen_on(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"seen\" value=\"").expect("a form");
    rest.split_once('"').unwrap().0.to_owned()
}

/// Answers as the fields of a page.
pub fn fields_of(answers: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let all = answers.as_object().unwrap().iter();
    all.flat_map(|(name, value)| match value {
        Value::Array(values) => values.iter().map(|value| (name.clone(), text(value))).collect(),
        value => vec![(name.clone(), text(value))],
    })
    .collect()
}

/// The migration that counts scales by month, backwards and forwards.
macro_rules! scale_months {
    ($database:literal) => {
        [
            include_str!(concat!("../../migrations/", $database, "/0028_scale_months/down.sql")),
            include_str!(concat!("../../migrations/", $database, "/0028_scale_months/up.sql")),
        ]
    };
}

both! {
    async fn a_draft_is_kept_and_submitted_once(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        let empty = lent.see().await;
        assert_eq!((&empty["state"], &empty["answers"]), (&json!("not_started"), &json!({})));
        assert_eq!(empty["form"]["version"], 1);

        let saved = lent.save(json!({ "used": "once", "how": "  Vi byggde. ", "children": "9" })).await.ok();
        assert_eq!(saved["state"], "draft");
        assert_eq!(saved["answers"], json!({ "used": "once", "how": "Vi byggde.", "children": 9 }));
        // A draft is saved whole: what is left out is gone.
        let saved = lent.save(json!({ "used": "once", "how": "Vi ritade." })).await.ok();
        assert_eq!(saved["answers"], json!({ "used": "once", "how": "Vi ritade." }));
        assert_eq!(lent.stands().await, pair("out", "draft"));

        let mut rest = complete();
        rest.as_object_mut().unwrap().remove("how");
        let sent = lent.submit(rest).await;
        assert_eq!(sent.status, 201, "{}", sent.text());
        assert_eq!(sent.json["state"], "submitted");
        assert_eq!(sent.json["answers"]["how"], "Vi ritade.");
        lent.submit(complete()).await.refused(409, "evaluation.already_submitted");
        lent.save(complete()).await.refused(409, "evaluation.already_submitted");
        assert_eq!(app.count("SELECT count(*) FROM evaluations"), 1);
        assert_eq!(app.count("SELECT count(*) FROM evaluation_scales"), 2);
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action = 'evaluation.submitted'"), 1);
    }

    async fn every_missing_answer_is_named_and_nothing_is_sent(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        lent.submit(json!({})).await.wrong(&["used: evaluation.answer_missing"]);
        lent.submit(json!({ "used": "once", "ages": ["age_3"], "children": 0, "colour": "blue" })).await.wrong(&[
            "colour: evaluation.unknown_question",
            "children: evaluation.too_small",
            "how: evaluation.answer_missing",
            "reaction: evaluation.answer_missing",
            "fun: evaluation.answer_missing",
            "easy_start: evaluation.answer_missing",
            "again: evaluation.answer_missing",
            "share: evaluation.answer_missing",
        ]);
        lent.save(json!({ "fun": 9 })).await.wrong(&["fun: evaluation.not_a_choice"]);
        assert_eq!(app.count("SELECT count(*) FROM evaluations"), 0);
        assert_eq!(lent.stands().await, pair("out", "not_started"));
    }

    async fn two_answers_are_enough_when_it_was_never_used(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        lent.submit(json!({ "used": "no" })).await.wrong(&["notused_why: evaluation.answer_missing"]);
        let sent = lent.submit(json!({ "used": "no", "notused_why": ["no_time"], "fun": 5 })).await;
        assert_eq!(sent.status, 201, "{}", sent.text());
        let read = app.developer().get("/evaluations").await.ok();
        assert_eq!(read["items"][0]["used"], false);
        assert_eq!(read["items"][0]["share"], "no");
        assert_eq!(read["items"][0]["answers"], json!({ "used": "no", "notused_why": ["no_time"] }));
        assert_eq!(app.count("SELECT count(*) FROM evaluation_scales"), 0);
    }

    async fn evaluated_first_the_scan_returns_the_kit(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        lent.submit(complete()).await.created();
        assert_eq!(lent.stands().await, pair("out", "submitted"));
        assert_eq!(lent.scan(app, "receive").await["outcome"], "returned");
        assert_eq!(lent.stands().await, pair("returned", "submitted"));
    }

    async fn received_first_the_evaluation_returns_the_kit(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        assert_eq!(lent.scan(app, "receive").await["outcome"], "received");
        let kit = app.warehouse().get(&format!("/kits/{}", lent.code)).await.ok();
        assert_eq!((&kit["status"], &kit["lendable"]), (&json!("received"), &json!(false)));
        lent.submit(complete()).await.created();
        assert_eq!(lent.stands().await, pair("returned", "submitted"));
        let kit = app.warehouse().get(&format!("/kits/{}", lent.code)).await.ok();
        assert_eq!(kit["lendable"], true);
    }

    async fn a_released_loan_may_still_be_evaluated(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        lent.scan(app, "receive").await;
        lent.save(json!({ "used": "once" })).await.ok();
        app.developer().post(&format!("/loans/{}/release", lent.loan), json!({ "reason": "Vikarie" })).await.ok();
        assert_eq!(lent.stands().await, pair("returned", "released"));
        let returned_at = lent.loan().await["returned_at"].clone();
        app.advance(TimeDelta::days(2));
        assert_eq!(lent.save(json!({ "used": "several" })).await.ok()["state"], "released");
        lent.submit(complete()).await.created();
        assert_eq!(lent.stands().await, pair("returned", "submitted"));
        assert_eq!(lent.loan().await["returned_at"], returned_at);
    }

    async fn a_kit_that_has_not_left_cannot_be_evaluated(app: &TestApp) {
        let lent = Lent::reserved(app, "Bee-Bot").await;
        assert_eq!(lent.see().await["state"], "not_started");
        lent.save(complete()).await.refused(409, "evaluation.too_early");
        lent.submit(complete()).await.refused(409, "evaluation.too_early");
        lent.borrower.post(&format!("/loans/{}/cancel", lent.loan), json!({})).await.ok();
        lent.save(complete()).await.refused(409, "evaluation.loan_over");
        lent.submit(complete()).await.refused(409, "evaluation.loan_over");
    }

    async fn of_two_at_once_one_is_taken(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        lent.scan(app, "receive").await;
        let sending: Vec<_> = (0..8)
            .map(|_| {
                let (borrower, path) = (lent.borrower.clone(), format!("{}/submit", lent.path()));
                tokio::spawn(async move { borrower.post(&path, json!({ "answers": complete() })).await })
            })
            .collect();
        let mut all = Vec::new();
        for reply in sending {
            all.push(reply.await.unwrap());
        }
        let taken = all.iter().filter(|reply| reply.status == 201).count();
        assert_eq!(taken, 1);
        for reply in all.iter().filter(|reply| reply.status != 201) {
            reply.refused(409, "evaluation.already_submitted");
        }
        assert_eq!(app.count("SELECT count(*) FROM evaluations"), 1);
        assert_eq!(lent.stands().await, pair("returned", "submitted"));
    }

    async fn a_repeated_key_submits_once(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        let path = format!("{}/submit", lent.path());
        let keyed = lent.borrower.with("Idempotency-Key", "once");
        let first = keyed.post(&path, json!({ "answers": complete() })).await;
        let second = keyed.post(&path, json!({ "answers": complete() })).await;
        assert_eq!((first.status, second.status), (201, 201), "{}", second.text());
        assert_eq!(first.json, second.json);
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action = 'loan.evaluated'"), 1);
    }

    async fn a_later_form_changes_nothing_about_an_older_loan(app: &TestApp) {
        let now = app.clock.now();
        let add_form = async |question: Option<&'static str>| {
            app.state.db.write(move |tx| {
                let organisation = store::organisations(tx)?.into_iter().find(|o| o.name == crate::support::app::ORGANISATION).unwrap();
                let newest = ensure_form(tx, organisation.id, now)?;
                let Some(question) = question else { return Ok(()) };
                let mut form = serde_json::to_value(newest.form.0).unwrap();
                form["questions"].as_array_mut().unwrap().push(json!({
                    "id": question, "section": "kit", "kind": "choice", "required": true, "label": { "sv": "Ny?" },
                    "options": [{ "value": "yes", "label": { "sv": "Ja" } }],
                }));
                let version = newest.version + 1;
                insert_form(tx, &FormVersion {
                    id: FormVersionId::new(), organisation_id: organisation.id, version, form: Json(serde_json::from_value(form).unwrap()), created_at: now,
                    published_by: None,
                })
            }).await.unwrap();
        };
        // One left before there was any form, one with the first form, one with the second.
        let before = Lent::out(app, "Bee-Bot").await;
        add_form(None).await;
        let old = Lent::out(app, "Blue-Bot").await;
        add_form(Some("local")).await;
        let new = Lent::out(app, "Cubetto").await;
        assert_eq!(app.developer().get("/form").await.ok()["version"], 2);
        for (lent, version) in [(&before, 1), (&old, 1), (&new, 2)] {
            assert_eq!(lent.see().await["form"]["version"], version);
        }
        before.submit(complete()).await.created();
        old.save(json!({ "local": "yes" })).await.wrong(&["local: evaluation.unknown_question"]);
        old.submit(complete()).await.created();
        new.submit(complete()).await.wrong(&["local: evaluation.answer_missing"]);
        new.submit(json!({ "used": "no", "notused_why": ["other"], "local": "yes" })).await.created();
        let read = app.developer().get("/evaluations").await.ok();
        let versions: Vec<&Value> = read["items"].as_array().unwrap().iter().map(|item| &item["form_version"]).collect();
        assert_eq!(versions, [2, 1, 1]);
    }

    async fn the_form_speaks_the_caller_s_language(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        for (language, words) in [("sv", "Använde ni lådan?"), ("en", "Did you use the kit?"), ("da", "Brugte I kassen?")] {
            let speaker = lent.borrower.with("accept-language", language);
            for form in [&speaker.get("/form").await.ok(), &speaker.get(&lent.path()).await.ok()["form"]] {
                let used = &form["questions"][0];
                assert_eq!((&used["id"], &used["kind"], &used["label"]), (&json!("used"), &json!("choice"), &json!(words)));
                assert_eq!(used["options"][2]["value"], "no");
                let fun = form["questions"].as_array().unwrap().iter().find(|q| q["id"] == "fun").unwrap();
                let values: Vec<&Value> = fun["options"].as_array().unwrap().iter().map(|o| &o["value"]).collect();
                assert_eq!(values, [&json!(1), &json!(2), &json!(3), &json!(4), &json!(5), &json!("dont_know")]);
                assert_eq!(fun["when"], json!({ "question": "used", "is": ["several", "once"] }));
            }
        }
    }

    async fn another_unit_or_organisation_finds_nothing(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        lent.submit(complete()).await.created();
        let neighbour = app.borrower(&app.unit("Granskolan").await).await;
        for other in [neighbour, app.stranger()] {
            other.get(&lent.path()).await.refused(404, "loan.not_found");
            other.put(&lent.path(), json!({ "answers": {} })).await.refused(404, "loan.not_found");
            other.post(&format!("{}/submit", lent.path()), json!({})).await.refused(404, "loan.not_found");
        }
        let id = app.developer().get("/evaluations").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
        app.developer().get(&format!("/evaluations/{id}")).await.ok();
        app.stranger().get(&format!("/evaluations/{id}")).await.refused(404, "evaluation.not_found");
        for path in ["/evaluations".to_owned(), format!("/evaluations?kit_type_id={}", lent.kit_type),
            format!("/evaluations?unit_id={}", lent.unit),
            "/evaluations/summary".to_owned(), format!("/evaluations/summary?kit_type_id={}", lent.kit_type)]
        {
            assert_eq!(app.stranger().get(&path).await.ok()["items"], json!([]), "{path}");
            lent.borrower.get(&path).await.refused(403, "auth.forbidden");
            app.admin().get(&path).await.refused(403, "auth.forbidden");
        }
        app.stranger().get(&format!("/evaluations?cursor={id}")).await.wrong(&["cursor: request.cursor"]);
    }

    async fn who_lends_neither_reads_a_draft_nor_writes_in_it(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        lent.save(json!({ "used": "once", "how": "Bara för oss." })).await.ok();
        let submit = format!("{}/submit", lent.path());
        let never = json!({ "answers": { "used": "no", "notused_why": ["other"] } });
        for staff in [app.warehouse(), app.admin(), app.developer()] {
            staff.put(&lent.path(), json!({ "answers": {} })).await.refused(403, "auth.forbidden");
            staff.post(&submit, never.clone()).await.refused(403, "auth.forbidden");
            let page = format!("/lan/{}", lent.loan);
            let browser = app.browser_of(&staff);
            assert_eq!(browser.get(&format!("{page}/utvardering")).await.status, 403);
            assert_eq!(browser.post(&format!("{page}/utvardering"), &[("save", "send"), ("used", "no")]).await.status, 403);
            for shown in [page, format!("/k/{}", lent.code)] {
                assert!(!browser.get(&shown).await.text().contains("/utvardering\""), "{shown}");
            }
        }
        for reader in [app.warehouse(), app.admin()] {
            reader.get(&lent.path()).await.refused(403, "auth.forbidden");
        }
        app.developer().get(&lent.path()).await.refused(404, "evaluation.not_found");
        // Nor does somebody who borrows too, for another unit.
        let both = app.borrower(&app.unit("Granskolan").await).await;
        let me = both.get("/me").await.ok();
        let person = format!("/people/{}", me["id"].as_str().unwrap());
        let roles = json!({ "name": me["name"], "email": me["email"], "units": me["units"], "roles": ["borrower", "warehouse"] });
        app.admin().put(&person, roles).await.ok();
        both.get(&format!("/loans/{}", lent.loan)).await.ok();
        both.get(&lent.path()).await.refused(404, "evaluation.not_found");
        both.put(&lent.path(), json!({ "answers": {} })).await.refused(403, "evaluation.not_yours");
        both.post(&submit, never).await.refused(403, "evaluation.not_yours");
        lent.submit(complete()).await.created();
        assert_eq!(app.developer().get(&lent.path()).await.ok()["state"], "submitted");
    }

    async fn the_list_is_narrowed_and_turned_page_by_page(app: &TestApp) {
        let mut days = BTreeMap::new();
        let mut all = Vec::new();
        for name in ["Bee-Bot", "Blue-Bot", "Cubetto", "Dash", "Lego"] {
            let lent = Lent::out(app, name).await;
            lent.submit(complete()).await.created();
            lent.scan(app, "receive").await;
            days.insert(name, app.clock.now());
            all.push(lent);
            app.advance(TimeDelta::days(1));
        }
        // Not in any list: a draft.
        Lent::out(app, "Utkast").await.save(json!({ "used": "once" })).await.ok();
        let names = async |query: &str| {
            let list = app.developer().get(&format!("/evaluations{query}")).await.ok();
            let items = list["items"].as_array().unwrap().iter();
            let names: Vec<_> = items.map(|item| item["kit_type"]["name"].as_str().unwrap().to_owned()).collect();
            (names.join(" "), list["next"].as_str().map(str::to_owned))
        };
        assert_eq!(names("").await, ("Lego Dash Cubetto Blue-Bot Bee-Bot".to_owned(), None));
        let (first, next) = names("?limit=2").await;
        let (second, next) = names(&format!("?limit=2&cursor={}", next.unwrap())).await;
        let (third, next) = names(&format!("?limit=2&cursor={}", next.unwrap())).await;
        assert_eq!([first, second, third].join(" | "), "Lego Dash | Cubetto Blue-Bot | Bee-Bot");
        assert_eq!(next, None);
        assert_eq!(names(&format!("?kit_type_id={}", all[1].kit_type)).await.0, "Blue-Bot");
        assert_eq!(names(&format!("?unit_id={}", all[2].unit)).await.0, "Cubetto");
        assert_eq!(names(&format!("?unit_id={}&kit_type_id={}", all[2].unit, all[1].kit_type)).await.0, "");
        assert_eq!(names("?from=2026-11-04&to=2026-11-05").await.0, "Dash Cubetto");
        assert_eq!(names("?from=-262143-01-01&to=%2B262142-12-31").await.0, "Lego Dash Cubetto Blue-Bot Bee-Bot");
        assert_eq!(names("?from=%2B262142-12-31").await.0, "");
        app.developer().get("/evaluations?from=i-gar").await.refused(400, "request.malformed_query");
    }

    async fn the_summary_is_what_a_hand_count_gives(app: &TestApp) {
        let mut given: BTreeMap<(String, &str), Vec<Value>> = BTreeMap::new();
        let mut first = Vec::new();
        for name in ["Bee-Bot", "Cubetto"] {
            let one = Lent::out(app, name).await;
            for fun in [json!(5), json!(4), json!("dont_know"), json!(2), json!(5)] {
                let lent = one.another(app).await;
                let mut answers = complete();
                answers["fun"] = fun;
                answers["value"] = json!("dont_know");
                lent.submit(answers.clone()).await.created();
                for question in ["fun", "value", "easy_start"] {
                    given.entry((name.to_owned(), question)).or_default().push(answers[question].clone());
                }
            }
            one.submit(json!({ "used": "no", "notused_why": ["other"] })).await.created();
            first.push(one);
        }
        let summary = app.developer().get("/evaluations/summary").await.ok();
        assert_eq!(summary["next"], Value::Null);
        let items = summary["items"].as_array().unwrap();
        let of = |item: &Value| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (text(&item["kit_type"]["name"]), text(&item["question_id"]))
        };
        // By type, and in the form's order.
        let order: Vec<String> = items.iter().map(|item| of(item).1).collect();
        assert_eq!(order.join(" "), "fun easy_start value fun easy_start value");
        assert_eq!(items[0]["label"], "Barnen tyckte att det var roligt.");
        for item in items {
            let key = of(item);
            let given = &given[&(key.0.clone(), key.1.as_str())];
            let steps: Vec<f64> = given.iter().filter_map(Value::as_f64).collect();
            assert_eq!(item["n"], json!(steps.len()), "{key:?}");
            assert_eq!(item["dont_know"], json!(given.len() - steps.len()), "{key:?}");
            let mean = (!steps.is_empty()).then(|| steps.iter().sum::<f64>() / steps.len() as f64);
            assert_eq!(item["mean"], json!(mean), "{key:?}");
            let counted: Vec<usize> =
                (1..=5).map(|step| steps.iter().filter(|given| **given == f64::from(step)).count()).collect();
            assert_eq!(item["distribution"], json!(counted), "{key:?}");
        }
        // A page is so many kit types.
        let page = app.developer().get("/evaluations/summary?limit=1").await.ok();
        let cursor = page["next"].as_str().unwrap();
        let rest = app.developer().get(&format!("/evaluations/summary?limit=1&cursor={cursor}")).await.ok();
        assert_eq!((page["items"].as_array().unwrap(), rest["items"].as_array().unwrap()), (&items[..3].to_vec(), &items[3..].to_vec()));
        assert_eq!(rest["next"], Value::Null);
        let nobody_s = format!("/evaluations/summary?cursor={}", first[0].unit);
        app.developer().get(&nobody_s).await.wrong(&["cursor: request.cursor"]);
        let count = async |query: String| {
            let summary = app.developer().get(&format!("/evaluations/summary?{query}")).await.ok();
            summary["items"].as_array().unwrap().iter().map(|item| item["n"].as_i64().unwrap()).sum::<i64>()
        };
        assert_eq!(count(String::new()).await, 18);
        assert_eq!(count(format!("kit_type_id={}", first[0].kit_type)).await, 9);
        assert_eq!(count(format!("unit_id={}", first[1].unit)).await, 9);
        assert_eq!(count("from=2026-11-02&to=2026-11-02".to_owned()).await, 18);
        assert_eq!(count("from=2026-11-03".to_owned()).await, 0);
        assert_eq!(count("to=2026-11-01".to_owned()).await, 0);
    }

    async fn any_period_s_summary_is_what_a_hand_count_gives(app: &TestApp) {
        let one = Lent::out(app, "Bee-Bot").await;
        let days = ["2026-11-02", "2026-11-15", "2026-11-30", "2026-12-01", "2026-12-16", "2026-12-31", "2027-01-01", "2027-02-17"];
        let days = days.map(|day| day.parse::<NaiveDate>().unwrap());
        let steps = [json!(5), json!("dont_know"), json!(1), json!(5), json!(2), json!("dont_know"), json!(4), json!(3)];
        let mut all = vec![one];
        while all.len() < days.len() {
            all.push(all[0].another(app).await);
        }
        for ((lent, day), fun) in all.iter().zip(days).zip(&steps) {
            app.clock.advance(day - app.clock.now().utc().date_naive());
            let mut answers = complete();
            answers["fun"] = fun.clone();
            lent.submit(answers).await.created();
        }
        // On each of the days, and just before and after it.
        let edges = days.into_iter().flat_map(|day| [day - TimeDelta::days(1), day, day + TimeDelta::days(1)]);
        let edges: BTreeSet<NaiveDate> = edges.collect();
        for from in &edges {
            for to in &edges {
                let given = days.iter().zip(&steps).filter(|(day, _)| (from..=to).contains(day)).map(|(_, step)| step);
                let mut expected = [0; 6];
                given.for_each(|step| expected[step.as_u64().unwrap_or(0) as usize] += 1);
                let [dont_know, distribution @ ..] = expected;
                for whose in [String::new(), format!("&unit_id={}", all[0].unit)] {
                    let asked = format!("/evaluations/summary?from={from}&to={to}{whose}");
                    let summary = app.developer().get(&asked).await.ok();
                    let items = summary["items"].as_array().unwrap();
                    let fun = items.iter().find(|item| item["question_id"] == "fun");
                    let told = fun.map(|fun| (&fun["dont_know"], &fun["distribution"]));
                    let counted = (&json!(dont_know), &json!(distribution));
                    assert_eq!(told, (expected != [0; 6]).then_some(counted), "{asked}");
                }
            }
        }
        let (database, folder) = (address(&app.state.config.database), tempfile::tempdir().unwrap());
        let check = || digilador(folder.path(), &database, &["check"]);
        done(check());
        // An older database is counted when it is brought up to date.
        app.directly(|conn| {
            let back_and_forth = match conn {
                Conn::Sqlite(_) => scale_months!("sqlite"),
                Conn::Pg(_) => scale_months!("postgres"),
            };
            back_and_forth.into_iter().for_each(|step| conn.batch_execute(step).unwrap());
        });
        done(check());
        app.directly(|conn| conn.batch_execute("UPDATE scale_months SET two = two + 1 WHERE month = '2026-12-01'").unwrap());
        let told = check();
        assert!(String::from_utf8_lossy(&told.stdout).contains("counted by month"), "{told:?}");
    }

    async fn the_page_keeps_what_was_written_until_it_is_sent(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        let browser = app.browser_of(&lent.borrower);
        let page = format!("/lan/{}/utvardering", lent.loan);
        let shown = browser.get(&page).await;
        assert_eq!(shown.status, 200);
        for words in ["Utvärdering av Bee-Bot", "Använde ni lådan?", "Lådan hos er", "Stämmer helt"] {
            assert!(shown.text().contains(words), "{words}");
        }
        // Opening it, and saving an empty page, begins nothing.
        assert_eq!(browser.post(&page, &[("seen", "")]).await.status, 200);
        assert_eq!(lent.stands().await, pair("out", "not_started"));
        // Written while it is filled in: no button, and no page for an answer.
        let unsent = [("seen", ""), ("used", "several"), ("ages", "age_4"), ("ages", "age_5"), ("how", "Vi <byggde>.")];
        let saved = browser.post(&page, &unsent).await;
        assert_eq!((saved.status, &saved.json["answers"]["how"]), (200, &json!("Vi <byggde>.")));
        let shown = browser.get(&page).await.text();
        assert!(shown.contains("Vi &#60;byggde&#62;."), "{shown}");
        assert!(shown.contains(r#"value="age_5" checked"#), "{shown}");
        // What is taken away is gone.
        let seen = seen_on(&shown);
        assert_eq!(browser.post(&page, &[("seen", &seen), ("used", "several")]).await.status, 200);
        assert_eq!(lent.see().await["answers"], json!({ "used": "several" }));
        let draft = [("seen", ""), ("used", "several"), ("ages", "age_4"), ("how", "Vi ritade."), ("save", "draft")];
        let sent_on = format!("{page}?klart=evaluation-saved");
        assert_eq!(browser.post(&page, &draft).await.location(), sent_on);
        let shown = browser.get(&sent_on).await.text();
        assert!(shown.contains("Utkastet är sparat.") && shown.contains("Ni har ett utkast."), "{shown}");
        assert_eq!(lent.see().await["answers"], json!({ "used": "several", "ages": ["age_4"], "how": "Vi ritade." }));
        // Sent too early: what is missing is named, what was written stands, and is kept.
        let seen = seen_on(&shown);
        let mut fields =
            vec![("seen", &*seen), ("used", "several"), ("ages", "age_5"), ("how", "Vi sjöng."), ("save", "send")];
        let refused = browser.post(&page, &fields).await;
        assert_eq!(refused.status, 422);
        for words in ["Något behöver ändras", "href=\"#children\"", "href=\"#share\"", "Vi sjöng."] {
            assert!(refused.text().contains(words), "{words}");
        }
        assert!(!refused.text().contains("href=\"#how\""));
        assert_eq!(lent.see().await["answers"]["how"], "Vi sjöng.");
        let seen = seen_on(&refused.text());
        fields[0] = ("seen", &seen);
        fields.extend([("children", "9"), ("reaction", "Glada."), ("fun", "5"), ("easy_start", "dont_know")]);
        fields.extend([("again", "maybe"), ("share", "no")]);
        assert_eq!(browser.post(&page, &fields).await.location(), format!("{page}/tack"));
        let thanks = browser.get(&format!("{page}/tack")).await.text();
        assert!(thanks.contains("är tillbaka i lagret är lånet klart"), "{thanks}");
        assert_eq!(browser.get(&page).await.location(), format!("{page}/tack"));
        // A colleague who had the page open sees what was sent, and loses nothing of what they wrote.
        fields[3] = ("how", "Vi dansade.");
        let late = browser.post(&page, &fields).await;
        assert_eq!(late.status, 409);
        for words in ["En kollega hann skicka in först", "Vi dansade.", "Vi sjöng."] {
            assert!(late.text().contains(words), "{words}: {}", late.text());
        }
        assert_eq!(lent.see().await["answers"]["how"], "Vi sjöng.");
        lent.scan(app, "receive").await;
        assert!(browser.get(&format!("{page}/tack")).await.text().contains("är klart"));
        let neighbour = app.browser_of(&app.borrower(&app.unit("Granskolan").await).await);
        assert_eq!(neighbour.get(&page).await.status, 404);
        assert_eq!(neighbour.get(&format!("{page}/tack")).await.status, 404);
        assert_eq!(neighbour.post(&page, &fields).await.status, 404);
        assert_eq!(neighbour.get("/utvarderingar").await.status, 403);
    }

    async fn a_page_keeps_what_it_can(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        let browser = app.browser_of(&lent.borrower);
        let page = format!("/lan/{}/utvardering", lent.loan);
        // Two colleagues open the empty form, and write at the same time.
        assert_eq!(browser.post(&page, &[("seen", ""), ("how", "Vi byggde.")]).await.status, 200);
        assert_eq!(browser.post(&page, &[("seen", ""), ("used", "once"), ("how", "")]).await.status, 200);
        assert_eq!(lent.see().await["answers"], json!({ "used": "once", "how": "Vi byggde." }));
        // One wrong answer holds back no other, saved or sent.
        let goals = ["building", "concepts", "language", "empathy"].map(|goal| ("goals", goal));
        let mut fields = vec![("used", "once"), ("reaction", "Glada.")];
        fields.extend(goals);
        let told = browser.post(&page, &fields).await;
        assert!(told.status == 200 && told.json["wrong"]["goals"].as_str().unwrap().contains("Behåll högst 3"));
        fields.push(("save", "draft"));
        let told = browser.post(&page, &fields).await;
        assert_eq!(told.status, 422);
        for words in ["Behåll högst 3", "Vi byggde.", r#"value="empathy" checked"#] {
            assert!(told.text().contains(words), "{words}: {}", told.text());
        }
        let kept = json!({ "used": "once", "how": "Vi byggde.", "reaction": "Glada." });
        assert_eq!(lent.see().await["answers"], kept);
        fields.pop();
        fields.extend([("tips", "Börja smått."), ("save", "send")]);
        assert_eq!(browser.post(&page, &fields).await.status, 422);
        assert_eq!(lent.see().await["answers"]["tips"], "Börja smått.");
        // A thumb that slips to "no" takes no text away.
        assert_eq!(browser.post(&page, &[("seen", &seen_on(&told.text())), ("used", "no")]).await.status, 200);
        // A note about the kit is asked for where there is something to note.
        assert!(told.text().contains(r#"<div class="question" data-when="deviation""#));
        // Who has been signed out is led to the form again.
        let referer = format!("{}{page}", app.base);
        let unknown = app.browser();
        let sent = unknown.request(reqwest::Method::POST, &page).header("origin", &app.base).header("referer", referer);
        let told = Reply::of(sent.form(&fields)).await;
        assert_eq!(told.status, 401);
        assert!(told.text().contains(&format!("/logga-in?vidare={page}")), "{}", told.text());
    }

    async fn an_old_page_takes_no_newer_answer_away_unseen(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        lent.save(json!({ "used": "once", "how": "Vi byggde." })).await.ok();
        let browser = app.browser_of(&lent.borrower);
        let page = format!("/lan/{}/utvardering", lent.loan);
        let old = seen_on(&browser.get(&page).await.text());
        lent.save(json!({ "used": "once", "how": "Vi byggde en stad.", "tips": "Vila." })).await.ok();
        // The old page shows the first text still, and answers something else: nothing else is changed.
        let sent = [("seen", &*old), ("used", "several"), ("how", "Vi byggde.")];
        let saved = browser.post(&page, &sent).await;
        assert_eq!(saved.json["theirs"], json!({}));
        let now = json!({ "used": "several", "how": "Vi byggde en stad.", "tips": "Vila." });
        assert_eq!((lent.see().await["answers"].clone(), saved.json["answers"].clone()), (now.clone(), now.clone()));
        // It changes the same answer: both are shown, and the newer one is kept until somebody chooses.
        let sent = [("seen", &*old), ("used", "several"), ("how", "Vi sjöng."), ("children", "9")];
        let saved = browser.post(&page, &sent).await;
        assert_eq!(saved.status, 200);
        assert_eq!(saved.json["theirs"], json!({ "how": "En kollega har svarat under tiden: ”Vi byggde en stad.”" }));
        assert_eq!((&lent.see().await["answers"]["how"], &saved.json["answers"]["children"]), (&now["how"], &json!(9)));
        for button in ["draft", "send"] {
            let mut sent = sent.to_vec();
            sent.push(("save", button));
            let told = browser.post(&page, &sent).await;
            assert_eq!(told.status, 409);
            for words in ["Vi byggde en stad.", "Vi sjöng.", "Skicka igen om det ska gälla i stället."] {
                assert!(told.text().contains(words), "{words}: {}", told.text());
            }
            assert_eq!(lent.see().await["answers"]["how"], now["how"]);
            if button == "send" {
                // Both were seen: who sends again means it.
                let seen = seen_on(&told.text());
                sent[0] = ("seen", &seen);
                assert_eq!(browser.post(&page, &sent).await.status, 422);
                assert_eq!(lent.see().await["answers"]["how"], "Vi sjöng.");
            }
        }
        // A program does the same with the versions that it was told.
        let read = lent.see().await;
        let put = async |answers: Value| {
            lent.borrower.put(&lent.path(), json!({ "answers": answers, "seen": read["versions"] })).await
        };
        lent.save(json!({ "used": "several", "how": "Vi dansade.", "tips": "Vila." })).await.ok();
        let mut mine = read["answers"].clone();
        mine["again"] = json!("yes");
        assert_eq!(put(mine.clone()).await.ok()["answers"]["how"], "Vi dansade.");
        mine["how"] = json!("Vi ritade.");
        let refused = put(mine).await;
        refused.refused(409, "evaluation.answered_meanwhile");
        assert_eq!(refused.json["questions"], json!(["how"]));
    }

    async fn words_that_look_like_names_are_asked_about(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        let browser = app.browser_of(&lent.borrower);
        let page = format!("/lan/{}/utvardering", lent.loan);
        let mut answers = complete();
        answers["how"] = json!("Vi körde Bee-Boten på Provskolans gård när Alva ringde 070-123 45 67.");
        assert_eq!(lent.save(answers).await.ok()["possible_names"],
            json!([{ "question": "how", "words": ["Alva", "070-123 45 67"] }]));
        let shown = browser.get(&page).await.text();
        let answers = lent.see().await["answers"].clone();
        let mut fields = fields_of(&answers);
        fields.extend([("seen".to_owned(), seen_on(&shown)), ("save".to_owned(), "send".to_owned())]);
        let send = async |fields: &[(String, String)]| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
            browser.post(&page, &fields).await
        };
        let asked = send(&fields).await;
        assert_eq!(asked.status, 422);
        for words in ["Står det ett namn här?", "<b>Alva</b>", "Det är inget barn – skicka"] {
            assert!(asked.text().contains(words), "{words}: {}", asked.text());
        }
        assert_eq!(lent.stands().await, pair("out", "draft"));
        // The same words are no excuse for others.
        fields.pop();
        let anyway = |words: &[&str]| {
            let words = words.iter().map(|word| ("no_name".to_owned(), (*word).to_owned()));
            let button = [("save".to_owned(), "send-anyway".to_owned())];
            fields.iter().cloned().chain(words).chain(button).collect::<Vec<_>>()
        };
        assert_eq!(send(&anyway(&["Alva"])).await.status, 422);
        assert_eq!(send(&anyway(&["Alva", "070-123 45 67"])).await.location(), format!("{page}/tack"));
        assert_eq!(lent.stands().await, pair("out", "submitted"));
    }

    async fn any_text_is_kept_and_shown_unharmed(app: &TestApp) {
        let texts = [
            "<script>alert('hej')</script> & \"citat\" <b>fet</b> {{ t }} ${1} </textarea>",
            "=1+1\n@SUM(A1)\n+46\n-1\n\tindrag",
            "👩‍👧‍👦 robot 🤖 \u{200B}nollbredd é é",
            "\u{202e}שלום עולם\u{202c} مرحبا",
            &"å".repeat(2000),
        ];
        let lent = Lent::out(app, "Bee-Bot").await;
        let browser = app.browser_of(&lent.borrower);
        let page = format!("/lan/{}/utvardering", lent.loan);
        for text in texts {
            lent.save(json!({})).await.ok();
            let saved = browser.post(&page, &[("seen", ""), ("how", text), ("save", "draft")]).await;
            assert_eq!(saved.status, 303, "{}", saved.text());
            assert_eq!(lent.see().await["answers"]["how"], text.trim());
            let shown = browser.get(&page).await.text();
            let escaped = text.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;");
            let escaped = escaped.replace('"', "&#34;").replace('\'', "&#39;");
            assert!(shown.contains(&escaped), "{escaped}: {shown}");
        }
        let mut answers = complete();
        (answers["how"], answers["reaction"], answers["tips"]) = (json!(texts[0]), json!(texts[3]), json!(texts[4]));
        lent.submit(answers.clone()).await.created();
        let read = app.developer().get("/evaluations").await.ok()["items"][0].clone();
        for question in ["how", "reaction", "tips"] {
            assert_eq!(read["answers"][question], answers[question]);
        }
        let developer = app.browser_of(&app.developer());
        let one = developer.get(&format!("/utvarderingar/{}", read["id"].as_str().unwrap())).await.text();
        let thanks = browser.get(&format!("{page}/tack")).await.text();
        for page in [one, thanks] {
            assert!(!page.contains("<script>alert") && page.contains("&#60;script&#62;alert"), "{page}");
            assert!(page.contains(texts[4]) && page.contains(texts[3]));
        }
    }

    async fn the_gate_opens_in_every_order(app: &TestApp) {
        // Draft only: nothing is settled, before and after the receipt.
        let lent = Lent::out(app, "Bee-Bot").await;
        lent.save(complete()).await.ok();
        assert_eq!(lent.stands().await, pair("out", "draft"));
        lent.scan(app, "receive").await;
        assert_eq!(lent.stands().await, pair("received", "draft"));
        lent.submit(json!({})).await.created();
        assert_eq!(lent.stands().await, pair("returned", "submitted"));
        // Released while it is out, and written after all; the receipt returns it either way.
        let release = async |lent: &Lent| {
            app.developer().post(&format!("/loans/{}/release", lent.loan), json!({ "reason": "Prov" })).await
        };
        let lent = lent.another(app).await;
        release(&lent).await.ok();
        assert_eq!(lent.stands().await, pair("out", "released"));
        lent.submit(complete()).await.created();
        assert_eq!(lent.stands().await, pair("out", "submitted"));
        assert_eq!(lent.scan(app, "receive").await["outcome"], "returned");
        assert_eq!(lent.stands().await, pair("returned", "submitted"));
        let lent = lent.another(app).await;
        release(&lent).await.ok();
        assert_eq!(lent.scan(app, "receive").await["outcome"], "returned");
        assert_eq!(lent.stands().await, pair("returned", "released"));
        lent.submit(complete()).await.created();
        assert_eq!(lent.stands().await, pair("returned", "submitted"));
        // What is submitted cannot be released, and stays.
        assert_eq!(release(&lent).await.status, 409);
        assert_eq!(lent.stands().await, pair("returned", "submitted"));
    }

    async fn the_thanks_show_what_others_did(app: &TestApp) {
        let first = Lent::out(app, "Bee-Bot").await;
        first.submit(complete()).await.created();
        for (share, tip) in [("anonymous", "Börja med en matta."), ("no", "Det här är vårt.")] {
            let mut answers = complete();
            answers["share"] = json!(share);
            answers["tips"] = json!(tip);
            first.another(app).await.submit(answers).await.created();
        }
        let read = app.developer().get("/evaluations").await.ok();
        for evaluation in read["items"].as_array().unwrap().iter().filter(|one| one["share"] != "no") {
            let marks = format!("/evaluations/{}/marks", evaluation["id"].as_str().unwrap());
            app.developer().post(&marks, json!({ "shared": true })).await.ok();
        }
        let last = first.another(app).await;
        last.submit(json!({ "used": "no", "notused_why": ["no_time"] })).await.created();
        let thanks = app.browser_of(&last.borrower).get(&format!("/lan/{}/utvardering/tack", last.loan)).await.text();
        assert!(thanks.contains("Vi tejpade en karta på golvet.") && thanks.contains("Börja med en matta."));
        assert!(!thanks.contains("Det här är vårt."));
        assert_eq!(thanks.matches("Bee-Bot förskola").count(), 1, "only the one who said so is named");
    }

    async fn developers_read_the_list_and_each_one(app: &TestApp) {
        let browser = app.browser_of(&app.developer());
        assert!(browser.get("/utvarderingar").await.text().contains("Inga utvärderingar"));
        let first = Lent::out(app, "Bee-Bot").await;
        first.submit(complete()).await.created();
        for fun in [5, 4, 4, 3] {
            app.advance(TimeDelta::hours(1));
            let mut answers = complete();
            answers["fun"] = json!(fun);
            first.another(app).await.submit(answers).await.created();
        }
        let lent = Lent::out(app, "Cubetto").await;
        lent.submit(json!({ "used": "no", "notused_why": ["no_time", "other"] })).await.created();

        let list = browser.get("/utvarderingar?kit_type_id=&unit_id=&from=&to=").await;
        assert_eq!(list.status, 200);
        assert_eq!(list.text().matches("href=\"/utvarderingar/0").count(), 6);
        for words in ["Roligt 5 · Lätt att börja 4", "Inte använd", "Tiden räckte inte, Annat"] {
            assert!(list.text().contains(words), "{words}");
        }
        for (wanted, words) in [
            ("from=2030-01-01", "Ingen utvärdering passar det du valde."),
            ("from=ig%C3%A5r", "href=\"#from\">Från och med – Det här är ingen dag."),
            ("from=2026-11-05&to=2026-11-01", "href=\"#to\">Till och med – Dagen ligger före tors 5 nov."),
        ] {
            let told = browser.get(&format!("/utvarderingar?{wanted}")).await;
            assert!(told.status == 200 && told.text().contains(words), "{wanted}: {}", told.text());
        }
        let narrowed = browser.get(&format!("/utvarderingar?kit_type_id={}", lent.kit_type)).await.text();
        assert_eq!(narrowed.matches("href=\"/utvarderingar/0").count(), 1);

        let id = app.developer().get("/evaluations").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
        let one = browser.get(&format!("/utvarderingar/{id}")).await;
        assert_eq!(one.status, 200);
        for words in ["Cubetto", "Tiden räckte inte, Annat", "name=\"to\" value=\"/utvarderingar/0", "v. 45–47"] {
            assert!(one.text().contains(words), "{words}: {}", one.text());
        }
        assert!(!one.text().contains("rel=\"prev\""));
        for odd in ["kit_type_id=x&from=y&cursor=z", "from=-262143-01-01&to=%2B262142-12-31"] {
            assert_eq!(browser.get(&format!("/utvarderingar?{odd}")).await.status, 200, "{odd}");
        }
    }

    async fn the_database_itself_refuses_a_return_without_an_evaluation(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        lent.scan(app, "receive").await;
        let now = if app.state.config.database.is_postgres() { "now()" } else { "1" };
        for change in [
            format!("status = 'returned', returned_at = {now}"),
            format!("status = 'returned', returned_at = {now}, evaluation = 'draft'"),
            format!("status = 'returned', returned_at = {now}, evaluation = 'submitted'"),
            format!("status = 'returned', returned_at = {now}, evaluation = 'released'"),
            format!("status = 'returned', returned_at = {now}, evaluation = 'released', released_at = {now}, release_reason = ' '"),
            "evaluation = 'submitted'".to_owned(),
        ] {
            let refused = app.directly(|conn| conn.batch_execute(&format!("UPDATE loans SET {change}")));
            let refused = refused.expect_err(&change).to_string();
            assert!(refused.contains("loans_"), "{change}: {refused}");
        }
        // A draft is not enough, and what is submitted stays.
        lent.save(complete()).await.ok();
        let refused = app.directly(|conn| conn.batch_execute("UPDATE loans SET evaluation = 'submitted'"));
        assert!(refused.expect_err("a draft").to_string().contains("loans_evaluated"));
        lent.submit(json!({})).await.created();
        for change in [
            "DELETE FROM evaluations",
            "UPDATE evaluations SET submitted_at = NULL, submitted_on = NULL",
        ] {
            let refused = app.directly(|conn| conn.batch_execute(change)).expect_err(change).to_string();
            assert!(refused.contains("evaluations_final"), "{change}: {refused}");
        }
        assert_eq!(lent.stands().await, pair("returned", "submitted"));
    }
}
