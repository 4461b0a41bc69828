//! Who races for what is left of a promotion: its fund, its count, its cap.

use futures_util::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Deal, Item, Shop, books_agree, corner_shop, fund, how_many, items, nothing_holds, only,
    refused_for, shops,
};
use crate::harness::{Answer, App};

/// Pieces that are worth more than any promotion here takes off.
const PIECES: i64 = 60;

/// All order at once, `times` each.
async fn race(shops: &[Shop], item: &Item, times: usize) -> Vec<Answer> {
    let orders = shops.iter().enumerate().flat_map(|(at, shop)| {
        (0..times).map(move |time| async move {
            shop.order(&format!("race-{at}-{time}"), &[item.line(PIECES)])
                .await
        })
    });
    let answers = join_all(orders).await;
    only(&answers, &[201]);
    answers
}

/// Orders that hold the promotion, and what they spend of it.
async fn used(app: &App, promotion: Uuid) -> (i64, i64) {
    let uses =
        "SELECT count(*) FROM promotion_uses WHERE promotion_id = $1 AND state <> 'released'";
    let spent = "SELECT CAST(coalesce(sum(discount_minor), 0) AS bigint) FROM orders o JOIN \
                 promotion_uses u ON u.order_id = o.id WHERE u.promotion_id = $1 \
                 AND u.state <> 'released'";
    (
        app.sql.number(uses, [promotion.into()]).await,
        app.sql.number(spent, [promotion.into()]).await,
    )
}

both! {
    async fn a_fund_of_a_thousand_gives_thirty_to_exactly_thirty_three(app) {
        nothing_holds(app).await;
        let item = &items(app, 1, "back_order", 100_000).await[0];
        let fund = fund(app, "SPRING", 100_000).await;
        let promotion = Deal { fund: Some(fund), ..Deal::off(3_000) }.run(app, "THIRTY-OFF").await;
        race(&shops(app, 50).await, item, 2).await;
        assert_eq!(used(app, promotion).await, (33, 99_000));
        let left = "SELECT budget_minor - reserved_minor - committed_minor FROM funds \
                    WHERE code = 'SPRING'";
        assert_eq!(app.sql.number(left, []).await, 1_000);
        books_agree(app).await;
    }

    async fn whoever_reckoned_with_a_promotion_that_is_used_up_is_told_the_difference(app) {
        nothing_holds(app).await;
        let item = &items(app, 1, "back_order", 100_000).await[0];
        let shop = corner_shop(app).await;
        let fund = fund(app, "SPRING", 100_000).await;
        let promotion = Deal { fund: Some(fund), ..Deal::off(3_000) }.run(app, "THIRTY-OFF").await;
        let placed = shop.order("look", &[item.line(PIECES)]).await.expect(201).json();
        shop.cancel(placed["number"].as_str().unwrap()).await.expect(200);
        let orders = (0..100).map(|at| {
            let body = json!({"lines": [item.line(PIECES)], "po_number": at.to_string(),
                "expected_total": placed["gross"]});
            let shop = &shop;
            async move { shop.place(&format!("reckoned-{at}"), &body).await }
        });
        let answers = join_all(orders).await;
        only(&answers, &[201, 409]);
        assert_eq!(how_many(&answers, 201), 33);
        refused_for(&answers, "total-changed");
        let late = answers.iter().find(|answer| answer.status == 409).unwrap().json();
        let expected = cents(&placed["net"]) + 3_000;
        let now = late["facts"]["net"].as_str().unwrap().replace('.', "");
        assert_eq!(now, expected.to_string(), "{late}");
        assert_eq!(used(app, promotion).await, (33, 99_000));
        books_agree(app).await;
    }

    async fn a_promotion_is_used_as_often_as_it_may_be_in_all(app) {
        nothing_holds(app).await;
        let item = &items(app, 1, "back_order", 100_000).await[0];
        let promotion = Deal { most_uses: Some(7), ..Deal::off(500) }.run(app, "FIRST-SEVEN").await;
        race(&shops(app, 40).await, item, 1).await;
        assert_eq!(used(app, promotion).await, (7, 3_500));
        books_agree(app).await;
    }

    async fn a_promotion_is_used_as_often_as_an_account_may(app) {
        nothing_holds(app).await;
        let item = &items(app, 1, "back_order", 100_000).await[0];
        let deal = Deal { most_uses_per_account: Some(1), ..Deal::off(500) };
        let promotion = deal.run(app, "ONCE-EACH").await;
        race(&shops(app, 5).await, item, 8).await;
        assert_eq!(used(app, promotion).await, (5, 2_500));
        books_agree(app).await;
    }

    async fn a_cap_is_never_overspent(app) {
        nothing_holds(app).await;
        let item = &items(app, 1, "back_order", 100_000).await[0];
        let deal = Deal { cap_minor: Some(10_000), ..Deal::off(3_000) };
        let promotion = deal.run(app, "CAPPED").await;
        race(&shops(app, 24).await, item, 1).await;
        assert_eq!(used(app, promotion).await, (3, 9_000));
        books_agree(app).await;
    }

    /// One promotion runs out and another takes its place: what is locked grows while it is
    /// locked, in either order.
    async fn promotions_that_stand_in_for_each_other_cause_no_deadlock(app) {
        nothing_holds(app).await;
        let items = items(app, 2, "back_order", 100_000).await;
        let (one, other) = (fund(app, "ONE", 30_000).await, fund(app, "OTHER", 30_000).await);
        let mut deals = Vec::new();
        for at in 0..4 {
            let (item, fund) = if at % 2 == 0 { (&items[0], one) } else { (&items[1], other) };
            let deal = Deal { fund: Some(fund), items: vec![item.id], most_uses: Some(4), ..Deal::off(1_000 + at) };
            deals.push(deal.run(app, &format!("DEAL-{at}")).await);
        }
        let shops = shops(app, 64).await;
        let orders = shops.iter().enumerate().map(|(at, shop)| {
            let mut lines = vec![items[0].line(PIECES), items[1].line(PIECES)];
            if at % 3 > 0 {
                lines.swap_remove(at % 2);
            }
            async move { shop.order(&format!("stand-in-{at}"), &lines).await }
        });
        let answers = join_all(orders).await;
        only(&answers, &[201]);
        for deal in deals {
            assert_eq!(used(app, deal).await.0, 4);
        }
        books_agree(app).await;
    }

    async fn what_is_cancelled_goes_back_to_the_fund_and_is_given_again(app) {
        nothing_holds(app).await;
        let item = &items(app, 1, "back_order", 100_000).await[0];
        let fund = fund(app, "SPRING", 6_000).await;
        let promotion = Deal { fund: Some(fund), ..Deal::off(3_000) }.run(app, "THIRTY-OFF").await;
        let shops = shops(app, 16).await;
        let first = race(&shops, item, 1).await;
        assert_eq!(used(app, promotion).await, (2, 6_000));
        let back = first.iter().zip(&shops).map(|(placed, shop)| async move {
            shop.cancel(placed.json()["number"].as_str().unwrap()).await
        });
        only(&join_all(back).await, &[200]);
        assert_eq!(used(app, promotion).await, (0, 0));
        let again = shops.iter().enumerate().map(|(at, shop)| async move {
            shop.order(&format!("again-{at}"), &[item.line(PIECES)]).await
        });
        only(&join_all(again).await, &[201]);
        assert_eq!(used(app, promotion).await, (2, 6_000));
        books_agree(app).await;
    }
}

fn cents(money: &Value) -> i64 {
    money["amount"]
        .as_str()
        .unwrap()
        .replace('.', "")
        .parse()
        .unwrap()
}
