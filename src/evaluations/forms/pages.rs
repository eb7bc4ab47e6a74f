//! The form's editor: its versions, the draft of the next one with its questions, and how that one looks on a phone.

use crate::accounts::rules::Role;
use crate::accounts::session::{FormEditor, Person};
use crate::evaluations::answers::{self, Answers};
use crate::evaluations::form::{Choice as Tagged, Form, Kind, Question, ReadySet, Text};
use crate::evaluations::forms::actions;
use crate::evaluations::forms::queries;
use crate::evaluations::forms::rules::{self, Asked, Change, NEEDED, Towards};
use crate::evaluations::forms::views::{FormDraftView, FormVersionDetails, FormVersionView};
use crate::evaluations::rules::submit;
use crate::evaluations::views::FormView;
use crate::evaluations::writing::pages::{Preview, preview};
use crate::platform::error::{Error, Fault, FieldError as WrongField};
use crate::platform::state::AppState;
use crate::platform::text::{Lang, Texts};
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent, Tag, refused};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

type App = web::Data<AppState>;

/// Where the draft is edited.
const DRAFT: &str = "/admin/formular/utkast";
/// Empty rows for the options of a new question, and at the end of those that there are.
const EMPTY_ROWS: (usize, usize) = (6, 3);
/// The kinds of question that can be added; a set of tags is a choice of several.
const KINDS: [&str; 6] = ["choice", "choices", "scale", "number", "text", "tags"];

/// The routes of this part. What is written out goes before what stands for an id.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/admin/formular", web::get().to(list))
        .route("/admin/formular/version/{number}", web::get().to(version))
        .route("/admin/formular/utkast", web::get().to(draft))
        .route("/admin/formular/utkast", web::post().to(begin))
        .route("/admin/formular/utkast/flytta", web::post().to(shift))
        .route("/admin/formular/utkast/ny", web::get().to(new))
        .route("/admin/formular/utkast/ny", web::post().to(add))
        .route("/admin/formular/utkast/fraga/{question}", web::get().to(question))
        .route("/admin/formular/utkast/fraga/{question}", web::post().to(change))
        .route("/admin/formular/utkast/fraga/{question}/ta-bort", web::post().to(remove))
        .route("/admin/formular/utkast/publicera", web::post().to(publish))
        .route("/admin/formular/utkast/slang", web::post().to(discard))
        .route("/admin/formular/forhandsvisning", web::get().to(phone))
        .route("/admin/formular/forhandsvisning/formular", web::get().to(look))
        .route("/admin/formular/forhandsvisning/formular", web::post().to(attempt));
}

#[derive(Template)]
#[template(path = "forms/list.html")]
struct ListPage {
    t: Texts,
    page: Page,
    /// The administration's own menu is there for those whom it leads somewhere.
    admin: bool,
    draft: Option<DraftBox>,
    versions: Vec<VersionRow>,
}

struct DraftBox {
    next: i32,
    changed: String,
}

struct VersionRow {
    version: i32,
    since: String,
    by: String,
    evaluations: i64,
    newest: bool,
}

#[derive(Template)]
#[template(path = "forms/version.html")]
struct VersionPage {
    t: Texts,
    page: Page,
    version: VersionRow,
    /// What is different from the version before; none for the first one.
    changes: Option<Vec<String>>,
    sections: Vec<Section>,
}

#[derive(Template)]
#[template(path = "forms/draft.html")]
struct DraftPage {
    t: Texts,
    page: Page,
    errors: Vec<FieldError>,
    /// Counts the draft's changes.
    version: i32,
    next: i32,
    changed: String,
    changes: Vec<String>,
    untranslated: Vec<String>,
    sections: Vec<Section>,
    /// Whether one more local question may be asked.
    room: bool,
}

/// A heading with its questions.
struct Section {
    heading: String,
    questions: Vec<Row>,
}

/// A question as a list shows it.
struct Row {
    id: String,
    label: Words,
    kind: String,
    when: String,
    tags: Vec<Tag>,
    options: Vec<OptionRow>,
    /// It can be moved there.
    up: bool,
    down: bool,
}

struct OptionRow {
    words: Words,
    archived: bool,
}

/// A text in each language; empty where there is none.
struct Words {
    sv: String,
    en: String,
    da: String,
}

