//! What a recommender has to beat: repeating what was ordered, what everybody orders, and the two
//! neighbourhood methods that published comparisons of next-basket prediction found hardest to
//! beat. Straightforward, after the papers; the evaluation runs them beside the model.

use std::collections::{HashMap, HashSet};

use trade::id::{AccountId, ProductId};

use crate::history::{AccountAt, Basket, ItemAt, PurchaseHistory};

/// A method without training.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Baseline {
    /// The last order again, then the one before it.
    LastOrder,
    /// What the account ordered most often (P-TopFreq).
    Personal,
    /// What everybody orders most often (G-TopFreq).
    Group,
    /// What the account ordered most often, then what everybody does (GP-TopFreq).
    PersonalThenGroup,
    /// TIFU-KNN.
    Tifu(Tifu),
    /// UP-CF@r.
    UpCf(UpCf),
}

/// TIFU-KNN: Hu et al., "Modeling Personalized Item Frequency Information for Next-basket
/// Recommendation", SIGIR 2020. Orders count less the older they are, within groups of orders and
/// over groups; to the account's own counts come those of the accounts nearest to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tifu {
    /// Accounts near by whose mean is taken.
    pub neighbours: usize,
    /// What an order counts less than the next.
    pub within: f64,
    /// What a group of orders counts less than the next.
    pub over: f64,
    /// Share of the account's own counts.
    pub own: f64,
    /// Groups that an account's orders are parted into, as the authors' program does it.
    pub groups: usize,
}

/// UP-CF@r: Faggioli et al., "Recency Aware Collaborative Filtering for Next Basket
/// Recommendation", UMAP 2020. What accounts ordered lately, weighted by how much they have in
/// common with this one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UpCf {
    /// Latest orders that count.
    pub recent: usize,
    /// How lopsided similarity is: at 0.5 it is the cosine.
    pub asymmetry: f64,
    /// Power of the similarity: the higher, the fewer accounts count.
    pub locality: i32,
}

/// Sorted by item.
type Counts = Vec<(ItemAt, f64)>;

/// A baseline that knows a history.
#[derive(Debug)]
pub struct Fitted<'a> {
    baseline: Baseline,
    history: &'a PurchaseHistory,
    /// Items by lines of everybody, most first.
    popular: Vec<(ItemAt, f64)>,
    peers: Peers,
}

/// Accounts as sparse vectors, and for each item those who have it.
#[derive(Debug, Default)]
struct Peers {
    /// One an account.
    counts: Vec<Counts>,
    /// Squares of the lengths.
    squares: Vec<f64>,
    /// Accounts that may be neighbours, for each item.
    holders: Vec<Vec<(AccountAt, f64)>>,
    /// Accounts that may be neighbours.
    open: Vec<AccountAt>,
    /// UP-CF: share of the latest orders, one an account.
    recent: Vec<Counts>,
}

impl Baseline {
    /// Learns a history. Neighbours are sought among the accounts given, or among all.
    #[must_use]
    pub fn fit<'a>(
        self,
        history: &'a PurchaseHistory,
        among: Option<&HashSet<AccountId>>,
    ) -> Fitted<'a> {
        let mut popular = vec![0.0; history.items.len()];
        for basket in history.baskets.iter().flatten() {
            for (item, _) in &basket.lines {
                popular[*item as usize] += 1.0;
            }
        }
        let popular = ranked((0..).zip(popular).collect());
        let peers = match self {
            Self::Tifu(tifu) => Peers::of(history, among, |baskets| tifu.counts(baskets)),
            Self::UpCf(upcf) => {
                let mut peers = Peers::of(history, among, has);
                let recent = |baskets: &Vec<Basket>| upcf.recent(baskets);
                peers.recent = history.baskets.iter().map(recent).collect();
                peers
            }
            Self::LastOrder | Self::Personal | Self::Group | Self::PersonalThenGroup => {
                Peers::default()
            }
        };
        Fitted {
            baseline: self,
            history,
            popular,
            peers,
        }
    }
}

