//! The items that may stand in an account's next order, each with what other accounts and other
//! items say of it.

use super::index::{Index, Ties};
use crate::history::{AccountAt, Basket, ItemAt, Seen};
use crate::state::State;

/// Items taken from those that sell best now.
const FROM_POPULAR: usize = 50;
/// The nearest few of the neighbours.
const NEAREST: usize = 50;
/// Days before and after the account's last order in which its neighbours' orders count as of its
/// time.
const BEFORE: i32 = 21;
const AFTER: i32 = 45;
/// Neighbours by shared recent items, and how steeply likeness counts.
const LIKE: usize = 300;
const STEEPNESS: i32 = 5;

/// An item and what speaks for it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Candidate {
    pub item: ItemAt,
    /// Decayed frequency in the account's own orders.
    pub own: f32,
    /// Mean of the neighbours' vectors.
    pub neighbours: f32,
    /// Mean of the nearest few.
    pub nearest: f32,
    /// How many orders of the neighbours held it around the account's last order.
    pub lately: f32,
    /// Recent popularity with like accounts (UP-CF).
    pub like: f32,
    /// Goes with items of the last order: sum, and the strongest.
    pub together_last: f32,
    pub together_best: f32,
    /// Goes with what the account orders, weighted by how often.
    pub together_own: f32,
    /// Follows the last order.
    pub follows: f32,
    pub follows_best: f32,
    /// Ordered by the accounts that order the account's items.
    pub shared: f32,
    /// Resembles what the account orders, by name, category and brand.
    pub named: f32,
}

impl Candidate {
    /// The blend of own and neighbours' vectors (TIFU-KNN).
    pub fn blend(&self, own: f32) -> f32 {
        own * self.own + (1.0 - own) * self.neighbours
    }
}

/// Who speaks for items, each with how many it may bring in that the account never ordered.
const SOURCES: [usize; 10] = [100, 40, 40, 60, 40, 40, 40, 40, 30, 0];
const NEIGHBOURS: usize = 0;
const THE_NEAREST: usize = 1;
const LATELY: usize = 2;
const LIKE_ONES: usize = 3;
const TOGETHER_LAST: usize = 4;
const FOLLOWS: usize = 5;
const SHARED: usize = 6;
const TOGETHER_OWN: usize = 7;
const NAMED: usize = 8;
const OWN: usize = 9;

/// Room to count in, kept between accounts.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    dots: Vec<f32>,
    overlaps: Vec<f32>,
    touched_accounts: Vec<AccountAt>,
    /// What each source says of an item.
    sums: Vec<[f32; SOURCES.len()]>,
    touched: Vec<ItemAt>,
    is_touched: Vec<bool>,
    /// Place among the candidates and 1 more; 0 where it is none.
    places: Vec<u32>,
    ranked: Vec<(f32, ItemAt)>,
    pub found: Vec<Candidate>,
}

impl Scratch {
    fn reset(&mut self, accounts: usize, items: usize) {
        self.dots.resize(accounts, 0.0);
        self.overlaps.resize(accounts, 0.0);
        self.sums.resize(items, [0.0; SOURCES.len()]);
        self.is_touched.resize(items, false);
        self.places.resize(items, 0);
        for candidate in self.found.drain(..) {
            self.places[candidate.item as usize] = 0;
        }
    }

    fn add(&mut self, source: usize, item: ItemAt, value: f32) {
        let at = item as usize;
        if !self.is_touched[at] {
            self.is_touched[at] = true;
            self.touched.push(item);
        }
        self.sums[at][source] += value;
    }

    fn candidate(&mut self, item: ItemAt) {
        let place = &mut self.places[item as usize];
        if *place == 0 {
            self.found.push(Candidate {
                item,
                ..Candidate::default()
            });
            *place = self.found.len() as u32;
        }
    }

