use std::collections::BTreeSet;
use std::sync::Arc;

use lettre::message::Mailbox;
use sea_orm::Set;
use trade::id::UserId;
use uuid::Uuid;

use super::*;
use crate::auth::links::{self, Kind};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::entity::{mail, user};
use crate::db::words::{Role, UserStatus};
use crate::db::{Db, migrate};
use crate::jobs::Leave;
use crate::jobs::claims::{claim, lease_millis, pause_millis};
use crate::mail::Mailer;
use crate::suggestions::train;

mod lanes;
mod smtp;

const NOW: i64 = 1_773_298_800_000;

async fn app(folder: &std::path::Path, mailer: Option<Mailer>) -> Arc<App> {
    let url = format!("sqlite://{}/kontor.db", folder.display());
    let db = Db::connect(&url).await.unwrap();
    migrate::up(&db).await.unwrap();
    let config = Config::read(|name| (name == "DATABASE_URL").then(|| url.clone())).unwrap();
    let from: Mailbox = "Feldhof <orders@feldhof.example>".parse().unwrap();
    let mailer = mailer.unwrap_or_else(|| Mailer::memory(from));
    Arc::new(
        App::build(config, db, Clock::fixed(NOW), mailer)
            .await
            .unwrap(),
    )
}

/// A mail server that nobody listens for.
fn absent_server() -> Mailer {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    drop(listener);
    let from = "orders@feldhof.example".parse().unwrap();
    Mailer::from_settings(Some(&url), "unused".into(), from).unwrap()
}

/// Writes down that a job ended so.
async fn note(app: &App, claimed: &Claimed, outcome: Result<Outcome>) -> Result<()> {
    let tried = Tried {
        claimed: claimed.clone(),
        outcome: Some(outcome),
        mail: None,
    };
    claims::note(app, &[tried]).await
}

async fn user(app: &App, email: &str, status: UserStatus) -> UserId {
    let id = UserId(Uuid::now_v7());
    let tx = app.db.begin_system("test").await.unwrap();
    tx.insert(user::ActiveModel {
        id: Set(id),
        email: Set(email.into()),
        name: Set("Ada Adler".into()),
        password_hash: Set(None),
        role: Set(Role::Admin),
        account_id: Set(None),
        status: Set(status),
        locale: Set("de".into()),
        theme: Set("auto".into()),
        created_at: Set(NOW),
        last_sign_in_at: Set(None),
        may_override_prices: Set(false),
        time_zone: Set(None),
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}

async fn enqueue(app: &App, job: &Job) {
    let tx = app.db.begin_system("test").await.unwrap();
    tx.enqueue(app.clock.millis(), job).await.unwrap();
    tx.commit().await.unwrap();
}

async fn ask_for_reset(app: &App, email: &str) {
    enqueue(
        app,
        &Job::PasswordReset {
            email: email.into(),
        },
    )
    .await;
}

async fn jobs(app: &App) -> Vec<job::Model> {
    let tx = app.db.read_system("test").await.unwrap();
    tx.all::<job::Entity>(|all| all).await.unwrap()
}

async fn only_mail(app: &App) -> mail::Model {
    let tx = app.db.read_system("test").await.unwrap();
    tx.one::<mail::Entity>(|all| all).await.unwrap().unwrap()
}

fn token_of(text: &str, path: &str) -> String {
    let (_, rest) = text.split_once(path).unwrap();
    rest.chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_')
        .collect()
}

#[actix_web::test]
async fn a_reset_link_reaches_its_user_in_their_language_and_opens_the_door_once() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), None).await;
    user(&app, "ada@feldhof.example", UserStatus::Active).await;
    ask_for_reset(&app, "ada@feldhof.example").await;
    assert_eq!(run_due(&app).await.unwrap(), 2);

    let kept = app.mailer.kept();
    assert_eq!(kept.len(), 1);
    let mail = &kept[0].mail;
    assert_eq!(mail.to_email, "ada@feldhof.example");
    assert_eq!(mail.to_name.as_deref(), Some("Ada Adler"));
    let row = only_mail(&app).await;
    assert_eq!(row.state, "sent");
    assert_eq!(row.sent_at, Some(NOW));
    assert_eq!(mail.message_id, format!("{}@127.0.0.1", row.id));

    let token = token_of(&mail.text, "/reset/");
    assert!(
        links::open(&app, Kind::Reset, &token)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        links::set_password(&app, Kind::Reset, &token, None, "x".into())
            .await
            .unwrap()
    );
    assert!(
        !links::set_password(&app, Kind::Reset, &token, None, "y".into())
            .await
            .unwrap()
    );
}

