//! What `kontor check` finds in books that do not agree.

use portal::check;

use crate::harness::App;

/// What is found for the rule that begins with `holds`.
async fn found(app: &App, holds: &str) -> Vec<String> {
    let findings = check::books(&app.data.db).await.unwrap();
    let of = findings
        .into_iter()
        .filter(|finding| finding.holds.starts_with(holds));
    of.flat_map(|finding| finding.subjects).collect()
}

both! {
    async fn a_net_other_than_the_sum_of_the_lines_is_found(app) {
        let holds = "an order's net is the sum";
        let before = found(app, holds).await;
        let number = app.world.corner_shop.order.clone();
        assert!(!before.contains(&number));
        let sql = "UPDATE orders SET net_minor = net_minor + 1, gross_minor = gross_minor + 1 \
                   WHERE number = $1";
        app.sql.run(sql, [number.clone().into()]).await.unwrap();
        assert!(found(app, holds).await.contains(&number));
    }

    async fn stock_that_is_set_aside_for_nobody_is_found(app) {
        let sku = app.sql.text("SELECT min(p.sku) FROM products p JOIN stock s ON s.product_id = p.id", []).await;
        let holds = "what stock says is allocated and reserved is what its movements";
        assert!(!found(app, holds).await.contains(&sku));
        let sql = "UPDATE stock SET allocated = allocated + 1 \
                   WHERE product_id = (SELECT id FROM products WHERE sku = $1)";
        app.sql.run(sql, [sku.clone().into()]).await.unwrap();
        assert!(found(app, holds).await.contains(&sku));
    }

    async fn a_mail_that_waits_without_a_job_is_found(app) {
        let holds = "a mail that waits";
        assert_eq!(found(app, holds).await, Vec::<String>::new());
        app.sql.run("UPDATE mails SET state = 'waiting'", []).await.unwrap();
        assert_eq!(found(app, holds).await, ["A sample"]);
    }

    async fn an_answer_that_names_no_order_is_found(app) {
        let sql = "INSERT INTO idempotency_keys (owner, key, request_hash, status, answer, created_at) \
                   VALUES ($1, 'key-1', 'x', 201, $2, 0)";
        let answer = serde_json::json!({"number": "999999"});
        app.sql.run(sql, [uuid::Uuid::nil().into(), answer.into()]).await.unwrap();
        assert_eq!(found(app, "the answer to a repeated request").await, ["key-1"]);
    }
}
