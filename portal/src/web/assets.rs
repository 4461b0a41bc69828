//! Style sheets, the script and icons: part of the binary, read from disk in debug builds.

use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::RustEmbed;

use crate::error::{Error, Result};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../assets"]
struct AssetFiles;

/// A file ready to be served.
pub struct Asset {
    pub bytes: Vec<u8>,
    pub media_type: &'static str,
    /// The version its address carries; also good as an ETag.
    pub version: String,
}

/// The file at `path` inside the assets folder.
pub fn get(path: &str) -> Option<Asset> {
    let file = AssetFiles::get(path)?;
    let media_type = match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    let version = version(&file.metadata.sha256_hash());
    Some(Asset {
        bytes: file.data.into_owned(),
        media_type,
        version,
    })
}

/// The address of a file, with its version so that browsers may keep it for ever.
pub fn address(path: &str) -> String {
    AssetFiles::get(path).map_or_else(
        || format!("/assets/{path}"),
        |file| format!("/assets/{path}?v={}", version(&file.metadata.sha256_hash())),
    )
}

fn version(hash: &[u8; 32]) -> String {
    hash.iter()
        .take(5)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// GET `/sw.js`: the worker that shows what a device is woken for. It is served at the root, for
/// it may only speak for what lies beside or below it; and never kept, so that a new one is taken
/// up at once.
///
/// # Errors
/// None; it is part of the program.
pub async fn service_worker() -> Result<HttpResponse> {
    let asset = get("js/sw.js").ok_or(Error::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type(asset.media_type)
        .insert_header(("Cache-Control", "no-cache"))
        .body(asset.bytes))
}

/// GET `/assets/{path}`. An address with its version never changes what it answers.
///
/// # Errors
/// `NotFound` for a file that is none of ours.
pub async fn file(path: web::Path<String>, request: HttpRequest) -> Result<HttpResponse> {
    let asset = get(&path).ok_or(Error::NotFound)?;
    let tag = format!("\"{}\"", asset.version);
    let known = request
        .headers()
        .get("if-none-match")
        .and_then(|value| value.to_str().ok());
    if known == Some(&tag) {
        return Ok(HttpResponse::NotModified()
            .insert_header(("ETag", tag))
            .finish());
    }
    let versioned = request.query_string() == format!("v={}", asset.version);
    let keep = if versioned {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=300"
    };
    Ok(HttpResponse::Ok()
        .content_type(asset.media_type)
        .insert_header(("ETag", tag))
        .insert_header(("Cache-Control", keep))
        .body(asset.bytes))
}
