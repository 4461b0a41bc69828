//! What a promotion is to do, as its planner wrote it, and how it is kept.

use std::collections::HashMap;

use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, Set};
use serde::Serialize;
use trade::calendar::{LocalDate, Period};
use trade::id::{FundId, PromotionId};
use trade::money::Currency;
use trade::price::Target;
use trade::promotion::{Assortment, Left, Mechanic, Promotion};
use uuid::Uuid;

pub use super::book::Reach;
use super::words::{Limits, Names};
use crate::app::App;
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{account, promotion, promotion_audience, promotion_item};
use crate::db::scope::{self, Scope};
use crate::db::words::{Audience, ItemEffect, PromotionState};
use crate::error::{Error, Result};
use crate::web::shape::Money;

/// Everything that is written down before a promotion is approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// A short word that people and files name it by.
    pub code: String,
    /// Its name; retailers read it.
    pub name: String,
    /// For colleagues.
    pub note: String,
    /// What it does.
    pub mechanic: Mechanic,
    /// To which items.
    pub assortment: Assortment,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Promotions of one class exclude each other.
    pub class: Option<String>,
    /// The smaller number first.
    pub priority: i32,
    /// When it runs.
    pub validity: Period,
    /// Whom it reaches.
    pub reach: Reach,
    /// The budget it spends from.
    pub fund: Option<FundId>,
    /// Orders of all accounts.
    pub most_uses: Option<i64>,
    /// Orders of each account.
    pub most_uses_per_account: Option<i64>,
    /// What it may give in all.
    pub cap_minor: Option<i64>,
}

impl Plan {
    /// How often and for how much, to be said.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits {
            uses: self.most_uses,
            uses_per_account: self.most_uses_per_account,
            cap: self.cap_minor.map(|cap| Money::new(cap, self.currency)),
        }
    }

    /// As the engine takes it, with nothing used yet.
    #[must_use]
    pub fn promotion(&self, id: PromotionId) -> Promotion {
        Promotion {
            id,
            code: self.code.clone(),
            name: self.name.clone(),
            mechanic: self.mechanic.clone(),
            assortment: self.assortment.clone(),
            currency: self.currency,
            validity: self.validity,
            class: self.class.clone(),
            priority: self.priority,
            fund: self.fund,
            left: Left::default(),
        }
    }
}

/// A promotion as it stands in the books.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its row.
    pub row: promotion::Model,
    /// What it is to do.
    pub plan: Plan,
}

impl Stored {
    /// As the engine takes it, with nothing used yet.
    #[must_use]
    pub fn promotion(&self) -> Promotion {
        self.plan.promotion(self.row.id)
    }
}

/// Promotions that the caller is concerned with: a KAM with those that may reach an account of
/// theirs, and with what they wrote themselves.
#[must_use]
pub fn concerning(scope: &Scope) -> Condition {
    use promotion::Column as P;
    use promotion_audience::Column as A;
    let scope::Reach::Portfolio(kam) = scope.reach else {
        return Condition::all();
    };
    let named = |condition: Condition| {
        Query::select()
            .column(A::PromotionId)
            .from(promotion_audience::Entity)
            .cond_where(condition)
            .to_owned()
    };
    let own = Query::select()
        .column(account::Column::Id)
        .from(account::Entity)
        .and_where(account::Column::KamId.eq(kam))
        .to_owned();
    Condition::any()
        .add(P::Audience.eq(Audience::Everybody))
        .add(P::CreatedById.eq(kam))
        .add(P::Id.in_subquery(named(A::AccountId.is_null().into())))
        .add(P::Id.in_subquery(named(A::AccountId.in_subquery(own).into())))
}

