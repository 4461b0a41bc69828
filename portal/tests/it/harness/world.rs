//! The world every case lives in, and the names of those in it.

use jiff::civil::date;
use portal::db::Db;
use portal::seed::world::WorldSize;
use portal::seed::{self, load};
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

/// What went wrong overnight, under one id each: a mail that came back, the job that gave it up,
/// and an import with a rejected row.
pub const PAPER: Uuid = Uuid::from_u128(0x4b6f_6e74_6f72);

/// What a case may name.
#[derive(Debug, Clone)]
pub struct World {
    /// The account of [`BUYER`].
    pub corner_shop: Shop,
    /// Another account, which [`KAM_SOUTH`] looks after.
    pub stranger: Shop,
    /// A product that everybody may see.
    pub sku: String,
}

/// An account.
#[derive(Debug, Clone)]
pub struct Shop {
    pub id: Uuid,
    pub number: String,
    pub name: String,
    /// One of its buyers.
    pub email: String,
    /// That buyer.
    pub buyer: Uuid,
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
            sku: sql
                .text(
                    "SELECT min(p.sku) FROM products p WHERE p.status = 'active' \
                     AND NOT EXISTS (SELECT 1 FROM visibility_rules v WHERE v.product_id = p.id) \
                     AND NOT EXISTS (SELECT 1 FROM visibility_rules v \
                     JOIN category_ancestors c ON c.ancestor_id = v.category_id \
                     WHERE c.category_id = p.category_id)",
                    [],
                )
                .await,
        }
    }
}

impl Shop {
    async fn of(sql: &Sql, email: &str) -> Shop {
        let rows = sql
            .rows(
                "SELECT a.id, a.number, a.name, u.id AS buyer, (SELECT max(o.number) FROM orders o \
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
            buyer: row.try_get("", "buyer").unwrap(),
            order: row.try_get("", "last_order").unwrap(),
        }
    }
}

/// Fills an empty, migrated database with the demo world; half a year of it is history enough.
pub async fn fill(db: &Db, sql: &Sql) {
    let today = date(2026, 11, 24);
    let size = WorldSize {
        weeks: 26,
        // Cases tell retailers themselves.
        campaigns: false,
        ..WorldSize::demo(today)
    };
    load::demo(db, &seed::world::World::of(size), super::NOW, &mut |_| {})
        .await
        .unwrap();
    leave_paper(sql).await;
}

async fn leave_paper(sql: &Sql) {
    let mail = "INSERT INTO mails (id, event, to_email, to_name, kind, subject, body_text, \
        body_html, state, last_error, created_at) VALUES ($1, 'sample/1', $2, 'Olga Owner', \
        'sample', 'A sample', 'Hello', '<p>Hello</p>', 'dead', '550 mailbox unavailable', 0)";
    sql.run(mail, [PAPER.into(), OWNER.into()]).await.unwrap();
    let job = "INSERT INTO jobs (id, kind, payload, state, run_at, attempts, last_error, \
        created_at) VALUES ($1, 'send_mail', $2, 'dead', 0, 8, '550 mailbox unavailable', 0)";
    let payload = serde_json::json!({"kind": "send_mail", "mail": PAPER});
    sql.run(job, [PAPER.into(), payload.into()]).await.unwrap();
    let import = "INSERT INTO imports (id, kind, file_name, by_name, at, dry_run, inserted, \
        changed, unchanged, rejected, rejected_rows) VALUES ($1, 'stock', 'old.csv', \
        'Ada Admin', 0, TRUE, 0, 0, 0, 1, $2)";
    let rejected = "row,column,problem,sku\n2,sku,is not known: X,X\n";
    sql.run(import, [PAPER.into(), rejected.into()])
        .await
        .unwrap();
}
