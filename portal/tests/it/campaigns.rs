//! Campaigns: whom a promotion is told to, when, and what stops it.

use portal::campaigns::{self, rules};
use portal::db::words::CampaignArm;
use sea_orm::sea_query::Value;
use trade::id::{AccountId, CampaignId};
use uuid::Uuid;

use crate::harness::client::unescape;
use crate::harness::world::{BUYER, OWNER};
use crate::harness::{App, Client, NOW};
use crate::shelf::{KIBBLE, SECRET, add, fill};

pub const MARKETING: &str = "marketing@demo.kontor.example";
const FINANCE: &str = "finance@demo.kontor.example";
pub const HOUR: i64 = 3_600_000;
pub const DAY: i64 = 24 * HOUR;
/// Wednesday, 25 November 2026, 07:00 in Berlin: tomorrow's morning.
pub const MORNING: i64 = NOW + 21 * HOUR + HOUR / 2;

/// A promotion of a tenth off two products that runs until 24 December, approved; its path.
pub async fn promotion(app: &App) -> String {
    let marketing = app.sign_in(MARKETING).await;
    let skus = format!("{KIBBLE} {SECRET}");
    let fields = [
        ("name", "Kibble weeks"),
        ("code", "KIBBLE-10"),
        ("mechanic", "percent"),
        ("rate", "10"),
        ("from", "1"),
        ("count_in", "pieces"),
        ("skus", skus.as_str()),
        ("audience", "everybody"),
        ("valid_from", "2026-11-24"),
        ("valid_last", "2026-12-24"),
    ];
    let answer = marketing.post("/kam/promotions", &fields).await.expect(303);
    let path = answer.location().to_owned();
    marketing
        .post(&format!("{path}/submit"), &[])
        .await
        .expect(303);
    let finance = app.sign_in(FINANCE).await;
    finance
        .post(&format!("{path}/approve"), &[])
        .await
        .expect(303);
    path
}

/// Two accounts that have a price for the promotion's items; the corner shop takes twelve each time.
pub async fn world(app: &App) -> String {
    fill(app).await;
    let buyer = app.as_buyer().await;
    add(&buyer, KIBBLE, "12").await.expect(303);
    checkout(&buyer).await;
    app.run_jobs().await;
    promotion(app).await
}

pub async fn checkout(buyer: &Client) {
    let page = buyer.page("/checkout").await;
    let fields: Vec<(&str, String)> = ["idempotency_key", "expected_total_minor", "cart", "shown"]
        .into_iter()
        .map(|name| (name, page.field(name).unwrap_or_default()))
        .collect();
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    buyer.post("/checkout", &fields).await.expect(303);
}

/// Plans the campaign of the promotion at `path`; without hold-out unless `changes` say so.
pub async fn planned(app: &App, path: &str, changes: &[(&str, &str)]) -> CampaignId {
    let marketing = app.sign_in(MARKETING).await;
    let mut fields = vec![
        ("announce", "morning"),
        ("on", "2026-11-25"),
        ("holdout", "0"),
    ];
    for (name, value) in changes {
        fields.retain(|(field, _)| field != name);
        fields.push((name, value));
    }
    marketing
        .post(&format!("{path}/campaign"), &fields)
        .await
        .expect(303);
    let sql = "SELECT id FROM campaigns WHERE state = 'planned'";
    let rows = app.sql.rows(sql, []).await;
    rows[0].try_get_by_index(0).unwrap()
}

/// Lets the clock show `at`, and does what is due.
pub async fn until(app: &App, at: i64) {
    app.clock.advance(at - app.data.clock.millis());
    work(app).await;
}

pub async fn work(app: &App) {
    campaigns::due(&app.data).await.unwrap();
    app.run_jobs().await;
}

/// Who was mailed on the promotion so far, by address.
pub async fn mailed(app: &App) -> Vec<String> {
    let sql = "SELECT to_email FROM mails WHERE kind = 'promotion' ORDER BY to_email, created_at";
    app.sql.texts(sql).await
}

