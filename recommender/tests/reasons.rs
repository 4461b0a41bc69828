//! Every reason, counted anew from the raw orders by the slowest and plainest means.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "a test that cannot go on fails"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{ACCOUNTS, ITEMS, TODAY, World, account, answers, product, world};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use recommender::{Ask, Day, Model, Reason, Step};
use trade::id::{AccountId, ProductId};

/// What an account ordered on one day.
type Basket = BTreeMap<ProductId, u32>;

/// The orders, those of an account on one day taken together.
struct Naive<'w> {
    world: &'w World,
    orders: BTreeMap<(AccountId, Day), Basket>,
}

impl<'w> Naive<'w> {
    fn of(world: &'w World) -> Self {
        let mut orders: BTreeMap<(AccountId, Day), Basket> = BTreeMap::new();
        for order in &world.orders {
            let basket = orders.entry((order.account, order.day)).or_default();
            for line in &order.lines {
                *basket.entry(line.product).or_default() += line.pieces;
            }
        }
        Self { world, orders }
    }

    /// The account's orders, the oldest first.
    fn by(&self, who: AccountId) -> Vec<(Day, &Basket)> {
        let of = self.orders.iter().filter(|((other, _), _)| *other == who);
        of.map(|((_, day), basket)| (*day, basket)).collect()
    }

    fn days(&self, who: AccountId, item: ProductId) -> Vec<Day> {
        let of = self.by(who).into_iter();
        of.filter(|(_, basket)| basket.contains_key(&item))
            .map(|(day, _)| day)
            .collect()
    }

    fn active(&self) -> BTreeSet<AccountId> {
        self.orders.keys().map(|(who, _)| *who).collect()
    }

    fn buyers(&self, item: ProductId) -> BTreeSet<AccountId> {
        let of = self.orders.iter();
        of.filter(|(_, basket)| basket.contains_key(&item))
            .map(|((who, _), _)| *who)
            .collect()
    }

