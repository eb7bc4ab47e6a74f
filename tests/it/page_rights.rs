//! Who may open which page, and send which form: every route of the pages, tried by everyone.

use crate::rights::{MARKS, world};
use crate::support::{Browser, Reply, TestApp, both, source};
use regex::Regex;
use std::collections::HashMap;

/// Whom a page is for.
enum For {
    /// Signed in or not.
    Everyone,
    /// Who has one of these roles; with none, everyone who is signed in.
    Roles(&'static [&'static str]),
}

use For::{Everyone, Roles};

const SIGNED_IN: For = Roles(&[]);
const BORROWER: For = Roles(&["borrower"]);
const WAREHOUSE: For = Roles(&["warehouse"]);
const DEVELOPER: For = Roles(&["developer"]);
const KEEPER: For = Roles(&["warehouse", "admin"]);
const RELEASER: For = Roles(&["developer", "admin"]);
const STAFF: For = Roles(&["warehouse", "developer", "admin"]);
const PLANNER: For = Roles(&["developer", "admin"]);
const ADMIN: For = Roles(&["admin"]);

/// Every page and every form. What takes things away comes last.
const PAGES: &[(&str, For)] = &[
    ("GET /", Everyone),
    ("GET /om", Everyone),
    ("GET /demo", Everyone),
    ("POST /demo", Everyone),
    ("GET /k/{code}", Everyone),
    ("GET /K/{code}", Everyone),
    ("GET /k/{code}/", Everyone),
    ("GET /K/{code}/", Everyone),
    ("POST /k/{code}/utvardering", Everyone),
    ("GET /utvardering/{token}", Everyone),
    ("POST /utvardering/{token}", Everyone),
    ("GET /utvardering/{token}/tack", Everyone),
    ("POST /utvardering/{token}/ny", Everyone),
    ("POST /utvardering/{token}/delning", Everyone),
    ("GET /logga-in", Everyone),
    ("POST /logga-in", Everyone),
    ("POST /logga-in/kod", Everyone),
    ("GET /logga-in/{token}", Everyone),
    ("POST /logga-in/{token}", Everyone),
    ("POST /sprak", Everyone),
    ("GET /kalender/{token}.ics", Everyone),
    ("GET /byt-organisation", SIGNED_IN),
    ("POST /byt-organisation", SIGNED_IN),
    ("GET /lador", SIGNED_IN),
    ("GET /lador/{id}", SIGNED_IN),
    ("GET /lador/{id}/boka", SIGNED_IN),
    ("POST /lador/{id}/boka", SIGNED_IN),
    ("GET /lador/{id}/ko", SIGNED_IN),
    ("POST /lador/{id}/ko", SIGNED_IN),
    ("GET /ko/{id}", SIGNED_IN),
    ("POST /ko/{id}/ta", SIGNED_IN),
    ("POST /ko/{id}/avsta", SIGNED_IN),
    ("POST /ko/{id}/lamna", SIGNED_IN),
    ("POST /ko/{id}/igen", SIGNED_IN),
    ("GET /bilder/{id}/{file}", SIGNED_IN),
    ("GET /lador/{id}/fler", SIGNED_IN),
    ("GET /vara-lan", SIGNED_IN),
    ("GET /lan/{id}", SIGNED_IN),
    ("GET /lan/{id}/kalender.ics", SIGNED_IN),
    ("POST /lan/{id}/forlang", SIGNED_IN),
    ("GET /kurser", SIGNED_IN),
    ("GET /kurser/ny", RELEASER),
    ("POST /kurser/ny", RELEASER),
    ("GET /kurser/{id}", STAFF),
    ("GET /kurser/{id}/andra", RELEASER),
    ("POST /kurser/{id}/andra", RELEASER),
    ("GET /kurser/{id}/notera", STAFF),
    ("POST /kurser/{id}/notera", STAFF),
    ("POST /kurser/{id}/datum", RELEASER),
    ("GET /lan/{id}/andra", SIGNED_IN),
    ("POST /lan/{id}/andra", SIGNED_IN),
    ("GET /lan/{id}/utvardering", BORROWER),
    ("POST /lan/{id}/utvardering", BORROWER),
    ("GET /lan/{id}/utvardering/tack", BORROWER),
    ("POST /lan/{id}/utvardering/delning", BORROWER),
    ("POST /utvarderingar/{id}/samling", DEVELOPER),
    ("GET /samlingar", DEVELOPER),
    ("POST /samlingar", DEVELOPER),
    ("GET /samlingar/{id}", DEVELOPER),
    ("POST /samlingar/{id}", DEVELOPER),
    ("GET /samlingar/{id}/kontakter.csv", DEVELOPER),
    ("POST /samlingar/{id}/ta-ur", DEVELOPER),
    ("GET /ideer", Everyone),
    ("POST /ideer", RELEASER),
    ("GET /ideer/{id}", Everyone),
    ("GET /utvarderingar", DEVELOPER),
    ("GET /utvarderingar/exportera", DEVELOPER),
    ("GET /utvarderingar/{id}", DEVELOPER),
    ("GET /utvarderingar/{id}/marken", DEVELOPER),
    ("GET /utvarderingar/{id}/maskera", DEVELOPER),
    ("GET /utvarderingar/{id}/tacka", DEVELOPER),
    ("POST /utvarderingar/{id}/marken", DEVELOPER),
    ("POST /utvarderingar/{id}/maskera", DEVELOPER),
    ("POST /utvarderingar/{id}/tacka", DEVELOPER),
    ("GET /statistik", DEVELOPER),
    ("GET /statistik/exportera", DEVELOPER),
    ("GET /statistik/lador/{id}", DEVELOPER),
    ("GET /statistik/lador/{id}/arsrapport", DEVELOPER),
    ("GET /statistik/lador/{id}/arsrapport.pdf", DEVELOPER),
    ("GET /statistik/arsrapport", DEVELOPER),
    ("GET /statistik/arsrapport.pdf", DEVELOPER),
    ("GET /statistik/likvardighet", DEVELOPER),
    ("GET /statistik/utbyte", DEVELOPER),
    ("POST /statistik/utbyte", DEVELOPER),
    ("GET /statistik/utbyte/fil", DEVELOPER),
    ("GET /statistik/betalning", DEVELOPER),
    ("GET /statistik/lan", DEVELOPER),
    ("GET /lan/{id}/innehall", BORROWER),
    ("POST /innehall", BORROWER),
    ("GET /foton/{id}.jpg", SIGNED_IN),
    ("GET /lager/kontroll", WAREHOUSE),
    ("POST /lager/kontroll", WAREHOUSE),
    ("GET /lager/kontroll/{kit}", WAREHOUSE),
    ("GET /lager/lada/{kit}", STAFF),
    ("POST /lager/lada/{kit}/hittad", WAREHOUSE),
    ("POST /lager/avvikelser/{id}", WAREHOUSE),
    ("GET /lager/pafyllning", STAFF),
    ("POST /lager/pafyllning", WAREHOUSE),
    ("GET /lager/pafyllning.csv", STAFF),
    ("GET /lager/vard", WAREHOUSE),
    ("POST /lager/vard", WAREHOUSE),
    ("GET /lager/vard/{id}/flytta", WAREHOUSE),
    ("POST /lager/vard/{id}/flytta", WAREHOUSE),
    ("POST /lager/vard/{id}/klar", WAREHOUSE),
    ("POST /lager/vard/{id}/avbryt", WAREHOUSE),
    ("GET /lager", WAREHOUSE),
    ("GET /lager/osakra", STAFF),
    ("GET /lager/skanna", WAREHOUSE),
    ("POST /lager/skanna/angra", WAREHOUSE),
    ("GET /lager/inventering", WAREHOUSE),
    ("POST /lager/inventering", WAREHOUSE),
    ("GET /lager/inventering/{id}", WAREHOUSE),
    ("POST /lager/inventering/{id}/skanna", WAREHOUSE),
    ("POST /lager/inventering/{id}/angra", WAREHOUSE),
    ("POST /lager/inventering/{id}/ratta", WAREHOUSE),
    ("GET /lager/inventering/{id}/rapport", WAREHOUSE),
    ("GET /lager/inventering/{id}/rapport.csv", WAREHOUSE),
    ("GET /lager/reda-ut", WAREHOUSE),
    ("POST /lager/reda-ut/{id}", WAREHOUSE),
    ("POST /lager/lan/{id}/framplockad", WAREHOUSE),
    ("POST /lager/skanna", WAREHOUSE),
    ("GET /lager/arsplan", STAFF),
    ("GET /lager/packa", WAREHOUSE),
    ("GET /lager/turer", WAREHOUSE),
    ("GET /lager/turer/foljesedlar.pdf", WAREHOUSE),
    ("GET /lager/lan/{id}/foljesedel.pdf", WAREHOUSE),
    ("GET /lager/sommar", WAREHOUSE),
    ("POST /lager/sommar", WAREHOUSE),
    ("GET /lager/etiketter", KEEPER),
    ("POST /lager/etiketter", KEEPER),
    ("GET /lager/etiketter/sida.svg", KEEPER),
    ("POST /lager/etiketter/tomma", KEEPER),
    ("POST /k/{code}/koppla", KEEPER),
    ("GET /lager/skrivare", KEEPER),
    ("GET /lager/skrivare/ny", KEEPER),
    ("POST /lager/skrivare/ny", KEEPER),
    ("GET /lager/skrivare/{id}", KEEPER),
    ("POST /lager/skrivare/{id}", KEEPER),
    ("POST /lager/skrivare/{id}/prov", KEEPER),
    ("GET /lager/utskrifter", KEEPER),
    ("POST /lager/utskrifter/{id}/igen", KEEPER),
    ("POST /lager/utskrifter/{id}/kom-ut", KEEPER),
    ("POST /lager/utskrifter/{id}/avbryt", KEEPER),
    ("GET /kalender", WAREHOUSE),
    ("POST /kalender", WAREHOUSE),
    ("POST /kalender/avsluta", WAREHOUSE),
    ("GET /admin", ADMIN),
    ("GET /admin/oppet", ADMIN),
    ("POST /admin/oppet", ADMIN),
    ("POST /admin/oppet/stangt", ADMIN),
    ("GET /admin/regler", ADMIN),
    ("POST /admin/regler", ADMIN),
    ("GET /admin/organisation", ADMIN),
    ("POST /admin/organisation", ADMIN),
    ("GET /admin/formular", RELEASER),
    ("POST /admin/formular/utkast", RELEASER),
    ("GET /admin/formular/utkast", RELEASER),
    ("POST /admin/formular/utkast/flytta", RELEASER),
    ("GET /admin/formular/utkast/ny", RELEASER),
    ("POST /admin/formular/utkast/ny", RELEASER),
    ("GET /admin/formular/utkast/fraga/{question}", RELEASER),
    ("POST /admin/formular/utkast/fraga/{question}", RELEASER),
    ("GET /admin/formular/forhandsvisning", RELEASER),
    ("GET /admin/formular/forhandsvisning/formular", RELEASER),
    ("POST /admin/formular/forhandsvisning/formular", RELEASER),
    ("GET /admin/formular/version/{number}", RELEASER),
    ("GET /admin/enheter", ADMIN),
    ("GET /admin/enheter/ny", ADMIN),
    ("POST /admin/enheter/ny", ADMIN),
    ("GET /admin/enheter/{id}", ADMIN),
    ("POST /admin/enheter/{id}", ADMIN),
    ("GET /admin/personer", ADMIN),
    ("GET /admin/personer/ny", ADMIN),
    ("POST /admin/personer/ny", ADMIN),
    ("GET /admin/personer/{id}", ADMIN),
    ("POST /admin/personer/{id}", ADMIN),
    ("GET /admin/typer", ADMIN),
    ("GET /admin/typer/ny", ADMIN),
    ("POST /admin/typer/ny", ADMIN),
    ("GET /admin/typer/{id}", ADMIN),
    ("POST /admin/typer/{id}", ADMIN),
    ("GET /admin/typer/{id}/bilder", ADMIN),
    ("POST /admin/bilder", ADMIN),
    ("POST /admin/bilder/{id}", ADMIN),
    ("GET /admin/lador", ADMIN),
    ("GET /admin/lador/ny", ADMIN),
    ("POST /admin/lador/ny", ADMIN),
    ("GET /admin/lador/{code}", ADMIN),
    ("POST /admin/lador/{code}", ADMIN),
    ("GET /admin/import", ADMIN),
    ("POST /admin/import", ADMIN),
    ("POST /admin/import/gor", ADMIN),
    ("GET /admin/mejl", ADMIN),
    ("GET /admin/mejl/{id}", ADMIN),
    ("POST /admin/mejl/{id}/igen", ADMIN),
    ("GET /admin/handelser", ADMIN),
    ("GET /omgangar", PLANNER),
    ("GET /omgangar/ny", PLANNER),
    ("POST /omgangar/ny", PLANNER),
    ("GET /omgangar/{id}", PLANNER),
    ("GET /omgangar/{id}/andra", PLANNER),
    ("GET /omgangar/{id}/lagg-till", PLANNER),
    ("POST /omgangar/{id}/lagg-till", PLANNER),
    ("GET /fordelning/{id}", PLANNER),
    ("POST /fordelning/{id}", PLANNER),
    ("POST /fordelning/{id}/ta-bort", PLANNER),
    ("GET /onskemal/{id}", SIGNED_IN),
    ("POST /onskemal/{id}", SIGNED_IN),
    ("POST /omgangar/{id}/fordela", PLANNER),
    ("POST /omgangar/{id}/publicera", PLANNER),
    ("POST /omgangar/{id}/andra", PLANNER),
    ("POST /omgangar/{id}/stall-in", PLANNER),
    ("POST /kurser/bevis/{id}/aterkalla", RELEASER),
    ("POST /kurser/datum/{id}/ta-bort", RELEASER),
    ("POST /kurser/{id}/ur-bruk", RELEASER),
    ("POST /lan/{id}/efterskank", RELEASER),
    ("POST /lan/{id}/lankar-slut", RELEASER),
    ("POST /lan/{id}/avboka", SIGNED_IN),
    ("GET /admin/program", ADMIN),
    ("POST /admin/program", ADMIN),
    ("GET /admin/program/{id}", ADMIN),
    ("POST /admin/program/{id}/igen", ADMIN),
    ("POST /admin/program/{id}/pausa", ADMIN),
    ("POST /admin/program/{id}/fortsatt", ADMIN),
    ("POST /admin/program/{id}/ta-bort", ADMIN),
    ("POST /admin/formular/utkast/fraga/{question}/ta-bort", RELEASER),
    ("POST /admin/formular/utkast/publicera", RELEASER),
    ("POST /admin/formular/utkast/slang", RELEASER),
    ("POST /admin/personer/{id}/ta-bort", ADMIN),
    ("POST /admin/oppet/stangt/{id}/ta-bort", ADMIN),
    ("POST /admin/bilder/{id}/ta-bort", ADMIN),
    ("POST /lager/skrivare/{id}/ta-bort", KEEPER),
    ("POST /lager/inventering/{id}/avsluta", WAREHOUSE),
    ("POST /lager/inventering/{id}/avbryt", WAREHOUSE),
    ("POST /admin/typer/{id}/ur-bruk", ADMIN),
    ("POST /admin/lador/{code}/ur-bruk", ADMIN),
    ("POST /samlingar/{id}/ta-bort", DEVELOPER),
    ("POST /statistik/utbyte/{id}/ta-bort", DEVELOPER),
    ("POST /logga-ut", Everyone),
];

