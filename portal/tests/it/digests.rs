//! Mails that gather: the daily mail, the morning of the brand's people, and the usual order that is
//! due; each in its reader's own morning, and once.

use portal::messages::{digest, morning, reorder};
use sea_orm::sea_query::Value;
use uuid::Uuid;

use crate::harness::App;
use crate::harness::world::{ADMIN, BUYER, KAM_NORTH, KAM_SOUTH, OWNER};
use crate::hold_words::said;
use crate::holds::{DAY, FINANCE, calm, mails_to, order, reviewed, run};
use crate::messages::{chose, told};
use crate::shelf::{KIBBLE, RARE, TERRINE};
use crate::suggested::regulars;

const HOUR: i64 = 3_600_000;
const MARKETING: &str = "marketing@demo.kontor.example";
/// From the clock's beginning to seven in the morning of the next day, in Berlin.
const TO_MORNING: i64 = 21 * HOUR + HOUR / 2;

async fn daily(app: &App) {
    digest::due(&app.data).await.unwrap();
    app.run_jobs().await;
}

async fn mornings(app: &App) {
    morning::due(&app.data).await.unwrap();
    app.run_jobs().await;
}

async fn reminders(app: &App) {
    reorder::due(&app.data).await.unwrap();
    app.run_jobs().await;
}

/// Mails of a kind that have left to somebody.
fn of_kind(app: &App, email: &str, subject: &str) -> Vec<String> {
    let mails = mails_to(app, email).into_iter();
    let mails = mails.filter(|kept| kept.mail.subject.contains(subject));
    mails.map(|kept| said(&kept)).collect()
}

/// A quiet world: no promotions, no history, nothing that was given up.
async fn quiet(app: &App) {
    run(app, "UPDATE promotions SET state = 'cancelled'", []).await;
    run(app, "UPDATE orders SET state = 'cancelled'", []).await;
    run(app, "DELETE FROM holds", []).await;
    run(app, "DELETE FROM jobs", []).await;
    run(app, "DELETE FROM mails", []).await;
}

/// The corner shop's regulars with enough of everything, and its buyer wants mails of what is due.
async fn due_today(app: &App) {
    regulars(app).await;
    let sql = "UPDATE stock SET on_hand = 100 WHERE product_id = \
               (SELECT id FROM products WHERE sku = $1)";
    run(app, sql, [RARE.into()]).await;
    chose(app, BUYER, "reorder", "at_once", true).await;
}

