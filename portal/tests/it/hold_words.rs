//! What everybody is told of an order that waits, in words and as figures: the buyer, who decides,
//! the KAM, and programs.

use portal::api::keys::{self, Permission};
use portal::mail::KeptMail;
use portal::orders::decide;
use reqwest::Method;
use serde_json::json;
use trade::id::AccountId;
use uuid::Uuid;

use crate::harness::App;
use crate::harness::client::unescape;
use crate::harness::world::{BUYER, KAM_NORTH, OWNER};
use crate::holds::{
    APPROVER, DAY, FINANCE, approval_above, approver, calm, hold, mails_to, order, reviewed, run,
    state,
};
use crate::shelf::KIBBLE;

/// A mail's subject and text, without what stands below every mail.
pub fn said(kept: &KeptMail) -> String {
    let (text, _) = kept.mail.text.split_once("\n\n-- \n").unwrap();
    format!("{}\n{text}", kept.mail.subject)
}

/// The holds of an order as a program reads them: the account's, or the brand's.
pub async fn holds_by_api(
    app: &App,
    account: Option<AccountId>,
    number: &str,
) -> serde_json::Value {
    let tx = app.data.db.begin_system("tests").await.unwrap();
    let permissions = if account.is_some() {
        &Permission::ACCOUNT[..]
    } else {
        &Permission::ALL[..]
    };
    let key = keys::create(&tx, 0, "Test program", account, permissions)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let visitor = app.visitor();
    let request = visitor.request(Method::GET, &format!("/api/v1/orders/{number}"));
    let answer = visitor.send(request.bearer_auth(key)).await.expect(200);
    answer.json()["holds"].clone()
}

