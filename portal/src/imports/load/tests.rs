use sea_orm::{ColumnTrait, QueryFilter};
use trade::calendar::LocalDate;

use super::*;
use crate::db::entity::{
    account, account_product, freight_rate, order, price_row, product, product_unit, ship_to,
    stock_movement, user,
};
use crate::db::migrate;
use crate::seed::load as seed;
use crate::seed::world::{World, WorldSize};

const NOW: i64 = 1_795_000_000_000;

struct House {
    db: Db,
    _folder: tempfile::TempDir,
}

async fn house() -> House {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let db = Db::connect(&url).await.expect("a database");
    migrate::up(&db).await.expect("a schema");
    House {
        db,
        _folder: folder,
    }
}

fn options() -> Options {
    Options {
        dry_run: false,
        keep_good: false,
        now: NOW,
        by: "Test".into(),
        file_name: "test.csv".into(),
    }
}

impl House {
    async fn load_with(&self, kind: Kind, csv: &str, options: &Options) -> (Report, String) {
        let table = Table::from_bytes(csv.into()).expect("a table");
        let mut rejected = RejectedRows::new(Vec::new(), table.header()).expect("a writer");
        let report = run(&self.db, kind, table, options, &mut rejected, &mut |_| {})
            .await
            .unwrap_or_else(|error| panic!("{error:?}"));
        let text = String::from_utf8(rejected.finish().expect("bytes")).expect("text");
        (report, text)
    }

    async fn load(&self, kind: Kind, csv: &str) -> (u64, u64, u64, u64) {
        let (report, text) = self.load_with(kind, csv, &options()).await;
        assert_eq!(report.stored, report.rejected == 0, "{text}");
        (
            report.inserted,
            report.changed,
            report.unchanged,
            report.rejected,
        )
    }

    async fn tx(&self) -> Tx {
        self.db.read_system("test").await.expect("a transaction")
    }
}

const PRODUCTS: &str = "sku,name,gtin,brand,category,order_unit,units,moq,substitutes\n\
    A-1,=Duck & Rice,4006381333931,Auenwild,Dog > Dry food,XCS,XCS:6,2,B-1\n\
    B-1,Beef,,Auenwild,Dog > Wet food,,,,\n";
const ACCOUNTS: &str = "number,name,group,parent,country,city,price_lists\n\
    1001,Zoo Petersen,independent,1000,DE,Hamburg,\n1000,Zentrale,chain,,AT,Wien,\n";
const PRICES: &str = "list,sku,unit,min_quantity,amount,valid_from,valid_until\n\
    STANDARD,A-1,,1,\"12,50\",2025-01-01,\nSTANDARD,A-1,,1,13.00,2027-01-01,\n\
    STANDARD,A-1,H87,1,2.20,2025-01-01,2025-12-31\n";
const ORDERS: &str = "order_number,placed_at,account,sku,quantity,unit,unit_price\n\
    5001,2026-03-02 09:00,1001,A-1,4,XCS,12.50\n5001,2026-03-02 09:00,1001,B-1,3,,1.99\n\
    C501,2026-03-09 09:00,1001,A-1,-1,XCS,12.50\n5002,2026-04-02 09:00,1001,A-1,2,XCS,12.50\n";

async fn filled() -> House {
    let house = house().await;
    house.load(Kind::Products, PRODUCTS).await;
    house.load(Kind::Accounts, ACCOUNTS).await;
    house.load(Kind::Prices, PRICES).await;
    house
}

#[actix_web::test]
async fn each_kind_loads_and_a_second_time_changes_nothing() {
    let house = house().await;
    let contacts = "account,email,name,role\n1001,a@b.example,Anna,owner\n";
    let stock = "sku,on_hand,expected_on,expected_quantity\nA-1,48,,\nB-1,0,2027-01-05,12\n";
    let contracts = "number,account,target,percent,valid_from\n\
        V-1,1001,brand:Auenwild,5,2026-01-01\nV-1,1001,sku:A-1,10,2026-01-01\n";
    let files = [
        (Kind::Products, PRODUCTS, 2),
        (Kind::Accounts, ACCOUNTS, 2),
        (Kind::Prices, PRICES, 3),
        (Kind::Contacts, contacts, 1),
        (Kind::Stock, stock, 2),
        (Kind::Contracts, contracts, 2),
        (Kind::Orders, ORDERS, 4),
        (
            Kind::Freight,
            "country,from,charge\nDE,0,6.90\nDE,150,0\n,0,14.90\n",
            3,
        ),
    ];
    for (kind, csv, rows) in files {
        assert_eq!(
            house.load(kind, csv).await,
            (rows, 0, 0, 0),
            "{}",
            kind.name()
        );
    }
    for (kind, csv, rows) in files {
        assert_eq!(
            house.load(kind, csv).await,
            (0, 0, rows, 0),
            "{} again",
            kind.name()
        );
    }
}

