//! The reading room: the list of evaluations, and one after another, with what can be done with each.

use crate::accounts::session::Developer;
use crate::evaluations::answers::Answer;
use crate::evaluations::collections::queries as collections;
use crate::evaluations::collections::views::CollectionView;
use crate::evaluations::export::Export;
use crate::evaluations::form::Kind;
use crate::evaluations::queries;
use crate::evaluations::reading::actions::{self, Mark, Mask, Thank};
use crate::evaluations::reading::view::{SHOWN, View, narrowing, summary_of};
use crate::evaluations::rules::Share;
use crate::evaluations::search::query::{AGES, GOALS};
use crate::evaluations::views::{EvaluationDetails, EvaluationView, FormView, PossibleNames, ThemeView};
use crate::evaluations::wording::{in_words, words};
use crate::loans::actions::Context;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{EvaluationId, OrganisationId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::download::{self, AsFile};
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent, Tag, refused};
use crate::platform::web::page::{self, Page, local_path, see_other};
use crate::platform::web::paging::Paging;
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;

type App = web::Data<AppState>;

/// How many characters of an answer a list shows.
const BEGINNING: usize = 220;
/// The texts that show best what an evaluation is about, best first.
const TELLING: [&str; 5] = ["how", "reaction", "tips", "hard", "condition_note"];
/// The question that tells best why a kit was not used.
const WHY_NOT_USED: &str = "notused_why";
/// How many evaluations a list shows at once.
const ROWS: u32 = 30;
/// More unread ones than this are not counted.
const COUNTED: i64 = 100;

/// The routes of this part. What is written out goes before what stands for an id.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/utvarderingar", web::get().to(list))
        .route("/utvarderingar/exportera", web::get().to(export))
        .route("/utvarderingar/{id}", web::get().to(one))
        .route("/utvarderingar/{id}/marken", web::get().to(back))
        .route("/utvarderingar/{id}/maskera", web::get().to(back))
        .route("/utvarderingar/{id}/tacka", web::get().to(back))
        .route("/utvarderingar/{id}/marken", web::post().to(mark))
        .route("/utvarderingar/{id}/maskera", web::post().to(mask))
        .route("/utvarderingar/{id}/tacka", web::post().to(thank));
}

#[derive(Template)]
#[template(path = "reading/list.html")]
struct ListPage {
    t: Texts,
    page: Page,
    tabs: Vec<Tab>,
    show: String,
    q: String,
    filters: Vec<Filter>,
    open: bool,
    asked: bool,
    errors: Vec<FieldError>,
    from: Field,
    to: Field,
    chosen: Vec<Chosen>,
    everything: String,
    narrowed: bool,
    download: String,
    items: Vec<EvaluationRow>,
    newer: Option<String>,
    older: Option<String>,
}

/// One of the ways to look at the evaluations.
struct Tab {
    href: String,
    label: String,
    count: Option<String>,
    current: bool,
}

/// A list to choose from.
struct Filter {
    name: &'static str,
    label: String,
    options: Vec<Choice>,
}

/// A choice that narrows the list, and the list without it.
struct Chosen {
    text: String,
    without: String,
}

struct EvaluationRow {
    href: String,
    kit: String,
    unit: String,
    day: String,
    used: bool,
    unread: bool,
    starred: bool,
    text: String,
    scores: String,
    themes: Vec<String>,
    shared: Option<Tag>,
}

#[derive(Template)]
#[template(path = "reading/one.html")]
struct OnePage {
    t: Texts,
    page: Page,
    errors: Vec<FieldError>,
    id: EvaluationId,
    back: String,
    here: String,
    query: String,
    kit: String,
    kit_href: String,
    unit: String,
    weeks: String,
    submitted: String,
    loan_href: String,
    form_version: i32,
    shared: Tag,
    may_be_shared: bool,
    answers: Vec<Passage>,
    read: bool,
    starred: bool,
    in_bank: bool,
    themes: Vec<ThemeView>,
    all_themes: Vec<ThemeView>,
    collections: Vec<CollectionView>,
    new_theme: Field,
    note: Field,
    /// The version of the note that the field was filled with.
    note_seen: String,
    thanked: Option<String>,
    message: Field,
    ask_names: bool,
    newer: Option<String>,
    older: Option<String>,
}

