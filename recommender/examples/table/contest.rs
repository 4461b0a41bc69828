//! Everybody's lists for the same users: the baselines, tuned by the users to choose by, and the
//! model.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;
use recommender::baselines::{Baseline, Fitted, Tifu, Together, UpCf};
use recommender::{Ask, Model, PurchaseHistory, Settings, Step, train};
use trade::id::{AccountId, ProductId};

use crate::common::{KeySet, account, learnable, number, product};
use crate::dataset::Dataset;
use crate::metrics::{mean, measure};
use crate::usage::{Cost, Watch, thread_seconds};

/// Items by user, the best first.
pub type Lists = HashMap<u64, Vec<u64>>;

/// One of the methods, on one key set.
pub struct Entry {
    pub name: String,
    pub lists: Lists,
    pub fit: Cost,
    /// Processor time of a user's list.
    pub micros: f64,
}

/// Items of a list.
const LENGTH: usize = 20;

/// A published setting and what it is called.
pub const PUBLISHED: Tifu = Tifu {
    neighbours: 300,
    within: 0.9,
    over: 0.7,
    own: 0.7,
    groups: 7,
};
const PLAIN: UpCf = UpCf {
    recent: 10,
    asymmetry: 0.5,
    locality: 5,
};

/// The methods on one key set.
pub struct Contest<'a> {
    pub set: &'a Dataset,
    pub keys: &'a KeySet,
    pub val: Vec<u64>,
    pub test: Vec<u64>,
    /// What baselines see: no order to predict.
    pub history: PurchaseHistory,
    among: HashSet<AccountId>,
}

fn items(list: Vec<(ProductId, f64)>) -> Vec<u64> {
    let items = list.into_iter();
    items.map(|(product, _)| number(product.0)).collect()
}

impl<'a> Contest<'a> {
    pub fn of(set: &'a Dataset, keys: &'a KeySet) -> Self {
        Self {
            set,
            keys,
            val: set.users(&keys.val),
            test: set.users(&keys.test),
            history: set.purchases(&HashSet::new()),
            among: keys
                .train
                .iter()
                .map(|user| account(user.number()))
                .collect(),
        }
    }

    fn fit(&self, baseline: Baseline) -> Fitted<'_> {
        // As the published programs do it: TIFU's neighbours are those to learn from.
        let among = matches!(baseline, Baseline::Tifu(_)).then_some(&self.among);
        baseline.fit(&self.history, among)
    }

    /// Mean of recall and NDCG at 10 of users.
    fn score(&self, users: &[u64], lists: &[Vec<u64>]) -> f64 {
        let both = users.iter().zip(lists);
        mean(both.map(|(user, list)| {
            let found = measure(list, &self.set.truth(*user), &self.set.known(*user), 10);
            Some(f64::midpoint(found.recall, found.ndcg))
        }))
    }

    /// Runs a baseline on the users to test on.
    pub fn run(&self, name: &str, baseline: Baseline) -> Entry {
        let watch = Watch::start();
        let fitted = self.fit(baseline);
        let fit = watch.stop();
        self.timed(name, fit, |user| {
            items(fitted.ranked(account(user), LENGTH))
        })
    }

    fn timed(&self, name: &str, fit: Cost, list: impl Fn(u64) -> Vec<u64>) -> Entry {
        let begun = thread_seconds();
        let lists: Lists = self.test.iter().map(|user| (*user, list(*user))).collect();
        Entry {
            name: name.to_owned(),
            fit,
            micros: (thread_seconds() - begun) * 1e6 / self.test.len().max(1) as f64,
            lists,
        }
    }

    /// The settings of TIFU-KNN that do best for the users to choose by.
    pub fn tune_tifu(&self) -> Tifu {
        let owns = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9];
        let mut best = (0.0, PUBLISHED);
        let mut settings = Vec::new();
        for within in [0.9, 0.95, 1.0] {
            for over in [0.7, 0.8, 0.9, 1.0] {
                for groups in [3, 7, 11, 15, 30] {
                    settings.push(Tifu {
                        within,
                        over,
                        groups,
                        ..PUBLISHED
                    });
                }
            }
        }
        let mut judge = |tifu: Tifu| {
            let fitted = self.fit(Baseline::Tifu(tifu));
            let lists: Vec<Vec<Vec<u64>>> = self
                .val
                .par_iter()
                .map(|user| {
                    let lists = fitted.by_share(account(*user), &owns, 10);
                    lists.into_iter().map(items).collect()
                })
                .collect();
            for (at, own) in owns.into_iter().enumerate() {
                let of_share: Vec<Vec<u64>> = lists.iter().map(|of| of[at].clone()).collect();
                let score = self.score(&self.val, &of_share);
                if score > best.0 {
                    best = (score, Tifu { own, ..tifu });
                }
            }
            best.1
        };
        let mut found = PUBLISHED;
        for tifu in settings {
            found = judge(tifu);
        }
        for neighbours in [100, 600, 900] {
            found = judge(Tifu {
                neighbours,
                ..found
            });
        }
        found
    }

    /// The settings of UP-CF that do best for the users to choose by.
    pub fn tune_upcf(&self) -> UpCf {
        let mut best = (0.0, PLAIN);
        for recent in [1, 5, 10, 25, 100] {
            for asymmetry in [0.25, 0.5, 0.75] {
                for locality in [1, 5, 10] {
                    let upcf = UpCf {
                        recent,
                        asymmetry,
                        locality,
                    };
                    let fitted = self.fit(Baseline::UpCf(upcf));
                    let users = self.val.par_iter();
                    let lists: Vec<Vec<u64>> = users
                        .map(|user| items(fitted.ranked(account(*user), 10)))
                        .collect();
                    let score = self.score(&self.val, &lists);
                    if score > best.0 {
                        best = (score, upcf);
                    }
                }
            }
        }
        best.1
    }

    /// Trains the model and runs it.
    pub fn run_model(&self) -> (Entry, Model) {
        let history = self.set.purchases(&learnable(self.keys));
        let watch = Watch::start();
        let model = train(history, &Settings::default()).model;
        let fit = watch.stop();
        let list = |user| items(model.next_basket(account(user), LENGTH));
        (self.timed("Kontor", fit, list), model)
    }

    /// Lists of what is new to each user: of a baseline, all that it ranks, but what is known.
    pub fn explore(&self, name: &str, baseline: Baseline) -> Entry {
        let fitted = self.fit(baseline);
        self.timed(name, Cost::default(), |user| {
            let known = self.set.known(user);
            let mut list = items(fitted.ranked(account(user), usize::MAX));
            list.retain(|item| !known.contains(item));
            list.truncate(LENGTH);
            list
        })
    }

    /// The model's list of what is new to each user.
    pub fn explore_model(&self, model: &Model) -> Entry {
        let list = |user| items(model.next_new(account(user), LENGTH));
        self.timed("Kontor", Cost::default(), list)
    }
}

