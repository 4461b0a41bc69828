//! The order being built: one open cart an account, shared by its buyers and by the brand's staff
//! who act for it. It survives signing out.
//!
//! What always holds: every write holds a line against its product's unit, minimum and multiple,
//! and refuses with the nearest quantities instead of rounding. Of several lines the right ones go
//! in and the wrong ones come back with their reasons. Prices are never stored here: a cart is
//! quoted whenever it is shown.

mod adding;
pub mod advice;
pub mod details;
pub mod lacks;
pub mod overrides;
pub mod page;
pub mod problem;
pub mod suggested;
pub mod view;
pub mod web;

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use trade::id::{AccountId, CartId, CartLineId, ProductId};
use trade::price::ByHand;
use trade::quantity::Unit;
use uuid::Uuid;

pub use adding::{Added, Piece, Reason, Refused, check};
pub use details::Details;
pub use suggested::Suggested;

use crate::app::App;
use crate::catalogue::{Article, article, padded};
use crate::db::Tx;
use crate::db::entity::{account, cart, cart_line, product, ship_to};
use crate::db::scope::Scope;
use crate::error::{Error, Result};
use crate::orders::quote::{Problem, Wanted};
use crate::web::form::FormState;
use adding::{Outcome, Present};

/// More lines than any order has; a guard against carts made to hurt.
pub const MOST_LINES: usize = 5_000;

/// How a product is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// By its article number.
    Sku(String),
    /// By its id.
    Id(ProductId),
}

/// A line to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adding {
    /// The product.
    pub which: Which,
    /// The unit; the one it is usually ordered in where none is named.
    pub unit: Option<Unit>,
    /// How many of it, beside what is in the cart.
    pub quantity: i64,
    /// The suggestion that put it here.
    pub suggested: Option<Suggested>,
}

/// The account's open cart; none where nobody has begun one.
///
/// # Errors
/// Whatever the database says.
pub async fn find(tx: &Tx, account: AccountId) -> Result<Option<cart::Model>> {
    tx.one::<cart::Entity>(|carts| {
        carts
            .filter(cart::Column::AccountId.eq(account))
            .filter(cart::Column::State.eq("open"))
    })
    .await
}

/// The account's open cart, made where there is none, and locked until the transaction ends: two
/// buyers who add the same product at once add up, and a cart that is being submitted is waited
/// for.
///
/// # Errors
/// `NotFound` for an account out of reach.
pub async fn open(tx: &Tx, app: &App, account: AccountId) -> Result<cart::Model> {
    if let Some(cart) = locked(tx, account).await? {
        return Ok(cart);
    }
    tx.get::<account::Entity>(account).await?;
    // Two buyers may begin at once; the one who comes second finds the other's cart.
    let sql = "INSERT INTO carts (id, account_id, state, po_number, note, created_at, updated_at) \
               VALUES ($1, $2, 'open', '', '', $3, $3) \
               ON CONFLICT (account_id) WHERE state = 'open' DO NOTHING";
    let now = app.clock.millis();
    tx.execute(sql, [Uuid::now_v7().into(), account.into(), now.into()])
        .await?;
    locked(tx, account)
        .await?
        .ok_or_else(|| Error::Busy("the cart has just been submitted".into()))
}

async fn locked(tx: &Tx, account: AccountId) -> Result<Option<cart::Model>> {
    tx.one::<cart::Entity>(|carts| {
        carts
            .filter(cart::Column::AccountId.eq(account))
            .filter(cart::Column::State.eq("open"))
            .lock_exclusive()
    })
    .await
}

/// The lines of a cart in the order in which they were begun.
///
/// # Errors
/// Whatever the database says.
pub async fn lines(tx: &Tx, cart: CartId) -> Result<Vec<cart_line::Model>> {
    tx.all::<cart_line::Entity>(|lines| {
        lines
            .filter(cart_line::Column::CartId.eq(cart))
            .order_by_asc(cart_line::Column::AddedAt)
            .order_by_asc(cart_line::Column::Id)
    })
    .await
}

