//! The usual order as rows, as if somebody had typed them: each can be changed or removed, and is
//! checked like any other.

use std::collections::HashSet;

use super::TooMany;
use super::paste::Typed;
use super::resolve::{self, Resolved};
use crate::app::App;
use crate::auth::session::AccountHead;
use crate::catalogue::rows::Shopper;
use crate::db::Tx;
use crate::db::words::SuggestionList;
use crate::error::Result;
use crate::orders::quote::ForWhom;
use crate::suggestions::picks::{Pick, Wish, picks};
use crate::web::locale::Lang;

/// Lines that a usual order may have.
const MOST: usize = 100;

/// The account's usual order. What is short is in it: its row says so, and what else there is.
///
/// # Errors
/// Whatever the database says.
pub async fn usual(tx: &Tx, app: &App, account: &AccountHead) -> Result<Vec<Pick>> {
    let said = crate::suggestions::ask(tx, app, account.id, MOST, |model, ask| {
        model.usual_order(ask)
    });
    let said = said.await?.unwrap_or_default();
    if said.is_empty() {
        return Ok(Vec::new());
    }
    let shopper = Shopper::load(tx, account, app.today()).await?;
    let wish = Wish {
        there: false,
        ..Wish::new(SuggestionList::Usual, said, MOST)
    };
    let lists = picks(tx, app, shopper.customer, &[wish]).await?;
    Ok(lists.into_iter().next().unwrap_or_default())
}

const IN_CART: &str = "SELECT p.sku FROM carts c JOIN cart_lines l ON l.cart_id = c.id \
    JOIN products p ON p.id = l.product_id WHERE c.account_id = $1 AND c.state = 'open'";

/// Those lines of the usual order whose products stand in no row yet.
///
/// # Errors
/// Whatever the database says.
pub async fn missing(
    tx: &Tx,
    app: &App,
    account: &AccountHead,
    rows: &[Resolved],
) -> Result<Vec<Pick>> {
    let mut usual = usual(tx, app, account).await?;
    let articles = rows
        .iter()
        .filter_map(|row| row.quoted.as_ref()?.article.as_ref());
    let mut there: HashSet<String> = articles.map(|article| article.sku.clone()).collect();
    // What is in the cart already would be ordered twice.
    for row in tx.rows(IN_CART, [account.id.into()]).await? {
        there.insert(row.try_get_by_index(0)?);
    }
    usual.retain(|pick| !there.contains(&pick.sku));
    Ok(usual)
}

/// Keeps `typed` and behind it what is missing of the usual order; says what that was.
///
/// # Errors
/// Whatever the database says.
pub async fn fill(
    tx: &Tx,
    app: &App,
    account: &AccountHead,
    typed: &[Typed],
    lang: Lang,
) -> Result<std::result::Result<Vec<Pick>, TooMany>> {
    if !typed.is_empty()
        && let Err(too_many) = super::append(tx, account.id, typed).await?
    {
        return Ok(Err(too_many));
    }
    let whom = ForWhom::load(tx, app, account.id, None).await?;
    let rows = super::rows(tx, account.id).await?;
    let rows = resolve::resolve(tx, app, &whom, rows, lang).await?;
    let missing = missing(tx, app, account, &rows).await?;
    let rows: Vec<Typed> = missing.iter().map(row).collect();
    let labelled = rows
        .iter()
        .zip(&missing)
        .map(|(row, pick)| (row, Some((SuggestionList::Usual, pick.pieces))));
    if rows.is_empty() {
        return Ok(Ok(missing));
    }
    let kept = super::append_suggested(tx, account.id, labelled).await?;
    Ok(kept.map(|()| missing))
}

fn row(pick: &Pick) -> Typed {
    Typed {
        row: 0,
        code: pick.sku.clone(),
        quantity: pick.quantity.to_string(),
        unit: Some(pick.unit.code().to_owned()),
    }
}
