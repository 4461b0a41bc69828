//! Handlers of links in mails. None of them asks for a session, a cookie or a form's token.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use trade::id::UserId;

use super::view::{MailChoicesPage, MailRow, UnknownLinkPage, UnsubscribePage};
use crate::db::entity::user;
use crate::db::words::Topic;
use crate::error::Result;
use crate::messages::{choices, links};
use crate::web::form::FormState;
use crate::web::{Page, Unchecked};

/// The smallest picture there is: one point, transparent.
const POINT: &[u8; 43] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff\x21\xf9\x04\
\x01\x00\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b";

/// The person a word names, counted against those who try words.
async fn person(page: &Page, word: &str) -> Result<Option<user::Model>> {
    let named = links::named(&page.app, word);
    let counted = named.map(|person| person.0.to_string());
    page.app.limits.link(counted.as_deref(), &page.address())?;
    if named.is_none() {
        return Ok(None);
    }
    let tx = page.app.db.read_system("mail choices").await?;
    links::person(&page.app, &tx, word).await
}

fn unknown(page: &Page) -> Result<HttpResponse> {
    page.render_as(StatusCode::NOT_FOUND, &UnknownLinkPage {})
}

/// GET `/mail/choices/{word}`.
///
/// # Errors
/// `TooFast`; whatever the database says.
pub async fn show(page: Page, word: web::Path<String>) -> Result<HttpResponse> {
    match person(&page, &word).await? {
        Some(person) => {
            let view = chosen(&page, &person, &word, None, false).await?;
            page.render(&view)
        }
        None => unknown(&page),
    }
}

/// POST `/mail/choices/{word}`.
///
/// # Errors
/// `TooFast`; whatever the database says.
pub async fn save(page: Page, word: web::Path<String>, sent: Unchecked) -> Result<HttpResponse> {
    let Some(person) = person(&page, &word).await? else {
        return unknown(&page);
    };
    match links::read(&person, &sent.0) {
        Ok(read) => {
            links::save(&page.app, person.id, &read).await?;
            // Shown at once: a message for the next page would need a cookie.
            let view = chosen(&page, &person, &word, None, true).await?;
            page.render(&view)
        }
        Err(form) => {
            let view = chosen(&page, &person, &word, Some(form), false).await?;
            page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
    }
}

async fn chosen(
    page: &Page,
    person: &user::Model,
    word: &str,
    form: Option<FormState>,
    saved: bool,
) -> Result<MailChoicesPage> {
    let tx = page.app.db.read_system("mail choices").await?;
    let kept = choices::of_person(&tx, person.id).await?;
    let form = form.unwrap_or_default();
    let row = |topic: &Topic| {
        let typed = form.values.get(&format!("mail-{topic}")).cloned();
        let kept = kept.get(topic).copied();
        let mail = kept.unwrap_or_else(|| choices::custom(*topic)).mail;
        MailRow {
            topic: *topic,
            mail: typed.unwrap_or_else(|| mail.name().to_owned()),
        }
    };
    Ok(MailChoicesPage {
        address: links::masked(&person.email),
        word: word.to_owned(),
        rows: choices::topics(person.role).iter().map(row).collect(),
        form,
        saved,
    })
}

/// GET `/mail/unsubscribe/{topic}/{word}`: asks, and changes nothing.
///
/// # Errors
/// `TooFast`; whatever the database says.
pub async fn ask(page: Page, path: web::Path<(String, String)>) -> Result<HttpResponse> {
    let (topic, word) = path.into_inner();
    let Some((person, topic)) = person(&page, &word).await?.zip(topic.parse().ok()) else {
        return unknown(&page);
    };
    page.render(&unsubscribe_page(&person, topic, word, false))
}

/// POST `/mail/unsubscribe/{topic}/{word}`: by the button of the page, or by a mail program with
/// `List-Unsubscribe=One-Click` (RFC 8058), which looks at the status alone.
///
/// # Errors
/// `TooFast`; whatever the database says.
pub async fn end(
    page: Page,
    path: web::Path<(String, String)>,
    sent: Unchecked,
) -> Result<HttpResponse> {
    let (topic, word) = path.into_inner();
    let Some((person, topic)) = person(&page, &word).await?.zip(topic.parse().ok()) else {
        return unknown(&page);
    };
    stop(&page, person.id, topic).await?;
    if sent.0.has("page") {
        return page.render(&unsubscribe_page(&person, topic, word, true));
    }
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header(("Cache-Control", "no-store"))
        .body("unsubscribed\n"))
}

async fn stop(page: &Page, person: UserId, topic: Topic) -> Result<()> {
    let tx = page.app.db.begin_system("mail choices").await?;
    links::end(&page.app, &tx, person, topic).await?;
    tx.commit().await
}

fn unsubscribe_page(
    person: &user::Model,
    topic: Topic,
    word: String,
    done: bool,
) -> UnsubscribePage {
    UnsubscribePage {
        address: links::masked(&person.email),
        topic,
        word,
        done,
    }
}

/// GET `/mail/open/{word}.gif`: a point, whoever asks and whatever becomes of the count.
pub async fn opened(page: Page, request: HttpRequest, word: web::Path<String>) -> HttpResponse {
    // The copy of a mail that staff look at is not its reader's.
    let from = request.headers().get("sec-fetch-site");
    let by_staff = from.is_some_and(|from| from == "same-origin");
    if !by_staff && let Err(error) = links::note_opened(&page.app, &word).await {
        tracing::warn!(%error, "that a mail was opened could not be noted");
    }
    HttpResponse::Ok()
        .content_type("image/gif")
        .insert_header(("Cache-Control", "no-store"))
        .body(POINT.as_slice())
}