/// A cart's lines as a quote wants them.
#[must_use]
pub fn wanted(lines: &[cart_line::Model]) -> Vec<Wanted> {
    lines
        .iter()
        .map(|line| Wanted {
            product: line.product_id,
            unit: line.unit,
            quantity: line.quantity.into(),
        })
        .collect()
}

/// The prices that staff set by hand for lines of a cart, each for so many as it was agreed for:
/// a sample at a cent is no price for a pallet.
#[must_use]
pub fn by_hand(lines: &[cart_line::Model]) -> HashMap<(ProductId, Unit), ByHand> {
    lines
        .iter()
        .filter(|line| {
            line.override_quantity
                .is_some_and(|most| line.quantity <= most)
        })
        .filter_map(|line| {
            let by_hand = ByHand {
                price: line.override_price?,
                reason: line.override_reason.clone()?,
                by: line.override_by.clone()?,
                instead_of: None,
            };
            Some(((line.product_id, line.unit), by_hand))
        })
        .collect()
}

/// The suggestions that put lines of a cart there.
#[must_use]
pub fn suggested(lines: &[cart_line::Model]) -> HashMap<(ProductId, Unit), Suggested> {
    lines
        .iter()
        .filter_map(|line| {
            let mark = line.suggested_list.zip(line.suggested_pieces)?;
            Some(((line.product_id, line.unit), mark))
        })
        .collect()
}

/// Adds lines to the account's cart; the same product in the same unit adds up.
///
/// # Errors
/// `NotFound` for an account out of reach; whatever the database says.
pub async fn add(tx: &Tx, app: &App, account: AccountId, items: &[Adding]) -> Result<Added> {
    let reference = app.reference.get(tx).await?;
    let ids: Vec<ProductId> = items
        .iter()
        .filter_map(|item| match &item.which {
            Which::Id(id) => Some(*id),
            Which::Sku(_) => None,
        })
        .collect();
    // PostgreSQL takes no text with a NUL in it; no article number has one.
    let skus: Vec<&str> = items
        .iter()
        .filter_map(|item| match &item.which {
            Which::Sku(sku) if !sku.contains('\0') => Some(sku.as_str()),
            Which::Sku(_) | Which::Id(_) => None,
        })
        .collect();
    let by_id = article::by_id(tx, &reference, &ids).await?;
    let by_id: HashMap<ProductId, Arc<Article>> = by_id
        .into_iter()
        .map(|(id, article)| (id, Arc::new(article)))
        .collect();
    let mut by_sku: HashMap<String, Arc<Article>> = HashMap::with_capacity(skus.len());
    for chunk in skus.chunks(2_000) {
        let chunk = padded(chunk);
        let some = article::articles(tx, &reference, |select| {
            select.filter(product::Column::Sku.is_in(chunk))
        });
        let some = some.await?.into_iter().map(Arc::new);
        by_sku.extend(some.map(|article| (article.sku.clone(), article)));
    }
    let pieces: Vec<Piece> = items
        .iter()
        .map(|item| {
            let article = match &item.which {
                Which::Id(id) => by_id.get(id),
                Which::Sku(sku) => by_sku.get(sku),
            };
            Piece {
                article: article.cloned(),
                unit: item.unit,
                quantity: item.quantity,
                suggested: item.suggested,
            }
        })
        .collect();
    add_pieces(tx, app, account, &pieces).await
}