#[actix_web::test]
async fn an_unknown_address_and_a_disabled_user_get_no_mail() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), None).await;
    user(&app, "gone@feldhof.example", UserStatus::Disabled).await;
    ask_for_reset(&app, "gone@feldhof.example").await;
    ask_for_reset(&app, "nobody@feldhof.example").await;
    assert_eq!(run_due(&app).await.unwrap(), 2);
    assert_eq!(app.mailer.kept(), []);
    assert!(jobs(&app).await.iter().all(|job| job.state == "done"));
}

#[actix_web::test]
async fn a_job_that_runs_twice_writes_one_mail() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), None).await;
    let id = user(&app, "ada@feldhof.example", UserStatus::Invited).await;
    enqueue(
        &app,
        &Job::Invitation {
            user: id,
            by: "Olga Ott".into(),
        },
    )
    .await;
    run_due(&app).await.unwrap();
    let tx = app.db.begin_system("test").await.unwrap();
    tx.execute(
        "UPDATE jobs SET state = 'waiting' WHERE kind = 'invitation'",
        [],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(run_due(&app).await.unwrap(), 1);
    assert_eq!(app.mailer.kept().len(), 1);
}

#[actix_web::test]
async fn while_the_mail_server_is_away_the_mail_waits_and_is_tried_later() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), Some(absent_server())).await;
    user(&app, "ada@feldhof.example", UserStatus::Active).await;
    ask_for_reset(&app, "ada@feldhof.example").await;
    assert_eq!(run_due(&app).await.unwrap(), 2);

    let row = only_mail(&app).await;
    assert_eq!(row.state, "waiting");
    assert!(row.last_error.unwrap().contains("not reached"));
    let job = jobs(&app)
        .await
        .into_iter()
        .find(|job| job.id == row.id)
        .unwrap();
    // Nobody answered, so it is not counted as a try.
    assert_eq!((job.state.as_str(), job.attempts), ("waiting", 0));
    assert_eq!(job.run_at, NOW + 1_000);
    assert_eq!(run_due(&app).await.unwrap(), 0);

    app.clock.advance(1_000);
    assert_eq!(run_due(&app).await.unwrap(), 1);
}

#[actix_web::test]
async fn a_mail_server_that_is_away_for_two_days_costs_no_mail() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), Some(absent_server())).await;
    user(&app, "ada@feldhof.example", UserStatus::Active).await;
    ask_for_reset(&app, "ada@feldhof.example").await;
    for _ in 0..48 {
        run_due(&app).await.unwrap();
        app.clock.advance(3_600_000);
    }
    let row = only_mail(&app).await;
    assert_eq!(row.state, "waiting");
    let job = jobs(&app).await.into_iter().find(|job| job.id == row.id);
    assert_eq!(job.unwrap().attempts, 0);
}

#[actix_web::test]
async fn after_eight_tries_a_mail_is_given_up_and_can_be_sent_off_again() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(
        folder.path(),
        Some(smtp::always("451 4.7.1 try again later")),
    )
    .await;
    user(&app, "ada@feldhof.example", UserStatus::Active).await;
    ask_for_reset(&app, "ada@feldhof.example").await;
    for _ in 0..8 {
        run_due(&app).await.unwrap();
        app.clock.advance(36 * 3_600_000);
    }
    assert_eq!(run_due(&app).await.unwrap(), 0);
    let row = only_mail(&app).await;
    assert_eq!(row.state, "dead");
    assert!(row.last_error.unwrap().contains("451"));

    let tx = app.db.begin_system("test").await.unwrap();
    let job = retry(&tx, row.id, app.clock.millis()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((job.state.as_str(), job.attempts), ("waiting", 0));
    assert_eq!(only_mail(&app).await.state, "waiting");
}

