//! Works out each account's ranked sequence of price lists from contracts and assignments.
//!
//! Accounts × a handful of rows, made again in the transaction that changes a contract, an
//! assignment, a parent or a group. Account × item is never stored: prices themselves are read.

use crate::db::Tx;
use crate::error::Result;
use trade::id::AccountId;

/// Ranks: own contract or list 0, ship-to 1, parent or group 2, everybody's 3.
const SOURCES: &str = "
    SELECT a.id AS account_id, CAST(NULL AS uuid) AS ship_to_id, k.price_list_id, k.id AS contract_id,
        0 AS rank, k.priority, k.valid_from, k.valid_until
    FROM contracts k JOIN accounts a ON a.id = k.account_id
    UNION ALL
    SELECT a.id, CAST(NULL AS uuid), k.price_list_id, k.id, 2, k.priority, k.valid_from, k.valid_until
    FROM contracts k JOIN accounts a ON a.parent_id = k.account_id
    UNION ALL
    SELECT a.id, CAST(NULL AS uuid), k.price_list_id, k.id, 2, k.priority, k.valid_from, k.valid_until
    FROM contracts k JOIN accounts a ON a.group_id = k.group_id
    UNION ALL
    SELECT a.id, CAST(NULL AS uuid), s.price_list_id, CAST(NULL AS uuid), 0, s.priority, s.valid_from, s.valid_until
    FROM price_list_assignments s JOIN accounts a ON a.id = s.account_id
    UNION ALL
    SELECT a.id, CAST(NULL AS uuid), s.price_list_id, CAST(NULL AS uuid), 2, s.priority, s.valid_from, s.valid_until
    FROM price_list_assignments s JOIN accounts a ON a.parent_id = s.account_id
    UNION ALL
    SELECT t.account_id, t.id, s.price_list_id, CAST(NULL AS uuid), 1, s.priority, s.valid_from, s.valid_until
    FROM price_list_assignments s JOIN ship_tos t ON t.id = s.ship_to_id
    UNION ALL
    SELECT a.id, CAST(NULL AS uuid), s.price_list_id, CAST(NULL AS uuid), 2, s.priority, s.valid_from, s.valid_until
    FROM price_list_assignments s JOIN accounts a ON a.group_id = s.group_id
    UNION ALL
    SELECT a.id, CAST(NULL AS uuid), s.price_list_id, CAST(NULL AS uuid), 3, s.priority, s.valid_from, s.valid_until
    FROM price_list_assignments s CROSS JOIN accounts a
    WHERE s.account_id IS NULL AND s.ship_to_id IS NULL AND s.group_id IS NULL";

/// Makes the sequences again: of one account, or of all.
///
/// # Errors
/// Whatever the database says.
pub async fn rebuild(tx: &Tx, account: Option<AccountId>) -> Result<()> {
    let new_id = if tx.backend() == sea_orm::DatabaseBackend::Postgres {
        "gen_random_uuid()"
    } else {
        "randomblob(16)"
    };
    let only = match account {
        Some(_) => "WHERE account_id = $1",
        None => "",
    };
    let values = || account.map(Into::into);
    tx.execute(&format!("DELETE FROM account_price_lists {only}"), values())
        .await?;
    let sql = format!(
        "INSERT INTO account_price_lists (id, account_id, ship_to_id, price_list_id, contract_id, \
         rank, priority, valid_from, valid_until) \
         SELECT {new_id}, account_id, ship_to_id, price_list_id, contract_id, rank, priority, \
         valid_from, valid_until FROM ({SOURCES}) AS sources {only}"
    );
    tx.execute(&sql, values()).await?;
    Ok(())
}