/// As [`add`], where the products have been looked up already.
///
/// # Errors
/// As [`add`].
pub async fn add_pieces(tx: &Tx, app: &App, account: AccountId, pieces: &[Piece]) -> Result<Added> {
    let now = app.clock.millis();
    let cart = open(tx, app, account).await?;
    let lines = lines(tx, cart.id).await?;
    let present: Present = lines
        .iter()
        .map(|line| ((line.product_id, line.unit), line.quantity.into()))
        .collect();
    let Outcome { added, changed } = adding::plan(pieces, &present, MOST_LINES);
    if changed.is_empty() {
        return Ok(added);
    }
    let marks = marks(pieces, &added);
    let by = acting_name(tx.scope());
    let mut rows = Vec::with_capacity(changed.len());
    for (product, unit, quantity) in changed {
        let mark = marks.get(&(product, unit)).copied().flatten();
        rows.push(cart_line::ActiveModel {
            id: Set(CartLineId(Uuid::now_v7())),
            account_id: Set(account),
            cart_id: Set(cart.id),
            product_id: Set(product),
            unit: Set(unit),
            quantity: Set(i32::try_from(quantity)?),
            added_by: Set(by.clone()),
            added_at: Set(now),
            override_price: Set(None),
            override_reason: Set(None),
            override_by: Set(None),
            override_quantity: Set(None),
            suggested_list: Set(mark.map(|(list, _)| list)),
            suggested_pieces: Set(mark.map(|(_, pieces)| pieces)),
        });
    }
    // A line that is there keeps whether it was suggested: what is added to it later is an edit.
    let taken = OnConflict::columns([
        cart_line::Column::CartId,
        cart_line::Column::ProductId,
        cart_line::Column::Unit,
    ])
    .update_columns([cart_line::Column::Quantity, cart_line::Column::AddedBy])
    .to_owned();
    tx.put_all(rows, &taken).await?;
    touch(tx, cart.id, now).await?;
    Ok(added)
}

/// The suggestion that began each line, if one did: the first of its pieces says.
fn marks(pieces: &[Piece], added: &Added) -> HashMap<(ProductId, Unit), Option<Suggested>> {
    let mut marks = HashMap::with_capacity(added.taken.len());
    for piece in added.taken.iter().filter_map(|at| pieces.get(*at)) {
        if let Some(article) = &piece.article {
            let unit = piece.unit.unwrap_or(article.order_unit);
            marks.entry((article.id, unit)).or_insert(piece.suggested);
        }
    }
    marks
}

/// Who acts; with the account's name where the brand's staff act for it.
fn acting_name(scope: &Scope) -> String {
    match &scope.on_behalf_of {
        Some(account) => format!("{} ({account})", scope.actor.name),
        None => scope.actor.name.clone(),
    }
}

async fn touch(tx: &Tx, cart: CartId, now: i64) -> Result<()> {
    tx.change::<cart::Entity>(|update| {
        update
            .filter(cart::Column::Id.eq(cart))
            .col_expr(cart::Column::UpdatedAt, now.into())
    })
    .await?;
    Ok(())
}

/// A line of the account's open cart, which is locked, and its product where the account sees it.
///
/// # Errors
/// `NotFound` for a line that is not in the account's open cart.
pub async fn line_of(
    tx: &Tx,
    app: &App,
    account: AccountId,
    line: CartLineId,
) -> Result<(cart_line::Model, Option<Article>)> {
    let cart = locked(tx, account).await?.ok_or(Error::NotFound)?;
    let row = tx
        .one::<cart_line::Entity>(|lines| {
            lines
                .filter(cart_line::Column::Id.eq(line))
                .filter(cart_line::Column::CartId.eq(cart.id))
        })
        .await?
        .ok_or(Error::NotFound)?;
    let reference = app.reference.get(tx).await?;
    let mut articles = article::by_id(tx, &reference, &[row.product_id]).await?;
    let article = articles.remove(&row.product_id);
    Ok((row, article))
}

/// Sets a line's quantity, counted in its unit; or says why not, and changes nothing.
///
/// # Errors
/// `NotFound` for a line that is not in the account's open cart.
pub async fn set_quantity(
    tx: &Tx,
    app: &App,
    account: AccountId,
    line: CartLineId,
    quantity: i64,
) -> Result<Result<(), Problem>> {
    let (row, article) = line_of(tx, app, account, line).await?;
    let Some(article) = article else {
        return Ok(Err(Problem::NotFound));
    };
    if let Err(problem) = check(&article, row.unit, quantity) {
        return Ok(Err(problem));
    }
    let quantity = i32::try_from(quantity)?;
    let by = acting_name(tx.scope());
    tx.change::<cart_line::Entity>(|update| {
        update
            .filter(cart_line::Column::Id.eq(line))
            .col_expr(cart_line::Column::Quantity, quantity.into())
            .col_expr(cart_line::Column::AddedBy, by.into())
    })
    .await?;
    touch(tx, row.cart_id, app.clock.millis()).await?;
    Ok(Ok(()))
}

