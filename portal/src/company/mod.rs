//! An account's own people and places. Its admins look after the people; its other users look.

pub mod view;
pub mod web;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use crate::admin::users::row;
use crate::app::App;
use crate::approvals::settings;
use crate::auth::Buyer;
use crate::db::Tx;
use crate::db::entity::{ship_to, user};
use crate::db::words::Role;
use crate::error::Result;
use crate::messages;
use crate::messages::suppression;
use crate::web::form::FormState;
use crate::web::shape::{Address, Choice};
use view::{CompanyPage, ShipToRow};

/// The forms of the page, as typed.
#[derive(Debug, Default)]
pub struct Forms {
    /// Of an invitation.
    pub invite: FormState,
    /// Of a rule of approval.
    pub rule: FormState,
    /// Of a budget.
    pub budget: FormState,
}

/// The page of the caller's account.
///
/// # Errors
/// Whatever the database says.
pub async fn page(tx: &Tx, app: &App, who: &Buyer, forms: Forms) -> Result<CompanyPage> {
    let users = tx
        .all::<user::Entity>(|users| {
            users
                .filter(user::Column::AccountId.eq(who.account.id))
                .order_by_asc(user::Column::Name)
                .order_by_asc(user::Column::Id)
        })
        .await?;
    let places = tx
        .all::<ship_to::Entity>(|places| {
            places
                .filter(ship_to::Column::AccountId.eq(who.account.id))
                .filter(ship_to::Column::Active.eq(true))
                .order_by_asc(ship_to::Column::Code)
        })
        .await?;
    let own = who.session.user_id;
    let dead = suppression::among(tx, users.iter().map(|user| user.email.as_str())).await?;
    let approvals = settings::section(tx, app, who, forms.rule, forms.budget).await?;
    let can_manage = who.session.role == Role::AccountAdmin;
    let told = match can_manage {
        true => messages::own::colleagues(tx, &users).await?,
        false => Vec::new(),
    };
    let roles = Role::ALL.iter().filter(|role| role.is_retailer());
    Ok(CompanyPage {
        account_name: who.account.name.clone(),
        account_number: who.account.number.clone(),
        users: users
            .into_iter()
            .map(|user| row(user, who.account.name.clone(), own, &dead))
            .collect(),
        ship_tos: places.into_iter().map(place).collect(),
        invite: forms.invite,
        approvals,
        roles: roles
            .map(|role| Choice::new(role.name(), "", *role == Role::Buyer))
            .collect(),
        can_manage,
        told,
    })
}

fn place(row: ship_to::Model) -> ShipToRow {
    let city = format!("{} {}", row.postal_code, row.city)
        .trim()
        .to_owned();
    let lines = [row.street, city, row.country];
    ShipToRow {
        code: row.code,
        address: Address {
            name: row.name,
            lines: lines.into_iter().filter(|line| !line.is_empty()).collect(),
        },
        is_default: row.is_default,
    }
}
