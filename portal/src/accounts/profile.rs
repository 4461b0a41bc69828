//! One account's profile: who it is, its contracts and price lists in their order, recent orders,
//! people and places.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, Condition, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use trade::calendar::{LocalDate, Period};
use trade::id::PriceListId;
use trade::price::Target;

use super::view::{AccountPage, ContractRow, DiscountRow, PriceListRow};
use super::{acting, insight, portfolio};
use crate::app::App;
use crate::company::view::{ShipToRow, UserRow};
use crate::credit::terms;
use crate::db::Tx;
use crate::db::entity::{
    account, account_group, contract, order, price_row, product, ship_to, user,
};
use crate::db::words::Role;
use crate::error::Result;
use crate::messages::suppression;
use crate::orders::list;
use crate::pricing::{Customer, PriceBook};
use crate::web::form::FormState;
use crate::web::shape::Address;

/// Recent orders on the profile.
const RECENT: u64 = 10;

/// Who asks for a profile, with the terms they sent where those were refused.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The role decides what may be changed.
    pub role: Role,
    /// The form as typed, with what is wrong.
    pub terms: Option<FormState>,
}

/// The page of the account with that number.
///
/// # Errors
/// `NotFound`.
pub async fn page(tx: &Tx, app: &App, number: &str, asked: Asked) -> Result<AccountPage> {
    let found = super::find(tx, number).await?;
    let customer = Customer {
        account: found.id,
        ship_to: None,
        currency: found.currency,
        date: app.today(),
    };
    let book = PriceBook::load(tx, customer, &[]).await?;
    let orders = list::rows(tx, |orders| {
        orders
            .filter(order::Column::AccountId.eq(found.id))
            .order_by_desc(order::Column::PlacedAt)
            .limit(RECENT)
    })
    .await?;
    let parent = match found.parent_id {
        Some(id) => {
            tx.one::<account::Entity>(|a| a.filter(account::Column::Id.eq(id)))
                .await?
        }
        None => None,
    };
    let kam = match found.kam_id {
        Some(id) => {
            tx.one::<user::Entity>(|users| users.filter(user::Column::Id.eq(id)))
                .await?
        }
        None => None,
    };
    Ok(AccountPage {
        account: portfolio::row(tx, app, &found).await?,
        bill_to: address(
            &found.name,
            &found.street,
            &found.postal_code,
            &found.city,
            &found.country,
        ),
        vat_id: found.vat_id.clone(),
        parent: parent.map(|parent| parent.name),
        kams: kam.into_iter().map(|kam| kam.name).collect(),
        terms_days: found.payment_terms_days.into(),
        terms: terms::view(tx, app, &found, terms::may_change(asked.role), asked.terms).await?,
        contracts: contracts(tx, app, &found, &book).await?,
        price_lists: price_lists(tx, &book).await?,
        orders,
        users: users(tx, &found).await?,
        ship_tos: ship_tos(tx, &found).await?,
        can_act: acting::may_act(asked.role),
        insight: insight::view(tx, app, &found).await?,
    })
}

fn address(name: &str, street: &str, code: &str, city: &str, country: &str) -> Address {
    let lines = [
        street.to_owned(),
        format!("{code} {city}").trim().to_owned(),
        country.to_owned(),
    ];
    Address {
        name: name.to_owned(),
        lines: lines.into_iter().filter(|line| !line.is_empty()).collect(),
    }
}

async fn contracts(
    tx: &Tx,
    app: &App,
    found: &account::Model,
    book: &PriceBook,
) -> Result<Vec<ContractRow>> {
    let rows = tx
        .all::<contract::Entity>(|contracts| {
            let mut whose = Condition::any().add(contract::Column::AccountId.eq(found.id));
            if let Some(group) = found.group_id {
                whose = whose.add(contract::Column::GroupId.eq(group));
            }
            contracts
                .filter(whose)
                .order_by_desc(contract::Column::ValidFrom)
        })
        .await?;
    let group = match found.group_id {
        Some(id) => {
            tx.one::<account_group::Entity>(|g| g.filter(account_group::Column::Id.eq(id)))
                .await?
        }
        None => None,
    };
    let names = names_of_targets(tx, app, book).await?;
    let rows = rows.into_iter().map(|row| {
        let validity = Period::stored(row.valid_from, row.valid_until);
        let list = book
            .lists()
            .iter()
            .find(|list| list.id == row.price_list_id);
        let discounts = list
            .map(|list| list.conditions.as_slice())
            .unwrap_or_default();
        ContractRow {
            name: format!("{} {}", row.number, row.name),
            valid_from: validity.from.to_string(),
            valid_last: validity.last_day().map(|day| day.to_string()),
            group: row
                .group_id
                .and_then(|_| group.as_ref().map(|group| group.name.clone())),
            discounts: discounts
                .iter()
                .map(|condition| {
                    let (on, name) = match condition.target {
                        Target::Product(_) => ("sku", names.get(&condition.target)),
                        Target::Brand(_) => ("brand", names.get(&condition.target)),
                        Target::Category(_) => ("category", names.get(&condition.target)),
                        Target::Everything => ("everything", None),
                    };
                    DiscountRow {
                        on: on.to_owned(),
                        name: name.cloned().unwrap_or_default(),
                        discount_bp: condition.discount.0.into(),
                    }
                })
                .collect(),
        }
    });
    Ok(rows.collect())
}

