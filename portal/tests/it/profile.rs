//! A person's own page, and the people of a retailer.

use crate::harness::world::{BUYER, OWNER};
use crate::harness::{App, PASSWORD};
use crate::mails::run_jobs;

async fn user(app: &App, email: &str) -> uuid::Uuid {
    let rows = app
        .sql
        .rows("SELECT id FROM users WHERE email = $1", [email.into()])
        .await;
    rows[0].try_get("", "id").unwrap()
}

async fn role(app: &App, email: &str) -> String {
    app.sql
        .text("SELECT role FROM users WHERE email = $1", [email.into()])
        .await
}

both! {
    async fn a_new_password_needs_the_current_one_and_signs_out_elsewhere(app) {
        let here = app.as_buyer().await;
        let there = app.as_buyer().await;
        let wrong = [("current", "not it at all"), ("new", "a whole new sentence")];
        here.post("/profile/password", &wrong).await.expect(422);
        let short = [("current", PASSWORD), ("new", "short")];
        here.post("/profile/password", &short).await.expect(422);
        there.page("/profile").await;

        let right = [("current", PASSWORD), ("new", "a whole new sentence")];
        here.post("/profile/password", &right).await.expect(303);
        here.page("/profile").await;
        assert!(there.get("/profile").await.asks_to_sign_in());
        assert_eq!(app.visitor().sign_in(BUYER, PASSWORD).await.status, 422);
        assert_eq!(app.visitor().sign_in(BUYER, "a whole new sentence").await.status, 303);
        let noted = "SELECT subject FROM audit_log WHERE action = 'password changed'";
        assert_eq!(app.sql.texts(noted).await, [format!("user {BUYER}")]);
    }

    async fn name_and_language_are_kept(app) {
        let buyer = app.as_buyer().await;
        let fields = [("name", "Bea <Neu>"), ("lang", "de"), ("theme", "dark")];
        buyer.post("/profile", &fields).await.expect(303);
        let page = buyer.page("/profile").await.text();
        assert!(page.contains("Bea &lt;Neu&gt;") && page.contains("lang=\"de\""), "{page}");
        let fields = [("name", ""), ("lang", "xx"), ("theme", "dark")];
        buyer.post("/profile", &fields).await.expect(422);
    }

    async fn one_signs_out_ones_own_other_devices_only(app) {
        let here = app.as_buyer().await;
        let there = app.as_buyer().await;
        let stranger = app.as_stranger().await;
        let sessions = app
            .sql
            .rows("SELECT s.id, u.email FROM sessions s JOIN users u ON u.id = s.user_id ORDER BY s.id", [])
            .await;
        for row in &sessions {
            let id: uuid::Uuid = row.try_get("", "id").unwrap();
            let email: String = row.try_get("", "email").unwrap();
            if email != BUYER {
                here.post(&format!("/profile/sessions/{id}/revoke"), &[]).await.expect(303);
            }
        }
        stranger.page("/profile").await;
        let other: uuid::Uuid = sessions
            .iter()
            .filter(|row| row.try_get::<String>("", "email").unwrap() == BUYER)
            .map(|row| row.try_get("", "id").unwrap())
            .next_back()
            .unwrap();
        here.post(&format!("/profile/sessions/{other}/revoke"), &[]).await.expect(303);
        assert!(there.get("/profile").await.asks_to_sign_in());
        here.page("/profile").await;
    }

    async fn an_owner_looks_after_their_own_people_only(app) {
        let owner = app.as_owner().await;
        let buyer = format!("/company/users/{}", user(app, BUYER).await);
        owner.post(&buyer, &[("role", "approver")]).await.expect(303);
        assert_eq!(role(app, BUYER).await, "approver");
        owner.post(&buyer, &[("role", "admin")]).await.expect(409);
        assert_eq!(role(app, BUYER).await, "approver");

        let stranger = format!("/company/users/{}", user(app, &app.world.stranger.email).await);
        owner.post(&stranger, &[("status", "disabled")]).await.expect(404);
        let own = format!("/company/users/{}", user(app, OWNER).await);
        owner.post(&own, &[("status", "disabled")]).await.expect(409);
        app.as_stranger().await.page("/profile").await;
    }

    async fn an_owner_invites_to_their_own_account_only(app) {
        let owner = app.as_owner().await;
        let fields = [
            ("name", "Nora Neu"),
            ("email", "nora@shop.example"),
            ("role", "buyer"),
            ("account", app.world.stranger.number.as_str()),
        ];
        owner.post("/company/users", &fields).await.expect(303);
        run_jobs(app).await;
        let account = app
            .sql
            .text(
                "SELECT a.number FROM users u JOIN accounts a ON a.id = u.account_id \
                 WHERE u.email = $1",
                ["nora@shop.example".into()],
            )
            .await;
        assert_eq!(account, app.world.corner_shop.number);
        let fields = [("name", "Karl Kamp"), ("email", "karl@shop.example"), ("role", "kam")];
        owner.post("/company/users", &fields).await.expect(422);
    }

    async fn buyers_see_their_colleagues_and_change_nothing(app) {
        let buyer = app.as_buyer().await;
        let page = buyer.page("/company").await.text();
        assert!(page.contains(OWNER) && !page.contains("/company/users"), "{page}");
        assert!(!page.contains(&app.world.stranger.email));
        let path = format!("/company/users/{}", user(app, OWNER).await);
        buyer.post(&path, &[("status", "disabled")]).await.expect(403);
    }
}
