//! Finding products: what a buyer is shown, in which order, at which price; and what is hidden.

use portal::catalogue::rows::least;
use portal::catalogue::{Article, article};
use portal::db::entity::product;
use portal::pricing::{Customer, PriceBook};
use sea_orm::{ColumnTrait, QueryFilter};
use trade::id::AccountId;
use trade::money::{Currency, UnitPrice};
use uuid::Uuid;

use crate::harness::{Answer, App, Client};

/// The article numbers a page shows, in its order.
fn skus(page: &Answer) -> Vec<String> {
    let text = page.text();
    let pieces = text
        .split("<img class=\"picture\" src=\"/products/")
        .skip(1);
    pieces
        .map(|piece| piece.split('/').next().unwrap().to_owned())
        .collect()
}

/// The article numbers of every page of a list.
async fn all_skus(client: &Client, path: &str) -> Vec<String> {
    let mut all = Vec::new();
    for page in 1.. {
        let shown = skus(&client.page(&format!("{path}&page={page}")).await);
        if all.ends_with(&shown) {
            break;
        }
        all.extend(shown);
    }
    all
}

/// A product of the brand's, in the category and of the brand of one that is there.
async fn put_product(app: &App, sku: &str, name: &str, gtin: &str, pieces: i64) {
    let id = Uuid::now_v7();
    let sql = "INSERT INTO products (id, sku, gtin, name, brand_id, category_id, base_unit, \
               order_unit, moq, multiple, tax_class, status, stock_policy, updated_at) \
               SELECT $1, $2, $3, $4, brand_id, category_id, 'H87', 'H87', 1, 1, tax_class, \
               'active', 'strict', 0 FROM products WHERE sku = $5";
    let like = app.world.sku.as_str();
    let values = [id.into(), sku.into(), gtin.into(), name.into(), like.into()];
    app.sql.run(sql, values).await.unwrap();
    let unit = "INSERT INTO product_units (product_id, unit, pack_factor) VALUES ($1, 'H87', 1)";
    app.sql.run(unit, [id.into()]).await.unwrap();
    let stock = "INSERT INTO stock (product_id, on_hand, updated_at) VALUES ($1, $2, 0)";
    app.sql
        .run(stock, [id.into(), pieces.into()])
        .await
        .unwrap();
    changed(app).await;
}

/// Tells the running Kontor that the catalogue is another one.
async fn changed(app: &App) {
    let sql = "INSERT INTO counters (name, value) VALUES ('catalogue', 1) \
               ON CONFLICT (name) DO UPDATE SET value = counters.value + 1";
    app.sql.run(sql, []).await.unwrap();
}

/// What the corner shop pays for each of these, of the least that can be ordered.
async fn prices(app: &App, skus: &[String]) -> Vec<Option<UnitPrice>> {
    let tx = app.data.db.read_system("test").await.unwrap();
    let reference = app.data.reference.get(&tx).await.unwrap();
    let wanted = skus.to_vec();
    let find =
        |all: sea_orm::Select<product::Entity>| all.filter(product::Column::Sku.is_in(wanted));
    let articles: Vec<Article> = article::articles(&tx, &reference, find).await.unwrap();
    let account = AccountId(app.world.corner_shop.id);
    let place = "SELECT id FROM ship_tos WHERE account_id = $1 AND is_default";
    let place = app.sql.rows(place, [account.0.into()]).await;
    let customer = Customer {
        account,
        ship_to: place.first().map(|row| row.try_get("", "id").unwrap()),
        currency: Currency::EUR,
        date: app.data.today(),
    };
    let ids: Vec<_> = articles.iter().map(|article| article.id).collect();
    let book = PriceBook::load(&tx, customer, &ids).await.unwrap();
    let price = |sku: &String| {
        let article = articles.iter().find(|article| article.sku == *sku).unwrap();
        book.price(article, article.order_unit, least(article))
    };
    skus.iter().map(price).collect()
}

