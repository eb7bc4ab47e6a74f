//! Files in `assets/static`, inside the binary, under addresses that change with their contents.

use crate::platform::error::Error;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use rust_embed::RustEmbed;
use std::collections::HashMap;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "assets/static/"]
struct Files;

/// How much of the fingerprint stands in the address, in bytes.
const FINGERPRINT: usize = 8;

/// The fingerprint of every file.
static FINGERPRINTS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    Files::iter()
        .filter_map(|name| {
            let hash = Files::get(&name)?.metadata.sha256_hash();
            let text = hash.iter().take(FINGERPRINT).map(|byte| format!("{byte:02x}")).collect();
            Some((name.into_owned(), text))
        })
        .collect()
});

/// The address of a file: `/static/<fingerprint>/<name>`.
pub fn address(name: &str) -> String {
    let fingerprint = FINGERPRINTS.get(name).map_or("-", String::as_str);
    format!("/static/{fingerprint}/{name}")
}

/// Sends a file; a browser may keep it for ever, since another content has another address. Files that style sheets
/// name relative to themselves are found under the style sheet's fingerprint.
pub async fn serve(path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, name) = path.into_inner();
    let file = Files::get(&name).ok_or_else(|| Error::not_found("request.no_such_page"))?;
    Ok(HttpResponse::Ok()
        .content_type(file.metadata.mimetype())
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(file.data.into_owned()))
}
