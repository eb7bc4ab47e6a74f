//! Reports over JSON.

use crate::accounts::session::Developer;
use crate::platform::error::Error;
use crate::platform::ids::{KitTypeId, UnitId};
use crate::platform::state::AppState;
use crate::platform::web::download::{self, AsFile};
use crate::platform::web::paging::{Listing, Paging};
use crate::platform::web::texts;
use crate::reports::export::{self, FiguresExport};
use crate::reports::loans::{Of, Which};
use crate::reports::views::{EquityReport, KitTypeFigures, KitTypeReport, LentLoan, PaymentReport};
use crate::reports::which::WhichTerms;
use crate::reports::{equity, kit_types, loans, payments};
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(compare)
        .service(compare_file)
        .service(one_type)
        .service(equity_report)
        .service(payment_report)
        .service(lent);
}

/// Kit types compared: what some terms say of each, by name.
#[utoipa::path(tag = "reports", security(("token" = ["developer"])), params(WhichTerms),
    responses((status = 200, body = Listing<KitTypeFigures>)))]
#[get("/reports/kit-types")]
async fn compare(app: App, who: Developer, which: web::Query<WhichTerms>) -> Result<HttpResponse, Error> {
    let terms = which.terms(who.organisation.today(app.clock.now()))?;
    let items = app.db.read(move |conn| kit_types::compared(conn, &who.organisation, terms)).await?;
    Ok(HttpResponse::Ok().json(Listing { items, next: None }))
}

/// Kit types compared, as a file: CSV, XLSX or JSON, as evaluations are exported.
#[utoipa::path(tag = "reports", security(("token" = ["developer"])), params(WhichTerms, AsFile),
    responses((status = 200, content(
        (String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (FiguresExport = "application/json"),
    ))))]
#[get("/reports/export")]
async fn compare_file(
    request: HttpRequest,
    app: App,
    who: Developer,
    which: web::Query<WhichTerms>,
    file: web::Query<AsFile>,
) -> Result<HttpResponse, Error> {
    let terms = which.terms(who.organisation.today(app.clock.now()))?;
    let figures = app.db.read(move |conn| kit_types::compared(conn, &who.organisation, terms)).await?;
    let format = file.format();
    Ok(download::whole("statistik", format, export::file(figures, terms, format, texts(&request)).await?))
}

/// What some terms say of one kit type: its figures, every answer that can be counted, and term by term.
#[utoipa::path(tag = "reports", security(("token" = ["developer"])), params(("id" = KitTypeId, Path), WhichTerms),
    responses((status = 200, body = KitTypeReport)))]
#[get("/reports/kit-types/{id}")]
async fn one_type(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<KitTypeId>,
    which: web::Query<WhichTerms>,
) -> Result<HttpResponse, Error> {
    let terms = which.terms(who.organisation.today(app.clock.now()))?;
    let lang = texts(&request).lang;
    let report = app.db.read(move |conn| kit_types::one(conn, &who.organisation, *id, terms, lang)).await?;
    Ok(HttpResponse::Ok().json(report))
}

/// How evenly the loans of some terms reached areas and units.
#[utoipa::path(tag = "reports", security(("token" = ["developer"])), params(WhichTerms),
    responses((status = 200, body = EquityReport)))]
#[get("/reports/equity")]
async fn equity_report(app: App, who: Developer, which: web::Query<WhichTerms>) -> Result<HttpResponse, Error> {
    let today = who.organisation.today(app.clock.now());
    let terms = which.terms(today)?;
    let report = app.db.read(move |conn| equity::report(conn, &who.organisation, terms, today)).await?;
    Ok(HttpResponse::Ok().json(report))
}

/// How the loans that ended in some terms were paid with an evaluation.
#[utoipa::path(tag = "reports", security(("token" = ["developer"])), params(WhichTerms),
    responses((status = 200, body = PaymentReport)))]
#[get("/reports/payments")]
async fn payment_report(app: App, who: Developer, which: web::Query<WhichTerms>) -> Result<HttpResponse, Error> {
    let today = who.organisation.today(app.clock.now());
    let terms = which.terms(today)?;
    let report = app.db.read(move |conn| payments::report(conn, &who.organisation, terms, today)).await?;
    Ok(HttpResponse::Ok().json(report))
}

/// Which loans, whose, and of what.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Whose {
    /// Those that began in the terms and whose kit was handed out, unless said.
    #[param(inline)]
    which: Option<Which>,
    /// Only of this kit type.
    kit_type_id: Option<KitTypeId>,
    /// Only of this unit.
    unit_id: Option<UnitId>,
    /// Only of units in this area.
    area: Option<String>,
}

/// The loans that the figures of some terms count, newest first.
#[utoipa::path(tag = "reports", security(("token" = ["developer"])), params(Whose, WhichTerms, Paging),
    responses((status = 200, body = Listing<LentLoan>)))]
#[get("/reports/loans")]
async fn lent(
    app: App,
    who: Developer,
    whose: web::Query<Whose>,
    which: web::Query<WhichTerms>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let today = who.organisation.today(app.clock.now());
    let terms = which.terms(today)?;
    let Whose { which, kit_type_id, unit_id, area } = whose.into_inner();
    let of = Of { which: which.unwrap_or(Which::Began), kit_type: kit_type_id, unit: unit_id, area };
    let loans = app.db.read(move |conn| loans::behind(conn, &who.organisation, &of, (terms, today), &paging)).await?;
    Ok(HttpResponse::Ok().json(loans))
}
