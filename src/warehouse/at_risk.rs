//! Reservations that no kit is in sight for, and what they wait for.

use crate::accounts::session::Staff;
use crate::loans::queries;
use crate::loans::rules::Status;
use crate::loans::views::LoanView;
use crate::loans::wording;
use crate::platform::error::Error;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::page::{self, Page};
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/lager/osakra", web::get().to(show));
}

#[derive(Template)]
#[template(path = "warehouse/at_risk.html")]
struct AtRiskPage {
    t: Texts,
    page: Page,
    loans: Vec<Row>,
}

/// A reservation at risk.
struct Row {
    href: String,
    kit: String,
    unit: String,
    days: String,
    late: Vec<Late>,
}

/// A loan that keeps its kit too long.
struct Late {
    href: String,
    words: String,
}

impl Late {
    fn new(t: Texts, loan: &LoanView) -> Self {
        let due = loan.evaluation_due.unwrap_or(loan.last_day);
        let (key, day) = match loan.status {
            Status::Received => ("warehouse-risk-evaluation", due),
            _ => ("warehouse-risk-kit", loan.last_day),
        };
        let args = [("kit", loan.kit_name().into()), ("unit", loan.unit.name.as_str().into()), ("day", day.into())];
        Self { href: format!("/lan/{}", loan.id), words: t.a(key, &args) }
    }
}

async fn show(request: HttpRequest, app: web::Data<AppState>, who: Staff) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let (organisation, now) = (who.organisation.clone(), app.clock.now());
    let found = app.db.read(move |conn| queries::at_risk(conn, &organisation, organisation.today(now))).await?;
    let loans = found
        .into_iter()
        .map(|(loan, late)| Row {
            href: format!("/lan/{}", loan.id),
            days: wording::days(t, loan.first_day, loan.last_day),
            late: late.iter().map(|late| Late::new(t, late)).collect(),
            kit: loan.kit_type.name,
            unit: loan.unit.name,
        })
        .collect();
    Ok(page::ok(&AtRiskPage { t, page: Page::new(&request, &t.s("warehouse-risks")), loans }))
}