/// What became of each message: address, wave, state and why.
pub async fn messages(app: &App) -> Vec<String> {
    let sql = "SELECT u.email || ' ' || m.wave || ' ' || m.state || ' ' || \
               coalesce(m.skipped_because, '') FROM campaign_messages m \
               JOIN users u ON u.id = m.user_id ORDER BY 1";
    app.sql.texts(sql).await
}

pub async fn run(app: &App, sql: &str, values: impl IntoIterator<Item = Value>) {
    app.sql.run(sql, values).await.unwrap();
}

/// The stranger's people, and the corner shop's beside its buyer and owner, hear of no promotions.
pub async fn only_buyer_and_owner(app: &App) {
    let sql = "INSERT INTO notification_choices (user_id, topic, mail, in_app, push, changed_at) \
               SELECT id, 'promotions', 'off', FALSE, FALSE, 0 FROM users \
               WHERE account_id IS NOT NULL AND email NOT IN ($1, $2)";
    run(app, sql, [BUYER.into(), OWNER.into()]).await;
}

/// Without what names one message or one reader: the words of signed links.
fn without_words(html: &str) -> String {
    let mut text = unescape(html);
    for begin in ["/order?m=", "/mail/choices/"] {
        let mut kept = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find(begin) {
            let (before, after) = rest.split_at(at + begin.len());
            kept.push_str(before);
            rest = after.trim_start_matches(|c: char| {
                c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '…'
            });
        }
        kept.push_str(rest);
        text = kept;
    }
    text
}

