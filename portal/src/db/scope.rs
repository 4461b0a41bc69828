//! Whose rows a transaction can see.
//!
//! Only a caller (`auth::Buyer`, `auth::Kam`, `auth::Staff`) or a named system task makes a
//! [`Scope`]; each entity answers for itself which rows it shows to one. What a scope cannot see
//! is not there: another account's order is "not found", never "forbidden".

use sea_orm::sea_query::{Alias, Expr, ExprTrait, IntoCondition, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait};
use trade::id::{AccountGroupId, AccountId, UserId};
use uuid::Uuid;

use super::entity::{account, category_ancestor, product, visibility_rule};
use super::words::Role;

/// An entity that says who may see its rows. There is no default: a table that has not answered
/// cannot be queried through a `Tx`.
pub trait Visible: EntityTrait {
    /// The condition under which `scope` sees a row.
    fn visible_to(scope: &Scope) -> Condition;

    /// The column that names the account a row belongs to; none where rows belong to nobody.
    fn owner() -> Option<Self::Column> {
        None
    }
}

/// How far a scope reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// One account's rows.
    Account {
        /// The account.
        id: AccountId,
        /// Its group, on which visibility of products may hang.
        group: Option<AccountGroupId>,
    },
    /// The accounts a KAM looks after.
    Portfolio(UserId),
    /// Every account: the brand's finance, marketing, operations and admin.
    Brand,
    /// The program itself: jobs, imports, sign-in.
    System,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The user; none for an API key or the program itself.
    pub user_id: Option<UserId>,
    /// The name that goes into timelines and the audit log.
    pub name: String,
    /// The user's role.
    pub role: Option<Role>,
    /// What idempotency keys belong to: the user's or the API key's id.
    pub owner: Uuid,
}

/// Who acts, for whom, and which rows that reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    pub(crate) reach: Reach,
    /// Who acts.
    pub actor: Actor,
    /// The account's name where the brand's staff act for it: two names are kept.
    pub on_behalf_of: Option<String>,
}

impl Scope {
    /// The program itself; `purpose` goes into the audit log as the actor's name.
    pub(crate) fn system(purpose: &str) -> Scope {
        let actor = Actor {
            user_id: None,
            name: purpose.to_owned(),
            role: None,
            owner: Uuid::nil(),
        };
        Scope {
            reach: Reach::System,
            actor,
            on_behalf_of: None,
        }
    }

    /// Every row, in this person's name: for what follows from what they may do beyond the rows
    /// they see, such as ending the sessions of somebody they disabled.
    pub(crate) fn everywhere(&self) -> Scope {
        Scope {
            reach: Reach::System,
            ..self.clone()
        }
    }

    /// The account whose rows are reached, where it is one.
    #[must_use]
    pub fn account_id(&self) -> Option<AccountId> {
        match self.reach {
            Reach::Account { id, .. } => Some(id),
            Reach::Portfolio(_) | Reach::Brand | Reach::System => None,
        }
    }

    /// Rows whose `column` names an account that is reached.
    pub fn owns<C: ColumnTrait>(&self, column: C) -> Condition {
        match self.reach {
            Reach::Account { id, .. } => column.eq(id).into_condition(),
            Reach::Portfolio(kam) => column.in_subquery(portfolio(kam)).into_condition(),
            Reach::Brand | Reach::System => Condition::all(),
        }
    }

    /// Rows that everybody may see.
    #[must_use]
    pub fn everyone(&self) -> Condition {
        Condition::all()
    }

    /// Rows for the brand's own people.
    #[must_use]
    pub fn staff_only(&self) -> Condition {
        match self.reach {
            Reach::Account { .. } => nothing(),
            Reach::Portfolio(_) | Reach::Brand | Reach::System => Condition::all(),
        }
    }

    /// Rows for the program alone.
    #[must_use]
    pub fn system_only(&self) -> Condition {
        match self.reach {
            Reach::Account { .. } | Reach::Portfolio(_) | Reach::Brand => nothing(),
            Reach::System => Condition::all(),
        }
    }

