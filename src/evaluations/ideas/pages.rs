//! The idea bank's pages: for those who are signed in, and for everyone where the organisation wants that.

use crate::accounts::rules::Role;
use crate::accounts::session::{Releaser, Visitor};
use crate::evaluations::ideas::actions;
use crate::evaluations::ideas::queries::{self, IdeaFilter};
use crate::evaluations::ideas::views::{IdeaBank, IdeaView};
use crate::evaluations::queries as evaluations;
use crate::evaluations::reading::view::narrowing;
use crate::evaluations::search::query::AGES;
use crate::platform::db::connection::Conn;
use crate::platform::error::{Error, Kind};
use crate::platform::ids::{IdeaId, OrganisationId};
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Sent};
use crate::platform::web::page::{self, Page, query_value, see_other};
use crate::platform::web::paging::Paging;
use crate::platform::web::texts;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

type App = web::Data<AppState>;

/// The routes of this part.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/ideer", web::get().to(list))
        .route("/ideer", web::post().to(open))
        .route("/ideer/{id}", web::get().to(one));
}

#[derive(Template)]
#[template(path = "ideas/list.html")]
struct ListPage {
    t: Texts,
    page: Page,
    kit_types: Vec<Choice>,
    ages: Vec<Choice>,
    narrowed: bool,
    ideas: Vec<Card>,
    newer: Option<String>,
    older: Option<String>,
    /// Whether everyone may read it, for those who decide that.
    public: Option<bool>,
}

/// An idea in the list.
struct Card {
    href: String,
    kit: String,
    from: String,
    text: String,
    ages: String,
}

#[derive(Template)]
#[template(path = "ideas/one.html")]
struct OnePage {
    t: Texts,
    page: Page,
    idea: IdeaView,
    from: String,
    /// Where the kit can be reserved, for those who may.
    kit_href: Option<String>,
}

/// Fields left empty narrow nothing, nor do wrong ones.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Wanted {
    kit_type_id: String,
    age: String,
    cursor: Option<String>,
}

/// The organisations whose ideas a visitor may read.
///
/// # Errors
/// `auth.signed_out` when there are none.
fn readable(conn: &mut Conn, own: Option<OrganisationId>) -> Result<Vec<OrganisationId>, Error> {
    let organisations = match own {
        Some(own) => vec![own],
        None => queries::public_banks(conn)?,
    };
    if organisations.is_empty() { Err(Error::new(Kind::SignedOut, "auth.signed_out")) } else { Ok(organisations) }
}

async fn list(request: HttpRequest, app: App, who: Visitor, wanted: web::Query<Wanted>) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let cursor = wanted.cursor.clone().filter(|cursor| cursor.parse::<IdeaId>().is_ok());
    let filter = IdeaFilter {
        kit_type_id: wanted.kit_type_id.parse().ok(),
        age: Some(wanted.age.clone()).filter(|age| !age.is_empty()),
    };
    let narrowed = filter.kit_type_id.is_some() || filter.age.is_some();
    let paging = Paging { limit: None, cursor: cursor.clone() };
    let own = who.0.as_ref().map(|person| person.organisation_id());
    let decides = who.0.as_ref().is_some_and(|person| person.is(Role::Developer) || person.is(Role::Admin));
    let (ideas, types, form, bank) = app
        .db
        .read(move |conn| {
            let organisations = readable(conn, own)?;
            let mut ideas = queries::list(conn, &organisations, &filter, &paging, t.lang)?;
            if own.is_none() {
                ideas = ideas.map(IdeaView::for_everyone);
            }
            let mut types = Vec::new();
            for organisation in &organisations {
                types.extend(evaluations::kit_types(conn, *organisation)?);
            }
            let form = match organisations.first() {
                Some(organisation) => Some(evaluations::newest_form(conn, *organisation, t.lang)?),
                None => None,
            };
            let bank = match own.filter(|_| decides) {
                Some(own) => Some(queries::bank(conn, own)?),
                None => None,
            };
            Ok((ideas, types, form, bank))
        })
        .await?;
    let said = [("kit_type_id", &wanted.kit_type_id), ("age", &wanted.age)];
    let said = said.into_iter().filter(|(_, value)| !value.is_empty());
    let said: Vec<String> = said.map(|(name, value)| format!("{name}={}", query_value(value))).collect();
    let address = if said.is_empty() { "/ideer".to_owned() } else { format!("/ideer?{}", said.join("&")) };
    let (newer, older) = page::list_pages(&address, cursor.as_deref(), ideas.next.as_deref());
    let ages = form.iter().flat_map(|form| &form.questions).find(|question| question.id == AGES);
    let ages = ages.into_iter().flat_map(|question| &question.options);
    let ages = ages.map(|option| (option.value.to_string(), option.label.clone())).collect();
    let types = types.into_iter().map(|one| (one.id.to_string(), one.name)).collect();
    Ok(page::ok(&ListPage {
        t,
        page: Page::new(&request, &t.s("ideas")),
        kit_types: narrowing(t.s("evaluations-all-types"), types, &wanted.kit_type_id),
        ages: narrowing(t.s("reading-any"), ages, &wanted.age),
        narrowed,
        ideas: ideas.items.iter().map(|idea| card(idea, t)).collect(),
        newer,
        older,
        public: bank.map(|bank| bank.public),
    }))
}

fn card(idea: &IdeaView, t: Texts) -> Card {
    let ages = idea.answers.iter().find(|answer| answer.question_id == AGES);
    Card {
        href: format!("/ideer/{}", idea.id),
        kit: idea.kit_type.name.clone(),
        from: from(idea, t),
        text: idea.telling().to_owned(),
        ages: ages.map(|answer| answer.text.clone()).unwrap_or_default(),
    }
}

/// Who wrote it, if they want that told, and in which month.
fn from(idea: &IdeaView, t: Texts) -> String {
    let unit = idea.unit.clone().unwrap_or_else(|| t.s("ideas-a-preschool"));
    format!("{unit}, {}", t.month(idea.month))
}

async fn one(request: HttpRequest, app: App, who: Visitor, id: web::Path<IdeaId>) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let own = who.0.as_ref().map(|person| person.organisation_id());
    let (idea, inside) = app
        .db
        .read(move |conn| {
            // A link to a public idea works for everyone, also for those who are signed in elsewhere.
            let organisations: Vec<OrganisationId> = match own {
                Some(own) => queries::public_banks(conn)?.into_iter().chain([own]).collect(),
                None => readable(conn, None)?,
            };
            let (idea, whose) = queries::one(conn, &organisations, *id, t.lang)?;
            let inside = own == Some(whose);
            Ok((if inside { idea } else { idea.for_everyone() }, inside))
        })
        .await?;
    Ok(page::ok(&OnePage {
        t,
        page: Page::new(&request, &t.v("ideas-idea", "kit", idea.kit_type.name.as_str())),
        from: from(&idea, t),
        kit_href: inside.then(|| format!("/lador/{}", idea.kit_type.id)),
        idea,
    }))
}

async fn open(app: App, who: Releaser, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let (by, bank) = (who.by(app.clock.now()), IdeaBank { public: sent.has("public", "yes") });
    app.db.write(move |tx| actions::open(tx, by, bank)).await?;
    Ok(see_other("/ideer?klart=idea-bank"))
}
