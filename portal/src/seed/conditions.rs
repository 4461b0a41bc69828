//! What everybody pays: price lists with their years and tiers, contracts, and who may see what.

use std::collections::HashMap;

use jiff::civil::{Date, date};
use trade::calendar::Period;
use trade::money::UnitPrice;
use trade::quantity::Unit;

use super::assortment::Product;
use super::chance::Chance;
use super::retailers::Retailer;
use crate::imports::records::{Discounted, Party, PriceRow};

/// A price list of the demo. Its prices stand in [`Conditions::prices`] under its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    pub code: String,
    pub name: String,
    pub holder: Holder,
    /// Among lists of one rank, the smaller number first.
    pub priority: i32,
    pub validity: Period,
    pub discounts: Vec<Discount>,
}

/// Whom a list is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    Everybody,
    Group(String),
    /// An account's place of delivery, both by their place in their lists.
    ShipTo {
        account: usize,
        ship_to: usize,
    },
    Contract {
        number: String,
        party: Party,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discount {
    pub target: Discounted,
    pub basis_points: i32,
}

/// A rule of who sees what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// An item is for one group only.
    OnlyFor { sku: String, group: String },
    /// A category is not for a group.
    HiddenFrom {
        category: Vec<String>,
        group: String,
    },
}

#[derive(Clone, Debug, Default)]
pub struct Conditions {
    pub lists: Vec<List>,
    pub prices: Vec<PriceRow>,
    pub visibility: Vec<Visibility>,
}

pub const STANDARD: &str = "STANDARD";

pub fn conditions(
    products: &[Product],
    retailers: &[Retailer],
    today: Date,
    chance: &Chance,
) -> Conditions {
    let mut all = Conditions::default();
    standard(&mut all, products, today);
    groups(&mut all, products, today);
    distribution_centre(&mut all, products, retailers, today);
    contracts(&mut all, products, retailers, today, chance);
    visibility(&mut all, products);
    all
}

/// A year's price of a piece: three per cent less for each year before, more for each after.
pub fn price_in_year(product: &Product, year: i16, today: Date) -> i64 {
    let mut price = product.list_price;
    for _ in year..today.year() {
        price = (price * 1_000 / 1_030 / 100) * 100;
    }
    for _ in today.year()..year {
        price = (price * 1_030 / 1_000 / 100) * 100;
    }
    price
}

/// Ten-thousandths down to whole cents: lists are printed in cents.
fn to_cents(amount: i64) -> i64 {
    amount / 100 * 100
}

/// From last but one year's prices to those announced for next January.
fn years(today: Date) -> impl Iterator<Item = (i16, Period)> {
    let last = today.year().saturating_add(1);
    (today.year().saturating_sub(2)..=last).map(move |year| {
        let until = (year < last).then(|| date(year.saturating_add(1), 1, 1));
        (year, Period::new(date(year, 1, 1), until))
    })
}

fn standard(all: &mut Conditions, products: &[Product], today: Date) {
    let long_ago = date(today.year().saturating_sub(2), 1, 1);
    all.lists.push(List {
        code: STANDARD.to_owned(),
        name: "Standard price list".to_owned(),
        holder: Holder::Everybody,
        priority: 100,
        validity: Period::new(long_ago, None),
        discounts: Vec::new(),
    });
    for product in products {
        for (year, period) in years(today) {
            let price = price_in_year(product, year, today);
            for (min_quantity, permille) in tiers(product) {
                let amount = to_cents(price * permille / 1_000);
                all.prices.push(row(
                    STANDARD,
                    product,
                    Unit::Piece,
                    min_quantity,
                    amount,
                    period,
                ));
            }
        }
    }
}

/// Price breaks by pieces: from four order units, and for pallets, where there are any.
fn tiers(product: &Product) -> Vec<(i64, i64)> {
    let order = product
        .row
        .pack_factor(product.row.order_unit)
        .map_or(1, |factor| factor.get());
    let mut tiers = vec![(1, 1_000)];
    if product.appeal > 600 {
        tiers.push((order * 4, 970));
    }
    if product.appeal > 1_000 {
        tiers.push((order * 12, 945));
    }
    if let Some(pallet) = product.row.pack_factor(Unit::Pallet) {
        tiers.push((pallet.get(), 905));
    }
    tiers.dedup_by_key(|(from, _)| *from);
    tiers
}

fn row(
    list: &str,
    product: &Product,
    unit: Unit,
    min_quantity: i64,
    amount: i64,
    period: Period,
) -> PriceRow {
    PriceRow {
        list: list.to_owned(),
        sku: product.row.sku.clone(),
        unit: Some(unit),
        min_quantity,
        amount,
        currency: Some("EUR".to_owned()),
        valid_from: Some(period.from),
        last_day: period.last_day(),
    }
}

