//! What every page has around its contents, and how a page is sent.

use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::{assets, texts};
use actix_web::http::header;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;

/// The frame of a page. Templates know it as `page`.
pub struct Page {
    /// The page's name, for the browser's tab.
    pub title: String,
    /// Its language, as HTML names it.
    pub lang: &'static str,
    /// Whose installation this is.
    pub organisation: Option<String>,
    /// Whom to ask.
    pub contact: Option<String>,
    /// Who is signed in.
    pub person: Option<String>,
    /// Their id, by which their device tells their scans from another's.
    pub person_id: Option<String>,
    /// The ways on.
    pub nav: Vec<NavItem>,
    /// They have accounts in several organisations.
    pub may_switch: bool,
    /// What has just happened.
    pub flash: Option<Flash>,
    /// What else the reader should know here.
    pub notices: Vec<Notice>,
    /// This is the demo.
    pub demo: bool,
    /// Where the reader is, to come back to after changing the language.
    pub path: String,
}

/// Somebody signed in, as far as the frame of a page shows it. Who recognises them leaves it with the request.
#[derive(Clone)]
pub struct Reader {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Whose installation this is.
    pub organisation: String,
    /// Whom to ask.
    pub contact: Option<String>,
    /// The ways on.
    pub nav: Vec<NavItem>,
    /// They have accounts in several organisations.
    pub may_switch: bool,
}

/// A link in the head of the page.
#[derive(Clone)]
pub struct NavItem {
    /// Where it leads.
    pub href: &'static str,
    /// What it says.
    pub label: String,
    /// The reader is there.
    pub current: bool,
}

/// Something that the reader should know, and where to go for it. A feature leaves them with the request, for pages that
/// are not its own.
#[derive(Debug, Clone)]
pub struct Notice {
    /// What it says.
    pub text: String,
    /// What the link says.
    pub link: String,
    /// Where it leads.
    pub href: String,
}

/// Word of what has just happened.
pub struct Flash {
    /// `success`, `info`, `warning` or `danger`.
    pub kind: &'static str,
    /// What it says.
    pub text: String,
}

impl Page {
    /// The frame for the one who asks.
    pub fn new(request: &HttpRequest, title: &str) -> Self {
        let t = texts(request);
        let demo = request.app_data::<web::Data<AppState>>().is_some_and(|app| app.config.demo);
        let reader = request.extensions().get::<Reader>().cloned();
        let may_switch = reader.as_ref().is_some_and(|reader| reader.may_switch);
        let person_id = reader.as_ref().map(|reader| reader.id.clone());
        let (person, organisation, contact, nav) = match reader {
            Some(reader) => (Some(reader.name), Some(reader.organisation), reader.contact, reader.nav),
            None => (None, None, None, Vec::new()),
        };
        Self {
            title: title.to_owned(),
            lang: t.lang.as_str(),
            organisation,
            contact,
            person,
            person_id,
            nav,
            may_switch,
            flash: flash(request, t),
            notices: request.extensions().get::<Vec<Notice>>().cloned().unwrap_or_default(),
            demo,
            path: request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        }
    }

    /// The address of a file in `assets/static`, with its fingerprint.
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }
}

/// After a form, the next page is asked for with `?klart=what`; only known words are shown.
fn flash(request: &HttpRequest, t: Texts) -> Option<Flash> {
    let query = web::Query::<std::collections::HashMap<String, String>>::from_query(request.query_string()).ok()?;
    let done = query.get("klart").filter(|done| done.chars().all(|c| c.is_ascii_lowercase() || c == '-'))?;
    t.find(&format!("flash-{done}")).map(|text| Flash { kind: "success", text })
}

/// Sends a page. A page is never kept by a cache: the next reader may be another person.
pub fn html(mut builder: HttpResponseBuilder, template: &impl Template) -> HttpResponse {
    match template.render() {
        Ok(body) => builder
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(body),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// Sends a PDF to be shown by the browser.
pub fn pdf(file: Vec<u8>, name: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")))
        .body(file)
}

/// Sends a page that was asked for and found.
pub fn ok(template: &impl Template) -> HttpResponse {
    html(HttpResponse::Ok(), template)
}

/// Sends the browser on after a form.
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, path)).finish()
}

/// A value as it stands in a query string.
pub fn query_value(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The addresses of the first page of a list and of the one after this, as far as there are any. `path` has what the
/// list is narrowed to, as in `/admin/enheter?q=lyktan`.
pub fn list_pages(path: &str, cursor: Option<&str>, next: Option<&str>) -> (Option<String>, Option<String>) {
    let joint = if path.contains('?') { '&' } else { '?' };
    let next = next.map(|next| format!("{path}{joint}cursor={}", query_value(next)));
    (cursor.map(|_| path.to_owned()), next)
}

/// An address, or only its query, that says what was done: the page shows the text `flash-…` of it.
pub fn and_done(address: &str, done: &str) -> String {
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}klart={done}")
}

/// A path on this server to go on to; anything else becomes the start page, so that no link leads people away.
/// Browsers drop tabs and line ends from an address before they look where it leads.
pub fn local_path(path: &str) -> &str {
    let local =
        path.starts_with('/') && !path.starts_with("//") && !path.contains(|c: char| c == '\\' || c.is_control());
    if local { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_server_are_followed() {
        assert_eq!(local_path("/vara-lan?klart=x"), "/vara-lan?klart=x");
        for away in
            ["https://evil.example", "//evil.example", "/\\evil.example", "", "vara-lan", "/a\r\nb", "/\t/evil.example"]
        {
            assert_eq!(local_path(away), "/", "{away}");
        }
    }

    #[test]
    fn query_values_are_escaped() {
        assert_eq!(query_value("/a?b=å&c"), "/a%3Fb%3D%C3%A5%26c");
    }
}
