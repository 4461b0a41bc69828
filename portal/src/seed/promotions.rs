//! The demo's promotions: every mechanic, every kind of audience, every state, and two funds.
//!
//! What runs asks for ten cases or more of something, or for a large order: the corner shop sees
//! what it could have, and an everyday basket costs what its price lists say.

mod offers;

use std::collections::HashMap;

use jiff::ToSpan;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, Set};
use trade::calendar::Period;
use trade::id::{
    AccountGroupId, AccountId, CategoryId, FundId, ProductBrandId, ProductId, PromotionId, UserId,
};
use trade::money::Currency;
use trade::price::Target;
use trade::promotion::{Assortment, Part};

use self::offers::{Fund, Offer, Whom, offers};
use super::world::World;
use crate::db::Tx;
use crate::db::entity::{
    account, account_group, category, fund, product, product_brand, promotion, user,
};
use crate::db::words::PromotionState;
use crate::error::Result;
use crate::imports::load::Ids;
use crate::promotions::book::Reach;
use crate::promotions::changed;
use crate::promotions::plan::{self, Plan};

const MARKETING: &str = "marketing@demo.kontor.example";
const FINANCE: &str = "finance@demo.kontor.example";
const HOUR: i64 = 3_600_000;

/// Plans them, and has them approved where they run.
pub(super) async fn fill(tx: &Tx, world: &World, ids: &mut Ids, now: i64) -> Result<()> {
    let names = Names::load(tx, world).await?;
    let mut funds = HashMap::new();
    for fund in Fund::ALL {
        let id = FundId(ids.next(now));
        tx.insert(fund::ActiveModel {
            id: Set(id),
            code: Set(fund.code().to_owned()),
            name: Set(fund.name().to_owned()),
            currency: Set(Currency::EUR),
            budget_minor: Set(fund.budget_minor()),
            reserved_minor: Set(0),
            committed_minor: Set(0),
            created_at: Set(now),
            updated_at: Set(now),
        })
        .await?;
        funds.insert(fund, id);
    }
    for offer in offers(&names) {
        let id = PromotionId(ids.next(now));
        let Some(plan) = names.plan(world, &offer, &funds)? else {
            continue;
        };
        plan::insert(tx, now, id, &plan, &mut || ids.next(now)).await?;
        names.sign(tx, id, &offer).await?;
    }
    changed(tx).await
}

/// What offers are looked up in. A small world may lack some of it, and the offer with it.
pub(super) struct Names<'a> {
    world: &'a World,
    products: HashMap<String, ProductId>,
    brands: HashMap<String, ProductBrandId>,
    categories: HashMap<String, CategoryId>,
    groups: HashMap<String, AccountGroupId>,
    accounts: HashMap<String, AccountId>,
    people: HashMap<String, (UserId, String)>,
}