/// Chains pay less for what turns over, web shops for what is heavy.
fn groups(all: &mut Conditions, products: &[Product], today: Date) {
    let since = date(today.year().saturating_sub(2), 1, 1);
    let lists = [
        ("CHAIN", "Chain price list", "chain", 930),
        ("PFOTENMARKT", "Pfotenmarkt price list", "pfotenmarkt", 915),
        ("ONLINE", "Web shop price list", "online", 960),
    ];
    for (code, name, group, permille) in lists {
        all.lists.push(List {
            code: code.to_owned(),
            name: name.to_owned(),
            holder: Holder::Group(group.to_owned()),
            priority: 100,
            validity: Period::new(since, None),
            discounts: Vec::new(),
        });
        for (at, product) in products.iter().enumerate() {
            let heavy = product.list_price > 150_000;
            let has = match group {
                "online" => heavy,
                "pfotenmarkt" => product.own_label || at % 2 == 0,
                _ => at % 2 == 0 && !product.own_label,
            };
            for (year, period) in years(today).filter(|_| has) {
                let amount = to_cents(price_in_year(product, year, today) * permille / 1_000);
                all.prices
                    .push(row(code, product, Unit::Piece, 1, amount, period));
            }
        }
    }
}

/// The first chain's distribution centre takes whole pallets, at prices for that ramp only.
fn distribution_centre(
    all: &mut Conditions,
    products: &[Product],
    retailers: &[Retailer],
    today: Date,
) {
    let centre = |retailer: &Retailer| retailer.ship_tos.first().is_some_and(|s| s.code == "DC");
    let Some(account) = retailers.iter().position(centre) else {
        return;
    };
    let code = "RAMP";
    all.lists.push(List {
        code: code.to_owned(),
        name: "Distribution centre, by the pallet".to_owned(),
        holder: Holder::ShipTo {
            account,
            ship_to: 0,
        },
        priority: 100,
        validity: Period::new(date(today.year().saturating_sub(1), 1, 1), None),
        discounts: Vec::new(),
    });
    for product in products.iter().filter(|product| !product.own_label) {
        let Some(pallet) = product.row.pack_factor(Unit::Pallet) else {
            continue;
        };
        for (year, period) in years(today).skip(1) {
            let amount = to_cents(price_in_year(product, year, today) * 860 / 1_000) * pallet.get();
            all.prices
                .push(row(code, product, Unit::Pallet, 1, amount, period));
        }
    }
}

/// Of sixty accounts twenty-five have a contract: the corner shop first, then every chain's head
/// office and web shop, then some of the others. One has run out, one begins next year.
fn contracts(
    all: &mut Conditions,
    products: &[Product],
    retailers: &[Retailer],
    today: Date,
    chance: &Chance,
) {
    let wanted = retailers.len() * 25 / 60;
    let mut parties: Vec<usize> = (0..retailers.len()).collect();
    let mut order = chance.of("contracts", 0);
    order.shuffle(&mut parties);
    let importance = |&at: &usize| {
        let retailer = retailers.get(at);
        let size = retailer.map_or(0, |retailer| retailer.nature.size);
        let store = retailer.is_some_and(|retailer| retailer.parent.is_some());
        (at != 0, store, size < 5_000)
    };
    parties.sort_by_key(importance);
    for (turn, &at) in parties.iter().take(wanted.max(1)).enumerate() {
        let Some(retailer) = retailers.get(at) else {
            continue;
        };
        let mut chance = chance.of("contract", u64::try_from(at).unwrap_or(0));
        let party = Party::Account(retailer.row.number.clone());
        let validity = match turn {
            7 => Period::new(
                date(today.year().saturating_sub(1), 1, 1),
                Some(date(today.year(), 1, 1)),
            ),
            8 => Period::new(date(today.year().saturating_add(1), 1, 1), None),
            _ => Period::new(
                date(today.year().saturating_sub(1), 1, 1),
                Some(date(today.year().saturating_add(1), 7, 1)),
            ),
        };
        let number = format!("V-{}-{:03}", validity.from.year(), turn.saturating_add(1));
        contract(
            all,
            products,
            &number,
            party,
            &retailer.row.name,
            validity,
            &mut chance,
        );
        if turn == 0
            && let Some(list) = all.lists.last_mut()
        {
            list.discounts = corner_shop_discounts();
        }
    }
    let autumn = Period::new(
        date(today.year(), 9, 1),
        Some(date(today.year().saturating_add(1), 1, 1)),
    );
    all.lists.push(List {
        code: "V-AUTUMN".to_owned(),
        name: "Autumn programme for independents".to_owned(),
        holder: Holder::Contract {
            number: "V-AUTUMN".to_owned(),
            party: Party::Group("independent".to_owned()),
        },
        priority: 50,
        validity: autumn,
        discounts: vec![Discount {
            target: Discounted::Category(vec!["Birds".to_owned(), "Wild birds".to_owned()]),
            basis_points: 600,
        }],
    });
}

