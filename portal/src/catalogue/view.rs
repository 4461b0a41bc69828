//! The catalogue and a product as pages.

use serde::Serialize;

use crate::pricing::view::{PriceView, WhyPrice};
use crate::promotions::offers::{InWords, OfferHint, OfferPrice, ProductOffer};
use crate::stock::view::PartView;
use crate::web::locale::Lang;
use crate::web::page::View;
use crate::web::shape::{Day, Message, Paging, Query, Unit, UnitPrice, eur};

/// "in stock 480", "back-order, expected 12 Mar", "not available".
#[derive(Clone, Debug, Default, Serialize)]
pub struct Availability {
    /// `in-stock`, `low`, `back-order`, `none` or `untracked`.
    pub state: String,
    /// Available, counted in order units.
    pub quantity: i64,
    pub expected: Option<Day>,
}

/// "24 on 12 Mar".
#[derive(Clone, Debug, Serialize)]
pub struct LastOrder {
    pub quantity: i64,
    pub unit: Unit,
    pub date: Day,
}

/// One unit a product is packed in: "case of 12 pieces".
#[derive(Clone, Debug, Serialize)]
pub struct PackView {
    pub unit: Unit,
    /// Base units in one of it.
    pub factor: i64,
    pub base_unit: Unit,
    pub gtin: Option<String>,
}

/// One product in a list.
#[derive(Clone, Debug, Serialize)]
pub struct ProductRow {
    pub sku: String,
    pub gtin: Option<String>,
    pub name: String,
    pub brand: String,
    pub price: PriceView,
    /// The unit a quantity is entered in.
    pub order_unit: Unit,
    pub packs: Vec<PackView>,
    /// Smallest quantity and increment, both in order units.
    pub min: i64,
    pub step: i64,
    pub availability: Availability,
    pub last_order: Option<LastOrder>,
    /// `active`, `phasing-out` or `delisted`.
    pub status: String,
    /// Already in the cart, in order units; 0 where it is not.
    pub in_cart: i64,
    /// Promotions that concern it.
    pub offers: Vec<OfferHint>,
    /// Whether one can ask to be told when it is back: `offer`, `kept` where one has, else empty.
    pub alert: String,
}

/// One group of filters. `param` is the address parameter it sets.
#[derive(Clone, Debug, Serialize)]
pub struct Facet {
    /// `category`, `brand`, `offer`, `stock` or `bought`; the label is the message `facet-<param>`.
    pub param: String,
    pub options: Vec<FacetOption>,
}

#[derive(Clone, Debug, Serialize)]
pub struct FacetOption {
    pub value: String,
    /// Empty where the message `facet-<param>-<value>` names it.
    pub label: String,
    pub count: i64,
    pub selected: bool,
    /// How deep in the tree, 0 at its top.
    pub depth: i64,
}

/// `/catalogue`.
#[derive(Clone, Debug, Serialize)]
pub struct CataloguePage {
    pub query: Query,
    pub q: String,
    pub sort: String,
    /// `table` or `cards`.
    pub view: String,
    pub rows: Vec<ProductRow>,
    pub facets: Vec<Facet>,
    pub paging: Paging,
    /// What the search understood where it corrected a typing error.
    pub corrected: Option<String>,
    /// Whether quantities can be put in a cart (a KAM who browses acts for nobody).
    pub can_order: bool,
}

/// One completion while typing.
#[derive(Clone, Debug, Serialize)]
pub struct Suggestion {
    pub sku: String,
    pub name: String,
    pub brand: String,
    pub price: PriceView,
}

/// `/catalogue/suggest`: a fragment without a page around it.
#[derive(Clone, Debug, Serialize)]
pub struct SuggestFragment {
    pub q: String,
    pub suggestions: Vec<Suggestion>,
}

/// One bar of the order history chart: a month, and what was ordered.
#[derive(Clone, Debug, Serialize)]
pub struct HistoryBar {
    /// First day of the month.
    pub month: Day,
    pub quantity: i64,
}

