//! Who uses the server: programs with a token, and people with a browser.

use reqwest::header::{HeaderMap, HeaderValue, LOCATION, ORIGIN};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;
use std::sync::Arc;

/// A client that trusts nobody's certificates: the servers of the tests speak plainly, on loopback.
pub fn client() -> reqwest::ClientBuilder {
    let provider = rustls::crypto::ring::default_provider();
    let plain = rustls::ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    // A test that looks at pictures for long would come back to connections that the server has closed.
    Client::builder().tls_backend_preconfigured(plain).pool_max_idle_per_host(0)
}

/// A client of the API, with a person's token or none.
#[derive(Clone)]
pub struct Actor {
    http: Client,
    base: String,
    name: Option<String>,
    headers: HeaderMap,
}

impl Actor {
    /// The person whose token is `dgl_<name>`.
    pub fn new(base: &str, name: Option<&str>) -> Self {
        let mut headers = HeaderMap::new();
        if let Some(name) = name {
            headers.insert("authorization", format!("Bearer dgl_{name}").parse().unwrap());
        }
        Self { http: client().build().unwrap(), base: base.to_owned(), name: name.map(str::to_owned), headers }
    }

    /// The name that secrets are made from.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The same, sending this header with every request.
    pub fn with(&self, name: &'static str, value: &str) -> Self {
        let mut changed = self.clone();
        changed.headers.insert(name, HeaderValue::from_str(value).unwrap());
        changed
    }

    /// A request to be filled in; `path` begins below `/api/v1`.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/api/v1{path}", self.base)).headers(self.headers.clone())
    }

    /// Sends `GET`.
    pub async fn get(&self, path: &str) -> Reply {
        Reply::of(self.request(Method::GET, path)).await
    }

    /// Sends `POST` with a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        Reply::of(self.request(Method::POST, path).json(&body)).await
    }

    /// Sends `PUT` with a JSON body.
    pub async fn put(&self, path: &str, body: Value) -> Reply {
        Reply::of(self.request(Method::PUT, path).json(&body)).await
    }

    /// Sends `DELETE`.
    pub async fn delete(&self, path: &str) -> Reply {
        Reply::of(self.request(Method::DELETE, path)).await
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    /// The body as it came.
    pub bytes: Vec<u8>,
    /// The body as JSON; null when it is none.
    pub json: Value,
}

impl Reply {
    /// Sends a request and reads the answer.
    pub async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        let json = serde_json::from_slice(&bytes).unwrap_or_default();
        Self { status, headers, bytes, json }
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// A header; empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The code of a problem; empty when it is none.
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    /// The wrong fields of a problem, as `field: code`.
    pub fn wrong_fields(&self) -> Vec<String> {
        let errors = self.json["errors"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        errors.iter().map(|error| format!("{}: {}", text(&error["field"]), text(&error["code"]))).collect()
    }

    /// The body of a 200.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        self.json
    }

    /// The id in the body of a 201.
    #[track_caller]
    pub fn created(self) -> String {
        assert_eq!(self.status, 201, "{}", self.text());
        self.json["id"].as_str().expect("an id").to_owned()
    }

    /// Fails unless the answer is this problem.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert!(!self.json["detail"].as_str().unwrap_or_default().starts_with("error-"), "{code} has no text");
    }

    /// Fails unless exactly these fields are wrong, as `field: code`.
    #[track_caller]
    pub fn wrong(&self, fields: &[&str]) {
        self.refused(422, "request.invalid");
        assert_eq!(self.wrong_fields(), fields, "{}", self.text());
    }

    /// Where a page sends the browser on to.
    #[track_caller]
    pub fn location(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.text());
        self.header(LOCATION.as_str())
    }
}

/// A browser: keeps cookies, and says where its forms come from. It goes nowhere by itself.
#[derive(Clone)]
pub struct Browser {
    /// The client under it, for requests that a browser would not make.
    pub http: Client,
    base: String,
}

impl Browser {
    /// A browser in which the person whose session is `session-<name>` is signed in, or nobody.
    pub fn new(base: &str, name: Option<&str>) -> Self {
        let jar = reqwest::cookie::Jar::default();
        if let Some(name) = name {
            jar.add_cookie_str(&format!("digilador=session-{name}; Path=/"), &base.parse().unwrap());
        }
        let http = client().cookie_provider(Arc::new(jar)).redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { http, base: base.to_owned() }
    }

    /// A request to be filled in.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base)).header("accept-language", "sv")
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Reply {
        Reply::of(self.request(Method::GET, path)).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        Reply::of(self.request(Method::POST, path).header(ORIGIN, &self.base).form(form)).await
    }
}
