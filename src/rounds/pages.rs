//! Pages of season rounds: for those who make them, and for units that wish.

use crate::accounts::queries as accounts;
use crate::accounts::rules::Role;
use crate::accounts::session::{Person, Planner, SignedIn, Visitor};
use crate::loans::actions::Context;
use crate::loans::wording;
use crate::platform::error::{Error, FieldError as WrongField, Kind, all_fields};
use crate::platform::ids::{AllocationId, KitTypeId, RoundId, UnitId, WishId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent, Tag, whole_number};
use crate::platform::web::page::{self, Notice, Page, see_other};
use crate::platform::web::texts;
use crate::platform::week::Week;
use crate::rounds::actions::{self, AddByHand, Allocate, Choose, Edit, SaveRound, SaveWish, may_plan, may_wish_for};
use crate::rounds::queries::{self, Wishable, reason_key};
use crate::rounds::rules::{Reason, Status};
use crate::rounds::store;
use crate::rounds::views::{AllocationView, DemandView, RoundAllocationView, RoundView, WishView, WishesView};
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError, web};
use askama::Template;
use chrono::{Days, NaiveDate};
use serde::Deserialize;
use uuid::Uuid;

type App = web::Data<AppState>;

/// Units on one page of a preview.
const UNITS_ON_A_PAGE: usize = 50;
/// How long units are told that a round is published, in days.
const TOLD_DAYS: i64 = 30;
/// The fields of the form of a round, and their labels.
const ROUND_LABELS: [(&str, &str); 6] = [
    ("name", "rounds-name"),
    ("first_day", "rounds-first-day"),
    ("last_day", "rounds-last-day"),
    ("opens_on", "rounds-opens"),
    ("closes_on", "rounds-closes"),
    ("most_wishes", "rounds-most"),
];

/// The routes of this feature.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/omgangar", web::get().to(list))
        .route("/omgangar/ny", web::get().to(new))
        .route("/omgangar/ny", web::post().to(add))
        .route("/omgangar/{id}", web::get().to(show))
        .route("/omgangar/{id}/andra", web::get().to(ask_change))
        .route("/omgangar/{id}/andra", web::post().to(change))
        .route("/omgangar/{id}/fordela", web::post().to(allocate))
        .route("/omgangar/{id}/publicera", web::post().to(publish))
        .route("/omgangar/{id}/stall-in", web::post().to(cancel))
        .route("/omgangar/{id}/lagg-till", web::get().to(ask_more))
        .route("/omgangar/{id}/lagg-till", web::post().to(add_by_hand))
        .route("/fordelning/{id}", web::get().to(ask_other))
        .route("/fordelning/{id}", web::post().to(choose))
        .route("/fordelning/{id}/ta-bort", web::post().to(remove))
        .route("/onskemal/{id}", web::get().to(wishes))
        .route("/onskemal/{id}", web::post().to(wish));
}

/// Tells those who borrow, where their day begins, that wishes are open or what they got.
pub async fn notices(
    app: App,
    who: Visitor,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if matches!(request.path(), "/vara-lan" | "/lador")
        && let Some(person) = who.0.filter(|person| person.is(Role::Borrower) && !person.units.is_empty())
    {
        let now = app.clock.now();
        let (organisation, today) = (person.organisation_id(), person.organisation.today(now));
        let rounds = app.db.read(move |conn| queries::of_concern(conn, organisation, today)).await?;
        let t = texts(request.request());
        let recent = |round: &RoundView| {
            let since = round.published_at.map(|at| (today - person.organisation.today(at)).num_days());
            since.is_none_or(|days| days <= TOLD_DAYS)
        };
        let notice = |round: &RoundView| {
            let key = if round.status == Status::Open { "open" } else { "published" };
            let closed = round.closed_at.map_or(round.closes_on, |at| person.organisation.today(at));
            let args = [("round", round.name.as_str().into()), ("day", closed.into())];
            Notice {
                text: t.a(&format!("rounds-notice-{key}"), &args),
                link: t.s(&format!("rounds-notice-link-{key}")),
                href: format!("/onskemal/{}", round.id),
            }
        };
        let notices: Vec<Notice> = rounds.iter().filter(|round| recent(round)).map(notice).collect();
        request.extensions_mut().insert(notices);
    }
    next.call(request).await
}

/// Where a round stands, in words.
fn status(t: Texts, status: Status) -> Tag {
    let (color, icon) = match status {
        Status::Coming => ("neutral", "clock"),
        Status::Open => ("success", "pencil"),
        Status::Closed => ("info", "clock"),
        Status::Allocated => ("accent", "search"),
        Status::Published => ("success", "check"),
        Status::Cancelled => ("neutral", "cross"),
    };
    Tag { color, icon, text: t.s(&format!("rounds-status-{status}")) }
}

