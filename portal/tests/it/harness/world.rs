//! The world every case lives in, and the names of those in it.

use portal::db::Db;
use sea_orm::sea_query::Value;
use uuid::Uuid;

use super::database::Sql;

/// The corner shop's buyer.
pub const BUYER: &str = "buyer@demo.kontor.example";
/// Its account admin.
pub const OWNER: &str = "owner@demo.kontor.example";
/// Its KAM.
pub const KAM_NORTH: &str = "kam@demo.kontor.example";
/// A KAM who does not look after the corner shop.
pub const KAM_SOUTH: &str = "kam.south@demo.kontor.example";
/// Looks after this Kontor.
pub const ADMIN: &str = "admin@demo.kontor.example";

/// What a case may name.
#[derive(Debug, Clone)]
pub struct World {
    /// The account of [`BUYER`].
    pub corner_shop: Shop,
    /// Another account, which [`KAM_SOUTH`] looks after.
    pub stranger: Shop,
}

/// An account.
#[derive(Debug, Clone)]
pub struct Shop {
    pub id: Uuid,
    pub number: String,
    pub name: String,
    /// One of its buyers.
    pub email: String,
    /// The number of one of its orders.
    pub order: String,
}

impl World {
    /// Looks up who is there.
    pub async fn read(sql: &Sql) -> World {
        let other = sql
            .text(
                "SELECT min(u.email) FROM users u JOIN accounts a ON a.id = u.account_id \
                 JOIN users k ON k.id = a.kam_id \
                 WHERE k.email = $1 AND u.status = 'active' AND u.role = 'buyer'",
                [KAM_SOUTH.into()],
            )
            .await;
        World {
            corner_shop: Shop::of(sql, BUYER).await,
            stranger: Shop::of(sql, &other).await,
        }
    }
}

impl Shop {
    async fn of(sql: &Sql, email: &str) -> Shop {
        let rows = sql
            .rows(
                "SELECT a.id, a.number, a.name, (SELECT max(o.number) FROM orders o \
                 WHERE o.account_id = a.id) AS last_order \
                 FROM accounts a JOIN users u ON u.account_id = a.id WHERE u.email = $1",
                [email.into()],
            )
            .await;
        let row = rows.first().unwrap_or_else(|| panic!("{email} is nobody"));
        Shop {
            id: row.try_get("", "id").unwrap(),
            number: row.try_get("", "number").unwrap(),
            name: row.try_get("", "name").unwrap(),
            email: email.to_owned(),
            order: row.try_get("", "last_order").unwrap(),
        }
    }
}

/// Fills an empty, migrated database.
pub async fn fill(_db: &Db, url: &str) {
    Hand {
        sql: Sql::connect(url).await,
    }
    .fill()
    .await;
}

/// A small world by hand.
struct Hand {
    sql: Sql,
}

impl Hand {
    async fn put(&self, table: &str, columns: &str, values: Vec<Value>) {
        let places: Vec<_> = (1..=values.len()).map(|at| format!("${at}")).collect();
        let sql = format!(
            "INSERT INTO {table} ({columns}) VALUES ({})",
            places.join(", ")
        );
        self.sql.run(&sql, values).await.unwrap();
    }

    async fn fill(&self) {
        let hash = portal::auth::password::hash(super::PASSWORD).unwrap();
        self.put(
            "brand",
            "id, name, country, email, currency, time_zone, locale",
            vec![
                1.into(),
                "Feldmann Tiernahrung GmbH".into(),
                "DE".into(),
                "orders@feldmann.example".into(),
                "EUR".into(),
                "Europe/Berlin".into(),
                "en".into(),
            ],
        )
        .await;
        let north = self.person(KAM_NORTH, "kam", None, &hash).await;
        let south = self.person(KAM_SOUTH, "kam", None, &hash).await;
        self.person(ADMIN, "admin", None, &hash).await;
        let corner = self.account("10001", "Zoohandlung Petersen", north).await;
        let other = self.account("10002", "Tierwelt Kessler", south).await;
        self.person(BUYER, "buyer", Some(corner), &hash).await;
        self.person(OWNER, "account_admin", Some(corner), &hash)
            .await;
        self.person("buyer@kessler.example", "buyer", Some(other), &hash)
            .await;
        let product = self.product().await;
        for (account, number) in [(corner, "90001"), (other, "90002")] {
            self.order(account, number, product).await;
        }
    }

