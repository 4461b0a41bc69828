//! Style sheets, the script and icons: part of the binary, read from disk in debug builds.

use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::RustEmbed;

use crate::error::{Error, Result};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../assets"]
struct Assets;

/// GET `/assets/{path}`.
///
/// # Errors
/// `NotFound` for a file that is none of ours.
pub async fn file(path: web::Path<String>, request: HttpRequest) -> Result<HttpResponse> {
    let file = Assets::get(&path).ok_or(Error::NotFound)?;
    let tag = hex(&file.metadata.sha256_hash());
    let tag = format!("\"{tag}\"");
    let known = request.headers().get("if-none-match").and_then(|value| value.to_str().ok());
    if known == Some(&tag) {
        return Ok(HttpResponse::NotModified().insert_header(("ETag", tag)).finish());
    }
    let media_type = match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    };
    Ok(HttpResponse::Ok()
        .content_type(media_type)
        .insert_header(("ETag", tag))
        .insert_header(("Cache-Control", "public, max-age=300"))
        .body(file.data.into_owned()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}
