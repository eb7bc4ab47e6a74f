//! Links by which a unit's staff write one loan's evaluation without an account: what they open, and what they do not.

use crate::evaluations::{Lent, complete, fields_of, pair, seen_on};
use crate::support::app::Mail;
use crate::support::{Browser, Reply, TestApp, both};
use chrono::TimeDelta;
use serde_json::{Value, json};

/// A unit with a mailbox of its own, and a kit handed out to it.
async fn lent(app: &TestApp, name: &str) -> Lent {
    let lent = Lent::reserved(app, name).await;
    let body = json!({ "name": format!("{name} förskola"), "email": format!("{}@lindvalla.example", lent.loan) });
    app.admin().put(&format!("/units/{}", lent.unit), body).await.ok();
    lent.scan(app, "hand_out").await;
    lent
}

/// The path of the link in a mail.
fn link_in(app: &TestApp, mail: &Mail) -> Option<String> {
    let address = mail.text.split_whitespace().find(|word| word.contains("/utvardering/"))?;
    Some(address.strip_prefix(&app.state.config.public_url).expect("an address of this server").to_owned())
}

/// The newest link that the unit of a loan was mailed.
async fn mailed(app: &TestApp, lent: &Lent) -> String {
    let mails = app.send_mails().await;
    let own = mails.iter().rev().filter(|mail| mail.to.contains(&lent.loan));
    own.filter_map(|mail| link_in(app, mail)).next().expect("a mail with a link")
}

/// Sends answers as a page does, with a button or none.
async fn send(browser: &Browser, link: &str, answers: &Value, button: Option<&str>) -> Reply {
    let mut fields = fields_of(answers);
    fields.push(("seen".to_owned(), String::new()));
    fields.extend(button.map(|button| ("save".to_owned(), button.to_owned())));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    browser.post(link, &fields).await
}

async fn release(app: &TestApp, lent: &Lent) {
    app.developer().post(&format!("/loans/{}/release", lent.loan), json!({ "reason": "Vikarie" })).await.ok();
}

