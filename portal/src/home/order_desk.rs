//! The order desk: the usual order laid out line by line, what else is due, what is worth a try.
//!
//! What the model says is brought together with what the house knows: prices of all of it in one
//! go, what is there, what is in the cart already. Items without a price are left out.

use std::collections::{HashMap, HashSet};

use recommender::{Reason, Suggestion};
use sea_orm::{ColumnTrait, QueryFilter};
use trade::id::{AccountId, ProductId};
use trade::money::{Money, UnitPrice};
use trade::quantity::PackFactor;

use super::bars::{self, Bars};
use super::typed::TypedLine;
use super::view::{DeskLine, Due, OrderDesk, TryRow};
use super::{Overlay, Shopping};
use crate::app::App;
use crate::cart::suggested::label;
use crate::cart::view::LineProblem;
use crate::cart::{check, problem};
use crate::catalogue::list::{in_order, priced_rows};
use crate::catalogue::view::ProductRow;
use crate::catalogue::{Article, article, padded};
use crate::db::Tx;
use crate::db::entity::product;
use crate::db::words::{StockPolicy, SuggestionList};
use crate::error::Result;
use crate::pricing::view::PriceView;
use crate::promotions::offers::whole;
use crate::quick_order::paste::parse_quantity;
use crate::suggestions;
use crate::suggestions::showings::{Lists, Shown};
use crate::suggestions::words::{self, Reader, ReasonView};
use crate::web::locale::Lang;
use crate::web::shape::{Arg, Message};

/// Lines of a usual order; more than anybody checks in a morning.
const MOST_LINES: usize = 40;
/// Items that are due beside it.
const ALSO: usize = 6;
/// What others begin with, for an account that never ordered.
const BEGIN: usize = 10;
/// New items worth a try.
const TRIES: usize = 4;
/// Items to take instead of one that is short.
const INSTEAD: usize = 2;
/// Asked for beyond what is shown: some have no price.
const SPARE: usize = 12;
/// What comes due within so many days is marked.
const SOON: u32 = 1;

/// The desk, and what of it was put before the buyer.
#[derive(Default)]
pub(super) struct Laid {
    pub desk: Option<OrderDesk>,
    pub tries: Vec<TryRow>,
    pub shown: Lists,
}

/// What the model says.
struct Answers {
    usual: Vec<Suggestion>,
    due: Vec<Suggestion>,
    new: Vec<Suggestion>,
}

/// Where on the desk an item has its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Line,
    Also,
    Try,
    InsteadOf(ProductId),
}

/// An item that may stand on the desk.
struct Pick {
    place: Place,
    list: SuggestionList,
}

/// Items with what is known of each, in step.
#[derive(Default)]
struct Picks {
    picks: Vec<Pick>,
    suggestions: Vec<Suggestion>,
    articles: HashMap<ProductId, Article>,
}

/// Everything a line is made of.
struct Facts {
    rows: HashMap<ProductId, ProductRow>,
    bars: HashMap<ProductId, Vec<i64>>,
    due: HashMap<ProductId, Due>,
    begins: bool,
}