#[actix_web::test]
async fn workers_that_claim_at_once_never_get_the_same_job() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), None).await;
    for at in 0..30 {
        ask_for_reset(&app, &format!("nobody{at}@feldhof.example")).await;
    }
    let claims = join_all((0..12).map(|_| claim(&app, Lane::Short, 4))).await;
    let ids: Vec<Uuid> = claims
        .into_iter()
        .flat_map(|claimed| claimed.unwrap())
        .map(|job| job.id)
        .collect();
    assert_eq!(ids.len(), 30);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 30);
}

#[actix_web::test]
async fn the_job_of_a_worker_that_died_is_claimed_again_once_its_lease_ran_out() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), None).await;
    ask_for_reset(&app, "nobody@feldhof.example").await;
    let first = claim(&app, Lane::Short, 4).await.unwrap();
    assert_eq!(first.len(), 1);
    app.clock.advance(lease_millis(Lane::Short));
    assert_eq!(claim(&app, Lane::Short, 4).await.unwrap().len(), 0);
    app.clock.advance(1);
    let second = claim(&app, Lane::Short, 4).await.unwrap();
    assert_eq!(second[0].attempt, 2);

    // The one thought dead comes back late: what it says no longer counts.
    note(&app, &first[0], Ok(Outcome::Hopeless("late".into())))
        .await
        .unwrap();
    assert_eq!(jobs(&app).await[0].state, "running");
    note(&app, &second[0], Ok(Outcome::Done)).await.unwrap();
    assert_eq!(jobs(&app).await[0].state, "done");
}

#[actix_web::test]
async fn done_jobs_are_removed_after_two_weeks_and_dead_ones_stay() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), None).await;
    ask_for_reset(&app, "nobody@feldhof.example").await;
    run_due(&app).await.unwrap();
    enqueue(&app, &Job::SendMail { mail: Uuid::nil() }).await;
    let tx = app.db.begin_system("test").await.unwrap();
    tx.execute("UPDATE jobs SET payload = '{}' WHERE state = 'waiting'", [])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    run_due(&app).await.unwrap();
    app.clock.advance(KEPT_MILLIS + 1);
    sweep(&app).await.unwrap();
    let left = jobs(&app).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].state, "dead");
    assert!(
        left[0]
            .last_error
            .as_ref()
            .unwrap()
            .starts_with("not understood")
    );
}

#[test]
fn pauses_grow_and_differ_a_little() {
    let pauses: Vec<i64> = (1..=7)
        .map(|attempt| pause_millis(Uuid::nil(), attempt))
        .collect();
    assert_eq!(pauses[0], 5_000);
    assert_eq!(pauses[6], 86_400_000);
    assert!(pauses.is_sorted());
    assert_eq!(pause_millis(Uuid::from_u128(0xff), 1), 6_245);
}

async fn ask_for_training(app: &App) -> bool {
    let tx = app.db.begin_system("test").await.unwrap();
    let now = app.clock.millis();
    let because = train::Because::Asked;
    let new = train::enqueue(&tx, now, Uuid::now_v7(), because).await;
    tx.commit().await.unwrap();
    new.unwrap()
}

#[actix_web::test]
async fn training_runs_beside_the_others_and_one_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), None).await;
    assert!(ask_for_training(&app).await);
    assert!(!ask_for_training(&app).await);
    ask_for_reset(&app, "nobody@feldhof.example").await;
    let long = claim(&app, Lane::Long, 1).await.unwrap();
    let short = claim(&app, Lane::Short, 4).await.unwrap();
    let kinds = |claimed: &[Claimed]| claimed.iter().map(|job| job.kind.clone()).collect();
    let (long_kinds, short_kinds): (Vec<_>, Vec<_>) = (kinds(&long), kinds(&short));
    assert_eq!(long_kinds, ["train_recommender"]);
    assert_eq!(short_kinds, ["password_reset"]);
    // While it runs nobody can ask for another, nor begin one by hand.
    assert!(!ask_for_training(&app).await);
    let tx = app.db.begin_system("test").await.unwrap();
    let now = app.clock.millis();
    assert!(training::place(&tx, now).await.unwrap().is_none());
    drop(tx);
    let done = note(&app, &long[0], Ok(Outcome::Done)).await;
    done.unwrap();
    assert!(ask_for_training(&app).await);
}

