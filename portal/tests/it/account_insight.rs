//! What an account's profile says beyond its orders, and whom to call about a promotion: every
//! figure can be counted from the orders, and nobody learns of accounts that are not theirs.

use serde_json::json;
use uuid::Uuid;

use crate::harness::world::KAM_NORTH;
use crate::harness::{App, Client};
use crate::offers::promote;
use crate::shelf::{KIBBLE, TERRINE};
use crate::suggested::{LITTER, ordered, regulars, section, words};

const MARKETING: &str = "marketing@demo.kontor.example";

fn profile(app: &App) -> String {
    format!("/kam/accounts/{}", app.world.corner_shop.number)
}

async fn under(client: &Client, path: &str, title: &str) -> String {
    words(&section(&client.page(path).await, title))
}

/// The promotion of that code.
async fn promotion(app: &App, code: &str) -> Uuid {
    let sql = "SELECT id FROM promotions WHERE code = $1";
    let rows = app.sql.rows(sql, [code.into()]).await;
    rows[0].try_get_by_index(0).unwrap()
}

/// A tenth off kibble from a dozen on.
async fn tenth_off_kibble(app: &App) -> String {
    let mechanic = json!({"kind": "percent", "off": 1000, "from": 12, "count_in": "pieces"});
    promote(app, "KIBBLE-10", mechanic, Some(KIBBLE)).await;
    format!(
        "/kam/promotions/{}/accounts",
        promotion(app, "KIBBLE-10").await
    )
}

/// The rows of a CSV file, without its heading.
async fn csv(client: &Client, path: &str) -> Vec<Vec<String>> {
    let file = client.page(path).await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    let text = file.text();
    let rows = text.lines().skip(1);
    rows.map(|row| row.split(',').map(str::to_owned).collect())
        .collect()
}