/// Lays the desk for an account; none where there is no model.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn lay(
    tx: &Tx,
    app: &App,
    account: AccountId,
    shopping: &mut Shopping,
    overlay: &Overlay,
) -> Result<Option<Laid>> {
    let asked = suggestions::ask(tx, app, account, MOST_LINES + SPARE, |model, ask| Answers {
        usual: model.usual_order(ask),
        due: model.due(&ask.limit(200), SOON),
        new: model.new_items(&ask.limit(BEGIN + SPARE)),
    });
    let Some(answers) = asked.await? else {
        return Ok(None);
    };
    let due = dues(&answers.due);
    let begins = shopping.shopper.bought == 0;
    let mut picks = Picks::of(answers, begins);
    picks.load(tx, shopping).await?;
    let typed = picks.touched(&overlay.typed);
    picks.keep_typed(tx, shopping, &typed).await?;
    picks.replace_short(tx, app, account, shopping).await?;
    let ids: Vec<ProductId> = picks.suggestions.iter().map(|one| one.product).collect();
    let articles: Vec<Article> = ids
        .iter()
        .filter_map(|id| picks.articles.get(id).cloned())
        .collect();
    let rows = priced_rows(
        tx,
        app,
        &shopping.shopper,
        None,
        &articles,
        &mut shopping.offers,
    );
    let rows = rows.await?.into_iter();
    let rows = articles
        .iter()
        .map(|article| article.id)
        .zip(rows)
        .filter(|(_, row)| row.price.unit_price.is_some() && row.status != "delisted");
    let facts = Facts {
        rows: rows.collect(),
        bars: bars::pieces(tx, account, &ids).await?,
        due,
        begins,
    };
    let reasons = words::reasons(tx, app, Reader::Buyer, &picks.suggestions).await?;
    Ok(Some(facts.lay(&picks, reasons, (&typed, overlay))))
}

impl Picks {
    /// What of the answers stands where. An item stands in one place only.
    fn of(answers: Answers, begins: bool) -> Picks {
        let mut picks = Picks::default();
        let mut known: HashSet<ProductId> = HashSet::new();
        if begins {
            picks.take(Place::Line, SuggestionList::New, answers.new, &mut known);
            return picks;
        }
        picks.take(
            Place::Line,
            SuggestionList::Usual,
            answers.usual,
            &mut known,
        );
        let due = answers.due.into_iter().take(ALSO + SPARE).collect();
        picks.take(Place::Also, SuggestionList::Due, due, &mut known);
        picks.take(Place::Try, SuggestionList::New, answers.new, &mut known);
        picks
    }

    fn take(
        &mut self,
        place: Place,
        list: SuggestionList,
        suggestions: Vec<Suggestion>,
        known: &mut HashSet<ProductId>,
    ) {
        for suggestion in suggestions {
            if known.insert(suggestion.product) {
                self.picks.push(Pick { place, list });
                self.suggestions.push(suggestion);
            }
        }
    }

    async fn load(&mut self, tx: &Tx, shopping: &Shopping) -> Result<()> {
        let ids: Vec<ProductId> = self.suggestions.iter().map(|one| one.product).collect();
        let missing: Vec<ProductId> = ids
            .into_iter()
            .filter(|id| !self.articles.contains_key(id))
            .collect();
        if !missing.is_empty() {
            let found = in_order(tx, &shopping.reference, &missing).await?;
            self.articles
                .extend(found.into_iter().map(|article| (article.id, article)));
        }
        Ok(())
    }