#[actix_web::test]
async fn freight_changes_step_by_step_and_an_empty_charge_takes_one_away() {
    let house = house().await;
    let first = "currency,country,from,charge\nEUR,de,0,6.90\nEUR,de,150,0\n";
    assert_eq!(house.load(Kind::Freight, first).await, (2, 0, 0, 0));
    let second = "country,from,charge\nDE,0,7.90\nDE,150,\nDE,200,0\nDE,200,1\n";
    assert_eq!(house.load(Kind::Freight, second).await.3, 1, "a step twice");
    let second = "country,from,charge\nDE,0,7.90\nDE,150,\nDE,200,0\n";
    assert_eq!(house.load(Kind::Freight, second).await, (1, 2, 0, 0));
    let rates = house
        .tx()
        .await
        .all::<freight_rate::Entity>(|all| all)
        .await;
    let mut rates: Vec<(i64, i64)> = rates
        .unwrap()
        .into_iter()
        .map(|rate| (rate.from_minor, rate.charge_minor))
        .collect();
    rates.sort_unstable();
    assert_eq!(rates, [(0, 790), (20_000, 0)]);
}

#[actix_web::test]
async fn what_was_loaded_stands_in_its_tables() {
    let house = filled().await;
    assert_eq!(house.load(Kind::Orders, ORDERS).await, (4, 0, 0, 0));
    let tx = house.tx().await;
    let find = |sku: &'static str| {
        move |all: sea_orm::Select<product::Entity>| all.filter(product::Column::Sku.eq(sku))
    };
    let duck = tx
        .one::<product::Entity>(find("A-1"))
        .await
        .expect("read")
        .expect("a product");
    assert_eq!(
        (duck.name.as_str(), duck.moq, duck.popularity),
        ("=Duck & Rice", 2, 2)
    );
    assert_eq!(
        tx.count::<product_unit::Entity>(|all| all)
            .await
            .expect("read"),
        3
    );
    let child = tx
        .one::<account::Entity>(|all| all.filter(account::Column::Number.eq("1001")))
        .await
        .expect("read")
        .expect("an account");
    assert!(child.parent_id.is_some() && child.group_id.is_some());
    assert_eq!(
        tx.count::<ship_to::Entity>(|all| all).await.expect("read"),
        2
    );
    let order = tx
        .one::<order::Entity>(|all| all.filter(order::Column::Number.eq("5001")))
        .await
        .expect("read")
        .expect("an order");
    assert_eq!((order.net_minor, order.line_count), (5_597, 2));
    let bought = tx
        .all::<account_product::Entity>(|all| all)
        .await
        .expect("read");
    let ducks = bought
        .iter()
        .find(|row| row.product_id == duck.id)
        .expect("ducks");
    assert_eq!((ducks.times, ducks.last_quantity), (2, 2));
    assert_eq!(ducks.last_on.to_string(), "2026-04-02");
}

#[actix_web::test]
async fn an_open_price_ends_where_the_next_begins() {
    let house = filled().await;
    let tx = house.tx().await;
    let rows = tx.all::<price_row::Entity>(|all| all).await.expect("read");
    let mut spans: Vec<(String, String, i64)> = rows
        .iter()
        .map(|row| {
            (
                row.valid_from.to_string(),
                row.valid_until.to_string(),
                row.amount.0,
            )
        })
        .collect();
    spans.sort();
    let span = |from: &str, until: &str, amount| (from.to_owned(), until.to_owned(), amount);
    assert_eq!(
        spans,
        [
            span("2025-01-01", "2026-01-01", 22_000),
            span("2025-01-01", "2027-01-01", 125_000),
            span("2027-01-01", "9999-12-31", 130_000),
        ]
    );
    assert_eq!(LocalDate::OPEN_END.to_string(), "9999-12-31");
}

#[actix_web::test]
async fn overlapping_prices_are_refused_and_nothing_is_stored() {
    let house = filled().await;
    let csv = "list,sku,unit,amount,valid_from,valid_until\n\
        STANDARD,B-1,,5,2026-01-01,\nSTANDARD,A-1,H87,9,2025-06-01,2025-06-30\n";
    let (report, text) = house.load_with(Kind::Prices, csv, &options()).await;
    assert_eq!(
        (report.inserted, report.rejected, report.stored),
        (1, 1, false)
    );
    assert!(
        text.contains("overlaps the price valid from 2025-01-01 to 2025-12-31"),
        "{text}"
    );
    let tx = house.tx().await;
    assert_eq!(
        tx.count::<price_row::Entity>(|all| all)
            .await
            .expect("read"),
        3
    );
}

