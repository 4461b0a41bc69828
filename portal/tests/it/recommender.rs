//! The life of the recommender: trained, stored, read by every instance, and up to date with what
//! is ordered meanwhile.

use std::sync::Arc;

use portal::app::App as Kontor;
use portal::db::Db;
use portal::mail::Mailer;
use portal::suggestions::store::{self, Head, KEPT};
use portal::suggestions::train::{self, Asked, Share};
use portal::suggestions::{self, Origin, follow, schedule};
use recommender::{Model, PurchaseHistory, Suggestion};
use trade::id::{AccountId, ProductId};
use uuid::Uuid;

use crate::harness::client::unescape;
use crate::harness::installed::Installed;
use crate::harness::{App, database::Backend};
use crate::holds::{DAY, calm, order};

/// Another process on the same database, with the same clock.
async fn another(app: &App) -> Arc<Kontor> {
    let config = app.data.config.clone();
    let db = Db::connect(&config.database_url).await.unwrap();
    let sender = portal::app::sender(&db).await.unwrap();
    let mailer = Mailer::memory(sender);
    let built = Kontor::build(config, db, app.clock.clone(), mailer).await;
    Arc::new(built.unwrap())
}

/// What an instance answers to a question for the corner shop.
async fn asked<T>(
    kontor: &Kontor,
    app: &App,
    question: impl FnOnce(&Model, &recommender::Ask<'_>) -> T,
) -> T {
    let tx = kontor.db.read_system("test").await.unwrap();
    let account = AccountId(app.world.corner_shop.id);
    let answer = suggestions::ask(&tx, kontor, account, 50, question).await;
    answer.unwrap().expect("there is a model")
}

/// The orders an instance knows, once it has taken in what the corner shop did.
async fn known(kontor: &Kontor, app: &App) -> PurchaseHistory {
    asked(kontor, app, |model, _| model.history().clone()).await
}

/// Everything that can be suggested to the corner shop.
async fn suggested(kontor: &Kontor, app: &App) -> Vec<Suggestion> {
    asked(kontor, app, |model, ask| {
        let mut all = model.usual_order(ask);
        all.extend(model.due(ask, 400));
        all.extend(model.new_items(ask));
        let cart: Vec<ProductId> = all.iter().take(3).map(|one| one.product).collect();
        all.extend(model.goes_with(ask, &cart));
        all.extend(model.forgotten(ask, &[]));
        for product in cart {
            all.extend(model.substitutes(ask, product));
        }
        all
    })
    .await
}

async fn trained(kontor: &Kontor) -> Head {
    let trained = train::train(kontor, Share::Half, &mut |_| {}).await;
    trained.unwrap().expect("there are orders")
}

fn origin(kontor: &Kontor) -> Option<Origin> {
    kontor.recommender.serving().map(|serving| serving.origin)
}

async fn trainings(app: &App) -> i64 {
    let sql = "SELECT count(*) FROM jobs WHERE kind = 'train_recommender'";
    app.sql.number(sql, []).await
}

async fn cancel(app: &App, number: &str) {
    let buyer = app.as_buyer().await;
    let path = format!("/orders/{number}/cancel");
    buyer
        .post(&path, &[("reason", "by mistake")])
        .await
        .expect(303);
}

both! {
    async fn a_model_is_trained_once_and_read_by_every_instance(app) {
        let admin = app.as_admin().await;
        let page = admin.page("/admin/recommender").await.text();
        assert!(page.contains("No model yet"), "{page}");
        for _ in 0..2 {
            admin.post("/admin/recommender/train", &[]).await.expect(303);
        }
        assert_eq!(trainings(app).await, 1);
        let page = admin.page("/admin/recommender").await.text();
        assert!(page.contains("A training is about to begin"), "{page}");
        assert_eq!(app.run_jobs().await, 1);
        let page = admin.page("/admin/recommender").await.text();
        assert!(page.contains("no orders since") && page.contains("can be used"), "{page}");

        let tx = app.data.db.read_system("test").await.unwrap();
        let heads = store::heads(&tx).await.unwrap();
        assert_eq!(heads.len(), 1);
        let head = heads[0].clone();
        assert!(head.report.orders > 500 && head.report.accounts > 50, "{head:?}");
        assert!(head.bytes > 10_000 && head.readable());
        assert_eq!(head.checksum.len(), 64);
        let second = another(app).await;
        assert_eq!(origin(&second), None);
        assert!(!suggested(&second, app).await.is_empty());
        assert_eq!(origin(&second), Some(Origin::Trained { id: head.id, at: head.trained_at }));
    }

    async fn an_order_placed_now_counts_at_once_on_every_instance(app) {
        calm(app).await;
        let second = another(app).await;
        let before = known(&app.data, app).await;
        assert!(before == known(&second, app).await);
        let buyer = app.as_buyer().await;
        for pieces in ["7", "9", "5"] {
            // The second and third join the first order of the day.
            order(&buyer, pieces).await;
            let fresh = another(app).await;
            let counted = known(&fresh, app).await;
            assert!(before.size() != counted.size());
            assert!(known(&app.data, app).await == counted, "after {pieces}");
            assert!(known(&second, app).await == counted, "after {pieces}");
        }
        app.clock.advance(2 * DAY);
        order(&buyer, "6").await;
        let counted = known(&*another(app).await, app).await;
        assert!(known(&second, app).await == counted);
        app.forget_jobs().await;
    }

    async fn an_order_that_was_cancelled_is_no_history(app) {
        calm(app).await;
        let second = another(app).await;
        let before = known(&second, app).await;
        let buyer = app.as_buyer().await;
        let number = order(&buyer, "7").await;
        assert!(known(&second, app).await != before);
        cancel(app, &number).await;
        assert!(known(&second, app).await == before);
        // Two things at once, within a millisecond of this clock.
        let first = order(&buyer, "7").await;
        cancel(app, &first).await;
        order(&buyer, "8").await;
        assert!(known(&second, app).await == known(&*another(app).await, app).await);
        app.forget_jobs().await;
    }

    async fn orders_that_come_late_or_are_moved_are_not_missed(app) {
        calm(app).await;
        let second = another(app).await;
        let buyer = app.as_buyer().await;
        order(&buyer, "7").await;
        known(&second, app).await;
        // A machine whose clock is behind, or a file with older orders.
        app.clock.advance(-40 * DAY);
        order(&buyer, "8").await;
        app.clock.advance(40 * DAY);
        assert!(known(&second, app).await == known(&*another(app).await, app).await);
        let sql = "UPDATE orders SET placed_on = '2026-02-03' WHERE number = $1";
        let number = app.world.corner_shop.order.clone();
        app.sql.run(sql, [number.into()]).await.unwrap();
        assert!(known(&second, app).await == known(&*another(app).await, app).await);
        app.forget_jobs().await;
    }

    async fn in_the_background_everybodys_orders_are_taken_in(app) {
        calm(app).await;
        let second = another(app).await;
        let before = known(&second, app).await;
        let stranger = app.as_stranger().await;
        order(&stranger, "7").await;
        // Nobody asks for that account here.
        assert!(known(&second, app).await == before);
        follow::tick(&second).await.unwrap();
        let counted = known(&*another(app).await, app).await;
        assert!(counted != before);
        assert!(known(&second, app).await == counted);
        app.forget_jobs().await;
    }

    async fn a_newer_model_takes_the_place_of_the_one_that_is_asked(app) {
        calm(app).await;
        let second = another(app).await;
        known(&second, app).await;
        assert_eq!(origin(&second), Some(Origin::Counted));
        let first = trained(&app.data).await;
        follow::tick(&second).await.unwrap();
        assert_eq!(origin(&second), Some(Origin::Trained { id: first.id, at: first.trained_at }));
        // What was ordered between training and exchange is not lost.
        let buyer = app.as_buyer().await;
        order(&buyer, "7").await;
        let before = known(&second, app).await;
        app.clock.advance(1_000);
        let newest = trained(&app.data).await;
        order(&buyer, "8").await;
        follow::tick(&second).await.unwrap();
        assert_eq!(origin(&second), Some(Origin::Trained { id: newest.id, at: newest.trained_at }));
        let now = known(&second, app).await;
        assert!(now == known(&*another(app).await, app).await);
        assert!(now != before);
        app.forget_jobs().await;
    }

    async fn questions_are_answered_while_models_are_trained_and_exchanged(app) {
        calm(app).await;
        let second = another(app).await;
        known(&second, app).await;
        let buyer = app.as_buyer().await;
        let asking = async {
            for _ in 0..40 {
                assert!(!suggested(&second, app).await.is_empty());
            }
        };
        let training = async {
            for _ in 0..2 {
                trained(&app.data).await;
                app.clock.advance(1_000);
                follow::tick(&second).await.unwrap();
            }
        };
        let ordering = async {
            for pieces in ["5", "6", "7", "8"] {
                order(&buyer, pieces).await;
            }
        };
        futures_util::join!(asking, training, ordering);
        follow::tick(&second).await.unwrap();
        let counted = known(&*another(app).await, app).await;
        assert!(known(&second, app).await == counted);
        app.forget_jobs().await;
    }

    async fn a_damaged_model_or_another_versions_is_refused_and_pages_go_on(app) {
        let older = trained(&app.data).await;
        app.clock.advance(1_000);
        let newer = trained(&app.data).await;
        let damage = "UPDATE recommender_models SET snapshot = seen WHERE id = $1";
        app.sql.run(damage, [newer.id.into()]).await.unwrap();
        let second = another(app).await;
        known(&second, app).await;
        assert_eq!(origin(&second), Some(Origin::Trained { id: older.id, at: older.trained_at }));

        let sql = "UPDATE recommender_models SET format = 0 WHERE id = $1";
        app.sql.run(sql, [older.id.into()]).await.unwrap();
        let third = another(app).await;
        assert!(!suggested(&third, app).await.is_empty());
        assert_eq!(origin(&third), Some(Origin::Counted));
        let tx = third.db.read_system("test").await.unwrap();
        let mut told = Vec::new();
        for head in store::heads(&tx).await.unwrap() {
            told.push(store::fault(&tx, &head).await.unwrap().unwrap().to_string());
        }
        drop(tx);
        assert!(told[0].starts_with("its checksum differs"), "{told:?}");
        assert!(told[1].contains("has format 0"), "{told:?}");
        app.as_buyer().await.page("/").await;
        app.visitor().page("/readyz").await;

        // The admin is told, and the schedule sees that there is none that can be used.
        let admin = app.as_admin().await;
        schedule::tick(&third).await.unwrap();
        assert_eq!(trainings(app).await, 1);
        app.run_jobs().await;
        assert!(admin.page("/admin/recommender").await.text().contains("other version"));
        follow::tick(&third).await.unwrap();
        assert!(matches!(origin(&third), Some(Origin::Trained { id, .. }) if id != newer.id));
    }

    async fn the_newest_models_are_kept(app) {
        let first = trained(&app.data).await;
        let sql = "INSERT INTO recommender_models SELECT $1, trained_at + $2, orders_until, format, \
                   checksum, snapshot, seen, changes, report, train_millis, peak_kib \
                   FROM recommender_models WHERE id = $3";
        let mut ids = vec![first.id];
        for later in 1..=KEPT {
            let id = Uuid::now_v7();
            app.sql.run(sql, [id.into(), later.into(), first.id.into()]).await.unwrap();
            ids.push(id);
        }
        app.clock.advance(1_000);
        ids.push(trained(&app.data).await.id);
        let tx = app.data.db.read_system("test").await.unwrap();
        let kept: Vec<Uuid> = store::heads(&tx).await.unwrap().iter().map(|head| head.id).collect();
        ids.reverse();
        assert_eq!(kept, ids[..3]);
        let rows = app.sql.number("SELECT count(*) FROM recommender_models", []).await;
        assert_eq!(rows, KEPT);
    }

    async fn training_is_due_once_a_night_however_many_instances_ask(app) {
        calm(app).await;
        let second = another(app).await;
        // There is no model: at once.
        for kontor in [&*app.data, &*second, &*app.data] {
            schedule::tick(kontor).await.unwrap();
        }
        assert_eq!(trainings(app).await, 1);
        assert_eq!(app.run_jobs().await, 1);
        // A night without orders.
        app.clock.advance(DAY);
        schedule::tick(&second).await.unwrap();
        assert_eq!(trainings(app).await, 1);
        // 09:30 is after that day's hour, and the model is from before it.
        let buyer = app.as_buyer().await;
        order(&buyer, "7").await;
        app.forget_jobs().await;
        for kontor in [&*app.data, &*second] {
            schedule::tick(kontor).await.unwrap();
        }
        assert_eq!(trainings(app).await, 1);
        app.run_jobs().await;
        // Orders of the day wait for the night.
        order(&buyer, "8").await;
        schedule::tick(&second).await.unwrap();
        assert_eq!(trainings(app).await, 1);
        app.clock.advance(16 * 3_600_000);
        schedule::tick(&second).await.unwrap();
        assert_eq!(trainings(app).await, 1, "01:30 in Berlin");
        app.clock.advance(1_800_000);
        for kontor in [&*app.data, &*second] {
            schedule::tick(kontor).await.unwrap();
        }
        assert_eq!(trainings(app).await, 2, "02:00 in Berlin");
        app.forget_jobs().await;
    }

    async fn one_training_goes_on_at_a_time(app) {
        let now = app.clock.millis();
        let tx = app.data.db.begin_system("test").await.unwrap();
        assert_eq!(train::ask_now(&tx, now).await.unwrap(), Asked::Begins);
        // Asked again before it began, it will do.
        assert_eq!(train::ask_now(&tx, now).await.unwrap(), Asked::Begins);
        tx.commit().await.unwrap();
        let sql = "UPDATE jobs SET state = 'running', leased_until = $1 \
                   WHERE kind = 'train_recommender'";
        app.sql.run(sql, [(now + 60_000).into()]).await.unwrap();
        let admin = app.as_admin().await;
        admin.post("/admin/recommender/train", &[]).await.expect(303);
        let page = unescape(&admin.page("/admin/recommender").await.text());
        assert!(page.contains("A training goes on already"), "{page}");
        schedule::tick(&app.data).await.unwrap();
        assert_eq!(trainings(app).await, 1);
        assert_eq!(app.run_jobs().await, 0);
        // Whoever had it died.
        app.clock.advance(60_001);
        assert_eq!(app.run_jobs().await, 1);
        assert_eq!(app.sql.number("SELECT count(*) FROM recommender_models", []).await, 1);
    }

    async fn what_may_not_be_ordered_or_is_not_wanted_is_never_suggested(app) {
        let before = suggested(&app.data, app).await;
        let mut products: Vec<ProductId> = before.iter().map(|one| one.product).collect();
        products.sort_unstable();
        products.dedup();
        assert!(products.len() >= 3, "{products:?}");
        let (delisted, hidden, unwanted) = (products[0], products[1], products[2]);
        let account = app.world.corner_shop.id;
        let sql = "UPDATE products SET status = 'delisted' WHERE id = $1";
        app.sql.run(sql, [delisted.into()]).await.unwrap();
        let sql = "INSERT INTO visibility_rules (id, effect, product_id, account_id) \
                   VALUES ($1, 'exclude', $2, $3)";
        let values = [Uuid::now_v7().into(), hidden.into(), account.into()];
        app.sql.run(sql, values).await.unwrap();
        let sql = "UPDATE counters SET value = value + 1 WHERE name = 'catalogue'";
        app.sql.run(sql, []).await.unwrap();
        let sql = "INSERT INTO suggestion_dismissals (account_id, product_id, kind, dismissed_at, \
                   until_on) VALUES ($1, $2, 'not_now', 0, '2026-11-25')";
        app.sql.run(sql, [account.into(), unwanted.into()]).await.unwrap();
        // Asked by the program, a KAM or the buyer, with a trained model as with a counted one.
        for _ in 0..2 {
            let left = suggested(&app.data, app).await;
            assert!(!left.is_empty());
            let gone = |product| left.iter().all(|one| one.product != product);
            assert!(gone(delisted) && gone(hidden) && gone(unwanted));
            trained(&app.data).await;
        }
        // "Not now" ends.
        let may = async |product| asked(&app.data, app, |_, ask| (ask.may)(product).is_some()).await;
        assert!(!may(unwanted).await);
        app.clock.advance(DAY);
        assert!(may(unwanted).await && !may(delisted).await && !may(hidden).await);
    }
}

#[test]
fn the_command_trains_or_says_why_not() {
    actix_web::rt::System::new().block_on(async {
        let installed = Installed::new("train", &Backend::Sqlite).await;
        let told = installed.train().unwrap();
        assert!(
            told.starts_with("the recommender is trained, in "),
            "{told}"
        );
        assert!(told.contains("accounts   12\n"), "{told}");
        installed.check();
        let sql = crate::harness::database::Sql::connect(installed.database()).await;
        sql.run("UPDATE orders SET state = 'expired'", [])
            .await
            .unwrap();
        let told = installed.train().unwrap_err();
        assert!(
            told.starts_with("kontor: there is nothing to learn from"),
            "{told}"
        );
        assert_eq!(told.trim_end().lines().count(), 1, "{told}");
        drop(sql);
        installed.remove().await;
    });
}