async fn names_of_targets(tx: &Tx, app: &App, book: &PriceBook) -> Result<HashMap<Target, String>> {
    let reference = app.reference.get(tx).await?;
    let mut names = HashMap::new();
    let mut products = Vec::new();
    for condition in book.lists().iter().flat_map(|list| &list.conditions) {
        let name = match condition.target {
            Target::Product(id) => {
                products.push(id);
                None
            }
            Target::Brand(id) => reference.brands.get(&id).map(|brand| brand.name.clone()),
            Target::Category(id) => reference.categories.get(&id).map(|c| c.row.path.clone()),
            Target::Everything => None,
        };
        if let Some(name) = name {
            names.insert(condition.target, name);
        }
    }
    if !products.is_empty() {
        let ids = crate::catalogue::padded(&products);
        let rows = tx
            .all::<product::Entity>(|all| all.filter(product::Column::Id.is_in(ids)))
            .await?;
        names.extend(
            rows.into_iter()
                .map(|row| (Target::Product(row.id), row.sku)),
        );
    }
    Ok(names)
}

#[derive(Debug, FromQueryResult)]
struct Counted {
    price_list_id: PriceListId,
    prices: i64,
}

async fn price_lists(tx: &Tx, book: &PriceBook) -> Result<Vec<PriceListRow>> {
    let ids: Vec<PriceListId> = book.lists().iter().map(|list| list.id).collect();
    let mut counts: HashMap<PriceListId, i64> = HashMap::new();
    if !ids.is_empty() {
        let ids = crate::catalogue::padded(&ids);
        let rows: Vec<Counted> = tx
            .report::<price_row::Entity, Counted>(|rows| {
                rows.filter(price_row::Column::PriceListId.is_in(ids))
                    .select_only()
                    .column(price_row::Column::PriceListId)
                    .expr_as(Expr::col(price_row::Column::ProductId).count(), "prices")
                    .group_by(price_row::Column::PriceListId)
            })
            .await?;
        counts.extend(rows.into_iter().map(|row| (row.price_list_id, row.prices)));
    }
    let rows = book.lists().iter().map(|list| PriceListRow {
        rank: list.rank,
        name: list.name.clone(),
        currency: list.currency,
        valid_from: Some(LocalDate(list.validity.from).to_string()),
        valid_last: list.validity.last_day().map(|day| day.to_string()),
        prices: counts.get(&list.id).copied().unwrap_or(0),
    });
    Ok(rows.collect())
}

async fn users(tx: &Tx, found: &account::Model) -> Result<Vec<UserRow>> {
    let rows = tx
        .all::<user::Entity>(|users| {
            users
                .filter(user::Column::AccountId.eq(found.id))
                .order_by_asc(user::Column::Name)
                .limit(200)
        })
        .await?;
    let dead = suppression::among(tx, rows.iter().map(|row| row.email.as_str())).await?;
    let rows = rows.into_iter().map(|row| UserRow {
        comes_back: dead.contains(&row.email.to_lowercase()),
        id: row.id.to_string(),
        name: row.name,
        email: row.email,
        role: row.role.name().to_owned(),
        status: row.status.name().to_owned(),
        last_seen_at: row.last_sign_in_at,
        account_name: found.name.clone(),
        is_self: false,
        may_agree_prices: None,
    });
    Ok(rows.collect())
}

async fn ship_tos(tx: &Tx, found: &account::Model) -> Result<Vec<ShipToRow>> {
    let rows = tx
        .all::<ship_to::Entity>(|places| {
            places
                .filter(ship_to::Column::AccountId.eq(found.id))
                .filter(ship_to::Column::Active.eq(true))
                .order_by_asc(ship_to::Column::Code)
                .limit(500)
        })
        .await?;
    let rows = rows.into_iter().map(|row| ShipToRow {
        address: address(
            &row.name,
            &row.street,
            &row.postal_code,
            &row.city,
            &row.country,
        ),
        code: row.code,
        is_default: row.is_default,
    });
    Ok(rows.collect())
}
