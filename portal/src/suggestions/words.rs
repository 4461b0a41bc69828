//! Why something is suggested, in words: every reason a sentence with its numbers, in the reader's
//! language.
//!
//! [`reasons`] words all suggestions of a page at once: units come from memory, names of the items
//! that reasons mention in one query. Templates show them with `suggestion.reasons`; programs that
//! write words themselves take [`ReasonView::text`] to the message files.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use recommender::{Day, Reason, Suggestion};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QuerySelect};
use serde::Serialize;
use trade::id::{ProductId, PromotionId};

use crate::app::App;
use crate::catalogue::shelf::Shelf;
use crate::catalogue::{Reference, padded};
use crate::db::Tx;
use crate::db::entity::{product, promotion};
use crate::error::Result;
use crate::web::shape::{Arg, Message};

/// One reason, ready to be said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReasonView {
    /// Which fact it is, as [`Reason`] names its kinds: `often_ordered`, `rhythm` …
    pub kind: &'static str,
    /// The sentence.
    pub text: Message,
}

/// Whom the sentences are for: "your last 8 orders", or "the last 8 orders" of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The account's own people.
    Buyer,
    /// The brand's people, about the account.
    Staff,
}

impl Reader {
    /// The word by which a sentence tells readers apart.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Reader::Buyer => "buyer",
            Reader::Staff => "staff",
        }
    }
}

/// The reasons of each suggestion in words, in the order of `suggestions`, the strongest first.
///
/// A reason that names an item the caller does not see is left out.
///
/// # Errors
/// Whatever the database says.
pub async fn reasons(
    tx: &Tx,
    app: &App,
    reader: Reader,
    suggestions: &[Suggestion],
) -> Result<Vec<Vec<ReasonView>>> {
    let each = suggestions
        .iter()
        .map(|one| (one.product, one.reasons.as_slice()));
    let each: Vec<(ProductId, &[Reason])> = each.collect();
    let names = Names::load(tx, app, &each).await?;
    let words = each.iter().map(|(product, reasons)| {
        let say = |reason| names.say(reader, *product, reason);
        reasons.iter().filter_map(say).collect()
    });
    Ok(words.collect())
}

/// The local date of a day.
#[must_use]
pub fn local_date(day: Day) -> Option<Date> {
    date(1970, 1, 1).checked_add(i64::from(day.0).days()).ok()
}

/// What sentences name.
pub struct Names {
    reference: Arc<Reference>,
    shelf: Arc<Shelf>,
    products: HashMap<ProductId, String>,
    promotions: HashMap<PromotionId, String>,
}

#[derive(Debug, FromQueryResult)]
struct Named {
    id: ProductId,
    name: String,
}