both! {
    async fn a_mailed_link_opens_the_form_and_nothing_else(app: &TestApp) {
        let lent = lent(app, "Bee-Bot").await;
        let link = mailed(app, &lent).await;
        let anyone = app.browser();
        let shown = anyone.get(&link).await;
        assert_eq!(shown.status, 200);
        for words in ["Utvärdering av Bee-Bot", "Bee-Bot förskola", "Alla i arbetslaget kan fortsätta här", "Lindvalla kommun"] {
            assert!(shown.text().contains(words), "{words}");
        }
        assert_eq!(shown.header("x-robots-tag"), "noindex, nofollow");
        assert_eq!(shown.header("referrer-policy"), "strict-origin");
        assert_eq!(shown.header("cache-control"), "no-store");
        // Each answer is kept as it is given; a colleague goes on with an account.
        let saved = send(&anyone, &link, &json!({ "used": "once", "how": "Vi byggde." }), None).await;
        assert_eq!(saved.status, 200, "{}", saved.text());
        assert_eq!(lent.see().await["answers"], json!({ "used": "once", "how": "Vi byggde." }));
        lent.save(json!({ "used": "once", "how": "Vi byggde en bana." })).await.ok();
        assert!(anyone.get(&link).await.text().contains("Vi byggde en bana."));
        let draft = send(&anyone, &link, &json!({ "tips": "Börja smått." }), Some("draft")).await;
        assert_eq!(draft.location(), format!("{link}?klart=evaluation-saved"));
        // The link shows no other page of those who are signed in.
        for page in ["/vara-lan".to_owned(), "/lador".to_owned(), format!("/lan/{}", lent.loan), format!("/lan/{}/utvardering", lent.loan)] {
            assert!(anyone.get(&page).await.location().starts_with("/logga-in"), "{page}");
        }
        let refused = send(&anyone, &link, &json!({ "used": "once" }), Some("send")).await;
        assert_eq!(refused.status, 422);
        let mut fields = fields_of(&complete());
        fields.extend([("seen".to_owned(), seen_on(&refused.text())), ("save".to_owned(), "send".to_owned())]);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(anyone.post(&link, &fields).await.location(), format!("{link}/tack"));
        let thanks = anyone.get(&format!("{link}/tack")).await;
        for words in ["Tack!", "Vi tejpade en karta på golvet.", "Nästa lediga tid för en sådan låda"] {
            assert!(thanks.text().contains(words), "{words}: {}", thanks.text());
        }
        assert_eq!(lent.stands().await, pair("out", "submitted"));
        // Nobody is named as the writer, and the log tells no person.
        assert_eq!(app.count("SELECT count(*) FROM evaluations WHERE written_by IS NOT NULL"), 0);
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action = 'evaluation.submitted' AND actor_id IS NULL"), 1);
    }

    async fn every_mail_that_asks_for_the_evaluation_has_a_link(app: &TestApp) {
        let lent = lent(app, "Bee-Bot").await;
        lent.scan(app, "receive").await;
        app.advance(TimeDelta::days(9));
        digilador::loans::jobs::daily(app.state.clone()).await.unwrap();
        let mails = app.send_mails().await;
        let own: Vec<&Mail> = mails.iter().filter(|mail| mail.to.contains(&lent.loan)).collect();
        let with_link: Vec<&str> =
            own.iter().filter(|mail| link_in(app, mail).is_some()).map(|mail| mail.subject.as_str()).collect();
        assert_eq!(with_link.len(), 3, "{with_link:?} of {own:?}");
        assert!(with_link[0].contains("på väg till er") && with_link[1].contains("återstår") && with_link[2].contains("återstår"));
        let mut links: Vec<String> = own.iter().filter_map(|mail| link_in(app, mail)).collect();
        for link in &links {
            assert_eq!(app.browser().get(link).await.status, 200);
        }
        // The unit and the booker each have a link of their own; of the secrets only hashes are kept.
        links.dedup();
        assert_eq!(app.count("SELECT count(*) FROM evaluation_links"), 6);
        assert_eq!(app.count("SELECT count(*) FROM evaluation_links WHERE person_id IS NULL"), 3);
        assert_eq!(links.len(), 3);
    }

    async fn a_link_that_is_wrong_old_or_another_s_has_its_page_and_writes_nothing(app: &TestApp) {
        let (lent, other) = (lent(app, "Bee-Bot").await, lent(app, "Cubetto").await);
        let link = mailed(app, &lent).await;
        let anyone = app.browser();
        let never = json!({ "used": "no", "notused_why": ["other"] });
        let (secret, loan) = link.rsplit_once('.').unwrap();
        let tampered = format!("{}x.{loan}", &secret[..secret.len() - 1]);
        let swapped = format!("{secret}.{}", other.loan);
        let cut = secret.to_owned();
        let try_all = async |link: &str, status: u16, title: &str| {
            let shown = anyone.get(link).await;
            assert!(shown.status == status && shown.text().contains(&format!("<h1 class=\"ds-heading\">{title}</h1>")), "{link}: {} {}", shown.status, shown.text());
            assert_eq!(shown.header("x-robots-tag"), "noindex, nofollow");
            for button in [None, Some("draft"), Some("send")] {
                assert_eq!(send(&anyone, link, &never, button).await.status, status, "{link} {button:?}");
            }
            assert_eq!(anyone.get(&format!("{link}/tack")).await.status, status);
        };
        for wrong in [&*tampered, &*cut, "/utvardering/x.y"] {
            try_all(wrong, 404, "Länken fungerar inte").await;
        }
        try_all(&swapped, 404, "Länken hör till ett annat lån").await;
        app.advance(TimeDelta::days(17));
        assert_eq!(anyone.get(&link).await.status, 200);
        app.advance(TimeDelta::days(70));
        try_all(&link, 410, "Länken har gått ut").await;
        for lent in [&lent, &other] {
            assert_eq!(lent.stands().await, pair("out", "not_started"));
        }
        assert_eq!(app.count("SELECT count(*) FROM evaluations"), 0);
        // Who has an old link may have a new one mailed to the unit; it is shown to nobody.
        assert!(anyone.get(&link).await.text().contains("Mejla en ny länk till förskolan"));
        let asked = anyone.post(&format!("{link}/ny"), &[]).await;
        assert_eq!(asked.status, 200);
        assert!(!asked.text().contains("@") || !asked.text().contains(&lent.loan));
        let fresh = mailed(app, &lent).await;
        assert_ne!(fresh, link);
        assert_eq!(anyone.get(&fresh).await.status, 200);
        assert_eq!(anyone.post(&format!("{tampered}/ny"), &[]).await.status, 404);
    }

    async fn a_settled_loan_s_link_has_its_page_and_writes_nothing(app: &TestApp) {
        let lent = lent(app, "Bee-Bot").await;
        let link = mailed(app, &lent).await;
        let anyone = app.browser();
        lent.save(json!({ "used": "once" })).await.ok();
        // Released: the link ends; who signs in may write after all.
        release(app, &lent).await;
        let shown = anyone.get(&link).await;
        assert!(shown.status == 409 && shown.text().contains("Ni är klara med det här lånet"), "{}", shown.text());
        for button in [None, Some("draft"), Some("send")] {
            let sent = send(&anyone, &link, &complete(), button).await;
            assert_eq!(sent.status, 409, "{button:?}");
        }
        assert_eq!((lent.see().await["answers"].clone(), lent.stands().await), (json!({ "used": "once" }), pair("out", "released")));
        lent.submit(complete()).await.created();
        // Submitted: thanks for whoever opens it, and what was sent for who sends once more.
        assert_eq!(anyone.get(&link).await.location(), format!("{link}/tack"));
        let mut others = complete();
        others["how"] = json!("Vi ritade.");
        assert_eq!(send(&anyone, &link, &others, None).await.status, 409);
        let late = send(&anyone, &link, &others, Some("send")).await;
        assert_eq!(late.status, 409);
        for words in ["En kollega hann skicka in först", "Vi ritade.", "Vi tejpade en karta på golvet."] {
            assert!(late.text().contains(words), "{words}");
        }
        assert_eq!(lent.see().await["answers"]["how"], complete()["how"]);
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action = 'evaluation.submitted'"), 1);
        // A hand-out that is undone, and a loan that is over.
        let undone = Lent::reserved(app, "Cubetto").await;
        let undo = app.warehouse().post("/scans", json!({ "code": undone.code, "action": "hand_out" })).await.ok();
        let early = app.send_mails().await.iter().rev().find_map(|mail| link_in(app, mail)).unwrap();
        assert!(early.ends_with(&undone.loan));
        let scan = undo["scan_id"].as_str().unwrap();
        app.warehouse().post(&format!("/scans/{scan}/undo"), json!({})).await.ok();
        let shown = anyone.get(&early).await;
            assert!(shown.status == 409 && shown.text().contains("Lådan är inte utlämnad än"), "{}", shown.text());
        assert_eq!(send(&anyone, &early, &complete(), Some("send")).await.status, 409);
    }

    async fn of_two_with_the_link_one_wins_and_the_other_sees_what_was_sent(app: &TestApp) {
        let lent = lent(app, "Bee-Bot").await;
        lent.scan(app, "receive").await;
        let link = mailed(app, &lent).await;
        let sending: Vec<_> = (0..6)
            .map(|_| {
                let (browser, link) = (app.browser(), link.clone());
                tokio::spawn(async move { send(&browser, &link, &complete(), Some("send")).await })
            })
            .collect();
        let (mut won, mut late) = (0, 0);
        for reply in sending {
            let reply = reply.await.unwrap();
            match reply.status {
                303 => {
                    assert_eq!(reply.location(), format!("{link}/tack"));
                    won += 1;
                }
                409 => {
                    assert!(reply.text().contains("En kollega hann skicka in först") && reply.text().contains("Vi tejpade en karta"));
                    late += 1;
                }
                status => panic!("{status}: {}", reply.text()),
            }
        }
        assert_eq!((won, late), (1, 5));
        assert_eq!(app.count("SELECT count(*) FROM evaluations"), 1);
        assert_eq!(lent.stands().await, pair("returned", "submitted"));
    }

    async fn the_label_mails_a_link_and_shows_none(app: &TestApp) {
        let lent = lent(app, "Bee-Bot").await;
        let before = app.send_mails().await.len();
        let label = format!("/k/{}", lent.code);
        let finder = app.browser();
        let ask = format!("{label}/utvardering");
        let page = finder.get(&label).await.text();
        assert!(page.contains("Mejla länken till förskolan") && !page.contains("Bee-Bot förskola"), "{page}");
        let told = finder.post(&ask, &[]).await;
        assert!(told.location().ends_with("?klart=evaluation-link"), "{}", told.text());
        let told = finder.get(told.location()).await.text();
        assert!(told.contains("har vi mejlat länken") && !told.contains("/utvardering/") && !told.contains("Bee-Bot förskola"), "{told}");
        let mails = app.send_mails().await;
        // The unit, and who reserved.
        assert_eq!(mails.len(), before + 2);
        assert!(mails[before..].iter().all(|mail| mail.subject.contains("Länken till utvärderingen")));
        assert_eq!(finder.get(&mailed(app, &lent).await).await.status, 200);
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action = 'loan.evaluation_link_mailed'"), 1);
        // Asked again at once, nothing is sent; nor more than a few a day. The answer is the same.
        for minutes in [1, 11, 11, 11, 11, 11] {
            app.advance(TimeDelta::minutes(minutes));
            assert_eq!(finder.post(&ask, &[]).await.status, 303);
        }
        assert_eq!(app.send_mails().await.len(), before + 2 * 4);
        app.advance(TimeDelta::days(1));
        assert_eq!(finder.post(&ask, &[]).await.status, 303);
        assert_eq!(app.send_mails().await.len(), before + 2 * 5);
        // A kit that waits for no evaluation has nobody to mail; that is not told either.
        release(app, &lent).await;
        let settled = app.send_mails().await.len();
        app.advance(TimeDelta::days(1));
        assert!(finder.post(&ask, &[]).await.location().ends_with("?klart=evaluation-link"));
        assert_eq!(app.send_mails().await.len(), settled);
        let unknown = finder.post("/k/0000000/utvardering", &[]).await;
        assert!([303, 404].contains(&unknown.status));
    }

    async fn links_can_be_ended_and_are_forgotten(app: &TestApp) {
        let lent = lent(app, "Bee-Bot").await;
        let link = mailed(app, &lent).await;
        let path = format!("/loans/{}/evaluation/links", lent.loan);
        app.warehouse().delete(&path).await.refused(403, "auth.forbidden");
        lent.borrower.delete(&path).await.refused(403, "auth.forbidden");
        app.stranger().delete(&path).await.refused(404, "loan.not_found");
        assert_eq!(app.browser().get(&link).await.status, 200);
        assert_eq!(app.developer().delete(&path).await.status, 204);
        assert_eq!(app.browser().get(&link).await.status, 404);
        assert_eq!(app.count("SELECT count(*) FROM events WHERE action = 'loan.evaluation_links_ended'"), 1);
    }

    async fn a_unit_is_told_before_its_loan_ends(app: &TestApp) {
        // From Monday to the Friday of the third week.
        let lent = lent(app, "Bee-Bot").await;
        let told = async |days: i64| {
            app.advance(TimeDelta::days(days));
            for _ in 0..2 {
                digilador::loans::jobs::daily(app.state.clone()).await.unwrap();
            }
            let mails = app.send_mails().await;
            mails.into_iter().filter(|mail| mail.to.contains(&lent.loan) && mail.subject.contains("ska tillbaka")).collect::<Vec<_>>()
        };
        assert_eq!(told(14).await.len(), 0);
        let mails = told(1).await;
        assert_eq!(mails.len(), 1);
        assert_eq!(app.browser().get(&link_in(app, &mails[0]).unwrap()).await.status, 200);
        assert!(mails[0].text.contains(&format!("/lan/{}", lent.loan)), "{}", mails[0].text);
        assert_eq!(told(1).await.len(), 1);
        // With other days it is told anew, though not on the Sunday.
        let last_day = app.clock.now().utc().date_naive() + TimeDelta::days(7);
        lent.borrower.post(&format!("/loans/{}/extend", lent.loan), json!({ "last_day": last_day })).await.ok();
        assert_eq!(told(4).await.len(), 1);
        assert_eq!(told(1).await.len(), 2);
        // Who has paid already is not asked.
        let paid = lent.another(app).await;
        paid.submit(complete()).await.created();
        let before = app.count("SELECT count(*) FROM mails WHERE kind = 'loan.ends_soon'");
        told(16).await;
        assert_eq!(app.count("SELECT count(*) FROM mails WHERE kind = 'loan.ends_soon'"), before);
    }

    async fn who_has_left_the_unit_has_no_link_any_more(app: &TestApp) {
        let lent = lent(app, "Bee-Bot").await;
        let of_unit = mailed(app, &lent).await;
        let mails = app.send_mails().await;
        let of_booker = mails.iter().rev().filter(|mail| !mail.to.contains(&lent.loan)).find_map(|mail| link_in(app, mail)).unwrap();
        assert_ne!(of_booker, of_unit);
        let anyone = app.browser();
        assert_eq!(anyone.get(&of_booker).await.status, 200);
        let me = lent.borrower.get("/me").await.ok();
        let person = format!("/people/{}", me["id"].as_str().unwrap());
        let at = |unit: &str| json!({ "name": me["name"], "email": me["email"], "roles": ["borrower"], "units": [unit] });
        let elsewhere = app.unit("Kometen").await;
        let moved = app.admin().put(&person, at(&elsewhere)).await;
        assert_eq!(moved.status, 200, "{}", moved.text());
        let shut = anyone.get(&of_booker).await;
        for words in ["Länken gäller inte längre", "Mejla en ny länk till förskolan"] {
            assert!(shut.status == 410 && shut.text().contains(words), "{words}: {} {}", shut.status, shut.text());
        }
        for button in [None, Some("draft"), Some("send")] {
            assert_eq!(send(&anyone, &of_booker, &complete(), button).await.status, 410, "{button:?}");
        }
        assert_eq!(anyone.get(&of_unit).await.status, 200);
        // Back again, and removed for good. A new link goes to the unit alone.
        app.admin().put(&person, at(&lent.unit)).await.ok();
        assert_eq!(anyone.get(&of_booker).await.status, 200);
        assert_eq!(app.admin().delete(&person).await.status, 204);
        assert_eq!(anyone.get(&of_booker).await.status, 410);
        let before = app.send_mails().await.len();
        assert_eq!(anyone.post(&format!("{of_booker}/ny"), &[]).await.status, 200);
        let mails = app.send_mails().await;
        assert_eq!(mails.len(), before + 1);
        let fresh = mailed(app, &lent).await;
        assert_ne!(fresh, of_unit);
        assert_eq!(anyone.get(&fresh).await.status, 200);
    }

    async fn links_are_made_listed_and_ended_over_json(app: &TestApp) {
        let lent = lent(app, "Bee-Bot").await;
        let path = format!("/loans/{}/evaluation/links", lent.loan);
        app.warehouse().post(&path, json!({})).await.refused(403, "auth.forbidden");
        app.stranger().post(&path, json!({})).await.refused(404, "loan.not_found");
        let other = app.unit("Kometen").await;
        app.borrower(&other).await.post(&path, json!({})).await.refused(404, "loan.not_found");
        let once = lent.borrower.with("Idempotency-Key", "once");
        let made = once.post(&path, json!({})).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let address = made.json["address"].as_str().unwrap();
        let link = address.strip_prefix(&app.state.config.public_url).unwrap();
        assert_eq!(app.browser().get(link).await.status, 200);
        // A repeat makes no other, and what is kept for it does not hold the secret.
        let again = once.post(&path, json!({})).await;
        assert_eq!((again.status, &again.json["id"]), (201, &made.json["id"]));
        assert!(again.json.get("address").is_none(), "{}", again.text());
        let listed = app.developer().get(&path).await.ok();
        let items = listed["items"].as_array().unwrap();
        assert_eq!(items.len(), 3, "{listed}");
        assert_eq!((&items[0]["id"], &items[0]["personal"]), (&made.json["id"], &json!(true)));
        assert!(items.iter().all(|item| item.get("address").is_none()));
        let one = format!("{path}/{}", made.json["id"].as_str().unwrap());
        app.warehouse().delete(&one).await.refused(403, "auth.forbidden");
        assert_eq!(lent.borrower.delete(&one).await.status, 204);
        assert_eq!(app.browser().get(link).await.status, 404);
        lent.borrower.delete(&one).await.refused(404, "evaluation.link_not_found");
        for (action, times) in [("added", 1), ("ended", 1)] {
            let told = format!("SELECT count(*) FROM events WHERE action = 'loan.evaluation_link_{action}'");
            assert_eq!(app.count(&told), times, "{action}");
        }
        release(app, &lent).await;
        app.admin().post(&path, json!({})).await.refused(409, "evaluation.link_released");
        let early = Lent::reserved(app, "Cubetto").await;
        early.borrower.post(&format!("/loans/{}/evaluation/links", early.loan), json!({})).await.refused(409, "evaluation.too_early");
    }
}