#[derive(Template)]
#[template(path = "forms/question.html")]
struct QuestionPage {
    t: Texts,
    page: Page,
    errors: Vec<FieldError>,
    version: i32,
    action: String,
    /// The question there is; none for one that is to be added.
    id: Option<String>,
    /// It was in a version before, and keeps its words.
    published: bool,
    kind: String,
    kind_words: String,
    when_words: String,
    label: Three,
    help: Option<Three>,
    is_tags: bool,
    options: Vec<OptionFields>,
    options_error: Field,
    sets: Vec<Choice>,
    set: Field,
    set_name: Option<Three>,
    edition: Field,
    sections: Vec<Choice>,
    section: Field,
    whens: Vec<Choice>,
    when: Field,
    min: Field,
    max: Field,
    max_choices: Field,
    max_length: Field,
    /// It must be asked, and answered.
    needed: bool,
    demands: Vec<Choice>,
    required: Field,
    required_from: Field,
    hidden: bool,
}

/// A text in three languages, side by side.
struct Three {
    legend: String,
    texts: Vec<OneText>,
}

struct OneText {
    lang: &'static str,
    language: &'static str,
    name: String,
    field: Field,
    /// The words are published, and stay.
    fixed: bool,
}

struct OptionFields {
    value: String,
    words: Three,
    archived: bool,
}

#[derive(Template)]
#[template(path = "forms/new.html")]
struct NewPage {
    t: Texts,
    page: Page,
    kinds: Vec<KindLink>,
}

struct KindLink {
    href: String,
    title: String,
    text: String,
}

#[derive(Template)]
#[template(path = "forms/phone.html")]
struct PhonePage {
    t: Texts,
    page: Page,
    day: Field,
    address: String,
}

fn day_of(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

async fn list(request: HttpRequest, app: App, who: FormEditor) -> Result<HttpResponse, Error> {
    let (t, organisation, zone) = (texts(&request), who.organisation_id(), who.organisation.zone());
    let read = move |conn: &mut _| {
        let draft = match queries::draft(conn, organisation) {
            Ok(draft) => Some(draft),
            Err(error) if error.code() == "form.no_draft" => None,
            Err(error) => return Err(error),
        };
        Ok((queries::list(conn, organisation)?, draft))
    };
    let (versions, draft): (Vec<FormVersionView>, Option<FormDraftView>) = app.db.read(read).await?;
    Ok(page::ok(&ListPage {
        t,
        page: Page::new(&request, &t.s("forms")),
        admin: who.is(Role::Admin),
        draft: draft.map(|draft| DraftBox { next: draft.follows + 1, changed: changed(&draft, t, zone) }),
        versions: versions.iter().map(|version| version_row(version, t, zone)).collect(),
    }))
}

/// When a draft was last changed, and by whom.
fn changed(draft: &FormDraftView, t: Texts, zone: chrono_tz::Tz) -> String {
    let when = t.moment(draft.changed_at, zone);
    match &draft.changed_by {
        Some(name) => t.a("forms-draft-changed-by", &[("when", when.into()), ("name", name.into())]),
        None => t.v("forms-draft-changed", "when", when),
    }
}

fn version_row(version: &FormVersionView, t: Texts, zone: chrono_tz::Tz) -> VersionRow {
    VersionRow {
        version: version.version,
        since: t.moment(version.published_at, zone),
        by: version.published_by.clone().unwrap_or_default(),
        evaluations: version.evaluations,
        newest: version.newest,
    }
}

async fn version(
    request: HttpRequest,
    app: App,
    who: FormEditor,
    number: web::Path<i32>,
) -> Result<HttpResponse, Error> {
    let (t, organisation, number) = (texts(&request), who.organisation_id(), *number);
    let read = move |conn: &mut _| {
        let found = queries::numbered(conn, organisation, number)?;
        let before = match number {
            ..=1 => None,
            _ => Some(queries::numbered(conn, organisation, number - 1)?),
        };
        Ok((found, before))
    };
    let (found, before): (FormVersionDetails, Option<FormVersionDetails>) = app.db.read(read).await?;
    Ok(page::ok(&VersionPage {
        t,
        page: Page::new(&request, &t.v("forms-version", "version", number)),
        version: version_row(&found.version, t, who.organisation.zone()),
        changes: before.map(|before| told(&before.form, &found.form, t)),
        sections: sections(&found.form, t, false),
    }))
}

/// What is different in a later form, in words.
fn told(before: &Form, after: &Form, t: Texts) -> Vec<String> {
    let changes = rules::changes(before, after).into_iter();
    let told = changes.map(|(id, change)| {
        let question = after.question(&id).or_else(|| before.question(&id));
        let label = question.map_or(id.as_str(), |question| question.label.in_language(t.lang)).to_owned();
        let plain = |key: &str| t.v(key, "question", label.as_str());
        let tags = |key: &str, tags: Vec<String>| {
            t.a(key, &[("question", label.as_str().into()), ("tags", tags.join(", ").into())])
        };
        match change {
            Change::Added => plain("forms-change-added"),
            Change::Removed => plain("forms-change-removed"),
            Change::Hidden => plain("forms-change-hidden"),
            Change::Shown => plain("forms-change-shown"),
            Change::Required(None) => plain("forms-change-required"),
            Change::Required(Some(day)) => {
                t.a("forms-change-required-from", &[("question", label.as_str().into()), ("day", t.date(day).into())])
            }
            Change::Optional => plain("forms-change-optional"),
            Change::Moved => plain("forms-change-moved"),
            Change::Worded => plain("forms-change-worded"),
            Change::TagsAdded(new) => tags("forms-change-tags", new),
            Change::TagsArchived(old) => tags("forms-change-tags-archived", old),
        }
    });
    told.collect()
}

/// The form's questions under their headings.
fn sections(form: &Form, t: Texts, editable: bool) -> Vec<Section> {
    let row = |question: &Question| Row {
        id: question.id.clone(),
        label: words(&question.label),
        kind: kind_words(question, t),
        when: when_words(question, t),
        tags: tags(question, t),
        options: question
            .options
            .iter()
            .map(|option| OptionRow { words: words(&option.label), archived: option.archived })
            .collect(),
        up: editable && rules::moved(form, &question.id, Towards::Up).is_some(),
        down: editable && rules::moved(form, &question.id, Towards::Down).is_some(),
    };
    let section = |section: &crate::evaluations::form::Section| Section {
        heading: section.label.in_language(t.lang).to_owned(),
        questions: form.questions.iter().filter(|question| question.section == section.id).map(row).collect(),
    };
    form.sections.iter().map(section).collect()
}

fn words(text: &Text) -> Words {
    let or_none = |words: &Option<String>| words.clone().unwrap_or_default();
    Words { sv: text.sv.clone(), en: or_none(&text.en), da: or_none(&text.da) }
}

/// The name of a question's kind in forms and addresses.
fn kind_name(question: &Question) -> &'static str {
    match question.kind {
        Kind::Choices if question.tag_set.is_some() => "tags",
        Kind::Choice => "choice",
        Kind::Choices => "choices",
        Kind::Scale => "scale",
        Kind::Number => "number",
        Kind::Text => "text",
    }
}

