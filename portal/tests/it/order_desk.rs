//! The buyer's desk: the usual order as the recommender says it, changed and sent in one press,
//! with nothing lost on the way; what is dismissed stays away; what came of it is on the order.

use portal::suggestions;
use sea_orm::sea_query::Value;
use trade::id::AccountId;

use crate::harness::client::unescape;
use crate::harness::{Answer, App, Client};
use crate::shelf::{KIBBLE, RARE, SECRET, TERRINE, add, cart, fill, line};
use crate::suggested::{COMMON, LITTER, ordered, regulars, words};

const DAY: i64 = 86_400_000;

/// A line as the desk shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    sku: String,
    quantity: String,
    ticked: bool,
    label: String,
    said: String,
}

/// The lines of the desk, in their order.
fn lines(page: &Answer) -> Vec<Line> {
    let text = page.text();
    let each = text.split("<li class=\"desk-line").skip(1);
    let value = |html: &str, name: &str| {
        let (_, after) = html.split_once(&format!("name=\"{name}\""))?;
        let (_, after) = after.split_once("value=\"")?;
        Some(unescape(after.split('"').next()?))
    };
    each.map(|html| {
        let html = html.split("</li>\n<li class=\"desk").next().unwrap();
        let tick = html.split("name=\"tick\"").nth(1).unwrap();
        Line {
            sku: value(html, "sku").unwrap(),
            quantity: value(html, "quantity").unwrap(),
            ticked: tick.split('>').next().unwrap().contains("checked"),
            label: value(html, "suggested").unwrap_or_default(),
            said: words(html),
        }
    })
    .collect()
}

fn of<'a>(lines: &'a [Line], sku: &str) -> &'a Line {
    let found = lines.iter().find(|line| line.sku == sku);
    found.unwrap_or_else(|| panic!("no line of {sku}: {lines:?}"))
}

/// Presses a button of the desk with the lines as they stand.
async fn press(client: &Client, lines: &[Line], button: &str) -> Answer {
    let mut fields = vec![("do", button)];
    for line in lines {
        fields.extend([
            ("sku", line.sku.as_str()),
            ("unit", ""),
            ("quantity", line.quantity.as_str()),
            ("suggested", line.label.as_str()),
        ]);
        if line.ticked {
            fields.push(("tick", line.sku.as_str()));
        }
    }
    client.post("/", &fields).await
}

async fn run(app: &App, sql: &str, values: impl IntoIterator<Item = Value>) {
    app.sql.run(sql, values).await.unwrap();
}

/// Article number, list and pieces of what suggestions put on lines of a table.
async fn marks(app: &App, table: &str) -> Vec<(String, String, i64, i64)> {
    let sql = format!(
        "SELECT p.sku, COALESCE(l.suggested_list, ''), COALESCE(l.suggested_pieces, 0), \
         CAST(l.quantity AS bigint) FROM {table} l JOIN products p ON p.id = l.product_id \
         WHERE l.suggested_list IS NOT NULL OR p.sku IN ('{KIBBLE}', '{RARE}', '{TERRINE}') \
         ORDER BY p.sku"
    );
    let rows = app.sql.rows(&sql, []).await;
    let mark = |row: &sea_orm::QueryResult| {
        (
            row.try_get_by_index(0).unwrap(),
            row.try_get_by_index(1).unwrap(),
            row.try_get_by_index(2).unwrap(),
            row.try_get_by_index(3).unwrap(),
        )
    };
    rows.iter().map(mark).collect()
}

fn mark(sku: &str, list: &str, pieces: i64, quantity: i64) -> (String, String, i64, i64) {
    (sku.to_owned(), list.to_owned(), pieces, quantity)
}

