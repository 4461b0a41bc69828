//! Who and what is in the storm: shops with limits and rules, items that run out, promotions that
//! do too.

use portal::api::keys::{self, Permission};
use portal::db::Db;
use sea_orm::sea_query::Value as Bind;
use serde_json::json;
use trade::id::AccountId;
use uuid::Uuid;

use crate::harness::database::Sql;
use crate::harness::installed::Installed;
use crate::harness::{Client, PASSWORD};

/// A retailer with its program and, where they have signed in, its people.
pub struct Shop {
    pub id: Uuid,
    pub key: String,
    pub buyer: Option<Person>,
    pub approver: Option<Person>,
}

/// A browser with its cookies, for whatever address the server has at the time.
pub struct Person {
    cookies: Vec<(String, String)>,
    pub token: String,
}

impl Person {
    async fn sign_in(url: &str, email: &str) -> Person {
        let client = Client::new(url);
        client.sign_in(email, PASSWORD).await.expect(303);
        let token = client.token().await;
        let cookies = ["kontor_session", "kontor_visitor"]
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), client.cookie(name)?)))
            .collect();
        Person { cookies, token }
    }

    pub fn at(&self, url: &str) -> Client {
        let client = Client::new(url);
        for (name, value) in &self.cookies {
            client.set_cookie(name, value);
        }
        client
    }
}

pub struct Item {
    pub id: Uuid,
    pub sku: String,
    pub unit: String,
}

pub struct Ground {
    pub sql: Sql,
    pub shops: Vec<Shop>,
    pub items: Vec<Item>,
    pub promotions: Vec<Uuid>,
    pub brand_key: String,
    pub admin: Option<Person>,
}

impl Ground {
    pub async fn lay(installed: &Installed) -> Ground {
        let sql = Sql::connect(installed.database()).await;
        for text in [
            "UPDATE account_products SET times = 1",
            "UPDATE accounts SET overdue_tolerance_days = 365, minimum_order_minor = 2000, \
             credit_limit_minor = 300000 + coalesce((SELECT c.held_minor + c.confirmed_minor \
             + c.receivable_minor FROM credit_accounts c WHERE c.account_id = accounts.id), 0)",
            "UPDATE promotions SET state = 'stopped', stopped_at = 0 WHERE state = 'approved'",
            "UPDATE users SET locale = 'en'",
            "DELETE FROM approval_rules",
            "DELETE FROM user_budgets",
        ] {
            sql.run(text, []).await.unwrap();
        }
        let db = Db::connect(installed.database()).await.unwrap();
        let tx = db.begin_system("storm").await.unwrap();
        let mut shops = Vec::new();
        let accounts = "SELECT a.id FROM accounts a WHERE a.status = 'active' \
                        AND a.currency = 'EUR' AND EXISTS (SELECT 1 FROM users u \
                        WHERE u.account_id = a.id AND u.role = 'buyer' AND u.status = 'active') \
                        ORDER BY a.number LIMIT 6";
        for row in sql.rows(accounts, []).await {
            let id: Uuid = row.try_get("", "id").unwrap();
            let key = keys::create(&tx, 0, "Till", Some(AccountId(id)), &Permission::ACCOUNT);
            shops.push(Shop {
                id,
                key: key.await.unwrap(),
                buyer: None,
                approver: None,
            });
        }
        assert!(shops.len() >= 4);
        let brand_key = keys::create(&tx, 0, "ERP", None, &Permission::ALL)
            .await
            .unwrap();
        portal::promotions::changed(&tx).await.unwrap();
        tx.commit().await.unwrap();
        drop(db);
        let mut ground = Ground {
            items: items(&sql).await,
            sql,
            shops,
            promotions: Vec::new(),
            brand_key,
            admin: None,
        };
        ground.rules().await;
        ground.promote().await;
        ground
    }

    /// Every other shop asks for approval, the first one in two levels.
    async fn rules(&self) {
        for (at, shop) in self.shops.iter().enumerate().step_by(2) {
            for (level, threshold) in [(1, 3_000_i64), (2, 9_000)] {
                if level == 2 && at > 0 {
                    continue;
                }
                let sql = "INSERT INTO approval_rules (id, account_id, kind, threshold_minor, \
                           level, created_at) VALUES ($1, $2, 'total', $3, $4, 0)";
                let values: [Bind; 4] = [
                    Uuid::now_v7().into(),
                    shop.id.into(),
                    threshold.into(),
                    level.into(),
                ];
                self.sql.run(sql, values).await.unwrap();
            }
        }
    }

