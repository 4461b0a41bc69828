//! Who decides first: approving, rejecting, cancelling and expiring at once.

use futures_util::future::{join, join_all, join3};
use portal::orders::decide;
use sea_orm::sea_query::Value as Bind;
use serde_json::json;
use uuid::Uuid;

use super::{Item, Shop, books_agree, corner_shop, how_many, items, nothing_holds, only};
use crate::harness::{Answer, App, Client, PASSWORD};

/// A browser that has its forms' token at hand.
struct Person {
    client: Client,
    token: String,
}

impl Person {
    async fn of(client: Client) -> Person {
        let token = client.token().await;
        Person { client, token }
    }

    async fn post(&self, path: &str, reason: &str) -> Answer {
        let fields = [("csrf", self.token.as_str()), ("reason", reason)];
        self.client.post_raw(path, &fields).await
    }

    async fn release(&self, hold: Uuid) -> Answer {
        self.post(&format!("/holds/{hold}/release"), "Fine").await
    }

    async fn reject(&self, hold: Uuid) -> Answer {
        self.post(&format!("/holds/{hold}/reject"), "Too much")
            .await
    }
}

/// Every order of the corner shop asks for an approval; the owner and a second approver give it.
async fn approvers(app: &App) -> (Person, Person) {
    nothing_holds(app).await;
    let rule = "INSERT INTO approval_rules (id, account_id, kind, threshold_minor, level, \
                created_at) VALUES ($1, $2, 'total', 0, 1, 0)";
    let values: [Bind; 2] = [Uuid::now_v7().into(), app.world.corner_shop.id.into()];
    app.sql.run(rule, values).await.unwrap();
    let second = "INSERT INTO users (id, email, name, password_hash, role, account_id, status, \
                  locale, theme, created_at) SELECT $1, 'second@demo.kontor.example', \
                  'Sina Second', password_hash, 'approver', account_id, status, locale, theme, \
                  created_at FROM users WHERE email = 'owner@demo.kontor.example'";
    app.sql.run(second, [Uuid::now_v7().into()]).await.unwrap();
    let second = app.visitor();
    second
        .sign_in("second@demo.kontor.example", PASSWORD)
        .await
        .expect(303);
    (
        Person::of(app.as_owner().await).await,
        Person::of(second).await,
    )
}

/// Places an order that is held; its number and its hold.
async fn held(app: &App, shop: &Shop, item: &Item, key: &str) -> (String, Uuid) {
    let order = shop.order(key, &[item.line(1)]).await.expect(201).json();
    assert_eq!(order["state"], "held", "{order}");
    let number = order["number"].as_str().unwrap().to_owned();
    let sql = "SELECT h.id FROM holds h JOIN orders o ON o.id = h.order_id WHERE o.number = $1 \
               AND h.state = 'open'";
    let rows = app.sql.rows(sql, [number.clone().into()]).await;
    assert_eq!(rows.len(), 1);
    (number, rows[0].try_get("", "id").unwrap())
}

async fn state(app: &App, number: &str) -> String {
    app.sql
        .text(
            "SELECT state FROM orders WHERE number = $1",
            [number.into()],
        )
        .await
}

async fn events(app: &App, number: &str, kind: &str) -> i64 {
    let sql = "SELECT count(*) FROM order_events e JOIN orders o ON o.id = e.order_id \
               WHERE o.number = $1 AND e.kind = $2";
    app.sql.number(sql, [number.into(), kind.into()]).await
}

