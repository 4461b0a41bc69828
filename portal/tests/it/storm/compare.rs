//! What people were told, against what the database says.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;

use super::Entry;
use super::deeds::Deed;
use crate::harness::database::Sql;

/// Counts what happened, for whoever reads the run.
pub fn say(entries: &[Entry], name: &str, kills: u64, took: Duration) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for entry in entries {
        let deed = match &entry.deed {
            Deed::Placed(_) => "placed",
            Deed::Submitted(_) => "submitted",
            Deed::Released(_) => "released",
            Deed::Rejected(_) => "rejected",
            Deed::Cancelled(_) => "cancelled",
            Deed::Counted => "counted",
            Deed::Stopped => "stopped",
            Deed::Behind(what) => what,
        };
        let told = entry
            .told
            .map_or("unknown".to_owned(), |told| told.to_string());
        *counts.entry(format!("{deed} {told}")).or_default() += 1;
    }
    println!(
        "{name}: {} entries, {kills} kills, {took:.1?}: {counts:?}",
        entries.len()
    );
}

/// What was acknowledged is there; what was refused is not; nothing is there twice.
pub async fn with_the_books(sql: &Sql, entries: &[Entry]) {
    let orders = orders(sql).await;
    let mut numbers = BTreeSet::new();
    for number in orders.values() {
        assert!(numbers.insert(number), "two keys have the order {number}");
    }
    let stored = "SELECT count(*) FROM orders WHERE po_number LIKE 'storm-%'";
    let stored = sql.number(stored, []).await;
    assert_eq!(
        stored,
        i64::try_from(orders.len()).unwrap(),
        "an order without its key"
    );
    assert!(!orders.is_empty(), "nothing was ordered");
    let states = column(sql, "SELECT number, state FROM orders").await;
    let holds = "SELECT CAST(h.id AS text), h.state || ' ' || o.number FROM holds h \
                 JOIN orders o ON o.id = h.order_id";
    let holds = if sql.is_postgres() {
        column(sql, holds).await
    } else {
        let hex = holds.replace("CAST(h.id AS text)", "lower(hex(h.id))");
        column(sql, &hex).await
    };
    let mut decided = BTreeSet::new();
    for Entry { deed, told, order } in entries {
        let Some(told) = told else { continue };
        let good = *told < 400;
        match deed {
            Deed::Placed(key) if good => {
                assert_eq!(
                    orders.get(key),
                    order.as_ref(),
                    "the order of {key} was lost"
                );
            }
            Deed::Submitted(key) if good => {
                assert!(orders.contains_key(key), "the order of {key} was lost");
            }
            // Refused; where the same was sent again, it may have gone through then.
            Deed::Submitted(key) => {
                assert!(!orders.contains_key(key), "{key} was refused, and ordered");
            }
            Deed::Released(id) | Deed::Rejected(id) if good => {
                let word = if matches!(deed, Deed::Released(_)) {
                    "released"
                } else {
                    "rejected"
                };
                let id = if sql.is_postgres() {
                    id.to_string()
                } else {
                    id.simple().to_string()
                };
                assert!(decided.insert(id.clone()), "two have decided about {id}");
                let hold = holds.get(&id).map_or("", String::as_str);
                let (state, number) = hold.split_once(' ').unwrap();
                assert_eq!(state, word, "a decision about {id} was lost");
                if word == "rejected" {
                    assert_eq!(states[number], "rejected");
                }
            }
            Deed::Cancelled(number) if good => {
                assert_eq!(
                    states[number], "cancelled",
                    "the cancellation of {number} was lost"
                );
            }
            Deed::Placed(_)
            | Deed::Released(_)
            | Deed::Rejected(_)
            | Deed::Cancelled(_)
            | Deed::Counted
            | Deed::Stopped
            | Deed::Behind(_) => {}
        }
    }
    refused_and_never_sent_again(entries, &orders);
}

/// A program's order whose every request was refused is not there.
fn refused_and_never_sent_again(entries: &[Entry], orders: &BTreeMap<String, String>) {
    let mut refused: BTreeMap<&String, bool> = BTreeMap::new();
    for entry in entries {
        if let Deed::Placed(key) = &entry.deed {
            *refused.entry(key).or_insert(true) &= entry.told.is_some_and(|told| told >= 400);
        }
    }
    for (key, refused) in refused {
        assert!(
            !(refused && orders.contains_key(key)),
            "{key} was refused, and ordered"
        );
    }
}

/// The order of each key.
async fn orders(sql: &Sql) -> BTreeMap<String, String> {
    let rows = "SELECT key, answer FROM idempotency_keys WHERE key LIKE 'storm-%'";
    let mut orders = BTreeMap::new();
    for row in sql.rows(rows, []).await {
        let key: String = row.try_get("", "key").unwrap();
        let answer: Value = row.try_get("", "answer").unwrap();
        let number = answer["number"].as_str().unwrap().to_owned();
        assert!(orders.insert(key.clone(), number).is_none(), "{key} twice");
    }
    orders
}

async fn column(sql: &Sql, text: &str) -> BTreeMap<String, String> {
    let rows = sql.rows(text, []).await;
    let pair = |row: &sea_orm::QueryResult| {
        (
            row.try_get_by_index(0).unwrap(),
            row.try_get_by_index(1).unwrap(),
        )
    };
    rows.iter().map(pair).collect()
}