fn pages() -> impl Iterator<Item = (&'static str, &'static str, &'static For)> {
    PAGES.iter().map(|(page, who)| {
        let (method, path) = page.split_once(' ').unwrap();
        (method, path, who)
    })
}

/// What addresses can name, by what stands before it, and a form that has the fields of all.
struct Sent {
    named: HashMap<&'static str, String>,
    form: Vec<(&'static str, String)>,
}

impl Sent {
    async fn new(app: &TestApp) -> (Self, crate::support::Actor) {
        let (world, borrower) = world(app).await;
        let mails = app.browser_of(&app.admin()).get("/admin/mejl").await.text();
        let mail = Regex::new("href=\"/admin/mejl/([^\"]+)\"").unwrap().captures(&mails).expect("a mail")[1].to_owned();
        let id = |of: &str| world.in_path[of].clone();
        let named = [
            ("/admin/formular/version/", "1".to_owned()),
            ("/admin/formular/utkast/fraga/", "used".to_owned()),
            ("/admin/enheter/", id("units")),
            ("/admin/personer/", id("people")),
            ("/admin/typer/", id("kit-types")),
            ("/admin/lador/", id("kits")),
            ("/admin/mejl/", mail),
            ("/utvarderingar/", id("evaluations")),
            ("/ideer/", id("evaluations")),
            ("/samlingar/", id("collections")),
            ("/admin/program/", id("webhooks")),
            ("/statistik/utbyte/", id("exchange-files")),
            ("/lador/", id("kit-types")),
            ("/statistik/lador/", id("kit-types")),
            ("/ko/", id("queue")),
            ("/lan/", id("loans")),
            ("/lager/lan/", id("loans")),
            ("/lager/reda-ut/", id("late-scans")),
            ("/lager/inventering/", id("stocktakes")),
            ("/foton/", id("foton")),
            ("/lager/kontroll/", id("kits")),
            ("/lager/lada/", id("kits")),
            ("/lager/avvikelser/", id("deviations")),
            ("/lager/vard/", id("service-jobs")),
            ("/bilder/", id("pictures")),
            ("/admin/bilder/", id("pictures")),
            ("/lager/skrivare/", id("printers")),
            ("/lager/utskrifter/", id("print-jobs")),
            ("/k/", id("kits")),
            ("/K/", id("kits")),
            ("/kurser/", id("courses")),
            ("/kurser/datum/", id("course-dates")),
            ("/kurser/bevis/", id("certificates")),
            ("/admin/oppet/stangt/", id("closures")),
            ("/omgangar/", id("rounds")),
            ("/fordelning/", id("allocations")),
            ("/onskemal/", id("rounds")),
            ("/logga-in/", "fel".to_owned()),
            ("/kalender/", "fel".to_owned()),
            ("/utvardering/", "fel".to_owned()),
        ];
        let form = [
            ("unit", id("units")),
            ("units", id("units")),
            ("kit_type_id", id("kit-types")),
            ("kit_type", id("kit-types")),
            ("alt", "Provet".to_owned()),
            ("position", "0".to_owned()),
            ("code", id("kits")),
            ("loan_id", id("loans")),
            ("scan", id("scans")),
            ("first_day", "2026-12-07".to_owned()),
            ("last_day", "2026-12-11".to_owned()),
            ("day", "2026-12-07".to_owned()),
            ("completed_on", "2026-11-02".to_owned()),
            ("collection", id("collections")),
            ("delivery", id("webhook-deliveries")),
            ("evaluation", id("evaluations")),
            ("key", uuid::Uuid::now_v7().to_string()),
        ];
        let same = [
            ("name", "Provet"),
            ("url", "https://provet.example/in"),
            ("email", "provet@lindvalla.example"),
            ("version", "1"),
            ("reason", "Prov"),
            ("save", "draft"),
            ("used", "once"),
            ("action", "auto"),
            ("decision", "left"),
            ("of", "whole"),
            ("correction", "move_back"),
            ("sheet", "L7163"),
            ("start", "1"),
            ("count", "1"),
            ("copy", "Z"),
            ("roles", "warehouse"),
            ("screen", "none"),
            ("loan_days", "21"),
            ("earliest_day", "2027-01-04"),
            ("latest_day", "2027-02-28"),
            ("days", "7"),
            ("turnaround_days", "2"),
            ("language", "sv"),
            ("time_zone", "Europe/Stockholm"),
            ("evaluation_gate", "kit"),
            ("evaluation_due_days", "7"),
            ("opens_on", "2026-11-02"),
            ("closes_on", "2026-11-20"),
            ("resolution", "found"),
            ("kind", "clean"),
            ("lang", "sv"),
            ("back", "/"),
            ("away", "no"),
            ("share", "no"),
        ];
        let form = form.into_iter().chain(same.map(|(name, value)| (name, value.to_owned())));
        (Self { named: named.into(), form: form.collect() }, borrower)
    }

