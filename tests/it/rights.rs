//! Who may do what: every operation of the API's document, tried by everyone.

use crate::support::contract::{self, Operation, World};
use crate::support::{Actor, Reply, TestApp, both, source};
use reqwest::Method;
use serde_json::json;

/// What only the first organisation's data says.
pub const MARKS: [&str; 4] = ["Zyxellyktan", "Zyxelbot", "zyxel@lindvalla.example", "Zyxelkörkort"];

/// A unit with a loan, a loan that is evaluated, and everything else that an address can name.
pub async fn world(app: &TestApp) -> (World, Actor) {
    let (admin, warehouse) = (app.admin(), app.warehouse());
    let unit = json!({ "name": "Zyxellyktan", "email": "zyxel@lindvalla.example" });
    let unit = admin.post("/units", unit).await.created();
    let borrower = app.borrower(&unit).await;
    let contents = json!([{ "name": "Robot", "quantity": 6, "kind": "essential" }]);
    let kit_type = json!({ "name": "Zyxelbot", "contents": contents });
    let kit_type = admin.post("/kit-types", kit_type).await.created();
    for _ in 0..2 {
        warehouse.post("/kits", json!({ "kit_type_id": kit_type })).await.created();
    }
    let wish = |first: &str, last: &str| json!({ "kit_type_id": kit_type, "unit_id": unit, "first_day": first, "last_day": last });
    let over = borrower.post("/loans", wish("2026-11-02", "2026-11-06")).await;
    let (over, code) = (over.json["id"].as_str().unwrap().to_owned(), over.json["kit_code"].clone());
    for action in ["hand_out", "receive"] {
        warehouse.post("/scans", json!({ "code": code, "action": action })).await.ok();
    }
    let late = uuid::Uuid::now_v7().to_string();
    let waited = json!({ "id": late, "code": code, "action": "receive", "scanned_at": "2026-11-02T07:59:00Z" });
    warehouse.post("/scans", waited).await.refused(409, "loan.already_received");
    let code_of = code.as_str().unwrap().to_owned();
    let extra = json!([{ "kind": "extra", "name": "Zyxelbot", "quantity": 1 }]);
    let check = warehouse.post(&format!("/kits/{code_of}/checks"), json!({ "deviations": extra })).await;
    let deviation = check.json["deviations"][0]["id"].as_str().unwrap().to_owned();
    let photo = warehouse.request(Method::POST, &format!("/deviations/{deviation}/photos"));
    let photo = Reply::of(photo.header("content-type", "image/png").body(crate::pictures::png())).await;
    let photo = photo.json["address"].as_str().unwrap()["/foton/".len()..].trim_end_matches(".jpg").to_owned();
    let service = json!({ "code": code, "kind": "clean", "first_day": "2027-03-01", "last_day": "2027-03-02", "note": "Zyxelbot" });
    let service = warehouse.post("/service-jobs", service).await.created();
    let webhook = json!({ "name": "Zyxelbot", "url": "https://data.lindvalla.example/in" });
    let webhook = admin.post("/webhooks", webhook).await.created();
    let link = borrower.post(&format!("/loans/{over}/evaluation/links"), json!({})).await.created();
    let answers = json!({ "answers": { "used": "no", "notused_why": ["no_time"] } });
    assert_eq!(borrower.post(&format!("/loans/{over}/evaluation/submit"), answers).await.status, 201);
    let evaluation = app.developer().get("/evaluations").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
    let delivery =
        admin.get(&format!("/webhooks/{webhook}/deliveries")).await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
    let exchanged = app.developer().post("/exchange-files", crate::exports::of_another("Zyxelbot")).await.created();
    let collection = app.developer().post("/collections", json!({ "name": "Zyxelbot" })).await.created();
    let gathered = json!({ "evaluation_id": evaluation });
    app.developer().post(&format!("/collections/{collection}/evaluations"), gathered).await.ok();
    let form = app.developer().get("/forms").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
    let loan = borrower.post("/loans", wish("2026-11-16", "2026-11-20")).await.created();
    let person = json!({ "name": "Zyxel", "email": "z@lindvalla.example", "roles": ["warehouse"] });
    let person = admin.post("/people", person).await.created();
    let token = admin.post("/tokens", json!({ "name": "Prov" })).await.created();
    let closure = json!({ "first_day": "2027-07-12", "last_day": "2027-08-08", "reason": "Sommar" });
    let closure = admin.post("/closures", closure).await.created();
    let picture = admin.request(Method::POST, &format!("/kit-types/{kit_type}/pictures?alt=Zyxelbot"));
    let picture = Reply::of(picture.header("content-type", "image/png").body(crate::pictures::png())).await.created();
    let course = app.developer().post("/courses", json!({ "name": "Zyxelkörkort" })).await.created();
    let date = json!({ "day": "2026-12-01", "seats": 9 });
    let date = app.developer().post(&format!("/courses/{course}/dates"), date).await.created();
    let certificate = json!({ "course_id": course, "completed_on": "2026-11-02", "units": [unit] });
    let certificate = warehouse.post("/certificates", certificate).await.json["items"][0]["id"].clone();
    borrower.post(&format!("/calendars?unit_id={unit}"), json!({})).await.created();
    // Nothing answers there.
    let printer = json!({ "name": "Zyxelskrivaren", "address": "ipp://127.0.0.1:9/ipp/print" });
    let printer = warehouse.post("/printers", printer).await.created();
    let job = warehouse.post("/print-jobs", json!({ "printer_id": printer })).await.created();
    let round = json!({ "name": "Våren 2027", "first_day": "2027-01-11", "last_day": "2027-06-11",
                        "opens_on": "2026-11-02", "closes_on": "2026-11-20" });
    let round = admin.post("/rounds", round).await.created();
    let wishes = json!({ "wishes": [{ "kit_type_id": kit_type }] });
    borrower.put(&format!("/rounds/{round}/units/{unit}/wishes"), wishes).await.ok();
    admin.post(&format!("/rounds/{round}/allocate"), json!({ "close": true })).await.ok();
    let allocation = admin.get(&format!("/rounds/{round}/allocation")).await.ok()["items"][0]["id"].clone();
    let stocktake = warehouse.post("/stocktakes", json!({ "shelves": [] })).await.created();
    let counted = json!({ "code": code, "shelf": "Zyxelbot" });
    warehouse.post(&format!("/stocktakes/{stocktake}/scans"), counted).await.ok();
    app.browser().post("/logga-in", &[("email", "admin@lindvalla.example")]).await;

    let code = code.as_str().unwrap().to_owned();
    let queued =
        json!({ "kit_type_id": kit_type, "unit_id": unit, "earliest_day": "2027-05-03", "latest_day": "2027-05-31" });
    let queued = borrower.post("/queue", queued).await.created();
    let in_path = [
        ("queue", queued),
        ("units", unit.clone()),
        ("kit-types", kit_type.clone()),
        ("kits", code.clone()),
        ("loans", loan.clone()),
        ("links", link),
        ("scans", late.clone()),
        ("late-scans", late),
        ("evaluations", evaluation.clone()),
        ("ideas", evaluation.clone()),
        ("collections", collection),
        ("webhooks", webhook.clone()),
        ("webhook-deliveries", delivery),
        ("forms", form),
        ("exchange-files", exchanged),
        ("people", person.clone()),
        ("tokens", token),
        ("closures", closure),
        ("printers", printer.clone()),
        ("print-jobs", job),
        ("rounds", round),
        ("allocations", allocation.as_str().unwrap().to_owned()),
        ("pictures", picture),
        ("courses", course.clone()),
        ("course-dates", date),
        ("deviations", deviation),
        ("service-jobs", service),
        ("foton", photo),
        ("stocktakes", stocktake),
        ("certificates", certificate.as_str().unwrap().to_owned()),
    ];
    let by_name = [
        ("unit_id", json!(unit)),
        ("units", json!([unit])),
        ("kit_type_id", json!(kit_type)),
        ("course_id", json!(course)),
        ("code", json!(code)),
        ("codes", json!([code])),
        ("kit_code", json!(code)),
        ("evaluation_id", json!(evaluation)),
        ("loan_id", json!(loan)),
        ("subject", json!(loan)),
        ("printer_id", json!(printer)),
    ];
    (World { in_path: in_path.into(), by_name: by_name.into() }, borrower)
}

