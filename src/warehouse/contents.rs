//! Contents checks in the warehouse: the kits that wait for one, and the card.

use crate::accounts::session::Warehouse;
use crate::home::check_card::{Card, CardForm, SentCard, card, card_limits, on_card, said};
use crate::kits::api::known_code;
use crate::loans::actions::Context;
use crate::loans::checks::views::{KitToCheck, OpenDeviationView};
use crate::loans::checks::{actions, photos, queries, store};
use crate::platform::error::{Error, Kind};
use crate::platform::idempotency::Key;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Errors, FieldError};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::{command, texts};
use crate::warehouse::kit::{Found, found};
use crate::warehouse::more;
use actix_multipart::form::MultipartForm;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError, web};
use askama::Template;

type App = web::Data<AppState>;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/lager/kontroll").app_data(card_limits()).get(list).post(check))
        .route("/lager/kontroll/{kit}", web::get().to(show));
}

#[derive(Template)]
#[template(path = "contents/to_check.html")]
struct ToCheckPage {
    t: Texts,
    page: Page,
    kits: Vec<Row>,
    more: Option<String>,
}

/// A kit that waits for its check.
struct Row {
    href: String,
    kit: String,
    code: String,
    shelf: String,
    from: String,
}

async fn list(request: HttpRequest, app: App, who: Warehouse) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(&request), who.organisation.clone());
    let found = app.db.read(move |conn| {
        Ok((queries::to_check(conn, organisation.id)?, queries::count_to_check(conn, organisation.id)?))
    });
    let (kits, count) = found.await?;
    let row = |kit: KitToCheck| Row {
        href: format!("/lager/kontroll/{}", kit.kit_code.as_str()),
        kit: kit.kit_name(),
        code: kit.kit_code.to_string(),
        shelf: kit.shelf,
        from: t.a(
            "contents-back-from",
            &[("unit", kit.unit.name.into()), ("day", who.organisation.today(kit.since).into())],
        ),
    };
    let more = more(t, usize::try_from(count).unwrap_or(0), queries::MOST_TO_CHECK);
    let kits = kits.into_iter().map(row).collect();
    Ok(page::ok(&ToCheckPage { t, page: Page::new(&request, &t.s("contents-to-check")), kits, more }))
}

#[derive(Template)]
#[template(path = "contents/check.html")]
struct CheckPage {
    t: Texts,
    page: Page,
    kit: String,
    code: String,
    href: String,
    open: Vec<Found>,
    card: Card,
    errors: Vec<FieldError>,
}

async fn check_page(
    request: &HttpRequest,
    app: &App,
    who: &Warehouse,
    code: &str,
    sent: SentCard,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let (t, organisation, code) = (texts(request), who.organisation.clone(), known_code(code)?);
    let told = errors.clone();
    let (kit, name, open, card) = app
        .db
        .read(move |conn| {
            let (kit, name) = queries::the_kit(conn, &organisation, &code)?;
            if kit.retired_at.is_some() {
                return Err(Error::refused("kit.retired").arg("code", code.to_string()));
            }
            let card = card(conn, t, (kit.id, kit.kit_type_id), &sent, &told, true)?;
            let open = queries::open(conn, kit.id)?;
            Ok((kit, name, open, card))
        })
        .await?;
    let page = CheckPage {
        t,
        page: Page::new(request, &t.s("contents-check")),
        kit: format!("{name} {}", kit.copy),
        code: kit.code.to_string(),
        href: format!("/lager/lada/{}", kit.code.as_str()),
        open: open.into_iter().map(|one: OpenDeviationView| found(t, who, one)).collect(),
        card,
        errors: errors.0,
    };
    Ok(page::html(builder, &page))
}

async fn show(request: HttpRequest, app: App, who: Warehouse, kit: web::Path<String>) -> Result<HttpResponse, Error> {
    check_page(&request, &app, &who, &kit, SentCard::default(), (Errors::default(), HttpResponse::Ok())).await
}

async fn check(
    request: HttpRequest,
    app: App,
    who: Warehouse,
    MultipartForm(form): MultipartForm<CardForm>,
) -> Result<HttpResponse, Error> {
    let (context, t) = (Context::of(&who, &app), texts(&request));
    let code = known_code(&form.about)?;
    let (sent, wrong) = form.read().await?;
    let done = async {
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        let (sent, person, by) = (sent.clone(), (*who).clone(), context.by);
        let key = Key::of_form(sent.key, &["check", code.as_str(), &sent.filled_in()]);
        command::once(&app, by, key, move |tx| {
            let kit = queries::the_kit(tx, &context.organisation, &code)?.0;
            let (save, pictures) = said(tx, kit.id, kit.kit_type_id, &sent)?;
            let check = actions::check_kit(tx, &context, &code, &save)?;
            let found = store::of_check(tx, check.id)?;
            for (place, picture) in &pictures {
                if let Some(deviation) = found.get(*place) {
                    photos::add(tx, &context, &person, deviation.id, picture)?;
                }
            }
            Ok(found.is_empty())
        })
        .await
    };
    match done.await {
        Ok(all) => {
            let done = if all { "contents-all" } else { "contents-noted" };
            Ok(see_other(&format!("/lager/lada/{}?klart={done}", code.as_str())))
        }
        Err(Error::Problem(problem)) if problem.kind == Kind::Invalid => {
            let error = Error::Problem(problem);
            let builder = HttpResponse::build(error.status_code());
            check_page(&request, &app, &who, code.as_str(), sent, (on_card(error, t)?, builder)).await
        }
        Err(error) => Err(error),
    }
}