/// One promotion that concerns the caller.
///
/// # Errors
/// `NotFound`.
pub async fn find(tx: &Tx, id: PromotionId) -> Result<Stored> {
    let row = tx
        .one::<promotion::Entity>(|all| {
            all.filter(promotion::Column::Id.eq(id))
                .filter(concerning(tx.scope()))
        })
        .await?
        .ok_or(Error::NotFound)?;
    let found = with_plans(tx, vec![row]).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// Rows with what hangs on them, in their order: two queries however many.
///
/// # Errors
/// Whatever the database says.
pub async fn with_plans(tx: &Tx, rows: Vec<promotion::Model>) -> Result<Vec<Stored>> {
    let ids: Vec<PromotionId> = rows.iter().map(|row| row.id).collect();
    let mut reaches: HashMap<PromotionId, Reach> = HashMap::new();
    let mut assortments: HashMap<PromotionId, Assortment> = HashMap::new();
    if !ids.is_empty() {
        let audience = tx
            .all::<promotion_audience::Entity>(|all| {
                all.filter(promotion_audience::Column::PromotionId.is_in(padded(&ids)))
                    .order_by_asc(promotion_audience::Column::Id)
            })
            .await?;
        for row in audience {
            let reach = reaches.entry(row.promotion_id).or_default();
            reach.accounts.extend(row.account_id);
            reach.groups.extend(row.group_id);
            reach.regions.extend(row.region);
        }
        let items = tx
            .all::<promotion_item::Entity>(|all| {
                all.filter(promotion_item::Column::PromotionId.is_in(padded(&ids)))
                    .order_by_asc(promotion_item::Column::Id)
            })
            .await?;
        for row in items {
            let assortment = assortments.entry(row.promotion_id).or_default();
            let targets = match row.effect {
                ItemEffect::Include => &mut assortment.include,
                ItemEffect::Exclude => &mut assortment.exclude,
            };
            targets.extend(row.product_id.map(Target::Product));
            targets.extend(row.brand_id.map(Target::Brand));
            targets.extend(row.category_id.map(Target::Category));
        }
    }
    let stored = rows.into_iter().map(|row| {
        let mut reach = reaches.remove(&row.id).unwrap_or_default();
        reach.everybody = row.audience == Audience::Everybody;
        let plan = Plan {
            code: row.code.clone(),
            name: row.name.clone(),
            note: row.note.clone(),
            mechanic: serde_json::from_value(row.mechanic.clone())?,
            assortment: assortments.remove(&row.id).unwrap_or_default(),
            currency: row.currency,
            class: row.exclusivity_class.clone(),
            priority: row.priority,
            validity: Period::stored(row.valid_from, row.valid_until),
            reach,
            fund: row.fund_id,
            most_uses: row.most_uses,
            most_uses_per_account: row.most_uses_per_account,
            cap_minor: row.cap_minor,
        };
        Ok(Stored { row, plan })
    });
    stored.collect()
}

/// The names that these promotions' words need.
///
/// # Errors
/// Whatever the database says.
pub async fn names(tx: &Tx, app: &App, plans: &[&Plan]) -> Result<Names> {
    let reference = app.reference.get(tx).await?;
    let named = plans.iter().map(|plan| (&plan.mechanic, &plan.assortment));
    Names::load(tx, reference, named).await
}

/// The columns of a plan.
fn columns(plan: &Plan) -> Result<promotion::ActiveModel> {
    Ok(promotion::ActiveModel {
        code: Set(plan.code.clone()),
        name: Set(plan.name.clone()),
        note: Set(plan.note.clone()),
        mechanic: Set(serde_json::to_value(&plan.mechanic)?),
        currency: Set(plan.currency),
        exclusivity_class: Set(plan.class.clone()),
        priority: Set(plan.priority),
        valid_from: Set(LocalDate(plan.validity.from)),
        valid_until: Set(plan.validity.until.map_or(LocalDate::OPEN_END, LocalDate)),
        audience: Set(if plan.reach.everybody {
            Audience::Everybody
        } else {
            Audience::Chosen
        }),
        fund_id: Set(plan.fund),
        most_uses: Set(plan.most_uses),
        most_uses_per_account: Set(plan.most_uses_per_account),
        cap_minor: Set(plan.cap_minor),
        ..Default::default()
    })
}

/// Keeps a new draft, written by whoever acts; `ids` are for what hangs on it.
///
/// # Errors
/// A code that is taken; whatever the database says.
pub async fn insert(
    tx: &Tx,
    now: i64,
    id: PromotionId,
    plan: &Plan,
    ids: &mut impl FnMut() -> Uuid,
) -> Result<()> {
    let actor = tx.scope().actor.clone();
    tx.insert(promotion::ActiveModel {
        id: Set(id),
        state: Set(PromotionState::Draft),
        uses: Set(0),
        spent_minor: Set(0),
        created_by: Set(actor.name),
        created_by_id: Set(actor.user_id),
        created_at: Set(now),
        updated_at: Set(now),
        ..columns(plan)?
    })
    .await?;
    insert_parts(tx, id, plan, ids).await
}

/// Rewrites a draft; says whether it still was one.
///
/// # Errors
/// A code that is taken; whatever the database says.
pub async fn rewrite(tx: &Tx, now: i64, id: PromotionId, plan: &Plan) -> Result<bool> {
    let mut row = columns(plan)?;
    row.updated_at = Set(now);
    let touched = tx
        .change::<promotion::Entity>(|update| {
            update
                .filter(promotion::Column::Id.eq(id))
                .filter(promotion::Column::State.eq(PromotionState::Draft))
                .set(row)
        })
        .await?;
    if touched == 0 {
        return Ok(false);
    }
    tx.delete::<promotion_item::Entity>(|rows| {
        rows.filter(promotion_item::Column::PromotionId.eq(id))
    })
    .await?;
    tx.delete::<promotion_audience::Entity>(|rows| {
        rows.filter(promotion_audience::Column::PromotionId.eq(id))
    })
    .await?;
    insert_parts(tx, id, plan, &mut Uuid::now_v7).await?;
    Ok(true)
}

async fn insert_parts(
    tx: &Tx,
    promotion: PromotionId,
    plan: &Plan,
    ids: &mut impl FnMut() -> Uuid,
) -> Result<()> {
    let sides = [
        (ItemEffect::Include, &plan.assortment.include),
        (ItemEffect::Exclude, &plan.assortment.exclude),
    ];
    let mut items = Vec::new();
    for (effect, targets) in sides {
        for target in targets {
            let (mut product_id, mut brand_id, mut category_id) = (None, None, None);
            match target {
                Target::Product(id) => product_id = Some(*id),
                Target::Brand(id) => brand_id = Some(*id),
                Target::Category(id) => category_id = Some(*id),
                // An assortment without an inclusion is everything already.
                Target::Everything => continue,
            }
            items.push(promotion_item::ActiveModel {
                id: Set(ids()),
                promotion_id: Set(promotion),
                effect: Set(effect),
                product_id: Set(product_id),
                brand_id: Set(brand_id),
                category_id: Set(category_id),
            });
        }
    }
    tx.insert_all(items).await?;
    let reach = &plan.reach;
    if reach.everybody {
        return Ok(());
    }
    let mut row = |account_id, group_id, region| promotion_audience::ActiveModel {
        id: Set(ids()),
        promotion_id: Set(promotion),
        account_id: Set(account_id),
        group_id: Set(group_id),
        region: Set(region),
    };
    let mut rows = Vec::new();
    rows.extend(reach.accounts.iter().map(|id| row(Some(*id), None, None)));
    rows.extend(reach.groups.iter().map(|id| row(None, Some(*id), None)));
    rows.extend(
        reach
            .regions
            .iter()
            .map(|region| row(None, None, Some(region.clone()))),
    );
    tx.insert_all(rows).await
}
