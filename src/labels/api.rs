//! Labels over JSON.

use crate::accounts::session::{Keeper, Person, SignedIn, Staff};
use crate::labels::address::Address;
use crate::labels::files::{self, Format};
use crate::labels::print_jobs::{self, PrintJobView, What};
use crate::labels::printers::{self, PrinterView, SavePrinter};
use crate::labels::prints::{self, Order, long_work};
use crate::labels::queries::{self, Kind};
use crate::labels::render::Label;
use crate::labels::stock::{self, Stock};
use crate::platform::error::{Error, Fault};
use crate::platform::ids::{PrintJobId, PrinterId};
use crate::platform::state::AppState;
use crate::platform::web::command::{self, Body};
use crate::platform::web::page;
use crate::platform::web::paging::{Listing, Paging};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(label)
        .service(card)
        .service(list_stock)
        .service(print)
        .service(list_printers)
        .service(add_printer)
        .service(change_printer)
        .service(remove_printer)
        .service(order_print)
        .service(list_print_jobs)
        .service(show_print_job)
        .service(retry_print_job)
        .service(confirm_print_job)
        .service(cancel_print_job);
}

/// How a label is wanted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Size {
    /// Of a PNG without `dpi`, the side of the code in pixels, 50 to 2000. Else the name of a label stock, or a label's
    /// size in millimetres, as `62x38`.
    size: Option<String>,
    /// The dots of a label printer in an inch, 100 to 600. A PNG is then the whole label, dot by dot.
    #[param(minimum = 100, maximum = 600)]
    dpi: Option<u32>,
    /// Where the label goes; on the box unless said.
    #[param(inline)]
    kind: Option<Kind>,
}

/// The label of a kit. A PNG without `dpi` is the square code alone, the others the whole label.
#[utoipa::path(tag = "labels", security(("token" = ["warehouse", "developer", "admin"])),
    params(("code" = String, Path), ("format" = inline(Format), Path), Size),
    responses((status = 200, content(
        (Vec<u8> = "image/png"), (String = "image/svg+xml"), (Vec<u8> = "application/pdf"), (String = "application/zpl"),
    ))))]
#[get("/kits/{code}/label.{format}")]
async fn label(
    app: App,
    who: Staff,
    path: web::Path<(String, Format)>,
    size: web::Query<Size>,
) -> Result<HttpResponse, Error> {
    let (code, format) = path.into_inner();
    let Size { size, dpi, kind } = size.into_inner();
    let labels = read_labels(&app, &who, kind.unwrap_or(Kind::Box), vec![code]);
    let labels = labels.await.map_err(one_code)?;
    let file = long_work(move || {
        let label = labels.first().ok_or_else(|| Fault::new("a label was not read"))?;
        files::one(label, format, &files::Size { size, dpi, ..files::Size::default() })
    })
    .await?;
    Ok(HttpResponse::Ok().content_type(format.media_type()).body(file))
}

/// The label stock that is known by name.
#[utoipa::path(tag = "labels", security(("token" = [])), responses((status = 200, body = Vec<Stock>)))]
#[get("/label-stock")]
async fn list_stock(_who: SignedIn) -> HttpResponse {
    HttpResponse::Ok().json(stock::all())
}

/// What is wrong with the only code is no field here, since the code stands in the address.
fn one_code(error: Error) -> Error {
    match error {
        Error::Problem(problem) => {
            let Some(wrong) = problem.fields.iter().find(|field| field.field == "codes[0]").cloned() else {
                return Error::Problem(problem);
            };
            let unknown = wrong.code == "kit.unknown_code";
            let error = if unknown { Error::not_found(wrong.code) } else { Error::refused(wrong.code) };
            wrong.args.into_iter().fold(error, |error, (name, value)| error.arg(name, value))
        }
        fault => fault,
    }
}

