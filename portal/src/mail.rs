//! Outgoing mail: by an SMTP server, into a directory, or into memory for tests.
//!
//! What holds in all three: a message has a plain text and an HTML form; text from people (a subject, a shop's name)
//! cannot start a header of its own; what went wrong says whether trying again can help; and neither errors nor logs
//! name an address, not even where the mail server's answer does.
//!
//! Callers are jobs of the outbox. A message may therefore be sent twice with the same `message_id`, by which servers
//! and readers recognise the repeat.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::transport::smtp::{self, PoolConfig};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use tokio::sync::Semaphore;

#[cfg(test)]
mod tests;

/// For each step of the conversation: connecting, each command and its answer.
const STEP_TIMEOUT: Duration = Duration::from_secs(10);
/// For the whole conversation: a server that drips one line every nine seconds must not hold a worker.
const SEND_TIMEOUT: Duration = Duration::from_secs(30);
/// RFC 5322, 2.1.1 allows lines of 998 characters; a longer one is where relays start to cut.
const MAX_HEADER_BYTES: usize = 900;
/// Conversations with the mail server at once, unless its address says otherwise. Some relays allow few a customer.
const CONNECTIONS: usize = 4;
/// Servers hang up on who says nothing for some minutes; Kontor does so first.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
const MAX_SUBJECT_CHARACTERS: usize = 200;
const MAX_NAME_CHARACTERS: usize = 100;
/// Headers the message is built with; nobody may set them a second time.
const OWN_HEADERS: &[&str] = &[
    "from",
    "sender",
    "to",
    "cc",
    "bcc",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "return-path",
];

/// A message ready to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingMail {
    pub to_email: String,
    pub to_name: Option<String>,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// `word@domain`, without angle brackets; the same for every try of the same message.
    pub message_id: String,
    /// Further headers, such as `List-Unsubscribe`.
    pub headers: Vec<(String, String)>,
    pub attachments: Vec<Attachment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// A mail kept in memory, and the bytes that would have gone out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptMail {
    pub mail: OutgoingMail,
    pub eml: Vec<u8>,
}

/// Where mail goes. Cheap to clone; clones share their connections and what they kept.
#[derive(Clone)]
pub enum Mailer {
    Smtp {
        relay: AsyncSmtpTransport<Tokio1Executor>,
        from: Mailbox,
        /// So many conversations at once; whoever comes later waits for their turn.
        turns: Arc<Semaphore>,
        connections: usize,
    },
    File {
        dir: PathBuf,
        from: Mailbox,
    },
    Memory {
        kept: Arc<Mutex<Vec<KeptMail>>>,
        from: Mailbox,
    },
}

/// The address of the mail server cannot be used. Does not repeat it, for it holds the password.
#[derive(Debug, thiserror::Error)]
#[error(
    "SMTP_URL is not of the form smtp://, smtps:// or smtp+starttls://user:password@host:port: {0}"
)]
pub struct BadSmtpUrl(String);

/// Why a mail did not leave.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("the recipient's address is not an e-mail address")]
    Recipient,
    #[error("the header {name:?} cannot be sent")]
    Header { name: String },
    #[error("the message id is not of the form word@domain")]
    MessageId,
    #[error("{media_type:?} is not a media type")]
    MediaType { media_type: String },
    #[error("the message could not be put together: {0}")]
    Message(lettre::error::Error),
    #[error("the mail server refused the message for good ({code}): {reason}")]
    Refused { code: u16, reason: String },
    #[error("the mail server asks to try again later ({code}): {reason}")]
    Deferred { code: u16, reason: String },
    #[error("the mail server was not reached: {reason}")]
    Unreachable { reason: String },
    #[error("the mail could not be written to its directory: {0}")]
    Directory(#[from] std::io::Error),
}

impl MailError {
    /// Whether any other message would have met the same: the server was not reached, closes, lets nobody in. Whether
    /// that is so tells [`Mailer::reach`].
    #[must_use]
    pub fn may_concern_all(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Directory(_) | Self::Refused { .. } => true,
            Self::Deferred { code, .. } => matches!(code, 421 | 454 | 530 | 534 | 535 | 538),
            Self::Recipient
            | Self::Header { .. }
            | Self::MessageId
            | Self::MediaType { .. }
            | Self::Message(_) => false,
        }
    }

    /// Whether the same message would fail again, so that trying again is of no use.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Recipient
            | Self::Header { .. }
            | Self::MessageId
            | Self::MediaType { .. }
            | Self::Message(_)
            | Self::Refused { .. } => true,
            Self::Deferred { .. } | Self::Unreachable { .. } | Self::Directory(_) => false,
        }
    }
}