    /// The lines that somebody changed; the others stand as they are suggested now.
    fn touched<'a>(&self, typed: &'a [TypedLine]) -> Vec<&'a TypedLine> {
        let articles = self.articles.values();
        let known: HashMap<&str, &Article> = articles
            .map(|article| (article.sku.as_str(), article))
            .collect();
        let touched = |line: &&TypedLine| {
            let article = known.get(line.sku.as_str());
            article.is_none_or(|article| !is_untouched(line, article))
        };
        typed.iter().filter(touched).collect()
    }

    /// Lines that somebody changed and that are suggested no more, such as after another tab's
    /// order: nothing that was typed goes missing. What was left as suggested goes with the
    /// suggestion.
    async fn keep_typed(
        &mut self,
        tx: &Tx,
        shopping: &Shopping,
        typed: &[&TypedLine],
    ) -> Result<()> {
        let on_desk: HashSet<&str> = self
            .picks
            .iter()
            .zip(&self.suggestions)
            .filter(|(pick, _)| matches!(pick.place, Place::Line | Place::Also))
            .filter_map(|(_, one)| Some(self.articles.get(&one.product)?.sku.as_str()))
            .collect();
        let lost: HashMap<&str, &TypedLine> = typed
            .iter()
            .filter(|line| !on_desk.contains(line.sku.as_str()) && !line.sku.is_empty())
            .map(|line| (line.sku.as_str(), *line))
            .collect();
        if lost.is_empty() {
            return Ok(());
        }
        let skus: Vec<&str> = lost.keys().copied().collect();
        let skus = padded(&skus);
        let found = article::articles(tx, &shopping.reference, |all| {
            all.filter(product::Column::Sku.is_in(skus))
        });
        for article in found.await? {
            let Some(line) = lost.get(article.sku.as_str()) else {
                continue;
            };
            if is_untouched(line, &article) {
                continue;
            }
            let mark = line.suggested;
            let pieces = mark.and_then(|(_, pieces)| u32::try_from(pieces).ok());
            self.forget(article.id);
            self.picks.push(Pick {
                place: Place::Line,
                list: mark.map_or(SuggestionList::Usual, |(list, _)| list),
            });
            self.suggestions.push(Suggestion {
                product: article.id,
                pieces: pieces.unwrap_or(0),
                score: 0.0,
                probability: None,
                reasons: Vec::new(),
            });
            self.articles.insert(article.id, article);
        }
        Ok(())
    }

    fn forget(&mut self, product: ProductId) {
        while let Some(at) = self
            .suggestions
            .iter()
            .position(|one| one.product == product)
        {
            self.suggestions.remove(at);
            self.picks.remove(at);
        }
    }

    /// Adds what can be taken instead of lines that are short. The model is asked again only where
    /// something is.
    async fn replace_short(
        &mut self,
        tx: &Tx,
        app: &App,
        account: AccountId,
        shopping: &Shopping,
    ) -> Result<()> {
        let short: Vec<ProductId> = self
            .picks
            .iter()
            .zip(&self.suggestions)
            .filter(|(pick, _)| matches!(pick.place, Place::Line | Place::Also))
            .filter(|(_, one)| {
                let article = self.articles.get(&one.product);
                article.is_some_and(|article| missing(article, i64::from(one.pieces)).is_some())
            })
            .map(|(_, one)| one.product)
            .collect();
        if short.is_empty() {
            return Ok(());
        }
        let found = suggestions::ask(tx, app, account, INSTEAD + 1, |model, ask| {
            let each = short.iter();
            each.map(|product| (*product, model.substitutes(ask, *product)))
                .collect::<Vec<_>>()
        });
        let mut known: HashSet<ProductId> =
            self.suggestions.iter().map(|one| one.product).collect();
        for (product, instead) in found.await?.unwrap_or_default() {
            self.take(
                Place::InsteadOf(product),
                SuggestionList::Instead,
                instead,
                &mut known,
            );
        }
        self.load(tx, shopping).await
    }
}

/// Whether a line stands as it was suggested.
fn is_untouched(line: &TypedLine, article: &Article) -> bool {
    line.suggested.is_some_and(|(list, pieces)| {
        line.ticked == (list == SuggestionList::Usual)
            && line.quantity == in_order_units(article, pieces).to_string()
    })
}

/// Base units that are there of `pieces`, where that is less.
fn missing(article: &Article, pieces: i64) -> Option<i64> {
    let available = Ord::max(article.available?, 0);
    (available < pieces).then_some(available)
}

fn dues(due: &[Suggestion]) -> HashMap<ProductId, Due> {
    let mut dues = HashMap::with_capacity(due.len());
    for one in due {
        for reason in &one.reasons {
            if let Reason::Rhythm {
                every_days,
                last_days_ago,
            } = reason
            {
                let left = i64::from(*every_days) - i64::from(*last_days_ago);
                let text = if left < 0 {
                    Message::new("home-overdue").with("days", -left)
                } else {
                    Message::new("home-due").with("days", left)
                };
                let overdue = left < 0;
                dues.insert(one.product, Due { overdue, text });
            }
        }
    }
    dues
}

