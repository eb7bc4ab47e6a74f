//! Printers, and what they were to print.

use crate::accounts::session::{Keeper, Person};
use crate::labels::address::Address;
use crate::labels::print_jobs::{self, JobStatus, PrintJobView, What};
use crate::labels::printers::{self, Printer, PrinterView, SavePrinter};
use crate::labels::stock::USUAL;
use crate::labels::{discovery, files, prints, test_page};
use crate::platform::error::Error;
use crate::platform::ids::{PrintJobId, PrinterId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent, Tag, refused, summary};
use crate::platform::web::page::{self, Page, query_value, see_other};
use crate::platform::web::paging::Paging;
use crate::platform::web::texts;
use crate::warehouse::labels::{stock_choices, stock_name};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;

type App = web::Data<AppState>;

/// The fields of the form, and their labels.
const LABELS: [(&str, &str); 7] = [
    ("name", "printer-name"),
    ("address", "printer-address"),
    ("stock", "printer-stock"),
    ("offset_x", "printer-right"),
    ("offset_y", "printer-down"),
    ("tray", "printer-tray"),
    ("media_type", "printer-paper"),
];

/// What printers call their trays and kinds of paper, and what people do. What is not here is told as the printer tells it.
const WORDS: [(&str, &str); 19] = [
    ("auto", "printer-word-auto"),
    ("main", "printer-word-main"),
    ("manual", "printer-word-manual"),
    ("by-pass-tray", "printer-word-by-pass"),
    ("top", "printer-word-top"),
    ("middle", "printer-word-middle"),
    ("bottom", "printer-word-bottom"),
    ("left", "printer-word-left"),
    ("right", "printer-word-right"),
    ("photo", "printer-word-photo"),
    ("envelope", "printer-word-envelope"),
    ("labels", "printer-word-labels"),
    ("labels-continuous", "printer-word-roll"),
    ("stationery", "printer-word-paper"),
    ("stationery-heavyweight", "printer-word-heavy"),
    ("stationery-letterhead", "printer-word-letterhead"),
    ("cardstock", "printer-word-card"),
    ("transparency", "printer-word-film"),
    ("other", "printer-word-other"),
];

/// A tray or kind of paper in people's words.
fn word(t: Texts, word: &str) -> String {
    let numbered = |begin: &str| word.strip_prefix(begin)?.parse::<i64>().ok();
    if let Some(number) = numbered("tray-") {
        return t.v("printer-word-tray", "number", number);
    }
    if let Some(number) = numbered("roll-") {
        return t.v("printer-word-roll-number", "number", number);
    }
    WORDS.iter().find(|(known, _)| *known == word).map_or_else(|| word.to_owned(), |(_, key)| t.s(key))
}

/// The routes of these pages.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/lager/skrivare", web::get().to(list))
        .route("/lager/skrivare/ny", web::get().to(begin))
        .route("/lager/skrivare/ny", web::post().to(add))
        .route("/lager/skrivare/{id}", web::get().to(show))
        .route("/lager/skrivare/{id}", web::post().to(change))
        .route("/lager/skrivare/{id}/ta-bort", web::post().to(remove))
        .route("/lager/skrivare/{id}/prov", web::post().to(test))
        .route("/lager/utskrifter", web::get().to(jobs))
        .route("/lager/utskrifter/{id}/igen", web::post().to(retry))
        .route("/lager/utskrifter/{id}/kom-ut", web::post().to(confirm))
        .route("/lager/utskrifter/{id}/avbryt", web::post().to(cancel));
}

#[derive(Template)]
#[template(path = "warehouse/printers.html")]
struct PrintersPage {
    t: Texts,
    page: Page,
    printers: Vec<Row>,
    found: Option<Vec<Found>>,
}

struct Row {
    id: PrinterId,
    name: String,
    stock: String,
    address: String,
}

/// A printer that announces itself.
struct Found {
    name: String,
    address: String,
    href: String,
}

#[derive(Template)]
#[template(path = "warehouse/printer_form.html")]
struct PrinterPage {
    t: Texts,
    page: Page,
    id: Option<PrinterId>,
    version: String,
    errors: Vec<FieldError>,
    name: Field,
    address: Field,
    stocks: Vec<Choice>,
    own_size: Field,
    offset_x: Field,
    offset_y: Field,
    /// Where a printer that prints by itself takes the labels.
    feed: Option<Feed>,
}

