//! Signing in, and staying signed in: what a stranger at the door may learn, which is nothing.

use portal::auth::session::IDLE_MILLIS;

use crate::harness::world::{BUYER, OWNER};
use crate::harness::{App, PASSWORD};

/// What the page says, without what the visitor typed and the form's token.
fn said(answer: &crate::harness::Answer, typed: &str) -> String {
    let token = answer.field("csrf").unwrap();
    answer.text().replace(&token, "").replace(typed, "")
}

async fn session_count(app: &App, email: &str) -> i64 {
    let sql = "SELECT count(*) FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email = $1";
    app.sql.number(sql, [email.into()]).await
}

both! {
    async fn a_wrong_password_and_an_unknown_address_read_the_same(app) {
        // Not one of the demo's own people, whom the page itself names.
        let known = app.world.stranger.email.as_str();
        let visitor = app.visitor();
        let wrong = visitor.sign_in(known, "not the password").await.expect(422);
        let unknown = "nobody@demo.kontor.example";
        let nobody = visitor.sign_in(unknown, "not the password").await.expect(422);
        assert_eq!(said(&wrong, known), said(&nobody, unknown));
        assert!(visitor.cookie("kontor_session").is_none());
    }

    async fn an_address_is_typed_in_any_case(app) {
        let answer = app.visitor().sign_in("Buyer@Demo.Kontor.example", PASSWORD).await;
        assert_eq!((answer.status, answer.location()), (303, "/"));
    }

    async fn a_disabled_user_is_out_on_the_next_request(app) {
        let buyer = app.as_buyer().await;
        assert!(!buyer.get("/no-such-page").await.text().contains("href=\"/sign-in\""));
        let disable = "UPDATE users SET status = 'disabled' WHERE email = $1";
        app.sql.run(disable, [BUYER.into()]).await.unwrap();
        assert!(buyer.get("/no-such-page").await.text().contains("href=\"/sign-in\""));
        let again = app.visitor().sign_in(BUYER, PASSWORD).await.expect(422);
        let wrong = app.visitor().sign_in(BUYER, "not the password").await.expect(422);
        assert_eq!(said(&again, BUYER), said(&wrong, BUYER));
    }

    async fn the_eleventh_try_a_minute_has_to_wait(app) {
        let visitor = app.visitor();
        for _ in 0..10 {
            visitor.sign_in(BUYER, "guess").await.expect(422);
        }
        let answer = visitor.sign_in(BUYER, PASSWORD).await.expect(429);
        let seconds: u64 = answer.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&seconds), "{seconds}");
        // Others are not kept out by it.
        assert_eq!(app.visitor().sign_in(OWNER, PASSWORD).await.status, 303);
    }

    async fn a_session_is_made_anew_at_sign_in(app) {
        let browser = app.visitor();
        browser.sign_in(BUYER, PASSWORD).await.expect(303);
        let first = browser.cookie("kontor_session").unwrap();
        browser.sign_in(BUYER, PASSWORD).await.expect(303);
        assert_ne!(browser.cookie("kontor_session").unwrap(), first);
        assert_eq!(session_count(app, BUYER).await, 1);
        let old = app.visitor();
        old.set_cookie("kontor_session", &first);
        assert!(old.get("/no-such-page").await.text().contains("href=\"/sign-in\""));
    }

    async fn a_planted_session_cookie_is_worth_nothing(app) {
        let browser = app.visitor();
        browser.set_cookie("kontor_session", &"a".repeat(43));
        browser.sign_in(BUYER, PASSWORD).await.expect(303);
        assert_ne!(browser.cookie("kontor_session").unwrap(), "a".repeat(43));
    }

    async fn who_signs_out_is_out_everywhere_that_cookie_is(app) {
        let buyer = app.as_buyer().await;
        let thief = app.visitor();
        thief.set_cookie("kontor_session", &buyer.cookie("kontor_session").unwrap());
        let answer = buyer.post("/sign-out", &[]).await.expect(303);
        assert_eq!(answer.location(), "/sign-in");
        assert!(buyer.cookie("kontor_session").is_none());
        assert!(thief.get("/no-such-page").await.text().contains("href=\"/sign-in\""));
        assert_eq!(session_count(app, BUYER).await, 0);
    }

    async fn two_weeks_unused_end_a_session(app) {
        let buyer = app.as_buyer().await;
        app.clock.advance(IDLE_MILLIS - 1_000);
        // Being used keeps it.
        assert!(!buyer.get("/no-such-page").await.text().contains("href=\"/sign-in\""));
        app.clock.advance(IDLE_MILLIS - 1_000);
        assert!(!buyer.get("/no-such-page").await.text().contains("href=\"/sign-in\""));
        app.clock.advance(IDLE_MILLIS);
        assert!(buyer.get("/no-such-page").await.text().contains("href=\"/sign-in\""));
    }

    async fn the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(app) {
        let answer = app.visitor().sign_in(BUYER, PASSWORD).await;
        let cookies = answer.headers.get_all("set-cookie").iter();
        let cookie = cookies.map(|line| line.to_str().unwrap()).find(|c| c.contains("session"));
        let cookie = cookie.unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    }

    async fn a_form_of_another_site_is_refused(app) {
        let buyer = app.as_buyer().await;
        let token = buyer.token().await;
        for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
            let request = buyer
                .request(reqwest::Method::POST, "/preferences")
                .header("origin", origin)
                .form(&[("csrf", token.as_str()), ("lang", "de")]);
            assert_eq!(buyer.send(request).await.status, 403, "{origin}");
        }
        let own = buyer
            .request(reqwest::Method::POST, "/preferences")
            .header("origin", &app.url)
            .form(&[("csrf", token.as_str()), ("lang", "de")]);
        assert_eq!(buyer.send(own).await.status, 303);
    }

    async fn nobody_is_sent_to_another_site_after_sign_in(app) {
        for next in ["//evil.example", "https://evil.example/", "/\\evil.example"] {
            let fields = [("email", BUYER), ("password", PASSWORD), ("next", next)];
            let answer = app.visitor().post("/sign-in", &fields).await;
            assert_eq!((answer.status, answer.location()), (303, "/"), "{next}");
        }
        let fields = [("email", BUYER), ("password", PASSWORD), ("next", "/orders?state=held")];
        let answer = app.visitor().post("/sign-in", &fields).await;
        assert_eq!(answer.location(), "/orders?state=held");
    }

    async fn every_answer_is_dressed(app) {
        for path in ["/sign-in", "/no-such-page", "/healthz", "/assets/css/tokens.css"] {
            let answer = app.visitor().get(path).await;
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("default-src 'self'"), "{path}: {policy}");
            assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        }
    }
}