    /// Opens a page, or sends its form.
    async fn attempt(&self, browser: &Browser, method: &str, path: &str) -> Reply {
        let path = match path.split_once('{') {
            Some((before, rest)) => format!("{before}{}{}", self.named[before], rest.split_once('}').unwrap().1)
                .replace("{file}", "480.jpg"),
            None => path.to_owned(),
        };
        if method == "GET" {
            return browser.get(&path).await;
        }
        let form: Vec<_> = self.form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post(&path, &form).await
    }
}

#[test]
fn every_page_is_in_the_table() {
    let route = Regex::new(r#"\.route\(\s*"([^"]+)",\s*web::(get|post)\(\)"#).unwrap();
    let resource = Regex::new(r#"web::resource\("([^"]+)"\)([^\n]*)"#).unwrap();
    let method = Regex::new(r"\.(get|post)\(").unwrap();
    let mut routes = Vec::new();
    // The program's own file has what is no page: the API, its document, and the files that pages load.
    for file in source::files_ending("src", ".rs").into_iter().filter(|file| file.path != "src/app.rs") {
        let code = file.code();
        for found in route.captures_iter(&code) {
            routes.push(format!("{} {}", found[2].to_uppercase(), &found[1]));
        }
        for found in resource.captures_iter(&code) {
            for method in method.captures_iter(&found[2]) {
                routes.push(format!("{} {}", method[1].to_uppercase(), &found[1]));
            }
        }
    }
    let mut told: Vec<String> = pages().map(|(method, path, _)| format!("{method} {path}")).collect();
    routes.sort();
    told.sort();
    assert_eq!(routes, told);
}

both! {
    async fn pages_are_for_those_they_are_for(app: &TestApp) {
        let (sent, borrower) = Sent::new(app).await;
        let people = [
            ("borrower", app.browser_of(&borrower)),
            ("warehouse", app.browser_of(&app.warehouse())),
            ("developer", app.browser_of(&app.developer())),
            ("admin", app.browser_of(&app.admin())),
        ];
        for (method, path, whom) in pages() {
            let reply = sent.attempt(&app.browser(), method, path).await;
            let told = format!("nobody {method} {path}: {}", reply.text());
            match whom {
                Everyone => assert!(![401, 403].contains(&reply.status) && reply.status < 500, "{told}"),
                Roles(_) if method == "GET" => assert!(reply.location().starts_with("/logga-in?vidare="), "{told}"),
                Roles(_) => assert_eq!(reply.status, 401, "{told}"),
            }
            for (role, browser) in &people {
                let reply = sent.attempt(browser, method, path).await;
                let told = format!("{role} {method} {path}: {} {}", reply.status, reply.text());
                match whom {
                    Roles(roles) if !roles.is_empty() && !roles.contains(role) => assert_eq!(reply.status, 403, "{told}"),
                    _ => assert!(![401, 403].contains(&reply.status) && reply.status < 500, "{told}"),
                }
            }
        }
    }

    async fn pages_tell_a_stranger_nothing(app: &TestApp) {
        let (sent, _) = Sent::new(app).await;
        let history = "SELECT count(*) FROM events JOIN organisations ON organisations.id = events.organisation_id
                       WHERE organisations.name = 'Lindvalla kommun'";
        let before = app.count(history);
        let stranger = app.browser_of(&app.stranger());
        for (method, path, whom) in pages() {
            let reply = sent.attempt(&stranger, method, path).await;
            let told = format!("{method} {path}: {} {}", reply.status, reply.text());
            assert!(reply.status < 500, "{told}");
            // A label tells whoever finds the kit what it is, and whose.
            if !path.contains('{') || !matches!(whom, Everyone) {
                assert!(!MARKS.iter().any(|mark| reply.text().contains(mark)), "{told}");
                // Versions of the form and its questions are named alike everywhere: a stranger meets their own.
                let alike = path.starts_with("/admin/formular/");
                assert!(!path.contains('{') || alike || reply.status == 404, "{told}");
            }
        }
        assert_eq!(app.count(history), before);
    }
}
