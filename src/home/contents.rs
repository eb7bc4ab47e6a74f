//! What the unit that has a kit says of its contents: what was missing on arrival, or is before it goes back; and photos of
//! that.

use crate::accounts::session::{Borrower, SignedIn};
use crate::home::check_card::{Card, CardForm, SentCard, card, card_limits, on_card, said};
use crate::kits::store::Kit;
use crate::loans::actions::Context;
use crate::loans::checks::actions::{self, ReportContents};
use crate::loans::checks::queries as checks;
use crate::loans::checks::rules::{Occasion, occasion_of_borrower};
use crate::loans::checks::{photos, store};
use crate::loans::queries;
use crate::loans::rules::Status;
use crate::loans::views::LoanView;
use crate::platform::db::connection::Conn;
use crate::platform::error::{Error, Kind};
use crate::platform::idempotency::Key;
use crate::platform::ids::{LoanId, PhotoId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Errors, FieldError};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::{command, texts};
use actix_multipart::form::MultipartForm;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError, web};
use askama::Template;
use chrono::NaiveDate;

type App = web::Data<AppState>;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/lan/{id}/innehall", web::get().to(show))
        .service(web::resource("/innehall").app_data(card_limits()).post(report))
        .route("/foton/{id}.jpg", web::get().to(photo));
}

#[derive(Template)]
#[template(path = "contents/report.html")]
struct ReportPage {
    t: Texts,
    page: Page,
    id: LoanId,
    back: String,
    kit: String,
    arrival: bool,
    card: Card,
    errors: Vec<FieldError>,
}

/// A loan that is out, with its kit.
fn on_loan(conn: &mut Conn, who: &Borrower, id: LoanId, today: NaiveDate) -> Result<(LoanView, Kit), Error> {
    let loan = queries::visible_loan(conn, who, id, today)?;
    if !who.writes_for(loan.unit.id) {
        return Err(Error::not_found("loan.not_found"));
    }
    if loan.status != Status::Out {
        return Err(Error::refused("check.not_out"));
    }
    let kit = checks::the_kit(conn, &who.organisation, &loan.kit_code)?.0;
    Ok((loan, kit))
}

async fn report_page(
    request: &HttpRequest,
    app: &App,
    who: Borrower,
    id: LoanId,
    sent: SentCard,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let (t, now) = (texts(request), app.clock.now());
    let told = errors.clone();
    let (loan, arrival, card) = app
        .db
        .read(move |conn| {
            let today = who.organisation.today(now);
            let (loan, kit) = on_loan(conn, &who, id, today)?;
            let left = loan.handed_out_at.map_or(today, |at| who.organisation.today(at));
            let arrival = occasion_of_borrower(left, loan.first_day, today) == Occasion::Arrival;
            let card = card(conn, t, (kit.id, kit.kit_type_id), &sent, &told, false)?;
            Ok((loan, arrival, card))
        })
        .await?;
    let title = t.s(if arrival { "contents-arrival" } else { "contents-before_return" });
    let page = ReportPage {
        t,
        page: Page::new(request, &title),
        id,
        back: format!("/lan/{id}"),
        kit: loan.kit_name(),
        arrival,
        card,
        errors: errors.0,
    };
    Ok(page::html(builder, &page))
}

async fn show(request: HttpRequest, app: App, who: Borrower, id: web::Path<LoanId>) -> Result<HttpResponse, Error> {
    report_page(&request, &app, who, *id, SentCard::default(), (Errors::default(), HttpResponse::Ok())).await
}

async fn report(
    request: HttpRequest,
    app: App,
    who: Borrower,
    MultipartForm(form): MultipartForm<CardForm>,
) -> Result<HttpResponse, Error> {
    let (context, t) = (Context::of(&who, &app), texts(&request));
    let id: LoanId = form.about.parse().map_err(|_| Error::not_found("loan.not_found"))?;
    let (sent, wrong) = form.read().await?;
    let done = async {
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        let (sent, person, by) = (sent.clone(), (*who).clone(), context.by);
        let key = Key::of_form(sent.key, &["report", &id.to_string(), &sent.filled_in()]);
        command::once(&app, by, key, move |tx| {
            let loan = queries::visible_loan(tx, &person, id, context.today())?;
            let kit = checks::the_kit(tx, &context.organisation, &loan.kit_code)?.0;
            let (save, pictures) = said(tx, kit.id, kit.kit_type_id, &sent)?;
            let report = ReportContents { deviations: save.deviations, found: save.found };
            let check = actions::check_loan(tx, &context, &person, id, &report)?;
            let found = store::of_check(tx, check.id)?;
            for (place, picture) in &pictures {
                if let Some(deviation) = found.get(*place) {
                    photos::add(tx, &context, &person, deviation.id, picture)?;
                }
            }
            Ok(())
        })
        .await
    };
    match done.await {
        Ok(()) => Ok(see_other(&format!("/lan/{id}?klart=contents-reported"))),
        Err(Error::Problem(problem)) if matches!(problem.kind, Kind::Invalid) => {
            let error = Error::Problem(problem);
            let builder = HttpResponse::build(error.status_code());
            report_page(&request, &app, who, id, sent, (on_card(error, t)?, builder)).await
        }
        Err(error) => Err(error),
    }
}

/// A photo of a deviation. It is never changed, so that its browser may keep it; others may not.
async fn photo(app: App, who: SignedIn, id: web::Path<PhotoId>) -> Result<HttpResponse, Error> {
    let person = (*who).clone();
    let file = app.db.read(move |conn| photos::file(conn, &person, *id)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "private, max-age=86400"))
        .content_type("image/jpeg")
        .body(file))
}
