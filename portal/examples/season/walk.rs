//! A season, order by order: the same needs met in each of the ways there are.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;
use portal::suggestions::day;
use recommender::{Ask, Model, Settings, Suggestion, train};
use trade::id::ProductId;

use super::buyer::{Buyer, Done, Offer, Source};
use super::quantity::{Ledger, Right};
use super::shop::{Shop, TrueOrder, account};

/// As the order desk has them: lines of the usual order, items that are due beside it, new items,
/// and new items for an account that never ordered.
const LINES: usize = 40;
const ALSO: usize = 6;
const TRIES: usize = 4;
const BEGIN: usize = 10;
/// What comes due within so many days stands there too.
const SOON: u32 = 1;
/// As the cart has them: forgotten and fitting items.
const BESIDE_THE_CART: usize = 6;
/// Asked for beyond what is shown, for what stands elsewhere already.
const SPARE: usize = 200;

/// A way to get an order into the cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Every line into the quick order.
    Typed,
    /// The account's last order laid out again, the rest typed.
    Again,
    /// The usual order laid out, the rest typed.
    Usual,
    /// The usual order, then every list of desk and cart, the rest typed.
    Lists,
}

pub const WAYS: [Way; 4] = [Way::Typed, Way::Again, Way::Usual, Way::Lists];

/// An order of the season, in every way.
pub struct Walked {
    /// In the whole of the worlds.
    pub account: usize,
    pub world: u64,
    pub right: Right,
    done: [Done; WAYS.len()],
}

impl Walked {
    pub fn of(&self, way: Way) -> &Done {
        let [typed, again, usual, lists] = &self.done;
        match way {
            Way::Typed => typed,
            Way::Again => again,
            Way::Usual => usual,
            Way::Lists => lists,
        }
    }
}

/// How long the season is, and how often the recommender is trained in it.
#[derive(Clone, Copy)]
pub struct Plan {
    pub season_days: i64,
    pub train_every_days: i64,
}

pub struct Season<'a> {
    shop: Shop<'a>,
    orders: Vec<TrueOrder>,
    plan: Plan,
}

impl<'a> Season<'a> {
    pub fn of(shop: Shop<'a>, plan: Plan) -> Self {
        let orders = shop.orders();
        Self { shop, orders, plan }
    }

    /// Plays the season; `tell` hears each day a model was trained on.
    pub fn walk(&self, mut tell: impl FnMut(Date)) -> Vec<Walked> {
        let size = self.shop.world.size;
        let first = later(size.today, -self.plan.season_days);
        let begins = self.orders.partition_point(|order| order.on < first);
        let (before, season) = self.orders.split_at(begins);
        let mut last: HashMap<usize, &TrueOrder> = HashMap::new();
        let mut ledger = Ledger::with_hindsight(&self.orders);
        for order in before {
            last.insert(order.account, order);
            ledger.take(order);
        }
        let mut model = self.train(begins);
        tell(first);
        let mut train_on = later(first, self.plan.train_every_days);
        let accounts = usize::try_from(size.accounts).unwrap_or(0);
        let worlds_before = usize::try_from(size.seed.saturating_sub(1)).unwrap_or(0);
        let mut walked = Vec::with_capacity(season.len());
        for (at, order) in season.iter().enumerate() {
            if order.on >= train_on {
                model = self.train(begins + at);
                tell(order.on);
                while order.on >= train_on {
                    train_on = later(train_on, self.plan.train_every_days);
                }
            }
            let visit = Visit {
                shop: &self.shop,
                model: &model,
                order,
                last: last.get(&order.account).copied(),
            };
            walked.push(Walked {
                account: worlds_before * accounts + order.account,
                world: size.seed,
                right: ledger.judge(order, &visit.quantities()),
                done: WAYS.map(|way| visit.play(way)),
            });
            model.observe(&order.as_order());
            last.insert(order.account, order);
            ledger.take(order);
        }
        walked
    }

    /// What the nights' training would have made of the first so many orders.
    fn train(&self, orders: usize) -> Model {
        let known = self.orders.iter().take(orders);
        train(self.shop.history(known), &Settings::default()).model
    }
}

fn later(day: Date, days: i64) -> Date {
    day.checked_add(days.days()).unwrap_or(day)
}

/// An account about to order.
struct Visit<'a> {
    shop: &'a Shop<'a>,
    model: &'a Model,
    order: &'a TrueOrder,
    last: Option<&'a TrueOrder>,
}

