//! Stock as pages, and what other pages say of it.

use serde::Serialize;
use trade::stock::Promise;

use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::{Choice, Currency, Day, Instant, Message, Paging, Query, Unit, UnitPrice};

/// "24 now, 12 on 19 March, 6 later", counted in one unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SplitView {
    pub now: i64,
    pub later: Vec<PartView>,
    /// Of what nobody knows when it comes.
    pub unknown: i64,
}

/// What comes on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PartView {
    pub date: Day,
    pub quantity: i64,
}

impl From<&Promise> for SplitView {
    fn from(promise: &Promise) -> Self {
        let part = |(day, quantity): &(jiff::civil::Date, i64)| PartView {
            date: day.to_string(),
            quantity: *quantity,
        };
        Self {
            now: promise.now,
            later: promise.later.iter().map(part).collect(),
            unknown: promise.unknown,
        }
    }
}

impl SplitView {
    pub fn sample() -> Self {
        Self {
            now: 24,
            later: vec![PartView {
                date: "2026-03-19".into(),
                quantity: 12,
            }],
            unknown: 6,
        }
    }
}

/// Something to take instead of an item that is short.
#[derive(Clone, Debug, Serialize)]
pub struct SubstituteView {
    pub sku: String,
    pub name: String,
    pub unit: Unit,
    pub quantity: i64,
    pub unit_price: UnitPrice,
    pub currency: Currency,
    /// The same in base units.
    pub pieces: i64,
    /// Why it is offered; none where the brand itself names it.
    pub reason: Option<Message>,
}

impl From<&super::short::Substitute> for SubstituteView {
    fn from(other: &super::short::Substitute) -> Self {
        Self {
            sku: other.sku.clone(),
            name: other.name.clone(),
            unit: other.unit,
            quantity: other.quantity,
            unit_price: other.unit_price,
            currency: other.currency,
            pieces: other.pieces,
            reason: other.reason.clone(),
        }
    }
}

impl SubstituteView {
    pub fn sample() -> Self {
        Self {
            sku: "DOG-ADL-15".into(),
            name: "Adult Dog Lamb & Rice 12 kg".into(),
            unit: Unit::Case,
            quantity: 24,
            unit_price: UnitPrice(34_900),
            currency: Currency::EUR,
            pieces: 288,
            reason: Some(Message::new("instead-replaces").with("switched", 4)),
        }
    }
}

/// An item somebody waits for.
#[derive(Clone, Debug, Serialize)]
pub struct AlertRow {
    pub sku: String,
    pub name: String,
    pub since: Instant,
}

/// One product of the brand's stock, in base units.
#[derive(Clone, Debug, Serialize)]
pub struct StockRow {
    pub sku: String,
    pub name: String,
    pub unit: Unit,
    /// None where it has never been counted.
    pub on_hand: Option<i64>,
    pub allocated: i64,
    pub reserved: i64,
    pub available: Option<i64>,
    pub owed: i64,
    pub expected_on: Option<Day>,
    pub expected_quantity: Option<i64>,
    /// Expected on a day that has passed.
    pub late: bool,
}

/// `/kam/stock`.
#[derive(Clone, Debug, Serialize)]
pub struct StockPage {
    pub query: Query,
    /// What can be shown alone; the message `stock-show-<value>` names it.
    pub shows: Vec<Choice>,
    pub rows: Vec<StockRow>,
    pub paging: Paging,
    pub is_filtered: bool,
    /// Whether the reader counts and books goods in.
    pub can_book: bool,
}

/// Goods on their way.
#[derive(Clone, Debug, Serialize)]
pub struct ReceiptRow {
    pub date: Day,
    pub quantity: i64,
    pub late: bool,
}

/// An order that is owed some.
#[derive(Clone, Debug, Serialize)]
pub struct WaitingRow {
    pub number: String,
    pub state: String,
    pub account: String,
    pub placed_at: Instant,
    pub owed: i64,
}

/// A change with its cause; the message `movement-<cause>` names it.
#[derive(Clone, Debug, Serialize)]
pub struct MovementRow {
    pub at: Instant,
    pub cause: String,
    pub on_hand: i64,
    pub allocated: i64,
    pub reserved: i64,
    /// An order's number, or who and why.
    pub reference: String,
    pub is_order: bool,
}

