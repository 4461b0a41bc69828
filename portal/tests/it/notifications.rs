//! What people are told in Kontor: the list, the number on the bell, and both while they look.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Data;
use portal::db::Db;
use portal::db::entity::user;
use portal::db::words::Topic;
use portal::mail::Mailer;
use portal::messages::{Notice, tell};
use portal::stock::mail_view::BackInStockMail;
use portal::web::page::View;
use portal::web::shape::Message;
use portal::{app, server};
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::client::unescape;
use crate::harness::database::Backend;
use crate::harness::installed::Installed;
use crate::harness::world::{BUYER, KAM_NORTH, OWNER};
use crate::harness::{Answer, App, Client, PASSWORD};

const DAY: i64 = 24 * 3_600_000;

/// Tells a person, by mail as well, as whatever happens does; says how many mails wait from then.
pub async fn tell_of(
    kontor: &portal::app::App,
    email: &str,
    topic: Topic,
    event: &str,
    said: Message,
) {
    let tx = kontor.db.begin_system("test").await.unwrap();
    let who = tx
        .one::<user::Entity>(|all| all.filter(user::Column::Email.eq(email)))
        .await
        .unwrap()
        .unwrap();
    let notice = Notice {
        topic,
        event,
        kind: "test",
        account: None,
        said,
        link: format!("/orders?q={event}"),
        follows: None,
    };
    let (_, mail) = BackInStockMail::samples().remove(0);
    tell(kontor, &tx, &notice, &who, &mail).await.unwrap();
    tx.commit().await.unwrap();
}

async fn order_news(app: &App, email: &str, event: &str) {
    let said = Message::new("placed-title").with("number", event);
    tell_of(&app.data, email, Topic::Orders, event, said).await;
}

/// The number on the bell, as it is shown; empty where it is not.
fn bell(page: &Answer) -> String {
    let text = page.text();
    let (_, after) = text.split_once("data-bell-count").unwrap();
    let (tag, rest) = after.split_once('>').unwrap();
    if tag.contains("hidden") {
        return String::new();
    }
    let (_, rest) = rest.split_once("data-bell-shown>").unwrap();
    rest.split('<').next().unwrap().to_owned()
}

/// What the list says, a line each: `•` before what is unread.
fn listed(page: &Answer) -> Vec<String> {
    let text = page.text();
    let rows = text.split("class=\"notice-link\"").skip(1);
    let rows = rows.map(|row| {
        let unread = row.contains("class=\"dot\"");
        let (_, said) = row.split_once("<span>").unwrap();
        let said = unescape(said.split('<').next().unwrap());
        format!("{}{said}", if unread { "• " } else { "" })
    });
    rows.collect()
}

/// The forms that open them, in the order of the list.
fn forms(page: &Answer) -> Vec<String> {
    let text = page.text();
    let forms = text.split("action=\"/notifications/").skip(1);
    forms
        .filter_map(|form| {
            let path = form.split('"').next().unwrap();
            path.ends_with("/open")
                .then(|| format!("/notifications/{path}"))
        })
        .collect()
}

