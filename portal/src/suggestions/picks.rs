//! Suggestions as a page offers them: named, in the unit they are ordered in, at the account's own
//! price, with their reasons in words. All lists of a page are looked up together.

use std::collections::HashMap;

use recommender::Suggestion;
use serde::Serialize;
use trade::id::ProductId;

use super::showings::{Lists, Shown};
use super::words::{self, Reader, ReasonView};
use crate::app::App;
use crate::catalogue::{Article, article};
use crate::db::Tx;
use crate::db::words::{StockPolicy, SuggestionList};
use crate::error::Result;
use crate::pricing::{Customer, PriceBook};
use crate::promotions::offers::whole;
use crate::web::shape::{Currency, Message, Money, Unit, UnitPrice};

/// A suggestion with one button that adds it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pick {
    pub sku: String,
    pub name: String,
    pub unit: Unit,
    /// In that unit.
    pub quantity: i64,
    /// In base units, as it was suggested.
    pub pieces: i64,
    pub unit_price: UnitPrice,
    pub currency: Currency,
    /// What the quantity costs, before promotions.
    pub net: Money,
    /// The list it came from.
    pub list: &'static str,
    /// Its time has come, by the account's own rhythm.
    pub due: bool,
    pub reasons: Vec<ReasonView>,
    /// What is noted of it as shown.
    #[serde(skip)]
    pub shown: Shown,
}

/// One list of a page.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Which.
    pub list: SuggestionList,
    /// The best first; more than are shown, since some have no price, or are not there.
    pub suggestions: Vec<Suggestion>,
    /// How many are shown.
    pub most: usize,
    /// Whether what is sold only from stock, and not there, is left out.
    pub there: bool,
    /// What of it is due.
    pub due: Vec<ProductId>,
}

impl Wish {
    /// The first `most` of `suggestions` that can be had.
    #[must_use]
    pub fn new(list: SuggestionList, suggestions: Vec<Suggestion>, most: usize) -> Wish {
        Wish {
            list,
            suggestions,
            most,
            there: true,
            due: Vec::new(),
        }
    }

    /// The same, with what is due marked.
    #[must_use]
    pub fn due(self, due: &[ProductId]) -> Wish {
        Wish {
            due: due.to_vec(),
            ..self
        }
    }
}

/// The lists as the account reads them, in their order. What it does not see, is not sold or has
/// no price is not among them.
///
/// # Errors
/// Whatever the database says.
pub async fn picks(
    tx: &Tx,
    app: &App,
    customer: Customer,
    wishes: &[Wish],
) -> Result<Vec<Vec<Pick>>> {
    let mut ids: Vec<ProductId> = wishes
        .iter()
        .flat_map(|wish| wish.suggestions.iter().map(|one| one.product))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(wishes.iter().map(|_| Vec::new()).collect());
    }
    let reference = app.reference.get(tx).await?;
    let articles = article::by_id(tx, &reference, &ids).await?;
    let prices = PriceBook::for_list(tx, customer, &ids).await?;
    let counter = Counter { articles, prices };
    let found: Vec<Vec<(&Suggestion, Pick)>> =
        wishes.iter().map(|wish| counter.picks(wish)).collect();
    let shown = found.iter().flatten().map(|(one, _)| (*one).clone());
    let shown: Vec<Suggestion> = shown.collect();
    let mut reasons = words::reasons(tx, app, Reader::Buyer, &shown)
        .await?
        .into_iter();
    let worded = found.into_iter().map(|list| {
        let worded = list.into_iter().map(|(_, pick)| Pick {
            reasons: reasons.next().unwrap_or_default(),
            ..pick
        });
        worded.collect()
    });
    Ok(worded.collect())
}

/// Where what is suggested is looked up.
struct Counter {
    articles: HashMap<ProductId, Article>,
    prices: PriceBook,
}

