//! A basket that shows what a promotion does: just enough of its assortment, a little less, and
//! what the next step gives. Worked out by the engine, at the prices everybody pays.

mod baskets;

use std::collections::HashMap;

use jiff::civil::Date;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use trade::id::{ProductId, PromotionId};
use trade::money::{Currency, Money, UnitPrice};
use trade::price::Target;
use trade::promotion::{Assortment, Basket, Line, Mechanic, Outcome, Part, Promotion, apply};
use trade::quantity::{PackFactor, Unit};

use self::baskets::{Sketch, Wanted};
use super::plan::Plan;
use super::view::{ExampleBasket, ExampleLine};
use super::words::{self, Names};
use crate::app::App;
use crate::catalogue::{Article, article, padded};
use crate::db::Tx;
use crate::db::entity::{account, category_ancestor, product};
use crate::db::words::ProductStatus;
use crate::error::Result;
use crate::pricing::{Customer, PriceBook};
use crate::web::shape::Message;

/// Items of the assortment that an example is made of.
const ITEMS: u64 = 3;

/// Example baskets, priced as for everybody; none where nothing of it can be sold or priced.
///
/// # Errors
/// Whatever the database says.
pub async fn baskets(
    tx: &Tx,
    app: &App,
    plan: &Plan,
    names: &Names,
    asked_of: Option<&account::Model>,
) -> Result<Vec<ExampleBasket>> {
    let Some(account) = asked_of else {
        return Ok(Vec::new());
    };
    let date = Ord::max(app.today(), plan.validity.from);
    let goods = Goods::load(tx, app, plan, account, date).await?;
    let mut promotion = plan.promotion(PromotionId(uuid::Uuid::nil()));
    // An example asks what the promotion does, not what is left to pay for it.
    promotion.fund = None;
    // The sentences beside the baskets name their items.
    let mut names = names.clone();
    for article in goods.counted.iter().chain(goods.others.values()) {
        names.know(article);
    }
    let names = &names;
    let mut shown = Vec::new();
    for sketch in baskets::sketches(plan, &goods) {
        shown.extend(goods.show(&promotion, names, date, &sketch)?);
    }
    Ok(shown)
}

/// The items an example may use, with their prices.
pub(super) struct Goods {
    /// Of the assortment, by SKU.
    pub counted: Vec<Article>,
    others: HashMap<ProductId, Article>,
    book: PriceBook,
    currency: Currency,
}

impl Goods {
    async fn load(
        tx: &Tx,
        app: &App,
        plan: &Plan,
        account: &account::Model,
        date: Date,
    ) -> Result<Goods> {
        let reference = app.reference.get(tx).await?;
        let customer = Customer {
            account: account.id,
            ship_to: None,
            currency: plan.currency,
            date,
        };
        let counted = article::articles(tx, &reference, |all| {
            all.filter(product::Column::Status.eq(ProductStatus::Active))
                .filter(belonging(&plan.assortment))
                .order_by_asc(product::Column::Sku)
                .limit(ITEMS)
        })
        .await?;
        let parts: Vec<ProductId> = parts_of(&plan.mechanic)
            .iter()
            .map(|part| part.product)
            .collect();
        let others = article::by_id(tx, &reference, &parts).await?;
        let ids: Vec<ProductId> = counted
            .iter()
            .map(|article| article.id)
            .chain(parts)
            .collect();
        let book = PriceBook::load(tx, customer, &ids).await?;
        let priced = |article: &Article| {
            let least = article
                .factor(article.order_unit)
                .map_or(1, |factor| article.rule().least(factor));
            book.list_price(article, article.order_unit, least)
                .is_some()
        };
        Ok(Goods {
            counted: counted.into_iter().filter(priced).collect(),
            others,
            book,
            currency: plan.currency,
        })
    }

    pub(super) fn article(&self, product: ProductId) -> Option<&Article> {
        self.counted
            .iter()
            .find(|article| article.id == product)
            .or_else(|| self.others.get(&product))
    }

    pub(super) fn price(&self, article: &Article, unit: Unit, quantity: i64) -> Option<UnitPrice> {
        self.book.list_price(article, unit, quantity)
    }

    fn line(&self, wanted: Wanted) -> Result<Option<Line>> {
        let Some(article) = self.article(wanted.product) else {
            return Ok(None);
        };
        let (Some(factor), Some(price)) = (
            article.factor(wanted.unit),
            self.price(article, wanted.unit, wanted.quantity),
        ) else {
            return Ok(None);
        };
        Ok(Some(Line {
            item: article.item.clone(),
            unit: wanted.unit,
            factor,
            order_factor: article
                .factor(article.order_unit)
                .unwrap_or(PackFactor::ONE),
            quantity: wanted.quantity,
            price,
            net: price.line_total(wanted.quantity, self.currency)?,
        }))
    }