impl Fitted<'_> {
    /// What the account will order next, best first.
    #[must_use]
    pub fn ranked(&self, account: AccountId, limit: usize) -> Vec<(ProductId, f64)> {
        let Some(at) = self.history.account_at.get(&account) else {
            return Vec::new();
        };
        let baskets = self.history.baskets[*at as usize].as_slice();
        let mut best = match self.baseline {
            Baseline::LastOrder => last_first(baskets),
            Baseline::Personal => most_often(baskets),
            Baseline::Group => self.popular.clone(),
            Baseline::PersonalThenGroup => self.filled_up(most_often(baskets), limit),
            Baseline::Tifu(tifu) => {
                let scores = self
                    .peers
                    .tifu(*at, tifu, &[tifu.own], self.history.items.len());
                ranked(scores.into_iter().flatten().collect())
            }
            Baseline::UpCf(upcf) => ranked(self.peers.upcf(*at, upcf, self.history.items.len())),
        };
        best.truncate(limit);
        named(self.history, best)
    }

    /// What TIFU-KNN says with each of these shares of the account's own counts: neighbours are
    /// sought once. Nothing of any other baseline.
    #[must_use]
    pub fn by_share(
        &self,
        account: AccountId,
        owns: &[f64],
        limit: usize,
    ) -> Vec<Vec<(ProductId, f64)>> {
        let at = self.history.account_at.get(&account);
        let (Some(at), Baseline::Tifu(tifu)) = (at, self.baseline) else {
            return Vec::new();
        };
        let lists = self.peers.tifu(*at, tifu, owns, self.history.items.len());
        lists
            .into_iter()
            .map(|scores| {
                let mut best = ranked(scores);
                best.truncate(limit);
                named(self.history, best)
            })
            .collect()
    }

    fn filled_up(&self, mut best: Counts, limit: usize) -> Counts {
        let own: HashSet<ItemAt> = best.iter().map(|(item, _)| *item).collect();
        let others = self.popular.iter().filter(|(item, _)| !own.contains(item));
        // Below one order of the account's own, whatever others order.
        let most = self.popular.first().map_or(1.0, |(_, count)| count + 1.0);
        let missing = limit.saturating_sub(best.len());
        best.extend(others.take(missing).map(|(item, n)| (*item, n / most)));
        best
    }
}

impl Tifu {
    /// Decayed counts of an account.
    fn counts(&self, baskets: &[Basket]) -> Counts {
        let orders = baskets.len();
        if orders == 0 {
            return Vec::new();
        }
        let sizes = group_sizes(orders, self.groups);
        let mut weights = Vec::with_capacity(orders);
        for (group, size) in sizes.iter().enumerate() {
            // Counted from the number of groups wanted, however many there are.
            let age = self.groups.saturating_sub(1 + group) as i32;
            for _ in 0..*size {
                let within = self.within.powi((orders - 1 - weights.len()) as i32);
                weights.push(self.over.powi(age) * within / (size * sizes.len()) as f64);
            }
        }
        sum(baskets, |at| weights[at])
    }
}

/// How many orders each group holds: as equal as may be, the later ones the larger.
fn group_sizes(orders: usize, groups: usize) -> Vec<usize> {
    let groups = groups.clamp(1, orders);
    let (size, more) = (orders / groups, orders % groups);
    (0..groups)
        .map(|group| size + usize::from(group >= groups - more))
        .collect()
}

impl UpCf {
    /// Shares of the latest orders.
    fn recent(&self, baskets: &[Basket]) -> Counts {
        let latest = &baskets[baskets.len().saturating_sub(self.recent)..];
        sum(latest, |_| 1.0 / latest.len() as f64)
    }
}

impl Peers {
    fn of(
        history: &PurchaseHistory,
        among: Option<&HashSet<AccountId>>,
        counted: impl Fn(&[Basket]) -> Counts,
    ) -> Self {
        let counts: Vec<Counts> = history.baskets.iter().map(|b| counted(b)).collect();
        let mut holders = vec![Vec::new(); history.items.len()];
        let mut open = Vec::new();
        for ((account, counts), id) in (0..).zip(&counts).zip(&history.accounts) {
            if counts.is_empty() || among.is_some_and(|among| !among.contains(id)) {
                continue;
            }
            open.push(account);
            for (item, count) in counts {
                holders[*item as usize].push((account, *count));
            }
        }
        let square = |counts: &Counts| counts.iter().map(|(_, count)| count * count).sum();
        Self {
            squares: counts.iter().map(square).collect(),
            counts,
            holders,
            open,
            recent: Vec::new(),
        }
    }