impl Visit<'_> {
    fn play(&self, way: Way) -> Done {
        let mut buyer = Buyer::with(&self.order.needs);
        match way {
            Way::Typed => {}
            Way::Again => {
                let last = self.last_order();
                if !last.is_empty() {
                    // "Order again", which brings to the cart.
                    buyer.goes();
                    buyer.checks(Source::LastOrder, &last);
                }
            }
            Way::Usual => {
                buyer.checks(Source::Usual, &self.desk().usual);
                buyer.adds_all();
            }
            Way::Lists => {
                let desk = self.desk();
                buyer.checks(Source::Usual, &desk.usual);
                buyer.takes(Source::Due, &desk.due);
                buyer.takes(Source::New, &desk.new);
                buyer.adds_all();
                if buyer.wants_more() && !buyer.cart().is_empty() {
                    let (forgotten, goes_with) = self.beside(buyer.cart());
                    buyer.takes(Source::Forgotten, &forgotten);
                    buyer.takes(Source::GoesWith, &goes_with);
                }
            }
        }
        buyer.types_the_rest();
        buyer.orders()
    }

    fn ask<T>(&self, limit: usize, question: impl FnOnce(&Ask<'_>) -> T) -> T {
        let may = |product| self.shop.step(self.order.account, product);
        let ask = Ask::new(account(self.order.account), day(self.order.on), &may);
        question(&ask.limit(limit))
    }

    /// Of everything the account ordered before, how much of it would be suggested now.
    fn quantities(&self) -> HashMap<ProductId, u32> {
        let before = self.ask(usize::MAX, |ask| self.model.ordered_before(ask));
        before
            .into_iter()
            .map(|one| (one.product, one.pieces))
            .collect()
    }

    /// What of the last order is still sold.
    fn last_order(&self) -> Vec<Offer> {
        let lines = self.last.map_or(&[][..], |order| &order.needs);
        lines
            .iter()
            .filter(|line| self.shop.step(self.order.account, line.product).is_some())
            .map(|line| Offer {
                product: line.product,
                pieces: line.pieces,
            })
            .collect()
    }

    fn desk(&self) -> Desk {
        let (usual, due, new) = self.ask(LINES, |ask| {
            let usual = self.model.usual_order(ask);
            let due = self.model.due(&ask.limit(SPARE), SOON);
            let new = self.model.new_items(&ask.limit(SPARE));
            (usual, due, new)
        });
        let mut known = Vec::new();
        let usual = fresh(usual, &mut known, LINES);
        let due = fresh(due, &mut known, ALSO);
        let tries = if self.last.is_some() { TRIES } else { BEGIN };
        let new = fresh(new, &mut known, tries);
        Desk { usual, due, new }
    }

    fn beside(&self, cart: &[ProductId]) -> (Vec<Offer>, Vec<Offer>) {
        let (forgotten, goes_with) = self.ask(4 * BESIDE_THE_CART, |ask| {
            let forgotten = self.model.forgotten(ask, cart);
            (forgotten, self.model.goes_with(ask, cart))
        });
        // What is left over of the one does not stand in the other.
        let named: Vec<ProductId> = forgotten.iter().map(|one| one.product).collect();
        let forgotten = fresh(forgotten, &mut Vec::new(), BESIDE_THE_CART);
        let goes_with = fresh(goes_with, &mut named.clone(), BESIDE_THE_CART);
        (forgotten, goes_with)
    }
}

struct Desk {
    usual: Vec<Offer>,
    due: Vec<Offer>,
    new: Vec<Offer>,
}

/// The first `limit` that stand nowhere yet.
fn fresh(suggestions: Vec<Suggestion>, known: &mut Vec<ProductId>, limit: usize) -> Vec<Offer> {
    let mut offers = Vec::new();
    for one in suggestions {
        if offers.len() < limit && !known.contains(&one.product) {
            known.push(one.product);
            offers.push(Offer {
                product: one.product,
                pieces: one.pieces,
            });
        }
    }
    offers
}

#[cfg(test)]
mod tests {
    use super::*;
    use portal::seed::world::{World, WorldSize};

    #[test]
    fn every_way_orders_the_same_and_a_season_comes_out_the_same_twice() {
        let world = World::of(WorldSize {
            accounts: 12,
            skus: 80,
            weeks: 30,
            seed: 3,
            today: jiff::civil::date(2026, 11, 23),
            campaigns: false,
        });
        let plan = Plan {
            season_days: 28,
            train_every_days: 14,
        };
        let mut trained = Vec::new();
        let walked = Season::of(Shop::of(&world), plan).walk(|on| trained.push(on));
        let on = |day| jiff::civil::date(2026, 10, 26).checked_add(jiff::Span::new().days(day));
        assert_eq!(trained, [on(0).unwrap(), on(14).unwrap()]);
        assert!(walked.len() > 20, "{}", walked.len());
        for one in &walked {
            for way in WAYS {
                let done = one.of(way);
                assert_eq!(done.lines, done.typed + done.fate().used, "{way:?}");
            }
            assert_eq!(one.of(Way::Typed).fate().shown, 0);
        }
        let again = Season::of(Shop::of(&world), plan).walk(|_| {});
        let all = |walked: &[Walked]| -> Vec<Done> {
            let each = walked.iter();
            each.map(|one| one.of(Way::Lists).clone()).collect()
        };
        assert_eq!(all(&walked), all(&again));
    }
}