fn period(t: Texts, first: NaiveDate, last: NaiveDate) -> String {
    format!("{} – {}", t.date(first), t.date(last))
}

/// Why a form was not taken, and the answer's head.
fn refused(error: Error, t: Texts) -> Result<(Errors, HttpResponseBuilder), Error> {
    let builder = HttpResponse::build(error.status_code());
    match error {
        Error::Problem(problem) if problem.kind == Kind::ChangedMeanwhile => {
            let text = t.problem(&problem);
            Ok((Errors(vec![FieldError { field: "form".to_owned(), text }]), builder))
        }
        error => Ok((Errors::of(error, t)?, builder)),
    }
}

#[derive(Template)]
#[template(path = "rounds/rounds.html")]
struct RoundsPage {
    t: Texts,
    page: Page,
    rounds: Vec<RoundRow>,
}

/// A round in the list.
struct RoundRow {
    href: String,
    name: String,
    term: String,
    wishes: String,
    status: Tag,
}

async fn list(request: HttpRequest, app: App, who: Planner) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let (organisation, today) = (who.organisation_id(), who.organisation.today(app.clock.now()));
    let rounds = app.db.read(move |conn| queries::rounds(conn, organisation, today)).await?;
    let row = |round: &RoundView| RoundRow {
        href: format!("/omgangar/{}", round.id),
        name: round.name.clone(),
        term: period(t, round.first_day, round.last_day),
        wishes: t.a("rounds-wishes-days", &[("first", round.opens_on.into()), ("last", round.closes_on.into())]),
        status: status(t, round.status),
    };
    let page = Page::new(&request, &t.s("rounds-title"));
    Ok(page::ok(&RoundsPage { t, page, rounds: rounds.iter().map(row).collect() }))
}

#[derive(Template)]
#[template(path = "rounds/round_form.html")]
struct RoundFormPage {
    t: Texts,
    page: Page,
    id: Option<RoundId>,
    version: String,
    has_preview: bool,
    errors: Vec<FieldError>,
    name: Field,
    first_day: Field,
    last_day: Field,
    opens_on: Field,
    closes_on: Field,
    most_wishes: Field,
}

