//! What can go wrong with a request, by what the caller should do about it.
//!
//! Rules return enums with data and use cases return what they refuse; `?` carries the rest here.
//! `web::middleware` turns an error into a page, `api::problem` into problem details.

use actix_web::ResponseError;
use actix_web::http::StatusCode;
use sea_orm::{DbErr, RuntimeErr};

use crate::web::form::FormState;
use crate::web::shape::Message;

/// The result of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong, each kind with its answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 404: no such thing, or not the caller's. The two are not told apart.
    #[error("not found")]
    NotFound,
    /// 303 to sign-in, then back.
    #[error("nobody is signed in")]
    SignIn,
    /// 403: signed in, but not in that role; or a form without its token.
    #[error("forbidden")]
    Forbidden,
    /// 403: the page was open too long, its form's token is no longer good.
    #[error("the form has expired")]
    FormExpired,
    /// 422: what is wrong at which field.
    #[error("invalid input at {}", fields(.0))]
    Invalid(Box<FormState>),
    /// 409: what happened and what to do next.
    #[error("refused: {}", .0.happened.key)]
    Refused(Box<Refusal>),
    /// 413.
    #[error("more was sent than is accepted")]
    TooLarge,
    /// 429, with the seconds to wait.
    #[error("too many requests")]
    TooFast {
        /// Seconds until the next try may succeed.
        retry_after: u64,
    },
    /// 503: the database does not answer; later it will.
    #[error("busy: {0}")]
    Busy(String),
    /// 503: the database let another transaction go first, and nothing of this one has happened.
    /// [`crate::db::again`] does it again before anybody hears of it.
    #[error("gave way: {0}")]
    GaveWay(String),
    /// 500: a bug. The cause goes to the log, once, with a reference.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

/// A request that cannot be done as things stand.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// A stable word for programs, such as `total-changed`.
    pub code: &'static str,
    /// What happened.
    pub happened: Message,
    /// What was kept, and what to do next.
    pub next: Option<Message>,
    /// Where to do it.
    pub next_href: Option<String>,
    /// Facts for programs, such as a difference per line.
    pub detail: serde_json::Value,
}

impl Refusal {
    /// A refusal with its message alone.
    #[must_use]
    pub fn new(code: &'static str, happened: Message) -> Refusal {
        Refusal {
            code,
            happened,
            next: None,
            next_href: None,
            detail: serde_json::Value::Null,
        }
    }

    /// Adds where to go on.
    #[must_use]
    pub fn go_on(mut self, next: Message, href: impl Into<String>) -> Refusal {
        self.next = Some(next);
        self.next_href = Some(href.into());
        self
    }

    /// Adds facts for programs.
    #[must_use]
    pub fn with_detail(mut self, detail: serde_json::Value) -> Refusal {
        self.detail = detail;
        self
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error::Refused(Box::new(refusal))
    }
}

impl From<FormState> for Error {
    fn from(form: FormState) -> Error {
        Error::Invalid(Box::new(form))
    }
}

impl Error {
    /// What happened, for the log: of a bug the whole chain.
    #[must_use]
    pub fn cause(&self) -> String {
        if let Error::Internal(cause) = self {
            return format!("{cause:#}");
        }
        self.to_string()
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Error {
        let text = error.to_string();
        if gave_way(&error) {
            Error::GaveWay(text)
        } else if matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_))
            // SQLite has waited ten seconds for its turn by then.
            || text.contains("database is locked")
        {
            Error::Busy(text)
        } else if text.contains("invalid byte sequence for encoding") {
            // A NUL, which PostgreSQL takes in no text: the sender's fault, not the program's.
            Error::from(FormState::new())
        } else {
            Error::Internal(error.into())
        }
    }
}

/// Whether PostgreSQL ended the transaction for another one's sake: a deadlock, or two that cannot
/// both have been first. It says so by code, whatever language its messages are in.
fn gave_way(error: &DbErr) -> bool {
    let (DbErr::Exec(cause) | DbErr::Query(cause)) = error else {
        return false;
    };
    let RuntimeErr::SqlxError(cause) = cause else {
        return false;
    };
    let code = cause.as_database_error().and_then(|error| error.code());
    matches!(code.as_deref(), Some("40P01" | "40001"))
}

macro_rules! internal {
    ($($kind:ty),* $(,)?) => {$(
        impl From<$kind> for Error {
            fn from(error: $kind) -> Error {
                Error::Internal(error.into())
            }
        }
    )*};
}

internal!(
    serde_json::Error,
    std::io::Error,
    std::num::TryFromIntError,
    trade::money::MoneyError,
    crate::auth::token::NoEntropy,
    crate::web::page::PageError,
    actix_web::error::BlockingError,
    jiff::Error,
);

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::SignIn => StatusCode::SEE_OTHER,
            Error::Forbidden | Error::FormExpired => StatusCode::FORBIDDEN,
            Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Refused(_) => StatusCode::CONFLICT,
            Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Error::TooFast { .. } => StatusCode::TOO_MANY_REQUESTS,
            Error::Busy(_) | Error::GaveWay(_) => StatusCode::SERVICE_UNAVAILABLE,
            Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

fn fields(form: &FormState) -> String {
    form.errors
        .iter()
        .map(|error| error.field.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}