fn kind_words(question: &Question, t: Texts) -> String {
    kind_title(kind_name(question), t)
}

fn kind_title(kind: &str, t: Texts) -> String {
    match kind {
        "text" => t.s("forms-kind-words"),
        kind => t.s(&format!("forms-kind-{kind}")),
    }
}

fn when_words(question: &Question, t: Texts) -> String {
    Asked::of(question.when.as_ref()).map(|asked| asked_words(asked, t)).unwrap_or_default()
}

fn asked_words(asked: Asked, t: Texts) -> String {
    t.s(match asked {
        Asked::Always => "forms-asked-always",
        Asked::Used => "forms-asked-used",
        Asked::NotUsed => "forms-asked-not-used",
        Asked::Deviation => "forms-asked-deviation",
    })
}

fn tags(question: &Question, t: Texts) -> Vec<Tag> {
    let mut tags = Vec::new();
    if question.hidden {
        let key = if rules::is_local(&question.id) { "forms-archived" } else { "forms-hidden" };
        tags.push(Tag { color: "warning", icon: "stop", text: t.s(key) });
    }
    if question.required {
        let text = match question.required_from {
            Some(day) => t.v("forms-required-from", "day", t.date(day)),
            None => t.s("forms-required"),
        };
        tags.push(Tag { color: "accent", icon: "check", text });
    }
    if rules::is_local(&question.id) {
        tags.push(Tag { color: "info", icon: "info", text: t.s("forms-local") });
    }
    tags
}

async fn read_draft(app: &App, who: &Person) -> Result<(FormDraftView, Form), Error> {
    let organisation = who.organisation_id();
    app.db.read(move |conn| queries::draft_and_published(conn, organisation)).await
}

