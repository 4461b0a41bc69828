//! The mails an order causes.

use serde::Serialize;

use super::hold_mail_view::MailHold;
use crate::pricing::view::PromotionStep;
use crate::web::page::View;
use crate::web::shape::{Address, Currency, Day, Money, Totals, Unit, UnitPrice, eur};

/// A line as a mail shows it.
#[derive(Clone, Debug, Serialize)]
pub struct MailLine {
    pub sku: String,
    pub name: String,
    pub quantity: i64,
    pub unit: Unit,
    pub unit_price: UnitPrice,
    pub price_unit: Unit,
    pub currency: Currency,
    pub total: Money,
    /// What promotions took off it; of goods that came along, what they came with.
    pub promotions: Vec<PromotionStep>,
    pub is_free: bool,
    /// Counted in the ordered unit.
    pub back_ordered: i64,
    pub expected: Option<Day>,
}

/// Somebody's yes to a colleague's order.
#[derive(Clone, Debug, Serialize)]
pub struct Approval {
    pub by: String,
    /// In their words.
    pub reason: Option<String>,
}

/// To the buyer, with the confirmation attached.
#[derive(Clone, Debug, Serialize)]
pub struct OrderConfirmationMail {
    pub brand_name: String,
    pub name: String,
    pub number: String,
    /// `confirmed` or `held`.
    pub state: String,
    pub po_number: Option<String>,
    pub placed_on: Day,
    pub placed_by: String,
    pub on_behalf_of: Option<String>,
    /// A program placed it; its name stands where a person's would.
    pub by_program: bool,
    pub requested_date: Option<Day>,
    pub expected_date: Option<Day>,
    pub ship_to: Address,
    pub lines: Vec<MailLine>,
    pub totals: Totals,
    pub terms_days: i64,
    pub note: Option<String>,
    /// Who of the retailer approved it.
    pub approvals: Vec<Approval>,
    /// What it waits for.
    pub holds: Vec<MailHold>,
    pub link: String,
}

/// To the KAM, short.
#[derive(Clone, Debug, Serialize)]
pub struct OrderReceivedMail {
    pub brand_name: String,
    pub name: String,
    pub account_name: String,
    pub account_number: String,
    pub number: String,
    pub state: String,
    pub lines: i64,
    pub net: Money,
    pub placed_by: String,
    pub on_behalf: bool,
    pub link: String,
}

/// To the buyer and the KAM when an order is cancelled.
#[derive(Clone, Debug, Serialize)]
pub struct OrderCancelledMail {
    pub brand_name: String,
    pub name: String,
    pub account_name: String,
    pub number: String,
    pub po_number: Option<String>,
    pub cancelled_by: String,
    pub reason: String,
    pub net: Money,
    /// To the KAM.
    pub is_staff: bool,
    pub link: String,
}

impl Approval {
    pub fn sample() -> Self {
        Self {
            by: "Anton Arndt".into(),
            reason: Some("For the summer sale".into()),
        }
    }
}

impl View for OrderConfirmationMail {
    const TEMPLATE: &'static str = "emails/order_confirmation";

    fn samples() -> Vec<(&'static str, Self)> {
        let line = |sku: &str, back_ordered| MailLine {
            sku: sku.into(),
            name: "Adult Dog Beef & Barley 12 kg".into(),
            quantity: 24,
            unit: Unit::Case,
            unit_price: UnitPrice(33_500),
            price_unit: Unit::Piece,
            currency: Currency::EUR,
            total: eur(96_480),
            promotions: vec![PromotionStep {
                code: "SPRING".into(),
                name: "Spring offer".into(),
                discount: eur(1_240),
            }],
            is_free: false,
            back_ordered,
            expected: (back_ordered > 0).then(|| "2026-03-19".into()),
        };
        let confirmed = Self {
            brand_name: "Feldhof".into(),
            name: "Britta Becker".into(),
            number: "100240".into(),
            state: "confirmed".into(),
            po_number: Some("PO-4711".into()),
            placed_on: "2026-03-12".into(),
            placed_by: "Britta Becker".into(),
            on_behalf_of: None,
            by_program: false,
            requested_date: Some("2026-03-14".into()),
            expected_date: Some("2026-03-16".into()),
            ship_to: Address {
                name: "Store Hannover".into(),
                lines: vec!["Lange Str. 4".into(), "30159 Hannover".into()],
            },
            lines: vec![
                line("DOG-ADL-12", 0),
                MailLine {
                    name: "Rinderkopfhautstangen/Büffelhautkauknochenmischung im Thekendisplay \
                           48 × 85 g"
                        .into(),
                    ..line("CAT-WET-85", 4)
                },
            ],
            totals: Totals::sample(192_960, 36_662),
            terms_days: 30,
            note: Some("Please ring at the yard gate.".into()),
            approvals: vec![Approval::sample()],
            holds: vec![],
            link: "https://kontor.example/orders/100240".into(),
        };
        let held = Self {
            state: "held".into(),
            po_number: None,
            note: None,
            requested_date: None,
            expected_date: None,
            placed_by: "Karl Kamp".into(),
            on_behalf_of: Some("Corner Shop Hannover".into()),
            terms_days: 0,
            approvals: vec![],
            holds: vec![MailHold::sample()],
            ..confirmed.clone()
        };
        let by_program = Self {
            placed_by: "Till system".into(),
            by_program: true,
            approvals: vec![],
            ..confirmed.clone()
        };
        vec![
            ("confirmed", confirmed),
            ("held", held),
            ("by a program", by_program),
        ]
    }
}

impl View for OrderReceivedMail {
    const TEMPLATE: &'static str = "emails/order_received_by_kam";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![(
            "confirmed",
            Self {
                brand_name: "Feldhof".into(),
                name: "Karl Kamp".into(),
                account_name: "Corner Shop Hannover".into(),
                account_number: "10001".into(),
                number: "100240".into(),
                state: "confirmed".into(),
                lines: 14,
                net: eur(241_860),
                placed_by: "Britta Becker".into(),
                on_behalf: false,
                link: "https://kontor.example/orders/100240".into(),
            },
        )]
    }
}

impl View for OrderCancelledMail {
    const TEMPLATE: &'static str = "emails/order_cancelled";

    fn samples() -> Vec<(&'static str, Self)> {
        let buyer = Self {
            brand_name: "Feldhof".into(),
            name: "Britta Becker".into(),
            account_name: "Corner Shop Hannover".into(),
            number: "100240".into(),
            po_number: Some("PO-4711".into()),
            cancelled_by: "Anton Arndt".into(),
            reason: "Ordered twice".into(),
            net: eur(241_860),
            is_staff: false,
            link: "https://kontor.example/orders/100240".into(),
        };
        let kam = Self {
            name: "Karl Kamp".into(),
            is_staff: true,
            ..buyer.clone()
        };
        vec![("by the buyer", buyer), ("to the kam", kam)]
    }
}
