//! Signing in and out, and choosing a language.

use crate::accounts::queries;
use crate::accounts::rules;
use crate::accounts::secrets;
use crate::accounts::session::{self, SignedIn};
use crate::accounts::sign_in::{self, Session, Typed};
use crate::accounts::store;
use crate::platform::error::{Error, Fault, FieldError};
use crate::platform::ids::{PersonId, SignInId};
use crate::platform::state::AppState;
use crate::platform::text::{Lang, Texts};
use crate::platform::web::forms::{Errors, Field};
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::{LANGUAGE_COOKIE, peer, texts};
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

type App = web::Data<AppState>;

/// Remembers between mail and code which sign-in is meant, and where to go afterwards.
const SIGN_IN_COOKIE: &str = "sign_in";
const ONWARD_COOKIE: &str = "vidare";

/// The routes of this feature.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/logga-in", web::get().to(ask_email))
        .route("/logga-in", web::post().to(send_code))
        .route("/logga-in/kod", web::post().to(enter_code))
        .route("/logga-in/{token}", web::get().to(confirm_link))
        .route("/logga-in/{token}", web::post().to(follow_link))
        .route("/logga-ut", web::post().to(sign_out))
        .route("/byt-organisation", web::get().to(choose_organisation))
        .route("/byt-organisation", web::post().to(switch))
        .route("/sprak", web::post().to(choose_language));
}

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
struct SignInPage {
    t: Texts,
    page: Page,
    email: Field,
    errors: Vec<crate::platform::web::forms::FieldError>,
}

#[derive(Template)]
#[template(path = "accounts/enter_code.html")]
struct EnterCodePage {
    t: Texts,
    page: Page,
    email: String,
    code: Field,
    minutes: i64,
    errors: Vec<crate::platform::web::forms::FieldError>,
}

#[derive(Template)]
#[template(path = "accounts/confirm_link.html")]
struct ConfirmLinkPage {
    t: Texts,
    page: Page,
    token: String,
}

#[derive(Template)]
#[template(path = "accounts/choose_organisation.html")]
struct ChooseOrganisationPage {
    t: Texts,
    page: Page,
    accounts: Vec<(PersonId, String)>,
}

#[derive(Deserialize)]
struct Onward {
    vidare: Option<String>,
}

