//! Around every request: who is signed in, where forms may come from, which headers an answer
//! carries, and how an error becomes a page.

use std::rc::Rc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::context::Page;
use super::error_view::ErrorPage;
use crate::api::problem;
use crate::app::App;
use crate::auth::session;
use crate::auth::token::{self, FormSecret};
use crate::config::Environment;
use crate::error::{Error, Result};

/// A browser before sign-in: a random word in a cookie, from which its forms' secret follows.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// What its forms carry.
    pub secret: FormSecret,
    /// The word, where the browser does not have it yet.
    new: Option<String>,
}

const VISITOR_COOKIE: &str = "kontor_visitor";

/// The session cookie's name; the prefix makes browsers insist on https and this very host.
#[must_use]
pub fn session_cookie_name(secure: bool) -> &'static str {
    if secure {
        "__Host-kontor"
    } else {
        "kontor_session"
    }
}

/// The session cookie: for this site only, out of the script's reach.
#[must_use]
pub fn session_cookie(secure: bool, value: String) -> Cookie<'static> {
    let mut cookie = Cookie::build(session_cookie_name(secure), value)
        .path("/")
        .http_only(true)
        .secure(secure)
        .same_site(SameSite::Lax)
        .finish();
    cookie.set_max_age(actix_web::cookie::time::Duration::milliseconds(
        session::IDLE_MILLIS,
    ));
    cookie
}

/// Wraps every request.
///
/// # Errors
/// Those of the services inside that answer themselves.
pub async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> std::result::Result<ServiceResponse<EitherBody<impl MessageBody>>, actix_web::Error> {
    let path = request.path();
    let api = path == "/api" || path.starts_with("/api/");
    let plain = api
        || path.starts_with("/assets/")
        || path.starts_with("/mail/open/")
        || path == "/healthz"
        || path == "/sw.js";
    let identified = if plain {
        Ok(())
    } else {
        identify(&request).await.and_then(|()| named(path))
    };
    if let Err(error) = identified {
        let (request, _) = request.into_parts();
        let answer = error_answer(&request, &error);
        return Ok(dress(
            ServiceResponse::new(request, answer).map_into_right_body(),
        ));
    }
    let answer = next.call(request).await?;
    let replacement = if api {
        problem::instead(&answer)
    } else if plain {
        None
    } else {
        let error = answer.response().error().map(|error| {
            error.as_error::<Error>().map_or_else(
                || error_answer(answer.request(), &foreign(error)),
                |error| error_answer(answer.request(), error),
            )
        });
        let bare =
            answer.status().as_u16() == 404 && answer.headers().get("content-type").is_none();
        error.or_else(|| bare.then(|| error_answer(answer.request(), &Error::NotFound)))
    };
    let mut answer = match replacement {
        Some(page) => {
            let request = answer.request().clone();
            ServiceResponse::new(request, page).map_into_right_body()
        }
        None => answer.map_into_left_body(),
    };
    if api {
        problem::dress(&mut answer);
    }
    Ok(dress(answer))
}

/// Nothing here has a NUL in its name, and PostgreSQL would not look for one.
fn named(path: &str) -> Result<()> {
    if path.contains("%00") {
        Err(Error::NotFound)
    } else {
        Ok(())
    }
}

/// An error of actix itself, such as a path that does not parse.
fn foreign(error: &actix_web::Error) -> Error {
    match error.as_response_error().status_code().as_u16() {
        404 | 405 => Error::NotFound,
        413 => Error::TooLarge,
        400..=499 => Error::from(crate::web::form::FormState::new()),
        _ => Error::Internal(anyhow::anyhow!("{error}")),
    }
}

/// Finds the session, makes a visitor otherwise, and refuses writes that come from another site.
async fn identify(request: &ServiceRequest) -> Result<()> {
    let app = request
        .app_data::<web::Data<App>>()
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("no application state")))?;
    if !matches!(*request.method(), Method::GET | Method::HEAD) && !by_word(request.path()) {
        check_origin(request, app)?;
    }
    let secure = app.config.secure_cookies();
    if let Some(cookie) = request.cookie(session_cookie_name(secure))
        && let Some(session) = session::find(app, cookie.value()).await?
    {
        request.extensions_mut().insert(Rc::new(session));
        return Ok(());
    }
    let known = request
        .cookie(VISITOR_COOKIE)
        .map(|cookie| cookie.value().to_owned());
    let (word, new) = match known.filter(|word| word.len() == 43) {
        Some(word) => (word, None),
        None => {
            let word = token::random()?;
            (word.clone(), Some(word))
        }
    };
    let secret = visitor_secret(&app.config.secret, &word)?;
    request.extensions_mut().insert(Visitor { secret, new });
    Ok(())
}

fn visitor_secret(secret: &str, word: &str) -> Result<FormSecret> {
    let failed = || Error::Internal(anyhow::anyhow!("no form secret"));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|_| failed())?;
    mac.update(b"visitor:");
    mac.update(word.as_bytes());
    use base64::Engine;
    let stored =
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    FormSecret::from_stored(&stored).ok_or_else(failed)
}

