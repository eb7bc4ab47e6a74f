//! Kit types and kits: what there is to lend.

use crate::support::{TestApp, both};
use serde_json::{Value, json};

fn bee_bot() -> Value {
    json!({
        "name": "Bee-Bot", "age_from": 3, "age_to": 6,
        "contents": [
            { "name": "Bee-Bot", "quantity": 6, "kind": "essential" },
            { "name": "Karta", "quantity": 2, "kind": "replaceable" },
        ],
    })
}

async fn kit_type(app: &TestApp, name: &str) -> String {
    app.admin().post("/kit-types", json!({ "name": name })).await.created()
}

async fn kit(app: &TestApp, kit_type: &str) -> Value {
    let added = app.warehouse().post("/kits", json!({ "kit_type_id": kit_type })).await;
    assert_eq!(added.status, 201, "{}", added.text());
    added.json
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

both! {
    async fn a_kit_type_is_added_changed_and_retired(app: &TestApp) {
        let admin = app.admin();
        let added = admin.post("/kit-types", bee_bot()).await;
        assert_eq!(added.json["loan_days"], 21);
        assert_eq!(added.json["turnaround_days"], 3);
        assert_eq!(added.json["screen"], "none");
        let added_line = added.json["contents"][0]["id"].clone();
        let id = added.created();

        let mut change = bee_bot();
        change["name"] = json!("Bee-Bot röd");
        change["contents"] = json!([{ "name": "Laddstation", "quantity": 1, "kind": "essential" }]);
        let path = format!("/kit-types/{id}");
        let changed = admin.with("if-match", "\"1\"").put(&path, change.clone()).await.ok();
        assert_eq!((text(&changed, "name"), &changed["version"]), ("Bee-Bot röd", &json!(2)));
        admin.with("if-match", "\"1\"").put(&path, change.clone()).await.refused(412, "request.changed_meanwhile");
        let seen = app.developer().get(&path).await.ok();
        assert_eq!(seen["contents"].as_array().unwrap().len(), 1);
        assert_eq!(seen["contents"][0]["name"], "Laddstation");
        assert_ne!(seen["contents"][0]["id"], added_line);

        let code = text(&kit(app, &id).await, "code").to_owned();
        admin.delete(&path).await.refused(409, "kit_type.has_kits");
        assert_eq!(admin.delete(&format!("/kits/{code}")).await.status, 204);
        assert_eq!(admin.delete(&path).await.status, 204);
        assert_eq!(admin.get("/kit-types").await.ok()["items"], json!([]));
        assert_eq!(admin.get(&path).await.ok()["retired"], true);
        admin.put(&path, change).await.refused(409, "kit_type.retired");
        admin.post("/kits", json!({ "kit_type_id": id })).await.refused(409, "kit_type.retired");
        for action in ["added", "changed", "retired"] {
            assert_eq!(app.count(&format!("SELECT count(*) FROM events WHERE action = 'kit_type.{action}'")), 1);
        }
    }

    async fn every_wrong_field_is_named(app: &TestApp) {
        let admin = app.admin();
        let bad = json!({
            "name": " ", "age_from": 7, "age_to": 3, "loan_days": 0, "turnaround_days": 91,
            "contents": [
                { "name": "Bee-Bot", "quantity": 1, "kind": "essential" },
                { "name": "", "quantity": 0, "kind": "consumable" },
            ],
        });
        admin.post("/kit-types", bad).await.wrong(&[
            "name: field.missing", "age_to: kit_type.ages_reversed", "loan_days: field.range",
            "turnaround_days: field.range", "contents[1].name: field.missing", "contents[1].quantity: field.range",
        ]);
        let kind = json!({ "name": "A", "contents": [{ "name": "B", "quantity": 1, "kind": "loose" }] });
        admin.post("/kit-types", kind).await.wrong(&["contents[0].kind: request.field_type"]);
        kit_type(app, "Cubetto").await;
        admin.post("/kit-types", json!({ "name": "Cubetto" })).await.wrong(&["name: kit_type.name_taken"]);
        let nowhere = "01900000-0000-7000-8000-000000000000";
        admin.post("/kits", json!({ "kit_type_id": nowhere })).await.wrong(&["kit_type_id: kit_type.not_found"]);
        admin.get(&format!("/kit-types/{nowhere}")).await.refused(404, "kit_type.not_found");
    }

    async fn the_catalogue_is_searched_in_any_case(app: &TestApp) {
        for (name, from, to, screen) in
            [("Blue-Bot", 3, 6, "partly"), ("Ölandsroboten", 5, 9, "none"), ("ÄPPELBOT", 1, 3, "screen")]
        {
            let body = json!({ "name": name, "age_from": from, "age_to": to, "screen": screen });
            app.admin().post("/kit-types", body).await.created();
        }
        let names = async |query: &str| {
            let list = app.developer().get(&format!("/kit-types?{query}")).await.ok();
            list["items"].as_array().unwrap().iter().map(|item| text(item, "name").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names("q=BOT").await, ["Blue-Bot", "ÄPPELBOT", "Ölandsroboten"]);
        assert_eq!(names("q=%C3%B6land").await, ["Ölandsroboten"]);
        assert_eq!(names("q=%C3%A4ppel").await, ["ÄPPELBOT"]);
        assert_eq!(names("q=%25").await, [""; 0]);
        assert_eq!(names("age=3").await, ["Blue-Bot", "ÄPPELBOT"]);
        assert_eq!(names("age=4&screen=partly").await, ["Blue-Bot"]);
        // Spelling, hyphens and endings are forgiven, å, ä and ö are not; names come before what is in the box.
        let cubetto = json!({
            "name": "Cubetto", "description": "Liknar en Blue-Bot.", "get_started": "Börja på mattan.",
            "contents": [{ "name": "Programbräda", "quantity": 1, "kind": "essential" }],
        });
        app.admin().post("/kit-types", cubetto).await.created();
        assert_eq!(names("q=bluebott").await, ["Blue-Bot", "Cubetto"]);
        assert_eq!(names("q=programbr%C3%A4dor").await, ["Cubetto"]);
        assert_eq!(names("q=programbrada").await, [""; 0]);
        assert_eq!(names("q=mattor").await, ["Cubetto"]);
        assert_eq!(names("q=cubeto&age=9&screen=screen").await, [""; 0]);
        assert_eq!(names("q=bot%20cubetto").await, ["Cubetto"]);
        // The pages of a search go on where the last ended.
        let page = app.developer().get("/kit-types?q=blue%20bot&limit=1").await.ok();
        let next = text(&page, "next").replace(' ', "%20");
        assert_eq!(names(&format!("q=blue%20bot&limit=1&cursor={next}")).await, ["Cubetto"]);
        app.developer().get("/kit-types?cursor=x").await.wrong(&["cursor: request.cursor"]);
        app.developer().get("/kit-types?screen=wide").await.refused(400, "request.malformed_query");
    }

    async fn kits_get_codes_and_letters_of_their_own(app: &TestApp) {
        let id = kit_type(app, "Bee-Bot").await;
        let warehouse = app.warehouse();
        let first = kit(app, &id).await;
        let named = warehouse.post("/kits", json!({ "kit_type_id": id, "copy": " c ", "shelf": " B3 " })).await;
        assert_eq!((text(&named.json, "copy"), text(&named.json, "shelf")), ("C", "B3"));
        let second = kit(app, &id).await;
        assert_eq!((text(&first, "copy"), text(&second, "copy")), ("A", "B"));
        assert_eq!(text(&kit(app, &id).await, "copy"), "D");
        assert_ne!(first["code"], second["code"]);
        warehouse.post("/kits", json!({ "kit_type_id": id, "copy": "a" })).await.wrong(&["copy: kit.copy_taken"]);

        let list = app.developer().get(&format!("/kits?kit_type_id={id}&limit=3")).await.ok();
        assert_eq!(list["items"].as_array().unwrap().len(), 3);
        let rest = app.developer().get(&format!("/kits?cursor={}", text(&list, "next"))).await.ok();
        assert_eq!((rest["items"].as_array().unwrap().len(), rest["next"].clone()), (1, Value::Null));

        let path = format!("/kits/{}", text(&first, "code").to_lowercase());
        let moved = warehouse.put(&path, json!({ "copy": "Z", "shelf": "C1" })).await.ok();
        assert_eq!((text(&moved, "copy"), text(&moved, "shelf"), &moved["code"]), ("Z", "C1", &first["code"]));
        warehouse.put(&path, json!({ "copy": "B" })).await.wrong(&["copy: kit.copy_taken"]);
    }

    async fn a_kit_that_is_reserved_is_not_retired(app: &TestApp) {
        let id = kit_type(app, "Bee-Bot").await;
        let code = text(&kit(app, &id).await, "code").to_owned();
        let path = format!("/kits/{code}");
        let unit = app.unit("Lyktans förskola").await;
        let loan = json!({ "kit_type_id": id, "unit_id": unit, "first_day": "2026-11-09", "last_day": "2026-11-20" });
        let loan = app.borrower(&unit).await.post("/loans", loan).await.created();
        app.warehouse().delete(&path).await.refused(409, "kit.reserved");
        app.admin().post(&format!("/loans/{loan}/cancel"), json!({})).await.ok();
        assert_eq!(app.warehouse().delete(&path).await.status, 204);
        app.warehouse().delete(&path).await.refused(409, "kit.retired");
        app.warehouse().put(&path, json!({ "copy": "A" })).await.refused(409, "kit.retired");
        // Its letter stays taken, as its code does.
        assert_eq!(text(&kit(app, &id).await, "copy"), "B");
    }

    async fn each_role_may_do_its_part_and_nobody_another_s(app: &TestApp) {
        let id = kit_type(app, "Bee-Bot").await;
        let code = text(&kit(app, &id).await, "code").to_owned();
        app.warehouse().post("/kit-types", bee_bot()).await.refused(403, "auth.forbidden");
        app.developer().post("/kits", json!({ "kit_type_id": id })).await.refused(403, "auth.forbidden");
        app.signed_out().get("/kits").await.refused(401, "auth.signed_out");
        let stranger = app.stranger();
        assert_eq!(stranger.get("/kit-types").await.ok()["items"], json!([]));
        assert_eq!(stranger.get("/kits").await.ok()["items"], json!([]));
        stranger.get(&format!("/kit-types/{id}")).await.refused(404, "kit_type.not_found");
        stranger.put(&format!("/kit-types/{id}"), bee_bot()).await.refused(404, "kit_type.not_found");
        stranger.post("/kits", json!({ "kit_type_id": id })).await.wrong(&["kit_type_id: kit_type.not_found"]);
        stranger.put(&format!("/kits/{code}"), json!({ "copy": "B" })).await.refused(404, "kit.unknown_code");
        stranger.delete(&format!("/kits/{code}")).await.refused(404, "kit.unknown_code");
        for odd in ["7K3M9QX1", "u", "%20", "7K3M9QZ"] {
            app.warehouse().delete(&format!("/kits/{odd}")).await.refused(404, "kit.unknown_code");
        }
    }

    async fn kits_added_at_once_share_no_letter_and_no_code(app: &TestApp) {
        let id = kit_type(app, "Bee-Bot").await;
        let adding: Vec<_> = (0..16)
            .map(|_| {
                let (warehouse, body) = (app.warehouse(), json!({ "kit_type_id": id }));
                actix_web::rt::spawn(async move { warehouse.post("/kits", body).await.status })
            })
            .collect();
        for added in adding {
            assert_eq!(added.await.unwrap(), 201);
        }
        assert_eq!(app.count("SELECT count(DISTINCT copy) FROM kits"), 16);
        assert_eq!(app.count("SELECT count(DISTINCT code) FROM kits"), 16);
    }
}
