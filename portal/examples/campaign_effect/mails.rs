//! What a mail does to a shop, invented: some shops order once more of what they usually buy of the
//! promotion, a little or a lot of it. Nothing here depends on whether the shop is told.

use std::collections::HashMap;

use portal::seed::chance::Chance;
use portal::seed::trading::PastLine;

/// Whether mails do anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lift {
    /// Nothing: the interval is to hold no effect.
    None,
    /// Some shops order more.
    Some,
}

/// Of a thousand shops that buy of it, so many are moved; of those that do not, none.
const MOVED: i64 = 220;
/// And of those so many order a second time.
const TWICE: i64 = 250;

/// One more order: so many days after the announcement, these lines.
pub struct Extra {
    pub day: i64,
    pub lines: Vec<PastLine>,
}

/// What a shop orders more when it is told, of what it usually buys; by its place in the world.
pub fn extras(chance: &Chance, shop: usize, usual: &HashMap<usize, PastLine>) -> Vec<Extra> {
    let mut chance = chance.of("mail", u64::try_from(shop).unwrap_or(0));
    if usual.is_empty() || !chance.permille(MOVED) {
        return Vec::new();
    }
    let times = 1 + i64::from(chance.permille(TWICE));
    let mut products: Vec<&PastLine> = usual.values().collect();
    products.sort_by_key(|line| line.product);
    (0..times)
        .map(|_| {
            chance.shuffle(&mut products);
            let most = i64::try_from(products.len()).unwrap_or(1);
            let count = usize::try_from(chance.between(1, most.min(5))).unwrap_or(1);
            let mut lines = Vec::new();
            for line in products.iter().take(count) {
                // From a third of what it usually takes to more than twice of it.
                let quantity = line.quantity * chance.between(350, 2_200) / 1_000;
                lines.push(PastLine {
                    quantity: quantity.max(1),
                    returned: 0,
                    ..(*line).clone()
                });
            }
            Extra {
                day: chance.between(1, 17),
                lines,
            }
        })
        .collect()
}