/// An answer, and what in it looks like a name.
struct Passage {
    id: String,
    question: String,
    text: String,
    long: bool,
    names: Vec<String>,
    passage: Field,
}

async fn list(request: HttpRequest, app: App, who: Developer, view: web::Query<View>) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let page = Page::new(&request, &t.s("evaluations-list"));
    let (search, errors) = view.search(t)?;
    let cursor = view.cursor.clone().filter(|cursor| cursor.parse::<EvaluationId>().is_ok());
    let paging = Paging { limit: Some(ROWS), cursor: cursor.clone() };
    let (found, unread, form, filters) = app
        .db
        .read({
            let view = view.clone();
            move |conn| {
                let organisation = who.organisation_id();
                let (found, unread) = match paging.cursor.is_none() && search.is_for_unread() {
                    true => queries::inbox(conn, organisation, &paging, COUNTED)?,
                    false => (
                        queries::list(conn, &who.organisation, &search, &paging)?,
                        queries::unread(conn, organisation, COUNTED)?,
                    ),
                };
                let form = queries::newest_form(conn, organisation, t.lang)?;
                let filters = match view.has_filters() {
                    true => filters(conn, organisation, &view, &form, t)?,
                    false => Vec::new(),
                };
                Ok((found, unread, form, filters))
            }
        })
        .await?;
    let query = view.query_without(&[]);
    let chosen = chosen(&view, &filters, t);
    let (newer, older) = page::list_pages(&format!("/utvarderingar{query}"), cursor.as_deref(), found.next.as_deref());
    Ok(page::ok(&ListPage {
        t,
        page,
        tabs: tabs(&view, unread, t),
        show: view.show.clone(),
        q: view.q.clone(),
        open: !view.filters.is_empty() && chosen.is_empty(),
        asked: !view.filters.is_empty(),
        chosen,
        filters,
        from: errors.field("from", &view.from),
        to: errors.field("to", &view.to),
        errors: summary_of(errors, t),
        everything: format!(
            "/utvarderingar{}",
            View { show: view.show.clone(), filters: view.filters.clone(), ..View::default() }.query_without(&[])
        ),
        narrowed: view.narrows(),
        download: format!("/utvarderingar/exportera{query}{}format", if query.is_empty() { "?" } else { "&" }),
        items: found.items.iter().map(|evaluation| row(evaluation, &form, &query, t)).collect(),
        newer,
        older,
    }))
}

/// What the list can be narrowed to.
fn filters(
    conn: &mut Conn,
    organisation: OrganisationId,
    view: &View,
    form: &FormView,
    t: Texts,
) -> Result<Vec<Filter>, Error> {
    let types = queries::kit_types(conn, organisation)?.into_iter().map(|one| (one.id.to_string(), one.name));
    let units = queries::units(conn, organisation)?.into_iter().map(|one| (one.id.to_string(), one.name));
    let areas = queries::areas(conn, organisation)?.into_iter().map(|area| (area.clone(), area));
    let themes = queries::themes(conn, organisation)?.into_iter().map(|one| (one.id.to_string(), one.name));
    let any = || t.s("reading-any");
    let filter = |name, label: &str, all: String, names: Vec<(String, String)>, chosen: &str| Filter {
        name,
        label: t.s(label),
        options: narrowing(all, names, chosen),
    };
    let (all_types, all_units) = (t.s("evaluations-all-types"), t.s("evaluations-all-units"));
    Ok(vec![
        filter("kit_type_id", "evaluations-kit-type", all_types, types.collect(), &view.kit_type_id),
        filter("age", "reading-age", any(), options(form, AGES, t), &view.age),
        filter("goal", "reading-goal", any(), options(form, GOALS, t), &view.goal),
        filter("score", "reading-score", any(), scores(form), &view.score),
        filter("theme_id", "reading-theme", any(), themes.collect(), &view.theme_id),
        filter("area", "reading-area", any(), areas.collect(), &view.area),
        filter("unit_id", "evaluations-unit", all_units, units.collect(), &view.unit_id),
    ])
}

