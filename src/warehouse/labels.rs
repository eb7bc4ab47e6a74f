//! Labels: choose kits, see the page, print it. Labels that are printed before there is a kit for them, too.

use crate::accounts::session::{Keeper, Person};
use crate::kits::code::Code;
use crate::kits::codes;
use crate::kits::queries as kits;
use crate::labels::address::{self, Address};
use crate::labels::files::{self, Format};
use crate::labels::print_jobs::{self, What};
use crate::labels::printers::{self, Printer};
use crate::labels::prints::{self, Order};
use crate::labels::queries::{self, Kind, KitToLabel, Wanted as WantedKits};
use crate::labels::render;
use crate::labels::sheets::Sheets;
use crate::labels::stock::{self, Fits, Stock, USUAL};
use crate::platform::db::connection::Conn;
use crate::platform::error::{Error, Fault, FieldError as WrongField};
use crate::platform::idempotency::Key;
use crate::platform::ids::{PrintJobId, PrinterId};
use crate::platform::state::AppState;
use crate::platform::text::{Texts, error_key};
use crate::platform::web::command;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent, choices, refused, summary};
use crate::platform::web::page::{self, Page, query_value, see_other};
use crate::platform::web::texts;
use crate::warehouse::scanner;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use uuid::Uuid;

type App = web::Data<AppState>;

/// The most kits listed; a type or a shelf narrows the list.
const MOST_LISTED: i64 = 100;
/// The most kits chosen at once, and one more, so that too many are told.
const MOST_CHOSEN: i64 = queries::MOST as i64 + 1;
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
/// In which a browser keeps the printer that was last printed on.
const PRINTER_COOKIE: &str = "printer";
/// The most names told in a note.
const MOST_NAMED: usize = 3;

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
    /// What else is to be known of these labels.
    notes: Vec<String>,
    /// One for each page made, so that a form takes effect once.
    key: Uuid,
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
    /// What scanning says.
    words: String,
}

struct Row {
    code: String,
    name: String,
    shelf: String,
    printed: String,
    ticked: bool,
}

