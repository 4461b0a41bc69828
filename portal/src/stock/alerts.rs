//! Who wants to be told when an item is back, and telling them: once, at their price, and only if
//! they may still see it.

use std::collections::HashMap;

use sea_orm::sea_query::Value;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use trade::id::{AccountId, ProductId, UserId};

use super::mail_view::BackInStockMail;
use super::view::AlertRow;
use crate::app::App;
use crate::catalogue::rows::{least, price_view};
use crate::catalogue::{Article, article, padded};
use crate::db::entity::{account, product, stock_alert, user};
use crate::db::scope::{Reach, Scope, visible_products};
use crate::db::words::{Role, Topic, UserStatus};
use crate::db::{Tx, placeholders};
use crate::error::{Error, Refusal, Result};
use crate::jobs::Job;
use crate::messages::{self, Notice};
use crate::orders::quote::ForWhom;
use crate::pricing::PriceBook;
use crate::web::shape::Message;

/// Items one person waits for; more is a list, not a wish.
const MOST: u64 = 200;

/// What became of the wish to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// They will be told.
    Kept(Article),
    /// It is there already.
    There(Article),
}

/// Whether an item is out of stock, so that there is something to wait for.
#[must_use]
pub fn is_out(article: &Article) -> bool {
    article.status.is_sold() && article.available.is_some_and(|pieces| pieces <= 0)
}

/// Keeps that the caller wants to be told of an item, for the account they buy for.
///
/// # Errors
/// `NotFound` for an item the caller does not see; `Refused` for one who waits for too many.
pub async fn ask(tx: &Tx, app: &App, account: AccountId, sku: &str) -> Result<Wish> {
    let article = visible(tx, app, sku).await?;
    if !is_out(&article) {
        return Ok(Wish::There(article));
    }
    let user = tx.scope().actor.user_id.ok_or(Error::Forbidden)?;
    let waiting = tx
        .count::<stock_alert::Entity>(|alerts| alerts.filter(stock_alert::Column::UserId.eq(user)))
        .await?;
    if waiting >= MOST {
        let most = i64::try_from(MOST)?;
        let refusal = Refusal::new(
            "too-many-alerts",
            Message::new("refused-too-many-alerts").with("most", most),
        );
        let next = Message::new("refused-too-many-alerts-next");
        return Err(refusal.go_on(next, "/profile#alerts").into());
    }
    tx.execute(
        "INSERT INTO stock_alerts (user_id, product_id, account_id, created_at) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (user_id, product_id) DO NOTHING",
        [
            user.into(),
            article.id.into(),
            account.into(),
            app.clock.millis().into(),
        ],
    )
    .await?;
    Ok(Wish::Kept(article))
}

/// Takes the caller's wish back; one that is not there is as good as taken back.
///
/// # Errors
/// Whatever the database says.
pub async fn forget(tx: &Tx, sku: &str) -> Result<()> {
    let user = tx.scope().actor.user_id.ok_or(Error::Forbidden)?;
    // By number past what is seen: whoever no longer sees an item may still stop waiting for it.
    tx.execute(
        "DELETE FROM stock_alerts WHERE user_id = $1 \
         AND product_id IN (SELECT id FROM products WHERE sku = $2)",
        [user.into(), sku.into()],
    )
    .await?;
    Ok(())
}

async fn visible(tx: &Tx, app: &App, sku: &str) -> Result<Article> {
    let reference = app.reference.get(tx).await?;
    let found = article::articles(tx, &reference, |all| {
        all.filter(product::Column::Sku.eq(sku))
    });
    found.await?.into_iter().next().ok_or(Error::NotFound)
}

/// Of `products`, those the caller waits for.
///
/// # Errors
/// Whatever the database says.
pub async fn waited_for(tx: &Tx, products: &[ProductId]) -> Result<Vec<ProductId>> {
    let Some(user) = tx.scope().actor.user_id.filter(|_| !products.is_empty()) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for chunk in products.chunks(2_000) {
        let ids = padded(chunk);
        let rows = tx
            .all::<stock_alert::Entity>(|alerts| {
                alerts
                    .filter(stock_alert::Column::UserId.eq(user))
                    .filter(stock_alert::Column::ProductId.is_in(ids))
            })
            .await?;
        found.extend(rows.into_iter().map(|row| row.product_id));
    }
    Ok(found)
}

/// What a person waits for, the latest wish first; for a retailer's person only what they still
/// see.
///
/// # Errors
/// Whatever the database says.
pub async fn of_person(tx: &Tx, person: UserId, sees: Option<&Scope>) -> Result<Vec<AlertRow>> {
    let alerts = tx
        .all::<stock_alert::Entity>(|alerts| {
            alerts
                .filter(stock_alert::Column::UserId.eq(person))
                .order_by_desc(stock_alert::Column::CreatedAt)
                .limit(MOST)
        })
        .await?;
    if alerts.is_empty() {
        return Ok(Vec::new());
    }
    let ids = padded(&alerts.iter().map(|row| row.product_id).collect::<Vec<_>>());
    let products = tx
        .all::<product::Entity>(|products| {
            let products = products.filter(product::Column::Id.is_in(ids));
            match sees {
                Some(scope) => products.filter(visible_products(scope)),
                None => products,
            }
        })
        .await?;
    let products: HashMap<ProductId, product::Model> =
        products.into_iter().map(|row| (row.id, row)).collect();
    Ok(alerts
        .into_iter()
        .filter_map(|alert| {
            let product = products.get(&alert.product_id)?;
            Some(AlertRow {
                sku: product.sku.clone(),
                name: product.name.clone(),
                since: alert.created_at,
            })
        })
        .collect())
}

