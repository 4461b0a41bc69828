//! Who calls the API: a key of one account, or one of the brand's own.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::keys::Permission;
use super::problem::Fault;
use crate::app::App;
use crate::auth::token;
use crate::db::entity::{account, api_key};
use crate::db::scope::{Actor, Reach, Scope};
use crate::db::words::Role;
use crate::error::{Error, Result};
use crate::web::form::FormState;

/// How exactly "last used" is kept; writing it on each call would cost a write a call.
const USED_MILLIS: i64 = 5 * 60_000;

/// Another program, known by its key.
#[derive(Debug, Clone)]
pub struct ApiCaller {
    /// Whose rows.
    pub scope: Scope,
    /// What the key may do.
    pub permissions: Vec<Permission>,
    /// The key.
    pub key_id: Uuid,
    /// The account it belongs to; none for the brand's own keys.
    pub account: Option<account::Model>,
}

/// Whose prices and orders a call is about: the key's own account, or the one that a brand's key
/// has named.
#[derive(Debug, Clone)]
pub struct ForAccount {
    /// That account's rows, with both names where the brand calls.
    pub scope: Scope,
    /// The account.
    pub account: account::Model,
}

impl ApiCaller {
    /// Whether the key may do that.
    ///
    /// # Errors
    /// 403 where it may not.
    pub fn may(&self, permission: Permission) -> Result<(), Fault> {
        if self.permissions.contains(&permission) {
            Ok(())
        } else {
            Err(Fault::Lacks(permission))
        }
    }

    /// Whether it is one of the brand's own keys.
    ///
    /// # Errors
    /// 403 where it is an account's.
    pub fn must_be_brand(&self) -> Result<(), Fault> {
        if self.account.is_none() {
            Ok(())
        } else {
            Err(Fault::BrandOnly)
        }
    }

    /// The account a call is about, where it names one (by number) or the key is an account's.
    /// An account's key may name itself and nobody else.
    ///
    /// # Errors
    /// 422 where there is no such account for this key.
    pub async fn maybe_for(&self, app: &App, number: &str) -> Result<Option<ForAccount>, Fault> {
        let unknown = || FormState::new().error("account", "api-unknown-account".into());
        if let Some(own) = &self.account {
            if !number.is_empty() && number != own.number {
                return Err(unknown().into());
            }
            return Ok(Some(ForAccount {
                scope: self.scope.clone(),
                account: own.clone(),
            }));
        }
        if number.is_empty() {
            return Ok(None);
        }
        let tx = app.db.read(&self.scope).await?;
        let account = tx
            .one::<account::Entity>(|all| all.filter(account::Column::Number.eq(number)))
            .await?
            .ok_or_else(unknown)?;
        let scope = Scope {
            reach: Reach::Account {
                id: account.id,
                group: account.group_id,
            },
            actor: self.scope.actor.clone(),
            on_behalf_of: Some(account.name.clone()),
        };
        Ok(Some(ForAccount { scope, account }))
    }

    /// As [`ApiCaller::maybe_for`], where the call needs an account.
    ///
    /// # Errors
    /// As there; 422 also where a brand's key names none.
    pub async fn for_account(&self, app: &App, number: &str) -> Result<ForAccount, Fault> {
        self.maybe_for(app, number).await?.ok_or_else(|| {
            FormState::new()
                .error("account", "api-account-needed".into())
                .into()
        })
    }
}

impl FromRequest for ApiCaller {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Fault>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let app = request
                .app_data::<web::Data<App>>()
                .ok_or_else(|| Error::Internal(anyhow::anyhow!("no application state")))?;
            let header = request.headers().get(AUTHORIZATION);
            let key = header.and_then(|value| bearer(value.to_str().ok()?));
            let key = key.ok_or(Fault::NoKey { sent: false })?;
            let row = find(app, key).await?.ok_or(Fault::NoKey { sent: true })?;
            let allowance = app.limits.api(&row.0.id.to_string());
            request.extensions_mut().insert(Allowance::of(&allowance));
            allowance?;
            note_use(app, &row.0).await;
            Ok(caller(row.0, row.1))
        })
    }
}

