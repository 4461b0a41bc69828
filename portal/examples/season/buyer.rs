//! A buyer who knows what the shop needs and does what the pages ask for, step by step.
//!
//! The buyer orders what is needed, all of it and nothing else, however it is laid out. So no
//! suggestion makes an order larger here; what differs is what has to be done for the same order.

use std::collections::BTreeMap;

use trade::id::ProductId;

use super::effort::{Effort, digits};

/// A line of the order to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    pub product: ProductId,
    pub pieces: u32,
    /// The same in order units, as it is typed.
    pub units: u32,
    /// Characters of the article number.
    pub sku: u32,
}

/// Where a line came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    LastOrder,
    Usual,
    Due,
    New,
    Forgotten,
    GoesWith,
}

/// What is laid out: an item with a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    pub product: ProductId,
    pub pieces: u32,
}

/// What came of one list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fate {
    pub shown: u32,
    /// Needed, and so part of the order.
    pub used: u32,
    /// Used with the quantity it came with.
    pub exact: u32,
}

/// How an order came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub lines: u32,
    pub typed: u32,
    pub unticked: u32,
    pub corrected: u32,
    /// Added with one press from what stands beside.
    pub taken: u32,
    pub fates: BTreeMap<Source, Fate>,
    pub effort: Effort,
}

impl Done {
    /// Lines put right by hand: unticked, corrected or typed.
    pub fn edits(&self) -> u32 {
        self.unticked + self.corrected + self.typed
    }

    /// All lists together.
    pub fn fate(&self) -> Fate {
        self.fates.values().fold(Fate::default(), |sum, one| Fate {
            shown: sum.shown + one.shown,
            used: sum.used + one.used,
            exact: sum.exact + one.exact,
        })
    }
}

pub struct Buyer {
    missing: BTreeMap<ProductId, Need>,
    /// Needs in the order in which they are thought of.
    thought_of: Vec<ProductId>,
    cart: Vec<ProductId>,
    done: Done,
}

impl Buyer {
    /// A buyer signed in and at home, the hand on the mouse.
    pub fn with(needs: &[Need]) -> Self {
        let missing: BTreeMap<_, _> = needs.iter().map(|need| (need.product, *need)).collect();
        Self {
            done: Done {
                lines: u32::try_from(missing.len()).unwrap_or(u32::MAX),
                ..Done::default()
            },
            thought_of: needs.iter().map(|need| need.product).collect(),
            missing,
            cart: Vec::new(),
        }
    }

    pub fn cart(&self) -> &[ProductId] {
        &self.cart
    }

    pub fn wants_more(&self) -> bool {
        !self.missing.is_empty()
    }

    /// One press to another page.
    pub fn goes(&mut self) {
        self.done.effort.press();
    }

    /// Thinks about every line laid out ready to order: keeps it, corrects it or takes it out.
    pub fn checks(&mut self, source: Source, offers: &[Offer]) {
        for offer in offers {
            self.done.effort.think();
            if !self.uses(source, offer) {
                self.done.unticked += 1;
                self.done.effort.press();
            }
        }
    }

    /// Looks a list through and takes from it what is still missing. Without anything missing
    /// nobody looks.
    pub fn takes(&mut self, source: Source, offers: &[Offer]) {
        if self.missing.is_empty() || offers.is_empty() {
            return;
        }
        self.done.effort.think();
        for offer in offers {
            // Its name; what is wanted is thought about, then taken.
            self.done.effort.glance(1);
            if self.missing.contains_key(&offer.product) {
                self.done.effort.think();
                self.done.effort.press();
                self.done.taken += 1;
            }
            self.uses(source, offer);
        }
    }

    fn uses(&mut self, source: Source, offer: &Offer) -> bool {
        let fate = self.done.fates.entry(source).or_default();
        fate.shown += 1;
        let Some(need) = self.missing.remove(&offer.product) else {
            return false;
        };
        fate.used += 1;
        if need.pieces == offer.pieces {
            fate.exact += 1;
        } else {
            self.done.corrected += 1;
            self.done.effort.overwrite(digits(need.units));
        }
        self.cart.push(need.product);
        true
    }

    /// Puts what is ticked into the cart.
    pub fn adds_all(&mut self) {
        if !self.cart.is_empty() {
            self.done.effort.think();
            self.done.effort.press();
        }
    }

