//! `kontor key`: API keys for other programs. A key is printed once; the database keeps its digest.

use anyhow::{Context, bail};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use serde_json::json;

use crate::api::keys::{self, Permission};
use crate::app;
use crate::audit;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::entity::{account, api_key};

/// `kontor key add`: makes a key and prints it.
///
/// # Errors
/// An unknown account, or a word that is no permission.
pub async fn add(
    config: Config,
    name: &str,
    account: Option<&str>,
    may: &[String],
) -> anyhow::Result<()> {
    let known = Permission::ALL.map(Permission::name);
    if let Some(word) = may.iter().find(|word| !known.contains(&word.as_str())) {
        bail!("{word} is not a permission; there are {}", known.join(", "));
    }
    let permissions = Permission::parse_all(&may.join(" "));
    let db = app::open(&config).await?;
    let now = Clock::System.millis();
    let tx = db.begin_system("kontor key").await?;
    let account = match account {
        Some(number) => Some(
            tx.one::<account::Entity>(|rows| rows.filter(account::Column::Number.eq(number)))
                .await?
                .with_context(|| format!("there is no account {number}"))?
                .id,
        ),
        None => None,
    };
    let key = keys::create(&tx, now, name, account, &permissions).await?;
    let after = json!({"may": may});
    audit::note(
        &tx,
        now,
        "key made",
        &format!("key {name}"),
        account,
        None,
        Some(after),
    )
    .await?;
    tx.commit().await?;
    println!("{key}");
    Ok(())
}

/// `kontor key list`: every key by its first characters, never whole.
///
/// # Errors
/// Whatever the database says.
pub async fn list(config: Config) -> anyhow::Result<()> {
    let db = app::open(&config).await?;
    let tx = db.read_system("kontor key").await?;
    let all = tx
        .all::<api_key::Entity>(|all| all.order_by_asc(api_key::Column::CreatedAt))
        .await?;
    for key in all {
        let state = if key.disabled_at.is_some() {
            "disabled"
        } else {
            "good"
        };
        println!("{}…  {state}  {}  {}", key.prefix, key.name, key.scopes);
    }
    Ok(())
}

/// `kontor key disable`: ends a key, from the next call on.
///
/// # Errors
/// No key, or more than one, begins like that.
pub async fn disable(config: Config, prefix: &str) -> anyhow::Result<()> {
    let db = app::open(&config).await?;
    let now = Clock::System.millis();
    let tx = db.begin_system("kontor key").await?;
    let ended = tx
        .change::<api_key::Entity>(|update| {
            update
                .filter(api_key::Column::Prefix.eq(prefix.trim_end_matches('…')))
                .filter(api_key::Column::DisabledAt.is_null())
                .col_expr(api_key::Column::DisabledAt, now.into())
        })
        .await?;
    if ended != 1 {
        bail!("{ended} keys begin with {prefix}; kontor key list shows them");
    }
    audit::note(
        &tx,
        now,
        "key disabled",
        &format!("key {prefix}"),
        None,
        None,
        None,
    )
    .await?;
    tx.commit().await?;
    Ok(())
}
