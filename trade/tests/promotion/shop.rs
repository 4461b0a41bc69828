//! Baskets and promotions in few words.

use jiff::civil::{Date, date};
use trade::calendar::Period;
use trade::id::{CategoryId, FundId, ProductBrandId, ProductId, PromotionId};
use trade::money::{BasisPoints, Currency, Money, UnitPrice};
use trade::price::{Item, Target};
use trade::promotion::{
    Assortment, Basket, CountIn, FundLeft, Left, Line, Mechanic, Outcome, Part, Promotion, apply,
};
use trade::quantity::{PackFactor, Unit};
use uuid::Uuid;

pub const TODAY: Date = date(2026, 3, 12);
pub const EUR: Currency = Currency::EUR;
pub const PIECES: CountIn = CountIn::Pieces;
pub const PACKS: CountIn = CountIn::Packs;

fn id(kind: u128, number: u32) -> Uuid {
    Uuid::from_u128((kind << 64) + u128::from(number))
}

pub fn product(number: u32) -> ProductId {
    ProductId(id(1, number))
}

pub fn brand(number: u32) -> ProductBrandId {
    ProductBrandId(id(2, number))
}

pub fn category(number: u32) -> CategoryId {
    CategoryId(id(3, number))
}

pub fn promotion_id(number: u32) -> PromotionId {
    PromotionId(id(4, number))
}

pub fn fund(number: u32) -> FundId {
    FundId(id(5, number))
}

pub fn part(number: u32, pieces: i64) -> Part {
    Part {
        product: product(number),
        pieces,
    }
}

/// Item 7 is of brand 1 (seven odd), in category 7 and in category 100, where everything is.
pub fn item(number: u32) -> Item {
    Item {
        product: product(number),
        brand: brand(number % 2),
        categories: vec![category(number), category(100)],
        base_unit: Unit::Piece,
    }
}

/// So many pieces at a price in ten-thousandths; 12 make a case, which is what packs count.
pub fn pieces(number: u32, quantity: i64, price: i64) -> Line {
    line(number, Unit::Piece, 1, quantity, price)
}

/// So many cases of 12 at a price for the case.
pub fn cases(number: u32, quantity: i64, price: i64) -> Line {
    line(number, Unit::Case, 12, quantity, price)
}

pub fn line(number: u32, unit: Unit, factor: i64, quantity: i64, price: i64) -> Line {
    let price = UnitPrice(price);
    Line {
        item: item(number),
        unit,
        factor: PackFactor::new(factor).unwrap(),
        order_factor: PackFactor::new(12).unwrap(),
        quantity,
        price,
        net: price.line_total(quantity, EUR).unwrap(),
    }
}

/// A promotion for everything, without class or limit, in force. Its number is its id and priority.
pub fn promotion(number: u32, mechanic: Mechanic) -> Promotion {
    Promotion {
        id: promotion_id(number),
        code: format!("P{number}"),
        name: format!("Promotion {number}"),
        mechanic,
        assortment: Assortment::default(),
        currency: EUR,
        validity: Period::new(date(2026, 3, 1), Some(date(2026, 4, 1))),
        class: None,
        priority: i32::try_from(number).unwrap(),
        fund: None,
        left: Left::default(),
    }
}

/// The same, in words that read on.
pub trait But {
    fn on(self, products: &[u32]) -> Self;
    fn class(self, class: &str) -> Self;
    fn paid_by(self, number: u32) -> Self;
    fn cap(self, minor: i64) -> Self;
}

impl But for Promotion {
    fn on(mut self, products: &[u32]) -> Self {
        let products = products
            .iter()
            .map(|number| Target::Product(product(*number)));
        self.assortment.include = products.collect();
        self
    }
    fn class(mut self, class: &str) -> Self {
        self.class = Some(class.into());
        self
    }
    fn paid_by(mut self, number: u32) -> Self {
        self.fund = Some(fund(number));
        self
    }
    fn cap(mut self, minor: i64) -> Self {
        self.left.cap_minor = Some(minor);
        self
    }
}

pub fn percent(off: i32, from: i64) -> Mechanic {
    Mechanic::Percent {
        off: BasisPoints(off),
        from,
        count_in: PIECES,
    }
}

pub fn basket<'a>(lines: &'a [Line], worth: &'a [(ProductId, UnitPrice)]) -> Basket<'a> {
    Basket {
        lines,
        currency: EUR,
        date: TODAY,
        worth,
    }
}

pub fn try_out(lines: &[Line], promotions: &[Promotion]) -> Outcome {
    apply(&basket(lines, &[]), promotions, &[]).unwrap()
}

pub fn with_funds(lines: &[Line], promotions: &[Promotion], funds: &[(u32, i64)]) -> Outcome {
    let funds: Vec<FundLeft> = funds
        .iter()
        .map(|(number, minor)| FundLeft {
            fund: fund(*number),
            minor: *minor,
        })
        .collect();
    apply(&basket(lines, &[]), promotions, &funds).unwrap()
}

/// Minor units off each line.
pub fn off(outcome: &Outcome) -> Vec<i64> {
    outcome
        .lines
        .iter()
        .map(|line| line.discount.minor)
        .collect()
}

pub fn eur(minor: i64) -> Money {
    Money::new(minor, EUR)
}
