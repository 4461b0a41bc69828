//! What the brand sells: product brands, families of products, and the products made of them.

use trade::quantity::{PackFactor, Unit};
use trade::tax::TaxClass;

use super::chance::Chance;
use super::pictures::{Animal, Look};
use crate::imports::records::{ProductRow, ProductStatus, StockPolicy};

mod families;

use families::{BRANDS, FAMILIES, Family, Size};

/// A product of the demo, with what the generator knows beyond its row in a file.
#[derive(Clone, Debug)]
pub struct Product {
    pub row: ProductRow,
    pub look: Look,
    /// This year's list price of a piece, in ten-thousandths.
    pub list_price: i64,
    pub animal: Animal,
    pub season: Season,
    /// Sold under one chain's own name, to that chain only.
    pub own_label: bool,
    /// How well it sells beside the others, around 1,000.
    pub appeal: i64,
}

/// When a product sells best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Season {
    Even,
    Winter,
    Summer,
    Christmas,
}

impl Season {
    /// How much of the average is sold in a month, in thousandths; January is the first.
    pub fn permille(self, month: i8) -> i64 {
        let year: [i64; 12] = match self {
            Self::Even => [
                1_000, 990, 1_010, 1_000, 980, 970, 930, 920, 1_000, 1_020, 1_060, 1_120,
            ],
            Self::Winter => [
                1_900, 1_700, 1_200, 700, 450, 350, 300, 350, 600, 1_100, 1_650, 1_700,
            ],
            Self::Summer => [
                350, 400, 800, 1_300, 1_650, 1_750, 1_700, 1_500, 1_050, 700, 450, 350,
            ],
            Self::Christmas => [
                800, 850, 900, 950, 950, 900, 850, 850, 950, 1_100, 1_400, 1_500,
            ],
        };
        let at = usize::try_from(month.saturating_sub(1)).unwrap_or(0);
        year.get(at).copied().unwrap_or(1_000)
    }
}

/// `count` products, spread over all families; beyond what the families hold, further series.
pub fn products(count: u32, chance: &Chance) -> Vec<Product> {
    let all: Vec<(usize, &Family, &str, &Size)> = FAMILIES
        .iter()
        .enumerate()
        .flat_map(|(number, family)| {
            let sizes = move |variant| {
                family
                    .sizes
                    .iter()
                    .map(move |s| (number, family, variant, s))
            };
            family.variants.iter().copied().flat_map(sizes)
        })
        .collect();
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let mut made: Vec<Product> = Vec::with_capacity(count);
    let mut numbers = [0_u32; BRANDS.len()];
    for at in 0..count {
        // Fewer than there are: every so-manieth. More: the round begins again as a new series.
        let place = if count < all.len() {
            at * all.len() / count
        } else {
            at % all.len()
        };
        let series = if count < all.len() { 0 } else { at / all.len() };
        let Some(&(family_number, family, variant, size)) = all.get(place) else {
            continue;
        };
        let Some(number) = numbers.get_mut(family.brand) else {
            continue;
        };
        *number += 1;
        let mut chance = chance.of("product", u64::try_from(at).unwrap_or(0));
        let code = Code {
            at,
            family_number,
            number: *number,
            series,
        };
        made.push(product(code, family, variant, size, &mut chance));
    }
    phase_out(&mut made, chance);
    name_alike(&mut made, chance);
    made
}

struct Code {
    at: usize,
    family_number: usize,
    number: u32,
    series: usize,
}

