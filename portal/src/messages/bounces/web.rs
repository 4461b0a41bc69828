//! The door for services that report what came back.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use subtle::ConstantTimeEq as _;

use super::hook::{self, Sent};
use super::{Source, take};
use crate::app::App;
use crate::error::{Error, Result};

/// POST `/mail/bounces`: reports of a service that names `KONTOR_BOUNCE_TOKEN`, as a bearer token or
/// as the password of basic authentication.
///
/// # Errors
/// `NotFound` where no token is set; whatever the database says.
pub async fn report(
    app: web::Data<App>,
    request: HttpRequest,
    body: web::Bytes,
) -> Result<HttpResponse> {
    let Some(token) = app.config.bounce_token.as_deref() else {
        return Err(Error::NotFound);
    };
    if !given(&request).is_some_and(|given| given.as_bytes().ct_eq(token.as_bytes()).into()) {
        return Ok(HttpResponse::Unauthorized()
            .insert_header(("WWW-Authenticate", "Bearer"))
            .json(json!({"error": "the bearer token is missing or wrong"})));
    }
    let (reports, others) = match hook::read(&body) {
        Some(Sent::Reports { reports, others }) => (reports, others),
        Some(Sent::Confirm(url)) => {
            // Kontor opens no address that a message names; whoever set this up does it once.
            tracing::warn!(
                url,
                "SNS waits for its subscription to be confirmed: open this address"
            );
            return Ok(HttpResponse::Ok().json(json!({"confirm": url})));
        }
        None => {
            let hint = "one report or a list of reports: {\"email\": …, \"kind\": \"hard\"}";
            return Ok(HttpResponse::build(StatusCode::UNPROCESSABLE_ENTITY)
                .json(json!({"error": format!("this is not {hint}")})));
        }
    };
    let tx = app.db.begin_system("returned mail").await?;
    let taken = take(&tx, &app, Source::Webhook, &reports).await?;
    tx.commit().await?;
    app.wake.notify_one();
    Ok(HttpResponse::Ok().json(json!({
        "new": taken.new,
        "known": taken.known,
        "foreign": taken.foreign,
        "suppressed": taken.suppressed,
        "others": others,
    })))
}

/// The token a request names.
fn given(request: &HttpRequest) -> Option<String> {
    let header = request.headers().get("authorization")?.to_str().ok()?;
    let (scheme, rest) = header.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    pair.split_once(':')
        .map(|(_, password)| password.to_owned())
}