both! {
    async fn gaps_are_what_similar_retailers_order_and_this_one_does_not(app) {
        regulars(app).await;
        let kam = app.as_kam().await;
        let gaps = under(&kam, &profile(app), "gaps-title").await;
        assert!(gaps.contains(&format!("Product {LITTER} {LITTER} 1 of 1")), "{gaps}");
        assert!(!gaps.contains(KIBBLE), "{gaps}");
        // The buyer sees and can order every one of them.
        let all = kam.page(&format!("{}/gaps", profile(app))).await.text();
        assert!(words(&all).contains(&format!("Product {LITTER} {LITTER}")), "{all}");
        let buyer = app.as_buyer().await;
        buyer.page(&format!("/products/{LITTER}")).await;
        // Once ordered, it is none.
        ordered(app, &app.world.corner_shop, 0, &[(LITTER, 1)]).await;
        let gaps = under(&kam, &profile(app), "gaps-title").await;
        assert!(!gaps.contains(LITTER), "{gaps}");
    }

    async fn what_an_account_may_not_see_is_no_gap_of_it(app) {
        regulars(app).await;
        let rule = "INSERT INTO visibility_rules (id, effect, product_id, account_id) \
                    SELECT $1, 'exclude', id, $2 FROM products WHERE sku = $3";
        let shop = app.world.corner_shop.id;
        let values = [Uuid::now_v7().into(), shop.into(), LITTER.into()];
        app.sql.run(rule, values).await.unwrap();
        let changed = "UPDATE counters SET value = value + 1 WHERE name = 'catalogue'";
        app.sql.run(changed, []).await.unwrap();
        let kam = app.as_kam().await;
        let gaps = under(&kam, &profile(app), "gaps-title").await;
        assert!(!gaps.contains(LITTER), "{gaps}");
        let all = kam.page(&format!("{}/gaps", profile(app))).await.text();
        assert!(all.contains("No gaps") && !all.contains(LITTER), "{all}");
    }

    async fn what_is_due_rises_and_falls_can_be_counted(app) {
        regulars(app).await;
        // Terrine alone, a hundred days ago: it has fallen since, kibble has risen.
        ordered(app, &app.world.corner_shop, 100, &[(TERRINE, 120)]).await;
        let kam = app.as_kam().await;
        let due = under(&kam, &profile(app), "due-title").await;
        let kibble = format!("Product {KIBBLE} every 14 days, last 16 days ago 2 days late");
        assert!(due.contains(&kibble), "{due}");
        let rising = under(&kam, &profile(app), "rising-title").await;
        assert!(rising.contains(&format!("Product {KIBBLE} {KIBBLE} 0 120 ")), "{rising}");
        let falling = under(&kam, &profile(app), "falling-title").await;
        assert!(falling.contains(&format!("Product {TERRINE} {TERRINE} 120 48 ")), "{falling}");
        assert!(!falling.contains(KIBBLE), "{falling}");
    }

    async fn similar_accounts_of_colleagues_are_counted_and_not_named(app) {
        regulars(app).await;
        let kam = app.as_kam().await;
        let similar = under(&kam, &profile(app), "similar-title").await;
        assert!(!similar.contains(&app.world.stranger.name), "{similar}");
        assert!(similar.contains("1 account that a colleague looks after orders alike."), "{similar}");
        let admin = app.as_admin().await;
        let similar = under(&admin, &profile(app), "similar-title").await;
        assert!(similar.contains(&app.world.stranger.name), "{similar}");
        assert!(similar.contains("1 item in common"), "{similar}");
    }

    async fn another_kams_account_is_not_found(app) {
        let other = app.as_other_kam().await;
        other.get(&profile(app)).await.expect(404);
        other.get(&format!("{}/gaps", profile(app))).await.expect(404);
        app.as_buyer().await.get(&format!("{}/gaps", profile(app))).await.expect(403);
    }

    async fn an_account_that_never_ordered_has_a_profile_that_says_so(app) {
        app.sql.run("UPDATE orders SET state = 'cancelled'", []).await.unwrap();
        let kam = app.as_kam().await;
        let text = words(&kam.page(&profile(app)).await.text());
        assert!(text.contains("There is no similar account to compare with yet."), "{text}");
        assert!(text.contains("No other account orders the same items yet."), "{text}");
        assert!(text.contains("Nothing is ordered more of than in the 90 days before."), "{text}");
    }

    async fn accounts_are_ranked_by_what_a_promotion_brings_at_their_own_prices(app) {
        regulars(app).await;
        let path = tenth_off_kibble(app).await;
        let marketing = app.sign_in(MARKETING).await;
        let rows = csv(&marketing, &format!("{path}.csv")).await;
        // Nobody else has a price for kibble.
        let (shop, stranger) = (&app.world.corner_shop, &app.world.stranger);
        let mut numbers: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
        numbers.sort_unstable();
        let mut expected = [shop.number.as_str(), stranger.number.as_str()];
        expected.sort_unstable();
        assert_eq!(numbers, expected);
        let worth = |row: &Vec<String>| row[3].parse::<f64>().unwrap();
        assert!(worth(&rows[0]) >= worth(&rows[1]), "{rows:?}");
        // 24 at 2.50 each, a tenth off.
        let own = rows.iter().find(|row| row[0] == shop.number).unwrap();
        assert_eq!((own[4].as_str(), own[5].as_str()), ("6.00", "EUR"));
        assert_eq!(own[6], format!("24 × {KIBBLE}"));
        let page = words(&marketing.page(&path).await.text());
        assert!(page.contains(&shop.name) && page.contains(&stranger.name), "{page}");
        assert!(page.contains("€6.00"), "{page}");
        assert!(page.contains("in each of their last 5 orders"), "{page}");
    }

    async fn a_kam_ranks_their_own_accounts_alone(app) {
        regulars(app).await;
        let path = tenth_off_kibble(app).await;
        let kam = app.sign_in(KAM_NORTH).await;
        let rows = csv(&kam, &format!("{path}.csv")).await;
        let numbers: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
        assert_eq!(numbers, [app.world.corner_shop.number.as_str()]);
        let page = kam.page(&path).await.text();
        assert!(!page.contains(&app.world.stranger.name), "{page}");
        let nowhere = "/kam/promotions/00000000-0000-0000-0000-0000000000ff/accounts";
        kam.get(nowhere).await.expect(404);
        kam.get(&format!("{nowhere}.csv")).await.expect(404);
    }

    async fn who_does_not_see_a_promotions_items_is_not_ranked(app) {
        regulars(app).await;
        let path = tenth_off_kibble(app).await;
        let marketing = app.sign_in(MARKETING).await;
        let rule = "INSERT INTO visibility_rules (id, effect, product_id, account_id) \
                    SELECT $1, 'include', id, $2 FROM products WHERE sku = $3";
        let stranger = app.world.stranger.id;
        let values = [Uuid::now_v7().into(), stranger.into(), KIBBLE.into()];
        app.sql.run(rule, values).await.unwrap();
        let rows = csv(&marketing, &format!("{path}.csv")).await;
        let numbers: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
        assert_eq!(numbers, [app.world.stranger.number.as_str()]);
        let hide = "UPDATE visibility_rules SET effect = 'exclude', account_id = NULL, \
                    category_id = (SELECT category_id FROM products WHERE sku = $1), \
                    product_id = NULL WHERE product_id = (SELECT id FROM products WHERE sku = $1) \
                    AND effect = 'include'";
        app.sql.run(hide, [KIBBLE.into()]).await.unwrap();
        let page = marketing.page(&path).await.text();
        assert!(page.contains("No account to rank"), "{page}");
    }

    async fn what_an_account_dismissed_is_not_expected_of_it(app) {
        regulars(app).await;
        let path = tenth_off_kibble(app).await;
        let buyer = app.as_buyer().await;
        let no = [("sku", KIBBLE), ("kind", "not_for_us"), ("return", "/")];
        buyer.post("/suggestions/dismiss", &no).await.expect(303);
        let kam = app.as_kam().await;
        assert_eq!(csv(&kam, &format!("{path}.csv")).await, Vec::<Vec<String>>::new());
    }
}
