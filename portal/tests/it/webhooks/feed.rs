//! Programs that ask what happened instead of being told.

use portal::webhooks::{Happened, note};
use serde_json::{Value, json};

use crate::api::Program;
use crate::harness::{App, NOW};
use crate::holds::{DAY, calm, order};

fn happened(subject: &str) -> Happened {
    Happened {
        kind: "promotion.approved",
        account: None,
        subject: subject.to_owned(),
        data: json!({"promotion": subject, "path": "/kam/promotions/1"}),
    }
}

async fn noted(app: &App, subject: &str) {
    let tx = app.data.db.begin_system("test").await.unwrap();
    note(&tx, NOW, happened(subject)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn page(program: &Program, query: &str) -> Value {
    program
        .get(&format!("/events{query}"))
        .await
        .expect(200)
        .json()
}

fn subjects(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| item["subject"].as_str().unwrap().to_owned())
        .collect()
}

both! {
    async fn a_program_reads_on_from_where_it_was(app) {
        calm(app).await;
        let brand = Program::brand(app).await;
        assert_eq!(page(&brand, "").await, json!({"items": [], "next": null}));
        for subject in ["a", "b", "c"] {
            noted(app, subject).await;
        }
        let first = page(&brand, "?limit=2").await;
        assert_eq!(subjects(&first), ["a", "b"]);
        assert_eq!(first["next"], "2");
        let second = page(&brand, "?limit=2&after=2").await;
        assert_eq!((subjects(&second), &second["next"]), (vec!["c".to_owned()], &json!(null)));
        assert_eq!(second["items"][0]["position"], 3);
        assert_eq!(second["items"][0]["timestamp"], "2026-11-24T08:30:00Z");
        let data = json!({"promotion": "c", "url": format!("{}/kam/promotions/1", app.url)});
        assert_eq!(second["items"][0]["data"], data);
        noted(app, "d").await;
        assert_eq!(subjects(&page(&brand, "?after=3").await), ["d"]);
        assert!(subjects(&page(&brand, "?after=4").await).is_empty());
        assert!(subjects(&page(&brand, "?kind=order.placed").await).is_empty());
        assert_eq!(subjects(&page(&brand, "?kind=promotion.approved").await).len(), 4);
        for wrong in ["?after=-1", "?after=x", "?kind=made.up", "?kind=webhook.test"] {
            brand.get(&format!("/events{wrong}")).await.expect(422);
        }
    }

    async fn an_account_reads_its_own(app) {
        calm(app).await;
        let (shop, stranger) = (Program::shop(app).await, Program::stranger(app).await);
        noted(app, "promotion/X").await;
        let number = order(&app.as_buyer().await, "40").await;
        let own = page(&shop, "").await;
        assert_eq!(subjects(&own), [format!("order/{number}"), format!("order/{number}")]);
        assert_eq!(own["items"][0]["type"], "order.placed");
        assert_eq!(own["items"][1]["type"], "order.confirmed");
        assert!(subjects(&page(&stranger, "").await).is_empty());
        let account = Some(trade::id::AccountId(app.world.corner_shop.id));
        let without = Program::of(app, account, &[]).await;
        without.get("/events").await.expect(403);
        app.run_jobs().await;
    }

    /// Ids are made before transactions end. Whoever reads by id passes by what ends late.
    async fn what_is_committed_late_is_not_passed_by(app) {
        if !app.sql.is_postgres() {
            // One writer at a time: nothing ends late.
            return;
        }
        let brand = Program::brand(app).await;
        let slow = app.data.db.begin_system("test").await.unwrap();
        note(&slow, NOW, happened("slow")).await.unwrap();
        noted(app, "quick").await;
        let first = page(&brand, "").await;
        assert_eq!(subjects(&first), ["quick"]);
        slow.commit().await.unwrap();
        assert_eq!(subjects(&page(&brand, "?after=1").await), ["slow"]);
        assert_eq!(subjects(&page(&brand, "").await), ["quick", "slow"]);
    }

    async fn what_is_old_is_removed_and_what_waits_is_kept(app) {
        let brand = Program::brand(app).await;
        let sql = "INSERT INTO webhook_endpoints (id, name, url, created_by, created_at) \
                   VALUES ($1, 'ERP', 'http://127.0.0.1:9/', 'Ada', 0)";
        app.sql.run(sql, [uuid::Uuid::now_v7().into()]).await.unwrap();
        noted(app, "delivered").await;
        noted(app, "waiting").await;
        assert_eq!(subjects(&page(&brand, "").await).len(), 2);
        let sql = "UPDATE webhook_deliveries SET state = 'delivered' WHERE event_id IN \
                   (SELECT id FROM events WHERE subject = 'delivered')";
        app.sql.run(sql, []).await.unwrap();
        let sweep = async |now: i64| {
            let tx = app.data.db.begin_system("test").await.unwrap();
            portal::webhooks::log::delete_old(&tx, now).await.unwrap();
            tx.commit().await.unwrap();
        };
        sweep(NOW + 90 * DAY).await;
        assert_eq!(subjects(&page(&brand, "").await).len(), 2);
        sweep(NOW + 90 * DAY + 1).await;
        assert_eq!(subjects(&page(&brand, "").await), ["waiting"]);
        noted(app, "new").await;
        assert_eq!(page(&brand, "?after=2").await["items"][0]["position"], 3);
        app.forget_jobs().await;
    }
}