both! {
    async fn an_event_is_told_once_and_read_where_it_leads(app) {
        let buyer = app.as_buyer().await;
        let empty = buyer.page("/notifications").await;
        assert_eq!(listed(&empty), Vec::<String>::new());
        assert!(empty.text().contains("Nothing yet"));
        assert_eq!(bell(&empty), "");
        order_news(app, BUYER, "A-1").await;
        order_news(app, BUYER, "A-1").await;
        order_news(app, BUYER, "A-2").await;
        let page = buyer.page("/notifications").await;
        let (first, second) = (said("A-1"), said("A-2"));
        assert_eq!(listed(&page), [format!("• {second}"), format!("• {first}")]);
        assert_eq!(bell(&page), "2");
        // Any page has it.
        assert_eq!(bell(&buyer.page("/profile").await), "2");
        // Looking at the list reads nothing; opening does, however often.
        assert_eq!(bell(&buyer.page("/notifications").await), "2");
        let open = forms(&page).pop().unwrap();
        for _ in 0..2 {
            assert_eq!(buyer.post(&open, &[]).await.expect(303).location(), "/orders?q=A-1");
        }
        let page = buyer.page("/notifications").await;
        assert_eq!(listed(&page), [format!("• {second}"), first]);
        assert_eq!(bell(&page), "1");
        app.forget_jobs().await;
    }

    async fn everybody_has_their_own_and_nobody_opens_anothers(app) {
        order_news(app, OWNER, "B-1").await;
        let owner = app.as_owner().await;
        let buyer = app.as_buyer().await;
        assert_eq!(bell(&owner.page("/").await), "1");
        assert_eq!(bell(&buyer.page("/").await), "");
        let path = forms(&owner.page("/notifications").await).pop().unwrap();
        buyer.post(&path, &[]).await.expect(404);
        buyer.post("/notifications/read", &[("until", "9999999999999")]).await.expect(303);
        assert_eq!(bell(&owner.page("/").await), "1");
        app.forget_jobs().await;
    }

    async fn who_is_told_reads_it_in_their_language_even_while_they_act_for_a_retailer(app) {
        order_news(app, KAM_NORTH, "C-1").await;
        let kam = app.as_kam().await;
        let act = format!("/kam/accounts/{}/act", app.world.corner_shop.number);
        kam.post(&act, &[]).await.expect(303);
        kam.post("/preferences", &[("lang", "de"), ("return", "/")]).await.expect(303);
        let page = kam.page("/notifications").await;
        assert_eq!(bell(&page), "1");
        let words = app.data.templates.words();
        let said = Message::new("placed-title").with("number", "C-1");
        let german = words.message(portal::web::locale::Lang::De, &said);
        assert_ne!(german, crate::notifications::said("C-1"));
        assert_eq!(listed(&page), [format!("• {german}")]);
        app.forget_jobs().await;
    }

    async fn all_is_marked_read_that_was_there_to_see(app) {
        let buyer = app.as_buyer().await;
        order_news(app, BUYER, "D-1").await;
        let said = Message::plain("Salmon is back.");
        tell_of(&app.data, BUYER, Topic::BackInStock, "D-2", said).await;
        let seen = buyer.page("/notifications").await;
        let until = seen.field("until").unwrap();
        app.clock.advance(1_000);
        order_news(app, BUYER, "D-3").await;
        let fields = [("until", until.as_str()), ("topic", "back_in_stock")];
        let answer = buyer.post("/notifications/read", &fields).await.expect(303);
        assert_eq!(answer.location(), "/notifications?topic=back_in_stock");
        assert_eq!(bell(&buyer.page("/").await), "2");
        buyer.post("/notifications/read", &[("until", &until)]).await.expect(303);
        let page = buyer.page("/notifications").await;
        assert_eq!(bell(&page), "1");
        assert_eq!(listed(&page)[0], format!("• {}", crate::notifications::said("D-3")));
        buyer.post("/notifications/read", &[("until", "soon")]).await.expect(422);
        app.forget_jobs().await;
    }

    async fn the_list_is_by_day_narrowed_and_paged(app) {
        let buyer = app.as_buyer().await;
        for at in 0..31 {
            order_news(app, BUYER, &format!("E-{at:02}")).await;
        }
        app.clock.advance(DAY);
        let said = Message::plain("Salmon is back.");
        tell_of(&app.data, BUYER, Topic::BackInStock, "E-99", said).await;
        let page = buyer.page("/notifications").await;
        let text = page.text();
        let days: Vec<&str> = text
            .split("class=\"day\">")
            .skip(1)
            .map(|day| day.split('<').next().unwrap())
            .collect();
        assert_eq!(days, ["today", "yesterday"]);
        assert_eq!(listed(&page).len(), 30);
        assert_eq!(listed(&page)[0], "• Salmon is back.");
        let second = buyer.page("/notifications?page=2").await;
        assert_eq!(listed(&second).len(), 2);
        let narrowed = buyer.page("/notifications?topic=back_in_stock").await;
        assert_eq!(listed(&narrowed), ["• Salmon is back."]);
        buyer.post(&forms(&narrowed)[0], &[]).await.expect(303);
        let unread = buyer.page("/notifications?topic=back_in_stock&show=unread").await;
        assert_eq!(listed(&unread), Vec::<String>::new());
        // What one does not look after is no topic of one's own.
        let foreign = buyer.page("/notifications?topic=accounts").await;
        assert_eq!(listed(&foreign).len(), 30);
        app.forget_jobs().await;
    }

    async fn from_a_hundred_on_nobody_counts(app) {
        let buyer = app.as_buyer().await;
        let sql = "INSERT INTO notifications \
                   (id, user_id, topic, event, said, link, created_at, in_app) \
                   VALUES ($1, $2, 'orders', $3, $4, '/', 0, $5)";
        for at in 0..120_i64 {
            let said = json!({"key": "plain", "args": {"text": "News"}});
            let values = [
                Uuid::now_v7().into(),
                app.world.corner_shop.buyer.into(),
                format!("many/{at}").into(),
                said.into(),
                (at != 0).into(),
            ];
            app.sql.run(sql, values).await.unwrap();
            if at == 99 {
                assert_eq!(bell(&buyer.page("/profile").await), "99");
            }
        }
        let page = buyer.page("/profile").await;
        assert_eq!(bell(&page), "99+");
        assert!(page.text().contains("more than 99 unread"));
    }

    async fn an_open_page_hears_of_what_happens_on_another_instance(app) {
        let other = Instance::start(app).await;
        let here = app.as_buyer().await;
        let there = Client::new(&other.url);
        there.set_cookie("kontor_session", &here.cookie("kontor_session").unwrap());
        let mut line = Line::open(&here, "/notifications/events").await;
        let mut far = Line::open(&there, "/notifications/events").await;
        let nothing = json!({"unread": 0, "shown": "0", "label": "none unread"});
        assert_eq!(line.bell().await, nothing);
        assert_eq!(far.bell().await, nothing);
        // Written by the other instance; and told to both, once, in the reader's language.
        let said = Message::new("placed-title").with("number", "F-1");
        tell_of(&other.app, BUYER, Topic::Orders, "F-1", said).await;
        let news = json!({
            "unread": 1, "shown": "1", "label": "1 unread",
            "says": format!("New: {}", crate::notifications::said("F-1")),
        });
        assert_eq!(line.bell().await, news);
        assert_eq!(far.bell().await, news);
        // Somebody else's is none of theirs.
        order_news(app, OWNER, "F-2").await;
        // Read over there, known here.
        let path = forms(&there.page("/notifications").await).pop().unwrap();
        there.post(&path, &[]).await.expect(303);
        assert_eq!(far.bell().await, nothing);
        assert_eq!(line.bell().await, nothing);
        other.stop().await;
        app.forget_jobs().await;
    }

    async fn one_looks_for_all_and_only_while_somebody_listens(app) {
        let buyer = app.as_buyer().await;
        let mut lines = Vec::new();
        for _ in 0..3 {
            let mut line = Line::open(&buyer, "/notifications/events").await;
            line.bell().await;
            lines.push(line);
        }
        assert_eq!(app.data.bell.listening(), 3);
        drop(lines);
        // A line that was cut is noticed when something is said into it.
        let mut told = 0;
        while app.data.bell.listening() > 0 {
            assert!(told < 10, "somebody still listens");
            order_news(app, BUYER, &format!("G-{told}")).await;
            told += 1;
            actix_web::rt::time::sleep(Duration::from_millis(1_500)).await;
        }
        // And begins again with the next.
        let mut line = Line::open(&buyer, "/notifications/events").await;
        assert_eq!(line.bell().await["unread"], told);
        order_news(app, BUYER, "G-99").await;
        assert_eq!(line.bell().await["unread"], told + 1);
        app.forget_jobs().await;
    }

    async fn the_line_ends_with_the_session_and_with_the_server(app) {
        let buyer = app.as_buyer().await;
        let owner = app.as_owner().await;
        let mut line = Line::open(&buyer, "/notifications/events").await;
        let mut kept = Line::open(&owner, "/notifications/events").await;
        line.bell().await;
        kept.bell().await;
        buyer.post("/sign-out", &[]).await.expect(303);
        assert_eq!(line.next().await, None);
        assert_eq!(app.data.bell.listening(), 1);
        app.data.bell.close();
        assert_eq!(kept.next().await, None);
        // Who comes while it stops is sent away as well.
        let mut late = Line::open(&owner, "/notifications/events").await;
        assert_eq!(late.bell_or_end().await, None);
    }

    async fn the_desk_needs_one_line_for_orders_and_the_bell(app) {
        let kam = app.as_kam().await;
        let mut line = Line::open(&kam, "/kam/events").await;
        assert_eq!(line.bell().await["unread"], 0);
        order_news(app, KAM_NORTH, "H-1").await;
        assert_eq!(line.bell().await["unread"], 1);
        app.forget_jobs().await;
    }
}