#[actix_web::test]
async fn a_training_that_goes_on_keeps_its_claim_and_a_dead_workers_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), None).await;
    ask_for_training(&app).await;
    let claimed = claim(&app, Lane::Long, 1).await.unwrap().remove(0);
    for _ in 0..10 {
        app.clock.advance(lease_millis(Lane::Long) - 1);
        assert!(training::prolong(&app, &claimed).await.unwrap());
        assert_eq!(claim(&app, Lane::Long, 1).await.unwrap().len(), 0);
    }
    app.clock.advance(lease_millis(Lane::Long) + 1);
    let second = claim(&app, Lane::Long, 1).await.unwrap().remove(0);
    assert_eq!((second.id, second.attempt), (claimed.id, 2));
    assert!(!training::prolong(&app, &claimed).await.unwrap());
    assert!(training::prolong(&app, &second).await.unwrap());
}

#[actix_web::test]
async fn a_training_is_left_to_others_when_its_worker_is_to_stop() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), None).await;
    ask_for_training(&app).await;
    let claimed = claim(&app, Lane::Long, 1).await.unwrap().remove(0);
    training::leave(&app, &claimed).await;
    let again = claim(&app, Lane::Long, 1).await.unwrap().remove(0);
    assert_eq!((again.id, again.attempt), (claimed.id, 1));
}

#[actix_web::test]
async fn a_training_begun_by_hand_takes_the_place_of_one_that_waits_or_died() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), None).await;
    let place = async || {
        let tx = app.db.begin_system("test").await.unwrap();
        let place = training::place(&tx, app.clock.millis()).await.unwrap();
        tx.commit().await.unwrap();
        place
    };
    let first = place().await.unwrap();
    assert!(place().await.is_none());
    assert!(!ask_for_training(&app).await);
    app.clock.advance(lease_millis(Lane::Long) + 1);
    let second = place().await.unwrap();
    assert_eq!((second.id, second.attempt), (first.id, 2));
    note(&app, &second, Ok(Outcome::Done)).await.unwrap();
    ask_for_training(&app).await;
    let waited = place().await.unwrap();
    assert_ne!(waited.id, first.id);
    assert_eq!(claim(&app, Lane::Long, 1).await.unwrap().len(), 0);
}

#[actix_web::test]
async fn with_no_orders_there_is_nothing_to_learn_and_nothing_to_fail() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), None).await;
    ask_for_training(&app).await;
    assert_eq!(run_due(&app).await.unwrap(), 1);
    assert_eq!(jobs(&app).await[0].state, "done");
}

async fn leave(app: &App, leaves: Vec<Leave>) {
    let tx = app.db.begin_system("test").await.unwrap();
    tx.leave_all(app.clock.millis(), leaves).await.unwrap();
    tx.commit().await.unwrap();
}

/// Work that fails until its row is there, told apart by the mail it is about.
fn mail_job(at: u128) -> Leave {
    let mail = Uuid::from_u128(at);
    Leave::now(NOW, Job::SendMail { mail })
}

fn numbers(claimed: &[Claimed]) -> Vec<u128> {
    let mut numbers: Vec<u128> = claimed.iter().map(|job| job.id.as_u128()).collect();
    numbers.sort_unstable();
    numbers
}

