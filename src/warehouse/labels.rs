//! Labels: choose kits, see the page, print it. Labels that are printed before there is a kit for them, too.

use crate::accounts::session::{Keeper, Person};
use crate::kits::code::Code;
use crate::kits::codes;
use crate::kits::queries as kits;
use crate::labels::address::{self, Address};
use crate::labels::print_jobs::{self, What};
use crate::labels::printers::{self, Printer};
use crate::labels::prints::{self, Order};
use crate::labels::queries::{self, Kind, KitToLabel, Wanted as WantedKits};
use crate::labels::stock::{self, Fits, Stock, USUAL};
use crate::labels::{files, render};
use crate::platform::error::Error;
use crate::platform::ids::PrinterId;
use crate::platform::state::AppState;
use crate::platform::text::{Texts, error_key};
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent, choices, refused, summary};
use crate::platform::web::page::{self, Page, query_value, see_other};
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;

type App = web::Data<AppState>;

/// The most kits listed; a type or a shelf narrows the list.
const MOST_LISTED: i64 = 100;
/// Codes offered unless others are asked for.
const USUAL_BLANKS: i32 = 14;

/// The fields of the form, and their labels.
const LABELS: [(&str, &str); 7] = [
    ("codes", "print-codes"),
    ("kind", "print-kind"),
    ("sheet", "print-sheet"),
    ("start", "print-start"),
    ("copies", "print-copies"),
    ("printer", "print-printer"),
    ("count", "print-blanks-count"),
];

/// The routes of these pages.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/lager/etiketter", web::get().to(choose))
        .route("/lager/etiketter", web::post().to(print))
        .route("/lager/etiketter/sida.svg", web::get().to(picture))
        .route("/lager/etiketter/tomma", web::post().to(print_blanks));
}

#[derive(Template)]
#[template(path = "warehouse/labels.html")]
struct LabelsPage {
    t: Texts,
    page: Page,
    errors: Vec<FieldError>,
    /// Why nothing can be printed for good.
    unfit: Option<String>,
    kit_types: Vec<Choice>,
    shelf: Field,
    unprinted: bool,
    items: Vec<Row>,
    more: bool,
    codes: Field,
    kinds: Vec<Choice>,
    sheets: Vec<Choice>,
    printers: Vec<PrinterChoice>,
    start: Field,
    copies: Field,
    picture: String,
    blanks: i64,
    count: Field,
    chosen_type: String,
}

struct Row {
    code: String,
    name: String,
    shelf: String,
    printed: String,
    ticked: bool,
}

impl Row {
    fn new(t: Texts, who: &Person, kit: KitToLabel, sent: &Sent) -> Self {
        let code = kit.code.to_string();
        Self {
            ticked: sent.has("code", &code),
            code,
            name: kit.name,
            shelf: kit.shelf,
            printed: kit.printed_at.map_or_else(|| t.s("print-never"), |at| t.date(who.organisation.today(at))),
        }
    }
}

/// What the list is narrowed to.
fn wanted(sent: &Sent) -> WantedKits {
    WantedKits {
        kit_type: sent.text("kit_type_id").parse().ok(),
        shelf: sent.text("shelf").trim().to_owned(),
        unprinted: sent.has("unprinted", "yes"),
    }
}

async fn choose(request: HttpRequest, app: App, who: Keeper, sent: web::Query<Sent>) -> Result<HttpResponse, Error> {
    labels_page(&request, &app, &who, &sent, (Errors::default(), HttpResponse::Ok())).await
}

