//! Files in `assets/static`, inside the binary, under addresses that change with their contents.

use crate::platform::error::Error;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
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

/// What the scan page is made of, which its service worker keeps on the phone.
const KEPT: &[&str] = &[
    "favicon.svg",
    "fonts/inter.css",
    "digilador.css",
    "vendor/designsystemet/theme.css",
    "vendor/designsystemet/designsystemet.css",
    "digilador.js",
    "queue.js",
    "known.js",
    "scan.js",
    "scanner.js",
    "stocktake.js",
    "decoder.js",
    "vendor/zxing/zxing-reader.js",
    "vendor/zxing/zxing_reader.wasm",
    "icons.svg",
    "mark.svg",
    "manifest.webmanifest",
    "icon-192.png",
];
/// Those of them that a style sheet names: they are found under its fingerprint.
const KEPT_FONTS: &[&str] = &["fonts/inter-latin.woff2", "fonts/inter-latin-ext.woff2"];

/// The service worker: `sw.js` after the addresses of what it keeps. It is another one as soon as a file is.
static SERVICE_WORKER: LazyLock<String> = LazyLock::new(|| {
    let style_sheet = address("fonts/inter.css");
    let beside = style_sheet.trim_end_matches("fonts/inter.css");
    let fonts = KEPT_FONTS.iter().map(|font| format!("{beside}{font}"));
    let files: Vec<String> = KEPT.iter().map(|name| address(name)).chain(fonts).collect();
    let code = Files::get("sw.js").map(|file| file.data.into_owned()).unwrap_or_default();
    let code = String::from_utf8_lossy(&code);
    let version: String =
        Sha256::digest(files.join("\n")).iter().take(FINGERPRINT).map(|byte| format!("{byte:02x}")).collect();
    format!("const VERSION = {version:?};\nconst FILES = {files:?};\n{code}")
});

/// Sends the service worker. Its address stays, so browsers ask each time.
pub async fn service_worker() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(SERVICE_WORKER.as_str())
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
