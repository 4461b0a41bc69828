//! On which terms an account buys, and changing them: finance's and the admin's to decide.

use sea_orm::Set;
use serde_json::json;
use trade::money::{BasisPoints, Currency, Money};
use uuid::Uuid;

use super::view::TermsView;
use super::{lock_row, statement};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::db::entity::{account, audit_entry};
use crate::db::words::{DeliveryPolicy, Role};
use crate::error::Result;
use crate::imports::cells;
use crate::web::Fields;
use crate::web::form::FormState;
use crate::web::shape::{Choice, Message};

/// Most days of a term.
const MOST_DAYS: i32 = 365;
/// Characters of a note.
const MOST_NOTE: usize = 500;

/// Whether people of that role set terms.
#[must_use]
pub fn may_change(role: Role) -> bool {
    match role {
        Role::Finance | Role::Admin => true,
        Role::Buyer
        | Role::Approver
        | Role::AccountAdmin
        | Role::Kam
        | Role::Marketing
        | Role::Operations => false,
    }
}

/// The terms an account has agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The most it may owe; none is without limit.
    pub credit_limit_minor: Option<i64>,
    /// None is the brand's.
    pub overdue_tolerance_days: Option<i32>,
    /// Days after which an invoice is due.
    pub payment_terms_days: i32,
    /// Days within which it may be paid with a discount.
    pub early_payment_days: i32,
    /// That discount.
    pub early_payment_discount: BasisPoints,
    /// None is the brand's.
    pub minimum_order_minor: Option<i64>,
    /// What becomes of an order that cannot be delivered whole.
    pub delivery_policy: DeliveryPolicy,
    /// Why the KAM wants to see every order.
    pub review_note: Option<String>,
}

impl Terms {
    /// Those of an account.
    #[must_use]
    pub fn of(account: &account::Model) -> Terms {
        Terms {
            credit_limit_minor: account.credit_limit_minor,
            overdue_tolerance_days: account.overdue_tolerance_days,
            payment_terms_days: account.payment_terms_days,
            early_payment_days: account.early_payment_days,
            early_payment_discount: account.early_payment_discount,
            minimum_order_minor: account.minimum_order_minor,
            delivery_policy: account.delivery_policy,
            review_note: account.review_note.clone(),
        }
    }

    /// What a form says, or what is wrong at which field.
    ///
    /// # Errors
    /// The form as typed, with its faults.
    pub fn read(fields: &Fields, currency: Currency) -> Result<Terms, FormState> {
        let mut form = fields.form();
        let credit_limit_minor = amount(fields, &mut form, "credit_limit", currency);
        let minimum_order_minor = amount(fields, &mut form, "minimum_order", currency);
        let overdue_tolerance_days = days(fields, &mut form, "overdue_tolerance_days");
        let payment_terms_days = days(fields, &mut form, "payment_terms_days");
        if !fields.has("payment_terms_days") {
            form.refuse_key("payment_terms_days", "error-required");
        }
        let early_payment_days = days(fields, &mut form, "early_payment_days").unwrap_or(0);
        let discount = percent(fields, &mut form, "early_payment_discount");
        if form.is_valid() && (early_payment_days > 0) != (discount.0 > 0) {
            form.refuse_key("early_payment_discount", "error-early-payment");
        }
        if form.is_valid() && payment_terms_days.is_some_and(|due| early_payment_days > due) {
            form.refuse_key("early_payment_days", "error-early-payment-late");
        }
        let delivery_policy = fields.text("delivery_policy").parse();
        if delivery_policy.is_err() {
            form.refuse_key("delivery_policy", "error-choice");
        }
        let note = fields.text("review_note");
        if note.chars().count() > MOST_NOTE {
            let most = i64::try_from(MOST_NOTE).unwrap_or(i64::MAX);
            form.refuse_with("review_note", "error-too-long", "most", most);
        }
        match (form.is_valid(), delivery_policy) {
            (true, Ok(delivery_policy)) => Ok(Terms {
                credit_limit_minor,
                overdue_tolerance_days,
                payment_terms_days: payment_terms_days.unwrap_or(0),
                early_payment_days,
                early_payment_discount: discount,
                minimum_order_minor,
                delivery_policy,
                review_note: Some(note.to_owned()).filter(|note| !note.is_empty()),
            }),
            (true | false, Ok(_) | Err(_)) => Err(form),
        }
    }

    /// The form with these terms in it.
    fn form(&self, currency: Currency) -> FormState {
        let money = |minor: Option<i64>| {
            minor.map_or_else(String::new, |minor| {
                Money::new(minor, currency).to_decimal()
            })
        };
        let days = |days: Option<i32>| days.map_or_else(String::new, |days| days.to_string());
        FormState::new()
            .value("credit_limit", money(self.credit_limit_minor))
            .value("overdue_tolerance_days", days(self.overdue_tolerance_days))
            .value("payment_terms_days", self.payment_terms_days.to_string())
            .value("early_payment_days", self.early_payment_days.to_string())
            .value(
                "early_payment_discount",
                Money::new(self.early_payment_discount.0.into(), Currency::EUR).to_decimal(),
            )
            .value("minimum_order", money(self.minimum_order_minor))
            .value("delivery_policy", self.delivery_policy.name())
            .value("review_note", self.review_note.clone().unwrap_or_default())
    }