/// The own order history of a product. [`History::new`] computes the chart's geometry.
#[derive(Clone, Debug, Serialize)]
pub struct History {
    pub unit: Unit,
    pub bars: Vec<HistoryBar>,
    pub max: i64,
    pub total: i64,
    /// x, y and height of each bar in a view box of 240 × 64.
    pub shapes: Vec<BarShape>,
}

#[derive(Clone, Debug, Serialize)]
pub struct BarShape {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
}

impl History {
    pub fn new(unit: Unit, bars: Vec<HistoryBar>) -> Self {
        let max = bars
            .iter()
            .map(|bar| bar.quantity)
            .max()
            .unwrap_or(0)
            .max(1);
        let count = i64::try_from(bars.len()).unwrap_or(1).max(1);
        let pitch = (240 / count).max(3);
        let shapes = (0_i64..)
            .zip(&bars)
            .map(|(index, bar)| {
                let height = (bar.quantity * 60 / max).max(i64::from(bar.quantity > 0));
                BarShape {
                    x: index * pitch,
                    y: 62 - height,
                    width: pitch - 2,
                    height,
                }
            })
            .collect();
        let total = bars.iter().map(|bar| bar.quantity).sum();
        Self {
            unit,
            bars,
            max,
            total,
            shapes,
        }
    }
}

/// `/products/{sku}`.
#[derive(Clone, Debug, Serialize)]
pub struct ProductPage {
    pub row: ProductRow,
    pub description: String,
    /// From the top of the tree down.
    pub categories: Vec<Crumb>,
    pub facts: Vec<Fact>,
    /// None where nobody is priced: the brand's people who act for no account.
    pub why: Option<WhyPrice>,
    /// Promotions that concern it, with what they need.
    pub offers: Vec<ProductOffer>,
    pub history: Option<History>,
    pub substitutes: Vec<ProductRow>,
    /// What is on its way and owed to nobody yet, in order units.
    pub coming: Vec<PartView>,
    pub can_order: bool,
    pub is_staff: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Crumb {
    pub value: String,
    pub label: String,
}

/// A fact of a product, named by the brand.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    pub name: String,
    pub value: String,
}

impl ProductRow {
    pub fn sample(sku: &str, name: &str) -> Self {
        Self {
            sku: sku.into(),
            gtin: Some("4012345678901".into()),
            name: name.into(),
            brand: "Feldhof".into(),
            price: PriceView::sample(),
            order_unit: Unit::Case,
            packs: vec![
                PackView {
                    unit: Unit::Case,
                    factor: 12,
                    base_unit: Unit::Piece,
                    gtin: Some("14012345678908".into()),
                },
                PackView {
                    unit: Unit::Pallet,
                    factor: 576,
                    base_unit: Unit::Piece,
                    gtin: None,
                },
            ],
            min: 2,
            step: 2,
            availability: Availability {
                state: "in-stock".into(),
                quantity: 480,
                expected: None,
            },
            last_order: Some(LastOrder {
                quantity: 24,
                unit: Unit::Case,
                date: "2026-03-10".into(),
            }),
            status: "active".into(),
            in_cart: 0,
            offers: vec![OfferHint {
                code: "SPRING".into(),
                name: "Spring offer".into(),
                text: sample_words("10% off from 6 cases until 31 Mar"),
                near: Some(sample_words("Add 2 cases to get 10% off.")),
            }],
            alert: String::new(),
        }
    }