impl<'a> Names<'a> {
    async fn load(tx: &Tx, world: &'a World) -> Result<Names<'a>> {
        let products = tx.all::<product::Entity>(|all| all).await?;
        let brands = tx.all::<product_brand::Entity>(|all| all).await?;
        let categories = tx.all::<category::Entity>(|all| all).await?;
        let groups = tx.all::<account_group::Entity>(|all| all).await?;
        let accounts = tx
            .all::<account::Entity>(|all| all.filter(account::Column::Number.eq("10001")))
            .await?;
        let people = tx
            .all::<user::Entity>(|all| all.filter(user::Column::AccountId.is_null()))
            .await?;
        Ok(Names {
            world,
            products: products.into_iter().map(|row| (row.name, row.id)).collect(),
            brands: brands.into_iter().map(|row| (row.name, row.id)).collect(),
            categories: categories
                .into_iter()
                .map(|row| (row.path, row.id))
                .collect(),
            groups: groups.into_iter().map(|row| (row.code, row.id)).collect(),
            accounts: accounts
                .into_iter()
                .map(|row| (row.number, row.id))
                .collect(),
            people: people
                .into_iter()
                .map(|row| (row.email, (row.id, row.name)))
                .collect(),
        })
    }

    pub(super) fn product(&self, name: &str) -> Option<Target> {
        self.products.get(name).copied().map(Target::Product)
    }

    pub(super) fn brand(&self, name: &str) -> Option<Target> {
        self.brands.get(name).copied().map(Target::Brand)
    }

    pub(super) fn category(&self, path: &str) -> Option<Target> {
        self.categories.get(path).copied().map(Target::Category)
    }

    /// So many order units of a product, and what they cost by the list, in ten-thousandths.
    pub(super) fn packs(&self, name: &str, packs: i64) -> Option<(Part, i64)> {
        let row = self.world.products.iter().find(|p| p.row.name == name)?;
        let factor = row.row.pack_factor(row.row.order_unit)?.get();
        let part = Part {
            product: *self.products.get(name)?,
            pieces: packs * factor,
        };
        Some((part, row.list_price * part.pieces))
    }

    fn plan(
        &self,
        world: &World,
        offer: &Offer,
        funds: &HashMap<Fund, FundId>,
    ) -> Result<Option<Plan>> {
        let include: Option<Vec<Target>> = offer.include.iter().copied().collect();
        let exclude: Option<Vec<Target>> = offer.exclude.iter().copied().collect();
        let reach = self.reach(&offer.whom);
        let (Some(include), Some(exclude), Some(reach), Some(mechanic)) =
            (include, exclude, reach, offer.mechanic.clone())
        else {
            return Ok(None);
        };
        let (from, last) = offer.days;
        let from = world.size.today.checked_add(from.days())?;
        let until = world.size.today.checked_add((last + 1).days())?;
        Ok(Some(Plan {
            code: offer.code.to_owned(),
            name: offer.name.to_owned(),
            note: offer.note.to_owned(),
            mechanic,
            assortment: Assortment { include, exclude },
            currency: Currency::EUR,
            class: offer.class.map(str::to_owned),
            priority: offer.priority,
            validity: Period::new(from, Some(until)),
            reach,
            fund: offer.fund.and_then(|fund| funds.get(&fund).copied()),
            most_uses: offer.most_uses,
            most_uses_per_account: offer.most_uses_per_account,
            cap_minor: offer.cap_minor,
        }))
    }

    fn reach(&self, whom: &Whom) -> Option<Reach> {
        let mut reach = Reach::default();
        match whom {
            Whom::Everybody => reach.everybody = true,
            Whom::Groups(codes) => {
                let groups: Option<Vec<_>> = codes
                    .iter()
                    .map(|code| self.groups.get(*code).copied())
                    .collect();
                reach.groups = groups?;
            }
            Whom::Region(region) => reach.regions.push((*region).to_owned()),
            Whom::Account(number) => reach.accounts.push(*self.accounts.get(*number)?),
        }
        Some(reach)
    }

    /// Who planned, submitted and approved it: two different people, as the house wants it.
    async fn sign(&self, tx: &Tx, id: PromotionId, offer: &Offer) -> Result<()> {
        let by = if offer.by_kam {
            super::retailers::KAM_NORTH
        } else {
            MARKETING
        };
        let (Some((planner, name)), Some((decider, decided_by))) =
            (self.people.get(by), self.people.get(FINANCE))
        else {
            return Ok(());
        };
        // Written in office hours.
        let day = self.world.size.today.saturating_sub(60.days());
        let created = self
            .world
            .zone
            .to_timestamp(day.at(9, 12, 0, 0))?
            .as_millisecond();
        tx.change::<promotion::Entity>(|update| {
            use promotion::Column as P;
            let mut update = update
                .filter(P::Id.eq(id))
                .col_expr(P::State, Expr::value(offer.state.name()))
                .col_expr(P::CreatedBy, Expr::value(name.as_str()))
                .col_expr(P::CreatedById, Expr::value(planner.0))
                .col_expr(P::CreatedAt, Expr::value(created));
            if offer.state != PromotionState::Draft {
                update = update
                    .col_expr(P::SubmittedBy, Expr::value(name.as_str()))
                    .col_expr(P::SubmittedById, Expr::value(planner.0))
                    .col_expr(P::SubmittedAt, Expr::value(created + 26 * HOUR));
            }
            if offer.state == PromotionState::Approved {
                update = update
                    .col_expr(P::ApprovedBy, Expr::value(decided_by.as_str()))
                    .col_expr(P::ApprovedById, Expr::value(decider.0))
                    .col_expr(P::ApprovedAt, Expr::value(created + 51 * HOUR));
            }
            update
        })
        .await?;
        Ok(())
    }
}