async fn draft(request: HttpRequest, app: App, who: FormEditor) -> Result<HttpResponse, Error> {
    draft_page(&request, &app, &who, (Errors::default(), HttpResponse::Ok())).await
}

async fn draft_page(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let t = texts(request);
    let (draft, published) = match read_draft(app, who).await {
        // Somebody has published it or thrown it away meanwhile.
        Err(error) if error.code() == "form.no_draft" => return Ok(see_other("/admin/formular")),
        read => read?,
    };
    let next = draft.follows + 1;
    let asked = draft.form.questions.iter().filter(|one| rules::is_local(&one.id) && !one.hidden).count();
    let untranslated = draft.untranslated.iter().map(|found| {
        t.a("forms-untranslated-one", &[("words", (&found.words).into()), ("language", found.language.name().into())])
    });
    let page = DraftPage {
        t,
        page: Page::new(request, &t.v("forms-draft", "version", next)),
        errors: errors.0,
        version: draft.version,
        next,
        changed: changed(&draft, t, who.organisation.zone()),
        changes: told(&published, &draft.form, t),
        untranslated: untranslated.collect(),
        sections: sections(&draft.form, t, true),
        room: asked < rules::MOST_LOCAL,
    };
    Ok(page::html(builder, &page))
}

/// What came of a button on the draft's page.
async fn done(
    request: &HttpRequest,
    app: &App,
    who: &Person,
    done: Result<(), Error>,
    onward: &str,
) -> Result<HttpResponse, Error> {
    match done {
        Ok(()) => Ok(see_other(onward)),
        Err(error) if error.code() == "form.no_draft" => Ok(see_other("/admin/formular")),
        Err(error) => draft_page(request, app, who, refused(error, texts(request))?).await,
    }
}

async fn begin(app: App, who: FormEditor) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    match app.db.write(move |tx| actions::begin(tx, by)).await {
        Ok(_) => Ok(see_other(DRAFT)),
        // A colleague was faster; there is one draft, and they share it.
        Err(error) if error.code() == "form.draft_exists" => Ok(see_other(DRAFT)),
        Err(error) => Err(error),
    }
}

async fn publish(
    request: HttpRequest,
    app: App,
    who: FormEditor,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let published = async {
        let seen = sent.version()?;
        app.db.write(move |tx| actions::publish(tx, by, seen).map(drop)).await
    };
    done(&request, &app, &who, published.await, "/admin/formular?klart=form-published").await
}

async fn discard(
    request: HttpRequest,
    app: App,
    who: FormEditor,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let gone = async {
        let seen = sent.version()?;
        app.db.write(move |tx| actions::discard(tx, by, seen)).await
    };
    done(&request, &app, &who, gone.await, "/admin/formular?klart=form-removed").await
}

/// Moves a question. The next page goes on at the same button, or at the other one where there is no way on.
async fn shift(request: HttpRequest, app: App, who: FormEditor, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let (id, towards) = (sent.text("question"), if sent.has("to", "up") { Towards::Up } else { Towards::Down });
    let mut place = format!("{DRAFT}#q-{id}");
    let shifted = async {
        let (seen, (draft, _)) = (sent.version()?, read_draft(&app, &who).await?);
        let Some(form) = rules::moved(&draft.form, id, towards) else { return Ok(()) };
        let goes_on = rules::moved(&form, id, towards).is_some();
        let up = (towards == Towards::Up) == goes_on;
        place = format!("{DRAFT}#{}-{id}", if up { "up" } else { "down" });
        app.db.write(move |tx| actions::save(tx, by, form.clone(), seen).map(drop)).await
    };
    let shifted = shifted.await;
    done(&request, &app, &who, shifted, &place).await
}

/// What kind of question is to be added.
#[derive(Deserialize)]
struct Wish {
    #[serde(default)]
    kind: String,
}

async fn new(request: HttpRequest, app: App, who: FormEditor, wish: web::Query<Wish>) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let (draft, _) = read_draft(&app, &who).await?;
    let Some(kind) = KINDS.into_iter().find(|kind| *kind == wish.kind) else {
        let kinds = KINDS.map(|kind| KindLink {
            href: format!("{DRAFT}/ny?kind={kind}"),
            title: kind_title(kind, t),
            text: t.s(&format!("forms-kind-{kind}-text")),
        });
        let page = Page::new(&request, &t.s("forms-new"));
        return Ok(page::ok(&NewPage { t, page, kinds: kinds.into() }));
    };
    let question = empty(&draft.form, kind);
    let shown = Shown { draft: &draft, published: None, question: &question, kind, is_new: true };
    question_page(&request, &shown, None, (Errors::default(), HttpResponse::Ok()))
}

