//! Labels: choose kits, see the page, print it. Labels that are printed before there is a kit for them, too.

use crate::accounts::session::{Keeper, Person};
use crate::kits::code::Code;
use crate::kits::codes;
use crate::kits::queries::{self as kits, Filter};
use crate::labels::address::{self, Address};
use crate::labels::print_jobs::{self, What};
use crate::labels::printers::{self, Printer};
use crate::labels::prints::{self, Order};
use crate::labels::queries::{self, Kind, KitToLabel, Wanted};
use crate::labels::stock::{self, Fits, Stock, USUAL};
use crate::labels::{files, render};
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{KitTypeId, OrganisationId, PrinterId};
use crate::platform::state::AppState;
use crate::platform::text::{Texts, error_key};
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent, choices, refused, summary};
use crate::platform::web::page::{self, Page, query_value, see_other};
use crate::platform::web::paging::{self, Paging};
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;

type App = web::Data<AppState>;

/// The most kits listed; a type or a shelf narrows the list.
const MOST_LISTED: i64 = 300;
/// Codes offered unless others are asked for.
const USUAL_BLANKS: i32 = 14;
/// Labels without a kit that the page counts.
const BLANKS_COUNTED: u32 = paging::MOST;

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
    printers: Vec<Choice>,
    start: Field,
    copies: Field,
    picture: String,
    blanks: usize,
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
fn wanted(sent: &Sent) -> Wanted {
    Wanted {
        kit_type: sent.text("kit_type_id").parse().ok(),
        shelf: sent.text("shelf").trim().to_owned(),
        unprinted: sent.has("unprinted", "yes"),
    }
}

