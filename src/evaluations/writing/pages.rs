//! The form of an evaluation, and its thanks. Whoever writes comes signed in, or by the link that the unit was mailed;
//! both see the same form and write the same draft. A link opens one loan's form, and nothing else.

use crate::accounts::session::Borrower;
use crate::accounts::store as accounts;
use crate::evaluations::actions::{self, Sent, Written, refuse_if_closed};
use crate::evaluations::answers::{self, Answer, Answers};
use crate::evaluations::contents::{self, CONDITION};
use crate::evaluations::form::{Form, Kind};
use crate::evaluations::ideas::actions::{self as ideas, Consent};
use crate::evaluations::merge::{Merged, Versions, merge, versions};
use crate::evaluations::queries;
use crate::evaluations::rules::SHARE;
use crate::evaluations::views::{FormView, LoanEvaluationView, PossibleNames, QuestionView};
use crate::evaluations::wording::{Answered, Reader, Tip, answered, choices, in_words, quote};
use crate::loans::actions::Context;
use crate::loans::evaluation_links::{self, Token};
use crate::loans::queries as loans;
use crate::loans::rules::{DeviationKind, EvaluationState, Status};
use crate::loans::views::LoanView;
use crate::loans::wording::Period;
use crate::platform::db::connection::Conn;
use crate::platform::error::{Error, Kind as Trouble};
use crate::platform::events::By;
use crate::platform::ids::{ContentLineId, LoanId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent as Fields};
use crate::platform::web::page::{self, Flash, Page, see_other};
use crate::platform::web::{peer, texts};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeMap;

type App = web::Data<AppState>;

/// How many words of others are shown at once.
const QUOTES: u32 = 5;

/// The routes of this part.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/lan/{id}/utvardering", web::get().to(write_signed_in))
        .route("/lan/{id}/utvardering", web::post().to(send_signed_in))
        .route("/lan/{id}/utvardering/tack", web::get().to(thanks_signed_in))
        .route("/lan/{id}/utvardering/delning", web::post().to(consent_signed_in))
        .route("/utvardering/{token}", web::get().to(write_by_link))
        .route("/utvardering/{token}", web::post().to(send_by_link))
        .route("/utvardering/{token}/tack", web::get().to(thanks_by_link))
        .route("/utvardering/{token}/delning", web::post().to(consent_by_link))
        .route("/utvardering/{token}/ny", web::post().to(new_link));
}

#[derive(Template)]
#[template(path = "evaluations/form.html")]
struct FormPage {
    t: Texts,
    page: Page,
    kit: String,
    unit: String,
    weeks: String,
    action: String,
    by_link: bool,
    begun: Option<String>,
    seen: String,
    sections: Vec<SectionFields>,
    errors: Vec<FieldError>,
    names: Vec<NameWarning>,
    /// It is looked at by those who make it, and keeps nothing.
    preview: bool,
}

/// A heading with its questions; those that are put away last.
struct SectionFields {
    heading: String,
    when: &'static str,
    questions: Vec<QuestionField>,
    folded: Vec<QuestionField>,
    /// Something that is put away has an answer, or an error.
    open: bool,
}

/// A question with what has been answered.
struct QuestionField {
    id: String,
    kind: &'static str,
    label: String,
    help: String,
    required: bool,
    options: Vec<Choice>,
    field: Field,
    min: Option<i64>,
    max: Option<i64>,
    max_length: Option<u32>,
    when: &'static str,
    /// Its options are so short that several have room beside each other.
    short: bool,
    /// The parts of the kit, of which it asks whether they are there and whole.
    parts: Vec<PartRow>,
}

/// A part of the kit, with how many of it are missing or broken.
struct PartRow {
    name: String,
    there: i32,
    counts: Vec<PartCount>,
}

/// How many of a part differ in one way.
struct PartCount {
    id: String,
    label: String,
    max: i64,
    field: Field,
}

/// Words in an answer that look like names.
struct NameWarning {
    question: String,
    label: String,
    words: Vec<String>,
}

#[derive(Template)]
#[template(path = "evaluations/thanks.html")]
struct ThanksPage {
    t: Texts,
    page: Page,
    kit: String,
    kit_type: String,
    returned: bool,
    next: Option<Period>,
    tips: Vec<Tip>,
    sent: Vec<Answered>,
    /// A colleague had submitted before this page came.
    was_late: bool,
    /// What was written on that page besides.
    late: Vec<Answered>,
    /// Where it is said how far the evaluation may go, and how far it may now.
    consent: String,
    shares: Vec<Choice>,
    none: Field,
}

