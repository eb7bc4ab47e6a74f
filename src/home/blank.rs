//! The page of a label that was printed in advance: whoever looks after kits puts it on one, or on a new one.

use super::label::{Owner, the_code};
use crate::accounts::rules::Role;
use crate::accounts::session::{Keeper, Person};
use crate::accounts::store::Organisation;
use crate::kits::actions::{AddKit, add_kit};
use crate::kits::code::Code;
use crate::kits::codes;
use crate::kits::queries as kits;
use crate::labels::queries::{self as labels, KitToLabel, Wanted};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Kind};
use crate::platform::events::By;
use crate::platform::ids::KitTypeId;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, Sent};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use askama::Template;

type App = web::Data<AppState>;

/// The most kits to choose from; a type narrows them.
const MOST: i64 = 100;

#[derive(Template)]
#[template(path = "labels/blank.html")]
struct BlankPage {
    t: Texts,
    page: Page,
    code: String,
    finder: Option<Owner>,
    kit_types: Vec<Choice>,
    /// The type that the kits are narrowed to, if they are.
    chosen: Option<Choice>,
    kits: Vec<Row>,
    kit: Field,
    errors: Vec<FieldError>,
}

/// A kit to choose.
struct Row {
    code: String,
    name: String,
    shelf: String,
    without: bool,
    ticked: bool,
}

impl Row {
    fn new(kit: KitToLabel, chosen: &str) -> Self {
        let code = kit.code.to_string();
        Self { ticked: chosen == code, code, name: kit.name, shelf: kit.shelf, without: kit.printed_at.is_none() }
    }
}

/// The page, for whoever scanned the label. `sent` is what was chosen so far, and what was wrong with it.
pub(super) async fn page(
    request: &HttpRequest,
    app: &App,
    who: Option<&Person>,
    code: &Code,
    owner: Organisation,
    (sent, error): (&Sent, Option<Error>),
) -> Result<HttpResponse, Error> {
    let t = texts(request);
    let keeper = who.is_some_and(|person| {
        person.organisation_id() == owner.id && (person.is(Role::Warehouse) || person.is(Role::Admin))
    });
    let builder = error.as_ref().map_or_else(HttpResponse::Ok, |error| HttpResponse::build(error.status_code()));
    let errors = error.map(|error| told(error, t)).transpose()?.unwrap_or_default();
    let kit_type: Option<KitTypeId> = sent.text("kit_type_id").parse().ok();
    let (mut kits, types) = if keeper {
        let organisation = owner.id;
        app.db
            .read(move |conn| {
                // Those that have a label already are found by their type.
                let wanted = Wanted { kit_type, unprinted: kit_type.is_none(), ..Wanted::default() };
                Ok((labels::kits_to_label(conn, organisation, &wanted, MOST)?, kits::names(conn, organisation)?))
            })
            .await?
    } else {
        (Vec::new(), Vec::new())
    };
    kits.sort_by_key(|kit| kit.printed_at.is_some());
    let kit_types: Vec<Choice> = types
        .into_iter()
        .map(|(id, label)| Choice { value: id.to_string(), label, checked: kit_type == Some(id) })
        .collect();
    Ok(page::html(
        builder,
        &BlankPage {
            t,
            page: Page::new(request, &t.s("labels-blank")),
            code: code.to_string(),
            finder: (!keeper).then(|| Owner::of(owner, who.is_none())),
            chosen: kit_types.iter().find(|kind| kind.checked).cloned(),
            kit_types,
            kits: kits.into_iter().map(|kit| Row::new(kit, sent.text("chosen"))).collect(),
            kit: errors.field("kit", sent.text("kit")),
            errors: errors.0,
        },
    ))
}

/// What is wrong with the kit that was chosen.
fn told(error: Error, t: Texts) -> Result<Errors, Error> {
    match error {
        Error::Problem(problem) if problem.fields.is_empty() && problem.kind != Kind::Forbidden => {
            Ok(Errors(vec![FieldError { field: "kit".to_owned(), text: t.problem(&problem) }]))
        }
        other => Errors::of(other, t),
    }
}

/// Where the label goes.
#[derive(Clone, Copy)]
enum Target {
    Kit(Code),
    /// A new kit of that type.
    New(KitTypeId),
}

impl Target {
    fn of(sent: &Sent) -> Result<Self, Error> {
        if sent.has("new", "yes") {
            let kit_type = sent.text("kit_type_id").parse();
            return kit_type.map(Self::New).map_err(|_| Error::invalid("kit_type_id", "kit_type.not_found"));
        }
        let typed = Some(sent.text("kit").trim()).filter(|typed| !typed.is_empty());
        let kit = typed.unwrap_or_else(|| sent.text("chosen"));
        if kit.is_empty() {
            return Err(Error::invalid("kit", "label.which_kit"));
        }
        Code::parse(kit).map(Self::Kit).map_err(|_| Error::invalid("kit", "code.not_a_code"))
    }

    /// Puts the label there. A kit without another label goes by this one's code from now on.
    fn put(self, tx: &mut Tx<'_>, by: By, code: &Code) -> Result<(), Error> {
        let (kit, own) = match self {
            Self::Kit(kit) => (kit, !labels::has_label(tx, by.organisation, &kit)?),
            Self::New(kit_type_id) => (add_kit(tx, by, &AddKit { kit_type_id, copy: None, shelf: None })?.code, true),
        };
        codes::bind(tx, by, code, &kit, own).map(drop)
    }
}

/// Puts a label that was printed in advance on a kit.
pub(super) async fn bind(
    request: HttpRequest,
    app: App,
    who: Keeper,
    code: web::Path<String>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (by, code) = (who.by(app.clock.now()), the_code(&code)?);
    let lead = app.db.read(move |conn| codes::lead(conn, &code)).await?;
    if lead.is_none_or(|lead| lead.organisation() != by.organisation) {
        return Err(Error::not_found("code.unknown").arg("code", code.to_string()));
    }
    let done = async {
        let target = Target::of(&sent)?;
        app.db.write(move |tx| target.put(tx, by, &code)).await
    };
    match done.await {
        Ok(()) => Ok(see_other(&format!("/k/{}?klart=code-bound", code.as_str()))),
        Err(error) => page(&request, &app, Some(&who), &code, who.organisation.clone(), (&sent, Some(error))).await,
    }
}
