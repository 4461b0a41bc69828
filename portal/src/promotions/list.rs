//! The list of promotions: by state and by words.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use trade::calendar::LocalDate;
use trade::id::FundId;
use trade::money::Money;

use super::calendar;
use super::life::Stand;
use super::plan::{self, Stored, concerning};
use super::view::{PromotionRow, PromotionsPage};
use super::words;
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::promotion;
use crate::db::words::{PromotionState, Role};
use crate::error::Result;
use crate::orders::list::contains;
use crate::web::shape::{Choice, Paging, Query};

/// Promotions on a page.
const PAGE: u64 = 30;

/// The page that `query` asks for: `state`, `q`, `page`.
///
/// # Errors
/// Whatever the database says.
pub async fn page(tx: &Tx, app: &App, mut query: Query) -> Result<PromotionsPage> {
    let today = LocalDate(app.today());
    let asked = query.get("state").map(String::as_str).unwrap_or_default();
    let chosen = Stand::ALL.into_iter().find(|stand| stand.name() == asked);
    if chosen.is_none() {
        query.remove("state");
    }
    let mut condition = concerning(tx.scope());
    if let Some(stand) = chosen {
        condition = Condition::all().add(condition).add(standing(stand, today));
    }
    if let Some(text) = query.get("q").map(|q| q.trim()).filter(|q| !q.is_empty()) {
        let column = |c: promotion::Column| Expr::col((promotion::Entity, c));
        condition = Condition::all().add(condition).add(
            Condition::any()
                .add(contains(column(promotion::Column::Name), text))
                .add(contains(column(promotion::Column::Code), text)),
        );
    }
    let total = tx
        .count::<promotion::Entity>(|all| all.filter(condition.clone()))
        .await?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let rows = tx
        .all::<promotion::Entity>(|all| {
            all.filter(condition)
                .order_by_desc(promotion::Column::ValidFrom)
                .order_by_asc(promotion::Column::Code)
                .offset(offset)
                .limit(PAGE)
        })
        .await?;
    let stored = plan::with_plans(tx, rows).await?;
    let states = Stand::ALL
        .into_iter()
        .map(|stand| Choice::new(stand.name(), "", chosen == Some(stand)));
    Ok(PromotionsPage {
        states: states.collect(),
        rows: rows_of(tx, app, &stored).await?,
        paging,
        calendar: calendar::around(tx, app).await?,
        can_plan: matches!(
            tx.scope().actor.role,
            Some(Role::Kam | Role::Marketing | Role::Admin)
        ),
        query,
    })
}

/// Promotions that spend from a fund, the latest first.
///
/// # Errors
/// Whatever the database says.
pub async fn of_fund(tx: &Tx, app: &App, fund: FundId) -> Result<Vec<PromotionRow>> {
    let rows = tx
        .all::<promotion::Entity>(|all| {
            all.filter(promotion::Column::FundId.eq(fund))
                .filter(concerning(tx.scope()))
                .order_by_desc(promotion::Column::ValidFrom)
                .order_by_asc(promotion::Column::Code)
                .limit(PAGE)
        })
        .await?;
    let stored = plan::with_plans(tx, rows).await?;
    rows_of(tx, app, &stored).await
}

async fn rows_of(tx: &Tx, app: &App, stored: &[Stored]) -> Result<Vec<PromotionRow>> {
    let plans: Vec<_> = stored.iter().map(|one| &one.plan).collect();
    let names = plan::names(tx, app, &plans).await?;
    let rows = stored.iter().map(|one| {
        let (row, plan) = (&one.row, &one.plan);
        let mut promotion = one.promotion();
        // The row has its dates beside it.
        promotion.validity.until = None;
        PromotionRow {
            id: row.id.to_string(),
            code: row.code.clone(),
            name: row.name.clone(),
            state: Stand::on(row.state, &plan.validity, app.today())
                .name()
                .to_owned(),
            short: words::short(&promotion, &names),
            valid_from: plan.validity.from.to_string(),
            valid_last: plan.validity.last_day().map(|day| day.to_string()),
            uses: row.uses,
            spent: Money::new(row.spent_minor, row.currency),
            created_by: row.created_by.clone(),
        }
    });
    Ok(rows.collect())
}

/// Rows that stand there today.
pub(super) fn standing(stand: Stand, today: LocalDate) -> Condition {
    use promotion::Column as P;
    let stored = |state: PromotionState| Condition::all().add(P::State.eq(state));
    let approved = stored(PromotionState::Approved);
    match stand {
        Stand::Draft => stored(PromotionState::Draft),
        Stand::Submitted => stored(PromotionState::Submitted),
        Stand::Approved => approved.add(P::ValidFrom.gt(today)),
        Stand::Running => approved
            .add(P::ValidFrom.lte(today))
            .add(P::ValidUntil.gt(today)),
        Stand::Ended => approved.add(P::ValidUntil.lte(today)),
        Stand::Stopped => stored(PromotionState::Stopped),
        Stand::Settled => stored(PromotionState::Settled),
        Stand::Cancelled => stored(PromotionState::Cancelled),
    }
}