both! {
    async fn a_search_finds_what_was_meant_by_name_number_or_gtin(app) {
        put_product(app, "QX-7781", "Zirbenholz Kuschelhöhle", "4006381333931", 5).await;
        let buyer = app.as_buyer().await;
        for q in ["zirbenholz", "zirbnholz", "kuschelhoehle", "QX7781", "4006381333931"] {
            let found = skus(&buyer.page(&format!("/catalogue?q={q}")).await);
            assert_eq!(found, ["QX-7781"], "{q}");
        }
        let typing = buyer.page("/catalogue/suggest?q=zirb").await.text();
        assert!(typing.contains("/products/QX-7781"), "{typing}");
        let none = buyer.page("/catalogue?q=xylophonsaite").await;
        assert_eq!(skus(&none), [""; 0]);
    }

    async fn a_hidden_product_is_nowhere_to_be_found(app) {
        put_product(app, "QX-7781", "Zirbenholz Kuschelhöhle", "4006381333931", 5).await;
        let (buyer, stranger) = (app.as_buyer().await, app.as_stranger().await);
        let places = ["/catalogue?q=zirbenholz", "/catalogue/suggest?q=zirb"];
        for place in places {
            assert!(buyer.page(place).await.text().contains("/products/QX-7781"), "{place}");
        }
        let hide = "INSERT INTO visibility_rules (id, effect, product_id, account_id) \
                    SELECT $1, 'exclude', id, $2 FROM products WHERE sku = 'QX-7781'";
        let account = app.world.corner_shop.id;
        app.sql.run(hide, [Uuid::now_v7().into(), account.into()]).await.unwrap();
        changed(app).await;
        for place in places {
            assert!(!buyer.page(place).await.text().contains("/products/QX-7781"), "{place}");
            assert!(stranger.page(place).await.text().contains("/products/QX-7781"), "{place}");
        }
        assert!(!all_skus(&buyer, "/catalogue?sort=sku").await.contains(&"QX-7781".to_owned()));
        buyer.get("/products/QX-7781").await.expect(404);
        buyer.get("/products/QX-7781/picture.svg").await.expect(404);
        stranger.page("/products/QX-7781").await;
    }

    async fn a_list_is_sorted_by_what_the_account_itself_pays(app) {
        put_product(app, "QX-7781", "Zirbenholz Kuschelhöhle", "4006381333931", 5).await;
        let buyer = app.as_buyer().await;
        let by_name = all_skus(&buyer, "/catalogue?sort=name").await;
        let up = all_skus(&buyer, "/catalogue?sort=price").await;
        let down = all_skus(&buyer, "/catalogue?sort=price_desc").await;
        let mut sorted = up.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), by_name.len(), "each product stands on one page");
        // What has no price comes last either way, and nothing else does.
        assert_eq!(up.last().map(String::as_str), Some("QX-7781"));
        assert_eq!(down.last().map(String::as_str), Some("QX-7781"));
        let known = |prices: Vec<Option<UnitPrice>>| -> Vec<UnitPrice> {
            prices.into_iter().map_while(|price| price).collect()
        };
        let (up, down) = (known(prices(app, &up).await), known(prices(app, &down).await));
        assert_eq!((up.len(), down.len()), (by_name.len() - 1, by_name.len() - 1));
        assert!(up.is_sorted());
        assert!(down.iter().rev().is_sorted());
    }

    async fn a_category_includes_what_is_below_it(app) {
        let category = "INSERT INTO categories (id, parent_id, name, path) \
                        SELECT $1, c.id, 'Hidden corner', c.path || ' > Hidden corner' \
                        FROM categories c JOIN products p ON p.category_id = c.id WHERE p.sku = $2";
        let id = Uuid::now_v7();
        app.sql.run(category, [id.into(), app.world.sku.as_str().into()]).await.unwrap();
        let above = "INSERT INTO category_ancestors (category_id, ancestor_id, distance) \
                     SELECT $1, a.ancestor_id, a.distance + 1 FROM category_ancestors a \
                     JOIN categories c ON c.parent_id = a.category_id WHERE c.id = $1";
        app.sql.run(above, [id.into()]).await.unwrap();
        let own = "INSERT INTO category_ancestors VALUES ($1, $1, 0)";
        app.sql.run(own, [id.into()]).await.unwrap();
        put_product(app, "QX-7781", "Zirbenholz Kuschelhöhle", "4006381333931", 5).await;
        let to_parent = "UPDATE products SET category_id = $1 WHERE sku = 'QX-7781'";
        let path = "SELECT c.path FROM categories c JOIN products p ON p.category_id = c.id \
                    WHERE p.sku = 'QX-7781'";
        let parent = app.sql.text(path, []).await;
        app.sql.run(to_parent, [id.into()]).await.unwrap();
        changed(app).await;
        let buyer = app.as_buyer().await;
        let path: String = form_urlencoded::byte_serialize(parent.as_bytes()).collect();
        let inside = all_skus(&buyer, &format!("/catalogue?q=zirbenholz&category={path}")).await;
        assert_eq!(inside, ["QX-7781"]);
        let below = all_skus(&buyer, &format!("/catalogue?category={id}")).await;
        assert_eq!(below, ["QX-7781"]);
        let elsewhere = buyer.page("/catalogue?category=Nowhere").await;
        assert_eq!(skus(&elsewhere), [""; 0]);
    }

    async fn only_what_can_be_had_now_is_listed_as_in_stock(app) {
        put_product(app, "QX-7781", "Zirbenholz Kuschelhöhle", "4006381333931", 5).await;
        let buyer = app.as_buyer().await;
        let path = "/catalogue?q=zirbenholz&stock=in";
        assert_eq!(skus(&buyer.page(path).await), ["QX-7781"]);
        let sold = "UPDATE stock SET reserved = on_hand WHERE product_id = \
                    (SELECT id FROM products WHERE sku = 'QX-7781')";
        app.sql.run(sold, []).await.unwrap();
        assert_eq!(skus(&buyer.page(path).await), [""; 0]);
        assert_eq!(skus(&buyer.page("/catalogue?q=zirbenholz").await), ["QX-7781"]);
    }

    async fn a_delisted_product_is_not_listed_but_its_page_says_so(app) {
        put_product(app, "QX-7781", "Zirbenholz Kuschelhöhle", "4006381333931", 5).await;
        let end = "UPDATE products SET status = 'delisted' WHERE sku = 'QX-7781'";
        app.sql.run(end, []).await.unwrap();
        changed(app).await;
        let buyer = app.as_buyer().await;
        assert_eq!(skus(&buyer.page("/catalogue?q=zirbenholz").await), [""; 0]);
        let page = buyer.page("/products/QX-7781").await.text();
        assert!(page.contains("no longer sold"), "{page}");
        assert!(!page.contains("action=\"/cart/lines\""));
    }

    async fn a_picture_is_asked_for_once_and_runs_nothing(app) {
        let buyer = app.as_buyer().await;
        let path = format!("/products/{}/picture.svg", app.world.sku);
        let picture = buyer.page(&path).await;
        assert_eq!(picture.header("content-type"), "image/svg+xml");
        let policy = picture.header("content-security-policy");
        assert_eq!(policy, "default-src 'none'; style-src 'unsafe-inline'");
        let request = buyer.request(reqwest::Method::GET, &path);
        let again = buyer.send(request.header("if-none-match", picture.header("etag"))).await;
        assert_eq!((again.status, again.body.len()), (304, 0));
    }

    async fn a_kam_sees_a_product_without_prices_until_acting_for_an_account(app) {
        let kam = app.as_kam().await;
        let path = format!("/products/{}", app.world.sku);
        assert!(!kam.page(&path).await.text().contains("big-price"));
        kam.get("/catalogue").await.expect(403);
        let act = format!("/kam/accounts/{}/act", app.world.corner_shop.number);
        kam.post(&act, &[]).await.expect(303);
        let page = kam.page(&path).await.text();
        assert!(page.contains("big-price") && page.contains("class=\"won\""), "{page}");
        kam.page("/catalogue").await;
    }

    async fn a_price_question_says_at_which_field_it_is_not_understood(app) {
        let kam = app.as_kam().await;
        let (shop, sku) = (&app.world.corner_shop.number, &app.world.sku);
        let answered = kam.page(&format!("/kam/prices?account={shop}&sku={sku}")).await.text();
        assert!(answered.contains("class=\"won\""), "{answered}");
        let wrong = "account=none&sku=none&unit=zz&quantity=0&date=2026-02-30";
        let page = kam.get(&format!("/kam/prices?{wrong}")).await.expect(422).text();
        for field in ["account", "sku", "unit", "quantity", "date"] {
            assert!(page.contains(&format!("id=\"f-{field}-error\"")), "{field}: {page}");
        }
        // Another KAM's account is as unknown as one that is not there.
        let foreign = &app.world.stranger.number;
        kam.get(&format!("/kam/prices?account={foreign}&sku={sku}")).await.expect(422);
    }

    async fn the_home_is_the_buyers_and_the_desk_the_brands(app) {
        let buyer = app.as_buyer().await;
        let home = buyer.page("/").await.text();
        assert!(home.contains(&format!("/orders/{}/reorder", app.world.corner_shop.order)));
        let kam = app.as_kam().await;
        let away = kam.get("/").await;
        assert_eq!((away.status, away.location()), (303, "/kam"));
    }
}
