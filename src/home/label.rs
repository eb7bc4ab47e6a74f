//! What a scan of a kit's label with a phone's own camera shows, for each kind of visitor.

use crate::accounts::rules::Role;
use crate::accounts::session::{Person, Visitor};
use crate::accounts::store::{self as accounts, Organisation};
use crate::evaluations::ideas::queries as ideas;
use crate::evaluations::queries as evaluations;
use crate::evaluations::views::EvaluationView;
use crate::evaluations::wording::{Reader, Tip, quote};
use crate::home::blank;
use crate::home::kit_type::{Piece, TIPS};
use crate::kits::code::{Code, CodeError};
use crate::kits::codes::{self, Lead};
use crate::kits::queries as kits;
use crate::kits::store::Kit;
use crate::kits::views::KitTypeView;
use crate::labels::test_page::TEST;
use crate::loans::actions::{self, Context};
use crate::loans::checks::rules::{Occasion, occasion_of_borrower};
use crate::loans::course_gate;
use crate::loans::evaluation_links;
use crate::loans::queries;
use crate::loans::rules::Status;
use crate::loans::scan::{self, Scan, ScanAction};
use crate::loans::scans::series::{self, ScanSeries};
use crate::loans::service::actions as service;
use crate::loans::views::{KitStatus, KitStatusView, LoanView};
use crate::loans::wording;
use crate::platform::db::connection::Conn;
use crate::platform::error::{Error, Problem};
use crate::platform::events::By;
use crate::platform::ids::LoanId;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Sent, Tag};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::{peer, texts};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use uuid::Uuid;

type App = web::Data<AppState>;

#[derive(Template)]
#[template(path = "labels/label.html")]
struct LabelPage {
    t: Texts,
    page: Page,
    kit: String,
    code: String,
    plain_code: String,
    finder: Option<Owner>,
    status: Option<Tag>,
    facts: Vec<Fact>,
    actions: Vec<Action>,
    notes: Vec<String>,
    get_started: Vec<String>,
    pieces: Vec<Piece>,
    tips: Vec<Tip>,
    ideas: String,
    /// The series of scans that the reader is in the middle of, and that the label joins.
    series: Option<ScanSeries>,
    /// Where the scans of that series are listed.
    list: String,
}

/// Whose kit it is, for somebody who has found it.
pub(super) struct Owner {
    pub(super) name: String,
    pub(super) person: String,
    pub(super) phone: String,
    pub(super) email: String,
    pub(super) sign_in: bool,
}

impl Owner {
    pub(super) fn of(owner: Organisation, sign_in: bool) -> Self {
        let Organisation { name, contact_name, contact_phone, contact_email, .. } = owner;
        Self { name, person: contact_name, phone: contact_phone, email: contact_email, sign_in }
    }
}

/// What the code on a test print leads to.
#[derive(Template)]
#[template(path = "labels/test.html")]
struct TestPage {
    t: Texts,
    page: Page,
}

impl TestPage {
    fn new(request: &HttpRequest) -> Self {
        let t = texts(request);
        Self { t, page: Page::new(request, &t.s("labels-test")) }
    }
}

struct Fact {
    term: String,
    text: String,
}

/// Something that may well be done next.
struct Action {
    href: String,
    icon: &'static str,
    label: String,
    primary: bool,
    fields: Vec<(&'static str, String)>,
}

impl Action {
    fn link(href: String, icon: &'static str, label: String, primary: bool) -> Self {
        Self { href, icon, label, primary, fields: Vec::new() }
    }

