//! What is asked of those who reserve: of all kit types, and of one that differs.

use crate::accounts::session::Admin;
use crate::admin::App;
use crate::kits::queries as kits;
use crate::loans::policies::{self, Said};
use crate::loans::policy::{LoanRules, Policy};
use crate::loans::wording;
use crate::platform::error::Error;
use crate::platform::ids::KitTypeId;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent, refused, summary};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;
use serde::Deserialize;

/// The fields of the form, and their labels.
const LABELS: [(&str, &str); 6] = [
    ("earliest_days", "admin-rules-earliest"),
    ("lead_days", "admin-rules-lead"),
    ("kits_at_once", "admin-rules-at-once"),
    ("kits_of_type", "admin-rules-of-type"),
    ("no_repeat", "admin-rules-repeat"),
    ("collect_days", "admin-rules-collect"),
];

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/admin/regler", web::get().to(show)).route("/admin/regler", web::post().to(change));
}

#[derive(Template)]
#[template(path = "admin/rules.html")]
struct RulesPage {
    t: Texts,
    page: Page,
    version: i32,
    errors: Vec<FieldError>,
    /// The type whose rules these are; none for the organisation's.
    kit_type: Option<(KitTypeId, String)>,
    earliest_days: Field,
    lead_days: Field,
    kits_at_once: Field,
    kits_of_type: Field,
    no_repeat: Field,
    collect_days: Field,
    repeats: Vec<Choice>,
    /// What the organisation says, for a type that differs from it.
    otherwise: Vec<String>,
    own: Vec<Own>,
    types: Vec<Choice>,
}

/// A kit type with rules of its own.
struct Own {
    href: String,
    name: String,
    rules: Vec<String>,
}

#[derive(Deserialize)]
struct Which {
    #[serde(default)]
    typ: String,
}

/// The page with its form; `sent` is what was sent by it, or nothing yet.
async fn page(
    request: &HttpRequest,
    app: &App,
    who: &Admin,
    id: Option<KitTypeId>,
    sent: Option<&Sent>,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let t = texts(request);
    let organisation = who.organisation_id();
    let (said, all, own, names): (Said, LoanRules, Vec<_>, Vec<_>) = app
        .db
        .read(move |conn| {
            Ok((
                policies::said(conn, organisation, id)?,
                policies::said(conn, organisation, None)?.rules,
                policies::types_with_own(conn, organisation)?,
                kits::type_names(conn, organisation)?,
            ))
        })
        .await?;
    let kit_type = match id {
        Some(id) => {
            let name = names.iter().find(|(other, _)| *other == id).map(|(_, name)| name.clone());
            Some((id, name.ok_or_else(|| Error::not_found("kit_type.not_found"))?))
        }
        None => None,
    };
    let filled = filled(&said.rules);
    let sent = sent.unwrap_or(&filled);
    let field = |name| errors.field(name, sent.text(name));
    let repeat = |value: &str, label| Choice {
        value: value.to_owned(),
        label: t.s(label),
        checked: sent.text("no_repeat") == value,
    };
    let otherwise = id.map(|_| Policy::of(&all)).map(|policy| wording::rules(t, &policy, None));
    let page = RulesPage {
        t,
        page: Page::new(request, &t.s("admin-rules")),
        version: said.version,
        kit_type,
        earliest_days: field("earliest_days"),
        lead_days: field("lead_days"),
        kits_at_once: field("kits_at_once"),
        kits_of_type: field("kits_of_type"),
        no_repeat: field("no_repeat"),
        collect_days: field("collect_days"),
        repeats: vec![repeat("true", "admin-rules-repeat-yes"), repeat("false", "admin-rules-repeat-no")],
        otherwise: otherwise.unwrap_or_default(),
        own: own
            .into_iter()
            .map(|(id, name, rules)| Own {
                href: format!("/admin/regler?typ={id}"),
                name,
                rules: wording::rules(t, &Policy::of(&rules), None),
            })
            .collect(),
        types: names
            .into_iter()
            .map(|(id, name)| Choice { value: id.to_string(), label: name, checked: false })
            .collect(),
        errors: summary(errors, t, &LABELS),
    };
    Ok(page::html(builder, &page))
}

/// The fields as they are filled from what is said.
fn filled(rules: &LoanRules) -> Sent {
    let numbers = [
        ("earliest_days", rules.earliest_days),
        ("lead_days", rules.lead_days),
        ("kits_at_once", rules.kits_at_once),
        ("kits_of_type", rules.kits_of_type),
        ("collect_days", rules.collect_days),
    ];
    let sent = numbers.into_iter().fold(Sent::default(), |sent, (name, number)| match number {
        Some(number) => sent.with(name, number),
        None => sent,
    });
    match rules.no_repeat {
        Some(no_repeat) => sent.with("no_repeat", no_repeat),
        None => sent,
    }
}

fn read(sent: &Sent) -> LoanRules {
    LoanRules {
        earliest_days: sent.number("earliest_days"),
        lead_days: sent.number("lead_days"),
        kits_at_once: sent.number("kits_at_once"),
        kits_of_type: sent.number("kits_of_type"),
        no_repeat: sent.text("no_repeat").parse().ok(),
        collect_days: sent.number("collect_days"),
    }
}

/// A type's id, or nothing for the organisation's rules.
fn which(text: &str) -> Result<Option<KitTypeId>, Error> {
    match text {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| Error::not_found("kit_type.not_found")),
    }
}

async fn show(request: HttpRequest, app: App, who: Admin, asked: web::Query<Which>) -> Result<HttpResponse, Error> {
    page(&request, &app, &who, which(&asked.typ)?, None, (Errors::default(), HttpResponse::Ok())).await
}

async fn change(request: HttpRequest, app: App, who: Admin, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let (by, id) = (who.by(app.clock.now()), which(sent.text("typ"))?);
    let done = async {
        let (rules, seen) = (read(&sent), sent.version()?);
        app.db.write(move |tx| policies::save(tx, by, id, &rules, seen)).await
    };
    match done.await {
        Ok(_) => Ok(see_other("/admin/regler?klart=saved")),
        Err(error) => page(&request, &app, &who, id, Some(&sent), refused(error, texts(&request))?).await,
    }
}
