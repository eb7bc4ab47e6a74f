//! Bad requests: each has its own status and code, and a sentence in the caller's language.

use crate::support::{Actor, Reply, TestApp, both};
use reqwest::Method;
use serde_json::json;

async fn send(actor: &Actor, content_type: &str, body: impl Into<reqwest::Body>) -> Reply {
    Reply::of(actor.request(Method::POST, "/units").header("content-type", content_type).body(body)).await
}

both! {
    async fn bodies_that_cannot_be_read(app: &TestApp) {
        let admin = app.admin();
        for malformed in ["{", "{\"name\":", "{\"name\": \"x\"} y", "\u{feff}{}", "{\"name\": \"\\ud800\"}"] {
            send(&admin, "application/json", malformed).await.refused(400, "request.malformed_json");
        }
        send(&admin, "application/json", vec![b'{', b'"', 0xff, b'"', b':', b'1', b'}']).await
            .refused(400, "request.malformed_json");
        for other in ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp"] {
            send(&admin, other, r#"{"name":"x"}"#).await.refused(415, "request.content_type");
        }
        let large = format!(r#"{{"name":"{}"}}"#, "x".repeat(1 << 20));
        send(&admin, "application/json", large).await.refused(413, "request.too_large");
        assert_eq!(send(&admin, "Application/JSON; charset=utf-8", r#"{"name":"x"}"#).await.status, 201);
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(send(&admin, "application/json", deep).await.status, 422);
    }

    async fn fields_that_do_not_fit(app: &TestApp) {
        let admin = app.admin();
        admin.post("/units", json!({})).await.wrong(&["name: request.field_missing"]);
        admin.post("/units", json!({ "name": "x", "colour": 1 })).await.wrong(&["colour: request.field_unknown"]);
        admin.post("/units", json!({ "name": 7 })).await.wrong(&["name: request.field_type"]);
        for other in [json!([]), json!(["x"]), json!("x"), json!(1), json!(null)] {
            admin.post("/units", other).await.wrong(&["body: request.field_type"]);
        }
        admin.post("/units", json!({ "name": "x", "children": 1e30 })).await.wrong(&["children: request.field_type"]);
        let person = json!({ "name": "x", "email": "x@y.se", "roles": ["warehouse", "king"] });
        admin.post("/people", person).await.wrong(&["roles[1]: request.field_type"]);
        for hidden in ["a\u{0}b", "a\nb"] {
            admin.post("/units", json!({ "name": hidden })).await.wrong(&["name: field.one_line"]);
        }
    }

    async fn addresses_that_lead_nowhere(app: &TestApp) {
        let admin = app.admin();
        for path in ["/units/7", "/nothing", "/units/01900000-0000-7000-8000-000000000000/x", ""] {
            admin.put(path, json!({ "name": "x" })).await.refused(404, "request.no_such_page");
        }
        admin.put("/units/01900000-0000-7000-8000-000000000000", json!({ "name": "x" })).await
            .refused(404, "unit.not_found");
        let page = app.browser().get("/finns-inte").await;
        assert_eq!(page.status, 404);
        assert!(page.header("content-type").starts_with("text/html") && page.text().contains("<h1"), "{}", page.text());
    }

    async fn a_method_that_an_address_lacks(app: &TestApp) {
        let admin = app.admin();
        let reply = admin.delete("/units").await;
        reply.refused(405, "request.wrong_method");
        assert_eq!(reply.header("allow"), "GET, POST");
        let id = app.unit("Lyktan").await;
        let get = admin.get(&format!("/units/{id}")).await;
        assert_eq!((get.status, get.header("allow")), (405, "PUT"));
        // What can be read can be asked about.
        for (path, status) in [("/units".to_owned(), 200), (format!("/units/{id}"), 405)] {
            let head = Reply::of(admin.request(Method::HEAD, &path)).await;
            assert_eq!((head.status, head.bytes.len()), (status, 0), "{path}");
        }
        let page = Reply::of(app.browser().request(Method::HEAD, "/logga-in")).await;
        assert_eq!((page.status, page.bytes.len()), (200, 0));
    }

    async fn pages_of_lists_have_bounds(app: &TestApp) {
        for limit in ["0", "201", "-1", "many", "99999999999"] {
            for list in ["units", "kit-types", "loans", "events"] {
                app.admin().get(&format!("/{list}?limit={limit}")).await.wrong(&["limit: field.range"]);
            }
        }
        for list in ["kits", "loans", "events"] {
            app.admin().get(&format!("/{list}?cursor=7")).await.wrong(&["cursor: request.cursor"]);
        }
        for limit in ["1", "200"] {
            app.admin().get(&format!("/units?limit={limit}")).await.ok();
        }
    }

    async fn the_sentence_is_in_the_caller_s_language(app: &TestApp) {
        let mut told = Vec::new();
        for language in ["sv", "en-GB, en;q=0.9", "da", "fi"] {
            let actor = app.warehouse().with("accept-language", language);
            let reply = actor.get("/people").await;
            reply.refused(403, "auth.forbidden");
            told.push(reply.json["detail"].as_str().unwrap().to_owned());
        }
        assert_eq!(told[0], told[3], "Swedish is what is left");
        told.dedup();
        assert_eq!(told.len(), 4, "{told:?}");

        let wrong = app.admin().with("accept-language", "da").post("/units", json!({ "name": "" })).await;
        let swedish = app.admin().post("/units", json!({ "name": "" })).await;
        assert_ne!(wrong.json["errors"][0]["detail"], swedish.json["errors"][0]["detail"]);
    }

    async fn who_is_signed_out_is_asked_to_sign_in(app: &TestApp) {
        let reply = app.signed_out().get("/units").await;
        reply.refused(401, "auth.signed_out");
        assert_eq!(reply.header("www-authenticate"), "Bearer");
    }
}