impl Facts {
    fn lay(
        &self,
        picks: &Picks,
        reasons: Vec<Vec<ReasonView>>,
        (typed, overlay): (&[&TypedLine], &Overlay),
    ) -> Laid {
        let typed: HashMap<&str, &TypedLine> = typed
            .iter()
            .map(|line| (line.sku.as_str(), *line))
            .collect();
        let mut instead: HashMap<ProductId, Vec<TryRow>> = HashMap::new();
        let mut laid = Laid::default();
        let (mut lines, mut also) = (Vec::new(), Vec::new());
        let mut shown = Showing::default();
        let most = if self.begins { BEGIN } else { MOST_LINES };
        for ((pick, one), why) in picks.picks.iter().zip(&picks.suggestions).zip(reasons) {
            let (Some(article), Some(row)) = (
                picks.articles.get(&one.product),
                self.rows.get(&one.product),
            ) else {
                continue;
            };
            let room = match pick.place {
                Place::Line => lines.len() < most || typed.contains_key(row.sku.as_str()),
                Place::Also => also.len() < ALSO,
                Place::Try => laid.tries.len() < TRIES && row.in_cart == 0,
                Place::InsteadOf(product) => instead.get(&product).map_or(0, Vec::len) < INSTEAD,
            };
            if !room {
                continue;
            }
            shown.note(pick.list, one);
            match pick.place {
                Place::Line | Place::Also => {
                    let typed = typed.get(row.sku.as_str()).copied();
                    let line = self.line((pick, one, article), row, why, (typed, overlay));
                    if pick.place == Place::Line {
                        lines.push((one.product, line));
                    } else {
                        also.push((one.product, line));
                    }
                }
                Place::Try => laid.tries.push(try_row(pick.list, one, article, row, why)),
                Place::InsteadOf(product) => {
                    let row = try_row(pick.list, one, article, row, why);
                    instead.entry(product).or_default().push(row);
                }
            }
        }
        let mut with_instead = |lines: Vec<(ProductId, DeskLine)>| -> Vec<DeskLine> {
            let each = lines.into_iter().map(|(product, mut line)| {
                line.instead = instead.remove(&product).unwrap_or_default();
                line
            });
            each.collect()
        };
        let (lines, also) = (with_instead(lines), with_instead(also));
        laid.shown = shown.0;
        laid.desk = self.desk(lines, also);
        laid
    }

    fn desk(&self, lines: Vec<DeskLine>, also: Vec<DeskLine>) -> Option<OrderDesk> {
        let any = lines.first().or(also.first())?;
        let currency = any.row.price.currency;
        let ticked = lines.iter().chain(&also).filter(|line| line.ticked);
        let total: i64 = ticked
            .clone()
            .filter_map(|line| Some(line.total?.minor))
            .fold(0, i64::saturating_add);
        Some(OrderDesk {
            begins: self.begins,
            ticked: i64::try_from(ticked.count()).unwrap_or(i64::MAX),
            total: Money::new(total, currency),
            digits: currency.decimals(),
            lines,
            also,
        })
    }

    fn line(
        &self,
        (pick, one, article): (&Pick, &Suggestion, &Article),
        row: &ProductRow,
        mut why: Vec<ReasonView>,
        (typed, overlay): (Option<&TypedLine>, &Overlay),
    ) -> DeskLine {
        let pieces = i64::from(one.pieces);
        let suggested = in_order_units(article, pieces);
        let short = missing(article, pieces);
        let strict = short.is_some() && article.stock_policy == StockPolicy::Strict;
        // What is in the cart is not put there again unasked, nor what cannot be had.
        let ready =
            pick.place == Place::Line && !self.begins && row.in_cart == 0 && !strict && pieces > 0;
        let quantity = typed.map_or_else(|| suggested.to_string(), |line| line.quantity.clone());
        let ticked = typed.map_or(ready, |line| line.ticked);
        let problem = overlay.problems.get(&row.sku).cloned().or_else(|| {
            let typed = typed.filter(|line| line.ticked && !line.quantity.is_empty())?;
            wrong(article, &typed.quantity, overlay.lang)
        });
        let count = parse_quantity(&quantity, overlay.lang).ok();
        let unit_price = count.and_then(|count| price_at(&row.price, count));
        let total = count.zip(unit_price).and_then(|(count, price)| {
            let total = price.line_total(count, row.price.currency);
            total.ok().filter(|_| problem.is_none())
        });
        // The row says when it was ordered last, and how much.
        if row.last_order.is_some() {
            why.retain(|reason| reason.kind != "last_ordered");
        }
        let bars = self.bars.get(&one.product);
        // One promotion a line; its page tells of all.
        let mut row = row.clone();
        row.offers.truncate(1);
        DeskLine {
            label: (pieces > 0).then(|| label((pick.list, pieces), &row.sku)),
            suggested,
            quantity,
            ticked,
            unit_price,
            total,
            prices: prices(&row.price, row.min),
            reasons: why,
            due: self.due.get(&one.product).cloned(),
            bars: bars.map(|pieces| Bars::new(article.base_unit, pieces)),
            short: short.map(|available| short_words(article, available, strict)),
            instead: Vec::new(),
            problem,
            row,
        }
    }
}

