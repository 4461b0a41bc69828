//! The admin's pages about webhooks.

use actix_web::web::Data;
use portal::app::App as Kontor;
use portal::config::Config;
use portal::mail::Mailer;
use portal::server;

use super::receiver::{Receiver, Says, status};
use super::{secrets, set_up, states};
use crate::harness::client::unescape;
use crate::harness::world::ADMIN;
use crate::harness::{App, Client, PASSWORD};
use crate::holds::{calm, order};

async fn refused(admin: &Client, fields: &[(&str, &str)]) -> String {
    unescape(
        &admin
            .post("/admin/webhooks", fields)
            .await
            .expect(422)
            .text(),
    )
}

/// A second server on the same database, which calls nobody on this machine.
async fn careful(app: &App) -> (Client, Data<Kontor>) {
    let config = Config {
        private_targets: false,
        ..app.data.config.clone()
    };
    let sender = portal::app::sender(&app.data.db).await.unwrap();
    let (db, clock) = (app.data.db.clone(), app.clock.clone());
    let built = Kontor::build(config, db, clock, Mailer::memory(sender)).await;
    let data = Data::new(built.unwrap());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let bound = server::start(data.clone(), listener, 1).unwrap();
    let client = Client::new(&format!("http://{}", bound.address));
    actix_web::rt::spawn(bound.server);
    client.sign_in(ADMIN, PASSWORD).await.expect(303);
    (client, data)
}

