//! The admin's pages: people, mail, jobs, imports, the audit log.

use reqwest::Method;

use crate::harness::world::{ADMIN, BUYER, KAM_NORTH, PAPER};
use crate::harness::{Answer, App, Client};
use crate::mails::{run_jobs, token};

async fn user(app: &App, email: &str) -> String {
    let sql = "SELECT id FROM users WHERE email = $1";
    let rows = app.sql.rows(sql, [email.into()]).await;
    let id: uuid::Uuid = rows[0].try_get("", "id").unwrap();
    id.to_string()
}

async fn user_count(app: &App) -> i64 {
    app.sql.number("SELECT count(*) FROM users", []).await
}

async fn upload(client: &Client, kind: &str, dry_run: bool, name: &str, content: &str) -> Answer {
    let token = client.token().await;
    let field = |name: &str, value: &str| {
        format!("--frontier\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let mut body = field("csrf", &token) + &field("kind", kind);
    if dry_run {
        body += &field("dry_run", "1");
    }
    body += &format!(
        "--frontier\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: text/csv\r\n\r\n{content}\r\n--frontier--\r\n"
    );
    let request = client
        .request(Method::POST, "/admin/imports")
        .header("content-type", "multipart/form-data; boundary=frontier")
        .body(body);
    client.send(request).await
}

both! {
    async fn who_is_invited_chooses_a_password_and_is_in(app) {
        let admin = app.as_admin().await;
        let fields = [
            ("name", "Nora Neu"),
            ("email", "Nora@Shop.example"),
            ("role", "buyer"),
            ("account", app.world.corner_shop.number.as_str()),
        ];
        admin.post("/admin/users", &fields).await.expect(303);
        run_jobs(app).await;
        let mail = app.mails().remove(0).mail;
        assert_eq!(mail.to_email, "nora@shop.example");
        assert!(mail.text.contains(&app.world.corner_shop.name), "{}", mail.text);

        let link = format!("/invitation/{}", token(&mail.text, "/invitation/"));
        let visitor = app.visitor();
        let chosen = [("name", "Nora Neu"), ("password", "a sentence of hers")];
        visitor.post(&link, &chosen).await.expect(303);
        visitor.post(&link, &chosen).await.expect(410);
        let answer = app.visitor().sign_in("nora@shop.example", "a sentence of hers").await;
        assert_eq!(answer.status, 303);
    }

    async fn a_faulty_invitation_keeps_what_was_typed_and_invites_nobody(app) {
        let admin = app.as_admin().await;
        let before = user_count(app).await;
        let account = app.world.corner_shop.number.clone();
        for (email, role, account, fault) in [
            (BUYER, "buyer", account.as_str(), "here already"),
            ("no-address", "buyer", account.as_str(), "not an e-mail address"),
            ("new@shop.example", "buyer", "99999", "no account with this number"),
            ("new@shop.example", "buyer", "", "goes with an account number"),
            ("new@shop.example", "kam", account.as_str(), "goes with an account number"),
            ("new@shop.example", "emperor", "", "choose one of the entries"),
        ] {
            let fields =
                [("name", "Nora Neu"), ("email", email), ("role", role), ("account", account)];
            let page = admin.post("/admin/users", &fields).await.expect(422).text();
            assert!(page.contains(fault), "{email} {role} {account}: {page}");
            assert!(page.contains("Nora Neu"));
        }
        assert_eq!(user_count(app).await, before);
    }

    async fn who_is_disabled_is_out_with_the_next_request(app) {
        let buyer = app.as_buyer().await;
        buyer.page("/profile").await;
        let admin = app.as_admin().await;
        let path = format!("/admin/users/{}", user(app, BUYER).await);
        admin.post(&path, &[("status", "disabled")]).await.expect(303);
        assert!(buyer.get("/profile").await.asks_to_sign_in());
        assert_eq!(app.visitor().sign_in(BUYER, crate::harness::PASSWORD).await.status, 422);
        admin.post(&path, &[("status", "active")]).await.expect(303);
        app.as_buyer().await.page("/profile").await;

        let log = admin.page("/admin/audit?q=user+disabled").await.text();
        assert!(log.contains("status: active") && log.contains("status: disabled"), "{log}");
    }

    async fn an_admin_cannot_shut_themself_out(app) {
        let admin = app.as_admin().await;
        let path = format!("/admin/users/{}", user(app, ADMIN).await);
        admin.post(&path, &[("status", "disabled")]).await.expect(409);
        admin.post(&path, &[("role", "kam")]).await.expect(409);
        admin.page("/admin/users").await;
        let role = app.sql.text("SELECT role FROM users WHERE email = $1", [ADMIN.into()]).await;
        assert_eq!(role, "admin");
    }

    async fn a_role_of_the_other_side_is_refused(app) {
        let admin = app.as_admin().await;
        let path = format!("/admin/users/{}", user(app, BUYER).await);
        admin.post(&path, &[("role", "admin")]).await.expect(409);
        let role = app.sql.text("SELECT role FROM users WHERE email = $1", [BUYER.into()]).await;
        assert_eq!(role, "buyer");
        admin.post(&path, &[("role", "approver")]).await.expect(303);
    }

    async fn people_are_found_by_name_address_and_account(app) {
        let admin = app.as_admin().await;
        let page = admin.page("/admin/users?q=KAM%40demo").await.text();
        assert!(page.contains(KAM_NORTH) && !page.contains(BUYER));
        let number = &app.world.corner_shop.number;
        let page = admin.page(&format!("/admin/users?q={number}")).await.text();
        assert!(page.contains(BUYER) && !page.contains(KAM_NORTH));
        let page = admin.page("/admin/users?q=%25").await.text();
        assert!(!page.contains(BUYER));
    }

    async fn a_mail_is_shown_as_sent_and_may_do_nothing(app) {
        let admin = app.as_admin().await;
        admin.page("/admin/mail").await;
        admin.page(&format!("/admin/mail/{PAPER}")).await;
        let html = admin.page(&format!("/admin/mail/{PAPER}/html")).await;
        let policy = html.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'unsafe-inline'; img-src data:"));
        assert!(policy.contains("sandbox"), "{policy}");
        admin.get("/admin/mail/00000000-0000-0000-0000-000000000001").await.expect(404);
    }

    async fn what_was_given_up_is_sent_off_again(app) {
        let admin = app.as_admin().await;
        assert!(admin.page("/admin/health").await.text().contains("mailbox unavailable"));
        let retry = format!("/admin/jobs/{PAPER}/retry");
        admin.post(&retry, &[]).await.expect(303);
        admin.post(&retry, &[]).await.expect(404);
        run_jobs(app).await;
        assert_eq!(app.mails().len(), 1);
        assert!(!admin.page("/admin/health").await.text().contains("mailbox unavailable"));
    }

    async fn everything_that_was_given_up_is_sent_off_again_with_one_button(app) {
        let admin = app.as_admin().await;
        let dead = "UPDATE jobs SET state = 'dead', attempts = 8 WHERE state = 'waiting'";
        for _ in 0..2 {
            app.visitor().post("/forgot-password", &[("email", BUYER)]).await.expect(200);
        }
        app.sql.run(dead, []).await.unwrap();
        assert!(admin.page("/admin/health").await.text().contains("Send all 3 again"));
        admin.post("/admin/jobs/retry", &[]).await.expect(303);
        assert!(admin.page("/admin/health").await.text().contains("3 are tried again now."));
        assert!(app.run_jobs().await >= 3);
        let left = "SELECT count(*) FROM jobs WHERE state = 'dead'";
        assert_eq!(app.sql.number(left, []).await, 0);
        // A mail, and a link each; the mail that was given up is sent.
        assert_eq!(app.mails().len(), 3);
        let again = admin.post("/admin/jobs/retry", &[]).await.expect(303);
        let told = admin.page(again.location()).await.text();
        assert!(told.contains("There was nothing left to send again."));
    }

    async fn a_dry_run_says_what_would_happen_and_changes_nothing(app) {
        let admin = app.as_admin().await;
        let product = app.sql.text("SELECT min(sku) FROM products", []).await;
        let stock = || async {
            app.sql.number("SELECT CAST(coalesce(sum(on_hand), 0) AS bigint) FROM stock", []).await
        };
        let before = stock().await;
        let file = format!("sku,on_hand\n{product},4711\n");
        let answer = upload(&admin, "stock", true, "stock.csv", &file).await.expect(303);
        let page = admin.page(answer.location()).await.text();
        assert!(page.contains("stock.csv"), "{page}");
        assert_eq!(stock().await, before);
        upload(&admin, "stock", false, "stock.csv", &file).await.expect(303);
        assert_ne!(stock().await, before);
    }

    async fn rejected_rows_keep_a_file_out_and_can_be_fetched(app) {
        let admin = app.as_admin().await;
        let file = "sku,on_hand\nNO-SUCH,12\n";
        let page = upload(&admin, "stock", false, "stock.csv", file).await.expect(422).text();
        let (_, rest) = page.split_once("/admin/imports/").unwrap();
        let (id, _) = rest.split_once("/rejected.csv").unwrap();
        let csv = admin.page(&format!("/admin/imports/{id}/rejected.csv")).await;
        assert!(csv.text().contains("NO-SUCH"), "{}", csv.text());
        assert!(csv.header("content-disposition").starts_with("attachment"));
    }

    async fn an_upload_without_a_file_or_a_token_imports_nothing(app) {
        let admin = app.as_admin().await;
        upload(&admin, "stock", false, "", "").await.expect(422);
        upload(&admin, "emperors", false, "a.csv", "sku\nx\n").await.expect(422);
        upload(&admin, "stock", false, "a.csv", "colour\nred\n").await.expect(422);
        let request = admin
            .request(Method::POST, "/admin/imports")
            .header("content-type", "multipart/form-data; boundary=frontier")
            .body("--frontier--\r\n");
        assert_eq!(admin.send(request).await.status, 403);
        let imports = "SELECT count(*) FROM imports WHERE file_name = 'a.csv'";
        assert_eq!(app.sql.number(imports, []).await, 0);
    }
}