/// What somebody sees whose link opens no form.
#[derive(Template)]
#[template(path = "evaluations/link.html")]
struct LinkPage {
    t: Texts,
    page: Page,
    words: String,
    /// Where a new link is asked for.
    ask: Option<String>,
    /// Where the loan is, for those who sign in.
    sign_in: Option<String>,
}

/// What a page that saves itself is told.
#[derive(Serialize)]
struct Synced {
    /// The draft as it stands.
    answers: Answers,
    seen: Versions,
    /// What is wrong with an answer, by question.
    wrong: BTreeMap<String, String>,
    /// What somebody else has answered meanwhile, by question.
    theirs: BTreeMap<String, String>,
}

/// Who writes, and what.
#[derive(Clone)]
struct Writer {
    context: Context,
    loan: LoanId,
    /// The link by which they came.
    link: Option<String>,
}

impl Writer {
    /// Somebody signed in, who writes for a unit of their own.
    ///
    /// # Errors
    /// Those of [`queries::own_loan`].
    async fn signed_in(who: Borrower, app: &App, loan: LoanId) -> Result<Self, Error> {
        let writer = Self { context: Context::of(&who, app), loan, link: None };
        let today = writer.context.today();
        app.db.read(move |conn| queries::own_loan(conn, &who, loan, today)).await?;
        Ok(writer)
    }

    fn address(&self) -> String {
        match &self.link {
            Some(token) => format!("/utvardering/{token}"),
            None => format!("/lan/{}/utvardering", self.loan),
        }
    }

    /// The frame of a page; it says whose kit it is also to those who are not signed in.
    fn page(&self, request: &HttpRequest, title: &str) -> Page {
        let mut page = Page::new(request, title);
        if page.organisation.is_none() {
            let organisation = &self.context.organisation;
            page.organisation = Some(organisation.name.clone());
            page.contact = Some(organisation.contact_email.clone()).filter(|contact| !contact.is_empty());
        }
        page
    }

    fn loan(&self, conn: &mut Conn) -> Result<LoanView, Error> {
        let found = loans::find_loan(conn, &self.context.organisation, self.loan, self.context.today())?;
        found.ok_or_else(|| Error::not_found("loan.not_found"))
    }

    /// The loan, its evaluation and the form.
    fn read(&self, conn: &mut Conn, t: Texts) -> Result<(LoanView, LoanEvaluationView, Form), Error> {
        let loan = self.loan(conn)?;
        let (evaluation, form) = queries::with_form(conn, self.context.organisation.id, self.loan, t.lang)?;
        Ok((loan, evaluation, form))
    }

    /// Says why the form cannot be written now, if so. A link does not open the form of a loan that was released from it;
    /// who signs in may still write.
    fn refuse_if_closed(&self, loan: &LoanView) -> Result<(), Error> {
        refuse_if_closed(loan.status, loan.evaluation)?;
        if self.link.is_some() && loan.evaluation == EvaluationState::Released {
            return Err(Error::refused("evaluation.link_released"));
        }
        Ok(())
    }
}

/// The writer whom a link lets in, or the page for one that lets nobody in.
async fn by_link(request: &HttpRequest, app: &App, token: String) -> Result<Result<Writer, HttpResponse>, Error> {
    let (now, site) = (app.clock.now(), app.config.public_url.clone());
    let found = match Token::read(&token) {
        Ok(read) => {
            app.db
                .read(move |conn| {
                    let link = evaluation_links::find(conn, &read, now)?;
                    let organisation = accounts::organisation(conn, link.organisation)?;
                    let by = By { organisation: organisation.id, person: None, now };
                    let writer = Writer {
                        context: Context { by, organisation, site: site.clone() },
                        loan: read.loan,
                        link: Some(token.clone()),
                    };
                    let loan = writer.loan(conn)?;
                    Ok((writer, loan, link))
                })
                .await
        }
        Err(error) => Err(error),
    };
    let (writer, loan, link) = match found {
        Ok(found) => found,
        Err(error @ Error::Problem(_)) => {
            // Nobody finds a link by trying, and nobody tries for long.
            app.limits.sign_in_from.count(&peer(request, app.config.behind_proxy))?;
            return Ok(Err(shut(request, None, &error)));
        }
        Err(fault) => return Err(fault),
    };
    let refusal = match writer.refuse_if_closed(&loan) {
        // Who has left is told nothing of the loan.
        _ if link.revoked => Some(Error::refused("evaluation.link_revoked")),
        // What came of it is told to whoever asks, while the link lasts.
        Err(error) if error.code() != "evaluation.already_submitted" => Some(error),
        _ => link.expired.then(|| Error::refused("evaluation.link_expired")),
    };
    Ok(match refusal {
        Some(error) => Err(shut(request, Some((&writer, &loan)), &error)),
        None => Ok(writer),
    })
}

