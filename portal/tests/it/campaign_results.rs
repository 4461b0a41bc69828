//! What came of a campaign: numbers that can be counted by hand, for those whom they concern.

use portal::campaigns::effect::{self, Account, Adjusting};
use portal::campaigns::rules;
use portal::db::words::CampaignArm;
use sea_orm::sea_query::Value;
use trade::id::AccountId;
use uuid::Uuid;

use crate::harness::{App, Client, NOW};
use crate::suggested::words;

const MARKETING: &str = "marketing@demo.kontor.example";
/// Runs for everybody: wet food for dogs, mixed.
const CODE: &str = "DOGWET-MIX";
const DAY: i64 = 86_400_000;
/// Announced so many days ago.
const DAYS: i64 = 14;
const SALT: i64 = 7;

async fn run(app: &App, sql: &str, values: impl IntoIterator<Item = Value>) -> u64 {
    app.sql.run(sql, values).await.unwrap()
}

async fn promotion(app: &App) -> Uuid {
    let sql = "SELECT id FROM promotions WHERE code = $1";
    let rows = app.sql.rows(sql, [CODE.into()]).await;
    rows[0].try_get_by_index(0).unwrap()
}

/// A campaign of two weeks ago that everybody was drawn for, `share` hundredths of a per cent to
/// be told nothing.
async fn announced(app: &App, share: i32) -> Uuid {
    let id = Uuid::now_v7();
    let at = NOW - DAYS * DAY;
    let sql = "INSERT INTO campaigns (id, promotion_id, state, announce_on, holdout_share, salt, \
        created_by, created_at, started_at, finished_at) VALUES ($1, $2, 'finished', '2026-11-10', \
        $3, $4, 'Jana Vogt', $5, $5, $5)";
    let promotion = promotion(app).await;
    let values: [Value; 5] = [
        id.into(),
        promotion.into(),
        share.into(),
        SALT.into(),
        at.into(),
    ];
    run(app, sql, values).await;
    let sql =
        "SELECT id FROM accounts WHERE status = 'active' AND currency = 'EUR' ORDER BY number";
    for (place, row) in (1_i32..).zip(app.sql.rows(sql, []).await) {
        let account: Uuid = row.try_get_by_index(0).unwrap();
        let sql = "INSERT INTO campaign_accounts (campaign_id, account_id, arm, place) \
            VALUES ($1, $2, $3, $4)";
        let arm = arm(account, share).name();
        let values: [Value; 4] = [id.into(), account.into(), arm.into(), place.into()];
        run(app, sql, values).await;
    }
    id
}

fn arm(account: Uuid, share: i32) -> CampaignArm {
    rules::arm(AccountId(account), SALT, share)
}

/// Every order since with more than one of the items used the promotion, say.
async fn used(app: &App) {
    let sql = "INSERT INTO promotion_uses (promotion_id, order_id, account_id, spend_minor, state, \
        at) SELECT $1, o.id, o.account_id, 100, 'committed', o.placed_at FROM orders o \
        WHERE o.placed_at >= $2 AND o.state <> 'cancelled' AND 2 <= (SELECT count(*) \
        FROM order_lines l JOIN products p ON p.id = l.product_id JOIN category_ancestors a \
        ON a.category_id = p.category_id JOIN categories c ON c.id = a.ancestor_id \
        WHERE l.order_id = o.id AND c.path = 'Dog > Wet food')";
    let promotion = promotion(app).await;
    run(app, sql, [promotion.into(), (NOW - DAYS * DAY).into()]).await;
}

