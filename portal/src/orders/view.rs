//! Orders and credit notes as pages.

use serde::Serialize;

use crate::holds::view::HoldView;
use crate::pricing::view::{PromotionStep, WhyPrice};
use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::{
    Address, Choice, Currency, Day, Instant, Message, Money, Paging, Query, Totals, Unit,
    UnitPrice, eur,
};

/// One order in a list.
#[derive(Clone, Debug, Serialize)]
pub struct OrderRow {
    pub number: String,
    pub placed_at: Instant,
    /// `held`, `confirmed`, `released`, `closed`, `cancelled`, `rejected` or `expired`.
    pub state: String,
    pub po_number: Option<String>,
    pub placed_by: String,
    pub on_behalf: bool,
    pub lines: i64,
    pub net: Money,
    pub requested_date: Option<Day>,
    pub expected_date: Option<Day>,
    /// For the brand's people: whose order it is.
    pub account_name: String,
    pub account_number: String,
}

/// `/orders`, and `/kam/orders` with `all_accounts`.
#[derive(Clone, Debug, Serialize)]
pub struct OrdersPage {
    /// `q`, `state`, `from`, `until` as chosen.
    pub query: Query,
    pub states: Vec<Choice>,
    pub rows: Vec<OrderRow>,
    pub paging: Paging,
    pub all_accounts: bool,
    pub is_filtered: bool,
    /// Messages of filters that could not be understood.
    pub form: FormState,
}

/// One line of an order. Quantities are counted in the ordered unit.
#[derive(Clone, Debug, Serialize)]
pub struct OrderLineView {
    pub position: i64,
    pub sku: String,
    pub name: String,
    pub unit: Unit,
    pub factor: i64,
    pub base_unit: Unit,
    pub ordered: i64,
    pub confirmed: i64,
    pub shipped: i64,
    pub back_ordered: i64,
    pub cancelled: i64,
    pub expected: Option<Day>,
    pub unit_price: UnitPrice,
    pub list_price: Option<UnitPrice>,
    pub price_unit: Unit,
    pub currency: Currency,
    pub total: Money,
    /// The total before promotions, where they took something off.
    pub before: Option<Money>,
    /// Which took off how much; of goods that came along, with which they came.
    pub promotions: Vec<PromotionStep>,
    /// Came along at no charge.
    pub is_free: bool,
    pub vat_bp: i64,
    /// None for imported history: the price is then what the file said.
    pub why: Option<WhyPrice>,
}

/// One event of the timeline.
#[derive(Clone, Debug, Serialize)]
pub struct TimelineEvent {
    pub at: Instant,
    /// `placed`, `held`, `confirmed`, `released`, `shipped`, `closed`, `cancelled`, `rejected`,
    /// `expired`, `mail-sent` … the message `event-<kind>` names it.
    pub kind: String,
    pub by: Option<String>,
    pub on_behalf_of: Option<String>,
    pub note: Option<String>,
    /// The kind of the hold it is about: the message `hold-<kind>` names it.
    pub hold: Option<String>,
}

/// `/orders/{number}`.
#[derive(Clone, Debug, Serialize)]
pub struct OrderPage {
    pub order: OrderRow,
    pub note: Option<String>,
    pub on_behalf_of: Option<String>,
    pub lines: Vec<OrderLineView>,
    pub totals: Totals,
    pub ship_to: Address,
    pub bill_to: Address,
    pub brand: Address,
    pub terms_days: i64,
    pub timeline: Vec<TimelineEvent>,
    pub holds: Vec<HoldView>,
    /// Just submitted: says what happens next.
    pub just_placed: bool,
    pub mail_to: Option<String>,
    pub can_reorder: bool,
    /// Its lines can go back into the cart, with everything that was said beside them.
    pub can_take_back: bool,
    pub can_cancel: bool,
    pub is_staff: bool,
    pub cancel_form: FormState,
}

/// One credit note.
#[derive(Clone, Debug, Serialize)]
pub struct CreditNoteRow {
    pub number: String,
    pub date: Day,
    pub amount: Money,
    pub order_number: Option<String>,
    pub account_name: String,
}

