//! Who races for the last pieces.

use futures_util::future::join_all;
use portal::stock::waiting;
use serde_json::{Value, json};

use super::{Deal, books_agree, how_many, items, nothing_holds, only, refused_for, shops};
use crate::harness::{Answer, App};

const BUYERS: usize = 64;

/// Sixty-four order these lines at once; the lines may differ by buyer.
async fn race(app: &App, lines: impl Fn(usize) -> Vec<Value>) -> Vec<Answer> {
    nothing_holds(app).await;
    let shops = shops(app, BUYERS).await;
    let orders = shops.iter().enumerate().map(|(at, shop)| {
        let lines = lines(at);
        async move { shop.order(&format!("race-{at}"), &lines).await }
    });
    let answers = join_all(orders).await;
    only(&answers, &[201, 409]);
    refused_for(&answers, "lines-not-orderable");
    answers
}

both! {
    async fn sixty_four_buyers_get_exactly_the_ten_pieces_there_are(app) {
        let item = &items(app, 1, "strict", 10).await[0];
        let answers = race(app, |_| vec![item.line(1)]).await;
        assert_eq!(how_many(&answers, 201), 10);
        assert_eq!(item.left(app).await, 0);
        books_agree(app).await;
    }

    async fn an_order_that_names_the_item_twice_takes_both_from_the_same_pieces(app) {
        let item = &items(app, 1, "strict", 11).await[0];
        let answers = race(app, |_| vec![item.line(1), item.line(1)]).await;
        assert_eq!(how_many(&answers, 201), 5);
        assert_eq!(item.left(app).await, 1);
        books_agree(app).await;
    }

    async fn two_items_in_either_order_run_out_together(app) {
        let items = items(app, 2, "strict", 12).await;
        let (one, other) = (&items[0], &items[1]);
        let both_ways = |at: usize| {
            let mut lines = vec![one.line(1), other.line(1)];
            if at.is_multiple_of(2) {
                lines.reverse();
            }
            lines
        };
        let answers = race(app, both_ways).await;
        assert_eq!(how_many(&answers, 201), 12);
        assert_eq!((one.left(app).await, other.left(app).await), (0, 0));
        books_agree(app).await;
    }

    async fn goods_that_come_along_are_taken_from_the_same_pieces(app) {
        let item = &items(app, 1, "strict", 11).await[0];
        let give = json!({"product": item.id, "pieces": 1});
        Deal {
            mechanic: json!({"kind": "free_goods", "buy": 2, "count_in": "pieces", "give": give,
                "times": 1}),
            items: vec![item.id],
            ..Deal::default()
        }
        .run(app, "TWO-AND-ONE")
        .await;
        let answers = race(app, |_| vec![item.line(2)]).await;
        // Three orders with their gift, and one more of the two pieces that are left.
        assert_eq!(how_many(&answers, 201), 4);
        assert_eq!(item.left(app).await, 0);
        let given = "SELECT count(*) FROM order_lines WHERE promotion_id IS NOT NULL";
        assert_eq!(app.sql.number(given, []).await, 3);
        books_agree(app).await;
    }

    async fn what_is_cancelled_meanwhile_is_sold_again_and_never_twice(app) {
        let item = &items(app, 1, "strict", 8).await[0];
        nothing_holds(app).await;
        let shops = shops(app, 32).await;
        let changeable = shops.iter().enumerate().map(async |(at, shop)| {
            let placed = shop.order(&format!("kept-{at}"), &[item.line(1)]).await;
            if placed.status != 201 || at.is_multiple_of(2) {
                return vec![placed];
            }
            let number = placed.json()["number"].as_str().unwrap().to_owned();
            let back = shop.cancel(&number).await;
            let again = shop.order(&format!("again-{at}"), &[item.line(1)]).await;
            vec![placed, back, again]
        });
        let answers: Vec<Answer> = join_all(changeable).await.into_iter().flatten().collect();
        only(&answers, &[200, 201, 409]);
        let open = "SELECT CAST(coalesce(sum(l.allocated), 0) AS bigint) FROM order_lines l \
                    JOIN orders o ON o.id = l.order_id WHERE o.source = 'api' \
                    AND l.product_id = $1";
        let open = app.sql.number(open, [item.id.into()]).await;
        assert_eq!(open + item.left(app).await, 8);
        books_agree(app).await;
    }

    /// Goods that come in pass by an order whose row somebody holds; where that comes to nothing,
    /// the worker makes up for it.
    async fn an_order_that_was_passed_by_gets_its_pieces_later(app) {
        nothing_holds(app).await;
        let item = &items(app, 1, "back_order", 2).await[0];
        let shop = &shops(app, 1).await[0];
        let order = shop.order("owed", &[item.line(5)]).await.expect(201).json();
        assert_eq!(order["lines"][0]["back_ordered"], 3);
        assert_eq!(waiting::serve_passed_by(&app.data).await.unwrap(), 0);
        let more = "UPDATE stock SET on_hand = on_hand + 4 WHERE product_id = $1";
        app.sql.run(more, [item.id.into()]).await.unwrap();
        let why = "INSERT INTO stock_movements (id, product_id, at, on_hand, allocated, reserved, \
                   cause, reference) VALUES ($1, $2, 0, 4, 0, 0, 'receipt', 'passed by')";
        app.sql.run(why, [uuid::Uuid::now_v7().into(), item.id.into()]).await.unwrap();
        assert_eq!(waiting::serve_passed_by(&app.data).await.unwrap(), 1);
        assert_eq!(item.left(app).await, 1);
        books_agree(app).await;
    }
}