/// Half of an order is in the cart; the other half is to be found.
pub struct Halved {
    pub user: u64,
    pub cart: Vec<u64>,
    pub rest: HashSet<u64>,
}

/// Halves the orders to predict of users who ordered two items or more; which half, chance says,
/// the same way every time.
pub fn halve(set: &Dataset, users: &[u64]) -> Vec<Halved> {
    let mut halves = Vec::new();
    for user in users {
        let mut items: Vec<u64> = set.truth(*user).into_iter().collect();
        if items.len() < 2 {
            continue;
        }
        items.sort_by_key(|item| spread(spread(*user) ^ *item));
        let rest = items.split_off(items.len() / 2);
        halves.push(Halved {
            user: *user,
            cart: items,
            rest: rest.into_iter().collect(),
        });
    }
    halves
}

/// Well spread bits of a number (SplitMix64).
fn spread(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// Recall at 10 of ways to complete a cart, by user.
pub struct Completion {
    pub name: String,
    pub recalls: Vec<f64>,
}

impl Contest<'_> {
    /// How carts are completed by popularity, by what stands together, by TIFU-KNN, by both of
    /// them, and by the model.
    pub fn complete(&self, tifu: Tifu, model: &Model) -> Vec<Completion> {
        let (val, test) = (halve(self.set, &self.val), halve(self.set, &self.test));
        let together = Together::of(&self.history);
        let popular = self.fit(Baseline::Group);
        let near = self.fit(Baseline::Tifu(tifu));
        let products = |half: &Halved| -> Vec<ProductId> {
            half.cart.iter().map(|item| product(*item)).collect()
        };
        let goes = |half: &Halved| together.ranked(&products(half), usize::MAX);
        let tifu = |half: &Halved| near.ranked(account(half.user), usize::MAX);
        let both = |half: &Halved, weight: f64| {
            let (one, other) = (tifu(half), goes(half));
            let most = |list: &[(ProductId, f64)]| list.first().map_or(1.0, |best| best.1);
            let (top, other_top) = (most(&one), most(&other));
            let mut sums: HashMap<ProductId, f64> = HashMap::new();
            for (product, score) in &one {
                *sums.entry(*product).or_default() += score / top;
            }
            for (product, score) in &other {
                *sums.entry(*product).or_default() += weight * score / other_top;
            }
            let mut sums: Vec<(ProductId, f64)> = sums.into_iter().collect();
            sums.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            sums
        };
        let weights = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0];
        let weight = weights.into_iter().map(|weight| {
            let found = recalls(&val, |half| items(both(half, weight)));
            (mean(found.into_iter().map(Some)), weight)
        });
        let weight = weight
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map_or(1.0, |best| best.1);
        let anything = |_| Some(Step::SINGLE);
        let ours = |half: &Halved| {
            let ask = Ask::new(account(half.user), self.set.today(half.user), &anything);
            let found = model.goes_with(&ask.limit(10), &products(half)).into_iter();
            found
                .map(|suggestion| number(suggestion.product.0))
                .collect()
        };
        let entry = |name: &str, recalls| Completion {
            name: name.to_owned(),
            recalls,
        };
        let all = |half: &Halved| popular.ranked(account(half.user), usize::MAX);
        vec![
            entry("G-TopFreq", recalls(&test, |half| items(all(half)))),
            entry("together, cosine", recalls(&test, |half| items(goes(half)))),
            entry("TIFU-KNN, tuned", recalls(&test, |half| items(tifu(half)))),
            entry(
                &format!("TIFU-KNN + {weight} × together"),
                recalls(&test, |half| items(both(half, weight))),
            ),
            entry("Kontor", recalls(&test, ours)),
        ]
    }
}

