//! What the last action did, said once on the next page: a signed cookie, read and removed.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::page::{Flash, FlashKind};
use super::shape::Message;
use crate::auth::token;

/// The cookie's name.
pub const COOKIE: &str = "kontor_flash";

/// It worked.
#[must_use]
pub fn good(message: Message) -> Flash {
    Flash {
        kind: FlashKind::Good,
        message,
        steps: Vec::new(),
    }
}

/// It worked, but.
#[must_use]
pub fn warning(message: Message) -> Flash {
    Flash {
        kind: FlashKind::Warning,
        message,
        steps: Vec::new(),
    }
}

/// It did not work.
#[must_use]
pub fn bad(message: Message) -> Flash {
    Flash {
        kind: FlashKind::Bad,
        message,
        steps: Vec::new(),
    }
}

fn signature(secret: &str, body: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(b"flash:");
    mac.update(body.as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

/// The cookie that carries `flash` to the next page.
#[must_use]
pub fn cookie(secret: &str, secure: bool, flash: &[Flash]) -> Cookie<'static> {
    let body = serde_json::to_vec(flash).unwrap_or_default();
    let body = URL_SAFE_NO_PAD.encode(body);
    let value = format!("{}.{body}", signature(secret, &body));
    Cookie::build(COOKIE, value)
        .path("/")
        .http_only(true)
        .secure(secure)
        .same_site(SameSite::Lax)
        .finish()
}

/// What the last action left; nothing where the cookie is not ours.
#[must_use]
pub fn read(request: &HttpRequest, secret: &str) -> Vec<Flash> {
    let Some(cookie) = request.cookie(COOKIE) else {
        return Vec::new();
    };
    let Some((signed, body)) = cookie.value().split_once('.') else {
        return Vec::new();
    };
    if !token::same(signed, &signature(secret, body)) {
        return Vec::new();
    }
    URL_SAFE_NO_PAD
        .decode(body)
        .ok()
        .and_then(|json| serde_json::from_slice(&json).ok())
        .unwrap_or_default()
}