both! {
    async fn the_daily_mail_gathers_what_was_told_until_the_morning_and_comes_once(app) {
        calm(app).await;
        chose(app, BUYER, "orders", "daily", true).await;
        let buyer = app.as_buyer().await;
        let first = order(&buyer, "40").await;
        app.run_jobs().await;
        let second = order(&buyer, "45").await;
        app.run_jobs().await;
        daily(app).await;
        assert_eq!(mails_to(app, BUYER).len(), 0);
        app.clock.advance(TO_MORNING - 1);
        daily(app).await;
        assert_eq!(mails_to(app, BUYER).len(), 0);
        app.clock.advance(1);
        for _ in 0..2 {
            daily(app).await;
        }
        let mails = mails_to(app, BUYER);
        assert_eq!(mails.len(), 1);
        let text = said(&mails[0]);
        let url = &app.url;
        assert_eq!(
            text,
            format!(
                "Your day with Feldmann Tiernahrung GmbH, 25 Nov 2026\n\
                 Hello Lena Petersen,\n\n\
                 You chose one mail a day. This is what happened since the last one:\n\n\
                 Orders\n\
                 - Order {first} over €100.00 is confirmed.\n  {url}/orders/{first}\n\
                 - Order {second} over €112.50 is confirmed.\n  {url}/orders/{second}\n\n\
                 Show all notifications:\n{url}/notifications"
            )
        );
        let whole = &mails[0].mail.text;
        assert!(whole.contains("because you want one mail a day"), "{whole}");
        let sql = "SELECT digest FROM notifications WHERE digest IS NOT NULL";
        assert_eq!(app.sql.texts(sql).await, ["mailed", "mailed"]);
        // What is told after the morning is for the next; a day without anything has none.
        app.clock.advance(1);
        let third = order(&buyer, "50").await;
        app.run_jobs().await;
        app.clock.advance(DAY - 2);
        daily(app).await;
        assert_eq!(mails_to(app, BUYER).len(), 1);
        app.clock.advance(1);
        daily(app).await;
        assert_eq!(mails_to(app, BUYER).len(), 2);
        assert!(said(&mails_to(app, BUYER)[1]).contains(&third));
        app.clock.advance(DAY);
        daily(app).await;
        assert_eq!(mails_to(app, BUYER).len(), 2);
    }

    async fn whoever_changes_from_daily_to_at_once_loses_nothing(app) {
        calm(app).await;
        chose(app, BUYER, "orders", "daily", false).await;
        let buyer = app.as_buyer().await;
        let first = order(&buyer, "40").await;
        app.run_jobs().await;
        chose(app, BUYER, "orders", "at_once", true).await;
        order(&buyer, "45").await;
        app.run_jobs().await;
        assert_eq!(mails_to(app, BUYER).len(), 1);
        app.clock.advance(TO_MORNING);
        daily(app).await;
        let mails = mails_to(app, BUYER);
        assert_eq!(mails.len(), 2);
        assert!(said(&mails[1]).contains(&format!("- Order {first} over €100.00 is confirmed.\n")));
        assert_eq!(mails[1].mail.text.matches("- Order").count(), 1);
    }

    async fn who_wants_no_mail_any_more_gets_no_daily_one_nor_does_who_may_not_sign_in(app) {
        calm(app).await;
        for email in [BUYER, OWNER] {
            chose(app, email, "orders", "daily", true).await;
        }
        order(&app.as_buyer().await, "40").await;
        order(&app.as_owner().await, "45").await;
        app.run_jobs().await;
        chose(app, BUYER, "orders", "off", true).await;
        run(app, "UPDATE users SET status = 'disabled' WHERE email = $1", [OWNER.into()]).await;
        app.clock.advance(TO_MORNING);
        daily(app).await;
        assert_eq!(mails_to(app, BUYER).len() + mails_to(app, OWNER).len(), 0);
        // Still in the list of notifications, and not left for another day.
        assert_eq!(told(app, BUYER).await.len(), 1);
        let sql = "SELECT count(*) FROM notifications n JOIN users u ON u.id = n.user_id \
                   WHERE u.email = $1 AND n.digest = 'waiting'";
        assert_eq!(app.sql.number(sql, [BUYER.into()]).await, 0);
    }

    async fn a_morning_is_the_readers_own_and_what_missed_it_waits_through_the_night(app) {
        calm(app).await;
        for email in [BUYER, OWNER] {
            chose(app, email, "orders", "daily", true).await;
        }
        let sql = "UPDATE users SET time_zone = 'America/New_York' WHERE email = $1";
        run(app, sql, [BUYER.into()]).await;
        order(&app.as_buyer().await, "40").await;
        order(&app.as_owner().await, "45").await;
        app.run_jobs().await;
        // Seven in New York is one in Berlin.
        app.clock.advance(3 * HOUR + HOUR / 2 - 1);
        daily(app).await;
        assert_eq!(mails_to(app, BUYER).len(), 0);
        app.clock.advance(1);
        daily(app).await;
        assert_eq!(of_kind(app, BUYER, "24 Nov 2026").len(), 1);
        assert_eq!(mails_to(app, OWNER).len(), 0);
        // Nobody worked until eight in the evening of the next day in Berlin: it is too late then.
        app.clock.advance(31 * HOUR);
        daily(app).await;
        assert_eq!(mails_to(app, OWNER).len(), 0);
        app.clock.advance(11 * HOUR);
        daily(app).await;
        assert_eq!(of_kind(app, OWNER, "26 Nov 2026").len(), 1);
    }

    async fn a_kam_reads_each_morning_what_needs_them_and_what_came_in(app) {
        reviewed(app).await;
        quiet(app).await;
        let number = order(&app.as_buyer().await, "40").await;
        run(app, "UPDATE accounts SET review_note = NULL", []).await;
        order(&app.as_owner().await, "60").await;
        app.run_jobs().await;
        app.clock.advance(TO_MORNING - 1);
        mornings(app).await;
        assert_eq!(of_kind(app, KAM_NORTH, "Your morning").len(), 0);
        app.clock.advance(1);
        for _ in 0..2 {
            mornings(app).await;
        }
        let found = of_kind(app, KAM_NORTH, "Your morning");
        assert_eq!(found.len(), 1);
        let url = &app.url;
        assert_eq!(
            found[0],
            format!(
                "Your morning, 25 Nov 2026\n\
                 Hello Katrin Ahlers,\n\n\
                 What needs you, and what came in since the last working morning:\n\n\
                 One decision waits for you\n\
                 - Zoohandlung Petersen: order {number} over €100.00, Review by the key account \
                 manager, since 24 Nov 2026; lapses on 27 Nov 2026\n  {url}/orders/{number}\n\n\
                 2 orders since 24 Nov 2026: €250.00, 100% by the retailers themselves\n  \
                 {url}/kam/orders\n\n\
                 Open the desk:\n{url}/kam"
            )
        );
        // There is nothing to say to whoever looks after others.
        assert_eq!(of_kind(app, KAM_SOUTH, "Your morning").len(), 0);
        // What comes in later is the next morning's; what waits is said again.
        app.clock.advance(DAY);
        mornings(app).await;
        let found = of_kind(app, KAM_NORTH, "26 Nov 2026");
        assert_eq!(found.len(), 1);
        assert!(!found[0].contains("orders since"), "{}", found[0]);
        assert!(found[0].contains("One decision waits for you"), "{}", found[0]);
    }

    async fn weekends_have_no_morning_and_monday_tells_of_them(app) {
        calm(app).await;
        quiet(app).await;
        // Friday at noon.
        app.clock.advance(3 * DAY + 2 * HOUR + HOUR / 2);
        order(&app.as_buyer().await, "40").await;
        app.run_jobs().await;
        for hours in [20, 24] {
            app.clock.advance(hours * HOUR);
            mornings(app).await;
        }
        assert_eq!(of_kind(app, KAM_NORTH, "Your morning").len(), 0);
        app.clock.advance(23 * HOUR);
        let sql = "INSERT INTO promotions (id, code, name, state, mechanic, currency, valid_from, \
                   valid_until, audience, created_by, created_at, updated_at) \
                   SELECT $1, 'STARTS', 'Winter', 'approved', mechanic, 'EUR', '2026-12-06', \
                   '2026-12-20', 'everybody', 'Mia', 0, 0 FROM promotions LIMIT 1";
        let id = Uuid::now_v7();
        run(app, sql, [id.into()]).await;
        mornings(app).await;
        let found = of_kind(app, KAM_NORTH, "30 Nov 2026");
        assert_eq!(found.len(), 1);
        let url = &app.url;
        for line in [
            format!("One order since 27 Nov 2026: €100.00, 100% by the retailers themselves\n  {url}/kam/orders"),
            format!("One promotion starts or ends\n- Winter starts on 6 Dec 2026\n  {url}/kam/promotions/{id}\n"),
        ] {
            assert!(found[0].contains(&line), "{}", found[0]);
        }
        // Not too late in the day.
        let sql = "DELETE FROM schedule_runs WHERE task LIKE 'morning/%'";
        run(app, sql, []).await;
        app.clock.advance(4 * HOUR);
        mornings(app).await;
        assert_eq!(of_kind(app, KAM_NORTH, "Your morning").len(), 1);
    }

    async fn everybody_reads_their_own_part_of_the_morning(app) {
        calm(app).await;
        quiet(app).await;
        let sql = "UPDATE accounts SET credit_limit_minor = 1 WHERE id = $1";
        run(app, sql, [app.world.corner_shop.id.into()]).await;
        let number = order(&app.as_buyer().await, "40").await;
        app.run_jobs().await;
        let sql = "INSERT INTO promotions (id, code, name, state, mechanic, currency, valid_from, \
                   valid_until, audience, created_by, created_at, submitted_by, submitted_by_id, \
                   submitted_at, updated_at) SELECT $1, 'NEW', 'Spring', 'submitted', mechanic, \
                   'EUR', '2027-03-01', '2027-03-31', 'everybody', 'Mia', 0, 'Mia Test', \
                   (SELECT id FROM users WHERE email = $2), $3, 0 FROM promotions LIMIT 1";
        let (id, now) = (Uuid::now_v7(), app.clock.millis());
        run(app, sql, [id.into(), MARKETING.into(), now.into()]).await;
        let sql = "INSERT INTO mails (id, event, to_email, to_name, account_id, kind, subject, \
                   body_text, body_html, state, created_at) VALUES ($1, 'lost/1', $2, \
                   'Olga Owner', $3, 'order-held', 'A lost one', '', '', 'dead', $4)";
        let shop = app.world.corner_shop.id;
        run(app, sql, [Uuid::now_v7().into(), OWNER.into(), shop.into(), now.into()]).await;
        let sql = "INSERT INTO mail_suppressions (email, reason, since, by_name) \
                   VALUES ($1, 'bounce', $2, 'mailbox')";
        run(app, sql, [OWNER.into(), now.into()]).await;
        let sql = "INSERT INTO jobs (id, kind, payload, state, run_at, attempts, created_at) \
                   VALUES ($1, $2, $3, 'dead', 0, 8, 0)";
        for kind in ["send_mail", "back_in_stock"] {
            let payload = serde_json::json!({});
            run(app, sql, [Uuid::now_v7().into(), kind.into(), payload.into()]).await;
        }
        app.clock.advance(TO_MORNING);
        mornings(app).await;
        let url = &app.url;
        let part = |email: &str| {
            let found = of_kind(app, email, "Your morning");
            assert!(found.len() <= 1, "{found:?}");
            let found = found.first().cloned()?;
            let (_, part) = found.split_once("since the last working morning:\n\n").unwrap();
            let (part, _) = part.split_once("\n\nOpen the desk:").unwrap();
            Some(part.to_owned())
        };
        let promotion = format!(
            "One promotion waits for approval\n\
             - Spring, submitted by Mia Test on 24 Nov 2026\n  {url}/kam/promotions/{id}"
        );
        let credit = format!(
            "One decision waits for you\n\
             - Zoohandlung Petersen: order {number} over €100.00, Credit limit, since \
             24 Nov 2026; lapses on 29 Nov 2026\n  {url}/orders/{number}"
        );
        assert_eq!(part(FINANCE), Some(format!("{credit}\n\n{promotion}")));
        // Nobody approves what they submitted.
        assert_eq!(part(MARKETING), None);
        assert_eq!(
            part(ADMIN),
            Some(format!(
                "{promotion}\n\nOne mail was given up\n  {url}/admin/mail\n\n\
                 One job was given up\n  {url}/admin/health"
            ))
        );
        let account = format!("{url}/kam/accounts/{}", app.world.corner_shop.number);
        let owner = app.sql.text("SELECT name FROM users WHERE email = $1", [OWNER.into()]).await;
        assert_eq!(
            part(KAM_NORTH),
            Some(format!(
                "One order since 24 Nov 2026: €100.00, 100% by the retailers themselves\n  \
                 {url}/kam/orders\n\n\
                 One address takes no mail any more\n\
                 - {owner} of Zoohandlung Petersen: {OWNER}\n  {account}\n\n\
                 One mail to your accounts was not delivered\n\
                 - Zoohandlung Petersen: \"A lost one\" to Olga Owner\n  {account}"
            ))
        );
    }

    async fn who_chose_no_morning_or_may_not_sign_in_gets_none(app) {
        reviewed(app).await;
        order(&app.as_buyer().await, "40").await;
        app.run_jobs().await;
        chose(app, KAM_NORTH, "morning", "off", false).await;
        run(app, "UPDATE users SET status = 'disabled' WHERE email = $1", [ADMIN.into()]).await;
        app.clock.advance(TO_MORNING);
        mornings(app).await;
        for email in [KAM_NORTH, ADMIN] {
            assert_eq!(of_kind(app, email, "Your morning").len(), 0, "{email}");
        }
    }

    async fn accounts_whose_usual_order_is_overdue_are_counted_and_the_first_ones_named(app) {
        regulars(app).await;
        run(app, "UPDATE promotions SET state = 'cancelled'", []).await;
        // 17 days after the last order it is late, though not by much; the next day by more.
        app.clock.advance(TO_MORNING);
        mornings(app).await;
        assert_eq!(of_kind(app, KAM_NORTH, "Your morning").len(), 0);
        app.clock.advance(DAY);
        mornings(app).await;
        let found = of_kind(app, KAM_NORTH, "Your morning");
        let line = format!(
            "The usual order of one account is overdue\n\
             - Zoohandlung Petersen: usually every 14 days, last 18 days ago\n  \
             {}/kam/accounts/{}\n",
            app.url, app.world.corner_shop.number
        );
        assert_eq!(found.len(), 1);
        assert!(found[0].contains(&line), "{}", found[0]);
    }

    async fn the_usual_order_that_is_due_is_told_once_with_its_items_prepared(app) {
        due_today(app).await;
        for _ in 0..2 {
            reminders(app).await;
        }
        let mails = mails_to(app, BUYER);
        assert_eq!(mails.len(), 1);
        let url = &app.url;
        let item = |pieces: i64, sku: &str, net: &str, ago: i64| {
            format!(
                "Product {sku}\n  {sku}: {pieces} pieces, €2.50 / piece = {net}\n  \
                 due: about every 14 days, last {ago} days ago\n\n"
            )
        };
        assert_eq!(
            said(&mails[0]),
            format!(
                "Your usual order is due: 3 items, €95.00\n\
                 Hello Lena Petersen,\n\n\
                 Zoohandlung Petersen orders about every 14 days, last 16 days ago. The usual order \
                 stands ready at your prices; change what you like and send it:\n\n\
                 {}{}{}All 3 items: €95.00\n\n\
                 Open the usual order:\n{url}/",
                item(24, KIBBLE, "€60.00", 16),
                item(2, RARE, "€5.00", 16),
                item(12, TERRINE, "€30.00", 30),
            )
        );
        // Who chose nothing finds it in Kontor.
        assert_eq!(mails_to(app, OWNER).len(), 0);
        let noted = ("reorder".to_owned(), "Your usual order is due: 3 items, €95.00.".to_owned(), "/".to_owned());
        assert_eq!(told(app, OWNER).await, std::slice::from_ref(&noted));
        assert_eq!(told(app, BUYER).await, [noted]);
        // It was put before the one who got the mail.
        let sql = "SELECT u.email FROM suggestion_showings s JOIN users u ON u.id = s.user_id \
                   WHERE s.surface = 'mail' AND s.list = 'usual'";
        assert_eq!(app.sql.texts(sql).await, [BUYER]);
        // Once a rhythm.
        for _ in 0..9 {
            app.clock.advance(DAY);
            reminders(app).await;
        }
        assert_eq!(mails_to(app, BUYER).len(), 1);
        app.clock.advance(5 * DAY);
        reminders(app).await;
        assert_eq!(mails_to(app, BUYER).len(), 2);
    }

    async fn what_the_account_may_not_have_is_in_no_reminder(app) {
        due_today(app).await;
        let sql = "INSERT INTO visibility_rules (id, effect, product_id, account_id) \
                   SELECT $1, 'exclude', id, $2 FROM products WHERE sku = $3";
        let values: [Value; 3] =
            [Uuid::now_v7().into(), app.world.corner_shop.id.into(), KIBBLE.into()];
        run(app, sql, values).await;
        let sql = "DELETE FROM price_rows WHERE product_id = (SELECT id FROM products WHERE sku = $1)";
        run(app, sql, [TERRINE.into()]).await;
        let sql = "UPDATE counters SET value = value + 1 WHERE name = 'catalogue'";
        run(app, sql, []).await;
        reminders(app).await;
        let mails = mails_to(app, BUYER);
        assert_eq!(mails.len(), 1);
        let text = said(&mails[0]);
        assert!(text.contains(RARE), "{text}");
        assert!(!text.contains(KIBBLE) && !text.contains(TERRINE), "{text}");
    }

    async fn nobody_is_reminded_outside_of_their_morning_or_while_an_order_waits(app) {
        due_today(app).await;
        let sql = "UPDATE users SET time_zone = 'America/New_York' WHERE account_id = $1";
        run(app, sql, [app.world.corner_shop.id.into()]).await;
        reminders(app).await;
        assert_eq!(told(app, BUYER).await.len(), 0);
        let sql = "UPDATE users SET time_zone = NULL";
        run(app, sql, []).await;
        // Of the latest order: it waits for a decision.
        let sql = "UPDATE orders SET state = 'held' WHERE number = (SELECT number FROM orders \
                   WHERE account_id = $1 AND state <> 'cancelled' ORDER BY placed_at DESC LIMIT 1)";
        run(app, sql, [app.world.corner_shop.id.into()]).await;
        reminders(app).await;
        assert_eq!(told(app, BUYER).await.len(), 0);
        // It is looked again the next morning.
        run(app, "UPDATE orders SET state = 'closed' WHERE state = 'held'", []).await;
        reminders(app).await;
        assert_eq!(told(app, BUYER).await.len(), 0);
        app.clock.advance(TO_MORNING);
        reminders(app).await;
        assert_eq!(told(app, BUYER).await.len(), 1);
    }

    async fn who_goes_without_suggestions_is_not_reminded(app) {
        due_today(app).await;
        let sql = "INSERT INTO suggestion_trials (id, state, control_share, salt, started_at, \
                   started_on) VALUES ($1, 'running', 5000, $2, 0, '2026-11-01')";
        let shop = trade::id::AccountId(app.world.corner_shop.id);
        let control = |salt: &i64| {
            portal::suggestions::trial::arm(shop, *salt, 5_000)
                == portal::db::words::TrialArm::Control
        };
        let salt = (0..1_000_i64).find(control).unwrap();
        run(app, sql, [Uuid::now_v7().into(), salt.into()]).await;
        reminders(app).await;
        assert_eq!(told(app, BUYER).await.len() + mails_to(app, BUYER).len(), 0);
    }
}
