//! Mail that comes back: who is written to no more, who is told, and what everybody may do about it.

use actix_web::web::Data;
use portal::jobs::outbox;
use portal::messages::bounces;
use portal::messages::suppression;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{BUYER, KAM_NORTH, OWNER};
use crate::harness::{Answer, App, Client};

const TOKEN: &str = "a-word-for-bounces";
const PATH: &str = "/mail/bounces";

/// A mail that was sent to somebody.
async fn sent(app: &App, to: &str) -> Uuid {
    mail(app, to, "sent").await
}

async fn mail(app: &App, to: &str, state: &str) -> Uuid {
    let id = Uuid::now_v7();
    let sql = "INSERT INTO mails (id, event, to_email, to_name, kind, subject, body_text, \
               body_html, state, created_at, sent_at) VALUES \
               ($1, $2, $3, 'Bea', 'order-confirmation', 'Order 1', 'T', '<p>T</p>', $4, 0, 0)";
    let values = [id.into(), id.to_string().into(), to.into(), state.into()];
    app.sql.run(sql, values).await.unwrap();
    id
}

async fn report(app: &App, body: &Value) -> Answer {
    let client = app.visitor();
    let request = client.request(Method::POST, PATH);
    client
        .send(request.bearer_auth(TOKEN).body(body.to_string()))
        .await
}

fn about(mail: Uuid, to: &str, kind: &str) -> Value {
    json!({"email": to, "kind": kind, "message_id": format!("<{mail}@kontor.example>"),
           "detail": "550 5.1.1 User unknown"})
}

async fn suppressed(app: &App) -> Vec<String> {
    app.sql
        .texts("SELECT email || ' ' || reason FROM mail_suppressions ORDER BY email")
        .await
}

/// What the outbox holds for somebody of a kind.
async fn told(app: &App, email: &str) -> i64 {
    let sql = "SELECT count(*) FROM mails WHERE to_email = $1 AND kind = 'mail-comes-back'";
    app.sql.number(sql, [email.into()]).await
}

/// A mailbox with a report of a mail that could not be delivered.
fn mailbox(mail: Uuid, to: &str) -> String {
    format!(
        "From MAILER-DAEMON Thu Mar 12 07:00:00 2026\n\
         From: MAILER-DAEMON@mx.example\nSubject: Undelivered\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"B\"\n\n\
         --B\nContent-Type: text/plain\n\nSorry.\n\n\
         --B\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.example\n\n\
         Final-Recipient: rfc822; {to}\nAction: failed\nStatus: 5.1.1\n\
         Diagnostic-Code: smtp; 550 5.1.1 User unknown\n\n\
         --B\nContent-Type: text/rfc822-headers\n\n\
         Message-ID: <{mail}@kontor.example>\nSubject: Order 1\n\n--B--\n\n"
    )
}

async fn upload(client: &Client, file: &str) -> Answer {
    let token = client.token().await;
    let body = format!(
        "--X\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n\
         --X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"returned.mbox\"\r\n\
         Content-Type: application/mbox\r\n\r\n{file}\r\n--X--\r\n"
    );
    let request = client
        .request(Method::POST, "/admin/mail/bounces")
        .header("content-type", "multipart/form-data; boundary=X")
        .body(body);
    client.send(request).await
}

