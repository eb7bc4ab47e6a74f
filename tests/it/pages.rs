//! The pages, as a browser without JavaScript uses them: links are followed, forms are sent as they stand.

use crate::support::{Browser, Reply, TestApp, both};
use regex::Regex;
use serde_json::{Value, json};

/// What stands in a field of a page.
#[track_caller]
fn field(page: &Reply, name: &str) -> String {
    let field = Regex::new(&format!(r#"name="{name}" value="([^"]*)""#)).unwrap();
    field.captures(&page.text()).unwrap_or_else(|| panic!("no {name} in {}", page.text()))[1].to_owned()
}

/// The first address on a page that begins so.
#[track_caller]
fn link(page: &Reply, start: &str) -> String {
    let link = Regex::new(&format!(r#"href="({start}[^"]*)""#)).unwrap();
    let text = page.text();
    let found = link.captures(&text).unwrap_or_else(|| panic!("no link to {start} in {text}"));
    found[1].replace("&#38;", "&").replace("&amp;", "&")
}

#[track_caller]
fn shows(page: &Reply, status: u16, words: &[&str]) {
    let text = page.text();
    assert_eq!(page.status, status, "{text}");
    for word in words {
        assert!(text.contains(word), "{word} is missing in {text}");
    }
}

#[track_caller]
fn hides(page: &Reply, words: &[&str]) {
    for word in words {
        assert!(!page.text().contains(word), "{word} stands in {}", page.text());
    }
}

/// A kit type and its only kit: id and code.
async fn one_kit(app: &TestApp, name: &str) -> (String, String) {
    let contents = json!([{ "name": "Robot", "quantity": 6, "kind": "essential" }]);
    let kit_type = json!({ "name": name, "contents": contents, "get_started": "Ladda dem.", "age_from": 3 });
    let id = app.admin().post("/kit-types", kit_type).await.created();
    let kit = app.warehouse().post("/kits", json!({ "kit_type_id": id, "shelf": "Hylla 12" })).await;
    assert_eq!(kit.status, 201, "{}", kit.text());
    (id, kit.json["code"].as_str().unwrap().to_owned())
}

/// Sends the form that reserves, as it stands on the page.
async fn send_reservation(browser: &Browser, page: &Reply, path: &str, unit: &str) -> Reply {
    let (first, last, key) = (field(page, "first_day"), field(page, "last_day"), field(page, "key"));
    let form = [("unit", unit), ("first_day", first.as_str()), ("last_day", &last), ("key", &key)];
    browser.post(path.split('?').next().unwrap(), &form).await
}

/// Reserves the kit type's next free period over its pages: the page of the loan.
async fn reserve(browser: &Browser, kit_type: &str, unit: &str) -> String {
    let page = browser.get(&format!("/lador/{kit_type}")).await;
    let path = link(&page, &format!("/lador/{kit_type}/boka"));
    let form = browser.get(&path).await;
    let sent = send_reservation(browser, &form, &path, unit).await;
    sent.location().split('?').next().unwrap().to_owned()
}

/// Sends the scan page's form.
async fn scan(browser: &Browser, page: &Reply, code: &str, action: &str) -> Reply {
    let (key, done) = (field(page, "key"), field(page, "done"));
    browser.post("/lager/skanna", &[("code", code), ("action", action), ("key", &key), ("done", &done)]).await
}

/// Sends a form of a page, with the page's key and what was filled in.
async fn send(browser: &Browser, page: &Reply, path: &str, filled_in: &[(&str, &str)]) -> Reply {
    let key = field(page, "key");
    browser.post(path, &[&[("key", key.as_str())], filled_in].concat()).await
}

/// The key that a page made just now would have.
fn new_key() -> String {
    uuid::Uuid::now_v7().to_string()
}

async fn status(app: &TestApp, loan_page: &str) -> Value {
    let id = loan_page.rsplit('/').next().unwrap();
    app.warehouse().get(&format!("/loans/{id}")).await.ok()["status"].clone()
}

both! {
    async fn the_lap_over_the_pages(app: &TestApp) {
        let (kit_type, code) = one_kit(app, "Bee-Bot").await;
        let unit = app.unit("Lyktans förskola").await;
        let samira = app.browser_of(&app.borrower(&unit).await);
        let leif = app.browser_of(&app.warehouse());
        let anna = app.browser_of(&app.developer());

        assert_eq!(samira.get("/").await.location(), "/vara-lan");
        shows(&samira.get("/vara-lan").await, 200, &["Lyktans förskola", "Ni har inget bokat"]);
        shows(&samira.get("/lador?age=3&screen=none&q=bee&from_week=2026-W46").await, 200, &["Bee-Bot", "En ledig"]);
        shows(&samira.get("/lador?q=cubetto").await, 200, &["Inget för ”cubetto”"]);
        let page = samira.get(&format!("/lador/{kit_type}")).await;
        shows(&page, 200, &["Nästa lediga tid", "v. 45–48", "Ladda dem.", "Robot"]);

        let path = link(&page, &format!("/lador/{kit_type}/boka"));
        let form = samira.get(&path).await;
        shows(&form, 200, &["Lyktans förskola", "mån 2 nov", "mån 23 nov", "mån 30 nov"]);
        let sent = send_reservation(&samira, &form, &path, &unit).await;
        let again = send_reservation(&samira, &form, &path, &unit).await;
        assert_eq!(sent.location(), again.location());
        assert_eq!(app.count("SELECT count(*) FROM loans"), 1);
        shows(&samira.get(sent.location()).await, 200, &["Bee-Bot är bokad v. 45–48", "Vi har mejlat"]);
        let loan = sent.location().split('?').next().unwrap().to_owned();
        shows(&samira.get(&loan).await, 200, &["Bokad", "Avboka", "Förläng till mån 30 nov"]);

        shows(&leif.get("/lager").await, 200, &["Bee-Bot A", "Lyktans förskola", "Hylla 12"]);
        let path = format!("/lager{loan}/framplockad");
        let packed = send(&leif, &leif.get("/lager").await, &path, &[]).await;
        assert_eq!(packed.location(), "/lager?klart=packed");
        shows(&leif.get(packed.location()).await, 200, &["Lådan är framplockad."]);
        shows(&leif.post(&path, &[("key", &new_key())]).await, 409, &["redan framplockat"]);

        let empty = leif.get("/lager/skanna").await;
        let out = scan(&leif, &empty, &code, "auto").await;
        shows(&out, 200, &["Utlämnad", "Bee-Bot A är utlämnad till Lyktans förskola"]);
        // A page that is loaded again sends the same form again.
        shows(&scan(&leif, &empty, &code, "auto").await, 200, &["Utlämnad"]);
        // A reader that reads twice sends the next form with the same code.
        shows(&scan(&leif, &out, &code, "auto").await, 409, &["Inget ändrat", "Lådan är redan utlämnad till Lyktans förskola"]);
        assert_eq!(status(app, &loan).await, "out");

        let page = samira.get(&loan).await;
        let last_day = field(&page, "last_day");
        let mut extended = send(&samira, &page, &format!("{loan}/forlang"), &[("last_day", &last_day)]).await;
        shows(&samira.get(extended.location()).await, 200, &["Lånet är förlängt.", "Förlängd till mån 30 nov"]);
        // A button that is pressed twice has done its work, and says no other.
        extended = send(&samira, &page, &format!("{loan}/forlang"), &[("last_day", &last_day)]).await;
        assert_eq!(extended.location(), format!("{loan}?klart=extended"));
        let refused = send(&samira, &page, &format!("{loan}/avboka"), &[]).await;
        shows(&refused, 409, &["kan inte avbokas"]);
        let anna_s = anna.get(&loan).await;
        let refused = send(&anna, &anna_s, &format!("{loan}/forlang"), &[("last_day", "2026-11-03")]).await;
        shows(&refused, 422, &["Lånet går redan till", "Efterskänk utvärderingen"]);
        hides(&refused, &["<details class=\"ds-details\" open>"]);

        let back = scan(&leif, &out, &code, "receive").await;
        shows(&back, 200, &["Mottagen", "Utvärderingen saknas"]);
        shows(&scan(&leif, &back, &code, "receive").await, 409, &["Inget ändrat", "redan mottagen"]);
        shows(&scan(&leif, &back, &code, "hand_out").await, 409, &["Stopp", "väntar på utvärderingen"]);
        shows(&scan(&leif, &back, "7K3-M9QQ", "auto").await, 422, &["Stopp", "Ett tecken är fel"]);
        shows(&samira.get("/vara-lan").await, 200, &["Att betala", &format!("{loan}/utvardering")]);
        shows(&leif.get("/lager").await, 200, &["Väntar på utvärdering", "Kom in mån 2 nov"]);

        let path = format!("{loan}/efterskank");
        assert_eq!(send(&samira, &anna_s, &path, &[("reason", "Trasig")]).await.status, 403);
        let missing = send(&anna, &anna_s, &path, &[("reason", " ")]).await;
        shows(&missing, 422, &["Fyll i det här", "<details class=\"ds-details\" open>"]);
        let released = send(&anna, &missing, &path, &[("reason", "Lådan var trasig")]).await;
        shows(&anna.get(released.location()).await, 200, &["Utvärderingen är efterskänkt.", "Lådan var trasig"]);
        assert_eq!(status(app, &loan).await, "returned");
        shows(&samira.get("/vara-lan").await, 200, &["Tidigare lån", "Återlämnad"]);
    }

    async fn what_cannot_be_reserved_is_told_with_what_can(app: &TestApp) {
        let (kit_type, _) = one_kit(app, "Cubetto").await;
        let (one, other) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let samira = app.browser_of(&app.borrower(&one).await);
        let jonas = app.browser_of(&app.borrower(&other).await);
        let path = format!("/lador/{kit_type}/boka?fran=2026-11-09&till=2026-11-13");
        let form = jonas.get(&path).await;
        shows(&form, 200, &["mån 9 nov", "fre 13 nov"]);
        let loan = reserve(&samira, &kit_type, &one).await;

        let refused = send_reservation(&jonas, &form, &path, &other).await;
        shows(&refused, 409, &["Det går inte att boka de veckorna", "Nästa lediga tid är"]);
        let next = link(&refused, &format!("/lador/{kit_type}/boka"));
        let sent = send_reservation(&jonas, &jonas.get(&next).await, &next, &other).await;
        assert!(sent.location().starts_with("/lan/"));
        shows(&jonas.get(&format!("/lador/{kit_type}")).await, 200, &["Upptagen"]);

        let staff = app.browser_of(&app.developer());
        let form = staff.get(&path).await;
        shows(&form, 200, &["Lyktan", "Kometen"]);
        shows(&send_reservation(&staff, &form, &path, "").await, 422, &["Fyll i det här"]);
        assert_eq!(send_reservation(&jonas, &form, &path, &one).await.status, 403);
        let past = format!("/lador/{kit_type}/boka?fran=2026-10-05&till=2026-10-09");
        let form = jonas.get(&past).await;
        shows(&send_reservation(&jonas, &form, &past, &other).await, 422, &["Dagen har redan varit"]);

        let page = samira.get(&loan).await;
        let cancelled = send(&samira, &page, &format!("{loan}/avboka"), &[]).await;
        shows(&samira.get(cancelled.location()).await, 200, &["Lånet är avbokat.", "Avbokad"]);
        assert_eq!(jonas.get(&loan).await.status, 404);
        assert_eq!(send(&jonas, &page, &format!("{loan}/avboka"), &[]).await.status, 404);
    }

    async fn why_nothing_can_be_had_is_told(app: &TestApp) {
        let (kit_type, code) = one_kit(app, "Cubetto").await;
        let unit = app.unit("Lyktan").await;
        let samira = app.browser_of(&app.borrower(&unit).await);
        shows(&samira.get("/lador?from_week=2026-W45").await, 200, &["En ledig v. 45–47"]);
        let over_new_year = samira.get("/lador?from_week=2027-W01&to_week=2026-W52&q=cubeto").await;
        shows(&over_new_year, 200, &["Cubetto", "En ledig v. 52–1", "ledig v. 52–1", "ett val"]);
        let wished = samira.get(&format!("/lador/{kit_type}?fran=2026-12-21&till=2027-01-10")).await;
        shows(&wished, 200, &["De veckor ni valde", "Boka v. 52–1"]);
        let too_long = samira.get(&format!("/lador/{kit_type}?fran=2026-12-21&till=2027-02-10")).await;
        shows(&too_long, 200, &["Nästa lediga tid"]);
        shows(&samira.get("/lador?q=kubbetti").await, 200, &["Inget för ”kubbetti”", "Menade ni", "Cubetto"]);
        assert_eq!(app.warehouse().delete(&format!("/kits/{code}")).await.status, 204);
        shows(&samira.get("/lador").await, 200, &["Cubetto", "Inga lådor än"]);
        let page = samira.get(&format!("/lador/{kit_type}")).await;
        shows(&page, 200, &["Det finns inga lådor av den här typen än"]);
        assert_eq!(app.admin().delete(&format!("/kit-types/{kit_type}")).await.status, 204);
        let page = samira.get(&format!("/lador/{kit_type}")).await;
        shows(&page, 200, &["lånas inte ut längre"]);
        hides(&page, &["Allt är upptaget"]);
    }

    async fn a_unit_that_owes_is_told_on_the_label_and_each_unit_for_itself(app: &TestApp) {
        let (kit_type, code) = one_kit(app, "Cubetto").await;
        let (other_type, other_code) = one_kit(app, "KUBO").await;
        let (one, other) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let samira = app.browser_of(&app.borrower(&one).await);
        reserve(&samira, &kit_type, &one).await;
        app.warehouse().post("/scans", json!({ "code": code, "action": "hand_out" })).await.ok();
        app.warehouse().post("/scans", json!({ "code": code, "action": "receive" })).await.ok();
        reserve(&samira, &other_type, &one).await;
        let leif = app.browser_of(&app.warehouse());
        shows(&leif.get(&format!("/k/{other_code}")).await, 200, &["Lämna ut till Lyktan"]);
        app.advance(chrono::TimeDelta::days(8));
        let page = leif.get(&format!("/k/{other_code}")).await;
        shows(&page, 200, &["en utvärdering som skulle ha lämnats"]);
        hides(&page, &["Lämna ut till"]);
        shows(&samira.get("/vara-lan").await, 200, &["<p>Förskolan har en utvärdering"]);
        let both = app.borrower_of(&[&one, &other]).await;
        let page = app.browser_of(&both).get("/vara-lan").await;
        shows(&page, 200, &["<p>Lyktan: Förskolan har en utvärdering"]);
        hides(&page, &["Kometen: "]);
    }

    async fn a_kit_that_may_be_for_several_loans_asks_for_which(app: &TestApp) {
        let (kit_type, _) = one_kit(app, "Ozobot").await;
        app.warehouse().post("/kits", json!({ "kit_type_id": kit_type })).await;
        let spare = app.warehouse().post("/kits", json!({ "kit_type_id": kit_type })).await;
        let code = spare.json["code"].as_str().unwrap();
        for name in ["Lyktan", "Kometen"] {
            let unit = app.unit(name).await;
            reserve(&app.browser_of(&app.borrower(&unit).await), &kit_type, &unit).await;
        }
        let leif = app.browser_of(&app.warehouse());
        shows(&leif.get(&format!("/k/{code}")).await, 200, &["Lämna ut och välj vem som ska ha den"]);
        let asked = scan(&leif, &leif.get("/lager/skanna").await, code, "auto").await;
        shows(&asked, 409, &["Vem ska ha lådan?", "Lyktan", "Kometen"]);
        let (loan, key) = (field(&asked, "loan_id"), field(&asked, "key"));
        let form = [("code", code), ("action", "hand_out"), ("key", &key), ("done", ""), ("loan_id", &loan)];
        shows(&leif.post("/lager/skanna", &form).await, 200, &["Utlämnad"]);
    }

    async fn a_label_answers_each_kind_of_visitor(app: &TestApp) {
        let (kit_type, code) = one_kit(app, "KUBO").await;
        let (one, other) = (app.unit("Lyktan").await, app.unit("Kometen").await);
        let samira = app.browser_of(&app.borrower(&one).await);
        let jonas = app.browser_of(&app.borrower(&other).await);
        let leif = app.browser_of(&app.warehouse());
        let loan = reserve(&samira, &kit_type, &one).await;
        let label = format!("/K/{code}");

        let page = leif.get(&label).await;
        shows(&page, 200, &["KUBO A", "Lämna ut till Lyktan", "Hylla 12"]);
        let (key, action) = (field(&page, "key"), field(&page, "action"));
        assert_eq!(format!("/lan/{}", field(&page, "loan_id")), loan, "the button says whom it is for");
        let sent = [("code", code.as_str()), ("action", &action), ("key", &key)];
        shows(&leif.post("/lager/skanna", &sent).await, 200, &["Utlämnad"]);
        shows(&leif.get(&label).await, 200, &["Ta emot", "Lyktan", "mån 23 nov"]);
        let own = samira.get(&label).await;
        shows(&own, 200, &["Robot", "Ladda dem.", &format!("{loan}/utvardering")]);
        hides(&own, &["Hylla 12", "Ta emot"]);
        let others = jonas.get(&label).await;
        shows(&others, 200, &["Robot", "Utlånad"]);
        hides(&others, &["Lyktan", "/lan/", "Hylla 12"]);
        for finder in [app.browser(), app.browser_of(&app.stranger())] {
            let found = finder.get(&label).await;
            shows(&found, 200, &["Den här lådan tillhör Lindvalla kommun", "Robot"]);
            hides(&found, &["Lyktan", "/lan/", "Hylla 12", "Utlånad", "Ta emot"]);
        }

        shows(&app.browser().get("/k/7K3-M9QQ").await, 404, &["Ett tecken är fel"]);
        shows(&app.browser().get("/k/hej").await, 404, &["är ingen kod"]);
        let unknown = digilador::kits::code::Code::from_value(1).unwrap();
        shows(&app.browser().get(&format!("/k/{unknown}")).await, 404, &["finns inte"]);
        let (_, retired) = one_kit(app, "Botley").await;
        assert_eq!(app.admin().delete(&format!("/kits/{retired}")).await.status, 204);
        shows(&leif.get(&format!("/k/{retired}")).await, 200, &["Ur bruk", "tagen ur bruk"]);
        let sent = scan(&leif, &leif.get("/lager/skanna").await, &retired, "auto").await;
        shows(&sent, 409, &["Stopp"]);
    }

    async fn the_demo_s_doors_are_closed_elsewhere(app: &TestApp) {
        assert_eq!(app.browser().get("/demo").await.status, 404);
        let person = uuid::Uuid::now_v7().to_string();
        assert_eq!(app.browser().post("/demo", &[("person", &person)]).await.status, 404);
        shows(&app.browser().get("/om").await, 200, &["EUPL"]);
        shows(&app.browser().get("/").await, 200, &["Så går det till"]);
    }

    async fn pages_that_say_no_keep_the_ways_on(app: &TestApp) {
        let unit = app.unit("Lyktan").await;
        let samira = app.browser_of(&app.borrower(&unit).await);
        for (path, status) in [("/lager", 403), ("/finns-inte", 404), ("/logga-in/fel", 409)] {
            let page = samira.get(path).await;
            shows(&page, status, &["href=\"/vara-lan\"", "Lindvalla kommun", "Logga ut"]);
            hides(&page, &["href=\"/logga-in\""]);
        }
    }
}