both! {
    async fn two_who_approve_at_once_approve_once(app) {
        let (owner, second) = approvers(app).await;
        let item = &items(app, 1, "strict", 10).await[0];
        let shop = corner_shop(app).await;
        for round in 0..4 {
            let (number, hold) = held(app, &shop, item, &format!("round-{round}")).await;
            let (one, other) = join(owner.release(hold), second.release(hold)).await;
            let answers = [one, other];
            only(&answers, &[303, 409]);
            assert_eq!(how_many(&answers, 303), 1);
            assert_eq!(state(app, &number).await, "confirmed");
            assert_eq!(events(app, &number, "hold_released").await, 1);
            assert_eq!(events(app, &number, "confirmed").await, 1);
        }
        assert_eq!(item.left(app).await, 6);
        books_agree(app).await;
    }

    async fn approved_rejected_cancelled_and_expired_at_once_it_comes_to_one_of_them(app) {
        let (owner, second) = approvers(app).await;
        let item = &items(app, 1, "strict", 10).await[0];
        let shop = corner_shop(app).await;
        let mut confirmed = 0;
        for round in 0..8 {
            let (number, hold) = held(app, &shop, item, &format!("round-{round}")).await;
            // Nobody has decided for longer than there was time.
            let week = "UPDATE holds SET opened_at = opened_at - 691200000, \
                        due_at = due_at - 691200000 WHERE id = $1";
            app.sql.run(week, [hold.into()]).await.unwrap();
            let people = join3(owner.release(hold), second.reject(hold), shop.cancel(&number));
            let ((approved, rejected, cancelled), expired) =
                join(people, decide::expire_due(&app.data)).await;
            let answers = [approved, rejected, cancelled];
            only(&answers, &[200, 303, 409]);
            let [approved, rejected, cancelled] =
                [&answers[0], &answers[1], &answers[2]].map(|answer| answer.status < 400);
            let expired = expired.unwrap() == 1;
            let end = state(app, &number).await;
            match (approved, rejected, cancelled, expired) {
                (true, false, false, false) => {
                    confirmed += 1;
                    assert_eq!(end, "confirmed");
                }
                // A confirmed order may still be cancelled.
                (_, false, true, false) => assert_eq!(end, "cancelled"),
                (false, true, false, false) => assert_eq!(end, "rejected"),
                (false, false, false, true) => assert_eq!(end, "expired"),
                several => panic!("{several:?} led to {end}"),
            }
            assert_eq!(item.left(app).await, 10 - confirmed);
        }
        books_agree(app).await;
    }

    async fn cancelled_eight_times_at_once_an_order_gives_back_once(app) {
        nothing_holds(app).await;
        let item = &items(app, 1, "strict", 10).await[0];
        let shop = corner_shop(app).await;
        let order = shop.order("once", &[item.line(4)]).await.expect(201).json();
        assert_eq!(item.left(app).await, 6);
        let number = order["number"].as_str().unwrap();
        let answers = join_all((0..8).map(|_| shop.cancel(number))).await;
        only(&answers, &[200, 409]);
        assert_eq!(how_many(&answers, 200), 1);
        assert_eq!(item.left(app).await, 10);
        assert_eq!(events(app, number, "cancelled").await, 1);
        books_agree(app).await;
    }

    async fn the_same_key_at_once_is_one_order_and_another_body_is_refused(app) {
        nothing_holds(app).await;
        let item = &items(app, 1, "strict", 100).await[0];
        let shop = corner_shop(app).await;
        let bodies = [1, 2].map(|quantity| json!({"lines": [item.line(quantity)]}));
        let sent = (0..16).map(|at| shop.place("same", &bodies[at % 2]));
        let answers = join_all(sent).await;
        only(&answers, &[201, 409]);
        assert_eq!((how_many(&answers, 201), how_many(&answers, 409)), (8, 8));
        super::refused_for(&answers, "idempotency-key-reused");
        let placed: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
        let replayed = placed.iter().filter(|a| a.header("idempotent-replayed") == "true").count();
        assert_eq!(replayed, 7);
        let mut numbers: Vec<_> = placed.iter().map(|a| a.json()["number"].clone()).collect();
        numbers.dedup();
        assert_eq!(numbers.len(), 1, "{numbers:?}");
        books_agree(app).await;
    }

    async fn a_key_account_manager_cancels_an_order_of_their_own_account(app) {
        let (_, _) = approvers(app).await;
        let item = &items(app, 1, "strict", 10).await[0];
        let shop = corner_shop(app).await;
        let (number, _) = held(app, &shop, item, "held").await;
        let kam = Person::of(app.as_kam().await).await;
        let answer = kam.post(&format!("/orders/{number}/cancel"), "The shop has called").await;
        answer.expect(303);
        assert_eq!(state(app, &number).await, "cancelled");
        assert_eq!(item.left(app).await, 10);
        books_agree(app).await;
    }

    async fn an_order_that_cannot_expire_keeps_no_other_from_expiring(app) {
        let (_, _) = approvers(app).await;
        let items = items(app, 2, "strict", 10).await;
        let shop = corner_shop(app).await;
        let (stuck, first) = held(app, &shop, &items[0], "stuck").await;
        let (number, _) = held(app, &shop, &items[1], "other").await;
        let week = "UPDATE holds SET opened_at = opened_at - 691200000, due_at = due_at - 691200000";
        app.sql.run(week, []).await.unwrap();
        let earlier = "UPDATE holds SET due_at = due_at - 1 WHERE id = $1";
        app.sql.run(earlier, [first.into()]).await.unwrap();
        // What no code of ours does: its piece is no longer set aside, and cannot be given back.
        let sql = "UPDATE stock SET reserved = $1 WHERE product_id = $2";
        app.sql.run(sql, [0.into(), items[0].id.into()]).await.unwrap();
        assert_eq!(decide::expire_due(&app.data).await.unwrap(), 1);
        assert_eq!(state(app, &stuck).await, "held");
        assert_eq!(state(app, &number).await, "expired");
        // Mended, it expires the next time.
        app.sql.run(sql, [1.into(), items[0].id.into()]).await.unwrap();
        assert_eq!(decide::expire_due(&app.data).await.unwrap(), 1);
        assert_eq!(state(app, &stuck).await, "expired");
        books_agree(app).await;
    }
}
