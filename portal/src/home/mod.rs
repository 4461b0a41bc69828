//! The buyer's morning: the usual order ready to be sent, open orders, the quick way on.

pub mod bars;
mod order_desk;
pub mod typed;
pub mod view;
pub mod web;

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use trade::id::ProductId;
use trade::order::OrderState;

use crate::app::App;
use crate::auth::session::{AccountHead, Session};
use crate::cart::view::LineProblem;
use crate::catalogue::Reference;
use crate::catalogue::list::{in_order, priced_rows};
use crate::catalogue::rows::Shopper;
use crate::catalogue::view::ProductRow;
use crate::db::Tx;
use crate::db::entity::{account_product, order};
use crate::error::Result;
use crate::orders::list;
use crate::promotions::offers::Offers;
use crate::suggestions::showings::{Lists, suggestions_shown};
use crate::suggestions::{dismiss, promotions};
use crate::web::locale::Lang;
pub(crate) use order_desk::{price_at, prices};
use typed::TypedLine;
use view::{HomePage, Notice};

/// Open orders that are shown; all of them stand in the list of orders.
const OPEN: u64 = 8;
/// Promotions that fit the account.
const FITTING: usize = 3;
/// Last orders that can be ordered again from here.
const LAST: u64 = 5;
/// Products bought lately.
const USUAL: usize = 12;
/// How many are looked at for those: some are no longer sold.
const USUAL_CANDIDATES: u64 = 24;

/// What was typed before the page is shown again, and what became of it.
#[derive(Debug, Clone, Default)]
pub struct Overlay {
    /// The lines as typed, without those that are in the cart now.
    pub typed: Vec<TypedLine>,
    /// Why lines did not go in, by article number.
    pub problems: HashMap<String, LineProblem>,
    /// What happened.
    pub notice: Option<Notice>,
    /// The reader's language, in which quantities are typed.
    pub lang: Lang,
}

/// Who buys, and what promotions do for them: asked once a page.
struct Shopping {
    reference: Arc<Reference>,
    shopper: Shopper,
    offers: Offers,
}

impl Shopping {
    async fn load(tx: &Tx, app: &App, account: &AccountHead) -> Result<Shopping> {
        let reference = app.reference.get(tx).await?;
        let shopper = Shopper::load(tx, account, app.today()).await?;
        let offers = shopper.offers(tx, app, &reference).await?;
        Ok(Shopping {
            reference,
            shopper,
            offers,
        })
    }
}

/// The page, and what of suggestions it puts before the reader.
pub struct Desk {
    /// The page.
    pub page: HomePage,
    /// The suggestions on it.
    pub shown: Lists,
}

/// The home of a buyer, or of staff who act for an account.
///
/// # Errors
/// Whatever the database says.
pub async fn desk(
    tx: &Tx,
    app: &App,
    session: &Session,
    account: &AccountHead,
    overlay: Overlay,
) -> Result<Desk> {
    let own = |all: Select<order::Entity>| {
        all.filter(order::Column::AccountId.eq(account.id))
            .order_by_desc(order::Column::PlacedAt)
            .order_by_desc(order::Column::Id)
    };
    let last = list::rows(tx, |all| own(all).limit(LAST)).await?;
    let open = [
        OrderState::Held,
        OrderState::Confirmed,
        OrderState::Released,
    ];
    let open = list::rows(tx, |all| {
        own(all)
            .filter(order::Column::State.is_in(open))
            .limit(OPEN)
    })
    .await?;
    let mut shopping = Shopping::load(tx, app, account).await?;
    let laid = if suggestions_shown(app, tx, account.id).await? {
        order_desk::lay(tx, app, account.id, &mut shopping, &overlay).await?
    } else {
        None
    };
    let mut laid = laid.unwrap_or_default();
    let fitting = fitting(tx, app, &shopping).await?;
    laid.shown.extend(promotions::lists(&fitting));
    // Without a suggested order, what was bought lately stands in its place.
    let usual = match laid.desk {
        Some(_) => Vec::new(),
        None => usual(tx, app, account, &mut shopping).await?,
    };
    let first_name = session
        .name
        .split_whitespace()
        .next()
        .unwrap_or(&session.name);
    let page = HomePage {
        first_name: first_name.to_owned(),
        is_new: last.is_empty() && usual.is_empty() && laid.desk.is_none(),
        open_orders: open,
        last_orders: last,
        desk: laid.desk,
        tries: laid.tries,
        fitting,
        can_order: !account.blocked,
        usual,
        dismissed: dismiss::count(tx, app, account.id).await?,
        notice: overlay.notice,
        cart_lines: shopping.shopper.cart_lines(),
        quick_order_problems: unresolved(tx, session, account).await?,
    };
    Ok(Desk {
        page,
        shown: laid.shown,
    })
}

/// The promotions that fit the account.
async fn fitting(tx: &Tx, app: &App, shopping: &Shopping) -> Result<Vec<promotions::Fitting>> {
    let shelf = app.shelf.get(tx, &shopping.reference).await?;
    let (shopper, offers) = (&shopping.shopper, &shopping.offers);
    promotions::fitting_of(tx, app, &shelf, shopper, offers, FITTING).await
}

/// What was bought last, of what is still sold: the last order's products first, of one day those
/// bought most often.
async fn usual(
    tx: &Tx,
    app: &App,
    account: &AccountHead,
    shopping: &mut Shopping,
) -> Result<Vec<ProductRow>> {
    use account_product::Column as A;
    let bought = tx
        .all::<account_product::Entity>(|all| {
            all.filter(A::AccountId.eq(account.id))
                .order_by_desc(A::LastOn)
                .order_by_desc(A::Times)
                .order_by_asc(A::ProductId)
                .limit(USUAL_CANDIDATES)
        })
        .await?;
    let ids: Vec<ProductId> = bought.into_iter().map(|row| row.product_id).collect();
    let articles = in_order(tx, &shopping.reference, &ids).await?;
    let (shopper, offers) = (&shopping.shopper, &mut shopping.offers);
    let mut rows = priced_rows(tx, app, shopper, None, &articles, offers).await?;
    rows.retain(|row| row.status != "delisted");
    rows.truncate(USUAL);
    Ok(rows)
}

// Codes are kept as typed; article numbers are usually in capitals.
const UNRESOLVED: &str = "SELECT COUNT(*) FROM quick_order_rows r \
    WHERE r.user_id = $1 AND r.account_id = $2 AND r.code <> '' \
    AND NOT EXISTS (SELECT 1 FROM products p \
        WHERE p.sku = r.code OR p.sku = upper(r.code) OR p.gtin = r.code) \
    AND NOT EXISTS (SELECT 1 FROM product_units u WHERE u.gtin = r.code)";

/// Rows of the user's quick order that name no product.
async fn unresolved(tx: &Tx, session: &Session, account: &AccountHead) -> Result<i64> {
    let values = [session.user_id.into(), account.id.into()];
    match tx.rows(UNRESOLVED, values).await?.first() {
        Some(row) => Ok(row.try_get_by_index(0)?),
        None => Ok(0),
    }
}
