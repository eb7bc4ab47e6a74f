//! The files of pictures, for those who are signed in.

use crate::accounts::session::SignedIn;
use crate::kits::pictures::encode::Size;
use crate::kits::pictures::store;
use crate::platform::error::Error;
use crate::platform::ids::PictureId;
use crate::platform::state::AppState;
use crate::platform::web::header_text;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

/// The routes of this feature.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/bilder/{id}/{file}", web::get().to(file));
}

/// A picture in a size. Its browser may keep it for ever, since another picture has another address; caches that several
/// people share may not.
async fn file(
    request: HttpRequest,
    app: web::Data<AppState>,
    who: SignedIn,
    path: web::Path<(PictureId, String)>,
) -> Result<HttpResponse, Error> {
    let (id, name) = path.into_inner();
    let not_found = || Error::not_found("picture.not_found");
    let size = Size::ALL.into_iter().find(|size| name == format!("{}.jpg", size.edge())).ok_or_else(not_found)?;
    let organisation = who.organisation_id();
    let file = app.db.read(move |conn| store::file(conn, organisation, id, size)).await?.ok_or_else(not_found)?;
    let tag = format!("\"{id}-{}\"", size.edge());
    let kept = header_text(&request, header::IF_NONE_MATCH).contains(&tag);
    let mut answer = if kept { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((header::CACHE_CONTROL, "private, max-age=31536000, immutable"))
        .insert_header((header::ETAG, tag));
    Ok(if kept { answer.finish() } else { answer.content_type("image/jpeg").body(file) })
}
