//! Whether the books agree with each other: what `kontor check` verifies on a database at rest.
//!
//! Constraints keep what holds within a row; here stands what holds between rows. Each question is
//! one statement for both databases that answers with what is wrong, a row a finding.

use crate::db::Db;
use crate::error::Result;

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

const QUESTIONS: &[Question] = &[
    Question {
        holds: "an order's net is the sum of its lines, and it has as many as it says, from 1 on",
        sql: "SELECT o.number AS what FROM orders o LEFT JOIN (SELECT order_id, count(*) AS lines, \
              sum(net_minor) AS net, max(position) AS last FROM order_lines GROUP BY order_id) l \
              ON l.order_id = o.id WHERE coalesce(l.lines, 0) <> o.line_count \
              OR coalesce(l.net, 0) <> o.net_minor OR coalesce(l.last, 0) <> o.line_count",
    },
    Question {
        holds: "an order's gross is its net with its tax",
        sql: "SELECT number AS what FROM orders WHERE gross_minor <> net_minor + tax_minor",
    },
    Question {
        holds: "each piece ordered is cancelled, shipped, allocated or back-ordered",
        sql: "SELECT o.number AS what FROM order_lines l JOIN orders o ON o.id = l.order_id \
              WHERE l.ordered <> l.cancelled + l.shipped + l.allocated + l.back_ordered",
    },
    Question {
        holds: "a cancelled order holds nothing",
        sql: "SELECT DISTINCT o.number AS what FROM order_lines l JOIN orders o \
              ON o.id = l.order_id WHERE o.state IN ('cancelled', 'rejected', 'expired') \
              AND l.allocated + l.back_ordered <> 0",
    },
    Question {
        holds: "what stock says is allocated is what its movements add up to",
        sql: "SELECT p.sku AS what FROM stock s JOIN products p ON p.id = s.product_id \
              LEFT JOIN (SELECT product_id, sum(allocated) AS pieces FROM stock_movements \
              GROUP BY product_id) m ON m.product_id = s.product_id \
              WHERE s.allocated <> coalesce(m.pieces, 0)",
    },
    Question {
        holds: "what stock says is allocated is what open order lines hold of it",
        sql: "SELECT p.sku AS what FROM stock s JOIN products p ON p.id = s.product_id \
              LEFT JOIN (SELECT l.product_id, sum(l.allocated) AS pieces FROM order_lines l \
              JOIN orders o ON o.id = l.order_id WHERE l.allocated > 0 \
              AND o.state IN ('held', 'confirmed', 'released') GROUP BY l.product_id) h \
              ON h.product_id = s.product_id \
              WHERE p.stock_policy <> 'untracked' AND s.allocated <> coalesce(h.pieces, 0)",
    },
    Question {
        holds: "stock is never negative",
        sql: "SELECT p.sku AS what FROM stock s JOIN products p ON p.id = s.product_id \
              WHERE s.on_hand < 0 OR s.allocated < 0 OR s.reserved < 0",
    },
    Question {
        holds: "no strictly counted item is promised twice",
        sql: "SELECT p.sku AS what FROM stock s JOIN products p ON p.id = s.product_id \
              WHERE p.stock_policy = 'strict' AND s.allocated + s.reserved > s.on_hand",
    },
    Question {
        holds: "the counter of order numbers stands at the highest number given",
        sql: "SELECT m.number AS what FROM (SELECT max(number) AS number FROM orders \
              WHERE source <> 'import' AND length(number) = (SELECT max(length(number)) \
              FROM orders WHERE source <> 'import')) m WHERE m.number IS NOT NULL \
              AND m.number <> coalesce((SELECT CAST(value + 100000 AS text) FROM counters \
              WHERE name = 'orders'), '100000')",
    },
    Question {
        holds: "a submitted cart has become an order, an open one has not, of the same account",
        sql: "SELECT a.number AS what FROM carts c JOIN accounts a ON a.id = c.account_id \
              LEFT JOIN orders o ON o.cart_id = c.id WHERE (c.state = 'submitted' AND o.id IS NULL) \
              OR (c.state = 'open' AND o.id IS NOT NULL) OR o.account_id <> c.account_id",
    },
    Question {
        holds: "an order's lines and events belong to its account",
        sql: "SELECT DISTINCT o.number AS what FROM orders o JOIN order_lines l \
              ON l.order_id = o.id WHERE l.account_id <> o.account_id \
              UNION SELECT DISTINCT o.number FROM orders o JOIN order_events e \
              ON e.order_id = o.id WHERE e.account_id <> o.account_id",
    },
    Question {
        holds: "an order goes to a place of its account",
        sql: "SELECT o.number AS what FROM orders o JOIN ship_tos s ON s.id = o.ship_to_id \
              WHERE s.account_id <> o.account_id",
    },
    Question {
        holds: "what an account has bought is remembered",
        sql: "SELECT DISTINCT a.number AS what FROM order_lines l JOIN accounts a \
              ON a.id = l.account_id WHERE l.cancelled < l.ordered \
              AND NOT EXISTS (SELECT 1 FROM account_products p \
              WHERE p.account_id = l.account_id AND p.product_id = l.product_id)",
    },
    Question {
        holds: "every order that was placed says so in its timeline, once",
        sql: "SELECT o.number AS what FROM orders o LEFT JOIN (SELECT order_id, count(*) AS times \
              FROM order_events WHERE kind = 'placed' GROUP BY order_id) e ON e.order_id = o.id \
              WHERE o.source <> 'import' AND coalesce(e.times, 0) <> 1",
    },
    Question {
        holds: "a cancelled order says so in its timeline, once",
        sql: "SELECT o.number AS what FROM orders o LEFT JOIN (SELECT order_id, count(*) AS times \
              FROM order_events WHERE kind = 'cancelled' GROUP BY order_id) e ON e.order_id = o.id \
              WHERE o.source <> 'import' \
              AND (o.state = 'cancelled') <> (coalesce(e.times, 0) = 1)",
    },
    Question {
        holds: "a mail that waits has the job that sends it",
        sql: "SELECT m.subject AS what FROM mails m WHERE m.state = 'waiting' AND NOT EXISTS \
              (SELECT 1 FROM jobs j WHERE j.id = m.id AND j.state IN ('waiting', 'running'))",
    },
    Question {
        holds: "a retailer's person belongs to an account, the brand's own to none",
        sql: "SELECT email AS what FROM users WHERE (account_id IS NOT NULL) \
              <> (role IN ('buyer', 'approver', 'account_admin'))",
    },
];

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
    note(
        &mut findings,
        "every order placed is told of by a job or a mail",
        untold(&tx).await?,
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

/// Orders of people and programs that nobody was or will be told of; history of the demo, whose
/// orders name no user, is not among them. Jobs that are done are kept
/// for two weeks, so only orders that young can be asked about.
async fn untold(tx: &crate::db::Tx) -> Result<Vec<String>> {
    let rows = tx
        .rows("SELECT payload FROM jobs WHERE kind = 'order_placed'", [])
        .await?;
    let mut told = std::collections::HashSet::new();
    for row in rows {
        let payload: serde_json::Value = row.try_get("", "payload")?;
        if let Some(order) = payload.get("order").and_then(|order| order.as_str()) {
            told.insert(order.to_owned());
        }
    }
    let sql = "SELECT o.id, o.number FROM orders o WHERE o.source <> 'import' \
               AND (o.placed_by_id IS NOT NULL OR o.source = 'api') AND o.placed_at > (SELECT coalesce(max(placed_at), 0) FROM orders) - 1123200000 \
               AND NOT EXISTS (SELECT 1 FROM mails m WHERE m.event = 'order-placed/' || o.number)";
    let mut untold = Vec::new();
    for row in tx.rows(sql, []).await? {
        let id: uuid::Uuid = row.try_get("", "id")?;
        if !told.contains(&id.to_string()) {
            untold.push(row.try_get("", "number")?);
        }
    }
    Ok(untold)
}

async fn texts(tx: &crate::db::Tx, sql: &str) -> Result<Vec<String>> {
    let rows = tx.rows(sql, []).await?;
    rows.iter()
        .map(|row| Ok(row.try_get::<String>("", "what")?))
        .collect()
}
