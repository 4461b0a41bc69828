//! Mails that follow what happens, and the worker that sends them.

use portal::db::Db;
use portal::jobs::{Job, worker};
use portal::mail::Mailer;
use uuid::Uuid;

use crate::harness::world::{BUYER, KAM_NORTH, OWNER};
use crate::harness::{App, PASSWORD};

/// Runs all work that is due.
pub async fn run_jobs(app: &App) -> usize {
    worker::run_due(&app.data).await.unwrap()
}

/// The token in a mail's link.
pub fn token(text: &str, path: &str) -> String {
    let (_, rest) = text
        .split_once(path)
        .unwrap_or_else(|| panic!("no {path} in {text}"));
    let word = |c: &char| c.is_ascii_alphanumeric() || *c == '-' || *c == '_';
    rest.chars().take_while(word).collect()
}

async fn enqueue(app: &App, job: &Job) {
    let tx = app.data.db.begin_system("test").await.unwrap();
    tx.enqueue(app.clock.millis(), job).await.unwrap();
    tx.commit().await.unwrap();
}

/// As if an order of the corner shop's history were placed and confirmed now.
async fn place(app: &App) -> [Uuid; 2] {
    let events = [Uuid::now_v7(), Uuid::now_v7()];
    for (event, kind) in events.into_iter().zip(["placed", "confirmed"]) {
        let sql = "INSERT INTO order_events (id, order_id, account_id, kind, at, by_name, told) \
                   SELECT $1, id, account_id, $2, placed_at, '', TRUE FROM orders \
                   WHERE number = $3";
        let number = app.world.corner_shop.order.clone();
        let values = [event.into(), kind.into(), number.into()];
        assert_eq!(app.sql.run(sql, values).await.unwrap(), 1);
        enqueue(app, &Job::OrderEvent { event }).await;
    }
    events
}

async fn mail_states(app: &App) -> Vec<String> {
    app.sql
        .texts("SELECT state FROM mails WHERE kind <> 'sample'")
        .await
}

