//! Promotions that fit an account: ranked by what is expected of them, each with the quantities the
//! account usually orders of it and what it would save on those, as the cart would quote them.

use std::collections::HashMap;
use std::sync::Arc;

use recommender::Suggestion;
use recommender::answers::promotions::{Gain, Offer};
use serde::Serialize;
use trade::id::ProductId;
use trade::promotion::{Mechanic, Promotion, covers};

use super::on_offer::{Priced, named};
use crate::app::App;
use crate::auth::session::AccountHead;
use crate::catalogue::rows::Shopper;
use crate::catalogue::shelf::Shelf;
use crate::db::Tx;
use crate::error::Result;
use crate::orders::quote::{ForWhom, Goods, Quote, Wanted};
use crate::pricing::PriceBook;
use crate::promotions::book::Book;
use crate::promotions::offers::Offers;
use crate::promotions::words::{near_miss, sentence};
use crate::web::shape::{Day, Message, Money, Unit};

/// Items of one promotion that are weighed, those the account buys first.
const WEIGHED: usize = 40;
/// Items of one promotion that are shown, with their quantities.
const SHOWN: usize = 5;
/// Of so many times as are wanted it is asked what they give: some give nothing on what is usual.
const QUOTED: usize = 3;

/// A promotion that fits an account.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fitting {
    pub code: String,
    pub name: String,
    /// Exactly what it does.
    pub sentence: Message,
    /// Its last day; none where no end is set.
    pub last_day: Option<Day>,
    /// What it takes off these quantities, as the cart quotes them.
    pub saving: Money,
    /// What comes along free with them is worth so much.
    pub along: Money,
    /// What these quantities cost with everything that is in force.
    pub net: Money,
    /// What is missing for it to give anything; none where it does.
    pub near: Option<Message>,
    /// What the account usually orders of it.
    pub items: Vec<FittingItem>,
}

/// An item of it in the quantity the account usually orders.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FittingItem {
    pub sku: String,
    pub name: String,
    pub unit: Unit,
    pub quantity: i64,
    /// The same in base units, as it was suggested.
    pub pieces: i64,
    pub net: Money,
}

/// Those of the promotions in force that fit the account, at most `limit`, the best first.
///
/// # Errors
/// Whatever the database says; a sum beyond 64 bits.
pub async fn fitting(
    tx: &Tx,
    app: &App,
    account: &AccountHead,
    limit: usize,
) -> Result<Vec<Fitting>> {
    let reference = app.reference.get(tx).await?;
    let shopper = Shopper::load(tx, account, app.today()).await?;
    let offers = shopper.offers(tx, app, &reference).await?;
    if offers.is_empty() || shopper.bought == 0 {
        return Ok(Vec::new());
    }
    let shelf = app.shelf.get(tx, &reference).await?;
    let bought = shelf.bought(tx, account.id, shopper.bought).await?;
    let places = (0..shelf.products.len()).filter(|place| bought.has(*place));
    let own: Vec<ProductId> = places
        .filter_map(|place| Some(shelf.products.get(place)?.id))
        .collect();
    let asked = asked(&shelf, &offers, &own);
    let mut products: Vec<ProductId> = asked
        .iter()
        .flat_map(|(one, products)| named(one).into_iter().chain(products.iter().copied()))
        .collect();
    products.sort_unstable();
    products.dedup();
    let prices = PriceBook::for_list(tx, shopper.customer, &products).await?;
    let priced = Priced {
        shelf: &shelf,
        prices: &prices,
    };
    let gains = super::ask(tx, app, account.id, SHOWN, |model, ask| {
        let offers: Result<Vec<Offer>> = asked
            .iter()
            .map(|(one, products)| {
                priced.offer(one, app.today(), products.iter().copied(), ask.may)
            })
            .collect();
        offers.map(|offers| model.promotions(ask, &offers))
    });
    let gains = gains.await?.transpose()?.unwrap_or_default();
    let whom = ForWhom::load(tx, app, account.id, shopper.customer.ship_to).await?;
    let quoting = Quoting::load(tx, app, whom, &offers, &gains, limit).await?;
    let mut fitting = Vec::new();
    for gain in gains.iter().take(limit.saturating_mul(QUOTED)) {
        if fitting.len() >= limit {
            break;
        }
        let promotion = offers.book().find(gain.promotion);
        if let Some(promotion) = promotion {
            fitting.extend(quoting.fitting(app, promotion, gain, &offers)?);
        }
    }
    Ok(fitting)
}

/// The promotions that may be told, each with those of the account's own products it covers.
fn asked<'a>(
    shelf: &Shelf,
    offers: &'a Offers,
    own: &[ProductId],
) -> Vec<(&'a Promotion, Vec<ProductId>)> {
    let told = offers.book().promotions().iter();
    let told = told.filter(|one| {
        // What takes the freight off saves nothing on an item; the cart tells of it.
        !matches!(one.mechanic, Mechanic::FreeFreight { .. }) && offers.is_told(one)
    });
    told.map(|one| {
        let covered = own.iter().copied().filter(|product| {
            let listed = shelf
                .place(*product)
                .and_then(|place| shelf.products.get(place));
            listed.is_some_and(|listed| covers(one, &shelf.item(listed)))
        });
        (one, covered.take(WEIGHED).collect())
    })
    .filter(|(_, covered): &(&Promotion, Vec<ProductId>)| !covered.is_empty())
    .collect()
}

/// What is needed to say what quantities would cost.
struct Quoting {
    whom: ForWhom,
    goods: Goods,
    book: Arc<Book>,
}

