//! Other programs are told what happens: signed, in order, again where it did not arrive, and
//! nothing that is not theirs.

mod feed;
mod pages;
pub mod receiver;

use std::time::Duration;

use portal::jobs::worker;
use serde_json::json;

use crate::harness::client::unescape;
use crate::harness::{App, Client, NOW};
use crate::holds::{DAY, calm, hold, order, reviewed};
use crate::webhooks::receiver::{Receiver, Says, status};

const SECOND: i64 = 1_000;

/// Sets an endpoint up by the form; gives the path of its page.
pub async fn set_up(admin: &Client, url: &str, more: &[(&str, &str)]) -> String {
    let mut fields = vec![("name", "ERP"), ("url", url), ("which", "all")];
    fields.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    fields.extend_from_slice(more);
    let answer = admin.post("/admin/webhooks", &fields).await.expect(303);
    answer.location().to_owned()
}

/// The secrets that an endpoint's page shows, the current one first.
pub async fn secrets(admin: &Client, path: &str) -> Vec<String> {
    let page = unescape(&admin.page(path).await.text());
    let after = page.split("<code>whsec_").skip(1);
    let words = after.map(|rest| format!("whsec_{}", rest.split('<').next().unwrap()));
    words.collect()
}

pub async fn states(app: &App) -> Vec<String> {
    app.sql
        .texts("SELECT state FROM webhook_deliveries ORDER BY id")
        .await
}

async fn attempts(app: &App) -> Vec<(i64, Option<i32>, String)> {
    let sql = "SELECT at, status, answer FROM webhook_attempts ORDER BY at, id";
    let rows = app.sql.rows(sql, []).await;
    let read = rows.iter().map(|row| {
        (
            row.try_get_by_index(0).unwrap(),
            row.try_get_by_index(1).unwrap(),
            row.try_get_by_index(2).unwrap(),
        )
    });
    read.collect()
}

async fn due_at(app: &App) -> i64 {
    let sql = "SELECT min(run_at) FROM jobs WHERE kind = 'deliver_webhook' AND state = 'waiting'";
    app.sql.number(sql, []).await
}

/// Lets time pass until what waits is due, and does it.
async fn next_try(app: &App) {
    app.clock.advance(due_at(app).await - app.clock.millis());
    app.run_jobs().await;
}

