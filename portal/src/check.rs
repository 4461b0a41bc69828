//! Whether the books agree with each other: what `kontor check` verifies on a database at rest.
//!
//! Constraints keep what holds within a row; here stands what holds between rows. Each question is
//! one statement for both databases that answers with what is wrong, a row a finding.

mod questions;

use crate::db::Db;
use crate::error::Result;
use questions::QUESTIONS;

/// Findings of one question that are listed; more are counted.
const LISTED: usize = 20;

/// One thing that must hold.
#[derive(Debug, Clone, Copy)]
struct Question {
    /// What holds, in words.
    holds: &'static str,
    /// Selects `what`, the subject of each violation.
    sql: &'static str,
}

/// A rule that does not hold, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What should hold.
    pub holds: &'static str,
    /// Order numbers, SKUs or ids, as far as they are listed.
    pub subjects: Vec<String>,
    /// How many there are.
    pub count: usize,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} — broken {} times: {}",
            self.holds,
            self.count,
            self.subjects.join(", ")
        )?;
        if self.count > self.subjects.len() {
            write!(f, ", …")?;
        }
        Ok(())
    }
}

/// Asks every question; what comes back is what does not hold.
///
/// # Errors
/// Whatever the database says.
pub async fn books(db: &Db) -> Result<Vec<Finding>> {
    // One transaction: one consistent picture, while orders go on.
    let tx = db.read_system("check").await?;
    let mut findings = Vec::new();
    for question in QUESTIONS {
        let rows = tx.rows(question.sql, []).await?;
        let subjects = rows
            .iter()
            .map(|row| Ok(row.try_get::<String>("", "what")?));
        note(
            &mut findings,
            question.holds,
            subjects.collect::<Result<Vec<String>>>()?,
        );
    }
    note(
        &mut findings,
        "the answer to a repeated request names an order",
        answers(&tx).await?,
    );
    Ok(findings)
}

fn note(findings: &mut Vec<Finding>, holds: &'static str, mut subjects: Vec<String>) {
    if subjects.is_empty() {
        return;
    }
    let count = subjects.len();
    subjects.sort();
    subjects.truncate(LISTED);
    findings.push(Finding {
        holds,
        subjects,
        count,
    });
}

/// Keys whose stored answer names no order. JSON is read here: the databases have no common way.
async fn answers(tx: &crate::db::Tx) -> Result<Vec<String>> {
    let numbers = texts(
        tx,
        "SELECT number AS what FROM orders WHERE source <> 'import'",
    )
    .await?;
    let numbers: std::collections::HashSet<String> = numbers.into_iter().collect();
    let rows = tx
        .rows(
            "SELECT key, answer FROM idempotency_keys WHERE status = 201",
            [],
        )
        .await?;
    let mut lost = Vec::new();
    for row in rows {
        let answer: serde_json::Value = row.try_get("", "answer")?;
        let number = answer.get("number").and_then(|number| number.as_str());
        if !number.is_some_and(|number| numbers.contains(number)) {
            lost.push(row.try_get("", "key")?);
        }
    }
    Ok(lost)
}

async fn texts(tx: &crate::db::Tx, sql: &str) -> Result<Vec<String>> {
    let rows = tx.rows(sql, []).await?;
    rows.iter()
        .map(|row| Ok(row.try_get::<String>("", "what")?))
        .collect()
}
