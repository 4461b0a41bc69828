//! Requests to other people's servers: webhooks and push services.
//!
//! An address comes from a person or a browser, so it may point anywhere: only `https` (and, where
//! the operator allows private targets, `http`), no address of this machine or its network, no
//! redirect, no proxy, nothing beyond a time and a size.
//!
//! A name may lead to another address each time it is asked for. So the check stands where the
//! connection is made: the addresses that were looked at are the ones that are connected to.

mod address;

use std::error::Error as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use jiff::fmt::rfc2822;
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

pub use address::is_out_there;

/// How long one request may take, answer included.
const TIME_LIMIT: Duration = Duration::from_secs(15);
/// How long it may take to be connected, the name's look-up included.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
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

/// Why an address is never called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// No address at all.
    #[error("this is not an address")]
    NotAnAddress,
    /// Neither `https`, nor `http` where that is allowed.
    #[error("only https is called")]
    NotHttps,
    /// With a name or a password in it, which would be shown and kept with the address.
    #[error("an address with a name or password in it is not called")]
    Credentials,
    /// It leads to this machine or its network.
    #[error("an address of this machine or its network is not called")]
    Private,
}

impl Forbidden {
    /// The message that says so.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Forbidden::NotAnAddress => "outgoing-not-an-address",
            Forbidden::NotHttps => "outgoing-not-https",
            Forbidden::Credentials => "outgoing-credentials",
            Forbidden::Private => "outgoing-private",
        }
    }
}

/// Why there was no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutgoingError {
    /// The address is not one that may be called.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// It was not reached, or did not answer in time.
    #[error("{0}")]
    Unreachable(String),
}

/// The way out. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Outgoing {
    client: reqwest::Client,
    names: Names,
    private_targets: bool,
}

impl Outgoing {
    /// A way out; `private_targets` lets it reach this machine and its network.
    ///
    /// # Errors
    /// No TLS to be had.
    pub fn new(private_targets: bool) -> anyhow::Result<Outgoing> {
        Outgoing::asking(Names::System, private_targets)
    }

    fn asking(names: Names, private_targets: bool) -> anyhow::Result<Outgoing> {
        let checked = Checked {
            names: names.clone(),
            private_targets,
        };
        let client = reqwest::Client::builder()
            .timeout(TIME_LIMIT)
            .connect_timeout(CONNECT_LIMIT)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .https_only(!private_targets)
            .dns_resolver(Arc::new(checked))
            .user_agent("Kontor")
            .build()?;
        Ok(Outgoing {
            client,
            names,
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
    /// Why not.
    pub fn check(&self, url: &str) -> Result<Url, Forbidden> {
        // Reading it makes `0x7f.1`, `2130706433` and `①27.0.0.1` the address they mean.
        let url = Url::parse(url.trim()).map_err(|_| Forbidden::NotAnAddress)?;
        let is_https = url.scheme() == "https";
        let is_allowed_http = self.private_targets && url.scheme() == "http";
        if !is_https && !is_allowed_http {
            return Err(Forbidden::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Forbidden::Credentials);
        }
        let host = url.host_str().unwrap_or_default();
        if host.is_empty() {
            return Err(Forbidden::NotAnAddress);
        }
        if self.private_targets {
            return Ok(url);
        }
        // A number is connected to without being looked up, so it is judged here.
        let number = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = number.parse::<IpAddr>()
            && !is_out_there(address)
        {
            return Err(Forbidden::Private);
        }
        let name = host.trim_end_matches('.');
        if name == "localhost" || name.ends_with(".localhost") {
            return Err(Forbidden::Private);
        }
        Ok(url)
    }

    /// As [`Outgoing::check`], and whether its name leads elsewhere today. One that leads nowhere
    /// may still be set up.
    ///
    /// # Errors
    /// Why not.
    pub async fn check_host(&self, url: &str) -> Result<Url, Forbidden> {
        let url = self.check(url)?;
        let host = url.host_str().unwrap_or_default();
        if self.private_targets || host.starts_with('[') || host.parse::<IpAddr>().is_ok() {
            return Ok(url);
        }
        match tokio::time::timeout(CONNECT_LIMIT, self.names.look_up(host)).await {
            Ok(Ok(found)) => {
                let leads_inside = !found.is_empty() && only_out_there(found).is_empty();
                if leads_inside {
                    return Err(Forbidden::Private);
                }
                Ok(url)
            }
            Ok(Err(_)) | Err(_) => Ok(url),
        }
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
        let mut answer = request.send().await.map_err(no_answer)?;
        let status = answer.status().as_u16();
        let retry_after = retry_after(answer.headers());
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(no_answer)? {
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

/// Seconds to wait: a number, or a date beside the other side's own.
fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let word = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = word.parse() {
        return Some(seconds);
    }
    let until = rfc2822::parse(word).ok()?.timestamp();
    let now = rfc2822::parse(headers.get(DATE)?.to_str().ok()?).ok()?;
    u64::try_from(until.as_second() - now.timestamp().as_second()).ok()
}

/// What went wrong, without the address: it may bear a token.
fn no_answer(error: reqwest::Error) -> OutgoingError {
    let timed_out = error.is_timeout();
    let error = error.without_url();
    let mut said = vec![error.to_string()];
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(forbidden) = cause.downcast_ref::<Forbidden>() {
            return OutgoingError::Forbidden(*forbidden);
        }
        let words = cause.to_string();
        if !said.contains(&words) {
            said.push(words);
        }
        source = cause.source();
    }
    if timed_out {
        return OutgoingError::Unreachable("no answer in time".to_owned());
    }
    OutgoingError::Unreachable(said.join(": "))
}

#[cfg(test)]
type Answers = dyn Fn(&str) -> Vec<IpAddr> + Send + Sync;

/// Who knows where a name leads.
#[derive(Clone)]
enum Names {
    /// The system.
    System,
    /// A test.
    #[cfg(test)]
    Given(Arc<Answers>),
}

impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Names::System => "System",
            #[cfg(test)]
            Names::Given(_) => "Given",
        })
    }
}

impl Names {
    async fn look_up(&self, host: &str) -> std::io::Result<Vec<SocketAddr>> {
        match self {
            Names::System => Ok(tokio::net::lookup_host((host, 0)).await?.collect()),
            #[cfg(test)]
            Names::Given(give) => {
                let addresses = give(host).into_iter();
                Ok(addresses.map(|ip| SocketAddr::new(ip, 0)).collect())
            }
        }
    }
}

/// Gives a connection the addresses of a name that it may be made to, and no other.
struct Checked {
    names: Names,
    private_targets: bool,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, private_targets) = (self.names.clone(), self.private_targets);
        Box::pin(async move {
            let mut found = names.look_up(name.as_str()).await?;
            if !private_targets && !found.is_empty() {
                found = only_out_there(found);
                if found.is_empty() {
                    return Err(Forbidden::Private.into());
                }
            }
            let addresses: Addrs = Box::new(found.into_iter());
            Ok(addresses)
        })
    }
}

fn only_out_there(found: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let there = |address: &SocketAddr| is_out_there(address.ip());
    found.into_iter().filter(there).collect()
}

#[cfg(test)]
mod tests;
