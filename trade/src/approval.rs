//! Approval: when an account's own rules ask a colleague about an order, and whom, in which order.
//!
//! A rule looks at one thing: the total, a category's share, an item without an agreed price, a
//! new place, the buyer's budget. Those that ask are sorted by level, and each step becomes one
//! hold. A step has one decider: the person its rules name, or anybody with the role. Where two
//! rules of one level name different people, they are two steps, so that naming a person always
//! means that this person is asked. Nobody decides about their own order: where the requester is
//! the named one, anybody else with the role may.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::hold::{ApprovalReason, Facts, HoldKind, Opening};
use crate::id::{CategoryId, UserId};
use crate::money::Money;

/// The most steps an order can have.
pub const MOST_STEPS: usize = 9;
/// Article numbers that a reason names; it counts the rest.
const NAMED_SKUS: usize = 20;

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// The order's net above a threshold.
    Total(Money),
    /// Net of the lines in a category, or in one below it, above a threshold.
    Category(CategoryId, Money),
    /// An item without an agreed price.
    OffList,
    /// A place that nothing has been ordered to before.
    NewShipTo,
    /// More than is left of the buyer's budget.
    Budget,
}

/// A rule of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// What it looks at.
    pub ask: Ask,
    /// Levels are asked one after the other.
    pub level: i32,
    /// The one person who may decide.
    pub approver: Option<UserId>,
}

/// A line as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its article number.
    pub sku: String,
    /// What it costs.
    pub net: Money,
    /// The item's category and those above it.
    pub categories: Vec<CategoryId>,
    /// Whether its price is what everybody pays.
    pub off_list: bool,
}

/// What a buyer may order in a period, and how much of it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// The period's first day.
    pub from: Date,
    /// What may be ordered.
    pub limit: Money,
    /// What has been ordered.
    pub used: Money,
}

/// An order as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its net.
    pub net: Money,
    /// Its lines.
    pub lines: Vec<Line>,
    /// The place's name, where nothing has been ordered to it before.
    pub new_ship_to: Option<String>,
    /// The buyer's budget; none where they have none.
    pub budget: Option<Budget>,
    /// Who places it; none for a program.
    pub requester: Option<UserId>,
    /// Names of the categories that rules look at.
    pub category_names: BTreeMap<CategoryId, String>,
}

/// Why a rule asks about an order; none where it does not.
#[must_use]
pub fn reason(ask: &Ask, order: &Order) -> Option<ApprovalReason> {
    match *ask {
        Ask::Total(threshold) => {
            (order.net.minor > threshold.minor).then_some(ApprovalReason::Total {
                net: order.net,
                threshold,
            })
        }
        Ask::Category(category, threshold) => {
            // Beyond 64 bits is above any threshold.
            let minor = order
                .lines
                .iter()
                .filter(|line| line.categories.contains(&category))
                .fold(0_i64, |sum, line| sum.saturating_add(line.net.minor));
            let name = || order.category_names.get(&category).cloned();
            (minor > threshold.minor).then(|| ApprovalReason::Category {
                category,
                name: name().unwrap_or_default(),
                net: Money::new(minor, order.net.currency),
                threshold,
            })
        }
        Ask::OffList => {
            let mut skus: Vec<String> = order
                .lines
                .iter()
                .filter(|line| line.off_list)
                .map(|line| line.sku.clone())
                .collect();
            skus.sort_unstable();
            skus.dedup();
            let count = i64::try_from(skus.len()).unwrap_or(i64::MAX);
            skus.truncate(NAMED_SKUS);
            (count > 0).then_some(ApprovalReason::OffList { skus, count })
        }
        Ask::NewShipTo => order
            .new_ship_to
            .clone()
            .map(|name| ApprovalReason::NewShipTo { name }),
        Ask::Budget => {
            let budget = order.budget?;
            let after = budget.used.minor.saturating_add(order.net.minor);
            (after > budget.limit.minor).then_some(ApprovalReason::Budget {
                from: budget.from,
                limit: budget.limit,
                used: budget.used,
                net: order.net,
            })
        }
    }
}

/// The holds that rules open for an order, by step; none where nobody has to be asked. It does not
/// matter in which order the rules or the lines come.
#[must_use]
pub fn openings(rules: &[Rule], order: &Order) -> Vec<Opening> {
    let mut levels: BTreeMap<i32, Vec<(Option<UserId>, ApprovalReason)>> = BTreeMap::new();
    for rule in rules {
        if let Some(reason) = reason(&rule.ask, order) {
            let approver = rule.approver.filter(|who| Some(*who) != order.requester);
            let asked = levels.entry(rule.level).or_default();
            if !asked.contains(&(approver, reason.clone())) {
                asked.push((approver, reason));
            }
        }
    }
    let mut steps: Vec<(Option<UserId>, Vec<ApprovalReason>)> = Vec::new();
    for asked in levels.into_values() {
        let mut named: BTreeMap<UserId, Vec<ApprovalReason>> = BTreeMap::new();
        let mut anybody = Vec::new();
        for (approver, reason) in asked {
            match approver {
                Some(who) => named.entry(who).or_default().push(reason),
                None => anybody.push(reason),
            }
        }
        let mut of_level: Vec<_> = named
            .into_iter()
            .map(|(who, reasons)| (Some(who), reasons))
            .collect();
        // Who is named has the role: what anybody may decide is theirs to decide as well.
        match of_level.first_mut() {
            Some((_, reasons)) => reasons.append(&mut anybody),
            None => of_level.push((None, anybody)),
        }
        steps.append(&mut of_level);
    }
    (1..)
        .zip(steps.into_iter().take(MOST_STEPS))
        .map(|(level, (approver, mut reasons))| {
            reasons.sort_by_cached_key(place);
            // Two rules may say the same to one person.
            reasons.dedup();
            Opening {
                kind: HoldKind::Approval,
                level,
                approver,
                facts: Facts::Approval { reasons },
            }
        })
        .collect()
}

/// How many steps an order that every rule asks about would have.
#[must_use]
pub fn steps(rules: &[Rule]) -> usize {
    let mut levels: BTreeMap<i32, Vec<UserId>> = BTreeMap::new();
    for rule in rules {
        levels.entry(rule.level).or_default().extend(rule.approver);
    }
    levels
        .into_values()
        .map(|mut named| {
            named.sort_unstable();
            named.dedup();
            named.len().max(1)
        })
        .sum()
}

/// Whether somebody other than the one who orders can decide, whoever of `people` it is. `deciders`
/// are those with the role who may sign in. A named approver's own orders are decided by others.
///
/// The answer is those of `people` who would wait in vain.
#[must_use]
pub fn stranded(people: &[UserId], deciders: &[UserId]) -> Vec<UserId> {
    people
        .iter()
        .filter(|person| !deciders.iter().any(|decider| decider != *person))
        .copied()
        .collect()
}

/// Reasons stand in the order of what weighs most.
fn place(reason: &ApprovalReason) -> (u8, String) {
    match reason {
        ApprovalReason::Total { threshold, .. } => (0, format!("{:020}", threshold.minor)),
        ApprovalReason::Category {
            name,
            category,
            threshold,
            ..
        } => (1, format!("{name} {category} {:020}", threshold.minor)),
        ApprovalReason::Budget { .. } => (2, String::new()),
        ApprovalReason::OffList { .. } => (3, String::new()),
        ApprovalReason::NewShipTo { .. } => (4, String::new()),
    }
}
