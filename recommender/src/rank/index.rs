//! Who resembles whom, and which items go together: derived from what is counted, so that an
//! account's candidates are found without looking at everybody.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::history::{AccountAt, Basket, Item, ItemAt};
use crate::state::{Buyer, State};

/// Neighbours kept of an item.
const KEPT: usize = 80;
/// Items kept that resemble one by name.
const RESEMBLING: usize = 30;
/// Orders with more lines count for co-purchase only with their first so many: a stock order of
/// everything says nothing of what goes together.
const WIDEST: usize = 400;

/// How accounts are compared. Chosen when training, by orders held out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tuning {
    /// Weight of an order beside the one after it.
    pub decay: f32,
    /// Of an account's own vector, beside its neighbours'.
    pub own: f32,
    /// Neighbours that are averaged.
    pub neighbours: usize,
    /// Latest orders in which recent popularity is counted.
    pub recent: u32,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            decay: 0.9,
            own: 0.3,
            neighbours: 300,
            recent: 5,
        }
    }
}

/// An item in an account's vector.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Weight {
    pub item: ItemAt,
    /// Decayed count over the account's orders, divided by how many they are.
    pub own: f32,
    /// Share of the latest orders that hold it.
    pub recent: f32,
}

/// An account in an item's list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Posting {
    pub account: AccountAt,
    pub own: f32,
    pub recent: f32,
}

/// An account's vector as lengths.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Norm {
    /// Sum of squared own weights.
    pub squared: f32,
    /// Items in its latest orders.
    pub recent: f32,
}

/// Per item, other items and how strongly they belong to it, the strongest first.
pub(crate) type Lists = Vec<Vec<(ItemAt, f32)>>;

/// Which items belong together. Counted when training: an order more changes them little.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Ties {
    /// In one order, as a cosine.
    pub together: Lists,
    /// In the order after, as a cosine.
    pub follows: Lists,
    /// By one account, as a cosine.
    pub shared: Lists,
    /// By name, category and brand, as a cosine.
    pub named: Arc<Lists>,
    /// Items by what sold best of late, the best first.
    pub popular: Vec<ItemAt>,
}

impl Ties {
    pub fn of(views: &[&[Basket]], state: &State, facts: &[Item], dated: bool) -> Self {
        Self::with_names(views, state, Arc::new(named(facts)), dated)
    }

    /// The same with names compared before.
    pub fn with_names(views: &[&[Basket]], state: &State, named: Arc<Lists>, dated: bool) -> Self {
        let (together, follows, shared) = lists(views, state);
        Self {
            together,
            follows,
            shared,
            named,
            popular: popular(views, state, dated),
        }
    }

    /// An item's list; empty for items that came later.
    pub fn list(lists: &Lists, item: ItemAt) -> &[(ItemAt, f32)] {
        lists.get(item as usize).map_or(&[], Vec::as_slice)
    }
}

/// Everything by which an account's candidates are found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Index {
    pub tuning: Tuning,
    pub weights: Vec<Vec<Weight>>,
    pub norms: Vec<Norm>,
    pub postings: Vec<Vec<Posting>>,
    pub ties: Ties,
    pub dated: bool,
}

/// An account's vector.
pub(crate) fn weights(buyer: &Buyer, baskets: &[Basket], tuning: &Tuning) -> Vec<Weight> {
    let orders = baskets.len();
    let mut own = vec![0.0f32; buyer.pairs.len()];
    // A decay of a power of two steps would be cheaper; this is exact for any.
    for (at, basket) in baskets.iter().enumerate() {
        let weight = tuning.decay.powi((orders - 1 - at) as i32);
        let mut place = 0;
        for (item, _) in &basket.lines {
            place += buyer.pairs[place..].partition_point(|pair| pair.item < *item);
            own[place] += weight;
        }
    }
    let latest = tuning.recent.min(buyer.orders).max(1);
    buyer
        .pairs
        .iter()
        .zip(own)
        .map(|(pair, own)| Weight {
            item: pair.item,
            own: own / orders as f32,
            recent: pair.in_latest(buyer.orders, latest) as f32 / latest as f32,
        })
        .collect()
}

fn norm(weights: &[Weight]) -> Norm {
    Norm {
        squared: weights.iter().map(|weight| weight.own * weight.own).sum(),
        recent: weights.iter().filter(|weight| weight.recent > 0.0).count() as f32,
    }
}

