//! What went wrong, as problem details (RFC 9457): what kind, what happened, and what is wrong at
//! which field, all of it at once.
//!
//! Every error under `/api` passes through here, also those that no handler has seen: an unknown
//! path, a method that the path does not have, a body that is no JSON.

use actix_web::body::MessageBody;
use actix_web::dev::{ResourceDef, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError, web};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::caller::Allowance;
use super::keys::Permission;
use crate::app::App;
use crate::error::Error;
use crate::routes::TABLE;
use crate::web::form::FormState;
use crate::web::locale::Lang;
use crate::web::middleware::log_internal;
use crate::web::shape::Message;

/// The media type of every problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why a call of the API is not answered as asked. What pages know too is an [`Error`].
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// 401: no key, or one that is not known (any more).
    #[error("no known API key")]
    NoKey {
        /// Whether one was sent.
        sent: bool,
    },
    /// 403: the key may not do this.
    #[error("the key lacks {}", .0.name())]
    Lacks(Permission),
    /// 403: only for the brand's own keys.
    #[error("only for the brand's own keys")]
    BrandOnly,
    /// 400: the body is not JSON.
    #[error("malformed JSON: {0}")]
    Malformed(String),
    /// 400: an order without its key against being placed twice.
    #[error("no Idempotency-Key")]
    NoIdempotencyKey,
    /// 405, with what the path does have.
    #[error("method not allowed")]
    Method(Vec<&'static str>),
    /// 412: somebody has changed it since it was read.
    #[error("changed since it was read")]
    Changed,
    /// 415: the body is not announced as JSON.
    #[error("not announced as JSON")]
    MediaType,
    /// What pages know too.
    #[error(transparent)]
    Portal(#[from] Error),
}

impl From<FormState> for Fault {
    fn from(form: FormState) -> Fault {
        Fault::Portal(form.into())
    }
}

/// One fault of what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldFault {
    /// Where: a field such as `lines[0].quantity`, or a query parameter; empty for the whole.
    pub field: String,
    /// What is wrong there, in English.
    pub message: String,
    /// A stable word for programs.
    pub code: String,
}

/// Problem details (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// What kind of problem: a place in this documentation.
    #[serde(rename = "type")]
    #[schema(example = "/api/docs#invalid")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The status code again.
    pub status: u16,
    /// What happened this time.
    pub detail: String,
    /// Every fault of what was sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldFault>,
    /// Facts for programs, such as each line's old and new price.
    #[serde(skip_serializing_if = "Value::is_null")]
    #[schema(required = false, value_type = Object)]
    pub facts: Value,
    /// What to tell support; the log knows the cause by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl Fault {
    /// The word that names the kind in `type` and in the message files.
    fn kind(&self) -> &'static str {
        match self {
            Fault::NoKey { .. } | Fault::Portal(Error::SignIn) => "no-key",
            Fault::Lacks(_) => "missing-scope",
            Fault::BrandOnly => "brand-only",
            Fault::Malformed(_) => "malformed",
            Fault::NoIdempotencyKey => "no-idempotency-key",
            Fault::Method(_) => "method-not-allowed",
            Fault::Changed => "changed",
            Fault::MediaType => "media-type",
            Fault::Portal(error) => match error {
                Error::NotFound => "not-found",
                Error::SignIn => "no-key",
                Error::Forbidden | Error::FormExpired => "forbidden",
                Error::Invalid(_) => "invalid",
                Error::Refused(refusal) => refusal.code,
                Error::TooLarge => "too-large",
                Error::TooFast { .. } => "too-fast",
                Error::Busy(_) | Error::GaveWay(_) => "busy",
                Error::Internal(_) => "internal",
            },
        }
    }

    fn title(&self) -> Message {
        let refused = matches!(self, Fault::Portal(Error::Refused(_)));
        let kind = if refused { "refused" } else { self.kind() };
        Message::new(format!("api-{kind}"))
    }

    fn detail(&self) -> Message {
        let usual = || Message::new(format!("api-{}-detail", self.kind()));
        match self {
            Fault::Lacks(permission) => usual().with("scope", permission.name()),
            Fault::Malformed(cause) => usual().with("cause", cause.as_str()),
            Fault::Portal(Error::Refused(refusal)) => refusal.happened.clone(),
            Fault::Portal(Error::TooFast { retry_after }) => {
                usual().with("seconds", i64::try_from(*retry_after).unwrap_or(60))
            }
            Fault::NoKey { .. }
            | Fault::BrandOnly
            | Fault::NoIdempotencyKey
            | Fault::Method(_)
            | Fault::Changed
            | Fault::MediaType
            | Fault::Portal(_) => usual(),
        }
    }
}

impl ResponseError for Fault {
    fn status_code(&self) -> StatusCode {
        match self {
            Fault::NoKey { .. } | Fault::Portal(Error::SignIn) => StatusCode::UNAUTHORIZED,
            Fault::Lacks(_) | Fault::BrandOnly => StatusCode::FORBIDDEN,
            Fault::Malformed(_) | Fault::NoIdempotencyKey => StatusCode::BAD_REQUEST,
            Fault::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Fault::Changed => StatusCode::PRECONDITION_FAILED,
            Fault::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Fault::Portal(error) => error.status_code(),
        }
    }
}