    /// People: an account sees its own, a KAM those of their portfolio and themselves.
    pub fn people<C: ColumnTrait>(&self, account: C, id: C) -> Condition {
        match self.reach {
            Reach::Account { id: own, .. } => account.eq(own).into_condition(),
            Reach::Portfolio(kam) => Condition::any()
                .add(account.in_subquery(portfolio(kam)))
                .add(id.eq(kam)),
            Reach::Brand | Reach::System => Condition::all(),
        }
    }

    /// Rows of the acting user alone.
    pub fn own_person<C: ColumnTrait>(&self, column: C) -> Condition {
        match (self.reach, self.actor.user_id) {
            (Reach::System, _) => Condition::all(),
            (_, Some(user)) => column.eq(user).into_condition(),
            (_, None) => nothing(),
        }
    }
}

fn nothing() -> Condition {
    Expr::val(1).eq(0).into_condition()
}

fn portfolio(kam: UserId) -> SelectStatement {
    Query::select()
        .column(account::Column::Id)
        .from(account::Entity)
        .and_where(account::Column::KamId.eq(kam))
        .to_owned()
}

/// Which products a scope sees: for an account, those no rule excludes it from, and of those that
/// are reserved for certain audiences the ones that include it. The brand's people see all.
///
/// A rule on a category covers everything below it.
pub(crate) fn visible_products(scope: &Scope) -> Condition {
    let Reach::Account { id, group } = scope.reach else {
        return Condition::all();
    };
    let audience = |rule: Alias| {
        let column = |c: visibility_rule::Column| Expr::col((rule.clone(), c));
        let mut audience = Condition::any()
            .add(column(visibility_rule::Column::AccountId).eq(id.0))
            .add(
                Condition::all()
                    .add(column(visibility_rule::Column::AccountId).is_null())
                    .add(column(visibility_rule::Column::GroupId).is_null()),
            );
        if let Some(group) = group {
            audience = audience.add(column(visibility_rule::Column::GroupId).eq(group.0));
        }
        audience
    };
    let with_audience = |effect: &str, alias: &str| {
        rules(effect, alias)
            .map(|mut rules| rules.cond_where(audience(Alias::new(alias))).to_owned())
    };
    let [excluded, excluded_above] = with_audience("exclude", "excluded");
    let [reserved, reserved_above] = rules("include", "reserved");
    let [included, included_above] = with_audience("include", "included");
    let for_everybody = Condition::all()
        .add(reserved.not_exists())
        .add(reserved_above.not_exists());
    Condition::all()
        .add(excluded.not_exists())
        .add(excluded_above.not_exists())
        .add(
            Condition::any()
                .add(for_everybody)
                .add(included.exists())
                .add(included_above.exists()),
        )
}

/// Rules with `effect` that cover the product of the outer query: on itself, and on a category
/// above it. Two questions with an index each; asked as one with OR, SQLite reads every rule for
/// every product.
fn rules(effect: &str, alias: &str) -> [SelectStatement; 2] {
    let rule = Alias::new(alias);
    let column = |c: visibility_rule::Column| Expr::col((rule.clone(), c));
    let product = |c: product::Column| Expr::col((product::Entity, c));
    let above = |c: category_ancestor::Column| Expr::col((category_ancestor::Entity, c));
    let on_itself = Query::select()
        .expr(Expr::val(1))
        .from_as(visibility_rule::Entity, rule.clone())
        .and_where(column(visibility_rule::Column::ProductId).eq(product(product::Column::Id)))
        .and_where(column(visibility_rule::Column::Effect).eq(effect))
        .to_owned();
    let on_category = Query::select()
        .expr(Expr::val(1))
        .from(category_ancestor::Entity)
        .join_as(
            sea_orm::JoinType::InnerJoin,
            visibility_rule::Entity,
            rule.clone(),
            column(visibility_rule::Column::CategoryId)
                .eq(above(category_ancestor::Column::AncestorId)),
        )
        .and_where(
            above(category_ancestor::Column::CategoryId).eq(product(product::Column::CategoryId)),
        )
        .and_where(column(visibility_rule::Column::Effect).eq(effect))
        .to_owned();
    [on_itself, on_category]
}

trait Exists {
    fn exists(self) -> Expr;
    fn not_exists(self) -> Expr;
}

impl Exists for SelectStatement {
    fn exists(self) -> Expr {
        Expr::exists(self)
    }

    fn not_exists(self) -> Expr {
        Expr::exists(self).not()
    }
}