/// What was put before the buyer, list by list.
#[derive(Default)]
struct Showing(Lists);

impl Showing {
    fn note(&mut self, list: SuggestionList, one: &Suggestion) {
        // What was only typed was not suggested.
        if one.reasons.is_empty() {
            return;
        }
        let shown = Shown::from(one);
        match self.0.iter_mut().find(|(known, _)| *known == list) {
            Some((_, items)) => items.push(shown),
            None => self.0.push((list, vec![shown])),
        }
    }
}

fn try_row(
    list: SuggestionList,
    one: &Suggestion,
    article: &Article,
    row: &ProductRow,
    reasons: Vec<ReasonView>,
) -> TryRow {
    let pieces = i64::from(one.pieces);
    TryRow {
        quantity: in_order_units(article, pieces),
        label: label((list, Ord::max(pieces, 1)), &row.sku),
        reasons,
        row: row.clone(),
    }
}

/// Pieces as order units that may be ordered: rather one step more than one less.
fn in_order_units(article: &Article, pieces: i64) -> i64 {
    let factor = article
        .factor(article.order_unit)
        .unwrap_or(PackFactor::ONE);
    let units = whole(pieces, factor.get());
    article.rule().at_least(units, factor)
}

/// The price of each at a quantity.
pub(crate) fn price_at(price: &PriceView, quantity: i64) -> Option<UnitPrice> {
    let mut tiers = price.tiers.iter();
    let reached = tiers.rfind(|tier| tier.min_quantity <= quantity);
    reached.map_or(price.unit_price, |tier| Some(tier.unit_price))
}

/// The steps of a price, for reckoning on the page.
pub(crate) fn prices(price: &PriceView, least: i64) -> String {
    let own = price.unit_price.map(|price| (least, price));
    let tiers = price.tiers.iter();
    let steps = tiers.map(|tier| (tier.min_quantity, tier.unit_price));
    let steps = own.into_iter().chain(steps);
    let steps: Vec<String> = steps
        .map(|(from, price)| format!("{from}:{}", price.0))
        .collect();
    steps.join(" ")
}

fn wrong(article: &Article, typed: &str, lang: Lang) -> Option<LineProblem> {
    match parse_quantity(typed, lang) {
        Err(_) => Some(problem::quantity_words(typed)),
        Ok(quantity) => {
            let fault = check(article, article.order_unit, quantity).err()?;
            Some(problem::words(&fault, Some(article), article.order_unit))
        }
    }
}

fn short_words(article: &Article, available: i64, strict: bool) -> Message {
    let factor = article
        .factor(article.order_unit)
        .map_or(1, |factor| factor.get());
    let quantity = available / factor;
    let there = Arg::Quantity {
        quantity,
        unit: article.order_unit,
    };
    let key = if strict {
        "home-short"
    } else {
        "home-short-later"
    };
    Message::new(key)
        .with("available", quantity)
        .with("there", there)
}
