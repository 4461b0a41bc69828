//! Who is told of an order, in which way and in which order: in Kontor, by mail, by whom it was
//! placed and decided; and of holds before they run out.

use portal::api::keys::{self, Permission};
use portal::messages::running_out;
use reqwest::Method;
use serde_json::json;
use trade::id::AccountId;

use crate::harness::App;
use crate::harness::world::{BUYER, KAM_NORTH, OWNER};
use crate::hold_words::said;
use crate::holds::{
    APPROVER, DAY, FINANCE, approval_above, approver, calm, hold, mails_to, order, reviewed, run,
};
use crate::shelf::KIBBLE;

/// What somebody chose for a topic.
pub async fn chose(app: &App, email: &str, topic: &str, mail: &str, in_app: bool) {
    let sql = "INSERT INTO notification_choices (user_id, topic, mail, in_app, push, changed_at) \
               SELECT id, $2, $3, $4, FALSE, 0 FROM users WHERE email = $1 \
               ON CONFLICT (user_id, topic) DO UPDATE SET mail = excluded.mail, \
               in_app = excluded.in_app";
    run(
        app,
        sql,
        [email.into(), topic.into(), mail.into(), in_app.into()],
    )
    .await;
}

/// What somebody was told in Kontor: topic, sentence in English, link.
pub async fn told(app: &App, email: &str) -> Vec<(String, String, String)> {
    let sql = "SELECT n.topic, n.said, n.link FROM notifications n JOIN users u \
               ON u.id = n.user_id WHERE u.email = $1 AND n.in_app ORDER BY n.created_at, n.id";
    let rows = app.sql.rows(sql, [email.into()]).await;
    let lang = portal::web::locale::Lang::En;
    let note = |row: &sea_orm::QueryResult| {
        let said: serde_json::Value = row.try_get_by_index(1).unwrap();
        let said = serde_json::from_value(said).unwrap();
        (
            row.try_get_by_index(0).unwrap(),
            app.data.templates.words().message(lang, &said),
            row.try_get_by_index(2).unwrap(),
        )
    };
    rows.iter().map(note).collect()
}

fn note(topic: &str, said: &str, link: &str) -> (String, String, String) {
    (topic.to_owned(), said.to_owned(), link.to_owned())
}

async fn subjects(app: &App, email: &str) -> Vec<String> {
    mails_to(app, email)
        .into_iter()
        .map(|kept| kept.mail.subject)
        .collect()
}

