//! Devices that are woken: what a push service gets, what the browser reads, and when it ends.

use std::sync::{Arc, Mutex};

use actix_web::web::{self, Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, HttpServer};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use portal::db::words::Topic;
use portal::web::shape::Message;
use serde_json::{Value, json};
use web_push_native::{Auth, decrypt, p256::SecretKey};

use crate::harness::world::{BUYER, KAM_NORTH, OWNER};
use crate::harness::{Answer, App, Client, NOW};
use crate::notifications::tell_of;

/// What a browser keeps to itself.
struct Browser {
    secret: SecretKey,
    auth: [u8; 16],
    endpoint: String,
}

impl Browser {
    fn new(service: &PushService, number: u8) -> Browser {
        Browser {
            secret: SecretKey::from_slice(&[number; 32]).unwrap(),
            auth: [number; 16],
            endpoint: format!("{}/to/{number}", service.url),
        }
    }

    fn p256dh(&self) -> String {
        let point = VerifyingKey::from(self.secret.public_key()).to_encoded_point(false);
        URL_SAFE_NO_PAD.encode(point.as_bytes())
    }

    async fn subscribe(&self, client: &Client) -> Answer {
        let auth = URL_SAFE_NO_PAD.encode(self.auth);
        let fields = [
            ("endpoint", self.endpoint.as_str()),
            ("p256dh", &self.p256dh()),
            ("auth", &auth),
        ];
        client
            .post("/notifications/devices", &fields)
            .await
            .expect(303)
    }

    fn read(&self, sent: &Sent) -> Value {
        let text = decrypt(sent.body.clone(), &self.secret, &Auth::from(self.auth)).unwrap();
        serde_json::from_slice(&text).unwrap()
    }
}

/// What came in.
#[derive(Clone)]
struct Sent {
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Sent {
    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(one, _)| one == name);
        found.map_or("", |(_, value)| value)
    }

    /// The claims of the word with which Kontor proved itself, once its signature is found good.
    fn claims(&self) -> Value {
        let word = self
            .header("authorization")
            .strip_prefix("vapid t=")
            .unwrap();
        let (token, key) = word.split_once(", k=").unwrap();
        let key = URL_SAFE_NO_PAD.decode(key).unwrap();
        let key = VerifyingKey::from_sec1_bytes(&key).unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let signature = Signature::from_slice(&signature).unwrap();
        key.verify(signed.as_bytes(), &signature).unwrap();
        let (head, claims) = signed.split_once('.').unwrap();
        let read = |part| -> Value {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
        };
        assert_eq!(read(head), json!({"typ": "JWT", "alg": "ES256"}));
        read(claims)
    }
}

/// Stands in for a push service: keeps what comes, and answers as it is told.
struct PushService {
    url: String,
    state: Data<Kept>,
}

#[derive(Default)]
struct Kept {
    sent: Mutex<Vec<Sent>>,
    answers: Mutex<Vec<u16>>,
}

impl PushService {
    fn start() -> PushService {
        let state = Data::from(Arc::new(Kept::default()));
        let shared = state.clone();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = HttpServer::new(move || {
            actix_web::App::new()
                .app_data(shared.clone())
                .default_service(web::to(take))
        });
        actix_web::rt::spawn(server.workers(1).listen(listener).unwrap().run());
        PushService { url, state }
    }

    /// The next answers; from there on it takes everything.
    fn answers(&self, statuses: &[u16]) {
        *self.state.answers.lock().unwrap() = statuses.to_vec();
    }

    /// What came since this was asked last.
    fn sent(&self) -> Vec<Sent> {
        std::mem::take(&mut *self.state.sent.lock().unwrap())
    }
}

