//! What people choose to be told of: signed in, by a link without signing in, and with one press in
//! a mail program; what of it mails say; and what the brand settles for all.

use portal::db::words::Topic;
use portal::jobs::outbox::{self, Letter};
use portal::messages::links;
use portal::stock::mail_view::BackInStockMail;
use portal::web::page::View;
use reqwest::Method;
use trade::id::UserId;
use uuid::Uuid;

use crate::harness::world::BUYER;
use crate::harness::{Answer, App, Client, SECRET};

fn buyer(app: &App) -> UserId {
    UserId(app.world.corner_shop.buyer)
}

/// Topic, mail, in Kontor, on devices: what the buyer's rows say.
async fn kept(app: &App) -> Vec<(String, String, bool, bool)> {
    let sql = "SELECT topic, mail, in_app, push FROM notification_choices \
               WHERE user_id = $1 ORDER BY topic";
    let rows = app.sql.rows(sql, [buyer(app).0.into()]).await;
    let row = |row: &sea_orm::QueryResult| {
        (
            row.try_get_by_index(0).unwrap(),
            row.try_get_by_index(1).unwrap(),
            row.try_get_by_index(2).unwrap(),
            row.try_get_by_index(3).unwrap(),
        )
    };
    rows.iter().map(row).collect()
}

fn choice(topic: &str, mail: &str, in_app: bool, push: bool) -> (String, String, bool, bool) {
    (topic.into(), mail.into(), in_app, push)
}

const BUYERS: [&str; 7] = [
    "orders",
    "approvals",
    "promotions",
    "reorder",
    "back_in_stock",
    "invoices",
    "claims",
];

/// The form as the page stands, with other values for some fields.
async fn choose(client: &Client, others: &[(&str, &str)]) -> Answer {
    let mut fields: Vec<(String, String)> = Vec::new();
    for topic in BUYERS {
        let mail = if topic == "reorder" { "off" } else { "at_once" };
        fields.push((format!("mail-{topic}"), mail.into()));
        fields.push((format!("in_app-{topic}"), "1".into()));
    }
    for (name, value) in others {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).into(), (*value).into()));
    }
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    client.post("/profile/messages", &fields).await
}

