//! The mail on a promotion, for one reader: made in one place, whether it is shown to its planner
//! or sent.

use jiff::civil::Date;
use serde::Serialize;
use trade::money::Money;
use uuid::Uuid;

use crate::app::App;
use crate::db::entity::{promotion, user};
use crate::db::words::Wave;
use crate::messages::links;
use crate::suggestions::telling::Fits;
use crate::web::page::View;
use crate::web::shape::{Day, Message, Unit, eur};

/// Items that are named; the others are counted.
const NAMED: usize = 8;

/// To somebody who buys for an account that a promotion fits.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PromotionMail {
    pub brand_name: String,
    pub name: String,
    pub promotion: String,
    /// The second mail, to who has not ordered.
    pub is_reminder: bool,
    /// Exactly what it does.
    pub sentence: Message,
    /// Its last day; none where no end is set.
    pub last_day: Option<Day>,
    /// Its weekday from Monday, 1, on, where that says enough: "ends on Friday".
    pub weekday: Option<i64>,
    /// What it takes off these quantities.
    pub saving: Money,
    /// What comes along free with them is worth so much.
    pub along: Money,
    /// What is missing for it to give anything; none where it does.
    pub near: Option<Message>,
    /// The quantities are those that are taken while it lasts, ordered at once.
    pub ahead: bool,
    pub items: Vec<MailItem>,
    /// Items beyond those.
    pub more: i64,
    /// Why the first of them.
    pub reason: Option<Message>,
    /// To a cart prepared with these quantities.
    pub link: String,
    /// Counts that it was opened; none where the brand does not count.
    pub pixel: Option<String>,
}

/// An item at the reader's own price.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MailItem {
    pub sku: String,
    pub name: String,
    pub quantity: i64,
    pub unit: Unit,
    pub before: Money,
    pub net: Money,
}

/// What a mail is made of, beside what is told.
#[derive(Debug, Clone, Copy)]
pub struct Cause<'a> {
    /// The promotion.
    pub promotion: &'a promotion::Model,
    /// Its last day.
    pub last_day: Option<Date>,
    /// Which mail.
    pub wave: Wave,
    /// The row that its links name.
    pub message: Uuid,
    /// Whether the brand counts opened mails.
    pub counts_opens: bool,
}

/// Where the mail's button leads: a path of this Kontor.
#[must_use]
pub fn order_path(app: &App, promotion: &promotion::Model, message: Uuid) -> String {
    links::order(&app.config.secret, &promotion.code, message)
}

/// Writes it.
#[must_use]
pub fn letter(app: &App, cause: Cause<'_>, to: &user::Model, fits: &Fits) -> PromotionMail {
    let fitting = &fits.fitting;
    let today = app.today();
    let soon = cause.last_day.filter(|last| {
        let span = today.until(*last);
        span.is_ok_and(|span| (0..7).contains(&span.get_days()))
    });
    let items = fitting.items.iter().take(NAMED).map(|item| MailItem {
        sku: item.sku.clone(),
        name: item.name.clone(),
        quantity: item.quantity,
        unit: item.unit,
        before: item.before,
        net: item.net,
    });
    let more = fitting.items.len().saturating_sub(NAMED);
    let opened = links::opened(&app.config.secret, cause.message);
    PromotionMail {
        brand_name: app.brand.row.name.clone(),
        name: to.name.clone(),
        promotion: fitting.name.clone(),
        is_reminder: cause.wave == Wave::Reminder,
        sentence: fitting.sentence.clone(),
        last_day: fitting.last_day.clone(),
        weekday: soon.map(|last| last.weekday().to_monday_one_offset().into()),
        saving: fitting.saving,
        along: fitting.along,
        near: fitting.near.clone(),
        ahead: fitting.ahead,
        items: items.collect(),
        more: i64::try_from(more).unwrap_or(0),
        reason: fits.reason.as_ref().map(|reason| reason.text.clone()),
        link: format!(
            "{}{}",
            app.base_url,
            order_path(app, cause.promotion, cause.message)
        ),
        pixel: cause
            .counts_opens
            .then(|| format!("{}{opened}", app.base_url)),
    }
}

