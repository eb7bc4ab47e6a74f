//! Kit types: list, add, change, take out of the catalogue.

use crate::accounts::session::{Admin, Person};
use crate::admin::App;
use crate::kits::actions;
use crate::kits::queries::{self, Filter};
use crate::kits::rules::{ContentKind, ContentLine, PowerSource, SaveKitType, Screen, ServiceKind};
use crate::kits::views::KitTypeView;
use crate::platform::error::{Error, FieldError as WrongField, all_fields};
use crate::platform::ids::KitTypeId;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent, choices, refused, whole_number};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::paging::Paging;
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;

/// Empty lines at the end of a contents list, to write in.
const EMPTY_LINES: usize = 3;

/// The fields of the form, and their labels.
const LABELS: [(&str, &str); 13] = [
    ("name", "admin-type-name"),
    ("description", "admin-type-description"),
    ("get_started", "admin-type-start"),
    ("age_from", "admin-type-youngest"),
    ("age_to", "admin-type-oldest"),
    ("screen", "admin-type-screen"),
    ("power", "admin-type-power"),
    ("loan_days", "admin-type-days"),
    ("turnaround_days", "admin-type-turnaround"),
    ("service_after_loan", "admin-type-after-loan"),
    ("service_every", "admin-type-every"),
    ("service_every_days", "admin-type-every-days"),
    ("contents", "admin-type-contents"),
];

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/admin/typer", web::get().to(list))
        .route("/admin/typer/ny", web::get().to(begin))
        .route("/admin/typer/ny", web::post().to(add))
        .route("/admin/typer/{id}", web::get().to(show))
        .route("/admin/typer/{id}", web::post().to(change))
        .route("/admin/typer/{id}/ur-bruk", web::post().to(retire));
}

#[derive(Template)]
#[template(path = "admin/types.html")]
struct TypesPage {
    t: Texts,
    page: Page,
    items: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
}

struct Row {
    id: KitTypeId,
    name: String,
    age: String,
    kits: i64,
    loan: String,
}

#[derive(Template)]
#[template(path = "admin/type_form.html")]
struct TypePage {
    t: Texts,
    page: Page,
    id: Option<KitTypeId>,
    version: i32,
    errors: Vec<FieldError>,
    name: Field,
    description: Field,
    get_started: Field,
    age_from: Field,
    age_to: Field,
    screens: Vec<Choice>,
    screen: Field,
    power: Field,
    sources: Vec<Choice>,
    loan_days: Field,
    turnaround_days: Field,
    after_loan: Vec<Choice>,
    service_after_loan: Field,
    every: Vec<Choice>,
    service_every: Field,
    service_every_days: Field,
    lines: Vec<Line>,
}

/// A line of the contents list. `place` is its place, by which errors know it; `id` is empty for a new one.
struct Line {
    place: usize,
    id: String,
    label: String,
    name: Field,
    quantity: Field,
    price: Field,
    kinds: Vec<Choice>,
}

/// A line as it was typed.
#[derive(Default)]
struct Typed {
    id: String,
    name: String,
    quantity: String,
    kind: String,
    price: String,
}

async fn list(request: HttpRequest, app: App, who: Admin, paging: web::Query<Paging>) -> Result<HttpResponse, Error> {
    let (t, organisation, cursor) = (texts(&request), who.organisation_id(), paging.cursor.clone());
    let types = app.db.read(move |conn| queries::kit_types(conn, organisation, &Filter::default(), &paging)).await?;
    let (first, next) = page::list_pages("/admin/typer", cursor.as_deref(), types.next.as_deref());
    let rows = types.items.into_iter().map(|kind| Row {
        id: kind.id,
        age: ages(kind.age_from, kind.age_to),
        name: kind.name,
        kits: kind.kits,
        loan: t.v("admin-days", "days", kind.loan_days),
    });
    let page = Page::new(&request, &t.s("admin-types"));
    Ok(page::ok(&TypesPage { t, page, items: rows.collect(), first, next }))
}

/// Ages as in "3–5", "3–" or "–5".
fn ages(from: Option<i32>, to: Option<i32>) -> String {
    let year = |age: Option<i32>| age.map(|age| age.to_string()).unwrap_or_default();
    if from.is_none() && to.is_none() { String::new() } else { format!("{}–{}", year(from), year(to)) }
}