    pub fn sample_rows() -> Vec<Self> {
        let names = [
            ("DOG-ADL-12", "Adult Dog Beef & Barley 12 kg"),
            ("DOG-PUP-03", "Puppy Chicken & Rice 3 kg"),
            ("CAT-WET-85", "Cat Terrine Salmon 85 g"),
            (
                "CAT-DRY-04",
                "Indoor Cat Poultry 4 kg, with a name that goes on a little",
            ),
            ("SNK-BIS-01", "Oat Biscuits Mixed 1 kg"),
            ("BRD-SED-25", "Wild Bird Seed 2.5 kg"),
        ];
        let mut rows: Vec<_> = names
            .into_iter()
            .map(|(sku, name)| Self::sample(sku, name))
            .collect();
        if let Some(row) = rows.get_mut(1) {
            row.price = PriceView::sample_plain(UnitPrice(124_000));
            row.availability = Availability {
                state: "low".into(),
                quantity: 6,
                expected: None,
            };
            row.in_cart = 4;
        }
        if let Some(row) = rows.get_mut(2) {
            row.price = PriceView::sample_on_request();
            row.last_order = None;
        }
        if let Some(row) = rows.get_mut(3) {
            row.availability = Availability {
                state: "back-order".into(),
                quantity: 0,
                expected: Some("2026-03-19".into()),
            };
            row.status = "phasing-out".into();
            row.alert = "kept".into();
        }
        if let Some(row) = rows.get_mut(4) {
            row.availability = Availability {
                state: "none".into(),
                ..Availability::default()
            };
            row.alert = "offer".into();
            row.last_order = None;
            row.packs.clear();
            row.order_unit = Unit::Piece;
            row.min = 1;
            row.step = 1;
        }
        if let Some(row) = rows.get_mut(5) {
            row.availability = Availability {
                state: "untracked".into(),
                ..Availability::default()
            };
        }
        rows
    }
}

fn sample_words(text: &str) -> InWords {
    Lang::ALL
        .into_iter()
        .map(|lang| (lang, text.to_owned()))
        .collect()
}

fn sample_facets() -> Vec<Facet> {
    let option = |value: &str, label: &str, count, selected, depth| FacetOption {
        value: value.into(),
        label: label.into(),
        count,
        selected,
        depth,
    };
    vec![
        Facet {
            param: "category".into(),
            options: vec![
                option("dog", "Dog", 146, true, 0),
                option("dog-dry", "Dry food", 62, false, 1),
                option("dog-wet", "Wet food", 48, false, 1),
                option("cat", "Cat", 120, false, 0),
            ],
        },
        Facet {
            param: "offer".into(),
            options: vec![option("1", "", 12, false, 0)],
        },
        Facet {
            param: "brand".into(),
            options: vec![
                option("feldhof", "Feldhof", 98, false, 0),
                option("nordpfote", "Nordpfote", 48, false, 0),
            ],
        },
        Facet {
            param: "stock".into(),
            options: vec![option("in", "", 131, false, 0)],
        },
        Facet {
            param: "bought".into(),
            options: vec![option("1", "", 37, false, 0)],
        },
    ]
}

impl View for CataloguePage {
    const TEMPLATE: &'static str = "pages/catalogue.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |view: &str, rows: Vec<ProductRow>| Self {
            query: [
                ("category".to_owned(), "dog".to_owned()),
                ("view".to_owned(), view.to_owned()),
            ]
            .into(),
            q: String::new(),
            sort: "relevance".into(),
            view: view.into(),
            paging: Paging::new(2, 24, 146),
            rows,
            facets: sample_facets(),
            corrected: None,
            can_order: true,
        };
        let empty = Self {
            q: "parrot harness".into(),
            paging: Paging::new(1, 24, 0),
            facets: vec![],
            ..page("table", vec![])
        };
        vec![
            ("table", page("table", ProductRow::sample_rows())),
            ("cards", page("cards", ProductRow::sample_rows())),
            (
                "corrected, to look at only",
                Self {
                    q: "adlt bef".into(),
                    corrected: Some("adult beef".into()),
                    can_order: false,
                    ..page("table", ProductRow::sample_rows())
                },
            ),
            ("empty", empty),
        ]
    }
}

