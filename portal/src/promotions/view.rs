//! Promotions and funds as the brand's people see them.

mod samples;

use serde::Serialize;

use crate::campaigns::results::view::CampaignResults;
use crate::web::form::FormState;
use crate::web::shape::{Choice, Day, Instant, Message, Money, Paging, Query, Unit};

/// A promotion as a row of a list.
#[derive(Clone, Debug, Serialize)]
pub struct PromotionRow {
    pub id: String,
    pub code: String,
    pub name: String,
    /// Named by the message `promotion-state-<state>`.
    pub state: String,
    pub short: Message,
    pub valid_from: Day,
    pub valid_last: Option<Day>,
    pub uses: i64,
    pub spent: Money,
    pub created_by: String,
}

/// A promotion in the calendar: columns are weeks, counted from 1.
#[derive(Clone, Debug, Serialize)]
pub struct Lane {
    pub id: String,
    pub name: String,
    pub state: String,
    pub from_week: i64,
    pub weeks: i64,
    pub valid_from: Day,
    pub valid_last: Option<Day>,
}

/// A month above the calendar.
#[derive(Clone, Debug, Serialize)]
pub struct MonthHead {
    /// Named by the message `month-<number>`.
    pub month: i64,
    pub year: i64,
    pub from_week: i64,
    pub weeks: i64,
}

/// The calendar of half a year.
#[derive(Clone, Debug, Serialize)]
pub struct CalendarView {
    pub months: Vec<MonthHead>,
    pub lanes: Vec<Lane>,
    pub today_week: i64,
    /// Promotions of that time that are not drawn.
    pub more: i64,
}

/// `/kam/promotions`.
#[derive(Clone, Debug, Serialize)]
pub struct PromotionsPage {
    pub query: Query,
    pub states: Vec<Choice>,
    pub rows: Vec<PromotionRow>,
    pub paging: Paging,
    pub calendar: CalendarView,
    pub can_plan: bool,
}

/// A line of an example basket.
#[derive(Clone, Debug, Serialize)]
pub struct ExampleLine {
    pub sku: String,
    pub name: String,
    pub quantity: i64,
    pub unit: Unit,
    pub net: Money,
    pub discount: Money,
    pub after: Money,
    /// Came along at no charge.
    pub free: bool,
}

/// An example basket, worked out.
#[derive(Clone, Debug, Serialize)]
pub struct ExampleBasket {
    pub title: Message,
    pub lines: Vec<ExampleLine>,
    pub net: Money,
    pub discount: Money,
    pub after: Money,
    pub free_freight: bool,
    pub near: Option<Message>,
}

/// What a promotion does, for whom, when, how often.
#[derive(Clone, Debug, Serialize)]
pub struct Explained {
    pub sentence: Message,
    pub short: Message,
    pub items: Message,
    pub validity: Message,
    pub limits: Vec<Message>,
    pub reach: Vec<Message>,
    /// Accounts that the reader sees and the promotion reaches.
    pub reached: i64,
    /// The first of them.
    pub accounts: Vec<String>,
    pub class: Option<String>,
    pub priority: i64,
    pub examples: Vec<ExampleBasket>,
}

/// The form of a promotion.
#[derive(Clone, Debug, Serialize)]
pub struct EditorPage {
    /// None of a new one.
    pub id: Option<String>,
    pub form: FormState,
    pub kinds: Vec<Choice>,
    pub counts: Vec<Choice>,
    pub currencies: Vec<Choice>,
    pub funds: Vec<Choice>,
    pub brands: Vec<Choice>,
    pub categories: Vec<Choice>,
    pub without_brands: Vec<Choice>,
    pub without_categories: Vec<Choice>,
    pub groups: Vec<Choice>,
    pub regions: Vec<Choice>,
    /// A KAM's promotion reaches accounts of theirs, by number.
    pub only_accounts: bool,
    pub preview: Option<Explained>,
}