/// A message to one of an account's people in the wave; with a mail, where it has a state.
async fn message(
    app: &App,
    (campaign, number): (Uuid, u128),
    account: Uuid,
    state: (&str, Option<&str>),
    mail: Option<(&str, Option<&str>)>,
) -> Uuid {
    let (id, user) = (Uuid::now_v7(), Uuid::from_u128(0xc0ff_ee00 + number));
    let sql = "INSERT INTO users (id, email, name, role, account_id, status, locale, theme, \
        created_at, may_override_prices) VALUES ($1, $2, 'Rita Reader', 'buyer', $3, 'active', \
        'en', 'auto', 0, FALSE)";
    let email = format!("reader{number}@demo.kontor.example");
    run(
        app,
        sql,
        [user.into(), email.clone().into(), account.into()],
    )
    .await;
    if let Some((state, error)) = mail {
        let sql = "INSERT INTO mails (id, event, to_email, to_name, user_id, account_id, kind, \
            topic, subject, body_text, body_html, state, last_error, created_at) VALUES ($1, \
            'campaign', $2, 'Rita', $3, $4, 'promotion', 'promotions', 'Wet food', '-', '-', $5, \
            $6, 0)";
        let values: [Value; 6] = [
            id.into(),
            email.into(),
            user.into(),
            account.into(),
            state.into(),
            error.into(),
        ];
        run(app, sql, values).await;
    }
    let sql = "INSERT INTO campaign_messages (id, campaign_id, account_id, user_id, wave, due_at, \
        state, skipped_because, mail_id) VALUES ($1, $2, $3, $4, 'announcement', 0, $5, $6, $7)";
    let values: [Value; 7] = [
        id.into(),
        campaign.into(),
        account.into(),
        user.into(),
        state.0.into(),
        state.1.into(),
        mail.map(|_| id).into(),
    ];
    run(app, sql, values).await;
    id
}

async fn said(app: &App, client: &Client) -> String {
    let path = format!("/kam/promotions/{}", promotion(app).await);
    words(&client.page(&path).await.text())
}

#[derive(Debug, Clone, Copy)]
struct Counted {
    account: Uuid,
    arm: CampaignArm,
    before: i64,
    since: i64,
    uses: i64,
}

/// What accounts did, counted line by line; `of` is a KAM's address, or all.
async fn counted(app: &App, share: i32, of: Option<&str>) -> Vec<Counted> {
    let sql = "SELECT a.id, k.email FROM accounts a LEFT JOIN users k ON k.id = a.kam_id \
        WHERE a.status = 'active' AND a.currency = 'EUR' ORDER BY a.number";
    let mut all = Vec::new();
    for row in app.sql.rows(sql, []).await {
        let kam: Option<String> = row.try_get_by_index(1).unwrap();
        if of.is_some() && of != kam.as_deref() {
            continue;
        }
        let account: Uuid = row.try_get_by_index(0).unwrap();
        let begun = NOW - DAYS * DAY;
        let net = "SELECT CAST(coalesce(sum(l.net_minor), 0) AS bigint) FROM order_lines l, \
            orders o, products p, categories c WHERE o.id = l.order_id AND p.id = l.product_id \
            AND c.id = p.category_id AND (c.path = 'Dog > Wet food' \
            OR c.path LIKE 'Dog > Wet food > %') AND o.account_id = $1 AND o.placed_at >= $2 \
            AND o.placed_at < $3 AND o.state NOT IN ('cancelled', 'rejected', 'expired')";
        let from = |from: i64, until: i64| [account.into(), from.into(), until.into()];
        let uses =
            "SELECT count(*) FROM promotion_uses WHERE account_id = $1 AND state <> 'released'";
        all.push(Counted {
            account,
            arm: arm(account, share),
            before: app.sql.number(net, from(begun - 56 * DAY, begun)).await,
            since: app.sql.number(net, from(begun, NOW)).await,
            uses: app.sql.number(uses, [account.into()]).await,
        });
    }
    all
}

fn euros(minor: f64) -> String {
    let minor: i64 = format!("{:.0}", minor.abs().round()).parse().unwrap();
    let whole = (minor / 100).to_string();
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("€{text}.{:02}", minor % 100)
}

fn signed(minor: f64) -> String {
    let sign = if minor.round() < 0.0 { "−" } else { "" };
    format!("{sign}{}", euros(minor))
}

fn real(number: i64) -> f64 {
    format!("{number}").parse().unwrap()
}

/// The row of an arm as the page says it.
fn row(name: &str, all: &[Counted], arm: CampaignArm) -> String {
    let own: Vec<&Counted> = all.iter().filter(|one| one.arm == arm).collect();
    let accounts = i64::try_from(own.len()).unwrap();
    let ordering = own.iter().filter(|one| one.uses > 0).count();
    let bp = i64::try_from(ordering).unwrap() * 10_000 / accounts;
    let share = format!("{}.{:02}", bp / 100, bp % 100);
    let share = share.trim_end_matches('0').trim_end_matches('.');
    let uses: i64 = own.iter().map(|one| one.uses).sum();
    let since: i64 = own.iter().map(|one| one.since).sum();
    let before: i64 = own.iter().map(|one| one.before).sum();
    format!(
        "{name} {accounts} {ordering} {share}% {uses} {} {}",
        euros(real(since) / real(accounts)),
        euros(real(before) / real(accounts))
    )
}