impl Index {
    /// Vectors only: what neighbours are found by.
    pub fn bare(views: &[&[Basket]], state: &State, tuning: Tuning) -> Self {
        let weights: Vec<Vec<Weight>> = state
            .buyers
            .par_iter()
            .zip(views.par_iter())
            .map(|(buyer, baskets)| weights(buyer, baskets, &tuning))
            .collect();
        let items = state.sales.len();
        Self {
            tuning,
            norms: weights.iter().map(|weights| norm(weights)).collect(),
            postings: postings(&weights, items),
            weights,
            ties: Ties::default(),
            dated: true,
        }
    }

    pub fn of(views: &[&[Basket]], state: &State, ties: Ties, dated: bool, tuning: Tuning) -> Self {
        Self {
            ties,
            dated,
            ..Self::bare(views, state, tuning)
        }
    }

    /// An account's vector after one order more, or anew.
    pub fn renew(&mut self, account: AccountAt, buyer: &Buyer, baskets: &[Basket], items: usize) {
        let at = account as usize;
        if self.weights.len() <= at {
            self.weights.resize(at + 1, Vec::new());
            self.norms.resize(at + 1, Norm::default());
        }
        if self.postings.len() < items {
            self.postings.resize(items, Vec::new());
        }
        for weight in std::mem::take(&mut self.weights[at]) {
            let postings = &mut self.postings[weight.item as usize];
            // Nearly always it stays; only what is gone is taken out.
            if buyer.pair(weight.item).is_none() {
                postings.retain(|posting| posting.account != account);
            }
        }
        let renewed = weights(buyer, baskets, &self.tuning);
        for weight in &renewed {
            let posting = Posting {
                account,
                own: weight.own,
                recent: weight.recent,
            };
            let postings = &mut self.postings[weight.item as usize];
            match postings.binary_search_by_key(&account, |posting| posting.account) {
                Ok(place) => postings[place] = posting,
                Err(place) => postings.insert(place, posting),
            }
        }
        self.norms[at] = norm(&renewed);
        self.weights[at] = renewed;
    }
}

fn postings(weights: &[Vec<Weight>], items: usize) -> Vec<Vec<Posting>> {
    let mut postings = vec![Vec::new(); items];
    for (account, weights) in (0..).zip(weights) {
        for weight in weights {
            postings[weight.item as usize].push(Posting {
                account,
                own: weight.own,
                recent: weight.recent,
            });
        }
    }
    postings
}

/// What sold best in the last 30 days; without dates, in accounts' last orders.
fn popular(views: &[&[Basket]], state: &State, dated: bool) -> Vec<ItemAt> {
    let since = state.last_day - 30;
    let mut sold: Vec<(u32, ItemAt)> = (0..)
        .zip(&state.sales)
        .map(|(item, sales)| (if dated { 0 } else { sales.in_last }, item))
        .collect();
    if dated {
        for basket in views
            .iter()
            .flat_map(|of| of.iter().rev().take_while(|b| b.day >= since))
        {
            for (item, _) in &basket.lines {
                sold[*item as usize].0 += 1;
            }
        }
    }
    sold.retain(|(count, _)| *count > 0);
    sold.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    sold.truncate(200);
    sold.into_iter().map(|(_, item)| item).collect()
}

/// What goes with each item: in its orders, in the orders after, and by its accounts.
fn lists(views: &[&[Basket]], state: &State) -> (Lists, Lists, Lists) {
    let items = state.sales.len();
    let lines: Vec<f32> = state
        .sales
        .iter()
        .map(|s| s.postings.len() as f32)
        .collect();
    let buyers: Vec<f32> = state.sales.iter().map(|s| s.buyers as f32).collect();
    let narrow = |basket: &Basket| basket.lines.len().min(WIDEST);
    let each = |counted: &mut Counted, item: usize| {
        let sales = &state.sales[item];
        for (account, order) in &sales.postings {
            let baskets = views[*account as usize];
            let basket = &baskets[*order as usize];
            for (other, _) in &basket.lines[..narrow(basket)] {
                counted.add(*other);
            }
        }
        let together = counted.take(item as ItemAt, lines[item], &lines);
        for (account, order) in &sales.postings {
            if let Some(basket) = views[*account as usize].get(*order as usize + 1) {
                for (other, _) in &basket.lines[..narrow(basket)] {
                    counted.add(*other);
                }
            }
        }
        let follows = counted.take(item as ItemAt, lines[item], &lines);
        let mut last = None;
        for (account, _) in &sales.postings {
            if last == Some(account) {
                continue;
            }
            last = Some(account);
            let pairs = &state.buyers[*account as usize].pairs;
            for pair in &pairs[..pairs.len().min(4 * WIDEST)] {
                counted.add(pair.item);
            }
        }
        let shared = counted.take(item as ItemAt, buyers[item], &buyers);
        (together, follows, shared)
    };
    let all: Vec<_> = (0..items)
        .into_par_iter()
        .map_init(|| Counted::new(items), each)
        .collect();
    let (mut together, mut follows, mut shared) = (Vec::new(), Vec::new(), Vec::new());
    for (a, b, c) in all {
        together.push(a);
        follows.push(b);
        shared.push(c);
    }
    (together, follows, shared)
}

