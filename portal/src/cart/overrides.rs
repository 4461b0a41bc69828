//! Prices the brand's staff agree for one line of a cart: who may, what for, and what remains of
//! it in the audit log. The line keeps its price until it is taken away or leaves the cart.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::{Value, json};
use trade::id::{AccountId, CartLineId, UserId};
use trade::money::UnitPrice;

use super::{line_of, touch};
use crate::app::App;
use crate::audit;
use crate::auth::caller::Buyer;
use crate::db::Tx;
use crate::db::entity::{cart_line, user};
use crate::error::{Error, Result};
use crate::web::Fields;
use crate::web::form::FormState;
use crate::web::locale::Lang;

/// The longest reason.
const MAX_REASON: usize = 500;
/// The dearest price of one unit; beyond, a line could not be added up.
const MAX_PRICE: UnitPrice = UnitPrice(100_000_000_000_000);

/// A price somebody agrees, with their reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    price: UnitPrice,
    reason: String,
}

impl Agreed {
    /// What the form says; its faults are noted in `form`. A currency's separator is that of the
    /// reader's language.
    #[must_use]
    pub fn read(fields: &Fields, lang: Lang, form: &mut FormState) -> Option<Agreed> {
        let typed = fields.text("price");
        let price = parse_price(typed, lang);
        if typed.is_empty() {
            form.refuse_key("price", "error-required");
        } else if price.is_none() {
            form.refuse_key("price", "error-price");
        }
        let reason = fields.text("reason").to_owned();
        if reason.is_empty() {
            form.refuse_key("reason", "error-required");
        } else if reason.chars().count() > MAX_REASON {
            form.refuse_with("reason", "error-too-long", "most", 500);
        }
        let price = price.filter(|_| form.is_valid())?;
        Some(Agreed { price, reason })
    }
}

/// "12.3456" or, in German, "12,3456": at least zero, four decimals at most.
fn parse_price(typed: &str, lang: Lang) -> Option<UnitPrice> {
    let text: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let text = match lang {
        Lang::En => text,
        // With both marks the point groups thousands; one mark alone is the decimal's.
        Lang::De if text.contains(',') => text.replace('.', "").replace(',', "."),
        Lang::De => text,
    };
    let price: UnitPrice = text.parse().ok()?;
    (UnitPrice(0)..=MAX_PRICE).contains(&price).then_some(price)
}

/// Whether the caller acts for an account and has the right to agree prices.
///
/// # Errors
/// Whatever the database says.
pub async fn may(tx: &Tx, who: &Buyer) -> Result<bool> {
    if !who.is_staff() {
        return Ok(false);
    }
    right_of(tx, who.session.user_id).await
}

/// Read past the scope: staff who act for an account see its people, not themselves.
async fn right_of(tx: &Tx, id: UserId) -> Result<bool> {
    let person = tx
        .all_as_system::<user::Entity>(|all| all.filter(user::Column::Id.eq(id)))
        .await?;
    Ok(person.first().is_some_and(|row| row.may_override_prices))
}

/// Sets a line's price, or with none takes it back to what the lists say.
///
/// # Errors
/// `Forbidden` without the right; `NotFound` for a line that is not in the account's open cart.
pub async fn set(
    tx: &Tx,
    app: &App,
    who: &Buyer,
    line: CartLineId,
    agreed: Option<Agreed>,
) -> Result<()> {
    if !may(tx, who).await? {
        return Err(Error::Forbidden);
    }
    let account: AccountId = who.account.id;
    let (row, article) = line_of(tx, app, account, line).await?;
    let now = app.clock.millis();
    let (price, reason, by) = match &agreed {
        Some(agreed) => (
            Some(agreed.price),
            Some(agreed.reason.clone()),
            Some(tx.scope().actor.name.clone()),
        ),
        None => (None, None, None),
    };
    let for_as_many = price.is_none() || row.override_quantity == Some(row.quantity);
    if price == row.override_price && reason == row.override_reason && for_as_many {
        return Ok(());
    }
    tx.change::<cart_line::Entity>(|update| {
        update
            .filter(cart_line::Column::Id.eq(line))
            .col_expr(cart_line::Column::OverridePrice, Expr::value(price))
            .col_expr(
                cart_line::Column::OverrideReason,
                Expr::value(reason.clone()),
            )
            .col_expr(cart_line::Column::OverrideBy, Expr::value(by))
            .col_expr(
                cart_line::Column::OverrideQuantity,
                Expr::value(price.map(|_| row.quantity)),
            )
    })
    .await?;
    touch(tx, row.cart_id, now).await?;
    let said = |price: Option<UnitPrice>, reason: &Option<String>| -> Option<Value> {
        let price = price?.to_decimal();
        Some(json!({"price": price, "unit": row.unit, "reason": reason}))
    };
    let sku = article.map_or_else(|| row.product_id.to_string(), |article| article.sku);
    audit::note(
        tx,
        now,
        "price agreed",
        &format!("cart line {sku}"),
        Some(account),
        said(row.override_price, &row.override_reason),
        said(price, &reason),
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_as_the_reader_writes_them() {
        let en = |text| parse_price(text, Lang::En).map(|price| price.0);
        let de = |text| parse_price(text, Lang::De).map(|price| price.0);
        assert_eq!(en("12.3456"), Some(123_456));
        assert_eq!(en("0"), Some(0));
        assert_eq!(de("12,3456"), Some(123_456));
        assert_eq!(de("1.234,5"), Some(12_345_000));
        assert_eq!(de("12.5"), Some(125_000));
        for wrong in ["", "-1", "12.34567", "abc", "1e9", "12,5,5", "999999999999"] {
            assert_eq!(en(wrong), None, "{wrong}");
        }
    }
}