    /// Whether a reason given to an account for an item is true.
    fn holds(&self, model: &Model, who: AccountId, item: ProductId, reason: &Reason) -> bool {
        let own = self.by(who);
        let days = self.days(who, item);
        match reason {
            Reason::OftenOrdered { times, of } => {
                let latest: Vec<_> = own.iter().rev().take(8).collect();
                let with = latest.iter().filter(|order| order.1.contains_key(&item));
                (*times as usize, *of as usize) == (with.count(), latest.len()) && *times > 0
            }
            Reason::Rhythm {
                every_days,
                last_days_ago,
            } => {
                let mut gaps: Vec<i32> = days.windows(2).map(|two| two[1].0 - two[0].0).collect();
                gaps.sort_unstable();
                let median = if gaps.len() % 2 == 1 {
                    f64::from(gaps[gaps.len() / 2])
                } else {
                    f64::from(gaps[gaps.len() / 2 - 1] + gaps[gaps.len() / 2]) / 2.0
                };
                let ago = TODAY.0 - days.last().unwrap().0;
                gaps.len() >= 2
                    && f64::from(*every_days) == (median + 0.5).floor()
                    && i64::from(*last_days_ago) == i64::from(ago)
            }
            Reason::LastOrdered { on, pieces } => {
                days.last() == Some(on) && self.orders[&(who, *on)][&item] == *pieces
            }
            Reason::Season { on } => {
                // 20,000 days after 1970 is 4 October 2024; the year before it has a leap day in it.
                let from = TODAY.0 - 366;
                let then = days.iter().filter(|day| (from..from + 28).contains(&day.0));
                then.min() == Some(on)
            }
            Reason::LikeAccounts { buyers, of } => {
                let like = model.similar_accounts(who, 30);
                let with = like.iter().filter(|like| {
                    like.account != who && !self.days(like.account, item).is_empty()
                });
                (*buyers as usize, *of as usize) == (with.count(), like.len()) && *buyers > 0
            }
            Reason::GoesWith {
                product: with_product,
                with,
                of,
            } => {
                let baskets = self.orders.values();
                let of_product: Vec<_> = baskets.filter(|b| b.contains_key(with_product)).collect();
                let both = of_product
                    .iter()
                    .filter(|basket| basket.contains_key(&item));
                (*with as usize, *of as usize) == (both.count(), of_product.len())
                    && *with > 0
                    && *with_product != item
            }
            Reason::Rising { recent, before } => {
                let ago = |from: i32, to: i32| {
                    let orders = self.orders.iter();
                    orders
                        .filter(|((_, day), basket)| {
                            let ago = TODAY.0 - day.0;
                            basket.contains_key(&item) && ago >= from && ago < to
                        })
                        .count()
                };
                (*recent as usize, *before as usize) == (ago(0, 28), ago(28, 28 + 364))
                    && f64::from(*recent) / 28.0 >= 1.5 * f64::from(*before) / 364.0 - 1e-12
            }
            Reason::CategoryYouStock { category, orders } => {
                let of = |id: &ProductId| self.world.facts(*id).category == Some(*category);
                let with = own.iter().filter(|(_, basket)| basket.keys().any(of));
                of(&item) && days.is_empty() && with.count() == *orders as usize && *orders > 0
            }
            Reason::BrandYouStock { brand, orders } => {
                let of = |id: &ProductId| self.world.facts(*id).brand == Some(*brand);
                let with = own.iter().filter(|(_, basket)| basket.keys().any(of));
                of(&item) && days.is_empty() && with.count() == *orders as usize && *orders > 0
            }
            Reason::OfYourKind { buyers, of } => {
                let retailer = |who: AccountId| {
                    let known = self.world.retailers.iter().find(|(id, _)| *id == who);
                    &known.expect("every retailer is known").1
                };
                let me = retailer(who);
                let mut kind = self.active();
                kind.retain(|other| {
                    let other_one = retailer(*other);
                    *other != who
                        && match me.group {
                            Some(group) => other_one.group == Some(group),
                            None => !me.region.is_empty() && other_one.region == me.region,
                        }
                });
                let with = self.buyers(item).intersection(&kind).count();
                (*buyers as usize, *of as usize) == (with, kind.len()) && *buyers > 0
            }
            Reason::Popular { buyers, of } => {
                let counted = (self.buyers(item).len(), self.active().len());
                (*buyers as usize, *of as usize) == counted && *buyers > 0
            }
            Reason::Replaces {
                product: old,
                switched,
            } => {
                let over = self.active().into_iter().filter(|who| {
                    let (old, new) = (self.days(*who, *old), self.days(*who, item));
                    let (Some(last), Some(first)) = (old.last(), new.first()) else {
                        return false;
                    };
                    first > last
                });
                let named = self.world.facts(*old).substitutes.contains(&item);
                over.count() == *switched as usize && (named || *switched > 0) && *old != item
            }
            Reason::VariantOf { product: other } => {
                let (one, other_one) = (self.world.facts(item), self.world.facts(*other));
                let word = |word: &&str| ["moss", "bark", "lamp"].contains(word);
                let words: BTreeSet<&str> = one.name.split(' ').filter(word).collect();
                let mut shared = other_one.name.split(' ').filter(word);
                one.category == other_one.category
                    && shared.any(|word| words.contains(word))
                    && *other != item
            }
            Reason::JustAdded => self.buyers(item).is_empty(),
            Reason::InPromotion { promotion } => {
                let of = (0..ITEMS).step_by(2).map(product).any(|id| id == item);
                of && promotion.0.as_u128() == 1
            }
        }
    }
}