/// The page for a link that opens no form.
fn shut(request: &HttpRequest, known: Option<(&Writer, &LoanView)>, error: &Error) -> HttpResponse {
    let t = texts(request);
    let code = error.code();
    let title = t.s(match code {
        "evaluation.link_other_loan" => "evaluations-link_other_loan",
        "evaluation.link_expired" => "evaluations-link_expired",
        "evaluation.link_revoked" => "evaluations-link_revoked",
        "evaluation.link_released" => "evaluations-link_released",
        "evaluation.too_early" => "evaluations-too_early",
        "evaluation.loan_over" => "evaluations-loan_over",
        _ => "evaluations-link_unknown",
    });
    let words = match error {
        // Nobody is to think that something is owed.
        _ if code == "evaluation.link_expired" && known.is_some_and(|(_, loan)| loan.evaluation.is_settled()) => {
            t.s("evaluations-link_expired_sent")
        }
        Error::Problem(problem) => t.problem(problem),
        Error::Fault(_) => String::new(),
    };
    let page = match known {
        Some((writer, _)) => writer.page(request, &title),
        None => Page::new(request, &title),
    };
    let over = ["evaluation.link_expired", "evaluation.link_revoked"].contains(&code);
    let released = known.filter(|_| code == "evaluation.link_released");
    let shut = LinkPage {
        t,
        page,
        words,
        ask: known
            .filter(|_| over)
            .filter(|(_, loan)| !loan.evaluation.is_settled())
            .map(|(writer, _)| format!("{}/ny", writer.address())),
        sign_in: released.map(|(writer, _)| page::query_value(&format!("/lan/{}/utvardering", writer.loan))),
    };
    let builder = if over { HttpResponse::Gone() } else { HttpResponseBuilder::new(error.status_code()) };
    page::html(builder, &shut)
}

async fn write_signed_in(
    request: HttpRequest,
    app: App,
    who: Borrower,
    id: web::Path<LoanId>,
) -> Result<HttpResponse, Error> {
    let writer = Writer::signed_in(who, &app, *id).await?;
    write(&request, &app, writer).await
}

async fn write_by_link(request: HttpRequest, app: App, token: web::Path<String>) -> Result<HttpResponse, Error> {
    match by_link(&request, &app, token.into_inner()).await? {
        Ok(writer) => write(&request, &app, writer).await,
        Err(shut) => Ok(shut),
    }
}

async fn send_signed_in(
    request: HttpRequest,
    app: App,
    who: Borrower,
    id: web::Path<LoanId>,
    pairs: web::Form<Vec<(String, String)>>,
) -> Result<HttpResponse, Error> {
    let writer = Writer::signed_in(who, &app, *id).await?;
    send(&request, &app, writer, &pairs).await
}

async fn send_by_link(
    request: HttpRequest,
    app: App,
    token: web::Path<String>,
    pairs: web::Form<Vec<(String, String)>>,
) -> Result<HttpResponse, Error> {
    match by_link(&request, &app, token.into_inner()).await? {
        Ok(writer) => send(&request, &app, writer, &pairs).await,
        Err(shut) => Ok(shut),
    }
}

async fn thanks_signed_in(
    request: HttpRequest,
    app: App,
    who: Borrower,
    id: web::Path<LoanId>,
) -> Result<HttpResponse, Error> {
    let writer = Writer::signed_in(who, &app, *id).await?;
    thanks(&request, &app, writer, None).await
}

async fn thanks_by_link(request: HttpRequest, app: App, token: web::Path<String>) -> Result<HttpResponse, Error> {
    match by_link(&request, &app, token.into_inner()).await? {
        Ok(writer) => thanks(&request, &app, writer, None).await,
        Err(shut) => Ok(shut),
    }
}