    async fn person(&self, email: &str, role: &str, account: Option<Uuid>, hash: &str) -> Uuid {
        let id = Uuid::now_v7();
        let columns =
            "id, email, name, password_hash, role, account_id, status, locale, created_at";
        let values = vec![
            id.into(),
            email.into(),
            email.split('@').next().into(),
            hash.into(),
            role.into(),
            account.into(),
            "active".into(),
            "en".into(),
            0_i64.into(),
        ];
        self.put("users", columns, values).await;
        id
    }

    async fn account(&self, number: &str, name: &str, kam: Uuid) -> Uuid {
        let id = Uuid::now_v7();
        let columns = "id, number, name, kam_id, country, currency, locale, created_at";
        let values = vec![
            id.into(),
            number.into(),
            name.into(),
            kam.into(),
            "DE".into(),
            "EUR".into(),
            "en".into(),
            0_i64.into(),
        ];
        self.put("accounts", columns, values).await;
        let columns = "id, account_id, code, name, country, is_default";
        let values = vec![
            Uuid::now_v7().into(),
            id.into(),
            "MAIN".into(),
            name.into(),
            "DE".into(),
            true.into(),
        ];
        self.put("ship_tos", columns, values).await;
        id
    }

    async fn product(&self) -> Uuid {
        let [id, brand, category, list] = [(); 4].map(|()| Uuid::now_v7());
        self.put(
            "product_brands",
            "id, code, name",
            vec![brand.into(), "F".into(), "F".into()],
        )
        .await;
        self.put(
            "categories",
            "id, name, path",
            vec![category.into(), "Dog".into(), "Dog".into()],
        )
        .await;
        let columns = "id, sku, name, brand_id, category_id, base_unit, order_unit, moq, multiple, \
                       tax_class, status, stock_policy, updated_at";
        let values = vec![
            id.into(),
            "F-1001".into(),
            "Dry food, chicken, 12 kg".into(),
            brand.into(),
            category.into(),
            "H87".into(),
            "H87".into(),
            1.into(),
            1.into(),
            "reduced".into(),
            "active".into(),
            "untracked".into(),
            0_i64.into(),
        ];
        self.put("products", columns, values).await;
        self.put(
            "stock",
            "product_id, on_hand, updated_at",
            vec![id.into(), 0_i64.into(), 0_i64.into()],
        )
        .await;
        let values = vec![list.into(), "BASE".into(), "Base".into(), "EUR".into()];
        self.put("price_lists", "id, code, name, currency", values)
            .await;
        let columns = "product_id, price_list_id, unit, min_quantity, valid_from, amount";
        let values = vec![
            id.into(),
            list.into(),
            "H87".into(),
            1_i64.into(),
            "2026-01-01".into(),
            129_000_i64.into(),
        ];
        self.put("price_rows", columns, values).await;
        id
    }

    async fn order(&self, account: Uuid, number: &str, product: Uuid) {
        let id = Uuid::now_v7();
        let columns = "id, number, account_id, state, source, currency, net_minor, tax_minor, \
                       gross_minor, line_count, taxes, addresses, placed_at, placed_on, placed_by, \
                       updated_at";
        let values = vec![
            id.into(),
            number.into(),
            account.into(),
            "confirmed".into(),
            "portal".into(),
            "EUR".into(),
            1_290_i64.into(),
            90_i64.into(),
            1_380_i64.into(),
            1.into(),
            serde_json::json!([]).into(),
            serde_json::json!({}).into(),
            0_i64.into(),
            "2026-11-01".into(),
            "Bea Buyer".into(),
            0_i64.into(),
        ];
        self.put("orders", columns, values).await;
        let columns = "order_id, position, account_id, product_id, sku, name, unit, pack_factor, \
                       quantity, ordered, allocated, unit_price, net_minor, tax_rate, tax_reason";
        let values = vec![
            id.into(),
            1.into(),
            account.into(),
            product.into(),
            "F-1001".into(),
            "Dry food".into(),
            "H87".into(),
            1.into(),
            1.into(),
            1_i64.into(),
            1_i64.into(),
            129_000_i64.into(),
            1_290_i64.into(),
            700.into(),
            "taxed".into(),
        ];
        self.put("order_lines", columns, values).await;
    }
}
