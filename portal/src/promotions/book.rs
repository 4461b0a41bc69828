//! The promotions in force for an account, with what is left of their limits and funds.
//!
//! What a promotion does is kept in memory under a version counter that every change raises in its
//! own transaction; what is left is asked each time, and only of promotions that have a limit.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use sea_orm::sea_query::Value;
use sea_orm::{ColumnTrait, QueryFilter};
use serde::Serialize;
use tokio::sync::RwLock;
use trade::calendar::Period;
use trade::id::{AccountGroupId, AccountId, FundId, ProductId, PromotionId};
use trade::money::Currency;
use trade::price::Target;
use trade::promotion::{Assortment, FundLeft, Left, Mechanic, Promotion};

use crate::db::entity::{account, promotion, promotion_audience, promotion_item};
use crate::db::words::{Audience, ItemEffect, PromotionState};
use crate::db::{Tx, placeholders};
use crate::error::Result;

/// Whom a promotion reaches.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Reach {
    /// Every account.
    pub everybody: bool,
    /// These accounts.
    pub accounts: Vec<AccountId>,
    /// Every account of these groups.
    pub groups: Vec<AccountGroupId>,
    /// Every account of these regions.
    pub regions: Vec<String>,
}

/// What decides whether a promotion reaches an account.
#[derive(Debug, Clone, Copy)]
pub struct Recipient<'a> {
    /// The account.
    pub id: AccountId,
    /// Its group.
    pub group: Option<AccountGroupId>,
    /// Its region.
    pub region: &'a str,
    /// What it is priced in.
    pub currency: Currency,
}

impl<'a> From<&'a account::Model> for Recipient<'a> {
    fn from(account: &'a account::Model) -> Self {
        Recipient {
            id: account.id,
            group: account.group_id,
            region: &account.region,
            currency: account.currency,
        }
    }
}

impl Reach {
    /// Whether the account is among them.
    #[must_use]
    pub fn includes<'a>(&self, account: impl Into<Recipient<'a>>) -> bool {
        let account = account.into();
        self.everybody
            || self.accounts.contains(&account.id)
            || account
                .group
                .is_some_and(|group| self.groups.contains(&group))
            || self.regions.iter().any(|region| region == account.region)
    }
}

/// A promotion that is approved, with whom it reaches and its limits.
#[derive(Debug, Clone)]
pub struct Approved {
    /// As the engine takes it, with nothing used yet.
    pub promotion: Promotion,
    /// Whom it reaches.
    pub reach: Reach,
    most_uses: Option<i64>,
    most_uses_per_account: Option<i64>,
    cap_minor: Option<i64>,
}

impl Approved {
    fn is_limited(&self) -> bool {
        self.promotion.fund.is_some()
            || self.most_uses.is_some()
            || self.most_uses_per_account.is_some()
            || self.cap_minor.is_some()
    }
}

/// Keeps the approved promotions between requests.
#[derive(Default)]
pub struct PromotionCache {
    current: RwLock<(i64, Arc<Vec<Approved>>)>,
}

impl PromotionCache {
    /// The approved promotions as of this transaction, by (priority, id).
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn get(&self, tx: &Tx) -> Result<Arc<Vec<Approved>>> {
        let version = tx.counter(super::VERSION).await?;
        {
            let current = self.current.read().await;
            if current.0 == version && version > 0 {
                return Ok(Arc::clone(&current.1));
            }
        }
        let fresh = Arc::new(approved(tx).await?);
        *self.current.write().await = (version, Arc::clone(&fresh));
        Ok(fresh)
    }
}

/// Read as the program: retailers do not see the rows, but what they do is theirs to know.
async fn approved(tx: &Tx) -> Result<Vec<Approved>> {
    let rows = tx
        .all_as_system::<promotion::Entity>(|all| {
            all.filter(promotion::Column::State.eq(PromotionState::Approved))
        })
        .await?;
    let of_these = |ids: &[PromotionId]| crate::catalogue::padded(ids);
    let ids: Vec<PromotionId> = rows.iter().map(|row| row.id).collect();
    let mut reaches: HashMap<PromotionId, Reach> = HashMap::new();
    let mut assortments: HashMap<PromotionId, Assortment> = HashMap::new();
    for chunk in ids.chunks(2_000) {
        let audience = tx
            .all_as_system::<promotion_audience::Entity>(|all| {
                all.filter(promotion_audience::Column::PromotionId.is_in(of_these(chunk)))
            })
            .await?;
        for row in audience {
            let reach = reaches.entry(row.promotion_id).or_default();
            reach.accounts.extend(row.account_id);
            reach.groups.extend(row.group_id);
            reach.regions.extend(row.region);
        }
        let items = tx
            .all_as_system::<promotion_item::Entity>(|all| {
                all.filter(promotion_item::Column::PromotionId.is_in(of_these(chunk)))
            })
            .await?;
        for row in items {
            let assortment = assortments.entry(row.promotion_id).or_default();
            let Some(target) = target(&row) else { continue };
            match row.effect {
                ItemEffect::Include => assortment.include.push(target),
                ItemEffect::Exclude => assortment.exclude.push(target),
            }
        }
    }
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let mut reach = reaches.remove(&row.id).unwrap_or_default();
        reach.everybody = row.audience == Audience::Everybody;
        let assortment = assortments.remove(&row.id).unwrap_or_default();
        all.push(Approved {
            most_uses: row.most_uses,
            most_uses_per_account: row.most_uses_per_account,
            cap_minor: row.cap_minor,
            promotion: promotion(row, assortment)?,
            reach,
        });
    }
    all.sort_by_key(|one| (one.promotion.priority, one.promotion.id));
    Ok(all)
}