/// What the list shows, all of it, as a file.
async fn export(
    request: HttpRequest,
    app: App,
    who: Developer,
    view: web::Query<View>,
    file: web::Query<AsFile>,
) -> Result<HttpResponse, Error> {
    let (format, t) = (file.format(), texts(&request));
    let (search, _) = view.search(t)?;
    let export = Export::begin(&app, &who.organisation, search, format, t).await?;
    download::parts("utvarderingar", format, export).await
}

/// The options of a question, with their words; also those that are offered no more.
fn options(form: &FormView, question: &str, t: Texts) -> Vec<(String, String)> {
    let question = form.questions.iter().find(|one| one.id == question);
    let all = question.into_iter().flat_map(|question| &question.options);
    all.map(|option| {
        let label = match option.archived {
            true => t.v("evaluations-archived", "option", option.label.as_str()),
            false => option.label.clone(),
        };
        (option.value.to_string(), label)
    })
    .collect()
}

/// High and low answers to each scale question.
fn scores(form: &FormView) -> Vec<(String, String)> {
    let scales = form.questions.iter().filter(|question| question.kind == Kind::Scale);
    scales
        .flat_map(|question| {
            ["4-5", "1-2"].map(|steps| {
                let label = format!("{} {}", question.label.trim_end_matches('.'), steps.replace('-', "–"));
                (format!("{}:{steps}", question.id), label)
            })
        })
        .collect()
}

fn tabs(view: &View, unread: i64, t: Texts) -> Vec<Tab> {
    let tab = |show: &'static str| {
        let other = View { show: show.to_owned(), ..view.clone() };
        let count = match unread {
            _ if show != "unread" => None,
            many if many >= COUNTED => Some(format!("{}+", COUNTED - 1)),
            unread => Some(unread.to_string()),
        };
        Tab {
            href: format!("/utvarderingar{}", other.query_without(&[])),
            label: t.s(match show {
                "unread" => "reading-show-unread",
                "starred" => "reading-show-starred",
                "offered" => "reading-show-offered",
                "shared" => "reading-show-shared",
                _ => "reading-show-all",
            }),
            count,
            current: view.show == show,
        }
    };
    SHOWN.into_iter().map(tab).collect()
}

fn chosen(view: &View, filters: &[Filter], t: Texts) -> Vec<Chosen> {
    let without = |name: &str| format!("/utvarderingar{}", view.query_without(&[name]));
    let from_lists = filters.iter().filter_map(|filter| {
        let option = filter.options.iter().find(|option| option.checked && !option.value.is_empty())?;
        Some(Chosen { text: option.label.clone(), without: without(filter.name) })
    });
    let days = [("from", &view.from, "evaluations-period-from"), ("to", &view.to, "evaluations-period-to")];
    let days = days.into_iter().filter_map(|(name, day, key)| {
        let day = day.parse::<chrono::NaiveDate>().ok()?;
        Some(Chosen { text: t.v(key, if name == "from" { "from" } else { "to" }, t.date(day)), without: without(name) })
    });
    from_lists.chain(days).collect()
}

fn row(evaluation: &EvaluationView, form: &FormView, query: &str, t: Texts) -> EvaluationRow {
    let why = form.questions.iter().find(|question| question.id == WHY_NOT_USED).and_then(|question| {
        let answer = evaluation.answers.get(WHY_NOT_USED)?;
        Some(in_words(question, answer))
    });
    let text = why.as_deref().or_else(|| TELLING.iter().find_map(|id| words(&evaluation.answers, id)));
    let scores: Vec<String> = [("fun", "evaluations-col-fun"), ("easy_start", "evaluations-col-easy")]
        .iter()
        .filter_map(|(id, key)| match evaluation.answers.get(*id) {
            Some(Answer::Number(step)) => Some(format!("{} {step}", t.s(key))),
            _ => None,
        })
        .collect();
    EvaluationRow {
        href: format!("/utvarderingar/{}{query}", evaluation.id),
        kit: evaluation.kit_type.name.clone(),
        unit: evaluation.unit.name.clone(),
        day: t.date(evaluation.submitted_on),
        used: evaluation.used,
        unread: !evaluation.reading.read,
        starred: evaluation.reading.starred,
        text: beginning(text.unwrap_or_default()),
        scores: scores.join(" · "),
        themes: evaluation.reading.themes.iter().map(|theme| theme.name.clone()).collect(),
        shared: shared_tag(evaluation, t),
    }
}