both! {
    async fn each_reader_is_told_in_their_own_morning(app) {
        let path = world(app).await;
        only_buyer_and_owner(app).await;
        let sql = "UPDATE users SET time_zone = 'America/New_York' WHERE email = $1";
        run(app, sql, [OWNER.into()]).await;
        planned(app, &path, &[]).await;
        until(app, MORNING - 2 * HOUR).await;
        assert_eq!(messages(app).await, Vec::<String>::new());
        until(app, MORNING - HOUR / 2).await;
        assert_eq!(mailed(app).await, Vec::<String>::new());
        assert_eq!(messages(app).await.len(), 2);
        until(app, MORNING).await;
        assert_eq!(mailed(app).await, [BUYER]);
        until(app, MORNING + 6 * HOUR - 1).await;
        assert_eq!(mailed(app).await, [BUYER]);
        until(app, MORNING + 6 * HOUR).await;
        assert_eq!(mailed(app).await, [BUYER, OWNER]);
        until(app, MORNING + 6 * HOUR + 60_000).await;
        let state = "SELECT state FROM campaigns";
        assert_eq!(app.sql.texts(state).await, ["finished"]);
        let noted = "SELECT count(*) FROM notifications WHERE topic = 'promotions'";
        assert_eq!(app.sql.number(noted, []).await, 2);
    }

    async fn a_mail_holds_the_readers_own_quantity_price_and_saving_and_nothing_hidden(app) {
        let path = world(app).await;
        planned(app, &path, &[]).await;
        until(app, MORNING).await;
        let sql = "SELECT subject FROM mails WHERE kind = 'promotion' AND to_email = $1";
        let subject = app.sql.text(sql, [BUYER.into()]).await;
        assert_eq!(subject, "Kibble weeks: €3.00 off what you usually order");
        let sql = "SELECT body_text FROM mails WHERE kind = 'promotion' AND to_email = $1";
        let text = app.sql.text(sql, [BUYER.into()]).await;
        assert!(text.contains("- 12 pieces Product K-0005 (K-0005): €27.00 (instead of €30.00)"), "{text}");
        assert!(text.contains("/promotions/KIBBLE-10/order?m="), "{text}");
        assert!(!text.contains(SECRET), "{text}");
        let stranger = app.sql.text(sql, [app.world.stranger.email.clone().into()]).await;
        assert!(stranger.contains(SECRET), "{stranger}");
    }

    async fn the_mail_that_is_previewed_is_the_one_that_is_sent(app) {
        let path = world(app).await;
        planned(app, &path, &[]).await;
        until(app, MORNING - HOUR / 2).await;
        let marketing = app.sign_in(MARKETING).await;
        let buyer = app.world.corner_shop.buyer;
        let preview = marketing.page(&format!("{path}/campaign/preview/{buyer}")).await;
        assert!(preview.header("Content-Security-Policy").contains("sandbox"));
        until(app, MORNING).await;
        let sql = "SELECT body_html FROM mails WHERE kind = 'promotion' AND to_email = $1";
        let sent = app.sql.text(sql, [BUYER.into()]).await;
        assert!(sent.contains("€27.00"), "{sent}");
        assert_eq!(without_words(&preview.text()), without_words(&sent));
    }

    async fn accounts_that_are_held_out_hear_nothing_at_all(app) {
        let path = world(app).await;
        let id = planned(app, &path, &[("holdout", "50")]).await;
        let (shop, other) = (app.world.corner_shop.id, app.world.stranger.id);
        let salt = (0..1_000_i64).find(|salt| {
            let arm = |id: Uuid| rules::arm(AccountId(id), *salt, 5_000);
            arm(shop) == CampaignArm::Holdout && arm(other) == CampaignArm::Mail
        });
        let sql = "UPDATE campaigns SET salt = $1 WHERE id = $2";
        run(app, sql, [salt.unwrap().into(), id.into()]).await;
        until(app, MORNING).await;
        let mailed = mailed(app).await;
        assert!(mailed.contains(&app.world.stranger.email), "{mailed:?}");
        assert!(!mailed.iter().any(|email| email == BUYER || email == OWNER), "{mailed:?}");
        let sql = "SELECT arm FROM campaign_accounts WHERE account_id = $1";
        assert_eq!(app.sql.text(sql, [shop.into()]).await, "holdout");
        let sql = "SELECT count(*) FROM notifications WHERE account_id = $1 AND topic = 'promotions'";
        assert_eq!(app.sql.number(sql, [shop.into()]).await, 0);
    }

    async fn nobody_gets_more_promotion_mails_in_a_week_than_the_brand_allows(app) {
        let path = world(app).await;
        only_buyer_and_owner(app).await;
        let sql = "INSERT INTO mails (id, event, to_email, to_name, user_id, kind, topic, subject, \
                   body_text, body_html, state, created_at) SELECT $1, $2, email, name, id, \
                   'promotion', 'promotions', 'x', 'x', 'x', 'sent', $3 FROM users WHERE email = $4";
        // The third is from more than a week before, and counts no more.
        for (email, ago) in [(BUYER, DAY), (BUYER, 2 * DAY), (OWNER, DAY), (OWNER, 8 * DAY)] {
            let event = format!("earlier/{ago}");
            let values = [Uuid::now_v7().into(), event.into(), (NOW - ago).into(), email.into()];
            run(app, sql, values).await;
        }
        let marketing = app.sign_in(MARKETING).await;
        let page = marketing.page(&format!("{path}/campaign")).await.text();
        assert!(page.contains("had this week’s promotion mails"), "{page}");
        planned(app, &path, &[]).await;
        until(app, MORNING).await;
        assert_eq!(messages(app).await, [
            format!("{BUYER} announcement skipped capped"),
            format!("{OWNER} announcement mailed "),
        ]);
    }

    async fn what_begins_at_a_quiet_hour_waits_for_the_readers_morning(app) {
        let path = world(app).await;
        only_buyer_and_owner(app).await;
        // 20:30 in Berlin, and 14:30 in New York.
        app.clock.advance(11 * HOUR);
        let sql = "UPDATE users SET time_zone = 'America/New_York' WHERE email = $1";
        run(app, sql, [OWNER.into()]).await;
        planned(app, &path, &[("announce", "now")]).await;
        work(app).await;
        assert_eq!(mailed(app).await, [OWNER]);
        until(app, MORNING - 1).await;
        assert_eq!(mailed(app).await, [OWNER]);
        until(app, MORNING).await;
        assert_eq!(mailed(app).await, [BUYER, OWNER]);
    }

    async fn who_unsubscribes_while_it_runs_gets_nothing_more(app) {
        let path = world(app).await;
        planned(app, &path, &[]).await;
        until(app, MORNING - HOUR / 2).await;
        let sql = "INSERT INTO notification_choices (user_id, topic, mail, in_app, push, \
                   changed_at) SELECT id, 'promotions', $2, TRUE, FALSE, 0 FROM users \
                   WHERE email = $1";
        run(app, sql, [BUYER.into(), "off".into()]).await;
        run(app, sql, [OWNER.into(), "daily".into()]).await;
        let stranger = app.world.stranger.email.clone();
        let sql = "INSERT INTO mail_suppressions (email, reason, since, by_name) \
                   VALUES (lower($1), 'bounce', 0, 'Kontor')";
        run(app, sql, [stranger.clone().into()]).await;
        until(app, MORNING).await;
        let became = messages(app).await;
        for (email, what) in [
            (BUYER, "skipped unsubscribed"),
            (OWNER, "mailed "),
            (stranger.as_str(), "skipped suppressed"),
        ] {
            let line = format!("{email} announcement {what}");
            assert!(became.contains(&line), "{line:?} is not in {became:?}");
        }
        let mailed = mailed(app).await;
        assert!(!mailed.iter().any(|to| to == BUYER || to == OWNER || *to == stranger), "{mailed:?}");
        let sql = "SELECT u.email FROM notifications n JOIN users u ON u.id = n.user_id \
                   WHERE n.digest = 'waiting' AND n.topic = 'promotions'";
        assert_eq!(app.sql.texts(sql).await, [OWNER]);
    }

    async fn what_is_stopped_tells_nobody_any_more(app) {
        let path = world(app).await;
        planned(app, &path, &[]).await;
        until(app, MORNING - HOUR / 2).await;
        let marketing = app.sign_in(MARKETING).await;
        marketing.post(&format!("{path}/campaign/stop"), &[]).await.expect(303);
        until(app, MORNING + DAY).await;
        assert_eq!(mailed(app).await, Vec::<String>::new());
        let became = messages(app).await;
        assert!(became.len() >= 3, "{became:?}");
        assert!(became.iter().all(|one| one.ends_with("skipped stopped")), "{became:?}");
        marketing.post(&format!("{path}/campaign/stop"), &[]).await.expect(409);
        let log = "SELECT action FROM audit_log WHERE subject = 'promotion KIBBLE-10' \
                   AND action LIKE 'campaign%' ORDER BY at, id";
        assert_eq!(app.sql.texts(log).await, ["campaign planned", "campaign stopped"]);
    }

    async fn a_promotion_that_is_stopped_takes_its_campaign_with_it(app) {
        let path = world(app).await;
        planned(app, &path, &[]).await;
        until(app, MORNING - HOUR / 2).await;
        let marketing = app.sign_in(MARKETING).await;
        marketing.post(&format!("{path}/stop"), &[]).await.expect(303);
        until(app, MORNING).await;
        assert_eq!(mailed(app).await, Vec::<String>::new());
        let became = messages(app).await;
        assert!(became.iter().all(|one| one.ends_with("skipped over")), "{became:?}");
        let page = marketing.page(&format!("{path}/campaign")).await.text();
        assert!(page.contains("because the promotion no longer runs"), "{page}");
        marketing.post(&format!("{path}/campaign"), &[]).await.expect(409);
    }
}
