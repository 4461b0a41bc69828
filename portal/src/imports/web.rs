//! Handlers of imports from the browser.

use actix_multipart::form::MultipartForm;
use actix_multipart::form::tempfile::TempFile;
use actix_multipart::form::text::Text;
use actix_web::http::StatusCode;
use actix_web::{FromRequest as _, HttpRequest, HttpResponse, web};
use uuid::Uuid;

use super::load::Kind;
use super::uploads::{self, MAX_FILE_MIB, Upload};
use crate::auth::Admin;
use crate::error::{Error, Result};
use crate::web::fields::check_token;
use crate::web::form::FormState;
use crate::web::{Fields, Page};

/// The form as it arrives. Every field may be missing: what is wrong is said at the field.
#[derive(Debug, MultipartForm)]
pub struct UploadForm {
    #[multipart(limit = "1KB")]
    csrf: Option<Text<String>>,
    #[multipart(limit = "1KB")]
    kind: Option<Text<String>>,
    #[multipart(limit = "1KB")]
    dry_run: Option<Text<String>>,
    #[multipart(limit = "50MB")]
    file: Option<TempFile>,
}

impl UploadForm {
    /// Reads the form; one that is not multipart has no file, and is told so at its field.
    async fn read(request: &HttpRequest, payload: web::Payload) -> Result<UploadForm> {
        let mut payload = payload.into_inner();
        let kind = request
            .headers()
            .get("content-type")
            .and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            let fields = Fields::from_request(request, &mut payload).await?;
            let text = |name| Some(Text(fields.raw(name).to_owned()));
            return Ok(UploadForm {
                csrf: text("csrf"),
                kind: text("kind"),
                dry_run: None,
                file: None,
            });
        }
        let form = MultipartForm::<UploadForm>::from_request(request, &mut payload).await;
        match form {
            Ok(MultipartForm(form)) => Ok(form),
            Err(error)
                if error.as_response_error().status_code() == StatusCode::PAYLOAD_TOO_LARGE =>
            {
                Err(Error::TooLarge)
            }
            // Without a form there is no token either.
            Err(error) => {
                tracing::debug!(%error, "an upload could not be read");
                Err(Error::FormExpired)
            }
        }
    }
}

/// GET `/admin/imports`.
///
/// # Errors
/// Whatever the database says.
pub async fn list(page: Page, who: Admin) -> Result<HttpResponse> {
    show(&page, &who, StatusCode::OK, None, FormState::new()).await
}

async fn show(
    page: &Page,
    who: &Admin,
    status: StatusCode,
    latest: Option<Uuid>,
    form: FormState,
) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    page.render_as(
        status,
        &uploads::page(&tx, page.query(), latest, form).await?,
    )
}

/// POST `/admin/imports`.
///
/// # Errors
/// `TooLarge`; whatever the database says.
pub async fn upload(
    page: Page,
    who: Admin,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let sent = UploadForm::read(&request, payload).await?;
    check_token(
        &request,
        sent.csrf.as_ref().map_or("", |token| token.as_str()),
    )?;
    let kind = sent.kind.as_ref().map_or("", |kind| kind.as_str());
    let mut form = FormState::new().value("kind", kind);
    let kind = kind.parse::<Kind>();
    if kind.is_err() {
        form.refuse_key("kind", "error-choice");
    }
    // A form without a chosen file sends an empty one without a name.
    let file = sent.file.filter(|file| file.size > 0);
    match &file {
        None => form.refuse_key("file", "error-file-missing"),
        Some(file) if i64::try_from(file.size)? > MAX_FILE_MIB * 1_048_576 => {
            form.refuse_with("file", "error-file-too-large", "most", MAX_FILE_MIB);
        }
        Some(_) => {}
    }
    let (Ok(kind), Some(file), true) = (kind, file, form.is_valid()) else {
        return show(&page, &who, StatusCode::UNPROCESSABLE_ENTITY, None, form).await;
    };
    let name = file.file_name.as_deref().unwrap_or_default();
    let loaded = uploads::load(
        &page.app,
        &Upload {
            kind,
            path: file.file.path(),
            file_name: &shown_name(name),
            dry_run: sent.dry_run.is_some(),
            by: &who.session.name,
        },
    )
    .await;
    match loaded {
        // Reloading the page that follows must not send the file again.
        Ok(loaded) if !loaded.rejected => {
            let shown = loaded
                .id
                .map(|id| format!("?import={id}"))
                .unwrap_or_default();
            Ok(page.redirect(&format!("/admin/imports{shown}")))
        }
        Ok(loaded) => {
            show(
                &page,
                &who,
                StatusCode::UNPROCESSABLE_ENTITY,
                loaded.id,
                form,
            )
            .await
        }
        Err(Error::Invalid(faults)) => {
            form.errors = faults.errors;
            show(&page, &who, StatusCode::UNPROCESSABLE_ENTITY, None, form).await
        }
        Err(error) => Err(error),
    }
}

/// The file's own name, without the folders some browsers send along.
fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control()).take(120).collect();
    if plain.is_empty() {
        "–".to_owned()
    } else {
        plain
    }
}

/// GET `/admin/imports/{id}/rejected.csv`.
///
/// # Errors
/// `NotFound` where nothing was rejected.
pub async fn rejected(page: Page, who: Admin, id: web::Path<Uuid>) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let (name, rows) = uploads::rejected(&tx, *id).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            "Content-Disposition",
            format!("attachment; filename=\"{name}\""),
        ))
        .insert_header(("Cache-Control", "private, no-store"))
        .body(rows))
}