/// Links of mails: whoever has the word may use it, from whatever program shows the mail.
fn by_word(path: &str) -> bool {
    ["/mail/choices/", "/mail/unsubscribe/"]
        .iter()
        .any(|links| path.starts_with(links))
}

/// A write names where it comes from in every browser of today; one from elsewhere is refused
/// before its form is read. Programs that name no origin still need the form's token.
fn check_origin(request: &ServiceRequest, app: &App) -> Result<()> {
    let Some(origin) = request.headers().get("origin") else {
        return Ok(());
    };
    let origin = origin.to_str().unwrap_or_default();
    let host = request.connection_info().host().to_owned();
    let same_host = origin
        .split_once("://")
        .is_some_and(|(_, rest)| rest == host);
    let own = app
        .config
        .base_url
        .as_deref()
        .is_some_and(|base| base == origin);
    // Behind a proxy the Host header may differ from the public address; either is this site.
    if own
        || (same_host && app.config.base_url.is_none())
        || (same_host && app.config.environment == Environment::Demo)
    {
        Ok(())
    } else {
        Err(Error::Forbidden)
    }
}

/// The error as a page, logged once.
fn error_answer(request: &HttpRequest, error: &Error) -> HttpResponse {
    if let Error::SignIn = error {
        let next = if request.method() == Method::GET {
            let query: String =
                form_urlencoded::byte_serialize(request.uri().to_string().as_bytes()).collect();
            format!("/sign-in?next={query}")
        } else {
            "/sign-in".to_owned()
        };
        return HttpResponse::SeeOther()
            .insert_header(("Location", next))
            .finish();
    }
    let view = error_page(error);
    let status = actix_web::ResponseError::status_code(error);
    let mut answer = Page::of(request)
        .and_then(|page| page.render_as(status, &view))
        .unwrap_or_else(|_| HttpResponse::build(status).body(status.to_string()));
    if let Error::TooFast { retry_after } = error {
        answer.headers_mut().insert(
            HeaderName::from_static("retry-after"),
            (*retry_after).into(),
        );
    }
    if let Error::Busy(_) | Error::GaveWay(_) = error {
        answer
            .headers_mut()
            .insert(HeaderName::from_static("retry-after"), 2.into());
    }
    answer
}

fn error_page(error: &Error) -> ErrorPage {
    match error {
        Error::NotFound => ErrorPage::new(404, "not-found"),
        Error::SignIn | Error::Forbidden => ErrorPage::new(403, "forbidden"),
        Error::FormExpired => ErrorPage::new(403, "expired"),
        Error::Invalid(form) => ErrorPage {
            happened: form.errors.first().map(|error| error.message.clone()),
            ..ErrorPage::new(422, "invalid")
        },
        Error::Refused(refusal) => ErrorPage {
            happened: Some(refusal.happened.clone()),
            next: refusal.next.clone(),
            next_href: refusal.next_href.clone(),
            ..ErrorPage::new(409, "refused")
        },
        Error::TooLarge => ErrorPage::new(413, "too-large"),
        Error::TooFast { .. } => ErrorPage::new(429, "too-fast"),
        Error::Busy(cause) | Error::GaveWay(cause) => {
            tracing::warn!(cause, "busy");
            ErrorPage::new(503, "busy")
        }
        Error::Internal(cause) => ErrorPage {
            reference: Some(log_internal(cause)),
            ..ErrorPage::new(500, "internal")
        },
    }
}

/// Writes a bug's cause chain to the log, once, and gives the reference that leads to it.
pub fn log_internal(cause: &anyhow::Error) -> String {
    let reference = Uuid::now_v7().simple().to_string();
    let reference = reference.get(20..).unwrap_or(&reference).to_uppercase();
    tracing::error!(reference, cause = format!("{cause:#}"), "internal error");
    reference
}

const HEADERS: [(&str, &str); 5] = [
    (
        "content-security-policy",
        "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; \
         form-action 'self'; object-src 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=()",
    ),
];

/// Adds the headers every answer carries; a handler's own (a stricter policy) stay.
fn dress<B>(mut answer: ServiceResponse<B>) -> ServiceResponse<B> {
    for (name, value) in HEADERS {
        let name = HeaderName::from_static(name);
        if !answer.headers().contains_key(&name) {
            answer
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
        }
    }
    let secure = answer
        .request()
        .app_data::<web::Data<App>>()
        .is_some_and(|app| app.config.secure_cookies());
    if secure {
        answer.headers_mut().insert(
            HeaderName::from_static("strict-transport-security"),
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    let new = answer
        .request()
        .extensions()
        .get::<Visitor>()
        .and_then(|visitor| visitor.new.clone());
    if let Some(word) = new {
        let cookie = Cookie::build(VISITOR_COOKIE, word)
            .path("/")
            .http_only(true)
            .secure(secure)
            .same_site(SameSite::Lax)
            .finish();
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            answer
                .headers_mut()
                .append(HeaderName::from_static("set-cookie"), value);
        }
    }
    answer
}
