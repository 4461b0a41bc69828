//! Keys of other programs: made once, shown once, kept as a digest.

use std::path::Path;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, Set};
use serde::{Deserialize, Serialize};
use trade::id::AccountId;
use uuid::Uuid;

use crate::app::App;
use crate::auth::token;
use crate::auth::web::DEMO_USERS;
use crate::db::Tx;
use crate::db::entity::{account, api_key, user};
use crate::error::Result;

/// What keys begin with, so that scanners of leaked secrets know one when they see it.
const BEGINNING: &str = "kontor_";
/// How much of a key is kept in clear, for people to tell keys apart.
const PREFIX_CHARS: usize = 12;

/// What a key may do. A key has a list of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// See products.
    CatalogueRead,
    /// Ask prices.
    PricesRead,
    /// See orders.
    OrdersRead,
    /// Place and cancel orders.
    OrdersWrite,
    /// See the cart.
    CartRead,
    /// Change the cart.
    CartWrite,
    /// Follow what happens.
    EventsRead,
    /// Count stock.
    StockWrite,
    /// Change prices.
    PricesWrite,
}

impl Permission {
    /// Every one of them.
    pub const ALL: [Permission; 9] = [
        Permission::CatalogueRead,
        Permission::PricesRead,
        Permission::OrdersRead,
        Permission::OrdersWrite,
        Permission::CartRead,
        Permission::CartWrite,
        Permission::EventsRead,
        Permission::StockWrite,
        Permission::PricesWrite,
    ];
    /// What an account's own program needs.
    pub const ACCOUNT: [Permission; 7] = [
        Permission::CatalogueRead,
        Permission::PricesRead,
        Permission::OrdersRead,
        Permission::OrdersWrite,
        Permission::CartRead,
        Permission::CartWrite,
        Permission::EventsRead,
    ];

    /// The word in tables and documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Permission::CatalogueRead => "catalogue:read",
            Permission::PricesRead => "prices:read",
            Permission::OrdersRead => "orders:read",
            Permission::OrdersWrite => "orders:write",
            Permission::CartRead => "cart:read",
            Permission::CartWrite => "cart:write",
            Permission::EventsRead => "events:read",
            Permission::StockWrite => "stock:write",
            Permission::PricesWrite => "prices:write",
        }
    }

    /// The permissions of a key's row; a word that is none is passed over.
    #[must_use]
    pub fn parse_all(words: &str) -> Vec<Permission> {
        let known = |word: &str| Permission::ALL.into_iter().find(|one| one.name() == word);
        words.split_whitespace().filter_map(known).collect()
    }
}

/// Makes a key and gives it, the only time it is ever seen. Of an account, or of the brand.
///
/// # Errors
/// No randomness, or whatever the database says.
pub async fn create(
    tx: &Tx,
    now: i64,
    name: &str,
    account: Option<AccountId>,
    permissions: &[Permission],
) -> Result<String> {
    let key = format!("{BEGINNING}{}", token::random()?);
    let scopes: Vec<&str> = permissions.iter().map(|one| one.name()).collect();
    tx.insert(api_key::ActiveModel {
        id: Set(Uuid::now_v7()),
        name: Set(name.to_owned()),
        key_hash: Set(token::digest(&key)),
        prefix: Set(key.chars().take(PREFIX_CHARS).collect()),
        account_id: Set(account),
        scopes: Set(scopes.join(" ")),
        created_at: Set(now),
        last_used_at: Set(None),
        disabled_at: Set(None),
    })
    .await?;
    Ok(key)
}

/// The demo's keys as its file holds them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoKeys {
    /// Of the demo buyer's account.
    pub account: String,
    /// Of another one.
    pub other_account: String,
    /// Of the brand.
    pub brand: String,
}

const DEMO_NAMES: [&str; 3] = ["Demo shop", "Demo shop of another account", "Demo ERP"];

/// Writes `demo-keys.json`, where it is missing or its keys are not this database's. Nothing
/// happens before the demo world is there.
///
/// # Errors
/// The file cannot be written, or whatever the database says.
pub async fn demo_keys(app: &App) -> Result<()> {
    let path = app.config.folder.join("demo-keys.json");
    let tx = app.db.begin_system("demo keys").await?;
    if let Some(keys) = read_file(&path)
        && are_known(&tx, &keys).await?
    {
        return Ok(());
    }
    let Some((email, _, _)) = DEMO_USERS.first() else {
        return Ok(());
    };
    let buyer = tx
        .one::<user::Entity>(|all| all.filter(user::Column::Email.eq(*email)))
        .await?;
    let Some(own) = buyer.and_then(|buyer| buyer.account_id) else {
        return Ok(());
    };
    let other = tx
        .one::<account::Entity>(|all| {
            all.filter(account::Column::Id.ne(own))
                .filter(account::Column::Status.eq("active"))
                .order_by_asc(account::Column::Number)
        })
        .await?;
    let Some(other) = other else { return Ok(()) };
    let now = app.clock.millis();
    tx.change::<api_key::Entity>(|update| {
        update
            .col_expr(
                api_key::Column::DisabledAt,
                sea_orm::sea_query::Expr::val(now),
            )
            .filter(api_key::Column::Name.is_in(DEMO_NAMES))
            .filter(api_key::Column::DisabledAt.is_null())
    })
    .await?;
    let [own_name, other_name, brand_name] = DEMO_NAMES;
    let keys = DemoKeys {
        account: create(&tx, now, own_name, Some(own), &Permission::ACCOUNT).await?,
        other_account: create(&tx, now, other_name, Some(other.id), &Permission::ACCOUNT).await?,
        brand: create(&tx, now, brand_name, None, &Permission::ALL).await?,
    };
    tx.commit().await?;
    write_file(&path, &keys)
}

fn read_file(path: &Path) -> Option<DemoKeys> {
    serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()
}

async fn are_known(tx: &Tx, keys: &DemoKeys) -> Result<bool> {
    let digests = [&keys.account, &keys.other_account, &keys.brand].map(|key| token::digest(key));
    let known = tx
        .count::<api_key::Entity>(|all| {
            all.filter(api_key::Column::KeyHash.is_in(digests))
                .filter(api_key::Column::DisabledAt.is_null())
        })
        .await?;
    Ok(known == 3)
}

/// Readable by its owner alone, from the first byte on.
fn write_file(path: &Path, keys: &DemoKeys) -> Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // Written beside and moved into place: a reader never sees half a file.
    let beside = path.with_extension("json.new");
    if beside.exists() {
        std::fs::remove_file(&beside)?;
    }
    let mut file = options.open(&beside)?;
    file.write_all(serde_json::to_string_pretty(keys)?.as_bytes())?;
    file.write_all(b"\n")?;
    std::fs::rename(&beside, path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_is_known_by_its_word_and_a_stranger_is_passed_over() {
        let all: Vec<&str> = Permission::ALL.iter().map(|one| one.name()).collect();
        assert_eq!(Permission::parse_all(&all.join(" ")), Permission::ALL);
        assert_eq!(
            Permission::parse_all("orders:read everything orders:write"),
            [Permission::OrdersRead, Permission::OrdersWrite]
        );
        assert_eq!(Permission::parse_all(""), []);
    }
}
