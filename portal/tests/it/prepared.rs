//! The order a promotion's mail prepares, and what is counted of a mail: who followed it, and who
//! opened it where the brand counts that.

use portal::messages::links;
use sea_orm::sea_query::Value;
use serde_json::json;
use uuid::Uuid;

use crate::harness::client::unescape;
use crate::harness::world::Shop;
use crate::harness::{Answer, App, Client, SECRET};
use crate::offers::promote;
use crate::shelf::{self, KIBBLE, RARE, TERRINE, cart, line};
use crate::suggested::{LITTER, regulars, section, words};

/// On the shelf, not for the corner shop.
const HIDDEN: &str = shelf::SECRET;

async fn run(app: &App, sql: &str, values: impl IntoIterator<Item = Value>) {
    app.sql.run(sql, values).await.unwrap();
}

async fn changed(app: &App) {
    let sql = "UPDATE counters SET value = value + 1 WHERE name IN ('promotions', 'catalogue')";
    run(app, sql, []).await;
}

/// A mail to a shop's buyer on a promotion; its row.
async fn mailed(app: &App, code: &str, to: &Shop) -> Uuid {
    let (campaign, message) = (Uuid::now_v7(), Uuid::now_v7());
    let sql = "INSERT INTO campaigns (id, promotion_id, state, announce_on, holdout_share, salt, \
               created_by, created_at, started_at) SELECT $1, id, 'finished', '2026-11-20', 0, 1, \
               'Maren', 0, 0 FROM promotions WHERE code = $2";
    run(app, sql, [campaign.into(), code.into()]).await;
    let sql = "INSERT INTO campaign_messages (id, campaign_id, account_id, user_id, wave, due_at, \
               state) VALUES ($1, $2, $3, $4, 'announcement', 0, 'mailed')";
    let values = [
        message.into(),
        campaign.into(),
        to.id.into(),
        to.buyer.into(),
    ];
    run(app, sql, values).await;
    message
}

async fn at(app: &App, message: Uuid, column: &str) -> Option<i64> {
    let sql = format!("SELECT {column} FROM campaign_messages WHERE id = $1");
    let rows = app.sql.rows(&sql, [message.into()]).await;
    rows[0].try_get_by_index(0).unwrap()
}

/// A line of the page: article number, quantity, whether it is ticked, its label.
fn lines(page: &Answer) -> Vec<(String, String, bool, String)> {
    let text = page.text();
    let value = |html: &str, name: &str| {
        let (_, after) = html.split_once(&format!("name=\"{name}\"")).unwrap();
        let (_, after) = after.split_once("value=\"").unwrap();
        unescape(after.split('"').next().unwrap())
    };
    let each = text.split("<li class=\"desk-line").skip(1).map(|html| {
        let tick = html.split("name=\"tick\"").nth(1).unwrap();
        (
            value(html, "sku"),
            value(html, "quantity"),
            tick.split('>').next().unwrap().contains("checked"),
            value(html, "suggested"),
        )
    });
    each.collect()
}

fn shown(sku: &str, quantity: &str, ticked: bool, pieces: i64) -> (String, String, bool, String) {
    let label = format!("promotion:{pieces}:{sku}");
    (sku.into(), quantity.into(), ticked, label)
}

fn sum(page: &Answer) -> String {
    words(&section(page, "sum-title"))
}

async fn press(
    client: &Client,
    code: &str,
    button: &str,
    lines: &[(String, String, bool, String)],
) -> Answer {
    let mut fields = vec![("do", button)];
    for (sku, quantity, ticked, label) in lines {
        fields.extend([
            ("sku", sku.as_str()),
            ("unit", "H87"),
            ("quantity", quantity.as_str()),
            ("suggested", label.as_str()),
        ]);
        if *ticked {
            fields.push(("tick", sku.as_str()));
        }
    }
    client
        .post(&format!("/promotions/{code}/order"), &fields)
        .await
}