/// What the list of notifications says of it.
#[must_use]
pub fn said(mail: &PromotionMail) -> Message {
    let key = match (mail.is_reminder, mail.saving.minor > 0) {
        (true, _) => "campaign-note-reminder",
        (false, true) => "campaign-note-saving",
        (false, false) => "campaign-note",
    };
    let said = Message::new(key)
        .with("promotion", mail.promotion.clone())
        .with("saving", mail.saving);
    match &mail.last_day {
        Some(day) => said.with("date", crate::web::shape::Arg::Date { date: day.clone() }),
        None => said.with("date", ""),
    }
}

/// To the KAMs of a campaign's accounts, and to who planned it: what came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CampaignReportMail {
    pub brand_name: String,
    pub name: String,
    pub promotion: String,
    /// Of the reader's own accounts alone.
    pub is_own: bool,
    /// People who were mailed.
    pub mailed: i64,
    /// Of them, those who opened the order that was prepared for them.
    pub clicked: i64,
    /// Accounts that were told.
    pub accounts: i64,
    /// Of them, those that ordered with the promotion.
    pub ordered: i64,
    /// Accounts that were told nothing, for comparison.
    pub holdout: i64,
    /// Of them, those that ordered with it.
    pub holdout_ordered: i64,
    /// Orders with the promotion, of any account.
    pub orders: i64,
    /// What its items brought in them.
    pub sales: Money,
    pub link: String,
}

impl View for PromotionMail {
    const TEMPLATE: &'static str = "emails/promotion";

    fn samples() -> Vec<(&'static str, Self)> {
        let item = |sku: &str, name: &str, quantity, before, net| MailItem {
            sku: sku.into(),
            name: name.into(),
            quantity,
            unit: Unit::Case,
            before: eur(before),
            net: eur(net),
        };
        let first = Self {
            brand_name: "Feldhof".into(),
            name: "Britta Becker".into(),
            promotion: "Spring of the dogs".into(),
            is_reminder: false,
            sentence: Message::plain("10 % off everything by Feldhof, from 6 cases on."),
            last_day: Some("2026-12-24".into()),
            weekday: None,
            saving: eur(4_824),
            along: eur(0),
            near: None,
            ahead: false,
            items: vec![
                item(
                    "DOG-ADL-12",
                    "Adult Dog Beef & Barley 12 kg",
                    6,
                    24_120,
                    21_708,
                ),
                item("SNK-BIS-01", "Oat Biscuits Mixed 1 kg", 6, 24_120, 21_708),
            ],
            more: 0,
            reason: Some(
                Message::new("reason-rhythm")
                    .with("every", 14)
                    .with("ago", 12),
            ),
            link: "https://orders.example.com/promotions/SPRING/order?m=AZ".into(),
            pixel: None,
        };
        let reminder = Self {
            is_reminder: true,
            last_day: Some("2026-11-27".into()),
            weekday: Some(5),
            pixel: Some("https://orders.example.com/mail/open/AZ.gif".into()),
            more: 3,
            ..first.clone()
        };
        let near = Self {
            saving: eur(0),
            near: Some(Message::plain("Add 4 cases to get 1 case of Pâté free.")),
            last_day: None,
            reason: None,
            items: vec![item(
                "CAT-WET-85",
                "Cat Terrine Salmon 85 g",
                6,
                11_520,
                11_520,
            )],
            ..first.clone()
        };
        let along = Self {
            saving: eur(0),
            along: eur(1_920),
            ahead: true,
            ..first.clone()
        };
        vec![
            ("announcement", first),
            ("reminder", reminder),
            ("near", near),
            ("something free", along),
        ]
    }
}

impl View for CampaignReportMail {
    const TEMPLATE: &'static str = "emails/campaign_report";

    fn samples() -> Vec<(&'static str, Self)> {
        let own = Self {
            brand_name: "Feldhof".into(),
            name: "Karin Adler".into(),
            promotion: "Spring of the dogs".into(),
            is_own: true,
            mailed: 84,
            clicked: 31,
            accounts: 61,
            ordered: 22,
            holdout: 7,
            holdout_ordered: 1,
            orders: 27,
            sales: eur(1_284_050),
            link: "https://orders.example.com/kam/promotions/x/campaign".into(),
        };
        let all = Self {
            is_own: false,
            holdout: 0,
            holdout_ordered: 0,
            ..own.clone()
        };
        vec![("own accounts", own), ("all accounts", all)]
    }
}
