//! Writing to some of a campaign's people: everything is asked once more, for days may have passed
//! since they were drawn.
//!
//! What is said is worked out and worded first, for all of them together; then one short
//! transaction takes the rows that still wait and writes. Two workers at the same people write to
//! each once.

use std::collections::HashMap;

use jiff::civil::Date;
use sea_orm::sea_query::{Expr, Value};
use sea_orm::{ColumnTrait, DatabaseBackend, QueryFilter};
use trade::id::{AccountId, CampaignId, UserId};
use uuid::Uuid;

use super::audience::{self, KIND, Person};
use super::letter::{Cause, letter, order_path, said};
use super::rules::{self, Excluded};
use crate::app::App;
use crate::catalogue::padded;
use crate::db::entity::{
    account, campaign, campaign_message, message_setting, promotion_use, user,
};
use crate::db::words::{CampaignState, MailChoice, Topic, UseState, Wave};
use crate::db::{Tx, placeholders};
use crate::error::Result;
use crate::jobs::outbox::{self, Letter};
use crate::messages::{self, Notice, settings};
use crate::promotions::plan::{self, Stored};
use crate::suggestions::telling::{self, Telling};
use crate::web::page::MailText;
use crate::web::shape::Message;

/// What becomes of a message.
enum Fate {
    /// It is a quiet hour for its reader.
    Later(i64),
    /// Nothing is written.
    Skipped(Excluded),
    /// It is told.
    Told(Box<Told>),
}

struct Told {
    person: Person,
    said: Message,
    link: String,
    /// The mail in words; none for who has one mail a day.
    words: Option<MailText>,
}

/// Writes to those of `messages` that still wait.
///
/// # Errors
/// A template that fails, or whatever the database says.
pub async fn write(app: &App, id: CampaignId, messages: &[Uuid]) -> Result<()> {
    let tx = app.db.read_system("campaign mails").await?;
    let row = tx.get::<campaign::Entity>(id).await?;
    if row.state != CampaignState::Sending || messages.is_empty() {
        return Ok(());
    }
    let waiting = tx
        .all::<campaign_message::Entity>(|all| {
            all.filter(campaign_message::Column::CampaignId.eq(id))
                .filter(campaign_message::Column::Id.is_in(padded(messages)))
                .filter(campaign_message::Column::State.eq("waiting"))
        })
        .await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let round = Round::load(&tx, app, row, &waiting).await?;
    let mut fates = HashMap::with_capacity(waiting.len());
    for message in &waiting {
        fates.insert(message.id, round.fate(app, message)?);
    }
    drop(tx);
    round.keep(app, &waiting, fates).await?;
    app.wake.notify_one();
    Ok(())
}

/// Everything that is asked of the database, for all of them together.
struct Round {
    row: campaign::Model,
    stored: Stored,
    settings: message_setting::Model,
    accounts: HashMap<AccountId, account::Model>,
    people: HashMap<UserId, Person>,
    telling: HashMap<AccountId, Telling>,
    ordered: Vec<AccountId>,
    today: Date,
}

