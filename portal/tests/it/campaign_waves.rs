//! Campaigns: the reminder, the end, what the brand's people see and may do.

use portal::campaigns;
use uuid::Uuid;

use crate::campaigns::{
    DAY, HOUR, MARKETING, MORNING, checkout, mailed, messages, only_buyer_and_owner, planned, run,
    until, work, world,
};
use crate::harness::NOW;
use crate::harness::world::{BUYER, KAM_NORTH, OWNER};
use crate::shelf::{KIBBLE, add};

/// The rows of the campaign's messages.
async fn ids(app: &crate::harness::App) -> Vec<Uuid> {
    let rows = app
        .sql
        .rows("SELECT id FROM campaign_messages ORDER BY id", [])
        .await;
    rows.iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect()
}

both! {
    async fn two_workers_at_the_same_people_write_to_each_once(app) {
        let path = world(app).await;
        let id = planned(app, &path, &[]).await;
        until(app, MORNING - HOUR / 2).await;
        app.clock.advance(HOUR / 2);
        let ids = ids(app).await;
        let write = || campaigns::write(&app.data, id, &ids);
        let (one, other, third) = futures_util::join!(write(), write(), write());
        one.unwrap();
        other.unwrap();
        third.unwrap();
        write().await.unwrap();
        let became = messages(app).await;
        assert!(became.iter().all(|one| one.ends_with("mailed ")), "{became:?}");
        let to = mailed(app).await;
        assert_eq!(to.len(), ids.len());
        let twice = "SELECT to_email FROM mails WHERE kind = 'promotion' GROUP BY to_email \
                     HAVING count(*) > 1";
        assert_eq!(app.sql.texts(twice).await, Vec::<String>::new());
        work(app).await;
        assert_eq!(mailed(app).await.len(), ids.len());
    }

    async fn a_draw_that_runs_twice_draws_once(app) {
        let path = world(app).await;
        let id = planned(app, &path, &[]).await;
        let sql = "UPDATE campaigns SET started_at = $1";
        run(app, sql, [NOW.into()]).await;
        let draw = || campaigns::draw(&app.data, id, None);
        let (one, other) = futures_util::join!(draw(), draw());
        one.unwrap();
        other.unwrap();
        draw().await.unwrap();
        let places = "SELECT place FROM campaign_accounts ORDER BY place";
        let rows = app.sql.rows(places, []).await;
        let places: Vec<i32> = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
        assert_eq!(places, [1, 2]);
        let twice = "SELECT user_id FROM campaign_messages GROUP BY user_id HAVING count(*) > 1";
        assert_eq!(app.sql.rows(twice, []).await.len(), 0);
        assert!(ids(app).await.len() >= 3);
    }

    async fn only_the_best_are_told_where_the_plan_says_so(app) {
        let path = world(app).await;
        planned(app, &path, &[("most", "1")]).await;
        until(app, MORNING).await;
        let sql = "SELECT a.name FROM campaign_accounts c JOIN accounts a ON a.id = c.account_id";
        assert_eq!(app.sql.texts(sql).await.len(), 1);
        let sql = "SELECT DISTINCT account_id FROM campaign_messages";
        assert_eq!(app.sql.rows(sql, []).await.len(), 1);
    }

    async fn who_has_not_ordered_is_reminded_and_the_kams_hear_what_came_of_it(app) {
        let path = world(app).await;
        // 21 December is a Monday.
        planned(app, &path, &[("remind_on", "2026-12-21")]).await;
        until(app, MORNING).await;
        let told = mailed(app).await;
        let buyer = app.as_buyer().await;
        add(&buyer, KIBBLE, "12").await.expect(303);
        checkout(&buyer).await;
        app.run_jobs().await;
        let reminder = MORNING + 26 * DAY;
        until(app, reminder - 1).await;
        assert_eq!(mailed(app).await, told);
        until(app, reminder).await;
        let stranger = app.world.stranger.email.clone();
        let sql = "SELECT subject FROM mails WHERE kind = 'promotion' AND event LIKE '%/reminder' \
                   AND to_email = $1";
        let rows = app.sql.rows(sql, [stranger.into()]).await;
        let subject: String = rows[0].try_get_by_index(0).unwrap();
        assert_eq!(subject, "Kibble weeks ends on Thursday");
        for email in [BUYER, OWNER] {
            assert_eq!(app.sql.rows(sql, [email.into()]).await.len(), 0, "{email}");
        }
        assert_eq!(app.sql.texts("SELECT state FROM campaigns").await, ["sending"]);
        until(app, reminder + DAY).await;
        assert_eq!(app.sql.texts("SELECT state FROM campaigns").await, ["finished"]);
        let reports = "SELECT to_email FROM mails WHERE kind = 'campaign-report' ORDER BY to_email";
        assert_eq!(app.sql.texts(reports).await, Vec::<String>::new());
        // The promotion's last day is 24 December.
        until(app, reminder + 4 * DAY).await;
        let readers = app.sql.texts(reports).await;
        assert!(readers.contains(&KAM_NORTH.to_owned()), "{readers:?}");
        assert!(readers.contains(&MARKETING.to_owned()), "{readers:?}");
        let sql = "SELECT body_text FROM mails WHERE kind = 'campaign-report' AND to_email = $1";
        let own = app.sql.text(sql, [KAM_NORTH.into()]).await;
        assert!(own.contains("Of your 1 accounts that were told, 1 ordered with it."), "{own}");
        assert!(own.contains("Orders with the promotion: 1\n"), "{own}");
        assert!(own.contains("Sales of its items in them, net: €27.00"), "{own}");
        let all = app.sql.text(sql, [MARKETING.into()]).await;
        assert!(all.contains("Of 2 accounts that were told, 1 ordered with it."), "{all}");
        let count = readers.len();
        until(app, reminder + 5 * DAY).await;
        assert_eq!(app.sql.texts(reports).await.len(), count);
    }

    async fn a_promotion_that_is_not_approved_cannot_be_announced(app) {
        let path = world(app).await;
        let marketing = app.sign_in(MARKETING).await;
        let copy = marketing.post(&format!("{path}/copy"), &[]).await.expect(303);
        let draft = copy.location().trim_end_matches("/edit").to_owned();
        let page = marketing.page(&format!("{draft}/campaign")).await.text();
        assert!(page.contains("Have it approved first"), "{page}");
        assert!(!page.contains("name=\"announce\""), "{page}");
        let fields = [("announce", "now"), ("holdout", "10")];
        let refused = marketing.post(&format!("{draft}/campaign"), &fields).await.expect(409);
        assert!(refused.text().contains("Have it approved first"));
        marketing.post(&format!("{draft}/campaign/start"), &[]).await.expect(409);
        let count = app.sql.number("SELECT count(*) FROM campaigns", []).await;
        assert_eq!(count, 0);
    }

    async fn a_plan_that_cannot_be_kept_says_at_each_field_why(app) {
        let path = world(app).await;
        let marketing = app.sign_in(MARKETING).await;
        let path = format!("{path}/campaign");
        let minute = |on: &'static str, time: &'static str, remind: &'static str| {
            [("announce", "minute"), ("on", on), ("time", time), ("remind_on", remind)]
        };
        let said = async |fields: &[(&str, &str)], more: &[(&str, &str)]| {
            let fields: Vec<(&str, &str)> = fields.iter().chain(more).copied().collect();
            marketing.post(&path, &fields).await.expect(422).text()
        };
        let share = [("holdout", "10")];
        let page = said(&minute("2026-12-25", "20:00", "2026-12-25"), &share).await;
        assert!(page.contains("The promotion is over by then."), "{page}");
        assert!(page.contains("From 19:00 until 06:30") || page.contains("From 19:00 to 06:30 nobody"), "{page}");
        assert!(page.contains("value=\"2026-12-25\""), "{page}");
        let page = said(&minute("2026-11-23", "09:30", ""), &[("holdout", "51")]).await;
        assert!(page.contains("This day is over.") || page.contains("The promotion begins on"), "{page}");
        assert!(page.contains("Give a per cent from 0 to 50."), "{page}");
        let page = said(&minute("2026-12-01", "09:30", "2026-12-01"), &[("holdout", "10"), ("most", "0")]).await;
        assert!(page.contains("on a later day than the announcement"), "{page}");
        assert!(page.contains("Give a whole number from 1 on"), "{page}");
        let count = app.sql.number("SELECT count(*) FROM campaigns", []).await;
        assert_eq!(count, 0);
    }

    async fn a_plan_is_changed_until_somebody_is_told_and_not_after(app) {
        let path = world(app).await;
        planned(app, &path, &[]).await;
        planned(app, &path, &[("holdout", "7.5"), ("on", "2026-11-26")]).await;
        let sql = "SELECT announce_on || ' ' || holdout_share FROM campaigns";
        assert_eq!(app.sql.texts(sql).await, ["2026-11-26 750"]);
        let marketing = app.sign_in(MARKETING).await;
        marketing.post(&format!("{path}/campaign/start"), &[]).await.expect(303);
        let fields = [("announce", "morning"), ("on", "2026-11-27"), ("holdout", "0")];
        marketing.post(&format!("{path}/campaign"), &fields).await.expect(409);
        marketing.post(&format!("{path}/campaign/start"), &[]).await.expect(409);
        app.run_jobs().await;
        assert!(!mailed(app).await.is_empty());
        let log = "SELECT action FROM audit_log WHERE subject = 'promotion KIBBLE-10' \
                   AND action LIKE 'campaign%' ORDER BY at, id";
        assert_eq!(app.sql.texts(log).await, [
            "campaign planned",
            "campaign changed",
            "campaign started",
        ]);
    }

    async fn a_kam_reads_a_campaign_of_marketing_and_sees_their_own_accounts_alone(app) {
        let path = world(app).await;
        only_buyer_and_owner(app).await;
        planned(app, &path, &[]).await;
        let kam = app.as_kam().await;
        let other = app.as_other_kam().await;
        let page = format!("{path}/campaign");
        let shop = app.world.corner_shop.number.clone();
        let own = kam.page(&page).await.text();
        assert!(own.contains(&shop), "{own}");
        assert!(!own.contains("name=\"announce\""), "{own}");
        let foreign = other.page(&page).await.text();
        assert!(!foreign.contains(&shop), "{foreign}");
        let fields = [("announce", "now"), ("holdout", "0")];
        kam.post(&page, &fields).await.expect(403);
        kam.post(&format!("{page}/stop"), &[]).await.expect(403);
        let preview = format!("{page}/preview/{}", app.world.corner_shop.buyer);
        kam.get(&preview).await.expect(200);
        other.get(&preview).await.expect(404);
        let excluded = kam.page(&format!("{page}?show=excluded")).await.text();
        assert!(excluded.contains("wants no promotion mails: 34"), "{excluded}");
        let sql = "UPDATE users SET status = 'disabled' WHERE email = $1";
        run(app, sql, [BUYER.into()]).await;
        let refused = kam.get(&preview).await.expect(409);
        assert!(refused.text().contains("may not sign in"));
    }
}