/// What an item row names; a row names exactly one thing, by constraint.
#[must_use]
pub fn target(row: &promotion_item::Model) -> Option<Target> {
    row.product_id
        .map(Target::Product)
        .or_else(|| row.brand_id.map(Target::Brand))
        .or_else(|| row.category_id.map(Target::Category))
}

/// A stored promotion as the engine takes it, with nothing used yet.
///
/// # Errors
/// A mechanic that cannot be read.
pub fn promotion(row: promotion::Model, assortment: Assortment) -> Result<Promotion> {
    let mechanic: Mechanic = serde_json::from_value(row.mechanic)?;
    Ok(Promotion {
        id: row.id,
        code: row.code,
        name: row.name,
        mechanic,
        assortment,
        currency: row.currency,
        validity: Period::stored(row.valid_from, row.valid_until),
        class: row.exclusivity_class,
        priority: row.priority,
        fund: row.fund_id,
        left: Left::default(),
    })
}

/// The promotions of one account on one day.
#[derive(Debug, Clone, Default)]
pub struct Book {
    promotions: Vec<Promotion>,
    funds: Vec<FundLeft>,
    approved: Arc<Vec<Approved>>,
}

impl Book {
    /// The promotions in force that reach the account, with what is left of them.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn load<'a>(
        tx: &Tx,
        cache: &PromotionCache,
        account: impl Into<Recipient<'a>>,
        date: Date,
    ) -> Result<Book> {
        let account = account.into();
        let books = Book::for_accounts(tx, cache, &[account], date).await?;
        Ok(books
            .into_iter()
            .next()
            .map(|(_, book)| book)
            .unwrap_or_default())
    }

    /// As [`Book::load`], for each of `accounts`: as many queries however many they are.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn for_accounts(
        tx: &Tx,
        cache: &PromotionCache,
        accounts: &[Recipient<'_>],
        date: Date,
    ) -> Result<HashMap<AccountId, Book>> {
        let approved = cache.get(tx).await?;
        let in_force = approved
            .iter()
            .filter(|one| one.promotion.validity.contains(date));
        let in_force: Vec<&Approved> = in_force.collect();
        let reaches = |one: &Approved, account: Recipient<'_>| {
            one.promotion.currency == account.currency && one.reach.includes(account)
        };
        let limited = in_force.iter().filter(|one| {
            one.is_limited() && accounts.iter().any(|account| reaches(one, *account))
        });
        let limited: Vec<PromotionId> = limited.map(|one| one.promotion.id).collect();
        let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
        let (used, by_account, funds) = used(tx, &limited, &ids).await?;
        let book = |account: &Recipient<'_>| {
            let mine = in_force.iter().filter(|one| reaches(one, *account));
            let promotions = mine.map(|one| {
                let mut promotion = one.promotion.clone();
                let used = used.get(&promotion.id).copied().unwrap_or_default();
                let own = by_account.get(&(promotion.id, account.id));
                let own = own.copied().unwrap_or_default();
                promotion.left = Left {
                    account_uses: one.most_uses_per_account.map(|most| most - own),
                    uses: one.most_uses.map(|most| most - used.uses),
                    cap_minor: one.cap_minor.map(|cap| cap - used.spent_minor),
                };
                promotion
            });
            let promotions: Vec<Promotion> = promotions.collect();
            let spends =
                |left: &&FundLeft| promotions.iter().any(|one| one.fund == Some(left.fund));
            let book = Book {
                funds: funds.iter().filter(spends).copied().collect(),
                promotions,
                approved: Arc::clone(&approved),
            };
            (account.id, book)
        };
        Ok(accounts.iter().map(book).collect())
    }

    /// All approved promotions, of which these are some: the same as long as none has changed.
    #[must_use]
    pub fn approved(&self) -> &Arc<Vec<Approved>> {
        &self.approved
    }

    /// By (priority, id).
    #[must_use]
    pub fn promotions(&self) -> &[Promotion] {
        &self.promotions
    }

    /// What is left of the funds they spend from.
    #[must_use]
    pub fn funds(&self) -> &[FundLeft] {
        &self.funds
    }

    /// Whether its limits and its fund leave anything to give.
    #[must_use]
    pub fn is_open(&self, promotion: &Promotion) -> bool {
        let left = &promotion.left;
        let fund = self
            .funds
            .iter()
            .find(|fund| Some(fund.fund) == promotion.fund)
            .map(|fund| fund.minor);
        [left.account_uses, left.uses, left.cap_minor, fund]
            .into_iter()
            .flatten()
            .all(|left| left > 0)
    }

    /// The promotion with that id.
    #[must_use]
    pub fn find(&self, id: PromotionId) -> Option<&Promotion> {
        self.promotions.iter().find(|one| one.id == id)
    }

    /// The promotion with that code.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&Promotion> {
        self.promotions.iter().find(|one| one.code == code)
    }

    /// Products that may come along or get cheaper beside what is ordered, without doubles.
    #[must_use]
    pub fn gifts(&self) -> Vec<ProductId> {
        let mut gifts: Vec<ProductId> = self
            .promotions
            .iter()
            .filter_map(|one| match &one.mechanic {
                Mechanic::FreeGoods { give, .. } => Some(give.product),
                Mechanic::Percent { .. }
                | Mechanic::Amount { .. }
                | Mechanic::FixedPrice { .. }
                | Mechanic::BuyGet { .. }
                | Mechanic::BuyGetOther { .. }
                | Mechanic::Bundle { .. }
                | Mechanic::MixAndMatch { .. }
                | Mechanic::OrderValue { .. }
                | Mechanic::FreeFreight { .. } => None,
            })
            .collect();
        gifts.sort_unstable();
        gifts.dedup();
        gifts
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Used {
    uses: i64,
    spent_minor: i64,
}

type Uses = (
    HashMap<PromotionId, Used>,
    HashMap<(PromotionId, AccountId), i64>,
    Vec<FundLeft>,
);

/// What is used of these promotions, by everybody and by each of `accounts`, and what is left of
/// their funds.
async fn used(tx: &Tx, limited: &[PromotionId], accounts: &[AccountId]) -> Result<Uses> {
    let mut used = HashMap::new();
    let mut by_account = HashMap::new();
    let mut funds: HashMap<FundId, i64> = HashMap::new();
    let accounts = crate::catalogue::padded(accounts);
    for chunk in limited.chunks(2_000) {
        let chunk = crate::catalogue::padded(chunk);
        let these = placeholders(1, chunk.len());
        let sql = format!(
            "SELECT p.id, p.uses, p.spent_minor, p.fund_id, \
             f.budget_minor - f.reserved_minor - f.committed_minor AS fund_left, \
             u.account_id, u.by_account \
             FROM promotions p LEFT JOIN funds f ON f.id = p.fund_id \
             LEFT JOIN (SELECT promotion_id, account_id, count(*) AS by_account \
             FROM promotion_uses WHERE state <> 'released' AND promotion_id IN ({these}) \
             AND account_id IN ({}) GROUP BY promotion_id, account_id) u \
             ON u.promotion_id = p.id WHERE p.id IN ({these})",
            placeholders(1 + chunk.len(), accounts.len()),
        );
        let values = chunk.iter().map(|id| Value::from(*id));
        let values = values.chain(accounts.iter().map(|id| Value::from(*id)));
        for row in tx.rows(&sql, values).await? {
            let id: PromotionId = row.try_get("", "id")?;
            let one = Used {
                uses: row.try_get("", "uses")?,
                spent_minor: row.try_get("", "spent_minor")?,
            };
            used.insert(id, one);
            if let Some(account) = row.try_get::<Option<AccountId>>("", "account_id")? {
                by_account.insert((id, account), row.try_get("", "by_account")?);
            }
            if let (Some(fund), Some(left)) = (
                row.try_get::<Option<FundId>>("", "fund_id")?,
                row.try_get::<Option<i64>>("", "fund_left")?,
            ) {
                funds.insert(fund, left);
            }
        }
    }
    let mut funds: Vec<FundLeft> = funds
        .into_iter()
        .map(|(fund, minor)| FundLeft { fund, minor })
        .collect();
    funds.sort_by_key(|left| left.fund);
    Ok((used, by_account, funds))
}