impl Names {
    /// The names that the reasons of these items need.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn load(tx: &Tx, app: &App, each: &[(ProductId, &[Reason])]) -> Result<Names> {
        let reference = app.reference.get(tx).await?;
        let shelf = app.shelf.get(tx, &reference).await?;
        let (mut items, mut offers) = (BTreeSet::new(), BTreeSet::new());
        for reason in each.iter().flat_map(|(_, reasons)| *reasons) {
            match reason {
                Reason::GoesWith { product, .. }
                | Reason::Replaces { product, .. }
                | Reason::VariantOf { product } => {
                    items.insert(*product);
                }
                Reason::InPromotion { promotion } => {
                    offers.insert(*promotion);
                }
                Reason::OftenOrdered { .. }
                | Reason::Rhythm { .. }
                | Reason::LastOrdered { .. }
                | Reason::LikeAccounts { .. }
                | Reason::Rising { .. }
                | Reason::Season { .. }
                | Reason::CategoryYouStock { .. }
                | Reason::BrandYouStock { .. }
                | Reason::OfYourKind { .. }
                | Reason::Popular { .. }
                | Reason::JustAdded => {}
            }
        }
        Ok(Names {
            reference,
            shelf,
            products: product_names(tx, &items).await?,
            promotions: promotion_names(tx, app, offers).await?,
        })
    }

    /// A reason for `product` in words; none where it names what the reader does not see.
    #[must_use]
    pub fn say(&self, reader: Reader, product: ProductId, reason: &Reason) -> Option<ReasonView> {
        let (kind, text) = match reason {
            Reason::OftenOrdered { times, of } => (
                "often_ordered",
                Message::new("reason-often-ordered")
                    .with("times", i64::from(*times))
                    .with("of", i64::from(*of))
                    .with("all", if times == of { "yes" } else { "no" }),
            ),
            Reason::Rhythm {
                every_days,
                last_days_ago,
            } => (
                "rhythm",
                Message::new("reason-rhythm")
                    .with("every", i64::from(*every_days))
                    .with("ago", i64::from(*last_days_ago)),
            ),
            Reason::LastOrdered { on, pieces } => (
                "last_ordered",
                Message::new("reason-last-ordered")
                    .with("date", day(*on)?)
                    .with("quantity", self.pieces(product, i64::from(*pieces))),
            ),
            Reason::Season { on } => (
                "season",
                Message::new("reason-season").with("date", day(*on)?),
            ),
            Reason::GoesWith {
                product: other,
                with,
                of,
            } => (
                "goes_with",
                Message::new("reason-goes-with")
                    .with("name", self.product(*other)?)
                    .with("share", share(*with, *of))
                    .with("with", i64::from(*with))
                    .with("of", i64::from(*of)),
            ),
            Reason::Replaces {
                product: other,
                switched,
            } => (
                "replaces",
                Message::new("reason-replaces")
                    .with("name", self.product(*other)?)
                    .with("switched", i64::from(*switched)),
            ),
            Reason::VariantOf { product: other } => (
                "variant_of",
                Message::new("reason-variant").with("name", self.product(*other)?),
            ),
            Reason::InPromotion { promotion } => (
                "in_promotion",
                Message::new("reason-promotion")
                    .with("name", self.promotions.get(promotion)?.clone()),
            ),
            Reason::LikeAccounts { .. }
            | Reason::Rising { .. }
            | Reason::CategoryYouStock { .. }
            | Reason::BrandYouStock { .. }
            | Reason::OfYourKind { .. }
            | Reason::Popular { .. }
            | Reason::JustAdded => self.of_others(reason)?,
        };
        let text = text.with("reader", reader.name());
        Some(ReasonView { kind, text })
    }

    /// What others do, and where the item stands in the range.
    fn of_others(&self, reason: &Reason) -> Option<(&'static str, Message)> {
        let among = |key: &str, buyers: u32, of: u32| {
            Message::new(key)
                .with("buyers", i64::from(buyers))
                .with("of", i64::from(of))
        };
        Some(match reason {
            Reason::LikeAccounts { buyers, of } => {
                ("like_accounts", among("reason-like", *buyers, *of))
            }
            Reason::OfYourKind { buyers, of } => {
                ("of_your_kind", among("reason-kind", *buyers, *of))
            }
            Reason::Popular { buyers, of } => ("popular", among("reason-popular", *buyers, *of)),
            Reason::Rising { recent, before } => ("rising", rising(*recent, *before)),
            Reason::CategoryYouStock { category, orders } => (
                "category_you_stock",
                Message::new("reason-category")
                    .with(
                        "name",
                        self.reference.categories.get(category)?.row.name.as_str(),
                    )
                    .with("orders", i64::from(*orders)),
            ),
            Reason::BrandYouStock { brand, orders } => (
                "brand_you_stock",
                Message::new("reason-brand")
                    .with("name", self.reference.brands.get(brand)?.name.as_str())
                    .with("orders", i64::from(*orders)),
            ),
            Reason::JustAdded => ("just_added", Message::new("reason-just-added")),
            Reason::OftenOrdered { .. }
            | Reason::Rhythm { .. }
            | Reason::LastOrdered { .. }
            | Reason::Season { .. }
            | Reason::GoesWith { .. }
            | Reason::Replaces { .. }
            | Reason::VariantOf { .. }
            | Reason::InPromotion { .. } => return None,
        })
    }

    /// "2 cases (24 pieces)", or pieces where they make no whole order units.
    #[must_use]
    pub fn pieces(&self, product: ProductId, pieces: i64) -> Message {
        let place = self.shelf.place(product);
        let Some(listed) = place.and_then(|place| self.shelf.products.get(place)) else {
            return Message::new("reason-count").with("count", pieces);
        };
        let base = Arg::Quantity {
            quantity: pieces,
            unit: listed.base_unit,
        };
        let factor = listed.factor.get();
        if factor == 1 || pieces % factor != 0 {
            return Message::new("reason-quantity").with("pieces", base);
        }
        let packs = Arg::Quantity {
            quantity: pieces / factor,
            unit: listed.order_unit,
        };
        Message::new("reason-quantity-packs")
            .with("packs", packs)
            .with("pieces", base)
    }

    fn product(&self, product: ProductId) -> Option<String> {
        self.products.get(&product).cloned()
    }
}