async fn consent_signed_in(
    app: App,
    who: Borrower,
    id: web::Path<LoanId>,
    sent: web::Form<Fields>,
) -> Result<HttpResponse, Error> {
    let writer = Writer::signed_in(who, &app, *id).await?;
    consent(&app, writer, &sent).await
}

async fn consent_by_link(
    request: HttpRequest,
    app: App,
    token: web::Path<String>,
    sent: web::Form<Fields>,
) -> Result<HttpResponse, Error> {
    match by_link(&request, &app, token.into_inner()).await? {
        Ok(writer) => consent(&app, writer, &sent).await,
        Err(shut) => Ok(shut),
    }
}

/// Says anew how far a submitted evaluation may go.
async fn consent(app: &App, writer: Writer, sent: &Fields) -> Result<HttpResponse, Error> {
    let back = format!("{}/tack?klart=evaluation-consent", writer.address());
    let share = sent.text("share").parse().map_err(|_| Error::invalid("share", "evaluation.not_a_choice"))?;
    let (context, loan) = (writer.context, writer.loan);
    app.db.write(move |tx| ideas::consent(tx, &context, loan, Consent { share })).await?;
    Ok(see_other(&back))
}

/// Mails a new link to the unit, in place of one that opens the form no more.
async fn new_link(request: HttpRequest, app: App, token: web::Path<String>) -> Result<HttpResponse, Error> {
    app.limits.sign_in_from.count(&peer(&request, app.config.behind_proxy))?;
    let (now, site) = (app.clock.now(), app.config.public_url.clone());
    let token = Token::read(&token)?;
    app.db
        .write(move |tx| {
            let link = evaluation_links::find(tx, &token, now)?;
            let organisation = accounts::organisation(tx, link.organisation)?;
            let by = By { organisation: organisation.id, person: None, now };
            evaluation_links::mail(tx, &Context { by, organisation, site: site.clone() }, token.loan)
        })
        .await?;
    let t = texts(&request);
    let page = Page::new(&request, &t.s("evaluations-link_mailed"));
    Ok(page::ok(&LinkPage { t, page, words: t.s("evaluations-link_mailed-text"), ask: None, sign_in: None }))
}

async fn write(request: &HttpRequest, app: &App, writer: Writer) -> Result<HttpResponse, Error> {
    let t = texts(request);
    let reader = writer.clone();
    let (loan, evaluation, _) = app.db.read(move |conn| reader.read(conn, t)).await?;
    if loan.evaluation == EvaluationState::Submitted {
        return Ok(see_other(&format!("{}/tack", writer.address())));
    }
    writer.refuse_if_closed(&loan)?;
    let seen = versions(&evaluation.answers);
    let shown = Shown { answers: &evaluation.answers, seen, errors: Errors::default(), names: Vec::new() };
    Ok(page::ok(&form_page(request, &writer, &loan, &evaluation, shown)))
}

/// What stands in the form.
struct Shown<'a> {
    answers: &'a Answers,
    seen: Versions,
    errors: Errors,
    names: Vec<PossibleNames>,
}

fn form_page(
    request: &HttpRequest,
    writer: &Writer,
    loan: &LoanView,
    evaluation: &LoanEvaluationView,
    shown: Shown<'_>,
) -> FormPage {
    let t = texts(request);
    let (kit, form) = (loan.kit_name(), &evaluation.form);
    let label =
        |id: &str| form.questions.iter().find(|question| question.id == id).map(|question| question.label.clone());
    let names = shown.names.into_iter().map(|found| NameWarning {
        label: label(&found.question).unwrap_or_default(),
        question: found.question,
        words: found.words,
    });
    let zone = writer.context.organisation.zone();
    FormPage {
        t,
        page: writer.page(request, &t.v("evaluations-form", "kit", kit.as_str())),
        unit: loan.unit.name.clone(),
        weeks: t.weeks(loan.first_day, loan.last_day),
        action: writer.address(),
        by_link: writer.link.is_some(),
        begun: evaluation.updated_at.map(|at| t.moment(at, zone)),
        seen: shown.seen.iter().map(|(id, version)| format!("{id}:{version}")).collect::<Vec<_>>().join(" "),
        sections: sections(form, shown.answers, &shown.errors, t),
        errors: shown.errors.named(label),
        names: names.collect(),
        preview: false,
        kit,
    }
}