    /// Of each source's items that are no candidates yet, the first become some.
    fn choose(&mut self) {
        let mut ranked = std::mem::take(&mut self.ranked);
        let known = self.found.len() as u32;
        for (source, most) in SOURCES.into_iter().enumerate() {
            ranked.clear();
            for item in &self.touched {
                let sum = self.sums[*item as usize][source];
                let place = self.places[*item as usize];
                // Each source brings its own, whatever the others bring.
                if sum > 0.0 && (place == 0 || place > known) {
                    ranked.push((sum, *item));
                }
            }
            if ranked.len() > most {
                ranked.select_nth_unstable_by(most, by);
                ranked.truncate(most);
            }
            for (_, item) in &ranked {
                self.candidate(*item);
            }
        }
        self.ranked = ranked;
    }

    /// Hands every candidate what was said of it, as means; and nothing is summed any more.
    fn settle(&mut self, counts: [f32; SOURCES.len()]) {
        for candidate in &mut self.found {
            let sums = &self.sums[candidate.item as usize];
            let mean = |source: usize| sums[source] / counts[source].max(f32::MIN_POSITIVE);
            candidate.own = sums[OWN];
            candidate.neighbours = mean(NEIGHBOURS);
            candidate.nearest = mean(THE_NEAREST);
            candidate.lately = mean(LATELY);
            candidate.like = mean(LIKE_ONES);
            candidate.together_last = mean(TOGETHER_LAST);
            candidate.follows = mean(FOLLOWS);
            candidate.shared = mean(SHARED);
            candidate.together_own = mean(TOGETHER_OWN);
            candidate.named = mean(NAMED);
        }
        for item in self.touched.drain(..) {
            self.sums[item as usize] = [0.0; SOURCES.len()];
            self.is_touched[item as usize] = false;
        }
    }
}

fn by<T: Ord>(a: &(f32, T), b: &(f32, T)) -> std::cmp::Ordering {
    b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))
}

/// Finds the candidates of an account into `scratch.found`.
pub(crate) fn find(
    index: &Index,
    state: &State,
    seen: Seen<'_>,
    account: AccountAt,
    scratch: &mut Scratch,
) {
    scratch.reset(index.weights.len(), state.sales.len());
    let own = index
        .weights
        .get(account as usize)
        .map_or(&[][..], Vec::as_slice);
    for weight in own {
        scratch.candidate(weight.item);
        scratch.add(OWN, weight.item, weight.own);
    }
    let last = seen.of(account).last();
    let neighbours = neighbours(index, account, scratch);
    for (source, near) in [
        (NEIGHBOURS, &neighbours.near),
        (THE_NEAREST, &neighbours.nearest),
    ] {
        for (_, near) in near {
            for weight in &index.weights[*near as usize] {
                scratch.add(source, weight.item, weight.own);
            }
        }
    }
    for (like, near) in &neighbours.like {
        for weight in &index.weights[*near as usize] {
            if weight.recent > 0.0 {
                scratch.add(LIKE_ONES, weight.item, weight.recent * like);
            }
        }
    }
    for (_, near) in &neighbours.near {
        for (item, _) in around(index, seen.of(*near), last).flat_map(|basket| &basket.lines) {
            scratch.add(LATELY, *item, 1.0);
        }
    }
    let lines = last.map_or(&[][..], |basket| &basket.lines);
    for (source, lists) in [
        (TOGETHER_LAST, &index.ties.together),
        (FOLLOWS, &index.ties.follows),
    ] {
        for (item, _) in lines {
            for (other, near) in Ties::list(lists, *item) {
                scratch.add(source, *other, *near);
            }
        }
    }
    let lists = [
        (SHARED, &index.ties.shared),
        (TOGETHER_OWN, &index.ties.together),
        (NAMED, &*index.ties.named),
    ];
    for (source, lists) in lists {
        for weight in own {
            for (other, near) in Ties::list(lists, weight.item) {
                scratch.add(source, *other, near * weight.own);
            }
        }
    }
    scratch.choose();
    for item in index.ties.popular.iter().take(FROM_POPULAR) {
        scratch.candidate(*item);
    }
    let near = neighbours.near.len() as f32;
    let like = neighbours.like.iter().map(|(like, _)| like).sum();
    let mass = own.iter().map(|weight| weight.own).sum();
    let line_count = lines.len() as f32;
    let nearest = neighbours.nearest.len() as f32;
    scratch.settle([
        near, nearest, near, like, line_count, line_count, mass, mass, mass, 1.0,
    ]);
    strongest(index, lines, scratch);
}

