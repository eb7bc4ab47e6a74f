//! What keeps browsers safe: headers, cookies, and forms that come from here.

use crate::support::smtp::MailServer;
use crate::support::{Browser, Reply, TestApp, both};
use digilador::platform::config::Secret;
use reqwest::Method;

const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'";

both! {
    async fn every_answer_keeps_browsers_strict(app: &TestApp) {
        let browser = app.browser_of(&app.admin());
        let style = browser.get("/logga-in").await.text();
        let style = style.split('"').find(|text| text.starts_with("/static/") && text.ends_with(".css")).unwrap().to_owned();
        for path in ["/", "/logga-in", "/api/v1/me", "/api/v1/openapi.json", "/healthz", "/readyz", "/finns-inte",
                     "/api/v1/finns-inte", "/logga-in/fel", &style] {
            let reply = browser.get(path).await;
            assert_eq!(reply.header("content-security-policy"), POLICY, "{path}");
            assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(reply.header("referrer-policy"), "same-origin", "{path}");
            assert!(reply.header("permissions-policy").contains("camera=(self)"), "{path}");
            if reply.header("content-type").starts_with("text/html") {
                assert_eq!(reply.header("cache-control"), "no-store", "{path}");
            }
        }
        assert!(browser.get(&style).await.header("cache-control").contains("immutable"));
        // The reading page of the API may style itself, and still runs nothing inline.
        let docs = browser.get("/api/docs/").await;
        assert_eq!(docs.status, 200);
        assert!(!docs.header("content-security-policy").contains("script-src"));
        assert!(!docs.text().contains("://cdn") && !docs.text().contains("src=\"//"), "{}", docs.text());
    }

    async fn a_form_of_another_site_changes_nothing(app: &TestApp) {
        let browser = app.browser_of(&app.admin());
        let from = async |headers: &[(&'static str, &str)]| {
            let mut request = browser.request(Method::POST, "/api/v1/units").body(r#"{"name":"Kapad"}"#);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            Reply::of(request.header("content-type", "application/json")).await
        };
        for headers in [
            &[("origin", "https://evil.example")][..],
            &[("origin", "null")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), ("origin", &app.base)],
            // Browsers add this by themselves where a proxy asks for a password.
            &[("authorization", "Basic YTpi"), ("origin", "https://evil.example")],
            &[],
        ] {
            from(headers).await.refused(403, "request.other_site");
        }
        assert_eq!(app.count("SELECT count(*) FROM units WHERE name = 'Kapad'"), 0);
        assert_eq!(from(&[("origin", &app.base)]).await.status, 201);

        let signed_out = Browser::new(&app.base, None);
        let sent = signed_out.request(Method::POST, "/logga-in").header("origin", "https://evil.example");
        let reply = Reply::of(sent.form(&[("email", "admin@lindvalla.example")])).await;
        assert_eq!(reply.status, 403, "a stranger's page cannot sign people in either");
        assert!(reply.header("content-type").starts_with("text/html"));
    }

    async fn cookies_are_for_this_site_alone(app: &mut TestApp) {
        for over_tls in [false, true] {
            app.restart(|config| {
                if over_tls {
                    config.public_url = "https://lador.lindvalla.example".to_owned();
                }
            }).await;
            let begun = app.browser().post("/logga-in", &[("email", "admin@lindvalla.example")]).await;
            let mails = app.send_mails().await;
            let link = mails.last().unwrap().text.split("/logga-in/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
            let done = app.browser().post(&format!("/logga-in/{link}"), &[]).await;
            let name = if over_tls { "__Host-digilador=" } else { "digilador=" };
            let cookies = |reply: &Reply| -> Vec<String> {
                reply.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap().to_owned()).collect()
            };
            assert!(cookies(&done).iter().any(|cookie| cookie.starts_with(name)), "{:?}", cookies(&done));
            for cookie in cookies(&begun).into_iter().chain(cookies(&done)) {
                assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
                assert_eq!(cookie.contains("Secure"), over_tls, "{cookie}");
                assert!(!cookie.contains("Domain="), "{cookie}");
            }
            let strict = done.header("strict-transport-security");
            assert_eq!(!strict.is_empty(), over_tls, "{strict}");
        }
    }

    async fn secrets_are_kept_as_hashes(app: &mut TestApp) {
        let server = MailServer::start();
        let url = server.url.clone();
        app.restart(|config| config.smtp_url = Some(Secret(url))).await;
        app.browser().post("/logga-in", &[("email", "admin@lindvalla.example")]).await;
        app.send_mails().await;
        let mail = server.mails().remove(0);
        let secret = mail.text.split("/logga-in/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        for (table, column) in [("mails", "body"), ("events", "change")] {
            let kept = format!("SELECT count(*) FROM {table} WHERE CAST({column} AS TEXT) LIKE '%{secret}%'");
            assert_eq!(app.count(&kept), 0, "{table}");
        }
        let hashed = "SELECT count(*) FROM sign_ins WHERE length(token_hash) = 32 AND length(code_hash) = 32";
        assert_eq!(app.count(hashed), 1);
    }
}