    fn show(
        &self,
        promotion: &Promotion,
        names: &Names,
        date: Date,
        sketch: &Sketch,
    ) -> Result<Option<ExampleBasket>> {
        let mut lines = Vec::new();
        for wanted in &sketch.lines {
            // What has no price cannot stand in a basket, so there is nothing to show.
            let Some(line) = self.line(*wanted)? else {
                return Ok(None);
            };
            lines.push(line);
        }
        let worth: Vec<(ProductId, UnitPrice)> = parts_of(&promotion.mechanic)
            .iter()
            .filter_map(|part| {
                let article = self.article(part.product)?;
                Some((part.product, self.price(article, article.base_unit, 1)?))
            })
            .collect();
        let basket = Basket {
            lines: &lines,
            currency: self.currency,
            date,
            worth: &worth,
        };
        let outcome = apply(&basket, std::slice::from_ref(promotion), &[])?;
        self.shown(promotion, names, sketch, (&lines, &outcome))
            .map(Some)
    }

    fn shown(
        &self,
        promotion: &Promotion,
        names: &Names,
        sketch: &Sketch,
        (lines, outcome): (&[Line], &Outcome),
    ) -> Result<ExampleBasket> {
        let (mut net, mut discount) = (Money::zero(self.currency), Money::zero(self.currency));
        let mut rows = Vec::new();
        for (line, adjusted) in lines.iter().zip(&outcome.lines) {
            net = net.plus(line.net)?;
            discount = discount.plus(adjusted.discount)?;
            let article = self.article(line.item.product);
            rows.push(ExampleLine {
                sku: article
                    .map(|article| article.sku.clone())
                    .unwrap_or_default(),
                name: article
                    .map(|article| article.name.clone())
                    .unwrap_or_default(),
                quantity: line.quantity,
                unit: line.unit,
                net: line.net,
                discount: adjusted.discount,
                after: Money::new(line.net.minor - adjusted.discount.minor, self.currency),
                free: false,
            });
        }
        for free in &outcome.free {
            let Some(article) = self.article(free.part.product) else {
                continue;
            };
            let factor = article
                .factor(article.order_unit)
                .unwrap_or(PackFactor::ONE);
            let whole = free.part.pieces % factor.get() == 0;
            rows.push(ExampleLine {
                sku: article.sku.clone(),
                name: article.name.clone(),
                quantity: if whole {
                    free.part.pieces / factor.get()
                } else {
                    free.part.pieces
                },
                unit: if whole {
                    article.order_unit
                } else {
                    article.base_unit
                },
                net: Money::zero(self.currency),
                discount: Money::zero(self.currency),
                after: Money::zero(self.currency),
                free: true,
            });
        }
        let near = outcome.near.first();
        Ok(ExampleBasket {
            title: Message::new(format!("promotion-example-{}", sketch.which)),
            lines: rows,
            net,
            discount,
            after: Money::new(net.minor - discount.minor, self.currency),
            free_freight: outcome.free_freight.is_some(),
            near: near.map(|near| words::near_miss(near, promotion, names)),
        })
    }
}

/// Items that a mechanic names itself.
fn parts_of(mechanic: &Mechanic) -> Vec<Part> {
    match mechanic {
        Mechanic::BuyGetOther { get: part, .. } | Mechanic::FreeGoods { give: part, .. } => {
            vec![*part]
        }
        Mechanic::Bundle { parts, .. } => parts.clone(),
        Mechanic::Percent { .. }
        | Mechanic::Amount { .. }
        | Mechanic::FixedPrice { .. }
        | Mechanic::BuyGet { .. }
        | Mechanic::MixAndMatch { .. }
        | Mechanic::OrderValue { .. }
        | Mechanic::FreeFreight { .. } => Vec::new(),
    }
}

/// The products of an assortment.
pub(super) fn belonging(assortment: &Assortment) -> Condition {
    let included = if assortment.include.is_empty() {
        Condition::all()
    } else {
        any_of(&assortment.include)
    };
    if assortment.exclude.is_empty() {
        return included;
    }
    Condition::all()
        .add(included)
        .add(any_of(&assortment.exclude).not())
}

fn any_of(targets: &[Target]) -> Condition {
    use product::Column as P;
    let (mut products, mut brands, mut categories) = (Vec::new(), Vec::new(), Vec::new());
    let mut any = Condition::any();
    for target in targets {
        match target {
            Target::Product(id) => products.push(*id),
            Target::Brand(id) => brands.push(*id),
            Target::Category(id) => categories.push(*id),
            Target::Everything => any = any.add(P::Id.is_not_null()),
        }
    }
    if !products.is_empty() {
        any = any.add(P::Id.is_in(padded(&products)));
    }
    if !brands.is_empty() {
        any = any.add(P::BrandId.is_in(padded(&brands)));
    }
    if !categories.is_empty() {
        let below = Query::select()
            .column(category_ancestor::Column::CategoryId)
            .from(category_ancestor::Entity)
            .and_where(category_ancestor::Column::AncestorId.is_in(padded(&categories)))
            .to_owned();
        any = any.add(P::CategoryId.in_subquery(below));
    }
    any
}