    async fn promote(&mut self) {
        let fund = Uuid::now_v7();
        let sql = "INSERT INTO funds (id, code, name, currency, budget_minor, created_at, \
                   updated_at) VALUES ($1, 'STORM', 'Storm', 'EUR', 40000, 0, 0)";
        self.sql.run(sql, [fund.into()]).await.unwrap();
        let off = |minor: i64| {
            json!({"kind": "order_value", "tiers": [
                {"from": 1000, "cut": {"kind": "amount", "value": minor}}]})
        };
        let give = json!({"product": self.items[0].id, "pieces": 1});
        let free = json!({"kind": "free_goods", "buy": 3, "count_in": "pieces", "give": give,
            "times": 2});
        let deals = [
            (off(300), Some(fund), None, None),
            (off(200), Some(fund), Some(60_i64), None),
            (off(100), None, None, Some(3_000_i64)),
            (free, Some(fund), None, None),
        ];
        for (at, (mechanic, fund, most_uses, cap)) in deals.into_iter().enumerate() {
            let id = Uuid::now_v7();
            let sql = "INSERT INTO promotions (id, code, name, state, mechanic, currency, \
                       valid_from, valid_until, audience, fund_id, most_uses, cap_minor, \
                       created_by, created_at, updated_at) VALUES ($1, $2, $2, 'approved', $3, \
                       'EUR', '2020-01-01', '2099-01-01', 'everybody', $4, $5, $6, 'Jana', 0, 0)";
            let values: [Bind; 6] = [
                id.into(),
                format!("STORM-{at}").into(),
                mechanic.into(),
                fund.into(),
                most_uses.into(),
                cap.into(),
            ];
            self.sql.run(sql, values).await.unwrap();
            self.promotions.push(id);
        }
    }

    /// The people sign in once; their sessions outlive the process.
    pub async fn sign_in(&mut self, url: &str) {
        let admin = "admin@demo.kontor.example";
        self.admin = Some(Person::sign_in(url, admin).await);
        for shop in &mut self.shops {
            let of = |roles: &str| {
                format!(
                    "SELECT min(email) FROM users WHERE account_id = $1 AND status = 'active' \
                     AND role IN ({roles}) HAVING min(email) IS NOT NULL"
                )
            };
            let approvers = of("'approver', 'account_admin'");
            let approver = self.sql.rows(&approvers, [shop.id.into()]);
            if let Some(row) = approver.await.first() {
                let email: String = row.try_get_by_index(0).unwrap();
                shop.approver = Some(Person::sign_in(url, &email).await);
            }
            let buyer = self.sql.rows(&of("'buyer'"), [shop.id.into()]).await;
            let email: String = buyer[0].try_get_by_index(0).unwrap();
            shop.buyer = Some(Person::sign_in(url, &email).await);
        }
    }
}

/// Three items that are sold only from stock and three that may be owed, all of them soon short.
async fn items(sql: &Sql) -> Vec<Item> {
    let text = "SELECT p.id, p.sku, p.base_unit FROM products p JOIN stock s \
                ON s.product_id = p.id WHERE p.status = 'active' AND p.stock_policy <> 'untracked' \
                AND s.on_hand >= s.allocated + s.reserved + 20 \
                AND NOT EXISTS (SELECT 1 FROM visibility_rules v WHERE v.product_id = p.id) \
                AND NOT EXISTS (SELECT 1 FROM visibility_rules v JOIN category_ancestors c \
                ON c.ancestor_id = v.category_id WHERE c.category_id = p.category_id) \
                ORDER BY p.sku LIMIT 6";
    let mut items = Vec::new();
    for (at, row) in sql.rows(text, []).await.into_iter().enumerate() {
        let item = Item {
            id: row.try_get("", "id").unwrap(),
            sku: row.try_get("", "sku").unwrap(),
            unit: row.try_get("", "base_unit").unwrap(),
        };
        let policy = if at % 2 == 0 { "strict" } else { "back_order" };
        let text = "UPDATE products SET moq = 1, multiple = 1, order_unit = base_unit, \
                    stock_policy = $1 WHERE id = $2";
        let values: [Bind; 2] = [policy.into(), item.id.into()];
        sql.run(text, values).await.unwrap();
        items.push(item);
    }
    assert_eq!(items.len(), 6);
    items
}