fn form_page(
    request: &HttpRequest,
    of: Option<(RoundId, bool)>,
    sent: &Sent,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> HttpResponse {
    let t = texts(request);
    let field = |name| errors.field(name, sent.text(name));
    let title = if of.is_some() { "rounds-change" } else { "rounds-new" };
    page::html(
        builder,
        &RoundFormPage {
            t,
            page: Page::new(request, &t.s(title)),
            id: of.map(|(id, _)| id),
            version: sent.text("version").to_owned(),
            has_preview: of.is_some_and(|(_, has_preview)| has_preview),
            name: field("name"),
            first_day: field("first_day"),
            last_day: field("last_day"),
            opens_on: field("opens_on"),
            closes_on: field("closes_on"),
            most_wishes: field("most_wishes"),
            errors: errors.named(|field| {
                let label = ROUND_LABELS.iter().find(|(name, _)| *name == field);
                label.map(|(_, key)| t.s(key))
            }),
        },
    )
}

/// A new round is for what comes after a month: wishes are open from today, for three weeks.
async fn new(request: HttpRequest, app: App, who: Planner) -> HttpResponse {
    let today = who.organisation.today(app.clock.now());
    let sent = Sent::default()
        .with("opens_on", today)
        .with("closes_on", today.checked_add_days(Days::new(21)).unwrap_or(today))
        .with("most_wishes", actions::USUAL_WISHES);
    form_page(&request, None, &sent, (Errors::default(), HttpResponse::Ok()))
}

fn read_round(sent: &Sent) -> Result<SaveRound, Error> {
    let day = |name: &str| sent.text(name).parse().map_err(|_| WrongField::new(name, "field.day"));
    all_fields! {
        first_day = day("first_day"),
        last_day = day("last_day"),
        opens_on = day("opens_on"),
        closes_on = day("closes_on"),
    }
    let (name, most_wishes) = (sent.text("name").to_owned(), sent.number("most_wishes"));
    Ok(SaveRound { name, first_day, last_day, opens_on, closes_on, most_wishes })
}

async fn add(request: HttpRequest, app: App, who: Planner, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    let done = async {
        let save = read_round(&sent)?;
        app.db.write(move |tx| actions::add(tx, &context, &save)).await
    };
    match done.await {
        Ok(round) => Ok(see_other(&format!("/omgangar/{}?klart=round-added", round.id))),
        Err(error) => Ok(form_page(&request, None, &sent, refused(error, texts(&request))?)),
    }
}

async fn ask_change(
    request: HttpRequest,
    app: App,
    who: Planner,
    id: web::Path<RoundId>,
) -> Result<HttpResponse, Error> {
    let (organisation, id) = (who.organisation_id(), *id);
    let round = app.db.read(move |conn| store::the_round(conn, organisation, id)).await?;
    let sent = Sent::default()
        .with("version", round.version)
        .with("name", &round.name)
        .with("first_day", round.first_day)
        .with("last_day", round.last_day)
        .with("opens_on", round.opens_on)
        .with("closes_on", round.closes_on)
        .with("most_wishes", round.most_wishes);
    let of = Some((id, round.allocated_at.is_some()));
    Ok(form_page(&request, of, &sent, (Errors::default(), HttpResponse::Ok())))
}

async fn change(
    request: HttpRequest,
    app: App,
    who: Planner,
    id: web::Path<RoundId>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (context, id) = (Context::of(&who, &app), *id);
    let done = async {
        let (save, seen) = (read_round(&sent)?, sent.version()?);
        app.db.write(move |tx| actions::change(tx, &context, id, &save, seen)).await
    };
    match done.await {
        Ok(_) => Ok(see_other(&format!("/omgangar/{id}?klart=saved"))),
        Err(error) => Ok(form_page(&request, Some((id, false)), &sent, refused(error, texts(&request))?)),
    }
}

#[derive(Template)]
#[template(path = "rounds/round.html")]
struct RoundPage {
    t: Texts,
    page: Page,
    id: RoundId,
    name: String,
    heading: String,
    status: Tag,
    stands: Status,
    term: String,
    opens: String,
    closes: String,
    most_wishes: i32,
    lot: i32,
    errors: Vec<FieldError>,
    units: usize,
    loans: usize,
    misfits: usize,
    figures: Vec<(String, usize)>,
    types: Vec<DemandRow>,
    shown: Vec<(String, String, bool)>,
    rows: Vec<UnitRow>,
    newer: Option<String>,
    older: Option<String>,
}

/// How a kit type is asked for.
struct DemandRow {
    href: String,
    name: String,
    kits: usize,
    room: usize,
    wishes: usize,
    first_wishes: usize,
    served: usize,
    short: bool,
}

impl DemandRow {
    fn new(id: RoundId, view: &DemandView) -> Self {
        Self {
            href: format!("/omgangar/{id}?typ={}#fordelning", view.kit_type.id),
            name: view.kit_type.name.clone(),
            kits: view.kits,
            room: view.room,
            wishes: view.wishes,
            first_wishes: view.first_wishes,
            served: view.served,
            short: view.wishes > view.room,
        }
    }
}

/// A unit in a preview, with what it gets.
struct UnitRow {
    name: String,
    owes: bool,
    items: Vec<ItemRow>,
}

/// One thing that a unit gets, or does not.
struct ItemRow {
    rank: String,
    kit_type: String,
    answer: String,
    given: bool,
    by_hand: bool,
    misfit: bool,
    href: String,
}

impl ItemRow {
    fn new(t: Texts, view: &AllocationView) -> Self {
        let answer = match (view.period(), view.reason) {
            (Some((first, last)), _) => format!("{} · {}", t.weeks(first, last), wording::days(t, first, last)),
            (None, reason) => reason.map(|reason| t.s(&reason_key(reason))).unwrap_or_default(),
        };
        let href = match view.loan_id {
            Some(loan) => format!("/lan/{loan}"),
            None => format!("/fordelning/{}", view.id),
        };
        Self {
            rank: view.rank.map(|rank| rank.to_string()).unwrap_or_default(),
            kit_type: view.kit_type.name.clone(),
            given: view.period().is_some(),
            by_hand: view.by_hand,
            misfit: view.misfit,
            answer,
            href,
        }
    }
}

/// What of a preview is shown.
#[derive(Deserialize, Default)]
struct Shown {
    /// `utan`: units that get nothing; `hinder`: what cannot be had any more.
    #[serde(default)]
    visa: String,
    /// One type.
    typ: Option<KitTypeId>,
    /// Which page, from 1.
    sida: Option<usize>,
}

async fn show(
    request: HttpRequest,
    app: App,
    who: Planner,
    id: web::Path<RoundId>,
    shown: web::Query<Shown>,
) -> Result<HttpResponse, Error> {
    round_page(&request, &app, &who, *id, &shown, (Errors::default(), HttpResponse::Ok())).await
}

async fn round_page(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    id: RoundId,
    shown: &Shown,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let t = texts(request);
    let (organisation, today) = (who.organisation.clone(), who.organisation.today(app.clock.now()));
    let view = app.db.read(move |conn| queries::allocation(conn, &organisation, id, today)).await?;
    let RoundAllocationView { round, figures, kit_types, items } = view;
    let units = by_unit(items);
    let mut numbers: Vec<(String, usize)> = Vec::new();
    if round.allocated_at.is_some() {
        let ranks = figures.best_rank.iter().take(3).zip(1_i64..);
        numbers.extend(ranks.map(|(count, rank)| (t.v("rounds-figure-rank", "rank", rank), *count)));
        let later: usize = figures.best_rank.iter().skip(3).sum();
        numbers.extend((later > 0).then(|| (t.s("rounds-figure-later"), later)));
        numbers.push((t.s("rounds-figure-without"), figures.without));
    }
    let misfits = units.iter().flatten().filter(|item| item.misfit).count();
    let nothing = |unit: &[AllocationView]| unit.iter().all(|item| item.period().is_none());
    let wanted = |unit: &&Vec<AllocationView>| match (shown.visa.as_str(), shown.typ) {
        ("utan", _) => nothing(unit),
        ("hinder", _) => unit.iter().any(|item| item.misfit),
        (_, Some(typ)) => unit.iter().any(|item| item.kit_type.id == typ),
        _ => true,
    };
    let found: Vec<&Vec<AllocationView>> = units.iter().filter(wanted).collect();
    let sida = shown.sida.unwrap_or(1).max(1);
    let on_page = found.iter().skip((sida - 1).saturating_mul(UNITS_ON_A_PAGE)).take(UNITS_ON_A_PAGE);
    let rows = on_page.map(|unit| UnitRow {
        name: unit.first().map(|item| item.unit.name.clone()).unwrap_or_default(),
        owes: unit.iter().any(|item| item.owes && item.period().is_some()),
        items: unit.iter().map(|item| ItemRow::new(t, item)).collect(),
    });
    let typ = shown.typ.map(|typ| format!("&typ={typ}")).unwrap_or_default();
    let to = |sida: usize| format!("/omgangar/{id}?visa={}{typ}&sida={sida}#fordelning", shown.visa);
    let all = shown.visa.is_empty() && shown.typ.is_none();
    let tab = |key: &str, visa: &str, here: bool| (t.s(key), format!("/omgangar/{id}?visa={visa}#fordelning"), here);
    let mut tabs = vec![tab("rounds-show-all", "", all), tab("rounds-show-without", "utan", shown.visa == "utan")];
    if misfits > 0 {
        tabs.push(tab("rounds-show-misfits", "hinder", shown.visa == "hinder"));
    }
    let chosen = kit_types.iter().find(|view| Some(view.kit_type.id) == shown.typ);
    tabs.extend(chosen.map(|view| (view.kit_type.name.clone(), to(1), true)));
    let page = RoundPage {
        t,
        page: Page::new(request, &round.name),
        id,
        heading: t.s(&format!("rounds-now-title-{}", round.status)),
        status: status(t, round.status),
        stands: round.status,
        term: period(t, round.first_day, round.last_day),
        opens: t.day(round.opens_on),
        closes: t.day(round.closes_on),
        most_wishes: round.most_wishes,
        lot: round.lot,
        errors: errors.0,
        units: figures.units,
        loans: figures.loans,
        misfits,
        figures: numbers,
        types: kit_types.iter().map(|view| DemandRow::new(id, view)).collect(),
        shown: tabs,
        rows: rows.collect(),
        newer: (sida > 1).then(|| to(sida - 1)),
        older: (found.len() > sida.saturating_mul(UNITS_ON_A_PAGE)).then(|| to(sida + 1)),
        name: round.name,
    };
    Ok(page::html(builder, &page))
}

/// The same, with what belongs to one unit together.
fn by_unit(items: Vec<AllocationView>) -> Vec<Vec<AllocationView>> {
    let mut units: Vec<Vec<AllocationView>> = Vec::new();
    for item in items {
        match units.last_mut() {
            Some(unit) if unit.first().is_some_and(|first| first.unit.id == item.unit.id) => unit.push(item),
            _ => units.push(vec![item]),
        }
    }
    units
}

/// What the buttons of a round send.
#[derive(Deserialize)]
struct AllocateForm {
    #[serde(default)]
    how: String,
}

async fn allocate(
    request: HttpRequest,
    app: App,
    who: Planner,
    id: web::Path<RoundId>,
    form: web::Form<AllocateForm>,
) -> Result<HttpResponse, Error> {
    let (context, id) = (Context::of(&who, &app), *id);
    // The page says that its button closes the wishes.
    let how = Allocate { close: form.how == "close", only_misfits: form.how == "only_misfits" };
    let done = async {
        let preview = actions::work_out(&app.db, &context, id, how).await?;
        app.db.write(move |tx| actions::save_preview(tx, &context, &preview)).await
    };
    match done.await {
        Ok(_) => Ok(see_other(&format!("/omgangar/{id}?klart=allocated"))),
        Err(error) => round_page(&request, &app, &who, id, &Shown::default(), refused(error, texts(&request))?).await,
    }
}

async fn publish(request: HttpRequest, app: App, who: Planner, id: web::Path<RoundId>) -> Result<HttpResponse, Error> {
    let (context, id) = (Context::of(&who, &app), *id);
    match app.db.write(move |tx| actions::publish(tx, &context, id)).await {
        Ok(_) => Ok(see_other(&format!("/omgangar/{id}?klart=published"))),
        Err(error) => round_page(&request, &app, &who, id, &Shown::default(), refused(error, texts(&request))?).await,
    }
}

async fn cancel(request: HttpRequest, app: App, who: Planner, id: web::Path<RoundId>) -> Result<HttpResponse, Error> {
    let (context, id) = (Context::of(&who, &app), *id);
    match app.db.write(move |tx| actions::cancel(tx, &context, id)).await {
        Ok(_) => Ok(see_other(&format!("/omgangar/{id}?klart=round-cancelled"))),
        Err(error) => round_page(&request, &app, &who, id, &Shown::default(), refused(error, texts(&request))?).await,
    }
}

#[derive(Template)]
#[template(path = "rounds/allocation.html")]
struct AllocationPage {
    t: Texts,
    page: Page,
    title: String,
    wish: String,
    back_href: String,
    back: String,
    /// Where the loan is taken away, if there is one.
    remove: Option<String>,
    errors: Vec<FieldError>,
    /// The units to choose from, for a loan that is added.
    units: Option<Vec<Choice>>,
    unit: Field,
    kit_types: Vec<Choice>,
    kit_type: Field,
    first_day: Field,
    last_day: Field,
}

/// What the form of one allocation is about.
enum About {
    /// Another choice for an allocation that is there.
    Other(AllocationId),
    /// One more, in this round.
    More(RoundId),
}

async fn allocation_page(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    about: About,
    sent: Option<&Sent>,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let t = texts(request);
    let (organisation, today) = (who.organisation.clone(), who.organisation.today(app.clock.now()));
    let more = matches!(about, About::More(_));
    let (round, item, kit_types, units) = app
        .db
        .read(move |conn| {
            let id = match about {
                About::More(id) => id,
                About::Other(id) => store::the_allocation(conn, organisation.id, id)?.0.id,
            };
            let view = queries::allocation(conn, &organisation, id, today)?;
            let item = view.items.into_iter().find(|item| matches!(about, About::Other(id) if item.id == id));
            let units = if more { accounts::unit_names(conn, organisation.id, None)? } else { Vec::new() };
            Ok((view.round, item, queries::wishable(conn, organisation.id)?, units))
        })
        .await?;
    if round.status != Status::Allocated {
        return Ok(see_other(&format!("/omgangar/{}", round.id)));
    }
    let filled = match &item {
        Some(item) => {
            let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
            let sent = Sent::default().with("kit_type_id", item.kit_type.id).with("first_day", day(item.first_day));
            sent.with("last_day", day(item.last_day))
        }
        None => Sent::default(),
    };
    let sent = sent.unwrap_or(&filled);
    let choice = |value: String, label: &str, name: &str| Choice {
        checked: sent.text(name) == value,
        label: label.to_owned(),
        value,
    };
    let field = |name| errors.field(name, sent.text(name));
    let title = item.as_ref().map_or_else(|| t.s("rounds-add-title"), |item| item.unit.name.clone());
    let wish = item.as_ref().and_then(|item| {
        let args = [("rank", item.rank?.into()), ("type", item.kit_type.name.as_str().into())];
        Some(t.a("rounds-its-wish", &args))
    });
    let page = AllocationPage {
        t,
        page: Page::new(request, &title),
        title,
        wish: wish.unwrap_or_else(|| t.s("rounds-add-lead")),
        back_href: format!("/omgangar/{}", round.id),
        back: round.name,
        remove: item
            .as_ref()
            .filter(|item| item.period().is_some())
            .map(|item| format!("/fordelning/{}/ta-bort", item.id)),
        units: more.then(|| units.iter().map(|(id, name)| choice(id.to_string(), name, "unit")).collect()),
        unit: errors.field("unit_id", sent.text("unit")),
        kit_types: kit_types.iter().map(|of| choice(of.id.to_string(), &of.name, "kit_type_id")).collect(),
        kit_type: field("kit_type_id"),
        first_day: field("first_day"),
        last_day: field("last_day"),
        errors: errors.0,
    };
    Ok(page::html(builder, &page))
}

fn read_choice(sent: &Sent) -> Result<Choose, Error> {
    let day = |name: &str| sent.text(name).parse().map_err(|_| WrongField::new(name, "field.day"));
    all_fields! {
        kit_type_id = sent.text("kit_type_id").parse().map_err(|_| WrongField::new("kit_type_id", "field.missing")),
        first_day = day("first_day"),
        last_day = day("last_day"),
    }
    Ok(Choose { kit_type_id, first_day, last_day })
}

async fn ask_other(
    request: HttpRequest,
    app: App,
    who: Planner,
    id: web::Path<AllocationId>,
) -> Result<HttpResponse, Error> {
    let nothing = (Errors::default(), HttpResponse::Ok());
    allocation_page(&request, &app, &who, About::Other(*id), None, nothing).await
}

async fn choose(
    request: HttpRequest,
    app: App,
    who: Planner,
    id: web::Path<AllocationId>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (context, id) = (Context::of(&who, &app), *id);
    let done = async {
        let choose = read_choice(&sent)?;
        app.db.write(move |tx| actions::adjust(tx, &context, id, Some(choose))).await
    };
    match done.await {
        Ok(round) => Ok(see_other(&format!("/omgangar/{round}?klart=saved"))),
        Err(error) => {
            let refused = refused(error, texts(&request))?;
            allocation_page(&request, &app, &who, About::Other(id), Some(&sent), refused).await
        }
    }
}

async fn remove(
    request: HttpRequest,
    app: App,
    who: Planner,
    id: web::Path<AllocationId>,
) -> Result<HttpResponse, Error> {
    let (context, id) = (Context::of(&who, &app), *id);
    match app.db.write(move |tx| actions::adjust(tx, &context, id, None)).await {
        Ok(round) => Ok(see_other(&format!("/omgangar/{round}?klart=saved"))),
        Err(error) => {
            let refused = refused(error, texts(&request))?;
            allocation_page(&request, &app, &who, About::Other(id), None, refused).await
        }
    }
}

async fn ask_more(request: HttpRequest, app: App, who: Planner, id: web::Path<RoundId>) -> Result<HttpResponse, Error> {
    let nothing = (Errors::default(), HttpResponse::Ok());
    allocation_page(&request, &app, &who, About::More(*id), None, nothing).await
}

async fn add_by_hand(
    request: HttpRequest,
    app: App,
    who: Planner,
    id: web::Path<RoundId>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (context, id) = (Context::of(&who, &app), *id);
    let done = async {
        all_fields! {
            unit_id = sent.text("unit").parse().map_err(|_| WrongField::new("unit_id", "field.missing")),
        }
        let Choose { kit_type_id, first_day, last_day } = read_choice(&sent)?;
        let add = AddByHand { unit_id, kit_type_id, first_day, last_day };
        app.db.write(move |tx| actions::add_by_hand(tx, &context, id, add)).await
    };
    match done.await {
        Ok(_) => Ok(see_other(&format!("/omgangar/{id}?klart=saved"))),
        Err(error) => {
            let refused = refused(error, texts(&request))?;
            allocation_page(&request, &app, &who, About::More(id), Some(&sent), refused).await
        }
    }
}

#[derive(Template)]
#[template(path = "rounds/wishes.html")]
struct WishesPage {
    t: Texts,
    page: Page,
    round: String,
    stands: Status,
    opens: String,
    closes: String,
    most_wishes: i32,
    action: String,
    unit: UnitId,
    unit_name: String,
    /// The units to choose from, when there are several.
    units: Vec<(String, String, bool)>,
    wishes: Vec<WishRow>,
    errors: Vec<FieldError>,
    /// Nothing more can be wished for: the list is full.
    full: bool,
    kit_types: Vec<Choice>,
    kit_type: Field,
    earliest_weeks: Vec<Choice>,
    earliest: Field,
    latest_weeks: Vec<Choice>,
    latest: Field,
    lengths: Vec<Choice>,
    days: Field,
    results: Vec<ResultRow>,
}

/// A wish in the list.
struct WishRow {
    id: WishId,
    rank: i32,
    name: String,
    href: String,
    about: String,
    first: bool,
    last: bool,
}

/// What became of a wish.
struct ResultRow {
    name: String,
    given: bool,
    answer: String,
    href: String,
    queue: Option<QueueForm>,
}

/// A wish that nothing was left for, as an entry in the queue of its type.
struct QueueForm {
    action: String,
    key: Uuid,
    earliest: NaiveDate,
    latest: NaiveDate,
    days: i32,
}

impl QueueForm {
    /// None when the wish was refused for another reason than that all kits are taken, or its weeks are over.
    fn new(result: &AllocationView, wishes: &[WishView], round: &RoundView, today: NaiveDate) -> Option<Self> {
        let wish = wishes.iter().find(|wish| Some(wish.id) == result.wish_id && result.reason == Some(Reason::Full))?;
        let form = Self {
            action: format!("/lador/{}/ko", wish.kit_type.id),
            key: Uuid::now_v7(),
            earliest: wish.earliest.unwrap_or(round.first_day).max(today),
            latest: wish.latest.unwrap_or(round.last_day),
            days: wish.days,
        };
        Some(form).filter(|form| form.latest >= today)
    }
}

#[derive(Deserialize)]
struct Whose {
    enhet: Option<UnitId>,
}

async fn wishes(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<RoundId>,
    whose: web::Query<Whose>,
) -> Result<HttpResponse, Error> {
    let nothing = (Errors::default(), HttpResponse::Ok());
    wishes_page(&request, &app, &who, *id, whose.enhet, &Sent::default(), nothing).await
}

/// Whose wishes are asked for: the unit that is named, or the first of one's own; who makes rounds may look at any.
async fn unit_of(app: &App, who: &Person, named: Option<UnitId>) -> Result<(UnitId, Vec<(UnitId, String)>), Error> {
    let organisation = who.organisation_id();
    let own = if may_plan(who) { None } else { Some(who.units.clone()) };
    let units = app.db.read(move |conn| accounts::unit_names(conn, organisation, own.as_deref())).await?;
    let first = units.iter().find(|(id, _)| who.units.contains(id)).or(units.first()).map(|(id, _)| *id);
    let unit = named.or(first).ok_or_else(|| Error::not_found("unit.not_found"))?;
    may_wish_for(who, unit)?;
    Ok((unit, units))
}

async fn wishes_page(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    id: RoundId,
    named: Option<UnitId>,
    sent: &Sent,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let t = texts(request);
    let (organisation, today) = (who.organisation.clone(), who.organisation.today(app.clock.now()));
    let (unit, units) = unit_of(app, who, named).await?;
    let (view, types): (WishesView, Vec<Wishable>) = app
        .db
        .read(move |conn| {
            let view = queries::wishes(conn, &organisation, id, unit, today)?;
            Ok((view, queries::wishable(conn, organisation.id)?))
        })
        .await?;
    let WishesView { round, unit: of, items, results } = view;
    let choice = |value: String, label: String, name: &str| Choice { checked: sent.text(name) == value, label, value };
    let field = |name| errors.field(name, sent.text(name));
    let weeks = |earliest: bool, name: &str| -> Vec<Choice> {
        let of_term = (0..).map(|later| Week::of(round.first_day).later(later));
        let week = |week: Week| {
            let day = if earliest { week.monday().max(round.first_day) } else { week.sunday().min(round.last_day) };
            choice(day.to_string(), format!("{} · {}", t.week(day), t.day(day)), name)
        };
        of_term.take_while(|week| week.monday() <= round.last_day).map(week).collect()
    };
    let longest = types.iter().map(|of| of.loan_days / 7).max().unwrap_or(0);
    let length = |weeks: i32| choice((weeks * 7).to_string(), t.v("rounds-length", "count", weeks), "days");
    let free = types.iter().filter(|of| !items.iter().any(|wish| wish.kit_type.id == of.id));
    let several = if may_plan(who) && who.units.is_empty() { &[] } else { units.as_slice() };
    let tab =
        |(id_of, name): &(UnitId, String)| (name.clone(), format!("/onskemal/{id}?enhet={id_of}"), *id_of == unit);
    let page = WishesPage {
        t,
        page: Page::new(request, &round.name),
        stands: round.status,
        opens: t.day(round.opens_on),
        closes: t.day(round.closes_on),
        most_wishes: round.most_wishes,
        action: format!("/onskemal/{id}?enhet={unit}"),
        unit,
        unit_name: of.name,
        units: if several.len() > 1 { several.iter().map(tab).collect() } else { Vec::new() },
        wishes: items.iter().map(|wish| wish_row(t, wish, items.len())).collect(),
        full: i32::try_from(items.len()).is_ok_and(|count| count >= round.most_wishes),
        kit_types: free.map(|of| choice(of.id.to_string(), of.name.clone(), "kit_type_id")).collect(),
        kit_type: field("kit_type_id"),
        earliest_weeks: weeks(true, "earliest"),
        earliest: field("earliest"),
        latest_weeks: weeks(false, "latest"),
        latest: field("latest"),
        lengths: (1..=longest).map(length).collect(),
        days: field("days"),
        results: results
            .iter()
            .map(|result| result_row(t, result, QueueForm::new(result, &items, &round, today)))
            .collect(),
        errors: errors.0,
        round: round.name,
    };
    Ok(page::html(builder, &page))
}

fn wish_row(t: Texts, wish: &WishView, count: usize) -> WishRow {
    let weeks = match (wish.earliest, wish.latest) {
        (None, None) => t.s("rounds-weeks-any"),
        (Some(first), None) => t.v("rounds-weeks-from", "week", t.week(first)),
        (None, Some(last)) => t.v("rounds-weeks-until", "week", t.week(last)),
        (Some(first), Some(last)) => t.weeks(first, last),
    };
    let length = match wish.days % 7 {
        0 => t.v("rounds-length", "count", wish.days / 7),
        _ => t.v("rounds-length-days", "count", wish.days),
    };
    WishRow {
        id: wish.id,
        rank: wish.rank,
        name: wish.kit_type.name.clone(),
        href: format!("/lador/{}", wish.kit_type.id),
        about: format!("{weeks} · {length}"),
        first: wish.rank == 1,
        last: usize::try_from(wish.rank).is_ok_and(|rank| rank == count),
    }
}

fn result_row(t: Texts, result: &AllocationView, queue: Option<QueueForm>) -> ResultRow {
    let answer = match (result.period(), result.reason) {
        (Some((first, last)), _) => format!("{} · {}", t.weeks(first, last), wording::days(t, first, last)),
        (None, reason) => reason.map(|reason| t.s(&reason_key(reason))).unwrap_or_default(),
    };
    ResultRow {
        name: result.kit_type.name.clone(),
        given: result.period().is_some(),
        answer,
        href: match result.loan_id {
            Some(loan) => format!("/lan/{loan}"),
            None => format!("/lador/{}", result.kit_type.id),
        },
        queue,
    }
}

/// What one of the list's buttons asks for.
fn edit(sent: &Sent) -> Option<(WishId, Edit)> {
    let buttons = [("up", Edit::Up), ("down", Edit::Down), ("remove", Edit::Remove)];
    buttons.into_iter().find_map(|(name, edit)| Some((sent.text(name).parse().ok()?, edit)))
}

fn read_wish(sent: &Sent) -> Result<SaveWish, Error> {
    let day = |name: &str| match sent.text(name) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| WrongField::new(name, "field.day")),
    };
    all_fields! {
        kit_type_id = sent.text("kit_type_id").parse().map_err(|_| WrongField::new("kit_type_id", "field.missing")),
        earliest = day("earliest"),
        latest = day("latest"),
    }
    Ok(SaveWish { kit_type_id, earliest, latest, days: whole_number(sent.text("days")) })
}

/// Adds a wish, or moves one, or takes one away. What is asked is saved at once.
async fn wish(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<RoundId>,
    whose: web::Query<Whose>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (context, id) = (Context::of(&who, &app), *id);
    let (unit, _) = unit_of(&app, &who, whose.enhet).await?;
    let done = async {
        match edit(&sent) {
            Some((wish, edit)) => app.db.write(move |tx| actions::edit_wish(tx, &context, id, unit, wish, edit)).await,
            None => {
                let save = read_wish(&sent)?;
                app.db.write(move |tx| actions::add_wish(tx, &context, id, unit, &save)).await
            }
        }
    };
    match done.await {
        Ok(()) => Ok(see_other(&format!("/onskemal/{id}?enhet={unit}#wishes"))),
        Err(error) => {
            let refused = refused(error, texts(&request))?;
            wishes_page(&request, &app, &who, id, Some(unit), &sent, refused).await
        }
    }
}
