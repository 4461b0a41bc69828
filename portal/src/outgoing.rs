//! Requests to other people's servers: webhooks and push services.
//!
//! An address comes from a person or a browser, so it may point anywhere: only `https` (and, where
//! the operator allows private targets, `http`), no address of this machine or its network, no
//! redirect, nothing beyond a time and a size.

use std::time::Duration;

/// How long one request may take.
const TIME_LIMIT: Duration = Duration::from_secs(15);
/// So much of an answer is read.
const MOST_BYTES: usize = 4_096;

/// What another server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The header `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
    /// The beginning of what it said.
    pub body: String,
}

/// Why there was no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutgoingError {
    /// The address is not one that may be called.
    #[error("{0}")]
    Forbidden(String),
    /// It was not reached, or did not answer in time.
    #[error("{0}")]
    Unreachable(String),
}

/// The way out. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Outgoing {
    client: reqwest::Client,
    private_targets: bool,
}

impl Outgoing {
    /// A way out; `private_targets` lets it reach this machine and its network.
    ///
    /// # Errors
    /// No TLS to be had.
    pub fn new(private_targets: bool) -> anyhow::Result<Outgoing> {
        let client = reqwest::Client::builder()
            .timeout(TIME_LIMIT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .user_agent("Kontor")
            .build()?;
        Ok(Outgoing {
            client,
            private_targets,
        })
    }

    /// Whether this machine and its network may be called.
    #[must_use]
    pub fn private_targets(&self) -> bool {
        self.private_targets
    }

    /// Whether the address may be called, as far as it can be told without asking for its host.
    ///
    /// # Errors
    /// Why not, in words for whoever typed it.
    pub fn check(&self, url: &str) -> Result<reqwest::Url, OutgoingError> {
        let url = reqwest::Url::parse(url)
            .map_err(|_| OutgoingError::Forbidden("not an address".into()))?;
        let fits = url.scheme() == "https" || (self.private_targets && url.scheme() == "http");
        if !fits {
            return Err(OutgoingError::Forbidden("only https is called".into()));
        }
        Ok(url)
    }

    /// Posts `body`.
    ///
    /// # Errors
    /// The address may not be called, or there was no answer.
    pub async fn post(
        &self,
        url: &str,
        headers: &[(&str, String)],
        body: Vec<u8>,
    ) -> Result<Answer, OutgoingError> {
        let url = self.check(url)?;
        let mut request = self.client.post(url).body(body);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let unreachable =
            |error: reqwest::Error| OutgoingError::Unreachable(error.without_url().to_string());
        let mut answer = request.send().await.map_err(unreachable)?;
        let status = answer.status().as_u16();
        let retry_after = answer.headers().get("retry-after");
        let retry_after = retry_after.and_then(|value| value.to_str().ok()?.parse().ok());
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
            body.extend_from_slice(&chunk);
            if body.len() >= MOST_BYTES {
                body.truncate(MOST_BYTES);
                break;
            }
        }
        Ok(Answer {
            status,
            retry_after,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }
}
