//! Mails: queued in the transaction of their cause, sent once, never lost.

use crate::support::smtp::MailServer;
use crate::support::{TestApp, both};
use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use digilador::mail::message::Message;
use digilador::mail::outbox;
use digilador::platform::config::Secret;
use digilador::platform::error::Error;
use digilador::platform::ids::OrganisationId;

const QUEUED: &str = "SELECT count(*) FROM mails WHERE state = 'queued'";
const SENT: &str = "SELECT count(*) FROM mails WHERE state = 'sent'";
const FAILED: &str = "SELECT count(*) FROM mails WHERE state = 'failed'";

async fn organisation(app: &TestApp) -> OrganisationId {
    app.admin().get("/me").await.ok()["organisation"]["id"].as_str().unwrap().parse().unwrap()
}

/// Queues a mail, in a transaction that ends as `end` says.
async fn queue(app: &TestApp, cause: &str, to: &str, end: Result<(), &'static str>) {
    let message = Message {
        organisation: organisation(app).await,
        kind: "test",
        cause: cause.to_owned(),
        recipient: to.to_owned(),
        subject: format!("Om {cause}: åäö"),
        body: "Hej!\n\nLådan är klar.\n.\nHälsningar".to_owned(),
    };
    let now = app.clock.now();
    let done = app.state.db.write(move |tx| {
        outbox::enqueue(tx, &message, now)?;
        end.map_err(Error::refused)
    });
    assert_eq!(done.await.is_ok(), end.is_ok());
}

/// Restarts the server so that it sends to this mail server.
async fn send_to(app: &mut TestApp, url: &str) {
    let url = url.to_owned();
    app.restart(move |config| config.smtp_url = Some(Secret(url))).await;
}

both! {
    async fn a_mail_is_queued_with_its_cause_and_sent_once(app: &mut TestApp) {
        let server = MailServer::start();
        send_to(app, &server.url).await;
        queue(app, "first", "lyktan@lindvalla.example", Ok(())).await;
        queue(app, "first", "lyktan@lindvalla.example", Ok(())).await;
        queue(app, "undone", "lyktan@lindvalla.example", Err("loan.not_found")).await;
        app.send_mails().await;
        let mails = server.mails();
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert_eq!(mails[0].to, "lyktan@lindvalla.example");
        assert_eq!(mails[0].subject, "Om first: åäö");
        assert_eq!(mails[0].text.replace("\r\n", "\n").trim_end(), "Hej!\n\nLådan är klar.\n.\nHälsningar");
        assert_eq!((app.count(SENT), app.count(QUEUED)), (1, 0));
        queue(app, "first", "lyktan@lindvalla.example", Ok(())).await;
        app.send_mails().await;
        assert_eq!(server.mails().len(), 1, "a cause that has had its mail gets no other");
    }

    async fn a_mail_server_that_is_down_delays_and_loses_nothing(app: &mut TestApp) {
        // A port that nobody listens on.
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        send_to(app, &format!("smtp://{closed}")).await;
        queue(app, "patient", "lyktan@lindvalla.example", Ok(())).await;
        app.send_mails().await;
        assert_eq!(app.count("SELECT count(*) FROM mails WHERE state = 'queued' AND attempts = 1 AND last_error IS NOT NULL"), 1);
        app.advance(TimeDelta::seconds(59));
        app.send_mails().await;
        assert_eq!(app.count("SELECT count(*) FROM mails WHERE attempts = 1"), 1, "not before its time");

        let server = MailServer::start();
        send_to(app, &server.url).await;
        app.advance(TimeDelta::seconds(1));
        app.send_mails().await;
        assert_eq!((server.mails().len(), app.count(SENT)), (1, 1));
    }

    async fn a_mail_that_cannot_arrive_waits_for_a_person(app: &mut TestApp) {
        let server = MailServer::start();
        send_to(app, &server.url).await;
        queue(app, "gone", "gone@lindvalla.example", Ok(())).await;
        queue(app, "full", "full@lindvalla.example", Ok(())).await;
        queue(app, "locked", "locked@lindvalla.example", Ok(())).await;
        app.send_mails().await;
        assert_eq!((app.count(FAILED), app.count(QUEUED)), (1, 2), "refused for good, for now, and for a wrong password");
        app.directly(|conn| conn.batch_execute("UPDATE mails SET attempts = 98 WHERE state = 'queued'").unwrap());
        for (hours, failed) in [(1, 1), (1, 3)] {
            app.advance(TimeDelta::hours(hours));
            app.send_mails().await;
            assert_eq!((app.count(FAILED), app.count(QUEUED)), (failed, 3 - failed), "each hour, a hundred times");
        }
        assert!(server.mails().is_empty());

        // A person sends it again.
        let (now, organisation) = (app.clock.now(), organisation(app).await);
        let id = app.state.db.read(move |conn| Ok(outbox::list(conn, organisation, None, 1)?[0].id)).await.unwrap();
        app.state.db.write(move |tx| outbox::retry(tx, organisation, id, now)).await.unwrap();
        assert_eq!(app.count(QUEUED), 1);
    }

    async fn a_mail_is_forgotten_after_half_a_year(app: &TestApp) {
        queue(app, "old", "lyktan@lindvalla.example", Ok(())).await;
        app.send_mails().await;
        app.advance(TimeDelta::days(outbox::KEPT_DAYS));
        queue(app, "new", "lyktan@lindvalla.example", Ok(())).await;
        app.send_mails().await;
        app.advance(TimeDelta::seconds(1));
        let before = app.clock.now() - TimeDelta::days(outbox::KEPT_DAYS);
        app.state.db.write(move |tx| outbox::forget_before(tx, before)).await.unwrap();
        assert_eq!((app.count(SENT), app.count("SELECT count(*) FROM mails WHERE cause = 'new'")), (1, 1));
    }

    async fn two_processes_do_not_send_twice(app: &mut TestApp) {
        let server = MailServer::start();
        send_to(app, &server.url).await;
        let url = server.url.clone();
        let other = app.another(move |config| config.smtp_url = Some(Secret(url))).await;
        for n in 0..40 {
            queue(app, &format!("mail {n}"), "lyktan@lindvalla.example", Ok(())).await;
        }
        tokio::join!(app.send_mails(), other.send_mails());
        let mut subjects: Vec<String> = server.mails().into_iter().map(|mail| mail.subject).collect();
        subjects.sort();
        subjects.dedup();
        assert_eq!((subjects.len(), server.mails().len(), app.count(SENT)), (40, 40, 40));
        other.stop().await;
    }

    async fn without_a_mail_server_mails_are_files(app: &TestApp) {
        queue(app, "file", "lyktan@lindvalla.example", Ok(())).await;
        let mails = app.send_mails().await;
        assert_eq!((mails.len(), mails[0].subject.as_str()), (1, "Om file: åäö"));
    }

    async fn a_sign_in_mail_is_not_kept_once_a_server_took_it(app: &mut TestApp) {
        let server = MailServer::start();
        send_to(app, &server.url).await;
        app.browser().post("/logga-in", &[("email", "admin@lindvalla.example")]).await;
        app.send_mails().await;
        assert_eq!(server.mails().len(), 1);
        assert_eq!(app.count("SELECT count(*) FROM mails WHERE kind = 'sign_in' AND subject = '' AND body = ''"), 1);
    }
}