both! {
    async fn what_happens_to_an_order_is_told_signed_and_in_its_order(app) {
        calm(app).await;
        let (admin, receiver) = (app.as_admin().await, Receiver::start().await);
        let path = set_up(&admin, &receiver.url, &[]).await;
        let secret = secrets(&admin, &path).await;
        assert_eq!(secret.len(), 1);
        let number = order(&app.as_buyer().await, "40").await;
        assert_eq!(receiver.heard().len(), 0, "told before it was committed, or by the request");
        app.run_jobs().await;

        let heard = receiver.heard();
        let told: Vec<String> = heard.iter().map(receiver::Heard::kind).collect();
        assert_eq!(told, ["order.placed", "order.confirmed"]);
        let first = &heard[0];
        assert!(heard.iter().all(|one| one.is_signed_with(&secret[0])));
        assert_eq!(first.path, "/in");
        assert_eq!(first.header("content-type"), "application/json");
        assert_eq!(first.header("webhook-timestamp"), (NOW / SECOND).to_string());
        assert_ne!(first.header("webhook-id"), heard[1].header("webhook-id"));
        let body = first.json();
        assert_eq!(body["timestamp"], "2026-11-24T08:30:00Z");
        assert_eq!(
            body["data"],
            json!({
                "order": number,
                "account": app.world.corner_shop.number,
                "state": "confirmed",
                "source": "portal",
                "po_number": "",
                "placed_at": "2026-11-24T08:30:00Z",
                "line_count": 1,
                "net": {"amount": "100.00", "currency": "EUR"},
                "tax": {"amount": "19.00", "currency": "EUR"},
                "gross": {"amount": "119.00", "currency": "EUR"},
                "holds": [],
                "reason": null,
                "by": "Lena Petersen",
                "on_behalf_of": null,
                "url": format!("{}/api/v1/orders/{number}", app.url),
            })
        );
        assert_eq!(heard[1].json()["data"]["by"], json!(null), "it was confirmed by itself");
        assert_eq!(states(app).await, ["delivered", "delivered"]);
        // The timeline and what is told are one: they bear the same ids.
        let ids = "SELECT count(*) FROM events e JOIN order_events o ON o.id = e.id";
        assert_eq!(app.sql.number(ids, []).await, 2);
        // A body that was changed, or another secret, is found out.
        let mut forged = heard[0].clone();
        forged.body.push(b' ');
        assert!(!forged.is_signed_with(&secret[0]));
    }

    async fn who_decides_and_for_whom_is_told_but_not_on_what_it_rests(app) {
        reviewed(app).await;
        let (admin, receiver) = (app.as_admin().await, Receiver::start().await);
        set_up(&admin, &receiver.url, &[]).await;
        let kam = app.as_kam().await;
        let act = format!("/kam/accounts/{}/act", app.world.corner_shop.number);
        kam.post(&act, &[]).await.expect(303);
        let number = order(&kam, "40").await;
        app.run_jobs().await;
        let heard = receiver.heard();
        let told: Vec<String> = heard.iter().map(receiver::Heard::kind).collect();
        assert_eq!(told, ["order.placed", "order.held"]);
        let data = &heard[1].json()["data"];
        assert_eq!(data["state"], "held");
        assert_eq!(data["source"], "on_behalf");
        assert_eq!(data["on_behalf_of"], app.world.corner_shop.name);
        let due = jiff::Timestamp::from_millisecond(NOW + 3 * DAY).unwrap().to_string();
        let holds = json!([{"kind": "kam_review", "level": 1, "releaser": "kam", "due_at": due}]);
        assert_eq!(data["holds"], holds);
        assert!(!String::from_utf8_lossy(&heard[1].body).contains("Moves to a new shop"));

        let reject = format!("/holds/{}/reject", hold(app, &number, "kam_review").await);
        admin.post(&reject, &[("reason", "Closed shop")]).await.expect(303);
        app.run_jobs().await;
        let heard = receiver.heard();
        assert_eq!(heard.len(), 1, "rejecting the hold and the order is one thing to programs");
        assert_eq!(heard[0].kind(), "order.rejected");
        assert_eq!(heard[0].json()["data"]["reason"], "Closed shop");
        assert_eq!(heard[0].json()["data"]["holds"], json!([]));
    }

    async fn what_failed_is_tried_again_when_the_other_side_asks_for_it(app) {
        calm(app).await;
        let (admin, receiver) = (app.as_admin().await, Receiver::start().await);
        let kind = [("which", "some"), ("kind", "order.confirmed")];
        set_up(&admin, &receiver.url, &kind).await;
        let busy = Says {
            headers: "retry-after: 120\r\n".into(),
            body: "come back later".into(),
            ..status(503)
        };
        receiver.says([busy, status(500), status(302)]);
        order(&app.as_buyer().await, "40").await;
        app.run_jobs().await;
        let first = receiver.heard();
        assert_eq!(first.len(), 1);
        // Asked to wait for two minutes, it waits for two minutes, not for five seconds.
        assert_eq!(due_at(app).await, NOW + 120 * SECOND);
        app.clock.advance(119 * SECOND);
        app.run_jobs().await;
        assert_eq!(receiver.heard().len(), 0);

        next_try(app).await;
        let second = receiver.heard();
        assert_eq!(second.len(), 1);
        // The event and its body are the same, the moment is not.
        assert_eq!(second[0].header("webhook-id"), first[0].header("webhook-id"));
        assert_eq!(second[0].body, first[0].body);
        let sent = ((NOW + 120 * SECOND) / SECOND).to_string();
        assert_eq!(second[0].header("webhook-timestamp"), sent);
        let pause = due_at(app).await - app.clock.millis();
        assert!((300 * SECOND..=360 * SECOND).contains(&pause), "{pause}");
        next_try(app).await;
        let pause = due_at(app).await - app.clock.millis();
        assert!((1_800 * SECOND..=2_160 * SECOND).contains(&pause), "{pause}");
        next_try(app).await;
        assert_eq!(receiver.heard().len(), 2);
        assert_eq!(states(app).await, ["delivered"]);
        let tries = attempts(app).await;
        let statuses: Vec<_> = tries.iter().map(|(_, status, _)| *status).collect();
        assert_eq!(statuses, [Some(503), Some(500), Some(302), Some(204)]);
        assert_eq!(tries[0].2, "come back later");
        let failing = "SELECT count(*) FROM webhook_endpoints WHERE failing_since IS NOT NULL";
        assert_eq!(app.sql.number(failing, []).await, 0);
    }

    async fn what_was_given_up_is_sent_again_by_hand(app) {
        calm(app).await;
        let (admin, receiver) = (app.as_admin().await, Receiver::start().await);
        let kind = [("which", "some"), ("kind", "order.placed")];
        let path = set_up(&admin, &receiver.url, &kind).await;
        receiver.says_always(Some(status(500)));
        let buyer = app.as_buyer().await;
        let numbers = [order(&buyer, "40").await, order(&buyer, "41").await];
        app.run_jobs().await;
        for _ in 1..60 {
            if states(app).await == ["dead", "dead"] {
                break;
            }
            next_try(app).await;
        }
        assert_eq!(states(app).await, ["dead", "dead"]);
        let heard = receiver.heard();
        assert_eq!(heard.len(), 20, "ten tries each");
        let spent = app.clock.millis() - NOW;
        assert!((3 * DAY..4 * DAY).contains(&spent), "{spent}");
        let page = admin.page(&path).await.text();
        assert!(page.contains("given up"), "{page}");
        // They stand among what was given up, too.
        let dead = "SELECT count(*) FROM jobs WHERE kind = 'deliver_webhook' AND state = 'dead'";
        assert_eq!(app.sql.number(dead, []).await, 2);

        receiver.says_always(None);
        let since = [("since", "2026-11-24")];
        let done = admin.post(&format!("{path}/replay"), &since).await.expect(303);
        assert_eq!(done.location(), format!("{path}#log"));
        app.run_jobs().await;
        let again = receiver.heard();
        let mut again: Vec<_> = again.iter().map(receiver::Heard::of_order).collect();
        // Between orders there is no order.
        again.sort();
        assert_eq!(again, numbers.map(|number| ("order.placed".to_owned(), number)));
        assert_eq!(states(app).await, ["dead", "dead", "delivered", "delivered"]);
        assert_eq!(app.sql.number(dead, []).await, 0);
        // Nothing is left to be sent again.
        admin.post(&format!("{path}/replay"), &since).await.expect(303);
        assert_eq!(states(app).await.len(), 4);

        // One alone, though it arrived: under the id by which its reader knows it.
        let sql = "SELECT count(*) FROM webhook_deliveries WHERE replay = 2";
        let page = admin.page(&path).await.text();
        let (_, rest) = page.split_once(&format!("{path}/deliveries/")).unwrap();
        let delivery = format!("{path}/deliveries/{}", rest.split('"').next().unwrap());
        admin.post(&format!("{delivery}/replay"), &[]).await.expect(303);
        assert_eq!(app.sql.number(sql, []).await, 1);
        admin.post(&format!("{delivery}/replay"), &[]).await.expect(409);
        app.run_jobs().await;
        let once_more = receiver.heard();
        assert_eq!(once_more.len(), 1);
        let known = heard.iter().map(|one| one.header("webhook-id"));
        assert!(known.into_iter().any(|id| id == once_more[0].header("webhook-id")));
    }

    async fn an_orders_events_wait_for_one_another_and_other_orders_do_not(app) {
        calm(app).await;
        let (admin, receiver) = (app.as_admin().await, Receiver::start().await);
        set_up(&admin, &receiver.url, &[]).await;
        let buyer = app.as_buyer().await;
        let first = order(&buyer, "40").await;
        receiver.says([status(500)]);
        app.run_jobs().await;
        let told = |heard: Vec<receiver::Heard>| -> Vec<(String, String)> {
            heard.iter().map(receiver::Heard::of_order).collect()
        };
        let event = |kind: &str, number: &str| (format!("order.{kind}"), number.to_owned());
        assert_eq!(told(receiver.heard()), [event("placed", &first)]);
        let second = order(&buyer, "41").await;
        app.run_jobs().await;
        assert_eq!(
            told(receiver.heard()),
            [event("placed", &second), event("confirmed", &second)]
        );
        app.clock.advance(6 * SECOND);
        app.run_jobs().await;
        assert_eq!(
            told(receiver.heard()),
            [event("placed", &first), event("confirmed", &first)]
        );
    }

    /// The workers' own loop, not the one that tests run step by step.
    async fn a_slow_receiver_holds_up_no_mail(app) {
        calm(app).await;
        let (admin, receiver) = (app.as_admin().await, Receiver::start().await);
        let kind = [("which", "some"), ("kind", "order.placed")];
        set_up(&admin, &receiver.url, &kind).await;
        let let_go = receiver.waits();
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let worker = actix_web::rt::spawn(worker::run(app.data.clone().into_inner(), stopped));
        order(&app.as_buyer().await, "40").await;
        // Somebody waits for this mail while the other side says nothing.
        tokio::time::timeout(Duration::from_secs(10), async {
            while receiver.count() == 0 || app.mails().is_empty() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await
        .expect("the mail waited for the receiver");
        assert!(states(app).await.iter().all(|state| state == "waiting"));
        let_go.send(true).unwrap();
        tokio::time::timeout(Duration::from_secs(10), async {
            while states(app).await != ["delivered"] {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await
        .expect("what was answered was not noted");
        stop.send(true).unwrap();
        worker.await.unwrap();
        app.run_jobs().await;
    }

    async fn an_endpoint_that_is_gone_hears_no_more_and_admins_are_told_once(app) {
        calm(app).await;
        let (admin, receiver) = (app.as_admin().await, Receiver::start().await);
        let path = set_up(&admin, &receiver.url, &[]).await;
        receiver.says([status(410)]);
        let buyer = app.as_buyer().await;
        order(&buyer, "40").await;
        app.run_jobs().await;
        assert_eq!(receiver.heard().len(), 1);
        order(&buyer, "41").await;
        app.run_jobs().await;
        assert_eq!(receiver.heard().len(), 0);
        assert_eq!(states(app).await, ["dead", "dead"]);
        let told = app.mails().into_iter().filter(|kept| kept.mail.subject.contains("Webhook"));
        let told: Vec<String> = told.map(|kept| kept.mail.subject).collect();
        assert_eq!(told, ["Webhook ERP was switched off"]);
        let noticed = "SELECT count(*) FROM notifications WHERE event LIKE 'webhook-stopped/%'";
        assert_eq!(app.sql.number(noticed, []).await, 1);
        let page = admin.page(&path).await.text();
        assert!(page.contains("It answered that it is gone"), "{page}");

        // Switched on again, it hears what happens from then on.
        admin.post(&format!("{path}/enable"), &[]).await.expect(303);
        order(&buyer, "42").await;
        app.run_jobs().await;
        assert_eq!(receiver.heard().len(), 2);
    }

    async fn an_endpoint_at_which_nothing_arrives_for_five_days_is_switched_off(app) {
        calm(app).await;
        let (admin, receiver) = (app.as_admin().await, Receiver::start().await);
        let kind = [("which", "some"), ("kind", "order.placed")];
        let path = set_up(&admin, &receiver.url, &kind).await;
        receiver.says_always(Some(status(404)));
        let buyer = app.as_buyer().await;
        order(&buyer, "40").await;
        app.run_jobs().await;
        assert!(admin.page(&path).await.text().contains("Nothing has arrived since"));
        app.clock.advance(5 * DAY - SECOND);
        app.run_jobs().await;
        let off = "SELECT count(*) FROM webhook_endpoints WHERE disabled_because = 'failing'";
        assert_eq!(app.sql.number(off, []).await, 0);
        app.clock.advance(SECOND);
        order(&app.as_buyer().await, "41").await;
        app.run_jobs().await;
        assert_eq!(app.sql.number(off, []).await, 1);
        app.clock.advance(DAY);
        worker::run_due(&app.data).await.unwrap();
        assert!(states(app).await.iter().all(|state| state == "dead"));
    }

    async fn what_is_switched_off_hears_nothing(app) {
        calm(app).await;
        let (admin, receiver) = (app.as_admin().await, Receiver::start().await);
        let path = set_up(&admin, &receiver.url, &[]).await;
        let buyer = app.as_buyer().await;
        order(&buyer, "40").await;
        admin.post(&format!("{path}/disable"), &[]).await.expect(303);
        order(&buyer, "41").await;
        app.run_jobs().await;
        assert_eq!(receiver.heard().len(), 0);
        // What waited is given up where an admin sees it; what happened since has no delivery.
        assert_eq!(states(app).await, ["dead", "dead"]);
        let replay = format!("{path}/replay");
        admin.post(&replay, &[("since", "2026-11-24")]).await.expect(409);
        admin.post(&format!("{path}/enable"), &[]).await.expect(303);
        admin.post(&replay, &[("since", "2026-11-24")]).await.expect(303);
        app.run_jobs().await;
        assert_eq!(receiver.heard().len(), 2);
    }

    async fn an_accounts_endpoint_hears_of_that_account_alone(app) {
        calm(app).await;
        let (admin, everybody) = (app.as_admin().await, Receiver::start().await);
        let (shop, other) = (Receiver::start().await, Receiver::start().await);
        set_up(&admin, &everybody.url, &[]).await;
        let number = app.world.corner_shop.number.clone();
        set_up(&admin, &shop.url, &[("account", number.as_str())]).await;
        let number = app.world.stranger.number.clone();
        set_up(&admin, &other.url, &[("account", number.as_str())]).await;
        order(&app.as_buyer().await, "40").await;
        let tx = app.data.db.begin_system("test").await.unwrap();
        let happened = portal::webhooks::Happened {
            kind: "promotion.approved",
            account: None,
            subject: "promotion/X".into(),
            data: json!({"promotion": "X"}),
        };
        portal::webhooks::note(&tx, NOW, happened).await.unwrap();
        tx.commit().await.unwrap();
        app.run_jobs().await;
        let kinds = |receiver: &Receiver| -> Vec<String> {
            let mut kinds: Vec<_> = receiver.heard().iter().map(receiver::Heard::kind).collect();
            kinds.sort();
            kinds
        };
        assert_eq!(kinds(&everybody), ["order.confirmed", "order.placed", "promotion.approved"]);
        assert_eq!(kinds(&shop), ["order.confirmed", "order.placed"]);
        assert!(kinds(&other).is_empty());
    }

    async fn a_new_secret_and_the_one_before_sign_side_by_side_for_a_day(app) {
        calm(app).await;
        let (admin, receiver) = (app.as_admin().await, Receiver::start().await);
        let kind = [("which", "some"), ("kind", "order.placed")];
        let path = set_up(&admin, &receiver.url, &kind).await;
        let old = secrets(&admin, &path).await.remove(0);
        admin.post(&format!("{path}/secret"), &[]).await.expect(303);
        let both = secrets(&admin, &path).await;
        assert_eq!(both.len(), 2);
        assert_eq!(both[1], old);
        assert_ne!(both[0], old);
        order(&app.as_buyer().await, "40").await;
        app.run_jobs().await;
        let heard = receiver.heard();
        assert_eq!(heard[0].header("webhook-signature").split(' ').count(), 2);
        assert!(heard[0].is_signed_with(&old) && heard[0].is_signed_with(&both[0]));

        app.clock.advance(DAY);
        let admin = app.as_admin().await;
        assert_eq!(secrets(&admin, &path).await, [both[0].clone()]);
        order(&app.as_buyer().await, "41").await;
        app.run_jobs().await;
        let heard = receiver.heard();
        assert_eq!(heard[0].header("webhook-signature").split(' ').count(), 1);
        assert!(!heard[0].is_signed_with(&old) && heard[0].is_signed_with(&both[0]));
    }
}