/// How a form is looked at by those who make it.
pub struct Preview<'a> {
    /// The first day of the loan.
    pub day: NaiveDate,
    /// What was tried as answers.
    pub answers: &'a Answers,
    /// What would be wrong with them.
    pub errors: Errors,
    /// They were tried, and could be submitted.
    pub complete: bool,
}

/// A form as those who write see it, with invented things around it. It posts to where it stands.
pub fn preview(request: &HttpRequest, form: &FormView, shown: Preview<'_>) -> HttpResponse {
    let t = texts(request);
    let kit = t.s("evaluations-preview-kit");
    let mut page = Page::new(request, &t.v("evaluations-form", "kit", kit.as_str()));
    (page.nav, page.person, page.person_id, page.may_switch) = (Vec::new(), None, None, false);
    (page.notices, page.flash) = (Vec::new(), None);
    if shown.complete {
        page.flash = Some(Flash { kind: "success", text: t.s("evaluations-preview-complete") });
    }
    let label =
        |id: &str| form.questions.iter().find(|question| question.id == id).map(|question| question.label.clone());
    let builder = match shown.errors.0.is_empty() {
        true => HttpResponse::Ok(),
        false => HttpResponse::UnprocessableEntity(),
    };
    let shown = FormPage {
        t,
        action: page.path.clone(),
        page,
        unit: t.s("evaluations-preview-unit"),
        weeks: t.weeks(shown.day, shown.day),
        by_link: false,
        begun: None,
        seen: String::new(),
        sections: sections(form, shown.answers, &shown.errors, t),
        errors: shown.errors.named(label),
        names: Vec::new(),
        preview: true,
        kit,
    };
    page::html(builder, &shown)
}

/// The sections of a form with their questions, in the form's order.
fn sections(form: &FormView, answers: &Answers, errors: &Errors, t: Texts) -> Vec<SectionFields> {
    let section = |id: &str, heading: String| {
        let of_section = form.questions.iter().filter(|question| question.section == id && question.part.is_none());
        let (folded, questions): (Vec<_>, Vec<_>) = of_section.partition(|question| question.folded);
        let open = folded.iter().any(|question| {
            answers.get(&question.id).is_some_and(|answer| !answer.is_none())
                || errors.0.iter().any(|error| error.field == question.id)
        });
        let fields = |of: Vec<&QuestionView>| {
            let field = |one: &QuestionView| {
                let parts = if one.id == CONDITION { parts(form, answers, errors, t) } else { Vec::new() };
                question_field(one, parts, answers, errors)
            };
            of.into_iter().map(field).collect()
        };
        let (questions, folded): (Vec<QuestionField>, Vec<QuestionField>) = (fields(questions), fields(folded));
        let when = questions.iter().chain(&folded).map(|question| question.when);
        let same = when.clone().min() == when.clone().max();
        let when = when.min().filter(|_| same).unwrap_or("always");
        SectionFields { heading, when, questions, folded, open }
    };
    let all = form.sections.iter().map(|heading| section(&heading.id, heading.label.clone()));
    all.filter(|section| !section.questions.is_empty() || !section.folded.is_empty()).collect()
}

/// Options have room beside each other on a phone up to so many characters.
const SHORT: usize = 9;