fn contract(
    all: &mut Conditions,
    products: &[Product],
    number: &str,
    party: Party,
    name: &str,
    validity: Period,
    chance: &mut Chance,
) {
    let fixed = if chance.permille(750) || name.contains("Petersen") {
        chance.between(5, 14)
    } else {
        0
    };
    let mut chosen: Vec<&Product> = products.iter().filter(|p| !p.own_label).collect();
    chance.shuffle(&mut chosen);
    for product in chosen.iter().take(usize::try_from(fixed).unwrap_or(0)) {
        let net = product.list_price * chance.between(860, 930) / 1_000 / 100 * 100;
        all.prices
            .push(row(number, product, Unit::Piece, 1, net, validity));
        if chance.permille(350) {
            let order = product
                .row
                .pack_factor(product.row.order_unit)
                .map_or(1, |f| f.get());
            all.prices.push(row(
                number,
                product,
                Unit::Piece,
                order * 6,
                to_cents(net * 965 / 1_000),
                validity,
            ));
        }
    }
    all.lists.push(List {
        code: number.to_owned(),
        name: format!("Contract {name}"),
        holder: Holder::Contract {
            number: number.to_owned(),
            party,
        },
        priority: 40,
        validity,
        discounts: discounts(&chosen, fixed == 0, chance),
    });
}

/// What the demo's own buyer has agreed: each kind of condition once, so that each can be seen.
fn corner_shop_discounts() -> Vec<Discount> {
    let category = ["Cat", "Dry food"].map(str::to_owned).to_vec();
    vec![
        Discount {
            target: Discounted::Brand("Hofgold".to_owned()),
            basis_points: 800,
        },
        Discount {
            target: Discounted::Category(category),
            basis_points: 650,
        },
        Discount {
            target: Discounted::Everything,
            basis_points: 250,
        },
    ]
}

/// Off a brand, off a category, off everything: the narrower, the more.
fn discounts(products: &[&Product], some: bool, chance: &mut Chance) -> Vec<Discount> {
    let mut discounts: Vec<Discount> = Vec::new();
    let half_per_cents =
        |chance: &mut Chance, from, to| i32::try_from(chance.between(from, to) * 50).unwrap_or(0);
    if chance.permille(600) || some {
        let brand = products
            .first()
            .and_then(|product| product.row.brand.clone());
        discounts.extend(brand.map(|brand| Discount {
            target: Discounted::Brand(brand),
            basis_points: half_per_cents(chance, 8, 16),
        }));
    }
    if chance.permille(400) {
        discounts.extend(products.last().map(|product| Discount {
            target: Discounted::Category(product.row.category.clone()),
            basis_points: half_per_cents(chance, 6, 14),
        }));
    }
    if chance.permille(300) {
        let basis_points = half_per_cents(chance, 3, 6);
        discounts.push(Discount {
            target: Discounted::Everything,
            basis_points,
        });
    }
    discounts
}

fn visibility(all: &mut Conditions, products: &[Product]) {
    let group = "pfotenmarkt".to_owned();
    for product in products.iter().filter(|product| product.own_label) {
        all.visibility.push(Visibility::OnlyFor {
            sku: product.row.sku.clone(),
            group: group.clone(),
        });
    }
    // Nobody ships frozen food in a parcel.
    let category = vec!["Fish & pond".to_owned(), "Frozen food".to_owned()];
    all.visibility.push(Visibility::HiddenFrom {
        category,
        group: "online".to_owned(),
    });
}

impl Conditions {
    /// Whether a group of accounts sees a product.
    pub fn visible(&self, product: &Product, group: Option<&str>) -> bool {
        self.visibility.iter().all(|rule| match rule {
            Visibility::OnlyFor { sku, group: only } => {
                *sku != product.row.sku || group == Some(only.as_str())
            }
            Visibility::HiddenFrom {
                category,
                group: from,
            } => !product.row.category.starts_with(category) || group != Some(from.as_str()),
        })
    }

    /// Prices by list and SKU, each list's together.
    pub fn prices_by_list(&self) -> HashMap<(&str, &str), Vec<&PriceRow>> {
        let mut by: HashMap<(&str, &str), Vec<&PriceRow>> = HashMap::new();
        for price in &self.prices {
            by.entry((price.list.as_str(), price.sku.as_str()))
                .or_default()
                .push(price);
        }
        by
    }
}

/// The amount of a row as the resolver takes it.
pub fn unit_price(row: &PriceRow) -> UnitPrice {
    UnitPrice(row.amount)
}