    fn facts(&self, currency: Currency) -> serde_json::Value {
        let money = |minor: Option<i64>| minor.map(|minor| Money::new(minor, currency).to_string());
        json!({
            "credit_limit": money(self.credit_limit_minor),
            "overdue_tolerance_days": self.overdue_tolerance_days,
            "payment_terms_days": self.payment_terms_days,
            "early_payment_days": self.early_payment_days,
            "early_payment_discount": self.early_payment_discount,
            "minimum_order": money(self.minimum_order_minor),
            "delivery_policy": self.delivery_policy,
            "review_note": self.review_note,
        })
    }
}

/// An amount from 0 on; none where the field is empty.
fn amount(
    fields: &Fields,
    form: &mut FormState,
    name: &'static str,
    currency: Currency,
) -> Option<i64> {
    if !fields.has(name) {
        return None;
    }
    let read = cells::decimal(fields.text(name), currency.decimals());
    let good = read.ok().filter(|minor| *minor >= 0);
    if good.is_none() {
        form.refuse_key(name, "error-amount");
    }
    good
}

fn days(fields: &Fields, form: &mut FormState, name: &'static str) -> Option<i32> {
    if !fields.has(name) {
        return None;
    }
    let read = fields.text(name).parse::<i32>();
    let good = read.ok().filter(|days| (0..=MOST_DAYS).contains(days));
    if good.is_none() {
        form.refuse_with(name, "error-days", "most", i64::from(MOST_DAYS));
    }
    good
}

fn percent(fields: &Fields, form: &mut FormState, name: &'static str) -> BasisPoints {
    let text = fields.text(name).trim_end_matches('%').trim_end();
    if text.is_empty() {
        return BasisPoints(0);
    }
    let read = cells::decimal(text, cells::BASIS_POINTS).ok();
    let good = read
        .filter(|points| (0..=10_000).contains(points))
        .and_then(|points| i32::try_from(points).ok());
    if good.is_none() {
        form.refuse_key(name, "error-percent");
    }
    BasisPoints(good.unwrap_or(0))
}

/// Changes an account's terms, noted with what they were. The caller commits.
///
/// # Errors
/// `NotFound`; whatever the database says.
pub async fn change(tx: &Tx, now: i64, account: &account::Model, terms: &Terms) -> Result<()> {
    // An order that is placed at this moment sees the limit before or after; two that change terms
    // at once do so one after the other.
    lock_row(tx, now, account.id).await?;
    let account = &tx.get::<account::Entity>(account.id).await?;
    let before = Terms::of(account);
    if before == *terms {
        return Ok(());
    }
    tx.update(account::ActiveModel {
        id: Set(account.id),
        credit_limit_minor: Set(terms.credit_limit_minor),
        overdue_tolerance_days: Set(terms.overdue_tolerance_days),
        payment_terms_days: Set(terms.payment_terms_days),
        early_payment_days: Set(terms.early_payment_days),
        early_payment_discount: Set(terms.early_payment_discount),
        minimum_order_minor: Set(terms.minimum_order_minor),
        delivery_policy: Set(terms.delivery_policy),
        review_note: Set(terms.review_note.clone()),
        ..Default::default()
    })
    .await?;
    audit::note(
        tx,
        now,
        "terms changed",
        &format!("account {}", account.number),
        Some(account.id),
        Some(before.facts(account.currency)),
        Some(terms.facts(account.currency)),
    )
    .await
}

/// What the audit log says where a file changed an account's terms; none where it did not.
pub(crate) fn noted(
    tx: &Tx,
    (id, now): (Uuid, i64),
    old: &account::Model,
    new: &account::Model,
) -> Option<audit_entry::ActiveModel> {
    let (before, after) = (Terms::of(old), Terms::of(new));
    let scope = tx.scope();
    (before != after).then(|| audit_entry::ActiveModel {
        id: Set(id),
        at: Set(now),
        actor: Set(scope.actor.name.clone()),
        actor_id: Set(scope.actor.user_id),
        on_behalf_of: Set(None),
        account_id: Set(Some(new.id)),
        action: Set("terms changed".to_owned()),
        subject: Set(format!("account {}", new.number)),
        before: Set(Some(before.facts(old.currency))),
        after: Set(Some(after.facts(new.currency))),
    })
}

/// The terms as the profile shows them; `form` where it was sent and refused.
///
/// # Errors
/// Whatever the database says.
pub async fn view(
    tx: &Tx,
    app: &App,
    account: &account::Model,
    may_change: bool,
    form: Option<FormState>,
) -> Result<TermsView> {
    let terms = Terms::of(account);
    let paid_by = statement::paid_by(tx, account).await?;
    let standing = super::standing(tx, app, account).await?;
    let credit = match standing.filter(|_| paid_by.is_none()) {
        Some(standing) => Some(statement::credit(tx, app, &standing).await?),
        None => None,
    };
    let minimum = terms
        .minimum_order_minor
        .unwrap_or(app.brand.row.minimum_order_minor);
    Ok(TermsView {
        paid_by,
        credit,
        early_payment_days: terms.early_payment_days.into(),
        early_payment_bp: terms.early_payment_discount.0.into(),
        minimum_order: Money::new(minimum, account.currency),
        delivery_policy: terms.delivery_policy.name().to_owned(),
        review_note: terms.review_note.clone(),
        may_change,
        form: form.unwrap_or_else(|| terms.form(account.currency)),
        policies: DeliveryPolicy::ALL
            .iter()
            .map(|policy| Choice::new(policy.name(), "", *policy == terms.delivery_policy))
            .collect(),
    })
}

/// What is said when terms have been saved.
#[must_use]
pub fn saved(account: &account::Model) -> Message {
    Message::new("terms-saved").with("name", account.name.clone())
}