/// What [`order_news`] says, in English.
fn said(event: &str) -> String {
    let words = portal::web::locale::Words::load().unwrap();
    let said = Message::new("placed-title").with("number", event);
    words.message(portal::web::locale::Lang::En, &said)
}

/// Another instance on the same database.
struct Instance {
    url: String,
    app: Data<app::App>,
    handle: actix_web::dev::ServerHandle,
}

impl Instance {
    async fn start(app: &App) -> Instance {
        let config = app.data.config.clone();
        let db = Db::connect(&config.database_url).await.unwrap();
        let sender = app::sender(&db).await.unwrap();
        let built = app::App::build(config, db, app.clock.clone(), Mailer::memory(sender)).await;
        let data = Data::from(Arc::new(built.unwrap()));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let bound = server::start(data.clone(), listener, 1).unwrap();
        let handle = bound.server.handle();
        actix_web::rt::spawn(bound.server);
        Instance {
            url: format!("http://{}", bound.address),
            app: data,
            handle,
        }
    }

    async fn stop(self) {
        self.handle.stop(false).await;
    }
}

/// A stream of events, as a browser reads it.
struct Line {
    answer: reqwest::Response,
    text: String,
}

impl Line {
    async fn open(client: &Client, path: &str) -> Line {
        let request = client.request(reqwest::Method::GET, path);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Line {
            answer,
            text: String::new(),
        }
    }