/// The desk as a buyer finds it in the morning.
async fn morning(app: &App) -> (Client, Vec<Line>) {
    regulars(app).await;
    let sql = "UPDATE stock SET on_hand = 100 WHERE product_id = \
               (SELECT id FROM products WHERE sku = $1)";
    run(app, sql, [RARE.into()]).await;
    let buyer = app.as_buyer().await;
    let found = lines(&buyer.page("/").await);
    (buyer, found)
}

both! {
    async fn the_usual_order_stands_ready_as_the_recommender_says_it(app) {
        let (buyer, found) = morning(app).await;
        let tx = app.data.db.read_system("test").await.unwrap();
        let account = AccountId(app.world.corner_shop.id);
        let said = suggestions::ask(&tx, &app.data, account, 50, |model, ask| model.usual_order(ask));
        let said = said.await.unwrap().unwrap();
        assert!(!said.is_empty());
        drop(tx);
        let labels: Vec<String> = found.iter().map(|line| line.label.clone()).collect();
        let mut expected = Vec::new();
        for one in &said {
            let sql = "SELECT sku FROM products WHERE id = $1";
            let sku = app.sql.text(sql, [one.product.0.into()]).await;
            assert_eq!(of(&found, &sku).quantity, one.pieces.to_string(), "{sku}");
            assert!(of(&found, &sku).ticked, "{sku}");
            expected.push(format!("usual:{}:{sku}", one.pieces));
        }
        assert_eq!(labels.get(..expected.len()), Some(expected.as_slice()));
        let kibble = of(&found, KIBBLE);
        for part in [
            "in each of your last 5 orders",
            "about every 14 days, last 16 days ago",
            "2 days overdue",
            "last: 24 pieces on 8 Nov 2026",
            "Your last 5 orders, the oldest first: 24, 24, 24, 24 and 24 pieces",
            "€60.00",
        ] {
            assert!(kibble.said.contains(part), "{part:?} is not said in {}", kibble.said);
        }
        let page = buyer.page("/").await;
        let pieces: u32 = said.iter().map(|one| one.pieces).sum();
        let total = format!("€{}.{:02}", pieces * 5 / 2, pieces * 5 % 2 * 50);
        assert!(words(&page.text()).contains(&format!("Ticked: {} {total}", said.len())));
    }

    async fn one_press_puts_it_all_into_the_cart(app) {
        let (buyer, found) = morning(app).await;
        let answer = press(&buyer, &found, "add").await.expect(303);
        assert_eq!(answer.location(), "/");
        let mut expected: Vec<_> = found
            .iter()
            .filter(|line| line.ticked)
            .map(|one| line(&one.sku, "H87", one.quantity.parse().unwrap()))
            .collect();
        expected.sort();
        assert!(expected.contains(&line(KIBBLE, "H87", 24)), "{expected:?}");
        assert_eq!(cart(app).await, expected);
        let page = buyer.page("/").await;
        let text = words(&page.text());
        let said = format!("{} lines are in the cart.", expected.len());
        assert!(text.contains(&said), "{text}");
        for link in ["href=\"/cart\">To the cart", "href=\"/checkout\">"] {
            assert!(page.text().contains(link), "{link}");
        }
        // What is in the cart is not put there again unasked.
        let now = lines(&page);
        let kibble = of(&now, KIBBLE);
        assert!(!kibble.ticked && kibble.said.contains("24 in the cart"), "{kibble:?}");
        let nothing = press(&buyer, &now, "add").await;
        assert_eq!((nothing.status, cart(app).await), (422, expected));
        assert!(nothing.text().contains("Nothing is ticked."));
    }

    async fn what_was_suggested_and_what_was_ordered_of_it_is_on_the_order(app) {
        let (buyer, mut found) = morning(app).await;
        add(&buyer, RARE, "1").await.expect(303);
        for one in &mut found {
            one.ticked = one.sku != TERRINE;
            if one.sku == KIBBLE {
                one.quantity = "30".into();
            }
            if one.sku == RARE {
                one.quantity = "3".into();
            }
        }
        press(&buyer, &found, "add").await.expect(303);
        // What was there before is not a suggestion's merit.
        let expected = [mark(KIBBLE, "usual", 24, 30), mark(RARE, "", 0, 4)];
        assert_eq!(marks(app, "cart_lines").await, expected);
        let id = crate::shelf::line_id(app, KIBBLE).await;
        buyer.post(&format!("/cart/lines/{id}"), &[("quantity", "36")]).await.expect(303);
        let page = buyer.page("/checkout").await;
        let form = ["idempotency_key", "expected_total_minor", "cart", "shown"]
            .map(|name| (name, page.field(name).unwrap_or_default()));
        let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let placed = buyer.post("/checkout", &form).await.expect(303);
        assert!(placed.location().starts_with("/orders/"), "{}", placed.location());
        app.forget_jobs().await;
        let sql = "SELECT p.sku, COALESCE(l.suggested_list, ''), COALESCE(l.suggested_pieces, 0), l.ordered \
                   FROM order_lines l JOIN products p ON p.id = l.product_id \
                   JOIN orders o ON o.id = l.order_id WHERE o.cart_id IS NOT NULL \
                   AND o.state <> 'cancelled' ORDER BY p.sku";
        let rows = app.sql.rows(sql, []).await;
        let rows: Vec<(String, String, i64, i64)> = rows.iter().map(|row| (
            row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap(),
            row.try_get_by_index(2).unwrap(), row.try_get_by_index(3).unwrap(),
        )).collect();
        assert_eq!(rows, [mark(KIBBLE, "usual", 24, 36), mark(RARE, "", 0, 4)]);
    }

    async fn a_label_is_only_a_label(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        for (sku, label) in [
            (KIBBLE, "usual:-5:K-0005"), (TERRINE, "mine:12:T-0012"), (RARE, "due:2:R-0003"),
        ] {
            let quantity = if sku == TERRINE { "12" } else { "6" };
            let fields = [("sku", sku), ("quantity", quantity), ("suggested", label)];
            buyer.post("/cart/lines", &fields).await.expect(303);
        }
        let expected = [
            mark(KIBBLE, "", 0, 6), mark(RARE, "due", 2, 6), mark(TERRINE, "", 0, 12),
        ];
        assert_eq!(marks(app, "cart_lines").await, expected);
        // A line that is refused keeps its label for the next try.
        let fields = [("sku", LITTER), ("quantity", "x"), ("suggested", "new:4:L-0001")];
        let refused = buyer.post("/cart/lines", &fields).await.expect(422);
        assert!(refused.text().contains("value=\"new:4:L-0001\""), "{}", refused.text());
    }

    async fn a_wrong_quantity_stands_at_its_line_and_nothing_that_was_typed_is_lost(app) {
        let (buyer, mut found) = morning(app).await;
        for one in &mut found {
            let (quantity, ticked) = match one.sku.as_str() {
                KIBBLE => ("3", true),
                TERRINE => ("many", true),
                RARE => ("2", true),
                _ => ("77", false),
            };
            (one.quantity, one.ticked) = (quantity.into(), ticked);
        }
        let answer = press(&buyer, &found, "add").await.expect(422);
        assert_eq!(cart(app).await, [line(RARE, "H87", 2)]);
        let text = words(&answer.text());
        assert!(text.contains("One line is in the cart. 2 are not"), "{text}");
        let now = lines(&answer);
        let kibble = of(&now, KIBBLE);
        assert!(kibble.ticked && kibble.quantity == "3", "{kibble:?}");
        assert!(kibble.said.contains("At least 5 per order."), "{kibble:?}");
        assert_eq!(kibble.label, "usual:24:K-0005");
        let terrine = of(&now, TERRINE);
        assert!(terrine.ticked && terrine.quantity == "many", "{terrine:?}");
        assert!(terrine.said.contains("“many” is not a quantity."), "{terrine:?}");
        assert!(!of(&now, RARE).ticked);
        for other in now.iter().filter(|line| ![KIBBLE, TERRINE, RARE].contains(&line.sku.as_str())) {
            assert_eq!((other.quantity.as_str(), other.ticked), ("77", false), "{other:?}");
        }
        // The number in the header is the cart's as it is now.
        assert!(answer.text().contains("<span aria-hidden=\"true\">1</span>"), "{}", answer.text());
        // To see the total changes nothing.
        let counted = press(&buyer, &now, "count").await.expect(200);
        assert_eq!(of(&lines(&counted), KIBBLE).quantity, "3");
        assert_eq!(cart(app).await, [line(RARE, "H87", 2)]);
    }

    async fn what_is_dismissed_stays_away_until_its_day_and_can_be_taken_back(app) {
        let (buyer, mut found) = morning(app).await;
        for one in &mut found {
            if one.sku == RARE {
                one.quantity = "5".into();
            }
        }
        let answer = press(&buyer, &found, "not_now:K-0005").await.expect(200);
        // Kibble has a rhythm of 14 days.
        let text = words(&answer.text());
        assert!(text.contains("Product K-0005 will not be suggested before 8 Dec 2026."), "{text}");
        let now = lines(&answer);
        assert!(now.iter().all(|line| line.sku != KIBBLE), "{now:?}");
        assert_eq!(of(&now, RARE).quantity, "5", "what was typed elsewhere is kept");
        assert!(answer.text().contains("value=\"undo:K-0005\""));
        let back = press(&buyer, &now, "undo:K-0005").await.expect(200);
        assert_eq!(of(&lines(&back), KIBBLE).quantity, "24");
        assert_eq!(of(&lines(&back), RARE).quantity, "5");

        // From anywhere else it is a form of its own, for the whole company.
        let fields = [("sku", KIBBLE), ("kind", "not_for_us"), ("return", "/catalogue")];
        let answer = buyer.post("/suggestions/dismiss", &fields).await.expect(303);
        assert_eq!(answer.location(), "/catalogue");
        let page = buyer.page("/catalogue").await.text();
        assert!(page.contains("action=\"/suggestions/take-back\""), "{page}");
        let owner = app.as_owner().await;
        assert!(lines(&owner.page("/").await).iter().all(|line| line.sku != KIBBLE));
        let listed = words(&owner.page("/suggestions/dismissed").await.text());
        assert!(listed.contains("Product K-0005 K-0005 Not for us"), "{listed}");
        assert!(listed.contains("23 May 2027"), "{listed}");
        owner.post("/suggestions/take-back", &[("sku", KIBBLE)]).await.expect(303);
        assert!(lines(&buyer.page("/").await).iter().any(|line| line.sku == KIBBLE));
        // Twice is as good as once.
        owner.post("/suggestions/take-back", &[("sku", KIBBLE)]).await.expect(303);

        press(&buyer, &now, "not_now:K-0005").await.expect(200);
        app.clock.advance(13 * DAY);
        let buyer = app.as_buyer().await;
        assert!(lines(&buyer.page("/").await).iter().all(|line| line.sku != KIBBLE));
        app.clock.advance(DAY);
        let buyer = app.as_buyer().await;
        assert!(lines(&buyer.page("/").await).iter().any(|line| line.sku == KIBBLE));
        app.forget_jobs().await;
    }

    async fn not_now_lasts_two_weeks_where_there_is_no_rhythm_and_a_week_at_least(app) {
        regulars(app).await;
        let shop = &app.world.corner_shop;
        for days_ago in [9, 8, 7] {
            ordered(app, shop, days_ago, &[(COMMON, 1)]).await;
        }
        let buyer = app.as_buyer().await;
        for (sku, until) in [(KIBBLE, "2026-12-08"), (LITTER, "2026-12-08"), (COMMON, "2026-12-01")] {
            let fields = [("sku", sku), ("kind", "not_now")];
            buyer.post("/suggestions/dismiss", &fields).await.expect(303);
            let sql = "SELECT until_on FROM suggestion_dismissals d \
                       JOIN products p ON p.id = d.product_id WHERE p.sku = $1";
            assert_eq!(app.sql.text(sql, [sku.into()]).await, until, "{sku}");
        }
    }

    async fn another_companys_suggestions_are_its_own(app) {
        let (buyer, found) = morning(app).await;
        let stranger = app.as_stranger().await;
        let fields = [("sku", KIBBLE), ("kind", "not_for_us")];
        stranger.post("/suggestions/dismiss", &fields).await.expect(303);
        assert_eq!(lines(&buyer.page("/").await), found);
        press(&buyer, &found, "not_now:T-0012").await.expect(200);
        stranger.post("/suggestions/take-back", &[("sku", TERRINE)]).await.expect(303);
        let sql = "SELECT count(*) FROM suggestion_dismissals WHERE account_id = $1";
        assert_eq!(app.sql.number(sql, [app.world.corner_shop.id.into()]).await, 1);
        assert!(!words(&stranger.page("/suggestions/dismissed").await.text()).contains(TERRINE));
        // What a company does not see is not there; nor is an answer other than the two.
        let hidden = [("sku", SECRET), ("kind", "not_for_us")];
        buyer.post("/suggestions/dismiss", &hidden).await.expect(404);
        let never = [("sku", KIBBLE), ("kind", "never")];
        buyer.post("/suggestions/dismiss", &never).await.expect(422);
        let away = [("sku", LITTER), ("kind", "not_now"), ("return", "//elsewhere.example")];
        let answer = buyer.post("/suggestions/dismiss", &away).await.expect(303);
        assert_eq!(answer.location(), "/");
    }

    async fn what_is_short_says_so_and_offers_another(app) {
        regulars(app).await;
        let sql = "INSERT INTO product_substitutes (product_id, substitute_id, position) \
                   SELECT p.id, s.id, 1 FROM products p, products s WHERE p.sku = $1 AND s.sku = $2";
        run(app, sql, [RARE.into(), COMMON.into()]).await;
        let sql = "UPDATE stock SET on_hand = 1 WHERE product_id = \
                   (SELECT id FROM products WHERE sku = $1)";
        run(app, sql, [RARE.into()]).await;
        let buyer = app.as_buyer().await;
        let page = buyer.page("/").await;
        let found = lines(&page);
        let rare = of(&found, RARE);
        assert!(!rare.ticked && rare.said.contains("Only 1 piece available."), "{rare:?}");
        assert!(rare.said.contains("Instead: Product C-0001"), "{rare:?}");
        let text = page.text();
        let (_, button) = text.split_once("value=\"take:").unwrap();
        let button = format!("take:{}", button.split('"').next().unwrap());
        assert!(button.ends_with(":C-0001"), "{button}");
        let mut edited = found.clone();
        for one in &mut edited {
            if one.sku == KIBBLE {
                one.quantity = "48".into();
            }
        }
        let answer = press(&buyer, &edited, &button).await.expect(200);
        assert_eq!(cart(app).await.len(), 1);
        assert_eq!(of(&lines(&answer), KIBBLE).quantity, "48");
        assert!(words(&answer.text()).contains("One line is in the cart."));
    }

    async fn who_never_ordered_sees_what_others_begin_with(app) {
        fill(app).await;
        run(app, "UPDATE orders SET state = 'cancelled'", []).await;
        run(app, "DELETE FROM account_products", []).await;
        for days_ago in [30, 20, 10] {
            ordered(app, &app.world.stranger, days_ago, &[(KIBBLE, 6), (TERRINE, 12), (SECRET, 1)]).await;
        }
        let buyer = app.as_buyer().await;
        let page = buyer.page("/").await;
        let text = words(&page.text());
        assert!(text.contains("What others begin with You have not ordered yet."), "{text}");
        let mut found = lines(&page);
        assert!(found.iter().all(|line| !line.ticked && line.label.starts_with("new:")), "{found:?}");
        assert!(found.iter().all(|line| line.sku != SECRET), "{found:?}");
        let kibble = of(&found, KIBBLE).clone();
        assert!(kibble.said.contains(" of "), "{kibble:?}");
        for one in &mut found {
            one.ticked = one.sku == KIBBLE;
        }
        press(&buyer, &found, "add").await.expect(303);
        let pieces: i64 = kibble.quantity.parse().unwrap();
        assert_eq!(cart(app).await, [line(KIBBLE, "H87", pieces)]);
        // It came from what was new.
        let list = app.sql.texts("SELECT suggested_list FROM cart_lines").await;
        assert_eq!(list, ["new"]);
    }

    async fn what_is_shown_is_noted_once_a_day(app) {
        let (buyer, found) = morning(app).await;
        let count = "SELECT count(*) FROM suggestion_showings WHERE list = 'usual'";
        assert_eq!(app.sql.number(count, []).await, 1);
        buyer.page("/").await;
        press(&buyer, &found, "count").await.expect(200);
        assert_eq!(app.sql.number(count, []).await, 1);
        let sql = "SELECT CAST(items AS text) FROM suggestion_showings WHERE list = 'usual'";
        let items: serde_json::Value = serde_json::from_str(&app.sql.text(sql, []).await).unwrap();
        let usual = found.iter().filter(|line| line.label.starts_with("usual:")).count();
        assert_eq!(items.as_array().unwrap().len(), usual);
        assert_eq!(items[0]["pieces"].to_string(), found[0].quantity);
        // A colleague is somebody else, and tomorrow is another day.
        app.as_owner().await.page("/").await;
        assert_eq!(app.sql.number(count, []).await, 2);
        app.clock.advance(DAY);
        app.as_buyer().await.page("/").await;
        assert_eq!(app.sql.number(count, []).await, 3);
        app.forget_jobs().await;
    }

    async fn who_goes_without_suggestions_in_a_trial_sees_what_was_bought_lately(app) {
        let (buyer, _) = morning(app).await;
        let account = AccountId(app.world.corner_shop.id);
        let salt = (0..100).find(|salt| {
            suggestions::trial::arm(account, *salt, 5_000) == portal::db::words::TrialArm::Control
        });
        let sql = "INSERT INTO suggestion_trials (id, state, control_share, salt, started_at, started_on) \
                   VALUES ($1, 'running', 5000, $2, 0, '2026-11-01')";
        run(app, sql, [uuid::Uuid::now_v7().into(), salt.unwrap().into()]).await;
        run(app, "DELETE FROM suggestion_showings", []).await;
        let page = buyer.page("/").await;
        assert_eq!(lines(&page), []);
        let text = words(&page.text());
        for absent in ["of your last", "Worth trying", "Promotions that fit you"] {
            assert!(!text.contains(absent), "{absent:?} is said in {text}");
        }
        assert!(text.contains("What you usually order"), "{text}");
        assert!(page.text().contains("action=\"/cart/lines\""));
        let noted = app.sql.number("SELECT count(*) FROM suggestion_showings", []).await;
        assert_eq!(noted, 0);
    }

    async fn staff_who_act_for_an_account_see_its_desk_and_order_from_it(app) {
        let (_, found) = morning(app).await;
        let kam = app.as_kam().await;
        kam.post("/", &[("do", "add")]).await.expect(403);
        let act = format!("/kam/accounts/{}/act", app.world.corner_shop.number);
        kam.post(&act, &[]).await.expect(303);
        assert_eq!(lines(&kam.page("/").await), found);
        press(&kam, &found, "add").await.expect(303);
        assert!(cart(app).await.contains(&line(KIBBLE, "H87", 24)));
    }
}
