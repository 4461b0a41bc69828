//! Work that follows a transaction: a row in the same transaction, so it happens exactly when the
//! order does. Every job may run twice.

pub mod claims;
pub mod outbox;
mod relay;
pub mod schedule;
mod shift;
pub mod training;
pub mod worker;

use sea_orm::Set;
use serde::{Deserialize, Serialize};
use trade::id::{AccountId, CampaignId, ProductId, UserId, WebhookId};
use uuid::Uuid;

use crate::db::Tx;
use crate::db::entity::job;
use crate::error::Result;
use crate::suggestions::train::{self, Because};
use schedule::Task;

/// The kinds of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Send a reset link, if the address is known.
    PasswordReset {
        /// As typed, in lower case.
        email: String,
    },
    /// Send an invitation.
    Invitation {
        /// Who is invited.
        user: UserId,
        /// Who invites.
        by: String,
    },
    /// Tell whom it concerns of what happened to an order.
    OrderEvent {
        /// The event; the job bears its id.
        event: Uuid,
    },
    /// Tell those who wait for a product that it is back.
    BackInStock {
        /// The product.
        product: ProductId,
    },
    /// Learn from every order what accounts will order. It takes longer than others.
    TrainRecommender {
        /// Why.
        because: Because,
    },
    /// Hand a mail to the mail server.
    SendMail {
        /// Its row.
        mail: Uuid,
    },
    /// Recurring work that is due.
    Recurring {
        /// Which.
        task: Task,
        /// When it was due, in UTC milliseconds.
        due_at: i64,
    },
    /// Draw a campaign's audience.
    Campaign {
        /// The campaign.
        campaign: CampaignId,
        /// The last account that was asked; none from the first on.
        #[serde(default)]
        after: Option<AccountId>,
    },
    /// Write a campaign's mails to some of its people.
    CampaignMails {
        /// The campaign.
        campaign: CampaignId,
        /// Rows of `campaign_messages`, so many as are written in seconds.
        messages: Vec<Uuid>,
    },
    /// Wake one browser of a person who is told something.
    Push {
        /// Its row in `notifications`.
        notification: Uuid,
        /// The browser's row in `push_subscriptions`.
        device: Uuid,
    },
    /// Hand an event to an endpoint.
    DeliverWebhook {
        /// Its row in `webhook_deliveries`.
        delivery: Uuid,
        /// What the event happened to: an order's events arrive in their order.
        subject: String,
        /// Where to.
        endpoint: WebhookId,
    },
}

/// Queues that are worked off beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Work of seconds that somebody waits for.
    Short,
    /// Work of minutes, one at a time.
    Long,
    /// Mails that somebody waits for.
    Mail,
    /// Campaigns: writing their mails.
    Bulk,
    /// Campaigns: sending them.
    BulkMail,
    /// Other people's servers, which may be slow.
    Hook,
}

impl Lane {
    /// Every one of them.
    pub const ALL: [Lane; 6] = [
        Lane::Short,
        Lane::Long,
        Lane::Mail,
        Lane::Bulk,
        Lane::BulkMail,
        Lane::Hook,
    ];

    /// The word in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Lane::Short => "short",
            Lane::Long => "long",
            Lane::Mail => "mail",
            Lane::Bulk => "bulk",
            Lane::BulkMail => "bulk_mail",
            Lane::Hook => "hook",
        }
    }
}

impl Job {
    /// The word in the table.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Job::PasswordReset { .. } => "password_reset",
            Job::Invitation { .. } => "invitation",
            Job::OrderEvent { .. } => "order_event",
            Job::BackInStock { .. } => "back_in_stock",
            Job::TrainRecommender { .. } => train::KIND,
            Job::SendMail { .. } => "send_mail",
            Job::Recurring { .. } => "recurring",
            Job::Campaign { .. } => "campaign",
            Job::CampaignMails { .. } => "campaign_mails",
            Job::Push { .. } => "push",
            Job::DeliverWebhook { .. } => "deliver_webhook",
        }
    }

    /// Where it waits, unless whoever leaves it says otherwise.
    #[must_use]
    pub fn lane(&self) -> Lane {
        match self {
            Job::PasswordReset { .. }
            | Job::Invitation { .. }
            | Job::OrderEvent { .. }
            | Job::BackInStock { .. }
            | Job::Recurring { .. } => Lane::Short,
            Job::TrainRecommender { .. } => Lane::Long,
            Job::SendMail { .. } => Lane::Mail,
            Job::Campaign { .. } | Job::CampaignMails { .. } => Lane::Bulk,
            Job::Push { .. } | Job::DeliverWebhook { .. } => Lane::Hook,
        }
    }

    /// The id it bears where one finds it by what it is about; else one of its own.
    fn id(&self) -> Uuid {
        match self {
            Job::SendMail { mail } => *mail,
            Job::OrderEvent { event } => *event,
            Job::DeliverWebhook { delivery, .. } => *delivery,
            Job::PasswordReset { .. }
            | Job::Invitation { .. }
            | Job::BackInStock { .. }
            | Job::TrainRecommender { .. }
            | Job::Recurring { .. }
            | Job::Push { .. }
            | Job::Campaign { .. }
            | Job::CampaignMails { .. } => Uuid::now_v7(),
        }
    }
}

/// Work to leave, and how it is to be done.
#[derive(Debug, Clone)]
pub struct Leave {
    /// The work.
    pub job: Job,
    /// Where it waits.
    pub lane: Lane,
    /// Not before, in UTC milliseconds.
    pub run_at: i64,
    /// Work with the same word is done one after the other.
    pub follows: Option<String>,
}

impl Leave {
    /// Work to be done as soon as the transaction is committed, in its own lane.
    #[must_use]
    pub fn now(now: i64, job: Job) -> Leave {
        Leave {
            lane: job.lane(),
            run_at: now,
            follows: None,
            job,
        }
    }

    /// After other work with the same word.
    #[must_use]
    pub fn after(self, follows: impl Into<String>) -> Leave {
        Leave {
            follows: Some(follows.into()),
            ..self
        }
    }
}

impl Tx {
    /// Leaves work for later; it is done once this transaction is committed.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn enqueue(&self, now: i64, job: &Job) -> Result<()> {
        self.enqueue_all(now, std::slice::from_ref(job)).await
    }

    /// As [`Tx::enqueue`], for several.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn enqueue_all(&self, now: i64, jobs: &[Job]) -> Result<()> {
        let jobs = jobs.iter().cloned().map(|job| Leave::now(now, job));
        self.leave_all(now, jobs).await
    }

    /// As [`Tx::enqueue`], where more is to be said of how it is done.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn leave_all(&self, now: i64, work: impl IntoIterator<Item = Leave>) -> Result<()> {
        let mut rows = Vec::new();
        for leave in work {
            rows.push(job::ActiveModel {
                id: Set(leave.job.id()),
                kind: Set(leave.job.kind().to_owned()),
                payload: Set(serde_json::to_value(&leave.job)?),
                state: Set("waiting".into()),
                run_at: Set(leave.run_at),
                leased_until: Set(None),
                attempts: Set(0),
                last_error: Set(None),
                created_at: Set(now),
                done_at: Set(None),
                lane: Set(leave.lane.name().into()),
                follows: Set(leave.follows),
            });
        }
        self.insert_all(rows).await
    }
}