impl View for SuggestFragment {
    const TEMPLATE: &'static str = "pages/suggest.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let suggestion = |sku: &str, name: &str, price| Suggestion {
            sku: sku.into(),
            name: name.into(),
            brand: "Feldhof".into(),
            price,
        };
        let suggestions = vec![
            suggestion(
                "DOG-ADL-12",
                "Adult Dog Beef & Barley 12 kg",
                PriceView::sample(),
            ),
            suggestion(
                "DOG-PUP-03",
                "Puppy Chicken",
                PriceView::sample_on_request(),
            ),
        ];
        vec![
            (
                "some",
                Self {
                    q: "dog".into(),
                    suggestions,
                },
            ),
            (
                "none",
                Self {
                    q: "zzz".into(),
                    suggestions: vec![],
                },
            ),
        ]
    }
}

impl ProductOffer {
    fn samples() -> Vec<Self> {
        vec![
            ProductOffer {
                code: "SPRING".into(),
                name: "Spring offer".into(),
                sentence: Message::plain("10 % off everything by Feldhof, from 6 cases on."),
                last_day: Some("2026-03-31".into()),
                near: Some(sample_words("Add 2 cases to get 10 % off.")),
                price: Some(OfferPrice {
                    quantity: 6,
                    unit: Unit::Case,
                    before: eur(24_120),
                    net: eur(21_708),
                }),
            },
            ProductOffer {
                code: "PATE".into(),
                name: "Pâté week".into(),
                sentence: Message::plain("For every 10 cases, 1 case of Pâté free."),
                last_day: None,
                near: None,
                price: None,
            },
        ]
    }
}

impl View for ProductPage {
    const TEMPLATE: &'static str = "pages/product.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let months = [
            "2025-10-01",
            "2025-11-01",
            "2025-12-01",
            "2026-01-01",
            "2026-02-01",
        ];
        let bars = months
            .into_iter()
            .zip([24, 36, 0, 48, 24])
            .map(|(month, quantity)| HistoryBar {
                month: month.into(),
                quantity,
            })
            .collect();
        let buyer = Self {
            row: ProductRow::sample("DOG-ADL-12", "Adult Dog Beef & Barley 12 kg"),
            description: "Complete food for grown dogs, with beef and barley.".into(),
            categories: vec![
                Crumb {
                    value: "dog".into(),
                    label: "Dog".into(),
                },
                Crumb {
                    value: "dog-dry".into(),
                    label: "Dry food".into(),
                },
            ],
            facts: vec![
                Fact {
                    name: "Net weight".into(),
                    value: "12 kg".into(),
                },
                Fact {
                    name: "Shelf life".into(),
                    value: "18 months".into(),
                },
            ],
            why: Some(WhyPrice::sample(false)),
            offers: ProductOffer::samples(),
            history: Some(History::new(Unit::Case, bars)),
            substitutes: ProductRow::sample_rows().into_iter().take(3).collect(),
            coming: vec![PartView {
                date: "2026-03-19".into(),
                quantity: 40,
            }],
            can_order: true,
            is_staff: false,
        };
        let mut delisted = buyer.clone();
        delisted.row.status = "delisted".into();
        delisted.row.availability.state = "none".into();
        delisted.history = None;
        delisted.why = Some(WhyPrice::sample_discount());
        let mut on_request = buyer.clone();
        on_request.row.price = PriceView::sample_on_request();
        on_request.why = Some(WhyPrice {
            unit_price: None,
            source: None,
            tier_min: None,
            valid_from: None,
            valid_last: None,
            ..WhyPrice::sample(false)
        });
        on_request.substitutes.clear();
        let staff = Self {
            why: Some(WhyPrice::sample(true)),
            can_order: false,
            is_staff: true,
            ..buyer.clone()
        };
        let mut for_nobody = Self {
            why: None,
            offers: vec![],
            history: None,
            ..staff.clone()
        };
        for_nobody.row.price = PriceView::sample_on_request();
        for_nobody.substitutes.clear();
        vec![
            ("buyer", buyer),
            ("staff", staff),
            ("staff for nobody", for_nobody),
            ("delisted", delisted),
            ("price on request", on_request),
        ]
    }
}