    /// Types what is missing into the quick order: article number, blank, quantity, next line.
    pub fn types_the_rest(&mut self) {
        if self.missing.is_empty() {
            return;
        }
        let effort = &mut self.done.effort;
        // To the page, and into the field.
        effort.press();
        effort.press();
        for product in &self.thought_of {
            if let Some(need) = self.missing.remove(product) {
                effort.think();
                effort.types(need.sku + 1 + digits(need.units) + 1);
                self.done.typed += 1;
                self.cart.push(need.product);
            }
        }
        // Check the lines, then all into the cart.
        effort.press();
        effort.press();
    }

    /// To the checkout, a last look, and the order is placed.
    pub fn orders(mut self) -> Done {
        self.done.effort.press();
        self.done.effort.think();
        self.done.effort.press();
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn product(number: u128) -> ProductId {
        ProductId(Uuid::from_u128(number))
    }

    fn need(number: u128, units: u32) -> Need {
        Need {
            product: product(number),
            pieces: units * 6,
            units,
            sku: 7,
        }
    }

    fn offer(number: u128, pieces: u32) -> Offer {
        Offer {
            product: product(number),
            pieces,
        }
    }

    /// What placing an order takes, whatever was done before.
    fn placing() -> u32 {
        Buyer::with(&[]).orders().effort.millis()
    }

    #[test]
    fn without_suggestions_every_line_is_typed() {
        let mut buyer = Buyer::with(&[need(1, 4), need(2, 12)]);
        buyer.types_the_rest();
        assert_eq!(buyer.cart(), [product(1), product(2)]);
        let done = buyer.orders();
        assert_eq!((done.lines, done.typed, done.edits()), (2, 2, 2));
        // Four presses; per line a thought and number, blank, quantity, next line; the hand to the
        // keyboard and back.
        let keys = (7 + 1 + 1 + 1) + (7 + 1 + 2 + 1);
        let own = 4 * 1_380 + 2 * 1_350 + keys * 280 + 2 * 400;
        assert_eq!(done.effort.millis(), own + placing());
    }

    #[test]
    fn a_usual_order_that_fits_is_read_and_sent() {
        let mut buyer = Buyer::with(&[need(1, 4), need(2, 12)]);
        buyer.checks(Source::Usual, &[offer(2, 72), offer(1, 24)]);
        buyer.adds_all();
        buyer.types_the_rest();
        let done = buyer.orders();
        assert_eq!((done.edits(), done.typed), (0, 0));
        assert_eq!(done.effort.millis(), 3 * 1_350 + 1_380 + placing());
        let all = Fate {
            shown: 2,
            used: 2,
            exact: 2,
        };
        assert_eq!(done.fate(), all);
    }

    #[test]
    fn what_is_not_needed_is_unticked_and_a_wrong_quantity_typed_over() {
        let mut buyer = Buyer::with(&[need(1, 4)]);
        buyer.checks(Source::Usual, &[offer(1, 18), offer(9, 6)]);
        buyer.adds_all();
        let done = buyer.orders();
        assert_eq!((done.unticked, done.corrected, done.typed), (1, 1, 0));
        assert_eq!(done.edits(), 2);
        let correcting = 1_380 + 280 + 400 + 280;
        let unticking = 400 + 1_380;
        let own = 2 * 1_350 + correcting + unticking + 1_350 + 1_380;
        assert_eq!(done.effort.millis(), own + placing());
    }

    #[test]
    fn a_list_beside_is_looked_through_only_while_something_is_missing() {
        let mut buyer = Buyer::with(&[need(1, 4)]);
        buyer.takes(Source::Due, &[offer(5, 6), offer(1, 24)]);
        assert!(!buyer.wants_more());
        buyer.takes(Source::New, &[offer(7, 6)]);
        let done = buyer.orders();
        assert_eq!((done.taken, done.edits()), (1, 0));
        assert_eq!(done.fates.get(&Source::New), None);
        let own = 2 * 1_350 + 2 * 230 + 1_380;
        assert_eq!(done.effort.millis(), own + placing());
    }

    #[test]
    fn nothing_is_ordered_that_was_not_needed() {
        let mut buyer = Buyer::with(&[need(1, 4), need(2, 1)]);
        buyer.checks(Source::LastOrder, &[offer(3, 6), offer(3, 6), offer(1, 24)]);
        buyer.takes(Source::GoesWith, &[offer(1, 24), offer(4, 6)]);
        buyer.types_the_rest();
        let mut cart = buyer.cart().to_vec();
        cart.sort_unstable();
        assert_eq!(cart, [product(1), product(2)]);
    }
}