async fn product_names(tx: &Tx, ids: &BTreeSet<ProductId>) -> Result<HashMap<ProductId, String>> {
    let ids: Vec<ProductId> = ids.iter().copied().collect();
    let mut names = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(2_000) {
        let chunk = padded(chunk);
        let rows = tx
            .report::<product::Entity, Named>(|all| {
                all.filter(product::Column::Id.is_in(chunk))
                    .select_only()
                    .columns([product::Column::Id, product::Column::Name])
            })
            .await?;
        names.extend(rows.into_iter().map(|row| (row.id, row.name)));
    }
    Ok(names)
}

/// Those in force are in memory; others are the brand's people's to see.
async fn promotion_names(
    tx: &Tx,
    app: &App,
    mut ids: BTreeSet<PromotionId>,
) -> Result<HashMap<PromotionId, String>> {
    let mut names = HashMap::new();
    if ids.is_empty() {
        return Ok(names);
    }
    for one in app.promotions.get(tx).await?.iter() {
        if ids.remove(&one.promotion.id) {
            names.insert(one.promotion.id, one.promotion.name.clone());
        }
    }
    let rest: Vec<PromotionId> = ids.into_iter().collect();
    if !rest.is_empty() {
        let rest = padded(&rest);
        let rows = tx
            .all::<promotion::Entity>(|all| all.filter(promotion::Column::Id.is_in(rest)))
            .await?;
        names.extend(rows.into_iter().map(|row| (row.id, row.name)));
    }
    Ok(names)
}

fn day(day: Day) -> Option<Arg> {
    let date = local_date(day)?.to_string();
    Some(Arg::Date { date })
}

/// Whole per cent.
fn share(with: u32, of: u32) -> Arg {
    let (with, of) = (i64::from(with), i64::from(of).max(1));
    let percent = (with * 100 + of / 2) / of;
    Arg::Rate {
        rate_bp: percent * 100,
    }
}