/// The form: of a new type, or of one that is there, with its version now.
fn form(
    request: &HttpRequest,
    kind: Option<(KitTypeId, i32)>,
    sent: &Sent,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> HttpResponse {
    let t = texts(request);
    let field = |name| errors.field(name, sent.text(name));
    let title = t.s(if kind.is_some() { "admin-type-change" } else { "admin-type-new" });
    let service = |name| {
        choices(ServiceKind::ALL, |kind| t.s(&format!("service-kind-{kind}")), |kind| sent.has(name, kind.as_str()))
    };
    let empty = std::iter::repeat_with(Typed::default).take(EMPTY_LINES);
    let lines = typed(sent).into_iter().chain(empty).enumerate();
    let form = TypePage {
        t,
        page: Page::new(request, &title),
        id: kind.map(|(id, _)| id),
        version: kind.map_or(0, |(_, version)| version),
        name: field("name"),
        description: field("description"),
        get_started: field("get_started"),
        age_from: field("age_from"),
        age_to: field("age_to"),
        screens: choices(
            Screen::ALL,
            |screen| t.s(&format!("kits-screen-{screen}")),
            |screen| sent.has("screen", screen.as_str()),
        ),
        screen: field("screen"),
        power: field("power"),
        sources: choices(
            PowerSource::ALL,
            |source| t.s(&format!("kits-power-{source}")),
            |source| sent.has("power_source", source.as_str()),
        ),
        loan_days: field("loan_days"),
        turnaround_days: field("turnaround_days"),
        after_loan: service("service_after_loan"),
        service_after_loan: field("service_after_loan"),
        every: service("service_every"),
        service_every: field("service_every"),
        service_every_days: field("service_every_days"),
        lines: lines
            .map(|(place, typed)| Line {
                place,
                id: typed.id,
                label: t.v("admin-line", "number", place + 1),
                name: errors.field(&format!("contents[{place}].name"), typed.name),
                quantity: errors.field(&format!("contents[{place}].quantity"), typed.quantity),
                price: errors.field(&format!("contents[{place}].price"), typed.price),
                kinds: choices(
                    ContentKind::ALL,
                    |kind| t.s(&format!("admin-line-kind-{kind}")),
                    |kind| kind.as_str() == typed.kind,
                ),
            })
            .collect(),
        errors: errors.named(|field| label(t, field)),
    };
    page::html(builder, &form)
}

/// A field's label; of a line of the contents list with its number.
fn label(t: Texts, field: &str) -> Option<String> {
    if let Some((_, key)) = LABELS.iter().find(|(name, _)| *name == field) {
        return Some(t.s(key));
    }
    let (place, part) = field.strip_prefix("contents[")?.split_once("].")?;
    let number: usize = place.parse().ok()?;
    Some(format!("{}, {}", t.v("admin-line", "number", number + 1), t.s(&format!("admin-line-{part}"))))
}

/// The lines of the contents list in which something was typed.
fn typed(sent: &Sent) -> Vec<Typed> {
    let column = |name| sent.all(name).map(str::to_owned);
    let (ids, names) = (column("line_id"), column("line_name"));
    let (quantities, kinds) = (column("line_quantity"), column("line_kind"));
    let prices = column("line_price").chain(std::iter::repeat(String::new()));
    ids.zip(names)
        .zip(quantities.zip(kinds))
        .zip(prices)
        .map(|(((id, name), (quantity, kind)), price)| Typed { id, name, quantity, kind, price })
        .filter(|line| !line.name.trim().is_empty() || !line.quantity.trim().is_empty())
        .collect()
}

/// A price as it is typed, "49" or "49,50", in hundredths; what is no price becomes one that is out of every range.
fn price(typed: &str) -> Option<i32> {
    let typed = typed.trim().replace([' ', '\u{a0}'], "").replace(',', ".");
    if typed.is_empty() {
        return None;
    }
    let (whole, part) = typed.split_once('.').unwrap_or((&typed, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let known = digits(whole) && digits(part) && part.len() <= 2 && !whole.is_empty();
    let hundredths: Option<i32> = known.then(|| format!("{whole}{part:0<2}").parse().ok()).flatten();
    Some(hundredths.unwrap_or(i32::MIN))
}

/// A price in hundredths, as it is typed.
fn crowns(price: i32) -> String {
    if price % 100 == 0 { (price / 100).to_string() } else { format!("{},{:02}", price / 100, price % 100) }
}

fn read(sent: &Sent) -> Result<SaveKitType, Error> {
    let line = |typed: Typed| ContentLine {
        id: typed.id.parse().ok(),
        name: typed.name,
        quantity: whole_number(&typed.quantity).unwrap_or(1),
        kind: typed.kind.parse().unwrap_or(ContentKind::Essential),
        price: price(&typed.price),
    };
    let missing = |field: &str| WrongField::new(field, "field.missing");
    all_fields! {
        screen = sent.text("screen").parse().map_err(|_| missing("screen")),
        loan_days = sent.number("loan_days").ok_or_else(|| missing("loan_days")),
        turnaround_days = sent.number("turnaround_days").ok_or_else(|| missing("turnaround_days")),
    }
    Ok(SaveKitType {
        name: sent.text("name").to_owned(),
        description: sent.text("description").to_owned(),
        get_started: sent.text("get_started").to_owned(),
        age_from: sent.number("age_from"),
        age_to: sent.number("age_to"),
        screen,
        power: sent.text("power").to_owned(),
        power_source: sent.text("power_source").parse().unwrap_or(PowerSource::None),
        loan_days,
        turnaround_days,
        service_after_loan: sent.text("service_after_loan").parse().ok(),
        service_every: sent.text("service_every").parse().ok(),
        service_every_days: sent.number("service_every_days"),
        contents: typed(sent).into_iter().map(line).collect(),
    })
}

fn filled(kind: &KitTypeView) -> Sent {
    let number = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
    let filled = Sent::default()
        .with("name", &kind.name)
        .with("description", &kind.description)
        .with("get_started", &kind.get_started)
        .with("age_from", number(kind.age_from))
        .with("age_to", number(kind.age_to))
        .with("screen", kind.screen)
        .with("power", &kind.power)
        .with("power_source", kind.power_source)
        .with("loan_days", kind.loan_days)
        .with("turnaround_days", kind.turnaround_days)
        .with("service_after_loan", kind.service_after_loan.map(|kind| kind.to_string()).unwrap_or_default())
        .with("service_every", kind.service_every.map(|kind| kind.to_string()).unwrap_or_default())
        .with("service_every_days", number(kind.service_every_days));
    kind.contents.iter().fold(filled, |filled, line| {
        filled
            .with("line_id", line.id.map(|id| id.to_string()).unwrap_or_default())
            .with("line_name", &line.name)
            .with("line_quantity", line.quantity)
            .with("line_kind", line.kind)
            .with("line_price", line.price.map(crowns).unwrap_or_default())
    })
}

async fn find(app: &App, who: &Person, id: KitTypeId) -> Result<KitTypeView, Error> {
    let organisation = who.organisation_id();
    let kind = app.db.read(move |conn| queries::find_kit_type(conn, organisation, id)).await?;
    kind.filter(|kind| !kind.retired).ok_or_else(|| Error::not_found("kit_type.not_found"))
}

/// True when the button for more empty lines was pressed, and nothing is to be saved yet.
fn wants_more(sent: &Sent) -> bool {
    sent.has("more", "yes")
}

async fn begin(request: HttpRequest, _: Admin) -> HttpResponse {
    let filled = Sent::default().with("screen", Screen::None).with("loan_days", 21).with("turnaround_days", 3);
    form(&request, None, &filled, (Errors::default(), HttpResponse::Ok()))
}

async fn add(request: HttpRequest, app: App, who: Admin, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    if wants_more(&sent) {
        return Ok(form(&request, None, &sent, (Errors::default(), HttpResponse::Ok())));
    }
    let by = who.by(app.clock.now());
    let done = async {
        let save = read(&sent)?;
        app.db.write(move |tx| actions::add_kit_type(tx, by, &save)).await
    };
    match done.await {
        Ok(kind) => Ok(see_other(&format!("/admin/lador/ny?kit_type_id={}&klart=type-added", kind.id))),
        Err(error) => Ok(form(&request, None, &sent, refused(error, texts(&request))?)),
    }
}

async fn show(request: HttpRequest, app: App, who: Admin, id: web::Path<KitTypeId>) -> Result<HttpResponse, Error> {
    let kind = find(&app, &who, *id).await?;
    let at_first = (Errors::default(), HttpResponse::Ok());
    Ok(form(&request, Some((kind.id, kind.version)), &filled(&kind), at_first))
}

async fn change(
    request: HttpRequest,
    app: App,
    who: Admin,
    id: web::Path<KitTypeId>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (id, by) = (*id, who.by(app.clock.now()));
    if wants_more(&sent) {
        let (seen, at_first) = (sent.version()?, (Errors::default(), HttpResponse::Ok()));
        return Ok(form(&request, seen.map(|seen| (id, seen)), &sent, at_first));
    }
    let done = async {
        let (save, seen) = (read(&sent)?, sent.version()?);
        app.db.write(move |tx| actions::change_kit_type(tx, by, id, &save, seen)).await
    };
    match done.await {
        Ok(_) => Ok(see_other("/admin/typer?klart=saved")),
        Err(error) => {
            let refused = refused(error, texts(&request))?;
            let kind = find(&app, &who, id).await?;
            Ok(form(&request, Some((id, kind.version)), &sent, refused))
        }
    }
}

async fn retire(request: HttpRequest, app: App, who: Admin, id: web::Path<KitTypeId>) -> Result<HttpResponse, Error> {
    let (id, by) = (*id, who.by(app.clock.now()));
    match app.db.write(move |tx| actions::retire_kit_type(tx, by, id)).await {
        Ok(()) => Ok(see_other("/admin/typer?klart=type-retired")),
        Err(error) => {
            let refused = refused(error, texts(&request))?;
            let kind = find(&app, &who, id).await?;
            Ok(form(&request, Some((id, kind.version)), &filled(&kind), refused))
        }
    }
}
