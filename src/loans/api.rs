//! Loans over JSON.

use crate::accounts::session::{Admin, Keeper, Releaser, SignedIn, Warehouse};
use crate::kits::api::known_code;
use crate::kits::code::Code;
use crate::kits::queries as kits;
use crate::loans::actions::{self, ChangeDays, Context, Extend, Reserve};
use crate::loans::bundle::{self, ReserveBundle};
use crate::loans::checks::queries as checks;
use crate::loans::checks::views::DeviationView;
use crate::loans::policies;
use crate::loans::policy::LoanRules;
use crate::loans::queries::{self, Filter, Wanted};
use crate::loans::rules::{self, Status};
use crate::loans::store::Loan;
use crate::loans::views::{
    AvailabilityView, BundleView, CatalogueView, KitStatusView, LoanRulesView, LoanView, TypeRulesView,
};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Fault, FieldError};
use crate::platform::ids::{BundleId, KitTypeId, LoanId, UnitId};
use crate::platform::state::AppState;
use crate::platform::web::command::{self, Body, Nothing};
use crate::platform::web::paging::{Listing, Paging, Since};
use crate::platform::web::texts;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa_actix_web::service_config::ServiceConfig;

type App = web::Data<AppState>;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(catalogue)
        .service(show_rules)
        .service(change_rules)
        .service(show_rules_of_type)
        .service(change_rules_of_type)
        .service(availability)
        .service(show_kit)
        .service(retire_kit)
        .service(bring_back)
        .service(list)
        .service(reserve)
        .service(reserve_bundle)
        .service(show)
        .service(cancel)
        .service(change)
        .service(extend)
        .service(ready)
        .service(release);
}

/// Days.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Days {
    /// The first day.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
}

/// A period that may be left out.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Period {
    /// The first day of the period that kits are wanted for.
    free_from: Option<NaiveDate>,
    /// The last day of the period that kits are wanted for.
    free_to: Option<NaiveDate>,
}

/// The catalogue: kit types by name, with how many kits could be had for a period: none of a type that is not lent for so
/// long.
#[utoipa::path(tag = "kits", security(("token" = [])), params(kits::Filter, Period, Paging),
    responses((status = 200, body = Listing<CatalogueView>)))]
#[get("/kit-types")]
async fn catalogue(
    app: App,
    who: SignedIn,
    filter: web::Query<kits::Filter>,
    period: web::Query<Period>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let (organisation, now) = (who.organisation.clone(), app.clock.now());
    let wanted = match (period.free_from, period.free_to) {
        (None, None) => None,
        (Some(from), Some(to)) if from <= to => {
            rules::check_first_day("free_from", from, organisation.today(now))?;
            Some(Wanted { first_day: from, last_day: to, about: false })
        }
        (Some(from), Some(_)) => {
            return Err(FieldError::new("free_to", "loan.last_before_first").arg("first_day", from).into());
        }
        (None, Some(_)) => return Err(Error::invalid("free_from", "field.missing")),
        (Some(_), None) => return Err(Error::invalid("free_to", "field.missing")),
    };
    let listing = app
        .db
        .read(move |conn| queries::catalogue(conn, &organisation, &filter, wanted, &paging, organisation.today(now)))
        .await?;
    Ok(HttpResponse::Ok().json(listing))
}

/// How many kits of a type are left on each day, and the next period that works.
#[utoipa::path(tag = "loans", security(("token" = [])), params(("id" = KitTypeId, Path), Days),
    responses((status = 200, body = AvailabilityView)))]