impl Quoting {
    async fn load(
        tx: &Tx,
        app: &App,
        whom: ForWhom,
        offers: &Offers,
        gains: &[Gain],
        limit: usize,
    ) -> Result<Quoting> {
        let gains = gains.iter().take(limit.saturating_mul(QUOTED));
        let items = gains.flat_map(|gain| &gain.items);
        let products = items.map(|item| item.product);
        let book = Arc::new(offers.book().clone());
        let goods = Goods::load(tx, app, &whom, products, &book.gifts()).await?;
        Ok(Quoting { whom, goods, book })
    }

    /// The promotion with what it gives on the usual quantities; none where that is nothing, and
    /// nothing is near.
    fn fitting(
        &self,
        app: &App,
        promotion: &Promotion,
        gain: &Gain,
        offers: &Offers,
    ) -> Result<Option<Fitting>> {
        let wanted: Vec<(Wanted, &Suggestion)> = gain
            .items
            .iter()
            .filter_map(|item| Some((self.wanted(item)?, item)))
            .collect();
        // What cannot be ordered today is not in the basket that is compared.
        let lines: Vec<Wanted> = wanted.iter().map(|(line, _)| *line).collect();
        let draft = self.goods.draft(app, &self.whom, &lines);
        let orderable = draft.lines().iter().zip(wanted);
        let (lines, items): (Vec<Wanted>, Vec<&Suggestion>) = orderable
            .filter(|(line, _)| line.problem.is_none())
            .map(|(_, both)| both)
            .unzip();
        if lines.is_empty() {
            return Ok(None);
        }
        let draft = self.goods.draft(app, &self.whom, &lines);
        let quote = draft.quote(app, &self.whom, Arc::clone(&self.book))?;
        let zero = Money::zero(quote.goods.currency);
        let applied = quote
            .applied
            .iter()
            .find(|one| one.promotion == promotion.id);
        let saving = applied.map_or(zero, |one| one.discount);
        let along = applied.map_or(zero, |one| {
            Money::new(one.spend.minor - one.discount.minor, zero.currency)
        });
        let near = quote.near.iter().find(|one| one.promotion == promotion.id);
        let near = near.filter(|_| applied.is_none()).map(|near| {
            let mut names = offers.names().clone();
            for article in quote.lines.iter().filter_map(|line| line.article.as_ref()) {
                names.know(article);
            }
            near_miss(near, promotion, &names)
        });
        if saving.minor + along.minor <= 0 && near.is_none() {
            return Ok(None);
        }
        Ok(Some(Fitting {
            code: promotion.code.clone(),
            name: promotion.name.clone(),
            sentence: sentence(promotion, offers.names()),
            last_day: promotion.validity.last_day().map(|day| day.to_string()),
            saving,
            along,
            net: quote.goods,
            near,
            items: shown(&quote, &items),
        }))
    }

    /// A suggestion as a line of an order.
    fn wanted(&self, item: &Suggestion) -> Option<Wanted> {
        let article = self.goods.article(item.product)?;
        let factor = article.factor(article.order_unit)?;
        let units = crate::promotions::offers::whole(i64::from(item.pieces), factor.get());
        Some(Wanted {
            product: item.product,
            unit: article.order_unit,
            quantity: article.rule().at_least(units, factor),
        })
    }
}

fn shown(quote: &Quote, items: &[&Suggestion]) -> Vec<FittingItem> {
    let lines: HashMap<ProductId, &crate::orders::quote::QuotedLine> = quote
        .lines
        .iter()
        .map(|line| (line.wanted.product, line))
        .collect();
    let item = |item: &&Suggestion| {
        let line = lines.get(&item.product)?;
        let article = line.article.as_ref()?;
        Some(FittingItem {
            sku: article.sku.clone(),
            name: article.name.clone(),
            unit: line.wanted.unit,
            quantity: line.wanted.quantity,
            pieces: item.pieces.into(),
            net: line.net?,
        })
    };
    items.iter().filter_map(item).collect()
}

impl Fitting {
    pub(crate) fn samples() -> Vec<Fitting> {
        use crate::web::shape::eur;
        let item = |sku: &str, name: &str, quantity, net| FittingItem {
            sku: sku.into(),
            name: name.into(),
            unit: Unit::Case,
            quantity,
            pieces: quantity * 12,
            net: eur(net),
        };
        let spring = Fitting {
            code: "SPRING".into(),
            name: "Spring offer".into(),
            sentence: Message::plain("10 % off everything by Feldhof, from 6 cases on."),
            last_day: Some("2026-03-31".into()),
            saving: eur(4_824),
            along: eur(0),
            net: eur(43_416),
            near: None,
            items: vec![
                item("DOG-ADL-12", "Adult Dog Beef & Barley 12 kg", 6, 21_708),
                item("SNK-BIS-01", "Oat Biscuits Mixed 1 kg", 6, 21_708),
            ],
        };
        let near = Fitting {
            code: "PATE".into(),
            name: "Pâté week".into(),
            sentence: Message::plain("For every 10 cases, 1 case of Pâté free."),
            last_day: None,
            saving: eur(0),
            near: Some(Message::plain("Add 4 cases to get 1 case free.")),
            items: vec![item("CAT-WET-85", "Cat Terrine Salmon 85 g", 6, 11_520)],
            net: eur(11_520),
            ..spring.clone()
        };
        let along = Fitting {
            code: "BISCUITS".into(),
            along: eur(1_240),
            ..spring.clone()
        };
        let goods = Fitting {
            code: "TREATS".into(),
            saving: eur(0),
            along: eur(1_240),
            ..spring.clone()
        };
        vec![spring, near, along, goods]
    }
}
