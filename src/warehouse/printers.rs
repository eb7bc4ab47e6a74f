//! Printers, and what they were to print.

use crate::accounts::session::{Keeper, Person};
use crate::labels::address::Address;
use crate::labels::print_jobs::{self, JobStatus, PrintJobView, What};
use crate::labels::printers::{self, PrinterView, SavePrinter};
use crate::labels::stock::{self, USUAL};
use crate::labels::{discovery, files, prints, test_page};
use crate::platform::error::{Error, FieldError as WrongField, all_fields};
use crate::platform::ids::{PrintJobId, PrinterId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent, Tag, refused, summary};
use crate::platform::web::page::{self, Page, query_value, see_other};
use crate::platform::web::paging::Paging;
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;

type App = web::Data<AppState>;

/// The fields of the form, and their labels.
const LABELS: [(&str, &str); 5] = [
    ("name", "printer-name"),
    ("address", "printer-address"),
    ("stock", "printer-stock"),
    ("offset_x", "printer-right"),
    ("offset_y", "printer-down"),
];

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
        .route("/lager/utskrifter/{id}/avbryt", web::post().to(cancel));
}

#[derive(Template)]
#[template(path = "warehouse/printers.html")]
struct PrintersPage {
    t: Texts,
    page: Page,
    printers: Vec<PrinterView>,
    found: Option<Vec<Found>>,
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
    offset_x: Field,
    offset_y: Field,
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
        printers: printers.into_iter().map(PrinterView::from).collect(),
        found: found.map(|found| found.into_iter().map(told).collect()),
    }))
}

fn form(
    request: &HttpRequest,
    id: Option<PrinterId>,
    sent: &Sent,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> HttpResponse {
    let t = texts(request);
    let chosen = Some(sent.text("stock")).filter(|name| !name.is_empty()).unwrap_or(USUAL);
    let choice = |stock: &stock::Stock| Choice {
        value: stock.name.clone(),
        label: format!("{} {}", stock.name, stock.maker).trim().to_owned(),
        checked: stock.name.eq_ignore_ascii_case(chosen),
    };
    let filled = PrinterPage {
        t,
        page: Page::new(request, &t.s(if id.is_some() { "printer-change" } else { "printer-new" })),
        id,
        version: sent.text("version").to_owned(),
        name: errors.field("name", sent.text("name")),
        address: errors.field("address", sent.text("address")),
        stocks: stock::all().iter().map(choice).collect(),
        offset_x: errors.field("offset_x", sent.text("offset_x")),
        offset_y: errors.field("offset_y", sent.text("offset_y")),
        errors: summary(errors, t, &LABELS),
    };
    page::html(builder, &filled)
}

/// Millimetres as people write them; what is none is out of every range.
fn millimetres(field: &'static str, text: &str) -> Result<f32, WrongField> {
    let text = text.trim().replace(',', ".").replace('−', "-");
    if text.is_empty() {
        return Ok(0.0);
    }
    text.parse().map_err(|_| WrongField::new(field, "field.range").arg("least", -10).arg("most", 10))
}

fn read(sent: &Sent) -> Result<SavePrinter, Error> {
    all_fields! {
        offset_x = millimetres("offset_x", sent.text("offset_x")),
        offset_y = millimetres("offset_y", sent.text("offset_y")),
    }
    Ok(SavePrinter {
        name: sent.text("name").to_owned(),
        address: sent.text("address").to_owned(),
        stock: sent.text("stock").to_owned(),
        offset_x,
        offset_y,
    })
}

async fn begin(request: HttpRequest, _who: Keeper, sent: web::Query<Sent>) -> HttpResponse {
    let filled = sent.into_inner().with("offset_x", "0").with("offset_y", "0");
    form(&request, None, &filled, (Errors::default(), HttpResponse::Ok()))
}

async fn add(request: HttpRequest, app: App, who: Keeper, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let done = async {
        let save = read(&sent)?;
        app.db.write(move |tx| printers::add(tx, by, &save)).await
    };
    match done.await {
        Ok(_) => Ok(see_other("/lager/skrivare?klart=saved")),
        Err(error) => Ok(form(&request, None, &sent, refused(error, texts(&request))?)),
    }
}

async fn show(request: HttpRequest, app: App, who: Keeper, id: web::Path<PrinterId>) -> Result<HttpResponse, Error> {
    let (t, organisation, id) = (texts(&request), who.organisation_id(), *id);
    let row = app.db.read(move |conn| printers::find(conn, organisation, id)).await?;
    let PrinterView { printer, version, .. } = row.into();
    let decimal = |length: f32| length.to_string().replace('.', t.s("print-decimal").as_str());
    let filled = Sent::default()
        .with("name", printer.name)
        .with("address", printer.address)
        .with("stock", printer.stock)
        .with("offset_x", decimal(printer.offset_x))
        .with("offset_y", decimal(printer.offset_y))
        .with("version", version);
    Ok(form(&request, Some(id), &filled, (Errors::default(), HttpResponse::Ok())))
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
        let (save, seen) = (read(&sent)?, sent.version()?);
        app.db.write(move |tx| printers::change(tx, by, id, &save, seen)).await
    };
    match done.await {
        Ok(_) => Ok(see_other("/lager/skrivare?klart=saved")),
        Err(error) => Ok(form(&request, Some(id), &sent, refused(error, texts(&request))?)),
    }
}

async fn remove(app: App, who: Keeper, id: web::Path<PrinterId>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    app.db.write(move |tx| printers::remove(tx, by, *id)).await?;
    Ok(see_other("/lager/skrivare?klart=printer-removed"))
}

/// The test page: printed by the printer itself where it can, else to be printed from here.
async fn test(request: HttpRequest, app: App, who: Keeper, id: web::Path<PrinterId>) -> Result<HttpResponse, Error> {
    let (organisation, id) = (who.organisation.clone(), *id);
    let row = app.db.read(move |conn| printers::find(conn, organisation.id, id)).await?;
    let address = Address::of(&app.config)?;
    if row.address.is_empty() {
        let stock = files::stock_named("stock", &row.stock)?;
        let (words, offset) = (print_jobs::test_words(texts(&request)), row.offset());
        let made = move || test_page::pdf(&address.url, &stock, offset, false, &words).map_err(files::told);
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
    can_retry: bool,
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
        let facts = [job.printer, job.sheet, when.clone()].into_iter().chain(job.ordered_by).collect::<Vec<_>>();
        Self {
            id: job.id,
            title: job.title,
            facts: facts.join(" · "),
            when,
            status: Tag { color, icon, text: t.s(&format!("print-status-{}", job.status)) },
            why: if job.reason.is_empty() { String::new() } else { t.s(&format!("print-why-{}", job.reason)) },
            can_retry: job.status == JobStatus::Failed,
            can_cancel: job.ended_at.is_none() && job.status != JobStatus::Cancelling,
        }
    }
}

async fn jobs(request: HttpRequest, app: App, who: Keeper, paging: web::Query<Paging>) -> Result<HttpResponse, Error> {
    let (t, organisation, paging) = (texts(&request), who.organisation_id(), paging.into_inner());
    let cursor = paging.cursor.clone();
    let found = app.db.read(move |conn| print_jobs::list(conn, organisation, &paging)).await?;
    let (first, next) = page::list_pages("/lager/utskrifter", cursor.as_deref(), found.next.as_deref());
    Ok(page::ok(&JobsPage {
        t,
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
    app.db.write(move |tx| print_jobs::cancel(tx, by, *id)).await?;
    print_jobs::hurry(app.get_ref().clone());
    Ok(see_other("/lager/utskrifter?klart=print-cancelled"))
}