/// The token of a `Bearer` header; the scheme's case does not matter (RFC 9110).
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

async fn find(app: &App, key: &str) -> Result<Option<(api_key::Model, Option<account::Model>)>> {
    let tx = app.db.read_system("API key").await?;
    let row = tx
        .one::<api_key::Entity>(|all| {
            all.filter(api_key::Column::KeyHash.eq(token::digest(key)))
                .filter(api_key::Column::DisabledAt.is_null())
        })
        .await?;
    let Some(row) = row else { return Ok(None) };
    let account = match row.account_id {
        Some(id) => Some(tx.get::<account::Entity>(id).await?),
        None => None,
    };
    Ok(Some((row, account)))
}

fn caller(key: api_key::Model, account: Option<account::Model>) -> ApiCaller {
    let reach = match &account {
        Some(account) => Reach::Account {
            id: account.id,
            group: account.group_id,
        },
        None => Reach::Brand,
    };
    let actor = Actor {
        user_id: None,
        name: key.name,
        role: None::<Role>,
        owner: key.id,
    };
    ApiCaller {
        scope: Scope {
            reach,
            actor,
            on_behalf_of: None,
        },
        permissions: Permission::parse_all(&key.scopes),
        key_id: key.id,
        account,
    }
}

/// Keeps when the key was last used. That it could not be kept is no reason to refuse the call.
async fn note_use(app: &App, key: &api_key::Model) {
    let now = app.clock.millis();
    if key.last_used_at.is_some_and(|at| now - at < USED_MILLIS) {
        return;
    }
    let noted = async {
        let tx = app.db.begin_system("API key").await?;
        tx.change::<api_key::Entity>(|update| {
            update
                .col_expr(api_key::Column::LastUsedAt, Expr::val(now))
                .filter(api_key::Column::Id.eq(key.id))
        })
        .await?;
        tx.commit().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(%error, "the use of an API key was not noted");
    }
}

/// How often the key may still call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    left: u32,
    wait: u64,
}

impl Allowance {
    fn of(allowed: &Result<u32>) -> Allowance {
        match allowed {
            Ok(left) => Allowance {
                left: *left,
                wait: 1,
            },
            Err(Error::TooFast { retry_after }) => Allowance {
                left: 0,
                wait: *retry_after,
            },
            Err(_) => Allowance { left: 0, wait: 1 },
        }
    }

    /// As the IETF's draft on rate limit headers words it.
    #[must_use]
    pub fn headers(self) -> [(&'static str, String); 2] {
        let burst = crate::auth::limits::API_BURST;
        let window = burst / crate::auth::limits::API_PER_SECOND;
        [
            ("ratelimit-policy", format!("\"key\";q={burst};w={window}")),
            (
                "ratelimit",
                format!("\"key\";r={};t={}", self.left, self.wait),
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bearer_is_read_whatever_its_case_and_nothing_else_is() {
        assert_eq!(bearer("Bearer kontor_abc"), Some("kontor_abc"));
        assert_eq!(bearer("bearer  kontor_abc "), Some("kontor_abc"));
        assert_eq!(bearer("Basic kontor_abc"), None);
        assert_eq!(bearer("Bearer"), None);
        assert_eq!(bearer("Bearer "), None);
        assert_eq!(bearer(""), None);
    }

    #[test]
    fn a_key_that_called_too_fast_reads_how_long_to_wait() {
        let refused = Allowance::of(&Err(Error::TooFast { retry_after: 3 }));
        assert_eq!(
            refused.headers()[1],
            ("ratelimit", "\"key\";r=0;t=3".to_owned())
        );
        let allowed = Allowance::of(&Ok(998));
        assert_eq!(
            allowed.headers()[0],
            ("ratelimit-policy", "\"key\";q=1000;w=5".to_owned())
        );
        assert_eq!(
            allowed.headers()[1],
            ("ratelimit", "\"key\";r=998;t=1".to_owned())
        );
    }
}
