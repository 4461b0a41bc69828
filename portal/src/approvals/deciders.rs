//! Who can decide about an account's orders, and the promise that somebody always can.
//!
//! Nobody decides about their own order. So for everybody whose order a rule may ask about there
//! must be somebody else with the role who may sign in: that is what "a rule has a possible
//! approver" means. Rules, budgets and changes of people are held against it.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use trade::approval;
use trade::id::{AccountId, UserId};

use super::rules;
use crate::auth::people::Change;
use crate::db::Tx;
use crate::db::entity::{account, approval_rule, hold, user, user_budget};
use crate::db::words::{ApprovalRuleKind, Role, UserStatus};
use crate::error::{Refusal, Result};
use crate::web::shape::Message;

/// Whether a person with that role decides about orders of the account.
#[must_use]
pub fn decides(role: Role) -> bool {
    match role {
        Role::Approver | Role::AccountAdmin => true,
        Role::Buyer
        | Role::Kam
        | Role::Marketing
        | Role::Finance
        | Role::Operations
        | Role::Admin => false,
    }
}

fn can_decide(user: &user::Model) -> bool {
    user.status == UserStatus::Active && decides(user.role)
}

/// Whether somebody who decides does so after a change as well.
fn stays(change: Change) -> bool {
    match change {
        Change::Role(role) => decides(role),
        Change::Enable | Change::AgreePrices(_) => true,
        Change::Disable => false,
    }
}

/// Why somebody who decides cannot be spared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss {
    /// A rule names them.
    Named,
    /// Nobody could decide about orders of these people.
    Last(Vec<UserId>),
}

/// What an account's approvals rest on.
#[derive(Debug, Clone)]
pub struct House {
    /// Its people who may sign in, by name.
    pub people: Vec<user::Model>,
    /// Its rules.
    pub rules: Vec<approval_rule::Model>,
    /// Its people's budgets.
    pub budgets: Vec<user_budget::Model>,
}

impl House {
    /// Reads it; nobody else changes it before this transaction is through, if it writes.
    ///
    /// # Errors
    /// `NotFound` out of reach; whatever the database says.
    pub async fn lock(tx: &Tx, account: AccountId) -> Result<House> {
        tx.one::<account::Entity>(|rows| {
            rows.filter(account::Column::Id.eq(account))
                .lock_exclusive()
        })
        .await?;
        House::read(tx, account).await
    }

