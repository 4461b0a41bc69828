//! Recommendations for programs: with reasons as data and quantities that can be ordered.

use portal::api::keys::Permission;
use reqwest::Method;
use serde_json::{Value, json};
use trade::id::AccountId;

use crate::api::{Program, faults};
use crate::harness::App;
use crate::offers::promote;
use crate::shelf::{KIBBLE, RARE, SECRET, TERRINE};
use crate::suggested::{LITTER, regulars};

async fn items(program: &Program, path: &str) -> Vec<Value> {
    let answer = program.get(path).await.expect(200).json();
    assert_eq!(answer["next"], Value::Null);
    answer["items"].as_array().unwrap().clone()
}

fn skus(items: &[Value]) -> Vec<&str> {
    items
        .iter()
        .map(|item| item["sku"].as_str().unwrap())
        .collect()
}

async fn brand_for(app: &App) -> (Program, String) {
    let account = format!("account={}", app.world.corner_shop.number);
    (Program::brand(app).await, account)
}

both! {
    async fn what_is_due_comes_with_its_facts_and_a_quantity_that_can_be_ordered(app) {
        regulars(app).await;
        let shop = Program::shop(app).await;
        let due = items(&shop, "/recommendations?list=due").await;
        let kibble = due.iter().find(|item| item["sku"] == KIBBLE).unwrap();
        assert_eq!(kibble["list"], "due");
        assert_eq!(kibble["unit"], "H87");
        assert_eq!(kibble["quantity"], 24);
        assert_eq!(kibble["pieces"], 24);
        assert_eq!(kibble["price"], json!({"amount": "2.50", "currency": "EUR"}));
        let reasons = kibble["reasons"].as_array().unwrap();
        let rhythm = reasons.iter().find(|reason| reason["kind"] == "rhythm").unwrap();
        assert_eq!(*rhythm, json!({
            "kind": "rhythm",
            "facts": {"every_days": 14, "last_days_ago": 16},
            "text": "about every 14 days, last 16 days ago",
        }));
        let lines: Vec<Value> = due
            .iter()
            .map(|item| json!({"sku": item["sku"], "unit": item["unit"], "quantity": item["quantity"]}))
            .collect();
        let prices = shop.send(Method::POST, "/prices", &json!({"lines": lines})).await.expect(200);
        assert!(!prices.text().contains("\"problem\": {"), "{}", prices.text());
    }

    async fn each_list_answers_its_own_question_and_all_of_them_name_a_product_once(app) {
        regulars(app).await;
        let shop = Program::shop(app).await;
        let usual = items(&shop, "/recommendations?list=usual").await;
        assert!(skus(&usual).contains(&KIBBLE) && !skus(&usual).contains(&LITTER), "{usual:?}");
        for item in &usual {
            let chance = item["probability"].as_f64().unwrap();
            assert!((0.0..=1.0).contains(&chance), "{item}");
            assert!(!item["reasons"].as_array().unwrap().is_empty(), "{item}");
        }
        let new = items(&shop, "/recommendations?list=new").await;
        assert!(skus(&new).contains(&LITTER), "{new:?}");
        for own in [KIBBLE, TERRINE, RARE] {
            assert!(!skus(&new).contains(&own), "{own} was ordered before");
        }
        let all = items(&shop, "/recommendations").await;
        let mut once = skus(&all);
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), all.len());
        let lists: Vec<&str> = all.iter().map(|item| item["list"].as_str().unwrap()).collect();
        let first_of = |list: &str| lists.iter().position(|one| *one == list).unwrap();
        assert!(first_of("due") < first_of("new"), "{lists:?}");
        assert!(!skus(&all).contains(&SECRET));
    }

    async fn a_limit_is_kept(app) {
        regulars(app).await;
        let shop = Program::shop(app).await;
        assert_eq!(items(&shop, "/recommendations?limit=1").await.len(), 1);
        assert_eq!(items(&shop, "/recommendations?limit=2").await.len(), 2);
        assert!(items(&shop, "/recommendations?limit=100").await.len() >= 4);
    }

    async fn what_is_asked_wrongly_is_told_field_by_field(app) {
        let shop = Program::shop(app).await;
        for (path, field) in [
            ("/recommendations?limit=0", "limit"),
            ("/recommendations?limit=101", "limit"),
            ("/recommendations?limit=many", "limit"),
            ("/recommendations?list=best", "list"),
            ("/recommendations/promotions?limit=-1", "limit"),
            ("/recommendations?account=1", "account"),
        ] {
            let answer = shop.get(path).await.expect(422);
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert_eq!(faults(&answer), [field], "{path}");
        }
        let both = shop.get("/recommendations?limit=0&list=best").await.expect(422);
        assert_eq!(faults(&both), ["limit", "list"]);
    }

    async fn a_key_sees_its_own_account_and_the_brand_the_one_it_names(app) {
        regulars(app).await;
        let stranger = app.world.stranger.number.clone();
        let shop = Program::shop(app).await;
        let foreign = shop.get(&format!("/recommendations?account={stranger}")).await.expect(422);
        assert_eq!(faults(&foreign), ["account"]);
        let (brand, account) = brand_for(app).await;
        for path in ["/recommendations", "/recommendations/promotions"] {
            assert_eq!(faults(&brand.get(path).await.expect(422)), ["account"]);
        }
        assert_eq!(
            items(&brand, &format!("/recommendations?{account}")).await,
            items(&shop, "/recommendations").await
        );
        // The brand sees everything; what it is told is what the account may order.
        let all = items(&brand, &format!("/recommendations?limit=100&{account}")).await;
        assert!(!skus(&all).contains(&SECRET));
        let account = Some(AccountId(app.world.corner_shop.id));
        let lacking = Program::of(app, account, &[Permission::CatalogueRead]).await;
        lacking.get("/recommendations").await.expect(403);
        lacking.get("/recommendations/promotions").await.expect(403);
        let nobody = app.visitor();
        nobody.get("/api/v1/recommendations").await.expect(401);
    }

    async fn promotions_come_with_what_they_save_on_the_usual(app) {
        regulars(app).await;
        let mechanic = json!({"kind": "percent", "off": 1000, "from": 12, "count_in": "pieces"});
        promote(app, "KIBBLE-10", mechanic, Some(KIBBLE)).await;
        let shop = Program::shop(app).await;
        let found = items(&shop, "/recommendations/promotions?limit=5").await;
        assert_eq!(found.len(), 1);
        let offer = &found[0];
        assert_eq!(offer["promotion"], "KIBBLE-10");
        assert_eq!(offer["valid_until"], "2026-12-31");
        assert_eq!(offer["saving"], json!({"amount": "6.00", "currency": "EUR"}));
        assert_eq!(offer["items"][0]["sku"], KIBBLE);
        assert_eq!(offer["items"][0]["quantity"], 24);
        assert_eq!(offer["reasons"][0]["kind"], "saves");
        assert_eq!(offer["reasons"][0]["facts"]["saving"]["amount"], "6.00");
        let none = Program::stranger(app).await;
        let found = items(&none, "/recommendations/promotions").await;
        assert!(found.iter().all(|offer| offer["items"][0]["sku"] != SECRET));
    }
}
