//! Orders at once: whatever races for the same piece, the same money or the same decision, the
//! sums come out exactly, nothing is given twice, and nobody is turned away by a deadlock.

mod credit;
mod decisions;
mod promotions;
mod stock;

use portal::api::keys::{self, Permission};
use reqwest::Method;
use sea_orm::sea_query::Value as Bind;
use serde_json::{Value, json};
use trade::id::AccountId;
use uuid::Uuid;

use crate::harness::{Answer, App, Client};

/// An account's program with its key.
struct Shop {
    id: Uuid,
    key: String,
    client: Client,
}

impl Shop {
    /// Places an order; every one under a number of its own, so that none is a duplicate.
    async fn order(&self, key: &str, lines: &[Value]) -> Answer {
        self.place(key, &json!({"lines": lines, "po_number": key}))
            .await
    }

    async fn place(&self, key: &str, body: &Value) -> Answer {
        let request = self.client.request(Method::POST, "/api/v1/orders");
        let request = request
            .bearer_auth(&self.key)
            .header("Idempotency-Key", key);
        self.client.send(request.json(body)).await
    }

    async fn cancel(&self, number: &str) -> Answer {
        let path = format!("/api/v1/orders/{number}/cancellation");
        let request = self.client.request(Method::POST, &path);
        let reason = json!({"reason": "No longer needed"});
        self.client
            .send(request.bearer_auth(&self.key).json(&reason))
            .await
    }
}

/// So many programs of as many accounts; where there are fewer accounts, several of one.
async fn shops(app: &App, count: usize) -> Vec<Shop> {
    let sql = "SELECT id FROM accounts WHERE status = 'active' AND currency = 'EUR' \
               ORDER BY number";
    let mut accounts = Vec::new();
    for row in app.sql.rows(sql, []).await {
        accounts.push(row.try_get::<Uuid>("", "id").unwrap());
    }
    let tx = app.data.db.begin_system("tests").await.unwrap();
    let mut shops = Vec::with_capacity(count);
    for id in accounts.into_iter().cycle().take(count) {
        let account = Some(AccountId(id));
        let key = keys::create(&tx, 0, "Till", account, &Permission::ACCOUNT).await;
        shops.push(Shop {
            id,
            key: key.unwrap(),
            client: app.visitor(),
        });
    }
    tx.commit().await.unwrap();
    shops
}

/// The corner shop's program.
async fn corner_shop(app: &App) -> Shop {
    let mut all = shops(app, 200).await;
    let at = all
        .iter()
        .position(|shop| shop.id == app.world.corner_shop.id);
    all.swap_remove(at.unwrap())
}

/// Nothing of the demo holds an order up: no limit, nothing overdue, nothing unusual.
async fn nothing_holds(app: &App) {
    for sql in [
        "UPDATE accounts SET credit_limit_minor = NULL, overdue_tolerance_days = 365, \
         review_note = NULL, minimum_order_minor = 0, delivery_policy = 'back_order'",
        "UPDATE account_products SET times = 1",
        "DELETE FROM approval_rules",
        "DELETE FROM user_budgets",
        "UPDATE promotions SET state = 'stopped', stopped_at = 0 WHERE state = 'approved' \
         AND code NOT LIKE 'RACE-%'",
    ] {
        app.sql.run(sql, []).await.unwrap();
    }
    promotions_changed(app).await;
}