impl Row {
    fn new(t: Texts, who: &Person, kit: KitToLabel, chosen: &[Code]) -> Self {
        Self {
            ticked: chosen.contains(&kit.code),
            code: kit.code.to_string(),
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
        codes: None,
    }
}

async fn choose(request: HttpRequest, app: App, who: Keeper, sent: web::Query<Sent>) -> Result<HttpResponse, Error> {
    let (sent, notes) = match sent.text("utskrift").parse() {
        Ok(job) => again(&app, &who, texts(&request), job).await?,
        Err(_) => (sent.into_inner(), Vec::new()),
    };
    labels_page(&request, &app, &who, &sent, notes, (Errors::default(), HttpResponse::Ok())).await
}

/// The form as it was filled in for a job that came to nothing, with what can be printed of it, and what is to be known of
/// the rest.
async fn again(app: &App, who: &Person, t: Texts, job: PrintJobId) -> Result<(Sent, Vec<String>), Error> {
    let organisation = who.organisation.clone();
    let read = app.db.read(move |conn| {
        let (order, printer) = print_jobs::labels(conn, organisation.id, job)?;
        let (codes, wrong) = queries::checked(conn, &organisation, &order.codes)?;
        Ok((order, printer, codes, wrong))
    });
    let (order, printer, codes, wrong) = read.await?;
    let filled = Sent::default().with("printer", printer).with("kind", order.kind).with("copies", order.copies);
    let filled = codes.into_iter().fold(filled, |filled, code| filled.with("code", code));
    Ok((filled, wrong.into_iter().map(|wrong| t.field(&named(wrong))).collect()))
}

async fn labels_page(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    sent: &Sent,
    mut notes: Vec<String>,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let (t, organisation, wanted) = (texts(request), who.organisation_id(), wanted(sent));
    let chosen: Vec<Code> = sent.all("code").filter_map(|code| Code::parse(code).ok()).collect();
    let (narrowed, ticked) = (wanted.clone(), WantedKits { codes: Some(chosen.clone()), ..WantedKits::default() });
    let (kits, ticked, types, printers, blanks) = app
        .db
        .read(move |conn| {
            Ok((
                queries::kits_to_label(conn, organisation, &narrowed, MOST_LISTED + 1)?,
                queries::kits_to_label(conn, organisation, &ticked, MOST_CHOSEN)?,
                kits::names(conn, organisation)?,
                printers::all(conn, organisation)?,
                codes::count_blanks(conn, organisation)?,
            ))
        })
        .await?;
    let mut kit_types: Vec<Choice> = types
        .into_iter()
        .map(|(id, label)| Choice { value: id.to_string(), label, checked: wanted.kit_type == Some(id) })
        .collect();
    let all = Choice { value: String::new(), label: t.s("print-all-types"), checked: wanted.kit_type.is_none() };
    kit_types.insert(0, all);
    let printer = chosen_printer(request, &printers, sent);
    let usual = printer.map_or(USUAL, |printer| printer.stock.as_str());
    let sheet = Some(sent.text("sheet")).filter(|name| !name.is_empty()).unwrap_or(usual);
    let kind = sent.text("kind").parse().unwrap_or(Kind::Box);
    let or =
        |name: &str, usual: &str| Some(sent.text(name)).filter(|text| !text.is_empty()).unwrap_or(usual).to_owned();
    let (start, copies) = (or("start", "1"), or("copies", "1"));

    // What is chosen stays chosen, whatever the list is narrowed to.
    let more = kits.len() > usize::try_from(MOST_LISTED).unwrap_or(usize::MAX);
    let listed: Vec<KitToLabel> = kits.into_iter().take(usize::try_from(MOST_LISTED).unwrap_or(usize::MAX)).collect();
    let kept = ticked.into_iter().filter(|kit| listed.iter().all(|other| other.code != kit.code));
    let items: Vec<Row> = kept.chain(listed.iter().cloned()).map(|kit| Row::new(t, who, kit, &chosen)).collect();
    let mut written = typed(sent.text("codes"));
    for code in chosen.iter().map(ToString::to_string) {
        // A code that is on no kit yet can be printed, too.
        if items.iter().all(|row| row.code != code) && !written.contains(&code) {
            written.push(code);
        }
    }
    let ticked = items.iter().filter(|row| row.ticked).map(|row| row.code.as_str());
    let mut shown: Vec<&str> = ticked.chain(written.iter().map(String::as_str)).collect();
    if shown.is_empty() {
        shown = items.iter().map(|row| row.code.as_str()).collect();
    }
    let picture = Picture { kind, sheet, start: &start, copies: &copies, printer: printer.map(|printer| printer.id) };
    let lacking = render::lacking(items.iter().map(|row| row.name.as_str())).map_err(files::told)?;
    if !lacking.is_empty() {
        let names = lacking.into_iter().take(MOST_NAMED).collect::<Vec<_>>().join(", ");
        notes.push(t.v("print-lacking", "names", names));
    }
    let address = app.config.label_url.as_str();
    let unfit = address::wrong(address).filter(|_| !app.config.demo);
    if unfit.is_none() && !app.config.label_url_is_set && !app.config.demo {
        notes.push(t.v("print-address-unset", "address", address));
    }
    let own = [("chosen", t.s("print-scan-chosen"))].into_iter().map(|(name, text)| (name.to_owned(), text));
    let stocks = std::iter::once(sheet).chain(printers.iter().map(|printer| printer.stock.as_str()));
    Ok(page::html(
        builder,
        &LabelsPage {
            t,
            page: Page::new(request, &t.s("print-title")),
            unfit: unfit.map(|code| t.v(&error_key(code), "address", address)),
            notes,
            key: Uuid::now_v7(),
            kit_types,
            shelf: errors.field("shelf", wanted.shelf.as_str()),
            unprinted: wanted.unprinted,
            picture: picture.of(&shown),
            more,
            codes: errors.field("codes", written.join("\n")),
            kinds: choices(Kind::ALL, |kind| t.s(&format!("print-kind-{kind}")), |one| one == kind),
            sheets: stock_choices(t, address, stocks, sheet),
            printers: printers.iter().map(|one| printer_choice(one, printer)).collect(),
            start: errors.field("start", start),
            copies: errors.field("copies", copies),
            blanks,
            count: errors.field("count", or("count", &USUAL_BLANKS.to_string())),
            words: scanner::words(t, own),
            items,
            errors: summary(errors, t, &LABELS),
        },
    ))
}

/// The printer that was chosen; on a page that is new, the one last printed on from this browser, or the only one.
fn chosen_printer<'a>(request: &HttpRequest, printers: &'a [Printer], sent: &Sent) -> Option<&'a Printer> {
    let kept = request.cookie(PRINTER_COOKIE);
    let chosen = sent.all("printer").next().or_else(|| kept.as_ref().map(Cookie::value));
    match (chosen, printers) {
        (Some(chosen), _) => printers.iter().find(|printer| printer.id.to_string() == chosen),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
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

/// The stocks to choose from: those known by name, and such of these as have a size of their own.
pub(super) fn stock_choices<'a>(
    t: Texts,
    label_url: &str,
    others: impl Iterator<Item = &'a str>,
    chosen: &str,
) -> Vec<Choice> {
    let mut stocks = stock::all().to_vec();
    for other in others.filter_map(Stock::named) {
        if stocks.iter().all(|stock| stock.name != other.name) {
            stocks.push(other);
        }
    }
    stocks.iter().map(|one| stock_choice(t, one, label_url, chosen)).collect()
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
    // What nobody makes has no name on a package.
    let made = !stock.maker.is_empty();
    let many = match stock.per_page() {
        1 if made => t.s("print-roll"),
        1 => t.s("print-single"),
        several => t.v("print-on-sheet", "count", i64::from(several)),
    };
    let name = made.then(|| stock.name.clone());
    let size = format!("{} × {} mm", mm(stock.width), mm(stock.height));
    let parts = [name, Some(size), room, Some(many), Some(stock.maker.clone())];
    let told: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let checked = Stock::named(chosen).is_some_and(|chosen| chosen.name == stock.name);
    Choice { value: stock.name.clone(), label: told.join(" · "), checked }
}

