//! What a promotion gives on what an account orders anyway: on its usual quantities, or on those it
//! takes while the promotion lasts, ordered at once. The cart's own quote says how much.

use std::collections::HashMap;
use std::sync::Arc;

use recommender::Suggestion;
use recommender::answers::promotions::Gain;
use trade::id::ProductId;
use trade::money::Money;
use trade::promotion::{CountIn, Missing, NearMiss, Promotion};

use super::on_offer::days_left;
use super::promotions::{Fitting, FittingItem};
use super::showings::Shown;
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::orders::quote::{ForWhom, Goods, Quote, QuotedLine, Wanted};
use crate::promotions::book::Book;
use crate::promotions::offers::{Offers, whole};
use crate::promotions::words::{Names, near_miss, sentence};
use crate::web::shape::Message;

/// So many orders' worth is ordered ahead at most: more would be asked about as a slip.
const AHEAD: u32 = 5;

/// A promotion as the model ranks it, with the account's rhythm in days of those of its items that
/// have one.
#[derive(Debug, Clone)]
pub(super) struct Ranked {
    pub gain: Gain,
    pub rhythms: HashMap<ProductId, u32>,
}

/// What is needed to say what quantities would cost.
pub(super) struct Quoting {
    whom: ForWhom,
    goods: Goods,
    book: Arc<Book>,
}

/// A basket, and what one promotion makes of it.
struct Weighed {
    quote: Quote,
    items: Vec<Suggestion>,
    saving: Money,
    along: Money,
}

impl Weighed {
    fn gives(&self) -> bool {
        self.saving.minor + self.along.minor > 0
    }

    /// What is missing, where that is little.
    fn near(&self, promotion: &Promotion, names: &Names) -> Option<Message> {
        let near = self.quote.near.iter();
        let near = near
            .filter(|one| one.promotion == promotion.id && is_little(one, &self.quote))
            .map(|near| {
                let lines = self.quote.lines.iter();
                let mut names = names.clone();
                for article in lines.filter_map(|line| line.article.as_ref()) {
                    names.know(article);
                }
                near_miss(near, promotion, &names)
            });
        near.into_iter().next()
    }
}

impl Quoting {
    /// Loads prices of everything that `ranked` names, in one go.
    pub async fn load(
        tx: &Tx,
        app: &App,
        whom: ForWhom,
        offers: &Offers,
        ranked: &[Ranked],
    ) -> Result<Quoting> {
        let items = ranked.iter().flat_map(|one| &one.gain.items);
        let products = items.map(|item| item.product);
        let book = Arc::new(offers.book().clone());
        let goods = Goods::load(tx, app, &whom, products, &book.gifts()).await?;
        Ok(Quoting { whom, goods, book })
    }

    /// As [`Quoting::load`], where everything has been loaded already.
    pub fn of(whom: ForWhom, goods: Goods, book: Arc<Book>) -> Quoting {
        Quoting { whom, goods, book }
    }

    /// The promotion with exactly these quantities, where it gives something on them or may be
    /// told without.
    pub fn exactly(
        &self,
        app: &App,
        promotion: &Promotion,
        items: &[Suggestion],
        names: &Names,
        anyway: bool,
    ) -> Result<Option<Fitting>> {
        let basket = self.weigh(app, promotion, items)?;
        let basket = basket.filter(|basket| anyway || basket.gives());
        Ok(basket.map(|basket| view(promotion, &basket, names, None, false)))
    }

    /// The promotion with what it gives; none where that is nothing, and nothing is near.
    pub fn fitting(
        &self,
        app: &App,
        promotion: &Promotion,
        ranked: &Ranked,
        names: &Names,
    ) -> Result<Option<Fitting>> {
        let usual = self.weigh(app, promotion, &ranked.gain.items)?;
        if let Some(usual) = usual.as_ref().filter(|usual| usual.gives()) {
            return Ok(Some(view(promotion, usual, names, None, false)));
        }
        let ahead = ahead(ranked, days_left(promotion, app.today()));
        let ahead = match &ahead {
            Some(items) => self.weigh(app, promotion, items)?,
            None => None,
        };
        if let Some(ahead) = ahead.as_ref().filter(|ahead| ahead.gives()) {
            return Ok(Some(view(promotion, ahead, names, None, true)));
        }
        for (basket, is_ahead) in [(&usual, false), (&ahead, true)] {
            let near = basket.as_ref().and_then(|of| of.near(promotion, names));
            if let Some((basket, near)) = basket.as_ref().zip(near) {
                return Ok(Some(view(promotion, basket, names, Some(near), is_ahead)));
            }
        }
        Ok(None)
    }

