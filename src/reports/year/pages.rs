//! Year reports as pages made for print, and as PDF.

use crate::accounts::session::Developer;
use crate::platform::error::{Error, Fault};
use crate::platform::ids::KitTypeId;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::page::{self, Page};
use crate::platform::web::{heavy, texts};
use crate::reports::year::blocks::{Block, Report};
use crate::reports::year::{paper, tell};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::Datelike;
use serde::Deserialize;

type App = web::Data<AppState>;

/// The routes of this part.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/statistik/arsrapport", web::get().to(of_all))
        .route("/statistik/arsrapport.pdf", web::get().to(of_all_as_pdf))
        .route("/statistik/lador/{id}/arsrapport", web::get().to(of_type))
        .route("/statistik/lador/{id}/arsrapport.pdf", web::get().to(of_type_as_pdf));
}

/// Which year; this one unless another is asked for.
#[derive(Debug, Clone, Deserialize)]
struct Wanted {
    #[serde(default)]
    year: String,
}

impl Wanted {
    /// The year, of those that a program can have kept.
    fn year(&self, this: i32) -> i32 {
        self.year.parse().ok().filter(|year| (2000..=this).contains(year)).unwrap_or(this)
    }
}

#[derive(Template)]
#[template(path = "reports/year.html")]
struct YearPage {
    t: Texts,
    page: Page,
    report: Report,
    back: String,
    pdf: String,
    before: Option<String>,
    after: Option<String>,
}

/// The report, and its year.
async fn tell(
    (request, app, who): (&HttpRequest, &App, Developer),
    kit_type: Option<KitTypeId>,
    wanted: &Wanted,
) -> Result<(Report, i32, i32), Error> {
    let t = texts(request);
    let today = who.organisation.today(app.clock.now());
    let year = wanted.year(today.year());
    let report = app
        .db
        .read(move |conn| match kit_type {
            Some(id) => tell::of_type(conn, &who.organisation, (id, year), t),
            None => tell::of_all(conn, &who.organisation, year, today, t),
        })
        .await?;
    Ok((report, year, today.year()))
}

async fn show(
    request: HttpRequest,
    app: App,
    who: Developer,
    kit_type: Option<KitTypeId>,
    wanted: &Wanted,
) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let (report, year, this) = tell((&request, &app, who), kit_type, wanted).await?;
    let here = request.path();
    let of = |year: i32| format!("{here}?year={year}");
    Ok(page::ok(&YearPage {
        t,
        page: Page::new(&request, &format!("{} {year}", report.title)),
        report,
        back: kit_type.map_or_else(|| "/statistik".to_owned(), |id| format!("/statistik/lador/{id}")),
        pdf: format!("{here}.pdf?year={year}"),
        before: (year > 2000).then(|| of(year - 1)),
        after: (year < this).then(|| of(year + 1)),
    }))
}

async fn pdf(
    request: HttpRequest,
    app: App,
    who: Developer,
    kit_type: Option<KitTypeId>,
    wanted: &Wanted,
) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let (report, ..) = tell((&request, &app, who), kit_type, wanted).await?;
    let file = heavy::run(move || paper::pdf(&report, t)).await?.map_err(Fault::from_error)?;
    Ok(page::pdf(file, "arsrapport.pdf"))
}

async fn of_all(
    request: HttpRequest,
    app: App,
    who: Developer,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, Error> {
    show(request, app, who, None, &wanted).await
}

async fn of_all_as_pdf(
    request: HttpRequest,
    app: App,
    who: Developer,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, Error> {
    pdf(request, app, who, None, &wanted).await
}

async fn of_type(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<KitTypeId>,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, Error> {
    show(request, app, who, Some(*id), &wanted).await
}

async fn of_type_as_pdf(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<KitTypeId>,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, Error> {
    pdf(request, app, who, Some(*id), &wanted).await
}