both! {
    async fn a_test_event_shows_at_once_what_was_answered(app) {
        let (admin, receiver) = (app.as_admin().await, Receiver::start().await);
        let path = set_up(&admin, &receiver.url, &[]).await;
        let busy = Says { body: "<b>not now</b>".into(), ..status(503) };
        receiver.says([busy]);
        let sent = admin.post(&format!("{path}/test"), &[]).await.expect(303);
        let heard = receiver.heard();
        assert_eq!(heard.len(), 1);
        assert_eq!(heard[0].kind(), "webhook.test");
        assert_eq!(heard[0].json()["data"]["endpoint"], "ERP");
        let page = admin.page(sent.location()).await.text();
        assert!(page.contains(">503<"), "{page}");
        // What others say is shown and does nothing.
        assert!(page.contains("&lt;b&gt;not now&lt;/b&gt;"), "{page}");
        let page = unescape(&page);
        assert!(page.contains(heard[0].header("webhook-signature")), "{page}");
        assert!(page.contains(&String::from_utf8_lossy(&heard[0].body).into_owned()));
        // A test is not tried again, and says nothing about the endpoint.
        assert_eq!(states(app).await, ["dead"]);
        let failing = "SELECT count(*) FROM webhook_endpoints WHERE failing_since IS NOT NULL";
        assert_eq!(app.sql.number(failing, []).await, 0);
        assert_eq!(app.run_jobs().await, 0);

        admin.post(&format!("{path}/disable"), &[]).await.expect(303);
        let sent = admin.post(&format!("{path}/test"), &[]).await.expect(303);
        assert!(admin.page(sent.location()).await.text().contains(">204<"));
    }

    async fn what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(app) {
        let admin = app.as_admin().await;
        let page = refused(&admin, &[("which", "some"), ("url", "ftp://erp"), ("account", "1")]);
        let page = page.await;
        for said in [
            "Please fill this in.",
            "Only addresses that begin with https:// are called.",
            "There is no account with this number.",
            "Tick at least one kind",
            "value=\"ftp://erp\"",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        let secret = [("name", "ERP"), ("url", "https://me:word@erp.example/")];
        assert!(refused(&admin, &secret).await.contains("leave name and password out"));
        let none = "SELECT count(*) FROM webhook_endpoints";
        assert_eq!(app.sql.number(none, []).await, 0);

        let path = set_up(&admin, "https://erp.example/in", &[]).await;
        let fields = [("name", "SAP"), ("url", "nonsense"), ("which", "all")];
        admin.post(&path, &fields).await.expect(422);
        let fields = [
            ("name", "SAP"),
            ("url", "https://erp.example/in?token=word"),
            ("which", "some"),
            ("kind", "order.placed"),
            ("kind", "made.up"),
        ];
        admin.post(&path, &fields).await.expect(303);
        let stored = "SELECT name || ' ' || url || ' ' || kinds FROM webhook_endpoints";
        let stored = app.sql.text(stored, []).await;
        assert_eq!(stored, "SAP https://erp.example/in?token=word order.placed");
        let page = admin.page(&path).await.text();
        assert!(page.contains("value=\"order.placed\" checked"), "{page}");
        // Each change stands in the audit log, and a word in the address does not.
        let log = unescape(&admin.page("/admin/audit?q=webhook").await.text());
        assert!(log.contains("webhook created") && log.contains("webhook changed"), "{log}");
        assert!(!log.contains("token=word"), "{log}");
    }

    async fn nobody_on_this_machine_or_its_network_is_called_unless_allowed(app) {
        calm(app).await;
        let receiver = Receiver::start().await;
        // Set up while it was allowed.
        let path = set_up(&app.as_admin().await, &receiver.url, &[]).await;
        let (admin, careful) = careful(app).await;
        for url in [
            receiver.url.as_str(),
            "https://127.0.0.1/in",
            "https://2130706433/in",
            "https://0x7f.1/in",
            "https://[::ffff:10.0.0.1]/in",
            "https://169.254.169.254/latest/meta-data/",
            "https://localhost/in",
        ] {
            let page = refused(&admin, &[("name", "ERP"), ("url", url), ("which", "all")]).await;
            let why = if url.starts_with("https") {
                "This leads to this machine or its network, which is not called."
            } else {
                "Only addresses that begin with https:// are called."
            };
            assert!(page.contains(why), "{url}: {page}");
        }
        let sent = admin.post(&format!("{path}/test"), &[]).await.expect(303);
        let page = admin.page(sent.location()).await.text();
        assert!(page.contains("no answer") && page.contains("only https is called"), "{page}");
        order(&app.as_buyer().await, "40").await;
        portal::jobs::worker::run_due(&careful).await.unwrap();
        assert_eq!(receiver.heard().len(), 0);
        app.forget_jobs().await;
    }

    async fn the_log_is_filtered_by_state_and_kind(app) {
        calm(app).await;
        let (admin, receiver) = (app.as_admin().await, Receiver::start().await);
        let path = set_up(&admin, &receiver.url, &[]).await;
        order(&app.as_buyer().await, "40").await;
        app.run_jobs().await;
        let rows = |text: String| text.matches("/deliveries/").count();
        assert_eq!(rows(admin.page(&path).await.text()), 2);
        assert_eq!(rows(admin.page(&format!("{path}?state=delivered")).await.text()), 2);
        assert_eq!(rows(admin.page(&format!("{path}?state=dead")).await.text()), 0);
        let placed = admin.page(&format!("{path}?state=delivered&kind=order.placed")).await;
        assert_eq!(rows(placed.text()), 1);
        assert_eq!(rows(admin.page(&format!("{path}?state=nonsense&kind=x")).await.text()), 0);
    }

    /// What integrators copy is run as it is written.
    async fn the_documents_examples_verify_a_real_request(app) {
        let (admin, receiver) = (app.as_admin().await, Receiver::start().await);
        let path = set_up(&admin, &receiver.url, &[]).await;
        let secret = secrets(&admin, &path).await.remove(0);
        admin.post(&format!("{path}/test"), &[]).await.expect(303);
        let heard = receiver.heard().remove(0);
        let document = include_str!("../../../../docs/webhooks.md");
        let example = |language: &str| {
            let (_, rest) = document.split_once(&format!("```{language}\n")).unwrap();
            rest.split("```").next().unwrap().to_owned()
        };
        let body = String::from_utf8(heard.body.clone()).unwrap();
        let headers = serde_json::to_string(&heard.headers).unwrap();
        let stamp = heard.header("webhook-timestamp");
        let check = format!(
            "{}\nimport json, sys\n_, secret, headers, body, now = sys.argv\n\
             headers, body, now = json.loads(headers), body.encode(), int(now)\n\
             assert verify(secret, headers, body, now)\n\
             assert not verify(secret, headers, body + b' ', now)\n\
             assert not verify(secret, headers, body, now + 301)\n",
            example("python")
        );
        if let Some(output) = run("python3", &["-c", &check, &secret, &headers, &body, stamp], &[]) {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let said = [
            ("ID", heard.header("webhook-id")),
            ("STAMP", stamp),
            ("BODY", &body),
            ("SECRET", &secret),
        ];
        if let Some(output) = run("sh", &["-c", &example("sh")], &said)
            && run("openssl", &["version"], &[]).is_some()
        {
            let signature = String::from_utf8_lossy(&output.stdout);
            assert_eq!(signature.trim(), heard.header("webhook-signature"));
        }
    }
}

/// What a program says; none where this machine has it not.
fn run(program: &str, args: &[&str], said: &[(&str, &str)]) -> Option<std::process::Output> {
    let mut command = std::process::Command::new(program);
    command.args(args).envs(said.iter().copied());
    let output = command.output().ok();
    if output.is_none() {
        println!("left out: {program} is not here");
    }
    output
}
