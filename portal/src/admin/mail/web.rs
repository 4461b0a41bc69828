//! Handlers of the pages around outgoing mail.

use actix_multipart::form::MultipartForm;
use actix_multipart::form::tempfile::TempFile;
use actix_multipart::form::text::Text;
use actix_web::http::StatusCode;
use actix_web::{FromRequest as _, HttpRequest, HttpResponse, web};

use super::templates::{self, Look};
use super::{bounces, suppressions};
use crate::auth::Admin;
use crate::error::{Error, Result};
use crate::messages::bounces::mailbox;
use crate::messages::suppression;
use crate::web::fields::check_token;
use crate::web::form::FormState;
use crate::web::shape::Message;
use crate::web::{Fields, Page, flash};

/// A mail holds people's text, so its page may show itself and do nothing else.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; \
                           frame-ancestors 'self'";

/// The HTML part of a mail, to be framed by a page.
#[must_use]
pub fn framed(html: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header(("Content-Security-Policy", MAIL_POLICY))
        .insert_header(("Cache-Control", "private, no-store"))
        .body(html)
}

/// GET `/admin/mail/templates`.
///
/// # Errors
/// None.
pub async fn list_templates(page: Page, _who: Admin) -> Result<HttpResponse> {
    page.render(&templates::list())
}

/// GET `/admin/mail/templates/{kind}`.
///
/// # Errors
/// `NotFound`.
pub async fn one_template(
    page: Page,
    _who: Admin,
    kind: web::Path<String>,
) -> Result<HttpResponse> {
    let look = Look::asked(&page.query(), page.lang());
    page.render(&templates::one(&page.app, &kind, look)?)
}

/// GET `/admin/mail/templates/{kind}/html`: the HTML part of a sample, framed by the page.
///
/// # Errors
/// `NotFound`.
pub async fn template_html(
    page: Page,
    _who: Admin,
    kind: web::Path<String>,
) -> Result<HttpResponse> {
    let look = Look::asked(&page.query(), page.lang());
    Ok(framed(templates::html(&page.app, &kind, look)?))
}

/// GET `/admin/mail/bounces`.
///
/// # Errors
/// Whatever the database says.
pub async fn list_bounces(page: Page, who: Admin) -> Result<HttpResponse> {
    show_bounces(&page, &who, StatusCode::OK, FormState::new()).await
}

async fn show_bounces(
    page: &Page,
    who: &Admin,
    status: StatusCode,
    form: FormState,
) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope.everywhere()).await?;
    page.render_as(status, &bounces::page(&tx, page.query(), form).await?)
}

/// A mailbox as it arrives. Both may be missing: what is wrong is said at the field.
#[derive(Debug, MultipartForm)]
pub struct MailboxForm {
    #[multipart(limit = "1KB")]
    csrf: Option<Text<String>>,
    #[multipart(limit = "50MB")]
    file: Option<TempFile>,
}

impl MailboxForm {
    /// Reads the form; one that is not multipart has no file, and is told so at its field.
    async fn read(request: &HttpRequest, payload: web::Payload) -> Result<MailboxForm> {
        let mut payload = payload.into_inner();
        let kind = request.headers().get("content-type");
        let kind = kind.and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            let fields = Fields::from_request(request, &mut payload).await?;
            return Ok(MailboxForm {
                csrf: Some(Text(fields.raw("csrf").to_owned())),
                file: None,
            });
        }
        match MultipartForm::<MailboxForm>::from_request(request, &mut payload).await {
            Ok(MultipartForm(form)) => Ok(form),
            Err(error)
                if error.as_response_error().status_code() == StatusCode::PAYLOAD_TOO_LARGE =>
            {
                Err(Error::TooLarge)
            }
            // Without a form there is no token either.
            Err(_) => Err(Error::FormExpired),
        }
    }
}

/// POST `/admin/mail/bounces`: reads a mailbox of returned mail.
///
/// # Errors
/// `TooLarge`; whatever the database says.
pub async fn read_bounces(
    page: Page,
    who: Admin,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let sent = MailboxForm::read(&request, payload).await?;
    let token = sent.csrf.as_ref().map_or("", |token| token.as_str());
    check_token(&request, token)?;
    // A form without a chosen file sends an empty one without a name.
    let Some(file) = sent.file.filter(|file| file.size > 0) else {
        let form = FormState::new().error("file", Message::new("error-file-missing"));
        return show_bounces(&page, &who, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let name = file.file_name.unwrap_or_default();
    let path = file.file.path().to_owned();
    // Reading 50 MB of mail takes its time; other requests do not wait for it.
    let found = web::block(move || mailbox::read(&path)).await;
    let found = found.map_err(|error| Error::Internal(error.into()))?;
    let found = found.map_err(|error| Error::Internal(error.into()))?;
    if found.messages == 0 || (found.messages == 1 && found.others == 1) {
        let form = FormState::new().error("file", Message::new("bounces-mailbox-unreadable"));
        return show_bounces(&page, &who, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    let taken = bounces::read(&page.app, &who.scope.everywhere(), &found, &name).await?;
    let told = Message::new("bounces-read")
        .with("messages", found.messages)
        .with("new", taken.new)
        .with("known", taken.known)
        .with("foreign", taken.foreign)
        .with("suppressed", taken.suppressed);
    Ok(page.redirect_with("/admin/mail/bounces", flash::good(told)))
}

/// GET `/admin/mail/suppressions`.
///
/// # Errors
/// Whatever the database says.
pub async fn list_suppressions(page: Page, who: Admin) -> Result<HttpResponse> {
    show_suppressions(&page, &who, StatusCode::OK, FormState::new()).await
}

async fn show_suppressions(
    page: &Page,
    who: &Admin,
    status: StatusCode,
    add: FormState,
) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope.everywhere()).await?;
    page.render_as(status, &suppressions::page(&tx, page.query(), add).await?)
}

/// POST `/admin/mail/suppressions`: ends mail to an address by hand.
///
/// # Errors
/// Whatever the database says.
pub async fn suppress(page: Page, who: Admin, fields: Fields) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope.everywhere()).await?;
    let (email, detail) = (fields.text("email"), fields.text("detail"));
    match suppression::add(&tx, &page.app, email, detail).await {
        Ok(email) => {
            tx.commit().await?;
            let told = Message::new("suppression-added").with("email", email);
            Ok(page.redirect_with("/admin/mail/suppressions", flash::good(told)))
        }
        Err(Error::Invalid(form)) => {
            drop(tx);
            show_suppressions(&page, &who, StatusCode::UNPROCESSABLE_ENTITY, *form).await
        }
        Err(error) => Err(error),
    }
}

/// POST `/admin/mail/suppressions/lift`: lets mail to an address leave again.
///
/// # Errors
/// `NotFound`.
pub async fn lift(page: Page, who: Admin, fields: Fields) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope.everywhere()).await?;
    let row = match suppression::lift(&tx, &page.app, fields.text("email")).await {
        // Somebody else was quicker: it is as they wanted it.
        Err(Error::NotFound) => return Ok(page.redirect("/admin/mail/suppressions")),
        other => other?,
    };
    tx.commit().await?;
    let told = Message::new("suppression-lifted").with("email", row.email);
    Ok(page.redirect_with("/admin/mail/suppressions", flash::good(told)))
}