/// Words of an item's name, its category and brand, as hashes.
fn words(item: &Item) -> Vec<u64> {
    let hash = |kind: u64, bytes: &[u8]| {
        bytes
            .iter()
            .fold(0xcbf2_9ce4_8422_2325 ^ kind, |hash, byte| {
                (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
            })
    };
    let mut words: Vec<u64> = item
        .name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 1)
        .map(|word| hash(1, word.to_lowercase().as_bytes()))
        .collect();
    words.extend(item.category.map(|id| hash(2, id.0.as_bytes())));
    words.extend(item.brand.map(|id| hash(3, id.0.as_bytes())));
    words.sort_unstable();
    words.dedup();
    words
}

/// Items that resemble each by their words, rare words counting more; a word that a tenth of the
/// items share says nothing.
pub(crate) fn named(facts: &[Item]) -> Lists {
    let all: Vec<Vec<u64>> = facts.par_iter().map(words).collect();
    let mut holders: HashMap<u64, Vec<ItemAt>> = HashMap::new();
    for (item, words) in (0..).zip(&all) {
        for word in words {
            holders.entry(*word).or_default().push(item);
        }
    }
    let count = facts.len() as f32;
    let worth = |word: &u64| {
        let holders = holders.get(word).map_or(0, Vec::len);
        let common = holders < 2 || holders > 400.max(facts.len() / 50);
        if common {
            0.0
        } else {
            (count / holders as f32).ln()
        }
    };
    let lengths: Vec<f32> = all
        .iter()
        .map(|words| {
            words
                .iter()
                .map(|w| worth(w) * worth(w))
                .sum::<f32>()
                .sqrt()
                .max(1e-6)
        })
        .collect();
    (0..facts.len())
        .into_par_iter()
        .map_init(
            || (vec![0.0f32; facts.len()], Vec::new()),
            |(sums, touched): &mut (Vec<f32>, Vec<ItemAt>), item| {
                for word in &all[item] {
                    let worth = worth(word);
                    if worth == 0.0 {
                        continue;
                    }
                    for other in holders.get(word).into_iter().flatten() {
                        let sum = &mut sums[*other as usize];
                        if *sum == 0.0 {
                            touched.push(*other);
                        }
                        *sum += worth * worth;
                    }
                }
                let mut found: Vec<(ItemAt, f32)> = Vec::new();
                for other in touched.drain(..) {
                    let dot = std::mem::take(&mut sums[other as usize]);
                    let near = dot / (lengths[item] * lengths[other as usize]);
                    if other as usize != item && near > 0.2 {
                        found.push((other, near));
                    }
                }
                found.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                found.truncate(RESEMBLING);
                found.shrink_to_fit();
                found
            },
        )
        .collect()
}

/// Counts per item, remembering which were touched.
struct Counted {
    counts: Vec<u32>,
    touched: Vec<ItemAt>,
}

impl Counted {
    fn new(items: usize) -> Self {
        Self {
            counts: vec![0; items],
            touched: Vec::new(),
        }
    }

    fn add(&mut self, item: ItemAt) {
        let count = &mut self.counts[item as usize];
        if *count == 0 {
            self.touched.push(item);
        }
        *count += 1;
    }

    /// The strongest, as cosines that mistrust small counts; and nothing is counted any more.
    fn take(&mut self, item: ItemAt, of: f32, all: &[f32]) -> Vec<(ItemAt, f32)> {
        let mut found: Vec<(ItemAt, f32)> = Vec::with_capacity(self.touched.len());
        for other in self.touched.drain(..) {
            let count = std::mem::take(&mut self.counts[other as usize]);
            if other != item {
                let among = all[other as usize];
                found.push((other, count as f32 / ((of + 5.0) * (among + 5.0)).sqrt()));
            }
        }
        let by = |a: &(ItemAt, f32), b: &(ItemAt, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if found.len() > KEPT {
            found.select_nth_unstable_by(KEPT, by);
            found.truncate(KEPT);
        }
        found.sort_unstable_by(by);
        found.shrink_to_fit();
        found
    }
}
