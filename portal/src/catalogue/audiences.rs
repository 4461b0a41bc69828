//! Which accounts see some products, asked for many accounts at once: the same rules as the
//! database applies to one account ([`crate::db::scope`]), read once and weighed here.

use std::collections::HashMap;

use sea_orm::sea_query::Value;
use trade::id::{AccountGroupId, AccountId, ProductId};

use crate::catalogue::padded;
use crate::db::{Tx, placeholders};
use crate::error::Result;

/// A rule that covers a product, by itself or by a category above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rule {
    excludes: bool,
    account: Option<AccountId>,
    group: Option<AccountGroupId>,
}

impl Rule {
    fn concerns(&self, account: AccountId, group: Option<AccountGroupId>) -> bool {
        match (self.account, self.group) {
            (None, None) => true,
            (of, in_group) => of == Some(account) || (in_group.is_some() && in_group == group),
        }
    }
}

/// The rules of some products.
#[derive(Debug, Default)]
pub struct Audiences {
    rules: HashMap<ProductId, Vec<Rule>>,
}

// Unscoped on purpose: what an account sees follows from rules that name others, too.
const RULES: [&str; 2] = [
    "SELECT r.product_id, r.effect, r.account_id, r.group_id FROM visibility_rules r \
     WHERE r.product_id IN",
    "SELECT p.id, r.effect, r.account_id, r.group_id FROM products p \
     JOIN category_ancestors c ON c.category_id = p.category_id \
     JOIN visibility_rules r ON r.category_id = c.ancestor_id WHERE p.id IN",
];

impl Audiences {
    /// The rules that cover these products.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn load(tx: &Tx, products: &[ProductId]) -> Result<Audiences> {
        let mut rules: HashMap<ProductId, Vec<Rule>> = HashMap::new();
        for chunk in products.chunks(2_000) {
            let chunk = padded(chunk);
            for begin in RULES {
                let sql = format!("{begin} ({})", placeholders(1, chunk.len()));
                let values = chunk.iter().map(|id| Value::from(*id));
                for row in tx.rows(&sql, values).await? {
                    let effect: String = row.try_get_by_index(1)?;
                    let rule = Rule {
                        excludes: effect == "exclude",
                        account: row.try_get_by_index(2)?,
                        group: row.try_get_by_index(3)?,
                    };
                    rules
                        .entry(row.try_get_by_index(0)?)
                        .or_default()
                        .push(rule);
                }
            }
        }
        Ok(Audiences { rules })
    }

    /// Whether an account sees one of these products.
    #[must_use]
    pub fn sees(
        &self,
        account: AccountId,
        group: Option<AccountGroupId>,
        product: ProductId,
    ) -> bool {
        let rules = self.rules.get(&product).map_or(&[][..], Vec::as_slice);
        let concerned = |rule: &&Rule| rule.concerns(account, group);
        let reserved = rules.iter().any(|rule| !rule.excludes);
        !rules.iter().filter(concerned).any(|rule| rule.excludes)
            && (!reserved || rules.iter().filter(concerned).any(|rule| !rule.excludes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const ITEM: ProductId = ProductId(Uuid::from_u128(1));

    fn account(number: u128) -> AccountId {
        AccountId(Uuid::from_u128(number))
    }

    fn group(number: u128) -> AccountGroupId {
        AccountGroupId(Uuid::from_u128(number))
    }

    fn rules(rules: &[(bool, Option<u128>, Option<u128>)]) -> Audiences {
        let rules = rules.iter().map(|(excludes, of, in_group)| Rule {
            excludes: *excludes,
            account: of.map(account),
            group: in_group.map(group),
        });
        Audiences {
            rules: [(ITEM, rules.collect())].into(),
        }
    }

    #[test]
    fn what_no_rule_covers_everybody_sees() {
        assert!(Audiences::default().sees(account(1), None, ITEM));
    }

    #[test]
    fn what_is_reserved_only_those_it_is_reserved_for_see() {
        let audiences = rules(&[(false, Some(1), None), (false, None, Some(7))]);
        assert!(audiences.sees(account(1), None, ITEM));
        assert!(audiences.sees(account(2), Some(group(7)), ITEM));
        assert!(!audiences.sees(account(2), Some(group(8)), ITEM));
        assert!(!audiences.sees(account(2), None, ITEM));
    }

    #[test]
    fn who_is_excluded_does_not_see_it_even_where_it_is_reserved_for_them() {
        let audiences = rules(&[(false, None, Some(7)), (true, Some(2), None)]);
        assert!(audiences.sees(account(1), Some(group(7)), ITEM));
        assert!(!audiences.sees(account(2), Some(group(7)), ITEM));
        assert!(!rules(&[(true, None, None)]).sees(account(1), None, ITEM));
    }
}