#[get("/kit-types/{id}/availability")]
async fn availability(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<KitTypeId>,
    days: web::Query<Days>,
) -> Result<HttpResponse, Error> {
    let (organisation, t) = (who.organisation.clone(), texts(&request));
    let today = organisation.today(app.clock.now());
    let view =
        app.db.read(move |conn| queries::availability(conn, &organisation, *id, days.from, days.to, today, t)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// What is asked of those who reserve any kit type, unless the type says otherwise.
#[utoipa::path(tag = "loans", security(("token" = [])), responses((status = 200, body = LoanRulesView)))]
#[get("/loan-rules")]
async fn show_rules(app: App, who: SignedIn) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let said = app.db.read(move |conn| policies::said(conn, organisation, None)).await?;
    Ok(HttpResponse::Ok().json(LoanRulesView::from(said)))
}

/// Says what is asked of those who reserve. Loans there are stay as they are.
#[utoipa::path(tag = "loans", security(("token" = ["admin"])), request_body = LoanRules,
    params(("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = LoanRulesView)))]
#[put("/loan-rules")]
async fn change_rules(
    request: HttpRequest,
    app: App,
    who: Admin,
    body: Body<LoanRules>,
) -> Result<HttpResponse, Error> {
    let (by, seen) = (who.by(app.clock.now()), command::if_match(&request)?);
    command::run(&app, by, body.key, StatusCode::OK, move |tx| {
        Ok(LoanRulesView::from(policies::save(tx, by, None, &body.value, seen)?))
    })
    .await
}

/// What a kit type asks of its own, and what holds for it.
#[utoipa::path(tag = "loans", security(("token" = [])), params(("id" = KitTypeId, Path)),
    responses((status = 200, body = TypeRulesView)))]
#[get("/kit-types/{id}/loan-rules")]
async fn show_rules_of_type(app: App, who: SignedIn, id: web::Path<KitTypeId>) -> Result<HttpResponse, Error> {
    let organisation = who.organisation_id();
    let view = app.db.read(move |conn| queries::type_rules(conn, organisation, *id)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Says what a kit type asks of its own; what is left out is as the organisation says.
#[utoipa::path(tag = "loans", security(("token" = ["admin"])), request_body = LoanRules,
    params(("id" = KitTypeId, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = TypeRulesView)))]
#[put("/kit-types/{id}/loan-rules")]
async fn change_rules_of_type(
    request: HttpRequest,
    app: App,
    who: Admin,
    id: web::Path<KitTypeId>,
    body: Body<LoanRules>,
) -> Result<HttpResponse, Error> {
    let (by, seen) = (who.by(app.clock.now()), command::if_match(&request)?);
    command::run(&app, by, body.key, StatusCode::OK, move |tx| {
        policies::save(tx, by, Some(*id), &body.value, seen)?;
        queries::type_rules(tx, by.organisation, *id)
    })
    .await
}

/// A kit and what it is doing. The loan is told to those who may see it.
#[utoipa::path(tag = "kits", security(("token" = [])), params(("code" = String, Path)),
    responses((status = 200, body = KitStatusView)))]
#[get("/kits/{code}")]
async fn show_kit(app: App, who: SignedIn, raw: web::Path<String>) -> Result<HttpResponse, Error> {
    let code = known_code(&raw)?;
    let (organisation, now) = (who.organisation.clone(), app.clock.now());
    let kit = app.db.read(move |conn| queries::kit_status(conn, &organisation, &code, organisation.today(now))).await?;
    let mut kit = kit.ok_or_else(|| Error::not_found("kit.unknown_code").arg("code", raw.as_str()))?;
    kit.current_loan = kit.current_loan.filter(|loan| who.acts_for(loan.unit.id));
    Ok(HttpResponse::Ok().insert_header(("ETag", format!("\"{}\"", kit.version))).json(kit))
}

/// Retires a kit: it is never lent again. Its reservations move to other kits of the type; refused when one has no other,
/// and while a loan keeps the kit.
#[utoipa::path(tag = "kits", security(("token" = ["warehouse", "admin"])),
    params(("code" = String, Path), ("Idempotency-Key" = Option<String>, Header)), responses((status = 204)))]
#[delete("/kits/{code}")]
async fn retire_kit(
    request: HttpRequest,
    app: App,
    who: Keeper,
    code: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let (context, key, code) = (Context::of(&who, &app), command::key(&request, b"")?, known_code(&code)?);
    command::run(&app, context.by, key, StatusCode::NO_CONTENT, move |tx| actions::retire_kit(tx, &context, &code))
        .await
}

/// Takes a kit that was noted as lost into use again.
#[utoipa::path(tag = "kits", security(("token" = ["warehouse", "admin"])), request_body = Nothing,
    params(("code" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = KitStatusView)))]
#[post("/kits/{code}/bring-back")]
async fn bring_back(
    app: App,
    who: Keeper,
    code: web::Path<String>,
    body: Body<Nothing>,
) -> Result<HttpResponse, Error> {
    let (context, code) = (Context::of(&who, &app), known_code(&code)?);
    command::run(&app, context.by, body.key, StatusCode::OK, move |tx| {
        actions::bring_back_kit(tx, &context, &code)?;
        let kit = queries::kit_status(tx, &context.organisation, &code, context.today())?;
        kit.ok_or_else(|| Error::not_found("kit.unknown_code").arg("code", code.to_string()))
    })
    .await
}

