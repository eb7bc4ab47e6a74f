//! Pages of the queue: join it, see one's place, answer an offer; for staff, who stands where and why.

use crate::accounts::queries as accounts;
use crate::accounts::session::{Person, SignedIn};
use crate::loans::actions::{Context, may_act_for};
use crate::loans::policies;
use crate::loans::policy::Policy;
use crate::loans::queue::actions::{self, Join};
use crate::loans::queue::queries;
use crate::loans::queue::rules::Status;
use crate::loans::queue::store::Entry;
use crate::loans::queue::views::{EntryDetails, EntryView, PrognosisView};
use crate::loans::queue::wording::{EntryWords, length};
use crate::loans::rules::{LOOK_AHEAD_DAYS, days_after};
use crate::loans::store::{self as loans, TypeRules};
use crate::loans::wording::{self as loan_wording, Period};
use crate::platform::db::Tx;
use crate::platform::error::{Error, FieldError as WrongField, all_fields};
use crate::platform::idempotency::Key;
use crate::platform::ids::{KitTypeId, QueueEntryId, UnitId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::{command, texts};
use crate::platform::week::Week;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

type App = web::Data<AppState>;

/// Weeks to choose from: as far ahead as a loan may begin.
const WEEKS: u64 = LOOK_AHEAD_DAYS / 7 - 1;
/// Weeks that are proposed besides those of the loan: who can wait for longer is served sooner.
const SPARE_DAYS: u64 = 28;

/// The routes of this feature.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/lador/{id}/ko", web::get().to(ask))
        .route("/lador/{id}/ko", web::post().to(join))
        .route("/ko/{id}", web::get().to(show))
        .route("/ko/{id}/ta", web::post().to(take))
        .route("/ko/{id}/avsta", web::post().to(decline))
        .route("/ko/{id}/lamna", web::post().to(withdraw))
        .route("/ko/{id}/igen", web::post().to(again));
}

#[derive(Template)]
#[template(path = "loans/queue.html")]
struct QueuePage {
    t: Texts,
    page: Page,
    kit_name: String,
    kit_href: String,
    action: String,
    key: Uuid,
    units: Vec<Choice>,
    unit: Field,
    earliest: Vec<Choice>,
    earliest_day: Field,
    latest: Vec<Choice>,
    latest_day: Field,
    lengths: Vec<Choice>,
    days: Field,
    errors: Vec<FieldError>,
    /// Who waits; for staff.
    line: Option<Vec<EntryWords>>,
    rules: Vec<String>,
}

#[derive(Deserialize)]
struct Wish {
    fran: Option<NaiveDate>,
}