/// The trays and kinds of paper of a printer.
struct Feed {
    trays: Vec<Choice>,
    papers: Vec<Choice>,
    /// It does not tell them now.
    silent: bool,
    /// Why it cannot print the labels that lie in it.
    cannot: Option<String>,
}

async fn list(request: HttpRequest, app: App, who: Keeper, wanted: web::Query<Sent>) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(&request), who.organisation_id());
    let printers = app.db.read(move |conn| printers::all(conn, organisation)).await?;
    let found = match wanted.has("sok", "ja") {
        // Anyone is let in there, and need not know what is on this network.
        true if app.config.demo => Some(Vec::new()),
        true => Some(discovery::printers().await?),
        false => None,
    };
    let told = |found: discovery::Found| Found {
        href: format!("/lager/skrivare/ny?name={}&address={}", query_value(&found.name), query_value(&found.address)),
        name: found.name,
        address: found.address,
    };
    Ok(page::ok(&PrintersPage {
        t,
        page: Page::new(&request, &t.s("printer-title")),
        printers: printers
            .into_iter()
            .map(|row| Row { id: row.id, name: row.name, stock: stock_name(t, &row.stock), address: row.address })
            .collect(),
        found: found.map(|found| found.into_iter().map(told).collect()),
    }))
}

/// What a printer can be told to take, with what it is told now.
async fn feed(app: &App, t: Texts, printer: &Printer, sent: &Sent) -> Option<Feed> {
    if printer.address.is_empty() {
        return None;
    }
    let abilities = print_jobs::abilities(app, printer).await;
    let silent = abilities.is_none();
    let stock = files::stock_named("stock", &printer.stock).ok();
    let wrong = abilities.as_ref().zip(stock).and_then(|(abilities, stock)| abilities.takes(&stock).err());
    let mut abilities = abilities.unwrap_or_default();
    // Nobody has labels of photo paper, of which printers tell many.
    abilities.media_types.retain(|paper| !paper.starts_with("photographic"));
    let choices = |usual: &str, known: Vec<String>, now: &str| {
        let now_too = Some(now.to_owned()).filter(|now| !now.is_empty() && !known.contains(now));
        let none = Choice { value: String::new(), label: t.s(usual), checked: now.is_empty() };
        let choice = |value: String| Choice { checked: value == now, label: word(t, &value), value };
        std::iter::once(none).chain(known.into_iter().chain(now_too).map(choice)).collect()
    };
    Some(Feed {
        trays: choices("printer-tray-usual", abilities.trays, sent.text("tray")),
        papers: choices("printer-paper-usual", abilities.media_types, sent.text("media_type")),
        silent,
        cannot: wrong.map(|error| t.s(&format!("print-why-{}", print_jobs::reason(&error).0))),
    })
}