/// The kit types to choose from, by name.
fn types(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<(KitTypeId, String)>, Error> {
    let (mut all, mut paging) = (Vec::new(), Paging { limit: Some(paging::MOST), cursor: None });
    loop {
        let page = kits::kit_types(conn, organisation, &Filter::default(), &paging)?;
        all.extend(page.items.into_iter().map(|kind| (kind.id, kind.name)));
        match page.next {
            Some(next) => paging.cursor = Some(next),
            None => return Ok(all),
        }
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
            let blanks = Paging { limit: Some(BLANKS_COUNTED), cursor: None };
            Ok((
                queries::kits_to_label(conn, organisation, &narrowed, MOST_LISTED + 1)?,
                types(conn, organisation)?,
                printers::all(conn, organisation)?,
                codes::blanks(conn, organisation, &blanks)?.items.len(),
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
    let shown: Vec<&str> = match items.iter().filter(|row| row.ticked).map(|row| row.code.as_str()).collect::<Vec<_>>()
    {
        ticked if ticked.is_empty() => items.iter().map(|row| row.code.as_str()).collect(),
        ticked => ticked,
    };
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
            sheets: stock::all().iter().map(|one| stock_choice(t, one, sheet)).collect(),
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

fn printer_choice(printer: &Printer, chosen: Option<&Printer>) -> Choice {
    let checked = chosen.is_some_and(|chosen| chosen.id == printer.id);
    Choice { value: printer.id.to_string(), label: printer.name.clone(), checked }
}

/// A stock as it is chosen: "L7163 · Avery · 14 på ett ark · 99,1 × 38,1 mm".
fn stock_choice(t: Texts, stock: &Stock, chosen: &str) -> Choice {
    let room = match stock.fits {
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
    let parts = [Some(stock.name.clone()), Some(stock.maker.clone()), Some(many), Some(size), room];
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
        codes.join(",")
    )
}

/// The first page as it will come out of the printer.
async fn picture(app: App, who: Keeper, sent: web::Query<Sent>) -> Result<HttpResponse, Error> {
    let stock = files::stock_named("sheet", sent.text("sheet"))?;
    let kind = sent.text("kind").parse().unwrap_or(Kind::Box);
    let start = sent.text("start").parse().unwrap_or(1).clamp(1, stock.per_page());
    let places = (stock.per_page() - start + 1) as usize;
    let codes: Vec<String> = sent.text("codes").split(',').map(str::to_owned).take(places).collect();
    // The picture is not for printing, so it may have an address that no label may have.
    let address = Address { url: app.config.label_url.clone(), demo: app.config.demo };
    let organisation = who.organisation.clone();
    let labels = app.db.read(move |conn| match queries::labels(conn, &organisation, &address, kind, &codes) {
        // Kits may have gone since the page was made, and there may be none.
        Err(Error::Problem(_)) => Ok(Vec::new()),
        other => other,
    });
    let labels = labels.await?;
    let svg = prints::long_work(move || render::page_svg(&labels, &stock, start).map_err(files::told)).await?;
    Ok(HttpResponse::Ok().content_type("image/svg+xml").insert_header(("cache-control", "no-store")).body(svg))
}

/// The codes that were scanned or typed, one on each line or with commas between them.
fn typed(text: &str) -> impl Iterator<Item = String> {
    text.split(['\n', ',', ';']).map(str::trim).filter(|code| !code.is_empty()).map(str::to_owned)
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
    Ok(Order {
        codes,
        kind: sent.text("kind").parse().unwrap_or(Kind::Box),
        sheet: sent.text("sheet").to_owned(),
        start: sent.text("start").trim().parse().unwrap_or(0),
        copies: sent.text("copies").trim().parse().unwrap_or(0),
    })
}

async fn print(request: HttpRequest, app: App, who: Keeper, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let done = async {
        let order = ordered(&app, &who, &sent).await?;
        if sent.has("cards", "yes") {
            return Ok(page::pdf(prints::cards(&app, &who, order.codes).await?, "kort.pdf"));
        }
        printed(&app, &who, &sent, order).await
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

/// Prints by itself where the printer can, else gives the pages.
async fn printed(app: &App, who: &Person, sent: &Sent, order: Order) -> Result<HttpResponse, Error> {
    let (by, organisation) = (who.by(app.clock.now()), who.organisation.clone());
    let chosen: Option<PrinterId> = sent.text("printer").parse().ok();
    let printer = match chosen {
        Some(id) => Some(app.db.read(move |conn| printers::find(conn, organisation.id, id)).await?),
        None => None,
    };
    match printer {
        Some(printer) if !printer.address.is_empty() => {
            let (organisation, address) = (who.organisation.clone(), Address::of(&app.config)?);
            app.db
                .write(move |tx| {
                    let what = What::Labels(order.clone());
                    print_jobs::order(tx, by, &organisation, &address, printer.id, &what)
                })
                .await?;
            print_jobs::hurry(app.get_ref().clone());
            Ok(see_other("/lager/utskrifter?klart=print-ordered"))
        }
        other => {
            let file = prints::printed(app, who, other.map(|printer| printer.id), order).await?;
            Ok(page::pdf(file, "etiketter.pdf"))
        }
    }
}

/// Labels without kits: those that are there, printed again, or new ones.
async fn print_blanks(
    request: HttpRequest,
    app: App,
    who: Keeper,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (by, organisation) = (who.by(app.clock.now()), who.organisation_id());
    let done = async {
        Address::of(&app.config)?;
        let codes: Vec<Code> = if sent.has("again", "yes") {
            let blanks = Paging { limit: Some(BLANKS_COUNTED), cursor: None };
            let blanks = app.db.read(move |conn| codes::blanks(conn, organisation, &blanks)).await?;
            blanks.items.into_iter().map(|blank| blank.code).collect()
        } else {
            let count = sent.number("count").unwrap_or(0);
            app.db.write(move |tx| codes::draw(tx, by, count)).await?
        };
        let codes = codes.iter().map(ToString::to_string).collect();
        let order = Order { codes, kind: Kind::Box, sheet: sent.text("sheet").to_owned(), start: 1, copies: 1 };
        printed(&app, &who, &sent, order).await
    };
    match done.await {
        Ok(answer) => Ok(answer),
        Err(error) => labels_page(&request, &app, &who, &sent, refused(error, texts(&request))?).await,
    }
}
