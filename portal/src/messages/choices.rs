//! What a person wants to be told of, and how: a row where they chose, else the topic's custom.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, QueryFilter};
use trade::id::UserId;

use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{notification_choice, user};
use crate::db::words::{MailChoice, Role, Topic};
use crate::error::Result;

/// The ways a topic reaches a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Whether and when it is mailed.
    pub mail: MailChoice,
    /// Whether it stands in the list of notifications.
    pub in_app: bool,
    /// Whether it wakes their devices.
    pub push: bool,
}

/// What holds for those who have not chosen: mail for what waits for an answer or was asked for;
/// a quiet word in Kontor for what can wait.
#[must_use]
pub fn custom(topic: Topic) -> Choice {
    let mail = match topic {
        Topic::Orders
        | Topic::Approvals
        | Topic::Promotions
        | Topic::BackInStock
        | Topic::Invoices
        | Topic::Claims
        | Topic::Accounts
        | Topic::Morning => MailChoice::AtOnce,
        Topic::Reorder => MailChoice::Off,
    };
    Choice {
        mail,
        in_app: topic != Topic::Morning,
        push: false,
    }
}

/// The topics that may concern a role, in the order the page shows them.
#[must_use]
pub fn topics(role: Role) -> &'static [Topic] {
    match role {
        Role::Buyer | Role::Approver | Role::AccountAdmin => &[
            Topic::Orders,
            Topic::Approvals,
            Topic::Promotions,
            Topic::Reorder,
            Topic::BackInStock,
            Topic::Invoices,
            Topic::Claims,
        ],
        Role::Kam => &[Topic::Accounts, Topic::Morning, Topic::BackInStock],
        Role::Marketing | Role::Finance | Role::Operations | Role::Admin => {
            &[Topic::Accounts, Topic::Morning, Topic::BackInStock]
        }
    }
}

/// What one person chose for a topic.
///
/// # Errors
/// Whatever the database says.
pub async fn of(tx: &Tx, person: &user::Model, topic: Topic) -> Result<Choice> {
    let chosen = of_all(tx, &[person.id], topic).await?;
    Ok(chosen.get(&person.id).copied().unwrap_or(custom(topic)))
}

/// What those of `people` chose who chose anything for a topic.
///
/// # Errors
/// Whatever the database says.
pub async fn of_all(tx: &Tx, people: &[UserId], topic: Topic) -> Result<HashMap<UserId, Choice>> {
    let mut chosen = HashMap::new();
    for chunk in people.chunks(2_000) {
        let ids = padded(chunk);
        // Whoever tells somebody something need not be able to see what they chose.
        let rows = tx
            .all_as_system::<notification_choice::Entity>(|all| {
                all.filter(notification_choice::Column::Topic.eq(topic))
                    .filter(notification_choice::Column::UserId.is_in(ids))
            })
            .await?;
        chosen.extend(rows.into_iter().map(|row| {
            let choice = Choice {
                mail: row.mail,
                in_app: row.in_app,
                push: row.push,
            };
            (row.user_id, choice)
        }));
    }
    Ok(chosen)
}

/// What one person chose, by topic.
///
/// # Errors
/// Whatever the database says.
pub async fn of_person(tx: &Tx, person: UserId) -> Result<HashMap<Topic, Choice>> {
    let rows = tx
        .all_as_system::<notification_choice::Entity>(|all| {
            all.filter(notification_choice::Column::UserId.eq(person))
        })
        .await?;
    let chosen = rows.into_iter().map(|row| {
        let choice = Choice {
            mail: row.mail,
            in_app: row.in_app,
            push: row.push,
        };
        (row.topic, choice)
    });
    Ok(chosen.collect())
}