    /// Reads it.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn read(tx: &Tx, account: AccountId) -> Result<House> {
        let people = tx
            .all::<user::Entity>(|users| {
                users
                    .filter(user::Column::AccountId.eq(account))
                    .filter(user::Column::Status.eq(UserStatus::Active))
                    .order_by_asc(user::Column::Name)
                    .order_by_asc(user::Column::Id)
            })
            .await?;
        let budgets = tx
            .all::<user_budget::Entity>(|budgets| {
                budgets.filter(user_budget::Column::AccountId.eq(account))
            })
            .await?;
        Ok(House {
            people,
            rules: rules::of(tx, account).await?,
            budgets,
        })
    }

    /// Those who may decide.
    pub fn deciders(&self) -> impl Iterator<Item = &user::Model> {
        self.people.iter().filter(|user| can_decide(user))
    }

    /// The name of a person who may sign in.
    #[must_use]
    pub fn name(&self, id: UserId) -> Option<&str> {
        let found = self.people.iter().find(|user| user.id == id)?;
        Some(&found.name)
    }

    /// Those whose orders a rule may ask about and nobody else could decide. A budget's rule asks
    /// those who have one, any other rule everybody.
    #[must_use]
    pub fn stranded(&self) -> Vec<UserId> {
        let asks_everybody = self
            .rules
            .iter()
            .any(|rule| rule.kind != ApprovalRuleKind::Budget);
        let asked: Vec<UserId> = self
            .people
            .iter()
            .map(|user| user.id)
            .filter(|id| asks_everybody || self.has_budget(*id))
            .collect();
        if self.rules.is_empty() {
            return Vec::new();
        }
        let deciders: Vec<UserId> = self.deciders().map(|user| user.id).collect();
        approval::stranded(&asked, &deciders)
    }

    fn has_budget(&self, id: UserId) -> bool {
        self.budgets.iter().any(|budget| budget.user_id == id)
    }

    /// What would be lost by a change of a person; none where all is well after it.
    #[must_use]
    pub fn loss(&self, id: UserId, change: Change) -> Option<Loss> {
        let decides_now = self.deciders().any(|user| user.id == id);
        if stays(change) || !decides_now {
            return None;
        }
        if self.rules.iter().any(|rule| rule.approver_id == Some(id)) {
            return Some(Loss::Named);
        }
        let before: BTreeSet<UserId> = self.stranded().into_iter().collect();
        let mut after = self.clone();
        after.change(id, change);
        let stranded: Vec<UserId> = after
            .stranded()
            .into_iter()
            .filter(|id| !before.contains(id))
            .collect();
        (!stranded.is_empty()).then_some(Loss::Last(stranded))
    }

    /// Notes a change of a person.
    pub fn change(&mut self, id: UserId, change: Change) {
        match change {
            Change::Disable => self.people.retain(|person| person.id != id),
            Change::Role(role) => {
                if let Some(person) = self.people.iter_mut().find(|one| one.id == id) {
                    person.role = role;
                }
            }
            Change::Enable | Change::AgreePrices(_) => {}
        }
    }

    /// Every account that has rules, in a handful of queries.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn all(tx: &Tx) -> Result<HashMap<AccountId, House>> {
        let mut houses: HashMap<AccountId, House> = HashMap::new();
        for rule in tx.all::<approval_rule::Entity>(|rules| rules).await? {
            let house = houses.entry(rule.account_id).or_insert_with(House::empty);
            house.rules.push(rule);
        }
        if houses.is_empty() {
            return Ok(houses);
        }
        for budget in tx.all::<user_budget::Entity>(|budgets| budgets).await? {
            if let Some(house) = houses.get_mut(&budget.account_id) {
                house.budgets.push(budget);
            }
        }
        let people = tx
            .all::<user::Entity>(|users| {
                users
                    .filter(user::Column::AccountId.is_not_null())
                    .filter(user::Column::Status.eq(UserStatus::Active))
            })
            .await?;
        for person in people {
            if let Some(house) = person.account_id.and_then(|id| houses.get_mut(&id)) {
                house.people.push(person);
            }
        }
        Ok(houses)
    }

    fn empty() -> House {
        House {
            people: Vec::new(),
            rules: Vec::new(),
            budgets: Vec::new(),
        }
    }

    /// Their names, for a message.
    #[must_use]
    pub fn names(&self, ids: &[UserId]) -> String {
        let names: Vec<&str> = ids.iter().filter_map(|id| self.name(*id)).collect();
        names.join(", ")
    }
}

/// What is wrong with a rule or a budget after which `stranded` people could get no approval.
#[must_use]
pub fn nobody_decides(house: &House, stranded: &[UserId]) -> Message {
    let names = house.names(stranded);
    if house.deciders().next().is_none() {
        Message::new("approval-nobody-decides")
    } else {
        Message::new("approval-nobody-else-decides").with("names", names)
    }
}

/// Refuses a change of a person after which somebody's order could wait in vain: they are named by
/// a rule, or nobody else is left who could decide. Holds that name a person who goes are opened
/// to their colleagues.
///
/// # Errors
/// `Refused`; whatever the database says.
pub async fn before_change(tx: &Tx, user: &user::Model, change: Change) -> Result<()> {
    let Some(account) = user.account_id else {
        return Ok(());
    };
    if stays(change) || !can_decide(user) {
        return Ok(());
    }
    let house = House::lock(tx, account).await?;
    match house.loss(user.id, change) {
        None => {}
        // Rules are the account's own; the brand's people can only ask for a change.
        Some(Loss::Named) => {
            let happened = Message::new("approver-is-named").with("name", user.name.clone());
            let refusal = Refusal::new("approver-is-named", happened);
            return Err(if is_retailer(tx) {
                let next = Message::new("approver-is-named-next");
                refusal.go_on(next, "/company#rules").into()
            } else {
                refusal.into()
            });
        }
        Some(Loss::Last(stranded)) => {
            let happened = Message::new("approver-is-last")
                .with("name", user.name.clone())
                .with("others", house.names(&stranded));
            let href = if is_retailer(tx) {
                "/company#invite"
            } else {
                "/admin/users#invite"
            };
            let next = Message::new("approver-is-last-next");
            return Err(Refusal::new("approver-is-last", happened)
                .go_on(next, href)
                .into());
        }
    }
    tx.change::<hold::Entity>(|update| {
        use sea_orm::sea_query::Expr;
        update
            .filter(hold::Column::ApproverId.eq(user.id))
            .filter(hold::Column::State.is_in(["waiting", "open"]))
            .col_expr(
                hold::Column::ApproverId,
                Expr::value(Option::<uuid::Uuid>::None),
            )
    })
    .await?;
    Ok(())
}

fn is_retailer(tx: &Tx) -> bool {
    tx.scope().actor.role.is_some_and(Role::is_retailer)
}
