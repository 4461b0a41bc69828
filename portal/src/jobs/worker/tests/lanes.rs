//! Lanes beside each other, and batches of mails.

use super::*;
use crate::db::entity::{mail_suppression, notification_choice};
use crate::db::words::{MailChoice, SuppressedBecause, Topic};

/// A mail that waits, with its job.
async fn write(app: &App, to: &str, person: Option<UserId>, follows: Option<&str>) -> Uuid {
    let id = Uuid::now_v7();
    let tx = app.db.begin_system("test").await.unwrap();
    tx.insert(mail::ActiveModel {
        id: Set(id),
        event: Set(format!("event {id}")),
        to_email: Set(to.into()),
        to_name: Set("Ada Adler".into()),
        user_id: Set(person),
        account_id: Set(None),
        kind: Set("promotion".into()),
        topic: Set(Some(Topic::Promotions)),
        subject: Set("A promotion".into()),
        body_text: Set("Words.".into()),
        body_html: Set("<p>Words.</p>".into()),
        state: Set("waiting".into()),
        last_error: Set(None),
        created_at: Set(NOW),
        sent_at: Set(None),
        bounced_at: Set(None),
    })
    .await
    .unwrap();
    let mut leave = Leave::now(app.clock.millis(), Job::SendMail { mail: id });
    leave.follows = follows.map(str::to_owned);
    tx.leave_all(app.clock.millis(), [leave]).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn states(app: &App) -> Vec<(String, String, Option<String>)> {
    let tx = app.db.read_system("test").await.unwrap();
    let mails = tx.all::<mail::Entity>(|all| all).await.unwrap();
    let mut states: Vec<_> = mails
        .into_iter()
        .map(|mail| (mail.to_email, mail.state, mail.last_error))
        .collect();
    states.sort();
    states
}

#[tokio::test]
async fn a_batch_leaves_but_for_those_who_no_longer_want_or_can_have_it() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), None).await;
    let mut people = Vec::new();
    for name in ["wants", "off", "disabled", "daily"] {
        let status = match name {
            "disabled" => UserStatus::Disabled,
            _ => UserStatus::Active,
        };
        let email = format!("{name}@feldhof.example");
        let id = user(&app, &email, status).await;
        write(&app, &email, Some(id), None).await;
        people.push(id);
    }
    write(&app, "Dead@feldhof.example", None, None).await;
    write(&app, "nobody@feldhof.example", None, None).await;
    let tx = app.db.begin_system("test").await.unwrap();
    for (person, mail) in [(1, MailChoice::Off), (3, MailChoice::Daily)] {
        tx.insert(notification_choice::ActiveModel {
            user_id: Set(people[person]),
            topic: Set(Topic::Promotions),
            mail: Set(mail),
            in_app: Set(true),
            push: Set(false),
            changed_at: Set(NOW),
        })
        .await
        .unwrap();
    }
    tx.insert(mail_suppression::ActiveModel {
        email: Set("dead@feldhof.example".into()),
        reason: Set(SuppressedBecause::Bounce),
        detail: Set(String::new()),
        mail_id: Set(None),
        since: Set(NOW),
        by_name: Set(String::new()),
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();

    assert_eq!(run_due(&app).await.unwrap(), 6);
    let states = states(&app).await;
    let states: Vec<(&str, &str, Option<&str>)> = states
        .iter()
        .map(|(to, state, why)| {
            (
                to.split('@').next().unwrap(),
                state.as_str(),
                why.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        states,
        [
            ("Dead", "withheld", Some("suppressed")),
            ("daily", "sent", None),
            ("disabled", "withheld", Some("disabled")),
            ("nobody", "sent", None),
            ("off", "withheld", Some("unsubscribed")),
            ("wants", "sent", None),
        ]
    );
    assert_eq!(app.mailer.kept().len(), 3);
    assert!(jobs(&app).await.iter().all(|job| job.state == "done"));
}

#[tokio::test]
async fn mails_of_one_order_leave_in_the_order_they_were_written() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), None).await;
    let mut of_first = Vec::new();
    for at in 0..12 {
        let order = if at % 3 == 0 {
            "order/2/ada"
        } else {
            "order/1/ada"
        };
        let id = write(&app, "ada@feldhof.example", None, Some(order)).await;
        if order == "order/1/ada" {
            of_first.push(format!("{id}@127.0.0.1"));
        }
    }
    assert_eq!(run_due(&app).await.unwrap(), 12);
    let kept = app.mailer.kept();
    let left: Vec<String> = kept.into_iter().map(|kept| kept.mail.message_id).collect();
    let left: Vec<&String> = left.iter().filter(|id| of_first.contains(id)).collect();
    assert_eq!(left, of_first.iter().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_mail_that_breaks_the_connection_counts_against_itself_and_stops_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), Some(smtp::always("250 well"))).await;
    let poison = write(&app, "poison@feldhof.example", None, None).await;
    write(&app, "ada@feldhof.example", None, None).await;
    assert_eq!(run_due(&app).await.unwrap(), 2);
    let of_poison = async || {
        let row = jobs(&app).await.into_iter().find(|job| job.id == poison);
        let row = row.unwrap();
        (row.state, row.attempts)
    };
    assert_eq!(of_poison().await, ("waiting".to_owned(), 1));
    assert_eq!(states(&app).await[0].1, "sent");
    for _ in 0..7 {
        app.clock.advance(36 * 3_600_000);
        run_due(&app).await.unwrap();
    }
    assert_eq!(of_poison().await, ("dead".to_owned(), 8));
}

#[tokio::test]
async fn a_lane_that_hangs_holds_up_no_other_and_stop_waits_for_what_is_under_way() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), Some(smtp::always("250 well"))).await;
    let silent = write(&app, "silent@feldhof.example", None, None).await;
    for at in 0..10 {
        ask_for_reset(&app, &format!("nobody{at}@feldhof.example")).await;
    }
    let (stop, stopped) = watch::channel(false);
    let open = async || {
        let rows = jobs(&app).await.into_iter();
        let open = rows.filter(|job| job.state != "done" && job.kind == "password_reset");
        open.count()
    };
    let watching = async {
        while open().await > 0 {
            tokio::task::yield_now().await;
        }
        let held = jobs(&app).await.into_iter().find(|job| job.id == silent);
        assert_eq!(held.unwrap().state, "running");
        stop.send(true).unwrap();
    };
    futures_util::future::join(Box::pin(run(Arc::clone(&app), stopped)), watching).await;
    // Ten seconds later the server has still said nothing, but answers when it is asked anew.
    let after = jobs(&app).await.into_iter().find(|job| job.id == silent);
    let after = after.unwrap();
    assert_eq!((after.state.as_str(), after.attempts), ("waiting", 1));
}
