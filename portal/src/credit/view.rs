//! The statement, the ledger and the terms of credit as pages.

use serde::Serialize;
use trade::credit::{Age, Standing};

use crate::error::Result;
use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::{Choice, Day, Instant, Message, Money, Paging, Query, eur};

/// Where a bill-to stands, with the parts of a bar for it.
#[derive(Clone, Debug, Serialize)]
pub struct CreditView {
    pub limit: Option<Money>,
    pub exposure: Money,
    /// Negative where it is over the limit.
    pub remaining: Option<Money>,
    pub over_limit: bool,
    pub receivable: Money,
    pub confirmed: Money,
    pub held: Money,
    /// Late by any number of days.
    pub overdue: Money,
    /// Late beyond what is tolerated: orders are held meanwhile.
    pub overdue_held: bool,
    pub tolerance_days: i64,
    pub bar: Bar,
}

/// Thousandths of the bar's length, one part after the other.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Bar {
    pub receivable: i64,
    pub confirmed: i64,
    pub held: i64,
    /// Where the limit stands; the end unless it is exceeded.
    pub limit: Option<i64>,
}

impl CreditView {
    /// # Errors
    /// A sum beyond 64 bits.
    pub fn of(standing: &Standing, overdue: Money, overdue_held: bool) -> Result<CreditView> {
        let remaining = standing.remaining()?;
        Ok(CreditView {
            limit: standing.limit,
            exposure: standing.exposure()?,
            remaining,
            over_limit: remaining.is_some_and(|left| left.minor < 0),
            receivable: standing.receivable,
            confirmed: standing.confirmed,
            held: standing.held,
            overdue,
            overdue_held,
            tolerance_days: standing.tolerance_days.into(),
            bar: Bar::of(standing),
        })
    }

    fn sample(limit: Option<i64>) -> CreditView {
        let standing = Standing {
            bill_to: trade::id::AccountId(uuid::Uuid::nil()),
            limit: limit.map(eur),
            held: eur(120_000),
            confirmed: eur(260_000),
            receivable: eur(1_204_330),
            tolerance_days: 14,
        };
        let remaining = standing.remaining().ok().flatten();
        CreditView {
            limit: standing.limit,
            exposure: eur(1_584_330),
            remaining,
            over_limit: remaining.is_some_and(|left| left.minor < 0),
            receivable: standing.receivable,
            confirmed: standing.confirmed,
            held: standing.held,
            overdue: eur(84_020),
            overdue_held: limit.is_none(),
            tolerance_days: 14,
            bar: Bar::of(&standing),
        }
    }
}

impl Bar {
    fn of(standing: &Standing) -> Bar {
        let positive = |money: Money| i128::from(Ord::max(money.minor, 0));
        let parts = [standing.receivable, standing.confirmed, standing.held].map(positive);
        let used: i128 = parts.iter().sum();
        let limit = standing.limit.map(positive);
        let whole = Ord::max(Ord::max(used, limit.unwrap_or(0)), 1);
        let share = |part: i128| i64::try_from(part * 1_000 / whole).unwrap_or(0);
        let [receivable, confirmed, held] = parts.map(share);
        Bar {
            receivable,
            confirmed,
            held,
            limit: limit.map(share),
        }
    }
}

/// What is open at an age.
#[derive(Clone, Debug, Serialize)]
pub struct AgeRow {
    /// The message `age-<age>` names it.
    pub age: &'static str,
    pub open: Money,
    pub late: bool,
}

/// The word of an age in messages and files.
#[must_use]
pub fn age_word(age: Age) -> &'static str {
    match age {
        Age::NotDue => "not-due",
        Age::To30 => "to-30",
        Age::To60 => "to-60",
        Age::To90 => "to-90",
        Age::Beyond90 => "beyond-90",
        Age::Credit => "credit",
    }
}

/// What may be taken off an item for paying early.
#[derive(Clone, Debug, Serialize)]
pub struct EarlyPayment {
    pub until: Day,
    pub discount_bp: i64,
    /// What then settles it.
    pub pay: Money,
}

/// One open item.
#[derive(Clone, Debug, Serialize)]
pub struct ItemRow {
    pub number: String,
    /// `invoice`, `credit_note` or `payment`: the message `item-<kind>` names it.
    pub kind: String,
    pub order_number: Option<String>,
    /// The order is the reader's to open.
    pub order_linked: bool,
    pub issued_on: Day,
    pub due_on: Day,
    pub days_late: i64,
    pub amount: Money,
    pub open: Money,
    pub early: Option<EarlyPayment>,
}

/// Who pays for an account that does not pay for itself.
#[derive(Clone, Debug, Serialize)]
pub struct PaidBy {
    pub name: String,
    /// The number, where the reader may see that account.
    pub number: Option<String>,
}

/// `/invoices`, and `/kam/accounts/{number}/statement` with `for_brand`.
#[derive(Clone, Debug, Serialize)]
pub struct StatementPage {
    pub account_name: String,
    pub account_number: String,
    pub for_brand: bool,
    /// Another account pays: there are no figures then.
    pub paid_by: Option<PaidBy>,
    pub credit: Option<CreditView>,
    pub ages: Vec<AgeRow>,
    pub total: Money,
    pub rows: Vec<ItemRow>,
    pub query: Query,
    pub paging: Paging,
    /// The page's own address.
    pub path: String,
    /// The statement as a file.
    pub csv: String,
}