/// Ten per cent off twelve pieces and more of one item, or of all.
async fn ten_per_cent(app: &App, code: &str, on: Option<&str>) {
    let off = json!({"kind": "percent", "off": 1000, "from": 12, "count_in": "pieces"});
    promote(app, code, off, on).await;
}

/// As [`ten_per_cent`] on kibble, with one column other than usual: what is approved stays as it is.
async fn other(app: &App, code: &str, column: &str, value: &str) {
    let columns = [
        ("state", "'approved'"),
        ("valid_from", "'2026-11-01'"),
        ("valid_until", "'2027-01-01'"),
        ("audience", "'everybody'"),
        ("uses", "0"),
    ];
    let values: Vec<&str> = columns
        .iter()
        .map(|(known, usual)| if *known == column { value } else { usual })
        .collect();
    let sql = format!(
        "INSERT INTO promotions (id, code, name, mechanic, currency, created_by, created_at, \
         updated_at, most_uses, {}) VALUES ($1, $2, 'An offer', $3, 'EUR', 'Maren', 0, 0, 1, {})",
        columns.map(|(name, _)| name).join(", "),
        values.join(", ")
    );
    let off = json!({"kind": "percent", "off": 1000, "from": 12, "count_in": "pieces"});
    run(app, &sql, [Uuid::now_v7().into(), code.into(), off.into()]).await;
    let sql = "INSERT INTO promotion_items (id, promotion_id, effect, product_id) \
               SELECT $1, o.id, 'include', p.id FROM promotions o, products p \
               WHERE o.code = $2 AND p.sku = $3";
    run(
        app,
        sql,
        [Uuid::now_v7().into(), code.into(), KIBBLE.into()],
    )
    .await;
    changed(app).await;
}