fn form(
    request: &HttpRequest,
    app: &App,
    printer: Option<(PrinterId, Option<Feed>)>,
    sent: &Sent,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> HttpResponse {
    let t = texts(request);
    let chosen = Some(sent.text("stock")).filter(|name| !name.is_empty()).unwrap_or(USUAL);
    let (id, feed) = printer.map_or((None, None), |(id, feed)| (Some(id), feed));
    let filled = PrinterPage {
        t,
        page: Page::new(request, &t.s(if id.is_some() { "printer-change" } else { "printer-new" })),
        id,
        version: sent.text("version").to_owned(),
        name: errors.field("name", sent.text("name")),
        address: errors.field("address", sent.text("address")),
        stocks: stock_choices(t, &app.config.label_url, std::iter::once(chosen), chosen),
        own_size: errors.field("stock", sent.text("own_size")),
        feed,
        offset_x: errors.field("offset_x", sent.text("offset_x")),
        offset_y: errors.field("offset_y", sent.text("offset_y")),
        errors: summary(errors, t, &LABELS),
    };
    page::html(builder, &filled)
}

/// Millimetres as people write them; what is none is out of every range, and so told with all else that is wrong.
fn millimetres(text: &str) -> f32 {
    let text = text.trim().replace(',', ".").replace('−', "-");
    if text.is_empty() { 0.0 } else { text.parse().unwrap_or(f32::INFINITY) }
}

fn read(sent: &Sent) -> SavePrinter {
    SavePrinter {
        name: sent.text("name").to_owned(),
        address: sent.text("address").to_owned(),
        stock: Some(sent.text("own_size").trim())
            .filter(|own| !own.is_empty())
            .unwrap_or(sent.text("stock"))
            .to_owned(),
        offset_x: millimetres(sent.text("offset_x")),
        offset_y: millimetres(sent.text("offset_y")),
        tray: sent.text("tray").to_owned(),
        media_type: sent.text("media_type").to_owned(),
    }
}

async fn begin(request: HttpRequest, app: App, _who: Keeper, sent: web::Query<Sent>) -> HttpResponse {
    let filled = sent.into_inner().with("offset_x", "0").with("offset_y", "0");
    form(&request, &app, None, &filled, (Errors::default(), HttpResponse::Ok()))
}

async fn add(request: HttpRequest, app: App, who: Keeper, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let save = read(&sent);
    match app.db.write(move |tx| printers::add(tx, by, &save)).await {
        // A printer that prints by itself tells its trays, now that it is known.
        Ok(added) if !added.printer.address.is_empty() => {
            Ok(see_other(&format!("/lager/skrivare/{}?klart=printer-added", added.id)))
        }
        Ok(_) => Ok(see_other("/lager/skrivare?klart=saved")),
        Err(error) => Ok(form(&request, &app, None, &sent, refused(error, texts(&request))?)),
    }
}

async fn show(request: HttpRequest, app: App, who: Keeper, id: web::Path<PrinterId>) -> Result<HttpResponse, Error> {
    let (t, organisation, id) = (texts(&request), who.organisation_id(), *id);
    let row = app.db.read(move |conn| printers::find(conn, organisation, id)).await?;
    let PrinterView { printer, version, .. } = row.clone().into();
    let decimal = |length: f32| length.to_string().replace('.', t.s("print-decimal").as_str());
    let filled = Sent::default()
        .with("name", printer.name)
        .with("address", printer.address)
        .with("stock", printer.stock)
        .with("offset_x", decimal(printer.offset_x))
        .with("offset_y", decimal(printer.offset_y))
        .with("tray", printer.tray)
        .with("media_type", printer.media_type)
        .with("version", version);
    let feed = feed(&app, t, &row, &filled).await;
    Ok(form(&request, &app, Some((id, feed)), &filled, (Errors::default(), HttpResponse::Ok())))
}

async fn change(
    request: HttpRequest,
    app: App,
    who: Keeper,
    id: web::Path<PrinterId>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (by, id) = (who.by(app.clock.now()), *id);
    let done = async {
        let (save, seen) = (read(&sent), sent.version()?);
        app.db.write(move |tx| printers::change(tx, by, id, &save, seen)).await
    };
    match done.await {
        Ok(_) => Ok(see_other("/lager/skrivare?klart=saved")),
        Err(error) => {
            let (t, organisation) = (texts(&request), who.organisation_id());
            let refused = refused(error, t)?;
            let row = app.db.read(move |conn| printers::find(conn, organisation, id)).await?;
            let feed = feed(&app, t, &row, &sent).await;
            Ok(form(&request, &app, Some((id, feed)), &sent, refused))
        }
    }
}

async fn remove(app: App, who: Keeper, id: web::Path<PrinterId>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    app.db.write(move |tx| print_jobs::remove_printer(tx, by, *id)).await?;
    print_jobs::hurry(app.get_ref().clone());
    Ok(see_other("/lager/skrivare?klart=printer-removed"))
}

/// The test page: printed by the printer itself where it can, else to be printed from here.
async fn test(request: HttpRequest, app: App, who: Keeper, id: web::Path<PrinterId>) -> Result<HttpResponse, Error> {
    let (organisation, id) = (who.organisation.clone(), *id);
    let row = app.db.read(move |conn| printers::find(conn, organisation.id, id)).await?;
    let address = Address::of(&app.config)?;
    if row.address.is_empty() {
        let stock = files::stock_named("stock", &row.stock)?;
        let (t, offset) = (texts(&request), row.offset());
        let made = move || test_page::pdf(t, &address.url, &stock, offset, false).map_err(files::told);
        return Ok(page::pdf(prints::long_work(made).await?, "provsida.pdf"));
    }
    let (by, organisation) = (who.by(app.clock.now()), who.organisation.clone());
    app.db.write(move |tx| print_jobs::order(tx, by, &organisation, &address, id, &What::TestPage)).await?;
    print_jobs::hurry(app.get_ref().clone());
    Ok(see_other("/lager/utskrifter?klart=print-ordered"))
}

#[derive(Template)]
#[template(path = "warehouse/print_jobs.html")]
struct JobsPage {
    t: Texts,
    page: Page,
    jobs: Vec<Job>,
    /// One of them may change by itself.
    moving: bool,
    first: Option<String>,
    next: Option<String>,
}

struct Job {
    id: PrintJobId,
    title: String,
    /// On what, and who ordered it when.
    facts: String,
    when: String,
    status: Tag,
    why: String,
    /// Where its labels are chosen anew.
    anew: Option<String>,
    /// What trying again is called, where that may be done.
    retry: Option<String>,
    can_confirm: bool,
    can_cancel: bool,
}

impl Job {
    fn new(t: Texts, who: &Person, job: PrintJobView) -> Self {
        let (color, icon) = match job.status {
            JobStatus::Waiting => ("info", "clock"),
            JobStatus::Sent => ("info", "print"),
            JobStatus::Printed => ("success", "check"),
            JobStatus::Failed => ("danger", "alert"),
            JobStatus::Cancelling | JobStatus::Cancelled => ("neutral", "stop"),
        };
        let when = t.moment(job.created_at, who.organisation.zone());
        let sheet = stock_name(t, &job.sheet);
        let retry = if job.reason == "forgotten" { "print-again" } else { "print-retry" };
        let failed = job.status == JobStatus::Failed;
        let facts = [job.printer, sheet, when.clone()].into_iter().chain(job.ordered_by).collect::<Vec<_>>();
        Self {
            id: job.id,
            title: job.title,
            facts: facts.join(" · "),
            when,
            status: Tag { color, icon, text: t.s(&format!("print-status-{}", job.status)) },
            why: if job.reason.is_empty() { String::new() } else { t.s(&format!("print-why-{}", job.reason)) },
            anew: (failed && job.labels > 0).then(|| format!("/lager/etiketter?utskrift={}", job.id)),
            retry: job.can_retry.then(|| t.s(retry)),
            can_confirm: job.can_confirm,
            can_cancel: job.can_cancel,
        }
    }
}

async fn jobs(request: HttpRequest, app: App, who: Keeper, paging: web::Query<Paging>) -> Result<HttpResponse, Error> {
    let (t, organisation, paging) = (texts(&request), who.organisation_id(), paging.into_inner());
    let cursor = paging.cursor.clone();
    let found = app.db.read(move |conn| print_jobs::list(conn, organisation, &paging)).await?;
    let (first, next) = page::list_pages("/lager/utskrifter", cursor.as_deref(), found.next.as_deref());
    let moving = [JobStatus::Waiting, JobStatus::Sent, JobStatus::Cancelling];
    Ok(page::ok(&JobsPage {
        t,
        moving: found.items.iter().any(|job| moving.contains(&job.status)),
        page: Page::new(&request, &t.s("print-jobs")),
        jobs: found.items.into_iter().map(|job| Job::new(t, &who, job)).collect(),
        first,
        next,
    }))
}

async fn retry(app: App, who: Keeper, id: web::Path<PrintJobId>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    app.db.write(move |tx| print_jobs::retry(tx, by, *id)).await?;
    print_jobs::hurry(app.get_ref().clone());
    Ok(see_other("/lager/utskrifter?klart=print-ordered"))
}

async fn cancel(app: App, who: Keeper, id: web::Path<PrintJobId>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let job = app.db.write(move |tx| print_jobs::cancel(tx, by, *id)).await?;
    print_jobs::hurry(app.get_ref().clone());
    Ok(see_other(match job.status {
        JobStatus::Cancelling => "/lager/utskrifter?klart=print-cancelling",
        _ => "/lager/utskrifter?klart=print-cancelled",
    }))
}

/// Somebody saw it lie in the tray.
async fn confirm(app: App, who: Keeper, id: web::Path<PrintJobId>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    app.db.write(move |tx| print_jobs::confirm(tx, by, *id)).await?;
    Ok(see_other("/lager/utskrifter?klart=print-confirmed"))
}