/// A neighbour's orders of the time of the account's last order; without dates, its last.
fn around<'a>(
    index: &Index,
    orders: &'a [Basket],
    last: Option<&Basket>,
) -> impl Iterator<Item = &'a Basket> {
    let (from, until) = match last {
        None => (0, 0),
        Some(last) if index.dated => (
            orders.partition_point(|basket| basket.day < last.day - BEFORE),
            orders.partition_point(|basket| basket.day <= last.day + AFTER),
        ),
        Some(_) => (orders.len().saturating_sub(1), orders.len()),
    };
    orders[from..until].iter()
}

/// The strongest single tie to the last order, of candidates only.
fn strongest(index: &Index, lines: &[(ItemAt, u32)], scratch: &mut Scratch) {
    for (item, _) in lines {
        for (other, near) in Ties::list(&index.ties.together, *item) {
            if let Some(place) = scratch.places[*other as usize].checked_sub(1) {
                let best = &mut scratch.found[place as usize].together_best;
                *best = best.max(*near);
            }
        }
        for (other, near) in Ties::list(&index.ties.follows, *item) {
            if let Some(place) = scratch.places[*other as usize].checked_sub(1) {
                let best = &mut scratch.found[place as usize].follows_best;
                *best = best.max(*near);
            }
        }
    }
}

/// Accounts near one: by distance of their vectors, and by shared recent items.
pub(crate) struct Neighbours {
    pub near: Vec<(f32, AccountAt)>,
    pub nearest: Vec<(f32, AccountAt)>,
    pub like: Vec<(f32, AccountAt)>,
}

fn neighbours(index: &Index, account: AccountAt, scratch: &mut Scratch) -> Neighbours {
    let own = index
        .weights
        .get(account as usize)
        .map_or(&[][..], Vec::as_slice);
    for weight in own {
        for posting in &index.postings[weight.item as usize] {
            let dot = &mut scratch.dots[posting.account as usize];
            if *dot == 0.0 {
                scratch.touched_accounts.push(posting.account);
            }
            *dot += weight.own * posting.own;
            if weight.recent > 0.0 && posting.recent > 0.0 {
                scratch.overlaps[posting.account as usize] += 1.0;
            }
        }
    }
    let norm = index
        .norms
        .get(account as usize)
        .copied()
        .unwrap_or_default();
    let (mut near, mut like) = (Vec::new(), Vec::new());
    for other in scratch.touched_accounts.drain(..) {
        let dot = std::mem::take(&mut scratch.dots[other as usize]);
        let overlap = std::mem::take(&mut scratch.overlaps[other as usize]);
        if other == account {
            continue;
        }
        let theirs = index.norms[other as usize];
        // The nearest by Euclid's distance have the largest of this.
        near.push((2.0 * dot - theirs.squared, other));
        if overlap > 0.0 {
            let cosine = overlap / (norm.recent * theirs.recent).sqrt();
            like.push((cosine.powi(STEEPNESS), other));
        }
    }
    let mut nearest = near.clone();
    for (list, most) in [
        (&mut near, index.tuning.neighbours),
        (&mut nearest, NEAREST),
        (&mut like, LIKE),
    ] {
        if list.len() > most {
            list.select_nth_unstable_by(most, by);
            list.truncate(most);
        }
        // Sums of floats depend on their order.
        list.sort_unstable_by_key(|(_, account)| *account);
    }
    Neighbours {
        near,
        nearest,
        like,
    }
}
