//! The form's editor: a draft becomes a version, loans keep theirs, and what is asked no more can still be read.

use crate::evaluations::{Lent, complete};
use crate::support::{Actor, TestApp, both};
use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};

/// A draft, begun by a developer: its form and its version.
async fn begun(app: &TestApp) -> (Value, i64) {
    let draft = app.developer().post("/forms/draft", json!({})).await;
    assert_eq!(draft.status, 201, "{}", draft.text());
    (draft.json["form"].clone(), draft.json["version"].as_i64().unwrap())
}

async fn put(who: &Actor, form: &Value) -> crate::support::Reply {
    who.put("/forms/draft", json!({ "form": form })).await
}

/// Publishes the newest form, changed.
async fn publish(app: &TestApp, change: impl FnOnce(&mut Value)) -> Value {
    let (mut form, _) = begun(app).await;
    change(&mut form);
    put(&app.developer(), &form).await.ok();
    let published = app.developer().post("/forms/draft/publish", json!({})).await;
    assert_eq!(published.status, 201, "{}", published.text());
    published.json
}

fn question<'a>(form: &'a mut Value, id: &str) -> &'a mut Value {
    form["questions"].as_array_mut().unwrap().iter_mut().find(|question| question["id"] == id).unwrap()
}

fn add(form: &mut Value, question: Value) {
    form["questions"].as_array_mut().unwrap().push(question);
}

fn where_used() -> Value {
    json!({
        "id": "local_1", "section": "kit", "kind": "choice", "required": true, "label": { "sv": "Var använde ni lådan?" },
        "options": [{ "value": "in", "label": { "sv": "Inne" } }, { "value": "out", "label": { "sv": "Ute" } }],
        "when": { "question": "used", "is": ["several", "once"] }
    })
}

fn with(mut answers: Value, id: &str, answer: Value) -> Value {
    answers[id] = answer;
    answers
}

fn ids(form: &Value) -> Vec<&str> {
    form["questions"].as_array().unwrap().iter().map(|question| question["id"].as_str().unwrap()).collect()
}

