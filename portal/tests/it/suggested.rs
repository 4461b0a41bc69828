//! What is suggested beside products, carts, lists and promotions: every figure on a page is one
//! that can be counted from the orders.

use sea_orm::sea_query::Value;
use serde_json::json;
use uuid::Uuid;

use crate::harness::client::unescape;
use crate::harness::{Answer, App, Client, world::Shop};
use crate::offers::promote;
use crate::shelf::{self, KIBBLE, RARE, TERRINE, add, cart, line};

/// Ordered by others together with kibble, never by the corner shop.
pub const LITTER: &str = "L-0001";
/// What the brand names instead of the rare one.
pub const COMMON: &str = "C-0001";
/// Never ordered by anybody.
const PLAIN: &str = "P-0001";

async fn run(app: &App, sql: &str, values: impl IntoIterator<Item = Value>) {
    app.sql.run(sql, values).await.unwrap();
}

/// An order of so many days ago: pieces of each, 2.50 each.
pub async fn ordered(app: &App, by: &Shop, days_ago: i64, lines: &[(&str, i32)]) {
    let id = Uuid::now_v7();
    let at = crate::harness::NOW - days_ago * 86_400_000;
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    let on = portal::clock::zoned(at, &zone).date().to_string();
    let sql = "INSERT INTO orders (id, number, account_id, state, source, currency, net_minor, \
        tax_minor, gross_minor, line_count, taxes, addresses, placed_at, placed_on, placed_by, \
        updated_at) VALUES ($1, $2, $3, 'closed', 'import', 'EUR', 0, 0, 0, $4, $5, $6, $7, $8, \
        'Lena', $7)";
    let count = i32::try_from(lines.len()).unwrap();
    let values: [Value; 8] = [
        id.into(),
        format!("H-{id}").into(),
        by.id.into(),
        count.into(),
        json!([]).into(),
        json!({}).into(),
        at.into(),
        on.clone().into(),
    ];
    run(app, sql, values).await;
    for (position, (sku, pieces)) in (1..).zip(lines) {
        let sql = "INSERT INTO order_lines (order_id, position, account_id, product_id, sku, name, \
            unit, pack_factor, quantity, ordered, shipped, unit_price, net_minor, tax_rate, \
            tax_reason) SELECT $1, $2, $3, id, sku, name, 'H87', 1, $4, $4, $4, 25000, 0, 1900, \
            'taxed' FROM products WHERE sku = $5";
        let position: i32 = position;
        let values: [Value; 5] = [
            id.into(),
            position.into(),
            by.id.into(),
            (*pieces).into(),
            (*sku).into(),
        ];
        run(app, sql, values).await;
        let sql = "INSERT INTO account_products (account_id, product_id, first_on, last_on, \
            last_quantity, last_unit, pieces, times) SELECT $1, id, $2, $2, $3, 'H87', $3, 1 \
            FROM products WHERE sku = $4 ON CONFLICT (account_id, product_id) DO UPDATE SET \
            last_on = excluded.last_on";
        let values: [Value; 4] = [
            by.id.into(),
            on.clone().into(),
            (*pieces).into(),
            (*sku).into(),
        ];
        run(app, sql, values).await;
    }
}

/// A shop of regulars, and nothing else that anybody ever ordered: kibble and the rare one every
/// 14 days, 16 days ago for the last time; terrine with all but the last of those orders.
pub async fn regulars(app: &App) {
    shelf::fill(app).await;
    run(app, "UPDATE orders SET state = 'cancelled'", []).await;
    let sql = "SELECT id FROM price_lists WHERE code = 'SHELF'";
    let list = app.sql.rows(sql, []).await;
    let list: Uuid = list[0].try_get_by_index(0).unwrap();
    for sku in [LITTER, COMMON, PLAIN] {
        shelf::product(app, list, sku, (1, 1), "active", "back_order", 1_000).await;
    }
    let shop = &app.world.corner_shop;
    for days_ago in [72, 58, 44, 30] {
        let lines = [(KIBBLE, 24), (RARE, 2), (TERRINE, 12)];
        ordered(app, shop, days_ago, &lines).await;
    }
    ordered(app, shop, 16, &[(KIBBLE, 24), (RARE, 2)]).await;
    for days_ago in [20, 10, 5] {
        let lines = [(KIBBLE, 6), (LITTER, 4)];
        ordered(app, &app.world.stranger, days_ago, &lines).await;
    }
}