/// Which loans are wanted.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct LoanQuery {
    /// Only of this status.
    #[param(inline)]
    status: Option<Status>,
    /// Only of this unit.
    unit_id: Option<UnitId>,
    /// Only of the kit with this code.
    kit_code: Option<String>,
    /// Only overdue ones, or only others.
    overdue: Option<bool>,
    /// Only reservations that no kit is in sight for, or only others.
    at_risk: Option<bool>,
    /// Only those that were reserved together.
    bundle_id: Option<BundleId>,
}

/// Loans, newest first; with `since`, those that have changed. A borrower sees those of their own units.
#[utoipa::path(tag = "loans", security(("token" = [])), params(LoanQuery, Since, Paging),
    responses((status = 200, body = Listing<LoanView>)))]
#[get("/loans")]
async fn list(
    app: App,
    who: SignedIn,
    query: web::Query<LoanQuery>,
    since: web::Query<Since>,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, Error> {
    let units = match query.unit_id {
        Some(unit) if who.acts_for(unit) => Some(vec![unit]),
        Some(_) => Some(Vec::new()),
        None if who.is_staff() => None,
        None => Some(who.units.clone()),
    };
    let kit_code = match query.kit_code.as_deref().map(Code::parse) {
        // A code that is none belongs to no kit.
        Some(Err(_)) => return Ok(HttpResponse::Ok().json(Listing::<LoanView> { items: Vec::new(), next: None })),
        other => other.transpose().unwrap_or_default(),
    };
    let filter = Filter {
        status: query.status,
        units,
        kit_code,
        overdue: query.overdue,
        at_risk: query.at_risk,
        bundle: query.bundle_id,
    };
    let (organisation, now) = (who.organisation.clone(), app.clock.now());
    let today = organisation.today(now);
    let loans = app
        .db
        .read(move |conn| match since.instant() {
            Some(since) => queries::changed(conn, &organisation, &filter, since, &paging, today),
            None => queries::loans(conn, &organisation, &filter, &paging, today),
        })
        .await?;
    Ok(HttpResponse::Ok().json(loans))
}

/// A loan, and what differed from the contents list when its kit came back.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct LoanDetails {
    #[serde(flatten)]
    loan: LoanView,
    /// What differed from the contents list.
    deviations: Vec<DeviationView>,
}

/// One loan.
#[utoipa::path(tag = "loans", security(("token" = [])), params(("id" = LoanId, Path)),
    responses((status = 200, body = LoanDetails)))]
#[get("/loans/{id}")]
async fn show(app: App, who: SignedIn, id: web::Path<LoanId>) -> Result<HttpResponse, Error> {
    let now = app.clock.now();
    let details = app
        .db
        .read(move |conn| {
            let loan = queries::visible_loan(conn, &who, *id, who.organisation.today(now))?;
            let deviations = checks::of_loan(conn, loan.id)?;
            Ok(LoanDetails { loan, deviations })
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(("ETag", format!("\"{}\"", details.loan.version))).json(details))
}

/// Reserves a kit of a type for a unit.
#[utoipa::path(tag = "loans", security(("token" = [])), request_body = Reserve,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = LoanView)))]
#[post("/loans")]
async fn reserve(app: App, who: SignedIn, body: Body<Reserve>) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    command::run(&app, context.by, body.key, StatusCode::CREATED, move |tx| {
        actions::may_act_for(&who, body.value.unit_id)?;
        actions::may_override(&who, body.value.override_reason.as_deref())?;
        let loan = actions::reserve(tx, &context, &body.value)?;
        queries::loan_view(tx, &context.organisation, &loan, context.today())
    })
    .await
}

/// Reserves a kit of each of several types for the same days, or none of them.
#[utoipa::path(tag = "loans", security(("token" = [])), request_body = ReserveBundle,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = BundleView)))]
#[post("/loans/bundle")]
async fn reserve_bundle(app: App, who: SignedIn, body: Body<ReserveBundle>) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    command::run(&app, context.by, body.key, StatusCode::CREATED, move |tx| {
        actions::may_act_for(&who, body.value.unit_id)?;
        actions::may_override(&who, body.value.override_reason.as_deref())?;
        let made = bundle::reserve(tx, &context, &body.value)?;
        let bundle_id = made.first().and_then(|loan| loan.bundle_id).ok_or_else(|| Fault::new("an empty bundle"))?;
        let view = |loan: &Loan| queries::loan_view(tx, &context.organisation, loan, context.today());
        Ok(BundleView { bundle_id, loans: made.iter().map(view).collect::<Result<_, _>>()? })
    })
    .await
}