fn ask(who: u128) -> Ask<'static> {
    Ask::new(account(who), TODAY, &|_| Some(Step::SINGLE))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_reason_is_a_fact_of_the_orders(world in world()) {
        let (model, naive) = (world.model(), Naive::of(&world));
        let cart = [product(0), product(3)];
        for who in 0..ACCOUNTS {
            for (list, suggestion) in answers(&model, &ask(who), &cart) {
                for reason in &suggestion.reasons {
                    let id = suggestion.product;
                    prop_assert!(
                        naive.holds(&model, account(who), id, reason),
                        "{list:?} says of {id:?} to {who}: {reason:?}"
                    );
                }
            }
            let all: Vec<_> = (0..ITEMS).map(product).collect();
            for (id, reasons) in model.why(&ask(who), &all) {
                for reason in &reasons {
                    prop_assert!(naive.holds(&model, account(who), id, reason), "{reason:?}");
                }
            }
        }
    }

    #[test]
    fn similar_accounts_are_those_whose_decayed_orders_point_the_same_way(world in world()) {
        let (model, naive) = (world.model(), Naive::of(&world));
        let vector = |who: AccountId| {
            let mut vector: BTreeMap<ProductId, f64> = BTreeMap::new();
            for (ago, (_, basket)) in naive.by(who).into_iter().rev().enumerate() {
                for item in basket.keys() {
                    *vector.entry(*item).or_default() += 0.95_f64.powi(ago as i32);
                }
            }
            vector
        };
        let length = |v: &BTreeMap<ProductId, f64>| v.values().map(|x| x * x).sum::<f64>().sqrt();
        for who in (0..ACCOUNTS).map(account) {
            let own = vector(who);
            let found = model.similar_accounts(who, 30);
            let mut expected = 0;
            for other in naive.active().into_iter().filter(|other| *other != who) {
                let theirs = vector(other);
                let both = own.iter().filter_map(|(id, x)| Some((x, theirs.get(id)?)));
                let shared = both.clone().count() as u32;
                let cosine = both.map(|(x, y)| x * y).sum::<f64>() / length(&own) / length(&theirs);
                let named = found.iter().find(|like| like.account == other);
                prop_assert_eq!(named.is_some(), shared > 0);
                expected += usize::from(shared > 0);
                if let Some(named) = named {
                    prop_assert!((named.similarity - cosine).abs() < 1e-5);
                    prop_assert_eq!(named.shared, shared);
                }
            }
            prop_assert_eq!(found.len(), expected);
            prop_assert!(found.windows(2).all(|two| two[0].similarity >= two[1].similarity));
        }
    }

    #[test]
    fn gaps_are_what_similar_accounts_order_and_this_one_does_not(world in world()) {
        let (model, naive) = (world.model(), Naive::of(&world));
        for who in naive.active() {
            let anything = |_| Some(Step::SINGLE);
            let like = model.similar_accounts(who, 30);
            for gap in model.gaps(&Ask::new(who, TODAY, &anything)) {
                prop_assert!(naive.days(who, gap.product).is_empty());
                let buyers = like.iter().filter(|o| !naive.days(o.account, gap.product).is_empty());
                prop_assert_eq!(gap.buyers as usize, buyers.clone().count());
                prop_assert_eq!(gap.of as usize, like.len());
                let each = buyers.map(|other| {
                    let orders = naive.by(other.account);
                    let days = (TODAY.0 - orders[0].0.0 + 1).clamp(28, 364);
                    let within = orders.iter().filter(|(day, _)| TODAY.0 - day.0 < days);
                    let pieces: u32 = within.filter_map(|(_, b)| b.get(&gap.product)).sum();
                    f64::from(pieces) * 28.0 / f64::from(days)
                });
                let mean = each.sum::<f64>() / f64::from(gap.buyers);
                prop_assert!((gap.pieces_in_28_days - mean).abs() < 1e-9);
            }
        }
    }
}

/// Each kind of reason is given at all, so that the test above has looked at it.
#[test]
fn every_kind_of_reason_is_given_to_somebody() {
    let mut kinds = BTreeSet::new();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..60 {
        let world = world().new_tree(&mut runner).unwrap().current();
        let model = world.model();
        for who in 0..ACCOUNTS {
            for (_, suggestion) in answers(&model, &ask(who), &[product(0)]) {
                kinds.extend(suggestion.reasons.iter().map(|reason| {
                    let kind = serde_json::to_value(reason).unwrap();
                    kind["kind"].as_str().unwrap().to_owned()
                }));
            }
        }
    }
    let all = [
        "brand_you_stock",
        "category_you_stock",
        "goes_with",
        "in_promotion",
        "just_added",
        "last_ordered",
        "like_accounts",
        "of_your_kind",
        "often_ordered",
        "popular",
        "replaces",
        "rhythm",
        "rising",
        "season",
        "variant_of",
    ];
    assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), all);
}
