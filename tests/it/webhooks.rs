//! Messages to other programs, received by a real one: once each, signed, again until they are taken, and nowhere else.

use crate::evaluations::{Lent, complete};
use crate::support::{TestApp, both};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use digilador::evaluations::webhook::describe;
use digilador::webhooks::worker;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A message as it arrived.
#[derive(Debug, Clone)]
struct Arrived {
    id: String,
    timestamp: String,
    signature: String,
    body: String,
}

impl Arrived {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// What a receiver does, and what it has got.
#[derive(Clone, Default)]
struct Receiver {
    arrived: Arc<Mutex<Vec<Arrived>>>,
    /// The statuses of its next answers; then 204.
    answers: Arc<Mutex<Vec<u16>>>,
    /// How long it takes.
    wait: Duration,
}

impl Receiver {
    /// Starts it; its address.
    async fn start(&self) -> String {
        let receiver = self.clone();
        let server = HttpServer::new(move || {
            App::new().app_data(web::Data::new(receiver.clone())).default_service(web::to(take))
        });
        let server = server.workers(1).bind(("127.0.0.1", 0)).unwrap();
        let address = server.addrs()[0];
        actix_web::rt::spawn(server.run());
        format!("http://{address}/in?a=b")
    }

    fn got(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }
}

async fn take(receiver: web::Data<Receiver>, request: HttpRequest, body: String) -> HttpResponse {
    let header = |name: &str| request.headers().get(name).unwrap().to_str().unwrap().to_owned();
    actix_web::rt::time::sleep(receiver.wait).await;
    let arrived = Arrived {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
        body,
    };
    receiver.arrived.lock().unwrap().push(arrived);
    let mut answers = receiver.answers.lock().unwrap();
    let status = if answers.is_empty() { 204 } else { answers.remove(0) };
    let status = actix_web::http::StatusCode::from_u16(status).unwrap();
    HttpResponse::build(status).insert_header(("location", "/elsewhere")).finish()
}

/// HMAC-SHA-256 as RFC 2104 spells it out.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = key.to_vec();
    block.resize(64, 0);
    let pad = |with: u8| block.iter().map(|byte| byte ^ with).collect::<Vec<u8>>();
    let inner = Sha256::digest([pad(0x36).as_slice(), message].concat());
    Sha256::digest([pad(0x5c).as_slice(), &inner].concat()).to_vec()
}

/// Adds an address; its id and its secret.
async fn added(app: &TestApp, url: &str) -> (String, Vec<u8>) {
    let reply = app.admin().post("/webhooks", json!({ "name": "Plattformen", "url": url })).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    let secret = reply.json["secret"].as_str().unwrap().strip_prefix("whsec_").unwrap().to_owned();
    (reply.json["id"].as_str().unwrap().to_owned(), STANDARD.decode(secret).unwrap())
}

async fn send(app: &mut TestApp) {
    while worker::round(&app.state, describe).await.unwrap() {}
}

async fn messages(app: &TestApp, id: &str) -> Vec<Value> {
    app.admin().get(&format!("/webhooks/{id}/deliveries")).await.ok()["items"].as_array().unwrap().clone()
}