/// The contents card of a kit, for the inside of its lid: what to count, how to charge, whom to ring. A5.
#[utoipa::path(tag = "labels", security(("token" = ["warehouse", "developer", "admin"])),
    params(("code" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
#[get("/kits/{code}/card.pdf")]
async fn card(app: App, who: Staff, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let file = prints::cards(&app, &who, vec![code.into_inner()]).await.map_err(one_code)?;
    Ok(page::pdf(file, "kort.pdf"))
}

/// Through which printer.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Through {
    /// A printer whose offsets are to be used.
    printer_id: Option<PrinterId>,
}

/// Sheets of labels, as PDF. That they were printed is noted.
#[utoipa::path(tag = "labels", security(("token" = ["warehouse", "admin"])), request_body = Order, params(Through),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
#[post("/labels")]
async fn print(app: App, who: Keeper, through: web::Query<Through>, body: Body<Order>) -> Result<HttpResponse, Error> {
    let (organisation, address) = (who.organisation.clone(), Address::of(&app.config)?);
    let (printer, order) = (through.printer_id, body.value);
    let prepared = app.db.read(move |conn| prints::prepare(conn, &organisation, &address, printer, &order)).await?;
    Ok(page::pdf(prints::make(&app, who.by(app.clock.now()), prepared).await?, "etiketter.pdf"))
}

/// Printers.
#[utoipa::path(tag = "labels", security(("token" = ["warehouse", "admin"])),
    responses((status = 200, body = Vec<PrinterView>)))]
#[get("/printers")]
async fn list_printers(app: App, who: Keeper) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let all = app.db.read(move |conn| printers::all(conn, organisation)).await?;
    Ok(HttpResponse::Ok().json(all.into_iter().map(PrinterView::from).collect::<Vec<_>>()))
}

/// Adds a printer.
#[utoipa::path(tag = "labels", security(("token" = ["warehouse", "admin"])), request_body = SavePrinter,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = PrinterView)))]
#[post("/printers")]
async fn add_printer(app: App, who: Keeper, body: Body<SavePrinter>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    command::run(&app, by, body.key, StatusCode::CREATED, move |tx| printers::add(tx, by, &body.value)).await
}

/// Changes a printer.
#[utoipa::path(tag = "labels", security(("token" = ["warehouse", "admin"])), request_body = SavePrinter,
    params(("id" = PrinterId, Path), ("Idempotency-Key" = Option<String>, Header),
        ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = PrinterView)))]
#[put("/printers/{id}")]
async fn change_printer(
    request: HttpRequest,
    app: App,
    who: Keeper,
    id: web::Path<PrinterId>,
    body: Body<SavePrinter>,
) -> Result<HttpResponse, Error> {
    let (by, seen) = (who.by(app.clock.now()), command::if_match(&request)?);
    command::run(&app, by, body.key, StatusCode::OK, move |tx| printers::change(tx, by, *id, &body.value, seen)).await
}

/// Removes a printer. What it has not printed is called off.
#[utoipa::path(tag = "labels", security(("token" = ["warehouse", "admin"])),
    params(("id" = PrinterId, Path), ("Idempotency-Key" = Option<String>, Header)), responses((status = 204)))]
#[delete("/printers/{id}")]
async fn remove_printer(
    request: HttpRequest,
    app: App,
    who: Keeper,
    id: web::Path<PrinterId>,
) -> Result<HttpResponse, Error> {
    let (by, key) = (who.by(app.clock.now()), command::key(&request, b"")?);
    command::run(&app, by, key, StatusCode::NO_CONTENT, move |tx| print_jobs::remove_printer(tx, by, *id)).await
}

/// Labels for a printer that prints by itself; without labels, its test page.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct OrderPrint {
    /// The printer.
    printer_id: PrinterId,
    /// What is to be printed; the printer's test page unless said.
    #[serde(default)]
    labels: Option<Order>,
}