/// Takes a line out.
///
/// # Errors
/// `NotFound` for a line that is not in the account's open cart.
pub async fn remove(tx: &Tx, app: &App, account: AccountId, line: CartLineId) -> Result<()> {
    let cart = locked(tx, account).await?.ok_or(Error::NotFound)?;
    let gone = tx
        .delete::<cart_line::Entity>(|lines| {
            lines
                .filter(cart_line::Column::Id.eq(line))
                .filter(cart_line::Column::CartId.eq(cart.id))
        })
        .await?;
    if gone == 0 {
        return Err(Error::NotFound);
    }
    touch(tx, cart.id, app.clock.millis()).await
}

/// Takes a line out and puts another product in its place; or says why not, and changes nothing.
///
/// # Errors
/// `NotFound` for a line that is not in the account's open cart.
pub async fn substitute(
    tx: &Tx,
    app: &App,
    account: AccountId,
    line: CartLineId,
    instead: &Adding,
) -> Result<Added> {
    remove(tx, app, account, line).await?;
    add(tx, app, account, std::slice::from_ref(instead)).await
}

/// Takes every line out, and what a reorder had to say about them; says how many lines went.
///
/// # Errors
/// Whatever the database says.
pub async fn empty(tx: &Tx, app: &App, account: AccountId) -> Result<u64> {
    let Some(cart) = locked(tx, account).await? else {
        return Ok(0);
    };
    let gone = tx
        .delete::<cart_line::Entity>(|lines| lines.filter(cart_line::Column::CartId.eq(cart.id)))
        .await?;
    set_notices(tx, cart.id, None).await?;
    touch(tx, cart.id, app.clock.millis()).await?;
    Ok(gone)
}

/// Keeps what a reorder dropped or changed with the cart, for its page to show.
///
/// # Errors
/// Whatever the database says.
pub async fn set_notices(
    tx: &Tx,
    cart: CartId,
    report: Option<&view::ReorderReport>,
) -> Result<()> {
    let notices = report.map(serde_json::to_value).transpose()?;
    tx.change::<cart::Entity>(|update| {
        update
            .filter(cart::Column::Id.eq(cart))
            .set(cart::ActiveModel {
                notices: Set(notices),
                ..Default::default()
            })
    })
    .await?;
    Ok(())
}

/// Keeps where the goods go, when, and the buyer's own number; or says what is wrong with them.
///
/// # Errors
/// `Invalid` for a place that is not the account's, or no longer; whatever the database says.
pub async fn set_details(
    tx: &Tx,
    app: &App,
    account: AccountId,
    details: &Details,
) -> Result<cart::Model> {
    let cart = open(tx, app, account).await?;
    if let Some(id) = details.ship_to {
        let places = tx
            .count::<ship_to::Entity>(|places| {
                places
                    .filter(ship_to::Column::Id.eq(id))
                    .filter(ship_to::Column::AccountId.eq(account))
                    .filter(ship_to::Column::Active.eq(true))
            })
            .await?;
        if places == 0 {
            let mut form = FormState::new();
            form.refuse_key("ship_to", "error-choice");
            return Err(form.into());
        }
    }
    let mut changed = cart.clone();
    changed.ship_to_id = details.ship_to;
    changed.po_number.clone_from(&details.po_number);
    changed.requested_date = details.requested_date.map(Into::into);
    changed.note.clone_from(&details.note);
    changed.updated_at = app.clock.millis();
    tx.update(cart::ActiveModel {
        id: Set(cart.id),
        ship_to_id: Set(changed.ship_to_id),
        po_number: Set(changed.po_number.clone()),
        requested_date: Set(changed.requested_date),
        note: Set(changed.note.clone()),
        updated_at: Set(changed.updated_at),
        ..Default::default()
    })
    .await?;
    Ok(changed)
}
