//! SKUs and quantities typed, pasted or uploaded, as a page.

use serde::Serialize;

use crate::cart::view::{AddLine, FreeLine, NearView};
use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::{Choice, Currency, Message, Money, Paging, Totals, Unit, UnitPrice, eur};

/// A row that is ready for the cart.
#[derive(Clone, Debug, Serialize)]
pub struct GoodRow {
    pub position: i64,
    pub sku: String,
    pub name: String,
    pub quantity: i64,
    pub unit: Unit,
    pub step: i64,
    pub min: i64,
    pub unit_price: Option<UnitPrice>,
    /// The unit the price stands for.
    pub price_unit: Unit,
    pub currency: Currency,
    pub total: Option<Money>,
    /// Worth a look though it is right, such as a back-order.
    pub remark: Option<Message>,
}

/// A product the row may have meant.
#[derive(Clone, Debug, Serialize)]
pub struct Match {
    pub sku: String,
    pub name: String,
}

/// A row that is kept because something about it is wrong.
#[derive(Clone, Debug, Serialize)]
pub struct WrongRow {
    pub position: i64,
    /// As it was typed.
    pub text: String,
    pub code: String,
    pub quantity: String,
    pub unit: String,
    pub problem: Message,
    /// The product where it is known and only the quantity or unit is wrong.
    pub name: Option<String>,
    pub matches: Vec<Match>,
    /// Valid quantities nearest to the one typed.
    pub nearest: Vec<i64>,
    pub units: Vec<Choice>,
}

/// `/quick-order`. Field of the form: `lines`.
#[derive(Clone, Debug, Serialize)]
pub struct QuickOrderPage {
    pub form: FormState,
    /// One page of the wrong rows.
    pub wrong: Vec<WrongRow>,
    pub wrong_paging: Paging,
    pub good: Vec<GoodRow>,
    /// Over the good rows.
    pub paging: Paging,
    /// What all good rows cost together, with promotions and freight.
    pub totals: Option<Totals>,
    pub free: Vec<FreeLine>,
    pub near: Vec<NearView>,
    /// Lines of the usual order that stand in no row yet.
    pub usual: i64,
    pub max_rows: i64,
}

/// `/quick-order/complete`: options of the completion list.
#[derive(Clone, Debug, Serialize)]
pub struct CompleteFragment {
    pub matches: Vec<Match>,
}

fn sample_wrong() -> Vec<WrongRow> {
    let units = vec![Choice::new("H87", "", false), Choice::new("XCS", "", true)];
    let row = |position, text: &str, problem| WrongRow {
        position,
        text: text.into(),
        code: text.split(' ').next().unwrap_or_default().into(),
        quantity: text.split(' ').nth(1).unwrap_or_default().into(),
        unit: "XCS".into(),
        problem,
        name: None,
        matches: vec![],
        nearest: vec![],
        units: units.clone(),
    };
    vec![
        WrongRow {
            matches: vec![
                Match {
                    sku: "DOG-ADL-12".into(),
                    name: "Adult Dog Beef & Barley 12 kg".into(),
                },
                Match {
                    sku: "DOG-ADL-03".into(),
                    name: "Adult Dog Beef & Barley 3 kg".into(),
                },
            ],
            ..row(3, "DOG-ALD-12 24", Message::new("problem-unknown-product"))
        },
        WrongRow {
            name: Some("Cat Terrine Salmon 85 g".into()),
            nearest: vec![24, 36],
            ..row(
                7,
                "CAT-WET-85 30",
                Message::new("problem-off-multiple")
                    .with("step", 12)
                    .with("below", 24)
                    .with("above", 36),
            )
        },
        row(
            9,
            "SNK-BIS-01 many",
            Message::new("problem-quantity").with("typed", "many"),
        ),
    ]
}

impl View for QuickOrderPage {
    const TEMPLATE: &'static str = "pages/quick_order.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let good = |position, sku: &str, name: &str| GoodRow {
            position,
            sku: sku.into(),
            name: name.into(),
            quantity: 24,
            unit: Unit::Case,
            step: 2,
            min: 2,
            unit_price: Some(UnitPrice(33_500)),
            price_unit: Unit::Piece,
            currency: Currency::EUR,
            total: Some(eur(96_480)),
            remark: None,
        };
        let back_ordered = GoodRow {
            remark: Some(Message::new("remark-back-order")),
            ..good(2, "CAT-DRY-04", "Indoor Cat Poultry 4 kg")
        };
        let rows = vec![
            good(1, "DOG-ADL-12", "Adult Dog Beef & Barley 12 kg"),
            back_ordered,
        ];
        let empty = Self {
            form: FormState::new(),
            wrong: vec![],
            wrong_paging: Paging::new(1, 50, 0),
            good: vec![],
            paging: Paging::new(1, 100, 0),
            totals: None,
            free: vec![],
            near: vec![],
            usual: 14,
            max_rows: 2000,
        };
        let mixed = Self {
            wrong: sample_wrong(),
            wrong_paging: Paging::new(1, 50, 64),
            good: rows,
            paging: Paging::new(1, 100, 347),
            totals: Some(Totals::sample(192_960, 36_662)),
            free: vec![FreeLine {
                sku: "CAT-PAT-85".into(),
                name: "Cat Pâté 85 g".into(),
                quantity: 2,
                unit: Unit::Case,
                promotion: "Pâté week".into(),
                worth_nothing: eur(0),
            }],
            near: vec![NearView {
                code: "SPRING".into(),
                name: "Spring offer".into(),
                message: Message::plain("Add 6 cases to get 1 case free."),
                adds: vec![AddLine {
                    sku: "DOG-ADL-12".into(),
                    name: "Adult Dog Beef & Barley 12 kg".into(),
                    unit: Unit::Case,
                    quantity: 6,
                }],
            }],
            usual: 0,
            ..empty.clone()
        };
        let refused = Self {
            form: FormState::new()
                .value("lines", "DOG-ADL-12 24")
                .error("file", Message::new("error-file-unreadable")),
            ..empty.clone()
        };
        vec![
            ("empty", empty),
            ("mixed", mixed),
            ("refused file", refused),
        ]
    }
}

impl View for CompleteFragment {
    const TEMPLATE: &'static str = "pages/complete.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let matches = vec![Match {
            sku: "DOG-ADL-12".into(),
            name: "Adult \"Dog\"".into(),
        }];
        vec![
            ("one", Self { matches }),
            ("none", Self { matches: vec![] }),
        ]
    }
}