/// A mail to the buyer on a topic; says what it was called when it left.
async fn mail(app: &App, topic: Topic) -> Uuid {
    let tx = app.data.db.begin_system("test").await.unwrap();
    let to = tx
        .get::<portal::db::entity::user::Entity>(buyer(app))
        .await
        .unwrap();
    let (_, view) = BackInStockMail::samples().remove(0);
    let event = format!("test/{}", Uuid::now_v7());
    let letter = Letter {
        event: &event,
        kind: "test",
        account: None,
        topic: Some(topic),
        follows: None,
    };
    assert!(
        outbox::post(&app.data, &tx, letter, &to, &view)
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    let sql = "SELECT id FROM mails WHERE event = $1";
    let rows = app.sql.rows(sql, [event.into()]).await;
    rows[0].try_get_by_index(0).unwrap()
}

async fn state(app: &App, mail: Uuid) -> String {
    app.sql
        .text("SELECT state FROM mails WHERE id = $1", [mail.into()])
        .await
}

both! {
    async fn one_chooses_for_each_topic_and_only_what_differs_is_kept(app) {
        let buyer = app.as_buyer().await;
        let page = buyer.page("/profile").await.text();
        assert!(page.contains("href=\"/profile/messages\""));
        let page = buyer.page("/profile/messages").await.text();
        assert!(page.contains("As your company’s country (Europe/Berlin)"), "{page}");
        let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("no {text}"));
        assert!(at("<optgroup label=\"Europe\">") < at("<optgroup label=\"Africa\">"));
        choose(&buyer, &[]).await.expect(303);
        assert_eq!(kept(app).await, []);
        let others = [
            ("mail-promotions", "daily"),
            ("push-orders", "1"),
            ("in_app-claims", ""),
            ("time_zone", "Europe/Lisbon"),
        ];
        choose(&buyer, &others).await.expect(303);
        let expected = [
            choice("claims", "at_once", false, false),
            choice("orders", "at_once", true, true),
            choice("promotions", "daily", true, false),
        ];
        assert_eq!(kept(app).await, expected);
        let zone = "SELECT time_zone FROM users WHERE email = $1";
        assert_eq!(app.sql.text(zone, [BUYER.into()]).await, "Europe/Lisbon");
        let page = buyer.page("/profile/messages").await.text();
        assert!(page.contains("<option selected>Europe/Lisbon</option>"));
        // Back to the custom: what was kept says so now.
        choose(&buyer, &[]).await.expect(303);
        assert_eq!(kept(app).await[2], choice("promotions", "at_once", true, false));
        let none = "SELECT count(*) FROM users WHERE time_zone IS NOT NULL";
        assert_eq!(app.sql.number(none, []).await, 0);
    }

    async fn what_is_no_choice_is_refused_at_its_field_and_changes_nothing(app) {
        let buyer = app.as_buyer().await;
        for wrong in [
            ("mail-orders", "sometimes"),
            ("time_zone", "Middle-earth/Shire"),
            ("time_zone", "../../etc/passwd"),
            ("time_zone", "UTC"),
        ] {
            let others = [wrong, ("mail-promotions", "off")];
            let answer = choose(&buyer, &others).await.expect(422).text();
            assert!(answer.contains(&format!("id=\"f-{}-error\"", wrong.0)), "{wrong:?}: {answer}");
        }
        assert_eq!(kept(app).await, []);
    }

    async fn an_owner_sees_what_colleagues_chose(app) {
        let buyer = app.as_buyer().await;
        choose(&buyer, &[("mail-invoices", "daily")]).await.expect(303);
        let page = app.as_owner().await.page("/company").await.text();
        let told = page.split("id=\"told\"").nth(1).unwrap();
        assert!(told.contains("<dt>Invoices</dt><dd>Once a day</dd>"), "{told}");
        assert!(!buyer.page("/company").await.text().contains("id=\"told\""));
    }

    async fn without_signing_in_one_chooses_what_is_mailed(app) {
        let own = app.as_buyer().await;
        choose(&own, &[("push-orders", "1")]).await.expect(303);
        let path = links::choices(SECRET, buyer(app));
        let visitor = app.visitor();
        let page = visitor.page(&path).await.text();
        assert!(page.contains("b…@demo.kontor.example") && !page.contains(BUYER), "{page}");
        for word in [&app.world.corner_shop.name, "in_app-", "push-"] {
            assert!(!page.contains(word), "{word}");
        }
        let fields: Vec<(String, &str)> = BUYERS
            .iter()
            .map(|topic| (format!("mail-{topic}"), if *topic == "orders" { "daily" } else { "off" }))
            .collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), *v)).collect();
        // No cookie, no token, from wherever the mail is read.
        let request = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = request.post(format!("{}{path}", app.url)).form(&fields);
        let answer = request.header("origin", "https://mail.example").send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert!(answer.text().await.unwrap().contains("Your choices are saved."));
        let all = kept(app).await;
        assert_eq!(all.len(), 6);
        assert!(all.contains(&choice("orders", "daily", true, true)), "{all:?}");
        assert!(all.contains(&choice("promotions", "off", true, false)), "{all:?}");
        let wrong = visitor.post_raw(&path, &[("mail-orders", "at_once")]).await.expect(422);
        assert!(wrong.text().contains("id=\"f-mail-claims-error\""));
        assert_eq!(kept(app).await, all);
    }

    async fn one_press_ends_a_topic_and_looking_at_the_link_does_not(app) {
        let path = links::unsubscribe(SECRET, Topic::Promotions, buyer(app));
        let visitor = app.visitor();
        let ask = visitor.page(&path).await.text();
        assert!(ask.contains("End mails on “Promotions” to b…@demo.kontor.example?"), "{ask}");
        assert_eq!(kept(app).await, []);
        let one_click = [("List-Unsubscribe", "One-Click")];
        for _ in 0..2 {
            // As a mail provider does: nothing but the body the standard asks for.
            let bare = app.visitor();
            let answer = bare.post_raw(&path, &one_click).await.expect(200);
            assert_eq!(answer.text(), "unsubscribed\n");
            assert_eq!(kept(app).await, [choice("promotions", "off", true, false)]);
        }
        let multipart = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\n\
                         One-Click\r\n--x--\r\n";
        let reorder = links::unsubscribe(SECRET, Topic::BackInStock, buyer(app));
        let request = visitor
            .request(Method::POST, &reorder)
            .header("content-type", "multipart/form-data; boundary=x")
            .body(multipart);
        visitor.send(request).await.expect(200);
        let page = visitor.post_raw(&path, &[("page", "1")]).await.expect(200).text();
        assert!(page.contains("b…@demo.kontor.example gets no more mails on “Promotions”."));
        let expected = [
            choice("back_in_stock", "off", true, false),
            choice("promotions", "off", true, false),
        ];
        assert_eq!(kept(app).await, expected);
    }

    async fn a_made_up_word_opens_nothing_and_tells_nothing(app) {
        let good = links::choices(SECRET, buyer(app));
        let word = good.rsplit('/').next().unwrap();
        // Signed, yet of nobody: as unknown as what is made up.
        let nobody = links::choices(SECRET, UserId(Uuid::from_u128(1)));
        let forged = links::choices("another secret", buyer(app));
        let cut = &good[..good.len() - 1];
        let visitor = app.visitor();
        let anonymous = |answer: &Answer| {
            let token = answer.field("csrf").unwrap_or_default();
            answer.text().replace(&token, "").lines().filter(|line| !line.contains("/mail/")).collect::<String>()
        };
        let expected = anonymous(&visitor.get("/mail/choices/x").await.expect(404));
        assert!(expected.contains("This link opens nothing"));
        let ends = [
            format!("/mail/unsubscribe/nonsense/{word}"),
            forged.replace("choices", "unsubscribe/orders"),
            format!("/mail/unsubscribe/promotions/{}", nobody.rsplit('/').next().unwrap()),
        ];
        for path in [nobody.as_str(), forged.as_str(), cut].into_iter().chain(ends.iter().map(String::as_str)) {
            let answer = visitor.get(path).await.expect(404);
            assert_eq!(anonymous(&answer), expected, "{path}");
            visitor.post_raw(path, &[("mail-orders", "off")]).await.expect(404);
        }
        assert_eq!(kept(app).await, []);
        // Whoever tries on is slowed down; those with a good link are not.
        let mut last = 404;
        for _ in 0..40 {
            last = visitor.get("/mail/choices/x").await.status;
        }
        assert_eq!(last, 429);
        visitor.get(&good).await.expect(200);
    }

    async fn those_who_may_not_sign_in_may_still_say_no(app) {
        let sql = "UPDATE users SET status = 'disabled' WHERE email = $1";
        app.sql.run(sql, [BUYER.into()]).await.unwrap();
        let path = links::unsubscribe(SECRET, Topic::Promotions, buyer(app));
        app.visitor().post_raw(&path, &[]).await.expect(200);
        assert_eq!(kept(app).await, [choice("promotions", "off", true, false)]);
    }

    async fn mails_that_nobody_waits_for_carry_their_own_end(app) {
        let promotion = mail(app, Topic::Promotions).await;
        let order = mail(app, Topic::Orders).await;
        app.run_jobs().await;
        let sent = app.mails();
        let header = |id: Uuid, name: &str| {
            let mail = sent.iter().find(|one| one.mail.message_id.starts_with(&id.to_string()));
            let headers = &mail.unwrap().mail.headers;
            headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        };
        let base = &app.data.base_url;
        let path = links::unsubscribe(SECRET, Topic::Promotions, buyer(app));
        assert_eq!(header(promotion, "List-Unsubscribe"), Some(format!("<{base}{path}>")));
        let post = header(promotion, "List-Unsubscribe-Post");
        assert_eq!(post.as_deref(), Some("List-Unsubscribe=One-Click"));
        assert_eq!(header(promotion, "List-Id").as_deref(), Some("<promotions.127.0.0.1>"));
        for name in ["List-Unsubscribe", "List-Unsubscribe-Post", "List-Id"] {
            assert_eq!(header(order, name), None, "{name}");
        }
        // Who ends them while one waits is spared that one.
        let late = mail(app, Topic::Promotions).await;
        app.visitor().post_raw(&path, &[("List-Unsubscribe", "One-Click")]).await.expect(200);
        app.run_jobs().await;
        assert_eq!((state(app, promotion).await, state(app, late).await), ("sent".into(), "withheld".into()));
    }

    async fn the_brand_settles_messages_and_each_change_is_noted(app) {
        let admin = app.as_admin().await;
        let page = admin.page("/admin/messages").await;
        let value = |name: &str| page.field(name).unwrap();
        let fields = ["promotion_mails_a_week", "quiet_from", "quiet_until", "morning", "holdout_share"];
        assert_eq!(fields.map(value), ["2", "19:00", "06:30", "07:00", "10"].map(String::from));
        assert!(page.text().contains("GDPR"));
        let good = [
            ("promotion_mails_a_week", "3"),
            ("quiet_from", "20:00"),
            ("quiet_until", "06:00"),
            ("morning", "06:45"),
            ("holdout_share", "12.5"),
            ("counts_opens", "1"),
        ];
        admin.post("/admin/messages", &good).await.expect(303);
        admin.post("/admin/messages", &good).await.expect(303);
        let sql = "SELECT promotion_mails_a_week, quiet_from, quiet_until, morning, holdout_share \
                   FROM message_settings WHERE counts_opens";
        let rows = app.sql.rows(sql, []).await;
        let number = |at: usize| rows[0].try_get_by_index::<i32>(at).unwrap();
        assert_eq!([0, 1, 2, 3, 4].map(number), [3, 1_200, 360, 405, 1_250]);
        let noted = app
            .sql
            .rows(
                "SELECT before, after, a.actor FROM audit_log a \
                 WHERE action = 'message settings changed'",
                [],
            )
            .await;
        assert_eq!(noted.len(), 1);
        let was: serde_json::Value = noted[0].try_get_by_index(0).unwrap();
        let is: serde_json::Value = noted[0].try_get_by_index(1).unwrap();
        assert_eq!((&was["quiet_from"], &is["quiet_from"]), (&"19:00".into(), &"20:00".into()));
        assert_eq!((&was["counts_opens"], &is["counts_opens"]), (&false.into(), &true.into()));
        assert_eq!(is["holdout_share_percent"], "12.5");
        for (name, wrong) in [
            ("promotion_mails_a_week", "15"),
            ("promotion_mails_a_week", ""),
            ("quiet_from", "25:00"),
            ("morning", "soon"),
            ("morning", "21:15"),
            ("holdout_share", "51"),
            ("holdout_share", "-1"),
        ] {
            let fields: Vec<(&str, &str)> = good
                .iter()
                .map(|(known, value)| (*known, if *known == name { wrong } else { *value }))
                .collect();
            let answer = admin.post("/admin/messages", &fields).await.expect(422).text();
            assert!(answer.contains(&format!("id=\"f-{name}-error\"")), "{name}={wrong}");
            assert!(answer.contains(&format!("value=\"{wrong}\"")), "{name}={wrong}");
        }
        assert_eq!(number(0), 3);
        app.as_kam().await.get("/admin/messages").await.expect(403);
    }
}