/// The beginning of a text, cut between two words.
fn beginning(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(BEGINNING) else { return text.to_owned() };
    let cut = text.get(..end).unwrap_or(text);
    let cut = cut.rsplit_once(char::is_whitespace).map_or(cut, |(words, _)| words);
    format!("{cut} …")
}

/// How far an evaluation has gone, or may go.
fn shared_tag(evaluation: &EvaluationView, t: Texts) -> Option<Tag> {
    match evaluation.share {
        Share::No => None,
        _ if evaluation.reading.shared => Some(Tag { color: "success", icon: "check", text: t.s("reading-in-bank") }),
        _ => Some(Tag { color: "info", icon: "info", text: t.s("reading-may-be-shared") }),
    }
}

fn share_tag(share: Share, t: Texts) -> Tag {
    let (color, icon) = match share {
        Share::Named => ("success", "check"),
        Share::Anonymous => ("info", "check"),
        Share::No => ("neutral", "stop"),
    };
    Tag { color, icon, text: t.s(&format!("evaluations-share-{share}")) }
}

/// Where a form was refused, a reader who changes the language or loads the page again is led back to the evaluation.
async fn back(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<EvaluationId>,
    view: web::Query<View>,
) -> Result<HttpResponse, Error> {
    let (id, lang) = (*id, texts(&request).lang);
    app.db.read(move |conn| queries::one(conn, who.organisation_id(), id, lang)).await?;
    Ok(see_other(&format!("/utvarderingar/{id}{}", view.query_without(&[]))))
}

async fn one(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<EvaluationId>,
    view: web::Query<View>,
) -> Result<HttpResponse, Error> {
    let shown = Shown { errors: Errors::default(), sent: Sent::default(), ask_names: false };
    show(&request, &app, &who, (*id, &view), shown, HttpResponse::Ok()).await
}

/// What was sent and not taken.
struct Shown {
    errors: Errors,
    sent: Sent,
    /// Words of the thanks look like names: it is asked whether they are a child's.
    ask_names: bool,
}

/// What is shown of an evaluation.
struct Found {
    details: EvaluationDetails,
    names: Vec<PossibleNames>,
    themes: Vec<ThemeView>,
    collections: Vec<CollectionView>,
    newer: Option<EvaluationId>,
    older: Option<EvaluationId>,
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Developer,
    (id, view): (EvaluationId, &View),
    shown: Shown,
    builder: HttpResponseBuilder,
) -> Result<HttpResponse, Error> {
    let t = texts(request);
    let organisation = who.organisation.clone();
    let (search, _) = view.search(t)?;
    let Found { details, names, themes, collections, newer, older } = app
        .db
        .read(move |conn| {
            let details = queries::one(conn, organisation.id, id, t.lang)?;
            let (newer, older) = queries::neighbours(conn, &organisation, &search, id)?;
            let names = queries::suspects(conn, &organisation, id)?;
            let themes = queries::themes(conn, organisation.id)?;
            let collections = collections::list(conn, organisation.id)?;
            Ok(Found { details, names, themes, collections, newer, older })
        })
        .await?;
    let query = view.query_without(&[]);
    let href = |id: EvaluationId| format!("/utvarderingar/{id}{query}");
    let Shown { errors, sent, ask_names } = shown;
    let evaluation = &details.evaluation;
    let value = |name: &str, usual: &str| errors.field(name, sent.all(name).next().unwrap_or(usual));
    Ok(page::html(
        builder,
        &OnePage {
            page: Page::new(request, &evaluation.kit_type.name),
            id,
            back: format!("/utvarderingar{query}"),
            here: href(id),
            query: query.clone(),
            answers: passages(&details.form, evaluation, &names, &sent, &errors),
            kit: evaluation.kit_type.name.clone(),
            kit_href: format!("/lador/{}", evaluation.kit_type.id),
            unit: evaluation.unit.name.clone(),
            weeks: t.weeks(evaluation.first_day, evaluation.last_day),
            submitted: t.moment(evaluation.submitted_at, who.organisation.zone()),
            loan_href: format!("/lan/{}", evaluation.loan_id),
            form_version: evaluation.form_version,
            shared: share_tag(evaluation.share, t),
            may_be_shared: evaluation.share != Share::No,
            read: evaluation.reading.read,
            starred: evaluation.reading.starred,
            in_bank: evaluation.reading.shared,
            themes: evaluation.reading.themes.clone(),
            all_themes: themes,
            collections,
            new_theme: value("add_theme", ""),
            note: value("note", &evaluation.reading.note),
            note_seen: evaluation.reading.note_version.clone(),
            thanked: evaluation.reading.thanked_at.map(|at| t.moment(at, who.organisation.zone())),
            message: value("message", &t.s("mail-evaluation-thanks-usual")),
            ask_names,
            newer: newer.map(href),
            older: older.map(href),
            errors: summary(errors, &sent),
            t,
        },
    ))
}