/// The problem of a fault, in English; a bug's cause goes to the log.
#[must_use]
pub fn problem(app: &App, fault: &Fault) -> Problem {
    let words = app.templates.words();
    let say = |message: &Message| words.message(Lang::En, message);
    let mut problem = Problem {
        kind: format!("/api/docs#{}", fault.kind()),
        title: say(&fault.title()),
        status: fault.status_code().as_u16(),
        detail: say(&fault.detail()),
        errors: Vec::new(),
        facts: Value::Null,
        reference: None,
    };
    match fault {
        Fault::Portal(Error::Invalid(form)) => {
            problem.errors = form
                .errors
                .iter()
                .map(|error| FieldFault {
                    field: error.field.clone(),
                    message: say(&error.message),
                    code: error.message.key.trim_start_matches("api-").to_owned(),
                })
                .collect();
        }
        Fault::Portal(Error::Refused(refusal)) => problem.facts = refusal.detail.clone(),
        Fault::Portal(Error::Internal(cause)) => problem.reference = Some(log_internal(cause)),
        Fault::Portal(Error::Busy(cause) | Error::GaveWay(cause)) => tracing::warn!(cause, "busy"),
        Fault::NoKey { .. }
        | Fault::Lacks(_)
        | Fault::BrandOnly
        | Fault::Malformed(_)
        | Fault::NoIdempotencyKey
        | Fault::Method(_)
        | Fault::Changed
        | Fault::MediaType
        | Fault::Portal(_) => {}
    }
    problem
}

/// A fault as the answer to `request`.
#[must_use]
pub fn answer(request: &HttpRequest, fault: &Fault) -> HttpResponse {
    let status = fault.status_code();
    let Some(app) = request.app_data::<web::Data<App>>() else {
        return HttpResponse::build(status).finish();
    };
    let mut answer = HttpResponse::build(status);
    answer.content_type(MEDIA_TYPE);
    match fault {
        Fault::NoKey { sent: false } | Fault::Portal(Error::SignIn) => {
            answer.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"Kontor\""));
        }
        Fault::NoKey { sent: true } => {
            answer.insert_header((
                WWW_AUTHENTICATE,
                "Bearer realm=\"Kontor\", error=\"invalid_token\"",
            ));
        }
        Fault::Lacks(permission) => {
            let scope = permission.name();
            answer.insert_header((
                WWW_AUTHENTICATE,
                format!("Bearer realm=\"Kontor\", error=\"insufficient_scope\", scope=\"{scope}\""),
            ));
        }
        Fault::Method(allowed) => {
            answer.insert_header((ALLOW, allowed.join(", ")));
        }
        Fault::Portal(Error::TooFast { retry_after }) => {
            answer.insert_header((RETRY_AFTER, retry_after.to_string()));
        }
        Fault::Portal(Error::Busy(_) | Error::GaveWay(_)) => {
            answer.insert_header((RETRY_AFTER, "2"));
        }
        Fault::BrandOnly
        | Fault::Malformed(_)
        | Fault::NoIdempotencyKey
        | Fault::Changed
        | Fault::MediaType
        | Fault::Portal(_) => {}
    }
    answer.body(serde_json::to_string(&problem(app, fault)).unwrap_or_default())
}

/// What is sent instead of an answer under `/api` that is an error; none where it is not.
pub fn instead<B: MessageBody>(answered: &ServiceResponse<B>) -> Option<HttpResponse> {
    let request = answered.request();
    if let Some(error) = answered.response().error() {
        if let Some(fault) = error.as_error::<Fault>() {
            return Some(answer(request, fault));
        }
        if error
            .as_error::<Error>()
            .is_some_and(|error| matches!(error, Error::NotFound))
        {
            return Some(answer(request, &Error::NotFound.into()));
        }
        return Some(answer(request, &foreign(error)));
    }
    let bare = !answered.headers().contains_key("content-type");
    (bare && answered.status() == StatusCode::NOT_FOUND)
        .then(|| answer(request, &unrouted(request)))
}

/// An error that is not this module's: actix's own, or one that a page's extractor gave.
fn foreign(error: &actix_web::Error) -> Fault {
    match error.as_response_error().status_code().as_u16() {
        404 => Fault::Portal(Error::NotFound),
        413 => Fault::Portal(Error::TooLarge),
        400..=499 => Fault::Malformed(error.to_string()),
        _ => Fault::Portal(Error::Internal(anyhow::anyhow!("{error}"))),
    }
}

/// No handler was found: there is no such path, or it does not have the method.
fn unrouted(request: &HttpRequest) -> Fault {
    let path = request.path();
    let mut allowed: Vec<&'static str> = TABLE
        .iter()
        .filter(|route| route.path.starts_with("/api/"))
        .filter(|route| ResourceDef::new(route.path).is_match(path))
        .map(|route| match route.method {
            "get" => "GET",
            "put" => "PUT",
            "delete" => "DELETE",
            _ => "POST",
        })
        .collect();
    allowed.sort_unstable();
    allowed.dedup();
    if allowed.is_empty() {
        Fault::Portal(Error::NotFound)
    } else {
        Fault::Method(allowed)
    }
}

/// Adds what every answer under `/api` carries: how often one may still call, and that nobody
/// in between may keep it.
pub fn dress<B>(answered: &mut ServiceResponse<B>) {
    let allowance = answered.request().extensions().get::<Allowance>().copied();
    let headers = answered.headers_mut();
    if let Some(allowance) = allowance {
        for (name, value) in allowance.headers() {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
    if !headers.contains_key("cache-control") {
        headers.insert(
            HeaderName::from_static("cache-control"),
            HeaderValue::from_static("private, no-cache"),
        );
    }
}