    /// Products of an account's vector with every other's.
    fn products(&self, account: AccountAt) -> Vec<f64> {
        let mut products = vec![0.0; self.counts.len()];
        for (item, count) in &self.counts[account as usize] {
            for (other, theirs) in &self.holders[*item as usize] {
                products[*other as usize] += count * theirs;
            }
        }
        products
    }

    /// Scores for each of the shares of the account's own counts.
    fn tifu(&self, account: AccountAt, tifu: Tifu, owns: &[f64], items: usize) -> Vec<Counts> {
        let products = self.products(account);
        let own = self.squares[account as usize];
        let mut near: Vec<(f64, AccountAt)> = self
            .open
            .iter()
            .map(|other| {
                let at = *other as usize;
                (own + self.squares[at] - 2.0 * products[at], *other)
            })
            .collect();
        let wanted = tifu.neighbours.min(near.len());
        let order = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        if wanted < near.len() {
            near.select_nth_unstable_by(wanted, order);
            near.truncate(wanted);
        }
        near.sort_unstable_by(order);
        let mut mean = vec![0.0; items];
        for (_, other) in &near {
            for (item, count) in &self.counts[*other as usize] {
                mean[*item as usize] += count / wanted as f64;
            }
        }
        owns.iter()
            .map(|share| {
                let mut scores: Vec<f64> = mean.iter().map(|of| (1.0 - share) * of).collect();
                for (item, count) in &self.counts[account as usize] {
                    scores[*item as usize] += share * count;
                }
                (0..).zip(scores).collect()
            })
            .collect()
    }

    fn upcf(&self, account: AccountAt, upcf: UpCf, items: usize) -> Counts {
        let products = self.products(account);
        let own = self.squares[account as usize].powf(upcf.asymmetry);
        let mut scores = vec![0.0; items];
        for other in &self.open {
            let at = *other as usize;
            if *other == account || products[at] <= 0.0 {
                continue;
            }
            let theirs = self.squares[at].powf(1.0 - upcf.asymmetry);
            let weight = (products[at] / (own * theirs)).powi(upcf.locality);
            for (item, share) in &self.recent[at] {
                scores[*item as usize] += weight * share;
            }
        }
        for (item, share) in &self.recent[account as usize] {
            scores[*item as usize] += share;
        }
        (0..).zip(scores).collect()
    }
}

fn named(history: &PurchaseHistory, items: Counts) -> Vec<(ProductId, f64)> {
    let named = items.into_iter();
    named
        .map(|(item, score)| (history.items[item as usize], score))
        .collect()
}

/// What stands in orders together with what is in a cart, whoever's they are: the baseline of
/// completing a cart.
#[derive(Debug)]
pub struct Together<'a> {
    history: &'a PurchaseHistory,
    /// Orders with an item: account and place.
    orders: Vec<Vec<(AccountAt, u32)>>,
}

impl<'a> Together<'a> {
    /// Looks where everything stands.
    #[must_use]
    pub fn of(history: &'a PurchaseHistory) -> Self {
        let mut orders = vec![Vec::new(); history.items.len()];
        for (account, baskets) in (0..).zip(&history.baskets) {
            for (place, basket) in (0..).zip(baskets) {
                for (item, _) in &basket.lines {
                    orders[*item as usize].push((account, place));
                }
            }
        }
        Self { history, orders }
    }