/// How much of a budget is spent: parts of 1,000 for the bar.
#[derive(Clone, Debug, Serialize)]
pub struct Burn {
    pub budget: Money,
    pub reserved: Money,
    pub committed: Money,
    pub left: Money,
    pub committed_permille: i64,
    pub reserved_permille: i64,
    /// Reserved and committed of the budget.
    pub used_bp: i64,
}

/// An order in which a promotion gave something.
#[derive(Clone, Debug, Serialize)]
pub struct UseRow {
    pub order: String,
    pub account_name: String,
    pub account_number: String,
    pub at: Instant,
    /// `reserved`, `committed` or `released`.
    pub state: String,
    pub order_net: Money,
    pub spend: Money,
}

/// What has come of a promotion so far, in the accounts the reader sees.
#[derive(Clone, Debug, Serialize)]
pub struct ResultsView {
    pub orders: i64,
    pub accounts: i64,
    pub pieces: i64,
    pub net: Money,
    pub spend: Money,
    /// Of the net, in basis points; none without any.
    pub spend_bp: Option<i64>,
    pub cap: Option<Money>,
    pub cap_permille: i64,
    pub latest: Vec<UseRow>,
}

/// What can be done with it now.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Actions {
    pub edit: bool,
    pub copy: bool,
    pub submit: bool,
    pub withdraw: bool,
    pub approve: bool,
    /// It waits for somebody else than the reader, who submitted it.
    pub own: bool,
    pub send_back: bool,
    pub stop: bool,
    pub cancel: bool,
    pub settle: bool,
}

/// `/kam/promotions/{id}`.
#[derive(Clone, Debug, Serialize)]
pub struct PromotionPage {
    pub id: String,
    pub code: String,
    pub name: String,
    pub note: String,
    pub state: String,
    /// `percent`, `buy_get` …
    pub kind: String,
    pub explained: Explained,
    pub fund: Option<FundLink>,
    pub results: Option<ResultsView>,
    /// What came of telling retailers of it.
    pub campaign: Option<CampaignResults>,
    pub created_by: String,
    pub created_at: Instant,
    pub submitted_by: Option<String>,
    pub submitted_at: Option<Instant>,
    pub approved_by: Option<String>,
    pub approved_at: Option<Instant>,
    pub stopped_at: Option<Instant>,
    pub actions: Actions,
    /// Of sending it back.
    pub form: FormState,
}

/// The fund of a promotion.
#[derive(Clone, Debug, Serialize)]
pub struct FundLink {
    pub id: String,
    pub name: String,
    pub burn: Burn,
}

/// A fund as a row.
#[derive(Clone, Debug, Serialize)]
pub struct FundRow {
    pub id: String,
    pub code: String,
    pub name: String,
    pub burn: Burn,
    pub promotions: i64,
}

/// `/kam/funds`.
#[derive(Clone, Debug, Serialize)]
pub struct FundsPage {
    pub query: Query,
    pub rows: Vec<FundRow>,
    pub paging: Paging,
    pub can_change: bool,
    pub form: FormState,
    pub currencies: Vec<Choice>,
}

/// One entry of a fund's book.
#[derive(Clone, Debug, Serialize)]
pub struct FundEntryRow {
    pub at: Instant,
    /// `reserve`, `commit` or `release`.
    pub kind: String,
    pub promotion_id: String,
    pub promotion: String,
    /// None where the order is of an account that the reader does not see.
    pub order: Option<String>,
    pub reserved: Money,
    pub committed: Money,
}

/// `/kam/funds/{id}`.
#[derive(Clone, Debug, Serialize)]
pub struct FundPage {
    pub fund: FundRow,
    pub query: Query,
    pub entries: Vec<FundEntryRow>,
    pub paging: Paging,
    pub promotions: Vec<PromotionRow>,
    pub can_change: bool,
    pub form: FormState,
}