/// "2.3 times as well as before": four weeks against the mean of the thirteen before them.
fn rising(recent: u32, before: u32) -> Message {
    let counts = |key: &str| {
        Message::new(key)
            .with("recent", i64::from(recent))
            .with("before", i64::from(before))
    };
    if before == 0 {
        return counts("reason-rising-new");
    }
    let before = i64::from(before);
    let tenths = (i64::from(recent) * 13 * 10 + before / 2) / before;
    counts("reason-rising")
        .with("whole", tenths / 10)
        .with("tenth", tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::entity::product_brand;
    use crate::web::locale::{Lang, Words};
    use trade::id::{CategoryId, ProductBrandId};
    use uuid::Uuid;

    fn names() -> Names {
        let known = ProductId(Uuid::from_u128(7));
        let brand = product_brand::Model {
            id: ProductBrandId(Uuid::from_u128(3)),
            code: "feldhof".into(),
            name: "Feldhof".into(),
        };
        let mut reference = Reference::default();
        reference.brands.insert(brand.id, brand);
        Names {
            reference: Arc::new(reference),
            shelf: Arc::default(),
            products: [(known, "Oat Biscuits".to_owned())].into(),
            promotions: [(PromotionId(Uuid::from_u128(5)), "Spring".to_owned())].into(),
        }
    }

    fn said(reader: Reader, reason: &Reason) -> [String; 2] {
        let words = Words::load().unwrap();
        let view = names()
            .say(reader, ProductId(Uuid::from_u128(9)), reason)
            .unwrap();
        [Lang::En, Lang::De].map(|lang| words.message(lang, &view.text))
    }

    #[test]
    fn every_sentence_carries_its_numbers() {
        let known = ProductId(Uuid::from_u128(7));
        let buyer = |reason: Reason| said(Reader::Buyer, &reason);
        assert_eq!(
            buyer(Reason::OftenOrdered { times: 6, of: 8 }),
            [
                "in 6 of your last 8 orders",
                "in 6 Ihrer letzten 8 Bestellungen"
            ]
        );
        assert_eq!(
            buyer(Reason::OftenOrdered { times: 1, of: 1 }),
            ["in your last order", "in Ihrer letzten Bestellung"]
        );
        assert_eq!(
            buyer(Reason::OftenOrdered { times: 8, of: 8 }),
            [
                "in each of your last 8 orders",
                "in jeder Ihrer letzten 8 Bestellungen"
            ]
        );
        assert_eq!(
            buyer(Reason::Rhythm {
                every_days: 14,
                last_days_ago: 16
            }),
            [
                "about every 14 days, last 16 days ago",
                "etwa alle 14 Tage, zuletzt vor 16 Tagen"
            ]
        );
        assert_eq!(
            buyer(Reason::Rhythm {
                every_days: 1,
                last_days_ago: 1
            }),
            [
                "about every day, last yesterday",
                "etwa jeden Tag, zuletzt gestern"
            ]
        );
        assert_eq!(
            buyer(Reason::LastOrdered {
                on: Day(20_524),
                pieces: 1_200
            }),
            ["last on 12 Mar 2026: 1,200", "zuletzt am 12.03.2026: 1.200"]
        );
        assert_eq!(
            buyer(Reason::GoesWith {
                product: known,
                with: 38,
                of: 101
            }),
            [
                "goes with Oat Biscuits: in 38% of the orders with it (38 of 101)",
                "passt zu Oat Biscuits: in 38\u{a0}% der Bestellungen damit (38 von 101)"
            ]
        );
        assert_eq!(
            buyer(Reason::Rising {
                recent: 12,
                before: 65
            }),
            [
                "sells 2.4 times as well as before: 12 orders in 4 weeks, 65 in the 52 weeks before",
                "verkauft sich 2,4-mal so gut wie zuvor: 12 Bestellungen in 4 Wochen, 65 in den 52 Wochen davor"
            ]
        );
        assert_eq!(
            buyer(Reason::BrandYouStock {
                brand: ProductBrandId(Uuid::from_u128(3)),
                orders: 9
            }),
            [
                "by Feldhof, a brand you have ordered 9 times",
                "von Feldhof, einer Marke, die Sie 9-mal bestellt haben"
            ]
        );
        assert_eq!(
            buyer(Reason::InPromotion {
                promotion: PromotionId(Uuid::from_u128(5))
            }),
            ["in the promotion “Spring”", "in der Aktion „Spring“"]
        );
    }

    #[test]
    fn the_brands_people_read_of_the_account() {
        assert_eq!(
            said(Reader::Staff, &Reason::OftenOrdered { times: 6, of: 8 }),
            [
                "in 6 of their last 8 orders",
                "in 6 der letzten 8 Bestellungen"
            ]
        );
        assert_eq!(
            said(Reader::Staff, &Reason::LikeAccounts { buyers: 14, of: 30 }),
            [
                "14 of the 30 retailers most like them order it",
                "14 der 30 ähnlichsten Händler bestellen es"
            ]
        );
    }

    #[test]
    fn what_the_reader_does_not_see_is_not_named() {
        let hidden = ProductId(Uuid::from_u128(8));
        let of = |reason: &Reason| names().say(Reader::Buyer, ProductId(Uuid::nil()), reason);
        assert_eq!(of(&Reason::VariantOf { product: hidden }), None);
        let category = CategoryId(Uuid::from_u128(1));
        assert_eq!(
            of(&Reason::CategoryYouStock {
                category,
                orders: 1
            }),
            None
        );
    }
}