async fn labels_page(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    sent: &Sent,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let (t, organisation, wanted) = (texts(request), who.organisation_id(), wanted(sent));
    let narrowed = wanted.clone();
    let (kits, types, printers, blanks) = app
        .db
        .read(move |conn| {
            Ok((
                queries::kits_to_label(conn, organisation, &narrowed, MOST_LISTED + 1)?,
                kits::names(conn, organisation)?,
                printers::all(conn, organisation)?,
                codes::count_blanks(conn, organisation)?,
            ))
        })
        .await?;
    let chosen_type = wanted.kit_type.map(|id| id.to_string()).unwrap_or_default();
    let mut kit_types: Vec<Choice> = types
        .into_iter()
        .map(|(id, label)| Choice { value: id.to_string(), label, checked: wanted.kit_type == Some(id) })
        .collect();
    kit_types
        .insert(0, Choice { value: String::new(), label: t.s("print-all-types"), checked: chosen_type.is_empty() });
    let printer = chosen_printer(&printers, sent);
    let usual = printer.map_or(USUAL, |printer| printer.stock.as_str());
    let sheet = Some(sent.text("sheet")).filter(|name| !name.is_empty()).unwrap_or(usual);
    let kind = sent.text("kind").parse().unwrap_or(Kind::Box);
    let or =
        |name: &str, usual: &str| Some(sent.text(name)).filter(|text| !text.is_empty()).unwrap_or(usual).to_owned();
    let (start, copies) = (or("start", "1"), or("copies", "1"));
    let more = kits.len() > usize::try_from(MOST_LISTED).unwrap_or(usize::MAX);
    let mut items: Vec<Row> = kits.into_iter().map(|kit| Row::new(t, who, kit, sent)).collect();
    items.truncate(usize::try_from(MOST_LISTED).unwrap_or(usize::MAX));
    let typed = typed(sent.text("codes"));
    let ticked = items.iter().filter(|row| row.ticked).map(|row| row.code.as_str());
    let mut shown: Vec<&str> = ticked.chain(typed.iter().map(String::as_str)).collect();
    if shown.is_empty() {
        shown = items.iter().map(|row| row.code.as_str()).collect();
    }
    let unfit = address::wrong(&app.config.label_url).filter(|_| !app.config.demo);
    let unfit = unfit.map(|code| t.v(&error_key(code), "address", app.config.label_url.as_str()));
    Ok(page::html(
        builder,
        &LabelsPage {
            t,
            page: Page::new(request, &t.s("print-title")),
            unfit,
            kit_types,
            shelf: errors.field("shelf", wanted.shelf.as_str()),
            unprinted: wanted.unprinted,
            picture: picture_of(&shown, kind, sheet, &start),
            items,
            more,
            codes: errors.field("codes", sent.text("codes")),
            kinds: choices(Kind::ALL, |kind| t.s(&format!("print-kind-{kind}")), |one| one == kind),
            sheets: stock::all().iter().map(|one| stock_choice(t, one, &app.config.label_url, sheet)).collect(),
            printers: printers.iter().map(|one| printer_choice(one, printer)).collect(),
            start: errors.field("start", start),
            copies: errors.field("copies", copies),
            blanks,
            count: errors.field("count", or("count", &USUAL_BLANKS.to_string())),
            chosen_type,
            errors: summary(errors, t, &LABELS),
        },
    ))
}

fn chosen_printer<'a>(printers: &'a [Printer], sent: &Sent) -> Option<&'a Printer> {
    let chosen: Option<PrinterId> = sent.text("printer").parse().ok();
    chosen.and_then(|id| printers.iter().find(|printer| printer.id == id))
}

/// A printer to choose.
struct PrinterChoice {
    id: String,
    name: String,
    /// What lies in it.
    stock: String,
    chosen: bool,
}

fn printer_choice(printer: &Printer, chosen: Option<&Printer>) -> PrinterChoice {
    let chosen = chosen.is_some_and(|chosen| chosen.id == printer.id);
    PrinterChoice { id: printer.id.to_string(), name: printer.name.clone(), stock: printer.stock.clone(), chosen }
}