both! {
    async fn everybody_is_told_once_what_waits_and_what_came_of_it(app) {
        reviewed(app).await;
        let number = order(&app.as_buyer().await, "40").await;
        app.run_jobs().await;
        let [held] = &mails_to(app, BUYER)[..] else { panic!("{:?}", app.mails()) };
        let [decide] = &mails_to(app, KAM_NORTH)[..] else { panic!("{:?}", app.mails()) };
        assert_eq!(app.mails().len(), 2);
        assert_eq!(
            said(held),
            format!(
                "Order {number} received – Feldmann Tiernahrung GmbH\n\
                 Hello Lena Petersen,\n\n\
                 Thank you. Your order {number} of 24 Nov 2026 has arrived. It is not confirmed \
                 yet; it waits for this:\n\n\
                 Review by the key account manager:\n\
                 - Your key account manager looks at your orders first.\n\
                 - Your key account manager decides by 27 Nov 2026.\n\n\
                 Nothing is delivered before it is confirmed; what is in stock stays reserved for \
                 you meanwhile.\n\n\
                 Ship to: Zoohandlung Petersen, Gartenstraße 48, 20457 Hamburg, DE\n\n\
                 Product K-0005\n  K-0005: 40 pieces, €2.50 / piece = €100.00\n\n\
                 Net: €100.00\n\
                 VAT 19%: €19.00\n\
                 Total with VAT: €119.00\n\
                 On account, payable within 30 days.\n\n\
                 Open order:\n{}/orders/{number}",
                app.url
            )
        );
        assert_eq!(
            said(decide),
            format!(
                "Decide: order {number} from Zoohandlung Petersen, €100.00\n\
                 Hello Katrin Ahlers,\n\n\
                 Order {number} from Zoohandlung Petersen (10001) over €100.00 net, placed by \
                 Lena Petersen, waits for your decision. It lapses if nobody decides by \
                 27 Nov 2026.\n\n\
                 Review by the key account manager:\n\
                 - Review asked for: Moves to a new shop\n\n\
                 Open the queue:\n{}/kam/exceptions?releaser=mine",
                app.url
            )
        );
        for html in [&held.mail.html, &decide.mail.html] {
            assert!(html.contains("<strong>Review by the key account manager</strong>"), "{html}");
        }
        assert_eq!(held.mail.attachments.len(), 0);
        let id = hold(app, &number, "kam_review").await;
        app.as_kam().await.post(&format!("/holds/{id}/release"), &[]).await.expect(303);
        app.run_jobs().await;
        let mails = app.mails();
        assert_eq!(mails.len(), 3);
        let confirmed = &mails[2].mail;
        assert_eq!(confirmed.to_email, BUYER);
        assert_eq!(confirmed.subject, format!("Order {number} confirmed – Feldmann Tiernahrung GmbH"));
        let text = format!("Your order {number} of 24 Nov 2026 is confirmed. The confirmation is");
        assert!(confirmed.text.contains(&text), "{}", confirmed.text);
        assert_eq!(confirmed.attachments[0].name, format!("confirmation-{number}.pdf"));
    }

    async fn the_buyer_reads_why_it_was_rejected(app) {
        reviewed(app).await;
        let number = order(&app.as_buyer().await, "40").await;
        let id = hold(app, &number, "kam_review").await;
        let reason = [("reason", "Not before the move")];
        app.as_kam().await.post(&format!("/holds/{id}/reject"), &reason).await.expect(303);
        // What was over before anybody was told of it is not told.
        app.run_jobs().await;
        let mails = app.mails();
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].mail.to_email, BUYER);
        assert_eq!(
            said(&mails[0]),
            format!(
                "Order {number} was rejected\n\
                 Hello Lena Petersen,\n\n\
                 Order {number} over €100.00 net was rejected by Katrin Ahlers.\n\
                 Reason: Not before the move\n\n\
                 Nothing will be delivered for it, and everything it had reserved was given back. \
                 You can take its lines back into the cart, change them and order again.\n\n\
                 Open order:\n{}/orders/{number}",
                app.url
            )
        );
    }

    async fn levels_of_approval_are_asked_one_after_the_other(app) {
        calm(app).await;
        approval_above(app, 5_000, 1).await;
        approval_above(app, 8_000, 2).await;
        let anna = approver(app).await;
        let sql = "UPDATE approval_rules SET approver_id = (SELECT id FROM users WHERE email = $1) \
                   WHERE level = 1";
        run(app, sql, [APPROVER.into()]).await;
        let number = order(&app.as_buyer().await, "40").await;
        app.run_jobs().await;
        let [asked] = &mails_to(app, APPROVER)[..] else { panic!("{:?}", app.mails()) };
        assert_eq!(
            said(asked),
            format!(
                "Lena Petersen asks for approval: order {number}, €100.00\n\
                 Hello Anna Appel,\n\n\
                 Lena Petersen has placed order {number} over €100.00 net, and it needs your \
                 approval. It lapses if nobody decides by 1 Dec 2026.\n\n\
                 Approval in your company:\n\
                 - Orders over €50.00 net need approval; this one is €100.00 net.\n\n\
                 Look at it and decide:\n{}/approvals/{number}",
                app.url
            )
        );
        assert_eq!(mails_to(app, OWNER).len(), 0);
        let first = hold(app, &number, "approval").await;
        let owner = app.as_owner().await;
        owner.post(&format!("/holds/{first}/release"), &[]).await.expect(403);
        anna.post(&format!("/holds/{first}/release"), &[]).await.expect(303);
        assert_eq!(state(app, &number).await, "held");
        app.run_jobs().await;
        assert_eq!(mails_to(app, OWNER).len(), 1);
        // Neither is the buyer told of each step.
        assert_eq!(mails_to(app, BUYER).len(), 1);
        let sql = "SELECT h.id FROM holds h JOIN orders o ON o.id = h.order_id \
                   WHERE o.number = $1 AND h.level = 2";
        let second: Uuid =
            app.sql.rows(sql, [number.clone().into()]).await[0].try_get_by_index(0).unwrap();
        owner.post(&format!("/holds/{second}/release"), &[]).await.expect(303);
        assert_eq!(state(app, &number).await, "confirmed");
        app.run_jobs().await;
    }

    async fn an_order_nobody_decides_about_lapses_in_time_and_not_before(app) {
        reviewed(app).await;
        let number = order(&app.as_buyer().await, "40").await;
        app.run_jobs().await;
        app.clock.advance(3 * DAY - 1);
        assert_eq!(decide::expire_due(&app.data).await.unwrap(), 0);
        assert_eq!(state(app, &number).await, "held");
        app.clock.advance(1);
        assert_eq!(decide::expire_due(&app.data).await.unwrap(), 1);
        assert_eq!(decide::expire_due(&app.data).await.unwrap(), 0);
        assert_eq!(state(app, &number).await, "expired");
        let stock = "SELECT reserved FROM stock s JOIN products p ON p.id = s.product_id \
                     WHERE p.sku = $1";
        assert_eq!(app.sql.number(stock, [KIBBLE.into()]).await, 0);
        app.run_jobs().await;
        let buyer = mails_to(app, BUYER);
        let kam = mails_to(app, KAM_NORTH);
        assert_eq!(
            said(&buyer[1]),
            format!(
                "Order {number} has lapsed\n\
                 Hello Lena Petersen,\n\n\
                 Nobody decided in time on order {number} over €100.00 net. What was waiting:\n\
                 - Review by the key account manager\n\n\
                 The order has lapsed: nothing will be delivered for it, and everything it had \
                 reserved was given back. You can take its lines back into the cart and order \
                 again.\n\n\
                 Open order:\n{}/orders/{number}",
                app.url
            )
        );
        assert_eq!(
            said(&kam[1]),
            format!(
                "Order {number} has lapsed\n\
                 Hello Katrin Ahlers,\n\n\
                 Nobody decided in time on order {number} from Zoohandlung Petersen over €100.00 \
                 net. What was waiting:\n\
                 - Review by the key account manager\n\n\
                 The buyer has been told. Everything the order had reserved was given back; call \
                 them if it should be placed again.\n\n\
                 Open order:\n{}/orders/{number}",
                app.url
            )
        );
        let id = hold(app, &number, "kam_review").await;
        let late = app.as_kam().await.post(&format!("/holds/{id}/release"), &[]).await.expect(409);
        let text = unescape(&late.text());
        assert!(
            text.contains(&format!("order {number} lapsed on 27 Nov 2026.")),
            "{text}"
        );
        let page = unescape(&app.as_buyer().await.page(&format!("/orders/{number}")).await.text());
        assert!(page.contains("Nobody decided in time"), "{page}");
        assert!(portal::check::books(&app.data.db).await.unwrap().is_empty());
    }

    async fn a_child_reads_nothing_of_how_its_parent_stands(app) {
        calm(app).await;
        let sql = "UPDATE accounts SET bill_to_id = $1 WHERE id = $2";
        let (payer, child) = (app.world.stranger.id, app.world.corner_shop.id);
        run(app, sql, [payer.into(), child.into()]).await;
        let sql = "UPDATE accounts SET credit_limit_minor = 123456 WHERE id = $1";
        run(app, sql, [payer.into()]).await;
        let sql = "UPDATE credit_accounts SET receivable_minor = 654321 WHERE account_id = $1";
        run(app, sql, [payer.into()]).await;
        let buyer = app.as_buyer().await;
        let number = order(&buyer, "40").await;
        app.run_jobs().await;
        let page = unescape(&buyer.page(&format!("/orders/{number}")).await.text());
        assert!(page.contains("The company that pays for you has reached its credit limit."));
        let finance = app.sign_in(FINANCE).await;
        let full = unescape(&finance.page("/kam/exceptions").await.text());
        let facts = "Limit €1,234.56, exposure before it €6,543.21, this order €119.00 gross: \
                     €5,427.65 over the limit.";
        assert!(full.contains(facts), "{full}");
        let shop = AccountId(child);
        let told = holds_by_api(app, Some(shop), &number).await;
        assert_eq!(told[0]["kind"], "credit");
        assert_eq!(told[0]["facts"], json!(null));
        let told = holds_by_api(app, None, &number).await;
        let facts = json!({
            "kind": "credit",
            "limit": {"amount": "1234.56", "currency": "EUR"},
            "exposure": {"amount": "6543.21", "currency": "EUR"},
            "gross": {"amount": "119.00", "currency": "EUR"},
        });
        assert_eq!(told[0]["facts"], facts);
        let mails = mails_to(app, BUYER);
        let texts = [page, mails[0].mail.text.clone(), mails[0].mail.html.clone()];
        for text in texts {
            for figure in ["1,234.56", "6,543.21", "over the limit"] {
                assert!(!text.contains(figure), "{figure} is told: {text}");
            }
        }
    }

    async fn a_program_reads_holds_with_their_facts_and_who_decided(app) {
        reviewed(app).await;
        let number = order(&app.as_buyer().await, "40").await;
        let id = hold(app, &number, "kam_review").await;
        let shop = Some(AccountId(app.world.corner_shop.id));
        let wanted = json!([{
            "id": id, "kind": "kam_review", "level": 1, "releaser": "kam", "state": "open",
            "opened_at": "2026-11-24T08:30:00Z", "due_at": "2026-11-27T08:30:00Z",
            "facts": null, "decided_by": null, "reason": null,
        }]);
        assert_eq!(holds_by_api(app, shop, &number).await, wanted);
        let release = format!("/holds/{id}/release");
        app.as_kam().await.post(&release, &[("reason", "Spoke to them")]).await.expect(303);
        let told = holds_by_api(app, None, &number).await;
        assert_eq!(told[0]["state"], "released");
        assert_eq!(told[0]["decided_by"], "Katrin Ahlers");
        assert_eq!(told[0]["reason"], "Spoke to them");
        assert_eq!(told[0]["facts"], json!({"kind": "kam_review", "note": "Moves to a new shop"}));
        assert_eq!(holds_by_api(app, shop, &number).await[0]["reason"], json!(null));
        app.run_jobs().await;
    }

    async fn a_german_buyer_reads_german(app) {
        calm(app).await;
        let sql = "UPDATE accounts SET credit_limit_minor = 10000 WHERE id = $1";
        run(app, sql, [app.world.corner_shop.id.into()]).await;
        let sql = "UPDATE credit_accounts SET receivable_minor = 5000, confirmed_minor = 0, \
                   held_minor = 0 WHERE account_id = $1";
        run(app, sql, [app.world.corner_shop.id.into()]).await;
        let sql = "INSERT INTO open_items (id, account_id, number, kind, issued_on, due_on, \
                   currency, amount_minor, open_minor, early_payment_discount, updated_at) \
                   VALUES ($1, $2, 'R-4711', 'invoice', '2026-01-01', '2026-01-31', 'EUR', 5000, \
                   5000, 0, 0)";
        run(app, sql, [Uuid::now_v7().into(), app.world.corner_shop.id.into()]).await;
        run(app, "UPDATE users SET locale = 'de' WHERE email = $1", [BUYER.into()]).await;
        let buyer = app.as_buyer().await;
        let number = order(&buyer, "40").await;
        let page = unescape(&buyer.page(&format!("/orders/{number}")).await.text());
        for words in [
            "Worauf die Bestellung wartet",
            "Diese Bestellung liegt 69,00\u{a0}€ über Ihrem Kreditlimit von 100,00\u{a0}€.",
            "Unsere Buchhaltung entscheidet bis 29.11.2026.",
            "Es hilft, die Rechnung R-4711 über 50,00\u{a0}€ zu bezahlen.",
        ] {
            assert!(page.contains(words), "{words} is not said: {page}");
        }
        app.run_jobs().await;
        let mails = mails_to(app, BUYER);
        let text = said(&mails[0]);
        let waits = "Sie ist noch nicht bestätigt; sie wartet darauf:\n\n\
                     Kreditlimit:\n\
                     - Diese Bestellung liegt 69,00\u{a0}€ über Ihrem Kreditlimit von \
                     100,00\u{a0}€.\n\
                     - Unsere Buchhaltung entscheidet bis 29.11.2026.\n\
                     - Es hilft, die Rechnung R-4711 über 50,00\u{a0}€ zu bezahlen.\n\n\
                     Vor der Bestätigung wird nichts geliefert; was am Lager ist, bleibt solange \
                     für Sie reserviert.\n";
        assert!(text.starts_with(&format!("Bestellung {number} eingegangen – ")), "{text}");
        assert!(text.contains(waits), "{text}");
        let finance = mails_to(app, FINANCE);
        assert_eq!(finance.len(), 1);
        assert!(finance[0].mail.text.contains("/kam/exceptions?releaser=mine"));
    }
}
