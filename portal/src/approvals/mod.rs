//! When an account's own orders need a colleague's approval: its rules, its people's budgets, and
//! what waits for whom.

pub mod budgets;
pub mod deciders;
pub mod rules;
pub mod settings;
pub mod view;
pub mod waiting;
pub mod web;

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, QueryFilter};
use trade::approval::{self, Ask, Line, Order, Rule};
use trade::hold::Opening;
use trade::id::{CategoryId, UserId};
use trade::money::{Currency, Money};
use trade::price::Rank;

use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{approval_rule, order};
use crate::db::words::ApprovalRuleKind;
use crate::error::Result;
use crate::orders::quote::{ForWhom, Quote, QuotedLine};

/// The approvals an order of these lines needs, by level. Asked when it is placed, before its own
/// row is there, with the account's credit row locked: two orders at once cannot both use the rest
/// of a budget. `person` is who places it; none for a program.
///
/// # Errors
/// Whatever the database says.
pub async fn openings(
    tx: &Tx,
    app: &App,
    whom: &ForWhom,
    quote: &Quote,
    person: Option<UserId>,
) -> Result<Vec<Opening>> {
    let rules = rules::of(tx, whom.account.id).await?;
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    let asks = |kind: ApprovalRuleKind| rules.iter().any(|rule| rule.kind == kind);
    let new_ship_to = if asks(ApprovalRuleKind::NewShipTo) {
        new_ship_to(tx, whom).await?
    } else {
        None
    };
    let budget = match person.filter(|_| asks(ApprovalRuleKind::Budget)) {
        Some(person) => budgets::standing(tx, app, &whom.account, person).await?,
        None => None,
    };
    let reference = app.reference.get(tx).await?;
    let category_names: BTreeMap<CategoryId, String> = rules
        .iter()
        .filter_map(|rule| rule.category_id)
        .filter_map(|id| Some((id, reference.categories.get(&id)?.row.path.clone())))
        .collect();
    let currency = whom.customer.currency;
    let order = Order {
        net: quote.totals.net,
        lines: quote.lines.iter().filter_map(line).collect(),
        new_ship_to,
        budget,
        requester: person,
        category_names,
    };
    let rules: Vec<Rule> = rules
        .iter()
        .filter_map(|rule| pure(rule, currency))
        .collect();
    Ok(approval::openings(&rules, &order))
}

/// A rule as stored, as the trade reads it. The table's checks see to it that nothing is missing.
#[must_use]
pub fn pure(rule: &approval_rule::Model, currency: Currency) -> Option<Rule> {
    let threshold = || Some(Money::new(rule.threshold_minor?, currency));
    let ask = match rule.kind {
        ApprovalRuleKind::Total => Ask::Total(threshold()?),
        ApprovalRuleKind::Category => Ask::Category(rule.category_id?, threshold()?),
        ApprovalRuleKind::OffList => Ask::OffList,
        ApprovalRuleKind::NewShipTo => Ask::NewShipTo,
        ApprovalRuleKind::Budget => Ask::Budget,
    };
    Some(Rule {
        ask,
        level: rule.level,
        approver: rule.approver_id,
    })
}

fn line(line: &QuotedLine) -> Option<Line> {
    let article = line.article.as_ref()?;
    let winner = line.trace.as_ref().and_then(|trace| trace.winner());
    let net = line.net?;
    Some(Line {
        sku: article.sku.clone(),
        net,
        categories: article.item.categories.clone(),
        // What comes along at no charge has nothing to agree on.
        off_list: net.minor > 0 && winner.is_some_and(|winner| winner.rank == Rank::Default),
    })
}

/// The place's name, where no order that came to something has ever gone to it.
async fn new_ship_to(tx: &Tx, whom: &ForWhom) -> Result<Option<String>> {
    let Some(place) = &whom.ship_to else {
        return Ok(None);
    };
    let earlier = tx
        .one::<order::Entity>(|orders| {
            orders
                .filter(order::Column::AccountId.eq(whom.account.id))
                .filter(order::Column::ShipToId.eq(place.id))
                .filter(order::Column::State.is_not_in(budgets::CAME_TO_NOTHING))
        })
        .await?;
    Ok(earlier.is_none().then(|| place.name.clone()))
}