/// Has a printer print by itself. The job is kept until it is printed or called off.
#[utoipa::path(tag = "labels", security(("token" = ["warehouse", "admin"])), request_body = OrderPrint,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = PrintJobView)))]
#[post("/print-jobs")]
async fn order_print(app: App, who: Keeper, body: Body<OrderPrint>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let (organisation, address) = (who.organisation.clone(), Address::of(&app.config)?);
    let OrderPrint { printer_id, labels } = body.value;
    let what = labels.map_or(What::TestPage, What::Labels);
    let answer = command::run(&app, by, body.key, StatusCode::CREATED, move |tx| {
        print_jobs::order(tx, by, &organisation, &address, printer_id, &what)
    })
    .await?;
    print_jobs::hurry(app.get_ref().clone());
    Ok(answer)
}

/// What printers were to print, newest first.
#[utoipa::path(tag = "labels", security(("token" = ["warehouse", "admin"])), params(Paging),
    responses((status = 200, body = Listing<PrintJobView>)))]
#[get("/print-jobs")]
async fn list_print_jobs(app: App, who: Keeper, paging: web::Query<Paging>) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    Ok(HttpResponse::Ok().json(app.db.read(move |conn| print_jobs::list(conn, organisation, &paging)).await?))
}

/// One of them.
#[utoipa::path(tag = "labels", security(("token" = ["warehouse", "admin"])), params(("id" = PrintJobId, Path)),
    responses((status = 200, body = PrintJobView)))]
#[get("/print-jobs/{id}")]
async fn show_print_job(app: App, who: Keeper, id: web::Path<PrintJobId>) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    Ok(HttpResponse::Ok().json(app.db.read(move |conn| print_jobs::find(conn, organisation, *id)).await?))
}

/// Tries one again that has failed.
#[utoipa::path(tag = "labels", security(("token" = ["warehouse", "admin"])),
    params(("id" = PrintJobId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = PrintJobView)))]
#[post("/print-jobs/{id}/retry")]
async fn retry_print_job(
    request: HttpRequest,
    app: App,
    who: Keeper,
    id: web::Path<PrintJobId>,
) -> Result<HttpResponse, Error> {
    let (by, key) = (who.by(app.clock.now()), command::key(&request, b"")?);
    let answer = command::run(&app, by, key, StatusCode::OK, move |tx| print_jobs::retry(tx, by, *id)).await?;
    print_jobs::hurry(app.get_ref().clone());
    Ok(answer)
}

/// Says that one came out, though its printer does not tell.
#[utoipa::path(tag = "labels", security(("token" = ["warehouse", "admin"])),
    params(("id" = PrintJobId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = PrintJobView)))]
#[post("/print-jobs/{id}/confirm")]
async fn confirm_print_job(
    request: HttpRequest,
    app: App,
    who: Keeper,
    id: web::Path<PrintJobId>,
) -> Result<HttpResponse, Error> {
    let (by, key) = (who.by(app.clock.now()), command::key(&request, b"")?);
    command::run(&app, by, key, StatusCode::OK, move |tx| print_jobs::confirm(tx, by, *id)).await
}

/// Calls one off. One that its printer has is `cancelling` until the printer has been told.
#[utoipa::path(tag = "labels", security(("token" = ["warehouse", "admin"])),
    params(("id" = PrintJobId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = PrintJobView)))]
#[post("/print-jobs/{id}/cancel")]
async fn cancel_print_job(
    request: HttpRequest,
    app: App,
    who: Keeper,
    id: web::Path<PrintJobId>,
) -> Result<HttpResponse, Error> {
    let (by, key) = (who.by(app.clock.now()), command::key(&request, b"")?);
    let answer = command::run(&app, by, key, StatusCode::OK, move |tx| print_jobs::cancel(tx, by, *id)).await?;
    print_jobs::hurry(app.get_ref().clone());
    Ok(answer)
}

async fn read_labels(app: &App, who: &Person, kind: Kind, codes: Vec<String>) -> Result<Vec<Label>, Error> {
    let (organisation, address) = (who.organisation.clone(), Address::of(&app.config)?);
    app.db.read(move |conn| queries::labels(conn, &organisation, &address, kind, &codes)).await
}