both! {
    async fn both_arms_and_what_the_mails_brought_are_what_a_hand_counts(app) {
        announced(app, 3_000).await;
        used(app).await;
        let page = said(app, &app.sign_in(MARKETING).await).await;
        let all = counted(app, 3_000, None).await;
        let told = row("told by mail", &all, CampaignArm::Mail);
        assert!(page.contains(&told), "{told} is not in {page}");
        let held = row("told nothing", &all, CampaignArm::Holdout);
        assert!(page.contains(&held), "{held} is not in {page}");
        let accounts: Vec<Account> = all
            .iter()
            .map(|one| Account { arm: one.arm, before: real(one.before), since: real(one.since) })
            .collect();
        let total = effect::difference(&accounts, Adjusting::Before, 7).unwrap().total;
        assert!(total.low < 0.0 && total.high > 0.0, "nothing was done: {total:?}");
        let word = if total.value < 0.0 { "With mails, accounts ordered about" } else {
            "The mails brought about"
        };
        let sentence = format!(
            "{word} {} {}, between {} and {}; ",
            euros(total.value),
            if total.value < 0.0 { "less" } else { "more" },
            signed(total.low),
            signed(total.high)
        );
        assert!(page.contains(&sentence), "{sentence} is not in {page}");
        // Somebody's order of the time before is not of the time since.
        assert!(all.iter().any(|one| one.before > 0 && one.since == 0));
    }

    async fn a_kam_sees_their_own_accounts_alone(app) {
        let campaign = announced(app, 3_000).await;
        used(app).await;
        let kam = crate::harness::world::KAM_NORTH;
        let own = counted(app, 3_000, Some(kam)).await;
        let all = counted(app, 3_000, None).await;
        assert!(own.len() < all.len());
        let foreign = app.world.stranger.id;
        assert!(own.iter().all(|one| one.account != foreign));
        message(app, (campaign, 1), foreign, ("mailed", None), Some(("sent", None))).await;
        message(app, (campaign, 2), own[0].account, ("mailed", None), Some(("dead", None))).await;
        let page = said(app, &app.as_kam().await).await;
        let told = row("told by mail", &own, CampaignArm::Mail);
        assert!(page.contains(&told), "{told} is not in {page}");
        assert!(page.contains("Announcement to one person"), "{page}");
        assert!(page.contains("These are your accounts alone."), "{page}");
        let page = said(app, &app.sign_in(MARKETING).await).await;
        assert!(page.contains("Announcement to 2 people"), "{page}");
    }

    async fn every_mail_is_counted_where_it_ended(app) {
        let campaign = announced(app, 3_000).await;
        let shop = app.world.corner_shop.id;
        let mailed = ("mailed", None);
        let mut sent = Vec::new();
        for number in 0..6 {
            sent.push(message(app, (campaign, number), shop, mailed, Some(("sent", None))).await);
        }
        let of = |number| (campaign, number);
        message(app, of(10), shop, mailed, Some(("waiting", Some("451 later")))).await;
        message(app, of(11), shop, mailed, Some(("withheld", Some("unsubscribed")))).await;
        message(app, of(12), shop, mailed, Some(("dead", Some("550")))).await;
        message(app, of(13), shop, mailed, None).await;
        message(app, of(14), shop, ("waiting", None), None).await;
        message(app, of(15), shop, ("skipped", Some("capped")), None).await;
        message(app, of(16), shop, ("skipped", Some("unsubscribed")), None).await;
        run(app, "UPDATE mails SET bounced_at = 1 WHERE id = $1", [sent[0].into()]).await;
        for id in &sent[1..4] {
            let sql = "UPDATE campaign_messages SET opened_at = 1 WHERE id = $1";
            run(app, sql, [(*id).into()]).await;
        }
        let sql = "UPDATE campaign_messages SET clicked_at = 1 WHERE id = $1";
        run(app, sql, [sent[1].into()]).await;
        let marketing = app.sign_in(MARKETING).await;
        let page = said(app, &marketing).await;
        let steps = "Announcement to 13 people Written Sent Delivered Clicked \
            9 69.23% 6 46.15% 5 38.46% 1 7.69% \
            One mail waits for its reader’s morning. \
            One person is told in the daily mail, as they chose. \
            One is on its way to the mail server. One came back. \
            One could not be sent and was given up. \
            2 people want no such mails. One person had enough promotion mails this week.";
        assert!(page.contains(steps), "{page}");
        run(app, "UPDATE message_settings SET counts_opens = TRUE", []).await;
        let page = said(app, &marketing).await;
        let steps = "Written Sent Delivered Opened Clicked 9 69.23% 6 46.15% 5 38.46% 3 23.07%";
        assert!(page.contains(steps), "{page}");
    }

    async fn without_somebody_to_compare_with_it_says_why_nothing_can_be_said(app) {
        announced(app, 0).await;
        let marketing = app.sign_in(MARKETING).await;
        let page = said(app, &marketing).await;
        assert!(page.contains("all accounts were told, so there is nobody to compare with"), "{page}");
        assert!(!page.contains("between"), "{page}");
        let few = "UPDATE campaign_accounts SET arm = 'holdout' WHERE place <= 9";
        run(app, few, []).await;
        let page = said(app, &marketing).await;
        assert!(page.contains("only 9 accounts were told nothing. From 10 on"), "{page}");
        run(app, "UPDATE campaign_accounts SET arm = 'holdout' WHERE place <= 10", []).await;
        assert!(said(app, &marketing).await.contains(", between "));
    }

    async fn it_is_measured_until_the_promotion_ends_and_a_plan_says_when_it_begins(app) {
        let campaign = announced(app, 3_000).await;
        used(app).await;
        let marketing = app.sign_in(MARKETING).await;
        let path = format!("/kam/promotions/{}", promotion(app).await);
        assert!(said(app, &marketing).await.contains("Counting goes on until the promotion ends."));
        let since = |page: &str| page.split("told by mail").nth(1).map(str::to_owned);
        let before = since(&said(app, &marketing).await);
        let stop = "UPDATE promotions SET stopped_at = $1 WHERE code = $2";
        run(app, stop, [(NOW - (DAYS - 3) * DAY).into(), CODE.into()]).await;
        let page = said(app, &marketing).await;
        assert!(page.contains("It ended on 13 Nov"), "{page}");
        assert_ne!(since(&page), before);
        // A second announcement stands in front only once it has something to tell.
        let sql = "INSERT INTO campaigns (id, promotion_id, state, announce_on, remind_on, \
            holdout_share, salt, created_by, created_at) VALUES ($1, $2, 'planned', '2026-12-01', \
            '2026-12-08', 1000, 1, 'Jana Vogt', $3)";
        let next = Uuid::now_v7();
        let values: [Value; 3] = [next.into(), promotion(app).await.into(), NOW.into()];
        run(app, sql, values).await;
        let again = said(app, &marketing).await;
        let arms = |page: &str| since(page).and_then(|rest| {
            rest.split("told nothing").next().map(str::to_owned)
        });
        assert_eq!(arms(&again), arms(&page));
        assert!(again.contains("Other announcements: 1 Dec 2026 (planned)"), "{again}");
        let planned = words(&marketing.page(&format!("{path}?campaign={next}")).await.text());
        assert!(planned.contains("To be announced on 1 Dec 2026"), "{planned}");
        let back = words(&marketing.page(&format!("{path}?campaign={campaign}")).await.text());
        assert!(back.contains("It ended on 13 Nov"), "{back}");
    }

    async fn while_mails_are_written_the_block_alone_is_read_again(app) {
        let campaign = announced(app, 3_000).await;
        let marketing = app.sign_in(MARKETING).await;
        let path = format!("/kam/promotions/{}", promotion(app).await);
        assert!(!marketing.page(&path).await.text().contains("data-moving"));
        let sql = "UPDATE campaigns SET state = 'sending', finished_at = NULL WHERE id = $1";
        run(app, sql, [campaign.into()]).await;
        let text = marketing.page(&path).await.text();
        assert!(text.contains("id=\"campaign\" data-every=\"30\"") && text.contains("data-moving"));
        let block = marketing.request(reqwest::Method::GET, &path);
        let block = block.header("Kontor-Fragment", "campaign");
        let block = marketing.send(block).await.text();
        assert!(block.contains("data-moving") && !block.contains("<html"), "{block}");
    }
}
