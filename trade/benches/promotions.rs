//! `cargo bench -p trade --bench promotions`: a cart of 500 lines with 40 promotions in force, of
//! all mechanics; and what a list page of 24 items asks of them.
//!
//! Budget: p95 ≤ 20 ms for the cart.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench stops at the first surprise"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use jiff::civil::date;
use trade::calendar::Period;
use trade::id::{CategoryId, FundId, ProductBrandId, ProductId, PromotionId};
use trade::money::{BasisPoints, Currency, UnitPrice};
use trade::price::{Item, Target};
use trade::promotion::{
    Assortment, Basket, CountIn, Cut, FundLeft, Left, Line, Mechanic, Part, Promotion, Tier, apply,
    offer,
};
use trade::quantity::{PackFactor, Unit};
use uuid::Uuid;

const LINES: u32 = 500;
const PROMOTIONS: u32 = 40;
const ROUNDS: usize = 400;

fn main() {
    let lines: Vec<Line> = (0..LINES).map(line).collect();
    let promotions: Vec<Promotion> = (0..PROMOTIONS).map(promotion).collect();
    let funds = [FundLeft {
        fund: FundId(id(5, 1)),
        minor: 50_000_000,
    }];
    let basket = Basket {
        lines: &lines,
        currency: Currency::EUR,
        date: date(2026, 3, 12),
        worth: &[],
    };
    let outcome = apply(&basket, &promotions, &funds).unwrap();
    println!(
        "{LINES} lines, {PROMOTIONS} promotions: {} applied, {} passed, {} near",
        outcome.applied.len(),
        outcome.passed.len(),
        outcome.near.len()
    );
    report("cart", || {
        black_box(apply(black_box(&basket), &promotions, &funds).unwrap());
    });
    report("list page of 24", || {
        for line in lines.iter().take(24) {
            for promotion in &promotions {
                black_box(offer(promotion, black_box(&line.item), line.order_factor));
            }
        }
    });
}

fn report(what: &str, mut run: impl FnMut()) {
    for _ in 0..20 {
        run();
    }
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let (p50, p95) = (times[ROUNDS / 2], times[ROUNDS * 95 / 100]);
    println!("{what}: p50 {p50:.1?}, p95 {p95:.1?}");
}

fn id(kind: u128, number: u32) -> Uuid {
    // Spread over the range, as real ids are.
    let spread = u128::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    Uuid::from_u128(spread ^ (kind << 120))
}

fn item(number: u32) -> Item {
    Item {
        product: ProductId(id(1, number)),
        brand: ProductBrandId(id(2, number % 20)),
        categories: vec![
            CategoryId(id(3, number % 50)),
            CategoryId(id(3, 100 + number % 10)),
            CategoryId(id(3, 200)),
        ],
        base_unit: Unit::Piece,
    }
}

fn line(number: u32) -> Line {
    // Every tenth line is a second one of an item.
    let product = if number % 10 == 9 { number - 1 } else { number };
    let quantity = i64::from(number % 36) + 1;
    let price = UnitPrice(10_000 + i64::from(product % 400) * 137);
    Line {
        item: item(product),
        unit: Unit::Piece,
        factor: PackFactor::ONE,
        order_factor: PackFactor::new(12).unwrap(),
        quantity,
        price,
        net: price.line_total(quantity, Currency::EUR).unwrap(),
    }
}

fn promotion(number: u32) -> Promotion {
    let include = match number % 4 {
        0 => vec![Target::Brand(ProductBrandId(id(2, number % 20)))],
        1 => vec![Target::Category(CategoryId(id(3, 100 + number % 10)))],
        2 => (0..60)
            .map(|n| Target::Product(ProductId(id(1, (number * 7 + n * 3) % LINES))))
            .collect(),
        _ => Vec::new(),
    };
    Promotion {
        id: PromotionId(id(4, number)),
        code: format!("P{number}"),
        name: format!("Promotion {number}"),
        mechanic: mechanic(number),
        assortment: Assortment {
            include,
            exclude: vec![Target::Product(ProductId(id(1, number)))],
        },
        currency: Currency::EUR,
        validity: Period::new(date(2026, 3, 1), None),
        class: number.is_multiple_of(3).then(|| "spring".to_string()),
        priority: i32::try_from(number % 5).unwrap(),
        fund: number.is_multiple_of(4).then(|| FundId(id(5, 1))),
        left: Left::default(),
    }
}

fn mechanic(number: u32) -> Mechanic {
    let part = |number: u32, pieces| Part {
        product: ProductId(id(1, number % LINES)),
        pieces,
    };
    let count_in = CountIn::Pieces;
    let from = i64::from(number % 7) + 6;
    let tier = |from, off| Tier {
        from,
        cut: Cut::Percent(BasisPoints(off)),
    };
    match number % 10 {
        0 => Mechanic::Percent {
            off: BasisPoints(500),
            from,
            count_in,
        },
        1 => Mechanic::Amount {
            off: UnitPrice(1_500),
            from,
            count_in,
        },
        2 => Mechanic::FixedPrice {
            price: UnitPrice(20_000),
            from,
            count_in,
        },
        3 => Mechanic::BuyGet {
            buy: 10,
            get: 2,
            off: BasisPoints(10_000),
            count_in,
            times: (number > 20).then_some(25),
        },
        4 => Mechanic::BuyGetOther {
            buy: 12,
            count_in,
            get: part(number * 11, 2),
            off: BasisPoints(5_000),
            times: None,
        },
        5 => Mechanic::FreeGoods {
            buy: 24,
            count_in,
            give: part(number * 13, 1),
            times: None,
        },
        6 => Mechanic::Bundle {
            parts: (0..4).map(|n| part(number * 5 + n * 7, 2)).collect(),
            price_minor: 1_000,
            times: None,
        },
        7 => Mechanic::MixAndMatch {
            tiers: vec![tier(12, 300), tier(100, 500), tier(100_000, 900)],
            count_in,
        },
        8 => Mechanic::OrderValue {
            tiers: vec![tier(100_000, 100), tier(900_000_000, 300)],
        },
        _ => Mechanic::FreeFreight {
            from_minor: 900_000_000,
        },
    }
}
