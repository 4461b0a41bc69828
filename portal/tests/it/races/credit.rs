//! Who races for what is left of a credit limit.

use futures_util::future::join_all;
use sea_orm::sea_query::Value as Bind;
use serde_json::json;

use super::{Item, Shop, books_agree, corner_shop, items, nothing_holds, only, shops};
use crate::harness::{Answer, App};

/// What an order of so many pieces is worth to this shop, gross; it is taken back again.
async fn worth(shop: &Shop, item: &Item, pieces: i64) -> i64 {
    let placed = shop
        .order(&format!("worth-{pieces}"), &[item.line(pieces)])
        .await;
    let placed = placed.expect(201).json();
    assert_eq!(placed["state"], "confirmed", "{placed}");
    shop.cancel(placed["number"].as_str().unwrap())
        .await
        .expect(200);
    let gross = placed["gross"]["amount"].as_str().unwrap();
    gross.replace('.', "").parse().unwrap()
}

/// Leaves so much of the limit of whoever pays for this shop.
async fn leave(app: &App, payer: uuid::Uuid, minor: i64) {
    let sql = "UPDATE accounts SET credit_limit_minor = $1 + (SELECT coalesce(max(held_minor \
               + confirmed_minor + receivable_minor), 0) FROM credit_accounts \
               WHERE account_id = $2) WHERE id = $2";
    let values: [Bind; 2] = [minor.into(), payer.into()];
    app.sql.run(sql, values).await.unwrap();
}

fn in_state(answers: &[Answer], state: &str) -> usize {
    answers
        .iter()
        .filter(|answer| answer.json()["state"] == state)
        .count()
}

#[track_caller]
fn held_for_credit(answer: &Answer) {
    let order = answer.json();
    if order["state"] == "held" {
        let kinds: Vec<_> = order["holds"]
            .as_array()
            .unwrap()
            .iter()
            .map(|h| &h["kind"])
            .collect();
        assert_eq!(kinds, [&json!("credit")], "{order}");
    }
}

both! {
    async fn of_two_orders_at_sixty_per_cent_of_the_limit_one_is_held(app) {
        nothing_holds(app).await;
        let item = &items(app, 1, "back_order", 1_000).await[0];
        let shop = corner_shop(app).await;
        let gross = worth(&shop, item, 10).await;
        leave(app, shop.id, gross * 100 / 60).await;
        let answers = join_all([
            shop.order("first", &[item.line(10)]),
            shop.order("second", &[item.line(10)]),
        ])
        .await;
        only(&answers, &[201]);
        assert_eq!((in_state(&answers, "confirmed"), in_state(&answers, "held")), (1, 1));
        answers.iter().for_each(held_for_credit);
        books_agree(app).await;
    }

    async fn two_shops_that_one_head_office_pays_for_share_its_limit(app) {
        nothing_holds(app).await;
        let item = &items(app, 1, "back_order", 1_000).await[0];
        let mut all = shops(app, 3).await;
        let payer = all.remove(0).id;
        let (one, other) = (all.remove(0), all.remove(0));
        for shop in [&one, &other] {
            let values: [Bind; 2] = [payer.into(), shop.id.into()];
            let sql = "UPDATE accounts SET bill_to_id = $1 WHERE id = $2";
            app.sql.run(sql, values).await.unwrap();
        }
        let (first, second) = (worth(&one, item, 10).await, worth(&other, item, 10).await);
        leave(app, payer, first.max(second) + first.min(second) / 2).await;
        let answers = join_all([
            one.order("first", &[item.line(10)]),
            other.order("second", &[item.line(10)]),
        ])
        .await;
        only(&answers, &[201]);
        assert_eq!((in_state(&answers, "confirmed"), in_state(&answers, "held")), (1, 1));
        books_agree(app).await;
    }

    async fn thirty_two_at_once_confirm_as_many_as_the_limit_carries(app) {
        nothing_holds(app).await;
        let item = &items(app, 1, "back_order", 1_000).await[0];
        let shop = corner_shop(app).await;
        let gross = worth(&shop, item, 3).await;
        leave(app, shop.id, gross * 5 + gross / 2).await;
        let keys: Vec<String> = (0..32).map(|at| format!("order-{at}")).collect();
        let lines = [item.line(3)];
        let answers = join_all(keys.iter().map(|key| shop.order(key, &lines))).await;
        only(&answers, &[201]);
        answers.iter().for_each(held_for_credit);
        assert_eq!((in_state(&answers, "confirmed"), in_state(&answers, "held")), (5, 27));
        books_agree(app).await;
    }

    async fn a_held_order_says_so_and_says_it_again(app) {
        nothing_holds(app).await;
        let item = &items(app, 1, "back_order", 1_000).await[0];
        let shop = corner_shop(app).await;
        leave(app, shop.id, 0).await;
        let body = json!({"lines": [item.line(2)], "po_number": "PO-1"});
        let placed = shop.place("key-1", &body).await.expect(201);
        let order = placed.json();
        assert_eq!(order["state"], "held");
        assert_eq!(order["holds"][0]["kind"], "credit", "{order}");
        assert_eq!(placed.header("location"), format!("/api/v1/orders/{}", order["number"].as_str().unwrap()));
        let again = shop.place("key-1", &body).await.expect(201);
        assert_eq!(again.header("idempotent-replayed"), "true");
        assert_eq!(again.json(), order);
        assert_eq!(again.header("etag"), placed.header("etag"));
        books_agree(app).await;
    }
}