    fn weigh(
        &self,
        app: &App,
        promotion: &Promotion,
        items: &[Suggestion],
    ) -> Result<Option<Weighed>> {
        let wanted: Vec<(Wanted, &Suggestion)> = items
            .iter()
            .filter_map(|item| Some((self.wanted(item)?, item)))
            .collect();
        // What cannot be ordered today is not in the basket that is compared.
        let lines: Vec<Wanted> = wanted.iter().map(|(line, _)| *line).collect();
        let draft = self.goods.draft(app, &self.whom, &lines);
        let orderable = draft.lines().iter().zip(wanted);
        let (lines, items): (Vec<Wanted>, Vec<Suggestion>) = orderable
            .filter(|(line, _)| line.problem.is_none())
            .map(|(_, (line, item))| (line, item.clone()))
            .unzip();
        if lines.is_empty() {
            return Ok(None);
        }
        let draft = self.goods.draft(app, &self.whom, &lines);
        let quote = draft.quote(app, &self.whom, Arc::clone(&self.book))?;
        let zero = Money::zero(quote.goods.currency);
        let mut applied = quote.applied.iter();
        let applied = applied.find(|one| one.promotion == promotion.id);
        let saving = applied.map_or(zero, |one| one.discount);
        let along = applied.map_or(zero, |one| {
            Money::new(one.spend.minor - one.discount.minor, zero.currency)
        });
        Ok(Some(Weighed {
            quote,
            items,
            saving,
            along,
        }))
    }

    /// A suggestion as a line of an order.
    fn wanted(&self, item: &Suggestion) -> Option<Wanted> {
        let article = self.goods.article(item.product)?;
        let factor = article.factor(article.order_unit)?;
        let units = whole(i64::from(item.pieces), factor.get());
        Some(Wanted {
            product: item.product,
            unit: article.order_unit,
            quantity: article.rule().at_least(units, factor),
        })
    }
}

/// What the account takes of the items in so many days, each by its own rhythm; none where that is
/// no more than once.
fn ahead(ranked: &Ranked, days: u32) -> Option<Vec<Suggestion>> {
    let times = |product: &ProductId| {
        let every = ranked.rhythms.get(product).copied().unwrap_or(u32::MAX);
        (days / every.max(1)).clamp(1, AHEAD)
    };
    let items = &ranked.gain.items;
    if items.iter().all(|item| times(&item.product) == 1) {
        return None;
    }
    let more = items.iter().map(|item| Suggestion {
        pieces: item.pieces.saturating_mul(times(&item.product)),
        ..item.clone()
    });
    Some(more.collect())
}

fn view(
    promotion: &Promotion,
    basket: &Weighed,
    names: &Names,
    near: Option<Message>,
    ahead: bool,
) -> Fitting {
    Fitting {
        code: promotion.code.clone(),
        name: promotion.name.clone(),
        sentence: sentence(promotion, names),
        last_day: promotion.validity.last_day().map(|day| day.to_string()),
        saving: basket.saving,
        along: basket.along,
        net: basket.quote.goods,
        near,
        ahead,
        items: shown(&basket.quote, &basket.items),
    }
}

/// Whether what is missing is at most half of what there is: who usually takes two is not told of
/// ten.
fn is_little(near: &NearMiss, quote: &Quote) -> bool {
    let lines = quote.lines.iter().filter_map(|line| {
        let article = line.article.as_ref()?;
        let pack = article.factor(article.order_unit)?;
        Some((article.id, line.ordered.0, pack.get()))
    });
    let there = |of: Option<ProductId>, count_in: CountIn| -> i64 {
        let counted = lines
            .clone()
            .filter(|(id, ..)| of.is_none_or(|of| of == *id));
        let count = |(_, pieces, pack): (ProductId, i64, i64)| match count_in {
            CountIn::Pieces => pieces,
            CountIn::Packs => pieces / pack,
        };
        counted.map(count).sum()
    };
    let twice = |count: i64| count.saturating_mul(2);
    match &near.missing {
        Missing::OfItem {
            product,
            count,
            count_in,
        } => twice(*count) <= there(Some(*product), *count_in),
        Missing::OfAssortment { count, count_in } => twice(*count) <= there(None, *count_in),
        Missing::Parts { parts } => {
            let missing: i64 = parts.iter().map(|part| part.pieces).sum();
            twice(missing) <= there(None, CountIn::Pieces)
        }
        Missing::Value { minor } => twice(*minor) <= quote.goods.minor,
    }
}

fn shown(quote: &Quote, items: &[Suggestion]) -> Vec<FittingItem> {
    let lines: HashMap<ProductId, &QuotedLine> = quote
        .lines
        .iter()
        .map(|line| (line.wanted.product, line))
        .collect();
    let item = |item: &Suggestion| {
        let line = lines.get(&item.product)?;
        let article = line.article.as_ref()?;
        Some(FittingItem {
            sku: article.sku.clone(),
            name: article.name.clone(),
            unit: line.wanted.unit,
            quantity: line.wanted.quantity,
            pieces: item.pieces.into(),
            before: line.before?,
            net: line.net?,
            shown: Shown::from(item),
        })
    };
    items.iter().filter_map(item).collect()
}