impl Counter {
    fn picks<'a>(&self, wish: &'a Wish) -> Vec<(&'a Suggestion, Pick)> {
        let all = wish.suggestions.iter();
        let found = all.filter_map(|one| Some((one, self.pick(wish, one)?)));
        found.take(wish.most).collect()
    }

    fn pick(&self, wish: &Wish, one: &Suggestion) -> Option<Pick> {
        let article = self.articles.get(&one.product)?;
        let pieces = i64::from(one.pieces);
        if !article.status.is_sold() || (wish.there && !is_there(article, pieces)) {
            return None;
        }
        let unit = article.order_unit;
        let factor = article.factor(unit)?;
        let quantity = article.rule().at_least(whole(pieces, factor.get()), factor);
        let unit_price = self.prices.price(article, unit, quantity)?;
        let currency = self.prices.customer().currency;
        Some(Pick {
            sku: article.sku.clone(),
            name: article.name.clone(),
            unit,
            quantity,
            pieces,
            unit_price,
            currency,
            net: unit_price.line_total(quantity, currency).ok()?,
            list: wish.list.name(),
            due: wish.due.contains(&one.product),
            reasons: Vec::new(),
            shown: Shown::from(one),
        })
    }
}

fn is_there(article: &Article, pieces: i64) -> bool {
    match article.stock_policy {
        StockPolicy::Strict => article.available.unwrap_or(0) >= pieces,
        StockPolicy::BackOrder | StockPolicy::Untracked => true,
    }
}

/// Picks of a page as they are noted: by the list each came from, in the order shown.
pub fn lists<'a>(picks: impl IntoIterator<Item = &'a Pick>) -> Lists {
    let mut lists = Lists::new();
    for pick in picks {
        let Ok(list) = pick.list.parse::<SuggestionList>() else {
            continue;
        };
        match lists.iter_mut().find(|(known, _)| *known == list) {
            Some((_, shown)) => shown.push(pick.shown),
            None => lists.push((list, vec![pick.shown])),
        }
    }
    lists
}

/// A reason where the item it speaks of is what the reader looks at: "in 42% of the orders with it"
/// instead of its name again.
#[must_use]
pub fn of_this(mut reason: Message) -> Message {
    let shorter = match reason.key.as_str() {
        "reason-goes-with" => "together-share",
        "reason-replaces" => "instead-replaces",
        "reason-variant" => "instead-variant",
        _ => return reason,
    };
    reason.key = shorter.to_owned();
    reason
}

impl Pick {
    /// The same beside the very item that its reasons speak of.
    #[must_use]
    pub fn beside(mut self) -> Pick {
        for reason in &mut self.reasons {
            reason.text = of_this(reason.text.clone());
        }
        self
    }

    pub(crate) fn sample(list: SuggestionList, sku: &str, name: &str) -> Pick {
        use crate::web::shape::eur;
        let reason = |kind, text| ReasonView { kind, text };
        Pick {
            sku: sku.into(),
            name: name.into(),
            unit: Unit::Case,
            quantity: 2,
            pieces: 24,
            unit_price: UnitPrice(402_000),
            currency: Currency::EUR,
            net: eur(8_040),
            list: list.name(),
            shown: Shown {
                product: ProductId(uuid::Uuid::nil()),
                pieces: 24,
                probability: None,
            },
            due: list == SuggestionList::Forgotten,
            reasons: match list {
                SuggestionList::GoesWith => vec![reason(
                    "goes_with",
                    Message::new("reason-goes-with")
                        .with("reader", "buyer")
                        .with("name", "Adult Dog Beef & Barley 12 kg")
                        .with("share", crate::web::shape::Arg::Rate { rate_bp: 4_200 })
                        .with("with", 21)
                        .with("of", 50),
                )],
                SuggestionList::Instead => vec![reason(
                    "replaces",
                    Message::new("reason-replaces")
                        .with("reader", "buyer")
                        .with("name", "Adult Dog Beef & Barley 12 kg")
                        .with("switched", 4),
                )],
                SuggestionList::Usual
                | SuggestionList::Due
                | SuggestionList::New
                | SuggestionList::Forgotten
                | SuggestionList::Promotion => vec![
                    reason(
                        "often_ordered",
                        Message::new("reason-often-ordered")
                            .with("reader", "buyer")
                            .with("times", 6)
                            .with("of", 8)
                            .with("all", "no"),
                    ),
                    reason(
                        "rhythm",
                        Message::new("reason-rhythm")
                            .with("reader", "buyer")
                            .with("every", 14)
                            .with("ago", 16),
                    ),
                ],
            },
        }
    }
}