/// One entry of the ledger.
#[derive(Clone, Debug, Serialize)]
pub struct LedgerRow {
    pub at: Instant,
    pub cause: Message,
    pub order_number: Option<String>,
    pub held: Money,
    pub confirmed: Money,
    pub receivable: Money,
}

/// `/kam/accounts/{number}/ledger`.
#[derive(Clone, Debug, Serialize)]
pub struct LedgerPage {
    pub account_name: String,
    pub account_number: String,
    pub credit: CreditView,
    pub rows: Vec<LedgerRow>,
    pub query: Query,
    pub paging: Paging,
}

/// The terms of an account on its profile, and the form for those who may change them.
#[derive(Clone, Debug, Serialize)]
pub struct TermsView {
    pub paid_by: Option<PaidBy>,
    pub credit: Option<CreditView>,
    pub early_payment_days: i64,
    pub early_payment_bp: i64,
    pub minimum_order: Money,
    /// The message `delivery-<policy>` names it.
    pub delivery_policy: String,
    pub review_note: Option<String>,
    pub may_change: bool,
    pub form: FormState,
    pub policies: Vec<Choice>,
}

impl TermsView {
    /// For samples of pages that show it.
    #[must_use]
    pub fn sample(may_change: bool) -> TermsView {
        TermsView {
            paid_by: (!may_change).then(|| PaidBy {
                name: "Tierwelt Holding".into(),
                number: Some("10002".into()),
            }),
            credit: may_change.then(|| CreditView::sample(Some(2_500_000))),
            early_payment_days: if may_change { 10 } else { 0 },
            early_payment_bp: if may_change { 200 } else { 0 },
            minimum_order: eur(15_000),
            delivery_policy: "back_order".into(),
            review_note: may_change.then(|| "New owner since March: look at each order".into()),
            may_change,
            form: FormState::new().error("credit_limit", Message::new("error-amount")),
            policies: vec![
                Choice::new("complete", "", false),
                Choice::new("back_order", "", true),
            ],
        }
    }
}

impl View for StatementPage {
    const TEMPLATE: &'static str = "pages/credit/statement.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let age = |age, open: i64, late| AgeRow {
            age,
            open: eur(open),
            late,
        };
        let item = ItemRow {
            number: "R-100411".into(),
            kind: "invoice".into(),
            order_number: Some("100411".into()),
            order_linked: true,
            issued_on: "2026-03-10".into(),
            due_on: "2026-04-09".into(),
            days_late: 0,
            amount: eur(120_433),
            open: eur(120_433),
            early: Some(EarlyPayment {
                until: "2026-03-20".into(),
                discount_bp: 200,
                pay: eur(118_024),
            }),
        };
        let late = ItemRow {
            number: "R-100388".into(),
            order_linked: false,
            due_on: "2026-02-20".into(),
            days_late: 20,
            early: None,
            ..item.clone()
        };
        let note = ItemRow {
            number: "G-2201".into(),
            kind: "credit_note".into(),
            order_number: None,
            amount: eur(-4_000),
            open: eur(-2_000),
            early: None,
            ..item.clone()
        };
        let full = Self {
            account_name: "Corner Shop Hannover".into(),
            account_number: "10001".into(),
            for_brand: false,
            paid_by: None,
            credit: Some(CreditView::sample(Some(2_500_000))),
            ages: vec![
                age("not-due", 1_122_310, false),
                age("to-30", 84_020, true),
                age("to-60", 0, true),
                age("to-90", 0, true),
                age("beyond-90", 0, true),
                age("credit", -2_000, false),
            ],
            total: eur(1_204_330),
            rows: vec![late, item, note],
            query: Query::new(),
            paging: Paging::new(1, 50, 61),
            path: "/invoices".into(),
            csv: "/invoices.csv".into(),
        };
        let none = Self {
            credit: Some(CreditView::sample(None)),
            ages: vec![],
            rows: vec![],
            total: eur(0),
            paging: Paging::new(1, 50, 0),
            ..full.clone()
        };
        let by_parent = Self {
            paid_by: Some(PaidBy {
                name: "Tierwelt Holding".into(),
                number: Some("10002".into()),
            }),
            credit: None,
            ..none.clone()
        };
        let brand = Self {
            for_brand: true,
            credit: Some(CreditView::sample(Some(1_000_000))),
            ..full.clone()
        };
        vec![
            ("full", full),
            ("nothing open", none),
            ("paid by the parent", by_parent),
            ("for the brand", brand),
        ]
    }
}

impl View for LedgerPage {
    const TEMPLATE: &'static str = "pages/credit/ledger.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |key: &str, held, confirmed, receivable| LedgerRow {
            at: 1_773_300_000_000,
            cause: Message::new(key)
                .with("order", "100411")
                .with("item", "R-100411"),
            order_number: Some("100411".into()),
            held: eur(held),
            confirmed: eur(confirmed),
            receivable: eur(receivable),
        };
        let full = Self {
            account_name: "Corner Shop Hannover".into(),
            account_number: "10001".into(),
            credit: CreditView::sample(Some(2_500_000)),
            rows: vec![
                row("ledger-item", 0, 0, 120_433),
                row("ledger-billed", 0, -120_433, 0),
                row("ledger-confirmed", -120_433, 120_433, 0),
                row("ledger-given-back", -120_433, 0, 0),
                row("ledger-held", 120_433, 0, 0),
            ],
            query: Query::new(),
            paging: Paging::new(1, 50, 5),
        };
        let none = Self {
            rows: vec![],
            paging: Paging::new(1, 50, 0),
            ..full.clone()
        };
        vec![("full", full), ("empty", none)]
    }
}