/// `/credit-notes`.
#[derive(Clone, Debug, Serialize)]
pub struct CreditNotesPage {
    pub query: Query,
    pub rows: Vec<CreditNoteRow>,
    pub paging: Paging,
}

impl OrderRow {
    pub fn sample(number: &str, state: &str) -> Self {
        Self {
            number: number.into(),
            placed_at: 1_773_298_800_000,
            state: state.into(),
            po_number: Some("PO-4711".into()),
            placed_by: "Britta Becker".into(),
            on_behalf: false,
            lines: 14,
            net: eur(241_860),
            requested_date: Some("2026-03-14".into()),
            expected_date: Some("2026-03-16".into()),
            account_name: "Corner Shop Hannover".into(),
            account_number: "10001".into(),
        }
    }

    pub fn samples() -> Vec<Self> {
        let states = [
            "confirmed",
            "held",
            "released",
            "closed",
            "cancelled",
            "rejected",
            "expired",
        ];
        let mut rows: Vec<_> = (0..)
            .zip(states)
            .map(|(index, state)| Self::sample(&format!("{}", 100_240 - index), state))
            .collect();
        if let Some(row) = rows.get_mut(1) {
            row.po_number = None;
            row.on_behalf = true;
            row.placed_by = "Karl Kamp".into();
            row.requested_date = None;
        }
        rows
    }
}

impl View for OrdersPage {
    const TEMPLATE: &'static str = "pages/orders/list.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let states = ["held", "confirmed", "released", "closed", "cancelled"]
            .map(|state| Choice::new(state, "", state == "held"))
            .to_vec();
        let own = Self {
            query: Query::new(),
            states,
            rows: OrderRow::samples(),
            paging: Paging::new(1, 50, 132),
            all_accounts: false,
            is_filtered: false,
            form: FormState::new(),
        };
        let empty = Self {
            rows: vec![],
            paging: Paging::new(1, 50, 0),
            ..own.clone()
        };
        vec![
            ("own", own.clone()),
            (
                "portfolio",
                Self {
                    all_accounts: true,
                    ..own.clone()
                },
            ),
            ("none yet", empty.clone()),
            (
                "nothing found",
                Self {
                    is_filtered: true,
                    query: [("q".to_owned(), "PO-99".to_owned())].into(),
                    form: FormState::new().error("from", Message::new("error-date")),
                    ..empty
                },
            ),
        ]
    }
}

impl OrderPage {
    fn sample(state: &str) -> Self {
        let line = |position, sku: &str, name: &str| OrderLineView {
            position,
            sku: sku.into(),
            name: name.into(),
            unit: Unit::Case,
            factor: 12,
            base_unit: Unit::Piece,
            ordered: 24,
            confirmed: 20,
            shipped: 0,
            back_ordered: 4,
            cancelled: 0,
            expected: Some("2026-03-19".into()),
            unit_price: UnitPrice(33_500),
            list_price: Some(UnitPrice(39_900)),
            price_unit: Unit::Piece,
            currency: Currency::EUR,
            total: eur(96_480),
            before: Some(eur(97_720)),
            promotions: vec![PromotionStep {
                code: "SPRING".into(),
                name: "Spring offer".into(),
                discount: eur(1_240),
            }],
            is_free: false,
            vat_bp: 1900,
            why: Some(WhyPrice::sample(false)),
        };
        let event = |kind: &str, by: Option<&str>| TimelineEvent {
            at: 1_773_298_800_000,
            kind: kind.into(),
            by: by.map(Into::into),
            on_behalf_of: None,
            note: None,
            hold: None,
        };
        let address = |name: &str| Address {
            name: name.into(),
            lines: vec!["Lange Str. 4".into(), "30159 Hannover".into(), "DE".into()],
        };
        Self {
            order: OrderRow::sample("100240", state),
            note: Some("Please ring at the yard gate.".into()),
            on_behalf_of: None,
            lines: vec![
                line(1, "DOG-ADL-12", "Adult Dog Beef & Barley 12 kg"),
                OrderLineView {
                    why: Some(WhyPrice::sample_discount()),
                    back_ordered: 0,
                    confirmed: 24,
                    expected: None,
                    is_free: true,
                    before: None,
                    total: eur(0),
                    ..line(2, "CAT-WET-85", "Cat Terrine Salmon 85 g")
                },
            ],
            totals: Totals::sample(192_960, 36_662),
            ship_to: address("Store Hannover"),
            bill_to: address("Corner Shop Hannover GmbH"),
            brand: address("Feldhof Tiernahrung GmbH"),
            terms_days: 30,
            timeline: vec![
                event("confirmed", None),
                TimelineEvent {
                    on_behalf_of: Some("Corner Shop Hannover".into()),
                    note: Some("Called in".into()),
                    ..event("placed", Some("Karl Kamp"))
                },
            ],
            holds: vec![],
            just_placed: false,
            mail_to: None,
            can_reorder: true,
            can_take_back: matches!(state, "held" | "rejected" | "expired" | "cancelled"),
            can_cancel: true,
            is_staff: false,
            cancel_form: FormState::new(),
        }
    }
}