async fn ask(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<KitTypeId>,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, Error> {
    queue_page(&request, &app, &who, *id, Form::Empty(wish.fran), HttpResponse::Ok()).await
}

/// What stands in the form: what was sent and is wrong, or nothing yet, with the day that somebody came from.
enum Form {
    Empty(Option<NaiveDate>),
    Wrong(Sent, Error),
}

/// The first and the last day of the weeks to choose from: this week begins today.
fn weeks(today: NaiveDate) -> Vec<(NaiveDate, NaiveDate)> {
    let weeks = (0..WEEKS).map(|later| Week::of(today).later(later));
    weeks.map(|week| (week.monday().max(today), week.sunday())).collect()
}

async fn queue_page(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    id: KitTypeId,
    form: Form,
    builder: HttpResponseBuilder,
) -> Result<HttpResponse, Error> {
    let t = texts(request);
    let (organisation, now) = (who.organisation.clone(), app.clock.now());
    let today = organisation.today(now);
    let staff = who.is_staff();
    let own = if staff { None } else { Some(who.units.clone()) };
    type Known = (TypeRules, Policy, Vec<(UnitId, String)>, Option<Vec<EntryView>>);
    let (kit_type, policy, units, line): Known = app
        .db
        .read(move |conn| {
            let kit_type =
                loans::find_type(conn, organisation.id, id)?.ok_or_else(|| Error::not_found("kit_type.not_found"))?;
            let line = if staff { Some(queries::of_type(conn, &organisation, id, today)?) } else { None };
            let policy = policies::of_type(conn, organisation.id, id)?;
            Ok((kit_type, policy, accounts::unit_names(conn, organisation.id, own.as_deref())?, line))
        })
        .await?;
    let weeks = weeks(today);
    let (sent, errors) = match form {
        Form::Wrong(sent, error) => (sent, Errors::of(error, t)?),
        Form::Empty(from) => {
            let from = from.unwrap_or_else(|| days_after(today, 7));
            let until = days_after(from, u64::try_from(kit_type.loan_days).unwrap_or(0) + SPARE_DAYS);
            let sent = Sent::default().with("days", kit_type.loan_days);
            let sent = match weeks.iter().find(|(_, sunday)| *sunday >= from) {
                Some((first, _)) => sent.with("earliest_day", first),
                None => sent,
            };
            let sent = match weeks.iter().find(|(_, sunday)| *sunday >= until).or(weeks.last()) {
                Some((_, sunday)) => sent.with("latest_day", sunday),
                None => sent,
            };
            (sent, Errors::default())
        }
    };
    let choice = |value: String, label: String, chosen: &str| Choice { checked: value == chosen, value, label };
    let (earliest_day, latest_day, days) = (sent.text("earliest_day"), sent.text("latest_day"), sent.text("days"));
    let week = |day: NaiveDate| format!("{} · {}", t.week(day), t.day(day));
    let unit = match (sent.text("unit"), who.units.as_slice()) {
        ("", [only]) => only.to_string(),
        (sent, _) => sent.to_owned(),
    };
    let whole_weeks = (1..=kit_type.loan_days / 7).map(|weeks| 7 * weeks);
    let odd = Some(kit_type.loan_days).filter(|days| days % 7 != 0);
    Ok(page::html(
        builder,
        &QueuePage {
            t,
            page: Page::new(request, &t.a("queue-join", &[("kit", kit_type.name.as_str().into())])),
            kit_href: format!("/lador/{id}"),
            action: format!("/lador/{id}/ko"),
            key: Uuid::now_v7(),
            units: units.iter().map(|(id, name)| choice(id.to_string(), name.clone(), &unit)).collect(),
            unit: errors.field("unit", unit.as_str()),
            earliest: weeks.iter().map(|(first, _)| choice(first.to_string(), week(*first), earliest_day)).collect(),
            earliest_day: errors.field("earliest_day", earliest_day),
            latest: weeks.iter().map(|(_, sunday)| choice(sunday.to_string(), week(*sunday), latest_day)).collect(),
            latest_day: errors.field("latest_day", latest_day),
            lengths: whole_weeks.chain(odd).map(|of| choice(of.to_string(), length(t, of), days)).collect(),
            days: errors.field("days", days),
            rules: loan_wording::rules(t, &policy, None),
            line: line.map(|line| line.iter().map(|entry| EntryWords::new(t, &who.organisation, entry, now)).collect()),
            errors: errors.0,
            kit_name: kit_type.name,
        },
    ))
}

async fn join(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<KitTypeId>,
    form: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    match joined(&app, &who, *id, &form).await {
        Ok((entry, Status::Waiting)) => Ok(see_other(&format!("/ko/{entry}?klart=queued"))),
        Ok((entry, _)) => Ok(see_other(&format!("/ko/{entry}"))),
        Err(error) => {
            let builder = HttpResponse::build(error.status_code());
            queue_page(&request, &app, &who, *id, Form::Wrong(form.into_inner(), error), builder).await
        }
    }
}

async fn joined(app: &App, who: &Person, id: KitTypeId, form: &Sent) -> Result<(QueueEntryId, Status), Error> {
    let missing = |field: &str| WrongField::new(field, "field.missing");
    all_fields! {
        unit_id = form.text("unit").parse::<UnitId>().map_err(|_| missing("unit")),
        earliest_day = form.text("earliest_day").parse::<NaiveDate>().map_err(|_| missing("earliest_day")),
        latest_day = form.text("latest_day").parse::<NaiveDate>().map_err(|_| missing("latest_day")),
        days = form.number("days").ok_or_else(|| missing("days")),
    }
    may_act_for(who, unit_id)?;
    let key = form.text("key").parse().map_err(|_| Error::changed_meanwhile())?;
    let parts = ["unit", "earliest_day", "latest_day", "days"].map(|field| form.text(field));
    let id_text = id.to_string();
    let key = Key::of_form(key, &[&["queue", id_text.as_str()][..], &parts[..]].concat());
    let wish = Join { kit_type_id: id, unit_id, earliest_day, latest_day, days: Some(days) };
    let context = Context::of(who, app);
    command::once(app, context.by, key, move |tx| {
        let entry = actions::join(tx, &context, &wish)?;
        Ok((entry.id, entry.status))
    })
    .await
}

#[derive(Template)]
#[template(path = "loans/queue_entry.html")]
struct EntryPage {
    t: Texts,
    page: Page,
    key: Uuid,
    entry: EntryWords,
    kit_href: String,
    loan_href: Option<String>,
    outlook: Option<Outlook>,
    ended: String,
    waits: bool,
    may_join_again: bool,
    errors: Vec<FieldError>,
    back_href: &'static str,
}

/// How things look, in words.
struct Outlook {
    words: String,
    instead: Option<Period>,
}

async fn show(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<QueueEntryId>,
) -> Result<HttpResponse, Error> {
    entry_page(&request, &app, &who, *id, Errors::default(), HttpResponse::Ok()).await
}

async fn entry_page(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    id: QueueEntryId,
    errors: Errors,
    builder: HttpResponseBuilder,
) -> Result<HttpResponse, Error> {
    let (t, now, person) = (texts(request), app.clock.now(), who.clone());
    let today = who.organisation.today(now);
    let known = app.db.read(move |conn| queries::visible_entry(conn, &person, id, today)).await?;
    let EntryDetails { entry, prognosis } = known;
    let ended = !entry.status.is_open();
    Ok(page::html(
        builder,
        &EntryPage {
            t,
            page: Page::new(request, &entry.kit_type.name),
            key: Uuid::now_v7(),
            kit_href: format!("/lador/{}", entry.kit_type.id),
            loan_href: entry.loan_id.map(|loan| format!("/lan/{loan}")),
            outlook: prognosis.map(|prognosis| outlook(t, entry.kit_type.id, prognosis)),
            ended: ended_text(t, entry.status),
            waits: entry.status == Status::Waiting,
            may_join_again: ended && entry.status != Status::Taken && entry.latest_day > days_after(today, 1),
            errors: errors.0,
            back_href: if who.units.contains(&entry.unit.id) { "/vara-lan" } else { "/lador" },
            entry: EntryWords::new(t, &who.organisation, &entry, now),
        },
    ))
}

fn outlook(t: Texts, kit_type: KitTypeId, prognosis: PrognosisView) -> Outlook {
    let words = match prognosis.if_on_time {
        _ if prognosis.blocked => t.s("queue-blocked"),
        Some(period) => t.v("queue-if-on-time", "weeks", t.weeks(period.first_day, period.last_day)),
        None => t.s("queue-unless-called-off"),
    };
    let instead = prognosis.instead.filter(|_| !prognosis.blocked);
    Outlook { words, instead: instead.map(|next| Period::new(t, kit_type, next.first_day, next.last_day)) }
}

/// What became of a place. An offer whose time is up has lapsed, also when the program has not seen to it yet.
fn ended_text(t: Texts, status: Status) -> String {
    match status {
        Status::Waiting => String::new(),
        Status::Offered => t.s("queue-lapsed-text"),
        ended => t.s(&format!("queue-{ended}-text")),
    }
}

/// A form that has nothing to fill in.
#[derive(Deserialize)]
struct KeyForm {
    key: Uuid,
}

/// Runs a command on a place that the person may touch, once however often the form is sent, and goes on to where it
/// says; shows the place again when it cannot be done.
async fn on_entry(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    id: QueueEntryId,
    key: Key,
    command: impl Fn(&mut Tx<'_>, &Context, Entry) -> Result<String, Error> + Send + 'static,
) -> Result<HttpResponse, Error> {
    let (context, person) = (Context::of(who, app), who.clone());
    let next = command::once(app, context.by, key, move |tx| {
        let entry = actions::own_entry(tx, &context, &person, id)?;
        command(tx, &context, entry)
    })
    .await;
    match next {
        Ok(next) => Ok(see_other(&next)),
        Err(error) => {
            let builder = HttpResponse::build(error.status_code());
            let errors = Errors::of(error, texts(request))?;
            entry_page(request, app, who, id, errors, builder).await
        }
    }
}

async fn take(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<QueueEntryId>,
    form: web::Form<KeyForm>,
) -> Result<HttpResponse, Error> {
    let key = Key::of_form(form.key, &["take", &id.to_string()]);
    on_entry(&request, &app, &who, *id, key, |tx, context, entry| {
        Ok(format!("/lan/{}?bokad=ja", actions::take(tx, context, entry)?.id))
    })
    .await
}

async fn decline(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<QueueEntryId>,
    form: web::Form<KeyForm>,
) -> Result<HttpResponse, Error> {
    let key = Key::of_form(form.key, &["decline", &id.to_string()]);
    on_entry(&request, &app, &who, *id, key, |tx, context, entry| {
        Ok(format!("/ko/{}?klart=declined", actions::decline(tx, context, entry)?.id))
    })
    .await
}

async fn withdraw(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<QueueEntryId>,
    form: web::Form<KeyForm>,
) -> Result<HttpResponse, Error> {
    let key = Key::of_form(form.key, &["withdraw", &id.to_string()]);
    on_entry(&request, &app, &who, *id, key, |tx, context, entry| {
        Ok(format!("/ko/{}?klart=withdrawn", actions::withdraw(tx, context, entry)?.id))
    })
    .await
}

async fn again(
    request: HttpRequest,
    app: App,
    who: SignedIn,
    id: web::Path<QueueEntryId>,
    form: web::Form<KeyForm>,
) -> Result<HttpResponse, Error> {
    let key = Key::of_form(form.key, &["again", &id.to_string()]);
    on_entry(&request, &app, &who, *id, key, |tx, context, entry| {
        let entry = actions::join_again(tx, context, &entry)?;
        let done = if entry.status == Status::Waiting { "?klart=queued" } else { "" };
        Ok(format!("/ko/{}{done}", entry.id))
    })
    .await
}
