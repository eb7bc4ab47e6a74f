//! The reading room: evaluations are found by their words and by what they are about, marked, masked, and answered with
//! thanks.

use crate::commands::{address, digilador, done};
use crate::evaluations::{Lent, complete};
use crate::support::{TestApp, both};
use chrono::TimeDelta;
use digilador::evaluations::search::index;
use serde_json::{Value, json};

/// Answers with other words.
fn telling(how: &str) -> Value {
    let mut answers = complete();
    answers["how"] = json!(how);
    answers
}

/// The evaluation of a loan, submitted: its id.
async fn submitted(app: &TestApp, lent: &Lent, answers: Value) -> String {
    let sent = lent.submit(answers).await;
    assert_eq!(sent.status, 201, "{}", sent.text());
    app.advance(TimeDelta::minutes(1));
    sent.json["id"].as_str().unwrap().to_owned()
}

/// The ids found by a question, newest first.
async fn found(app: &TestApp, query: &str) -> Vec<String> {
    let list = app.developer().get(&format!("/evaluations?{query}")).await.ok();
    list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// Everything is found by what it says.
fn in_step(app: &TestApp) {
    assert_eq!(app.directly(|conn| index::out_of_step(conn).unwrap()), []);
}

both! {
    async fn words_are_found_in_any_form(app: &TestApp) {
        let first = Lent::out(app, "Bee-Bot").await;
        let robots = submitted(app, &first, telling("Robotarna fick hår av garn, och Älgen räknade banorna.")).await;
        let hair = submitted(app, &first.another(app).await, telling("Vi har en robotbana i hallen. Förskolans egen!")).await;
        for (q, ids) in [
            ("robot", vec![&robots]),
            ("roboten banor", vec![&robots]),
            ("ROBOTARNAS", vec![&robots]),
            ("robot*", vec![&hair, &robots]),
            ("f%C3%B6rskolor", vec![&hair]),
            ("h%C3%A5r", vec![&robots]),
            ("ha%CC%8Ar", vec![&robots]),
            ("har", vec![&hair]),
            ("%C3%A4lg", vec![&robots]),
            ("alg", vec![]),
            ("robot hall", vec![]),
            ("_unread", vec![]),
            ("%F0%9F%98%80", vec![]),
            ("%22' OR (NEAR* -", vec![]),
            ("", vec![&hair, &robots]),
            ("%20", vec![&hair, &robots]),
        ] {
            assert_eq!(found(app, &format!("q={q}")).await, ids.into_iter().cloned().collect::<Vec<_>>(), "{q}");
        }
        in_step(app);
    }

    async fn what_is_asked_for_is_narrowed_together(app: &TestApp) {
        let first = Lent::out(app, "Bee-Bot").await;
        let day = app.clock.now().utc().date_naive();
        let mut answers = telling("Robotar.");
        answers["goals"] = json!(["building", "language"]);
        let one = submitted(app, &first, answers).await;
        app.advance(TimeDelta::days(1));
        let mut answers = telling("Robotar.");
        answers["ages"] = json!(["age_3"]);
        answers["fun"] = json!(2);
        let two = submitted(app, &first.another(app).await, answers).await;
        let other = Lent::out(app, "Cubetto").await;
        app.admin().put(&format!("/units/{}", other.unit), json!({ "name": "Cubetto förskola", "area": "Norra" })).await.ok();
        let three = submitted(app, &other, telling("Robotar.")).await;
        for (query, ids) in [
            ("q=robot".to_owned(), vec![&three, &two, &one]),
            (format!("kit_type_id={}", first.kit_type), vec![&two, &one]),
            (format!("unit_id={}&q=robot", other.unit), vec![&three]),
            ("age=age_4".to_owned(), vec![&three, &one]),
            ("age=age_3&q=robot".to_owned(), vec![&two]),
            ("goal=language".to_owned(), vec![&one]),
            ("area=Norra".to_owned(), vec![&three]),
            ("area=S%C3%B6dra".to_owned(), vec![]),
            ("scale=fun&most=2".to_owned(), vec![&two]),
            ("scale=fun&least=4&age=age_4".to_owned(), vec![&three, &one]),
            ("scale=nothing".to_owned(), vec![]),
            (format!("from={day}&to={day}"), vec![&one]),
            ("from=2020-01-01&to=2020-12-31".to_owned(), vec![]),
            ("unread=true".to_owned(), vec![&three, &two, &one]),
            ("starred=true".to_owned(), vec![]),
            ("starred=false".to_owned(), vec![&three, &two, &one]),
            ("q=robot&limit=2".to_owned(), vec![&three, &two]),
            (format!("q=robot&cursor={two}"), vec![&one]),
        ] {
            assert_eq!(found(app, &query).await, ids.into_iter().cloned().collect::<Vec<_>>(), "{query}");
        }
        app.developer().get("/evaluations?scale=fun&least=9").await.wrong(&["least: field.range"]);
        app.developer().get("/evaluations?cursor=fel").await.wrong(&["cursor: request.cursor"]);
        assert_eq!(app.stranger().get("/evaluations?q=robot").await.ok()["items"], json!([]));
    }

    async fn any_text_is_found_and_harms_nobody(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        let mut answers = telling("<b>fet</b> =1+1 ' OR 1=1 -- \" * ( 😀 \u{202e}vänster\u{202c} 𝒻𝒾𝓃 %_\\ \u{0}slut");
        answers["reaction"] = json!("å".repeat(2000));
        let id = submitted(app, &lent, answers).await;
        for q in ["fet", "slut", "v%C3%A4nster", "fin", &"%C3%A5".repeat(2000)] {
            assert_eq!(found(app, &format!("q={q}")).await, std::slice::from_ref(&id), "{q}");
        }
        assert_eq!(found(app, &format!("q={}", "a".repeat(2000))).await, Vec::<String>::new());
        let page = app.browser_of(&app.developer()).get(&format!("/utvarderingar/{id}?q=fet")).await.text();
        assert!(page.contains("&#60;b&#62;fet&#60;/b&#62;") && page.contains(&"å".repeat(2000)), "{page}");
        in_step(app);
    }

    async fn the_inbox_counts_beyond_its_first_page(app: &TestApp) {
        let first = Lent::out(app, "Bee-Bot").await;
        let mut ids = Vec::new();
        for _ in 0..32 {
            ids.insert(0, submitted(app, &first.another(app).await, complete()).await);
        }
        let read = json!({ "read": true });
        app.developer().post(&format!("/evaluations/{}/marks", ids[0]), read).await.ok();
        let browser = app.browser_of(&app.developer());
        let shown = |page: &str| ids.iter().map(|id| page.contains(&format!("/utvarderingar/{id}?show=unread"))).collect::<Vec<_>>();
        let older = format!("cursor={}", ids[30]);
        let page = browser.get("/utvarderingar?show=unread").await.text();
        assert!(page.contains("Olästa <b class=\"number\">31</b>") && page.contains(&older), "{page}");
        assert_eq!(shown(&page), (0..32).map(|place| (1..31).contains(&place)).collect::<Vec<_>>());
        for (address, some) in [(format!("/utvarderingar?show=unread&{older}"), 31..32), ("/utvarderingar?show=unread&q=finns-inte".to_owned(), 0..0)] {
            let page = browser.get(&address).await.text();
            assert!(page.contains("Olästa <b class=\"number\">31</b>"), "{page}");
            assert_eq!(shown(&page), (0..32).map(|place| some.contains(&place)).collect::<Vec<_>>(), "{address}");
        }
    }

    async fn the_office_reads_one_after_another(app: &TestApp) {
        let first = Lent::out(app, "Bee-Bot").await;
        let mut ids = Vec::new();
        for word in ["ett", "två", "tre"] {
            ids.push(submitted(app, &first.another(app).await, telling(word)).await);
        }
        let developer = app.developer();
        let browser = app.browser_of(&developer);
        let shown = browser.get("/utvarderingar?show=unread").await.text();
        assert!(shown.contains("Olästa <b class=\"number\">3</b>"), "{shown}");
        // Newest first; each leads on to the next, and is read by that.
        let page = browser.get(&format!("/utvarderingar/{}?show=unread", ids[2])).await.text();
        let next = format!("/utvarderingar/{}?show=unread", ids[1]);
        assert!(page.contains(&format!("name=\"to\" value=\"{next}\"")), "{page}");
        let sent = [("read", "true"), ("to", next.as_str())];
        let mark = format!("/utvarderingar/{}/marken?show=unread", ids[2]);
        assert_eq!(browser.post(&mark, &sent).await.location(), next);
        assert_eq!(found(app, "unread=true").await, [ids[1].clone(), ids[0].clone()]);
        // What was read stays within reach going back.
        let page = browser.get(&next).await.text();
        assert!(page.contains(&format!("rel=\"prev\" data-key=\"k\" href=\"/utvarderingar/{}?show=unread\"", ids[2])), "{page}");
        let away = [("read", "true"), ("to", "https://evil.example")];
        assert_eq!(browser.post(&mark, &away).await.location(), "/");
        let marks = format!("/evaluations/{}/marks", ids[0]);
        let marked = developer.post(&marks, json!({ "read": true, "starred": true, "note": "Ring dem.", "add_theme": " Musik " })).await.ok();
        let theme = marked["reading"]["themes"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(marked["reading"], json!({ "read": true, "starred": true, "note": "Ring dem.", "shared": false,
            "note_version": marked["reading"]["note_version"], "idea_id": null, "thanked_at": null, "themes": [{ "id": theme, "name": "Musik" }] }));
        // The same theme is not made twice, whatever its capitals; nothing changes twice.
        developer.post(&format!("/evaluations/{}/marks", ids[1]), json!({ "add_theme": "musik" })).await.ok();
        developer.post(&marks, json!({ "add_theme": "MUSIK", "starred": true })).await.ok();
        assert_eq!(app.count("SELECT count(*) FROM themes"), 1);
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action IN ('evaluation.starred', 'evaluation.theme_added')"), 3);
        assert_eq!(found(app, &format!("theme_id={theme}")).await, [ids[1].clone(), ids[0].clone()]);
        assert_eq!(found(app, "starred=true").await, [ids[0].clone()]);
        assert_eq!(developer.get("/themes").await.ok()["items"], json!([{ "id": theme, "name": "Musik" }]));
        for id in &ids[..2] {
            developer.post(&format!("/evaluations/{id}/marks"), json!({ "remove_theme": theme, "starred": false, "read": false })).await.ok();
        }
        assert_eq!(app.count("SELECT count(*) FROM themes"), 0);
        assert_eq!((found(app, "unread=true").await.len(), found(app, "starred=true").await.len()), (2, 0));
        developer.post(&marks, json!({ "remove_theme": theme })).await.refused(404, "theme.not_found");
        developer.post(&marks, json!({ "add_theme": " " })).await.wrong(&["add_theme: field.missing"]);
        developer.post(&marks, json!({ "note": "å".repeat(2001) })).await.wrong(&["note: field.too_long"]);
        app.stranger().post(&marks, json!({ "read": true })).await.refused(404, "evaluation.not_found");
        // Two colleagues at once lose nothing of each other.
        let (a, b) = (developer.clone(), developer.clone());
        let (one, other) = (marks.clone(), marks.clone());
        let star = tokio::spawn(async move { a.post(&one, json!({ "starred": true })).await.ok() });
        let note = tokio::spawn(async move { b.post(&other, json!({ "note": "Ny" })).await.ok() });
        star.await.unwrap();
        note.await.unwrap();
        let after = developer.get(&format!("/evaluations/{}", ids[0])).await.ok();
        assert_eq!((&after["reading"]["starred"], &after["reading"]["note"]), (&json!(true), &json!("Ny")));
        in_step(app);
    }

    async fn what_is_masked_is_gone_everywhere(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        let keyed = lent.borrower.with("Idempotency-Key", "sent");
        let submit = format!("{}/submit", lent.path());
        // An earlier draft says it in other words.
        let draft = lent.borrower.with("Idempotency-Key", "draft");
        let begun = json!({ "answers": { "how": "Alva byggde." } });
        draft.put(&lent.path(), begun.clone()).await.ok();
        let body = json!({ "answers": telling("Alva \"Ali\" byggde.\nAlva räknade.") });
        let id = keyed.post(&submit, body.clone()).await.created();
        let masks = format!("/evaluations/{id}/masks");
        let developer = app.developer();
        let keyed_developer = developer.with("Idempotency-Key", "star");
        let star = json!({ "starred": true });
        keyed_developer.post(&format!("/evaluations/{id}/marks"), star.clone()).await.ok();
        developer.post(&masks, json!({ "question": "fun", "passage": "5" })).await.wrong(&["question: evaluation.no_such_text"]);
        developer.post(&masks, json!({ "question": "how", "passage": "Bo" })).await.wrong(&["passage: evaluation.passage_not_found"]);
        developer.post(&masks, json!({ "question": "how", "passage": " " })).await.wrong(&["passage: evaluation.passage_not_found"]);
        assert_eq!(found(app, "q=alva").await, std::slice::from_ref(&id));
        let page = app.browser_of(&developer).get(&format!("/utvarderingar/{id}")).await.text();
        assert!(page.contains("data-mask=\"how\""), "{page}");
        let masked = developer.post(&masks, json!({ "question": "how", "passage": "Alva" })).await.ok();
        assert_eq!(masked["answers"]["how"], "▮▮▮ \"Ali\" byggde.\n▮▮▮ räknade.");
        let masked = developer.post(&masks, json!({ "question": "how", "passage": "\"Ali\" byggde.\n" })).await.ok();
        assert_eq!(masked["answers"]["how"], "▮▮▮ ▮▮▮▮▮▮ räknade.".replacen("▮▮▮▮▮▮", "▮▮▮\n▮▮▮", 1));
        assert_eq!((found(app, "q=alva").await.len(), found(app, "q=ali").await.len(), found(app, "q=r%C3%A4knade").await.len()), (0, 0, 1));
        // Nor does anyone's program get it again.
        for told in [keyed.post(&submit, body).await, keyed_developer.post(&format!("/evaluations/{id}/marks"), star).await] {
            assert!(!told.text().contains("Alva") && told.text().contains("▮▮▮"), "{}", told.text());
        }
        let told = draft.put(&lent.path(), begun).await.ok();
        assert_eq!((&told["answers"]["how"], &told["possible_names"]), (&json!("▮▮▮ byggde."), &json!([])));
        assert!(!lent.see().await.to_string().contains("Alva"));
        for table in ["evaluations", "evaluation_search", "events", "idempotency_keys", "mails"] {
            let column = match table {
                "evaluations" => "CAST(answers AS TEXT)",
                "evaluation_search" => "words",
                "events" => "CAST(change AS TEXT)",
                "idempotency_keys" => "answer",
                _ => "body",
            };
            assert_eq!(app.count(&format!("SELECT count(*) FROM {table} WHERE lower({column}) LIKE '%alva%'")), 0, "{table}");
        }
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action = 'evaluation.masked' AND actor_id IS NOT NULL"), 2);
        lent.borrower.post(&masks, json!({ "question": "how", "passage": "r" })).await.refused(403, "auth.forbidden");
        app.stranger().post(&masks, json!({ "question": "how", "passage": "r" })).await.refused(404, "evaluation.not_found");
        in_step(app);
    }

    async fn what_is_hidden_or_withdrawn_is_so_everywhere(app: &TestApp) {
        let first = Lent::out(app, "Bee-Bot").await;
        let mut answers = telling("Alva räknade på Kastellet.");
        answers["contact"] = json!(["present"]);
        let lent = first.another(app).await;
        app.admin().put(&format!("/units/{}", lent.unit), json!({ "name": "Kastellets förskola" })).await.ok();
        let id = submitted(app, &lent, answers).await;
        // Whoever only gathered it does not get a masked passage again, either.
        let developer = app.developer();
        let fair = developer.post("/collections", json!({ "name": "Mässan" })).await.created();
        let keyed = developer.with("Idempotency-Key", "gather");
        let gather = json!({ "evaluation_id": id });
        let gathered = keyed.post(&format!("/collections/{fair}/evaluations"), gather.clone()).await;
        assert!(gathered.status == 200 && gathered.text().contains("Alva"), "{}", gathered.text());
        developer.post(&format!("/evaluations/{id}/masks"), json!({ "question": "how", "passage": "Alva" })).await.ok();
        let again = keyed.post(&format!("/collections/{fair}/evaluations"), gather).await;
        assert!(!again.text().contains("Alva") && again.text().contains("▮▮▮ räknade"), "{}", again.text());
        assert_eq!(developer.get(&format!("/collections/{fair}")).await.ok()["contacts"].as_array().unwrap().len(), 1);

        // A unit that no longer wants its name there is read through anew, and its name in the words is asked about.
        developer.post(&format!("/evaluations/{id}/marks"), json!({ "shared": true })).await.ok();
        lent.borrower.put(&format!("/loans/{}/evaluation/share", lent.loan), json!({ "share": "anonymous" })).await.ok();
        let neighbour = app.borrower(&app.unit("Granskolan").await).await;
        assert_eq!(neighbour.get("/ideas").await.ok()["items"], json!([]));
        assert_eq!(found(app, "offered=true").await, std::slice::from_ref(&id));
        let page = app.browser_of(&developer).get(&format!("/utvarderingar/{id}")).await.text();
        assert!(page.contains("data-mask=\"how\"") && page.matches("Kastellet").count() > 2, "{page}");
        assert_eq!(developer.get(&format!("/collections/{fair}")).await.ok()["contacts"], json!([]));
        let counted = |answer: &str| app.count(&format!("SELECT answers FROM answer_totals WHERE question_id = 'share' AND answer = '{answer}'"));
        assert_eq!((counted("named"), counted("anonymous")), (0, 1));

        // Who never used the kit has told nothing that could be shared.
        let unused = first.another(app).await;
        submitted(app, &unused, json!({ "used": "no", "notused_why": ["no_time"] })).await;
        unused.borrower.put(&format!("/loans/{}/evaluation/share", unused.loan), json!({ "share": "named" })).await
            .refused(409, "evaluation.nothing_to_share");
        // Nothing that a database cannot be asked for is asked of it.
        assert_eq!(found(app, "area=%00").await, Vec::<String>::new());
        assert_eq!(developer.get("/reports/loans?area=%00").await.ok()["items"], json!([]));
    }

    async fn two_developers_may_think_of_one_theme(app: &TestApp) {
        let mut ids = Vec::new();
        for name in ["Bee-Bot", "Cubetto", "Botley"] {
            ids.push(submitted(app, &Lent::out(app, name).await, telling("Vi byggde.")).await);
        }
        for round in 0..4 {
            let marked = ids.iter().map(|id| {
                let (developer, path) = (app.developer(), format!("/evaluations/{id}/marks"));
                tokio::spawn(async move { developer.post(&path, json!({ "add_theme": format!("Tema {round}") })).await.status })
            });
            for status in marked.collect::<Vec<_>>() {
                assert_eq!(status.await.unwrap(), 200);
            }
        }
        assert_eq!(app.count("SELECT count(*) FROM themes"), 4);
    }

    async fn a_unit_is_thanked_once_without_names_or_answers(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        let how = "Vi byggde en lång bana genom hela huset och räknade alla svängar.";
        let id = submitted(app, &lent, telling(how)).await;
        let thanks = format!("/evaluations/{id}/thanks");
        let developer = app.developer();
        developer.post(&thanks, json!({ "message": " " })).await.wrong(&["message: field.missing"]);
        developer.post(&thanks, json!({ "message": format!("Ni skrev: {how}") })).await.wrong(&["message: evaluation.thanks_quotes"]);
        let named = json!({ "message": "Vad roligt att Alva var med!" });
        developer.post(&thanks, named).await.wrong(&["message: evaluation.thanks_name"]);
        let browser = app.browser_of(&developer);
        let asked = browser.post(&format!("/utvarderingar/{id}/tacka"), &[("message", "Vad roligt att Alva var med!")]).await;
        assert_eq!(asked.status, 422);
        for words in ["Det ser ut som ett namn: Alva", "Det är inget barn", "Vad roligt att Alva var med!"] {
            assert!(asked.text().contains(words), "{words}");
        }
        let sent = developer.post(&thanks, json!({ "message": "Vad roligt att ni byggde!" })).await.ok();
        assert!(sent["reading"]["thanked_at"].is_string());
        developer.post(&thanks, json!({})).await.refused(409, "evaluation.thanked");
        let mails = "FROM mails WHERE kind = 'evaluation.thanks'";
        assert_eq!(app.count(&format!("SELECT count(*) {mails}")), app.count(&format!("SELECT count(DISTINCT recipient) {mails}")));
        assert!(app.count(&format!("SELECT count(*) {mails} AND body LIKE '%Vad roligt att ni byggde!%'")) >= 1);
        assert_eq!(app.count(&format!("SELECT count(*) {mails} AND body LIKE '%svängar%'")), 0);
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action = 'evaluation.thanked'"), 1);
        assert!(browser.get(&format!("/utvarderingar/{id}")).await.text().contains("Tackad"));
    }

    async fn the_room_s_pages_hold_a_view(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        let id = submitted(app, &lent, telling("Robotarna dansade.")).await;
        let browser = app.browser_of(&app.developer());
        let query = "?q=robot&show=unread&age=age_4&score=fun%3A4-5&from=2026-11-01";
        let shown = browser.get(&format!("/utvarderingar{query}")).await.text();
        for words in [
            "Robotarna dansade.", "4 år", "Barnen tyckte att det var roligt 4–5", "Från 1 nov 2026",
            &format!("href=\"/utvarderingar/{id}{}\"", query.replace('&', "&#38;")),
        ] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        let page = browser.get(&format!("/utvarderingar/{id}{query}")).await.text();
        assert!(page.contains(&format!("href=\"/utvarderingar{}\"", query.replace('&', "&#38;"))), "{page}");
        assert!(browser.get("/utvarderingar?q=nothing").await.text().contains("Ingen utvärdering passar"));
        assert!(browser.get("/utvarderingar?from=fel").await.text().contains("Det här är ingen dag"));
        let refused = browser.post(&format!("/utvarderingar/{id}/maskera{query}"), &[("question", "how"), ("passage", "Zorro")]).await;
        assert_eq!(refused.status, 422);
        for words in [
            "Zorro</textarea>", "href=\"#passage-how\">Det står inte så i svaret", "id=\"passage-how\"", "show=unread",
        ] {
            assert!(refused.text().contains(words), "{words}: {}", refused.text());
        }
        // Who loads that page again, or in another language, is led back to the evaluation.
        for form in ["marken", "maskera", "tacka"] {
            let again = browser.get(&format!("/utvarderingar/{id}/{form}{query}")).await;
            assert_eq!(again.location(), format!("/utvarderingar/{id}{query}"));
        }
        // A passage over the end of a line, as a browser sends it.
        let lines = submitted(app, &lent.another(app).await, telling("Då kom\nAlva hit.")).await;
        let sent = [("question", "how"), ("passage", "kom\r\nAlva"), ("to", "")];
        let masked = browser.post(&format!("/utvarderingar/{lines}/maskera"), &sent).await;
        assert_eq!(masked.location(), format!("/utvarderingar/{lines}?klart=evaluation-masked#answer-how"));
        assert!(browser.get(&format!("/utvarderingar/{lines}?klart=evaluation-masked")).await.text().contains("Det är maskerat."));
        assert!(found(app, "q=alva").await.is_empty());
        // What was done is told, and the reader goes on from there.
        let starred = [("starred", "true"), ("to", &*format!("/utvarderingar/{id}?q=robot"))];
        assert_eq!(browser.post(&format!("/utvarderingar/{id}/marken"), &starred).await.location(),
            format!("/utvarderingar/{id}?q=robot&klart=evaluation-starred#marks"));
    }

    async fn a_colleague_s_note_is_not_lost_unseen(app: &TestApp) {
        let id = submitted(app, &Lent::out(app, "Bee-Bot").await, telling("Vi byggde.")).await;
        let (developer, marks) = (app.developer(), format!("/evaluations/{id}/marks"));
        let version = async || developer.get(&format!("/evaluations/{id}")).await.ok()["reading"]["note_version"].clone();
        let seen = version().await;
        developer.post(&marks, json!({ "note": "Ring Lyktan.", "note_seen": seen })).await.ok();
        let late = developer.post(&marks, json!({ "note": "Till mässan.", "note_seen": seen, "starred": true })).await;
        late.refused(409, "evaluation.note_changed");
        assert_eq!(late.json["note"], "Ring Lyktan.");
        assert_eq!(found(app, "starred=true").await, Vec::<String>::new());
        // On the page both are shown, and saving once more is a choice.
        let browser = app.browser_of(&developer);
        let page = format!("/utvarderingar/{id}");
        let note = [("note", "Till mässan."), ("note_seen", seen.as_str().unwrap()), ("to", page.as_str())];
        let refused = browser.post(&format!("{page}/marken"), &note).await;
        assert_eq!(refused.status, 409);
        let now = version().await;
        for words in ["”Ring Lyktan.”", "Till mässan.</textarea>", &format!("name=\"note_seen\" value=\"{}\"", now.as_str().unwrap())] {
            assert!(refused.text().contains(words), "{words}: {}", refused.text());
        }
        let note = [("note", "Till mässan."), ("note_seen", now.as_str().unwrap()), ("to", page.as_str())];
        assert_eq!(browser.post(&format!("{page}/marken"), &note).await.location(), format!("{page}?klart=evaluation-noted#notes"));
        assert!(browser.get(&page).await.text().contains("Till mässan.</textarea>"));
        // Who has not said what they saw writes over it, as before.
        developer.post(&marks, json!({ "note": "Klart." })).await.ok();
    }

    async fn only_what_is_offered_and_read_through_is_shared(app: &TestApp) {
        let first = Lent::out(app, "Bee-Bot").await;
        let named = submitted(app, &first.another(app).await, telling("Vi byggde en stad.")).await;
        let mut answers = telling("Vi sjöng för roboten.");
        (answers["share"], answers["contact"], answers["ages"]) = (json!("anonymous"), json!(["visit_us"]), json!(["age_3"]));
        let quiet_loan = first.another(app).await;
        let quiet = submitted(app, &quiet_loan, answers).await;
        let mut answers = telling("Bara för oss.");
        answers["share"] = json!("no");
        let ours = submitted(app, &first.another(app).await, answers).await;
        let developer = app.developer();
        let share = async |id: &str, shared: bool| {
            developer.post(&format!("/evaluations/{id}/marks"), json!({ "shared": shared })).await
        };
        assert_eq!(found(app, "offered=true").await, [quiet.clone(), named.clone()]);
        share(&ours, true).await.refused(409, "evaluation.not_offered");
        assert_eq!(first.borrower.get("/ideas").await.ok()["items"], json!([]));
        for id in [&named, &quiet] {
            share(id, true).await.ok();
        }
        assert_eq!((found(app, "offered=true").await.len(), found(app, "shared=true").await.len()), (0, 2));
        // In the bank it has an id that tells nothing.
        let idea_of = async |evaluation: &str| {
            let idea = developer.get(&format!("/evaluations/{evaluation}")).await.ok()["reading"]["idea_id"].clone();
            idea.as_str().map(str::to_owned)
        };
        assert_eq!(idea_of(&ours).await, None);
        let (named_idea, quiet_idea) = (idea_of(&named).await.unwrap(), idea_of(&quiet).await.unwrap());
        assert!([&named_idea, &quiet_idea].iter().all(|id| uuid::Uuid::parse_str(id).unwrap().get_version_num() == 4));
        let neighbour = app.borrower(&app.unit("Granskolan").await).await;
        let ideas = neighbour.get("/ideas").await.ok();
        assert!(![&named, &quiet].iter().any(|id| ideas.to_string().contains(*id)), "{ideas}");
        assert_eq!(ideas["items"][0]["id"], json!(quiet_idea));
        assert_eq!((&ideas["items"][0]["unit"], &ideas["items"][0]["invites"], &ideas["items"][0]["month"]),
            (&Value::Null, &json!([]), &json!("2026-11-01")));
        assert_eq!(ideas["items"][1]["unit"], "Bee-Bot förskola");
        assert!(!ideas.to_string().contains("Stämmer"), "what they thought is not for everyone");
        for (query, ids) in [
            ("age=age_3".to_owned(), vec![&quiet_idea]),
            (format!("kit_type_id={}", first.kit_type), vec![&quiet_idea, &named_idea]),
            (format!("limit=1&cursor={quiet_idea}"), vec![&named_idea]),
            (format!("kit_type_id={}", uuid::Uuid::now_v7()), vec![]),
        ] {
            let list = neighbour.get(&format!("/ideas?{query}")).await.ok();
            let shown: Vec<&str> = list["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
            assert_eq!(shown, ids, "{query}");
        }
        neighbour.get(&format!("/ideas/{ours}")).await.refused(404, "idea.not_found");
        neighbour.get(&format!("/ideas/{named}")).await.refused(404, "idea.not_found");
        assert_eq!(neighbour.get(&format!("/ideas/{named_idea}")).await.ok()["unit"], "Bee-Bot förskola");
        app.stranger().get(&format!("/ideas/{named_idea}")).await.refused(404, "idea.not_found");
        assert_eq!(app.stranger().get("/ideas").await.ok()["items"], json!([]));

        // Pages: for those who are signed in, and for everyone once the office wants that.
        let browser = app.browser_of(&neighbour);
        let bank = browser.get("/ideer").await.text();
        assert!(bank.contains("Vi byggde en stad.") && bank.contains("En förskola, nov 2026") && !bank.contains("Bara för oss."), "{bank}");
        assert!(browser.get(&format!("/ideer/{quiet_idea}")).await.text().contains("Vi sjöng för roboten."));
        let kit_page = browser.get(&format!("/lador/{}", first.kit_type)).await.text();
        let label = browser.get(&format!("/k/{}", first.code)).await.text();
        for page in [kit_page, label] {
            assert!(page.contains("Vi sjöng för roboten.") && page.contains("Vi byggde en stad."), "{page}");
            assert_eq!(page.matches("Bee-Bot förskola").count(), 1, "{page}");
        }
        let anyone = app.browser();
        assert!(anyone.get("/ideer").await.location().starts_with("/logga-in"));
        assert!(!anyone.get(&format!("/k/{}", first.code)).await.text().contains("Vi byggde en stad."));
        neighbour.put("/idea-bank", json!({ "public": true })).await.refused(403, "auth.forbidden");
        assert_eq!(developer.put("/idea-bank", json!({ "public": true })).await.ok(), json!({ "public": true }));
        // The units have given their names to other preschools, and to nobody else.
        let elsewhere = app.browser_of(&app.stranger());
        for (who, path) in [
            (&anyone, "/ideer".to_owned()),
            (&anyone, format!("/ideer/{named_idea}")),
            (&anyone, format!("/k/{}", first.code)),
            (&elsewhere, format!("/ideer/{named_idea}")),
        ] {
            let shown = who.get(&path).await;
            assert!(shown.status == 200 && shown.text().contains("Vi byggde en stad."), "{path}: {}", shown.text());
            assert!(!shown.text().contains("Bee-Bot förskola"), "{path}: {}", shown.text());
        }
        assert!(browser.get(&format!("/ideer/{named_idea}")).await.text().contains("Bee-Bot förskola"));

        // The unit changes its mind, and it is gone at once.
        let consent = format!("/loans/{}/evaluation/share", quiet_loan.loan);
        neighbour.put(&consent, json!({ "share": "no" })).await.refused(404, "loan.not_found");
        developer.put(&consent, json!({ "share": "no" })).await.refused(403, "auth.forbidden");
        let said = quiet_loan.borrower.put(&consent, json!({ "share": "no" })).await.ok();
        assert_eq!(said["answers"]["share"], "no");
        assert!(!anyone.get("/ideer").await.text().contains("Vi sjöng"));
        assert_eq!(anyone.get(&format!("/ideer/{quiet_idea}")).await.status, 404);
        assert_eq!(found(app, "shared=true").await, std::slice::from_ref(&named));
        share(&quiet, true).await.refused(409, "evaluation.not_offered");
        // Offered again, it waits to be read through.
        let page = format!("/lan/{}/utvardering", quiet_loan.loan);
        let own = app.browser_of(&quiet_loan.borrower);
        assert!(own.get(&format!("{page}/tack")).await.text().contains("Får vi visa era svar"));
        let said = own.post(&format!("{page}/delning"), &[("share", "named")]).await;
        assert_eq!(said.location(), format!("{page}/tack?klart=evaluation-consent"));
        assert_eq!((found(app, "offered=true").await, found(app, "shared=true").await), (vec![quiet.clone()], vec![named.clone()]));
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action = 'evaluation.consent_changed'"), 2);
        let early = first.another(app).await;
        early.borrower.put(&format!("/loans/{}/evaluation/share", early.loan), json!({ "share": "no" })).await
            .refused(409, "evaluation.not_submitted");
        in_step(app);
    }

    async fn a_collection_gathers_those_who_want_to_tell_more(app: &TestApp) {
        let first = Lent::out(app, "Bee-Bot").await;
        let unit = json!({ "name": "=HYPERLINK(1)", "area": "Norra", "email": "lyktan@lindvalla.example" });
        app.admin().put(&format!("/units/{}", first.unit), unit).await.ok();
        let mut answers = telling("Vi byggde en stad.");
        answers["contact"] = json!(["present", "visit_us"]);
        let willing = submitted(app, &first.another(app).await, answers).await;
        let quiet = submitted(app, &first.another(app).await, telling("Vi sjöng.")).await;
        let developer = app.developer();
        developer.post("/collections", json!({ "name": " " })).await.wrong(&["name: field.missing"]);
        let fair = developer.post("/collections", json!({ "name": "Mässan 14 maj" })).await.created();
        let path = format!("/collections/{fair}");
        for evaluation in [&willing, &quiet, &willing] {
            developer.post(&format!("{path}/evaluations"), json!({ "evaluation_id": evaluation })).await.ok();
        }
        let shown = developer.get(&path).await.ok();
        let inside: Vec<&Value> = shown["items"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
        assert_eq!(inside, [&json!(quiet), &json!(willing)]);
        assert_eq!(shown["contacts"], json!([{ "unit": "=HYPERLINK(1)", "area": "Norra", "email": "lyktan@lindvalla.example",
            "kit_type": "Bee-Bot", "offers": ["Vi berättar gärna på mässan", "Kollegor får komma och titta"] }]));
        assert_eq!(developer.get("/collections").await.ok()["items"], json!([{ "id": fair, "name": "Mässan 14 maj", "evaluations": 2 }]));
        let browser = app.browser_of(&developer);
        let file = browser.get(&format!("/samlingar/{fair}/kontakter.csv")).await.text();
        assert!(file.starts_with('\u{feff}') && file.contains("'=HYPERLINK(1);Norra;lyktan@lindvalla.example;Bee-Bot;"), "{file}");
        assert!(browser.get(&format!("/samlingar/{fair}")).await.text().contains("mailto:lyktan@lindvalla.example"));
        // It is not removed with one press.
        let page = browser.get(&format!("/samlingar/{fair}")).await.text();
        let (before, after) = page.split_once(&format!("action=\"/samlingar/{fair}/ta-bort\"")).unwrap();
        assert!(before.rsplit("<details").next().unwrap().contains("<summary>Ta bort samlingen</summary>"), "{page}");
        assert!(after.contains("Samlingen ”Mässan 14 maj” försvinner"), "{page}");
        // From the evaluation's own page, and out again.
        let sent = [("collection", fair.as_str()), ("to", "/utvarderingar")];
        assert_eq!(browser.post(&format!("/utvarderingar/{quiet}/samling"), &sent).await.location(), "/utvarderingar");
        let here = format!("/utvarderingar/{quiet}?show=unread");
        let sent = [("collection", fair.as_str()), ("to", here.as_str())];
        let put = browser.post(&format!("/utvarderingar/{quiet}/samling"), &sent).await;
        assert_eq!(put.location(), format!("{here}&klart=evaluation-gathered#gather"));
        assert!(browser.get(&format!("{here}&klart=evaluation-gathered")).await.text().contains("Utvärderingen ligger i samlingen."));
        assert_eq!(browser.post(&format!("/samlingar/{fair}/ta-ur"), &[("evaluation", &*quiet)]).await.status, 303);
        developer.delete(&format!("{path}/evaluations/{quiet}")).await.refused(404, "evaluation.not_found");
        assert_eq!(developer.put(&path, json!({ "name": "Mässan" })).await.ok()["name"], "Mässan");
        assert_eq!(browser.post(&format!("/samlingar/{fair}"), &[("name", "")]).await.status, 422);
        for other in [app.stranger()] {
            other.get(&path).await.refused(404, "collection.not_found");
            other.post(&format!("{path}/evaluations"), json!({ "evaluation_id": willing })).await.refused(404, "collection.not_found");
        }
        let foreign = app.stranger().post("/collections", json!({ "name": "Vår" })).await.created();
        app.stranger().post(&format!("/collections/{foreign}/evaluations"), json!({ "evaluation_id": willing })).await
            .refused(404, "evaluation.not_found");
        assert_eq!(developer.delete(&path).await.status, 204);
        assert_eq!(app.count("SELECT count(*) FROM collection_evaluations"), 0);
    }

    async fn a_missing_index_is_made_again(app: &TestApp) {
        let first = Lent::out(app, "Bee-Bot").await;
        for word in ["ett", "två", "tre"] {
            submitted(app, &first.another(app).await, telling(word)).await;
        }
        let before = found(app, "").await;
        app.directly(|conn| diesel::connection::SimpleConnection::batch_execute(conn, "DELETE FROM evaluation_search").unwrap());
        assert!(found(app, "").await.is_empty());
        let database = address(&app.state.config.database);
        let folder = tempfile::tempdir().unwrap();
        let run = |arguments: &[&str]| digilador(folder.path(), &database, arguments);
        let told = run(&["check"]);
        assert!(!told.status.success() && String::from_utf8_lossy(&told.stdout).contains("digilador migrate"), "{told:?}");
        assert!(done(run(&["migrate"])).contains("3 evaluations"));
        done(run(&["check"]));
        assert_eq!(found(app, "").await, before);
        assert_eq!(found(app, "q=tre").await.len(), 1);
        in_step(app);
    }
}
