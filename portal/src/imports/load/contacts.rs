//! People of accounts, by e-mail address. New ones are invited; they choose their own password.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, QueryFilter, Set};
use trade::id::{AccountId, UserId};

use super::{Context, Loader, Numbered, Outcome, insert_many};
use crate::approvals::deciders::House;
use crate::auth::people::Change;
use crate::db::Tx;
use crate::db::entity::{account, user};
use crate::db::words::{Role, UserStatus};
use crate::error::Result;
use crate::imports::records::{ContactRole, ContactRow, Problem};

pub struct Contacts {
    context: Context,
    /// Id and language by number.
    accounts: HashMap<String, (AccountId, String)>,
    seen: HashMap<String, u64>,
    /// Accounts whose rules need people who can decide.
    houses: HashMap<AccountId, House>,
}

impl Contacts {
    /// # Errors
    /// Whatever the database says.
    pub async fn new(tx: &Tx, context: Context) -> Result<Self> {
        let accounts = tx.all::<account::Entity>(|all| all).await?;
        let by_number = accounts
            .into_iter()
            .map(|row| (row.number, (row.id, row.locale)));
        Ok(Self {
            context,
            accounts: by_number.collect(),
            seen: HashMap::new(),
            houses: House::all(tx).await?,
        })
    }
}

fn role(role: ContactRole) -> Role {
    match role {
        ContactRole::Buyer => Role::Buyer,
        ContactRole::Approver => Role::Approver,
        ContactRole::Owner => Role::AccountAdmin,
    }
}

impl Loader for Contacts {
    type Record = ContactRow;

    async fn load(
        &mut self,
        tx: &Tx,
        rows: Vec<Numbered<ContactRow>>,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let mut stored: HashMap<String, user::Model> = HashMap::new();
        for chunk in rows.chunks(500) {
            let emails = chunk.iter().map(|row| row.record.email.as_str());
            let found = tx
                .all::<user::Entity>(|all| all.filter(user::Column::Email.is_in(emails)))
                .await?;
            stored.extend(found.into_iter().map(|row| (row.email.clone(), row)));
        }
        let mut new_rows = Vec::new();
        for Numbered { row, cells, record } in rows {
            let Some((account_id, locale)) = self.accounts.get(&record.account).cloned() else {
                let problem = Problem::Unknown {
                    key: record.account.clone(),
                };
                outcome.reject(row, &cells, "account", problem);
                continue;
            };
            if let Some(first) = self.seen.insert(record.email.clone(), row) {
                outcome.reject(row, &cells, "email", Problem::Repeats { first });
                continue;
            }
            match stored.remove(&record.email) {
                None => {
                    new_rows.push(user::ActiveModel {
                        id: Set(UserId(self.context.ids.next(self.context.now))),
                        email: Set(record.email),
                        name: Set(record.name),
                        password_hash: Set(None),
                        role: Set(role(record.role)),
                        account_id: Set(Some(account_id)),
                        status: Set(UserStatus::Invited),
                        locale: Set(locale),
                        theme: Set("auto".to_owned()),
                        created_at: Set(self.context.now),
                        last_sign_in_at: Set(None),
                        may_override_prices: Set(false),
                        time_zone: Set(None),
                    });
                    outcome.inserted += 1;
                }
                // A file may not move a person, and their rights, to another company.
                Some(old) if old.account_id != Some(account_id) => {
                    let reason = "belongs to somebody of another account".to_owned();
                    outcome.reject(row, &cells, "email", Problem::Refused { reason });
                }
                Some(old) if old.name == record.name && old.role == role(record.role) => {
                    outcome.unchanged += 1;
                }
                Some(old) => {
                    let change = Change::Role(role(record.role));
                    let house = self.houses.get_mut(&account_id);
                    if house
                        .as_ref()
                        .is_some_and(|house| house.loss(old.id, change).is_some())
                    {
                        let reason = "the account's approval rules need this person".to_owned();
                        outcome.reject(row, &cells, "role", Problem::Refused { reason });
                        continue;
                    }
                    if let Some(house) = house {
                        house.change(old.id, change);
                    }
                    tx.update(user::ActiveModel {
                        id: Set(old.id),
                        name: Set(record.name),
                        role: Set(role(record.role)),
                        ..Default::default()
                    })
                    .await?;
                    outcome.changed += 1;
                }
            }
        }
        insert_many(tx, new_rows).await
    }

    async fn finish(&mut self, _: &Tx, _: &mut Outcome) -> Result<()> {
        Ok(())
    }
}