#[actix_web::test]
async fn work_with_the_same_word_is_done_one_after_the_other_and_a_dead_one_lets_the_next_pass() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), None).await;
    let chain = |at| mail_job(at).after("order/1");
    leave(&app, vec![chain(1), chain(2), chain(3)]).await;
    // Of another order, and of none; in another lane the same word counts, too.
    let mut other_lane = chain(4);
    other_lane.lane = Lane::Short;
    leave(
        &app,
        vec![other_lane, mail_job(5).after("order/2"), mail_job(6)],
    )
    .await;

    let first = claim(&app, Lane::Mail, 64).await.unwrap();
    assert_eq!(numbers(&first), [1, 5, 6]);
    assert_eq!(claim(&app, Lane::Short, 64).await.unwrap().len(), 0);

    // It waits for its next try: the others wait with it.
    let failed = Err(Error::Busy("away".into()));
    let at = |claimed: &[Claimed], number| {
        let found = claimed.iter().find(|job| job.id.as_u128() == number);
        found.unwrap().clone()
    };
    note(&app, &at(&first, 1), failed).await.unwrap();
    assert_eq!(claim(&app, Lane::Mail, 64).await.unwrap().len(), 0);
    app.clock.advance(10_000);
    let again = claim(&app, Lane::Mail, 64).await.unwrap();
    assert_eq!(numbers(&again), [1]);

    let dead = Ok(Outcome::Hopeless("refused".into()));
    note(&app, &again[0], dead).await.unwrap();
    let second = claim(&app, Lane::Mail, 64).await.unwrap();
    assert_eq!(numbers(&second), [2]);
    note(&app, &second[0], Ok(Outcome::Done)).await.unwrap();
    let third = claim(&app, Lane::Mail, 64).await.unwrap();
    assert_eq!(numbers(&third), [3]);
    assert_eq!(claim(&app, Lane::Short, 64).await.unwrap().len(), 0);
    note(&app, &third[0], Ok(Outcome::Done)).await.unwrap();
    assert_eq!(numbers(&claim(&app, Lane::Short, 64).await.unwrap()), [4]);
}

#[actix_web::test]
async fn what_is_away_is_not_counted_and_what_was_put_down_is_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), None).await;
    leave(&app, vec![mail_job(1), mail_job(2)]).await;
    let claimed = claim(&app, Lane::Mail, 64).await.unwrap();
    let (run_at, why) = (NOW + 60_000, "nobody answers".to_owned());
    let later = Ok(Outcome::Later { run_at, why });
    note(&app, &claimed[0], later).await.unwrap();
    let put_down = Tried {
        claimed: claimed[1].clone(),
        outcome: None,
        mail: None,
    };
    claims::note(&app, &[put_down]).await.unwrap();
    let rows = jobs(&app).await;
    let row = |claimed: &Claimed| {
        let row = rows.iter().find(|row| row.id == claimed.id).unwrap();
        (
            row.state.as_str(),
            row.attempts,
            row.run_at,
            row.last_error.as_deref(),
        )
    };
    assert_eq!(
        row(&claimed[0]),
        ("waiting", 0, NOW + 60_000, Some("nobody answers"))
    );
    assert_eq!(row(&claimed[1]), ("waiting", 0, NOW, None));
}

#[actix_web::test]
async fn everything_that_was_given_up_is_sent_off_again_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(folder.path(), Some(smtp::always("550 5.1.1 no such box"))).await;
    for at in 0..3 {
        let email = format!("ada{at}@feldhof.example");
        user(&app, &email, UserStatus::Active).await;
        ask_for_reset(&app, &email).await;
    }
    run_due(&app).await.unwrap();
    let states = async || {
        let tx = app.db.read_system("test").await.unwrap();
        let mails = tx.all::<mail::Entity>(|all| all).await.unwrap();
        mails.into_iter().map(|mail| mail.state).collect::<Vec<_>>()
    };
    // A refusal for good is not tried again.
    assert_eq!(states().await, ["dead", "dead", "dead"]);
    let tx = app.db.begin_system("test").await.unwrap();
    assert_eq!(retry_all(&tx, app.clock.millis()).await.unwrap(), 3);
    tx.commit().await.unwrap();
    assert_eq!(states().await, ["waiting", "waiting", "waiting"]);
    let waiting = jobs(&app)
        .await
        .iter()
        .filter(|job| job.state == "waiting")
        .count();
    assert_eq!(waiting, 3);
}