impl View for OrderPage {
    const TEMPLATE: &'static str = "pages/orders/show.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let mut staff = Self {
            is_staff: true,
            ..Self::sample("released")
        };
        for line in &mut staff.lines {
            line.why = Some(WhyPrice::sample(true));
        }
        staff.can_cancel = false;
        staff.on_behalf_of = Some("Corner Shop Hannover".into());
        vec![
            (
                "just placed",
                Self {
                    just_placed: true,
                    mail_to: Some("buyer@demo.kontor.example".into()),
                    ..Self::sample("confirmed")
                },
            ),
            (
                "held",
                Self {
                    just_placed: true,
                    holds: vec![
                        HoldView::sample("credit", "open"),
                        HoldView::sample_decided("kam-review", "released"),
                    ],
                    ..Self::sample("held")
                },
            ),
            (
                "held, for who decides",
                Self {
                    holds: vec![
                        HoldView {
                            may_decide: true,
                            level: Some(1),
                            form: FormState::new()
                                .error("reason", Message::new("hold-reason-missing")),
                            ..HoldView::sample("approval", "open")
                        },
                        HoldView {
                            level: Some(2),
                            named: Some("Anton Arndt".into()),
                            next: vec![Message::new("hold-next-waiting")],
                            ..HoldView::sample("credit", "waiting")
                        },
                    ],
                    is_staff: true,
                    ..Self::sample("held")
                },
            ),
            (
                "rejected",
                Self {
                    holds: vec![HoldView::sample_decided("credit", "rejected")],
                    can_cancel: false,
                    ..Self::sample("rejected")
                },
            ),
            (
                "expired",
                Self {
                    holds: vec![HoldView {
                        decided_by: None,
                        ..HoldView::sample_decided("credit", "expired")
                    }],
                    can_cancel: false,
                    ..Self::sample("expired")
                },
            ),
            ("staff", staff),
            (
                "cancel without a reason",
                Self {
                    cancel_form: FormState::new().error("reason", Message::new("error-required")),
                    ..Self::sample("confirmed")
                },
            ),
        ]
    }
}

impl View for CreditNotesPage {
    const TEMPLATE: &'static str = "pages/orders/credit_notes.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |number: &str, order: Option<&str>| CreditNoteRow {
            number: number.into(),
            date: "2026-02-27".into(),
            amount: eur(-3_840),
            order_number: order.map(Into::into),
            account_name: "Corner Shop Hannover".into(),
        };
        vec![
            (
                "some",
                Self {
                    query: Query::new(),
                    rows: vec![row("C100017", Some("100201")), row("C100011", None)],
                    paging: Paging::new(1, 50, 2),
                },
            ),
            (
                "none",
                Self {
                    query: Query::new(),
                    rows: vec![],
                    paging: Paging::new(1, 50, 0),
                },
            ),
        ]
    }
}