/// A question with nothing in it yet.
fn empty(form: &Form, kind: &str) -> Question {
    Question {
        id: rules::next_local(form),
        section: form.sections.last().map(|section| section.id.clone()).unwrap_or_default(),
        kind: match kind {
            "choice" => Kind::Choice,
            "choices" | "tags" => Kind::Choices,
            "scale" => Kind::Scale,
            "number" => Kind::Number,
            _ => Kind::Text,
        },
        required: false,
        required_from: None,
        hidden: false,
        folded: false,
        label: Text::default(),
        help: None,
        options: Vec::new(),
        tag_set: None,
        min: None,
        max: None,
        max_choices: None,
        max_length: None,
        when: Asked::Used.condition(),
        part: None,
    }
}

/// The question that a page is about.
struct Shown<'a> {
    draft: &'a FormDraftView,
    published: Option<&'a Question>,
    question: &'a Question,
    kind: &'a str,
    is_new: bool,
}

/// The page of a question; `sent` is what was sent by it, or nothing yet.
fn question_page(
    request: &HttpRequest,
    shown: &Shown<'_>,
    sent: Option<&Sent>,
    (mut errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let t = texts(request);
    let Shown { draft, published, question, kind, is_new } = shown;
    let beginning = format!("{}.", question.id);
    for error in &mut errors.0 {
        if let Some(name) = error.field.strip_prefix(&beginning) {
            error.field = name.to_owned();
        }
    }
    // What was sent stands in the fields, right or wrong; before that, what the draft says.
    let field = |name: &str, value: String| {
        let value = sent.and_then(|sent| sent.all(name).next()).map_or(value, str::to_owned);
        errors.field(name, value)
    };
    let three = |legend: String, name: &str, text: Option<&Text>, before: Option<&Text>| {
        let of = |text: Option<&Text>, lang: Lang| match (text, lang) {
            (None, _) => None,
            (Some(text), Lang::Sv) => Some(text.sv.clone()),
            (Some(text), Lang::En) => text.en.clone(),
            (Some(text), Lang::Da) => text.da.clone(),
        };
        let texts = Lang::ALL.iter().map(|lang| {
            let name = format!("{name}_{lang}");
            OneText {
                lang: lang.as_str(),
                language: lang.name(),
                field: field(&name, of(text, *lang).unwrap_or_default()),
                name,
                fixed: of(before, *lang).is_some(),
            }
        });
        Three { legend, texts: texts.collect() }
    };
    let is_tags = *kind == "tags";
    let has_options = matches!(question.kind, Kind::Choice | Kind::Choices);
    let mut options: Vec<OptionFields> = Vec::new();
    if has_options {
        let empty = match (is_tags, *is_new) {
            (false, true) => EMPTY_ROWS.0.saturating_sub(question.options.len()),
            (true, true) => 0,
            (_, false) if is_tags || published.is_none() => EMPTY_ROWS.1,
            _ => 0,
        };
        let rows = question.options.len() + empty;
        for index in 0..rows {
            let option = question.options.get(index);
            let value = option.map(|option| option.value.clone()).unwrap_or_default();
            let before = published.and_then(|before| before.options.iter().find(|old| old.value == value));
            let legend = match option {
                Some(_) => t.v("forms-option", "number", index + 1),
                None => t.v("forms-option-new", "number", index + 1),
            };
            let name = format!("options_{index}");
            options.push(OptionFields {
                words: three(legend, &name, option.map(|option| &option.label), before.map(|old| &old.label)),
                archived: option.is_some_and(|option| option.archived),
                value,
            });
        }
    }
    let sets = ReadySet::all().map_err(Fault::from_error)?;
    let chosen_set = field("set", String::new());
    let demand = match (question.required, question.required_from) {
        (false, _) => "no",
        (true, None) => "yes",
        (true, Some(_)) => "from",
    };
    let required = field("required", demand.to_owned());
    let section = field("section", question.section.clone());
    let asked = Asked::of(question.when.as_ref()).map(Asked::as_str).unwrap_or_default();
    let when = field("when", asked.to_owned());
    let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
    let help = published.is_none_or(|before| before.help.is_some());
    let choice = |value: &str, label: String, chosen: &Field| Choice {
        value: value.to_owned(),
        label,
        checked: chosen.value == value,
    };
    let title = match is_new {
        true => t.s("forms-new"),
        false => question.label.in_language(t.lang).to_owned(),
    };
    let page = QuestionPage {
        t,
        page: Page::new(request, &title),
        version: sent.map_or(Ok(None), Sent::version).ok().flatten().unwrap_or(draft.version),
        action: match is_new {
            true => format!("{DRAFT}/ny"),
            false => format!("{DRAFT}/fraga/{}", question.id),
        },
        id: (!is_new).then(|| question.id.clone()),
        published: published.is_some(),
        kind: (*kind).to_owned(),
        kind_words: kind_title(kind, t),
        when_words: when_words(question, t),
        label: three(t.s("forms-label"), "label", Some(&question.label), published.map(|before| &before.label)),
        help: help.then(|| {
            let before = published.and_then(|before| before.help.as_ref());
            three(t.s("forms-help"), "help", question.help.as_ref(), before)
        }),
        is_tags,
        options,
        options_error: errors.field("options", ""),
        sets: sets
            .iter()
            .filter(|set| question.tag_set.as_ref() != Some(&set.set))
            .map(|set| choice(&set.set.id, set_words(set, t), &chosen_set))
            .collect(),
        set: chosen_set,
        set_name: question.tag_set.as_ref().map(|set| three(t.s("forms-set-name"), "set", Some(&set.name), None)),
        edition: field("edition", question.tag_set.as_ref().map(|set| set.edition.clone()).unwrap_or_default()),
        sections: draft
            .form
            .sections
            .iter()
            .map(|one| choice(&one.id, one.label.in_language(t.lang).to_owned(), &section))
            .collect(),
        section,
        whens: Asked::ALL.map(|asked| choice(asked.as_str(), asked_words(asked, t), &when)).into(),
        when,
        min: field("min", number(question.min)),
        max: field("max", number(question.max)),
        max_choices: field("max_choices", number(question.max_choices.map(i64::from))),
        max_length: field("max_length", number(question.max_length.map(i64::from))),
        needed: NEEDED.contains(&question.id.as_str()),
        demands: [("no", "forms-optional"), ("yes", "forms-demand-yes"), ("from", "forms-demand-from")]
            .map(|(value, key)| choice(value, t.s(key), &required))
            .into(),
        required,
        required_from: field("required_from", question.required_from.map(|day| day.to_string()).unwrap_or_default()),
        hidden: sent.map_or(question.hidden, |sent| sent.has("hidden", "yes")),
        errors: errors.named(|name| label_of(name, t)),
    };
    Ok(page::html(builder, &page))
}

fn set_words(set: &ReadySet, t: Texts) -> String {
    format!("{} ({})", set.set.name.in_language(t.lang), set.set.edition)
}

/// What a field is called in the summary of errors.
fn label_of(name: &str, t: Texts) -> Option<String> {
    let language = Lang::ALL.iter().find(|lang| name.ends_with(&format!("_{lang}"))).map(|lang| lang.name());
    let of = name.rsplit_once('_').filter(|_| language.is_some()).map_or(name, |(of, _)| of);
    let label = match of {
        "label" => t.s("forms-label"),
        "help" => t.s("forms-help"),
        "options" => t.s("forms-options"),
        "min" => t.s("forms-min"),
        "max" => t.s("forms-max"),
        "max_choices" => t.s("forms-max-choices"),
        "max_length" => t.s("forms-max-length"),
        "set" if language.is_some() => t.s("forms-set-name"),
        "set" => t.s("forms-set"),
        "edition" => t.s("forms-edition"),
        "required_from" => t.s("forms-required-day"),
        "section" => t.s("forms-section"),
        "when" => t.s("forms-when"),
        other => {
            let number: usize = other.strip_prefix("options_")?.parse().ok()?;
            t.v("forms-option", "number", number + 1)
        }
    };
    Some(match language {
        Some(language) => format!("{label}, {language}"),
        None => label,
    })
}

/// The question as the page that was sent says it is to be. What the page does not send stays.
///
/// # Errors
/// A day that is none; everything else is told by the rules.
fn read(question: &Question, kind: &str, sent: &Sent) -> Result<Question, Error> {
    let mut question = question.clone();
    read_text(&mut question.label, "label", sent);
    let mut help = question.help.take().unwrap_or_default();
    read_text(&mut help, "help", sent);
    question.help = (help != Text::default()).then_some(help);
    if let Some(set) = &mut question.tag_set {
        read_text(&mut set.name, "set", sent);
        if let Some(edition) = sent.all("edition").next() {
            edition.clone_into(&mut set.edition);
        }
    }
    read_options(&mut question, sent);
    let sets = ReadySet::all().map_err(Fault::from_error)?;
    if let Some(set) = sets.iter().find(|set| kind == "tags" && set.set.id == sent.text("set")) {
        rules::offer_set(&mut question, set);
    }
    if kind == "tags" && question.tag_set.is_none() {
        return Err(Error::invalid(format!("{}.set", question.id), "field.missing"));
    }
    let number = |name: &str, before: Option<i64>| match sent.all(name).next() {
        Some(_) => sent.number(name).map(i64::from),
        None => before,
    };
    // What is out of every range is told by the rules.
    let count = |name: &str, before: Option<u32>| {
        number(name, before.map(i64::from)).map(|number| u32::try_from(number).unwrap_or(0))
    };
    question.min = number("min", question.min);
    question.max = number("max", question.max);
    question.max_choices = count("max_choices", question.max_choices);
    question.max_length = count("max_length", question.max_length);
    if let Some(section) = sent.all("section").next() {
        section.clone_into(&mut question.section);
    }
    if let Some(asked) = Asked::ALL.into_iter().find(|asked| sent.has("when", asked.as_str())) {
        question.when = asked.condition();
    }
    if !NEEDED.contains(&question.id.as_str()) {
        question.hidden = sent.has("hidden", "yes");
        question.required = !sent.has("required", "no");
        question.required_from = None;
        if sent.has("required", "from") {
            let day = day_of(sent.text("required_from"));
            let wrong = || WrongField::new(format!("{}.required_from", question.id), "field.day");
            question.required_from = Some(day.ok_or_else(wrong)?);
        }
    }
    Ok(question)
}

fn read_text(text: &mut Text, name: &str, sent: &Sent) {
    let said = |lang: Lang| sent.all(&format!("{name}_{lang}")).next().map(str::to_owned);
    if let Some(words) = said(Lang::Sv) {
        text.sv = words;
    }
    for (lang, translation) in [(Lang::En, &mut text.en), (Lang::Da, &mut text.da)] {
        if let Some(words) = said(lang) {
            *translation = Some(words).filter(|words| !words.trim().is_empty());
        }
    }
}

/// The options with their words, and those that were added in empty rows. A row that is emptied is gone.
fn read_options(question: &mut Question, sent: &Sent) {
    let mut added = Vec::new();
    for index in 0..question.options.len() + rules::MOST_OPTIONS {
        let mut label = question.options.get(index).map(|option| option.label.clone()).unwrap_or_default();
        read_text(&mut label, &format!("options_{index}"), sent);
        match question.options.get_mut(index) {
            Some(option) => {
                option.label = label;
                if sent.has("tags", "yes") {
                    option.archived = sent.has("archived", &option.value);
                }
            }
            None => added.push(Tagged { value: String::new(), label, archived: false }),
        }
    }
    question.options.append(&mut added);
    question.options.retain(|option| option.label != Text::default());
    for index in 0..question.options.len() {
        let value = rules::next_option(question);
        if let Some(option) = question.options.get_mut(index).filter(|option| option.value.is_empty()) {
            option.value = value;
        }
    }
}

async fn add(request: HttpRequest, app: App, who: FormEditor, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let (draft, _) = read_draft(&app, &who).await?;
    let kind = KINDS.into_iter().find(|kind| sent.has("kind", kind)).unwrap_or("text");
    let empty = empty(&draft.form, kind);
    let mut shown_question = empty.clone();
    let done = async {
        let seen = sent.version()?;
        let question = read(&empty, kind, &sent)?;
        shown_question = question.clone();
        let mut form = draft.form.clone();
        form.questions.push(question);
        app.db.write(move |tx| actions::save(tx, by, form.clone(), seen)).await
    };
    match done.await {
        Ok(_) => Ok(see_other(&format!("{DRAFT}?klart=form-question-added#q-{}", empty.id))),
        Err(error) => {
            let refused = refused(error, texts(&request))?;
            let question = Question { id: empty.id.clone(), ..shown_question };
            let shown = Shown { draft: &draft, published: None, question: &question, kind, is_new: true };
            question_page(&request, &shown, Some(&sent), refused)
        }
    }
}

async fn question(
    request: HttpRequest,
    app: App,
    who: FormEditor,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let (draft, published) = read_draft(&app, &who).await?;
    let found = draft.form.question(&id).ok_or_else(|| Error::not_found("form.no_question"))?;
    let kind = kind_name(found);
    let shown = Shown { draft: &draft, published: published.question(&id), question: found, kind, is_new: false };
    question_page(&request, &shown, None, (Errors::default(), HttpResponse::Ok()))
}

async fn change(
    request: HttpRequest,
    app: App,
    who: FormEditor,
    id: web::Path<String>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let (draft, published) = read_draft(&app, &who).await?;
    let found = draft.form.question(&id).ok_or_else(|| Error::not_found("form.no_question"))?;
    let kind = kind_name(found);
    let done = async {
        let seen = sent.version()?;
        let question = read(found, kind, &sent)?;
        let mut form = draft.form.clone();
        form.questions.iter_mut().filter(|one| one.id == *id).for_each(|one| *one = question.clone());
        app.db.write(move |tx| actions::save(tx, by, form.clone(), seen)).await
    };
    match done.await {
        Ok(_) => Ok(see_other(&format!("{DRAFT}?klart=saved#q-{id}"))),
        Err(error) => {
            let refused = refused(error, texts(&request))?;
            let shown =
                Shown { draft: &draft, published: published.question(&id), question: found, kind, is_new: false };
            question_page(&request, &shown, Some(&sent), refused)
        }
    }
}

/// Takes a question out of the draft that was never published.
async fn remove(
    request: HttpRequest,
    app: App,
    who: FormEditor,
    id: web::Path<String>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let removed = async {
        let (seen, (draft, _)) = (sent.version()?, read_draft(&app, &who).await?);
        let mut form = draft.form;
        form.questions.retain(|question| question.id != *id);
        app.db.write(move |tx| actions::save(tx, by, form.clone(), seen).map(drop)).await
    };
    let removed = removed.await;
    done(&request, &app, &who, removed, &format!("{DRAFT}?klart=form-question-removed")).await
}

/// For which loans the form is looked at.
#[derive(Deserialize)]
struct Day {
    #[serde(default)]
    dag: String,
}

async fn phone(request: HttpRequest, app: App, who: FormEditor, wish: web::Query<Day>) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    read_draft(&app, &who).await?;
    let day = day_of(&wish.dag).unwrap_or_else(|| who.organisation.today(app.clock.now()));
    Ok(page::ok(&PhonePage {
        t,
        page: Page::new(&request, &t.s("forms-preview")),
        day: Field { value: day.to_string(), error: None },
        address: format!("/admin/formular/forhandsvisning/formular?dag={day}"),
    }))
}

