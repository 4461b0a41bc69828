//! The KAM's portfolio and an account's profile.

use serde::Serialize;
use trade::price::Rank;

use super::insight_view::InsightView;
use crate::company::view::{ShipToRow, UserRow};
use crate::credit::view::TermsView;
use crate::orders::view::OrderRow;
use crate::web::page::View;
use crate::web::shape::{Address, Currency, Day, Money, Paging, Query, eur};

/// One account of the portfolio.
#[derive(Clone, Debug, Serialize)]
pub struct AccountRow {
    pub number: String,
    pub name: String,
    pub group: Option<String>,
    pub city: String,
    pub last_order: Option<Day>,
    pub orders_12m: i64,
    pub revenue_12m: Money,
    /// Revenue of each of the last twelve months, oldest first; empty where unknown.
    pub months: Vec<i64>,
    /// Points of the sparkline in a view box of 96 × 24, from [`sparkline`].
    pub spark: String,
}

/// The points of a sparkline in a view box of 96 × 24.
pub fn sparkline(values: &[i64]) -> String {
    let max = values.iter().copied().max().unwrap_or(0).max(1);
    let steps = i64::try_from(values.len().saturating_sub(1))
        .unwrap_or(1)
        .max(1);
    (0_i64..)
        .zip(values)
        .map(|(index, value)| {
            format!(
                "{},{}",
                1 + index * 94 / steps,
                22 - value.max(&0) * 20 / max
            )
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// `/kam/accounts`. `sort` is one of `name`, `number`, `last_order`, `orders`, `revenue`, with a
/// leading `-` for the other way round.
#[derive(Clone, Debug, Serialize)]
pub struct AccountsPage {
    pub query: Query,
    pub sort: String,
    pub rows: Vec<AccountRow>,
    pub paging: Paging,
    pub can_act: bool,
}

/// A contract of an account or of its group.
#[derive(Clone, Debug, Serialize)]
pub struct ContractRow {
    pub name: String,
    pub valid_from: Day,
    pub valid_last: Option<Day>,
    /// Through which group it applies; none for the account's own.
    pub group: Option<String>,
    pub discounts: Vec<DiscountRow>,
}

/// "12.5 % on Dry food".
#[derive(Clone, Debug, Serialize)]
pub struct DiscountRow {
    /// `sku`, `brand`, `category` or `everything`.
    pub on: String,
    pub name: String,
    pub discount_bp: i64,
}

/// A price list that applies, in rank order.
#[derive(Clone, Debug, Serialize)]
pub struct PriceListRow {
    pub rank: Rank,
    pub name: String,
    pub currency: Currency,
    pub valid_from: Option<Day>,
    pub valid_last: Option<Day>,
    pub prices: i64,
}

/// `/kam/accounts/{number}`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountPage {
    pub account: AccountRow,
    pub bill_to: Address,
    pub vat_id: Option<String>,
    pub parent: Option<String>,
    pub kams: Vec<String>,
    pub terms_days: i64,
    pub terms: TermsView,
    pub contracts: Vec<ContractRow>,
    pub price_lists: Vec<PriceListRow>,
    pub orders: Vec<OrderRow>,
    pub users: Vec<UserRow>,
    pub ship_tos: Vec<ShipToRow>,
    pub can_act: bool,
    pub insight: InsightView,
}

impl AccountRow {
    pub fn sample(number: &str, name: &str) -> Self {
        let months = vec![210, 180, 240, 260, 190, 310, 280, 330, 300, 360, 340, 390];
        Self {
            number: number.into(),
            name: name.into(),
            group: Some("Independent retailers North".into()),
            city: "Hannover".into(),
            last_order: Some("2026-03-11".into()),
            orders_12m: 48,
            revenue_12m: eur(11_241_860),
            spark: sparkline(&months),
            months,
        }
    }
}

impl View for AccountsPage {
    const TEMPLATE: &'static str = "pages/kam/accounts.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let never = AccountRow {
            group: None,
            last_order: None,
            orders_12m: 0,
            revenue_12m: eur(0),
            months: vec![],
            spark: String::new(),
            ..AccountRow::sample("10003", "Zoo Zeven")
        };
        let page = Self {
            query: Query::new(),
            sort: "-revenue".into(),
            rows: vec![
                AccountRow::sample("10001", "Corner Shop Hannover"),
                AccountRow::sample("10002", "Tierwelt Braunschweig"),
                never,
            ],
            paging: Paging::new(1, 50, 61),
            can_act: true,
        };
        let none = Self {
            rows: vec![],
            paging: Paging::new(1, 50, 0),
            query: [("q".to_owned(), "xyz".to_owned())].into(),
            can_act: false,
            ..page.clone()
        };
        vec![("portfolio", page), ("nothing found", none)]
    }
}

impl View for AccountPage {
    const TEMPLATE: &'static str = "pages/kam/account.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let discount = |on: &str, name: &str| DiscountRow {
            on: on.into(),
            name: name.into(),
            discount_bp: 1250,
        };
        let list = |rank: Rank, name: &str| PriceListRow {
            rank,
            name: name.into(),
            currency: Currency::EUR,
            valid_from: Some("2026-01-01".into()),
            valid_last: (rank == Rank::Contract).then(|| "2026-12-31".into()),
            prices: 318,
        };
        let full = Self {
            account: AccountRow::sample("10001", "Corner Shop Hannover"),
            bill_to: Address {
                name: "Corner Shop Hannover GmbH".into(),
                lines: vec!["Lange Str. 4".into(), "30159 Hannover".into()],
            },
            vat_id: Some("DE123456789".into()),
            parent: None,
            kams: vec!["Karl Kamp".into()],
            terms_days: 30,
            terms: TermsView::sample(true),
            contracts: vec![ContractRow {
                name: "Contract 2026".into(),
                valid_from: "2026-01-01".into(),
                valid_last: Some("2026-12-31".into()),
                group: None,
                discounts: vec![
                    discount("category", "Dry food"),
                    discount("brand", "Feldhof"),
                    discount("sku", "DOG-ADL-12"),
                    discount("everything", ""),
                ],
            }],
            price_lists: vec![
                list(Rank::Contract, "Contract 2026 Corner Shop"),
                list(Rank::Default, "List 2026"),
            ],
            orders: OrderRow::samples(),
            users: vec![UserRow::sample("Britta Becker", "buyer", "active")],
            ship_tos: vec![ShipToRow::sample("01", true)],
            can_act: true,
            insight: InsightView::sample(),
        };
        let young = Self {
            insight: InsightView::empty(),
            ..full.clone()
        };
        let bare = Self {
            vat_id: None,
            parent: Some("Tierwelt Holding".into()),
            terms: TermsView::sample(false),
            terms_days: 0,
            contracts: vec![],
            price_lists: vec![],
            orders: vec![],
            users: vec![],
            ship_tos: vec![],
            can_act: false,
            insight: InsightView::default(),
            ..full.clone()
        };
        vec![("full", full), ("young", young), ("bare", bare)]
    }
}