/// A stock as it is chosen: "L7163 · 99,1 × 38,1 mm · 14 på ett ark · Avery", with what tells it from others first.
fn stock_choice(t: Texts, stock: &Stock, label_url: &str, chosen: &str) -> Choice {
    let room = match stock.fits {
        _ if render::is_small(label_url, stock) => Some(t.s("print-small")),
        Fits::Box => None,
        Fits::Part => Some(t.s("print-fits-part")),
        Fits::Text => Some(t.s("print-fits-text")),
    };
    let mm = |length: f32| length.to_string().replace('.', t.s("print-decimal").as_str());
    let many = match stock.per_page() {
        1 => t.s("print-roll"),
        several => t.v("print-on-sheet", "count", i64::from(several)),
    };
    let size = format!("{} × {} mm", mm(stock.width), mm(stock.height));
    let parts = [Some(stock.name.clone()), Some(size), room, Some(many), Some(stock.maker.clone())];
    let told: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    Choice { value: stock.name.clone(), label: told.join(" · "), checked: stock.name.eq_ignore_ascii_case(chosen) }
}

/// The most labels in the picture: as many as its address has room for.
const PICTURED: usize = 200;

/// The address of a picture of the first page.
fn picture_of(codes: &[&str], kind: Kind, sheet: &str, start: &str) -> String {
    let codes: Vec<&str> = codes.iter().take(PICTURED).copied().collect();
    let sheet = query_value(sheet);
    format!(
        "/lager/etiketter/sida.svg?kind={kind}&sheet={sheet}&start={}&codes={}",
        query_value(start),
        query_value(&codes.join(","))
    )
}

/// The first page as it will come out of the printer.
async fn picture(app: App, who: Keeper, sent: web::Query<Sent>) -> Result<HttpResponse, Error> {
    let stock = files::stock_named("sheet", sent.text("sheet"))?;
    let kind = sent.text("kind").parse().unwrap_or(Kind::Box);
    let start = sent.text("start").parse().unwrap_or(1).clamp(1, stock.per_page());
    let places = (stock.per_page() - start + 1) as usize;
    let codes: Vec<String> = typed(sent.text("codes"));
    // The picture is not for printing, so it may have an address that no label may have.
    let address = Address { url: app.config.label_url.clone(), demo: app.config.demo };
    let organisation = who.organisation.clone();
    // Kits may have gone since the page was made, and a code may be half written.
    let known = app.db.read(move |conn| queries::known_labels(conn, &organisation, &address, kind, &codes, places));
    let labels = known.await?;
    let svg = prints::long_work(move || render::page_svg(&labels, &stock, start).map_err(files::told)).await?;
    Ok(HttpResponse::Ok().content_type("image/svg+xml").insert_header(("cache-control", "no-store")).body(svg))
}

/// The codes that were scanned or typed, with a new line, a comma or a space between them. What is none stays as it is
/// written, so that its writer knows it again.
fn typed(text: &str) -> Vec<String> {
    let mut codes = Vec::new();
    for line in text.split(['\n', ',', ';']).map(str::trim).filter(|line| !line.is_empty()) {
        // A code may be written with a space in it.
        match Code::parse(line) {
            Ok(_) => codes.push(line.to_owned()),
            Err(_) => codes.extend(line.split_whitespace().map(str::to_owned)),
        }
    }
    codes
}

/// What the form orders: kits that were ticked and codes that were typed, or all kits in the list.
async fn ordered(app: &App, who: &Person, sent: &Sent) -> Result<Order, Error> {
    let mut codes: Vec<String> = sent.all("code").map(str::to_owned).chain(typed(sent.text("codes"))).collect();
    if sent.has("all", "yes") {
        let (organisation, wanted) = (who.organisation_id(), wanted(sent));
        let most = i64::try_from(queries::MOST).unwrap_or(i64::MAX) + 1;
        let kits = app.db.read(move |conn| queries::kits_to_label(conn, organisation, &wanted, most)).await?;
        codes = kits.into_iter().map(|kit| kit.code.to_string()).collect();
    }
    Ok(order(codes, sent))
}