/// What is wrong, each with the field that it stands at: of the passages, each answer has one.
fn summary(errors: Errors, sent: &Sent) -> Vec<FieldError> {
    let at = |error: FieldError| match &*error.field {
        "passage" => FieldError { field: format!("passage-{}", sent.text("question")), ..error },
        _ => error,
    };
    errors.0.into_iter().map(at).collect()
}

/// Every question that has an answer, in the form's order.
fn passages(
    form: &FormView,
    evaluation: &EvaluationView,
    names: &[PossibleNames],
    sent: &Sent,
    errors: &Errors,
) -> Vec<Passage> {
    let asked = form.questions.iter().filter_map(|question| {
        let text = in_words(question, evaluation.answers.get(&question.id)?);
        let found = names.iter().find(|found| found.question == question.id);
        let passage = match sent.text("question") == question.id {
            true => errors.field("passage", sent.text("passage")),
            false => Field::default(),
        };
        Some(Passage {
            id: question.id.clone(),
            question: question.label.clone(),
            text,
            long: question.kind == Kind::Text,
            names: found.map(|found| found.words.clone()).unwrap_or_default(),
            passage,
        })
    });
    asked.collect()
}

/// Where a form leads when it was taken: the page it says, or the evaluation again. Who stays there is told what was `done`,
/// and goes on from that `place`.
fn onward(sent: &Sent, id: EvaluationId, (done, place): (&str, &str)) -> HttpResponse {
    let here = format!("/utvarderingar/{id}");
    let to = match sent.text("to") {
        "" => &here,
        to => local_path(to),
    };
    match to.strip_prefix(&here).filter(|rest| rest.is_empty() || rest.starts_with('?')) {
        Some(query) => see_other(&format!("{here}{}#{place}", page::and_done(query, done))),
        None => see_other(to),
    }
}

/// What a form has done, for the next page to tell, and where that is.
fn done(mark: &Mark) -> (&'static str, &'static str) {
    match mark {
        Mark { add_theme: Some(_), .. } => ("evaluation-theme-added", "themes"),
        Mark { remove_theme: Some(_), .. } => ("evaluation-theme-removed", "themes"),
        Mark { starred: Some(true), .. } => ("evaluation-starred", "marks"),
        Mark { starred: Some(false), .. } => ("evaluation-unstarred", "marks"),
        Mark { shared: Some(true), .. } => ("evaluation-shared", "marks"),
        Mark { shared: Some(false), .. } => ("evaluation-unshared", "marks"),
        Mark { read: Some(false), .. } => ("evaluation-unread", "marks"),
        _ => ("evaluation-noted", "notes"),
    }
}

