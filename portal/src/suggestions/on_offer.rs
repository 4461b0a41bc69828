//! Promotions as one account would have them: its own prices, and what they become at the quantity
//! a promotion asks for. The model ranks by these; what a page says of a saving is quoted.

use jiff::civil::Date;
use recommender::Step;
use recommender::answers::promotions::{Offer, OfferItem};
use recommender::suggestion::May;
use trade::id::ProductId;
use trade::money::UnitPrice;
use trade::promotion::{
    Basket, CountIn, Left, Line, Mechanic, Missing, Part, Promotion, apply, offer as told,
};

use crate::catalogue::shelf::{Listed, Shelf};
use crate::error::Result;
use crate::pricing::PriceBook;
use crate::promotions::offers::whole;

/// What a promotion without an end counts as.
const ENDLESS_DAYS: u32 = 28;

/// The shelf at one account's prices.
pub struct Priced<'a> {
    /// What is sold.
    pub shelf: &'a Shelf,
    /// What it costs the account; it must hold the products that are asked about, and those that
    /// promotions name.
    pub prices: &'a PriceBook,
}

/// The products without which a promotion's worth cannot be told.
#[must_use]
pub fn named(promotion: &Promotion) -> Vec<ProductId> {
    match &promotion.mechanic {
        Mechanic::BuyGetOther { get: part, .. } | Mechanic::FreeGoods { give: part, .. } => {
            vec![part.product]
        }
        Mechanic::Bundle { parts, .. } => parts.iter().map(|part| part.product).collect(),
        Mechanic::Percent { .. }
        | Mechanic::Amount { .. }
        | Mechanic::FixedPrice { .. }
        | Mechanic::BuyGet { .. }
        | Mechanic::MixAndMatch { .. }
        | Mechanic::OrderValue { .. }
        | Mechanic::FreeFreight { .. } => Vec::new(),
    }
}

impl Priced<'_> {
    /// The promotion with those of `products` that it covers and that have a price.
    ///
    /// # Errors
    /// A sum beyond 64 bits.
    pub fn offer(
        &self,
        promotion: &Promotion,
        today: Date,
        products: impl IntoIterator<Item = ProductId>,
        may: May<'_>,
    ) -> Result<Offer> {
        // What is left of limits and funds was asked before: here it is told, not spent.
        let alone = Promotion {
            fund: None,
            left: Left::default(),
            ..promotion.clone()
        };
        let mut items = Vec::new();
        for product in products {
            let step = may(product);
            let listed = self.listed(product);
            if let Some((listed, step)) = listed.zip(step) {
                items.extend(self.item(&alone, listed, step)?);
            }
        }
        Ok(Offer {
            promotion: promotion.id,
            days: days_left(promotion, today),
            items,
        })
    }

    fn listed(&self, product: ProductId) -> Option<&Listed> {
        self.shelf.products.get(self.shelf.place(product)?)
    }

    fn item(&self, alone: &Promotion, listed: &Listed, step: Step) -> Result<Option<OfferItem>> {
        let Some(lines) = self.basket(alone, listed) else {
            return Ok(None);
        };
        let Some(own) = lines.iter().find(|line| line.item.product == listed.id) else {
            return Ok(None);
        };
        let price = of_base_unit(own.price, listed);
        let spent = self.spent(alone, &lines)?;
        let net: i64 = lines.iter().map(|line| line.net.minor).sum();
        let share = (float(spent) / float(Ord::max(net, 1))).clamp(0.0, 1.0);
        Ok(Some(OfferItem {
            product: listed.id,
            step,
            price,
            promotional: price * (1.0 - share),
        }))
    }

    /// What the promotion gives on these lines, in minor units.
    fn spent(&self, alone: &Promotion, lines: &[Line]) -> Result<i64> {
        let customer = self.prices.customer();
        let worth = named(alone).into_iter();
        let worth: Vec<(ProductId, UnitPrice)> = worth
            .filter_map(|product| {
                let listed = self.listed(product)?;
                let one = (listed.base_unit, trade::quantity::PackFactor::ONE);
                let item = self.shelf.item(listed);
                Some((product, self.prices.price_of(&item, one, 1)?))
            })
            .collect();
        let basket = Basket {
            lines,
            currency: customer.currency,
            date: customer.date,
            worth: &worth,
        };
        let outcome = apply(&basket, std::slice::from_ref(alone), &[])?;
        Ok(outcome.applied.first().map_or(0, |one| one.spend.minor))
    }

    /// The smallest basket with the item in it that the promotion asks for.
    fn basket(&self, promotion: &Promotion, listed: &Listed) -> Option<Vec<Line>> {
        let asked = told(promotion, &self.shelf.item(listed), listed.factor)?;
        let part = |part: &Part| {
            let listed = self.listed(part.product)?;
            self.line(listed, whole(part.pieces, listed.factor.get()))
        };
        let mut lines = match &asked.missing {
            Missing::OfItem {
                count, count_in, ..
            }
            | Missing::OfAssortment { count, count_in } => {
                let count = match count_in {
                    CountIn::Packs => *count,
                    CountIn::Pieces => whole(*count, listed.factor.get()),
                };
                vec![self.line(listed, count)?]
            }
            Missing::Parts { parts } => parts.iter().map(part).collect::<Option<_>>()?,
            Missing::Value { minor } => {
                let one = self.line(listed, 1)?;
                let each = Ord::max(one.net.minor / Ord::max(one.quantity, 1), 1);
                vec![self.line(listed, whole(*minor, each))?]
            }
        };
        if let Mechanic::BuyGetOther { get, .. } = &promotion.mechanic
            && get.product != listed.id
        {
            lines.push(part(get)?);
        }
        Some(lines)
    }

    /// So many order units, or the least that can be ordered.
    fn line(&self, listed: &Listed, quantity: i64) -> Option<Line> {
        let quantity = Ord::max(quantity, listed.least);
        let item = self.shelf.item(listed);
        let unit = (listed.order_unit, listed.factor);
        let price = self.prices.price_of(&item, unit, quantity)?;
        let currency = self.prices.customer().currency;
        Some(Line {
            item,
            unit: listed.order_unit,
            factor: listed.factor,
            order_factor: listed.factor,
            quantity,
            price,
            net: price.line_total(quantity, currency).ok()?,
        })
    }
}

/// Days it still runs, today included.
pub(super) fn days_left(promotion: &Promotion, today: Date) -> u32 {
    let last = promotion.validity.last_day();
    let days = last.and_then(|last| today.until(last).ok());
    let days = days.map(|span| i64::from(span.get_days()) + 1);
    days.map_or(ENDLESS_DAYS, |days| {
        u32::try_from(Ord::max(days, 1)).unwrap_or(ENDLESS_DAYS)
    })
}

/// In the major unit of the currency.
fn of_base_unit(price: UnitPrice, listed: &Listed) -> f64 {
    float(price.0) / 10_000.0 / float(listed.factor.get())
}

/// For ranking alone: what is beyond 32 bits ranks as the most there is.
fn float(count: i64) -> f64 {
    i32::try_from(count).map_or(f64::from(i32::MAX), f64::from)
}