/// Tells the server that the catalogue is another.
async fn changed(app: &App) {
    let sql = "UPDATE counters SET value = value + 1 WHERE name IN ('promotions', 'catalogue')";
    run(app, sql, []).await;
}

/// What a piece of a page says, without its marks.
pub fn words(html: &str) -> String {
    let text = unescape(html);
    let mut words = String::new();
    let mut inside = false;
    for letter in text.chars() {
        match letter {
            '<' => {
                inside = true;
                words.push(' ');
            }
            '>' => inside = false,
            _ if !inside => words.push(letter),
            _ => {}
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The part of a page under a heading; empty where there is none.
pub fn section(answer: &Answer, title: &str) -> String {
    let text = answer.text();
    let from = text.find(&format!("aria-labelledby=\"{title}\""));
    let Some(from) = from else {
        return String::new();
    };
    let rest = &text[from..];
    rest[..rest.find("</section>").unwrap()].to_owned()
}

/// The article numbers that buttons of a section add, in their order.
fn offered(section: &str) -> Vec<String> {
    let marked = section.split("name=\"sku\" value=\"").skip(1);
    marked
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

/// The hidden fields of the form that adds `sku`.
fn form_of(section: &str, sku: &str) -> Vec<(String, String)> {
    let forms = section.split("<form").skip(1);
    let form = forms
        .map(|form| form.split("</form>").next().unwrap())
        .find(|form| form.contains(&format!("name=\"sku\" value=\"{sku}\"")));
    let form = form.unwrap_or_else(|| panic!("no form adds {sku} in {section}"));
    fields_of(&format!("<form{form}</form>"))
}

/// The fields of the first form of a piece of a page.
fn fields_of(html: &str) -> Vec<(String, String)> {
    let form = html.split("<form").nth(1).unwrap();
    let form = form.split("</form>").next().unwrap();
    let inputs = form.split("<input").skip(1).filter_map(|input| {
        let of = |name: &str| {
            let rest = input.split(&format!("{name}=\"")).nth(1)?;
            Some(unescape(rest.split('"').next()?))
        };
        of("name").zip(of("value"))
    });
    inputs.filter(|(name, _)| name != "csrf").collect()
}

/// An amount as pages write it, in cents.
fn cents(amount: &str) -> i64 {
    let digits: String = amount.chars().filter(char::is_ascii_digit).collect();
    digits
        .parse()
        .unwrap_or_else(|_| panic!("{amount} is no amount"))
}

async fn press(client: &Client, section: &str, sku: &str) -> Answer {
    let fields = form_of(section, sku);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (&**n, &**v)).collect();
    client.post("/cart/lines", &fields).await.expect(303)
}

both! {
    async fn a_product_says_in_which_rhythm_it_is_ordered_and_what_goes_with_it(app) {
        regulars(app).await;
        let buyer = app.as_buyer().await;
        let page = buyer.page("/products/K-0005").await;
        let said = words(&page.text());
        let habit = "You order it about every 14 days, usually 24 pieces; last 16 days ago due";
        assert!(said.contains(habit), "{said}");
        assert!(page.text().contains("name=\"quantity\" value=\"24\""));
        let together = section(&page, "together-title");
        let said = words(&together);
        for part in [
            "Product R-0003",
            "in 63% of the orders with it (5 of 8)",
            "Product T-0012",
            "in 50% of the orders with it (4 of 8)",
            "Product L-0001",
            "in 38% of the orders with it (3 of 8)",
        ] {
            assert!(said.contains(part), "{part:?} is not said in {said}");
        }
        assert!(section(&page, "instead-title").is_empty());
        press(&buyer, &together, LITTER).await;
        let lines = cart(app).await;
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].0, LITTER);
        let sql = "SELECT suggested_list FROM cart_lines WHERE suggested_list IS NOT NULL";
        assert_eq!(app.sql.texts(sql).await, ["goes_with"]);
    }

    async fn what_is_short_is_offered_in_another_kind_the_brands_own_word_first(app) {
        regulars(app).await;
        let sql = "INSERT INTO product_substitutes (product_id, substitute_id, position) \
                   SELECT p.id, s.id, 1 FROM products p, products s WHERE p.sku = $1 AND s.sku = $2";
        run(app, sql, [RARE.into(), COMMON.into()]).await;
        run(app, "UPDATE stock SET on_hand = 1 WHERE product_id = \
                  (SELECT id FROM products WHERE sku = $1)", [RARE.into()]).await;
        let buyer = app.as_buyer().await;
        let page = buyer.page("/products/R-0003").await;
        let instead = section(&page, "instead-title");
        assert_eq!(offered(&instead).first().map(String::as_str), Some(COMMON));
        assert!(words(&instead).contains("named as its replacement"), "{instead}");
        // In the quantity that is usual of the one it replaces.
        assert!(words(&instead).contains("Add 2 pieces"), "{instead}");

        add(&buyer, RARE, "5").await.expect(303);
        let page = buyer.page("/cart").await;
        let said = words(&page.text());
        assert!(said.contains("Instead : Product C-0001 C-0001") || said.contains("Product C-0001 C-0001 · €2.50"), "{said}");
    }

    async fn a_cart_tells_what_was_forgotten_and_what_goes_with_it(app) {
        regulars(app).await;
        let buyer = app.as_buyer().await;
        let empty = buyer.page("/cart").await;
        assert!(section(&empty, "forgotten-title").is_empty());
        assert!(section(&empty, "goes-with-title").is_empty());
        assert!(words(&empty.text()).contains("See your usual order"));

        add(&buyer, KIBBLE, "24").await.expect(303);
        let page = buyer.page("/cart").await;
        let forgotten = section(&page, "forgotten-title");
        let mut skus = offered(&forgotten);
        skus.sort_unstable();
        assert_eq!(skus, [RARE, TERRINE]);
        let said = words(&forgotten);
        for part in ["due", "about every 14 days, last 16 days ago", "Add 12 pieces"] {
            assert!(said.contains(part), "{part:?} is not said in {said}");
        }
        let goes_with = section(&page, "goes-with-title");
        assert_eq!(offered(&goes_with), [LITTER]);
        let reason = "goes with Product K-0005: in 38% of the orders with it (3 of 8)";
        assert!(words(&goes_with).contains(reason), "{goes_with}");

        press(&buyer, &forgotten, TERRINE).await;
        assert_eq!(cart(app).await, [line(KIBBLE, "H87", 24), line(TERRINE, "H87", 12)]);
        let sql = "SELECT suggested_list FROM cart_lines WHERE suggested_list IS NOT NULL";
        assert_eq!(app.sql.texts(sql).await, ["forgotten"]);
        let page = buyer.page("/cart").await;
        assert_eq!(offered(&section(&page, "forgotten-title")), [RARE]);
    }

    async fn the_usual_order_fills_rows_and_nothing_typed_is_lost(app) {
        regulars(app).await;
        let buyer = app.as_buyer().await;
        let page = buyer.page("/quick-order").await;
        assert!(words(&page.text()).contains("Fill in your usual order (3 lines)"));
        let typed = [("lines", "t-0012 36\nWHAT-IS-THIS 7")];
        buyer.post("/quick-order/usual", &typed).await.expect(303);
        let sql = "SELECT code || ' ' || quantity FROM quick_order_rows ORDER BY position";
        let rows = app.sql.texts(sql).await;
        assert_eq!(rows[..2], ["t-0012 36", "WHAT-IS-THIS 7"]);
        let mut filled = rows[2..].to_vec();
        filled.sort_unstable();
        // What was typed of the usual order stands as it was typed.
        assert_eq!(filled, ["K-0005 24", "R-0003 2"]);

        let page = buyer.page("/quick-order").await;
        assert!(!words(&page.text()).contains("Fill in your usual order"));
        buyer.post("/quick-order/usual", &[("lines", "")]).await.expect(303);
        assert_eq!(app.sql.texts(sql).await.len(), 4);
        buyer.post("/quick-order/add", &[]).await.expect(303);
        let expected = [line(KIBBLE, "H87", 24), line(RARE, "H87", 2), line(TERRINE, "H87", 36)];
        assert_eq!(cart(app).await, expected);
        // What was typed is nobody's suggestion.
        let sql = "SELECT p.sku || ' ' || l.suggested_list || ' ' || l.suggested_pieces \
                   FROM cart_lines l JOIN products p ON p.id = l.product_id \
                   WHERE l.suggested_list IS NOT NULL ORDER BY p.sku";
        assert_eq!(app.sql.texts(sql).await, ["K-0005 usual 24", "R-0003 usual 2"]);
    }

    async fn what_is_shown_is_noted_with_where_it_was_shown(app) {
        regulars(app).await;
        let buyer = app.as_buyer().await;
        add(&buyer, KIBBLE, "24").await.expect(303);
        for path in ["/cart", "/products/K-0005", "/catalogue?q=zzqqxx", "/cart"] {
            buyer.page(path).await;
        }
        buyer.post("/quick-order/usual", &[("lines", "")]).await.expect(303);
        let sql = "SELECT surface || ' ' || list FROM suggestion_showings ORDER BY surface, list";
        let expected = [
            "cart forgotten", "cart goes_with", "product goes_with", "quick_order usual", "search due",
        ];
        assert_eq!(app.sql.texts(sql).await, expected);
    }

    async fn what_is_due_wears_a_badge_until_it_is_ordered(app) {
        regulars(app).await;
        let buyer = app.as_buyer().await;
        let page = buyer.page("/catalogue?q=Product").await;
        let badge = "title=\"about every 14 days, last 16 days ago\"";
        assert_eq!(page.text().matches(badge).count(), 2);
        let late = "title=\"about every 14 days, last 30 days ago\"";
        assert_eq!(page.text().matches(late).count(), 1);
        let due = buyer.page("/catalogue?due=1&sort=sku").await;
        assert_eq!(offered(&due.text()), [KIBBLE, RARE, TERRINE]);
        assert!(words(&due.text()).contains("Due for reorder 3"));

        add(&buyer, KIBBLE, "24").await.expect(303);
        let page = buyer.page("/checkout").await;
        let form = ["idempotency_key", "expected_total_minor", "cart", "shown"];
        let form = form.map(|name| (name, page.field(name).unwrap()));
        let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
        buyer.post("/checkout", &form).await.expect(303);
        app.run_jobs().await;
        let due = buyer.page("/catalogue?due=1&sort=sku").await;
        assert_eq!(offered(&due.text()), [RARE, TERRINE]);
    }

    async fn an_empty_list_offers_what_is_due_and_the_way_without_filters(app) {
        regulars(app).await;
        let buyer = app.as_buyer().await;
        let page = buyer.page("/catalogue?q=zzqqxx").await;
        let usual = section(&page, "nothing-usual-title");
        let mut skus = offered(&usual);
        skus.sort_unstable();
        assert_eq!(skus, [KIBBLE, RARE, TERRINE]);
        let said = words(&usual);
        assert!(said.contains("due"), "{said}");
        assert!(said.contains("about every 14 days, last 16 days ago"), "{said}");
        press(&buyer, &usual, KIBBLE).await;
        assert_eq!(cart(app).await, [line(KIBBLE, "H87", 24)]);

        let page = buyer.page("/catalogue?q=L-0001&bought=1").await;
        let said = words(&page.text());
        assert!(said.contains("Without the filters there is one"), "{said}");
        assert!(page.text().contains("href=\"/catalogue?q=L-0001\""));
    }

    async fn a_promotion_that_fits_saves_what_the_cart_then_takes_off(app) {
        regulars(app).await;
        let off = json!({"kind": "percent", "off": 1000, "from": 12, "count_in": "pieces"});
        promote(app, "FIT", off.clone(), Some(KIBBLE)).await;
        promote(app, "STRANGE", off, Some(PLAIN)).await;
        let buyer = app.as_buyer().await;
        let fitting = section(&buyer.page("/").await, "fitting-title");
        let said = words(&fitting);
        for part in ["The FIT offer until 31 Dec", "saves €6.00 on what you usually order", "24 pieces Product K-0005"] {
            assert!(said.contains(part), "{part:?} is not said in {said}");
        }
        assert!(!said.contains("STRANGE"), "{said}");
        press(&buyer, &fitting, KIBBLE).await;
        assert_eq!(cart(app).await, [line(KIBBLE, "H87", 24)]);
        assert!(words(&buyer.page("/cart").await.text()).contains("The FIT offer −€6.00"));
    }

    async fn every_saving_of_the_demo_is_the_one_of_its_basket(app) {
        let buyer = app.as_buyer().await;
        let fitting = section(&buyer.page("/").await, "fitting-title");
        let offers: Vec<&str> = fitting.split("<h3>").skip(1).collect();
        assert!(!offers.is_empty());
        for offer in offers {
            let name = words(offer.split("</h3>").next().unwrap());
            let said = words(offer);
            let saving = said.split("saves ").nth(1).map_or(0, |rest| cents(rest.split(' ').next().unwrap()));
            buyer.post("/cart/empty", &[]).await.expect(303);
            let fields = fields_of(offer);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (&**n, &**v)).collect();
            buyer.post("/cart/lines", &fields).await.expect(303);
            let cart = words(&buyer.page("/cart").await.text());
            let mark = format!("{name} −");
            let marked = cart.split(&mark).skip(1);
            let taken: i64 = marked.map(|rest| cents(rest.split(' ').next().unwrap())).sum();
            assert_eq!(saving, taken, "{name}: {said}");
            if said.contains("come along") {
                assert!(cart.contains(&format!("comes along free: {name}")), "{cart}");
            }
        }
    }

    async fn what_cannot_be_ordered_is_suggested_nowhere(app) {
        regulars(app).await;
        let sql = "INSERT INTO visibility_rules (id, effect, product_id, account_id) \
                   SELECT $1, 'exclude', id, $2 FROM products WHERE sku = $3";
        let values: [Value; 3] =
            [Uuid::now_v7().into(), app.world.corner_shop.id.into(), TERRINE.into()];
        run(app, sql, values).await;
        let sql = "UPDATE products SET status = 'delisted' WHERE sku = $1";
        run(app, sql, [RARE.into()]).await;
        let sql = "DELETE FROM price_rows WHERE product_id = (SELECT id FROM products WHERE sku = $1)";
        run(app, sql, [KIBBLE.into()]).await;
        let sql = "INSERT INTO suggestion_dismissals (account_id, product_id, kind, dismissed_at, \
                   until_on) SELECT $1, id, 'not_for_us', 0, '2027-05-24' FROM products WHERE sku = $2";
        run(app, sql, [app.world.corner_shop.id.into(), LITTER.into()]).await;
        changed(app).await;
        let buyer = app.as_buyer().await;
        add(&buyer, PLAIN, "1").await.expect(303);
        for path in ["/catalogue?q=zzqqxx", "/catalogue?due=1", "/cart", "/quick-order", "/products/P-0001", "/"] {
            let page = buyer.page(path).await;
            let skus = offered(&page.text());
            for sku in [TERRINE, RARE, KIBBLE, LITTER] {
                assert!(!skus.iter().any(|other| other == sku), "{sku} on {path}");
            }
        }
    }
}
