//! Files to keep: answers and figures as CSV, XLSX and JSON, whatever somebody wrote.

use crate::deliveries::words;
use crate::evaluations::{Lent, complete};
use crate::support::{TestApp, both};
use chrono::TimeDelta;
use digilador::platform::spreadsheet::{self, Column};
use serde_json::{Value, json};

/// What somebody might write who means it well, or not.
fn odd() -> String {
    "=HYPERLINK(\"http://x\")<script>alert(1)</script> & 👩‍👧 \u{202e}שלום; \"citat\"\nny rad".to_owned()
}

/// The file of another municipality, with one kit type.
pub fn of_another(name: &str) -> Value {
    json!({
        "format": "digilador-exchange", "version": 1, "municipality": "Grannby <b>", "from_term": "2026-1", "to_term": "2026-2",
        "kit_types": [{
            "name": name, "evaluations": 7, "used": { "count": 6, "of": 7 }, "again": null, "lost_per_10_loans": 1.5,
            "questions": [{ "id": "fun", "n": 6, "distribution": [0, 0, 1, 2, 3] }]
        }]
    })
}

const READ: [Column; 3] = [
    Column { key: "unit", names: &["Förskola"] },
    Column { key: "fun", names: &["Barnen tyckte att det var roligt. [fun]"] },
    Column { key: "how", names: &["Hur gjorde ni? [how]"] },
];