impl Mailer {
    /// The mail server when one is configured, else the directory.
    ///
    /// `smtp://` speaks in the clear, `smtps://` in TLS from the start, `smtp+starttls://` (or `smtp://…?tls=required`)
    /// insists on TLS after the greeting.
    pub fn from_settings(
        smtp_url: Option<&str>,
        dir: PathBuf,
        from: Mailbox,
    ) -> Result<Self, BadSmtpUrl> {
        let from = Mailbox {
            name: from.name.map(|name| one_line(&name, MAX_NAME_CHARACTERS)),
            ..from
        };
        let Some(url) = smtp_url.map(str::trim).filter(|url| !url.is_empty()) else {
            return Ok(Self::File { dir, from });
        };
        let (url, connections) = connections_of(url)?;
        let kept_open = u32::try_from(connections).unwrap_or(u32::MAX);
        let relay = AsyncSmtpTransport::<Tokio1Executor>::from_url(&starttls_as_query(&url))
            .map_err(|error| BadSmtpUrl(error.to_string()))?
            .timeout(Some(STEP_TIMEOUT))
            .pool_config(
                PoolConfig::new()
                    .max_size(kept_open)
                    .idle_timeout(IDLE_TIMEOUT),
            )
            .build();
        Ok(Self::Smtp {
            relay,
            from,
            turns: Arc::new(Semaphore::new(connections)),
            connections,
        })
    }

    /// How many messages it takes at once.
    #[must_use]
    pub fn at_once(&self) -> usize {
        match self {
            Self::Smtp { connections, .. } => *connections,
            Self::File { .. } | Self::Memory { .. } => CONNECTIONS,
        }
    }

    /// Keeps mail for a test to read with [`Mailer::kept`].
    #[must_use]
    pub fn memory(from: Mailbox) -> Self {
        Self::Memory {
            kept: Arc::default(),
            from,
        }
    }

    /// What was sent so far; only a mailer in memory keeps it.
    #[must_use]
    pub fn kept(&self) -> Vec<KeptMail> {
        match self {
            Self::Memory { kept, .. } => {
                kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
            }
            Self::Smtp { .. } | Self::File { .. } => Vec::new(),
        }
    }

    /// Hands one message over. When this returns `Ok`, the mail server (or the disk) has taken it.
    pub async fn send(&self, mail: &OutgoingMail) -> Result<(), MailError> {
        match self {
            Self::Smtp {
                relay, from, turns, ..
            } => {
                let message = message(mail, from)?;
                // Never closed; were it, there would be no turn to wait for.
                let _turn = turns.acquire().await.ok();
                let sent = within(SEND_TIMEOUT, relay.send(message)).await;
                // The connection goes back to the pool in a task of its own, which is to come first:
                // the next message would open another one.
                tokio::task::yield_now().await;
                sent.map(|_| ())
            }
            Self::File { dir, from } => {
                let message = message(mail, from)?;
                write_whole(dir, &mail.message_id, &message.formatted()).await
            }
            Self::Memory { kept, from } => {
                let eml = message(mail, from)?.formatted();
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.push(KeptMail {
                    mail: mail.clone(),
                    eml,
                });
                Ok(())
            }
        }
    }

    /// Whether mail could leave now: the server answers, or the directory can be written.
    pub async fn reach(&self) -> Result<(), MailError> {
        match self {
            Self::Smtp { relay, .. } => {
                if within(STEP_TIMEOUT, relay.test_connection()).await? {
                    return Ok(());
                }
                Err(MailError::Unreachable {
                    reason: "it does not answer".to_owned(),
                })
            }
            Self::File { dir, .. } => Ok(tokio::fs::create_dir_all(dir).await?),
            Self::Memory { .. } => Ok(()),
        }
    }
}

fn message(mail: &OutgoingMail, from: &Mailbox) -> Result<Message, MailError> {
    let to: Address = mail.to_email.parse().map_err(|_| MailError::Recipient)?;
    // Stated rather than read back from the headers, so that no spelling of a name can change who receives it.
    let envelope =
        Envelope::new(Some(from.email.clone()), vec![to.clone()]).map_err(MailError::Message)?;
    let name = mail
        .to_name
        .as_deref()
        .map(|name| one_line(name, MAX_NAME_CHARACTERS));
    let name = name.filter(|name| !name.is_empty());
    let mut builder = Message::builder()
        .envelope(envelope)
        .from(from.clone())
        .to(Mailbox::new(name, to))
        .subject(one_line(&mail.subject, MAX_SUBJECT_CHARACTERS))
        .message_id(Some(format!("<{}>", checked_message_id(&mail.message_id)?)));
    for (name, value) in &mail.headers {
        builder = builder.raw_header(extra_header(name, value)?);
    }
    let words = MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone());
    if mail.attachments.is_empty() {
        return builder.multipart(words).map_err(MailError::Message);
    }
    let mut parts = MultiPart::mixed().multipart(words);
    for attachment in &mail.attachments {
        let media_type =
            ContentType::parse(&attachment.media_type).map_err(|_| MailError::MediaType {
                media_type: attachment.media_type.clone(),
            })?;
        let name = one_line(&attachment.name, MAX_NAME_CHARACTERS).replace(['/', '\\', '"'], "_");
        let part = lettre::message::Attachment::new(name);
        parts = parts.singlepart(part.body(attachment.bytes.clone(), media_type));
    }
    builder.multipart(parts).map_err(MailError::Message)
}