both! {
    async fn a_draft_becomes_the_next_version(app: &TestApp) {
        let (developer, admin) = (app.developer(), app.admin());
        assert_eq!(developer.get("/forms").await.ok()["items"], json!([]));
        developer.get("/forms/draft").await.refused(404, "form.no_draft");
        developer.post("/forms/draft/publish", json!({})).await.refused(404, "form.no_draft");
        let (mut form, version) = begun(app).await;
        assert_eq!(version, 1);
        admin.post("/forms/draft", json!({})).await.refused(409, "form.draft_exists");
        developer.post("/forms/draft/publish", json!({})).await.refused(409, "form.unchanged");

        add(&mut form, where_used());
        question(&mut form, "value")["hidden"] = json!(true);
        let saved = put(&admin, &form).await.ok();
        assert_eq!((&saved["version"], &saved["follows"]), (&json!(2), &json!(1)));
        assert_eq!(saved["untranslated"].as_array().unwrap().len(), 6, "three texts, in two languages");
        let published = developer.post("/forms/draft/publish", json!({})).await;
        assert_eq!(published.status, 201, "{}", published.text());
        assert_eq!(published.json["version"], 2);
        developer.get("/forms/draft").await.refused(404, "form.no_draft");

        let versions = admin.get("/forms").await.ok()["items"].clone();
        let told: Vec<(&Value, &Value)> =
            versions.as_array().unwrap().iter().map(|one| (&one["version"], &one["newest"])).collect();
        assert_eq!(told, [(&json!(2), &json!(true)), (&json!(1), &json!(false))]);
        assert!(versions[0]["published_by"].is_string() && versions[1]["published_by"].is_null());
        let one = admin.get(&format!("/forms/{}", versions[0]["id"].as_str().unwrap())).await.ok();
        assert_eq!(ids(&one["form"]).last(), Some(&"local_1"));
        let asked = app.warehouse().get("/form").await.ok();
        assert!(ids(&asked).contains(&"local_1") && !ids(&asked).contains(&"value"));
        let told = app.count("SELECT count(*) FROM events WHERE action LIKE 'form.%'");
        assert_eq!(told, 4, "added, begun, changed and published");
        app.stranger().get(&format!("/forms/{}", versions[0]["id"].as_str().unwrap())).await.refused(404, "form.not_found");
        assert_eq!(app.stranger().get("/forms").await.ok()["items"], json!([]));
    }

    async fn what_may_not_change_is_named(app: &TestApp) {
        let (form, _) = begun(app).await;
        let refused = async |change: fn(&mut Value), wrong: &[&str]| {
            let mut form = form.clone();
            change(&mut form);
            put(&app.developer(), &form).await.wrong(wrong);
        };
        refused(|form| question(form, "how")["label"]["sv"] = json!("Annat?"), &["how.label_sv: form.fixed"]).await;
        refused(|form| question(form, "share")["hidden"] = json!(true), &["share.hidden: form.question_needed"]).await;
        refused(
            |form| form["questions"].as_array_mut().unwrap().retain(|one| one["id"] != "own"),
            &["own: form.question_missing"],
        ).await;
        refused(|form| add(form, with(where_used(), "id", json!("colour"))), &["colour.id: form.question_id"]).await;
        refused(
            |form| add(form, with(where_used(), "label", json!({ "sv": " ", "en": "Where?" }))),
            &["local_1.label_sv: field.missing"],
        ).await;
        refused(
            |form| (1..=4).for_each(|number| add(form, with(where_used(), "id", json!(format!("local_{number}"))))),
            &["questions: form.too_many_local"],
        ).await;
        put(&app.developer(), &json!({ "name": { "sv": "Vår" } })).await.wrong(&["form.sections: request.field_missing"]);
        assert_eq!(app.developer().get("/forms/draft").await.ok()["version"], 1);
    }

    async fn two_editors_do_not_write_over_each_other(app: &TestApp) {
        let (mut form, version) = begun(app).await;
        let (anna, erik) = (app.developer().with("If-Match", &format!("\"{version}\"")), app.admin());
        question(&mut form, "tips")["required"] = json!(true);
        put(&erik.with("If-Match", "\"1\""), &form).await.ok();
        question(&mut form, "tips")["required"] = json!(false);
        question(&mut form, "hard")["required"] = json!(true);
        put(&anna, &form).await.refused(412, "request.changed_meanwhile");
        anna.delete("/forms/draft").await.refused(412, "request.changed_meanwhile");
        anna.post("/forms/draft/publish", json!({})).await.refused(412, "request.changed_meanwhile");
        let browser = app.browser_of(&app.developer());
        let late = [("version", "1"), ("required", "yes")];
        let page = browser.post("/admin/formular/utkast/fraga/hard", &late).await;
        assert_eq!(page.status, 412);
        assert!(page.text().contains("Någon annan"), "{}", page.text());
        assert_eq!(browser.post("/admin/formular/utkast/publicera", &[("version", "1")]).await.status, 412);
        let kept = app.developer().get("/forms/draft").await.ok();
        assert_eq!(kept["version"], 2);
        assert_eq!(question(&mut kept["form"].clone(), "hard")["required"], false);
    }

    async fn a_loan_and_its_draft_keep_their_version(app: &TestApp) {
        let begun = Lent::out(app, "Bee-Bot").await;
        begun.save(json!({ "used": "once" })).await.ok();
        let open = Lent::out(app, "Blue-Bot").await;
        let reserved = Lent::reserved(app, "Cubetto").await;
        publish(app, |form| {
            add(form, where_used());
            question(form, "reaction")["hidden"] = json!(true);
        }).await;
        reserved.scan(app, "hand_out").await;
        for (lent, version) in [(&begun, 1), (&open, 1), (&reserved, 2)] {
            let form = lent.see().await["form"].clone();
            assert_eq!(form["version"], version);
            assert_eq!(ids(&form).contains(&"local_1"), version == 2);
            assert_eq!(ids(&form).contains(&"reaction"), version == 1);
        }
        begun.submit(complete()).await.created();
        open.submit(complete()).await.created();
        let mut answers = complete();
        answers.as_object_mut().unwrap().remove("reaction");
        reserved.submit(answers.clone()).await.wrong(&["local_1: evaluation.answer_missing"]);
        reserved.submit(with(answers, "local_1", json!("out"))).await.created();
        let versions = app.developer().get("/forms").await.ok()["items"].clone();
        assert_eq!((&versions[0]["evaluations"], &versions[1]["evaluations"]), (&json!(1), &json!(2)));
    }

    async fn a_requirement_holds_for_loans_from_its_day_on(app: &TestApp) {
        let today: NaiveDate = app.clock.now().utc().date_naive();
        let day = today + TimeDelta::days(2);
        publish(app, |form| {
            question(form, "tips")["required"] = json!(true);
            question(form, "tips")["required_from"] = json!(day);
        }).await;
        let before = Lent::out(app, "Bee-Bot").await;
        let asked = async |lent: &Lent| {
            let mut form = lent.see().await["form"].clone();
            question(&mut form, "tips")["required"].clone()
        };
        assert_eq!(asked(&before).await, false);
        app.advance(TimeDelta::days(2));
        let after = Lent::out(app, "Blue-Bot").await;
        assert_eq!((asked(&before).await, asked(&after).await), (json!(false), json!(true)));
        before.submit(complete()).await.created();
        after.submit(complete()).await.wrong(&["tips: evaluation.answer_missing"]);
        after.submit(with(complete(), "tips", json!("Börja med mattan."))).await.created();
    }

    async fn an_archived_tag_can_be_read_and_not_chosen(app: &TestApp) {
        let old = Lent::out(app, "Bee-Bot").await;
        old.submit(with(complete(), "goals", json!(["building", "language"]))).await.created();
        let sets = app.developer().get("/forms/tag-sets").await.ok()["items"].clone();
        assert_eq!(sets[1]["id"], "dagtilbud");
        publish(app, |form| {
            let goals = question(form, "goals");
            for tag in goals["options"].as_array_mut().unwrap() {
                if tag["value"] == "building" {
                    tag["archived"] = json!(true);
                }
            }
            goals["options"].as_array_mut().unwrap().push(json!({ "value": "tag_1", "label": { "sv": "Hållbarhet" } }));
            goals["tag_set"]["edition"] = json!("2027");
        }).await;
        let new = old.another(app).await;
        new.save(json!({ "goals": ["building"] })).await.wrong(&["goals: evaluation.not_a_choice"]);
        new.submit(with(complete(), "goals", json!(["tag_1"]))).await.created();

        let browser = app.browser_of(&app.developer());
        let list = browser.get("/utvarderingar?goal=building").await.text();
        assert!(list.contains("Bygga, skapa och konstruera (arkiverat)"), "{list}");
        assert_eq!(app.developer().get("/evaluations?goal=building").await.ok()["items"].as_array().unwrap().len(), 1);
        let report = app.developer().get(&format!("/reports/kit-types/{}", old.kit_type)).await.ok();
        let goals = report["questions"].as_array().unwrap().iter().find(|one| one["id"] == "goals").unwrap();
        let count = |value: &str| {
            let option = goals["options"].as_array().unwrap().iter().find(|option| option["value"] == value).cloned();
            option.map(|option| (option["label"].as_str().unwrap().to_owned(), option["count"].as_i64().unwrap()))
        };
        assert_eq!(count("building"), Some(("Bygga, skapa och konstruera (arkiverat)".to_owned(), 1)));
        assert_eq!(count("tag_1"), Some(("Hållbarhet".to_owned(), 1)));
        assert_eq!(count("digital_competence"), None, "nobody chose it");
    }

    async fn local_answers_are_read_and_counted(app: &TestApp) {
        publish(app, |form| add(form, where_used())).await;
        let lent = Lent::out(app, "Bee-Bot").await;
        let evaluation = lent.submit(with(complete(), "local_1", json!("out"))).await.created();
        // It is asked no more, and what was answered is told in the words that were asked.
        publish(app, |form| question(form, "local_1")["hidden"] = json!(true)).await;
        let page = app.browser_of(&app.developer()).get(&format!("/utvarderingar/{evaluation}")).await.text();
        assert!(page.contains("Var använde ni lådan?") && page.contains("Ute"), "{page}");
        let report = app.developer().get(&format!("/reports/kit-types/{}", lent.kit_type)).await.ok();
        let local = report["questions"].as_array().unwrap().iter().find(|one| one["id"] == "local_1").unwrap();
        assert_eq!(local["label"], "Var använde ni lådan?");
        assert_eq!(local["options"], json!([{ "value": "in", "label": "Inne", "count": 0 }, { "value": "out", "label": "Ute", "count": 1 }]));
        // It may not be taken out, and its id is not used for something else.
        let (mut form, _) = begun(app).await;
        question(&mut form, "local_1")["label"]["sv"] = json!("Var var ni?");
        put(&app.developer(), &form).await.wrong(&["local_1.label_sv: form.fixed"]);
    }

    async fn the_editor_s_pages_do_what_they_say(app: &TestApp) {
        let browser = app.browser_of(&app.developer());
        assert_eq!(browser.get("/admin/formular/utkast").await.location(), "/admin/formular");
        assert_eq!(browser.post("/admin/formular/utkast", &[]).await.location(), "/admin/formular/utkast");
        let text = async |path: &str| {
            let page = browser.get(path).await;
            assert_eq!(page.status, 200, "{path}: {}", page.text());
            page.text()
        };
        assert!(text("/admin/formular").await.contains("Utkast till version 2"));
        // A question of one's own, written wrongly at first: what was typed stays.
        let mut fields = vec![
            ("version", "1"), ("kind", "choice"), ("label_sv", "Var använde ni lådan?"), ("label_en", "Where?"),
            ("options_0_sv", "Inne"), ("section", "kit"), ("when", "used"), ("required", "no"),
        ];
        let page = browser.post("/admin/formular/utkast/ny", &fields).await;
        assert_eq!(page.status, 422);
        assert!(page.text().contains("minst två svar") && page.text().contains("value=\"Where?\""), "{}", page.text());
        fields.push(("options_2_sv", "Ute"));
        let added = browser.post("/admin/formular/utkast/ny", &fields).await;
        assert!(added.location().ends_with("#q-local_1"));
        let draft = app.developer().get("/forms/draft").await.ok();
        let local = question(&mut draft["form"].clone(), "local_1").clone();
        let values: Vec<&Value> = local["options"].as_array().unwrap().iter().map(|option| &option["value"]).collect();
        assert_eq!(values, ["option_1", "option_2"]);
        assert!(text("/admin/formular/utkast").await.contains("Var använde ni lådan? (Dansk)"), "the missing translation is told");

        let moved = browser.post("/admin/formular/utkast/flytta", &[("version", "2"), ("question", "local_1"), ("to", "up")]).await;
        assert_eq!(moved.location(), "/admin/formular/utkast#up-local_1");
        let late = browser.post("/admin/formular/utkast/flytta", &[("version", "2"), ("question", "local_1"), ("to", "up")]).await;
        assert_eq!(late.status, 412);
        let day = [("version", "3"), ("required", "from"), ("required_from", "2027-01-04")];
        assert_eq!(browser.post("/admin/formular/utkast/fraga/tips", &day).await.status, 303);
        let no_day = [("version", "4"), ("required", "from"), ("required_from", "snart")];
        let page = browser.post("/admin/formular/utkast/fraga/hard", &no_day).await;
        assert!(page.status == 422 && page.text().contains("ingen dag"), "{}", page.text());
        // The goals: one is archived, one is new.
        let tags = text("/admin/formular/utkast/fraga/goals").await;
        assert!(tags.contains("Lpfö 18") && tags.contains("value=\"digital_competence\" checked"));
        let goals = [
            ("version", "4"), ("tags", "yes"), ("archived", "building"), ("archived", "digital_competence"),
            ("options_14_sv", "Hållbarhet"), ("set_sv", "Vår läroplan"), ("set_en", ""), ("set_da", ""), ("edition", "2027"),
            ("required", "no"),
        ];
        let changed = browser.post("/admin/formular/utkast/fraga/goals", &goals).await;
        assert_eq!(changed.status, 303, "{}", changed.text());
        let page = text("/admin/formular/utkast").await;
        for words in ["Ny fråga: Var använde ni lådan?", "4 jan 2027", "Bygga, skapa och konstruera", "Hållbarhet"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert_eq!(browser.get("/admin/formular/utkast/fraga/nothing").await.status, 404);

        // The preview asks as a loan of that day is asked, and keeps nothing.
        let before = app.count("SELECT count(*) FROM events");
        let form = "/admin/formular/forhandsvisning/formular";
        assert!(text("/admin/formular/forhandsvisning").await.contains("<iframe"));
        let shown = browser.get(form).await;
        assert!(shown.header("content-security-policy").contains("frame-ancestors 'self'"));
        assert!(shown.text().contains("Var använde ni lådan?") && !shown.text().contains("draft.js"));
        let answers: Vec<(String, String)> = crate::evaluations::fields_of(&complete());
        let answers: Vec<(&str, &str)> = answers.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(browser.post(&format!("{form}?dag=2027-01-03"), &answers).await.status, 200);
        let required = browser.post(&format!("{form}?dag=2027-01-04"), &answers).await;
        assert!(required.status == 422 && required.text().contains("#tips"), "{}", required.text());
        assert_eq!(app.count("SELECT count(*) FROM events"), before);
        assert_eq!(app.count("SELECT count(*) FROM evaluations"), 0);

        let published = browser.post("/admin/formular/utkast/publicera", &[("version", "5")]).await;
        assert_eq!(published.location(), "/admin/formular?klart=form-published");
        let version = text("/admin/formular/version/2").await;
        assert!(version.contains("Ny fråga: Var använde ni lådan?") && version.contains("Where?"), "{version}");
        assert_eq!(browser.get("/admin/formular/version/3").await.status, 404);
        assert_eq!(browser.get(form).await.status, 404);
        // Published words are read, and not written.
        browser.post("/admin/formular/utkast", &[]).await;
        let local = text("/admin/formular/utkast/fraga/local_1").await;
        assert!(!local.contains("name=\"label_sv\"") && local.contains("name=\"label_da\""), "{local}");
        let discarded = browser.post("/admin/formular/utkast/slang", &[("version", "1")]).await;
        assert_eq!(discarded.location(), "/admin/formular?klart=form-removed");
    }

    async fn a_question_that_was_never_published_can_be_removed(app: &TestApp) {
        let browser = app.browser_of(&app.admin());
        browser.post("/admin/formular/utkast", &[]).await;
        for (version, kind) in ["scale", "number", "text"].into_iter().enumerate() {
            let version = (version + 1).to_string();
            let fields = [
                ("version", version.as_str()), ("kind", kind), ("label_sv", "Vår fråga?"), ("section", "kit"),
                ("when", "always"), ("required", "yes"), ("min", "0"), ("max", "9"),
            ];
            let fields: Vec<(&str, &str)> =
                fields.into_iter().filter(|(name, _)| kind == "number" || !["min", "max"].contains(name)).collect();
            let added = browser.post("/admin/formular/utkast/ny", &fields).await;
            assert_eq!(added.status, 303, "{kind}: {}", added.text());
        }
        assert!(browser.get("/admin/formular/utkast").await.text().contains("redan tre egna"));
        let remove = [("version", "4")];
        let removed = browser.post("/admin/formular/utkast/fraga/local_2/ta-bort", &remove).await;
        assert_eq!(removed.status, 303, "{}", removed.text());
        let core = browser.post("/admin/formular/utkast/fraga/own/ta-bort", &[("version", "5")]).await;
        assert_eq!(core.status, 422, "{}", core.text());
        let kept = app.developer().get("/forms/draft").await.ok();
        let locals: Vec<&str> = ids(&kept["form"]).into_iter().filter(|id| id.starts_with("local_")).collect();
        assert_eq!(locals, ["local_1", "local_3"]);
        let tags = [("version", "5"), ("kind", "tags"), ("label_sv", "Mål?"), ("section", "kit"), ("when", "always"), ("required", "no")];
        let no_set = browser.post("/admin/formular/utkast/ny", &tags).await;
        assert_eq!(no_set.status, 422, "{}", no_set.text());
        let with_set: Vec<(&str, &str)> = tags.into_iter().chain([("set", "neutral")]).collect();
        assert_eq!(browser.post("/admin/formular/utkast/ny", &with_set).await.status, 303);
    }
}