/// Recall at 10 of the rest, by user; what is in the cart takes no place.
fn recalls(halves: &[Halved], list: impl Fn(&Halved) -> Vec<u64> + Sync) -> Vec<f64> {
    let one = |half: &Halved| {
        let mut list = list(half);
        list.retain(|item| !half.cart.contains(item));
        measure(&list, &half.rest, &HashSet::new(), 10).recall
    };
    halves.par_iter().map(one).collect()
}

/// How well quantities are foretold.
#[derive(Debug, Clone, Default)]
pub struct Pieces {
    pub name: String,
    /// Exact share and mean error, of repeated lines.
    pub again: (f64, f64),
    /// The same of first ones.
    pub first: (f64, f64),
    pub lines: (usize, usize),
}

impl Contest<'_> {
    /// Quantities of what was really ordered: the last one (for a first time the item's most
    /// frequent), the account's most frequent, and the model's.
    pub fn pieces(&self, model: &Model) -> Vec<Pieces> {
        let typical = self.typical();
        let anything = |_| Some(Step::SINGLE);
        // Of each line: whether it was ordered before, what was suggested, what was ordered.
        type Guess = (bool, f64, f64);
        let mut methods: Vec<(Pieces, Vec<Guess>)> = Vec::new();
        for name in [
            "last; first: the item's usual",
            "most frequent; first: 1",
            "Kontor",
        ] {
            let pieces = Pieces {
                name: name.to_owned(),
                ..Pieces::default()
            };
            methods.push((pieces, Vec::new()));
        }
        for user in &self.test {
            let taken = self.taken(*user);
            let ask = Ask::new(account(*user), self.set.today(*user), &anything);
            for (item, pieces) in &self.set.future[user].lines {
                let before = taken.get(item);
                let said = [
                    before.map_or_else(
                        || typical.get(item).copied().unwrap_or(1),
                        |taken| taken.last().copied().unwrap_or(1),
                    ),
                    before.map_or(1, |taken| most_frequent(taken)),
                    model.pieces_of(&ask, product(*item)).unwrap_or(0),
                ];
                for ((_, lines), said) in methods.iter_mut().zip(said) {
                    lines.push((before.is_some(), f64::from(said), f64::from(*pieces)));
                }
            }
        }
        let judged = methods.into_iter().map(|(mut pieces, lines)| {
            let of = |again: bool| lines.iter().filter(move |line| line.0 == again);
            let exact = |again| {
                let hits =
                    of(again).map(|(_, said, true_)| Some(f64::from(u8::from(said == true_))));
                (
                    mean(hits),
                    mean(of(again).map(|(_, said, true_)| Some((said - true_).abs()))),
                )
            };
            pieces.again = exact(true);
            pieces.first = exact(false);
            pieces.lines = (of(true).count(), of(false).count());
            pieces
        });
        judged.collect()
    }

    /// What a user took of each item, the oldest first.
    fn taken(&self, user: u64) -> HashMap<u64, Vec<u32>> {
        let mut taken: HashMap<u64, Vec<u32>> = HashMap::new();
        for basket in self.set.history.get(&user).into_iter().flatten() {
            for (item, pieces) in &basket.lines {
                taken.entry(*item).or_default().push(*pieces);
            }
        }
        taken
    }

    /// The most frequent quantity of each item.
    fn typical(&self) -> HashMap<u64, u32> {
        let mut taken: HashMap<u64, Vec<u32>> = HashMap::new();
        let mut users: Vec<&u64> = self.set.history.keys().collect();
        users.sort_unstable();
        for user in users {
            for (item, pieces) in self.taken(*user) {
                taken.entry(item).or_default().extend(pieces);
            }
        }
        taken
            .into_iter()
            .map(|(item, taken)| (item, most_frequent(&taken)))
            .collect()
    }
}

/// The most frequent quantity, of equal ones the latest.
fn most_frequent(taken: &[u32]) -> u32 {
    let mut counts: HashMap<u32, (usize, usize)> = HashMap::new();
    for (at, pieces) in taken.iter().enumerate() {
        let count = counts.entry(*pieces).or_default();
        *count = (count.0 + 1, at);
    }
    let best = counts.into_iter().max_by_key(|(_, count)| *count);
    best.map_or(1, |(pieces, _)| pieces)
}