/// A header of the caller's own. lettre checks names for colons and blanks only, so a line break would pass.
fn extra_header(name: &str, value: &str) -> Result<HeaderValue, MailError> {
    let fault = || MailError::Header {
        name: name.to_owned(),
    };
    let lower = name.to_ascii_lowercase();
    let plain = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let own = OWN_HEADERS.contains(&lower.as_str()) || lower.starts_with("content-");
    if !plain || own || value.len() > MAX_HEADER_BYTES || value.chars().any(char::is_control) {
        return Err(fault());
    }
    let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|_| fault())?;
    Ok(HeaderValue::new(name, value.to_owned()))
}

/// The id is a file's name as well, so its characters are few.
fn checked_message_id(id: &str) -> Result<&str, MailError> {
    let word = |text: &str| {
        !text.is_empty()
            && !text.starts_with('.')
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-+=".contains(&byte))
    };
    match id.split_once('@') {
        Some((left, right)) if id.len() <= 200 && word(left) && word(right) => Ok(id),
        _ => Err(MailError::MessageId),
    }
}

/// People's text on one line: every control character, and so every line break, becomes a blank.
fn one_line(text: &str, max_characters: usize) -> String {
    let spaced = text.replace(
        |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'),
        " ",
    );
    let mut line = String::new();
    for word in spaced.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if line.chars().count() > max_characters {
        line = line
            .chars()
            .take(max_characters.saturating_sub(1))
            .chain(['…'])
            .collect();
    }
    line
}

/// The address without `connections=8` in its query, and that number.
fn connections_of(url: &str) -> Result<(String, usize), BadSmtpUrl> {
    let Some((address, query)) = url.split_once('?') else {
        return Ok((url.to_owned(), CONNECTIONS));
    };
    let mut connections = CONNECTIONS;
    let mut rest = Vec::new();
    for pair in query.split('&') {
        match pair.strip_prefix("connections=") {
            Some(number) => {
                let number: Option<usize> = number.parse().ok();
                let number = number.filter(|number| (1..=100).contains(number));
                connections = number
                    .ok_or_else(|| BadSmtpUrl("connections is a number from 1 to 100".into()))?;
            }
            None => rest.push(pair),
        }
    }
    if rest.is_empty() {
        return Ok((address.to_owned(), connections));
    }
    Ok((format!("{address}?{}", rest.join("&")), connections))
}

/// lettre writes STARTTLS as a query; operators know it as a scheme.
fn starttls_as_query(url: &str) -> String {
    match url.strip_prefix("smtp+starttls://") {
        Some(rest) if rest.contains('?') => format!("smtp://{rest}&tls=required"),
        Some(rest) => format!("smtp://{rest}?tls=required"),
        None => url.to_owned(),
    }
}

/// A reader of the directory never sees half a message: it is written beside its place, then moved there.
async fn write_whole(dir: &Path, message_id: &str, eml: &[u8]) -> Result<(), MailError> {
    tokio::fs::create_dir_all(dir).await?;
    let part = dir.join(format!(".{message_id}.part"));
    tokio::fs::write(&part, eml).await?;
    tokio::fs::rename(&part, dir.join(format!("{message_id}.eml"))).await?;
    Ok(())
}

async fn within<T>(
    limit: Duration,
    conversation: impl Future<Output = Result<T, smtp::Error>>,
) -> Result<T, MailError> {
    match tokio::time::timeout(limit, conversation).await {
        Ok(answer) => answer.map_err(|error| from_smtp(&error)),
        Err(_) => Err(MailError::Unreachable {
            reason: format!("no answer within {} seconds", limit.as_secs()),
        }),
    }
}

fn from_smtp(error: &smtp::Error) -> MailError {
    let reason = without_addresses(&error.to_string());
    match error.status().map(u16::from) {
        // Refused credentials or a missing STARTTLS are the operator's to mend. Were they final, one wrong password
        // would turn every waiting mail into a dead letter.
        Some(code @ (530 | 534 | 535 | 538)) => MailError::Deferred { code, reason },
        Some(code) if error.is_permanent() => MailError::Refused { code, reason },
        Some(code) => MailError::Deferred { code, reason },
        None => MailError::Unreachable { reason },
    }
}

/// A server's answer usually repeats the recipient ("550 5.1.1 <ina@laden.example> unknown").
fn without_addresses(answer: &str) -> String {
    let words = answer.split_whitespace().map(|word| {
        if word.contains('@') {
            "[address]"
        } else {
            word
        }
    });
    one_line(&words.collect::<Vec<_>>().join(" "), 300)
}
