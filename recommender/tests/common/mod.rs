//! Small histories at random, and every answer of a model to one question.

use proptest::prelude::*;
use recommender::answers::{Offer, OfferItem};
use recommender::{
    Ask, Day, Item, Line, List, Model, Order, PurchaseHistory, Retailer, Step, Suggestion,
};
use trade::id::{AccountGroupId, AccountId, CategoryId, ProductBrandId, ProductId, PromotionId};
use uuid::Uuid;

pub const ACCOUNTS: u128 = 6;
pub const ITEMS: u128 = 9;
/// The day of every question; orders are up to two years older.
pub const TODAY: Day = Day(20_000);

pub fn account(number: u128) -> AccountId {
    AccountId(Uuid::from_u128(number + 1))
}

pub fn product(number: u128) -> ProductId {
    // Not in the order in which they are numbered.
    ProductId(Uuid::from_u128((number * 7) % 11 + 1))
}

/// Orders, and what is known of items and retailers.
#[derive(Debug, Clone)]
pub struct World {
    pub orders: Vec<Order>,
    pub items: Vec<(ProductId, Item)>,
    pub retailers: Vec<(AccountId, Retailer)>,
}

impl World {
    pub fn history(&self) -> PurchaseHistory {
        self.history_of(self.orders.clone())
    }

    pub fn history_of(&self, orders: Vec<Order>) -> PurchaseHistory {
        PurchaseHistory::of(orders)
            .with_items(self.items.clone())
            .with_retailers(self.retailers.clone())
    }

    pub fn model(&self) -> Model {
        Model::of(self.history())
    }

    pub fn facts(&self, product: ProductId) -> &Item {
        static NOTHING: std::sync::LazyLock<Item> = std::sync::LazyLock::new(Item::default);
        let of = self.items.iter().find(|(id, _)| *id == product);
        of.map_or(&NOTHING, |(_, item)| item)
    }
}

fn order() -> impl Strategy<Value = Order> {
    // Often the same few items, and often within the last months, so that rhythms come about.
    let line = (
        0..ITEMS,
        0..ITEMS,
        prop_oneof![Just(6_u32), Just(12), 1..40_u32],
    );
    let line = line.prop_map(|(a, b, pieces)| Line {
        product: product(a.min(b)),
        pieces,
    });
    let ago = prop_oneof![0..90_i32, 330..400_i32, 0..730_i32];
    (0..ACCOUNTS, ago, prop::collection::vec(line, 1..6)).prop_map(|(who, ago, lines)| Order {
        account: account(who),
        day: Day(TODAY.0 - ago),
        lines,
    })
}

fn item() -> impl Strategy<Value = Item> {
    let id = |most: u128| prop::option::of((1..=most).prop_map(Uuid::from_u128));
    let word = || prop::sample::select(vec!["moss", "bark", "lamp", "red", "blue", "large", "10l"]);
    (
        id(2),
        id(3),
        prop::collection::vec(word(), 0..4),
        prop::sample::select(vec![0.0, 1.5, 20.0]),
        prop::collection::vec(0..ITEMS, 0..2),
    )
        .prop_map(|(category, brand, name, price, substitutes)| Item {
            category: category.map(CategoryId),
            brand: brand.map(ProductBrandId),
            name: name.join(" "),
            price,
            substitutes: substitutes.into_iter().map(product).collect(),
        })
}

fn retailer() -> impl Strategy<Value = Retailer> {
    (
        prop::option::of(1..3_u128),
        prop::sample::select(vec!["", "north", "south"]),
    )
        .prop_map(|(group, region)| Retailer {
            group: group.map(|id| AccountGroupId(Uuid::from_u128(id))),
            region: region.to_owned(),
        })
}

pub fn world() -> impl Strategy<Value = World> {
    (
        prop::collection::vec(order(), 0..60),
        prop::collection::vec(item(), ITEMS as usize),
        prop::collection::vec(retailer(), ACCOUNTS as usize),
    )
        .prop_map(|(orders, items, retailers)| World {
            orders,
            items: (0..).map(product).zip(items).collect(),
            retailers: (0..).map(account).zip(retailers).collect(),
        })
}

/// Every answer to one question, with the list it stands in. What comes after the dash is what was
/// asked about.
pub fn answers(model: &Model, ask: &Ask<'_>, cart: &[ProductId]) -> Vec<(List, Suggestion)> {
    let mut all = Vec::new();
    let mut take = |list, found: Vec<Suggestion>| {
        all.extend(found.into_iter().map(|suggestion| (list, suggestion)));
    };
    take(List::Usual, model.usual_order(ask));
    take(List::Due, model.due(ask, 14));
    take(List::New, model.new_items(ask));
    take(List::GoesWith, model.goes_with(ask, cart));
    take(List::Forgotten, model.forgotten(ask, cart));
    for product in (0..ITEMS).map(product) {
        take(List::Instead, model.substitutes(ask, product));
    }
    for gain in model.promotions(ask, &[offer(ask)]) {
        take(List::Promotion, gain.items);
    }
    all
}

/// A promotion of half of the items.
pub fn offer(ask: &Ask<'_>) -> Offer {
    let items = (0..ITEMS).step_by(2).map(product);
    Offer {
        promotion: PromotionId(Uuid::from_u128(1)),
        days: 14,
        items: items
            .map(|product| OfferItem {
                product,
                step: (ask.may)(product).unwrap_or(Step::SINGLE),
                price: 10.0,
                promotional: 8.0,
            })
            .collect(),
    }
}
