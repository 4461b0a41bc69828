//! Whom a campaign would tell, and whom not and why: accounts with what the promotion gives them,
//! and their people with their hour.

use std::collections::{HashMap, HashSet};

use jiff::tz::TimeZone;
use sea_orm::sea_query::Value;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use trade::id::{AccountId, PromotionId, UserId};

use super::rules::{self, Excluded, Reader, WEEK_MILLIS};
use crate::app::App;
use crate::catalogue::padded;
use crate::db::entity::{account, mail_suppression, user};
use crate::db::words::{Role, Topic};
use crate::db::{Tx, placeholders};
use crate::error::Result;
use crate::messages::choices::{self, Choice};
use crate::messages::settings;
use crate::suggestions::telling::{self, Fits, Telling};

/// Somebody who buys for an account.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who.
    pub user: user::Model,
    /// How they want to be told of promotions.
    pub choice: Choice,
    /// The clock they go by.
    pub zone: TimeZone,
    /// Why they are not told; none where they are.
    pub excluded: Option<Excluded>,
}

/// An account with its people.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The account.
    pub account: account::Model,
    /// Its people.
    pub people: Vec<Person>,
    /// What the promotion is to it; none where nobody would be told, or it is not reached.
    pub telling: Option<Telling>,
}

impl Candidate {
    /// Those who are told, if the account is.
    pub fn readers(&self) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(|one| one.excluded.is_none())
    }

    /// What is told; none where nobody is.
    #[must_use]
    pub fn fits(&self) -> Option<&Fits> {
        match self
            .telling
            .as_ref()
            .filter(|_| self.readers().next().is_some())?
        {
            Telling::Fits(fits) => Some(fits),
            Telling::NoItem | Telling::NothingGained => None,
        }
    }

    /// Why nobody of the account is told: what is true of the account, else of the first of its
    /// people; none where somebody is.
    #[must_use]
    pub fn excluded(&self) -> Option<Excluded> {
        if self.readers().next().is_none() {
            let first = self.people.iter().find_map(|one| one.excluded);
            return Some(first.unwrap_or(Excluded::NoUser));
        }
        match &self.telling {
            Some(Telling::Fits(_)) => None,
            Some(Telling::NoItem) => Some(Excluded::NoItem),
            Some(Telling::NothingGained) => Some(Excluded::NothingGained),
            None => Some(Excluded::NotReached),
        }
    }

    /// What places it.
    #[must_use]
    pub fn worth(&self) -> rules::Worth {
        let fits = self.fits();
        let expected = fits.and_then(|fits| fits.expected);
        (
            expected.map(|money| money.minor),
            fits.map(|fits| fits.gives().minor),
        )
    }
}

/// Asks for `accounts`, in their order.
///
/// # Errors
/// Whatever the database says.
pub async fn of(
    tx: &Tx,
    app: &App,
    promotion: PromotionId,
    accounts: Vec<account::Model>,
) -> Result<Vec<Candidate>> {
    let mut people = people(tx, app, &accounts).await?;
    let told = accounts.iter().filter(|account| {
        let people = people.get(&account.id).into_iter().flatten();
        people.clone().any(|one| one.excluded.is_none())
    });
    let told: Vec<account::Model> = told.cloned().collect();
    let mut telling = telling::tell(tx, app, promotion, &told).await?;
    let candidates = accounts.into_iter().map(|account| Candidate {
        people: people.remove(&account.id).unwrap_or_default(),
        telling: telling.remove(&account.id),
        account,
    });
    Ok(candidates.collect())
}

/// Everybody who buys for these accounts.
async fn people(
    tx: &Tx,
    app: &App,
    accounts: &[account::Model],
) -> Result<HashMap<AccountId, Vec<Person>>> {
    let by_id: HashMap<AccountId, &account::Model> = accounts
        .iter()
        .map(|account| (account.id, account))
        .collect();
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
    let mut users = Vec::new();
    for chunk in ids.chunks(2_000) {
        let chunk = padded(chunk);
        let some = tx
            .all::<user::Entity>(|all| {
                all.filter(user::Column::AccountId.is_in(chunk))
                    .filter(user::Column::Role.is_in([
                        Role::Buyer,
                        Role::Approver,
                        Role::AccountAdmin,
                    ]))
                    .order_by_asc(user::Column::Name)
                    .order_by_asc(user::Column::Id)
            })
            .await?;
        users.extend(some);
    }
    let mut found: HashMap<AccountId, Vec<Person>> = HashMap::new();
    for person in judge(tx, app, users, &by_id).await? {
        if let Some(account) = person.user.account_id {
            found.entry(account).or_default().push(person);
        }
    }
    Ok(found)
}

/// Whether each of these people is told, and by which clock: two queries however many.
///
/// # Errors
/// Whatever the database says.
pub async fn judge(
    tx: &Tx,
    app: &App,
    users: Vec<user::Model>,
    accounts: &HashMap<AccountId, &account::Model>,
) -> Result<Vec<Person>> {
    let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
    let chosen = choices::of_all(tx, &ids, Topic::Promotions).await?;
    let custom = choices::custom(Topic::Promotions);
    let dead = dead_addresses(tx, &users).await?;
    let people = users.into_iter().map(|user| {
        let choice = chosen.get(&user.id).copied().unwrap_or(custom);
        let reader = Reader {
            status: user.status,
            role: user.role,
            choice,
            suppressed: dead.contains(&user.email.to_lowercase()),
        };
        let company = user.account_id.and_then(|id| accounts.get(&id).copied());
        Person {
            zone: settings::zone(app, &user, company),
            excluded: rules::excluded(&reader),
            choice,
            user,
        }
    });
    Ok(people.collect())
}

async fn dead_addresses(tx: &Tx, users: &[user::Model]) -> Result<HashSet<String>> {
    let mut dead = HashSet::new();
    let emails: Vec<String> = users.iter().map(|user| user.email.to_lowercase()).collect();
    for chunk in emails.chunks(2_000) {
        // Whoever may not see the list of dead addresses still sees whom a campaign leaves out.
        let rows = tx
            .all_as_system::<mail_suppression::Entity>(|all| {
                all.filter(mail_suppression::Column::Email.is_in(chunk.iter().cloned()))
            })
            .await?;
        dead.extend(rows.into_iter().map(|row| row.email));
    }
    Ok(dead)
}

/// How many promotion mails each of `people` had within the week before `now`, those counted that
/// wait to be sent.
///
/// # Errors
/// Whatever the database says.
pub async fn had(tx: &Tx, people: &[UserId], now: i64) -> Result<HashMap<UserId, i64>> {
    let mut had = HashMap::new();
    for chunk in people.chunks(2_000) {
        let chunk = padded(chunk);
        let sql = format!(
            "SELECT user_id, count(*) FROM mails WHERE topic = $1 AND created_at > $2 \
             AND state IN ('waiting', 'sent') AND kind = '{KIND}' AND user_id IN ({}) \
             GROUP BY user_id",
            placeholders(3, chunk.len())
        );
        let about: [Value; 2] = [Topic::Promotions.name().into(), (now - WEEK_MILLIS).into()];
        let values = about.into_iter();
        let values = values.chain(chunk.iter().map(|id| Value::from(*id)));
        for row in tx.rows(&sql, values).await? {
            had.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        }
    }
    Ok(had)
}

/// The word for a promotion's mail in the outbox.
pub const KIND: &str = "promotion";