    /// A scan, as the warehouse's own page would send it; for the loan that the page tells of, if it tells of one.
    fn scan(code: &Code, action: ScanAction, loan: Option<LoanId>, icon: &'static str, label: String) -> Self {
        let mut fields =
            vec![("code", code.to_string()), ("action", action.to_string()), ("key", Uuid::now_v7().to_string())];
        fields.extend(loan.map(|loan| ("loan_id", loan.to_string())));
        Self { href: "/lager/skanna".to_owned(), icon, label, primary: true, fields }
    }
}

/// What is known of a code.
enum Known {
    /// It was printed in advance, and is on no kit yet.
    Blank(Organisation),
    Kit(Box<KnownKit>),
}

/// What is known of a kit; `inside` only for those who belong to its organisation.
struct KnownKit {
    kit: Kit,
    owner: Organisation,
    kit_type: KitTypeView,
    inside: Option<Inside>,
    /// What others did with such a kit; only for those who may read the idea bank.
    ideas: Vec<EvaluationView>,
    /// The kit goes by another code now.
    replaced: bool,
}

/// What those who belong to a kit's organisation know of it.
struct Inside {
    status: KitStatusView,
    hand_out: Option<HandOut>,
    /// What the unit that has it can say of its contents now.
    occasion: Option<Occasion>,
    /// The series of scans that the reader is in the middle of.
    series: Option<ScanSeries>,
}

/// What the unit that has a kit can say of its contents now.
fn occasion(status: &KitStatusView, owner: &Organisation, today: NaiveDate) -> Option<Occasion> {
    let loan = status.current_loan.as_ref().filter(|loan| loan.status == Status::Out)?;
    let left = loan.handed_out_at.map_or(today, |at| owner.today(at));
    Some(occasion_of_borrower(left, loan.first_day, today))
}

/// Whom the kit can be handed out to, or why to nobody.
type HandOut = Result<LoanView, Box<Problem>>;

fn know(conn: &mut Conn, code: &Code, context: Option<&Context>, warehouse: bool) -> Result<Known, Error> {
    let lead =
        codes::lead(conn, code)?.ok_or_else(|| Error::not_found("kit.unknown_code").arg("code", code.to_string()))?;
    let owner = accounts::organisation(conn, lead.organisation())?;
    let replaced = matches!(lead, Lead::Replaced(_));
    let kit = match lead {
        Lead::Kit(kit) | Lead::Replaced(kit) => kit,
        Lead::Blank(_) => return Ok(Known::Blank(owner)),
    };
    let kit_type =
        kits::find_kit_type(conn, owner.id, kit.kit_type_id)?.ok_or_else(|| Error::not_found("kit_type.not_found"))?;
    let mut inside = None;
    if let Some(context) = context.filter(|context| context.organisation.id == owner.id) {
        let today = context.today();
        if let Some(status) = queries::kit_status(conn, &owner, &kit.code, today)? {
            let idle = matches!(
                status.status,
                KitStatus::Available | KitStatus::InTurnaround | KitStatus::InService | KitStatus::Ready
            );
            let hand_out = if warehouse && idle { Some(hand_out(conn, context, &kit)?) } else { None };
            let series = match context.by.person {
                Some(person) if warehouse => series::of(conn, owner.id, person, context.by.now)?,
                _ => None,
            };
            inside = Some(Inside { occasion: occasion(&status, &owner, today), status, hand_out, series });
        }
    }
    let readable = inside.is_some() || ideas::bank(conn, owner.id)?.public;
    let ideas = if readable { evaluations::shared(conn, &owner, kit_type.id, TIPS)? } else { Vec::new() };
    Ok(Known::Kit(Box::new(KnownKit { kit, owner, kit_type, inside, ideas, replaced })))
}

fn hand_out(conn: &mut Conn, context: &Context, kit: &Kit) -> Result<HandOut, Error> {
    let today = context.today();
    let plan = queries::plan(conn, &context.organisation, kit.kit_type_id, today)?;
    let wish = Scan::now(kit.code.as_str(), ScanAction::HandOut, None);
    let leaves_for = scan::loan_for(conn, context, &plan, kit, &wish, today);
    let allowed = leaves_for.and_then(|loan| {
        service::refuse_if_in_service(conn, kit, today)?;
        scan::refuse_if_unchecked(conn, context, kit)?;
        actions::refuse_if_owing(conn, loan.unit_id, today)?;
        course_gate::refuse_without(conn, context, &loan)?;
        Ok(loan)
    });
    match allowed {
        Ok(loan) => Ok(Ok(queries::loan_view(conn, &context.organisation, &loan, today)?)),
        Err(Error::Problem(problem)) => Ok(Err(problem)),
        Err(fault) => Err(fault),
    }
}

pub(super) fn the_code(text: &str) -> Result<Code, Error> {
    Code::parse(text).map_err(|error| match error {
        CodeError::WrongCheck => Error::not_found("code.wrong_check"),
        CodeError::NotACode | CodeError::Empty => Error::not_found("code.not_a_code"),
    })
}

pub(super) async fn label(
    request: HttpRequest,
    app: App,
    who: Visitor,
    code: web::Path<String>,
    sent: web::Query<Sent>,
) -> Result<HttpResponse, Error> {
    if code.eq_ignore_ascii_case(TEST) {
        return Ok(page::ok(&TestPage::new(&request)));
    }
    let code = the_code(&code)?;
    let context = who.0.as_ref().map(|person| Context::of(person, &app));
    let warehouse = who.0.as_ref().is_some_and(|person| person.is(Role::Warehouse));
    match app.db.read(move |conn| know(conn, &code, context.as_ref(), warehouse)).await? {
        Known::Kit(known) => Ok(page::ok(&label_page(&request, &who, *known))),
        Known::Blank(owner) => blank::page(&request, &app, who.0.as_ref(), &code, owner, (&sent, None)).await,
    }
}

/// Mails the link to the evaluation to the unit that has the kit, for whoever holds the kit in their hands. What they are
/// told is the same whether there is such a unit or not.
pub(super) async fn mail_link(request: HttpRequest, app: App, code: web::Path<String>) -> Result<HttpResponse, Error> {
    app.limits.sign_in_from.count(&peer(&request, app.config.behind_proxy))?;
    let code = the_code(&code)?;
    let (now, site, page) = (app.clock.now(), app.config.public_url.clone(), format!("/k/{code}"));
    app.db
        .write(move |tx| {
            let Some(Lead::Kit(kit) | Lead::Replaced(kit)) = codes::lead(tx, &code)? else { return Ok(()) };
            let Some(loan) = evaluation_links::loan_of_kit(tx, kit.id)? else { return Ok(()) };
            let organisation = accounts::organisation(tx, kit.organisation_id)?;
            let by = By { organisation: organisation.id, person: None, now };
            evaluation_links::mail(tx, &Context { by, organisation, site: site.clone() }, loan.id)
        })
        .await?;
    Ok(see_other(&format!("{page}?klart=evaluation-link")))
}

/// A link on a page led here, and no camera: the browser says so where it can.
fn is_followed(request: &HttpRequest) -> bool {
    request.headers().get(header::HeaderName::from_static("sec-fetch-site")).is_some_and(|site| site != "none")
}

/// Where the scans of a series are listed.
fn list_of(series: &ScanSeries) -> String {
    match (series.stocktake_id, &series.shelf) {
        (Some(stocktake), Some(shelf)) => format!("/lager/inventering/{stocktake}?hylla={}", page::query_value(shelf)),
        (Some(stocktake), None) => format!("/lager/inventering/{stocktake}"),
        (None, _) => "/lager/skanna".to_owned(),
    }
}

fn label_page(request: &HttpRequest, who: &Visitor, known: KnownKit) -> LabelPage {
    let t = texts(request);
    let KnownKit { kit, owner, kit_type, mut inside, ideas, replaced } = known;
    let series = inside.as_mut().and_then(|inside| inside.series.take());
    let reader = if inside.is_some() { Reader::Colleague } else { Reader::Everyone };
    let mut page = LabelPage {
        t,
        page: Page::new(request, &kit_type.name),
        kit: kit_type.name.clone(),
        code: kit.code.to_string(),
        plain_code: kit.code.as_str().to_owned(),
        finder: None,
        status: None,
        facts: Vec::new(),
        actions: Vec::new(),
        notes: Vec::new(),
        get_started: kit_type.get_started.lines().map(str::to_owned).filter(|line| !line.trim().is_empty()).collect(),
        pieces: kit_type.contents.iter().map(|line| Piece::new(t, &kit_type, line)).collect(),
        tips: ideas.iter().filter_map(|evaluation| quote(evaluation, t, reader)).collect(),
        ideas: format!("/ideer?kit_type_id={}", kit_type.id),
        list: series.as_ref().map(list_of).unwrap_or_default(),
        series: series.filter(|_| !is_followed(request)),
    };
    if replaced {
        page.notes.push(match inside {
            Some(_) => t.v("labels-replaced", "code", kit.code.to_string()),
            None => t.s("labels-replaced-elsewhere"),
        });
    }
    if kit.retired_at.is_some() {
        page.notes.push(t.s("labels-retired"));
    }
    match (&who.0, inside) {
        (Some(person), Some(inside)) => {
            page.kit = format!("{} {}", kit_type.name, kit.copy);
            page.status = Some(wording::kit_status(t, inside.status.status));
            tell(&mut page, t, person, &kit, inside);
            let href = format!("/lador/{}", kit_type.id);
            page.actions.push(Action::link(href, "info", t.s("labels-do-kit-page"), false));
        }
        _ => {
            if who.0.is_none() {
                page.page.organisation = Some(owner.name.clone());
                page.page.contact = Some(owner.contact_email.clone()).filter(|contact| !contact.is_empty());
            }
            page.finder = Some(Owner::of(owner, who.0.is_none()));
        }
    }
    page
}

/// What those who belong to the kit's organisation are told: the warehouse everything, others what concerns them.
fn tell(page: &mut LabelPage, t: Texts, person: &Person, kit: &Kit, inside: Inside) {
    let Inside { status, hand_out, occasion, .. } = inside;
    let warehouse = person.is(Role::Warehouse);
    let fact = |key: &str, text: String| Fact { term: t.s(key), text };
    if warehouse && !status.shelf.is_empty() {
        page.facts.push(fact("labels-fact-shelf", status.shelf.clone()));
    }
    let loan = status.current_loan.filter(|loan| person.acts_for(loan.unit.id));
    if let Some(loan) = &loan {
        let with = match loan.status {
            Status::Reserved | Status::Ready => "labels-fact-for",
            Status::Out => "labels-fact-with",
            _ => "labels-fact-from",
        };
        page.facts.push(fact(with, loan.unit.name.clone()));
        if loan.received_at.is_none() {
            page.facts.push(fact("labels-fact-until", t.day(loan.last_day)));
        }
    }
    match (status.status, hand_out) {
        (KitStatus::Out, _) if warehouse => {
            page.actions.push(Action::scan(&kit.code, ScanAction::Receive, None, "box", t.s("labels-do-receive")));
        }
        (_, Some(Ok(loan))) => {
            let label = t.v("labels-do-hand-out", "unit", loan.unit.name);
            page.actions.push(Action::scan(&kit.code, ScanAction::HandOut, Some(loan.id), "truck", label));
        }
        (_, Some(Err(problem))) if problem.code == "scan.which_loan" => {
            let label = t.s("labels-do-choose");
            page.actions.push(Action::scan(&kit.code, ScanAction::HandOut, None, "truck", label));
        }
        (_, Some(Err(problem))) if problem.code == "loan.course_missing" => {
            page.notes.push(t.problem(&problem));
            let label = t.s("labels-do-course");
            page.actions.push(Action::scan(&kit.code, ScanAction::HandOut, None, "truck", label));
        }
        (_, Some(Err(problem))) => page.notes.push(t.problem(&problem)),
        _ => (),
    }
    if warehouse && kit.retired_at.is_none() {
        let code = kit.code.as_str();
        if status.status != KitStatus::Out {
            let href = format!("/lager/kontroll/{code}");
            page.actions.push(Action::link(href, "check", t.s("contents-do-check"), false));
        }
        page.actions.push(Action::link(format!("/lager/lada/{code}"), "clock", t.s("contents-do-kit"), false));
    }
    if let Some(loan) = loan {
        if let Some(occasion) = occasion.filter(|_| person.writes_for(loan.unit.id)) {
            let href = format!("/lan/{}/innehall", loan.id);
            page.actions.push(Action::link(href, "alert", t.s(&format!("contents-do-{occasion}")), false));
        }
        if wording::can_be_evaluated(&loan) && person.writes_for(loan.unit.id) {
            let href = wording::evaluation_page(&loan);
            page.actions.push(Action::link(href, "pencil", t.s("labels-do-evaluate"), !warehouse));
        }
        page.actions.push(Action::link(format!("/lan/{}", loan.id), "calendar", t.s("labels-do-loan"), false));
    }
}