    /// What goes with a cart, best first: the sum of cosines over what is in it. Nothing of the
    /// cart itself.
    #[must_use]
    pub fn ranked(&self, cart: &[ProductId], limit: usize) -> Vec<(ProductId, f64)> {
        let mut scores = vec![0.0; self.history.items.len()];
        let known = |product| self.history.item_at.get(product).copied();
        for item in cart.iter().filter_map(known) {
            let mine = &self.orders[item as usize];
            for (account, place) in mine {
                let basket = &self.history.baskets[*account as usize][*place as usize];
                for (other, _) in &basket.lines {
                    let theirs = self.orders[*other as usize].len();
                    scores[*other as usize] += 1.0 / ((mine.len() * theirs) as f64).sqrt();
                }
            }
        }
        for item in cart.iter().filter_map(known) {
            scores[item as usize] = 0.0;
        }
        let mut best = ranked((0..).zip(scores).collect());
        best.truncate(limit);
        named(self.history, best)
    }
}

/// The sum of weights of the orders that hold an item.
fn sum(baskets: &[Basket], weight: impl Fn(usize) -> f64) -> Counts {
    let mut sums: HashMap<ItemAt, f64> = HashMap::new();
    for (at, basket) in baskets.iter().enumerate() {
        for (item, _) in &basket.lines {
            *sums.entry(*item).or_default() += weight(at);
        }
    }
    let mut sums: Counts = sums.into_iter().collect();
    sums.sort_unstable_by_key(|(item, _)| *item);
    sums
}

/// One for every item an account ordered, however often.
fn has(baskets: &[Basket]) -> Counts {
    let mut counts = sum(baskets, |_| 1.0);
    counts.iter_mut().for_each(|(_, count)| *count = 1.0);
    counts
}

/// Items with a score, the highest first; of equal ones the later number.
fn ranked(mut scores: Counts) -> Counts {
    scores.retain(|(_, score)| *score > 0.0);
    scores.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0)));
    scores
}

/// The most frequent first; of equal ones the one ordered first.
fn most_often(baskets: &[Basket]) -> Counts {
    let counts: HashMap<ItemAt, f64> = sum(baskets, |_| 1.0).into_iter().collect();
    let mut seen = HashSet::new();
    let mut best: Counts = baskets
        .iter()
        .flat_map(|basket| &basket.lines)
        .filter(|(item, _)| seen.insert(*item))
        .map(|(item, _)| (*item, counts.get(item).copied().unwrap_or_default()))
        .collect();
    best.sort_by(|a, b| b.1.total_cmp(&a.1));
    best
}

