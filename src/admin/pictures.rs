//! The pictures of a kit type: add, describe, move, remove.

use crate::accounts::session::Admin;
use crate::admin::App;
use crate::kits::pictures::actions::{self, MOST_PICTURES, SavePicture, Shows};
use crate::kits::pictures::encode::{LARGEST_FILE, encode};
use crate::kits::pictures::views::PictureView;
use crate::kits::queries;
use crate::platform::error::{Error, Kind};
use crate::platform::ids::{ContentLineId, KitTypeId, PictureId};
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, FieldError, refused, summary};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::upload::limits;
use crate::platform::web::{heavy, texts};
use actix_multipart::form::MultipartForm;
use actix_multipart::form::bytes::Bytes;
use actix_multipart::form::text::Text;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;
use serde::Deserialize;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    let limits = limits(LARGEST_FILE, "picture.too_large");
    config
        .route("/admin/typer/{id}/bilder", web::get().to(show))
        .service(web::resource("/admin/bilder").app_data(limits).post(add))
        .route("/admin/bilder/{id}", web::post().to(change))
        .route("/admin/bilder/{id}/ta-bort", web::post().to(remove));
}

/// The fields of the form for a new picture, and their labels.
const FIELDS: [(&str, &str); 3] =
    [("alt", "admin-picture-alt"), ("file", "admin-picture-file"), ("content_line_id", "admin-picture-shows")];

#[derive(Template)]
#[template(path = "admin/pictures.html")]
struct PicturesPage {
    t: Texts,
    page: Page,
    id: KitTypeId,
    back: String,
    name: String,
    pictures: Vec<(PictureView, Vec<Choice>)>,
    full: Option<String>,
    errors: Vec<FieldError>,
    alt: Field,
    file: Field,
    shows: Vec<Choice>,
}

async fn pictures(
    request: &HttpRequest,
    app: &App,
    who: &Admin,
    id: KitTypeId,
    sent: &Shows,
    (errors, builder): (Errors, HttpResponseBuilder),
) -> Result<HttpResponse, Error> {
    let t = texts(request);
    let organisation = who.organisation_id();
    let kind = app.db.read(move |conn| queries::find_kit_type(conn, organisation, id)).await?;
    let kind = kind.filter(|kind| !kind.retired).ok_or_else(|| Error::not_found("kit_type.not_found"))?;
    let parts = kind.contents.iter().filter_map(|line| Some((line.id?, line.name.as_str())));
    let parts: Vec<(ContentLineId, &str)> = parts.collect();
    let shows = |part: Option<ContentLineId>| {
        let whole = Choice { value: String::new(), label: t.s("admin-picture-whole"), checked: part.is_none() };
        let of_part = |&(id, name): &(ContentLineId, &str)| Choice {
            value: id.to_string(),
            label: name.to_owned(),
            checked: part == Some(id),
        };
        std::iter::once(whole).chain(parts.iter().map(of_part)).collect::<Vec<_>>()
    };
    let whole = kind.pictures.iter().filter(|picture| picture.content_line_id.is_none()).count();
    let full = whole >= MOST_PICTURES && parts.len() <= kind.pictures.len() - whole;
    let page = PicturesPage {
        t,
        page: Page::new(request, &t.v("admin-pictures-of", "name", kind.name.as_str())),
        id,
        back: format!("/admin/typer/{id}"),
        name: kind.name,
        full: full.then(|| t.v("admin-pictures-full", "most", MOST_PICTURES)),
        shows: shows(sent.content_line_id),
        pictures: kind.pictures.iter().map(|picture| (picture.clone(), shows(picture.content_line_id))).collect(),
        alt: errors.field("alt", sent.alt.as_str()),
        file: errors.field("file", ""),
        errors: summary(errors, t, &FIELDS),
    };
    Ok(page::html(builder, &page))
}

async fn show(request: HttpRequest, app: App, who: Admin, id: web::Path<KitTypeId>) -> Result<HttpResponse, Error> {
    pictures(&request, &app, &who, *id, &Shows::default(), (Errors::default(), HttpResponse::Ok())).await
}

#[derive(MultipartForm)]
struct Upload {
    kit_type: Text<KitTypeId>,
    alt: Option<Text<String>>,
    content_line_id: Option<Text<String>>,
    file: Option<Bytes>,
}

async fn add(
    request: HttpRequest,
    app: App,
    who: Admin,
    MultipartForm(upload): MultipartForm<Upload>,
) -> Result<HttpResponse, Error> {
    let (id, by) = (upload.kit_type.into_inner(), who.by(app.clock.now()));
    let shows = Shows {
        alt: upload.alt.map(Text::into_inner).unwrap_or_default(),
        content_line_id: part(upload.content_line_id.map(Text::into_inner).unwrap_or_default().as_str())?,
    };
    let done = async {
        let (name, bytes) = upload.file.map(|file| (file.file_name, file.data)).unwrap_or_default();
        let encoded = heavy::run(move || encode(&bytes)).await?;
        let encoded = encoded.map_err(|unfit| unfit.told("file", name.unwrap_or_default().into()))?;
        let shows = shows.clone();
        app.db.write(move |tx| actions::add(tx, by, id, &shows, &encoded)).await
    };
    match done.await {
        Ok(_) => Ok(see_other(&format!("/admin/typer/{id}/bilder?klart=picture-added"))),
        Err(error) => pictures(&request, &app, &who, id, &shows, refused(error, texts(&request))?).await,
    }
}

/// The line of the contents list that was chosen: none stands for the whole kit.
///
/// # Errors
/// `request.malformed`.
fn part(sent: &str) -> Result<Option<ContentLineId>, Error> {
    let id = |_| Error::new(Kind::Malformed, "request.malformed");
    (!sent.is_empty()).then(|| sent.parse().map_err(id)).transpose()
}

/// What the form under a picture sends; `earlier` and `later` are buttons.
#[derive(Deserialize)]
struct Changed {
    kit_type: KitTypeId,
    alt: String,
    #[serde(default)]
    content_line_id: String,
    position: usize,
    #[serde(rename = "move")]
    moved: Option<String>,
}

async fn change(
    request: HttpRequest,
    app: App,
    who: Admin,
    id: web::Path<PictureId>,
    sent: web::Form<Changed>,
) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    let position = match sent.moved.as_deref() {
        Some("earlier") => sent.position.saturating_sub(1),
        Some("later") => sent.position.saturating_add(1),
        _ => sent.position,
    };
    let content_line_id = part(&sent.content_line_id)?;
    let save = SavePicture { alt: sent.alt.clone(), position: Some(position), content_line_id };
    match app.db.write(move |tx| actions::change(tx, by, *id, &save)).await {
        Ok(_) => Ok(see_other(&format!("/admin/typer/{}/bilder?klart=saved", sent.kit_type))),
        Err(error) => {
            pictures(&request, &app, &who, sent.kit_type, &Shows::default(), refused(error, texts(&request))?).await
        }
    }
}

#[derive(Deserialize)]
struct Of {
    kit_type: KitTypeId,
}

async fn remove(app: App, who: Admin, id: web::Path<PictureId>, of: web::Form<Of>) -> Result<HttpResponse, Error> {
    let by = who.by(app.clock.now());
    app.db.write(move |tx| actions::remove(tx, by, *id)).await?;
    Ok(see_other(&format!("/admin/typer/{}/bilder?klart=picture-removed", of.kit_type)))
}
