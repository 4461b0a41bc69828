//! What depends on all lines of an order together: promotions, goods that come along, freight, the
//! minimum.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use trade::freight::freight;
use trade::id::{ProductId, PromotionId};
use trade::money::{Money, UnitPrice};
use trade::price::LineStep;
use trade::promotion::{
    Basket, FreeGood, Gain, Line, Missing, NearMiss, Outcome, Promotion, Step, apply,
};
use trade::quantity::{PackFactor, Quantity};
use trade::tax::{LineTax, TaxClass, totals};

use super::{Draft, ForWhom, FreightQuote, Gift, Minimum, Quote, QuotedLine, Wanted};
use crate::app::App;
use crate::db::words::StockPolicy;
use crate::error::Result;
use crate::promotions::book::Book;

pub(super) fn quote(draft: &Draft, app: &App, whom: &ForWhom, book: Arc<Book>) -> Result<Quote> {
    let currency = whom.customer.currency;
    let mut lines = draft.lines.clone();
    let (outcome, free) = promote(draft, app, whom, &book)?;
    let steps = outcome.lines.into_iter();
    for (line, adjusted) in basket_lines(&mut lines).zip(steps) {
        let Some(net) = line.net else { continue };
        let net = Money::new(net.minor - adjusted.discount.minor, currency);
        line.net = Some(net);
        if let Some(step) = line.trace.as_mut().and_then(|trace| trace.line.as_mut()) {
            step.net = net;
            step.promotions = adjusted.steps;
        }
    }
    let counted = |line: &&QuotedLine| line.ordered.0 > 0;
    let sum = |of: fn(&QuotedLine) -> Option<Money>| {
        Money::sum(currency, lines.iter().filter(counted).filter_map(of))
    };
    let goods = sum(|line| line.net)?;
    let discount = sum(QuotedLine::discount)?;
    let freight = freight_quote(draft, app, whom, goods, outcome.free_freight);
    // A promotion that takes off a freight nobody charges is not used up, nor offered.
    let (mut applied, mut near) = (outcome.applied, outcome.near);
    if freight.waived_by.is_none() {
        applied.retain(|one| Some(one.promotion) != outcome.free_freight);
    }
    near.retain(|near| near.gain != Gain::Freight || nearer_than_the_house(near, &freight));
    let pairs = super::counted(&lines)
        .chain(super::counted(&free))
        .chain(freight.tax.map(|tax| (freight.charge, tax)));
    let totals = totals(currency, pairs)?;
    Ok(Quote {
        minimum: minimum(app, whom, goods),
        lines,
        free,
        goods,
        discount,
        freight,
        totals,
        applied,
        near,
        book,
    })
}

/// The lines promotions are asked about: those that can be counted and have a price.
fn basket_lines(lines: &mut [QuotedLine]) -> impl Iterator<Item = &mut QuotedLine> {
    lines.iter_mut().filter(|line| basket_line(line).is_some())
}

fn basket_line(line: &QuotedLine) -> Option<Line> {
    let article = line.article.as_ref()?;
    if line.ordered.0 == 0 || !article.status.is_sold() {
        return None;
    }
    Some(Line {
        item: article.item.clone(),
        unit: line.wanted.unit,
        factor: article.factor(line.wanted.unit)?,
        order_factor: article
            .factor(article.order_unit)
            .unwrap_or(PackFactor::ONE),
        quantity: line.wanted.quantity,
        price: line.trace.as_ref()?.price?,
        net: line.before?,
    })
}

/// What the promotions make of the basket. Goods that cannot come along (hidden, delisted, not in
/// stock) take their promotion with them, and the others are asked again without it.
fn promote(
    draft: &Draft,
    app: &App,
    whom: &ForWhom,
    book: &Book,
) -> Result<(Outcome, Vec<QuotedLine>)> {
    let lines: Vec<Line> = draft.lines.iter().filter_map(basket_line).collect();
    let worth: Vec<(ProductId, UnitPrice)> = draft
        .gifts
        .iter()
        .filter_map(|gift| Some((gift.article.id, gift.trace.as_ref()?.price?)))
        .collect();
    let basket = Basket {
        lines: &lines,
        currency: whom.customer.currency,
        date: whom.customer.date,
        worth: &worth,
    };
    let mut promotions = book.promotions().to_vec();
    loop {
        let outcome = apply(&basket, &promotions, book.funds())?;
        let (free, impossible) = come_along(draft, app, whom, &outcome.free, &promotions);
        if impossible.is_empty() {
            return Ok((outcome, free));
        }
        promotions.retain(|promotion| !impossible.contains(&promotion.id));
    }
}