/// The last order first, in each the most frequent first.
fn last_first(baskets: &[Basket]) -> Counts {
    let mut best = most_often(baskets);
    let mut last: HashMap<ItemAt, usize> = HashMap::new();
    for (at, basket) in (1..).zip(baskets) {
        last.extend(basket.lines.iter().map(|(item, _)| (*item, at)));
    }
    for (item, score) in &mut best {
        // One order later outweighs any count.
        *score /= baskets.len() as f64 + 1.0;
        *score += last.get(item).copied().unwrap_or_default() as f64;
    }
    best.sort_by(|a, b| b.1.total_cmp(&a.1));
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Day, Line, Order};
    use uuid::Uuid;

    fn shop(number: u128) -> AccountId {
        AccountId(Uuid::from_u128(number))
    }

    fn history(orders: &[(u128, i32, &[u128])]) -> PurchaseHistory {
        PurchaseHistory::of(orders.iter().map(|(account, day, items)| {
            Order {
                account: shop(*account),
                day: Day(*day),
                lines: items
                    .iter()
                    .map(|item| Line {
                        product: ProductId(Uuid::from_u128(*item)),
                        pieces: 1,
                    })
                    .collect(),
            }
        }))
    }

    fn numbers(ranked: Vec<(ProductId, f64)>) -> Vec<u128> {
        ranked.iter().map(|(item, _)| item.0.as_u128()).collect()
    }

    #[test]
    fn the_simple_ones_repeat_what_was_ordered() {
        let history = history(&[
            (1, 1, &[5, 6]),
            (1, 2, &[6, 7]),
            (1, 3, &[8]),
            (2, 1, &[9]),
            (2, 2, &[9]),
            (2, 3, &[9, 7]),
        ]);
        let of = |baseline: Baseline| numbers(baseline.fit(&history, None).ranked(shop(1), 9));
        assert_eq!(of(Baseline::LastOrder), [8, 6, 7, 5]);
        assert_eq!(of(Baseline::Personal), [6, 5, 7, 8]);
        assert_eq!(of(Baseline::Group), [9, 7, 6, 8, 5]);
        assert_eq!(of(Baseline::PersonalThenGroup), [6, 5, 7, 8, 9]);
        let fitted = Baseline::Group.fit(&history, None);
        assert!(fitted.ranked(shop(7), 9).is_empty());
    }

    #[test]
    fn orders_are_parted_into_groups_the_later_the_larger() {
        assert_eq!(group_sizes(10, 4), [2, 2, 3, 3]);
        assert_eq!(group_sizes(3, 7), [1, 1, 1]);
        assert_eq!(group_sizes(8, 4), [2, 2, 2, 2]);
    }

    #[test]
    fn own_counts_decay_and_neighbours_add_theirs() {
        let history = history(&[
            (1, 1, &[1]),
            (1, 2, &[1]),
            (1, 3, &[2]),
            (2, 1, &[2]),
            (2, 2, &[3]),
            (3, 1, &[4]),
        ]);
        let tifu = Tifu {
            neighbours: 2,
            within: 0.5,
            over: 0.5,
            own: 0.75,
            groups: 2,
        };
        let fitted = Baseline::Tifu(tifu).fit(&history, None);
        // Groups of one and two orders: (0.25 * 0.5) / 2; 0.5 / 4 and 1 / 4.
        assert_eq!(fitted.peers.counts[0], [(0, 0.0625 + 0.125), (1, 0.25)]);
        // The second account: 0.5 * 0.5 / 2 of the first order, 1 / 2 of the last.
        assert_eq!(fitted.peers.counts[1], [(1, 0.125), (2, 0.5)]);
        // The nearest two of the first are itself and the second (0.301 against 1.098).
        let ranked = fitted.ranked(shop(1), 9);
        let own = |mine: f64, mean: f64| 0.75 * mine + 0.25 * mean;
        let wanted = [
            (2, own(0.25, (0.25 + 0.125) / 2.0)),
            (1, own(0.1875, 0.1875 / 2.0)),
            (3, own(0.0, 0.5 / 2.0)),
        ];
        for ((item, score), (number, expected)) in ranked.iter().zip(wanted) {
            assert_eq!(item.0.as_u128(), number);
            assert!((score - expected).abs() < 1e-12);
        }
        assert_eq!(ranked.len(), 3);
    }

    #[test]
    fn what_similar_accounts_ordered_lately_counts_with_their_similarity() {
        let history = history(&[(1, 1, &[1, 2]), (2, 1, &[1]), (2, 2, &[1, 3]), (3, 1, &[4])]);
        let upcf = UpCf {
            recent: 1,
            asymmetry: 0.5,
            locality: 2,
        };
        let fitted = Baseline::UpCf(upcf).fit(&history, None);
        let ranked = fitted.ranked(shop(1), 9);
        // One item in common over the lengths √2 · √2, squared.
        let alike = 0.25;
        let found: Vec<(u128, f64)> = ranked.iter().map(|r| (r.0.0.as_u128(), r.1)).collect();
        for ((item, score), (number, expected)) in
            found.iter().zip([(1, 1.0 + alike), (2, 1.0), (3, alike)])
        {
            assert_eq!(*item, number);
            assert!((score - expected).abs() < 1e-12);
        }
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn what_stands_together_in_orders_goes_together() {
        let history = history(&[
            (1, 1, &[1, 2]),
            (1, 2, &[1, 3]),
            (2, 1, &[1, 3]),
            (3, 1, &[4]),
        ]);
        let one = ProductId(Uuid::from_u128(1));
        let found = Together::of(&history).ranked(&[one], 9);
        let wanted = [(3, 2.0 / 6.0_f64.sqrt()), (2, 1.0 / 3.0_f64.sqrt())];
        assert_eq!(found.len(), 2);
        for ((item, score), (number, expected)) in found.iter().zip(wanted) {
            assert_eq!(item.0.as_u128(), number);
            assert!((score - expected).abs() < 1e-12);
        }
    }
}