both! {
    async fn answers_leave_unharmed_and_harm_nobody(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        let mut answers = complete();
        (answers["how"], answers["reaction"]) = (json!(odd()), json!("å".repeat(2000)));
        lent.submit(answers.clone()).await.created();
        let other = lent.another(app).await;
        (answers["how"], answers["fun"]) = (json!("-1+1|cmd"), json!("dont_know"));
        other.submit(answers).await.created();
        let developer = app.developer();

        let reply = developer.get("/evaluations/export?format=json").await;
        assert_eq!(reply.headers["content-type"], "application/json");
        let file = reply.ok();
        assert_eq!((&file["count"], file["items"].as_array().unwrap().len()), (&json!(2), 2));
        let first = &file["items"][1];
        assert_eq!((&first["answers"]["how"], &first["answers"]["reaction"]), (&json!(odd()), &json!("å".repeat(2000))));
        assert_eq!((&first["unit"]["name"], &first["share"], &first["shared"]), (&json!("Bee-Bot förskola"), &json!("named"), &json!(false)));
        assert!(file["questions"].as_array().unwrap().iter().any(|question| question["id"] == "fun" && question["kind"] == "scale"));

        let reply = developer.get("/evaluations/export").await;
        assert_eq!((reply.status, reply.headers["content-type"].to_str().unwrap()), (200, "text/csv; charset=utf-8"));
        assert!(reply.headers["content-disposition"].to_str().unwrap().contains("utvarderingar.csv"));
        let text = reply.text();
        assert!(text.starts_with("\u{feff}Id;Inskickad;Lådtyp;Förskola;"), "{text}");
        assert!(text.contains(";'-1+1|cmd;") && text.contains(";\"'=HYPERLINK(\"\"http://x\"\")<script>") && !text.contains(";="), "{text}");
        assert!(text.contains(";Vet inte;") && text.contains("3 år, 4 år") == text.contains("age_3") && text.contains("4 år, 5 år"), "{text}");
        let table = spreadsheet::read(&reply.bytes, &READ).unwrap();
        let values = |column: &str| table.rows.iter().map(|row| row.get(column).to_owned()).collect::<Vec<_>>();
        assert_eq!(values("fun"), ["Vet inte", "5"]);
        assert_eq!(values("how"), ["'-1+1|cmd".to_owned(), format!("'{}", odd())]);
        let english = developer.with("accept-language", "en").get("/evaluations/export?format=csv").await.text();
        assert!(english.starts_with("\u{feff}Id,Submitted,Kit type,"), "{english}");

        let reply = developer.get("/evaluations/export?format=xlsx").await;
        let table = spreadsheet::read(&reply.bytes, &READ).unwrap();
        assert_eq!((table.rows[1].get("how"), table.rows[1].get("fun")), (odd().as_str(), "5"));
        assert_eq!(table.rows[0].get("how"), "-1+1|cmd");

        // The same filters as the list has, and the same rights.
        let none = developer.get("/evaluations/export?format=json&q=elefant").await.ok();
        assert_eq!((&none["items"], &none["count"]), (&json!([]), &json!(0)));
        developer.get("/evaluations/export?least=9").await.wrong(&["least: field.range"]);
        assert_eq!(developer.get("/evaluations/export?format=doc").await.status, 400);
        assert_eq!(app.stranger().get("/evaluations/export?format=json").await.ok()["count"], 0);
        let browser = app.browser_of(&developer);
        let page = browser.get("/utvarderingar?q=cmd").await.text();
        assert!(page.contains("/utvarderingar/exportera?q=cmd&amp;format=xlsx") || page.contains("/utvarderingar/exportera?q=cmd&#38;format=xlsx"), "{page}");
        assert_eq!(browser.get("/utvarderingar/exportera?q=cmd&format=csv").await.text().lines().count(), 2);
    }

    async fn what_is_masked_is_in_no_file_and_many_pages_are_one_file(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        let mut answers = complete();
        answers["how"] = json!("Alva byggde en bana.");
        lent.submit(answers).await.created();
        let developer = app.developer();
        let id = developer.get("/evaluations").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
        developer.post(&format!("/evaluations/{id}/masks"), json!({ "question": "how", "passage": "Alva" })).await.ok();
        for format in ["json", "csv"] {
            let text = developer.get(&format!("/evaluations/export?format={format}")).await.text();
            assert!(text.contains("byggde en bana") && !text.contains("Alva"), "{text}");
        }
        // More than a page of the database's.
        let submit = json!({ "used": "no", "notused_why": ["no_time"] });
        for _ in 0..201 {
            lent.another(app).await.submit(submit.clone()).await.created();
        }
        let file = developer.get("/evaluations/export?format=json").await.ok();
        assert_eq!((&file["count"], file["items"].as_array().unwrap().len()), (&json!(202), 202));
        let mut ids: Vec<&str> = file["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 202);
        assert_eq!(developer.get("/evaluations/export").await.text().lines().count(), 203);
    }

    async fn figures_are_a_file_too(app: &TestApp) {
        let lent = Lent::out(app, "=Bee-Bot").await;
        for _ in 0..5 {
            let another = lent.another(app).await;
            another.submit(complete()).await.created();
        }
        let developer = app.developer();
        let file = developer.get("/reports/export?format=json").await.ok();
        let compared = developer.get("/reports/kit-types").await.ok();
        assert_eq!((&file["items"], &file["from_term"], &file["to_term"]), (&compared["items"], &json!("2026-1"), &json!("2026-2")));
        let text = developer.get("/reports/export").await.text();
        let row = text.lines().find(|line| line.contains("Bee-Bot")).unwrap();
        assert!(row.starts_with("'=Bee-Bot;nej;6;6;5;5;70;5;5;5;5;4;5;;0;0;"), "{row}");
        let reply = developer.get("/reports/export?format=xlsx").await;
        let columns = [Column { key: "type", names: &["Lådtyp"] }, Column { key: "children", names: &["Barn"] }];
        let table = spreadsheet::read(&reply.bytes, &columns).unwrap();
        let row = table.rows.iter().find(|row| row.get("type") == "=Bee-Bot").unwrap();
        assert_eq!(row.get("children"), "70");
        let page = app.browser_of(&developer).get("/statistik/exportera?format=csv&from=2025-1&to=2025-2").await.text();
        let figures: Vec<Value> = page.lines().skip(1).map(|line| json!(line.split(';').nth(3))).collect();
        assert!(figures.iter().all(|loans| loans == "0"), "{page}");
    }

    async fn a_year_is_told_on_a_page_and_on_paper(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        let mut answers = complete();
        (answers["how"], answers["value"]) = (json!(format!("Vi letade skatter. {}", odd())), json!(5));
        for _ in 0..5 {
            lent.another(app).await.submit(answers.clone()).await.created();
        }
        let developer = app.developer();
        let browser = app.browser_of(&developer);
        let page = browser.get("/statistik/arsrapport").await.text();
        assert!(!page.contains("Vi letade skatter"), "nothing is in the idea bank: {page}");
        let id = developer.get("/evaluations").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
        developer.post(&format!("/evaluations/{id}/marks"), json!({ "shared": true })).await.ok();
        let page = browser.get("/statistik/arsrapport?year=2026").await.text();
        for words in ["Årsrapport 2026 · Lindvalla kommun", "1 av 2", "Köp fler", "Vi letade skatter", "&#60;script&#62;", "5,0 (5)", "(2025: 0)", "Hösten 2026"] {
            assert!(page.to_lowercase().contains(&words.to_lowercase()), "{words}: {page}");
        }
        let one = format!("/statistik/lador/{}/arsrapport", lent.kit_type);
        let page = browser.get(&one).await.text();
        for words in ["<h1 class=\"ds-heading\">Bee-Bot</h1>", "Önskad, och värd det.", "Vi letade skatter", "4 år"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        // The year before has nothing to tell, and years that are none are this one.
        let page = browser.get(&format!("{one}?year=2025")).await.text();
        assert!(page.contains("Årsrapport 2025") && page.contains("Ingen har utvärderat under året.") && !page.contains("skatter"), "{page}");
        assert!(browser.get("/statistik/arsrapport?year=2099").await.text().contains("Årsrapport 2026"));
        for path in ["/statistik/arsrapport.pdf?year=x".to_owned(), format!("{one}.pdf?year=2026")] {
            let reply = browser.get(&path).await;
            assert_eq!((reply.status, reply.headers["content-type"].to_str().unwrap()), (200, "application/pdf"));
            assert!(reply.bytes.starts_with(b"%PDF-") && reply.bytes.len() > 5_000);
            let paper = words(&reply.bytes);
            for said in ["Vi letade skatter. =HYPERLINK(\"http://x\")<script>alert(1)</script> & 👩", "שלום", "ny rad"] {
                assert!(paper.contains(said), "{said}: {paper}");
            }
            assert!(!paper.contains("En randig ruta"), "the fonts have all of it: {paper}");
        }
    }

    async fn everything_that_changes_can_be_followed(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot").await;
        let other = lent.another(app).await;
        let developer = app.developer();
        let began = app.clock.now();
        let ids = |page: &Value| -> Vec<String> {
            page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
        };
        let since = |at: digilador::platform::db::types::Instant| at.utc().format("%Y-%m-%dT%H:%M:%SZ").to_string();
        // Each once, the one that changed longest ago first, and page by page.
        let all = developer.get(&format!("/loans?since={}", since(began))).await.ok();
        assert_eq!(ids(&all), [lent.loan.clone(), other.loan.clone()]);
        let first = developer.get(&format!("/loans?limit=1&since={}", since(began))).await.ok();
        let next = first["next"].as_str().unwrap();
        let second = developer.get(&format!("/loans?limit=1&since={}&cursor={next}", since(began))).await.ok();
        assert_eq!((ids(&first), ids(&second), &second["next"]), (vec![lent.loan.clone()], vec![other.loan.clone()], &Value::Null));
        app.advance(TimeDelta::minutes(10));
        let later = since(app.clock.now());
        assert_eq!(developer.get(&format!("/loans?since={later}")).await.ok()["items"], json!([]));
        assert_eq!(developer.get(&format!("/evaluations?since={later}")).await.ok()["items"], json!([]));
        lent.submit(complete()).await.created();
        let changed = developer.get(&format!("/loans?since={later}")).await.ok();
        assert_eq!((ids(&changed), &changed["items"][0]["evaluation"]), (vec![lent.loan.clone()], &json!("submitted")));
        // What changed while somebody pages comes at the end, as it is then.
        let rest = developer.get(&format!("/loans?since={}&cursor={next}", since(began))).await.ok();
        assert_eq!(ids(&rest), [other.loan.clone(), lent.loan.clone()]);
        let found = developer.get(&format!("/evaluations?since={later}")).await.ok();
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        other.submit(complete()).await.created();
        let id = ids(&found)[0].clone();
        developer.post(&format!("/evaluations/{id}/marks"), json!({ "starred": true })).await.ok();
        let found = developer.get(&format!("/evaluations?since={later}")).await.ok();
        assert_eq!((ids(&found).len(), &ids(&found)[1], &found["items"][1]["reading"]["starred"]), (2, &id, &json!(true)));
        let starred = developer.get(&format!("/evaluations?since={later}&starred=true")).await.ok();
        assert_eq!(ids(&starred), [id]);
        // Everyone follows what is theirs.
        assert_eq!(app.stranger().get(&format!("/loans?since={}", since(began))).await.ok()["items"], json!([]));
        let unit = app.unit("Kometen").await;
        assert_eq!(app.borrower(&unit).await.get(&format!("/loans?since={}", since(began))).await.ok()["items"], json!([]));
        assert_eq!(ids(&lent.borrower.get(&format!("/loans?since={}&status=out", since(began))).await.ok()).len(), 2);
        for odd in ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "-9999-01-01T00:00:00Z"] {
            assert!([200, 400].contains(&developer.get(&format!("/loans?since={odd}")).await.status), "{odd}");
        }
        assert_eq!(developer.get("/loans?since=i-dag").await.status, 400);
        developer.get(&format!("/loans?since={later}&cursor={}", lent.loan)).await.wrong(&["cursor: request.cursor"]);
    }

    async fn municipalities_exchange_what_many_said(app: &TestApp) {
        let lent = Lent::out(app, "Bee-Bot, 6 robotar").await;
        let mut answers = complete();
        (answers["value"], answers["how"]) = (json!("dont_know"), json!("Hemligt."));
        for fun in [5, 5, 4, 4] {
            answers["fun"] = json!(fun);
            lent.another(app).await.submit(answers.clone()).await.created();
        }
        let developer = app.developer();
        let given = developer.get("/reports/exchange").await.ok();
        assert_eq!(given["kit_types"], json!([]), "four are too few to tell of");
        lent.another(app).await.submit(json!({ "used": "no", "notused_why": ["no_time"] })).await.created();
        let given = developer.get("/reports/exchange?from_term=2026-2").await.ok();
        // Four chose a step, and four said whether they would borrow it again: too few.
        let expected = json!([{ "name": "Bee-Bot, 6 robotar", "evaluations": 5, "used": { "count": 4, "of": 5 }, "again": null,
                                "lost_per_10_loans": 0.0, "questions": [] }]);
        assert_eq!(given["kit_types"], expected);
        answers["fun"] = json!(1);
        lent.another(app).await.submit(answers).await.created();
        let given = developer.get("/reports/exchange?from_term=2026-2").await.ok();
        let one = &given["kit_types"][0];
        assert_eq!((&one["again"], &one["questions"][0]), (&json!({ "count": 5, "of": 5 }), &json!({ "id": "fun", "n": 5, "distribution": [1, 0, 0, 2, 2] })));
        assert!(!one["questions"].as_array().unwrap().iter().any(|question| question["id"] == "value"), "{one}");
        let text = given.to_string();
        assert!(!text.contains("Hemligt") && !text.contains("förskola") && !text.contains("id\":\"0"), "{text}");
        assert_eq!((&given["format"], &given["version"], &given["municipality"]), (&json!("digilador-exchange"), &json!(1), &json!("Lindvalla kommun")));

        // What one gives another can take; the same again takes its place.
        let stranger = app.stranger();
        let first = stranger.post("/exchange-files", given.clone()).await.created();
        let second = stranger.post("/exchange-files", given.clone()).await.created();
        let files = stranger.get("/exchange-files").await.ok();
        assert_eq!((files["items"].as_array().unwrap().len(), &files["items"][0]["id"]), (1, &json!(second)));
        assert_ne!(first, second);
        assert_eq!(developer.get("/exchange-files").await.ok()["items"], json!([]));

        // Theirs stands beside ours, whatever they call it after the comma.
        let browser = app.browser_of(&developer);
        let page = format!("/statistik/lador/{}", lent.kit_type);
        assert!(!browser.get(&page).await.text().contains("Andra kommuner</h2>"));
        let theirs = developer.post("/exchange-files", of_another("bee-bot (4 st)")).await.created();
        let text = browser.get(&page).await.text();
        for words in ["Andra kommuner</h2>", "Grannby &#60;b&#62;", "bee-bot (4 st)", "4,3 (6)", "86\u{a0}%", "våren 2026"] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(browser.get("/statistik/utbyte").await.text().contains("Grannby &#60;b&#62;"));
        let file = browser.get("/statistik/utbyte/fil?from=2026-2&to=2026-2").await;
        assert!(file.headers["content-disposition"].to_str().unwrap().contains("digilador-utbyte.json"));
        assert_eq!(file.json, given);
        for (change, wrong) in [
            (json!({ "version": 2 }), "version: exchange.version"),
            (json!({ "format": "x" }), "format: exchange.format"),
            (json!({ "municipality": " " }), "municipality: field.missing"),
        ] {
            let mut file = of_another("Bee-Bot");
            file.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            developer.post("/exchange-files", file).await.wrong(&[wrong]);
        }
        let mut few = of_another("Bee-Bot");
        few["kit_types"][0]["evaluations"] = json!(4);
        developer.post("/exchange-files", few).await.wrong(&["kit_types[0]: exchange.figures"]);
        stranger.delete(&format!("/exchange-files/{theirs}")).await.refused(404, "exchange_file.not_found");
        assert_eq!(developer.delete(&format!("/exchange-files/{theirs}")).await.status, 204);
        assert!(!browser.get(&page).await.text().contains("Grannby"));
    }
}