both! {
    async fn a_message_arrives_once_and_is_signed(app: &mut TestApp) {
        app.restart(|config| config.webhooks_to_private = true).await;
        let receiver = Receiver::default();
        let (id, secret) = added(app, &receiver.start().await).await;
        let lent = Lent::out(app, "Bee-Bot").await;
        let mut answers = complete();
        answers["how"] = json!("Vi byggde en bana. Sedan ville Alva räkna stegen.");
        lent.submit(answers).await.created();
        send(app).await;
        send(app).await;
        let got = receiver.got();
        assert_eq!(got.len(), 1, "{got:?}");
        let message = &got[0];
        let told = message.json();
        assert_eq!((&told["type"], &told["timestamp"]), (&json!("evaluation.submitted"), &json!("2026-11-02T08:00:00Z")));
        let data = &told["data"];
        let evaluation = app.developer().get("/evaluations").await.ok()["items"][0].clone();
        for field in ["loan_id", "kit_type", "unit", "submitted_at", "share"] {
            assert_eq!(data[field], evaluation[field], "{field}");
        }
        assert_eq!(data["evaluation_id"], evaluation["id"]);
        assert!(data["link"].as_str().unwrap().ends_with(&format!("/utvarderingar/{}", evaluation["id"].as_str().unwrap())), "{data}");
        assert_eq!((&data["answers"]["fun"], &data["answers"]["ages"]), (&json!(5), &json!(["age_4", "age_5"])));
        let how = data["answers"]["how"].as_str().unwrap();
        assert!(how.contains("räkna stegen") && !how.contains("Alva"), "{how}");
        let signed = format!("{}.{}.{}", message.id, message.timestamp, message.body);
        assert_eq!(message.signature, format!("v1,{}", STANDARD.encode(hmac(&secret, signed.as_bytes()))));
        assert_eq!(message.timestamp, app.clock.now().utc().timestamp().to_string());
        let listed = messages(app, &id).await;
        assert_eq!((&listed[0]["id"], &listed[0]["state"], &listed[0]["attempts"]), (&json!(message.id), &json!("sent"), &json!(1)));

        // Sent again, it is the same message at another time.
        app.advance(TimeDelta::minutes(5));
        let browser = app.browser_of(&app.admin());
        browser.post(&format!("/admin/program/{id}/igen"), &[("delivery", &message.id)]).await;
        send(app).await;
        let got = receiver.got();
        assert_eq!((got.len(), &got[1].id), (2, &message.id));
        assert_ne!(got[1].timestamp, message.timestamp);
        let page = browser.get(&format!("/admin/program/{id}")).await.text();
        assert!(page.contains("Skickat") && page.contains("Får meddelanden") && !page.contains("whsec_"), "{page}");

        // Paused, nothing leaves; then what waited does. Removed, nothing is told any more.
        browser.post(&format!("/admin/program/{id}/pausa"), &[]).await;
        lent.another(app).await.submit(complete()).await.created();
        send(app).await;
        assert_eq!(receiver.got().len(), 2);
        assert_eq!(app.admin().get("/webhooks").await.ok()["items"][0]["waiting"], 1);
        app.admin().post(&format!("/webhooks/{id}/resume"), json!({})).await.ok();
        send(app).await;
        assert_eq!(receiver.got().len(), 3);
        assert_eq!(app.admin().delete(&format!("/webhooks/{id}")).await.status, 204);
        lent.another(app).await.submit(complete()).await.created();
        send(app).await;
        assert_eq!((receiver.got().len(), app.count("SELECT count(*) FROM webhook_deliveries")), (3, 0));
    }

    async fn a_message_is_tried_again_and_given_up(app: &mut TestApp) {
        app.restart(|config| config.webhooks_to_private = true).await;
        let receiver = Receiver::default();
        let (id, _) = added(app, &receiver.start().await).await;
        receiver.answers.lock().unwrap().extend([500, 302, 404]);
        let lent = Lent::out(app, "Bee-Bot").await;
        lent.submit(complete()).await.created();
        for (tried, (wait, state)) in [(5, "queued"), (300, "queued"), (1_800, "queued"), (0, "sent")].into_iter().enumerate() {
            send(app).await;
            let listed = messages(app, &id).await;
            assert_eq!((&listed[0]["state"], &listed[0]["attempts"]), (&json!(state), &json!(tried + 1)), "{listed:?}");
            app.advance(TimeDelta::seconds(wait));
        }
        // A redirect is not followed, and every try is one message.
        let got = receiver.got();
        assert_eq!(got.len(), 4);
        assert!(got.iter().all(|one| one.id == got[0].id));

        receiver.answers.lock().unwrap().extend([503; 20]);
        lent.another(app).await.submit(complete()).await.created();
        let began = app.clock.now();
        for _ in 0..10 {
            send(app).await;
            app.advance(TimeDelta::hours(24));
        }
        assert_eq!(receiver.got().len(), 14, "ten tries");
        assert!(app.clock.now() - TimeDelta::days(10) >= began);
        let webhook = &app.admin().get("/webhooks").await.ok()["items"][0];
        assert_eq!((&webhook["state"], &webhook["failed"]), (&json!("failing"), &json!(1)));
        let mails = app.send_mails().await;
        let mail = mails.iter().find(|mail| mail.subject.contains("Plattformen")).expect("a mail to the administrator");
        assert!(mail.to.contains("admin@lindvalla.example") && mail.text.contains("503") && mail.text.contains(&id), "{mail:?}");
        // Nothing is lost meanwhile: it waits until somebody lets it go on.
        lent.another(app).await.submit(complete()).await.created();
        send(app).await;
        assert_eq!(receiver.got().len(), 14);
        receiver.answers.lock().unwrap().clear();
        app.admin().post(&format!("/webhooks/{id}/resume"), json!({})).await.ok();
        send(app).await;
        assert_eq!(receiver.got().len(), 15);
        // Who is no more gets nothing more.
        receiver.answers.lock().unwrap().push(410);
        lent.another(app).await.submit(complete()).await.created();
        send(app).await;
        assert_eq!(app.admin().get("/webhooks").await.ok()["items"][0]["state"], "gone");
    }

    async fn a_slow_receiver_keeps_no_other_waiting(app: &mut TestApp) {
        app.restart(|config| config.webhooks_to_private = true).await;
        let slow = Receiver { wait: Duration::from_secs(30), ..Receiver::default() };
        let quick = Receiver::default();
        let (slow_id, _) = added(app, &slow.start().await).await;
        added(app, &quick.start().await).await;
        let lent = Lent::out(app, "Bee-Bot").await;
        lent.submit(complete()).await.created();
        let (stop, stopping) = tokio::sync::watch::channel(false);
        let worker = actix_web::rt::spawn(worker::work(app.state.clone(), describe, stopping));
        let began = std::time::Instant::now();
        let until = |count: usize| {
            let quick = quick.clone();
            async move {
                for _ in 0..80 {
                    if quick.got().len() == count {
                        return;
                    }
                    actix_web::rt::time::sleep(Duration::from_millis(100)).await;
                }
                panic!("{} of {count} arrived", quick.got().len());
            }
        };
        until(1).await;
        lent.another(app).await.submit(complete()).await.created();
        until(2).await;
        assert!(began.elapsed() < Duration::from_secs(9), "the slow one was waited for");
        stop.send(true).unwrap();
        worker.await.unwrap();
        // It took too long, and is tried again.
        let listed = messages(app, &slow_id).await;
        let first = listed.last().unwrap();
        assert_eq!((&first["state"], &first["attempts"]), (&json!("queued"), &json!(1)), "{listed:?}");
        assert!(first["last_error"].as_str().unwrap().contains("time"), "{first}");
    }

    async fn messages_go_nowhere_inside(app: &mut TestApp) {
        let admin = app.admin();
        for (url, code) in [
            ("", "field.missing"),
            ("http://data.lindvalla.se/", "webhook.https"),
            ("http://127.0.0.1:80/", "webhook.https"),
            ("https://127.0.0.1/", "webhook.private"),
            ("https://[::1]/", "webhook.private"),
            ("https://10.0.0.1/", "webhook.private"),
            ("https://169.254.169.254/latest/meta-data", "webhook.private"),
            ("https://me:secret@data.lindvalla.se/", "webhook.url"),
        ] {
            let wrong = format!("url: {code}");
            admin.post("/webhooks", json!({ "name": "Plattformen", "url": url })).await.wrong(&[wrong.as_str()]);
        }
        // What was allowed once is looked at again at each try.
        let receiver = Receiver::default();
        app.restart(|config| config.webhooks_to_private = true).await;
        let (id, _) = added(app, &receiver.start().await).await;
        app.restart(|config| config.webhooks_to_private = false).await;
        Lent::out(app, "Bee-Bot").await.submit(complete()).await.created();
        send(app).await;
        assert!(receiver.got().is_empty());
        let listed = messages(app, &id).await;
        assert!(listed[0]["last_error"].as_str().unwrap().contains("private"), "{listed:?}");
        let page = app.browser_of(&app.admin()).post("/admin/program", &[("name", "X"), ("url", "https://10.0.0.1/")]).await;
        assert_eq!(page.status, 422);
        assert!(page.text().contains("privat nät"), "{}", page.text());
    }
}
