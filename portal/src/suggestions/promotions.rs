//! Promotions that fit an account: ranked by what is expected of them, each with the quantities the
//! account usually orders of it and what it would save on those, as the cart would quote them.

use std::cmp::Reverse;

use recommender::answers::promotions::Offer;
use recommender::{Ask, Model, Reason};
use serde::Serialize;
use trade::id::ProductId;
use trade::promotion::{Mechanic, Promotion, covers};

use super::on_offer::{Priced, named};
use super::saving::{Quoting, Ranked};
use super::showings::{Lists, Shown};
use crate::app::App;
use crate::auth::session::AccountHead;
use crate::catalogue::rows::Shopper;
use crate::catalogue::shelf::Shelf;
use crate::db::Tx;
use crate::db::words::SuggestionList;
use crate::error::Result;
use crate::orders::quote::ForWhom;
use crate::pricing::PriceBook;
use crate::promotions::offers::Offers;
use crate::web::shape::{Day, Message, Money, Unit};

/// Items of one promotion that are weighed, those the account buys first.
const WEIGHED: usize = 40;
/// Items of one promotion that are shown, with their quantities.
pub(super) const SHOWN: usize = 12;
/// Promotions whose saving is quoted, those of which most is expected first.
const QUOTED: usize = 24;

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
    /// The quantities are those it takes while the promotion lasts, ordered at once: on a single
    /// usual order it would give nothing.
    pub ahead: bool,
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
    /// At the account's own price, before any promotion.
    #[serde(skip)]
    pub before: Money,
    pub net: Money,
    /// What is noted of it as shown.
    #[serde(skip)]
    pub shown: Shown,
}

/// What of these promotions is noted as shown: a list each.
#[must_use]
pub fn lists(promotions: &[Fitting]) -> Lists {
    let items = promotions.iter().map(|one| {
        let shown = one.items.iter().map(|item| item.shown);
        (SuggestionList::Promotion, shown.collect())
    });
    items.collect()
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
    let shelf = app.shelf.get(tx, &reference).await?;
    fitting_of(tx, app, &shelf, &shopper, &offers, limit).await
}

/// As [`fitting`], where the account and what is in force for it have been looked up already.
///
/// # Errors
/// As [`fitting`].
pub async fn fitting_of(
    tx: &Tx,
    app: &App,
    shelf: &Shelf,
    shopper: &Shopper,
    offers: &Offers,
    limit: usize,
) -> Result<Vec<Fitting>> {
    if offers.is_empty() || shopper.bought == 0 {
        return Ok(Vec::new());
    }
    let account = shopper.customer.account;
    let bought = shelf.bought(tx, account, shopper.bought).await?;
    let places = (0..shelf.products.len()).filter(|place| bought.has(*place));
    let own: Vec<ProductId> = places
        .filter_map(|place| Some(shelf.products.get(place)?.id))
        .collect();
    let asked = asked(shelf, offers, &own);
    let mut products: Vec<ProductId> = asked
        .iter()
        .flat_map(|(one, products)| named(one).into_iter().chain(products.iter().copied()))
        .collect();
    products.sort_unstable();
    products.dedup();
    let prices = PriceBook::for_list(tx, shopper.customer, &products).await?;
    let priced = Priced {
        shelf,
        prices: &prices,
    };
    let gains = super::ask(tx, app, account, SHOWN, |model, ask| {
        let offers: Result<Vec<Offer>> = asked
            .iter()
            .map(|(one, products)| {
                priced.offer(one, app.today(), products.iter().copied(), ask.may)
            })
            .collect();
        offers.map(|offers| ranked(model, ask, &offers))
    });
    let gains = gains.await?.transpose()?.unwrap_or_default();
    let whom = ForWhom::load(tx, app, account, shopper.customer.ship_to).await?;
    let quoting = Quoting::load(tx, app, whom, offers, &gains).await?;
    let mut fitting = Vec::new();
    for one in &gains {
        if let Some(promotion) = offers.book().find(one.gain.promotion) {
            fitting.extend(quoting.fitting(app, promotion, one, offers.names())?);
        }
    }
    // What saves on the next order, what saves ahead, what is near; what saves most first, and of
    // equals what most is expected of.
    fitting.sort_by_key(|one: &Fitting| {
        let gives = one.saving.minor + one.along.minor;
        (gives == 0, one.ahead, Reverse(gives))
    });
    fitting.truncate(limit);
    Ok(fitting)
}

/// What the model expects of each, with the account's rhythms.
pub(super) fn ranked(model: &Model, ask: &Ask<'_>, offers: &[Offer]) -> Vec<Ranked> {
    let rhythm = |product: ProductId| {
        let habit = model.own_habit(ask, product)?;
        habit.reasons.into_iter().find_map(|reason| {
            let Reason::Rhythm { every_days, .. } = reason else {
                return None;
            };
            Some((product, every_days))
        })
    };
    let gains = model.promotions(ask, offers).into_iter().take(QUOTED);
    let ranked = gains.map(|gain| Ranked {
        rhythms: gain
            .items
            .iter()
            .filter_map(|item| rhythm(item.product))
            .collect(),
        gain,
    });
    ranked.collect()
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

impl Fitting {
    pub(crate) fn samples() -> Vec<Fitting> {
        use crate::web::shape::eur;
        let item = |sku: &str, name: &str, quantity, net| FittingItem {
            sku: sku.into(),
            name: name.into(),
            unit: Unit::Case,
            quantity,
            pieces: quantity * 12,
            before: eur(net),
            net: eur(net),
            shown: Shown {
                product: ProductId(uuid::Uuid::nil()),
                pieces: 12,
                probability: None,
            },
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
            ahead: false,
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
            ahead: true,
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