/// Cookies are decoded when they are read, and so they are encoded here.
fn cookie(app: &App, name: &'static str, value: &str, age: Duration) -> Cookie<'static> {
    Cookie::build(name, page::query_value(value))
        .path("/")
        .http_only(true)
        .secure(app.config.over_tls())
        .same_site(SameSite::Lax)
        .max_age(age)
        .finish()
}

fn forget(app: &App, name: &'static str) -> Cookie<'static> {
    cookie(app, name, "", Duration::ZERO)
}

async fn ask_email(request: HttpRequest, app: App, onward: web::Query<Onward>) -> HttpResponse {
    let t = texts(&request);
    let mut response = page::ok(&SignInPage {
        t,
        page: Page::new(&request, &t.s("accounts-sign-in")),
        email: Field::default(),
        errors: Vec::new(),
    });
    if let Some(path) = &onward.vidare {
        let kept = cookie(&app, ONWARD_COOKIE, page::local_path(path), Duration::hours(1));
        // A cookie that cannot be set only means landing on the start page.
        let _ = response.add_cookie(&kept);
    }
    response
}

#[derive(Deserialize)]
struct EmailForm {
    email: String,
}

async fn send_code(request: HttpRequest, app: App, form: web::Form<EmailForm>) -> Result<HttpResponse, Error> {
    let t = texts(&request);
    let email = match rules::email("email", &form.email) {
        Ok(email) => email,
        Err(wrong) => {
            let errors = Errors::of(Error::invalid_fields(vec![wrong]), t)?;
            return Ok(page::html(
                HttpResponse::UnprocessableEntity(),
                &SignInPage {
                    t,
                    page: Page::new(&request, &t.s("accounts-sign-in")),
                    email: errors.field("email", form.email.clone()),
                    errors: errors.0,
                },
            ));
        }
    };
    let from = peer(&request, app.config.behind_proxy);
    app.limits.sign_in_from.count(&from)?;
    app.limits.sign_in_mail.count(&email)?;
    let (now, public_url) = (app.clock.now(), app.config.public_url.clone());
    let to = email.clone();
    let id = app.db.write(move |tx| sign_in::begin(tx, &to, &public_url, now)).await?;
    let mut response = code_page(&request, t, email, Errors::default(), HttpResponse::Ok());
    let kept = cookie(&app, SIGN_IN_COOKIE, &id.to_string(), Duration::minutes(sign_in::MINUTES));
    let _ = response.add_cookie(&kept);
    Ok(response)
}

fn code_page(
    request: &HttpRequest,
    t: Texts,
    email: String,
    errors: Errors,
    builder: actix_web::HttpResponseBuilder,
) -> HttpResponse {
    page::html(
        builder,
        &EnterCodePage {
            t,
            page: Page::new(request, &t.s("accounts-code-title")),
            email,
            code: errors.field("code", ""),
            minutes: sign_in::MINUTES,
            errors: errors.0,
        },
    )
}

#[derive(Deserialize)]
struct CodeForm {
    #[serde(default)]
    email: String,
    code: String,
}

async fn enter_code(request: HttpRequest, app: App, form: web::Form<CodeForm>) -> Result<HttpResponse, Error> {
    app.limits.sign_in_from.count(&peer(&request, app.config.behind_proxy))?;
    let id: Option<SignInId> = request.cookie(SIGN_IN_COOKIE).and_then(|cookie| cookie.value().parse().ok());
    let (now, code) = (app.clock.now(), form.code.clone());
    let typed = match id {
        Some(id) => app.db.write(move |tx| sign_in::complete_by_code(tx, id, &code, now)).await?,
        None => Typed::Wrong,
    };
    match typed {
        Typed::Right(session) => signed_in(&request, &app, session).await,
        Typed::Wrong => {
            let t = texts(&request);
            let wrong = Error::invalid_fields(vec![FieldError::new("code", "auth.code_wrong")]);
            let errors = Errors::of(wrong, t)?;
            Ok(code_page(&request, t, form.email.clone(), errors, HttpResponse::UnprocessableEntity()))
        }
    }
}

async fn confirm_link(request: HttpRequest, app: App, token: web::Path<String>) -> Result<HttpResponse, Error> {
    let (now, secret) = (app.clock.now(), token.clone());
    if !app.db.read(move |conn| sign_in::link_is_good(conn, &secret, now)).await? {
        return Err(Error::refused("auth.link_used_up"));
    }
    let t = texts(&request);
    let page = Page::new(&request, &t.s("accounts-sign-in"));
    Ok(page::ok(&ConfirmLinkPage { t, page, token: token.into_inner() }))
}

async fn follow_link(request: HttpRequest, app: App, token: web::Path<String>) -> Result<HttpResponse, Error> {
    let now = app.clock.now();
    let session = app.db.write(move |tx| sign_in::complete_by_link(tx, &token, now)).await?;
    signed_in(&request, &app, session).await
}

/// Sends somebody who has just signed in to where they wanted to go, in their language; those with several accounts
/// choose one first.
async fn signed_in(request: &HttpRequest, app: &App, session: Session) -> Result<HttpResponse, Error> {
    let person = session.person;
    let language = app.db.read(move |conn| queries::language(conn, person)).await?;
    let mut response = if session.several { see_other("/byt-organisation") } else { go_on(request, app)? };
    for kept in [
        session_cookie(app, &session.token),
        forget(app, SIGN_IN_COOKIE),
        cookie(app, LANGUAGE_COOKIE, language.as_str(), Duration::days(365)),
    ] {
        response.add_cookie(&kept).map_err(Fault::from_error)?;
    }
    Ok(response)
}

/// Sends the browser to where its reader was going when they were asked to sign in.
fn go_on(request: &HttpRequest, app: &App) -> Result<HttpResponse, Error> {
    let onward = request.cookie(ONWARD_COOKIE).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    let mut response = see_other(page::local_path(&onward));
    response.add_cookie(&forget(app, ONWARD_COOKIE)).map_err(Fault::from_error)?;
    Ok(response)
}

/// The cookie of a session.
pub fn session_cookie(app: &App, token: &str) -> Cookie<'static> {
    let name = session::cookie_name(app.config.over_tls());
    cookie(app, name, token, Duration::days(sign_in::SESSION_DAYS))
}

async fn sign_out(request: HttpRequest, app: App) -> Result<HttpResponse, Error> {
    if let Some(token) = session::session_token(&request, app.config.over_tls()) {
        app.db.write(move |tx| store::delete_session(tx, &secrets::hash(&token))).await?;
    }
    let mut response = see_other("/");
    let gone = forget(&app, session::cookie_name(app.config.over_tls()));
    response.add_cookie(&gone).map_err(Fault::from_error)?;
    Ok(response)
}

#[derive(Deserialize)]
struct SwitchForm {
    person: PersonId,
}

/// The secret of the session that asks; a token of the API has none to switch.
fn session_of(request: &HttpRequest, app: &App) -> String {
    session::session_token(request, app.config.over_tls()).unwrap_or_default()
}

async fn choose_organisation(request: HttpRequest, app: App, _: SignedIn) -> Result<HttpResponse, Error> {
    let (now, session) = (app.clock.now(), session_of(&request, &app));
    let accounts = app.db.read(move |conn| sign_in::accounts(conn, &session, now)).await?;
    let t = texts(&request);
    let page = Page::new(&request, &t.s("accounts-choose-title"));
    Ok(page::ok(&ChooseOrganisationPage { t, page, accounts }))
}

async fn switch(
    request: HttpRequest,
    app: App,
    _: SignedIn,
    form: web::Form<SwitchForm>,
) -> Result<HttpResponse, Error> {
    let (now, session) = (app.clock.now(), session_of(&request, &app));
    app.db.write(move |tx| sign_in::switch(tx, &session, form.person, now)).await?;
    go_on(&request, &app)
}

#[derive(Deserialize)]
struct LanguageForm {
    lang: Lang,
    back: String,
}

async fn choose_language(app: App, form: web::Form<LanguageForm>) -> Result<HttpResponse, Error> {
    let mut response = see_other(page::local_path(&form.back));
    let kept = cookie(&app, LANGUAGE_COOKIE, form.lang.as_str(), Duration::days(365));
    response.add_cookie(&kept).map_err(Fault::from_error)?;
    Ok(response)
}