/// The parts of the kit that the form asks about, in the order of its contents list.
fn parts(form: &FormView, answers: &Answers, errors: &Errors, t: Texts) -> Vec<PartRow> {
    let mut rows: Vec<(ContentLineId, PartRow)> = Vec::new();
    for question in &form.questions {
        let Some(part) = &question.part else { continue };
        let value = answers.get(&question.id).map(Answer::to_string).unwrap_or_default();
        let count = PartCount {
            id: question.id.clone(),
            label: t.s(&format!("evaluations-part-how-many-{}", part.kind)),
            max: part.there.into(),
            field: errors.field(&question.id, value),
        };
        match rows.last_mut().filter(|(line, _)| *line == part.content_line_id) {
            Some((_, row)) => row.counts.push(count),
            None => {
                let row = PartRow { name: part.name.clone(), there: part.there, counts: vec![count] };
                rows.push((part.content_line_id, row));
            }
        }
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

fn question_field(question: &QuestionView, parts: Vec<PartRow>, answers: &Answers, errors: &Errors) -> QuestionField {
    let answer = answers.get(&question.id);
    QuestionField {
        id: question.id.clone(),
        kind: match question.kind {
            Kind::Choice => "choice",
            Kind::Choices => "choices",
            Kind::Scale => "scale",
            Kind::Number => "number",
            Kind::Text => "text",
        },
        label: question.label.clone(),
        help: question.help.clone().unwrap_or_default(),
        required: question.required,
        options: choices(question, answer),
        field: errors.field(&question.id, answer.map(Answer::to_string).unwrap_or_default()),
        min: question.min,
        max: question.max,
        max_length: question.max_length,
        when: shown_when(question),
        short: question.options.iter().all(|option| option.label.chars().count() <= SHORT),
        parts,
    }
}

/// What the style sheet knows to hide: questions that follow from whether the kit was used, or is as it should be.
fn shown_when(question: &QuestionView) -> &'static str {
    match &question.when {
        Some(when) if when.question == "used" && when.is.iter().any(|value| value == "no") => "not_used",
        Some(when) if when.question == "used" => "used",
        Some(when) if when.question == "condition" => "deviation",
        _ => "always",
    }
}

/// Reads a page. A question whose field is empty has no answer on it; the field `seen` tells what the page was filled
/// with, as `id:version`.
fn written(form: &Form, pairs: &[(String, String)]) -> Written {
    let seen = pairs.iter().filter(|(name, _)| name == "seen").flat_map(|(_, all)| all.split_whitespace());
    let seen = seen.filter_map(|one| one.split_once(':')).filter(|(id, _)| form.question(id).is_some());
    let mut all: Answers = form.questions.iter().map(|question| (question.id.clone(), Answer::NONE)).collect();
    all.extend(answers::from_form(form, pairs));
    Written { answers: all, seen: seen.map(|(id, version)| (id.to_owned(), version.to_owned())).collect() }
}

/// Saves or submits, as the button says; without a button the page saved itself while it was being written.
async fn send(
    request: &HttpRequest,
    app: &App,
    writer: Writer,
    pairs: &[(String, String)],
) -> Result<HttpResponse, Error> {
    let t = texts(request);
    let reader = writer.clone();
    let (loan, evaluation, form) = app.db.read(move |conn| reader.read(conn, t)).await?;
    let written = written(&form, pairs);
    let field = |wanted: &'static str| pairs.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value);
    let button = field("save").next().map(String::as_str);
    let no_names: Vec<String> =
        if button == Some("send-anyway") { field("no_name").cloned().collect() } else { Vec::new() };
    let sends = matches!(button, Some("send" | "send-anyway"));
    let (context, id, given) = (writer.context.clone(), writer.loan, written.clone());
    let done = app.db.write(move |tx| match sends {
        true => actions::send(tx, &context, id, &given, &no_names),
        false => Ok(Sent::NotYet(actions::write_on(tx, &context, id, &given)?, Vec::new())),
    });
    let (merged, names) = match done.await {
        Ok(Sent::Submitted) => return Ok(see_other(&format!("{}/tack", writer.address()))),
        Ok(Sent::NotYet(merged, names)) => (merged, names),
        Err(error) if error.code() == "evaluation.already_submitted" && button.is_some() => {
            return thanks(request, app, writer, Some(Late { written, fields: pairs.to_vec() })).await;
        }
        Err(error) => return refused(request, &writer, (&loan, &evaluation), (button, &written), error),
    };
    if button.is_none() {
        return Ok(HttpResponse::Ok().json(synced(merged, &evaluation.form, t)));
    }
    if !sends && merged.wrong.is_empty() && merged.contested.is_empty() {
        return Ok(see_other(&format!("{}?klart=evaluation-saved", writer.address())));
    }
    let builder = match merged.contested.is_empty() {
        true => HttpResponse::UnprocessableEntity(),
        false => HttpResponse::Conflict(),
    };
    let mut errors: Vec<FieldError> = Vec::new();
    for question in &evaluation.form.questions {
        let wrong = merged.wrong.iter().filter(|error| error.field == question.id);
        errors.extend(wrong.map(|error| FieldError { field: error.field.clone(), text: t.field(error) }));
        if merged.contested.contains(&question.id) {
            let text = contested(t, question, &merged.answers);
            errors.push(FieldError {
                field: question.id.clone(),
                text: format!("{text} {}", t.s("evaluations-contested-send")),
            });
        }
    }
    let mut shown = merged.answers.clone();
    let not_kept = merged.wrong.iter().map(|error| &error.field).chain(&merged.contested);
    shown.extend(not_kept.filter_map(|id| Some((id.clone(), written.answers.get(id)?.clone()))));
    let shown = Shown { answers: &shown, seen: versions(&merged.answers), errors: Errors(errors), names };
    Ok(page::html(builder, &form_page(request, &writer, &loan, &evaluation, shown)))
}

/// Somebody else's newer answer, in words.
fn contested(t: Texts, question: &QuestionView, answers: &Answers) -> String {
    let theirs = answers.get(&question.id).map(|answer| in_words(question, answer)).unwrap_or_default();
    t.v("evaluations-contested", "theirs", theirs)
}

fn synced(merged: Merged, form: &FormView, t: Texts) -> Synced {
    let theirs = form.questions.iter().filter(|question| merged.contested.contains(&question.id));
    Synced {
        theirs: theirs.map(|question| (question.id.clone(), contested(t, question, &merged.answers))).collect(),
        wrong: merged.wrong.iter().map(|error| (error.field.clone(), t.field(error))).collect(),
        seen: versions(&merged.answers),
        answers: merged.answers,
    }
}

/// Tells why a page was not taken: in the form, where what was written stands; or, of a link, as its page does.
fn refused(
    request: &HttpRequest,
    writer: &Writer,
    (loan, evaluation): (&LoanView, &LoanEvaluationView),
    (button, written): (Option<&str>, &Written),
    error: Error,
) -> Result<HttpResponse, Error> {
    if button.is_none() {
        return Err(error);
    }
    if writer.link.is_some() && matches!(&error, Error::Problem(problem) if problem.kind == Trouble::Refused) {
        return Ok(shut(request, Some((writer, loan)), &error));
    }
    let builder = HttpResponseBuilder::new(error.status_code());
    let errors = Errors::of(error, texts(request))?;
    let shown = Shown { answers: &written.answers, seen: written.seen.clone(), errors, names: Vec::new() };
    Ok(page::html(builder, &form_page(request, writer, loan, evaluation, shown)))
}

/// What the unit has said of the kit's parts, as one of its answers.
fn about_parts<'a>(parts: impl IntoIterator<Item = (&'a str, DeviationKind, i32)>, t: Texts) -> Option<Answered> {
    let lines = parts.into_iter().map(|(name, kind, count)| {
        t.a(&format!("evaluations-parts-{kind}"), &[("part", name.into()), ("count", count.into())])
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    (!text.is_empty()).then(|| Answered { question: t.s("evaluations-parts"), text, long: true })
}

/// A page that came after a colleague had submitted.
struct Late {
    written: Written,
    /// Its fields as they came: the form asks about parts no more.
    fields: Vec<(String, String)>,
}

/// The thanks, which pay back at once: what others did with such a kit, and when it can be had again. Of a page that came
/// too late, since a colleague had submitted already, it shows what was sent, and what was written on the page besides.
async fn thanks(request: &HttpRequest, app: &App, writer: Writer, late: Option<Late>) -> Result<HttpResponse, Error> {
    let t = texts(request);
    let reader = writer.clone();
    let (written, fields) = late.map_or((None, Vec::new()), |late| (Some(late.written), late.fields));
    let (loan, evaluation, form, tips, plan, parts, late_parts) = app
        .db
        .read(move |conn| {
            let (loan, evaluation, form) = reader.read(conn, t)?;
            let Context { organisation, .. } = &reader.context;
            let shared = queries::shared(conn, organisation, loan.kit_type.id, QUOTES)?;
            let others = shared.into_iter().filter(|evaluation| evaluation.loan_id != loan.id);
            let tips: Vec<Tip> = others.filter_map(|evaluation| quote(&evaluation, t, Reader::Colleague)).collect();
            let plan = loans::plan(conn, organisation, loan.kit_type.id, reader.context.today())?;
            let parts = contents::reported(conn, loan.id)?;
            let late_parts = contents::unreported(conn, loan.kit_type.id, &fields, &parts)?;
            Ok((loan, evaluation, form, tips, plan, parts, late_parts))
        })
        .await?;
    if loan.evaluation != EvaluationState::Submitted {
        return Ok(see_other(&writer.address()));
    }
    let next = plan.next_free(writer.context.today(), plan.kit_type.loan_days);
    let next = next.filter(|_| plan.kit_type.retired_at.is_none() && !plan.kits.is_empty());
    let (builder, title, late) = match written {
        None => (HttpResponse::Ok(), "evaluations-thanks", Vec::new()),
        Some(late) => {
            let Merged { answers: mut others, contested, .. } =
                merge(&form, &evaluation.answers, &late.seen, &late.answers);
            others.extend(contested.into_iter().filter_map(|id| Some((id.clone(), late.answers.get(&id)?.clone()))));
            others.retain(|id, answer| !answer.is_none() && evaluation.answers.get(id) != Some(answer));
            let about = about_parts(late_parts.iter().map(|part| (&*part.name, part.kind, part.quantity)), t);
            let written = answered(&evaluation.form, &others).into_iter().chain(about).collect();
            (HttpResponse::Conflict(), "evaluations-too-late", written)
        }
    };
    let thanks = ThanksPage {
        t,
        page: writer.page(request, &t.s(title)),
        kit: loan.kit_name(),
        kit_type: loan.kit_type.name.clone(),
        returned: loan.status == Status::Returned,
        next: next.map(|(first, last)| Period::new(t, loan.kit_type.id, first, last)),
        tips,
        sent: answered(&evaluation.form, &evaluation.answers)
            .into_iter()
            .chain(about_parts(parts.iter().map(|part| (&*part.name, part.kind, part.quantity)), t))
            .collect(),
        consent: format!("{}/delning", writer.address()),
        shares: evaluation
            .form
            .questions
            .iter()
            .find(|question| question.id == SHARE)
            .map(|question| choices(question, evaluation.answers.get(SHARE)))
            .unwrap_or_default(),
        none: Field::default(),
        was_late: title == "evaluations-too-late",
        late,
    };
    Ok(page::html(builder, &thanks))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::platform::text::Lang;

    #[test]
    fn every_question_stands_once_in_its_section() {
        let form = FormView::new(1, &Form::default_form().unwrap(), Lang::Sv);
        let answers: Answers =
            serde_json::from_str(r#"{"used": "no", "fun": 4, "ages": ["age_3"], "how": "Så här.", "own": "yes"}"#)
                .unwrap();
        let errors = Errors(vec![FieldError { field: "fun".to_owned(), text: "Fel.".to_owned() }]);
        let sections = sections(&form, &answers, &errors, Texts::new(Lang::Sv));
        assert_eq!(sections.len(), form.sections.len());
        let fields: Vec<&QuestionField> =
            sections.iter().flat_map(|one| one.questions.iter().chain(&one.folded)).collect();
        assert_eq!(fields.len(), form.questions.len());
        let field = |id: &str| *fields.iter().find(|field| field.id == id).unwrap();
        let checked = |id: &str| -> Vec<&str> {
            field(id).options.iter().filter(|option| option.checked).map(|option| option.value.as_str()).collect()
        };
        assert_eq!((checked("used"), checked("fun"), checked("ages")), (vec!["no"], vec!["4"], vec!["age_3"]));
        assert_eq!(field("how").field.value, "Så här.");
        assert_eq!(field("fun").field.error.as_deref(), Some("Fel."));
        assert_eq!(
            (field("notused_why").when, field("how").when, field("condition_note").when),
            ("not_used", "used", "deviation")
        );
        // What must be answered is never put away; what was answered is put away no more.
        assert!(sections.iter().flat_map(|one| &one.folded).all(|field| !field.required));
        let open: Vec<&str> = sections.iter().filter(|one| one.open).map(|one| one.heading.as_str()).collect();
        assert_eq!(open, ["Ni vuxna"]);
        let when: Vec<&str> = sections.iter().map(|one| one.when).collect();
        assert_eq!(when, ["always", "used", "used", "used", "used", "always"]);
        assert!(field("ages").short && field("again").short && !field("share").short);
    }

    #[test]
    fn a_page_says_what_it_has_seen_and_what_is_empty() {
        let form = Form::default_form().unwrap();
        let sent =
            [("seen", "how:ab12 unknown:cd how"), ("how", "Så."), ("tips", " "), ("share", "no"), ("save", "send")];
        let written = written(&form, &sent.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let given: Vec<&String> =
            written.answers.iter().filter(|(_, answer)| !answer.is_none()).map(|(id, _)| id).collect();
        assert_eq!(given, ["how", "share"]);
        assert_eq!(written.answers.len(), form.questions.len());
        assert_eq!(written.seen, Versions::from([("how".to_owned(), "ab12".to_owned())]));
    }
}