fn product(
    code: Code,
    family: &Family,
    variant: &str,
    size: &Size,
    chance: &mut Chance,
) -> Product {
    let (brand, prefix, hue) = BRANDS.get(family.brand).copied().unwrap_or(("", "XX", 0));
    let series = match code.series {
        0 => String::new(),
        more => format!(" Series {}", more.saturating_add(1)),
    };
    let words: Vec<&str> = [brand, family.stem, variant]
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect();
    let name = format!("{}{series} {}", words.join(" "), size.label);
    // 29… is GS1's range for numbers that never leave a company, so no real product has one.
    let body = format!(
        "29{:010}",
        code.at.saturating_mul(7).saturating_add(1_000_000_007)
    );
    let check = trade::gtin::check_digit(&body).unwrap_or(0);
    let case = PackFactor::new(size.case).unwrap_or(PackFactor::ONE);
    let mut units = Vec::new();
    if size.case > 1 {
        units.push((Unit::Case, case));
    }
    if let Some(pallet) = PackFactor::new(size.case.saturating_mul(size.pallet)) {
        units.push((Unit::Pallet, pallet));
    }
    let order_unit = if size.case > 1 {
        Unit::Case
    } else {
        Unit::Piece
    };
    let moq = if size.case == 1 && size.grams < 2_000 {
        2
    } else {
        1
    };
    let multiple = if order_unit == Unit::Case && size.grams < 150 {
        2
    } else {
        1
    };
    let row = ProductRow {
        sku: format!("{prefix}-{:04}", 1_000_u32.saturating_add(code.number)),
        gtin: Some(format!("{body}{check}")),
        description: Some(describe(family, variant, size)),
        brand: Some(brand.to_owned()),
        category: family.category.split(" > ").map(str::to_owned).collect(),
        base_unit: Unit::Piece,
        order_unit,
        units,
        moq: if multiple > 1 { multiple } else { moq },
        multiple,
        tax_class: family.tax,
        status: ProductStatus::Active,
        stock_policy: policy(family.tax, chance),
        substitutes: Vec::new(),
        name: name.clone(),
    };
    let look = Look {
        shape: family.shape_for(size.grams),
        animal: family.animal,
        hue,
        accent: accent(variant, code.family_number),
        label: size.label.to_owned(),
        brand: brand.to_owned(),
    };
    Product {
        row,
        look,
        list_price: list_price(family, size),
        animal: family.animal,
        season: family.season,
        own_label: family.brand == families::OWN_LABEL,
        appeal: chance.between(250, 1_000)
            + chance.between(0, 1_000) * chance.between(0, 1_000) / 1_000,
    }
}

fn policy(tax: TaxClass, chance: &mut Chance) -> StockPolicy {
    // Accessories come from far away and are sold out for good; feed is made again.
    match (tax, chance.between(0, 9)) {
        (TaxClass::Standard, 0..4) | (TaxClass::Reduced, 0) => StockPolicy::Strict,
        (TaxClass::Standard | TaxClass::Reduced | TaxClass::Zero, _) => StockPolicy::BackOrder,
    }
}

/// Price per kilogram times weight, cheaper in large packs, ending in a nine as lists do.
fn list_price(family: &Family, size: &Size) -> i64 {
    let cents = family.per_kg_cents * size.grams * size.factor / 1_000_000;
    let nine = (cents / 10).max(2) * 10 + 9;
    nine * 100
}

fn accent(variant: &str, family: usize) -> u32 {
    let sum: u32 = variant.bytes().map(u32::from).sum();
    (sum * 37 + u32::try_from(family).unwrap_or(0) * 23) % 360
}

fn describe(family: &Family, variant: &str, size: &Size) -> String {
    let of = if variant.is_empty() {
        String::new()
    } else {
        format!(", {variant}")
    };
    let pack = match size.case {
        1 => "Ordered by the piece.".to_owned(),
        case => format!("{case} in a case."),
    };
    format!("{}{of}, {}. {pack}", family.says, size.label)
}

/// Some items leave: a few are sold off, a few are gone, each with what takes its place.
fn phase_out(products: &mut [Product], chance: &Chance) {
    let mut chance = chance.of("phase out", 0);
    let leaving = products.len() / 27;
    for turn in 0..leaving {
        let at = chance.below(products.len());
        let Some(old) = products.get(at) else {
            continue;
        };
        let alike = |other: &&Product| {
            other.row.category == old.row.category
                && other.row.sku != old.row.sku
                && other.own_label == old.own_label
                && other.row.status == ProductStatus::Active
        };
        let mut others: Vec<String> = products
            .iter()
            .filter(alike)
            .map(|other| other.row.sku.clone())
            .collect();
        chance.shuffle(&mut others);
        others.truncate(2);
        let status = match turn % 3 {
            0 => ProductStatus::Delisted,
            _ => ProductStatus::PhasingOut,
        };
        if let Some(old) = products.get_mut(at)
            && !others.is_empty()
        {
            old.row.status = status;
            old.row.substitutes = others;
        }
    }
}

/// What is sold only from stock has something to take instead when it is sold out.
fn name_alike(products: &mut [Product], chance: &Chance) {
    let mut chance = chance.of("alike", 0);
    let strict = |product: &Product| {
        product.row.stock_policy == StockPolicy::Strict
            && product.row.status == ProductStatus::Active
    };
    let mut found: Vec<(usize, Vec<String>)> = Vec::new();
    for (at, product) in products.iter().enumerate().filter(|(_, one)| strict(one)) {
        let alike = |other: &&Product| {
            other.row.category == product.row.category
                && other.row.sku != product.row.sku
                && other.own_label == product.own_label
                && other.row.status == ProductStatus::Active
        };
        let others = products.iter().filter(alike);
        let mut others: Vec<String> = others.map(|other| other.row.sku.clone()).collect();
        chance.shuffle(&mut others);
        others.truncate(3);
        found.push((at, others));
    }
    for (at, others) in found {
        if let Some(product) = products.get_mut(at) {
            product.row.substitutes = others;
        }
    }
}