/// `/kam/stock/{sku}`. Forms: `…/receive` (seen, quantity, expected, rest, reference), `…/count`
/// (seen, on_hand, reason), `…/receipts` (repeated date and quantity).
#[derive(Clone, Debug, Serialize)]
pub struct StockItemPage {
    pub sku: String,
    pub name: String,
    pub unit: Unit,
    /// `strict`, `back_order` or `untracked`; the message `stock-policy-<policy>` says what it is.
    pub policy: String,
    pub counted: bool,
    /// Whether it has ever been counted.
    pub known: bool,
    pub on_hand: i64,
    pub allocated: i64,
    pub reserved: i64,
    pub available: i64,
    pub owed: i64,
    /// A day of which nobody has said how much comes.
    pub day: Option<Day>,
    pub today: Day,
    pub receipts: Vec<ReceiptRow>,
    /// Day and quantity as they stand in the form, with empty rows for more.
    pub typed: Vec<(String, String)>,
    pub waiting: Vec<WaitingRow>,
    pub movements: Vec<MovementRow>,
    pub paging: Paging,
    pub query: Query,
    pub can_book: bool,
    pub receive: FormState,
    pub count: FormState,
    pub expect: FormState,
}

impl View for StockPage {
    const TEMPLATE: &'static str = "pages/kam/stock.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |sku: &str, on_hand: Option<i64>, promised, owed| StockRow {
            sku: sku.into(),
            name: "Adult Dog Beef & Barley 12 kg".into(),
            unit: Unit::Piece,
            on_hand,
            allocated: promised,
            reserved: 12,
            available: on_hand.map(|there| there - promised - 12),
            owed,
            expected_on: (owed > 0).then(|| "2026-03-19".into()),
            expected_quantity: (owed > 0).then_some(480),
            late: owed > 100,
        };
        let all = Self {
            query: Query::new(),
            shows: ["short", "negative", "owed", "late"]
                .map(|show| Choice::new(show, "", show == "owed"))
                .to_vec(),
            rows: vec![
                row("DOG-ADL-12", Some(480), 120, 0),
                row("DOG-PUP-03", Some(60), 60, 36),
                row("CAT-WET-85", Some(0), 0, 120),
                row("SNK-BIS-01", None, 0, 0),
            ],
            paging: Paging::new(1, 50, 312),
            is_filtered: false,
            can_book: true,
        };
        let none = Self {
            rows: vec![],
            paging: Paging::new(1, 50, 0),
            is_filtered: true,
            can_book: false,
            ..all.clone()
        };
        vec![("all", all), ("none found", none)]
    }
}

impl View for StockItemPage {
    const TEMPLATE: &'static str = "pages/kam/stock_item.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let movement = |cause: &str, on_hand, allocated, reserved, reference: &str| MovementRow {
            at: 1_773_298_800_000,
            is_order: !matches!(cause, "count" | "receipt"),
            cause: cause.into(),
            on_hand,
            allocated,
            reserved,
            reference: reference.into(),
        };
        let receipt = |date: &str, quantity, late| ReceiptRow {
            date: date.into(),
            quantity,
            late,
        };
        let full = Self {
            sku: "DOG-ADL-12".into(),
            name: "Adult Dog Beef & Barley 12 kg".into(),
            unit: Unit::Piece,
            policy: "back_order".into(),
            counted: true,
            known: true,
            on_hand: 120,
            allocated: 96,
            reserved: 24,
            available: 0,
            owed: 36,
            day: None,
            today: "2026-03-12".into(),
            receipts: vec![
                receipt("2026-03-10", 60, true),
                receipt("2026-03-19", 480, false),
            ],
            typed: vec![
                ("2026-03-10".into(), "60".into()),
                ("2026-03-19".into(), "480".into()),
                (String::new(), String::new()),
            ],
            waiting: vec![WaitingRow {
                number: "100231".into(),
                state: "confirmed".into(),
                account: "Corner Shop Hannover".into(),
                placed_at: 1_773_298_800_000,
                owed: 36,
            }],
            movements: vec![
                movement("count", -4, 0, 0, "Olaf Ops: broken bags"),
                movement("receipt", 480, 0, 0, "Olaf Ops: DN 4711"),
                movement("order", 0, 0, 24, "100240"),
                movement("confirmation", 0, 24, -24, "100240"),
                movement("allocation", 0, 36, 0, "100231"),
                movement("cancellation", 0, -36, 0, "100231"),
                movement("rejection", 0, 0, -12, "100230"),
                movement("expiry", 0, 0, -12, "100229"),
            ],
            paging: Paging::new(1, 50, 128),
            query: Query::new(),
            can_book: true,
            receive: FormState::new(),
            count: FormState::new().error(
                "",
                Message::new("stock-changed-meanwhile").with("there", 118),
            ),
            expect: FormState::new(),
        };
        let plain = Self {
            counted: false,
            known: false,
            policy: "untracked".into(),
            receipts: vec![],
            typed: vec![],
            waiting: vec![],
            movements: vec![],
            day: Some("2026-03-19".into()),
            paging: Paging::new(1, 50, 0),
            can_book: false,
            count: FormState::new(),
            ..full.clone()
        };
        vec![("to book", full), ("not counted, to look at", plain)]
    }
}