/// A stock in a few letters, as it stands on the package.
pub(super) fn stock_name(t: Texts, name: &str) -> String {
    match Stock::named(name) {
        Some(stock) if stock.maker.is_empty() => stock_choice(t, &stock, "", "").label,
        _ => name.to_owned(),
    }
}

/// The most labels in the picture: as many as its address has room for.
const PICTURED: usize = 200;

/// What the picture of the first page shows.
struct Picture<'a> {
    kind: Kind,
    sheet: &'a str,
    start: &'a str,
    copies: &'a str,
    printer: Option<PrinterId>,
}

impl Picture<'_> {
    /// Its address.
    fn of(&self, codes: &[&str]) -> String {
        let codes: Vec<&str> = codes.iter().take(PICTURED).copied().collect();
        let printer = self.printer.map(|id| id.to_string()).unwrap_or_default();
        let mut address = format!("/lager/etiketter/sida.svg?kind={}", self.kind);
        for (name, value) in [
            ("sheet", self.sheet),
            ("start", self.start),
            ("copies", self.copies),
            ("printer", &printer),
            ("codes", &codes.join(",")),
        ] {
            address.push_str(&format!("&{name}={}", query_value(value)));
        }
        address
    }
}

/// The first page as it will come out of the printer. There is nothing on it from a place that it does not have.
async fn picture(app: App, who: Keeper, sent: web::Query<Sent>) -> Result<HttpResponse, Error> {
    let stock = files::stock_named("sheet", sent.text("sheet"))?;
    let kind = sent.text("kind").parse().unwrap_or(Kind::Box);
    let start: u32 = sent.text("start").parse().unwrap_or(1);
    let copies = sent.text("copies").parse().unwrap_or(1).min(prints::MOST_COPIES);
    let places = if start == 0 { 0 } else { (stock.per_page() + 1).saturating_sub(start) as usize };
    let codes: Vec<String> = typed(sent.text("codes"));
    // The picture is not for printing, so it may have an address that no label may have; it is marked then.
    let (url, printer) = (app.config.label_url.clone(), sent.text("printer").parse::<PrinterId>().ok());
    let address = Address { demo: app.config.demo || address::wrong(&url).is_some(), url };
    let organisation = who.organisation.clone();
    // Kits may have gone since the page was made, and a code may be half written.
    let known = app.db.read(move |conn| {
        let printers = printers::all(conn, organisation.id)?;
        let offset = printers.iter().find(|one| Some(one.id) == printer).map(Printer::offset).unwrap_or_default();
        Ok((queries::known_labels(conn, &organisation, &address, kind, &codes, places)?, offset))
    });
    let (labels, offset) = known.await?;
    let svg = prints::long_work(move || {
        render::page_svg(&labels, &Sheets { start, copies, offset, ..Sheets::of(&stock) }).map_err(files::told)
    });
    let svg = svg.await?;
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

/// What the form orders: kits that were ticked and codes that were typed, each once, or all kits in the list.
async fn ordered(app: &App, who: &Person, sent: &Sent) -> Result<Order, Error> {
    let mut codes: Vec<String> = sent.all("code").map(str::to_owned).chain(typed(sent.text("codes"))).collect();
    if sent.has("all", "yes") {
        let (organisation, wanted) = (who.organisation_id(), wanted(sent));
        let kits = app.db.read(move |conn| queries::kits_to_label(conn, organisation, &wanted, MOST_CHOSEN)).await?;
        codes.extend(kits.into_iter().map(|kit| kit.code.to_string()));
    }
    let mut seen = HashSet::new();
    codes.retain(|text| Code::parse(text).map_or(true, |code| seen.insert(code)));
    order(codes, sent)
}

/// Labels for these codes, as the form says.
fn order(codes: Vec<String>, sent: &Sent) -> Result<Order, Error> {
    Ok(Order {
        codes,
        kind: match sent.text("kind") {
            "" => Kind::Box,
            said => said.parse().map_err(|_| Error::invalid("kind", "field.missing"))?,
        },
        sheet: Some(sent.text("sheet").to_owned()).filter(|sheet| !sheet.is_empty()),
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
        printed(&app, &who, &sent, Wanted::Codes(order)).await
    };
    match done.await {
        Ok(answer) => Ok(answer),
        Err(error) => {
            let refused = refused(about_codes(error), texts(&request))?;
            labels_page(&request, &app, &who, &sent, Vec::new(), refused).await
        }
    }
}

/// What is wrong with a code, with the code named.
fn named(mut wrong: WrongField) -> WrongField {
    if wrong.code == "kit.retired" {
        wrong.code = "label.kit_retired";
    }
    wrong
}

/// On the page, the codes are one field.
fn about_codes(error: Error) -> Error {
    match error {
        Error::Problem(mut problem) => {
            for field in &mut problem.fields {
                *field = named(field.clone());
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
#[derive(Clone, Serialize)]
enum Wanted {
    /// Labels that there are.
    Codes(Order),
    /// So many new ones, for kits that come later.
    New(i32),
}

/// What came of it.
#[derive(Serialize, Deserialize)]
enum Done {
    /// A printer prints it by itself.
    Ordered,
    /// It is to be printed from here.
    Pages(Order),
}

/// The printer that was chosen in the form, if one was.
fn sent_printer(sent: &Sent) -> Result<Option<PrinterId>, Error> {
    let chosen = Some(sent.text("printer")).filter(|chosen| !chosen.is_empty());
    chosen.map(|id| id.parse().map_err(|_| Error::invalid("printer", "printer.not_found"))).transpose()
}

/// Prints by itself where the printer can, else gives the pages. New codes are drawn in the same transaction as the order
/// is checked, so that a mistake leaves none behind; and a form that is sent twice is one order.
async fn printed(app: &App, who: &Person, sent: &Sent, wanted: Wanted) -> Result<HttpResponse, Error> {
    let (by, organisation) = (who.by(app.clock.now()), who.organisation.clone());
    let (address, chosen) = (Address::of(&app.config)?, sent_printer(sent)?);
    let format = [Format::Zpl, Format::Png].into_iter().find(|format| sent.text("as") == format.as_str());
    let blank = Order { start: 1, copies: 1, ..order(Vec::new(), sent)? };
    let filled_in =
        serde_json::to_string(&(&wanted, &blank, chosen, format.map(Format::as_str))).map_err(Fault::from_error)?;
    let key = Key::of_form(sent.text("key").parse().unwrap_or_else(|_| Uuid::now_v7()), &[&filled_in]);
    let (whose, label_url) = (organisation.clone(), address.clone());
    let done = command::once(app, by, key, move |tx| {
        let order = match &wanted {
            Wanted::Codes(order) => order.clone(),
            Wanted::New(count) => {
                let codes = codes::draw(tx, by, *count)?.iter().map(ToString::to_string).collect();
                Order { codes, ..blank.clone() }
            }
        };
        let printer = chosen.map(|id| printers::find(tx, whose.id, id)).transpose();
        let printer = printer.map_err(|error| match error {
            Error::Problem(_) => Error::invalid("printer", "printer.not_found"),
            fault => fault,
        })?;
        match printer {
            Some(printer) if !printer.address.is_empty() && format.is_none() => {
                print_jobs::order(tx, by, &whose, &label_url, printer.id, &What::Labels(order))?;
                Ok(Done::Ordered)
            }
            _ => {
                let prepared = prints::prepare(tx, &whose, &label_url, chosen, &order)?;
                prepared.check(format)?;
                prints::note(tx, by, prepared.order())?;
                Ok(Done::Pages(order))
            }
        }
    });
    let mut response = match done.await? {
        Done::Ordered => {
            print_jobs::hurry(app.get_ref().clone());
            see_other("/lager/utskrifter?klart=print-ordered")
        }
        Done::Pages(order) => {
            let prepare = move |conn: &mut Conn| prints::prepare(conn, &organisation, &address, chosen, &order);
            let prepared = app.db.read(prepare).await?;
            let file = prints::long_work(move || prepared.file(format)).await?;
            match format {
                None => page::pdf(file, "etiketter.pdf"),
                Some(format) => {
                    let name = format!("attachment; filename=\"etiketter.{format}\"");
                    let mut answer = HttpResponse::Ok();
                    answer.content_type(format.media_type()).insert_header(("content-disposition", name)).body(file)
                }
            }
        }
    };
    let kept = Cookie::build(PRINTER_COOKIE, chosen.map(|id| id.to_string()).unwrap_or_default())
        .path("/lager/etiketter")
        .http_only(true)
        .secure(app.config.over_tls())
        .same_site(SameSite::Lax)
        .max_age(Duration::days(365))
        .finish();
    // A cookie that cannot be set only means choosing the printer again.
    let _ = response.add_cookie(&kept);
    Ok(response)
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
            Wanted::Codes(Order { start: 1, copies: 1, ..order(codes, &sent)? })
        } else {
            Wanted::New(sent.number("count").unwrap_or(0))
        };
        printed(&app, &who, &sent, wanted).await
    };
    match done.await {
        Ok(answer) => Ok(answer),
        Err(error) => {
            let refused = refused(about_codes(error), texts(&request))?;
            labels_page(&request, &app, &who, &sent, Vec::new(), refused).await
        }
    }
}
