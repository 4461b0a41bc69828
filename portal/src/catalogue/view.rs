//! The catalogue and a product as pages.

mod product;

pub use product::{BarShape, Crumb, Fact, HabitView, History, HistoryBar, ProductPage};
use serde::Serialize;

use crate::db::words::SuggestionList;
use crate::pricing::view::PriceView;
use crate::promotions::offers::{InWords, OfferHint};
use crate::suggestions::picks::Pick;
use crate::web::locale::Lang;
use crate::web::page::View;
use crate::web::shape::{Day, Message, Paging, Query, Unit, UnitPrice};

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
    /// The account's rhythm in words, where its time has come.
    pub due: Option<Message>,
}

/// One group of filters. `param` is the address parameter it sets.
#[derive(Clone, Debug, Serialize)]
pub struct Facet {
    /// `category`, `brand`, `offer`, `stock`, `due` or `bought`; the label is the message `facet-<param>`.
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
    /// What is offered where there are no rows.
    pub nothing: Option<Nothing>,
}

/// What an empty list offers instead.
#[derive(Clone, Debug, Serialize)]
pub struct Nothing {
    /// How many there are without the filters.
    pub unfiltered: i64,
    /// What may have been meant.
    pub nearest: Vec<Suggestion>,
    /// What the account is due to order, then what it usually orders.
    pub usual: Vec<Pick>,
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
            due: Some(
                Message::new("reason-rhythm")
                    .with("reader", "buyer")
                    .with("every", 14)
                    .with("ago", 16),
            ),
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
            nothing: None,
        };
        let empty = Self {
            q: "parrot harness".into(),
            paging: Paging::new(1, 24, 0),
            facets: vec![],
            nothing: Some(Nothing {
                unfiltered: 3,
                nearest: vec![Suggestion {
                    sku: "DOG-HAR-01".into(),
                    name: "Dog harness".into(),
                    brand: "Feldhof".into(),
                    price: PriceView::sample(),
                }],
                usual: vec![
                    Pick::sample(
                        SuggestionList::Due,
                        "DOG-ADL-12",
                        "Adult Dog Beef & Barley 12 kg",
                    ),
                    Pick::sample(
                        SuggestionList::Usual,
                        "CAT-WET-85",
                        "Cat Terrine Salmon 85 g",
                    ),
                ],
            }),
            ..page("table", vec![])
        };
        let bare = Self {
            nothing: Some(Nothing {
                unfiltered: 0,
                nearest: vec![],
                usual: vec![],
            }),
            ..empty.clone()
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
            ("empty, with nothing to offer", bare),
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