both! {
    async fn the_usual_quantities_stand_ready_with_what_the_promotion_makes_of_them(app) {
        regulars(app).await;
        ten_per_cent(app, "FIT", Some(KIBBLE)).await;
        let buyer = app.as_buyer().await;
        let before = app.sql.row_counts().await;
        let page = buyer.page("/promotions/FIT/order").await;
        assert_eq!(lines(&page), [shown(KIBBLE, "24", true, 24)]);
        let said = words(&page.text());
        assert!(said.contains("The FIT offer Until 31 Dec"), "{said}");
        let sum = sum(&page);
        for part in [
            "The promotion saves €6.00 on these quantities.",
            "Before promotions €60.00 This promotion −€6.00 Net, without freight €54.00",
            "Product K-0005 €60.00 €54.00",
        ] {
            assert!(sum.contains(part), "{part:?} is not said in {sum}");
        }
        assert_eq!(app.sql.row_counts().await, before, "looking has changed something");
        let home = buyer.page("/").await.text();
        assert!(home.contains("href=\"/promotions/FIT/order\""));
        let answer = press(&buyer, "FIT", "add", &lines(&page)).await.expect(303);
        assert_eq!(answer.location(), "/cart");
        assert_eq!(cart(app).await, [line(KIBBLE, "H87", 24)]);
        let marks = "SELECT suggested_list FROM cart_lines WHERE suggested_pieces = 24";
        assert_eq!(app.sql.texts(marks).await, ["promotion"]);
        assert!(words(&buyer.page("/cart").await.text()).contains("The FIT offer −€6.00"));
    }

    async fn every_saving_of_the_demo_is_the_one_its_first_page_tells(app) {
        let buyer = app.as_buyer().await;
        let home = section(&buyer.page("/").await, "fitting-title");
        let offers: Vec<&str> = home.split("<h3>").skip(1).collect();
        assert!(!offers.is_empty());
        for offer in offers {
            let (_, path) = offer.split_once("href=\"/promotions/").unwrap();
            let path = format!("/promotions/{}", path.split('"').next().unwrap());
            let page = buyer.page(&path).await;
            let saving = |said: &str| {
                let rest = said.split("saves ").nth(1)?;
                Some(rest.split(' ').next().unwrap().trim_end_matches('.').to_owned())
            };
            assert_eq!(saving(&sum(&page)), saving(&words(offer)), "{path}");
            let count = lines(&page).iter().filter(|line| line.2).count();
            assert_eq!(count, offer.matches("name=\"sku\"").count(), "{path}");
        }
    }

    async fn quantities_are_changed_and_reckoned_and_nothing_typed_is_lost(app) {
        regulars(app).await;
        ten_per_cent(app, "FIT", Some(KIBBLE)).await;
        let buyer = app.as_buyer().await;
        let mut typed = lines(&buyer.page("/promotions/FIT/order").await);
        typed[0].1 = "10".into();
        let page = press(&buyer, "FIT", "count", &typed).await.expect(200);
        let said = sum(&page);
        assert!(said.contains("Add 2 pieces of Product K-0005 to get 10% off."), "{said}");
        assert!(said.contains("Net, without freight €25.00"), "{said}");
        typed[0].1 = "4".into();
        let page = press(&buyer, "FIT", "add", &typed).await.expect(422);
        assert_eq!(lines(&page), typed);
        let text = words(&page.text());
        assert!(text.contains("The line cannot be ordered like this"), "{text}");
        typed[0].1 = "a dozen".into();
        let page = press(&buyer, "FIT", "add", &typed).await.expect(422);
        assert_eq!(lines(&page), typed);
        typed[0].2 = false;
        let page = press(&buyer, "FIT", "add", &typed).await.expect(422);
        assert!(words(&page.text()).contains("Nothing is ticked."));
        assert_eq!(cart(app).await, []);
        // The right lines go in, the wrong ones stay.
        typed[0].1 = "12".into();
        typed[0].2 = true;
        typed.push(shown(TERRINE, "5", true, 12));
        let page = press(&buyer, "FIT", "add", &typed).await.expect(422);
        assert_eq!(cart(app).await, [line(KIBBLE, "H87", 12)]);
        assert_eq!(lines(&page), typed[1..]);
    }

    async fn what_is_near_is_said_and_what_belongs_to_it_stands_there(app) {
        regulars(app).await;
        let sql = "SELECT id FROM products WHERE sku = $1";
        let rows = app.sql.rows(sql, [LITTER.into()]).await;
        let litter: Uuid = rows[0].try_get_by_index(0).unwrap();
        let get = json!({"product": litter, "pieces": 2});
        let mechanic = json!({"kind": "buy_get_other", "buy": 12, "count_in": "pieces",
            "get": get, "off": 10_000, "times": null});
        promote(app, "WITH", mechanic, Some(KIBBLE)).await;
        let page = app.as_buyer().await.page("/promotions/WITH/order").await;
        let found = lines(&page);
        assert_eq!(found[0], shown(KIBBLE, "24", true, 24));
        assert!(found.contains(&shown(LITTER, "2", found[1].2, 2)), "{found:?}");
    }

    async fn who_usually_takes_none_of_it_ticks_what_they_want(app) {
        regulars(app).await;
        ten_per_cent(app, "NEW", Some(LITTER)).await;
        let buyer = app.as_buyer().await;
        let page = buyer.page("/promotions/NEW/order").await;
        assert_eq!(lines(&page), [shown(LITTER, "1", false, 1)]);
        assert!(words(&page.text()).contains("You usually take none of these."));
        assert!(sum(&page).contains("Net, without freight €0.00"));
        let none = press(&buyer, "NEW", "add", &lines(&page)).await;
        assert_eq!(none.status, 422);
        let page = press(&buyer, "NEW", "count", &[shown(LITTER, "12", true, 1)]).await.expect(200);
        assert!(sum(&page).contains("saves €3.00"), "{}", sum(&page));
    }

    async fn what_is_short_is_not_prepared_for_an_order_that_cannot_be(app) {
        regulars(app).await;
        run(app, "UPDATE stock SET on_hand = 1 WHERE product_id = \
            (SELECT id FROM products WHERE sku = $1)", [RARE.into()]).await;
        let off = json!({"kind": "percent", "off": 1000, "from": 1, "count_in": "pieces"});
        promote(app, "RARE", off, Some(RARE)).await;
        let page = app.as_buyer().await.page("/promotions/RARE/order").await;
        assert!(lines(&page).iter().all(|line| !line.2), "{:?}", lines(&page));
    }

    async fn a_click_counts_once_for_somebody_of_the_account_who_is_signed_in(app) {
        regulars(app).await;
        ten_per_cent(app, "FIT", Some(KIBBLE)).await;
        ten_per_cent(app, "ELSE", Some(KIBBLE)).await;
        let message = mailed(app, "FIT", &app.world.corner_shop).await;
        let foreign = mailed(app, "ELSE", &app.world.stranger).await;
        let path = links::order(SECRET, "FIT", message);
        // A scanner follows the link, and is asked to sign in, to come back with all of it.
        let scanner = app.visitor();
        let answer = scanner.get(&path).await;
        assert!(answer.asks_to_sign_in());
        let next = answer.location().replace("%2F", "/").replace("%3F", "?").replace("%3D", "=");
        assert_eq!(next, format!("/sign-in?next={path}"));
        // Staff who act for the account are not its reader, nor is another account.
        let kam = app.as_kam().await;
        kam.get(&path).await.expect(403);
        let act = format!("/kam/accounts/{}/act", app.world.corner_shop.number);
        kam.post(&act, &[]).await.expect(303);
        kam.page(&path).await;
        app.as_stranger().await.page(&path).await;
        assert_eq!(at(app, message, "clicked_at").await, None);
        let owner = app.as_owner().await;
        owner.page(&links::order(SECRET, "ELSE", message)).await;
        owner.page(&links::order(SECRET, "FIT", foreign)).await;
        owner.page(&links::order("another secret", "FIT", message)).await;
        assert_eq!(at(app, message, "clicked_at").await, None);
        owner.page(&path).await;
        let first = at(app, message, "clicked_at").await;
        assert_eq!(first, Some(app.clock.millis()));
        app.clock.advance(60_000);
        app.as_buyer().await.page(&path).await;
        assert_eq!(at(app, message, "clicked_at").await, first);
        assert_eq!(at(app, foreign, "clicked_at").await, None);
        assert_eq!(at(app, message, "opened_at").await, None);
    }

    async fn a_promotion_that_is_over_says_so_and_keeps_what_was_typed(app) {
        regulars(app).await;
        other(app, "ENDS", "valid_until", "'2026-11-25'").await;
        other(app, "STOPS", "state", "'approved'").await;
        other(app, "USED", "uses", "1").await;
        let buyer = app.as_buyer().await;
        let typed = lines(&buyer.page("/promotions/ENDS/order").await);
        app.clock.advance(86_400_000);
        run(app, "UPDATE promotions SET state = 'stopped', stopped_at = 1 WHERE code = 'STOPS'", []).await;
        changed(app).await;
        for (code, expected) in [
            ("ENDS", "It ended on 24 Nov"),
            ("STOPS", "It has ended."),
            ("USED", "Everything it had to give has been given."),
        ] {
            let page = buyer.get(&format!("/promotions/{code}/order")).await.expect(410);
            let said = words(&page.text());
            assert!(said.contains(expected) || said.contains("It ended on yesterday"), "{said}");
            assert!(page.text().contains("href=\"/catalogue?offer=1\""));
            let page = press(&buyer, code, "add", &typed).await.expect(410);
            assert_eq!(page.field("sku").as_deref(), Some(KIBBLE));
            assert_eq!(page.field("quantity").as_deref(), Some("24"));
        }
        assert_eq!(cart(app).await, []);
    }

    async fn what_is_not_the_accounts_is_not_there(app) {
        regulars(app).await;
        ten_per_cent(app, "HIDDEN", Some(HIDDEN)).await;
        other(app, "DRAFT", "state", "'draft'").await;
        other(app, "CANCELLED", "state", "'cancelled'").await;
        other(app, "LATER", "valid_from", "'2026-12-01'").await;
        other(app, "THEIRS", "audience", "'chosen'").await;
        let sql = "INSERT INTO promotion_audiences (id, promotion_id, account_id) \
                   SELECT $1, id, $2 FROM promotions WHERE code = 'THEIRS'";
        run(app, sql, [Uuid::now_v7().into(), app.world.stranger.id.into()]).await;
        changed(app).await;
        let buyer = app.as_buyer().await;
        for code in ["THEIRS", "HIDDEN", "DRAFT", "CANCELLED", "LATER", "NONSENSE", "hidden"] {
            let path = format!("/promotions/{code}/order");
            buyer.get(&path).await.expect(404);
            let add = [("do", "add"), ("sku", KIBBLE), ("quantity", "24"), ("tick", KIBBLE)];
            buyer.post(&path, &add).await.expect(404);
        }
        assert_eq!(cart(app).await, []);
        app.as_stranger().await.page("/promotions/THEIRS/order").await;
        // Who was told of it is told that it is not theirs any more, and when another begins.
        mailed(app, "THEIRS", &app.world.corner_shop).await;
        mailed(app, "LATER", &app.world.corner_shop).await;
        let page = buyer.get("/promotions/THEIRS/order").await.expect(410);
        assert!(words(&page.text()).contains("It no longer applies to your company."));
        let page = buyer.get("/promotions/LATER/order").await.expect(410);
        assert!(words(&page.text()).contains("It begins on 1 Dec"), "{}", words(&page.text()));
    }

    async fn what_is_hidden_is_neither_prepared_nor_named(app) {
        regulars(app).await;
        ten_per_cent(app, "BOTH", Some(KIBBLE)).await;
        let sql = "INSERT INTO promotion_items (id, promotion_id, effect, product_id) \
                   SELECT $1, o.id, 'include', p.id FROM promotions o, products p \
                   WHERE o.code = 'BOTH' AND p.sku = $2";
        run(app, sql, [Uuid::now_v7().into(), HIDDEN.into()]).await;
        changed(app).await;
        let page = app.as_buyer().await.page("/promotions/BOTH/order").await;
        assert_eq!(lines(&page), [shown(KIBBLE, "24", true, 24)]);
        assert!(!page.text().contains(HIDDEN), "{}", words(&page.text()));
    }

    async fn opening_is_counted_only_where_the_brand_counts_it(app) {
        ten_per_cent(app, "FIT", None).await;
        let message = mailed(app, "FIT", &app.world.corner_shop).await;
        let path = links::opened(SECRET, message);
        let visitor = app.visitor();
        let open = async || {
            let picture = visitor.get(&path).await.expect(200);
            assert_eq!(picture.header("content-type"), "image/gif");
            assert_eq!(picture.header("set-cookie"), "");
            assert_eq!((picture.body.len(), &picture.body[..6]), (43, b"GIF89a".as_slice()));
        };
        open().await;
        assert_eq!(at(app, message, "opened_at").await, None);
        run(app, "UPDATE message_settings SET counts_opens = TRUE", []).await;
        // The copy that an admin looks at is not the reader's.
        let request = visitor.request(reqwest::Method::GET, &path);
        visitor.send(request.header("sec-fetch-site", "same-origin")).await.expect(200);
        assert_eq!(at(app, message, "opened_at").await, None);
        open().await;
        let first = Some(app.clock.millis());
        app.clock.advance(60_000);
        open().await;
        assert_eq!(at(app, message, "opened_at").await, first);
        for path in ["/mail/open/x.gif", &links::opened("another secret", message)] {
            assert_eq!(visitor.get(path).await.expect(200).body.len(), 43);
        }
    }
}