#[actix_web::test]
async fn good_rows_are_kept_where_that_was_asked_and_a_dry_run_keeps_none() {
    let house = house().await;
    let csv = "sku,name\nA,Good\nB B,Bad\nC,Good\nA,Again\n";
    let count = async || {
        house
            .tx()
            .await
            .count::<product::Entity>(|all| all)
            .await
            .expect("read")
    };
    let dry = Options {
        dry_run: true,
        keep_good: true,
        ..options()
    };
    let (report, _) = house.load_with(Kind::Products, csv, &dry).await;
    assert_eq!(
        (report.read, report.inserted, report.rejected, report.stored),
        (4, 2, 2, false)
    );
    assert_eq!(count().await, 0);
    let keep = Options {
        keep_good: true,
        ..options()
    };
    let (report, text) = house.load_with(Kind::Products, csv, &keep).await;
    assert_eq!(
        (report.inserted, report.rejected, report.stored),
        (2, 2, true)
    );
    assert!(text.contains("5,sku,repeats row 2,A,Again"), "{text}");
    assert_eq!(count().await, 2);
}

#[actix_web::test]
async fn a_column_the_file_lacks_leaves_what_is_stored() {
    let house = filled().await;
    assert_eq!(
        house.load(Kind::Products, "sku,name\nA-1,Duck\n").await,
        (0, 1, 0, 0)
    );
    let tx = house.tx().await;
    let duck = tx
        .one::<product::Entity>(|all| all.filter(product::Column::Sku.eq("A-1")))
        .await
        .expect("read")
        .expect("a product");
    assert_eq!((duck.name.as_str(), duck.moq), ("Duck", 2));
    assert_eq!(duck.gtin.as_deref(), Some("4006381333931"));
    assert_eq!(duck.order_unit, trade::quantity::Unit::Case);
    assert_eq!(
        tx.count::<product_unit::Entity>(|all| all)
            .await
            .expect("read"),
        3
    );
}

#[actix_web::test]
async fn what_a_row_names_must_exist() {
    let house = filled().await;
    let cases = [
        (
            Kind::Prices,
            "list,sku,amount\nSTANDARD,NO,1\n",
            "sku,is not known: NO",
        ),
        (
            Kind::Prices,
            "list,sku,amount,unit\nSTANDARD,A-1,1,XPX\n",
            "unit,is neither base_unit",
        ),
        (
            Kind::Prices,
            "list,sku,amount,currency\nSTANDARD,A-1,1,USD\n",
            "is not the list's own",
        ),
        (Kind::Stock, "sku,on_hand\nNO,1\n", "sku,is not known: NO"),
        (
            Kind::Contacts,
            "account,email,name\n9,a@b.example,A\n",
            "account,is not known: 9",
        ),
        (
            Kind::Accounts,
            "number,name,kam\n7,A,no@b.example\n",
            "kam,is not known",
        ),
        (
            Kind::Accounts,
            "number,name,parent\n7,A,8\n",
            "parent,is not known: 8",
        ),
        (
            Kind::Products,
            "sku,name,substitutes\nX,A,NO\n",
            "substitutes,is not known: NO",
        ),
        (
            Kind::Products,
            "sku,name,gtin\nX,A,4006381333931\n",
            "gtin,belongs to A-1",
        ),
        (
            Kind::Contracts,
            "number,account,target,percent\nV,1001,brand:No,5\n",
            "target,is not known",
        ),
        (
            Kind::Orders,
            "order,date,account,sku,qty,price\n1,2026-01-05,1001,A-1,1,1\n1,2026-01-05,1001,NO,1,1\n",
            "belongs to an order of which another line",
        ),
    ];
    for (kind, csv, problem) in cases {
        let (report, text) = house.load_with(kind, csv, &options()).await;
        assert!(
            !report.stored && text.contains(problem),
            "{}: {text}",
            kind.name()
        );
    }
}

#[actix_web::test]
async fn history_is_not_rewritten() {
    let house = filled().await;
    house.load(Kind::Orders, ORDERS).await;
    let other = "order_number,placed_at,account,sku,quantity,unit,unit_price\n\
        5001,2026-03-02 09:00,1001,A-1,5,XCS,12.50\n";
    let (report, text) = house.load_with(Kind::Orders, other, &options()).await;
    assert_eq!(report.rejected, 1);
    assert!(
        text.contains("is there already, with other lines"),
        "{text}"
    );
}

