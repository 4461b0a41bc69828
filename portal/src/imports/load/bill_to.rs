//! Who pays for an account: another one of the same currency that pays for itself.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait, QueryFilter};
use trade::id::AccountId;
use trade::money::Currency;

use super::{Numbered, Outcome};
use crate::db::Tx;
use crate::db::entity::account;
use crate::error::Result;
use crate::imports::records::Problem;

/// An account of the file with the number of who pays for it.
pub(super) type Wish = Numbered<(AccountId, String)>;

/// Who pays for whom, as far as it is known.
struct Payers {
    ids: HashMap<String, AccountId>,
    currencies: HashMap<AccountId, Currency>,
    /// Of every account that another one pays for, who does.
    by: HashMap<AccountId, AccountId>,
}

impl Payers {
    /// Why `payer` may not pay for `account`.
    fn refuse(&self, account: AccountId, payer: AccountId) -> Option<&'static str> {
        if self.by.contains_key(&payer) {
            return Some("does not pay for itself");
        }
        if self.by.values().any(|pays| *pays == account) {
            return Some("cannot pay for an account that pays for others");
        }
        let same = self.currencies.get(&account) == self.currencies.get(&payer);
        (!same).then_some("is kept in another currency")
    }
}

/// Stores who pays for whom; a wish that would make a chain, or mix two currencies, is refused.
pub(super) async fn store(tx: &Tx, wishes: Vec<Wish>, outcome: &mut Outcome) -> Result<()> {
    if wishes.is_empty() {
        return Ok(());
    }
    let mut payers = load(tx, &wishes).await?;
    for wish in &wishes {
        // Whoever is about to be paid for anew does not stand in their own way.
        payers.by.remove(&wish.record.0);
    }
    let mut granted: HashMap<AccountId, HashSet<AccountId>> = HashMap::new();
    for Numbered { row, cells, record } in wishes {
        let (account, number) = record;
        let Some(&payer) = payers.ids.get(&number) else {
            outcome.reject(row, &cells, "bill_to", Problem::Unknown { key: number });
            continue;
        };
        if payer == account {
            continue;
        }
        if let Some(reason) = payers.refuse(account, payer) {
            let reason = reason.to_owned();
            outcome.reject(row, &cells, "bill_to", Problem::Refused { reason });
            continue;
        }
        payers.by.insert(account, payer);
        granted.entry(payer).or_default().insert(account);
    }
    for (payer, accounts) in granted {
        let accounts: Vec<AccountId> = accounts.into_iter().collect();
        for chunk in accounts.chunks(500) {
            let ids = chunk.iter().copied();
            tx.change::<account::Entity>(|update| {
                use account::Column::{BillToId, Id};
                update
                    .filter(Id.is_in(ids))
                    .col_expr(BillToId, sea_orm::sea_query::Expr::value(payer))
            })
            .await?;
        }
    }
    Ok(())
}

async fn load(tx: &Tx, wishes: &[Wish]) -> Result<Payers> {
    let paid_for = tx
        .all::<account::Entity>(|all| all.filter(account::Column::BillToId.is_not_null()))
        .await?;
    let by = paid_for
        .into_iter()
        .filter_map(|row| Some((row.id, row.bill_to_id?)))
        .filter(|(account, payer)| account != payer)
        .collect();
    let mut found = Vec::new();
    for chunk in wishes.chunks(400) {
        let numbers = chunk.iter().map(|wish| wish.record.1.as_str());
        let ids = chunk.iter().map(|wish| wish.record.0);
        let either = account::Column::Number
            .is_in(numbers)
            .or(account::Column::Id.is_in(ids));
        found.extend(tx.all::<account::Entity>(|all| all.filter(either)).await?);
    }
    Ok(Payers {
        currencies: found.iter().map(|row| (row.id, row.currency)).collect(),
        ids: found.into_iter().map(|row| (row.number, row.id)).collect(),
        by,
    })
}