/// The draft as those who write see it.
async fn look(request: HttpRequest, app: App, who: FormEditor, wish: web::Query<Day>) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let (form, day) = asked(&app, &who, &wish).await?;
    let shown = Preview { day, answers: &Answers::new(), errors: Errors::default(), complete: false };
    Ok(preview(&request, &FormView::new(1, &form, t.lang), shown))
}

/// Says what would come of an evaluation, and keeps nothing of it.
async fn attempt(
    request: HttpRequest,
    app: App,
    who: FormEditor,
    wish: web::Query<Day>,
    pairs: web::Form<Vec<(String, String)>>,
) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let (form, day) = asked(&app, &who, &wish).await?;
    let given = answers::from_form(&form, &pairs);
    let wrong = submit(&form, &given).err().unwrap_or_default();
    let complete = wrong.is_empty();
    let errors = wrong.iter().map(|error| FieldError { field: error.field.clone(), text: t.field(error) });
    let shown = Preview { day, answers: &given, errors: Errors(errors.collect()), complete };
    Ok(preview(&request, &FormView::new(1, &form, t.lang), shown))
}

async fn asked(app: &App, who: &Person, wish: &Day) -> Result<(Form, NaiveDate), Error> {
    let (draft, _) = read_draft(app, who).await?;
    let day = day_of(&wish.dag).unwrap_or_else(|| who.organisation.today(app.clock.now()));
    Ok((draft.form.for_loan(day), day))
}
