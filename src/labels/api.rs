//! Labels over JSON.

use crate::accounts::session::{Keeper, Person, SignedIn, Staff};
use crate::labels::address::Address;
use crate::labels::files::{self, Format};
use crate::labels::queries::{self, Kind};
use crate::labels::render::Label;
use crate::labels::stock::{self, Stock, USUAL};
use crate::platform::error::{Error, Fault};
use crate::platform::state::AppState;
use crate::platform::web::command::Body;
use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::{HttpResponse, get, post, web};
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(label).service(list_stock).service(print);
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
    let labels = read_labels(&app, &who, kind.unwrap_or(Kind::Box), vec![code.clone()]);
    let labels = labels.await.map_err(|error| one_code(error, &code))?;
    let file = apart(move || {
        let label = labels.first().ok_or_else(|| Fault::new("a label was not read"))?;
        files::one(label, format, &files::Size { size, dpi })
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
fn one_code(error: Error, code: &str) -> Error {
    match error {
        Error::Problem(problem) if problem.fields.iter().any(|field| field.code == "kit.unknown_code") => {
            Error::not_found("kit.unknown_code").arg("code", code)
        }
        Error::Problem(problem) if problem.fields.iter().any(|field| field.code == "kit.retired") => {
            Error::refused("kit.retired")
        }
        other => other,
    }
}

/// Labels to print.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PrintLabels {
    /// The codes of the kits, in the order wanted.
    #[schema(min_items = 1, max_items = 2000)]
    codes: Vec<String>,
    /// Where the labels go.
    #[serde(default = "usual_kind")]
    #[schema(inline)]
    kind: Kind,
    /// The name of the label stock, as `L7163`, or a label's size in millimetres, as `62x38`.
    #[serde(default = "usual_sheet")]
    sheet: String,
    /// The place of the first label on the first sheet, from 1.
    #[serde(default = "first_place")]
    #[schema(minimum = 1)]
    start: u32,
    /// How many of each.
    #[serde(default = "one_copy")]
    #[schema(minimum = 1, maximum = 20)]
    copies: u32,
}

fn usual_kind() -> Kind {
    Kind::Box
}

fn one_copy() -> u32 {
    1
}

fn usual_sheet() -> String {
    USUAL.to_owned()
}

fn first_place() -> u32 {
    1
}

/// Sheets of labels, as PDF.
#[utoipa::path(tag = "labels", security(("token" = ["warehouse", "admin"])), request_body = PrintLabels,
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
#[post("/labels")]
async fn print(app: App, who: Keeper, body: Body<PrintLabels>) -> Result<HttpResponse, Error> {
    let PrintLabels { codes, kind, sheet, start, copies } = body.value;
    let stock = files::stock_named("sheet", &sheet)?;
    let labels = files::copies(read_labels(&app, &who, kind, codes).await?, copies)?;
    let file = apart(move || files::sheets(&labels, &stock, start, (0.0, 0.0))).await?;
    let name = DispositionParam::Filename("labels.pdf".to_owned());
    Ok(HttpResponse::Ok()
        .content_type(Format::Pdf.media_type())
        .insert_header(ContentDisposition { disposition: DispositionType::Inline, parameters: vec![name] })
        .body(file))
}

async fn read_labels(app: &App, who: &Person, kind: Kind, codes: Vec<String>) -> Result<Vec<Label>, Error> {
    let (organisation, address) = (who.organisation.clone(), Address::of(&app.config)?);
    app.db.read(move |conn| queries::labels(conn, &organisation, &address, kind, &codes)).await
}

/// Works on a thread for long work, with no database connection in hand.
async fn apart(work: impl FnOnce() -> Result<Vec<u8>, Error> + Send + 'static) -> Result<Vec<u8>, Error> {
    web::block(work).await.map_err(Fault::from_error)?
}