both! {
    async fn what_happens_to_an_order_is_noted_in_kontor_with_its_link(app) {
        reviewed(app).await;
        let number = order(&app.as_buyer().await, "40").await;
        app.run_jobs().await;
        let page = format!("/orders/{number}");
        let waits = format!("Order {number} over €100.00 is in and waits: Review by the key account manager.");
        assert_eq!(told(app, BUYER).await, [note("orders", &waits, &page)]);
        let decide = format!(
            "Order {number} from Zoohandlung Petersen over €100.00 waits for your decision: \
             Review by the key account manager."
        );
        assert_eq!(
            told(app, KAM_NORTH).await,
            [note("accounts", &decide, "/kam/exceptions?releaser=mine")]
        );
        let id = hold(app, &number, "kam_review").await;
        app.as_kam().await.post(&format!("/holds/{id}/release"), &[]).await.expect(303);
        app.run_jobs().await;
        let confirmed = format!("Order {number} over €100.00 is confirmed.");
        assert_eq!(told(app, BUYER).await[1..], [note("orders", &confirmed, &page)]);
        // Its mails reach each reader in the order in which they were written.
        let sql = "SELECT follows FROM jobs WHERE kind = 'send_mail' AND follows IS NOT NULL \
                   ORDER BY created_at, id";
        let follows = app.sql.texts(sql).await;
        let own = format!("order/{number}/{}", app.world.corner_shop.buyer);
        let of_buyer = follows.iter().filter(|word| **word == own).count();
        let all = follows.iter().filter(|word| word.starts_with(&format!("order/{number}/"))).count();
        assert_eq!((of_buyer, all, follows.len()), (2, 3, 3));
    }

    async fn who_wants_no_mails_of_orders_still_finds_them_in_kontor(app) {
        calm(app).await;
        chose(app, BUYER, "orders", "off", true).await;
        let number = order(&app.as_buyer().await, "40").await;
        app.run_jobs().await;
        assert_eq!(subjects(app, BUYER).await, Vec::<String>::new());
        assert_eq!(told(app, BUYER).await.len(), 1);
        assert_eq!(
            told(app, KAM_NORTH).await,
            [note(
                "accounts",
                &format!("Zoohandlung Petersen placed order {number} over €100.00."),
                &format!("/orders/{number}")
            )]
        );
    }

    async fn an_order_that_staff_placed_is_told_to_all_who_order_there(app) {
        calm(app).await;
        let sql = "UPDATE users SET status = 'disabled' WHERE account_id = $1 \
                   AND email NOT IN ($2, $3)";
        run(app, sql, [app.world.corner_shop.id.into(), BUYER.into(), OWNER.into()]).await;
        let kam = app.as_kam().await;
        let act = format!("/kam/accounts/{}/act", app.world.corner_shop.number);
        kam.post(&act, &[]).await.expect(303);
        let number = order(&kam, "40").await;
        app.run_jobs().await;
        for email in [BUYER, OWNER] {
            let mails = mails_to(app, email);
            assert_eq!(mails.len(), 1, "{email}");
            let text = &mails[0].mail.text;
            let by = "Placed by Katrin Ahlers on behalf of Zoohandlung Petersen.";
            assert!(text.contains(by), "{text}");
            assert_eq!(mails[0].mail.attachments.len(), 1);
            let noted =
                format!("Katrin Ahlers placed order {number} over €100.00 for you; it is confirmed.");
            assert_eq!(told(app, email).await, [note("orders", &noted, &format!("/orders/{number}"))]);
        }
    }

    async fn an_order_of_a_program_says_so(app) {
        calm(app).await;
        let tx = app.data.db.begin_system("tests").await.unwrap();
        let shop = Some(AccountId(app.world.corner_shop.id));
        let key = keys::create(&tx, 0, "Till", shop, &Permission::ACCOUNT[..]).await.unwrap();
        tx.commit().await.unwrap();
        let visitor = app.visitor();
        let request = visitor.request(Method::POST, "/api/v1/orders");
        let body = json!({"lines": [{"sku": KIBBLE, "unit": "H87", "quantity": 40}]});
        let request = request.bearer_auth(key).header("Idempotency-Key", "one").json(&body);
        visitor.send(request).await.expect(201);
        app.run_jobs().await;
        for email in [BUYER, OWNER] {
            let mails = mails_to(app, email);
            assert_eq!(mails.len(), 1, "{email}");
            let text = &mails[0].mail.text;
            assert!(text.contains("Placed by the program \"Till\"."), "{text}");
        }
    }

    async fn who_ordered_reads_who_approved_and_what_it_waits_for_then(app) {
        reviewed(app).await;
        approval_above(app, 5_000, 1).await;
        let anna = approver(app).await;
        let number = order(&app.as_buyer().await, "40").await;
        app.run_jobs().await;
        let asked = format!("Lena Petersen asks you to approve order {number} over €100.00.");
        let path = format!("/approvals/{number}");
        assert_eq!(told(app, APPROVER).await, [note("approvals", &asked, &path)]);
        let approval = hold(app, &number, "approval").await;
        let word = [("reason", "For the sale")];
        anna.post(&format!("/holds/{approval}/release"), &word).await.expect(303);
        app.run_jobs().await;
        let mails = mails_to(app, BUYER);
        assert_eq!(mails.len(), 2);
        let expected = format!(
            "Order {number} is approved\n\
             Hello Lena Petersen,\n\n\
             Your company has approved order {number} over €100.00 net. It is not confirmed yet; it \
             still waits for what stands below.\n\n\
             Approved by Anna Appel. \"For the sale\"\n\n\
             Review by the key account manager:\n\
             - Your key account manager looks at your orders first.\n\
             - Your key account manager decides by 27 Nov 2026.\n\n\
             Open order:\n{}/orders/{number}",
            app.url
        );
        let text = said(&mails[1]);
        assert!(text.starts_with(&expected), "{text}");
        let noted = format!(
            "Anna Appel approved order {number}. It still waits: Review by the key account manager."
        );
        let page = format!("/orders/{number}");
        assert_eq!(told(app, BUYER).await[1..], [note("approvals", &noted, &page)]);
        let review = hold(app, &number, "kam_review").await;
        let quiet = [("reason", "Spoke to them")];
        app.as_kam().await.post(&format!("/holds/{review}/release"), &quiet).await.expect(303);
        app.run_jobs().await;
        let mails = mails_to(app, BUYER);
        assert_eq!(mails.len(), 3);
        let text = &mails[2].mail.text;
        assert!(text.contains("is confirmed. The confirmation is"), "{text}");
        assert!(text.contains("Approved by Anna Appel. \"For the sale\"\n"), "{text}");
        // Why the brand let it pass stays with the brand.
        assert!(!text.contains("Spoke to them"), "{text}");
    }

    async fn the_kam_hears_of_what_others_end_and_not_of_what_they_end_themselves(app) {
        reviewed(app).await;
        approval_above(app, 5_000, 1).await;
        let anna = approver(app).await;
        let buyer = app.as_buyer().await;
        let number = order(&buyer, "40").await;
        app.run_jobs().await;
        let id = hold(app, &number, "approval").await;
        let reason = [("reason", "Too much")];
        anna.post(&format!("/holds/{id}/reject"), &reason).await.expect(303);
        app.run_jobs().await;
        let told_buyer = told(app, BUYER).await;
        let rejected = format!("Anna Appel rejected order {number}: Too much");
        let page = format!("/orders/{number}");
        assert_eq!(told_buyer[1..], [note("approvals", &rejected, &page)]);
        let mails = mails_to(app, KAM_NORTH);
        let expected = format!(
            "Order {number} was rejected\n\
             Hello Katrin Ahlers,\n\n\
             Order {number} from Zoohandlung Petersen over €100.00 net was rejected by Anna Appel.\n\
             Reason: Too much\n\n\
             The buyer has been told. Everything the order had reserved was given back; call them \
             if it should be placed again.\n\n\
             Open order:\n{}/orders/{number}",
            app.url
        );
        let text = said(&mails[1]);
        assert!(text.starts_with(&expected), "{text}");

        run(app, "DELETE FROM approval_rules", []).await;
        run(app, "UPDATE accounts SET review_note = NULL", []).await;
        let second = order(&buyer, "45").await;
        app.run_jobs().await;
        let cancel = format!("/orders/{second}/cancel");
        buyer.post(&cancel, &[("reason", "Ordered twice")]).await.expect(303);
        app.run_jobs().await;
        let cancelled = format!("Lena Petersen cancelled order {second} from Zoohandlung Petersen.");
        let link = format!("/orders/{second}");
        assert_eq!(told(app, KAM_NORTH).await.last(), Some(&note("accounts", &cancelled, &link)));
        let text = said(mails_to(app, KAM_NORTH).last().unwrap());
        let line = "from Zoohandlung Petersen over €112.50 net was cancelled by Lena Petersen.";
        assert!(text.contains(line), "{text}");

        let third = order(&buyer, "50").await;
        app.run_jobs().await;
        let before = mails_to(app, KAM_NORTH).len();
        let cancel = format!("/orders/{third}/cancel");
        app.as_kam().await.post(&cancel, &[("reason", "Out of season")]).await.expect(303);
        app.run_jobs().await;
        assert_eq!(mails_to(app, KAM_NORTH).len(), before);
        assert_eq!(subjects(app, BUYER).await.last(), Some(&format!("Order {third} is cancelled")));
    }

    async fn who_decides_is_reminded_once_a_day_before_a_hold_runs_out(app) {
        reviewed(app).await;
        let number = order(&app.as_buyer().await, "40").await;
        app.run_jobs().await;
        let seen = (mails_to(app, BUYER).len(), mails_to(app, KAM_NORTH).len());
        assert_eq!(seen, (1, 1));
        app.clock.advance(2 * DAY - 1);
        running_out::due(&app.data).await.unwrap();
        app.run_jobs().await;
        assert_eq!(mails_to(app, KAM_NORTH).len(), 1);
        app.clock.advance(1);
        for _ in 0..2 {
            running_out::due(&app.data).await.unwrap();
            app.run_jobs().await;
        }
        let mails = mails_to(app, KAM_NORTH);
        assert_eq!(mails.len(), 2);
        let expected = format!(
            "Reminder: Decide: order {number} from Zoohandlung Petersen, €100.00\n\
             Hello Katrin Ahlers,\n\n\
             Nobody has decided yet, and on 27 Nov 2026 it is too late. Order {number} from \
             Zoohandlung Petersen (10001) over €100.00 net, placed by Lena Petersen, waits for your \
             decision. It lapses if nobody decides by 27 Nov 2026.\n\n\
             Review by the key account manager:\n\
             - Review asked for: Moves to a new shop\n\n\
             Open the queue:\n{}/kam/exceptions?releaser=mine",
            app.url
        );
        let text = said(&mails[1]);
        assert!(text.starts_with(&expected), "{text}");
        let noted = format!(
            "Order {number} from Zoohandlung Petersen over €100.00 lapses on 27 Nov 2026 unless you \
             decide: Review by the key account manager."
        );
        let link = "/kam/exceptions?releaser=mine";
        assert_eq!(told(app, KAM_NORTH).await[1..], [note("accounts", &noted, link)]);
        // Who ordered can do nothing about it.
        assert_eq!(mails_to(app, BUYER).len(), 1);
        assert_eq!(told(app, BUYER).await.len(), 1);
    }

    async fn nobody_is_reminded_of_what_is_decided(app) {
        calm(app).await;
        approval_above(app, 5_000, 1).await;
        let anna = approver(app).await;
        let buyer = app.as_buyer().await;
        let (decided, left) = (order(&buyer, "40").await, order(&buyer, "45").await);
        let id = hold(app, &decided, "approval").await;
        anna.post(&format!("/holds/{id}/release"), &[]).await.expect(303);
        app.run_jobs().await;
        app.clock.advance(6 * DAY);
        running_out::due(&app.data).await.unwrap();
        app.run_jobs().await;
        let reminders: Vec<String> = subjects(app, APPROVER)
            .await
            .into_iter()
            .filter(|subject| subject.starts_with("Reminder:"))
            .collect();
        let expected = format!("Reminder: Lena Petersen asks for approval: order {left}, €112.50");
        assert_eq!(reminders, [expected]);
        assert_eq!(subjects(app, FINANCE).await, Vec::<String>::new());
        // A row a hold, so that no other instance reminds of it.
        let sql = "SELECT count(*) FROM schedule_runs WHERE task LIKE 'remind-of-hold/%'";
        assert_eq!(app.sql.number(sql, []).await, 1);
    }
}