/// Labels for these codes, as the form says.
fn order(codes: Vec<String>, sent: &Sent) -> Order {
    Order {
        codes,
        kind: sent.text("kind").parse().unwrap_or(Kind::Box),
        sheet: Some(sent.text("sheet").to_owned()).filter(|sheet| !sheet.is_empty()),
        start: sent.text("start").trim().parse().unwrap_or(0),
        copies: sent.text("copies").trim().parse().unwrap_or(0),
    }
}

async fn print(request: HttpRequest, app: App, who: Keeper, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let done = async {
        let order = ordered(&app, &who, &sent).await?;
        if sent.has("cards", "yes") {
            return Ok(page::pdf(prints::cards(&app, &who, order.codes).await?, "kort.pdf"));
        }
        printed(&app, &who, &sent, Wanted::Codes(order)).await
    };
    match done.await {
        Ok(answer) => Ok(answer),
        Err(error) => labels_page(&request, &app, &who, &sent, refused(about_codes(error), texts(&request))?).await,
    }
}

/// On the page, the codes are one field.
fn about_codes(error: Error) -> Error {
    match error {
        Error::Problem(mut problem) => {
            for field in &mut problem.fields {
                if field.field.starts_with("codes[") {
                    field.field = "codes".to_owned();
                }
            }
            Error::Problem(problem)
        }
        fault => fault,
    }
}

/// What is to be printed.
#[derive(Clone)]
enum Wanted {
    /// Labels that there are.
    Codes(Order),
    /// So many new ones, for kits that come later.
    New(i32),
}

/// Prints by itself where the printer can, else gives the pages. New codes are drawn in the same transaction as the order
/// is checked, so that a mistake leaves none behind.
async fn printed(app: &App, who: &Person, sent: &Sent, wanted: Wanted) -> Result<HttpResponse, Error> {
    let (by, organisation) = (who.by(app.clock.now()), who.organisation.clone());
    let address = Address::of(&app.config)?;
    let chosen: Option<PrinterId> = sent.text("printer").parse().ok();
    let blank = Order { start: 1, copies: 1, ..order(Vec::new(), sent) };
    let made = app.db.write(move |tx| {
        let order = match &wanted {
            Wanted::Codes(order) => order.clone(),
            Wanted::New(count) => {
                let codes = codes::draw(tx, by, *count)?.iter().map(ToString::to_string).collect();
                Order { codes, ..blank.clone() }
            }
        };
        let printer = chosen.map(|id| printers::find(tx, organisation.id, id)).transpose()?;
        match printer {
            Some(printer) if !printer.address.is_empty() => {
                print_jobs::order(tx, by, &organisation, &address, printer.id, &What::Labels(order))?;
                Ok(None)
            }
            _ => Ok(Some(prints::prepare(tx, &organisation, &address, chosen, &order)?)),
        }
    });
    match made.await? {
        None => {
            print_jobs::hurry(app.get_ref().clone());
            Ok(see_other("/lager/utskrifter?klart=print-ordered"))
        }
        Some(prepared) => Ok(page::pdf(prints::make(app, by, prepared).await?, "etiketter.pdf")),
    }
}

/// Labels without kits: those that are there, printed again, or new ones.
async fn print_blanks(
    request: HttpRequest,
    app: App,
    who: Keeper,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let done = async {
        let wanted = if sent.has("again", "yes") {
            let most = i64::try_from(queries::MOST).unwrap_or(i64::MAX);
            let unused = app.db.read(move |conn| codes::unused(conn, organisation, most)).await?;
            let codes = unused.iter().map(ToString::to_string).collect();
            Wanted::Codes(Order { start: 1, copies: 1, ..order(codes, &sent) })
        } else {
            Wanted::New(sent.number("count").unwrap_or(0))
        };
        printed(&app, &who, &sent, wanted).await
    };
    match done.await {
        Ok(answer) => Ok(answer),
        Err(error) => labels_page(&request, &app, &who, &sent, refused(about_codes(error), texts(&request))?).await,
    }
}