/// Runs a command on a loan that the person may touch, and tells the loan as it is afterwards.
async fn on_loan(
    app: &App,
    who: SignedIn,
    request: &HttpRequest,
    key: Option<crate::platform::idempotency::Key>,
    id: LoanId,
    command: impl Fn(&mut Tx<'_>, &Context) -> Result<Loan, Error> + Send + 'static,
) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, app);
    let seen = command::if_match(request)?;
    command::run(app, context.by, key, StatusCode::OK, move |tx| {
        let before = actions::own_loan(tx, &context, &who, id)?;
        if seen.is_some_and(|seen| seen != before.version) {
            return Err(Error::changed_meanwhile());
        }
        let loan = command(tx, &context)?;
        queries::loan_view(tx, &context.organisation, &loan, context.today())
    })
    .await
}

/// What is called off.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Cancel {
    /// All that was reserved together with it, too, as far as it has not been handed out.
    #[serde(default)]
    whole_bundle: bool,
}

/// Calls a reservation off.
#[utoipa::path(tag = "loans", security(("token" = [])), request_body = Cancel,
    params(("id" = LoanId, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = LoanView)))]
#[post("/loans/{id}/cancel")]
async fn cancel(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<LoanId>,
    body: Body<Cancel>,
) -> Result<HttpResponse, Error> {
    let id = *id;
    if !body.value.whole_bundle {
        return on_loan(&app, who, &request, body.key, id, move |tx, context| actions::cancel(tx, context, id)).await;
    }
    let context = Context::of(&who, &app);
    command::run(&app, context.by, body.key, StatusCode::OK, move |tx| {
        let loan = bundle::cancel(tx, &context, &who, id)?;
        queries::loan_view(tx, &context.organisation, &loan, context.today())
    })
    .await
}

/// Gives a reservation other days, if it can be served then; else it stays as it is.
#[utoipa::path(tag = "loans", security(("token" = [])), request_body = ChangeDays,
    params(("id" = LoanId, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = LoanView)))]
#[post("/loans/{id}/change")]
async fn change(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<LoanId>,
    body: Body<ChangeDays>,
) -> Result<HttpResponse, Error> {
    let (id, days) = (*id, body.value);
    actions::may_override(&who, days.override_reason.as_deref())?;
    on_loan(&app, who, &request, body.key, id, move |tx, context| actions::change(tx, context, id, &days)).await
}

/// Makes a loan longer, if nobody else needs the kit.
#[utoipa::path(tag = "loans", security(("token" = [])), request_body = Extend,
    params(("id" = LoanId, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = LoanView)))]
#[post("/loans/{id}/extend")]
async fn extend(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<LoanId>,
    body: Body<Extend>,
) -> Result<HttpResponse, Error> {
    let (id, wish) = (*id, body.value);
    actions::may_override(&who, wish.override_reason.as_deref())?;
    on_loan(&app, who, &request, body.key, id, move |tx, context| actions::extend(tx, context, id, &wish)).await
}

/// Notes that the kit is packed.
#[utoipa::path(tag = "loans", security(("token" = ["warehouse"])), request_body = Nothing,
    params(("id" = LoanId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = LoanView)))]
#[post("/loans/{id}/ready")]
async fn ready(app: App, who: Warehouse, id: web::Path<LoanId>, body: Body<Nothing>) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    command::run(&app, context.by, body.key, StatusCode::OK, move |tx| {
        let loan = actions::ready(tx, &context, *id)?;
        queries::loan_view(tx, &context.organisation, &loan, context.today())
    })
    .await
}

/// Why a loan owes no evaluation.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Release {
    /// The reason, which is kept.
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
}

/// Releases a loan from its evaluation.
#[utoipa::path(tag = "loans", security(("token" = ["developer", "admin"])), request_body = Release,
    params(("id" = LoanId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = LoanView)))]
#[post("/loans/{id}/release")]
async fn release(app: App, who: Releaser, id: web::Path<LoanId>, body: Body<Release>) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    command::run(&app, context.by, body.key, StatusCode::OK, move |tx| {
        let loan = actions::release(tx, &context, *id, &body.value.reason)?;
        queries::loan_view(tx, &context.organisation, &loan, context.today())
    })
    .await
}
