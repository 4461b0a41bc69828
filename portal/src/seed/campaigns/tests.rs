//! The demo's campaigns agree with themselves and with the books.

use super::*;
use crate::check;
use crate::db::{Db, migrate};
use crate::seed::load;
use crate::seed::world::WorldSize;

const NOW: i64 = 1_795_509_000_000;

async fn number(tx: &Tx, sql: &str) -> i64 {
    let rows = tx.rows(sql, []).await.unwrap();
    rows.first().unwrap().try_get_by_index(0).unwrap()
}

#[actix_web::test]
async fn a_campaign_was_sent_and_another_is_planned() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let db = Db::connect(&url).await.unwrap();
    migrate::up(&db).await.unwrap();
    let size = WorldSize {
        weeks: 10,
        ..WorldSize::demo(jiff::civil::date(2026, 11, 24))
    };
    load::demo(&db, &World::of(size), NOW, &mut |_| {})
        .await
        .unwrap();
    let findings = check::books(&db).await.unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    let tx = db.read_system("test").await.unwrap();
    let sent = tx
        .one::<campaign::Entity>(|all| {
            all.filter(campaign::Column::State.eq(CampaignState::Finished))
        })
        .await
        .unwrap()
        .unwrap();
    assert_eq!(sent.announce_on.to_string(), "2026-11-04");
    let planned = "SELECT count(*) FROM campaigns c JOIN promotions p ON p.id = c.promotion_id \
                   WHERE c.state = 'planned' AND c.announce_on = p.valid_from";
    assert_eq!(number(&tx, planned).await, 1);
    // Enough to compare with.
    let held = "SELECT count(*) FROM campaign_accounts WHERE arm = 'holdout'";
    assert!(number(&tx, held).await >= 10);
    // Who is told nothing has no message, each that was mailed has its mail.
    let wrong = "SELECT count(*) FROM campaign_messages m JOIN campaign_accounts a \
                 ON a.campaign_id = m.campaign_id AND a.account_id = m.account_id \
                 LEFT JOIN mails s ON s.id = m.mail_id WHERE a.arm = 'holdout' \
                 OR (m.state = 'mailed') <> (s.state IS NOT NULL) \
                 OR (m.clicked_at IS NOT NULL AND s.sent_at >= m.clicked_at)";
    assert_eq!(number(&tx, wrong).await, 0);
    for (what, sql) in [
        ("written", "SELECT count(*) FROM mails WHERE state = 'sent'"),
        (
            "clicked",
            "SELECT count(*) FROM campaign_messages WHERE clicked_at IS NOT NULL",
        ),
        ("came back", "SELECT count(*) FROM mail_bounces"),
        (
            "unsubscribed",
            "SELECT count(*) FROM notification_choices WHERE mail = 'off'",
        ),
        (
            "reminded",
            "SELECT count(*) FROM campaign_messages WHERE wave = 'reminder'",
        ),
        (
            "used",
            "SELECT count(*) FROM promotion_uses WHERE spend_minor > 0",
        ),
    ] {
        assert!(number(&tx, sql).await > 0, "nothing {what}");
    }
    // Whoever tries the demo gets its mails.
    let always = "SELECT count(*) FROM mail_suppressions WHERE email LIKE '%@demo.kontor.example'";
    assert_eq!(number(&tx, always).await, 0);
}