both! {
    async fn an_address_that_is_not_there_is_written_to_no_more_and_the_kam_hears_of_it(app) {
        let mail_id = sent(app, BUYER).await;
        let answer = report(app, &about(mail_id, BUYER, "hard")).await.expect(200);
        let counts = json!({"new": 1, "known": 0, "foreign": 0, "suppressed": 1, "others": 0});
        assert_eq!(answer.json(), counts);
        assert_eq!(suppressed(app).await, [format!("{BUYER} bounce")]);
        assert_eq!(told(app, KAM_NORTH).await, 1);
        app.run_jobs().await;
        let mails = app.mails();
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].mail.to_email, KAM_NORTH);
        assert!(mails[0].mail.text.contains(BUYER), "{}", mails[0].mail.text);
        let noted = "SELECT link FROM notifications WHERE topic = 'accounts'";
        let link = format!("/kam/accounts/{}", app.world.corner_shop.number);
        assert_eq!(app.sql.texts(noted).await, [link]);

        // The same again, and by another way, is nothing new.
        let again = report(app, &about(mail_id, BUYER, "hard")).await.expect(200);
        assert_eq!(again.json()["known"], 1);
        let admin = app.as_admin().await;
        let read = upload(&admin, &mailbox(mail_id, BUYER)).await.expect(303);
        assert_eq!(read.location(), "/admin/mail/bounces");
        assert_eq!(app.sql.number("SELECT count(*) FROM mail_bounces", []).await, 1);
        assert_eq!(told(app, KAM_NORTH).await, 1);
        // Programs of the brand hear of it once, too.
        let heard = "SELECT subject FROM events WHERE kind = 'mail.bounced'";
        assert_eq!(app.sql.texts(heard).await, [format!("mail/{BUYER}")]);

        // Whoever looks after people sees it.
        assert!(admin.page("/admin/mail?state=bounced").await.text().contains("came back"));
        let page = admin.page(&format!("/admin/mail/{mail_id}")).await.text();
        assert!(page.contains("550 5.1.1 User unknown"), "{page}");
        assert!(page.contains("Message-ID"));
        for (client, path) in [
            (&admin, "/admin/users?q=buyer".to_owned()),
            (&app.as_owner().await, "/company".to_owned()),
            (&app.as_kam().await, format!("/kam/accounts/{}", app.world.corner_shop.number)),
        ] {
            assert!(client.page(&path).await.text().contains("mail comes back"), "{path}");
        }
    }

    async fn what_waits_for_a_dead_address_is_withheld_and_says_why(app) {
        report(app, &about(sent(app, BUYER).await, BUYER, "hard")).await.expect(200);
        app.forget_jobs().await;
        app.visitor().post("/forgot-password", &[("email", BUYER)]).await.expect(200);
        app.run_jobs().await;
        assert_eq!(app.mails().len(), 0);
        let states = "SELECT state FROM mails WHERE kind = 'password-reset'";
        assert_eq!(app.sql.texts(states).await, ["withheld"]);
        let page = app.as_admin().await.page("/admin/mail?state=withheld").await.text();
        assert!(page.contains("Not sent: mail to this address came back before"), "{page}");
    }

    async fn a_complaint_ends_mail_though_it_had_arrived(app) {
        let mail_id = sent(app, BUYER).await;
        report(app, &about(mail_id, BUYER, "complaint")).await.expect(200);
        assert_eq!(suppressed(app).await, [format!("{BUYER} complaint")]);
        let back = "SELECT count(*) FROM mails WHERE bounced_at IS NOT NULL";
        assert_eq!(app.sql.number(back, []).await, 0);
        app.forget_jobs().await;
    }

    async fn five_soft_bounces_within_two_weeks_are_as_good_as_a_hard_one(app) {
        for at in 0..4 {
            report(app, &about(sent(app, BUYER).await, BUYER, "soft")).await.expect(200);
            assert_eq!(suppressed(app).await, Vec::<String>::new(), "{at}");
        }
        // Three weeks later the four no longer count.
        app.clock.advance(21 * 24 * 3_600_000);
        for _ in 0..4 {
            report(app, &about(sent(app, BUYER).await, BUYER, "soft")).await.expect(200);
        }
        assert_eq!(suppressed(app).await, Vec::<String>::new());
        report(app, &about(sent(app, BUYER).await, BUYER, "soft")).await.expect(200);
        assert_eq!(suppressed(app).await, [format!("{BUYER} bounce")]);
        app.forget_jobs().await;
    }

    async fn only_who_knows_the_word_reports_anything(app) {
        let body = about(sent(app, BUYER).await, BUYER, "hard").to_string();
        let client = app.visitor();
        let ask = || client.request(Method::POST, PATH).body(body.clone());
        client.send(ask()).await.expect(401);
        client.send(ask().bearer_auth("a-word-for-bounceZ")).await.expect(401);
        client.send(ask().bearer_auth("")).await.expect(401);
        client.send(ask().basic_auth(TOKEN, Some("x"))).await.expect(401);
        let cookie_only = app.as_admin().await;
        cookie_only.send(cookie_only.request(Method::POST, PATH).body(body.clone())).await.expect(401);
        assert_eq!(suppressed(app).await, Vec::<String>::new());
        for nonsense in ["", "[7]", "{\"email\": 1}", "\u{0}"] {
            let request = client.request(Method::POST, PATH).bearer_auth(TOKEN).body(nonsense);
            client.send(request).await.expect(422);
        }
        // As services do that know no bearer tokens.
        client.send(ask().basic_auth("kontor", Some(TOKEN))).await.expect(200);
        assert_eq!(suppressed(app).await, [format!("{BUYER} bounce")]);
        app.forget_jobs().await;
    }

    async fn without_a_word_there_is_no_such_page(app) {
        let mut config = app.data.config.clone();
        config.bounce_token = None;
        let mailer = app.data.mailer.clone();
        let db = app.data.db.clone();
        let other = portal::app::App::build(config, db, app.clock.clone(), mailer).await.unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let bound = portal::server::start(Data::new(other), listener, 1).unwrap();
        let handle = bound.server.handle();
        actix_web::rt::spawn(bound.server);
        let client = Client::new(&format!("http://{}", bound.address));
        let body = about(sent(app, BUYER).await, BUYER, "hard").to_string();
        let request = client.request(Method::POST, PATH).bearer_auth(TOKEN).body(body);
        client.send(request).await.expect(404);
        handle.stop(false).await;
    }

    async fn a_mailbox_that_anybody_can_write_to_is_believed_about_our_mails_only(app) {
        let admin = app.as_admin().await;
        let stranger = upload(&admin, &mailbox(Uuid::from_u128(7), BUYER)).await.expect(303);
        assert_eq!(stranger.location(), "/admin/mail/bounces");
        assert_eq!(suppressed(app).await, Vec::<String>::new());
        // Where mail is passed on, it is our reader's address that is dead.
        let mail_id = sent(app, OWNER).await;
        upload(&admin, &mailbox(mail_id, "elsewhere@shop.example")).await.expect(303);
        assert_eq!(suppressed(app).await, [format!("{OWNER} bounce")]);
        assert!(admin.page("/admin/mail/bounces").await.text().contains("from a mailbox"));
        upload(&admin, "").await.expect(422);
        upload(&admin, "no mailbox").await.expect(422);
        app.forget_jobs().await;
    }

    async fn a_service_is_believed_about_people_we_know(app) {
        let postmark = |email: &str, id: i64| {
            json!({"RecordType": "Bounce", "Type": "HardBounce", "ID": id, "Email": email,
                   "Subject": "Order 1", "Details": "550 5.1.1 no such user"})
        };
        let mail_id = sent(app, BUYER).await;
        let body = json!([postmark(BUYER, 1), postmark("nobody@else.example", 2)]);
        let answer = report(app, &body).await.expect(200);
        assert_eq!((&answer.json()["new"], &answer.json()["foreign"]), (&json!(1), &json!(1)));
        let back = "SELECT count(*) FROM mails WHERE bounced_at IS NOT NULL AND id = $1";
        assert_eq!(app.sql.number(back, [mail_id.into()]).await, 1);
        app.forget_jobs().await;
    }

    async fn what_the_mail_server_refuses_at_once_counts_if_there_is_no_such_address(app) {
        let mail_id = mail(app, BUYER, "dead").await;
        let tx = app.data.db.begin_system("test").await.unwrap();
        let row = tx.get::<portal::db::entity::mail::Entity>(mail_id).await.unwrap();
        bounces::refused(&tx, &app.data, &row, 550, "550 5.7.1 no thanks").await.unwrap();
        bounces::refused(&tx, &app.data, &row, 452, "452 4.2.2 full").await.unwrap();
        assert_eq!(tx.count::<portal::db::entity::mail_bounce::Entity>(|all| all).await.unwrap(), 0);
        bounces::refused(&tx, &app.data, &row, 550, "550 5.1.1 [address] unknown").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(suppressed(app).await, [format!("{BUYER} bounce")]);
        assert!(outbox::all_headers(&app.data, &row).iter().any(|(name, _)| name == "To"));
        app.forget_jobs().await;
    }

    async fn an_admin_blocks_an_address_and_lifts_it_and_both_are_noted(app) {
        let admin = app.as_admin().await;
        let list = "/admin/mail/suppressions";
        let odd = admin.post(list, &[("email", "nobody")]).await.expect(422);
        assert!(odd.text().contains("nobody"));
        let fields = [("email", "Bea@Shop.example"), ("detail", "left the company")];
        admin.post(list, &fields).await.expect(303);
        assert_eq!(suppressed(app).await, ["bea@shop.example by_hand"]);
        admin.post(list, &fields).await.expect(422);
        assert!(admin.page("/admin/mail/suppressions?q=BEA@").await.text().contains("left the company"));
        assert!(!admin.page("/admin/mail/suppressions?q=carl").await.text().contains("left the company"));
        let lift = format!("{list}/lift");
        admin.post(&lift, &[("email", "bea@shop.example")]).await.expect(303);
        admin.post(&lift, &[("email", "bea@shop.example")]).await.expect(303);
        assert_eq!(suppressed(app).await, Vec::<String>::new());
        let noted = "SELECT action FROM audit_log WHERE subject = 'bea@shop.example' ORDER BY id";
        assert_eq!(app.sql.texts(noted).await, ["mail suppressed", "mail no longer suppressed"]);
        let tx = app.data.db.read_system("test").await.unwrap();
        let dead = suppression::among(&tx, ["bea@shop.example"]).await.unwrap();
        assert_eq!(dead.len(), 0);
    }

    async fn the_list_of_mails_is_narrowed_by_address_state_and_kind(app) {
        let admin = app.as_admin().await;
        let (one, two) = (sent(app, BUYER).await, mail(app, OWNER, "dead").await);
        let there = async |query: &str| {
            let page = admin.page(&format!("/admin/mail{query}")).await.text();
            [one, two].map(|id| page.contains(&format!("/admin/mail/{id}\"")))
        };
        assert_eq!(there("").await, [true, true]);
        assert_eq!(there(&format!("?q={}", &BUYER[..6])).await, [true, false]);
        assert_eq!(there("?state=sent").await, [true, false]);
        assert_eq!(there("?state=failed").await, [false, true]);
        assert_eq!(there("?state=withheld").await, [false, false]);
        assert_eq!(there("?kind=order-confirmation").await, [true, true]);
        assert_eq!(there("?kind=invitation").await, [false, false]);
    }

    async fn every_kind_of_mail_is_shown_with_sample_data(app) {
        let admin = app.as_admin().await;
        let list = admin.page("/admin/mail/templates").await.text();
        for kind in portal::messages::kinds::ALL {
            assert!(list.contains(&format!("/admin/mail/templates/{}\"", kind.name)));
        }
        let path = "/admin/mail/templates/order-held";
        let page = admin.page(&format!("{path}?sample=1&lang=de&width=phone&colours=dark")).await;
        assert!(page.text().contains("Bestellung 100240 eingegangen"), "{}", page.text());
        assert!(page.text().contains("sandbox"));
        let dark = admin.page(&format!("{path}/html?colours=dark")).await;
        assert!(dark.header("content-security-policy").contains("sandbox"));
        assert!(dark.text().contains("@media all {") && !dark.text().contains("prefers-color"));
        let light = admin.page(&format!("{path}/html")).await.text();
        assert!(light.contains("@media not all {"));
        admin.get("/admin/mail/templates/nothing").await.expect(404);
        admin.get(&format!("{path}?sample=99")).await.expect(404);
    }
}