    /// The next event or comment; none where the line has ended.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let event = event.to_owned();
                self.text = rest.to_owned();
                return Some(event);
            }
            let chunk = tokio::time::timeout(Duration::from_secs(20), self.answer.chunk());
            let chunk = chunk
                .await
                .expect("nothing in twenty seconds")
                .ok()
                .flatten();
            self.text.push_str(std::str::from_utf8(&chunk?).unwrap());
        }
    }

    async fn bell_or_end(&mut self) -> Option<Value> {
        while let Some(event) = self.next().await {
            if let Some(data) = event.strip_prefix("event: bell\ndata: ") {
                return Some(serde_json::from_str(data).unwrap());
            }
        }
        None
    }

    async fn bell(&mut self) -> Value {
        self.bell_or_end().await.expect("the line has ended")
    }
}

/// Whoever listens is let go first: a server that waited for them would be killed by its operator.
#[test]
fn a_server_that_is_asked_to_stop_does_not_wait_for_open_pages() {
    actix_web::rt::System::new().block_on(async {
        let installed = Installed::new("bell", &Backend::Sqlite).await;
        let server = installed.serve();
        let buyer = Client::new(&server.url);
        buyer.sign_in(BUYER, PASSWORD).await.expect(303);
        let mut line = Line::open(&buyer, "/notifications/events").await;
        line.bell().await;
        let stopped = server.stop();
        assert_eq!(line.bell_or_end().await, None);
        let took = stopped.await;
        assert!(took < Duration::from_secs(5), "{took:?}");
        installed.remove().await;
    });
}