/// What a form that was not taken is shown with: the view stands in the address it was sent from.
async fn told(
    (request, app, who): (&HttpRequest, &App, &Developer),
    (id, view): (EvaluationId, &View),
    sent: Sent,
    error: Error,
) -> Result<HttpResponse, Error> {
    let t = texts(request);
    let ask_names = match &error {
        Error::Problem(problem) => problem.fields.iter().any(|field| field.code == "evaluation.thanks_name"),
        Error::Fault(_) => false,
    };
    let contested = match &error {
        Error::Problem(problem) if problem.code == "evaluation.note_changed" => {
            let theirs = problem.extra.get("note").and_then(|note| note.as_str()).unwrap_or_default();
            Some(FieldError { field: "note".to_owned(), text: t.v("reading-note-changed", "theirs", theirs) })
        }
        _ => None,
    };
    let (mut errors, builder) = refused(error, t)?;
    if let Some(contested) = contested {
        errors = Errors(vec![contested]);
    }
    show(request, app, who, (id, view), Shown { errors, sent, ask_names }, builder).await
}

async fn mark(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<EvaluationId>,
    (view, sent): (web::Query<View>, web::Form<Sent>),
) -> Result<HttpResponse, Error> {
    let (id, sent, by) = (*id, sent.into_inner(), who.by(app.clock.now()));
    let said = |name: &str| Some(sent.text(name).to_owned()).filter(|text| !text.is_empty());
    let flag = |name: &str| said(name).and_then(|text| text.parse::<bool>().ok());
    let mark = Mark {
        read: flag("read"),
        starred: flag("starred"),
        shared: flag("shared"),
        note: sent.all("note").next().map(str::to_owned),
        note_seen: said("note_seen"),
        add_theme: sent.all("add_theme").next().map(str::to_owned),
        remove_theme: said("remove_theme").and_then(|id| id.parse().ok()),
    };
    let done = done(&mark);
    match app.db.write(move |tx| actions::mark(tx, by, id, &mark)).await {
        Ok(()) => Ok(onward(&sent, id, done)),
        Err(error) => told((&request, &app, &who), (id, &view), sent, error).await,
    }
}

async fn mask(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<EvaluationId>,
    (view, sent): (web::Query<View>, web::Form<Sent>),
) -> Result<HttpResponse, Error> {
    let (id, sent, by) = (*id, sent.into_inner(), who.by(app.clock.now()));
    let mask = Mask { question: sent.text("question").to_owned(), passage: sent.text("passage").to_owned() };
    let place = format!("answer-{}", mask.question);
    match app.db.write(move |tx| actions::mask(tx, by, id, &mask)).await {
        Ok(()) => Ok(onward(&sent, id, ("evaluation-masked", &place))),
        Err(error) => told((&request, &app, &who), (id, &view), sent, error).await,
    }
}

async fn thank(
    request: HttpRequest,
    app: App,
    who: Developer,
    id: web::Path<EvaluationId>,
    (view, sent): (web::Query<View>, web::Form<Sent>),
) -> Result<HttpResponse, Error> {
    let (id, sent) = (*id, sent.into_inner());
    let (context, person) = (Context::of(&who, &app), (*who).clone());
    let usual = texts(&request).s("mail-evaluation-thanks-usual");
    let message = sent.text("message").to_owned();
    let message = Some(message).filter(|message| message.replace("\r\n", "\n").trim() != usual.trim());
    let thank = Thank { message, no_names: sent.has("no_names", "yes") };
    match app.db.write(move |tx| actions::thank(tx, &context, &person, id, &thank)).await {
        Ok(()) => Ok(onward(&sent, id, ("evaluation-thanked", "thanks"))),
        Err(error) => told((&request, &app, &who), (id, &view), sent, error).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_words() {
        assert_eq!(beginning("Vi byggde."), "Vi byggde.");
        let long = "åäö ".repeat(100);
        let cut = beginning(long.trim());
        assert!(cut.ends_with("åäö …"), "{cut}");
        assert!(cut.chars().count() <= BEGINNING + 2);
        assert!(beginning(&"å".repeat(500)).chars().count() <= BEGINNING + 2);
    }
}