/// Has those told who wait for something of `products` that can be had now.
///
/// # Errors
/// Whatever the database says.
pub async fn wake(tx: &Tx, products: &[ProductId], now: i64) -> Result<()> {
    let sql = format!(
        "SELECT DISTINCT a.product_id FROM stock_alerts a \
         JOIN stock s ON s.product_id = a.product_id JOIN products p ON p.id = a.product_id \
         WHERE a.product_id IN ({}) AND p.stock_policy <> 'untracked' \
         AND s.on_hand - s.allocated - s.reserved > 0",
        placeholders(1, products.len())
    );
    let rows = tx
        .rows(&sql, products.iter().map(|id| Value::from(*id)))
        .await?;
    let mut jobs = Vec::with_capacity(rows.len());
    for row in rows {
        jobs.push(Job::BackInStock {
            product: row.try_get("", "product_id")?,
        });
    }
    tx.enqueue_all(now, &jobs).await
}

/// Tells everybody who waits for a product that it is back. Each account is a transaction of its
/// own: what is told is told, also where a later one fails and the job runs again.
///
/// # Errors
/// A template that fails, or whatever the database says.
pub async fn tell(app: &App, product: ProductId) -> Result<()> {
    let tx = app.db.read_system("back in stock").await?;
    let rows = tx
        .rows(
            "SELECT DISTINCT account_id FROM stock_alerts WHERE product_id = $1",
            [product.into()],
        )
        .await?;
    drop(tx);
    for row in rows {
        let account: AccountId = row.try_get("", "account_id")?;
        tell_account(app, product, account).await?;
    }
    app.wake.notify_one();
    Ok(())
}

async fn tell_account(app: &App, product: ProductId, account: AccountId) -> Result<()> {
    let tx = app.db.begin_system("back in stock").await?;
    let account = tx.get::<account::Entity>(account).await?;
    let seen_by = Scope {
        reach: Reach::Account {
            id: account.id,
            group: account.group_id,
        },
        ..tx.scope().clone()
    };
    let reference = app.reference.get(&tx).await?;
    let found = article::articles(&tx, &reference, |all| {
        all.filter(product::Column::Id.eq(product))
            .filter(visible_products(&seen_by))
    });
    let found = found.await?.into_iter().next();
    let found = found.filter(|article| article.status.is_sold());
    if found.as_ref().is_some_and(is_out) {
        // Sold again before anybody was told: they go on waiting.
        return Ok(());
    }
    let alerts = tx
        .all::<stock_alert::Entity>(|alerts| {
            alerts
                .filter(stock_alert::Column::ProductId.eq(product))
                .filter(stock_alert::Column::AccountId.eq(account.id))
        })
        .await?;
    if let Some(article) = found {
        let customer = ForWhom::load(&tx, app, account.id, None).await?.customer;
        let book = PriceBook::load(&tx, customer, &[product]).await?;
        let view = mail(app, &article, &book);
        post(app, &tx, &account, &alerts, &view).await?;
    }
    tx.delete::<stock_alert::Entity>(|rows| {
        rows.filter(stock_alert::Column::ProductId.eq(product))
            .filter(stock_alert::Column::AccountId.eq(account.id))
    })
    .await?;
    tx.commit().await
}

fn mail(app: &App, article: &Article, book: &PriceBook) -> BackInStockMail {
    let price = price_view(book, article);
    BackInStockMail {
        brand_name: app.brand.row.name.clone(),
        name: String::new(),
        product: article.name.clone(),
        sku: article.sku.clone(),
        available: article.available_in(article.order_unit).unwrap_or(0),
        least: least(article),
        unit: article.order_unit,
        unit_price: price.unit_price,
        currency: price.currency,
        link: format!("{}/products/{}", app.base_url, article.sku),
    }
}

async fn post(
    app: &App,
    tx: &Tx,
    account: &account::Model,
    alerts: &[stock_alert::Model],
    view: &BackInStockMail,
) -> Result<()> {
    let since: HashMap<UserId, i64> = alerts
        .iter()
        .map(|alert| (alert.user_id, alert.created_at))
        .collect();
    let ids = padded(&since.keys().copied().collect::<Vec<_>>());
    let people = tx
        .all::<user::Entity>(|users| users.filter(user::Column::Id.is_in(ids)))
        .await?;
    for person in people.iter().filter(|person| still_there(person, account)) {
        let Some(since) = since.get(&person.id) else {
            continue;
        };
        // One mail a wish, however often it is told.
        let event = format!("back-in-stock/{}/{since}", view.sku);
        let notice = Notice {
            topic: Topic::BackInStock,
            event: &event,
            kind: "back-in-stock",
            account: Some(account.id),
            said: Message::new("told-back-in-stock").with("product", view.product.clone()),
            // An article number is letters, digits, hyphens, dots and underscores.
            link: format!("/products/{}", view.sku),
            follows: None,
        };
        let view = BackInStockMail {
            name: person.name.clone(),
            ..view.clone()
        };
        messages::tell(app, tx, &notice, person, &view).await?;
    }
    Ok(())
}

/// Whether a person still buys for the account, or still looks after it.
fn still_there(person: &user::Model, account: &account::Model) -> bool {
    let belongs = match person.role {
        Role::Buyer | Role::Approver | Role::AccountAdmin => person.account_id == Some(account.id),
        Role::Kam => account.kam_id == Some(person.id),
        Role::Marketing | Role::Finance | Role::Operations | Role::Admin => true,
    };
    belongs && person.status == UserStatus::Active
}
