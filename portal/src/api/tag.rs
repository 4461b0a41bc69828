//! `ETag`, `If-None-Match` and `If-Match`: a reader saves a transfer, a writer does not overwrite
//! what somebody else has changed since.

use actix_web::http::header::{ETAG, IF_MATCH, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::Answer;
use super::problem::Fault;
use crate::auth::token;
use crate::error::Error;

/// The tag of a representation: a digest of what it says.
///
/// # Errors
/// Only for a shape that is no JSON.
pub fn of(body: &impl Serialize) -> Result<String, Fault> {
    let text = serde_json::to_string(body).map_err(Error::from)?;
    let digest = token::digest(&text);
    Ok(format!("\"{}\"", digest.get(..32).unwrap_or(&digest)))
}

/// The body with its tag; 304 where the reader has it already.
///
/// # Errors
/// As [`of`].
pub fn answer(request: &HttpRequest, body: &impl Serialize) -> Answer {
    let tag = of(body)?;
    if request.method() == actix_web::http::Method::GET
        && matches(request, IF_NONE_MATCH.as_str(), &tag)
    {
        return Ok(HttpResponse::NotModified()
            .insert_header((ETAG, tag))
            .finish());
    }
    Ok(HttpResponse::Ok().insert_header((ETAG, tag)).json(body))
}

/// Whether a writer has seen `body`, where it says what it has seen.
///
/// # Errors
/// 412 where that was something else.
pub fn check(request: &HttpRequest, body: Option<&impl Serialize>) -> Result<(), Fault> {
    if request.headers().get(IF_MATCH).is_none() {
        return Ok(());
    }
    match body {
        Some(body) if matches(request, IF_MATCH.as_str(), &of(body)?) => Ok(()),
        _ => Err(Fault::Changed),
    }
}

/// A compressing proxy may weaken a tag on its way; it is still the same representation.
fn matches(request: &HttpRequest, header: &str, tag: &str) -> bool {
    request
        .headers()
        .get_all(header)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|one| one.trim())
        .any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_writer_who_saw_something_else_is_refused() {
        let now = json!({"on_hand": 7});
        let tag = of(&now).unwrap();
        let request = |value: &str| {
            TestRequest::put()
                .insert_header((IF_MATCH, value))
                .to_http_request()
        };
        assert!(check(&request(&tag), Some(&now)).is_ok());
        assert!(check(&request("*"), Some(&now)).is_ok());
        assert!(check(&request(&format!("\"other\", W/{tag}")), Some(&now)).is_ok());
        assert!(matches!(
            check(&request("\"other\""), Some(&now)),
            Err(Fault::Changed)
        ));
        assert!(matches!(
            check(&request("*"), None::<&()>),
            Err(Fault::Changed)
        ));
        assert!(check(&TestRequest::put().to_http_request(), Some(&now)).is_ok());
    }

    #[test]
    fn a_reader_who_has_it_already_gets_no_body() {
        let body = json!({"sku": "A-1"});
        let request = TestRequest::get().insert_header((IF_NONE_MATCH, of(&body).unwrap()));
        assert_eq!(
            answer(&request.to_http_request(), &body).unwrap().status(),
            304
        );
        assert_eq!(
            answer(&TestRequest::get().to_http_request(), &body)
                .unwrap()
                .status(),
            200
        );
    }
}
