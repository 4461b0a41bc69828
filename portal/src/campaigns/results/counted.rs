//! What is counted of a campaign: sums that the database makes, four queries however many accounts.

use std::collections::HashMap;

use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait};
use trade::id::{AccountId, CampaignId};
use trade::order::OrderState;

use super::{Did, Window};
use crate::db::Tx;
use crate::db::entity::{
    campaign, campaign_account, campaign_message, mail, order, order_line, product, promotion_use,
};
use crate::db::words::{CampaignArm, UseState, Wave};
use crate::error::Result;
use crate::promotions::plan::Stored;
use crate::promotions::results::concerned;

/// Orders that came to nothing.
const NOTHING: [OrderState; 3] = [
    OrderState::Cancelled,
    OrderState::Rejected,
    OrderState::Expired,
];

/// Messages of a wave that share a fate.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Fate {
    pub wave: Wave,
    /// `waiting`, `mailed` or `skipped`.
    pub state: String,
    pub skipped_because: Option<String>,
    /// Where the mail stands; none where none was written, or it is gone.
    pub mail_state: Option<String>,
    /// Why it was withheld.
    pub withheld_because: Option<String>,
    pub people: i64,
    pub bounced: i64,
    pub opened: i64,
    pub clicked: i64,
}

/// What became of the messages, of the accounts that the reader sees.
///
/// # Errors
/// Whatever the database says.
pub async fn mails(tx: &Tx, campaign: CampaignId) -> Result<Vec<Fate>> {
    use campaign_message::Column as M;
    let message = |column: M| Expr::col((campaign_message::Entity, column));
    let mail = |column: mail::Column| Expr::col((mail::Entity, column));
    // Grouped by: PostgreSQL takes an expression with a parameter for another one each time.
    let because = CaseStatement::new().case(
        mail(mail::Column::State).eq(Expr::cust("'withheld'")),
        mail(mail::Column::LastError),
    );
    tx.report::<campaign_message::Entity, Fate>(|all| {
        let mut all = all
            .filter(M::CampaignId.eq(campaign))
            .select_only()
            .columns([M::Wave, M::State, M::SkippedBecause])
            .expr_as(mail(mail::Column::State), "mail_state")
            .expr_as(because.clone(), "withheld_because")
            .expr_as(message(M::Id).count(), "people")
            .expr_as(mail(mail::Column::BouncedAt).count(), "bounced")
            .expr_as(message(M::OpenedAt).count(), "opened")
            .expr_as(message(M::ClickedAt).count(), "clicked");
        QueryTrait::query(&mut all)
            .left_join(
                mail::Entity,
                mail(mail::Column::Id).equals((campaign_message::Entity, M::MailId)),
            )
            .add_group_by([
                message(M::Wave),
                message(M::State),
                message(M::SkippedBecause),
                mail(mail::Column::State),
                because.into(),
            ]);
        all
    })
    .await
}

#[derive(Debug, FromQueryResult)]
struct Drawn {
    account_id: AccountId,
    arm: CampaignArm,
}

#[derive(Debug, FromQueryResult)]
struct Sold {
    account_id: AccountId,
    net_before: Option<i64>,
    orders_before: i64,
    net: Option<i64>,
}

#[derive(Debug, FromQueryResult)]
struct Used {
    account_id: AccountId,
    orders: i64,
}

/// What each account of the campaign did, of those the reader sees.
///
/// # Errors
/// Whatever the database says.
pub async fn accounts(
    tx: &Tx,
    campaign: &campaign::Model,
    stored: &Stored,
    window: Window,
) -> Result<Vec<Did>> {
    use campaign_account::Column as C;
    let drawn: Vec<Drawn> = tx
        .report::<campaign_account::Entity, Drawn>(|all| {
            all.filter(C::CampaignId.eq(campaign.id))
                .select_only()
                .columns([C::AccountId, C::Arm])
        })
        .await?;
    let sold = sold(tx, campaign.id, stored, window).await?;
    let used = used(tx, stored, window).await?;
    let did = drawn.into_iter().map(|one| {
        let sold = sold.get(&one.account_id);
        Did {
            account: one.account_id,
            arm: one.arm,
            net_before: sold.and_then(|sold| sold.net_before).unwrap_or(0),
            orders_before: sold.map_or(0, |sold| sold.orders_before),
            net: sold.and_then(|sold| sold.net).unwrap_or(0),
            orders: used.get(&one.account_id).copied().unwrap_or(0),
        }
    });
    Ok(did.collect())
}

/// What accounts ordered of the promotion's items, before and since.
async fn sold(
    tx: &Tx,
    campaign: CampaignId,
    stored: &Stored,
    window: Window,
) -> Result<HashMap<AccountId, Sold>> {
    use order::Column as O;
    use order_line::Column as L;
    let head = |column: O| Expr::col((order::Entity, column));
    let line = |column: L| Expr::col((order_line::Entity, column));
    let before = || head(O::PlacedAt).lt(window.from);
    let net = |when: Expr| {
        let net = CaseStatement::new()
            .case(when, line(L::NetMinor))
            .finally(0);
        Expr::expr(net).sum().cast_as("bigint")
    };
    let earlier = CaseStatement::new().case(before(), head(O::Id));
    let drawn = Query::select()
        .column(campaign_account::Column::AccountId)
        .from(campaign_account::Entity)
        .and_where(campaign_account::Column::CampaignId.eq(campaign))
        .to_owned();
    let products = Query::select()
        .column(product::Column::Id)
        .from(product::Entity)
        .cond_where(concerned(stored))
        .to_owned();
    let rows: Vec<Sold> = tx
        .report::<order::Entity, Sold>(|orders| {
            let mut orders = orders
                .filter(O::PlacedAt.gte(window.before))
                .filter(O::PlacedAt.lt(window.until))
                .filter(O::State.is_not_in(NOTHING))
                .filter(O::Currency.eq(stored.row.currency))
                .filter(O::AccountId.in_subquery(drawn))
                .filter(line(L::ProductId).in_subquery(products))
                .select_only()
                .column(O::AccountId)
                .expr_as(net(before()), "net_before")
                .expr_as(Expr::expr(earlier).count_distinct(), "orders_before")
                .expr_as(net(head(O::PlacedAt).gte(window.from)), "net")
                .group_by(O::AccountId);
            QueryTrait::query(&mut orders).inner_join(
                order_line::Entity,
                line(L::OrderId).equals((order::Entity, O::Id)),
            );
            orders
        })
        .await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row)).collect())
}

/// Orders since the announcement in which the promotion gave something.
async fn used(tx: &Tx, stored: &Stored, window: Window) -> Result<HashMap<AccountId, i64>> {
    use promotion_use::Column as U;
    let rows: Vec<Used> = tx
        .report::<promotion_use::Entity, Used>(|uses| {
            uses.filter(U::PromotionId.eq(stored.row.id))
                .filter(U::State.ne(UseState::Released))
                .filter(U::At.gte(window.from))
                .filter(U::At.lt(window.until))
                .select_only()
                .column(U::AccountId)
                .expr_as(Expr::col(U::OrderId).count(), "orders")
                .group_by(U::AccountId)
        })
        .await?;
    let orders = rows.into_iter().map(|row| (row.account_id, row.orders));
    Ok(orders.collect())
}