fn come_along(
    draft: &Draft,
    app: &App,
    whom: &ForWhom,
    goods: &[FreeGood],
    promotions: &[Promotion],
) -> (Vec<QuotedLine>, HashSet<PromotionId>) {
    // What the order itself takes of strictly counted stock is not there to be given away.
    let mut wanted: HashMap<ProductId, i64> = HashMap::new();
    for line in &draft.lines {
        *wanted.entry(line.wanted.product).or_insert(0) += line.ordered.0;
    }
    let mut lines = Vec::with_capacity(goods.len());
    let mut impossible = HashSet::new();
    for good in goods {
        let gift = draft
            .gifts
            .iter()
            .find(|gift| gift.article.id == good.part.product);
        let promotion = promotions.iter().find(|one| one.id == good.promotion);
        let taken = wanted.entry(good.part.product).or_insert(0);
        let line = gift.zip(promotion).and_then(|(gift, promotion)| {
            let strict = gift.article.stock_policy == StockPolicy::Strict;
            let there = gift.article.available.unwrap_or(0) - *taken;
            (!strict || there >= good.part.pieces)
                .then(|| free_line(draft, app, whom, gift, promotion, good.part.pieces))
                .flatten()
        });
        match line {
            Some(line) => {
                *taken += good.part.pieces;
                lines.push(line);
            }
            None => {
                impossible.insert(good.promotion);
            }
        }
    }
    (lines, impossible)
}

fn free_line(
    draft: &Draft,
    app: &App,
    whom: &ForWhom,
    gift: &Gift,
    promotion: &Promotion,
    pieces: i64,
) -> Option<QuotedLine> {
    let article = &gift.article;
    // In whole order units where it comes out even, as it is picked.
    let factor = article
        .factor(article.order_unit)
        .filter(|factor| pieces % factor.get() == 0);
    let (unit, quantity) = match factor {
        Some(factor) => (article.order_unit, pieces / factor.get()),
        None => (article.base_unit, pieces),
    };
    let currency = whom.customer.currency;
    let tax = tax(draft, app, whom, article.tax_class)?;
    let mut trace = gift.trace.clone()?;
    trace.unit = unit;
    trace.quantity = quantity;
    trace.price = Some(UnitPrice(0));
    trace.candidates = Vec::new();
    trace.list_price = None;
    trace.line = Some(LineStep {
        exact: 0,
        net: Money::zero(currency),
        tax,
        promotions: vec![Step {
            promotion: promotion.id,
            code: promotion.code.clone(),
            name: promotion.name.clone(),
            discount: Money::zero(currency),
        }],
    });
    Some(QuotedLine {
        wanted: Wanted {
            product: article.id,
            unit,
            quantity,
        },
        article: Some(Arc::clone(article)),
        ordered: Quantity(pieces),
        trace: Some(trace),
        before: Some(Money::zero(currency)),
        net: Some(Money::zero(currency)),
        tax: Some(tax),
        problem: None,
        comes_with: Some(promotion.id),
    })
}

fn tax(draft: &Draft, app: &App, whom: &ForWhom, class: TaxClass) -> Option<LineTax> {
    let country = &app.brand.row.country;
    let rate = draft
        .reference
        .tax_rate(country, class, whom.customer.date)?;
    Some(whom.tax_place(app).line(rate))
}

/// Freight is taxed at the standard rate. Without a rate there is none to charge.
fn freight_quote(
    draft: &Draft,
    app: &App,
    whom: &ForWhom,
    goods: Money,
    waived_by: Option<PromotionId>,
) -> FreightQuote {
    let currency = whom.customer.currency;
    let country = whom
        .ship_to
        .as_ref()
        .map_or(&whom.account.country, |place| &place.country);
    let freight = freight(draft.reference.freight(currency, country), goods.minor);
    let money = |minor| Money::new(minor, currency);
    let tax = tax(draft, app, whom, TaxClass::Standard);
    let charged = goods.minor > 0 && freight.charge_minor > 0 && tax.is_some();
    let waived_by = waived_by.filter(|_| charged);
    let charged = charged && waived_by.is_none();
    FreightQuote {
        charge: money(if charged { freight.charge_minor } else { 0 }),
        tax: tax.filter(|_| charged),
        free_from: freight.free_from_minor.map(money),
        missing: freight
            .missing_minor(goods.minor)
            .filter(|_| charged)
            .map(money),
        waived_by,
    }
}

/// Whether a promotion's free freight is nearer than the brand's own.
fn nearer_than_the_house(near: &NearMiss, freight: &FreightQuote) -> bool {
    let Missing::Value { minor } = near.missing else {
        return freight.charge.minor > 0;
    };
    freight.charge.minor > 0 && freight.missing.is_none_or(|house| minor < house.minor)
}

fn minimum(app: &App, whom: &ForWhom, goods: Money) -> Option<Minimum> {
    let own = whom.account.minimum_order_minor;
    let brands =
        (app.brand.currency == goods.currency).then_some(app.brand.row.minimum_order_minor);
    let minor = own.or(brands).filter(|minor| *minor > 0)?;
    Some(Minimum {
        minimum: Money::new(minor, goods.currency),
        missing: Money::new(Ord::max(minor - goods.minor, 0), goods.currency),
    })
}