both! {
    async fn a_forgotten_password_is_mended_by_a_link_that_works_once(app) {
        let signed_in = app.as_buyer().await;
        let visitor = app.visitor();
        visitor.post("/forgot-password", &[("email", BUYER)]).await.expect(200);
        assert_eq!(run_jobs(app).await, 2);
        let mails = app.mails();
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].mail.to_email, BUYER);

        let link = format!("/reset/{}", token(&mails[0].mail.text, "/reset/"));
        visitor.page(&link).await;
        let new = [("password", "a whole new sentence")];
        let answer = visitor.post(&link, &new).await.expect(303);
        assert_eq!(answer.location(), "/sign-in");
        visitor.get(&link).await.expect(410);
        visitor.post(&link, &[("password", "another new sentence")]).await.expect(410);

        assert!(signed_in.get("/profile").await.asks_to_sign_in());
        assert_eq!(app.visitor().sign_in(BUYER, PASSWORD).await.status, 422);
        assert_eq!(app.visitor().sign_in(BUYER, "a whole new sentence").await.status, 303);
    }

    async fn a_link_is_good_for_an_hour(app) {
        let visitor = app.visitor();
        visitor.post("/forgot-password", &[("email", BUYER)]).await.expect(200);
        run_jobs(app).await;
        let link = format!("/reset/{}", token(&app.mails()[0].mail.text, "/reset/"));
        app.clock.advance(3_600_000 - 1);
        visitor.page(&link).await;
        app.clock.advance(1);
        visitor.get(&link).await.expect(410);
    }

    async fn an_unknown_address_is_answered_alike_and_gets_no_mail(app) {
        let visitor = app.visitor();
        let known = visitor.post("/forgot-password", &[("email", BUYER)]).await.expect(200);
        let unknown =
            visitor.post("/forgot-password", &[("email", "nobody@shop.example")]).await.expect(200);
        let plain = |answer: &crate::harness::Answer| {
            answer.text().replace(&answer.field("csrf").unwrap_or_default(), "")
        };
        assert_eq!(plain(&known), plain(&unknown));
        run_jobs(app).await;
        assert_eq!(app.mails().len(), 1);
    }

    async fn a_disabled_user_gets_no_mail(app) {
        app.sql
            .run("UPDATE users SET status = 'disabled' WHERE email = $1", [BUYER.into()])
            .await
            .unwrap();
        app.visitor().post("/forgot-password", &[("email", BUYER)]).await.expect(200);
        run_jobs(app).await;
        assert_eq!(app.mails().len(), 0);
    }

    async fn an_order_is_confirmed_with_its_document_and_the_kam_hears_of_it_once(app) {
        let events = place(app).await;
        let number = app.world.corner_shop.order.clone();
        assert_eq!(run_jobs(app).await, 4);
        // A job may run twice.
        let again = "UPDATE jobs SET state = 'waiting' WHERE id IN ($1, $2)";
        app.sql.run(again, events.map(Into::into)).await.unwrap();
        assert_eq!(run_jobs(app).await, 2);

        let mails = app.mails();
        let to: Vec<&str> = mails.iter().map(|kept| kept.mail.to_email.as_str()).collect();
        assert_eq!(to.len(), 2, "{to:?}");
        let confirmation = mails.iter().find(|kept| kept.mail.to_email == OWNER).unwrap();
        let text = &confirmation.mail.text;
        assert!(text.contains(&format!("{}/orders/{number}", app.url)), "{text}");
        let files = &confirmation.mail.attachments;
        assert_eq!(files.len(), 1);
        assert_eq!(files[0].name, format!("confirmation-{number}.pdf"));
        assert!(files[0].bytes.starts_with(b"%PDF"));
        let short = mails.iter().find(|kept| kept.mail.to_email == KAM_NORTH).unwrap();
        assert!(short.mail.text.contains(&app.world.corner_shop.name));
        assert_eq!(short.mail.attachments.len(), 0);
    }

    async fn workers_side_by_side_run_each_job_once(app) {
        for at in 0..20 {
            let email = format!("nobody{at}@shop.example");
            enqueue(app, &Job::PasswordReset { email }).await;
        }
        enqueue(app, &Job::PasswordReset { email: BUYER.into() }).await;
        let db = Db::connect(&app.data.config.database_url).await.unwrap();
        let mailer = app.data.mailer.clone();
        let config = app.data.config.clone();
        let other = portal::app::App::build(config, db, app.clock.clone(), mailer).await.unwrap();
        let (here, there) = futures_util::join!(
            worker::run_due(&app.data),
            worker::run_due(&other),
        );
        run_jobs(app).await;
        assert!(here.unwrap() + there.unwrap() >= 21);
        assert_eq!(app.mails().len(), 1);
        let tried = "SELECT kind FROM jobs WHERE state = 'done' AND attempts <> 1";
        assert_eq!(app.sql.texts(tried).await, Vec::<String>::new());
    }

    async fn while_the_mail_server_is_away_mail_waits_and_orders_go_on(app) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        drop(listener);
        let from = portal::app::sender(&app.data.db).await.unwrap();
        let absent = Mailer::from_settings(Some(&url), "unused".into(), from).unwrap();
        let config = app.data.config.clone();
        let away =
            portal::app::App::build(config, app.data.db.clone(), app.clock.clone(), absent).await;

        place(app).await;
        assert_eq!(worker::run_due(&away.unwrap()).await.unwrap(), 4);
        assert_eq!(mail_states(app).await, ["waiting", "waiting"]);
        let admin = app.as_admin().await;
        assert!(admin.page("/admin/mail").await.text().contains("not reached"));

        app.clock.advance(60_000);
        assert_eq!(run_jobs(app).await, 2);
        assert_eq!(mail_states(app).await, ["sent", "sent"]);
        assert_eq!(app.mails().len(), 2);
    }
}