fn small() -> WorldSize {
    WorldSize {
        accounts: 9,
        skus: 60,
        weeks: 12,
        seed: 1,
        today: jiff::civil::date(2026, 11, 23),
        campaigns: false,
    }
}

#[actix_web::test]
async fn the_demo_fills_an_empty_database_and_refuses_another() {
    let house = house().await;
    let world = World::of(small());
    let seeded = seed::demo(&house.db, &world, NOW, &mut |_| {})
        .await
        .expect("seeded");
    assert_eq!((seeded.products, seeded.accounts), (60, 9));
    assert!(seeded.orders > 20);
    let again = seed::demo(&house.db, &world, NOW, &mut |_| {})
        .await
        .expect_err("refused");
    assert_eq!(
        again.to_string(),
        "the database is not empty: it has 9 accounts and 60 products"
    );
    let tx = house.tx().await;
    let buyer = tx
        .one::<user::Entity>(|all| all.filter(user::Column::Email.eq("buyer@demo.kontor.example")))
        .await
        .expect("read")
        .expect("the buyer");
    assert!(buyer.password_hash.is_some() && buyer.account_id.is_some());
    let rows = tx
        .rows(
            "SELECT s.on_hand - COALESCE(SUM(m.on_hand), 0), s.allocated - COALESCE(SUM(m.allocated), 0) \
             FROM stock s LEFT JOIN stock_movements m ON m.product_id = s.product_id \
             GROUP BY s.product_id, s.on_hand, s.allocated",
            [],
        )
        .await
        .expect("read");
    for row in rows {
        let off: (i64, i64) = (
            row.try_get_by_index(0).expect("a sum"),
            row.try_get_by_index(1).expect("a sum"),
        );
        assert_eq!(off, (0, 0), "stock and its ledger agree");
    }
    assert!(
        tx.count::<stock_movement::Entity>(|all| all)
            .await
            .expect("read")
            > 40
    );
}

#[actix_web::test]
async fn what_the_history_paid_is_what_the_resolver_says() {
    use crate::db::entity::order_line;
    let house = house().await;
    let world = World::of(small());
    seed::demo(&house.db, &world, NOW, &mut |_| {})
        .await
        .expect("seeded");
    let tx = house.tx().await;
    let orders = tx.all::<order::Entity>(|all| all).await.expect("read");
    let mut compared = 0;
    for order in orders.iter().step_by(5) {
        let lines = tx
            .all::<order_line::Entity>(|all| all.filter(order_line::Column::OrderId.eq(order.id)))
            .await
            .expect("read");
        let products: Vec<_> = lines.iter().map(|line| line.product_id).collect();
        let customer = crate::pricing::Customer {
            account: order.account_id,
            ship_to: order.ship_to_id,
            currency: order.currency,
            date: order.placed_on.0,
        };
        let book = crate::pricing::PriceBook::load(&tx, customer, &products)
            .await
            .expect("a book");
        let reference = crate::catalogue::reference::ReferenceCache::default();
        let reference = reference.get(&tx).await.expect("a reference");
        let articles = crate::catalogue::article::by_id(&tx, &reference, &products)
            .await
            .expect("articles");
        for line in &lines {
            let article = articles.get(&line.product_id).expect("an article");
            let price = book.price(article, line.unit, line.quantity.into());
            assert_eq!(
                price,
                Some(line.unit_price),
                "{} {}",
                order.number,
                line.sku
            );
            compared += 1;
        }
    }
    assert!(compared > 50, "{compared}");
}

#[actix_web::test]
async fn what_goes_out_comes_back_and_changes_nothing() {
    let house = house().await;
    let world = World::of(small());
    seed::demo(&house.db, &world, NOW, &mut |_| {})
        .await
        .expect("seeded");
    house.load(Kind::Products, "sku,name\nF-1,=1+1\n").await;
    for kind in Kind::ALL {
        let mut file = Vec::new();
        let tx = house.tx().await;
        let rows = crate::imports::export::export(&tx, kind, &mut file)
            .await
            .expect("exported");
        drop(tx);
        assert!(rows > 0, "{}", kind.name());
        let csv = String::from_utf8(file).expect("text");
        let done = house.load(kind, &csv).await;
        assert_eq!(done, (0, 0, rows, 0), "{}", kind.name());
    }
}