async fn promotions_changed(app: &App) {
    let tx = app.data.db.begin_system("tests").await.unwrap();
    portal::promotions::changed(&tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// Something that everybody may order piece by piece.
struct Item {
    id: Uuid,
    sku: String,
    unit: String,
}

impl Item {
    fn line(&self, quantity: i64) -> Value {
        json!({"sku": self.sku, "unit": self.unit, "quantity": quantity})
    }

    /// Pieces that nobody has been promised.
    async fn left(&self, app: &App) -> i64 {
        let sql = "SELECT on_hand - allocated - reserved FROM stock WHERE product_id = $1";
        app.sql.number(sql, [self.id.into()]).await
    }
}

/// So many items of that policy, each with `pieces` to be had.
async fn items(app: &App, count: usize, policy: &str, pieces: i64) -> Vec<Item> {
    let sql = "SELECT p.id, p.sku, p.base_unit FROM products p JOIN stock s ON s.product_id = p.id \
               WHERE p.status = 'active' AND p.stock_policy <> 'untracked' \
               AND NOT EXISTS (SELECT 1 FROM visibility_rules v WHERE v.product_id = p.id) \
               AND NOT EXISTS (SELECT 1 FROM visibility_rules v JOIN category_ancestors c \
               ON c.ancestor_id = v.category_id WHERE c.category_id = p.category_id) \
               ORDER BY p.sku LIMIT $1";
    let mut items = Vec::with_capacity(count);
    for row in app
        .sql
        .rows(sql, [i64::try_from(count).unwrap().into()])
        .await
    {
        items.push(Item {
            id: row.try_get("", "id").unwrap(),
            sku: row.try_get("", "sku").unwrap(),
            unit: row.try_get("", "base_unit").unwrap(),
        });
    }
    assert_eq!(items.len(), count);
    for item in &items {
        let sql = "UPDATE products SET moq = 1, multiple = 1, order_unit = base_unit, \
                   stock_policy = $1 WHERE id = $2";
        let values: [Bind; 2] = [policy.into(), item.id.into()];
        app.sql.run(sql, values).await.unwrap();
        count_stock(app, item, pieces).await;
    }
    items
}

/// Counts an item, as the brand's own system does, so that `pieces` are left to be promised.
async fn count_stock(app: &App, item: &Item, pieces: i64) {
    let taken = "SELECT allocated + reserved FROM stock WHERE product_id = $1";
    let taken = app.sql.number(taken, [item.id.into()]).await;
    let tx = app.data.db.begin_system("tests").await.unwrap();
    let key = keys::create(&tx, 0, "Till", None, &Permission::ALL)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let brand = app.visitor();
    let path = format!("/api/v1/stock/{}", item.sku);
    let request = brand.request(Method::PUT, &path).bearer_auth(key);
    let body = json!({"on_hand": taken + pieces});
    brand.send(request.json(&body)).await.expect(200);
}

/// A promotion that is in force for everybody.
#[derive(Default)]
struct Deal {
    mechanic: Value,
    fund: Option<Uuid>,
    most_uses: Option<i64>,
    most_uses_per_account: Option<i64>,
    cap_minor: Option<i64>,
    /// Only for these items; for all where none is named.
    items: Vec<Uuid>,
}

impl Deal {
    /// So many minor units off every order.
    fn off(minor: i64) -> Deal {
        Deal {
            mechanic: json!({"kind": "order_value", "tiers": [
                {"from": 1, "cut": {"kind": "amount", "value": minor}},
            ]}),
            ..Deal::default()
        }
    }

    async fn run(self, app: &App, name: &str) -> Uuid {
        let code = format!("RACE-{name}");
        let id = Uuid::now_v7();
        let sql = "INSERT INTO promotions (id, code, name, state, mechanic, currency, valid_from, \
                   valid_until, audience, fund_id, most_uses, most_uses_per_account, cap_minor, \
                   created_by, created_at, updated_at) VALUES ($1, $2, $2, 'approved', $3, 'EUR', \
                   '2026-01-01', '2027-01-01', 'everybody', $4, $5, $6, $7, 'Jana Vogt', 0, 0)";
        let values: [Bind; 7] = [
            id.into(),
            code.into(),
            self.mechanic.into(),
            self.fund.into(),
            self.most_uses.into(),
            self.most_uses_per_account.into(),
            self.cap_minor.into(),
        ];
        app.sql.run(sql, values).await.unwrap();
        for item in self.items {
            let sql = "INSERT INTO promotion_items (id, promotion_id, effect, product_id) \
                       VALUES ($1, $2, 'include', $3)";
            let values: [Bind; 3] = [Uuid::now_v7().into(), id.into(), item.into()];
            app.sql.run(sql, values).await.unwrap();
        }
        promotions_changed(app).await;
        id
    }
}

/// A fund with so much in it.
async fn fund(app: &App, code: &str, minor: i64) -> Uuid {
    let id = Uuid::now_v7();
    let sql = "INSERT INTO funds (id, code, name, currency, budget_minor, created_at, updated_at) \
               VALUES ($1, $2, $2, 'EUR', $3, 0, 0)";
    let values: [Bind; 3] = [id.into(), code.into(), minor.into()];
    app.sql.run(sql, values).await.unwrap();
    id
}

/// How many of the answers have that status.
fn how_many(answers: &[Answer], status: u16) -> usize {
    answers
        .iter()
        .filter(|answer| answer.status == status)
        .count()
}

/// Each answer is one of these; nobody was turned away by the database.
#[track_caller]
fn only(answers: &[Answer], statuses: &[u16]) {
    for answer in answers {
        assert!(
            statuses.contains(&answer.status),
            "{} {}",
            answer.status,
            answer.text()
        );
    }
}

/// Each refusal is of that kind.
#[track_caller]
fn refused_for(answers: &[Answer], code: &str) {
    for answer in answers.iter().filter(|answer| answer.status == 409) {
        assert_eq!(
            answer.json()["type"],
            format!("/api/docs#{code}"),
            "{}",
            answer.text()
        );
    }
}

/// The books agree; what the case caused but does not look at is dropped.
async fn books_agree(app: &App) {
    let findings = portal::check::books(&app.data.db).await.unwrap();
    assert!(findings.is_empty(), "{findings:#?}");
    app.forget_jobs().await;
}