impl Round {
    async fn load(
        tx: &Tx,
        app: &App,
        row: campaign::Model,
        waiting: &[campaign_message::Model],
    ) -> Result<Round> {
        let mut ids: Vec<AccountId> = waiting.iter().map(|one| one.account_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let accounts = tx
            .all::<account::Entity>(|all| all.filter(account::Column::Id.is_in(padded(&ids))))
            .await?;
        let users: Vec<UserId> = waiting.iter().map(|one| one.user_id).collect();
        let users = tx
            .all::<user::Entity>(|all| all.filter(user::Column::Id.is_in(padded(&users))))
            .await?;
        let by_id = accounts
            .iter()
            .map(|account| (account.id, account))
            .collect();
        let people = audience::judge(tx, app, users, &by_id).await?;
        let ordered = tx
            .all::<promotion_use::Entity>(|uses| {
                uses.filter(promotion_use::Column::PromotionId.eq(row.promotion_id))
                    .filter(promotion_use::Column::State.ne(UseState::Released))
                    .filter(promotion_use::Column::AccountId.is_in(padded(&ids)))
            })
            .await?;
        Ok(Round {
            stored: plan::find(tx, row.promotion_id).await?,
            settings: settings::load(tx).await?,
            telling: telling::tell(tx, app, row.promotion_id, &accounts).await?,
            ordered: ordered.into_iter().map(|one| one.account_id).collect(),
            accounts: accounts.into_iter().map(|one| (one.id, one)).collect(),
            people: people.into_iter().map(|one| (one.user.id, one)).collect(),
            today: app.today(),
            row,
        })
    }

    fn fate(&self, app: &App, message: &campaign_message::Model) -> Result<Fate> {
        let validity = &self.stored.plan.validity;
        if self.today < validity.from {
            // East of the brand it is morning before its day begins.
            let begins = settings::instant(validity.from, 0, &app.brand.zone)?;
            return Ok(Fate::Later(begins));
        }
        let Some(person) = self.people.get(&message.user_id) else {
            return Ok(Fate::Skipped(Excluded::NoUser));
        };
        if person.user.account_id != Some(message.account_id) {
            return Ok(Fate::Skipped(Excluded::NoUser));
        }
        if let Some(because) = person.excluded {
            return Ok(Fate::Skipped(because));
        }
        if message.wave == Wave::Reminder && self.ordered.contains(&message.account_id) {
            return Ok(Fate::Skipped(Excluded::Ordered));
        }
        let fits = match self.telling.get(&message.account_id) {
            Some(Telling::Fits(fits)) => fits,
            Some(Telling::NoItem) => return Ok(Fate::Skipped(Excluded::NoItem)),
            Some(Telling::NothingGained) => return Ok(Fate::Skipped(Excluded::NothingGained)),
            None if !validity.contains(self.today) => return Ok(Fate::Skipped(Excluded::Over)),
            None => return Ok(Fate::Skipped(Excluded::NotReached)),
        };
        let now = app.clock.millis();
        let decent = rules::decent(now, &person.zone, &self.settings)?;
        if decent > now {
            return Ok(Fate::Later(decent));
        }
        let cause = Cause {
            promotion: &self.stored.row,
            last_day: validity.last_day(),
            wave: message.wave,
            message: message.id,
            counts_opens: self.settings.counts_opens,
        };
        let mail = letter(app, cause, &person.user, fits);
        let words = match person.choice.mail {
            MailChoice::AtOnce => Some(outbox::worded(
                app,
                Some(Topic::Promotions),
                &person.user,
                &mail,
            )?),
            MailChoice::Daily | MailChoice::Off => None,
        };
        Ok(Fate::Told(Box::new(Told {
            person: person.clone(),
            said: said(&mail),
            link: order_path(app, &self.stored.row, message.id),
            words,
        })))
    }

    async fn keep(
        &self,
        app: &App,
        waiting: &[campaign_message::Model],
        mut fates: HashMap<Uuid, Fate>,
    ) -> Result<()> {
        let now = app.clock.millis();
        let tx = app.db.begin_system("campaign mails").await?;
        if !still_sending(&tx, self.row.id).await? {
            return Ok(());
        }
        let users: Vec<UserId> = waiting.iter().map(|one| one.user_id).collect();
        let ours = ours(&tx, waiting, &users).await?;
        // Asked here, where nobody else writes to the same people.
        let mut had = audience::had(&tx, &users, now).await?;
        for message in waiting.iter().filter(|one| ours.contains(&one.id)) {
            let Some(fate) = fates.remove(&message.id) else {
                continue;
            };
            let had = had.entry(message.user_id).or_insert(0);
            let most = self.settings.promotion_mails_a_week;
            match fate {
                Fate::Later(at) => later(&tx, message.id, at).await?,
                Fate::Skipped(because) => skip(&tx, message.id, because).await?,
                Fate::Told(told) if told.words.is_some() && rules::is_capped(*had, most) => {
                    skip(&tx, message.id, Excluded::Capped).await?;
                }
                Fate::Told(told) => {
                    *had += i64::from(told.words.is_some());
                    self.tell(app, &tx, message, *told).await?;
                }
            }
        }
        tx.commit().await
    }

    async fn tell(
        &self,
        app: &App,
        tx: &Tx,
        message: &campaign_message::Model,
        told: Told,
    ) -> Result<()> {
        let event = format!("campaign/{}/{}", self.row.id, message.wave.name());
        let account = self.accounts.get(&message.account_id).map(|one| one.id);
        let notice = Notice {
            topic: Topic::Promotions,
            event: &event,
            kind: KIND,
            account,
            said: told.said,
            link: told.link,
            follows: None,
        };
        let choice = told.person.choice;
        let daily = choice.mail == MailChoice::Daily;
        let to = &told.person.user;
        messages::note(app, tx, &notice, to, choice.in_app, choice.push, daily).await?;
        let mut mail = None;
        if let Some(words) = told.words {
            let letter = Letter {
                event: &event,
                kind: KIND,
                account,
                topic: Some(Topic::Promotions),
                follows: None,
            };
            mail = outbox::put(app, tx, letter, to, words).await?;
        }
        tx.change::<campaign_message::Entity>(|update| {
            update
                .filter(campaign_message::Column::Id.eq(message.id))
                .col_expr(campaign_message::Column::State, Expr::value("mailed"))
                .col_expr(campaign_message::Column::MailId, Expr::value(mail))
        })
        .await?;
        Ok(())
    }
}

/// Whether it goes on; nobody stops it until this transaction is over.
async fn still_sending(tx: &Tx, id: CampaignId) -> Result<bool> {
    let lock = lock(tx, "FOR SHARE");
    let sql = format!("SELECT state FROM campaigns WHERE id = $1 {lock}");
    let rows = tx.rows(&sql, [id.into()]).await?;
    let Some(row) = rows.first() else {
        return Ok(false);
    };
    let state: CampaignState = row.try_get_by_index(0)?;
    Ok(state == CampaignState::Sending)
}

/// Those that still wait, and are nobody else's until this transaction is over; their readers are
/// written to by nobody else meanwhile.
async fn ours(tx: &Tx, waiting: &[campaign_message::Model], users: &[UserId]) -> Result<Vec<Uuid>> {
    let users = padded(users);
    let sql = format!(
        "SELECT id FROM users WHERE id IN ({}) ORDER BY id {}",
        placeholders(1, users.len()),
        lock(tx, "FOR NO KEY UPDATE"),
    );
    tx.rows(&sql, users.iter().map(|id| Value::from(*id)))
        .await?;
    let ids: Vec<Uuid> = waiting.iter().map(|one| one.id).collect();
    let ids = padded(&ids);
    let sql = format!(
        "SELECT id FROM campaign_messages WHERE state = 'waiting' AND id IN ({}) ORDER BY id {}",
        placeholders(1, ids.len()),
        lock(tx, "FOR UPDATE"),
    );
    let rows = tx.rows(&sql, ids.iter().map(|id| Value::from(*id))).await?;
    let mut ours = Vec::with_capacity(rows.len());
    for row in rows {
        ours.push(row.try_get_by_index(0)?);
    }
    Ok(ours)
}

/// On SQLite the immediate transaction is the lock.
fn lock(tx: &Tx, words: &'static str) -> &'static str {
    if tx.backend() == DatabaseBackend::Postgres {
        words
    } else {
        ""
    }
}

async fn later(tx: &Tx, id: Uuid, at: i64) -> Result<()> {
    tx.change::<campaign_message::Entity>(|update| {
        update
            .filter(campaign_message::Column::Id.eq(id))
            .col_expr(campaign_message::Column::DueAt, Expr::value(at))
    })
    .await?;
    Ok(())
}

async fn skip(tx: &Tx, id: Uuid, because: Excluded) -> Result<()> {
    tx.change::<campaign_message::Entity>(|update| {
        update
            .filter(campaign_message::Column::Id.eq(id))
            .col_expr(campaign_message::Column::State, Expr::value("skipped"))
            .col_expr(
                campaign_message::Column::SkippedBecause,
                Expr::value(because.name()),
            )
    })
    .await?;
    Ok(())
}
