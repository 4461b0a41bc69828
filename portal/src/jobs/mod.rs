//! Work that follows a transaction: a row in the same transaction, so it happens exactly when the
//! order does. Every job may run twice.

pub mod outbox;
pub mod training;
pub mod worker;

use sea_orm::Set;
use serde::{Deserialize, Serialize};
use trade::id::{ProductId, UserId};
use uuid::Uuid;

use crate::db::Tx;
use crate::db::entity::job;
use crate::error::Result;
use crate::suggestions::train::{self, Because};

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
        let mut rows = Vec::with_capacity(jobs.len());
        for job in jobs {
            rows.push(job::ActiveModel {
                // The job that sends a mail carries the mail's id, by which one finds the other.
                id: Set(match job {
                    Job::SendMail { mail } => *mail,
                    // So does the job that tells of an event.
                    Job::OrderEvent { event } => *event,
                    Job::PasswordReset { .. }
                    | Job::Invitation { .. }
                    | Job::BackInStock { .. }
                    | Job::TrainRecommender { .. } => Uuid::now_v7(),
                }),
                kind: Set(job.kind().to_owned()),
                payload: Set(serde_json::to_value(job)?),
                state: Set("waiting".into()),
                run_at: Set(now),
                leased_until: Set(None),
                attempts: Set(0),
                last_error: Set(None),
                created_at: Set(now),
                done_at: Set(None),
            });
        }
        self.insert_all(rows).await
    }
}