/// Tries an operation.
async fn attempt(who: &Actor, operation: &Operation, world: &World) -> Reply {
    let request = operation.request(world);
    let method: Method = operation.method.parse().unwrap();
    let mut builder = who.request(method, &request.path);
    if let Some((media, body)) = request.body {
        builder = builder.header("content-type", media).body(body);
    }
    Reply::of(builder).await
}

#[test]
fn every_operation_says_who_may_call_it() {
    let silent: Vec<String> = contract::operations()
        .into_iter()
        .filter(|operation| operation.roles.is_none())
        .map(|operation| format!("{} {}", operation.method, operation.path))
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
}

#[test]
fn every_route_of_the_api_is_in_its_document() {
    let route = regex::Regex::new(r#"#\[(get|post|put|patch|delete)\("([^"]+)""#).unwrap();
    let mut routes: Vec<String> = source::files_ending("src", "api.rs")
        .iter()
        .flat_map(|file| {
            let found =
                route.captures_iter(&file.text).map(|found| format!("{} {}", found[1].to_uppercase(), &found[2]));
            found.collect::<Vec<_>>()
        })
        .collect();
    let mut told: Vec<String> = contract::operations()
        .into_iter()
        .map(|operation| format!("{} {}", operation.method, operation.path))
        .collect();
    routes.sort();
    told.sort();
    assert_eq!(routes, told);
}

both! {
    async fn nobody_gets_in_signed_out(app: &TestApp) {
        let (world, _) = world(app).await;
        for operation in contract::operations() {
            for who in [app.signed_out(), app.signed_out().with("authorization", "Bearer dgl_wrong")] {
                let reply = attempt(&who, &operation, &world).await;
                assert_eq!((reply.status, reply.code()), (401, "auth.signed_out"), "{operation:?}: {}", reply.text());
            }
        }
    }

    async fn each_role_may_do_what_the_document_says_and_no_more(app: &TestApp) {
        let (world, borrower) = world(app).await;
        let people =
            [("borrower", borrower), ("warehouse", app.warehouse()), ("developer", app.developer()), ("admin", app.admin())];
        // What takes things away comes last.
        let mut operations = contract::operations();
        operations.sort_by_key(|operation| operation.method == "DELETE");
        for operation in operations {
            let roles = operation.roles.clone().unwrap_or_default();
            for (role, who) in &people {
                let reply = attempt(who, &operation, &world).await;
                let told = format!("{role} {} {}: {}", operation.method, operation.path, reply.text());
                if roles.is_empty() || roles.iter().any(|may| may == role) {
                    assert!(![401, 403].contains(&reply.status) && reply.status < 500, "{told}");
                } else {
                    assert_eq!((reply.status, reply.code()), (403, "auth.forbidden"), "{told}");
                }
            }
        }
    }

    async fn a_stranger_sees_and_changes_nothing(app: &TestApp) {
        let (world, _) = world(app).await;
        let history = "SELECT count(*) FROM events JOIN organisations ON organisations.id = events.organisation_id
                       WHERE organisations.name = 'Lindvalla kommun'";
        let before = app.count(history);
        let ids: Vec<&String> = world.in_path.iter().filter(|(part, _)| **part != "kits").map(|(_, id)| id).collect();
        for operation in contract::operations() {
            let reply = attempt(&app.stranger(), &operation, &world).await;
            let told = format!("{} {}: {}", operation.method, operation.path, reply.text());
            if operation.request(&world).names_something {
                assert!([400, 403, 404, 409, 422].contains(&reply.status), "{told}");
            }
            assert!(reply.status < 500, "{told}");
            let text = reply.text();
            assert!(!MARKS.iter().any(|mark| text.contains(mark)), "{told}");
            assert!(!ids.iter().any(|id| text.contains(*id)), "{told}");
        }
        assert_eq!(app.count(history), before);
    }
}