async fn take(request: HttpRequest, body: Bytes, kept: Data<Kept>) -> HttpResponse {
    let headers = request.headers().iter().map(|(name, value)| {
        let value = value.to_str().unwrap_or_default();
        (name.as_str().to_owned(), value.to_owned())
    });
    kept.sent.lock().unwrap().push(Sent {
        path: request.path().to_owned(),
        headers: headers.collect(),
        body: body.to_vec(),
    });
    let mut answers = kept.answers.lock().unwrap();
    let status = if answers.is_empty() {
        201
    } else {
        answers.remove(0)
    };
    let status = actix_web::http::StatusCode::from_u16(status).unwrap();
    let mut answer = HttpResponse::build(status);
    if status == actix_web::http::StatusCode::TOO_MANY_REQUESTS {
        answer.insert_header(("retry-after", "300"));
    }
    answer.finish()
}

/// Tells of an order, and does the work; the mail is left aside.
async fn tell_and_send(app: &App, email: &str, topic: Topic, event: &str) {
    let said = Message::new("placed-title").with("number", event);
    tell_of(&app.data, email, topic, event, said).await;
    app.run_jobs().await;
}

async fn devices(app: &App) -> i64 {
    app.sql
        .number("SELECT count(*) FROM push_subscriptions", [])
        .await
}

/// The example of RFC 8291, appendix A: the browser of these tests reads as the standard has it.
#[test]
fn the_browser_of_these_tests_reads_what_the_standard_wrote() {
    let bytes = |text| URL_SAFE_NO_PAD.decode(text).unwrap();
    let secret = bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94");
    let auth: [u8; 16] = bytes("BTBZMqHH6r4Tts7J_aSIgg").try_into().unwrap();
    let body = bytes(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmY\
         WAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexS\
         gSxsj_Qulcy4a-fN",
    );
    let secret = SecretKey::from_slice(&secret).unwrap();
    let text = decrypt(body, &secret, &Auth::from(auth)).unwrap();
    assert_eq!(text, b"When I grow up, I want to be a watermelon");
}

