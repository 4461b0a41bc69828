//! The fields of a posted form, in their order, after its token has been checked.
//!
//! A handler that takes [`Fields`] cannot be reached by a form of another site: without the
//! session's token the answer is 403. Nothing here fails on a field's content; use cases parse,
//! and give the form back with what is wrong at which field.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};

use super::form::FormState;
use super::middleware::Visitor;
use crate::auth::session::Session;
use crate::error::{Error, Result};

/// The most bytes of a form: 2,000 pasted rows and carts of thousands of lines fit.
pub const MAX_FORM_BYTES: usize = 2 * 1024 * 1024;

/// The fields of a form.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    pairs: Vec<(String, String)>,
}

impl Fields {
    /// From pairs, for forms that came another way.
    #[must_use]
    pub fn new(pairs: Vec<(String, String)>) -> Fields {
        Fields { pairs }
    }

    /// The first value of `name`, trimmed; empty where there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The first value of `name` as typed; for passwords and pasted text.
    #[must_use]
    pub fn raw(&self, name: &str) -> &str {
        self.pairs
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value)
    }

    /// Whether the field was sent with anything in it.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// Every value of `name`, trimmed, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.trim())
    }

    /// The form as typed, for showing it again; never with a password.
    #[must_use]
    pub fn form(&self) -> FormState {
        let mut form = FormState::new();
        for (name, value) in &self.pairs {
            if !matches!(name.as_str(), "csrf" | "password" | "current" | "new") {
                form.values
                    .entry(name.clone())
                    .or_insert_with(|| value.clone());
            }
        }
        form
    }
}

/// Whether `token` was made for this session or, before sign-in, for this visitor.
pub(crate) fn check_token(request: &HttpRequest, token: &str) -> Result<()> {
    let extensions = request.extensions();
    let good = match extensions.get::<Rc<Session>>() {
        Some(session) => session.secret.verify(token),
        None => extensions
            .get::<Visitor>()
            .is_some_and(|visitor| visitor.secret.verify(token)),
    };
    if good {
        Ok(())
    } else {
        Err(Error::FormExpired)
    }
}

impl FromRequest for Fields {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let body = read_body(&request, &mut payload, MAX_FORM_BYTES).await?;
            let pairs: Vec<(String, String)> = form_pairs(&body);
            let fields = Fields { pairs };
            check_token(&request, fields.raw("csrf"))?;
            Ok(fields)
        })
    }
}

/// The most bytes of a form that needs no token.
const MAX_UNCHECKED_BYTES: usize = 64 * 1024;

/// The fields of a form without a token, for handlers whose path carries the right to do what they
/// do: links in mails, which mail programs post to without a cookie. What is sent is no other
/// evidence of anything.
#[derive(Debug, Clone, Default)]
pub struct Unchecked(pub Fields);

impl FromRequest for Unchecked {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let body = read_body(&request, &mut payload, MAX_UNCHECKED_BYTES).await?;
            let pairs = form_pairs(&body);
            Ok(Unchecked(Fields { pairs }))
        })
    }
}

async fn read_body(
    request: &HttpRequest,
    payload: &mut Payload,
    limit: usize,
) -> Result<web::Bytes> {
    use futures_util::StreamExt;
    let declared = request
        .headers()
        .get("content-length")
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > limit) {
        return Err(Error::TooLarge);
    }
    let mut body = web::BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| Error::Busy(error.to_string()))?;
        if body.len() + chunk.len() > limit {
            return Err(Error::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// `application/x-www-form-urlencoded`, as the URL standard parses it.
fn form_pairs(body: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(body)
        .map(|(k, v)| (without_nul(&k), without_nul(&v)))
        .collect()
}

/// PostgreSQL takes no text with a NUL in it, and nobody means one.
pub(crate) fn without_nul(text: &str) -> String {
    text.replace('\0', "")
}
