//! What people and programs do.

use reqwest::{Method, RequestBuilder};
use sea_orm::sea_query::Value as Bind;
use serde_json::{Value, json};
use uuid::Uuid;

use super::ground::{Ground, Person, Shop};
use super::{Chance, Entry};
use crate::harness::Client;

/// Something somebody did.
#[derive(Debug, Clone)]
pub enum Deed {
    /// An order of a program, under this key; the first time, or again.
    Placed(String),
    /// A cart that was submitted under this key.
    Submitted(String),
    /// A hold that was released.
    Released(Uuid),
    /// A hold that was rejected.
    Rejected(Uuid),
    /// An order that was cancelled.
    Cancelled(String),
    /// A count of what is in stock.
    Counted,
    /// A promotion that was stopped.
    Stopped,
    /// Past every page: a limit that changed, a hold whose time ran out.
    Behind(&'static str),
}

/// An answer's status and body; none where the process is gone.
async fn ask(request: RequestBuilder) -> Option<(u16, Vec<u8>)> {
    let answer = request.send().await.ok()?;
    let status = answer.status().as_u16();
    Some((status, answer.bytes().await.ok()?.to_vec()))
}

/// Does the operation with that number: always the same for the same number, as far as the world
/// allows.
pub async fn perform(ground: &Ground, url: &str, chance: Chance, operation: u64) -> Vec<Entry> {
    let shop = &ground.shops[chance.below(operation, 1, ground.shops.len())];
    let one = match chance.below(operation, 0, 100) {
        0..40 => place(ground, url, chance, operation).await,
        40..43 => {
            // As a program does that has not heard: the order of a while ago, with the same key.
            let before = operation.saturating_sub(1 + chance.of(operation, 2) % 40);
            if chance.below(before, 0, 100) >= 40 {
                return Vec::new();
            }
            place(ground, url, chance, before).await
        }
        43..51 => return submit(ground, shop, url, chance, operation).await,
        51..69 => return decide(ground, url, chance, operation, true).await,
        69..73 => return decide(ground, url, chance, operation, false).await,
        73..84 => return cancel(ground, shop, url, chance, operation).await,
        84..87 => run_out(ground).await,
        87..95 => return count(ground, url, chance, operation).await,
        95..99 => change_limit(ground, shop, chance, operation).await,
        _ => stop(ground, url, chance, operation).await,
    };
    vec![one]
}

fn lines(ground: &Ground, chance: Chance, operation: u64) -> Vec<Value> {
    // An item may stand there twice.
    let count = 1 + chance.below(operation, 3, 3);
    (0..count)
        .map(|at| {
            let question = 10 + u64::try_from(at).unwrap();
            let item = &ground.items[chance.below(operation, question, ground.items.len())];
            let quantity = 1 + chance.of(operation, question + 10) % 6;
            json!({"sku": item.sku, "unit": item.unit, "quantity": quantity})
        })
        .collect()
}

async fn place(ground: &Ground, url: &str, chance: Chance, operation: u64) -> Entry {
    let shop = &ground.shops[chance.below(operation, 1, ground.shops.len())];
    let key = format!("storm-{operation}");
    let client = Client::new(url);
    let body = json!({"lines": lines(ground, chance, operation), "po_number": key});
    let request = client
        .request(Method::POST, "/api/v1/orders")
        .bearer_auth(&shop.key)
        .header("Idempotency-Key", &key)
        .json(&body);
    let answer = ask(request).await;
    let order = answer
        .as_ref()
        .filter(|(status, _)| *status == 201)
        .map(|(_, body)| {
            let order: Value = serde_json::from_slice(body).unwrap();
            order["number"].as_str().unwrap().to_owned()
        });
    Entry {
        deed: Deed::Placed(key),
        told: answer.map(|(status, _)| status),
        order,
    }
}

/// Puts an item into the cart and submits it, as a buyer does.
async fn submit(
    ground: &Ground,
    shop: &Shop,
    url: &str,
    chance: Chance,
    operation: u64,
) -> Vec<Entry> {
    let Some(buyer) = &shop.buyer else {
        return Vec::new();
    };
    let client = buyer.at(url);
    let deed = |told| Entry {
        deed: Deed::Behind("filled a cart"),
        told,
        order: None,
    };
    let item = &ground.items[chance.below(operation, 4, ground.items.len())];
    let quantity = (1 + chance.of(operation, 5) % 6).to_string();
    let fields = [("sku", item.sku.as_str()), ("quantity", &quantity)];
    let Some((status, _)) = post(&client, buyer, "/cart/lines", &fields).await else {
        return vec![deed(None)];
    };
    let page = ask(client.request(Method::GET, "/checkout")).await;
    let Some((page_status, page)) = page else {
        return vec![deed(None)];
    };
    if status >= 400 || page_status != 200 {
        let emptied = post(&client, buyer, "/cart/empty", &[]).await;
        return vec![deed(emptied.map(|(status, _)| status))];
    }
    let page = crate::harness::Answer {
        status: page_status,
        headers: reqwest::header::HeaderMap::new(),
        body: page,
    };
    let key = format!("storm-{operation}");
    let [total, cart, shown] =
        ["expected_total_minor", "cart", "shown"].map(|name| page.field(name).unwrap_or_default());
    let fields = [
        ("idempotency_key", key.as_str()),
        ("expected_total_minor", &total),
        ("cart", &cart),
        ("shown", &shown),
        ("po_number", &key),
    ];
    let answer = post(&client, buyer, "/checkout", &fields).await;
    let told = answer.map(|(status, _)| status);
    let mut entries = vec![Entry {
        deed: Deed::Submitted(key),
        told,
        order: None,
    }];
    if told.is_some_and(|told| told >= 400) {
        let emptied = post(&client, buyer, "/cart/empty", &[]).await;
        entries.push(deed(emptied.map(|(status, _)| status)));
    }
    entries
}

async fn post(
    client: &Client,
    person: &Person,
    path: &str,
    fields: &[(&str, &str)],
) -> Option<(u16, Vec<u8>)> {
    let mut all = vec![("csrf", person.token.as_str())];
    all.extend_from_slice(fields);
    ask(client.request(Method::POST, path).form(&all)).await
}

/// Somebody who may decide an open hold does; one of the oldest, which others look at too.
async fn decide(
    ground: &Ground,
    url: &str,
    chance: Chance,
    operation: u64,
    release: bool,
) -> Vec<Entry> {
    let open = "SELECT h.id, h.account_id, h.releaser FROM holds h WHERE h.state = 'open' \
                ORDER BY h.opened_at, h.id LIMIT 6";
    let open = ground.sql.rows(open, []).await;
    if open.is_empty() {
        return Vec::new();
    }
    let row = &open[chance.below(operation, 6, open.len())];
    let id: Uuid = row.try_get("", "id").unwrap();
    let account: Uuid = row.try_get("", "account_id").unwrap();
    let releaser: String = row.try_get("", "releaser").unwrap();
    let of_account = || {
        ground
            .shops
            .iter()
            .find(|shop| shop.id == account)?
            .approver
            .as_ref()
    };
    let person = if releaser == "approver" {
        of_account()
    } else {
        ground.admin.as_ref()
    };
    let Some(person) = person else {
        return Vec::new();
    };
    let (verb, deed) = if release {
        ("release", Deed::Released(id))
    } else {
        ("reject", Deed::Rejected(id))
    };
    let fields = [("reason", "As the storm has it")];
    let answer = post(
        &person.at(url),
        person,
        &format!("/holds/{id}/{verb}"),
        &fields,
    )
    .await;
    vec![Entry {
        deed,
        told: answer.map(|(status, _)| status),
        order: None,
    }]
}

/// A shop cancels one of its latest orders, perhaps one that is cancelled already.
async fn cancel(
    ground: &Ground,
    shop: &Shop,
    url: &str,
    chance: Chance,
    operation: u64,
) -> Vec<Entry> {
    let latest = "SELECT number FROM orders WHERE account_id = $1 AND po_number LIKE 'storm-%' \
                  ORDER BY placed_at DESC, number DESC LIMIT 8";
    let latest = ground.sql.rows(latest, [shop.id.into()]).await;
    if latest.is_empty() {
        return Vec::new();
    }
    let row = &latest[chance.below(operation, 7, latest.len())];
    let number: String = row.try_get("", "number").unwrap();
    let client = Client::new(url);
    let path = format!("/api/v1/orders/{number}/cancellation");
    let request = client.request(Method::POST, &path).bearer_auth(&shop.key);
    let answer = ask(request.json(&json!({"reason": "As the storm has it"}))).await;
    vec![Entry {
        deed: Deed::Cancelled(number),
        told: answer.map(|(status, _)| status),
        order: None,
    }]
}

/// The oldest open hold is past its time; the worker finds it.
async fn run_out(ground: &Ground) -> Entry {
    let sql = "UPDATE holds SET opened_at = opened_at - 864000000, due_at = due_at - 864000000 \
               WHERE state = 'open' AND id = (SELECT id FROM holds WHERE state = 'open' \
               ORDER BY opened_at DESC, id LIMIT 1)";
    // Where the other process writes for longer than one waits, it stays as it is.
    let _ = ground.sql.run(sql, []).await;
    behind("let a hold run out")
}

async fn change_limit(ground: &Ground, shop: &Shop, chance: Chance, operation: u64) -> Entry {
    let limit = i64::try_from(chance.of(operation, 8) % 900_000).unwrap();
    let sql = "UPDATE accounts SET credit_limit_minor = $1 WHERE id = $2";
    let values: [Bind; 2] = [limit.into(), shop.id.into()];
    let _ = ground.sql.run(sql, values).await;
    behind("changed a limit")
}

fn behind(what: &'static str) -> Entry {
    Entry {
        deed: Deed::Behind(what),
        told: Some(200),
        order: None,
    }
}

/// The warehouse counts: what is promised, and some more. Somebody who ordered in between makes it
/// count again.
async fn count(ground: &Ground, url: &str, chance: Chance, operation: u64) -> Vec<Entry> {
    let item = &ground.items[chance.below(operation, 9, ground.items.len())];
    let path = format!("/api/v1/stock/{}", item.sku);
    let client = Client::new(url);
    let read = client
        .request(Method::GET, &path)
        .bearer_auth(&ground.brand_key);
    let entry = |told| Entry {
        deed: Deed::Counted,
        told,
        order: None,
    };
    let Ok(answer) = read.send().await else {
        return vec![entry(None)];
    };
    let tag = answer.headers().get("etag").cloned();
    let Ok(stock) = answer.json::<Value>().await else {
        return vec![entry(None)];
    };
    let more = i64::try_from(chance.of(operation, 30) % 25).unwrap();
    let promised = stock["allocated"].as_i64().unwrap() + stock["reserved"].as_i64().unwrap();
    let request = client
        .request(Method::PUT, &path)
        .bearer_auth(&ground.brand_key);
    let request = request.header("If-Match", tag.unwrap());
    let answer = ask(request.json(&json!({"on_hand": promised + more}))).await;
    vec![entry(answer.map(|(status, _)| status))]
}

async fn stop(ground: &Ground, url: &str, chance: Chance, operation: u64) -> Entry {
    let id = ground.promotions[chance.below(operation, 31, ground.promotions.len())];
    let mut told = Some(200);
    if let Some(admin) = ground.admin.as_ref().filter(|_| operation > 200) {
        let path = format!("/kam/promotions/{id}/stop");
        told = post(&admin.at(url), admin, &path, &[])
            .await
            .map(|(status, _)| status);
    }
    Entry {
        deed: Deed::Stopped,
        told,
        order: None,
    }
}