both! {
    async fn a_device_is_woken_with_the_sentence_that_only_it_can_read(app) {
        let service = PushService::start();
        let browser = Browser::new(&service, 7);
        let buyer = app.as_buyer().await;
        let answer = browser.subscribe(&buyer).await;
        assert_eq!(answer.location(), "/notifications#devices");
        buyer.post("/preferences", &[("lang", "de"), ("return", "/")]).await.expect(303);
        tell_and_send(app, BUYER, Topic::Orders, "4711").await;
        let sent = service.sent();
        assert_eq!(sent.len(), 1);
        let sent = &sent[0];
        assert_eq!(sent.path, "/to/7");
        let told = browser.read(sent);
        let id = told["id"].as_str().unwrap().to_owned();
        let tag = sent.header("topic").to_owned();
        assert_eq!(tag.len(), 32);
        assert_eq!(told, json!({
            "id": id,
            "title": app.data.brand.row.name,
            "said": "Bestellung 4711 ist aufgegeben",
            "lang": "de",
            "link": "/orders?q=4711",
            "tag": tag,
        }));
        assert!(!String::from_utf8_lossy(&sent.body).contains("4711"));
        assert_eq!(sent.header("content-encoding"), "aes128gcm");
        assert_eq!(sent.header("ttl"), "172800");
        assert_eq!(sent.header("urgency"), "normal");
        assert_eq!(sent.claims(), json!({
            "aud": service.url,
            "exp": NOW / 1_000 + 12 * 3_600,
            "sub": format!("mailto:{}", app.data.brand.row.email),
        }));
        // The page that made the subscription was given the same key.
        let page = buyer.page("/notifications").await.text();
        let (_, key) = sent.header("authorization").split_once(", k=").unwrap();
        assert!(page.contains(&format!("data-key=\"{key}\"")));
        // The worker that shows it is there, at the root, and never kept.
        let worker = app.visitor().page("/sw.js").await;
        assert_eq!(worker.header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(worker.header("cache-control"), "no-cache");
        assert!(worker.text().contains("notificationclick"));
    }

    async fn who_lets_a_device_be_woken_is_woken_for_what_waits_for_them(app) {
        let service = PushService::start();
        let buyer = app.as_buyer().await;
        let never = "INSERT INTO notification_choices \
                     (user_id, topic, mail, in_app, push, changed_at) \
                     VALUES ($1, 'approvals', 'daily', $2, $3, 0)";
        let values = [app.world.corner_shop.buyer.into(), true.into(), false.into()];
        app.sql.run(never, values).await.unwrap();
        Browser::new(&service, 1).subscribe(&buyer).await;
        Browser::new(&service, 2).subscribe(&app.as_kam().await).await;
        // What was chosen stays; what was not is switched on; the mails stay as they were.
        let chosen = "SELECT u.role || ' ' || c.topic || ' ' || c.mail || ' ' || \
                      CASE WHEN c.push THEN 'push' ELSE '-' END AS said FROM notification_choices c \
                      JOIN users u ON u.id = c.user_id ORDER BY 1";
        let chosen = app.sql.texts(chosen).await;
        let expected = [
            "buyer approvals daily -",
            "buyer orders at_once push",
            "kam accounts at_once push",
        ];
        assert_eq!(chosen, expected);
        for (topic, woken) in [
            (Topic::Orders, 1),
            (Topic::Approvals, 0),
            (Topic::Promotions, 0),
        ] {
            tell_and_send(app, BUYER, topic, topic.name()).await;
            assert_eq!(service.sent().len(), woken, "{topic:?}");
        }
        tell_and_send(app, KAM_NORTH, Topic::Accounts, "9").await;
        assert_eq!(service.sent()[0].path, "/to/2");
    }

    async fn a_browser_that_is_gone_is_forgotten(app) {
        let service = PushService::start();
        let buyer = app.as_buyer().await;
        let [gone, there] = [1, 2].map(|number| Browser::new(&service, number));
        gone.subscribe(&buyer).await;
        there.subscribe(&buyer).await;
        service.answers(&[410, 410]);
        app.sql
            .run("DELETE FROM push_subscriptions WHERE endpoint LIKE '%/2'", [])
            .await
            .unwrap();
        tell_and_send(app, BUYER, Topic::Orders, "1").await;
        assert_eq!(service.sent().len(), 1);
        assert_eq!(devices(app).await, 0);
        // So is one that knows Kontor by another key: its service would take nothing.
        there.subscribe(&buyer).await;
        app.sql.run("UPDATE push_subscriptions SET our_key = 'old'", []).await.unwrap();
        tell_and_send(app, BUYER, Topic::Orders, "3").await;
        assert_eq!((service.sent().len(), devices(app).await), (0, 0));
        // Nobody is there to be woken, and that is no failure.
        tell_and_send(app, BUYER, Topic::Orders, "2").await;
        assert_eq!(service.sent().len(), 0);
    }

    async fn a_push_service_that_is_busy_is_asked_again_for_that_device_alone(app) {
        let service = PushService::start();
        let buyer = app.as_buyer().await;
        let [first, second] = [1, 2].map(|number| Browser::new(&service, number));
        first.subscribe(&buyer).await;
        let busy = PushService::start();
        let second = Browser { endpoint: format!("{}/to/2", busy.url), ..second };
        second.subscribe(&buyer).await;
        busy.answers(&[429, 503]);
        tell_and_send(app, BUYER, Topic::Orders, "1").await;
        assert_eq!((service.sent().len(), busy.sent().len()), (1, 1));
        // As long as it asked for; then as long as after any failure; then it has it.
        for (seconds, sent) in [(299, 0), (1, 1), (600, 1), (3_600, 0)] {
            app.clock.advance(seconds * 1_000);
            app.run_jobs().await;
            assert_eq!((service.sent().len(), busy.sent().len()), (0, sent), "{seconds}");
        }
        assert_eq!(devices(app).await, 2);
        let used = "SELECT count(*) FROM push_subscriptions WHERE last_used_at IS NOT NULL";
        assert_eq!(app.sql.number(used, []).await, 2);
    }

    async fn what_was_read_meanwhile_wakes_nobody(app) {
        let service = PushService::start();
        let buyer = app.as_buyer().await;
        Browser::new(&service, 1).subscribe(&buyer).await;
        service.answers(&[503]);
        tell_and_send(app, BUYER, Topic::Orders, "1").await;
        assert_eq!(service.sent().len(), 1);
        let all = [("until", "9999999999999")];
        buyer.post("/notifications/read", &all).await.expect(303);
        app.clock.advance(60_000);
        app.run_jobs().await;
        assert_eq!(service.sent().len(), 0);
    }

    async fn a_browser_belongs_to_who_uses_it_now_until_they_sign_out(app) {
        let service = PushService::start();
        let browser = Browser::new(&service, 1);
        let (buyer, owner) = (app.as_buyer().await, app.as_owner().await);
        browser.subscribe(&buyer).await;
        browser.subscribe(&owner).await;
        assert_eq!(devices(app).await, 1);
        tell_and_send(app, BUYER, Topic::Orders, "1").await;
        assert_eq!(service.sent().len(), 0);
        tell_and_send(app, OWNER, Topic::Orders, "2").await;
        assert_eq!(service.sent().len(), 1);
        let page = owner.page("/notifications").await.text();
        let (_, path) = page.split_once("action=\"/notifications/devices/").unwrap();
        let path = format!("/notifications/devices/{}", path.split('"').next().unwrap());
        buyer.post(&path, &[]).await.expect(404);
        assert_eq!(devices(app).await, 1);
        owner.post("/sign-out", &[]).await.expect(303);
        assert_eq!(devices(app).await, 0);
        // Taken out of the list by hand; and by whoever ends that session from elsewhere.
        browser.subscribe(&buyer).await;
        let page = buyer.page("/notifications").await.text();
        let (_, path) = page.split_once("action=\"/notifications/devices/").unwrap();
        let path = format!("/notifications/devices/{}", path.split('"').next().unwrap());
        buyer.post(&path, &[]).await.expect(303);
        assert_eq!(devices(app).await, 0);
        browser.subscribe(&buyer).await;
        let session = app.sql.rows("SELECT session_id AS id FROM push_subscriptions", []).await;
        let session: uuid::Uuid = session[0].try_get("", "id").unwrap();
        let elsewhere = app.as_buyer().await;
        elsewhere.post(&format!("/profile/sessions/{session}/revoke"), &[]).await.expect(303);
        assert_eq!(devices(app).await, 0);
    }

    async fn only_what_can_be_woken_is_kept_and_no_more_than_twenty(app) {
        let service = PushService::start();
        let buyer = app.as_buyer().await;
        let good = Browser::new(&service, 1);
        let (key, auth) = (good.p256dh(), URL_SAFE_NO_PAD.encode(good.auth));
        let long = format!("https://push.example/{}", "x".repeat(1_000));
        for (endpoint, key, auth) in [
            ("", key.as_str(), auth.as_str()),
            ("ftp://push.example/1", &key, &auth),
            ("https://", &key, &auth),
            ("https://me:word@push.example/1", &key, &auth),
            (&long, &key, &auth),
            (&good.endpoint, "AAAA", &auth),
            (&good.endpoint, &key, "AAAA"),
        ] {
            let fields = [("endpoint", endpoint), ("p256dh", key), ("auth", auth)];
            buyer.post("/notifications/devices", &fields).await.expect(303);
            let page = buyer.page("/notifications").await.text();
            assert!(page.contains("cannot notify"), "{endpoint}");
            assert_eq!(devices(app).await, 0, "{endpoint}");
        }
        for number in 1..=21 {
            Browser::new(&service, number).subscribe(&buyer).await;
        }
        assert!(buyer.page("/notifications").await.text().contains("At most 20 devices"));
        assert_eq!(devices(app).await, 20);
        // One of the twenty may come again.
        Browser::new(&service, 20).subscribe(&buyer).await;
        assert!(!buyer.page("/notifications").await.text().contains("At most 20 devices"));
    }
}
